#include "ombre/stats/cox_penalised.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

#include "cox_data.hpp"
#include "ombre/stats/cox_residuals.hpp"

namespace ombre::test {
namespace {

using stats::CoxData;
using stats::CoxTies;

CoxData data_of(const CoxRows& rows) {
  auto data = CoxData::from(rows.input());
  EXPECT_TRUE(data) << describe(data.error());
  return *std::move(data);
}

// `pairs` strata of two; the one with x = 1 has the event first in `first` of them.
CoxRows pairs_of(std::uint32_t pairs, std::uint32_t first) {
  CoxRows rows;
  rows.columns = 1;
  for (std::uint32_t s = 0; s < pairs; ++s) {
    const double x = s < first ? 1 : 0;
    rows.time.insert(rows.time.end(), {1.0, 2.0});
    rows.event.insert(rows.event.end(), {std::uint8_t{1}, std::uint8_t{0}});
    rows.x.insert(rows.x.end(), {x, 1 - x});
    rows.stratum.insert(rows.stratum.end(), {s, s});
  }
  return rows;
}

// Pairs are binomial: log L = a b - m log(1 + e^b), I = m pi (1 - pi), so the corrected score is
// a + 1/2 - (m + 1) pi and b = log((a + 1/2) / (m - a + 1/2)): half a pair is added to each side.
TEST(CoxFirth, AddsHalfAPairToEachSide) {
  for (const auto& [m, a] : {std::pair{7U, 2U}, {20U, 13U}, {5U, 5U}, {1U, 0U}}) {
    SCOPED_TRACE(a);
    const auto fit = stats::cox_firth(data_of(pairs_of(m, a)));
    ASSERT_TRUE(fit) << describe(fit.error());
    EXPECT_TRUE(fit->converged);
    EXPECT_NEAR(fit->coef[0], std::log((a + 0.5) / (m - a + 0.5)), 1e-11);
  }
}

// The same model's profile is its penalised likelihood: its fall at both ends is that of
// chi-square.
TEST(CoxFirth, ProfileIntervalEndsWhereTheLikelihoodHasFallenFarEnough) {
  const double m = 20;
  const double a = 13;
  const auto fit = stats::cox_firth(data_of(pairs_of(20, 13)));
  ASSERT_TRUE(fit);
  const auto value = [&](double b) {
    const double pi = 1 / (1 + std::exp(-b));
    return a * b - m * std::log(1 + std::exp(b)) + std::log(m * pi * (1 - pi)) / 2;
  };
  ASSERT_TRUE(fit->interval[0].first && fit->interval[0].second);
  for (const double end : {*fit->interval[0].first, *fit->interval[0].second}) {
    EXPECT_NEAR(2 * (value(fit->coef[0]) - value(end)), 3.841458820694124, 1e-8);
  }
  EXPECT_LT(*fit->interval[0].first, fit->coef[0]);
  EXPECT_NEAR(fit->penalised_loglik, value(fit->coef[0]), 1e-10);
  ASSERT_TRUE(fit->chi_square[0]);
  EXPECT_NEAR(*fit->chi_square[0], 2 * (value(fit->coef[0]) - value(0)), 1e-9);
}

// Test and interval are one thing: at the level 1 - p an end of the interval is 0.
TEST(CoxFirth, TheTestOfACoefficientIsWhereItsIntervalReachesZero) {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    SCOPED_TRACE(seed);
    const auto data = data_of(random_rows(seed, {.n = 50, .p = 3, .days = seed % 2 == 0}));
    const auto fit = stats::cox_firth(data);
    ASSERT_TRUE(fit);
    for (std::size_t j = 0; j < 3; ++j) {
      ASSERT_TRUE(fit->chi_square[j]);
      stats::CoxFirthOptions options;
      options.level = 1 - stats::chi_square_upper_tail(*fit->chi_square[j], 1);
      const auto same = stats::cox_firth(data, options);
      ASSERT_TRUE(same && same->interval[j].first && same->interval[j].second);
      const double end = fit->coef[j] > 0 ? *same->interval[j].first : *same->interval[j].second;
      EXPECT_NEAR(end, 0, 1e-6);
    }
  }
}

// At the estimate the penalised likelihood is flat, seen through fits that only know the model
// without penalty: its value and information at b, b being put into the offset.
TEST(CoxFirth, PenalisedLikelihoodIsFlatAtTheEstimate) {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    SCOPED_TRACE(seed);
    const CoxRows rows = random_rows(seed, {.n = 40,
                                            .p = 2,
                                            .days = true,
                                            .late = seed % 2 == 1,
                                            .weights = seed % 3 == 1,
                                            .strata = 1 + static_cast<std::uint32_t>(seed % 2)});
    for (const CoxTies ties : {CoxTies::efron, CoxTies::breslow}) {
      stats::CoxFirthOptions options;
      options.ties = ties;
      options.level.reset();
      const auto fit = stats::cox_firth(data_of(rows), options);
      ASSERT_TRUE(fit && fit->converged);
      const auto value = [&](double b0, double b1) {
        CoxRows at = rows;
        for (std::size_t i = 0; i < 40; ++i) {
          at.offset.push_back(b0 * rows.x[i] + b1 * rows.x[40 + i]);
        }
        stats::CoxFitOptions still;
        still.ties = ties;
        still.max_iterations = 0;
        const auto plain = stats::cox_fit(data_of(at), still);
        const auto& v = plain->model_variance;
        return plain->loglik_null - std::log(v[0] * v[3] - v[1] * v[2]) / 2;
      };
      const double b0 = fit->coef[0];
      const double b1 = fit->coef[1];
      constexpr double h = 1e-4;
      EXPECT_NEAR((value(b0 + h, b1) - value(b0 - h, b1)) / (2 * h), 0, 1e-6);
      EXPECT_NEAR((value(b0, b1 + h) - value(b0, b1 - h)) / (2 * h), 0, 1e-6);
      EXPECT_NEAR(value(b0, b1), fit->penalised_loglik, 1e-8);
    }
  }
}

TEST(CoxFirth, SeparatedGroupsHaveAFiniteEstimate) {
  CoxRows rows;
  rows.time = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  rows.event = {1, 1, 1, 1, 1, 1, 0, 1, 0, 0};
  rows.x = {1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5};
  rows.columns = 2;
  const auto fit = stats::cox_firth(data_of(rows));
  ASSERT_TRUE(fit && fit->converged);
  EXPECT_GT(fit->coef[0], 1);
  EXPECT_LT(fit->coef[0], 10);
  ASSERT_TRUE(fit->interval[0].first);
  EXPECT_GT(*fit->interval[0].first, 0);
  EXPECT_EQ(fit->kind[1], stats::CoxCoefficient::aliased);
  EXPECT_EQ(fit->df, 1U);
}

TEST(CoxFirth, ExactTiesAndBadLevelsAreRefused) {
  const CoxData data = data_of(freireich());
  stats::CoxFirthOptions options;
  options.ties = CoxTies::exact;
  EXPECT_EQ(stats::cox_firth(data, options).error().field, "ties");
  options.ties = CoxTies::efron;
  options.level = 1;
  EXPECT_EQ(stats::cox_firth(data, options).error().field, "level");
  options.level = 0.95;
  options.progress = [](double) { return false; };
  EXPECT_EQ(stats::cox_firth(data, options).error().code, Errc::cancelled);
}

// ---- paths -------------------------------------------------------------------------------------

// R 4.2.2, survival 3.5-3: coxph(Surv(t, s) ~ ridge(x, theta = 3, scale = FALSE)), Efron, maximises
// log L - 3 b^2 / 2. Here lambda W sd^2 = 3 with W = 42 and sd = 1/2.
TEST(CoxPath, RidgeMatchesR) {
  stats::CoxPathOptions options;
  options.alpha = 0;
  options.lambda = {3 / (42 * 0.25)};
  const auto path = stats::cox_path(data_of(freireich()), options);
  ASSERT_TRUE(path);
  EXPECT_NEAR(path->scale[0], 0.5, 1e-15);
  EXPECT_NEAR(path->points[0].coef[0], 1.06836561311801, 1e-11);
}

TEST(CoxPath, WithoutPenaltyIsTheFit) {
  const CoxData data = data_of(random_rows(4, {.n = 120, .p = 4, .late = true, .weights = true}));
  stats::CoxPathOptions options;
  options.lambda = {0, 0.05};
  const auto path = stats::cox_path(data, options);
  const auto fit = stats::cox_fit(data);
  ASSERT_TRUE(path && fit);
  ASSERT_EQ(path->points.size(), 2U);
  EXPECT_EQ(path->points[0].lambda, 0.05);
  for (std::size_t j = 0; j < 4; ++j) EXPECT_NEAR(path->points[1].coef[j], fit->coef[j], 1e-9);
  EXPECT_NEAR(path->points[1].loglik, fit->loglik, 1e-9);
}

// Karush, Kuhn and Tucker: the slope of log L / W is lambda sd v (alpha sign + (1 - alpha) sd b)
// where b is not 0, and at most lambda sd v alpha where it is. The slope is the sum of score
// residuals, which the path does not use.
TEST(CoxPath, EveryPointMeetsTheConditionsOfAMinimum) {
  for (const double alpha : {1.0, 0.5, 0.05}) {
    SCOPED_TRACE(alpha);
    CoxRows rows = random_rows(8, {.n = 90, .p = 6, .strata = 2});
    const CoxData data = data_of(rows);
    stats::CoxPathOptions options;
    options.alpha = alpha;
    options.count = 12;
    options.penalty = {1, 1, 2, 1, 0, 0.5};
    const auto path = stats::cox_path(data, options);
    ASSERT_TRUE(path);
    auto fit = stats::cox_fit(data);
    ASSERT_TRUE(fit);
    std::size_t zeros = 0;
    for (const stats::CoxPathPoint& point : path->points) {
      EXPECT_TRUE(point.converged);
      fit->coef = point.coef;
      const auto residuals = stats::cox_residuals(data, *fit);
      ASSERT_TRUE(residuals);
      for (std::size_t j = 0; j < 6; ++j) {
        double slope = 0;
        for (std::size_t i = 0; i < 90; ++i) slope += residuals->score[i * 6 + j];
        slope /= 90;
        const double sd = path->scale[j];
        const double v = options.penalty[j];
        const double b = point.coef[j];
        if (b == 0) {
          ++zeros;
          EXPECT_LE(std::abs(slope), point.lambda * sd * v * alpha + 1e-9);
        } else {
          const double wanted =
              point.lambda * sd * v * (alpha * (b > 0 ? 1 : -1) + (1 - alpha) * sd * b);
          EXPECT_NEAR(slope, wanted, 1e-9);
        }
      }
    }
    EXPECT_GT(zeros, 3U);
    EXPECT_LE(path->points[0].nonzero, 1U);  // the column without penalty
  }
}

TEST(CoxPath, MoreColumnsThanRowsHasAPath) {
  const CoxData data = data_of(random_rows(3, {.n = 30, .p = 60, .days = false}));
  stats::CoxPathOptions options;
  options.count = 20;
  options.smallest = 0.1;
  const auto path = stats::cox_path(data, options);
  ASSERT_TRUE(path);
  EXPECT_EQ(path->points.front().nonzero, 0U);
  EXPECT_GT(path->points.back().nonzero, 3U);
  EXPECT_LE(path->points.back().nonzero, 30U);
}

// x = 1 have all events: without a penalty there is no minimum, with one there is.
TEST(CoxPath, ASeparatedGroupHasNoPointWithoutPenalty) {
  CoxRows rows;
  rows.columns = 2;
  rows.time = {1, 2, 3, 4, 5};
  rows.event = {1, 1, 0, 0, 0};
  rows.x = {1, 1, 0, 0, 0, 0, 1, 1, 0, 1};
  const auto data = data_of(rows);
  stats::CoxPathOptions options;
  options.lambda = {0.1, 0};
  const auto path = stats::cox_path(data, options);
  ASSERT_TRUE(path);
  EXPECT_TRUE(path->points[0].converged);
  EXPECT_FALSE(path->points[0].runs_off);
  EXPECT_FALSE(path->points[1].converged);
  EXPECT_TRUE(path->points[1].runs_off);
  for (const auto& point : path->points) {
    for (const double b : point.coef) EXPECT_TRUE(std::isfinite(b));
    EXPECT_TRUE(std::isfinite(point.objective));
  }
}

TEST(CoxPath, BadOptionsAreRefusedByName) {
  const CoxData data = data_of(freireich());
  stats::CoxPathOptions options;
  options.alpha = 1.5;
  EXPECT_EQ(stats::cox_path(data, options).error().field, "alpha");
  options = {};
  options.lambda = {1, -1};
  EXPECT_EQ(stats::cox_path(data, options).error().row, 1U);
  options = {};
  options.penalty = {1, 1};
  EXPECT_EQ(stats::cox_path(data, options).error().field, "penalty");
  options = {};
  options.ties = CoxTies::exact;
  EXPECT_FALSE(stats::cox_path(data, options));
}

}  // namespace
}  // namespace ombre::test
