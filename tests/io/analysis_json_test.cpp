// What a spec may say, and what is said back where it is wrong.
#include "ombre/io/analysis_json.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace {

using namespace ombre;
using io::Json;

class AnalysisSpec : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              ("ombre-analysis-" +
               std::string{::testing::UnitTest::GetInstance()->current_test_info()->name()});
    std::filesystem::create_directories(folder_);
    std::ofstream{folder_ / "t.csv"} << "id,start,days,relapse,arm,w,odd,all\n"
                                        "1,0,5,1,new,1,1,1\n"
                                        "2,0,8,0,new,2,2,1\n"
                                        "3,1,2,1,usual,1,0,1\n"
                                        "4,2,9,1,usual,0.5,1,1\n"
                                        "5,0,,1,usual,1,1,1\n";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  Result<io::Analysis> run(const std::string& text) const {
    const auto spec = io::parse_json(text, "spec.json");
    EXPECT_TRUE(spec) << text;
    if (!spec) return unexpected(spec.error());
    io::AnalysisOptions options;
    options.data_dir = folder_.string();
    return io::analyse(*spec, options, "spec.json");
  }
  std::string refusal(const std::string& text) const {
    const auto done = run(text);
    return done ? "accepted" : describe(done.error());
  }

 private:
  std::filesystem::path folder_;
};

constexpr const char* columns = R"("columns": {"time": "days", "status": "relapse"})";

TEST_F(AnalysisSpec, GroupsOfWordsAreNamedByTheirWords) {
  const auto done = run(
      R"({"method": "kaplan_meier", "data": "t.csv",
          "columns": {"time": "days", "status": "relapse", "group": "arm"},
          "options": {"at": 5, "conf": "log-log", "probs": 0.5, "tau": null}})");
  ASSERT_TRUE(done) << describe(done.error());
  const Json* group = done->result.find("group_new");
  ASSERT_NE(group, nullptr);
  EXPECT_EQ(group->find("n")->as_integer(), 2);
  EXPECT_EQ(group->find("ci")->members().size(), 1U);
  EXPECT_EQ(group->find("at")->find("surv")->items()[0].as_number(), 0.5);
  EXPECT_EQ(group->find("rmst"), nullptr);
  EXPECT_EQ(done->findings.count("missing_value"), 1U);
  EXPECT_EQ(done->findings.stored()[0].row, 6U);
  EXPECT_EQ(done->findings.stored()[0].field, "days");
}

TEST_F(AnalysisSpec, AnEmptyListOfOptionsIsNoOptions) {
  EXPECT_TRUE(run(R"({"method": "kaplan_meier", "data": "t.csv", "options": [],
                      "columns": {"time": "days", "status": "relapse"}})"));
}

TEST_F(AnalysisSpec, TheSameSpecGivesTheSameBytes) {
  const std::string spec =
      R"({"method": "logrank", "data": "t.csv", "options": {"rho": [0, 1], "permutation": true},
          "columns": {"time": "days", "status": "relapse", "group": "arm"}})";
  EXPECT_EQ(*io::json_text(run(spec)->result), *io::json_text(run(spec)->result));
}

TEST_F(AnalysisSpec, OneGroupAndNoEventsAreAnswersThatSaySo) {
  const auto one = run(
      R"({"method": "logrank", "data": "t.csv",
          "columns": {"time": "days", "status": "relapse", "group": "all"}})");
  ASSERT_TRUE(one) << describe(one.error());
  EXPECT_EQ(one->result.find("rho_0")->find("chisq")->kind(), Json::Kind::null);
  EXPECT_EQ(one->result.find("rho_0")->find("df")->as_integer(), 0);
  EXPECT_EQ(one->findings.count("no_test"), 1U);
}

TEST_F(AnalysisSpec, WhatIsWrongIsNamedByItsPath) {
  const auto spec = [](std::initializer_list<std::string_view> parts) {
    std::string text = R"({"method": "kaplan_meier", "data": "t.csv", )";
    for (const std::string_view part : parts) text.append(part);
    text.push_back('}');
    return text;
  };
  EXPECT_NE(refusal(R"({"method": "kaplan_mayer"})").find("is no method; there are "),
            std::string::npos);
  EXPECT_NE(refusal(R"({"method": "kaplan_meier", "colums": {}})").find("colums"),
            std::string::npos);
  EXPECT_NE(refusal(spec({R"("columns": {"tiem": "days"})"})).find("did you mean time?"),
            std::string::npos);
  EXPECT_NE(refusal(spec({columns, R"(, "options": {"taus": 3})"})).find("options.taus"),
            std::string::npos);
  EXPECT_NE(refusal(spec({columns, R"(, "options": {"conf": ["logs"]})"})).find("options.conf"),
            std::string::npos);
  EXPECT_NE(refusal(spec({columns, R"(, "options": {"stype": 3})"})).find("options.stype"),
            std::string::npos);
  EXPECT_NE(refusal(spec({columns, R"(, "options": 3)"})).find("options"), std::string::npos);
  EXPECT_NE(refusal(spec({R"("columns": {"time": "days", "status": "relapse", "x": "w"})"}))
                .find("columns.x"),
            std::string::npos);
  EXPECT_NE(refusal(spec({R"("columns": {"time": "days"})"})).find("status"), std::string::npos);
  EXPECT_NE(refusal(spec({R"("columns": {"time": ["days", "w"], "status": "relapse"})"}))
                .find("columns.time"),
            std::string::npos);
  EXPECT_NE(refusal(spec({R"("columns": {"time": "weeks", "status": "relapse"})"}))
                .find("no such column; there are id, start, days"),
            std::string::npos);
}

TEST_F(AnalysisSpec, WhatIsWrongInTheDataIsNamedByLineAndColumn) {
  const auto data = [&](const std::string& role) {
    std::string text = R"({"method": "kaplan_meier", "data": "t.csv", "columns": )";
    text.append(role);
    text.push_back('}');
    return refusal(text);
  };
  EXPECT_NE(data(R"({"time": "days", "status": "odd"})").find("line 3, odd = \"2\""),
            std::string::npos);
  EXPECT_NE(data(R"({"time": "arm", "status": "relapse"})").find("must be a number"),
            std::string::npos);
  EXPECT_NE(data(R"({"time": "start", "status": "relapse", "entry": "days"})")
                .find("line 2, days = \"5\""),
            std::string::npos);
  EXPECT_NE(refusal(R"({"method": "rmst_two_sample", "data": "t.csv", "options": {"tau": 5},
                        "columns": {"time": "days", "status": "relapse", "group": "id"}})")
                .find("must be two groups"),
            std::string::npos);
}

TEST_F(AnalysisSpec, ACodeOfTheEventMakesOtherStatesCensorings) {
  const auto done = run(
      R"({"method": "kaplan_meier", "data": "t.csv", "options": {"event_code": "2"},
          "columns": {"time": "days", "status": "odd"}})");
  ASSERT_TRUE(done) << describe(done.error());
  EXPECT_EQ(done->result.find("group_0")->find("n_event")->items()[2].as_number(), 1);
}

// Without a penalty the path ends at the plain fit; the first of its own penalties keeps all at 0.
TEST_F(AnalysisSpec, APathOfPenaltiesEndsAtThePlainFit) {
  const std::string roles =
      R"("data": "t.csv", "columns": {"time": "days", "status": "relapse", "x": ["start"]})";
  const auto path = run(R"({"method": "cox_path", )" + roles +
                        R"(, "options": {"alpha": 0.5, "lambda": [0, 0.01]}})");
  ASSERT_TRUE(path) << describe(path.error());
  const auto fit = run(R"({"method": "cox", )" + roles + "}");
  ASSERT_TRUE(fit) << describe(fit.error());
  const auto& points = path->result.find("points")->items();
  ASSERT_EQ(points.size(), 2U);
  EXPECT_EQ(points[0].find("lambda")->as_number(), 0.01);
  EXPECT_NEAR(*points[1].find("coef")->items()[0].as_number(),
              *fit->result.find("coef")->items()[0].as_number(), 1e-8);
  const auto own = run(R"({"method": "cox_path", )" + roles + R"(, "options": {"count": 3}})");
  ASSERT_TRUE(own) << describe(own.error());
  EXPECT_EQ(own->result.find("points")->items()[0].find("nonzero")->as_integer(), 0);
  EXPECT_EQ(own->result.find("points")->items().size(), 3U);
  EXPECT_NE(
      refusal(R"({"method": "cox_path", )" + roles + R"(, "options": {"alpha": 2}})").find("alpha"),
      std::string::npos);
  EXPECT_NE(refusal(R"({"method": "cox_path", )" + roles + R"(, "options": {"unpenalised": "w"}})")
                .find("no term"),
            std::string::npos);
}

// A person between two visits: the column of the second one is a part of its own.
TEST_F(AnalysisSpec, VisitsAroundAnEventAreTwoColumns) {
  const auto fit = run(
      R"({"method": "parametric_survival", "data": "t.csv", "options": {"family": "exponential"},
          "columns": {"time": "start", "time2": "days"}})");
  ASSERT_TRUE(fit) << describe(fit.error());
  EXPECT_EQ(fit->result.find("status")->as_text(), "converged");
}

}  // namespace
