#pragma once
/// @file
/// An analysis as a file: what to compute, of which table, in which columns, with which options.
///
/// @code
///   {"method": "kaplan_meier", "data": "data/link.csv",
///    "columns": {"time": "time", "status": "status", "group": "treat"},
///    "options": {"at": [30, 180], "tau": 365}}
/// @endcode
///
/// The shape is that of the project's reference cases, and the answer has the keys of their
/// `expect`: objects and lists of numbers in the shortest form that reads back the same, `null` for
/// what does not exist, and the texts "NaN", "Inf" and "-Inf" where R says so too. Other keys of a
/// spec that say nothing to the method (`id`, `software`, `note`, `expect`, `relative_tolerance`,
/// `r_error`, `r_warnings`) may stand in it. An unknown key, method, role or option is an error
/// that names its path: `spec.json, $.options.tau = "-3": ...`. `"delimiter"` beside `data` says
/// what stands between the table's columns where that is no comma.

#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/finding.hpp"
#include "ombre/core/progress.hpp"
#include "ombre/core/result.hpp"
#include "ombre/io/json.hpp"

namespace ombre::inline v0::io {

struct AnalysisOptions {
  std::string data_dir{};  ///< where a relative `data` is looked for; empty = the current folder
  Progress progress{};
  const Runner* runner = nullptr;  ///< nothing = serial
};

struct Analysis {
  Json result;
  Findings findings;
};

/// Reads the data of a spec and runs its method.
/// @par Errors those of JsonFields (with path), missing (no data), unknown_name (method: lists the
/// known ones), those of read_cohort_csv, survival_rows and the method
[[nodiscard]] OMBRE_EXPORT Result<Analysis> analyse(const Json& spec,
                                                    const AnalysisOptions& options = {},
                                                    std::string_view name = "spec");

/// Names of the methods there are.
[[nodiscard]] OMBRE_EXPORT std::vector<std::string_view> analysis_method_names();

}  // namespace ombre::inline v0::io
