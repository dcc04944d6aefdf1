// A lapse re-focuses. Sam had not had a drink for nearly seven weeks; then the flat was lost, and
// there were three days. This is the page they read together, and the plan that comes out of it.
#include <cstdint>
#include <cstdio>
#include <vector>

#include "ombre/outcomes/review.hpp"

using namespace ombre;         // NOLINT: an example reads better
using namespace ombre::plans;  // NOLINT

int main() {
  const Date start = *Date::parse("2026-01-05");
  // Earlier: eight days, then five; then 47 days without, then three.
  std::vector<std::uint8_t> state(110, timeline::day_byte(timeline::UseState::none));
  std::vector<double> drinks(110, 0);
  const auto drink = [&](std::size_t first, std::size_t last, double amount) {
    for (std::size_t d = first; d <= last; ++d) {
      state[d] = timeline::day_byte(timeline::UseState::amount);
      drinks[d] = amount;
    }
  };
  drink(10, 17, 10);
  drink(34, 38, 9);
  drink(86, 88, 6);
  const std::vector<outcomes::UseHistory> use{
      {"alcohol", "drink_us", {state, drinks, start.day_number()}}};

  Goal dry;
  dry.id = "dry";
  dry.words = "Not drinking, so that I can see my daughter at weekends";
  dry.aim = GoalAim::abstain_some;
  dry.substances = {"alcohol"};
  dry.opened = start + Days{40};
  dry.milestones = {
      {"month", "a month without", "days", 30, true, 30, start + Days{69}, true, 7.0}};
  Goal weekends;
  weekends.id = "weekends";
  weekends.words = "Two weekends a month with my daughter";
  weekends.aim = GoalAim::life;
  weekends.domain = "social";
  weekends.opened = start;
  weekends.status = GoalStatus::reached;

  GoalPlanVersion first;
  first.status = PlanStatus::accepted;
  first.made_by = {{"Sam", Role::person}, {"Nurse Ash", Role::team}};
  first.goals = {dry, weekends};
  first.triggers = {{start + Days{86}, TriggerKind::unpleasant_feeling, "packing the boxes", true,
                     "somebody to be there", "calling Mira on the third day"}};
  first.reasons = {"my daughter"};
  first.next_review = start + Days{92};
  Change change;
  change.what = "draft";
  change.on = start + Days{40};
  change.from = change.on;
  change.by = {"Sam", Role::person};
  change.why = "our plan";
  const auto plan = make_goal_plan("sam", first, change);
  if (!plan || !plan->plan) return 1;

  SocialNetwork network;
  NetworkMember mira;
  mira.id = "mira";
  mira.name = "Mira";
  mira.kind = TieKind::companion;
  network.members = {mira};
  network.contacts = {{start + Days{60}, {}, "mira", ContactMode::call, false},
                      {start + Days{76}, {}, "mira", ContactMode::call, false},
                      {start + Days{88}, {}, "mira", ContactMode::call, true}};
  DisclosureEntry told;
  told.happened = start + Days{86};
  told.known = start + Days{88};
  told.to = "mira";
  network.disclosures = {told};
  network.ways_back = {{"the house on Elm Street", true, {}, false, 3, "555 0110", true}};

  const std::vector<outcomes::FactorChange> changes{
      {start + Days{84}, outcomes::FactorDomain::setting, "the flat was lost", true, false}};
  outcomes::ReviewInput input;
  input.today = start + Days{89};
  input.since = start + Days{68};
  input.changes = changes;
  input.network = &network;
  const auto review = outcomes::review(*plan->plan, use, input);
  if (!review) return 1;
  std::printf("%s", outcomes::page(*review).c_str());

  std::vector<std::size_t> all(review->refocus.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  change.on = input.today;
  change.from = input.today + Days{1};
  change.why = "we looked at it together";
  const auto next = outcomes::refocus(*plan->plan, *review, all, change);
  if (!next || !next->plan) return 1;
  std::printf("\nVersion %zu of the plan, from %s\n", next->plan->version(),
              change.from.iso().c_str());
  for (const Activity& a : next->plan->now().activities) std::printf("  - %s\n", a.words.c_str());
  std::printf("Looked at again on %s. The month without, and the weekends, stay reached.\n",
              next->plan->now().next_review->iso().c_str());
  return 0;
}
