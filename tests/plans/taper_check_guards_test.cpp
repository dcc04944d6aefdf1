// The guards once more on plans that come from outside: plans of the library pass, plans that were
// made over by hand do not, whatever findings they carry.
#include <gtest/gtest.h>
#include <algorithm>

#include "ombre/plans/taper_check.hpp"
#include "ombre/plans/taper_guard.hpp"
#include "plans/taper_examples.hpp"

namespace {

using namespace taper_test;  // NOLINT: tests

// A plan whose only version was changed by hand, its findings emptied.
TaperPlan forged(const TaperPlan& plan, auto&& request_change, auto&& version_change) {
  auto request = std::make_shared<TaperRequest>(plan.request());
  request_change(*request);
  TaperVersion version = plan.now();
  version.findings.clear();
  version_change(version);
  version.facts = request->facts;
  return TaperPlan{std::move(request),
                   History<TaperVersion>{std::move(version), plan.history().change()}};
}
constexpr auto nothing = [](auto&) {};

TaperAnswer again(const TaperPlan& plan, std::optional<Date> from = {}) {
  auto answer = check_guards(plan, from);
  EXPECT_TRUE(answer) << (answer ? "" : describe(answer.error()));
  return answer ? *std::move(answer) : TaperAnswer{};
}

TaperRequest ashton() {
  TaperRequest r = request_of(line_of("diazepam", {40}, {}), weeks_of(2));
  r.lines[0].named_rule = "ashton-2-weeks";
  return r;
}

TEST(TaperCheckGuards, EveryPlanAndWhatEveryOperationMakesOfItPasses) {
  for (const NamedRequest& example : example_requests()) {
    SCOPED_TRACE(example.name);
    const TaperPlan plan = plan_for(example.request);
    for (const NamedPlan& next : after_each_operation(plan)) {
      SCOPED_TRACE(next.name);
      const TaperAnswer answer = again(next.plan);
      EXPECT_NE(answer.answer, Answer::refused)
          << (answer.findings.empty() ? "" : describe(answer.findings.front()));
      EXPECT_TRUE(answer.plan);
    }
  }
}

// What the draft's guards said is said again, word by word and in the same order.
TEST(TaperCheckGuards, AnUnchangedDraftHasTheFindingsItWasMadeWith) {
  for (const NamedRequest& example : example_requests()) {
    SCOPED_TRACE(example.name);
    const TaperPlan plan = plan_for(example.request);
    const TaperAnswer answer = again(plan);
    for (const RuleFinding& f : plan.now().findings) {
      if (f.rule->id == "step_not_dispensable") continue;  // looked at where doses are made
      const bool there = std::ranges::any_of(answer.findings, [&f](const RuleFinding& g) {
        return g.rule == f.rule && g.text == f.text && g.answer == f.answer;
      });
      EXPECT_TRUE(there) << describe(f);
    }
  }
}

TEST(TaperCheckGuards, APlanCutToItsFirstStepIsAnAbruptStop) {
  const TaperPlan plan = plan_for(ashton());
  const TaperPlan cut = forged(plan, nothing, [](TaperVersion& v) {
    v.steps.resize(1);
    v.ends = v.steps.back().last + Days{1};
  });
  EXPECT_TRUE(refuses(again(cut), "class_a_abrupt_stop"));
}

TEST(TaperCheckGuards, FactsThatRefuseAPlanRefuseItAfterwardsToo) {
  const TaperPlan plan = plan_for(ashton());
  const TaperPlan pregnant = forged(
      plan, [](TaperRequest& r) { r.facts.pregnant = true; }, nothing);
  EXPECT_TRUE(refuses(again(pregnant), "pregnant"));
  const TaperPlan alone = forged(
      plan, [](TaperRequest& r) { r.facts.supervision = Supervision::none; }, nothing);
  EXPECT_TRUE(refuses(again(alone), "class_a_unsupervised"));
}

TEST(TaperCheckGuards, ARaisedDoseIsARise) {
  const TaperPlan plan = plan_for(ashton());
  const TaperPlan raised = forged(plan, nothing, [](TaperVersion& v) {
    LineDose& dose = v.steps[3].doses[0];
    dose.amount = mg(120);
    dose.ideal = 120;
    dose.intakes = {mg(120)};
  });
  EXPECT_TRUE(refuses(again(raised), "going_up_is_weighed"));
}

TEST(TaperCheckGuards, StepsThatWaitAreLookedAtAsIfTheReviewTookThemUp) {
  const TaperPlan held =
      done(hold(plan_for(ashton()), day("2024-02-05"), day("2024-02-19"), decided("2024-02-05")));
  EXPECT_NE(again(held).answer, Answer::refused);
  TaperVersion now = held.now();
  ASSERT_GT(now.pending.size(), 3U);
  now.pending.erase(now.pending.begin(), now.pending.end() - 1);  // straight to the last dose
  const TaperPlan shortened{held.shared_request(),
                            held.history().as_of(1).with(now, held.history().change())};
  EXPECT_TRUE(refuses(again(shortened), "bzd_25_percent_14_days"));
}

TEST(TaperCheckGuards, WhatOnlyConcernsGoingOnIsAWarningWhileThePlanWaits) {
  Decision d = decided("2024-02-05");
  d.facts = asked_and_fine();
  d.facts->suicidal_now = true;
  const TaperPlan held = done(hold(plan_for(ashton()), day("2024-02-05"), day("2024-02-19"), d));
  const TaperAnswer answer = again(held);
  EXPECT_EQ(answer.answer, Answer::allowed_with_warning);
  const RuleFinding* f = finding(answer.findings, "unstable_mental");
  ASSERT_NE(f, nullptr);
  EXPECT_NE(f->text.find("Before it goes on"), std::string::npos);
}

TEST(TaperCheckGuards, AcceptanceByThePersonAloneOfAPrescribedPlanIsFound) {
  const TaperPlan accepted = done(accept(plan_for(ashton()), decided("2024-01-02")));
  EXPECT_NE(again(accepted).answer, Answer::refused);
  Change change = accepted.history().change();
  change.by = {"A. B.", Role::person};
  const TaperPlan by_person{accepted.shared_request(),
                            accepted.history().as_of(1).with(accepted.now(), change)};
  EXPECT_TRUE(refuses(again(by_person), "prescriber_decides"));
}

TEST(TaperCheckGuards, WhatWasSetAsideStaysAsideAndOnlyAsFarAsItWas) {
  TaperRequest r =
      request_of(line_of("morphine", {100}, {{PercentRule{10, Basis::original}}}), weeks_of(1));
  r.overrides = {{"opioid_30_percent_a_month", r.by, "confusion on the present dose"}};
  const TaperPlan plan = plan_for(r);
  EXPECT_EQ(again(plan).answer, Answer::allowed_with_warning);
  // The same history around steps of two days: further than what was set aside.
  TaperVersion faster = plan.now();
  Date first = faster.steps.front().first;
  for (TaperStep& step : faster.steps) {
    step.first = first;
    step.nominal = first;
    step.last = first + Days{1};
    first = first + Days{2};
  }
  faster.ends = first;
  const TaperPlan forged_plan{plan.shared_request(),
                              History<TaperVersion>{faster, plan.history().change()}};
  const TaperAnswer answer = again(forged_plan);
  const RuleFinding* f = finding(answer.findings, "opioid_30_percent_a_month");
  ASSERT_NE(f, nullptr);
  const bool further =
      *f->measured > *finding(plan.now().findings, "opioid_30_percent_a_month")->measured;
  EXPECT_EQ(f->overridden.has_value(), !further);
}

TEST(TaperCheckGuards, AnOverrideThatNobodyDecidedIsNoOverride) {
  const TaperPlan plan = plan_for(ashton());
  TaperVersion version = plan.now();
  RuleFinding f;
  f.rule = find_taper_rule("bzd_25_percent_14_days");
  f.answer = Answer::refused;
  f.severity = Severity::warning;
  f.text = "set aside, it says";
  f.overridden = Override{"bzd_25_percent_14_days", {"Dr. Example", Role::clinician}, "why not"};
  version.findings.push_back(f);
  const TaperPlan claimed{plan.shared_request(),
                          History<TaperVersion>{version, plan.history().change()}};
  const auto checked = check_plan(claimed);
  ASSERT_FALSE(checked);
  EXPECT_NE(describe(checked.error()).find("must be one of the overrides in the history"),
            std::string::npos);
}

TEST(TaperCheckGuards, FactsOfTheDraftAreThoseOfTheRequest) {
  const TaperPlan plan = plan_for(ashton());
  TaperVersion version = plan.now();
  version.facts.pregnant.reset();
  const TaperPlan changed{plan.shared_request(),
                          History<TaperVersion>{version, plan.history().change()}};
  EXPECT_FALSE(check_plan(changed));
}

TEST(TaperCheckGuards, FromADayOnEarlierFindingsAreLeftOut) {
  const TaperPlan plan = plan_for(ashton());
  const TaperPlan raised = forged(plan, nothing, [](TaperVersion& v) {
    v.steps[1].doses[0].amount = mg(60);
    v.steps[1].doses[0].ideal = 60;
    v.steps[1].doses[0].intakes = {mg(60)};
  });
  const Date later = raised.now().steps[10].first;
  EXPECT_TRUE(refuses(again(raised), "going_up_is_weighed"));
  EXPECT_NE(again(raised, later).answer, Answer::refused);
}

}  // namespace
