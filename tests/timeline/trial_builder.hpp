// Builds the records of hand-made people, and a small trial they may take part in.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ombre/timeline/attendance_records.hpp"
#include "ombre/timeline/schedule.hpp"

namespace trial_test {

namespace tl = ombre::timeline;

class Records {
 public:
  Records& person(const std::string& id, const std::string& trial = "") {
    (void)records.people.id.intern(id);
    records.people.trial.push_back(trial);
    return *this;
  }
  Records& randomized(const std::string& id, std::uint32_t which, const std::string& arm,
                      std::int32_t day) {
    auto& rows = records.randomizations;
    rows.person.push_back(*records.people.id.find(id));
    rows.which.push_back(which);
    rows.arm.push_back(*rows.arms.intern(arm));
    rows.day.push_back(day);
    return *this;
  }
  Records& visits(const std::string& id, const std::vector<std::int32_t>& days,
                  const std::string& kind = "visit") {
    for (const auto day : days) add(records.visits, id, kind, day);
    return *this;
  }
  Records& screens(const std::string& id, const std::string& what,
                   const std::vector<std::int32_t>& days) {
    for (const auto day : days) add(records.screens, id, what, day);
    return *this;
  }
  Records& reports(const std::string& id, const std::string& what,
                   const std::vector<std::int32_t>& days) {
    for (const auto day : days) add(records.self_reports, id, what, day);
    return *this;
  }
  Records& screen(const std::string& id, const std::string& what, std::int32_t day,
                  tl::RowAnswer answer) {
    add(records.screens, id, what, day);
    records.screens.answer.push_back(answer);
    return *this;
  }
  Records& report(const std::string& id, const std::string& what, std::int32_t day,
                  tl::RowAnswer answer) {
    add(records.self_reports, id, what, day);
    records.self_reports.answer.push_back(answer);
    return *this;
  }
  [[nodiscard]] tl::TrialTable table() const {
    ombre::Findings ignored;
    return table(ignored);
  }
  [[nodiscard]] tl::TrialTable table(ombre::Findings& findings) const {
    auto made = tl::TrialTable::from(records, findings);
    if (!made) ADD_FAILURE() << describe(made.error());
    return *std::move(made);
  }

  tl::TrialRecords records;

 private:
  void add(tl::DayRows& rows, const std::string& id, const std::string& what, std::int32_t day) {
    rows.person.push_back(*records.people.id.find(id));
    rows.what.push_back(*rows.names.intern(what));
    rows.day.push_back(day);
  }
};

// Study days -7..21 for the randomised (weeks from the day after randomisation), -7..14 for
// others; weekly visits; opioids count, methadone not in the methadone arm.
inline tl::TrialSchedule small_trial() {
  tl::TrialSchedule schedule;
  schedule.attended_kinds = {"visit"};
  schedule.urine.counted.by_arm = {{"Methadone*", {"Opioid"}}, {"*", {"Opioid", "Methadone"}}};
  schedule.urine.counted.not_randomized = {"Opioid", "Methadone"};
  schedule.self_report.counted.by_arm = {{"*", {"Heroin"}}};
  schedule.self_report.counted.not_randomized = {"Heroin"};
  tl::Stage never;
  never.first_study_day = {0, -7};
  never.last_study_day = {0, 14};
  tl::PlannedVisits day_zero;
  tl::PlannedVisits weekly;
  weekly.first = {0, 7};
  weekly.every = 7;
  weekly.early = 6;
  never.visits = {day_zero, weekly};
  never.urine_week_one = {0, 0};
  never.self_report_week_one = {0, 1};
  never.symbols = tl::WeekSymbols::positive_or_missed;
  tl::Stage once;
  once.first_study_day = {0, -7};
  once.last_study_day = {1, 21};
  weekly.first = {1, 7};
  once.visits = {weekly};
  once.urine_week_one = {1, 1};
  once.self_report_week_one = {1, 1};
  schedule.stages = {never, once};
  return schedule;
}

inline tl::TrialSchedules only(tl::TrialSchedule schedule) {
  auto made = tl::TrialSchedules::from("test", {std::move(schedule)});
  if (!made) ADD_FAILURE() << describe(made.error());
  return *std::move(made);
}

inline const ombre::Finding* find(const ombre::Findings& findings, std::string_view rule) {
  for (const auto& finding : findings.stored()) {
    if (finding.rule == rule) return &finding;
  }
  return nullptr;
}

}  // namespace trial_test
