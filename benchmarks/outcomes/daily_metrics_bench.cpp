// All day metrics of a grid in memory: person-days a second on one core, bytes moved, and how close
// that is to the bandwidth of the same memory. The answers are checked against plain loops first.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "ombre/core/random.hpp"
#include "ombre/outcomes/daily_metrics.hpp"
#include "ombre/timeline/grid.hpp"

namespace {

using namespace ombre;
using timeline::UseState;

enum Kind : std::int64_t {
  complete,   // every day known, whole drinks
  with_gaps,  // 10 % of days unknown, 5 % of use days without amount
  fractions,  // as with_gaps, amounts with decimals
  daily_use,  // use on 9 days of 10
  yes_no      // no amounts at all
};

const char* name_of(std::int64_t kind) {
  constexpr const char* names[] = {"complete", "with_gaps", "fractions", "daily_use", "yes_no"};
  return names[kind];
}

timeline::Grid make_grid(std::int64_t kind, std::uint32_t people, std::uint32_t days) {
  timeline::Grid grid;
  std::vector<std::uint8_t> state(days);
  std::vector<double> amount(kind == yes_no ? 0 : days);
  for (std::uint32_t p = 0; p < people; ++p) {
    RandomStream random{Seed{11}, p};
    const double share = kind == daily_use ? 0.9 : 0.05 + 0.6 * random.uniform();
    double now = share;  // use comes in spells
    for (std::uint32_t d = 0; d < days; ++d) {
      if (random.below(20) == 0) now = std::min(0.95, 2 * share * random.uniform());
      UseState s = random.uniform() < now ? UseState::amount : UseState::none;
      double a = s == UseState::amount ? static_cast<double>(1 + random.below(12)) : 0;
      if (kind == fractions) a *= 0.37;
      if (kind != complete && kind != daily_use) {
        if (random.below(10) == 0) s = UseState::unknown;
        if (s == UseState::amount && random.below(20) == 0) s = UseState::used;
      }
      if (kind == yes_no && s == UseState::amount) s = UseState::used;
      state[d] = timeline::day_byte(s);
      if (!amount.empty()) amount[d] = s == UseState::amount ? a : 0;
    }
    if (!grid.append(std::to_string(p), "alcohol", "drinks", {state, amount, 0})) std::abort();
  }
  return grid;
}

outcomes::MetricOptions options(const std::vector<double>& factor) {
  outcomes::MetricOptions o{timeline::MissingRule::exclude};
  o.heavy = *outcomes::HeavyDay::from(*spectrum::heavy_rule("niaaa_heavy_day"));
  o.sex = Sex::male;
  o.ethanol_g_per_unit = factor;
  return o;
}

bool near(const std::optional<double>& got, double want) {
  return got && std::abs(*got - want) <= 1e-9 * std::max(1.0, std::abs(want));
}

// A plain loop over the days for a choice of metrics, all series.
bool agrees(const timeline::Grid& grid, const outcomes::MetricTable& table) {
  using outcomes::Metric;
  for (std::size_t s = 0; s < grid.size(); ++s) {
    const auto days = grid[s];
    double use = 0;
    double none = 0;
    double known = 0;
    double sum = 0;
    double heavy = 0;
    double run = 0;
    double longest = 0;
    double episodes = 0;
    double clean = 1e9;
    for (std::size_t i = 0; i < days.size(); ++i) {
      const UseState is = days.state_at(i);
      run = is == UseState::none ? run + 1 : 0;
      longest = std::max(longest, run);
      if (is == UseState::none) {
        ++none;
        ++clean;
      }
      if (is == UseState::amount || is == UseState::used) {
        ++use;
        if (clean >= 7) ++episodes;
        clean = 0;
      }
      if (is == UseState::amount) {
        ++known;
        sum += days.amount_at(i);
        heavy += days.amount_at(i) >= 5 ? 1 : 0;
      }
    }
    if (!near(table.at(s, Metric::use_days).value, use)) return false;
    if (!near(table.at(s, Metric::pda).value, 100 * none / (none + use))) return false;
    if (!near(table.at(s, Metric::longest_abstinent_run).value, longest)) return false;
    if (!near(table.at(s, Metric::episodes).value, episodes)) return false;
    if (known == 0) continue;
    if (!near(table.at(s, Metric::total).value, sum)) return false;
    if (!near(table.at(s, Metric::ddd).value, sum / known)) return false;
    if (!near(table.at(s, Metric::phdd).value, 100 * heavy / (known + none))) return false;
  }
  return true;
}

void BM_AllDayMetrics(benchmark::State& state) {
  const auto kind = state.range(0);
  const auto people = static_cast<std::uint32_t>(state.range(1));
  const timeline::Grid grid = make_grid(kind, people, 365);
  const std::vector<double> factor(grid.size(), 14);
  const auto o = options(factor);
  {
    const auto once = outcomes::compute_metrics(grid, o);
    if (!once || !agrees(grid, *once)) {
      state.SkipWithError("wrong answer");
      return;
    }
  }
  for (auto _ : state) {
    auto table = outcomes::compute_metrics(grid, o);
    benchmark::DoNotOptimize(table);
  }
  const auto days = static_cast<std::int64_t>(grid.days());
  const auto read = static_cast<std::int64_t>(grid.bytes());
  const auto written = static_cast<std::int64_t>(grid.size() * outcomes::metric_count *
                                                 sizeof(outcomes::MetricTable::Cell));
  state.SetItemsProcessed(state.iterations() * days);
  state.SetBytesProcessed(state.iterations() * (read + written));
  state.counters["bytes_per_day"] = static_cast<double>(read + written) / static_cast<double>(days);
  state.SetLabel(name_of(kind));
}
BENCHMARK(BM_AllDayMetrics)
    ->ArgsProduct({{complete, with_gaps, fractions, daily_use, yes_no}, {100'000}})
    ->Unit(benchmark::kMillisecond);

// What the same bytes cost to read once: the roof for the metrics above.
void BM_ReadGridOnce(benchmark::State& state) {
  const timeline::Grid grid = make_grid(complete, 100'000, 365);
  for (auto _ : state) {
    const auto s = grid.state_column();
    const auto a = grid.amount_column();
    std::uint64_t x = 0;
    for (const std::uint8_t b : s) x += b;
    double sums[8] = {};
    for (std::size_t i = 0; i + 8 <= a.size(); i += 8) {
      for (std::size_t k = 0; k < 8; ++k) sums[k] += a[i + k];
    }
    benchmark::DoNotOptimize(x);
    benchmark::DoNotOptimize(sums);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(grid.days()));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(grid.bytes()));
}
BENCHMARK(BM_ReadGridOnce)->Unit(benchmark::kMillisecond);

}  // namespace
