// Methadone from 90 mg down to 60 mg a day and staying there: a lower stable dose is a whole goal.
// Treatment that works is not tapered without a reason, so the request says whose wish it is.
// An illustration, not a prescription.
#include <cstdio>

#include "ombre/io/taper_text.hpp"
#include "ombre/plans/taper.hpp"
#include "ombre/plans/taper_operations.hpp"
#include "ombre/plans/taper_substance.hpp"

int main() {
  using namespace ombre::plans;  // NOLINT: an example
  using namespace ombre::plans::literals;
  using ombre::Date;

  TaperSubstanceOptions treatment;
  treatment.agonist_treatment = true;
  const auto methadone = taper_substance("methadone", DoseUnit::mg, treatment);
  if (!methadone) return std::puts(describe(methadone.error()).c_str()), 1;

  TaperLine line;
  line.what = *methadone;
  line.intakes = {{90_mg, "morning", 8 * 60}};
  line.goal = {GoalKind::lower_amount, 60_mg,
               "Awake enough in the evening to read to my daughter."};
  line.named_rule = "methadone-uk-5-mg-2-weeks";
  line.products = {*Product::liquid(1_mg, 1_ml, 100_ml)};  // oral solution, 1 mg in 1 mL

  TaperRequest request;
  request.plan_id = "jo-methadone";
  request.made_on = *Date::parse("2024-04-29");
  request.by = {"Dr. Silva", Role::clinician};
  request.why = "Jo asks for a lower dose, and may go back to the old one at any time";
  request.lines = {line};
  request.calendar.start = *Date::parse("2024-05-06");
  request.calendar.avoid = {ombre::Weekday::saturday, ombre::Weekday::sunday};
  request.facts.person_agrees = true;
  request.facts.supervision = Supervision::clinician;
  request.facts.next_contact = *Date::parse("2024-05-13");
  request.facts.agonist_treatment_working = true;
  request.facts.naloxone_at_hand = true;

  auto answer = make_taper(request);
  if (!answer) return std::puts(describe(answer.error()).c_str()), 1;
  if (!answer->plan) {
    std::puts("First answer:");
    for (const RuleFinding& f : answer->findings) {
      if (f.answer == Answer::refused) std::printf("  %s\n", describe(f).c_str());
    }
    for (const Instead& i : answer->instead) std::printf("  %s\n", i.text.c_str());
    // The clinician has heard that and decides, with the reason on record.
    request.overrides = {{"oat_stable", request.by, "Jo's own wish; sleepy on 90 mg; 60 holds"}};
    answer = make_taper(request);
    if (!answer) return std::puts(describe(answer.error()).c_str()), 1;
  }
  if (!answer->plan) {
    for (const RuleFinding& f : answer->findings) std::puts(describe(f).c_str());
    return 1;
  }
  const Decision yes{*Date::parse("2024-04-30"), request.by, "agreed with Jo", {}, {}};
  const auto accepted = accept(*answer->plan, yes);
  if (!accepted || !accepted->plan) return 1;
  std::puts("");
  const auto text = ombre::io::taper_person_text(*accepted->plan);
  if (!text) return std::puts(describe(text.error()).c_str()), 1;
  std::fputs(text->c_str(), stdout);
  return 0;
}
