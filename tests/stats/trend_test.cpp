#include "ombre/stats/trend.hpp"
#include <gtest/gtest.h>
#include <cmath>
#include <random>

namespace {

using namespace ombre;
using stats::kendall_tau_b;
using stats::theil_sen_slope;

using Values = std::vector<double>;

TEST(TheilSen, IsTheMedianOfThePairwiseSlopes) {
  // By hand: x 1 2 3 4, y 1 3 2 7: slopes 2, 1/2, 2, -1, 2, 5; sorted -1 1/2 2 2 2 5; median 2.
  EXPECT_EQ(**theil_sen_slope(Values{1, 2, 3, 4}, Values{1, 3, 2, 7}), 2);
  // Three points, slopes 1, 3, 2.
  EXPECT_EQ(**theil_sen_slope(Values{0, 1, 2}, Values{0, 1, 4}), 2);
}

TEST(TheilSen, OneWildValueDoesNotMoveALine) {
  EXPECT_EQ(**theil_sen_slope(Values{0, 1, 2, 3, 4, 5}, Values{0, 2, 4, 600, 8, 10}), 2);
}

TEST(TheilSen, HasNoAnswerWithoutTwoDifferentX) {
  EXPECT_FALSE(*theil_sen_slope(Values{}, Values{}));
  EXPECT_FALSE(*theil_sen_slope(Values{1}, Values{2}));
  EXPECT_FALSE(*theil_sen_slope(Values{1, 1}, Values{2, 3}));
}

TEST(TheilSen, RefusesWhatIsNoNumber) {
  EXPECT_EQ(theil_sen_slope(Values{1, 2}, Values{1}).error().code, Errc::size_mismatch);
  EXPECT_EQ(theil_sen_slope(Values{1, 2}, Values{1, std::nan("")}).error().row, 1u);
  const Values many(stats::theil_sen_most_points + 1, 0.0);
  EXPECT_EQ(theil_sen_slope(many, many).error().code, Errc::too_large);
}

TEST(TheilSen, ByIndexIsTheSameAsWithXCounted) {
  std::mt19937 random{1};
  for (std::size_t n = 0; n < 40; ++n) {
    Values x;
    Values y;
    for (std::size_t i = 0; i < n; ++i) {
      x.push_back(static_cast<double>(i));
      y.push_back(static_cast<double>(random() % 20));
    }
    Values scratch(n * n);
    EXPECT_EQ(stats::theil_sen_slope_by_index(y, scratch), *theil_sen_slope(x, y));
    const auto tau = stats::kendall_tau_b_by_index(y);
    const auto want = *kendall_tau_b(x, y);
    ASSERT_EQ(tau.has_value(), want.has_value());
    if (tau) {
      EXPECT_NEAR(*tau, *want, 1e-15);
    }
  }
}

TEST(KendallTauB, CountsTies) {
  // By hand: pairs 6; concordant 3, discordant 1, one tie in x, one in y: (3 - 1) / sqrt(5 * 5).
  EXPECT_DOUBLE_EQ(**kendall_tau_b(Values{1, 2, 2, 3}, Values{1, 3, 2, 2}), 0.4);
  EXPECT_EQ(**kendall_tau_b(Values{1, 2, 3}, Values{4, 5, 9}), 1);
  EXPECT_EQ(**kendall_tau_b(Values{1, 2, 3}, Values{4, 3, 1}), -1);
}

TEST(KendallTauB, HasNoAnswerWhenOneSideIsAllTied) {
  EXPECT_FALSE(*kendall_tau_b(Values{1, 2}, Values{3, 3}));
  EXPECT_FALSE(*kendall_tau_b(Values{1, 1}, Values{3, 4}));
  EXPECT_FALSE(*kendall_tau_b(Values{1}, Values{3}));
  EXPECT_EQ(kendall_tau_b(Values{1}, Values{}).error().code, Errc::size_mismatch);
  EXPECT_EQ(kendall_tau_b(Values{std::nan("")}, Values{1}).error().field, "x");
}

TEST(KendallTauB, AgreesWithCountingEveryPair) {
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random{seed};
    const std::size_t n = 2 + random() % 30;
    Values x(n);
    Values y(n);
    for (std::size_t i = 0; i < n; ++i) {
      x[i] = static_cast<double>(random() % 8);
      y[i] = static_cast<double>(random() % 8);
    }
    double balance = 0;
    double free_x = 0;
    double free_y = 0;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = i + 1; j < n; ++j) {
        const double sx = x[j] > x[i] ? 1 : x[j] < x[i] ? -1 : 0;
        const double sy = y[j] > y[i] ? 1 : y[j] < y[i] ? -1 : 0;
        balance += sx * sy;
        free_x += sx * sx;
        free_y += sy * sy;
      }
    }
    const auto tau = *kendall_tau_b(x, y);
    ASSERT_EQ(tau.has_value(), free_x > 0 && free_y > 0);
    if (tau) {
      EXPECT_NEAR(*tau, balance / std::sqrt(free_x * free_y), 1e-12);
    }
  }
}

}  // namespace
