#include "ombre/outcomes/word.hpp"

#include <algorithm>

namespace ombre::inline v0::outcomes {

std::string_view name(Symbol symbol) noexcept {
  switch (symbol) {
    case Symbol::positive:
      return "positive";
    case Symbol::negative:
      return "negative";
    case Symbol::mixed:
      return "mixed";
    case Symbol::missed:
      return "missed";
    case Symbol::not_due:
      return "not due";
  }
  return "unknown";
}

namespace {

// Bytes of the UTF-8 character that starts at `at`, so that messages never cut one in two.
std::size_t character_size(std::string_view text, std::size_t at) {
  std::size_t n = 1;
  while (at + n < text.size() && n < 4 &&
         (static_cast<unsigned char>(text[at + n]) & 0xC0U) == 0x80U)
    ++n;
  return n;
}

}  // namespace

Result<Word> Word::parse(std::string_view text) {
  if (text.size() > max_length) {
    return unexpected(error_at(Errc::too_large, "word", std::nullopt,
                               static_cast<double>(text.size()), "must be at most 65535 symbols"));
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!symbol_of(text[i])) {
      return unexpected(error_at(Errc::unknown_name, "word", std::nullopt, text,
                                 "must hold only + - * o _, but position " + std::to_string(i + 1) +
                                     " is '" + shown(text.substr(i, character_size(text, i))) +
                                     "'"));
    }
  }
  return Word{std::string{text}};
}

Word Word::repeated(Symbol symbol, std::size_t count) {
  return Word{std::string(std::min(count, max_length), to_char(symbol))};
}

void Word::append(const Word& other) { text_.append(other.text_, 0, max_length - text_.size()); }

}  // namespace ombre::inline v0::outcomes
