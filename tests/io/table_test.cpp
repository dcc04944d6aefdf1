#include "ombre/io/table.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

using namespace ombre;
using io::Align;

TEST(TextTable, AlignsColumnsForATerminal) {
  io::TextTable table{{{"metric"}, {"value", Align::right}}};
  table.row({"pda", "0.62"}).row({"max_day", "12"});
  EXPECT_EQ(table.terminal(),
            "metric   value\n"
            "───────  ─────\n"
            "pda       0.62\n"
            "max_day     12\n");
}

TEST(TextTable, CountsTheColumnsOfATerminalAndNotBytes) {
  EXPECT_EQ(io::display_width("gr\xC3\xBCn"), 4U);
  EXPECT_EQ(io::display_width("u\xCC\x88"), 1U);         // u and a combining diaeresis
  EXPECT_EQ(io::display_width("\xE9\x85\x92"), 2U);      // a wide character
  EXPECT_EQ(io::display_width("\xF0\x9F\x8C\xBF"), 2U);  // an emoji
  EXPECT_EQ(io::display_width("\xFF\xFE"), 2U);          // not UTF-8
  io::TextTable table{{{"a"}, {"b"}}};
  table.row({"\xE9\x85\x92", "x"}).row({"abc", "y"});
  EXPECT_EQ(table.terminal(),
            "a    b\n"
            "───  ─\n"
            "\xE9\x85\x92   x\n"
            "abc  y\n");
}

TEST(TextTable, CutsLongTextButNeverNumbers) {
  io::TextTable table{{{"text"}, {"number", Align::right}}};
  table.row({"a very long sentence indeed", "123456789012"});
  EXPECT_EQ(table.terminal(25),
            "text               number\n"
            "───────────  ────────────\n"
            "a very lon…  123456789012\n");
  EXPECT_EQ(table.terminal(5).find("123456789012\n"), table.terminal(5).size() - 13);
}

TEST(TextTable, ShowsNothingATerminalWouldActOn) {
  io::TextTable table{{{"a"}}};
  table.row(
      {"red\x1b[31m\nnext\xC2\x9B"
       "1m"});
  EXPECT_EQ(table.terminal(), "a\n──────────────────────\nred\\x1b[31m next\\x9b1m\n");
}

TEST(TextTable, RulesAndShortAndLongRows) {
  io::TextTable table{{{"a"}}};
  table.row({}).rule().row({"1", "2"});
  EXPECT_EQ(table.terminal(), "a\n─  ─\n\n─  ─\n1  2\n");
  EXPECT_EQ(io::TextTable{{}}.terminal(), "\n\n");
}

TEST(TextTable, WritesMarkdown) {
  io::TextTable table{{{"a|b"}, {"n", Align::right}}};
  table.row({"x\ny", "1"}).rule().row({"a\\", ""});
  EXPECT_EQ(table.markdown(), "| a\\|b | n |\n|---|---:|\n| x y | 1 |\n| a\\\\ |  |\n");
}

TEST(Readable, NumbersForPeople) {
  EXPECT_EQ(io::readable(0.5), "0.5");
  EXPECT_EQ(io::readable(2.0), "2");
  EXPECT_EQ(io::readable(1.0 / 3), "0.333");
  EXPECT_EQ(io::readable(-0.0), "0");
  EXPECT_EQ(io::readable(12345.678, 1), "12345.7");
  EXPECT_EQ(io::readable(0.00001), "1.00e-05");
  EXPECT_EQ(io::readable(1e20), "1.00e+20");
  EXPECT_EQ(io::readable(-2.5, 0), "-2");
}

}  // namespace
