#include "ombre/outcomes/endpoint.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>

#include "outcomes/endpoint_tree.hpp"

namespace ombre::inline v0::outcomes {
namespace {

constexpr std::array result_types{ResultType::yes_no, ResultType::count, ResultType::share,
                                  ResultType::score, ResultType::time_event};
constexpr std::array families{Family::abstinence, Family::relapse, Family::reduction, Family::own};
constexpr std::array readings{Reading::published, Reading::text,    Reading::paper,
                              Reading::corrected, Reading::release, Reading::own};
constexpr std::array betters{Better::higher, Better::lower, Better::neither};
constexpr std::array missing_rules{
    MissingRule::as_defined, MissingRule::positive, MissingRule::negative, MissingRule::mixed,
    MissingRule::ignored,    MissingRule::locf,     MissingRule::mode,     MissingRule::knv};

// Endings of ids of changed definitions.
constexpr std::string_view weeks_mark = ".weeks_";
constexpr std::string_view missing_mark = ".missing_";

template <class Names>
Result<typename Names::value_type> named(const Names& names, std::string_view text,
                                         std::string_view field) {
  std::string known;
  for (const auto value : names) {
    if (name(value) == text) return value;
    if (!known.empty()) known += ", ";
    known += name(value);
  }
  return unexpected(
      error_at(Errc::unknown_name, field, std::nullopt, text, "must be one of " + known));
}

constexpr std::size_t max_steps = 10'000;
constexpr int max_depth = 200;

/// What a step takes and gives. `parts` of -1 is one or more of `part`.
struct Shape {
  ValueKind kind;
  int parts;
  ValueKind part;
  std::size_t detail;  // index in the variant
};

template <class T>
constexpr std::size_t index_of() {
  return Detail{T{}}.index();
}

Shape shape_of(Op op) {
  using K = ValueKind;
  const std::size_t none = 0;
  switch (op) {
    case Op::word:
      return {K::word, 0, K::word, none};
    case Op::recode:
      return {K::word, 1, K::word, index_of<RecodeDetail>()};
    case Op::window:
      return {K::word, 1, K::word, index_of<WindowDetail>()};
    case Op::impute:
      return {K::word, 1, K::word, index_of<ImputeRule>()};
    case Op::view:
      return {K::word, 1, K::word, index_of<ViewDetail>()};
    case Op::number:
      return {K::number, 0, K::word, index_of<NumberDetail>()};
    case Op::horizon:
      return {K::number, 0, K::word, none};
    case Op::count:
      return {K::number, 1, K::word, index_of<CountDetail>()};
    case Op::size:
      return {K::number, 1, K::word, none};
    case Op::longest_run:
    case Op::last_seen:
      return {K::number, 1, K::word, index_of<SymbolDetail>()};
    case Op::weigh:
      return {K::number, 1, K::word, index_of<WeighRule>()};
    case Op::add:
    case Op::subtract:
    case Op::multiply:
      return {K::number, 2, K::number, none};
    case Op::contains:
      return {K::yes_no, 1, K::word, index_of<ContainsDetail>()};
    case Op::one_of:
      return {K::yes_no, 1, K::word, index_of<OneOfDetail>()};
    case Op::at_least:
    case Op::at_most:
    case Op::more_than:
    case Op::less_than:
    case Op::equal:
      return {K::yes_no, 2, K::number, none};
    case Op::all_of:
    case Op::any_of:
      return {K::yes_no, -1, K::yes_no, none};
    case Op::negate:
      return {K::yes_no, 1, K::yes_no, none};
    case Op::first_window:
      return {K::time_event, 1, K::word, index_of<FirstWindowRule>()};
    case Op::later:
      return {K::time_event, 1, K::time_event, index_of<LaterDetail>()};
    case Op::if_else:
    case Op::only_if:
      break;
  }
  return {K::number, 0, K::word, none};
}

class Checker {
 public:
  explicit Checker(const EndpointSpec& spec) : spec_{spec} {}

  Result<void> check(const NodePtr& node, const std::string& where, int depth) {
    if (node == nullptr) {
      return unexpected(error_of(Errc::missing, where, "must be a step, not nothing"));
    }
    if (depth > max_depth || ++steps_ > max_steps) {
      return unexpected(
          error_of(Errc::too_large, where, "must have at most 10000 steps, at most 200 deep"));
    }
    const std::string here = where + " > " + std::string{name(node->op)};
    if (auto ok = check_parts(*node, here); !ok) return ok;
    for (const NodePtr& part : node->parts) {
      if (auto ok = check(part, here, depth + 1); !ok) return ok;
    }
    return check_detail(*node, here);
  }

 private:
  static Result<void> contradiction(const std::string& where, std::string_view rule) {
    return unexpected(error_of(Errc::contradiction, where, rule));
  }

  static Result<void> check_parts(const ExpressionNode& node, const std::string& here) {
    for (const NodePtr& part : node.parts) {
      if (part == nullptr) {
        return unexpected(error_of(Errc::missing, here, "must be made of steps, not of nothing"));
      }
    }
    if (node.op == Op::if_else || node.op == Op::only_if) {
      const std::size_t wanted = node.op == Op::if_else ? 3 : 2;
      if (node.kind == ValueKind::word || node.parts.size() != wanted ||
          node.parts[0]->kind != ValueKind::yes_no || node.detail.index() != 0) {
        return contradiction(here, "must have a yes/no condition and a result for each branch");
      }
      for (std::size_t i = 1; i < wanted; ++i) {
        if (node.parts[i]->kind != node.kind) {
          return contradiction(here, "must have branches of one kind");
        }
      }
      return {};
    }
    const Shape shape = shape_of(node.op);
    const bool right_number = shape.parts < 0
                                  ? !node.parts.empty()
                                  : node.parts.size() == static_cast<std::size_t>(shape.parts);
    if (node.kind != shape.kind || node.detail.index() != shape.detail || !right_number) {
      return contradiction(here, "must have the parts and parameters of its kind of step");
    }
    for (const NodePtr& part : node.parts) {
      if (part->kind != shape.part) {
        return contradiction(here, "must be made of parts of the right kind");
      }
    }
    return {};
  }

  Result<void> check_weeks(const Weeks& weeks, const std::string& here) const {
    for (const Position p : {weeks.start, weeks.end}) {
      if (p.kind == Position::Kind::horizon && !spec_.horizon) {
        return unexpected(
            error_of(Errc::missing, here, "must have a horizon where its weeks speak of one"));
      }
      if (p.offset > 1'000'000 || p.offset < -1'000'000) {
        return unexpected(error_at(Errc::out_of_range, here, std::nullopt,
                                   static_cast<double>(p.offset),
                                   "must be a position within a million periods"));
      }
    }
    return {};
  }

  static Result<void> finite(double value, const std::string& here) {
    if (std::isfinite(value)) return {};
    return unexpected(error_at(Errc::not_finite, here, std::nullopt, value, "must be finite"));
  }

  static Result<void> not_empty(bool empty, const std::string& here, std::string_view what) {
    if (!empty) return {};
    return unexpected(error_of(Errc::empty_input, here, what));
  }

  static Result<void> placed(Result<void> inner, const std::string& here) {
    if (inner) return inner;
    Error error = inner.error();
    error.field = here + " > " + error.field;
    return unexpected(std::move(error));
  }

  Result<void> check_detail(const ExpressionNode& node, const std::string& here) const {
    switch (node.op) {
      case Op::window:
        return check_weeks(std::get<WindowDetail>(node.detail).weeks, here);
      case Op::impute:
        return placed(outcomes::check(std::get<ImputeRule>(node.detail)), here);
      case Op::number:
        return finite(std::get<NumberDetail>(node.detail).value, here);
      case Op::horizon:
        if (!spec_.horizon) {
          return unexpected(error_of(Errc::missing, here, "must have a horizon to speak of"));
        }
        return {};
      case Op::count: {
        const auto& c = std::get<CountDetail>(node.detail);
        if (auto ok = not_empty(c.pattern.empty(), here, "must count at least one symbol"); !ok) {
          return ok;
        }
        if (auto ok = finite(c.mixed_weight, here); !ok) return ok;
        return check_weeks(c.weeks, here);
      }
      case Op::weigh: {
        const auto& w = std::get<WeighRule>(node.detail);
        for (const double value :
             {w.positive, w.mixed, w.missed, w.negative, w.scale, w.positive_penalty.first,
              w.positive_penalty.last, w.missed_penalty.first, w.missed_penalty.last}) {
          if (auto ok = finite(value, here); !ok) return ok;
        }
        for (const Penalty* p : {&w.positive_penalty, &w.missed_penalty}) {
          for (const double value : p->values) {
            if (auto ok = finite(value, here); !ok) return ok;
          }
        }
        return {};
      }
      case Op::contains: {
        const auto& c = std::get<ContainsDetail>(node.detail);
        if (auto ok = not_empty(c.pattern.empty(), here, "must look for at least one symbol");
            !ok) {
          return ok;
        }
        return check_weeks(c.weeks, here);
      }
      case Op::one_of:
        return not_empty(std::get<OneOfDetail>(node.detail).words.empty(), here,
                         "must name at least one word");
      case Op::first_window:
        return placed(outcomes::check(std::get<FirstWindowRule>(node.detail)), here);
      case Op::later: {
        const int periods = std::get<LaterDetail>(node.detail).periods;
        if (periods > 1'000'000 || periods < -1'000'000) {
          return unexpected(error_at(Errc::out_of_range, here, std::nullopt,
                                     static_cast<double>(periods),
                                     "must be within a million periods"));
        }
        return {};
      }
      default:
        return {};
    }
  }

  const EndpointSpec& spec_;
  std::size_t steps_ = 0;
};

NodePtr node_of(const AnyExpr& value) {
  return std::visit([](const auto& e) { return e.node; }, value);
}

bool fits(ResultType type, ValueKind kind) {
  switch (type) {
    case ResultType::yes_no:
      return kind == ValueKind::yes_no;
    case ResultType::count:
    case ResultType::share:
    case ResultType::score:
      return kind == ValueKind::number;
    case ResultType::time_event:
      return kind == ValueKind::time_event;
  }
  return false;
}

Result<void> check_id(const std::string& id) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  };
  if (id.empty() || id.size() > 100 || !std::all_of(id.begin(), id.end(), allowed)) {
    return unexpected(error_at(Errc::malformed, "id", std::nullopt, id,
                               "must be 1 to 100 letters, digits, '_', '-' or '.'"));
  }
  return {};
}

/// What the word becomes before the definition sees it.
WordExpr treated(WordExpr w, MissingRule rule) {
  switch (rule) {
    case MissingRule::as_defined:
      return w;
    case MissingRule::positive:
      return expr::recode(w, Symbol::missed, Symbol::positive);
    case MissingRule::negative:
      return expr::recode(w, Symbol::missed, Symbol::negative);
    case MissingRule::mixed:
      return expr::recode(w, Symbol::missed, Symbol::mixed);
    case MissingRule::ignored:
      return expr::present(w);
    case MissingRule::locf:
      return expr::impute(w, {ImputeMethod::locf});
    case MissingRule::mode:
      return expr::impute(w, {ImputeMethod::mode});
    case MissingRule::knv:
      return expr::impute(w, {ImputeMethod::knv});
  }
  return w;
}

/// Writes the horizon into positions and numbers.
NodePtr with_horizon_written(const NodePtr& node, std::optional<int> horizon) {
  ExpressionNode copy = *node;
  bool changed = false;
  const auto write = [&](Position& p) {
    if (p.kind != Position::Kind::horizon) return;
    // A position before the first week is the first week, not one counted from the end.
    p = Position{std::max(1, *horizon + p.offset)};
    changed = true;
  };
  if (auto* w = std::get_if<WindowDetail>(&copy.detail)) {
    write(w->weeks.start);
    write(w->weeks.end);
  } else if (auto* c = std::get_if<CountDetail>(&copy.detail)) {
    write(c->weeks.start);
    write(c->weeks.end);
  } else if (auto* s = std::get_if<ContainsDetail>(&copy.detail)) {
    write(s->weeks.start);
    write(s->weeks.end);
  } else if (copy.op == Op::horizon) {
    copy.op = Op::number;
    copy.detail = NumberDetail{static_cast<double>(*horizon)};
    changed = true;
  }
  for (NodePtr& part : copy.parts) {
    NodePtr written = with_horizon_written(part, horizon);
    changed = changed || written != part;
    part = std::move(written);
  }
  return changed ? std::make_shared<const ExpressionNode>(std::move(copy)) : node;
}

/// Fixed windows that can hold nothing.
Result<void> check_windows(const ExpressionNode& node, std::optional<int> chosen) {
  const Weeks* weeks = nullptr;
  if (const auto* w = std::get_if<WindowDetail>(&node.detail)) weeks = &w->weeks;
  if (const auto* c = std::get_if<CountDetail>(&node.detail)) weeks = &c->weeks;
  if (const auto* c = std::get_if<ContainsDetail>(&node.detail)) weeks = &c->weeks;
  if (weeks != nullptr && weeks->start.kind == Position::Kind::fixed && weeks->start.offset >= 0) {
    const int start = std::max(1, weeks->start.offset);
    const bool inverted = weeks->end.kind == Position::Kind::fixed && weeks->end.offset >= 0 &&
                          weeks->end.offset < start;
    if (inverted || (chosen && start > *chosen)) {
      return unexpected(error_at(Errc::out_of_range, std::string{name(node.op)}, std::nullopt,
                                 static_cast<double>(start),
                                 "starts after the last week it may look at, which is " +
                                     std::to_string(inverted ? weeks->end.offset : *chosen)));
    }
  }
  for (const NodePtr& part : node.parts) {
    if (auto ok = check_windows(*part, chosen); !ok) return ok;
  }
  return {};
}

}  // namespace

std::string_view name(ResultType type) noexcept {
  switch (type) {
    case ResultType::yes_no:
      return "yes_no";
    case ResultType::count:
      return "count";
    case ResultType::share:
      return "share";
    case ResultType::score:
      return "score";
    case ResultType::time_event:
      return "time_event";
  }
  return "unknown";
}

std::string_view name(Family family) noexcept {
  switch (family) {
    case Family::abstinence:
      return "abstinence";
    case Family::relapse:
      return "relapse";
    case Family::reduction:
      return "reduction";
    case Family::own:
      return "own";
  }
  return "unknown";
}

std::string_view name(Reading reading) noexcept {
  switch (reading) {
    case Reading::published:
      return "published";
    case Reading::text:
      return "text";
    case Reading::paper:
      return "paper";
    case Reading::corrected:
      return "corrected";
    case Reading::release:
      return "release";
    case Reading::own:
      return "own";
  }
  return "unknown";
}

std::string_view name(Better better) noexcept {
  switch (better) {
    case Better::higher:
      return "higher";
    case Better::lower:
      return "lower";
    case Better::neither:
      return "neither";
  }
  return "unknown";
}

std::string_view name(MissingRule rule) noexcept {
  switch (rule) {
    case MissingRule::as_defined:
      return "as_defined";
    case MissingRule::positive:
      return "positive";
    case MissingRule::negative:
      return "negative";
    case MissingRule::mixed:
      return "mixed";
    case MissingRule::ignored:
      return "ignored";
    case MissingRule::locf:
      return "locf";
    case MissingRule::mode:
      return "mode";
    case MissingRule::knv:
      return "kNV";
  }
  return "unknown";
}

Result<ResultType> result_type_named(std::string_view text) {
  return named(result_types, text, "type");
}
Result<Family> family_named(std::string_view text) { return named(families, text, "family"); }
Result<Reading> reading_named(std::string_view text) { return named(readings, text, "reading"); }
Result<Better> better_named(std::string_view text) { return named(betters, text, "better"); }
Result<MissingRule> missing_rule_named(std::string_view text) {
  return named(missing_rules, text, "missing");
}

Result<Endpoint> Endpoint::make(EndpointSpec spec) {
  if (auto ok = check_id(spec.id); !ok) return unexpected(ok.error());
  if (spec.horizon && (*spec.horizon < 1 || *spec.horizon > 1'000'000)) {
    return unexpected(error_at(Errc::out_of_range, spec.id + " > horizon", std::nullopt,
                               static_cast<double>(*spec.horizon), "must be 1 or more"));
  }
  const NodePtr root = node_of(spec.value);
  if (auto ok = Checker{spec}.check(root, spec.id, 0); !ok) return unexpected(ok.error());
  if (!fits(spec.type, root->kind)) {
    return unexpected(error_at(Errc::contradiction, spec.id + " > type", std::nullopt,
                               name(spec.type), "must fit what the definition yields"));
  }
  Endpoint made;
  made.spec_ = std::move(spec);
  if (auto ok = made.resolve(); !ok) return unexpected(ok.error());
  return made;
}

Result<void> Endpoint::resolve() {
  WordExpr source = expr::word();
  if (chosen_horizon_) source = expr::window(source, {1, *chosen_horizon_});
  source = treated(source, missing_);
  const std::optional<int> horizon = chosen_horizon_ ? chosen_horizon_ : spec_.horizon;
  root_ = with_horizon_written(node_of(spec_.value), horizon);
  if (auto ok = check_windows(*root_, chosen_horizon_); !ok) {
    Error error = ok.error();
    error.field = spec_.id + " > " + error.field;
    return unexpected(std::move(error));
  }
  root_ = detail::with_source(root_, source.node);
  return {};
}

Result<Endpoint> Endpoint::with_horizon(int weeks) const {
  if (weeks < 1 || weeks > 1'000'000) {
    return unexpected(error_at(Errc::out_of_range, spec_.id + " > horizon", std::nullopt,
                               static_cast<double>(weeks), "must be 1 or more weeks"));
  }
  Endpoint other = *this;
  other.chosen_horizon_ = weeks;
  if (auto ok = other.resolve(); !ok) return unexpected(ok.error());
  return other;
}

Endpoint Endpoint::with_missing(MissingRule rule) const {
  Endpoint other = *this;
  other.missing_ = rule;
  static_cast<void>(other.resolve());  // succeeded with the same windows before
  return other;
}

Result<Endpoint> Endpoint::with_id(std::string id) const {
  if (auto ok = check_id(id); !ok) return unexpected(ok.error());
  Endpoint other = *this;
  other.spec_.id = std::move(id);
  return other;
}

std::string Endpoint::changed_id(const Endpoint& original) const {
  std::string text = id();
  if (chosen_horizon_ && chosen_horizon_ != original.chosen_horizon_) {
    text.append(weeks_mark).append(std::to_string(*chosen_horizon_));
  }
  if (missing_ != original.missing_) text.append(missing_mark).append(name(missing_));
  return text;
}

ChangedId read_changed_id(std::string_view id) noexcept {
  ChangedId read;
  read.base = id;
  if (const auto at = read.base.rfind(missing_mark); at != std::string_view::npos && at > 0) {
    const std::string_view word = read.base.substr(at + missing_mark.size());
    for (const MissingRule rule : missing_rules) {
      if (name(rule) != word) continue;
      read.missing = rule;
      read.base = read.base.substr(0, at);
      break;
    }
  }
  if (const auto at = read.base.rfind(weeks_mark); at != std::string_view::npos && at > 0) {
    const std::string_view digits = read.base.substr(at + weeks_mark.size());
    int weeks = 0;
    const auto [end, bad] = std::from_chars(digits.data(), digits.data() + digits.size(), weeks);
    if (bad == std::errc{} && end == digits.data() + digits.size() && weeks > 0) {
      read.weeks = weeks;
      read.base = read.base.substr(0, at);
    }
  }
  return read;
}

Result<void> Registry::add(Endpoint endpoint) {
  const auto [at, fresh] = index_.try_emplace(endpoint.id(), endpoints_.size());
  if (!fresh) {
    return unexpected(error_at(Errc::duplicate, "id", std::nullopt, endpoint.id(),
                               "must not be registered twice"));
  }
  endpoints_.push_back(std::move(endpoint));
  return {};
}

const Endpoint* Registry::find(std::string_view id) const noexcept {
  const auto at = index_.find(std::string{id});
  return at == index_.end() ? nullptr : &endpoints_[at->second];
}

const Endpoint* Registry::find(std::string_view base_id, Reading reading) const {
  const std::string base{base_id};
  const auto first = [&](std::initializer_list<std::string_view> endings) -> const Endpoint* {
    for (const std::string_view ending : endings) {
      if (const Endpoint* found = find(base + std::string{ending})) return found;
    }
    return nullptr;
  };
  switch (reading) {
    case Reading::text:
      return first({".text", ".paper", ""});
    case Reading::paper:
      return first({".paper", ""});
    case Reading::corrected:
      return first({".corrected", ""});
    case Reading::release:
      return first({".release_0_1_0", ""});
    case Reading::published:
    case Reading::own:
      return find(base_id);
  }
  return nullptr;
}

}  // namespace ombre::inline v0::outcomes
