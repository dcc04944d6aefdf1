#include "ombre/io/schedule_json.hpp"

#include <gtest/gtest.h>

#include <string>

#include "ombre/timeline/schedule.hpp"

namespace {

namespace io = ombre::io;
namespace tl = ombre::timeline;

// The smallest schedule there is; tests change one thing in it.
const std::string smallest =
    R"({"trials":[{"attended_kinds":["visit"],"stages":[{"first_study_day":"consent",)"
    R"("last_study_day":"consent+27","urine_week_one":"consent"}]}]})";

std::string with(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(ScheduleJson, EveryBuiltInScheduleComesBackFromItsText) {
  for (const auto name : tl::builtin_schedule_names()) {
    const auto schedules = *tl::builtin_schedules(name);
    const auto text = io::json_text(io::trial_schedules_json(schedules));
    ASSERT_TRUE(text);
    const auto read = io::parse_trial_schedules(*text);
    ASSERT_TRUE(read) << describe(read.error());
    EXPECT_EQ(*read, schedules) << name;
  }
}

TEST(ScheduleJson, WhatIsLeftOutHasTheDefault) {
  const auto read = io::parse_trial_schedules(smallest);
  ASSERT_TRUE(read) << describe(read.error());
  const tl::TrialSchedule& trial = read->trials()[0];
  EXPECT_EQ(trial.trial, "");
  EXPECT_EQ(trial.period_days, 7);
  EXPECT_EQ(trial.urine.clean_day, tl::CleanDay::attended);
  EXPECT_EQ(trial.self_report.mixed_days, 1);
  ASSERT_EQ(trial.stages.size(), 1U);
  EXPECT_EQ(trial.stages[0].last_study_day, (tl::AnchoredDay{0, 27}));
  EXPECT_EQ(trial.stages[0].self_report_week_one, trial.stages[0].urine_week_one);
  EXPECT_TRUE(trial.stages[0].visits.empty());
}

TEST(ScheduleJson, EveryKeyIsRead) {
  const auto read = io::parse_trial_schedules(R"({
    "format": "ombre-trial-schedules-1", "name": "clinic",
    "trials": [{
      "trial": "A", "title": "t", "source": "s",
      "attended_kinds": ["seen"], "missed_kinds": ["no show"], "period_days": 14,
      "urine": {"clean_day": "attended_or_tested",
                "counted": {"by_arm": [{"arm": "*", "substances": ["x"]}],
                            "not_randomized": ["y"]}},
      "self_report": {"absent_day": "unknown", "mixed_days": 2,
                      "counted": {"not_randomized": ["z"]}},
      "stages": [
        {"first_study_day": "consent-1", "last_study_day": "consent+9",
         "urine_week_one": "consent", "symbols": "positive_or_missed"},
        {"first_study_day": "consent", "last_study_day": "randomization+9",
         "urine_week_one": "randomization+1", "self_report_week_one": "randomization",
         "visits": [{"first": "randomization", "every": 7, "days": [0, 2, 4], "early": 1,
                     "late": 2, "last": "randomization+8"}],
         "later_phases": ["randomization+5"], "symbols": "all"}]}]})");
  ASSERT_TRUE(read) << describe(read.error());
  EXPECT_EQ(read->name(), "clinic");
  const tl::TrialSchedule& trial = read->trials()[0];
  EXPECT_EQ(trial.trial, "A");
  EXPECT_EQ(trial.missed_kinds, std::vector<std::string>{"no show"});
  EXPECT_EQ(trial.period_days, 14);
  EXPECT_EQ(trial.urine.clean_day, tl::CleanDay::attended_or_tested);
  EXPECT_EQ(trial.urine.counted.by_arm[0].substances[0], "x");
  EXPECT_EQ(trial.self_report.absent_day, tl::AbsentDay::unknown);
  EXPECT_EQ(trial.self_report.mixed_days, 2);
  EXPECT_EQ(trial.self_report.counted.not_randomized[0], "z");
  EXPECT_EQ(trial.stages[0].symbols, tl::WeekSymbols::positive_or_missed);
  const tl::Stage& stage = trial.stages[1];
  EXPECT_EQ(stage.self_report_week_one, (tl::AnchoredDay{1, 0}));
  EXPECT_EQ(stage.later_phases[0], (tl::AnchoredDay{1, 5}));
  const tl::PlannedVisits& visits = stage.visits[0];
  EXPECT_EQ(visits.days, (std::vector<std::int32_t>{0, 2, 4}));
  EXPECT_EQ(visits.early, 1);
  EXPECT_EQ(visits.late, 2);
  EXPECT_EQ(visits.last, (tl::AnchoredDay{1, 8}));
}

TEST(ScheduleJson, WhatIsWrongIsNamedWithItsPath) {
  struct Case {
    std::string text;
    std::string field;
    ombre::Errc code;
  };
  const std::string stage = R"("urine_week_one":"consent")";
  const Case cases[] = {
      {"{}", "trials", ombre::Errc::missing},
      {"[]", "", ombre::Errc::malformed},
      {R"({"trials":[]})", "trials", ombre::Errc::empty_input},
      {with(smallest, R"({"trials")", R"({"format":"other","trials")"), "format",
       ombre::Errc::unsupported},
      {with(smallest, R"({"trials")", R"({"trial":1,"trials")"), "trial",
       ombre::Errc::unknown_name},
      {with(smallest, "attended_kinds", "atended_kinds"), "trials[0].attended_kinds",
       ombre::Errc::missing},
      {with(smallest, "\"consent\",", "\"consent+x\","), "trials[0].stages[0].first_study_day",
       ombre::Errc::malformed},
      {with(smallest, "consent+27", "consent-1"), "trials[0].stages[0].last_study_day",
       ombre::Errc::contradiction},
      {with(smallest, "consent+27", "randomization+27"), "trials[0].stages[0].last_study_day",
       ombre::Errc::contradiction},
      {with(smallest, stage, stage + R"(,"symbols":"some")"), "trials[0].stages[0].symbols",
       ombre::Errc::unknown_name},
      {with(smallest, stage, stage + R"(,"visits":[{"first":"consent","every":-7}])"),
       "trials[0].stages[0].visits[0].every", ombre::Errc::out_of_range},
      {with(smallest, stage, stage + R"(,"visits":[{"first":"consent","days":[0,"x"]}])"),
       "trials[0].stages[0].visits[0].days[1]", ombre::Errc::out_of_range},
      {with(smallest, stage, stage + R"(,"later_phases":[3])"),
       "trials[0].stages[0].later_phases[0]", ombre::Errc::malformed},
      {with(smallest, R"("stages")", R"("urine":{"clean_day":"tested"},"stages")"),
       "trials[0].urine.counted", ombre::Errc::missing},
      {with(smallest, R"("stages")", R"("urine":{"counted":{"by_arm":[{"arm":"*"}]}},"stages")"),
       "trials[0].urine.counted.by_arm[0].substances", ombre::Errc::missing},
      {with(smallest, R"("stages")", R"("period_days":0,"stages")"), "trials[0].period_days",
       ombre::Errc::out_of_range},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.text);
    const auto read = io::parse_trial_schedules(c.text, "trial.json");
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().field, c.field) << describe(read.error());
    EXPECT_EQ(name(read.error().code), name(c.code)) << describe(read.error());
  }
}

TEST(ScheduleJson, TwoSchedulesForOneTrialAreRefused) {
  const std::string trial = smallest.substr(11, smallest.size() - 13);
  const auto read =
      io::parse_trial_schedules(R"({"trials":[)" + trial + "," + trial + "]}", "trial.json");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ombre::Errc::duplicate);
  EXPECT_EQ(read.error().field, "trials[1].trial");
  EXPECT_EQ(read.error().file, "trial.json");
}

}  // namespace
