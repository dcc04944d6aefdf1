#include <string>

#include "ombre/io/json.hpp"
#include "program.hpp"

namespace {

// Freireich et al., Blood 21:699 (1963): weeks of remission, arms in words.
std::string six_mp() {
  const int weeks[] = {6,  6,  6,  6,  7,  9,  10, 10, 11, 13, 16,
                       17, 19, 20, 22, 23, 25, 32, 32, 34, 35};
  const int relapse[] = {1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0};
  const int placebo[] = {1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23};
  std::string text = "weeks,relapse,arm\n";
  for (int i = 0; i < 21; ++i) {
    text += std::to_string(weeks[i]) + "," + std::to_string(relapse[i]) + ",6-MP\n";
  }
  for (const int w : placebo) text += std::to_string(w) + ",1,placebo\n";
  return text;
}

class CoxCommand : public ombre::testing::ProgramTest {};

// Kleinbaum & Klein, Survival Analysis (3rd ed. 2012), ch. 3: 1.509 (0.410), hazard ratio 4.523.
TEST_F(CoxCommand, PrintsThePublishedHazardRatioAsATable) {
  write("mp.csv", six_mp());
  const auto ran =
      ombre("cox --data mp.csv --time weeks --event relapse --x arm --ties breslow --format table");
  EXPECT_EQ(ran.code, 0) << ran.err;
  for (const char* wanted : {"42 rows, 30 events; breslow ties", "armplacebo", "1.509", "0.4096",
                             "4.523", "Likelihood ratio", "Concordance"}) {
    EXPECT_NE(ran.out.find(wanted), std::string::npos) << wanted << "\n" << ran.out;
  }
}

TEST_F(CoxCommand, WritesRowsInAPipeAndBothFigures) {
  write("mp.csv", six_mp());
  const auto ran = ombre(
      "cox --data mp.csv --time weeks --event relapse --x arm --figure forest.svg "
      "--schoenfeld effects.svg");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_TRUE(ran.out.starts_with("term,coef,se,hazard_ratio")) << ran.out;
  EXPECT_NE(ran.out.find("armplacebo,1.57212514"), std::string::npos) << ran.out;
  EXPECT_NE(read("forest.svg").find("Hazard ratio"), std::string::npos);
  EXPECT_NE(read("effects.svg").find("armplacebo"), std::string::npos);
}

TEST_F(CoxCommand, NamesSeparationAndCorrectsItWhereAsked) {
  write("s.csv", "t,d,x\n1,1,1\n2,1,1\n3,1,1\n4,1,0\n5,0,0\n6,0,0\n");
  const auto plain = ombre("cox --data s.csv --time t --event d --x x");
  EXPECT_EQ(plain.code, 0);
  EXPECT_NE(plain.out.find("infinite (separation)"), std::string::npos);
  EXPECT_NE(plain.err.find("infinite_coefficient"), std::string::npos);
  const auto corrected = ombre("cox --data s.csv --time t --event d --x x --firth --format table");
  EXPECT_EQ(corrected.code, 0);
  EXPECT_NE(corrected.out.find("Firth"), std::string::npos);
  EXPECT_EQ(corrected.out.find("infinite"), std::string::npos);
}

TEST_F(CoxCommand, BadRowsAndColumnsAreNamed) {
  write("s.csv", "t,d,x,s\n1,1,1,0\n-2,1,1,0\n");
  const auto negative = ombre("cox --data s.csv --time t --event d --x x");
  EXPECT_EQ(negative.code, 1);
  EXPECT_NE(negative.err.find("line 3"), std::string::npos) << negative.err;
  const auto missing = ombre("cox --data s.csv --time t --event d --x age");
  EXPECT_EQ(missing.code, 1);
  EXPECT_NE(missing.err.find("age"), std::string::npos);
  write("e.csv", "a,t,d,x\n0,1,1,1\n5,5,1,1\n");
  const auto empty = ombre("cox --data e.csv --entry a --time t --event d --x x");
  EXPECT_EQ(empty.code, 1);
  EXPECT_NE(empty.err.find("line 3"), std::string::npos) << empty.err;
}

// R 4.2.2, survival 3.5-3: coxph(Surv(t, s) ~ ridge(x, theta = 3, scale = FALSE)) of the same data
// is 1.06836561311801; lambda is theta / (W sd^2) = 3 / (42 / 4).
TEST_F(CoxCommand, DrawsCoefficientsToZeroByAPenalty) {
  write("mp.csv", six_mp());
  const std::string common = "cox --data mp.csv --time weeks --event relapse --x arm ";
  const auto ridge = ombre(common + "--penalty ridge --lambda 0.2857142857142857");
  EXPECT_EQ(ridge.code, 0) << ridge.err;
  EXPECT_TRUE(ridge.out.starts_with("lambda,nonzero,loglik,armplacebo\n0.2857142857142857,1,"))
      << ridge.out;
  EXPECT_NE(ridge.out.find(",1.068365613"), std::string::npos) << ridge.out;

  const auto lasso = ombre(common + "--penalty lasso --format table");
  EXPECT_EQ(lasso.code, 0) << lasso.err;
  EXPECT_NE(lasso.out.find("42 rows, 30 events; efron ties; lasso"), std::string::npos);
  EXPECT_NE(lasso.out.find("No standard errors"), std::string::npos) << lasso.out;
}

TEST_F(CoxCommand, APenaltyThatCannotBeIsRefused) {
  write("mp.csv", six_mp());
  const std::string common = "cox --data mp.csv --time weeks --event relapse --x arm ";
  for (const auto& [words, wanted] :
       {std::pair{"--penalty lass", "--penalty = lass: must be lasso, ridge"},
        {"--penalty 1.5", "from 0 to 1"},
        {"--penalty nan", "from 0 to 1"},
        {"--penalty lasso --lambda -1", "lambda"},
        {"--penalty lasso --unpenalised age", "unpenalised"},
        {"--penalty lasso --ties exact", "ties"},
        {"--penalty lasso --cluster arm", "--cluster"},
        {"--penalty lasso --robust", "excludes"},
        {"--lambda 1", "--penalty"}}) {
    const auto ran = ombre(common + words);
    EXPECT_NE(ran.code, 0) << words;
    EXPECT_NE(ran.err.find(wanted), std::string::npos) << words << "\n" << ran.err;
    EXPECT_TRUE(ran.out.empty()) << words << ran.out;
  }
}

// R 4.2.2, survival 3.5-3: summary(coxph(Surv(weeks, relapse) ~ arm, ties = "breslow")): likelihood
// ratio 15.21 on 1 df, p 9.615e-05; Wald 13.58, 0.0002284; score 15.93, 6.571e-05; concordance 0.69
// (se 0.041).
TEST_F(CoxCommand, TestsOfTheWholeModelAreWrittenToo) {
  write("mp.csv", six_mp() + "9,,placebo\n");
  const std::string common =
      "cox --data mp.csv --time weeks --event relapse --x arm --ties breslow --overall ";
  const auto ran = ombre(common + "o.csv");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_TRUE(ran.out.starts_with("term,coef,se,")) << "the coefficients stay a table of their own";
  const std::string csv = read("o.csv");
  EXPECT_TRUE(
      csv.starts_with("quantity,value,se,df,p\nrows,42,,,\nevents,30,,,\nrows_missing,1,,,\n"))
      << csv;
  for (const char* wanted :
       {"\nlikelihood_ratio_test,15.21", ",1,9.61", "\nwald_test,13.5", ",1,0.00022",
        "\nscore_test,15.9", ",1,6.57", "\nconcordance,0.69", ",0.041"}) {
    EXPECT_NE(csv.find(wanted), std::string::npos) << wanted << "\n" << csv;
  }
  EXPECT_EQ(csv.find("robust"), std::string::npos);
  EXPECT_EQ(ombre(common + "o2.csv --robust").code, 0);
  EXPECT_NE(read("o2.csv").find("\nrobust_score_test,"), std::string::npos) << read("o2.csv");
  EXPECT_EQ(ombre(common + "- ").code, 2) << "two tables on one stream";

  const auto json = ombre("cox --data mp.csv --time weeks --event relapse --x arm --format json");
  const auto read_back = ombre::io::parse_json(json.out, "cox");
  ASSERT_TRUE(read_back) << json.out;
  EXPECT_EQ(read_back->find("rows")->as_integer(), 42);
  EXPECT_EQ(read_back->find("rows_missing")->as_integer(), 1);
  EXPECT_EQ(read_back->find("wald_test")->find("df")->as_integer(), 1);
  EXPECT_NEAR(*read_back->find("concordance")->find("value")->as_number(), 0.69, 0.01);
  EXPECT_EQ(read_back->find("coefficients")->items().size(), 1U);
}

TEST_F(CoxCommand, AModelWithoutAnAnswerHasNoTests) {
  write("n.csv", "t,e,x\n1,0,1\n2,0,0\n3,0,1\n");
  const auto ran = ombre("cox --data n.csv --time t --event e --x x --overall o.csv");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(read("o.csv").find("\nwald_test,,,0,\n"), std::string::npos) << read("o.csv");
  EXPECT_NE(read("o.csv").find("\nconcordance,,,,\n"), std::string::npos) << read("o.csv");
}

// A factor of three levels: cox.zph(terms = FALSE) gives each of its columns a p of its own.
TEST_F(CoxCommand, APanelOfTheSchoenfeldFigureHasThePOfItsOwnCoefficient) {
  std::string text = "t,e,site,age\n";
  for (int i = 0; i < 60; ++i) {
    text += std::to_string(1 + (i * 37) % 61) + "," + (i % 4 == 0 ? "0," : "1,") +
            std::string{"abc"[(i * i + i / 7) % 3]} + "," + std::to_string((i * 13) % 41) + "\n";
  }
  write("f.csv", text);
  const auto ran = ombre("cox --data f.csv --time t --event e --x site --schoenfeld s.svg");
  ASSERT_EQ(ran.code, 0) << ran.err;
  const std::string svg = read("s.svg");
  EXPECT_NE(svg.find("that coefficient alone, not its whole term"), std::string::npos);
  const auto p_after = [&](const std::string& name) {
    const std::size_t at = svg.find("; " + name + " ");
    return svg.substr(at, svg.find_first_of(";<", at + 1) - at);
  };
  EXPECT_NE(p_after("siteb").substr(8), p_after("sitec").substr(8)) << svg.substr(0, 600);
  ASSERT_EQ(ombre("cox --data f.csv --time t --event e --x age --schoenfeld n.svg").code, 0);
  EXPECT_EQ(read("n.svg").find("whole term"), std::string::npos);
}

TEST_F(CoxCommand, FewClustersAndTooLargeCovariatesAreTold) {
  write("c.csv", "t,e,x,age,site\n1,1,1,2,1\n2,1,0,1e300,1\n3,1,1,1,2\n4,0,1,4,2\n5,1,0,3,3\n");
  const auto few = ombre("cox --data c.csv --time t --event e --x x --cluster site");
  EXPECT_EQ(few.code, 0) << few.err;
  EXPECT_NE(few.err.find("few_clusters, cluster: robust errors rest on 3 clusters"),
            std::string::npos)
      << few.err;
  const auto large = ombre("cox --data c.csv --time t --event e --x x,age");
  EXPECT_EQ(large.code, 1);
  EXPECT_NE(large.err.find("c.csv, line 3, age = \"1e+300\""), std::string::npos) << large.err;
}

// One level has a single row beside infinite ones: its limit lies beyond all numbers.
TEST_F(CoxCommand, ALimitBeyondAllNumbersLeavesItsCellEmpty) {
  write("h.csv", "t,e,dose,k\n1,1,1,2\n2,0,2,1\n3,1,5,7\n4,1,2,2\n5,0,1,3\n6,1,1,1\n");
  const auto ran = ombre("cox --data h.csv --time t --event e --x 'dose,factor(k)' --format csv");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(ran.out.find("factor(k)3,"), std::string::npos) << ran.out;
}

}  // namespace
