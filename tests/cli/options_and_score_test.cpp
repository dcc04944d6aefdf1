// The commands `options` and `score`, run as a person runs them.
#include <gtest/gtest.h>

#include "cli/program.hpp"

using OptionsTest = ombre::testing::ProgramTest;
using ScoreTest = ombre::testing::ProgramTest;

namespace {

const std::string alone = R"({"format": "ombre-situation-1",
  "substances": [{"name": "heroin", "route": "injected"}], "nothing_else": true,
  "factors": [{"factor": "uses_alone", "value": true},
              {"factor": "naloxone_at_hand", "value": false},
              {"factor": "sterile_equipment", "value": false}],
  "wishes": {"change_use": "no"}})";

}  // namespace

TEST_F(OptionsTest, PutsNaloxoneFirstForSomebodyWhoInjectsHeroinAlone) {
  write("s.json", alone);
  const auto ran = ombre("options s.json --format csv");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(ran.out.find("\noption,,,1,take_home_naloxone,"), std::string::npos) << ran.out;
  EXPECT_EQ(ran.out.find(",depot_naltrexone", ran.out.find("\noption,")), std::string::npos);
}

TEST_F(OptionsTest, FigureAndMenuAppearTogether) {
  write("s.json", alone);
  for (const char* format : {"json", "csv"}) {
    const auto ran =
        ombre("options s.json --figure f.svg -o no/menu --format " + std::string{format});
    EXPECT_EQ(ran.code, 3) << ran.err;
    EXPECT_FALSE(exists("f.svg")) << format;
  }
  EXPECT_EQ(ombre("options s.json --figure f.svg -o menu.json --format json").code, 0);
  EXPECT_TRUE(exists("f.svg") && exists("menu.json"));
}

TEST_F(OptionsTest, ReadersOfCsvMeetTheWarningsBeforeTheFirstOptionAndWhatIsHeldBack) {
  const auto ran = ombre("options - --format csv --top 1",
                         R"({"format": "ombre-situation-1", "substances": [{"name": "alcohol"}],
                             "factors": [{"factor": "suicidal_thoughts", "value": true},
                                         {"factor": "depends_on_alcohol", "value": true},
                                         {"factor": "stops_soon", "value": true},
                                         {"factor": "age_years", "value": 15}]})");
  EXPECT_EQ(ran.code, 0) << ran.err;
  const auto first_option = ran.out.find("\noption,");
  ASSERT_NE(first_option, std::string::npos) << ran.out;
  for (const char* row :
       {"\nwarning,danger,suicide_ask_now,,,", "\nwarning,danger,stop_can_kill,",
        "\nwarning,warning,below_18,", "\nheld_back,,,,naltrexone_for_drinking,"}) {
    const auto at = ran.out.find(row);
    EXPECT_NE(at, std::string::npos) << row << ran.out;
    EXPECT_LT(at, first_option) << row;
  }
}

TEST_F(OptionsTest, WarnsInWordsAndSaysWhatIsHeldBack) {
  write("s.json", alone);
  const auto ran = ombre("options s.json --format table");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(ran.out.find("Naloxone is needed and not at hand"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("No layer of protection against overdose"), std::string::npos);
  EXPECT_NE(ran.out.find("Held back."), std::string::npos);
}

TEST_F(OptionsTest, ThoughtsOfSuicideStandBeforeEverythingElse) {
  const auto ran = ombre("options - --format table",
                         R"({"format": "ombre-situation-1", "substances": [{"name": "heroin"}],
                             "factors": [{"factor": "suicidal_thoughts", "value": true}]})");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.out.rfind("! Thoughts of suicide come before everything else", 0), 0U) << ran.out;
}

TEST_F(OptionsTest, DatesAfterTodayAreToldOfInEveryFormat) {
  write("s.json", R"({"format": "ombre-situation-1", "on": "2027-03-01",
    "substances": [{"name": "heroin"}],
    "factors": [{"factor": "days_since_release", "value": 3, "on": "2026-02-28"}]})");
  for (const char* format : {"csv", "table", "json"}) {
    const std::string base = std::string{"options s.json --format "} + format + " --today ";
    const auto late = ombre(base + "2026-03-01");
    EXPECT_EQ(late.code, 0) << late.err;
    EXPECT_NE(late.out.find("is later than today, 2026-03-01"), std::string::npos) << format;
    EXPECT_NE(late.err.find("date_in_the_future, 1 time"), std::string::npos) << late.err;
    EXPECT_EQ(ombre(base + "2027-03-01").err.find("date_in_the_future"), std::string::npos);
  }
}

TEST_F(OptionsTest, WritesTheTriangleAndJson) {
  const auto ran = ombre("options - --format json --figure t.svg", alone);
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.out.front(), '{');
  EXPECT_NE(read("t.svg").find("</svg>"), std::string::npos);
}

TEST_F(OptionsTest, AMisspeltFactorIsRefusedWithItsPlaceAndTheNearestName) {
  const auto ran = ombre(
      "options -",
      R"({"format": "ombre-situation-1", "factors": [{"factor": "uses_alonee", "value": true}]})");
  EXPECT_EQ(ran.code, 1);
  EXPECT_NE(ran.err.find("factors[0].factor"), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("did you mean uses_alone?"), std::string::npos);
}

TEST_F(OptionsTest, AMisspeltSubstanceIsToldWithTheNearestName) {
  const auto ran = ombre("options - --format csv",
                         R"({"format": "ombre-situation-1", "substances": [{"name": "Herroin"}]})");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(ran.err.find("did you mean heroin?"), std::string::npos) << ran.err;
}

TEST_F(ScoreTest, ScoresRowsWithBandsBySex) {
  write("a.csv", "person_id,sex,1,2,3\np1,male,1,1,1\np2,female,1,1,1\n");
  const auto ran = ombre("score audit_c a.csv --format csv");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(ran.out.find("p1,,audit_c,total,3,3,3,3,0,audit_c_screen,negative"), std::string::npos)
      << ran.out;
  EXPECT_NE(ran.out.find("p2,,audit_c,total,3,3,3,3,0,audit_c_screen,positive"), std::string::npos);
}

TEST_F(ScoreTest, AMissingAnswerGivesNoScoreButTheRange) {
  const auto ran = ombre("score phq_9 - --format csv", "1,2,3,4,5,6,7,8,9\n1,1,1,1,1,1,1,1,\n");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(ran.out.find("phq_9,total,,8,11,8,1,phq_9_severity,,mild or moderate"),
            std::string::npos)
      << ran.out;
}

TEST_F(ScoreTest, SaysWhatChangedSinceTheFirstRowAndWhetherItIsMoreThanError) {
  // SD 8 and reliability 0.75: 11.09 days are needed. 28 -> 16 is 12, 12 -> 0 is none now.
  write("t.csv",
        "person_id,date,alcohol,opiates,cannabis\n"
        "ada,2026-03-01,16,0,14\nada,2026-01-01,28,12,20\n");
  const auto ran =
      ombre("score top t.csv --change --error-of alcohol=8:0.75 --margin cannabis=9 --format csv");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(ran.out.find("ada,2026-01-01,2026-03-01,top,alcohol,28,16,-12,11.087"),
            std::string::npos)
      << ran.out;
  EXPECT_NE(ran.out.find("opiates,12,0,-12,,,abstinent"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("cannabis,20,14,-6,9,own,unchanged"), std::string::npos) << ran.out;
}

TEST_F(ScoreTest, AChangeNeedsDatesThatTellEarlierFromLater) {
  write("t.csv", "person_id,date,1,2,3\np,2026-01-01,1,1,1\np,2026-01-01,1,1,2\n");
  const auto same = ombre("score audit_c t.csv --change");
  EXPECT_EQ(same.code, 1);
  EXPECT_NE(same.err.find("neither is the earlier one"), std::string::npos) << same.err;
  const auto wrong = ombre("score audit_c t.csv --change --error-of total=8");
  EXPECT_EQ(wrong.code, 2);  // the command line is wrong
  EXPECT_NE(wrong.err.find("--error-of"), std::string::npos) << wrong.err;
}

TEST_F(ScoreTest, AnUnknownInstrumentListsTheOnesThereAre) {
  const auto ran = ombre("score moodmeter -", "1\n1\n");
  EXPECT_EQ(ran.code, 1);
  EXPECT_NE(ran.err.find("audit_c"), std::string::npos);
}

TEST_F(ScoreTest, WhereTheFileAndTheOptionDisagreeAboutSexTheFileWinsAndTheRowsAreNamed) {
  write("a.csv", "person_id,sex,1,2,3\np1,male,1,1,1\np2,,1,1,1\np3,female,1,1,1\n");
  const auto ran = ombre("score audit_c a.csv --sex female --format csv");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(ran.out.find("p1,,audit_c,total,3,3,3,3,0,audit_c_screen,negative"), std::string::npos);
  EXPECT_NE(ran.out.find("p2,,audit_c,total,3,3,3,3,0,audit_c_screen,positive"), std::string::npos);
  EXPECT_NE(ran.err.find("sex_disagrees, 1 time"), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("line 2, person p1"), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("the file's column is used"), std::string::npos) << ran.err;
}

TEST_F(ScoreTest, AChangeThatCrossesAQuestionAboutSuicideSaysWhatToDoNow) {
  write("p.csv",
        "person_id,date,1,2,3,4,5,6,7,8,9\n"
        "ada,2026-01-01,2,2,2,2,2,2,2,2,0\nada,2026-02-01,0,0,0,0,0,0,0,0,1\n"
        "bo,2026-01-01,1,1,1,1,1,1,1,1,3\nbo,2026-02-01,1,1,1,1,1,1,1,1,0\n"
        "cy,2026-01-01,1,1,1,1,1,1,1,1,2\n"
        "di,2026-01-01,1,1,1,1,1,1,1,1,0\ndi,2026-02-01,1,1,1,1,1,1,1,1,\n");
  for (const char* format : {"csv", "table"}) {
    const auto ran = ombre(std::string{"score phq_9 p.csv --change --format "} + format);
    EXPECT_EQ(ran.code, 0) << ran.err;
    for (const char* says :
         {"person ada, item_9 = \"1\": named now, not before: ask about safety now",
          "person bo, item_9 = \"0\": named before, not now: ask again",
          "person cy, item_9 = \"2\": ask about safety now",
          "person di, item_9: not answered: ask about safety today"}) {
      EXPECT_NE(ran.err.find(says), std::string::npos) << says << '\n' << ran.err;
    }
  }
  const auto csv = ombre("score phq_9 p.csv --change --format csv");
  EXPECT_NE(csv.out.find("\"named now, not before: ask about safety now, whatever the total\""),
            std::string::npos)
      << csv.out;
  write("c.csv",
        "person_id,date,1,2,3,4,5,q6_lifetime,q6_three_months\n"
        "ada,2026-01-01,1,0,0,0,0,0,0\nada,2026-02-01,1,1,1,1,0,0,\n");
  const auto columbia = ombre("score c_ssrs c.csv --change --format csv");
  EXPECT_EQ(columbia.code, 0) << columbia.err;
  EXPECT_NE(columbia.err.find("higher than before"), std::string::npos) << columbia.err;
  EXPECT_NE(columbia.err.find("do not leave the person alone"), std::string::npos) << columbia.err;
}
