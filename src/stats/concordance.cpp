#include "ombre/stats/concordance.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "stats/cox_table.hpp"
#include "stats/radix_order.hpp"

namespace ombre::inline v0::stats {
namespace {

// Sums of weights below, at and above a rank.
class Fenwick {
 public:
  explicit Fenwick(std::size_t ranks) : tree_(ranks + 1, 0.0), at_(ranks, 0.0) {}
  void add(std::uint32_t rank, double weight) {
    at_[rank] += weight;
    total_ += weight;
    for (std::size_t i = rank + 1; i < tree_.size(); i += i & (~i + 1)) tree_[i] += weight;
  }
  [[nodiscard]] double below(std::uint32_t rank) const {
    double sum = 0;
    for (std::size_t i = rank; i > 0; i -= i & (~i + 1)) sum += tree_[i];
    return sum;
  }
  [[nodiscard]] double at(std::uint32_t rank) const { return at_[rank]; }
  [[nodiscard]] double above(std::uint32_t rank) const { return total_ - below(rank) - at_[rank]; }

 private:
  std::vector<double> tree_;
  std::vector<double> at_;
  double total_ = 0;
};

struct Counts {
  double concordant = 0;
  double discordant = 0;
  double tied = 0;
};

Result<void> check(const ConcordanceInput& in) {
  const std::size_t n = in.time.size();
  if (n == 0) return unexpected(error_of(Errc::empty_input, "time", "must not be empty"));
  const auto size = [&](std::size_t got, std::string_view field, bool optional) -> Result<void> {
    if (got == n || (optional && got == 0)) return {};
    return unexpected(error_at(Errc::size_mismatch, field, std::nullopt, static_cast<double>(got),
                               "must have one entry for each time"));
  };
  for (const auto& r :
       {size(in.event.size(), "event", false), size(in.score.size(), "score", false),
        size(in.entry.size(), "entry", true), size(in.weight.size(), "weight", true),
        size(in.stratum.size(), "stratum", true), size(in.cluster.size(), "cluster", true)}) {
    if (!r) return r;
  }
  for (std::size_t i = 0; i < n; ++i) {
    if (in.event[i] > 1) {
      return unexpected(error_at(Errc::out_of_range, "event", i, static_cast<double>(in.event[i]),
                                 "must be 0 or 1"));
    }
    const auto finite = [&](std::span<const double> v, std::string_view field) -> Result<void> {
      if (v.empty() || std::isfinite(v[i])) return {};
      return unexpected(error_at(Errc::not_finite, field, i, v[i], "must be finite"));
    };
    for (const auto& r : {finite(in.time, "time"), finite(in.score, "score"),
                          finite(in.entry, "entry"), finite(in.weight, "weight")}) {
      if (!r) return r;
    }
    if (!in.weight.empty() && in.weight[i] < 0) {
      return unexpected(
          error_at(Errc::out_of_range, "weight", i, in.weight[i], "must be 0 or more"));
    }
    if (!in.cluster.empty() && in.cluster[i] >= n) {
      return unexpected(error_at(Errc::out_of_range, "cluster", i,
                                 static_cast<double>(in.cluster[i]),
                                 "must be below the number of rows"));
    }
  }
  return {};
}

}  // namespace

Result<Concordance> concordance(const ConcordanceInput& in) {
  if (auto ok = check(in); !ok) return unexpected(ok.error());
  const std::size_t n = in.time.size();
  const auto weight = [&](std::uint32_t i) { return in.weight.empty() ? 1.0 : in.weight[i]; };

  // By stratum, time, events first.
  std::vector<std::uint32_t> order;
  order.reserve(n);
  for (const std::uint8_t kind : {std::uint8_t{1}, std::uint8_t{0}}) {
    for (std::size_t i = 0; i < n; ++i) {
      if (in.event[i] == kind) order.push_back(static_cast<std::uint32_t>(i));
    }
  }
  detail::radix_order(in.time, order);
  std::vector<std::uint32_t> by_entry;
  if (!in.entry.empty()) {
    by_entry.resize(n);
    std::iota(by_entry.begin(), by_entry.end(), 0U);
    detail::radix_order(in.entry, by_entry);
  }
  const auto stratum = [&](std::uint32_t i) { return in.stratum.empty() ? 0U : in.stratum[i]; };
  if (!in.stratum.empty()) {
    const auto less = [&](std::uint32_t a, std::uint32_t b) { return stratum(a) < stratum(b); };
    std::stable_sort(order.begin(), order.end(), less);
    std::stable_sort(by_entry.begin(), by_entry.end(), less);
  }

  std::vector<Counts> of(n);  // pairs a row is part of, by the weight of the other
  Concordance out;
  std::vector<std::uint32_t> ranked;
  std::vector<std::uint32_t> rank(n);
  for (std::size_t begin = 0; begin < n;) {
    std::size_t end = begin;
    bool any = false;
    while (end < n && stratum(order[end]) == stratum(order[begin])) {
      any = any || in.event[order[end]] != 0;
      ++end;
    }
    if (!any) {
      begin = end;
      continue;
    }
    ranked.assign(order.begin() + static_cast<std::ptrdiff_t>(begin),
                  order.begin() + static_cast<std::ptrdiff_t>(end));
    detail::radix_order(in.score, ranked);
    std::uint32_t ranks = 0;
    for (std::size_t i = 0; i < ranked.size(); ++i) {
      if (i != 0 && in.score[ranked[i]] != in.score[ranked[i - 1]]) ++ranks;
      rank[ranked[i]] = ranks;
    }
    ++ranks;

    // From the last time to the first: what each event finds at risk beyond it.
    Fenwick later{ranks};
    std::size_t entering = end;
    std::vector<std::uint32_t> tied;
    for (std::size_t high = end; high > begin;) {
      std::size_t low = high;
      const double now = in.time[order[high - 1]];
      while (low > begin && in.time[order[low - 1]] == now) --low;
      std::size_t first_censored = low;
      while (first_censored < high && in.event[order[first_censored]] != 0) ++first_censored;
      for (std::size_t i = first_censored; i < high; ++i)
        later.add(rank[order[i]], weight(order[i]));
      // Those who enter at this time or later are not at risk. Who entered has a later time, so is
      // in the tree already, or is of this very time and enters before it.
      while (entering > begin && !by_entry.empty() && in.entry[by_entry[entering - 1]] >= now) {
        --entering;
        later.add(rank[by_entry[entering]], -weight(by_entry[entering]));
      }
      tied.clear();
      for (std::size_t i = low; i < first_censored; ++i) {
        const std::uint32_t row = order[i];
        const double w = weight(row);
        const double less = later.below(rank[row]);
        const double equal = later.at(rank[row]);
        const double more = later.above(rank[row]);
        of[row].concordant += less;
        of[row].discordant += more;
        of[row].tied += equal;
        out.concordant += w * less;
        out.discordant += w * more;
        out.tied_score += w * equal;
        tied.push_back(row);
      }
      std::sort(tied.begin(), tied.end(),
                [&](std::uint32_t a, std::uint32_t b) { return rank[a] < rank[b]; });
      double total = 0;
      double squares = 0;
      double same = 0;
      for (std::size_t i = 0; i < tied.size();) {
        double group = 0;
        double group_squares = 0;
        std::size_t stop = i;
        for (; stop < tied.size() && rank[tied[stop]] == rank[tied[i]]; ++stop) {
          group += weight(tied[stop]);
          group_squares += weight(tied[stop]) * weight(tied[stop]);
        }
        same += (group * group - group_squares) / 2;
        total += group;
        squares += group_squares;
        i = stop;
      }
      out.tied_both += same;
      out.tied_time += (total * total - squares) / 2 - same;
      for (std::size_t i = low; i < first_censored; ++i)
        later.add(rank[order[i]], weight(order[i]));
      high = low;
    }

    // From the first to the last: the events each row was at risk at, its own apart.
    Fenwick earlier{ranks};
    std::size_t entered = begin;
    const auto count = [&](std::uint32_t row, double sign) {
      const double less = earlier.below(rank[row]);
      const double equal = earlier.at(rank[row]);
      of[row].concordant += sign * earlier.above(rank[row]);
      of[row].discordant += sign * less;
      of[row].tied += sign * equal;
    };
    for (std::size_t low = begin; low < end;) {
      const double now = in.time[order[low]];
      // Events up to a row's entry do not count for it.
      while (!by_entry.empty() && entered < end && in.entry[by_entry[entered]] < now) {
        count(by_entry[entered++], -1);
      }
      std::size_t high = low;
      std::size_t first_censored = low;
      for (; high < end && in.time[order[high]] == now; ++high) {
        if (in.event[order[high]] != 0) first_censored = high + 1;
      }
      for (std::size_t i = low; i < first_censored; ++i) count(order[i], 1);
      for (std::size_t i = low; i < first_censored; ++i) {
        earlier.add(rank[order[i]], weight(order[i]));
      }
      for (std::size_t i = first_censored; i < high; ++i) count(order[i], 1);
      low = high;
    }
    begin = end;
  }

  const double pairs = out.concordant + out.discordant + out.tied_score;
  if (!(pairs > 0)) return out;
  const double c = (out.concordant + out.tied_score / 2) / pairs;
  out.c = c;
  std::vector<double> by_cluster(in.cluster.empty() ? 0 : n, 0.0);
  double variance = 0;
  for (std::uint32_t i = 0; i < n; ++i) {
    const Counts& k = of[i];
    const double influence =
        weight(i) * ((k.concordant + k.tied / 2) - c * (k.concordant + k.discordant + k.tied)) /
        pairs;
    if (in.cluster.empty()) {
      variance += influence * influence;
    } else {
      by_cluster[in.cluster[i]] += influence;
    }
  }
  for (const double v : by_cluster) variance += v * v;
  out.std_error = std::sqrt(variance);
  return out;
}

Result<Concordance> concordance(const CoxData& data, const CoxFit& fit) {
  const detail::CoxTable& t = data.table();
  if (fit.n != t.n || fit.linear_predictor.size() != t.n) {
    return unexpected(error_at(Errc::size_mismatch, "fit", std::nullopt, static_cast<double>(fit.n),
                               "must be a fit of these rows"));
  }
  std::vector<double> time(t.n);
  std::vector<std::uint8_t> event(t.n);
  std::vector<double> entry(t.truncated ? t.n : 0);
  std::vector<double> weight(t.weighted ? t.n : 0);
  std::vector<std::uint32_t> stratum(t.strata() > 1 ? t.n : 0);
  for (std::size_t s = 0; s < t.strata(); ++s) {
    for (std::size_t i = t.slot_row[t.stratum_slot[s]]; i < t.slot_row[t.stratum_slot[s + 1]];
         ++i) {
      const std::size_t row = t.order[i];
      time[row] = t.time[i];
      event[row] = t.dead[i];
      if (t.truncated) entry[row] = t.entry[i];
      if (t.weighted) weight[row] = t.weight[i];
      if (!stratum.empty()) stratum[row] = static_cast<std::uint32_t>(s);
    }
  }
  ConcordanceInput input;
  input.time = time;
  input.event = event;
  input.score = fit.linear_predictor;
  input.entry = entry;
  input.weight = weight;
  input.stratum = stratum;
  input.cluster = t.cluster;
  return concordance(input);
}

}  // namespace ombre::inline v0::stats
