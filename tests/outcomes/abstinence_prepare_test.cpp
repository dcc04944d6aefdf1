#include "ombre/outcomes/abstinence.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <tuple>
#include <vector>

#include "abstinence_builder.hpp"

// Hand-made records; each expected table or result is worked out in the comment beside it.
namespace {

using namespace abstinence_test;

// ---- cleaning ----------------------------------------------------------------------------------

TEST(AbstinenceCleaning, EachDuplicateRuleDoesWhatItSays) {
  FollowBack records = with_visits();
  records.day("a", 1, 6).day("a", 0, 5).day("a", 1, 2).day("a", 2, 7).day("a", 1, 4);
  oc::AbstinenceRules rules;
  rules.last_record = oc::LastRecord::none;
  rules.gaps = oc::GapFill::uniform;
  rules.duplicates = oc::DuplicateRule::min;
  EXPECT_EQ(show(records.prepare(rules)), "0:5 1:2 2:7");
  rules.duplicates = oc::DuplicateRule::max;
  EXPECT_EQ(show(records.prepare(rules)), "0:5 1:6 2:7");
  rules.duplicates = oc::DuplicateRule::mean;
  EXPECT_EQ(show(records.prepare(rules)), "0:5 1:4 2:7");  // (6 + 2 + 4) / 3
  rules.duplicates = oc::DuplicateRule::keep;
  EXPECT_EQ(show(records.prepare(rules)), "0:5 1:2 1:4 1:6 2:7");
  rules.duplicates = oc::DuplicateRule::drop_all;
  EXPECT_EQ(show(records.prepare(rules)), "0:5 1:6i 2:7");  // day 1 is a hole: (5 + 7) / 2
}

TEST(AbstinenceCleaning, AmountsOnTheBoundAreInside) {
  FollowBack records = with_visits();
  records.days("a", 0, {-1, 0, 40, 41, 3});
  oc::AbstinenceRules rules;
  rules.gaps = oc::GapFill::none;
  rules.outliers = oc::OutlierRule{0, 40, true};
  EXPECT_EQ(show(records.prepare(rules)), "1:0 2:40 4:3");
  rules.outliers->drop = false;
  EXPECT_EQ(show(records.prepare(rules)), "0:0 1:0 2:40 3:40 4:3");
}

TEST(AbstinenceCleaning, DuplicatesAreMergedBeforeOutliersAreJudged) {
  // Mean of 60 and 10 is 35, inside; judged first, 60 would have gone and 10 stayed.
  FollowBack records = with_visits();
  records.day("a", 0, 60).day("a", 0, 10);
  oc::AbstinenceRules rules;
  rules.last_record = oc::LastRecord::none;
  rules.outliers = oc::OutlierRule{0, 40, true};
  EXPECT_EQ(show(records.prepare(rules)), "0:35");
}

TEST(AbstinenceCleaning, SomebodyWhoseRowsAreAllIncompleteIsStillScored) {
  FollowBack records = with_visits();
  records.day("a", 3, std::nullopt).day("a", std::nullopt, 2);
  ombre::Findings findings;
  const auto data = records.prepare({}, findings);
  ASSERT_EQ(data.people(), 1U);
  EXPECT_EQ(show(data), "");
  EXPECT_EQ(findings.count("row_incomplete"), 2U);
  EXPECT_EQ(score(data, continuous("1", "2")), "no");  // nothing known: no, as intended to treat
}

TEST(AbstinenceCleaning, PeopleInOneTableOnlyAreNamedAndNotScored) {
  FollowBack records = with_visits();
  records.days("a", 0, {0}).days("b", 0, {0}).visit("c", "1", 5).bio("d", 0, 9);
  ombre::Findings findings;
  const auto data = records.prepare({}, findings);
  ASSERT_EQ(data.people(), 1U);
  EXPECT_EQ(findings.count("person_only_in_follow_back"), 1U);
  EXPECT_EQ(findings.count("person_only_in_visits"), 1U);
  EXPECT_EQ(findings.count("person_only_in_biochemical"), 1U);
}

TEST(AbstinenceCleaning, PeopleAndVisitsAreOrderedAsNumbersWhereTheyAreNumbers) {
  FollowBack records;
  for (const char* id : {"10", "9", "100"}) {
    records.days(id, 0, {0}).visit(id, "10", 1).visit(id, "9", 0);
  }
  const auto data = records.prepare();
  EXPECT_EQ(data.ids, (std::vector<std::string>{"9", "10", "100"}));
  EXPECT_EQ(data.visits, (std::vector<std::string>{"9", "10"}));
  records.days("x", 0, {0}).visit("x", "9", 0);
  EXPECT_EQ(records.prepare().ids, (std::vector<std::string>{"10", "100", "9", "x"}));
}

// ---- filling days ------------------------------------------------------------------------------

TEST(AbstinenceFilling, GapsAreFilledLinearUniformOrFixed) {
  FollowBack records = with_visits();
  records.day("a", 0, 0).day("a", 4, 10);
  oc::AbstinenceRules rules;
  rules.last_record = oc::LastRecord::none;
  rules.gaps = oc::GapFill::linear;  // 10 / 4 = 2.5 a day
  EXPECT_EQ(show(records.prepare(rules)), "0:0 1:2.5i 2:5i 3:7.5i 4:10");
  rules.gaps = oc::GapFill::uniform;
  EXPECT_EQ(show(records.prepare(rules)), "0:0 1:5i 2:5i 3:5i 4:10");
  rules.gaps = oc::GapFill::fixed;
  rules.gap_amount = 1.5;  // the original refuses fractions
  EXPECT_EQ(show(records.prepare(rules)), "0:0 1:1.5i 2:1.5i 3:1.5i 4:10");
  rules.gaps = oc::GapFill::none;
  EXPECT_EQ(show(records.prepare(rules)), "0:0 4:10");
}

TEST(AbstinenceFilling, TheLastRecordFollowsTheLastDayAndBoundsNoGap) {
  FollowBack records = with_visits();
  records.day("a", 0, 4).day("a", 2, 8);
  oc::AbstinenceRules rules;
  EXPECT_EQ(show(records.prepare(rules)), "0:4 1:6i 2:8 3:8i");
  rules.last_record = oc::LastRecord::fixed;
  rules.last_amount = 0.5;
  EXPECT_EQ(show(records.prepare(rules)), "0:4 1:6i 2:8 3:0.5i");
  rules.last_record = oc::LastRecord::none;
  EXPECT_EQ(show(records.prepare(rules)), "0:4 1:6i 2:8");
}

TEST(AbstinenceFilling, WithoutFillingNothingElseHappensEither) {
  // No last record, no override, although both are asked for.
  FollowBack records = with_visits();
  records.day("a", 0, 0).day("a", 3, 0).bio("a", 0, 99);
  oc::AbstinenceRules rules;
  rules.gaps = oc::GapFill::none;
  rules.biochemical = oc::BiochemicalRule{};
  EXPECT_EQ(show(records.prepare(rules)), "0:0 3:0");
}

TEST(AbstinenceFilling, AGapLongerThanTheLimitCountsAsUse) {
  // Records 3 and 2 days apart; limit 2: only the first gap is too long.
  FollowBack records = with_visits();
  records.day("a", 0, 0).day("a", 3, 0).day("a", 5, 0);
  oc::AbstinenceRules rules;
  rules.last_record = oc::LastRecord::none;
  rules.cutoff = 4;
  rules.gap_limit = 2;
  EXPECT_EQ(show(records.prepare(rules)), "0:0 1:5i 2:5i 3:0 4:0i 5:0");
  rules.gap_limit_rule = oc::GapLimitRule::published;  // a positive limit does nothing there
  EXPECT_EQ(show(records.prepare(rules)), "0:0 1:0i 2:0i 3:0 4:0i 5:0");
  rules.gap_limit = 0;  // and 0 fills every gap with cutoff + 1, in both readings
  EXPECT_EQ(show(records.prepare(rules)), "0:0 1:5i 2:5i 3:0 4:5i 5:0");
  rules.gap_limit_rule = oc::GapLimitRule::documented;
  EXPECT_EQ(show(records.prepare(rules)), "0:0 1:5i 2:5i 3:0 4:5i 5:0");
}

TEST(AbstinenceFilling, AContradictedSelfReportIsOverriddenBeforeGapsAreFilled) {
  // Day 2 says 0 but the breath test lies above 4: it becomes cutoff + 1 = 1, and the gap between
  // day 2 and day 4 (amount 3) is filled from there: 2. Day 0 says 5: nothing to contradict.
  // The last record carries the amount before the override: 3 is not touched here.
  FollowBack records = with_visits();
  records.day("a", 0, 5).day("a", 1, 0).day("a", 2, 0).day("a", 4, 3);
  records.bio("a", 0, 9).bio("a", 1, 4).bio("a", 2, 4.5).bio("a", 3, 50);
  oc::AbstinenceRules rules;
  rules.biochemical = oc::BiochemicalRule{};
  rules.biochemical->cutoff = 4;
  EXPECT_EQ(show(records.prepare(rules)), "0:5 1:0 2:1o 3:2i 4:3 5:3i");
  rules.biochemical->overridden_amount = 7;
  EXPECT_EQ(show(records.prepare(rules)), "0:5 1:0 2:7o 3:5i 4:3 5:3i");
}

TEST(AbstinenceFilling, TheLastRecordCarriesTheAmountBeforeTheOverride) {
  FollowBack records = with_visits();
  records.day("a", 0, 0).bio("a", 0, 9);
  oc::AbstinenceRules rules;
  rules.biochemical = oc::BiochemicalRule{};
  rules.biochemical->cutoff = 4;
  EXPECT_EQ(show(records.prepare(rules)), "0:1o 1:0i");
}

TEST(AbstinenceFilling, AMeasuredAmountSpeaksForTheDaysBeforeIt) {
  // 6 on day 3 with a half-life of one day: 12 on day 2, 24 on day 1; max_days 2 stops there, so
  // day 0 is not contradicted. With a cut-off of 10 the measured 6 proves nothing and is not
  // carried back at all, although 12 and 24 would lie above it.
  FollowBack records = with_visits();
  records.days("a", 0, {0, 0, 0, 0}).bio("a", 3, 6);
  oc::AbstinenceRules rules;
  rules.last_record = oc::LastRecord::none;
  rules.biochemical = oc::BiochemicalRule{};
  rules.biochemical->max_days = 2;
  rules.biochemical->half_life_days = 1;
  rules.biochemical->cutoff = 5;
  EXPECT_EQ(show(records.prepare(rules)), "0:0 1:1o 2:1o 3:1o");
  rules.biochemical->cutoff = 10;
  EXPECT_EQ(show(records.prepare(rules)), "0:0 1:0 2:0 3:0");
}

TEST(AbstinenceFilling, AnExtrapolatedDayThatWasMeasuredIsMergedWithTheMeasurement) {
  // Day 2: measured 1, carried back from day 3 (half-life one day) 6.45 * 2 = 12.9. Their mean
  // 6.95 > 6.4 contradicts day 2, the smaller of the two does not.
  FollowBack records = with_visits();
  records.days("a", 0, {0, 0, 0, 9}).bio("a", 2, 1).bio("a", 3, 6.45);
  oc::AbstinenceRules rules;
  rules.last_record = oc::LastRecord::none;
  rules.biochemical = oc::BiochemicalRule{};
  rules.biochemical->max_days = 1;
  rules.biochemical->cutoff = 6.4;
  EXPECT_EQ(show(records.prepare(rules)), "0:0 1:0 2:1o 3:9");
  rules.biochemical->duplicates = oc::DuplicateRule::min;
  EXPECT_EQ(show(records.prepare(rules)), "0:0 1:0 2:0 3:9");
}

TEST(AbstinenceFilling, TheEarlierRecordHoldsADayThatTwoExtrapolationsReach) {
  // Days 3 (10) and 4 (100), half-life one day, two days back. From day 3: day 2 = 20, day 1 = 40.
  // From day 4: day 3 = 200 (measured there, not extrapolated: added), day 2 is taken.
  // Day 2 is therefore 20, not above 30; day 1 = 40 is.
  FollowBack records = with_visits();
  records.days("a", 1, {0, 0, 5, 5}).bio("a", 4, 100).bio("a", 3, 10);
  oc::AbstinenceRules rules;
  rules.last_record = oc::LastRecord::none;
  rules.biochemical = oc::BiochemicalRule{};
  rules.biochemical->max_days = 2;
  rules.biochemical->cutoff = 9;
  rules.biochemical->outliers = oc::OutlierRule{0, 30, true};  // shows which value stands there
  // Without bounds both days are contradicted (20 > 9, 40 > 9); with them day 1 (40) is dropped.
  EXPECT_EQ(show(records.prepare(rules)), "1:0 2:1o 3:5 4:5");
}

TEST(AbstinenceFilling, RecordsCenturiesApartAreNotFilled) {
  FollowBack records = with_visits();
  records.day("a", 0, 0).day("a", 80'000, 0);
  ombre::Findings findings;
  EXPECT_EQ(show(records.prepare({}, findings)), "0:0 80000:0 80001:0i");
  EXPECT_EQ(findings.count("span_too_long"), 1U);
}

TEST(AbstinenceFilling, TheEndOfTheCalendarIsNoEdgeToFallOver) {
  FollowBack records;
  constexpr auto last = std::numeric_limits<std::int32_t>::max();
  constexpr auto first = std::numeric_limits<std::int32_t>::min();
  records.visit("a", "1", first).visit("a", "2", last);
  records.day("a", first, 0).day("a", last, 0).bio("a", first, 9);
  oc::AbstinenceRules rules;
  rules.including_end = true;
  rules.biochemical = oc::BiochemicalRule{};
  rules.biochemical->max_days = 3;
  const auto data = records.prepare(rules);
  EXPECT_EQ(score(data, continuous("1", "2")), "no lapse -2147483648:1");
  EXPECT_EQ(score(data, point_prevalence(100'000, "1")), "no lapse -2147483648:1");
}

// ---- visits ------------------------------------------------------------------------------------

TEST(AbstinenceVisits, MissingVisitsLieTheUsualDistanceFromTheAnchor) {
  // Distances of visit 2 from visit 1: 10 (a), 12 (b), 12 (c): most often 12; mean 34 / 3 = 11.3,
  // cut to 11. The anchor is visit 1, everybody's earliest.
  FollowBack records;
  records.visit("a", "1", 0).visit("a", "2", 10).visit("b", "1", 5).visit("b", "2", 17);
  records.visit("c", "1", 1).visit("c", "2", 13).visit("d", "1", 100);
  for (const char* id : {"a", "b", "c", "d"}) records.days(id, 0, {0});
  oc::AbstinenceRules rules;
  EXPECT_EQ(show_visits(records.prepare(rules), 3), "1=100 2=112i");
  rules.visits = oc::VisitFill::mean;
  EXPECT_EQ(show_visits(records.prepare(rules), 3), "1=100 2=111i");
  rules.visits = oc::VisitFill::table;
  rules.visit_table = {{"2", 14}};
  EXPECT_EQ(show_visits(records.prepare(rules), 3), "1=100 2=114i");
  EXPECT_EQ(show_visits(records.prepare(rules), 0), "1=0 2=10");  // recorded days stay
  rules.visits = oc::VisitFill::none;
  EXPECT_EQ(show_visits(records.prepare(rules), 3), "1=100 2-");
}

TEST(AbstinenceVisits, ATieGoesToTheDistanceMetFirstInOrderOfPerson) {
  // Person 2 (before 10 as a number) has distance 9, person 10 has 7.
  FollowBack records;
  records.visit("10", "1", 0).visit("10", "2", 7).visit("2", "1", 0).visit("2", "2", 9);
  records.visit("30", "1", 0);
  for (const char* id : {"2", "10", "30"}) records.days(id, 0, {0});
  EXPECT_EQ(show_visits(records.prepare(), 2), "1=0 2=9i");
}

TEST(AbstinenceVisits, AMeanBelowZeroIsCutTowardsZero) {
  // Distances of visit 0 from visit 1: -3 and -4, mean -3.5, cut to -3.
  FollowBack records;
  records.visit("a", "1", 10).visit("a", "0", 7).visit("b", "1", 10).visit("b", "0", 6);
  records.visit("c", "1", 10);
  for (const char* id : {"a", "b", "c"}) records.days(id, 0, {0});
  oc::AbstinenceRules rules;
  rules.visits = oc::VisitFill::mean;
  rules.anchor_visit = "1";
  EXPECT_EQ(show_visits(records.prepare(rules), 2), "0=7i 1=10");
}

TEST(AbstinenceVisits, WithoutTheAnchorNothingCanBePlaced) {
  // The usual first visit is 1 (a and b); c has only visit 2, d none with a day.
  FollowBack records;
  records.visit("a", "1", 0).visit("a", "2", 10).visit("b", "1", 0).visit("b", "2", 10);
  records.visit("c", "2", 30).visit("d", "1", std::nullopt);
  for (const char* id : {"a", "b", "c", "d"}) records.days(id, 0, {0});
  const auto data = records.prepare();
  EXPECT_EQ(show_visits(data, 2), "1=?i 2=30");
  EXPECT_EQ(show_visits(data, 3), "1=?i 2=?i");
  oc::AbstinenceRules rules;
  rules.anchor_visit = "2";
  EXPECT_EQ(show_visits(records.prepare(rules), 2), "1=20i 2=30");
}

TEST(AbstinenceVisits, TheMeanOfTwoDatesIsAWholeDay) {
  // Days 10 and 13: the mean 11.5 is taken as 11 (the original puts the visit at noon). -3 and 0:
  // -1.5 becomes -2, the earlier day, also below zero.
  FollowBack records;
  records.visit("a", "1", -3).visit("a", "1", 0).visit("a", "2", 10).visit("a", "2", 13);
  records.days("a", 0, {0});
  oc::AbstinenceRules rules;
  ombre::Findings findings;
  EXPECT_EQ(show_visits(records.prepare(rules, findings)), "1=-2 2=11");
  EXPECT_EQ(findings.count("visit_mean_rounded"), 2U);
  rules.visit_duplicates = oc::DuplicateRule::min;
  EXPECT_EQ(show_visits(records.prepare(rules)), "1=-3 2=10");
  rules.visit_duplicates = oc::DuplicateRule::max;
  EXPECT_EQ(show_visits(records.prepare(rules)), "1=0 2=13");
  rules.visit_duplicates = oc::DuplicateRule::keep;
  EXPECT_EQ(show_visits(records.prepare(rules)), "1=-3 2=10");
  rules.visit_duplicates = oc::DuplicateRule::drop_all;
  EXPECT_EQ(show_visits(records.prepare(rules)), "1=?i 2=?i");
}

TEST(AbstinenceVisits, PeopleWithoutFollowBackStillCountForTheShifts) {
  // b and c, who have no follow-back, make 12 the usual distance.
  FollowBack records;
  records.visit("a", "1", 0).visit("a", "2", 10).visit("b", "1", 0).visit("b", "2", 12);
  records.visit("c", "1", 0).visit("c", "2", 12).visit("d", "1", 0);
  records.days("a", 0, {0}).days("d", 0, {0});
  const auto data = records.prepare();
  ASSERT_EQ(data.people(), 2U);
  EXPECT_EQ(show_visits(data, 1), "1=0 2=12i");
}

TEST(AbstinenceVisits, RetentionFollowsTheLastAttendedVisit) {
  // a attends 1 and 3, b 1 and 2, c 1 only, d 2 on the day of its 3 (the lower visit counts).
  FollowBack records;
  records.visit("a", "1", 0).visit("a", "3", 20).visit("b", "1", 0).visit("b", "2", 10);
  records.visit("c", "1", 0).visit("d", "2", 15).visit("d", "3", 15);
  for (const char* id : {"a", "b", "c", "d"}) records.days(id, 0, {0});
  const auto rows = records.prepare().retention;
  ASSERT_EQ(rows.size(), 3U);
  // Before visit 2 only c has gone; before visit 3 also b and d.
  EXPECT_EQ(std::make_tuple(rows[0].retained, rows[0].attended), std::make_tuple(4U, 3U));
  EXPECT_EQ(std::make_tuple(rows[1].retained, rows[1].attended), std::make_tuple(3U, 2U));
  EXPECT_EQ(std::make_tuple(rows[2].retained, rows[2].attended), std::make_tuple(1U, 2U));
}

}  // namespace
