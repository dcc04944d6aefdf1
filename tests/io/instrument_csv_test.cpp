#include "ombre/io/instrument_csv.hpp"

#include <gtest/gtest.h>

#include "ombre/spectrum/instruments.hpp"

using namespace ombre;
using namespace ombre::io;

namespace {

const spectrum::Instrument& audit_c() { return **spectrum::find_instrument("audit_c"); }

std::string refusal(std::string_view csv) {
  const auto read = parse_answers_csv(csv, audit_c());
  return read ? "accepted" : describe(read.error());
}

}  // namespace

TEST(AnswersCsv, ItemsPersonDateAndSexAreFoundByTheirNames) {
  const auto read = parse_answers_csv(
      "Person ID,date,Sex,audit_c_2,Q1,item3\np1,2024-01-01,male,2,1,0\np2,,f,,NA,.\n", audit_c());
  ASSERT_TRUE(read) << describe(read.error());
  ASSERT_EQ(read->rows.size(), 2u);
  EXPECT_EQ(read->rows[0].person, "p1");
  EXPECT_EQ(read->rows[0].answers, (std::vector<std::optional<double>>{1, 2, 0}));
  EXPECT_EQ(read->rows[0].sex, Sex::male);
  EXPECT_EQ(read->rows[1].sex, Sex::female);
  for (const auto& answer : read->rows[1].answers) EXPECT_FALSE(answer);
  EXPECT_EQ(read->rows[1].line, 3u);
}

TEST(AnswersCsv, ColumnsNobodyUsesAndItemsWithoutAColumnAreSaid) {
  const auto read = parse_answers_csv("1,2,mood\n1,2,9\n", audit_c());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->findings.count("column_not_used"), 1u);
  EXPECT_EQ(read->findings.count("item_without_column"), 1u);
}

TEST(AnswersCsv, WhatIsWrongIsNamedByLineAndColumn) {
  EXPECT_NE(refusal("1,2,3\n1,2,5\n").find("line 2, 3 = \"5\""), std::string::npos)
      << refusal("1,2,3\n1,2,5\n");
  EXPECT_NE(refusal("1,2,3\n1,two,0\n").find("line 2, 2 = \"two\""), std::string::npos);
  EXPECT_NE(refusal("1,2,3\n1,1.5,0\n").find("whole number"), std::string::npos);
  EXPECT_NE(refusal("1,q1,3\n1,2,3\n").find("second column"), std::string::npos);
  EXPECT_NE(refusal("who,when\nx,y\n").find("has no column for an item"), std::string::npos);
  EXPECT_NE(refusal("1,2,3,sex\n1,1,1,x\n").find("sex"), std::string::npos);
  EXPECT_NE(refusal("1,2,3\n1,2\n").find("line 2"), std::string::npos);
}

TEST(AnswersCsv, ANumberThatCouldMeanTwoItemsIsRefusedWithTheNames) {
  const auto refused = [](const char* instrument, const char* csv) {
    const auto read = parse_answers_csv(csv, **spectrum::find_instrument(instrument));
    return read ? std::string{"accepted"} : describe(read.error());
  };
  // A yes to question 6 of the C-SSRS is never left aside as a column nobody uses.
  EXPECT_NE(refused("c_ssrs", "q1,q2,q6\n0,0,1\n").find("q6_lifetime q6_three_months"),
            std::string::npos);
  EXPECT_NE(refused("top", "1,2,3\n0,0,1\n").find("alcohol opiates crack"), std::string::npos);
  EXPECT_NE(refused("assist_other", "1,2,3,4,5,6\n0,0,0,0,0,0\n").find("q2 q3 q4"),
            std::string::npos);
  EXPECT_EQ(refused("eq_5d_5l", "1,2,3,4,5\n2,1,2,3,2\n"), "accepted");
  EXPECT_EQ(refused("assist_other", "q1,2,3,4,5,6,7,8\n3,0,0,0,0,0,0,0\n"), "accepted");
}
