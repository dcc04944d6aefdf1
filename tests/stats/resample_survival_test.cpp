#include <gtest/gtest.h>
#include <span>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "ombre/stats/resample.hpp"
#include "ombre/stats/survival_curve.hpp"
#include "support/two_threads.hpp"

namespace {

using namespace ombre;
using namespace ombre::stats;

struct People {
  std::vector<double> time;
  std::vector<std::uint8_t> event;
  std::vector<double> entry;
  std::vector<double> weight;
  std::vector<std::uint32_t> cluster;
  std::vector<std::uint32_t> stratum;

  [[nodiscard]] ResampledTimes times() const { return {time, event, entry, weight}; }
};

// `kind` bits: 1 whole days, 2 late entry, 4 weights, 8 clusters, 16 strata.
People people(std::uint64_t seed, std::size_t n, unsigned kind) {
  RandomStream random{Seed{seed}, kind};
  People p;
  for (std::size_t i = 0; i < n; ++i) {
    double t = -30 * std::log(1 - random.uniform());
    double c = 60 * random.uniform();
    if ((kind & 1U) != 0) {
      t = std::ceil(t);
      c = std::ceil(c);
    }
    p.time.push_back(std::max(std::min(t, c), 1e-3));
    p.event.push_back(t <= c ? 1 : 0);
    if ((kind & 2U) != 0) p.entry.push_back(p.time.back() * random.uniform() * 0.9);
    if ((kind & 4U) != 0) p.weight.push_back(random.below(5) == 0 ? 0.0 : random.uniform() * 3);
    if ((kind & 8U) != 0) p.cluster.push_back(static_cast<std::uint32_t>(i / 3));
    if ((kind & 16U) != 0) p.stratum.push_back(static_cast<std::uint32_t>((i / 3) % 4));
  }
  return p;
}

// The same questions asked of the library's Kaplan-Meier curve of the drawn rows.
CountedStatistic by_curve(const People& p, const SurvivalTargets& targets) {
  return
      [&p, &targets](std::span<const std::uint32_t> times, std::span<std::optional<double>> out) {
        std::vector<double> time;
        std::vector<std::uint8_t> event;
        std::vector<double> entry;
        std::vector<double> weight;
        for (std::size_t i = 0; i < times.size(); ++i) {
          for (std::uint32_t k = 0; k < times[i]; ++k) {
            if (!p.weight.empty() && p.weight[i] == 0) continue;
            time.push_back(p.time[i]);
            event.push_back(p.event[i]);
            if (!p.entry.empty()) entry.push_back(p.entry[i]);
            if (!p.weight.empty()) weight.push_back(p.weight[i]);
          }
        }
        if (time.empty()) return;
        SurvivalData data{.time = time, .event = event};
        data.entry = entry;
        data.weight = weight;
        CurveOptions options;
        options.tie_tolerance = 0;
        const auto curve = survival_curve(data, options);
        ASSERT_TRUE(curve) << describe(curve.error());
        std::size_t at = 0;
        const auto quantiles = curve_quantiles(*curve, targets.quantiles, IntervalScale::log);
        for (const CurveQuantile& q : *quantiles) out[at++] = q.time;
        const double last = curve->time.back();
        // Sums of weights leave a crumb where the last person has the event.
        const double end = curve->survival.back() < 1e-12 ? 0 : curve->survival.back();
        const auto survival_at = [&](double t) {
          const auto i = curve->at(t);
          return i ? curve->survival[*i] : 1.0;
        };
        for (const double t : targets.times) {
          if (t <= last || end == 0) out[at] = survival_at(t);
          ++at;
        }
        for (const double tau : targets.restricted_means) {
          if (tau <= last || end == 0) {
            double area = 0;
            double from = 0;
            for (std::size_t i = 0; i < curve->size() && curve->time[i] < tau; ++i) {
              area += (i == 0 ? 1.0 : curve->survival[i - 1]) * (curve->time[i] - from);
              from = curve->time[i];
            }
            out[at] = area + survival_at(from) * (tau - from);
          }
          ++at;
        }
      };
}

void expect_same(const std::optional<double>& a, const std::optional<double>& b) {
  ASSERT_EQ(a.has_value(), b.has_value());
  if (a) {
    EXPECT_NEAR(*a, *b, 1e-11 * (1 + std::abs(*b)));
  }
}

TEST(BootstrapSurvival, IsTheBootstrapOfTheKaplanMeierCurveInEveryKindOfData) {
  const SurvivalTargets targets{.quantiles = {0.5, 0.25, 0.9, 0.5},
                                .times = {20, 5, 0, 40, 200},
                                .restricted_means = {30, 10, 59}};
  for (unsigned kind = 0; kind < 32; ++kind) {
    for (std::uint64_t seed = 0; seed < 6; ++seed) {
      SCOPED_TRACE(testing::Message() << "kind " << kind << " seed " << seed);
      const People p = people(seed, 12 + 20 * seed, kind);
      const auto design = ResampleDesign::from(p.time.size(), p.cluster, p.stratum);
      ASSERT_TRUE(design);
      const ResampleOptions options{.seed = Seed{seed}, .replicates = 20};
      const auto fast = bootstrap_survival(p.times(), targets, *design, options);
      const auto slow = bootstrap(*design, targets.outputs(), by_curve(p, targets), options);
      ASSERT_TRUE(fast && slow);
      for (std::size_t j = 0; j < targets.outputs(); ++j) {
        SCOPED_TRACE(j);
        expect_same(fast->observed[j], slow->observed[j]);
        for (std::size_t r = 0; r < 20; ++r) expect_same(fast->value[j][r], slow->value[j][r]);
      }
      const auto left_out = jackknife_survival(p.times(), targets, *design);
      const auto slowly = jackknife(*design, targets.outputs(), by_curve(p, targets));
      ASSERT_TRUE(left_out && slowly);
      EXPECT_EQ(left_out->stratum, slowly->stratum);
      for (std::size_t j = 0; j < targets.outputs(); ++j) {
        SCOPED_TRACE(j);
        ASSERT_EQ(left_out->value[j].size(), slowly->value[j].size());
        for (std::size_t u = 0; u < slowly->value[j].size(); ++u) {
          expect_same(left_out->value[j][u], slowly->value[j][u]);
        }
      }
    }
  }
}

TEST(BootstrapSurvival, TwoThreadsAndAWatchedRunGiveTheSameBytes) {
  const People p = people(3, 500, 1);
  const auto design = *ResampleDesign::from(500);
  const SurvivalTargets targets{.quantiles = {0.5}, .times = {10}, .restricted_means = {30}};
  const test::TwoThreads two;
  const auto one = bootstrap_survival(p.times(), targets, design, {.seed = Seed{5}});
  const auto both = bootstrap_survival(p.times(), targets, design,
                                       {.seed = Seed{5},
                                        .replicates = 1000,
                                        .progress = [](double) { return true; },
                                        .runner = &two});
  ASSERT_TRUE(one && both);
  EXPECT_EQ(one->value, both->value);
}

TEST(BootstrapSurvival, AMedianAtAFlatStretchIsItsMiddle) {
  // Without resampling noise: S is 1/2 from 2 to 3, and to the last time if nothing follows.
  const std::vector<double> time{1, 2, 3, 4};
  const std::vector<std::uint8_t> all(4, 1);
  const auto design = *ResampleDesign::from(4);
  const SurvivalTargets targets{.quantiles = {0.5}};
  EXPECT_EQ(*bootstrap_survival({time, all}, targets, design)->observed[0], 2.5);
  const std::vector<std::uint8_t> first_two{1, 1, 0, 0};
  EXPECT_EQ(*bootstrap_survival({time, first_two}, targets, design)->observed[0], 3.0);
  const std::vector<std::uint8_t> none(4, 0);
  EXPECT_FALSE(bootstrap_survival({time, none}, targets, design)->observed[0]);
}

TEST(BootstrapSurvival, CoversTheMedianAboutAsOftenAsItSays) {
  // 300 samples of 80 exponential times, median log 2: a 90 % percentile interval should cover it
  // 270 times; binomial standard deviation 5.2, and the method itself is a little off at n = 80.
  int covered = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    RandomStream random{Seed{seed}, 5};
    std::vector<double> time(80);
    std::vector<std::uint8_t> event(80);
    for (std::size_t i = 0; i < 80; ++i) {
      const double t = -std::log(1 - random.uniform());
      const double c = 3 * random.uniform();
      time[i] = std::min(t, c);
      event[i] = t <= c ? 1 : 0;
    }
    const auto boot =
        bootstrap_survival({time, event}, {.quantiles = {0.5}}, *ResampleDesign::from(80),
                           {.seed = Seed{seed}, .replicates = 400});
    const auto s = bootstrap_summary(boot->observed[0], boot->value[0],
                                     {.level = 0.9, .no_answer = NoAnswer::above_all});
    const bool low = s->low && *s->low <= std::log(2.0);
    const bool high = !s->high || *s->high >= std::log(2.0);
    covered += low && high ? 1 : 0;
  }
  EXPECT_GE(covered, 252);
  EXPECT_LE(covered, 290);
}

TEST(BootstrapSurvival, NamesFieldAndRowOfWhatItRefuses) {
  const auto design = *ResampleDesign::from(2);
  const std::vector<std::uint8_t> event{1, 0};
  const SurvivalTargets median{.quantiles = {0.5}};
  const auto fails = [&](std::vector<double> time, std::vector<std::uint8_t> flags,
                         std::vector<double> entry, std::vector<double> weight) {
    const auto result = bootstrap_survival({time, flags, entry, weight}, median, design);
    return result ? std::string{"accepted"} : describe(result.error());
  };
  EXPECT_EQ(fails({1, -2}, event, {}, {}), "time[1] = -2: must be 0 or more");
  EXPECT_EQ(fails({1, std::nan("")}, event, {}, {}), "time[1] = nan: must be finite");
  EXPECT_EQ(fails({1, 2}, {1, 2}, {}, {}), "event[1] = 2: must be 0 or 1");
  EXPECT_EQ(fails({1, 2}, event, {0, 2}, {}), "entry[1] = 2: must be before time");
  EXPECT_EQ(fails({1, 2}, event, {}, {1, -1}), "weight[1] = -1: must be 0 or more");
  EXPECT_EQ(bootstrap_survival({}, median, design).error().code, Errc::empty_input);
  const std::vector<double> time{1, 2};
  EXPECT_EQ(bootstrap_survival({time, event}, {}, design).error().field, "targets");
  EXPECT_EQ(bootstrap_survival({time, event}, {.quantiles = {1}}, design).error().field,
            "quantiles");
  EXPECT_EQ(bootstrap_survival({time, event}, median, *ResampleDesign::from(3)).error().code,
            Errc::size_mismatch);
}

TEST(BootstrapSurvival, OnePersonAndAllWeightsZeroAreNoTrouble) {
  const std::vector<double> time{4};
  const std::vector<std::uint8_t> event{1};
  const std::vector<double> none{0};
  const SurvivalTargets targets{.quantiles = {0.5}, .times = {1, 9}, .restricted_means = {10}};
  const auto one = bootstrap_survival({time, event}, targets, *ResampleDesign::from(1));
  ASSERT_TRUE(one);
  EXPECT_EQ(one->observed, (std::vector<std::optional<double>>{4, 1, 0, 4}));
  const auto zero = bootstrap_survival({time, event, {}, none}, targets, *ResampleDesign::from(1));
  ASSERT_TRUE(zero);
  EXPECT_EQ(zero->observed, (std::vector<std::optional<double>>(4)));
  EXPECT_FALSE(jackknife_survival({time, event}, targets, *ResampleDesign::from(1))->value[0][0]);
}

}  // namespace
