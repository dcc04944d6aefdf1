#pragma once
/// @file
/// Reads any CSV table into typed columns: visits, screens, randomisation, words, study data.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/finding.hpp"
#include "ombre/core/progress.hpp"
#include "ombre/core/result.hpp"
#include "ombre/io/csv.hpp"
#include "ombre/io/use_csv.hpp"
#include "ombre/timeline/name_table.hpp"
#include "ombre/timeline/records.hpp"

namespace ombre::inline v0::io {

enum class ColumnType : std::uint8_t {
  text,     ///< kept as numbers of distinct texts
  integer,  ///< 64-bit whole number
  number,   ///< finite decimal number
  day,      ///< YYYY-MM-DD or a day number; the same kind in all day columns of the table
  flag      ///< 1, 0, true, false
};

/// A column a caller asks for.
struct ColumnRequest {
  std::string role{};  ///< how the caller calls it, also in messages
  std::vector<std::string>
      names{};  ///< names to look for, the preferred one first (csv_columns.hpp)
  ColumnType type = ColumnType::text;
  bool required = true;        ///< the file must have the column
  bool may_be_missing = true;  ///< a cell may be empty; otherwise such a row is doubtful
  std::string given{};         ///< name chosen by the user; empty = find it
  std::string option{};        ///< how the user chooses it, for messages: "--person"
};

/// A column that was read. Of the value vectors the one of its type has one entry per row, the
/// others are empty. Where `known` is 0 the value is 0 and means nothing.
struct TypedColumn {
  std::string role;
  std::string name;  ///< in the file
  ColumnType type = ColumnType::text;
  bool present = false;             ///< whether the file has it; else everything here is empty
  std::vector<std::uint8_t> known;  ///< 1 = the cell held a value
  std::vector<std::uint32_t> text;  ///< index into `words`; that of the empty text where missing
  timeline::NameTable words;
  std::vector<std::int64_t> integer;
  std::vector<double> number;
  std::vector<std::int32_t> day;
  std::vector<std::uint8_t> flag;

  /// The text of a row of a text column; empty = missing.
  [[nodiscard]] std::string_view text_at(std::size_t row) const noexcept {
    return words[text[row]];
  }
};

struct TableCsvOptions {
  OnDoubt on_doubt = OnDoubt::set_aside;
  bool na_is_missing = true;
  std::size_t keep_findings = 1000;
  CsvOptions csv{};
  Progress progress{};
};

/// A table, read. Columns stand in the order of the requests.
struct TypedTable {
  std::size_t size = 0;  ///< rows that were kept
  std::vector<TypedColumn> columns;
  std::vector<std::uint64_t> line;        ///< of each row in the file, counted from 1
  std::optional<timeline::DayAxis> axis;  ///< nothing where no cell holds a day
  Findings findings;
  std::uint64_t rows = 0;
  std::uint64_t rows_set_aside = 0;

  /// The column of that role; role must be one that was asked for.
  [[nodiscard]] OMBRE_EXPORT const TypedColumn& operator[](std::string_view role) const noexcept;
};

/// Reads the columns asked for. A cell that does not fit its type makes the row doubtful: it is set
/// aside with a finding (not_a_number, not_finite, number_out_of_range, not_a_whole_number,
/// blanks_around_value, not_a_day, impossible_date, not_a_flag, missing_value), or stops the
/// reading. Findings name the person by the column of role "person", where one was asked for.
/// @par Errors those of CsvReader and find_columns; contradiction (dates and day numbers in one
/// table), duplicate (a role asked for twice), cancelled
[[nodiscard]] OMBRE_EXPORT Result<TypedTable> read_table_csv(
    const std::string& path, std::span<const ColumnRequest> requests,
    const TableCsvOptions& options = {});
[[nodiscard]] OMBRE_EXPORT Result<TypedTable> read_table_csv(
    CsvReader reader, std::span<const ColumnRequest> requests, const TableCsvOptions& options = {});

}  // namespace ombre::inline v0::io
