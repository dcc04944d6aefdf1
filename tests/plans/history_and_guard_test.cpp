#include <gtest/gtest.h>

#include "ombre/plans/guard.hpp"
#include "ombre/plans/history.hpp"

namespace {

using namespace ombre;
using namespace ombre::plans;

constexpr Source somewhere{"here", "A source for this test", "1"};
constexpr GuardRule soft{"too_fast", "Slower is better", &somewhere, Confidence::known,
                         OverridableBy::clinician};
constexpr GuardRule hard{"never", "Never", &somewhere, Confidence::known, OverridableBy::nobody};

RuleFinding finding(const GuardRule& rule, Answer answer) {
  RuleFinding out;
  out.rule = &rule;
  out.answer = answer;
  out.text = "text";
  return out;
}

Override by_clinician(std::string rule, std::string reason = "weighed with the person") {
  return {std::move(rule), {"Dr. Example", Role::clinician}, std::move(reason)};
}

Change change(std::string what) {
  return {std::move(what),
          *Date::parse("2024-01-01"),
          *Date::parse("2024-01-02"),
          {"A. B.", Role::person},
          "because",
          {}};
}

TEST(History, AChangeMakesANewVersionAndLeavesTheOldOneAlone) {
  const History<int> first{1, change("draft")};
  const History<int> second = first.with(2, change("hold"));
  const History<int> third = second.with(3, change("resume"));
  EXPECT_EQ(first.version(), 1U);
  EXPECT_EQ(first.current(), 1);
  EXPECT_EQ(third.version(), 3U);
  EXPECT_EQ(third.at(1), 1);
  EXPECT_EQ(third.at(2), 2);
  EXPECT_EQ(third.change(2).what, "hold");
  EXPECT_EQ(third.as_of(2).current(), 2);
  EXPECT_EQ(&third.at(1), &first.at(1));  // shared, not copied
}

TEST(History, TwoFuturesOfOneVersionDoNotTouchEachOther) {
  const History<int> first{1, change("draft")};
  const auto a = first.with(2, change("hold"));
  const auto b = first.with(3, change("shift"));
  EXPECT_EQ(a.current(), 2);
  EXPECT_EQ(b.current(), 3);
}

TEST(History, RolesHaveNames) {
  for (const Role role :
       {Role::person, Role::clinician, Role::pharmacist, Role::companion, Role::team}) {
    EXPECT_EQ(find_role(name(role)), role);
  }
  EXPECT_EQ(find_role("robot"), std::nullopt);
}

TEST(Guard, TheWorstFindingIsTheAnswer) {
  EXPECT_EQ(overall({}), Answer::allowed);
  std::vector<RuleFinding> all{finding(soft, Answer::allowed),
                               finding(soft, Answer::allowed_with_warning)};
  EXPECT_EQ(overall(all), Answer::allowed_with_warning);
  all.push_back(finding(hard, Answer::refused));
  EXPECT_EQ(overall(all), Answer::refused);
}

TEST(Guard, AClinicianMaySetAsideWhatMayBeSetAsideWithAReasonThatStays) {
  std::vector<RuleFinding> all{finding(soft, Answer::refused)};
  const Override o[] = {by_clinician("too_fast")};
  ASSERT_TRUE(apply_overrides(all, o));
  EXPECT_EQ(overall(all), Answer::allowed_with_warning);
  ASSERT_TRUE(all[0].overridden);
  EXPECT_EQ(all[0].overridden->reason, "weighed with the person");
  EXPECT_NE(describe(all[0]).find("set aside by Dr. Example (clinician)"), std::string::npos);
}

TEST(Guard, NobodySetsAsideWhatNobodyMay) {
  std::vector<RuleFinding> all{finding(hard, Answer::refused)};
  const Override o[] = {by_clinician("never")};
  const auto result = apply_overrides(all, o);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::contradiction);
  EXPECT_EQ(overall(all), Answer::refused);
}

TEST(Guard, AnOverrideNeedsAReasonARoleAndARuleThatRefused) {
  std::vector<RuleFinding> all{finding(soft, Answer::refused)};
  const Override no_reason[] = {by_clinician("too_fast", "  ")};
  EXPECT_EQ(apply_overrides(all, no_reason).error().code, Errc::missing);
  const Override person[] = {{"too_fast", {"A. B.", Role::person}, "I want to"}};
  EXPECT_EQ(apply_overrides(all, person).error().code, Errc::contradiction);
  const Override nameless[] = {{"too_fast", {"", Role::clinician}, "because"}};
  EXPECT_EQ(apply_overrides(all, nameless).error().code, Errc::contradiction);
  const Override misspelt[] = {by_clinician("to_fast")};
  EXPECT_EQ(apply_overrides(all, misspelt).error().code, Errc::unknown_name);
  EXPECT_FALSE(all[0].overridden);
}

TEST(Guard, AFindingIsASentenceWithMeasureLimitAndSource) {
  RuleFinding f = finding(soft, Answer::refused);
  f.measured = 40;
  f.limit = 30;
  f.unit = "%";
  f.on = *Date::parse("2024-03-01");
  EXPECT_EQ(describe(f),
            "refused too_fast, 2024-03-01: text (measured 40, limit 30 %; A source for this test)");
  EXPECT_EQ(to_finding(f).rule, "too_fast");
  EXPECT_EQ(to_finding(f).source, &somewhere);
}

}  // namespace
