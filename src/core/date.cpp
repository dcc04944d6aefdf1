#include "ombre/core/date.hpp"

#include <boost/date_time/gregorian/greg_calendar.hpp>

namespace ombre::inline v0 {
namespace {

using Calendar = boost::gregorian::gregorian_calendar;
using BoostYmd = boost::gregorian::greg_year_month_day;

// Boost counts from another day (a Julian day number): 1970-01-01 there.
constexpr std::int64_t epoch_day_number = 2440588;
constexpr int first_year = 1400;
constexpr int last_year = 9999;

BoostYmd boost_ymd(int year, int month, int day) {
  return {static_cast<unsigned short>(year), static_cast<unsigned short>(month),
          static_cast<unsigned short>(day)};
}

int last_day_of(int year, int month) {
  return Calendar::end_of_month_day(static_cast<unsigned short>(year),
                                    static_cast<unsigned short>(month));
}

std::string plain(int year, int month, int day) {
  return std::to_string(year) + '-' + std::to_string(month) + '-' + std::to_string(day);
}

}  // namespace

Result<Date> Date::from_ymd(int year, int month, int day) {
  if (year < first_year || year > last_year) {
    return unexpected(error_at(Errc::out_of_range, "date", std::nullopt, plain(year, month, day),
                               "the year must be 1400 to 9999"));
  }
  if (month < 1 || month > 12) {
    return unexpected(error_at(Errc::out_of_range, "date", std::nullopt, plain(year, month, day),
                               "the month must be 1 to 12"));
  }
  if (day < 1 || day > last_day_of(year, month)) {
    return unexpected(error_at(Errc::out_of_range, "date", std::nullopt, plain(year, month, day),
                               "there is no such day in that month"));
  }
  const auto number = static_cast<std::int64_t>(Calendar::day_number(boost_ymd(year, month, day)));
  return Date{static_cast<std::int32_t>(number - epoch_day_number)};
}

Result<Date> Date::parse(std::string_view iso) {
  const auto digit = [&](std::size_t i) { return iso[i] >= '0' && iso[i] <= '9'; };
  const auto value = [&](std::size_t i) { return iso[i] - '0'; };
  bool well_formed = iso.size() == 10 && iso[4] == '-' && iso[7] == '-';
  for (const std::size_t i : {0U, 1U, 2U, 3U, 5U, 6U, 8U, 9U}) {
    well_formed = well_formed && digit(i);
  }
  if (!well_formed) {
    return unexpected(
        error_at(Errc::malformed, "date", std::nullopt, iso, "must be a date written YYYY-MM-DD"));
  }
  auto date = from_ymd(value(0) * 1000 + value(1) * 100 + value(2) * 10 + value(3),
                       value(5) * 10 + value(6), value(8) * 10 + value(9));
  if (!date) {
    Error error = std::move(date).error();
    error.value = std::string{iso};
    return unexpected(std::move(error));
  }
  return date;
}

Result<Date> Date::from_day_number(std::int64_t days_since_1970) {
  if (days_since_1970 < min().day_ || days_since_1970 > max().day_) {
    return unexpected(error_at(Errc::out_of_range, "date", std::nullopt,
                               std::to_string(days_since_1970),
                               "a day number must lie between 1400-01-01 and 9999-12-31"));
  }
  return Date{static_cast<std::int32_t>(days_since_1970)};
}

Date::YearMonthDay Date::ymd() const noexcept {
  const auto ymd =
      Calendar::from_day_number(static_cast<Calendar::date_int_type>(day_ + epoch_day_number));
  return {static_cast<int>(ymd.year), static_cast<int>(ymd.month.as_number()),
          static_cast<int>(ymd.day)};
}

Weekday Date::weekday() const noexcept {
  const YearMonthDay d = ymd();
  const auto sunday_is_0 = Calendar::day_of_week(boost_ymd(d.year, d.month, d.day));
  return sunday_is_0 == 0 ? Weekday::sunday : static_cast<Weekday>(sunday_is_0);
}

void Date::write_iso(std::array<char, 10>& out) const noexcept {
  const YearMonthDay d = ymd();
  const auto put = [&out](std::size_t at, int digits) {
    out[at] = static_cast<char>('0' + digits);
  };
  put(0, d.year / 1000);
  put(1, d.year / 100 % 10);
  put(2, d.year / 10 % 10);
  put(3, d.year % 10);
  out[4] = '-';
  put(5, d.month / 10);
  put(6, d.month % 10);
  out[7] = '-';
  put(8, d.day / 10);
  put(9, d.day % 10);
}

std::string Date::iso() const {
  std::array<char, 10> text{};
  write_iso(text);
  return {text.data(), text.size()};
}

Result<Date> add_months(Date from, int months) {
  const auto d = from.ymd();
  const std::int64_t count = std::int64_t{d.year} * 12 + (d.month - 1) + months;
  const std::int64_t year = count >= 0 ? count / 12 : -1;
  if (year < first_year || year > last_year) {
    return unexpected(error_at(Errc::out_of_range, "months", std::nullopt, std::to_string(months),
                               "the result must lie between the years 1400 and 9999"));
  }
  const auto month = static_cast<int>(count % 12) + 1;
  const int last = last_day_of(static_cast<int>(year), month);
  return Date::from_ymd(static_cast<int>(year), month, d.day < last ? d.day : last);
}

Result<int> days_in_month(int year, int month) {
  if (year < first_year || year > last_year) {
    return unexpected(error_at(Errc::out_of_range, "year", std::nullopt, std::to_string(year),
                               "must be 1400 to 9999"));
  }
  if (month < 1 || month > 12) {
    return unexpected(error_at(Errc::out_of_range, "month", std::nullopt, std::to_string(month),
                               "must be 1 to 12"));
  }
  return last_day_of(year, month);
}

std::string_view name(Weekday day) noexcept {
  switch (day) {
    case Weekday::monday:
      return "monday";
    case Weekday::tuesday:
      return "tuesday";
    case Weekday::wednesday:
      return "wednesday";
    case Weekday::thursday:
      return "thursday";
    case Weekday::friday:
      return "friday";
    case Weekday::saturday:
      return "saturday";
    case Weekday::sunday:
      return "sunday";
  }
  return "monday";
}

}  // namespace ombre::inline v0
