#pragma once
/// @file
/// Weekly words from dated records: one symbol per week, from urine, self-report or both.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/finding.hpp"
#include "ombre/core/progress.hpp"
#include "ombre/core/result.hpp"
#include "ombre/timeline/attendance_records.hpp"
#include "ombre/timeline/schedule.hpp"

namespace ombre::inline v0::timeline {

/// What a word is made from.
///
/// The last three put the urine and the self-report symbol of the same week together, both on the
/// urine word's weeks. `o` and `_` mean "not observed"; when neither source is observed the week
/// is `o` if one of them is `o`, else `_`.
enum class WordSource : std::uint8_t {
  urine,
  self_report,
  /// use that either source shows: the worse of the observed ones (`+` before `*` before `-`)
  either,
  /// use that both show: the milder of the two; not observed unless both are
  both,
  /// clean only where both are clean: the worse of the observed ones, but a `-` that the other
  /// source does not confirm is not observed
  confirmed
};

/// "urine", "self_report", "either", "both", "confirmed".
[[nodiscard]] OMBRE_EXPORT std::string_view name(WordSource source) noexcept;

/// Words of many people: one symbol per week from `+ - * o _`, weeks in order without a hole.
///
/// A word has parts: the baseline (weeks before week 1), then phase 1, phase 2, ...; people who
/// never entered a phase have it empty. All columns have one entry per person unless said.
struct WeeklyWords {
  std::size_t phases = 1;                    ///< number of phase columns
  std::vector<char> symbols;                 ///< all words, one after the other
  std::vector<std::uint64_t> part_offset;    ///< people * (phases + 1) + 1 bounds into symbols
  std::vector<std::int32_t> start_week;      ///< number of the first week of the word
  std::vector<std::int32_t> end_week;        ///< and of the last one
  std::vector<std::uint8_t> computed;        ///< 0: no word; a finding says why
  std::vector<std::uint8_t> randomizations;  ///< how often randomised, as far as it counts
  /// people * 8 entries: week that holds the k-th randomisation, for k < randomizations[p].
  std::vector<std::int32_t> randomization_week;

  static constexpr std::size_t max_randomizations = 8;

  [[nodiscard]] std::size_t people() const noexcept { return computed.size(); }
  [[nodiscard]] std::string_view part(std::size_t person, std::size_t part) const noexcept {
    const std::size_t at = person * (phases + 1) + part;
    return {symbols.data() + part_offset[at], part_offset[at + 1] - part_offset[at]};
  }
  [[nodiscard]] std::string_view baseline(std::size_t person) const noexcept {
    return part(person, 0);
  }
  /// Phase k = 1, 2, ..., phases.
  [[nodiscard]] std::string_view phase(std::size_t person, std::size_t k) const noexcept {
    return part(person, k);
  }
  /// All phases without the baseline: the word endpoints are computed from.
  [[nodiscard]] std::string_view word(std::size_t person) const noexcept {
    const std::size_t at = person * (phases + 1);
    return {symbols.data() + part_offset[at + 1],
            part_offset[at + phases + 1] - part_offset[at + 1]};
  }
};

/// Words of everybody by the schedule of their trial.
///
/// The week of a day is floor((day - d) / period_days) + 1, d being the stage's first day of
/// week 1. Weeks run from that of the first to that of the last study day; the outer ones may
/// have fewer study days.
///
/// Urine: a study day is positive if a screen row names a counted substance (answer yes), clean by
/// the schedule's CleanDay rule if it is not positive. With P positive and N clean days a week is
/// `*` (both), `+` (only P), `-` (only N); with neither, `o` from week 1 on or if a day of the
/// week was missed, else `_`. A positive day needs no attendance.
///
/// Self-report: see SelfReportRule. Under AbsentDay::unknown a week without a known day is `o`
/// from week 1 on, else `_`.
///
/// Under WeekSymbols::positive_or_missed both are `+` with any positive day, else `o` or `_`.
///
/// Source: with the built-in schedules of CTN-0027, CTN-0030 and CTN-0051 the words are those of
/// the R package public.ctn0094extra 1.0.4.
///
/// Findings, at most once per person: those of attendance() (urine and combined words),
/// `arm_without_rule` (no word), `screen_outside_study` and `self_report_outside_study` (ignored),
/// `screen_disagrees` (the same substance found and not found on a day; found holds).
///
/// Cost: O(rows + study days); about 1 byte per week, 50 bytes per person. Threads: as
/// attendance().
/// @par Errors cancelled
[[nodiscard]] OMBRE_EXPORT Result<WeeklyWords> weekly_words(const TrialTable& records,
                                                            const TrialSchedules& schedules,
                                                            WordSource source, Findings& findings,
                                                            const Runner& runner = serial(),
                                                            const Progress& progress = {});

}  // namespace ombre::inline v0::timeline
