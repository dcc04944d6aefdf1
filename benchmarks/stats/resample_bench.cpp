// A thousand bootstrap medians of Kaplan-Meier, with the parts of a replicate beside it. Times to a
// first lapse as in the project's cohort generator: Weibull of shape 0.8 and median 60 days,
// follow-up 20 to 365 days; continuous, or in whole days.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "ombre/core/random.hpp"
#include "ombre/stats/resample.hpp"
#include "ombre/stats/survival_curve.hpp"

namespace {

using namespace ombre;
using namespace ombre::stats;

struct Cohort {
  std::vector<double> time;
  std::vector<std::uint8_t> event;
};

Cohort cohort(std::size_t n, bool days) {
  RandomStream random{Seed{1}, 0};
  Cohort c;
  for (std::size_t i = 0; i < n; ++i) {
    const double t = 60 * std::pow(-std::log(1 - random.uniform()) / std::log(2.0), 1.25);
    const double end = std::min(20 + 380 * random.uniform(), 365.0);
    c.time.push_back(days ? std::ceil(std::min(t, end)) : std::min(t, end));
    c.event.push_back(t <= end ? 1 : 0);
  }
  return c;
}

// The first replicates, by the library's curve of the drawn rows.
bool agrees(const Cohort& c, const ResampleDesign& design, const Replicates& fast) {
  for (std::uint64_t r = 0; r < 5; ++r) {
    const auto times = bootstrap_counts(design, Seed{9}, r);
    std::vector<double> weight(times.begin(), times.end());
    SurvivalData data{.time = c.time, .event = c.event};
    data.weight = weight;
    const auto curve = survival_curve(data);
    if (!curve) return false;
    const std::vector<double> half{0.5};
    const auto q = curve_quantiles(*curve, half, IntervalScale::log);
    if (!q || (*q)[0].time.has_value() != fast.value[0][r].has_value()) return false;
    if ((*q)[0].time && std::abs(*(*q)[0].time - *fast.value[0][r]) > 1e-9) return false;
  }
  return true;
}

void thousand_medians(benchmark::State& state, bool days, const SurvivalTargets& targets) {
  const auto n = static_cast<std::size_t>(state.range(0));
  const Cohort c = cohort(n, days);
  const auto design = *ResampleDesign::from(n);
  const ResampleOptions options{.seed = Seed{9}, .replicates = 1000};
  const auto once = bootstrap_survival({c.time, c.event}, targets, design, options);
  if (!once || (!targets.quantiles.empty() && !agrees(c, design, *once))) {
    state.SkipWithError("wrong answer");
    return;
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(bootstrap_survival({c.time, c.event}, targets, design, options));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0) * 1000);  // rows
}

void BM_MediansContinuous(benchmark::State& state) {
  thousand_medians(state, false, {.quantiles = {0.5}});
}
BENCHMARK(BM_MediansContinuous)->Arg(1000)->Arg(10000)->Arg(100000)->Unit(benchmark::kMillisecond);

void BM_MediansWholeDays(benchmark::State& state) {
  thousand_medians(state, true, {.quantiles = {0.5}});
}
BENCHMARK(BM_MediansWholeDays)->Arg(1000)->Arg(10000)->Arg(100000)->Unit(benchmark::kMillisecond);

void BM_SurvivalAt180AndRestrictedMean(benchmark::State& state) {
  thousand_medians(state, state.range(1) != 0, {.times = {180}, .restricted_means = {300}});
}
BENCHMARK(BM_SurvivalAt180AndRestrictedMean)
    ->Args({10000, 0})
    ->Args({10000, 1})
    ->Unit(benchmark::kMillisecond);

// The draws alone: what no way of reading the curve can save.
void BM_DrawsAlone(benchmark::State& state) {
  const auto n = static_cast<std::size_t>(state.range(0));
  const auto design = *ResampleDesign::from(n);
  for (auto _ : state) {
    for (std::uint64_t r = 0; r < 1000; ++r) {
      benchmark::DoNotOptimize(bootstrap_counts(design, Seed{9}, r));
    }
  }
}
BENCHMARK(BM_DrawsAlone)->Arg(10000)->Unit(benchmark::kMillisecond);

void BM_JackknifeOfTheMedian(benchmark::State& state) {
  const auto n = static_cast<std::size_t>(state.range(0));
  const Cohort c = cohort(n, state.range(1) != 0);
  const auto design = *ResampleDesign::from(n);
  for (auto _ : state) {
    benchmark::DoNotOptimize(jackknife_survival({c.time, c.event}, {.quantiles = {0.5}}, design));
  }
}
BENCHMARK(BM_JackknifeOfTheMedian)
    ->Args({10000, 0})
    ->Args({10000, 1})
    ->Unit(benchmark::kMillisecond);

void BM_PermutationOfAMeanDifference(benchmark::State& state) {
  const std::size_t n = 200;
  RandomStream random{Seed{2}, 0};
  std::vector<double> x(n);
  for (double& v : x) v = random.normal();
  std::vector<std::uint32_t> label(n, 0);
  std::fill(label.begin(), label.begin() + 100, 1U);
  const auto design = *ResampleDesign::from(n);
  for (auto _ : state) {
    benchmark::DoNotOptimize(permutation_test(design, label,
                                              [&x](std::span<const std::uint32_t> l) {
                                                double sum = 0;
                                                for (std::size_t i = 0; i < l.size(); ++i)
                                                  sum += l[i] * x[i];
                                                return sum;
                                              },
                                              {.seed = Seed{3}, .replicates = 9999}));
  }
}
BENCHMARK(BM_PermutationOfAMeanDifference)->Unit(benchmark::kMillisecond);

}  // namespace
