#include "ombre/plans/taper_substance.hpp"

#include "ombre/substance/alcohol.hpp"
#include "ombre/substance/diazepam.hpp"
#include "ombre/substance/dose.hpp"
#include "ombre/substance/kinetics.hpp"

namespace ombre::inline v0::plans {
namespace {

// Milligrams in one unit; nothing where the unit is no mass.
std::optional<double> mg_in(DoseUnit unit) {
  switch (unit) {
    case DoseUnit::mg:
      return 1.0;
    case DoseUnit::mcg:
      return 1e-3;
    case DoseUnit::g:
      return 1e3;
    default:
      return std::nullopt;
  }
}

}  // namespace

Result<TaperSubstance> taper_substance(std::string_view name, DoseUnit unit,
                                       const TaperSubstanceOptions& options,
                                       const substance::Catalogue& catalogue) {
  const auto found = catalogue.find(name);
  if (!found) return unexpected(found.error());
  TaperSubstance out;
  out.id = found->id;
  out.name = found->name;
  out.cls = found->cls;
  out.prescribed = options.prescribed;
  out.agonist_treatment = options.agonist_treatment;

  if (const auto known =
          substance::half_life(*found, {}, substance::Accept::established, catalogue)) {
    for (const substance::HalfLifeRow& row : known->rows) {
      if (row.activity != substance::Activity::active) continue;
      auto half_life = HalfLife::from_hours(row.hours.low, row.hours.high);
      if (!half_life) continue;
      out.species.push_back(
          {row.species.empty() ? std::string{found->name} : std::string{row.species}, *half_life});
    }
  }
  if (const auto mg = mg_in(unit)) {
    if (const auto dose = DoseMg::from(*mg)) {
      if (const auto equal = substance::diazepam_equivalent(*found, *dose, {}, catalogue)) {
        out.diazepam_mg_low = equal->low_mg;
        out.diazepam_mg_high = equal->high_mg;
      }
      if (const auto day = substance::Dose::per_day(*found, options.form, *dose)) {
        const substance::Dose doses[] = {*day};
        const auto mme = substance::risk_mme(doses, options.mme_edition);
        if (mme && mme->total) out.mme_per_unit = mme->total->mme();
      }
    }
  } else if (unit == DoseUnit::mcg_per_h) {
    if (const auto day = substance::Dose::patch(*found, 1)) {
      const substance::Dose doses[] = {*day};
      const auto mme = substance::risk_mme(doses, options.mme_edition);
      if (mme && mme->total) out.mme_per_unit = mme->total->mme();
    }
  }
  if (unit == DoseUnit::drinks || unit == DoseUnit::g_ethanol) {
    if (found->cls != substance::Class::alcohol) {
      return unexpected(error_at(Errc::contradiction, "unit", std::nullopt, plans::name(unit),
                                 "counts alcohol only"));
    }
    if (unit == DoseUnit::g_ethanol) {
      out.ethanol_g_per_unit = 1;
    } else if (options.drink_country.empty()) {
      return unexpected(error_of(Errc::missing, "drink_country",
                                 "is required: a standard drink holds 8 to 20 g, by country"));
    } else {
      const auto size = substance::drink_size(options.drink_country);
      if (!size) return unexpected(size.error());
      out.ethanol_g_per_unit = size->grams();
    }
  }
  if (options.quoted_curve) {
    const auto curve = quoted_curve(out.id);
    if (!curve) return unexpected(curve.error());
    out.curve = curve->value;
    out.curve_source = curve->source != nullptr ? curve->source->citation : std::string_view{};
    out.curve_uncertain = curve->confidence == Confidence::uncertain;
  }
  return out;
}

}  // namespace ombre::inline v0::plans
