// Cox models: checked against sums over all pairs of rows on a small cohort, then timed.
//
// The cohorts are those of the peers' baselines (see docs/cox.md): Weibull times with shape 0.8,
// censored between day 20 and 365, covariates of both kinds; `day` rounds times up to whole days.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include "ombre/cohort/runners.hpp"
#include "ombre/stats/concordance.hpp"
#include "ombre/stats/cox.hpp"
#include "ombre/stats/cox_residuals.hpp"
#include "ombre/stats/proportionality.hpp"

namespace {

using namespace ombre;
using stats::CoxData;
using stats::CoxTies;

// R's runif() after set.seed(seed, kind = "Mersenne-Twister").
class Uniform {
 public:
  explicit Uniform(std::uint32_t seed) {
    for (int i = 0; i < 50; ++i) seed = 69069U * seed + 1U;
    seed = 69069U * seed + 1U;  // R puts the position in place of this one
    std::ostringstream state;
    for (int i = 0; i < 624; ++i) {
      seed = 69069U * seed + 1U;
      state << seed << ' ';
    }
    state << 624;
    std::istringstream{state.str()} >> engine_;
  }
  double operator()() {
    const double u = static_cast<double>(engine_()) * 2.3283064365386963e-10;
    constexpr double edge = 0.5 * 2.328306437080797e-10;
    return u <= 0 ? edge : 1 - u <= 0 ? 1 - edge : u;
  }

 private:
  std::mt19937 engine_;
};

struct Cohort {
  std::vector<double> time;
  std::vector<std::uint8_t> event;
  std::vector<double> x;
  std::size_t columns = 0;
  std::vector<double> entry;
  std::vector<std::uint32_t> cluster;
  std::vector<std::uint32_t> stratum;
  [[nodiscard]] stats::CoxInput input() const {
    stats::CoxInput in;
    in.time = time;
    in.event = event;
    in.x = x;
    in.columns = columns;
    in.entry = entry;
    in.cluster = cluster;
    in.stratum = stratum;
    return in;
  }
};

Cohort right_censored(std::size_t n, std::size_t p, bool days, std::uint32_t seed = 1) {
  Uniform draw{seed};
  Cohort c;
  c.columns = p;
  c.x.resize(n * p);
  std::vector<double> eta(n, 0.0);
  for (std::size_t j = 0; j < p; ++j) {
    const double b = (j % 2 == 0 ? 0.5 : -0.5) / std::sqrt(static_cast<double>(j + 1));
    for (std::size_t i = 0; i < n; ++i) {
      const double u = draw();
      const double v = j % 2 == 0 ? (u < 0.5 ? 0.5 : -0.5) : (u - 0.5) * std::sqrt(12.0);
      c.x[j * n + i] = v;
      eta[i] += b * v;
    }
  }
  c.time.resize(n);
  c.event.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    c.time[i] = 60 * std::pow(-std::log(draw()) / (std::numbers::ln2 * std::exp(eta[i])), 1 / 0.8);
  }
  for (std::size_t i = 0; i < n; ++i) {
    const double censored = std::min(20 + 380 * draw(), 365.0);
    c.event[i] = c.time[i] <= censored ? 1 : 0;
    c.time[i] = std::min(c.time[i], censored);
    if (days) c.time[i] = std::ceil(c.time[i]);
  }
  return c;
}

// Follow-up cut at days 30 and 90, the first covariate fading.
Cohort start_stop(std::size_t people, std::size_t p, bool days) {
  const Cohort whole = right_censored(people, p, days, 2);
  Cohort c;
  c.columns = p;
  std::vector<std::size_t> from;
  std::vector<int> part;
  for (std::size_t i = 0; i < people; ++i) {
    const double cuts[] = {0, 30, 90};
    const int parts = 1 + (whole.time[i] > 30 ? 1 : 0) + (whole.time[i] > 90 ? 1 : 0);
    for (int k = 0; k < parts; ++k) {
      from.push_back(i);
      part.push_back(k);
      c.entry.push_back(cuts[k]);
      c.time.push_back(k + 1 < parts ? cuts[k + 1] : whole.time[i]);
      c.event.push_back(k + 1 < parts ? std::uint8_t{0} : whole.event[i]);
      c.cluster.push_back(static_cast<std::uint32_t>(i));
    }
  }
  constexpr double fade[] = {1, 0.5, 0};
  for (std::size_t j = 0; j < p; ++j) {
    for (std::size_t r = 0; r < from.size(); ++r) {
      c.x.push_back(whole.x[j * people + from[r]] * (j == 0 ? fade[part[r]] : 1));
    }
  }
  return c;
}

// Relapses that come again: exponential gaps at 0.01 a day times a person's frailty, the rate of
// the second arm exp(0.4) times as high; one covariate. `by_number`: a stratum for each of the
// first four relapses and one for all later ones (Prentice, Williams & Peterson in total time).
Cohort recurrent(std::size_t people, bool days, bool by_number) {
  Uniform draw{4};
  struct Row {
    std::size_t person;
    double start;
    double stop;
    bool event;
  };
  std::vector<double> frailty(people);
  std::vector<double> end(people);
  std::vector<double> arm(people);
  for (double& z : frailty) z = -std::log(draw());
  for (double& c : end) {
    c = std::min(20 + 380 * draw(), 365.0);
    if (days) c = std::ceil(c);
  }
  for (double& a : arm) a = draw() < 0.5 ? 1 : 0;
  std::vector<std::vector<Row>> rows(people);
  std::vector<double> now(people, 0.0);
  std::vector<std::size_t> followed(people);
  for (std::size_t i = 0; i < people; ++i) followed[i] = i;
  while (!followed.empty()) {
    std::vector<std::size_t> still;
    for (const std::size_t i : followed) {
      double next = now[i] - std::log(draw()) / (0.01 * frailty[i] * std::exp(0.4 * arm[i]));
      if (days) next = std::ceil(next);
      const bool relapse = next < end[i];
      rows[i].push_back({i, now[i], relapse ? next : end[i], relapse});
      if (!relapse) continue;
      now[i] = next;
      still.push_back(i);
    }
    followed.swap(still);
  }
  Cohort c;
  c.columns = 1;
  for (const std::vector<Row>& person : rows) {
    for (std::size_t k = 0; k < person.size(); ++k) {
      c.entry.push_back(person[k].start);
      c.time.push_back(person[k].stop);
      c.event.push_back(person[k].event ? 1 : 0);
      c.x.push_back(arm[person[k].person]);
      c.cluster.push_back(static_cast<std::uint32_t>(person[k].person));
      if (by_number) c.stratum.push_back(static_cast<std::uint32_t>(std::min<std::size_t>(k, 4)));
    }
  }
  return c;
}

// The score of Efron's likelihood at b, every event time and every row looked at.
double largest_score(const Cohort& c, std::span<const double> b) {
  const std::size_t n = c.time.size();
  const std::size_t p = c.columns;
  std::vector<double> risk(n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < p; ++j) risk[i] += b[j] * c.x[j * n + i];
    risk[i] = std::exp(risk[i]);
  }
  std::vector<double> score(p, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    if (c.event[i] == 0) continue;
    std::size_t before = 0;
    double d = 0;
    double s0 = 0;
    double d0 = 0;
    std::vector<double> s1(p, 0.0);
    std::vector<double> d1(p, 0.0);
    for (std::size_t k = 0; k < n; ++k) {
      if (c.time[k] < c.time[i] || (!c.entry.empty() && c.entry[k] >= c.time[i])) continue;
      const bool dies = c.time[k] == c.time[i] && c.event[k] != 0;
      s0 += risk[k];
      for (std::size_t j = 0; j < p; ++j) s1[j] += risk[k] * c.x[j * n + k];
      if (!dies) continue;
      d += 1;
      before += k < i ? 1U : 0U;
      d0 += risk[k];
      for (std::size_t j = 0; j < p; ++j) d1[j] += risk[k] * c.x[j * n + k];
    }
    const double f = static_cast<double>(before) / d;
    for (std::size_t j = 0; j < p; ++j) {
      score[j] += c.x[j * n + i] - (s1[j] - f * d1[j]) / (s0 - f * d0);
    }
  }
  double most = 0;
  for (const double s : score) most = std::max(most, std::abs(s));
  return most;
}

bool right_answer(benchmark::State& state, bool days, bool late) {
  const Cohort small = late ? start_stop(400, 10, days) : right_censored(800, 10, days);
  const auto data = CoxData::from(small.input());
  const auto fit = data ? stats::cox_fit(*data) : Result<stats::CoxFit>{unexpected(data.error())};
  if (!fit || largest_score(small, fit->coef) > 1e-8) {
    state.SkipWithError("wrong answer");
    return false;
  }
  return true;
}

void fit_once(benchmark::State& state, const Cohort& cohort, bool robust, bool all,
              const Runner* runner = nullptr) {
  stats::CoxFitOptions options;
  options.robust = robust;
  options.runner = runner;
  int iterations = 0;
  for (auto _ : state) {
    const auto data = CoxData::from(cohort.input(), runner);
    const auto fit = stats::cox_fit(*data, options);
    iterations = fit->iterations;
    benchmark::DoNotOptimize(fit->loglik);
    if (all) benchmark::DoNotOptimize(stats::concordance(*data, *fit, runner)->concordant);
  }
  state.counters["iterations"] = iterations;
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(cohort.time.size()));
}

// rows, columns, whole days. Sorting included; with and without the concordance R's call computes.
void BM_CoxEfron(benchmark::State& state) {
  if (!right_answer(state, state.range(2) != 0, false)) return;
  fit_once(state,
           right_censored(static_cast<std::size_t>(state.range(0)),
                          static_cast<std::size_t>(state.range(1)), state.range(2) != 0),
           false, false);
}
void BM_CoxEfronAndConcordance(benchmark::State& state) {
  if (!right_answer(state, state.range(2) != 0, false)) return;
  fit_once(state,
           right_censored(static_cast<std::size_t>(state.range(0)),
                          static_cast<std::size_t>(state.range(1)), state.range(2) != 0),
           false, true);
}
// Wall time; compare with the one above on a machine that has two processors to spare.
void BM_CoxTwoThreads(benchmark::State& state) {
  const cohort::Threads two{2};
  fit_once(state,
           right_censored(static_cast<std::size_t>(state.range(0)),
                          static_cast<std::size_t>(state.range(1)), state.range(2) != 0),
           false, true, &two);
}
void BM_CoxRobust(benchmark::State& state) {
  if (!right_answer(state, state.range(2) != 0, false)) return;
  fit_once(state,
           right_censored(static_cast<std::size_t>(state.range(0)),
                          static_cast<std::size_t>(state.range(1)), state.range(2) != 0),
           true, true);
}
// Follow-up cut at days 30 and 90; 51 626 people have 100 000 rows.
void BM_CoxStartStop(benchmark::State& state) {
  if (!right_answer(state, state.range(2) != 0, true)) return;
  fit_once(state,
           start_stop(static_cast<std::size_t>(state.range(0)),
                      static_cast<std::size_t>(state.range(1)), state.range(2) != 0),
           state.range(3) != 0, true);
}

// people, whole days; 27 739 people have 100 000 rows.
void recurrent_once(benchmark::State& state, bool by_number) {
  const Cohort small = recurrent(200, state.range(1) != 0, false);
  const auto data = CoxData::from(small.input());
  const auto fit = data ? stats::cox_fit(*data) : Result<stats::CoxFit>{unexpected(data.error())};
  if (!fit || largest_score(small, fit->coef) > 1e-8) return state.SkipWithError("wrong answer");
  fit_once(state,
           recurrent(static_cast<std::size_t>(state.range(0)), state.range(1) != 0, by_number),
           true, true);
}
void BM_AndersenGillClustered(benchmark::State& state) { recurrent_once(state, false); }
void BM_PrenticeWilliamsPetersonClustered(benchmark::State& state) { recurrent_once(state, true); }

void BM_Proportionality(benchmark::State& state) {
  if (!right_answer(state, state.range(2) != 0, false)) return;
  const Cohort cohort =
      right_censored(static_cast<std::size_t>(state.range(0)),
                     static_cast<std::size_t>(state.range(1)), state.range(2) != 0);
  for (auto _ : state) {
    const auto data = CoxData::from(cohort.input());
    const auto fit = stats::cox_fit(*data);
    benchmark::DoNotOptimize(
        (*stats::proportionality_test(*data, *fit, stats::TimeTransform::kaplan_meier))
            ->global_chi_square);
  }
}

void BM_Concordance(benchmark::State& state) {
  const Cohort cohort = right_censored(static_cast<std::size_t>(state.range(0)), 10, false);
  const auto data = CoxData::from(cohort.input());
  const auto fit = stats::cox_fit(*data);
  stats::ConcordanceInput input;
  input.time = cohort.time;
  input.event = cohort.event;
  input.score = fit->linear_predictor;
  for (auto _ : state) benchmark::DoNotOptimize(stats::concordance(input)->concordant);
}

// Checks, sorting and centring alone.
void BM_CoxData(benchmark::State& state) {
  const Cohort cohort = right_censored(static_cast<std::size_t>(state.range(0)), 10, false);
  for (auto _ : state) benchmark::DoNotOptimize(CoxData::from(cohort.input())->rows());
}

void BM_Residuals(benchmark::State& state) {
  const Cohort cohort = right_censored(static_cast<std::size_t>(state.range(0)), 10, false);
  const auto data = CoxData::from(cohort.input());
  const auto fit = stats::cox_fit(*data);
  for (auto _ : state) benchmark::DoNotOptimize(stats::cox_residuals(*data, *fit)->dfbeta.data());
}

BENCHMARK(BM_CoxEfron)
    ->Unit(benchmark::kMillisecond)
    ->Args({10000, 10, 0})
    ->Args({100000, 10, 0})
    ->Args({100000, 10, 1})
    ->Args({100000, 50, 0})
    ->Args({1000000, 10, 0})
    ->Args({1000000, 10, 1});
BENCHMARK(BM_CoxEfronAndConcordance)
    ->Unit(benchmark::kMillisecond)
    ->Args({100000, 10, 0})
    ->Args({200000, 10, 0})
    ->Args({400000, 10, 0})
    ->Args({100000, 10, 1})
    ->Args({1000000, 10, 0})
    ->Args({1000000, 10, 1});
BENCHMARK(BM_CoxTwoThreads)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->Args({100000, 10, 0})
    ->Args({100000, 10, 1})
    ->Args({1000000, 10, 0})
    ->Args({1000000, 10, 1});
BENCHMARK(BM_CoxRobust)
    ->Unit(benchmark::kMillisecond)
    ->Args({10000, 10, 0})
    ->Args({100000, 10, 0})
    ->Args({1000000, 6, 0})
    ->Args({6000000, 6, 0});
// The last argument: robust errors by person.
BENCHMARK(BM_CoxStartStop)
    ->Unit(benchmark::kMillisecond)
    ->Args({51626, 10, 0, 0})
    ->Args({51626, 10, 1, 0})
    ->Args({51626, 10, 0, 1});
BENCHMARK(BM_AndersenGillClustered)
    ->Unit(benchmark::kMillisecond)
    ->Args({2774, 0})
    ->Args({27739, 0})
    ->Args({27739, 1});
BENCHMARK(BM_PrenticeWilliamsPetersonClustered)
    ->Unit(benchmark::kMillisecond)
    ->Args({27739, 0})
    ->Args({27739, 1});
BENCHMARK(BM_Proportionality)->Unit(benchmark::kMillisecond)->Args({100000, 10, 0});
BENCHMARK(BM_Concordance)->Unit(benchmark::kMillisecond)->Arg(100000)->Arg(1000000);
BENCHMARK(BM_CoxData)->Unit(benchmark::kMillisecond)->Arg(100000)->Arg(1000000);
BENCHMARK(BM_Residuals)->Unit(benchmark::kMillisecond)->Arg(100000);

}  // namespace
