#pragma once
// Parts that the operations on a plan share.

#include <optional>
#include <string_view>
#include <vector>

#include "ombre/plans/taper.hpp"
#include "ombre/plans/taper_operations.hpp"

namespace ombre::inline v0::plans::detail {

Change change_of(const Decision& decision, std::string_view what, Date from);
Unexpected at_day(std::string_view field, Date day, std::string_view rule);

// Who decides, on a day that the plan's history and past allow.
Result<void> check_decision(const TaperPlan& plan, Date from, const Decision& decision);

// A copy of the present version to change: without findings, with the facts known by now.
TaperVersion next_version(const TaperPlan& plan, const Decision& decision);

bool prescribed(const TaperRequest& request);

// What only a clinician does with a prescribed medicine.
void clinician_only(const TaperPlan& plan, const Decision& decision, std::string_view what,
                    std::vector<RuleFinding>& out);

// The steps that begin on or after `from` leave the version; what was in force stays.
std::vector<TaperStep> take_from(TaperVersion& version, Date from);
std::vector<StepContent> contents(std::vector<TaperStep> steps);

// Dates for `rest` from `anchor` on, right after the last step of `version`, which lasts until
// then.
Result<void> follow(const TaperRequest& request, TaperVersion& version,
                    std::vector<StepContent> rest, Date anchor, Date from);

bool waiting(const TaperVersion& version);

// What a line takes on the day before `from`: of the step in force, or what follows the plan's end.
Amount in_force(const TaperVersion& version, std::size_t line, Date from);

// Where the plan ended before the day before `from`: the days since then become a step of their
// own, with what was taken on them. Without it the last dose would seem to have gone on.
void add_days_since_end(const TaperRequest& request, TaperVersion& version, Date from);

// Findings about going up from what is in force to `target`, last taken `days_ago` days ago, after
// `missed_days` days without a dose.
void rising(const TaperPlan& plan, std::size_t line, Amount target, Amount present,
            std::optional<int> days_ago, int missed_days, std::vector<RuleFinding>& out);

// A step half way from `now` to `next`, as long as `next`; the dose of `now` where nothing between
// them can be dispensed.
Result<StepContent> half_step(const TaperRequest& request, const SafetyFacts& facts,
                              const TaperStep& now, const StepContent& next);

// A length at another pace, rounded up to whole days.
Result<StepLength> scaled(StepLength length, Pace pace);

}  // namespace ombre::inline v0::plans::detail
