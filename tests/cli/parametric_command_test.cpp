// `ombre parametric`, and the methods parametric_survival and bootstrap_survival of `ombre
// analyse`.
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "ombre/io/json.hpp"
#include "program.hpp"

namespace {

using ombre::io::Json;

class ParametricCommand : public ombre::testing::ProgramTest {
 protected:
  // Freireich et al., Blood 21:699 (1963): weeks in remission, 1 = relapse, 1 = 6-MP.
  void freireich() const {
    write(
        "remission.csv",
        "weeks,relapse,treated\n6,1,1\n6,1,1\n6,1,1\n6,0,1\n7,1,1\n9,0,1\n10,1,1\n10,0,1\n11,0,1\n"
        "13,1,1\n16,1,1\n17,0,1\n19,0,1\n20,0,1\n22,1,1\n23,1,1\n25,0,1\n32,0,1\n32,0,1\n34,0,1\n"
        "35,0,1\n1,1,0\n1,1,0\n2,1,0\n2,1,0\n3,1,0\n4,1,0\n4,1,0\n5,1,0\n5,1,0\n8,1,0\n8,1,0\n"
        "8,1,0\n8,1,0\n11,1,0\n11,1,0\n12,1,0\n12,1,0\n15,1,0\n17,1,0\n22,1,0\n23,1,0\n");
  }
  [[nodiscard]] Json answer(const std::string& spec) const {
    write("spec.json", spec);
    const auto done = ombre("analyse spec.json");
    EXPECT_EQ(done.code, 0) << done.err;
    auto json = ombre::io::parse_json(done.out, "answer");
    EXPECT_TRUE(json) << done.out;
    return json ? *json : Json{};
  }
};

// The Weibull fit printed in Kleinbaum & Klein, Survival Analysis (2012), chapter 7.
TEST_F(ParametricCommand, PrintsThePublishedWeibullFit) {
  freireich();
  const auto done = ombre(
      "parametric --data remission.csv --time weeks --event relapse --x treated --format table");
  ASSERT_EQ(done.code, 0) << done.err;
  EXPECT_NE(done.out.find("1.267"), std::string::npos) << done.out;
  EXPECT_NE(done.out.find("2.248"), std::string::npos) << done.out;
  EXPECT_NE(done.out.find("42 rows: 30 exact, 12 right-censored"), std::string::npos) << done.out;
}

TEST_F(ParametricCommand, ComparesFamiliesByAic) {
  freireich();
  const auto done = ombre(
      "parametric --data remission.csv --time weeks --event relapse --x treated --compare "
      "--format csv");
  ASSERT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(std::count(done.out.begin(), done.out.end(), '\n'), 8);
  // survreg: -108.5 (exponential), -106.6 (Weibull).
  EXPECT_NE(done.out.find("exponential,2,-108.5"), std::string::npos) << done.out;
  EXPECT_NE(done.out.find("weibull,3,-106.5"), std::string::npos) << done.out;
}

TEST_F(ParametricCommand, ReadsVisitsAndNamesTheRowOfAnImpossibleOne) {
  write("visits.csv", "last_without,first_with\n0,7\n7,14\n14,\n,7\n21,21\n7,21\n14,28\n");
  const auto done = ombre(
      "parametric --data visits.csv --time last_without --time2 first_with --family exponential "
      "--format csv");
  ASSERT_EQ(done.code, 0) << done.err;
  write("bad.csv", "last_without,first_with\n0,7\n14,7\n");
  const auto bad = ombre("parametric --data bad.csv --time last_without --time2 first_with");
  EXPECT_EQ(bad.code, 1);
  EXPECT_NE(bad.err.find("line 3"), std::string::npos) << bad.err;
  EXPECT_NE(bad.err.find("must not be before the other visit"), std::string::npos) << bad.err;
}

TEST_F(ParametricCommand, NamesCollinearColumnsAndUnknownFamilies) {
  write("same.csv", "t,e,a,b\n1,1,1,3\n2,1,0,1\n3,0,1,3\n4,1,0,1\n5,1,1,3\n");
  const auto done = ombre("parametric --data same.csv --time t --event e --x a,b --format csv");
  ASSERT_EQ(done.code, 0) << done.err;
  EXPECT_NE(done.err.find("collinear_column"), std::string::npos) << done.err;
  EXPECT_NE(done.out.find("not estimable"), std::string::npos) << done.out;
  const auto wrong = ombre("parametric --data same.csv --time t --event e --family weibul");
  EXPECT_EQ(wrong.code, 1);
  EXPECT_NE(wrong.err.find("generalised_gamma"), std::string::npos) << wrong.err;
}

TEST_F(ParametricCommand, AnalysesWithPredictionsAndTurnbull) {
  freireich();
  const Json json = answer(
      R"({"method": "parametric_survival", "data": "remission.csv",
          "columns": {"time": "weeks", "status": "relapse", "x": ["treated"]},
          "options": {"family": "exponential", "newdata": [0, 1], "quantiles": [0.5],
                      "times": [10], "tau": 20, "mean": true, "turnbull": true}})");
  EXPECT_EQ(json.find("status")->as_text(), "converged");
  ASSERT_EQ(json.find("predicted")->items().size(), 2U);
  const Json& treated = json.find("predicted")->items()[1];
  // 9 relapses in 359 weeks.
  EXPECT_NEAR(*treated.find("mean")->find("estimate")->as_number(), 359.0 / 9, 1e-9);
  EXPECT_NEAR(*treated.find("quantile")->items()[0].find("estimate")->as_number(),
              std::log(2.0) * 359 / 9, 1e-9);
  EXPECT_NEAR(*treated.find("survival")->items()[0].find("estimate")->as_number(),
              std::exp(-90.0 / 359), 1e-12);
  EXPECT_EQ(json.find("turnbull")->find("converged")->as_boolean(), true);
}

TEST_F(ParametricCommand, BootstrapsTheMedianTheSameWayForAnyNumberOfThreads) {
  freireich();
  const std::string spec = R"({"method": "bootstrap_survival", "data": "remission.csv",
      "columns": {"time": "weeks", "status": "relapse", "strata": "treated"},
      "options": {"quantiles": [0.5], "times": [10], "replicates": 500, "seed": 7,
                  "interval": "bca", "keep": true}})";
  write("spec.json", spec);
  const auto one = ombre("analyse spec.json --threads 1");
  const auto two = ombre("analyse spec.json --threads 2");
  ASSERT_EQ(one.code, 0) << one.err;
  EXPECT_EQ(one.out, two.out);
  const auto json = ombre::io::parse_json(one.out, "answer");
  const Json& median = json->find("quantiles")->items()[0];
  EXPECT_EQ(*median.find("estimate")->as_number(), 12);
  EXPECT_LE(*median.find("lower")->as_number(), 12);
  EXPECT_EQ(median.find("values")->items().size(), 500U);
}

TEST_F(ParametricCommand, SoFewPeopleGetNoStandardErrors) {
  write("one.csv", "t,e\n5,1\n");
  const std::string one = "parametric --data one.csv --time t --event e --format csv --family ";
  const auto weibull = ombre(one + "weibull");
  EXPECT_EQ(weibull.code, 0) << weibull.err;
  EXPECT_NE(weibull.out.find("\n(Intercept),,,,,,,,too few people\n"), std::string::npos)
      << weibull.out;
  EXPECT_NE(weibull.err.find("too_few_people: 1 person for 2 parameters"), std::string::npos)
      << weibull.err;
  const auto exponential = ombre(one + "exponential");
  EXPECT_NE(exponential.out.find("\n(Intercept),1.609437912434"), std::string::npos)
      << exponential.out;
  EXPECT_NE(exponential.out.find(",,,,,,,\n"), std::string::npos) << exponential.out;
  EXPECT_NE(exponential.err.find("no standard errors"), std::string::npos) << exponential.err;
  const auto all = ombre("parametric --data one.csv --time t --event e --compare --format csv");
  EXPECT_EQ(all.code, 0) << all.err;
  EXPECT_NE(all.out.find("exponential,1,,,,too few people"), std::string::npos) << all.out;

  write("three.csv", "t,e,x\n5,1,0\n7,1,1\n9,1,1\n");
  const auto three = ombre(
      "parametric --data three.csv --time t --event e --x x --family generalised_gamma --format "
      "csv");
  EXPECT_NE(three.err.find("3 people for 4 parameters"), std::string::npos) << three.err;
  const Json json = answer(
      R"({"method": "parametric_survival", "data": "one.csv",
          "columns": {"time": "t", "status": "e"}, "options": {"mean": true}})");
  EXPECT_EQ(json.find("coef")->kind(), Json::Kind::null);
  EXPECT_EQ(json.find("var")->kind(), Json::Kind::null);
  EXPECT_EQ(json.find("predicted"), nullptr);
}

TEST_F(ParametricCommand, KnowsEligibilityAndReferences) {
  write("t.csv",
        "t,e,arm,age\n3,1,a,20\n5,1,b,31\n8,0,a,42\n9,1,b,53\n4,1,a,64\n7,1,b,15\n6,0,a,36\n2,1,b,"
        "27\n");
  const auto done = ombre(
      "parametric t.csv --time t --event e --x arm --where 'age>=20' --reference arm=b "
      "--family exponential --format csv");
  ASSERT_EQ(done.code, 0) << done.err;
  EXPECT_NE(done.out.find("\narma,"), std::string::npos) << done.out;
  EXPECT_NE(done.err.find("holds for 7 of 8 rows"), std::string::npos) << done.err;
  // Exponential: the ratio of times is that of times per event, (21 / 2) / (16 / 3).
  std::string row = done.out.substr(done.out.find("\narma,"));
  for (int cell = 0; cell < 3; ++cell) row.erase(0, row.find(',') + 1);
  EXPECT_NEAR(std::stod(row), 1.96875, 1e-12) << done.out;
}

}  // namespace
