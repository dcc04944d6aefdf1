#pragma once
/// @file
/// Reads a CSV file into a cohort::Table.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "ombre/cohort/table.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/io/csv.hpp"

namespace ombre::inline v0::io {

struct CohortCsvOptions {
  CsvOptions csv{};
  std::uint64_t max_bytes = std::uint64_t{64} << 30U;  ///< unpacked
};

/// Reads the named columns, or all where none are named. A column whose every value is a number is
/// numbers; any other is a factor. An empty cell and `NA` are missing. A number that is not finite
/// ("inf", "nan") is refused: it is neither a value nor said to be missing.
///
/// @param path  "-" is standard input, gzip is unpacked
/// Cost: one pass over the file, a second one where a column turns out to be words.
/// @par Errors those of CsvReader, missing (a named column), not_finite (names line and column)
[[nodiscard]] OMBRE_EXPORT Result<cohort::Table> read_cohort_csv(
    const std::string& path, std::span<const std::string> columns = {},
    const CohortCsvOptions& options = {});

/// The same of a table in memory; `name` stands for the file in messages.
[[nodiscard]] OMBRE_EXPORT Result<cohort::Table> read_cohort_csv_text(
    std::string_view text, const std::string& name, std::span<const std::string> columns = {},
    const CohortCsvOptions& options = {});

}  // namespace ombre::inline v0::io
