#include "ombre/io/review_json.hpp"

#include <array>
#include <utility>

#include "both_ways.hpp"
#include "outcomes/review_words.hpp"

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
  auto out = Members{};
  out.text("goal", w.goal)
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
      .put("usual", maybe(w.usual));
  if (w.usual_of) {
    out.text("usual_first", w.usual_of->first().iso());
    out.text("usual_last", w.usual_of->last().iso());
  }
  return out.object();
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
  if (s.source != nullptr || !s.cited.empty()) {
    out.text("source", s.cited.empty() ? s.source->citation : std::string_view{s.cited});
  }
  return out.text("confidence", name(s.confidence)).object();
}

Json axis_json(const plans::AxisChange& c) {
  Members out;
  out.text("axis", plans::name(c.measure.axis))
      .text("of", c.measure.of)
      .text("unit", c.measure.unit)
      .put("before", maybe(c.measure.before))
      .put("after", maybe(c.measure.after))
      .number("margin", c.margin.size)
      .text("margin_kind", plans::name(c.margin.kind))
      .text("direction", plans::name(c.direction));
  if (c.measure.higher_is_better) out.boolean("higher_is_better", *c.measure.higher_is_better);
  if (c.measure.words) {
    out.put("words", Members{}
                         .text("what", c.measure.words->what)
                         .text_if("before", c.measure.words->before)
                         .text_if("after", c.measure.words->after)
                         .object());
  }
  return out.object();
}

// ---- reading -----------------------------------------------------------------------------------

using taper_json::each;
using taper_json::Reading;

constexpr std::size_t most_rows = 5000;
constexpr std::int64_t most_count = 1'000'000;
constexpr double most_size = 1e150;  // as in plans::compare

// A number, or null where there is no answer.
std::optional<double> number_or_null(JsonFields& in, std::string_view key,
                                     double least = -most_size) {
  return in.optional_number(key, least, most_size);
}
std::optional<std::uint32_t> count_or_null(JsonFields& in, std::string_view key) {
  const auto value = in.optional_integer(key, 0, most_count);
  return value ? std::optional{static_cast<std::uint32_t>(*value)} : std::nullopt;
}
std::uint32_t count(JsonFields& in, std::string_view key) {
  return static_cast<std::uint32_t>(in.integer(key, 0, most_count));
}
template <class E>
E choice(JsonFields& in, std::string_view key) {
  return static_cast<E>(in.one_of(key, plans::names_of<E>()));
}
std::vector<std::string> sentences(Reading& read, JsonFields& in, std::string_view key) {
  std::vector<std::string> out;
  each(in, key, most_rows, true, [&](const JsonView& item) {
    const auto text = item.value->as_text();
    if (!text || text->size() > taper_json::most_text) {
      read.refuse(item, Errc::malformed, "must be a text of at most 4000 characters");
      return;
    }
    out.emplace_back(*text);
  });
  return out;
}
// Texts that may be empty: a unit, a substance.
std::string text_up_to(JsonFields& in, std::string_view key) {
  std::string out = in.text(key);
  if (in.ok() && out.size() > taper_json::most_text) {
    in.refuse(key, Errc::too_large, "must be a text of at most 4000 characters");
  }
  return out;
}

outcomes::ReviewEpisode episode(Reading& read, const JsonView& view) {
  JsonFields in{view};
  outcomes::ReviewEpisode e;
  e.substance = text_up_to(in, "substance");
  e.unit = text_up_to(in, "unit");
  e.first = taper_json::date(in, "first");
  e.last = taper_json::date(in, "last");
  e.days = count(in, "days");
  e.days_at_least = count_or_null(in, "days_at_least");
  e.sure_from = in.has("sure_from") ? taper_json::date(in, "sure_from") : e.first;
  e.use_days = count(in, "use_days");
  e.goes_on = in.boolean("goes_on");
  e.mean = number_or_null(in, "mean", 0);
  e.largest = number_or_null(in, "largest", 0);
  e.days_before = count_or_null(in, "days_before");
  e.at_least = in.boolean("at_least");
  e.earlier = count(in, "earlier");
  e.usual_days = number_or_null(in, "usual_days", 0);
  e.usual_before = number_or_null(in, "usual_before", 0);
  e.usual_mean = number_or_null(in, "usual_mean", 0);
  e.length = choice<outcomes::Against>(in, "length");
  e.interval = choice<outcomes::Against>(in, "interval");
  e.amount = choice<outcomes::Against>(in, "amount");
  e.length_trend = number_or_null(in, "length_trend");
  e.interval_trend = number_or_null(in, "interval_trend");
  e.goals = sentences(read, in, "goals");
  if (in.ok() && (e.last - e.first).count() + 1 != static_cast<std::int64_t>(e.days)) {
    in.refuse("days", Errc::contradiction, "must be the days from first to last");
  }
  const auto sure = (e.last - e.sure_from).count() + 1;
  if (in.ok() && (e.sure_from < e.first || e.sure_from > e.last)) {
    in.refuse("sure_from", Errc::contradiction, "must be a day of the episode");
  }
  if (in.ok() && static_cast<std::int64_t>(e.days_at_least.value_or(e.days)) != sure) {
    in.refuse("days_at_least", Errc::contradiction, "must be the days from sure_from to last");
  }
  if (in.ok() && e.use_days > e.days) {
    in.refuse("use_days", Errc::contradiction, "must be at most the days of the episode");
  }
  read.done(in);
  return e;
}

// Both ends of a range of days, or neither.
std::optional<DateRange> range_of(JsonFields& in, std::string_view first_key,
                                  std::string_view last_key) {
  const auto first = taper_json::optional_date(in, first_key);
  const auto last = taper_json::optional_date(in, last_key);
  if (!in.ok()) return std::nullopt;
  if (first.has_value() != last.has_value()) {
    in.refuse(first ? first_key : last_key, Errc::missing, "needs the other end of these days");
    return std::nullopt;
  }
  if (!first) return std::nullopt;
  const auto range = DateRange::from(*first, *last);
  if (range) return *range;
  in.refuse(last_key, Errc::contradiction, "must not be before the first");
  return std::nullopt;
}

outcomes::ReviewWeeks weeks(Reading& read, const JsonView& view) {
  JsonFields in{view};
  outcomes::ReviewWeeks w;
  w.goal = text_up_to(in, "goal");
  w.substance = text_up_to(in, "substance");
  w.unit = text_up_to(in, "unit");
  w.course.weeks = count(in, "weeks");
  w.course.within = count(in, "within");
  w.course.recent_over = count(in, "recent_over");
  w.course.planned_a_week = number_or_null(in, "planned_a_week");
  w.course.achieved_a_week = number_or_null(in, "achieved_a_week");
  w.course.too_steep = in.boolean("too_steep");
  w.last_week = number_or_null(in, "last_week", 0);
  w.limit = number_or_null(in, "limit", 0);
  w.usual = number_or_null(in, "usual", 0);
  w.usual_of = range_of(in, "usual_first", "usual_last");
  if (in.ok() && w.course.within + w.course.recent_over > w.course.weeks) {
    in.refuse("within", Errc::contradiction, "and recent_over must be at most all weeks together");
  }
  read.done(in);
  return w;
}

outcomes::Signal signal(Reading& read, const JsonView& view) {
  JsonFields in{view};
  outcomes::Signal s;
  s.kind = choice<outcomes::SignalKind>(in, "kind");
  s.strength = choice<outcomes::SignalStrength>(in, "strength");
  s.says = text_up_to(in, "says");
  s.goal = taper_json::optional_name_text(in, "goal");
  read.done(in);
  return s;
}

outcomes::Refocus refocus(Reading& read, const JsonView& view) {
  JsonFields in{view};
  outcomes::Refocus r;
  r.kind = choice<outcomes::RefocusKind>(in, "kind");
  r.says = text_up_to(in, "says");
  r.goal = taper_json::optional_name_text(in, "goal");
  r.substance = taper_json::optional_name_text(in, "substance");
  r.weekly_limit = in.optional_number("weekly_limit", 0, most_size);
  r.unit = taper_json::optional_name_text(in, "unit");
  each(in, "because", most_rows, true, [&](const JsonView& item) {
    const auto kind = plans::find_named<outcomes::SignalKind>(item.value->as_text().value_or(""));
    if (!kind) {
      read.refuse(item, Errc::unknown_name, "must be the kind of a signal");
      return;
    }
    r.because.push_back(*kind);
  });
  read.done(in);
  return r;
}

outcomes::SafetyStep safety(Reading& read, const JsonView& view) {
  JsonFields in{view};
  outcomes::SafetyStep s;
  const auto rules = outcomes::safety_rules();
  std::vector<std::string_view> ids;
  for (const outcomes::SafetyRule& rule : rules) ids.push_back(rule.id);
  const outcomes::SafetyRule& rule = rules[in.one_of("id", ids)];
  s.id = rule.id;
  s.urgency = choice<outcomes::Urgency>(in, "urgency");
  s.says = text_up_to(in, "says");
  s.source = rule.source;
  // Citations and marks are those of the day of the review, whatever became of them since.
  const std::string cited = text_up_to(in, "source");
  if (rule.source == nullptr || cited != rule.source->citation) s.cited = cited;
  // Advice somebody else put under a rule of this library is not shown as this library's.
  if (!outcomes::detail::in_own_words(s.id, s.says) &&
      !cited.starts_with(outcomes::detail::other_words)) {
    s.cited = std::string{outcomes::detail::other_words} + cited;
  }
  static constexpr std::array marks{Confidence::verified, Confidence::known, Confidence::uncertain,
                                    Confidence::proposal};
  std::vector<std::string_view> mark_names;
  for (const Confidence mark : marks) mark_names.push_back(name(mark));
  s.confidence = marks[in.one_of("confidence", mark_names)];
  read.done(in);
  return s;
}

plans::AxisChange axis(Reading& read, const JsonView& view) {
  JsonFields in{view};
  plans::AxisChange c;
  c.measure.axis = choice<plans::ChangeAxis>(in, "axis");
  c.measure.of = text_up_to(in, "of");
  c.measure.unit = text_up_to(in, "unit");
  c.measure.before = number_or_null(in, "before");
  c.measure.after = number_or_null(in, "after");
  c.margin.size = in.number("margin", 0, most_size);
  c.margin.kind = choice<plans::MarginKind>(in, "margin_kind");
  c.direction = choice<plans::Direction>(in, "direction");
  c.measure.higher_is_better = in.optional_boolean("higher_is_better");
  taper_json::optional_nested(in, "words", [&](const JsonView& words) {
    JsonFields inner{words};
    plans::MeasureWords w;
    w.what = taper_json::name_text(inner, "what");
    w.before = taper_json::optional_name_text(inner, "before");
    w.after = taper_json::optional_name_text(inner, "after");
    read.done(inner);
    c.measure.words = std::move(w);
  });
  if (c.margin.kind != plans::MarginKind::usual) c.measure.margin = c.margin;
  if (in.ok()) {
    // The margin is taken as it was on the day of the review; the direction must follow from it.
    plans::AxisMeasure measure = c.measure;
    measure.margin = c.margin;
    const auto again = plans::compare({&measure, 1});
    if (!again) {
      read.fail(again.error());
    } else if (again->axes.front().direction != c.direction) {
      in.refuse("direction", Errc::contradiction,
                "must be " + std::string{plans::name(again->axes.front().direction)} +
                    ", as before, after and margin say");
    } else {
      c.change = again->axes.front().change;
    }
  }
  read.done(in);
  return c;
}

template <class T, class One>
void list_into(Reading& read, JsonFields& in, std::string_view key, std::vector<T>& to, One one) {
  each(in, key, most_rows, true, [&](const JsonView& item) {
    if (read.ok()) to.push_back(one(read, item));
  });
}

Result<outcomes::Review> review_of(const Json& document, std::string_view file) {
  Reading read;
  JsonFields in{view_of(document, file)};
  outcomes::Review r;
  if (in.text("format") != "ombre-review-1") {
    in.refuse("format", Errc::unsupported, "must be \"ombre-review-1\"");
  }
  r.plan = taper_json::name_text(in, "plan");
  r.today = taper_json::date(in, "today");
  r.since = taper_json::date(in, "since");
  r.gap_days = static_cast<std::int32_t>(in.integer("gap_days", 1, 36500));
  if (in.ok() && r.today < r.since) {
    in.refuse("since", Errc::contradiction, "must not be after today");
  }
  list_into(read, in, "now", r.now, safety);
  list_into(read, in, "episodes", r.episodes, episode);
  list_into(read, in, "weeks", r.weeks, weeks);
  list_into(read, in, "signals", r.signals, signal);
  r.stands = sentences(read, in, "stands");
  list_into(read, in, "refocus", r.refocus, refocus);
  list_into(read, in, "change", r.change.axes, axis);
  r.compared_with = range_of(in, "compared_with_first", "compared_with_last");
  r.to_ask = sentences(read, in, "to_ask");
  read.done(in);
  if (!read.ok()) return unexpected(read.error());
  return r;
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

Result<outcomes::Review> parse_review(std::string_view json, std::string_view name) {
  const auto document = parse_json(json, name, {.max_depth = 32, .max_bytes = most_bytes});
  if (!document) return unexpected(document.error());
  return review_of(*document, name);
}

Result<outcomes::Review> read_review(const std::string& path) {
  const auto document = read_json(path, {.max_depth = 32, .max_bytes = most_bytes});
  if (!document) return unexpected(document.error());
  return review_of(*document, path);
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
