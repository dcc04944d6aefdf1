#include "cli/survival_input.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>
#include <utility>

#include "cli/delimiter.hpp"
#include "ombre/cohort/table_operations.hpp"
#include "ombre/io/cohort_csv.hpp"
#include "ombre/io/csv.hpp"
#include "ombre/io/file.hpp"

namespace ombre::cli {
namespace {

bool has(const std::vector<std::string>& header, const std::string& name) {
  return std::ranges::find(header, name) != header.end();
}

void need(std::vector<std::string>& names, const std::string& name) {
  if (!name.empty() && !has(names, name)) names.push_back(name);
}

// What `ombre metrics --status` writes of a time to an event: the value where it happened, else
// the last known day in `lower`.
enum class EndpointForm : std::uint8_t { none, columns, metric };

// The time, the event and the rows of one endpoint in what `ombre endpoints` writes: in the wide
// layout two columns, in the tidy one rows.
Result<EndpointForm> resolve_endpoint(SurvivalInput& input,
                                      const std::vector<std::string>& header) {
  if (input.endpoint.empty()) return EndpointForm::none;
  if (!input.time.empty() || !input.event.empty()) {
    return unexpected(error_at(Errc::contradiction, "--endpoint", std::nullopt, input.endpoint,
                               "says what the time and the event are; leave out --time and "
                               "--event"));
  }
  if (has(header, input.endpoint + "_time") && has(header, input.endpoint + "_event")) {
    input.time = input.endpoint + "_time";
    input.event = input.endpoint + "_event";
    return EndpointForm::columns;
  }
  if (has(header, "endpoint") && has(header, "value") && has(header, "event")) {
    input.where.insert(input.where.begin(), "endpoint=" + input.endpoint);
    input.time = "value";
    input.event = "event";
    return EndpointForm::columns;
  }
  if (has(header, "metric") && has(header, "value") && has(header, "lower")) {
    if (!has(header, "status")) {
      return unexpected(error_at(Errc::missing, "--endpoint", std::nullopt, input.endpoint,
                                 "needs the column status: write the metrics with --status"));
    }
    input.where.insert(input.where.begin(), "metric=" + input.endpoint);
    input.time = "value";
    input.event = "status";
    return EndpointForm::metric;
  }
  return unexpected(error_at(Errc::missing, "--endpoint", std::nullopt, input.endpoint,
                             "has no columns " + input.endpoint + "_time and " + input.endpoint +
                                 "_event, and the file is no tidy table of endpoints or metrics"));
}

// Whether a metric's values are days to an event.
bool is_time_of_metric(std::string_view id) {
  return id == "first_use" || id.starts_with("days_to_");
}

// Time and event of a metric's rows: "no_event" is a censoring on the last known day.
Result<cohort::Table> times_of_metric(const cohort::Table& table, const SurvivalInput& input) {
  const cohort::Column* value = table.find("value");
  const cohort::Column* lower = table.find("lower");
  const cohort::Column* status = table.find("status");
  cohort::Column time{input.time};
  cohort::Column event{input.event};
  time.missing.assign(table.rows(), 0);
  event.missing.assign(table.rows(), 0);
  if (const cohort::Column* substance = table.find("substance")) {
    for (std::size_t r = 1; r < table.rows(); ++r) {
      if (substance->text(r) == substance->text(0)) continue;
      return unexpected(table.error(Errc::contradiction, *substance, r,
                                    "is a second substance, and nobody may count twice; name one, "
                                    "as with --where substance=" +
                                        substance->text(0)));
    }
  }
  bool any = false;
  for (std::size_t r = 0; r < table.rows(); ++r) {
    const bool happened = !value->is_missing(r);
    const bool censored = !happened && status->text(r) == "no_event" && !lower->is_missing(r);
    any = any || censored || status->text(r) == "no_event";
    if (value->is_factor() || lower->is_factor()) {
      return unexpected(table.error(Errc::unsupported, value->is_factor() ? *value : *lower, r,
                                    "must be a number of days"));
    }
    time.values.push_back(happened ? value->values[r] : censored ? lower->values[r] : 0);
    event.values.push_back(happened ? 1 : 0);
    time.missing[r] = happened || censored ? 0 : 1;
    event.missing[r] = time.missing[r];
  }
  if (std::ranges::all_of(time.missing, [](std::uint8_t hole) { return hole == 1; }) &&
      is_time_of_metric(input.endpoint)) {
    return unexpected(error_at(Errc::empty_input, "--endpoint", std::nullopt, input.endpoint,
                               "has a value for nobody; line " + std::to_string(table.row_name(0)) +
                                   " of " + table.file() + " says " + status->text(0)));
  }
  if (!any && !is_time_of_metric(input.endpoint)) {
    return unexpected(error_at(Errc::unsupported, "--endpoint", std::nullopt, input.endpoint,
                               "is no time to an event"));
  }
  cohort::Table out{table.file()};
  std::vector<std::uint64_t> lines;
  for (std::size_t r = 0; r < table.rows(); ++r) lines.push_back(table.row_name(r));
  for (const cohort::Column& column : table.columns()) {
    const bool is_time = column.name == input.time;
    const bool is_event = column.name == input.event;
    auto added = out.add(is_time ? time : is_event ? event : column);
    if (!added) return unexpected(added.error());
  }
  if (auto set = out.set_lines(std::move(lines)); !set) return unexpected(set.error());
  return out;
}

// Endpoints such as "relapsed by week 12" are true or false, or a number without an event.
bool has_times(const cohort::Table& table, const SurvivalInput& input) {
  const cohort::Column* time = table.find(input.time);
  if (time == nullptr || !time->is_factor()) return true;
  for (std::size_t r = 0; r < table.rows(); ++r) {
    const std::string said = time->text(r);
    if (!said.empty() && said != "true" && said != "false") return true;
  }
  return false;
}

// An endpoint or metric that no row is of, with those that are there.
Error no_such_endpoint(const cohort::Table& table, std::string_view column,
                       const std::string& name) {
  std::set<std::string> known;
  const cohort::Column* names = table.find(column);
  for (std::size_t r = 0; names != nullptr && r < table.rows(); ++r) {
    if (column != "metric" || is_time_of_metric(names->text(r))) known.insert(names->text(r));
  }
  std::string rule = known.empty() ? "is not in the file, nor is another time to an event"
                                   : "is not in the file; there are ";
  std::size_t listed = 0;
  for (const std::string& one : known) {
    if (listed == 40) break;
    rule += (listed++ > 0 ? ", " : "") + shown(one);
  }
  if (known.size() > listed) rule += ", and " + std::to_string(known.size() - listed) + " more";
  return error_at(Errc::unknown_name, "--endpoint", std::nullopt, name, rule);
}

// How many rows a condition keeps.
void tell_eligible(Findings& findings, const std::string& condition, std::size_t before,
                   std::size_t after) {
  Finding finding;
  finding.severity = Severity::note;
  finding.rule = "rows_chosen";
  finding.field = "--where";
  finding.value = condition;
  finding.text = "holds for " + std::to_string(after) + " of " + std::to_string(before) + " rows";
  findings.add(std::move(finding));
}

}  // namespace

void add_choice_options(CLI::App& app, std::vector<std::string>& where,
                        std::vector<std::string>& reference) {
  app.add_option(
      "--where", where,
      "who is eligible: COLUMN=VALUE, or \"COLUMN>=VALUE\" with != < <= > >= (in quotes); "
      "repeatable, all must hold");
  app.add_option("--reference", reference,
                 "COLUMN=VALUE: the category others are compared with; without it the first "
                 "(repeatable)");
}

Result<RowChoice> read_choice(std::span<const std::string> where,
                              std::span<const std::string> reference,
                              std::vector<std::string>& names) {
  RowChoice out;
  for (const std::string& text : where) {
    auto condition = cohort::condition_of(text);
    if (!condition) return unexpected(condition.error());
    need(names, condition->column);
    out.conditions.push_back(*std::move(condition));
  }
  for (const std::string& text : reference) {
    auto one = cohort::condition_of(text);
    if (!one || one->compare != cohort::Compare::equal) {
      return unexpected(
          error_at(Errc::malformed, "--reference", std::nullopt, text, "must be COLUMN=VALUE"));
    }
    need(names, one->column);
    out.references.push_back(*std::move(one));
  }
  return out;
}

Result<cohort::Table> choose_rows(cohort::Table table,
                                  std::span<const cohort::Condition> conditions,
                                  Findings& findings) {
  for (const cohort::Condition& condition : conditions) {
    const std::string said = cohort::text_of(condition);
    auto some = cohort::rows_where(table, condition, findings);
    if (!some) return some;
    if (some->rows() == 0) {
      return unexpected(
          error_at(Errc::empty_input, "--where", std::nullopt, said, "no row says so"));
    }
    tell_eligible(findings, said, table.rows(), some->rows());
    table = *std::move(some);
  }
  return table;
}

Result<void> set_references(cohort::Table& table, std::span<const cohort::Condition> references,
                            const std::vector<std::string>& group,
                            const std::vector<std::string>& x) {
  const auto covariates = cohort::columns_of_terms(x).value_or(std::vector<std::string>{});
  for (const cohort::Condition& reference : references) {
    if (auto set = table.set_reference(reference.column, reference.value); !set) return set;
    if (has(group, reference.column) || has(covariates, reference.column)) continue;
    return unexpected(error_at(Errc::contradiction, "--reference", std::nullopt,
                               cohort::text_of(reference),
                               "is of no column that is compared (a group, or a term of --x)"));
  }
  return {};
}

void add_survival_options(CLI::App& app, SurvivalInput& input, bool strata, bool cluster,
                          bool group) {
  app.add_option("DATA,--data", input.data, "a CSV file with a header row (- is standard input)")
      ->required();
  app.add_option("--time", input.time, "column: end of follow-up");
  app.add_option("--event", input.event, "column: 1 = event, 0 = censored");
  app.add_option("--event-code", input.event_code,
                 "the value of --event that is the event; every other one is a censoring");
  app.add_option("--endpoint", input.endpoint,
                 "instead of --time and --event: an endpoint in what `ombre endpoints` wrote, or a "
                 "time to an event in what `ombre metrics --status` wrote");
  app.add_option("--entry", input.entry, "column: when people came under observation");
  if (group) {
    app.add_option("--group", input.group, "column (or several): what is compared")->delimiter(',');
  }
  if (strata) {
    app.add_option("--strata", input.strata,
                   group ? "column (or several): compare within"
                         : "columns: a baseline hazard for each combination")
        ->delimiter(',');
  }
  app.add_option("--weight", input.weight, "column: how much a row counts");
  if (cluster) app.add_option("--cluster", input.cluster, "column: rows that belong together");
  app.add_option("--id", input.id, "column: the person, where one has several rows");
  add_choice_options(app, input.where, input.reference);
  app.add_option("--join", input.join,
                 "another CSV file whose columns are added by --id, such as who is in which arm");
  add_delimiter_option(app, input.delimiter);
  add_delimiter_option(app, input.join_delimiter, "--join-delimiter",
                       "the same of --join; without it that of DATA");
  app.add_flag("--refuse-missing", input.refuse_missing,
               "stop at a row that lacks a value, instead of leaving it out");
}

void tell_beyond_follow_up(Findings& findings, std::string rule, std::string option, double time,
                           const std::string& name) {
  Finding finding;
  finding.severity = Severity::warning;
  finding.rule = std::move(rule);
  finding.field = std::move(option);
  finding.value = shortest(time);
  finding.text = (name.empty() ? "nobody" : "nobody of " + name) +
                 " was observed that long; the curve was carried forward";
  findings.add(std::move(finding));
}

std::string time_label(const SurvivalInput& input) {
  if (input.endpoint.empty()) return input.time;
  return is_time_of_metric(input.endpoint) ? "Days" : "Time";
}

CLI::Validator above_zero() {
  return CLI::Validator{[](const std::string& text) -> std::string {
                          double value = 0;
                          const char* const end = text.data() + text.size();
                          const auto read = std::from_chars(text.data(), end, value);
                          const bool good = read.ec == std::errc{} && read.ptr == end &&
                                            value > 0 && value <= cohort::largest_number;
                          return good ? std::string{} : "must be a number above 0, not " + text;
                        },
                        "NUMBER ABOVE 0"};
}

Result<cohort::SurvivalRows> read_survival_rows(const SurvivalInput& input, Findings& findings) {
  const auto read = read_survival_table(input, {}, findings);
  if (!read) return unexpected(read.error());
  return cohort::survival_rows(read->table, read->roles, read->policy, findings);
}

Result<SurvivalTable> read_survival_table(const SurvivalInput& given,
                                          std::span<const std::string> also, Findings& findings) {
  SurvivalInput input = given;
  io::CohortCsvOptions how;
  const auto delimiter = delimiter_of(input.delimiter);
  if (!delimiter) return unexpected(delimiter.error());
  how.csv.delimiter = *delimiter;
  io::CohortCsvOptions how_joined = how;
  if (!input.join_delimiter.empty()) {
    const auto joined = delimiter_of(input.join_delimiter, "--join-delimiter");
    if (!joined) return unexpected(joined.error());
    how_joined.csv.delimiter = *joined;
  }
  std::string piped;  // standard input can be read only once
  if (input.data == "-") {
    auto whole = io::read_file(input.data, how.max_bytes);
    if (!whole) return unexpected(whole.error());
    piped = *std::move(whole);
  }
  constexpr const char* pipe = "standard input";
  std::vector<std::string> header;
  {
    auto reader = input.data == "-" ? io::CsvReader::from_text(piped, how.csv, pipe)
                                    : io::CsvReader::open(input.data, how.csv);
    if (!reader) return unexpected(reader.error());
    header = reader->header();
  }
  const auto form = resolve_endpoint(input, header);
  if (!form) return unexpected(form.error());
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
  if (*form == EndpointForm::metric) {
    need(names, "lower");
    if (has(header, "substance")) need(names, "substance");
  }
  for (const std::string& name : also) need(names, name);
  const auto covariates = cohort::columns_of_terms(input.x);
  if (!covariates) return unexpected(covariates.error());
  for (const std::string& name : *covariates) need(names, name);
  const auto choice = read_choice(input.where, input.reference, names);
  if (!choice) return unexpected(choice.error());
  if (!input.split.empty()) {
    const std::string made = cohort::Split{}.period;
    if (has(header, made)) {
      return unexpected(error_at(Errc::duplicate, "--split", std::nullopt, made,
                                 "is the column it makes, and the file has one of this name"));
    }
    std::erase(names, made);
  }
  // With --join a column may come from either file.
  std::vector<std::string> here;
  std::vector<std::string> there;
  cohort::Table other;
  if (!input.join.empty()) {
    if (input.id.empty()) {
      return unexpected(error_of(Errc::missing, "--id", "--join needs the column to join by"));
    }
    auto reader = io::CsvReader::open(input.join, how_joined.csv);
    if (!reader) return unexpected(reader.error());
    const std::vector<std::string> other_header = reader->header();
    for (const std::string& name : names) {
      const bool in_data = has(header, name);
      if (in_data || !has(other_header, name)) here.push_back(name);
      if (!in_data || name == input.id) there.push_back(name);
    }
    std::erase_if(there, [&](const std::string& name) { return !has(other_header, name); });
    if (!has(there, input.id)) there.push_back(input.id);
    auto read = io::read_cohort_csv(input.join, there, how_joined);
    if (!read) return unexpected(read.error());
    other = *std::move(read);
  } else {
    here = names;
  }
  auto read = input.data == "-" ? io::read_cohort_csv_text(piped, pipe, here, how)
                                : io::read_cohort_csv(input.data, here, how);
  if (!read) return unexpected(read.error());
  cohort::Table table = *std::move(read);
  if (!input.join.empty()) {
    auto joined = cohort::join_columns(table, other, input.id, findings);
    if (!joined) return unexpected(joined.error());
    table = *std::move(joined);
  }
  std::span<const cohort::Condition> conditions = choice->conditions;
  if (conditions.size() > given.where.size()) {  // the first one was added for --endpoint
    auto some = cohort::rows_where(table, conditions.front(), findings);
    if (!some) return unexpected(some.error());
    if (some->rows() == 0) {
      return unexpected(no_such_endpoint(table, conditions.front().column, input.endpoint));
    }
    table = *std::move(some);
    conditions = conditions.subspan(1);
  }
  auto chosen = choose_rows(std::move(table), conditions, findings);
  if (!chosen) return unexpected(chosen.error());
  table = *std::move(chosen);
  if (*form != EndpointForm::none && !has_times(table, input)) {
    return unexpected(error_at(Errc::unsupported, "--endpoint", std::nullopt, input.endpoint,
                               "is yes or no for each person, and no time to an event"));
  }
  if (*form == EndpointForm::metric) {
    auto times = times_of_metric(table, input);
    if (!times) return unexpected(times.error());
    table = *std::move(times);
  }
  if (!input.split.empty()) {
    auto pieces = cohort::split_rows(
        table, {input.time, input.event, input.entry, input.event_code, input.split});
    if (!pieces) return unexpected(pieces.error());
    table = *std::move(pieces);
    if (input.entry.empty()) input.entry = cohort::start_column;
  }
  if (auto set = set_references(table, choice->references, input.group, input.x); !set) {
    return unexpected(set.error());
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
  return SurvivalTable{std::move(table), std::move(roles), std::move(policy)};
}

void add_numbers(CLI::App& app, const std::string& name, std::vector<double>& target,
                 const std::string& help) {
  const auto finite = [](const std::string& text) -> std::string {
    double value = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data() + (text.starts_with('+') ? 1 : 0), end, value);
    const bool good =
        read.ec == std::errc{} && read.ptr == end && std::abs(value) <= cohort::largest_number;
    return good ? std::string{} : "must be numbers with commas between, not " + shown(text);
  };
  app.add_option(name, target, help)->delimiter(',')->check(CLI::Validator{finite, ""});
}

Error by_option(Error error) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 24> options{
      {{"x", "--x"},
       {"where", "--where"},
       {"reference", "--reference"},
       {"split", "--split"},
       {"columns", "--x"},
       {"weights", "--rho"},
       {"scores", "--scores"},
       {"times", "--at"},
       {"probabilities", "--probs"},
       {"horizon", "--tau"},
       {"level", "--level"},
       {"time", "--time"},
       {"status", "--event"},
       {"entry", "--entry"},
       {"weight", "--weight"},
       {"robust", "--robust"},
       {"strata_cap", "--strata-cap"},
       {"ties", "--ties"},
       {"lambda", "--lambda"},
       {"group", "--group"},
       {"strata", "--strata"},
       {"unpenalised", "--unpenalised"},
       {"curve", "--band"},
       {"groups", "--group"}}};
  if (!error.file.empty()) return error;
  for (const auto& [field, option] : options) {
    if (error.field != field) continue;
    error.field = std::string{option};
    break;
  }
  return error;
}

Error by_line(const SurvivalInput& input, const cohort::SurvivalRows& rows, Error error) {
  if (!error.row || input.data == "-" || input.join == "-") return by_option(std::move(error));
  Findings told_before;
  const auto table = read_survival_table(input, {}, told_before);
  if (!table) return by_option(std::move(error));
  return by_option(cohort::error_in_table(std::move(error), table->table, table->roles, rows));
}

Error by_figure(Error error, std::string_view option, const std::string& path) {
  const bool curves = error.field == "curves";
  if ((!curves && error.field != "panels") || error.code != Errc::out_of_range) return error;
  return error_at(Errc::out_of_range, option, std::nullopt, path,
                  "would show " + error.value + (curves ? " groups" : " coefficients") +
                      ", and it " + error.rule +
                      (curves ? "; pick some by --where, or leave the figure out" : ""));
}

std::string group_label(const SurvivalInput& input, const cohort::Grouping& group, std::size_t g) {
  if (!group.used()) return {};
  // Words of one column speak for themselves, and combinations carry the names of their columns.
  if (group.values.empty() || input.group.size() != 1) return group.levels[g];
  return input.group.front() + "=" + group.levels[g];
}

}  // namespace ombre::cli
