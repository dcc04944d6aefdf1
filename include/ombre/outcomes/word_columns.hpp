#pragma once
/// @file
/// Many words in three bit planes: the form the columnar evaluation works on.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/outcomes/word.hpp"

namespace ombre::inline v0::outcomes {

/// A column of words, each of its own length.
///
/// Bit i of plane k of a word is bit k of the code of symbol i (positive 1, negative 2, mixed 3,
/// missed 4, not due 5; 0 beyond the end), so the length needs no room of its own. Words of up to
/// 32 symbols take 12 bytes, a column with longer ones 24 bytes a word; words of more than 64
/// symbols lie beside the planes as text.
class OMBRE_EXPORT WordColumns {
 public:
  /// Symbols a word may have to lie in the planes.
  static constexpr std::size_t packed_symbols = 64;

  void reserve(std::size_t words);
  void clear() noexcept;
  void push_back(const Word& word);
  /// Reads and appends one word; on an error nothing is appended.
  /// @par Errors those of Word::parse
  Result<void> append(std::string_view text);

  [[nodiscard]] std::size_t size() const noexcept { return low_[0].size(); }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  /// The word at `row` < size(), unpacked.
  [[nodiscard]] Word word(std::size_t row) const;
  /// Its number of symbols.
  [[nodiscard]] std::size_t length(std::size_t row) const noexcept;
  /// Memory taken by the words.
  [[nodiscard]] std::size_t bytes() const noexcept;

  /// Symbols 1 to 32 of plane `plane` (0..2), one number a word.
  [[nodiscard]] std::span<const std::uint32_t> low(std::size_t plane) const noexcept {
    return low_[plane];
  }
  /// Symbols 33 to 64; empty while no word has that many.
  [[nodiscard]] std::span<const std::uint32_t> high(std::size_t plane) const noexcept {
    return high_[plane];
  }
  /// Rows, ascending, whose word has more than 64 symbols; their planes are 0.
  [[nodiscard]] std::span<const std::uint64_t> long_rows() const noexcept { return long_rows_; }

 private:
  void push_planes(const std::uint64_t (&planes)[3]);

  std::vector<std::uint32_t> low_[3];
  std::vector<std::uint32_t> high_[3];
  std::vector<std::uint64_t> long_rows_;
  std::vector<std::string> long_words_;
};

}  // namespace ombre::inline v0::outcomes
