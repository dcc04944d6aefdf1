#pragma once
/// @file
/// Alcohol arithmetic: volume and strength to grams, grams to units and drinks of a country, and an
/// estimate of blood alcohol that never pretends to be a number one could drive by.

#include <optional>
#include <string_view>

#include "ombre/core/export.hpp"
#include "ombre/core/quantities.hpp"
#include "ombre/core/result.hpp"
#include "ombre/core/sex.hpp"
#include "ombre/substance/rows.hpp"

namespace ombre::inline v0::substance {

/// Grams of pure ethanol: volume_ml * abv_percent / 100 * 0.789 (density at 20 degrees Celsius).
///
/// @param volume_ml    >= 0, at most 1e6 (a thousand litres)
/// @param abv_percent  alcohol by volume, 0 to 100
/// 330 mL of 5 % are 13.02 g. @par Errors not_finite, out_of_range
[[nodiscard]] OMBRE_EXPORT Result<GramsEthanol> ethanol(double volume_ml, double abv_percent);

/// UK units: volume_ml * abv_percent / 1000, that is 10 mL of ethanol each. By convention a unit is
/// 8 g; by density it is 7.89 g, so units and grams of the same glass differ by 1.4 %.
/// @par Errors as ethanol()
[[nodiscard]] OMBRE_EXPORT Result<double> uk_units(double volume_ml, double abv_percent);

/// US proof is twice the percentage by volume. @par Errors as ethanol()
[[nodiscard]] OMBRE_EXPORT Result<double> us_proof(double abv_percent);
[[nodiscard]] OMBRE_EXPORT Result<double> abv_from_us_proof(double proof);

/// The row of a country by ISO 3166-1 alpha-2 code or English name, in any letter case; "UK" is
/// understood as GB, "AUDIT" as the WHO reference.
///
/// @param accept  rows marked uncertain (Hungary, Malta, Norway, South Africa, Uruguay) are only
///                found with Accept::uncertain_too
/// @par Errors unknown_name, unsupported (only an uncertain value is recorded)
[[nodiscard]] OMBRE_EXPORT Result<StandardDrink> standard_drink(
    std::string_view country, Accept accept = Accept::established);

/// The drink of a country where it defines one value.
/// @par Errors as standard_drink(), and contradiction where the country prints a range (Mexico,
/// Portugal, Switzerland): take one end of StandardDrink::grams knowingly
[[nodiscard]] OMBRE_EXPORT Result<DrinkSize> drink_size(std::string_view country,
                                                        Accept accept = Accept::established);

/// How fast ethanol leaves the blood, g per kg and hour.
enum class Elimination : std::uint8_t {
  usual,          ///< 0.10 to 0.25
  maybe_tolerant  ///< 0.10 to 0.35: people who drink much every day may be that fast
};

/// An estimate of blood alcohol in g per kg (per mille), with the interval that different speeds of
/// elimination give. It leaves out stomach content, time to absorb, body composition and illness,
/// each of which can move it by as much again. It says nothing about fitness to drive, to work
/// machines or to care for a child, and must not be shown as if it did.
struct BloodAlcohol {
  double value_g_per_kg = 0;  ///< with elimination 0.15; never below 0
  double low_g_per_kg = 0;    ///< with the fastest elimination of the chosen range
  double high_g_per_kg = 0;   ///< with the slowest
  bool may_be_zero = false;   ///< the interval reaches 0
  Confidence confidence = Confidence::known;
  const Source* source = nullptr;
  std::string_view note{};
};

/// Widmark's estimate: grams / (r * weight_kg) - beta * hours, r = 0.68 for men, 0.55 for women.
///
/// @param drunk      all ethanol since the first drink
/// @param weight_kg  20 to 500
/// @param hours      since the first drink, 0 to 240
/// Source: Widmark 1932. @par Errors not_finite, out_of_range
[[nodiscard]] OMBRE_EXPORT Result<BloodAlcohol> widmark(
    GramsEthanol drunk, double weight_kg, Sex sex, double hours,
    Elimination elimination = Elimination::usual);

}  // namespace ombre::inline v0::substance
