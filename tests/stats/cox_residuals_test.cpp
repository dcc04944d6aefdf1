#include "ombre/stats/cox_residuals.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

#include "cox_data.hpp"
#include "ombre/stats/concordance.hpp"
#include "ombre/stats/cox_baseline.hpp"
#include "ombre/stats/proportionality.hpp"
#include "ombre/stats/split_intervals.hpp"

namespace ombre::test {
namespace {

using stats::CoxData;
using stats::CoxFit;
using stats::CoxTies;

struct Model {
  CoxData data;
  CoxFit fit;
};

Model model(const CoxRows& rows, CoxTies ties = CoxTies::efron, bool robust = false) {
  auto data = CoxData::from(rows.input());
  EXPECT_TRUE(data) << describe(data.error());
  stats::CoxFitOptions options;
  options.ties = ties;
  options.robust = robust;
  auto fit = stats::cox_fit(*data, options);
  EXPECT_TRUE(fit) << describe(fit.error());
  return {*std::move(data), *std::move(fit)};
}

CoxRows mixed(std::uint64_t seed) {
  return random_rows(seed, {.n = 90,
                            .p = 3,
                            .days = seed % 2 == 0,
                            .late = seed % 3 != 0,
                            .weights = seed % 4 == 1,
                            .strata = 1 + static_cast<std::uint32_t>(seed % 3)});
}

double weight(const CoxRows& rows, std::size_t i) {
  return rows.weight.empty() ? 1.0 : rows.weight[i];
}

// The score equations: at the fit, weighted residuals of every kind sum to 0.
TEST(CoxResiduals, SumToZeroAtTheFit) {
  for (std::uint64_t seed = 0; seed < 24; ++seed) {
    SCOPED_TRACE(seed);
    const CoxRows rows = mixed(seed);
    for (const CoxTies ties : {CoxTies::efron, CoxTies::breslow}) {
      const Model m = model(rows, ties);
      const auto r = stats::cox_residuals(m.data, m.fit);
      ASSERT_TRUE(r);
      double martingale = 0;
      std::array<double, 3> score{};
      std::array<double, 3> schoenfeld{};
      for (std::size_t i = 0; i < rows.size(); ++i) {
        martingale += weight(rows, i) * r->martingale[i];
        for (std::size_t j = 0; j < 3; ++j) score[j] += weight(rows, i) * r->score[i * 3 + j];
      }
      for (std::size_t e = 0; e < r->event_row.size(); ++e) {
        for (std::size_t j = 0; j < 3; ++j) {
          schoenfeld[j] += weight(rows, r->event_row[e]) * r->schoenfeld[e * 3 + j];
        }
      }
      EXPECT_NEAR(martingale, 0, 1e-9);
      for (std::size_t j = 0; j < 3; ++j) {
        EXPECT_NEAR(score[j], 0, 1e-9);
        EXPECT_NEAR(schoenfeld[j], 0, 1e-9);
      }
    }
  }
}

// Without covariates and ties: H is Nelson-Aalen's, worked by hand for times 1, 2+, 3.
TEST(CoxResiduals, NullModelMartingalesByHand) {
  CoxRows rows;
  rows.time = {1, 2, 3};
  rows.event = {1, 0, 1};
  const Model m = model(rows);
  const auto r = stats::cox_residuals(m.data, m.fit);
  ASSERT_TRUE(r);
  EXPECT_NEAR(r->martingale[0], 1 - 1. / 3, 1e-15);
  EXPECT_NEAR(r->martingale[1], -1. / 3, 1e-15);
  EXPECT_NEAR(r->martingale[2], 1 - (1. / 3 + 1), 1e-15);
  EXPECT_NEAR(r->deviance[1], -std::sqrt(2. / 3), 1e-15);
}

TEST(CoxResiduals, DfbetaIsNearlyTheChangeOnLeavingARowOut) {
  const CoxRows rows = random_rows(5, {.n = 300, .p = 2, .days = false});
  const Model m = model(rows);
  const auto r = stats::cox_residuals(m.data, m.fit);
  ASSERT_TRUE(r);
  for (std::size_t out = 0; out < 300; out += 37) {
    std::vector<std::size_t> rest;
    for (std::size_t i = 0; i < 300; ++i) {
      if (i != out) rest.push_back(i);
    }
    const Model less = model(picked(rows, rest));
    for (std::size_t j = 0; j < 2; ++j) {
      const double change = m.fit.coef[j] - less.fit.coef[j];
      EXPECT_NEAR(r->dfbeta[out * 2 + j], change, 0.15 * std::abs(change) + 3e-4);
    }
  }
}

TEST(CoxResiduals, ExactTiesHaveNoScoreResiduals) {
  const Model m = model(freireich(), CoxTies::exact);
  const auto r = stats::cox_residuals(m.data, m.fit);
  ASSERT_TRUE(r);
  EXPECT_EQ(r->martingale.size(), 42U);
  EXPECT_TRUE(r->score.empty());
  const Model other = model(random_rows(1, {.n = 10, .p = 1}));
  EXPECT_FALSE(stats::cox_residuals(m.data, other.fit));
}

// ---- baseline ----------------------------------------------------------------------------------

TEST(CoxCurves, WithoutCovariatesBreslowIsNelsonAalen) {
  CoxRows rows = freireich();
  rows.x.clear();
  rows.columns = 0;
  const Model m = model(rows, CoxTies::breslow);
  const auto curves = stats::cox_curves(m.data, m.fit);
  ASSERT_TRUE(curves);
  const stats::CoxCurve& c = curves->front();
  // Weeks 1 and 2: 2 of 42, 2 of 40.
  EXPECT_EQ(c.time[1], 2);
  EXPECT_NEAR(c.cumulative_hazard[1], 2. / 42 + 2. / 40, 1e-15);
  EXPECT_NEAR(c.std_error[1], std::sqrt(2. / 42 / 42 + 2. / 40 / 40), 1e-15);
}

TEST(CoxCurves, AHazardRatioMultipliesTheCurve) {
  const CoxRows rows = mixed(6);
  const Model m = model(rows);
  const std::array<double, 3> zero{};
  const std::array<double, 3> one{1, 0, 0};
  const auto a = stats::cox_curves(m.data, m.fit, zero);
  const auto b = stats::cox_curves(m.data, m.fit, one, 0.25);
  ASSERT_TRUE(a && b);
  for (std::size_t s = 0; s < a->size(); ++s) {
    for (std::size_t i = 0; i < (*a)[s].time.size(); ++i) {
      EXPECT_NEAR((*b)[s].cumulative_hazard[i],
                  (*a)[s].cumulative_hazard[i] * std::exp(m.fit.coef[0] + 0.25), 1e-12);
    }
  }
  EXPECT_FALSE(stats::cox_curves(m.data, m.fit, std::array<double, 2>{}));
}

// ---- proportionality ---------------------------------------------------------------------------

// The test is the score test of x g(t) beside x: rows are cut at every event time, the product is
// written out as a covariate, and b is held at its fit through the offset.
TEST(Proportionality, EqualsTheScoreTestOfAWrittenOutProduct) {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    SCOPED_TRACE(seed);
    const CoxRows rows = random_rows(seed, {.n = 60, .p = 2, .days = true, .late = seed % 2 == 1});
    const Model m = model(rows);
    const auto test = stats::proportionality_test(m.data, m.fit, stats::TimeTransform::log);
    ASSERT_TRUE(test && *test);
    const auto cut = stats::split_intervals(rows.time, rows.event, rows.entry, rows.time);
    ASSERT_TRUE(cut);
    CoxRows written;
    written.columns = 4;
    written.time = cut->time;
    written.entry = cut->entry;
    written.event = cut->event;
    for (std::size_t j = 0; j < 4; ++j) {
      for (std::size_t i = 0; i < cut->row.size(); ++i) {
        const double x = rows.x[(j % 2) * 60 + cut->row[i]];
        written.x.push_back(j < 2 ? x : x * std::log(cut->time[i]));
      }
    }
    for (const std::uint32_t row : cut->row) {
      written.offset.push_back(m.fit.coef[0] * rows.x[row] + m.fit.coef[1] * rows.x[60 + row]);
    }
    const Model product = model(written);
    EXPECT_NEAR((*test)->global_chi_square, product.fit.score_test, 1e-8);
    EXPECT_EQ((*test)->global_df, 2U);
  }
}

TEST(Proportionality, TermsOfSeveralColumnsAreTestedTogether) {
  const Model m = model(random_rows(2, {.n = 120, .p = 3}));
  const std::array<std::uint32_t, 3> one{0, 0, 0};
  const auto together = stats::proportionality_test(m.data, m.fit, stats::TimeTransform::rank, one);
  const auto apart = stats::proportionality_test(m.data, m.fit, stats::TimeTransform::rank);
  ASSERT_TRUE(together && *together && apart && *apart);
  EXPECT_NEAR(*(*together)->chi_square[0], (*apart)->global_chi_square, 1e-10);
  EXPECT_EQ((*together)->df[0], 3U);
}

TEST(Proportionality, LogarithmOfTimeZeroHasNoAnswer) {
  CoxRows rows = random_rows(2, {.n = 40, .p = 1});
  rows.time[0] = 0;
  rows.event[0] = 1;
  const Model m = model(rows);
  const auto test = stats::proportionality_test(m.data, m.fit, stats::TimeTransform::log);
  ASSERT_TRUE(test);
  EXPECT_FALSE(*test);
  const auto exact = model(freireich(), CoxTies::exact);
  EXPECT_FALSE(stats::proportionality_test(exact.data, exact.fit, stats::TimeTransform::identity));
}

// ---- concordance -------------------------------------------------------------------------------

// Every pair looked at, as the definition reads.
stats::Concordance all_pairs(const CoxRows& rows, const std::vector<double>& score,
                             double& variance) {
  const std::size_t n = rows.size();
  stats::Concordance out;
  std::vector<std::array<double, 3>> of(n);
  const auto add = [&](std::size_t i, std::size_t j, std::size_t kind) {
    of[i][kind] += weight(rows, j);
    of[j][kind] += weight(rows, i);
  };
  for (std::size_t i = 0; i < n; ++i) {
    if (rows.event[i] == 0) continue;
    for (std::size_t j = 0; j < n; ++j) {
      if (i == j || (!rows.stratum.empty() && rows.stratum[i] != rows.stratum[j])) continue;
      const double w = weight(rows, i) * weight(rows, j);
      const bool both = rows.time[i] == rows.time[j] && rows.event[j] != 0;
      if (both) {
        if (i < j) (score[i] == score[j] ? out.tied_both : out.tied_time) += w;
        continue;
      }
      const bool at_risk = rows.time[j] > rows.time[i] || rows.time[j] == rows.time[i];
      if (!at_risk || (!rows.entry.empty() && rows.entry[j] >= rows.time[i])) continue;
      if (rows.time[j] < rows.time[i]) continue;
      const std::size_t kind = score[i] > score[j] ? 0 : score[i] < score[j] ? 1 : 2;
      (kind == 0 ? out.concordant : kind == 1 ? out.discordant : out.tied_score) += w;
      add(i, j, kind);
    }
  }
  const double pairs = out.concordant + out.discordant + out.tied_score;
  out.c = (out.concordant + out.tied_score / 2) / pairs;
  variance = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double change = weight(rows, i) *
                          (of[i][0] + of[i][2] / 2 - *out.c * (of[i][0] + of[i][1] + of[i][2])) /
                          pairs;
    variance += change * change;
  }
  return out;
}

TEST(ConcordanceOfScores, EqualsLookingAtEveryPair) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(seed);
    const CoxRows rows = mixed(seed);
    std::vector<double> score;
    for (std::size_t i = 0; i < rows.size(); ++i) score.push_back(std::round(3 * rows.x[i]));
    stats::ConcordanceInput input;
    input.time = rows.time;
    input.event = rows.event;
    input.score = score;
    input.entry = rows.entry;
    input.weight = rows.weight;
    input.stratum = rows.stratum;
    const auto fast = stats::concordance(input);
    ASSERT_TRUE(fast);
    double variance = 0;
    const stats::Concordance slow = all_pairs(rows, score, variance);
    EXPECT_NEAR(fast->concordant, slow.concordant, 1e-9);
    EXPECT_NEAR(fast->discordant, slow.discordant, 1e-9);
    EXPECT_NEAR(fast->tied_score, slow.tied_score, 1e-9);
    EXPECT_NEAR(fast->tied_time, slow.tied_time, 1e-9);
    EXPECT_NEAR(fast->tied_both, slow.tied_both, 1e-9);
    EXPECT_NEAR(*fast->c, *slow.c, 1e-12);
    EXPECT_NEAR(*fast->std_error, std::sqrt(variance), 1e-12);
  }
}

TEST(ConcordanceOfScores, WithoutComparablePairsThereIsNone) {
  const std::vector<double> time{5, 5};
  const std::vector<std::uint8_t> event{1, 1};
  const std::vector<double> score{1, 2};
  stats::ConcordanceInput input;
  input.time = time;
  input.event = event;
  input.score = score;
  const auto c = stats::concordance(input);
  ASSERT_TRUE(c);
  EXPECT_FALSE(c->c);
  EXPECT_EQ(c->tied_time, 1.0);
  const std::vector<double> bad{1, std::nan("")};
  input.score = bad;
  EXPECT_FALSE(stats::concordance(input));
}

// ---- splitting ---------------------------------------------------------------------------------

TEST(SplitIntervals, CutsStrictlyInsideOnly) {
  const std::vector<double> time{5, 10};
  const std::vector<std::uint8_t> event{1, 0};
  const std::vector<double> entry{0, 5};
  const auto cut = stats::split_intervals(time, event, entry, std::array{5.0, 7.0, 2.0, 7.0});
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->row, (std::vector<std::uint32_t>{0, 0, 1, 1}));
  EXPECT_EQ(cut->entry, (std::vector<double>{0, 2, 5, 7}));
  EXPECT_EQ(cut->time, (std::vector<double>{2, 5, 7, 10}));
  EXPECT_EQ(cut->event, (std::vector<std::uint8_t>{0, 1, 0, 0}));
  EXPECT_EQ(cut->episode, (std::vector<std::uint32_t>{0, 1, 2, 3}));
}

TEST(SplitIntervals, AnIntervalThatEndsBeforeItBeginsIsRefused) {
  const auto cut = stats::split_intervals(std::array{5.0}, std::array<std::uint8_t, 1>{1},
                                          std::array{5.0}, std::array{1.0});
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().field, "entry");
}

}  // namespace
}  // namespace ombre::test
