#include "ombre/stats/rank_test.hpp"

#include <gtest/gtest.h>
#include <algorithm>

#include <cmath>

#include "ombre/io/json.hpp"
#include "ombre/io/table_csv.hpp"
#include "support/shared_data.hpp"

namespace {

using namespace ombre;
using namespace ombre::stats;

// Reference: Student's sleep data as in R's documentation of t.test.
const std::vector<double> drug_1{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};
const std::vector<double> drug_2{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};

TEST(RankTest, CountsPairsWithTiesAsHalf) {
  // 2 > - ; pairs of {1,2,3} with {2,3,4}: 2=2, 3>2, 3=3: a half, one, a half.
  const std::vector<double> a{3, 1, 2};
  const std::vector<double> b{4, 2, 3};
  const auto t = mann_whitney(a, b);
  ASSERT_TRUE(t);
  EXPECT_EQ(t->u, 2.0);
  EXPECT_DOUBLE_EQ(t->probability, 2.0 / 9);
  EXPECT_EQ(t->median_difference, -1.0);  // -3 -2 -2 -1 -1 -1 0 0 1
  const auto back = mann_whitney(b, a);
  EXPECT_EQ(back->u, 7.0);
  EXPECT_DOUBLE_EQ(*back->z, -*t->z);
  EXPECT_EQ(back->median_difference, 1.0);
}

TEST(RankTest, SleepDataMatchR) {
  // R: wilcox.test(extra ~ group, data = sleep, exact = FALSE): W = 25.5, p-value = 0.06933.
  const auto t = mann_whitney(drug_1, drug_2);
  EXPECT_EQ(t->u, 25.5);
  EXPECT_NEAR(*t->p_continuity, 0.06933, 5e-6);
}

TEST(RankTest, EqualValuesHaveNoTest) {
  const std::vector<double> same{1, 1, 1};
  const auto t = mann_whitney(same, same);
  EXPECT_FALSE(t->z);
  EXPECT_FALSE(t->p);
  EXPECT_EQ(t->probability, 0.5);
  EXPECT_EQ(t->median_difference, 0.0);
}

TEST(MeanInterval, SleepDataMatchR) {
  const auto m = mean_interval(drug_1);
  EXPECT_NEAR(m->mean, 0.75, 1e-12);
  EXPECT_NEAR(*m->sd, 1.789010, 5e-7);
  EXPECT_NEAR(*m->low, -0.5297804, 5e-7);
  EXPECT_NEAR(*m->high, 2.0297804, 5e-7);
  const auto d = welch_difference(drug_1, drug_2);
  EXPECT_NEAR(*d->t, -1.8608, 5e-5);
  EXPECT_NEAR(*d->df, 17.776, 5e-4);
  EXPECT_NEAR(*d->p, 0.07939, 5e-6);
  EXPECT_NEAR(*d->low, -3.3654832, 5e-8);
  EXPECT_NEAR(*d->high, 0.2054832, 5e-8);
}

TEST(MeanInterval, OneValueHasNoInterval) {
  const std::vector<double> one{3};
  const auto m = mean_interval(one);
  EXPECT_EQ(m->mean, 3);
  EXPECT_FALSE(m->sd || m->low || m->high);
  EXPECT_FALSE(welch_difference(one, drug_1)->t);
  const std::vector<double> same{2, 2};
  EXPECT_FALSE(welch_difference(same, same)->t);
  EXPECT_EQ(*mean_interval(same)->low, 2);
}

TEST(MeanInterval, BadNumbersAreRefused) {
  EXPECT_EQ(mean_interval({}).error().code, Errc::empty_input);
  const std::vector<double> nan{1, std::nan("")};
  EXPECT_EQ(mean_interval(nan).error().row, 1u);
  EXPECT_EQ(mann_whitney(drug_1, nan).error().code, Errc::not_finite);
  EXPECT_EQ(mean_interval(drug_1, 0).error().code, Errc::out_of_range);
}

// R 4.2.2 and coin 1.4.2 on trial data with many ties (reference data).
TEST(RankTest, AgreesWithR) {
  OMBRE_SHARED_OR_SKIP(folder, "cohort/reference");
  const auto json = io::read_json((folder / "cases/wilcoxon_ctn27_use_days.json").string());
  ASSERT_TRUE(json);
  auto reader = io::CsvReader::open((folder / "data/ctn27_count.csv").string());
  ASSERT_TRUE(reader);
  const auto& header = reader->header();
  const auto column = [&](std::string_view name) {
    return static_cast<std::size_t>(std::find(header.begin(), header.end(), name) - header.begin());
  };
  const std::size_t y = column("use_days");
  const std::size_t g = column("trt");
  std::map<std::string, std::vector<double>> by_group;
  io::CsvRows rows;
  while (*reader->next(rows)) {
    for (std::size_t r = 0; r < rows.size(); ++r) {
      if (rows.field(r, y).empty()) continue;
      by_group[std::string{rows.field(r, g)}].push_back(std::stod(std::string{rows.field(r, y)}));
    }
  }
  ASSERT_EQ(by_group.size(), 2u);
  const io::Json& want = *json->find("expect");
  const auto n1 = static_cast<std::size_t>(*want.find("n1")->as_integer());
  const bool last_is_first = by_group.rbegin()->second.size() == n1;
  const auto& first = last_is_first ? by_group.rbegin()->second : by_group.begin()->second;
  const auto& second = last_is_first ? by_group.begin()->second : by_group.rbegin()->second;
  const auto t = mann_whitney(first, second);
  ASSERT_TRUE(t);
  EXPECT_EQ(t->u, *want.find("U")->as_number());
  EXPECT_NEAR(*t->p / *want.find("p")->as_number(), 1, 1e-9);
  EXPECT_NEAR(*t->p_continuity / *want.find("p_continuity")->as_number(), 1, 1e-9);
  EXPECT_NEAR(*t->z, *want.find("z")->as_number(), 1e-9);
  EXPECT_NEAR(t->probability, *want.find("mann_whitney_probability")->as_number(), 1e-12);
  EXPECT_NEAR(*t->median_difference,
              *want.find("hodges_lehmann_median_of_differences")->as_number(), 1e-9);
}

}  // namespace
