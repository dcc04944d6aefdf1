#include "ombre/plans/goal_plan.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "goal_plan_parts.hpp"
#include "goal_sources.hpp"
#include "ombre/plans/goal_graph.hpp"

namespace ombre::inline v0::plans {
namespace {

constexpr std::array<std::string_view, 22> activity_names{
    "taper",        "trial",         "safer_use",         "medicine", "counselling",
    "trauma_work",  "mental_health", "health_care",       "skills",   "group",
    "peer_support", "mutual_help",   "education",         "housing",  "work_or_study",
    "family",       "referral",      "detox_preparation", "detox",    "aftercare",
    "contact",      "other"};
constexpr std::array<std::string_view, 3> way_names{"trial_moderation", "tapering_down",
                                                    "sobriety_sampling"};
constexpr std::array<std::string_view, 3> ruler_names{"readiness", "confidence", "importance"};

constexpr std::array<std::string_view, 13> areas{"use_and_its_history",
                                                 "withdrawal_risk",
                                                 "physical_health",
                                                 "mental_health",
                                                 "trauma",
                                                 "readiness",
                                                 "relapse_history",
                                                 "housing_and_surroundings",
                                                 "work_and_income",
                                                 "legal",
                                                 "family_and_people",
                                                 "barriers_to_care",
                                                 "what_use_means_to_me"};
constexpr Source areas_source{
    "asi-asam-areas",
    "Areas after McLellan AT et al. Addiction Severity Index (5th ed., 1992) and the ASAM Criteria "
    "dimensions; barriers and meaning of use added by this project",
    "1992/2023"};

std::string indexed(std::string_view list, std::size_t i) {
  return std::string{list} + "[" + std::to_string(i) + "]";
}

template <class T>
Result<void> distinct_ids(const std::vector<T>& items, std::string_view list) {
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (seen.insert(items[i].id).second) continue;
    return unexpected(error_at(Errc::duplicate, indexed(list, i) + ".id", std::nullopt, items[i].id,
                               "is the id of one above"));
  }
  return {};
}

Result<void> check_phase(const WarmTurkey& phase, const std::string& here) {
  if (phase.substance.empty()) {
    return unexpected(error_of(Errc::missing, here + ".substance", "must name a substance"));
  }
  if (phase.last && *phase.last < phase.first) {
    return unexpected(error_at(Errc::contradiction, here + ".last", std::nullopt, phase.last->iso(),
                               "must not be before " + phase.first.iso()));
  }
  if (phase.review_every_days < 1 || phase.review_every_days > 365) {
    return unexpected(error_at(Errc::out_of_range, here + ".review_every_days", std::nullopt,
                               static_cast<double>(phase.review_every_days), "must be 1 to 365"));
  }
  for (const auto& [bound, member] :
       {std::pair{phase.low, ".low"}, std::pair{phase.high, ".high"}}) {
    if (bound && !(*bound >= 0 && *bound <= 1e9)) {
      return unexpected(
          error_at(Errc::out_of_range, here + member, std::nullopt, *bound, "must be 0 to 1e9"));
    }
  }
  if (phase.low && phase.high && *phase.high < *phase.low) {
    return unexpected(error_at(Errc::contradiction, here + ".high", std::nullopt, *phase.high,
                               "must not be below the lower end of the band"));
  }
  return {};
}

Result<void> check_activities(const GoalPlanVersion& v) {
  const auto known = [&v](std::string_view id) {
    return std::ranges::any_of(v.goals, [id](const Goal& g) { return g.id == id; });
  };
  for (std::size_t i = 0; i < v.activities.size(); ++i) {
    const Activity& a = v.activities[i];
    const std::string here = indexed("activities", i);
    if (!is_id(a.id)) {
      return unexpected(error_at(Errc::malformed, here + ".id", std::nullopt, a.id,
                                 "must be 1 to 64 of a-z, 0-9, '-' and '_'"));
    }
    for (std::size_t k = 0; k < a.goals.size(); ++k) {
      if (known(a.goals[k])) continue;
      return unexpected(error_at(Errc::unknown_name, here + '.' + indexed("goals", k), std::nullopt,
                                 a.goals[k], "is not the id of a goal of this plan"));
    }
    for (std::size_t k = 0; k < a.after.size(); ++k) {
      if (known(a.after[k].goal)) continue;
      return unexpected(error_at(Errc::unknown_name, here + '.' + indexed("after", k) + ".goal",
                                 std::nullopt, a.after[k].goal,
                                 "is not the id of a goal of this plan"));
    }
    if (a.first && a.last && *a.last < *a.first) {
      return unexpected(error_at(Errc::contradiction, here + ".last", std::nullopt, a.last->iso(),
                                 "must not be before the first day, " + a.first->iso()));
    }
    if (a.kind == ActivityKind::taper && a.taper_plan.empty() && a.taper == nullptr) {
      return unexpected(
          error_of(Errc::missing, here + ".taper_plan", "must name the taper plan, or hold it"));
    }
    if (a.phase) {
      if (auto ok = check_phase(*a.phase, here + ".phase"); !ok) return ok;
    }
  }
  return {};
}

Result<void> check_version(const GoalPlanVersion& v) {
  if (v.goals.size() > most_goals_of_a_plan) {
    return unexpected(error_at(Errc::too_large, "goals", std::nullopt,
                               static_cast<double>(v.goals.size()),
                               "must be at most " + std::to_string(most_goals_of_a_plan)));
  }
  for (std::size_t i = 0; i < v.goals.size(); ++i) {
    if (auto ok = check_goal(v.goals[i], indexed("goals", i)); !ok) return ok;
  }
  if (auto graph = GoalGraph::from(v.goals); !graph) return unexpected(graph.error());
  for (std::size_t i = 0; i < v.goals.size(); ++i) {
    const std::string& from = v.goals[i].grew_from;
    if (from.empty()) continue;
    if (std::ranges::none_of(v.goals, [&from](const Goal& g) { return g.id == from; })) {
      return unexpected(error_at(Errc::unknown_name, indexed("goals", i) + ".grew_from",
                                 std::nullopt, from, "is not the id of a goal of this plan"));
    }
  }
  if (auto ok = distinct_ids(v.activities, "activities"); !ok) return ok;
  if (auto ok = distinct_ids(v.safer_use, "safer_use"); !ok) return ok;
  if (auto ok = distinct_ids(v.experiments, "experiments"); !ok) return ok;
  if (auto ok = check_activities(v); !ok) return ok;
  for (std::size_t i = 0; i < v.safer_use.size(); ++i) {
    if (auto ok = check_safer_use(v.safer_use[i], indexed("safer_use", i)); !ok) return ok;
  }
  for (std::size_t i = 0; i < v.experiments.size(); ++i) {
    if (auto ok = check_experiment(v.experiments[i], indexed("experiments", i)); !ok) return ok;
  }
  for (std::size_t i = 1; i < v.triggers.size(); ++i) {
    if (v.triggers[i - 1].on <= v.triggers[i].on) continue;
    return unexpected(error_at(Errc::contradiction, indexed("triggers", i) + ".on", std::nullopt,
                               v.triggers[i].on.iso(), "must not be before the entry above it"));
  }
  return {};
}

Result<GoalPlanAnswer> decide(const std::string& id, const GoalPlan* before, GoalPlanVersion next,
                              Change change) {
  if (auto ok = check_version(next); !ok) return unexpected(ok.error());
  if (before != nullptr && change.on < before->history().change().on) {
    return unexpected(
        error_at(Errc::contradiction, "change.on", std::nullopt, change.on.iso(),
                 "must not be before the last change, " + before->history().change().on.iso()));
  }
  auto findings = detail::step_findings(before != nullptr ? &before->now() : nullptr, next, change);
  auto more = goal_plan_findings(next, change.on);
  findings.insert(findings.end(), std::make_move_iterator(more.begin()),
                  std::make_move_iterator(more.end()));
  if (auto ok = apply_overrides(findings, change.overrides); !ok) return unexpected(ok.error());
  detail::worst_first(findings);

  GoalPlanAnswer answer;
  answer.answer = overall(findings);
  answer.findings = findings;
  if (answer.answer == Answer::refused) return answer;
  next.findings = std::move(findings);
  if (before == nullptr) {
    answer.plan.emplace(id, History<GoalPlanVersion>{std::move(next), std::move(change)});
  } else {
    answer.plan.emplace(id, before->history().with(std::move(next), std::move(change)));
  }
  return answer;
}

Result<std::size_t> index_of(const GoalPlanVersion& v, std::string_view id) {
  for (std::size_t i = 0; i < v.goals.size(); ++i) {
    if (v.goals[i].id == id) return i;
  }
  return unexpected(error_at(Errc::unknown_name, "goal", std::nullopt, id,
                             "is not the id of a goal of this plan"));
}

}  // namespace

template <>
std::span<const std::string_view> names_of<ActivityKind>() noexcept {
  return activity_names;
}
template <>
std::span<const std::string_view> names_of<WarmTurkey::Way>() noexcept {
  return way_names;
}
template <>
std::span<const std::string_view> names_of<Ruler>() noexcept {
  return ruler_names;
}

std::span<const std::string_view> needs_areas() noexcept { return areas; }
const Source& needs_areas_source() noexcept { return areas_source; }

const Goal* GoalPlan::goal(std::string_view id) const noexcept {
  for (const Goal& g : now().goals) {
    if (g.id == id) return &g;
  }
  return nullptr;
}

Result<GoalPlanAnswer> make_goal_plan(std::string id, GoalPlanVersion first, Change change) {
  if (!is_id(id)) {
    return unexpected(error_at(Errc::malformed, "id", std::nullopt, id,
                               "must be 1 to 64 of a-z, 0-9, '-' and '_'"));
  }
  return decide(id, nullptr, std::move(first), std::move(change));
}

Result<GoalPlanAnswer> revise(const GoalPlan& plan, GoalPlanVersion next, Change change) {
  return decide(plan.id(), &plan, std::move(next), std::move(change));
}

Result<GoalPlanAnswer> accept(const GoalPlan& plan, Change change) {
  GoalPlanVersion next = plan.now();
  next.status = PlanStatus::accepted;
  change.what = "accept";
  return revise(plan, std::move(next), std::move(change));
}

Result<GoalPlanAnswer> set_goal(const GoalPlan& plan, Goal goal, Change change) {
  GoalPlanVersion next = plan.now();
  const auto at = std::ranges::find(next.goals, goal.id, &Goal::id);
  change.what = at == next.goals.end() ? "add_goal" : "change_goal";
  if (at == next.goals.end()) {
    next.goals.push_back(std::move(goal));
  } else {
    *at = std::move(goal);
  }
  return revise(plan, std::move(next), std::move(change));
}

Result<GoalPlanAnswer> grow_goal(const GoalPlan& plan, std::string_view from, Goal into,
                                 Change change) {
  GoalPlanVersion next = plan.now();
  const auto at = index_of(next, from);
  if (!at) return unexpected(at.error());
  Goal& old = next.goals[*at];
  if (!old.may_evolve) {
    return unexpected(error_at(Errc::contradiction, "goal", std::nullopt, from,
                               "says that it does not change into another; set may_evolve first"));
  }
  if (old.status != GoalStatus::open && old.status != GoalStatus::reached &&
      old.status != GoalStatus::resting) {
    return unexpected(error_at(Errc::contradiction, "goal", std::nullopt, from,
                               "is " + std::string{name(old.status)} + " and cannot grow"));
  }
  old.status = GoalStatus::grown;
  into.grew_from = old.id;
  change.what = "grow_goal";
  next.goals.push_back(std::move(into));
  return revise(plan, std::move(next), std::move(change));
}

Result<GoalPlanAnswer> set_status(const GoalPlan& plan, std::string_view goal, GoalStatus status,
                                  Change change) {
  if (status == GoalStatus::grown) {
    return unexpected(error_of(Errc::contradiction, "status",
                               "grown goals name what they became; use grow_goal"));
  }
  GoalPlanVersion next = plan.now();
  const auto at = index_of(next, goal);
  if (!at) return unexpected(at.error());
  next.goals[*at].status = status;
  change.what = "goal_" + std::string{name(status)};
  return revise(plan, std::move(next), std::move(change));
}

Result<GoalPlanAnswer> set_activity(const GoalPlan& plan, Activity activity, Change change) {
  GoalPlanVersion next = plan.now();
  const auto at = std::ranges::find(next.activities, activity.id, &Activity::id);
  change.what = at == next.activities.end() ? "add_activity" : "change_activity";
  if (at == next.activities.end()) {
    next.activities.push_back(std::move(activity));
  } else {
    *at = std::move(activity);
  }
  return revise(plan, std::move(next), std::move(change));
}

Result<GoalPlanAnswer> rate(const GoalPlan& plan, std::string_view goal, Ruler ruler, double value,
                            Change change) {
  GoalPlanVersion next = plan.now();
  const auto at = index_of(next, goal);
  if (!at) return unexpected(at.error());
  Goal& g = next.goals[*at];
  auto& list = ruler == Ruler::readiness    ? g.readiness
               : ruler == Ruler::confidence ? g.confidence
                                            : g.importance;
  list.push_back({change.on, value});
  change.what = "rate_" + std::string{name(ruler)};
  return revise(plan, std::move(next), std::move(change));
}

Result<GoalPlanAnswer> set_stage(const GoalPlan& plan, std::string_view goal, MotivationStage stage,
                                 Change change) {
  GoalPlanVersion next = plan.now();
  const auto at = index_of(next, goal);
  if (!at) return unexpected(at.error());
  next.goals[*at].stages.push_back({stage, change.on});
  change.what = "stage";
  return revise(plan, std::move(next), std::move(change));
}

Result<GoalPlanAnswer> reach_milestone(const GoalPlan& plan, std::string_view goal,
                                       std::string_view milestone, std::optional<double> confidence,
                                       Change change) {
  GoalPlanVersion next = plan.now();
  const auto at = index_of(next, goal);
  if (!at) return unexpected(at.error());
  Goal& g = next.goals[*at];
  const auto m = std::ranges::find(g.milestones, milestone, &GoalMilestone::id);
  if (m == g.milestones.end()) {
    return unexpected(error_at(Errc::unknown_name, "milestone", std::nullopt, milestone,
                               "is not a milestone of the goal \"" + g.id + '"'));
  }
  if (!m->reached_on) m->reached_on = change.on;
  m->acknowledged = true;
  if (confidence) {
    m->confidence = confidence;
    g.confidence.push_back({change.on, *confidence});
  }
  change.what = "milestone";
  return revise(plan, std::move(next), std::move(change));
}

Result<GoalPlanAnswer> learn(const GoalPlan& plan, TriggerEntry entry, Change change) {
  GoalPlanVersion next = plan.now();
  const auto after = std::ranges::upper_bound(next.triggers, entry.on, {}, &TriggerEntry::on);
  next.triggers.insert(after, std::move(entry));
  change.what = "learn";
  return revise(plan, std::move(next), std::move(change));
}

}  // namespace ombre::inline v0::plans
