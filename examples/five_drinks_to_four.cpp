// Five drinks to four. Ruth drinks five a day and would like it to be four. She tries eating first,
// writes down what happens, and after twelve weeks the plan is looked at together.
#include <cstdint>
#include <cstdio>
#include <vector>

#include "ombre/outcomes/review.hpp"

using namespace ombre;         // NOLINT: an example reads better
using namespace ombre::plans;  // NOLINT

int main() {
  const Date start = *Date::parse("2026-01-05");  // a Monday
  // Twelve weeks: four of five drinks, then less, with a few evenings that were more.
  std::vector<std::uint8_t> state(84, timeline::day_byte(timeline::UseState::amount));
  std::vector<double> drinks(84, 5);
  for (std::size_t d = 28; d < 84; ++d) drinks[d] = d % 10 == 3 ? 6 : 4;
  const std::vector<outcomes::UseHistory> use{
      {"alcohol", "drink_us", {state, drinks, start.day_number()}}};

  Goal less;
  less.id = "four";
  less.words = "Four instead of five, and wake up with a clear head";
  less.aim = GoalAim::reduce;
  less.substances = {"alcohol"};
  less.opened = start + Days{28};
  less.weekly = {{"alcohol", start, 35, "drink_us"}, {"alcohol", start + Days{28}, 30, "drink_us"}};
  less.confidence = {{start, 4}, {start + Days{28}, 5}, {start + Days{80}, 8}};
  Goal garden;
  garden.id = "garden";
  garden.words = "Be in the garden before ten";
  garden.aim = GoalAim::life;
  garden.domain = "physical";
  garden.opened = start;

  Experiment eat;
  eat.id = "eat-first";
  eat.goal = "four";
  eat.hypothesis = "eating first makes it four";
  eat.measure = "number of drinks";
  eat.substance = "alcohol";
  eat.periods = {{start + Days{14}, start + Days{27}, false},
                 {start + Days{28}, start + Days{41}, true}};
  eat.worthwhile = 1;

  GoalPlanVersion first;
  first.made_by = {{"Ruth", Role::person}, {"Dr Oak", Role::clinician}};
  first.goals = {less, garden};
  first.experiments = {eat};
  first.next_review = start + Days{42};
  Change change;
  change.what = "draft";
  change.on = start + Days{28};
  change.from = change.on;
  change.by = {"Ruth", Role::person};
  change.why = "I want my mornings back";
  const auto plan = make_goal_plan("ruth", first, change);
  if (!plan || !plan->plan) return 1;

  std::vector<DayValue> written_down;
  for (int d = 14; d < 42; ++d) {
    written_down.push_back({start + Days{d}, drinks[static_cast<std::size_t>(d)]});
  }
  const auto result = evaluate(eat, written_down);
  if (!result) return 1;
  std::printf("%s\n\n", describe(eat, *result).c_str());

  outcomes::ReviewInput input;
  input.today = start + Days{83};
  input.asked_for_changes = true;
  const auto review = outcomes::review(*plan->plan, use, input);
  if (!review) return 1;
  std::printf("%s", outcomes::page(*review).c_str());
  std::printf("\n%s\n", any_positive(review->change)
                            ? "Five to four is success, Ruth. It was your plan that did it."
                            : "Nothing has moved yet; the plan can be made to fit better.");
  return any_positive(review->change) ? 0 : 1;
}
