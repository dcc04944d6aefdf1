#pragma once
/// @file
/// Which series are ethanol, and how many grams one of their units holds.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/quantities.hpp"
#include "ombre/timeline/grid.hpp"

namespace ombre::inline v0::outcomes {

/// How units of alcohol are read.
struct EthanolUnits {
  /// Names of substances that are alcohol, in any letter case.
  std::vector<std::string> substances{"alcohol", "ethanol", "etoh"};
  /// What a plain "drink" or "unit", or an amount without a unit, holds. Without it such amounts
  /// are no grams: drinks of different countries hold 8 to 20 g, and nothing is guessed.
  std::optional<DrinkSize> plain_drink{};
};

/// Grams of ethanol in one `unit`, or nothing when that is not known.
///
/// Understood in any letter case, with blanks, dots and hyphens read as underscores: grams ("g",
/// "gram", "grams", "g_ethanol", "gram_ethanol"), a country's standard drink by its code
/// ("drink_us", "drinks_au", "us_drinks", "standard_drink_gb", "uk_units"), and, where
/// `plain_drink` is given, "drink", "drinks", "standard_drink", "sd", "unit", "units" and "".
/// Source of the sizes: substance::drink_size(); countries with an uncertain value or a range are
/// not understood, convert them knowingly.
[[nodiscard]] OMBRE_EXPORT std::optional<double> ethanol_g_of_unit(std::string_view unit,
                                                                   const EthanolUnits& how = {});

/// 1 for each series of the grid whose substance is alcohol by `how.substances`, else 0. For
/// MetricOptions::is_ethanol.
[[nodiscard]] OMBRE_EXPORT std::vector<std::uint8_t> is_ethanol(const timeline::Grid& grid,
                                                                const EthanolUnits& how = {});
/// Whether `how.substances` holds this name, in any letter case.
[[nodiscard]] OMBRE_EXPORT bool is_ethanol(std::string_view substance,
                                           const EthanolUnits& how = {});

/// Grams in one unit for each series of the grid, in its order; 0 where the substance is not
/// alcohol or the unit is not understood. For MetricOptions::ethanol_g_per_unit.
[[nodiscard]] OMBRE_EXPORT std::vector<double> ethanol_per_unit(const timeline::Grid& grid,
                                                                const EthanolUnits& how = {});

}  // namespace ombre::inline v0::outcomes
