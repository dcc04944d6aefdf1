#include "ombre/cohort/cox.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace ombre::test {
namespace {

using cohort::CoxSpec;
using cohort::Table;

Table table_of(std::vector<std::pair<std::string, std::vector<double>>> columns) {
  Table table;
  for (auto& [name, values] : columns) {
    cohort::Column column;
    column.name = name;
    column.values = std::move(values);
    EXPECT_TRUE(table.add(std::move(column)));
  }
  return table;
}

Table eight_people() {
  return table_of({{"t", {1, 2, 3, 4, 5, 6, 7, 8}},
                   {"d", {1, 0, 1, 1, 0, 1, 1, 0}},
                   {"x", {0, 1, 1, 0, 2, 1, 0, 1}},
                   {"twice", {1, 3, 3, 1, 5, 3, 1, 3}},
                   {"w", {1, 2, 0, 1, 1, 0.5, 1, 1}},
                   {"a", {0, 0, 1, 1, 2, 2, 3, 3}},
                   {"n", {1, 2, 3, 1, 2, 3, 4, 5}}});
}

CoxSpec spec_of(std::vector<std::string> x) {
  CoxSpec spec;
  spec.roles.time = "t";
  spec.roles.status = "d";
  spec.roles.x = std::move(x);
  return spec;
}

std::string text_of(const Findings& findings, std::string_view rule) {
  for (const Finding& finding : findings.stored()) {
    if (finding.rule == rule) return finding.field + ": " + finding.text;
  }
  return {};
}

TEST(CoxAnalysis, ACombinationIsWrittenOut) {
  Findings findings;
  const auto a = cox_analysis(eight_people(), spec_of({"x", "twice"}), findings);
  ASSERT_TRUE(a) << describe(a.error());
  EXPECT_EQ(a->fit.df, 1U);
  EXPECT_NE(text_of(findings, "collinear_column").find("twice: "), std::string::npos);
  EXPECT_NE(text_of(findings, "collinear_column").find("+ 2 x"), std::string::npos)
      << text_of(findings, "collinear_column");
}

TEST(CoxAnalysis, RowsWithoutWeightAreLeftOutByName) {
  Findings findings;
  CoxSpec spec = spec_of({"x"});
  spec.roles.weight = "w";
  const auto a = cox_analysis(eight_people(), spec, findings);
  ASSERT_TRUE(a) << describe(a.error());
  EXPECT_EQ(a->fit.n, 7U);
  EXPECT_EQ(a->rows.x.values.size(), 7U);
  EXPECT_EQ(findings.count("zero_weight"), 1U);
  EXPECT_FALSE(a->fit.robust);  // weights alone do not switch the errors
}

TEST(CoxAnalysis, GapTimeIsTimeSinceEntry) {
  Findings findings;
  CoxSpec spec = spec_of({"x"});
  spec.roles.entry = "a";
  spec.gap_time = true;
  const auto a = cox_analysis(eight_people(), spec, findings);
  ASSERT_TRUE(a) << describe(a.error());
  EXPECT_EQ(a->rows.time, (std::vector<double>{1, 2, 2, 3, 3, 4, 4, 5}));
  EXPECT_TRUE(a->rows.entry.empty());
  spec.roles.entry.clear();
  const auto refused = cox_analysis(eight_people(), spec, findings);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().field, "entry");
}

TEST(CoxAnalysis, StrataAboveTheCapAreOne) {
  Findings findings;
  CoxSpec spec = spec_of({"x"});
  spec.roles.strata = {"n"};
  spec.strata_cap = 3;
  const auto a = cox_analysis(eight_people(), spec, findings);
  ASSERT_TRUE(a) << describe(a.error());
  EXPECT_EQ(a->data.strata(), 3U);
  EXPECT_EQ(a->rows.strata.levels.back(), "3");
  spec.roles.strata.clear();
  EXPECT_FALSE(cox_analysis(eight_people(), spec, findings));
}

TEST(CoxAnalysis, OneCauseOfSeveralIsChosenByItsCode) {
  Findings findings;
  Table table =
      table_of({{"t", {1, 2, 3, 4, 5, 6}}, {"d", {1, 2, 0, 2, 1, 2}}, {"x", {0, 1, 0, 1, 1, 0}}});
  CoxSpec spec = spec_of({"x"});
  EXPECT_FALSE(cox_analysis(table, spec, findings));  // 2 is no event code of its own accord
  spec.policy.event_code = "2";
  const auto a = cox_analysis(table, spec, findings);
  ASSERT_TRUE(a) << describe(a.error());
  EXPECT_EQ(a->fit.events, 3U);
}

// Everybody with x = 1 has the event before anybody else: without a penalty the climb may leave
// the numbers. What is given back is finite, or not there and told of.
TEST(CoxPathAnalysis, APenaltyOfNothingForSeparatedGroupsGivesNumbersOrSaysWhyNot) {
  const Table table = table_of({{"t", {1, 2, 3, 4, 5}},
                                {"d", {1, 1, 0, 0, 0}},
                                {"x", {1, 1, 0, 0, 0}},
                                {"z", {0, 1, 1, 0, 1}}});
  cohort::CoxPathSpec path;
  path.lambda = {0.1, 0};
  Findings findings;
  const auto a = cox_path_analysis(table, spec_of({"x", "z"}), path, findings);
  ASSERT_TRUE(a) << describe(a.error());
  ASSERT_FALSE(a->path.points.empty());
  for (const stats::CoxPathPoint& point : a->path.points) {
    for (const double b : point.coef) EXPECT_TRUE(std::isfinite(b));
    EXPECT_TRUE(std::isfinite(point.objective));
  }
  EXPECT_EQ(a->path.points.size() + findings.count("infinite_coefficient"), 2U);
}

}  // namespace
}  // namespace ombre::test
