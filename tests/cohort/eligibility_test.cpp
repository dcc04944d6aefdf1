// Who is in an analysis, and with whom others are compared.
#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "ombre/cohort/cox.hpp"
#include "ombre/cohort/survival_rows.hpp"
#include "ombre/cohort/table_operations.hpp"

namespace {

using namespace ombre;
using namespace ombre::cohort;

Table people() {
  Table table{"t.csv"};
  EXPECT_TRUE(table.add({"time", {3, 5, 2, 8, 6, 9}}));
  EXPECT_TRUE(table.add({"event", {1, 0, 1, 1, 1, 0}}));
  EXPECT_TRUE(table.add({"age", {17, 18, 30, 0, 44, 65}, {0, 0, 0, 1, 0, 0}}));
  EXPECT_TRUE(
      table.add(factor_column("arm", std::vector<std::string>{"b", "a", "b", "a", "c", "c"})));
  return table;
}

TEST(Conditions, AreReadAndWrittenBack) {
  struct Case {
    const char* text;
    const char* column;
    Compare compare;
    const char* value;
    const char* back;
  };
  for (const Case& c : {Case{"arm=a", "arm", Compare::equal, "a", "arm=a"},
                        Case{"arm==a", "arm", Compare::equal, "a", "arm=a"},
                        Case{" age >= 18 ", "age", Compare::at_least, "18", "age>=18"},
                        Case{"age<18", "age", Compare::below, "18", "age<18"},
                        Case{"age<=18", "age", Compare::at_most, "18", "age<=18"},
                        Case{"age>1e2", "age", Compare::above, "1e2", "age>1e2"},
                        Case{"arm!=a=b", "arm", Compare::not_equal, "a=b", "arm!=a=b"},
                        Case{"arm=", "arm", Compare::equal, "", "arm="},
                        Case{"`dose>5`!=no", "dose>5", Compare::not_equal, "no", "`dose>5`!=no"}}) {
    const auto read = condition_of(c.text);
    ASSERT_TRUE(read) << c.text << ": " << describe(read.error());
    EXPECT_EQ(read->column, c.column) << c.text;
    EXPECT_EQ(read->compare, c.compare) << c.text;
    EXPECT_EQ(read->value, c.value) << c.text;
    EXPECT_EQ(text_of(*read), c.back);
  }
  for (const char* bad : {"", "age", ">=18", "=", "`age>18", "`age`x>18", "age!18"}) {
    EXPECT_EQ(condition_of(bad).error().code, Errc::malformed) << bad;
  }
}

TEST(Conditions, KeepRowsWithTheirLinesAndTellWhatIsNotKnown) {
  Findings findings;
  const auto adults = rows_where(people(), *condition_of("age>=18"), findings);
  ASSERT_TRUE(adults) << describe(adults.error());
  ASSERT_EQ(adults->rows(), 4U);
  EXPECT_EQ(adults->row_name(0), 3U);
  EXPECT_EQ(adults->row_name(3), 7U);
  ASSERT_EQ(findings.count("eligibility_unknown"), 1U);
  EXPECT_EQ(findings.stored()[0].row, 5U);
  EXPECT_EQ(findings.stored()[0].field, "age");
  EXPECT_NE(findings.stored()[0].text.find("age>=18 is not known"), std::string::npos);
}

TEST(Conditions, OfEitherKindShareTheRowsBetweenThemAndTheUnknown) {
  for (unsigned seed = 0; seed < 100; ++seed) {
    std::mt19937 random{seed};
    Column x{"x"};
    for (int i = 0; i < 30; ++i) {
      const bool hole = random() % 7 == 0;
      x.values.push_back(hole ? 0.0 : static_cast<double>(random() % 5));
      x.missing.push_back(hole ? 1 : 0);
    }
    Table table;
    ASSERT_TRUE(table.add(x));
    const std::string limit = std::to_string(random() % 5);
    const auto count = [&](const char* sign) {
      Findings findings;
      const auto some = rows_where(table, *condition_of("x" + std::string{sign} + limit), findings);
      EXPECT_TRUE(some);
      return std::pair{some->rows(),
                       static_cast<std::size_t>(findings.count("eligibility_unknown"))};
    };
    const std::size_t unknown = count("=").second;
    EXPECT_EQ(count("<").first + count(">=").first + unknown, 30U) << seed;
    EXPECT_EQ(count("<=").first + count(">").first + unknown, 30U) << seed;
    EXPECT_EQ(count("=").first + count("!=").first + unknown, 30U) << seed;
    EXPECT_EQ(count("<").first + count("=").first, count("<=").first) << seed;
  }
}

TEST(Conditions, BySizeNeedNumbersAndNameTheCellThatIsNone) {
  Findings findings;
  const auto words = rows_where(people(), *condition_of("arm>1"), findings);
  ASSERT_FALSE(words);
  EXPECT_EQ(describe(words.error()).rfind("t.csv, line 2, arm = \"b\"", 0), 0U)
      << describe(words.error());
  EXPECT_EQ(rows_where(people(), *condition_of("age>old"), findings).error().code, Errc::malformed);
  EXPECT_EQ(rows_where(people(), *condition_of("agee>1"), findings).error().code, Errc::missing);
}

TEST(References, StandFirstAmongGroupsAndHaveNoColumn) {
  Table table = people();
  ASSERT_TRUE(table.set_reference("arm", "c"));
  const std::vector<std::size_t> rows{0, 1, 2, 3, 4, 5};
  const std::vector<std::string> by{"arm"};
  const auto groups = grouping(table, by, rows, "group");
  ASSERT_TRUE(groups);
  EXPECT_EQ(groups->levels, (std::vector<std::string>{"c", "a", "b"}));
  EXPECT_EQ(groups->code, (std::vector<std::uint32_t>{2, 1, 2, 1, 0, 0}));
  EXPECT_EQ(grouping(table, by, rows, "strata")->levels, (std::vector<std::string>{"a", "b", "c"}));
  const auto x = design(table, by, rows);
  ASSERT_TRUE(x);
  EXPECT_EQ(x->columns, (std::vector<std::string>{"arma", "armb"}));
  EXPECT_EQ(x->references, (std::vector<std::string>{"c"}));
  EXPECT_EQ(x->values, (std::vector<double>{0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 0, 0}));
  // Among combinations it is its own column that counts.
  ASSERT_TRUE(table.set_reference("event", "1.0"));
  const std::vector<std::string> both{"event", "arm"};
  EXPECT_EQ(grouping(table, both, rows, "group")->levels.front(), "event=1, arm=c");
  const auto factor = design(table, std::vector<std::string>{"factor(event)"}, rows);
  ASSERT_TRUE(factor);
  EXPECT_EQ(factor->columns, (std::vector<std::string>{"factor(event)0"}));
}

TEST(References, ThatCannotBeAreRefused) {
  Table table = people();
  const auto unknown = table.set_reference("arm", "d");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, Errc::unknown_name);
  EXPECT_NE(unknown.error().rule.find("there are a, b, c"), std::string::npos);
  EXPECT_EQ(table.set_reference("armm", "a").error().code, Errc::missing);
  ASSERT_TRUE(table.set_reference("arm", "c"));
  const std::vector<std::string> arm{"arm"};
  const std::vector<std::size_t> first{0, 1, 2, 3};
  EXPECT_EQ(design(table, arm, first).error().code, Errc::contradiction) << "no row has it";
  EXPECT_EQ(grouping(table, arm, first, "group").error().code, Errc::contradiction);
  ASSERT_TRUE(table.set_reference("time", "3"));
  EXPECT_EQ(design(table, std::vector<std::string>{"time"}, first).error().code,
            Errc::contradiction);
}

// exp(b) of two arms is turned round with its interval, and the likelihood does not care.
TEST(References, TurnAHazardRatioRound) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    std::mt19937 random{seed};
    std::vector<std::string> arm;
    Table table;
    Column time{"time"};
    Column event{"event"};
    for (int i = 0; i < 60; ++i) {
      time.values.push_back(static_cast<double>(1 + random() % 90));
      event.values.push_back(random() % 3 == 0 ? 0 : 1);
      arm.push_back(i % 2 == 0 ? "a" : "b");
    }
    ASSERT_TRUE(table.add(time));
    ASSERT_TRUE(table.add(event));
    ASSERT_TRUE(table.add(factor_column("arm", arm)));
    CoxSpec spec;
    spec.roles = {.time = "time", .status = "event", .x = {"arm"}};
    Findings findings;
    const auto b = cox_analysis(table, spec, findings);
    ASSERT_TRUE(b);
    ASSERT_TRUE(table.set_reference("arm", "b"));
    const auto a = cox_analysis(table, spec, findings);
    ASSERT_TRUE(a);
    EXPECT_NEAR(a->fit.coef[0], -b->fit.coef[0], 1e-10) << seed;
    EXPECT_NEAR(a->fit.variance[0], b->fit.variance[0], 1e-12) << seed;
    EXPECT_NEAR(a->fit.loglik, b->fit.loglik, 1e-10) << seed;
    EXPECT_EQ(a->rows.x.columns[0], "arma");
  }
}

TEST(Covariates, OfNumbersWithAStrayWordAreRefusedAndTheCellIsNamed) {
  Table table{"t.csv"};
  ASSERT_TRUE(table.add({"time", {3, 5, 2, 8}}));
  ASSERT_TRUE(table.add({"event", {1, 0, 1, 1}}));
  ASSERT_TRUE(table.add(factor_column("age", std::vector<std::string>{"30", "41", "3o", "52"})));
  Roles roles{.time = "time", .status = "event", .x = {"age"}};
  Findings findings;
  const auto refused = survival_rows(table, roles, {}, findings);
  ASSERT_FALSE(refused);
  EXPECT_EQ(describe(refused.error()).rfind("t.csv, line 4, age = \"3o\": must be a number", 0), 0U)
      << describe(refused.error());
  roles.x = {"factor(age)"};
  EXPECT_TRUE(survival_rows(table, roles, {}, findings)) << "where categories are meant";
  // Half of them words: categories.
  ASSERT_TRUE(table.add(factor_column("dose", std::vector<std::string>{"5", "10", "low", "high"})));
  roles.x = {"dose"};
  EXPECT_TRUE(survival_rows(table, roles, {}, findings));
}

TEST(Weights, OfZeroAreToldByLineAndColumn) {
  Table table = people();
  ASSERT_TRUE(table.add({"w", {1, 0, 1, 1, 0, 1}}));
  Findings findings;
  const auto rows =
      survival_rows(table, {.time = "time", .status = "event", .weight = "w"}, {}, findings);
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->size(), 6U);
  ASSERT_EQ(findings.count("zero_weight"), 2U);
  EXPECT_EQ(findings.stored()[0].row, 3U);
  EXPECT_EQ(findings.stored()[0].field, "w");
}

TEST(Models, OfMoreCoefficientsThanEventsSaySo) {
  Table table{"t.csv"};
  ASSERT_TRUE(table.add({"time", {3, 5, 2, 8}}));
  ASSERT_TRUE(table.add({"event", {1, 0, 1, 0}}));
  ASSERT_TRUE(table.add({"x", {1, 4, 2, 2}}));
  ASSERT_TRUE(table.add({"y", {3, 1, 2, 5}}));
  ASSERT_TRUE(table.add({"site", {7, 7, 7, 8}}));
  CoxSpec spec;
  spec.roles = {.time = "time", .status = "event", .strata = {"site"}, .x = {"x", "y"}};
  Findings findings;
  ASSERT_TRUE(cox_analysis(table, spec, findings));
  EXPECT_EQ(findings.count("too_few_events"), 1U);
  ASSERT_EQ(findings.count("no_events_in_stratum"), 1U);
  for (const Finding& finding : findings.stored()) {
    if (finding.rule != "no_events_in_stratum") continue;
    EXPECT_EQ(finding.field, "site");
    EXPECT_EQ(finding.value, "8");
  }
}

// Whoever is in the model is coded as there, whatever the terms and whichever the reference.
TEST(PeopleOfAModel, AreCodedAsItsOwnRows) {
  for (unsigned seed = 0; seed < 40; ++seed) {
    std::mt19937 random{seed};
    Table table{"t.csv"};
    Column age{"age"};
    Column site{"site"};
    std::vector<std::string> arm;
    for (int i = 0; i < 25; ++i) {
      age.values.push_back(static_cast<double>(20 + random() % 50));
      site.values.push_back(static_cast<double>(random() % 4));
      arm.push_back(std::string(1, static_cast<char>('a' + random() % 3)));
    }
    ASSERT_TRUE(table.add(age));
    ASSERT_TRUE(table.add(site));
    ASSERT_TRUE(table.add(factor_column("arm", arm)));
    if (seed % 2 == 1) {
      ASSERT_TRUE(table.set_reference("arm", arm[0]));
    }
    std::vector<std::size_t> rows;
    for (std::size_t r = 0; r < 25; ++r) {
      if (random() % 4 != 0 || r == 0) rows.push_back(r);
    }
    const std::vector<std::string> terms{"age", "arm", "arm:factor(site)", "age:factor(site)"};
    const auto model = design(table, terms, rows);
    ASSERT_TRUE(model) << describe(model.error());
    Table people{"who.csv"};
    for (const Column& column : table.columns()) {
      Column some{column.name, {}, {}, column.levels};
      for (const std::size_t r : rows) some.values.push_back(column.values[r]);
      ASSERT_TRUE(people.add(some));
    }
    const auto x = design_of_people(table, terms, rows, people);
    ASSERT_TRUE(x) << describe(x.error());
    const std::size_t p = model->columns.size();
    ASSERT_EQ(x->size(), rows.size() * p);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (std::size_t j = 0; j < p; ++j) {
        ASSERT_EQ((*x)[i * p + j], model->values[j * rows.size() + i]) << seed << ' ' << i;
      }
    }
  }
}

TEST(PeopleOfAModel, OfAnUnknownCategoryAreRefusedByFileAndLine) {
  const Table table = people();
  const std::vector<std::string> terms{"arm", "age"};
  const std::vector<std::size_t> rows{0, 1, 2};
  Table who{"who.csv"};
  ASSERT_TRUE(who.add(factor_column("arm", std::vector<std::string>{"a", "c"})));
  ASSERT_TRUE(who.add({"age", {30, 40}}));
  const auto x = design_of_people(table, terms, rows, who);
  ASSERT_FALSE(x) << "no row of the model is in arm c";
  EXPECT_EQ(describe(x.error()),
            "who.csv, line 3, arm = \"c\": is in no row of the model; there "
            "are a, b");
  Table without{"who.csv"};
  ASSERT_TRUE(without.add(factor_column("arm", std::vector<std::string>{"a", "b"})));
  EXPECT_EQ(design_of_people(table, terms, rows, without).error().code, Errc::missing);
  ASSERT_TRUE(without.add({"age", {30, 40}, {0, 1}}));
  EXPECT_EQ(design_of_people(table, terms, rows, without).error().code, Errc::missing);
}

// ---- periods -----------------------------------------------------------------------------------

Table followed(unsigned seed, bool late) {
  std::mt19937 random{seed};
  Table table{"t.csv"};
  Column time{"time"};
  Column event{"event"};
  Column entry{"entry"};
  Column x{"x"};
  for (int i = 0; i < 50; ++i) {
    const auto from = static_cast<double>(late ? random() % 20 : 0);
    entry.values.push_back(from);
    time.values.push_back(from + static_cast<double>(1 + random() % 60));
    event.values.push_back(random() % 3 == 0 ? 0 : 1);
    x.values.push_back(static_cast<double>(random() % 10));
  }
  EXPECT_TRUE(table.add(time));
  EXPECT_TRUE(table.add(event));
  if (late) {
    EXPECT_TRUE(table.add(entry));
  }
  EXPECT_TRUE(table.add(x));
  return table;
}

TEST(Periods, LeaveAModelWithoutThemAsItIs) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    const bool late = seed % 2 == 0;
    const Table whole = followed(seed, late);
    const auto pieces =
        split_rows(whole, {"time", "event", late ? "entry" : "", {}, {30, 10, 30, 45, 1000}});
    ASSERT_TRUE(pieces) << describe(pieces.error());
    EXPECT_GT(pieces->rows(), whole.rows());
    CoxSpec spec;
    spec.roles = {.time = "time", .status = "event", .entry = late ? "entry" : "", .x = {"x"}};
    Findings findings;
    const auto a = cox_analysis(whole, spec, findings);
    spec.roles.entry = late ? "entry" : std::string{start_column};
    const auto b = cox_analysis(*pieces, spec, findings);
    ASSERT_TRUE(a && b);
    EXPECT_EQ(a->fit.events, b->fit.events) << seed;
    EXPECT_NEAR(a->fit.coef[0], b->fit.coef[0], 1e-10) << seed;
    EXPECT_NEAR(a->fit.loglik, b->fit.loglik, 1e-9) << seed;
  }
}

// With a stratum and an effect for each period the fit falls apart into one for each.
TEST(Periods, HaveEffectsOfTheirOwn) {
  const Table whole = followed(7, false);
  const auto pieces = split_rows(whole, {"time", "event", "", {}, {25}});
  ASSERT_TRUE(pieces);
  CoxSpec spec;
  spec.roles = {.time = "time",
                .status = "event",
                .entry = std::string{start_column},
                .strata = {"period"},
                .x = {"x:factor(period)"}};
  Findings findings;
  const auto both = cox_analysis(*pieces, spec, findings);
  ASSERT_TRUE(both);
  ASSERT_EQ(both->rows.x.columns,
            (std::vector<std::string>{"x:factor(period)1", "x:factor(period)2"}));
  for (int period = 1; period <= 2; ++period) {
    const auto one = rows_where(*pieces, "period", std::to_string(period));
    ASSERT_TRUE(one);
    CoxSpec alone;
    alone.roles = {
        .time = "time", .status = "event", .entry = std::string{start_column}, .x = {"x"}};
    const auto fit = cox_analysis(*one, alone, findings);
    ASSERT_TRUE(fit);
    EXPECT_NEAR(fit->fit.coef[0], both->fit.coef[static_cast<std::size_t>(period - 1)], 1e-9);
  }
}

TEST(Periods, KeepLinesCodesAndWhatCannotBeCut) {
  Table table{"t.csv"};
  ASSERT_TRUE(table.add({"time", {5, 0, 30, 12}, {0, 1, 0, 0}}));
  ASSERT_TRUE(table.add(
      factor_column("event", std::vector<std::string>{"relapse", "relapse", "died", "relapse"})));
  ASSERT_TRUE(table.add({"entry", {7, 0, 0, 10}}));
  const auto pieces = split_rows(table, {"time", "event", "entry", "relapse", {10, 20}});
  ASSERT_TRUE(pieces) << describe(pieces.error());
  // Row 0 ends before its entry and row 1 has no time: whole. Row 2 in three pieces, row 3 in one.
  ASSERT_EQ(pieces->rows(), 6U);
  EXPECT_EQ(pieces->find("period")->values, (std::vector<double>{1, 1, 1, 2, 3, 2}));
  EXPECT_EQ(pieces->find("time")->values, (std::vector<double>{5, 0, 10, 20, 30, 12}));
  EXPECT_EQ(pieces->row_name(4), 4U);
  const Column& event = *pieces->find("event");
  EXPECT_EQ(event.text(2), "(goes on)");
  EXPECT_EQ(event.text(4), "died");
  EXPECT_EQ(event.text(5), "relapse");
  EXPECT_EQ(split_rows(table, {"time", "event", "", {}, {}}).error().code, Errc::empty_input);
  EXPECT_EQ(split_rows(table, {"time", "event", "", {}, {5}, "entry"}).error().code,
            Errc::duplicate);
  EXPECT_EQ(split_rows(table, {"event", "event", "", {}, {5}}).error().code, Errc::unsupported);
  EXPECT_EQ(split_rows(table, {"times", "event", "", {}, {5}}).error().code, Errc::missing);
  const double infinite = std::numeric_limits<double>::infinity();
  EXPECT_EQ(split_rows(table, {"time", "event", "", {}, {infinite}}).error().code,
            Errc::not_finite);
}

}  // namespace
