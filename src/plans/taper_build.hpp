#pragma once
// From ideal curves to dated steps: realising doses, laying lines on one calendar, and what is
// derived from the result. Used by make_taper() and by every operation that plans anew.

#include <optional>
#include <span>
#include <vector>

#include "ombre/plans/taper.hpp"

namespace ombre::inline v0::plans::detail {

// One step of one line before it has a date.
struct LineStep {
  StepKind kind = StepKind::reduce;
  StepLength length{};
  int phase = 0;
  LineDose dose;
};

// A line realised: its steps, and what is taken after them.
struct LinePlan {
  std::vector<LineStep> steps;
  Amount after;
  std::vector<RuleFinding> findings;
};

// The part of the curve `from_curve` for a line that takes `now` (in force before the first of
// these steps), realised with the line's products under the ceilings of its class.
Result<LinePlan> realise(const TaperRequest& request, const SafetyFacts& facts, std::size_t line,
                         std::span<const CurveStep> curve, Amount now);

// Splits a day's amount in the proportions of `weights`, exactly; later intakes take the rest.
std::vector<Amount> in_proportion(Amount day, std::span<const std::uint32_t> weights);

// Weights of the day's intakes as they are today; even where nothing is taken yet. With
// `intakes_a_day` > 0 only so many of them, spread over the day and keeping the last.
std::vector<std::uint32_t> weights_of(const TaperLine& line, int intakes_a_day);

// Appends the lines' steps to `version` from `anchor` on, with ids from version.next_id, and sets
// ends and after. Lines whose boundaries differ are cut where either changes.
Result<void> append_lines(const TaperRequest& request, std::span<const LinePlan> lines, Date anchor,
                          TaperVersion& version, std::span<const int> reuse_ids);

// Gives dates to `pending` from `anchor` on and appends them to version.steps; sets ends.
Result<void> append_contents(const TaperRequest& request, std::vector<StepContent> pending,
                             Date anchor, TaperVersion& version);

// Percentages, effects, milestones and reviews of all steps.
void derive(const TaperRequest& request, TaperVersion& version);

// Findings in the order of severity, refusals first; stable otherwise.
void sort_findings(std::vector<RuleFinding>& findings);

// An override once given goes on while its rule is not exceeded further than it was then.
void carry_overrides(const TaperPlan& before, std::vector<RuleFinding>& findings);

// Guards `next` as the outcome of `change`: applies overrides (those of earlier versions hold on
// while a rule is not exceeded further) and answers.
Result<TaperAnswer> decide(const TaperPlan& before, TaperVersion next, Change change,
                           std::vector<RuleFinding> findings);

}  // namespace ombre::inline v0::plans::detail
