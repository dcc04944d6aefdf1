// Nicotine patches after a pack a day: 21 mg for six weeks, 14 for two, 7 for two, as the US label
// says; the plan as the person reads it and the first lines of their calendar.
#include <cstdio>
#include <string>

#include "ombre/io/taper_calendar.hpp"
#include "ombre/io/taper_text.hpp"
#include "ombre/plans/taper.hpp"
#include "ombre/plans/taper_operations.hpp"
#include "ombre/plans/taper_substance.hpp"

int main() {
  using namespace ombre::plans;  // NOLINT: an example
  using namespace ombre::plans::literals;
  using ombre::Date;

  TaperSubstanceOptions own;
  own.prescribed = false;  // bought at a pharmacy
  const auto nicotine = taper_substance("nicotine", DoseUnit::mg, own);
  if (!nicotine) return std::puts(describe(nicotine.error()).c_str()), 1;

  TaperLine line;
  line.what = *nicotine;
  line.what.name = "nicotine patches";
  line.intakes = {{21_mg, "", {}}};
  line.goal = {GoalKind::zero, {}, "Up the stairs without stopping."};
  line.named_rule = "nicotine-us-more-than-10";
  line.products = {*Product::patch(21_mg, 1), *Product::patch(14_mg, 1), *Product::patch(7_mg, 1)};

  TaperRequest request;
  request.plan_id = "noor-patches";
  request.made_on = *Date::parse("2024-12-27");
  request.by = {"Noor", Role::person};
  request.lines = {line};
  request.calendar.start = *Date::parse("2025-01-01");  // the quit date
  request.facts.person_agrees = true;
  request.facts.next_contact = *Date::parse("2025-01-08");

  const auto made = make_taper(request);
  if (!made) return std::puts(describe(made.error()).c_str()), 1;
  if (!made->plan) {
    for (const RuleFinding& f : made->findings) std::puts(describe(f).c_str());
    return 1;
  }
  const auto yes = accept(*made->plan, {request.made_on, request.by, "my own plan", {}, {}});
  if (!yes || !yes->plan) return 1;
  ombre::io::TaperTextOptions options;
  options.contact = "the quitline";
  const auto text = ombre::io::taper_person_text(*yes->plan, options);
  if (!text) return std::puts(describe(text.error()).c_str()), 1;
  std::fputs(text->c_str(), stdout);

  ombre::io::TaperCalendarOptions calendar;
  calendar.remind_at = 8 * 60;
  const auto ics = ombre::io::taper_calendar(*yes->plan, calendar);
  if (!ics) return std::puts(describe(ics.error()).c_str()), 1;
  std::printf("\nThe first event of the calendar:\n\n%s",
              ics->substr(0, ics->find("END:VEVENT") + 12).c_str());
  return 0;
}
