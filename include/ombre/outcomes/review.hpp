#pragma once
/// @file
/// Review after a lapse or relapse, or simply when it is time: what happened, what it may mean,
/// what stays achieved, what to focus on now, and what must happen at once for safety.
///
/// A lapse re-focuses a plan. There is no operation, state or word here that ends care, calls a
/// person's effort a failure, or sets anything back to zero: what was reached stays reached.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/context/situation.hpp"
#include "ombre/core/date.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/core/source.hpp"
#include "ombre/plans/goal_plan.hpp"
#include "ombre/plans/network.hpp"
#include "ombre/plans/progress.hpp"
#include "ombre/plans/score_change.hpp"
#include "ombre/timeline/episodes.hpp"
#include "ombre/timeline/grid.hpp"
#include "ombre/timeline/missing.hpp"

namespace ombre::inline v0::outcomes {

/// One substance's days of the person. The days must outlive the review. A medicine taken as
/// prescribed, agonist treatment above all, is not use: leave it out.
struct UseHistory {
  std::string substance;
  std::string unit{};
  timeline::DayView days;  ///< calendar days
};
/// All series of one person of a grid. @par Errors unknown_name (person), contradiction (study days
/// instead of dates)
[[nodiscard]] OMBRE_EXPORT Result<std::vector<UseHistory>> use_history(const timeline::Grid& grid,
                                                                       std::string_view person);

/// Where a change lies: in what is taken, in the person, or around them.
enum class FactorDomain : std::uint8_t { drug, set, setting };
/// A change in drug, set or setting since somebody last looked.
struct FactorChange {
  Date on;
  FactorDomain domain = FactorDomain::setting;
  std::string what;              ///< "lost the flat", "new antidepressant"
  std::optional<bool> burden{};  ///< true: harder; false: a support; empty: not clear
  bool medicine = false;         ///< a medicine was started, stopped or changed
  friend bool operator==(const FactorChange&, const FactorChange&) = default;
};

/// What is looked at besides the plan and the days.
struct ReviewInput {
  Date today;
  std::optional<Date> since{};  ///< the last review; empty: 28 days before today
  std::span<const FactorChange> changes{};
  bool asked_for_changes = false;                 ///< an empty list then means that there were none
  const plans::SocialNetwork* network = nullptr;  ///< contacts, disclosures, ways back
  std::span<const plans::HarmEntry> harms{};
  /// What was known of drug, set and setting at different times: how a substance is taken, and
  /// whether alone (situation_measures() in situation_changes.hpp).
  std::span<const context::Situation> situations{};
  /// Scores of life on different days (plans::life_scores), in any order.
  std::span<const plans::DatedScore> scores{};
  timeline::EpisodeRule rule{};
  timeline::MissingRule missing = timeline::MissingRule::exclude;
  std::string crisis_line{};  ///< the local number, shown as it is given
};

enum class Against : std::uint8_t { no_earlier, shorter, about_the_same, longer };

/// The last episode of use of one substance in the time looked at.
struct ReviewEpisode {
  std::string substance;
  std::string unit{};
  Date first;
  Date last;
  std::uint32_t days = 0;  ///< first to last; at most so many where `days_at_least` is set
  /// Set where days of which nothing is known leave open whether this was one time or several: the
  /// days from `sure_from` to the last, which were one. Such a length is compared with nothing.
  std::optional<std::uint32_t> days_at_least{};
  Date sure_from;  ///< first day of the part that was certainly one time; else `first`
  std::uint32_t use_days = 0;
  bool goes_on = false;          ///< not yet followed by the days that end an episode
  std::optional<double> mean{};  ///< per use day with a known amount
  std::optional<double> largest{};
  std::optional<std::uint32_t> days_before{};  ///< days without use before it
  bool at_least = false;               ///< nothing is known further back: `days_before` may be more
  std::size_t earlier = 0;             ///< episodes before it
  std::optional<double> usual_days{};  ///< median of the earlier ones
  std::optional<double> usual_before{};  ///< median of the intervals before
  std::optional<double> usual_mean{};    ///< median of their means
  Against length = Against::no_earlier;
  Against interval = Against::no_earlier;
  Against amount = Against::no_earlier;
  /// Theil-Sen slopes per episode; nothing with fewer than three. Below 0: episodes get shorter.
  std::optional<double> length_trend{};
  std::optional<double> interval_trend{};
  std::vector<std::string> goals{};  ///< ids of the open goals it concerns
};

/// Weeks against an agreed limit.
struct ReviewWeeks {
  std::string goal;
  std::string substance;
  std::string unit{};
  plans::PlannedAgainstAchieved course;
  std::optional<double> last_week{};  ///< of the last whole week that is known
  std::optional<double> limit{};      ///< in force in that week
  std::optional<double> usual{};      ///< median of the last four known weeks
  /// The days those weeks span; weeks in between may not be known. Weeks that ended more than 28
  /// days before the review are old: what is proposed from them says so.
  std::optional<DateRange> usual_of{};
};

/// What a lapse may mean. Several at once are usual; at least one is always looked at.
enum class SignalKind : std::uint8_t {
  goal_too_steep,
  new_stressor,
  trigger_learned,
  medication_change,
  setting_change,
  tolerance_danger,
  disconnection
};
enum class SignalStrength : std::uint8_t { present, possible, not_seen, not_known };
struct Signal {
  SignalKind kind = SignalKind::goal_too_steep;
  SignalStrength strength = SignalStrength::not_known;
  std::string says;
  std::string goal{};  ///< where it is about one
};

/// What to focus on. The list is complete.
enum class RefocusKind : std::uint8_t {
  ease,  ///< a gentler goal for a while
  hold,  ///< stay where it is
  add_support,
  raise_contact,
  learn,  ///< look at what happened, together
  prepare_way_back,
  keep_going  ///< what is done works
};
struct Refocus {
  RefocusKind kind = RefocusKind::keep_going;
  std::string says;
  std::string goal{};
  std::string substance{};
  std::optional<double> weekly_limit{};  ///< ease: a limit that fits the last weeks
  std::string unit{};
  std::vector<SignalKind> because{};
};

enum class Urgency : std::uint8_t { now, today, this_week };
/// The kinds of steps a review may ask for, each with its source.
struct SafetyRule {
  std::string_view id;
  const Source* source = nullptr;
  Confidence confidence = Confidence::proposal;
};
[[nodiscard]] OMBRE_EXPORT std::span<const SafetyRule> safety_rules() noexcept;
struct SafetyStep {
  std::string_view id;  ///< one of safety_rules()
  Urgency urgency = Urgency::today;
  std::string says;
  const Source* source = nullptr;
  Confidence confidence = Confidence::proposal;
  /// The source as it was cited when the review was written, where that is no longer how it is
  /// cited; empty otherwise.
  std::string cited{};
};

struct Review {
  std::string plan;  ///< id
  Date today;
  Date since;
  std::int32_t gap_days = 7;  ///< days without use that end an episode; results depend on it
  std::vector<ReviewEpisode> episodes{};
  std::vector<ReviewWeeks> weeks{};
  std::vector<Signal> signals{};      ///< present first, then possible, not known, not seen
  std::vector<std::string> stands{};  ///< what stays achieved
  std::vector<Refocus> refocus{};     ///< most fitting first
  std::vector<SafetyStep> now{};      ///< most urgent first
  plans::ChangeVector change{};       ///< the last 28 days against `compared_with`
  std::optional<DateRange> compared_with{};
  std::vector<std::string> to_ask{};  ///< what nobody has asked yet
};

/// Reviews a plan against a person's days.
///
/// Episodes are those of timeline::use_episodes under `input.rule`; goals concern a substance when
/// they name it by any of its names, abstinence without a named substance concerns all. Weeks are
/// those of the agreed limits, from Monday; a week counts when all its days are known.
/// The change vector compares the last 28 days with the 28 days before the first open use goal was
/// opened, or, where those are not known, with the first 28 days known; an axis needs half of the
/// days of a window. Of situations and scores the last ones up to the end of the earlier window (or
/// else the first ones of all) are set beside the last ones up to today. A score without a margin
/// is asked about, not judged.
/// Cost: linear in days, and quadratic in episodes (slopes). Below 1 ms for five years of days.
/// @par Errors out_of_range (since after today), those of timeline::use_episodes and of
/// plans::check_network
[[nodiscard]] OMBRE_EXPORT Result<Review> review(const plans::GoalPlan& plan,
                                                 std::span<const UseHistory> use,
                                                 const ReviewInput& input);

/// The review as a page for the person and the team to read together.
[[nodiscard]] OMBRE_EXPORT std::string page(const Review& review);

/// The next version of the plan with the chosen proposals carried out: limits eased or held,
/// support and contact added as activities, the next review within a week. Nothing reached is
/// touched.
/// @param chosen  places in `review.refocus`
/// @par Errors out_of_range (a place that is not there), those of plans::revise
[[nodiscard]] OMBRE_EXPORT Result<plans::GoalPlanAnswer> refocus(
    const plans::GoalPlan& plan, const Review& review, std::span<const std::size_t> chosen,
    plans::Change change);

}  // namespace ombre::inline v0::outcomes

// The names of the enumerations, found like those of plans.
namespace ombre::inline v0::plans {
template <>
inline constexpr bool has_names<outcomes::FactorDomain> = true;
template <>
OMBRE_EXPORT std::span<const std::string_view> names_of<outcomes::FactorDomain>() noexcept;
template <>
inline constexpr bool has_names<outcomes::Against> = true;
template <>
OMBRE_EXPORT std::span<const std::string_view> names_of<outcomes::Against>() noexcept;
template <>
inline constexpr bool has_names<outcomes::SignalKind> = true;
template <>
OMBRE_EXPORT std::span<const std::string_view> names_of<outcomes::SignalKind>() noexcept;
template <>
inline constexpr bool has_names<outcomes::SignalStrength> = true;
template <>
OMBRE_EXPORT std::span<const std::string_view> names_of<outcomes::SignalStrength>() noexcept;
template <>
inline constexpr bool has_names<outcomes::RefocusKind> = true;
template <>
OMBRE_EXPORT std::span<const std::string_view> names_of<outcomes::RefocusKind>() noexcept;
template <>
inline constexpr bool has_names<outcomes::Urgency> = true;
template <>
OMBRE_EXPORT std::span<const std::string_view> names_of<outcomes::Urgency>() noexcept;
}  // namespace ombre::inline v0::plans
