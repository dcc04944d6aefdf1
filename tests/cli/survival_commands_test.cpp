// `ombre km`, `logrank`, `rmst` and `analyse` as people run them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "cli/program.hpp"
#include "ombre/io/json.hpp"

namespace {

using SurvivalCommands = ombre::testing::ProgramTest;

// Weeks of remission, Freireich et al. 1963.
constexpr const char* remission =
    "arm,weeks,relapse\n"
    "6mp,6,1\n6mp,6,1\n6mp,6,1\n6mp,6,0\n6mp,7,1\n6mp,9,0\n6mp,10,1\n6mp,10,0\n6mp,11,0\n"
    "6mp,13,1\n6mp,16,1\n6mp,17,0\n6mp,19,0\n6mp,20,0\n6mp,22,1\n6mp,23,1\n6mp,25,0\n6mp,32,0\n"
    "6mp,32,0\n6mp,34,0\n6mp,35,0\n"
    "placebo,1,1\nplacebo,1,1\nplacebo,2,1\nplacebo,2,1\nplacebo,3,1\nplacebo,4,1\nplacebo,4,1\n"
    "placebo,5,1\nplacebo,5,1\nplacebo,8,1\nplacebo,8,1\nplacebo,8,1\nplacebo,8,1\nplacebo,11,1\n"
    "placebo,11,1\nplacebo,12,1\nplacebo,12,1\nplacebo,15,1\nplacebo,17,1\nplacebo,22,1\n"
    "placebo,23,1\n";

TEST_F(SurvivalCommands, APipeGetsTheCurveAndATerminalTheSummary) {
  write("r.csv", remission);
  const auto curve = ombre("km r.csv --time weeks --event relapse --group arm");
  EXPECT_EQ(curve.code, 0) << curve.err;
  EXPECT_TRUE(curve.out.starts_with(
      "group,time,at_risk,events,censored,survival,se,lower,upper,cumulative_hazard,"))
      << curve.out;
  EXPECT_NE(curve.out.find("\n6mp,6,21,3,1,0.857142857142857"), std::string::npos) << curve.out;
  const auto table = ombre("km r.csv --time weeks --event relapse --group arm --format table");
  EXPECT_NE(table.out.find("median"), std::string::npos);
  EXPECT_NE(table.out.find("23"), std::string::npos) << table.out;
  const auto at = ombre(
      "km r.csv --time weeks --event relapse --group arm --at 10,20 --band "
      "hall-wellner --figure r.svg --title Remission");
  EXPECT_EQ(at.code, 0) << at.err;
  EXPECT_NE(at.out.find("6mp,10,15,0.752"), std::string::npos) << at.out;
  EXPECT_NE(read("r.svg").find("Log-rank p &lt; 0.001"), std::string::npos);
  EXPECT_NE(read("r.svg").find("No. at risk"), std::string::npos);
}

TEST_F(SurvivalCommands, LogRankPrintsTheTextbookAnswer) {
  write("r.csv", remission);
  const auto ran =
      ombre("logrank - --time weeks --event relapse --group arm --rho 0,1 --max-combo", remission);
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(ran.out.find("groups,0,0,6mp,21,9,19.25"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("chi_square,0,0,,,,,16.79"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("max_combo,"), std::string::npos) << ran.out;
  EXPECT_EQ(ombre("logrank r.csv --time weeks --event relapse").code, 2);
}

TEST_F(SurvivalCommands, AdjustedRestrictedMeansBeforeTheFirstEventHaveNoP) {
  write("e.csv", "g,t,e,x\n0,5,1,-1\n1,5,1,1\n0,6,1,0.5\n1,5,1,-0.5\n");
  const auto ran = ombre("rmst e.csv --time t --event e --group g --tau 3 --x x --format csv");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(ran.out.find("adjusted_difference,"), std::string::npos) << ran.out;
}

TEST_F(SurvivalCommands, RestrictedMeansOfTwoGroups) {
  write("r.csv", remission);
  const auto ran =
      ombre("rmst r.csv --time weeks --event relapse --group arm --tau 21 --figure m.svg");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(ran.out.find("difference,placebo against 6mp,"), std::string::npos) << ran.out;
  EXPECT_TRUE(exists("m.svg"));
}

// What `ombre endpoints` writes, wide and tidy, joined with who is in which arm.
TEST_F(SurvivalCommands, EndpointsFeedThemDirectly) {
  write("wide.csv", "who,lapse_time,lapse_event\np1,3,1\np2,5,0\np3,2,1\np4,6,1\n");
  write("tidy.csv",
        "who,endpoint,value,event\np1,lapse,3,1\np1,clean,0.5,\np2,lapse,5,0\np2,clean,1,\n"
        "p3,lapse,2,1\np4,lapse,6,1\n");
  write("arms.csv", "who,arm\np1,a\np2,a\np3,b\np4,b\n");
  const std::string rest = " --endpoint lapse --id who --join arms.csv --group arm";
  const auto wide = ombre("km wide.csv" + rest);
  const auto tidy = ombre("km tidy.csv" + rest);
  EXPECT_EQ(wide.code, 0) << wide.err;
  EXPECT_EQ(tidy.code, 0) << tidy.err;
  EXPECT_EQ(wide.out, tidy.out);
  EXPECT_EQ(ombre("km -" + rest, read("tidy.csv")).out, tidy.out) << "a pipe has a header too";
  EXPECT_NE(wide.out.find("\nb,2,2,1,0,0.5,"), std::string::npos) << wide.out;
  EXPECT_EQ(ombre("km wide.csv --endpoint relapse --id who").code, 2);
}

TEST_F(SurvivalCommands, WhatIsWrongIsNamed) {
  write("bad.csv", "t,e,in\n5,1,0\n-2,0,0\n");
  const auto negative = ombre("km bad.csv --time t --event e");
  EXPECT_EQ(negative.code, 1);
  EXPECT_NE(negative.err.find("line 3, t = \"-2\": must be 0 or more"), std::string::npos)
      << negative.err;
  EXPECT_NE(ombre("km bad.csv --time days --event e").err.find("there are t, e, in"),
            std::string::npos);
  EXPECT_NE(ombre("km bad.csv --time t --event e --where e").err.find("COLUMN=VALUE"),
            std::string::npos);
  EXPECT_EQ(ombre("km bad.csv --time t --event e --conf logs").code, 2);
  EXPECT_NE(ombre("km none.csv --time t --event e").code, 0);
}

TEST_F(SurvivalCommands, AnAnalysisIsAFile) {
  write("r.csv", remission);
  write("a.json",
        R"({"method": "logrank", "data": "r.csv", "options": {"rho": 0},
            "columns": {"time": "weeks", "status": "relapse", "group": "arm"}})");
  const auto ran = ombre("analyse a.json -o out.json");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(read("out.json").find("\"chisq\": 16.79"), std::string::npos) << read("out.json");
  write("b.json", R"({"method": "lograng"})");
  const auto none = ombre("analyse b.json");
  EXPECT_EQ(none.code, 1);
  EXPECT_NE(none.err.find("there are "), std::string::npos);
}

// R 4.2.2, survival 3.5-3: survfit(Surv(s, t, e) ~ 1, id = id)$n.censor is 0 at t = 5, where person
// 1's follow-up is only cut.
TEST_F(SurvivalCommands, APersonWhoGoesOnIsNotCensored) {
  write("c.csv", "id,s,t,e\n1,0,5,0\n1,5,10,1\n2,0,7,0\n3,0,12,1\n");
  const std::string common = "km c.csv --time t --entry s --event e --id id ";
  const auto curve = ombre(common + "--format csv --error greenwood");
  ASSERT_EQ(curve.code, 0) << curve.err;
  EXPECT_NE(curve.out.find("\n,5,3,0,0,1,"), std::string::npos) << curve.out;
  EXPECT_NE(curve.out.find("\n,7,3,0,1,1,"), std::string::npos) << curve.out;
  const auto summary = ombre(common + "--what summary --format csv --figure c.svg");
  EXPECT_NE(summary.out.find("\n,3,2,"), std::string::npos) << summary.out;
  EXPECT_NE(read("c.svg").find("3 people, 2 events"), std::string::npos);
}

TEST_F(SurvivalCommands, ARisingFigureSaysWhatRises) {
  write("r.csv", "t,e\n1,1\n2,0\n3,1\n");
  const std::string common = "km r.csv --time t --event e --figure r.svg ";
  ASSERT_EQ(ombre(common + "--rising").code, 0);
  EXPECT_NE(read("r.svg").find("With the event"), std::string::npos);
  EXPECT_EQ(read("r.svg").find("Event-free"), std::string::npos);
  ASSERT_EQ(ombre(common).code, 0);
  EXPECT_NE(read("r.svg").find("Event-free"), std::string::npos);
}

TEST_F(SurvivalCommands, TheCellThatIsNoNumberIsNamed) {
  write("w.csv", "t,e\n5,1\nabc,1\n7,0\n");
  EXPECT_NE(ombre("km w.csv --time t --event e").err.find("w.csv, line 3, t = \"abc\""),
            std::string::npos);
  write("y.csv", "t,e\n5,1\n6,0\n7,yes\n");
  EXPECT_NE(ombre("km y.csv --time t --event e").err.find("y.csv, line 4, e = \"yes\""),
            std::string::npos);
  write("p.csv", "t,e,w\n5,1,1\n0,1,1\n7,1,1\n8,0,1\n");
  EXPECT_NE(
      ombre("parametric --data p.csv --time t --event e").err.find("p.csv, line 3, t = \"0\""),
      std::string::npos);
}

// Tidy tables hold numbers and words in one column.
TEST_F(SurvivalCommands, OneEndpointIsPickedFromATidyTableOfMany) {
  write("tidy.csv",
        "person_id,endpoint,value,event\na,x,true,\na,rel,5,1\nb,x,false,\nb,rel,9,0\nc,x,true,\n"
        "c,rel,7,1\n");
  const auto ran = ombre("km tidy.csv --endpoint rel --what summary --format csv");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(ran.out.find("\n,3,2,"), std::string::npos) << ran.out;
}

// Two people use again, one never does and is known until day 20.
TEST_F(SurvivalCommands, TimesToAnEventComeFromMetrics) {
  write("m.csv",
        "person_id,substance,metric,definition,value,lower,upper,n_observed,n_missing,unit,status\n"
        "a,alcohol,days_to_lapse,,4,4,4,28,0,days,ok\n"
        "b,alcohol,days_to_lapse,,,20,,28,0,days,no_event\n"
        "b,alcohol,use_days,,0,0,0,28,0,days,ok\n"
        "c,alcohol,days_to_lapse,,11,11,11,28,0,days,ok\n");
  const auto ran = ombre("km m.csv --endpoint days_to_lapse --format csv");
  ASSERT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(ran.out.find("\n,4,3,1,0,"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("\n,11,2,1,0,"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("\n,20,1,0,1,"), std::string::npos) << ran.out;
  write("x.csv", "person_id,metric,treat\na,0,1\n");
  const auto none = ombre("km m.csv --endpoint use_days --format csv");
  EXPECT_EQ(none.code, 2);
  EXPECT_NE(none.err.find("is no time to an event"), std::string::npos) << none.err;
  write("arms.csv", "person_id,arm\na,A\nb,B\nc,A\n");
  const auto model = ombre(
      "cox --data m.csv --endpoint days_to_lapse --id person_id --join arms.csv --x arm --firth");
  EXPECT_EQ(model.code, 0) << model.err;
  EXPECT_NE(model.out.find("armB"), std::string::npos) << model.out;
  EXPECT_EQ(model.err.find("Firth's correction gives"), std::string::npos) << model.err;

  write("two.csv",
        "person_id,substance,metric,value,lower,status\na,alcohol,days_to_lapse,4,4,ok\n"
        "a,heroin,days_to_lapse,9,9,ok\n");
  const auto two = ombre("km two.csv --endpoint days_to_lapse");
  EXPECT_EQ(two.code, 1);
  EXPECT_NE(two.err.find("--where substance=alcohol"), std::string::npos) << two.err;
}

TEST_F(SurvivalCommands, WhatHasNoEffectOrNoAnswerIsSaid) {
  write("g.csv", "t,e,g\n5,1,Yes\n6,0,yes\n7,1,Yes\n9,0,no\n");
  const auto curve = ombre("km g.csv --time t --event e --tau 5 --format csv");
  EXPECT_NE(curve.err.find("--what summary"), std::string::npos) << curve.err;
  const auto far = ombre("km g.csv --time t --event e --tau 500 --what summary");
  EXPECT_NE(far.err.find("horizon_beyond_follow_up"), std::string::npos) << far.err;
  const auto one = ombre("logrank g.csv --time t --event e --group e --where e=1 --format csv");
  EXPECT_NE(one.err.find("no_test"), std::string::npos) << one.err;
  const auto spelt = ombre("logrank g.csv --time t --event e --group g --format csv");
  EXPECT_NE(spelt.err.find("groups_spelt_alike"), std::string::npos) << spelt.err;
  const auto below = ombre("km g.csv --time t --event e --tau 0");
  EXPECT_EQ(below.code, 2);
  EXPECT_NE(below.err.find("above 0"), std::string::npos) << below.err;
}

// What spreadsheets write where commas are decimal: the same answer, whatever stands between
// columns.
TEST_F(SurvivalCommands, OtherDelimitersGiveTheSameAnswer) {
  const auto with = [](char delimiter) {
    std::string text = remission;
    std::ranges::replace(text, ',', delimiter);
    return text;
  };
  write("c.csv", remission);
  write("s.csv", with(';'));
  write("t.csv", with('\t'));
  for (const char* command : {"km", "logrank", "rmst", "cox", "parametric"}) {
    SCOPED_TRACE(command);
    const std::string name = command;
    const std::string rest =
        " --time weeks --event relapse" +
        std::string{name == "cox" || name == "parametric" ? " --x arm" : " --group arm"};
    const auto plain = ombre(name + " --data c.csv" + rest);
    ASSERT_EQ(plain.code, 0) << plain.err;
    EXPECT_EQ(ombre(name + " --data s.csv --delimiter ';'" + rest).out, plain.out);
    EXPECT_EQ(ombre(name + " --data s.csv --delimiter semicolon" + rest).out, plain.out);
    EXPECT_EQ(ombre(name + " --data t.csv --delimiter tab" + rest).out, plain.out);
    const auto untold = ombre(name + " --data s.csv" + rest);
    EXPECT_EQ(untold.code, 1);
    EXPECT_NE(untold.err.find("--delimiter ';'"), std::string::npos) << untold.err;
    const auto blank = ombre(name + " --data s.csv --delimiter blank" + rest);
    EXPECT_EQ(blank.code, 2);
    EXPECT_NE(blank.err.find("--delimiter = blank"), std::string::npos) << blank.err;
  }
  write("a.json",
        R"({"method": "logrank", "data": "s.csv", "delimiter": ";", "options": {"rho": 0},
            "columns": {"time": "weeks", "status": "relapse", "group": "arm"}})");
  const auto analysed = ombre("analyse a.json");
  EXPECT_EQ(analysed.code, 0) << analysed.err;
  EXPECT_NE(analysed.out.find("\"chisq\": 16.79"), std::string::npos);
}

TEST_F(SurvivalCommands, AJoinedFileMayHaveADelimiterOfItsOwn) {
  write("d.csv", "who;t;e\np1;3;1\np2;5;0\np3;2;1\np4;6;1\n");
  write("arms.csv", "who,arm\np1,a\np2,a\np3,b\np4,b\n");
  const auto ran = ombre(
      "km d.csv --time t --event e --id who --join arms.csv --group arm --delimiter ';' "
      "--join-delimiter ,");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(ran.out.find("\nb,2,2,1,0,0.5,"), std::string::npos) << ran.out;
}

// R: survfit(Surv(t, e) ~ sex + ecog) names its curves "sex=1, ecog=0".
TEST_F(SurvivalCommands, CombinedGroupsCarryTheNamesOfTheirColumns) {
  write("g.csv", "t,e,sex,ecog,arm\n1,1,1,0,a\n2,1,1,1,b\n3,1,2,0,a\n4,0,2,1,b\n5,1,1,0,a\n");
  const auto curve = ombre("km g.csv --time t --event e --group sex,ecog --figure g.svg");
  EXPECT_EQ(curve.code, 0) << curve.err;
  EXPECT_NE(curve.out.find("\n\"sex=1, ecog=0\",1,2,1,0,0.5,"), std::string::npos) << curve.out;
  EXPECT_NE(read("g.svg").find("sex=2, ecog=1"), std::string::npos);
  const auto test = ombre("logrank g.csv --time t --event e --group sex,arm --format csv");
  EXPECT_NE(test.out.find("\"sex=1, arm=b\",1,"), std::string::npos) << test.out;
  const auto one = ombre("km g.csv --time t --event e --group sex");
  EXPECT_NE(one.out.find("\nsex=1,1,"), std::string::npos) << one.out;
}

// Four rows of two people; the second begins anew at 0 where nothing says otherwise.
TEST_F(SurvivalCommands, RowsOfOnePersonWithoutAnEntryAreSaidToOverlap) {
  write("p.csv", "id,s,t,e,x\n1,0,5,0,0\n1,5,10,1,1\n2,0,7,0,1\n3,0,12,1,0\n");
  for (const char* command : {"km", "logrank --group x", "rmst --tau 5", "cox --x x"}) {
    SCOPED_TRACE(command);
    const auto without = ombre(std::string{command} + " --data p.csv --time t --event e --id id");
    EXPECT_EQ(without.code, 0) << without.err;
    EXPECT_NE(without.err.find("overlapping_rows_without_entry"), std::string::npos) << without.err;
    EXPECT_NE(without.err.find("begins at 0"), std::string::npos) << without.err;
    const auto with =
        ombre(std::string{command} + " --data p.csv --time t --event e --id id --entry s");
    EXPECT_EQ(with.err.find("overlapping"), std::string::npos) << with.err;
  }
}

// R 4.2.2, survival 3.5-3, of these rows: survdiff takes no weights; coxph(weights = w)$n is 4, the
// rows; survfit(weights = w) prints records 2 and 2, n 3.5 and 4. Here each has its name.
TEST_F(SurvivalCommands, BesideWeightsRowsAndTheirSumAreTwoColumns) {
  write("w.csv", "t,e,g,w\n1,1,a,2\n2,1,b,3\n3,0,a,1.5\n4,1,b,1\n");
  const auto ran = ombre("logrank w.csv --time t --event e --group g --weight w --format csv");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_TRUE(
      ran.out.starts_with("test,rho,gamma,group,n,sum_of_weights,observed,expected,statistic,df,p\n"
                          "groups,0,0,a,2,3.5,2,"))
      << ran.out;
  EXPECT_NE(ran.err.find("weights_taken_as_counts"), std::string::npos) << ran.err;
  const auto plain = ombre("logrank w.csv --time t --event e --group g --format csv");
  EXPECT_EQ(plain.out.find("sum_of_weights"), std::string::npos);
}

// The error of a ratio is that of its logarithm, so the limits are exp(log ratio -+ 1.96 error).
TEST_F(SurvivalCommands, DifferencesAndRatiosOfMeansHaveTheirErrors) {
  write("r.csv", remission);
  const auto ran =
      ombre("rmst r.csv --time weeks --event relapse --group arm --tau 21 --format json");
  ASSERT_EQ(ran.code, 0) << ran.err;
  const auto rows = ombre::io::parse_json(ran.out, "rmst");
  ASSERT_TRUE(rows);
  int contrasts = 0;
  for (const auto& row : rows->items()) {
    const std::string quantity{*row.find("quantity")->as_text()};
    if (!quantity.ends_with("difference") && !quantity.ends_with("ratio")) continue;
    ++contrasts;
    const auto number = [&](const char* key) { return *row.find(key)->as_number(); };
    const bool ratio = quantity.ends_with("ratio");
    const auto scale = [ratio](double v) { return ratio ? std::log(v) : v; };
    EXPECT_NEAR((scale(number("upper")) - scale(number("lower"))) / 2,
                1.9599639845400545 * number("se"), 1e-12)
        << quantity;
  }
  EXPECT_EQ(contrasts, 3);
}

// What an option says is wrong is told by the option, and the answer to the shell is 2.
TEST_F(SurvivalCommands, OptionsThatCannotBeAreNamed) {
  write("o.csv", "t,e,g\n1,1,a\n2,0,b\n3,1,a\n");
  const std::pair<const char*, const char*> cases[] = {
      {"km --at nan", "--at: must be numbers"},
      {"km --at ''", "--at: must be numbers"},
      {"km --at 1 --given 5", "--at[0] = 1: must not be before 5"},
      {"logrank --group t --permutation", "--group: a permutation test needs two groups"},
      {"logrank --group t --max-combo", "--group = 3: must be two"},
      {"km --error tsiatis --band hall-wellner", "--band: a band needs"},
      {"km --probs 0.5,2", "--probs = 2: must be from 0 to 1"},
      {"km --tau inf --what summary", "--tau: must be a number above 0"},
      {"km --group g,g", "--group = g: names the column twice"},
      {"logrank --group g --rho -1", "--rho[0] = -1: "},
      {"logrank --group g --trend --scores 1", "--scores = 1: must be one for each of 2"},
      {"cox --x g,g", "--x = g: must not say the same"},
      {"cox --x g --ties exact --robust", "--robust: "},
      {"cox --x g --gap-time", "--entry: "},
      {"cox --x g --ties exact --schoenfeld s.svg", "--schoenfeld = s.svg: shows residuals"},
      {"cox --x g --strata-cap 3", "--strata-cap = 3: "},
      {"cox --x e --where e=1 --schoenfeld s.svg", "--schoenfeld = s.svg: has nothing to show"},
  };
  for (const auto& [command, wanted] : cases) {
    const auto ran = ombre(std::string{command} + " --data o.csv --time t --event e");
    EXPECT_EQ(ran.code, 2) << command << "\n" << ran.err;
    EXPECT_NE(ran.err.find(wanted), std::string::npos) << command << "\n" << ran.err;
    EXPECT_TRUE(ran.out.empty()) << command << ran.out;
  }
}

TEST_F(SurvivalCommands, OddValuesAreToldPlainly) {
  write("o.csv", "t,e,g,one\n1,1,a,k\n2,0,b,k\n3,1,a,k\n");
  write("comma.csv", "t;e\n1,5;1\n2,5;0\n");
  EXPECT_NE(ombre("km comma.csv --time t --event e --delimiter ';'")
                .err.find("numbers are written with a point (1.5)"),
            std::string::npos);
  write("far.csv", "t,e\n1e308,1\n2,0\n");
  EXPECT_NE(
      ombre("km far.csv --time t --event e").err.find("line 2, t = \"1e+308\": must be at most"),
      std::string::npos);
  const auto one = ombre("cox o.csv --time t --event e --x one");
  EXPECT_EQ(one.code, 0);
  EXPECT_NE(one.err.find("constant_column, one: is a category with one value only"),
            std::string::npos)
      << one.err;
  EXPECT_EQ(ombre("km o.csv --time t --event e --where t=1.0").code, 0);
  EXPECT_EQ(ombre("km o.csv --time t --event e --event-code 1.0").out,
            ombre("km o.csv --time t --event e").out);
  const auto coded = ombre("km o.csv --time t --event t");
  EXPECT_NE(coded.err.find("--event-code"), std::string::npos) << coded.err;
  // Nobody has an event by then: means are 0.5 for certain as far as the data go, and no test is.
  const auto early = ombre("rmst o.csv --time t --event e --group g --tau 0.5 --format csv");
  EXPECT_NE(early.out.find("\ndifference,b against a,0,0,0,0,\n"), std::string::npos) << early.out;
  EXPECT_NE(early.err.find("no_test"), std::string::npos) << early.err;
  write("w.csv", "t,e,w\n1,1,0\n2,0,0\n");
  for (const char* command : {"km", "rmst", "cox --x t", "logrank --group t"}) {
    const auto none = ombre(std::string{command} + " --data w.csv --time t --event e --weight w");
    EXPECT_EQ(none.code, 1) << command;
    EXPECT_NE(none.err.find("w.csv, w: no row has a weight above 0"), std::string::npos)
        << command << none.err;
  }
  write("at_once.csv", "t,e,x\n5,1,0\n5,1,1\n5,1,0\n5,0,1\n");
  const auto band = ombre("km at_once.csv --time t --event e --band hall-wellner --where e=1");
  EXPECT_NE(band.err.find("no_band"), std::string::npos) << band.err;
  const auto once = ombre("cox at_once.csv --time t --event e --x x");
  EXPECT_NE(once.err.find("one event time only"), std::string::npos) << once.err;
  const auto trend =
      ombre("logrank o.csv --time t --event e --group g --trend --scores 1,1 --format csv");
  EXPECT_NE(trend.err.find("no test of the trend"), std::string::npos) << trend.err;
}

TEST_F(SurvivalCommands, WhatWasMeantIsSuggested) {
  write("o.csv", "Days,event,g\n1,1,a\n2,0,b\n3,1,a\n");
  EXPECT_NE(ombre("km o.csv --time days --event event").err.find("did you mean \"Days\"?"),
            std::string::npos);
  EXPECT_NE(ombre("km o.csv --time Days --event evnt").err.find("did you mean \"event\"?"),
            std::string::npos);
  EXPECT_EQ(ombre("km o.csv --time Days --event x").err.find("did you mean"), std::string::npos);
  const std::string tidy = "id,endpoint,value,event\n1,rel,5,1\n2,rel,6,0\n3,clean,7,1\n";
  const auto none = ombre("km - --endpoint re", tidy);
  EXPECT_EQ(none.code, 2);
  EXPECT_NE(none.err.find("--endpoint = re: is not in the file; there are clean, rel"),
            std::string::npos)
      << none.err;
  // Files of 1 = censored and 2 = event are not what this model reads.
  write("s.csv", "t,e\n5,1\n6,2\n7,2\n9,1\n");
  const auto coded = ombre("parametric s.csv --time t --event e --family exponential");
  EXPECT_NE(coded.err.find("codes_one_and_two"), std::string::npos) << coded.err;
}

}  // namespace
