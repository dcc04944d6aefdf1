// Whole plans: dates, doses, shares, milestones, dispensing, and the worked schedules of
// guidelines.
#include "ombre/plans/taper.hpp"
#include <algorithm>
#include <cmath>
#include <numeric>

#include "taper_builder.hpp"

namespace {

using namespace taper_test;  // NOLINT: tests

TaperRequest ashton(StepLength length = weeks_of(2)) {
  return request_of(line_of("diazepam", {10, 10, 20}, {{BandRule{{{20, 2}, {5, 1}, {0, 0.5}}}}}),
                    length);
}

// Ashton 2002: 35 steps; with the first dose kept for one step, 35 weeks at one week, 70 at two.
TEST(Taper, AshtonFrom40MilligramsTakesSeventyWeeksAtTwoWeeksAStep) {
  TaperRequest request = ashton();
  request.calendar.stay_first = weeks_of(2);
  const TaperPlan plan = plan_for(request);
  EXPECT_EQ(plan.now().steps.size(), 35U);  // the stay and 34 doses; the 35th step is zero
  EXPECT_EQ((*plan.now().ends - request.calendar.start).count(), 70 * 7);
  EXPECT_EQ(plan.now().steps.front().kind, StepKind::stay);
  EXPECT_TRUE(plan.now().after[0].is_zero());
  EXPECT_EQ(plan.now().status, PlanStatus::draft);

  request.calendar.stay_first = weeks_of(1);
  request.calendar.step_length = weeks_of(1);
  request.overrides = {{"bzd_25_percent_14_days", {"Dr. Example", Role::clinician}, "his pace"}};
  EXPECT_EQ((*plan_for(request).now().ends - request.calendar.start).count(), 35 * 7);
}

// At one week a step Ashton passes 25 % in 14 days once, from 7 to 5 mg: 28.6 %.
TEST(Taper, AshtonAtOneWeekAStepMeetsTheCeilingAtSevenMilligrams) {
  const TaperAnswer answer = answer_to(ashton(weeks_of(1)));
  ASSERT_TRUE(refuses(answer, "bzd_25_percent_14_days"));
  const RuleFinding* f = finding(answer.findings, "bzd_25_percent_14_days");
  EXPECT_NEAR(*f->measured, 100.0 * 2 / 7, 1e-9);
  EXPECT_EQ(*f->limit, 25);
  EXPECT_EQ(f->rule->source->id, "asam-bzd-2025");
  EXPECT_FALSE(refuses(answer_to(ashton(weeks_of(2))), "bzd_25_percent_14_days"));
}

TEST(Taper, EachStepSaysItsShareOfTheFirstAndOfThePresentDose) {
  const TaperPlan plan = plan_for(ashton());
  const TaperVersion& v = plan.now();
  EXPECT_EQ(*v.steps[0].doses[0].percent_of_original, 95);
  EXPECT_EQ(*v.steps[0].doses[0].cut_percent_of_current, 5);
  EXPECT_EQ(v.steps[9].doses[0].amount, mg(20));
  EXPECT_NEAR(*v.steps[9].doses[0].cut_percent_of_current, 9.1, 0.05);
}

TEST(Taper, StepsFollowEachOtherWithoutGapFromTheStart) {
  const TaperPlan plan = plan_for(ashton());
  const auto& steps = plan.now().steps;
  EXPECT_EQ(steps.front().first, day("2024-01-08"));
  for (std::size_t i = 1; i < steps.size(); ++i) {
    EXPECT_EQ(steps[i].first, steps[i - 1].last + Days{1});
    EXPECT_EQ(steps[i].id, steps[i - 1].id + 1);
  }
  EXPECT_EQ(*plan.now().ends, steps.back().last + Days{1});
}

TEST(Taper, IntakesKeepTheProportionsOfToday) {
  const TaperPlan plan = plan_for(ashton());
  const LineDose& first = plan.now().steps.front().doses[0];  // 38 mg as 10-10-20 of 40
  EXPECT_EQ(first.intakes, (std::vector<Amount>{mg(9.5), mg(9.5), mg(19)}));
}

TEST(Taper, TheMonthsOfAStepAreCalendarMonths) {
  TaperRequest r =
      request_of(line_of("morphine", {30}, {{PercentRule{10, Basis::original}}}), months_of(1));
  r.calendar.start = day("2024-01-31");
  r.facts.next_contact = day("2024-02-10");
  const TaperPlan plan = plan_for(r);
  EXPECT_EQ(plan.now().steps[1].first, day("2024-02-29"));
  EXPECT_EQ(plan.now().steps[2].first, day("2024-03-31"));
}

TEST(Taper, DaysToAvoidMoveTheBeginningOfAStep) {
  TaperRequest r = ashton();
  r.calendar.start = day("2024-01-12");  // a Friday, and every second Friday after it
  r.calendar.avoid = {Weekday::friday, Weekday::saturday, Weekday::sunday};
  const TaperPlan plan = plan_for(r);
  for (const TaperStep& step : plan.now().steps) EXPECT_EQ(step.first.weekday(), Weekday::monday);
  EXPECT_EQ(plan.now().steps[0].nominal, day("2024-01-12"));
}

TEST(Taper, MilestonesNameTheWayAndTheGoal) {
  const TaperPlan plan = plan_for(ashton());
  const TaperVersion& v = plan.now();
  std::vector<std::string> ids;
  for (const Milestone& m : v.milestones) ids.push_back(m.id);
  EXPECT_EQ(ids,
            (std::vector<std::string>{"first_step", "three_quarters", "half", "quarter", "goal"}));
  EXPECT_EQ(v.milestones[2].amount, mg(20));
  EXPECT_EQ(v.milestones.back().on, *v.ends);
}

TEST(Taper, AGoalAboveZeroIsAPlaceToStay) {
  TaperRequest r = request_of(
      line_of("methadone", {60}, {{BandRule{{{0, 5}}}}}, {.agonist_treatment = true}), weeks_of(2));
  r.lines[0].goal = {GoalKind::lower_amount, mg(40), "a dose I can work with"};
  const TaperPlan plan = plan_for(r);
  EXPECT_EQ(doses(plan.now()), (std::vector<double>{55, 50, 45, 40}));
  EXPECT_EQ(plan.now().steps.back().kind, StepKind::arrive);
  EXPECT_EQ(plan.now().steps.back().days().count(), 28);
  EXPECT_EQ(plan.now().after[0], mg(40));
  EXPECT_EQ(plan.now().milestones.back().id, "goal");
}

// UK: buprenorphine 16 mg, 2 mg every 2 weeks to 2 mg (14 weeks), then 0.4 mg steps (10 weeks).
TEST(Taper, BuprenorphineByUkStepsTakes24Weeks) {
  TaperRequest r =
      request_of(line_of("buprenorphine", {16}, {}, {.agonist_treatment = true}), weeks_of(2));
  r.lines[0].named_rule = "buprenorphine-uk";
  r.lines[0].products = {*Product::piece(Form::sublingual_tablet, mg(8)),
                         *Product::piece(Form::sublingual_tablet, mg(2)),
                         *Product::piece(Form::sublingual_tablet, mg(0.4))};
  r.calendar.stay_first = weeks_of(2);
  const TaperPlan plan = plan_for(r);
  EXPECT_EQ((*plan.now().ends - r.calendar.start).count(), 24 * 7);
  for (const TaperStep& step : plan.now().steps) EXPECT_EQ(step.doses[0].rounding.micro, 0);
}

// Labels: 21 mg x 6 weeks, 14 x 2, 7 x 2: 70 patches, 1176 mg in all.
TEST(Taper, NicotinePatchesAreCountedPerStrength) {
  TaperRequest r = request_of(line_of("nicotine", {21}, {}, {.prescribed = false}), weeks_of(2));
  r.lines[0].named_rule = "nicotine-us-more-than-10";
  for (const double strength : {21.0, 14.0, 7.0}) {
    r.lines[0].products.push_back(*Product::patch(mg(strength), 1));
  }
  r.calendar.prescription_days = 70;
  const TaperPlan plan = plan_for(r);
  EXPECT_EQ((*plan.now().ends - r.calendar.start).count(), 70);
  const auto supply = supply_of(plan, 0);
  ASSERT_TRUE(supply);
  ASSERT_EQ(supply->size(), 1U);
  const auto& lines = supply->front().lines;
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0].pieces, 42);
  EXPECT_EQ(lines[1].pieces, 14);
  EXPECT_EQ(lines[2].pieces, 14);
  const DayTable table = day_table(plan.now(), 0);
  EXPECT_EQ(std::accumulate(table.micro.begin(), table.micro.end(), std::int64_t{0}), 1176'000'000);
}

// VA example in shape: at the smallest strength first every 12 hours, then at night, then stop.
TEST(Taper, TheTerminalRuleKeepsTheLastIntakeAndIsExemptFromThePace) {
  Terminal t;
  t.down_to_once_a_day = true;
  TaperRequest r = request_of(
      line_of("morphine", {15, 15, 15}, {{PercentRule{10, Basis::current, t}}}), months_of(1));
  r.lines[0].products = {*Product::piece(Form::extended_release_tablet, mg(15))};
  const TaperAnswer answer = answer_to(r);
  ASSERT_TRUE(answer.plan) << describe(answer.findings.front());
  const auto& steps = answer.plan->now().steps;
  ASSERT_EQ(steps.size(), 2U);
  EXPECT_EQ(steps[0].doses[0].intakes, (std::vector<Amount>{mg(15), mg(0), mg(15)}));
  EXPECT_EQ(steps[1].doses[0].intakes, (std::vector<Amount>{mg(0), mg(0), mg(15)}));
  EXPECT_EQ(steps[1].kind, StepKind::stretch);
  EXPECT_EQ(finding(answer.findings, "opioid_30_percent_a_month"), nullptr);
}

// Citalopram with parameters of the caller: liquid makes the low doses of the test vector.
TEST(Taper, EqualStepsOfEffectWithALiquid) {
  TaperSubstance what = *taper_substance("citalopram", DoseUnit::mg);
  what.curve = *EffectCurve::from(0.92, 2.9);
  TaperLine line = line_of("citalopram", {20}, {{EffectRule{*what.curve, 8}}});
  line.what = what;
  line.products = {tablet(20), tablet(10), liquid(2, 0.1, 10)};
  const TaperPlan plan = plan_for(request_of(line, weeks_of(4)));
  const auto realised = doses(plan.now());
  ASSERT_EQ(realised.size(), 7U);
  const double expected[] = {9.398, 5.506, 3.486, 2.248, 1.412, 0.810, 0.355};
  for (std::size_t i = 0; i < 7; ++i) EXPECT_NEAR(realised[i], expected[i], 0.1001) << i;
  for (const TaperStep& step : plan.now().steps) {
    EXPECT_NEAR(*step.doses[0].effect_drop, 0.1004, 0.03);
    EXPECT_FALSE(step.doses[0].dispensed.empty());
  }
}

TEST(Taper, AlternativesAreNamedWhereTabletsCannotFollow) {
  TaperLine line = line_of("diazepam", {10}, {{PercentRule{10, Basis::original}}});
  line.products = {tablet(5)};
  line.candidates = {liquid(1, 0.1, 20)};
  TaperRequest r = request_of(line, weeks_of(4));
  const TaperAnswer answer = answer_to(r);
  const RuleFinding* f = finding(answer.findings, "step_not_dispensable");
  ASSERT_NE(f, nullptr);
  EXPECT_NE(f->text.find("1 mg/mL liquid"), std::string::npos) << f->text;
}

TEST(Taper, WeeklyGoalsFadeInWholeDrinks) {
  TaperRequest r = request_of({}, weeks_of(1));
  TaperLine& line = r.lines[0];
  line.what =
      *taper_substance("alcohol", DoseUnit::drinks, {.prescribed = false, .drink_country = "US"});
  line.per = Per::week;
  line.intakes = {{*Amount::parse("35", DoseUnit::drinks), "", std::nullopt}};
  line.goal = {GoalKind::safer_pattern, *Amount::parse("14", DoseUnit::drinks), "two at most"};
  line.rule = {{FadeRule{8, FadeRule::Shape::gentle, 1.0}}};
  r.by = {"A. B.", Role::person};
  const TaperPlan plan = plan_for(r);
  const auto weekly = doses(plan.now());
  // The seventh of eight is 14.8 by the fade, 14 in whole drinks: it has arrived.
  EXPECT_EQ(weekly.size(), 7U);
  EXPECT_EQ(weekly.back(), 14);
  EXPECT_EQ(plan.now().steps.back().kind, StepKind::arrive);
  for (const double d : weekly) EXPECT_EQ(d, std::floor(d));
  EXPECT_TRUE(std::is_sorted(weekly.rbegin(), weekly.rend()));
  const auto week = spread_over_week(*Amount::parse("26", DoseUnit::drinks),
                                     *Amount::parse("1", DoseUnit::drinks));
  ASSERT_TRUE(week);
  std::vector<double> spread;
  for (const Amount& a : *week) spread.push_back(a.value());
  EXPECT_EQ(spread, (std::vector<double>{4, 4, 4, 4, 4, 3, 3}));
}

TEST(Taper, OneDayOfThePlanIsFoundAndEveryDayHasARow) {
  const TaperPlan plan = plan_for(ashton());
  const DayTable table = day_table(plan.now(), 0);
  EXPECT_EQ(table.micro.size(),
            static_cast<std::size_t>((*plan.now().ends - plan.now().steps.front().first).count()));
  for (std::size_t i = 0; i < table.micro.size(); i += 13) {
    const auto found = on_day(plan.now(), 0, table.first + Days{static_cast<int>(i)});
    ASSERT_TRUE(found);
    EXPECT_EQ(found->step->doses[0].amount.micro(), table.micro[i]);
    EXPECT_EQ(found->step->id, table.step_id[i]);
  }
  EXPECT_FALSE(on_day(plan.now(), 0, day("2024-01-07")));
  EXPECT_FALSE(on_day(plan.now(), 0, *plan.now().ends));
  EXPECT_FALSE(on_day(plan.now(), 1, day("2024-01-08")));
}

TEST(Taper, WhatCannotBeUsedIsAnErrorWithItsPath) {
  const auto error = [](auto&& change) {
    TaperRequest r = ashton();
    change(r);
    const auto answer = make_taper(r);
    EXPECT_FALSE(answer);
    return answer ? std::string{} : answer.error().field;
  };
  EXPECT_EQ(error([](auto& r) { r.plan_id.clear(); }), "plan_id");
  EXPECT_EQ(error([](auto& r) { r.by.name.clear(); }), "by.name");
  EXPECT_EQ(error([](auto& r) { r.lines.clear(); }), "lines");
  EXPECT_EQ(error([](auto& r) { r.lines[0].intakes.clear(); }), "lines[0].today");
  EXPECT_EQ(error([](auto& r) { r.lines[0].rule.clear(); }), "lines[0].rule");
  EXPECT_EQ(error([](auto& r) { r.lines[0].named_rule = "ashton-1-week"; }), "lines[0].rule");
  EXPECT_EQ(error([](auto& r) {
              r.lines[0].rule.clear();
              r.lines[0].named_rule = "no-such-rule";
            }),
            "lines[0].rule");
  EXPECT_EQ(error([](auto& r) {
              r.lines[0].rule.clear();
              r.lines[0].named_rule = "cdc-2022-weekly";
            }),
            "lines[0].rule");
  EXPECT_EQ(error([](auto& r) {
              r.lines[0].goal = {GoalKind::lower_amount, {}, ""};
            }),
            "lines[0].goal.amount");
  EXPECT_EQ(error([](auto& r) {
              r.lines[0].goal = {GoalKind::lower_amount, mg(50), ""};
            }),
            "lines[0].goal.amount");
  EXPECT_EQ(error([](auto& r) {
              r.lines[0].goal = {GoalKind::lower_amount, mg(40), ""};
            }),
            "lines[0].goal");
  EXPECT_EQ(error([](auto& r) { r.guidelines = {"made-up"}; }), "guidelines");
  EXPECT_EQ(error([](auto& r) { r.calendar.step_length.count = 0; }), "calendar.step_length");
  EXPECT_EQ(error([](auto& r) { r.facts.sadq = 99; }), "facts.sadq");
  EXPECT_EQ(error([](auto& r) {
              r.lines[0].rule = {{PercentRule{0, Basis::original}}};
            }),
            "lines[0].rule[0].percent");
  EXPECT_EQ(error([](auto& r) { r.overrides = {{"misspelt", r.by, "why"}}; }), "overrides");
}

// Ashton's last steps cannot be made from halves of 2, 5 and 10 mg; what would do is named.
TEST(Taper, WhatWouldMakeAPlanFitIsNamedWithItsParts) {
  TaperLine line = line_of("diazepam", {40}, {});
  line.named_rule = "ashton-2-weeks";
  line.products = {tablet(10, Division::halves), tablet(5, Division::halves),
                   tablet(2, Division::halves)};
  line.candidates = {tablet(2, Division::quarters), liquid(0.4, 0.25)};
  const TaperAnswer answer = answer_to(request_of(line, weeks_of(2)));
  const RuleFinding* f = finding(answer.findings, "step_not_dispensable");
  ASSERT_NE(f, nullptr);
  EXPECT_NE(f->text.find("2 mg tablet in quarters or 0.4 mg/mL liquid it fits"), std::string::npos)
      << f->text;
}

}  // namespace
