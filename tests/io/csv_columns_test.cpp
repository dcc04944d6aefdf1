#include "ombre/io/csv_columns.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ombre/core/error.hpp"

namespace {

using namespace ombre;

std::string person_column(const std::vector<std::string>& header, std::string given = {}) {
  const std::vector<io::ColumnWish> wishes{
      {"person", io::person_column_names(), true, std::move(given), "--person"}};
  const auto found = io::find_columns(header, wishes, "t.csv");
  return found ? header[**found->begin()] : describe(found.error());
}

TEST(Columns, UsualNamesAreFoundHoweverTheyAreSpelt) {
  for (const std::string name :
       {"person_id", "Person ID", "PERSON-ID", "who", "Id", "subject.id", "Participant"}) {
    EXPECT_EQ(person_column({"x", name, "y"}), name);
  }
}

TEST(Columns, OmbresOwnNameWinsOverTheOthers) {
  EXPECT_EQ(person_column({"who", "person_id", "id"}), "person_id");
}

TEST(Columns, SeveralCandidatesAreAnErrorThatListsThem) {
  EXPECT_EQ(person_column({"who", "id", "x"}),
            "t.csv, line 1, header: several columns could be the person: who, id: choose one with "
            "--person");
  EXPECT_NE(person_column({"ID", "id"}).find("several columns"), std::string::npos);
}

TEST(Columns, AMissingColumnIsAnErrorThatListsTheHeader) {
  const std::string error = person_column({"a", "b", ""});
  EXPECT_NE(error.find("no column for the person was found"), std::string::npos);
  EXPECT_NE(error.find("the columns are a, b, (no name)"), std::string::npos);
}

TEST(Columns, AGivenNameIsTakenAsItIsOrRefusedWithTheNearest) {
  EXPECT_EQ(person_column({"who", "id", "x"}, "x"), "x");
  EXPECT_EQ(person_column({"who", "id", "X Y"}, "x_y"), "X Y");
  EXPECT_EQ(person_column({"patient", "b"}, "patint"),
            "t.csv, line 1, header: no column is called \"patint\" (asked for as the person "
            "column); did you mean \"patient\"?; the columns are patient, b");
}

TEST(Columns, AnotherDelimiterIsRecognisedInTheHeader) {
  const auto says = [](std::vector<std::string> header) {
    const std::vector<io::ColumnWish> wish{{"person", io::person_column_names(), true, "", ""}};
    return io::find_columns(header, wish, "t.csv").error().rule;
  };
  EXPECT_NE(says({"who;date;drug"}).find("--delimiter ';'"), std::string::npos);
  EXPECT_NE(says({"who\tdate"}).find("--delimiter tab"), std::string::npos);
  EXPECT_NE(says({"who|date"}).find("--delimiter '|'"), std::string::npos);
  EXPECT_NE(says({"who,date"}).find("leave --delimiter out"), std::string::npos);
  EXPECT_EQ(says({"a", "b"}).find("--delimiter"), std::string::npos);
}

TEST(Columns, NoColumnServesTwice) {
  const std::vector<std::string> header{"who", "value"};
  const std::vector<io::ColumnWish> twice{{"person", io::person_column_names(), true, "who", ""},
                                          {"day", io::day_column_names(), true, "who", ""}};
  const auto found = io::find_columns(header, twice, "t.csv");
  ASSERT_FALSE(found);
  EXPECT_NE(found.error().rule.find("cannot also be the day"), std::string::npos);
  // What the caller gave to one wish is not found for another.
  const std::vector<io::ColumnWish> given{{"amount", io::amount_column_names(), false, "", ""},
                                          {"person", io::person_column_names(), true, "value", ""}};
  const auto second = io::find_columns(header, given, "t.csv");
  ASSERT_TRUE(second);
  EXPECT_EQ((*second)[0], std::nullopt);
  EXPECT_EQ((*second)[1], 1U);
}

}  // namespace
