#include "ombre/cohort/table.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "cohort/cells.hpp"

namespace ombre::inline v0::cohort {

std::string Column::text(std::size_t row) const {
  if (is_missing(row)) return {};
  if (is_factor()) return levels[static_cast<std::size_t>(values[row])];
  return shortest(values[row]);
}

Column factor_column(std::string name, std::span<const std::string> texts) {
  Column column;
  column.name = std::move(name);
  std::map<std::string_view, std::size_t> level;
  for (const std::string& text : texts) {
    if (!text.empty()) level.emplace(text, 0);
  }
  for (auto& [text, position] : level) {
    position = column.levels.size();
    column.levels.emplace_back(text);
  }
  column.values.resize(texts.size(), 0);
  for (std::size_t r = 0; r < texts.size(); ++r) {
    if (texts[r].empty()) {
      if (column.missing.empty()) column.missing.resize(texts.size(), 0);
      column.missing[r] = 1;
    } else {
      column.values[r] = static_cast<double>(level.find(texts[r])->second);
    }
  }
  return column;
}

Result<void> Table::add(Column column) {
  if (find(column.name) != nullptr) {
    return unexpected(error_at(Errc::duplicate, "column", std::nullopt, column.name,
                               "must not be a name the table has already"));
  }
  if ((!columns_.empty() && column.values.size() != rows_) ||
      (!column.missing.empty() && column.missing.size() != column.values.size())) {
    return unexpected(error_at(Errc::size_mismatch, column.name, std::nullopt,
                               static_cast<double>(column.values.size()),
                               "must have one entry for each row"));
  }
  for (std::size_t r = 0; r < column.values.size(); ++r) {
    if (column.is_missing(r)) continue;
    const double value = column.values[r];
    if (!std::isfinite(value)) {
      return unexpected(error_at(Errc::not_finite, column.name, r, value, "must be finite"));
    }
    if (column.is_factor() && !(value >= 0 && value < static_cast<double>(column.levels.size()) &&
                                value == std::floor(value))) {
      return unexpected(
          error_at(Errc::out_of_range, column.name, r, value, "must be the position of a level"));
    }
  }
  rows_ = column.values.size();
  columns_.push_back(std::move(column));
  return {};
}

Result<void> Table::set_lines(std::vector<std::uint64_t> lines) {
  if (!lines.empty() && lines.size() != rows_) {
    return unexpected(error_at(Errc::size_mismatch, "lines", std::nullopt,
                               static_cast<double>(lines.size()),
                               "must have one entry for each row"));
  }
  lines_ = std::move(lines);
  return {};
}

Result<void> Table::set_reference(std::string_view name, std::string_view level) {
  const auto found = column(name, "reference");
  if (!found) return unexpected(found.error());
  Column& column = columns_[static_cast<std::size_t>(*found - columns_.data())];
  // 1 and 1.0 are one number.
  const auto number = column.is_factor() ? std::nullopt : number_of(level);
  std::set<double> there;
  for (std::size_t r = 0; r < rows_; ++r) {
    if (column.is_missing(r)) continue;
    if (number ? column.values[r] == *number : column.text(r) == level) {
      column.reference = column.values[r];
      return {};
    }
    there.insert(column.values[r]);
  }
  return unexpected(error_at(Errc::unknown_name, "reference", std::nullopt,
                             std::string{name} + "=" + std::string{level},
                             "is in no row; there are " + listed(column, there)));
}

const Column* Table::find(std::string_view name) const noexcept {
  const auto at = std::ranges::find(columns_, name, &Column::name);
  return at == columns_.end() ? nullptr : &*at;
}

Result<const Column*> Table::column(std::string_view name, std::string_view role) const {
  if (const Column* found = find(name)) return found;
  std::string rule = "no such column";
  if (!columns_.empty()) {
    rule += "; there are ";
    for (std::size_t c = 0; c < columns_.size() && c < 40; ++c) {
      rule += (c > 0 ? ", " : "") + columns_[c].name;
    }
    if (columns_.size() > 40) rule += ", ...";
  }
  Error error = error_at(Errc::missing, role, std::nullopt, name, rule);
  error.file = file_;
  return unexpected(std::move(error));
}

std::uint64_t Table::row_name(std::size_t row) const noexcept {
  if (file_.empty()) return row;
  return row < lines_.size() ? lines_[row] : row + 2;
}

Error Table::error(Errc code, const Column& column, std::size_t row, std::string_view rule) const {
  Error error = error_at(code, column.name, row_name(row), column.text(row), rule);
  error.file = file_;
  return error;
}

}  // namespace ombre::inline v0::cohort
