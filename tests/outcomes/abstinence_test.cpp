#include "ombre/outcomes/abstinence.hpp"

#include <gtest/gtest.h>
#include <span>

#include <cmath>
#include <string>
#include <vector>

#include "abstinence_builder.hpp"

// Hand-made records; each expected table or result is worked out in the comment beside it.
namespace {

using namespace abstinence_test;

// ---- measures ----------------------------------------------------------------------------------

TEST(AbstinenceMeasure, ContinuousRunsFromTheStartDayToTheDayBeforeTheEndDay) {
  // Window [0, 10): use on day 10 lies outside, unless the end day is included.
  FollowBack records = with_visits();
  records.days("a", -1, {9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3});
  EXPECT_EQ(score(records.prepare(), continuous("1", "2")), "yes");
  oc::AbstinenceRules rules;
  rules.including_end = true;
  EXPECT_EQ(score(records.prepare(rules), continuous("1", "2")), "no lapse 10:3");
}

TEST(AbstinenceMeasure, AnAmountAtTheCutOffIsAbstinent) {
  FollowBack records = with_visits();
  records.days("a", 0, {5, 5, 5, 5, 5, 5, 5, 5, 5, 5.5});
  oc::AbstinenceRules rules;
  rules.cutoff = 5;
  EXPECT_EQ(score(records.prepare(rules), continuous("1", "2")), "no lapse 9:5.5");
  rules.cutoff = 5.5;
  EXPECT_EQ(score(records.prepare(rules), continuous("1", "2")), "yes");
}

TEST(AbstinenceMeasure, PointPrevalenceLooksBackFromTheEndVisit) {
  FollowBack records = with_visits();
  records.days("a", 0, {0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1});
  const auto data = records.prepare();
  EXPECT_EQ(score(data, point_prevalence(7, "2")), "yes");            // days 3..9
  EXPECT_EQ(score(data, point_prevalence(8, "2")), "no lapse 2:2");   // days 2..9
  EXPECT_EQ(score(data, point_prevalence(11, "2")), "no lapse 2:2");  // day -1 is not known
  oc::AbstinenceRules rules;
  rules.including_end = true;  // the whole window moves by a day
  EXPECT_EQ(score(records.prepare(rules), point_prevalence(1, "2")), "no lapse 10:1");
  EXPECT_EQ(score(records.prepare(rules), point_prevalence(8, "2")), "no lapse 10:1");
}

TEST(AbstinenceMeasure, AnUnfinishedWindowIsNoAbstinenceOrNoValue) {
  // Days 0..6 known and clean, then nothing; without a last record the window is 7 of 10 days.
  FollowBack records = with_visits();
  records.days("a", 0, {0, 0, 0, 0, 0, 0, 0});
  oc::AbstinenceRules rules;
  rules.last_record = oc::LastRecord::none;
  EXPECT_EQ(score(records.prepare(rules), continuous("1", "2")), "no");
  rules.mode = oc::AbstinenceMode::responders_only;
  EXPECT_EQ(score(records.prepare(rules), continuous("1", "2")), "missing");
}

TEST(AbstinenceMeasure, RespondersOnlyDoNotSeeFilledDaysButSeeOverriddenOnes) {
  // Day 4 is filled: not visible, so [0, 10) is not complete. [5, 10) is, and day 7 is overridden.
  FollowBack records = with_visits();
  records.days("a", 0, {0, 0, 0, 0}).days("a", 5, {0, 0, 0, 0, 0}).bio("a", 7, 9);
  oc::AbstinenceRules rules;
  rules.mode = oc::AbstinenceMode::responders_only;
  EXPECT_EQ(score(records.prepare(rules), continuous("1", "2")), "missing");
  EXPECT_EQ(score(records.prepare(rules), point_prevalence(5, "2")), "yes");
  rules.biochemical = oc::BiochemicalRule{};
  rules.biochemical->cutoff = 4;
  EXPECT_EQ(score(records.prepare(rules), point_prevalence(5, "2")), "no lapse 7:1");
  EXPECT_EQ(score(records.prepare(rules), continuous("1", "2")), "missing");  // no lapse reported
  rules.mode = oc::AbstinenceMode::intention_to_treat;
  EXPECT_EQ(score(records.prepare(rules), continuous("1", "2")), "no lapse 7:1");
}

TEST(AbstinenceMeasure, AMissingEndVisitIsMissingAMissingStartVisitIsNoValue) {
  FollowBack records;
  records.visit("a", "1", 0).visit("b", "2", 10).visit("c", "1", 0).visit("c", "2", 10);
  for (const char* id : {"a", "b", "c"}) records.days(id, 0, std::vector<double>(12, 0.0));
  oc::AbstinenceRules rules;
  rules.visits = oc::VisitFill::none;
  EXPECT_EQ(score(records.prepare(rules), continuous("1", "2"), 0), "missing");
  EXPECT_EQ(score(records.prepare(rules), continuous("1", "2"), 1), "no");
  EXPECT_EQ(score(records.prepare(rules), continuous("1", "2"), 2), "yes");
  rules.mode = oc::AbstinenceMode::responders_only;
  EXPECT_EQ(score(records.prepare(rules), continuous("1", "2"), 1), "missing");
  // Filled visits count for intention to treat only: a's visit 2 is put on day 10.
  rules.visits = oc::VisitFill::most_frequent;
  EXPECT_EQ(score(records.prepare(rules), continuous("1", "2"), 0), "missing");
  rules.mode = oc::AbstinenceMode::intention_to_treat;
  EXPECT_EQ(score(records.prepare(rules), continuous("1", "2"), 0), "yes");
  // b has no anchor visit: its visit 1 has a row but no day, so the window is not valid.
  EXPECT_EQ(score(records.prepare(rules), continuous("1", "2"), 1), "no");
}

TEST(AbstinenceMeasure, AWindowThatEndsBeforeItStartsHasNoValue) {
  FollowBack records = with_visits();
  records.days("a", 0, std::vector<double>(12, 0.0));
  EXPECT_EQ(score(records.prepare(), continuous("2", "1")), "no");
  EXPECT_EQ(score(records.prepare(), prolonged("1", 10, "2", "no lapse")), "no");
  EXPECT_EQ(score(records.prepare(), prolonged("1", 9, "2", "no lapse")), "yes");
  oc::AbstinenceRules rules;
  rules.mode = oc::AbstinenceMode::responders_only;
  EXPECT_EQ(score(records.prepare(rules), continuous("2", "1")), "missing");
}

TEST(AbstinenceMeasure, EachLapseCriterionEndsWhereItSays) {
  // Days 0..9: 0 2 0 0 3 0 1 0 1 0. Grace 1 day: window [1, 10).
  FollowBack records = with_visits();
  records.days("a", 0, {0, 2, 0, 0, 3, 0, 1, 0, 1, 0});
  const auto data = records.prepare();
  const auto by = [&](const std::string& lapse) {
    return score(data, prolonged("1", 1, "2", lapse));
  };
  EXPECT_EQ(by("no lapse"), "no lapse 1:2");
  EXPECT_EQ(by("2 cigs"), "no lapse 1:2");  // 2 >= 2
  EXPECT_EQ(by("5 cigs"), "no lapse 4:3");  // 2 + 3 >= 5
  EXPECT_EQ(by("6 cigs"), "no lapse 6:1");  // 2 + 3 + 1
  EXPECT_EQ(by("7.5 drinks"), "yes");       // 7 in all
  EXPECT_EQ(by("1 day"), "no lapse 1:2");
  EXPECT_EQ(by("3 days"), "no lapse 6:1");
  EXPECT_EQ(by("5 days"), "yes");  // 4 in all
  // Within a window it takes more than the threshold.
  EXPECT_EQ(by("4 cigs/4 days"), "no lapse 4:3");  // days 1..4: 5 > 4
  EXPECT_EQ(by("5 cigs/4 days"), "yes");           // 5, never more
  EXPECT_EQ(by("4 cigs/3 days"), "yes");           // days 4..6: 4, not more
  EXPECT_EQ(by("2 days/5 days"), "no lapse 8:1");  // days 4, 6, 8 in 4..8
  EXPECT_EQ(by("2 days/4 days"), "yes");
  EXPECT_EQ(by("1 day/1 day"), "yes");  // one day never holds two
}

TEST(AbstinenceMeasure, TheTwoConventionsOfTheThresholdCanBeChosen) {
  FollowBack records = with_visits();
  records.days("a", 0, {0, 2, 0, 0, 3, 0, 1, 0, 1, 0});
  const auto data = records.prepare();
  auto measure = prolonged("1", 1, "2", "5 cigs/4 days");
  measure.lapse.at = oc::LapseAt::at_least;
  EXPECT_EQ(score(data, measure), "no lapse 4:3");
  measure = prolonged("1", 1, "2", "5 cigs");
  measure.lapse.at = oc::LapseAt::more_than;
  EXPECT_EQ(score(data, measure), "no lapse 6:1");
}

TEST(AbstinenceMeasure, AWindowOfRowsIsLongerThanOneOfDaysWhereTheTableHasHoles) {
  // Records on days 0, 5 and 9 only (no filling). Two days of use within 3 rows, but not within 3
  // days. The result is no either way, because the window is not complete.
  FollowBack records = with_visits();
  records.day("a", 0, 1).day("a", 5, 1).day("a", 9, 1);
  oc::AbstinenceRules rules;
  rules.gaps = oc::GapFill::none;
  const auto data = records.prepare(rules);
  auto measure = prolonged("1", 0, "2", "1 day/3 days");
  EXPECT_EQ(score(data, measure), "no lapse 5:1");
  measure.lapse.window = oc::LapseWindow::days;
  EXPECT_EQ(score(data, measure), "no");
}

TEST(AbstinenceMeasure, InvisibleRowsKeepTheirPlaceInAWindowOfRows) {
  // Days 0 and 4 with use, 1..3 filled (linear: 2, 3, 4 would count if they were visible).
  FollowBack records = with_visits();
  records.day("a", 0, 1).day("a", 4, 5).days("a", 5, {0, 0, 0, 0, 0});
  oc::AbstinenceRules rules;
  rules.mode = oc::AbstinenceMode::responders_only;
  const auto data = records.prepare(rules);
  EXPECT_EQ(score(data, prolonged("1", 0, "2", "1 day/4 days")), "missing");  // rows 0..3
  EXPECT_EQ(score(data, prolonged("1", 0, "2", "1 day/5 days")), "missing lapse 4:5");
  EXPECT_EQ(score(data, prolonged("1", 0, "2", "5 cigs")), "missing lapse 4:5");  // 1 + 5
}

TEST(AbstinenceMeasure, SeveralEndVisitsNeverSwapTheirValues) {
  // Visits in any order of rows: abstinent to visit 2, not to visit 3.
  FollowBack records;
  records.visit("a", "3", 10).visit("a", "1", 0).visit("a", "2", 5);
  records.days("a", 0, {0, 0, 0, 0, 0, 0, 4, 0, 0, 0});
  const auto data = records.prepare();
  const std::vector<oc::AbstinenceMeasure> measures = {continuous("1", "3"), continuous("1", "2")};
  const auto scores = oc::score_abstinence(data, measures);
  ASSERT_TRUE(scores);
  EXPECT_EQ(scores->result(0, 0), false);
  EXPECT_EQ(scores->result(1, 0), true);
}

TEST(AbstinenceMeasure, TheRateLeavesOutWhoHasNoValue) {
  FollowBack records;
  for (const char* id : {"a", "b", "c"}) {
    records.visit(id, "1", 0).days(id, 0, std::vector<double>(10, id[0] == 'a' ? 0.0 : 1.0));
    if (id[0] != 'c') records.visit(id, "2", 10);
  }
  oc::AbstinenceRules rules;
  rules.visits = oc::VisitFill::none;
  const auto measure = continuous("1", "2");
  const auto scores = oc::score_abstinence(records.prepare(rules), std::span{&measure, 1});
  ASSERT_TRUE(scores);
  const auto rate = oc::abstinence_rate(*scores, 0);
  EXPECT_EQ(rate.abstinent, 1U);
  EXPECT_EQ(rate.with_value, 2U);
  EXPECT_EQ(rate.people, 3U);
  EXPECT_EQ(rate.rate(), 0.5);
  EXPECT_EQ(oc::AbstinenceRate{}.rate(), std::nullopt);
}

// ---- what results rest on ----------------------------------------------------------------------

TEST(AbstinenceWindow, ResultsCountWhatWasRecordedFilledAndOverridden) {
  // Days 0 and 5 to 9 are recorded, 1 to 4 are filled in; breath on day 7 contradicts the report.
  FollowBack records = with_visits();
  records.day("a", 0, 0).days("a", 5, {0, 0, 0, 0, 0}).bio("a", 7, 9);
  const auto rest = [&](const oc::AbstinenceRules& rules, const oc::AbstinenceMeasure& measure) {
    return oc::score_abstinence(records.prepare(rules), std::span{&measure, 1})->window(0, 0);
  };
  oc::AbstinenceRules rules;
  rules.biochemical = oc::BiochemicalRule{};
  rules.biochemical->cutoff = 4;
  oc::AbstinenceWindow expected;
  expected.days = 10;
  expected.recorded = 5;
  expected.filled = 4;
  expected.overridden = 1;
  EXPECT_EQ(rest(rules, continuous("1", "2")), expected);
  // Who counts responders only does not see what was filled in.
  rules.mode = oc::AbstinenceMode::responders_only;
  expected.filled = 0;
  EXPECT_EQ(rest(rules, continuous("1", "2")), expected);
}

TEST(AbstinenceWindow, AWindowThatCannotBeMeantIsToldWithPersonAndVisits) {
  using State = oc::AbstinenceWindow::State;
  FollowBack records;
  records.visit("a", "1", 10).visit("a", "2", 3).days("a", 0, std::vector<double>(12, 0.0));
  records.visit("b", "1", 5).visit("b", "2", 5).days("b", 0, std::vector<double>(12, 0.0));
  records.visit("c", "1", 0).visit("c", "2", 10).days("c", 0, std::vector<double>(12, 0.0));
  records.visit("d", "2", 10).days("d", 0, std::vector<double>(12, 0.0));
  ombre::Findings ignored;
  const auto tables = *oc::AbstinenceTables::from(records.records, ignored);
  const std::vector<oc::AbstinenceMeasure> measures{continuous("1", "2"),
                                                    prolonged("1", 10, "2", "no lapse")};
  oc::AbstinenceRules rules;
  rules.anchor_visit = "1";
  for (const auto mode :
       {oc::AbstinenceMode::intention_to_treat, oc::AbstinenceMode::responders_only}) {
    rules.mode = mode;
    const auto data = *oc::prepare_abstinence(tables, rules, ignored);
    const auto scores = *oc::score_abstinence(data, measures);
    const auto state = [&](std::size_t m, std::size_t p) { return scores.window(m, p).state; };
    EXPECT_EQ(state(0, 0), State::reversed);
    EXPECT_EQ(state(0, 1), State::empty);
    EXPECT_EQ(state(0, 2), State::whole);
    EXPECT_EQ(state(0, 3), State::no_day);
    EXPECT_EQ(state(1, 0), State::reversed);
    EXPECT_EQ(state(1, 2), State::empty);  // day 0 + 10 days of grace is the end visit
    ombre::Findings findings;
    oc::note_windows(tables, data, measures, scores, findings);
    const bool all = mode == oc::AbstinenceMode::intention_to_treat;
    EXPECT_EQ(findings.count("visits_out_of_order"), 2U);
    EXPECT_EQ(findings.count("window_empty"), 3U);
    EXPECT_EQ(findings.count("visit_without_day"), all ? 2U : 0U);
    const auto first = findings.stored().front();
    EXPECT_EQ(first.rule, "visits_out_of_order");
    EXPECT_EQ(first.person, "a");
    EXPECT_EQ(first.value, "cont_v1_v2");
    EXPECT_EQ(first.text,
              std::string{"the start visit 1 (day 10) lies after the end visit 2 (day 3): no "
                          "window, and "} +
                  (all ? "the result is 0" : "there is no result") + " (configuration default)");
  }
}

// ---- refusals ----------------------------------------------------------------------------------

TEST(AbstinenceRefusals, RowsThatCannotBeMeantAreRefused) {
  oc::AbstinenceRecords records;
  const auto tlfb = oc::AbstinenceRecords::Table::tlfb;
  const auto nan = records.add_amount(tlfb, "a", 1, std::nan(""), 7);
  ASSERT_FALSE(nan);
  EXPECT_EQ(nan.error().code, ombre::Errc::not_finite);
  EXPECT_EQ(nan.error().row, 7U);
  EXPECT_FALSE(records.add_amount(tlfb, "", 1, 1.0));
  EXPECT_FALSE(records.add_amount(oc::AbstinenceRecords::Table::biochemical, "a", 1, -1.0));
  for (int v = 0; v < 1000; ++v) ASSERT_TRUE(records.add_visit("a", std::to_string(v), v));
  const auto many = records.add_visit("a", "one more", 3);
  ASSERT_FALSE(many);
  EXPECT_EQ(many.error().code, ombre::Errc::too_large);
  ombre::Findings findings;
  EXPECT_FALSE(oc::AbstinenceTables::from(records, findings));  // nobody has a follow-back
}

TEST(AbstinenceRefusals, RulesAndMeasuresNameTheFieldThatIsWrong) {
  FollowBack records = with_visits();
  records.days("a", 0, {0});
  ombre::Findings findings;
  const auto tables = *oc::AbstinenceTables::from(records.records, findings);
  const auto field = [&](auto spoil) {
    oc::AbstinenceRules rules;
    rules.biochemical = std::nullopt;
    spoil(rules);
    const auto made = oc::prepare_abstinence(tables, rules, findings);
    return made ? std::string{"accepted"} : made.error().field;
  };
  EXPECT_EQ(field([](auto& r) { r.cutoff = -1; }), "cutoff");
  EXPECT_EQ(field([](auto& r) { r.outliers = oc::OutlierRule{5, 4, true}; }), "outliers.highest");
  EXPECT_EQ(field([](auto& r) {
              r.gaps = oc::GapFill::fixed;
              r.gap_amount = std::nan("");
            }),
            "gap_amount");
  EXPECT_EQ(field([](auto& r) { r.gap_limit = -1; }), "gap_limit");
  EXPECT_EQ(field([](auto& r) { r.biochemical = oc::BiochemicalRule{}; }), "biochemical");
  EXPECT_EQ(field([](auto& r) {
              r.biochemical = oc::BiochemicalRule{};
              r.biochemical->half_life_days = 0;
            }),
            "biochemical.half_life_days");
  EXPECT_EQ(field([](auto& r) { r.anchor_visit = "9"; }), "anchor_visit");
  EXPECT_EQ(field([](auto& r) { r.visits = oc::VisitFill::table; }), "visit_table");
  EXPECT_EQ(field([](auto& r) {
              r.visits = oc::VisitFill::table;
              r.visit_table = {{"2", 3}, {"2", 4}};
            }),
            "visit_table[1]");

  const auto data = *oc::prepare_abstinence(tables, {}, findings);
  const auto refuse = [&](std::vector<oc::AbstinenceMeasure> measures) {
    const auto scores = oc::score_abstinence(data, measures);
    return scores ? std::string{"accepted"} : scores.error().field;
  };
  EXPECT_EQ(refuse({continuous("1", "2"), continuous("1", "5")}), "measures[1].end_visit");
  EXPECT_EQ(refuse({continuous("7", "2")}), "measures[0].start_visit");
  EXPECT_EQ(refuse({prolonged("7", 0, "2", "no lapse")}), "measures[0].quit_visit");
  EXPECT_EQ(refuse({continuous("1", "2"), continuous("1", "2")}), "measures[1].id");
  EXPECT_EQ(refuse({point_prevalence(0, "2")}), "measures[0].days");
  EXPECT_EQ(refuse({prolonged("1", -1, "2", "no lapse")}), "measures[0].grace_days");
}

TEST(LapseCriterion, ReadsItsFiveFormsAndNothingElse) {
  for (const char* good :
       {"no lapse", "5 units", "3 days", "5 units/7 days", "2.5 units", "3 days/7 days"}) {
    const auto read = oc::parse_lapse(good);
    ASSERT_TRUE(read) << good;
    EXPECT_EQ(oc::text(*read), good);
  }
  EXPECT_EQ(oc::parse_lapse("5 cigs / 1 day")->window_days, 1);
  EXPECT_EQ(oc::parse_lapse("5 cigs")->kind, oc::LapseKind::amount);
  EXPECT_EQ(oc::parse_lapse("1 day")->kind, oc::LapseKind::days);
  for (const char* wrong : {"",
                            "lapse",
                            "no",
                            "no lapses",
                            "no lapse/7 days",
                            "5",
                            "5/7 days",
                            "five cigs",
                            "0 cigs",
                            "-1 cigs",
                            "nan cigs",
                            "inf cigs",
                            "2.5 days",
                            "5 cigs/0 days",
                            "5 cigs/7",
                            "5 cigs/7 weeks",
                            "5 cigs/7.5 days",
                            "5 cigs/7 days x",
                            "1e9 days",
                            "5 cigs/1e99 days"}) {
    EXPECT_FALSE(oc::parse_lapse(wrong)) << wrong;
  }
}

}  // namespace
