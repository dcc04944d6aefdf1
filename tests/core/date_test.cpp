#include "ombre/core/date.hpp"

#include <gtest/gtest.h>

#include <array>
#include <concepts>
#include <limits>
#include <set>
#include <string>

#include "ombre/core/date_boost.hpp"
#include "ombre/core/date_chrono.hpp"
#include "ombre/core/random.hpp"

namespace {

using namespace ombre;

Date date(const char* iso) {
  const auto read = Date::parse(iso);
  EXPECT_TRUE(read) << iso;
  return *read;
}

// ---- what must not compile

template <class A, class B>
concept Addable = requires(A a, B b) {
  a + b;
};
static_assert(Addable<Date, Days>);
static_assert(!Addable<Date, Date>, "two points do not add");
static_assert(!Addable<Days, Date>);
static_assert(!Addable<Date, int>, "a bare number has no unit");
static_assert(!std::convertible_to<int, Date> && !std::convertible_to<int, Days>);
static_assert(std::same_as<decltype(Date{} - Date{}), Days>);
static_assert(sizeof(Date) == 4);

// ---- calendar facts

// Published: the Unix epoch was a Thursday; 2000-01-01 a Saturday; Apollo 11 landed on Sunday
// 1969-07-20; the Julian day number of 2000-01-01 (noon) is 2451545 and of 1970-01-01 2440588, so
// 2000-01-01 is day 10957; the Gregorian calendar repeats after 146097 days, a whole number of
// weeks.
TEST(Date, DayNumbersAndWeekdaysOfPublishedDays) {
  EXPECT_EQ(Date{}.iso(), "1970-01-01");
  EXPECT_EQ(Date{}.weekday(), Weekday::thursday);
  EXPECT_EQ(date("2000-01-01").day_number(), 10957);
  EXPECT_EQ(date("2000-01-01").weekday(), Weekday::saturday);
  EXPECT_EQ(date("1969-07-20").day_number(), -165);
  EXPECT_EQ(date("1969-07-20").weekday(), Weekday::sunday);
  EXPECT_EQ(date("2024-02-29").weekday(), Weekday::thursday);
  EXPECT_EQ(date("2038-01-19").day_number(), 24855);  // 2^31 seconds end on this day
  EXPECT_EQ((date("2400-01-01") - date("2000-01-01")).count(), 146097);
}

// The weekday of 1 January repeats by the common and leap years between.
TEST(Date, WeekdaysRunOnWithoutAGapThroughTheWholeCalendar) {
  int before = static_cast<int>(Date::min().weekday());
  for (std::int64_t n = Date::min().day_number() + 1; n <= Date::max().day_number(); n += 1) {
    const auto day = Date::from_day_number(n);
    if (n % 997 == 0 || n < Date::min().day_number() + 800) {
      ASSERT_EQ(static_cast<int>(day->weekday()),
                (before - 1 + static_cast<int>((n - Date::min().day_number()) % 7)) % 7 + 1)
          << day->iso();
    }
  }
}

// Leap years: divisible by 4, not by 100 unless by 400 (Inter gravissimas, 1582).
TEST(Date, LeapYearsFollowTheGregorianRule) {
  for (const int year : {1600, 2000, 2004, 2024, 2400}) EXPECT_TRUE(is_leap_year(year)) << year;
  for (const int year : {1700, 1900, 2001, 2023, 2100}) EXPECT_FALSE(is_leap_year(year)) << year;
  EXPECT_EQ(days_in_month(2024, 2).value(), 29);
  EXPECT_EQ(days_in_month(1900, 2).value(), 28);
  EXPECT_EQ(days_in_month(2023, 4).value(), 30);
  EXPECT_EQ(days_in_month(2023, 12).value(), 31);
  EXPECT_EQ(days_in_month(2023, 0).error().field, "month");
  EXPECT_EQ(days_in_month(2023, 13).error().code, Errc::out_of_range);
  EXPECT_EQ(days_in_month(1399, 1).error().field, "year");
}

TEST(Date, EndsOfTheCalendarAreWhereTheySay) {
  EXPECT_EQ(Date::min().iso(), "1400-01-01");
  EXPECT_EQ(Date::max().iso(), "9999-12-31");
  EXPECT_EQ(date("1400-01-01"), Date::min());
  EXPECT_EQ(date("9999-12-31"), Date::max());
  EXPECT_FALSE(Date::from_day_number(Date::min().day_number() - 1));
  EXPECT_FALSE(Date::from_day_number(std::int64_t{Date::max().day_number()} + 1));
  EXPECT_FALSE(Date::from_day_number(std::numeric_limits<std::int64_t>::min()));
  EXPECT_FALSE(Date::from_day_number(std::numeric_limits<std::int64_t>::max()));
}

TEST(Date, EveryDayOfFourHundredYearsGoesThereAndBack) {
  for (Date day = date("1900-01-01"); day < date("2300-01-01"); day = day + Days{1}) {
    const auto ymd = day.ymd();
    ASSERT_EQ(Date::from_ymd(ymd.year, ymd.month, ymd.day).value(), day);
    // An independent calendar: std::chrono's.
    const std::chrono::year_month_day other{to_chrono(day)};
    ASSERT_EQ(int{other.year()}, ymd.year);
    ASSERT_EQ(unsigned{other.month()}, static_cast<unsigned>(ymd.month));
    ASSERT_EQ(unsigned{other.day()}, static_cast<unsigned>(ymd.day));
    ASSERT_EQ(std::chrono::weekday{to_chrono(day)}.iso_encoding(),
              static_cast<unsigned>(day.weekday()));
  }
}

// ---- reading and printing

TEST(Date, ReadsExactlyIsoDates) {
  EXPECT_EQ(date("2024-02-29").ymd(), (Date::YearMonthDay{2024, 2, 29}));
  EXPECT_EQ(date("1999-12-31").iso(), "1999-12-31");
  std::array<char, 10> text{};
  date("2023-04-05").write_iso(text);
  EXPECT_EQ(std::string(text.data(), 10), "2023-04-05");
}

TEST(Date, RefusesEverythingElseAndShowsIt) {
  for (const std::string& text :
       {std::string{}, std::string{"2023-4-05"}, std::string{"2023-04-5"}, std::string{"23-04-05"},
        std::string{" 2023-04-05"}, std::string{"2023-04-05 "}, std::string{"2023/04/05"},
        std::string{"20230405"}, std::string{"2023-04-05T00:00"}, std::string{"+023-04-05"},
        std::string{"2023-0a-05"}, std::string{"2023-04-0\x00", 10},
        std::string{"\xd9\xa2"
                    "023-04-1"},
        std::string{"05.04.2023"}, std::string(1'000'000, '1')}) {
    const auto read = Date::parse(text);
    ASSERT_FALSE(read) << text.substr(0, 20);
    EXPECT_EQ(read.error().code, Errc::malformed);
    EXPECT_LE(read.error().value.size(), 90U);
  }
}

TEST(Date, RefusesDaysThatDoNotExist) {
  for (const char* text : {"2023-02-29", "2023-02-30", "1900-02-29", "2023-04-31", "2023-13-01",
                           "2023-00-10", "2023-01-00", "2023-01-32", "0000-01-01", "1399-12-31"}) {
    const auto read = Date::parse(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, Errc::out_of_range) << text;
    EXPECT_EQ(read.error().value, text);
  }
  EXPECT_EQ(describe(Date::parse("2023-02-30").error()),
            "date = 2023-02-30: there is no such day in that month");
  EXPECT_FALSE(Date::from_ymd(std::numeric_limits<int>::max(), 1, 1));
  EXPECT_FALSE(Date::from_ymd(2023, std::numeric_limits<int>::min(), 1));
  EXPECT_FALSE(Date::from_ymd(2023, 1, -1));
}

// ---- arithmetic

TEST(Date, StepsAndDifferences) {
  EXPECT_EQ(date("2024-02-28") + Days{1}, date("2024-02-29"));
  EXPECT_EQ(date("2024-03-01") - Days{1}, date("2024-02-29"));
  EXPECT_EQ(date("2023-12-25") + weeks(1), date("2024-01-01"));
  EXPECT_EQ(date("2024-01-01") - date("2023-01-01"), Days{365});
  EXPECT_EQ(date("2025-01-01") - date("2024-01-01"), Days{366});
  EXPECT_EQ(-Days{3} + Days{5} - Days{1}, Days{1});
  EXPECT_EQ(3 * Days{4}, Days{12});
}

TEST(Date, AStepBeyondTheCalendarEndsAtItsEnd) {
  EXPECT_EQ(Date::max() + Days{1}, Date::max());
  EXPECT_EQ(Date::min() - Days{1}, Date::min());
  EXPECT_EQ(Date::max() + Days{std::numeric_limits<std::int32_t>::max()}, Date::max());
  EXPECT_EQ(Date::min() + Days{std::numeric_limits<std::int32_t>::min()}, Date::min());
  EXPECT_EQ(Date::max() - Days{std::numeric_limits<std::int32_t>::min()}, Date::max());
}

// Documented: the last day where the month is too short, and a month's end is not remembered.
TEST(Date, MonthsKeepTheDayOrEndTheMonth) {
  EXPECT_EQ(add_months(date("2024-01-31"), 1).value(), date("2024-02-29"));
  EXPECT_EQ(add_months(date("2023-01-31"), 1).value(), date("2023-02-28"));
  EXPECT_EQ(add_months(date("2024-02-29"), 1).value(), date("2024-03-29"));
  EXPECT_EQ(add_months(date("2024-02-29"), 12).value(), date("2025-02-28"));
  EXPECT_EQ(add_months(date("2024-03-31"), -1).value(), date("2024-02-29"));
  EXPECT_EQ(add_months(date("2024-01-15"), -1).value(), date("2023-12-15"));
  EXPECT_EQ(add_months(date("2024-01-15"), -13).value(), date("2022-12-15"));
  EXPECT_EQ(add_months(date("2024-11-30"), 3).value(), date("2025-02-28"));
  EXPECT_EQ(add_months(date("2024-05-05"), 0).value(), date("2024-05-05"));
  EXPECT_EQ(add_months(Date::min(), 0).value(), Date::min());
}

TEST(Date, MonthsBeyondTheCalendarAreAnError) {
  EXPECT_EQ(add_months(Date::max(), 1).error().code, Errc::out_of_range);
  EXPECT_EQ(add_months(Date::min(), -1).error().code, Errc::out_of_range);
  EXPECT_FALSE(add_months(Date{}, std::numeric_limits<int>::max()));
  EXPECT_FALSE(add_months(Date{}, std::numeric_limits<int>::min()));
}

TEST(Date, MonthStepsAgreeWithChronoOverManySeeds) {
  RandomStream random{Seed{17}, 0};
  for (int i = 0; i < 2000; ++i) {
    const Date from = date("1900-01-01") + Days{static_cast<std::int32_t>(random.below(146097))};
    const int months = static_cast<int>(random.below(600)) - 300;
    std::chrono::year_month_day expected =
        std::chrono::year_month_day{to_chrono(from)} + std::chrono::months{months};
    if (!expected.ok()) {
      expected =
          std::chrono::year_month_day{expected.year() / expected.month() / std::chrono::last};
    }
    const auto got = add_months(from, months);
    ASSERT_TRUE(got);
    EXPECT_EQ(std::chrono::year_month_day{to_chrono(*got)}, expected)
        << from.iso() << ' ' << months;
  }
}

// ---- ranges

TEST(DateRange, CountsBothEnds) {
  const auto range = DateRange::from(date("2024-02-28"), date("2024-03-01"));
  ASSERT_TRUE(range);
  EXPECT_EQ(range->length(), Days{3});
  EXPECT_TRUE(range->contains(date("2024-02-28")));
  EXPECT_TRUE(range->contains(date("2024-03-01")));
  EXPECT_FALSE(range->contains(date("2024-03-02")));
  EXPECT_EQ(DateRange::from(Date{}, Date{})->length(), Days{1});
  EXPECT_EQ(DateRange::from(Date::min(), Date::max())->length().count(), 3141085);
}

TEST(DateRange, EndBeforeStartIsRefusedWithBothDates) {
  const auto range = DateRange::from(date("2024-03-01"), date("2024-02-28"));
  ASSERT_FALSE(range);
  EXPECT_EQ(describe(range.error()), "end = 2024-02-28: must not be before the start 2024-03-01");
}

// ---- other libraries

TEST(DateInterop, BoostThereAndBack) {
  for (const char* text : {"1400-01-01", "1969-12-31", "2024-02-29", "9999-12-31"}) {
    const Date day = date(text);
    // Boost's own count is the Julian day number, 2440588 on 1970-01-01.
    EXPECT_EQ(static_cast<int>(to_boost(day).day_number()) - 2440588, day.day_number());
    EXPECT_EQ(from_boost(to_boost(day)).value(), day);
  }
  EXPECT_EQ(from_boost(boost::gregorian::date{boost::gregorian::not_a_date_time}).error().code,
            Errc::malformed);
  EXPECT_FALSE(from_boost(boost::gregorian::date{boost::gregorian::pos_infin}));
  EXPECT_FALSE(from_boost(boost::gregorian::date{boost::gregorian::neg_infin}));
}

TEST(DateInterop, ChronoThereAndBack) {
  using namespace std::chrono;
  EXPECT_EQ(to_chrono(date("2024-02-29")), sys_days{2024y / February / 29});
  EXPECT_EQ(from_chrono(2024y / February / 29).value(), date("2024-02-29"));
  EXPECT_EQ(from_chrono(sys_days{1969y / July / 20}).value(), date("1969-07-20"));
  EXPECT_EQ(from_chrono(2023y / February / 30).error().code, Errc::out_of_range);
  EXPECT_FALSE(from_chrono(year{-5} / January / 1));
  EXPECT_FALSE(from_chrono(sys_days{days{100'000'000}}));
}

TEST(Weekday, HasAName) {
  EXPECT_EQ(name(Weekday::monday), "monday");
  EXPECT_EQ(name(Weekday::sunday), "sunday");
  std::set<std::string_view> names;
  for (int i = 1; i <= 7; ++i) names.insert(name(static_cast<Weekday>(i)));
  EXPECT_EQ(names.size(), 7U);
}

}  // namespace
