#pragma once
/// @file
/// Sizes of an effect: differences of means and of proportions. Pure numbers, no domain.
///
/// Every function takes what a published table prints (means, standard deviations, counts) and
/// refuses what no table can hold. Intervals are two-sided Wald intervals on the scale named.

#include <cstdint>
#include <optional>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"

namespace ombre::inline v0::stats {

/// An estimate with its standard error and interval, all on the scale of the estimate unless the
/// function says otherwise.
struct Estimate {
  double value = 0;
  double se = 0;
  double low = 0;
  double high = 0;
};

/// `events` of `n`: one arm of a trial. Used by the functions below, which refuse n = 0 and
/// events > n.
struct Proportion {
  std::uint64_t events = 0;
  std::uint64_t n = 0;
};

/// Cohen's h = 2 asin(sqrt(p1)) - 2 asin(sqrt(p2)). Source: Cohen, Statistical Power Analysis
/// (1988), chapter 6. @param p1,p2 proportions in [0, 1]
[[nodiscard]] OMBRE_EXPORT Result<double> cohen_h(double p1, double p2);

/// Cohen's h of two arms; standard error sqrt(1/n1 + 1/n2). @param level e.g. 0.95, in (0, 1)
[[nodiscard]] OMBRE_EXPORT Result<Estimate> cohen_h(Proportion first, Proportion second,
                                                    double level = 0.95);

/// Difference p1 - p2; Wald standard error, both variances with n in the denominator.
[[nodiscard]] OMBRE_EXPORT Result<Estimate> risk_difference(Proportion first, Proportion second,
                                                            double level = 0.95);

/// p1 / p2. `value`, `low`, `high` are ratios; `se` is that of the logarithm.
/// @par Errors not_computable when either arm has no event: then no interval exists (add a
/// continuity correction knowingly, or use another measure).
[[nodiscard]] OMBRE_EXPORT Result<Estimate> risk_ratio(Proportion first, Proportion second,
                                                       double level = 0.95);

/// Odds ratio; `se` is that of the logarithm. @par Errors not_computable when a cell is 0
[[nodiscard]] OMBRE_EXPORT Result<Estimate> odds_ratio(Proportion first, Proportion second,
                                                       double level = 0.95);

/// Number needed to treat, with its direction.
///
/// The number is the ceiling of 1 / |p1 - p2|, in exact whole-number arithmetic. Its interval
/// follows from that of the difference: where the difference's interval contains 0 there are two
/// branches, from `benefit_bound` up through infinity and down to `harm_bound` (Altman, BMJ
/// 317:1309, 1998).
struct NumberNeeded {
  enum class Direction : std::uint8_t { benefit, harm, none };
  Direction direction = Direction::none;  ///< benefit: the first arm has more events; none: equal
  std::optional<std::uint64_t> number{};  ///< nothing when both proportions are equal
  std::optional<double> low{};            ///< ends of the interval in the given direction, where
  std::optional<double> high{};           ///< the difference's interval does not contain 0
  std::optional<double> benefit_bound{};  ///< else: smallest number to benefit compatible with the
  std::optional<double> harm_bound{};     ///< data, and smallest number to harm
  Estimate difference{};
};

/// @param wanted_event  true when the event is good (response), false when it is bad (death): it
///                      decides which direction is called benefit
[[nodiscard]] OMBRE_EXPORT Result<NumberNeeded> number_needed(Proportion first, Proportion second,
                                                              bool wanted_event = true,
                                                              double level = 0.95);

/// Number needed to treat from an absolute risk difference alone: ceiling of 1 / |difference|,
/// where quotients within 1e-9 of a whole number count as that number.
/// @param difference in [-1, 1], not 0 @par Errors not_computable for 0
[[nodiscard]] OMBRE_EXPORT Result<std::uint64_t> nnt(double difference);

/// Mean, standard deviation and size of a group; sd > 0, n >= 2.
struct Group {
  double mean = 0;
  double sd = 0;
  std::uint64_t n = 0;
};

/// sqrt(((n1-1) sd1^2 + (n2-1) sd2^2) / (n1+n2-2)).
[[nodiscard]] OMBRE_EXPORT Result<double> pooled_sd(Group first, Group second);

/// Cohen's d = (mean1 - mean2) / pooled sd.
[[nodiscard]] OMBRE_EXPORT Result<double> cohen_d(Group first, Group second);

/// Hedges' g = d (1 - 3 / (4 df - 1)), df = n1 + n2 - 2; `se` is
/// sqrt((n1+n2)/(n1 n2) + g^2 / (2 (n1+n2))). Source: Hedges & Olkin (1985).
[[nodiscard]] OMBRE_EXPORT Result<Estimate> hedges_g(Group first, Group second,
                                                     double level = 0.95);

/// d from an odds ratio: ln(OR) sqrt(3) / pi (Hasselblad & Hedges 1995). @param odds_ratio > 0
[[nodiscard]] OMBRE_EXPORT Result<double> d_from_odds_ratio(double odds_ratio);

/// Mean change divided by the standard deviation of the changes. @param sd_change > 0
[[nodiscard]] OMBRE_EXPORT Result<double> standardized_response_mean(double mean_change,
                                                                     double sd_change);

}  // namespace ombre::inline v0::stats
