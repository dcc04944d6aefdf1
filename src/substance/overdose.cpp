#include "ombre/substance/overdose.hpp"

#include <array>

#include "sources.hpp"

namespace ombre::inline v0::substance {
namespace {

constexpr std::array<std::string_view, 5> tolerance_names{"first_days", "peak", "high", "raised",
                                                          "baseline"};

bool yes(const std::optional<bool>& fact) { return fact.value_or(false); }

}  // namespace

std::string_view name(ToleranceBand band) noexcept {
  return tolerance_names[static_cast<std::size_t>(band)];
}

std::vector<SourcedReason> naloxone_reasons(const NaloxoneFacts& f) {
  std::vector<SourcedReason> out;
  const auto add = [&out](bool holds, SourcedReason reason) {
    if (holds) out.push_back(reason);
  };
  const Source* cdc = &cite::cdc_2022;
  const Source* hhs = &cite::hhs_naloxone_2018;
  const Source* ours = &cite::ombre_proposal;
  using enum Confidence;
  add(yes(f.overdose_history), {"overdose_history", "an overdose in the past", cdc, verified});
  add(yes(f.substance_use_disorder),
      {"substance_use_disorder", "a substance use disorder, now or in the past", cdc, verified});
  add(yes(f.sleep_disordered_breathing),
      {"sleep_disordered_breathing", "breathing that pauses during sleep", cdc, verified});
  add(f.mme_a_day && *f.mme_a_day >= 50,
      {"mme_50", "an opioid dose of 50 MME a day or more", cdc, verified});
  const bool opioid = yes(f.takes_opioid) || (f.mme_a_day && *f.mme_a_day > 0);
  add(opioid && yes(f.takes_benzodiazepine),
      {"opioid_with_benzodiazepine", "an opioid together with a benzodiazepine",
       &cite::bzd_joint_2025, verified});
  add(yes(f.returning_after_tolerance_loss),
      {"tolerance_lost",
       "a risk of going back to a dose the body is no longer used to (taper, release, discharge)",
       cdc, verified});
  add(yes(f.kidney_or_liver_failure),
      {"kidney_or_liver_failure", "kidneys or liver that clear medicines slowly", cdc, verified});
  add(f.age_years && *f.age_years >= 65, {"age_65", "an age of 65 or more", cdc, verified});
  if (opioid) {
    add(yes(f.copd), {"copd", "a lung disease with narrowed airways (COPD)", hhs, verified});
    add(yes(f.heavy_alcohol), {"heavy_alcohol", "heavy drinking", hhs, verified});
    add(yes(f.mental_health_disorder),
        {"mental_health_disorder", "a mental-health condition", hhs, verified});
  }
  add(yes(f.illicit_use),
      {"street_drugs", "use of street drugs, any of which may contain fentanyl or stronger opioids",
       ours, proposal});
  add(yes(f.discharge_near), {"discharge", "a discharge or release that is near", ours, proposal});
  add(f.opioid_free_days && *f.opioid_free_days >= 3,
      {"opioid_free_days", "three or more days without opioids after dependence", ours, proposal});
  return out;
}

Result<ToleranceBand> tolerance_loss_window(int days_since) {
  if (days_since < 0) {
    return unexpected(error_at(Errc::out_of_range, "days_since", std::nullopt,
                               static_cast<double>(days_since), "must be 0 or more"));
  }
  if (days_since < 3) return ToleranceBand::first_days;
  if (days_since <= 14) return ToleranceBand::peak;
  if (days_since <= 28) return ToleranceBand::high;
  if (days_since <= 84) return ToleranceBand::raised;
  return ToleranceBand::baseline;
}

Sourced<std::string_view> tolerance_advice(ToleranceBand band) noexcept {
  std::string_view says =
      "Tolerance is lost within days to weeks. A dose that used to be usual may now kill, and half "
      "of it is not safe either. Keep naloxone at hand and do not use alone.";
  if (band == ToleranceBand::first_days) {
    says =
        "Tolerance begins to fall within days. From now on a dose that used to be usual may be too "
        "much. Keep naloxone at hand and do not use alone.";
  } else if (band == ToleranceBand::baseline) {
    says =
        "Tolerance to the old dose is gone. It has not come back with time: the old dose may kill. "
        "Keep naloxone at hand and do not use alone.";
  }
  return {says, &cite::tolerance_rows, Confidence::proposal,
          "bands after studies with different comparators; never multiply their risks"};
}

}  // namespace ombre::inline v0::substance
