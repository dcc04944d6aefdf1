#include "ombre/plans/effect_curve.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "ombre/core/random.hpp"

namespace plans = ombre::plans;
using ombre::Confidence;
using ombre::Errc;
using plans::EffectCurve;

namespace {
const double nan_value = std::numeric_limits<double>::quiet_NaN();
const double infinite = std::numeric_limits<double>::infinity();
}  // namespace

TEST(EffectCurve, EightEqualStepsMatchTheWorkedHyperbolicVector) {
  // Worked vector: Emax 0.92, ED50 2.9 mg, 20 mg in 8 steps (printed to 4 digits).
  const auto curve = EffectCurve::from(0.92, 2.9);
  ASSERT_TRUE(curve);
  const auto doses = plans::equal_effect_doses(*curve, 20, 8);
  ASSERT_TRUE(doses);
  const std::vector<double> mg{20, 9.398, 5.506, 3.486, 2.248, 1.412, 0.810, 0.355, 0};
  const std::vector<double> effect{80.35, 70.31, 60.26, 50.22, 40.17, 30.13, 20.09, 10.04, 0};
  ASSERT_EQ(doses->size(), mg.size());
  for (std::size_t i = 0; i < mg.size(); ++i) {
    EXPECT_NEAR((*doses)[i], mg[i], 0.0005) << i;
    EXPECT_NEAR(100 * curve->effect((*doses)[i]), effect[i], 0.005) << i;
  }
  EXPECT_EQ(doses->front(), 20);
  EXPECT_EQ(doses->back(), 0);
}

TEST(EffectCurve, LinearStepsLoseEighteenTimesMoreAtTheEnd) {
  // Same parameters: 20-15-10-5-0 loses 3.3, 5.8, 13.1, 58.2 points.
  const auto curve = EffectCurve::from(0.92, 2.9);
  const std::vector<double> doses{20, 15, 10, 5, 0};
  const auto losses = plans::effect_losses(*curve, doses);
  ASSERT_TRUE(losses);
  const std::vector<double> points{3.3, 5.8, 13.1, 58.2};
  for (std::size_t i = 0; i < points.size(); ++i) {
    EXPECT_NEAR(100 * (*losses)[i], points[i], 0.05) << i;
  }
  EXPECT_NEAR((*losses)[3] / (*losses)[0], 18, 0.5);
}

TEST(EffectCurve, TheQuotedCitalopramTableIsReproducedWithinItsStatedError) {
  const auto curve = plans::quoted_curve("citalopram");
  ASSERT_TRUE(curve);
  EXPECT_EQ(curve->confidence, Confidence::uncertain);
  ASSERT_NE(curve->source, nullptr);
  // Table as usually quoted from Horowitz & Taylor 2019 (mg, percent).
  for (const auto& [mg, percent] :
       {std::pair{60., 87.8}, std::pair{40., 85.9}, std::pair{20., 80.5}, std::pair{9.1, 70.},
        std::pair{5.4, 60.}, std::pair{3.4, 50.}, std::pair{2.3, 40.}, std::pair{1.5, 30.},
        std::pair{0.8, 20.}, std::pair{0.37, 10.}}) {
    EXPECT_NEAR(100 * curve->value.effect(mg), percent, 1.6) << mg;
  }
  EXPECT_EQ(plans::quoted_curve("paroxetine").error().code, Errc::unknown_name);
}

TEST(EffectCurve, TwoPointsGiveTheCurveThroughThem) {
  // By hand: effects 0.5 at 2 and 0.75 at 6 belong to Emax 1, ED50 2: 2/4 and 6/8.
  const auto curve = EffectCurve::through(2, 0.5, 6, 0.75);
  ASSERT_TRUE(curve);
  EXPECT_NEAR(curve->ed50(), 2, 1e-12);
  EXPECT_NEAR(curve->emax(), 1, 1e-12);
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    ombre::RandomStream random{ombre::Seed{seed}, 1};
    const auto truth = EffectCurve::from(0.3 + 0.7 * random.uniform(), 0.1 + 20 * random.uniform());
    const double d1 = 0.1 + 30 * random.uniform();
    const double d2 = d1 * (1.5 + random.uniform());
    const auto back = EffectCurve::through(d1, truth->effect(d1), d2, truth->effect(d2));
    ASSERT_TRUE(back) << seed;
    EXPECT_NEAR(back->ed50() / truth->ed50(), 1, 1e-9);
    EXPECT_NEAR(back->emax() / truth->emax(), 1, 1e-9);
    const auto swapped = EffectCurve::through(d2, truth->effect(d2), d1, truth->effect(d1));
    EXPECT_NEAR(swapped->ed50() / truth->ed50(), 1, 1e-9);
  }
}

TEST(EffectCurve, PointsThatNoSuchCurveJoinsAreRefused) {
  EXPECT_EQ(EffectCurve::through(10, 0.5, 20, 0.5).error().code, Errc::contradiction);   // flat
  EXPECT_EQ(EffectCurve::through(10, 0.8, 20, 0.5).error().code, Errc::contradiction);   // falling
  EXPECT_EQ(EffectCurve::through(10, 0.2, 20, 0.4).error().code, Errc::contradiction);   // straight
  EXPECT_EQ(EffectCurve::through(10, 0.2, 20, 0.9).error().code, Errc::contradiction);   // convex
  EXPECT_EQ(EffectCurve::through(10, 0.6, 20, 0.99).error().code, Errc::contradiction);  // Emax > 1
  EXPECT_EQ(EffectCurve::through(0, 0.5, 20, 0.6).error().code, Errc::out_of_range);
  EXPECT_EQ(EffectCurve::through(10, 0.5, 10, 0.6).error().code, Errc::contradiction);
  EXPECT_EQ(EffectCurve::through(nan_value, 0.5, 10, 0.6).error().code, Errc::not_finite);
  EXPECT_EQ(EffectCurve::from(0, 1).error().code, Errc::out_of_range);
  EXPECT_EQ(EffectCurve::from(1.01, 1).error().code, Errc::out_of_range);
  EXPECT_EQ(EffectCurve::from(0.9, infinite).error().code, Errc::not_finite);
}

TEST(EffectCurve, EffectAndDoseUndoEachOther) {
  const auto curve = EffectCurve::from(0.92, 2.9);
  for (double dose = 1e-6; dose < 1e6; dose *= 3) {
    EXPECT_NEAR(*curve->dose_for(curve->effect(dose)) / dose, 1, 1e-8) << dose;
  }
  EXPECT_EQ(curve->effect(0), 0);
  EXPECT_EQ(curve->effect(-3), 0);
  EXPECT_EQ(curve->effect(infinite), 0.92);
  EXPECT_EQ(*curve->dose_for(0), 0);
  EXPECT_FALSE(curve->dose_for(0.92));
  EXPECT_FALSE(curve->dose_for(-0.1));
  EXPECT_FALSE(curve->dose_for(nan_value));
}

TEST(EffectCurve, EqualStepsAreEqualForAnyStartEndAndCount) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    ombre::RandomStream random{ombre::Seed{seed}, 2};
    const auto curve = EffectCurve::from(0.2 + 0.8 * random.uniform(), 0.1 + 30 * random.uniform());
    const double start = 1 + 100 * random.uniform();
    const double end = random.below(2) == 0 ? 0 : start * 0.9 * random.uniform();
    const std::size_t steps = 1 + random.below(40);
    const auto doses = plans::equal_effect_doses(*curve, start, steps, end);
    ASSERT_TRUE(doses);
    const auto losses = plans::effect_losses(*curve, *doses);
    const double each = (curve->effect(start) - curve->effect(end)) / static_cast<double>(steps);
    for (const double loss : *losses) EXPECT_NEAR(loss, each, 1e-12);
  }
  const auto curve = EffectCurve::from(0.92, 2.9);
  EXPECT_EQ(plans::equal_effect_doses(*curve, 20, 0).error().code, Errc::out_of_range);
  EXPECT_EQ(plans::equal_effect_doses(*curve, 20, 100'001).error().code, Errc::out_of_range);
  EXPECT_EQ(plans::equal_effect_doses(*curve, 20, 3, 20).error().code, Errc::out_of_range);
  EXPECT_EQ(plans::equal_effect_doses(*curve, -1, 3).error().code, Errc::out_of_range);
  EXPECT_EQ(plans::equal_effect_doses(*curve, nan_value, 3).error().code, Errc::not_finite);
}
