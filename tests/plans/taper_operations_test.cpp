// Operations: past days never change, holds and shifts agree, guards answer, a lapse ends nothing.
#include "ombre/plans/taper_operations.hpp"
#include <algorithm>
#include <random>

#include "ombre/plans/cross_taper.hpp"
#include "ombre/plans/taper_check.hpp"
#include "ombre/plans/taper_guard.hpp"
#include "taper_builder.hpp"

namespace {

using namespace taper_test;  // NOLINT: tests

TaperRequest opioid_request() {
  Terminal t;
  t.smallest = 10;
  TaperRequest r =
      request_of(line_of("morphine", {60, 60}, {{TwoPhaseRule{10, 30, t}}}), weeks_of(4));
  return r;
}
TaperPlan opioid_plan() { return plan_for(opioid_request()); }

TaperPlan diazepam_plan() {
  return plan_for(
      request_of(line_of("diazepam", {20}, {{BandRule{{{5, 1}, {0, 0.5}}}}}), weeks_of(2)));
}

// The same days before `until` in both versions.
void expect_same_days(const TaperVersion& a, const TaperVersion& b, Date until,
                      std::size_t line = 0) {
  const DayTable x = day_table(a, line);
  const DayTable y = day_table(b, line);
  ASSERT_EQ(x.first, y.first);
  const auto days = static_cast<std::size_t>(
      std::max(0, std::min({(until - x.first).count(), static_cast<int>(x.micro.size()),
                            static_cast<int>(y.micro.size())})));
  for (std::size_t i = 0; i < days; ++i) {
    ASSERT_EQ(x.micro[i], y.micro[i]) << (x.first + Days{static_cast<int>(i)}).iso();
    ASSERT_EQ(x.step_id[i], y.step_id[i]);
  }
}

void expect_equal_days(const TaperVersion& a, const TaperVersion& b) {
  const DayTable x = day_table(a, 0);
  const DayTable y = day_table(b, 0);
  EXPECT_EQ(x.first, y.first);
  EXPECT_EQ(x.micro, y.micro);
  EXPECT_EQ(x.step_id, y.step_id);
  EXPECT_EQ(a.ends, b.ends);
}

TEST(TaperOperations, APrescribedPlanIsAcceptedByANamedClinicianWithConsentOnRecord) {
  const TaperPlan draft = opioid_plan();
  EXPECT_EQ(draft.now().status, PlanStatus::draft);
  const auto by_person = accept(draft, decided("2024-01-02", Role::person));
  ASSERT_TRUE(by_person);
  EXPECT_EQ(by_person->answer, Answer::refused);
  EXPECT_NE(finding(by_person->findings, "prescriber_decides"), nullptr);
  const TaperPlan plan = done(accept(draft, decided("2024-01-02")));
  EXPECT_EQ(plan.now().status, PlanStatus::accepted);
  EXPECT_EQ(plan.version(), 2U);
  EXPECT_EQ(draft.version(), 1U);
  EXPECT_FALSE(accept(plan, decided("2024-01-03")));

  TaperRequest silent = opioid_request();
  silent.facts.person_agrees.reset();
  const auto answer = accept(plan_for(silent), decided("2024-01-02"));
  ASSERT_TRUE(answer);
  EXPECT_NE(finding(answer->findings, "no_consent"), nullptr);
}

TEST(TaperOperations, APersonAcceptsTheirOwnPlan) {
  TaperRequest r = request_of({}, weeks_of(1));
  r.lines[0].what = *taper_substance("cannabis", DoseUnit::g, {.prescribed = false});
  r.lines[0].per = Per::week;
  r.lines[0].intakes = {{*Amount::parse("7", DoseUnit::g), "", std::nullopt}};
  r.lines[0].goal = {GoalKind::lower_amount, *Amount::parse("3.5", DoseUnit::g), ""};
  r.lines[0].rule = {{FadeRule{6, FadeRule::Shape::even, 0.5}}};
  r.by = {"A. B.", Role::person};
  r.facts = {};
  const TaperPlan plan = done(accept(plan_for(r), decided("2024-01-02", Role::person)));
  EXPECT_EQ(plan.now().status, PlanStatus::accepted);
  EXPECT_TRUE(*plan.now().facts.person_agrees);
}

TEST(TaperOperations, AHoldKeepsTheDoseUntilTheReviewAndTheRestWaits) {
  const TaperPlan plan = opioid_plan();
  const TaperPlan held =
      done(hold(plan, day("2024-02-20"), day("2024-03-19"), decided("2024-02-19")));
  EXPECT_EQ(held.now().status, PlanStatus::on_hold);
  EXPECT_EQ(held.now().steps.size(), 2U);
  EXPECT_EQ(held.now().steps.back().last, day("2024-03-19"));
  EXPECT_EQ(on_day(held.now(), 0, day("2024-03-19"))->step->doses[0].amount, mg(96));
  EXPECT_FALSE(held.now().ends);
  EXPECT_EQ(held.now().pending.size(), plan.now().steps.size() - 2);
  expect_same_days(plan.now(), held.now(), day("2024-02-20"));
  EXPECT_EQ(held.history().change().what, "hold");
  EXPECT_EQ(held.history().change().by.name, "Dr. Example");
  EXPECT_EQ(held.history().change().why, "talked about it");
}

TEST(TaperOperations, AReviewOnTheCalendarsLastDayIsADayLikeAnyOther) {
  TaperRequest r = opioid_request();
  r.lines[0].products = {tablet(15, Division::halves), liquid(2)};
  const TaperPlan plan = plan_for(r);
  const TaperPlan held = done(hold(plan, day("2024-02-20"), Date::max(), decided("2024-02-19")));
  EXPECT_EQ(held.now().steps.back().last, Date::max());
}

TEST(TaperOperations, AHoldThatIsLookedAtAfterMoreThanFourWeeksSaysSo) {
  const TaperPlan plan = done(accept(opioid_plan(), decided("2024-01-02")));
  const Date from = plan.now().steps[2].first;
  const auto answer = [&](int days) {
    const auto held = hold(plan, from, from + Days{days}, decided(from.iso()));
    EXPECT_TRUE(held);
    return *held;
  };
  EXPECT_EQ(finding(answer(28).findings, "no_followup"), nullptr);
  const TaperAnswer late = answer(400);
  const RuleFinding* f = finding(late.findings, "no_followup");
  ASSERT_NE(f, nullptr);
  EXPECT_EQ(f->answer, Answer::allowed_with_warning);
  EXPECT_EQ(f->measured, 400);
}

TEST(TaperOperations, AHoldOnTheDayOfAStepKeepsTheDoseOfTheDayBefore) {
  const TaperPlan plan = opioid_plan();  // second step on 2024-02-05
  const TaperPlan held =
      done(hold(plan, day("2024-02-05"), day("2024-03-01"), decided("2024-02-05")));
  EXPECT_EQ(on_day(held.now(), 0, day("2024-02-05"))->step->doses[0].amount, mg(108));
}

TEST(TaperOperations, HoldThenResumeEqualsShift) {
  std::mt19937_64 random{5};
  for (int seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    TaperRequest r = opioid_request();
    const StepLength lengths[] = {weeks_of(2), weeks_of(4), months_of(1), days_of(10)};
    r.calendar.step_length = lengths[seed % 4];
    r.facts.months_of_use = 3;
    if (seed % 3 == 0) r.calendar.avoid = {Weekday::friday, Weekday::saturday, Weekday::sunday};
    const TaperPlan plan = plan_for(r);
    const auto& steps = plan.now().steps;
    const std::size_t k = 1 + random() % (steps.size() - 1);
    const Days n{static_cast<int>(3 + random() % 60)};  // past the days to avoid
    const Date from = steps[k].first;
    const Decision d{from, {"Dr. Example", Role::clinician}, "w", {}, std::nullopt};
    const TaperPlan held = done(hold(plan, from, from + Days{3}, d));
    const TaperPlan resumed = done(resume(held, steps[k].nominal + n, false, d));
    const TaperPlan shifted = done(shift(plan, from, n, d));
    expect_equal_days(resumed.now(), shifted.now());
  }
}

TEST(TaperOperations, TwoShiftsAddUpAndShiftsAndPacesKeepThePast) {
  const TaperPlan plan = opioid_plan();
  const Decision d = decided("2024-02-20");
  const TaperPlan twice =
      done(shift(done(shift(plan, day("2024-02-20"), Days{7}, d)), day("2024-02-20"), Days{5}, d));
  const TaperPlan once = done(shift(plan, day("2024-02-20"), Days{12}, d));
  expect_equal_days(twice.now(), once.now());
  expect_same_days(plan.now(), once.now(), day("2024-03-04"));
}

TEST(TaperOperations, HalfThePaceTwiceIsAQuarterInAnyOrder) {
  const TaperPlan plan = diazepam_plan();
  const Decision d = decided("2024-01-10");
  const Date from = day("2024-01-12");
  const TaperPlan a = done(change_pace(done(change_pace(plan, from, {1, 2}, d)), from, {1, 3}, d));
  const TaperPlan b = done(change_pace(done(change_pace(plan, from, {1, 3}, d)), from, {1, 2}, d));
  const TaperPlan c = done(change_pace(plan, from, {1, 6}, d));
  expect_equal_days(a.now(), b.now());
  expect_equal_days(a.now(), c.now());
  EXPECT_EQ(c.now().pace_denominator, 6);
  EXPECT_EQ(c.history().change().what, "slow_down");
  EXPECT_EQ(c.now().steps[1].days().count(), 6 * 14);
}

TEST(TaperOperations, FasterIsAllowedUpToTheCeiling) {
  // 1 mg every four weeks becomes every two; every one would be 2 of 7 mg in 14 days.
  const TaperPlan plan = plan_for(
      request_of(line_of("diazepam", {20}, {{BandRule{{{5, 1}, {0, 0.5}}}}}), weeks_of(4)));
  const TaperPlan twice = done(change_pace(plan, day("2024-01-12"), {2, 1}, decided("2024-01-10")));
  EXPECT_EQ(twice.history().change().what, "speed_up");
  EXPECT_EQ(twice.now().steps[5].days().count(), 14);
  const auto faster = change_pace(twice, day("2024-01-12"), {2, 1}, decided("2024-01-10"));
  ASSERT_TRUE(faster);
  EXPECT_EQ(faster->answer, Answer::refused);
  EXPECT_NE(finding(faster->findings, "bzd_25_percent_14_days"), nullptr);
  const auto by_person =
      change_pace(plan, day("2024-01-12"), {2, 1}, decided("2024-01-10", Role::person));
  EXPECT_EQ(by_person->answer, Answer::refused);
  EXPECT_TRUE(
      change_pace(plan, day("2024-01-12"), {1, 2}, decided("2024-01-10", Role::person))->plan);
}

TEST(TaperOperations, MonthsAreNotSplitByAPace) {
  TaperRequest r = opioid_request();
  r.calendar.step_length = months_of(1);
  const TaperPlan plan = plan_for(r);
  EXPECT_TRUE(change_pace(plan, day("2024-01-12"), {1, 2}, decided("2024-01-10"))->plan);
  const auto split = change_pace(plan, day("2024-01-12"), {2, 3}, decided("2024-01-10"));
  ASSERT_FALSE(split);
  EXPECT_EQ(split.error().code, Errc::unsupported);
}

TEST(TaperOperations, AfterAHoldTheNextStepMayBeHalfSize) {
  const TaperPlan plan = opioid_plan();
  const TaperPlan held =
      done(hold(plan, day("2024-02-20"), day("2024-03-01"), decided("2024-02-20")));
  const TaperPlan on = done(resume(held, day("2024-03-11"), true, decided("2024-03-01")));
  // 96 -> 84 becomes 96 -> 90 -> 84.
  EXPECT_EQ(on_day(on.now(), 0, day("2024-03-10"))->step->doses[0].amount, mg(96));
  EXPECT_EQ(on_day(on.now(), 0, day("2024-03-11"))->step->doses[0].amount, mg(90));
  EXPECT_EQ(on_day(on.now(), 0, day("2024-04-08"))->step->doses[0].amount, mg(84));
}

TEST(TaperOperations, SteppingBackWeighsTolerance) {
  const TaperPlan plan = opioid_plan();
  // In the third step (84 MME from 2024-03-04); the second step's dose ended the day before.
  const int second = plan.now().steps[1].id;
  const int first = plan.now().steps[0].id;
  const TaperPlan back = done(step_back(plan, day("2024-03-10"), second, 0, decided("2024-03-09")));
  EXPECT_EQ(on_day(back.now(), 0, day("2024-03-10"))->step->doses[0].amount, mg(96));
  EXPECT_EQ(back.now().steps[3].kind, StepKind::rise);
  EXPECT_NE(finding(back.now().findings, "going_up_is_weighed"), nullptr);
  expect_same_days(plan.now(), back.now(), day("2024-03-10"));
  // 84 again, then on as before.
  EXPECT_EQ(back.now().steps[4].doses[0].amount, mg(84));
  EXPECT_EQ(back.now().steps[5].doses[0].amount, mg(72));
  // The first step's dose was last taken 35 days before: a clinician must say why.
  const auto far = step_back(plan, day("2024-03-10"), first, 0, decided("2024-03-09"));
  ASSERT_TRUE(far);
  EXPECT_EQ(far->answer, Answer::refused);
  EXPECT_EQ(*finding(far->findings, "past_tolerance")->measured, 35);
  Decision with_reason = decided("2024-03-09");
  with_reason.overrides = {{"past_tolerance", with_reason.by, "seen daily, first dose observed"}};
  EXPECT_TRUE(step_back(plan, day("2024-03-10"), first, 0, with_reason)->plan);
  // Missed days.
  const auto missed = step_back(plan, day("2024-03-10"), second, 4, decided("2024-03-09"));
  EXPECT_NE(finding(missed->findings, "missed_doses_reassess"), nullptr);
  EXPECT_EQ(missed->answer, Answer::refused);
}

TEST(TaperOperations, ALapseBeginsAgainFromWhereThePersonIsAndEndsNothing) {
  TaperRequest r = request_of({}, weeks_of(1));
  r.lines[0].what =
      *taper_substance("alcohol", DoseUnit::drinks, {.prescribed = false, .drink_country = "US"});
  r.lines[0].per = Per::week;
  const auto drinks = [](int n) { return *Amount::nearest(n, DoseUnit::drinks); };
  r.lines[0].intakes = {{drinks(35), "", std::nullopt}};
  r.lines[0].goal = {GoalKind::safer_pattern, drinks(14), ""};
  r.lines[0].rule = {{FadeRule{10, FadeRule::Shape::even, 1.0}}};
  r.by = {"A. B.", Role::person};
  const TaperPlan plan = done(accept(plan_for(r), decided("2024-01-02", Role::person)));
  const Date from = day("2024-02-19");
  const TaperPlan again = done(
      re_anchor(plan, from, 0, drinks(30), weeks_of(1), 0, decided("2024-02-18", Role::person)));
  EXPECT_EQ(again.now().status, PlanStatus::accepted);  // nothing is cancelled
  EXPECT_EQ(again.now().goals[0], plan.now().goals[0]);
  expect_same_days(plan.now(), again.now(), from);
  EXPECT_EQ(on_day(again.now(), 0, from)->step->doses[0].amount, drinks(30));
  EXPECT_EQ(doses(again.now()).back(), 14);
  // No steeper than before: 21 drinks in 10 weeks, 16 in at least 7.6.
  EXPECT_GE((*again.now().ends - from).count(), 8 * 7);
  const auto weekly = doses(again.now());
  const auto at = std::find(weekly.begin(), weekly.end(), 30.0);
  for (auto it = at; it + 1 != weekly.end(); ++it) EXPECT_LE(*it - *(it + 1), 3);
}

// Two months without, then a day of use: the two months stay what they were.
TEST(TaperOperations, DaysAfterThePlanHasEndedStayDaysWithout) {
  TaperRequest r = request_of({}, weeks_of(1));
  r.lines[0].what = *taper_substance("cannabis", DoseUnit::g, {.prescribed = false});
  r.lines[0].per = Per::week;
  const auto grams = [](int n) { return *Amount::nearest(n, DoseUnit::g); };
  r.lines[0].intakes = {{grams(7), "", std::nullopt}};
  r.lines[0].goal = {GoalKind::zero, std::nullopt, ""};
  r.lines[0].rule = {{FadeRule{7, FadeRule::Shape::even, 1.0}}};
  r.by = {"A. B.", Role::person};
  const TaperPlan plan = done(accept(plan_for(r), decided("2024-01-02", Role::person)));
  const Date ended = *plan.now().ends;
  const Date from = ended + Days{60};
  const Decision d = decided((from - Days{1}).iso(), Role::person);
  const TaperPlan again = done(re_anchor(plan, from, 0, grams(1), weeks_of(1), 0, d));
  const TaperPlan back = done(step_back(plan, from, plan.now().steps.back().id, 0, d));
  for (const TaperPlan& next : {again, back}) {
    expect_same_days(plan.now(), next.now(), ended);
    EXPECT_TRUE(on_day(next.now(), 0, ended)->step->doses[0].amount.is_zero());
    EXPECT_TRUE(on_day(next.now(), 0, from - Days{1})->step->doses[0].amount.is_zero());
    EXPECT_EQ(on_day(next.now(), 0, from)->step->doses[0].amount, grams(1));
    const auto checked = check_plan(next);
    EXPECT_TRUE(checked) << (checked ? "" : describe(checked.error()));
    const auto goals = std::count_if(next.now().milestones.begin(), next.now().milestones.end(),
                                     [](const Milestone& m) { return m.id == "goal"; });
    EXPECT_EQ(goals, 2);  // what was reached stays reached, and the goal stands
  }
}

// The last dose of a taper is no dose of yesterday once weeks have gone by without any.
TEST(TaperOperations, AfterWeeksAtZeroTheLastDoseIsPastTolerance) {
  const TaperPlan plan = opioid_plan();
  const Date from = *plan.now().ends + Days{40};
  const Decision d = decided(from.iso());
  const auto smallest = plan.now().steps.back().doses[0].amount;
  const auto again = re_anchor(plan, from, 0, smallest, weeks_of(4), 0, d);
  ASSERT_TRUE(again) << describe(again.error());
  EXPECT_TRUE(refuses(*again, "past_tolerance"));
  const auto back = step_back(plan, from, plan.now().steps.back().id, 0, d);
  ASSERT_TRUE(back) << describe(back.error());
  EXPECT_TRUE(refuses(*back, "past_tolerance"));
}

TEST(TaperOperations, ReAnchoringAnOpioidIsTheCliniciansDecision) {
  const TaperPlan plan = opioid_plan();
  const auto by_person = re_anchor(plan, day("2024-03-10"), 0, mg(96), weeks_of(4), 0,
                                   decided("2024-03-09", Role::person));
  EXPECT_EQ(by_person->answer, Answer::refused);
  const TaperPlan again =
      done(re_anchor(plan, day("2024-03-10"), 0, mg(90), weeks_of(4), 0, decided("2024-03-09")));
  EXPECT_EQ(on_day(again.now(), 0, day("2024-03-10"))->step->doses[0].amount, mg(90));
  EXPECT_EQ(on_day(again.now(), 0, day("2024-04-07"))->step->doses[0].amount, mg(78));
  EXPECT_EQ(again.now().steps[3].kind, StepKind::rise);
}

TEST(TaperOperations, TheGoalMayMoveEitherWay) {
  const TaperPlan plan = opioid_plan();
  const TaperPlan stays = done(change_goal(plan, day("2024-03-10"), 0,
                                           {GoalKind::lower_amount, mg(60), "enough for now"},
                                           decided("2024-03-09", Role::person)));
  EXPECT_EQ(stays.now().after[0], mg(60));
  EXPECT_EQ(doses(stays.now()), (std::vector<double>{108, 96, 84, 72, 60}));
  expect_same_days(plan.now(), stays.now(), day("2024-03-10"));
  // And on again from there, to zero, by the same rule.
  const Date later = *stays.now().ends;
  const Decision d{later, {"Dr. Example", Role::clinician}, "wants to go on", {}, std::nullopt};
  const TaperPlan on = done(change_goal(stays, later, 0, {GoalKind::zero, std::nullopt, ""}, d));
  const auto series = doses(on.now());
  EXPECT_EQ(series[4], 60);
  EXPECT_EQ(series[5], 48);
  EXPECT_EQ(series[6], 36);
  EXPECT_NEAR(series[7], 32.4, 1e-9);
  EXPECT_TRUE(on.now().after[0].is_zero());
  // A person alone cannot order less of a prescribed medicine.
  Decision person = d;
  person.by = {"A. B.", Role::person};
  EXPECT_EQ(change_goal(stays, later, 0, {GoalKind::zero, std::nullopt, ""}, person)->answer,
            Answer::refused);
  // Staying where one is: arriving now.
  const TaperPlan here =
      done(change_goal(plan, day("2024-03-10"), 0, {GoalKind::lower_amount, mg(84), ""},
                       decided("2024-03-09", Role::person)));
  EXPECT_EQ(here.now().steps.back().kind, StepKind::arrive);
  EXPECT_EQ(here.now().after[0], mg(84));
  const auto above = change_goal(plan, day("2024-03-10"), 0, {GoalKind::lower_amount, mg(100), ""},
                                 decided("2024-03-09"));
  EXPECT_FALSE(above);
}

TEST(TaperOperations, StoppingTheTaperKeepsTheCareAndCanBeTakenUpAgain) {
  const TaperPlan plan = opioid_plan();
  const TaperPlan stopped = done(stop_tapering(plan, day("2024-02-20"), day("2024-03-19"),
                                               decided("2024-02-20", Role::person)));
  EXPECT_EQ(stopped.now().status, PlanStatus::care_goes_on);
  EXPECT_EQ(on_day(stopped.now(), 0, day("2024-03-19"))->step->doses[0].amount, mg(96));
  const TaperPlan again = done(resume(stopped, day("2024-04-01"), false, decided("2024-03-19")));
  EXPECT_EQ(again.now().pending.size(), 0U);
  EXPECT_EQ(on_day(again.now(), 0, day("2024-04-01"))->step->doses[0].amount, mg(84));
}

TEST(TaperOperations, SafetyFactsKnownByNowAreAskedAgain) {
  const TaperPlan held =
      done(hold(opioid_plan(), day("2024-02-20"), day("2024-03-01"), decided("2024-02-20")));
  Decision d = decided("2024-03-01");
  d.facts = held.now().facts;
  d.facts->suicidal_now = true;
  const auto answer = resume(held, day("2024-03-04"), false, d);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->answer, Answer::refused);
  EXPECT_NE(finding(answer->findings, "unstable_mental"), nullptr);
  EXPECT_FALSE(answer->instead.empty());
}

TEST(TaperOperations, PastDaysAndImpossibleDaysAreRefused) {
  const TaperPlan plan = opioid_plan();
  const auto code = [](const Result<TaperAnswer>& answer) {
    EXPECT_FALSE(answer);
    return answer ? Errc::cancelled : answer.error().code;
  };
  EXPECT_EQ(code(hold(plan, day("2024-02-01"), day("2024-03-01"), decided("2024-02-20"))),
            Errc::out_of_range);  // before the decision
  EXPECT_EQ(code(hold(plan, day("2024-02-20"), day("2024-02-19"), decided("2024-02-20"))),
            Errc::out_of_range);
  EXPECT_EQ(code(hold(plan, day("2024-01-08"), day("2024-02-19"), decided("2024-01-08"))),
            Errc::out_of_range);
  EXPECT_EQ(code(hold(plan, day("2044-01-08"), day("2044-02-19"), decided("2024-01-08"))),
            Errc::out_of_range);
  EXPECT_EQ(code(resume(plan, day("2024-02-20"), false, decided("2024-02-20"))),
            Errc::contradiction);
  EXPECT_EQ(code(shift(plan, day("2024-02-20"), Days{-40}, decided("2024-02-20"))),
            Errc::out_of_range);
  EXPECT_EQ(code(step_back(plan, day("2024-02-20"), 99, 0, decided("2024-02-20"))),
            Errc::unknown_name);
  EXPECT_EQ(
      code(step_back(plan, day("2024-02-20"), plan.now().steps[1].id, 0, decided("2024-02-20"))),
      Errc::contradiction);
  Decision nobody = decided("2024-02-20");
  nobody.by.name.clear();
  EXPECT_EQ(code(hold(plan, day("2024-02-20"), day("2024-03-01"), nobody)), Errc::missing);
  const TaperPlan held =
      done(hold(plan, day("2024-02-20"), day("2024-03-01"), decided("2024-02-20")));
  EXPECT_EQ(code(shift(held, day("2024-02-21"), Days{7}, decided("2024-02-21"))),
            Errc::contradiction);
  EXPECT_EQ(code(resume(held, day("2024-02-21"), false, decided("2024-02-19"))),
            Errc::out_of_range);  // earlier than the last change
}

TEST(TaperOperations, AnUnbegunPlanMayMoveAsAWhole) {
  const TaperPlan plan = opioid_plan();
  const TaperPlan later = done(shift(plan, day("2024-01-08"), Days{14}, decided("2024-01-02")));
  EXPECT_EQ(later.now().steps.front().first, day("2024-01-22"));
  EXPECT_EQ(*later.now().ends, *plan.now().ends + Days{14});
}

// Random chains of operations: past days stay, steps stay gapless, ids are never used twice, doses
// never leave their range, ceilings hold or an override is on record.
TEST(TaperOperations, RandomChainsKeepEveryPromise) {
  std::mt19937_64 random{99};
  int allowed = 0;
  for (int seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(seed);
    TaperRequest r =
        seed % 2
            ? opioid_request()
            : request_of(line_of("diazepam", {20}, {{BandRule{{{5, 1}, {0, 0.5}}}}}), weeks_of(2));
    if (seed % 3 == 0) r.calendar.avoid = {Weekday::saturday, Weekday::sunday};
    TaperPlan plan = plan_for(r);
    Date today = r.calendar.start + Days{1};
    for (int k = 0; k < 8; ++k) {
      today = today + Days{static_cast<int>(1 + random() % 40)};
      const Decision d{today, {"Dr. Example", Role::clinician}, "w", {}, std::nullopt};
      const TaperVersion& now = plan.now();
      std::optional<Result<TaperAnswer>> answer;
      switch (random() % 8) {
        case 0:
          answer = hold(plan, today, today + Days{static_cast<int>(random() % 40)}, d);
          break;
        case 1:
          answer = resume(plan, today, random() % 2 == 0, d);
          break;
        case 2:
          answer = shift(plan, today, Days{static_cast<int>(random() % 30) - 5}, d);
          break;
        case 3:
          answer = change_pace(plan, today, {1, static_cast<int>(1 + random() % 3)}, d);
          break;
        case 4:
          answer = step_back(plan, today, now.steps[random() % now.steps.size()].id,
                             static_cast<int>(random() % 3), d);
          break;
        case 5:
          answer = re_anchor(plan, today, 0, mg(static_cast<double>(1 + random() % 20)),
                             weeks_of(2), 0, d);
          break;
        case 6:
          answer = change_goal(
              plan, today, 0,
              {GoalKind::lower_amount, mg(static_cast<double>(1 + random() % 20)), ""}, d);
          break;
        default:
          answer = stop_tapering(plan, today, today + Days{14}, d);
          break;
      }
      if (!*answer || !(*answer)->plan) continue;
      ++allowed;
      const TaperPlan next = *(*answer)->plan;
      expect_same_days(plan.now(), next.now(), today);
      EXPECT_EQ(next.version(), plan.version() + 1);
      std::set<int> ids;
      const auto& steps = next.now().steps;
      for (std::size_t i = 0; i < steps.size(); ++i) {
        EXPECT_TRUE(ids.insert(steps[i].id).second);
        EXPECT_LE(steps[i].first, steps[i].last);
        if (i > 0) {
          EXPECT_EQ(steps[i].first, steps[i - 1].last + Days{1});
        }
        EXPECT_GE(steps[i].doses[0].amount.micro(), 0);
        EXPECT_LE(steps[i].doses[0].amount.value(), 120);
      }
      for (const StepContent& waiting : next.now().pending) {
        EXPECT_TRUE(ids.insert(waiting.id).second);
      }
      for (const PaceLimit* limit : limits_for(next.request(), next.now().facts, 0)) {
        if (limit->beyond != Answer::refused) continue;
        const auto found = fastest(next.request(), next.now(), 0, *limit, today);
        EXPECT_FALSE(found && found->exceeded) << limit->rule->id;
      }
      plan = next;
    }
    for (std::size_t v = 1; v < plan.version(); ++v) {
      expect_same_days(plan.history().at(v), plan.history().at(v + 1),
                       plan.history().change(v + 1).from);
    }
  }
  EXPECT_GT(allowed, 500);
}

TEST(TaperOperations, BeginningAgainFromTheFirstDoseCountsTheDaysSinceThePlanBegan) {
  TaperLine line = line_of("morphine", {60}, {});
  line.rule = {TaperPhase{PercentRule{10, Basis::original}}};
  line.goal = {GoalKind::lower_amount, mg(30), ""};
  const TaperPlan plan = plan_for(request_of(line, months_of(1)));  // from 8 January
  const auto soon =
      re_anchor(plan, day("2024-01-20"), 0, mg(60), weeks_of(2), 0, decided("2024-01-20"));
  ASSERT_TRUE(soon);
  EXPECT_TRUE(soon->plan);  // 13 days: tolerance is still there
  const auto late =
      re_anchor(plan, day("2024-03-01"), 0, mg(60), weeks_of(2), 0, decided("2024-03-01"));
  ASSERT_TRUE(late);
  ASSERT_TRUE(refuses(*late, "past_tolerance"));
  EXPECT_EQ(finding(late->findings, "past_tolerance")->measured, 54);  // 7 January was the last day
}

TEST(TaperOperations, AGoalOfZeroHasNoAmount) {
  const TaperPlan plan = plan_for(request_of(
      line_of("diazepam", {20}, {{PercentRule{10, Basis::current, Terminal{.smallest = 0.5}}}}),
      weeks_of(2)));
  for (const GoalKind kind : {GoalKind::zero, GoalKind::undecided}) {
    const auto changed =
        change_goal(plan, day("2024-02-20"), 0, {kind, mg(5), ""}, decided("2024-02-20"));
    ASSERT_FALSE(changed);
    EXPECT_EQ(changed.error().code, Errc::contradiction);
  }
}

// Two medicines at once, which a clinician set the guard aside for: pregabalin by 50 mg and
// sertraline by 25 mg, in steps of two and four weeks.
TaperPlan two_at_once() {
  TaperRequest r = request_of(
      line_of("pregabalin", {300}, {{BandRule{{{0, 50}}}, "", {}, {}, weeks_of(2)}}), weeks_of(2));
  r.lines.push_back(line_of("sertraline", {100}, {{BandRule{{{0, 25}}}, "", {}, {}, weeks_of(4)}}));
  r.overrides = {{"multi_taper", r.by, "both agreed, with visits every week"}};
  return plan_for(r);
}

std::optional<double> amount_on(const TaperVersion& version, std::size_t line, Date day) {
  const auto on = on_day(version, line, day);
  if (!on) return std::nullopt;
  return on->step->doses[line].amount.value();
}

TEST(TaperOperations, BeginningAgainWithOneLeavesTheOtherAsItWas) {
  const TaperPlan plan = two_at_once();
  const Date from = day("2024-02-26");
  const TaperPlan again =
      done(re_anchor(plan, from, 0, mg(275), weeks_of(1), 0, decided("2024-02-26")));
  EXPECT_EQ(amount_on(again.now(), 0, from), 275);
  // The other is the same on every day of both plans; pregabalin falls from 275 on.
  for (Date d = plan.now().steps.front().first; d < *plan.now().ends; d = d + Days{1}) {
    EXPECT_EQ(amount_on(again.now(), 1, d), amount_on(plan.now(), 1, d)) << d.iso();
    if (d < from) {
      EXPECT_EQ(amount_on(again.now(), 0, d), amount_on(plan.now(), 0, d)) << d.iso();
    }
  }
  EXPECT_EQ(amount_on(again.now(), 0, from + Days{7}), 225);
  EXPECT_TRUE(again.now().after[0].is_zero());
  EXPECT_TRUE(check_plan(again)) << describe(check_plan(again).error());
  EXPECT_NE(check_guards(again)->answer, Answer::refused);
  // The clinician's reason about two at once stays with it.
  ASSERT_NE(finding(again.now().findings, "multi_taper"), nullptr);
  EXPECT_TRUE(finding(again.now().findings, "multi_taper")->overridden);
}

TEST(TaperOperations, AnotherGoalOfOneLeavesTheOtherAsItWas) {
  const TaperPlan plan = two_at_once();
  const Date from = day("2024-01-30");
  const TaperPlan changed = done(change_goal(
      plan, from, 0, {GoalKind::lower_amount, mg(50), "enough"}, decided("2024-01-30")));
  for (Date d = plan.now().steps.front().first; d < *plan.now().ends; d = d + Days{1}) {
    EXPECT_EQ(amount_on(changed.now(), 1, d), amount_on(plan.now(), 1, d)) << d.iso();
  }
  // 250 from 8 January, 50 less every two weeks: 50 from 4 March on, and it stays there.
  EXPECT_EQ(amount_on(changed.now(), 0, day("2024-02-04")), 200);
  EXPECT_EQ(amount_on(changed.now(), 0, day("2024-02-05")), 150);
  EXPECT_EQ(amount_on(changed.now(), 0, day("2024-03-04")), 50);
  EXPECT_EQ(changed.now().after[0], mg(50));
  EXPECT_TRUE(check_plan(changed)) << describe(check_plan(changed).error());
}

TEST(TaperOperations, WhatCannotBePlannedAloneSaysWhatToDoFirst) {
  // While the plan waits.
  const TaperPlan held =
      done(hold(two_at_once(), day("2024-02-20"), day("2024-03-01"), decided("2024-02-20")));
  const auto waiting =
      re_anchor(held, day("2024-02-26"), 0, mg(200), weeks_of(1), 0, decided("2024-02-26"));
  ASSERT_FALSE(waiting);
  EXPECT_NE(describe(waiting.error()).find("resume the plan first"), std::string::npos);

  // While one takes the place of the other.
  TaperRequest base = request_of(line_of("alprazolam", {0.5, 0.5, 0.5}, {}), weeks_of(2));
  CrossTaper cross;
  cross.to = "diazepam";
  cross.then_named = "ashton-2-weeks";
  cross.goal.kind = GoalKind::zero;
  const TaperPlan plan = plan_for(*cross_taper_request(base, cross));
  const auto early = change_goal(plan, day("2024-01-12"), 1, {GoalKind::lower_amount, mg(5), ""},
                                 decided("2024-01-12"));
  ASSERT_FALSE(early);
  const std::string said = describe(early.error());
  EXPECT_NE(said.find("takes the place of alprazolam"), std::string::npos) << said;
  EXPECT_NE(said.find("from 2024-01-22 on"), std::string::npos) << said;
  EXPECT_TRUE(change_goal(plan, day("2024-01-22"), 1, {GoalKind::lower_amount, mg(5), ""},
                          decided("2024-01-22")));
}

}  // namespace
