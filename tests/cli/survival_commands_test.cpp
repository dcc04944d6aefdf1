// `ombre km`, `logrank`, `rmst` and `analyse` as people run them.
#include <gtest/gtest.h>

#include "cli/program.hpp"

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

}  // namespace
