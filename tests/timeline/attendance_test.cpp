#include "ombre/timeline/attendance.hpp"

#include <gtest/gtest.h>
#include <algorithm>

#include <string>
#include <tuple>
#include <vector>

#include "trial_builder.hpp"

// Hand-made people; each expected row of marks ("p" present, "m" missed) is worked out beside it.
namespace {

using namespace trial_test;

std::string marks(const Records& records, const tl::TrialSchedule& schedule) {
  ombre::Findings findings;
  const auto table = records.table();
  const auto made = tl::attendance(table, only(schedule), findings);
  std::string out;
  for (std::size_t i = 0; i < made->day.size(); ++i) {
    if (!out.empty()) out += ' ';
    out += std::to_string(made->day[i]) + (made->mark[i] == tl::Mark::present ? "p" : "m");
  }
  return out;
}

TEST(Attendance, AVisitOnTheGridDayItselfBelongsToTheIntervalBefore) {
  // Randomised on day 2: intervals (2,9], (9,16], (16,23]; day 23 is the last study day (2 + 21).
  // Day 9 keeps the first interval, day 10 the second, nothing the third.
  Records records;
  records.person("a").randomized("a", 1, "BUP", 2).visits("a", {9, 10});
  EXPECT_EQ(marks(records, small_trial()), "9p 10p 23m");
}

TEST(Attendance, TheRandomisationDayKeepsNoInterval) {
  // Day 2 lies before (2,9].
  Records records;
  records.person("a").randomized("a", 1, "BUP", 2).visits("a", {2});
  EXPECT_EQ(marks(records, small_trial()), "2p 9m 16m 23m");
}

TEST(Attendance, AMissedMarkBeyondTheLastStudyDayIsNotMade) {
  // Not randomised: (0,7], (7,14], and (14,21] whose mark would lie on day 21 > 14. Day 0 is
  // planned by itself.
  Records records;
  records.person("a");
  EXPECT_EQ(marks(records, small_trial()), "0m 7m 14m");
  records.visits("a", {0, 3});
  EXPECT_EQ(marks(records, small_trial()), "0p 3p 14m");
}

TEST(Attendance, VisitsOutsideTheStudyDaysNeitherShowNorKeepAWindow) {
  // Days -8 and 15 lie outside -7..14.
  Records records;
  records.person("a").visits("a", {-8, -7, 15});
  EXPECT_EQ(marks(records, small_trial()), "-7p 0m 7m 14m");
}

TEST(Attendance, OtherKindsOfRowsAreNoAttendance) {
  Records records;
  records.person("a").visits("a", {0}).visits("a", {5}, "no visit").visits("a", {12}, "phone");
  EXPECT_EQ(marks(records, small_trial()), "0p 7m 14m");
}

TEST(Attendance, ARowThatSaysMissedMarksItsDayUnlessThePersonCame) {
  tl::TrialSchedule schedule = small_trial();
  schedule.missed_kinds = {"no visit"};
  Records records;
  records.person("a").visits("a", {0, 6}).visits("a", {3, 6}, "no visit");
  // Day 3 by its row, day 6 attended (which also keeps (0,7]), day 14 by the plan.
  EXPECT_EQ(marks(records, schedule), "0p 3m 6p 14m");
}

TEST(Attendance, SeveralVisitsAWeekEachHaveTheirWindow) {
  // Mondays, Wednesdays, Fridays as days 0, 2, 4 of each week; each may be kept a day late.
  tl::TrialSchedule schedule = small_trial();
  tl::PlannedVisits visits;
  visits.every = 7;
  visits.days = {0, 2, 4};
  visits.late = 1;
  visits.last = tl::AnchoredDay{0, 9};
  schedule.stages[0].visits = {visits};
  Records records;
  records.person("a").visits("a", {1, 2, 8, 10});
  // Planned 0 (kept by 1), 2 (kept by 2), 4 missed, 7 (kept by 8), 9 (kept by 10); 11 is after the
  // last planned day.
  EXPECT_EQ(marks(records, schedule), "1p 2p 4m 8p 10p");
}

TEST(Attendance, DailyDosingIsAPlanOfEveryDay) {
  tl::TrialSchedule schedule = small_trial();
  tl::PlannedVisits visits;
  visits.every = 1;
  visits.last = tl::AnchoredDay{0, 4};
  schedule.stages[0].visits = {visits};
  Records records;
  records.person("a").visits("a", {1, 3});
  EXPECT_EQ(marks(records, schedule), "0m 1p 2m 3p 4m");
}

TEST(Attendance, AnExplicitListOfDaysIsAPlan) {
  tl::TrialSchedule schedule = small_trial();
  tl::PlannedVisits visits;
  visits.days = {1, 4, 13, 20};
  schedule.stages[0].visits = {visits};
  Records records;
  records.person("a").visits("a", {4});
  EXPECT_EQ(marks(records, schedule), "1m 4p 13m");  // day 20 is no study day
}

TEST(Attendance, APlanThatBeginsBeforeTheStudyKeepsItsRhythm) {
  // Planned on -20, -13, -6, 1, 8; study days are -7..14.
  tl::TrialSchedule schedule = small_trial();
  tl::PlannedVisits visits;
  visits.first = {0, -20};
  visits.every = 7;
  schedule.stages[0].visits = {visits};
  Records records;
  records.person("a");
  EXPECT_EQ(marks(records, schedule), "-6m 1m 8m");
}

TEST(Attendance, OneDayMayKeepTwoVisitsWhoseWindowsOverlap) {
  tl::TrialSchedule schedule = small_trial();
  tl::PlannedVisits visits;
  visits.days = {2, 5};
  visits.early = 2;
  visits.late = 2;
  schedule.stages[0].visits = {visits};
  Records records;
  records.person("a").visits("a", {4});
  EXPECT_EQ(marks(records, schedule), "4p");
}

TEST(TrialTable, RandomisationsAreSortedOutTheSameWayInAnyOrder) {
  const auto build = [](bool reversed) {
    Records records;
    records.person("p").person("q").person("r");
    std::vector<std::tuple<std::string, std::uint32_t, std::string, int>> rows = {
        {"p", 1, "A", 5}, {"p", 1, "B", 3}, {"p", 2, "A", 1}, {"q", 2, "A", 9},
        {"r", 1, "A", 2}, {"r", 1, "A", 2}, {"r", 3, "A", 8}};
    if (reversed) std::ranges::reverse(rows);
    for (const auto& [who, which, arm, day] : rows) records.randomized(who, which, arm, day);
    return records;
  };
  for (const bool reversed : {false, true}) {
    ombre::Findings findings;
    const auto table = build(reversed).table(findings);
    ASSERT_EQ(table.randomizations(0).size(), 2U);
    EXPECT_EQ(table.randomizations(0)[0].day, 3);
    EXPECT_EQ(table.arm(0), "B");
    EXPECT_TRUE(table.randomizations(1).empty());
    EXPECT_EQ(table.randomizations(2).size(), 1U);
    EXPECT_EQ(findings.count("randomization_disagrees"), 1U);
    EXPECT_EQ(findings.count("randomization_before_earlier"), 1U);
    EXPECT_EQ(findings.count("randomization_without_earlier"), 2U);
    EXPECT_EQ(findings.count("randomization_repeated"), 1U);
  }
}

TEST(TrialTable, ColumnsThatDoNotFitTogetherAreRefused) {
  ombre::Findings findings;
  Records records;
  records.person("p").visits("p", {1});
  tl::TrialRecords broken = records.records;
  broken.visits.day.clear();
  auto made = tl::TrialTable::from(broken, findings);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ombre::Errc::size_mismatch);
  EXPECT_EQ(made.error().field, "visits.day");
  broken = records.records;
  broken.visits.person[0] = 7;
  made = tl::TrialTable::from(broken, findings);
  ASSERT_FALSE(made);
  EXPECT_EQ(describe(made.error()), "visits.person[0] = 7: must be below 1");
  broken = records.records;
  broken.randomizations.person = {0};
  broken.randomizations.arm = {0};
  broken.randomizations.day = {0};
  broken.randomizations.which = {9};
  (void)broken.randomizations.arms.intern("A");
  made = tl::TrialTable::from(broken, findings);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().field, "randomizations.which");
}

}  // namespace
