// Records to grid: rows a second, and how the cost grows. One row for each day of use, amounts in
// whole drinks, rows in the order of the file (people together) or shuffled.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "ombre/core/random.hpp"
#include "ombre/timeline/build.hpp"

namespace {

using namespace ombre;
using namespace ombre::timeline;

struct Made {
  Records records{DayAxis::study_day};
  double total = 0;
  std::size_t rows = 0;
};

Made make_records(std::uint32_t people, bool shuffled) {
  std::vector<Record> rows;
  for (std::uint32_t p = 0; p < people; ++p) {
    RandomStream random{Seed{3}, p};
    for (std::int32_t d = 0; d < 365; ++d) {
      if (d != 0 && d != 364 && random.below(10) >= 4) continue;
      Record r;
      r.person = p;
      r.day = d;
      r.state = UseState::amount;
      r.amount = static_cast<double>(1 + random.below(12));
      r.unit = 1;
      rows.push_back(r);
    }
  }
  if (shuffled) {
    RandomStream random{Seed{4}, 0};
    for (std::size_t i = rows.size(); i > 1; --i) std::swap(rows[i - 1], rows[random.below(i)]);
  }
  Made made;
  for (std::uint32_t p = 0; p < people; ++p) {
    if (!made.records.person(std::to_string(p))) std::abort();
  }
  if (!made.records.substance("alcohol") || !made.records.unit("drink_us")) std::abort();
  made.records.reserve(rows.size());
  for (const Record& r : rows) {
    if (!made.records.append(r)) std::abort();
    made.total += r.amount;
  }
  made.rows = rows.size();
  return made;
}

void BM_BuildGrid(benchmark::State& state) {
  const auto people = static_cast<std::uint32_t>(state.range(0));
  const Made made = make_records(people, state.range(1) != 0);
  const BuildOptions options{AbsentDay::none};
  {
    const auto built = build_grid(made.records, options);
    double total = 0;
    if (built) {
      for (const double a : built->grid.amount_column()) total += a;
    }
    if (!built || built->grid.days() != std::uint64_t{people} * 365 || total != made.total) {
      state.SkipWithError("wrong answer");
      return;
    }
  }
  std::uint64_t days = 0;
  for (auto _ : state) {
    auto built = build_grid(made.records, options);
    days = built->grid.days();
    benchmark::DoNotOptimize(built);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(made.rows));
  state.counters["days_per_second"] =
      benchmark::Counter(static_cast<double>(days) * static_cast<double>(state.iterations()),
                         benchmark::Counter::kIsRate);
  state.SetLabel(state.range(1) != 0 ? "shuffled" : "in order");
}
BENCHMARK(BM_BuildGrid)
    ->Args({1'000, 0})
    ->Args({10'000, 0})
    ->Args({100'000, 0})
    ->Args({100'000, 1})
    ->Unit(benchmark::kMillisecond);

}  // namespace
