#include "ombre/stats/rmst.hpp"

#include <gtest/gtest.h>
#include <algorithm>

#include <cmath>

#include "stats/survival_data.hpp"

namespace {

using namespace ombre;
using namespace ombre::stats;
using namespace ombre_test;

// Without censoring the area is the plain mean of min(T, tau), and Greenwood's sum is its variance
// with n in place of n - 1.
TEST(RestrictedMean, WithoutCensoringItIsTheMeanOfWhatWasSeen) {
  const std::vector<std::uint8_t> all(21, 1);
  const auto c = survival_curve({freireich::weeks_control, all});
  for (const double tau : {3.0, 8.5, 22.0, 40.0}) {
    const auto m = restricted_mean(*c, tau);
    double sum = 0;
    double squares = 0;
    for (const double w : freireich::weeks_control) {
      sum += std::min(w, tau);
      squares += std::min(w, tau) * std::min(w, tau);
    }
    EXPECT_NEAR(m->mean, sum / 21, 1e-13);
    EXPECT_NEAR(m->variance, (squares / 21 - sum / 21 * sum / 21) / 21, 1e-13);
    EXPECT_NEAR(m->lost, tau - sum / 21, 1e-13);
    EXPECT_FALSE(m->beyond_follow_up);  // S is 0 at the end
  }
}

TEST(RestrictedMean, ASmallCaseByHand) {
  const std::vector<double> time{2, 3, 5};
  const std::vector<std::uint8_t> event{1, 0, 1};
  const auto c = survival_curve({time, event});
  const auto m = restricted_mean(*c, 4);
  EXPECT_NEAR(m->mean, 2 + 2 * 2.0 / 3, 1e-15);
  EXPECT_NEAR(m->variance, std::pow(2 * 2.0 / 3, 2) / (3 * 2), 1e-15);
  const std::vector<std::uint8_t> open{1, 0, 0};
  EXPECT_TRUE(restricted_mean(*survival_curve({time, open}), 6)->beyond_follow_up);
  EXPECT_FALSE(restricted_mean(*c, 0));
  EXPECT_FALSE(restricted_mean(*c, std::nan("")));
}

TEST(RestrictedMean, SwappingGroupsTurnsContrastsAround) {
  const std::vector<std::uint8_t> all(21, 1);
  const auto a = survival_curve({freireich::weeks_control, all});
  const auto b = survival_curve({freireich::weeks_6mp, freireich::event_6mp});
  const auto there = compare_restricted_means(*a, *b, 20);
  const auto back = compare_restricted_means(*b, *a, 20);
  EXPECT_NEAR(there->difference.estimate, -back->difference.estimate, 1e-13);
  EXPECT_NEAR(there->ratio->estimate, 1 / back->ratio->estimate, 1e-13);
  EXPECT_NEAR(there->ratio->interval.low, 1 / back->ratio->interval.high, 1e-13);
  EXPECT_NEAR(there->lost_ratio->p.value(), back->lost_ratio->p.value(), 1e-13);
  EXPECT_NEAR(there->ratio->standard_error, back->ratio->standard_error, 1e-13);
  EXPECT_GT(there->difference.interval.low, 0);
}

// Nobody has an event by then, so nothing says how far another cohort's means would be.
TEST(RestrictedMean, WithoutAnEventThereIsNoTestOfADifference) {
  const std::vector<double> time{3, 4};
  const std::vector<std::uint8_t> none{0, 0};
  const auto a = survival_curve({time, none});
  const auto both = compare_restricted_means(*a, *a, 2);
  ASSERT_TRUE(both);
  EXPECT_EQ(both->difference.standard_error, 0);
  EXPECT_FALSE(both->difference.p);
}

// With an intercept and the arm only, and nobody censored, the regression is two means.
TEST(RmstRegression, WithoutCovariatesAndCensoringItIsTheMeans) {
  std::vector<double> time = freireich::weeks_control;
  time.insert(time.end(), freireich::weeks_6mp.begin(), freireich::weeks_6mp.end());
  const std::vector<std::uint8_t> event(42, 1);
  std::vector<std::uint8_t> arm(21, 0);
  arm.resize(42, 1);
  std::vector<double> x(42, 1);
  for (const std::uint8_t a : arm) x.push_back(a);
  const double tau = 20;
  double mean[2] = {0, 0};
  for (std::size_t i = 0; i < 42; ++i) mean[arm[i]] += std::min(time[i], tau) / 21;
  const auto difference = rmst_regression(time, event, arm, x, 2, tau, RmstLink::difference);
  ASSERT_TRUE(difference);
  EXPECT_NEAR(difference->coefficient[0], mean[0], 1e-12);
  EXPECT_NEAR(difference->coefficient[1], mean[1] - mean[0], 1e-12);
  const auto ratio = rmst_regression(time, event, arm, x, 2, tau, RmstLink::ratio);
  EXPECT_TRUE(ratio->converged);
  EXPECT_NEAR(ratio->coefficient[1], std::log(mean[1] / mean[0]), 1e-11);
  const auto lost = rmst_regression(time, event, arm, x, 2, tau, RmstLink::lost_ratio);
  EXPECT_NEAR(lost->coefficient[1], std::log((tau - mean[1]) / (tau - mean[0])), 1e-11);
}

TEST(RmstRegression, RowOrderDoesNotMatterAndCollinearColumnsAreRefused) {
  const People p = people(5, 120, true, 2);
  std::vector<std::uint8_t> arm(p.group.begin(), p.group.end());
  std::vector<double> x(120, 1);
  for (const auto a : arm) x.push_back(a);
  for (const double w : p.weight) x.push_back(w);
  const auto fit = rmst_regression(p.time, p.event, arm, x, 3, 20, RmstLink::ratio);
  ASSERT_TRUE(fit);
  EXPECT_TRUE(fit->converged);
  const auto order = shuffled(120, 3);
  std::vector<double> turned(120, 1);
  for (const std::size_t i : order) turned.push_back(arm[i]);
  for (const std::size_t i : order) turned.push_back(p.weight[i]);
  const auto again = rmst_regression(in_order(p.time, order), in_order(p.event, order),
                                     in_order(arm, order), turned, 3, 20, RmstLink::ratio);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(fit->coefficient[i], again->coefficient[i], 1e-10);
    EXPECT_NEAR(fit->covariance[4 * i], again->covariance[4 * i], 1e-10);
  }
  x.insert(x.end(), p.weight.begin(), p.weight.end());
  EXPECT_EQ(rmst_regression(p.time, p.event, arm, x, 4, 20, RmstLink::ratio).error().code,
            Errc::not_computable);
  EXPECT_EQ(rmst_regression(p.time, p.event, arm, x, 3, 20, RmstLink::ratio).error().code,
            Errc::size_mismatch);
}

}  // namespace
