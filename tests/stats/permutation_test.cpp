#include <gtest/gtest.h>
#include <span>

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "ombre/stats/log_rank.hpp"
#include "ombre/stats/resample.hpp"
#include "support/two_threads.hpp"

namespace {

using namespace ombre;
using namespace ombre::stats;

double sum_of_labelled(const std::vector<double>& x, std::span<const std::uint32_t> label) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += label[i] == 1 ? x[i] : 0.0;
  return sum;
}

// Reference: Fisher, The Design of Experiments (1935), chapter 2: all eight cups right is one of 70
// arrangements; at least six right 17 of 70.
TEST(PermutationTest, TheLadyTastingTeaHasOneChanceInSeventy) {
  const std::vector<std::uint32_t> truth{1, 1, 1, 1, 0, 0, 0, 0};
  const std::vector<double> all_right{1, 1, 1, 1, 0, 0, 0, 0};
  const std::vector<double> one_pair_wrong{1, 1, 1, 0, 1, 0, 0, 0};
  const auto design = *ResampleDesign::from(8);
  EXPECT_EQ(count_arrangements(design, truth), 70U);
  for (const auto& [said, expected] : {std::pair{all_right, 1}, std::pair{one_pair_wrong, 17}}) {
    const auto& x = said;
    const auto test = permutation_test(
        design, truth, [&x](std::span<const std::uint32_t> l) { return sum_of_labelled(x, l); },
        {.tail = PermutationTail::greater});
    ASSERT_TRUE(test);
    EXPECT_TRUE(test->exact);
    EXPECT_EQ(test->arrangements, 70U);
    EXPECT_EQ(test->at_least, static_cast<std::uint64_t>(expected));
    EXPECT_DOUBLE_EQ(test->p, expected / 70.0);
  }
}

// Reference: Fisher (1935) section 21, Darwin's 15 pairs of Zea mays, differences in eighths of an
// inch: 863 of the 32768 sign changes give a sum of 314 or more, so p = 1726 / 32768 two-sided.
TEST(PermutationTest, DarwinsPairedPlantsGiveFishersCount) {
  const std::vector<double> difference{49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48};
  std::vector<double> x;
  std::vector<std::uint32_t> pair;
  std::vector<std::uint32_t> crossed;
  for (std::size_t i = 0; i < difference.size(); ++i) {
    x.insert(x.end(), {difference[i], 0});
    pair.insert(pair.end(), {static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(i)});
    crossed.insert(crossed.end(), {1, 0});
  }
  const auto design = *ResampleDesign::from(30, {}, pair);
  EXPECT_EQ(count_arrangements(design, crossed), 32768U);
  const LabelStatistic statistic = [&x](std::span<const std::uint32_t> label) {
    double sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i) sum += label[i] == 1 ? x[i] : -x[i];
    return sum;
  };
  const test::TwoThreads two;
  LabelPermutationOptions options{.runner = &two};
  const auto exact = permutation_test(design, crossed, statistic, options);
  ASSERT_TRUE(exact);
  EXPECT_DOUBLE_EQ(exact->observed, 314);
  EXPECT_EQ(exact->at_least, 863U);
  EXPECT_DOUBLE_EQ(exact->p, 1726.0 / 32768);

  options.exact_limit = 1000;
  options.replicates = 4000;
  const auto random = permutation_test(design, crossed, statistic, options);
  ASSERT_TRUE(random);
  EXPECT_FALSE(random->exact);
  EXPECT_EQ(random->arrangements, 4000U);
  EXPECT_DOUBLE_EQ(random->p, 2.0 * static_cast<double>(random->at_least + 1) / 4001);
  EXPECT_LE(random->p_interval.low, exact->p);
  EXPECT_GE(random->p_interval.high, exact->p);
  options.runner = nullptr;
  const auto serially = permutation_test(design, crossed, statistic, options);
  EXPECT_EQ(serially->at_least, random->at_least);
  EXPECT_EQ(serially->at_most, random->at_most);
}

TEST(PermutationTest, EveryArrangementIsSeenExactlyOnce) {
  // Two strata: 4!/(2! 1! 1!) = 12 and 3!/(1! 2!) = 3 arrangements.
  const std::vector<std::uint32_t> stratum{0, 0, 1, 0, 1, 0, 1};
  const std::vector<std::uint32_t> label{5, 9, 9, 5, 5, 2, 9};
  const auto design = *ResampleDesign::from(7, {}, stratum);
  EXPECT_EQ(count_arrangements(design, label), 36U);
  std::multiset<std::vector<std::uint32_t>> seen;
  const auto test = permutation_test(design, label, [&seen](std::span<const std::uint32_t> l) {
    seen.insert(std::vector<std::uint32_t>(l.begin(), l.end()));
    return 0.0;
  });
  ASSERT_TRUE(test);
  EXPECT_EQ(test->p, 1.0);
  EXPECT_EQ(seen.size(), 37U);  // and once for the labels as they are
  const std::set<std::vector<std::uint32_t>> distinct(seen.begin(), seen.end());
  EXPECT_EQ(distinct.size(), 36U);
  EXPECT_EQ(seen.count(label), 2U);
}

TEST(PermutationTest, ClustersChangeTheirLabelAsAWhole) {
  const std::vector<std::uint32_t> cluster{1, 1, 2, 2, 3, 4};
  const std::vector<std::uint32_t> label{1, 1, 0, 0, 1, 0};
  const auto design = *ResampleDesign::from(6, cluster);
  EXPECT_EQ(count_arrangements(design, label), 6U);
  for (std::uint64_t r = 0; r < 20; ++r) {
    const auto l = permuted_labels(design, label, Seed{3}, r);
    EXPECT_EQ(l[0], l[1]);
    EXPECT_EQ(l[2], l[3]);
    EXPECT_EQ(l[0] + l[2] + l[4] + l[5], 2U);
  }
  const std::vector<std::uint32_t> torn{1, 0, 0, 0, 1, 0};
  const auto refused =
      permutation_test(design, torn, [](std::span<const std::uint32_t>) { return 0.0; });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::contradiction);
  EXPECT_EQ(refused.error().row, 1U);
}

TEST(PermutationTest, ManyArrangementsAreNotCountedButDrawn) {
  std::vector<std::uint32_t> label(200);
  for (std::size_t i = 0; i < 200; ++i) label[i] = i % 2;
  EXPECT_EQ(count_arrangements(*ResampleDesign::from(200), label), std::nullopt);
  // 60 choose 30 = 118264581564861424 fits.
  std::vector<std::uint32_t> fewer(label.begin(), label.begin() + 60);
  EXPECT_EQ(count_arrangements(*ResampleDesign::from(60), fewer), 118264581564861424U);
}

// Reference: Freireich et al., Blood 21:699 (1963), remission in weeks; the log-rank p value there
// is about 4e-5, so no random arrangement among 2000 should come near.
TEST(PermutationTest, OfTheLogRankStatisticIsWhatItSaysForSixMercaptopurine) {
  const std::vector<double> weeks{6,  6,  6,  6,  7,  9,  10, 10, 11, 13, 16, 17, 19, 20,
                                  22, 23, 25, 32, 32, 34, 35, 1,  1,  2,  2,  3,  4,  4,
                                  5,  5,  8,  8,  8,  8,  11, 11, 12, 12, 15, 17, 22, 23};
  std::vector<std::uint8_t> event(42, 1);
  for (const std::size_t i : {3U, 5U, 7U, 8U, 11U, 12U, 13U, 16U, 17U, 18U, 19U, 20U}) event[i] = 0;
  std::vector<std::uint32_t> arm(42, 0);
  std::fill(arm.begin() + 21, arm.end(), 1U);
  const LabelStatistic chi = [&](std::span<const std::uint32_t> label) {
    const auto test = log_rank_test(weeks, event, label, 2);
    return test && test->chi_square ? *test->chi_square : 0.0;
  };
  const auto test =
      permutation_test(*ResampleDesign::from(42), arm, chi,
                       {.seed = Seed{6}, .tail = PermutationTail::greater, .replicates = 2000});
  ASSERT_TRUE(test);
  EXPECT_NEAR(test->observed, 16.79, 0.005);  // the published chi-square
  EXPECT_LE(test->p, 3.0 / 2001);
  EXPECT_GE(test->p, 1.0 / 2001);
}

TEST(PermutationTest, UnderTheNullPValuesAreUniform) {
  // 400 data sets without a difference: the share of p <= 0.1 is binomial(400, at most 0.1).
  int small = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    RandomStream random{Seed{seed}, 77};
    std::vector<double> x(14);
    for (double& v : x) v = random.normal();
    std::vector<std::uint32_t> label(14, 0);
    std::fill(label.begin(), label.begin() + 7, 1U);
    const auto test =
        permutation_test(*ResampleDesign::from(14), label,
                         [&x](std::span<const std::uint32_t> l) { return sum_of_labelled(x, l); },
                         {.seed = Seed{seed}, .exact_limit = 0, .replicates = 99});
    small += test->p <= 0.1 ? 1 : 0;
  }
  EXPECT_NEAR(small, 40, 4 * 6);
}

TEST(PermutationTest, RefusesAndStops) {
  const auto design = *ResampleDesign::from(20);
  std::vector<std::uint32_t> label(20, 0);
  std::fill(label.begin(), label.begin() + 10, 1U);
  const LabelStatistic zero = [](std::span<const std::uint32_t>) { return 0.0; };
  EXPECT_EQ(permutation_test(design, std::vector<std::uint32_t>{1}, zero).error().field, "label");
  EXPECT_EQ(permutation_test(design, label, zero, {.replicates = 0}).error().field, "replicates");
  EXPECT_EQ(
      permutation_test(design, label, [](std::span<const std::uint32_t>) { return std::nan(""); })
          .error()
          .code,
      Errc::not_finite);
  EXPECT_EQ(
      permutation_test(design, label,
                       [](std::span<const std::uint32_t> l) { return l[0] == 1 ? 1.0 : 1.0 / 0.0; })
          .error()
          .field,
      "statistic");
  const auto stopped =
      permutation_test(design, label, zero, {.progress = [](double done) { return done < 0.3; }});
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, Errc::cancelled);
}

}  // namespace
