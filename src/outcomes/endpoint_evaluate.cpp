// One definition, one word: the plain reading of the tree. The columnar plan must agree with it.
#include <cmath>

#include "ombre/outcomes/endpoint.hpp"
#include "outcomes/endpoint_tree.hpp"

namespace ombre::inline v0::outcomes {
namespace detail {
namespace {

template <class T, class Evaluate>
std::optional<T> choose(const ExpressionNode& node, const Word& word, Evaluate evaluate) {
  const auto condition = evaluate_yes_no(*node.parts[0], word);
  const std::optional<T> a = evaluate(*node.parts[1], word);
  if (node.op == Op::only_if) return condition && *condition ? a : std::nullopt;
  const std::optional<T> b = evaluate(*node.parts[2], word);
  if (!condition || !a || !b) return std::nullopt;
  return *condition ? a : b;
}

std::optional<bool> compare(const ExpressionNode& node, const Word& word) {
  const auto a = evaluate_number(*node.parts[0], word);
  const auto b = evaluate_number(*node.parts[1], word);
  if (!a || !b) return std::nullopt;
  switch (node.op) {
    case Op::at_least:
      return *a >= *b;
    case Op::at_most:
      return *a <= *b;
    case Op::more_than:
      return *a > *b;
    case Op::less_than:
      return *a < *b;
    default:
      return *a == *b;
  }
}

}  // namespace

Word evaluate_word(const ExpressionNode& node, const Word& word) {
  if (node.op == Op::word) return word;
  Word of = evaluate_word(*node.parts[0], word);
  switch (node.op) {
    case Op::recode: {
      const auto& r = std::get<RecodeDetail>(node.detail);
      return recode(of, r.from, r.to);
    }
    case Op::window:
      return window(of, resolved(std::get<WindowDetail>(node.detail).weeks, of));
    case Op::impute: {
      auto filled = impute(of, std::get<ImputeRule>(node.detail));
      return filled ? *std::move(filled) : of;  // rules were checked when the endpoint was made
    }
    case Op::view: {
      const auto& v = std::get<ViewDetail>(node.detail);
      return view(of, v.plan, v.visit, v.no_visit);
    }
    default:
      return of;
  }
}

std::optional<double> evaluate_number(const ExpressionNode& node, const Word& word) {
  switch (node.op) {
    case Op::number:
      return std::get<NumberDetail>(node.detail).value;
    case Op::count: {
      const auto& c = std::get<CountDetail>(node.detail);
      Word of = evaluate_word(*node.parts[0], word);
      return count(of, c.pattern, {resolved(c.weeks, of), c.mixed, c.mixed_weight, c.per});
    }
    case Op::size:
      return static_cast<double>(evaluate_word(*node.parts[0], word).size());
    case Op::longest_run:
      return longest_run(evaluate_word(*node.parts[0], word),
                         std::get<SymbolDetail>(node.detail).symbol);
    case Op::last_seen:
      return last_seen(evaluate_word(*node.parts[0], word),
                       std::get<SymbolDetail>(node.detail).symbol);
    case Op::weigh: {
      const auto score =
          weigh(evaluate_word(*node.parts[0], word), std::get<WeighRule>(node.detail));
      if (!score) return std::nullopt;
      return *score;
    }
    case Op::add:
    case Op::subtract:
    case Op::multiply: {
      const auto a = evaluate_number(*node.parts[0], word);
      const auto b = evaluate_number(*node.parts[1], word);
      if (!a || !b) return std::nullopt;
      if (node.op == Op::add) return *a + *b;
      if (node.op == Op::subtract) return *a - *b;
      return *a * *b;
    }
    case Op::if_else:
    case Op::only_if:
      return choose<double>(node, word, evaluate_number);
    default:
      return std::nullopt;
  }
}

std::optional<bool> evaluate_yes_no(const ExpressionNode& node, const Word& word) {
  switch (node.op) {
    case Op::contains: {
      const auto& c = std::get<ContainsDetail>(node.detail);
      Word of = evaluate_word(*node.parts[0], word);
      return contains(of, c.pattern, resolved(c.weeks, of));
    }
    case Op::one_of: {
      Word of = evaluate_word(*node.parts[0], word);
      for (const Word& w : std::get<OneOfDetail>(node.detail).words) {
        if (w == of) return true;
      }
      return false;
    }
    case Op::at_least:
    case Op::at_most:
    case Op::more_than:
    case Op::less_than:
    case Op::equal:
      return compare(node, word);
    case Op::all_of:
    case Op::any_of: {
      const bool all = node.op == Op::all_of;
      bool result = all;
      for (const NodePtr& part : node.parts) {
        const auto value = evaluate_yes_no(*part, word);
        if (!value) return std::nullopt;
        result = all ? (result && *value) : (result || *value);
      }
      return result;
    }
    case Op::negate: {
      const auto value = evaluate_yes_no(*node.parts[0], word);
      if (!value) return std::nullopt;
      return !*value;
    }
    case Op::if_else:
    case Op::only_if:
      return choose<bool>(node, word, evaluate_yes_no);
    default:
      return std::nullopt;
  }
}

std::optional<TimeToEvent> evaluate_time(const ExpressionNode& node, const Word& word) {
  switch (node.op) {
    case Op::first_window: {
      const auto t =
          first_window(evaluate_word(*node.parts[0], word), std::get<FirstWindowRule>(node.detail));
      if (!t) return std::nullopt;
      return *t;
    }
    case Op::later: {
      auto t = evaluate_time(*node.parts[0], word);
      if (t) t->time += std::get<LaterDetail>(node.detail).periods;
      return t;
    }
    case Op::if_else:
    case Op::only_if:
      return choose<TimeToEvent>(node, word, evaluate_time);
    default:
      return std::nullopt;
  }
}

NodePtr with_source(const NodePtr& root, const NodePtr& source) {
  if (root->op == Op::word) return source;
  if (root->parts.empty()) return root;
  ExpressionNode copy{root->op, root->kind, root->detail, {}};
  bool changed = false;
  for (const NodePtr& part : root->parts) {
    copy.parts.push_back(with_source(part, source));
    changed = changed || copy.parts.back() != part;
  }
  return changed ? std::make_shared<const ExpressionNode>(std::move(copy)) : root;
}

}  // namespace detail

std::optional<EndpointValue> Endpoint::evaluate(const Word& word) const {
  switch (root_->kind) {
    case ValueKind::number: {
      const auto value = detail::evaluate_number(*root_, word);
      if (!value || !std::isfinite(*value)) return std::nullopt;
      return EndpointValue{*value, false};
    }
    case ValueKind::yes_no: {
      const auto value = detail::evaluate_yes_no(*root_, word);
      if (!value) return std::nullopt;
      return EndpointValue{*value ? 1.0 : 0.0, false};
    }
    case ValueKind::time_event: {
      const auto value = detail::evaluate_time(*root_, word);
      if (!value) return std::nullopt;
      return EndpointValue{static_cast<double>(value->time), value->event};
    }
    case ValueKind::word:
      break;
  }
  return std::nullopt;
}

}  // namespace ombre::inline v0::outcomes
