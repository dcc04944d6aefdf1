#pragma once
/// @file
/// Endpoint definitions as data: a small tree of primitives over a person's word.
///
/// Four typed handles keep a tree well typed where it is written in C++: WordExpr, NumberExpr,
/// YesNoExpr and TimeEventExpr. The functions in `outcomes::expr` compose them:
/// @code
///   using namespace ombre::outcomes::expr;
///   const auto w = word();
///   const YesNoExpr late_clean = share(present(w), Symbol::negative, {5, at_horizon()}) >= 0.8;
/// @endcode
/// Handles are cheap to copy and share their parts. Rules that cannot be (a threshold above the
/// width, an empty pattern) are found when an Endpoint is made of the tree, not here.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/outcomes/word.hpp"
#include "ombre/outcomes/word_primitives.hpp"

namespace ombre::inline v0::outcomes {

/// What a part of a definition yields.
enum class ValueKind : std::uint8_t { word, number, yes_no, time_event };

/// One step of a definition.
enum class Op : std::uint8_t {
  // words
  word,    ///< the person's word itself
  recode,  ///< RecodeDetail
  window,  ///< WindowDetail
  impute,  ///< ImputeRule
  view,    ///< ViewDetail
  // numbers
  number,       ///< NumberDetail
  horizon,      ///< the endpoint's horizon in weeks
  count,        ///< CountDetail
  size,         ///< number of symbols
  longest_run,  ///< SymbolDetail
  last_seen,    ///< SymbolDetail
  weigh,        ///< WeighRule
  add,
  subtract,
  multiply,
  // yes or no
  contains,  ///< ContainsDetail
  one_of,    ///< OneOfDetail
  at_least,
  at_most,
  more_than,
  less_than,
  equal,
  all_of,
  any_of,
  negate,
  // time and event
  first_window,  ///< FirstWindowRule
  later,         ///< LaterDetail
  // any kind but words
  if_else,  ///< condition, then, else
  only_if   ///< condition, value: no value where the condition does not hold
};

/// The name of a step as formulas and JSON spell it, such as "first_window".
[[nodiscard]] OMBRE_EXPORT std::string_view name(Op op) noexcept;

/// A position in a word: counted from 1, or from the end (-1 is the last), or told by the
/// endpoint's horizon or by the last attended week of the word it is used on.
struct Position {
  enum class Kind : std::uint8_t { fixed, horizon, last_seen };
  Kind kind = Kind::fixed;
  int offset = 1;  ///< fixed: the position; horizon: added to it; last_seen: unused

  constexpr Position() = default;
  constexpr Position(int at) noexcept : offset{at} {}  // NOLINT: weeks are written as numbers
  constexpr Position(Kind k, int plus) noexcept : kind{k}, offset{plus} {}
  friend bool operator==(const Position&, const Position&) = default;
};
[[nodiscard]] constexpr Position at_horizon(int plus = 0) noexcept {
  return {Position::Kind::horizon, plus};
}
[[nodiscard]] constexpr Position at_last_seen() noexcept { return {Position::Kind::last_seen, 0}; }

/// Weeks start..end, inclusive, with the clipping rules of outcomes::Window.
struct Weeks {
  Position start{1};
  Position end{-1};
  friend bool operator==(const Weeks&, const Weeks&) = default;
};

struct RecodeDetail {
  Symbol from = Symbol::missed;
  std::optional<Symbol> to{};  ///< nothing deletes
  friend bool operator==(const RecodeDetail&, const RecodeDetail&) = default;
};
struct WindowDetail {
  Weeks weeks{};
  friend bool operator==(const WindowDetail&, const WindowDetail&) = default;
};
struct ViewDetail {
  Word plan{};
  Symbol visit = Symbol::missed;
  Symbol no_visit = Symbol::not_due;
  friend bool operator==(const ViewDetail&, const ViewDetail&) = default;
};
struct NumberDetail {
  double value = 0;
  friend bool operator==(const NumberDetail&, const NumberDetail&) = default;
};
struct CountDetail {
  Word pattern{};
  Weeks weeks{};
  std::optional<Symbol> mixed{};
  double mixed_weight = 0.5;
  Per per = Per::none;
  friend bool operator==(const CountDetail&, const CountDetail&) = default;
};
struct SymbolDetail {
  Symbol symbol = Symbol::positive;
  friend bool operator==(const SymbolDetail&, const SymbolDetail&) = default;
};
struct ContainsDetail {
  Word pattern{};
  Weeks weeks{};
  friend bool operator==(const ContainsDetail&, const ContainsDetail&) = default;
};
struct OneOfDetail {
  std::vector<Word> words{};
  friend bool operator==(const OneOfDetail&, const OneOfDetail&) = default;
};
struct LaterDetail {
  int periods = 0;
  friend bool operator==(const LaterDetail&, const LaterDetail&) = default;
};

using Detail = std::variant<std::monostate, RecodeDetail, WindowDetail, ViewDetail, NumberDetail,
                            CountDetail, SymbolDetail, ContainsDetail, OneOfDetail, LaterDetail,
                            ImputeRule, WeighRule, FirstWindowRule>;

struct ExpressionNode;
/// A part of a definition. Never null inside an expression handle or a made Endpoint.
using NodePtr = std::shared_ptr<const ExpressionNode>;

/// One step: what it does, with which parameters, on which parts. Immutable once shared.
struct ExpressionNode {
  Op op = Op::word;
  ValueKind kind = ValueKind::word;
  Detail detail{};
  std::vector<NodePtr> parts{};
};

/// A part that yields a word.
struct WordExpr {
  NodePtr node;
};
/// A part that yields a number.
struct NumberExpr {
  NodePtr node;
};
/// A part that yields yes or no.
struct YesNoExpr {
  NodePtr node;
};
/// A part that yields a time and whether the event happened there.
struct TimeEventExpr {
  NodePtr node;
};

/// A definition of any kind but word.
using AnyExpr = std::variant<NumberExpr, YesNoExpr, TimeEventExpr>;

/// The definition as one line, such as `count(bad(w), '-', 5, 15)`.
[[nodiscard]] OMBRE_EXPORT std::string formula(const ExpressionNode& node);

namespace expr {

// Words.
[[nodiscard]] OMBRE_EXPORT WordExpr word();
[[nodiscard]] OMBRE_EXPORT WordExpr recode(WordExpr w, Symbol from, std::optional<Symbol> to);
[[nodiscard]] OMBRE_EXPORT WordExpr window(WordExpr w, Weeks weeks);
[[nodiscard]] OMBRE_EXPORT WordExpr impute(WordExpr w, ImputeRule rule);
[[nodiscard]] OMBRE_EXPORT WordExpr view(WordExpr w, Word plan, Symbol visit = Symbol::missed,
                                         Symbol no_visit = Symbol::not_due);
/// Missed and mixed are positive.
[[nodiscard]] OMBRE_EXPORT WordExpr bad(WordExpr w);
/// Missed periods are deleted.
[[nodiscard]] OMBRE_EXPORT WordExpr present(WordExpr w);

// Numbers.
[[nodiscard]] OMBRE_EXPORT NumberExpr number(double value);
[[nodiscard]] OMBRE_EXPORT NumberExpr horizon();
[[nodiscard]] OMBRE_EXPORT NumberExpr count(WordExpr w, CountDetail detail);
/// How many `symbol` in `weeks`.
[[nodiscard]] OMBRE_EXPORT NumberExpr count(WordExpr w, Symbol symbol, Weeks weeks = {});
/// The same, a mixed period being half.
[[nodiscard]] OMBRE_EXPORT NumberExpr count_half(WordExpr w, Symbol symbol, Weeks weeks = {});
/// Share of `symbol` in `weeks`, a mixed period being half.
[[nodiscard]] OMBRE_EXPORT NumberExpr share(WordExpr w, Symbol symbol, Weeks weeks = {});
[[nodiscard]] OMBRE_EXPORT NumberExpr size(WordExpr w);
[[nodiscard]] OMBRE_EXPORT NumberExpr longest_run(WordExpr w, Symbol use = Symbol::positive);
[[nodiscard]] OMBRE_EXPORT NumberExpr last_seen(WordExpr w, Symbol missing = Symbol::missed);
[[nodiscard]] OMBRE_EXPORT NumberExpr weigh(WordExpr w, WeighRule rule);
[[nodiscard]] OMBRE_EXPORT NumberExpr add(NumberExpr a, NumberExpr b);
[[nodiscard]] OMBRE_EXPORT NumberExpr subtract(NumberExpr a, NumberExpr b);
[[nodiscard]] OMBRE_EXPORT NumberExpr multiply(NumberExpr a, NumberExpr b);

// Yes or no.
[[nodiscard]] OMBRE_EXPORT YesNoExpr contains(WordExpr w, Word pattern, Weeks weeks = {});
[[nodiscard]] OMBRE_EXPORT YesNoExpr one_of(WordExpr w, std::vector<Word> words);
[[nodiscard]] OMBRE_EXPORT YesNoExpr at_least(NumberExpr a, NumberExpr b);
[[nodiscard]] OMBRE_EXPORT YesNoExpr at_most(NumberExpr a, NumberExpr b);
[[nodiscard]] OMBRE_EXPORT YesNoExpr more_than(NumberExpr a, NumberExpr b);
[[nodiscard]] OMBRE_EXPORT YesNoExpr less_than(NumberExpr a, NumberExpr b);
[[nodiscard]] OMBRE_EXPORT YesNoExpr equal(NumberExpr a, NumberExpr b);
[[nodiscard]] OMBRE_EXPORT YesNoExpr all_of(std::vector<YesNoExpr> parts);
[[nodiscard]] OMBRE_EXPORT YesNoExpr any_of(std::vector<YesNoExpr> parts);
[[nodiscard]] OMBRE_EXPORT YesNoExpr negate(YesNoExpr a);

// Time and event.
[[nodiscard]] OMBRE_EXPORT TimeEventExpr first_window(WordExpr w, FirstWindowRule rule);
[[nodiscard]] OMBRE_EXPORT TimeEventExpr later(TimeEventExpr t, int periods);

// Choices. A part without a value makes the whole without a value, chosen or not.
[[nodiscard]] OMBRE_EXPORT NumberExpr if_else(YesNoExpr condition, NumberExpr a, NumberExpr b);
[[nodiscard]] OMBRE_EXPORT YesNoExpr if_else(YesNoExpr condition, YesNoExpr a, YesNoExpr b);
[[nodiscard]] OMBRE_EXPORT TimeEventExpr if_else(YesNoExpr condition, TimeEventExpr a,
                                                 TimeEventExpr b);
[[nodiscard]] OMBRE_EXPORT NumberExpr only_if(YesNoExpr condition, NumberExpr a);
[[nodiscard]] OMBRE_EXPORT YesNoExpr only_if(YesNoExpr condition, YesNoExpr a);
[[nodiscard]] OMBRE_EXPORT TimeEventExpr only_if(YesNoExpr condition, TimeEventExpr a);

}  // namespace expr

// Numbers against numbers, as one writes them.
[[nodiscard]] inline YesNoExpr operator>=(NumberExpr a, double b) {
  return expr::at_least(std::move(a), expr::number(b));
}
[[nodiscard]] inline YesNoExpr operator<=(NumberExpr a, double b) {
  return expr::at_most(std::move(a), expr::number(b));
}
[[nodiscard]] inline YesNoExpr operator&&(YesNoExpr a, YesNoExpr b) {
  return expr::all_of({std::move(a), std::move(b)});
}
[[nodiscard]] inline YesNoExpr operator||(YesNoExpr a, YesNoExpr b) {
  return expr::any_of({std::move(a), std::move(b)});
}
[[nodiscard]] inline YesNoExpr operator!(YesNoExpr a) { return expr::negate(std::move(a)); }
[[nodiscard]] inline NumberExpr operator+(NumberExpr a, NumberExpr b) {
  return expr::add(std::move(a), std::move(b));
}
[[nodiscard]] inline NumberExpr operator-(NumberExpr a, NumberExpr b) {
  return expr::subtract(std::move(a), std::move(b));
}
[[nodiscard]] inline NumberExpr operator-(double a, NumberExpr b) {
  return expr::subtract(expr::number(a), std::move(b));
}
[[nodiscard]] inline NumberExpr operator*(double a, NumberExpr b) {
  return expr::multiply(expr::number(a), std::move(b));
}

}  // namespace ombre::inline v0::outcomes
