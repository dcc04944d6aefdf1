// Endpoint definitions as JSON: reading. Writing is in endpoint_json_write.cpp.
#include "ombre/io/endpoint_json.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include "endpoint_words.hpp"

namespace ombre::inline v0::io {
namespace {

using namespace outcomes;  // NOLINT: this file is about nothing else

constexpr double most = 1e12;
constexpr std::int64_t most_weeks = 1'000'000;

constexpr std::array<std::string_view, 5> symbol_names{"+", "-", "*", "o", "_"};
constexpr std::array<std::string_view, 4> method_names{"locf", "locfD", "mode", "kNV"};

/// Reads the steps of one endpoint. The first error is kept.
class StepReader {
 public:
  WordExpr word(const JsonView& v);
  NumberExpr number(const JsonView& v);
  YesNoExpr yes_no(const JsonView& v);
  TimeEventExpr time(const JsonView& v);

  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

 private:
  void fail(Error error) {
    if (!error_) error_ = std::move(error);
  }
  void refuse(const JsonView& v, Errc code, std::string_view rule) { fail(v.error(code, rule)); }
  /// Ends reading an object; false where something in it was wrong.
  bool done(JsonFields& in) {
    if (auto ok = in.finish(); !ok) {
      fail(ok.error());
      return false;
    }
    return !error_;
  }

  /// The name of a step, from "op" of an object or a text standing alone.
  std::string op_of(const JsonView& v) {
    if (const auto alone = v.value->as_text()) return std::string{*alone};
    if (v.value->kind() != Json::Kind::object) {
      refuse(v, Errc::malformed, "must be a step: an object with \"op\"");
      return {};
    }
    const Json* op = v.value->find("op");
    const auto text = op != nullptr ? op->as_text() : std::nullopt;
    if (!text) {
      refuse(v, Errc::missing, "must name its step in \"op\"");
      return {};
    }
    return std::string{*text};
  }
  void unknown(const JsonView& v, const std::string& op,
               std::span<const std::string_view> candidates, std::string_view kind) {
    std::string rule = "must be a step that gives " + std::string{kind} + ", and is \"" + op + "\"";
    if (const auto near = nearest_word(op, candidates)) {
      rule += "; did you mean \"" + std::string{*near} + "\"";
    }
    refuse(v, Errc::unknown_name, rule);
  }

  Symbol symbol(JsonFields& in, std::string_view key, std::optional<Symbol> usual) {
    if (!usual) return all_symbols[in.one_of(key, symbol_names)];
    const auto at = in.optional_one_of(key, symbol_names);
    return at ? all_symbols[*at] : *usual;
  }
  Word pattern(JsonFields& in, std::string_view key) {
    const std::string text = in.text(key);
    auto w = Word::parse(text);
    if (!w) {
      in.refuse(key, w.error().code, w.error().rule);
      return {};
    }
    return *std::move(w);
  }
  Position position(JsonFields& in, std::string_view key, Position usual) {
    const auto v = in.optional_any(key);
    if (!v) return usual;
    if (const auto at = v->value->as_integer(); at && *at >= -most_weeks && *at <= most_weeks) {
      return static_cast<int>(*at);
    }
    if (const auto text = v->value->as_text()) {
      if (*text == "last_seen") return at_last_seen();
      if (text->starts_with("horizon")) {
        const std::string_view rest = text->substr(7);
        if (rest.empty()) return at_horizon();
        int plus = 0;
        const char* from = rest.data() + (rest[0] == '+' ? 1 : 0);
        const auto [end, bad] = std::from_chars(from, rest.data() + rest.size(), plus);
        const bool whole = bad == std::errc{} && end == rest.data() + rest.size();
        const bool signed_ok = rest[0] == '-' || (rest[0] == '+' && rest.size() > 1 &&
                                                  rest[1] != '-' && rest[1] != '+');
        if (whole && signed_ok && plus >= -most_weeks && plus <= most_weeks)
          return at_horizon(plus);
      }
    }
    in.refuse(key, Errc::malformed,
              "must be a week such as 5 or -1, \"horizon\", \"horizon-3\" or \"last_seen\"");
    return usual;
  }
  Weeks weeks(JsonFields& in) { return {position(in, "start", 1), position(in, "end", -1)}; }
  std::vector<double> numbers(const JsonView& v) {
    std::vector<double> values;
    for (std::size_t i = 0; i < v.value->items().size(); ++i) {
      const auto value = v.value->items()[i].as_number();
      if (!value || !std::isfinite(*value)) {
        refuse({&v.value->items()[i], v.path + '[' + std::to_string(i) + ']', v.file},
               Errc::malformed, "must be a number");
        return {};
      }
      values.push_back(*value);
    }
    return values;
  }

  template <class Expr, class Read>
  std::vector<Expr> parts(JsonFields& in, Read read) {
    std::vector<Expr> result;
    for (const JsonView& part : in.list("of")) {
      result.push_back(read(part));
      if (error_) return {};
    }
    return result;
  }
  template <class Read>
  auto pair(JsonFields& in, Read read) {
    const auto views = in.list("of");
    std::optional<std::pair<decltype(read(views[0])), decltype(read(views[0]))>> both;
    if (in.ok() && views.size() != 2) {
      in.refuse("of", Errc::malformed, "must be a list of two");
    } else if (views.size() == 2) {
      auto a = read(views[0]);
      auto b = read(views[1]);
      both.emplace(std::move(a), std::move(b));
    }
    return both;
  }

  Penalty penalty(JsonFields& in, std::string_view key);
  WeighRule weigh_rule(JsonFields& in);
  ImputeRule impute_rule(JsonFields& in);
  CountDetail count_detail(JsonFields& in);
  FirstWindowRule first_window_rule(JsonFields& in);

  std::optional<Error> error_;
};

constexpr std::array<std::string_view, 8> word_ops{"word",   "recode", "bad",  "present",
                                                   "window", "impute", "view", "w"};

WordExpr StepReader::word(const JsonView& v) {
  const std::string op = op_of(v);
  WordExpr nothing = expr::word();
  if (error_) return nothing;
  if (v.value->as_text()) {
    if (op == "word" || op == "w") return nothing;
    unknown(v, op, word_ops, "a word");
    return nothing;
  }
  JsonFields in{v};
  static_cast<void>(in.text("op"));
  if (op == "word") {
    done(in);
    return nothing;
  }
  if (op == "view") {
    ViewDetail d;
    if (in.has("parts")) {
      std::vector<Word> parts;
      for (const std::string& text : in.texts("parts")) {
        auto w = Word::parse(text);
        if (!w) {
          in.refuse("parts", w.error().code, w.error().rule);
          break;
        }
        parts.push_back(*std::move(w));
      }
      std::vector<int> times;
      for (const JsonView& t : in.list("times")) {
        const auto n = t.value->as_integer();
        if (!n || *n < 0 || *n > 65535) {
          refuse(t, Errc::out_of_range, "must be a whole number from 0 to 65535");
          return nothing;
        }
        times.push_back(static_cast<int>(*n));
      }
      if (auto plan = lattice(parts, times)) {
        d.plan = *std::move(plan);
      } else {
        in.refuse("times", plan.error().code, plan.error().rule);
      }
    } else {
      d.plan = pattern(in, "plan");
    }
    d.visit = symbol(in, "visit", Symbol::missed);
    d.no_visit = symbol(in, "no_visit", Symbol::not_due);
    const JsonView of = in.any("of");
    if (!done(in)) return nothing;
    return expr::view(word(of), d.plan, d.visit, d.no_visit);
  }
  if (op == "recode") {
    const Symbol from = symbol(in, "from", std::nullopt);
    const std::string text = in.text("to");
    std::optional<Symbol> to;
    if (text.size() == 1) to = symbol_of(text[0]);
    if (!text.empty() && !to) {
      in.refuse("to", Errc::unknown_name, "must be one of + - * o _, or empty to delete");
    }
    const JsonView of = in.any("of");
    if (!done(in)) return nothing;
    return expr::recode(word(of), from, to);
  }
  if (op == "bad" || op == "present") {
    const JsonView of = in.any("of");
    if (!done(in)) return nothing;
    return op == "bad" ? expr::bad(word(of)) : expr::present(word(of));
  }
  if (op == "window") {
    const Weeks w = weeks(in);
    const JsonView of = in.any("of");
    if (!done(in)) return nothing;
    return expr::window(word(of), w);
  }
  if (op == "impute") {
    ImputeRule rule = impute_rule(in);
    const JsonView of = in.any("of");
    if (!done(in)) return nothing;
    return expr::impute(word(of), std::move(rule));
  }
  unknown(v, op, word_ops, "a word");
  return nothing;
}

ImputeRule StepReader::impute_rule(JsonFields& in) {
  ImputeRule rule;
  rule.method = static_cast<ImputeMethod>(in.one_of("method", method_names));
  rule.missing = symbol(in, "missing", rule.missing);
  rule.mixed = symbol(in, "mixed", rule.mixed);
  rule.tiebreaker = symbol(in, "tiebreaker", rule.tiebreaker);
  rule.k = static_cast<int>(in.optional_integer("k", 1, 65535).value_or(1));
  rule.keep_not_due = in.optional_boolean("keep_not_due").value_or(false);
  if (in.has("weights")) {
    rule.weights.clear();
    for (const JsonView& item : in.list("weights")) {
      JsonFields one{item};
      const Symbol s = symbol(one, "symbol", std::nullopt);
      const double value = one.number("number", -most, most);
      if (!done(one)) return rule;
      rule.weights.emplace_back(s, value);
    }
    if (auto ok = check(rule); !ok) in.refuse("weights", ok.error().code, ok.error().rule);
  }
  return rule;
}

Penalty StepReader::penalty(JsonFields& in, std::string_view key) {
  Penalty p;
  const auto v = in.optional_any(key);
  if (!v) return p;
  if (v->value->kind() == Json::Kind::list) {
    p.kind = Penalty::Kind::each;
    p.values = numbers(*v);
    return p;
  }
  JsonFields fields{*v};
  if (fields.has("line")) {
    const JsonView line = fields.any("line");
    const auto ends = numbers(line);
    if (!error_ && ends.size() != 2) refuse(line, Errc::malformed, "must be a list of two numbers");
    p.kind = Penalty::Kind::line;
    if (ends.size() == 2) {
      p.first = ends[0];
      p.last = ends[1];
    }
  } else {
    p.kind = Penalty::Kind::each;
    const JsonView each = fields.any("each");
    p.values = numbers(each);
    p.cut = fields.optional_boolean("cut").value_or(false);
  }
  done(fields);
  return p;
}

WeighRule StepReader::weigh_rule(JsonFields& in) {
  WeighRule rule;
  const JsonView weights = in.any("weights");
  if (in.ok()) {
    JsonFields w{weights};
    rule.positive = w.number("+", -most, most);
    rule.mixed = w.number("*", -most, most);
    rule.missed = w.number("o", -most, most);
    rule.negative = w.number("-", -most, most);
    done(w);
  }
  rule.positive_penalty = penalty(in, "positive_penalty");
  rule.missed_penalty = penalty(in, "missed_penalty");
  rule.scale = in.optional_number("scale", -most, most).value_or(rule.scale);
  return rule;
}

CountDetail StepReader::count_detail(JsonFields& in) {
  CountDetail c;
  c.pattern = pattern(in, "pattern");
  c.weeks = weeks(in);
  if (const auto at = in.optional_one_of("mixed", symbol_names)) c.mixed = all_symbols[*at];
  c.mixed_weight = in.optional_number("mixed_weight", -most, most).value_or(c.mixed_weight);
  c.per = static_cast<Per>(in.optional_one_of("per", detail::per_names).value_or(0));
  return c;
}

constexpr std::array<std::string_view, 11> number_ops{"horizon",   "count", "size",   "longest_run",
                                                      "last_seen", "weigh", "add",    "subtract",
                                                      "multiply",  "if",    "only_if"};

NumberExpr StepReader::number(const JsonView& v) {
  NumberExpr nothing = expr::number(0);
  if (const auto value = v.value->as_number()) {
    if (std::isfinite(*value)) return expr::number(*value);
    refuse(v, Errc::not_finite, "must be finite");
    return nothing;
  }
  const std::string op = op_of(v);
  if (error_) return nothing;
  if (v.value->as_text()) {
    if (op == "horizon") return expr::horizon();
    unknown(v, op, number_ops, "a number");
    return nothing;
  }
  JsonFields in{v};
  static_cast<void>(in.text("op"));
  if (op == "horizon") return done(in) ? expr::horizon() : nothing;
  if (op == "count") {
    CountDetail c = count_detail(in);
    const JsonView of = in.any("of");
    return done(in) ? expr::count(word(of), std::move(c)) : nothing;
  }
  if (op == "size") {
    const JsonView of = in.any("of");
    return done(in) ? expr::size(word(of)) : nothing;
  }
  if (op == "longest_run") {
    const Symbol use = symbol(in, "use", Symbol::positive);
    const JsonView of = in.any("of");
    return done(in) ? expr::longest_run(word(of), use) : nothing;
  }
  if (op == "last_seen") {
    const Symbol missing = symbol(in, "missing", Symbol::missed);
    const JsonView of = in.any("of");
    return done(in) ? expr::last_seen(word(of), missing) : nothing;
  }
  if (op == "weigh") {
    WeighRule rule = weigh_rule(in);
    const JsonView of = in.any("of");
    return done(in) ? expr::weigh(word(of), std::move(rule)) : nothing;
  }
  if (op == "add" || op == "subtract" || op == "multiply") {
    const auto both = pair(in, [&](const JsonView& p) { return number(p); });
    if (!done(in) || !both) return nothing;
    if (op == "add") return expr::add(both->first, both->second);
    if (op == "subtract") return expr::subtract(both->first, both->second);
    return expr::multiply(both->first, both->second);
  }
  if (op == "if" || op == "only_if") {
    const JsonView condition = in.any("condition");
    const JsonView then = in.any("then");
    const JsonView otherwise = op == "if" ? in.any("else") : then;
    if (!done(in)) return nothing;
    const YesNoExpr c = yes_no(condition);
    if (op == "only_if") return expr::only_if(c, number(then));
    return expr::if_else(c, number(then), number(otherwise));
  }
  unknown(v, op, number_ops, "a number");
  return nothing;
}

constexpr std::array<std::string_view, 12> yes_no_ops{
    "contains", "one_of", "at_least", "at_most", "more_than", "less_than",
    "equal",    "all_of", "any_of",   "not",     "if",        "only_if"};

YesNoExpr StepReader::yes_no(const JsonView& v) {
  YesNoExpr nothing = expr::equal(expr::number(0), expr::number(0));
  const std::string op = op_of(v);
  if (error_) return nothing;
  if (v.value->as_text()) {
    unknown(v, op, yes_no_ops, "yes or no");
    return nothing;
  }
  JsonFields in{v};
  static_cast<void>(in.text("op"));
  if (op == "contains") {
    Word p = pattern(in, "pattern");
    const Weeks w = weeks(in);
    const JsonView of = in.any("of");
    return done(in) ? expr::contains(word(of), std::move(p), w) : nothing;
  }
  if (op == "one_of") {
    std::vector<Word> list;
    for (const std::string& text : in.texts("words")) {
      auto w = Word::parse(text);
      if (!w) {
        in.refuse("words", w.error().code, w.error().rule);
        break;
      }
      list.push_back(*std::move(w));
    }
    const JsonView of = in.any("of");
    return done(in) ? expr::one_of(word(of), std::move(list)) : nothing;
  }
  using Compare = YesNoExpr (*)(NumberExpr, NumberExpr);
  const std::array<std::pair<std::string_view, Compare>, 5> comparisons{
      {{"at_least", expr::at_least},
       {"at_most", expr::at_most},
       {"more_than", expr::more_than},
       {"less_than", expr::less_than},
       {"equal", expr::equal}}};
  for (const auto& [name, compare] : comparisons) {
    if (op != name) continue;
    const auto both = pair(in, [&](const JsonView& p) { return number(p); });
    return done(in) && both ? compare(both->first, both->second) : nothing;
  }
  if (op == "all_of" || op == "any_of") {
    auto list = parts<YesNoExpr>(in, [&](const JsonView& p) { return yes_no(p); });
    if (!done(in)) return nothing;
    return op == "all_of" ? expr::all_of(std::move(list)) : expr::any_of(std::move(list));
  }
  if (op == "not") {
    const JsonView of = in.any("of");
    return done(in) ? expr::negate(yes_no(of)) : nothing;
  }
  if (op == "if" || op == "only_if") {
    const JsonView condition = in.any("condition");
    const JsonView then = in.any("then");
    const JsonView otherwise = op == "if" ? in.any("else") : then;
    if (!done(in)) return nothing;
    const YesNoExpr c = yes_no(condition);
    if (op == "only_if") return expr::only_if(c, yes_no(then));
    return expr::if_else(c, yes_no(then), yes_no(otherwise));
  }
  unknown(v, op, yes_no_ops, "yes or no");
  return nothing;
}

FirstWindowRule StepReader::first_window_rule(JsonFields& in) {
  FirstWindowRule rule;
  rule.width = static_cast<int>(in.integer("width", 1, 65535));
  rule.threshold = static_cast<int>(in.integer("threshold", 0, 65535));
  if (const auto offset = in.optional_integer("offset", -most_weeks, most_weeks)) {
    rule.offset = static_cast<int>(*offset);
  }
  rule.symbol = symbol(in, "symbol", rule.symbol);
  rule.censoring =
      static_cast<Censoring>(in.optional_one_of("censoring", detail::censoring_names).value_or(0));
  rule.dating = static_cast<Dating>(in.optional_one_of("dating", detail::dating_names).value_or(0));
  if (in.ok()) {
    if (auto ok = check(rule); !ok) in.refuse(ok.error().field, ok.error().code, ok.error().rule);
  }
  return rule;
}

constexpr std::array<std::string_view, 4> time_ops{"first_window", "later", "if", "only_if"};

TimeEventExpr StepReader::time(const JsonView& v) {
  TimeEventExpr nothing = expr::first_window(expr::word(), {});
  const std::string op = op_of(v);
  if (error_) return nothing;
  if (v.value->as_text()) {
    unknown(v, op, time_ops, "a time with event");
    return nothing;
  }
  JsonFields in{v};
  static_cast<void>(in.text("op"));
  if (op == "first_window") {
    const FirstWindowRule rule = first_window_rule(in);
    const JsonView of = in.any("of");
    return done(in) ? expr::first_window(word(of), rule) : nothing;
  }
  if (op == "later") {
    const auto periods = static_cast<int>(in.integer("periods", -most_weeks, most_weeks));
    const JsonView of = in.any("of");
    return done(in) ? expr::later(time(of), periods) : nothing;
  }
  if (op == "if" || op == "only_if") {
    const JsonView condition = in.any("condition");
    const JsonView then = in.any("then");
    const JsonView otherwise = op == "if" ? in.any("else") : then;
    if (!done(in)) return nothing;
    const YesNoExpr c = yes_no(condition);
    if (op == "only_if") return expr::only_if(c, time(then));
    return expr::if_else(c, time(then), time(otherwise));
  }
  unknown(v, op, time_ops, "a time with event");
  return nothing;
}

Error placed(Error error, const JsonView& at) {
  error.rule = (error.field.empty() ? "" : error.field + ": ") + error.rule;
  error.field = at.path;
  error.file = std::string{at.file};
  error.row.reset();
  return error;
}

/// A text that must be one of the names an `outcomes` function knows.
template <class Named>
auto chosen(JsonFields& in, std::string_view key, std::string_view usual, Named named) {
  const std::string text = in.optional_text(key).value_or(std::string{usual});
  const auto value = named(text);
  if (!value) in.refuse(key, value.error().code, value.error().rule);
  return value ? *value : *named(usual);
}

Result<Endpoint> finished(EndpointSpec spec, std::optional<int> follow, MissingRule missing,
                          const JsonView& at) {
  auto made = Endpoint::make(std::move(spec));
  if (!made) return unexpected(placed(made.error(), at));
  if (follow) {
    auto followed = made->with_horizon(*follow);
    if (!followed) return unexpected(placed(followed.error(), at));
    made = std::move(followed);
  }
  return made->with_missing(missing);
}

Result<Endpoint> endpoint_from(const JsonView& at, const Registry& known) {
  JsonFields in{at};
  EndpointSpec spec;
  const std::string id = in.text("id");
  std::optional<int> follow;
  if (const auto weeks = in.optional_integer("follow_weeks", 1, most_weeks)) {
    follow = static_cast<int>(*weeks);
  }
  const bool says_missing = in.has("missing");
  MissingRule missing = chosen(in, "missing", "as_defined", missing_rule_named);

  if (in.has("from")) {
    const std::string from = in.text("from");
    const Endpoint* base = known.find(from);
    if (base == nullptr && in.ok()) {
      in.refuse("from", Errc::unknown_name, "must be the id of a known endpoint");
    }
    if (base != nullptr) {
      spec = base->spec();
      spec.reading = Reading::own;
      if (!follow) follow = base->chosen_horizon();
      if (!says_missing) missing = base->missing_rule();
    }
    if (const auto text = in.optional_text("sentence")) spec.sentence = *text;
    if (const auto text = in.optional_text("note")) spec.note = *text;
    spec.id = id;
    if (auto ok = in.finish(); !ok) return unexpected(ok.error());
    return finished(std::move(spec), follow, missing, at);
  }

  spec.id = id;
  spec.family = chosen(in, "family", "own", family_named);
  spec.reading = chosen(in, "reading", "own", reading_named);
  spec.study = in.optional_text("study").value_or("");
  spec.sentence = in.text("sentence");
  spec.note = in.optional_text("note").value_or("");
  const std::string type = in.text("result");
  spec.better = chosen(in, "better", "neither", better_named);
  if (const auto horizon = in.optional_integer("horizon", 1, most_weeks)) {
    spec.horizon = static_cast<int>(*horizon);
  }
  spec.about_attendance = in.optional_boolean("about_attendance").value_or(false);
  const JsonView value = in.any("value");
  if (const auto named = result_type_named(type)) {
    spec.type = *named;
  } else {
    in.refuse("result", Errc::unknown_name, named.error().rule);
  }
  if (auto ok = in.finish(); !ok) return unexpected(ok.error());

  StepReader steps;
  switch (spec.type) {
    case ResultType::yes_no:
      spec.value = steps.yes_no(value);
      break;
    case ResultType::time_event:
      spec.value = steps.time(value);
      break;
    default:
      spec.value = steps.number(value);
  }
  if (steps.error()) return unexpected(*steps.error());
  return finished(std::move(spec), follow, missing, at);
}

}  // namespace

Result<std::vector<Endpoint>> endpoints_from_json(const Json& document, const Registry& known,
                                                  std::string_view file) {
  JsonFields in{view_of(document, file)};
  const auto list = in.list("endpoints");
  if (auto ok = in.finish(); !ok) return unexpected(ok.error());
  Registry registry = known;
  std::vector<Endpoint> endpoints;
  for (const JsonView& item : list) {
    auto endpoint = endpoint_from(item, registry);
    if (!endpoint) return unexpected(endpoint.error());
    if (auto added = registry.add(*endpoint); !added) {
      return unexpected(placed(added.error(), item));
    }
    endpoints.push_back(*std::move(endpoint));
  }
  return endpoints;
}

Result<std::vector<Endpoint>> read_endpoints(const std::string& path, const Registry& known) {
  auto document = read_json(path);
  if (!document) return unexpected(document.error());
  return endpoints_from_json(*document, known, path);
}

}  // namespace ombre::inline v0::io
