#include <gtest/gtest.h>
#include <algorithm>

#include <cmath>
#include <optional>
#include <vector>

#include "ombre/core/random.hpp"
#include "ombre/stats/parametric_survival.hpp"

namespace {

using namespace ombre;
using namespace ombre::stats;

struct Rows {
  IntervalRows rows;
  std::vector<double> weight;
  [[nodiscard]] ParametricInput input() const {
    return {.time = rows.time, .known = rows.known, .time2 = rows.time2, .weight = weight};
  }
};

Rows rows_of(const std::vector<std::pair<double, double>>& intervals) {
  std::vector<double> lower;
  std::vector<std::optional<double>> upper;
  for (const auto& [l, u] : intervals) {
    lower.push_back(l);
    upper.push_back(u < 0 ? std::nullopt : std::optional{u});
  }
  return {*interval_rows(lower, upper), {}};
}

// Reference: Finkelstein & Wolfe, Biometrics 41:933 (1985), months until breast retraction of 46
// women with radiotherapy alone; estimate as printed by Fay & Shaw, J Stat Softw 36(2) (2010).
TEST(Turnbull, OfTheCosmesisTrialIsAsPublished) {
  const Rows data =
      rows_of({{45, -1}, {6, 10},  {0, 7},   {46, -1}, {46, -1}, {7, 16},  {17, -1}, {7, 14},
               {37, 44}, {0, 8},   {4, 11},  {15, -1}, {11, 15}, {22, -1}, {46, -1}, {46, -1},
               {25, 37}, {46, -1}, {26, 40}, {46, -1}, {27, 34}, {36, 44}, {46, -1}, {36, 48},
               {37, -1}, {40, -1}, {17, 25}, {46, -1}, {11, 18}, {38, -1}, {5, 12},  {37, -1},
               {0, 5},   {18, -1}, {24, -1}, {36, -1}, {5, 11},  {19, 35}, {17, 25}, {24, -1},
               {32, -1}, {33, -1}, {19, 26}, {37, -1}, {34, -1}, {36, -1}});
  const auto curve = turnbull_curve(data.input());
  ASSERT_TRUE(curve);
  EXPECT_TRUE(curve->converged);
  const std::vector<double> left{4, 6, 7, 11, 24, 33, 38, 46};
  const std::vector<double> right{5, 7, 8, 12, 25, 34, 40, 48};
  const std::vector<double> mass{0.0463, 0.0334, 0.0887, 0.0708, 0.0926, 0.0818, 0.1209, 0.4656};
  ASSERT_EQ(curve->left, left);
  for (std::size_t j = 0; j < 8; ++j) {
    EXPECT_EQ(curve->right[j], right[j]);
    EXPECT_NEAR(curve->mass[j], mass[j], 0.00006);
  }
  EXPECT_NEAR(curve->survival(5).low, 1 - 0.0463, 0.00006);
  EXPECT_NEAR(curve->survival(39).low, 0.4656, 0.0001);
  EXPECT_NEAR(curve->survival(39).high, 0.4656 + 0.1209, 0.0001);
}

// A maximum of a concave function is where no direction leads up: checked here from the answer
// alone, by each person's probability (Gentleman & Geyer 1994).
TEST(Turnbull, SatisfiesTheConditionsOfAMaximumOverSeeds) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(seed);
    RandomStream random{Seed{seed}, 0};
    Rows data;
    const std::size_t n = 5 + random.below(200);
    std::vector<double> lower;
    std::vector<std::optional<double>> upper;
    for (std::size_t i = 0; i < n; ++i) {
      const double t = -20 * std::log(1 - random.uniform());
      const double from = std::floor(t * random.uniform());
      lower.push_back(random.below(10) == 0 ? std::ceil(t) : from);
      if (random.below(4) == 0) {
        upper.emplace_back();
      } else {
        upper.emplace_back(std::max(lower.back(), std::ceil(t + 10 * random.uniform())));
      }
      if (lower.back() == 0 && upper.back() == 0) upper.back() = 1;
      data.weight.push_back(0.5 + random.uniform());
    }
    data.rows = *interval_rows(lower, upper);
    const auto curve = turnbull_curve(data.input());
    ASSERT_TRUE(curve) << describe(curve.error());
    ASSERT_TRUE(curve->converged);
    double total = 0;
    double weight = 0;
    for (const double p : curve->mass) total += p;
    EXPECT_NEAR(total, 1, 1e-12);
    std::vector<double> worth(curve->mass.size(), 0);
    for (std::size_t i = 0; i < n; ++i) {
      const auto inside = [&](std::size_t j) {
        const double a = curve->left[j];
        const bool point = curve->point[j];
        switch (data.rows.known[i]) {
          case TimeKnown::exactly:
            return point && a == data.rows.time[i];
          case TimeKnown::after:
            return point ? a > data.rows.time[i] : a >= data.rows.time[i];
          case TimeKnown::before:
            return curve->right[j] && *curve->right[j] <= data.rows.time[i];
          case TimeKnown::between:
            return (point ? a > data.rows.time[i] : a >= data.rows.time[i]) && curve->right[j] &&
                   *curve->right[j] <= data.rows.time2[i];
        }
        return false;
      };
      double p = 0;
      for (std::size_t j = 0; j < worth.size(); ++j) p += inside(j) ? curve->mass[j] : 0.0;
      ASSERT_GT(p, 0);
      weight += data.weight[i];
      for (std::size_t j = 0; j < worth.size(); ++j) {
        if (inside(j)) worth[j] += data.weight[i] / p;
      }
    }
    // Where there is mass the worth is the total weight.
    for (const double w : worth) EXPECT_NEAR(w, weight, 2e-3 * weight);
    EXPECT_LE(curve->gap, 1e-8 * weight);
  }
}

TEST(Turnbull, OfExactAndRightCensoredTimesIsKaplanMeier) {
  // By hand: times 1, 2+, 3, 4+, 5: S = 4/5, 4/5 * 2/3, 0.
  Rows data;
  data.rows.time = {1, 2, 3, 4, 5};
  data.rows.known = {TimeKnown::exactly, TimeKnown::after, TimeKnown::exactly, TimeKnown::after,
                     TimeKnown::exactly};
  const auto curve = turnbull_curve(data.input());
  ASSERT_TRUE(curve);
  EXPECT_NEAR(curve->survival(1).low, 0.8, 1e-9);
  EXPECT_NEAR(curve->survival(3).low, 0.8 * 2 / 3, 1e-9);
  EXPECT_NEAR(curve->survival(0.5).high, 1, 1e-12);
  EXPECT_NEAR(curve->survival(5).high, 0, 1e-12);
}

TEST(Turnbull, LateEntryIsRefusedAndTheCallerCanStop) {
  Rows data = rows_of({{1, 3}, {2, 5}, {2, 9}, {4, -1}, {0, 2}});
  ParametricInput late = data.input();
  const std::vector<double> entry(5, 0.0);
  late.entry = entry;
  EXPECT_EQ(turnbull_curve(late).error().code, Errc::unsupported);
  EXPECT_EQ(turnbull_curve(data.input(), 0).error().field, "max_iterations");
  EXPECT_EQ(turnbull_curve({}).error().code, Errc::empty_input);
  const auto stopped = turnbull_curve(data.input(), 100, [](double) { return false; });
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, Errc::cancelled);
}

TEST(Turnbull, OneRowOfEachKindIsWhereTheRowSays) {
  EXPECT_EQ(turnbull_curve(rows_of({{2, 5}}).input())->left, std::vector<double>{2});
  const auto open = *turnbull_curve(rows_of({{2, -1}}).input());
  EXPECT_FALSE(open.right[0]);
  EXPECT_EQ(open.survival(100).high, 1);
  EXPECT_EQ(open.survival(100).low, 0);
  EXPECT_EQ(open.survival(1).low, 1);
}

// With exact times the masses are the shares of the weights, however small one of them is.
TEST(Turnbull, ASmallWeightBesideLargeOnesIsNotLost) {
  Rows people;
  for (const double t : {1.0, 2.0, 3.0, 4.0}) {
    people.rows.time.push_back(t);
    people.rows.known.push_back(TimeKnown::exactly);
    people.rows.time2.push_back(0);
  }
  people.weight = {1e9, 1e-9, 1e9, 1e-9};
  const auto curve = turnbull_curve(people.input());
  ASSERT_TRUE(curve) << describe(curve.error());
  const double total = 2e9 + 2e-9;
  EXPECT_NEAR(curve->loglik, 2e9 * std::log(1e9 / total) + 2e-9 * std::log(1e-9 / total), 1e-3);
}

}  // namespace
