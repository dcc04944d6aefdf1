// The commands `words` and `abstinence`, run as a user runs them.
#include <gtest/gtest.h>

#include <string>

#include "program.hpp"
#include "support/shared_data.hpp"

namespace {

class WordsCommand : public ombre::testing::ProgramTest {
 protected:
  using Run = ombre::testing::Ran;
  [[nodiscard]] Run run(const std::string& arguments) const { return ombre(arguments); }
  [[nodiscard]] std::string file(const std::string& name, const std::string& text) const {
    write(name, text);
    return path(name);
  }
};

// Weekly visits for three weeks; week 1 begins the day after randomisation.
const std::string schedule = R"({"trials":[{"attended_kinds":["visit"],
  "urine":{"counted":{"by_arm":[{"arm":"*","substances":["Opioid"]}]}},
  "self_report":{"counted":{"by_arm":[{"arm":"*","substances":["Heroin"]}]}},
  "stages":[{"first_study_day":"consent","last_study_day":"consent+20","urine_week_one":"consent"},
    {"first_study_day":"randomization+1","last_study_day":"randomization+21",
     "urine_week_one":"randomization+1",
     "visits":[{"first":"randomization+7","every":7,"early":6}]}]}]})";

TEST_F(WordsCommand, WritesOneRowAPersonAndTheAttendanceBesideIt) {
  // a: visit and clean in week 1, positive in week 2, absent in week 3 (missed mark on day 21).
  const std::string arguments =
      "words --visits '" + file("visits.csv", "who,what,when\na,visit,3\na,visit,9\n") +
      "' --screens '" + file("uds.csv", "who,what,when\na,Opioid,9\n") + "' --randomization '" +
      file("rand.csv", "who,treatment,which,when\na,BUP,1,0\n") + "' --schedule '" +
      file("trial.json", schedule) + "' --attendance '" + path("marks.csv") + "'";
  const Run done = run(arguments);
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(done.out,
            "who,arm,start_week,end_week,rand_week1,baseline,phase1,word\n"
            "a,BUP,1,3,0,,\"-+o\",\"-+o\"\n");
  EXPECT_EQ(read("marks.csv"), "who,day,mark\na,3,present\na,9,present\na,21,missing\n");
}

TEST_F(WordsCommand, SeveralSourcesMakeSeveralSetsOfColumns) {
  const Run done =
      run("words --visits '" + file("v.csv", "who,what,when\na,visit,3\n") + "' --screens '" +
          file("s.csv", "who,what,when\na,Opioid,9\n") + "' --tlfb '" +
          file("t.csv", "who,what,when\na,Heroin,3\n") + "' --randomization '" +
          file("r.csv", "who,treatment,which,when\na,BUP,1,0\n") + "' --schedule '" +
          file("trial.json", schedule) + "' --source urine,self_report,either");
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_NE(done.out.find("urine_word"), std::string::npos);
  EXPECT_NE(done.out.find("self_report_word"), std::string::npos);
  // urine -+o, self-report *-- (one day of use in week 1), either: the worse of what was seen
  EXPECT_NE(done.out.find("\"-+o\",1,3,0,,*--,*--,1,3,0,,*+-,*+-"), std::string::npos) << done.out;
}

TEST_F(WordsCommand, SaysWhatIsMissingOrMisspelt) {
  const std::string trial = " --schedule '" + file("trial.json", schedule) + "'";
  EXPECT_EQ(run("words").code, 2);
  EXPECT_EQ(run("words" + trial).code, 2);
  EXPECT_EQ(run("words" + trial + " --source hair").code, 2);
  const Run unknown = run("words --schedule ctn9999");
  EXPECT_NE(unknown.code, 0);
  EXPECT_NE(unknown.err.find("ctn0094"), std::string::npos) << unknown.err;
  const Run twice = run("words --schedule '" +
                        file("twice.json", R"({"trials":[{"attended_kinds":[],"stages":[)"
                                           R"({"first_study_day":"consent+1",)"
                                           R"("last_study_day":"consent",)"
                                           R"("urine_week_one":"consent"}]}]})") +
                        "' --print-schedule");
  EXPECT_EQ(twice.code, 1);
  EXPECT_NE(twice.err.find("trials[0].stages[0].last_study_day"), std::string::npos) << twice.err;
}

TEST_F(WordsCommand, ReproducesTheRealWordsFromTheGzipTables) {
  OMBRE_SHARED_OR_SKIP(data, "outcomes/data");
  const std::string folder = std::filesystem::absolute(data / "ctn0094").string();
  const Run done =
      run("words --visits " + folder + "/visit.csv.gz --screens " + folder + "/uds.csv --tlfb " +
          folder + "/tlfb.csv.gz --randomization " + folder + "/randomization.csv --everybody " +
          folder + "/everybody.csv --schedule ctn0094 --threads 2");
  EXPECT_EQ(done.code, 0) << done.err;
  // Row of participant 4 in ctnote/patterns.csv (uds_2023 columns).
  EXPECT_NE(done.out.find("4,51,Inpatient NR-NTX,-4,24,0,,____-,\"--------------------o-oo\",,"),
            std::string::npos);
}

TEST_F(WordsCommand, AbstinenceWritesResultsRatesAndRetention) {
  // Visits on days 0 and 4. a is abstinent throughout, b smokes on day 2.
  const std::string arguments =
      "abstinence --tlfb '" +
      file("tlfb.csv", "id,day,amount\na,0,0\na,3,0\nb,0,0\nb,1,0\nb,2,5\nb,3,0\n") +
      "' --visits '" + file("visits.csv", "id,visit,day\na,1,0\na,2,4\nb,1,0\nb,2,4\n") +
      "' --measures '" +
      file("m.json", R"({"measures":[{"kind":"continuous","start_visit":"1","end_visit":"2"}]})") +
      "'";
  const Run tidy = run(arguments + " --rates '" + path("rates.csv") + "' --retention '" +
                       path("kept.csv") + "'");
  EXPECT_EQ(tidy.code, 0) << tidy.err;
  EXPECT_EQ(tidy.out,
            "config,measure,id,value,lapse_day,lapse_amount,window_days,recorded_days,"
            "filled_days,overridden_days,filled_visits\n"
            "default,cont_v1_v2,a,1,,,4,2,2,0,0\ndefault,cont_v1_v2,b,0,2,5,4,4,0,0,0\n");
  // Every reader of results is told that some of it was filled in, also those of the wide layout.
  EXPECT_NE(tidy.err.find("of 8 days under all results 2 were filled in"), std::string::npos)
      << tidy.err;
  EXPECT_EQ(read("rates.csv"),
            "config,measure,abstinent,with_value,people,rate,window_days,filled_days\n"
            "default,cont_v1_v2,1,2,2,0.5,8,2\n");
  EXPECT_EQ(read("kept.csv"),
            "config,visit,people,retained,retention,attrition,attendance\n"
            "default,1,2,2,1,0,1\ndefault,2,2,2,1,0,1\n");
  EXPECT_EQ(run(arguments + " --layout wide").out,
            "config,id,cont_v1_v2\ndefault,a,1\ndefault,b,0\n");
}

TEST_F(WordsCommand, AbstinenceNamesPersonAndVisitsOfAWindowThatCannotBeMeant) {
  // anna's visit 1 lies after her visit 2; one of bob's amounts is no number.
  const std::string arguments =
      "abstinence --tlfb '" +
      file("tlfb.csv", "id,day,amount\nanna,0,0\nanna,9,0\nbob,0,0\nbob,1,abc\nbob,4,0\n") +
      "' --visits '" + file("visits.csv", "id,visit,day\nanna,1,9\nanna,2,4\nbob,1,0\nbob,2,4\n") +
      "' --measures '" +
      file("m.json", R"({"measures":[{"kind":"continuous","start_visit":"1","end_visit":"2"},
           {"kind":"prolonged","quit_visit":"1","grace_days":30,"lapse":"5 units",
            "end_visit":"2"}]})") +
      "'";
  const Run done = run(arguments);
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_NE(done.err.find("visits_out_of_order, person anna"), std::string::npos) << done.err;
  EXPECT_NE(done.err.find("the start visit 1 (day 9) lies after the end visit 2 (day 4): no "
                          "window, and the result is 0"),
            std::string::npos)
      << done.err;
  EXPECT_NE(done.err.find("window_empty, person bob"), std::string::npos) << done.err;
  EXPECT_NE(done.err.find("with 30 days of grace"), std::string::npos) << done.err;
  EXPECT_NE(done.err.find("line 5, person bob, amount = \"abc\""), std::string::npos) << done.err;
  EXPECT_NE(done.out.find("cont_v1_v2,anna,0,,,0,0,0,0,0\n"), std::string::npos) << done.out;
  EXPECT_NE(done.out.find("cont_v1_v2,bob,1,,,4,1,3,0,0\n"), std::string::npos) << done.out;
}

TEST_F(WordsCommand, AbstinenceLeavesNoFileBehindAfterAnError) {
  const std::string out = path("out.csv");
  const Run done = run(
      "abstinence --tlfb '" + file("t.csv", "id,day,amount\na,0,0\n") + "' --visits '" +
      file("v.csv", "id,visit,day\na,1,0\n") + "' --measures '" +
      file("m.json", R"({"measures":[{"kind":"continuous","start_visit":"1","end_visit":"9"}]})") +
      "' -o '" + out + "'");
  EXPECT_EQ(done.code, 1);
  EXPECT_NE(done.err.find("measures[0].end_visit"), std::string::npos) << done.err;
  EXPECT_FALSE(exists("out.csv"));
}

}  // namespace
