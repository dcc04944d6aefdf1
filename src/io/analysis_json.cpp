#include "ombre/io/analysis_json.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include "csv_row.hpp"
#include "io/analysis_method.hpp"
#include "ombre/cohort/table_operations.hpp"
#include "ombre/io/cohort_csv.hpp"

namespace ombre::inline v0::io {
namespace detail {

const std::vector<std::string>* AnalysisColumns::find(std::string_view role) const noexcept {
  for (const auto& [name, columns] : roles_) {
    if (name == role) return &columns;
  }
  return nullptr;
}

std::vector<std::string> AnalysisColumns::all(std::string_view role) const {
  const auto* found = find(role);
  return found == nullptr ? std::vector<std::string>{} : *found;
}

Result<std::string> AnalysisColumns::one(std::string_view role) const {
  const auto* found = find(role);
  if (found == nullptr) return std::string{};
  if (found->size() != 1) {
    return unexpected(
        error_of(Errc::contradiction, "$.columns." + std::string{role}, "must be one column"));
  }
  return found->front();
}

Result<void> AnalysisColumns::only(std::initializer_list<std::string_view> roles) const {
  for (const auto& [name, columns] : roles_) {
    if (std::ranges::find(roles, name) != roles.end()) continue;
    std::string rule = "is no part this method has a use for; it knows ";
    for (const std::string_view role : roles) {
      rule += (role == *roles.begin() ? "" : ", ") + std::string{role};
    }
    return unexpected(error_of(Errc::unsupported, "$.columns." + name, rule));
  }
  return {};
}

Result<cohort::Roles> roles_of(const AnalysisColumns& columns) {
  cohort::Roles roles;
  for (const auto& [role, into] : std::initializer_list<std::pair<std::string_view, std::string*>>{
           {"time", &roles.time},
           {"status", &roles.status},
           {"entry", &roles.entry},
           {"weight", &roles.weight},
           {"cluster", &roles.cluster},
           {"id", &roles.id},
           {"offset", &roles.offset}}) {
    auto name = columns.one(role);
    if (!name) return unexpected(name.error());
    *into = *std::move(name);
  }
  roles.group = columns.all("group");
  roles.strata = columns.all("strata");
  roles.x = columns.all("x");
  return roles;
}

namespace {

// An item of a list as a path names it; a value without brackets is itself.
std::string item_key(std::string_view key, const JsonView& view, std::size_t item) {
  std::string out{key};
  if (view.value->kind() == Json::Kind::list) out += '[' + std::to_string(item) + ']';
  return out;
}

}  // namespace

std::optional<std::vector<double>> optional_numbers(JsonFields& fields, std::string_view key,
                                                    double least, double most) {
  const auto view = fields.optional_any(key);
  if (!view) return std::nullopt;
  const std::span<const Json> items = view->value->kind() == Json::Kind::list
                                          ? view->value->items()
                                          : std::span<const Json>{view->value, 1};
  std::vector<double> out;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto number = items[i].as_number();
    if (!number || !(*number >= least && *number <= most)) {
      fields.refuse(item_key(key, *view, i), number ? Errc::out_of_range : Errc::malformed,
                    "must be a number or a list of numbers from " + shortest(least) + " to " +
                        shortest(most));
      return std::nullopt;
    }
    out.push_back(*number);
  }
  return out;
}

std::optional<std::vector<std::string>> optional_texts(JsonFields& fields, std::string_view key) {
  const auto view = fields.optional_any(key);
  if (!view) return std::nullopt;
  const std::span<const Json> items = view->value->kind() == Json::Kind::list
                                          ? view->value->items()
                                          : std::span<const Json>{view->value, 1};
  std::vector<std::string> out;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto text = items[i].as_text();
    if (!text) {
      fields.refuse(item_key(key, *view, i), Errc::malformed, "must be a text or a list of texts");
      return std::nullopt;
    }
    out.emplace_back(*text);
  }
  return out;
}

std::string event_code_of(JsonFields& fields) {
  const auto view = fields.optional_any("event_code");
  if (!view) return {};
  if (const auto text = view->value->as_text()) return std::string{*text};
  if (const auto number = view->value->as_number()) return shortest(*number);
  fields.refuse("event_code", Errc::malformed, "must be a text or a number");
  return {};
}

Json json_of(double value) {
  if (std::isfinite(value)) return Json::number(value);
  if (std::isnan(value)) return Json::text("NaN");
  return Json::text(value > 0 ? "Inf" : "-Inf");
}

Json json_of(std::optional<double> value) { return value ? json_of(*value) : Json{}; }

Json json_list(std::span<const double> values) {
  std::vector<Json> items;
  items.reserve(values.size());
  for (const double v : values) items.push_back(json_of(v));
  return Json::list(std::move(items));
}

Json json_list(std::span<const std::optional<double>> values) {
  std::vector<Json> items;
  items.reserve(values.size());
  for (const auto& v : values) items.push_back(json_of(v));
  return Json::list(std::move(items));
}

Json json_list(std::span<const std::string> values) {
  std::vector<Json> items;
  items.reserve(values.size());
  for (const std::string& v : values) items.push_back(Json::text(v));
  return Json::list(std::move(items));
}

Json json_matrix(std::span<const double> values, std::size_t rows, std::size_t columns) {
  Json out = Json::list();
  for (std::size_t r = 0; r < rows; ++r) {
    out.add(json_list(values.subspan(r * columns, columns)));
  }
  return out;
}

std::string key_of(std::string_view prefix, double value) {
  return std::string{prefix} + shortest(value);
}

}  // namespace detail

namespace {

constexpr std::array<std::string_view, 18> known_roles = {
    "time", "time2",  "status", "entry", "group", "strata", "weight",    "cluster", "id",
    "x",    "offset", "y",      "state", "from",  "to",     "treatment", "arm",     "layers"};

Result<detail::AnalysisColumns> columns_of(const JsonView& view) {
  std::vector<std::pair<std::string, std::vector<std::string>>> roles;
  const bool empty_list = view.value->kind() == Json::Kind::list && view.value->items().empty();
  if (view.value->kind() != Json::Kind::object && !empty_list) {
    return unexpected(view.error(Errc::malformed, "must be an object of roles and column names"));
  }
  for (const auto& [role, value] : view.value->members()) {
    const JsonView at{&value, view.path + '.' + detail::printable(role), view.file};
    if (std::ranges::find(known_roles, role) == known_roles.end()) {
      std::string rule = "is no part a column can play";
      if (const auto near = nearest_word(role, known_roles)) {
        rule += "; did you mean " + std::string{*near} + "?";
      }
      return unexpected(at.error(Errc::unknown_name, rule));
    }
    if (value.kind() == Json::Kind::null) continue;
    std::vector<std::string> names;
    const std::span<const Json> items =
        value.kind() == Json::Kind::list ? value.items() : std::span<const Json>{&value, 1};
    for (const Json& item : items) {
      const auto text = item.as_text();
      if (!text || text->empty()) {
        return unexpected(at.error(Errc::malformed, "must be a column's name or a list of names"));
      }
      names.emplace_back(*text);
    }
    if (!names.empty()) roles.emplace_back(role, std::move(names));
  }
  return detail::AnalysisColumns{std::move(roles)};
}

// The columns of the file a spec speaks of: those of its roles (terms taken apart), and covariates
// an option may name.
Result<std::vector<std::string>> needed_columns(const detail::AnalysisColumns& columns,
                                                const JsonView& options) {
  std::vector<std::string> names;
  const auto add = [&](const std::string& name) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  };
  for (const std::string_view role : known_roles) {
    if (role == "layers") continue;
    std::vector<std::string> all = columns.all(role);
    if (role == "x") {
      auto taken_apart = cohort::columns_of_terms(all);
      if (!taken_apart) return taken_apart;
      all = *std::move(taken_apart);
    }
    for (const std::string& name : all) add(name);
  }
  if (const Json* covariates = options.value->find("covariates")) {
    std::vector<std::string> terms;
    const std::span<const Json> items = covariates->kind() == Json::Kind::list
                                            ? covariates->items()
                                            : std::span<const Json>{covariates, 1};
    for (const Json& item : items) {
      if (const auto text = item.as_text()) terms.emplace_back(*text);
    }
    const auto taken_apart = cohort::columns_of_terms(terms);
    if (!taken_apart) return taken_apart;
    for (const std::string& name : *taken_apart) add(name);
  }
  return names;
}

// ---- errors ----------------------------------------------------------------------------------
// Every error is of the spec ("spec.json, $.columns.time = "weeks": ...") or of the data ("t.csv,
// line 3, days = "-2": ..."). Parts of the library know neither: they speak of a parameter.

// The value at a path such as "$.options.at[1]"; null where there is none.
const Json* value_at(const Json& spec, std::string_view path) {
  if (!path.starts_with('$')) return nullptr;
  path.remove_prefix(1);
  const Json* value = &spec;
  while (value != nullptr && !path.empty()) {
    const std::size_t end = std::min(path.find_first_of(".[", 1), path.size());
    std::string_view step = path.substr(1, end - 1);
    if (path.front() == '.') {
      value = value->find(step);
    } else {
      std::size_t at = 0;
      for (const char c : step) {
        if (c >= '0' && c <= '9') at = at * 10 + static_cast<std::size_t>(c - '0');
      }
      value = value->kind() == Json::Kind::list && at < value->items().size() ? &value->items()[at]
                                                                              : nullptr;
    }
    path.remove_prefix(end);
  }
  return value;
}

std::string value_text(const Json& value) {
  if (const auto text = value.as_text()) return shown(*text);
  if (value.kind() == Json::Kind::null) return {};
  auto text = json_text(value, {0});
  if (!text) return {};
  while (text->ends_with('\n')) text->pop_back();
  return shown(*text);
}

// The place in a spec of what a part of the library calls `field`; empty where it has none.
std::string path_of(const Json& spec, std::string_view field) {
  const auto has = [&](const char* part, std::string_view key) {
    const Json* object = spec.find(part);
    return object != nullptr && object->kind() == Json::Kind::object &&
           object->find(key) != nullptr;
  };
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> other_names{
      {{"horizon", "tau"},
       {"fixed_scale", "scale"},
       {"fixed_shape", "shape"},
       {"event", "status"},
       {"groups", "group"}}};
  for (const auto& [name, key] : other_names) {
    if (field == name) field = key;
  }
  // Clusters ask for robust errors without the option.
  if (field == "robust" && !has("options", "robust")) field = "cluster";
  if (field == "x" && !has("columns", "x") && has("options", "covariates")) field = "covariates";
  std::string out{"$."};
  const bool role = std::ranges::find(known_roles, field) != known_roles.end();
  if (has("options", field) && !has("columns", field)) return out.append("options.").append(field);
  if (role) return out.append("columns.").append(field);
  if (field == "reference") return "$.reference";
  return {};
}

// The part that a column of this name plays in a spec; empty where it plays none.
std::string path_of_column(const Json& spec, std::string_view column) {
  const Json* columns = spec.find("columns");
  if (columns == nullptr || columns->kind() != Json::Kind::object) return {};
  for (const auto& [role, value] : columns->members()) {
    const std::span<const Json> items =
        value.kind() == Json::Kind::list ? value.items() : std::span<const Json>{&value, 1};
    for (const Json& item : items) {
      if (item.as_text() == column) return "$.columns." + detail::printable(role);
    }
  }
  return {};
}

Error in_spec(Error error, const Json& spec, std::string_view name) {
  if (!error.file.empty() && error.file != name) return error;
  error.file = std::string{name};
  error.row.reset();
  if (!error.field.starts_with('$')) {
    std::string path = path_of(spec, error.field);
    if (path.empty()) path = path_of_column(spec, error.field);
    if (!path.empty()) error.field = std::move(path);
  }
  if (error.value.empty()) {
    if (const Json* value = value_at(spec, error.field)) error.value = value_text(*value);
  }
  return error;
}

// A column the table does not have, by the part it was to play.
Error without_column(Error error, const detail::AnalysisColumns& columns, bool in_options,
                     std::string_view name) {
  if (error.code != Errc::missing || error.field != "column") return error;
  std::string path = in_options ? "$.options.covariates" : "$.where";
  for (const std::string_view role : known_roles) {
    std::vector<std::string> names = columns.all(role);
    if (role == "x") names = cohort::columns_of_terms(names).value_or(names);
    if (std::ranges::find(names, error.value) == names.end()) continue;
    path = "$.columns." + std::string{role};
    break;
  }
  error.rule = error.file + " has " + error.rule;
  error.field = std::move(path);
  error.file = std::string{name};
  return error;
}

// ---- eligibility and references ---------------------------------------------------------------
std::string where_path(std::size_t condition) {
  return "$.where[" + std::to_string(condition) + "]";
}

Error in_where(Error error, std::size_t condition) {
  if (error.field == "where") error.field = where_path(condition);
  return error;
}

// The conditions of a spec; their columns are read too.
Result<std::vector<cohort::Condition>> conditions_of(const std::vector<std::string>& where,
                                                     std::vector<std::string>& needed) {
  std::vector<cohort::Condition> out;
  for (std::size_t c = 0; c < where.size(); ++c) {
    auto condition = cohort::condition_of(where[c]);
    if (!condition) return unexpected(in_where(condition.error(), c));
    if (std::ranges::find(needed, condition->column) == needed.end()) {
      needed.push_back(condition->column);
    }
    out.push_back(*std::move(condition));
  }
  return out;
}

// Follow-up cut at times; the columns then have an entry.
Result<cohort::Table> split_as_said(const cohort::Table& table, const std::vector<double>& cuts,
                                    const JsonView& options, detail::AnalysisColumns& columns) {
  auto roles = detail::roles_of(columns);
  if (!roles) return unexpected(roles.error());
  cohort::Split split{roles->time, roles->status, roles->entry, {}, cuts};
  if (const Json* code = options.value->find("event_code")) split.event_code = value_text(*code);
  auto pieces = cohort::split_rows(table, split);
  if (!pieces) {
    Error error = pieces.error();
    if (error.field == "split") error.field = "$.split";
    return unexpected(std::move(error));
  }
  if (roles->entry.empty()) columns.add("entry", std::string{cohort::start_column});
  return pieces;
}

// {"arm": "usual care"}: of columns that play a part.
Result<void> set_references(const JsonView& view, const std::vector<std::string>& roles,
                            cohort::Table& table) {
  if (view.value->kind() != Json::Kind::object) {
    return unexpected(view.error(Errc::malformed, "must be an object of columns and values"));
  }
  for (const auto& [column, value] : view.value->members()) {
    const JsonView at{&value, view.path + '.' + detail::printable(column), view.file};
    if (std::ranges::find(roles, column) == roles.end()) {
      return unexpected(at.error(Errc::contradiction, "is no column of this analysis"));
    }
    std::string level;
    if (const auto text = value.as_text()) {
      level = std::string{*text};
    } else if (const auto number = value.as_number()) {
      level = shortest(*number);
    } else {
      return unexpected(at.error(Errc::malformed, "must be a text or a number"));
    }
    if (auto set = table.set_reference(column, level); !set) {
      return unexpected(at.error(set.error().code, set.error().rule));
    }
  }
  return {};
}

Result<Analysis> analyse_spec(const Json& spec, const AnalysisOptions& options,
                              std::string_view name) {
  const JsonView whole{&spec, "$", name};
  JsonFields fields{whole};
  const std::string method_name = fields.text("method");
  const auto data = fields.optional_text("data");
  const auto delimiter = fields.optional_text("delimiter");
  const auto where = detail::optional_texts(fields, "where");
  const auto reference_view = fields.optional_any("reference");
  const auto cuts =
      detail::optional_numbers(fields, "split", -cohort::largest_number, cohort::largest_number);
  const auto columns_view = fields.optional_any("columns");
  const auto options_view = fields.optional_any("options");
  for (const std::string_view said :
       {"id", "software", "note", "expect", "relative_tolerance", "r_error", "r_warnings"}) {
    static_cast<void>(fields.optional_any(said));
  }
  if (auto read = fields.finish(); !read) return unexpected(read.error());

  const auto methods = detail::analysis_methods();
  const auto method = std::ranges::find(methods, method_name, &detail::AnalysisMethod::name);
  if (method == methods.end()) {
    std::string rule = "is no method; there are ";
    for (const auto& m : methods) {
      rule += (&m == methods.data() ? "" : ", ") + std::string{m.name};
    }
    if (const auto near = nearest_word(method_name, analysis_method_names())) {
      rule += "; did you mean " + std::string{*near} + "?";
    }
    return unexpected(error_of(Errc::unknown_name, "$.method", rule));
  }

  detail::AnalysisColumns columns;
  if (columns_view) {
    auto read = columns_of(*columns_view);
    if (!read) return unexpected(read.error());
    columns = *std::move(read);
  }
  // R writes an empty set of options as an empty list.
  const Json none = Json::object();
  JsonView given{&none, "$.options", name};
  if (options_view) {
    const Json& value = *options_view->value;
    if (value.kind() == Json::Kind::object) {
      given = *options_view;
    } else if (value.kind() != Json::Kind::list || !value.items().empty()) {
      return unexpected(options_view->error(Errc::malformed, "must be an object"));
    }
  }

  CohortCsvOptions how;
  if (delimiter) {
    const std::string& text = *delimiter;
    const bool plain =
        text.size() == 1 && text[0] > 0 && text != "\"" && text != "\n" && text != "\r";
    if (!plain) {
      return unexpected(error_of(Errc::malformed, "$.delimiter",
                                 "must be one character other than a quote, such as \";\" or "
                                 "\"\\t\""));
    }
    how.csv.delimiter = text.front();
  }
  if (!data) {
    return unexpected(error_of(Errc::missing, "$.data", "is required: the table to analyse"));
  }
  auto needed = needed_columns(columns, given);
  if (!needed) return unexpected(needed.error());
  const bool split = cuts && !cuts->empty();
  if (split && method_name != "cox" && method_name != "cox_path") {
    return unexpected(error_of(Errc::unsupported, "$.split", "is for cox and cox_path only"));
  }
  const std::vector<std::string> roles = *needed;
  if (split) std::erase(*needed, cohort::Split{}.period);
  const auto conditions = conditions_of(where.value_or(std::vector<std::string>{}), *needed);
  if (!conditions) return unexpected(conditions.error());
  std::string path = *data;
  if (path != "-" && !options.data_dir.empty() && std::filesystem::path{path}.is_relative()) {
    path = (std::filesystem::path{options.data_dir} / path).string();
  }
  auto table = read_cohort_csv(path, *needed, how);
  if (!table) {
    const bool in_options = std::ranges::find(roles, table.error().value) != roles.end();
    return unexpected(without_column(table.error(), columns, in_options, name));
  }
  Analysis out;
  for (std::size_t c = 0; c < conditions->size(); ++c) {
    auto some = cohort::rows_where(*table, (*conditions)[c], out.findings);
    if (!some) return unexpected(in_where(some.error(), c));
    if (some->rows() == 0 && table->rows() > 0) {
      return unexpected(error_at(Errc::empty_input, where_path(c), std::nullopt,
                                 cohort::text_of((*conditions)[c]), "no row says so"));
    }
    table = std::move(some);
  }
  if (split) {
    auto pieces = split_as_said(*table, *cuts, given, columns);
    if (!pieces) return unexpected(pieces.error());
    table = std::move(pieces);
  }
  if (reference_view) {
    if (auto set = set_references(*reference_view, roles, *table); !set) {
      return unexpected(set.error());
    }
  }
  const detail::AnalysisInput input{
      *table,       columns,          given,
      out.findings, options.progress, options.runner == nullptr ? serial() : *options.runner};
  auto result = method->run(input);
  if (!result) return unexpected(result.error());
  out.result = *std::move(result);
  return out;
}

}  // namespace

std::vector<std::string_view> analysis_method_names() {
  std::vector<std::string_view> names;
  for (const detail::AnalysisMethod& method : detail::analysis_methods()) {
    names.push_back(method.name);
  }
  return names;
}

Result<Analysis> analyse(const Json& spec, const AnalysisOptions& options, std::string_view name) {
  auto done = analyse_spec(spec, options, name);
  if (!done) return unexpected(in_spec(done.error(), spec, name));
  return done;
}

}  // namespace ombre::inline v0::io
