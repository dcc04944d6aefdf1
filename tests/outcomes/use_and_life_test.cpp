// Use beside life. Expected numbers are worked by hand in each test (Spearman: 1 - 6 sum d^2 /
// (n (n^2 - 1)) where no ranks are tied).
#include "ombre/outcomes/use_and_life.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "ombre/core/random.hpp"
#include "ombre/core/wording.hpp"

namespace ombre::outcomes {
namespace {

using spectrum::SpectrumState;
using timeline::UseState;

const Date monday = *Date::parse("2026-01-05");

struct Diary {
  std::vector<std::uint8_t> state;
  std::vector<double> amount;
  void day(double how_much) {
    state.push_back(timeline::day_byte(how_much > 0 ? UseState::amount : UseState::none));
    amount.push_back(how_much);
  }
  void unknown() {
    state.push_back(timeline::day_byte(UseState::unknown));
    amount.push_back(0);
  }
  [[nodiscard]] UseHistory history(std::string what = "cannabis", std::string unit = "g") const {
    return {std::move(what), std::move(unit), {state, amount, monday.day_number()}};
  }
};

LifeSeries every(int days, std::vector<double> values, std::string called = "days of work") {
  LifeSeries out{std::move(called), {}};
  for (std::size_t i = 0; i < values.size(); ++i) {
    out.values.push_back({monday + Days{days * static_cast<int>(i) + 2}, values[i]});
  }
  return out;
}

const UseAndLifeRow* find(const std::vector<UseAndLifeRow>& rows, UseMeasure measure,
                          std::size_t lag) {
  for (const auto& row : rows) {
    if (row.measure == measure && row.result.correlation.lag == lag) return &row;
  }
  return nullptr;
}

TEST(UseAndLife, WeeksAreSetBesideWhatWasWrittenDownInThem) {
  // Weeks of 1, 2, 3, 4, 5 a day; life 2, 1, 4, 3, 5: sum d^2 = 4, rho = 1 - 24 / 120 = 0.8.
  // A week later: 1, 2, 3, 4 beside 1, 4, 3, 5: ranks 1 3 2 4, sum d^2 = 2, rho = 1 - 12 / 60 =
  // 0.8.
  Diary d;
  for (int week = 1; week <= 5; ++week) {
    for (int i = 0; i < 7; ++i) d.day(week);
  }
  const std::vector<UseHistory> use{d.history()};
  const std::vector<LifeSeries> life{every(7, {2, 1, 4, 3, 5})};
  const auto rows = use_against_life(use, life);
  ASSERT_TRUE(rows) << describe(rows.error());
  const auto* now = find(*rows, UseMeasure::amount, 0);
  ASSERT_NE(now, nullptr);
  EXPECT_EQ(now->result.correlation.n, 5U);
  EXPECT_NEAR(*now->result.correlation.rho, 0.8, 1e-12);
  const auto* later = find(*rows, UseMeasure::amount, 1);
  ASSERT_NE(later, nullptr);
  EXPECT_NEAR(*later->result.correlation.rho, 0.8, 1e-12);
  // Every day was a day of use: nothing varies, so nothing can be said.
  EXPECT_FALSE(find(*rows, UseMeasure::use_days, 0)->result.correlation.rho);
  EXPECT_NE(find(*rows, UseMeasure::use_days, 0)->result.says.find("nothing can be said"),
            std::string::npos);
}

TEST(UseAndLife, AWeekOfWhichTooLittleIsKnownIsNotKnown) {
  Diary d;
  for (int week = 1; week <= 5; ++week) {
    for (int i = 0; i < 7; ++i) {
      if (week == 3 && i < 4) {
        d.unknown();
      } else {
        d.day(week);
      }
    }
  }
  const std::vector<UseHistory> use{d.history()};
  const std::vector<LifeSeries> life{every(7, {2, 1, 4, 3, 5})};
  EXPECT_EQ(find(*use_against_life(use, life), UseMeasure::amount, 0)->result.correlation.n, 4U);
  UseAndLifeOptions lenient;
  lenient.least_known = 0.4;  // three of seven days are 0.43
  EXPECT_EQ(
      find(*use_against_life(use, life, lenient), UseMeasure::amount, 0)->result.correlation.n, 5U);
}

TEST(CyclesAndLife, UpsAndDownsGoAgainstWork) {
  // Four weeks most days, four weeks few days, three times round; much work in the quiet months.
  // Two values each way round: the ranks are mirror images, so rho is -1, and one step later +1.
  // The first and the last are ends; of the rest, the third and fifth are peaks, 56 days apart.
  Diary d;
  for (int window = 0; window < 7; ++window) {
    for (int i = 0; i < 28; ++i) d.day(window % 2 == 0 ? (i < 27 ? 1 : 0) : (i == 3 ? 1 : 0));
  }
  const auto spells = place_by_days(d.history());
  ASSERT_TRUE(spells) << describe(spells.error());
  ASSERT_EQ(spells->size(), 7U);
  EXPECT_EQ((*spells)[0].state, SpectrumState::heavy);
  EXPECT_EQ((*spells)[1].state, SpectrumState::occasional);
  UseAndLifeOptions months;
  months.step_days = 28;
  months.most_lag = 1;
  const auto c = cycles_and_life(*spells, every(28, {2, 12, 2, 12, 2, 12, 2}), months);
  ASSERT_TRUE(c) << describe(c.error());
  EXPECT_EQ(c->cycles.shape, spectrum::CycleSummary::Shape::cyclical);
  EXPECT_EQ(c->cycles.peaks, 2U);
  EXPECT_EQ(c->cycles.median_period_days, 56);
  ASSERT_EQ(c->by_lag.size(), 2U);
  EXPECT_NEAR(*c->by_lag[0].correlation.rho, -1, 1e-12);
  EXPECT_NEAR(*c->by_lag[1].correlation.rho, 1, 1e-12);
  // Neighbours are alike in opposite ways in both: fewer than seven independent steps, so the
  // sentence claims nothing.
  EXPECT_LT(*c->by_lag[0].correlation.effective_n, 4);
  EXPECT_NE(c->by_lag[0].says.find("did not clearly move"), std::string::npos) << c->by_lag[0].says;
}

TEST(CyclesAndLife, AStepHalfInOneStateAndHalfInAnotherIsBetweenThem) {
  const std::int32_t first = monday.day_number();
  const std::vector<spectrum::StateSpell> spells{{0, first, first + 2, SpectrumState::abstinent},
                                                 {0, first + 3, first + 5, SpectrumState::regular},
                                                 {0, first + 6, first + 17, SpectrumState::heavy}};
  UseAndLifeOptions o;
  o.step_days = 6;  // steps: 3 of order 0 with 3 of 4 (mean 2); 5; 5
  o.most_lag = 0;
  const auto c = cycles_and_life(spells, every(6, {5, 1, 1}, "sleep"), o);
  ASSERT_TRUE(c);
  EXPECT_EQ(c->by_lag[0].correlation.n, 3U);
  EXPECT_NEAR(*c->by_lag[0].correlation.rho, -1, 1e-12);
}

TEST(PlaceByDays, WhatTheDaysLeaveOpenIsLeftOut) {
  Diary d;
  for (int i = 0; i < 28; ++i) d.day(0);
  for (int i = 0; i < 28; ++i) d.unknown();
  for (int i = 0; i < 28; ++i) d.day(i % 7 == 0 ? 1 : 0);
  const auto spells = place_by_days(d.history());
  ASSERT_TRUE(spells);
  ASSERT_EQ(spells->size(), 2U);
  EXPECT_EQ((*spells)[0].state, SpectrumState::abstinent);
  EXPECT_EQ((*spells)[1].state, SpectrumState::regular);
  EXPECT_EQ((*spells)[1].first_day, monday.day_number() + 56);
}

TEST(UseAndLife, EverySentenceIsWithoutCauseAndJudgement) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    RandomStream random{Seed{seed}, 0};
    Diary d;
    for (int i = 0; i < 200; ++i) {
      if (random.uniform() < 0.1) {
        d.unknown();
      } else {
        d.day(random.uniform() < 0.5 ? 0 : 1 + static_cast<double>(random.below(9)));
      }
    }
    LifeSeries life{"mood", {}};
    for (int i = 0; i < 100; ++i) {
      life.values.push_back(
          {monday + Days{static_cast<int>(random.below(220))}, std::floor(11 * random.uniform())});
    }
    const std::vector<UseHistory> use{d.history("alcohol", "drink_us")};
    UseAndLifeOptions o;
    o.most_lag = 3;
    o.sex = Sex::female;
    const auto rows = use_against_life(use, {&life, 1}, o);
    ASSERT_TRUE(rows) << describe(rows.error());
    EXPECT_FALSE(rows->empty());
    std::ranges::reverse(life.values);  // the order in which it was written down does not matter
    const auto again = use_against_life(use, {&life, 1}, o);
    ASSERT_EQ(again->size(), rows->size());
    for (std::size_t i = 0; i < rows->size(); ++i) {
      const auto& row = (*rows)[i];
      EXPECT_EQ(row.result.says, (*again)[i].result.says);
      EXPECT_TRUE(check_wording(row.result.says, {.causal_words = true}).empty())
          << row.result.says;
      const auto& c = row.result.correlation;
      if (!c.rho) continue;
      EXPECT_LE(std::abs(*c.rho), 1);
      EXPECT_GE(*c.effective_n, 2);
      EXPECT_LE(*c.effective_n, static_cast<double>(c.n));
    }
  }
}

TEST(UseAndLife, WhatCannotBeMeantIsRefused) {
  Diary d;
  for (int i = 0; i < 28; ++i) d.day(1);
  const std::vector<UseHistory> use{d.history()};
  LifeSeries life = every(7, {1, 2, std::numeric_limits<double>::quiet_NaN()});
  EXPECT_EQ(use_against_life(use, {&life, 1}).error().code, Errc::not_finite);
  EXPECT_EQ(use_against_life({}, {}).error().code, Errc::empty_input);
  UseAndLifeOptions o;
  o.step_days = 0;
  EXPECT_EQ(use_against_life(use, {}, o).error().field, "step_days");
  o = {};
  o.most_lag = 53;
  EXPECT_EQ(use_against_life(use, {}, o).error().field, "most_lag");
  EXPECT_EQ(place_by_days(use[0], 6).error().field, "window_days");
  EXPECT_EQ(cycles_and_life({}, life).error().code, Errc::not_finite);
  life.values.pop_back();
  EXPECT_EQ(cycles_and_life({}, life).error().code, Errc::empty_input);
}

}  // namespace
}  // namespace ombre::outcomes
