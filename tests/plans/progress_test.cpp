#include "ombre/plans/progress.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "goal_builder.hpp"
#include "ombre/core/random.hpp"

namespace ombre::plans {
namespace {

using testing::about;
using testing::day;
using testing::life;

AxisMeasure measure(ChangeAxis axis, std::optional<double> before, std::optional<double> after) {
  AxisMeasure m;
  m.axis = axis;
  m.before = before;
  m.after = after;
  return m;
}

// The first sentence of what this library is for.
TEST(ChangeVectors, FiveDrinksToFourIsSuccess) {
  const std::vector<AxisMeasure> one{measure(ChangeAxis::amount, 5, 4)};
  const auto change = compare(one);
  ASSERT_TRUE(change);
  EXPECT_TRUE(any_positive(*change));
  EXPECT_FALSE(any_worse(*change));
  EXPECT_EQ(describe(*change)[0], "Better: amount on a day of use, from 5 to 4.");
}

TEST(ChangeVectors, OneImprovementIsSuccessAndWhatGotWorseIsSaidBesideIt) {
  const std::vector<AxisMeasure> many{
      measure(ChangeAxis::amount, 5, 8), measure(ChangeAxis::harms, 3, 1),
      measure(ChangeAxis::peak, 10, 10.1), measure(ChangeAxis::mixing, std::nullopt, 2)};
  const auto change = compare(many);
  ASSERT_TRUE(change);
  EXPECT_TRUE(any_positive(*change));
  EXPECT_TRUE(any_worse(*change));
  const auto says = describe(*change);
  ASSERT_EQ(says.size(), 4U);
  EXPECT_TRUE(says[0].starts_with("Better: harms"));
  EXPECT_TRUE(says[1].starts_with("Harder now: amount"));
  EXPECT_TRUE(says[2].starts_with("About the same: largest day"));
  EXPECT_TRUE(says[3].starts_with("Not known: "));
}

TEST(ChangeVectors, AnAxisImprovesFromItsMarginOnAndNotBefore) {
  const auto direction = [](AxisMeasure m) {
    const auto change = compare(std::vector<AxisMeasure>{std::move(m)});
    EXPECT_TRUE(change);
    return change->axes[0].direction;
  };
  EXPECT_EQ(direction(measure(ChangeAxis::frequency, 12, 11)), Direction::improved);
  EXPECT_EQ(direction(measure(ChangeAxis::frequency, 12, 11.5)), Direction::same);
  EXPECT_EQ(direction(measure(ChangeAxis::frequency, 12, 13)), Direction::worse);
  EXPECT_EQ(direction(measure(ChangeAxis::self_efficacy, 4, 5)), Direction::improved);
  EXPECT_EQ(direction(measure(ChangeAxis::amount, 0, 0)), Direction::same);
  EXPECT_EQ(direction(measure(ChangeAxis::amount, 20, 19)), Direction::improved);  // 5 %
  AxisMeasure score = measure(ChangeAxis::life, 22, 12);
  score.margin = *reliable_margin(6.2, 0.90);  // 5.43
  score.higher_is_better = false;
  EXPECT_EQ(direction(score), Direction::improved);
  score.after = 18;
  EXPECT_EQ(direction(score), Direction::same);
}

TEST(ChangeVectors, AScoreWithoutAMarginIsAskedForOne) {
  const auto change = compare(std::vector<AxisMeasure>{measure(ChangeAxis::life, 1, 2)});
  ASSERT_FALSE(change);
  EXPECT_EQ(change.error().field, "measures[0].margin");
  const auto bad = compare(std::vector<AxisMeasure>{measure(ChangeAxis::harms, 1, std::nan(""))});
  EXPECT_EQ(bad.error().field, "measures[0].after");
}

TEST(ChangeVectors, TurningTimeRoundTurnsBetterIntoHarderOverSeeds) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    RandomStream random{Seed{seed}, 0};
    std::vector<AxisMeasure> there;
    std::vector<AxisMeasure> back;
    for (const AxisInfo& info : axis_infos()) {
      AxisMeasure m = measure(info.axis, random.uniform() * 20, random.uniform() * 20);
      m.margin = Margin{random.uniform() * 5, MarginKind::own};
      there.push_back(m);
      std::swap(m.before, m.after);
      back.push_back(m);
    }
    const auto a = compare(there);
    const auto b = compare(back);
    ASSERT_TRUE(a && b);
    EXPECT_EQ(a->count(Direction::improved), b->count(Direction::worse));
    EXPECT_EQ(a->count(Direction::worse), b->count(Direction::improved));
    EXPECT_EQ(any_positive(*a), a->count(Direction::improved) > 0);
    EXPECT_EQ(describe(*a).size(), there.size()) << "nothing is left out";
  }
}

// Kiresuk & Sherman's formula worked by hand for five sets of goals.
TEST(GoalAttainmentScaling, HandWorkedScores) {
  using Goals = std::vector<AttainedGoal>;
  EXPECT_NEAR(*goal_attainment_t(Goals{{1, 1}}), 60.0, 1e-12);
  EXPECT_NEAR(*goal_attainment_t(Goals{{1, 1}, {1, 1}, {1, 1}}), 63.69, 0.005);
  EXPECT_NEAR(*goal_attainment_t(Goals{{1, -1}, {1, -1}, {1, -1}}), 36.31, 0.005);
  EXPECT_NEAR(*goal_attainment_t(Goals{{3, 1}, {2, 0}, {1, -1}}), 54.41, 0.005);
  EXPECT_NEAR(*goal_attainment_t(Goals{{2, 2}, {2, 1}, {1, 0}}), 66.15, 0.005);
  EXPECT_NEAR(*goal_attainment_t(Goals(5, {1, -2})), 19.85, 0.005);
  EXPECT_NEAR(*goal_attainment_t(Goals(5, {1, 2})), 80.15, 0.005);
}

TEST(GoalAttainmentScaling, WhatIsExpectedIsFiftyAndWeightsOnlyCountAsShares) {
  RandomStream random{Seed{1}, 0};
  for (int i = 0; i < 100; ++i) {
    std::vector<AttainedGoal> goals;
    for (std::uint64_t k = 0; k <= random.below(6); ++k) {
      goals.push_back({0.1 + random.uniform(), static_cast<int>(random.below(5)) - 2});
    }
    auto scaled = goals;
    for (auto& g : scaled) g.weight *= 3;
    EXPECT_NEAR(*goal_attainment_t(goals), *goal_attainment_t(scaled), 1e-9);
    for (auto& g : goals) g.level = 0;
    EXPECT_DOUBLE_EQ(*goal_attainment_t(goals), 50);
  }
}

TEST(GoalAttainmentScaling, RefusesLevelsAndWeightsThatDoNotExist) {
  EXPECT_EQ(goal_attainment_t({}).error().code, Errc::empty_input);
  EXPECT_EQ(goal_attainment_t(std::vector<AttainedGoal>{{1, 3}}).error().field, "level");
  EXPECT_EQ(goal_attainment_t(std::vector<AttainedGoal>{{0, 1}}).error().field, "weight");
  EXPECT_EQ(goal_attainment_t(std::vector<AttainedGoal>{{1, 1}}, 2).error().field, "rho");
}

TEST(GoalAttainmentScaling, APlansScoreTakesEachGoalsLastScoreUpToTheDay) {
  Goal a = life("a");
  a.scale = AttainmentScale{};
  a.scale->scores = {{day("2026-01-01"), -1}, {day("2026-02-01"), 1}, {day("2026-03-01"), 2}};
  Goal b = life("b");
  b.scale = AttainmentScale{};
  const auto t = goal_attainment(std::vector<Goal>{a, b, life("c")}, day("2026-02-15"));
  ASSERT_TRUE(t);
  EXPECT_NEAR(*t->t, 60, 1e-12);
  EXPECT_NEAR(*t->baseline_t, 40, 1e-12);
  EXPECT_EQ(t->not_scored, (std::vector<std::string>{"b"}));
}

TEST(ClinicalChange, HasTheFourClassesOfItsSource) {
  // Cut-off c of the hand-worked example, 6.94; sd 6, reliability .9: reliable from 5.26 on.
  const double c = 59.0 / 8.5;
  EXPECT_EQ(clinical_change(14, 5, 6, 0.9, c, false)->cls, ClinicalClass::recovered);
  EXPECT_EQ(clinical_change(20, 12, 6, 0.9, c, false)->cls, ClinicalClass::improved);
  EXPECT_EQ(clinical_change(8, 6, 6, 0.9, c, false)->cls, ClinicalClass::unchanged);
  EXPECT_EQ(clinical_change(8, 16, 6, 0.9, c, false)->cls, ClinicalClass::deteriorated);
  EXPECT_TRUE(clinical_change(8, 6, 6, 0.9, c, false)->crossed);
}

TEST(RatingTrends, NeedThreeRatingsForASlope) {
  const std::vector<Rating> two{{day("2026-01-01"), 3}, {day("2026-01-31"), 5}};
  EXPECT_FALSE(rating_trend(two)->per_30_days);
  EXPECT_EQ(*rating_trend(two)->last, 5);
  const std::vector<Rating> three{
      {day("2026-01-01"), 3}, {day("2026-01-31"), 5}, {day("2026-03-02"), 7}};
  EXPECT_NEAR(*rating_trend(three)->per_30_days, 2, 1e-12);
  EXPECT_NEAR(*rating_trend(three)->tau, 1, 1e-12);
  EXPECT_EQ(rating_trend({})->n, 0U);
}

TEST(PlannedAgainstAchieved, APlanFallingFasterThanUseIsTooSteep) {
  Goal g = about("less", GoalAim::reduce, "alcohol");
  std::vector<WeekTotal> weeks;
  for (int w = 0; w < 8; ++w) {
    const Date first = day("2026-01-05") + Days{7 * w};
    g.weekly.push_back({"alcohol", first, 30.0 - 3 * w, "drink_us"});
    weeks.push_back({first, 29.0 - 1 * w});
  }
  const auto steep = planned_against_achieved(g, "alcohol", weeks);
  ASSERT_TRUE(steep);
  EXPECT_NEAR(*steep->planned_a_week, -3, 1e-9);
  EXPECT_NEAR(*steep->achieved_a_week, -1, 1e-9);
  EXPECT_EQ(steep->within, 1U);  // only the first week: 29 of 30; 28 of 27 is over
  EXPECT_TRUE(steep->too_steep);

  for (auto& week : weeks) week.total = *week.total - 20;
  EXPECT_FALSE(planned_against_achieved(g, "alcohol", weeks)->too_steep) << "within every week";
  EXPECT_EQ(planned_against_achieved(g, "cannabis", weeks)->weeks, 0U);
}

TEST(Harms, FewerAtTheSameUseIsSeen) {
  EXPECT_DOUBLE_EQ(*consequences_per_use_day(6, 12), 0.5);
  EXPECT_DOUBLE_EQ(*consequences_per_use_day(3, 12), 0.25);
  EXPECT_FALSE(consequences_per_use_day(0, 0));
}

TEST(UseAndLifeTogether, TheSignIsReportedAndNoCauseIsNamed) {
  std::vector<std::optional<double>> use;
  std::vector<std::optional<double>> work;
  RandomStream random{Seed{4}, 0};
  for (int i = 0; i < 60; ++i) {
    use.emplace_back(random.uniform());
    work.emplace_back(-*use.back() + 0.1 * random.uniform());
  }
  const auto r = correlate(use, work, 0, "days at work");
  ASSERT_TRUE(r);
  EXPECT_LT(*r->correlation.rho, -0.8);
  EXPECT_NE(r->says.find("opposite directions"), std::string::npos) << r->says;
  for (const char* causal : {"because", "caus", "leads", "effect", "due to"}) {
    EXPECT_EQ(r->says.find(causal), std::string::npos) << r->says;
  }
  const auto none =
      correlate(std::vector<std::optional<double>>(5), work = {1, 2, 3, 4, 5}, 0, "work");
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->correlation.rho);
}

TEST(RelapsePriors, CarryTheirSourceAndAreNoForecast) {
  EXPECT_EQ(relapse_prior().value.low, 0.4);
  EXPECT_EQ(relapse_prior().value.high, 0.6);
  EXPECT_NE(relapse_prior().note.find("never a person's forecast"), std::string_view::npos);
  EXPECT_NE(median_recovery_attempts().source, nullptr);
}

}  // namespace
}  // namespace ombre::plans
