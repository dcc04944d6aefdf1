#include "ombre/io/abstinence_csv.hpp"

#include <array>
#include <optional>
#include <string_view>

#include "ombre/io/csv_columns.hpp"
#include "ombre/io/table_csv.hpp"

namespace ombre::inline v0::io {
namespace {

using outcomes::AbstinenceRecords;

constexpr std::array<std::string_view, 3> table_names = {"follow_back", "visits", "biochemical"};
constexpr std::array<std::string_view, 5> visit_columns = {"visit", "visit_name", "visit_number",
                                                           "visitnum", "timepoint"};

std::vector<ColumnRequest> requests(std::size_t table) {
  const auto want = [](std::string role, std::span<const std::string_view> names, ColumnType type) {
    ColumnRequest out;
    out.role = std::move(role);
    out.names.assign(names.begin(), names.end());
    out.type = type;
    return out;
  };
  std::vector<ColumnRequest> out;
  out.push_back(want("person", person_column_names(), ColumnType::text));
  out.back().may_be_missing = false;
  if (table == 1) out.push_back(want("visit", visit_columns, ColumnType::text));
  out.push_back(want("day", day_column_names(), ColumnType::day));
  if (table != 1) out.push_back(want("amount", amount_column_names(), ColumnType::number));
  return out;
}

Result<void> check_overrides(const AbstinenceCsvOptions& options) {
  for (const auto& [place, column] : options.columns) {
    std::string known;
    bool found = false;
    for (std::size_t t = 0; t < table_names.size(); ++t) {
      for (const ColumnRequest& request : requests(t)) {
        const std::string one = std::string{table_names[t]} + '.' + request.role;
        found = found || place == one;
        known += (known.empty() ? "" : ", ") + one;
      }
    }
    if (!found) {
      return unexpected(
          error_at(Errc::unknown_name, "column", std::nullopt, place, "must be one of " + known));
    }
  }
  return {};
}

Result<void> add_rows(const TypedTable& table, std::size_t which, const std::string& file,
                      AbstinenceRecords& records) {
  const TypedColumn& person = table["person"];
  const TypedColumn& day = table["day"];
  for (std::size_t row = 0; row < table.size; ++row) {
    std::optional<std::int32_t> on;
    if (day.known[row] != 0) on = day.day[row];
    Result<void> added{};
    if (which == 1) {
      added =
          records.add_visit(person.text_at(row), table["visit"].text_at(row), on, table.line[row]);
    } else {
      const TypedColumn& amount = table["amount"];
      std::optional<double> value;
      if (amount.known[row] != 0) value = amount.number[row];
      added = records.add_amount(
          which == 0 ? AbstinenceRecords::Table::tlfb : AbstinenceRecords::Table::biochemical,
          person.text_at(row), on, value, table.line[row]);
    }
    if (!added) {
      Error error = added.error();
      error.file = file;
      return unexpected(std::move(error));
    }
  }
  return {};
}

}  // namespace

Result<AbstinenceCsv> read_abstinence_csv(const AbstinenceFiles& files,
                                          const AbstinenceCsvOptions& options) {
  if (auto checked = check_overrides(options); !checked) return unexpected(checked.error());
  AbstinenceCsv out{{}, Findings{options.keep_findings}, 0};
  const std::array<const std::string*, 3> paths = {&files.follow_back, &files.visits,
                                                   &files.biochemical};
  std::optional<timeline::DayAxis> axis;
  std::string_view axis_file;
  for (std::size_t t = 0; t < paths.size(); ++t) {
    if (paths[t]->empty()) continue;
    auto wanted = requests(t);
    for (ColumnRequest& request : wanted) {
      const std::string place = std::string{table_names[t]} + '.' + request.role;
      request.option = "--column " + place + "=NAME";
      for (const auto& [key, column] : options.columns) {
        if (key == place) request.given = column;
      }
    }
    TableCsvOptions read;
    read.keep_findings = options.keep_findings;
    read.csv = options.csv;
    read.progress = options.progress;
    const auto table = read_table_csv(*paths[t], wanted, read);
    if (!table) return unexpected(table.error());
    if (table->axis && axis && *axis != *table->axis) {
      const bool dates = *table->axis == timeline::DayAxis::calendar;
      Error error;
      error.code = Errc::contradiction;
      error.file = *paths[t];
      error.field = "day";
      error.rule = std::string{dates ? "holds dates" : "holds day numbers"} + ", but " +
                   std::string{axis_file} + (dates ? " holds day numbers" : " holds dates") +
                   ": all tables must use one of the two";
      return unexpected(std::move(error));
    }
    if (table->axis && !axis) {
      axis = table->axis;
      axis_file = *paths[t];
    }
    out.rows += table->rows;
    out.findings.merge(table->findings);
    if (auto added = add_rows(*table, t, *paths[t], out.records); !added) {
      return unexpected(added.error());
    }
  }
  out.records.tlfb_file = files.follow_back;
  out.records.visits_file = files.visits;
  out.records.biochemical_file = files.biochemical;
  out.records.days_are_dates = axis == timeline::DayAxis::calendar;
  return out;
}

}  // namespace ombre::inline v0::io
