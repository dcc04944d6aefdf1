#pragma once
// What the operations and the guards of goal plans share.

#include <vector>

#include "ombre/plans/goal_plan.hpp"

namespace ombre::inline v0::plans::detail {

std::vector<RuleFinding> step_findings(const GoalPlanVersion* before, const GoalPlanVersion& next,
                                       const Change& change);
void worst_first(std::vector<RuleFinding>& findings);

}  // namespace ombre::inline v0::plans::detail
