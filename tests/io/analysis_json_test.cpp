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
    std::ofstream{folder_ / "t.csv"} << "id,start,days,relapse,arm,w,odd,all,none\n"
                                        "1,0,5,1,new,1,1,1,0\n"
                                        "2,0,8,0,new,2,2,1,0\n"
                                        "3,1,2,1,usual,1,0,1,0\n"
                                        "4,2,9,1,usual,0.5,1,1,0\n"
                                        "5,0,,1,usual,1,1,1,0\n";
  }
  void write(const char* name, const char* text) const { std::ofstream{folder_ / name} << text; }
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

// Expected: survRM2's formulas, exp(log(0.5) - log(0)) and its limits, evaluated in R.
TEST_F(AnalysisSpec, ARatioOfTimeLostWhereOneArmLosesNoneIsWrittenAsRWritesIt) {
  const auto rows = [&](const char* tau) {
    const auto done = run(std::string{R"({"method": "rmst_two_sample", "data": "t.csv",
        "columns": {"time": "days", "status": "relapse", "group": "arm"}, "options": {"tau": )"} +
                          tau + "}}");
    EXPECT_TRUE(done);
    return done ? io::json_text(*done->result.find("unadjusted"), {0}).value_or("") : "";
  };
  const std::string three = rows("3");
  EXPECT_NE(three.find(R"(["Inf","NaN","NaN","NaN"])"), std::string::npos) << three;
  const std::string one = rows("1");
  EXPECT_NE(one.find(R"([0,0,0,"NaN"])"), std::string::npos) << one;
  EXPECT_NE(one.find(R"([1,1,1,"NaN"])"), std::string::npos) << one;
  EXPECT_NE(one.find(R"(["NaN","NaN","NaN","NaN"])"), std::string::npos) << one;
}

// Before the first event everybody's restricted time is the horizon: errors are 0, and R's z is
// infinite (intercept) or 0 / 0.
TEST_F(AnalysisSpec, AdjustedMeansWithoutAnyEventHaveNoPAndDoNotEndTheProgram) {
  const auto done = run(
      R"({"method": "rmst_two_sample", "data": "t.csv", "options": {"tau": 1, "covariates": "w"},
          "columns": {"time": "days", "status": "relapse", "group": "arm"}})");
  ASSERT_TRUE(done) << describe(done.error());
  const auto& rows = done->result.find("adjusted")->find("difference")->find("table")->items();
  EXPECT_NEAR(rows[0].items()[0].as_number().value_or(0), 1, 1e-12);
  EXPECT_NEAR(rows[1].items()[0].as_number().value_or(1), 0, 1e-12);
}

TEST_F(AnalysisSpec, WhatIsWrongWithAWholeColumnNamesThePartItPlays) {
  const std::string nobody = refusal(
      R"({"method": "parametric_survival", "data": "t.csv",
          "columns": {"time": "days", "status": "none"}, "options": {}})");
  EXPECT_NE(nobody.find("$.columns.status = \"none\""), std::string::npos) << nobody;
  const std::string clusters = refusal(
      R"({"method": "cox", "data": "t.csv", "options": {"ties": "exact"},
          "columns": {"time": "days", "status": "relapse", "cluster": "id", "x": "w"}})");
  EXPECT_NE(clusters.find("$.columns.cluster = \"id\": exact ties have no score residuals"),
            std::string::npos)
      << clusters;
}

// Four people who came under observation a breath before their times: without covariates no start
// gives all of them a likelihood, which is no answer and not minus infinity.
TEST_F(AnalysisSpec, ALikelihoodThatIsNotFoundIsNull) {
  write("p.csv",
        "t,e,x,z,v,start,t2\n5e90,3,-0.1438,0,-50,4.999999999995e90,7.5e90\n"
        "5e90,1,-0.0998,0,0,0,7.5e90\n5e90,0,0.8380,0,-50,4.999999999995e90,1.5e91\n"
        "5e90,2,-0.2425,1,0.3,4.999999999995e90,5e90\n");
  const auto done = run(
      R"({"method": "parametric_survival", "data": "p.csv",
          "columns": {"time": "t", "status": "e", "time2": "t2", "entry": "start",
                      "x": ["x", "z", "v"]}, "options": {"family": "generalised_gamma"}})");
  if (!done) return;  // no start with covariates either: an error that says so
  const std::string text = io::json_text(*done->result.find("loglik"), {0}).value_or("");
  EXPECT_EQ(text.find("Inf"), std::string::npos) << text;
}

// R: "aeqSurv exception, an interval has effective length 0".
TEST_F(AnalysisSpec, AnEntryAsGoodAsAtTheEndIsNamedByItsLine) {
  write("near.csv",
        "from,to,e,g\n0,3,1,0\n1,,1,1\n2,9,1,0\n5,5.0000000001,1,1\n0,8,0,1\n1,4,1,1\n");
  for (const char* method : {"kaplan_meier", "logrank", "rmst_two_sample"}) {
    const std::string said =
        refusal(std::string{R"({"method": ")"} + method + R"(", "data": "near.csv", "options": )" +
                (std::string_view{method}.starts_with("rmst") ? R"({"tau": 4})" : "{}") +
                R"(, "columns": {"time": "to", "status": "e", "entry": "from", "group": "g"}})");
    EXPECT_NE(said.find("near.csv, line 5, from = \"5\": is so near the end"), std::string::npos)
        << said;
  }
}

TEST_F(AnalysisSpec, ACodeOfEventsIsATextOrANumber) {
  for (const char* code : {"2", "2.0", "\"2\""}) {
    const auto done = run(std::string{R"({"method": "kaplan_meier", "data": "t.csv",
        "columns": {"time": "days", "status": "odd"}, "options": {"event_code": )"} +
                          code + "}}");
    ASSERT_TRUE(done) << describe(done.error());
    const std::string text =
        io::json_text(*done->result.find("group_0")->find("n_event"), {0}).value_or("");
    EXPECT_EQ(text, "[0,0,1,0]\n") << code;
  }
}

TEST_F(AnalysisSpec, AClusterInTwoStrataIsNamedByItsRow) {
  const std::string said = refusal(R"({"method": "bootstrap_survival", "data": "t.csv",
      "columns": {"time": "start", "status": "relapse", "cluster": "all", "strata": "arm"}})");
  EXPECT_NE(said.find("t.csv, line 4, arm = \"usual\": must be the same for all rows of a cluster"),
            std::string::npos)
      << said;
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

// Every error of a spec has the file, the path from the top and the value.
TEST_F(AnalysisSpec, EveryErrorOfASpecHasOneForm) {
  const std::string km = R"({"method": "kaplan_meier", "data": "t.csv", )";
  const std::string cox = R"({"method": "cox", "data": "t.csv", )";
  const std::string roles = R"("columns": {"time": "days", "status": "relapse", "group": "arm"})";
  const auto with = [&](const std::string& method, const std::string& options) {
    return R"({"method": ")" + method + R"(", "data": "t.csv", )" + roles + R"(, "options": )" +
           options + "}";
  };
  const std::pair<std::string, std::string> cases[] = {
      {R"([])", R"(spec.json, $ = "[]": must be an object, and is a list)"},
      {R"({"data": "t.csv"})", "spec.json, $.method: is required"},
      {R"({"method": "kaplan_mayer"})", R"(spec.json, $.method = "kaplan_mayer": is no method)"},
      {R"({"method": "kaplan_meier"})", "spec.json, $.data: is required"},
      {R"({"method": "kaplan_meier", "colums": 3})",
       R"(spec.json, $.colums = "3": is not a known)"},
      {km + R"("delimiter": "ab"})", R"(spec.json, $.delimiter = "ab": must be one character)"},
      {km + R"("columns": "days"})", R"(spec.json, $.columns = "days": must be an object)"},
      {km + R"("columns": {"time": 3}})", R"(spec.json, $.columns.time = "3": must be a column's)"},
      {km + R"("columns": {"tiem": "days"}})", R"(spec.json, $.columns.tiem = "days": is no part)"},
      {km + R"("columns": {"time": ["days", "w"], "status": "odd"}})",
       R"(spec.json, $.columns.time = "["days","w"]": must be one column)"},
      {km + R"("columns": {"time": "weeks", "status": "relapse"}})",
       R"(spec.json, $.columns.time = "weeks": )"},
      {km + R"("columns": {"time": "days"}})", "spec.json, $.columns.status: "},
      {km + R"("columns": {"time": "days", "status": "relapse", "x": "w"}})",
       R"(spec.json, $.columns.x = "w": is no part this method has a use for)"},
      {cox + R"("columns": {"time": "days", "status": "relapse", "x": ["w", "factor(sit"]}})",
       R"(spec.json, $.columns.x = "factor(sit": )"},
      {cox + R"~("columns": {"time": "days", "status": "relapse", "x": ["w", "factor(sit)"]}})~",
       R"(spec.json, $.columns.x = "sit": )"},
      {with("kaplan_meier", "7"), R"(spec.json, $.options = "7": must be an object)"},
      {with("kaplan_meier", R"({"at": [1, "x"]})"), R"(spec.json, $.options.at[1] = "x": must be)"},
      {with("kaplan_meier", R"({"tau": -3})"), R"(spec.json, $.options.tau = "-3": must be)"},
      {with("kaplan_meier", R"({"taus": 3})"),
       R"(spec.json, $.options.taus = "3": is not a known)"},
      {with("kaplan_meier", R"({"conf": ["plain", "logs"]})"),
       R"(spec.json, $.options.conf = "["plain","logs"]": must be of)"},
      {with("logrank", R"({"rho": [0, 1], "gamma": [0, 1, 2]})"),
       R"(spec.json, $.options.gamma = "[0,1,2]": must be one number)"},
      {with("logrank", R"({"trend_scores": [1]})"),
       R"(spec.json, $.options.trend_scores = "1": must be one for each of 2 groups)"},
      {with("logrank", R"({"max_combo": "yes"})"), R"(spec.json, $.options.max_combo = "yes": )"},
      {with("rmst_two_sample", "{}"), "spec.json, $.options.tau: is required"},
      {with("rmst_two_sample", R"({"tau": 5, "covariates": ["no"]})"),
       R"(spec.json, $.options.covariates = "no": )"},
      {R"({"method": "rmst_two_sample", "data": "t.csv", "options": {"tau": 5},
           "columns": {"time": "days", "status": "relapse", "group": "id"}})",
       R"(spec.json, $.columns.group = "4": must be two groups)"},
      {R"({"method": "cox_path", "data": "t.csv", "options": {"unpenalised": "w"},
           "columns": {"time": "days", "status": "relapse", "x": ["start"]}})",
       R"(spec.json, $.options.unpenalised = "w": is no term)"},
      {R"({"method": "parametric_survival", "data": "t.csv", "options": {"family": "weibul"},
           "columns": {"time": "days", "status": "relapse"}})",
       R"(spec.json, $.options.family = "weibul": )"},
      {R"({"method": "bootstrap_survival", "data": "t.csv", "options": {"interval": "bcb"},
           "columns": {"time": "days", "status": "relapse"}})",
       R"(spec.json, $.options.interval = "bcb": )"},
  };
  for (const auto& [text, wanted] : cases) {
    const std::string said = refusal(text);
    EXPECT_TRUE(said.starts_with(wanted)) << text << "\n" << said;
  }
  // What is wrong in the data is told of by file, line and column.
  EXPECT_TRUE(refusal(km + R"("columns": {"time": "days", "status": "odd"}})")
                  .find("t.csv, line 3, odd = \"2\"") != std::string::npos);
}

}  // namespace
