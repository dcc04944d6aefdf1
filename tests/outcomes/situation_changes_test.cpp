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

}  // namespace
}  // namespace ombre::outcomes
