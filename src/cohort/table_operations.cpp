#include "ombre/cohort/table_operations.hpp"

#include <cmath>
#include <optional>
#include <set>
#include <unordered_map>

#include "cohort/cells.hpp"

namespace ombre::inline v0::cohort {
namespace {

constexpr std::size_t nobody = static_cast<std::size_t>(-1);

// Some rows of a column in some order; `nobody` gives a missing value.
Column picked(const Column& column, const std::vector<std::size_t>& rows) {
  Column out{column.name, {}, {}, column.levels};
  out.values.reserve(rows.size());
  bool holes = false;
  std::vector<std::uint8_t> missing;
  missing.reserve(rows.size());
  for (const std::size_t r : rows) {
    const bool hole = r == nobody || column.is_missing(r);
    holes = holes || hole;
    missing.push_back(hole ? 1 : 0);
    out.values.push_back(hole ? 0 : column.values[r]);
  }
  if (holes) out.missing = std::move(missing);
  return out;
}

// Words may have been in the rows that are gone. Levels such as 7 and 007 stay apart.
void make_numbers(Column& column) {
  if (!column.is_factor()) return;
  std::vector<std::optional<double>> number;
  number.reserve(column.levels.size());
  for (const std::string& level : column.levels) {
    const auto value = number_of(level);
    number.push_back(value && std::isfinite(*value) ? value : std::nullopt);
  }
  std::vector<std::uint8_t> present(column.levels.size(), 0);
  for (std::size_t r = 0; r < column.values.size(); ++r) {
    if (!column.is_missing(r)) present[static_cast<std::size_t>(column.values[r])] = 1;
  }
  std::set<double> distinct;
  for (std::size_t l = 0; l < present.size(); ++l) {
    if (present[l] != 0 && (!number[l] || !distinct.insert(*number[l]).second)) return;
  }
  for (std::size_t r = 0; r < column.values.size(); ++r) {
    if (!column.is_missing(r))
      column.values[r] = *number[static_cast<std::size_t>(column.values[r])];
  }
  column.levels.clear();
}

}  // namespace

Result<Table> rows_where(const Table& table, std::string_view column, std::string_view value) {
  const auto by = table.column(column, "where");
  if (!by) return unexpected(by.error());
  std::vector<std::size_t> rows;
  std::vector<std::uint64_t> lines;
  // 1 and 1.0 are one number.
  const auto number = (*by)->is_factor() ? std::nullopt : number_of(value);
  for (std::size_t r = 0; r < table.rows(); ++r) {
    const bool same =
        number ? !(*by)->is_missing(r) && (*by)->values[r] == *number : (*by)->text(r) == value;
    if (!same) continue;
    rows.push_back(r);
    lines.push_back(table.row_name(r));
  }
  Table out{table.file()};
  for (const Column& c : table.columns()) {
    Column some = picked(c, rows);
    make_numbers(some);
    if (auto added = out.add(std::move(some)); !added) return unexpected(added.error());
  }
  if (!table.file().empty()) {
    if (auto set = out.set_lines(std::move(lines)); !set) return unexpected(set.error());
  }
  return out;
}

Result<Table> join_columns(const Table& table, const Table& other, std::string_view key,
                           Findings& findings) {
  const auto mine = table.column(key, "key");
  if (!mine) return unexpected(mine.error());
  const auto theirs = other.column(key, "key");
  if (!theirs) return unexpected(theirs.error());
  std::unordered_map<std::string, std::size_t> row_of;
  for (std::size_t r = 0; r < other.rows(); ++r) {
    if ((*theirs)->is_missing(r)) continue;
    if (!row_of.emplace((*theirs)->text(r), r).second) {
      return unexpected(other.error(Errc::duplicate, **theirs, r, "must occur once"));
    }
  }
  std::vector<std::size_t> rows(table.rows(), nobody);
  for (std::size_t r = 0; r < table.rows(); ++r) {
    const auto at = row_of.find((*mine)->text(r));
    if (at != row_of.end()) {
      rows[r] = at->second;
    } else if (findings.wants("no_match")) {
      Finding finding;
      finding.severity = Severity::caution;
      finding.rule = "no_match";
      finding.field = std::string{key};
      finding.row = table.row_name(r);
      finding.value = (*mine)->text(r);
      finding.text = "has no row in " + other.file() + ", so what stands there is missing here";
      findings.add(std::move(finding));
    } else {
      findings.count_only(Severity::caution, "no_match");
    }
  }
  Table out = table;
  for (const Column& c : other.columns()) {
    if (out.find(c.name) != nullptr) continue;
    if (auto added = out.add(picked(c, rows)); !added) return unexpected(added.error());
  }
  return out;
}

}  // namespace ombre::inline v0::cohort
