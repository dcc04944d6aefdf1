// Worked schedules and numbers of guidelines as ideal curves. Where a comment says "uncertain", the
// source's wording was remembered and the test is one of arithmetic only.
#include "ombre/plans/taper_rule.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <cmath>
#include <random>

#include "ombre/plans/effect_curve.hpp"

namespace {

using namespace ombre;
using namespace ombre::plans;

std::vector<double> amounts(const std::vector<CurveStep>& curve) {
  std::vector<double> out;
  for (const CurveStep& step : curve) out.push_back(step.amount);
  return out;
}

std::vector<double> curve_of(std::vector<TaperPhase> phases, double start,
                             std::optional<double> goal = 0.0, int intakes = 1) {
  const auto curve = ideal_curve(phases, {start, start, goal, intakes}, {1, LengthUnit::weeks});
  EXPECT_TRUE(curve) << (curve ? "" : describe(curve.error()));
  return curve ? amounts(*curve) : std::vector<double>{};
}

Terminal smallest(double amount) {
  Terminal t;
  t.smallest = amount;
  return t;
}

void expect_begins(const std::vector<double>& curve, const std::vector<double>& expected,
                   double tolerance) {
  ASSERT_GE(curve.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(curve[i], expected[i], tolerance) << "step " << i;
  }
}

// CDC 2022 recommendation 5, worked A: 120 MME a day, weekly rule.
TEST(TaperRule, CdcTwoPhasesFrom120ReachThirtyPercentAndThenShrink) {
  const auto curve = curve_of({{TwoPhaseRule{10, 30, smallest(5)}}}, 120);
  expect_begins(curve, {108, 96, 84, 72, 60, 48, 36}, 1e-12);
  expect_begins({curve.begin() + 7, curve.end()}, {32.4, 29.16, 26.24, 23.62, 21.26, 19.13}, 0.005);
}

// Worked B: 60 MME.
TEST(TaperRule, CdcTwoPhasesFrom60) {
  expect_begins(curve_of({{TwoPhaseRule{10, 30, smallest(5)}}}, 60),
                {54, 48, 42, 36, 30, 24, 18, 16.2, 14.58, 13.12, 11.81, 10.63}, 0.005);
}

// Worked C: 90 MME, 10 % a month on either basis.
TEST(TaperRule, TenPercentAMonthDiffersByBasis) {
  expect_begins(curve_of({{PercentRule{10, Basis::current, smallest(1)}}}, 90),
                {81, 72.9, 65.61, 59.05, 53.14, 47.83, 43.05, 38.74, 34.87, 31.38, 28.24, 25.42},
                0.005);
  EXPECT_EQ(curve_of({{PercentRule{10, Basis::original}}}, 90),
            (std::vector<double>{81, 72, 63, 54, 45, 36, 27, 18, 9, 0}));
}

// Ashton 2002: 10 steps from 40 to 20, 15 to 5, 10 to 0.
TEST(TaperRule, AshtonFrom40TakesThirtyFiveSteps) {
  const auto curve = curve_of({{BandRule{{{20, 2}, {5, 1}, {0, 0.5}}}}}, 40);
  ASSERT_EQ(curve.size(), 35U);
  EXPECT_EQ(curve[9], 20);
  EXPECT_EQ(curve[24], 5);
  EXPECT_EQ(curve[33], 0.5);
  EXPECT_EQ(curve[34], 0);
  // Percent of current runs 5.0 to 9.1, 5.0 to 16.7, 10 to 100.
  double before = 40;
  std::vector<double> cuts;
  for (const double dose : curve) {
    cuts.push_back(100 * (before - dose) / before);
    before = dose;
  }
  EXPECT_NEAR(cuts[0], 5.0, 0.05);
  EXPECT_NEAR(cuts[9], 9.1, 0.05);
  EXPECT_NEAR(cuts[10], 5.0, 0.05);
  EXPECT_NEAR(cuts[24], 16.7, 0.05);
  EXPECT_NEAR(cuts[25], 10.0, 0.05);
  EXPECT_EQ(cuts[34], 100);
}

// Joint guideline 2025: 20 mg of diazepam to 0.5 mg or less.
TEST(TaperRule, StepsOfTheJointGuidelineAreCounted) {
  EXPECT_EQ(*steps_to_fraction(5, 0.5 / 20), 72);
  EXPECT_EQ(*steps_to_fraction(10, 0.5 / 20), 36);
  EXPECT_EQ(*steps_to_fraction(25, 0.5 / 20), 13);
  // The curve with 0.5 mg as its smallest dose takes the same steps to it, and one to zero.
  for (const auto& [percent, steps] : {std::pair{5.0, 72U}, {10.0, 36U}, {25.0, 13U}}) {
    const auto curve = curve_of({{PercentRule{percent, Basis::current, smallest(0.5)}}}, 20);
    ASSERT_EQ(curve.size(), steps + 1) << percent;
    EXPECT_EQ(curve[steps - 1], 0.5);
    EXPECT_EQ(curve[steps], 0);
  }
}

// Equivalences: 10 % takes 7 steps to half and 22 to a tenth; 5 % takes 14 and 45.
TEST(TaperRule, StepsToAFraction) {
  EXPECT_EQ(*steps_to_fraction(10, 0.5), 7);
  EXPECT_EQ(*steps_to_fraction(10, 0.1), 22);
  EXPECT_EQ(*steps_to_fraction(5, 0.5), 14);
  EXPECT_EQ(*steps_to_fraction(5, 0.1), 45);
  EXPECT_EQ(*steps_to_fraction(50, 0.25), 2);  // a whole number stays whole
  EXPECT_EQ(*steps_to_fraction(10, 1), 0);
  EXPECT_FALSE(steps_to_fraction(0, 0.5));
  EXPECT_FALSE(steps_to_fraction(100, 0.5));
  EXPECT_FALSE(steps_to_fraction(10, 0));
  EXPECT_NEAR(*dose_after_steps(90, 10, 12), 25.42, 0.005);  // worked C, month 12
}

TEST(TaperRule, PercentOfOriginalReachesZeroInWholeStepsAndARest) {
  EXPECT_EQ(curve_of({{PercentRule{10, Basis::original}}}, 40).size(), 10U);
  EXPECT_EQ(curve_of({{PercentRule{25, Basis::original}}}, 40).size(), 4U);
  // 15 %: six whole steps leave 10 %, which is a step of its own and a smaller one.
  const auto curve = curve_of({{PercentRule{15, Basis::original}}}, 100);
  ASSERT_EQ(curve.size(), 7U);
  EXPECT_NEAR(curve[5], 10, 1e-9);
  EXPECT_EQ(curve[6], 0);
}

// Hyperbolic test vector: Emax 0.92, ED50 2.9 mg, from 20 mg in 8 equal steps.
TEST(TaperRule, EqualStepsOfEffect) {
  const auto curve = curve_of({{EffectRule{*EffectCurve::from(0.92, 2.9), 8}}}, 20);
  ASSERT_EQ(curve.size(), 8U);
  expect_begins(curve, {9.398, 5.506, 3.486, 2.248, 1.412, 0.810, 0.355, 0}, 0.0005);
  // Each loses as much effect as the others, the last one included.
  const auto effects = EffectCurve::from(0.92, 2.9);
  double before = effects->effect(20);
  for (const double dose : curve) {
    EXPECT_NEAR(before - effects->effect(dose), 0.8035 / 8, 1e-4);
    before = effects->effect(dose);
  }
}

// UK: buprenorphine 16 to 2 by 2 mg is 7 steps, 2 to 0 by 0.4 mg is 5.
TEST(TaperRule, BuprenorphineByUkSteps) {
  const NamedRule* rule = find_named_rule("buprenorphine-uk");
  ASSERT_NE(rule, nullptr);
  const auto curve = curve_of(rule->phases, 16);
  ASSERT_EQ(curve.size(), 12U);
  expect_begins(curve, {14, 12, 10, 8, 6, 4, 2, 1.6, 1.2, 0.8, 0.4, 0}, 1e-9);
}

// UK: methadone 60 mg by 5 mg every one or two weeks: 12 to 24 weeks.
TEST(TaperRule, MethadoneFrom60TakesTwelveSteps) {
  EXPECT_EQ(curve_of(find_named_rule("methadone-uk-5-mg-1-week")->phases, 60).size(), 12U);
  EXPECT_EQ(find_named_rule("methadone-uk-5-mg-2-weeks")->step_length,
            (StepLength{2, LengthUnit::weeks}));
}

// US labels: 21 mg x 6 weeks, 14 x 2, 7 x 2 (10 weeks, 1176 mg); 14 x 6, 7 x 2 (8 weeks, 686 mg).
TEST(TaperRule, NicotinePatchTablesAddUpAsPrinted) {
  const auto total = [](std::string_view id, double start) {
    const NamedRule* rule = find_named_rule(id);
    const auto curve = ideal_curve(rule->phases, {start, start, 0.0, 1}, rule->step_length);
    EXPECT_TRUE(curve);
    std::pair<double, int> out{0, 0};
    for (const CurveStep& step : *curve) {
      if (step.amount == 0) continue;
      out.first += step.amount * step.length.shortest_days();
      out.second += step.length.shortest_days() / 7;
    }
    return out;
  };
  EXPECT_EQ(total("nicotine-us-more-than-10", 21), (std::pair{1176.0, 10}));
  EXPECT_EQ(total("nicotine-us-10-or-fewer", 14), (std::pair{686.0, 8}));
}

// Self-help leaflets, marked uncertain: 10 % every 4 days from 200 g; 22 steps, 88 days, to 19.7 g.
TEST(TaperRule, HomeReductionOfAlcoholArithmeticOnly) {
  expect_begins(curve_of({{PercentRule{10, Basis::current, smallest(20)}}}, 200),
                {180, 162, 145.8, 131.2, 118.1, 106.3, 95.7, 86.1, 77.5, 69.7}, 0.06);
  EXPECT_EQ(*steps_to_fraction(10, 20.0 / 200), 22);
  EXPECT_EQ(22 * find_named_rule("alcohol-home-10-per-4-days")->step_length.shortest_days(), 88);
  EXPECT_NEAR(*dose_after_steps(200, 10, 22), 19.7, 0.05);
  EXPECT_EQ(find_named_rule("alcohol-home-10-per-4-days")->confidence, Confidence::uncertain);
}

// VA example, shape known, lines uncertain: percent of current 16.7, 20, 25, 33.3, 50, 33.3, 50,
// 100.
TEST(TaperRule, VaExampleInPercentOfCurrentArithmeticOnly) {
  const auto curve = curve_of(find_named_rule("va-slower-example")->phases, 270);
  ASSERT_EQ(curve.size(), 8U);
  const std::vector<double> expected{16.7, 20, 25, 33.3, 50, 33.3, 50, 100};
  double before = 270;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(100 * (before - curve[i]) / before, expected[i], 0.05);
    before = curve[i];
  }
  // The slowest speed's first step is 5.6 % of 270.
  EXPECT_NEAR(100 * (270 - 255) / 270.0, 5.6, 0.05);
}

// Low-dose start of buprenorphine, outpatient table: sums a day 0.5, 1, 2, 4, 6, 12 mg.
TEST(TaperRule, LowDoseBuprenorphineStartRisesAsPrinted) {
  const NamedRule* rule = find_named_rule("buprenorphine-low-dose-start");
  const auto curve = ideal_curve(rule->phases, {0, 0, std::nullopt, 3}, rule->step_length);
  ASSERT_TRUE(curve) << describe(curve.error());
  const auto doses = amounts(*curve);
  expect_begins(doses, {0.5, 1, 2, 4, 6, 12}, 1e-12);
  EXPECT_EQ((*curve)[4].intakes, (std::vector<double>{2, 2, 2}));
  for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ((*curve)[i].kind, StepKind::rise);
}

// Bernese case 1, days as remembered (uncertain): sums a day.
TEST(TaperRule, BerneseCaseOneArithmeticOnly) {
  const NamedRule* rule = find_named_rule("buprenorphine-bernese-case-1");
  EXPECT_EQ(rule->confidence, Confidence::uncertain);
  const auto curve = ideal_curve(rule->phases, {0, 0, std::nullopt, 2}, rule->step_length);
  ASSERT_TRUE(curve) << describe(curve.error());
  expect_begins(amounts(*curve), {0.2, 0.2, 2.8, 4.5, 5, 6.5, 8, 8, 12}, 1e-12);
}

TEST(TaperRule, TheTerminalRuleLengthensTheIntervalBeforeItStops) {
  Terminal t = smallest(45);  // 15 mg three times a day
  t.down_to_once_a_day = true;
  std::vector<TaperPhase> phases{{PercentRule{10, Basis::current, t}}};
  const auto curve = ideal_curve(phases, {50, 50, 0.0, 3}, {1, LengthUnit::months});
  ASSERT_TRUE(curve);
  EXPECT_EQ(amounts(*curve), (std::vector<double>{45, 30, 15, 0}));
  EXPECT_EQ((*curve)[1].kind, StepKind::stretch);
  EXPECT_EQ((*curve)[1].intakes_a_day, 2);
  EXPECT_EQ((*curve)[2].intakes_a_day, 1);
  EXPECT_EQ((*curve)[3].kind, StepKind::arrive);

  t.every_n_days = {2, 3};
  phases = {{PercentRule{10, Basis::current, t}}};
  const auto longer = ideal_curve(phases, {50, 50, 0.0, 3}, {1, LengthUnit::months});
  ASSERT_TRUE(longer);
  EXPECT_EQ(amounts(*longer), (std::vector<double>{45, 30, 15, 15, 15, 0}));
  EXPECT_EQ((*longer)[4].every_n_days, 3);
}

TEST(TaperRule, AWarmTurkeyPhaseStaysAndThenGoesOn) {
  std::vector<TaperPhase> phases{{PercentRule{20, Basis::original}, "down", 60.0},
                                 {StayRule{{12, LengthUnit::weeks}, true}, "warm turkey"},
                                 {PercentRule{10, Basis::original}, "on"}};
  const auto curve = ideal_curve(phases, {100, 100, 30.0, 1}, {1, LengthUnit::weeks});
  ASSERT_TRUE(curve) << describe(curve.error());
  EXPECT_EQ(amounts(*curve), (std::vector<double>{80, 60, 60, 50, 40, 30}));
  EXPECT_EQ((*curve)[2].kind, StepKind::stay);
  EXPECT_EQ((*curve)[2].length, (StepLength{12, LengthUnit::weeks}));
  EXPECT_EQ((*curve)[5].kind, StepKind::arrive);
}

TEST(TaperRule, AnUndecidedGoalEndsWhereThePhasesEnd) {
  std::vector<TaperPhase> phases{{PercentRule{10, Basis::original}, "", 70.0},
                                 {StayRule{{8, LengthUnit::weeks}, true}}};
  const auto curve = ideal_curve(phases, {100, 100, std::nullopt, 1}, {1, LengthUnit::weeks});
  ASSERT_TRUE(curve);
  EXPECT_EQ(amounts(*curve), (std::vector<double>{90, 80, 70, 70, 70}));
  EXPECT_EQ(curve->back().kind, StepKind::arrive);
}

TEST(TaperRule, TheGentleFadeTakesSmallStepsAtBothEnds) {
  std::vector<TaperPhase> phases{{FadeRule{8, FadeRule::Shape::gentle, std::nullopt}}};
  const auto curve = curve_of(phases, 35, 14.0);
  ASSERT_EQ(curve.size(), 8U);
  // (1 - cos(pi t)) / 2 is 1/2 at the middle: half way from 35 to 14.
  EXPECT_NEAR(curve[3], 24.5, 1e-12);
  EXPECT_EQ(curve[7], 14);
  EXPECT_LT(35 - curve[0], curve[3] - curve[4]);
  EXPECT_LT(curve[6] - curve[7], curve[3] - curve[4]);
  // In whole drinks no goal lies above the fade.
  const auto whole = curve_of({{FadeRule{8, FadeRule::Shape::gentle, 1.0}}}, 35, 14.0);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    EXPECT_EQ(whole[i], std::floor(curve[i] + 1e-9)) << i;
  }
}

// By hand, 35 - 7 (1 - cos(pi k / 5)) / 2: 34.3, 32.6, 30.4, 28.7, 28. In whole drinks the fourth
// is 28, the goal: a fifth step at 28 would tell of an arrival a week late.
TEST(TaperRule, AFadeThatRoundingBringsToItsGoalArrivesThereAndSaysSo) {
  const TaperPhase fade{FadeRule{5, FadeRule::Shape::gentle, 1.0}};
  EXPECT_EQ(curve_of({fade}, 35, 28.0), (std::vector<double>{34, 32, 30, 28}));
  CurveEnds ends;
  ends.original = 35;
  ends.now = 35;
  ends.goal = 28;
  const TaperPhase phases[] = {fade};
  const auto curve = ideal_curve(phases, ends, {1, LengthUnit::weeks});
  ASSERT_TRUE(curve);
  EXPECT_EQ(curve->back().kind, StepKind::arrive);
  EXPECT_EQ((*curve)[2].kind, StepKind::reduce);
  // The last step of the fade alone is the arrival where rounding does not bring it forward.
  EXPECT_EQ(curve_of({{FadeRule{4, FadeRule::Shape::even, 1.0}}}, 35, 28.0),
            (std::vector<double>{33, 31, 29, 28}));
}

TEST(TaperRule, ALowerGoalEndsTheCurveThere) {
  EXPECT_EQ(curve_of({{BandRule{{{0, 5}}}}}, 60, 40.0), (std::vector<double>{55, 50, 45, 40}));
  const auto effect = curve_of({{EffectRule{*EffectCurve::from(0.92, 2.9), 3}}}, 20, 5.0);
  EXPECT_EQ(effect.size(), 3U);
  EXPECT_EQ(effect.back(), 5);
}

TEST(TaperRule, BandsEndOnTheirBorder) {
  // From 21 mg the 2 mg band ends at 20: the step is 1 mg, not 2.
  EXPECT_EQ(curve_of({{BandRule{{{20, 2}, {0, 10}}}}}, 21), (std::vector<double>{20, 10, 0}));
}

TEST(TaperRule, WhatCannotBeUsedIsRefusedWithItsPath) {
  const auto error = [](std::vector<TaperPhase> phases, CurveEnds ends = {100, 100, 0.0, 1}) {
    const auto curve = ideal_curve(phases, ends, {1, LengthUnit::weeks});
    EXPECT_FALSE(curve);
    return curve ? std::string{} : describe(curve.error());
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_NE(error({{PercentRule{10, Basis::current}}}).find("rule[0].terminal"), std::string::npos);
  EXPECT_NE(error({{TwoPhaseRule{10, 30}}}).find("never reaches zero"), std::string::npos);
  EXPECT_NE(error({{PercentRule{0, Basis::original}}}).find("rule[0].percent"), std::string::npos);
  EXPECT_NE(error({{PercentRule{nan, Basis::original}}}).find("percent"), std::string::npos);
  EXPECT_NE(error({{PercentRule{101, Basis::original}}}).find("percent"), std::string::npos);
  EXPECT_NE(error({{BandRule{{}}}}).find("bands"), std::string::npos);
  EXPECT_NE(error({{BandRule{{{5, 1}, {10, 1}}}}}).find("bands.above"), std::string::npos);
  EXPECT_NE(error({{BandRule{{{5, 1}}}}}).find("last band"), std::string::npos);
  EXPECT_NE(error({{RowsRule{{{50}, {60}}}}}).find("goes up"), std::string::npos);
  EXPECT_NE(error({{RowsRule{{{-1}}}}}).find("rows.amount"), std::string::npos);
  EXPECT_NE(error({{RowsRule{{{50, {}, {20, 20}}}}}}).find("add up"), std::string::npos);
  EXPECT_NE(error({{StayRule{{0, LengthUnit::weeks}}}}).find("length"), std::string::npos);
  EXPECT_NE(error({{FadeRule{0, FadeRule::Shape::even, {}}}}).find("steps"), std::string::npos);
  EXPECT_NE(error({{FadeRule{4, FadeRule::Shape::percent, {}}}}).find("never reaches"),
            std::string::npos);
  EXPECT_NE(error({}).find("rule"), std::string::npos);
  EXPECT_NE(error({{PercentRule{10, Basis::original}, "", 50.0}}).find("above the goal"),
            std::string::npos);
  EXPECT_NE(error({{PercentRule{0.001, Basis::original}}}).find("5000 steps"), std::string::npos);
  EXPECT_NE(error({{PercentRule{10, Basis::original}}}, {nan, 100, 0.0, 1}).find("original"),
            std::string::npos);
  EXPECT_NE(error({{PercentRule{10, Basis::original}}}, {100, -1, 0.0, 1}).find("now"),
            std::string::npos);
}

TEST(TaperRule, EveryNamedRuleHasASourceAndAUniqueName) {
  std::set<std::string_view> ids;
  for (const NamedRule& rule : named_rules()) {
    EXPECT_TRUE(ids.insert(rule.id).second) << rule.id;
    EXPECT_NE(rule.source, nullptr) << rule.id;
    EXPECT_FALSE(rule.title.empty()) << rule.id;
    EXPECT_FALSE(rule.phases.empty()) << rule.id;
    EXPECT_EQ(find_named_rule(rule.id), &rule);
  }
  EXPECT_EQ(find_named_rule("no such rule"), nullptr);
}

TEST(TaperRule, RandomRulesNeverGoBelowTheGoalOrUp) {
  std::mt19937_64 random{7};
  const auto uniform = [&random](double low, double high) {
    return std::uniform_real_distribution<double>{low, high}(random);
  };
  for (int seed = 0; seed < 500; ++seed) {
    SCOPED_TRACE(seed);
    const double start = uniform(1, 500);
    const double goal = seed % 3 == 0 ? 0 : uniform(0, start);
    std::vector<TaperPhase> phases;
    switch (seed % 5) {
      case 0:
        phases = {{PercentRule{uniform(1, 60), Basis::original}}};
        break;
      case 1:
        phases = {{PercentRule{uniform(1, 60), Basis::current, smallest(uniform(0.1, start))}}};
        break;
      case 2:
        phases = {{BandRule{{{start / 2, uniform(1, 20)}, {0, uniform(0.5, 5)}}}}};
        break;
      case 3:
        phases = {{TwoPhaseRule{uniform(1, 40), uniform(5, 90), smallest(uniform(0.1, 9))}}};
        break;
      default:
        phases = {{FadeRule{1 + seed % 20, FadeRule::Shape::gentle, std::min(0.5, start - goal)}}};
        break;
    }
    const auto curve =
        ideal_curve(phases, {start, start, goal, 1 + seed % 4}, {1, LengthUnit::weeks});
    ASSERT_TRUE(curve) << describe(curve.error());
    double before = start;
    for (const CurveStep& step : *curve) {
      EXPECT_LE(step.amount, before * (1 + 1e-12));
      EXPECT_GE(step.amount, goal);
      before = step.amount;
    }
    EXPECT_EQ(curve->back().amount, goal);
    EXPECT_EQ(curve->back().kind, StepKind::arrive);
  }
}

}  // namespace
