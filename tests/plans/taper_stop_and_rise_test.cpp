// Quick stops and rises: which are refused, which are a warning, and on whose word. The sources
// say: methadone 5 to 10 % or about 5 mg every 1 to 2 weeks, buprenorphine 2 mg every 2 weeks (UK
// Orange guidelines, ASAM: over months), pregabalin 50 to 100 mg a week (PHE 2014) and not under a
// week (label), opioids never abruptly (CDC 2022). Half within 14 days and half of the largest dose
// are this project's numbers, and marked so.
#include <algorithm>

#include "ombre/plans/taper_guard.hpp"
#include "taper_builder.hpp"

namespace {

using namespace taper_test;  // NOLINT: tests

TaperRequest rows(std::string_view what, double today, std::vector<double> amounts,
                  StepLength length, bool treatment = false) {
  RowsRule rule;
  for (const double amount : amounts) rule.rows.push_back({amount, length, {}});
  return request_of(line_of(what, {today}, {{rule}}, {.agonist_treatment = treatment}), length);
}

Answer answer_of(const TaperAnswer& answer, std::string_view rule) {
  const RuleFinding* f = finding(answer.findings, rule);
  return f == nullptr ? Answer::allowed : f->answer;
}

bool says(const TaperAnswer& answer, std::string_view id) {
  return std::ranges::any_of(answer.instead, [id](const Instead& i) { return i.id == id; });
}

TEST(TaperStop, AgonistTreatmentIsNotStoppedAtOnceAndAClinicianMayDecideOtherwise) {
  const TaperAnswer methadone = answer_to(rows("methadone", 60, {30}, weeks_of(1), true));
  EXPECT_TRUE(refuses(methadone, "oat_half_in_14_days"));
  EXPECT_DOUBLE_EQ(*finding(methadone.findings, "oat_half_in_14_days")->measured, 100);
  EXPECT_TRUE(says(methadone, "not_at_once"));
  EXPECT_TRUE(
      refuses(answer_to(rows("buprenorphine", 16, {8}, weeks_of(1), true)), "oat_half_in_14_days"));
  // A fast drop to a lower dose is one as well.
  TaperRequest lower = rows("methadone", 60, {20}, weeks_of(4), true);
  lower.lines[0].goal = {GoalKind::lower_amount, mg(20), ""};
  EXPECT_TRUE(refuses(answer_to(lower), "oat_half_in_14_days"));

  TaperRequest meant = rows("methadone", 60, {30}, weeks_of(1), true);
  meant.overrides = {{"oat_half_in_14_days", meant.by, "admitted to hospital for another reason"}};
  EXPECT_TRUE(answer_to(meant).plan);
}

TEST(TaperStop, TheGuidelinesOwnStepsOfAgonistTreatmentPassDownToNothing) {
  // UK Orange guidelines: about 5 mg every 1 to 2 weeks.
  const auto five = [](StepLength length) {
    return answer_to(request_of(
        line_of("methadone", {60}, {{BandRule{{{0, 5}}}}}, {.agonist_treatment = true}), length));
  };
  EXPECT_EQ(answer_of(five(weeks_of(1)), "oat_half_in_14_days"), Answer::allowed);
  EXPECT_EQ(answer_of(five(weeks_of(2)), "oat_half_in_14_days"), Answer::allowed);
  // The same steps every third day are no such pace any more.
  EXPECT_TRUE(refuses(five(days_of(3)), "oat_half_in_14_days"));
  // Buprenorphine: 2 mg every 2 weeks, to the end.
  EXPECT_EQ(answer_of(answer_to(rows("buprenorphine", 8, {6, 4, 2}, weeks_of(2), true)),
                      "oat_half_in_14_days"),
            Answer::allowed);
  EXPECT_TRUE(refuses(answer_to(rows("buprenorphine", 8, {6, 4, 2}, days_of(4), true)),
                      "oat_half_in_14_days"));
}

TEST(TaperStop, AnOpioidAgainstPainIsNotDroppedByMoreThanHalfOfItInAFortnight) {
  // Steps of a day: 60 to 45 is within the label's 25 %, 45 to 1 is no taper.
  TaperRequest dropped = rows("morphine", 60, {45, 1}, days_of(1));
  dropped.facts.months_of_use = 3;
  EXPECT_TRUE(refuses(answer_to(dropped), "opioid_abrupt_stop"));
  // 600 to 450 to 60: 90 % in two days.
  TaperRequest high = rows("morphine", 600, {450, 60}, days_of(1));
  high.facts.months_of_use = 11;
  EXPECT_TRUE(refuses(answer_to(high), "opioid_abrupt_stop"));
  high.facts.supervision = Supervision::inpatient;  // the VA's rapid taper is usually in hospital
  EXPECT_EQ(answer_of(answer_to(high), "opioid_abrupt_stop"), Answer::allowed_with_warning);
  // The VA's faster taper, weekly: at most 90 of 270 in a fortnight.
  TaperRequest faster = rows("morphine", 270, {225, 180, 135, 90, 45, 30, 15}, weeks_of(1));
  faster.facts.months_of_use = 6;
  EXPECT_EQ(answer_of(answer_to(faster), "opioid_abrupt_stop"), Answer::allowed);
}

TEST(TaperStop, AnOpioidAgainstPainIsNotStoppedFromMoreThanHalfOfIt) {
  TaperRequest short_use = rows("morphine", 120, {90}, weeks_of(4));
  short_use.facts.months_of_use = 6;
  const TaperAnswer answer = answer_to(short_use);
  EXPECT_TRUE(refuses(answer, "opioid_abrupt_stop"));
  EXPECT_DOUBLE_EQ(*finding(answer.findings, "opioid_abrupt_stop")->measured, 75);  // 90 of 120
  // CDC 2022, use of some days: half for two days, then stop. That is its own rule.
  TaperRequest acute = rows("morphine", 40, {20}, days_of(2));
  acute.facts.months_of_use = 0.1;
  EXPECT_EQ(answer_of(answer_to(acute), "opioid_abrupt_stop"), Answer::allowed);
}

TEST(TaperStop, GabapentinoidsStopOverAWeekAtLeastAndFasterThanTheAdviceIsAWarning) {
  for (const std::string_view drug : {"pregabalin", "gabapentin"}) {
    SCOPED_TRACE(drug);
    const TaperAnswer fast = answer_to(rows(drug, 600, {300}, days_of(3)));
    EXPECT_TRUE(refuses(fast, "gabapentinoid_stop_over_a_week"));
    EXPECT_DOUBLE_EQ(*finding(fast.findings, "gabapentinoid_stop_over_a_week")->measured, 3);
    EXPECT_TRUE(says(fast, "not_at_once"));
    EXPECT_EQ(
        answer_of(answer_to(rows(drug, 600, {300}, weeks_of(1))), "gabapentinoid_stop_over_a_week"),
        Answer::allowed);
  }
  // Within the label and beyond PHE's 100 mg a week: a warning.
  EXPECT_EQ(
      answer_of(answer_to(rows("pregabalin", 600, {300}, weeks_of(1))), "pregabalin_100_mg_7_days"),
      Answer::allowed_with_warning);
  // PHE's own step is where one may stop from.
  TaperRequest little =
      request_of(line_of("pregabalin", {100}, {{PercentRule{100, Basis::original}}}), weeks_of(1));
  EXPECT_EQ(answer_of(answer_to(little), "gabapentinoid_stop_over_a_week"), Answer::allowed);
  TaperRequest all =
      request_of(line_of("pregabalin", {150}, {{PercentRule{100, Basis::original}}}), weeks_of(1));
  EXPECT_TRUE(refuses(answer_to(all), "gabapentinoid_stop_over_a_week"));
}

TEST(TaperRise, MoreThanTodayOfWhatStopsTheBreathIsRefusedAndBackToADoseBelowTodayIsAWarning) {
  const auto path = [](std::string_view drug, double today, std::vector<double> amounts) {
    TaperRequest r = rows(drug, today, std::move(amounts), weeks_of(4));
    std::get<RowsRule>(r.lines[0].rule[0].rule).may_rise = true;
    r.lines[0].goal = {GoalKind::undecided, std::nullopt, ""};
    return answer_to(r);
  };
  const TaperAnswer up = path("diazepam", 10, {9, 20});
  EXPECT_TRUE(refuses(up, "going_up_is_weighed"));
  EXPECT_TRUE(says(up, "no_rise"));
  EXPECT_FALSE(says(up, "slower"));
  const TaperAnswer back = path("diazepam", 10, {9, 8, 9});
  EXPECT_EQ(answer_of(back, "going_up_is_weighed"), Answer::allowed_with_warning);
  EXPECT_NE(finding(back.findings, "going_up_is_weighed")->text.find("from 8 mg to 9 mg"),
            std::string::npos);

  TaperRequest drinks = request_of({}, weeks_of(1));
  TaperLine& line = drinks.lines[0];
  line.what =
      *taper_substance("alcohol", DoseUnit::drinks, {.prescribed = false, .drink_country = "US"});
  line.per = Per::week;
  line.intakes = {{*Amount::parse("2 drinks"), "", std::nullopt}};
  line.rule = {{RowsRule{{{40, weeks_of(1), {}}}, true}}};
  line.goal = {GoalKind::undecided, std::nullopt, ""};
  EXPECT_TRUE(refuses(answer_to(drinks), "going_up_is_weighed"));
}

TEST(AgonistTreatment, WhatRestsOnTheWordIsSaidWithTheRulesItSwitchesOff) {
  const TaperAnswer answer = answer_to(
      request_of(line_of("methadone", {60}, {{BandRule{{{0, 5}}}}}, {.agonist_treatment = true}),
                 weeks_of(2)));
  const RuleFinding* f = finding(answer.findings, "agonist_treatment_claimed");
  ASSERT_NE(f, nullptr);
  EXPECT_EQ(f->answer, Answer::allowed_with_warning);
  for (const PaceLimit& limit : pace_limits()) {
    if (limit.by_default && limit.not_agonist) {
      EXPECT_NE(f->text.find(limit.rule->id), std::string::npos) << limit.rule->id;
    }
  }
  EXPECT_EQ(finding(answer_to(rows("morphine", 100, {95}, weeks_of(4))).findings,
                    "agonist_treatment_claimed"),
            nullptr);
}

// Only methadone and buprenorphine are agonist treatment in the project's facts (section 4).
TEST(AgonistTreatment, TheWordSwitchesNothingOffForOtherOpioids) {
  TaperRequest pain = rows("oxycodone", 100, {60}, weeks_of(4));
  pain.lines[0].goal = {GoalKind::lower_amount, mg(60), ""};
  TaperRequest claimed = pain;
  claimed.lines[0].what.agonist_treatment = true;
  for (const TaperRequest& r : {pain, claimed}) {
    const TaperAnswer answer = answer_to(r);
    EXPECT_TRUE(refuses(answer, "opioid_30_percent_a_month"));
    EXPECT_TRUE(refuses(answer, "fda_first_step_25_percent"));
  }
  EXPECT_NE(finding(answer_to(claimed).findings, "agonist_treatment_claimed"), nullptr);
}

}  // namespace
