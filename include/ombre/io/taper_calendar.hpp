#pragma once
/// @file
/// A taper plan as an iCalendar file (RFC 5545) for the calendar a person already has.
///
/// Steps are all-day events on civil dates and intakes are at floating local times, so that neither
/// a change of clocks nor a journey moves a dose. An event keeps its UID through all versions of a
/// plan: a calendar that reads the newest file updates what it has. What a later version no longer
/// holds is sent as cancelled; events that had passed when a change was made stay as they were.

#include <cstdint>
#include <optional>
#include <string>

#include "ombre/core/date.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/io/taper_words.hpp"
#include "ombre/plans/taper.hpp"

namespace ombre::inline v0::io {

/// What events tell. Calendars are shared and shown on locked screens.
enum class CalendarPrivacy : std::uint8_t {
  numbers_only,   ///< "Step 3 of 12" and nothing else: no dose, no substance
  plain_summary,  ///< the same, with the instruction in the description
  full            ///< substance and dose in the summary as well
};

/// "numbers_only", "plain_summary" or "full".
[[nodiscard]] OMBRE_EXPORT std::string_view name(CalendarPrivacy privacy) noexcept;
[[nodiscard]] OMBRE_EXPORT std::optional<CalendarPrivacy> find_calendar_privacy(
    std::string_view name) noexcept;

/// A moment in UTC.
struct CalendarStamp {
  Date day;
  int hour = 0;    ///< 0..23
  int minute = 0;  ///< 0..59
  int second = 0;  ///< 0..59
};

struct TaperCalendarOptions {
  /// When the file is made (DTSTAMP). Empty: each event carries the day of the decision that last
  /// changed it, at midnight UTC, so that the same plan gives the same bytes.
  std::optional<CalendarStamp> now{};
  CalendarPrivacy privacy = CalendarPrivacy::plain_summary;
  /// One repeating timed event for each intake, in place of one all-day event a step. Every intake
  /// of a daily amount then needs its time of day; weekly amounts stay all-day.
  bool each_intake = false;
  /// A reminder on the first day of each step and on review days, at this minute of the day
  /// (540 = 09:00); timed intakes are reminded at their time. Empty: no reminders.
  std::optional<int> remind_at{};
  bool reviews = true;                      ///< an event on each review day
  const TaperLanguage* language = nullptr;  ///< empty: English
};

/// The plan's newest version as one calendar, `METHOD:PUBLISH`.
///
/// UIDs: `<plan id>/step-<id>@ombre` (with `/every-<n>` for days between doses, and
/// `/line-<l>/intake-<i>` for timed intakes), `/arrived`, `/review-<date>`. SEQUENCE counts how
/// often the event has changed. A draft's events are TENTATIVE, an accepted plan's CONFIRMED.
/// Unless the privacy is numbers_only, an event also holds the amount of each substance as
/// `X-OMBRE-DOSE;X-OMBRE-LINE=0:38 mg`, for programs that read it back.
///
/// Lines end with CRLF and are folded at 75 octets between characters. Cost: linear in steps x
/// versions.
/// @par Errors contradiction (a plan without steps), missing (a time of day), out_of_range
/// (options), malformed (text that is not UTF-8)
[[nodiscard]] OMBRE_EXPORT Result<std::string> taper_calendar(
    const plans::TaperPlan& plan, const TaperCalendarOptions& options = {});

}  // namespace ombre::inline v0::io
