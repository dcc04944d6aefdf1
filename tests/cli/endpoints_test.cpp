// `ombre endpoints` from outside.

#include <gtest/gtest.h>

#include "cli/program.hpp"

namespace ombre::testing {
namespace {

using Endpoints = ProgramTest;

TEST_F(Endpoints, GivesAllFiftyFourInTheOrderOfThePublishedTables) {
  write("words.csv", "who,word\n1,---------------\n2,ooooooooooooooo\n");
  const Ran ran = ombre("endpoints --words words.csv -o out.csv");
  EXPECT_EQ(ran.code, 0) << ran.err;
  const std::string text = read("out.csv");
  const std::string header = text.substr(0, text.find('\n'));
  EXPECT_EQ(header.substr(0, 37), "who,abs_ctn0094_2023,abs_fiellin_2006");
  EXPECT_NE(header.find("abs_mokri_2016_time,abs_mokri_2016_event"), std::string::npos);
  EXPECT_EQ(header.substr(header.size() - 13), "red_zaks_1972");
  EXPECT_EQ(std::count(header.begin(), header.end(), ','), 54 + 8);  // eight are times with event
}

TEST_F(Endpoints, FamilyIdsLayoutHorizonAndVariantAreChosen) {
  write("words.csv", "who,word\n1,--------------------\n");
  EXPECT_EQ(ombre("endpoints --words words.csv --id abs_krupitsky_b_2011,red_zaks_1972").out,
            "who,abs_krupitsky_b_2011,red_zaks_1972\n1,11,20\n");
  EXPECT_EQ(ombre("endpoints --words words.csv --id abs_krupitsky_b_2011 --horizon 20").out,
            "who,abs_krupitsky_b_2011.weeks_20\n1,16\n");
  EXPECT_EQ(ombre("endpoints --words words.csv --id rel_lee_2016 --variant corrected").out,
            "who,rel_lee_2016.corrected_time,rel_lee_2016.corrected_event\n1,20,0\n");
  const Ran tidy = ombre("endpoints --words words.csv --family relapse --layout tidy");
  EXPECT_EQ(std::count(tidy.out.begin(), tidy.out.end(), '\n'), 1 + 7);
}

TEST_F(Endpoints, AChangedDefinitionNeverStandsUnderThePublishedName) {
  write("words.csv", "who,arm,word\n1,a,-o+-\n2,a,----\n3,b,+oo-\n4,b,++--\n");
  const std::string changed =
      "--words words.csv --id red_fiellin_2006,red_zaks_1972 "
      "--missing locf --horizon 3 ";
  const std::string first = "red_fiellin_2006.weeks_3.missing_locf";
  const std::string second = "red_zaks_1972.weeks_3.missing_locf";
  const auto line_of = [](const std::string& text) { return text.substr(0, text.find('\n')); };
  EXPECT_EQ(line_of(ombre("endpoints " + changed).out), "who," + first + "," + second);
  EXPECT_EQ(line_of(ombre("endpoints " + changed + "--bounds").out).substr(0, 4 + 2 * 38),
            "who," + first + "," + first + "_");
  const std::vector<std::string> tables{
      "endpoints " + changed + "--layout tidy", "endpoints " + changed + "--compare-arms arm",
      "endpoints " + changed + "--compare-arms arm --format table",
      "endpoints " + changed + "--compare-arms arm --format markdown",
      "endpoints " + changed + "--print-definitions"};
  for (const std::string& command : tables) {
    const Ran ran = ombre(command);
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_NE(ran.out.find(first), std::string::npos) << command << '\n' << ran.out;
    // Not once without the mark.
    for (std::size_t at = ran.out.find("red_fiellin_2006"); at != std::string::npos;
         at = ran.out.find("red_fiellin_2006", at + 1)) {
      EXPECT_EQ(ran.out.substr(at, first.size()), first) << command;
    }
  }
  EXPECT_EQ(ombre("endpoints " + changed + "--agreement agree.csv --figure agree.svg").code, 0);
  EXPECT_NE(read("agree.csv").find(first + "," + second), std::string::npos);
  EXPECT_NE(read("agree.svg").find(first), std::string::npos);

  // A definition of one's own has its change in its own file; options on top of it are marked.
  write("own.json", R"({"endpoints": [{"id": "mine", "from": "red_fiellin_2006",
    "missing": "locf"}]})");
  EXPECT_EQ(line_of(ombre("endpoints --words words.csv --definitions own.json").out), "who,mine");
  EXPECT_EQ(line_of(ombre("endpoints --words words.csv --definitions own.json --horizon 3").out),
            "who,mine.weeks_3");
  // Printed, a changed definition is whole and can be read back.
  EXPECT_EQ(ombre("endpoints " + changed + "--print-definitions -o defs.json").code, 0);
  const Ran again = ombre("endpoints --words words.csv --definitions defs.json");
  EXPECT_EQ(again.out, ombre("endpoints " + changed).out) << again.err;
}

TEST_F(Endpoints, BoundsTellWhatRestsOnMissedVisits) {
  write("words.csv", "who,word\n1,-oo+\n");
  EXPECT_EQ(ombre("endpoints --words words.csv --id red_fiellin_2006 --bounds").out,
            "who,red_fiellin_2006,red_fiellin_2006_worst,red_fiellin_2006_best,"
            "red_fiellin_2006_weeks,red_fiellin_2006_weeks_missed\n1,0.25,0.25,0.75,4,2\n");
}

TEST_F(Endpoints, OwnDefinitionsComeFromJson) {
  write("words.csv", "who,word\n1,--o-\n");
  write("own.json", R"({"endpoints": [{"id": "mine", "sentence": "Clean weeks.", "result": "count",
    "value": {"op": "count", "of": "word", "pattern": "-"}}]})");
  EXPECT_EQ(ombre("endpoints --words words.csv --definitions own.json").out, "who,mine\n1,3\n");
  write("bad.json", R"({"endpoints": [{"id": "mine", "sentence": "?", "result": "count",
    "value": {"op": "count", "of": "word", "pattern": "x"}}]})");
  const Ran bad = ombre("endpoints --words words.csv --definitions bad.json");
  EXPECT_EQ(bad.code, 1);
  EXPECT_NE(bad.err.find("bad.json"), std::string::npos) << bad.err;
  EXPECT_NE(bad.err.find("endpoints[0].value.pattern"), std::string::npos) << bad.err;
}

TEST_F(Endpoints, PrintedDefinitionsCanBeReadBack) {
  write("words.csv", "who,word\n1,--o-*+\n");
  EXPECT_EQ(ombre("endpoints --print-definitions --id red_comer_2006 -o defs.json").code, 0);
  std::string text = read("defs.json");
  text.replace(text.find("red_comer_2006"), 14, "mine");
  write("mine.json", text);
  EXPECT_EQ(ombre("endpoints --words words.csv --definitions mine.json").out,
            "who,mine\n1,0.5833333333333334\n");  // 3 clean and one mixed of 6
}

TEST_F(Endpoints, AnEmptyWordHasNoResult) {
  write("words.csv", "who,arm,word\na,x,----\nb,x,\nc,x,--oo\n");
  EXPECT_EQ(ombre("endpoints --words words.csv --id abs_fiellin_2006").out,
            "who,abs_fiellin_2006\na,4\nb,\nc,2\n");
  const Ran arms =
      ombre("endpoints --words words.csv --id abs_fiellin_2006 --compare-arms arm --format table");
  EXPECT_EQ(arms.code, 0) << arms.err;
  EXPECT_NE(arms.out.find("3 ("), std::string::npos) << arms.out;  // (4 + 2) / 2, not / 3
  EXPECT_NE(arms.out.find("n=2"), std::string::npos) << arms.out;
}

TEST_F(Endpoints, WhatCannotBeWrittenOrMeansNothingIsRefused) {
  write("words.csv", "who,word\na,----\n");
  for (const char* options :
       {"--format table", "--format markdown", "--impute 5", "-o results.json", "-o results.csv.gz",
        "-o words.csv", "-o a.csv --agreement a.csv"}) {
    const Ran ran = ombre(std::string{"endpoints --words words.csv "} + options);
    EXPECT_EQ(ran.code, 2) << options << ran.out << ran.err;
  }
  EXPECT_EQ(read("words.csv"), "who,word\na,----\n");
}

TEST_F(Endpoints, AFailedRunLeavesNoFile) {
  write("words.csv", "who,arm,word\na,x,----\nb,y,--o-\n");
  const Ran ran = ombre(
      "endpoints --words words.csv --compare-arms arm -o arms.csv --agreement agreement.csv "
      "--figure missing_folder/f.svg");
  EXPECT_EQ(ran.code, 3) << ran.err;
  EXPECT_FALSE(exists("arms.csv"));
  EXPECT_FALSE(exists("agreement.csv"));
}

TEST_F(Endpoints, ComparesArms) {
  std::string csv = "who,treatment,word\n";
  for (int i = 0; i < 70; ++i) csv += std::to_string(i) + ",new," + (i < 56 ? "---" : "-o+") + "\n";
  for (int i = 0; i < 80; ++i) {
    csv += std::to_string(100 + i) + ",usual," + (i < 48 ? "---" : "oo-") + "\n";
  }
  write("words.csv", csv);
  const std::string chosen =
      "endpoints --words words.csv --id abs_kosten_1993,red_fiellin_2006 "
      "--compare-arms treatment ";
  const Ran ran = ombre(chosen +
                        "--reference-arm usual --bounds --impute 3 -o arms.csv "
                        "--agreement a.csv --figure a.svg");
  EXPECT_EQ(ran.code, 0) << ran.err;
  const std::string table = read("arms.csv");
  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), 5);
  EXPECT_NE(table.find("abs_kosten_1993,yes_no,new,70,0,56,0.8,"), std::string::npos) << table;
  EXPECT_NE(read("a.csv").find("abs_kosten_1993,red_fiellin_2006,150,"), std::string::npos);
  EXPECT_NE(read("a.svg").find("</svg>"), std::string::npos);
  const Ran again =
      ombre(chosen + "--reference-arm usual --bounds --impute 3 --threads 2 -o b.csv");
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(read("b.csv"), table);
  const Ran markdown = ombre(chosen + "--format markdown");
  EXPECT_NE(markdown.out.find("| abs_kosten_1993 | 80 % ("), std::string::npos) << markdown.out;
  const Ran nobody = ombre(chosen + "--reference-arm other");
  EXPECT_EQ(nobody.code, 2);
  EXPECT_NE(nobody.err.find("treatment"), std::string::npos);
}

TEST_F(Endpoints, TwoThreadsWriteTheSameBytes) {
  std::string csv = "who,word\n";
  for (int i = 0; i < 20'000; ++i) {
    csv += std::to_string(i) + "," +
           std::string(static_cast<std::size_t>(i % 26), i % 3 == 0 ? '+' : '-') + "o*-\n";
  }
  write("words.csv", csv);
  EXPECT_EQ(ombre("endpoints --words words.csv --bounds --quiet -o one.csv").code, 0);
  EXPECT_EQ(ombre("endpoints --words words.csv --bounds --quiet --threads 2 -o two.csv").code, 0);
  EXPECT_TRUE(read("one.csv") == read("two.csv"));
}

TEST_F(Endpoints, BadInputGetsASentenceAndLeavesNoFile) {
  write("words.csv", "who,word\n1,--\n2,-x\n");
  const Ran doubt = ombre("endpoints --words words.csv --id abs_fiellin_2006");
  EXPECT_EQ(doubt.code, 0);
  EXPECT_EQ(doubt.out, "who,abs_fiellin_2006\n1,2\n2,\n");
  EXPECT_NE(doubt.err.find("person 2"), std::string::npos) << doubt.err;
  EXPECT_EQ(ombre("endpoints --words words.csv --stop-on-doubt -o out.csv").code, 1);
  EXPECT_FALSE(exists("out.csv"));
  const Ran unknown = ombre("endpoints --words words.csv --id red_comer_2007");
  EXPECT_EQ(unknown.code, 2);
  EXPECT_NE(unknown.err.find("red_comer_2006"), std::string::npos) << unknown.err;
  EXPECT_EQ(ombre("endpoints").code, 2);
  EXPECT_EQ(ombre("endpoints --words words.csv --family sobriety").code, 2);
  EXPECT_EQ(ombre("endpoints --words words.csv --id red_haight_2019 --horizon 3").code, 1);
}

}  // namespace
}  // namespace ombre::testing
