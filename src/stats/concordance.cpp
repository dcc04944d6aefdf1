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
  detail::ConcordanceCounts counts{rows};
  std::size_t begin = 0;
  for (const std::size_t stop : end) {
    detail::count_stratum(rows, begin, stop, counts, out, runner);
    begin = stop;
  }
  const double pairs = out.concordant + out.discordant + out.tied_score;
  if (!(pairs > 0)) return out;
  const double c = (out.concordant + out.tied_score / 2) / pairs;
  out.c = c;
  const auto influence = [&](std::size_t i) {
    const double weight = rows.weight.empty() ? 1.0 : rows.weight[i];
    const detail::ConcordanceCount of = counts.of(i);
    return weight * ((of.pairs + of.net) / 2 - c * of.pairs) / pairs;
  };
  double variance = 0;
  if (cluster.empty()) {
    // Summed in pieces, the same ones for any number of threads.
    constexpr std::size_t piece = 16384;
    std::vector<double> parts((n + piece - 1) / piece, 0.0);
    runner.run(parts.size(), [&](std::size_t k) {
      double sum = 0;
      for (std::size_t i = k * piece; i < std::min(n, (k + 1) * piece); ++i) {
        const double one = influence(i);
        sum += one * one;
      }
      parts[k] = sum;
    });
    for (const double part : parts) variance += part;
  } else {
    std::vector<double> by_cluster(n, 0.0);
    for (std::size_t i = 0; i < n; ++i) by_cluster[cluster[row[i]]] += influence(i);
    for (const double v : by_cluster) variance += v * v;
  }
  out.std_error = std::sqrt(variance);
  return out;
}

}  // namespace

Result<Concordance> concordance(const ConcordanceInput& in, const Runner* runner) {
  if (auto ok = check(in); !ok) return unexpected(ok.error());
  const std::size_t n = in.time.size();

  // By stratum, time, events first.
  const auto any = [](const auto& v) -> std::size_t { return v.empty() ? 0 : sizeof(double); };
  detail::Room room;
  room.reserve(n * (2 * sizeof(double) + any(in.entry) + any(in.weight) + sizeof(std::uint32_t) +
                    sizeof(std::uint8_t)) +
               512);
  const std::span<std::uint32_t> order = room.take<std::uint32_t>(n);
  std::size_t next[2] = {0, 0};  // by event flag
  for (const std::uint8_t e : in.event) next[0] += e;
  for (std::size_t i = 0; i < n; ++i) order[next[in.event[i]]++] = static_cast<std::uint32_t>(i);
  const Runner& run = runner == nullptr ? serial() : *runner;
  {
    detail::Room scratch;
    scratch.reserve(2 * n * sizeof(std::uint64_t) + 128);
    detail::radix_order(in.time, order, scratch, run);
  }
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
  const auto gather = [&]<class T>(std::span<const T> from) -> std::span<const T> {
    const std::span<T> to = room.take<T>(from.size());
    for (std::size_t i = 0; i < to.size(); ++i) to[i] = from[order[i]];
    return to;
  };
  const auto time = gather(in.time);
  const auto event = gather(in.event);
  const auto score = gather(in.score);
  const auto entry = gather(in.entry);
  const auto weight = gather(in.weight);
  return summed({time, event, score, entry, weight, {}, {}}, end, in.cluster, order, run);
}

Result<Concordance> concordance(const CoxData& data, const CoxFit& fit, const Runner* runner) {
  const detail::CoxTable& t = data.table();
  if (fit.n != t.n || fit.linear_predictor.size() != t.n) {
    return unexpected(error_at(Errc::size_mismatch, "fit", std::nullopt, static_cast<double>(fit.n),
                               "must be a fit of these rows"));
  }
  detail::Room room;
  const std::span<double> score = room.take<double>(t.n);
  const Runner& run = runner == nullptr ? serial() : *runner;
  constexpr std::size_t piece = 16384;
  run.run((t.n + piece - 1) / piece, [&](std::size_t c) {
    for (std::size_t i = c * piece; i < std::min(t.n, (c + 1) * piece); ++i) {
      score[i] = fit.linear_predictor[t.order[i]];
    }
  });
  std::vector<std::size_t> end;
  for (std::size_t s = 0; s < t.strata(); ++s) {
    end.push_back(t.slot_row[t.stratum_slot[s + 1]]);
  }
  detail::ConcordanceRows rows{t.time, t.dead, score, {}, {}, {}, {}};
  rows.last_use_of_score = [&room] { room = {}; };
  if (t.truncated) {
    rows.entry = t.entry;
    rows.by_entry = t.late;
  }
  if (t.weighted) rows.weight = t.weight;
  return summed(rows, end, t.cluster, t.order, run);
}

}  // namespace ombre::inline v0::stats
