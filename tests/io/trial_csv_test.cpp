#include "ombre/io/trial_csv.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "ombre/io/abstinence_csv.hpp"
#include "ombre/timeline/weekly_words.hpp"
#include "temporary_folder.hpp"

namespace {

namespace io = ombre::io;
namespace tl = ombre::timeline;

class TrialCsv : public ::testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& text) {
    const std::string path = folder_ / name;
    std::ofstream{path, std::ios::binary} << text;
    return path;
  }
  ombre_test::TemporaryFolder folder_;
};

const ombre::Finding* find(const ombre::Findings& findings, std::string_view rule) {
  for (const auto& finding : findings.stored()) {
    if (finding.rule == rule) return &finding;
  }
  return nullptr;
}

TEST_F(TrialCsv, TablesAreReadByTheirUsualColumnNames) {
  io::TrialFiles files;
  files.people = file("people.csv", "who,project\n10,27\n9,30\n");
  files.randomizations = file("rand.csv", "who,treatment,which,when\n9,BUP,2,80\n9,BUP,1,7\n");
  files.visits = file("visit.csv", "who,visit,what,is_dead,when\n9,W1,visit,,8\n9,W2,MISSING,1,\n");
  files.screens = file("uds.csv", "who,what,when\n10,Opioid,3\n");
  files.self_reports = file("tlfb.csv", "who,what,when\n9,Heroin,-4\n");
  const auto read = io::read_trial_csv(files);
  ASSERT_TRUE(read) << describe(read.error());
  const tl::TrialRecords& records = read->records;
  ASSERT_EQ(records.people.size(), 2U);
  EXPECT_EQ(records.people.id[0], "9");  // as numbers
  EXPECT_EQ(records.people.trial[0], "30");
  EXPECT_EQ(records.randomizations.day, (std::vector<std::int32_t>{80, 7}));
  EXPECT_EQ(records.randomizations.which, (std::vector<std::uint32_t>{2, 1}));
  ASSERT_EQ(records.visits.size(), 1U);
  EXPECT_EQ(records.visits.names[records.visits.what[0]], "visit");
  EXPECT_EQ(records.visits.line[0], 2U);
  EXPECT_TRUE(records.visits.answer.empty());
  EXPECT_EQ(records.screens.person[0], 1U);
  EXPECT_EQ(records.self_reports.day[0], -4);
  EXPECT_FALSE(records.days_are_dates);
  const auto* undated = find(read->findings, "row_without_day");
  ASSERT_NE(undated, nullptr);
  EXPECT_EQ(undated->row, 3U);
  EXPECT_EQ(undated->person, "9");
}

TEST_F(TrialCsv, ScreensMayListNegativesAndReportsAmounts) {
  io::TrialFiles files;
  files.screens = file("screens.csv",
                       "person_id,date,substance,result\np,2024-02-29,Opioid,NEG\n"
                       "p,2024-03-01,Opioid,positive\np,2024-03-02,Opioid,diluted\n"
                       "p,2024-03-03,Opioid,\n");
  files.self_reports = file("tlfb.csv",
                            "person_id,date,substance,amount\np,2024-02-29,Heroin,0\n"
                            "p,2024-03-01,Heroin,0.5\np,2024-03-02,Heroin,\n"
                            "p,2024-03-03,Heroin,-9\n");
  const auto read = io::read_trial_csv(files);
  ASSERT_TRUE(read) << describe(read.error());
  using A = tl::RowAnswer;
  EXPECT_EQ(read->records.screens.answer, (std::vector<A>{A::no, A::yes, A::unknown, A::unknown}));
  EXPECT_EQ(read->records.self_reports.answer, (std::vector<A>{A::no, A::yes, A::yes, A::unknown}));
  EXPECT_TRUE(read->records.days_are_dates);
  EXPECT_EQ(find(read->findings, "result_unknown")->row, 4U);
  EXPECT_EQ(find(read->findings, "amount_below_zero")->row, 5U);
  // Dates without a day of consent: anchors that count from it are not known.
  ASSERT_EQ(read->records.people.day_zero.size(), 1U);
  EXPECT_FALSE(read->records.people.day_zero[0]);
}

TEST_F(TrialCsv, VisitsWithoutAKindTookPlaceUnlessMarkedOtherwise) {
  io::TrialFiles files;
  files.visits = file("visits.csv", "id,day,attended\na,0,1\na,7,0\na,14,\n");
  const auto read = io::read_trial_csv(files);
  ASSERT_TRUE(read) << describe(read.error());
  using A = tl::RowAnswer;
  EXPECT_EQ(read->records.visits.names[0], "visit");
  EXPECT_EQ(read->records.visits.answer, (std::vector<A>{A::yes, A::no, A::unknown}));
}

TEST_F(TrialCsv, APeopleTableDecidesWhoThereIs) {
  io::TrialFiles files;
  files.people = file("people.csv", "id,consent\nb,2024-01-05\na,2024-01-01\na,2024-02-02\n");
  files.visits = file("visits.csv", "id,date\na,2024-01-02\nx,2024-01-02\nx,2024-01-09\n");
  const auto read = io::read_trial_csv(files);
  ASSERT_TRUE(read) << describe(read.error());
  ASSERT_EQ(read->records.people.size(), 2U);
  EXPECT_EQ(*read->records.people.day_zero[1] - *read->records.people.day_zero[0], 4);
  EXPECT_EQ(read->records.visits.size(), 1U);
  const auto* unknown = find(read->findings, "person_unknown");
  ASSERT_NE(unknown, nullptr);
  EXPECT_EQ(unknown->person, "x");
  EXPECT_EQ(unknown->row, 3U);
  EXPECT_EQ(read->findings.count("person_unknown"), 1U);  // once per person
  EXPECT_EQ(find(read->findings, "person_listed_twice")->row, 4U);
}

TEST_F(TrialCsv, DatesInOneTableAndCountersInAnotherAreRefused) {
  io::TrialFiles files;
  files.visits = file("visits.csv", "id,day\na,3\n");
  files.screens = file("screens.csv", "id,day,what\na,2024-01-01,Opioid\n");
  const auto read = io::read_trial_csv(files);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ombre::Errc::contradiction);
  EXPECT_NE(describe(read.error()).find("visits.csv"), std::string::npos);
  EXPECT_NE(describe(read.error()).find("screens.csv"), std::string::npos);
}

TEST_F(TrialCsv, OtherColumnNamesCanBeStated) {
  io::TrialFiles files;
  files.visits = file("visits.csv", "NR,VISDT,WHAT\na,3,seen\n");
  io::TrialCsvOptions options;
  EXPECT_FALSE(io::read_trial_csv(files, options));
  options.columns = {{"visits.person", "NR"}, {"visits.day", "VISDT"}};
  const auto read = io::read_trial_csv(files, options);
  ASSERT_TRUE(read) << describe(read.error());
  EXPECT_EQ(read->records.visits.day[0], 3);
  options.columns = {{"visits.dya", "VISDT"}};
  const auto refused = io::read_trial_csv(files, options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ombre::Errc::unknown_name);
  EXPECT_NE(refused.error().rule.find("visits.day"), std::string::npos);
}

TEST_F(TrialCsv, ADayThatDoesNotExistAndAStrangeRandomisationAreFound) {
  io::TrialFiles files;
  files.visits = file("visits.csv", "id,day\na,2023-02-30\na,2023-02-28\n");
  files.randomizations = file("rand.csv", "id,day,arm,which\na,2023-02-28,A,9\n");
  const auto refused = io::read_trial_csv(files);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ombre::Errc::out_of_range);
  EXPECT_EQ(refused.error().row, 2U);
  files.randomizations.clear();
  const auto read = io::read_trial_csv(files);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->findings.count("impossible_date"), 1U);
  EXPECT_EQ(read->records.visits.size(), 1U);
}

TEST_F(TrialCsv, NobodyAtAllIsAnError) {
  io::TrialFiles files;
  files.visits = file("visits.csv", "id,day\n");
  const auto read = io::read_trial_csv(files);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ombre::Errc::empty_input);
}

TEST_F(TrialCsv, FollowBackTablesBecomeAbstinenceRecords) {
  io::AbstinenceFiles files;
  files.follow_back = file("tlfb.csv", "id,date,amount\n1,2024-01-01,5\n1,2024-01-02,\n1,,3\n");
  files.visits = file("visit.csv", "id,visit,date\n1,0,2024-01-01\n2,0,2024-01-01\n");
  const auto read = io::read_abstinence_csv(files);
  ASSERT_TRUE(read) << describe(read.error());
  ombre::Findings findings;
  const auto tables = ombre::outcomes::AbstinenceTables::from(read->records, findings);
  ASSERT_TRUE(tables) << describe(tables.error());
  EXPECT_EQ(tables->people(), 1U);
  EXPECT_EQ(tables->tlfb().day.size(), 1U);
  EXPECT_TRUE(tables->days_are_dates());
  EXPECT_EQ(tables->day_text(tables->tlfb().day[0]), "2024-01-01");
  EXPECT_EQ(findings.count("row_incomplete"), 2U);
  EXPECT_EQ(findings.count("person_only_in_visits"), 1U);

  files.visits = file("visit2.csv", "id,visit,day\n1,0,3\n");
  const auto mixed = io::read_abstinence_csv(files);
  ASSERT_FALSE(mixed);
  EXPECT_EQ(mixed.error().code, ombre::Errc::contradiction);
}

}  // namespace
