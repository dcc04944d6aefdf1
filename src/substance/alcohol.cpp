#include "ombre/substance/alcohol.hpp"

#include <algorithm>
#include <cmath>

#include "lookup.hpp"
#include "ombre/substance/catalogue.hpp"

namespace ombre::inline v0::substance {
namespace {

std::optional<Error> refuse_drink(double volume_ml, double abv_percent) {
  if (auto error = refuse_outside("volume_ml", volume_ml, 0, 1e6, "must be 0 to 1000000 mL")) {
    return error;
  }
  return refuse_outside("abv_percent", abv_percent, 0, 100, "must be 0 to 100 percent by volume");
}

}  // namespace

Result<GramsEthanol> ethanol(double volume_ml, double abv_percent) {
  if (auto error = refuse_drink(volume_ml, abv_percent)) return unexpected(*std::move(error));
  return GramsEthanol::from(volume_ml * abv_percent / 100 * value_of("ethanol_density"));
}

Result<double> uk_units(double volume_ml, double abv_percent) {
  if (auto error = refuse_drink(volume_ml, abv_percent)) return unexpected(*std::move(error));
  return volume_ml * abv_percent / 100 / value_of("uk_unit");
}

Result<double> us_proof(double abv_percent) {
  if (auto error = refuse_drink(0, abv_percent)) return unexpected(*std::move(error));
  return 2 * abv_percent;
}

Result<double> abv_from_us_proof(double proof) {
  if (auto error = refuse_outside("proof", proof, 0, 200, "must be 0 to 200")) {
    return unexpected(*std::move(error));
  }
  return proof / 2;
}

Result<StandardDrink> standard_drink(std::string_view country, Accept accept) {
  std::string key = country.size() <= 200 ? folded(country) : std::string{};
  if (key == "uk") key = "gb";
  if (key == "usa") key = "us";
  const auto rows = standard_drinks();
  const auto at = std::ranges::find_if(rows, [&](const StandardDrink& row) {
    return folded(row.code) == key || folded(row.country) == key;
  });
  if (at == rows.end()) {
    return unexpected(error_at(Errc::unknown_name, "country", std::nullopt, country,
                               "has no standard drink in the table; give a two-letter country "
                               "code such as US, GB or AU"));
  }
  if (at->confidence == Confidence::uncertain && accept == Accept::established) {
    return unexpected(error_at(Errc::unsupported, "country", std::nullopt, country,
                               "only an uncertain value is recorded (" + shortest(at->grams.low) +
                                   " g): ask for uncertain values to use it"));
  }
  return *at;
}

Result<DrinkSize> drink_size(std::string_view country, Accept accept) {
  const auto row = standard_drink(country, accept);
  if (!row) return unexpected(row.error());
  if (!row->single) {
    return unexpected(error_at(Errc::contradiction, "country", std::nullopt, country,
                               "prints a range, " + shortest(row->grams.low) + " to " +
                                   shortest(row->grams.high) + " g a drink: choose one"));
  }
  return DrinkSize::from(row->code, row->grams.low);
}

Result<BloodAlcohol> widmark(GramsEthanol drunk, double weight_kg, Sex sex, double hours,
                             Elimination elimination) {
  if (auto error = refuse_outside("weight_kg", weight_kg, 20, 500, "must be 20 to 500 kg")) {
    return unexpected(*std::move(error));
  }
  if (auto error = refuse_outside("hours", hours, 0, 240, "must be 0 to 240 hours")) {
    return unexpected(*std::move(error));
  }
  const Constant& r = constant(sex == Sex::male ? "widmark_r_men" : "widmark_r_women");
  const Constant& beta = constant("ethanol_elimination");
  const double slowest = *beta.low;
  const double fastest = elimination == Elimination::usual ? 0.25 : *beta.high;
  const double peak = drunk.grams() / (*r.value * weight_kg);
  BloodAlcohol out;
  out.value_g_per_kg = std::max(0.0, peak - *beta.value * hours);
  out.low_g_per_kg = std::max(0.0, peak - fastest * hours);
  out.high_g_per_kg = std::max(0.0, peak - slowest * hours);
  out.may_be_zero = out.low_g_per_kg <= 0;
  out.confidence = r.confidence;
  out.source = r.source;
  out.note =
      "an estimate only, never for a driving decision: stomach content, absorption, body "
      "composition and illness are left out";
  return out;
}

}  // namespace ombre::inline v0::substance
