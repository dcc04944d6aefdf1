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

TEST_F(Metrics, QuietStillCountsWhatCouldNotBeRead) {
  write("use.csv",
        "person_id,date,substance,amount,unit\nanna,2024-01-01,alcohol,2,drink_us\n"
        "anna,2024-01-02,alcohol,six,drink_us\nanna,2024-02-30,alcohol,1,drink_us\n");
  for (const char* how : {"--quiet", "--quiet --summary"}) {
    const Ran ran = ombre(std::string{"metrics --tlfb use.csv --metrics pda "} + how);
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_NE(ran.err.find("1 of 3 rows of use.csv were set aside"), std::string::npos) << ran.err;
    EXPECT_NE(ran.err.find("not_a_number 1 time"), std::string::npos) << ran.err;
    EXPECT_NE(ran.err.find("impossible_date 1 time"), std::string::npos) << ran.err;
    EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 2) << ran.err;
  }
  write("fine.csv", "person_id,date,substance,amount,unit\nanna,2024-01-01,alcohol,2,drink_us\n");
  EXPECT_EQ(ombre("metrics --tlfb fine.csv --metrics pda --quiet").err, "");
  write("words.csv", "who,word\na,--x\nb,---\n");
  const Ran words = ombre("endpoints --words words.csv --id red_fiellin_2006 --quiet");
  EXPECT_EQ(words.err, "findings, without --quiet in full: unknown_symbol 1 time\n");
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
            "person_id,substance,metric,definition,value,lower,upper,n_observed,n_missing,unit");
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
              "bob,alcohol,pda,missing=exclude,100,60,100,3,2,percent\n");
    EXPECT_EQ(rows_of(ran.out, "bob,alcohol,continuous_abstinence"),
              "bob,alcohol,continuous_abstinence,missing=exclude,1,0,1,3,2,yes/no\n");
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

TEST_F(Metrics, ValuesSayWhatTheyAreCountedIn) {
  write("use.csv", worked_example());
  const Ran ran = ombre("metrics --tlfb use.csv --metrics pda,ddd,dpd,max_day");
  EXPECT_NE(ran.out.find(",28,0,drink_us per use day\n"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find(",28,0,drink_us per day\n"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find(",7,7,7,28,0,drink_us\n"), std::string::npos) << ran.out;
}

// 2 US drinks and 28 g are the same; a pint is what the caller says it is.
TEST_F(Metrics, AlcoholInSeveralUnitsIsBroughtIntoOne) {
  write("use.csv",
        "person_id,date,substance,amount,unit\np,2026-01-01,alcohol,2,drink_us\n"
        "p,2026-01-02,alcohol,28,g\np,2026-01-03,alcohol,3,DRINK_US\n"
        "p,2026-01-04,alcohol,2,pint\n");
  const Ran plain = ombre("metrics --tlfb use.csv --metrics total,ethanol_g_per_day");
  EXPECT_EQ(value_of(plain.out, "p", "total"), "7") << plain.err;
  EXPECT_NE(plain.err.find("units_converted"), std::string::npos) << plain.err;
  EXPECT_NE(plain.err.find("mixed_units, 1 time"), std::string::npos) << plain.err;
  const Ran told = ombre(
      "metrics --tlfb use.csv --metrics total,ethanol_g_per_day --factor 'Alcohol:pint=1.5 "
      "drink_us'");
  EXPECT_EQ(value_of(told.out, "p", "total"), "10") << told.err;
  EXPECT_EQ(value_of(told.out, "p", "ethanol_g_per_day"), "35") << told.out;
  EXPECT_EQ(told.err.find("mixed_units"), std::string::npos) << told.err;
}

TEST_F(Metrics, ADrinkOfUnknownSizeIsAlcoholWithoutGrams) {
  write("use.csv", "person_id,day,substance,amount,unit\nA,1,alcohol,3,drink\nA,1,heroin,1,g\n");
  const Ran ran = ombre("metrics --tlfb use.csv --metrics ethanol_g_per_day --status");
  EXPECT_NE(ran.out.find("A,alcohol,ethanol_g_per_day,missing=exclude,,,,1,0,g/day,"
                         "unit_not_in_grams\n"),
            std::string::npos)
      << ran.out;
  EXPECT_NE(ran.out.find("g/day,not_ethanol\n"), std::string::npos) << ran.out;
}

TEST_F(Metrics, AmountsOutsideTheBoundsGivenAreToldOrForgotten) {
  write("use.csv", "person_id,day,substance,amount\nA,1,alcohol,3\nA,2,alcohol,999\n");
  const Ran silent = ombre("metrics --tlfb use.csv --metrics total");
  EXPECT_EQ(value_of(silent.out, "A", "total"), "1002");
  EXPECT_NE(silent.err.find("looks_like_missing_code"), std::string::npos) << silent.err;
  const Ran bounded =
      ombre("metrics --tlfb use.csv --metrics total --bounds Alcohol:0..60 --outlier unknown");
  EXPECT_EQ(value_of(bounded.out, "A", "total"), "3") << bounded.err;
  EXPECT_NE(bounded.err.find("amount_outlier, use.csv, line 3, person A"), std::string::npos)
      << bounded.err;
}

TEST_F(Metrics, AMeanOverPeopleWithAnEventSaysSo) {
  write("use.csv", "person_id,day,substance\nA,3,x\n");
  write("windows.csv", "person,start,end\nA,1,10\nB,1,10\n");
  const Ran ran = ombre(
      "metrics --tlfb use.csv --windows windows.csv --absent none --summary --metrics "
      "first_use,use_days");
  EXPECT_NE(ran.out.find("of those with the event only,1,1,2"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("use_days,missing=exclude,2,0,0.5"), std::string::npos) << ran.out;
}

TEST_F(Metrics, TheSexOfTheWindowsIsNotOverriddenAndOtherColumnsAreTold) {
  write("use.csv", "person_id,day,substance\nA,3,x\n");
  write("windows.csv", "who,start,end,sex,Gender\nA,1,10,male,m\n");
  const Ran against = ombre("metrics --tlfb use.csv --windows windows.csv --sex female");
  EXPECT_EQ(against.code, 1);
  EXPECT_NE(against.err.find("windows.csv, line 2, sex = \"male\": contradicts --sex female"),
            std::string::npos)
      << against.err;
  const Ran ran = ombre("metrics --tlfb use.csv --windows windows.csv --metrics pda");
  EXPECT_NE(ran.err.find("columns_not_read, windows.csv, line 1, header = \"Gender\""),
            std::string::npos)
      << ran.err;
  write("windows.csv", "who,id,start,end\nA,1,1,10\n");
  EXPECT_NE(ombre("metrics --tlfb use.csv --windows windows.csv").err.find("--window-person"),
            std::string::npos);
  EXPECT_EQ(ombre("metrics --tlfb use.csv --windows windows.csv --window-person who").code, 0);
}

TEST_F(Metrics, AWrongSubstanceColumnIsSaidBeforeMemoryRunsOut) {
  std::string csv = "who,day,what\n";
  for (int i = 0; i < 9000; ++i) {
    csv += "p" + std::to_string(i) + ",1,note number " + std::to_string(i) + "\n";
  }
  write("use.csv", csv);
  const Ran ran =
      ombre("metrics --tlfb use.csv --absent none --start 0 --end 365 --quiet -o out.csv");
  EXPECT_EQ(ran.code, 1) << ran.err;
  EXPECT_NE(ran.err.find("9000 people x 9000 substances x 366 days"), std::string::npos) << ran.err;
  EXPECT_FALSE(exists("out.csv"));
}

TEST_F(Metrics, AWriteThatFailsLeavesNothingBehind) {
  std::string csv = "who,day,what\n";
  for (int i = 0; i < 500; ++i) csv += "p" + std::to_string(i) + ",1,x\n";
  write("use.csv", csv);
  write("run.sh", "ulimit -f 64\n'" OMBRE_PROGRAM
                  "' metrics --tlfb use.csv --quiet -o out.csv 2>said\necho $? >code\n");
  ASSERT_EQ(std::system(("cd '" + path("") + "' && sh run.sh").c_str()), 0);
  EXPECT_EQ(read("code"), "3\n") << read("said");
  for (const auto& entry : std::filesystem::directory_iterator{path("")}) {
    EXPECT_FALSE(entry.path().filename().string().starts_with(".out")) << entry.path();
    EXPECT_NE(entry.path().filename(), "out.csv");
  }
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
        BadInput{"unknown rule", "who,day,what\nA,1,x\n", "--heavy very_heavy", "very_heavy", 2},
        BadInput{"a rule about weeks too", "who,day,what\nA,1,x\n", "--heavy au_2020", "--heavy",
                 2},
        BadInput{"unknown metric", "who,day,what\nA,1,x\n", "--metrics pdaa", "did you mean pda?",
                 2},
        BadInput{"unknown sex", "who,day,what\nA,1,x\n", "--sex other", "--sex", 2},
        BadInput{"semicolons", "who;day;what\nA;1;x\n", "", "--delimiter ';'", 1},
        BadInput{"tabs", "who\tday\twhat\nA\t1\tx\n", "", "--delimiter tab", 1},
        BadInput{"told semicolons", "who;day;what\nA;1;x\n", "--delimiter ';'", "", 0},
        BadInput{"told tabs", "who\tday\twhat\nA\t1\tx\n", "--delimiter tab", "", 0},
        BadInput{"nonsense between columns", "who,day,what\nA,1,x\n", "--delimiter blank",
                 "--delimiter", 2},
        BadInput{"header only", "who,day,what\n", "", "use.csv: holds a header and no row", 1},
        BadInput{"no row to use", "who,day,what\nA,soon,x\nA,,x\n", "",
                 "use.csv: holds no row that says anything of use: 2 read, 2 set aside", 1},
        BadInput{"same day refused", "who,day,what,amount\nA,1,x,1\nA,1,x,2\n", "--same-day refuse",
                 "use.csv, line 2, day", 1},
        BadInput{"a factor of nothing", "who,day,what\nA,1,x\n", "--factor pint", "--factor", 2},
        BadInput{"bounds without an end", "who,day,what\nA,1,x\n", "--bounds 5", "--bounds", 2},
        BadInput{"another substance than said", "who,day,what\nA,1,heroin\n",
                 "--only-substance alcohol", "line 2, what = \"heroin\"", 1},
        BadInput{"amounts beyond numbers", "who,day,what,amount\nA,1,x,1e308\nA,2,x,1e308\n", "",
                 "amount_too_large", 0},
        BadInput{"unknown option", "who,day,what\nA,1,x\n", "--misssing best", "misssing", 2},
        BadInput{"gap of nothing", "who,day,what\nA,1,x\n", "--gap 0", "--gap", 2}));

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
