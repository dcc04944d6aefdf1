// `ombre review` with situations and scores, a review read again, and use beside life.
#include <gtest/gtest.h>

#include "cli/program.hpp"

namespace {

class ReviewCommand : public ombre::testing::ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    write("plan.json", R"({"format":"ombre-goal-plan-1","id":"ada","versions":[
 {"change":{"on":"2026-01-05","by":{"name":"Ada","role":"person"}},"made_by":[{"name":"Ada"}],
  "goals":[{"id":"less","words":"Four instead of five","aim":"reduce","substances":["alcohol"],
            "opened":"2026-02-02"}]}]})");
    // Ten weeks: five, then four, drinks on three days a week; work grows the other way.
    std::string use = "person_id,date,substance,amount,unit\n";
    std::string life = "date,days of work\n";
    const char* months[] = {"2026-01-", "2026-02-", "2026-03-"};
    const int lengths[] = {31, 28, 10};
    int n = 0;
    for (int m = 0; m < 3; ++m) {
      for (int d = 1; d <= lengths[m]; ++d, ++n) {
        const std::string day = months[m] + std::string(d < 10 ? "0" : "") + std::to_string(d);
        use += "ada," + day + ",alcohol," +
               (n % 7 < 3 ? std::to_string(n < 35 ? 5 : 4) : std::string{"0"}) + ",drink_us\n";
        if (n % 7 == 4) life += day + "," + std::to_string(n < 35 ? 1 : 4) + "\n";
      }
    }
    write("use.csv", use);
    write("life.csv", life);
    write("before.json", R"({"format":"ombre-situation-1","on":"2026-01-20",
      "substances":[{"name":"heroin","route":"injected"}],
      "factors":[{"factor":"uses_alone","value":true}]})");
    write("after.json", R"({"format":"ombre-situation-1","on":"2026-03-05",
      "substances":[{"name":"heroin","route":"smoked"}],
      "factors":[{"factor":"uses_alone","value":false}]})");
    write("top.csv",
          "person_id,date,work,quality_of_life,housing_problem\n"
          "ada,2026-01-20,0,6,1\nada,2026-03-08,8,10,0\n");
  }
};

constexpr const char* all_of_it =
    "review plan.json --tlfb use.csv --situation before.json --situation after.json "
    "--scores top=top.csv --margin top.work=5 --error-of top.quality_of_life=2:0.91 ";

}  // namespace

TEST_F(ReviewCommand, SituationsAndScoresAreAxesBesideTheDays) {
  const auto ran = ombre(all_of_it);
  EXPECT_EQ(ran.code, 0) << ran.err;
  for (const char* line :
       {"Better: how heroin is taken, from injected (2026-01-20) to smoked (2026-03-05).",
        "Better: using alone, from yes (2026-01-20) to no (2026-03-05).",
        "Better: top: work, from 0 to 8.", "Better: top: quality of life, from 6 to 10.",
        "Better: top: housing problem, from yes to no.",
        "Better: amount on a day of use (alcohol), from 5 to 4 drink_us."}) {
    EXPECT_NE(ran.out.find(line), std::string::npos) << line << "\n" << ran.out;
  }
}

TEST_F(ReviewCommand, AWrittenReviewIsReadAgainAndKeepsItsBytes) {
  const std::string args = all_of_it;
  ASSERT_EQ(ombre(args + "--format json -o review.json").code, 0);
  const auto again = ombre("review review.json --format json");
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(again.out, read("review.json"));
  const auto page = ombre("review review.json");
  EXPECT_EQ(ombre(args).out.rfind(page.out, 0), 0U);  // the page, and then what may be chosen
  write("broken.json", "{\"format\": \"ombre-review-1\"}");
  EXPECT_EQ(ombre("review broken.json").code, 1);
  const auto plan = ombre("review plan.json");
  EXPECT_EQ(plan.code, 1);
  EXPECT_NE(plan.err.find("--tlfb"), std::string::npos) << plan.err;
}

TEST_F(ReviewCommand, AMarginThatBelongsToNothingIsRefused) {
  const auto ran = ombre("review plan.json --tlfb use.csv --scores top=top.csv --margin work=5");
  EXPECT_NE(ran.code, 0);
  EXPECT_NE(ran.err.find("top.work=5"), std::string::npos) << ran.err;
  EXPECT_NE(ombre("review plan.json --tlfb use.csv --scores top").code, 0);
}

TEST_F(ReviewCommand, ProgressSetsUseBesideLifeWithoutACause) {
  const auto ran =
      ombre("plan progress plan.json --today 2026-03-10 --tlfb use.csv --life life.csv");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(ran.out.find("the amount of alcohol and days of work"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("It does not say why."), std::string::npos);
  const auto csv = ombre(
      "plan progress plan.json --today 2026-03-10 --tlfb use.csv --life life.csv --format csv");
  EXPECT_NE(csv.out.find("alcohol,amount,days of work,7,0,9,-"), std::string::npos) << csv.out;
  EXPECT_NE(ombre("plan progress plan.json --life life.csv").code, 0);  // beside which use?
}

TEST_F(ReviewCommand, ChoosingIsCheckedBeforeAnythingIsWritten) {
  const std::string base = "review plan.json --tlfb use.csv -o page.txt ";
  for (const char* wrong :
       {"--choose 99 --by Ada --new-plan next.json", "--choose 1,1 --by Ada --new-plan next.json",
        "--choose 1 --by Ada --role king --new-plan next.json",
        "--choose 1 --by Ada --new-plan nowhere/next.json",
        "--choose -1 --by Ada --new-plan next.json"}) {
    const auto ran = ombre(base + wrong);
    EXPECT_NE(ran.code, 0) << wrong;
    EXPECT_TRUE(read("page.txt").empty()) << wrong;
    EXPECT_TRUE(read("next.json").empty()) << wrong;
  }
  // The page or the figure cannot be written: the new plan does not stay alone.
  for (const char* wrong : {"-o nowhere/page.txt", "-o page.txt --svg nowhere/use.svg",
                            "-o /dev/full", "--svg /dev/full"}) {
    const auto ran = ombre(std::string{"review plan.json --tlfb use.csv --choose 1 --by Ada "
                                       "--new-plan next.json "} +
                           wrong);
    EXPECT_NE(ran.code, 0) << wrong;
    EXPECT_TRUE(read("page.txt").empty()) << wrong;
    EXPECT_TRUE(read("next.json").empty()) << wrong;
  }
  const auto negative = ombre(base + "--choose -1 --by Ada --new-plan next.json");
  EXPECT_NE(negative.err.find("-1"), std::string::npos) << negative.err;
  EXPECT_EQ(ombre("review plan.json --tlfb use.csv --format json -o review.json").code, 0);
  const auto written = ombre("review review.json --choose 1 --by Ada --new-plan next.json");
  EXPECT_NE(written.code, 0);
  EXPECT_NE(written.err.find("written before"), std::string::npos) << written.err;
  EXPECT_TRUE(read("next.json").empty());
}

TEST_F(ReviewCommand, WhatIsDatedAfterTheReviewsDayIsToldOf) {
  write("asked.json", R"({"format":"ombre-review-input-1",
    "harms":[{"on":"2099-03-01","harm":"overdose"}]})");
  const auto early = ombre("review plan.json --tlfb use.csv --today 2026-02-01 --asked asked.json");
  EXPECT_EQ(early.code, 0) << early.err;
  EXPECT_NE(early.out.find("days after 2026-02-01 were not looked at"), std::string::npos)
      << early.out;
  EXPECT_NE(early.out.find("1 harm is dated after 2026-02-01"), std::string::npos) << early.out;
  const auto fits = ombre("review plan.json --tlfb use.csv");
  EXPECT_EQ(fits.out.find("were not looked at"), std::string::npos) << fits.out;
}

TEST_F(ReviewCommand, AWrittenReviewWithOtherWordsSaysSo) {
  ASSERT_EQ(ombre("review plan.json --tlfb use.csv --format json -o review.json").code, 0);
  std::string text = read("review.json");
  const auto now = text.find("\"now\": [");
  ASSERT_NE(now, std::string::npos) << text;
  const std::size_t end = now + std::string{"\"now\": ["}.size();
  const std::string step = R"({"id":"not_alone","urgency":"now","says":"An addict needs nobody.",)"
                           R"("source":"Proposal of this project","confidence":"proposal"})";
  text.insert(end, text[end] == ']' ? step : step + ",");
  write("other.json", text);
  const auto ran = ombre("review other.json");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(ran.out.find("An addict needs nobody. (This sentence is not in the words"),
            std::string::npos)
      << ran.out;
  EXPECT_NE(ran.err.find("wording_of_a_written_review"), std::string::npos) << ran.err;
}

TEST_F(ReviewCommand, OnlyThePersonKeepsAPlanAccepted) {
  write("accepted.json", R"({"format":"ombre-goal-plan-1","id":"ada","versions":[
 {"change":{"on":"2026-01-05","by":{"name":"Ada","role":"person"}},"made_by":[{"name":"Ada"}],
  "status":"accepted",
  "goals":[{"id":"less","words":"Four instead of five","aim":"reduce","substances":["alcohol"],
            "opened":"2026-02-02"}]}]})");
  const std::string base =
      "review accepted.json --tlfb use.csv --choose 1 --by Kim --new-plan next.json ";
  EXPECT_EQ(ombre(base + "--role team").code, 0);
  const std::string by_team = read("next.json");
  EXPECT_EQ(by_team.find("accepted", by_team.find("accepted") + 1), std::string::npos) << by_team;
  EXPECT_EQ(ombre(base + "--role person").code, 0);
  const std::string by_person = read("next.json");
  EXPECT_NE(by_person.find("accepted", by_person.find("accepted") + 1), std::string::npos);
}

TEST_F(ReviewCommand, AQuestionAboutSuicideSpeaksWhateverTheTotalDoes) {
  write("phq.csv",
        "person_id,date,1,2,3,4,5,6,7,8,9\nada,2026-01-20,1,1,1,1,1,1,1,1,0\n"
        "ada,2026-03-08,1,1,1,1,1,1,1,0,1\n");
  const std::string base = "review plan.json --tlfb use.csv --scores phq_9=phq.csv";
  const auto named = ombre(base);
  EXPECT_NE(named.out.find("Now: Thoughts of suicide or self-harm were named"), std::string::npos)
      << named.out;
  write("phq.csv", "person_id,date,1,2,3,4,5,6,7,8,9\nada,2026-03-08,1,1,1,1,1,1,1,1,\n");
  const auto left_out = ombre(base);
  EXPECT_NE(left_out.out.find("Item 9 of the PHQ-9 was not answered"), std::string::npos)
      << left_out.out << left_out.err;
  const auto scored = ombre("score phq_9 phq.csv --format csv");
  EXPECT_NE(scored.out.find("not answered: ask about safety today"), std::string::npos)
      << scored.out;
}

TEST_F(ReviewCommand, ARowThatCannotBeReadIsNotSilence) {
  write("odd.csv",
        "person_id,date,substance,amount,unit\nada,2026-03-08,alcohol,0,drink_us\n"
        "ada,2026-03-09,alcohol,a lot,drink_us\nada,2026-03-10,alcohol,0,drink_us\n");
  const auto ran = ombre("review plan.json --tlfb odd.csv");
  if (ran.out.find("No use is known") != std::string::npos) {
    EXPECT_NE(ran.out.find("Not every row could be read"), std::string::npos) << ran.out;
  }
  EXPECT_NE(ran.out.find("Of the table of use 1 row"), std::string::npos) << ran.out << ran.err;
}
