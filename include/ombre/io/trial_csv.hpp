#pragma once
/// @file
/// Reads the tables of a trial (people, randomisation, visits, urine screens, self-reports) into
/// timeline::TrialRecords.

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/finding.hpp"
#include "ombre/core/progress.hpp"
#include "ombre/core/result.hpp"
#include "ombre/io/csv.hpp"
#include "ombre/timeline/attendance_records.hpp"

namespace ombre::inline v0::io {

/// Paths of the tables; empty = there is none. "-" (standard input) may stand once.
struct TrialFiles {
  std::string people{};
  std::string randomizations{};
  std::string visits{};
  std::string screens{};
  std::string self_reports{};
};

struct TrialCsvOptions {
  /// Columns by table and role ("visits.day", "VISDT") for files whose names are not found by
  /// themselves. Tables: people, randomization, visits, screens, self_report.
  std::vector<std::pair<std::string, std::string>> columns{};
  std::size_t keep_findings = 1000;
  CsvOptions csv{};
  Progress progress{};
};

struct TrialCsv {
  timeline::TrialRecords records;
  Findings findings;
  std::uint64_t rows = 0;  ///< of all tables
};

/// Reads the tables. Columns, by role (required ones in capitals):
/// - people: PERSON, trial, consent (the day `consent` stands for; day counters count from 0)
/// - randomization: PERSON, DAY, arm, which (1, 2, ...; without such a column all are first)
/// - visits: PERSON, DAY, kind (without such a column every row is a `visit`), attended (1 or 0)
/// - screens: PERSON, DAY, SUBSTANCE, result (positive or negative; without such a column the
///   table lists what was found)
/// - self_report: PERSON, DAY, SUBSTANCE, amount (0 = asked and not used; empty = used)
///
/// With a people table its rows are the people, and rows about anybody else are set aside; without
/// one, everybody named in any table is. People stand in natural order of id. All days must be
/// dates or all day counters.
///
/// Findings: those of read_table_csv; `row_without_day` (visits that were not dated, set aside),
/// `person_unknown` (not in the people table; once per person and table), `person_listed_twice`
/// (the first row holds), `result_unknown` (a result that is neither positive nor negative),
/// `amount_below_zero` (read as not known).
///
/// @par Errors those of read_table_csv; contradiction (dates in one file, counters in another:
/// names both), unknown_name (a column override for a table or role that does not exist),
/// empty_input (no person at all)
[[nodiscard]] OMBRE_EXPORT Result<TrialCsv> read_trial_csv(const TrialFiles& files,
                                                           const TrialCsvOptions& options = {});

}  // namespace ombre::inline v0::io
