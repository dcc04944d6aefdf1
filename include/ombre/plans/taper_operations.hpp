#pragma once
/// @file
/// Operations on a taper plan. Each returns a new version with who, when and why, or a refusal
/// with the rule and its source; the plan that went in stays as it was. Days before `from` never
/// change, in any operation. None of them ends a plan because of use.

#include <optional>
#include <string>
#include <vector>

#include "ombre/core/date.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/plans/taper.hpp"

namespace ombre::inline v0::plans {

/// Who decides what, when and why. Common to all operations.
struct Decision {
  Date on;  ///< the day of the decision
  Actor by;
  std::string why;
  std::vector<Override> overrides{};   ///< rules a clinician sets aside with this change
  std::optional<SafetyFacts> facts{};  ///< what is known by now, where that has changed
};

/// Takes the draft as the plan. A plan with a prescribed medicine is accepted by a named
/// clinician, with the person's agreement on record; any other by the person (or a clinician).
/// @par Errors contradiction (not a draft)
[[nodiscard]] OMBRE_EXPORT Result<TaperAnswer> accept(const TaperPlan& plan,
                                                      const Decision& decision);

/// Stays at the dose of the day before `from`; the steps from then on wait without dates. The plan
/// covers the days up to `review`; nothing goes down before somebody resumes.
/// @par Errors out_of_range (days outside the plan or before the decision), contradiction
[[nodiscard]] OMBRE_EXPORT Result<TaperAnswer> hold(const TaperPlan& plan, Date from, Date review,
                                                    const Decision& decision);

/// Goes on after a hold, or after tapering was stopped: the next step begins on `first_day` (or
/// the next day on which steps may begin). With `half_next_step` a step half way to the next dose
/// comes first, for as long as that step; where nothing can be dispensed between the two, the
/// present dose is kept for that time instead.
/// @par Errors contradiction (nothing is waiting), out_of_range
[[nodiscard]] OMBRE_EXPORT Result<TaperAnswer> resume(const TaperPlan& plan, Date first_day,
                                                      bool half_next_step,
                                                      const Decision& decision);

/// Moves every step that begins on or after `from` by `days`, later or earlier; the step in force
/// lasts longer or shorter. hold() until a day and resume() on it give the same days as a shift.
/// @par Errors out_of_range, contradiction (a step would begin before the one in front of it)
[[nodiscard]] OMBRE_EXPORT Result<TaperAnswer> shift(const TaperPlan& plan, Date from, Days days,
                                                     const Decision& decision);

/// A pace against the plan's present one: {1, 2} is half as fast, every length doubled.
struct Pace {
  int numerator = 1;    ///< 1..100
  int denominator = 1;  ///< 1..100
};

/// Changes the length of the step in force on `from` and of all later ones, except a stay at the
/// goal. Days are rounded up. Calendar months stay whole: a pace that would split them is an error
/// that says so. Faster is allowed up to the ceilings, which are checked as for a new plan.
/// @par Errors out_of_range, unsupported (months)
[[nodiscard]] OMBRE_EXPORT Result<TaperAnswer> change_pace(const TaperPlan& plan, Date from,
                                                           Pace pace, const Decision& decision);

/// Back to the dose of an earlier step, `step_id`, from `from` on, for as long as that step was
/// meant to last; then the steps after it again, then those still to come. Going up is weighed
/// with tolerance: for opioids a dose last taken more than four weeks ago, or missed days, are
/// refused until a clinician sets that aside.
/// @param missed_days  consecutive days without any dose before `from`; 0 where none were missed
/// @par Errors unknown_name (no such step), contradiction (not an earlier, higher step)
[[nodiscard]] OMBRE_EXPORT Result<TaperAnswer> step_back(const TaperPlan& plan, Date from,
                                                         int step_id, int missed_days,
                                                         const Decision& decision);

/// After a lapse, or whenever what is taken has moved away from the plan: begins again from what
/// is taken `now`, stays there for `settle`, then goes on by the same rule towards the same goal,
/// no steeper than before. The plan's history, goal and status stay.
/// @par Errors contradiction (unit; several substances still moving), out_of_range
[[nodiscard]] OMBRE_EXPORT Result<TaperAnswer> re_anchor(const TaperPlan& plan, Date from,
                                                         std::size_t line, Amount now,
                                                         StepLength settle, int missed_days,
                                                         const Decision& decision);

/// Another place to arrive at. The step in force stays; what follows leads to the new goal by the
/// same rule. @par Errors contradiction (a goal above the present dose: step back instead)
[[nodiscard]] OMBRE_EXPORT Result<TaperAnswer> change_goal(const TaperPlan& plan, Date from,
                                                           std::size_t line, const TaperGoal& goal,
                                                           const Decision& decision);

/// Stops reducing and keeps the care: the dose of the day before `from` goes on, the remaining
/// steps wait in case they are wanted again, and `next_contact` is the next review.
[[nodiscard]] OMBRE_EXPORT Result<TaperAnswer> stop_tapering(const TaperPlan& plan, Date from,
                                                             Date next_contact,
                                                             const Decision& decision);

}  // namespace ombre::inline v0::plans
