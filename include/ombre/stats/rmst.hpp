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

/// A difference or ratio with its interval and two-sided p value of Wald's test.
struct Contrast {
  double estimate = 0;
  Interval interval{};
  double p = 0;
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

}  // namespace ombre::inline v0::stats
