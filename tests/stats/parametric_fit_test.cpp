// Parametric survival against the outside: R, published fits, closed forms.

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "ombre/stats/parametric_survival.hpp"
#include "stats/parametric_people.hpp"
#include "stats/parametric_reference.hpp"

namespace {

using namespace ombre;
using namespace ombre::stats;
using test::parametric_people;

ParametricInput input_of(const test::ParametricPeople& people, std::string_view data) {
  return data == "right"      ? people.right()
         : data == "weighted" ? people.weighted()
                              : people.visits();
}

void expect_close(double ours, double theirs, double relative, double unit) {
  EXPECT_NEAR(ours, theirs, relative * std::max(std::abs(theirs), unit));
}

// Reference: survreg of R's survival 3.5-3 at rel.tolerance 1e-15, made by
// tests/reference/parametric_survival.R. Its last step leaves coefficients about 1e-9 of a standard
// error away.
TEST(ParametricFit, AgreesWithSurvregOnCensoredWeightedAndVisitData) {
  const auto people = parametric_people();
  for (const auto& c : test::reference::survreg_cases) {
    SCOPED_TRACE(std::string{c.data} + " " + std::string{c.family});
    ParametricOptions options{.family = *survival_family(c.family)};
    ParametricInput input = input_of(people, c.data);
    if (c.fixed_scale > 0) {
      options.fixed_scale = c.fixed_scale;
      input.columns = 1;
      input.x = input.x.first(input.time.size());
    }
    const auto fit = parametric_fit(input, options);
    ASSERT_TRUE(fit) << describe(fit.error());
    EXPECT_EQ(fit->status, ParametricStatus::converged);
    ASSERT_EQ(fit->parameters.size(), c.parameters.size());
    for (std::size_t j = 0; j < c.parameters.size(); ++j) {
      expect_close(fit->parameters[j], c.parameters[j], 1e-8, 1);
    }
    ASSERT_EQ(fit->variance.size(), c.variance.size());
    for (std::size_t j = 0; j < c.variance.size(); ++j) {
      expect_close(fit->variance[j], c.variance[j], 1e-7, 0.01);
    }
    expect_close(fit->loglik, c.loglik, 1e-11, 1);
    expect_close(fit->loglik_null, c.loglik_null, 1e-11, 1);
    EXPECT_LT(fit->max_score, 1e-9);
  }
}

// Reference: R's own density and distribution functions (same script).
TEST(ParametricLikelihood, AgreesWithRsDistributionFunctionsWithLateEntryAndVisits) {
  const auto people = parametric_people();
  for (const auto& c : test::reference::likelihood_cases) {
    SCOPED_TRACE(std::string{c.family} + " " + std::to_string(c.parameters.back()));
    const auto family = *survival_family(c.family);
    const auto late = parametric_likelihood(people.late(), family, c.parameters);
    const auto visits = parametric_likelihood(people.visits(), family, c.parameters);
    ASSERT_TRUE(late && visits);
    EXPECT_NEAR(late->loglik, c.late, 2e-12 * std::abs(c.late));
    EXPECT_NEAR(visits->loglik, c.visits, 2e-12 * std::abs(c.visits));
  }
}

TEST(ParametricLikelihood, ItsDerivativesAreThoseOfItsValue) {
  const auto people = parametric_people();
  for (const auto& c : test::reference::likelihood_cases) {
    const auto family = *survival_family(c.family);
    for (const bool visits : {false, true}) {
      SCOPED_TRACE(std::string{c.family} + (visits ? " visits" : " late"));
      const auto input = visits ? people.visits() : people.late();
      const auto at = [&](const std::vector<double>& p) {
        return *parametric_likelihood(input, family, p);
      };
      const auto here = at(c.parameters);
      const std::size_t size = c.parameters.size();
      for (std::size_t j = 0; j < size; ++j) {
        // Fourth-order central differences of the value and of the gradient.
        const double h = c.family == "gompertz" && j + 1 == size ? 1e-5 : 1e-3;
        const auto moved = [&](double by) {
          auto p = c.parameters;
          p[j] += by * h;
          return at(p);
        };
        const auto a = moved(1);
        const auto b = moved(-1);
        const auto aa = moved(2);
        const auto bb = moved(-2);
        const double slope = (8 * (a.loglik - b.loglik) - (aa.loglik - bb.loglik)) / (12 * h);
        EXPECT_NEAR(here.gradient[j], slope, 1e-7 * (1 + std::abs(slope)));
        for (std::size_t k = 0; k < size; ++k) {
          const double bend =
              (8 * (a.gradient[k] - b.gradient[k]) - (aa.gradient[k] - bb.gradient[k])) / (12 * h);
          EXPECT_NEAR(here.hessian[j * size + k], bend, 1e-7 * (1 + std::abs(bend)));
        }
      }
    }
  }
}

TEST(ParametricLikelihood,
     OfTheGeneralisedGammaIsSmoothThroughTheLogNormalAndMeetsWeibullAndGamma) {
  const auto people = parametric_people();
  for (const bool visits : {false, true}) {
    const auto input = visits ? people.visits() : people.late();
    const auto general = [&](double log_scale, double q) {
      return *parametric_likelihood(input, SurvivalFamily::generalised_gamma,
                                    std::vector<double>{2.9, 0.4, -0.2, log_scale, q});
    };
    const auto simple = [&](SurvivalFamily family, double log_scale) {
      return *parametric_likelihood(input, family, std::vector<double>{2.9, 0.4, -0.2, log_scale});
    };
    const auto zero = general(-0.3, 0);
    EXPECT_NEAR(zero.loglik, simple(SurvivalFamily::log_normal, -0.3).loglik, 1e-11 * 300);
    EXPECT_NEAR(general(-0.3, 1).loglik, simple(SurvivalFamily::weibull, -0.3).loglik, 1e-11 * 300);
    EXPECT_NEAR(general(-0.3, std::exp(-0.3)).loglik, simple(SurvivalFamily::gamma, -0.3).loglik,
                1e-11 * 300);
    for (const double q : {1e-12, 1e-9, 1e-6, 1e-4}) {
      SCOPED_TRACE(q);
      const auto up = general(-0.3, q);
      const auto down = general(-0.3, -q);
      EXPECT_NEAR(up.loglik - down.loglik, 2 * q * zero.gradient[4], 1e-10 + 1e2 * q * q);
      EXPECT_NEAR(up.gradient[4], zero.gradient[4], 1e-9 + 1e3 * q);
      EXPECT_NEAR(up.hessian[24], zero.hessian[24], 1e-7 + 1e4 * q);
    }
  }
}

// Reference: Freireich et al., Blood 21:699 (1963), weeks in remission; the fits are those of
// Kleinbaum & Klein, Survival Analysis, 3rd ed. (2012), chapter 7, and of R's survreg.
struct Freireich {
  std::vector<double> weeks{6,  6,  6,  6,  7,  9,  10, 10, 11, 13, 16, 17, 19, 20,
                            22, 23, 25, 32, 32, 34, 35, 1,  1,  2,  2,  3,  4,  4,
                            5,  5,  8,  8,  8,  8,  11, 11, 12, 12, 15, 17, 22, 23};
  std::vector<TimeKnown> known = std::vector<TimeKnown>(42, TimeKnown::exactly);
  std::vector<double> treated = std::vector<double>(42, 0);
  Freireich() {
    for (const std::size_t i : {3U, 5U, 7U, 8U, 11U, 12U, 13U, 16U, 17U, 18U, 19U, 20U}) {
      known[i] = TimeKnown::after;
    }
    for (std::size_t i = 0; i < 21; ++i) treated[i] = 1;
  }
  [[nodiscard]] ParametricInput input() const {
    return {.time = weeks, .known = known, .x = treated, .columns = 1};
  }
};

TEST(ParametricFit, OfSixMercaptopurineIsAsPublished) {
  const Freireich data;
  const auto fit = [&](SurvivalFamily family) {
    return *parametric_fit(data.input(), {.family = family});
  };
  // Exponential by hand: 21 events in 182 weeks of placebo, 9 in 359 weeks of treatment.
  const auto exponential = fit(SurvivalFamily::exponential);
  EXPECT_NEAR(exponential.parameters[0], std::log(182.0 / 21), 1e-13);
  EXPECT_NEAR(exponential.parameters[1], std::log(359.0 / 9) - std::log(182.0 / 21), 1e-13);
  EXPECT_NEAR(exponential.variance[3], 1.0 / 9 + 1.0 / 21, 1e-13);
  EXPECT_NEAR(exponential.loglik, 21 * std::log(21.0 / 182) + 9 * std::log(9.0 / 359) - 30, 1e-12);
  const auto weibull = fit(SurvivalFamily::weibull);
  EXPECT_NEAR(weibull.parameters[0], 2.248, 0.0006);
  EXPECT_NEAR(weibull.parameters[1], 1.267, 0.0006);
  EXPECT_NEAR(std::sqrt(weibull.variance[4]), 0.311, 0.0006);
  EXPECT_NEAR(1 / *weibull.scale, 1.366, 0.0006);
  EXPECT_EQ(weibull.n, 42U);
  EXPECT_EQ(weibull.exact, 30U);
  EXPECT_EQ(weibull.df, 3U);
  EXPECT_DOUBLE_EQ(weibull.aic, 6 - 2 * weibull.loglik);
  const auto log_logistic = fit(SurvivalFamily::log_logistic);
  EXPECT_NEAR(log_logistic.parameters[0], 1.893, 0.0006);
  EXPECT_NEAR(log_logistic.parameters[1], 1.265, 0.0006);
  EXPECT_NEAR(*log_logistic.scale, 0.546, 0.0006);
}

// Reference: Edmonson et al., Cancer Treat Rep 63:241 (1979), as in R's survival::ovarian; fits as
// printed by flexsurv's example of flexsurvreg (mu 6.426 (0.736), sigma 1.426 (0.345),
// Q -0.766 (1.313), log-likelihood -96.94907, AIC 199.8981; Weibull shape 1.108, scale 1225.419,
// log-likelihood -97.9539).
TEST(ParametricFit, OfOvarianSurvivalIsAsPrintedByFlexsurv) {
  const std::vector<double> time{59,   115,  156,  421, 431, 448, 464, 475,  477,
                                 563,  638,  744,  769, 770, 803, 855, 1040, 1106,
                                 1129, 1206, 1227, 268, 329, 353, 365, 377};
  std::vector<std::uint8_t> event{1, 1, 1, 0, 1, 0, 1, 1, 0, 1, 1, 0, 0,
                                  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0};
  const auto known = *known_from_events(event);
  const ParametricInput input{.time = time, .known = known};
  const auto general = parametric_fit(input, {.family = SurvivalFamily::generalised_gamma});
  ASSERT_TRUE(general);
  EXPECT_EQ(general->status, ParametricStatus::converged);
  EXPECT_NEAR(general->parameters[0], 6.426, 0.002);
  EXPECT_NEAR(*general->scale, 1.426, 0.001);
  EXPECT_NEAR(*general->shape, -0.766, 0.002);
  EXPECT_NEAR(std::sqrt(general->variance[0]), 0.736, 0.001);
  EXPECT_NEAR(std::sqrt(general->variance[4]) * *general->scale, 0.345, 0.001);
  EXPECT_NEAR(std::sqrt(general->variance[8]), 1.313, 0.002);
  EXPECT_NEAR(general->loglik, -96.94907, 6e-6);
  EXPECT_NEAR(general->aic, 199.8981, 6e-5);
  const auto weibull = parametric_fit(input, {.family = SurvivalFamily::weibull});
  EXPECT_NEAR(1 / *weibull->scale, 1.108, 0.0006);
  EXPECT_NEAR(std::exp(weibull->parameters[0]), 1225.419, 0.03);
  EXPECT_NEAR(weibull->loglik, -97.9539, 6e-5);
}

TEST(ParametricFit, ExponentialRateIsEventsOverTimeAtRiskWithLateEntryAndWeights) {
  const std::vector<double> time{5, 7.5, 3, 12, 9, 4};
  const std::vector<double> entry{1, 0, 2.5, 4, 0, 0};
  const std::vector<double> weight{2, 1, 0.5, 1, 3, 0};
  const std::vector<std::uint8_t> event{1, 0, 1, 1, 0, 1};
  const auto known = *known_from_events(event);
  double d = 0;
  double at_risk = 0;
  for (std::size_t i = 0; i < 6; ++i) {
    d += weight[i] * event[i];
    at_risk += weight[i] * (time[i] - entry[i]);
  }
  const auto fit = parametric_fit({.time = time, .known = known, .entry = entry, .weight = weight},
                                  {.family = SurvivalFamily::exponential});
  ASSERT_TRUE(fit);
  EXPECT_NEAR(std::exp(-fit->parameters[0]), d / at_risk, 1e-14);
  EXPECT_NEAR(fit->variance[0], 1 / d, 1e-13);
  EXPECT_NEAR(fit->loglik, d * std::log(d / at_risk) - d, 1e-12);
  EXPECT_EQ(fit->n, 5U);
  EXPECT_EQ(fit->late_entries, 3U);
  // Weibull of scale 1, gamma of scale 1, generalised gamma of both and Gompertz of slope 0.
  for (const auto& options :
       {ParametricOptions{.family = SurvivalFamily::weibull, .fixed_scale = 1},
        ParametricOptions{.family = SurvivalFamily::gamma, .fixed_scale = 1},
        ParametricOptions{
            .family = SurvivalFamily::generalised_gamma, .fixed_scale = 1, .fixed_shape = 1},
        ParametricOptions{.family = SurvivalFamily::gompertz, .fixed_shape = 0}}) {
    SCOPED_TRACE(name(options.family));
    const auto same =
        parametric_fit({.time = time, .known = known, .entry = entry, .weight = weight}, options);
    ASSERT_TRUE(same);
    EXPECT_EQ(same->df, 1U);
    EXPECT_NEAR(same->loglik, fit->loglik, 1e-11);
    EXPECT_NEAR(std::abs(same->parameters[0]), fit->parameters[0], 1e-11);
    EXPECT_NEAR(same->variance[0], 1 / d, 1e-11);
  }
}

TEST(ParametricFit, UncensoredLogNormalIsTheMeanAndSpreadOfTheLogarithms) {
  const std::vector<double> time{1.5, 20, 3.2, 8, 0.7, 4};
  const std::vector<TimeKnown> known(6, TimeKnown::exactly);
  double mean = 0;
  double squares = 0;
  for (const double t : time) mean += std::log(t) / 6;
  for (const double t : time) squares += std::pow(std::log(t) - mean, 2) / 6;
  const auto fit =
      parametric_fit({.time = time, .known = known}, {.family = SurvivalFamily::log_normal});
  EXPECT_NEAR(fit->parameters[0], mean, 1e-12);
  EXPECT_NEAR(*fit->scale, std::sqrt(squares), 1e-12);
  EXPECT_NEAR(fit->variance[0], squares / 6, 1e-12);
  EXPECT_NEAR(fit->variance[3], 1.0 / 12, 1e-12);
}

// Two visit results only: every model with the right F(visit) is best, so the exponential must have
// exp(-visit / mean) = share still free.
TEST(ParametricFit, OneVisitTellsTheShareOnly) {
  std::vector<double> time(50, 30);
  std::vector<TimeKnown> known(50, TimeKnown::after);
  std::fill(known.begin(), known.begin() + 20, TimeKnown::before);
  const auto fit =
      parametric_fit({.time = time, .known = known}, {.family = SurvivalFamily::exponential});
  EXPECT_NEAR(std::exp(fit->parameters[0]), 30 / -std::log(0.6), 1e-10);
  EXPECT_NEAR(fit->loglik, 20 * std::log(0.4) + 30 * std::log(0.6), 1e-11);
}

}  // namespace
