// Odd and hostile requests: each gives an error with its place or an answer, and never a crash.
#include <algorithm>

#include "ombre/plans/taper_check.hpp"
#include "ombre/plans/taper_guard.hpp"
#include "taper_builder.hpp"

namespace {

using namespace taper_test;  // NOLINT: tests

TaperRequest diazepam() {
  return request_of(line_of("diazepam", {20}, {{BandRule{{{5, 1}, {0, 0.5}}}}}), weeks_of(2));
}

std::string error_of_request(const TaperRequest& request) {
  const auto answer = make_taper(request);
  return answer ? std::string{} : describe(answer.error());
}

// 7 mg capsules make no dose from 20 mg down within 25 % in 14 days: 14 is too far, 21 is a rise.
TEST(TaperHostile, ProductsThatCanMakeNoDoseAreARefusalWithAWayOut) {
  for (const double strength : {7.0, 50.0}) {
    TaperRequest r = diazepam();
    r.lines[0].products = {*Product::piece(Form::capsule, mg(strength))};
    const TaperAnswer answer = answer_to(r);
    EXPECT_TRUE(refuses(answer, "step_not_dispensable")) << strength;
    EXPECT_TRUE(std::ranges::any_of(answer.instead,
                                    [](const Instead& i) { return i.id == "other_products"; }));
    // A clinician who knows another way gets the doses, and no pieces that do not exist.
    r.overrides = {{"step_not_dispensable", r.by, "the pharmacy compounds it"}};
    const TaperPlan plan = plan_for(r);
    EXPECT_EQ(doses(plan.now())[0], 19);
    EXPECT_TRUE(plan.now().steps[0].doses[0].dispensed.empty());
    EXPECT_TRUE(check_plan(plan)) << describe(check_plan(plan).error());
    EXPECT_NE(check_guards(plan)->answer, Answer::refused);
  }
}

TEST(TaperHostile, AFadeOnAGridWiderThanTheWayIsNoFade) {
  TaperRequest r = request_of({}, weeks_of(1));
  TaperLine& line = r.lines[0];
  line.what =
      *taper_substance("alcohol", DoseUnit::drinks, {.prescribed = false, .drink_country = "US"});
  line.per = Per::week;
  line.intakes = {{*Amount::parse("35 drinks"), "", std::nullopt}};
  line.goal = {GoalKind::lower_amount, *Amount::parse("20 drinks"), ""};
  line.rule = {{FadeRule{5, FadeRule::Shape::even, 100.0}}};
  EXPECT_NE(error_of_request(r).find("lines[0].rule[0].grid"), std::string::npos);
  line.rule = {{FadeRule{5, FadeRule::Shape::even, 5.0}}};
  EXPECT_EQ(doses(plan_for(r).now()), (std::vector<double>{30, 25, 25, 20}));
}

TEST(TaperHostile, ASubstanceStandsInOneLine) {
  TaperRequest r = diazepam();
  r.lines.push_back(r.lines[0]);
  EXPECT_NE(error_of_request(r).find("lines[1].substance"), std::string::npos);
}

TEST(TaperHostile, AnOriginalBelowTodayAndAStartBeforeTheRequestAreContradictions) {
  TaperRequest r = diazepam();
  r.lines[0].original = mg(5);
  EXPECT_NE(error_of_request(r).find("must not be below today's amount, 20 mg"), std::string::npos);
  r = diazepam();
  r.calendar.start = r.made_on - Days{1};
  EXPECT_NE(error_of_request(r).find("must not lie before made_on"), std::string::npos);
  r.calendar.start = r.made_on;
  EXPECT_TRUE(answer_to(r).plan);
}

TEST(TaperHostile, TheEndOfTheCalendarIsSaidInWords) {
  TaperRequest r = diazepam();
  r.made_on = day("9999-11-30");
  r.calendar.start = day("9999-12-01");
  r.facts.next_contact = day("9999-12-02");
  const std::string said = error_of_request(r);
  EXPECT_NE(said.find("beyond 9999-12-31"), std::string::npos) << said;
  EXPECT_EQ(said.find("2932908"), std::string::npos) << said;
}

TEST(TaperHostile, FindingsTellNumbersThatCanBeRead) {
  RuleFinding f;
  f.rule = find_taper_rule("abrupt_25_percent_14_days");
  f.answer = Answer::allowed_with_warning;
  f.text = "alcohol goes down";
  f.measured = 100.0 * 15 / 35;
  f.limit = 25;
  f.unit = "%";
  EXPECT_NE(describe(f).find("measured 42.8571, limit 25 %"), std::string::npos) << describe(f);
}

TEST(TaperHostile, ABlankIsNoName) {
  TaperRequest r = diazepam();
  r.by.name = " ";
  EXPECT_NE(error_of_request(r).find("by.name"), std::string::npos);
  Decision d = decided("2024-01-05");
  d.by.name = "\t ";
  const auto accepted = accept(plan_for(diazepam()), d);
  ASSERT_FALSE(accepted);
  EXPECT_EQ(accepted.error().field, "by.name");
}

TEST(TaperHostile, BeginningAgainFromMoreThanEverBeforeNeedsAReason) {
  const TaperPlan plan = plan_for(diazepam());
  Decision d = decided("2024-02-20");
  const auto more = re_anchor(plan, day("2024-02-20"), 0, mg(500), weeks_of(1), 0, d);
  ASSERT_TRUE(more);
  EXPECT_TRUE(refuses(*more, "going_up_is_weighed"));
  EXPECT_DOUBLE_EQ(*finding(more->findings, "going_up_is_weighed")->limit, 20);
  // Today's dose of the request is what was taken before: a warning.
  const auto back = re_anchor(plan, day("2024-02-20"), 0, mg(20), weeks_of(1), 0, d);
  ASSERT_TRUE(back);
  EXPECT_TRUE(back->plan);
}

TEST(TaperHostile, AContactBeforeTheChangeIsToldByItsName) {
  const TaperPlan plan = plan_for(diazepam());
  const auto stopped =
      stop_tapering(plan, day("2024-02-20"), day("2024-01-01"), decided("2024-02-20"));
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().field, "next_contact");
  EXPECT_NE(stopped.error().rule.find("2024-02-20"), std::string::npos);
}

TEST(TaperHostile, OneDayIsADay) {
  TaperRequest r = request_of(
      line_of("fluoxetine", {20}, {{RowsRule{{{15, days_of(1), {}}, {10, weeks_of(4), {}}}}}}),
      weeks_of(4));
  r.lines[0].goal = {GoalKind::lower_amount, mg(10), ""};
  const TaperAnswer answer = answer_to(r);
  const RuleFinding* f = finding(answer.findings, "step_shorter_than_5_half_lives");
  ASSERT_NE(f, nullptr);
  EXPECT_NE(f->text.find("A step of 1 day ends"), std::string::npos) << f->text;
}

}  // namespace
