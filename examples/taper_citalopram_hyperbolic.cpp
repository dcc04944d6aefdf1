// Citalopram from 20 mg in eight equal steps of effect. Each step takes the same from the effect,
// so the last milligrams are the slowest, and a liquid is needed for them. The curve's parameters
// are given by the caller (Emax 0.92, ED50 2.9 mg). An illustration, not a prescription.
#include <cstdio>
#include <vector>

#include "ombre/io/file.hpp"
#include "ombre/io/taper_figures.hpp"
#include "ombre/io/taper_text.hpp"
#include "ombre/plans/effect_curve.hpp"
#include "ombre/plans/taper.hpp"
#include "ombre/plans/taper_substance.hpp"

int main() {
  using namespace ombre::plans;  // NOLINT: an example
  using namespace ombre::plans::literals;
  using ombre::Date;

  const auto curve = EffectCurve::from(0.92, 2.9);
  auto citalopram = taper_substance("citalopram", DoseUnit::mg);
  if (!curve || !citalopram) return 1;
  citalopram->curve = *curve;
  citalopram->curve_source = "given by the clinician";

  // What equal steps of milligrams would do.
  const std::vector<double> linear{20, 15, 10, 5, 0};
  const auto losses = effect_losses(*curve, linear);
  if (!losses) return std::puts(describe(losses.error()).c_str()), 1;
  std::puts("20 - 15 - 10 - 5 - 0 mg would take this much effect at each step:");
  for (const double loss : *losses) std::printf("  %4.1f points\n", 100 * loss);

  TaperLine line;
  line.what = *citalopram;
  line.intakes = {{20_mg, "", {}}};
  line.goal = {GoalKind::zero, {}, ""};
  line.rule = {TaperPhase{EffectRule{*curve, 8}}};
  line.products = {*Product::piece(Form::tablet, 20_mg, Division::halves),
                   *Product::piece(Form::tablet, 10_mg, Division::halves),
                   *Product::liquid(2_mg, 0.1_ml, 5_ml, "liquid 10 mg/5 mL, 5 mL syringe"),
                   *Product::liquid(2_mg, 0.01_ml, 1_ml, "liquid 10 mg/5 mL, 1 mL syringe")};

  TaperRequest request;
  request.plan_id = "kim-citalopram";
  request.made_on = *Date::parse("2024-01-29");
  request.by = {"Dr. Berg", Role::clinician};
  request.lines = {line};
  request.calendar.start = *Date::parse("2024-02-05");
  request.calendar.step_length = {4, LengthUnit::weeks};
  request.calendar.step_length_given = true;
  request.facts.person_agrees = true;
  request.facts.supervision = Supervision::clinician;
  request.facts.next_contact = *Date::parse("2024-02-19");

  const auto answer = make_taper(request);
  if (!answer) return std::puts(describe(answer.error()).c_str()), 1;
  std::puts("\nEight equal steps of effect instead:\n");
  if (!answer->plan) {
    for (const RuleFinding& f : answer->findings) std::puts(describe(f).c_str());
    return 1;
  }
  const auto table = ombre::io::taper_step_table(*answer->plan);
  if (!table) return std::puts(describe(table.error()).c_str()), 1;
  std::fputs(table->c_str(), stdout);
  std::puts("");
  for (const RuleFinding& f : answer->findings) std::printf("- %s\n", describe(f).c_str());

  const auto figure = ombre::io::taper_figure(*answer->plan);
  if (!figure) return std::puts(describe(figure.error()).c_str()), 1;
  const auto written = ombre::io::write_file("taper_citalopram_hyperbolic.svg", *figure);
  if (!written) return std::puts(describe(written.error()).c_str()), 1;
  std::puts("\nThe figure is in taper_citalopram_hyperbolic.svg");
  return 0;
}
