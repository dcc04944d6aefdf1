// From dated records to weekly words: three people of a small trial whose design is data.
#include <cstdio>
#include <string>

#include "ombre/timeline/attendance.hpp"
#include "ombre/timeline/weekly_words.hpp"

namespace tl = ombre::timeline;

int main() {
  // Weekly visits for four weeks from randomisation; opioids in urine count.
  tl::TrialSchedule design;
  design.attended_kinds = {"visit"};
  design.urine.counted.by_arm = {{"*", {"Opioid"}}};
  tl::Stage screened;  // not randomised
  screened.last_study_day = {0, 27};
  tl::Stage randomized;
  randomized.last_study_day = {1, 28};  // day 28 after randomisation
  randomized.urine_week_one = {1, 1};   // week 1 begins the day after
  tl::PlannedVisits weekly;
  weekly.first = {1, 7};
  weekly.every = 7;
  weekly.early = 6;  // any day since the last planned one will do
  randomized.visits = {weekly};
  design.stages = {screened, randomized};

  tl::TrialRecords records;
  const char* const names[] = {"ada", "ben", "eve"};
  for (std::uint32_t person = 0; person < 3; ++person) {
    (void)records.people.id.intern(names[person]);
    records.randomizations.person.push_back(person);
    records.randomizations.day.push_back(0);
    records.randomizations.which.push_back(1);
    records.randomizations.arm.push_back(0);
  }
  (void)records.randomizations.arms.intern("buprenorphine");
  (void)records.visits.names.intern("visit");
  (void)records.screens.names.intern("Opioid");
  const auto add = [](tl::DayRows& rows, std::uint32_t person, std::int32_t day) {
    rows.person.push_back(person);
    rows.day.push_back(day);
    rows.what.push_back(0);
  };
  for (const std::int32_t day : {7, 14, 20, 28}) add(records.visits, 0, day);
  for (const std::int32_t day : {3, 6, 13}) add(records.visits, 1, day);
  for (const std::int32_t day : {7, 21, 28}) add(records.visits, 2, day);
  add(records.screens, 1, 6);   // ben: clean on day 3, positive on day 6
  add(records.screens, 2, 21);  // eve: positive on day 21

  ombre::Findings findings;
  const auto table = tl::TrialTable::from(std::move(records), findings);
  const auto schedules = tl::TrialSchedules::from("four weeks", {design});
  if (!table || !schedules) return 1;
  const auto words = tl::weekly_words(*table, *schedules, tl::WordSource::urine, findings);
  const auto marks = tl::attendance(*table, *schedules, findings);
  if (!words || !marks) return 1;
  for (std::size_t p = 0; p < words->people(); ++p) {
    std::printf("%s  %s  missed:", std::string{table->id(p)}.c_str(),
                std::string{words->word(p)}.c_str());
    for (std::uint64_t i = marks->offset[p]; i < marks->offset[p + 1]; ++i) {
      if (marks->mark[i] == tl::Mark::missed) std::printf(" day %d", marks->day[i]);
    }
    std::printf("\n");
  }
  return words->word(0) == "----" && words->word(1) == "*-oo" && words->word(2) == "-o+-" ? 0 : 1;
}
