#include "ombre/outcomes/situation_changes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace ombre::outcomes {
namespace {

Date day(std::string_view iso) { return *Date::parse(iso); }

context::FactorEntry entry(std::string factor, bool value, std::string_view on) {
  context::FactorEntry e;
  e.factor = std::move(factor);
  e.value = value;
  if (!on.empty()) e.on = day(on);
  return e;
}

// A factor that raises harm and one that lowers it, whatever the catalogue holds.
std::string some_factor(const context::Catalogue& catalogue, context::Direction direction) {
  for (const auto& f : catalogue.factors()) {
    if (f.direction == direction && f.kind == context::ValueKind::yes_no) return std::string{f.id};
  }
  return {};
}

TEST(SituationChanges, ABurdenThatCameAndAHelpThatWentAreBothBurdens) {
  const context::Catalogue catalogue;
  const std::string burden = some_factor(catalogue, context::Direction::raises);
  const std::string help = some_factor(catalogue, context::Direction::lowers);
  context::Situation before;
  before.on = day("2026-01-01");
  before.factors = {entry(burden, false, ""), entry(help, true, "")};
  context::Situation after;
  after.on = day("2026-02-01");
  after.factors = {entry(burden, true, "2026-01-20"), entry(help, false, "")};
  const std::vector<context::Situation> both{before, after};
  const auto changes = factor_changes(both, catalogue);
  ASSERT_TRUE(changes);
  // The help was first heard of in January; then two changes.
  ASSERT_EQ(changes->size(), 3U);
  EXPECT_EQ((*changes)[0].on, day("2026-01-01"));
  EXPECT_EQ((*changes)[0].burden, false);
  EXPECT_EQ((*changes)[1].on, day("2026-01-20"));
  EXPECT_EQ((*changes)[1].burden, true);
  EXPECT_EQ((*changes)[2].on, day("2026-02-01"));
  EXPECT_EQ((*changes)[2].burden, true);
  EXPECT_TRUE((*changes)[2].what.starts_with("no longer: "));
}

TEST(SituationChanges, WhatStaysTheSameOrHasNoDateOrIsNotKnownIsNoChange) {
  const context::Catalogue catalogue;
  const std::string burden = some_factor(catalogue, context::Direction::raises);
  context::Situation s;
  s.factors = {entry(burden, true, "")};
  EXPECT_TRUE(factor_changes(std::vector{s}, catalogue)->empty());
  s.factors = {entry(burden, false, "2026-01-01"), entry(burden, false, "2026-02-01")};
  EXPECT_TRUE(factor_changes(std::vector{s}, catalogue)->empty());
  context::FactorEntry unknown;
  unknown.factor = burden;
  unknown.on = day("2026-01-01");
  s.factors = {unknown};
  EXPECT_TRUE(factor_changes(std::vector{s}, catalogue)->empty());
}

TEST(SituationChanges, OrderOfEntriesDoesNotMatterAndUnknownFactorsAreErrors) {
  const context::Catalogue catalogue;
  const std::string burden = some_factor(catalogue, context::Direction::raises);
  context::Situation s;
  s.factors = {entry(burden, true, "2026-03-01"), entry(burden, false, "2026-01-01"),
               entry(burden, false, "2026-04-01")};
  auto turned = s;
  std::ranges::reverse(turned.factors);
  EXPECT_EQ(*factor_changes(std::vector{s}, catalogue),
            *factor_changes(std::vector{turned}, catalogue));
  EXPECT_EQ(factor_changes(std::vector{s}, catalogue)->size(), 2U);
  s.factors = {entry("no_such_factor", true, "2026-01-01")};
  EXPECT_EQ(factor_changes(std::vector{s}, catalogue).error().code, Errc::unknown_name);
}

// ---- route risk and use alone
// --------------------------------------------------------------------

context::Situation seen(std::string_view on, std::vector<context::UsedSubstance> substances,
                        std::optional<bool> alone = std::nullopt) {
  context::Situation s;
  s.on = day(on);
  s.substances = std::move(substances);
  if (alone) s.factors = {entry("uses_alone", *alone, "")};
  return s;
}
context::UsedSubstance taken(std::string name, context::Route route) {
  context::UsedSubstance u;
  u.name = std::move(name);
  u.route = route;
  return u;
}
using context::Route;

TEST(SituationMeasures, ASaferRouteAndCompanyAreBothBetterWithTheirDates) {
  const std::vector<context::Situation> both{
      seen("2026-03-01", {taken("heroin", Route::smoked)}, false),
      seen("2026-01-05", {taken("heroin", Route::injected)}, true)};
  const auto m = situation_measures(both, day("2026-01-31"), day("2026-03-02"));
  ASSERT_EQ(m.size(), 2U);
  const auto change = plans::compare(m);
  ASSERT_TRUE(change) << describe(change.error());
  EXPECT_EQ(change->axes[0].direction, plans::Direction::improved);
  EXPECT_EQ(change->axes[1].direction, plans::Direction::improved);
  const auto says = plans::describe(*change);
  EXPECT_EQ(says[0],
            "Better: how heroin is taken, from injected (2026-01-05) to smoked (2026-03-01).");
  EXPECT_EQ(says[1], "Better: using alone, from yes (2026-01-05) to no (2026-03-01).");
}

TEST(SituationMeasures, WhatWasKnownOnlyOnceIsNotKnownOnTheOtherSide) {
  const std::vector<context::Situation> both{
      seen("2026-01-05", {taken("heroin", Route::not_stated)}, true),
      seen("2026-03-01", {taken("heroin", Route::injected)})};
  const auto m = situation_measures(both, day("2026-01-31"), day("2026-03-02"));
  ASSERT_EQ(m.size(), 2U);
  EXPECT_TRUE(m[0].before);  // the first thing known of all
  EXPECT_FALSE(m[0].after);
  EXPECT_TRUE(m[1].before);
  EXPECT_FALSE(m[1].after);
  const auto change = plans::compare(m);
  EXPECT_EQ(change->count(plans::Direction::not_known), 2U);
}

TEST(SituationMeasures, ASubstanceThatIsNotListedIsNotUsedOnlyWhereNothingElseIs) {
  std::vector<context::Situation> both{seen("2026-01-05", {taken("heroin", Route::injected)}),
                                       seen("2026-03-01", {})};
  EXPECT_FALSE(situation_measures(both, day("2026-01-31"), day("2026-03-02"))[0].after);
  both[1].nothing_else = true;
  const auto m = situation_measures(both, day("2026-01-31"), day("2026-03-02"));
  EXPECT_EQ(m[0].after, 0.0);
  EXPECT_EQ(m[0].words->after, "not used (2026-03-01)");
}

TEST(SituationMeasures, OfSeveralWaysTheRiskiestCountsAndAnUnclearOneLeavesItOpen) {
  const std::vector<context::Situation> both{
      seen("2026-01-05", {taken("heroin", Route::smoked), taken("heroin", Route::injected)}),
      seen("2026-03-01", {taken("Heroin", Route::smoked), taken("heroin", Route::not_stated)})};
  const auto m = situation_measures(both, day("2026-01-31"), day("2026-03-02"));
  ASSERT_EQ(m.size(), 1U);  // one substance, whatever its spelling
  EXPECT_EQ(m[0].before, 4.0);
  EXPECT_FALSE(m[0].after);
  EXPECT_TRUE(situation_measures({}, day("2026-01-31"), day("2026-03-02")).empty());
}

TEST(SituationMeasures, TheOrderOfSituationsDoesNotMatterAndLaterThanTodayIsNotLookedAt) {
  std::vector<context::Situation> all{
      seen("2026-01-05", {taken("heroin", Route::injected)}, true),
      seen("2026-01-20", {taken("heroin", Route::snorted)}, false),
      seen("2026-02-20", {taken("heroin", Route::smoked)}, true),
      seen("2026-05-01", {taken("heroin", Route::injected)}, false)};
  const auto m = situation_measures(all, day("2026-01-31"), day("2026-03-02"));
  EXPECT_EQ(m[0].before, 2.0);  // the last one up to the end of January
  EXPECT_EQ(m[0].after, 3.0);   // the last one up to today
  std::ranges::reverse(all);
  EXPECT_EQ(situation_measures(all, day("2026-01-31"), day("2026-03-02")), m);
}

}  // namespace
}  // namespace ombre::outcomes
