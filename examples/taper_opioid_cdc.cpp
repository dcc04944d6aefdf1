// Years on morphine, 120 mg a day (120 MME), down by 10 % a month as CDC 2022 advises after long
// use: what the faster weekly rule is told, a hold after a withdrawal score, and a lapse that ends
// nothing. An illustration of arithmetic, not a prescription.
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "ombre/io/file.hpp"
#include "ombre/io/taper_figures.hpp"
#include "ombre/plans/taper.hpp"
#include "ombre/plans/taper_events.hpp"
#include "ombre/plans/taper_operations.hpp"
#include "ombre/plans/taper_substance.hpp"
#include "ombre/plans/withdrawal.hpp"

using namespace ombre::plans;  // NOLINT: an example
using namespace ombre::plans::literals;
using ombre::Date;

static Date on(const char* iso) { return *Date::parse(iso); }

static Decision decided(const char* iso, const char* why) {
  return {on(iso), {"Dr. Amari", Role::clinician}, why, {}, {}};
}

// The plan an operation led to; what stood in its way is told.
static TaperPlan plan_of(const ombre::Result<TaperAnswer>& answer) {
  if (!answer) {
    std::puts(describe(answer.error()).c_str());
    std::exit(1);
  }
  if (!answer->plan) {
    for (const RuleFinding& f : answer->findings) std::puts(describe(f).c_str());
    std::exit(1);
  }
  return *answer->plan;
}

static void show(const char* title, const TaperPlan& plan, Date first) {
  std::printf("\n%s\n", title);
  int rows = 0;
  for (const TaperStep& step : plan.now().steps) {
    if (step.last < first || rows == 4) continue;
    std::printf("  %s to %s  %s\n", step.first.iso().c_str(), step.last.iso().c_str(),
                text(step.doses[0].amount).c_str());
    ++rows;
  }
  if (!plan.now().pending.empty()) {
    std::printf("  %zu steps wait without dates\n", plan.now().pending.size());
  }
}

int main() {
  TaperLine line;
  const auto morphine = taper_substance("morphine", DoseUnit::mg);
  if (!morphine) return std::puts(describe(morphine.error()).c_str()), 1;
  line.what = *morphine;
  line.intakes = {{60_mg, "morning", {}}, {60_mg, "night", {}}};
  line.goal = {GoalKind::undecided, {}, "Less fog. Where it leads, we will see."};
  line.named_rule = "cdc-2022-weekly";
  line.smallest = 10_mg;
  line.products = {*Product::piece(Form::tablet, 30_mg), *Product::piece(Form::tablet, 15_mg),
                   *Product::liquid(2_mg, 0.5_ml, 20_ml)};

  TaperRequest request;
  request.plan_id = "ana-morphine";
  request.made_on = on("2024-01-02");
  request.by = {"Dr. Amari", Role::clinician};
  request.why = "Ana asked for it";
  request.lines = {line};
  request.calendar.start = on("2024-01-08");
  request.facts.person_agrees = true;
  request.facts.supervision = Supervision::clinician;
  request.facts.next_contact = on("2024-01-22");
  request.facts.months_of_use = 60;
  request.facts.naloxone_at_hand = true;
  request.facts.takes_benzodiazepine = false;

  // The weekly rule is for weeks or months of use: after years it is about 40 % in four weeks.
  std::puts("The weekly rule, after five years:");
  const auto weekly = make_taper(request);
  if (!weekly) return std::puts(describe(weekly.error()).c_str()), 1;
  for (const RuleFinding& f : weekly->findings) {
    if (f.answer == Answer::refused) std::puts(describe(f).c_str());
  }
  if (weekly->plan) return 1;

  // The monthly rule is what CDC advises after a year and more.
  request.lines[0].named_rule.clear();
  Terminal end;
  end.smallest = 10;
  request.lines[0].rule = {TaperPhase{PercentRule{10, Basis::current, end}}};
  request.calendar.step_length = {1, LengthUnit::months};
  request.calendar.step_length_given = true;
  TaperPlan plan = plan_of(make_taper(request));
  plan = plan_of(accept(plan, decided("2024-01-03", "agreed together")));
  show("10 % of the current dose a month", plan, on("2024-01-08"));

  // Two weeks into the third step a COWS of 15, moderate: the step is held.
  const std::vector<WithdrawalScore> scores{{on("2024-03-15"), 9}, {on("2024-03-22"), 15}};
  const BandSet* cows = usual_band_set(WithdrawalScale::cows);
  const auto advice = advice_on_scores(plan, *cows, scores);
  if (!advice) return std::puts(describe(advice.error()).c_str()), 1;
  std::printf("\n22 March. %s\n", advice->text.c_str());
  plan = plan_of(hold(plan, on("2024-03-23"), *advice->review, decided("2024-03-22", "COWS 15")));
  show("On hold", plan, on("2024-03-22"));

  // Calm again for three days: on, with half the next step.
  const std::vector<WithdrawalScore> later{
      {on("2024-03-22"), 15}, {on("2024-03-25"), 8}, {on("2024-03-29"), 6}};
  const auto calm = advice_on_scores(plan, *cows, later);
  if (!calm) return std::puts(describe(calm.error()).c_str()), 1;
  std::printf("\n29 March. %s\n", calm->text.c_str());
  plan = plan_of(
      resume(plan, on("2024-04-01"), calm->half_next_step, decided("2024-03-29", "calm again")));
  show("Going on", plan, on("2024-04-01"));

  // A hard week in April: more was taken than the step says. The plan begins again from there.
  const TaperAdvice lapse = advice_on(plan, TaperEvent::use_above_step, on("2024-04-15"));
  std::printf("\n15 April. %s\n", lapse.text.c_str());
  for (const std::string& question : lapse.questions) std::printf("  - %s\n", question.c_str());

  const StepLength two_weeks{2, LengthUnit::weeks};
  const auto old_dose = re_anchor(plan, on("2024-04-16"), 0, 120_mg, two_weeks, 0,
                                  decided("2024-04-15", "back to the first dose?"));
  std::puts("\nBack to the old 120 mg?");
  if (!old_dose || old_dose->plan) return 1;
  for (const RuleFinding& f : old_dose->findings) {
    if (f.answer == Answer::refused) std::printf("  %s\n", f.text.c_str());
  }
  plan = plan_of(re_anchor(plan, on("2024-04-16"), 0, 87_mg, two_weeks, 0,
                           decided("2024-04-15", "a hard week; again from March's dose")));
  show("From where Ana is now; the goal stands", plan, on("2024-04-16"));
  std::printf("\nVersions of this plan: %zu. None of them says that anything went wrong.\n",
              plan.version());

  ombre::io::TaperFigureOptions options;
  options.level = false;
  options.today = on("2024-04-16");
  const auto figure = ombre::io::taper_figure(plan, options);
  if (!figure) return std::puts(describe(figure.error()).c_str()), 1;
  const auto written = ombre::io::write_file("taper_opioid_cdc.svg", *figure);
  if (!written) return std::puts(describe(written.error()).c_str()), 1;
  std::puts("The figure is in taper_opioid_cdc.svg");
  return 0;
}
