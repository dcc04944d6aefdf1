#pragma once
/// @file
/// Day-level abstinence as data: how records are cleaned and filled, and which measures are asked
/// for. outcomes/abstinence.hpp applies them; io/abstinence_json.hpp reads and writes them.
///
/// The rules are those of the Python package abstcal 0.9 (Cui, MIT licence 2018), in which tobacco
/// trials are scored, for any substance with an amount per day. Where that package does something
/// else than it documents, the default here is what is documented and `published` is what it does.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ombre/core/explain.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"

namespace ombre::inline v0::outcomes {

/// What to do with several records of one person for one day (amounts), or one visit (days).
enum class DuplicateRule : std::uint8_t {
  keep,     ///< leave them all
  min,      ///< one record with the smallest value (earliest day)
  max,      ///< one record with the largest value (latest day)
  mean,     ///< one record with the mean; the mean of days is rounded down to a whole day
  drop_all  ///< none of them
};

/// Amounts outside [lowest, highest]; the bounds themselves are inside.
struct OutlierRule {
  double lowest = 0;
  double highest = 0;
  bool drop = true;  ///< false: move to the nearer bound
  friend bool operator==(const OutlierRule&, const OutlierRule&) = default;
};

/// What stands on days between two records.
enum class GapFill : std::uint8_t {
  none,     ///< nothing; then no last record is added and nothing is overridden either
  linear,   ///< a straight line from one amount to the other
  uniform,  ///< the mean of the two amounts
  fixed     ///< a stated amount
};

/// The record added on the day after a person's last one.
enum class LastRecord : std::uint8_t {
  none,
  carry_forward,  ///< with the last amount
  fixed           ///< with a stated amount
};

/// How a gap limit is meant.
enum class GapLimitRule : std::uint8_t {
  documented,  ///< records more than the limit apart: the days between get cutoff + 1
  published    ///< the original: limit 0 gives every gap cutoff + 1, any other limit does nothing
};

/// A second measure (carbon monoxide, cotinine, urine) that can overrule a self-report.
struct BiochemicalRule {
  double cutoff = 0;  ///< an amount above this says: not abstinent
  /// Each measured amount a > cutoff also stands for day d - k with a * 2^(k / half_life_days),
  /// for k = 1..max_days, unless an earlier record of the person already stands there.
  double half_life_days = 1;
  std::int32_t max_days = 0;
  DuplicateRule duplicates = DuplicateRule::mean;
  std::optional<OutlierRule> outliers;
  /// Amount a contradicted self-report gets; empty: self-report cutoff + 1.
  std::optional<double> overridden_amount;
  friend bool operator==(const BiochemicalRule&, const BiochemicalRule&) = default;
};

/// Where missing visits are put.
enum class VisitFill : std::uint8_t {
  none,
  most_frequent,  ///< anchor + the most frequent distance; tie: met first by order of person
  mean,           ///< anchor + the mean distance, cut towards 0 to whole days
  table           ///< anchor + a stated number of days
};

/// Whose silence counts as use.
enum class AbstinenceMode : std::uint8_t {
  intention_to_treat,  ///< everything counts, also what was filled in; no value means no (0)
  responders_only      ///< filled-in records and visits are invisible; no value is missing
};

[[nodiscard]] OMBRE_EXPORT std::string_view name(DuplicateRule rule) noexcept;
[[nodiscard]] OMBRE_EXPORT std::string_view name(GapFill fill) noexcept;
[[nodiscard]] OMBRE_EXPORT std::string_view name(LastRecord rule) noexcept;
[[nodiscard]] OMBRE_EXPORT std::string_view name(GapLimitRule rule) noexcept;
[[nodiscard]] OMBRE_EXPORT std::string_view name(VisitFill fill) noexcept;
[[nodiscard]] OMBRE_EXPORT std::string_view name(AbstinenceMode mode) noexcept;

/// How records are cleaned and filled before measures are taken.
///
/// Order: incomplete records are dropped on reading; duplicates; outliers; last record;
/// biochemical override; gaps; visits.
struct AbstinenceRules {
  std::string name = "default";
  double cutoff = 0;  ///< a day with amount <= cutoff is abstinent
  DuplicateRule duplicates = DuplicateRule::mean;
  std::optional<OutlierRule> outliers;
  GapFill gaps = GapFill::linear;
  double gap_amount = 0;                  ///< read where gaps is fixed
  std::optional<std::int32_t> gap_limit;  ///< days between two records; empty: no limit
  GapLimitRule gap_limit_rule = GapLimitRule::documented;
  LastRecord last_record = LastRecord::carry_forward;
  double last_amount = 0;  ///< read where last_record is fixed
  std::optional<BiochemicalRule> biochemical;
  DuplicateRule visit_duplicates = DuplicateRule::mean;
  VisitFill visits = VisitFill::most_frequent;
  /// Days from the anchor visit, by visit; read where visits is table.
  std::vector<std::pair<std::string, std::int32_t>> visit_table;
  /// Visit the others are placed from; empty: the one that most often is a person's earliest
  /// (tie: the first in order of visits).
  std::optional<std::string> anchor_visit;
  AbstinenceMode mode = AbstinenceMode::intention_to_treat;
  bool including_end = false;  ///< windows end after the day of the end visit, not before it
  friend bool operator==(const AbstinenceRules&, const AbstinenceRules&) = default;
};

/// @par Errors not_finite, out_of_range, duplicate, missing; the field is a path such as
/// "biochemical.half_life_days"
[[nodiscard]] OMBRE_EXPORT Result<void> validate(const AbstinenceRules& rules);

/// What ends prolonged abstinence.
enum class LapseKind : std::uint8_t {
  any,     ///< the first record above the cutoff
  amount,  ///< so much in all
  days     ///< so many records above the cutoff
};

/// When a running total has reached its threshold.
enum class LapseAt : std::uint8_t {
  published,  ///< at least the threshold without a window, more than it within one
  at_least,
  more_than
};

/// What a window of L days is made of.
enum class LapseWindow : std::uint8_t {
  rows,  ///< the original: rows of the person's table, which are days where it has no holes
  days   ///< calendar days, whatever the table looks like
};

/// "no lapse", "5 units", "3 days", "5 units/7 days", "3 days/7 days".
///
/// Without a window the running total of the visible records in the measure's window counts. With
/// one, each record above the cutoff opens a window of `window_days`; the lapse is the record at
/// which the total in the first window to get there reaches the threshold.
struct LapseCriterion {
  LapseKind kind = LapseKind::any;
  double threshold = 0;  ///< > 0 (amount), whole (days); not read for any
  std::optional<std::int32_t> window_days;
  LapseAt at = LapseAt::published;
  LapseWindow window = LapseWindow::rows;
  friend bool operator==(const LapseCriterion&, const LapseCriterion&) = default;
};

/// Reads "no lapse", "N units" (any word but day and days is a unit: "5 cigs"), "N days",
/// "N units/L days", "N days/L days". `at` and `window` keep their defaults.
/// @par Errors malformed, out_of_range
[[nodiscard]] OMBRE_EXPORT Result<LapseCriterion> parse_lapse(std::string_view text);
/// The same text back ("5 units/7 days").
[[nodiscard]] OMBRE_EXPORT std::string text(const LapseCriterion& criterion);

enum class AbstinenceKind : std::uint8_t {
  continuous,        ///< from the start visit to the end visit
  point_prevalence,  ///< the last `days` days before the end visit
  prolonged          ///< from the quit visit and `grace_days` on to the end visit, by `lapse`
};

[[nodiscard]] OMBRE_EXPORT std::string_view name(AbstinenceKind kind) noexcept;
[[nodiscard]] OMBRE_EXPORT std::string_view name(LapseAt at) noexcept;
[[nodiscard]] OMBRE_EXPORT std::string_view name(LapseWindow window) noexcept;

/// One measure. Windows are half-open: the start day belongs to them, the end day does not.
struct AbstinenceMeasure {
  std::string id;
  AbstinenceKind kind = AbstinenceKind::continuous;
  std::string start_visit;  ///< continuous: start, prolonged: quit visit; else empty
  std::string end_visit;
  std::int32_t days = 0;        ///< point prevalence, >= 1
  std::int32_t grace_days = 0;  ///< prolonged, >= 0
  LapseCriterion lapse;         ///< prolonged
  friend bool operator==(const AbstinenceMeasure&, const AbstinenceMeasure&) = default;
};

/// An id from what the measure is: "cont_v1_v4", "pp7_v4", "prol_q1_g14_5units_per_7days_v4".
[[nodiscard]] OMBRE_EXPORT std::string default_id(const AbstinenceMeasure& measure);

/// @par Errors missing (id, visits), out_of_range, not_finite
[[nodiscard]] OMBRE_EXPORT Result<void> validate(const AbstinenceMeasure& measure);

/// Measures, lapse criteria and modes in words, for `ombre explain`.
[[nodiscard]] OMBRE_EXPORT std::vector<Explanation> explain_abstinence();

}  // namespace ombre::inline v0::outcomes
