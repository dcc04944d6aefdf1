#include "ombre/plans/safety.hpp"

#include <array>

#include "taper_sources.hpp"

namespace ombre::inline v0::plans {
namespace {

constexpr std::array<std::string_view, 5> supervision_names{"not_stated", "none", "clinician",
                                                            "daily_visits", "inpatient"};
constexpr std::array<std::string_view, 5> tolerance_names{"first_days", "peak", "high", "raised",
                                                          "baseline"};
constexpr std::array<std::string_view, 4> care_names{"gradual", "community", "inpatient",
                                                     "emergency"};
constexpr double grams_in_uk_unit = 8;

bool yes(const std::optional<bool>& fact) { return fact.value_or(false); }

}  // namespace

std::string_view name(Supervision supervision) noexcept {
  return supervision_names[static_cast<std::size_t>(supervision)];
}

std::optional<Supervision> find_supervision(std::string_view text) noexcept {
  for (std::size_t i = 0; i < supervision_names.size(); ++i) {
    if (supervision_names[i] == text) return static_cast<Supervision>(i);
  }
  return std::nullopt;
}

std::string_view name(ToleranceBand band) noexcept {
  return tolerance_names[static_cast<std::size_t>(band)];
}

std::string_view name(AlcoholCare care) noexcept {
  return care_names[static_cast<std::size_t>(care)];
}

std::vector<SourcedReason> naloxone_reasons(const SafetyFacts& f) {
  std::vector<SourcedReason> out;
  const auto add = [&out](bool holds, SourcedReason reason) {
    if (holds) out.push_back(reason);
  };
  const Source* cdc = &sources::cdc_2022;
  const Source* hhs = &sources::hhs_naloxone_2018;
  const Source* ours = &sources::ombre_proposal;
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
       &sources::bzd_joint_2025, verified});
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
  return {says, &sources::tolerance_rows, Confidence::proposal,
          "bands after studies with different comparators; never multiply their risks"};
}

Result<AlcoholTriage> alcohol_triage(const SafetyFacts& f,
                                     std::optional<GramsEthanol> grams_a_day) {
  const auto in_range = [](const std::optional<int>& value, int most,
                           std::string_view field) -> Result<void> {
    if (value && (*value < 0 || *value > most)) {
      return unexpected(error_at(Errc::out_of_range, field, std::nullopt,
                                 static_cast<double>(*value),
                                 "must be 0 to " + std::to_string(most)));
    }
    return {};
  };
  if (auto ok = in_range(f.sadq, 60, "sadq"); !ok) return unexpected(ok.error());
  if (auto ok = in_range(f.pawss, 10, "pawss"); !ok) return unexpected(ok.error());

  AlcoholTriage out;
  const auto add = [&out](bool holds, AlcoholCare care, std::string_view id,
                          std::string_view says) {
    if (!holds || care < out.care) return;
    if (care > out.care) {
      out.reasons.clear();
      out.care = care;
    }
    out.reasons.push_back({id, says, &sources::nice_cg115, Confidence::known});
  };
  const std::optional<double> units =
      grams_a_day ? std::optional{grams_a_day->grams() / grams_in_uk_unit} : std::nullopt;

  using enum AlcoholCare;
  add(units && *units >= 15, community, "units_15", "15 UK units (120 g) a day or more");
  add(f.sadq && *f.sadq >= 16, community, "sadq_16", "a SADQ score of 16 or more");
  add(yes(f.seizure_history), inpatient, "seizure_history", "a seizure in the past, or epilepsy");
  add(yes(f.delirium_history), inpatient, "delirium_history", "delirium tremens in the past");
  add(units && *units > 30, inpatient, "units_30", "more than 30 UK units (240 g) a day");
  add(f.sadq && *f.sadq > 30, inpatient, "sadq_30", "a SADQ score above 30");
  add(yes(f.takes_benzodiazepine), inpatient, "alcohol_and_benzodiazepine",
      "withdrawal from alcohol and from a benzodiazepine at once");
  add(f.pawss && *f.pawss >= 4, inpatient, "pawss_4", "a PAWSS score of 4 or more");
  add(yes(f.pregnant), inpatient, "pregnant", "pregnancy");
  add(yes(f.serious_illness), inpatient, "serious_illness", "a serious illness besides");
  add(yes(f.no_home_or_carer), inpatient, "no_home_or_carer",
      "no home, or nobody there who can look after the person");
  add(yes(f.seizure_or_confusion_now), emergency, "seizure_or_confusion_now",
      "confusion, hallucination, a seizure or trouble moving the eyes now");

  const auto unknown = [&out](bool empty, std::string_view what) {
    if (empty) out.not_known.push_back(what);
  };
  if (out.care < inpatient) {
    unknown(!units, "grams_a_day");
    unknown(!f.sadq, "sadq");
    unknown(!f.seizure_history, "seizure_history");
    unknown(!f.delirium_history, "delirium_history");
    unknown(!f.takes_benzodiazepine, "takes_benzodiazepine");
    unknown(!f.pregnant, "pregnant");
    unknown(!f.no_home_or_carer, "no_home_or_carer");
  }
  return out;
}

Result<MissedDoses> after_missed_days(AgonistMedicine medicine, int missed) {
  if (missed < 0) {
    return unexpected(error_at(Errc::out_of_range, "consecutive_days_missed", std::nullopt,
                               static_cast<double>(missed), "must be 0 or more"));
  }
  if (medicine == AgonistMedicine::methadone) {
    if (missed >= 5) return MissedDoses::start_again;
    return missed >= 3 ? MissedDoses::reassess : MissedDoses::go_on;
  }
  return missed > 5 ? MissedDoses::reassess : MissedDoses::go_on;
}

}  // namespace ombre::inline v0::plans
