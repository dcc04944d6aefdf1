#include "ombre/plans/levels.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "ombre/core/random.hpp"

namespace plans = ombre::plans;
using ombre::Errc;
using plans::ActiveSpecies;
using plans::HalfLife;
using plans::LevelModel;
using plans::TimedDose;
using plans::TimedInput;

namespace {

std::vector<double> at(const LevelModel& model, const std::vector<TimedDose>& doses,
                       const std::vector<double>& hours,
                       const std::vector<TimedInput>& inputs = {}) {
  const auto got = plans::levels(model, doses, inputs, hours);
  EXPECT_TRUE(got) << describe(got.error());
  return got ? *got : std::vector<double>{};
}

}  // namespace

TEST(Levels, OneDoseHalvesEveryHalfLife) {
  const auto got = at({.half_life_hours = 10}, {{0, 8}}, {-1, 0, 10, 20, 30});
  const std::vector<double> by_hand{0, 8, 4, 2, 1};
  for (std::size_t i = 0; i < by_hand.size(); ++i) EXPECT_NEAR(got[i], by_hand[i], 1e-12);
}

TEST(Levels, DosingOncePerHalfLifeDoublesAtSteadyState) {
  // Trough before and peak after dose n: D (1 - 2^-n) and D (2 - 2^-n) + ..., limit D and 2 D.
  std::vector<TimedDose> doses;
  for (int n = 0; n < 40; ++n) doses.push_back({24.0 * n, 10});
  const auto got = at({.half_life_hours = 24}, doses, {0, 24, 48, 24.0 * 39, 24.0 * 40});
  EXPECT_NEAR(got[0], 10, 1e-12);
  EXPECT_NEAR(got[1], 15, 1e-12);
  EXPECT_NEAR(got[2], 17.5, 1e-12);
  EXPECT_NEAR(got[3], 20, 1e-9);
  EXPECT_NEAR(got[4], 10, 1e-9);
  EXPECT_NEAR(*plans::accumulation_ratio(24, 24), 2, 1e-12);
}

TEST(Levels, AbsorptionFollowsTheBatemanCurve) {
  // ka = 1/h, k = 0.1/h, dose 1: C(t) = 1/0.9 (e^-0.1t - e^-t), peak at ln(10)/0.9 = 2.558 h.
  const double ln2 = std::log(2.0);
  const LevelModel model{.half_life_hours = ln2 / 0.1, .absorption_half_life_hours = ln2};
  const double peak = std::log(10.0) / 0.9;
  const auto got = at(model, {{0, 1}}, {0, 1, peak, 20});
  EXPECT_NEAR(got[0], 0, 1e-15);
  EXPECT_NEAR(got[1], (std::exp(-0.1) - std::exp(-1.0)) / 0.9, 1e-14);
  EXPECT_NEAR(got[2], std::pow(10.0, -1.0 / 9), 1e-14);  // e^(-k tmax), the textbook identity
  EXPECT_NEAR(got[3], (std::exp(-2.0) - std::exp(-20.0)) / 0.9, 1e-14);
}

TEST(Levels, EqualRatesOfAbsorptionAndEliminationAreTheirLimit) {
  const LevelModel same{.half_life_hours = 5, .absorption_half_life_hours = 5};
  const LevelModel near{.half_life_hours = 5, .absorption_half_life_hours = 5.0000001};
  const double k = std::log(2.0) / 5;
  for (const double hour : {0.1, 1.0, 5.0, 50.0}) {
    EXPECT_NEAR(at(same, {{0, 1}}, {hour})[0], k * hour * std::exp(-k * hour), 1e-15);
    EXPECT_NEAR(at(near, {{0, 1}}, {hour})[0], at(same, {{0, 1}}, {hour})[0], 1e-8);
  }
}

TEST(Levels, APatchRisesToRateOverEliminationAndFallsAfterRemoval) {
  const double k = std::log(2.0) / 20;
  const auto got = at({.half_life_hours = 20}, {}, {20, 40, 2'000, 2'020}, {{0, 2'000, 25}});
  EXPECT_NEAR(got[0], 25 / k / 2, 1e-9);
  EXPECT_NEAR(got[1], 25 / k * 0.75, 1e-9);
  EXPECT_NEAR(got[2], 25 / k, 1e-9);
  EXPECT_NEAR(got[3], 25 / k / 2, 1e-9);
}

TEST(Levels, EqualTheSumOfTheSingleDoses) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE(seed);
    ombre::RandomStream random{ombre::Seed{seed}, 3};
    LevelModel model{.half_life_hours = 1 + 60 * random.uniform()};
    if (random.below(2) == 0) model.absorption_half_life_hours = 0.2 + 70 * random.uniform();
    std::vector<TimedDose> doses;
    for (int i = 0; i < 30; ++i) {
      doses.push_back({std::floor(300 * random.uniform()), 10 * random.uniform()});
    }
    std::vector<double> hours;
    for (int h = 0; h < 400; h += 7) hours.push_back(h);
    const auto together = at(model, doses, hours);
    // Superposition from the definition: each dose by its own closed form.
    const double k = std::log(2.0) / model.half_life_hours;
    for (std::size_t i = 0; i < hours.size(); ++i) {
      double sum = 0;
      for (const TimedDose& dose : doses) {
        const double t = hours[i] - dose.hour;
        if (t < 0) continue;
        if (model.absorption_half_life_hours) {
          const double ka = std::log(2.0) / *model.absorption_half_life_hours;
          sum += dose.amount * ka / (ka - k) * (std::exp(-k * t) - std::exp(-ka * t));
        } else {
          sum += dose.amount * std::exp(-k * t);
        }
      }
      EXPECT_NEAR(together[i], sum, 1e-9 * (1 + sum));
    }
    auto shuffled = doses;
    std::ranges::reverse(shuffled);
    EXPECT_EQ(at(model, shuffled, hours), together);  // to the last bit
  }
}

TEST(Levels, StartingAtSteadyStateStaysThere) {
  const double mean = *plans::steady_state_mean(48, 20, 24);
  EXPECT_NEAR(mean, 20 * 48 / (24 * std::log(2.0)), 1e-12);
  const auto got = at({.half_life_hours = 48, .initial_amount = mean}, {}, {0, 100, 1'000},
                      {{0, 2'000, 20.0 / 24}});
  for (const double level : got) EXPECT_NEAR(level, mean, 1e-9);
}

TEST(Settling, FiveHalfLivesSettleThirtyOneThirtySeconds) {
  EXPECT_NEAR(plans::settled_share(10, 50), 31.0 / 32, 1e-15);  // "about 97 %"
  EXPECT_EQ(plans::settled_share(10, 0), 0);
  EXPECT_EQ(plans::settled_share(10, -5), 0);
  EXPECT_NEAR(*plans::hours_to_settle(10, 0.5), 10, 1e-12);
  EXPECT_NEAR(*plans::hours_to_settle(10, 31.0 / 32), 50, 1e-10);
  EXPECT_EQ(plans::hours_to_settle(10, 1).error().code, Errc::out_of_range);
  EXPECT_EQ(plans::hours_to_settle(0, 0.5).error().code, Errc::out_of_range);
}

TEST(Settling, LagSumsWhatEarlierStepsHaveLeft) {
  // Half-life 7 days: a step of a week follows half. From 4: 3 -> level 3.5; 2 -> level 2.75.
  const std::vector<plans::LevelStep> steps{{3, 7}, {2, 7}, {2, 7}};
  const auto got = plans::settling(7 * 24, 4, steps);
  ASSERT_TRUE(got);
  EXPECT_NEAR((*got)[0].share_of_step, 0.5, 1e-12);
  EXPECT_NEAR((*got)[0].lag, 0.5 / 4, 1e-12);
  EXPECT_NEAR((*got)[1].lag, 0.75 / 4, 1e-12);
  EXPECT_NEAR((*got)[2].lag, 0.375 / 4, 1e-12);
  EXPECT_EQ(plans::settling(24, 0, steps).error().code, Errc::out_of_range);
  EXPECT_EQ(plans::settling(24, 4, {}).error().code, Errc::empty_input);
}

TEST(Settling, TheLongestActiveSpeciesDecidesWhenAStepIsJudged) {
  // Ashton's table: diazepam 20-100 h, nordazepam 36-200 h.
  const std::vector<ActiveSpecies> diazepam{{"diazepam", *HalfLife::from_hours(20, 100)},
                                            {"nordazepam", *HalfLife::from_hours(36, 200)}};
  EXPECT_EQ(plans::longest_active(diazepam), 1U);
  EXPECT_FALSE(plans::longest_active({}));
  EXPECT_EQ(plans::days_before_judging(diazepam[1].half_life), 14);  // 5 x 118 h is 24.6 days
  // Alprazolam 6-12 h: 5 x 9 / 24 = 1.875 days.
  const ActiveSpecies alprazolam{"alprazolam", *HalfLife::from_hours(6, 12)};
  EXPECT_NEAR(plans::days_before_judging(alprazolam.half_life), 1.875, 1e-12);

  const std::vector<std::int32_t> days{7, 14, 13};
  ombre::Findings findings;
  EXPECT_EQ(plans::warn_unsettled_steps(days, diazepam, findings), 2U);
  EXPECT_EQ(findings.count("step_not_settled"), 2U);
  ASSERT_EQ(findings.stored().size(), 2U);
  EXPECT_EQ(*findings.stored()[1].row, 2U);
  EXPECT_EQ(findings.stored()[0].text,
            "after 7 days nordazepam has settled to about 63 %: judge the step after 14 days, or "
            "expect more of its effect to come");  // 1 - 2^(-168/118) = 0.627
  EXPECT_EQ(plans::warn_unsettled_steps(days, {&alprazolam, 1}, findings), 0U);
  EXPECT_EQ(plans::warn_unsettled_steps(days, {}, findings), 0U);
}

TEST(Levels, BadInputIsNamed) {
  const double nan_value = std::numeric_limits<double>::quiet_NaN();
  const std::vector<TimedDose> none;
  const std::vector<double> hours{0, 1};
  const std::vector<double> backwards{1, 0};
  EXPECT_EQ(plans::levels({}, none, {}, hours).error().code, Errc::out_of_range);
  const LevelModel model{.half_life_hours = 5};
  EXPECT_EQ(plans::levels(model, none, {}, backwards).error().code, Errc::malformed);
  const std::vector<TimedDose> negative{{0, -1}};
  EXPECT_EQ(plans::levels(model, negative, {}, hours).error().field, "doses.amount");
  const std::vector<TimedDose> unknown{{nan_value, 1}};
  EXPECT_EQ(plans::levels(model, unknown, {}, hours).error().code, Errc::not_finite);
  const std::vector<TimedInput> turned{{5, 1, 2}};
  EXPECT_EQ(plans::levels(model, none, turned, hours).error().field, "inputs.to_hour");
  EXPECT_EQ(HalfLife::from_hours(5, 4).error().code, Errc::contradiction);
  EXPECT_EQ(HalfLife::from_hours(0, 4).error().code, Errc::out_of_range);
  EXPECT_EQ(HalfLife::from_hours(1, nan_value).error().code, Errc::not_finite);
}
