#pragma once
/// @file
/// Lengths of steps in days, weeks or calendar months, and on which days steps may begin.

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/date.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"

namespace ombre::inline v0::plans {

enum class LengthUnit : std::uint8_t { days, weeks, months };

/// "days", "weeks" or "months".
[[nodiscard]] OMBRE_EXPORT std::string_view name(LengthUnit unit) noexcept;
[[nodiscard]] OMBRE_EXPORT std::optional<LengthUnit> find_length_unit(
    std::string_view name) noexcept;

/// How long a step lasts. A month is a calendar month, so its days differ.
struct StepLength {
  std::int32_t count = 1;
  LengthUnit unit = LengthUnit::weeks;

  friend constexpr bool operator==(StepLength, StepLength) = default;
  /// The fewest days it can last: a month counts 28.
  [[nodiscard]] constexpr std::int32_t shortest_days() const noexcept {
    return count * (unit == LengthUnit::days ? 1 : unit == LengthUnit::weeks ? 7 : 28);
  }
};

/// "2 weeks", "1 day".
[[nodiscard]] OMBRE_EXPORT std::string describe(StepLength length);

/// Refuses counts below 1 or above 10 years. `field` names it in the error.
[[nodiscard]] OMBRE_EXPORT Result<void> check(StepLength length, std::string_view field);

/// The day that lies `length` after `from`. Months as in add_months().
[[nodiscard]] OMBRE_EXPORT Result<Date> add(Date from, StepLength length);

/// A set of weekdays, such as the days on which no step should begin.
class WeekdaySet {
 public:
  constexpr WeekdaySet() = default;
  constexpr WeekdaySet(std::initializer_list<Weekday> days) noexcept {
    for (const Weekday day : days) insert(day);
  }
  constexpr void insert(Weekday day) noexcept {
    bits_ = static_cast<std::uint8_t>(bits_ | bit(day));
  }
  [[nodiscard]] constexpr bool contains(Weekday day) const noexcept {
    return (bits_ & bit(day)) != 0;
  }
  [[nodiscard]] constexpr bool empty() const noexcept { return bits_ == 0; }
  [[nodiscard]] constexpr bool full() const noexcept { return bits_ == 0xFEU; }
  friend constexpr bool operator==(WeekdaySet, WeekdaySet) = default;

 private:
  static constexpr unsigned bit(Weekday day) noexcept { return 1U << static_cast<unsigned>(day); }
  std::uint8_t bits_ = 0;
};

/// First days of steps that follow each other, and the day after the last one.
struct PlacedSteps {
  std::vector<Date> nominal;  ///< n + 1 days: anchor plus the lengths so far
  std::vector<Date> first;    ///< n + 1 days: the same, moved off days to avoid; ascending
};

/// Lays n steps one after the other from `anchor`. Day k is anchor plus the sum of the first k
/// lengths: months are counted from the anchor (31 January, 29 February, 31 March), then days.
/// A step whose first day falls on a weekday or date to avoid begins on the next allowed day, and
/// the step before lasts until then; later steps are not pushed by it.
///
/// @param lengths  n >= 0 lengths
/// @param avoid    weekdays on which no step begins; not all seven
/// @param free_days  further dates on which no step begins, ascending (holidays)
/// @par Errors contradiction (every weekday avoided, or a step would have no day left),
///      out_of_range (the calendar ends)
[[nodiscard]] OMBRE_EXPORT Result<PlacedSteps> place_steps(Date anchor,
                                                           std::span<const StepLength> lengths,
                                                           WeekdaySet avoid,
                                                           std::span<const Date> free_days);

}  // namespace ombre::inline v0::plans
