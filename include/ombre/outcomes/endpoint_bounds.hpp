#pragma once
/// @file
/// Best and worst case: what a result could have been, had no visit been missed.

#include <cstddef>
#include <cstdint>
#include <optional>

#include "ombre/core/export.hpp"
#include "ombre/outcomes/endpoint.hpp"

namespace ombre::inline v0::outcomes {

/// How a definition's value moves when a missed visit, once made, turns out worse (clean, mixed,
/// positive in this order). For a time with event, earlier is lower, and an event is lower than a
/// censoring at the same time.
enum class Direction : std::uint8_t {
  constant,  ///< it does not depend on missed visits
  rises,
  falls,
  unknown  ///< it cannot be told from the composition; completions are then tried one by one
};

/// Read off the composition; never wrong where it is not `unknown`.
[[nodiscard]] OMBRE_EXPORT Direction direction_of(const Endpoint& endpoint);

/// Extremes over all completions of a word: each missed period becomes clean, mixed or positive.
struct EndpointBounds {
  /// The extreme that is worse for the person (the lower one where no direction is better), and
  /// the other. Nothing where no completion has a value.
  std::optional<EndpointValue> worst{};
  std::optional<EndpointValue> best{};
  /// Some completions have a value and some do not.
  bool some_without_value = false;
};

/// Exact bounds for one person.
///
/// The published value itself need not lie between them: a rule that takes a missed visit for a
/// failure of its own kind, or counts only the first so many attended weeks, can give a value no
/// completion gives. For definitions about attendance both bounds are the value. Weeks in which no
/// visit was due are not completed.
///
/// @param most_completions  where the direction is unknown, give up beyond so many completions
/// @return nothing where the direction is unknown and there are more completions than that
/// Cost: two evaluations, or one for each completion where the direction is unknown.
[[nodiscard]] OMBRE_EXPORT std::optional<EndpointBounds> bounds(
    const Endpoint& endpoint, const Word& word, std::size_t most_completions = 177'147);

/// Whether `a` is lower than `b` in the order bounds are taken in.
[[nodiscard]] constexpr bool lower(const EndpointValue& a, const EndpointValue& b) noexcept {
  if (a.value != b.value) return a.value < b.value;
  return a.event && !b.event;
}

}  // namespace ombre::inline v0::outcomes
