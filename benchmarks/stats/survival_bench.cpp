// Survival curves and log-rank tests of 1e5 to 1e7 people: whole days (as follow-back data are) and
// times nearly without ties. Each checks its answer against a plain computation, then times it.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <numeric>
#include <vector>

#include "ombre/cohort/runners.hpp"
#include "ombre/core/random.hpp"
#include "ombre/stats/log_rank.hpp"
#include "ombre/stats/survival_curve.hpp"

namespace {

using namespace ombre;

struct Cohort {
  std::vector<double> time;
  std::vector<std::uint8_t> event;
  std::vector<std::uint32_t> group;
};

// Weibull times (shape 0.8, median 60 days), censoring uniform on 20..400 and at 365: the same law
// as the R baselines, from another generator.
const Cohort& cohort_of(std::int64_t n, bool days) {
  static std::map<std::pair<std::int64_t, bool>, Cohort> made;
  Cohort& c = made[{n, days}];
  if (!c.time.empty()) return c;
  RandomStream random{Seed{7}, static_cast<std::uint64_t>(n)};
  for (std::int64_t i = 0; i < n; ++i) {
    const double t = 60 * std::pow(-std::log1p(-random.uniform()) / std::log(2.0), 1 / 0.8);
    const double end = std::min(20 + 380 * random.uniform(), 365.0);
    const double y = std::min(t, end);
    c.time.push_back(days ? std::ceil(y) : y);
    c.event.push_back(t <= end ? 1 : 0);
    c.group.push_back(static_cast<std::uint32_t>(random.below(4)));
  }
  return c;
}

bool agrees(const stats::SurvivalCurve& curve, const Cohort& c) {
  std::vector<std::uint32_t> order(c.time.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::sort(order, {}, [&](std::uint32_t i) { return c.time[i]; });
  double survival = 1;
  std::size_t at = 0;
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i;
    double events = 0;
    for (; end < order.size() && c.time[order[end]] == c.time[order[i]]; ++end) {
      events += c.event[order[end]];
    }
    survival *= 1 - events / static_cast<double>(order.size() - i);
    if (at >= curve.size() || curve.time[at] != c.time[order[i]] ||
        std::abs(curve.survival[at] - survival) > 1e-9) {
      return false;
    }
    ++at;
    i = end;
  }
  return at == curve.size();
}

void kaplan_meier(benchmark::State& state, bool days) {
  const Cohort& c = cohort_of(state.range(0), days);
  // Without joining near-ties the plain computation sees the same times.
  const auto plain = stats::survival_curve({c.time, c.event}, {.tie_tolerance = 0});
  if (!plain || !agrees(*plain, c)) return state.SkipWithError("wrong answer");
  for (auto _ : state) benchmark::DoNotOptimize(stats::survival_curve({c.time, c.event}));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void by_group(benchmark::State& state, bool days) {
  const Cohort& c = cohort_of(state.range(0), days);
  for (auto _ : state) {
    benchmark::DoNotOptimize(stats::survival_curves({c.time, c.event}, c.group, 4));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void robust(benchmark::State& state) {
  const Cohort& c = cohort_of(state.range(0), false);
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        stats::survival_curve({c.time, c.event}, {.error = stats::CurveError::robust}));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void log_rank(benchmark::State& state, bool days) {
  const Cohort& c = cohort_of(state.range(0), days);
  const auto test = stats::log_rank_test(c.time, c.event, c.group, 4);
  const auto sum = [](const std::vector<double>& v) { return std::reduce(v.begin(), v.end()); };
  if (!test || std::abs(sum(test->observed) - sum(test->expected)) > 1e-6 * sum(test->observed)) {
    return state.SkipWithError("wrong answer");
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(stats::log_rank_test(c.time, c.event, c.group, 4));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

// By the clock; compare with the ones above on a machine that has two processors to spare.
void two_threads_kaplan_meier(benchmark::State& state, bool days) {
  const cohort::Threads two{2};
  const Cohort& c = cohort_of(state.range(0), days);
  for (auto _ : state) {
    benchmark::DoNotOptimize(stats::survival_curve({c.time, c.event}, {}, two));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
void two_threads_log_rank(benchmark::State& state, bool days) {
  const cohort::Threads two{2};
  const Cohort& c = cohort_of(state.range(0), days);
  for (auto _ : state) {
    benchmark::DoNotOptimize(stats::log_rank_test(c.time, c.event, c.group, 4, two));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

constexpr std::int64_t small = 100'000;
constexpr std::int64_t large = 10'000'000;
BENCHMARK_CAPTURE(kaplan_meier, days, true)->RangeMultiplier(10)->Range(small, large);
BENCHMARK_CAPTURE(kaplan_meier, continuous, false)->RangeMultiplier(10)->Range(small, large);
BENCHMARK_CAPTURE(by_group, days, true)->RangeMultiplier(10)->Range(small, large);
BENCHMARK_CAPTURE(by_group, continuous, false)->RangeMultiplier(10)->Range(small, large);
BENCHMARK_CAPTURE(log_rank, days, true)->RangeMultiplier(10)->Range(small, large);
BENCHMARK_CAPTURE(log_rank, continuous, false)->RangeMultiplier(10)->Range(small, large);
BENCHMARK_CAPTURE(two_threads_kaplan_meier, days, true)
    ->UseRealTime()
    ->RangeMultiplier(10)
    ->Range(small, large);
BENCHMARK_CAPTURE(two_threads_kaplan_meier, continuous, false)
    ->UseRealTime()
    ->RangeMultiplier(10)
    ->Range(small, large);
BENCHMARK_CAPTURE(two_threads_log_rank, days, true)
    ->UseRealTime()
    ->RangeMultiplier(10)
    ->Range(small, large);
BENCHMARK_CAPTURE(two_threads_log_rank, continuous, false)
    ->UseRealTime()
    ->RangeMultiplier(10)
    ->Range(small, large);
BENCHMARK(robust)->RangeMultiplier(10)->Range(small, large / 10);

}  // namespace
