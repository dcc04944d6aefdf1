#pragma once
/// @file
/// The log-rank test of right-censored times.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"

namespace ombre::inline v0::stats {

struct LogRank {
  std::vector<std::uint64_t> n;  ///< people in each group
  std::vector<double> observed;  ///< events in each group
  std::vector<double> expected;  ///< events had all groups the same hazard
  /// Chi-square on `df` degrees of freedom and its p value; nothing where no event tells the groups
  /// apart (no events, or always one group alone at risk).
  std::optional<double> chi_square{};
  int df = 0;
  std::optional<double> p{};
};

/// Source: Mantel, Cancer Chemother Rep 50:163 (1966); Peto & Peto, J R Stat Soc A 135:185 (1972);
/// hypergeometric variance at ties.
///
/// @param time   n finite times, in any one unit
/// @param event  n flags: 1 = event at time[i], 0 = right-censored there
/// @param group  n group numbers 0..groups-1
/// @param groups number of groups, 2 or more; a group may be empty
/// Ties: events come before censorings at the same time. Cost: O(n log n + events groups^2).
/// @par Errors empty_input, size_mismatch, not_finite, out_of_range
[[nodiscard]] OMBRE_EXPORT Result<LogRank> log_rank_test(std::span<const double> time,
                                                         std::span<const std::uint8_t> event,
                                                         std::span<const std::uint32_t> group,
                                                         std::size_t groups);

}  // namespace ombre::inline v0::stats
