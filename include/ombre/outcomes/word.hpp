#pragma once
/// @file
/// Use-pattern words: one symbol for each consecutive period of a person's follow-up.
///
/// A period is usually a week, but nothing here depends on its length. Position 1 is the first
/// period after randomisation (or after consent for a person never randomised).
/// Source of the symbols: R package CTNote 0.1.3 ("CTN Outcomes, Treatments, and Endpoints").

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"

namespace ombre::inline v0::outcomes {

/// What is known about one period. The numbers are the codes of the packed form.
enum class Symbol : std::uint8_t {
  positive = 1,  ///< `+` the screens (or the self-report) show use, none is clean
  negative = 2,  ///< `-` at least one screen, all clean
  mixed = 3,     ///< `*` at least one positive and at least one clean screen
  missed = 4,    ///< `o` a screen was due and none was given
  not_due = 5    ///< `_` no screen was due by design
};

/// All symbols, in the order of their codes.
inline constexpr std::array<Symbol, 5> all_symbols{Symbol::positive, Symbol::negative,
                                                   Symbol::mixed, Symbol::missed, Symbol::not_due};

/// The character of a symbol: one of `+ - * o _`.
[[nodiscard]] constexpr char to_char(Symbol symbol) noexcept {
  switch (symbol) {
    case Symbol::positive:
      return '+';
    case Symbol::negative:
      return '-';
    case Symbol::mixed:
      return '*';
    case Symbol::missed:
      return 'o';
    case Symbol::not_due:
      return '_';
  }
  return '_';
}

/// The symbol of a character, or nothing for any other character.
[[nodiscard]] constexpr std::optional<Symbol> symbol_of(char c) noexcept {
  switch (c) {
    case '+':
      return Symbol::positive;
    case '-':
      return Symbol::negative;
    case '*':
      return Symbol::mixed;
    case 'o':
      return Symbol::missed;
    case '_':
      return Symbol::not_due;
    default:
      return std::nullopt;
  }
}

/// "positive", "negative", "mixed", "missed" or "not due".
[[nodiscard]] OMBRE_EXPORT std::string_view name(Symbol symbol) noexcept;

/// A person's follow-up as a sequence of symbols. Invariant: only `+ - * o _`, at most
/// max_length of them. May be empty (nobody was due to be seen yet).
class OMBRE_EXPORT Word {
 public:
  /// Enough for 44 years of weeks or 179 years of half-years; a limit only against rubbish.
  static constexpr std::size_t max_length = 65535;

  Word() = default;

  /// Reads a word. @par Errors unknown_name (names the position, counted from 1), too_large
  [[nodiscard]] static Result<Word> parse(std::string_view text);
  /// `count` times the same symbol; cut at max_length.
  [[nodiscard]] static Word repeated(Symbol symbol, std::size_t count);

  [[nodiscard]] std::size_t size() const noexcept { return text_.size(); }
  [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
  /// The symbol at `index`, counted from 0; index < size().
  [[nodiscard]] Symbol operator[](std::size_t index) const noexcept {
    return *symbol_of(text_[index]);
  }
  /// The word as written, such as "+-*o_".
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

  /// Appends one period; ignored beyond max_length.
  void push_back(Symbol symbol) {
    if (text_.size() < max_length) text_.push_back(to_char(symbol));
  }
  /// Replaces the symbol at `index`, counted from 0; index < size().
  void set(std::size_t index, Symbol symbol) noexcept { text_[index] = to_char(symbol); }
  /// Appends another word, such as phase 2 after phase 1; cut at max_length.
  void append(const Word& other);

  friend bool operator==(const Word&, const Word&) = default;

 private:
  explicit Word(std::string text) : text_{std::move(text)} {}
  std::string text_;
};

}  // namespace ombre::inline v0::outcomes
