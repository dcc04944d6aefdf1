#pragma once
// Shared by the parts of the endpoint code that walk definition trees. Not installed.

#include <optional>

#include "ombre/outcomes/endpoint_expression.hpp"

namespace ombre::inline v0::outcomes::detail {

/// Weeks as a plain window. Horizons must have been resolved; a position told by the last attended
/// week is looked up in `word`.
inline int resolved(Position position, const Word& word) {
  if (position.kind == Position::Kind::last_seen) return last_seen(word);
  return position.offset;
}
inline Window resolved(const Weeks& weeks, const Word& word) {
  return {resolved(weeks.start, word), resolved(weeks.end, word)};
}

/// One part of a definition for one word. The tree must have been checked and resolved.
[[nodiscard]] Word evaluate_word(const ExpressionNode& node, const Word& word);
[[nodiscard]] std::optional<double> evaluate_number(const ExpressionNode& node, const Word& word);
[[nodiscard]] std::optional<bool> evaluate_yes_no(const ExpressionNode& node, const Word& word);
[[nodiscard]] std::optional<TimeToEvent> evaluate_time(const ExpressionNode& node,
                                                       const Word& word);

/// A copy of the tree in which every `word` step is replaced by what `source` holds.
[[nodiscard]] NodePtr with_source(const NodePtr& root, const NodePtr& source);

}  // namespace ombre::inline v0::outcomes::detail
