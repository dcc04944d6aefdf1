#include "ombre/cohort/parametric.hpp"

#include <optional>
#include <utility>

#include "cohort/cells.hpp"

namespace ombre::inline v0::cohort {

namespace {

// A role that may be without a column.
Result<const Column*> numbers(const Table& table, const std::string& name, std::string_view role) {
  if (name.empty()) return static_cast<const Column*>(nullptr);
  return number_column(table, name, role);
}

// Files that say 1 = censored and 2 = event read as exact events and left-censored ones.
void find_other_codes(const Column& status, bool intervals, Findings& findings) {
  bool one = false;
  bool two = false;
  for (std::size_t r = 0; r < status.values.size(); ++r) {
    if (status.is_missing(r)) continue;
    one = one || status.values[r] == 1;
    two = two || status.values[r] == 2;
    if (status.values[r] != 1 && status.values[r] != 2) return;
  }
  if (!one || !two || intervals) return;
  Finding finding;
  finding.severity = Severity::warning;
  finding.rule = "codes_one_and_two";
  finding.field = status.name;
  finding.text =
      "holds 1 and 2 only, which are read as an event at the time and an event before it; where 1 "
      "is "
      "censored and 2 the event, write 0 and 1";
  findings.add(std::move(finding));
}

}  // namespace

Error parametric_error(Error error, const Table& table, const ParametricRoles& roles,
                       const ParametricRows& rows) {
  return located(std::move(error), table, rows.row,
                 {{"time", roles.time},
                  {"time2", roles.time2},
                  {"known", roles.status.empty() ? roles.time2 : roles.status},
                  {"entry", roles.entry},
                  {"weight", roles.weight},
                  {"offset", roles.offset},
                  {"columns", "x"}});
}

stats::ParametricInput ParametricRows::input() const noexcept {
  return {.time = time,
          .known = known,
          .time2 = time2,
          .entry = entry,
          .weight = weight,
          .x = x.values,
          .columns = x.columns.size(),
          .offset = offset};
}

Result<ParametricRows> parametric_rows(const Table& table, const ParametricRoles& roles,
                                       MissingRows missing, Findings& findings) {
  if (roles.time.empty()) return unexpected(error_of(Errc::missing, "time", "must name a column"));
  if (roles.status.empty() && roles.time2.empty()) {
    return unexpected(
        error_of(Errc::missing, "status",
                 "must name a column, unless time and time2 are the visits around the "
                 "event"));
  }
  const auto time = numbers(table, roles.time, "time");
  if (!time) return unexpected(time.error());
  const auto time2 = numbers(table, roles.time2, "time2");
  if (!time2) return unexpected(time2.error());
  const auto status = numbers(table, roles.status, "status");
  if (!status) return unexpected(status.error());
  const auto entry = numbers(table, roles.entry, "entry");
  if (!entry) return unexpected(entry.error());
  const auto weight = numbers(table, roles.weight, "weight");
  if (!weight) return unexpected(weight.error());
  const auto offset = numbers(table, roles.offset, "offset");
  if (!offset) return unexpected(offset.error());
  auto names = columns_of_terms(roles.x);
  if (!names) return unexpected(names.error());
  std::vector<const Column*> needed;
  for (const std::string& name : *names) {
    const auto column = table.column(name, "x");
    if (!column) return unexpected(column.error());
    needed.push_back(*column);
  }
  for (const Column* column : {*status, *entry, *weight, *offset}) {
    if (column != nullptr) needed.push_back(column);
  }

  if (*status != nullptr) find_other_codes(**status, *time2 != nullptr, findings);
  ParametricRows rows;
  for (std::size_t r = 0; r < table.rows(); ++r) {
    const Column* without = nullptr;
    for (const Column* column : needed) {
      if (column->is_missing(r)) {
        without = column;
        break;
      }
    }
    const bool visits = *status == nullptr;
    std::optional<double> code;
    if (!visits && !(*status)->is_missing(r)) {
      code = (*status)->values[r];
      if (*code != 0 && *code != 1 && *code != 2 && *code != 3) {
        return unexpected(table.error(Errc::out_of_range, **status, r,
                                      "must be 0 (after time), 1 (at time), 2 (before time) or 3 "
                                      "(between time and time2)"));
      }
      if (*code == 3 && *time2 == nullptr) {
        return unexpected(table.error(Errc::missing, **status, r,
                                      "needs the column time2 where the event lies between"));
      }
      if (*code == 3 && (*time2)->is_missing(r)) without = *time2;
    }
    const bool no_time = (*time)->is_missing(r);
    const bool no_time2 = *time2 == nullptr || (*time2)->is_missing(r);
    if (no_time && (!visits || no_time2)) without = *time;
    if (without != nullptr) {
      if (missing == MissingRows::refuse) {
        return unexpected(table.error(Errc::missing, *without, r, "must have a value"));
      }
      tell_cell(table, without->name, r, "missing_value", "",
                "the row was left out: it has no value there", findings);
      continue;
    }
    double from = no_time ? 0.0 : (*time)->values[r];
    const double to = no_time2 ? 0.0 : (*time2)->values[r];
    const double w = *weight == nullptr ? 1.0 : (*weight)->values[r];
    if (w < 0) return unexpected(table.error(Errc::out_of_range, **weight, r, "must be 0 or more"));
    if (w == 0) {
      tell_cell(table, (*weight)->name, r, "zero_weight", "0",
                "the row has no weight and says nothing", findings);
    }
    if (from < 0)
      return unexpected(table.error(Errc::out_of_range, **time, r, "must be 0 or more"));
    stats::TimeKnown known = stats::TimeKnown::after;
    if (!visits) {
      known = static_cast<stats::TimeKnown>(static_cast<int>(*code));
    } else if (!no_time2) {
      if (to < from) {
        return unexpected(
            table.error(Errc::contradiction, **time2, r, "must not be before the other visit"));
      }
      known = to == from  ? stats::TimeKnown::exactly
              : from == 0 ? stats::TimeKnown::before
                          : stats::TimeKnown::between;
      if (known == stats::TimeKnown::before) from = to;
    }
    rows.row.push_back(r);
    rows.time.push_back(from);
    rows.known.push_back(known);
    rows.time2.push_back(known == stats::TimeKnown::between ? to : 0.0);
    if (*entry != nullptr) rows.entry.push_back((*entry)->values[r]);
    if (*weight != nullptr) rows.weight.push_back((*weight)->values[r]);
    if (*offset != nullptr) rows.offset.push_back((*offset)->values[r]);
  }
  if (rows.row.empty()) {
    Error error = error_of(
        Errc::empty_input, roles.time,
        table.rows() == 0 ? "the table has no rows" : "no row has all the values that are needed");
    error.file = table.file();
    return unexpected(std::move(error));
  }
  auto x = design(table, roles.x, rows.row);
  if (!x) return unexpected(x.error());
  rows.x = *std::move(x);
  return rows;
}

void report_parametric_fit(const stats::ParametricFit& fit, const Design& x, Findings& findings) {
  const auto tell = [&findings](std::string rule, std::string field, std::string text) {
    Finding finding;
    finding.severity = Severity::warning;
    finding.rule = std::move(rule);
    finding.field = std::move(field);
    finding.text = std::move(text);
    findings.add(std::move(finding));
  };
  for (const stats::ParametricAlias& alias : fit.aliases) {
    std::string equals = shortest(alias.constant);
    for (const auto& [column, factor] : alias.combination) {
      equals += " + " + shortest(factor) + " " + x.columns[column];
    }
    tell("collinear_column", x.columns[alias.column],
         alias.combination.empty()
             ? "is always " + equals + ": it says nothing and is not in the model"
             : "equals " + equals + ": it says nothing new and is not in the model");
  }
  for (std::size_t j = 0; j < fit.kind.size(); ++j) {
    if (fit.kind[j] != stats::ParametricCoefficient::infinite) continue;
    tell(
        "infinite_coefficient", j == 0 ? "(Intercept)" : x.columns[j - 1],
        "the likelihood grows for ever along it, as where a group has no event; its value is where "
        "the search stopped");
  }
  if (fit.too_few_people()) {
    const auto counted = [](std::size_t count, const char* one, const char* many) {
      return std::to_string(count) + " " + (count == 1 ? one : many);
    };
    tell("too_few_people", "",
         counted(fit.n, "person", "people") + " for " + counted(fit.df, "parameter", "parameters") +
             " of the " + std::string{name(fit.family)} + " family: there are no standard errors" +
             (fit.status == stats::ParametricStatus::converged
                  ? ""
                  : ", and the parameters themselves are not determined"));
  }
  // A scale known to a factor of e^10 or worse is not known.
  const std::size_t size = fit.parameters.size();
  for (std::size_t j = fit.columns + 1; j < size && fit.variance.size() == size * size; ++j) {
    if (!(fit.variance[j * size + j] > 100)) continue;
    tell("not_determined", j == fit.columns + 1 && fit.scale ? "log(scale)" : "shape",
         "the data hardly tell its values apart: do not use it, nor what depends on it");
  }
  if (fit.status == stats::ParametricStatus::at_boundary) {
    tell("at_boundary", "",
         "the likelihood grows toward the edge of the family (a scale of 0 or without bound, or a "
         "shape beyond its limit), so there are no standard errors");
  } else if (fit.status == stats::ParametricStatus::iteration_limit) {
    tell("not_converged", "", "the search did not come to rest; do not use its numbers");
  }
}

}  // namespace ombre::inline v0::cohort
