#pragma once
// Order of doubles by least-significant-digit radix sort, stable. What is moved is one word for
// each number: the 33 leading bits of the range that the numbers really have, and the position.
// Three passes do (whole days: one or two); neighbours that differ further down only are put right
// afterwards.

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ombre::inline v0::stats::detail {

// Orders like the numbers do; -0 and 0 are one. No NaN.
inline std::uint64_t radix_key(double value) noexcept {
  const auto bits = std::bit_cast<std::uint64_t>(value + 0.0);
  return (bits >> 63) != 0 ? ~bits : bits | (std::uint64_t{1} << 63);
}

// Sorts `order` (positions into `value`, below 2^31) by value, ascending; equal ones keep their
// order.
inline void radix_order(std::span<const double> value, std::vector<std::uint32_t>& order) {
  constexpr unsigned width = 11;
  constexpr unsigned digits = 3;
  constexpr unsigned row_bits = 31;
  constexpr std::uint64_t mask = (std::uint64_t{1} << width) - 1;
  constexpr std::uint64_t row_mask = (std::uint64_t{1} << row_bits) - 1;
  const std::size_t n = order.size();
  if (n < 2) return;
  std::uint64_t least = radix_key(value[order[0]]);
  std::uint64_t most = least;
  std::uint64_t differ = 0;
  bool sorted = true;
  {
    const std::uint64_t first = least;
    std::uint64_t last = least;
    for (std::size_t i = 1; i < n; ++i) {
      const std::uint64_t key = radix_key(value[order[i]]);
      least = std::min(least, key);
      most = std::max(most, key);
      differ |= key ^ first;
      sorted = sorted && last <= key;
      last = key;
    }
  }
  if (sorted) return;
  // Bits below the last one in which any two differ say nothing.
  const auto silent = static_cast<unsigned>(std::countr_zero(differ));
  const auto range = static_cast<unsigned>(std::bit_width((most - least) >> silent));
  const unsigned shift = silent + (range > digits * width ? range - digits * width : 0);
  const unsigned passes = (std::min(range, digits * width) + width - 1) / width;

  std::vector<std::uint64_t> items(n);
  std::vector<std::array<std::uint32_t, std::size_t{1} << width>> counts(passes);
  for (auto& c : counts) c.fill(0);
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t key = (radix_key(value[order[i]]) - least) >> shift;
    items[i] = (key << row_bits) | order[i];
    for (unsigned d = 0; d < passes; ++d) ++counts[d][(key >> (d * width)) & mask];
  }
  std::vector<std::uint64_t> other(n);
  for (unsigned d = 0; d < passes; ++d) {
    auto& count = counts[d];
    const unsigned down = row_bits + d * width;
    if (count[(items[0] >> down) & mask] == n) continue;
    std::uint32_t at = 0;
    for (std::uint32_t& c : count) {
      const std::uint32_t here = c;
      c = at;
      at += here;
    }
    for (const std::uint64_t item : items) other[count[(item >> down) & mask]++] = item;
    items.swap(other);
  }
  for (std::size_t i = 0; i < n; ++i) order[i] = static_cast<std::uint32_t>(items[i] & row_mask);
  if (shift == silent) return;
  const auto less = [&](std::uint32_t a, std::uint32_t b) { return value[a] < value[b]; };
  for (std::size_t i = 0; i < n;) {
    std::size_t end = i + 1;
    while (end < n && items[end] >> row_bits == items[i] >> row_bits) ++end;
    const auto from = order.begin() + static_cast<std::ptrdiff_t>(i);
    if (end - i > 1 &&
        !std::is_sorted(from, order.begin() + static_cast<std::ptrdiff_t>(end), less)) {
      std::stable_sort(from, order.begin() + static_cast<std::ptrdiff_t>(end), less);
    }
    i = end;
  }
}

}  // namespace ombre::inline v0::stats::detail
