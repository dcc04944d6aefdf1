#pragma once
/// @file
/// Series of life from a CSV file: a row a day, a column whatever was written down.

#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/io/csv.hpp"
#include "ombre/outcomes/use_and_life.hpp"

namespace ombre::inline v0::io {

/// Reads a file ("-" = standard input). One column is the date, one may be the person, each other
/// one is a series under its own name. An empty cell, "NA" and "." are not written down; everything
/// else must be a number.
/// @param person  whose rows; empty takes all, which must then be of one person
/// @par Errors those of CsvReader; missing (no date, no series, several people and none named),
/// duplicate (two columns of one name), malformed (a date, a number): with file, line and column
[[nodiscard]] OMBRE_EXPORT Result<std::vector<outcomes::LifeSeries>> read_life_csv(
    const std::string& path, std::string_view person = {}, CsvOptions options = {});
/// The same from memory.
[[nodiscard]] OMBRE_EXPORT Result<std::vector<outcomes::LifeSeries>> parse_life_csv(
    std::string_view text, std::string_view person = {}, CsvOptions options = {});

}  // namespace ombre::inline v0::io
