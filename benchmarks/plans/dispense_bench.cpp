// Dispensing, best plans and levels. Each answer is checked before it is timed.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "ombre/plans/best_taper.hpp"
#include "ombre/plans/dispense.hpp"
#include "ombre/plans/levels.hpp"

namespace {

namespace plans = ombre::plans;
using namespace ombre::plans::literals;
using plans::Amount;
using plans::DoseUnit;
using plans::Product;

/// Diazepam 2, 5, 10 mg scored tablets; with a 1 mg/mL liquid measured to 0.1 mL where `fine`.
std::vector<Product> diazepam(bool fine) {
  std::vector<Product> shelf{*Product::piece(plans::Form::tablet, 2_mg, plans::Division::quarters),
                             *Product::piece(plans::Form::tablet, 5_mg, plans::Division::halves),
                             *Product::piece(plans::Form::tablet, 10_mg, plans::Division::halves)};
  if (fine) shelf.push_back(*Product::liquid(1_mg, 0.1_ml, 10_ml));
  return shelf;
}

/// `steps` equal parts of one year, down to 2 % of 40 mg; 52 steps take 7.2 % of the current dose.
std::vector<plans::IdealStep> year(int steps) {
  std::vector<plans::IdealStep> ideal;
  double dose = 40;
  for (int k = 0; k < steps; ++k) {
    dose *= std::pow(0.02, 1.0 / steps);
    ideal.push_back({*Amount::nearest(dose, DoseUnit::mg), std::max(1, 364 / steps)});
  }
  return ideal;
}

plans::DispenseRequest year_request(const std::vector<plans::IdealStep>& ideal,
                                    const std::vector<Product>& shelf) {
  plans::DispenseRequest request;
  request.start = 40_mg;
  request.ideal = ideal;
  request.products = shelf;
  request.ceiling.of_current = 25_pct;
  request.ceiling.exempt_cut = 0.5_mg;
  return request;
}

/// The promise, checked from its words.
bool keeps_promise(const plans::DispensedPlan& plan, const std::vector<Product>& shelf,
                   std::int64_t percent, std::int64_t before) {
  for (const auto& step : plan.steps) {
    const std::int64_t cut = before - step.dose.micro();
    if (cut < 0 || (cut * 100 > before * percent && cut > 500'000)) return false;
    std::int64_t sum = 0;
    for (const auto& intake : step.intakes) {
      for (const auto& piece : intake.pieces) {
        const Product& product = shelf[piece.product];
        sum += piece.quarters > 0 ? product.strength().micro() * piece.quarters / 4 * piece.count
                                  : piece.volume.micro() / product.graduation().micro() *
                                        product.per_graduation().micro();
      }
    }
    if (sum != step.dose.micro()) return false;
    before = step.dose.micro();
  }
  return !plan.misfit && !plan.steps.empty();
}

void BM_DispenseIntake(benchmark::State& state) {
  const auto shelf = diazepam(state.range(0) != 0);
  const Amount dose = state.range(0) != 0 ? 37.3_mg : 37.5_mg;
  const auto once = plans::dispense_intake(dose, shelf);
  if (!once || !*once || (*once)->amount != dose) {
    state.SkipWithError("wrong answer");
    return;
  }
  for (auto _ : state) benchmark::DoNotOptimize(plans::dispense_intake(dose, shelf));
}
BENCHMARK(BM_DispenseIntake)->ArgName("liquid")->Arg(0)->Arg(1);

/// args: steps in the year, liquid, intakes a day, ceiling in percent (7 and less binds)
void BM_DispenseYear(benchmark::State& state) {
  const auto shelf = diazepam(state.range(1) != 0);
  const auto ideal = year(static_cast<int>(state.range(0)));
  auto request = year_request(ideal, shelf);
  request.shares = plans::DayShares::even(static_cast<std::size_t>(state.range(2)));
  request.ceiling.of_current = *plans::Share::from_millionths(10'000 * state.range(3));
  request.reach_end = false;
  const auto once = plans::dispense_plan(request);
  if (!once || !keeps_promise(*once, shelf, state.range(3), 40'000'000)) {
    state.SkipWithError("wrong answer");
    return;
  }
  for (auto _ : state) benchmark::DoNotOptimize(plans::dispense_plan(request));
}
BENCHMARK(BM_DispenseYear)
    ->ArgNames({"steps", "liquid", "intakes", "ceiling"})
    ->Args({26, 0, 1, 25})
    ->Args({52, 0, 1, 25})
    ->Args({52, 0, 1, 6})
    ->Args({52, 1, 1, 25})
    ->Args({52, 1, 1, 6})
    ->Args({52, 0, 3, 25})
    ->Args({52, 1, 3, 25})
    ->Args({182, 1, 1, 2})
    ->Args({364, 1, 1, 25})
    ->Args({364, 1, 1, 1});

void BM_Supply(benchmark::State& state) {
  const auto shelf = diazepam(true);
  const auto ideal = year(52);
  const auto plan = plans::dispense_plan(year_request(ideal, shelf));
  const std::vector<std::int32_t> month{28};
  const auto once =
      plan ? plans::supply(plan->steps, shelf, month) : plans::supply({}, shelf, month);
  if (!once || once->size() != 13) {
    state.SkipWithError("wrong answer");
    return;
  }
  for (auto _ : state) benchmark::DoNotOptimize(plans::supply(plan->steps, shelf, month));
}
BENCHMARK(BM_Supply);

/// The largest drop of the front's last plan by a second method: the smallest limit under which the
/// lowest allowed dose at every step reaches 0 in time, bisected over all pairs of doses.
double least_limit(const std::vector<double>& effect, std::size_t steps) {
  std::vector<double> limits;
  for (std::size_t x = 1; x < effect.size(); ++x) {
    for (std::size_t y = 0; y < x; ++y) limits.push_back(effect[x] - effect[y]);
  }
  std::ranges::sort(limits);
  const auto enough = [&](double limit) {
    std::size_t at = effect.size() - 1;
    for (std::size_t k = 0; k < steps && at > 0; ++k) {
      std::size_t low = at;
      while (low > 0 && effect[at] - effect[low - 1] <= limit) --low;
      at = low;
    }
    return at == 0;
  };
  return *std::ranges::partition_point(limits, [&](double limit) { return !enough(limit); });
}

/// args: steps, doses per milligram (2: tablets; 10, 20, 50: liquid of that graduation)
void BM_BestTaperFront(benchmark::State& state) {
  std::vector<Product> shelf = diazepam(false);
  const std::int64_t per_mg = state.range(1);
  if (per_mg > 2) {
    const Amount graduation = *Amount::from_micro(1'000'000 / per_mg, DoseUnit::ml);
    shelf.push_back(*Product::liquid(1_mg, graduation, 10_ml));
  }
  plans::BestTaperRequest request;
  request.start = 40_mg;
  request.goal = 0_mg;
  request.products = shelf;
  request.curve = *plans::EffectCurve::from(1, 15);
  request.step_days = 7;
  request.max_days = static_cast<std::int32_t>(7 * state.range(0));
  const auto once = plans::best_taper_front(request);
  bool right = once && !once->plans.empty();
  if (right) {
    const auto grid = plans::DoseGrid::build(shelf, 40_mg);
    std::vector<double> effect;
    for (const std::int64_t micro : grid->micro()) {
      effect.push_back(request.curve->effect(static_cast<double>(micro) / 1e6));
    }
    right = once->plans.back().largest_drop ==
            least_limit(effect, static_cast<std::size_t>(state.range(0)));
  }
  if (!right) {
    state.SkipWithError("wrong answer");
    return;
  }
  for (auto _ : state) benchmark::DoNotOptimize(plans::best_taper_front(request));
  state.counters["grid"] = static_cast<double>(once->grid_points);
  state.counters["front"] = static_cast<double>(once->plans.size());
}
BENCHMARK(BM_BestTaperFront)
    ->ArgNames({"steps", "per_mg"})
    ->Args({15, 2})
    ->Args({30, 2})
    ->Args({60, 2})
    ->Args({120, 2})
    ->Args({60, 10})
    ->Args({60, 20})
    ->Args({60, 50})
    ->Args({120, 10})
    ->Unit(benchmark::kMillisecond);

/// A year of doses three times a day, one level an hour.
void BM_LevelsYear(benchmark::State& state) {
  plans::LevelModel model;
  model.half_life_hours = 118;
  model.absorption_half_life_hours = 0.7;
  std::vector<plans::TimedDose> doses;
  for (int i = 0; i < 365 * 3; ++i) doses.push_back({8.0 * i, 5});
  std::vector<double> hours;
  for (int h = 0; h < 365 * 24; ++h) hours.push_back(h);
  const auto once = plans::levels(model, doses, {}, hours);
  const double mean = *plans::steady_state_mean(118, 5, 8);
  double sum = 0;
  if (once) {
    for (std::size_t h = 0; h < 24; ++h) sum += (*once)[once->size() - 24 + h] / 24;
  }
  if (!once || std::abs(sum / mean - 1) > 0.001) {
    state.SkipWithError("wrong answer");
    return;
  }
  for (auto _ : state) benchmark::DoNotOptimize(plans::levels(model, doses, {}, hours));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(hours.size()));
}
BENCHMARK(BM_LevelsYear)->Unit(benchmark::kMicrosecond);

}  // namespace
