#include "ombre/cohort/survival_rows.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "cohort/cells.hpp"
#include "core/text.hpp"

namespace ombre::inline v0::cohort {
namespace {

struct Used {
  const Column* column = nullptr;
  std::string_view role;
};

constexpr std::string_view event_rule =
    "must be 0 (censored) or 1 (event), unless the code of the event is named (--event-code, or "
    "event_code in a spec)";

// The event of each row, or an error for a status nobody defined.
Result<std::uint8_t> event_of(const Table& table, const Column& status, std::size_t row,
                              const RowPolicy& policy, double code) {
  const double value = status.values[row];
  if (!policy.event_code.empty()) {
    return static_cast<std::uint8_t>(std::isnan(code) ? 0 : value == code ? 1 : 0);
  }
  if (!status.is_factor() && (value == 0 || value == 1)) {
    return static_cast<std::uint8_t>(value == 1 ? 1 : 0);
  }
  return unexpected(table.error(Errc::out_of_range, status, row, event_rule));
}

// The number that stands for the event's code in the column; nothing where it does not occur.
std::optional<double> code_of(const Column& status, const std::string& text) {
  if (status.is_factor()) {
    const auto at = std::ranges::find(status.levels, text);
    if (at == status.levels.end()) return std::nullopt;
    return static_cast<double>(at - status.levels.begin());
  }
  const auto code = number_of(text);
  for (std::size_t r = 0; code && r < status.values.size(); ++r) {
    if (!status.is_missing(r) && status.values[r] == *code) return status.values[r];
  }
  return std::nullopt;
}

void find_overlaps(const Table& table, const SurvivalRows& rows, const Column& entry,
                   Findings& findings) {
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto stratum = [&](std::size_t i) { return rows.strata.used() ? rows.strata.code[i] : 0; };
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    if (rows.id.code[a] != rows.id.code[b]) return rows.id.code[a] < rows.id.code[b];
    if (stratum(a) != stratum(b)) return stratum(a) < stratum(b);
    if (rows.time[a] != rows.time[b]) return rows.time[a] < rows.time[b];
    return a < b;
  });
  for (std::size_t k = 1; k < order.size(); ++k) {
    const std::size_t before = order[k - 1];
    const std::size_t i = order[k];
    if (rows.id.code[i] != rows.id.code[before] || stratum(i) != stratum(before) ||
        rows.entry[i] >= rows.time[before]) {
      continue;
    }
    if (!findings.wants("overlapping_intervals")) {
      findings.count_only(Severity::warning, "overlapping_intervals");
      continue;
    }
    Finding finding;
    finding.severity = Severity::warning;
    finding.rule = "overlapping_intervals";
    finding.person = rows.id.levels[rows.id.code[i]];
    finding.field = entry.name;
    finding.row = table.row_name(rows.row[i]);
    finding.value = shortest(rows.entry[i]);
    finding.text = "the interval begins before an earlier one of the same id ends (at " +
                   shortest(rows.time[before]) + "); the id is counted twice where they overlap";
    findings.add(std::move(finding));
  }
}

// Rows of one id that all begin at 0, as nothing says when else.
void find_ids_without_entry(const Table& table, const SurvivalRows& rows, std::string_view id,
                            Findings& findings) {
  constexpr std::string_view rule = "overlapping_rows_without_entry";
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto stratum = [&](std::size_t i) { return rows.strata.used() ? rows.strata.code[i] : 0; };
  const auto key = [&](std::size_t i) { return std::pair{rows.id.code[i], stratum(i)}; };
  std::ranges::stable_sort(order, {}, key);
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin + 1;
    while (end < order.size() && key(order[end]) == key(order[begin])) ++end;
    const std::size_t count = end - begin;
    const std::size_t second = order[std::min(begin + 1, order.size() - 1)];
    begin = end;
    if (count < 2) continue;
    if (!findings.wants(rule)) {
      findings.count_only(Severity::warning, rule);
      continue;
    }
    Finding finding;
    finding.severity = Severity::warning;
    finding.rule = std::string{rule};
    finding.person = rows.id.levels[rows.id.code[second]];
    finding.field = std::string{id};
    finding.row = table.row_name(rows.row[second]);
    finding.text = "has " + std::to_string(count) +
                   " rows, and without an entry each of them begins at 0: they overlap, and the id "
                   "is counted " +
                   std::to_string(count) +
                   " times; name the column where each row begins, if the rows follow each other";
    findings.add(std::move(finding));
  }
}

// Rows whose person goes on, in the same group, in a row that begins where this one ends.
void mark_continuing(SurvivalRows& rows) {
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto group = [&](std::size_t i) { return rows.group.used() ? rows.group.code[i] : 0; };
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    if (rows.id.code[a] != rows.id.code[b]) return rows.id.code[a] < rows.id.code[b];
    if (rows.entry[a] != rows.entry[b]) return rows.entry[a] < rows.entry[b];
    return a < b;
  });
  rows.continues.assign(rows.size(), 0);
  for (std::size_t k = 1; k < order.size(); ++k) {
    const std::size_t before = order[k - 1];
    const std::size_t i = order[k];
    if (rows.id.code[i] == rows.id.code[before] && group(i) == group(before) &&
        rows.entry[i] == rows.time[before]) {
      rows.continues[before] = 1;
    }
  }
}

// Groups that only capitals or blanks tell apart are most likely one.
void find_spellings(const Grouping& grouping, std::span<const std::string> columns,
                    Findings& findings) {
  if (!grouping.values.empty()) return;
  std::map<std::string, std::string> seen;
  for (const std::string& level : grouping.levels) {
    std::string plain = ascii::lower(level);
    std::erase_if(plain, [](char c) { return c == ' ' || c == '\t'; });
    const auto [at, is_new] = seen.emplace(std::move(plain), level);
    if (is_new) continue;
    Finding finding;
    finding.severity = Severity::caution;
    finding.rule = "groups_spelt_alike";
    finding.field = columns.front();
    finding.value = level;
    finding.text = "is another group than '" + at->second + "': only capitals or blanks differ";
    findings.add(std::move(finding));
  }
}

// Terms with a column for nearly every row, which are ids rather than covariates, or with none.
void find_odd_terms(const SurvivalRows& rows, Findings& findings) {
  constexpr std::size_t worth_a_word = 20;
  std::vector<std::size_t> columns(rows.x.terms.size(), 0);
  for (const std::uint32_t t : rows.x.term) ++columns[t];
  for (std::size_t t = 0; t < columns.size(); ++t) {
    if (columns[t] == 0) {
      Finding finding;
      finding.severity = Severity::warning;
      finding.rule = "constant_column";
      finding.field = rows.x.terms[t];
      finding.text = "is a category with one value only, so has no coefficient";
      findings.add(std::move(finding));
      continue;
    }
    if (columns[t] < worth_a_word || columns[t] * 2 < rows.size()) continue;
    Finding finding;
    finding.severity = Severity::caution;
    finding.rule = "term_of_many_columns";
    finding.field = rows.x.terms[t];
    finding.value = std::to_string(columns[t]);
    finding.text = "columns are made of its categories, for " + std::to_string(rows.size()) +
                   " rows: a name of each row says nothing about others";
    findings.add(std::move(finding));
  }
}

// Why no row is left: the column with the most holes.
Error nobody_left(const Table& table, const std::string& time,
                  std::span<const Column* const> holed) {
  Error error = error_of(Errc::empty_input, time, "the table has no rows");
  error.file = table.file();
  if (table.rows() == 0) return error;
  const auto holes = [](const Column* column) { return std::ranges::count(column->missing, 1); };
  const Column& worst = **std::ranges::max_element(holed, {}, holes);
  error.field = worst.name;
  error.rule = "has no value in " + std::to_string(holes(&worst)) + " of " +
               std::to_string(table.rows()) +
               " rows, and no row has all the values that are needed";
  return error;
}

// Moves the references of columns before their other values, in levels, values and codes.
Result<void> references_first(const Table& table, std::span<const std::string> columns,
                              std::span<const std::size_t> rows, Grouping& out) {
  std::vector<const Column*> parts;
  for (const std::string& name : columns) parts.push_back(table.find(name));
  if (std::ranges::none_of(parts, [](const Column* c) { return c->reference.has_value(); })) {
    return {};
  }
  std::vector<std::size_t> row_of(out.size());
  for (std::size_t i = 0; i < rows.size(); ++i) row_of[out.code[i]] = rows[i];
  for (const Column* column : parts) {
    const auto is_reference = [column](std::size_t r) {
      return column->values[r] == *column->reference;
    };
    if (!column->reference || std::ranges::any_of(row_of, is_reference)) continue;
    Column named = *column;
    named.values = {*column->reference};
    named.missing.clear();
    return unexpected(error_at(Errc::contradiction, "reference", std::nullopt,
                               column->name + "=" + named.text(0), "is in no row that is used"));
  }
  const auto before = [&](std::uint32_t a, std::uint32_t b) {
    for (const Column* column : parts) {
      const double x = column->values[row_of[a]];
      const double y = column->values[row_of[b]];
      if (x == y) continue;
      if (column->reference && (x == *column->reference || y == *column->reference)) {
        return x == *column->reference;
      }
      return x < y;
    }
    return false;
  };
  std::vector<std::uint32_t> order(out.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, before);
  std::vector<std::uint32_t> place(out.size());
  Grouping moved;
  for (std::uint32_t k = 0; k < order.size(); ++k) {
    place[order[k]] = k;
    moved.levels.push_back(std::move(out.levels[order[k]]));
    if (!out.values.empty()) moved.values.push_back(out.values[order[k]]);
  }
  moved.code.reserve(out.code.size());
  for (const std::uint32_t code : out.code) moved.code.push_back(place[code]);
  out = std::move(moved);
  return {};
}

// A row of weight 0 is a slip of the hand or of a program: it adds nothing.
void find_weightless(const Table& table, const Column& weight, const SurvivalRows& rows,
                     Findings& findings) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows.weight[i] > 0) continue;
    tell_cell(table, weight.name, rows.row[i], "zero_weight", "0",
              "the row has no weight and adds nothing", findings);
  }
}

Result<Grouping> ascending_grouping(const Table& table, std::span<const std::string> columns,
                                    std::span<const std::size_t> rows, std::string_view role) {
  Grouping out;
  if (columns.empty()) return out;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (std::ranges::find(columns.first(c), columns[c]) == columns.first(c).end()) continue;
    return unexpected(
        error_at(Errc::duplicate, role, std::nullopt, columns[c], "names the column twice"));
  }
  std::vector<const Column*> parts;
  for (const std::string& name : columns) {
    const auto column = table.column(name, role);
    if (!column) return unexpected(column.error());
    parts.push_back(*column);
  }
  out.code.resize(rows.size());
  if (parts.size() == 1) {
    // Sorting the distinct values of a small sample first would not help: ids are mostly distinct.
    std::vector<double> distinct;
    distinct.reserve(64);
    for (const std::size_t r : rows) {
      const double v = parts[0]->values[r];
      if (distinct.empty() || distinct.back() != v) distinct.push_back(v);
    }
    std::ranges::sort(distinct);
    distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      out.code[i] = static_cast<std::uint32_t>(
          std::ranges::lower_bound(distinct, parts[0]->values[rows[i]]) - distinct.begin());
    }
    for (const double v : distinct) {
      out.levels.push_back(parts[0]->is_factor() ? parts[0]->levels[static_cast<std::size_t>(v)]
                                                 : shortest(v));
    }
    if (!parts[0]->is_factor()) out.values = std::move(distinct);
    return out;
  }
  std::map<std::vector<double>, std::uint32_t> level;
  std::vector<double> key(parts.size());
  const auto key_at = [&](std::size_t r) {
    for (std::size_t c = 0; c < parts.size(); ++c) key[c] = parts[c]->values[r];
  };
  for (const std::size_t r : rows) {
    key_at(r);
    level.emplace(key, 0);
  }
  for (auto& [values, number] : level) {
    number = static_cast<std::uint32_t>(out.levels.size());
    std::string name;
    for (std::size_t c = 0; c < parts.size(); ++c) {
      name += (c > 0 ? ", " : "") + parts[c]->name + "=";
      name += parts[c]->is_factor() ? parts[c]->levels[static_cast<std::size_t>(values[c])]
                                    : shortest(values[c]);
    }
    out.levels.push_back(std::move(name));
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    key_at(rows[i]);
    out.code[i] = level.find(key)->second;
  }
  return out;
}

}  // namespace

Result<Grouping> grouping(const Table& table, std::span<const std::string> columns,
                          std::span<const std::size_t> rows, std::string_view role) {
  auto made = ascending_grouping(table, columns, rows, role);
  if (!made || role != "group" || !made->used()) return made;
  if (auto moved = references_first(table, columns, rows, *made); !moved) {
    return unexpected(moved.error());
  }
  return made;
}

Result<SurvivalRows> survival_rows(const Table& table, const Roles& roles, const RowPolicy& policy,
                                   Findings& findings) {
  std::vector<Used> used;
  Result<void> fault;
  const auto use = [&](const std::string& name, std::string_view role,
                       bool number) -> const Column* {
    if (name.empty() || !fault) return nullptr;
    const auto column = number ? number_column(table, name, role) : table.column(name, role);
    if (!column) {
      fault = unexpected(column.error());
      return nullptr;
    }
    used.push_back({*column, role});
    return *column;
  };
  for (const auto& [name, role] :
       {std::pair<const std::string&, std::string_view>{roles.time, "time"},
        {roles.status, "status"}}) {
    if (name.empty()) {
      return unexpected(error_of(Errc::missing, role, "a column must play this part"));
    }
  }
  const Column* time = use(roles.time, "time", true);
  const Column* status = use(roles.status, "status", false);
  const Column* entry = use(roles.entry, "entry", true);
  const Column* weight = use(roles.weight, "weight", true);
  const Column* offset = use(roles.offset, "offset", true);
  use(roles.cluster, "cluster", false);
  use(roles.id, "id", false);
  for (const std::string& name : roles.group) use(name, "group", false);
  for (const std::string& name : roles.strata) use(name, "strata", false);
  const auto covariates = columns_of_terms(roles.x);
  if (!covariates) return unexpected(covariates.error());
  for (const std::string& name : *covariates) use(name, "x", false);
  if (!fault) return unexpected(fault.error());

  double code = std::numeric_limits<double>::quiet_NaN();
  if (!policy.event_code.empty()) {
    if (const auto found = code_of(*status, policy.event_code)) {
      code = *found;
    } else {
      Finding finding;
      finding.severity = Severity::warning;
      finding.rule = "event_code_never_occurs";
      finding.field = status->name;
      finding.value = policy.event_code;
      finding.text = "no row has this status, so there are no events";
      findings.add(std::move(finding));
    }
  }

  if (status->is_factor() && policy.event_code.empty()) {
    // Words are in the column; which row holds the first of them?
    std::size_t row = 0;
    while (row + 1 < table.rows() &&
           (status->is_missing(row) || status->text(row) == "0" || status->text(row) == "1")) {
      ++row;
    }
    return unexpected(table.error(Errc::out_of_range, *status, row, event_rule));
  }

  SurvivalRows out;
  std::vector<const Column*> holed;  // only columns with holes need a look at every row
  for (const Used& u : used) {
    if (!u.column->missing.empty()) holed.push_back(u.column);
  }
  out.row.reserve(table.rows());
  for (std::size_t r = 0; r < table.rows(); ++r) {
    const auto hole =
        std::ranges::find_if(holed, [r](const Column* column) { return column->missing[r] != 0; });
    if (hole != holed.end()) {
      const Column& column = **hole;
      if (policy.missing == MissingRows::refuse) {
        return unexpected(table.error(Errc::missing, column, r, "must not be missing"));
      }
      tell_cell(table, column.name, r, "missing_value", "",
                "the row lacks a value that is needed and was left out", findings);
      continue;
    }
    const double t = time->values[r];
    if (t < 0) {
      return unexpected(table.error(Errc::out_of_range, *time, r, "must be 0 or more"));
    }
    for (const Column* column : {time, entry, weight}) {
      if (column == nullptr || std::abs(column->values[r]) <= largest_number) continue;
      return unexpected(table.error(Errc::out_of_range, *column, r,
                                    "must be at most " + shortest(largest_number)));
    }
    const auto event = event_of(table, *status, r, policy, code);
    if (!event) return unexpected(event.error());
    if (entry != nullptr && entry->values[r] >= t) {
      return unexpected(table.error(
          Errc::out_of_range, *entry, r,
          "must be before the end of follow-up (" + time->name + " = " + shortest(t) + ")"));
    }
    if (weight != nullptr && weight->values[r] < 0) {
      return unexpected(table.error(Errc::out_of_range, *weight, r, "must be 0 or more"));
    }
    out.row.push_back(r);
    out.time.push_back(t);
    out.event.push_back(*event);
  }
  if (out.row.empty()) return unexpected(nobody_left(table, roles.time, holed));
  const auto gather = [&](const Column* column, std::vector<double>& into) {
    if (column == nullptr) return;
    into.reserve(out.row.size());
    for (const std::size_t r : out.row) into.push_back(column->values[r]);
  };
  gather(entry, out.entry);
  gather(weight, out.weight);
  gather(offset, out.offset);
  if (weight != nullptr && std::ranges::none_of(out.weight, [](double w) { return w > 0; })) {
    Error error = error_of(Errc::empty_input, weight->name, "no row has a weight above 0");
    error.file = table.file();
    return unexpected(std::move(error));
  }
  if (weight != nullptr) find_weightless(table, *weight, out, findings);
  const auto categories = [&](std::span<const std::string> names, std::string_view role,
                              Grouping& into) -> Result<void> {
    if (names.empty() || names[0].empty()) return {};
    auto made = grouping(table, names, out.row, role);
    if (!made) return unexpected(made.error());
    into = *std::move(made);
    return {};
  };
  if (auto made = categories(roles.group, "group", out.group); !made)
    return unexpected(made.error());
  if (auto made = categories(roles.strata, "strata", out.strata); !made) {
    return unexpected(made.error());
  }
  if (auto made = categories({&roles.cluster, 1}, "cluster", out.cluster); !made) {
    return unexpected(made.error());
  }
  if (auto made = categories({&roles.id, 1}, "id", out.id); !made) return unexpected(made.error());
  if (!roles.x.empty()) {
    auto x = design(table, roles.x, out.row);
    if (!x) return unexpected(x.error());
    out.x = *std::move(x);
  }
  if (out.id.used() && entry != nullptr) {
    find_overlaps(table, out, *entry, findings);
    mark_continuing(out);
  } else if (out.id.used() && out.id.size() < out.size()) {
    find_ids_without_entry(table, out, roles.id, findings);
  }
  find_spellings(out.group, roles.group, findings);
  find_spellings(out.strata, roles.strata, findings);
  find_odd_terms(out, findings);
  return out;
}

Error error_in_table(Error error, const Table& table, const Roles& roles,
                     const SurvivalRows& rows) {
  const bool of_a_row = error.field == "time" || error.field == "event" || error.field == "entry" ||
                        error.field == "weight";
  if (!of_a_row || !error.row) return error;
  return located(std::move(error), table, rows.row,
                 {{"time", roles.time},
                  {"event", roles.status},
                  {"entry", roles.entry},
                  {"weight", roles.weight}});
}

}  // namespace ombre::inline v0::cohort
