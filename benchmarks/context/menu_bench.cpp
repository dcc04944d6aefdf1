// A menu for one person: the goal is below 50 microseconds.
#include <benchmark/benchmark.h>

#include "ombre/context/menu.hpp"

namespace {

namespace cx = ombre::context;

cx::Situation somebody() {
  cx::Situation s;
  s.substances = {{"heroin", cx::Route::injected, false, true},
                  {"alprazolam", cx::Route::swallowed, {}, true},
                  {"alcohol", cx::Route::swallowed, {}, {}}};
  s.nothing_else = true;
  for (const auto& [factor, yes] :
       {std::pair{"uses_alone", true}, std::pair{"naloxone_at_hand", false},
        std::pair{"sterile_equipment", false}, std::pair{"shares_equipment", true},
        std::pair{"no_stable_home", true}, std::pair{"little_sleep", true},
        std::pair{"depends_on_alcohol", true}, std::pair{"mixes_substances", true}}) {
    cx::FactorEntry entry;
    entry.factor = factor;
    entry.value = yes;
    s.factors.push_back(entry);
  }
  return s;
}

// The order of the menu must be the order of its points, and naloxone near the top.
bool right(const cx::Facts& facts) {
  const auto menu = cx::menu(facts);
  if (!menu || menu->lines.size() < 20) return false;
  for (std::size_t i = 1; i < menu->lines.size(); ++i) {
    if (menu->lines[i - 1].points.total() < menu->lines[i].points.total()) return false;
  }
  for (std::size_t i = 0; i < 3; ++i) {
    if (facts.catalogue().options()[menu->lines[i].option].id == "take_home_naloxone") return true;
  }
  return false;
}

void BM_Menu(benchmark::State& state) {
  const auto facts = cx::Facts::from(somebody());
  if (!facts || !right(*facts)) {
    state.SkipWithError("wrong answer");
    return;
  }
  for (auto _ : state) benchmark::DoNotOptimize(cx::menu(*facts));
}
BENCHMARK(BM_Menu)->Unit(benchmark::kMicrosecond);

void BM_FactsFromSituation(benchmark::State& state) {
  const cx::Situation s = somebody();
  for (auto _ : state) benchmark::DoNotOptimize(cx::Facts::from(s));
}
BENCHMARK(BM_FactsFromSituation)->Unit(benchmark::kMicrosecond);

void BM_Bands(benchmark::State& state) {
  const auto facts = cx::Facts::from(somebody());
  if (!facts) {
    state.SkipWithError("wrong answer");
    return;
  }
  for (auto _ : state) benchmark::DoNotOptimize(cx::bands(*facts));
}
BENCHMARK(BM_Bands)->Unit(benchmark::kMicrosecond);

}  // namespace
