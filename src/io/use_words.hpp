#pragma once
// The words that tables of use have for units, routes and sources.

#include <optional>
#include <string_view>

#include "ombre/timeline/records.hpp"

namespace ombre::inline v0::io::detail {

[[nodiscard]] bool is_known_unit(std::string_view unit) noexcept;
[[nodiscard]] std::optional<timeline::Route> known_route(std::string_view word) noexcept;

struct KnownSource {
  timeline::ReportSource source;
  bool open = false;  // the word leaves open which of two laboratory sources it was
};
[[nodiscard]] std::optional<KnownSource> known_source(std::string_view word) noexcept;

// Lower case, with blanks and hyphens as underscores, compared without allocation.
[[nodiscard]] bool same_word(std::string_view text, std::string_view word) noexcept;

// What a yes/no column or the result of a test says of use.
enum class UseWord : std::uint8_t { no, yes, not_known };
// "yes", "positive", "1", "not used", "inconclusive", ...; empty is not known. Nothing for others.
[[nodiscard]] std::optional<UseWord> use_word(std::string_view text) noexcept;

}  // namespace ombre::inline v0::io::detail
