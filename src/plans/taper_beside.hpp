#pragma once
// Planning one substance anew beside others that the same plan takes.

#include <cstddef>

#include "ombre/plans/taper.hpp"

namespace ombre::inline v0::plans::detail {

// What the plan asks of a line on a day: the step's dose, or what follows the plan's end.
struct OnDay {
  const LineDose* dose = nullptr;  // empty: behind the end, `amount` every day
  Amount amount;
  Date since;  // first day of the step
  StepKind kind = StepKind::stay;
  int phase = -1;
};
OnDay line_on(const TaperVersion& version, std::size_t line, Date day);

// Whether another line is still taken by the plan on or after `from`.
bool others_taken(const TaperVersion& version, std::size_t line, Date from);

// Another substance beside the one that is planned anew keeps its steps, where that means
// something; else this says what to do first.
Result<void> others_can_stay(const TaperPlan& plan, std::size_t line, Date from);

// The steps of `next` from index `kept` on were planned for `line` alone. The other lines take in
// them what they took by `before`; a step begins wherever one of them changes.
Result<void> beside_others(const TaperRequest& request, const TaperVersion& before,
                           std::size_t kept, std::size_t line, TaperVersion& next);

}  // namespace ombre::inline v0::plans::detail
