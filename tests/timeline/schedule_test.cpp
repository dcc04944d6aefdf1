#include "ombre/timeline/schedule.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

namespace tl = ombre::timeline;

TEST(AnchoredDay, ReadsWhatItWritesAndNothingElse) {
  struct Case {
    const char* text;
    tl::AnchoredDay day;
  };
  for (const Case& c :
       {Case{"consent", {0, 0}}, Case{"consent-30", {0, -30}}, Case{"consent+168", {0, 168}},
        Case{"randomization", {1, 0}}, Case{"randomization+98", {1, 98}},
        Case{"randomization2-1", {2, -1}}, Case{"randomization8+100000", {8, 100'000}}}) {
    SCOPED_TRACE(c.text);
    EXPECT_EQ(tl::text(c.day), c.text);
    const auto read = tl::parse_anchored_day(c.text);
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, c.day);
  }
  const auto spaced = tl::parse_anchored_day(" randomization2 + 7 ");
  ASSERT_TRUE(spaced);
  EXPECT_EQ(*spaced, (tl::AnchoredDay{2, 7}));
  const auto first = tl::parse_anchored_day("randomization1");
  ASSERT_TRUE(first);
  EXPECT_EQ(*first, (tl::AnchoredDay{1, 0}));
  for (const char* wrong :
       {"", "7", "+7", "Consent", "consent+", "consent--3", "consent+3+4", "consent+1.5",
        "randomization0", "randomization9", "randomization10", "randomization+100001",
        "consent+99999999999999999999", "consentx", "randomization x"}) {
    SCOPED_TRACE(wrong);
    const auto read = tl::parse_anchored_day(wrong);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, ombre::Errc::malformed);
  }
}

TEST(ArmPattern, StarsStandForAnyRunOfCharacters) {
  EXPECT_TRUE(tl::matches_arm("*BUP*", "Outpatient BUP + EMM"));
  EXPECT_TRUE(tl::matches_arm("*BUP*", "BUP"));
  EXPECT_FALSE(tl::matches_arm("*BUP*", "bup"));
  EXPECT_TRUE(tl::matches_arm("Methadone", "Methadone"));
  EXPECT_FALSE(tl::matches_arm("Methadone", "Methadone 90"));
  EXPECT_TRUE(tl::matches_arm("a*b*c", "a--b--b--c"));
  EXPECT_FALSE(tl::matches_arm("a*b*c", "a--c--b"));
  EXPECT_TRUE(tl::matches_arm("*", ""));
  EXPECT_FALSE(tl::matches_arm("", "x"));
}

TEST(TrialSchedules, TheBuiltInOnesHoldForTheThreeTrials) {
  for (const auto name : tl::builtin_schedule_names()) {
    SCOPED_TRACE(std::string{name});
    const auto made = tl::builtin_schedules(name);
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(made->name(), name);
    for (const auto& trial : made->trials()) {
      EXPECT_TRUE(tl::validate(trial));
      EXPECT_FALSE(trial.source.empty());
    }
  }
  const auto all = tl::builtin_schedules("ctn0094");
  EXPECT_EQ(all->trials().size(), 3U);
  EXPECT_EQ(all->phases(), 2U);
  EXPECT_EQ(all->find("30"), 1U);
  EXPECT_EQ(all->find("31"), std::nullopt);
  EXPECT_EQ(tl::builtin_schedules("ctn0027")->find("27"), 0U);  // for anybody
  const auto unknown = tl::builtin_schedules("ctn9999");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ombre::Errc::unknown_name);
  EXPECT_NE(unknown.error().rule.find("ctn0094"), std::string::npos);
}

TEST(TrialSchedules, TwoSchedulesForOneTrialAreRefused) {
  const auto three = tl::builtin_schedules("ctn0094");
  const auto base = three->trials();
  auto twice = std::vector(base.begin(), base.end());
  twice.push_back(base[0]);
  const auto made = tl::TrialSchedules::from("x", twice);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ombre::Errc::duplicate);
  EXPECT_EQ(made.error().field, "trials[3].trial");
  EXPECT_FALSE(tl::TrialSchedules::from("x", {}));
}

TEST(TrialSchedule, RulesThatCannotBeMeantAreRefusedWithTheirPath) {
  const tl::TrialSchedule good = tl::builtin_schedules("ctn0030")->trials()[0];
  ASSERT_TRUE(tl::validate(good));
  struct Case {
    const char* field;
    void (*spoil)(tl::TrialSchedule&);
  };
  const Case cases[] = {
      {"period_days", [](auto& s) { s.period_days = 0; }},
      {"attended_kinds[1]",
       [](auto& s) {
         s.attended_kinds = {"visit", "visit"};
       }},
      {"missed_kinds[0]", [](auto& s) { s.missed_kinds = {"visit"}; }},
      {"stages", [](auto& s) { s.stages.clear(); }},
      {"stages", [](auto& s) { s.stages.resize(10); }},
      {"stages[0].last_study_day",
       [](auto& s) {
         s.stages[0].last_study_day = {1, 98};
       }},
      {"stages[0].last_study_day",
       [](auto& s) {
         s.stages[0].last_study_day = {0, -31};
       }},
      {"stages[1].urine_week_one",
       [](auto& s) {
         s.stages[1].urine_week_one = {2, 0};
       }},
      {"stages[1].visits[0].every", [](auto& s) { s.stages[1].visits[0].every = -7; }},
      {"stages[1].visits[0].early", [](auto& s) { s.stages[1].visits[0].early = -1; }},
      {"stages[1].visits[0].days", [](auto& s) { s.stages[1].visits[0].days.clear(); }},
      {"stages[1].visits[0].days[1]",
       [](auto& s) {
         s.stages[1].visits[0].days = {3, 3};
       }},
      {"stages[1].visits[0].days[0]", [](auto& s) { s.stages[1].visits[0].days = {7}; }},
      {"stages[1].visits[0].last",
       [](auto& s) {
         s.stages[1].visits[0].last = tl::AnchoredDay{2, 0};
       }},
      {"stages[2].later_phases[0]", [](auto& s) { s.stages[2].later_phases[0].offset = 100'001; }},
      {"urine.counted.by_arm[0].arm", [](auto& s) { s.urine.counted.by_arm[0].arm.clear(); }},
      {"urine.counted.by_arm[1].arm",
       [](auto& s) { s.urine.counted.by_arm[1].arm = s.urine.counted.by_arm[0].arm; }},
      {"self_report.counted.not_randomized[0]",
       [](auto& s) { s.self_report.counted.not_randomized = {""}; }},
      {"self_report.mixed_days", [](auto& s) { s.self_report.mixed_days = -1; }},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.field);
    tl::TrialSchedule schedule = good;
    c.spoil(schedule);
    const auto checked = tl::validate(schedule);
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().field, c.field);
  }
}

}  // namespace
