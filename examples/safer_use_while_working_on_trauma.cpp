// Safer use while working on trauma. Jo uses heroin at night, when the memories come. Stopping is
// not the question now: the therapy begins this week, and the nights become less dangerous
// meanwhile.
#include <cstdio>
#include <utility>

#include "ombre/plans/goal_plan.hpp"

using namespace ombre;         // NOLINT: an example reads better
using namespace ombre::plans;  // NOLINT

namespace {

void print(const char* title, const std::vector<RuleFinding>& findings) {
  std::printf("%s\n", title);
  for (const RuleFinding& f : findings) std::printf("  - %s\n", f.text.c_str());
  if (findings.empty()) std::printf("  - nothing is missing\n");
}

}  // namespace

int main() {
  const Date today = *Date::parse("2026-03-02");

  SaferUsePlan nights;
  nights.id = "nights";
  nights.substances = {"heroin"};
  nights.situations = {
      {"nights, when the memories come",
       {"I walk up and down", "I stop answering messages"},
       {"message Mira first", "a small test amount, then wait", "smoke, not inject"}}};
  nights.worked_on = {"trauma, Thursdays with Dr Elm"};
  nights.reasons = {"my sister's wedding", "the dog"};
  print("What the nights still lack:", safer_use_findings(nights));

  nights.naloxone_at_hand = true;
  nights.naloxone_where = "on the shelf by the door; Mira and the neighbour know how";
  nights.somebody_present = true;
  nights.contacts = {{"Mira", "555 0110", true, true}, {"the night line", "555 0199", true, true}};
  nights.safer_place = {"door not locked", "new needles in the drawer"};
  nights.review = today + Days{14};
  std::printf("\nThe card Jo keeps, %d layers of protection:\n\n%s\n", layers_of_protection(nights),
              card(nights).c_str());

  Goal safer;
  safer.id = "nights";
  safer.words = "Get through the nights in one piece";
  safer.aim = GoalAim::safer_use;
  safer.substances = {"heroin"};
  safer.opened = today;
  Goal memories;
  memories.id = "memories";
  memories.words = "Memories that do not wake me";
  memories.aim = GoalAim::life;
  memories.domain = "emotional";
  memories.opened = today;

  Activity therapy;
  therapy.id = "trauma-work";
  therapy.kind = ActivityKind::trauma_work;
  therapy.words = "Trauma therapy with Dr Elm";
  therapy.goals = {"memories"};
  therapy.after = {{"nights", "first stable, then therapy", false}};

  GoalPlanVersion version;
  version.made_by = {{"Jo", Role::person}, {"Dr Elm", Role::clinician}};
  version.goals = {safer, memories};
  version.activities = {therapy};
  version.safer_use = {nights};
  version.facts.naloxone_at_hand = true;
  version.next_review = today + Days{14};
  Change change;
  change.what = "draft";
  change.on = today;
  change.from = today;
  change.by = {"Dr Elm", Role::clinician};
  change.why = "first meeting";

  // Somebody wrote that the therapy waits until use is under control. That is refused.
  const auto waiting = make_goal_plan("jo", version, change);
  if (!waiting || waiting->answer != Answer::refused) return 1;
  print("A plan in which the therapy waits for use is refused:", waiting->findings);

  version.activities[0].after.clear();
  const auto plan = make_goal_plan("jo", version, change);
  if (!plan || !plan->plan) return 1;
  change.on = today + Days{1};
  change.from = change.on;
  change.by = {"Jo", Role::person};
  const auto accepted = accept(*plan->plan, change);
  if (!accepted || !accepted->plan) return 1;
  std::printf("\nBoth begin now. Jo said yes on %s; it is looked at again on %s.\n",
              accepted->plan->history().change().on.iso().c_str(),
              accepted->plan->now().next_review->iso().c_str());
  return 0;
}
