#pragma once
/// @file
/// Intervals for proportions and exact tests of two of them. Pure numbers, no domain.

#include <optional>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/stats/effect_size.hpp"

namespace ombre::inline v0::stats {

/// A two-sided interval.
struct Interval {
  double low = 0;
  double high = 0;
};

/// Wilson score interval, without continuity correction.
/// Source: Wilson, J Am Stat Assoc 22:209 (1927); method 3 of Newcombe, Stat Med 17:857 (1998).
/// @param level  in (0, 1)
/// @par Errors empty_input (n = 0), out_of_range
[[nodiscard]] OMBRE_EXPORT Result<Interval> wilson_interval(Proportion arm, double level = 0.95);

/// Clopper-Pearson ("exact") interval from beta quantiles.
/// Source: Clopper & Pearson, Biometrika 26:404 (1934).
[[nodiscard]] OMBRE_EXPORT Result<Interval> clopper_pearson_interval(Proportion arm,
                                                                     double level = 0.95);

/// Interval of p1 - p2 from the Wilson intervals of both.
/// Source: method 10 of Newcombe, Stat Med 17:873 (1998).
[[nodiscard]] OMBRE_EXPORT Result<Interval> newcombe_difference_interval(Proportion first,
                                                                         Proportion second,
                                                                         double level = 0.95);

/// Fisher's exact test of two proportions, and the odds ratio conditional on the margins.
struct FisherExact {
  double p = 1;          ///< two-sided: tables at most as likely as the one seen
  double p_less = 1;     ///< odds ratio below 1
  double p_greater = 1;  ///< odds ratio above 1
  /// Conditional maximum likelihood estimate; nothing where it is infinite or every odds ratio is
  /// equally likely (a margin is 0).
  std::optional<double> odds_ratio{};
  double low = 0;                ///< exact interval; 0 where it has no lower end
  std::optional<double> high{};  ///< nothing where it has no upper end
};

/// Source: Fisher, J R Stat Soc 98:39 (1935); interval by inverting the two one-sided tests, as
/// R's fisher.test. Accuracy: 1e-9 relative. Cost: O(min(arm, events)) for each of about 100 sums.
/// @par Errors as above, and too_large (more than 10 million possible tables)
[[nodiscard]] OMBRE_EXPORT Result<FisherExact> fisher_exact(Proportion first, Proportion second,
                                                            double level = 0.95);

}  // namespace ombre::inline v0::stats
