#pragma once
/// @file
/// A trial's design as data: study days, planned visits, weeks, phases, what counts as use.
///
/// Nothing here is special to one trial. A TrialSchedule says, for people by how often they were
/// randomised, which days belong to the study, on which days a visit was planned and within which
/// window it could be attended, where week 1 begins and where phases change; and, for the whole
/// trial, which rows of a visit table mean "attended" and which substances count for which arm.
/// timeline/attendance.hpp and timeline/weekly_words.hpp turn dated records into attendance and
/// weekly words by it. io/schedule_json.hpp reads and writes the same as JSON.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/explain.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/timeline/absent_day.hpp"

namespace ombre::inline v0::timeline {

/// A day counted from something in a person's own history: from day zero (consent) where
/// `randomization` is 0, else from the first, second, ... randomisation. `offset` is in days and
/// may be negative.
struct AnchoredDay {
  std::uint8_t randomization = 0;
  std::int32_t offset = 0;
  friend bool operator==(const AnchoredDay&, const AnchoredDay&) = default;
};

/// `consent-30`, `randomization+98`, `randomization2`. Reading accepts exactly this form, with
/// optional blanks around the sign. Offsets are limited to +-100000 days, randomisations to 1..8.
[[nodiscard]] OMBRE_EXPORT std::string text(AnchoredDay day);
[[nodiscard]] OMBRE_EXPORT Result<AnchoredDay> parse_anchored_day(std::string_view text);

/// Planned visits: the days `first + k * every + d` for k = 0, 1, 2, ... and each d in `days`.
///
/// A planned day p is kept when some attended study day lies in [p - early, p + late]; otherwise
/// p is marked missed, if p is itself a study day. "Every week from the grid day g the visit is
/// kept by any day in (g, g+7]" is therefore first = g + 7, every = 7, early = 6, late = 0.
/// Windows may overlap; one attended day then keeps every visit whose window it lies in.
struct PlannedVisits {
  AnchoredDay first;
  std::int32_t every = 0;             ///< days from one round to the next; 0: one round only
  std::vector<std::int32_t> days{0};  ///< days of a round, ascending, >= 0 (below `every` if > 0)
  std::int32_t early = 0;             ///< a visit so many days before the planned day still counts
  std::int32_t late = 0;              ///< and so many days after it
  std::optional<AnchoredDay> last;    ///< no planned day after this one; default last study day
  friend bool operator==(const PlannedVisits&, const PlannedVisits&) = default;
};

/// How the days of one week become a symbol.
enum class WeekSymbols : std::uint8_t {
  all,                ///< the full rule of weekly_words.hpp
  positive_or_missed  ///< `+` with any positive day, else `o` from week 1 on and `_` before
};

[[nodiscard]] OMBRE_EXPORT std::string_view name(WeekSymbols symbols) noexcept;

/// What holds for people who were randomised a given number of times.
struct Stage {
  AnchoredDay first_study_day;  ///< study days are first..last, both inclusive; other days are
  AnchoredDay last_study_day;   ///< ignored everywhere
  std::vector<PlannedVisits> visits;
  AnchoredDay urine_week_one;        ///< first day of week 1 for urine words
  AnchoredDay self_report_week_one;  ///< first day of week 1 for self-report words
  /// Phase 1 is week 1 and later. Phase k + 2 begins with the whole week that holds
  /// later_phases[k] (never before week 1).
  std::vector<AnchoredDay> later_phases;
  WeekSymbols symbols = WeekSymbols::all;
  friend bool operator==(const Stage&, const Stage&) = default;
};

/// Substances that count for the arms whose name matches `arm`, in which `*` stands for any run of
/// characters ("*BUP*"). Case matters.
struct ArmSubstances {
  std::string arm;
  std::vector<std::string> substances;
  friend bool operator==(const ArmSubstances&, const ArmSubstances&) = default;
};

/// The first matching arm rule holds. A randomised person whose arm matches none has no word (and
/// a finding says so); substances nobody lists do not count.
struct CountedSubstances {
  std::vector<ArmSubstances> by_arm;
  std::vector<std::string> not_randomized;
  friend bool operator==(const CountedSubstances&, const CountedSubstances&) = default;
};

/// Which days, apart from positive ones, are clean by urine.
enum class CleanDay : std::uint8_t {
  attended,           ///< attended and nothing counted found (tables that list positives only)
  tested,             ///< a screen row says negative for a counted substance
  attended_or_tested  ///< either
};

[[nodiscard]] OMBRE_EXPORT std::string_view name(CleanDay rule) noexcept;

/// Self-report: with p positive and n other known days a week is `-` if p = 0 and n > 0, `*` if
/// 1 <= p <= mixed_days and n > 0, `+` if p > mixed_days. A week of nothing but at most mixed_days
/// positive days is `_` (the published rule; see docs/words-from-records.md).
struct SelfReportRule {
  CountedSubstances counted;
  AbsentDay absent_day = AbsentDay::none;  ///< what a day without a row means
  std::int32_t mixed_days = 1;
  friend bool operator==(const SelfReportRule&, const SelfReportRule&) = default;
};

struct UrineRule {
  CountedSubstances counted;
  CleanDay clean_day = CleanDay::attended;
  friend bool operator==(const UrineRule&, const UrineRule&) = default;
};

/// One trial's design.
struct TrialSchedule {
  std::string trial;                        ///< as in the people's table ("27"); empty: for anybody
  std::string title;                        ///< for a person to read
  std::string source;                       ///< where the rules come from
  std::vector<std::string> attended_kinds;  ///< kinds of visit rows that mean "was here"
  std::vector<std::string> missed_kinds;    ///< kinds of dated visit rows that mean "was missed"
  std::int32_t period_days = 7;             ///< length of a "week"
  UrineRule urine;
  SelfReportRule self_report;
  /// stages[k] holds for people randomised k times. Randomisations beyond the last stage are
  /// ignored. At least stages[0].
  std::vector<Stage> stages;
  friend bool operator==(const TrialSchedule&, const TrialSchedule&) = default;
};

/// Every rule above, checked. The error's field is a path such as "stages[1].visits[0].every".
/// @par Errors missing, out_of_range, duplicate, contradiction (an anchor that stage does not
/// have), empty_input
[[nodiscard]] OMBRE_EXPORT Result<void> validate(const TrialSchedule& schedule);

/// The schedules of the trials in one data set. At most one per trial; one with an empty trial
/// name serves everybody who has no other.
class OMBRE_EXPORT TrialSchedules {
 public:
  /// @par Errors those of validate (field "trials[2].…"), duplicate (two schedules for a trial),
  /// empty_input
  [[nodiscard]] static Result<TrialSchedules> from(std::string name,
                                                   std::vector<TrialSchedule> trials);

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] std::span<const TrialSchedule> trials() const noexcept { return trials_; }
  /// Index of the schedule for a trial; the one for anybody where none bears the name.
  /// Cost: O(log trials).
  [[nodiscard]] std::optional<std::size_t> find(std::string_view trial) const noexcept;
  /// The largest number of phases any stage has; at least 1.
  [[nodiscard]] std::size_t phases() const noexcept;

  friend bool operator==(const TrialSchedules&, const TrialSchedules&) = default;

 private:
  TrialSchedules(std::string name, std::vector<TrialSchedule> trials);

  std::string name_;
  std::vector<TrialSchedule> trials_;
  std::vector<std::size_t> by_name_;  // indices of trials_, in the order of their names
};

/// Whether `arm` matches a pattern in which `*` stands for any run of characters, none included.
/// Cost: O(size of both) times the number of stars at worst.
[[nodiscard]] OMBRE_EXPORT bool matches_arm(std::string_view pattern,
                                            std::string_view arm) noexcept;

/// Names of the schedules that come with the library: "ctn0094" (trials 27, 30, 51),
/// "ctn0027", "ctn0030", "ctn0051" (one each, for data without a trial column).
[[nodiscard]] OMBRE_EXPORT std::span<const std::string_view> builtin_schedule_names() noexcept;

/// A schedule that comes with the library, by name.
/// @par Errors unknown_name (lists the names there are)
[[nodiscard]] OMBRE_EXPORT Result<TrialSchedules> builtin_schedules(std::string_view name);

/// The built-in schedules and the rules of weekly words in words, for `ombre explain`.
[[nodiscard]] OMBRE_EXPORT std::vector<Explanation> explain_schedules();

}  // namespace ombre::inline v0::timeline
