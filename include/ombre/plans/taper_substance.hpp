#pragma once
/// @file
/// The facts a taper needs about a substance, out of the tables of `substance`.

#include <string_view>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/plans/amount.hpp"
#include "ombre/plans/taper.hpp"
#include "ombre/substance/catalogue.hpp"
#include "ombre/substance/opioid_mme.hpp"

namespace ombre::inline v0::plans {

struct TaperSubstanceOptions {
  bool prescribed = true;
  bool agonist_treatment = false;
  substance::DoseForm form = substance::DoseForm::oral;
  /// Edition of the MME factors; used for counting risk only.
  substance::MmeEdition mme_edition = substance::MmeEdition::cdc_2022;
  /// Whose standard drink one unit of DoseUnit::drinks is: "US", "GB", ...
  std::string_view drink_country{};
  /// Take the published effect curve, which is marked uncertain: the request must then also accept
  /// it by name ("citalopram-curve").
  bool quoted_curve = false;
};

/// Class, half-lives (active species only), diazepam equivalents of one unit (lowest and highest
/// figure of all sources), MME of one unit, grams of ethanol in one unit. What the tables do not
/// hold stays empty; nothing is guessed.
/// @par Errors unknown_name (substance, country, curve), missing (a country for drinks),
/// contradiction (drinks of something else than alcohol)
[[nodiscard]] OMBRE_EXPORT Result<TaperSubstance> taper_substance(
    std::string_view name, DoseUnit unit, const TaperSubstanceOptions& options = {},
    const substance::Catalogue& catalogue = substance::builtin());

}  // namespace ombre::inline v0::plans
