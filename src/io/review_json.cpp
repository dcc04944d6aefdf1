#include "ombre/io/review_json.hpp"

#include <utility>

#include "both_ways.hpp"

namespace ombre::inline v0::io::both_ways {

template <class Way, Is<outcomes::FactorChange> V>
void fields(Way& way, V& v) {
  way.date("on", v.on);
  way.choice("domain", v.domain);
  way.required_name("what", v.what);
  way.flag("burden", v.burden);
  way.flag_or("medicine", v.medicine, false);
}

template <class Way, Is<plans::HarmEntry> V>
void fields(Way& way, V& v) {
  way.date("on", v.on);
  way.required_name("harm", v.harm);
  way.words("words", v.words);
}

template <class Way, Is<ReviewQuestions> V>
void fields(Way& way, V& v) {
  way.format("ombre-review-input-1");
  way.date("since", v.since);
  way.flag_or("asked_for_changes", v.asked_for_changes, false);
  way.list("changes", v.changes);
  way.list("harms", v.harms);
  way.name("crisis_line", v.crisis_line);
}

}  // namespace ombre::inline v0::io::both_ways

namespace ombre::inline v0::io {
namespace {

using taper_json::list_of;
using taper_json::Members;
using taper_json::texts_json;

constexpr std::size_t most_bytes = std::size_t{4} << 20U;

Json maybe(const std::optional<double>& value) { return value ? Json::number(*value) : Json{}; }
Json maybe(const std::optional<std::uint32_t>& value) {
  return value ? Json::integer(*value) : Json{};
}

Json episode_json(const outcomes::ReviewEpisode& e) {
  return Members{}
      .text("substance", e.substance)
      .text("unit", e.unit)
      .text("first", e.first.iso())
      .text("last", e.last.iso())
      .integer("days", e.days)
      .put("days_at_least", maybe(e.days_at_least))
      .text("sure_from", e.sure_from.iso())
      .integer("use_days", e.use_days)
      .boolean("goes_on", e.goes_on)
      .put("mean", maybe(e.mean))
      .put("largest", maybe(e.largest))
      .put("days_before", maybe(e.days_before))
      .boolean("at_least", e.at_least)
      .integer("earlier", static_cast<std::int64_t>(e.earlier))
      .put("usual_days", maybe(e.usual_days))
      .put("usual_before", maybe(e.usual_before))
      .put("usual_mean", maybe(e.usual_mean))
      .text("length", plans::name(e.length))
      .text("interval", plans::name(e.interval))
      .text("amount", plans::name(e.amount))
      .put("length_trend", maybe(e.length_trend))
      .put("interval_trend", maybe(e.interval_trend))
      .put("goals", texts_json(e.goals))
      .object();
}

Json weeks_json(const outcomes::ReviewWeeks& w) {
  return Members{}
      .text("goal", w.goal)
      .text("substance", w.substance)
      .text("unit", w.unit)
      .integer("weeks", static_cast<std::int64_t>(w.course.weeks))
      .integer("within", static_cast<std::int64_t>(w.course.within))
      .integer("recent_over", static_cast<std::int64_t>(w.course.recent_over))
      .put("planned_a_week", maybe(w.course.planned_a_week))
      .put("achieved_a_week", maybe(w.course.achieved_a_week))
      .boolean("too_steep", w.course.too_steep)
      .put("last_week", maybe(w.last_week))
      .put("limit", maybe(w.limit))
      .put("usual", maybe(w.usual))
      .object();
}

Json signal_json(const outcomes::Signal& s) {
  return Members{}
      .text("kind", plans::name(s.kind))
      .text("strength", plans::name(s.strength))
      .text("says", s.says)
      .text_if("goal", s.goal)
      .object();
}

Json refocus_json(const outcomes::Refocus& r) {
  Members out;
  out.text("kind", plans::name(r.kind)).text("says", r.says).text_if("goal", r.goal);
  out.text_if("substance", r.substance).number_if("weekly_limit", r.weekly_limit);
  out.text_if("unit", r.unit);
  out.put("because",
          list_of(r.because, [](outcomes::SignalKind k) { return Json::text(plans::name(k)); }));
  return out.object();
}

Json safety_json(const outcomes::SafetyStep& s) {
  Members out;
  out.text("id", s.id).text("urgency", plans::name(s.urgency)).text("says", s.says);
  if (s.source != nullptr) out.text("source", s.source->citation);
  return out.text("confidence", name(s.confidence)).object();
}

Json axis_json(const plans::AxisChange& c) {
  return Members{}
      .text("axis", plans::name(c.measure.axis))
      .text("of", c.measure.of)
      .text("unit", c.measure.unit)
      .put("before", maybe(c.measure.before))
      .put("after", maybe(c.measure.after))
      .number("margin", c.margin.size)
      .text("margin_kind", plans::name(c.margin.kind))
      .text("direction", plans::name(c.direction))
      .object();
}

Result<ReviewQuestions> questions_of(const Json& document, std::string_view file) {
  return both_ways::read_one<ReviewQuestions>(view_of(document, file));
}

}  // namespace

Result<ReviewQuestions> parse_review_questions(std::string_view json, std::string_view name) {
  const auto document = parse_json(json, name, {.max_depth = 32, .max_bytes = most_bytes});
  if (!document) return unexpected(document.error());
  return questions_of(*document, name);
}

Result<ReviewQuestions> read_review_questions(const std::string& path) {
  const auto document = read_json(path, {.max_depth = 32, .max_bytes = most_bytes});
  if (!document) return unexpected(document.error());
  return questions_of(*document, path);
}

Json review_questions_json(const ReviewQuestions& questions) {
  return both_ways::WriteWay::one(questions);
}

Json review_json(const outcomes::Review& r) {
  Members out;
  out.text("format", "ombre-review-1").text("plan", r.plan);
  out.text("today", r.today.iso()).text("since", r.since.iso()).integer("gap_days", r.gap_days);
  out.put("now", list_of(r.now, safety_json));
  out.put("episodes", list_of(r.episodes, episode_json));
  out.put("weeks", list_of(r.weeks, weeks_json));
  out.put("signals", list_of(r.signals, signal_json));
  out.put("stands", texts_json(r.stands));
  out.put("refocus", list_of(r.refocus, refocus_json));
  out.put("change", list_of(r.change.axes, axis_json));
  if (r.compared_with) {
    out.text("compared_with_first", r.compared_with->first().iso());
    out.text("compared_with_last", r.compared_with->last().iso());
  }
  out.put("to_ask", texts_json(r.to_ask));
  return out.object();
}

}  // namespace ombre::inline v0::io
