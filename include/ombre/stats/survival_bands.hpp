#pragma once
/// @file
/// Simultaneous confidence bands: the whole curve lies inside with the stated probability, not each
/// point by itself.

#include <cstdint>
#include <optional>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/stats/survival_curve.hpp"

namespace ombre::inline v0::stats {

enum class BandKind : std::uint8_t {
  hall_wellner,    ///< Hall & Wellner, Biometrika 67:133 (1980): narrower in the middle
  equal_precision  ///< Nair, Technometrics 26:265 (1984): as wide as intervals, times a constant
};

struct BandOptions {
  BandKind kind = BandKind::equal_precision;
  double level = 0.95;
  IntervalScale scale = IntervalScale::log_log;
  /// Times the band is for. Empty: from the first event to the last time with S > 0.
  std::optional<double> from{};
  std::optional<double> to{};
};

struct SurvivalBand {
  BandOptions options{};
  double from = 0;
  double to = 0;
  double a_low = 0;     ///< n s^2 / (1 + n s^2) at `from`, s the standard error of log S
  double a_high = 0;    ///< ... at `to`
  double critical = 0;  ///< what takes the place of 1.96
  /// One per time of the curve; nothing outside [from, to] and where S is 0.
  std::vector<std::optional<Interval>> limits{};
};

/// Needs a product-limit curve with Greenwood errors of people who count one each and are there
/// from the start: the theory knows no weights, clusters or late entry.
/// @par Errors out_of_range (level, from, to), unsupported (another kind of curve), not_computable
/// (no event with S > 0 between from and to)
[[nodiscard]] OMBRE_EXPORT Result<SurvivalBand> survival_band(const SurvivalCurve& curve,
                                                              const BandOptions& options = {});

/// The k with P(sup |B(x)| <= k for x in [a_low, a_high]) = level, B a Brownian bridge.
/// Method: the ends are jointly normal, and between them the chance to stay inside is a series of
/// reflections; integrated by Gauss-Legendre rules, solved by bisection. Error below 1e-9.
/// @param a_low,a_high  0 <= a_low < a_high <= 1
[[nodiscard]] OMBRE_EXPORT Result<double> hall_wellner_critical(double level, double a_low,
                                                                double a_high);
/// The c with P(sup |B(x)| / sqrt(x (1 - x)) <= c for x in [a_low, a_high]) = level.
/// Method: on the scale log(x / (1 - x)) / 2 this is a stationary Ornstein-Uhlenbeck process; the
/// chance to stay inside is a sum of exponentials whose rates are eigenvalues, found with 30
/// polynomials. Error below 1e-7 where the interval is longer than 0.1 on that scale, and about
/// 1e-4 where it is shorter.
/// @param a_low,a_high  0 < a_low < a_high < 1
[[nodiscard]] OMBRE_EXPORT Result<double> equal_precision_critical(double level, double a_low,
                                                                   double a_high);

}  // namespace ombre::inline v0::stats
