#include "ombre/stats/resample.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <unordered_map>

#include "stats/resample_design.hpp"

namespace ombre::inline v0::stats {

using detail::DesignTable;

namespace {

// Codes renumbered in order of first appearance.
std::size_t renumber(std::span<const std::uint32_t> code, std::vector<std::uint32_t>& number) {
  std::unordered_map<std::uint32_t, std::uint32_t> seen;
  number.resize(code.size());
  for (std::size_t i = 0; i < code.size(); ++i) {
    number[i] = seen.try_emplace(code[i], static_cast<std::uint32_t>(seen.size())).first->second;
  }
  return seen.size();
}

Result<void> check_length(std::size_t have, std::size_t rows, std::string_view field) {
  if (have == 0 || have == rows) return {};
  return unexpected(error_at(Errc::size_mismatch, field, std::nullopt, static_cast<double>(have),
                             "must have one entry for each row, or none"));
}

}  // namespace

Result<ResampleDesign> ResampleDesign::from(std::size_t rows,
                                            std::span<const std::uint32_t> cluster,
                                            std::span<const std::uint32_t> stratum) {
  if (rows == 0) return unexpected(error_of(Errc::empty_input, "rows", "must be 1 or more"));
  if (rows > 0x7FFFFFFF) {
    return unexpected(error_at(Errc::too_large, "rows", std::nullopt, static_cast<double>(rows),
                               "must be below 2^31"));
  }
  if (auto ok = check_length(cluster.size(), rows, "cluster"); !ok) return unexpected(ok.error());
  if (auto ok = check_length(stratum.size(), rows, "stratum"); !ok) return unexpected(ok.error());

  auto table = std::make_shared<DesignTable>();
  table->rows = rows;
  table->each_row = cluster.empty();
  std::size_t units = rows;
  if (cluster.empty()) {
    table->unit_of.resize(rows);
    std::iota(table->unit_of.begin(), table->unit_of.end(), 0U);
  } else {
    units = renumber(cluster, table->unit_of);
  }
  table->unit_rows.assign(units, 0);
  for (const std::uint32_t u : table->unit_of) ++table->unit_rows[u];

  table->stratum_of.assign(units, 0);
  std::size_t strata = 1;
  if (!stratum.empty()) {
    std::vector<std::uint32_t> of_row;
    strata = renumber(stratum, of_row);
    std::vector<std::uint8_t> known(units, 0);
    for (std::size_t i = 0; i < rows; ++i) {
      const std::uint32_t u = table->unit_of[i];
      if (known[u] != 0 && table->stratum_of[u] != of_row[i]) {
        return unexpected(error_at(Errc::contradiction, "stratum", i,
                                   static_cast<double>(stratum[i]),
                                   "must be the same for all rows of a cluster"));
      }
      known[u] = 1;
      table->stratum_of[u] = of_row[i];
    }
  }
  table->stratum_begin.assign(strata + 1, 0);
  for (const std::uint32_t h : table->stratum_of) ++table->stratum_begin[h + 1];
  std::partial_sum(table->stratum_begin.begin(), table->stratum_begin.end(),
                   table->stratum_begin.begin());
  table->stratum_unit.resize(units);
  std::vector<std::size_t> at(table->stratum_begin.begin(), table->stratum_begin.end() - 1);
  for (std::size_t u = 0; u < units; ++u) {
    table->stratum_unit[at[table->stratum_of[u]]++] = static_cast<std::uint32_t>(u);
  }
  return ResampleDesign{std::move(table)};
}

std::size_t ResampleDesign::rows() const noexcept { return table_->rows; }
std::size_t ResampleDesign::units() const noexcept { return table_->units(); }
std::size_t ResampleDesign::strata() const noexcept { return table_->strata(); }
std::span<const std::uint32_t> ResampleDesign::unit_of() const noexcept { return table_->unit_of; }
std::span<const std::uint32_t> ResampleDesign::stratum_of() const noexcept {
  return table_->stratum_of;
}

namespace detail {

Result<void> run_in_pieces(std::size_t count, std::size_t piece, const Progress& progress,
                           const Runner* runner,
                           const std::function<void(std::size_t, std::size_t)>& task) {
  const Runner& run = runner != nullptr ? *runner : serial();
  const std::size_t pieces = (count + piece - 1) / piece;
  // Without a callback there is nobody to ask, and all pieces go at once.
  const std::size_t batch =
      progress ? std::max<std::size_t>({run.workers() * 2, pieces / 100, 1}) : pieces;
  for (std::size_t done = 0; done < pieces; done += batch) {
    if (progress && !progress(static_cast<double>(done) / static_cast<double>(pieces))) {
      return unexpected(error_of(Errc::cancelled, "progress", "the caller asked to stop"));
    }
    const std::size_t now = std::min(batch, pieces - done);
    run.run(now, [&](std::size_t i) {
      const std::size_t first = (done + i) * piece;
      task(first, std::min(count, first + piece));
    });
  }
  if (progress && !progress(1.0)) {
    return unexpected(error_of(Errc::cancelled, "progress", "the caller asked to stop"));
  }
  return {};
}

Result<void> check_size(std::size_t outputs, std::size_t replicates) {
  if (outputs == 0) {
    return unexpected(
        error_at(Errc::out_of_range, "outputs", std::nullopt, 0.0, "must be 1 or more"));
  }
  if (replicates == 0) {
    return unexpected(
        error_at(Errc::out_of_range, "replicates", std::nullopt, 0.0, "must be 1 or more"));
  }
  if (outputs > most_values || replicates > most_values / outputs) {
    return unexpected(error_at(Errc::too_large, "replicates", std::nullopt,
                               static_cast<double>(replicates),
                               "times the number of outputs must be at most 2 x 10^7"));
  }
  return {};
}

}  // namespace detail

namespace {

constexpr std::size_t nowhere = std::numeric_limits<std::size_t>::max();

// Calls a statistic and stores what it gave. Returns the output that was not finite, or nowhere.
struct Caller {
  std::size_t outputs;
  const CountedStatistic& statistic;

  std::size_t operator()(std::span<const std::uint32_t> times,
                         std::span<std::optional<double>> out) const {
    std::fill(out.begin(), out.end(), std::nullopt);
    statistic(times, out);
    for (std::size_t j = 0; j < outputs; ++j) {
      if (out[j] && !std::isfinite(*out[j])) return j;
    }
    return nowhere;
  }
};

Error not_finite(std::optional<std::size_t> replicate, double value) {
  return error_at(Errc::not_finite, "statistic",
                  replicate ? std::optional<std::uint64_t>{*replicate} : std::nullopt, value,
                  replicate ? "must be finite or without an answer in every resample"
                            : "must be finite or without an answer for the table itself");
}

// counts(i, times) prepares the counts of sample i and restore(i, times) takes them back.
template <class Prepare>
Result<void> evaluate(const Caller& call, std::size_t rows, std::size_t samples,
                      const ResampleOptions& options, const Prepare& prepare,
                      std::vector<std::optional<double>>& observed,
                      std::vector<std::vector<std::optional<double>>>& value) {
  observed.assign(call.outputs, std::nullopt);
  {
    const std::vector<std::uint32_t> ones(rows, 1);
    const std::size_t bad = call(ones, observed);
    if (bad != nowhere) return unexpected(not_finite(std::nullopt, *observed[bad]));
  }
  value.assign(call.outputs, std::vector<std::optional<double>>(samples));
  const std::size_t piece = std::clamp<std::size_t>(samples / 64, 1, 32);
  struct Bad {
    std::size_t sample = nowhere;
    double value = 0;
  };
  std::vector<Bad> bad((samples + piece - 1) / piece);
  auto ran = detail::run_in_pieces(samples, piece, options.progress, options.runner,
                                   [&](std::size_t first, std::size_t last) {
                                     std::vector<std::uint32_t> times(rows);
                                     std::vector<std::optional<double>> out(call.outputs);
                                     for (std::size_t i = first; i < last; ++i) {
                                       prepare(i, std::span{times});
                                       const std::size_t wrong = call(times, out);
                                       if (wrong != nowhere) {
                                         bad[first / piece] = {i, *out[wrong]};
                                         return;
                                       }
                                       for (std::size_t j = 0; j < call.outputs; ++j)
                                         value[j][i] = out[j];
                                     }
                                   });
  if (!ran) return ran;
  for (const Bad& b : bad) {
    if (b.sample != nowhere) return unexpected(not_finite(b.sample, b.value));
  }
  return {};
}

void spread(const DesignTable& design, std::span<const std::uint32_t> by_unit,
            std::span<std::uint32_t> times) {
  for (std::size_t i = 0; i < times.size(); ++i) times[i] = by_unit[design.unit_of[i]];
}

void counts_of(const DesignTable& design, Seed seed, std::uint64_t replicate,
               std::span<std::uint32_t> times) {
  if (design.each_row) {
    std::fill(times.begin(), times.end(), 0U);
    detail::draw_counts<std::uint32_t>(design, seed, replicate, {}, times);
    return;
  }
  std::vector<std::uint32_t> by_unit(design.units(), 0);
  detail::draw_counts<std::uint32_t>(design, seed, replicate, {}, by_unit);
  spread(design, by_unit, times);
}

}  // namespace

std::vector<std::uint32_t> bootstrap_counts(const ResampleDesign& design, Seed seed,
                                            std::uint64_t replicate) {
  std::vector<std::uint32_t> times(design.rows());
  counts_of(design.table(), seed, replicate, times);
  return times;
}

Result<Replicates> bootstrap(const ResampleDesign& design, std::size_t outputs,
                             const CountedStatistic& statistic, const ResampleOptions& options) {
  if (auto ok = detail::check_size(outputs, options.replicates); !ok) return unexpected(ok.error());
  Replicates result;
  auto done = evaluate(
      Caller{outputs, statistic}, design.rows(), options.replicates, options,
      [&](std::size_t replicate, std::span<std::uint32_t> times) {
        counts_of(design.table(), options.seed, replicate, times);
      },
      result.observed, result.value);
  if (!done) return unexpected(done.error());
  return result;
}

Result<Jackknife> jackknife(const ResampleDesign& design, std::size_t outputs,
                            const CountedStatistic& statistic, const ResampleOptions& options) {
  if (auto ok = detail::check_size(outputs, design.units()); !ok) return unexpected(ok.error());
  const DesignTable& table = design.table();
  Jackknife result;
  result.stratum = table.stratum_of;
  result.strata = table.strata();
  auto done = evaluate(
      Caller{outputs, statistic}, design.rows(), design.units(), options,
      [&](std::size_t unit, std::span<std::uint32_t> times) {
        if (table.each_row) {
          std::fill(times.begin(), times.end(), 1U);
          times[unit] = 0;
          return;
        }
        for (std::size_t i = 0; i < times.size(); ++i)
          times[i] = table.unit_of[i] != unit ? 1U : 0U;
      },
      result.observed, result.value);
  if (!done) return unexpected(done.error());
  return result;
}

}  // namespace ombre::inline v0::stats
