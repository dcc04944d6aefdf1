#include "ombre/plans/step_calendar.hpp"

#include <gtest/gtest.h>
#include <random>

namespace {

using namespace ombre;
using namespace ombre::plans;

Date day(int y, int m, int d) { return *Date::from_ymd(y, m, d); }
constexpr StepLength months(int n) { return {n, LengthUnit::months}; }
constexpr StepLength weeks_of(int n) { return {n, LengthUnit::weeks}; }
constexpr StepLength days_of(int n) { return {n, LengthUnit::days}; }

std::vector<Date> placed(Date anchor, std::vector<StepLength> lengths, WeekdaySet avoid = {},
                         std::vector<Date> free_days = {}) {
  const auto out = place_steps(anchor, lengths, avoid, free_days);
  EXPECT_TRUE(out) << (out ? "" : describe(out.error()));
  return out ? out->first : std::vector<Date>{};
}

TEST(StepCalendar, MonthsAreCountedFromTheAnchorAndRememberItsDay) {
  EXPECT_EQ(
      placed(day(2024, 1, 31), {months(1), months(1), months(1)}),
      (std::vector<Date>{day(2024, 1, 31), day(2024, 2, 29), day(2024, 3, 31), day(2024, 4, 30)}));
}

TEST(StepCalendar, WeeksAndDaysCrossTheLeapDay) {
  EXPECT_EQ(placed(day(2024, 2, 26), {days_of(4), weeks_of(2)}),
            (std::vector<Date>{day(2024, 2, 26), day(2024, 3, 1), day(2024, 3, 15)}));
  EXPECT_EQ(placed(day(2023, 2, 26), {days_of(4)}).back(), day(2023, 3, 2));
}

TEST(StepCalendar, AStepOnADayToAvoidBeginsOnTheNextAllowedDayAndLaterOnesStay) {
  // 2024-03-01 is a Friday; every later step would begin on a Friday as well.
  const auto first = placed(day(2024, 3, 1), {weeks_of(1), weeks_of(1)},
                            {Weekday::friday, Weekday::saturday, Weekday::sunday});
  EXPECT_EQ(first, (std::vector<Date>{day(2024, 3, 4), day(2024, 3, 11), day(2024, 3, 18)}));
  const auto easter = placed(day(2024, 3, 25), {weeks_of(1), weeks_of(1)}, {}, {day(2024, 4, 1)});
  EXPECT_EQ(easter, (std::vector<Date>{day(2024, 3, 25), day(2024, 4, 2), day(2024, 4, 8)}));
}

TEST(StepCalendar, NoStepsIsOneDay) {
  EXPECT_EQ(placed(day(2024, 5, 1), {}), (std::vector<Date>{day(2024, 5, 1)}));
}

TEST(StepCalendar, WhatCannotBePlacedIsRefused) {
  const WeekdaySet all{Weekday::monday, Weekday::tuesday,  Weekday::wednesday, Weekday::thursday,
                       Weekday::friday, Weekday::saturday, Weekday::sunday};
  const StepLength one[] = {days_of(1)};
  EXPECT_FALSE(place_steps(day(2024, 1, 1), one, all, {}));
  // Steps of one day across a weekend to avoid: Saturday's step would have no day.
  const StepLength three[] = {days_of(1), days_of(1), days_of(1)};
  const auto none = place_steps(day(2024, 3, 1), three, {Weekday::saturday, Weekday::sunday}, {});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, Errc::contradiction);
  const StepLength bad[] = {{0, LengthUnit::days}};
  EXPECT_FALSE(place_steps(day(2024, 3, 1), bad, {}, {}));
  const StepLength far[] = {months(120)};
  EXPECT_FALSE(place_steps(day(9999, 1, 1), far, {}, {}));
}

TEST(StepCalendar, LengthsReadLikeSentences) {
  EXPECT_EQ(describe(weeks_of(1)), "1 week");
  EXPECT_EQ(describe(weeks_of(2)), "2 weeks");
  EXPECT_EQ(describe(months(1)), "1 month");
  EXPECT_EQ(find_length_unit("weeks"), LengthUnit::weeks);
  EXPECT_EQ(find_length_unit("fortnights"), std::nullopt);
  EXPECT_EQ(months(1).shortest_days(), 28);
}

TEST(StepCalendar, RandomLengthsAreWithoutGapAndKeepTheirSum) {
  std::mt19937_64 random{11};
  for (int seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(seed);
    std::vector<StepLength> lengths;
    int days = 0;
    for (int i = 0; i < 20; ++i) {
      const int n = 1 + static_cast<int>(random() % 40);
      lengths.push_back(days_of(n));
      days += n;
    }
    const Date anchor = day(2019, 12, 1) + Days{static_cast<int>(random() % 2000)};
    const auto first = placed(anchor, lengths);
    EXPECT_EQ(first.front(), anchor);
    EXPECT_EQ(first.back(), anchor + Days{days});
    for (std::size_t i = 0; i < lengths.size(); ++i) {
      EXPECT_EQ((first[i + 1] - first[i]).count(), lengths[i].count);
    }
  }
}

}  // namespace
