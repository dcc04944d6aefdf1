#pragma once
/// @file
/// Restricted mean survival time: the area under a survival curve up to a horizon.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/stats/proportion.hpp"
#include "ombre/stats/survival_curve.hpp"

namespace ombre::inline v0::stats {

struct RestrictedMean {
  double horizon = 0;
  double mean = 0;      ///< event-free time on average, from 0 (or the first time, if negative)
  double variance = 0;  ///< sum over event times of (area still to come)^2 d / (n (n - d))
  double lost = 0;      ///< horizon - mean
  /// The horizon lies beyond the last observed time and S is not 0 there: the curve was carried
  /// forward, and the answer rests on people nobody has seen.
  bool beyond_follow_up = false;
};

/// Source: Irwin, J Hyg 47:188 (1949); variance of Greenwood's type: Klein & Moeschberger 2003,
/// 4.5.2. Steps where everybody has the event add nothing to the variance. Cost: linear.
/// @param horizon  finite, above 0
/// @par Errors out_of_range
[[nodiscard]] OMBRE_EXPORT Result<RestrictedMean> restricted_mean(const SurvivalCurve& curve,
                                                                  double horizon);

/// A difference or ratio with its error, its interval and the two-sided p value of Wald's test.
struct Contrast {
  double estimate = 0;
  double standard_error = 0;  ///< of the difference; of the logarithm of a ratio
  Interval interval{};
  std::optional<double> p{};  ///< nothing where the error is 0: no event up to the horizon
};

struct RestrictedMeans {
  RestrictedMean first;                  ///< group 0
  RestrictedMean second;                 ///< group 1
  Contrast difference{};                 ///< second - first
  std::optional<Contrast> ratio{};       ///< second / first; nothing where one is 0
  std::optional<Contrast> lost_ratio{};  ///< of the time lost; nothing where one is 0
};

/// Two groups. Ratios have intervals symmetric on the log scale.
/// Source: Royston & Parmar, BMC Med Res Methodol 13:152 (2013); as R's survRM2::rmst2.
[[nodiscard]] OMBRE_EXPORT Result<RestrictedMeans> compare_restricted_means(
    const SurvivalCurve& first, const SurvivalCurve& second, double horizon, double level = 0.95);

enum class RmstLink : std::uint8_t {
  difference,  ///< mean of min(T, horizon) is x'b
  ratio,       ///< log of that mean is x'b
  lost_ratio   ///< log of the mean of horizon - min(T, horizon) is x'b
};

/// When the iterations of the two log-linear models end.
enum class RmstStop : std::uint8_t {
  at_rest,  ///< the step is below 1e-11 everywhere
  /// As R's glm does by default: the deviance changes by less than 1e-8 of itself, which leaves
  /// coefficients up to about 1e-8 away from the solution. For comparison with survRM2.
  as_glm
};

/// Regression of the restricted time itself.
struct RmstRegression {
  std::vector<double> coefficient{};
  std::vector<double> covariance{};  ///< p x p, row by row
  std::size_t rows = 0;
  std::size_t used = 0;  ///< rows with a weight: restricted time known
  int iterations = 0;
  bool converged = false;
};

/// Inverse-probability-of-censoring weighted regression; the censoring distribution is Kaplan-Meier
/// within each arm, and at least 0.001. The covariance has the term for the estimated weights.
/// Source: Tian, Zhao & Wei, Biostatistics 15:222 (2014); as R's survRM2::rmst2(covariates = ).
///
/// @param arm  n flags
/// @param x    n x p, column by column, a column of ones among them if an intercept is wanted
/// Cost: O(n log n + n p^2) an iteration.
/// @par Errors empty_input, size_mismatch, not_finite, out_of_range, not_computable (columns that
/// say the same)
[[nodiscard]] OMBRE_EXPORT Result<RmstRegression> rmst_regression(
    std::span<const double> time, std::span<const std::uint8_t> event,
    std::span<const std::uint8_t> arm, std::span<const double> x, std::size_t columns,
    double horizon, RmstLink link, RmstStop stop = RmstStop::at_rest,
    const Progress& progress = {});

}  // namespace ombre::inline v0::stats
