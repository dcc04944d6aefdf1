#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "program.hpp"

namespace {

class PlanCommands : public ombre::testing::ProgramTest {
 protected:
  void take(const std::string& corpus, const std::string& as) const {
    std::ifstream in{std::filesystem::path{OMBRE_SOURCE_DIR} / "tests/fuzz/corpus" / corpus,
                     std::ios::binary};
    write(as, {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()});
  }
};

constexpr const char* small_plan = R"({"format":"ombre-goal-plan-1","id":"ada","versions":[
 {"change":{"on":"2026-01-05","by":{"name":"Ada","role":"person"}},"made_by":[{"name":"Ada"}],
  "next_review":"2026-01-19","goals":[
  {"id":"dry","words":"None for a while","aim":"abstain_some","substances":["alcohol"],"opened":"2026-01-05",
   "confidence":[{"on":"2026-01-05","value":4}]},
  {"id":"job","words":"Back to the workshop","aim":"life","domain":"occupational","opened":"2026-01-05",
   "needs":[{"goal":"sleep"}],"days_expected":30},
  {"id":"sleep","words":"Sleep through","aim":"life","domain":"physical","opened":"2026-01-05",
   "days_expected":14}]}]})";

constexpr const char* some_days =
    "person_id,date,substance,amount,unit\n"
    "ada,2026-01-05,alcohol,0,drink_us\n"
    "ada,2026-02-10,alcohol,5,drink_us\n"
    "ada,2026-02-11,alcohol,5,drink_us\n"
    "ada,2026-02-20,alcohol,0,drink_us\n";

TEST_F(PlanCommands, NextSaysWhatCanStartAndWhatWaitsAndDrawsIt) {
  write("plan.json", small_plan);
  EXPECT_EQ(ombre("plan next plan.json --today 2026-01-06 --svg goals.svg -o no/page").code, 3);
  EXPECT_FALSE(exists("goals.svg")) << "page and figure appear together";
  const auto ran = ombre("plan next plan.json --today 2026-01-06 --svg goals.svg");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(ran.out.find("Can start now\n  - None for a while\n  - Sleep through\n"),
            std::string::npos)
      << ran.out;
  EXPECT_NE(ran.out.find("Back to the workshop, for Sleep through"), std::string::npos);
  EXPECT_NE(ran.out.find("about 44 days, until 2026-02-19"), std::string::npos) << ran.out;
  EXPECT_NE(read("goals.svg").find("Back to the workshop"), std::string::npos);
}

TEST_F(PlanCommands, CheckNamesDangerAndEndsWellWhereNothingIsRefused) {
  write("plan.json", small_plan);
  const auto ran = ombre("plan check plan.json");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(ran.out.find("do not stop from one day to the next"), std::string::npos) << ran.out;
  const auto csv = ombre("plan check plan.json --format csv");
  EXPECT_NE(csv.out.find("stopping_suddenly_is_dangerous"), std::string::npos);
}

TEST_F(PlanCommands, ARefusedPlanEndsWithFourAndSaysWhy) {
  take("goal_plan_json/refused.json", "plan.json");
  const auto ran = ombre("plan check plan.json");
  EXPECT_EQ(ran.code, 4);
  EXPECT_NE(ran.out.find("This cannot stay as it is"), std::string::npos);
  EXPECT_EQ(ombre("plan next plan.json --today 2026-01-06").code, 1);
}

TEST_F(PlanCommands, ACircleIsToldWithItsPath) {
  take("goal_plan_json/circle.json", "plan.json");
  const auto ran = ombre("plan next plan.json --today 2026-01-06");
  EXPECT_EQ(ran.code, 1);
  EXPECT_NE(ran.err.find(" -> "), std::string::npos) << ran.err;
}

TEST_F(PlanCommands, ProgressTellsRulersMilestonesAndAttainment) {
  take("goal_plan_json/full.json", "plan.json");
  const auto ran = ombre("plan progress plan.json --today 2026-03-01");
  EXPECT_EQ(ran.code, 0) << ran.err;
  write("small.json", small_plan);
  const auto csv = ombre("plan progress small.json --today 2026-03-01 --format csv");
  EXPECT_NE(csv.out.find("dry,abstain_some,open,,,4"), std::string::npos) << csv.out;
}

TEST_F(PlanCommands, AReviewReadsDaysAndWritesTheNextVersion) {
  write("plan.json", small_plan);
  write("use.csv", some_days);
  write("asked.json", R"({"format":"ombre-review-input-1","asked_for_changes":true,
    "changes":[{"on":"2026-02-08","domain":"setting","what":"the flat was lost","burden":true}],
    "crisis_line":"988"})");
  const auto ran = ombre(
      "review plan.json --tlfb use.csv --absent none --asked asked.json --svg use.svg --choose 1 "
      "--by Ada --new-plan plan2.json");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(ran.out.find("alcohol: 2 days, 2026-02-10 to 2026-02-11"), std::string::npos)
      << ran.out;
  EXPECT_NE(ran.out.find("the flat was lost"), std::string::npos);
  EXPECT_NE(ran.out.find("988"), std::string::npos);
  EXPECT_TRUE(exists("use.svg"));
  const auto next = ombre("plan next plan2.json --today 2026-02-21");
  EXPECT_EQ(next.code, 0) << next.err;
  EXPECT_NE(next.out.find("version 2"), std::string::npos);
}

TEST_F(PlanCommands, AReviewAsJsonIsTheSameTwice) {
  write("plan.json", small_plan);
  write("use.csv", some_days);
  const auto one = ombre("review plan.json --tlfb use.csv --absent none --format json");
  EXPECT_EQ(one.code, 0) << one.err;
  EXPECT_EQ(one.out, ombre("review plan.json --tlfb use.csv --absent none --format json").out);
  EXPECT_NE(one.out.find("\"ombre-review-1\""), std::string::npos);
}

TEST_F(PlanCommands, AReviewTakesWhatChangedBetweenSituations) {
  write("plan.json", small_plan);
  write("use.csv", some_days);
  write("before.json", R"({"format":"ombre-situation-1","on":"2026-01-10",
    "factors":[{"factor":"uses_alone","value":false}]})");
  write("after.json", R"({"format":"ombre-situation-1","on":"2026-02-09",
    "factors":[{"factor":"uses_alone","value":true}]})");
  const auto ran = ombre(
      "review plan.json --tlfb use.csv --absent none --situation before.json --situation "
      "after.json");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(ran.out.find("Life got harder since the last review: "), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("(2026-02-09)"), std::string::npos) << ran.out;
  write("bad.json", R"({"format":"ombre-situation-1","on":"2026-02-09",
    "factors":[{"factor":"uses_alnoe","value":true}]})");
  EXPECT_NE(ombre("review plan.json --tlfb use.csv --situation bad.json").code, 0);
}

TEST_F(PlanCommands, AReviewAsksWhoAndRefusesStudyDays) {
  write("plan.json", small_plan);
  write("two.csv", std::string{some_days} + "bo,2026-01-05,alcohol,1,drink_us\n");
  EXPECT_EQ(ombre("review plan.json --tlfb two.csv").code, 2);
  EXPECT_EQ(ombre("review plan.json --tlfb two.csv --person ada --absent none").code, 0);
  write("study.csv", "person_id,day,substance,amount\nada,1,alcohol,2\n");
  const auto ran = ombre("review plan.json --tlfb study.csv");
  EXPECT_EQ(ran.code, 1);
  EXPECT_NE(ran.err.find("dates"), std::string::npos) << ran.err;
  EXPECT_EQ(ombre("review plan.json --tlfb two.csv --choose 1").code, 2);
}

TEST_F(PlanCommands, ANetworkTellsWhatIsMissingAndWhoIsThere) {
  take("network_json/full.json", "network.json");
  const auto ran = ombre("network network.json --today 2026-01-15");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(ran.out.find("The network of Ada on 2026-01-15: 3 members."), std::string::npos)
      << ran.out;
  EXPECT_NE(ran.out.find("Sam (brother) is only reached through Mira (companion)"),
            std::string::npos)
      << ran.out;
  const auto night = ombre("network network.json --at \"2026-01-13 03:00\"");
  EXPECT_EQ(night.out,
            "Mira (companion), 555 010, carries naloxone, whether or not something was "
            "used\nline, 555 020, whether or not something was used\n");
  EXPECT_EQ(ombre("network network.json --at noon").code, 2);
  take("network_json/bad.json", "bad.json");
  EXPECT_EQ(ombre("network bad.json").code, 1);
}

TEST_F(PlanCommands, AnEntryRuleThatDependsOnUseEndsWithFour) {
  write("network.json", R"({"format":"ombre-network-1","care":{"entry_rules":[
    {"service":"The Tuesday group","hours_without_use":24}]}})");
  const auto ran = ombre("network network.json --today 2026-01-15");
  EXPECT_EQ(ran.code, 4);
  EXPECT_NE(ran.out.find("The Tuesday group asks for 24 hours without use"), std::string::npos);
}

}  // namespace
