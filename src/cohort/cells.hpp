#pragma once
// What readers of tables share: numbers among words, and cells named in findings and errors.

#include <charconv>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "ombre/cohort/table.hpp"
#include "ombre/core/finding.hpp"

namespace ombre::inline v0::cohort {

// The number a text is, if all of it is one.
inline std::optional<double> number_of(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return value;
}

// A column of that name and of numbers; otherwise the error names the first cell that is none.
inline Result<const Column*> number_column(const Table& table, std::string_view name,
                                           std::string_view role) {
  const auto column = table.column(name, role);
  if (!column || !(*column)->is_factor()) return column;
  std::size_t row = 0;
  for (std::size_t r = 0; r < table.rows(); ++r) {
    if ((*column)->is_missing(r)) continue;
    row = r;
    if (!number_of((*column)->text(r))) break;
  }
  std::string rule = "must be a number, as it is used as the " + std::string{role};
  std::string with_point = (*column)->text(row);
  if (const std::size_t comma = with_point.find(','); comma != std::string::npos) {
    with_point[comma] = '.';
    // "1,234" may mean either.
    const bool thousands = with_point.size() == comma + 4;
    std::string without = with_point;
    if (number_of(with_point)) rule += "; numbers are written with a point (" + with_point + ")";
    if (number_of(with_point) && thousands) {
      rule += " and nothing between thousands (" + without.erase(comma, 1) + ")";
    }
  } else if (with_point.size() >= 10 && with_point[4] == '-' && with_point[7] == '-') {
    rule += "; of dates, take the days between them";
  }
  return unexpected(table.error(Errc::unsupported, **column, row, rule));
}

// A caution about one cell, or, once enough of the rule are stored, one more of them.
inline void tell_cell(const Table& table, std::string_view column, std::size_t row,
                      std::string_view rule, std::string_view value, std::string_view text,
                      Findings& findings) {
  if (!findings.wants(rule)) {
    findings.count_only(Severity::caution, rule);
    return;
  }
  Finding finding;
  finding.severity = Severity::caution;
  finding.rule = std::string{rule};
  finding.field = std::string{column};
  finding.row = table.row_name(row);
  finding.value = std::string{value};
  finding.text = std::string{text};
  findings.add(std::move(finding));
}

// What a kernel says of its arrays, as a reader of the table knows it: kernels count rows from 0
// and name parts, a file has lines and columns.
inline Error located(Error error, const Table& table, std::span<const std::size_t> rows,
                     std::initializer_list<std::pair<std::string_view, std::string_view>> parts) {
  for (const auto& [part, column] : parts) {
    if (error.field == part && !column.empty()) {
      error.field = std::string{column};
      break;
    }
  }
  if (error.row && *error.row < rows.size()) {
    error.row = table.row_name(rows[static_cast<std::size_t>(*error.row)]);
    error.file = table.file();
  }
  return error;
}

// What a value of a column says.
inline std::string level_text(const Column& column, double value) {
  return column.is_factor() ? column.levels[static_cast<std::size_t>(value)] : shortest(value);
}

// "a, b, c", at most twenty of them.
inline std::string listed(const Column& column, const std::set<double>& values) {
  constexpr std::size_t most = 20;
  std::string out;
  std::size_t count = 0;
  for (const double value : values) {
    if (count == most) return out + ", and " + std::to_string(values.size() - most) + " more";
    out += (count++ > 0 ? ", " : "") + level_text(column, value);
  }
  return out;
}

}  // namespace ombre::inline v0::cohort
