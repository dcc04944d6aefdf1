#include "ombre/outcomes/endpoint_expression.hpp"

#include <string>
#include <utility>

#include "ombre/core/error.hpp"

namespace ombre::inline v0::outcomes {
namespace {

NodePtr make(Op op, ValueKind kind, Detail detail, std::vector<NodePtr> parts) {
  return std::make_shared<const ExpressionNode>(
      ExpressionNode{op, kind, std::move(detail), std::move(parts)});
}

YesNoExpr compare(Op op, NumberExpr a, NumberExpr b) {
  return {make(op, ValueKind::yes_no, {}, {std::move(a.node), std::move(b.node)})};
}

NumberExpr arithmetic(Op op, NumberExpr a, NumberExpr b) {
  return {make(op, ValueKind::number, {}, {std::move(a.node), std::move(b.node)})};
}

YesNoExpr combine(Op op, std::vector<YesNoExpr> parts) {
  std::vector<NodePtr> nodes;
  nodes.reserve(parts.size());
  for (auto& part : parts) nodes.push_back(std::move(part.node));
  return {make(op, ValueKind::yes_no, {}, std::move(nodes))};
}

// ---- one-line formulas --------------------------------------------------------------------------

std::string quoted(Symbol s) { return {'\'', to_char(s), '\''}; }

std::string text_of(Position p) {
  switch (p.kind) {
    case Position::Kind::fixed:
      return std::to_string(p.offset);
    case Position::Kind::horizon:
      if (p.offset == 0) return "horizon";
      return "horizon" + std::string{p.offset > 0 ? "+" : ""} + std::to_string(p.offset);
    case Position::Kind::last_seen:
      return "last_seen";
  }
  return "?";
}

std::string text_of(const Weeks& weeks) {
  if (weeks == Weeks{}) return {};
  return ", " + text_of(weeks.start) + ", " + text_of(weeks.end);
}

bool is_recode(const ExpressionNode& node, Symbol from, std::optional<Symbol> to) {
  const auto* r = std::get_if<RecodeDetail>(&node.detail);
  return node.op == Op::recode && r != nullptr && r->from == from && r->to == to;
}

std::string list(const std::vector<double>& values) {
  std::string text = "[";
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) text += ' ';
    text += shortest(values[i]);
  }
  return text + ']';
}

std::string text_of(const Penalty& penalty) {
  switch (penalty.kind) {
    case Penalty::Kind::none:
      return {};
    case Penalty::Kind::each:
      return list(penalty.values) + (penalty.cut ? " cut to the word" : "");
    case Penalty::Kind::line:
      return "line " + shortest(penalty.first) + ".." + shortest(penalty.last);
  }
  return {};
}

std::string text_of(const ImputeRule& rule) {
  std::string text = ", " + std::string{name(rule.method)};
  const ImputeRule plain{rule.method};
  if (rule.missing != plain.missing) text += ", missing=" + quoted(rule.missing);
  if (rule.method == ImputeMethod::mode) {
    if (rule.mixed != plain.mixed) text += ", mixed=" + quoted(rule.mixed);
    if (rule.tiebreaker != plain.tiebreaker) text += ", tiebreaker=" + quoted(rule.tiebreaker);
  }
  if (rule.method == ImputeMethod::knv) {
    if (rule.k != plain.k) text += ", k=" + std::to_string(rule.k);
    if (rule.weights != plain.weights) {
      text += ", weights=[";
      for (std::size_t i = 0; i < rule.weights.size(); ++i) {
        if (i > 0) text += ' ';
        text +=
            std::string{to_char(rule.weights[i].first)} + ' ' + shortest(rule.weights[i].second);
      }
      text += ']';
    }
    if (rule.keep_not_due) text += ", keep '_'";
  }
  return text;
}

std::string infix(const ExpressionNode& node, std::string_view sign) {
  std::string text;
  for (std::size_t i = 0; i < node.parts.size(); ++i) {
    if (i > 0) text += sign;
    const ExpressionNode& part = *node.parts[i];
    const bool compound = part.op == Op::add || part.op == Op::subtract || part.op == Op::all_of ||
                          part.op == Op::any_of;
    text += compound ? '(' + formula(part) + ')' : formula(part);
  }
  return text;
}

std::string formula_of_count(const ExpressionNode& node, const CountDetail& c) {
  const std::string of = formula(*node.parts[0]);
  std::string text = (c.per == Per::none ? "count(" : "share(") + of + ", '" + c.pattern.text() +
                     '\'' + text_of(c.weeks);
  if (c.mixed) text += ", " + quoted(*c.mixed) + '=' + shortest(c.mixed_weight);
  if (c.per == Per::places) text += ", of places";
  return text + ')';
}

std::string formula_of_weigh(const ExpressionNode& node, const WeighRule& r) {
  std::string text = "weigh(" + formula(*node.parts[0]) + ", +" + shortest(r.positive) + " *" +
                     shortest(r.mixed) + " o" + shortest(r.missed) + " -" + shortest(r.negative);
  if (const auto p = text_of(r.positive_penalty); !p.empty()) text += ", positive penalty " + p;
  if (const auto p = text_of(r.missed_penalty); !p.empty()) text += ", missed penalty " + p;
  return text + ", scale " + shortest(r.scale) + ')';
}

std::string formula_of_first_window(const ExpressionNode& node, const FirstWindowRule& r) {
  std::string text = "first_window(" + formula(*node.parts[0]) + ", " + std::to_string(r.width) +
                     ", " + std::to_string(r.threshold);
  if (r.offset) text += ", offset=" + std::to_string(*r.offset);
  if (r.symbol != Symbol::positive) text += ", symbol=" + quoted(r.symbol);
  if (r.censoring == Censoring::follow_up_end) text += ", censored at the end of follow-up";
  if (r.dating == Dating::criterion_met) text += ", dated when met";
  return text + ')';
}

}  // namespace

std::string_view name(Op op) noexcept {
  switch (op) {
    case Op::word:
      return "word";
    case Op::recode:
      return "recode";
    case Op::window:
      return "window";
    case Op::impute:
      return "impute";
    case Op::view:
      return "view";
    case Op::number:
      return "number";
    case Op::horizon:
      return "horizon";
    case Op::count:
      return "count";
    case Op::size:
      return "size";
    case Op::longest_run:
      return "longest_run";
    case Op::last_seen:
      return "last_seen";
    case Op::weigh:
      return "weigh";
    case Op::add:
      return "add";
    case Op::subtract:
      return "subtract";
    case Op::multiply:
      return "multiply";
    case Op::contains:
      return "contains";
    case Op::one_of:
      return "one_of";
    case Op::at_least:
      return "at_least";
    case Op::at_most:
      return "at_most";
    case Op::more_than:
      return "more_than";
    case Op::less_than:
      return "less_than";
    case Op::equal:
      return "equal";
    case Op::all_of:
      return "all_of";
    case Op::any_of:
      return "any_of";
    case Op::negate:
      return "not";
    case Op::first_window:
      return "first_window";
    case Op::later:
      return "later";
    case Op::if_else:
      return "if";
    case Op::only_if:
      return "only_if";
  }
  return "unknown";
}

std::string formula(const ExpressionNode& node) {
  const auto of = [&](std::size_t i) { return formula(*node.parts[i]); };
  switch (node.op) {
    case Op::word:
      return "w";
    case Op::recode: {
      if (is_recode(node, Symbol::missed, std::nullopt)) return "present(" + of(0) + ')';
      if (is_recode(node, Symbol::mixed, Symbol::positive) &&
          is_recode(*node.parts[0], Symbol::missed, Symbol::positive)) {
        return "bad(" + formula(*node.parts[0]->parts[0]) + ')';
      }
      const auto& r = std::get<RecodeDetail>(node.detail);
      return "recode(" + of(0) + ", " + quoted(r.from) + ", " + (r.to ? quoted(*r.to) : "''") + ')';
    }
    case Op::window:
      return "window(" + of(0) + text_of(std::get<WindowDetail>(node.detail).weeks) + ')';
    case Op::impute:
      return "impute(" + of(0) + text_of(std::get<ImputeRule>(node.detail)) + ')';
    case Op::view:
      return "view(" + of(0) + ", '" + std::get<ViewDetail>(node.detail).plan.text() + "')";
    case Op::number:
      return shortest(std::get<NumberDetail>(node.detail).value);
    case Op::horizon:
      return "horizon";
    case Op::count:
      return formula_of_count(node, std::get<CountDetail>(node.detail));
    case Op::size:
      return "size(" + of(0) + ')';
    case Op::longest_run:
    case Op::last_seen: {
      const Symbol s = std::get<SymbolDetail>(node.detail).symbol;
      const Symbol usual = node.op == Op::longest_run ? Symbol::positive : Symbol::missed;
      return std::string{name(node.op)} + '(' + of(0) + (s == usual ? "" : ", " + quoted(s)) + ')';
    }
    case Op::weigh:
      return formula_of_weigh(node, std::get<WeighRule>(node.detail));
    case Op::add:
      return infix(node, " + ");
    case Op::subtract:
      return infix(node, " - ");
    case Op::multiply:
      return infix(node, " * ");
    case Op::contains: {
      const auto& c = std::get<ContainsDetail>(node.detail);
      return "contains(" + of(0) + ", '" + c.pattern.text() + '\'' + text_of(c.weeks) + ')';
    }
    case Op::one_of: {
      std::string text = "one_of(" + of(0);
      for (const Word& w : std::get<OneOfDetail>(node.detail).words)
        text += ", '" + w.text() + '\'';
      return text + ')';
    }
    case Op::at_least:
      return infix(node, " >= ");
    case Op::at_most:
      return infix(node, " <= ");
    case Op::more_than:
      return infix(node, " > ");
    case Op::less_than:
      return infix(node, " < ");
    case Op::equal:
      return infix(node, " == ");
    case Op::all_of:
      return infix(node, " and ");
    case Op::any_of:
      return infix(node, " or ");
    case Op::negate:
      return "not (" + of(0) + ')';
    case Op::first_window:
      return formula_of_first_window(node, std::get<FirstWindowRule>(node.detail));
    case Op::later:
      return "later(" + of(0) + ", " + std::to_string(std::get<LaterDetail>(node.detail).periods) +
             ')';
    case Op::if_else:
      return "if " + of(0) + " then " + of(1) + " else " + of(2);
    case Op::only_if:
      return "only if " + of(0) + ": " + of(1);
  }
  return "?";
}

namespace expr {

WordExpr word() { return {make(Op::word, ValueKind::word, {}, {})}; }
WordExpr recode(WordExpr w, Symbol from, std::optional<Symbol> to) {
  return {make(Op::recode, ValueKind::word, RecodeDetail{from, to}, {std::move(w.node)})};
}
WordExpr window(WordExpr w, Weeks weeks) {
  return {make(Op::window, ValueKind::word, WindowDetail{weeks}, {std::move(w.node)})};
}
WordExpr impute(WordExpr w, ImputeRule rule) {
  return {make(Op::impute, ValueKind::word, std::move(rule), {std::move(w.node)})};
}
WordExpr view(WordExpr w, Word plan, Symbol visit, Symbol no_visit) {
  return {make(Op::view, ValueKind::word, ViewDetail{std::move(plan), visit, no_visit},
               {std::move(w.node)})};
}
WordExpr bad(WordExpr w) {
  return recode(recode(std::move(w), Symbol::missed, Symbol::positive), Symbol::mixed,
                Symbol::positive);
}
WordExpr present(WordExpr w) { return recode(std::move(w), Symbol::missed, std::nullopt); }

NumberExpr number(double value) {
  return {make(Op::number, ValueKind::number, NumberDetail{value}, {})};
}
NumberExpr horizon() { return {make(Op::horizon, ValueKind::number, {}, {})}; }
NumberExpr count(WordExpr w, CountDetail detail) {
  return {make(Op::count, ValueKind::number, std::move(detail), {std::move(w.node)})};
}
NumberExpr count(WordExpr w, Symbol symbol, Weeks weeks) {
  return count(std::move(w), CountDetail{Word::repeated(symbol, 1), weeks, {}, 0.5, Per::none});
}
NumberExpr count_half(WordExpr w, Symbol symbol, Weeks weeks) {
  return count(std::move(w),
               CountDetail{Word::repeated(symbol, 1), weeks, Symbol::mixed, 0.5, Per::none});
}
NumberExpr share(WordExpr w, Symbol symbol, Weeks weeks) {
  return count(std::move(w),
               CountDetail{Word::repeated(symbol, 1), weeks, Symbol::mixed, 0.5, Per::weeks});
}
NumberExpr size(WordExpr w) { return {make(Op::size, ValueKind::number, {}, {std::move(w.node)})}; }
NumberExpr longest_run(WordExpr w, Symbol use) {
  return {make(Op::longest_run, ValueKind::number, SymbolDetail{use}, {std::move(w.node)})};
}
NumberExpr last_seen(WordExpr w, Symbol missing) {
  return {make(Op::last_seen, ValueKind::number, SymbolDetail{missing}, {std::move(w.node)})};
}
NumberExpr weigh(WordExpr w, WeighRule rule) {
  return {make(Op::weigh, ValueKind::number, std::move(rule), {std::move(w.node)})};
}
NumberExpr add(NumberExpr a, NumberExpr b) {
  return arithmetic(Op::add, std::move(a), std::move(b));
}
NumberExpr subtract(NumberExpr a, NumberExpr b) {
  return arithmetic(Op::subtract, std::move(a), std::move(b));
}
NumberExpr multiply(NumberExpr a, NumberExpr b) {
  return arithmetic(Op::multiply, std::move(a), std::move(b));
}

YesNoExpr contains(WordExpr w, Word pattern, Weeks weeks) {
  return {make(Op::contains, ValueKind::yes_no, ContainsDetail{std::move(pattern), weeks},
               {std::move(w.node)})};
}
YesNoExpr one_of(WordExpr w, std::vector<Word> words) {
  return {make(Op::one_of, ValueKind::yes_no, OneOfDetail{std::move(words)}, {std::move(w.node)})};
}
YesNoExpr at_least(NumberExpr a, NumberExpr b) {
  return compare(Op::at_least, std::move(a), std::move(b));
}
YesNoExpr at_most(NumberExpr a, NumberExpr b) {
  return compare(Op::at_most, std::move(a), std::move(b));
}
YesNoExpr more_than(NumberExpr a, NumberExpr b) {
  return compare(Op::more_than, std::move(a), std::move(b));
}
YesNoExpr less_than(NumberExpr a, NumberExpr b) {
  return compare(Op::less_than, std::move(a), std::move(b));
}
YesNoExpr equal(NumberExpr a, NumberExpr b) {
  return compare(Op::equal, std::move(a), std::move(b));
}
YesNoExpr all_of(std::vector<YesNoExpr> parts) { return combine(Op::all_of, std::move(parts)); }
YesNoExpr any_of(std::vector<YesNoExpr> parts) { return combine(Op::any_of, std::move(parts)); }
YesNoExpr negate(YesNoExpr a) {
  return {make(Op::negate, ValueKind::yes_no, {}, {std::move(a.node)})};
}

TimeEventExpr first_window(WordExpr w, FirstWindowRule rule) {
  return {make(Op::first_window, ValueKind::time_event, rule, {std::move(w.node)})};
}
TimeEventExpr later(TimeEventExpr t, int periods) {
  return {make(Op::later, ValueKind::time_event, LaterDetail{periods}, {std::move(t.node)})};
}

NumberExpr if_else(YesNoExpr condition, NumberExpr a, NumberExpr b) {
  return {make(Op::if_else, ValueKind::number, {},
               {std::move(condition.node), std::move(a.node), std::move(b.node)})};
}
YesNoExpr if_else(YesNoExpr condition, YesNoExpr a, YesNoExpr b) {
  return {make(Op::if_else, ValueKind::yes_no, {},
               {std::move(condition.node), std::move(a.node), std::move(b.node)})};
}
TimeEventExpr if_else(YesNoExpr condition, TimeEventExpr a, TimeEventExpr b) {
  return {make(Op::if_else, ValueKind::time_event, {},
               {std::move(condition.node), std::move(a.node), std::move(b.node)})};
}
NumberExpr only_if(YesNoExpr condition, NumberExpr a) {
  return {make(Op::only_if, ValueKind::number, {}, {std::move(condition.node), std::move(a.node)})};
}
YesNoExpr only_if(YesNoExpr condition, YesNoExpr a) {
  return {make(Op::only_if, ValueKind::yes_no, {}, {std::move(condition.node), std::move(a.node)})};
}
TimeEventExpr only_if(YesNoExpr condition, TimeEventExpr a) {
  return {
      make(Op::only_if, ValueKind::time_event, {}, {std::move(condition.node), std::move(a.node)})};
}

}  // namespace expr
}  // namespace ombre::inline v0::outcomes
