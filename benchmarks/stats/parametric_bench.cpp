// Parametric fits with ten covariates: right-censored times, and the same people seen at visits
// every 28 days. The peer is survreg of R's survival on the same kind of people; see
// docs/parametric-survival.md.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "ombre/core/random.hpp"
#include "ombre/stats/parametric_survival.hpp"

namespace {

using namespace ombre;
using namespace ombre::stats;

struct Cohort {
  std::vector<double> time, time2, x;
  std::vector<TimeKnown> known;
  std::size_t columns = 10;
  [[nodiscard]] ParametricInput input() const {
    return {.time = time, .known = known, .time2 = time2, .x = x, .columns = columns};
  }
};

Cohort cohort(std::size_t n, bool visits) {
  RandomStream random{Seed{1}, 0};
  Cohort c;
  c.x.resize(n * c.columns);
  std::vector<double> eta(n, 0);
  for (std::size_t j = 0; j < c.columns; ++j) {
    const double beta = (j % 2 == 0 ? 0.5 : -0.5) / std::sqrt(static_cast<double>(j + 1));
    for (std::size_t i = 0; i < n; ++i) {
      const double u = random.uniform();
      const double x = j % 2 == 0 ? (u < 0.5 ? 0.5 : -0.5) : (u - 0.5) * std::sqrt(12.0);
      c.x[j * n + i] = x;
      eta[i] += beta * x;
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    const double t =
        60 * std::pow(-std::log(1 - random.uniform()) / (std::log(2.0) * std::exp(eta[i])), 1.25);
    const double end = std::min(20 + 380 * random.uniform(), 365.0);
    const double before = std::floor(std::min(t, end) / 28) * 28;
    if (visits && t <= end) {
      c.known.push_back(before == 0 ? TimeKnown::before : TimeKnown::between);
      c.time.push_back(before == 0 ? 28 : before);
      c.time2.push_back(before == 0 ? 0 : before + 28);
    } else {
      c.known.push_back(t <= end ? TimeKnown::exactly : TimeKnown::after);
      c.time.push_back(std::max(1e-6, visits ? before : std::min(t, end)));
      c.time2.push_back(0);
    }
  }
  return c;
}

void fit(benchmark::State& state, SurvivalFamily family, bool visits) {
  const Cohort c = cohort(static_cast<std::size_t>(state.range(0)), visits);
  const auto once = parametric_fit(c.input(), {.family = family});
  // Proportional hazards of exp(eta) with shape 0.8 are accelerated times of exp(-1.25 eta).
  const bool weibull = family == SurvivalFamily::weibull;
  if (!once || once->status != ParametricStatus::converged || once->max_score > 1e-6 ||
      (weibull && std::abs(once->parameters[1] + 0.625) > 6 * std::sqrt(once->variance[13]))) {
    state.SkipWithError("wrong answer");
    return;
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(parametric_fit(c.input(), {.family = family}));
  }
  state.counters["iterations"] = once->iterations;
}

void BM_WeibullRight(benchmark::State& state) { fit(state, SurvivalFamily::weibull, false); }
void BM_WeibullVisits(benchmark::State& state) { fit(state, SurvivalFamily::weibull, true); }
void BM_LogNormalRight(benchmark::State& state) { fit(state, SurvivalFamily::log_normal, false); }
void BM_LogNormalVisits(benchmark::State& state) { fit(state, SurvivalFamily::log_normal, true); }
void BM_LogLogisticRight(benchmark::State& state) {
  fit(state, SurvivalFamily::log_logistic, false);
}
void BM_GompertzRight(benchmark::State& state) { fit(state, SurvivalFamily::gompertz, false); }
void BM_GeneralisedGammaRight(benchmark::State& state) {
  fit(state, SurvivalFamily::generalised_gamma, false);
}
BENCHMARK(BM_WeibullRight)->Arg(10000)->Arg(100000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_WeibullVisits)->Arg(10000)->Arg(100000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_LogNormalRight)->Arg(10000)->Arg(100000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_LogNormalVisits)->Arg(10000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_LogLogisticRight)->Arg(10000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_GompertzRight)->Arg(10000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_GeneralisedGammaRight)->Arg(1000)->Arg(10000)->Unit(benchmark::kMillisecond);

void BM_TurnbullOfVisits(benchmark::State& state) {
  Cohort c = cohort(static_cast<std::size_t>(state.range(0)), true);
  c.columns = 0;
  c.x.clear();
  // Visits a few days early or late, so that the intervals of people overlap.
  RandomStream random{Seed{5}, 0};
  for (std::size_t i = 0; i < c.time.size(); ++i) {
    if (c.known[i] == TimeKnown::between) {
      c.time[i] += static_cast<double>(random.below(7)) - 3;
      c.time2[i] += static_cast<double>(random.below(7)) - 3;
    }
  }
  const auto once = turnbull_curve(c.input());
  if (!once || !once->converged) {
    state.SkipWithError("did not converge");
    return;
  }
  for (auto _ : state) benchmark::DoNotOptimize(turnbull_curve(c.input()));
  state.counters["iterations"] = once->iterations;
}
BENCHMARK(BM_TurnbullOfVisits)->Arg(1000)->Arg(10000)->Unit(benchmark::kMillisecond);

}  // namespace
