#include "ombre/stats/rubin.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace {

using namespace ombre;
using namespace ombre::stats;

TEST(Rubin, WorkedByHand) {
  // Estimates 1, 2, 3, each with variance 1/2. Mean 2; within 1/2; between 1; total 1/2 + 4/3 =
  // 11/6. Share due to missing (4/3)/(11/6) = 8/11. Degrees of freedom: 2 / (8/11)^2 = 121/32 from
  // the imputations, 21/23 * 20 * 3/11 = 1260/253 from 20 of complete data; together their product
  // over their sum.
  const std::vector<double> estimates{1, 2, 3};
  const std::vector<double> variances{0.5, 0.5, 0.5};
  const auto p = pool_rubin(estimates, variances, 20);
  ASSERT_TRUE(p);
  EXPECT_NEAR(p->estimate, 2, 1e-15);
  EXPECT_NEAR(p->within, 0.5, 1e-15);
  EXPECT_NEAR(p->between, 1, 1e-15);
  EXPECT_NEAR(p->total, 11.0 / 6, 1e-15);
  EXPECT_NEAR(p->lambda, 8.0 / 11, 1e-15);
  const double a = 121.0 / 32;
  const double b = 1260.0 / 253;
  EXPECT_NEAR(*p->df, a * b / (a + b), 1e-12);
  const auto large = pool_rubin(estimates, variances);
  EXPECT_NEAR(*large->df, a, 1e-12);
  EXPECT_LT(p->low, large->low);  // fewer degrees of freedom, wider interval
}

TEST(Rubin, WithoutSpreadOnlyTheDataCount) {
  const std::vector<double> estimates{2, 2, 2};
  const std::vector<double> variances{1, 1, 1};
  const auto p = pool_rubin(estimates, variances);
  EXPECT_FALSE(p->df);
  EXPECT_EQ(p->lambda, 0);
  EXPECT_EQ(p->missing_information, 0);
  EXPECT_NEAR(p->high, 2 + 1.959963984540054, 1e-12);
  EXPECT_NEAR(*pool_rubin(estimates, variances, 9)->df, 10.0 / 12 * 9, 1e-12);
}

TEST(Rubin, AllVarianceFromImputationStillHasAnInterval) {
  const std::vector<double> estimates{1, 3};
  const std::vector<double> variances{0, 0};
  const auto p = pool_rubin(estimates, variances, 5);
  ASSERT_TRUE(p);
  EXPECT_EQ(p->lambda, 1);
  EXPECT_EQ(p->missing_information, 1);
  EXPECT_TRUE(std::isfinite(p->low) && std::isfinite(p->high));
}

TEST(Rubin, BadInputIsRefused) {
  const std::vector<double> one{1};
  const std::vector<double> two{1, 2};
  EXPECT_EQ(pool_rubin(one, one).error().code, Errc::empty_input);
  EXPECT_EQ(pool_rubin(two, one).error().code, Errc::size_mismatch);
  EXPECT_EQ(pool_rubin(two, std::vector<double>{1, -1}).error().code, Errc::out_of_range);
  EXPECT_EQ(pool_rubin(two, std::vector<double>{1, std::nan("")}).error().code, Errc::not_finite);
  EXPECT_EQ(pool_rubin(two, two, 0.0).error().code, Errc::out_of_range);
  EXPECT_EQ(pool_rubin(two, two, {}, 2).error().code, Errc::out_of_range);
}

}  // namespace
