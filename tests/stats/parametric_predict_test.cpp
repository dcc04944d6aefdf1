#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "ombre/stats/parametric_survival.hpp"
#include "stats/parametric_people.hpp"

namespace {

using namespace ombre;
using namespace ombre::stats;

// A fit with chosen parameters and variance, as if estimated.
ParametricFit made(SurvivalFamily family, std::vector<double> parameters, std::size_t columns = 0) {
  ParametricFit fit;
  fit.family = family;
  fit.columns = columns;
  const std::size_t size = parameters.size();
  if (family == SurvivalFamily::gompertz) {
    fit.shape = parameters.back();
  } else if (family == SurvivalFamily::generalised_gamma) {
    fit.scale = std::exp(parameters[size - 2]);
    fit.shape = parameters.back();
  } else if (family != SurvivalFamily::exponential) {
    fit.scale = std::exp(parameters.back());
  }
  fit.kind.assign(1 + columns, ParametricCoefficient::estimated);
  fit.variance.assign(size * size, 0);
  for (std::size_t j = 0; j < size; ++j) {
    for (std::size_t k = 0; k < size; ++k) {
      fit.variance[j * size + k] = j == k ? 0.01 * (1 + static_cast<double>(j)) : 0.002;
    }
  }
  fit.parameters = std::move(parameters);
  return fit;
}

std::vector<ParametricFit> some_fits() {
  return {made(SurvivalFamily::exponential, {2.1}),
          made(SurvivalFamily::weibull, {2.1, -0.3}),
          made(SurvivalFamily::weibull, {2.1, 0.6}),
          made(SurvivalFamily::log_normal, {2.1, -0.2}),
          made(SurvivalFamily::log_logistic, {2.1, -0.7}),
          made(SurvivalFamily::gamma, {2.1, -0.5}),
          made(SurvivalFamily::gamma, {2.1, 0.4}),
          made(SurvivalFamily::generalised_gamma, {2.1, -0.4, 0.5}),
          made(SurvivalFamily::generalised_gamma, {2.1, -0.4, 1e-5}),
          made(SurvivalFamily::generalised_gamma, {2.1, -0.7, -0.8}),
          made(SurvivalFamily::generalised_gamma, {2.1, -0.7, 2.2}),
          made(SurvivalFamily::gompertz, {-2.5, 0.07}),
          made(SurvivalFamily::gompertz, {-2.5, 2e-3})};
}

TEST(ParametricPrediction, QuantilesAreWhereSurvivalSaysAndHazardIsItsSlope) {
  for (const auto& fit : some_fits()) {
    SCOPED_TRACE(testing::Message() << name(fit.family) << " " << fit.parameters.back());
    const std::vector<double> p{0.01, 0.25, 0.5, 0.9, 0.999};
    const auto quantiles = predicted_quantiles(fit, {}, p);
    ASSERT_TRUE(quantiles);
    for (std::size_t i = 0; i < p.size(); ++i) {
      ASSERT_TRUE((*quantiles)[i]);
      const double t = (*quantiles)[i]->estimate;
      const auto s = *predicted_survival(fit, {}, std::vector<double>{t});
      EXPECT_NEAR(s[0].estimate, 1 - p[i], 1e-13);
      const double h = 1e-4 * t;
      const auto around =
          *predicted_survival(fit, {}, std::vector<double>{t - 2 * h, t - h, t + h, t + 2 * h});
      const double slope = (8 * (std::log(around[2].estimate) - std::log(around[1].estimate)) -
                            (std::log(around[3].estimate) - std::log(around[0].estimate))) /
                           (12 * h);
      const auto hazard = *predicted_hazard(fit, {}, std::vector<double>{t});
      EXPECT_NEAR(hazard[0]->estimate, -slope, 1e-8 * hazard[0]->estimate);
    }
  }
}

TEST(ParametricPrediction, MeanIsTheAreaUnderSurvivalAndTheRestrictedMeanItsPart) {
  for (const auto& fit : some_fits()) {
    SCOPED_TRACE(testing::Message() << name(fit.family) << " " << fit.parameters.back());
    const auto mean = *predicted_mean(fit, {});
    ASSERT_TRUE(mean);
    // Almost everything lies before this, except in heavy tails.
    const double far = (*predicted_quantiles(fit, {}, std::vector<double>{1 - 1e-9}))[0]->estimate;
    const auto part = *predicted_restricted_mean(fit, {}, 1e3 * far);
    EXPECT_NEAR(part.estimate, mean->estimate, 2e-4 * mean->estimate);
    // Midpoint sums of S by an independent, plain way.
    const double tau = 12;
    double area = 0;
    std::vector<double> times(20000);
    for (std::size_t i = 0; i < times.size(); ++i) {
      times[i] = tau * (static_cast<double>(i) + 0.5) / static_cast<double>(times.size());
    }
    const auto curve = *predicted_survival(fit, {}, times);
    for (const auto& s : curve) area += s.estimate;
    area *= tau / static_cast<double>(times.size());
    EXPECT_NEAR(predicted_restricted_mean(fit, {}, tau)->estimate, area, 2e-5 * area);
  }
}

TEST(ParametricPrediction, MeansAreTheTextbookOnes) {
  const auto mean = [](const ParametricFit& fit) {
    return predicted_mean(fit, {})->value().estimate;
  };
  EXPECT_NEAR(mean(made(SurvivalFamily::exponential, {2.0})), std::exp(2.0), 1e-12);
  EXPECT_NEAR(mean(made(SurvivalFamily::weibull, {2.0, std::log(0.5)})),
              std::exp(2.0) * std::sqrt(M_PI) / 2, 1e-12);
  EXPECT_NEAR(mean(made(SurvivalFamily::log_normal, {1.0, 0.0})), std::exp(1.5), 1e-12);
  EXPECT_NEAR(mean(made(SurvivalFamily::log_logistic, {0.0, std::log(0.5)})), M_PI / 2, 1e-12);
  EXPECT_NEAR(mean(made(SurvivalFamily::gamma, {1.3, 0.7})), std::exp(1.3), 1e-12);
  // exp(1) E1(1) = 0.596347362323194 (Abramowitz & Stegun, table 5.1).
  EXPECT_NEAR(mean(made(SurvivalFamily::gompertz, {0.0, 1.0})), 0.596347362323194, 1e-11);
  // Inverse gamma: 1 / mean of the gamma is not it; E[1/G] = k / (k - 1) with k = 4.
  EXPECT_NEAR(mean(made(SurvivalFamily::generalised_gamma, {0.0, std::log(0.5), -0.5})), 4.0 / 3,
              1e-11);
}

TEST(ParametricPrediction, WhatIsInfiniteOrNeverReachedHasNoAnswer) {
  EXPECT_FALSE(*predicted_mean(made(SurvivalFamily::log_logistic, {1, 0.1}), {}));
  EXPECT_FALSE(*predicted_mean(made(SurvivalFamily::generalised_gamma, {1, 0.0, -1.0}), {}));
  const auto cured = made(SurvivalFamily::gompertz, {-2.0, -0.5});
  EXPECT_FALSE(*predicted_mean(cured, {}));
  // A share exp(exp(eta) / a) = exp(-0.27) = 0.763 never has the event.
  const auto q = *predicted_quantiles(cured, {}, std::vector<double>{0.2, 0.25});
  EXPECT_TRUE(q[0]);
  EXPECT_FALSE(q[1]);
  EXPECT_NEAR((*predicted_survival(cured, {}, std::vector<double>{1e4}))[0].estimate,
              std::exp(std::exp(-2.0) / -0.5), 1e-12);
  EXPECT_FALSE(
      (*predicted_hazard(made(SurvivalFamily::weibull, {1, 0.1}), {}, std::vector<double>{0}))[0]);
  EXPECT_TRUE((*predicted_hazard(cured, {}, std::vector<double>{0}))[0]);
}

// Standard errors against differences in the parameters, taken one by one.
TEST(ParametricPrediction, ErrorsAreThoseOfTheDeltaMethod) {
  for (const auto& fit : some_fits()) {
    SCOPED_TRACE(testing::Message() << name(fit.family) << " " << fit.parameters.back());
    const std::vector<double> time{6};
    const std::vector<double> half{0.5};
    const std::size_t size = fit.parameters.size();
    const auto answers = [&](const ParametricFit& f) {
      return std::vector<ParametricPrediction>{
          (*predicted_survival(f, {}, time))[0], *(*predicted_hazard(f, {}, time))[0],
          *(*predicted_quantiles(f, {}, half))[0], **predicted_mean(f, {}),
          *predicted_restricted_mean(f, {}, 10)};
    };
    std::vector<std::vector<double>> slope(5, std::vector<double>(size));
    for (std::size_t j = 0; j < size; ++j) {
      const double h = 1e-5;
      const auto moved = [&](double by) {
        auto parameters = fit.parameters;
        parameters[j] += by;
        return answers(made(fit.family, parameters));
      };
      const auto up = moved(h);
      const auto down = moved(-h);
      for (std::size_t k = 0; k < 5; ++k) {
        slope[k][j] = (up[k].estimate - down[k].estimate) / (2 * h);
      }
    }
    const auto here = answers(fit);
    for (std::size_t k = 0; k < 5; ++k) {
      double variance = 0;
      for (std::size_t a = 0; a < size; ++a) {
        for (std::size_t b = 0; b < size; ++b) {
          variance += slope[k][a] * fit.variance[a * size + b] * slope[k][b];
        }
      }
      SCOPED_TRACE(k);
      ASSERT_TRUE(here[k].standard_error);
      EXPECT_NEAR(*here[k].standard_error, std::sqrt(variance), 2e-6 * std::sqrt(variance));
      EXPECT_LT(here[k].interval->low, here[k].estimate);
      EXPECT_GT(here[k].interval->high, here[k].estimate);
    }
  }
}

TEST(ParametricPrediction, CovariatesMoveTimesOrHazardsAsTheFamilySays) {
  const auto weibull = made(SurvivalFamily::weibull, {2, 0.7, -0.2}, 1);
  const auto median = [](const ParametricFit& f, double x) {
    return (*predicted_quantiles(f, std::vector<double>{x}, std::vector<double>{0.5}))[0]->estimate;
  };
  EXPECT_NEAR(median(weibull, 1) / median(weibull, 0), std::exp(0.7), 1e-13);
  const auto gompertz = made(SurvivalFamily::gompertz, {-2, 0.7, 0.05}, 1);
  const auto hazard = [](const ParametricFit& f, double x) {
    return (*predicted_hazard(f, std::vector<double>{x}, std::vector<double>{3}))[0]->estimate;
  };
  EXPECT_NEAR(hazard(gompertz, 1) / hazard(gompertz, 0), std::exp(0.7), 1e-13);
}

TEST(ParametricPrediction, RefusesWhatDoesNotFit) {
  const auto fit = made(SurvivalFamily::weibull, {2, 0.7, -0.2}, 1);
  const std::vector<double> x{1};
  EXPECT_EQ(predicted_survival(fit, {}, x).error().code, Errc::size_mismatch);
  EXPECT_EQ(describe(predicted_survival(fit, x, std::vector<double>{1, -1}).error()),
            "times[1] = -1: must be 0 or more");
  EXPECT_EQ(predicted_quantiles(fit, x, std::vector<double>{1}).error().field, "probabilities");
  EXPECT_EQ(predicted_restricted_mean(fit, x, 0).error().field, "tau");
  EXPECT_EQ(predicted_mean(fit, x, 1.5).error().field, "level");
  EXPECT_EQ(predicted_mean(fit, std::vector<double>{std::nan("")}).error().code, Errc::not_finite);
  const auto start = (*predicted_survival(fit, x, std::vector<double>{0}))[0];
  EXPECT_EQ(start.estimate, 1);
  EXPECT_EQ(start.standard_error, 0);
}

}  // namespace
