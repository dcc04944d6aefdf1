#pragma once
// Days as bit planes: 64 days a word. Not installed; used by timeline and outcomes.
//
// Runs are found with countr_zero and counted with popcount, so the cost of a metric follows the
// number of runs of use, not the number of days.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>
#include <vector>

#include "ombre/timeline/grid.hpp"
#include "ombre/timeline/missing.hpp"

namespace ombre::inline v0::timeline::bits {

using Word = std::uint64_t;
inline constexpr std::size_t word_bits = 64;

[[nodiscard]] constexpr std::size_t words_for(std::size_t n) noexcept { return (n + 63) / 64; }

// Ones in a word. Without a popcount instruction in the target std::popcount is a call; this is
// not.
[[nodiscard]] constexpr std::size_t ones(Word x) noexcept {
#if defined(__POPCNT__)
  return static_cast<std::size_t>(std::popcount(x));
#else
  x -= (x >> 1) & 0x5555555555555555ULL;
  x = (x & 0x3333333333333333ULL) + ((x >> 2) & 0x3333333333333333ULL);
  x = (x + (x >> 4)) & 0x0F0F0F0F0F0F0F0FULL;
  return static_cast<std::size_t>((x * 0x0101010101010101ULL) >> 56);
#endif
}

// Bits [from, to) of word w set, where the range is given in bits of the whole plane.
[[nodiscard]] constexpr Word mask_in_word(std::size_t w, std::size_t from,
                                          std::size_t to) noexcept {
  const std::size_t base = w * word_bits;
  Word m = ~Word{0};
  if (from > base) m &= from - base >= word_bits ? 0 : ~Word{0} << (from - base);
  if (to < base + word_bits) m &= to <= base ? 0 : ~Word{0} >> (base + word_bits - to);
  return m;
}

[[nodiscard]] inline std::size_t count(const Word* plane, std::size_t from,
                                       std::size_t to) noexcept {
  if (from >= to) return 0;
  const std::size_t first = from / word_bits;
  const std::size_t last = (to - 1) / word_bits;
  std::size_t n = 0;
  for (std::size_t w = first; w <= last; ++w) {
    n += ones(plane[w] & mask_in_word(w, from, to));
  }
  return n;
}

[[nodiscard]] inline bool any(const Word* plane, std::size_t from, std::size_t to) noexcept {
  if (from >= to) return false;
  const std::size_t last = (to - 1) / word_bits;
  for (std::size_t w = from / word_bits; w <= last; ++w) {
    if ((plane[w] & mask_in_word(w, from, to)) != 0) return true;
  }
  return false;
}

inline void set_range(Word* plane, std::size_t from, std::size_t to) noexcept {
  if (from >= to) return;
  const std::size_t last = (to - 1) / word_bits;
  for (std::size_t w = from / word_bits; w <= last; ++w) plane[w] |= mask_in_word(w, from, to);
}

[[nodiscard]] inline bool test(const Word* plane, std::size_t i) noexcept {
  return ((plane[i / word_bits] >> (i % word_bits)) & 1) != 0;
}

// First set bit at or after `from`, or n.
[[nodiscard]] inline std::size_t next_set(const Word* plane, std::size_t from,
                                          std::size_t n) noexcept {
  if (from >= n) return n;
  std::size_t w = from / word_bits;
  Word word = plane[w] & (~Word{0} << (from % word_bits));
  const std::size_t words = words_for(n);
  while (word == 0) {
    if (++w == words) return n;
    word = plane[w];
  }
  return std::min(n, w * word_bits + static_cast<std::size_t>(std::countr_zero(word)));
}

// First clear bit at or after `from`, or n.
[[nodiscard]] inline std::size_t next_clear(const Word* plane, std::size_t from,
                                            std::size_t n) noexcept {
  if (from >= n) return n;
  std::size_t w = from / word_bits;
  Word word = ~plane[w] & (~Word{0} << (from % word_bits));
  const std::size_t words = words_for(n);
  while (word == 0) {
    if (++w == words) return n;
    word = ~plane[w];
  }
  return std::min(n, w * word_bits + static_cast<std::size_t>(std::countr_zero(word)));
}

// Last set bit before `n`, plus 1; 0 when there is none.
[[nodiscard]] inline std::size_t end_of_last_set(const Word* plane, std::size_t n) noexcept {
  for (std::size_t w = words_for(n); w-- > 0;) {
    const Word word = plane[w] & mask_in_word(w, 0, n);
    if (word != 0) return w * word_bits + static_cast<std::size_t>(std::bit_width(word));
  }
  return 0;
}

// The same among bits [from, to): one past the last set bit there, or 0.
[[nodiscard]] inline std::size_t end_of_last_set_from(const Word* plane, std::size_t from,
                                                      std::size_t to) noexcept {
  if (from >= to) return 0;
  const std::size_t first = from / word_bits;
  for (std::size_t w = (to - 1) / word_bits + 1; w-- > first;) {
    const Word word = plane[w] & mask_in_word(w, from, to);
    if (word != 0) return w * word_bits + static_cast<std::size_t>(std::bit_width(word));
  }
  return 0;
}

// Calls f(first, end) for each run of set bits, in order; `end` is one past the last. Bits from n
// on must be 0. A bit that differs from the one before begins or ends a run, so both kinds of edge
// come out of one word at a time. f returns nothing, or false to stop.
template <class F>
void for_each_run(const Word* plane, std::size_t n, F&& f) {
  const auto tell = [&f](std::size_t first, std::size_t end) {
    if constexpr (std::is_same_v<decltype(f(first, end)), bool>) {
      return f(first, end);
    } else {
      f(first, end);
      return true;
    }
  };
  const std::size_t words = words_for(n);
  Word before = 0;  // last bit of the word before, in bit 0
  std::size_t first = 0;
  bool inside = false;
  for (std::size_t w = 0; w < words; ++w) {
    const Word word = plane[w];
    Word edge = word ^ ((word << 1) | before);
    before = word >> 63;
    while (edge != 0) {
      const std::size_t at = w * word_bits + static_cast<std::size_t>(std::countr_zero(edge));
      edge &= edge - 1;
      if (inside && !tell(first, at)) return;
      first = at;
      inside = !inside;
    }
  }
  if (inside) static_cast<void>(tell(first, n));
}

// Use and abstinence as a missing rule sees them; a day in neither stays unknown.
struct UsePlanes {
  const Word* use = nullptr;
  const Word* none = nullptr;
  bool complete = true;  // every day is in one of the two
};

// The planes of one series, kept between series so that nothing is allocated in the loop.
class DayBits {
 public:
  // Reads n state bytes. Controlled bits are not looked at.
  void load(std::span<const std::uint8_t> state) {
    n_ = state.size();
    words_ = words_for(n_);
    if (plane_.size() < 8 * words_) plane_.resize(8 * words_);
    Word* use = at(0);
    Word* none = at(1);
    Word* missing = at(2);
    Word* no_amount = at(3);
    for (std::size_t w = 0; w < words_; ++w) {
      const std::size_t base = w * word_bits;
      const std::size_t here = std::min(word_bits, n_ - base);
      Word low = 0;
      Word high = 0;
      std::size_t i = 0;
      if constexpr (std::endian::native == std::endian::little) {
        // Bit 0 of eight bytes side by side in one byte: the products of the multiplication do not
        // overlap, and the top byte of the result is the answer.
        constexpr Word every_byte = 0x0101010101010101ULL;
        constexpr Word gather = 0x0102040810204080ULL;
        for (; i + 8 <= here; i += 8) {
          Word eight = 0;
          std::memcpy(&eight, state.data() + base + i, 8);
          low |= (((eight & every_byte) * gather) >> 56) << i;
          high |= ((((eight >> 1) & every_byte) * gather) >> 56) << i;
        }
      }
      for (; i < here; ++i) {
        low |= static_cast<Word>(state[base + i] & 1) << i;
        high |= static_cast<Word>((state[base + i] >> 1) & 1) << i;
      }
      const Word inside = mask_in_word(w, 0, n_);
      use[w] = low ^ high;
      none[w] = ~(low | high) & inside;
      missing[w] = low & high;
      no_amount[w] = high & ~low;
    }
    any_missing_ = any(missing, 0, n_);
    any_no_amount_ = any(no_amount, 0, n_);
    filled_ = false;
  }

  [[nodiscard]] std::size_t size() const noexcept { return n_; }
  [[nodiscard]] std::size_t words() const noexcept { return words_; }
  [[nodiscard]] const Word* use() const noexcept { return at(0); }
  [[nodiscard]] const Word* none() const noexcept { return at(1); }
  [[nodiscard]] const Word* missing() const noexcept { return at(2); }
  [[nodiscard]] const Word* no_amount() const noexcept { return at(3); }
  [[nodiscard]] bool any_missing() const noexcept { return any_missing_; }
  [[nodiscard]] bool any_no_amount() const noexcept { return any_no_amount_; }

  [[nodiscard]] UsePlanes planes(MissingRule rule) {
    if (!any_missing_) return {use(), none(), true};
    if (rule != MissingRule::exclude && !filled_) fill();
    switch (rule) {
      case MissingRule::exclude:
        return {use(), none(), false};
      case MissingRule::worst:
        return {at(4), none(), true};
      case MissingRule::best:
        return {use(), at(5), true};
      case MissingRule::locf:
        return {at(6), at(7), !test(missing(), 0)};
    }
    return {use(), none(), false};
  }

 private:
  [[nodiscard]] Word* at(std::size_t p) noexcept { return plane_.data() + p * words_; }
  [[nodiscard]] const Word* at(std::size_t p) const noexcept { return plane_.data() + p * words_; }

  void fill() {
    for (std::size_t w = 0; w < words_; ++w) {
      at(4)[w] = at(0)[w] | at(2)[w];
      at(5)[w] = at(1)[w] | at(2)[w];
      at(6)[w] = at(0)[w];
      at(7)[w] = at(1)[w];
    }
    for_each_run(missing(), n_, [&](std::size_t first, std::size_t end) {
      if (first > 0) set_range(test(use(), first - 1) ? at(6) : at(7), first, end);
    });
    filled_ = true;
  }

  std::size_t n_ = 0;
  std::size_t words_ = 0;
  bool any_missing_ = false;
  bool any_no_amount_ = false;
  bool filled_ = false;
  std::vector<Word> plane_;  // use, none, missing, no_amount, worst use, best none, locf use, none
};

}  // namespace ombre::inline v0::timeline::bits
