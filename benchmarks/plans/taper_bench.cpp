// Taper plans: from request to plan, operations, and files. Each answer is checked before it is
// timed.
#include <benchmark/benchmark.h>

#include <string>

#include "ombre/io/taper_json.hpp"
#include "ombre/plans/taper.hpp"
#include "ombre/plans/taper_operations.hpp"
#include "ombre/plans/taper_substance.hpp"

namespace {

namespace io = ombre::io;
namespace plans = ombre::plans;
using namespace ombre::plans::literals;
using ombre::Date;
using ombre::Days;
using plans::Amount;
using plans::DoseUnit;

/// Diazepam from 0.5 mg times `steps`, half a milligram every four weeks: no step is refused, and
/// the plan has as many steps as asked for (the last dose is followed by none).
plans::TaperRequest request(int steps, bool products) {
  plans::TaperRequest out;
  out.plan_id = "bench";
  out.made_on = *Date::parse("2024-01-01");
  out.by = {"Dr. Example", plans::Role::clinician};
  plans::TaperLine line;
  line.what = *plans::taper_substance("diazepam", DoseUnit::mg);
  line.intakes = {{*Amount::nearest(0.5 * (steps + 1), DoseUnit::mg), "", std::nullopt}};
  line.goal.kind = plans::GoalKind::zero;
  line.rule = {{plans::BandRule{{{0, 0.5}}}}};
  if (products) {
    line.products = {*plans::Product::piece(plans::Form::tablet, 2_mg, plans::Division::quarters),
                     *plans::Product::piece(plans::Form::tablet, 5_mg, plans::Division::halves),
                     *plans::Product::piece(plans::Form::tablet, 10_mg, plans::Division::halves)};
  }
  out.lines.push_back(std::move(line));
  out.calendar.start = *Date::parse("2024-01-08");
  out.calendar.step_length = {4, plans::LengthUnit::weeks};
  out.calendar.step_length_given = true;
  out.facts.person_agrees = true;
  out.facts.supervision = plans::Supervision::clinician;
  out.facts.next_contact = *Date::parse("2024-01-15");
  return out;
}

/// The arithmetic of the request, from its words.
bool right(const plans::TaperAnswer& answer, int steps) {
  if (!answer.plan) return false;
  const plans::TaperVersion& v = answer.plan->now();
  if (v.steps.size() != static_cast<std::size_t>(steps)) return false;
  for (int k = 0; k < steps; ++k) {
    const plans::TaperStep& step = v.steps[static_cast<std::size_t>(k)];
    if (step.doses[0].amount.micro() != 500'000LL * (steps - k)) return false;
    if (step.first != *Date::parse("2024-01-08") + Days{28 * k}) return false;
  }
  return v.after[0].is_zero();
}

void BM_Plan(benchmark::State& state, bool products) {
  const int steps = static_cast<int>(state.range(0));
  const plans::TaperRequest asked = request(steps, products);
  const auto answer = plans::make_taper(asked);
  if (!answer || !right(*answer, steps)) {
    state.SkipWithError("wrong answer");
    return;
  }
  for (auto _ : state) benchmark::DoNotOptimize(plans::make_taper(asked));
  state.SetComplexityN(steps);
}
BENCHMARK_CAPTURE(BM_Plan, plain, false)->RangeMultiplier(2)->Range(8, 512)->Complexity();
BENCHMARK_CAPTURE(BM_Plan, dispensed, true)->RangeMultiplier(2)->Range(8, 128)->Complexity();

void BM_Hold(benchmark::State& state) {
  const int steps = static_cast<int>(state.range(0));
  const auto answer = plans::make_taper(request(steps, false));
  if (!answer || !right(*answer, steps)) {
    state.SkipWithError("wrong answer");
    return;
  }
  const plans::TaperPlan& plan = *answer->plan;
  const Date from = plan.now().steps[static_cast<std::size_t>(steps / 2)].first;
  const plans::Decision decision{from, {"Dr. Example", plans::Role::clinician}, "w", {}, {}};
  const auto held = plans::hold(plan, from, from + Days{14}, decision);
  if (!held || !held->plan ||
      held->plan->now().pending.size() != static_cast<std::size_t>(steps - steps / 2)) {
    state.SkipWithError("wrong answer");
    return;
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(plans::hold(plan, from, from + Days{14}, decision));
  }
  state.SetComplexityN(steps);
}
BENCHMARK(BM_Hold)->RangeMultiplier(2)->Range(8, 512)->Complexity();

void BM_WritePlan(benchmark::State& state) {
  const int steps = static_cast<int>(state.range(0));
  const auto answer = plans::make_taper(request(steps, steps <= 128));
  if (!answer || !right(*answer, steps)) {
    state.SkipWithError("wrong answer");
    return;
  }
  const auto text = io::json_text(io::taper_plan_json(*answer->plan));
  const auto again = io::parse_taper_plan(*text);
  if (!again || *io::json_text(io::taper_plan_json(*again)) != *text) {
    state.SkipWithError("does not come back");
    return;
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(io::json_text(io::taper_plan_json(*answer->plan)));
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text->size()));
  state.SetComplexityN(steps);
}
BENCHMARK(BM_WritePlan)->RangeMultiplier(2)->Range(8, 512)->Complexity();

void BM_ReadPlan(benchmark::State& state) {
  const int steps = static_cast<int>(state.range(0));
  const auto answer = plans::make_taper(request(steps, steps <= 128));
  if (!answer || !right(*answer, steps)) {
    state.SkipWithError("wrong answer");
    return;
  }
  const std::string text = *io::json_text(io::taper_plan_json(*answer->plan));
  const auto again = io::parse_taper_plan(text);
  if (!again || *io::json_text(io::taper_plan_json(*again)) != text) {
    state.SkipWithError("does not come back");
    return;
  }
  for (auto _ : state) benchmark::DoNotOptimize(io::parse_taper_plan(text));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
  state.SetComplexityN(steps);
}
BENCHMARK(BM_ReadPlan)->RangeMultiplier(2)->Range(8, 512)->Complexity();

void BM_ReadRequest(benchmark::State& state) {
  const std::string text = *io::json_text(io::taper_request_json(request(34, true)));
  const auto again = io::parse_taper_request(text);
  if (!again || *io::json_text(io::taper_request_json(*again)) != text) {
    state.SkipWithError("does not come back");
    return;
  }
  for (auto _ : state) benchmark::DoNotOptimize(io::parse_taper_request(text));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(BM_ReadRequest);

}  // namespace
