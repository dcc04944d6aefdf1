#include "ombre/cohort/survival_rows.hpp"

#include <gtest/gtest.h>

namespace {

using namespace ombre;
using namespace ombre::cohort;

Table trial() {
  Table table{"trial.csv"};
  EXPECT_TRUE(table.add({"time", {5, 8, 2, 9}}));
  EXPECT_TRUE(table.add({"status", {1, 0, 1, 1}}));
  EXPECT_TRUE(table.add({"entry", {0, 1, 0, 2}}));
  EXPECT_TRUE(table.add({"age", {30, 0, 50, 60}, {0, 1, 0, 0}}));
  EXPECT_TRUE(table.add({"site", {1, 2, 3, 1}}));
  const std::vector<std::string> arms{"usual", "new", "new", "usual"};
  EXPECT_TRUE(table.add(factor_column("arm", arms)));
  return table;
}

std::string refusal(const Table& table, const Roles& roles, const RowPolicy& policy = {}) {
  Findings findings;
  const auto rows = survival_rows(table, roles, policy, findings);
  return rows ? "accepted" : describe(rows.error());
}

TEST(SurvivalRows, ARowThatLacksAValueIsLeftOutAndNamed) {
  const Table table = trial();
  Findings findings;
  Roles roles{.time = "time", .status = "status", .group = {"arm"}, .x = {"age"}};
  const auto rows = survival_rows(table, roles, {}, findings);
  ASSERT_TRUE(rows) << describe(rows.error());
  EXPECT_EQ(rows->row, (std::vector<std::size_t>{0, 2, 3}));
  EXPECT_EQ(rows->time, (std::vector<double>{5, 2, 9}));
  EXPECT_EQ(rows->group.levels, (std::vector<std::string>{"new", "usual"}));
  EXPECT_EQ(rows->group.code, (std::vector<std::uint32_t>{1, 0, 1}));
  ASSERT_EQ(findings.count("missing_value"), 1U);
  EXPECT_EQ(findings.stored()[0].row, 3U);  // line of the file
  EXPECT_EQ(findings.stored()[0].field, "age");
  EXPECT_NE(refusal(table, roles, {.missing = MissingRows::refuse}).find("line 3, age"),
            std::string::npos);
  roles.x.clear();
  EXPECT_EQ(survival_rows(table, roles, {}, findings)->size(), 4U);
}

TEST(SurvivalRows, WhatCannotBeIsRefusedWithLineAndColumn) {
  Table table{"trial.csv"};
  ASSERT_TRUE(table.add({"time", {5, -8}}));
  ASSERT_TRUE(table.add({"good", {5, 8}}));
  ASSERT_TRUE(table.add({"status", {1, 0}}));
  ASSERT_TRUE(table.add({"odd", {1, 2}}));
  ASSERT_TRUE(table.add({"late", {0, 8}}));
  ASSERT_TRUE(table.add({"weight", {1, -0.5}}));
  EXPECT_EQ(refusal(table, {.time = "time", .status = "status"}),
            "trial.csv, line 3, time = \"-8\": must be 0 or more");
  EXPECT_NE(refusal(table, {.time = "good", .status = "odd"}).find("line 3, odd = \"2\""),
            std::string::npos);
  EXPECT_NE(refusal(table, {.time = "good", .status = "status", .entry = "late"})
                .find("line 3, late = \"8\": must be before the end of follow-up (good = 8)"),
            std::string::npos);
  EXPECT_NE(refusal(table, {.time = "good", .status = "status", .weight = "weight"})
                .find("line 3, weight = \"-0.5\""),
            std::string::npos);
  EXPECT_NE(refusal(table, {.time = "good"}).find("status"), std::string::npos);
}

TEST(SurvivalRows, TheCodeOfTheEventCanBeNamed) {
  Table table;
  ASSERT_TRUE(table.add({"time", {5, 8, 9}}));
  ASSERT_TRUE(table.add({"cause", {1, 2, 0}}));
  const std::vector<std::string> words{"left", "relapse", "relapse"};
  ASSERT_TRUE(table.add(factor_column("how", words)));
  Findings findings;
  EXPECT_EQ(survival_rows(table, {.time = "time", .status = "cause"}, {.event_code = "2"}, findings)
                ->event,
            (std::vector<std::uint8_t>{0, 1, 0}));
  EXPECT_EQ(
      survival_rows(table, {.time = "time", .status = "how"}, {.event_code = "relapse"}, findings)
          ->event,
      (std::vector<std::uint8_t>{0, 1, 1}));
  EXPECT_TRUE(findings.empty());
  EXPECT_EQ(survival_rows(table, {.time = "time", .status = "cause"}, {.event_code = "7"}, findings)
                ->event,
            (std::vector<std::uint8_t>{0, 0, 0}));
  EXPECT_EQ(findings.count("event_code_never_occurs"), 1U);
}

TEST(SurvivalRows, OverlappingIntervalsOfOnePersonAreFound) {
  Table table;
  ASSERT_TRUE(table.add({"id", {1, 1, 2}}));
  ASSERT_TRUE(table.add({"entry", {0, 4, 0}}));
  ASSERT_TRUE(table.add({"time", {5, 8, 9}}));
  ASSERT_TRUE(table.add({"status", {0, 1, 0}}));
  ASSERT_TRUE(table.add({"kind", {1, 2, 1}}));
  Findings findings;
  Roles roles{.time = "time", .status = "status", .entry = "entry", .id = "id"};
  ASSERT_TRUE(survival_rows(table, roles, {}, findings));
  EXPECT_EQ(findings.count("overlapping_intervals"), 1U);
  EXPECT_EQ(findings.stored()[0].row, 1U);
  Findings by_kind;
  roles.strata = {"kind"};
  ASSERT_TRUE(survival_rows(table, roles, {}, by_kind));
  EXPECT_TRUE(by_kind.empty());
}

// Rows of one id in strata of their own (Wei, Lin & Weissfeld) all begin at 0 and are meant to.
TEST(SurvivalRows, SeveralRowsOfOnePersonWithoutEntryAreFound) {
  Table table;
  ASSERT_TRUE(table.add({"id", {1, 2, 1, 1}}));
  ASSERT_TRUE(table.add({"time", {5, 8, 9, 10}}));
  ASSERT_TRUE(table.add({"status", {0, 1, 0, 1}}));
  ASSERT_TRUE(table.add({"kind", {1, 1, 2, 3}}));
  Findings findings;
  Roles roles{.time = "time", .status = "status", .id = "id"};
  ASSERT_TRUE(survival_rows(table, roles, {}, findings));
  ASSERT_EQ(findings.count("overlapping_rows_without_entry"), 1U);
  EXPECT_EQ(findings.stored()[0].person, "1");
  EXPECT_EQ(findings.stored()[0].row, 2U);
  EXPECT_NE(findings.stored()[0].text.find("has 3 rows"), std::string::npos);
  Findings by_kind;
  roles.strata = {"kind"};
  ASSERT_TRUE(survival_rows(table, roles, {}, by_kind));
  EXPECT_TRUE(by_kind.empty());
}

TEST(SurvivalRows, CombinationsOfColumnsAreNamedByColumnAndValue) {
  Table table;
  ASSERT_TRUE(table.add({"sex", {2, 1, 1}}));
  const std::vector<std::string> words{"b", "a", "b"};
  ASSERT_TRUE(table.add(factor_column("site", words)));
  const std::vector<std::string> columns{"sex", "site"};
  const std::vector<std::size_t> rows{0, 1, 2};
  const auto made = grouping(table, columns, rows, "group");
  ASSERT_TRUE(made);
  EXPECT_EQ(made->levels,
            (std::vector<std::string>{"sex=1, site=a", "sex=1, site=b", "sex=2, site=b"}));
}

TEST(Design, NamesThatAreNoPlainWordsStandInBackticks) {
  Table table;
  ASSERT_TRUE(table.add({"dose (mg)", {1, 2, 4}}));
  ASSERT_TRUE(table.add({"a:b", {1, 2, 1}}));
  const std::vector<std::string> terms{"`dose (mg)`", "factor(`a:b`)", "`dose (mg)`:`a:b`"};
  EXPECT_EQ(*columns_of_terms(terms), (std::vector<std::string>{"dose (mg)", "a:b"}));
  const std::vector<std::size_t> rows{0, 1, 2};
  const auto x = design(table, terms, rows);
  ASSERT_TRUE(x) << describe(x.error());
  EXPECT_EQ(x->columns,
            (std::vector<std::string>{"`dose (mg)`", "factor(`a:b`)2", "`dose (mg)`:`a:b`"}));
  EXPECT_EQ(x->values, (std::vector<double>{1, 2, 4, 0, 1, 0, 1, 4, 4}));
  const std::vector<std::string> bare{"dose (mg)"};
  const auto refused = columns_of_terms(bare);
  ASSERT_FALSE(refused);
  EXPECT_NE(describe(refused.error()).find("backticks"), std::string::npos);
  for (const char* odd : {"`", "``", "`a", "a`b", "`a`:", "factor(`a)"}) {
    const std::vector<std::string> one{odd};
    EXPECT_FALSE(columns_of_terms(one)) << odd;
  }
}

TEST(Design, FactorsAndProductsFollowTreatmentContrasts) {
  const Table table = trial();
  const std::vector<std::size_t> rows{0, 2, 3};
  const std::vector<std::string> terms{"arm:age", "age", "arm", "factor(site)"};
  const auto x = design(table, terms, rows);
  ASSERT_TRUE(x) << describe(x.error());
  EXPECT_EQ(x->columns,
            (std::vector<std::string>{"age", "armusual", "factor(site)3", "armusual:age"}));
  EXPECT_EQ(x->terms, (std::vector<std::string>{"age", "arm", "factor(site)", "arm:age"}));
  EXPECT_EQ(x->values, (std::vector<double>{30, 50, 60, 1, 0, 1, 0, 1, 0, 30, 0, 60}));
  // Without the main effect of age, every level of arm has its own slope, as R's model.matrix does.
  const auto slopes = design(table, std::vector<std::string>{"arm", "arm:age"}, rows);
  EXPECT_EQ(slopes->columns, (std::vector<std::string>{"armusual", "armnew:age", "armusual:age"}));
}

TEST(Design, TermsThatCannotBeReadAreRefused) {
  const Table table = trial();
  const std::vector<std::size_t> rows{0, 2};
  for (const char* term : {"", "age:", "factor(site", "age:age", "log(age)", "a*b", "factor()"}) {
    EXPECT_FALSE(design(table, std::vector<std::string>{term}, rows)) << term;
  }
  EXPECT_EQ(design(table, std::vector<std::string>{"age", "factor(age)"}, rows).error().code,
            Errc::duplicate);
  EXPECT_EQ(design(table, std::vector<std::string>{"agee"}, rows).error().code, Errc::missing);
}

}  // namespace
