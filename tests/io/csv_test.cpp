#include "ombre/io/csv.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <string>
#include <vector>

#include "../../src/io/csv_scan.hpp"
#include "naive_csv.hpp"
#include "ombre/core/error.hpp"
#include "support/shared_data.hpp"
#include "temporary_folder.hpp"

namespace {

using namespace ombre;
using ombre_test::Table;
using ombre_test::TemporaryFolder;

struct Read {
  Table table;  // header first
  std::vector<std::uint64_t> lines;
  std::string error;
};

Read read_all(Result<io::CsvReader> reader) {
  Read out;
  if (!reader) {
    out.error = describe(reader.error());
    return out;
  }
  out.table.push_back(reader->header());
  io::CsvRows rows;
  for (;;) {
    const auto more = reader->next(rows);
    if (!more) {
      out.error = describe(more.error());
      break;
    }
    if (!*more) break;
    EXPECT_GT(rows.size(), 0U);
    for (std::size_t r = 0; r < rows.size(); ++r) {
      std::vector<std::string> row;
      for (std::size_t c = 0; c < rows.columns(); ++c) row.emplace_back(rows.field(r, c));
      out.table.push_back(std::move(row));
      out.lines.push_back(rows.line(r));
    }
  }
  return out;
}

Read read_text(std::string_view text, io::CsvOptions options = {}) {
  return read_all(io::CsvReader::from_text(text, options, "t.csv"));
}

std::string error_of_text(std::string_view text) { return read_text(text).error; }

TEST(Csv, ReadsRowsOfAPlainTable) {
  const Read r = read_text("person,day,amount\np1,1,2.5\np2,,0\n");
  EXPECT_EQ(r.error, "");
  EXPECT_EQ(r.table, (Table{{"person", "day", "amount"}, {"p1", "1", "2.5"}, {"p2", "", "0"}}));
  EXPECT_EQ(r.lines, (std::vector<std::uint64_t>{2, 3}));
}

TEST(Csv, LineEndsByteOrderMarkAndMissingLastLineEndMakeNoDifference) {
  const Read plain = read_text("a,b\n1,2\n3,4\n");
  for (const std::string text : {"a,b\r\n1,2\r\n3,4\r\n", "a,b\n1,2\r\n3,4\n",
                                 "\xEF\xBB\xBF"
                                 "a,b\n1,2\n3,4\n",
                                 "a,b\n1,2\n3,4", "a,b\r\n1,2\r\n3,4", "a,b\n1,2\n3,4\n\n\n",
                                 "a,b\r\n1,2\r\n3,4\r\n\r\n", "\"a\",b\n1,\"2\"\n\"3\",\"4\"\n"}) {
    const Read r = read_text(text);
    EXPECT_EQ(r.error, "") << text;
    EXPECT_EQ(r.table, plain.table) << text;
    EXPECT_EQ(r.lines, plain.lines) << text;
  }
}

// RFC 4180 section 2, rules 5 to 7.
TEST(Csv, QuotedFieldsHoldDelimitersQuotesAndLineBreaks) {
  const Read r = read_text("a,b\n\"x, y\",\"say \"\"no\"\"\"\n\"two\nlines\",\"\"\"\"\n\"\",z\n");
  EXPECT_EQ(r.error, "");
  EXPECT_EQ(r.table, (Table{{"a", "b"}, {"x, y", "say \"no\""}, {"two\nlines", "\""}, {"", "z"}}));
  EXPECT_EQ(r.lines, (std::vector<std::uint64_t>{2, 3, 5})) << "line breaks in quotes count";
}

TEST(Csv, HeaderOnlyIsATableOfNoRows) {
  for (const std::string text : {"a,b", "a,b\n", "a,b\r\n", "a,b\n\n"}) {
    const Read r = read_text(text);
    EXPECT_EQ(r.error, "");
    EXPECT_EQ(r.table, (Table{{"a", "b"}}));
  }
}

TEST(Csv, ATableOfOneColumnKeepsItsMissingValuesWhenQuoted) {
  EXPECT_EQ(read_text("a\n\"\"\nx\n").table, (Table{{"a"}, {""}, {"x"}}));
  EXPECT_EQ(read_text("a\n1\n2").table, (Table{{"a"}, {"1"}, {"2"}}));
}

TEST(Csv, AnotherDelimiterCanBeChosen) {
  io::CsvOptions options;
  options.delimiter = ';';
  EXPECT_EQ(read_text("a;b\n1,5;2\n", options).table, (Table{{"a", "b"}, {"1,5", "2"}}));
  options.delimiter = '"';
  EXPECT_NE(read_text("a", options).error, "");
}

struct Refusal {
  const char* name;
  std::string text;
  std::string says;
};

TEST(Csv, WhatIsNotValidIsRefusedWithLineAndColumn) {
  using namespace std::string_literals;
  const std::vector<Refusal> cases{
      {"empty file", "", "t.csv: is empty: there is not even a header row"},
      {"only line ends", "\n\r\n \n", "t.csv, line 1: must hold the names of the columns"},
      {"only a byte-order mark", "\xEF\xBB\xBF", "t.csv: is empty: there is not even a header row"},
      {"blank first line", "\na,b\n", "t.csv, line 1: must hold the names of the columns"},
      {"too few fields", "a,b,c\n1,2,3\n1,2\n",
       "t.csv, line 3 = \"1,2\": has 2 fields where the header names 3 columns"},
      {"too many fields", "a,b\n1,2\n1,2,3\n",
       "t.csv, line 3 = \"1,2,3\": has 3 fields where the header names 2 columns (text that holds "
       "the delimiter must stand in quotes)"},
      {"one field too few, one too many", "a,b\n1\n1,2,3\n",
       "t.csv, line 2 = \"1\": has 1 field where the header names 2 columns"},
      {"blank line inside", "a,b\n1,2\n\n3,4\n",
       "t.csv, line 3: is empty, but the table goes on after it: remove the empty line"},
      {"quote inside", "a,b\n1,2\n1,x\"y\n",
       "t.csv, line 3, b = \"x\"\": a quote stands inside a field that does not begin with one: "
       "put the whole field in quotes and double the quotes inside"},
      {"text after quote", "a,b\n\"x\"y,2\n",
       "t.csv, line 2, a = \"\"x\"y\": text follows the closing quote: quotes inside a quoted "
       "field must be doubled"},
      {"quote never closed", "a,b\n1,2\n3,\"4\n5,6\n",
       "t.csv, line 3, b = \"4\\x0a5,6\\x0a\": the quote opened here is never closed"},
      {"NUL", "a,b\n1,2\nx\0y,2\n"s,
       "t.csv, line 3, a = \"x\": is followed by a NUL byte: this is not a text file in UTF-8"},
      {"Latin-1", "a,b\n1,caf\xE9\n",
       "t.csv, line 2, b = \"caf\\xE9\": holds the byte \\xE9, which is not valid UTF-8: save the "
       "file as UTF-8"},
      {"overlong", "a\n\xC0\xAF\n",
       "t.csv, line 2, a = \"\\xC0\": holds the byte \\xC0, which is "
       "not valid UTF-8: save the file as UTF-8"},
      {"surrogate", "a\n\xED\xA0\x80\n",
       "t.csv, line 2, a = \"\\xED\": holds the byte \\xED, which is not valid UTF-8: save the "
       "file as UTF-8"},
      {"cut character at the end", "a\nx\xE2\x82",
       "t.csv, line 2, a = \"x\\xE2\": holds the byte "
       "\\xE2, which is not valid UTF-8: save the "
       "file as UTF-8"},
      {"old Macintosh line ends", "a,b\r1,2\r",
       "t.csv, line 1, column 2: a carriage return without a line feed follows: save the file "
       "with LF or CRLF line ends, or put the field in quotes"},
      {"lone carriage return", "a,b\n1,2\r3,4\n",
       "t.csv, line 2, b: a carriage return without a line feed follows: save the file with LF or "
       "CRLF line ends, or put the field in quotes"},
      {"two columns of one name", "a,b,a\n1,2,3\n",
       "t.csv, line 1, header = \"a\": names two columns, 1 and 3"},
      {"workbook", "PK\x03\x04xxxxxxxxxxxxxxxxx",
       "t.csv: is a zip archive or an office workbook, not CSV: save the sheet as CSV (UTF-8)"},
      {"UTF-16",
       "\xFF\xFE"
       "a\0,\0"s,
       "t.csv: is UTF-16 text: save it as UTF-8"},
      {"UTF-16 without mark", "a\0,\0b\0"s,
       "t.csv, line 1, column 1 = \"a\": is followed by a NUL byte: this is not a text file in "
       "UTF-8"},
      {"xz", "\xFD\x37\x7A\x58\x5A\x00\x00"s,
       "t.csv: is packed with xz: unpack it first, or pack it with gzip"},
  };
  for (const Refusal& c : cases) EXPECT_EQ(error_of_text(c.text), c.says) << c.name;
}

TEST(Csv, TheFirstFaultOfTheFileIsReportedForEveryChunkSize) {
  using namespace std::string_literals;
  // Faults in pairs, in both orders: a reader by chunks meets them in one chunk or in two.
  const std::vector<std::string> faults{"1\n",        "1,2,3\n",  "x\"y,2\n",
                                        "\"x\"y,2\n", "x\0,2\n"s, "\xE9,2\n",
                                        "1\r2,3\n",   "\n",       "\"open,2\n"};
  for (const std::string& first : faults) {
    for (const std::string& second : faults) {
      const std::string text = "a,b\n1,2\n" + first + "3,4\n" + second + "5,6\n";
      const std::string expected = error_of_text(text);
      EXPECT_NE(expected, "") << text;
      for (std::size_t chunk = 1; chunk <= 64; ++chunk) {
        io::CsvOptions options;
        options.chunk_bytes = chunk;
        EXPECT_EQ(read_text(text, options).error, expected) << text << " chunk " << chunk;
      }
    }
  }
}

// Found by fuzzing: the first byte of a long character right before a line end.
TEST(Csv, ABrokenCharacterAtTheEndOfALineIsRefusedForEveryChunkSize) {
  for (const char* row :
       {"1,\xF3\n", "1,\xF3\x80\n", "1,\xE2\x82\n", "1,\"\xF3\n\"\n", "\xED\xA0\n"}) {
    const std::string text = std::string{"a,b\n"} + row + "3,4\n5,6\n";
    const std::string expected = error_of_text(text);
    EXPECT_NE(expected.find("not valid UTF-8"), std::string::npos) << text;
    for (std::size_t chunk = 1; chunk <= 64; ++chunk) {
      io::CsvOptions options;
      options.chunk_bytes = chunk;
      EXPECT_EQ(read_text(text, options).error, expected) << chunk;
    }
  }
}

TEST(Csv, AnyChunkSizeAndAnyPieceSizeGiveTheSameRows) {
  const std::string text =
      "\xEF\xBB\xBF\"per\nson\",day,amount\r\n"
      "p1,2024-01-01,\"1,5\"\r\n"
      "\"p \"\"two\"\"\",2024-01-02,\r\n"
      ",,\n"
      "gr\xC3\xBC\xC3\x9F,\"line\nbreak\r\nand more\",\"\"\n"
      "\"\"\"\",\xF0\x9F\x8C\xBF,3";
  const Read whole = read_text(text);
  ASSERT_EQ(whole.error, "");
  ASSERT_EQ(whole.table.size(), 6U);
  EXPECT_EQ(whole.lines, (std::vector<std::uint64_t>{3, 4, 5, 6, 9}));
  for (std::size_t chunk = 1; chunk <= 64; ++chunk) {
    for (const std::size_t piece : {std::size_t{0}, std::size_t{1}, std::size_t{7}}) {
      io::CsvOptions options;
      options.chunk_bytes = chunk;
      const Read r = read_all(
          io::CsvReader::from(std::make_unique<io::TextSource>(text, "t.csv", piece), options));
      EXPECT_EQ(r.error, "");
      EXPECT_EQ(r.table, whole.table) << chunk << ' ' << piece;
      EXPECT_EQ(r.lines, whole.lines) << chunk << ' ' << piece;
    }
  }
}

std::string random_field(std::mt19937_64& random) {
  static const std::vector<std::string> pieces{
      "a", "7", "alcohol", ",", "\"\"", "\n", "\r\n", "\xC3\xA9", " ", ";", "2024-02-29", "-"};
  std::string text;
  bool quoted = random() % 3 == 0;
  const std::size_t count = random() % 6;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string& piece = pieces[random() % pieces.size()];
    if (piece == "," || piece == "\"\"" || piece.find('\n') != std::string::npos) quoted = true;
    text += piece;
  }
  return quoted ? '"' + text + '"' : text;
}

TEST(Csv, AgreesWithANaiveReaderOnRandomValidTables) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random{seed};
    const std::size_t columns = 1 + random() % 5;
    const bool crlf = random() % 2 == 0;
    std::string text;
    for (std::size_t c = 0; c < columns; ++c) {
      text += (c > 0 ? "," : "") + std::string{"c"} + std::to_string(c);
    }
    const std::size_t rows = random() % 60;
    for (std::size_t r = 0; r < rows; ++r) {
      text += crlf ? "\r\n" : "\n";
      for (std::size_t c = 0; c < columns; ++c) {
        std::string field = random_field(random);
        if (columns == 1 && field.empty()) field = "\"\"";
        text += (c > 0 ? "," : "") + field;
      }
    }
    if (random() % 2 == 0) text += "\n";
    const Table expected = ombre_test::naive_csv(text);
    io::CsvOptions options;
    for (const std::size_t chunk : {std::size_t{1} + random() % 200, std::size_t{1} << 18U}) {
      options.chunk_bytes = chunk;
      const Read r = read_text(text, options);
      EXPECT_EQ(r.error, "");
      EXPECT_EQ(r.table, expected);
    }
  }
}

TEST(Csv, TheScanWithVectorInstructionsEqualsThePortableOne) {
  std::mt19937_64 random{5};
  constexpr std::string_view alphabet = "ab,,\n\"\r7";
  for (int round = 0; round < 2000; ++round) {
    std::string text(random() % 300, ' ');
    for (char& c : text) {
      c = random() % 50 == 0 ? static_cast<char>(random()) : alphabet[random() % alphabet.size()];
    }
    const auto size = static_cast<std::uint32_t>(text.size());
    text.append(64, '\n');
    std::vector<std::uint32_t> a(size + 16);
    std::vector<std::uint32_t> b(size + 16);
    const auto x = io::detail::scan<io::detail::NativeBlocks>(text.data(), 0, size, ',', a.data());
    const auto y =
        io::detail::scan<io::detail::PortableBlocks>(text.data(), 0, size, ',', b.data());
    ASSERT_EQ(x.separators, y.separators);
    ASSERT_EQ(x.newlines, y.newlines);
    ASSERT_EQ(x.quotes, y.quotes);
    ASSERT_EQ(x.carriage_returns, y.carriage_returns);
    ASSERT_EQ(x.high_bits, y.high_bits);
    ASSERT_EQ(x.suspicious, y.suspicious);
    a.resize(x.separators);
    b.resize(y.separators);
    ASSERT_EQ(a, b);
  }
}

TEST(Csv, AFieldOfTenMegabytesIsReadAndALongerOneIsRefused) {
  const std::string big(10'000'000, 'x');
  const Read r = read_text("a,b\n1,2\n" + big + ",\"" + big + "\"\n3,4\n");
  ASSERT_EQ(r.error, "");
  ASSERT_EQ(r.table.size(), 4U);
  EXPECT_EQ(r.table[2][0].size(), big.size());
  EXPECT_EQ(r.table[2][1], big);
  EXPECT_EQ(r.table[3], (std::vector<std::string>{"3", "4"}));
  const std::string error = error_of_text("a,b\n1,2\n3," + std::string((16U << 20U) + 1, 'y'));
  EXPECT_EQ(error, "t.csv, line 3, b = \"" + std::string(80, 'y') +
                       "...\": the field is longer than the limit of 16777216 bytes");
}

TEST(Csv, AQuoteThatIsNeverClosedDoesNotReadTheWholeFileIntoMemory) {
  std::string text = "a,b\n1,\"2\n";
  for (int i = 0; i < 100'000; ++i) text += "1,2\n";
  io::CsvOptions options;
  options.max_field_bytes = 1000;
  EXPECT_NE(read_text(text, options)
                .error.find("longer than the limit of 1000 bytes (is its quote never closed?)"),
            std::string::npos);
}

TEST(Csv, LimitsHoldForEveryChunkSize) {
  io::CsvOptions options;
  options.max_field_bytes = 5;
  const std::string text = "a,b\n12345,\"1\"\"45\"\n1,2\n123456,1\n";
  for (std::size_t chunk = 1; chunk <= 64; ++chunk) {
    options.chunk_bytes = chunk;
    EXPECT_EQ(read_text(text, options).error,
              "t.csv, line 4, a = \"123456\": the field is longer than the limit of 5 bytes");
  }
  options = {};
  options.max_columns = 2;
  EXPECT_EQ(read_text("a,b,c\n", options).error, "t.csv, line 1: names more than 2 columns");
  options = {};
  options.max_row_bytes = 8;
  EXPECT_NE(read_text("a,b\n1234,67890\n", options).error.find("limit of 8 bytes"),
            std::string::npos);
}

TEST(Csv, BinaryGarbageIsRefusedAndNeverCrashes) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    std::mt19937_64 random{seed};
    std::string text(200 + random() % 2000, '\0');
    for (char& c : text) c = static_cast<char>(random());
    EXPECT_NE(error_of_text(text), "") << seed;
  }
}

TEST(Csv, ManyRowsOverManyChunksKeepTheirLineNumbers) {
  std::string text = "n,twice\n";
  for (int i = 0; i < 300'000; ++i) {
    text += std::to_string(i) + ',' + std::to_string(2 * i) + '\n';
  }
  const Read r = read_text(text);
  ASSERT_EQ(r.error, "");
  ASSERT_EQ(r.lines.size(), 300'000U);
  for (std::size_t i = 0; i < r.lines.size(); ++i) {
    ASSERT_EQ(r.lines[i], i + 2);
    ASSERT_EQ(r.table[i + 1][1], std::to_string(2 * i));
  }
}

TEST(Csv, EmptyColumnNamesMayRepeat) {  // as spreadsheets export unused columns
  EXPECT_EQ(read_text("a,,\n1,,\n").table, (Table{{"a", "", ""}, {"1", "", ""}}));
}

TEST(Csv, ReadsTheRealTablesIntoTheRightNumberOfRows) {
  OMBRE_SHARED_OR_SKIP(folder, "outcomes/data/ctn0094");
  for (const char* name : {"tlfb.csv.gz", "all_drugs.csv.gz", "visit.csv.gz", "randomization.csv",
                           "demographics.csv", "everybody.csv"}) {
    const std::string path = (folder / name).string();
    const Read r = read_all(io::CsvReader::open(path));
    EXPECT_EQ(r.error, "");
    EXPECT_EQ(r.table, ombre_test::naive_csv(*io::read_file(path))) << name;
  }
}

TEST(Utf8, WellFormedTextPassesAndTheFirstBadByteIsFound) {
  EXPECT_EQ(io::first_invalid_utf8(""), std::nullopt);
  EXPECT_EQ(io::first_invalid_utf8("12345678gr\xC3\xBC\xC3\x9F \xE2\x82\xAC \xF0\x9F\x8C\xBF"),
            std::nullopt);
  EXPECT_EQ(io::first_invalid_utf8("12345678\xFF"), 8U);
  EXPECT_EQ(io::first_invalid_utf8("\xE2\x82"), 0U);
  EXPECT_EQ(io::first_invalid_utf8("\xF4\x90\x80\x80"), 0U);  // U+110000
  EXPECT_EQ(io::first_invalid_utf8("\xE0\x80\x80"), 0U);      // overlong
}

}  // namespace
