// Guards: ceilings, do-not-start codes, warnings, and what is said in place of a refused plan.
// Limits and codes from the project's taper facts, sections 1 to 9, which name their sources.
#include "ombre/plans/taper_guard.hpp"

#include <algorithm>

#include "taper_builder.hpp"

namespace {

using namespace taper_test;  // NOLINT: tests

TaperRequest opioid(double percent, StepLength length, double start = 100) {
  return request_of(line_of("morphine", {start}, {{PercentRule{percent, Basis::original}}}),
                    length);
}
TaperRequest diazepam(double percent, StepLength length) {
  Terminal t;
  t.smallest = 0.5;
  return request_of(line_of("diazepam", {20}, {{PercentRule{percent, Basis::current, t}}}), length);
}

Answer answer_of(const TaperAnswer& answer, std::string_view rule) {
  const RuleFinding* f = finding(answer.findings, rule);
  return f == nullptr ? Answer::allowed : f->answer;
}

TEST(TaperGuard, RulesAreInOrderNamedOnceAndSourced) {
  const auto rules = taper_rules();
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (i > 0) {
      EXPECT_LT(rules[i - 1].id, rules[i].id);
    }
    EXPECT_NE(rules[i].source, nullptr);
    EXPECT_EQ(find_taper_rule(rules[i].id), &rules[i]);
  }
  EXPECT_EQ(find_taper_rule("nothing"), nullptr);
  for (const PaceLimit& limit : pace_limits()) {
    EXPECT_GT(limit.window_days, 0);
    EXPECT_GT(limit.limit, 0);
  }
}

// CDC 2022 and the speed cohort: warn above 10 % a month, block above 30 % after long use.
TEST(TaperGuard, LongOpioidUseWarnsAboveTenAndBlocksAboveThirtyPercentAMonth) {
  const auto at = [](double percent) {
    Terminal t;
    t.smallest = 5;
    auto r = request_of(line_of("morphine", {100}, {{PercentRule{percent, Basis::current, t}}}),
                        weeks_of(4));
    r.lines[0].goal = {GoalKind::lower_amount, mg(20), ""};
    return answer_to(r);
  };
  EXPECT_EQ(answer_of(at(10), "opioid_10_percent_a_month"), Answer::allowed);
  EXPECT_EQ(answer_of(at(10.01), "opioid_10_percent_a_month"), Answer::allowed_with_warning);
  EXPECT_EQ(answer_of(at(25), "opioid_30_percent_a_month"), Answer::allowed);
  EXPECT_EQ(answer_of(at(30), "opioid_30_percent_a_month"), Answer::allowed);
  EXPECT_EQ(answer_of(at(30.01), "opioid_30_percent_a_month"), Answer::refused);
  EXPECT_TRUE(refuses(at(31), "opioid_30_percent_a_month"));
}

// CDC worked C: 10 % of the original a month to zero is within the rule although its last steps are
// 50 % and 100 % of the current dose.
TEST(TaperGuard, TenPercentOfTheOriginalAMonthPassesToZero) {
  EXPECT_TRUE(answer_to(opioid(10, months_of(1), 90)).plan);
  EXPECT_TRUE(refuses(answer_to(opioid(15, months_of(1), 90)), "opioid_30_percent_a_month"));
}

TEST(TaperGuard, ShortUseIsNotMeasuredByTheMonth) {
  TaperRequest r = opioid(10, weeks_of(1));
  EXPECT_TRUE(refuses(answer_to(r), "opioid_30_percent_a_month"));
  r.facts.months_of_use = 2;
  EXPECT_EQ(finding(answer_to(r).findings, "opioid_30_percent_a_month"), nullptr);
  // Not asked counts as long.
  r.facts.months_of_use.reset();
  EXPECT_TRUE(refuses(answer_to(r), "opioid_30_percent_a_month"));
}

TEST(TaperGuard, AClinicianMaySetTheMonthlyBlockAsideAndTheReasonStays) {
  TaperRequest r = opioid(10, weeks_of(1));
  r.overrides = {{"opioid_30_percent_a_month", r.by, "confusion on the present dose"}};
  const TaperPlan plan = plan_for(r);
  const RuleFinding* f = finding(plan.now().findings, "opioid_30_percent_a_month");
  ASSERT_NE(f, nullptr);
  EXPECT_EQ(f->overridden->reason, "confusion on the present dose");
  EXPECT_EQ(plan.history().change().overrides.size(), 1U);
  r.overrides[0].by.role = Role::person;
  EXPECT_FALSE(make_taper(r));
}

// FDA 2019 label: the first cut at most 25 %.
TEST(TaperGuard, TheFirstOpioidCutIsAtMostAQuarter) {
  EXPECT_EQ(finding(answer_to(opioid(25, weeks_of(4))).findings, "fda_first_step_25_percent"),
            nullptr);
  EXPECT_TRUE(refuses(answer_to(opioid(26, weeks_of(4))), "fda_first_step_25_percent"));
}

TEST(TaperGuard, GuidelinesHoldWhereTheyAreNamed) {
  TaperRequest r = opioid(20, weeks_of(4));
  r.lines[0].goal = {GoalKind::lower_amount, mg(60), ""};
  EXPECT_TRUE(answer_to(r).plan);
  r.guidelines = {"va_slower_20_percent_28_days"};
  EXPECT_TRUE(answer_to(r).plan);
  r.guidelines = {"va_slowest_10_percent_28_days"};
  EXPECT_TRUE(refuses(answer_to(r), "va_slowest_10_percent_28_days"));
  r.guidelines = {"hhs_20_percent_4_weeks"};  // of the current dose: the second step is 25 %
  EXPECT_TRUE(refuses(answer_to(r), "hhs_20_percent_4_weeks"));
  r.guidelines = {"cdc_10_percent_of_original_a_month"};
  EXPECT_TRUE(refuses(answer_to(r), "cdc_10_percent_of_original_a_month"));
}

// VA tool: each speed's own example keeps its own limit, on the basis of the first dose.
TEST(TaperGuard, TheVaExamplesKeepTheVaSpeedsArithmeticOnly) {
  const auto at = [](std::string_view rule, std::vector<std::string> guidelines) {
    TaperRequest r = request_of(line_of("morphine", {90, 90, 90}, {}), months_of(1));
    r.lines[0].named_rule = rule;
    r.calendar.step_length_given = false;
    r.accept_uncertain = {std::string{rule}};
    r.guidelines = std::move(guidelines);
    r.lines[0].goal.kind = rule == "va-slowest-example" ? GoalKind::undecided : GoalKind::zero;
    const auto answer = answer_to(r);
    std::vector<std::string> refused;
    for (const RuleFinding& f : answer.findings) {
      if (f.answer == Answer::refused && f.rule->id.starts_with("va_")) {
        refused.emplace_back(f.rule->id);
      }
    }
    return refused;
  };
  using Ids = std::vector<std::string>;
  EXPECT_EQ(at("va-slowest-example", {"va_slowest_10_percent_28_days"}), Ids{});
  EXPECT_EQ(at("va-slower-example", {"va_slower_20_percent_28_days"}), Ids{});
  EXPECT_EQ(at("va-slower-example", {"va_slowest_10_percent_28_days"}),
            Ids{"va_slowest_10_percent_28_days"});
  EXPECT_EQ(at("va-faster-example", {"va_faster_20_percent_7_days"}), Ids{});
  EXPECT_EQ(at("va-rapid-example", {"va_rapid_first_step_50_percent", "va_rapid_20_percent_a_day"}),
            Ids{});
  EXPECT_EQ(at("va-rapid-example", {"va_faster_20_percent_7_days"}),
            Ids{"va_faster_20_percent_7_days"});
}

// Joint guideline 2025: at most 25 % in any 14 days, steps up to 0.5 mg of diazepam exempt.
TEST(TaperGuard, BenzodiazepinesMayLoseAQuarterInFourteenDaysAndNoMore) {
  EXPECT_EQ(answer_of(answer_to(diazepam(25, weeks_of(2))), "bzd_25_percent_14_days"),
            Answer::allowed);
  EXPECT_TRUE(refuses(answer_to(diazepam(25.1, weeks_of(2))), "bzd_25_percent_14_days"));
  EXPECT_TRUE(refuses(answer_to(diazepam(25, days_of(13))), "bzd_25_percent_14_days"));
  EXPECT_TRUE(refuses(answer_to(diazepam(14, weeks_of(1))), "bzd_25_percent_14_days"));
  EXPECT_EQ(answer_of(answer_to(diazepam(13, weeks_of(1))), "bzd_25_percent_14_days"),
            Answer::allowed);  // 1 - 0.87^2 = 24.3 %
}

TEST(TaperGuard, TheSmallDoseExemptionLetsTheLastStepsPass) {
  // 5 mg by 0.5 mg every two weeks: 10 % to 100 % of current, all exempt.
  TaperRequest r = request_of(line_of("diazepam", {5}, {{BandRule{{{0, 0.5}}}}}), weeks_of(2));
  EXPECT_TRUE(answer_to(r).plan);
  r.lines[0].rule = {{BandRule{{{0, 0.6}}}}};
  EXPECT_TRUE(refuses(answer_to(r), "bzd_25_percent_14_days"));
}

TEST(TaperGuard, TheExemptionCountsInDiazepamByTheHigherFigure) {
  // Alprazolam 0.05 mg: by Ashton 1 mg of diazepam, by VA 0.5 mg. Withdrawal risk takes the higher.
  TaperRequest r = request_of(line_of("alprazolam", {0.2}, {{BandRule{{{0, 0.05}}}}}), weeks_of(2));
  EXPECT_TRUE(refuses(answer_to(r), "bzd_25_percent_14_days"));
  r.lines[0].rule = {{BandRule{{{0, 0.025}}}}};
  EXPECT_TRUE(answer_to(r).plan);
}

TaperRequest rows_of(std::string_view substance, double today, std::vector<double> amounts,
                     StepLength length, TaperSubstanceOptions options = {}) {
  RowsRule rule;
  for (const double amount : amounts) rule.rows.push_back({amount});
  return request_of(line_of(substance, {today}, {TaperPhase{std::move(rule)}}, options), length);
}

std::vector<double> down_by(double from, double cut) {
  std::vector<double> out;
  for (int i = 1; from - i * cut > cut / 2; ++i) out.push_back(from - i * cut);
  return out;
}

// The project's facts exempt Ashton's last steps (0.5 mg of diazepam every one or two weeks), not
// a fast stop in small pieces: 10 mg to 0 in 20 days would lose 70 % in the first 14.
TEST(TaperGuard, ManySmallCutsWithinAWeekAreNotExempt) {
  const auto daily = [](std::string_view what, double today, double cut) {
    return answer_to(rows_of(what, today, down_by(today, cut), days_of(1)));
  };
  EXPECT_TRUE(refuses(daily("diazepam", 10, 0.5), "bzd_25_percent_14_days"));
  EXPECT_TRUE(refuses(daily("diazepam", 40, 0.5), "bzd_25_percent_14_days"));
  EXPECT_TRUE(refuses(daily("lorazepam", 1, 0.05), "bzd_25_percent_14_days"));
  EXPECT_TRUE(refuses(daily("alprazolam", 1, 0.025), "bzd_25_percent_14_days"));
  EXPECT_TRUE(refuses(answer_to(rows_of("diazepam", 5, down_by(5, 0.5), days_of(3))),
                      "bzd_25_percent_14_days"));
  // Her own pace passes, by the week and by the fortnight, and with a step moved off a holiday.
  for (const int weeks : {1, 2}) {
    TaperRequest r = rows_of("diazepam", 5, down_by(5, 0.5), weeks_of(weeks));
    EXPECT_TRUE(answer_to(r).plan);
    r.calendar.free_days = {day("2024-02-05"), day("2024-02-06")};
    EXPECT_TRUE(answer_to(r).plan);
  }
}

TEST(TaperGuard, OneShortStepBeforeNothingIsStillAnAbruptStop) {
  TaperRequest r = rows_of("diazepam", 40, {1}, days_of(1));
  r.overrides = {{"bzd_25_percent_14_days", r.by, "asked for"}};
  const TaperAnswer answer = answer_to(r);
  EXPECT_TRUE(refuses(answer, "class_a_abrupt_stop"));
  EXPECT_EQ(*finding(answer.findings, "class_a_abrupt_stop")->measured, 40);
  // Phenobarbital in two days: 10 % of today's dose is the last step, today's 100 % the day before.
  EXPECT_TRUE(
      refuses(answer_to(rows_of("phenobarbital", 500, {50}, days_of(1))), "class_a_abrupt_stop"));
}

TEST(TaperGuard, ATypedOriginalDoesNotMakeAStopSmall) {
  TaperRequest r = rows_of("phenobarbital", 500, {499}, weeks_of(2));
  r.lines[0].original = mg(5000);
  EXPECT_TRUE(refuses(answer_to(r), "class_a_abrupt_stop"));
}

// After weeks without, the old dose is an overdose: at a request as at going back up.
TEST(TaperGuard, TheOldDoseAfterWeeksWithoutIsRefusedAtTheRequest) {
  TaperRequest r = rows_of("morphine", 120, {108, 100}, weeks_of(4));
  r.lines[0].goal = {GoalKind::lower_amount, mg(100), ""};
  ASSERT_TRUE(answer_to(r).plan);
  r.facts.opioid_free_days = 60;
  r.facts.returning_after_tolerance_loss = true;
  const TaperAnswer answer = answer_to(r);
  EXPECT_TRUE(refuses(answer, "past_tolerance"));
  EXPECT_TRUE(refuses(answer, "missed_doses_reassess"));
  EXPECT_TRUE(std::ranges::any_of(answer.instead, [](const Instead& i) {
    return i.id == "start_low" && i.text.find("naloxone") != std::string::npos;
  }));
  r.facts.opioid_free_days = 2;
  r.facts.returning_after_tolerance_loss.reset();
  EXPECT_TRUE(answer_to(r).plan);

  TaperRequest oat = rows_of("methadone", 100, {95}, weeks_of(4), {.agonist_treatment = true});
  oat.lines[0].goal = {GoalKind::lower_amount, mg(95), ""};
  ASSERT_TRUE(answer_to(oat).plan);
  oat.facts.opioid_free_days = 30;
  EXPECT_TRUE(refuses(answer_to(oat), "past_tolerance"));
  EXPECT_TRUE(refuses(answer_to(oat), "missed_doses_reassess"));
}

TEST(TaperGuard, TheOldDoseAfterWeeksWithoutIsRefusedOnResume) {
  TaperRequest r = rows_of("morphine", 120, {108, 100}, weeks_of(4));
  r.lines[0].goal = {GoalKind::lower_amount, mg(100), ""};
  const TaperPlan held =
      done(hold(plan_for(r), day("2024-01-20"), day("2024-02-10"), decided("2024-01-20")));
  Decision d = decided("2024-05-01");
  EXPECT_TRUE(resume(held, day("2024-05-02"), false, d)->plan);
  d.facts = held.now().facts;
  d.facts->opioid_free_days = 90;
  const auto answer = resume(held, day("2024-05-02"), false, d);
  ASSERT_TRUE(answer);
  EXPECT_TRUE(refuses(*answer, "past_tolerance"));
  EXPECT_TRUE(refuses(*answer, "missed_doses_reassess"));
}

TEST(TaperGuard, AnOpioidThatGoesUpIsRefusedUnlessItIsAPublishedLowDoseStart) {
  const auto up = [](std::string_view what, double today, double to, bool treatment = false) {
    TaperRequest r = rows_of(what, today, {to}, weeks_of(4), {.agonist_treatment = treatment});
    std::get<RowsRule>(r.lines[0].rule[0].rule).may_rise = true;
    r.lines[0].goal = {GoalKind::undecided, std::nullopt, ""};
    return answer_to(r);
  };
  EXPECT_TRUE(refuses(up("morphine", 0, 300), "going_up_is_weighed"));
  EXPECT_TRUE(refuses(up("morphine", 60, 61), "going_up_is_weighed"));
  EXPECT_TRUE(refuses(up("methadone", 10, 200, true), "going_up_is_weighed"));
  EXPECT_TRUE(refuses(up("buprenorphine", 0, 16, true), "going_up_is_weighed"));
  const TaperAnswer sedative = up("diazepam", 0, 300);
  EXPECT_TRUE(refuses(sedative, "going_up_is_weighed"));
  EXPECT_NE(finding(sedative.findings, "going_up_is_weighed")->text.find("stop the breath"),
            std::string::npos);

  TaperRequest start =
      request_of(line_of("buprenorphine", {0, 0, 0}, {}, {.agonist_treatment = true}), days_of(1));
  start.lines[0].named_rule = "buprenorphine-low-dose-start";
  start.lines[0].goal = {GoalKind::undecided, std::nullopt, ""};
  EXPECT_EQ(finding(answer_to(start).findings, "going_up_is_weighed"), nullptr);
}

// Gabapentin and pregabalin are medicines against epilepsy as well.
TEST(TaperGuard, GabapentinoidsTakenAgainstEpilepsyAreLeftToNeurology) {
  for (const char* what : {"pregabalin", "gabapentin"}) {
    TaperRequest r = rows_of(what, 300, {270}, weeks_of(4));
    r.lines[0].goal = {GoalKind::lower_amount, mg(270), ""};
    ASSERT_TRUE(answer_to(r).plan);
    r.facts.used_for_epilepsy = true;
    EXPECT_TRUE(refuses(answer_to(r), "antiepileptic_use"));
  }
}

TEST(TaperGuard, ASubstanceCannotBeWrittenOutOfItsGuards) {
  TaperRequest r = rows_of("diazepam", 40, {38}, weeks_of(4));
  r.lines[0].goal = {GoalKind::lower_amount, mg(38), ""};
  ASSERT_TRUE(answer_to(r).plan);
  TaperRequest other = r;
  other.lines[0].what.cls = substance::Class::stimulant;
  EXPECT_TRUE(refuses(answer_to(other), "substance_contradicts_tables"));
  other.lines[0].what.id = "mine";  // the name still says what it is
  EXPECT_TRUE(refuses(answer_to(other), "substance_contradicts_tables"));
  other = r;
  other.lines[0].what.diazepam_mg_high = 0.01;
  EXPECT_TRUE(refuses(answer_to(other), "substance_contradicts_tables"));
  other = r;
  other.lines[0].what.id = other.lines[0].what.name = "own preparation";
  EXPECT_TRUE(answer_to(other).plan);
}

// US labels of clonidine (2 to 4 days) and clozapine (1 to 2 weeks); NICE CG185 for lithium (4
// weeks at least).
TEST(TaperGuard, ClonidineClozapineAndLithiumAreNotStoppedAtOnce) {
  struct Case {
    const char* what;
    double dose;
    int days;
  };
  for (const Case& c :
       {Case{"clonidine", 0.3, 4}, Case{"clozapine", 300, 14}, Case{"lithium", 900, 28}}) {
    SCOPED_TRACE(c.what);
    const auto over = [&](int days) {
      TaperRequest r = rows_of(c.what, c.dose, {c.dose / 2}, days_of(days));
      return answer_of(answer_to(r), "stop_slowly");
    };
    EXPECT_EQ(over(c.days - 1), Answer::allowed_with_warning);
    EXPECT_EQ(over(c.days), Answer::allowed);
    TaperRequest once =
        request_of(line_of(c.what, {c.dose}, {{PercentRule{100, Basis::original}}}), weeks_of(8));
    const RuleFinding* f = finding(answer_to(once).findings, "stop_slowly");
    EXPECT_NE(f, nullptr);
  }
}

TEST(TaperGuard, AshtonsBandsAreKeptByHerOwnSteps) {
  TaperRequest r = request_of(line_of("diazepam", {40}, {}), weeks_of(1));
  r.lines[0].named_rule = "ashton-2-weeks";
  r.calendar.step_length_given = false;
  r.guidelines = {"ashton_bands"};
  EXPECT_TRUE(answer_to(r).plan);
  r.lines[0].named_rule = "diazepam-uk-2-mg-2-weeks";
  EXPECT_TRUE(refuses(answer_to(r), "ashton_bands"));
}

TEST(TaperGuard, WhatCanKillIsNeverStoppedSuddenlyAndNobodySetsThatAside) {
  TaperRequest r =
      request_of(line_of("lorazepam", {4}, {{PercentRule{100, Basis::original}}}), weeks_of(1));
  const TaperAnswer answer = answer_to(r);
  EXPECT_TRUE(refuses(answer, "class_a_abrupt_stop"));
  EXPECT_FALSE(answer.instead.empty());
  r.overrides = {{"class_a_abrupt_stop", r.by, "asked for"}};
  const auto again = make_taper(r);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Errc::contradiction);
}

TEST(TaperGuard, WhatCanKillIsNeverReducedUnsupervised) {
  TaperRequest r = diazepam(10, weeks_of(2));
  for (const Supervision s : {Supervision::none, Supervision::not_stated}) {
    r.facts.supervision = s;
    EXPECT_TRUE(refuses(answer_to(r), "class_a_unsupervised"));
  }
  r.facts.supervision = Supervision::clinician;
  EXPECT_TRUE(answer_to(r).plan);
}

TEST(TaperGuard, AlcoholStoppedAtHomeIsRefusedAndMoreIsSaidThanNo) {
  TaperRequest r = request_of({}, weeks_of(1));
  TaperLine& line = r.lines[0];
  line.what = *taper_substance("alcohol", DoseUnit::g_ethanol, {.prescribed = false});
  line.intakes = {{*Amount::parse("200", DoseUnit::g_ethanol), "", std::nullopt}};
  line.goal.kind = GoalKind::zero;
  line.rule = {{PercentRule{100, Basis::original}}};
  r.by = {"A. B.", Role::person};
  r.facts = {};
  r.facts.person_agrees = true;
  r.facts.supervision = Supervision::none;
  const TaperAnswer answer = answer_to(r);
  EXPECT_TRUE(refuses(answer, "class_a_abrupt_stop"));
  EXPECT_TRUE(refuses(answer, "alcohol_care"));
  std::string said;
  for (const Instead& i : answer.instead) {
    said += i.text;
    EXPECT_NE(i.source, nullptr);
  }
  EXPECT_NE(said.find("do not stop suddenly at home"), std::string::npos);
  EXPECT_NE(said.find("thiamine"), std::string::npos);
  EXPECT_NE(said.find("ambulance"), std::string::npos);
}

// Five US drinks a night are 8.75 UK units: gradual reduction, no clinician needed to begin.
TEST(TaperGuard, FiveDrinksToFourIsAPlanThatAPersonCanMake) {
  TaperRequest r = request_of({}, weeks_of(1));
  TaperLine& line = r.lines[0];
  line.what =
      *taper_substance("alcohol", DoseUnit::drinks, {.prescribed = false, .drink_country = "US"});
  line.per = Per::week;
  line.intakes = {{*Amount::parse("35", DoseUnit::drinks), "", std::nullopt}};
  line.goal = {GoalKind::safer_pattern, *Amount::parse("28", DoseUnit::drinks), ""};
  line.rule = {{FadeRule{4, FadeRule::Shape::even, 1.0}}};
  r.by = {"A. B.", Role::person};
  r.facts = {};
  const TaperAnswer answer = answer_to(r);
  EXPECT_TRUE(answer.plan);
  EXPECT_EQ(answer.answer, Answer::allowed_with_warning);  // open questions are named
  EXPECT_NE(finding(answer.findings, "alcohol_care_unknown"), nullptr);
}

TEST(TaperGuard, LastDrinksMayGoQuicklyOnceTheyAreFew) {
  TaperRequest r = request_of({}, weeks_of(1));
  TaperLine& line = r.lines[0];
  line.what =
      *taper_substance("alcohol", DoseUnit::drinks, {.prescribed = false, .drink_country = "GB"});
  line.per = Per::week;
  line.intakes = {{*Amount::parse("16", DoseUnit::drinks), "", std::nullopt}};
  line.goal.kind = GoalKind::zero;
  line.rule = {{RowsRule{{{12}, {6}, {2}}}}};
  const TaperAnswer answer = answer_to(r);  // 16 x 8 g / 7 = 18 g a day, at or below 20 g
  EXPECT_TRUE(answer.plan);
  line.intakes = {{*Amount::parse("70", DoseUnit::drinks), "", std::nullopt}};
  line.rule = {{RowsRule{{{30}, {14}}}}};
  EXPECT_TRUE(refuses(answer_to(r), "alcohol_half_in_14_days"));
}

// Section 9.1: do not start.
TEST(TaperGuard, DoNotStartCodes) {
  const auto with = [](TaperRequest r, auto&& change) {
    change(r.facts);
    return answer_to(r);
  };
  const TaperRequest bzd = diazepam(10, weeks_of(2));
  const TaperRequest pain = opioid(10, months_of(1));
  TaperRequest oat = request_of(
      line_of("methadone", {60}, {{BandRule{{{0, 5}}}}}, {.agonist_treatment = true}), weeks_of(2));
  oat.lines[0].goal = {GoalKind::lower_amount, mg(40), ""};
  EXPECT_TRUE(refuses(with(bzd, [](auto& f) { f.person_agrees = false; }), "no_consent"));
  EXPECT_TRUE(refuses(with(bzd, [](auto& f) { f.pregnant = true; }), "pregnant"));
  EXPECT_FALSE(
      refuses(with(bzd, [](auto& f) { f.pregnant = f.specialist_involved = true; }), "pregnant"));
  EXPECT_TRUE(refuses(with(bzd, [](auto& f) { f.seizure_history = true; }), "seizure_history"));
  EXPECT_FALSE(refuses(with(bzd,
                            [](auto& f) {
                              f.seizure_history = true;
                              f.supervision = Supervision::inpatient;
                            }),
                       "seizure_history"));
  EXPECT_TRUE(refuses(with(bzd, [](auto& f) { f.delirium_history = true; }), "dt_history"));
  EXPECT_TRUE(refuses(with(bzd, [](auto& f) { f.suicidal_now = true; }), "unstable_mental"));
  EXPECT_TRUE(
      refuses(with(bzd, [](auto& f) { f.psychosis_or_mania_now = true; }), "unstable_mental"));
  EXPECT_TRUE(refuses(with(bzd, [](auto& f) { f.used_for_epilepsy = true; }), "antiepileptic_use"));
  EXPECT_TRUE(
      refuses(with(oat, [](auto& f) { f.agonist_treatment_working = true; }), "oat_stable"));
  EXPECT_TRUE(refuses(with(pain, [](auto& f) { f.cancer_palliative_or_sickle_cell = true; }),
                      "cancer_palliative_sickle"));
  EXPECT_TRUE(refuses(with(bzd, [](auto& f) { f.street_supply = true; }), "street_supply"));
  EXPECT_TRUE(refuses(with(bzd, [](auto& f) { f.next_contact.reset(); }), "no_followup"));
  EXPECT_TRUE(
      refuses(with(bzd, [](auto& f) { f.next_contact = day("2024-03-01"); }), "no_followup"));
  EXPECT_EQ(answer_of(with(bzd, [](auto& f) { f.recent_stressor = true; }), "recent_stressor"),
            Answer::allowed_with_warning);
}

TEST(TaperGuard, TwoDrugsAtOnceAreRefusedWithTheReasonUntilAClinicianDecides) {
  TaperRequest r = diazepam(5, weeks_of(4));
  r.lines.push_back(line_of("morphine", {60}, {{PercentRule{10, Basis::original}}}));
  r.lines[1].goal = {GoalKind::lower_amount, mg(30), ""};
  const TaperAnswer answer = answer_to(r);
  EXPECT_TRUE(refuses(answer, "multi_taper"));
  EXPECT_NE(finding(answer.findings, "multi_taper")->text.find("One at a time"), std::string::npos);
  r.overrides = {{"multi_taper", r.by, "both are small and she wants it"}};
  const TaperPlan plan = plan_for(r);
  // Every change of either line begins a step of the common calendar.
  for (std::size_t i = 1; i < plan.now().steps.size(); ++i) {
    const auto& before = plan.now().steps[i - 1].doses;
    const auto& after = plan.now().steps[i].doses;
    EXPECT_TRUE(before[0].amount != after[0].amount || before[1].amount != after[1].amount);
  }
}

TEST(TaperGuard, UncertainFactsMustBeAcceptedByName) {
  TaperRequest r = request_of(line_of("citalopram", {20}, {}, {.quoted_curve = true}), weeks_of(4));
  r.lines[0].rule = {{EffectRule{*r.lines[0].what.curve, 8}}};
  EXPECT_TRUE(refuses(answer_to(r), "uncertain_not_accepted"));
  r.accept_uncertain = {"citalopram-curve"};
  const TaperAnswer answer = answer_to(r);
  ASSERT_TRUE(answer.plan);
  EXPECT_NE(finding(answer.findings, "uncertain_used"), nullptr);

  TaperRequest rule = request_of(line_of("morphine", {60}, {}), days_of(2));
  rule.lines[0].named_rule = "cdc-2022-acute-weeks";
  EXPECT_TRUE(refuses(answer_to(rule), "uncertain_not_accepted"));
}

// Citalopram 20-15-10-5-0: 3.3, 5.8, 13.1 and 58.2 points; the last step is 18 times the first.
TEST(TaperGuard, ALastStepBiggerInEffectIsNoticed) {
  TaperSubstance what = *taper_substance("citalopram", DoseUnit::mg);
  what.curve = *EffectCurve::from(0.92, 2.9);
  TaperLine line = line_of("citalopram", {20}, {{BandRule{{{0, 5}}}}});
  line.what = what;
  const TaperAnswer answer = answer_to(request_of(line, weeks_of(4)));
  ASSERT_TRUE(answer.plan);
  const auto& steps = answer.plan->now().steps;
  EXPECT_NEAR(100 * *steps[0].doses[0].effect_drop, 3.3, 0.05);
  EXPECT_NEAR(100 * *steps[1].doses[0].effect_drop, 5.8, 0.05);
  EXPECT_NEAR(100 * *steps[2].doses[0].effect_drop, 13.1, 0.05);
  const RuleFinding* f = finding(answer.findings, "last_step_bigger_in_effect");
  ASSERT_NE(f, nullptr);
  EXPECT_NEAR(*f->measured, 58.2, 0.05);
  EXPECT_NEAR(*f->measured / (100 * *steps[0].doses[0].effect_drop), 18, 0.5);
}

TEST(TaperGuard, ShortStepsSayWhatIsJudged) {
  const TaperAnswer answer = answer_to(diazepam(10, weeks_of(1)));
  const RuleFinding* f = finding(answer.findings, "step_shorter_than_5_half_lives");
  ASSERT_NE(f, nullptr);
  EXPECT_EQ(f->answer, Answer::allowed);
  EXPECT_EQ(*f->limit, 14);  // min(14, 5 x 118 h / 24)
  EXPECT_EQ(
      finding(answer_to(diazepam(10, weeks_of(2))).findings, "step_shorter_than_5_half_lives"),
      nullptr);
}

TEST(TaperGuard, DosesEverySecondDayNeedALongHalfLife) {
  const auto every_second_day = [](std::string_view drug) {
    Terminal t;
    t.smallest = 5;
    t.every_n_days = {2};
    TaperRequest r =
        request_of(line_of(drug, {20}, {{PercentRule{25, Basis::current, t}}}), weeks_of(4));
    return answer_to(r);
  };
  EXPECT_TRUE(refuses(every_second_day("citalopram"), "alternate_days_short_half_life"));
  EXPECT_EQ(finding(every_second_day("fluoxetine").findings, "alternate_days_short_half_life"),
            nullptr);
}

TEST(TaperGuard, NaloxoneMixturesAndTheHeartAreLookedAt) {
  TaperRequest r = opioid(10, months_of(1));
  r.facts.naloxone_at_hand.reset();
  const TaperAnswer without = answer_to(r);
  const RuleFinding* f = finding(without.findings, "naloxone_missing");
  ASSERT_NE(f, nullptr);
  EXPECT_EQ(f->severity, Severity::danger);
  EXPECT_NE(f->text.find("50 MME"), std::string::npos);
  EXPECT_EQ(finding(answer_to(opioid(10, months_of(1))).findings, "naloxone_missing"), nullptr);
  r.facts.takes_alcohol = true;
  EXPECT_NE(finding(answer_to(r).findings, "co_use_opioid_benzodiazepine_alcohol"), nullptr);
  TaperRequest oat = request_of(
      line_of("methadone", {60}, {{BandRule{{{0, 5}}}}}, {.agonist_treatment = true}), weeks_of(2));
  oat.facts.qt_risk = true;
  EXPECT_EQ(answer_of(answer_to(oat), "qt_methadone"), Answer::allowed_with_warning);
}

// 10 mg of the test's opioid come to 50 MME and more: a typed 5 does not hide it.
TEST(TaperGuard, FactsThatContradictTheLinesAreToldOfAndTheDangerousSideIsUsed) {
  TaperRequest r = opioid(10, months_of(1));
  r.facts.naloxone_at_hand.reset();
  r.facts.mme_a_day = 5;
  r.facts.takes_opioid = false;
  TaperAnswer answer = answer_to(r);
  const RuleFinding* naloxone = finding(answer.findings, "naloxone_missing");
  ASSERT_NE(naloxone, nullptr);
  EXPECT_NE(naloxone->text.find("50 MME"), std::string::npos) << naloxone->text;
  std::size_t told = 0;
  for (const RuleFinding& f : answer.findings) told += f.rule->id == "facts_disagree" ? 1U : 0U;
  EXPECT_EQ(told, 1U);
  r.facts.opioid_free_days = 2;
  EXPECT_NE(finding(answer_to(r).findings, "facts_disagree"), nullptr);
  r.facts.opioid_free_days.reset();
  r.facts.mme_a_day = 1e5;
  r.facts.takes_opioid = true;
  EXPECT_EQ(finding(answer_to(r).findings, "facts_disagree"), nullptr);
  TaperRequest baclofen =
      request_of(line_of("baclofen", {60}, {{BandRule{{{0, 5}}}}}), weeks_of(2));
  baclofen.facts.takes_opioid = true;
  EXPECT_NE(finding(answer_to(baclofen).findings, "co_use_opioid_benzodiazepine_alcohol"), nullptr);
}

// NICE CG115: people of 10 to 17 who need withdrawal from alcohol are cared for in a hospital.
TEST(TaperGuard, BelowEighteenASpecialistPlansAndAlcoholWithdrawalBelongsInAHospital) {
  for (const auto& make :
       {+[] { return opioid(10, months_of(1)); }, +[] { return diazepam(10, weeks_of(2)); }}) {
    TaperRequest r = make();
    r.facts.age_years = 17.5;
    EXPECT_TRUE(refuses(answer_to(r), "person_below_18"));
    r.facts.specialist_involved = true;
    EXPECT_EQ(answer_of(answer_to(r), "person_below_18"), Answer::allowed_with_warning);
    r.facts.age_years = 18;
    EXPECT_EQ(finding(answer_to(r).findings, "person_below_18"), nullptr);
  }
  SafetyFacts young;
  young.age_years = 16;
  const auto triage = alcohol_triage(young, *GramsEthanol::from(60));
  ASSERT_TRUE(triage);
  EXPECT_EQ(triage->care, AlcoholCare::inpatient);
  EXPECT_EQ(triage->reasons.front().id, "age_below_18");
}

TEST(TaperGuard, QuestionsNobodyAskedAreNamed) {
  TaperRequest r = diazepam(10, weeks_of(2));
  r.facts = {};
  r.facts.supervision = Supervision::clinician;
  r.facts.next_contact = day("2024-01-15");
  const TaperAnswer answer = answer_to(r);
  const RuleFinding* f = finding(answer.findings, "not_asked");
  ASSERT_NE(f, nullptr);
  EXPECT_NE(f->text.find("seizure_history"), std::string::npos);
  EXPECT_NE(f->text.find("pregnant"), std::string::npos);
}

TEST(TaperGuard, PregabalinAndGabapentinHaveTheirPace) {
  const auto at = [](std::string_view drug, double start, double step, StepLength length) {
    return answer_to(request_of(line_of(drug, {start}, {{BandRule{{{0, step}}}}}), length));
  };
  EXPECT_EQ(answer_of(at("pregabalin", 600, 100, weeks_of(1)), "pregabalin_100_mg_7_days"),
            Answer::allowed);
  EXPECT_EQ(answer_of(at("pregabalin", 600, 150, weeks_of(1)), "pregabalin_100_mg_7_days"),
            Answer::allowed_with_warning);
  EXPECT_EQ(answer_of(at("gabapentin", 1800, 300, days_of(4)), "gabapentin_300_mg_4_days"),
            Answer::allowed);
  EXPECT_EQ(answer_of(at("gabapentin", 1800, 300, days_of(3)), "gabapentin_300_mg_4_days"),
            Answer::allowed_with_warning);
}

TEST(TaperGuard, EndingOnAWeekendIsNoted) {
  TaperRequest r = diazepam(10, weeks_of(2));
  r.calendar.start = day("2024-01-13");  // a Saturday
  EXPECT_NE(finding(answer_to(r).findings, "ends_on_free_day"), nullptr);
  r.calendar.start = day("2024-01-09");
  EXPECT_EQ(finding(answer_to(r).findings, "ends_on_free_day"), nullptr);
}

TEST(TaperGuards, NobodyIsAskedWhetherTheyDrinkAgainstEpilepsy) {
  TaperSubstanceOptions own;
  own.prescribed = false;
  own.drink_country = "US";
  TaperLine line;
  line.what = *taper_substance("alcohol", DoseUnit::drinks, own);
  line.intakes = {{*Amount::nearest(3, DoseUnit::drinks), "", {}}};
  line.goal = {GoalKind::lower_amount, *Amount::nearest(2, DoseUnit::drinks), ""};
  line.rule = {TaperPhase{FadeRule{2}}};
  TaperRequest request = request_of(line, weeks_of(2));
  request.facts.used_for_epilepsy.reset();
  EXPECT_EQ(finding(answer_to(request).findings, "not_asked"), nullptr);
  TaperRequest diazepam = request_of(line_of("diazepam", {10}, {}), weeks_of(2));
  diazepam.lines[0].named_rule = "ashton-2-weeks";
  diazepam.facts.used_for_epilepsy.reset();
  const TaperAnswer answer = answer_to(diazepam);
  const RuleFinding* asked = finding(answer.findings, "not_asked");
  ASSERT_NE(asked, nullptr);
  EXPECT_NE(asked->text.find("used_for_epilepsy"), std::string::npos);
}

TEST(TaperGuards, WhoDrinksIsToldAboutDrinkingAndNotAboutMedicines) {
  TaperSubstanceOptions own;
  own.prescribed = false;
  TaperLine line;
  line.what = *taper_substance("alcohol", DoseUnit::g_ethanol, own);
  line.intakes = {{*Amount::nearest(220, DoseUnit::g_ethanol), "", {}}};
  line.goal.kind = GoalKind::zero;
  line.rule = {TaperPhase{PercentRule{100, Basis::original}}};
  TaperRequest request = request_of(line, weeks_of(1));
  request.facts.seizure_history = true;
  request.facts.supervision = Supervision::none;
  const TaperAnswer answer = answer_to(request);
  ASSERT_FALSE(answer.instead.empty());
  EXPECT_EQ(answer.instead.front().id, "do_not_stop_at_home");
  for (const Instead& instead : answer.instead) EXPECT_NE(instead.id, "do_not_stop_alone");
}

}  // namespace
