#include "ombre/io/schedule_json.hpp"

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace ombre::inline v0::io {
namespace {

using timeline::AbsentDay;
using timeline::AnchoredDay;
using timeline::ArmSubstances;
using timeline::CleanDay;
using timeline::CountedSubstances;
using timeline::PlannedVisits;
using timeline::Stage;
using timeline::TrialSchedule;
using timeline::TrialSchedules;
using timeline::WeekSymbols;

constexpr std::string_view format_name = "ombre-trial-schedules-1";
constexpr std::int64_t any_days = 100'000;

constexpr std::array<std::string_view, 3> clean_days = {"attended", "tested", "attended_or_tested"};
constexpr std::array<std::string_view, 2> absent_days = {"none", "unknown"};
constexpr std::array<std::string_view, 2> symbol_rules = {"all", "positive_or_missed"};

std::int32_t days(std::optional<std::int64_t> value, std::int32_t otherwise) {
  return value ? static_cast<std::int32_t>(*value) : otherwise;
}

AnchoredDay anchored(JsonFields& in, std::string_view key, const std::string& text) {
  if (!in.ok()) return {};
  const auto day = timeline::parse_anchored_day(text);
  if (day) return *day;
  in.refuse(key, day.error().code, day.error().rule);
  return {};
}

Result<CountedSubstances> counted_of(const JsonView& view) {
  CountedSubstances out;
  JsonFields in{view};
  for (const JsonView& item : in.optional_list("by_arm")) {
    JsonFields rule{item};
    ArmSubstances one;
    one.arm = rule.text("arm");
    one.substances = rule.texts("substances");
    if (auto read = rule.finish(); !read) return unexpected(read.error());
    out.by_arm.push_back(std::move(one));
  }
  out.not_randomized = in.optional_texts("not_randomized");
  if (auto read = in.finish(); !read) return unexpected(read.error());
  return out;
}

Result<PlannedVisits> visits_of(const JsonView& view) {
  PlannedVisits out;
  JsonFields in{view};
  out.first = anchored(in, "first", in.text("first"));
  out.every = days(in.optional_integer("every", 0, any_days), 0);
  if (in.has("days")) {
    out.days.clear();
    for (const JsonView& item : in.list("days")) {
      const auto day = item.value->as_integer();
      if (!day || *day < 0 || *day > any_days) {
        return unexpected(item.error(Errc::out_of_range, "must be a number of days, 0 to 100000"));
      }
      out.days.push_back(static_cast<std::int32_t>(*day));
    }
  }
  out.early = days(in.optional_integer("early", 0, any_days), 0);
  out.late = days(in.optional_integer("late", 0, any_days), 0);
  if (const auto last = in.optional_text("last")) out.last = anchored(in, "last", *last);
  if (auto read = in.finish(); !read) return unexpected(read.error());
  return out;
}

Result<Stage> stage_of(const JsonView& view) {
  Stage out;
  JsonFields in{view};
  out.first_study_day = anchored(in, "first_study_day", in.text("first_study_day"));
  out.last_study_day = anchored(in, "last_study_day", in.text("last_study_day"));
  for (const JsonView& item : in.optional_list("visits")) {
    auto visits = visits_of(item);
    if (!visits) return unexpected(visits.error());
    out.visits.push_back(*std::move(visits));
  }
  out.urine_week_one = anchored(in, "urine_week_one", in.text("urine_week_one"));
  out.self_report_week_one = out.urine_week_one;
  if (const auto text = in.optional_text("self_report_week_one")) {
    out.self_report_week_one = anchored(in, "self_report_week_one", *text);
  }
  for (const JsonView& item : in.optional_list("later_phases")) {
    const auto text = item.value->as_text();
    if (!text) return unexpected(item.error(Errc::malformed, "must be text"));
    const auto day = timeline::parse_anchored_day(*text);
    if (!day) return unexpected(item.error(day.error().code, day.error().rule));
    out.later_phases.push_back(*day);
  }
  const auto symbols = in.optional_one_of("symbols", symbol_rules);
  if (symbols) out.symbols = static_cast<WeekSymbols>(*symbols);
  if (auto read = in.finish(); !read) return unexpected(read.error());
  return out;
}

Result<TrialSchedule> trial_of(const JsonView& view) {
  TrialSchedule out;
  JsonFields in{view};
  out.trial = in.optional_text("trial").value_or("");
  out.title = in.optional_text("title").value_or("");
  out.source = in.optional_text("source").value_or("");
  out.attended_kinds = in.texts("attended_kinds");
  out.missed_kinds = in.optional_texts("missed_kinds");
  out.period_days = days(in.optional_integer("period_days", 1, 366), out.period_days);
  if (const auto urine = in.optional_any("urine")) {
    JsonFields rule{*urine};
    const auto clean = rule.optional_one_of("clean_day", clean_days);
    if (clean) out.urine.clean_day = static_cast<CleanDay>(*clean);
    auto counted = counted_of(rule.any("counted"));
    if (rule.ok() && !counted) return unexpected(counted.error());
    if (auto read = rule.finish(); !read) return unexpected(read.error());
    out.urine.counted = *std::move(counted);
  }
  if (const auto report = in.optional_any("self_report")) {
    JsonFields rule{*report};
    const auto absent = rule.optional_one_of("absent_day", absent_days);
    if (absent) out.self_report.absent_day = static_cast<AbsentDay>(*absent);
    out.self_report.mixed_days =
        days(rule.optional_integer("mixed_days", 0, 366), out.self_report.mixed_days);
    auto counted = counted_of(rule.any("counted"));
    if (rule.ok() && !counted) return unexpected(counted.error());
    if (auto read = rule.finish(); !read) return unexpected(read.error());
    out.self_report.counted = *std::move(counted);
  }
  for (const JsonView& item : in.list("stages")) {
    auto stage = stage_of(item);
    if (!stage) return unexpected(stage.error());
    out.stages.push_back(*std::move(stage));
  }
  if (auto read = in.finish(); !read) return unexpected(read.error());
  return out;
}

Result<TrialSchedules> schedules_of(const JsonView& view) {
  JsonFields in{view};
  if (const auto format = in.optional_text("format"); format && *format != format_name) {
    in.refuse("format", Errc::unsupported, "must be \"" + std::string{format_name} + '"');
  }
  std::string name = in.optional_text("name").value_or("");
  std::vector<TrialSchedule> trials;
  for (const JsonView& item : in.list("trials")) {
    auto trial = trial_of(item);
    if (!trial) return unexpected(trial.error());
    trials.push_back(*std::move(trial));
  }
  if (auto read = in.finish(); !read) return unexpected(read.error());
  auto out = TrialSchedules::from(std::move(name), std::move(trials));
  if (out) return out;
  Error error = std::move(out).error();
  error.file = view.file;
  return unexpected(std::move(error));
}

Json texts(const std::vector<std::string>& all) {
  std::vector<Json> out;
  out.reserve(all.size());
  for (const std::string& one : all) out.push_back(Json::text(one));
  return Json::list(std::move(out));
}

Json counted_json(const CountedSubstances& counted) {
  Json rules = Json::list();
  for (const ArmSubstances& rule : counted.by_arm) {
    Json one = Json::object();
    one.set("arm", Json::text(rule.arm));
    one.set("substances", texts(rule.substances));
    rules.add(std::move(one));
  }
  Json out = Json::object();
  out.set("by_arm", std::move(rules));
  out.set("not_randomized", texts(counted.not_randomized));
  return out;
}

Json day(AnchoredDay value) { return Json::text(timeline::text(value)); }

Json stage_json(const Stage& stage) {
  Json visits = Json::list();
  for (const PlannedVisits& planned : stage.visits) {
    Json one = Json::object();
    one.set("first", day(planned.first));
    one.set("every", Json::integer(planned.every));
    std::vector<Json> days;
    for (const std::int32_t d : planned.days) days.push_back(Json::integer(d));
    one.set("days", Json::list(std::move(days)));
    one.set("early", Json::integer(planned.early));
    one.set("late", Json::integer(planned.late));
    if (planned.last) one.set("last", day(*planned.last));
    visits.add(std::move(one));
  }
  std::vector<Json> phases;
  for (const AnchoredDay phase : stage.later_phases) phases.push_back(day(phase));
  Json out = Json::object();
  out.set("first_study_day", day(stage.first_study_day));
  out.set("last_study_day", day(stage.last_study_day));
  out.set("visits", std::move(visits));
  out.set("urine_week_one", day(stage.urine_week_one));
  out.set("self_report_week_one", day(stage.self_report_week_one));
  out.set("later_phases", Json::list(std::move(phases)));
  out.set("symbols", Json::text(timeline::name(stage.symbols)));
  return out;
}

}  // namespace

Result<TrialSchedules> parse_trial_schedules(std::string_view json, std::string_view name) {
  const auto document = parse_json(json, name);
  if (!document) return unexpected(document.error());
  return schedules_of(view_of(*document, name));
}

Result<TrialSchedules> read_trial_schedules(const std::string& path) {
  const auto document = read_json(path);
  if (!document) return unexpected(document.error());
  return schedules_of(view_of(*document, path));
}

Json trial_schedules_json(const TrialSchedules& schedules) {
  Json trials = Json::list();
  for (const TrialSchedule& trial : schedules.trials()) {
    Json urine = Json::object();
    urine.set("clean_day", Json::text(timeline::name(trial.urine.clean_day)));
    urine.set("counted", counted_json(trial.urine.counted));
    Json report = Json::object();
    report.set("absent_day", Json::text(timeline::name(trial.self_report.absent_day)));
    report.set("mixed_days", Json::integer(trial.self_report.mixed_days));
    report.set("counted", counted_json(trial.self_report.counted));
    Json stages = Json::list();
    for (const Stage& stage : trial.stages) stages.add(stage_json(stage));
    Json one = Json::object();
    one.set("trial", Json::text(trial.trial));
    one.set("title", Json::text(trial.title));
    one.set("source", Json::text(trial.source));
    one.set("attended_kinds", texts(trial.attended_kinds));
    one.set("missed_kinds", texts(trial.missed_kinds));
    one.set("period_days", Json::integer(trial.period_days));
    one.set("urine", std::move(urine));
    one.set("self_report", std::move(report));
    one.set("stages", std::move(stages));
    trials.add(std::move(one));
  }
  Json out = Json::object();
  out.set("format", Json::text(format_name));
  out.set("name", Json::text(schedules.name()));
  out.set("trials", std::move(trials));
  return out;
}

}  // namespace ombre::inline v0::io
