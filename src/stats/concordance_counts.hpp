#pragma once
// Concordant and discordant partners of rows, each counted once in O(n log n).

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "ombre/core/progress.hpp"
#include "ombre/stats/concordance.hpp"

namespace ombre::inline v0::stats::detail {

// Rows sorted by stratum, time, events first. Empty entry: all at risk from the beginning; empty
// weight: all 1.
struct ConcordanceRows {
  std::span<const double> time{};
  std::span<const std::uint8_t> event{};
  std::span<const double> score{};
  std::span<const double> entry{};
  std::span<const double> weight{};
};

// Of one row, by the weight of the other: comparable pairs, and concordant less discordant ones.
struct ConcordanceCount {
  double pairs = 0;
  double net = 0;
};

// Rows [begin, end) are one stratum: their counts, and its sums added to `out`. The answer does not
// depend on the runner.
void count_stratum(const ConcordanceRows& rows, std::size_t begin, std::size_t end,
                   std::span<ConcordanceCount> of, Concordance& out, const Runner& runner);

}  // namespace ombre::inline v0::stats::detail
