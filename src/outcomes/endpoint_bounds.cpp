// Bounds over completions. The analysis walks the composition and keeps, for every word on the way,
// how its symbols move with the completion; transforms and measures either preserve that order or
// make the direction unknown.
#include "ombre/outcomes/endpoint_bounds.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include "outcomes/endpoint_tree.hpp"

namespace ombre::inline v0::outcomes {
namespace {

// The chain of what a visit can show, from best to worst.
constexpr std::array<Symbol, 3> chain{Symbol::negative, Symbol::mixed, Symbol::positive};

constexpr int rank_of(Symbol s) {
  switch (s) {
    case Symbol::negative:
      return 0;
    case Symbol::mixed:
      return 1;
    case Symbol::positive:
      return 2;
    case Symbol::missed:
    case Symbol::not_due:
      return -1;
  }
  return -1;
}

Direction flipped(Direction d) {
  if (d == Direction::rises) return Direction::falls;
  if (d == Direction::falls) return Direction::rises;
  return d;
}

/// The direction of something that rises with both parts.
Direction both(Direction a, Direction b) {
  if (a == Direction::constant) return b;
  if (b == Direction::constant || a == b) return a;
  return Direction::unknown;
}

/// A word over all completions: positions that were missed hold symbols of `alphabet`, moving as
/// `direction` says; all others are fixed. Length and the places of `o` and `_` do not depend on
/// the completion.
struct MovingWord {
  Direction direction = Direction::rises;
  std::array<bool, 3> alphabet{true, true, true};  // by rank
  bool may_hold_missed = false;
  bool may_hold_not_due = true;
};

MovingWord lost() {
  MovingWord w;
  w.direction = Direction::unknown;
  return w;
}

/// How f moves along the alphabet.
template <class F>
Direction along(const MovingWord& w, F f) {
  bool up = true;
  bool down = true;
  std::optional<double> before;
  for (std::size_t r = 0; r < 3; ++r) {
    if (!w.alphabet[r]) continue;
    const double value = f(chain[r]);
    if (before && value < *before) up = false;
    if (before && value > *before) down = false;
    before = value;
  }
  if (up && down) return Direction::constant;
  if (up) return w.direction;
  if (down) return flipped(w.direction);
  return Direction::unknown;
}

std::optional<Symbol> extreme(const MovingWord& w, bool top) {
  std::optional<Symbol> found;
  for (std::size_t r = 0; r < 3; ++r) {
    if (w.alphabet[r] && (top || !found)) found = chain[r];
  }
  return found;
}

bool moves(const MovingWord& w, Symbol s) {
  const int r = rank_of(s);
  return r >= 0 && w.alphabet[static_cast<std::size_t>(r)];
}

MovingWord recoded(MovingWord w, const RecodeDetail& r) {
  if (!moves(w, r.from)) {
    if (r.to == Symbol::missed) w.may_hold_missed = true;
    if (r.to == Symbol::not_due) w.may_hold_not_due = true;
    if (r.from == Symbol::missed && r.to != Symbol::missed) w.may_hold_missed = false;
    if (r.from == Symbol::not_due && r.to != Symbol::not_due) w.may_hold_not_due = false;
    return w;
  }
  if (!r.to || rank_of(*r.to) < 0) return lost();  // the places of symbols would move
  MovingWord out = w;
  out.direction = along(w, [&](Symbol s) { return rank_of(s == r.from ? *r.to : s); });
  out.alphabet.fill(false);
  for (std::size_t k = 0; k < 3; ++k) {
    if (!w.alphabet[k]) continue;
    const Symbol s = chain[k] == r.from ? *r.to : chain[k];
    out.alphabet[static_cast<std::size_t>(rank_of(s))] = true;
  }
  return out;
}

bool holds_none(const MovingWord& w, Symbol s) {
  if (s == Symbol::missed) return !w.may_hold_missed;
  if (s == Symbol::not_due) return !w.may_hold_not_due;
  return false;
}

MovingWord imputed(MovingWord w, const ImputeRule& r) {
  if (r.method != ImputeMethod::knv) {
    if (rank_of(r.missing) >= 0) return lost();
    if (holds_none(w, r.missing)) return w;  // nothing is missing any more
    if (r.method == ImputeMethod::mode) return lost();
    return w;  // each filled place repeats an earlier one
  }
  // kNV: means of neighbours keep the order where the numbers do. Every moving symbol and every
  // symbol a mean can become must have a number, in the order of the chain.
  std::array<std::optional<double>, 3> number{};
  for (const auto& [s, weight] : r.weights) {
    if (rank_of(s) < 0) return lost();
    number[static_cast<std::size_t>(rank_of(s))] = weight;
  }
  std::optional<double> before;
  for (std::size_t k = 0; k < 3; ++k) {
    if (!number[k]) {
      // A symbol without a number counts as missing, wherever it stands.
      return lost();
    }
    if (before && *number[k] <= *before) return lost();
    before = number[k];
  }
  if (holds_none(w, Symbol::missed) && (holds_none(w, Symbol::not_due) || r.keep_not_due)) return w;
  if (rank_of(r.missing) >= 0) return lost();
  w.alphabet.fill(true);
  if (!r.keep_not_due) {
    w.may_hold_missed = w.may_hold_missed || w.may_hold_not_due;
    // A word of nothing but `_` stays as it is where `_` is the symbol for missing.
    if (r.missing != Symbol::not_due) w.may_hold_not_due = false;
  }
  return w;
}

MovingWord moving(const ExpressionNode& node) {
  if (node.op == Op::word) return {};
  MovingWord w = moving(*node.parts[0]);
  if (w.direction == Direction::unknown) return w;
  switch (node.op) {
    case Op::recode:
      return recoded(w, std::get<RecodeDetail>(node.detail));
    case Op::impute:
      return imputed(w, std::get<ImputeRule>(node.detail));
    case Op::view: {
      const auto& v = std::get<ViewDetail>(node.detail);
      for (const Symbol s : {v.visit, v.no_visit}) {
        if (s == Symbol::missed) w.may_hold_missed = true;
        if (s == Symbol::not_due) w.may_hold_not_due = true;
      }
      return w;
    }
    default:
      return w;  // a window: its ends depend on attendance at most
  }
}

/// A number over all completions.
struct MovingNumber {
  Direction direction = Direction::constant;
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
};

Direction moving_yes_no(const ExpressionNode& node);

Direction of_pattern(const MovingWord& w, const Word& pattern) {
  // A pattern made only of the worst symbol a completion can have (and of symbols that do not
  // move) is found more often the worse the completion; one of the best symbol less often.
  bool tops = true;
  bool bottoms = true;
  bool any = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (!moves(w, pattern[i])) continue;
    any = true;
    tops = tops && pattern[i] == extreme(w, true);
    bottoms = bottoms && pattern[i] == extreme(w, false);
  }
  if (!any) {
    // Symbols that do not move stand only at fixed places; but a place that moves could hide or
    // show them only by changing kind, which it does not.
    return Direction::constant;
  }
  if (tops && bottoms) return Direction::constant;
  if (tops) return w.direction;
  if (bottoms) return flipped(w.direction);
  return Direction::unknown;
}

MovingNumber count_of(const MovingWord& w, const CountDetail& c) {
  MovingNumber n;
  const double low_weight = c.mixed ? std::min(0.0, c.mixed_weight) : 0.0;
  const double high_weight = c.mixed ? std::max(0.0, c.mixed_weight) : 0.0;
  n.low = low_weight < 0 ? -std::numeric_limits<double>::infinity() : 0.0;
  double most_each = std::max(1.0, high_weight);
  if (c.mixed && c.pattern.size() == 1 && c.pattern[0] == *c.mixed) most_each = 1.0 + high_weight;
  if (c.pattern.size() > 1) most_each = 1.0 + high_weight;
  if (c.per == Per::weeks) {
    n.high = most_each;
  } else if (c.per == Per::none && c.weeks.start.kind == Position::Kind::fixed &&
             c.weeks.end.kind == Position::Kind::fixed && c.weeks.start.offset >= 0 &&
             c.weeks.end.offset >= 0) {
    n.high = most_each * std::max(0, c.weeks.end.offset - std::max(1, c.weeks.start.offset) + 1);
  }
  if (c.pattern.size() == 1) {
    n.direction = along(w, [&](Symbol s) {
      return (s == c.pattern[0] ? 1.0 : 0.0) + (c.mixed == s ? c.mixed_weight : 0.0);
    });
    return n;
  }
  // Longer patterns without overlap: only runs of one extreme symbol keep the order.
  bool one_symbol = true;
  for (std::size_t i = 1; i < c.pattern.size(); ++i) {
    one_symbol = one_symbol && c.pattern[i] == c.pattern[0];
  }
  if (!one_symbol) {
    n.direction = Direction::unknown;
    return n;
  }
  n.direction = of_pattern(w, c.pattern);
  if (c.mixed) {
    const Direction mixed = along(w, [&](Symbol s) { return c.mixed == s ? c.mixed_weight : 0.0; });
    n.direction = both(n.direction, mixed);
  }
  return n;
}

MovingNumber moving_number(const ExpressionNode& node) {
  MovingNumber n;
  const auto word_direction = [&](MovingWord& w) {
    w = moving(*node.parts[0]);
    return w.direction != Direction::unknown;
  };
  MovingWord w;
  switch (node.op) {
    case Op::number: {
      n.low = n.high = std::get<NumberDetail>(node.detail).value;
      return n;
    }
    case Op::count:
      if (!word_direction(w)) return {Direction::unknown};
      return count_of(w, std::get<CountDetail>(node.detail));
    case Op::size:
      n.low = 0;
      if (!word_direction(w)) n.direction = Direction::unknown;
      return n;
    case Op::longest_run: {
      n.low = 0;
      if (!word_direction(w)) return {Direction::unknown};
      const Symbol use = std::get<SymbolDetail>(node.detail).symbol;
      if (!moves(w, use)) return n;
      const bool top = use == extreme(w, true);
      const bool bottom = use == extreme(w, false);
      if (top && bottom) return n;
      n.direction = top ? flipped(w.direction) : bottom ? w.direction : Direction::unknown;
      return n;
    }
    case Op::last_seen: {
      n.low = 0;
      if (!word_direction(w)) return {Direction::unknown};
      const Symbol missing = std::get<SymbolDetail>(node.detail).symbol;
      if (!moves(w, missing)) return n;
      const bool top = missing == extreme(w, true);
      const bool bottom = missing == extreme(w, false);
      if (top && bottom) return n;
      n.direction = top ? flipped(w.direction) : bottom ? w.direction : Direction::unknown;
      return n;
    }
    case Op::weigh: {
      if (!word_direction(w)) return {Direction::unknown};
      const auto& r = std::get<WeighRule>(node.detail);
      // Penalties below 0 would turn the order of a position around.
      const auto negative = [](const Penalty& p) {
        if (p.kind == Penalty::Kind::line) return p.first < 0 || p.last < 0;
        return std::any_of(p.values.begin(), p.values.end(), [](double v) { return v < 0; });
      };
      if (negative(r.positive_penalty) || r.scale < 0) return {Direction::unknown};
      // Positive and mixed weeks are multiplied by a penalty, clean ones are not.
      if (r.negative != 0) return {Direction::unknown};
      n.direction = along(w, [&](Symbol s) {
        return s == Symbol::positive ? r.positive : s == Symbol::mixed ? r.mixed : 0.0;
      });
      return n;
    }
    case Op::add:
    case Op::subtract:
    case Op::multiply: {
      const MovingNumber a = moving_number(*node.parts[0]);
      const MovingNumber b = moving_number(*node.parts[1]);
      if (node.op == Op::add) {
        return {both(a.direction, b.direction), a.low + b.low, a.high + b.high};
      }
      if (node.op == Op::subtract) {
        return {both(a.direction, flipped(b.direction)), a.low - b.high, a.high - b.low};
      }
      if (a.low >= 0 && b.low >= 0) {
        return {both(a.direction, b.direction), 0.0};
      }
      for (const auto& [constant, other] : {std::pair{a, b}, std::pair{b, a}}) {
        if (constant.low != constant.high) continue;
        return {constant.low >= 0 ? other.direction : flipped(other.direction)};
      }
      const bool still = a.direction == Direction::constant && b.direction == Direction::constant;
      return {still ? Direction::constant : Direction::unknown};
    }
    case Op::if_else:
    case Op::only_if: {
      if (moving_yes_no(*node.parts[0]) != Direction::constant) return {Direction::unknown};
      MovingNumber a = moving_number(*node.parts[1]);
      if (node.op == Op::only_if) return a;
      const MovingNumber b = moving_number(*node.parts[2]);
      // The condition does not move, so one branch holds for all completions of a word.
      return {both(a.direction, b.direction), std::min(a.low, b.low), std::max(a.high, b.high)};
    }
    default:
      return {Direction::unknown};
  }
}

Direction of_one_of(const MovingWord& w, const OneOfDetail& list) {
  // The set keeps the order if every member stays a member when one of its moving places gets
  // better (then worse completions are members less often), or the other way round.
  const auto member = [&](const Word& x) {
    return std::find(list.words.begin(), list.words.end(), x) != list.words.end();
  };
  bool down_closed = true;
  bool up_closed = true;
  for (const Word& x : list.words) {
    bool possible = true;
    for (std::size_t i = 0; i < x.size(); ++i) {
      possible = possible && !holds_none(w, x[i]);
    }
    if (!possible) continue;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const int r = rank_of(x[i]);
      if (r < 0) continue;  // such a place does not move
      for (int other = 0; other < 3; ++other) {
        if (other == r || !w.alphabet[static_cast<std::size_t>(other)]) continue;
        Word y = x;
        y.set(i, chain[static_cast<std::size_t>(other)]);
        if (member(y)) continue;
        (other < r ? down_closed : up_closed) = false;
      }
    }
  }
  if (down_closed && up_closed) return Direction::constant;
  if (down_closed) return flipped(w.direction);
  if (up_closed) return w.direction;
  return Direction::unknown;
}

Direction of_comparison(const ExpressionNode& node) {
  const MovingNumber a = moving_number(*node.parts[0]);
  const MovingNumber b = moving_number(*node.parts[1]);
  switch (node.op) {
    case Op::at_least:
    case Op::more_than:
      return both(a.direction, flipped(b.direction));
    case Op::at_most:
    case Op::less_than:
      return both(flipped(a.direction), b.direction);
    default:
      break;
  }
  if (a.direction == Direction::constant && b.direction == Direction::constant) {
    return Direction::constant;
  }
  // Equal to the lowest (highest) value there can be is the same as not above (below) it.
  for (const auto& [moves_, fixed] : {std::pair{a, b}, std::pair{b, a}}) {
    if (fixed.low != fixed.high) continue;
    if (moves_.low == fixed.low) return flipped(moves_.direction);
    if (moves_.high == fixed.low) return moves_.direction;
  }
  return Direction::unknown;
}

Direction moving_yes_no(const ExpressionNode& node) {
  switch (node.op) {
    case Op::contains: {
      const MovingWord w = moving(*node.parts[0]);
      if (w.direction == Direction::unknown) return w.direction;
      return of_pattern(w, std::get<ContainsDetail>(node.detail).pattern);
    }
    case Op::one_of: {
      const MovingWord w = moving(*node.parts[0]);
      if (w.direction == Direction::unknown) return w.direction;
      return of_one_of(w, std::get<OneOfDetail>(node.detail));
    }
    case Op::at_least:
    case Op::at_most:
    case Op::more_than:
    case Op::less_than:
    case Op::equal:
      return of_comparison(node);
    case Op::all_of:
    case Op::any_of: {
      Direction d = Direction::constant;
      for (const NodePtr& part : node.parts) d = both(d, moving_yes_no(*part));
      return d;
    }
    case Op::negate:
      return flipped(moving_yes_no(*node.parts[0]));
    case Op::if_else:
    case Op::only_if: {
      if (moving_yes_no(*node.parts[0]) != Direction::constant) return Direction::unknown;
      const Direction a = moving_yes_no(*node.parts[1]);
      if (node.op == Op::only_if) return a;
      return both(a, moving_yes_no(*node.parts[2]));
    }
    default:
      return Direction::unknown;
  }
}

Direction moving_time(const ExpressionNode& node) {
  switch (node.op) {
    case Op::first_window: {
      const MovingWord w = moving(*node.parts[0]);
      if (w.direction == Direction::unknown) return w.direction;
      const auto& r = std::get<FirstWindowRule>(node.detail);
      if (!moves(w, r.symbol)) return Direction::constant;
      // Without an event the time must not lie before one: a time of its own (an offset below what
      // is usual, dating when met) could put it there.
      const int offset = r.offset.value_or(r.width - r.threshold);
      const bool in_order = r.dating == Dating::window_start
                                ? (r.censoring == Censoring::last_window || offset <= r.width - 1)
                                : r.censoring == Censoring::follow_up_end;
      if (!in_order) return Direction::unknown;
      const bool top = r.symbol == extreme(w, true);
      const bool bottom = r.symbol == extreme(w, false);
      if (top && bottom) return Direction::constant;
      if (top) return flipped(w.direction);
      return bottom ? w.direction : Direction::unknown;
    }
    case Op::later:
      return moving_time(*node.parts[0]);
    case Op::if_else:
    case Op::only_if: {
      if (moving_yes_no(*node.parts[0]) != Direction::constant) return Direction::unknown;
      const Direction a = moving_time(*node.parts[1]);
      if (node.op == Op::only_if) return a;
      return both(a, moving_time(*node.parts[2]));
    }
    default:
      return Direction::unknown;
  }
}

void take(EndpointBounds& found, bool low_is_worst, const std::optional<EndpointValue>& value,
          bool& any_without) {
  if (!value) {
    any_without = true;
    return;
  }
  auto& low = low_is_worst ? found.worst : found.best;
  auto& high = low_is_worst ? found.best : found.worst;
  if (!low || lower(*value, *low)) low = value;
  if (!high || lower(*high, *value)) high = value;
}

}  // namespace

Direction direction_of(const Endpoint& endpoint) {
  const ExpressionNode& root = endpoint.root();
  switch (root.kind) {
    case ValueKind::number:
      return moving_number(root).direction;
    case ValueKind::yes_no:
      return moving_yes_no(root);
    case ValueKind::time_event:
      return moving_time(root);
    case ValueKind::word:
      break;
  }
  return Direction::unknown;
}

std::optional<EndpointBounds> bounds(const Endpoint& endpoint, const Word& word,
                                     std::size_t most_completions) {
  EndpointBounds found;
  const bool low_is_worst = endpoint.spec().better != Better::lower;
  bool any_without = false;
  const auto try_word = [&](const Word& w) {
    take(found, low_is_worst, endpoint.evaluate(w), any_without);
  };
  const Direction direction = direction_of(endpoint);
  if (endpoint.spec().about_attendance) {
    try_word(word);
  } else if (direction != Direction::unknown) {
    try_word(recode(word, Symbol::missed, Symbol::negative));
    try_word(recode(word, Symbol::missed, Symbol::positive));
  } else {
    std::vector<std::size_t> places;
    std::size_t completions = 1;
    for (std::size_t i = 0; i < word.size(); ++i) {
      if (word[i] != Symbol::missed) continue;
      places.push_back(i);
      if (completions > most_completions / 3) return std::nullopt;
      completions *= 3;
    }
    Word w = word;
    std::vector<std::size_t> digit(places.size(), 0);
    for (const std::size_t p : places) w.set(p, chain[0]);
    for (std::size_t n = 0; n < completions; ++n) {
      try_word(w);
      for (std::size_t d = 0; d < places.size(); ++d) {
        digit[d] = (digit[d] + 1) % 3;
        w.set(places[d], chain[digit[d]]);
        if (digit[d] != 0) break;
      }
    }
  }
  found.some_without_value = any_without && found.worst.has_value();
  return found;
}

}  // namespace ombre::inline v0::outcomes
