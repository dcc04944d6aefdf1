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

// Expected: the defining inequality solved by uniroot() of R 4.2.2, with qt() for the quantile.
TEST(Rubin, SharesKeepTheirIntervalWithinZeroAndOne) {
  const std::vector<double> shares{0.3, 0.4, 0.35, 0.3, 0.25};
  const auto p = pool_share(shares, 40);
  ASSERT_TRUE(p);
  EXPECT_NEAR(p->estimate, 0.32, 1e-15);
  EXPECT_NEAR(p->low, 0.161673785161443, 1e-9);
  EXPECT_NEAR(p->high, 0.534515782180940, 1e-9);
  const std::vector<double> others{0.5, 0.6, 0.55, 0.5, 0.45};
  const auto d = pool_share_difference(others, 50, shares, 40);
  ASSERT_TRUE(d);
  EXPECT_NEAR(d->estimate, 0.2, 1e-15);
  EXPECT_NEAR(d->low, -0.0838100027275628, 1e-9);
  EXPECT_NEAR(d->high, 0.4400624658704977, 1e-9);
  // Nothing missing: Wilson's own interval. Wilson (1927) for 0 of 10: 0 to 0.2775.
  const auto none = pool_share(std::vector<double>{0, 0, 0}, 10);
  ASSERT_TRUE(none);
  EXPECT_EQ(none->low, 0);
  EXPECT_NEAR(none->high, 0.2775327998628892, 1e-9);
  const auto disagree = pool_share(std::vector<double>{0, 1}, 10);
  ASSERT_TRUE(disagree);
  EXPECT_EQ(disagree->low, 0);
  EXPECT_EQ(disagree->high, 1);
  EXPECT_EQ(pool_share(std::vector<double>{0.5, 1.5}, 10).error().code, Errc::out_of_range);
  EXPECT_EQ(pool_share(std::vector<double>{0.5, 0.5}, 0).error().code, Errc::out_of_range);
  EXPECT_EQ(pool_share_difference(shares, 40, std::vector<double>{0.5}, 40).error().code,
            Errc::size_mismatch);
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
