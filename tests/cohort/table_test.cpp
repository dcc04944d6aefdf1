#include "ombre/cohort/table.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace {

using namespace ombre;
using namespace ombre::cohort;

TEST(CohortTable, WordsBecomeAFactorWithSortedLevels) {
  const std::vector<std::string> texts{"b", "", "a", "b"};
  const Column column = factor_column("arm", texts);
  EXPECT_EQ(column.levels, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(column.values, (std::vector<double>{1, 0, 0, 1}));
  EXPECT_TRUE(column.is_missing(1));
  EXPECT_FALSE(column.is_missing(2));
  EXPECT_EQ(column.text(0), "b");
  EXPECT_EQ(column.text(1), "");
}

TEST(CohortTable, ColumnsMustFitTogether) {
  Table table;
  ASSERT_TRUE(table.add({"time", {1, 2, 3}}));
  EXPECT_EQ(table.add({"time", {1, 2, 3}}).error().code, Errc::duplicate);
  EXPECT_EQ(table.add({"x", {1, 2}}).error().code, Errc::size_mismatch);
  const auto nan = table.add({"x", {1, std::numeric_limits<double>::quiet_NaN(), 2}});
  ASSERT_FALSE(nan);
  EXPECT_EQ(nan.error().code, Errc::not_finite);
  EXPECT_EQ(nan.error().row, 1U);
  EXPECT_EQ(table.add({"f", {0, 1, 2}, {}, {"a", "b"}}).error().code, Errc::out_of_range);
  EXPECT_EQ(table.rows(), 3U);
  EXPECT_EQ(table.columns().size(), 1U);
}

TEST(CohortTable, AnUnknownColumnIsNamedTogetherWithThoseThereAre) {
  Table table{"trial.csv"};
  ASSERT_TRUE(table.add({"time", {1, 2, 3}}));
  const auto none = table.column("tiem", "time");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, Errc::missing);
  EXPECT_NE(describe(none.error()).find("there are time"), std::string::npos);
}

TEST(CohortTable, RowsAreNamedByTheirLine) {
  Table table{"trial.csv"};
  ASSERT_TRUE(table.add({"time", {1, 2, 3}}));
  EXPECT_EQ(table.row_name(0), 2U);
  ASSERT_TRUE(table.set_lines({2, 5, 6}));
  EXPECT_EQ(table.row_name(1), 5U);
  EXPECT_EQ(table.set_lines({2, 5}).error().code, Errc::size_mismatch);
}

}  // namespace
