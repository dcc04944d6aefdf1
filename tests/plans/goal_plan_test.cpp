#include "ombre/plans/goal_plan.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "goal_builder.hpp"
#include "ombre/core/wording.hpp"

namespace ombre::plans {
namespace {

using testing::about;
using testing::by;
using testing::clinician;
using testing::day;
using testing::has_rule;
using testing::life;
using testing::person;
using testing::version;

GoalPlan plan_of(std::vector<Goal> goals) {
  auto answer = make_goal_plan("ada", version(std::move(goals)), by(person, "2026-01-05"));
  EXPECT_TRUE(answer) << describe(answer.error());
  EXPECT_TRUE(answer->plan);
  return *answer->plan;
}

TEST(Goals, EveryAimOfTheSourcesCanBeSaid) {
  std::vector<Goal> goals{about("none", GoalAim::abstain, ""),
                          about("no-wine", GoalAim::abstain_some, "alcohol"),
                          about("less", GoalAim::reduce, "cannabis"),
                          about("steady", GoalAim::stabilise, "methadone"),
                          about("safer", GoalAim::safer_use, "heroin"),
                          about("open", GoalAim::undecided, "cocaine"),
                          life("work")};
  Goal harm = about("no-more-falls", GoalAim::reduce_harm, "");
  harm.harm = "injury";
  goals.push_back(harm);
  const GoalPlan plan = plan_of(goals);
  EXPECT_EQ(plan.now().goals.size(), 8U);
  for (const auto aim : names_of<GoalAim>()) EXPECT_TRUE(find_named<GoalAim>(aim)) << aim;
  EXPECT_FALSE(find_named<GoalAim>("Abstain"));
}

TEST(Goals, AHarmIsOneOfTheListByIdOrWordsAndAnUnknownOneIsToldWithItsNeighbours) {
  const auto said = [](const char* harm) {
    Goal g = about("less-harm", GoalAim::reduce_harm, "");
    g.harm = harm;
    std::string out;
    for (const RuleFinding& f : goal_plan_findings(version({g}), day("2026-01-06"))) {
      if (f.rule->id == "harm_not_in_the_list") out = f.text;
    }
    return out;
  };
  EXPECT_EQ(said("injury_and_driving"), "");
  EXPECT_EQ(said("HIV and hepatitis"), "");
  EXPECT_NE(said("injury").find("injury_and_driving (injury and driving)"), std::string::npos)
      << said("injury");
  EXPECT_NE(said("overdos").find("overdose (overdose)"), std::string::npos) << said("overdos");
  EXPECT_NE(said("nightmares").find("ombre explain --kind harm"), std::string::npos);
  EXPECT_NE(said("nightmares").find("may stay"), std::string::npos);
}

TEST(GoalPlans, WhatThePlanKnowsAboutSafetyIsNotPassedOver) {
  const auto said = [](GoalPlanVersion v, std::string_view rule, std::string_view words) {
    for (const RuleFinding& f : goal_plan_findings(v, day("2026-01-06"))) {
      if (f.rule->id == rule && f.text.find(words) != std::string::npos) {
        EXPECT_TRUE(check_wording(f.text).empty()) << f.text;
        return true;
      }
    }
    return false;
  };
  GoalPlanVersion v = version({about("none", GoalAim::abstain_some, "heroin"), life("work")});
  EXPECT_FALSE(said(v, "suicide_comes_first", ""));
  v.facts.suicidal_now = true;
  EXPECT_TRUE(said(v, "suicide_comes_first", "Ask today"));
  EXPECT_EQ(goal_plan_findings(v, day("2026-01-06")).front().severity, Severity::danger);
  v.facts.seizure_or_confusion_now = true;
  EXPECT_TRUE(said(v, "suicide_comes_first", "ambulance"));
  // ASAM 2020: agonist treatment in pregnancy, no withdrawal from opioids.
  EXPECT_FALSE(said(v, "goals_in_pregnancy", ""));
  v.facts.pregnant = true;
  EXPECT_TRUE(said(v, "goals_in_pregnancy", "Methadone or buprenorphine"));
  v.goals[0] = about("none", GoalAim::reduce, "alcohol");
  EXPECT_TRUE(said(v, "goals_in_pregnancy", "hospital"));
  v.goals[0] = about("same", GoalAim::stabilise, "methadone");
  EXPECT_FALSE(said(v, "goals_in_pregnancy", ""));
  EXPECT_FALSE(said(v, "goals_below_18", ""));
  v.facts.age_years = 15;
  EXPECT_TRUE(said(v, "goals_below_18", "service for young people"));

  Goal less = about("less", GoalAim::reduce, "alcohol");
  less.weekly = {{"alcohol", day("2026-01-05"), 10, "drink_us"},
                 {"alcohol", day("2026-01-12"), 200, "drink_us"}};
  EXPECT_TRUE(said(version({less}), "a_limit_of_less_does_not_rise", "from 10 to 200"));
  less.weekly[1].amount = 10;
  EXPECT_FALSE(said(version({less}), "a_limit_of_less_does_not_rise", ""));
}

TEST(Goals, AGoalSaysWhatItsAimNeeds) {
  EXPECT_EQ(check_goal(about("x", GoalAim::reduce, ""), "goals[0]").error().field,
            "goals[0].substances");
  Goal g = life("x");
  g.domain.clear();
  EXPECT_EQ(check_goal(g, "g").error().field, "g.domain");
  EXPECT_EQ(check_goal(about("x", GoalAim::reduce_harm, ""), "g").error().field, "g.harm");
  g = life("Has Space");
  EXPECT_EQ(check_goal(g, "g").error().field, "g.id");
}

TEST(Goals, NumbersOutsideTheirScaleAreRefusedWithTheirPath) {
  Goal g = about("x", GoalAim::reduce, "alcohol");
  g.confidence = {{day("2026-01-01"), 11}};
  EXPECT_EQ(check_goal(g, "g").error().field, "g.confidence[0].value");
  g.confidence = {{day("2026-01-01"), std::nan("")}};
  EXPECT_EQ(check_goal(g, "g").error().code, Errc::not_finite);
  g.confidence = {{day("2026-02-01"), 3}, {day("2026-01-01"), 4}};
  EXPECT_EQ(check_goal(g, "g").error().field, "g.confidence[1].on");
  g.confidence.clear();
  g.weekly = {{"alcohol", day("2026-01-01"), -1, "drink_us"}};
  EXPECT_EQ(check_goal(g, "g").error().field, "g.weekly[0].amount");
  g.weekly = {{"alcohol", day("2026-01-08"), 20, "drink_us"},
              {"alcohol", day("2026-01-01"), 18, "drink_us"}};
  EXPECT_EQ(check_goal(g, "g").error().field, "g.weekly[1].from");
  g.weekly = {{"alcohol", day("2026-01-01"), 20, "drink_us"},
              {"alcohol", day("2026-01-08"), 18, "g"}};
  EXPECT_EQ(check_goal(g, "g").error().field, "g.weekly[1].unit");
}

TEST(Goals, TheWeeklyLimitInForceIsTheLastThatHasBegun) {
  Goal g = about("x", GoalAim::reduce, "alcohol");
  g.weekly = {{"alcohol", day("2026-01-05"), 28, "drink_us"},
              {"alcohol", day("2026-01-12"), 24, "drink_us"}};
  EXPECT_EQ(weekly_goal_on(g, "alcohol", day("2026-01-04")), nullptr);
  EXPECT_EQ(weekly_goal_on(g, "alcohol", day("2026-01-11"))->amount, 28);
  EXPECT_EQ(weekly_goal_on(g, "alcohol", day("2026-03-01"))->amount, 24);
  EXPECT_EQ(weekly_goal_on(g, "cannabis", day("2026-03-01")), nullptr);
}

TEST(GoalPlans, LifeDoesNotWaitForUseUnlessThePersonSaysSo) {
  Goal work = life("work", {"less"});
  auto answer = make_goal_plan("ada", version({about("less", GoalAim::reduce, "alcohol"), work}),
                               by(clinician, "2026-01-05"));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->answer, Answer::refused);
  EXPECT_FALSE(answer->plan);
  EXPECT_TRUE(has_rule(answer->findings, "life_does_not_wait_for_use"));

  work.needs[0].person_says_so = true;
  answer = make_goal_plan("ada", version({about("less", GoalAim::reduce, "alcohol"), work}),
                          by(person, "2026-01-05"));
  EXPECT_TRUE(answer->plan);
}

TEST(GoalPlans, NoRoleCanOverrideThatLifeDoesNotWait) {
  Change change = by(clinician, "2026-01-05");
  change.overrides = {{"life_does_not_wait_for_use", clinician, "policy"}};
  const auto answer = make_goal_plan(
      "ada", version({about("less", GoalAim::reduce, "alcohol"), life("work", {"less"})}), change);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Errc::contradiction);
}

TEST(GoalPlans, HelpDoesNotWaitForUse) {
  auto v = version({about("less", GoalAim::reduce, "alcohol"), life("work")});
  Activity therapy;
  therapy.id = "trauma";
  therapy.kind = ActivityKind::trauma_work;
  therapy.words = "trauma therapy";
  therapy.after = {{"less", "stabilise first", false}};
  v.activities = {therapy};
  const auto answer = make_goal_plan("ada", v, by(clinician, "2026-01-05"));
  EXPECT_EQ(answer->answer, Answer::refused);
  EXPECT_TRUE(has_rule(answer->findings, "care_does_not_wait_for_use"));
}

TEST(GoalPlans, OnlyThePersonAcceptsTheirPlan) {
  const GoalPlan plan = plan_of({life("work")});
  const auto no = accept(plan, by(clinician, "2026-01-06"));
  ASSERT_TRUE(no);
  EXPECT_EQ(no->answer, Answer::refused);
  const auto yes = accept(plan, by(person, "2026-01-06"));
  ASSERT_TRUE(yes->plan);
  EXPECT_EQ(yes->plan->now().status, PlanStatus::accepted);
  EXPECT_EQ(yes->plan->version(), 2U);
  EXPECT_EQ(plan.version(), 1U) << "what was there stays as it was";
}

TEST(GoalPlans, OnlyThePersonLetsAGoalGoOrDropsIt) {
  const GoalPlan plan = plan_of({life("work"), life("music")});
  EXPECT_EQ(set_status(plan, "work", GoalStatus::let_go, by(clinician, "2026-01-06"))->answer,
            Answer::refused);
  EXPECT_TRUE(set_status(plan, "work", GoalStatus::resting, by(clinician, "2026-01-06"))->plan);
  EXPECT_TRUE(set_status(plan, "work", GoalStatus::let_go, by(person, "2026-01-06"))->plan);
  GoalPlanVersion without = plan.now();
  without.goals.pop_back();
  EXPECT_EQ(revise(plan, without, by(clinician, "2026-01-06"))->answer, Answer::refused);
}

TEST(GoalPlans, AGoalGrowsAndThePathFromOneToTheNextIsKept) {
  const GoalPlan plan = plan_of({about("less", GoalAim::reduce, "cannabis"), life("work")});
  const auto grown = grow_goal(plan, "less", about("none", GoalAim::abstain_some, "cannabis"),
                               by(person, "2026-02-01", "I feel ready"));
  ASSERT_TRUE(grown && grown->plan);
  EXPECT_EQ(grown->plan->goal("less")->status, GoalStatus::grown);
  EXPECT_EQ(grown->plan->goal("none")->grew_from, "less");
  EXPECT_EQ(grown->plan->history().change().why, "I feel ready");
  EXPECT_FALSE(grow_goal(*grown->plan, "less", about("again", GoalAim::reduce, "cannabis"),
                         by(person, "2026-02-02")));
}

TEST(GoalPlans, StoppingAlcoholAloneIsWarnedOfAndATaperAnswersIt) {
  auto v = version({about("dry", GoalAim::abstain_some, "alcohol"), life("work")});
  const auto alone = make_goal_plan("ada", v, by(person, "2026-01-05"));
  ASSERT_TRUE(alone->plan);
  EXPECT_TRUE(has_rule(alone->findings, "stopping_suddenly_is_dangerous"));
  Activity taper;
  taper.id = "taper";
  taper.kind = ActivityKind::taper;
  taper.taper_plan = "ada-alcohol";
  taper.goals = {"dry"};
  v.activities = {taper};
  EXPECT_FALSE(has_rule(make_goal_plan("ada", v, by(person, "2026-01-05"))->findings,
                        "stopping_suddenly_is_dangerous"));
}

std::optional<Severity> severity_of(const std::vector<RuleFinding>& all, std::string_view id) {
  for (const RuleFinding& f : all) {
    if (f.rule->id == id) return f.severity;
  }
  return std::nullopt;
}

TEST(GoalPlans, EveryWayToNoneIsSeen) {
  constexpr std::string_view stop = "stopping_suddenly_is_dangerous";
  const Date today = day("2026-01-05");
  for (const char* what :
       {"alcohol", "wine", "diazepam", "Xanax", "zolpidem", "phenobarbital", "GHB", "baclofen"}) {
    Goal g = about("none", GoalAim::abstain_some, what);
    auto f = goal_plan_findings(version({g}), today);
    EXPECT_EQ(severity_of(f, stop), Severity::danger) << what;
    g.aim = GoalAim::reduce;
    EXPECT_FALSE(severity_of(goal_plan_findings(version({g}), today), stop)) << what;
    g.weekly = {{what, today, 0, "unit"}};  // none from the first day on
    f = goal_plan_findings(version({g}), today);
    EXPECT_EQ(severity_of(f, stop), Severity::danger) << what;
    g.weekly = {{what, today, 70, "unit"},
                {what, today + Days{7}, 20, "unit"},
                {what, today + Days{14}, 0, "unit"}};
    f = goal_plan_findings(version({g}), today);
    EXPECT_EQ(severity_of(f, stop), Severity::danger) << what;
  }
  for (const char* what : {"pregabalin", "gabapentin"}) {
    const auto f = goal_plan_findings(version({about("none", GoalAim::abstain_some, what)}), today);
    EXPECT_TRUE(severity_of(f, "gabapentinoids_come_down_slowly")) << what;
  }
  const auto unknown =
      goal_plan_findings(version({about("none", GoalAim::abstain_some, "zorblax")}), today);
  EXPECT_TRUE(severity_of(unknown, "substance_not_in_the_catalogue"));
  Goal all = about("none", GoalAim::abstain, "alcohol");
  all.substances.clear();
  const auto everything = goal_plan_findings(version({all}), today);
  EXPECT_TRUE(severity_of(everything, stop));
  EXPECT_TRUE(severity_of(everything, "tolerance_falls_with_use"));
}

TEST(GoalPlans, AWithdrawalNobodyWatchesOverDoesNotSilenceTheGuard) {
  constexpr std::string_view stop = "stopping_suddenly_is_dangerous";
  const Date today = day("2026-01-05");
  auto v = version({about("dry", GoalAim::abstain_some, "alcohol")});
  Activity detox;
  detox.id = "d";
  detox.kind = ActivityKind::detox;
  detox.words = "home detox alone";
  detox.goals = {"dry"};
  v.activities = {detox};
  v.made_by = {person};
  EXPECT_EQ(severity_of(goal_plan_findings(v, today), stop), Severity::caution);
  v.activities[0].with = {"nurse"};
  EXPECT_TRUE(severity_of(goal_plan_findings(v, today), stop));
  v.made_by.push_back({"Dr Lee", Role::clinician});
  EXPECT_FALSE(severity_of(goal_plan_findings(v, today), stop));
}

TEST(GoalPlans, LessOfAnOpioidAsksForNaloxone) {
  auto v = version({about("less", GoalAim::reduce, "heroin"), life("work")});
  EXPECT_TRUE(has_rule(goal_plan_findings(v, day("2026-01-05")), "tolerance_falls_with_use"));
  v.facts.naloxone_at_hand = true;
  EXPECT_FALSE(has_rule(goal_plan_findings(v, day("2026-01-05")), "tolerance_falls_with_use"));
}

TEST(GoalPlans, ACareThatEndsWithTheStayIsAsked) {
  auto v = version({life("work")});
  Activity detox;
  detox.id = "detox";
  detox.kind = ActivityKind::detox;
  v.activities = {detox};
  EXPECT_TRUE(has_rule(goal_plan_findings(v, day("2026-01-05")), "care_outlasts_the_goal"));
}

TEST(GoalPlans, AChainThatDoesNotFitTheWishedDateIsSaidWithDays) {
  std::vector<Goal> goals{life("deposit"), life("flat", {"deposit"})};
  goals[0].days_expected = 60;
  goals[1].days_expected = 30;
  goals[1].wanted_by = day("2026-03-01");
  const auto findings = goal_plan_findings(version(goals), day("2026-01-05"));
  ASSERT_TRUE(has_rule(findings, "the_chain_fits_the_date"));
  for (const auto& f : findings) {
    if (f.rule->id != "the_chain_fits_the_date") continue;
    EXPECT_EQ(*f.measured, 90);
    EXPECT_EQ(*f.limit, 55);
  }
}

TEST(GoalPlans, HalvingALimitAtOnceIsCalledSteep) {
  Goal g = about("less", GoalAim::reduce, "alcohol");
  g.weekly = {{"alcohol", day("2026-01-05"), 30, "drink_us"},
              {"alcohol", day("2026-01-12"), 15, "drink_us"}};
  EXPECT_FALSE(
      has_rule(goal_plan_findings(version({g}), day("2026-01-05")), "weekly_limits_fall_gently"));
  g.weekly[1].amount = 14;
  EXPECT_TRUE(
      has_rule(goal_plan_findings(version({g}), day("2026-01-05")), "weekly_limits_fall_gently"));
}

TEST(GoalPlans, RatingsStagesMilestonesAndLessonsAreVersions) {
  Goal g = about("less", GoalAim::reduce, "alcohol");
  g.milestones = {{"week-1", "a whole week below 20", "amount", 20, false, 7}};
  GoalPlan plan = plan_of({g, life("work")});
  plan = *rate(plan, "less", Ruler::confidence, 4, by(person, "2026-01-06"))->plan;
  plan = *set_stage(plan, "less", MotivationStage::action, by(person, "2026-01-07"))->plan;
  plan = *reach_milestone(plan, "less", "week-1", 6.0, by(clinician, "2026-01-13"))->plan;
  plan = *learn(plan, {day("2026-01-10"), TriggerKind::conflict, "row at work", true, "quiet", ""},
                by(person, "2026-01-13"))
              ->plan;
  EXPECT_EQ(plan.version(), 5U);
  EXPECT_EQ(plan.goal("less")->confidence.size(), 2U);
  EXPECT_TRUE(plan.goal("less")->milestones[0].acknowledged);
  EXPECT_EQ(plan.goal("less")->milestones[0].reached_on->iso(), "2026-01-13");
  EXPECT_EQ(plan.now().triggers.size(), 1U);
  EXPECT_EQ(plan.as_of(1).now().triggers.size(), 0U);
  EXPECT_FALSE(rate(plan, "less", Ruler::readiness, 12, by(person, "2026-01-14")));
  EXPECT_EQ(rate(plan, "none", Ruler::readiness, 1, by(person, "2026-01-14")).error().code,
            Errc::unknown_name);
}

TEST(GoalPlans, AChangeBeforeTheLastOneIsRefused) {
  const GoalPlan plan = plan_of({life("work")});
  EXPECT_EQ(accept(plan, by(person, "2026-01-01")).error().field, "change.on");
}

TEST(GoalPlans, NamesThatLeadNowhereAreErrorsWithTheirPath) {
  auto v = version({life("work")});
  Activity a;
  a.id = "group";
  a.kind = ActivityKind::group;
  a.goals = {"wrok"};
  v.activities = {a};
  EXPECT_EQ(make_goal_plan("ada", v, by(person, "2026-01-05")).error().field,
            "activities[0].goals[0]");
  v = version({life("work")});
  v.goals[0].grew_from = "nothing";
  EXPECT_EQ(make_goal_plan("ada", v, by(person, "2026-01-05")).error().field, "goals[0].grew_from");
  EXPECT_EQ(make_goal_plan("A B", version({life("work")}), by(person, "2026-01-05")).error().field,
            "id");
}

TEST(GoalPlans, EveryRuleHasASentenceAndASource) {
  for (const GuardRule* rule : goal_plan_rules()) {
    EXPECT_FALSE(rule->says.empty());
    ASSERT_NE(rule->source, nullptr);
    EXPECT_EQ(rule->overridable_by, OverridableBy::nobody);
    for (const auto& fault : check_wording(rule->says)) ADD_FAILURE() << describe(fault);
  }
}

TEST(GoalPlans, MoreGoalsThanAnybodyMakesAreRefused) {
  std::vector<Goal> goals;
  for (int i = 0; i < 501; ++i) goals.push_back(life("g" + std::to_string(i)));
  EXPECT_EQ(make_goal_plan("ada", version(goals), by(person, "2026-01-05")).error().code,
            Errc::too_large);
  Goal g = life("x");
  g.substances.assign(501, "alcohol");
  EXPECT_EQ(check_goal(g, "g").error().field, "g.substances");
}

TEST(Experiments, TrialDaysAgainstUsualDays) {
  Experiment e;
  e.id = "eat-first";
  e.hypothesis = "eating first makes me drink less";
  e.measure = "number of drinks";
  e.periods = {{day("2026-01-05"), day("2026-01-08"), false},
               {day("2026-01-09"), day("2026-01-12"), true}};
  const std::vector<DayValue> values{{day("2026-01-05"), 5}, {day("2026-01-06"), 6},
                                     {day("2026-01-07"), 5}, {day("2026-01-09"), 4},
                                     {day("2026-01-10"), 5}, {day("2026-01-11"), 3},
                                     {day("2026-01-12"), 4}, {day("2026-02-01"), 99}};
  const auto r = evaluate(e, values);
  ASSERT_TRUE(r);
  EXPECT_EQ(r->usual_days, 3U);
  EXPECT_EQ(r->trial_days, 4U);
  EXPECT_EQ(r->days_without_value, 1U);
  EXPECT_DOUBLE_EQ(*r->usual_median, 5);
  EXPECT_DOUBLE_EQ(*r->trial_median, 4);
  // 12 pairs: usual 5 beats 4, 3, 4 and ties 5, twice; usual 6 beats all four: (3.5 + 4 + 3.5)
  // / 12.
  EXPECT_NEAR(*r->better, 11.0 / 12, 1e-12);
  EXPECT_TRUE(*r->as_hoped);
  EXPECT_FALSE(r->p_by_lot) << "no coin, no p";
  EXPECT_NE(describe(e, *r).find("yours to decide"), std::string::npos);
}

TEST(Experiments, TheCoinGivesAnExactProbability) {
  Experiment e;
  e.id = "walk";
  e.measure = "minutes of craving";
  e.order_by_lot = true;
  // Three pairs, trial better by 2, 1 and 3: only 2 of 8 orders are as large: all alike or all
  // turned.
  e.periods = {
      {day("2026-01-01"), day("2026-01-01"), false}, {day("2026-01-02"), day("2026-01-02"), true},
      {day("2026-01-03"), day("2026-01-03"), true},  {day("2026-01-04"), day("2026-01-04"), false},
      {day("2026-01-05"), day("2026-01-05"), false}, {day("2026-01-06"), day("2026-01-06"), true}};
  const std::vector<DayValue> values{{day("2026-01-01"), 9}, {day("2026-01-02"), 7},
                                     {day("2026-01-03"), 7}, {day("2026-01-04"), 8},
                                     {day("2026-01-05"), 9}, {day("2026-01-06"), 6}};
  const auto r = evaluate(e, values);
  ASSERT_TRUE(r);
  EXPECT_EQ(r->pairs, 3U);
  EXPECT_DOUBLE_EQ(*r->p_by_lot, 0.25);
}

TEST(Experiments, ContradictionsAreRefused) {
  Experiment e;
  e.id = "x";
  e.measure = "drinks";
  e.periods = {{day("2026-01-05"), day("2026-01-08"), false},
               {day("2026-01-08"), day("2026-01-12"), true}};
  EXPECT_EQ(check_experiment(e, "e").error().field, "e.periods[1].first");
  e.periods = {{day("2026-01-05"), day("2026-01-08"), false}};
  e.order_by_lot = true;
  EXPECT_EQ(check_experiment(e, "e").error().field, "e.order_by_lot");
  e.order_by_lot = false;
  const std::vector<DayValue> twice{{day("2026-01-05"), 1}, {day("2026-01-05"), 2}};
  EXPECT_EQ(evaluate(e, twice).error().code, Errc::duplicate);
  const auto none = evaluate(e, {});
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->difference);
  EXPECT_NE(describe(e, *none).find("nothing to compare"), std::string::npos);
}

TEST(SaferUse, GapsAreNamedAndAPlanWithLayersHasNone) {
  SaferUsePlan s;
  s.id = "nights";
  s.substances = {"heroin"};
  EXPECT_EQ(layers_of_protection(s), 0);
  auto gaps = safer_use_findings(s);
  EXPECT_TRUE(has_rule(gaps, "naloxone_at_hand"));
  EXPECT_TRUE(has_rule(gaps, "not_alone"));
  EXPECT_TRUE(has_rule(gaps, "more_than_one_layer"));
  for (const auto& g : gaps) EXPECT_NE(g.answer, Answer::refused);

  s.naloxone_at_hand = true;
  s.somebody_present = true;
  s.contacts = {{"Maya", "555", true, true}};
  s.situations = {{"nights", {}, {"test dose first"}}};
  EXPECT_TRUE(safer_use_findings(s).empty());
  EXPECT_EQ(layers_of_protection(s), 4);
  EXPECT_NE(card(s).find("whether I used or not"), std::string::npos);
}

TEST(SaferUse, WhatNobodyKnowsMayHoldAnOpioid) {
  SaferUsePlan s;
  s.id = "x";
  s.substances = {"a pill from the street"};
  EXPECT_TRUE(has_rule(safer_use_findings(s), "naloxone_at_hand"));
  s.substances = {"caffeine"};
  EXPECT_FALSE(has_rule(safer_use_findings(s), "naloxone_at_hand"));
}

TEST(Triggers, AreCountedByKindMostFrequentFirst) {
  const std::vector<TriggerEntry> log{
      {day("2026-01-01"), TriggerKind::conflict, "", true, "quiet", ""},
      {day("2026-01-02"), TriggerKind::urge, "", false, "", "a call"},
      {day("2026-01-03"), TriggerKind::conflict, "", false, "quiet", "a walk"},
      {day("2026-03-03"), TriggerKind::urge, "", true, "", ""}};
  const auto stats = trigger_stats(log, day("2026-01-01"), day("2026-01-31"));
  ASSERT_EQ(stats.size(), 2U);
  EXPECT_EQ(stats[0].kind, TriggerKind::conflict);
  EXPECT_EQ(stats[0].times, 2U);
  EXPECT_EQ(stats[0].passed, 1U);
  EXPECT_EQ(stats[0].needs, (std::vector<std::string>{"quiet"}));
  EXPECT_EQ(stats[1].helped, (std::vector<std::string>{"a call"}));
}

}  // namespace
}  // namespace ombre::plans
