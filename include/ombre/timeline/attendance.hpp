#pragma once
/// @file
/// Attendance: on which study days was a person seen, and on which planned days missed?

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/finding.hpp"
#include "ombre/core/progress.hpp"
#include "ombre/core/result.hpp"
#include "ombre/timeline/attendance_records.hpp"
#include "ombre/timeline/schedule.hpp"

namespace ombre::inline v0::timeline {

enum class Mark : std::uint8_t {
  present,  ///< an attended visit that day
  missed    ///< a planned visit that nobody came to
};

/// Marked days of many people, one block per column. Person p has the rows
/// offset[p] .. offset[p + 1] - 1, days strictly ascending.
struct Attendance {
  std::vector<std::uint64_t> offset;
  std::vector<std::int32_t> day;
  std::vector<Mark> mark;
  std::vector<std::uint8_t> computed;  ///< 0: no attendance for this person; a finding says why
  [[nodiscard]] std::size_t people() const noexcept { return computed.size(); }
};

/// Marks attended and missed days of everybody by the schedule of their trial.
///
/// A study day with a visit row of an attended kind is present. Each planned day p (see
/// PlannedVisits) with no present day in its window is missed if it is a study day; so are study
/// days with a row of a missed kind that are not present. Days outside the study are ignored.
/// Windows look at study days only.
///
/// Source: the built-in schedules of CTN-0027, CTN-0030 and CTN-0051 follow the R package
/// public.ctn0094extra 1.0.4 (table visit_imputed).
///
/// Findings, each at most once per person and with the first row it is about:
/// `trial_without_schedule`, `day_zero_unknown`, `study_days_unusable` (person not computed);
/// `visit_outside_study` (ignored), `visit_before_randomization` (kept, in the baseline),
/// `visit_repeated` (two attended rows on a day, counted once), `visit_attended_and_missed`
/// (attended holds), `person_without_visits`. Their value is the day of that row.
///
/// Cost: O(rows + study days). Threads: people are split among the runner's pieces; the result
/// and the findings do not depend on the runner.
/// @par Errors cancelled
[[nodiscard]] OMBRE_EXPORT Result<Attendance> attendance(const TrialTable& records,
                                                         const TrialSchedules& schedules,
                                                         Findings& findings,
                                                         const Runner& runner = serial(),
                                                         const Progress& progress = {});

}  // namespace ombre::inline v0::timeline
