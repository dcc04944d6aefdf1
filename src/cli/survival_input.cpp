#include "cli/survival_input.hpp"

#include <algorithm>
#include <utility>

#include "ombre/cohort/table_operations.hpp"
#include "ombre/io/cohort_csv.hpp"
#include "ombre/io/csv.hpp"

namespace ombre::cli {
namespace {

bool has(const std::vector<std::string>& header, const std::string& name) {
  return std::ranges::find(header, name) != header.end();
}

void need(std::vector<std::string>& names, const std::string& name) {
  if (!name.empty() && !has(names, name)) names.push_back(name);
}

// The time, the event and the rows of one endpoint in what `ombre endpoints` writes: in the wide
// layout two columns, in the tidy one rows.
Result<void> resolve_endpoint(SurvivalInput& input, const std::vector<std::string>& header) {
  if (input.endpoint.empty()) return {};
  if (!input.time.empty() || !input.event.empty()) {
    return unexpected(error_at(Errc::contradiction, "--endpoint", std::nullopt, input.endpoint,
                               "says what the time and the event are; leave out --time and "
                               "--event"));
  }
  if (has(header, input.endpoint + "_time") && has(header, input.endpoint + "_event")) {
    input.time = input.endpoint + "_time";
    input.event = input.endpoint + "_event";
    return {};
  }
  if (has(header, "endpoint") && has(header, "value") && has(header, "event")) {
    input.where.push_back("endpoint=" + input.endpoint);
    input.time = "value";
    input.event = "event";
    return {};
  }
  return unexpected(error_at(Errc::missing, "--endpoint", std::nullopt, input.endpoint,
                             "has no columns " + input.endpoint + "_time and " + input.endpoint +
                                 "_event, and the file is no tidy table of endpoints"));
}

}  // namespace

void add_survival_options(CLI::App& app, SurvivalInput& input, bool strata, bool cluster) {
  app.add_option("DATA,--data", input.data, "a CSV file with a header row (- is standard input)")
      ->required();
  app.add_option("--time", input.time, "column: end of follow-up");
  app.add_option("--event", input.event, "column: 1 = event, 0 = censored");
  app.add_option("--event-code", input.event_code,
                 "the value of --event that is the event; every other one is a censoring");
  app.add_option("--endpoint", input.endpoint,
                 "instead of --time and --event: an endpoint in what `ombre endpoints` wrote");
  app.add_option("--entry", input.entry, "column: when people came under observation");
  app.add_option("--group", input.group, "column (or several): what is compared")->delimiter(',');
  if (strata) {
    app.add_option("--strata", input.strata, "column (or several): compare within")->delimiter(',');
  }
  app.add_option("--weight", input.weight, "column: how much a row counts");
  if (cluster) app.add_option("--cluster", input.cluster, "column: rows that belong together");
  app.add_option("--id", input.id, "column: the person, where one has several rows");
  app.add_option("--where", input.where, "COLUMN=VALUE: only rows that say so (repeatable)");
  app.add_option("--join", input.join,
                 "another CSV file whose columns are added by --id, such as who is in which arm");
  app.add_flag("--refuse-missing", input.refuse_missing,
               "stop at a row that lacks a value, instead of leaving it out");
}

Result<cohort::SurvivalRows> read_survival_rows(const SurvivalInput& given, Findings& findings) {
  SurvivalInput input = given;
  std::vector<std::string> header;
  if (input.data != "-") {
    auto reader = io::CsvReader::open(input.data);
    if (!reader) return unexpected(reader.error());
    header = reader->header();
  }
  if (auto good = resolve_endpoint(input, header); !good) return unexpected(good.error());
  for (const auto& [name, option] :
       {std::pair<const std::string&, const char*>{input.time, "--time"},
        {input.event, "--event"}}) {
    if (name.empty()) return unexpected(error_of(Errc::missing, option, "a column is needed"));
  }
  std::vector<std::string> names;
  for (const std::string* one :
       {&input.time, &input.event, &input.entry, &input.weight, &input.cluster, &input.id}) {
    need(names, *one);
  }
  for (const auto* several : {&input.group, &input.strata}) {
    for (const std::string& name : *several) need(names, name);
  }
  const auto covariates = cohort::columns_of_terms(input.x);
  if (!covariates) return unexpected(covariates.error());
  for (const std::string& name : *covariates) need(names, name);
  std::vector<std::pair<std::string, std::string>> conditions;
  for (const std::string& condition : input.where) {
    const std::size_t equals = condition.find('=');
    if (equals == std::string::npos || equals == 0) {
      return unexpected(
          error_at(Errc::malformed, "--where", std::nullopt, condition, "must be COLUMN=VALUE"));
    }
    conditions.emplace_back(condition.substr(0, equals), condition.substr(equals + 1));
    need(names, conditions.back().first);
  }
  // With --join a column may come from either file; `-` is read whole.
  std::vector<std::string> here;
  std::vector<std::string> there;
  cohort::Table other;
  if (!input.join.empty()) {
    if (input.id.empty()) {
      return unexpected(error_of(Errc::missing, "--id", "--join needs the column to join by"));
    }
    auto reader = io::CsvReader::open(input.join);
    if (!reader) return unexpected(reader.error());
    const std::vector<std::string> other_header = reader->header();
    for (const std::string& name : names) {
      const bool in_data =
          input.data == "-" ? !has(other_header, name) || name == input.id : has(header, name);
      if (in_data || !has(other_header, name)) here.push_back(name);
      if (!in_data || name == input.id) there.push_back(name);
    }
    std::erase_if(there, [&](const std::string& name) { return !has(other_header, name); });
    if (!has(there, input.id)) there.push_back(input.id);
    auto read = io::read_cohort_csv(input.join, there);
    if (!read) return unexpected(read.error());
    other = *std::move(read);
  } else {
    here = names;
  }
  auto read = io::read_cohort_csv(input.data, here);
  if (!read) return unexpected(read.error());
  cohort::Table table = *std::move(read);
  if (!input.join.empty()) {
    auto joined = cohort::join_columns(table, other, input.id, findings);
    if (!joined) return unexpected(joined.error());
    table = *std::move(joined);
  }
  for (const auto& [column, value] : conditions) {
    auto some = cohort::rows_where(table, column, value);
    if (!some) return unexpected(some.error());
    table = *std::move(some);
    if (table.rows() == 0) {
      return unexpected(error_at(Errc::empty_input, "--where", std::nullopt, column + "=" + value,
                                 "no row says so"));
    }
  }
  cohort::Roles roles{.time = input.time,
                      .status = input.event,
                      .entry = input.entry,
                      .weight = input.weight,
                      .cluster = input.cluster,
                      .id = input.id,
                      .group = input.group,
                      .strata = input.strata,
                      .x = input.x};
  cohort::RowPolicy policy;
  policy.event_code = input.event_code;
  if (input.refuse_missing) policy.missing = cohort::MissingRows::refuse;
  return cohort::survival_rows(table, roles, policy, findings);
}

void add_numbers(CLI::App& app, const std::string& name, std::vector<double>& target,
                 const std::string& help) {
  app.add_option(name, target, help)->delimiter(',');
}

std::string group_label(const SurvivalInput& input, const cohort::Grouping& group, std::size_t g) {
  if (!group.used()) return {};
  // Words of one column speak for themselves.
  if (group.values.empty() && input.group.size() == 1) return group.levels[g];
  std::string names;
  for (const std::string& name : input.group) names += (names.empty() ? "" : ", ") + name;
  return names + " = " + group.levels[g];
}

}  // namespace ombre::cli
