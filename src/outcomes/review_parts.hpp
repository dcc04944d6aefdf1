#pragma once
// The pieces a review is put together from.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/outcomes/review.hpp"
#include "ombre/substance/substance.hpp"

namespace ombre::inline v0::outcomes::detail {

// What is worked out once and read by all pieces.
struct Known {
  const plans::GoalPlan* plan = nullptr;
  std::span<const UseHistory> use;
  const ReviewInput* input = nullptr;
  Date since;
  std::vector<std::string> id;        // of each history's substance; its own text where unknown
  std::vector<substance::Class> cls;  // of each history's substance
  std::vector<bool> could_be_opioid;
  bool lapse = false;  // use where the goal is none of it
  bool over = false;   // the last week was above the person's own limit
};

[[nodiscard]] std::string substance_id(std::string_view named);
[[nodiscard]] bool concerns(const plans::Goal& goal, const std::string& substance);

[[nodiscard]] Result<void> find_episodes(const Known& known, Review& out);
[[nodiscard]] Result<void> find_weeks(const Known& known, Review& out);
[[nodiscard]] Result<void> find_change(const Known& known, Review& out);
void find_signals(const Known& known, Review& out);
void find_stands(const Known& known, Review& out);
void find_refocus(const Known& known, Review& out);
void find_safety(const Known& known, Review& out);

// Index of a day in a view; nothing outside it.
[[nodiscard]] inline std::optional<std::size_t> at_day(const timeline::DayView& days, Date day) {
  const std::int64_t i = std::int64_t{day.day_number()} - days.first_day;
  if (i < 0 || i >= static_cast<std::int64_t>(days.size())) return std::nullopt;
  return static_cast<std::size_t>(i);
}

}  // namespace ombre::inline v0::outcomes::detail
