#include <gtest/gtest.h>
#include <algorithm>

#include <cmath>
#include <cstdio>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "abstinence_tables.hpp"
#include "ombre/core/date.hpp"
#include "ombre/outcomes/abstinence.hpp"
#include "support/shared_data.hpp"

// Reference: Python package abstcal 0.9 run with pandas 1.5.3 on 25 of its test subjects, in 26
// configurations. Results, lapses, imputed tables, rates and retention are all compared.
namespace {

using namespace abstinence_test;

std::string iso(std::int32_t day) { return ombre::Date::from_day_number(day)->iso(); }

bool close(double a, double b) {
  return std::abs(a - b) <= 1e-9 * std::max(std::abs(a), std::abs(b));
}

std::string percent(std::uint64_t part, std::uint64_t whole) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f%%",
                100.0 * static_cast<double>(part) / static_cast<double>(whole));
  return text;
}

struct Scored {
  oc::AbstinenceRules rules;
  oc::PreparedAbstinence data;
  oc::AbstinenceScores scores;
  std::vector<oc::AbstinenceMeasure> measures;
};

class AbstinenceReference : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    const auto folder = ombre_test::shared_path("outcomes/data/abstcal");
    if (!folder) return;
    root = new std::filesystem::path{*folder};
    runs = new std::map<std::string, Scored>;
    const Table names = read_table(*root / "abstinence.csv");
    std::vector<oc::AbstinenceMeasure> measures;
    for (std::size_t c = 2; c < names.columns.size(); ++c) {
      measures.push_back(measure_of(names.columns[c]));
    }
    const Table configs = read_table(*root / "configs.csv");
    for (const auto& row : configs.rows) {
      const auto get = [&](const std::string& name) { return row[configs.column(name)]; };
      oc::AbstinenceRecords records;
      add_inputs(records, *root / "inputs", get("tlfb"), get("visit"), get("bio"));
      ombre::Findings findings;
      const auto tables = oc::AbstinenceTables::from(records, findings);
      ASSERT_TRUE(tables);
      const auto rules = rules_of(get);
      auto data = oc::prepare_abstinence(*tables, rules, findings);
      ASSERT_TRUE(data) << describe(data.error());
      auto scores = oc::score_abstinence(*data, measures);
      ASSERT_TRUE(scores) << describe(scores.error());
      runs->emplace(get("config"), Scored{rules, *std::move(data), *std::move(scores), measures});
    }
  }
  static void TearDownTestSuite() {
    delete root;
    delete runs;
    root = nullptr;
    runs = nullptr;
  }
  void SetUp() override {
    if (root == nullptr) GTEST_SKIP() << "reference data not present: outcomes/data/abstcal";
  }
  static std::size_t person(const Scored& run, const std::string& id) {
    const auto at = std::ranges::find(run.data.ids, id);
    EXPECT_NE(at, run.data.ids.end()) << id;
    return static_cast<std::size_t>(at - run.data.ids.begin());
  }

  static std::filesystem::path* root;
  static std::map<std::string, Scored>* runs;
};

std::filesystem::path* AbstinenceReference::root = nullptr;
std::map<std::string, Scored>* AbstinenceReference::runs = nullptr;

TEST_F(AbstinenceReference, EveryResultOfEveryConfigurationComesOut) {
  const Table expected = read_table(*root / "abstinence.csv");
  EXPECT_EQ(runs->size(), 26U);
  for (const auto& row : expected.rows) {
    const Scored& run = runs->at(row[0]);
    const std::size_t p = person(run, row[1]);
    for (std::size_t m = 0; m < run.measures.size(); ++m) {
      const auto result = run.scores.result(m, p);
      EXPECT_EQ(!result ? "NA" : (*result ? "1" : "0"), row[m + 2])
          << row[0] << ' ' << run.measures[m].id << ' ' << row[1];
    }
  }
}

TEST_F(AbstinenceReference, EveryLapseOfEveryConfigurationComesOut) {
  std::set<std::tuple<std::string, std::string, std::string>> expected;
  for (const auto& row : read_table(*root / "lapses.csv").rows) {
    expected.insert({row[0], row[1], row[2]});
    const Scored& run = runs->at(row[0]);
    std::size_t m = 0;
    while (run.measures[m].id != row[1]) ++m;
    const auto lapse = run.scores.lapse(m, person(run, row[2]));
    ASSERT_TRUE(lapse) << row[0] << ' ' << row[1] << ' ' << row[2];
    EXPECT_EQ(iso(lapse->day), row[3]) << row[0] << ' ' << row[1] << ' ' << row[2];
    EXPECT_TRUE(close(lapse->amount, number(row[4]))) << lapse->amount << ' ' << row[4];
  }
  for (const auto& [config, run] : *runs) {
    for (std::size_t m = 0; m < run.measures.size(); ++m) {
      for (std::size_t p = 0; p < run.data.people(); ++p) {
        EXPECT_EQ(run.scores.lapse(m, p).has_value(),
                  expected.contains({config, run.measures[m].id, run.data.ids[p]}))
            << config << ' ' << run.measures[m].id << ' ' << run.data.ids[p];
      }
    }
  }
}

TEST_F(AbstinenceReference, EveryFilledDayComesOut) {
  using Key = std::tuple<std::string, std::string, std::string>;
  std::map<Key, std::pair<double, int>> expected;
  std::set<std::string> configs;
  for (const auto& row : read_table(*root / "tlfb_imputed.csv.gz").rows) {
    expected[{row[0], row[1], row[2]}] = {number(row[3]), std::stoi(row[4])};
    configs.insert(row[0]);
  }
  std::size_t compared = 0;
  for (const std::string& config : configs) {
    const Scored& run = runs->at(config);
    for (std::size_t p = 0; p < run.data.people(); ++p) {
      for (std::uint64_t i = run.data.offset[p]; i < run.data.offset[p + 1]; ++i) {
        const auto at = expected.find({config, run.data.ids[p], iso(run.data.day[i])});
        ASSERT_NE(at, expected.end()) << config << ' ' << run.data.ids[p] << iso(run.data.day[i]);
        EXPECT_TRUE(close(run.data.amount[i], at->second.first));
        EXPECT_EQ(static_cast<int>(run.data.origin[i]), at->second.second);
        ++compared;
      }
    }
  }
  EXPECT_EQ(compared, expected.size());
}

TEST_F(AbstinenceReference, EveryVisitDayComesOut) {
  using State = oc::PreparedAbstinence::VisitState;
  std::size_t compared = 0;
  for (const auto& row : read_table(*root / "visits_imputed.csv").rows) {
    const Scored& run = runs->at(row[0]);
    const auto visit = std::ranges::find(run.data.visits, row[2]) - run.data.visits.begin();
    const std::size_t at =
        person(run, row[1]) * run.data.visits.size() + static_cast<std::size_t>(visit);
    const State state = run.data.visit_state[at];
    EXPECT_EQ(state == State::recorded ? "0" : "1", row[4]) << row[0] << row[1] << row[2];
    const bool known = state == State::recorded || state == State::imputed;
    EXPECT_EQ(known ? iso(run.data.visit_day[at]) : "NA", row[3]) << row[0] << row[1] << row[2];
    ++compared;
  }
  EXPECT_GT(compared, 3000U);
}

TEST_F(AbstinenceReference, RatesAndRetentionComeOut) {
  for (const auto& row : read_table(*root / "abstinence_rates.csv").rows) {
    const Scored& run = runs->at(row[0]);
    std::size_t m = 0;
    while (run.measures[m].id != row[1]) ++m;
    const auto rate = oc::abstinence_rate(run.scores, m);
    EXPECT_EQ(std::to_string(rate.abstinent), row[2]) << row[0] << row[1];
    EXPECT_EQ(std::to_string(rate.with_value), row[3]) << row[0] << row[1];
    if (rate.with_value > 0) {
      EXPECT_EQ(percent(rate.abstinent, rate.with_value), row[4]);
    }
  }
  for (const auto& row : read_table(*root / "retention.csv").rows) {
    const Scored& run = runs->at(row[0]);
    const auto& all = run.data.retention;
    const auto one = std::ranges::find(all, row[1], &oc::RetentionRow::visit);
    ASSERT_NE(one, all.end());
    EXPECT_EQ(std::to_string(one->retained), row[2]) << row[0] << row[1];
    EXPECT_EQ(percent(one->retained, one->people), row[3]) << row[0] << row[1];
    EXPECT_EQ(percent(one->people - one->retained, one->people), row[4]);
    EXPECT_EQ(percent(one->attended, one->people), row[5]) << row[0] << row[1];
  }
}

}  // namespace
