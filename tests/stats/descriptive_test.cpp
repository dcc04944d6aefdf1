#include "ombre/stats/descriptive.hpp"
#include <gtest/gtest.h>
#include <cmath>

namespace {

using namespace ombre;

using Values = std::vector<double>;

double quantile(Values v, double p) { return **stats::quantile_type7(v, p); }

// Hyndman & Fan rule 7 by hand: h = (n - 1) p.
TEST(QuantileType7, InterpolatesBetweenSortedValues) {
  EXPECT_DOUBLE_EQ(quantile({10, 1, 3, 2, 4}, 0.9), 7.6);  // h 3.6: 4 + 0.6 * 6
  EXPECT_DOUBLE_EQ(quantile({4, 1, 3, 2}, 0.5), 2.5);
  EXPECT_DOUBLE_EQ(quantile({4, 1, 3, 2}, 0.25), 1.75);
  EXPECT_EQ(quantile({4, 1, 3, 2}, 0), 1);
  EXPECT_EQ(quantile({4, 1, 3, 2}, 1), 4);
  EXPECT_EQ(quantile({5}, 0.3), 5);
}

TEST(QuantileType7, HasNoAnswerForNothingAndRefusesAWrongP) {
  Values none;
  EXPECT_FALSE(*stats::quantile_type7(none, 0.5));
  Values one{1};
  EXPECT_EQ(stats::quantile_type7(one, 1.01).error().code, Errc::out_of_range);
  EXPECT_EQ(stats::quantile_type7(one, std::nan("")).error().field, "p");
}

TEST(CompensatedSum, KeepsWhatAPlainSumLoses) {
  stats::CompensatedSum s;
  for (const double x : {1.0, 1e100, 1.0, -1e100}) s.add(x);
  EXPECT_EQ(s.value(), 2);  // Neumaier's own example
}

TEST(DescribeValues, GivesTheUsualNumbers) {
  // 2 4 4 4 5 5 7 9: mean 5, sum of squares 32, so SD = sqrt(32 / 7).
  const auto d = stats::describe_values(Values{2, 4, 4, 4, 5, 5, 7, 9});
  ASSERT_TRUE(d);
  EXPECT_EQ(d->n, 8u);
  EXPECT_EQ(*d->mean, 5);
  EXPECT_DOUBLE_EQ(*d->sd, std::sqrt(32. / 7));
  EXPECT_EQ(*d->min, 2);
  EXPECT_EQ(*d->q1, 4);
  EXPECT_EQ(*d->median, 4.5);
  EXPECT_EQ(*d->q3, 5.5);
  EXPECT_EQ(*d->max, 9);
}

TEST(DescribeValues, FarFromZeroTheSpreadStays) {
  const auto d = stats::describe_values(Values{1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16});
  EXPECT_NEAR(*d->sd, std::sqrt(30.), 1e-9);
}

TEST(DescribeValues, OfOneValueThereIsNoSpread) {
  const auto d = stats::describe_values(Values{3});
  EXPECT_EQ(*d->median, 3);
  EXPECT_FALSE(d->sd);
  EXPECT_FALSE(stats::describe_values(Values{})->mean);
  EXPECT_EQ(stats::describe_values(Values{1, std::nan("")}).error().row, 1u);
}

}  // namespace
