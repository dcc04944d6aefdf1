#include "ombre/stats/resample.hpp"

#include <gtest/gtest.h>
#include <span>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <vector>

#include "../../src/stats/resample_design.hpp"
#include "support/two_threads.hpp"

namespace {

using namespace ombre;
using namespace ombre::stats;

ResampleDesign plain(std::size_t rows) { return *ResampleDesign::from(rows); }

// The mean of the drawn rows of a column.
CountedStatistic mean_of(const std::vector<double>& column) {
  return [&column](std::span<const std::uint32_t> times, std::span<std::optional<double>> out) {
    double sum = 0;
    double n = 0;
    for (std::size_t i = 0; i < times.size(); ++i) {
      sum += times[i] * column[i];
      n += times[i];
    }
    if (n > 0) out[0] = sum / n;
  };
}

TEST(ResampleDraws, FollowTheStatedRuleOnTheWordsOfTheReplicatesStream) {
  for (const std::uint32_t n : {1U, 2U, 7U, 1000U, 4097U}) {
    SCOPED_TRACE(n);
    const auto design = plain(n);
    for (const std::uint64_t replicate : {0ULL, 3ULL, 0x123456789AULL}) {
      RandomStream stream{Seed{0xFEDCBA9876543210}, replicate};
      std::vector<std::uint32_t> expected(n, 0);
      const auto reject = static_cast<std::uint32_t>((std::uint64_t{1} << 32U) % n);
      std::uint64_t number = 0;
      bool high = false;
      for (std::uint32_t drawn = 0; drawn < n;) {
        if (!high) number = stream();
        const auto word = static_cast<std::uint32_t>(high ? number >> 32U : number);
        high = !high;
        const std::uint64_t product = std::uint64_t{word} * n;
        if (static_cast<std::uint32_t>(product) < reject) continue;
        ++expected[product >> 32U];
        ++drawn;
      }
      EXPECT_EQ(bootstrap_counts(design, Seed{0xFEDCBA9876543210}, replicate), expected);
    }
  }
}

TEST(ResampleDraws, AreTheSameWordsFromRegistersOfEveryWidth) {
  // 1, 4 and 8 blocks at a time, by the length asked for; across the end of the counter's low half.
  for (const std::uint64_t first : {0ULL, 0xFFFFFFFDULL, 0x1234567FFFFFFFEULL}) {
    const Seed seed{0x0123456789ABCDEF};
    const std::uint64_t stream = 0xFEDCBA9876543210;
    for (const std::size_t blocks : {1U, 3U, 4U, 12U, 8U, 16U}) {
      std::vector<std::uint32_t> got(4 * blocks);
      stats::detail::philox_words(seed, stream, first, got);
      for (std::size_t b = 0; b < blocks; ++b) {
        const auto low = [](std::uint64_t x) { return static_cast<std::uint32_t>(x); };
        const std::uint64_t block = first + b;
        const auto words =
            philox4x32({low(block), low(block >> 32U), low(stream), low(stream >> 32U)},
                       {low(seed.value), low(seed.value >> 32U)});
        EXPECT_TRUE(std::equal(words.begin(), words.end(), got.begin() + static_cast<long>(4 * b)))
            << first << ' ' << blocks << ' ' << b;
      }
    }
  }
}

TEST(ResampleDraws, KeepClustersTogetherAndStrataAtTheirSize) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    SCOPED_TRACE(seed);
    RandomStream random{Seed{seed}, 0};
    const std::size_t rows = 30 + random.below(50);
    std::vector<std::uint32_t> cluster(rows);
    std::vector<std::uint32_t> stratum(rows);
    for (std::size_t i = 0; i < rows; ++i) {
      cluster[i] = 1000 + static_cast<std::uint32_t>(random.below(20));
      stratum[i] = cluster[i] % 3;
    }
    const auto design = ResampleDesign::from(rows, cluster, stratum);
    ASSERT_TRUE(design);
    const auto times = bootstrap_counts(*design, Seed{seed}, 5);
    std::vector<std::uint64_t> drawn(design->strata(), 0);
    std::vector<std::uint64_t> units(design->strata(), 0);
    std::vector<std::optional<std::uint32_t>> of_unit(design->units());
    for (std::size_t i = 0; i < rows; ++i) {
      auto& known = of_unit[design->unit_of()[i]];
      if (!known) {
        known = times[i];
        drawn[design->stratum_of()[design->unit_of()[i]]] += times[i];
        ++units[design->stratum_of()[design->unit_of()[i]]];
      }
      EXPECT_EQ(*known, times[i]);
    }
    EXPECT_EQ(drawn, units);
  }
}

TEST(ResampleDraws, AreAsOftenEachRowAsChanceSays) {
  // 4000 replicates of 25 rows: counts are binomial with mean 4000, standard deviation 61.97.
  std::vector<double> total(25, 0);
  for (std::uint64_t r = 0; r < 4000; ++r) {
    const auto times = bootstrap_counts(plain(25), Seed{11}, r);
    for (std::size_t i = 0; i < 25; ++i) total[i] += times[i];
  }
  for (const double t : total) EXPECT_NEAR(t, 4000, 5 * 61.97);
}

TEST(Bootstrap, StandardErrorOfAMeanIsThatOfTheFormula) {
  // Exact bootstrap standard error of a mean: sqrt(sum (x - mean)^2) / n.
  const std::vector<double> x{3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8};
  double mean = std::accumulate(x.begin(), x.end(), 0.0) / 12;
  double squares = 0;
  for (const double v : x) squares += (v - mean) * (v - mean);
  const auto result = bootstrap(plain(12), 1, mean_of(x), {.seed = Seed{4}, .replicates = 20000});
  ASSERT_TRUE(result);
  EXPECT_DOUBLE_EQ(*result->observed[0], mean);
  const auto summary = bootstrap_summary(result->observed[0], result->value[0]);
  ASSERT_TRUE(summary);
  // Monte Carlo error of a standard deviation from 20000 draws: 0.5 %, four of them allowed.
  EXPECT_NEAR(*summary->standard_error, std::sqrt(squares) / 12, 0.02 * std::sqrt(squares) / 12);
  EXPECT_NEAR(*summary->bias, 0, 4 * std::sqrt(squares) / 12 / std::sqrt(20000.0));
}

TEST(Bootstrap, ALongerRunBeginsWithTheShorterOneAndTwoThreadsGiveTheSameBytes) {
  std::vector<double> x(101);
  RandomStream random{Seed{1}, 0};
  for (double& v : x) v = random.normal();
  const test::TwoThreads two;
  const auto shorter = bootstrap(plain(101), 1, mean_of(x), {.seed = Seed{9}, .replicates = 70});
  const auto longer =
      bootstrap(plain(101), 1, mean_of(x),
                {.seed = Seed{9}, .replicates = 700, .progress = {}, .runner = &two});
  ASSERT_TRUE(shorter && longer);
  for (std::size_t r = 0; r < 70; ++r) EXPECT_EQ(shorter->value[0][r], longer->value[0][r]);
  const auto asked = bootstrap(plain(101), 1, mean_of(x),
                               {.seed = Seed{9},
                                .replicates = 700,
                                .progress = [](double) { return true; },
                                .runner = nullptr});
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->value, longer->value);
}

TEST(Bootstrap, CanBeStopped) {
  const std::vector<double> x(10, 1.0);
  int calls = 0;
  double before = -1;
  const auto result = bootstrap(plain(10), 1, mean_of(x),
                                {.seed = {},
                                 .replicates = 10000,
                                 .progress =
                                     [&](double done) {
                                       EXPECT_GE(done, before);
                                       before = done;
                                       return ++calls < 5;
                                     },
                                 .runner = nullptr});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::cancelled);
  EXPECT_EQ(calls, 5);
}

TEST(Bootstrap, AStatisticThatIsNotFiniteIsRefusedAndTheFirstReplicateNamed) {
  const auto design = plain(3);
  const CountedStatistic reciprocal = [](std::span<const std::uint32_t> times,
                                         std::span<std::optional<double>> out) {
    out[0] = 1.0 / times[0];
  };
  std::uint64_t first = 0;
  while (bootstrap_counts(design, Seed{}, first)[0] != 0) ++first;
  const test::TwoThreads two;
  const auto result = bootstrap(design, 1, reciprocal,
                                {.seed = {}, .replicates = 1000, .progress = {}, .runner = &two});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::not_finite);
  EXPECT_EQ(result.error().field, "statistic");
  EXPECT_EQ(result.error().row, first);
}

TEST(Bootstrap, AsksForSomethingAndForWhatFitsInMemory) {
  const std::vector<double> x(3, 1.0);
  EXPECT_EQ(bootstrap(plain(3), 0, mean_of(x)).error().field, "outputs");
  EXPECT_EQ(bootstrap(plain(3), 1, mean_of(x), {.seed = {}, .replicates = 0}).error().field,
            "replicates");
  EXPECT_EQ(
      bootstrap(plain(3), 1000, mean_of(x), {.seed = {}, .replicates = 1'000'000}).error().code,
      Errc::too_large);
}

TEST(ResampleDesign, RefusesWhatDoesNotFitAndNamesTheRow) {
  EXPECT_EQ(ResampleDesign::from(0).error().code, Errc::empty_input);
  const std::vector<std::uint32_t> two{1, 2};
  EXPECT_EQ(ResampleDesign::from(3, two).error().code, Errc::size_mismatch);
  EXPECT_EQ(ResampleDesign::from(3, {}, two).error().field, "stratum");
  const std::vector<std::uint32_t> cluster{5, 5, 6};
  const std::vector<std::uint32_t> stratum{1, 2, 2};
  const auto torn = ResampleDesign::from(3, cluster, stratum);
  ASSERT_FALSE(torn);
  EXPECT_EQ(torn.error().code, Errc::contradiction);
  EXPECT_EQ(torn.error().row, 1U);
}

// ---- intervals ---------------------------------------------------------------------------------

std::vector<std::optional<double>> some_replicates() {
  std::vector<std::optional<double>> t;
  for (int i = 1; i <= 199; ++i) t.emplace_back(std::sqrt(i) * (1 + 0.3 * std::sin(7 * i)));
  return t;
}

// Reference: boot.ci of R's boot 1.3-28.1 on the same 199 numbers, t0 = 9.2, with influence values
// L = c - mean(c), c = (1:20 - 10.5) + 0.04 (1:20 - 10.5)^2, whose acceleration is the last number.
constexpr double boot_acceleration = 0.019430607561335432;

TEST(BootstrapIntervals, AgreeWithRsBootPackage) {
  struct Case {
    BootstrapInterval method;
    double level, low, high;
  };
  for (const Case& c :
       {Case{BootstrapInterval::normal, 0.90, 2.4985471153311565, 15.424553497664899},
        Case{BootstrapInterval::normal, 0.95, 1.260407007728241, 16.662693605267815},
        Case{BootstrapInterval::basic, 0.90, 2.0765816449457617, 15.467994725240199},
        Case{BootstrapInterval::basic, 0.95, 1.3103169273677047, 16.451165689234426},
        Case{BootstrapInterval::percentile, 0.90, 2.9320052747598, 16.323418355054237},
        Case{BootstrapInterval::percentile, 0.95, 1.9488343107655746, 17.089683072632294},
        Case{BootstrapInterval::bca, 0.90, 2.8044501202574317, 16.159435237556696},
        Case{BootstrapInterval::bca, 0.95, 1.9404472437587166, 17.081160212274732}}) {
    SCOPED_TRACE(std::string{name(c.method)} + " " + std::to_string(c.level));
    const auto s = bootstrap_summary(
        9.2, some_replicates(),
        {.method = c.method, .level = c.level, .acceleration = boot_acceleration});
    ASSERT_TRUE(s && s->low && s->high);
    EXPECT_NEAR(*s->low, c.low, 1e-12 * c.low);
    EXPECT_NEAR(*s->high, c.high, 1e-12 * c.high);
    EXPECT_NEAR(*s->bias, 0.23844969350197154, 1e-13);
    EXPECT_NEAR(*s->standard_error, 3.9292269447374668, 1e-13);
    EXPECT_FALSE(s->extreme_order_statistic);
  }
}

TEST(BootstrapIntervals, SayWhenThereAreTooFewReplicatesForTheLevel) {
  const std::vector<std::optional<double>> few{1, 2, 3, 4, 5};
  const auto s = bootstrap_summary(3.0, few, {.level = 0.95});
  ASSERT_TRUE(s);
  EXPECT_TRUE(s->extreme_order_statistic);
  EXPECT_EQ(*s->low, 1);
  EXPECT_EQ(*s->high, 5);
}

TEST(BootstrapIntervals, AMedianNotReachedLiesAboveAllOthersWhenAskedSo) {
  std::vector<std::optional<double>> t = some_replicates();
  for (std::size_t i = 0; i < 20; ++i) t[i].reset();
  const auto open = bootstrap_summary(9.2, t, {.level = 0.9, .no_answer = NoAnswer::above_all});
  ASSERT_TRUE(open);
  EXPECT_TRUE(open->low);
  EXPECT_FALSE(open->high);
  EXPECT_FALSE(open->standard_error);
  EXPECT_EQ(open->without_answer, 20U);
  const auto closed = bootstrap_summary(9.2, t, {.level = 0.9});
  ASSERT_TRUE(closed);
  EXPECT_TRUE(closed->high);
  EXPECT_TRUE(closed->standard_error);
}

TEST(BootstrapIntervals, HalfOfTheTiesCountSoThatADiscreteStatisticIsNotShifted) {
  // The estimate is the middle one of three equally likely values: nothing to correct.
  std::vector<std::optional<double>> t;
  for (int i = 0; i < 300; ++i) t.emplace_back(i % 3);
  const auto s = bootstrap_summary(1.0, t, {.method = BootstrapInterval::bca});
  ASSERT_TRUE(s);
  EXPECT_NEAR(*s->z0, 0, 1e-15);
  EXPECT_EQ(*s->low, 0);
  EXPECT_EQ(*s->high, 2);
}

TEST(BootstrapIntervals, ConstantReplicatesGiveAPointAndOneSidedOnesNoBca) {
  const std::vector<std::optional<double>> same(50, 2.0);
  const auto s = bootstrap_summary(2.0, same, {.method = BootstrapInterval::bca});
  ASSERT_TRUE(s);
  EXPECT_EQ(*s->low, 2);
  EXPECT_EQ(*s->high, 2);
  EXPECT_EQ(*s->standard_error, 0);
  const auto off = bootstrap_summary(3.0, same, {.method = BootstrapInterval::bca});
  ASSERT_TRUE(off);
  EXPECT_FALSE(off->low);
  EXPECT_FALSE(off->z0);
}

TEST(BootstrapIntervals, RefuseNonsense) {
  EXPECT_EQ(bootstrap_summary(1.0, {}).error().code, Errc::empty_input);
  const std::vector<std::optional<double>> t(5, 1.0);
  EXPECT_EQ(bootstrap_summary(1.0, t, {.level = 1}).error().field, "level");
  EXPECT_EQ(bootstrap_summary(1.0, t, {.acceleration = std::nan("")}).error().field,
            "acceleration");
  EXPECT_EQ(bootstrap_interval_method("BCa").error().code, Errc::unknown_name);
  EXPECT_EQ(*bootstrap_interval_method("bca"), BootstrapInterval::bca);
}

// ---- jackknife ---------------------------------------------------------------------------------

TEST(Jackknife, OfAMeanHasTheTextbookErrorAndSkewness) {
  const std::vector<double> x{0.2, 1.7, 0.4, 3.9, 0.3, 1.1, 0.8, 6.0};
  const auto result = jackknife(plain(8), 1, mean_of(x));
  ASSERT_TRUE(result);
  const auto s = jackknife_summary(*result);
  ASSERT_TRUE(s);
  double mean = std::accumulate(x.begin(), x.end(), 0.0) / 8;
  double second = 0;
  double third = 0;
  for (const double v : x) {
    second += std::pow(v - mean, 2);
    third += std::pow(v - mean, 3);
  }
  EXPECT_NEAR(*s->standard_error, std::sqrt(second / 7 / 8), 1e-14);
  EXPECT_NEAR(*s->bias, 0, 1e-14);
  EXPECT_NEAR(*s->acceleration, third / (6 * std::pow(second, 1.5)), 1e-14);
}

// Reference: Efron & Tibshirani, An Introduction to the Bootstrap (1993), table 14.1 and section
// 14.3: test A of 26 neurologically impaired children, variance 171.5, acceleration 0.061.
TEST(Jackknife, OfTheSpatialTestGivesThePublishedAcceleration) {
  const std::vector<double> a{48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6,
                              0,  33, 28, 34, 4,  32, 24, 47, 41, 24, 26, 30, 41};
  const auto variance = [&a](std::span<const std::uint32_t> times,
                             std::span<std::optional<double>> out) {
    double n = 0;
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      n += times[i];
      sum += times[i] * a[i];
    }
    double squares = 0;
    for (std::size_t i = 0; i < a.size(); ++i) squares += times[i] * std::pow(a[i] - sum / n, 2);
    out[0] = squares / n;
  };
  const auto jack = jackknife(plain(26), 1, variance);
  ASSERT_TRUE(jack);
  EXPECT_NEAR(*jack->observed[0], 171.5, 0.05);
  EXPECT_NEAR(*jackknife_summary(*jack)->acceleration, 0.061, 0.0005);
  // The BCa interval there, from 2000 other replicates: (115.8, 259.6) at 90 %; percentile (100.8,
  // 233.9). Ends move by a few units between sets of 2000 replicates.
  const auto boot = bootstrap(plain(26), 1, variance, {.seed = Seed{26}, .replicates = 20000});
  const auto bca = bootstrap_summary(boot->observed[0], boot->value[0],
                                     {.method = BootstrapInterval::bca,
                                      .level = 0.9,
                                      .acceleration = *jackknife_summary(*jack)->acceleration});
  EXPECT_NEAR(*bca->low, 115.8, 4);
  EXPECT_NEAR(*bca->high, 259.6, 6);
  const auto simple = bootstrap_summary(boot->observed[0], boot->value[0], {.level = 0.9});
  EXPECT_NEAR(*simple->low, 100.8, 4);
  EXPECT_NEAR(*simple->high, 233.9, 5);
}

TEST(Jackknife, ByClustersLeavesWholeClustersOut) {
  const std::vector<double> x{1, 2, 3, 4, 5, 9};
  const std::vector<std::uint32_t> cluster{7, 7, 8, 8, 9, 9};
  const auto result = jackknife(*ResampleDesign::from(6, cluster), 1, mean_of(x));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->value[0], (std::vector<std::optional<double>>{21.0 / 4, 17.0 / 4, 10.0 / 4}));
}

TEST(Jackknife, SaysNothingWhereAnAnswerIsMissingOrAStratumHasOneUnit) {
  const std::vector<double> x{1, 2, 3};
  const std::vector<std::uint32_t> stratum{1, 1, 2};
  const auto lonely = jackknife(*ResampleDesign::from(3, {}, stratum), 1, mean_of(x));
  EXPECT_FALSE(jackknife_summary(*lonely)->standard_error);
  const auto one = jackknife(plain(1), 1, mean_of(x));
  EXPECT_EQ(jackknife_summary(*one)->without_answer, 1U);
  EXPECT_FALSE(jackknife_summary(*one)->acceleration);
  EXPECT_EQ(jackknife_summary(*one, 1).error().code, Errc::out_of_range);
  const std::vector<double> flat(5, 0.1);
  EXPECT_FALSE(jackknife_summary(*jackknife(plain(5), 1, mean_of(flat)))->acceleration);
}

}  // namespace
