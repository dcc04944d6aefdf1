// Requests for tests of tapers: small, valid, and changed field by field.
#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ombre/plans/taper.hpp"
#include "ombre/plans/taper_operations.hpp"
#include "ombre/plans/taper_substance.hpp"

namespace taper_test {

using namespace ombre;         // NOLINT: tests
using namespace ombre::plans;  // NOLINT: tests

inline Date day(std::string_view iso) { return *Date::parse(iso); }
inline constexpr StepLength days_of(int n) { return {n, LengthUnit::days}; }
inline constexpr StepLength weeks_of(int n) { return {n, LengthUnit::weeks}; }
inline constexpr StepLength months_of(int n) { return {n, LengthUnit::months}; }
inline Amount mg(double value) { return *Amount::nearest(value, DoseUnit::mg); }

inline Product tablet(double strength, Division division = Division::whole) {
  return *Product::piece(Form::tablet, mg(strength), division);
}
inline Product liquid(double per_ml, double graduation = 0.1, double largest = 20) {
  return *Product::liquid(mg(per_ml), *Amount::nearest(graduation, DoseUnit::ml),
                          *Amount::nearest(largest, DoseUnit::ml));
}

// A plan led by a clinician, with everything answered that a rule could ask.
inline SafetyFacts asked_and_fine() {
  SafetyFacts f;
  f.person_agrees = true;
  f.supervision = Supervision::clinician;
  f.next_contact = day("2024-01-15");
  f.months_of_use = 36;
  f.pregnant = false;
  f.seizure_history = false;
  f.delirium_history = false;
  f.suicidal_now = false;
  f.psychosis_or_mania_now = false;
  f.agonist_treatment_working = false;
  f.cancer_palliative_or_sickle_cell = false;
  f.used_for_epilepsy = false;
  f.street_supply = false;
  f.no_home_or_carer = false;
  f.takes_benzodiazepine = false;
  f.naloxone_at_hand = true;
  f.sadq = 8;
  return f;
}

inline TaperLine line_of(std::string_view substance, std::initializer_list<double> today,
                         std::vector<TaperPhase> rule, TaperSubstanceOptions options = {}) {
  TaperLine line;
  auto what = taper_substance(substance, DoseUnit::mg, options);
  EXPECT_TRUE(what) << (what ? "" : describe(what.error()));
  line.what = std::move(*what);
  for (const double amount : today) line.intakes.push_back({mg(amount), "", std::nullopt});
  line.rule = std::move(rule);
  line.goal.kind = GoalKind::zero;
  return line;
}

inline TaperRequest request_of(TaperLine line, StepLength step_length) {
  TaperRequest r;
  r.plan_id = "plan-1";
  r.made_on = day("2024-01-01");
  r.by = {"Dr. Example", Role::clinician};
  r.why = "agreed together";
  r.lines.push_back(std::move(line));
  r.calendar.start = day("2024-01-08");
  r.calendar.step_length = step_length;
  r.calendar.step_length_given = true;
  r.facts = asked_and_fine();
  return r;
}

inline TaperAnswer answer_to(const TaperRequest& request) {
  auto answer = make_taper(request);
  EXPECT_TRUE(answer) << (answer ? "" : describe(answer.error()));
  return answer ? std::move(*answer) : TaperAnswer{};
}

inline TaperPlan plan_for(const TaperRequest& request) {
  auto answer = answer_to(request);
  std::string why;
  for (const RuleFinding& f : answer.findings) why += describe(f) + "\n";
  EXPECT_TRUE(answer.plan) << why;
  return std::move(*answer.plan);
}

inline const RuleFinding* finding(const std::vector<RuleFinding>& all, std::string_view rule) {
  for (const RuleFinding& f : all) {
    if (f.rule->id == rule) return &f;
  }
  return nullptr;
}

inline bool refuses(const TaperAnswer& answer, std::string_view rule) {
  const RuleFinding* f = finding(answer.findings, rule);
  return f != nullptr && f->answer == Answer::refused && !f->overridden && !answer.plan;
}

inline std::vector<double> doses(const TaperVersion& version, std::size_t line = 0) {
  std::vector<double> out;
  for (const TaperStep& step : version.steps) out.push_back(step.doses[line].amount.value());
  return out;
}

inline Decision decided(std::string_view on, Role role = Role::clinician) {
  return {day(on),
          {role == Role::clinician ? "Dr. Example" : "A. B.", role},
          "talked about it",
          {},
          std::nullopt};
}

inline TaperPlan done(Result<TaperAnswer> answer) {
  EXPECT_TRUE(answer) << (answer ? "" : describe(answer.error()));
  std::string why;
  for (const RuleFinding& f : answer->findings) why += describe(f) + "\n";
  EXPECT_TRUE(answer->plan) << why;
  return std::move(*answer->plan);
}

}  // namespace taper_test
