#pragma once
/// @file
/// Change against an earlier window, and what surrounds use: money, routes, mixing.

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/outcomes/metric.hpp"
#include "ombre/timeline/grid.hpp"
#include "ombre/timeline/missing.hpp"
#include "ombre/timeline/records.hpp"

namespace ombre::inline v0::outcomes {

/// Improvement against the window before, percent: 100 (before - now) / before. Negative where it
/// went up. Nothing when there was nothing before (undefined, not 0) or a number is not finite.
[[nodiscard]] OMBRE_EXPORT std::optional<double> improvement_percent(double before,
                                                                     double now) noexcept;

/// Reduction in WHO risk drinking levels from a baseline window to a later one.
struct LevelReduction {
  std::optional<int> levels;  ///< baseline rank - rank now; negative for an increase
  std::optional<int> lower;   ///< over what the unknown days of both windows could hold
  std::optional<int> upper;
  bool responder_1 = false;  ///< at least one level down
  bool responder_2 = false;  ///< at least two levels down (FDA 2025, EMA 2010)
};
/// From the estimates of Metric::who_rdl in both windows. A follow-up without a value counts as no
/// response, as in the reference analyses (Falk 2019); so does a baseline without one.
[[nodiscard]] OMBRE_EXPORT LevelReduction level_reduction(const Estimate& baseline,
                                                          const Estimate& now) noexcept;

/// Money: total spent, days with spending, and the price of one unit over days where both the money
/// and the amount are known. Empty spans of days give nothing.
struct Purchase {
  double spent = 0;                ///< 0 or more, in any one currency
  std::optional<double> amount{};  ///< in any one unit
};
struct Spend {
  std::optional<double> total;
  std::optional<double> unit_price;  ///< sum of money / sum of amounts, where both are known
  std::uint32_t without_amount = 0;  ///< purchases that do not speak about the price
};
/// @par Errors out_of_range, not_finite (names the row)
[[nodiscard]] OMBRE_EXPORT Result<Spend> spend(std::span<const Purchase> purchases);

/// Reports of use by route, for one person (or everybody) and one substance (or all), over days
/// [first_day, last_day].
struct RouteShares {
  std::array<std::uint64_t, timeline::route_count> reports{};  ///< by Route, of use only
  /// reports / reports with a stated route; nothing when no route is stated.
  [[nodiscard]] OMBRE_EXPORT std::optional<double> share(timeline::Route route) const noexcept;
};
[[nodiscard]] OMBRE_EXPORT RouteShares route_shares(const timeline::Records& records,
                                                    std::optional<std::uint32_t> person,
                                                    std::optional<std::uint32_t> substance,
                                                    std::int32_t first_day, std::int32_t last_day);

/// Days on which a person used several substances.
struct MixingDays {
  std::uint32_t use_days = 0;      ///< days with use of at least one
  std::uint32_t mixing_days = 0;   ///< days with use of at least `kinds`
  std::uint32_t days = 0;          ///< days of the window
  std::uint32_t unclear_days = 0;  ///< not mixing by what is known, but could be by what is not
  std::optional<double> share_of_days;      ///< mixing_days / days
  std::optional<double> share_of_use_days;  ///< mixing_days / use_days
};
/// Unknown days of a substance are read as no use; `unclear_days` counts where that matters.
/// @param person  index into grid.persons()   @param kinds  2 or more
/// @par Errors out_of_range (person, kinds), size_mismatch (series of different windows)
[[nodiscard]] OMBRE_EXPORT Result<MixingDays> mixing_days(const timeline::Grid& grid,
                                                          std::uint32_t person,
                                                          std::uint32_t kinds = 2);

}  // namespace ombre::inline v0::outcomes
