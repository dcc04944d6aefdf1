#pragma once
/// @file
/// Rows of a table as a parametric survival model reads them: event times seen exactly, or only
/// known to lie before, after or between visits.

#include <cstddef>
#include <string>
#include <vector>

#include "ombre/cohort/survival_rows.hpp"
#include "ombre/cohort/table.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/finding.hpp"
#include "ombre/core/result.hpp"
#include "ombre/stats/parametric_survival.hpp"

namespace ombre::inline v0::cohort {

/// Names of columns; empty = not used.
///
/// With `status`: 0 = event after `time`, 1 = at `time`, 2 = before `time`, 3 = between `time` and
/// `time2` (R's Surv, type "interval"). Without `status`, `time` and `time2` are the last visit
/// without and the first one with the event (type "interval2"): an empty `time` is 0, an empty
/// `time2` means that it has not been seen, and two equal ones say when it was.
struct ParametricRoles {
  std::string time{};
  std::string time2{};
  std::string status{};
  std::string entry{};
  std::string weight{};
  std::string offset{};
  std::vector<std::string> x{};  ///< terms as in Roles
};

/// The rows that can be used; vectors of n entries, or none where the role is not used.
struct ParametricRows {
  std::vector<std::size_t> row{};  ///< of the table, ascending
  std::vector<double> time{};
  std::vector<double> time2{};
  std::vector<stats::TimeKnown> known{};
  std::vector<double> entry{};
  std::vector<double> weight{};
  std::vector<double> offset{};
  Design x{};

  [[nodiscard]] std::size_t size() const noexcept { return row.size(); }
  /// Views into this; it must live as long as they are used.
  [[nodiscard]] OMBRE_EXPORT stats::ParametricInput input() const noexcept;
};

/// A row that lacks a value it needs is left out with the finding `missing_value`, or refused; one
/// of weight 0 stays, with the finding `zero_weight`. Finding `codes_one_and_two`: a status of 1
/// and 2 only, which elsewhere often means censored and event.
/// @par Errors missing (no such column), unsupported (words where numbers are needed), out_of_range
/// (a status other than 0 to 3, a negative time or weight), contradiction (time2 before time),
/// empty_input; they name file, line and column
[[nodiscard]] OMBRE_EXPORT Result<ParametricRows> parametric_rows(const Table& table,
                                                                  const ParametricRoles& roles,
                                                                  MissingRows missing,
                                                                  Findings& findings);

/// An error of stats::parametric_fit on rows.input(), with the file, the line and the column it
/// speaks of.
[[nodiscard]] OMBRE_EXPORT Error parametric_error(Error error, const Table& table,
                                                  const ParametricRoles& roles,
                                                  const ParametricRows& rows);

/// Adds what a reader of a fit must know: columns that are aliased or infinite by name, too few
/// people for standard errors, a search that ended at a boundary or before its end.
OMBRE_EXPORT void report_parametric_fit(const stats::ParametricFit& fit, const Design& x,
                                        Findings& findings);

}  // namespace ombre::inline v0::cohort
