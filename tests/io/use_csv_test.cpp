#include "ombre/io/use_csv.hpp"

#include <gtest/gtest.h>
#include <array>

#include <random>
#include <string>
#include <vector>

#include "../../src/io/csv_cells.hpp"
#include "naive_csv.hpp"
#include "ombre/core/date.hpp"
#include "ombre/core/error.hpp"
#include "support/shared_data.hpp"
#include "temporary_folder.hpp"

namespace {

using namespace ombre;
using io::UseCsvOptions;
using timeline::DayAxis;
using timeline::Records;
using timeline::ReportSource;
using timeline::Route;
using timeline::UseState;

Result<io::UseTable> read(std::string_view text, UseCsvOptions options = {}) {
  auto reader = io::CsvReader::from_text(text, options.csv, "use.csv");
  if (!reader) return unexpected(reader.error());
  return io::read_use_csv(*std::move(reader), options);
}

std::string error_of_text(std::string_view text, UseCsvOptions options = {}) {
  const auto table = read(text, std::move(options));
  return table ? "" : describe(table.error());
}

// Everything a record says, as one line of text.
std::string shown_records(const Records& records) {
  std::string out;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const timeline::Record r = records[i];
    out += std::string{records.persons()[r.person]} + ' ' + std::to_string(r.day) + ' ' +
           std::string{records.substances()[r.substance]} + ' ' + std::string{name(r.state)} + ' ' +
           shortest(r.amount) + ' ' + std::string{records.units()[r.unit]} + ' ' +
           std::string{name(r.route)} + ' ' + std::string{name(r.source)} + " line " +
           std::to_string(r.line) + (r.unreadable ? " unreadable" : "") + '\n';
  }
  return out;
}

TEST(UseCsv, ReadsAFullTable) {
  const auto table = read(
      "person_id,date,substance,amount,unit,route,source,reported,controlled_environment\n"
      "p1,2024-02-28,alcohol,3.5,drinks,oral,self-report,1,0\n"
      "p1,2024-02-29,alcohol,0,drinks,,,1,\n"
      "p1,2024-03-01,alcohol,,,,urine,,\n"
      "p1,2024-03-02,alcohol,,,,,0,\n"
      "p2,2024-03-02,,,,,,,1\n"
      "p2,2024-03-03,,,,,,,1\n"
      "p2,2024-03-04,heroin,,,IV,,,1\n");
  ASSERT_TRUE(table) << describe(table.error());
  EXPECT_EQ(table->records.axis(), DayAxis::calendar);
  EXPECT_EQ(shown_records(table->records),  // 2024-02-28 is day 19781
            "p1 19781 alcohol amount 3.5 drinks oral self_report line 2\n"
            "p1 19782 alcohol none 0 drinks unstated unstated line 3\n"
            "p1 19783 alcohol used 0  unstated urine line 4\n"
            "p1 19784 alcohol unknown 0  unstated unstated line 5\n"
            "p2 19786 heroin used 0  injected unstated line 8\n");
  EXPECT_EQ(table->rows, 7U);
  EXPECT_EQ(table->rows_without_record, 2U);
  EXPECT_EQ(table->rows_set_aside, 0U);
  EXPECT_EQ(table->findings.total(), table->findings.count("amount_not_given"));
  ASSERT_EQ(table->records.controlled_stays().size(), 1U) << "days in a row are one stay";
  EXPECT_EQ(table->records.controlled_stays()[0].first_day, 19784);
  EXPECT_EQ(table->records.controlled_stays()[0].last_day, 19786);
  EXPECT_EQ(table->columns.front(), (std::pair<std::string, std::string>{"person", "person_id"}));
  EXPECT_EQ(table->columns.size(), 9U);
}

TEST(UseCsv, WithoutAnAmountColumnEveryRowIsUseOfUnknownAmount) {
  const auto table = read("who,what,when\n2,Opioid,-32\n2,Opioid,-31\n");
  ASSERT_TRUE(table);
  EXPECT_EQ(table->records.axis(), DayAxis::study_day);
  EXPECT_EQ(shown_records(table->records),
            "2 -32 Opioid used 0  unstated unstated line 2\n"
            "2 -31 Opioid used 0  unstated unstated line 3\n");
}

TEST(UseCsv, ATableOfOneSubstanceMayNameItOnce) {
  UseCsvOptions options;
  options.only_substance = "tobacco";
  options.only_unit = "cigarettes";
  const auto table = read("id,date,amount\n1,2024-01-01,12\n", options);
  ASSERT_TRUE(table) << describe(table.error());
  EXPECT_EQ(shown_records(table->records),
            "1 19723 tobacco amount 12 cigarettes unstated unstated line 2\n");
  EXPECT_NE(error_of_text("id,date,amount\n1,2024-01-01,12\n")
                .find("no column for the substance was found"),
            std::string::npos);
}

TEST(UseCsv, ColumnsCanBeChosenByName) {
  UseCsvOptions options;
  options.person = "code";
  options.amount = "drinks_yesterday";
  const auto table =
      read("code,who,date,drug,drinks_yesterday\na,x,2024-01-01,alcohol,2\n", options);
  ASSERT_TRUE(table) << describe(table.error());
  EXPECT_EQ(shown_records(table->records), "a 19723 alcohol amount 2  unstated unstated line 2\n");
}

TEST(UseCsv, AHeaderAloneIsATableOfNoRows) {
  const auto table = read("person,day,substance\n");
  ASSERT_TRUE(table);
  EXPECT_EQ(table->rows, 0U);
  EXPECT_TRUE(table->records.empty());
}

struct Doubt {
  const char* row;
  const char* rule;
  const char* says;
};

const std::vector<Doubt>& doubts() {
  static const std::vector<Doubt> cases{
      {",2024-01-02,alcohol,1,g,1", "missing_person", "person: must name the person"},
      {"NA,2024-01-02,alcohol,1,g,1", "missing_person", "person = \"NA\": must name the person"},
      {"p,,alcohol,1,g,1", "missing_day", "day: must hold the day"},
      {"p,2024-01-02,,1,g,1", "missing_substance", "substance: must name the substance"},
      {"p,2023-02-30,alcohol,1,g,1", "impossible_date",
       "day = \"2023-02-30\": is not a day of the calendar"},
      {"p,2023-02-29,alcohol,1,g,1", "impossible_date",
       "day = \"2023-02-29\": is not a day of the calendar"},
      {"p,2023-13-01,alcohol,1,g,1", "impossible_date",
       "day = \"2023-13-01\": is not a day of the calendar"},
      {"p,0000-01-01,alcohol,1,g,1", "impossible_date",
       "day = \"0000-01-01\": must be from 1400-01-01 to 9999-12-31"},
      {"p,01/02/2024,alcohol,1,g,1", "not_a_day",
       "day = \"01/02/2024\": must be a date written as YYYY-MM-DD, or a whole number of days"},
      {"p,2024-01-02T00:00:00,alcohol,1,g,1", "not_a_day",
       "day = \"2024-01-02T00:00:00\": must be a date written as YYYY-MM-DD, or a whole number of "
       "days"},
      {"p, 2024-01-02,alcohol,1,g,1", "not_a_day",
       "day = \" 2024-01-02\": must be a date written as YYYY-MM-DD, or a whole number of days"},
      {"p,2024-01-02,alcohol,-3,g,1", "negative_amount", "amount = \"-3\": must be 0 or more"},
      {"p,2024-01-02,alcohol,nan,g,1", "not_finite",
       "amount = \"nan\": NaN is not a number: leave the cell empty where nothing is known"},
      {"p,2024-01-02,alcohol,Inf,g,1", "not_finite", "amount = \"Inf\": must be a finite number"},
      {"p,2024-01-02,alcohol,-infinity,g,1", "not_finite",
       "amount = \"-infinity\": must be a finite number"},
      {"p,2024-01-02,alcohol,1e999,g,1", "number_out_of_range",
       "amount = \"1e999\": is beyond the range of numbers (about 1e-308 to 1e308)"},
      {"p,2024-01-02,alcohol,1e-999,g,1", "number_out_of_range",
       "amount = \"1e-999\": is beyond the range of numbers (about 1e-308 to 1e308)"},
      {"p,2024-01-02,alcohol,0x1F,g,1", "not_a_number",
       "amount = \"0x1F\": must be a decimal number, not a hexadecimal one"},
      {"p,2024-01-02,alcohol,\"1,234\",g,1", "not_a_number",
       "amount = \"1,234\": must be written with a decimal point and without thousands marks "
       "(1234.5)"},
      {"p,2024-01-02,alcohol,\"2,5\",g,1", "not_a_number",
       "amount = \"2,5\": must be written with a decimal point and without thousands marks "
       "(1234.5)"},
      {"p,2024-01-02,alcohol, 3,g,1", "blanks_around_value",
       "amount = \" 3\": must have no blanks around the number"},
      {"p,2024-01-02,alcohol,+3,g,1", "not_a_number",
       "amount = \"+3\": must be written without a plus sign"},
      {"p,2024-01-02,alcohol,yes,g,1", "not_a_number",
       "amount = \"yes\": must be a number such as 2.5"},
      {"p,2024-01-02,alcohol,3 drinks,g,1", "not_a_number",
       "amount = \"3 drinks\": must be a number such as 2.5"},
      {"p,2024-01-02,alcohol,.5.,g,1", "not_a_number",
       "amount = \".5.\": must be a number such as 2.5"},
      {"p,2024-01-02,alcohol,1,g,maybe", "not_a_flag",
       "reported = \"maybe\": must be 1 or 0 (or true or false)"},
      {"p,2024-01-02,alcohol,1,g,0", "amount_though_not_reported",
       "amount = \"1\": cannot stand in a row that says the day was not reported"},
  };
  return cases;
}

constexpr std::string_view doubtful_header =
    "person,day,substance,amount,unit,reported\np,2024-01-01,alcohol,1,g,1\n";

// Rows whose person, day and substance can be read stay, as a day of which nothing is known: in a
// file of days with use they must never turn into days without.
TEST(UseCsv, ADoubtfulRowIsKeptAsNotKnownOrSetAsideAndReportedWithItsLine) {
  for (const Doubt& doubt : doubts()) {
    SCOPED_TRACE(doubt.row);
    const std::string_view rule = doubt.rule;
    const bool has_place =
        !rule.starts_with("missing_") && rule != "impossible_date" && rule != "not_a_day";
    const auto table =
        read(std::string{doubtful_header} + doubt.row + "\np,2024-01-03,alcohol,2,g,1\n");
    ASSERT_TRUE(table) << describe(table.error());
    ASSERT_EQ(table->records.size(), has_place ? 3U : 2U);
    EXPECT_EQ(table->rows_set_aside, has_place ? 0U : 1U);
    EXPECT_EQ(table->rows_not_read, has_place ? 1U : 0U);
    const std::string then = !has_place ? "the row is set aside"
                             : rule == "not_a_flag"
                                 ? "the day counts as use, its amount as not known"
                                 : "the day counts as not known";
    if (has_place) {
      EXPECT_EQ(table->records[1].state, rule == "not_a_flag" ? UseState::used : UseState::unknown);
      EXPECT_TRUE(table->records[1].unreadable);
      EXPECT_FALSE(table->records[2].unreadable);
    }
    EXPECT_EQ(table->findings.total(), 1U);
    ASSERT_EQ(table->findings.stored().size(), 1U);
    const Finding& finding = table->findings.stored()[0];
    EXPECT_EQ(finding.rule, doubt.rule);
    EXPECT_EQ(finding.row, 3U);
    EXPECT_EQ(finding.severity, Severity::caution);
    EXPECT_EQ(finding.file, "use.csv");
    EXPECT_TRUE(finding.text.ends_with("; " + then)) << finding.text;
  }
}

TEST(UseCsv, StrictReadingStopsAtTheFirstDoubtfulRow) {
  UseCsvOptions options;
  options.on_doubt = io::OnDoubt::stop;
  for (const Doubt& doubt : doubts()) {
    EXPECT_EQ(error_of_text(std::string{doubtful_header} + doubt.row + "\n", options),
              std::string{"use.csv, line 3, "} + doubt.says);
  }
}

TEST(UseCsv, NumbersAreReadInEveryDecimalForm) {
  const auto table = read(
      "person,day,substance,amount\n"
      "p,1,a,7\np,2,a,0.25\np,3,a,1e3\np,4,a,12345678901234\np,5,a,0.1\np,6,a,.5\np,7,a,2.\n"
      "p,8,a,-0\np,9,a,NA\np,10,a,4.9406564584124654e-324\n");
  ASSERT_TRUE(table);
  EXPECT_EQ(table->findings.total(), 1U) << "the NA of line 10";
  const auto amounts = table->records.amount_column();
  EXPECT_EQ(std::vector<double>(amounts.begin(), amounts.end()),
            (std::vector<double>{7, 0.25, 1000, 12345678901234.0, 0.1, 0.5, 2, 0, 0, 5e-324}));
  EXPECT_EQ(table->records.state_column()[7], UseState::none);
  EXPECT_EQ(table->records.state_column()[8], UseState::used);
}

TEST(UseCsv, TheFastNumberPathGivesTheSameDoublesAsTheCarefulOne) {
  std::mt19937_64 random{3};
  for (int i = 0; i < 100'000; ++i) {
    std::string text = std::to_string(random() % 1'000'000'000);
    const std::size_t decimals = random() % 7;
    if (decimals > 0) {
      text += '.';
      for (std::size_t d = 0; d < decimals; ++d) text += static_cast<char>('0' + random() % 10);
    }
    double fast = 0;
    double careful = 0;
    ASSERT_TRUE(io::detail::read_plain_decimal(text, fast) || text.size() > 16) << text;
    ASSERT_FALSE(io::detail::read_number_slowly(text, careful));
    if (text.size() > 16) continue;
    ASSERT_EQ(fast, careful) << text;
  }
}

TEST(UseCsv, TheFastDatePathAgreesWithTheCalendarForEveryDayThereIs) {
  std::array<char, 10> text{};
  for (Date day = Date::min();; day = day + Days{1}) {
    day.write_iso(text);
    std::int32_t number = 0;
    ASSERT_FALSE(io::detail::read_date({text.data(), text.size()}, number));
    ASSERT_EQ(number, day.day_number());
    if (day == Date::max()) break;
  }
}

TEST(UseCsv, DatesAndDayNumbersDoNotMix) {
  EXPECT_EQ(error_of_text("person,day,substance\np,2024-01-01,a\np,2024-01-02,a\np,3,a\n"),
            "use.csv, line 4, day = \"3\": is a day number, but line 2 holds a date: one table "
            "must hold only dates or only day numbers");
  EXPECT_EQ(error_of_text("person,day,substance\np,-1,a\np,2024-01-02,a\n"),
            "use.csv, line 3, day = \"2024-01-02\": is a date, but line 2 holds a day number: one "
            "table must hold only dates or only day numbers");
  // The first cell that says anything decides, also behind cells that say nothing.
  const auto table = read("person,day,substance\np,,a\np,soon,a\np,5,a\n");
  ASSERT_TRUE(table);
  EXPECT_EQ(table->records.axis(), DayAxis::study_day);
  EXPECT_EQ(table->rows_set_aside, 2U);
  EXPECT_EQ(error_of_text("person,day,substance\np,5,a\np,20240102,a\n"), "");
  EXPECT_EQ(read("person,day,substance\np,20240102,a\n")->findings.stored()[1].text,
            "is too far for a day number: write dates as YYYY-MM-DD; the row is set aside");
}

TEST(UseCsv, UnknownUnitsRoutesAndSourcesAreKeptAndReported) {
  const auto table = read(
      "person,day,substance,amount,unit,route,source\n"
      "p,1,a,1,Standard Drinks,Snorted,TLFB\n"
      "p,2,a,1,blorps,by drone,hearsay\n"
      "p,3,a,1,blorps,by drone,hearsay\n"
      "p,4,a,1,,,UDSAB\n");
  ASSERT_TRUE(table);
  EXPECT_EQ(table->records.size(), 4U);
  EXPECT_EQ(table->rows_set_aside, 0U);
  EXPECT_EQ(table->findings.count("unknown_unit"), 1U) << "once per unit";
  EXPECT_EQ(table->findings.count("unknown_route"), 2U);
  EXPECT_EQ(table->findings.count("unknown_source"), 2U);
  EXPECT_EQ(table->findings.count("urine_or_breath"), 1U);
  EXPECT_EQ(shown_records(table->records),
            "p 1 a amount 1 Standard Drinks intranasal self_report line 2\n"
            "p 2 a amount 1 blorps unstated unstated line 3\n"
            "p 3 a amount 1 blorps unstated unstated line 4\n"
            "p 4 a amount 1  unstated urine line 5\n");
  UseCsvOptions options;
  options.more_units = {"blorps"};
  options.route_words = {{"by drone", Route::other}};
  options.source_words = {{"hearsay", ReportSource::collateral}};
  const auto known = read(
      "person,day,substance,amount,unit,route,source\np,2,a,1,blorps,by drone,hearsay\n", options);
  ASSERT_TRUE(known);
  EXPECT_TRUE(known->findings.empty());
}

TEST(UseCsv, SeveralUnitsForOneSubstanceStopAStrictReading) {
  const std::string text = "person,day,substance,amount,unit\np,1,a,1,g\np,2,b,1,mg\np,3,a,1,mg\n";
  ASSERT_TRUE(read(text)) << "the grid decides what to do with them otherwise";
  UseCsvOptions options;
  options.on_doubt = io::OnDoubt::stop;
  EXPECT_EQ(error_of_text(text, options),
            "use.csv, line 4, unit = \"mg\": differs from the unit \"g\" that the same substance "
            "has in rows before");
}

TEST(UseCsv, AMillionSubstancesAreTakenForTheWrongColumnUnlessAllowed) {
  std::string text = "person,day,substance\n";
  for (int i = 0; i < 1'000'000; ++i) text += "p,1,s" + std::to_string(i) + '\n';
  EXPECT_EQ(error_of_text(text),
            "use.csv, line 10002, substance = \"s10000\": is one more than 10000 different "
            "substances: is this the right column?");
  UseCsvOptions options;
  options.max_substances = 2'000'000;
  const auto table = read(text, options);
  ASSERT_TRUE(table);
  EXPECT_EQ(table->records.size(), 1'000'000U);
  EXPECT_EQ(table->records.substances().size(), 1'000'000U);
  EXPECT_EQ(table->records.substances()[999'999], "s999999");
}

TEST(UseCsv, ManyDoubtfulRowsAreAllCountedButNotAllStored) {
  std::string text = "person,day,substance,amount\n";
  for (int i = 0; i < 5000; ++i) text += "p,1,a,-1\n";
  UseCsvOptions options;
  options.keep_findings = 10;
  const auto table = read(text, options);
  ASSERT_TRUE(table);
  EXPECT_EQ(table->rows_not_read, 5000U);
  EXPECT_EQ(table->findings.count("negative_amount"), 5000U);
  EXPECT_EQ(table->findings.stored().size(), 10U);
}

TEST(UseCsv, EveryChunkSizeGivesTheSameRecordsAndFindings) {
  std::string text =
      "person,day,substance,amount,unit,controlled_environment\r\n,,,,,\r\np,soon,a,,,\r\n";
  std::mt19937_64 random{8};
  for (int i = 0; i < 60; ++i) {
    text += "p" + std::to_string(random() % 3) + "," + std::to_string(random() % 9) + ",\"" +
            (random() % 2 == 0 ? "alco\nhol" : "x") + "\"," +
            (random() % 4 == 0 ? "-1" : std::to_string(random() % 5)) + ",g," +
            std::to_string(random() % 2) + "\r\n";
  }
  const auto whole = read(text);
  ASSERT_TRUE(whole);
  EXPECT_GT(whole->rows_set_aside, 0U);
  for (std::size_t chunk = 1; chunk <= 64; ++chunk) {
    UseCsvOptions options;
    options.csv.chunk_bytes = chunk;
    const auto table = read(text, options);
    ASSERT_TRUE(table);
    EXPECT_EQ(shown_records(table->records), shown_records(whole->records));
    EXPECT_EQ(table->rows, whole->rows);
    ASSERT_EQ(table->findings.stored().size(), whole->findings.stored().size());
    for (std::size_t i = 0; i < whole->findings.stored().size(); ++i) {
      EXPECT_EQ(describe(table->findings.stored()[i]), describe(whole->findings.stored()[i]));
    }
    EXPECT_EQ(table->records.controlled_stays().size(), whole->records.controlled_stays().size());
  }
}

TEST(UseCsv, RowsAreRecordsOrSetAsideOrWithoutRecordAndNothingElse) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    std::mt19937_64 random{seed};
    std::string text = "person,day,substance,amount,reported,controlled\n";
    const std::vector<std::string> cells{"", "p", "1", "2024-01-01", "-5", "0", "x", "NA", "true"};
    for (int i = 0; i < 100; ++i) {
      for (int c = 0; c < 6; ++c) {
        std::string cell = cells[random() % cells.size()];
        if (c == 1 && cell == "2024-01-01") cell = "7";
        text += (c > 0 ? "," : "") + cell;
      }
      text += '\n';
    }
    const auto table = read(text);
    ASSERT_TRUE(table) << describe(table.error());
    EXPECT_EQ(table->rows, 100U);
    EXPECT_EQ(table->records.size() + table->rows_set_aside + table->rows_without_record, 100U);
    EXPECT_GE(table->findings.total(), table->rows_set_aside + table->rows_not_read);
    std::size_t unreadable = 0;
    for (std::size_t i = 0; i < table->records.size(); ++i) {
      unreadable += table->records[i].unreadable ? 1U : 0U;
    }
    EXPECT_LE(unreadable, table->rows_not_read) << "an amount beside a bad flag is still read";
  }
}

TEST(UseCsv, YesAndNoAndTestResultsAreReadAsUseAndNoUse) {
  const auto flags = read("person,day,substance,used\np,1,a,0\np,2,a,1\np,3,a,\np,4,a,maybe\n");
  ASSERT_TRUE(flags) << describe(flags.error());
  EXPECT_EQ(shown_records(flags->records),
            "p 1 a none 0  unstated unstated line 2\n"
            "p 2 a used 0  unstated unstated line 3\n"
            "p 3 a unknown 0  unstated unstated line 4\n"
            "p 4 a unknown 0  unstated unstated line 5 unreadable\n");
  EXPECT_EQ(flags->findings.count("not_yes_or_no"), 1U);
  const auto results = read(
      "person,day,substance,Result\np,1,a,negative\np,2,a,Positive\np,3,a,+\np,4,a,-\n"
      "p,5,a,not tested\np,6,a,Not Detected\n");
  ASSERT_TRUE(results);
  const auto states = results->records.state_column();
  EXPECT_EQ((std::vector<UseState>{states.begin(), states.end()}),
            (std::vector<UseState>{UseState::none, UseState::used, UseState::used, UseState::none,
                                   UseState::unknown, UseState::none}));
  EXPECT_TRUE(results->findings.empty());
}

TEST(UseCsv, AnAmountAndAYesOrNoThatContradictEachOtherLeaveUseOfUnknownAmount) {
  const auto table = read(
      "person,day,substance,amount,used\np,1,a,3,yes\np,2,a,3,no\np,3,a,0,yes\np,4,a,0,no\n"
      "p,5,a,,yes\np,6,a,,no\np,7,a,,\np,8,a,six,yes\np,9,a,six,no\np,10,a,3,maybe\n"
      "p,11,a,0,maybe\n");
  ASSERT_TRUE(table) << describe(table.error());
  EXPECT_EQ(shown_records(table->records),
            "p 1 a amount 3  unstated unstated line 2\n"
            "p 2 a used 0  unstated unstated line 3 unreadable\n"
            "p 3 a used 0  unstated unstated line 4 unreadable\n"
            "p 4 a none 0  unstated unstated line 5\n"
            "p 5 a used 0  unstated unstated line 6\n"
            "p 6 a none 0  unstated unstated line 7\n"
            "p 7 a unknown 0  unstated unstated line 8\n"
            "p 8 a used 0  unstated unstated line 9 unreadable\n"
            "p 9 a unknown 0  unstated unstated line 10 unreadable\n"
            "p 10 a amount 3  unstated unstated line 11\n"
            "p 11 a unknown 0  unstated unstated line 12 unreadable\n");
  EXPECT_EQ(table->rows_not_read, 6U);
  for (const char* rule : {"amount_though_no_use", "no_amount_though_use", "amount_not_given"}) {
    EXPECT_EQ(table->findings.count(rule), 1U) << rule;
  }
}

TEST(UseCsv, AFileWithoutAmountsSaysThatEachRowCountsAsUse) {
  const auto table = read("person,day,substance,outcome,weather\np,1,a,clean,wet\n");
  ASSERT_TRUE(table);
  ASSERT_EQ(table->findings.count("every_row_is_use"), 1U);
  EXPECT_EQ(table->findings.stored()[0].value, "outcome, weather");
  const auto amounts = read("person,day,substance,amount,weather\np,1,a,1,wet\n");
  EXPECT_EQ(amounts->findings.count("columns_not_read"), 1U);
}

TEST(UseCsv, EmptyAmountsAreCounted) {
  std::string text = "person,day,substance,amount\n";
  for (int i = 0; i < 100; ++i) text += "p," + std::to_string(i) + ",a,\n";
  const auto table = read(text);
  ASSERT_TRUE(table);
  EXPECT_EQ(table->findings.count("amount_not_given"), 100U);
}

TEST(UseCsv, OneSubstanceOrUnitSpeltInSeveralWaysIsOne) {
  const auto table = read(
      "person,day,substance,amount,unit\np,1,Alcohol,1,drink_us\np,2,alcohol,2,DRINK_US\n"
      "p,3,alcohol ,3,Drink US\np,4,ethanol,4,drink_us\n p ,5, Alcohol,5,drink_us\n");
  ASSERT_TRUE(table) << describe(table.error());
  EXPECT_EQ(table->records.persons().size(), 1U);
  ASSERT_EQ(table->records.substances().size(), 2U);
  EXPECT_EQ(table->records.substances()[0], "Alcohol");
  EXPECT_EQ(table->records.units().size(), 2U);
  EXPECT_EQ(table->findings.count("spelt_differently"), 3U) << "once a spelling";
  EXPECT_EQ(table->findings.count("same_substance"), 1U) << "ethanol is alcohol";
  EXPECT_EQ(table->findings.count("blanks_around_name"), 3U);
}

TEST(UseCsv, PeopleWhoseIdsDifferInCaseStayTwoAndAreTold) {
  const auto table = read("person,day,substance\nanna,1,a\nAnna,2,a\nbob,1,a\n");
  ASSERT_TRUE(table);
  EXPECT_EQ(table->records.persons().size(), 3U);
  EXPECT_EQ(table->findings.count("alike_persons"), 1U);
}

TEST(UseCsv, ASubstanceOrUnitNamedForAllRowsMustNotContradictTheFile) {
  UseCsvOptions options;
  options.only_substance = "alcohol";
  EXPECT_EQ(error_of_text("person,day,substance\np,1,Alcohol\np,2,heroin\n", options),
            "use.csv, line 3, substance = \"heroin\": differs from the substance \"alcohol\" that "
            "every row was said to be about");
  EXPECT_EQ(read("person,day,substance\np,1,\n", options)->records.substances()[0], "alcohol");
  options = {};
  options.only_unit = "g";
  EXPECT_EQ(error_of_text("person,day,substance,amount,unit\np,1,a,1,drink_us\n", options),
            "use.csv, line 2, unit = \"drink_us\": differs from the unit \"g\" that every amount "
            "was said to have");
}

TEST(UseCsv, AmountsHaveAnUpperLimitAndCodesForMissingAreTold) {
  const auto table =
      read("person,day,substance,amount\np,1,a,1e308\np,2,a,1e15\np,3,a,999\np,4,a,99\n");
  ASSERT_TRUE(table);
  EXPECT_EQ(table->findings.count("amount_too_large"), 1U);
  EXPECT_EQ(table->findings.count("looks_like_missing_code"), 1U);
  EXPECT_EQ(table->records[0].state, UseState::unknown);
  EXPECT_EQ(table->records[1].amount, 1e15);
}

TEST(UseCsv, SomebodyKnownOnlyFromRowsWithoutAPlaceIsKept) {
  const auto table = read("person,day,substance\nanna,1,a\nbob,soon,a\nbob,,a\ncarl,2,\n");
  ASSERT_TRUE(table);
  ASSERT_EQ(table->records.persons().size(), 3U);
  EXPECT_FALSE(table->records.has_unplaced(0));
  EXPECT_TRUE(table->records.has_unplaced(1));
  EXPECT_TRUE(table->records.has_unplaced(2));
}

TEST(UseCsv, ACallerCanStopTheReading) {
  UseCsvOptions options;
  options.progress = [](double done) { return done < 0; };
  const auto table = read("person,day,substance\np,1,a\n", options);
  ASSERT_FALSE(table);
  EXPECT_EQ(table.error().code, Errc::cancelled);
}

TEST(UseCsv, ReadsTheRealTablesOfUse) {
  OMBRE_SHARED_OR_SKIP(folder, "outcomes/data/ctn0094");
  for (const char* file : {"tlfb.csv.gz", "all_drugs.csv.gz"}) {
    const std::string path = (folder / file).string();
    const auto table = io::read_use_csv(path);
    ASSERT_TRUE(table) << describe(table.error());
    const auto expected = ombre_test::naive_csv(*io::read_file(path));
    EXPECT_EQ(table->rows + 1, expected.size());
    EXPECT_EQ(table->rows_set_aside, 0U) << file;
    EXPECT_EQ(table->records.axis(), DayAxis::study_day);
    const std::size_t when = expected[0].size() - 1;
    for (std::size_t i = 0; i < table->records.size(); ++i) {
      const auto r = table->records[i];
      const auto& row = expected[i + 1];
      ASSERT_EQ(table->records.persons()[r.person], row[0]);
      ASSERT_EQ(table->records.substances()[r.substance], row[1]);
      ASSERT_EQ(std::to_string(r.day), row[when]);
    }
  }
}

Result<io::WindowTable> windows(std::string_view text, Records& records,
                                io::WindowCsvOptions options = {}) {
  auto reader = io::CsvReader::from_text(text, {}, "w.csv");
  if (!reader) return unexpected(reader.error());
  return io::read_windows_csv(*std::move(reader), records, options);
}

TEST(WindowsCsv, NumbersPeopleByTheRecordsAndKeepsFurtherColumns) {
  Records records{DayAxis::study_day};
  ASSERT_EQ(*records.person("b"), 0U);
  const auto table =
      windows("person,start,end,Sex,arm\na,0,83,F,buprenorphine\nb,1,90,NA,\n", records);
  ASSERT_TRUE(table) << describe(table.error());
  ASSERT_EQ(table->windows.size(), 2U);
  EXPECT_EQ(table->windows[0].person, 1U) << "a is new and goes behind";
  EXPECT_EQ(table->windows[1].person, 0U);
  EXPECT_EQ(table->windows[0].last_day, 83);
  EXPECT_EQ(records.persons().size(), 2U);
  ASSERT_NE(table->attribute("sex"), nullptr);
  EXPECT_EQ(table->attribute("sex")->values, (std::vector<std::string>{"F", ""}));
  EXPECT_EQ(table->attribute("ARM")->values, (std::vector<std::string>{"buprenorphine", ""}));
  EXPECT_EQ(table->attribute("age"), nullptr);
}

TEST(WindowsCsv, WhatIsWrongIsAFindingOrAnError) {
  Records records{DayAxis::study_day};
  const auto table =
      windows("person,start,end\n,1,2\na,5,4\na,1,2\na,1,3\nb,,3\nc,x,3\nd,1,99999999\n", records);
  ASSERT_TRUE(table);
  EXPECT_EQ(table->windows.size(), 1U);
  EXPECT_EQ(table->rows, 7U);
  EXPECT_EQ(table->rows_set_aside, 6U);
  for (const char* rule :
       {"missing_person", "end_before_start", "window_given_twice", "missing_day"}) {
    EXPECT_EQ(table->findings.count(rule), 1U) << rule;
  }
  EXPECT_EQ(table->findings.count("not_a_day"), 2U);
  Records strict{DayAxis::study_day};
  EXPECT_EQ(
      describe(
          windows("person,start,end\na,5,4\n", strict, {.on_doubt = io::OnDoubt::stop}).error()),
      "w.csv, line 2, end = \"4\": must not be before the start of the window");
}

// A table from which no window follows must not become "no table": everybody would get another one.
TEST(WindowsCsv, ATableWithoutAUsableWindowIsAnError) {
  Records records{DayAxis::study_day};
  static_cast<void>(records.person("a"));
  EXPECT_EQ(describe(windows("person,start,end\n", records).error()),
            "w.csv: holds a header and no window");
  EXPECT_EQ(describe(windows("person,start,end\na,1,\n", records).error()),
            "w.csv: holds no usable window: of 1 row none was usable (line 2, end: must hold the "
            "day; the row is set aside)");
}

TEST(WindowsCsv, BlanksAroundAPersonDoNotMakeTwo) {
  Records records{DayAxis::study_day};
  static_cast<void>(records.person("anna"));
  const auto table = windows("person,start,end,sex\nanna ,1,5, female\nAnna,1,5,\n", records);
  ASSERT_TRUE(table) << describe(table.error());
  EXPECT_EQ(table->windows[0].person, 0U);
  EXPECT_EQ(table->attribute("sex")->values[0], "female");
  EXPECT_EQ(table->findings.count("alike_persons"), 1U);
}

TEST(WindowsCsv, TheDaysMustBeOfTheKindTheRecordsHave) {
  Records numbers{DayAxis::study_day};
  static_cast<void>(numbers.person("a"));
  EXPECT_EQ(describe(windows("person,start,end\na,2024-01-01,2024-01-31\n", numbers).error()),
            "w.csv, line 2, start = \"2024-01-01\": is a date, but the table of use counts days by "
            "numbers");
  Records nothing;
  ASSERT_TRUE(windows("person,start,end\na,1,31\n", nothing));
  EXPECT_EQ(nothing.axis(), DayAxis::study_day);
  EXPECT_EQ(nothing.persons().size(), 1U);
  Records mixed;
  EXPECT_FALSE(windows("person,start,end\na,1,2024-01-31\n", mixed));
}

}  // namespace
