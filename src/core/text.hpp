#pragma once
// Small helpers on text that rooms share. ASCII only: ids, units and words of files, never
// sentences of people. Nothing here looks at a locale.

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace ombre::inline v0::ascii {

// A letter in lower case, anything else as it is.
[[nodiscard]] constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

[[nodiscard]] inline std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out) c = lower(c);
  return out;
}

// Whether two words differ in nothing but letter case.
[[nodiscard]] inline bool same_word(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

// In lower case and without blanks, hyphens and underscores: how names are looked up that people
// spell in all these ways.
[[nodiscard]] inline std::string squeezed(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != ' ' && c != '-' && c != '_') out += lower(c);
  }
  return out;
}

// Without the characters of `blanks` at both ends.
[[nodiscard]] constexpr std::string_view trimmed(std::string_view text,
                                                 std::string_view blanks = " ") noexcept {
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// "1 row", "2 rows".
[[nodiscard]] inline std::string plural(std::size_t n, std::string_view one,
                                        std::string_view many) {
  return std::to_string(n) + ' ' + std::string{n == 1 ? one : many};
}

}  // namespace ombre::inline v0::ascii
