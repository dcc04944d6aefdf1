#include "ombre/stats/effect_size.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "ombre/core/random.hpp"

namespace {

using namespace ombre;
using stats::Group;
using stats::NumberNeeded;
using stats::Proportion;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();

// Falk DE et al., JAMA Psychiatry 76:374-381 (2019), Table 2: last four weeks, missing counted as
// no response. Printed Cohen's h with its 95 % interval, and the number needed to treat.
struct FalkRow {
  const char* what;
  Proportion active, placebo;
  double h, low, high;
  std::uint64_t nnt;
};
constexpr std::array<FalkRow, 9> falk{{
    {"naltrexone 2-level", {216, 288}, {197, 302}, 0.214, 0.053, 0.375, 11},
    {"naltrexone 1-level", {240, 288}, {238, 302}, 0.116, -0.046, 0.277, 23},
    {"naltrexone no heavy days", {147, 288}, {133, 302}, 0.140, -0.021, 0.302, 15},
    {"naltrexone abstinent", {100, 288}, {85, 302}, 0.142, -0.020, 0.303, 16},
    {"varenicline 2-level", {53, 96}, {42, 101}, 0.273, -0.006, 0.553, 8},
    {"varenicline 1-level", {67, 96}, {54, 101}, 0.338, 0.058, 0.617, 7},
    {"topiramate 2-level", {80, 179}, {62, 185}, 0.230, 0.024, 0.435, 9},
    {"topiramate 1-level", {98, 179}, {100, 185}, 0.014, -0.192, 0.219, 144},
    {"topiramate abstinent", {21, 179}, {5, 185}, 0.369, 0.163, 0.574, 12},
}};
constexpr double printed_to_three_decimals = 0.0005001;

TEST(EffectSize, CohenHAndItsIntervalMatchThePrintedTableOfNineTrialOutcomes) {
  for (const FalkRow& row : falk) {
    SCOPED_TRACE(row.what);
    const auto h = stats::cohen_h(row.active, row.placebo);
    ASSERT_TRUE(h);
    EXPECT_NEAR(h->value, row.h, printed_to_three_decimals);
    EXPECT_NEAR(h->low, row.low, printed_to_three_decimals);
    EXPECT_NEAR(h->high, row.high, printed_to_three_decimals);
  }
}

TEST(EffectSize, NumberNeededMatchesThePrintedTableOfNineTrialOutcomes) {
  for (const FalkRow& row : falk) {
    SCOPED_TRACE(row.what);
    const auto needed = stats::number_needed(row.active, row.placebo);
    ASSERT_TRUE(needed);
    EXPECT_EQ(needed->number, row.nnt);
    EXPECT_EQ(needed->direction, NumberNeeded::Direction::benefit);
  }
}

// Altman DG, BMJ 317:1309 (1998): when the difference's interval runs from -0.05 to 0.25 the
// number needed runs from 4 to benefit through infinity to 20 to harm. The same by construction:
// two arms of equal size and equal proportions have a symmetric interval.
TEST(EffectSize, NumberNeededHasTwoBranchesWhereTheDifferenceMayBeNothing) {
  const auto needed = stats::number_needed({50, 100}, {50, 100});
  ASSERT_TRUE(needed);
  EXPECT_EQ(needed->direction, NumberNeeded::Direction::none);
  EXPECT_FALSE(needed->number.has_value());
  EXPECT_FALSE(needed->low.has_value());
  ASSERT_TRUE(needed->benefit_bound && needed->harm_bound);
  // Difference 0, se sqrt(2 * 0.25 / 100) = 0.0707107, half width 0.138590: 1/0.138590 = 7.2155.
  EXPECT_NEAR(*needed->benefit_bound, 7.2155, 1e-4);
  EXPECT_NEAR(*needed->harm_bound, 7.2155, 1e-4);
}

TEST(EffectSize, NumberNeededToHarmIsNamedSo) {
  const auto deaths = stats::number_needed({30, 100}, {10, 100}, false);
  ASSERT_TRUE(deaths);
  EXPECT_EQ(deaths->direction, NumberNeeded::Direction::harm);
  EXPECT_EQ(deaths->number, 5U);  // 1 / 0.2
  ASSERT_TRUE(deaths->low && deaths->high);
  EXPECT_LT(*deaths->low, 5);
  EXPECT_GT(*deaths->high, 5);
  EXPECT_FALSE(deaths->benefit_bound.has_value());
}

TEST(EffectSize, WholeQuotientsAreNotRoundedUp) {
  // 5/10 - 4/10 is 0.09999999999999998 in binary; the number needed is 10 and not 11.
  EXPECT_EQ(stats::number_needed({5, 10}, {4, 10})->number, 10U);
  EXPECT_EQ(stats::nnt(0.5 - 0.4).value(), 10U);
  EXPECT_EQ(stats::nnt(-0.25).value(), 4U);
  EXPECT_EQ(stats::nnt(0.3).value(), 4U);  // 3.33
  EXPECT_EQ(stats::nnt(1).value(), 1U);
}

TEST(EffectSize, NumberNeededStaysExactForArmsOfAMillionMillion) {
  constexpr std::uint64_t n = 1'000'000'000'000;
  EXPECT_EQ(stats::number_needed({n / 2 + 1, n}, {n / 2, n})->number, n);
}

// Worked by hand in the metrics notes of this project: 12 (sd 4, n 30) against 9 (sd 5, n 28)
// gives a pooled sd of 4.510, d 0.665, g 0.656; an odds ratio of 2 is d = 0.382.
TEST(EffectSize, StandardisedMeanDifferenceMatchesTheHandWorkedCase) {
  const Group a{12, 4, 30};
  const Group b{9, 5, 28};
  EXPECT_NEAR(stats::pooled_sd(a, b).value(), 4.510, 0.0005);
  EXPECT_NEAR(stats::cohen_d(a, b).value(), 0.665, 0.0005);
  EXPECT_NEAR(stats::hedges_g(a, b)->value, 0.656, 0.0005);
  EXPECT_NEAR(stats::d_from_odds_ratio(2).value(), 0.382, 0.0005);
  EXPECT_DOUBLE_EQ(stats::standardized_response_mean(3, 6).value(), 0.5);
}

// Bland & Altman, BMJ 320:1468 (2000), hay fever and eczema in 11-year-olds: 141 of 561 against
// 928 of 14453; odds ratio 4.89, 95 % interval 4.00 to 5.99, standard error of the log 0.103.
TEST(EffectSize, OddsRatioMatchesBlandAndAltman) {
  const auto odds = stats::odds_ratio({141, 561}, {928, 14453});
  ASSERT_TRUE(odds);
  EXPECT_NEAR(odds->value, 4.89, 0.005);
  EXPECT_NEAR(odds->se, 0.103, 0.0005);
  EXPECT_NEAR(odds->low, 3.996, 0.01);
  EXPECT_NEAR(odds->high, 5.99, 0.01);
}

TEST(EffectSize, SwappingTheArmsFlipsTheSignOrTheRatio) {
  RandomStream random{Seed{11}, 0};
  for (int i = 0; i < 200; ++i) {
    SCOPED_TRACE(i);
    const Proportion a{1 + random.below(40), 50};
    const Proportion b{1 + random.below(60), 70};
    EXPECT_NEAR(stats::cohen_h(a, b)->value, -stats::cohen_h(b, a)->value, 1e-15);
    EXPECT_NEAR(stats::risk_difference(a, b)->low, -stats::risk_difference(b, a)->high, 1e-15);
    EXPECT_NEAR(stats::risk_ratio(a, b)->value * stats::risk_ratio(b, a)->value, 1, 1e-12);
    EXPECT_NEAR(stats::odds_ratio(a, b)->low * stats::odds_ratio(b, a)->high, 1, 1e-12);
    EXPECT_EQ(stats::number_needed(a, b)->number, stats::number_needed(b, a)->number);
  }
}

TEST(EffectSize, CohenHRunsFromMinusPiToPi) {
  EXPECT_DOUBLE_EQ(stats::cohen_h(1, 0).value(), std::acos(-1.0));
  EXPECT_DOUBLE_EQ(stats::cohen_h(0, 1).value(), -std::acos(-1.0));
  EXPECT_DOUBLE_EQ(stats::cohen_h(0.3, 0.3).value(), 0);
}

TEST(EffectSize, ImpossibleTablesAreRefusedAndTheArmIsNamed) {
  const auto empty = stats::cohen_h({0, 0}, {1, 2});
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().code, Errc::empty_input);
  EXPECT_EQ(empty.error().row, 0U);
  const auto over = stats::risk_ratio({1, 2}, {3, 2});
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().code, Errc::out_of_range);
  EXPECT_EQ(over.error().row, 1U);
  EXPECT_EQ(stats::risk_ratio({0, 5}, {1, 5}).error().code, Errc::not_computable);
  EXPECT_EQ(stats::odds_ratio({5, 5}, {1, 5}).error().code, Errc::not_computable);
  EXPECT_EQ(stats::risk_difference({1, 2}, {1, 2}, 1.0).error().code, Errc::out_of_range);
  EXPECT_EQ(stats::risk_difference({1, 2}, {1, 2}, nan).error().code, Errc::not_finite);
  EXPECT_EQ(stats::nnt(0).error().code, Errc::not_computable);
  EXPECT_EQ(stats::nnt(nan).error().code, Errc::not_finite);
  EXPECT_EQ(stats::nnt(1.5).error().code, Errc::out_of_range);
  EXPECT_EQ(stats::cohen_h(nan, 0.5).error().code, Errc::not_finite);
  EXPECT_EQ(stats::cohen_h(0.5, 1.0001).error().row, 1U);
  EXPECT_EQ(stats::cohen_d({0, 0, 5}, {0, 1, 5}).error().code, Errc::out_of_range);
  EXPECT_EQ(stats::cohen_d({inf, 1, 5}, {0, 1, 5}).error().code, Errc::not_finite);
  EXPECT_EQ(stats::cohen_d({0, 1, 1}, {0, 1, 5}).error().field, "n");
  EXPECT_EQ(stats::cohen_d({1e308, 1e-5, 5}, {-1e308, 1e-5, 5}).error().code, Errc::out_of_range);
  EXPECT_EQ(stats::d_from_odds_ratio(0).error().code, Errc::out_of_range);
  EXPECT_EQ(stats::standardized_response_mean(1, 0).error().code, Errc::out_of_range);
}

}  // namespace
