#pragma once
/// @file
/// Trend without assumptions about the shape of the errors: Theil-Sen slope and Kendall's tau-b.

#include <cstddef>
#include <optional>
#include <span>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"

namespace ombre::inline v0::stats {

/// Most points theil_sen_slope() accepts: it holds all pairwise slopes, 8 bytes each.
inline constexpr std::size_t theil_sen_most_points = 8192;

/// Theil-Sen slope: the median of (y_j - y_i) / (x_j - x_i) over all pairs with x_i != x_j; of an
/// even number of slopes, the mean of the two middle ones.
/// Source: Theil, Proc Kon Ned Akad Wet A 53 (1950); Sen, J Am Stat Assoc 63:1379 (1968).
///
/// @param x,y  n values each, in any order, ties allowed
/// @return nothing when no pair differs in x (also for n < 2)
///
/// Cost: O(n^2) time and memory, so n is limited to theil_sen_most_points. Threads: pure function.
/// @par Errors size_mismatch, not_finite (names field and row), too_large
[[nodiscard]] OMBRE_EXPORT Result<std::optional<double>> theil_sen_slope(std::span<const double> x,
                                                                         std::span<const double> y);

/// The same for x = 0, 1, 2, ..., without checks; for hot loops.
/// @param y        n finite values
/// @param scratch  at least n (n - 1) / 2 values, overwritten
[[nodiscard]] OMBRE_EXPORT std::optional<double> theil_sen_slope_by_index(
    std::span<const double> y, std::span<double> scratch) noexcept;

/// Kendall's tau-b: (concordant - discordant pairs) / sqrt((n0 - n1) (n0 - n2)), where n0 is the
/// number of pairs, n1 of those tied in x and n2 of those tied in y.
/// Source: Kendall, Biometrika 33:239 (1945); counted by sorting as in Knight, J Am Stat Assoc
/// 61:436 (1966).
///
/// @return in [-1, 1]; nothing when all x or all y are equal (also for n < 2)
///
/// Cost: O(n log n). Threads: pure function.
/// @par Errors size_mismatch, not_finite (names field and row)
[[nodiscard]] OMBRE_EXPORT Result<std::optional<double>> kendall_tau_b(std::span<const double> x,
                                                                       std::span<const double> y);

/// The same for x = 0, 1, 2, ..., without checks, O(n^2); for a handful of values in hot loops.
[[nodiscard]] OMBRE_EXPORT std::optional<double> kendall_tau_b_by_index(
    std::span<const double> y) noexcept;

}  // namespace ombre::inline v0::stats
