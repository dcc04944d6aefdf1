#include "../../src/stats/part_sort.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "support/two_threads.hpp"

namespace {

using namespace ombre;
using stats::detail::key_of;
using stats::detail::PartedKeys;
using stats::detail::range_of;
using stats::detail::sort_parts;

struct Rows {
  std::vector<double> time;
  std::vector<std::uint32_t> part;
};

// Times of many shapes: even, over many orders of size, whole, mostly one value, with a few so late
// that all others are near the start, spread so wide that the width is no double, all alike.
Rows rows_of(int shape, std::size_t n, std::size_t parts, std::uint32_t seed) {
  std::mt19937_64 random{seed};
  std::uniform_real_distribution<> uniform{0, 1};
  Rows rows;
  for (std::size_t i = 0; i < n; ++i) {
    const double u = uniform(random);
    double t = 365 * u;
    if (shape == 1) t = std::exp(40 * u - 20);
    if (shape == 2) t = std::floor(t) - 100;
    if (shape == 3) t = std::min(t, 20.5);
    if (shape == 4 && i % 5000 == 0) t = 1e12 * u;
    if (shape == 5) t = (u - 0.5) * 2 * std::numeric_limits<double>::max();
    if (shape == 6) t = 7;
    if (shape == 7) t = u * 1e-310;
    if (shape == 8) t = i % 2 == 0 ? -0.0 : 0.0;
    rows.time.push_back(t);
    rows.part.push_back(static_cast<std::uint32_t>(random() % parts));
  }
  return rows;
}

struct Sorted {
  PartedKeys keys;
  std::vector<int> visits;  // by bucket
};

Sorted sort(const Rows& rows, std::size_t parts, const Runner& runner) {
  Sorted out;
  out.keys = sort_parts(
      rows.time.size(), [&](std::size_t i) { return rows.time[i]; },
      [&](std::size_t i) { return key_of(rows.time[i]); },
      [&](std::size_t i) { return std::size_t{rows.part[i]}; }, parts, range_of(rows.time), runner,
      [&](std::size_t bucket, std::span<const std::uint64_t> keys) {
        EXPECT_FALSE(keys.empty());
        ++out.visits[bucket];
      },
      [&](std::size_t buckets) { out.visits.resize(buckets); });
  return out;
}

TEST(PartSort, EachPartIsInOrderWhateverTheShapeOfTheTimes) {
  const test::TwoThreads two;
  for (int shape = 0; shape < 9; ++shape) {
    for (const std::size_t n :
         {std::size_t{1}, std::size_t{100}, std::size_t{10'000}, std::size_t{250'000}}) {
      for (const std::size_t parts : {std::size_t{1}, std::size_t{5}, std::size_t{20'000}}) {
        SCOPED_TRACE(testing::Message() << shape << ' ' << n << ' ' << parts);
        const Rows rows = rows_of(shape, n, parts, 3);
        std::vector<std::vector<std::uint64_t>> plain(parts);
        for (std::size_t i = 0; i < n; ++i) plain[rows.part[i]].push_back(key_of(rows.time[i]));
        for (auto& part : plain) std::ranges::sort(part);
        for (const Runner* runner : {&serial(), static_cast<const Runner*>(&two)}) {
          const Sorted got = sort(rows, parts, *runner);
          ASSERT_EQ(got.keys.begin.size(), parts + 1);
          ASSERT_EQ(got.keys.begin.back(), n);
          bool same = true;
          for (std::size_t p = 0; p < parts; ++p) {
            same = same && std::equal(plain[p].begin(), plain[p].end(),
                                      got.keys.key.get() + got.keys.begin[p],
                                      got.keys.key.get() + got.keys.begin[p + 1]);
          }
          EXPECT_TRUE(same);
          EXPECT_LE(*std::ranges::max_element(got.visits), 1);
        }
      }
    }
  }
}

TEST(PartSort, AFewVeryLateTimesDoNotPutAllOthersIntoOneBucket) {
  const Rows rows = rows_of(4, 250'000, 1, 5);
  const Sorted got = sort(rows, 1, serial());
  EXPECT_GT(std::ranges::count(got.visits, 1), 8);
}

TEST(PartSort, TheRangeOfTimesIsFoundAtEveryPosition) {
  for (std::size_t n = 1; n < 40; ++n) {
    for (std::size_t at = 0; at < n; ++at) {
      std::vector<double> time(n, 2.0);
      time[at] = -3;
      EXPECT_EQ(range_of(time).least, -3);
      time[at] = 5;
      EXPECT_EQ(range_of(time).most, 5);
    }
  }
}

}  // namespace
