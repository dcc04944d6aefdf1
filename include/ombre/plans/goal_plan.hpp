#pragma once
/// @file
/// The goal plan: a person's goals, what is done for them, and how both changed. Made by the person
/// together with whom they choose; a taper is one activity of it.
///
/// A plan is a value with versions (plans/history.hpp). Guards look at every version: they warn,
/// and they refuse what takes the plan out of the person's hands. Nothing here ends care, and no
/// word of it fails, resets or sends away anybody for using.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ombre/core/date.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/plans/experiment.hpp"
#include "ombre/plans/goal.hpp"
#include "ombre/plans/guard.hpp"
#include "ombre/plans/history.hpp"
#include "ombre/plans/names.hpp"
#include "ombre/plans/safer_use.hpp"
#include "ombre/plans/taper.hpp"
#include "ombre/plans/trigger_log.hpp"

namespace ombre::inline v0::plans {

/// What is done for a goal.
enum class ActivityKind : std::uint8_t {
  taper,      ///< see Activity::taper
  trial,      ///< trial of moderation, sobriety sampling: see WarmTurkey
  safer_use,  ///< carrying out a safer-use plan
  medicine,   ///< agonist treatment and other medicines
  counselling,
  trauma_work,  ///< beside whatever happens with use, not after it
  mental_health,
  health_care,
  skills,
  group,
  peer_support,
  mutual_help,
  education,
  housing,
  work_or_study,
  family,
  referral,
  detox_preparation,
  detox,
  aftercare,  ///< what goes on when a goal is reached or a stay ends
  contact,    ///< agreed calls and visits
  other
};

/// A long planned phase with less use: trial moderation, gradual tapering, or a while without.
/// Source: Miller & Page, J Subst Abuse Treat 8:227 (1991).
struct WarmTurkey {
  enum class Way : std::uint8_t { trial_moderation, tapering_down, sobriety_sampling };
  Way way = Way::tapering_down;
  std::string substance;
  Date first;
  std::optional<Date> last{};
  int review_every_days = 7;    ///< >= 1
  std::optional<double> low{};  ///< band aimed at, a week, in `unit`
  std::optional<double> high{};
  std::string unit{};
  friend bool operator==(const WarmTurkey&, const WarmTurkey&) = default;
};

/// One thing that is done.
struct Activity {
  std::string id;
  ActivityKind kind = ActivityKind::other;
  std::string words;
  std::vector<std::string> goals{};  ///< ids of the goals it serves
  std::vector<std::string> with{};   ///< ids of people of the network
  std::optional<Date> first{};
  std::optional<Date> last{};     ///< empty: goes on
  std::vector<GoalNeed> after{};  ///< goals it waits for; none about use, unless the person says
  std::optional<WarmTurkey> phase{};
  /// kind taper: id of the taper plan, and the plan itself where it is at hand. Files hold the id.
  std::string taper_plan{};
  std::shared_ptr<const TaperPlan> taper{};
  /// kind mutual_help: whether the meeting asks for a wish to stop; empty: not known.
  std::optional<bool> asks_for_wish_to_stop{};
  friend bool operator==(const Activity&, const Activity&) = default;
};

/// One part of the first, full look at somebody's life, inside and outside. Empty `words`: asked,
/// and nothing said; an area that is not listed was not asked.
struct NeedsEntry {
  std::string area;  ///< one of needs_areas(), or the caller's own
  std::string words{};
  Date on;
  friend bool operator==(const NeedsEntry&, const NeedsEntry&) = default;
};
/// Areas after the Addiction Severity Index and the ASAM dimensions, with what keeps somebody away
/// from care and what use means to them added. Sources in needs_areas_source().
[[nodiscard]] OMBRE_EXPORT std::span<const std::string_view> needs_areas() noexcept;
[[nodiscard]] OMBRE_EXPORT const Source& needs_areas_source() noexcept;

/// One version.
struct GoalPlanVersion {
  PlanStatus status = PlanStatus::draft;
  std::vector<Actor> made_by;  ///< the person among them
  std::vector<Goal> goals;
  std::vector<Activity> activities{};
  std::vector<SaferUsePlan> safer_use{};
  std::vector<Experiment> experiments{};
  std::vector<TriggerEntry> triggers{};  ///< ascending by day
  std::vector<NeedsEntry> needs{};
  std::vector<std::string> reasons{};      ///< why the person came, and what they value
  std::vector<std::string> preferences{};  ///< structure, groups, mornings: how help fits them
  std::vector<std::string> barriers{};     ///< what keeps them away: "fear of withdrawal"
  std::optional<Date> next_review{};
  SafetyFacts facts{};
  std::vector<RuleFinding> findings{};  ///< filled by the library
};

/// A goal plan and all its versions.
class OMBRE_EXPORT GoalPlan {
 public:
  GoalPlan(std::string id, History<GoalPlanVersion> history)
      : id_{std::move(id)}, history_{std::move(history)} {}

  [[nodiscard]] const std::string& id() const noexcept { return id_; }
  [[nodiscard]] const History<GoalPlanVersion>& history() const noexcept { return history_; }
  [[nodiscard]] const GoalPlanVersion& now() const noexcept { return history_.current(); }
  [[nodiscard]] std::size_t version() const noexcept { return history_.version(); }
  [[nodiscard]] const Goal* goal(std::string_view id) const noexcept;
  [[nodiscard]] GoalPlan as_of(std::size_t version) const { return {id_, history_.as_of(version)}; }

 private:
  std::string id_;
  History<GoalPlanVersion> history_;
};

/// Answer to a new version. Refused: findings and no plan; what was there stays as it was.
struct GoalPlanAnswer {
  Answer answer = Answer::allowed;
  std::vector<RuleFinding> findings;  ///< worst first
  std::optional<GoalPlan> plan{};
};

inline constexpr std::size_t most_goals_of_a_plan = 500;

/// First version of a plan. Findings about dates are as of `change.on`.
/// @par Errors what cannot be used, with its path ("goals[1].weekly[0].amount"); a circle of goals
[[nodiscard]] OMBRE_EXPORT Result<GoalPlanAnswer> make_goal_plan(std::string id,
                                                                 GoalPlanVersion first,
                                                                 Change change);

/// One more version, looked at by all guards. All operations below end here.
/// @par Errors as make_goal_plan; contradiction where `change.on` is before the last change
[[nodiscard]] OMBRE_EXPORT Result<GoalPlanAnswer> revise(const GoalPlan& plan, GoalPlanVersion next,
                                                         Change change);

/// The person says yes to the plan. Nobody else can: refused, by a rule that nobody overrides.
[[nodiscard]] OMBRE_EXPORT Result<GoalPlanAnswer> accept(const GoalPlan& plan, Change change);

/// Adds a goal, or replaces the one of that id.
[[nodiscard]] OMBRE_EXPORT Result<GoalPlanAnswer> set_goal(const GoalPlan& plan, Goal goal,
                                                           Change change);
/// A goal grows into another: the old one stays in the plan as `grown`, the new one names it.
/// @par Errors unknown_name; contradiction (the goal is not open, or says that it may not evolve)
[[nodiscard]] OMBRE_EXPORT Result<GoalPlanAnswer> grow_goal(const GoalPlan& plan,
                                                            std::string_view from, Goal into,
                                                            Change change);
/// Open, resting, reached or let go. Only the person lets a goal go.
/// @par Errors unknown_name, contradiction (`grown`: use grow_goal)
[[nodiscard]] OMBRE_EXPORT Result<GoalPlanAnswer> set_status(const GoalPlan& plan,
                                                             std::string_view goal,
                                                             GoalStatus status, Change change);
/// Adds an activity, or replaces the one of that id.
[[nodiscard]] OMBRE_EXPORT Result<GoalPlanAnswer> set_activity(const GoalPlan& plan,
                                                               Activity activity, Change change);
enum class Ruler : std::uint8_t { readiness, confidence, importance };
/// @par Errors unknown_name, out_of_range (0 to 10)
[[nodiscard]] OMBRE_EXPORT Result<GoalPlanAnswer> rate(const GoalPlan& plan, std::string_view goal,
                                                       Ruler ruler, double value, Change change);
[[nodiscard]] OMBRE_EXPORT Result<GoalPlanAnswer> set_stage(const GoalPlan& plan,
                                                            std::string_view goal,
                                                            MotivationStage stage, Change change);
/// A milestone was reached: the day is noted, it is acknowledged, and confidence rated again.
/// @par Errors unknown_name, out_of_range
[[nodiscard]] OMBRE_EXPORT Result<GoalPlanAnswer> reach_milestone(const GoalPlan& plan,
                                                                  std::string_view goal,
                                                                  std::string_view milestone,
                                                                  std::optional<double> confidence,
                                                                  Change change);
/// Notes what was learned.
[[nodiscard]] OMBRE_EXPORT Result<GoalPlanAnswer> learn(const GoalPlan& plan, TriggerEntry entry,
                                                        Change change);

/// Every guard over one version, worst first. `today` decides what lies in the past.
[[nodiscard]] OMBRE_EXPORT std::vector<RuleFinding> goal_plan_findings(
    const GoalPlanVersion& version, Date today);
/// The guards themselves, for `ombre explain` and for tests.
[[nodiscard]] OMBRE_EXPORT std::vector<const GuardRule*> goal_plan_rules();

template <>
inline constexpr bool has_names<ActivityKind> = true;
template <>
OMBRE_EXPORT std::span<const std::string_view> names_of<ActivityKind>() noexcept;
template <>
inline constexpr bool has_names<WarmTurkey::Way> = true;
template <>
OMBRE_EXPORT std::span<const std::string_view> names_of<WarmTurkey::Way>() noexcept;
template <>
inline constexpr bool has_names<Ruler> = true;
template <>
OMBRE_EXPORT std::span<const std::string_view> names_of<Ruler>() noexcept;

}  // namespace ombre::inline v0::plans
