#pragma once
/// @file
/// Comparing two groups of numbers: by ranks, and by means.

#include <cstdint>
#include <optional>
#include <span>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"

namespace ombre::inline v0::stats {

/// Wilcoxon's rank-sum test (Mann-Whitney) of two groups.
struct RankTest {
  std::uint64_t n_first = 0;
  std::uint64_t n_second = 0;
  double u = 0;  ///< pairs in which the first group's value is larger, ties counting half
  /// Probability that a value of the first group exceeds one of the second, ties counting half.
  double probability = 0.5;
  /// Normal approximation with the variance corrected for ties; nothing when all values are equal.
  std::optional<double> z{};
  std::optional<double> p{};             ///< two-sided
  std::optional<double> p_continuity{};  ///< two-sided, with continuity correction
  /// Hodges-Lehmann: the median of all differences first - second. Nothing where the two groups
  /// have more than 16 million pairs of different values.
  std::optional<double> median_difference{};
};

/// Ties share their mean rank. Source: Mann & Whitney, Ann Math Stat 18:50 (1947); ties as in
/// Lehmann, Nonparametrics (1975), section 1.4.
/// @param first,second  finite values, in any order
/// Cost: O(n log n), and d1 d2 log(d1 d2) for d different values.
/// @par Errors empty_input, not_finite
[[nodiscard]] OMBRE_EXPORT Result<RankTest> mann_whitney(std::span<const double> first,
                                                         std::span<const double> second);

/// A mean with its t interval.
struct MeanEstimate {
  std::uint64_t n = 0;
  double mean = 0;
  std::optional<double> sd{};  ///< with n - 1; nothing for n = 1, and then no interval either
  std::optional<double> low{};
  std::optional<double> high{};
};

/// @param values  finite   @param level  in (0, 1)
/// @par Errors empty_input, not_finite, out_of_range (level)
[[nodiscard]] OMBRE_EXPORT Result<MeanEstimate> mean_interval(std::span<const double> values,
                                                              double level = 0.95);

/// Difference of two means, variances not assumed equal.
struct MeanDifference {
  double difference = 0;  ///< first - second
  /// Welch's test; nothing where a group has fewer than two values or neither varies.
  std::optional<double> t{};
  std::optional<double> df{};
  std::optional<double> p{};
  std::optional<double> low{};
  std::optional<double> high{};
};

/// Source: Welch, Biometrika 34:28 (1947), with Satterthwaite's degrees of freedom.
[[nodiscard]] OMBRE_EXPORT Result<MeanDifference> welch_difference(std::span<const double> first,
                                                                   std::span<const double> second,
                                                                   double level = 0.95);

}  // namespace ombre::inline v0::stats
