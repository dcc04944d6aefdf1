// The schedules that come with the library.
//
// Source of all three: the R package public.ctn0094extra 1.0.4 (2023), which harmonised the trials
// CTN-0027, CTN-0030 and CTN-0051 to days since consent, one weekly grid and 24 weeks (project 30:
// two phases). These are the rules of that harmonisation, not of the three protocols.
#include <array>
#include <string>
#include <utility>

#include "ombre/timeline/schedule.hpp"

namespace ombre::inline v0::timeline {
namespace {

constexpr AnchoredDay consent(std::int32_t offset) { return {0, offset}; }
constexpr AnchoredDay randomization(std::int32_t offset) { return {1, offset}; }
constexpr AnchoredDay randomization2(std::int32_t offset) { return {2, offset}; }

// A visit is planned on each seventh day after `start` and kept by any day since the one before.
PlannedVisits weekly_after(AnchoredDay start) {
  PlannedVisits visits;
  visits.first = {start.randomization, start.offset + 7};
  visits.every = 7;
  visits.early = 6;
  return visits;
}

Stage never_randomized(AnchoredDay last) {
  Stage stage;
  stage.first_study_day = consent(-30);
  stage.last_study_day = last;
  PlannedVisits day_zero;
  day_zero.first = consent(0);
  stage.visits = {day_zero, weekly_after(consent(0))};
  stage.urine_week_one = consent(0);
  stage.self_report_week_one = consent(1);  // one day later than for urine, as published
  stage.symbols = WeekSymbols::positive_or_missed;
  return stage;
}

Stage randomized(AnchoredDay last) {
  Stage stage;
  stage.first_study_day = consent(-30);
  stage.last_study_day = last;
  stage.visits = {weekly_after(randomization(0))};
  stage.urine_week_one = randomization(1);
  stage.self_report_week_one = randomization(1);
  return stage;
}

TrialSchedule common(std::string trial, std::string title) {
  TrialSchedule schedule;
  schedule.trial = std::move(trial);
  schedule.title = std::move(title);
  schedule.source = "R package public.ctn0094extra 1.0.4 (2023)";
  schedule.attended_kinds = {"visit", "final"};
  // A drug found in urine counts unless it is the person's own study drug.
  schedule.urine.counted.by_arm = {
      {"*BUP*", {"Opioid", "Methadone"}},
      {"Methadone", {"Opioid", "Buprenorphine"}},
      {"Inpatient NR-NTX", {"Opioid", "Methadone", "Buprenorphine"}},
  };
  schedule.urine.counted.not_randomized = {"Opioid", "Methadone", "Buprenorphine"};
  schedule.self_report.counted.by_arm = {{"*", {"Heroin", "Opioid", "Methadone", "Buprenorphine"}}};
  schedule.self_report.counted.not_randomized = {"Heroin", "Opioid", "Methadone", "Buprenorphine"};
  return schedule;
}

TrialSchedule ctn0027(std::string trial) {
  TrialSchedule schedule = common(
      std::move(trial), "CTN-0027: buprenorphine/naloxone or methadone, 24 weeks, weekly visits");
  schedule.stages = {never_randomized(consent(168)), randomized(consent(168))};
  return schedule;
}

TrialSchedule ctn0030(std::string trial) {
  TrialSchedule schedule =
      common(std::move(trial),
             "CTN-0030: buprenorphine/naloxone with standard or enhanced counselling, two phases");
  Stage second = randomized(randomization2(168));
  second.later_phases = {randomization2(0)};
  schedule.stages = {never_randomized(consent(98)), randomized(randomization(98)), second};
  return schedule;
}

TrialSchedule ctn0051(std::string trial) {
  TrialSchedule schedule =
      common(std::move(trial),
             "CTN-0051: extended-release naltrexone or buprenorphine/naloxone, 24 weeks");
  schedule.stages = {never_randomized(consent(168)), randomized(consent(168))};
  return schedule;
}

constexpr std::array<std::string_view, 4> names = {"ctn0094", "ctn0027", "ctn0030", "ctn0051"};

}  // namespace

std::span<const std::string_view> builtin_schedule_names() noexcept { return names; }

Result<TrialSchedules> builtin_schedules(std::string_view name) {
  if (name == "ctn0094") {
    return TrialSchedules::from("ctn0094", {ctn0027("27"), ctn0030("30"), ctn0051("51")});
  }
  if (name == "ctn0027") return TrialSchedules::from("ctn0027", {ctn0027("")});
  if (name == "ctn0030") return TrialSchedules::from("ctn0030", {ctn0030("")});
  if (name == "ctn0051") return TrialSchedules::from("ctn0051", {ctn0051("")});
  std::string known;
  for (const std::string_view one : names) {
    if (!known.empty()) known += ", ";
    known += one;
  }
  return unexpected(
      error_at(Errc::unknown_name, "schedule", std::nullopt, name, "must be one of " + known));
}

}  // namespace ombre::inline v0::timeline
