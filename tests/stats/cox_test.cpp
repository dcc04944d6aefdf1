#include "ombre/stats/cox.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "cox_data.hpp"
#include "support/two_threads.hpp"

namespace ombre::test {
namespace {

using stats::cox_fit;
using stats::CoxCoefficient;
using stats::CoxData;
using stats::CoxFit;
using stats::CoxFitOptions;
using stats::CoxStatus;
using stats::CoxTies;

constexpr CoxTies all_ties[] = {CoxTies::efron, CoxTies::breslow, CoxTies::exact};

CoxFit fitted(const CoxRows& rows, CoxFitOptions options = {}) {
  const auto data = CoxData::from(rows.input());
  EXPECT_TRUE(data) << describe(data.error());
  const auto fit = cox_fit(*data, options);
  EXPECT_TRUE(fit) << describe(fit.error());
  return *fit;
}

CoxFit fitted(const CoxRows& rows, CoxTies ties, bool robust = false) {
  CoxFitOptions options;
  options.ties = ties;
  options.robust = robust;
  return fitted(rows, options);
}

void expect_same(const CoxFit& a, const CoxFit& b, double tolerance) {
  ASSERT_EQ(a.coef.size(), b.coef.size());
  EXPECT_NEAR(a.loglik, b.loglik, tolerance * std::abs(a.loglik));
  for (std::size_t j = 0; j < a.coef.size(); ++j) {
    EXPECT_NEAR(a.coef[j], b.coef[j], tolerance * (1 + std::abs(a.coef[j])));
  }
  for (std::size_t j = 0; j < a.variance.size(); ++j) {
    EXPECT_NEAR(a.variance[j], b.variance[j], tolerance * (1 + std::abs(a.variance[j])));
  }
}

// Kleinbaum & Klein, Survival Analysis (3rd ed. 2012), ch. 3, print the Breslow fit: 1.509 (0.410),
// -2 log L = 172.759. All digits: R 4.2.2, survival 3.5-3, coxph at eps = 1e-14.
TEST(Cox, SixMercaptopurineTrialMatchesPublishedCoefficients) {
  struct Row {
    CoxTies ties;
    double coef, se, null, loglik, score;
  };
  for (const Row& row : {Row{CoxTies::breslow, 1.509191412586, 0.409564406367, -93.985050478245,
                             -86.379622071146, 15.9305395640},
                         Row{CoxTies::efron, 1.572125148829, 0.412396717709, -93.184269996848,
                             -85.008424577372, 17.2465367957},
                         Row{CoxTies::exact, 1.628243951672, 0.433131296492, -82.669279252792,
                             -74.543101164519, 16.7929409892}}) {
    SCOPED_TRACE(name(row.ties));
    const CoxFit fit = fitted(freireich(), row.ties);
    EXPECT_EQ(fit.status, CoxStatus::converged);
    EXPECT_NEAR(fit.coef[0], row.coef, 1e-11);
    EXPECT_NEAR(std::sqrt(fit.variance[0]), row.se, 1e-11);
    EXPECT_NEAR(fit.loglik_null, row.null, 1e-11);
    EXPECT_NEAR(fit.loglik, row.loglik, 1e-11);
    EXPECT_NEAR(fit.score_test, row.score, 1e-9);
    EXPECT_NEAR(fit.likelihood_ratio_test, 2 * (row.loglik - row.null), 1e-10);
    ASSERT_TRUE(fit.wald_test);
    EXPECT_NEAR(*fit.wald_test, row.coef * row.coef / (row.se * row.se), 1e-8);
    EXPECT_EQ(fit.events, 30U);
    EXPECT_EQ(fit.df, 1U);
  }
}

// Worked by hand. Breslow: x = 1 dies first of three, then x = 0, then x = 1 is censored.
// L(b) = e^b / (2 e^b + 1) * 1 / (1 + e^b); dl/db = 0 at 2 e^2b = 1, so b = -log(2) / 2.
TEST(Cox, ThreePeopleByHand) {
  CoxRows rows;
  rows.time = {1, 2, 3};
  rows.event = {1, 1, 0};
  rows.x = {1, 0, 1};
  rows.columns = 1;
  for (const CoxTies ties : all_ties) {
    const CoxFit fit = fitted(rows, ties);
    EXPECT_NEAR(fit.coef[0], -std::log(2.0) / 2, 1e-13);
    EXPECT_NEAR(fit.loglik_null, -std::log(6.0), 1e-14);
  }
}

// All die at one time: Efron's likelihood is d! over the product of the shrinking sums, and the
// exact one is 1 whatever b, so says nothing.
TEST(Cox, EverybodyAtOneTimeTellsExactTiesNothing) {
  CoxRows rows;
  rows.time = {7, 7, 7, 7, 7, 7};
  rows.event.assign(6, 1);
  rows.x = {1, 3, 2, 5, 4, 0};
  rows.columns = 1;
  const CoxFit efron = fitted(rows, CoxTies::efron);
  EXPECT_EQ(efron.coef[0], 0.0);
  EXPECT_NEAR(efron.loglik, -std::log(720.0), 1e-12);
  const CoxFit exact = fitted(rows, CoxTies::exact);
  EXPECT_EQ(exact.kind[0], CoxCoefficient::aliased);
  EXPECT_EQ(exact.loglik, 0.0);
  EXPECT_EQ(exact.df, 0U);
}

TEST(Cox, WithoutTiesTheThreeMethodsAreOne) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE(seed);
    CoxRows rows = random_rows(seed, {.n = 60, .p = 2, .days = false, .late = seed % 2 == 1});
    const CoxFit efron = fitted(rows, CoxTies::efron);
    expect_same(efron, fitted(rows, CoxTies::breslow), 1e-10);
    expect_same(efron, fitted(rows, CoxTies::exact), 1e-10);
  }
}

TEST(Cox, RowOrderDoesNotMatter) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    SCOPED_TRACE(seed);
    const CoxRows rows = random_rows(seed, {.n = 80,
                                            .p = 3,
                                            .days = seed % 2 == 0,
                                            .late = seed % 3 == 0,
                                            .weights = seed % 5 == 0,
                                            .strata = 1 + static_cast<std::uint32_t>(seed % 4),
                                            .clusters = 20});
    std::vector<std::size_t> order(rows.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    RandomStream random{Seed{seed}, 5};
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
    for (const CoxTies ties : {CoxTies::efron, CoxTies::breslow}) {
      expect_same(fitted(rows, ties, true), fitted(picked(rows, order), ties, true), 1e-10);
    }
  }
}

TEST(Cox, RepeatedRowsEqualWholeWeightsForBreslow) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE(seed);
    CoxRows rows = random_rows(seed, {.n = 50, .p = 2, .late = seed % 2 == 0, .strata = 2});
    RandomStream random{Seed{seed}, 6};
    std::vector<std::size_t> repeated;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::uint64_t times = 1 + random.below(3);
      rows.weight.push_back(static_cast<double>(times));
      repeated.insert(repeated.end(), times, i);
    }
    CoxRows many = picked(rows, repeated);
    many.weight.clear();
    expect_same(fitted(rows, CoxTies::breslow), fitted(many, CoxTies::breslow), 1e-10);
  }
}

TEST(Cox, CuttingRowsIntoIntervalsLeavesTheFit) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE(seed);
    const CoxRows rows =
        random_rows(seed, {.n = 60, .p = 2, .days = seed % 2 == 0, .clusters = 60});
    CoxRows cut;
    cut.columns = 2;
    std::vector<std::size_t> from;
    RandomStream random{Seed{seed}, 8};
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const double middle = rows.time[i] * (0.1 + 0.8 * random.uniform());
      for (int part = 0; part < 2; ++part) {
        cut.entry.push_back(part == 0 ? 0 : middle);
        cut.time.push_back(part == 0 ? middle : rows.time[i]);
        cut.event.push_back(part == 0 ? 0 : rows.event[i]);
        cut.cluster.push_back(static_cast<std::uint32_t>(i));
        from.push_back(i);
      }
    }
    for (std::size_t j = 0; j < 2; ++j) {
      for (const std::size_t i : from) cut.x.push_back(rows.x[j * rows.size() + i]);
    }
    CoxRows plain = rows;
    plain.cluster.clear();
    for (const CoxTies ties : {CoxTies::efron, CoxTies::breslow}) {
      // One cluster a person: the sandwich is that of whole people too.
      expect_same(fitted(plain, ties, true), fitted(cut, ties, true), 1e-9);
    }
    plain.weight.clear();
    expect_same(fitted(plain, CoxTies::exact), fitted(cut, CoxTies::exact), 1e-9);
  }
}

TEST(Cox, OnlyTheOrderOfTimesMatters) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const CoxRows rows = random_rows(seed, {.n = 80, .p = 3, .late = true});
    CoxRows bent = rows;
    for (double& t : bent.time) t = t * t + std::sqrt(t);
    for (double& t : bent.entry) t = t * t + std::sqrt(t);
    expect_same(fitted(rows), fitted(bent), 1e-12);
  }
}

TEST(Cox, ScaleAndShiftOfACovariateOnlyRescaleItsCoefficient) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const CoxRows rows = random_rows(seed, {.n = 80, .p = 2});
    CoxRows other = rows;
    for (std::size_t i = 0; i < 80; ++i) other.x[i] = 1024 + other.x[i] / 8;
    const CoxFit a = fitted(rows);
    const CoxFit b = fitted(other);
    EXPECT_NEAR(a.loglik, b.loglik, 1e-8);
    EXPECT_NEAR(a.coef[0], b.coef[0] / 8, 1e-9);
    EXPECT_NEAR(a.coef[1], b.coef[1], 1e-9);
  }
}

TEST(Cox, AnOffsetEqualsAFixedCoefficient) {
  const CoxRows rows = random_rows(3, {.n = 100, .p = 2});
  const CoxFit whole = fitted(rows);
  CoxRows one;
  one.time = rows.time;
  one.event = rows.event;
  one.columns = 1;
  one.x.assign(rows.x.begin(), rows.x.begin() + 100);
  for (std::size_t i = 0; i < 100; ++i) one.offset.push_back(whole.coef[1] * rows.x[100 + i]);
  const CoxFit fixed = fitted(one);
  EXPECT_NEAR(fixed.coef[0], whole.coef[0], 1e-10);
  EXPECT_NEAR(fixed.loglik, whole.loglik, 1e-10);
}

// 1000 added to an offset of one stratum changes nothing; 1e4 within a stratum cannot be computed.
TEST(Cox, HugeOffsetsAreTakenOutByStratum) {
  CoxRows rows = random_rows(4, {.n = 100, .p = 2, .strata = 2});
  const CoxFit plain = fitted(rows);
  for (const std::uint32_t s : rows.stratum) rows.offset.push_back(s == 0 ? 1000.0 : -2000.0);
  expect_same(plain, fitted(rows), 1e-9);
  rows.stratum.clear();
  const auto data = CoxData::from(rows.input());
  ASSERT_TRUE(data);
  const auto fit = cox_fit(*data);
  if (!fit) {
    EXPECT_EQ(fit.error().field, "offset");
  }
}

TEST(Cox, NearTiesCountAsTies) {
  CoxRows rows;
  rows.time = {0.1 + 0.2, 0.3, 0.7, 0.1 * 7, 1.1, 1.1 + std::ldexp(1.0, -45)};
  rows.event = {1, 1, 1, 0, 1, 1};
  rows.x = {1, 0, 2, 1, 0, 3};
  rows.columns = 1;
  CoxRows exact = rows;
  exact.time = {0.3, 0.3, 0.7, 0.7, 1.1, 1.1};
  expect_same(fitted(rows), fitted(exact), 1e-14);
}

TEST(Cox, TwoThreadsGiveTheSameBytes) {
  const TwoThreads two;
  for (const bool late : {false, true}) {
    const CoxRows rows = random_rows(9, {.n = 70000, .p = 3, .days = false, .late = late});
    CoxFitOptions options;
    const CoxFit one = fitted(rows, options);
    options.runner = &two;
    const CoxFit other = fitted(rows, options);
    EXPECT_EQ(one.coef, other.coef);
    EXPECT_EQ(one.variance, other.variance);
    EXPECT_EQ(one.loglik, other.loglik);
  }
}

// ---- what cannot be estimated ------------------------------------------------------------------

TEST(Cox, SeparationNamesTheInfiniteCoefficientAndKeepsTheOther) {
  CoxRows rows;
  rows.time = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  rows.event = {1, 1, 1, 1, 1, 1, 0, 1, 0, 0};
  rows.x = {1, 1, 1, 1, 1, 0, 0, 0, 0, 0, .2, .5, -.3, .9, .1, -.4, .7, .3, -.8, .6};
  rows.columns = 2;
  const CoxFit fit = fitted(rows);
  EXPECT_EQ(fit.status, CoxStatus::infinite_coefficient);
  EXPECT_EQ(fit.kind[0], CoxCoefficient::infinite);
  EXPECT_EQ(fit.kind[1], CoxCoefficient::estimated);
  EXPECT_FALSE(fit.wald_test);
  // In the limit the two halves are strata of a model in z alone: R, strata(x), same rows.
  CoxRows limit = rows;
  limit.columns = 1;
  limit.x.assign(rows.x.begin() + 10, rows.x.end());
  limit.stratum = {1, 1, 1, 1, 1, 0, 0, 0, 0, 0};
  const CoxFit z = fitted(limit);
  EXPECT_NEAR(fit.loglik, z.loglik, 1e-9);
  EXPECT_NEAR(fit.coef[1], z.coef[0], 1e-8);
  const auto ratios = stats::hazard_ratios(fit);
  ASSERT_TRUE(ratios[0]);
  EXPECT_TRUE(ratios[0]->infinite);
  EXPECT_EQ(ratios[0]->estimate, std::numeric_limits<double>::infinity());
  EXPECT_EQ(ratios[0]->lower, 0.0);
}

TEST(Cox, AConstantAndACombinationAreAliasedAndExplained) {
  CoxRows rows = random_rows(12, {.n = 60, .p = 2});
  rows.columns = 4;
  for (std::size_t i = 0; i < 60; ++i) rows.x.push_back(5);
  for (std::size_t i = 0; i < 60; ++i) rows.x.push_back(2 * rows.x[i] - 3 * rows.x[60 + i] + 1);
  const CoxFit fit = fitted(rows);
  EXPECT_EQ(fit.kind[2], CoxCoefficient::aliased);
  EXPECT_EQ(fit.kind[3], CoxCoefficient::aliased);
  EXPECT_EQ(fit.df, 2U);
  EXPECT_EQ(fit.coef[2], 0.0);
  ASSERT_EQ(fit.aliases.size(), 2U);
  EXPECT_TRUE(fit.aliases[0].combination.empty());
  ASSERT_EQ(fit.aliases[1].combination.size(), 2U);
  EXPECT_NEAR(fit.aliases[1].combination[0].second + fit.aliases[1].combination[1].second, -1,
              1e-6);
  EXPECT_FALSE(stats::hazard_ratios(fit)[2]);
}

TEST(Cox, NobodyHasTheEventSoNothingIsEstimated) {
  CoxRows rows = random_rows(1, {.n = 10, .p = 2});
  rows.event.assign(10, 0);
  for (const CoxTies ties : all_ties) {
    const CoxFit fit = fitted(rows, ties);
    EXPECT_EQ(fit.df, 0U);
    EXPECT_EQ(fit.loglik, 0.0);
    EXPECT_EQ(fit.kind[0], CoxCoefficient::aliased);
    EXPECT_EQ(fit.score_test, 0.0);
  }
}

TEST(Cox, OnePersonIsAWellDefinedAnswer) {
  CoxRows rows;
  rows.time = {4};
  rows.event = {1};
  rows.x = {1};
  rows.columns = 1;
  for (const CoxTies ties : all_ties) {
    const CoxFit fit = fitted(rows, ties);
    EXPECT_EQ(fit.df, 0U);
    EXPECT_EQ(fit.loglik, 0.0);
    EXPECT_EQ(fit.kind[0], CoxCoefficient::aliased);
  }
}

TEST(Cox, MoreColumnsThanRowsEndsWithAStatus) {
  const CoxRows rows = random_rows(2, {.n = 12, .p = 30, .days = false});
  const CoxFit fit = fitted(rows);
  EXPECT_LT(fit.df, 12U);
  EXPECT_EQ(fit.aliases.size(), 30 - fit.df);
  EXPECT_EQ(fit.status, CoxStatus::infinite_coefficient);
}

TEST(Cox, TenThousandStrataOfTwoAreAPairedDesign) {
  // With pairs, the likelihood is logistic in the difference of x: sum over pairs of
  // log 1 / (1 + exp(-b d)), and for d = +1 in a of m and -1 in m - a pairs b = log(a / (m - a)).
  CoxRows rows;
  rows.columns = 1;
  for (std::uint32_t s = 0; s < 10000; ++s) {
    const double first = s % 4 == 0 ? 0 : 1;
    rows.time.insert(rows.time.end(), {1.0 + s % 7, 20.0});
    rows.event.insert(rows.event.end(), {std::uint8_t{1}, std::uint8_t{0}});
    rows.x.insert(rows.x.end(), {first, 1 - first});
    rows.stratum.insert(rows.stratum.end(), {s, s});
  }
  const CoxFit fit = fitted(rows);
  EXPECT_NEAR(fit.coef[0], std::log(3.0), 1e-12);
  EXPECT_NEAR(fit.variance[0], 1 / (10000 * 0.75 * 0.25), 1e-12);
}

TEST(Cox, StratumWithoutEventsIsNamed) {
  CoxRows rows = random_rows(5, {.n = 40, .p = 1, .strata = 3});
  for (std::size_t i = 0; i < 40; ++i) {
    if (rows.stratum[i] == 1) rows.event[i] = 0;
  }
  const auto data = CoxData::from(rows.input());
  ASSERT_TRUE(data);
  EXPECT_EQ(data->strata_without_events(), std::vector<std::size_t>{1});
}

// ---- refusals ----------------------------------------------------------------------------------

void expect_refused(const CoxRows& rows, std::string_view field, std::uint64_t row) {
  const auto data = CoxData::from(rows.input());
  ASSERT_FALSE(data) << field;
  EXPECT_EQ(data.error().field, field);
  EXPECT_EQ(data.error().row, row);
}

TEST(Cox, BadRowsAreRefusedByFieldAndRow) {
  const CoxRows good = random_rows(1, {.n = 20, .p = 2, .late = true, .weights = true});
  CoxRows bad = good;
  bad.time[3] = -1;
  expect_refused(bad, "time", 3);
  bad = good;
  bad.time[4] = std::nan("");
  expect_refused(bad, "time", 4);
  bad = good;
  bad.event[5] = 2;
  expect_refused(bad, "event", 5);
  bad = good;
  bad.entry[6] = bad.time[6];
  expect_refused(bad, "entry", 6);
  bad = good;
  bad.weight[7] = 0;
  expect_refused(bad, "weight", 7);
  bad = good;
  bad.x[20 + 8] = std::numeric_limits<double>::infinity();
  expect_refused(bad, "x[1]", 8);
  bad = good;
  bad.x[2] = -1e200;
  expect_refused(bad, "x[0]", 2);
  bad = good;
  bad.weight[9] = 1e200;
  expect_refused(bad, "weight", 9);
  EXPECT_FALSE(CoxData::from({}));
  CoxRows shorter = good;
  shorter.x.pop_back();
  EXPECT_FALSE(CoxData::from(shorter.input()));
}

// Numbers nobody means, of every size the checks let pass: an answer or a refusal, never NaN.
TEST(Cox, WildButFiniteInputEndsWithFiniteNumbersOrARefusal) {
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    SCOPED_TRACE(seed);
    RandomStream random{Seed{seed}, 3};
    CoxRows rows = random_rows(seed, {.n = 25,
                                      .p = 3,
                                      .days = seed % 2 == 0,
                                      .late = seed % 3 == 0,
                                      .weights = seed % 5 == 0,
                                      .strata = 1 + static_cast<std::uint32_t>(seed % 3)});
    for (double& v : rows.x) {
      if (random.uniform() < 0.2) v = (v > 0 ? 1 : -1) * std::pow(10.0, random.uniform() * 80 - 40);
    }
    if (seed % 7 == 0) {
      for (std::size_t i = 0; i < 25; ++i) rows.offset.push_back(random.normal() * 100);
    }
    for (double& w : rows.weight) w *= std::pow(10.0, random.uniform() * 8 - 4);
    const auto data = CoxData::from(rows.input());
    ASSERT_TRUE(data) << describe(data.error());
    for (const CoxTies ties : all_ties) {
      CoxFitOptions options;
      options.ties = ties;
      const auto fit = cox_fit(*data, options);
      if (!fit) continue;
      EXPECT_TRUE(std::isfinite(fit->loglik) && std::isfinite(fit->score_test));
      for (const double b : fit->coef) EXPECT_TRUE(std::isfinite(b));
    }
  }
}

TEST(Cox, ExactTiesRefuseWeightsAndRobustErrors) {
  CoxRows rows = random_rows(1, {.n = 20, .p = 1, .weights = true});
  CoxFitOptions options;
  options.ties = CoxTies::exact;
  EXPECT_FALSE(cox_fit(*CoxData::from(rows.input()), options));
  rows.weight.clear();
  options.robust = true;
  EXPECT_FALSE(cox_fit(*CoxData::from(rows.input()), options));
}

TEST(Cox, TheCallerCanStopTheFit) {
  const CoxRows rows = random_rows(1, {.n = 50, .p = 2});
  CoxFitOptions options;
  int calls = 0;
  options.progress = [&](double) { return ++calls < 3; };
  const auto fit = cox_fit(*CoxData::from(rows.input()), options);
  ASSERT_FALSE(fit);
  EXPECT_EQ(fit.error().code, Errc::cancelled);
}

// 160 columns: the caller is asked within an iteration, not only between two. Wherever the answer
// is no, the fit ends there.
TEST(Cox, AWideFitCanBeStoppedBetweenColumns) {
  const CoxRows rows = random_rows(1, {.n = 400, .p = 160});
  const auto data = CoxData::from(rows.input());
  ASSERT_TRUE(data);
  CoxFitOptions options;
  int calls = 0;
  double last = 0;
  options.progress = [&](double share) {
    EXPECT_GE(share, last);
    last = share;
    ++calls;
    return true;
  };
  const auto whole = cox_fit(*data, options);
  ASSERT_TRUE(whole) << describe(whole.error());
  const int all = calls;
  EXPECT_GT(all, 5 * whole->iterations);
  for (int stop = 1; stop <= all; ++stop) {
    SCOPED_TRACE(stop);
    calls = 0;
    options.progress = [&](double) { return ++calls < stop; };
    const auto fit = cox_fit(*data, options);
    ASSERT_FALSE(fit);
    EXPECT_EQ(fit.error().code, Errc::cancelled);
    EXPECT_EQ(calls, stop);
  }
}

TEST(Cox, TieMethodsAreReadByName) {
  EXPECT_EQ(*stats::cox_ties("breslow"), CoxTies::breslow);
  EXPECT_FALSE(stats::cox_ties("Efron"));
}

TEST(Cox, ChiSquareTailMatchesTables) {
  // 5 % points printed in any table of chi-square.
  EXPECT_NEAR(stats::chi_square_upper_tail(3.841458820694124, 1), 0.05, 1e-14);
  EXPECT_NEAR(stats::chi_square_upper_tail(18.307038053275143, 10), 0.05, 1e-13);
  EXPECT_EQ(stats::chi_square_upper_tail(0, 3), 1.0);
}

}  // namespace
}  // namespace ombre::test
