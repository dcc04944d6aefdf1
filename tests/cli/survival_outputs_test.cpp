// Outputs of the survival commands: together or not at all, and what a table must not leave out.
#include <gtest/gtest.h>

#include <string>

#include "cli/program.hpp"

namespace {

using SurvivalOutputs = ombre::testing::ProgramTest;

constexpr const char* trial =
    "who,arm,age,t,e\n1,a,30,3,1\n2,b,41,4,0\n3,a,52,6,1\n4,b,33,7,1\n5,a,24,9,0\n6,b,65,11,1\n"
    "7,a,46,12,1\n8,b,37,15,0\n";

TEST_F(SurvivalOutputs, AFigureDoesNotStayWhereTheNumbersCannotBeWritten) {
  write("t.csv", trial);
  const std::string data = " t.csv --time t --event e ";
  for (const std::string& command :
       {"km" + data + "--figure f.svg", "km" + data + "--figure f.svg --what summary",
        "km" + data + "--figure f.svg --at 5", "rmst" + data + "--group arm --figure f.svg",
        "cox" + data + "--x age --figure f.svg --schoenfeld s.svg --overall o.csv"}) {
    const auto ran = ombre(command + " -o no_such_folder/out.csv");
    EXPECT_EQ(ran.code, 3) << command;
    EXPECT_NE(ran.err.find("no_such_folder"), std::string::npos) << ran.err;
    for (const char* file : {"f.svg", "s.svg", "o.csv"}) {
      EXPECT_FALSE(exists(file)) << command << ": " << file;
    }
  }
}

TEST_F(SurvivalOutputs, TheNumbersDoNotStayWhereAFigureCannotBeWritten) {
  write("t.csv", trial);
  write("out.csv", "of another day\n");
  const std::string data = " t.csv --time t --event e -o out.csv ";
  for (const std::string& command :
       {"km" + data + "--figure no/f.svg", "rmst" + data + "--group arm --figure no/f.svg",
        "cox" + data + "--x age --figure f.svg --schoenfeld no/s.svg",
        "cox" + data + "--x age --figure f.svg --schoenfeld s.svg --overall no/o.csv"}) {
    EXPECT_EQ(ombre(command).code, 3) << command;
    EXPECT_EQ(read("out.csv"), "of another day\n") << command;
    EXPECT_FALSE(exists("f.svg") || exists("s.svg")) << command;
  }
  const auto stream = ombre("km t.csv --time t --event e --what summary --figure no/f.svg");
  EXPECT_EQ(stream.code, 3);
  EXPECT_EQ(stream.out, "") << "nothing is said before everything can be";
}

TEST_F(SurvivalOutputs, AllOfThemAppearAndAFigureMayGoIntoAPipe) {
  write("t.csv", trial);
  const auto ran = ombre(
      "cox t.csv --time t --event e --x age --figure f.svg --schoenfeld s.svg --overall o.csv "
      "-o out.csv");
  EXPECT_EQ(ran.code, 0) << ran.err;
  for (const char* file : {"f.svg", "s.svg", "o.csv", "out.csv"}) EXPECT_TRUE(exists(file)) << file;
  const auto piped = ombre("km t.csv --time t --event e --figure - -o curve.csv");
  EXPECT_EQ(piped.code, 0) << piped.err;
  EXPECT_TRUE(piped.out.starts_with("<svg")) << piped.out;
  EXPECT_TRUE(read("curve.csv").starts_with("group,time,at_risk"));
}

// Ends that are one time but for rounding leave nobody at risk; which line is said, not which
// index.
TEST_F(SurvivalOutputs, AnEntryThatIsTheEndOfFollowUpIsNamedByLine) {
  write("t.csv", "arm,in,t,e\na,0,3,1\nb,0,,1\nb,0,4,0\na,1,6,1\nb,7,7.00000001,1\n");
  for (const char* command : {"km", "logrank --group arm", "rmst --group arm"}) {
    const auto ran = ombre(std::string{command} + " --data t.csv --time t --event e --entry in");
    EXPECT_EQ(ran.code, 1) << command;
    EXPECT_NE(ran.err.find("t.csv, line 6, in = \"7\""), std::string::npos) << ran.err;
  }
}

TEST_F(SurvivalOutputs, ATableShowsAMedianThatWasNotReached) {
  write("n.csv", "t,e\n1,0\n2,0\n3,0\n");
  const auto ran = ombre("km n.csv --time t --event e --format table");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(ran.out.find("median  median lower  median upper"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("was not reached"), std::string::npos) << ran.out;
}

TEST_F(SurvivalOutputs, ATimeNobodyWasObservedForIsTold) {
  write("t.csv", trial);
  const auto ran = ombre("km t.csv --time t --event e --group arm --at 5,14 --format csv");
  EXPECT_EQ(ran.code, 0) << ran.err;
  // Arm a ends with an event at 12 and nobody left: its curve is 0 and stays there.
  EXPECT_EQ(ran.err, "") << ran.err;
  const auto after = ombre("km t.csv --time t --event e --group arm --at 5,20 --format csv");
  EXPECT_NE(after.err.find("--at = \"20\": nobody of b was observed that long"), std::string::npos)
      << after.err;
  const auto horizon = ombre("rmst t.csv --time t --event e --group arm --tau 20 --format csv");
  EXPECT_NE(horizon.err.find("nobody of b was observed that long"), std::string::npos)
      << horizon.err;
}

TEST_F(SurvivalOutputs, FiguresNameTheAxisAndTheirLimits) {
  write("t.csv", trial);
  ASSERT_EQ(ombre("cox t.csv --time t --event e --x age --schoenfeld s.svg").code, 0);
  EXPECT_NE(read("s.svg").find(">t<"), std::string::npos);
  std::string many = "g,t,e\n";
  for (int g = 0; g < 9; ++g) many += "g" + std::to_string(g) + ",5,1\n";
  write("many.csv", many);
  const auto refused = ombre("km many.csv --time t --event e --group g --figure f.svg");
  EXPECT_EQ(refused.code, 2);
  EXPECT_NE(refused.err.find("--figure = f.svg: would show 9 groups"), std::string::npos)
      << refused.err;
  // What `ombre metrics --status` writes: days.
  write(
      "m.csv",
      "person_id,metric,value,lower,status\np,days_to_lapse,3,3,ok\nq,days_to_lapse,,9,no_event\n");
  ASSERT_EQ(ombre("km m.csv --endpoint days_to_lapse --figure m.svg").code, 0);
  EXPECT_NE(read("m.svg").find(">Days<"), std::string::npos);
}

TEST_F(SurvivalOutputs, AnEndpointThatIsYesOrNoIsNoTime) {
  write("e.csv", "who,endpoint,value,event\na,done,true,\na,rel,3,1\nb,done,false,\nb,rel,5,0\n");
  const auto ran = ombre("km e.csv --endpoint done");
  EXPECT_EQ(ran.code, 2);
  EXPECT_NE(ran.err.find("--endpoint = done: is yes or no for each person"), std::string::npos)
      << ran.err;
}

TEST_F(SurvivalOutputs, WordsBelowALogRankTestSayWhatItsNumbersAre) {
  write("t.csv", trial);
  const auto ran = ombre(
      "logrank t.csv --time t --event e --group arm --trend --permutation --max-combo "
      "--format table");
  EXPECT_EQ(ran.code, 0) << ran.err;
  // C(8, 4) ways to hand out two labels to eight people.
  EXPECT_NE(ran.out.find("observed - expected of a; p from all 70 relabellings"), std::string::npos)
      << ran.out;
  EXPECT_NE(ran.out.find("max_combo_z: positive where a has more events"), std::string::npos);
  const auto alone = ombre(
      "logrank t.csv --time t --event e --group arm --where arm=a "
      "--format table");
  EXPECT_NE(alone.out.find("Log-rank test: there is only one group."), std::string::npos)
      << alone.out;
}

TEST_F(SurvivalOutputs, WhoIsEligibleIsSaidByConditions) {
  write("t.csv", std::string{trial} + "9,b,,20,1\n");
  const auto ran = ombre(
      "km t.csv --time t --event e --where 'age>=33' --where arm=b "
      "--what summary --format csv");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(ran.out.find("\n,4,2,"), std::string::npos) << ran.out;
  EXPECT_NE(ran.err.find("--where = \"age>=33\": holds for 6 of 9 rows"), std::string::npos)
      << ran.err;
  EXPECT_NE(ran.err.find("line 10, age: the row has no value there"), std::string::npos) << ran.err;
  const auto none = ombre("km t.csv --time t --event e --where 'age>99'");
  EXPECT_EQ(none.code, 2);
  EXPECT_NE(none.err.find("--where = age>99: no row says so"), std::string::npos) << none.err;
  EXPECT_NE(
      ombre("cox t.csv --time t --event e --x age --where age").err.find("--where = age: must"),
      std::string::npos);
}

TEST_F(SurvivalOutputs, TheReferenceIsChosen) {
  write("t.csv", trial);
  const std::string data = " t.csv --time t --event e ";
  EXPECT_NE(ombre("rmst" + data + "--group arm --tau 9").out.find("difference,b against a,"),
            std::string::npos);
  EXPECT_NE(ombre("rmst" + data + "--group arm --tau 9 --reference arm=b")
                .out.find("difference,a against b,"),
            std::string::npos);
  const auto cox = ombre("cox" + data + "--x arm --reference arm=b --figure f.svg");
  EXPECT_NE(cox.out.find("\narma,"), std::string::npos) << cox.out << cox.err;
  EXPECT_NE(read("f.svg").find("1 (reference)"), std::string::npos);
  EXPECT_NE(ombre("cox" + data + "--x arm --reference arm=c")
                .err.find("--reference = arm=c: is in no row; there are a, b"),
            std::string::npos);
  const auto unused = ombre("cox" + data + "--x age --reference arm=b");
  EXPECT_EQ(unused.code, 2);
  EXPECT_NE(unused.err.find("no column that is compared"), std::string::npos) << unused.err;
}

TEST_F(SurvivalOutputs, ASpecSaysEligibilityAndReferenceToo) {
  write("t.csv", trial);
  write("s.json",
        R"({"method": "cox", "data": "t.csv", "where": ["age>=30", "who!=2"],
            "reference": {"arm": "b"},
            "columns": {"time": "t", "status": "e", "x": "arm"}})");
  const auto ran = ombre("analyse s.json");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(ran.out.find("\"arma\""), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("\"n\": 6"), std::string::npos) << ran.out;
  write("u.json",
        R"({"method": "cox", "data": "t.csv", "where": "agee>=30",
            "columns": {"time": "t", "status": "e", "x": "arm"}})");
  EXPECT_NE(
      ombre("analyse u.json").err.find("u.json, $.where = \"agee\": t.csv has no such column"),
      std::string::npos)
      << ombre("analyse u.json").err;
  write("r.json",
        R"({"method": "cox", "data": "t.csv", "reference": {"arm": "z"},
            "columns": {"time": "t", "status": "e", "x": "arm"}})");
  EXPECT_NE(ombre("analyse r.json").err.find("$.reference.arm = \"z\": is in no row"),
            std::string::npos)
      << ombre("analyse r.json").err;
}

TEST_F(SurvivalOutputs, ASlipOfTheHandInANumberIsNotACategory) {
  write("t.csv", "t,e,age\n1,1,30\n2,1,4l\n3,0,52\n4,1,33\n");
  const auto ran = ombre("cox t.csv --time t --event e --x age");
  EXPECT_EQ(ran.code, 1);
  EXPECT_NE(ran.err.find("t.csv, line 3, age = \"4l\": must be a number"), std::string::npos)
      << ran.err;
}

TEST_F(SurvivalOutputs, AFigureGrowsWithItsLegendAndBreaksALongTitle) {
  std::string many = "g,t,e\n";
  for (int g = 0; g < 7; ++g) {
    many += "clinic number " + std::to_string(g) + " of the northern region,5,1\n";
  }
  write("many.csv", many);
  const auto ran = ombre(
      "km many.csv --time t --event e --group g --figure f.svg --title 'Time until the first day "
      "of use after discharge from residential treatment, by clinic and by nothing else at all'");
  EXPECT_EQ(ran.code, 0) << ran.err;
  const std::string svg = read("f.svg");
  EXPECT_EQ(svg.find("height=\"520\""), std::string::npos) << "it is higher";
  EXPECT_NE(svg.find("nothing else at all<"), std::string::npos) << "no word of the title is lost";
}

// R 4.2.2, survival 3.5-3: survfit(coxph(Surv(t, e) ~ arm + age), newdata = ...) at time 7.
TEST_F(SurvivalOutputs, CurvesArePredictedForPeopleOfOnesChoice) {
  write("t.csv", trial);
  write("who.csv", "arm,age\na,30\nb,60\n");
  const auto ran = ombre(
      "cox t.csv --time t --event e --x arm,age --people who.csv --curves c.csv --curves-figure "
      "c.svg");
  EXPECT_EQ(ran.code, 0) << ran.err;
  const std::string curves = read("c.csv");
  EXPECT_TRUE(curves.starts_with("person,who,stratum,time,survival,lower,upper,")) << curves;
  EXPECT_NE(curves.find("\n1,\"arm=a, age=30\",,7,0.588015735034"), std::string::npos) << curves;
  EXPECT_NE(curves.find("\n2,\"arm=b, age=60\",,7,0.61928519965"), std::string::npos) << curves;
  EXPECT_NE(read("c.svg").find("arm=b, age=60"), std::string::npos);
  EXPECT_EQ(ombre("cox t.csv --time t --event e --x age --curves c.csv").code, 2);
  EXPECT_EQ(ombre("cox t.csv --time t --event e --x age --people who.csv").code, 2);
  write("x.csv", "arm,age\nz,30\n");
  const auto unknown =
      ombre("cox t.csv --time t --event e --x arm,age --people x.csv --curves d.csv");
  EXPECT_EQ(unknown.code, 1);
  EXPECT_NE(unknown.err.find("x.csv, line 2, arm = \"z\": is in no row of the model"),
            std::string::npos)
      << unknown.err;
  EXPECT_FALSE(exists("d.csv"));
}

TEST_F(SurvivalOutputs, WhatLeavesNobodyIsNamed) {
  write("m.csv",
        "person_id,metric,value,lower,status\np,days_to_heavy_day,,,no_heavy_rule\n"
        "q,days_to_heavy_day,,,no_heavy_rule\n");
  const auto rule = ombre("km m.csv --endpoint days_to_heavy_day");
  EXPECT_EQ(rule.code, 2);
  EXPECT_NE(rule.err.find("has a value for nobody; line 2 of m.csv says no_heavy_rule"),
            std::string::npos)
      << rule.err;
  write("g.csv", "t,e,g\n5,1,\n6,0,\n");
  const auto empty = ombre("km g.csv --time t --event e --group g");
  EXPECT_NE(empty.err.find("g.csv, g: has no value in 2 of 2 rows"), std::string::npos)
      << empty.err;
  write("d.csv", "t,e\n2026-01-05,1\n");
  EXPECT_NE(ombre("km d.csv --time t --event e").err.find("of dates, take the days between them"),
            std::string::npos);
  write("th.csv", "t,e\n\"1,234\",1\n");
  EXPECT_NE(ombre("km th.csv --time t --event e").err.find("nothing between thousands (1234)"),
            std::string::npos);
}

TEST_F(SurvivalOutputs, AConditionIsCountedAmongTheRowsOfTheEndpoint) {
  write("e.csv", "who,endpoint,value,event\na,rel,3,1\na,other,9,1\nb,rel,5,0\nb,other,2,0\n");
  const auto ran = ombre("km e.csv --endpoint rel --where 'value>3' --format csv");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(ran.err.find("holds for 1 of 2 rows"), std::string::npos) << ran.err;
}

TEST_F(SurvivalOutputs, ASeparatedGroupHasAForestPlotByFirthsCorrection) {
  write("s.csv", "t,d,x\n1,1,1\n2,1,1\n3,1,1\n4,1,0\n5,0,0\n6,0,0\n");
  const auto ran = ombre("cox s.csv --time t --event d --x x --firth --figure f.svg");
  EXPECT_EQ(ran.code, 0) << ran.err;
  const std::string svg = read("f.svg");
  EXPECT_NE(svg.find("Firth"), std::string::npos);
  EXPECT_EQ(svg.find("separation"), std::string::npos) << "the ratio is finite";
  EXPECT_NE(svg.find("p = "), std::string::npos) << "of the profile likelihood";
  const auto exact = ombre("cox s.csv --time t --event d --x x --ties exact --format table");
  EXPECT_NE(exact.out.find("Exact ties have no test of proportional hazards"), std::string::npos)
      << exact.out;
}

// R 4.2.2, survival 3.5-3: survSplit(cut = 6), coxph(Surv(tstart, t, e) ~ age:factor(period)).
TEST_F(SurvivalOutputs, EffectsOfPeriodsComeFromSplitRows) {
  write("t.csv", trial);
  const std::string data = "cox t.csv --time t --event e ";
  const auto ran = ombre(data + "--x 'age:factor(period)' --split 6");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(ran.out.find("age:factor(period)1,-0.0056419056515"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("age:factor(period)2,0.0324533309383"), std::string::npos) << ran.out;
  write("s.json",
        R"json({"method": "cox", "data": "t.csv", "split": 6,
                "columns": {"time": "t", "status": "e", "x": "age:factor(period)"}})json");
  const auto spec = ombre("analyse s.json");
  EXPECT_EQ(spec.code, 0) << spec.err;
  EXPECT_NE(spec.out.find("0.0324533309383"), std::string::npos) << spec.out;
  write("k.json", R"({"method": "kaplan_meier", "data": "t.csv", "split": 6,
                      "columns": {"time": "t", "status": "e"}})");
  EXPECT_NE(ombre("analyse k.json").err.find("$.split"), std::string::npos);
  EXPECT_EQ(ombre(data + "--x age --split x").code, 2);
  EXPECT_NE(ombre(data + "--x 'age:factor(period)'").err.find("period"), std::string::npos);
  write("p.csv", "t,e,age,period\n1,1,30,1\n2,0,40,2\n");
  EXPECT_NE(ombre("cox p.csv --time t --event e --x age --split 1").err.find("--split = period"),
            std::string::npos);
}

TEST_F(SurvivalOutputs, EachGroupIsComparedWithTheFirst) {
  write("t.csv", "g,t,e\na,3,1\na,9,1\nb,5,1\nb,8,0\nc,2,1\nc,7,1\n");
  const auto all = ombre("rmst t.csv --time t --event e --group g --tau 7 --format csv");
  EXPECT_EQ(all.code, 0) << all.err;
  // Means up to 7: a (3 + 7) / 2 = 5, b (5 + 7) / 2 = 6, c (2 + 7) / 2 = 4.5.
  EXPECT_NE(all.out.find("difference,b against a,1,"), std::string::npos) << all.out;
  EXPECT_NE(all.out.find("difference,c against a,-0.5,"), std::string::npos) << all.out;
  // As where the two are alone.
  const auto two = ombre(
      "rmst t.csv --time t --event e --group g --tau 7 --where g!=b --format csv 2>/dev/null");
  const std::string row = two.out.substr(two.out.find("difference,"));
  EXPECT_NE(all.out.find(row.substr(0, row.find('\n'))), std::string::npos) << row;
}

}  // namespace
