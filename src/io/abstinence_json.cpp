#include "ombre/io/abstinence_json.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <unordered_set>
#include <utility>

namespace ombre::inline v0::io {
namespace {

namespace oc = outcomes;

constexpr std::string_view format_name = "ombre-abstinence-1";
constexpr double most = 1e100;
constexpr std::int64_t most_days = 100'000;

constexpr std::array<std::string_view, 5> duplicate_rules = {"keep", "min", "max", "mean",
                                                             "drop_all"};
constexpr std::array<std::string_view, 2> outlier_actions = {"move_to_bound", "drop"};
constexpr std::array<std::string_view, 2> limit_rules = {"documented", "published"};
constexpr std::array<std::string_view, 2> modes = {"intention_to_treat", "responders_only"};
constexpr std::array<std::string_view, 3> kinds = {"continuous", "point_prevalence", "prolonged"};
constexpr std::array<std::string_view, 3> lapse_ats = {"published", "at_least", "more_than"};
constexpr std::array<std::string_view, 2> lapse_windows = {"rows", "days"};

oc::DuplicateRule duplicates(JsonFields& in, oc::DuplicateRule otherwise) {
  const auto rule = in.optional_one_of("duplicates", duplicate_rules);
  return rule ? static_cast<oc::DuplicateRule>(*rule) : otherwise;
}

std::int32_t days(std::optional<std::int64_t> value, std::int32_t otherwise) {
  return value ? static_cast<std::int32_t>(*value) : otherwise;
}

Result<std::optional<oc::OutlierRule>> outliers(JsonFields& in) {
  const auto view = in.optional_any("outliers");
  if (!view) return std::optional<oc::OutlierRule>{};
  oc::OutlierRule out;
  JsonFields fields{*view};
  out.lowest = fields.number("lowest", -most, most);
  out.highest = fields.number("highest", -most, most);
  out.drop = fields.one_of("action", outlier_actions) == 1;
  if (auto read = fields.finish(); !read) return unexpected(read.error());
  return std::optional{out};
}

// A member that is one of some words or an amount. Returns the position of the word, or `names`
// beyond the last for an amount.
template <std::size_t N>
std::optional<std::size_t> word_or_amount(JsonFields& in, std::string_view key,
                                          const std::array<std::string_view, N>& names,
                                          double& amount) {
  const auto view = in.optional_any(key);
  if (!view) return std::nullopt;
  if (const auto number = view->value->as_number()) {
    if (!(*number >= 0 && *number <= most)) {
      in.refuse(key, Errc::out_of_range, "must be 0 or more");
    }
    amount = *number;
    return N;
  }
  const auto text = view->value->as_text();
  for (std::size_t i = 0; text && i < N; ++i) {
    if (*text == names[i]) return i;
  }
  std::string known;
  for (const std::string_view name : names) known += '"' + std::string{name} + "\", ";
  in.refuse(key, Errc::unknown_name, "must be one of " + known + "or an amount");
  return std::nullopt;
}

Result<void> read_follow_back(const JsonView& view, oc::AbstinenceRules& out) {
  JsonFields in{view};
  out.duplicates = duplicates(in, out.duplicates);
  auto bounds = outliers(in);
  if (!bounds) return unexpected(bounds.error());
  out.outliers = *bounds;
  constexpr std::array<std::string_view, 3> fills = {"none", "linear", "uniform"};
  if (const auto fill = word_or_amount(in, "gaps", fills, out.gap_amount)) {
    out.gaps = static_cast<oc::GapFill>(*fill);  // the amount comes last in both
  }
  if (const auto limit = in.optional_integer("gap_limit", 0, most_days)) {
    out.gap_limit = static_cast<std::int32_t>(*limit);
  }
  if (const auto rule = in.optional_one_of("gap_limit_rule", limit_rules)) {
    out.gap_limit_rule = static_cast<oc::GapLimitRule>(*rule);
  }
  constexpr std::array<std::string_view, 2> lasts = {"none", "carry_forward"};
  if (const auto last = word_or_amount(in, "last_record", lasts, out.last_amount)) {
    out.last_record = static_cast<oc::LastRecord>(*last);
  }
  return in.finish();
}

Result<void> read_biochemical(const JsonView& view, oc::AbstinenceRules& out) {
  oc::BiochemicalRule rule;
  JsonFields in{view};
  rule.cutoff = in.number("cutoff", 0, most);
  rule.half_life_days =
      in.optional_number("half_life_days", 1e-6, most).value_or(rule.half_life_days);
  rule.max_days = days(in.optional_integer("max_days", 0, 366), 0);
  rule.duplicates = duplicates(in, rule.duplicates);
  auto bounds = outliers(in);
  if (!bounds) return unexpected(bounds.error());
  rule.outliers = *bounds;
  constexpr std::array<std::string_view, 1> infer = {"infer"};
  double amount = 0;
  if (word_or_amount(in, "overridden_amount", infer, amount) == infer.size()) {
    rule.overridden_amount = amount;
  }
  if (auto read = in.finish(); !read) return read;
  out.biochemical = rule;
  return {};
}

Result<void> read_visits(const JsonView& view, oc::AbstinenceRules& out) {
  JsonFields in{view};
  out.visit_duplicates = duplicates(in, out.visit_duplicates);
  out.anchor_visit = in.optional_text("anchor");
  if (const auto fill = in.optional_any("fill")) {
    if (fill->value->kind() == Json::Kind::object) {
      out.visits = oc::VisitFill::table;
      for (const auto& [visit, shift] : fill->value->members()) {
        const auto number = shift.as_integer();
        if (!number || *number < -most_days || *number > most_days) {
          const JsonView at{&shift, fill->path + '.' + shown(visit), fill->file};
          return unexpected(
              at.error(Errc::out_of_range, "must be a whole number of days within 100000"));
        }
        out.visit_table.emplace_back(visit, static_cast<std::int32_t>(*number));
      }
    } else {
      constexpr std::array<std::string_view, 3> fills = {"none", "most_frequent", "mean"};
      out.visits = static_cast<oc::VisitFill>(in.one_of("fill", fills));
    }
  }
  return in.finish();
}

// Where a field of AbstinenceRules stands in the document.
std::string key_of(const std::string& field) {
  for (const std::string_view name : {"outliers", "gap_limit", "gap_amount", "last_amount"}) {
    if (!field.starts_with(name)) continue;
    if (name == "gap_amount") return "follow_back.gaps";
    if (name == "last_amount") return "follow_back.last_record";
    return "follow_back." + field;
  }
  if (field.starts_with("visit_table")) return "visits.fill";
  if (field == "anchor_visit") return "visits.anchor";
  return field;
}

Result<oc::AbstinenceRules> rules_of(const JsonView& view) {
  oc::AbstinenceRules out;
  JsonFields in{view};
  out.name = in.optional_text("name").value_or(out.name);
  out.cutoff = in.optional_number("cutoff", 0, most).value_or(out.cutoff);
  if (const auto part = in.optional_any("follow_back")) {
    if (auto read = read_follow_back(*part, out); !read) return unexpected(read.error());
  }
  if (const auto part = in.optional_any("biochemical")) {
    if (auto read = read_biochemical(*part, out); !read) return unexpected(read.error());
  }
  if (const auto part = in.optional_any("visits")) {
    if (auto read = read_visits(*part, out); !read) return unexpected(read.error());
  }
  if (const auto mode = in.optional_one_of("mode", modes)) {
    out.mode = static_cast<oc::AbstinenceMode>(*mode);
  }
  out.including_end = in.optional_boolean("including_end").value_or(out.including_end);
  if (auto read = in.finish(); !read) return unexpected(read.error());
  if (auto good = oc::validate(out); !good) {
    Error error = good.error();
    error.field = view.path + '.' + key_of(error.field);
    error.file = view.file;
    return unexpected(std::move(error));
  }
  return out;
}

Result<oc::AbstinenceMeasure> measure_of(const JsonView& view) {
  oc::AbstinenceMeasure out;
  JsonFields in{view};
  out.id = in.optional_text("id").value_or("");
  out.kind = static_cast<oc::AbstinenceKind>(in.one_of("kind", kinds));
  out.end_visit = in.text("end_visit");
  if (in.ok()) {
    switch (out.kind) {
      case oc::AbstinenceKind::continuous:
        out.start_visit = in.text("start_visit");
        break;
      case oc::AbstinenceKind::point_prevalence:
        out.days = static_cast<std::int32_t>(in.integer("days", 1, most_days));
        break;
      case oc::AbstinenceKind::prolonged: {
        out.start_visit = in.text("quit_visit");
        out.grace_days = days(in.optional_integer("grace_days", 0, most_days), 0);
        const std::string text = in.text("lapse");
        if (in.ok()) {
          if (const auto lapse = oc::parse_lapse(text)) {
            out.lapse = *lapse;
          } else {
            in.refuse("lapse", lapse.error().code, lapse.error().rule);
          }
        }
        if (const auto at = in.optional_one_of("lapse_at", lapse_ats)) {
          out.lapse.at = static_cast<oc::LapseAt>(*at);
        }
        if (const auto window = in.optional_one_of("lapse_window", lapse_windows)) {
          out.lapse.window = static_cast<oc::LapseWindow>(*window);
        }
        break;
      }
    }
  }
  if (auto read = in.finish(); !read) return unexpected(read.error());
  if (out.id.empty()) out.id = oc::default_id(out);
  if (auto good = oc::validate(out); !good) {
    Error error = good.error();
    error.field.insert(0, view.path + '.');
    error.file = view.file;
    return unexpected(std::move(error));
  }
  return out;
}

Result<AbstinencePlan> plan_of(const JsonView& view) {
  AbstinencePlan out;
  JsonFields in{view};
  if (const auto format = in.optional_text("format"); format && *format != format_name) {
    in.refuse("format", Errc::unsupported, "must be \"" + std::string{format_name} + '"');
  }
  std::unordered_set<std::string> names;
  for (const JsonView& item : in.optional_list("configurations")) {
    auto rules = rules_of(item);
    if (!rules) return unexpected(rules.error());
    if (!names.insert(rules->name).second) {
      const Json name = Json::text(rules->name);
      const JsonView at{&name, item.path + ".name", item.file};
      return unexpected(at.error(Errc::duplicate, "is the name of two configurations"));
    }
    out.configurations.push_back(*std::move(rules));
  }
  if (in.ok() && in.has("configurations") && out.configurations.empty()) {
    in.refuse("configurations", Errc::empty_input, "must not be empty");
  }
  if (out.configurations.empty()) out.configurations.emplace_back();
  std::unordered_set<std::string> ids;
  for (const JsonView& item : in.list("measures")) {
    auto measure = measure_of(item);
    if (!measure) return unexpected(measure.error());
    if (!ids.insert(measure->id).second) {
      const Json id = Json::text(measure->id);
      const JsonView at{&id, item.path + ".id", item.file};
      return unexpected(at.error(Errc::duplicate, "is the id of two measures"));
    }
    out.measures.push_back(*std::move(measure));
  }
  if (in.ok() && out.measures.empty()) {
    in.refuse("measures", Errc::empty_input, "must not be empty");
  }
  if (auto read = in.finish(); !read) return unexpected(read.error());
  return out;
}

Json outliers_json(const oc::OutlierRule& rule) {
  Json out = Json::object();
  out.set("lowest", Json::number(rule.lowest));
  out.set("highest", Json::number(rule.highest));
  out.set("action", Json::text(outlier_actions[rule.drop ? 1 : 0]));
  return out;
}

Json rules_json(const oc::AbstinenceRules& rules) {
  Json follow_back = Json::object();
  follow_back.set("duplicates", Json::text(oc::name(rules.duplicates)));
  if (rules.outliers) follow_back.set("outliers", outliers_json(*rules.outliers));
  follow_back.set("gaps", rules.gaps == oc::GapFill::fixed ? Json::number(rules.gap_amount)
                                                           : Json::text(oc::name(rules.gaps)));
  if (rules.gap_limit) follow_back.set("gap_limit", Json::integer(*rules.gap_limit));
  follow_back.set("gap_limit_rule", Json::text(oc::name(rules.gap_limit_rule)));
  follow_back.set("last_record", rules.last_record == oc::LastRecord::fixed
                                     ? Json::number(rules.last_amount)
                                     : Json::text(oc::name(rules.last_record)));
  Json visits = Json::object();
  visits.set("duplicates", Json::text(oc::name(rules.visit_duplicates)));
  if (rules.visits == oc::VisitFill::table) {
    Json table = Json::object();
    for (const auto& [visit, shift] : rules.visit_table) table.set(visit, Json::integer(shift));
    visits.set("fill", std::move(table));
  } else {
    visits.set("fill", Json::text(oc::name(rules.visits)));
  }
  if (rules.anchor_visit) visits.set("anchor", Json::text(*rules.anchor_visit));

  Json out = Json::object();
  out.set("name", Json::text(rules.name));
  out.set("cutoff", Json::number(rules.cutoff));
  out.set("follow_back", std::move(follow_back));
  if (rules.biochemical) {
    const oc::BiochemicalRule& rule = *rules.biochemical;
    Json bio = Json::object();
    bio.set("cutoff", Json::number(rule.cutoff));
    bio.set("half_life_days", Json::number(rule.half_life_days));
    bio.set("max_days", Json::integer(rule.max_days));
    bio.set("duplicates", Json::text(oc::name(rule.duplicates)));
    if (rule.outliers) bio.set("outliers", outliers_json(*rule.outliers));
    bio.set("overridden_amount",
            rule.overridden_amount ? Json::number(*rule.overridden_amount) : Json::text("infer"));
    out.set("biochemical", std::move(bio));
  }
  out.set("visits", std::move(visits));
  out.set("mode", Json::text(oc::name(rules.mode)));
  out.set("including_end", Json::boolean(rules.including_end));
  return out;
}

Json measure_json(const oc::AbstinenceMeasure& measure) {
  Json out = Json::object();
  out.set("id", Json::text(measure.id));
  out.set("kind", Json::text(oc::name(measure.kind)));
  switch (measure.kind) {
    case oc::AbstinenceKind::continuous:
      out.set("start_visit", Json::text(measure.start_visit));
      break;
    case oc::AbstinenceKind::point_prevalence:
      out.set("days", Json::integer(measure.days));
      break;
    case oc::AbstinenceKind::prolonged:
      out.set("quit_visit", Json::text(measure.start_visit));
      out.set("grace_days", Json::integer(measure.grace_days));
      out.set("lapse", Json::text(oc::text(measure.lapse)));
      out.set("lapse_at", Json::text(oc::name(measure.lapse.at)));
      out.set("lapse_window", Json::text(oc::name(measure.lapse.window)));
      break;
  }
  out.set("end_visit", Json::text(measure.end_visit));
  return out;
}

}  // namespace

Result<AbstinencePlan> parse_abstinence_plan(std::string_view json, std::string_view name) {
  const auto document = parse_json(json, name);
  if (!document) return unexpected(document.error());
  return plan_of(view_of(*document, name));
}

Result<AbstinencePlan> read_abstinence_plan(const std::string& path) {
  const auto document = read_json(path);
  if (!document) return unexpected(document.error());
  return plan_of(view_of(*document, path));
}

Json abstinence_plan_json(const AbstinencePlan& plan) {
  Json configurations = Json::list();
  for (const auto& rules : plan.configurations) configurations.add(rules_json(rules));
  Json measures = Json::list();
  for (const auto& measure : plan.measures) measures.add(measure_json(measure));
  Json out = Json::object();
  out.set("format", Json::text(format_name));
  out.set("configurations", std::move(configurations));
  out.set("measures", std::move(measures));
  return out;
}

}  // namespace ombre::inline v0::io
