// Somebody who drinks a bottle of spirits a day asks to stop tomorrow, at home, alone. The library
// makes no plan of that. It says first what can be done now.
#include <cstdio>

#include "ombre/io/taper_text.hpp"
#include "ombre/plans/taper.hpp"
#include "ombre/plans/taper_substance.hpp"

int main() {
  using namespace ombre::plans;  // NOLINT: an example
  using ombre::Date;

  TaperSubstanceOptions own;
  own.prescribed = false;
  const auto alcohol = taper_substance("alcohol", DoseUnit::g_ethanol, own);
  const auto today = Amount::parse("220 g ethanol");
  if (!alcohol || !today) return 1;

  TaperLine line;
  line.what = *alcohol;
  line.intakes = {{*today, "", {}}};
  line.goal = {GoalKind::zero, {}, "I want to stop. Tomorrow."};
  line.rule = {TaperPhase{PercentRule{100, Basis::original}}};  // all of it, in one step

  TaperRequest request;
  request.plan_id = "tomorrow";
  request.made_on = *Date::parse("2024-06-03");
  request.by = {"Pat", Role::person};
  request.lines = {line};
  request.calendar.start = *Date::parse("2024-06-04");
  request.facts.person_agrees = true;
  request.facts.supervision = Supervision::none;
  request.facts.seizure_history = true;

  const auto answer = make_taper(request);
  if (!answer) return std::puts(describe(answer.error()).c_str()), 1;
  if (answer->answer != Answer::refused) return 1;
  const auto text = ombre::io::taper_refusal_text(*answer);
  if (!text) return std::puts(describe(text.error()).c_str()), 1;
  std::fputs(text->c_str(), stdout);
  return 0;
}
