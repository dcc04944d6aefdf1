#include "ombre/stats/reliable_change.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "ombre/core/random.hpp"

namespace ombre::stats {
namespace {

using Series = std::vector<std::optional<double>>;

// Worked by hand: sd 7, reliability .85, 48 to 55; and sd 6.2, reliability .90, 22 to 12.
TEST(ReliableChange, TwoHandWorkedCases) {
  const auto not_yet = reliable_change(48, 55, 7, 0.85);
  ASSERT_TRUE(not_yet);
  EXPECT_NEAR(not_yet->standard_error, 2.711, 5e-4);
  EXPECT_NEAR(not_yet->se_difference, 3.834, 5e-4);
  EXPECT_NEAR(not_yet->index, 1.826, 5e-4);
  EXPECT_NEAR(not_yet->smallest, 7.52, 0.006);  // printed rounded up
  EXPECT_FALSE(not_yet->reliable);

  const auto yes = reliable_change(22, 12, 6.2, 0.90);
  ASSERT_TRUE(yes);
  EXPECT_NEAR(yes->se_difference, 2.773, 5e-4);
  EXPECT_NEAR(yes->index, -3.607, 1e-3);
  EXPECT_TRUE(yes->reliable);
}

TEST(ReliableChange, TheSmallestReliableChangeIsWhereReliableBegins) {
  RandomStream random{Seed{5}, 0};
  for (int i = 0; i < 300; ++i) {
    SCOPED_TRACE(i);
    const double sd = 0.1 + 20 * random.uniform();
    const double r = 0.99 * random.uniform();
    const auto smallest = smallest_reliable_change(sd, r);
    ASSERT_TRUE(smallest);
    EXPECT_TRUE(reliable_change(50, 50 + *smallest * 1.0001, sd, r)->reliable);
    EXPECT_FALSE(reliable_change(50, 50 - *smallest * 0.9999, sd, r)->reliable);
  }
}

TEST(ReliableChange, ImpossibleReliabilitiesAndSpreadsAreRefused) {
  EXPECT_EQ(reliable_change(1, 2, 0, 0.5).error().field, "sd");
  EXPECT_EQ(reliable_change(1, 2, 1, 1.0).error().field, "reliability");
  EXPECT_EQ(reliable_change(1, 2, 1, -0.1).error().field, "reliability");
  EXPECT_EQ(reliable_change(std::nan(""), 2, 1, 0.5).error().code, Errc::not_finite);
  EXPECT_EQ(reliable_change(1, 2, 1, 0.5, 0).error().field, "z");
  EXPECT_FALSE(reliable_change(-1e150, 1e150, 1e-300, 0.5).has_value());
}

// Higher is worse; clinical mean 14 (6), functional 4 (2.5): c = (6*4 + 2.5*14) / 8.5 = 6.94.
TEST(CutOffs, HandWorkedExampleWhereHigherIsWorse) {
  const auto cut = cut_offs({14, 6}, {4, 2.5});
  ASSERT_TRUE(cut);
  EXPECT_NEAR(*cut->c, 59.0 / 8.5, 1e-12);
  EXPECT_NEAR(*cut->c, 6.94, 0.005);
  EXPECT_DOUBLE_EQ(cut->a, 2);   // 14 - 12
  EXPECT_DOUBLE_EQ(*cut->b, 9);  // 4 + 5
  EXPECT_FALSE(cut->second_is_higher);
}

TEST(CutOffs, TurningTheScaleRoundTurnsTheCutsRound) {
  const auto down = cut_offs({14, 6}, {4, 2.5});
  const auto up = cut_offs({-14, 6}, {-4, 2.5});
  ASSERT_TRUE(down && up);
  EXPECT_DOUBLE_EQ(up->a, -down->a);
  EXPECT_DOUBLE_EQ(*up->b, -*down->b);
  EXPECT_DOUBLE_EQ(*up->c, -*down->c);
}

TEST(CutOffs, EqualMeansHaveNoDirection) {
  EXPECT_EQ(cut_offs({4, 1}, {4, 2}).error().code, Errc::contradiction);
}

// Ranks of x 1 2 3 4 5 and of y shifted by one step: perfect once the lag is right.
TEST(LaggedSpearman, FindsTheShiftThatWasMade) {
  Series x;
  Series y(1, 0.0);
  RandomStream random{Seed{3}, 1};
  for (int i = 0; i < 40; ++i) x.emplace_back(random.uniform());
  for (int i = 0; i + 1 < 40; ++i) y.emplace_back(std::exp(*x[static_cast<std::size_t>(i)]));
  const auto at_one = lagged_spearman(x, y, 1);
  ASSERT_TRUE(at_one);
  EXPECT_EQ(at_one->n, 39U);
  EXPECT_NEAR(*at_one->rho, 1.0, 1e-12);
  const auto at_zero = lagged_spearman(x, y, 0);
  EXPECT_LT(std::abs(*at_zero->rho), 0.5);
}

// Five pairs, no tie, d = 0 1 1 1 1: rho = 1 - 6*4/(5*24) = 0.8.
TEST(LaggedSpearman, AgreesWithTheSumOfSquaredRankDifferences) {
  const Series x{1.0, 2.0, 3.0, 4.0, 5.0};
  const Series y{10.0, 30.0, 20.0, 50.0, 40.0};
  const auto r = lagged_spearman(x, y);
  ASSERT_TRUE(r);
  EXPECT_NEAR(*r->rho, 0.8, 1e-12);
}

TEST(LaggedSpearman, SlowSeriesCountAsFewerPairsThanTheyHave) {
  Series x;
  Series y;
  RandomStream random{Seed{9}, 2};
  double a = 0;
  double b = 0;
  for (int i = 0; i < 200; ++i) {
    a = 0.95 * a + random.normal();
    b = 0.95 * b + random.normal();
    x.emplace_back(a);
    y.emplace_back(b);
  }
  const auto slow = lagged_spearman(x, y);
  ASSERT_TRUE(slow);
  EXPECT_LT(*slow->effective_n, 60);
  ASSERT_TRUE(slow->low);
  EXPECT_LT(*slow->low, *slow->rho);
  EXPECT_GT(*slow->high, *slow->rho);
}

TEST(LaggedSpearman, WithoutVariationOrValuesThereIsNoAnswer) {
  const Series flat{1.0, 1.0, 1.0, 1.0};
  const Series moving{1.0, 2.0, 3.0, 4.0};
  EXPECT_FALSE(lagged_spearman(flat, moving)->rho);
  const Series unknown(4);
  EXPECT_EQ(lagged_spearman(unknown, moving)->n, 0U);
  EXPECT_TRUE(lagged_spearman(Series{}, Series{}).has_value());
  EXPECT_EQ(lagged_spearman(moving, moving, 4).error().field, "lag");
  EXPECT_EQ(lagged_spearman(moving, Series{1.0}).error().code, Errc::size_mismatch);
  const Series bad{1.0, std::nan(""), 2.0, 3.0};
  EXPECT_EQ(lagged_spearman(bad, moving).error().row, 1U);
}

}  // namespace
}  // namespace ombre::stats
