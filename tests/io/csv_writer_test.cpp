#include "ombre/io/csv_writer.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <string>

#include "naive_csv.hpp"
#include "ombre/core/error.hpp"
#include "ombre/io/csv.hpp"

namespace {

using namespace ombre;

TEST(CsvWriter, WritesEveryKindOfCell) {
  io::CsvWriter csv{{"person_id", "day", "value", "n", "yes", "gap"}};
  csv.text("p1").date(*Date::from_ymd(2024, 2, 29)).number(0.1).integer(-3).boolean(true).missing();
  csv.end_row();
  csv.text("p2").missing().number(std::optional<double>{}).integer(0).boolean(false).text("");
  csv.end_row();
  EXPECT_EQ(*csv.finish(),
            "person_id,day,value,n,yes,gap\np1,2024-02-29,0.1,-3,true,\np2,,,0,false,\n");
}

TEST(CsvWriter, QuotesWhereTheFormatOrASpreadsheetAsksForIt) {
  const auto cell = [](std::string_view text, bool safe = false) {
    io::CsvWriter csv{{"a"}, {.spreadsheet_safe = safe}};
    csv.text(text).end_row();
    const auto out = csv.finish();
    return out ? out->substr(2, out->size() - 3) : describe(out.error());
  };
  EXPECT_EQ(cell("plain text"), "plain text");
  EXPECT_EQ(cell("a,b"), "\"a,b\"");
  EXPECT_EQ(cell("say \"no\""), "\"say \"\"no\"\"\"");
  EXPECT_EQ(cell("two\nlines"), "\"two\nlines\"");
  EXPECT_EQ(cell("a\rb"), "\"a\rb\"");
  EXPECT_EQ(cell(" blank"), "\" blank\"");
  EXPECT_EQ(cell("=1+1"), "\"=1+1\"");
  EXPECT_EQ(cell("-5 then +3"), "\"-5 then +3\"");
  EXPECT_EQ(cell("@me"), "\"@me\"");
  EXPECT_EQ(cell("+"), "\"+\"");
  EXPECT_EQ(cell("=1+1", true), "\"'=1+1\"");
  EXPECT_EQ(cell("a=1", true), "a=1");
  EXPECT_EQ(cell(""), "\"\"") << "a row of one missing cell is not an empty line";
}

TEST(CsvWriter, WhatDoesNotFitTheHeaderIsAnErrorOfTheRow) {
  io::CsvWriter few{{"a", "b"}};
  few.text("x").end_row();
  EXPECT_EQ(describe(few.finish().error()), "row[1] = 1 cells: must have 2");
  io::CsvWriter many{{"a"}};
  many.text("x").text("y").end_row();
  EXPECT_FALSE(many.finish());
  io::CsvWriter open{{"a"}};
  open.text("x");
  EXPECT_FALSE(open.finish());
  io::CsvWriter nan{{"a", "b"}};
  nan.number(1).number(std::nan("")).end_row();
  EXPECT_EQ(describe(nan.finish().error()), "b[1] = nan: must be a finite number, or missing");
  io::CsvWriter bytes{{"a"}};
  bytes.text("\xFF").end_row();
  EXPECT_EQ(bytes.finish().error().code, Errc::malformed);
}

TEST(CsvWriter, WhatItWritesIsReadBackTheSame) {
  constexpr std::string_view alphabet = "ab,\"\n\r =+-@\t7";
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random{seed};
    ombre_test::Table table{{"first", "second", "third"}};
    io::CsvWriter csv{{"first", "second", "third"}};
    std::string out;
    for (int r = 0; r < 50; ++r) {
      std::vector<std::string> row;
      for (int c = 0; c < 3; ++c) {
        std::string text(random() % 8, ' ');
        for (char& letter : text) letter = alphabet[random() % alphabet.size()];
        csv.text(text);
        row.push_back(text);
      }
      csv.end_row();
      table.push_back(row);
      if (csv.size() > 100) out += csv.take_part();
    }
    const auto rest = csv.finish();
    ASSERT_TRUE(rest);
    out += *rest;
    EXPECT_EQ(ombre_test::naive_csv(out), table);
    auto reader = io::CsvReader::from_text(out);
    ASSERT_TRUE(reader);
    io::CsvRows rows;
    std::size_t at = 1;
    while (*reader->next(rows)) {
      for (std::size_t r = 0; r < rows.size(); ++r, ++at) {
        for (std::size_t c = 0; c < 3; ++c) EXPECT_EQ(rows.field(r, c), table[at][c]);
      }
    }
    EXPECT_EQ(at, table.size());
  }
}

}  // namespace
