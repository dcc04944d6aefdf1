#include "ombre/plans/step_calendar.hpp"

#include <algorithm>
#include <array>

namespace ombre::inline v0::plans {
namespace {

constexpr std::array<std::string_view, 3> unit_names{"days", "weeks", "months"};
constexpr std::int32_t longest_step_days = 3660;

Unexpected beyond_calendar(std::string_view field, std::optional<std::size_t> step) {
  Error error = error_of(Errc::out_of_range, field,
                         "leads beyond 9999-12-31, where the calendar ends: begin earlier or with "
                         "fewer, shorter steps");
  if (step) error.row = *step;
  return unexpected(std::move(error));
}

}  // namespace

std::string_view name(LengthUnit unit) noexcept {
  return unit_names[static_cast<std::size_t>(unit)];
}

std::optional<LengthUnit> find_length_unit(std::string_view text) noexcept {
  for (std::size_t i = 0; i < unit_names.size(); ++i) {
    if (unit_names[i] == text) return static_cast<LengthUnit>(i);
  }
  return std::nullopt;
}

std::string describe(StepLength length) {
  std::string out = std::to_string(length.count) + ' ';
  const std::string_view unit = name(length.unit);
  out += length.count == 1 ? unit.substr(0, unit.size() - 1) : unit;
  return out;
}

Result<void> check(StepLength length, std::string_view field) {
  const std::int32_t most = length.unit == LengthUnit::days    ? longest_step_days
                            : length.unit == LengthUnit::weeks ? longest_step_days / 7
                                                               : 120;
  if (length.count < 1 || length.count > most) {
    return unexpected(error_at(Errc::out_of_range, field, std::nullopt,
                               static_cast<double>(length.count),
                               "must be a step of at least 1 day and at most 10 years"));
  }
  return {};
}

Result<Date> add(Date from, StepLength length) {
  if (auto ok = check(length, "step_length"); !ok) return unexpected(ok.error());
  const auto to =
      length.unit == LengthUnit::months
          ? add_months(from, length.count)
          : Date::from_day_number(std::int64_t{from.day_number()} + length.shortest_days());
  if (!to) return beyond_calendar("step_length", std::nullopt);
  return to;
}

Result<PlacedSteps> place_steps(Date anchor, std::span<const StepLength> lengths, WeekdaySet avoid,
                                std::span<const Date> free_days) {
  if (avoid.full()) {
    return unexpected(error_of(Errc::contradiction, "avoid_weekdays",
                               "must leave at least one weekday on which a step can begin"));
  }
  PlacedSteps out;
  out.nominal.reserve(lengths.size() + 1);
  out.first.reserve(lengths.size() + 1);
  int months = 0;
  std::int64_t days = 0;
  Date month_start = anchor;
  for (std::size_t k = 0;; ++k) {
    auto nominal = Date::from_day_number(month_start.day_number() + days);
    if (!nominal) return beyond_calendar("steps", k);
    Date first = *nominal;
    while (avoid.contains(first.weekday()) ||
           std::binary_search(free_days.begin(), free_days.end(), first)) {
      if (first == Date::max()) {
        return beyond_calendar("steps", k);
      }
      first = first + Days{1};
    }
    if (!out.first.empty() && first <= out.first.back()) {
      return unexpected(
          error_at(Errc::contradiction, "steps", k - 1, out.first.back().iso(),
                   "has no day left: the days to avoid leave too few days on which a step can "
                   "begin"));
    }
    out.nominal.push_back(*nominal);
    out.first.push_back(first);
    if (k == lengths.size()) return out;
    if (auto ok = check(lengths[k], "step_length"); !ok) return unexpected(ok.error());
    if (lengths[k].unit == LengthUnit::months) {
      months += lengths[k].count;
      auto start = add_months(anchor, months);
      if (!start) return beyond_calendar("steps", k + 1);
      month_start = *start;
    } else {
      days += lengths[k].shortest_days();
    }
  }
}

}  // namespace ombre::inline v0::plans
