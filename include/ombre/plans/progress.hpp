#pragma once
/// @file
/// Progress: every axis by itself, each with its own margin. Any improvement is success and is
/// named as such; what got worse stands beside it and is never hidden, and the two are never summed
/// up.

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
#include "ombre/plans/goal.hpp"
#include "ombre/plans/names.hpp"
#include "ombre/stats/reliable_change.hpp"

namespace ombre::inline v0::plans {

/// What is compared.
enum class ChangeAxis : std::uint8_t {
  amount,         ///< on days of use
  frequency,      ///< days of use in 28
  peak,           ///< largest day
  route_risk,     ///< days in 28 with the riskier route
  mixing,         ///< days in 28 with more than one substance
  use_alone,      ///< days in 28
  harms,          ///< counted, or a score such as SIP-2R
  connection,     ///< days in 28 with a contact
  life,           ///< a score or count of a domain of life
  self_efficacy,  ///< confidence
  readiness
};

/// How an axis is read, and the margin taken where none is given.
struct AxisInfo {
  ChangeAxis axis;
  std::string_view says;
  bool higher_is_better;
  /// Smallest change that counts: the larger of `margin` and `margin_share` of the value before.
  /// Empty: there is no usual one (a score has its own), and the measure must bring it.
  std::optional<double> margin;
  double margin_share;
  Confidence confidence;  ///< of the margin
};
[[nodiscard]] OMBRE_EXPORT std::span<const AxisInfo> axis_infos() noexcept;

/// Where a margin comes from.
enum class MarginKind : std::uint8_t {
  usual,     ///< axis_infos(), a proposal of this project
  reliable,  ///< the instrument's smallest reliable change
  own        ///< agreed with the person beforehand
};

struct Margin {
  double size = 0;  ///< >= 0, in the unit of the measure
  MarginKind kind = MarginKind::usual;
  friend bool operator==(const Margin&, const Margin&) = default;
};
/// The smallest reliable change of an instrument as a margin. @par Errors of stats::reliable_change
[[nodiscard]] OMBRE_EXPORT Result<Margin> reliable_margin(double sd, double reliability);

/// What a number stands for, where the number by itself says nothing: a route, yes or no.
struct MeasureWords {
  std::string what;      ///< "how heroin is taken", "using alone"
  std::string before{};  ///< "injected, 2026-01-05"; empty where not known
  std::string after{};
  friend bool operator==(const MeasureWords&, const MeasureWords&) = default;
};

/// One axis, before and after.
struct AxisMeasure {
  ChangeAxis axis = ChangeAxis::amount;
  std::string of{};                ///< which substance, domain or instrument
  std::optional<double> before{};  ///< empty: not known
  std::optional<double> after{};
  std::string unit{};
  std::optional<Margin> margin{};
  std::optional<bool> higher_is_better{};  ///< where a score runs the other way than its axis
  std::optional<MeasureWords> words{};     ///< said instead of the numbers
  friend bool operator==(const AxisMeasure&, const AxisMeasure&) = default;
};

enum class Direction : std::uint8_t { improved, same, worse, not_known };

struct AxisChange {
  AxisMeasure measure;
  Margin margin;  ///< the one that was used
  Direction direction = Direction::not_known;
  std::optional<double> change{};  ///< after - before
  friend bool operator==(const AxisChange&, const AxisChange&) = default;
};

/// All axes side by side, in the order given.
struct ChangeVector {
  std::vector<AxisChange> axes;
  [[nodiscard]] OMBRE_EXPORT std::size_t count(Direction direction) const noexcept;
  friend bool operator==(const ChangeVector&, const ChangeVector&) = default;
};

/// Compares. An axis improved when it moved the good way by at least its margin (and moved at all);
/// worse the same way round; `same` between.
/// @par Errors not_finite, out_of_range (margin), missing (a life or score axis without a margin)
[[nodiscard]] OMBRE_EXPORT Result<ChangeVector> compare(std::span<const AxisMeasure> measures);

/// Any improvement on any axis: that is success, whatever the other axes did.
[[nodiscard]] OMBRE_EXPORT bool any_positive(const ChangeVector& change) noexcept;
[[nodiscard]] OMBRE_EXPORT bool any_worse(const ChangeVector& change) noexcept;

/// Sentences: what got better first, then what got worse, then what stayed, then what is not known.
[[nodiscard]] OMBRE_EXPORT std::vector<std::string> describe(const ChangeVector& change);

// ---- one score against an instrument -----------------------------------------------------------

/// Classes of clinical significance. The names are those of the source.
enum class ClinicalClass : std::uint8_t { recovered, improved, unchanged, deteriorated };

struct ClinicalChange {
  stats::ReliableChange change;
  double cut_off = 0;
  bool crossed = false;  ///< from the one side of the cut-off to the other, in the wanted direction
  ClinicalClass cls = ClinicalClass::unchanged;
};

/// Reliable and crossed: recovered; reliable the good way: improved; reliable the other way:
/// deteriorated; else unchanged. "Recovered" speaks of this score only.
/// Source: Jacobson & Truax, J Consult Clin Psychol 59:12 (1991).
/// @param reliability  test-retest
/// @par Errors of stats::reliable_change
[[nodiscard]] OMBRE_EXPORT Result<ClinicalChange> clinical_change(double before, double after,
                                                                  double sd, double reliability,
                                                                  double cut_off,
                                                                  bool higher_is_better);

// ---- Goal Attainment Scaling -------------------------------------------------------------------

struct AttainedGoal {
  double weight = 1;  ///< > 0
  int level = 0;      ///< -2 .. 2
};

/// T-score: T = 50 + 10 sum(w x) / sqrt((1 - rho) sum(w^2) + rho (sum w)^2). Mean 50, SD 10 where
/// goals are set so that 0 is what is expected. Source: Kiresuk & Sherman, Community Ment Health J
/// 4:443 (1968); rho = 0.3 as there.
/// @par Errors empty_input, out_of_range, not_finite
[[nodiscard]] OMBRE_EXPORT Sourced<double> attainment_rho() noexcept;
[[nodiscard]] OMBRE_EXPORT Result<double> goal_attainment_t(std::span<const AttainedGoal> goals,
                                                            double rho = 0.3);

/// The T-score of all scaled goals on a day, from each goal's last score at or before it.
struct GoalAttainment {
  std::optional<double> t;           ///< nothing without a score
  std::optional<double> baseline_t;  ///< of the same goals at their baselines
  std::vector<std::string> scored{};
  std::vector<std::string> not_scored{};  ///< goals with a scale and no score yet
};
[[nodiscard]] OMBRE_EXPORT Result<GoalAttainment> goal_attainment(std::span<const Goal> goals,
                                                                  Date on);

// ---- how things move ---------------------------------------------------------------------------

/// How a ruler moved. Source: Theil-Sen slope, Kendall's tau-b.
struct RatingTrend {
  std::size_t n = 0;
  std::optional<double> first{};
  std::optional<double> last{};
  std::optional<double> per_30_days{};  ///< slope; nothing with fewer than 3 ratings
  std::optional<double> tau{};
};
/// Readiness, confidence or importance. @par Errors not_finite, too_large
[[nodiscard]] OMBRE_EXPORT Result<RatingTrend> rating_trend(std::span<const Rating> ratings);
/// The same, by the name the rulers are best known for.
[[nodiscard]] inline Result<RatingTrend> confidence_trend(const Goal& goal) {
  return rating_trend(goal.confidence);
}

/// Use of a week, as it was.
struct WeekTotal {
  Date first;
  std::optional<double> total{};  ///< nothing where too little of the week is known
};

/// What was planned against what was.
struct PlannedAgainstAchieved {
  std::size_t weeks = 0;                    ///< with a limit and a known total
  std::size_t within = 0;                   ///< of them, at or below the limit
  std::size_t recent_over = 0;              ///< of the last four of them, above
  std::optional<double> planned_a_week{};   ///< slope of the limits; negative: falling
  std::optional<double> achieved_a_week{};  ///< slope of what was used
  /// The limits fall faster than use does, and at least two of the last four weeks were above: the
  /// plan may ask for more than is possible now. Our proposal.
  bool too_steep = false;
};
/// @param weeks  ascending by day
/// @par Errors not_finite, too_large
[[nodiscard]] OMBRE_EXPORT Result<PlannedAgainstAchieved> planned_against_achieved(
    const Goal& goal, std::string_view substance, std::span<const WeekTotal> weeks);

/// Harms that happened, whatever happened with use.
struct HarmEntry {
  Date on;
  std::string harm;  ///< "overdose", "injury", "arrest"
  std::string words{};
  friend bool operator==(const HarmEntry&, const HarmEntry&) = default;
};
using HarmLedger = std::vector<HarmEntry>;
/// Harms per day of use; nothing without a day of use. Fewer harms at the same use is progress.
[[nodiscard]] OMBRE_EXPORT std::optional<double> consequences_per_use_day(
    std::uint64_t harms, std::uint64_t use_days) noexcept;

/// How use and something in life moved together, in words without cause.
struct UseAndLife {
  stats::LaggedCorrelation correlation;
  std::string says;
};
/// @param use,life  one value a step of time (a week, say), empty where not known
/// @param lag       steps by which life is looked at later
/// @param step      name of a step in words: "week"
/// @param use_called  what of use it is: "use", "days with alcohol"
/// @par Errors of stats::lagged_spearman
[[nodiscard]] OMBRE_EXPORT Result<UseAndLife> correlate(std::span<const std::optional<double>> use,
                                                        std::span<const std::optional<double>> life,
                                                        std::size_t lag,
                                                        std::string_view life_called,
                                                        std::string_view step = "week",
                                                        std::string_view use_called = "use");

/// What is known about coming back to use, for planning and never as a person's forecast:
/// 40 to 60 % of people treated, within a year; and how many serious attempts people needed.
struct RelapsePrior {
  double low = 0.4;
  double high = 0.6;
};
[[nodiscard]] OMBRE_EXPORT Sourced<RelapsePrior> relapse_prior() noexcept;
[[nodiscard]] OMBRE_EXPORT Sourced<double> median_recovery_attempts() noexcept;

template <>
inline constexpr bool has_names<ChangeAxis> = true;
template <>
OMBRE_EXPORT std::span<const std::string_view> names_of<ChangeAxis>() noexcept;
template <>
inline constexpr bool has_names<Direction> = true;
template <>
OMBRE_EXPORT std::span<const std::string_view> names_of<Direction>() noexcept;
template <>
inline constexpr bool has_names<MarginKind> = true;
template <>
OMBRE_EXPORT std::span<const std::string_view> names_of<MarginKind>() noexcept;
template <>
inline constexpr bool has_names<ClinicalClass> = true;
template <>
OMBRE_EXPORT std::span<const std::string_view> names_of<ClinicalClass>() noexcept;

}  // namespace ombre::inline v0::plans
