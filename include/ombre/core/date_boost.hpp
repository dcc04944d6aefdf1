#pragma once
/// @file
/// Dates to and from Boost.Date_Time. The only public header that shows Boost.

#include <boost/date_time/gregorian/gregorian_types.hpp>

#include "ombre/core/date.hpp"

namespace ombre::inline v0 {

[[nodiscard]] inline boost::gregorian::date to_boost(Date day) {
  const auto ymd = day.ymd();
  return {static_cast<unsigned short>(ymd.year), static_cast<unsigned short>(ymd.month),
          static_cast<unsigned short>(ymd.day)};
}

/// Refuses not-a-date and the infinities.
[[nodiscard]] inline Result<Date> from_boost(const boost::gregorian::date& day) {
  if (day.is_special()) {
    return unexpected(error_of(Errc::malformed, "date", "must be a day, not a special value"));
  }
  return Date::from_ymd(day.year(), day.month(), day.day());
}

}  // namespace ombre::inline v0
