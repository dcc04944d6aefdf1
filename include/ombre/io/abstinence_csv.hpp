#pragma once
/// @file
/// Reads follow-back, visit and biochemical tables into outcomes::AbstinenceRecords.

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
#include "ombre/outcomes/abstinence.hpp"

namespace ombre::inline v0::io {

struct AbstinenceFiles {
  std::string follow_back{};  ///< person, day, amount
  std::string visits{};       ///< person, visit, day
  std::string biochemical{};  ///< person, day, amount; empty = none
};

struct AbstinenceCsvOptions {
  /// Columns by table and role ("follow_back.amount", "CIGS"). Tables: follow_back, visits,
  /// biochemical.
  std::vector<std::pair<std::string, std::string>> columns{};
  std::size_t keep_findings = 1000;
  CsvOptions csv{};
  Progress progress{};
};

struct AbstinenceCsv {
  outcomes::AbstinenceRecords records;
  Findings findings;
  std::uint64_t rows = 0;
};

/// Reads the tables. All three columns of each are required; a row with an empty cell is kept as
/// incomplete, so that its person still counts as present. Days are all dates or all counters.
/// Findings: those of read_table_csv.
/// @par Errors those of read_table_csv; contradiction (dates in one file, counters in another),
/// unknown_name (a column override), those of AbstinenceRecords with file and line
[[nodiscard]] OMBRE_EXPORT Result<AbstinenceCsv> read_abstinence_csv(
    const AbstinenceFiles& files, const AbstinenceCsvOptions& options = {});

}  // namespace ombre::inline v0::io
