#pragma once
// The scanning core of the CSV reader: finds the delimiters and line ends that lie outside quotes.
//
// Bytes are looked at in blocks of 64 as bit masks, one bit a byte (Langdale & Lemire, "Parsing
// gigabytes of JSON per second", VLDB Journal 28:941 (2019), use the same plan for JSON). Whether a
// byte lies inside quotes is the parity of the quotes before it, which a prefix XOR gives for a
// whole block at once. Rules that valid files keep (where quotes may stand, CR before LF, no NUL)
// are checked as masks as well; a block that breaks one only marks the region as suspicious, and
// the exact row parser then finds out what is wrong and where.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__) && !defined(OMBRE_NO_SIMD)
#include <emmintrin.h>
#endif

namespace ombre::inline v0::io::detail {

// Bits of one block of 64 bytes.
struct BlockMasks {
  std::uint64_t delimiter;
  std::uint64_t newline;
  std::uint64_t quote;
  std::uint64_t carriage_return;
};

// Portable: eight bytes at a time in a 64-bit word.
class PortableBlocks {
 public:
  explicit PortableBlocks(char delimiter) noexcept
      : delimiter_{ones * static_cast<unsigned char>(delimiter)} {}

  BlockMasks load(const char* at) noexcept {
    BlockMasks m{};
    for (unsigned word = 0; word < 8; ++word) {
      std::uint64_t x = 0;
      std::memcpy(&x, at + std::size_t{8} * word, 8);
      if constexpr (std::endian::native == std::endian::big) x = __builtin_bswap64(x);
      high_ |= x;
      m.delimiter |= equal(x, delimiter_) << (8 * word);
      m.newline |= equal(x, ones * '\n') << (8 * word);
      m.quote |= equal(x, ones * '"') << (8 * word);
      m.carriage_return |= equal(x, ones * '\r') << (8 * word);
      nul_ |= equal(x, 0);
    }
    return m;
  }
  [[nodiscard]] bool saw_high_bit() const noexcept { return (high_ & (ones * 0x80)) != 0; }
  [[nodiscard]] bool saw_nul() const noexcept { return nul_ != 0; }

 private:
  static constexpr std::uint64_t ones = 0x0101010101010101U;

  // One bit for each of the eight bytes that equals the pattern's.
  static std::uint64_t equal(std::uint64_t x, std::uint64_t pattern) noexcept {
    x ^= pattern;
    constexpr std::uint64_t low = ones * 0x7F;
    const std::uint64_t zero = ~(((x & low) + low) | x | low);  // 0x80 where the byte is 0
    return ((zero >> 7U) * 0x0102040810204080U) >> 56U;
  }

  std::uint64_t delimiter_;
  std::uint64_t high_ = 0;
  std::uint64_t nul_ = 0;
};

#if defined(__SSE2__) && !defined(OMBRE_NO_SIMD)
// SSE2 belongs to every x86-64 processor, so no choice at run time is needed.
class Sse2Blocks {
 public:
  explicit Sse2Blocks(char delimiter) noexcept
      : delimiter_{_mm_set1_epi8(delimiter)},
        high_{_mm_setzero_si128()},
        least_{_mm_set1_epi8(static_cast<char>(0xFF))} {}

  BlockMasks load(const char* at) noexcept {
    BlockMasks m{};
    __m128i returns = _mm_setzero_si128();
    __m128i part[4];
    for (unsigned i = 0; i < 4; ++i) {
      part[i] = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + std::size_t{16} * i));
      high_ = _mm_or_si128(high_, part[i]);
      least_ = _mm_min_epu8(least_, part[i]);
      m.delimiter |= mask(part[i], delimiter_) << (16 * i);
      m.newline |= mask(part[i], _mm_set1_epi8('\n')) << (16 * i);
      m.quote |= mask(part[i], _mm_set1_epi8('"')) << (16 * i);
      returns = _mm_or_si128(returns, _mm_cmpeq_epi8(part[i], _mm_set1_epi8('\r')));
    }
    if (_mm_movemask_epi8(returns) != 0) {
      for (unsigned i = 0; i < 4; ++i) {
        m.carriage_return |= mask(part[i], _mm_set1_epi8('\r')) << (16 * i);
      }
    }
    return m;
  }
  [[nodiscard]] bool saw_high_bit() const noexcept { return _mm_movemask_epi8(high_) != 0; }
  [[nodiscard]] bool saw_nul() const noexcept {
    return _mm_movemask_epi8(_mm_cmpeq_epi8(least_, _mm_setzero_si128())) != 0;
  }

 private:
  static std::uint64_t mask(__m128i bytes, __m128i pattern) noexcept {
    return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, pattern)));
  }

  __m128i delimiter_;
  __m128i high_;
  __m128i least_;
};
using NativeBlocks = Sse2Blocks;
#else
using NativeBlocks = PortableBlocks;
#endif

// What a region holds, up to the end of what was read.
struct Scan {
  std::size_t separators = 0;  // delimiters and line ends outside quotes; positions in `ends`
  std::size_t newlines = 0;    // line ends among them
  bool quotes = false;
  bool carriage_returns = false;
  bool high_bits = false;
  bool suspicious = false;  // some rule is broken, perhaps only in the unfinished last row
};

// Bit i of the result is the parity of bits 0..i.
[[nodiscard]] constexpr std::uint64_t prefix_xor(std::uint64_t bits) noexcept {
  for (unsigned shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
}

// Writes the positions of the set bits, plus `base`. May write up to 7 entries more than it
// returns: that many branches are saved, and the caller leaves the room.
inline std::uint32_t* write_positions(std::uint64_t bits, std::uint32_t base,
                                      std::uint32_t* out) noexcept {
  const int count = std::popcount(bits);
  std::uint32_t* const end = out + count;
  while (out < end) {
    for (int i = 0; i < 8; ++i) {
      out[i] = base + static_cast<std::uint32_t>(std::countr_zero(bits));
      bits &= bits - 1;
    }
    out += 8;
  }
  return end;
}

// Scans data[begin, end), which begins outside quotes at the start of a row. The 64 bytes from
// `end` on must be readable and hold line feeds. `ends` must have room for end - begin + 8 entries.
template <class Blocks>
[[nodiscard]] Scan scan(const char* data, std::uint32_t begin, std::uint32_t end, char delimiter,
                        std::uint32_t* ends) noexcept {
  Blocks blocks{delimiter};
  Scan result;
  std::uint32_t* out = ends;
  std::uint64_t in_quotes = 0;        // all ones while a quote is open
  std::uint64_t after_separator = 1;  // bit 0: the byte before the block is a separator
  std::uint64_t after_close = 0;      // ... a closing quote
  std::uint64_t after_return = 0;     // ... a carriage return outside quotes
  std::uint64_t bad = 0;
  std::uint64_t any_quote = 0;
  std::uint64_t any_return = 0;
  for (std::uint32_t at = begin; at < end; at += 64) {
    const BlockMasks m = blocks.load(data + at);
    std::uint64_t separators = m.delimiter | m.newline;
    std::uint64_t newlines = m.newline;
    if ((m.quote | in_quotes) != 0) {
      const std::uint64_t inside = prefix_xor(m.quote) ^ in_quotes;
      in_quotes = static_cast<std::uint64_t>(static_cast<std::int64_t>(inside) >> 63);
      const std::uint64_t opens = m.quote & inside;
      const std::uint64_t closes = m.quote & ~inside;
      const std::uint64_t returns = m.carriage_return & ~inside;
      const std::uint64_t follows_close = (closes << 1U) | after_close;
      const std::uint64_t may_open = ((separators & ~inside) << 1U) | after_separator;
      bad |= opens & ~(may_open | follows_close);
      bad |= follows_close & ~(separators | m.carriage_return | m.quote);
      bad |= ((returns << 1U) | after_return) & ~m.newline;
      separators &= ~inside;
      newlines &= ~inside;
      after_close = closes >> 63U;
      after_return = returns >> 63U;
      any_quote |= m.quote;
    } else {
      bad |= after_close & ~(separators | m.carriage_return);
      bad |= ((m.carriage_return << 1U) | after_return) & ~m.newline;
      after_close = 0;
      after_return = m.carriage_return >> 63U;
    }
    any_return |= m.carriage_return;
    after_separator = separators >> 63U;
    if (end - at < 64) {  // what lies beyond the end is padding
      const std::uint64_t valid = (std::uint64_t{1} << (end - at)) - 1;
      separators &= valid;
      newlines &= valid;
    }
    result.newlines += static_cast<std::size_t>(std::popcount(newlines));
    out = write_positions(separators, at, out);
  }
  result.separators = static_cast<std::size_t>(out - ends);
  result.quotes = any_quote != 0;
  result.carriage_returns = any_return != 0;
  result.high_bits = blocks.saw_high_bit();
  result.suspicious = bad != 0 || blocks.saw_nul();
  return result;
}

}  // namespace ombre::inline v0::io::detail
