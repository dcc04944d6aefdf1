#pragma once
/// @file
/// Sums that keep their digits, quantiles with a named rule, and the usual description of a column.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"

namespace ombre::inline v0::stats {

/// Sum of doubles with a running correction.
///
/// Error at most 2^-53 |sum| + n^2 2^-106 sum of |x_i|, against n 2^-53 sum of |x_i| for a plain
/// loop. Source: Neumaier, Z Angew Math Mech 54:39 (1974).
class CompensatedSum {
 public:
  void add(double x) noexcept {
    const double t = sum_ + x;
    correction_ += std::abs(sum_) >= std::abs(x) ? (sum_ - t) + x : (x - t) + sum_;
    sum_ = t;
  }
  [[nodiscard]] double value() const noexcept { return sum_ + correction_; }

 private:
  double sum_ = 0;
  double correction_ = 0;
};

/// Quantile by rule 7 of Hyndman & Fan (Am Stat 50:361, 1996), the default of R and NumPy:
/// with h = (n - 1) p, the value between the sorted x[floor(h)] and x[floor(h) + 1] by linear
/// interpolation.
///
/// @param values  n finite values, reordered by the call (selection, not a full sort)
/// @param p       in [0, 1]
/// @return nothing when n is 0
/// Cost: O(n).
/// @par Errors out_of_range (p)
[[nodiscard]] OMBRE_EXPORT Result<std::optional<double>> quantile_type7(std::span<double> values,
                                                                        double p);

/// Where rule 7 looks: between the sorted values number `below` and `below + 1` (counted from 0),
/// at the share `weight` of the way; `weight` is 0 when only x[below] is needed.
struct QuantilePosition {
  std::size_t below = 0;
  double weight = 0;
};
/// @param n  at least 1   @param p  in [0, 1]
[[nodiscard]] constexpr QuantilePosition quantile_position_type7(std::size_t n, double p) noexcept {
  const double h = static_cast<double>(n - 1) * p;
  auto below = static_cast<std::size_t>(h);
  if (below > n - 1) below = n - 1;
  const double weight = below == n - 1 ? 0.0 : h - static_cast<double>(below);
  return {below, weight};
}

/// Description of a column of numbers.
struct Description {
  std::uint64_t n = 0;
  std::optional<double> mean;
  std::optional<double> sd;  ///< with n - 1; nothing for n < 2
  std::optional<double> min;
  std::optional<double> q1;      ///< rule 7
  std::optional<double> median;  ///< rule 7
  std::optional<double> q3;      ///< rule 7
  std::optional<double> max;
};

/// Mean by compensated sum; SD in two passes around that mean with the correction for its rounding
/// (Chan, Golub & LeVeque, Am Stat 37:242, 1983).
/// Cost: O(n), one copy of the values.
/// @par Errors not_finite (names the row)
[[nodiscard]] OMBRE_EXPORT Result<Description> describe_values(std::span<const double> values);

}  // namespace ombre::inline v0::stats
