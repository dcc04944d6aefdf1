// `ombre metrics` from outside: what a researcher types, and what comes back.

#include <gtest/gtest.h>

#include "cli/program.hpp"

namespace ombre::testing {
namespace {

using Metrics = ProgramTest;

/// The 28 days of docs/metrics.md (US drinks, men): 8 drinking days, 3 of them with 5 or more.
std::string worked_example() {
  const int drinks[28] = {0, 0, 6, 5, 0, 2, 0, 0, 4, 0, 0, 7, 3, 0,
                          0, 0, 0, 2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0};
  std::string csv = "person_id,date,substance,amount,unit\n";
  for (int day = 0; day < 28; ++day) {
    const std::string date = "2026-02-" + std::string(day < 9 ? "0" : "") + std::to_string(day + 1);
    csv += "p1," + date + ",alcohol," + std::to_string(drinks[day]) + ",drink_us\n";
  }
  return csv;
}

TEST_F(Metrics, GivesTheWorkedNumbersOfTwentyEightDays) {
  write("use.csv", worked_example());
  const Ran ran = ombre("metrics --tlfb use.csv --heavy niaaa_heavy_day --sex male");
  EXPECT_EQ(ran.code, 0) << ran.err;
  // 20 of 28 days without, 3 of 28 heavy, 30 drinks on 8 days: 15 g a day, WHO low.
  EXPECT_EQ(value_of(ran.out, "p1", "pda").substr(0, 6), "71.428");
  EXPECT_EQ(value_of(ran.out, "p1", "phdd").substr(0, 6), "10.714");
  EXPECT_EQ(value_of(ran.out, "p1", "ddd"), "3.75");
  EXPECT_EQ(value_of(ran.out, "p1", "total"), "30");
  EXPECT_EQ(value_of(ran.out, "p1", "who_rdl"), "1");
  EXPECT_EQ(ran.err.find("unknown_unit"), std::string::npos) << "a US drink is a known unit";
  EXPECT_EQ(ran.out.substr(0, ran.out.find('\n')),
            "person_id,substance,metric,definition,value,lower,upper,n_observed,n_missing");
}

TEST_F(Metrics, ReadsFromAPipeAndWritesTheSameBytesOnTwoThreads) {
  const Ran one = ombre("metrics --tlfb - --quiet", worked_example());
  const Ran two = ombre("metrics --tlfb - --quiet --threads 2", worked_example());
  EXPECT_EQ(one.code, 0);
  EXPECT_EQ(one.out, two.out);
  EXPECT_FALSE(one.out.empty());
}

TEST_F(Metrics, ADayWithoutARowIsNotKnownUnlessOneSaysSo) {
  write("use.csv", "who,when,what\nA,3,Heroin\nA,5,Heroin\n");
  const Ran unknown = ombre("metrics --tlfb use.csv --start 1 --end 10");
  EXPECT_EQ(value_of(unknown.out, "A", "pda"), "0");  // two known days, both of use
  EXPECT_NE(unknown.err.find("--absent none"), std::string::npos);
  const Ran none = ombre("metrics --tlfb use.csv --start 1 --end 10 --absent none");
  EXPECT_EQ(value_of(none.out, "A", "pda"), "80");
  EXPECT_EQ(value_of(none.out, "A", "use_days"), "2");
  EXPECT_EQ(value_of(none.out, "A", "longest_abstinent_run"), "5");  // days 6 to 10
  EXPECT_EQ(value_of(none.out, "A", "current_abstinent_run"), "5");
  EXPECT_EQ(value_of(none.out, "A", "first_use"), "2");  // days after the window's first
  EXPECT_EQ(value_of(none.out, "A", "ddd"), "") << "no amount is known";
}

TEST_F(Metrics, SomebodyWithoutAnyRowIsNotLostWhereAbsentMeansNone) {
  write("use.csv", "person_id,day,substance\nA,3,Heroin\n");
  write("windows.csv", "person,start,end\nA,1,10\nB,1,10\n");
  const Ran ran = ombre("metrics --tlfb use.csv --windows windows.csv --absent none");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(value_of(ran.out, "B", "pda"), "100");
  EXPECT_EQ(value_of(ran.out, "B", "ddd"), "");
}

std::string rows_of(const std::string& csv, const std::string& start) {
  std::istringstream lines{csv};
  std::string out;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(start)) out += line + '\n';
  }
  return out;
}

TEST_F(Metrics, ARowThatCannotBeReadIsADayNotKnownAndNeverADayWithoutUse) {
  write("windows.csv",
        "person_id,start,end\nanna,2026-01-01,2026-01-05\n"
        "bob,2026-01-01,2026-01-05\n");
  for (const char* bad : {"six,1", "\"6,5\",1", "7 drinks,1", "-1,1", ",maybe", "3,0"}) {
    SCOPED_TRACE(bad);
    write("use.csv", std::string{"person_id,date,substance,amount,reported\n"
                                 "anna,2026-01-01,alcohol,6,1\nbob,2026-01-02,alcohol,"} +
                         bad + "\nbob,2026-01-03,alcohol," + bad + "\n");
    const Ran ran = ombre(
        "metrics --tlfb use.csv --absent none --windows windows.csv --metrics "
        "pda,continuous_abstinence,observed_percent");
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_EQ(rows_of(ran.out, "bob,alcohol,pda"),
              "bob,alcohol,pda,missing=exclude,100,60,100,3,2\n");
    EXPECT_EQ(rows_of(ran.out, "bob,alcohol,continuous_abstinence"),
              "bob,alcohol,continuous_abstinence,missing=exclude,1,0,1,3,2\n");
    EXPECT_EQ(value_of(ran.out, "bob", "observed_percent"), "60");
    EXPECT_NE(ran.err.find("use.csv, line 3, person bob"), std::string::npos) << ran.err;
    const Ran spans = ombre("metrics --tlfb use.csv --absent none --metrics pda");
    EXPECT_EQ(value_of(spans.out, "bob", "pda"), "") << "two days, neither known";
  }
}

TEST_F(Metrics, ATableOfWindowsWithoutAUsableRowIsAnError) {
  write("use.csv", worked_example());
  for (const char* text : {"person,start,end\n", "person,start,end\np1,2026-02-01,\n"}) {
    write("windows.csv", text);
    const Ran ran = ombre("metrics --tlfb use.csv --windows windows.csv -o out.csv");
    EXPECT_EQ(ran.code, 1) << ran.err;
    EXPECT_NE(ran.err.find("windows.csv: holds"), std::string::npos) << ran.err;
    EXPECT_FALSE(exists("out.csv"));
  }
}

TEST_F(Metrics, YesNoAndResultsAreReadAndNotTakenForUse) {
  write("use.csv",
        "person_id,date,substance,used\nanna,2026-01-01,heroin,0\n"
        "anna,2026-01-02,heroin,1\nanna,2026-01-03,heroin,0\n");
  EXPECT_EQ(value_of(ombre("metrics --tlfb use.csv").out, "anna", "use_days"), "1");
  write("use.csv",
        "person_id,date,substance,outcome\nanna,2026-01-01,heroin,negative\n"
        "anna,2026-01-02,heroin,positive\n");
  const Ran guess = ombre("metrics --tlfb use.csv");
  EXPECT_EQ(value_of(guess.out, "anna", "use_days"), "2");
  EXPECT_NE(guess.err.find("every_row_is_use"), std::string::npos) << guess.err;
  EXPECT_NE(guess.err.find("outcome"), std::string::npos) << guess.err;
  const Ran told = ombre("metrics --tlfb use.csv --used outcome");
  EXPECT_EQ(value_of(told.out, "anna", "use_days"), "1") << told.err;
}

TEST_F(Metrics, SaysWhyThereIsNoValue) {
  write("use.csv", "person_id,day,substance\nA,3,Heroin\n");
  const Ran ran = ombre(
      "metrics --tlfb use.csv --start 1 --end 10 --absent none --status "
      "--metrics ddd,phdd");
  EXPECT_NE(ran.out.find("amounts_not_known"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("no_heavy_rule"), std::string::npos) << ran.out;
}

TEST_F(Metrics, SummaryAndJsonAndFilesComeOutWhole) {
  write("use.csv", worked_example());
  EXPECT_EQ(ombre("metrics --tlfb use.csv --summary -o summary.csv --quiet").code, 0);
  EXPECT_EQ(read("summary.csv").substr(0, 44), "substance,metric,definition,n,n_not_estimabl");
  EXPECT_EQ(ombre("metrics --tlfb use.csv --metrics pda -o m.json --quiet").code, 0);
  EXPECT_EQ(read("m.json").front(), '[');
  EXPECT_NE(read("m.json").find("\"metric\":"), std::string::npos);
}

TEST_F(Metrics, AnOutputNeverReplacesAnInput) {
  const std::string rows = worked_example();
  write("use.csv", rows);
  write("windows.csv", "person,start,end\np1,2026-02-01,2026-02-10\n");
  std::filesystem::create_symlink(path("use.csv"), path("link.csv"));
  std::filesystem::create_hard_link(path("use.csv"), path("twin.csv"));
  std::filesystem::create_directory(path("sub"));
  for (const char* target : {"use.csv", "./use.csv", "sub/../use.csv", "link.csv", "twin.csv"}) {
    const Ran ran = ombre(std::string{"metrics --tlfb use.csv --absent none -o "} + target);
    EXPECT_EQ(ran.code, 2) << target << ran.err;
    EXPECT_NE(ran.err.find("is the same file as --tlfb"), std::string::npos) << ran.err;
    EXPECT_EQ(read("use.csv"), rows) << target;
  }
  const Ran windows = ombre("metrics --tlfb use.csv --windows windows.csv -o windows.csv");
  EXPECT_EQ(windows.code, 2) << windows.err;
  EXPECT_NE(windows.err.find("--windows windows.csv"), std::string::npos) << windows.err;
  EXPECT_EQ(ombre("metrics --tlfb - --windows -", rows).code, 2);
  EXPECT_EQ(ombre("metrics --tlfb use.csv --absent none -o /dev/null").code, 0);
}

struct BadInput {
  const char* what;
  const char* csv;
  const char* arguments;
  const char* sentence;  // must be part of what is printed
  int code;
};

class MetricsRefusals : public ProgramTest, public ::testing::WithParamInterface<BadInput> {};

TEST_P(MetricsRefusals, HaveASentenceAndLeaveNoFile) {
  const BadInput& bad = GetParam();
  write("use.csv", bad.csv);
  const Ran ran = ombre(std::string{"metrics --tlfb use.csv -o out.csv "} + bad.arguments);
  EXPECT_EQ(ran.code, bad.code) << bad.what << ": " << ran.err;
  EXPECT_NE(ran.err.find(bad.sentence), std::string::npos) << bad.what << ": " << ran.err;
  EXPECT_EQ(exists("out.csv"), bad.code == 0) << bad.what;
}

INSTANTIATE_TEST_SUITE_P(
    Table, MetricsRefusals,
    ::testing::Values(
        BadInput{"empty file", "", "", "use.csv", 1},
        BadInput{"binary",
                 "\x7f"
                 "ELF\x02\x01",
                 "", "use.csv", 1},
        BadInput{"no such column", "a,b\n1,2\n", "", "person", 1},
        BadInput{"ragged", "who,day,what\nA,1\n", "", "line 2", 1},
        BadInput{"no such date", "who,date,what\nA,2023-02-30,x\nA,2023-02-01,x\n", "",
                 "2023-02-30", 0},
        BadInput{"negative amount", "who,day,what,amount\nA,1,x,-3\nA,2,x,1\n", "",
                 "negative_amount", 0},
        BadInput{"strict stops", "who,day,what,amount\nA,1,x,-3\n", "--strict", "line 2", 1},
        BadInput{"nan", "who,day,what,amount\nA,1,x,nan\nA,2,x,1\n", "", "line 2", 0},
        BadInput{"end before start", "who,day,what\nA,1,x\n", "--start 5 --end 2", "--end", 2},
        BadInput{"start alone", "who,day,what\nA,1,x\n", "--start 5", "go together", 2},
        BadInput{"dates for day numbers", "who,day,what\nA,1,x\n",
                 "--start 2026-01-01 --end 2026-02-01", "day number", 2},
        BadInput{"unknown rule", "who,day,what\nA,1,x\n", "--heavy very_heavy", "very_heavy", 1},
        BadInput{"unknown metric", "who,day,what\nA,1,x\n", "--metrics pdx", "pdx", 1},
        BadInput{"unknown option", "who,day,what\nA,1,x\n", "--misssing best", "misssing", 2},
        BadInput{"gap of nothing", "who,day,what\nA,1,x\n", "--gap 0", "gap", 1}));

TEST_F(Metrics, AMissingFileOrFolderIsAnIoErrorThatNamesIt) {
  EXPECT_EQ(ombre("metrics --tlfb nowhere.csv").code, 3);
  EXPECT_NE(ombre("metrics --tlfb nowhere.csv").err.find("nowhere.csv"), std::string::npos);
  write("use.csv", worked_example());
  const Ran ran = ombre("metrics --tlfb use.csv -o no/such/folder/out.csv");
  EXPECT_NE(ran.code, 0);
  EXPECT_NE(ran.err.find("no/such/folder"), std::string::npos);
}

}  // namespace
}  // namespace ombre::testing
