#pragma once
// Whether a sentence under "Now" is one this library writes.

#include <string_view>

namespace ombre::inline v0::outcomes::detail {

// A step of that rule in this library's words: it begins and ends as the rule's sentences do, and
// holds what they hold. Names, days and quoted words between are the review's own.
[[nodiscard]] bool in_own_words(std::string_view rule, std::string_view says);

// Put before the source of a step that is not.
inline constexpr std::string_view other_words = "not in the words of this library; ";

}  // namespace ombre::inline v0::outcomes::detail
