#include "ombre/stats/survival_bands.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "stats/survival_data.hpp"

namespace {

using namespace ombre;
using namespace ombre::stats;
using namespace ombre_test;

// Over the whole of [0, 1] the Hall-Wellner value is Kolmogorov's: 1.3581 (95%), 1.2238 (90%),
// 1.6276 (99%), as in every table. Over [0.1, 0.6] Klein & Moeschberger print 1.3211 (table C.4).
TEST(SurvivalBands, HallWellnerValuesAreThePrintedOnes) {
  EXPECT_NEAR(*hall_wellner_critical(0.95, 0, 1), 1.3581, 5e-5);
  EXPECT_NEAR(*hall_wellner_critical(0.90, 0, 1), 1.2238, 5e-5);
  EXPECT_NEAR(*hall_wellner_critical(0.99, 0, 1), 1.6276, 5e-5);
  EXPECT_NEAR(*hall_wellner_critical(0.95, 0.1, 0.6), 1.3211, 5e-5);
  // Kolmogorov's series to the last digits.
  double inside = 1;
  const double k = *hall_wellner_critical(0.95, 0, 1);
  for (int i = 1; i < 8; ++i) inside += 2 * (i % 2 == 1 ? -1 : 1) * std::exp(-2.0 * i * i * k * k);
  EXPECT_NEAR(inside, 0.95, 1e-9);
}

// The square is the 5% value of the largest Wald statistic of a change point: 9.31 with 10% trimmed
// and 9.84 with 5% (Andrews, Econometrica 61:821 (1993), table I, by simulation).
TEST(SurvivalBands, EqualPrecisionValuesAgreeWithTheChangePointTable) {
  EXPECT_NEAR(std::pow(*equal_precision_critical(0.95, 0.1, 0.9), 2), 9.31, 0.06);
  EXPECT_NEAR(std::pow(*equal_precision_critical(0.95, 0.05, 0.95), 2), 9.84, 0.08);
  // The tail formula of Miller & Siegmund (Biometrics 38:1011 (1982)), which printed tables of
  // Nair's band use, errs by a few thousandths.
  for (const auto& [low, high] :
       {std::pair{0.1, 0.6}, std::pair{0.02, 0.98}, std::pair{0.3, 0.9}}) {
    const double c = *equal_precision_critical(0.95, low, high);
    const double density = std::exp(-c * c / 2) / std::sqrt(2 * std::numbers::pi);
    const double tail =
        4 * density / c + density * (c - 1 / c) * std::log(high * (1 - low) / (low * (1 - high)));
    EXPECT_NEAR(tail, 0.05, 0.0015);
  }
  // A point is an interval.
  EXPECT_NEAR(*equal_precision_critical(0.95, 0.3, 0.3 + 1e-7), 1.96, 0.02);
}

TEST(SurvivalBands, TheBandHoldsThePointwiseIntervalsInside) {
  const auto c = survival_curve({freireich::weeks_6mp, freireich::event_6mp});
  for (const auto scale : {IntervalScale::plain, IntervalScale::log_log, IntervalScale::arcsine}) {
    const auto points = *curve_intervals(*c, scale);
    BandOptions how;
    how.scale = scale;
    const auto band = survival_band(*c, how);
    ASSERT_TRUE(band) << describe(band.error());
    EXPECT_EQ(band->from, 6);
    EXPECT_GT(band->critical, 2.5);
    for (std::size_t i = 0; i < c->size(); ++i) {
      ASSERT_TRUE(band->limits[i]);
      EXPECT_LE(band->limits[i]->low, points[i]->low);
      EXPECT_GE(band->limits[i]->high, points[i]->high);
    }
    how.kind = BandKind::hall_wellner;
    how.from = 10;
    how.to = 22;
    const auto middle = survival_band(*c, how);
    ASSERT_TRUE(middle);
    EXPECT_FALSE(middle->limits[0]);
    EXPECT_FALSE(middle->limits.back());
    EXPECT_TRUE(middle->limits[*c->at(16)]);
  }
}

TEST(SurvivalBands, OtherCurvesAreRefused) {
  const std::vector<double> weight(21, 2);
  EXPECT_EQ(survival_band(*survival_curve({freireich::weeks_6mp, freireich::event_6mp, {}, weight}))
                .error()
                .code,
            Errc::unsupported);
  const std::vector<std::uint8_t> none(21, 0);
  EXPECT_EQ(survival_band(*survival_curve({freireich::weeks_6mp, none})).error().code,
            Errc::not_computable);
  EXPECT_FALSE(equal_precision_critical(0.95, 0, 0.5));
  EXPECT_FALSE(hall_wellner_critical(0.95, 0.5, 0.5));
  EXPECT_FALSE(hall_wellner_critical(1.5, 0, 0.5));
}

}  // namespace
