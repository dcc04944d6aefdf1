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
#include <functional>
#include <span>
#include <vector>

#include "ombre/core/progress.hpp"
#include "room.hpp"  // beside this one

namespace ombre::inline v0::stats::detail {

// Orders like the numbers do; -0 and 0 are one. No NaN.
inline std::uint64_t radix_key(double value) noexcept {
  const auto bits = std::bit_cast<std::uint64_t>(value + 0.0);
  return (bits >> 63) != 0 ? ~bits : bits | (std::uint64_t{1} << 63);
}

inline void radix_order(std::span<const double> value, std::span<std::uint32_t> order,
                        Room& scratch, const Runner& runner);

// With room of its own.
inline void radix_order(std::span<const double> value, std::span<std::uint32_t> order,
                        const Runner& runner = serial()) {
  Room scratch;
  radix_order(value, order, scratch, runner);
}

// Sorts `order` (positions into `value`, below 2^31) by value, ascending; equal ones keep their
// order. A runner with several workers shares the passes; the result is the one there is. Two words
// for each position are taken from `scratch`.
inline void radix_order(std::span<const double> value, std::span<std::uint32_t> order,
                        Room& scratch, const Runner& runner) {
  constexpr unsigned width = 11;
  constexpr unsigned digits = 3;
  constexpr unsigned row_bits = 31;
  constexpr std::uint64_t mask = (std::uint64_t{1} << width) - 1;
  constexpr std::uint64_t row_mask = (std::uint64_t{1} << row_bits) - 1;
  const std::size_t n = order.size();
  if (n < 2) return;
  const std::size_t pieces = n < 50'000 ? 1 : std::min<std::size_t>(runner.workers(), 64);
  const auto begin_of = [&](std::size_t piece) { return n * piece / pieces; };
  const auto each_piece = [&](const std::function<void(std::size_t)>& work) {
    if (pieces == 1) {
      work(0);
    } else {
      runner.run(pieces, work);
    }
  };
  const std::uint64_t first = radix_key(value[order[0]]);
  struct Range {
    std::uint64_t least;
    std::uint64_t most;
    std::uint64_t differ;
    bool sorted;
  };
  std::vector<Range> ranges(pieces);
  each_piece([&](std::size_t piece) {
    const std::size_t begin = begin_of(piece);
    std::uint64_t last = radix_key(value[order[begin == 0 ? 0 : begin - 1]]);
    Range range{first, first, 0, true};
    for (std::size_t i = begin; i < begin_of(piece + 1); ++i) {
      const std::uint64_t key = radix_key(value[order[i]]);
      range.least = std::min(range.least, key);
      range.most = std::max(range.most, key);
      range.differ |= key ^ first;
      range.sorted = range.sorted && last <= key;
      last = key;
    }
    ranges[piece] = range;
  });
  std::uint64_t least = first;
  std::uint64_t most = first;
  std::uint64_t differ = 0;
  bool sorted = true;
  for (const Range& range : ranges) {
    least = std::min(least, range.least);
    most = std::max(most, range.most);
    differ |= range.differ;
    sorted = sorted && range.sorted;
  }
  if (sorted) return;
  // Bits below the last one in which any two differ say nothing.
  const auto silent = static_cast<unsigned>(std::countr_zero(differ));
  const auto range = static_cast<unsigned>(std::bit_width((most - least) >> silent));
  const unsigned shift = silent + (range > digits * width ? range - digits * width : 0);
  const unsigned passes = (std::min(range, digits * width) + width - 1) / width;

  // Each piece counts its digits and then knows where its numbers go.
  std::span<std::uint64_t> items = scratch.take<std::uint64_t>(n);
  std::span<std::uint64_t> other = scratch.take<std::uint64_t>(n);
  std::vector<std::array<std::uint32_t, std::size_t{1} << width>> counts(pieces * passes);
  each_piece([&](std::size_t piece) {
    auto* mine = counts.data() + piece * passes;
    for (std::size_t i = begin_of(piece); i < begin_of(piece + 1); ++i) {
      const std::uint64_t key = (radix_key(value[order[i]]) - least) >> shift;
      items[i] = (key << row_bits) | order[i];
      for (unsigned d = 0; d < passes; ++d) ++mine[d][(key >> (d * width)) & mask];
    }
  });
  for (unsigned d = 0; d < passes; ++d) {
    const unsigned down = row_bits + d * width;
    if (d != 0 && pieces > 1) {  // the pieces hold other numbers now
      each_piece([&](std::size_t piece) {
        auto& count = counts[piece * passes + d];
        count.fill(0);
        for (std::size_t i = begin_of(piece); i < begin_of(piece + 1); ++i) {
          ++count[(items[i] >> down) & mask];
        }
      });
    }
    std::uint32_t at = 0;
    for (std::size_t digit = 0; digit <= mask; ++digit) {
      for (std::size_t piece = 0; piece < pieces; ++piece) {
        std::uint32_t& count = counts[piece * passes + d][digit];
        const std::uint32_t here = count;
        count = at;
        at += here;
      }
    }
    const bool to_order = d + 1 == passes && shift == silent;  // nothing is left to be put right
    each_piece([&](std::size_t piece) {
      auto& next = counts[piece * passes + d];
      if (to_order) {
        for (std::size_t i = begin_of(piece); i < begin_of(piece + 1); ++i) {
          order[next[(items[i] >> down) & mask]++] =
              static_cast<std::uint32_t>(items[i] & row_mask);
        }
        return;
      }
      for (std::size_t i = begin_of(piece); i < begin_of(piece + 1); ++i) {
        other[next[(items[i] >> down) & mask]++] = items[i];
      }
    });
    std::swap(items, other);
  }
  if (shift == silent) return;
  const auto less = [&](std::uint32_t a, std::uint32_t b) { return value[a] < value[b]; };
  each_piece([&](std::size_t piece) {
    // Runs of equal keys that begin in the piece.
    std::size_t i = begin_of(piece);
    while (i != 0 && i < n && items[i] >> row_bits == items[i - 1] >> row_bits) ++i;
    while (i < begin_of(piece + 1)) {
      std::size_t end = i;
      do {
        order[end] = static_cast<std::uint32_t>(items[end] & row_mask);
        ++end;
      } while (end < n && items[end] >> row_bits == items[i] >> row_bits);
      const auto from = order.begin() + static_cast<std::ptrdiff_t>(i);
      const auto to = order.begin() + static_cast<std::ptrdiff_t>(end);
      if (end - i > 1 && !std::is_sorted(from, to, less)) std::stable_sort(from, to, less);
      i = end;
    }
  });
}

}  // namespace ombre::inline v0::stats::detail
