#include "ombre/outcomes/word_columns.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace ombre::inline v0::outcomes {
namespace {

constexpr std::array<char, 8> symbol_of_code{'?', '+', '-', '*', 'o', '_', '?', '?'};

#if defined(__SSE2__)

std::uint64_t bits(__m128i lanes) {
  return static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm_movemask_epi8(lanes)));
}

/// Packs at most 64 characters; false where one of them is no symbol.
bool pack(std::string_view text, std::uint64_t (&planes)[3]) {
  alignas(16) char padded[WordColumns::packed_symbols];
  const std::size_t blocks = (text.size() + 15) / 16;
  std::memset(padded, 0, blocks * 16);
  std::memcpy(padded, text.data(), text.size());
  std::uint64_t known = 0;
  planes[0] = planes[1] = planes[2] = 0;
  for (std::size_t b = 0; b < blocks; ++b) {
    const __m128i c = _mm_load_si128(reinterpret_cast<const __m128i*>(padded + 16 * b));
    const auto is = [&](char symbol) { return _mm_cmpeq_epi8(c, _mm_set1_epi8(symbol)); };
    const __m128i mixed = is('*');
    const __m128i not_due = is('_');
    const __m128i a = _mm_or_si128(_mm_or_si128(is('+'), mixed), not_due);
    const __m128i n = _mm_or_si128(is('-'), mixed);
    const __m128i m = _mm_or_si128(is('o'), not_due);
    const unsigned shift = static_cast<unsigned>(16 * b);
    planes[0] |= bits(a) << shift;
    planes[1] |= bits(n) << shift;
    planes[2] |= bits(m) << shift;
    known |= bits(_mm_or_si128(_mm_or_si128(a, n), m)) << shift;
  }
  const std::uint64_t all =
      text.size() == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << text.size()) - 1;
  return known == all;
}

#else

constexpr std::array<std::uint8_t, 256> make_codes() {
  std::array<std::uint8_t, 256> codes{};
  for (const Symbol s : all_symbols) {
    codes[static_cast<unsigned char>(to_char(s))] = static_cast<std::uint8_t>(s);
  }
  return codes;
}
constexpr std::array<std::uint8_t, 256> code_of = make_codes();

bool pack(std::string_view text, std::uint64_t (&planes)[3]) {
  planes[0] = planes[1] = planes[2] = 0;
  bool known = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::uint64_t code = code_of[static_cast<unsigned char>(text[i])];
    known = known && code != 0;
    for (unsigned k = 0; k < 3; ++k) planes[k] |= ((code >> k) & 1U) << i;
  }
  return known;
}

#endif

}  // namespace

void WordColumns::reserve(std::size_t words) {
  for (auto& plane : low_) plane.reserve(words);
}

void WordColumns::clear() noexcept {
  for (auto& plane : low_) plane.clear();
  for (auto& plane : high_) plane.clear();
  long_rows_.clear();
  long_words_.clear();
}

void WordColumns::push_planes(const std::uint64_t (&planes)[3]) {
  const bool tall = ((planes[0] | planes[1] | planes[2]) >> 32U) != 0;
  for (std::size_t k = 0; k < 3; ++k) {
    if (tall && high_[k].size() < low_[k].size()) high_[k].resize(low_[k].size(), 0);
    const bool has_high = tall || !high_[k].empty();
    low_[k].push_back(static_cast<std::uint32_t>(planes[k]));
    if (has_high) high_[k].push_back(static_cast<std::uint32_t>(planes[k] >> 32U));
  }
}

Result<void> WordColumns::append(std::string_view text) {
  std::uint64_t planes[3] = {0, 0, 0};
  if (text.size() <= packed_symbols) {
    if (pack(text, planes)) {
      push_planes(planes);
      return {};
    }
    return unexpected(Word::parse(text).error());
  }
  auto word = Word::parse(text);
  if (!word) return unexpected(word.error());
  push_back(*word);
  return {};
}

void WordColumns::push_back(const Word& word) {
  std::uint64_t planes[3] = {0, 0, 0};
  if (word.size() <= packed_symbols) {
    pack(word.text(), planes);
  } else {
    long_rows_.push_back(size());
    long_words_.push_back(word.text());
  }
  push_planes(planes);
}

Word WordColumns::word(std::size_t row) const {
  const auto at = std::lower_bound(long_rows_.begin(), long_rows_.end(), row);
  if (at != long_rows_.end() && *at == row) {
    return Word::parse(long_words_[static_cast<std::size_t>(at - long_rows_.begin())])
        .value_or(Word{});
  }
  std::uint64_t planes[3];
  for (std::size_t k = 0; k < 3; ++k) {
    planes[k] = low_[k][row];
    if (!high_[k].empty()) planes[k] |= std::uint64_t{high_[k][row]} << 32U;
  }
  Word word;
  for (std::size_t i = 0, n = length(row); i < n; ++i) {
    const std::size_t code =
        ((planes[0] >> i) & 1U) | (((planes[1] >> i) & 1U) << 1U) | (((planes[2] >> i) & 1U) << 2U);
    word.push_back(*symbol_of(symbol_of_code[code]));
  }
  return word;
}

std::size_t WordColumns::length(std::size_t row) const noexcept {
  const auto at = std::lower_bound(long_rows_.begin(), long_rows_.end(), row);
  if (at != long_rows_.end() && *at == row) {
    return long_words_[static_cast<std::size_t>(at - long_rows_.begin())].size();
  }
  std::uint64_t any = low_[0][row] | low_[1][row] | low_[2][row];
  if (!high_[0].empty()) {
    any |= std::uint64_t{high_[0][row] | high_[1][row] | high_[2][row]} << 32U;
  }
  return static_cast<std::size_t>(std::bit_width(any));
}

std::size_t WordColumns::bytes() const noexcept {
  std::size_t total = 0;
  for (const auto& plane : low_) total += plane.size() * sizeof(std::uint32_t);
  for (const auto& plane : high_) total += plane.size() * sizeof(std::uint32_t);
  total += long_rows_.size() * sizeof(std::uint64_t);
  for (const auto& word : long_words_) total += word.size();
  return total;
}

}  // namespace ombre::inline v0::outcomes
