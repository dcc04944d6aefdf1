#include "ombre/stats/concordance.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "stats/concordance_counts.hpp"
#include "stats/cox_table.hpp"
#include "stats/radix_order.hpp"

namespace ombre::inline v0::stats {
namespace {

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

// Sums over strata and, from them and the rows' counts, the index and its error.
Result<Concordance> summed(const detail::ConcordanceRows& rows, std::span<const std::size_t> end,
                           std::span<const std::uint32_t> cluster,
                           std::span<const std::uint32_t> row, const Runner& runner) {
  const std::size_t n = rows.time.size();
  Concordance out;
  std::vector<detail::ConcordanceCount> of(n);
  std::size_t begin = 0;
  for (const std::size_t stop : end) {
    detail::count_stratum(rows, begin, stop, of, out, runner);
    begin = stop;
  }
  const double pairs = out.concordant + out.discordant + out.tied_score;
  if (!(pairs > 0)) return out;
  const double c = (out.concordant + out.tied_score / 2) / pairs;
  out.c = c;
  std::vector<double> by_cluster(cluster.empty() ? 0 : n, 0.0);
  double variance = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double weight = rows.weight.empty() ? 1.0 : rows.weight[i];
    const double influence = weight * ((of[i].pairs + of[i].net) / 2 - c * of[i].pairs) / pairs;
    if (cluster.empty()) {
      variance += influence * influence;
    } else {
      by_cluster[cluster[row[i]]] += influence;
    }
  }
  for (const double v : by_cluster) variance += v * v;
  out.std_error = std::sqrt(variance);
  return out;
}

}  // namespace

Result<Concordance> concordance(const ConcordanceInput& in, const Runner* runner) {
  if (auto ok = check(in); !ok) return unexpected(ok.error());
  const std::size_t n = in.time.size();

  // By stratum, time, events first.
  std::vector<std::uint32_t> order(n);
  std::size_t next[2] = {0, 0};  // by event flag
  for (const std::uint8_t e : in.event) next[0] += e;
  for (std::size_t i = 0; i < n; ++i) order[next[in.event[i]]++] = static_cast<std::uint32_t>(i);
  const Runner& run = runner == nullptr ? serial() : *runner;
  detail::radix_order(in.time, order, run);
  std::vector<std::size_t> end;
  if (!in.stratum.empty()) {
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      return in.stratum[a] < in.stratum[b];
    });
    for (std::size_t i = 1; i < n; ++i) {
      if (in.stratum[order[i]] != in.stratum[order[i - 1]]) end.push_back(i);
    }
  }
  end.push_back(n);
  const auto gather = [&order](const auto& from, auto& to) {
    if (from.empty()) return;
    to.resize(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) to[i] = from[order[i]];
  };
  std::vector<double> time;
  std::vector<std::uint8_t> event;
  std::vector<double> score;
  std::vector<double> entry;
  std::vector<double> weight;
  gather(in.time, time);
  gather(in.event, event);
  gather(in.score, score);
  gather(in.entry, entry);
  gather(in.weight, weight);
  return summed({time, event, score, entry, weight}, end, in.cluster, order, run);
}

Result<Concordance> concordance(const CoxData& data, const CoxFit& fit, const Runner* runner) {
  const detail::CoxTable& t = data.table();
  if (fit.n != t.n || fit.linear_predictor.size() != t.n) {
    return unexpected(error_at(Errc::size_mismatch, "fit", std::nullopt, static_cast<double>(fit.n),
                               "must be a fit of these rows"));
  }
  std::vector<double> score(t.n);
  for (std::size_t i = 0; i < t.n; ++i) score[i] = fit.linear_predictor[t.order[i]];
  std::vector<std::size_t> end;
  for (std::size_t s = 0; s < t.strata(); ++s) {
    end.push_back(t.slot_row[t.stratum_slot[s + 1]]);
  }
  detail::ConcordanceRows rows{t.time, t.dead, score, {}, {}};
  if (t.truncated) rows.entry = t.entry;
  if (t.weighted) rows.weight = t.weight;
  return summed(rows, end, t.cluster, t.order, runner == nullptr ? serial() : *runner);
}

}  // namespace ombre::inline v0::stats
