#pragma once
// Sorting of rows that fall into parts (groups, strata) by time, as 64-bit keys made on the way
// from the caller's columns: one look counts, one look puts every key into its bucket of times, and
// the buckets are sorted while they lie in cache. One array of keys is all the room this takes.

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "ombre/core/progress.hpp"
#include "room.hpp"
#include "sort_keys.hpp"

namespace ombre::inline v0::stats::detail {

struct PartedKeys {
  std::unique_ptr<std::uint64_t[]> key;  // part by part, ascending within each
  std::vector<std::size_t> begin;        // parts + 1
  unsigned bucket_bits = 0;              // a part has 2^bucket_bits buckets
};

struct TimeRange {
  double least = 0;
  double most = 0;
};

// Of at least one finite number.
[[nodiscard]] inline TimeRange range_of(std::span<const double> time) noexcept {
  constexpr std::size_t lanes = 8;
  double low[lanes];
  double high[lanes];
  std::fill_n(low, lanes, time[0]);
  std::fill_n(high, lanes, time[0]);
  std::size_t i = 0;
  for (; i + lanes <= time.size(); i += lanes) {
    for (std::size_t k = 0; k < lanes; ++k) {
      low[k] = time[i + k] < low[k] ? time[i + k] : low[k];
      high[k] = time[i + k] > high[k] ? time[i + k] : high[k];
    }
  }
  for (; i < time.size(); ++i) {
    low[0] = std::min(low[0], time[i]);
    high[0] = std::max(high[0], time[i]);
  }
  return {*std::min_element(low, low + lanes), *std::max_element(high, high + lanes)};
}

// Which bucket a time belongs to: never a lower one for a later time, the same for equal times.
class EvenBuckets {  // of equal width in time
 public:
  EvenBuckets(const TimeRange& range, unsigned bits) noexcept
      : least_{range.least}, last_{(1U << bits) - 1} {
    const double width = range.most - range.least;
    scale_ = width > 0 ? static_cast<double>(1U << bits) / width : 0;
    usable_ = std::isfinite(width) && std::isfinite(scale_);
  }
  [[nodiscard]] bool usable() const noexcept { return usable_; }
  [[nodiscard]] std::uint32_t operator()(double time) const noexcept {
    return std::min(static_cast<std::uint32_t>((time - least_) * scale_), last_);
  }

 private:
  double least_;
  double scale_ = 0;
  std::uint32_t last_;
  bool usable_ = false;
};
class DigitBuckets {  // of equal width in the image of a double, so nearly in its logarithm
 public:
  DigitBuckets(const TimeRange& range, unsigned bits) noexcept
      : least_{key_of(range.least)}, last_{(1U << bits) - 1} {
    const auto width = static_cast<unsigned>(std::bit_width(key_of(range.most) - least_));
    shift_ = width > bits ? std::min(width - bits, 63U) : 0;
  }
  [[nodiscard]] std::uint32_t operator()(double time) const noexcept {
    return std::min(static_cast<std::uint32_t>((key_of(time) - least_) >> shift_), last_);
  }

 private:
  std::uint64_t least_;
  std::uint32_t last_;
  unsigned shift_ = 0;
};

// Sorts n rows (below 2^32): time(i) finite, key(i) in the order of the times (ties of time broken
// by what else it holds), part(i) below `parts`, which is at least 1. `done(bucket, keys)` is
// called once for each bucket with anything in it when it is sorted, perhaps from several threads,
// and start(buckets) before;
// bucket >> bucket_bits is its part, and the buckets of a part are in the order of time. The
// buckets depend on the data alone, never on the runner.
template <class TimeOf, class KeyOf, class PartOf, class Done, class Start>
[[nodiscard]] PartedKeys sort_parts(std::size_t n, const TimeOf& time, const KeyOf& key,
                                    const PartOf& part, std::size_t parts, const TimeRange& range,
                                    const Runner& runner, const Done& done, const Start& start) {
  constexpr std::size_t bucket_rows = 2048;  // wanted
  constexpr unsigned most_bits = 12;
  constexpr std::size_t most_buckets = std::size_t{1} << 14U;
  PartedKeys out;
  unsigned bits = std::min(static_cast<unsigned>(std::bit_width(n / bucket_rows)), most_bits);
  while (bits > 0 && (parts << bits) > most_buckets) --bits;
  out.bucket_bits = bits;
  const std::size_t buckets = parts << bits;
  start(buckets);
  const std::size_t pieces = n < 200'000 ? 1 : std::clamp<std::size_t>(runner.workers(), 1, 64);
  const auto run = [&](std::size_t count, const auto& task) {
    if (pieces == 1) {
      for (std::size_t i = 0; i < count; ++i) task(i);
    } else {
      runner.run(count, task);
    }
  };
  const auto begin_of = [&](std::size_t piece) { return n * piece / pieces; };

  // [piece * buckets + bucket]: how many, then where the next one goes.
  const auto count = [&](const auto& bucket_of, std::vector<std::uint32_t>& counts) {
    counts.assign(pieces * buckets, 0);
    run(pieces, [&](std::size_t piece) {
      std::uint32_t* const mine = counts.data() + piece * buckets;
      for (std::size_t i = begin_of(piece); i < begin_of(piece + 1); ++i) {
        ++mine[(part(i) << bits) + bucket_of(time(i))];
      }
    });
    std::size_t largest = 0;
    for (std::size_t b = 0; b < buckets; ++b) {
      std::size_t sum = 0;
      for (std::size_t piece = 0; piece < pieces; ++piece) sum += counts[piece * buckets + b];
      largest = std::max(largest, sum);
    }
    return largest;
  };
  const EvenBuckets even{range, bits};
  const DigitBuckets digit{range, bits};
  std::vector<std::uint32_t> at;
  bool by_digit = !even.usable();
  if (by_digit) {
    count(digit, at);
  } else {
    // Nearly all in one place, as times with a few very late ones are: perhaps not so in logarithm.
    const std::size_t largest = count(even, at);
    if (bits > 2 && largest > 16 * bucket_rows && largest > n / 8) {
      std::vector<std::uint32_t> other;
      if (count(digit, other) < largest) {
        by_digit = true;
        at = std::move(other);
      }
    }
  }
  std::vector<std::size_t> edge(buckets + 1);
  {
    std::uint32_t sum = 0;
    for (std::size_t b = 0; b < buckets; ++b) {
      edge[b] = sum;
      for (std::size_t piece = 0; piece < pieces; ++piece) {
        std::uint32_t& here = at[piece * buckets + b];
        sum += std::exchange(here, sum);
      }
    }
    edge[buckets] = sum;
  }
  for (std::size_t p = 0; p <= parts; ++p) out.begin.push_back(edge[p << bits]);

  out.key = std::make_unique_for_overwrite<std::uint64_t[]>(n);
  wish_large_pages(out.key.get(), n * sizeof(std::uint64_t));
  std::uint64_t* const keys = out.key.get();
  const auto scatter = [&](const auto& bucket_of) {
    run(pieces, [&](std::size_t piece) {
      std::uint32_t* const next = at.data() + piece * buckets;
      for (std::size_t i = begin_of(piece); i < begin_of(piece + 1); ++i) {
        keys[next[(part(i) << bits) + bucket_of(time(i))]++] = key(i);
      }
    });
  };
  if (by_digit) {
    scatter(digit);
  } else {
    scatter(even);
  }

  // Neighbouring buckets, about equally many rows to a task.
  const std::size_t tasks = pieces == 1 ? 1 : std::min(buckets, 16 * pieces);
  run(tasks, [&](std::size_t task) {
    const auto first_of = [&](std::size_t t) {
      return t == tasks ? buckets
                        : static_cast<std::size_t>(
                              std::lower_bound(edge.begin(), edge.end() - 1, n * t / tasks) -
                              edge.begin());
    };
    const std::size_t first = first_of(task);
    const std::size_t last = first_of(task + 1);
    std::size_t largest = 0;
    for (std::size_t b = first; b < last; ++b) largest = std::max(largest, edge[b + 1] - edge[b]);
    const auto spare = std::make_unique_for_overwrite<std::uint64_t[]>(largest);
    for (std::size_t b = first; b < last; ++b) {
      const std::size_t m = edge[b + 1] - edge[b];
      if (m == 0) continue;
      sort_piece(keys + edge[b], spare.get(), m, false);
      done(b, std::span<const std::uint64_t>{keys + edge[b], m});
    }
  });
  return out;
}

}  // namespace ombre::inline v0::stats::detail
