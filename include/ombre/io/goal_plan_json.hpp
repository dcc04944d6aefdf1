#pragma once
/// @file
/// Goal plans as JSON, format "ombre-goal-plan-1". The keys are the names of plans/goal_plan.hpp
/// and its neighbours; docs/goals.md lists them with an example.

#include <cstddef>
#include <string>
#include <string_view>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/io/json.hpp"
#include "ombre/plans/goal_plan.hpp"

namespace ombre::inline v0::io {

/// Largest document that is read.
inline constexpr std::size_t most_goal_plan_bytes = std::size_t{4} << 20U;

/// Reads all versions of a plan, each looked at by all guards as when it was made. Where a guard
/// refuses a version, the answer is `refused`, with the findings of that version and the plan as it
/// stood before it (none where it was the first). Unknown keys are refused; what is left out has
/// the default of the C++ type.
/// @par Errors those of parse_json; missing, malformed, unknown_name, out_of_range, with the path
/// ("versions[1].goals[0].weekly[2].amount"); those of plans::make_goal_plan and plans::revise
[[nodiscard]] OMBRE_EXPORT Result<plans::GoalPlanAnswer> parse_goal_plan(
    std::string_view json, std::string_view name = "goal plan");
/// The same from a file ("-" = standard input).
[[nodiscard]] OMBRE_EXPORT Result<plans::GoalPlanAnswer> read_goal_plan(const std::string& path);

/// All versions, without findings: those are worked out again on reading. Reading it back gives an
/// equal plan, and writing that the same bytes.
[[nodiscard]] OMBRE_EXPORT Json goal_plan_json(const plans::GoalPlan& plan);

}  // namespace ombre::inline v0::io
