#pragma once
/// @file
/// Names of enumerations, one list each: files, messages and the program spell them alike.

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace ombre::inline v0::plans {

/// True for enumerations that have a list of names.
template <class E>
inline constexpr bool has_names = false;

/// All names in the order of the enumerators, as files spell them: "safer_use".
template <class E>
[[nodiscard]] std::span<const std::string_view> names_of() noexcept;

/// Name of one enumerator.
template <class E>
requires has_names<E>
[[nodiscard]] std::string_view name(E value) noexcept {
  const auto names = names_of<E>();
  const auto at = static_cast<std::size_t>(value);
  return at < names.size() ? names[at] : std::string_view{"unknown"};
}

/// The enumerator of exactly that name, or nothing.
template <class E>
requires has_names<E>
[[nodiscard]] std::optional<E> find_named(std::string_view text) noexcept {
  const auto names = names_of<E>();
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == text) return static_cast<E>(i);
  }
  return std::nullopt;
}

}  // namespace ombre::inline v0::plans
