// Endpoint definitions as JSON: writing. Reading is in endpoint_json.cpp.
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "endpoint_words.hpp"
#include "ombre/io/endpoint_json.hpp"

namespace ombre::inline v0::io {
namespace {

using namespace outcomes;  // NOLINT: this file is about nothing else

std::string text_of(Symbol s) { return std::string(1, to_char(s)); }

Json position_json(Position p) {
  switch (p.kind) {
    case Position::Kind::fixed:
      return Json::integer(p.offset);
    case Position::Kind::last_seen:
      return Json::text("last_seen");
    case Position::Kind::horizon:
      break;
  }
  std::string text = "horizon";
  if (p.offset > 0) text += '+';
  if (p.offset != 0) text += std::to_string(p.offset);
  return Json::text(text);
}

void put_weeks(Json& out, const Weeks& weeks) {
  out.set("start", position_json(weeks.start));
  out.set("end", position_json(weeks.end));
}

Json numbers_json(const std::vector<double>& values) {
  std::vector<Json> items;
  items.reserve(values.size());
  for (const double v : values) items.push_back(Json::number(v));
  return Json::list(std::move(items));
}

Json penalty_json(const Penalty& p) {
  Json out = Json::object();
  if (p.kind == Penalty::Kind::line) {
    out.set("line", numbers_json({p.first, p.last}));
  } else {
    out.set("each", numbers_json(p.values));
    out.set("cut", Json::boolean(p.cut));
  }
  return out;
}

void put_detail(Json& out, const ExpressionNode& node);

Json step_json(const ExpressionNode& node) {
  if (node.op == Op::word) return Json::text("word");
  if (node.op == Op::horizon) return Json::text("horizon");
  if (node.op == Op::number) return Json::number(std::get<NumberDetail>(node.detail).value);
  Json out = Json::object();
  out.set("op", Json::text(name(node.op)));
  put_detail(out, node);
  if (node.op == Op::if_else || node.op == Op::only_if) {
    out.set("condition", step_json(*node.parts[0]));
    out.set("then", step_json(*node.parts[1]));
    if (node.op == Op::if_else) out.set("else", step_json(*node.parts[2]));
    return out;
  }
  const bool several = node.op == Op::all_of || node.op == Op::any_of || node.parts.size() > 1;
  if (!several) {
    out.set("of", step_json(*node.parts[0]));
    return out;
  }
  std::vector<Json> parts;
  for (const NodePtr& part : node.parts) parts.push_back(step_json(*part));
  out.set("of", Json::list(std::move(parts)));
  return out;
}

void put_detail(Json& out, const ExpressionNode& node) {
  switch (node.op) {
    case Op::recode: {
      const auto& r = std::get<RecodeDetail>(node.detail);
      out.set("from", Json::text(text_of(r.from)));
      out.set("to", Json::text(r.to ? text_of(*r.to) : ""));
      return;
    }
    case Op::window:
      put_weeks(out, std::get<WindowDetail>(node.detail).weeks);
      return;
    case Op::impute: {
      const auto& r = std::get<ImputeRule>(node.detail);
      out.set("method", Json::text(name(r.method)));
      out.set("missing", Json::text(text_of(r.missing)));
      out.set("mixed", Json::text(text_of(r.mixed)));
      out.set("tiebreaker", Json::text(text_of(r.tiebreaker)));
      out.set("k", Json::integer(r.k));
      std::vector<Json> weights;
      for (const auto& [s, value] : r.weights) {
        Json one = Json::object();
        one.set("symbol", Json::text(text_of(s)));
        one.set("number", Json::number(value));
        weights.push_back(std::move(one));
      }
      if (!weights.empty()) out.set("weights", Json::list(std::move(weights)));
      out.set("keep_not_due", Json::boolean(r.keep_not_due));
      return;
    }
    case Op::view: {
      const auto& v = std::get<ViewDetail>(node.detail);
      out.set("plan", Json::text(v.plan.text()));
      out.set("visit", Json::text(text_of(v.visit)));
      out.set("no_visit", Json::text(text_of(v.no_visit)));
      return;
    }
    case Op::count: {
      const auto& c = std::get<CountDetail>(node.detail);
      out.set("pattern", Json::text(c.pattern.text()));
      put_weeks(out, c.weeks);
      if (c.mixed) out.set("mixed", Json::text(text_of(*c.mixed)));
      out.set("mixed_weight", Json::number(c.mixed_weight));
      out.set("per", Json::text(detail::per_names[static_cast<std::size_t>(c.per)]));
      return;
    }
    case Op::longest_run:
      out.set("use", Json::text(text_of(std::get<SymbolDetail>(node.detail).symbol)));
      return;
    case Op::last_seen:
      out.set("missing", Json::text(text_of(std::get<SymbolDetail>(node.detail).symbol)));
      return;
    case Op::weigh: {
      const auto& r = std::get<WeighRule>(node.detail);
      Json weights = Json::object();
      weights.set("+", Json::number(r.positive));
      weights.set("*", Json::number(r.mixed));
      weights.set("o", Json::number(r.missed));
      weights.set("-", Json::number(r.negative));
      out.set("weights", std::move(weights));
      if (r.positive_penalty.kind != Penalty::Kind::none) {
        out.set("positive_penalty", penalty_json(r.positive_penalty));
      }
      if (r.missed_penalty.kind != Penalty::Kind::none) {
        out.set("missed_penalty", penalty_json(r.missed_penalty));
      }
      out.set("scale", Json::number(r.scale));
      return;
    }
    case Op::contains: {
      const auto& c = std::get<ContainsDetail>(node.detail);
      out.set("pattern", Json::text(c.pattern.text()));
      put_weeks(out, c.weeks);
      return;
    }
    case Op::one_of: {
      std::vector<Json> words;
      for (const Word& w : std::get<OneOfDetail>(node.detail).words) {
        words.push_back(Json::text(w.text()));
      }
      out.set("words", Json::list(std::move(words)));
      return;
    }
    case Op::first_window: {
      const auto& r = std::get<FirstWindowRule>(node.detail);
      out.set("width", Json::integer(r.width));
      out.set("threshold", Json::integer(r.threshold));
      if (r.offset) out.set("offset", Json::integer(*r.offset));
      out.set("symbol", Json::text(text_of(r.symbol)));
      out.set("censoring",
              Json::text(detail::censoring_names[static_cast<std::size_t>(r.censoring)]));
      out.set("dating", Json::text(detail::dating_names[static_cast<std::size_t>(r.dating)]));
      return;
    }
    case Op::later:
      out.set("periods", Json::integer(std::get<LaterDetail>(node.detail).periods));
      return;
    default:
      return;
  }
}

}  // namespace

Json to_json(const Endpoint& endpoint) {
  const EndpointSpec& spec = endpoint.spec();
  Json out = Json::object();
  out.set("id", Json::text(spec.id));
  out.set("family", Json::text(name(spec.family)));
  out.set("reading", Json::text(name(spec.reading)));
  if (!spec.study.empty()) out.set("study", Json::text(spec.study));
  out.set("sentence", Json::text(spec.sentence));
  if (!spec.note.empty()) out.set("note", Json::text(spec.note));
  out.set("result", Json::text(name(spec.type)));
  out.set("better", Json::text(name(spec.better)));
  if (spec.horizon) out.set("horizon", Json::integer(*spec.horizon));
  if (endpoint.chosen_horizon()) {
    out.set("follow_weeks", Json::integer(*endpoint.chosen_horizon()));
  }
  if (endpoint.missing_rule() != MissingRule::as_defined) {
    out.set("missing", Json::text(name(endpoint.missing_rule())));
  }
  if (spec.about_attendance) out.set("about_attendance", Json::boolean(true));
  const NodePtr root = std::visit([](const auto& e) { return e.node; }, spec.value);
  out.set("value", step_json(*root));
  return out;
}

}  // namespace ombre::inline v0::io
