#include "ombre/outcomes/abstinence.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "abstinence_builder.hpp"

namespace {

using namespace abstinence_test;

// ---- properties --------------------------------------------------------------------------------

struct Row {
  int table;
  std::string id;
  std::string visit;
  std::int32_t day;
  double amount;
};

std::vector<Row> random_rows(std::uint64_t seed, int people) {
  std::vector<Row> rows;
  for (int p = 0; p < people; ++p) {
    std::mt19937_64 random{seed * 1000 + static_cast<std::uint64_t>(p)};
    const auto below = [&](int n) {
      return static_cast<int>(random() % static_cast<std::uint64_t>(n));
    };
    const std::string id = std::to_string(100 + p);
    const int start = below(30);
    for (int day = 0; day < 60; ++day) {
      if (below(8) == 0) continue;
      rows.push_back({0, id, "", start + day, below(6) == 0 ? below(20) : 0.0});
      if (below(20) == 0) rows.push_back({0, id, "", start + day, 1.0 * below(20)});
      if (below(15) == 0) rows.push_back({1, id, "", start + day, 1.0 * below(12)});
    }
    for (int visit = 0; visit < 4; ++visit) {
      if (visit == 0 || p == 0 || below(5) > 0) {
        rows.push_back({2, id, std::to_string(visit), start + visit * 15 + below(3), 0});
      }
    }
  }
  return rows;
}

FollowBack records_of(const std::vector<Row>& rows, std::int32_t shift = 0) {
  FollowBack out;
  for (const Row& row : rows) {
    if (row.table == 0) out.day(row.id, row.day + shift, row.amount);
    if (row.table == 1) out.bio(row.id, row.day + shift, row.amount);
    if (row.table == 2) out.visit(row.id, row.visit, row.day + shift);
  }
  return out;
}

std::vector<oc::AbstinenceMeasure> many_measures() {
  return {continuous("0", "3"),
          continuous("1", "2"),
          point_prevalence(7, "2"),
          point_prevalence(14, "3"),
          prolonged("0", 7, "3", "no lapse"),
          prolonged("0", 7, "3", "5 cigs"),
          prolonged("0", 7, "3", "3 days"),
          prolonged("0", 7, "3", "5 cigs/7 days"),
          prolonged("0", 7, "3", "2 days/7 days")};
}

std::vector<oc::AbstinenceRules> many_rules() {
  std::vector<oc::AbstinenceRules> out(4);
  out[1].mode = oc::AbstinenceMode::responders_only;
  out[2].biochemical = oc::BiochemicalRule{};
  out[2].biochemical->cutoff = 4;
  out[2].biochemical->max_days = 2;
  out[2].gap_limit = 3;
  out[3].gaps = oc::GapFill::none;
  out[3].visits = oc::VisitFill::table;
  out[3].visit_table = {{"1", 15}, {"2", 30}, {"3", 45}};
  out[3].including_end = true;
  return out;
}

std::vector<std::string> everything(const oc::PreparedAbstinence& data, std::int32_t shift = 0) {
  std::vector<std::string> out;
  const auto measures = many_measures();
  const auto scores = oc::score_abstinence(data, measures);
  EXPECT_TRUE(scores);
  for (std::size_t p = 0; p < data.people(); ++p) {
    for (std::size_t m = 0; m < measures.size(); ++m) {
      const auto result = scores->result(m, p);
      std::string cell = data.ids[p] + ' ' + (!result ? "?" : *result ? "1" : "0");
      if (const auto lapse = scores->lapse(m, p)) {
        cell += ' ' + std::to_string(lapse->day - shift) + ' ' + ombre::shortest(lapse->amount);
      }
      out.push_back(std::move(cell));
    }
  }
  return out;
}

TEST(AbstinenceProperty, TheOrderOfRowsDoesNotMatter) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE(seed);
    auto rows = random_rows(seed, 6);
    const FollowBack sorted = records_of(rows);
    std::mt19937_64 random{seed};
    std::ranges::shuffle(rows, random);
    const FollowBack shuffled = records_of(rows);
    for (const auto& rules : many_rules()) {
      EXPECT_EQ(everything(sorted.prepare(rules)), everything(shuffled.prepare(rules)));
    }
  }
}

TEST(AbstinenceProperty, ShiftingEveryDayShiftsOnlyTheLapses) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE(seed);
    const auto rows = random_rows(seed, 6);
    const FollowBack here = records_of(rows);
    const FollowBack there = records_of(rows, 17'000);
    for (const auto& rules : many_rules()) {
      EXPECT_EQ(everything(here.prepare(rules)), everything(there.prepare(rules), 17'000));
    }
  }
}

TEST(AbstinenceProperty, OtherPeopleChangeOnlyWhereMissingVisitsArePut) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE(seed);
    const auto rules = many_rules()[3];  // shifts from a table, not from the people
    const auto few = everything(records_of(random_rows(seed, 3)).prepare(rules));
    auto many = everything(records_of(random_rows(seed, 9)).prepare(rules));
    many.resize(few.size());  // the first three people are the same
    EXPECT_EQ(few, many);
  }
}

TEST(AbstinenceProperty, MoreUseNeverTurnsIntoAbstinence) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE(seed);
    auto rows = random_rows(seed, 5);
    const auto measures = many_measures();
    const auto before = oc::score_abstinence(records_of(rows).prepare(), measures);
    for (Row& row : rows) {
      if (row.table == 0) row.amount += 1;
    }
    const auto after = oc::score_abstinence(records_of(rows).prepare(), measures);
    for (std::size_t m = 0; m < measures.size(); ++m) {
      for (std::size_t p = 0; p < before->people(); ++p) {
        EXPECT_LE(after->result(m, p).value_or(false), before->result(m, p).value_or(false));
      }
    }
  }
}

class TwoThreads final : public ombre::Runner {
 public:
  void run(std::size_t count, const std::function<void(std::size_t)>& task) const override {
    std::thread other([&] {
      for (std::size_t i = count; i-- > count / 2;) task(i);
    });
    for (std::size_t i = 0; i < count / 2; ++i) task(i);
    other.join();
  }
  [[nodiscard]] std::size_t workers() const noexcept override { return 2; }
};

TEST(AbstinenceProperty, TwoThreadsGiveTheSameTablesAndResults) {
  const FollowBack records = records_of(random_rows(5, 1200));
  ombre::Findings one;
  ombre::Findings two;
  const auto tables = *oc::AbstinenceTables::from(records.records, one);
  (void)*oc::AbstinenceTables::from(records.records, two);
  for (const auto& rules : many_rules()) {
    const auto a = *oc::prepare_abstinence(tables, rules, one);
    const auto b = *oc::prepare_abstinence(tables, rules, two, TwoThreads{});
    EXPECT_EQ(a.day, b.day);
    EXPECT_EQ(a.amount, b.amount);
    EXPECT_EQ(a.offset, b.offset);
    const auto measures = many_measures();
    const auto x = *oc::score_abstinence(a, measures);
    const auto y = *oc::score_abstinence(b, measures, TwoThreads{});
    for (std::size_t m = 0; m < measures.size(); ++m) {
      for (std::size_t p = 0; p < x.people(); ++p) {
        EXPECT_EQ(x.result(m, p), y.result(m, p));
        EXPECT_EQ(x.lapse(m, p), y.lapse(m, p));
      }
    }
  }
  ASSERT_EQ(one.stored().size(), two.stored().size());
  for (std::size_t i = 0; i < one.stored().size(); ++i) {
    EXPECT_EQ(describe(one.stored()[i]), describe(two.stored()[i]));
  }
}

}  // namespace
