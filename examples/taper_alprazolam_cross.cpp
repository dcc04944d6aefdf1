// From alprazolam, 0.5 mg three times a day, to diazepam one dose at a time, then down by Ashton's
// steps. Sources disagree on what alprazolam equals: the plan shows both figures and starts with
// the lower. An illustration of arithmetic, not a prescription.
#include <cstdio>

#include "ombre/io/taper_text.hpp"
#include "ombre/plans/cross_taper.hpp"
#include "ombre/plans/taper.hpp"
#include "ombre/plans/taper_substance.hpp"

int main() {
  using namespace ombre::plans;  // NOLINT: an example
  using namespace ombre::plans::literals;
  using ombre::Date;

  const auto alprazolam = taper_substance("alprazolam", DoseUnit::mg);
  if (!alprazolam) return std::puts(describe(alprazolam.error()).c_str()), 1;

  TaperRequest base;
  base.plan_id = "lee-alprazolam";
  base.made_on = *Date::parse("2024-03-04");
  base.by = {"Dr. Novak", Role::clinician};
  base.why = "agreed together";
  base.calendar.start = *Date::parse("2024-03-11");
  base.facts.person_agrees = true;
  base.facts.supervision = Supervision::clinician;
  base.facts.next_contact = *Date::parse("2024-03-18");
  base.facts.seizure_history = false;
  base.lines.resize(1);
  base.lines[0].what = *alprazolam;
  base.lines[0].intakes = {{0.5_mg, "morning", {}}, {0.5_mg, "noon", {}}, {0.5_mg, "night", {}}};
  base.lines[0].products = {*Product::piece(Form::tablet, 0.5_mg)};

  CrossTaper cross;
  cross.to = "diazepam";
  cross.products = {*Product::piece(Form::tablet, 5_mg, Division::halves),
                    *Product::piece(Form::tablet, 2_mg, Division::halves),
                    *Product::liquid(0.4_mg, 0.25_ml, 10_ml)};
  cross.then_named = "ashton-2-weeks";
  cross.goal = {GoalKind::zero, {}, ""};
  const auto request = cross_taper_request(base, cross);
  if (!request) return std::puts(describe(request.error()).c_str()), 1;

  std::puts("What 1 mg of alprazolam equals in diazepam:");
  for (const SubstitutionFigure& figure : request->substitution->figures) {
    std::printf("  %4g mg  %s\n", figure.per_unit, figure.citation.c_str());
  }
  const auto answer = make_taper(*request);
  if (!answer) return std::puts(describe(answer.error()).c_str()), 1;
  std::puts("");
  for (const RuleFinding& finding : answer->findings) {
    if (finding.answer != Answer::allowed) std::printf("- %s\n", finding.text.c_str());
  }
  if (!answer->plan) return 1;
  std::puts("");
  ombre::io::TaperTableOptions narrow;
  narrow.max_width = 118;
  const auto table = ombre::io::taper_step_table(*answer->plan, narrow);
  if (!table) return std::puts(describe(table.error()).c_str()), 1;
  std::fputs(table->c_str(), stdout);
  return 0;
}
