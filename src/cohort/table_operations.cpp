#include "ombre/cohort/table_operations.hpp"

#include <array>
#include <cmath>
#include <optional>
#include <set>
#include <unordered_map>

#include "cohort/cells.hpp"
#include "core/text.hpp"
#include "ombre/stats/split_intervals.hpp"

namespace ombre::inline v0::cohort {
namespace {

constexpr std::size_t nobody = static_cast<std::size_t>(-1);

// Some rows of a column in some order; `nobody` gives a missing value.
Column picked(const Column& column, const std::vector<std::size_t>& rows) {
  Column out{column.name, {}, {}, column.levels, column.reference};
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
  if (column.reference) {
    column.reference = number[static_cast<std::size_t>(*column.reference)];
  }
  column.levels.clear();
}

// Lines of the rows a table was made of.
Result<void> keep_lines(const Table& from, const std::vector<std::size_t>& rows, Table& to) {
  if (from.file().empty()) return {};
  std::vector<std::uint64_t> lines;
  lines.reserve(rows.size());
  for (const std::size_t r : rows) lines.push_back(from.row_name(r));
  return to.set_lines(std::move(lines));
}

// A table of those rows, with their lines.
Result<Table> only_rows(const Table& table, const std::vector<std::size_t>& rows) {
  Table out{table.file()};
  for (const Column& c : table.columns()) {
    Column some = picked(c, rows);
    make_numbers(some);
    if (auto added = out.add(std::move(some)); !added) return unexpected(added.error());
  }
  if (auto kept = keep_lines(table, rows, out); !kept) return unexpected(kept.error());
  return out;
}

constexpr std::array<std::pair<std::string_view, Compare>, 6> signs{{{"<=", Compare::at_most},
                                                                     {">=", Compare::at_least},
                                                                     {"!=", Compare::not_equal},
                                                                     {"=", Compare::equal},
                                                                     {"<", Compare::below},
                                                                     {">", Compare::above}}};

std::string_view trimmed(std::string_view text) { return ascii::trimmed(text, " \t"); }

bool by_size(Compare compare) { return compare != Compare::equal && compare != Compare::not_equal; }

bool holds(double value, Compare compare, double limit) {
  switch (compare) {
    case Compare::equal:
      return value == limit;
    case Compare::not_equal:
      return value != limit;
    case Compare::below:
      return value < limit;
    case Compare::at_most:
      return value <= limit;
    case Compare::above:
      return value > limit;
    case Compare::at_least:
      return value >= limit;
  }
  return false;
}

}  // namespace

Result<Table> rows_where(const Table& table, std::string_view column, std::string_view value) {
  const auto by = table.column(column, "where");
  if (!by) return unexpected(by.error());
  std::vector<std::size_t> rows;
  // 1 and 1.0 are one number.
  const auto number = (*by)->is_factor() ? std::nullopt : number_of(value);
  for (std::size_t r = 0; r < table.rows(); ++r) {
    const bool same =
        number ? !(*by)->is_missing(r) && (*by)->values[r] == *number : (*by)->text(r) == value;
    if (same) rows.push_back(r);
  }
  return only_rows(table, rows);
}

Result<Condition> condition_of(std::string_view text) {
  const auto refuse = [&](std::string_view rule) {
    return unexpected(error_at(Errc::malformed, "where", std::nullopt, text, rule));
  };
  constexpr std::string_view form =
      "must be COLUMN=VALUE, or a column and a value with one of != < <= > >= between";
  const std::string_view all = trimmed(text);
  std::size_t begin = 0;
  if (all.starts_with('`')) {
    const std::size_t end = all.find('`', 1);
    if (end == std::string_view::npos) return refuse("must close the backtick");
    begin = end + 1;
  }
  const std::size_t at = all.find_first_of("<>=!", begin);
  if (at == std::string_view::npos) return refuse(form);
  for (const auto& [sign, compare] : signs) {
    if (!all.substr(at).starts_with(sign)) continue;
    std::string_view column = trimmed(all.substr(0, at));
    if (begin > 0) {
      if (column.size() != begin) return refuse(form);
      column = column.substr(1, column.size() - 2);
    }
    if (column.empty()) return refuse(form);
    std::string_view value = all.substr(at + sign.size());
    if (value.starts_with('=')) value.remove_prefix(1);  // "==", as in most languages
    return Condition{std::string{column}, compare, std::string{trimmed(value)}};
  }
  return refuse(form);
}

std::string text_of(const Condition& condition) {
  const bool odd = condition.column.find_first_of("<>=!`") != std::string::npos;
  std::string out = odd ? "`" + condition.column + "`" : condition.column;
  for (const auto& [sign, compare] : signs) {
    if (compare == condition.compare) out += sign;
  }
  return out + condition.value;
}

Result<Table> rows_where(const Table& table, const Condition& condition, Findings& findings) {
  const bool size = by_size(condition.compare);
  const auto by = size ? number_column(table, condition.column, "side of a comparison")
                       : table.column(condition.column, "where");
  if (!by) return unexpected(by.error());
  const Column& column = **by;
  const auto number = column.is_factor() ? std::nullopt : number_of(condition.value);
  if (size && !(number && std::isfinite(*number))) {
    return unexpected(error_at(Errc::malformed, "where", std::nullopt, text_of(condition),
                               "must compare with a number"));
  }
  const double limit = number.value_or(0);
  // Asked for what has no value, rows without one are the answer.
  const bool for_missing = condition.value.empty();
  const std::string why =
      "the row has no value there, so that " + text_of(condition) + " is not known; it is left out";
  std::vector<std::size_t> rows;
  for (std::size_t r = 0; r < table.rows(); ++r) {
    if (column.is_missing(r) && !for_missing) {
      tell_cell(table, column.name, r, "eligibility_unknown", "", why, findings);
      continue;
    }
    const bool yes =
        number ? holds(column.values[r], condition.compare, limit)
               : (column.text(r) == condition.value) == (condition.compare == Compare::equal);
    if (yes) rows.push_back(r);
  }
  return only_rows(table, rows);
}

namespace {

// The status of pieces that end without the event, and the column it stands in.
struct Censored {
  Column column;
  double value = 0;
};

Censored with_censoring(const Column& status, const std::string& code) {
  if (!status.is_factor()) {
    const auto number = number_of(code);
    return {status, number && *number == 0 ? -1.0 : 0.0};
  }
  // Among words any other one is a censoring; without a code the words are refused later.
  std::vector<std::string> texts;
  texts.reserve(status.values.size() + 1);
  for (std::size_t r = 0; r < status.values.size(); ++r) texts.push_back(status.text(r));
  texts.emplace_back("(goes on)");
  Censored out{factor_column(status.name, texts), 0};
  out.value = out.column.values.back();
  out.column.values.pop_back();
  if (!out.column.missing.empty()) out.column.missing.pop_back();
  return out;
}

}  // namespace

Result<Table> split_rows(const Table& table, const Split& split) {
  if (split.cuts.empty()) {
    return unexpected(error_of(Errc::empty_input, "split", "must name a time"));
  }
  const auto time = number_column(table, split.time, "time");
  if (!time) return unexpected(time.error());
  const auto status = table.column(split.status, "status");
  if (!status) return unexpected(status.error());
  const Column* entry = nullptr;
  if (!split.entry.empty()) {
    const auto found = number_column(table, split.entry, "entry");
    if (!found) return unexpected(found.error());
    entry = *found;
  }
  const std::string start = entry == nullptr ? std::string{start_column} : split.entry;
  for (const std::string& made : {entry == nullptr ? start : std::string{}, split.period}) {
    if (made.empty() || table.find(made) == nullptr) continue;
    return unexpected(error_at(Errc::duplicate, "split", std::nullopt, made,
                               "is made by the split, and must not be a column of the table"));
  }
  // Those that can be cut; the others are told of, or refused, when rows are chosen.
  std::vector<std::size_t> whole;
  std::vector<double> from;
  std::vector<double> to;
  for (std::size_t r = 0; r < table.rows(); ++r) {
    if ((*time)->is_missing(r) || (entry != nullptr && entry->is_missing(r))) continue;
    const double begin = entry == nullptr ? 0 : entry->values[r];
    if (!(begin < (*time)->values[r])) continue;
    whole.push_back(r);
    from.push_back(begin);
    to.push_back((*time)->values[r]);
  }
  stats::SplitIntervals pieces;
  if (!whole.empty()) {
    auto made =
        stats::split_intervals(to, std::vector<std::uint8_t>(to.size(), 1), from, split.cuts);
    if (!made) {
      Error error = made.error();
      if (error.field == "cuts") error.field = "split";
      return unexpected(std::move(error));
    }
    pieces = *std::move(made);
  }
  std::vector<std::size_t> rows;
  Column ends{split.time};
  Column starts{start};
  Column period{split.period};
  std::vector<std::uint8_t> goes_on;
  std::size_t at = 0;
  std::size_t next = 0;
  for (std::size_t r = 0; r < table.rows(); ++r) {
    const bool cut = next < whole.size() && whole[next] == r;
    if (!cut) {
      rows.push_back(r);
      ends.values.push_back((*time)->values[r]);
      starts.values.push_back(entry == nullptr ? 0 : entry->values[r]);
      period.values.push_back(1);
      goes_on.push_back(0);
      continue;
    }
    for (; at < pieces.row.size() && pieces.row[at] == next; ++at) {
      rows.push_back(r);
      ends.values.push_back(pieces.time[at]);
      starts.values.push_back(pieces.entry[at]);
      period.values.push_back(pieces.episode[at] + 1.0);
      goes_on.push_back(pieces.event[at] == 0 ? 1 : 0);
    }
    ++next;
  }
  Table out{table.file()};
  for (const Column& column : table.columns()) {
    Column some = picked(column, rows);
    if (column.name == split.time) some.values = ends.values;
    if (entry != nullptr && column.name == split.entry) some.values = starts.values;
    if (column.name == split.status) {
      const Censored censored = with_censoring(column, split.event_code);
      some = picked(censored.column, rows);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        if (goes_on[i] != 0) some.values[i] = censored.value;
      }
    }
    if (auto added = out.add(std::move(some)); !added) return unexpected(added.error());
  }
  if (entry == nullptr) {
    if (auto added = out.add(std::move(starts)); !added) return unexpected(added.error());
  }
  if (auto added = out.add(std::move(period)); !added) return unexpected(added.error());
  if (auto kept = keep_lines(table, rows, out); !kept) return unexpected(kept.error());
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
