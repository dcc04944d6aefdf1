// Plans that the library made pass its own check; those changed by hand do not.
#include "ombre/plans/taper_check.hpp"

#include <gtest/gtest.h>
#include <set>

#include "plans/taper_examples.hpp"

namespace {

using namespace taper_test;  // NOLINT: tests

void expect_fine(const TaperPlan& plan) {
  const auto checked = check_plan(plan);
  EXPECT_TRUE(checked) << (checked ? "" : describe(checked.error()));
}

TEST(TaperCheck, EveryPlanAndWhatEveryOperationMakesOfItPasses) {
  std::set<std::string> seen;
  for (const NamedRequest& example : example_requests()) {
    SCOPED_TRACE(example.name);
    const TaperPlan plan = plan_for(example.request);
    expect_fine(plan);
    for (const NamedPlan& next : after_each_operation(plan)) {
      SCOPED_TRACE(next.name);
      seen.insert(next.name);
      expect_fine(next.plan);
    }
  }
  EXPECT_EQ(seen, (std::set<std::string>{"accept", "hold", "resume", "resume-half", "hold-slower",
                                         "hold-back", "shift", "shift-not-begun", "slow", "speed",
                                         "back", "re-anchor", "goal", "stop", "stop-resume"}));
}

// Twelve operations one after the other, chosen by chance.
TEST(TaperCheck, LongHistoriesPass) {
  for (unsigned seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random{seed};
    const auto requests = example_requests();
    const NamedRequest& example = requests[seed % requests.size()];
    SCOPED_TRACE(example.name);
    TaperPlan plan = plan_for(example.request);
    Date today = day("2024-01-02");
    for (int k = 0; k < 12; ++k) {
      today = today + Days{static_cast<int>(random() % 40)};
      const Decision d{today, {"Dr. Example", Role::clinician}, "as agreed", {}, std::nullopt};
      const Date from = today + Days{static_cast<int>(random() % 10)};
      const auto& steps = plan.now().steps;
      Result<TaperAnswer> answer = [&]() -> Result<TaperAnswer> {
        switch (random() % 9) {
          case 0:
            return accept(plan, d);
          case 1:
            return hold(plan, from, from + Days{static_cast<int>(random() % 60)}, d);
          case 2:
            return resume(plan, from, random() % 2 == 0, d);
          case 3:
            return shift(plan, from, Days{static_cast<int>(random() % 30) - 5}, d);
          case 4:
            return change_pace(plan, from, {1 + static_cast<int>(random() % 3), 2}, d);
          case 5:
            return step_back(plan, from, steps.empty() ? 1 : steps[random() % steps.size()].id, 0,
                             d);
          case 6: {
            const std::size_t line = random() % plan.request().lines.size();
            const Amount now =
                steps.empty() ? Amount{} : steps[random() % steps.size()].doses[line].amount;
            return re_anchor(plan, from, line, now, weeks_of(1), 0, d);
          }
          case 7: {
            const std::size_t line = random() % plan.request().lines.size();
            const Amount to = steps.empty() ? Amount{} : steps.back().doses[line].amount;
            return change_goal(plan, from, line, {GoalKind::lower_amount, to, ""}, d);
          }
          default:
            return stop_tapering(plan, from, from + Days{28}, d);
        }
      }();
      if (answer && answer->plan) plan = *answer->plan;
      expect_fine(plan);
    }
  }
}

TaperPlan with_version(const TaperPlan& plan, void (*change)(TaperVersion&)) {
  TaperVersion v = plan.history().at(plan.version());
  change(v);
  const Change c = plan.history().change(plan.version());
  if (plan.version() == 1) {
    return {plan.shared_request(), History<TaperVersion>{std::move(v), c}};
  }
  return plan.as_of(plan.version() - 1).with(std::move(v), c);
}

void expect_refused(const TaperPlan& plan, std::string_view field) {
  const auto checked = check_plan(plan);
  ASSERT_FALSE(checked) << field;
  EXPECT_EQ(checked.error().field, field) << describe(checked.error());
}

TEST(TaperCheck, WhatWasChangedByHandIsFound) {
  const TaperPlan plan = plan_for(example_requests()[1].request);  // bands
  const auto refused = [&plan](std::string_view field, void (*change)(TaperVersion&)) {
    expect_refused(with_version(plan, change), field);
  };
  refused("versions[0].steps[3].first",
          [](TaperVersion& v) { v.steps[3].first = v.steps[3].first + Days{1}; });
  refused("versions[0].steps[2].last",
          [](TaperVersion& v) { v.steps[2].last = v.steps[2].first - Days{1}; });
  refused("versions[0].steps[1].doses[0].rounding",
          [](TaperVersion& v) { v.steps[1].doses[0].rounding.micro += 1; });
  refused("versions[0].steps[4].doses[0].amount", [](TaperVersion& v) {
    v.steps[4].doses[0].amount = mg(100);
    v.steps[4].doses[0].ideal = 100;
    v.steps[4].doses[0].rounding = {0, DoseUnit::mg};
  });
  refused("versions[0].steps[4].doses[0].dispensed[2]",
          [](TaperVersion& v) { v.steps[4].doses[0].dispensed[2].pieces[0].count += 1; });
  refused("versions[0].steps[0].doses[0].dispensed[0]",
          [](TaperVersion& v) { v.steps[0].doses[0].dispensed[0].pieces[0].product = 9; });
  refused("versions[0].steps[0].doses[0].percent_of_original",
          [](TaperVersion& v) { v.steps[0].doses[0].percent_of_original = 50; });
  refused("versions[0].milestones[1]",
          [](TaperVersion& v) { v.milestones[1].amount = v.milestones[0].amount; });
  refused("versions[0].milestones[0]",
          [](TaperVersion& v) { v.milestones[0].on = day("2030-01-01"); });
  refused("versions[0].milestones[0].id", [](TaperVersion& v) { v.milestones[0].id = "zero"; });
  refused("versions[0].milestones[0].line", [](TaperVersion& v) { v.milestones[0].line = 1; });
  refused("versions[0].reviews[1]", [](TaperVersion& v) { std::swap(v.reviews[0], v.reviews[1]); });
  refused("versions[0].ends", [](TaperVersion& v) { v.ends.reset(); });
  refused("versions[0].review", [](TaperVersion& v) { v.status = PlanStatus::on_hold; });
  refused("versions[0].status", [](TaperVersion& v) { v.status = PlanStatus::accepted; });
  refused("versions[0].steps", [](TaperVersion& v) { v.steps[1].id = v.steps[0].id; });
  refused("versions[0].steps[1].id", [](TaperVersion& v) { v.steps[1].id = v.next_id; });
  refused("versions[0].after", [](TaperVersion& v) { v.after.clear(); });
  refused("versions[0].goals[0]", [](TaperVersion& v) { v.goals[0].kind = GoalKind::undecided; });
  refused("versions[0].pace", [](TaperVersion& v) { v.pace_denominator = 0; });
  refused("versions[0].steps[0].doses", [](TaperVersion& v) { v.steps[0].doses.clear(); });
}

// The second version belongs to a plan that went down two weeks earlier.
TEST(TaperCheck, APastThatChangedIsFound) {
  const TaperPlan plan = plan_for(example_requests()[1].request);
  const Date from = plan.now().steps[3].first;
  const TaperPlan held = done(hold(plan, from, from + Days{20}, decided(from.iso())));
  expect_fine(held);
  TaperRequest sooner = example_requests()[1].request;
  sooner.calendar.stay_first.reset();
  const TaperPlan other = done(hold(plan_for(sooner), from, from + Days{20}, decided(from.iso())));
  expect_fine(other);
  TaperVersion moved = other.now();
  moved.next_id = held.now().next_id;
  const auto checked = check_plan(plan.with(moved, other.history().change()));
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().field, "versions[1].steps[0]");
  EXPECT_EQ(checked.error().rule,
            "must not differ before " + from.iso() + ", the first day that this change may alter");
}

TEST(TaperCheck, ChangesComeInOrderWithANameAndBeginWithTheDraft) {
  const TaperPlan plan = plan_for(example_requests()[1].request);
  const TaperPlan accepted = done(accept(plan, decided("2024-01-03")));
  Change c = accepted.history().change();
  c.on = day("2023-12-31");
  expect_refused(plan.with(accepted.now(), c), "versions[1].change.on");
  c = accepted.history().change();
  c.from = day("2024-01-02");
  expect_refused(plan.with(accepted.now(), c), "versions[1].change.from");
  c = accepted.history().change();
  c.what = "draft";
  expect_refused(plan.with(accepted.now(), c), "versions[1].change.what");
  c.what = "cancel";
  expect_refused(plan.with(accepted.now(), c), "versions[1].change.what");
  c = accepted.history().change();
  c.what = "shift";
  expect_refused(plan.with(accepted.now(), c), "versions[1].accepted");
  c = plan.history().change();
  c.by.name = "Somebody Else";
  expect_refused({plan.shared_request(), History<TaperVersion>{plan.now(), c}},
                 "versions[0].change.by");
}

TEST(TaperCheck, ARefusalThatNobodySetAsideIsNoPlan) {
  const TaperPlan plan = plan_for(example_requests()[11].request);  // overridden
  ASSERT_NE(finding(plan.now().findings, "bzd_25_percent_14_days"), nullptr);
  const auto checked = check_plan(with_version(plan, [](TaperVersion& v) {
    for (RuleFinding& f : v.findings) f.overridden.reset();
  }));
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().value, "bzd_25_percent_14_days");
  expect_fine(plan);
}

}  // namespace
