#include "ombre/io/life_csv.hpp"

#include <gtest/gtest.h>

namespace ombre::io {
namespace {

TEST(LifeCsv, EachColumnIsASeriesAndAnEmptyCellIsNothing) {
  const auto life =
      parse_life_csv("date,work,sleep\n2026-01-05,3,7.5\n2026-01-12,,NA\n2026-01-19,4, 6\n");
  ASSERT_TRUE(life) << describe(life.error());
  ASSERT_EQ(life->size(), 2U);
  EXPECT_EQ((*life)[0].called, "work");
  ASSERT_EQ((*life)[0].values.size(), 2U);
  EXPECT_EQ((*life)[0].values[1].value, 4);
  EXPECT_EQ((*life)[1].values[1], (outcomes::DatedValue{*Date::parse("2026-01-19"), 6}));
}

TEST(LifeCsv, OfSeveralPeopleOneMustBeNamed) {
  const std::string two = "person_id,date,work\nada,2026-01-05,3\nbo,2026-01-05,4\n";
  EXPECT_EQ(parse_life_csv(two).error().code, Errc::missing);
  const auto bo = parse_life_csv(two, "bo");
  ASSERT_TRUE(bo);
  EXPECT_EQ((*bo)[0].values, (std::vector<outcomes::DatedValue>{{*Date::parse("2026-01-05"), 4}}));
  EXPECT_EQ(parse_life_csv(two, "cy").error().code, Errc::missing);
}

TEST(LifeCsv, WhatCannotBeReadIsRefusedWithLineAndColumn) {
  const auto wrong = parse_life_csv("date,work\n2026-01-05,3\n2026-13-05,4\n");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().field, "date");
  EXPECT_EQ(wrong.error().row, 3U);
  EXPECT_EQ(parse_life_csv("date,work\n2026-01-05,much\n").error().field, "work");
  EXPECT_EQ(parse_life_csv("date,work\n2026-01-05,1e999\n").error().code, Errc::malformed);
  EXPECT_EQ(parse_life_csv("date\n2026-01-05\n").error().code, Errc::missing);
  EXPECT_EQ(parse_life_csv("date,work,work\n2026-01-05,1,2\n").error().code, Errc::duplicate);
  EXPECT_FALSE(parse_life_csv("work\n1\n"));
  EXPECT_FALSE(parse_life_csv(""));
}

}  // namespace
}  // namespace ombre::io
