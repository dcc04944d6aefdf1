// Down from 40 mg of diazepam by Ashton's steps of two weeks, with the tablets a pharmacy has and a
// liquid for the last halves, as the person reads it. An illustration, not a prescription.
#include <cstdio>

#include "ombre/io/file.hpp"
#include "ombre/io/taper_figures.hpp"
#include "ombre/io/taper_text.hpp"
#include "ombre/plans/taper.hpp"
#include "ombre/plans/taper_operations.hpp"
#include "ombre/plans/taper_substance.hpp"

int main() {
  using namespace ombre::plans;  // NOLINT: an example
  using namespace ombre::plans::literals;
  using ombre::Date;

  TaperLine diazepam;
  const auto what = taper_substance("diazepam", DoseUnit::mg);
  if (!what) return std::puts(describe(what.error()).c_str()), 1;
  diazepam.what = *what;
  diazepam.intakes = {{20_mg, "morning", {}}, {20_mg, "night", {}}};
  diazepam.named_rule = "ashton-2-weeks";
  diazepam.goal = {GoalKind::zero, {}, "I want my mornings back."};
  diazepam.products = {*Product::piece(Form::tablet, 10_mg, Division::halves),
                       *Product::piece(Form::tablet, 5_mg, Division::halves),
                       *Product::piece(Form::tablet, 2_mg, Division::halves),
                       *Product::liquid(0.4_mg, 0.25_ml, 10_ml)};  // 2 mg in 5 mL

  TaperRequest request;
  request.plan_id = "maria-diazepam";
  request.made_on = *Date::parse("2024-01-02");
  request.by = {"Dr. Okafor", Role::clinician};
  request.why = "agreed together";
  request.lines = {diazepam};
  request.calendar.start = *Date::parse("2024-01-08");
  request.facts.person_agrees = true;
  request.facts.supervision = Supervision::clinician;
  request.facts.next_contact = *Date::parse("2024-01-22");
  request.facts.seizure_history = false;

  const auto answer = make_taper(request);
  if (!answer) return std::puts(describe(answer.error()).c_str()), 1;
  for (const RuleFinding& finding : answer->findings) std::puts(describe(finding).c_str());
  if (!answer->plan) return 1;
  std::puts("");
  const auto text = ombre::io::taper_person_text(*answer->plan);
  if (!text) return std::puts(describe(text.error()).c_str()), 1;
  std::fputs(text->c_str(), stdout);

  const auto figure = ombre::io::taper_staircase(*answer->plan, 0);
  if (!figure) return std::puts(describe(figure.error()).c_str()), 1;
  const auto written = ombre::io::write_file("taper_diazepam_ashton.svg", *figure);
  if (!written) return std::puts(describe(written.error()).c_str()), 1;
  std::puts("\nThe figure is in taper_diazepam_ashton.svg");
  return 0;
}
