#include "ombre/stats/log_rank.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <array>

#include <cmath>

#include "ombre/io/csv.hpp"
#include "ombre/io/json.hpp"
#include "support/shared_data.hpp"

namespace {

using namespace ombre;
using namespace ombre::stats;

// Reference: Freireich et al., Blood 21:699 (1963), weeks of remission; R's survdiff gives expected
// 19.3 and 10.7 and chi-square 16.8 on 1 degree of freedom.
TEST(LogRank, SixMercaptopurine) {
  const std::vector<double> time{6,  6,  6,  6,  7,  9,  10, 10, 11, 13, 16, 17, 19, 20,
                                 22, 23, 25, 32, 32, 34, 35, 1,  1,  2,  2,  3,  4,  4,
                                 5,  5,  8,  8,  8,  8,  11, 11, 12, 12, 15, 17, 22, 23};
  std::vector<std::uint8_t> event{1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0};
  event.resize(42, 1);
  std::vector<std::uint32_t> group(21, 0);
  group.resize(42, 1);
  const auto t = log_rank_test(time, event, group, 2);
  ASSERT_TRUE(t);
  EXPECT_EQ(t->observed, (std::vector<double>{9, 21}));
  EXPECT_NEAR(t->expected[0], 19.25, 0.005);
  EXPECT_NEAR(*t->chi_square, 16.79, 0.005);
  EXPECT_EQ(t->df, 1);
  // A third group nobody is in changes nothing.
  const auto with_empty = log_rank_test(time, event, group, 3);
  EXPECT_NEAR(*with_empty->chi_square, *t->chi_square, 1e-12);
  EXPECT_EQ(with_empty->df, 1);
}

TEST(LogRank, NothingToTellIsSaid) {
  const std::vector<double> time{1, 2, 3};
  const std::vector<std::uint32_t> group{0, 1, 0};
  EXPECT_FALSE(log_rank_test(time, std::vector<std::uint8_t>{0, 0, 0}, group, 2)->chi_square);
  EXPECT_EQ(log_rank_test(time, std::vector<std::uint8_t>{0, 2, 0}, group, 2).error().code,
            Errc::out_of_range);
  EXPECT_EQ(log_rank_test(time, std::vector<std::uint8_t>{0, 0}, group, 2).error().code,
            Errc::size_mismatch);
  EXPECT_EQ(log_rank_test({}, {}, {}, 2).error().code, Errc::empty_input);
}

// R 4.2.2 and survival 3.5.3 (reference data): the cases without strata, rho = 0.
TEST(LogRank, AgreesWithR) {
  OMBRE_SHARED_OR_SKIP(folder, "cohort/reference");
  for (const char* id :
       {"logrank_veteran_celltype", "logrank_help_link_treat", "logrank_help_link_substance",
        "logrank_ctn27_site", "logrank_smoking_age4"}) {
    SCOPED_TRACE(id);
    const auto json = io::read_json((folder / "cases" / (std::string{id} + ".json")).string());
    ASSERT_TRUE(json);
    const io::Json& columns = *json->find("columns");
    if (columns.find("strata") != nullptr || columns.find("entry") != nullptr) continue;
    auto reader =
        io::CsvReader::open((folder / std::string{*json->find("data")->as_text()}).string());
    ASSERT_TRUE(reader);
    const auto column = [&](const char* role) {
      const auto name = *columns.find(role)->as_text();
      const auto& header = reader->header();
      return static_cast<std::size_t>(std::find(header.begin(), header.end(), name) -
                                      header.begin());
    };
    std::vector<double> time;
    std::vector<std::uint8_t> event;
    std::vector<int> values;
    const std::array roles{column("time"), column("status"), column("group")};
    io::CsvRows rows;
    while (*reader->next(rows)) {
      for (std::size_t r = 0; r < rows.size(); ++r) {
        if (rows.field(r, roles[0]).empty() || rows.field(r, roles[2]).empty()) continue;
        time.push_back(std::stod(std::string{rows.field(r, roles[0])}));
        event.push_back(rows.field(r, roles[1]) == "1" ? 1 : 0);
        values.push_back(std::stoi(std::string{rows.field(r, roles[2])}));
      }
    }
    const std::set<int> groups(values.begin(), values.end());
    std::vector<std::uint32_t> group;
    for (const int v : values) {
      group.push_back(static_cast<std::uint32_t>(std::distance(groups.begin(), groups.find(v))));
    }
    const auto t = log_rank_test(time, event, group, groups.size());
    ASSERT_TRUE(t);
    const io::Json& want = *json->find("expect")->find("rho_0");
    EXPECT_NEAR(*t->chi_square / *want.find("chisq")->as_number(), 1, 1e-9);
    EXPECT_EQ(t->df, *want.find("df")->as_integer());
    EXPECT_NEAR(*t->p / *want.find("p")->as_number(), 1, 1e-8);
    for (std::size_t g = 0; g < groups.size(); ++g) {
      EXPECT_NEAR(t->expected[g], *want.find("expected")->items()[g].as_number(), 1e-9);
    }
  }
}

}  // namespace
