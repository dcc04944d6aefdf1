#pragma once
/// @file
/// Whether a request can be used, and whether a plan that came from outside can be what it says.
/// Readers of files ask this, so that a plan changed by hand is noticed and never crashes anybody.

#include <optional>

#include "ombre/core/date.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/plans/taper.hpp"

namespace ombre::inline v0::plans {

/// What make_taper() looks at before it begins: required parts, units, ranges, orders, counts.
/// Whether a rule leads anywhere and whether guards allow it shows only there.
/// @par Errors with the path of the part: `lines[0].today`, `calendar.free_days`
[[nodiscard]] OMBRE_EXPORT Result<void> check_request(const TaperRequest& request);

/// Looks whether a plan can be one that make_taper() and the operations made: steps without gap or
/// overlap, amounts that are the sums of their intakes and intakes the sums of their pieces,
/// percentages and effects that follow from the doses, milestones with the doses of their days,
/// findings that allow the plan, a history in order whose changes left the days before them as they
/// were. It proves no author: who writes a whole new history is not found out.
/// @par Errors contradiction, missing, out_of_range, unknown_name, size_mismatch with the path of
/// the part: `versions[1].steps[3].first`
[[nodiscard]] OMBRE_EXPORT Result<void> check_plan(const TaperPlan& plan);

/// Runs every guard again on a plan that came from outside, whatever findings it carries: reasons
/// not to start or go on, pace and stops, rises, restarts after days without, who was allowed to
/// decide what, and the steps that wait, laid behind the review. Each version is looked at for the
/// days that it governed, with the facts known then. What a clinician set aside in the history
/// stays aside while the rule is not exceeded further than it was then. What only concerns going
/// on is a warning while the plan waits.
///
/// `from` leaves out findings about days before it. The answer has the plan unless it is refused.
/// check_plan() comes first: this one takes a plan that agrees with itself.
/// @par Errors those of laying out the steps that wait
[[nodiscard]] OMBRE_EXPORT Result<TaperAnswer> check_guards(const TaperPlan& plan,
                                                            std::optional<Date> from = {});

}  // namespace ombre::inline v0::plans
