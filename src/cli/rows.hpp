#pragma once
/// @file
/// A small result as rows and columns, printed as a table, Markdown, CSV or JSON.

#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cli/command.hpp"
#include "cli/output.hpp"
#include "ombre/core/result.hpp"
#include "ombre/io/json.hpp"

namespace ombre::cli {

/// A number (printed in full in CSV and JSON, with `decimals` in a table), a text, or nothing;
/// an empty text is nothing too.
struct Cell {
  Cell() = default;
  Cell(double number, int places = 2) : value{number}, decimals{places} {}  // NOLINT
  Cell(std::optional<double> number, int places = 2) : decimals{places} {   // NOLINT
    if (number) value = *number;
  }
  Cell(std::string text) : value{std::move(text)} {}         // NOLINT: cells are written inline
  Cell(std::string_view text) : value{std::string{text}} {}  // NOLINT
  Cell(const char* text) : value{std::string{text}} {}       // NOLINT

  std::variant<std::monostate, double, std::string> value{};
  int decimals = 2;
};

/// A ratio or its limit; one beyond all numbers leaves its cell empty.
inline Cell ratio_cell(double ratio, int places) {
  return Cell{std::isfinite(ratio) ? std::optional{ratio} : std::nullopt, places};
}

struct Column {
  std::string name;          ///< header and JSON key
  bool table = true;         ///< false: left out of tables, which have little room
  std::size_t at_most = 60;  ///< a longer text is wrapped in tables
  bool says_nothing = true;  ///< in a table: left out where it is empty. false: "-" is an answer
};

/// Columns, rows, and sentences that a table shows above and below and CSV leaves out.
struct Rows {
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows{};
  std::vector<std::string> above{};
  std::vector<std::string> below{};
  /// JSON is a list of the rows; or, with a key, this object with the list under that key.
  std::string json_key{};
  io::Json json_beside = io::Json::object();

  void add(std::vector<Cell> cells) { rows.push_back(std::move(cells)); }
};

/// Writes to `path` ("-" is standard output).
[[nodiscard]] Exit print(const Rows& rows, Format format, const std::string& path);
/// The same, and what is `beside` with it, or nothing of both.
[[nodiscard]] Exit print(const Rows& rows, Format format, const std::string& path, Beside& beside);
/// What print() writes.
[[nodiscard]] Result<std::string> text_of(const Rows& rows, Format format);

}  // namespace ombre::cli
