#pragma once
/// @file
/// What a plan needs to know about a person's safety, and what follows from it whatever the plan
/// is: need of naloxone, the time of lost tolerance, and where alcohol withdrawal belongs.
/// Unknown stays unknown: a question nobody asked is never answered with "no".

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/date.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/quantities.hpp"
#include "ombre/core/result.hpp"
#include "ombre/core/source.hpp"
#include "ombre/substance/overdose.hpp"

namespace ombre::inline v0::plans {

/// Who is there when the plan is carried out.
enum class Supervision : std::uint8_t {
  not_stated,
  none,
  clinician,     ///< a clinician leads it, with visits as agreed
  daily_visits,  ///< seen every day, at home or in a day service
  inpatient
};

[[nodiscard]] OMBRE_EXPORT std::string_view name(Supervision supervision) noexcept;
[[nodiscard]] OMBRE_EXPORT std::optional<Supervision> find_supervision(
    std::string_view name) noexcept;

/// What is known about the person, as far as rules ask. Empty: not asked, not known.
struct SafetyFacts {
  std::optional<bool> person_agrees{};
  Supervision supervision = Supervision::not_stated;
  std::optional<Date> next_contact{};  ///< when somebody will next be in touch
  std::optional<double> months_of_use{};
  std::optional<double> age_years{};

  // The time before, and now.
  std::optional<bool> pregnant{};
  std::optional<bool> specialist_involved{};
  std::optional<bool> seizure_history{};
  std::optional<bool> delirium_history{};
  std::optional<bool> seizure_or_confusion_now{};  ///< or hallucination: an emergency
  std::optional<bool> suicidal_now{};
  std::optional<bool> psychosis_or_mania_now{};
  std::optional<bool> agonist_treatment_working{};
  std::optional<bool> cancer_palliative_or_sickle_cell{};
  std::optional<bool> used_for_epilepsy{};
  std::optional<bool> street_supply{};  ///< dose and content are not known
  std::optional<bool> recent_stressor{};
  std::optional<bool> serious_illness{};
  std::optional<bool> no_home_or_carer{};

  // Taken besides, of any origin.
  std::optional<bool> takes_opioid{};
  std::optional<bool> takes_benzodiazepine{};
  std::optional<bool> takes_alcohol{};

  // For naloxone and overdose.
  std::optional<bool> naloxone_at_hand{};
  std::optional<bool> overdose_history{};
  std::optional<bool> substance_use_disorder{};
  std::optional<bool> sleep_disordered_breathing{};
  std::optional<bool> copd{};
  std::optional<bool> kidney_or_liver_failure{};
  std::optional<bool> heavy_alcohol{};
  std::optional<bool> mental_health_disorder{};
  std::optional<bool> illicit_use{};                     ///< opioid or stimulant from the street
  std::optional<bool> returning_after_tolerance_loss{};  ///< tapering, release, discharge
  std::optional<bool> discharge_near{};
  std::optional<int> opioid_free_days{};  ///< after opioid dependence
  std::optional<double> mme_a_day{};

  std::optional<bool> qt_risk{};

  // For alcohol.
  std::optional<int> sadq{};   ///< 0..60
  std::optional<int> pawss{};  ///< 0..10

  friend bool operator==(const SafetyFacts&, const SafetyFacts&) = default;
};

using substance::SourcedReason;

/// Reasons to have naloxone at hand; empty where none of them is known to hold. One is enough.
/// Sources: CDC 2022 recommendation 8; HHS 2018; joint benzodiazepine guideline 2025; and, marked
/// as this project's proposals: any discharge, three or more days without opioids after
/// dependence, any use of street drugs.
[[nodiscard]] OMBRE_EXPORT std::vector<SourcedReason> naloxone_reasons(const SafetyFacts& facts);

// Bands of lost tolerance are asked for below this module too, so they live in substance.
using substance::tolerance_advice;
using substance::tolerance_loss_window;
using substance::ToleranceBand;

/// Where withdrawal from alcohol belongs.
enum class AlcoholCare : std::uint8_t {
  gradual,    ///< gradual reduction or brief support; usually no medication
  community,  ///< assisted withdrawal with daily visits in the first 3 to 4 days
  inpatient,
  emergency
};

[[nodiscard]] OMBRE_EXPORT std::string_view name(AlcoholCare care) noexcept;

struct AlcoholTriage {
  AlcoholCare care = AlcoholCare::gradual;
  std::vector<SourcedReason> reasons;       ///< what led there, worst first
  std::vector<std::string_view> not_known;  ///< answers that could make it stricter
};

/// First match wins: emergency, inpatient, community, gradual. A UK unit is 8 g of ethanol.
/// The published rows leave gaps (15 to 30 units with a SADQ below 16); there the more careful
/// neighbour is taken. Without an amount the answer rests on the other facts and says so.
/// Source: NICE CG115 and CG100; ASAM 2020.
/// @par Errors out_of_range (SADQ 0..60, PAWSS 0..10)
[[nodiscard]] OMBRE_EXPORT Result<AlcoholTriage> alcohol_triage(
    const SafetyFacts& facts, std::optional<GramsEthanol> grams_a_day);

/// What to do after missed days of opioid agonist treatment: nothing, reassess before the next
/// dose, or start again from a low dose.
enum class MissedDoses : std::uint8_t { go_on, reassess, start_again };
enum class AgonistMedicine : std::uint8_t { methadone, buprenorphine };

/// Methadone: from 3 days reassess (often halve), from 5 days start again. Buprenorphine: more
/// than 5 days reassess. Source: usual practice, UK and ASAM (known).
/// @par Errors out_of_range
[[nodiscard]] OMBRE_EXPORT Result<MissedDoses> after_missed_days(AgonistMedicine medicine,
                                                                 int consecutive_days_missed);

}  // namespace ombre::inline v0::plans
