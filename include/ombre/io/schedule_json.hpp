#pragma once
/// @file
/// Trial schedules as JSON. The keys are the names of timeline/schedule.hpp;
/// docs/words-from-records.md lists them with an example.

#include <string>
#include <string_view>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/io/json.hpp"
#include "ombre/timeline/schedule.hpp"

namespace ombre::inline v0::io {

/// Reads a document of trial schedules. Unknown keys are refused; what is left out has the default
/// of the C++ type.
/// @par Errors those of parse_json; missing, malformed, unknown_name, out_of_range with the path
/// of the member ("trials[1].stages[0].first_study_day"); those of timeline::validate; duplicate
/// (two schedules for one trial)
[[nodiscard]] OMBRE_EXPORT Result<timeline::TrialSchedules> parse_trial_schedules(
    std::string_view json, std::string_view name = "schedule");
/// The same from a file ("-" = standard input).
[[nodiscard]] OMBRE_EXPORT Result<timeline::TrialSchedules> read_trial_schedules(
    const std::string& path);

/// Every rule written out, defaults too. Reading it back gives an equal value.
[[nodiscard]] OMBRE_EXPORT Json trial_schedules_json(const timeline::TrialSchedules& schedules);

}  // namespace ombre::inline v0::io
