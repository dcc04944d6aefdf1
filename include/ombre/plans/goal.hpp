#pragma once
/// @file
/// Goals, each in the person's own words: about one substance, about harm, or about life.
/// Abstinence is one aim among others and none is the lesser one.
///
/// A goal is a value; plans/goal_plan.hpp keeps its versions. There is no state for failing: a goal
/// is worked on, rests, is reached, grows into another one, or is let go by the person.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/date.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/core/source.hpp"
#include "ombre/plans/history.hpp"
#include "ombre/plans/names.hpp"

namespace ombre::inline v0::plans {

/// What a goal is about.
enum class GoalAim : std::uint8_t {
  abstain,       ///< none of the named substances; of all of them where none is named
  abstain_some,  ///< none of the named substances, whatever becomes of others
  reduce,        ///< less: smaller amounts, fewer days, lower peaks
  stabilise,     ///< keep it where it is, or within a pattern
  safer_use,     ///< the same use with less danger
  reduce_harm,   ///< less of a named harm, whether or not use changes
  life,          ///< something in life, independent of use
  undecided      ///< not decided, and welcome so
};
/// Aims that are about use itself. Harm, life and undecided are not.
[[nodiscard]] constexpr bool about_use(GoalAim aim) noexcept {
  return aim == GoalAim::abstain || aim == GoalAim::abstain_some || aim == GoalAim::reduce ||
         aim == GoalAim::stabilise || aim == GoalAim::safer_use;
}

/// Where a goal stands.
enum class GoalStatus : std::uint8_t {
  open,     ///< worked on, or waiting for its turn
  resting,  ///< laid aside for a while; taken up again whenever the person likes
  reached,
  grown,  ///< became another goal, which names this one in `grew_from`
  let_go  ///< the person wants something else now
};

/// Stage of motivation for one goal, an axis of its own beside use. Source: Prochaska & DiClemente,
/// J Consult Clin Psychol 51:390 (1983).
enum class MotivationStage : std::uint8_t {
  precontemplation,
  contemplation,
  preparation,
  action,
  maintenance,
  recycling  ///< on the way round again, with more experience than before
};

struct StageEntry {
  MotivationStage stage = MotivationStage::contemplation;
  Date on;
  friend bool operator==(const StageEntry&, const StageEntry&) = default;
};

/// A ruler from 0 to 10, rated by the person.
struct Rating {
  Date on;
  double value = 0;
  friend bool operator==(const Rating&, const Rating&) = default;
};

/// A limit for one week of one substance, agreed on. Several with rising `from` make a path.
struct WeeklyGoal {
  std::string substance;
  Date from;          ///< holds from this day until the next entry of the same substance
  double amount = 0;  ///< most in a week, >= 0
  std::string unit;   ///< as in the records of use: "drink_us", "g"
  std::optional<double> most_on_a_day{};
  std::optional<int> most_days{};  ///< days of use a week, 0 to 7
  std::vector<Actor> agreed_by{};  ///< empty: the person's own
  std::optional<Date> review{};
  friend bool operator==(const WeeklyGoal&, const WeeklyGoal&) = default;
};

/// A point on the way worth noticing, with the confidence that goes with it.
struct GoalMilestone {
  std::string id;
  std::string words;
  std::string axis;  ///< what is looked at: "amount", "days", "weeks of work", free
  std::optional<double> threshold{};
  bool at_least = true;    ///< reached at or above the threshold; false: at or below
  int sustained_days = 0;  ///< for so many days
  std::optional<Date> reached_on{};
  bool acknowledged = false;           ///< somebody said so, and it was celebrated
  std::optional<double> confidence{};  ///< 0 to 10, rated again when it was reached
  friend bool operator==(const GoalMilestone&, const GoalMilestone&) = default;
};

/// Goal Attainment Scaling of one goal: what each of the five levels would look like.
struct AttainmentScale {
  std::array<std::string, 5> levels{};  ///< -2 .. +2; index 2 is the expected outcome
  double weight = 1;                    ///< > 0
  int baseline = -1;                    ///< usually -1; -2 where it cannot get worse
  struct Score {
    Date on;
    int level = 0;  ///< -2 .. 2
    friend bool operator==(const Score&, const Score&) = default;
  };
  std::vector<Score> scores{};  ///< ascending by day
  friend bool operator==(const AttainmentScale&, const AttainmentScale&) = default;
};

/// This goal (or activity) comes after another one.
struct GoalNeed {
  std::string goal;
  std::string why{};
  /// The person wants it so. Without it, nothing in life may wait for a goal about use.
  bool person_says_so = false;
  friend bool operator==(const GoalNeed&, const GoalNeed&) = default;
};

/// One goal.
struct Goal {
  std::string id;     ///< lower case letters, digits, '-' and '_'
  std::string words;  ///< the person's own
  GoalAim aim = GoalAim::undecided;
  std::vector<std::string> substances{};  ///< for aims about use; may be empty where undecided
  std::string domain{};                   ///< life: one of life_domains(), or the caller's own
  std::string harm{};                     ///< reduce_harm: a harm of context, by id or words
  GoalStatus status = GoalStatus::open;
  Date opened;
  std::optional<Date> wanted_by{};
  std::optional<int> days_expected{};  ///< how long it may take once it has begun, >= 0
  std::vector<GoalNeed> needs{};
  bool may_evolve = true;   ///< it may become another goal; no end is fixed
  std::string grew_from{};  ///< id of the goal this one grew from
  std::vector<WeeklyGoal> weekly{};
  std::vector<GoalMilestone> milestones{};
  std::vector<StageEntry> stages{};  ///< ascending by day
  std::vector<Rating> readiness{};   ///< ascending by day
  std::vector<Rating> confidence{};
  std::vector<Rating> importance{};
  std::optional<AttainmentScale> scale{};
  friend bool operator==(const Goal&, const Goal&) = default;

  [[nodiscard]] bool about_use() const noexcept { return plans::about_use(aim); }
};

/// More weekly limits, milestones, needs or substances than this are refused: beyond any plan that
/// people make, and checks compare entries with each other.
inline constexpr std::size_t most_goal_entries = 500;

/// Checks one goal by itself: id, ranges, order of dated entries, what its aim needs.
/// Aims about use name at least one substance, except `abstain` (all) ; `life` names its domain,
/// `reduce_harm` its harm.
/// @param path  how the goal is called in messages, such as "goals[2]"
/// @par Errors missing, malformed, out_of_range, contradiction, not_finite, duplicate, too_large,
/// with the member's path
[[nodiscard]] OMBRE_EXPORT Result<void> check_goal(const Goal& goal, std::string_view path);

/// True where `text` is a usable id: 1 to 64 of a-z, 0-9, '-' and '_'.
[[nodiscard]] OMBRE_EXPORT bool is_id(std::string_view text) noexcept;

/// The weekly limit in force for a substance on a day, or null.
[[nodiscard]] OMBRE_EXPORT const WeeklyGoal* weekly_goal_on(const Goal& goal,
                                                            std::string_view substance,
                                                            Date day) noexcept;

/// A domain of life.
struct LifeDomain {
  std::string_view id;
  std::string_view says;
};
/// Eight dimensions of wellness; callers may use domains of their own as well.
/// Source: SAMHSA, Creating a healthier life: a step-by-step guide to wellness (2016).
[[nodiscard]] OMBRE_EXPORT std::span<const LifeDomain> life_domains() noexcept;
[[nodiscard]] OMBRE_EXPORT const Source& life_domains_source() noexcept;

template <>
inline constexpr bool has_names<GoalAim> = true;
template <>
OMBRE_EXPORT std::span<const std::string_view> names_of<GoalAim>() noexcept;
template <>
inline constexpr bool has_names<GoalStatus> = true;
template <>
OMBRE_EXPORT std::span<const std::string_view> names_of<GoalStatus>() noexcept;
template <>
inline constexpr bool has_names<MotivationStage> = true;
template <>
OMBRE_EXPORT std::span<const std::string_view> names_of<MotivationStage>() noexcept;

}  // namespace ombre::inline v0::plans
