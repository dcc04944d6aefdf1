#include "ombre/plans/safety.hpp"

#include <array>

#include "taper_sources.hpp"

namespace ombre::inline v0::plans {
namespace {

constexpr std::array<std::string_view, 5> supervision_names{"not_stated", "none", "clinician",
                                                            "daily_visits", "inpatient"};
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

std::string_view name(AlcoholCare care) noexcept {
  return care_names[static_cast<std::size_t>(care)];
}

std::vector<SourcedReason> naloxone_reasons(const SafetyFacts& f) {
  return substance::naloxone_reasons(
      {.takes_opioid = f.takes_opioid,
       .takes_benzodiazepine = f.takes_benzodiazepine,
       .overdose_history = f.overdose_history,
       .substance_use_disorder = f.substance_use_disorder,
       .sleep_disordered_breathing = f.sleep_disordered_breathing,
       .copd = f.copd,
       .kidney_or_liver_failure = f.kidney_or_liver_failure,
       .heavy_alcohol = f.heavy_alcohol,
       .mental_health_disorder = f.mental_health_disorder,
       .illicit_use = f.illicit_use,
       .returning_after_tolerance_loss = f.returning_after_tolerance_loss,
       .discharge_near = f.discharge_near,
       .opioid_free_days = f.opioid_free_days,
       .mme_a_day = f.mme_a_day,
       .age_years = f.age_years});
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
  add(f.age_years && *f.age_years < 18, inpatient, "age_below_18", "an age below 18");
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
