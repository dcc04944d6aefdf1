#pragma once
// Sorting by 64-bit keys, most significant digit first. Each level looks at the range its keys
// really have, so that the digits are spent where the keys differ, and small pieces end in an
// insertion sort while they lie in cache.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "ombre/core/progress.hpp"

namespace ombre::inline v0::stats::detail {

// An order-preserving integer for a finite double; -0 and 0 get the same.
[[nodiscard]] inline std::uint64_t key_of(double value) noexcept {
  const auto bits = std::bit_cast<std::uint64_t>(value + 0.0);
  return (bits >> 63U) != 0 ? ~bits : bits | (std::uint64_t{1} << 63U);
}
[[nodiscard]] inline double value_of(std::uint64_t key) noexcept {
  return std::bit_cast<double>((key >> 63U) != 0 ? key & ~(std::uint64_t{1} << 63U) : ~key);
}

struct KeyedRow {
  std::uint64_t key;
  std::uint32_t row;
};

[[nodiscard]] inline std::uint64_t sort_key(std::uint64_t key) noexcept { return key; }
[[nodiscard]] inline std::uint64_t sort_key(const KeyedRow& item) noexcept { return item.key; }

template <class T>
void insertion_sort(T* first, std::size_t n) noexcept {
  for (std::size_t i = 1; i < n; ++i) {
    const T item = first[i];
    std::size_t at = i;
    for (; at > 0 && sort_key(first[at - 1]) > sort_key(item); --at) first[at] = first[at - 1];
    first[at] = item;
  }
}

inline constexpr std::size_t small_sort = 24;

// Sorts `source` stably; the result lies in `target` if `into_target`, else in `source`.
// Depth: at most 64 / 4 levels, since each takes at least 4 bits off the range.
template <class T>
void sort_piece(T* source, T* target, std::size_t n, bool into_target) {
  if (n <= small_sort) {
    insertion_sort(source, n);
    if (into_target) std::copy(source, source + n, target);
    return;
  }
  std::uint64_t least = sort_key(source[0]);
  std::uint64_t most = least;
  for (std::size_t i = 1; i < n; ++i) {
    least = std::min(least, sort_key(source[i]));
    most = std::max(most, sort_key(source[i]));
  }
  if (least == most) {
    if (into_target) std::copy(source, source + n, target);
    return;
  }
  const auto width = static_cast<unsigned>(std::bit_width(most - least));
  // What does not fit into cache is spread over few places at a time, or every write would miss the
  // table of pages.
  const unsigned most_bits = n * sizeof(T) > (std::size_t{16} << 20U) ? 8U : 11U;
  const unsigned wanted = std::clamp(static_cast<unsigned>(std::bit_width(n)) - 2U, 4U, most_bits);
  const unsigned digit = std::min(wanted, width);
  const unsigned shift = width - digit;
  std::uint32_t ends[(std::size_t{1} << 11U) + 1] = {};
  const std::size_t buckets = std::size_t{1} << digit;
  for (std::size_t i = 0; i < n; ++i) ++ends[((sort_key(source[i]) - least) >> shift) + 1];
  for (std::size_t b = 0; b < buckets; ++b) ends[b + 1] += ends[b];
  for (std::size_t i = 0; i < n; ++i) {
    target[ends[(sort_key(source[i]) - least) >> shift]++] = source[i];
  }
  // Now ends[b] is where bucket b ends.
  std::size_t begin = 0;
  for (std::size_t b = 0; b < buckets; ++b) {
    const std::size_t end = ends[b];
    if (end > begin) {
      if (shift == 0) {
        if (!into_target) std::copy(target + begin, target + end, source + begin);
      } else {
        sort_piece(target + begin, source + begin, end - begin, !into_target);
      }
    }
    begin = end;
  }
}

// Sorts items ascending and stably, with a spare array of the same size. At most 2^32 - 1 items.
template <class T>
void sort_by_key(std::vector<T>& items, std::vector<T>& spare, const Runner& runner) {
  const std::size_t n = items.size();
  spare.resize(n);
  if (runner.workers() < 2 || n < 200'000) {
    sort_piece(items.data(), spare.data(), n, false);
    return;
  }
  // One level by hand, so that its buckets can be sorted side by side. The result is the one
  // sorted sequence there is: equal items keep their order.
  std::uint64_t least = sort_key(items[0]);
  std::uint64_t most = least;
  for (const T& item : items) {
    least = std::min(least, sort_key(item));
    most = std::max(most, sort_key(item));
  }
  const auto width = static_cast<unsigned>(std::bit_width(most - least));
  const unsigned shift = width > 11 ? width - 11 : 0;
  const std::size_t buckets = std::size_t{1} << 11U;
  const std::size_t pieces = runner.workers();
  std::vector<std::uint32_t> at(buckets * pieces, 0);  // bucket by bucket, piece by piece
  const auto begin_of = [&](std::size_t piece) { return n * piece / pieces; };
  runner.run(pieces, [&](std::size_t piece) {
    for (std::size_t i = begin_of(piece); i < begin_of(piece + 1); ++i) {
      ++at[((sort_key(items[i]) - least) >> shift) * pieces + piece];
    }
  });
  std::uint32_t sum = 0;
  for (std::uint32_t& count : at) {
    const std::uint32_t here = count;
    count = sum;
    sum += here;
  }
  runner.run(pieces, [&](std::size_t piece) {
    for (std::size_t i = begin_of(piece); i < begin_of(piece + 1); ++i) {
      spare[at[((sort_key(items[i]) - least) >> shift) * pieces + piece]++] = items[i];
    }
  });
  runner.run(buckets, [&](std::size_t b) {
    const std::size_t begin = b == 0 ? 0 : at[b * pieces - 1];
    const std::size_t end = at[b * pieces + pieces - 1];
    sort_piece(spare.data() + begin, items.data() + begin, end - begin, true);
  });
}

}  // namespace ombre::inline v0::stats::detail
