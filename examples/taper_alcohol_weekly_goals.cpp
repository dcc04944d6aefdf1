// "I drink five a night. I would like it to be four." Five a night are 35 drinks a week; the plan
// fades them week by week to 28, and every lower week counts. An illustration, not advice.
#include <cstdio>

#include "ombre/io/taper_text.hpp"
#include "ombre/plans/taper.hpp"
#include "ombre/plans/taper_operations.hpp"
#include "ombre/plans/taper_substance.hpp"

int main() {
  using namespace ombre::plans;  // NOLINT: an example
  using namespace ombre::plans::literals;
  using ombre::Date;

  TaperSubstanceOptions own;
  own.prescribed = false;  // nobody prescribes it: the person decides
  own.drink_country = "US";
  const auto alcohol = taper_substance("alcohol", DoseUnit::drinks, own);
  if (!alcohol) return std::puts(describe(alcohol.error()).c_str()), 1;

  FadeRule fade;  // small steps at both ends, larger between
  fade.steps = 6;
  fade.grid = 1;  // whole drinks

  TaperLine line;
  line.what = *alcohol;
  line.per = Per::week;
  line.intakes = {{35_drinks, "", {}}};
  line.goal = {GoalKind::lower_amount, 28_drinks, "Five a night to four, and sleep again."};
  line.rule = {TaperPhase{fade}};

  TaperRequest request;
  request.plan_id = "sam-evenings";
  request.made_on = *Date::parse("2024-09-02");
  request.by = {"Sam", Role::person};
  request.lines = {line};
  request.calendar.start = *Date::parse("2024-09-09");
  request.calendar.step_length = {1, LengthUnit::weeks};
  request.calendar.step_length_given = true;
  request.facts.person_agrees = true;
  request.facts.supervision = Supervision::clinician;  // a nurse whom Sam sees each week
  request.facts.next_contact = *Date::parse("2024-09-16");
  request.facts.seizure_history = false;
  request.facts.delirium_history = false;
  request.facts.sadq = 9;
  request.facts.pregnant = false;
  request.facts.takes_benzodiazepine = false;
  request.facts.no_home_or_carer = false;

  const auto made = make_taper(request);
  if (!made) return std::puts(describe(made.error()).c_str()), 1;
  for (const RuleFinding& f : made->findings) {
    if (f.answer != Answer::allowed) std::puts(describe(f).c_str());
  }
  if (!made->plan) return 1;
  const auto yes = accept(*made->plan, {request.made_on, request.by, "this feels right", {}, {}});
  if (!yes || !yes->plan) return 1;

  ombre::io::TaperTextOptions options;
  options.contact = "your nurse";
  const auto text = ombre::io::taper_person_text(*yes->plan, options);
  if (!text) return std::puts(describe(text.error()).c_str()), 1;
  std::fputs(text->c_str(), stdout);
  return 0;
}
