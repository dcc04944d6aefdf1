#include "ombre/io/table_csv.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "naive_csv.hpp"
#include "ombre/core/error.hpp"
#include "ombre/io/file.hpp"
#include "support/shared_data.hpp"

namespace {

using namespace ombre;
using io::ColumnRequest;
using io::ColumnType;

std::vector<ColumnRequest> visit_columns() {
  return {{.role = "person", .names = {"person_id", "who"}, .may_be_missing = false},
          {.role = "visit", .names = {"visit"}},
          {.role = "day", .names = {"day", "when"}, .type = ColumnType::day},
          {.role = "present", .names = {"present"}, .type = ColumnType::flag, .required = false},
          {.role = "count", .names = {"n"}, .type = ColumnType::integer, .required = false},
          {.role = "score", .names = {"score"}, .type = ColumnType::number, .required = false}};
}

Result<io::TypedTable> read(std::string_view text, io::TableCsvOptions options = {}) {
  auto reader = io::CsvReader::from_text(text, {}, "v.csv");
  if (!reader) return unexpected(reader.error());
  return io::read_table_csv(*std::move(reader), visit_columns(), options);
}

TEST(TableCsv, ReadsTypedColumnsAndKeepsWhatIsMissingApart) {
  const auto table =
      read("who,visit,when,present,n,score\n1,WK1,7,1,3,0.5\n1,,,NA,,\n2,WK1,-7,0,-3,1e2\n");
  ASSERT_TRUE(table) << describe(table.error());
  EXPECT_EQ(table->size, 3U);
  EXPECT_EQ(table->axis, timeline::DayAxis::study_day);
  EXPECT_EQ((*table)["person"].text, (std::vector<std::uint32_t>{0, 0, 1}));
  EXPECT_EQ((*table)["visit"].text_at(1), "");
  EXPECT_EQ((*table)["visit"].known, (std::vector<std::uint8_t>{1, 0, 1}));
  EXPECT_EQ((*table)["day"].day, (std::vector<std::int32_t>{7, 0, -7}));
  EXPECT_EQ((*table)["day"].known, (std::vector<std::uint8_t>{1, 0, 1}));
  EXPECT_EQ((*table)["present"].flag, (std::vector<std::uint8_t>{1, 0, 0}));
  EXPECT_EQ((*table)["count"].integer, (std::vector<std::int64_t>{3, 0, -3}));
  EXPECT_EQ((*table)["score"].number, (std::vector<double>{0.5, 0, 100}));
  EXPECT_EQ(table->line, (std::vector<std::uint64_t>{2, 3, 4}));
}

TEST(TableCsv, AnOptionalColumnMayBeAbsentAndARequiredOneMayNot) {
  const auto table = read("who,visit,when\n1,WK1,2024-01-01\n");
  ASSERT_TRUE(table);
  EXPECT_FALSE((*table)["score"].present);
  EXPECT_EQ(table->axis, timeline::DayAxis::calendar);
  EXPECT_EQ(read("who,when\n").error().code, Errc::missing);
}

TEST(TableCsv, ACellThatDoesNotFitSetsTheRowAsideAndLeavesNothing) {
  const auto table = read(
      "who,visit,when,present,n,score\n,a,1,1,1,1\n1,b,x,1,1,1\n1,c,1,2,1,1\n1,d,1,1,1.5,1\n"
      "1,e,1,1,1,nan\n1,f,1,1,99999999999999999999,1\n1,g,1,1,1,1\n");
  ASSERT_TRUE(table);
  EXPECT_EQ(table->rows, 7U);
  EXPECT_EQ(table->rows_set_aside, 6U);
  EXPECT_EQ(table->size, 1U);
  EXPECT_EQ((*table)["visit"].words.size(), 1U);
  for (const char* rule : {"missing_value", "not_a_day", "not_a_flag", "not_a_whole_number",
                           "not_finite", "number_out_of_range"}) {
    EXPECT_EQ(table->findings.count(rule), 1U) << rule;
  }
  io::TableCsvOptions strict;
  strict.on_doubt = io::OnDoubt::stop;
  EXPECT_EQ(describe(read("who,visit,when,n\n1,a,1,1.5\n", strict).error()),
            "v.csv, line 2, n = \"1.5\": must be a whole number");
}

TEST(TableCsv, AllDayColumnsOfATableAreOfOneKind) {
  auto reader = io::CsvReader::from_text("from,to\n1,2024-01-01\n", {}, "v.csv");
  const std::vector<ColumnRequest> columns{
      {.role = "a", .names = {"from"}, .type = ColumnType::day},
      {.role = "b", .names = {"to"}, .type = ColumnType::day}};
  const auto table = io::read_table_csv(*std::move(reader), columns);
  ASSERT_FALSE(table);
  EXPECT_EQ(table.error().code, Errc::contradiction);
}

TEST(TableCsv, ReadsTheRealVisits) {
  OMBRE_SHARED_OR_SKIP(path, "outcomes/data/ctn0094/visit.csv.gz");
  const std::vector<ColumnRequest> columns{
      {.role = "person", .names = {"who"}, .type = ColumnType::integer, .may_be_missing = false},
      {.role = "visit", .names = {"visit"}},
      {.role = "what", .names = {"what"}},
      {.role = "day", .names = {"when"}, .type = ColumnType::day}};
  const auto table = io::read_table_csv(path.string(), columns);
  ASSERT_TRUE(table) << describe(table.error());
  const auto expected = ombre_test::naive_csv(*io::read_file(path.string()));
  ASSERT_EQ(table->size + 1, expected.size());
  EXPECT_EQ(table->rows_set_aside, 0U);
  for (std::size_t i = 0; i < table->size; ++i) {
    const auto& row = expected[i + 1];
    ASSERT_EQ(std::to_string((*table)["person"].integer[i]), row[0]);
    ASSERT_EQ((*table)["visit"].text_at(i), row[1]);
    ASSERT_EQ((*table)["what"].text_at(i), row[2] == "NA" ? "" : row[2]);
    const bool known = (*table)["day"].known[i] == 1;
    ASSERT_EQ(known ? std::to_string((*table)["day"].day[i]) : "",
              row.back() == "NA" ? "" : row.back());
  }
}

}  // namespace
