#pragma once
/// @file
/// Dates to and from the calendar types of <chrono>.

#include <chrono>

#include "ombre/core/date.hpp"

namespace ombre::inline v0 {

[[nodiscard]] constexpr std::chrono::sys_days to_chrono(Date day) noexcept {
  return std::chrono::sys_days{std::chrono::days{day.day_number()}};
}

[[nodiscard]] inline Result<Date> from_chrono(std::chrono::sys_days day) {
  return Date::from_day_number(day.time_since_epoch().count());
}

/// Refuses a year_month_day that does not exist, such as 30 February.
[[nodiscard]] inline Result<Date> from_chrono(std::chrono::year_month_day day) {
  return Date::from_ymd(int{day.year()}, static_cast<int>(unsigned{day.month()}),
                        static_cast<int>(unsigned{day.day()}));
}

}  // namespace ombre::inline v0
