#include "ombre/plans/care.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "goal_builder.hpp"
#include "ombre/core/wording.hpp"

namespace ombre::plans {
namespace {

using testing::day;
using testing::has_rule;

TEST(EntryRules, TwentyFourHoursWithoutUseBeforeAGroupIsRefused) {
  EntryRule rule;
  rule.service = "The Tuesday group";
  rule.hours_without_use = 24;
  const auto f = entry_findings(rule);
  ASSERT_TRUE(f);
  ASSERT_EQ(f->size(), 1U);
  EXPECT_EQ(f->front().answer, Answer::refused);
  EXPECT_EQ(f->front().rule->overridable_by, OverridableBy::nobody);
  EXPECT_EQ(*f->front().measured, 24);
}

TEST(EntryRules, EveryConditionOnUseIsFoundAndAnOpenDoorHasNone) {
  EntryRule rule;
  rule.service = "The clinic";
  rule.abstinent_days = 30;
  rule.negative_test = true;
  rule.use_first_treated = true;
  rule.out_after_use = true;
  EXPECT_EQ(std::ranges::count(*entry_findings(rule), Answer::refused, &RuleFinding::answer), 4);
  EntryRule open;
  open.service = "The drop-in";
  open.drop_in = true;
  open.hours_without_use = 0;
  EXPECT_TRUE(entry_findings(open)->empty());
}

TEST(EntryRules, AMedicalReasonIsAWarningForThatProcedureOnly) {
  EntryRule rule;
  rule.service = "The endoscopy";
  rule.hours_without_use = 12;
  rule.medical_reason = "anaesthesia";
  EXPECT_EQ(entry_findings(rule)->front().answer, Answer::allowed_with_warning);
  rule.out_after_use = true;
  EXPECT_EQ(entry_findings(rule)->front().answer, Answer::refused);
}

TEST(EntryRules, NegativeNumbersAndNoNameAreErrors) {
  EntryRule rule;
  EXPECT_EQ(entry_findings(rule).error().field, "service");
  rule.service = "x";
  rule.hours_without_use = -1;
  EXPECT_EQ(entry_findings(rule).error().field, "hours_without_use");
}

TEST(Sites, WhateverHappensCareGoesOnAndThePlaceIsKept) {
  for (const bool allowed : {false, true}) {
    CommunityPolicy policy;
    policy.site = "the house";
    policy.use_on_site = allowed;
    for (std::size_t e = 0; e < names_of<SiteEventKind>().size(); ++e) {
      const auto answer = site_answer(policy, static_cast<SiteEventKind>(e));
      EXPECT_NE(answer.says.find("Your care goes on"), std::string::npos);
      EXPECT_FALSE(answer.steps.empty());
      EXPECT_TRUE(check_wording(answer.says).empty()) << answer.says;
    }
  }
}

TEST(Sites, UseOnSiteMovesThePersonToTheSafePlaceThatIsNamed) {
  CommunityPolicy policy;
  policy.site = "the house";
  policy.safe_place = "the flat next door";
  const auto answer = site_answer(policy, SiteEventKind::used_on_site);
  EXPECT_NE(std::ranges::find(answer.steps, SiteStep::move_to_safe_place), answer.steps.end());
  EXPECT_NE(std::ranges::find(answer.steps, SiteStep::keep_the_place), answer.steps.end());
  EXPECT_NE(answer.says.find("the flat next door"), std::string::npos);
}

TEST(Sites, MedicineIsPrescribedAndGivenByQualifiedStaff) {
  CommunityPolicy policy;
  Medication good{"methadone", true, "Dr Oak", "nurse", true};
  Medication own{"diazepam", false, "", "", {}};
  EXPECT_TRUE(medication_findings(policy, std::vector<Medication>{good}).empty());
  const auto f = medication_findings(policy, std::vector<Medication>{own});
  EXPECT_EQ(f.size(), 2U);
  for (const auto& x : f) EXPECT_NE(x.answer, Answer::refused);
}

TEST(Preparation, WhatIsAboutSafetyMustBeThereFirst) {
  DetoxPreparation p;
  p.substance = "alcohol";
  auto state = preparation_state(p);
  ASSERT_TRUE(state);
  EXPECT_FALSE(state->safe_to_start());
  for (const auto& item : detox_checklist(substance::Class::alcohol)) {
    if (item.safety) p.done.emplace_back(item.id);
  }
  p.not_needed = {"obligations"};
  state = preparation_state(p);
  EXPECT_TRUE(state->safe_to_start());
  EXPECT_FALSE(state->open.empty());
  p.not_needed = {"after"};
  EXPECT_EQ(preparation_state(p).error().code, Errc::contradiction);
  p.not_needed = {"no-such-thing"};
  EXPECT_EQ(preparation_state(p).error().code, Errc::unknown_name);
}

TEST(Preparation, OpioidsBringNaloxoneAndAlcoholBringsThiamine) {
  const auto has = [](substance::Class cls, std::string_view id) {
    return std::ranges::any_of(detox_checklist(cls), [id](const auto& i) { return i.id == id; });
  };
  EXPECT_TRUE(has(substance::Class::opioid, "naloxone"));
  EXPECT_FALSE(has(substance::Class::alcohol, "naloxone"));
  EXPECT_TRUE(has(substance::Class::alcohol, "thiamine"));
  EXPECT_TRUE(has(substance::Class::unknown, "naloxone")) << "what is not known may be an opioid";
  EXPECT_TRUE(has(substance::Class::unknown, "not_suddenly"));
}

TEST(HousingDaysTest, CountsRoofStreetAndWhatNobodyKnows) {
  const std::vector<Housing> h{{HousingKind::street, day("2026-01-01"), day("2026-01-10"), {}, {}},
                               {HousingKind::supportive, day("2026-01-11"), {}, {}, {}}};
  const auto d = housing_days(h, day("2025-12-30"), 20);
  ASSERT_TRUE(d);
  EXPECT_EQ(d->not_known, 2);
  EXPECT_EQ(d->not_housed, 10);
  EXPECT_EQ(d->housed, 8);
  EXPECT_FALSE(housing_days(h, day("2025-12-30"), 0));
}

TEST(CareRecords, FindingsNameHomesReferralsSuppliesAndWhatComesAfter) {
  CareRecord care;
  care.housing = {{HousingKind::residential, day("2026-01-01"), day("2026-02-01"), true, true}};
  care.referrals = {{"the trauma clinic", "", ReferralStatus::sent, day("2026-01-01"), false}};
  care.supplies = {{"naloxone", day("2026-01-15"), {}}};
  const auto f = care_findings(care, day("2026-01-20"));
  ASSERT_TRUE(f);
  for (const char* rule : {"housing_does_not_depend_on_use", "a_home_after_this_one",
                           "a_referral_arrives", "supplies_when_asked", "care_outlasts_the_goal"}) {
    EXPECT_TRUE(has_rule(*f, rule)) << rule;
  }
  for (const auto& x : *f) EXPECT_TRUE(check_wording(x.text).empty()) << x.text;
}

TEST(CareRecords, ContradictionsAreNamedWithTheirPath) {
  CareRecord care;
  care.checkins = {{day("2026-01-01"), 11, {}, {}}};
  EXPECT_EQ(check_care(care).error().field, "checkins[0].body");
  care = {};
  care.housing = {{HousingKind::own, day("2026-01-02"), day("2026-01-01"), {}, {}}};
  EXPECT_EQ(check_care(care).error().field, "housing[0].until");
  care = {};
  care.preparation = DetoxPreparation{"no such thing", {}, {}, {}};
  EXPECT_FALSE(check_care(care));
}

TEST(GroupAttendance, IsCountedAndNoEffectIsClaimed) {
  const std::vector<GroupSession> s{{day("2026-01-06"), "Tuesday", true, true},
                                    {day("2026-01-13"), "Tuesday", true, false},
                                    {day("2026-01-20"), "Tuesday", true, {}},
                                    {day("2026-03-20"), "Tuesday", true, true}};
  const auto a = attendance(s, day("2026-01-01"), day("2026-01-31"));
  EXPECT_EQ(a.offered, 3U);
  EXPECT_EQ(a.attended, 1U);
  EXPECT_EQ(a.not_known, 1U);
  EXPECT_NE(a.says.find("only they can say"), std::string::npos);
}

}  // namespace
}  // namespace ombre::plans
