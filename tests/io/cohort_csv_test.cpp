#include "ombre/io/cohort_csv.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace {

using namespace ombre;

class CohortCsv : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              ("ombre-cohort-csv-" +
               std::string{::testing::UnitTest::GetInstance()->current_test_info()->name()});
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string file(const std::string& text) {
    const auto path = folder_ / "t.csv";
    std::ofstream{path, std::ios::binary} << text;
    return path.string();
  }

 private:
  std::filesystem::path folder_;
};

TEST_F(CohortCsv, NumbersStayNumbersAndWordsBecomeFactors) {
  const auto table = io::read_cohort_csv(file("id,time,arm\n1,+2.5,b\n2,,a\n3,NA,\n4,1e2,b\n"));
  ASSERT_TRUE(table) << describe(table.error());
  EXPECT_EQ(table->rows(), 4U);
  const cohort::Column& time = *table->find("time");
  EXPECT_EQ(time.values, (std::vector<double>{2.5, 0, 0, 100}));
  EXPECT_EQ(time.missing, (std::vector<std::uint8_t>{0, 1, 1, 0}));
  EXPECT_TRUE(table->find("id")->missing.empty());
  const cohort::Column& arm = *table->find("arm");
  EXPECT_EQ(arm.levels, (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(arm.is_missing(2));
}

TEST_F(CohortCsv, OnlyTheColumnsAskedForAreReadAndLinesAreKept) {
  const std::vector<std::string> names{"time"};
  const auto table = io::read_cohort_csv(file("note,time\n\"two\nlines\",1\nx,2\n"), names);
  ASSERT_TRUE(table);
  EXPECT_EQ(table->columns().size(), 1U);
  EXPECT_EQ(table->row_name(0), 2U);
  EXPECT_EQ(table->row_name(1), 4U);
}

TEST_F(CohortCsv, WhatCannotBeIsNamedByLineAndColumn) {
  const auto nan = io::read_cohort_csv(file("time\n1\nnan\n"));
  ASSERT_FALSE(nan);
  EXPECT_EQ(nan.error().code, Errc::not_finite);
  EXPECT_EQ(nan.error().row, 3U);
  EXPECT_EQ(nan.error().field, "time");
  EXPECT_FALSE(io::read_cohort_csv(file("time\n1\ninf\n")));
  const std::vector<std::string> names{"tiem"};
  const auto none = io::read_cohort_csv(file("time\n1\n"), names);
  ASSERT_FALSE(none);
  EXPECT_NE(describe(none.error()).find("there are time"), std::string::npos);
  EXPECT_FALSE(io::read_cohort_csv("no-such-file.csv"));
}

}  // namespace
