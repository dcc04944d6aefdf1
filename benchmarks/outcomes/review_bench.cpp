// A review of one person: five years of days, three substances, a plan with weekly limits, a
// network with contacts. Goal: below a millisecond on one core. What it found is checked first.

#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "ombre/core/random.hpp"
#include "ombre/outcomes/review.hpp"

namespace {

using namespace ombre;
using timeline::UseState;

constexpr std::size_t days = 5 * 365 + 1;

struct Case {
  std::vector<std::vector<std::uint8_t>> state;
  std::vector<std::vector<double>> amount;
  std::vector<outcomes::UseHistory> use;
  plans::SocialNetwork network;
  std::vector<outcomes::FactorChange> changes;
  Date first = *Date::parse("2021-01-04");
  Date today = first + Days{static_cast<std::int32_t>(days) - 1};
};

// Runs of use and of days without, `run` days long on average.
Case make_case(std::int64_t run) {
  Case c;
  const char* names[] = {"alcohol", "heroin", "diazepam"};
  c.state.resize(3);
  c.amount.resize(3);
  for (std::size_t s = 0; s < 3; ++s) {
    RandomStream random{Seed{21}, s};
    bool uses = false;
    for (std::size_t d = 0; d < days; ++d) {
      if (random.uniform() < 1.0 / static_cast<double>(run)) uses = !uses;
      const bool last = d + 3 >= days;  // an episode that has just begun
      const bool known = random.uniform() > 0.03;
      const bool used = uses || last;
      c.state[s].push_back(timeline::day_byte(!known ? UseState::unknown
                                              : used ? UseState::amount
                                                     : UseState::none));
      c.amount[s].push_back(known && used ? 1 + std::floor(9 * random.uniform()) : 0.0);
    }
    c.use.push_back({names[s], "u", {c.state[s], c.amount[s], c.first.day_number()}});
  }
  for (std::size_t d = 0; d < days; d += 4) {
    c.network.contacts.push_back(
        {c.first + Days{static_cast<std::int32_t>(d)}, {}, "", plans::ContactMode::call, false});
  }
  c.changes = {{c.today - Days{5}, outcomes::FactorDomain::setting, "a move", true, false}};
  return c;
}

plans::GoalPlan make_plan(const Case& c) {
  plans::Goal dry;
  dry.id = "none";
  dry.words = "none of it";
  dry.aim = plans::GoalAim::abstain;
  dry.opened = c.first + Days{200};
  plans::Goal less;
  less.id = "less";
  less.words = "less";
  less.aim = plans::GoalAim::reduce;
  less.substances = {"alcohol"};
  less.opened = c.first;
  for (int w = 0; w < 250; ++w) {
    less.weekly.push_back({"alcohol", c.first + Days{7 * w}, 60 - 0.2 * w, "u"});
  }
  plans::GoalPlanVersion v;
  v.made_by = {{"A", plans::Role::person}};
  v.goals = {dry, less};
  plans::Change change;
  change.what = "draft";
  change.on = c.first + Days{200};
  change.from = change.on;
  change.by = {"A", plans::Role::person};
  return *plans::make_goal_plan("a", v, change)->plan;
}

void BM_Review(benchmark::State& state) {
  const Case c = make_case(state.range(0));
  const plans::GoalPlan plan = make_plan(c);
  outcomes::ReviewInput input;
  input.today = c.today;
  input.network = &c.network;
  input.changes = c.changes;
  const auto once = outcomes::review(plan, c.use, input);
  if (!once || once->episodes.size() != 3 || once->weeks.size() != 1 || once->now.empty()) {
    state.SkipWithError("the review is not what it must be");
    return;
  }
  for (auto _ : state) {
    auto review = outcomes::review(plan, c.use, input);
    benchmark::DoNotOptimize(review);
  }
  state.counters["episodes_before"] = static_cast<double>(once->episodes[0].earlier);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(3 * days));
}
BENCHMARK(BM_Review)->ArgName("mean_run_days")->Arg(60)->Arg(20)->Arg(8);

}  // namespace
