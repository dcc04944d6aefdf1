#pragma once
/// @file
/// Item scores of an instrument from a CSV file: one row an occasion, one column an item.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/finding.hpp"
#include "ombre/core/result.hpp"
#include "ombre/core/sex.hpp"
#include "ombre/io/csv.hpp"
#include "ombre/spectrum/instrument.hpp"

namespace ombre::inline v0::io {

/// One row of the file.
struct AnswerRow {
  std::string person{};  ///< empty where the file has no such column
  std::string date{};    ///< as written; empty where the file has no such column
  std::optional<Sex> sex{};
  std::vector<std::optional<double>> answers{};  ///< one per item of the instrument
  std::uint64_t line = 0;
};

struct AnswerTable {
  std::vector<AnswerRow> rows{};
  /// Columns nobody used, items without a column.
  Findings findings{};
};

/// Reads a file ("-" = standard input). Items are found by the names instrument.item_place()
/// accepts; person, date and sex by their usual names. An empty cell, "NA" and "." mean that the
/// item was not answered. Everything else must be a number the item allows.
/// @par Errors those of CsvReader; missing (no column is an item), duplicate (two columns for one
/// item), malformed, unknown_name (sex; a column that is a number where the instrument's items have
/// names and the number could mean several), out_of_range: with file, line and column
[[nodiscard]] OMBRE_EXPORT Result<AnswerTable> read_answers_csv(
    const std::string& path, const spectrum::Instrument& instrument, CsvOptions options = {});
/// The same from memory.
[[nodiscard]] OMBRE_EXPORT Result<AnswerTable> parse_answers_csv(
    std::string_view text, const spectrum::Instrument& instrument, CsvOptions options = {});

}  // namespace ombre::inline v0::io
