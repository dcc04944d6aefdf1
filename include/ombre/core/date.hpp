#pragma once
/// @file
/// Calendar days: Date (a point), Days (a step) and DateRange (first to last, both inclusive).
///
/// A Date is an int32 count of days since 1970-01-01 in the Gregorian calendar, valid from
/// 1400-01-01 to 9999-12-31 (the range of Boost.Date_Time, which does the calendar work inside).
/// There are no times of day and no time zones here: a Date is a date on somebody's calendar.
/// Conversions to other libraries live in core/date_boost.hpp and core/date_chrono.hpp.

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"

namespace ombre::inline v0 {

/// A number of days; may be negative.
class Days {
 public:
  constexpr Days() = default;
  explicit constexpr Days(std::int32_t count) noexcept : count_{count} {}
  [[nodiscard]] constexpr std::int32_t count() const noexcept { return count_; }

  friend constexpr auto operator<=>(Days, Days) = default;
  friend constexpr Days operator+(Days a, Days b) noexcept { return Days{a.count_ + b.count_}; }
  friend constexpr Days operator-(Days a, Days b) noexcept { return Days{a.count_ - b.count_}; }
  friend constexpr Days operator-(Days a) noexcept { return Days{-a.count_}; }
  friend constexpr Days operator*(std::int32_t k, Days d) noexcept { return Days{k * d.count_}; }

 private:
  std::int32_t count_ = 0;
};

[[nodiscard]] constexpr Days weeks(std::int32_t count) noexcept { return Days{7 * count}; }

/// Monday = 1 .. Sunday = 7, as in ISO 8601.
enum class Weekday : std::uint8_t {
  monday = 1,
  tuesday,
  wednesday,
  thursday,
  friday,
  saturday,
  sunday
};

/// A calendar day. Invariant: between Date::min() and Date::max().
class OMBRE_EXPORT Date {
 public:
  /// 1970-01-01.
  constexpr Date() = default;

  /// From year, month 1..12 and day 1..31. Refuses days that do not exist (2023-02-30).
  [[nodiscard]] static Result<Date> from_ymd(int year, int month, int day);
  /// Reads exactly `YYYY-MM-DD`. Anything else, also surrounding blanks, is refused.
  [[nodiscard]] static Result<Date> parse(std::string_view iso);
  /// From a count of days since 1970-01-01.
  [[nodiscard]] static Result<Date> from_day_number(std::int64_t days_since_1970);

  [[nodiscard]] constexpr std::int32_t day_number() const noexcept { return day_; }

  struct YearMonthDay {
    int year = 1970;
    int month = 1;
    int day = 1;
    friend constexpr bool operator==(YearMonthDay, YearMonthDay) = default;
  };
  [[nodiscard]] YearMonthDay ymd() const noexcept;
  [[nodiscard]] Weekday weekday() const noexcept;

  /// `YYYY-MM-DD`.
  [[nodiscard]] std::string iso() const;
  /// The same into a caller's buffer of 10 characters, without allocation.
  void write_iso(std::array<char, 10>& out) const noexcept;

  static constexpr Date min() noexcept { return Date{-208188}; }  // 1400-01-01
  static constexpr Date max() noexcept { return Date{2932896}; }  // 9999-12-31

  friend constexpr auto operator<=>(Date, Date) = default;
  friend constexpr Days operator-(Date a, Date b) noexcept { return Days{a.day_ - b.day_}; }
  /// A step from a day. Ends at Date::min() or Date::max() instead of leaving the calendar;
  /// use from_day_number where that must be noticed.
  friend constexpr Date operator+(Date d, Days n) noexcept {
    return clamped(std::int64_t{d.day_} + n.count());
  }
  friend constexpr Date operator-(Date d, Days n) noexcept {
    return clamped(std::int64_t{d.day_} - n.count());
  }

 private:
  explicit constexpr Date(std::int32_t day) noexcept : day_{day} {}
  static constexpr Date clamped(std::int64_t day) noexcept {
    if (day < min().day_) return min();
    if (day > max().day_) return max();
    return Date{static_cast<std::int32_t>(day)};
  }

  std::int32_t day_ = 0;
};

/// The same day `months` later (or earlier); where the month is too short, its last day:
/// 2024-01-31 + 1 month = 2024-02-29, and 2024-02-29 + 1 month = 2024-03-29 (a month's end is not
/// remembered). Fails with out_of_range when the result leaves the calendar.
[[nodiscard]] OMBRE_EXPORT Result<Date> add_months(Date from, int months);

/// Number of days in a month of a year, 28..31. `month` must be 1..12, `year` 1400..9999.
[[nodiscard]] OMBRE_EXPORT Result<int> days_in_month(int year, int month);

[[nodiscard]] constexpr bool is_leap_year(int year) noexcept {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/// "monday" .. "sunday".
[[nodiscard]] OMBRE_EXPORT std::string_view name(Weekday day) noexcept;

/// Days from first() to last(), both inclusive; never empty.
class DateRange {
 public:
  /// Fails with out_of_range when `last` is before `first`.
  [[nodiscard]] static Result<DateRange> from(Date first, Date last) {
    if (last < first) {
      return unexpected(error_at(Errc::out_of_range, "end", std::nullopt, last.iso(),
                                 "must not be before the start " + first.iso()));
    }
    return DateRange{first, last};
  }
  [[nodiscard]] constexpr Date first() const noexcept { return first_; }
  [[nodiscard]] constexpr Date last() const noexcept { return last_; }
  /// Number of days, at least 1.
  [[nodiscard]] constexpr Days length() const noexcept { return last_ - first_ + Days{1}; }
  [[nodiscard]] constexpr bool contains(Date day) const noexcept {
    return first_ <= day && day <= last_;
  }
  friend constexpr bool operator==(DateRange, DateRange) = default;

 private:
  constexpr DateRange(Date first, Date last) noexcept : first_{first}, last_{last} {}
  Date first_;
  Date last_;
};

}  // namespace ombre::inline v0
