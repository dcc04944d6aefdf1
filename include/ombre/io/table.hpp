#pragma once
/// @file
/// Tables of text for a terminal and in Markdown.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"

namespace ombre::inline v0::io {

enum class Align : std::uint8_t { left, right };

/// Columns a text takes on a terminal: 0 for combining marks, 2 for wide East Asian characters and
/// most emoji, 1 otherwise. Bytes that are not UTF-8 count 1 each.
[[nodiscard]] OMBRE_EXPORT std::size_t display_width(std::string_view text) noexcept;

/// A table of texts. Cells are collected row by row; a short row is filled up with empty cells, a
/// long one widens the table.
class OMBRE_EXPORT TextTable {
 public:
  struct Column {
    std::string name;
    Align align = Align::left;
  };
  explicit TextTable(std::vector<Column> columns) : columns_{std::move(columns)} {}

  TextTable& row(std::vector<std::string> cells);
  /// A thin line before the next row.
  TextTable& rule();

  /// Aligned columns with a line below the header, such as
  ///
  ///     metric  value  95% interval
  ///     ──────  ─────  ────────────
  ///     pda      0.62   0.55 – 0.69
  ///
  /// Control characters in cells are shown as escapes, line breaks as blanks. When the table is
  /// wider than `max_width` (0 = no limit), its widest left-aligned columns are cut with "…".
  [[nodiscard]] std::string terminal(std::size_t max_width = 0) const;
  /// A GitHub-flavoured Markdown table; pipes and line breaks in cells are escaped.
  [[nodiscard]] std::string markdown() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;  // an empty row is a rule
};

/// A number for people: at most `decimals` decimals, no trailing zeros, a true minus sign is left
/// to figures. Very large and very small numbers in shortest scientific form.
[[nodiscard]] OMBRE_EXPORT std::string readable(double value, int decimals = 3);

}  // namespace ombre::inline v0::io
