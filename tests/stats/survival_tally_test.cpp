#include "ombre/stats/survival_tally.hpp"

#include <gtest/gtest.h>
#include <span>

#include <algorithm>

#include "stats/survival_data.hpp"

namespace {

using namespace ombre;
using namespace ombre::stats;
using namespace ombre_test;

template <class T>
std::span<const T> part(const std::vector<T>& all, std::size_t from, std::size_t to) {
  return std::span<const T>{all}.subspan(from, to - from);
}

bool same(const std::vector<WeightedLogRank>& a, const std::vector<WeightedLogRank>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].observed != b[i].observed || a[i].expected != b[i].expected ||
        a[i].covariance != b[i].covariance || a[i].chi_square != b[i].chi_square) {
      return false;
    }
  }
  return true;
}

TEST(SurvivalTally, MergingInAnyGroupingGivesTheSameBytes) {
  const std::vector<RankWeight> weights{{0, 0}, {1, 0}, {0.5, 1}};
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    for (const bool whole : {true, false}) {
      SCOPED_TRACE(seed);
      const People p = people(seed, 300, whole);
      SurvivalTally one{3};
      ASSERT_TRUE(one.add(p.time, p.event, p.group));
      // Pieces of random sizes, merged as a random tree.
      RandomStream random{Seed{seed}, 9};
      std::vector<SurvivalTally> pieces;
      for (std::size_t at = 0; at < p.size();) {
        const std::size_t to = std::min(p.size(), at + 1 + random.below(80));
        SurvivalTally piece{3};
        ASSERT_TRUE(piece.add(part(p.time, at, to), part(p.event, at, to), part(p.group, at, to)));
        pieces.push_back(std::move(piece));
        at = to;
      }
      while (pieces.size() > 1) {
        const std::size_t a = random.below(pieces.size());
        std::size_t b = random.below(pieces.size() - 1);
        if (b >= a) ++b;
        ASSERT_TRUE(pieces[a].merge(pieces[b]));
        pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(b));
      }
      const auto direct = survival_curves({p.time, p.event}, p.group, 3);
      for (std::size_t g = 0; g < 3; ++g) {
        EXPECT_TRUE(same_bytes(*one.curve(g), *pieces[0].curve(g)));
        EXPECT_TRUE(same_bytes(*one.curve(g), (*direct)[g]));
      }
      EXPECT_TRUE(same(*one.log_rank(weights), *pieces[0].log_rank(weights)));
      const auto test = log_rank_family({p.time, p.event, p.group, 3}, weights);
      EXPECT_NEAR(*(*one.log_rank(weights))[1].chi_square, *(*test)[1].chi_square, 1e-10);
    }
  }
}

TEST(SurvivalTally, RefusalsAddNothing) {
  SurvivalTally tally{2};
  const std::vector<double> time{1, -2};
  const std::vector<std::uint8_t> event{1, 0};
  const std::vector<std::uint32_t> group{0, 1};
  EXPECT_EQ(tally.add(time, event, group).error().row, 1U);
  EXPECT_EQ(tally.rows(0), 0U);
  EXPECT_FALSE(tally.add(std::vector<double>{1, 2}, event));
  EXPECT_FALSE(tally.merge(SurvivalTally{3}));
  EXPECT_FALSE(tally.curve(2));
  EXPECT_FALSE(tally.curve(0, {.error = CurveError::robust}));
  EXPECT_TRUE(tally.add({}, {}, {}));
  EXPECT_EQ(tally.curve(0)->size(), 0U);
}

}  // namespace
