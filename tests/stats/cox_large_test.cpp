// Cox models of tens of thousands of rows: risk sets reach across the pieces work is cut into,
// event times lie as dense as rows, and threads share everything.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "../../src/stats/radix_order.hpp"
#include "cox_data.hpp"
#include "ombre/stats/concordance.hpp"
#include "ombre/stats/cox.hpp"
#include "ombre/stats/cox_residuals.hpp"
#include "support/two_threads.hpp"

namespace ombre::test {
namespace {

using stats::cox_fit;
using stats::CoxData;
using stats::CoxFit;
using stats::CoxFitOptions;
using stats::CoxStatus;
using stats::CoxTies;

CoxFit fitted(const CoxRows& rows, CoxTies ties = CoxTies::efron, bool robust = false,
              const Runner* runner = nullptr) {
  const auto data = CoxData::from(rows.input(), runner);
  EXPECT_TRUE(data) << describe(data.error());
  CoxFitOptions options;
  options.ties = ties;
  options.robust = robust;
  options.runner = runner;
  const auto fit = cox_fit(*data, options);
  EXPECT_TRUE(fit) << describe(fit.error());
  return *fit;
}

// Times far enough apart that none are near-ties.
CoxRows spread_times(CoxRows rows) {
  for (double& t : rows.time) t = std::ceil(t * 1e3) / 1e3;
  return rows;
}

struct Derivatives {
  long double loglik = 0;
  std::vector<long double> score;
  std::vector<long double> information;
};

constexpr long double wide(double x) { return static_cast<long double>(x); }

// Efron's likelihood and its derivatives as the definition reads, in long doubles, one walk from
// the last time to the first; rows without entry, strata and weights.
Derivatives by_definition(const CoxRows& rows, const std::vector<double>& b) {
  const std::size_t n = rows.size();
  const std::size_t p = rows.columns;
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t i, std::size_t k) { return rows.time[i] > rows.time[k]; });
  Derivatives out;
  out.score.assign(p, 0);
  out.information.assign(p * p, 0);
  long double s0 = 0;
  std::vector<long double> s1(p, 0);
  std::vector<long double> s2(p * p, 0);
  for (std::size_t i = 0; i < n;) {
    long double d0 = 0;
    std::vector<long double> d1(p, 0);
    std::vector<long double> d2(p * p, 0);
    int d = 0;
    std::size_t end = i;
    for (; end < n && rows.time[order[end]] == rows.time[order[i]]; ++end) {
      const std::size_t r = order[end];
      long double eta = 0;
      for (std::size_t j = 0; j < p; ++j) eta += wide(b[j]) * wide(rows.x[j * n + r]);
      const long double risk = std::exp(eta);
      const bool dies = rows.event[r] != 0;
      s0 += risk;
      if (dies) {
        d0 += risk;
        out.loglik += eta;
        ++d;
      }
      for (std::size_t j = 0; j < p; ++j) {
        const long double xj = wide(rows.x[j * n + r]);
        s1[j] += risk * xj;
        if (dies) {
          d1[j] += risk * xj;
          out.score[j] += xj;
        }
        for (std::size_t h = 0; h < p; ++h) {
          s2[j * p + h] += risk * xj * wide(rows.x[h * n + r]);
          if (dies) d2[j * p + h] += risk * xj * wide(rows.x[h * n + r]);
        }
      }
    }
    for (int l = 0; l < d; ++l) {
      const long double f = static_cast<long double>(l) / d;
      const long double t0 = s0 - f * d0;
      out.loglik -= std::log(t0);
      for (std::size_t j = 0; j < p; ++j) {
        const long double mj = (s1[j] - f * d1[j]) / t0;
        out.score[j] -= mj;
        for (std::size_t h = 0; h < p; ++h) {
          const long double mh = (s1[h] - f * d1[h]) / t0;
          out.information[j * p + h] += (s2[j * p + h] - f * d2[j * p + h]) / t0 - mj * mh;
        }
      }
    }
    i = end;
  }
  return out;
}

TEST(CoxOfManyRows, IsAtTheMaximumOfTheLikelihoodAsDefined) {
  for (const bool days : {false, true}) {
    SCOPED_TRACE(days);
    // 5 columns: groups of four and of one, and a rest of each vector width.
    const CoxRows rows = spread_times(random_rows(21, {.n = 41'003, .p = 5, .days = days}));
    const CoxFit fit = fitted(rows);
    EXPECT_EQ(fit.status, CoxStatus::converged);
    const Derivatives at = by_definition(rows, fit.coef);
    const auto loglik = static_cast<double>(at.loglik);
    EXPECT_NEAR(fit.loglik, loglik, 1e-13 * std::abs(loglik));
    for (std::size_t j = 0; j < 5; ++j) {
      // In standard errors of the score.
      const auto size = static_cast<double>(std::sqrt(at.information[j * 5 + j]));
      EXPECT_NEAR(static_cast<double>(at.score[j]), 0, 1e-9 * size);
      for (std::size_t h = 0; h < 5; ++h) {
        long double product = 0;
        for (std::size_t q = 0; q < 5; ++q) {
          product += wide(fit.variance[j * 5 + q]) * at.information[q * 5 + h];
        }
        EXPECT_NEAR(static_cast<double>(product), j == h ? 1 : 0, 1e-11);
      }
    }
    const auto null = by_definition(rows, std::vector<double>(5, 0.0));
    EXPECT_NEAR(fit.loglik_null, static_cast<double>(null.loglik), 1e-13 * std::abs(loglik));
  }
}

// Whole days of many rows are summed day by day. A row that enters after the last event changes
// nothing, but rows that enter late are summed one by one.
TEST(CoxOfManyRows, SumsByDayAndByRowAgree) {
  for (const CoxTies ties : {CoxTies::efron, CoxTies::breslow}) {
    for (const bool weights : {false, true}) {
      CoxRows rows =
          random_rows(12, {.n = 60'000, .p = 2, .days = true, .weights = weights, .strata = 3});
      const CoxFit by_day = fitted(rows, ties, true);
      const double end = *std::max_element(rows.time.begin(), rows.time.end());
      const std::size_t n = rows.size();
      rows.entry.assign(n, 0.0);
      rows.entry.push_back(end + 1);
      rows.time.push_back(end + 2);
      rows.event.push_back(0);
      rows.stratum.push_back(rows.stratum[0]);
      if (weights) rows.weight.push_back(1);
      rows.x.insert(rows.x.begin() + static_cast<std::ptrdiff_t>(n), 0.25);
      rows.x.push_back(0.25);
      const CoxFit by_row = fitted(rows, ties, true);
      EXPECT_NEAR(by_day.loglik, by_row.loglik, 1e-12 * std::abs(by_row.loglik));
      for (std::size_t j = 0; j < 2; ++j) {
        EXPECT_NEAR(by_day.coef[j], by_row.coef[j], 1e-11);
        for (std::size_t h = 0; h < 2; ++h) {
          const double size = std::sqrt(by_row.variance[j * 3] * by_row.variance[h * 3]);
          EXPECT_NEAR(by_day.model_variance[j * 2 + h], by_row.model_variance[j * 2 + h],
                      1e-11 * size);
          EXPECT_NEAR(by_day.variance[j * 2 + h], by_row.variance[j * 2 + h], 1e-10 * size);
        }
      }
    }
  }
}

TEST(CoxOfManyRows, RobustErrorsAreTheSquaresOfTheInfluences) {
  for (const int kind : {0, 1, 2, 3}) {
    const bool days = kind % 2 != 0;
    const bool late = kind >= 2;
    for (const std::uint32_t clusters : {0U, 500U}) {
      SCOPED_TRACE(std::to_string(kind) + " " + std::to_string(clusters));
      const CoxRows rows = random_rows(5, {.n = 40'000,
                                           .p = 3,
                                           .days = days,
                                           .late = late,
                                           .strata = late ? 2U : 1U,
                                           .clusters = clusters});
      const auto data = CoxData::from(rows.input());
      ASSERT_TRUE(data);
      CoxFitOptions options;
      options.robust = true;
      const auto fit = cox_fit(*data, options);
      ASSERT_TRUE(fit);
      const auto residuals = stats::cox_residuals(*data, *fit);
      ASSERT_TRUE(residuals);
      const std::size_t units = clusters == 0 ? rows.size() : clusters;
      std::vector<double> by_unit(units * 3, 0.0);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::size_t u = clusters == 0 ? i : rows.cluster[i];
        for (std::size_t j = 0; j < 3; ++j) by_unit[u * 3 + j] += residuals->dfbeta[i * 3 + j];
      }
      for (std::size_t j = 0; j < 3; ++j) {
        for (std::size_t h = 0; h < 3; ++h) {
          double sum = 0;
          for (std::size_t u = 0; u < units; ++u) sum += by_unit[u * 3 + j] * by_unit[u * 3 + h];
          EXPECT_NEAR(fit->variance[j * 3 + h], sum, 1e-10 * fit->variance[j * 3 + j]);
        }
      }
    }
  }
}

// Scores of clusters add up to 0: with as many clusters as columns their products have no inverse.
TEST(CoxOfManyRows, WaldsTestNeedsMoreClustersThanColumns) {
  for (const std::uint32_t clusters : {3U, 4U, 5U}) {
    SCOPED_TRACE(clusters);
    CoxRows rows = random_rows(4, {.n = 300, .p = 3, .clusters = clusters});
    const CoxFit fit = fitted(rows, CoxTies::efron, true);
    EXPECT_EQ(fit.wald_test.has_value(), clusters > 3);
    EXPECT_GT(fit.variance[0], 0);
  }
}

TEST(CoxOfManyRows, TwoThreadsGiveTheSameBytesOfEverything) {
  const TwoThreads two;
  const Shape shapes[] = {
      {.n = 70'000, .p = 5, .days = false},
      {.n = 70'000, .p = 5, .days = true},
      {.n = 70'000, .p = 3, .days = false, .late = true},
      {.n = 70'000, .p = 9, .days = true, .late = true, .clusters = 900},
      {.n = 70'000, .p = 3, .days = false, .weights = true, .strata = 3, .clusters = 900},
      {.n = 70'000, .p = 2, .days = true, .strata = 5000}};
  for (const Shape& shape : shapes) {
    SCOPED_TRACE(&shape - shapes);
    const CoxRows rows = random_rows(9, shape);
    const CoxFit one = fitted(rows, CoxTies::efron, true);
    const CoxFit other = fitted(rows, CoxTies::efron, true, &two);
    EXPECT_EQ(one.coef, other.coef);
    EXPECT_EQ(one.variance, other.variance);
    EXPECT_EQ(one.model_variance, other.model_variance);
    EXPECT_EQ(one.loglik, other.loglik);
    EXPECT_EQ(one.loglik_null, other.loglik_null);
    EXPECT_EQ(one.robust_score_test, other.robust_score_test);
    EXPECT_EQ(one.means, other.means);
    EXPECT_EQ(one.linear_predictor, other.linear_predictor);
    const auto data = CoxData::from(rows.input());
    ASSERT_TRUE(data);
    const auto c = stats::concordance(*data, one);
    const auto same = stats::concordance(*data, one, &two);
    ASSERT_TRUE(c && same);
    EXPECT_EQ(c->concordant, same->concordant);
    EXPECT_EQ(c->discordant, same->discordant);
    EXPECT_EQ(c->tied_score, same->tied_score);
    EXPECT_EQ(c->tied_time, same->tied_time);
    EXPECT_EQ(c->std_error, same->std_error);
  }
}

// A person's risk may be exp(1400) times another's and nothing overflows: the answer is finite or a
// refusal that names the offset.
TEST(CoxOfManyRows, PredictorsOf700EitherWayEndWithNumbersOrARefusal) {
  for (const std::size_t n : {50UL, 40'000UL}) {
    SCOPED_TRACE(n);
    CoxRows rows = random_rows(31, {.n = n, .p = 2, .days = false});
    const CoxFit plain = fitted(rows);
    // The whole table 700 up or down is the same model.
    for (const double all : {700.0, -700.0}) {
      rows.offset.assign(n, all);
      const CoxFit moved = fitted(rows);
      EXPECT_NEAR(moved.coef[0], plain.coef[0], 1e-9);
      EXPECT_NEAR(moved.loglik, plain.loglik, 1e-9 * std::abs(plain.loglik));
    }
    for (std::size_t i = 0; i < n; ++i) rows.offset[i] = i % 2 == 0 ? 700.0 : -700.0;
    const auto data = CoxData::from(rows.input());
    ASSERT_TRUE(data);
    const auto fit = cox_fit(*data);
    if (!fit) {
      EXPECT_EQ(fit.error().field, "offset");
      continue;
    }
    EXPECT_TRUE(std::isfinite(fit->loglik));
    for (const double b : fit->coef) EXPECT_TRUE(std::isfinite(b));
  }
}

TEST(CoxOfManyRows, StrataWithoutEventsChangeNothing) {
  CoxRows rows = random_rows(8, {.n = 40'000, .p = 2, .days = false, .strata = 3});
  const CoxFit before = fitted(rows);
  CoxRows more = random_rows(80, {.n = 35'000, .p = 2, .days = false});
  const std::size_t n = rows.size();
  std::vector<double> x;
  for (std::size_t j = 0; j < 2; ++j) {
    x.insert(x.end(), rows.x.begin() + static_cast<std::ptrdiff_t>(j * n),
             rows.x.begin() + static_cast<std::ptrdiff_t>((j + 1) * n));
    x.insert(x.end(), more.x.begin() + static_cast<std::ptrdiff_t>(j * more.size()),
             more.x.begin() + static_cast<std::ptrdiff_t>((j + 1) * more.size()));
  }
  rows.x = x;
  for (std::size_t i = 0; i < more.size(); ++i) {
    rows.time.push_back(more.time[i]);
    rows.event.push_back(0);
    rows.stratum.push_back(7);
  }
  const auto data = CoxData::from(rows.input());
  ASSERT_TRUE(data);
  EXPECT_EQ(data->strata_without_events(), std::vector<std::size_t>{3});
  const CoxFit after = fitted(rows);
  EXPECT_NEAR(after.loglik, before.loglik, 1e-10 * std::abs(before.loglik));
  for (std::size_t j = 0; j < 2; ++j) {
    EXPECT_NEAR(after.coef[j], before.coef[j], 1e-10);
    EXPECT_NEAR(after.variance[j * 3], before.variance[j * 3], 1e-10 * before.variance[j * 3]);
  }
}

TEST(CoxOfManyRows, OnePersonAndMoreColumnsThanRowsEndWithAStatus) {
  CoxRows one = random_rows(1, {.n = 1, .p = 2, .days = false});
  one.event[0] = 1;
  const CoxFit alone = fitted(one);
  EXPECT_EQ(alone.df, 0U);
  EXPECT_EQ(alone.loglik, 0.0);
  const CoxRows wide = random_rows(2, {.n = 6, .p = 9, .days = false});
  const auto data = CoxData::from(wide.input());
  ASSERT_TRUE(data);
  const auto fit = cox_fit(*data);
  ASSERT_TRUE(fit);
  EXPECT_LE(fit->df, 5U);
  for (const double b : fit->coef) EXPECT_TRUE(std::isfinite(b));
}

// The last number of a column, of one whose length is no multiple of any vector, is looked at too.
TEST(CoxOfManyRows, ABadNumberAnywhereInAColumnIsNamed) {
  CoxRows rows = random_rows(3, {.n = 1'003, .p = 3, .days = false});
  for (const std::size_t at : {0UL, 7UL, 500UL, 1'002UL}) {
    for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity(),
                             -std::numeric_limits<double>::infinity(), 1e101, -1e308}) {
      CoxRows wrong = rows;
      wrong.x[2 * rows.size() + at] = bad;
      const auto data = CoxData::from(wrong.input());
      ASSERT_FALSE(data);
      EXPECT_EQ(data.error().field, "x[2]");
      EXPECT_EQ(data.error().row, at);
    }
  }
  rows.weight.assign(rows.size(), 1.0);
  rows.weight.back() = 0;
  const auto weightless = CoxData::from(rows.input());
  ASSERT_FALSE(weightless);
  EXPECT_EQ(weightless.error().field, "weight");
}

// Weights of 1 take the other way through the trees.
TEST(ConcordanceOfManyRows, CountingByHalvesAndByTreesAgreeExactly) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    Shape shape;
    shape.n = seed % 10 == 9 ? 30'000 : 1 + 37 * static_cast<std::size_t>(seed);
    shape.p = 1;
    shape.days = seed % 2 == 0;
    shape.late = seed % 3 == 0;
    shape.strata = seed % 4 == 0 ? 3 : 1;
    const CoxRows rows = random_rows(seed, shape);
    std::vector<double> score = rows.x;
    // None equal; few different ones, which a table counts; many, of which some are equal.
    if (seed % 5 < 2) {
      for (double& s : score) s = std::round(2 * s);
    } else if (seed % 5 == 2) {
      for (double& s : score) s = std::round(40 * s);
    }
    const std::vector<double> ones(rows.size(), 1.0);
    stats::ConcordanceInput input;
    input.time = rows.time;
    input.event = rows.event;
    input.score = score;
    input.entry = rows.entry;
    input.stratum = rows.stratum;
    const TwoThreads two;
    const auto whole = stats::concordance(input);
    const auto threads = stats::concordance(input, &two);
    input.weight = ones;
    const auto trees = stats::concordance(input);
    ASSERT_TRUE(whole && trees && threads);
    EXPECT_EQ(whole->concordant, trees->concordant);
    EXPECT_EQ(whole->discordant, trees->discordant);
    EXPECT_EQ(whole->tied_score, trees->tied_score);
    EXPECT_EQ(whole->tied_time, trees->tied_time);
    EXPECT_EQ(whole->tied_both, trees->tied_both);
    EXPECT_EQ(whole->std_error.has_value(), trees->std_error.has_value());
    if (whole->std_error) {
      EXPECT_NEAR(*whole->std_error, *trees->std_error, 1e-13);
    }
    EXPECT_EQ(whole->std_error, threads->std_error);
    EXPECT_EQ(whole->concordant, threads->concordant);
  }
}

// The order of late entries comes from the table of the model there, from a sort here.
TEST(ConcordanceOfManyRows, OfAModelIsThatOfItsPredictor) {
  const TwoThreads two;
  for (std::uint64_t seed = 0; seed < 24; ++seed) {
    SCOPED_TRACE(seed);
    CoxRows rows = random_rows(seed, {.n = 40 + 400 * static_cast<std::size_t>(seed),
                                      .p = 2,
                                      .days = seed % 2 == 0,
                                      .late = true,
                                      .weights = seed % 5 == 0,
                                      .strata = seed % 3 == 0 ? 4U : 1U});
    rows = spread_times(rows);  // near-ties are joined in a model, and not in plain input
    for (double& e : rows.entry) e = std::floor(e * 1e3) / 1e3;
    if (seed % 4 < 2) {  // two arms
      for (double& v : rows.x) v = v > 0 ? 1 : 0;
    }
    const auto data = CoxData::from(rows.input());
    ASSERT_TRUE(data);
    const CoxFit fit = fitted(rows);
    stats::ConcordanceInput input;
    input.time = rows.time;
    input.event = rows.event;
    input.score = fit.linear_predictor;
    input.entry = rows.entry;
    input.stratum = rows.stratum;
    input.weight = rows.weight;
    const auto model = stats::concordance(*data, fit);
    const auto shared = stats::concordance(*data, fit, &two);
    const auto plain = stats::concordance(input);
    ASSERT_TRUE(model && plain && shared);
    EXPECT_NEAR(model->concordant, plain->concordant, 1e-12 * plain->concordant);
    EXPECT_NEAR(model->discordant, plain->discordant, 1e-12 * plain->discordant);
    EXPECT_NEAR(model->tied_score, plain->tied_score, 1e-12 * plain->tied_score);
    EXPECT_NEAR(model->tied_time, plain->tied_time, 1e-12 * plain->tied_time);
    EXPECT_NEAR(*model->std_error, *plain->std_error, 1e-12);
    EXPECT_EQ(model->std_error, shared->std_error);
  }
}

TEST(RadixOrder, IsTheStableOrderOfTheStandardLibrary) {
  const TwoThreads two;
  for (std::uint64_t seed = 0; seed < 80; ++seed) {
    SCOPED_TRACE(seed);
    RandomStream random{Seed{seed}, 1};
    const std::size_t n = seed % 20 == 19 ? 60'000 : 1 + random.below(400);
    std::vector<double> value(n);
    for (double& v : value) {
      switch (seed % 8) {
        case 0:
          v = random.normal();
          break;
        case 1:
          v = std::ceil(400 * random.uniform());
          break;
        case 2:
          v = std::ldexp(random.normal(), static_cast<int>(random.below(2000)) - 1000);
          break;
        case 3:
          v = random.below(2) == 0 ? 0.0 : -0.0;
          break;
        case 4:  // differ in the last bits only
          v = 1 + std::ldexp(static_cast<double>(random.below(64)), -52);
          break;
        case 5:  // one far away, the others in one digit
          v = random.below(n) == 0 ? 1e300 : random.uniform();
          break;
        case 6:
          v = -1 - random.uniform();
          break;
        default:
          v = random.below(3) == 0 ? 365.0 : 365 * random.uniform();
      }
    }
    std::vector<std::uint32_t> expected(n);
    std::iota(expected.begin(), expected.end(), 0U);
    std::vector<std::uint32_t> order = expected;
    std::vector<std::uint32_t> shared = expected;
    std::stable_sort(expected.begin(), expected.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return value[a] < value[b]; });
    stats::detail::radix_order(value, order);
    stats::detail::radix_order(value, shared, two);
    EXPECT_EQ(order, expected);
    EXPECT_EQ(shared, expected);
  }
}

}  // namespace
}  // namespace ombre::test
