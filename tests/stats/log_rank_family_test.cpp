#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <numbers>

#include "ombre/stats/log_rank.hpp"
#include "stats/survival_data.hpp"

namespace {

using namespace ombre;
using namespace ombre::stats;
using namespace ombre_test;

const std::vector<RankWeight> several{{0, 0}, {1, 0}, {0, 1}, {0.5, 2}};

struct Remission {
  std::vector<double> time = freireich::weeks_6mp;
  std::vector<std::uint8_t> event = freireich::event_6mp;
  std::vector<std::uint32_t> group = std::vector<std::uint32_t>(21, 0);
  Remission() {
    time.insert(time.end(), freireich::weeks_control.begin(), freireich::weeks_control.end());
    event.resize(42, 1);
    group.resize(42, 1);
  }
};

// R's survdiff prints 16.8 (rho = 0) and 14.5 (rho = 1, Peto & Peto) for these data.
TEST(LogRankFamily, FreireichWithTwoWeights) {
  const Remission d;
  const auto tests = log_rank_family({d.time, d.event, d.group, 2}, several);
  ASSERT_TRUE(tests);
  EXPECT_NEAR(*(*tests)[0].chi_square, 16.79, 0.005);
  EXPECT_NEAR(*(*tests)[1].chi_square, 14.5, 0.05);
  EXPECT_EQ((*tests)[0].df, 1);
  EXPECT_NEAR((*tests)[0].observed[0] + (*tests)[0].observed[1],
              (*tests)[0].expected[0] + (*tests)[0].expected[1], 1e-12);
}

TEST(LogRankFamily, AWeightIsARepetitionAndLateEntryACutOffPiece) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    const People p = people(seed, 60, seed % 2 == 0);
    std::vector<double> time, entry, cut_time, cut_entry;
    std::vector<std::uint8_t> event, cut_event;
    std::vector<std::uint32_t> group, cut_group;
    for (std::size_t i = 0; i < p.size(); ++i) {
      for (double k = 0; k < p.weight[i]; ++k) {
        time.push_back(p.time[i]);
        event.push_back(p.event[i]);
        group.push_back(p.group[i]);
      }
      const double cut = p.time[i] / 2;
      for (const bool second : {false, true}) {
        cut_entry.push_back(second ? cut : -1);
        cut_time.push_back(second ? p.time[i] : cut);
        cut_event.push_back(second ? p.event[i] : 0);
        cut_group.push_back(p.group[i]);
      }
    }
    GroupedTimes weighted{p.time, p.event, p.group, 3};
    weighted.weight = p.weight;
    const auto a = log_rank_family(weighted, several);
    const auto b = log_rank_family({time, event, group, 3}, several);
    GroupedTimes cut{cut_time, cut_event, cut_group, 3};
    cut.entry = cut_entry;
    const auto c = log_rank_family(cut, several);
    const auto d = log_rank_family({p.time, p.event, p.group, 3}, several);
    for (std::size_t t = 0; t < several.size(); ++t) {
      for (std::size_t k = 0; k < 9; ++k) {
        EXPECT_NEAR((*a)[t].covariance[k], (*b)[t].covariance[k], 1e-11);
        EXPECT_NEAR((*c)[t].covariance[k], (*d)[t].covariance[k], 1e-11);
      }
      EXPECT_NEAR(*(*a)[t].chi_square, *(*b)[t].chi_square, 1e-9);
      EXPECT_NEAR(*(*c)[t].chi_square, *(*d)[t].chi_square, 1e-9);
    }
  }
}

TEST(LogRankFamily, CountingDaysAndSortingTimesAgreeAndOrderDoesNotMatter) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    const People p = people(seed, 90, true);
    std::vector<double> stretched;
    for (const double t : p.time) stretched.push_back(std::sqrt(t));
    const auto order = shuffled(p.size(), seed);
    const auto time = in_order(stretched, order);
    const auto event = in_order(p.event, order);
    const auto group = in_order(p.group, order);
    std::vector<std::uint32_t> stratum;
    for (const std::uint32_t c : p.cluster) stratum.push_back(c % 4);
    const auto turned = in_order(stratum, order);
    for (const bool strata : {false, true}) {
      GroupedTimes days{p.time, p.event, p.group, 3};
      GroupedTimes times{time, event, group, 3};
      if (strata) {
        days.stratum = stratum;
        times.stratum = turned;
        days.strata = times.strata = 4;
      }
      const auto a = log_rank_family(days, several);
      const auto b = log_rank_family(times, several);
      for (std::size_t t = 0; t < several.size(); ++t) {
        EXPECT_EQ((*a)[t].observed, (*b)[t].observed);
        EXPECT_EQ((*a)[t].expected, (*b)[t].expected);
        EXPECT_EQ((*a)[t].covariance, (*b)[t].covariance);
      }
    }
  }
}

// Many rows are walked in pieces of time; weights of 1 take the other way, row by row. Times so
// close that some are near-ties, also where pieces could be cut.
TEST(LogRankFamily, PiecesOfTimeAndThreadsChangeNothing) {
  constexpr std::array weights{RankWeight{}, RankWeight{1, 0}, RankWeight{0.5, 1}};
  const test::TwoThreads two;
  for (const double grid : {1e-2, 1e-9}) {
    SCOPED_TRACE(grid);
    RandomStream random{Seed{5}, 1};
    std::vector<double> time(200'000);
    std::vector<std::uint8_t> event;
    std::vector<std::uint32_t> group;
    for (double& t : time) {
      group.push_back(static_cast<std::uint32_t>(random.below(3)));
      t = -std::log(random.uniform()) * (1 + 0.02 * group.back());
      t = 0.5 + std::floor(t / grid) * grid;
      event.push_back(random.below(3) == 0 ? 0 : 1);
    }
    const std::vector<double> ones(time.size(), 1.0);
    GroupedTimes data{time, event, group, 3};
    const auto pieces = log_rank_family(data, weights);
    const auto threads = log_rank_family(data, weights, {}, two);
    data.weight = ones;
    const auto rows = log_rank_family(data, weights);
    ASSERT_TRUE(pieces && threads && rows);
    for (std::size_t t = 0; t < weights.size(); ++t) {
      EXPECT_EQ((*pieces)[t].observed, (*threads)[t].observed);
      EXPECT_EQ((*pieces)[t].expected, (*threads)[t].expected);
      EXPECT_EQ((*pieces)[t].covariance, (*threads)[t].covariance);
      for (std::size_t g = 0; g < 3; ++g) {
        EXPECT_NEAR((*pieces)[t].observed[g], (*rows)[t].observed[g], 1e-9 * 200'000);
        EXPECT_NEAR((*pieces)[t].expected[g], (*rows)[t].expected[g], 1e-9 * 200'000);
      }
      EXPECT_NEAR(*(*pieces)[t].chi_square, *(*rows)[t].chi_square, 1e-9 * *(*rows)[t].chi_square);
    }
  }
}

TEST(LogRankFamily, GroupsThatNeverMeetAreTestedWithinTheirStrata) {
  // Groups 0, 1 only in stratum 0 and 2, 3 only in stratum 1: two tests of one degree each.
  std::vector<double> time;
  std::vector<std::uint8_t> event;
  std::vector<std::uint32_t> group, stratum;
  const People p = people(3, 80, true, 2);
  for (std::uint32_t s = 0; s < 2; ++s) {
    for (std::size_t i = 0; i < p.size(); ++i) {
      time.push_back(p.time[i] + s);
      event.push_back(p.event[i]);
      group.push_back(p.group[i] + 2 * s);
      stratum.push_back(s);
    }
  }
  GroupedTimes data{time, event, group, 4, stratum, 2};
  const auto both = log_rank_family(data, several);
  const auto one = log_rank_family({p.time, p.event, p.group, 2}, several);
  EXPECT_EQ((*both)[0].df, 2);
  EXPECT_NEAR(*(*both)[0].chi_square, 2 * *(*one)[0].chi_square, 1e-9);
}

TEST(LogRankFamily, TenThousandStrata) {
  const People p = people(8, 30'000, false, 2);
  std::vector<std::uint32_t> stratum;
  for (std::uint32_t i = 0; i < p.size(); ++i) stratum.push_back(i % 10'000);
  GroupedTimes data{p.time, p.event, p.group, 2, stratum, 10'000};
  const auto t = log_rank_family(data, several);
  ASSERT_TRUE(t);
  EXPECT_TRUE((*t)[0].chi_square);
  EXPECT_EQ((*t)[0].df, 1);
}

TEST(LogRankFamily, TrendOfTwoGroupsIsTheTestItself) {
  const Remission d;
  const auto t = log_rank_family({d.time, d.event, d.group, 2}, several);
  const auto trend = log_rank_trend((*t)[0], std::vector<double>{1, 2});
  EXPECT_NEAR((*trend)->chi_square, *(*t)[0].chi_square, 1e-12);
  EXPECT_FALSE(log_rank_trend((*t)[0], std::vector<double>{1, 1})->has_value());
  EXPECT_FALSE(log_rank_trend((*t)[0], std::vector<double>{1, 2, 3}));
}

TEST(LogRankFamily, RefusalsNameWhatIsWrong) {
  const std::vector<double> time{1, 2};
  const std::vector<std::uint8_t> event{1, 1};
  const std::vector<std::uint32_t> group{0, 3};
  const auto bad = log_rank_family({time, event, group, 2}, several);
  ASSERT_FALSE(bad);
  EXPECT_EQ(describe(bad.error()), "group[1] = 3: must be below the number there are");
  const std::vector<std::uint32_t> good{0, 1};
  EXPECT_FALSE(log_rank_family({time, event, good, 2}, std::vector<RankWeight>{{-1, 0}}));
  EXPECT_FALSE(log_rank_family({time, event, good, 0}, several));
  EXPECT_FALSE(log_rank_family({time, event, good, 2, good, 1}, several));
}

// ---- permutation ---------------------------------------------------------------------------

// All 20 ways to put three of six people into group 0, by hand: with events only, scores are
// 1 - sum of 1/n: (1-1/6, 1-1/6-1/5, ...). The most extreme split has p = 2/20.
TEST(LogRankPermutationTest, SixPeopleByHand) {
  const std::vector<double> time{1, 2, 3, 4, 5, 6};
  const std::vector<std::uint8_t> event(6, 1);
  const std::vector<std::uint32_t> group{0, 0, 0, 1, 1, 1};
  const auto t = log_rank_permutation({time, event, group, 2});
  ASSERT_TRUE(t);
  EXPECT_TRUE(t->exact);
  EXPECT_EQ(t->relabellings, 20);
  double expected = 0;
  double hazard = 0;
  for (int i = 0; i < 3; ++i) {
    hazard += 1.0 / (6 - i);
    expected += hazard;
  }
  EXPECT_NEAR(t->statistic, 3 - expected, 1e-14);
  // Brute force over all splits.
  std::vector<double> score;
  hazard = 0;
  for (int i = 0; i < 6; ++i) {
    hazard += 1.0 / (6 - i);
    score.push_back(1 - hazard);
  }
  int extreme = 0;
  for (unsigned mask = 0; mask < 64; ++mask) {
    if (std::popcount(mask) != 3) continue;
    double sum = 0;
    for (unsigned i = 0; i < 6; ++i) sum += (mask >> i & 1U) != 0 ? score[i] : 0;
    extreme += std::abs(sum) >= std::abs(t->statistic) - 1e-12 ? 1 : 0;
  }
  EXPECT_NEAR(t->p, extreme / 20.0, 1e-15);
}

TEST(LogRankPermutationTest, MeetingInTheMiddleCountsWhatListingCounts) {
  // 24 people: 2.7 million ways, listed. The same people and two more of no consequence (censored
  // before the first event): met in the middle, with the same statistic.
  const People p = people(4, 24, true, 2);
  std::vector<std::uint32_t> group;
  for (std::uint32_t i = 0; i < 24; ++i) group.push_back(i % 2);
  const auto listed = log_rank_permutation({p.time, p.event, group, 2});
  ASSERT_TRUE(listed && listed->exact);
  EXPECT_EQ(listed->relabellings, 2704156);
  auto time = p.time;
  auto event = p.event;
  for (const std::uint32_t g : {0U, 1U}) {
    time.push_back(0);
    event.push_back(0);
    group.push_back(g);
  }
  const auto middle = log_rank_permutation({time, event, group, 2});
  ASSERT_TRUE(middle && middle->exact);
  EXPECT_EQ(middle->relabellings, 10400600);
  EXPECT_NEAR(middle->statistic, listed->statistic, 1e-12);
  // Drawing with two people of score 0 mixes 11, 12 and 13 of the 24: p is near, not equal.
  EXPECT_NEAR(middle->p, listed->p, 0.02);
}

TEST(LogRankPermutationTest, ManyPeopleAreSampledAndTheSeedDecides) {
  const People p = people(6, 200, true, 2);
  LogRankPermutationOptions how;
  how.random_relabellings = 2000;
  const auto a = log_rank_permutation({p.time, p.event, p.group, 2}, how);
  const auto b = log_rank_permutation({p.time, p.event, p.group, 2}, how);
  ASSERT_TRUE(a);
  EXPECT_FALSE(a->exact);
  EXPECT_EQ(a->p, b->p);
  const auto normal = log_rank_family({p.time, p.event, p.group, 2}, several);
  EXPECT_NEAR(a->p, *(*normal)[0].p, 0.05);
  EXPECT_NEAR(a->statistic, (*normal)[0].observed[0] - (*normal)[0].expected[0], 1e-10);
  const auto stopped =
      log_rank_permutation({p.time, p.event, p.group, 2}, how, [](double) { return false; });
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, Errc::cancelled);
}

// ---- the largest of several ----------------------------------------------------------------

TEST(MaxCombo, OneWeightIsTheTestItselfAndMoreCostABit) {
  const Remission d;
  const auto test = log_rank_family({d.time, d.event, d.group, 2}, several);
  const auto one = max_combo({d.time, d.event, d.group, 2}, std::vector<RankWeight>{{0, 0}});
  EXPECT_NEAR((*one)->p, *(*test)[0].p, 1e-12);
  const std::vector<RankWeight> usual{{0, 0}, {0, 1}, {1, 0}, {1, 1}};
  const auto most = max_combo({d.time, d.event, d.group, 2}, usual);
  ASSERT_TRUE(most && *most);
  EXPECT_NEAR((*most)->z[0] * (*most)->z[0], *(*test)[0].chi_square, 1e-10);
  EXPECT_GT((*most)->p, *(*test)[0].p);
  EXPECT_LT((*most)->p, 4 * *(*test)[0].p);
  const std::vector<std::uint8_t> none(42, 0);
  EXPECT_FALSE(max_combo({d.time, none, d.group, 2}, usual)->has_value());
}

double one_outside(double c) { return std::erfc(c / std::numbers::sqrt2); }

TEST(NormalBox, KnownProbabilities) {
  // Independent: 1 - (1 - a)^m.
  for (const std::size_t m : {2U, 3U, 4U}) {
    std::vector<double> r(m * m, 0);
    for (std::size_t i = 0; i < m; ++i) r[i * m + i] = 1;
    for (const double c : {0.5, 2.0, 4.0}) {
      const double want = -std::expm1(static_cast<double>(m) * std::log1p(-one_outside(c)));
      EXPECT_NEAR(*normal_outside_box(r, m, c) / want, 1, m < 4 ? 1e-9 : 3e-3) << m << " " << c;
    }
  }
  // Perfect correlation, and two copies among three: fewer dimensions than numbers.
  EXPECT_NEAR(*normal_outside_box(std::vector<double>{1, -1, -1, 1}, 2, 2), one_outside(2), 1e-12);
  const std::vector<double> copies{1, 1, 0.3, 1, 1, 0.3, 0.3, 0.3, 1};
  EXPECT_NEAR(*normal_outside_box(copies, 3, 2.2),
              *normal_outside_box(std::vector<double>{1, 0.3, 0.3, 1}, 2, 2.2), 1e-12);
}

// Given one of two numbers the other is normal: an integral done here by a midpoint rule.
TEST(NormalBox, TwoAndThreeCorrelatedNumbersByConditioning) {
  const boost::math::normal normal;
  const double c = 1.7;
  const double r = 0.6;
  // Three numbers with one common factor: Z_i = sqrt(r) F + sqrt(1 - r) E_i.
  const int steps = 40'000;
  double inside2 = 0;
  double inside3 = 0;
  for (int i = 0; i < steps; ++i) {
    const double f = -9 + 18 * (i + 0.5) / steps;
    const double a = (c - std::sqrt(r) * f) / std::sqrt(1 - r);
    const double b = (-c - std::sqrt(r) * f) / std::sqrt(1 - r);
    const double one = cdf(normal, a) - cdf(normal, b);
    inside2 += pdf(normal, f) * one * one * 18 / steps;
    inside3 += pdf(normal, f) * one * one * one * 18 / steps;
  }
  EXPECT_NEAR(*normal_outside_box(std::vector<double>{1, r, r, 1}, 2, c), 1 - inside2, 1e-9);
  EXPECT_NEAR(*normal_outside_box(std::vector<double>{1, r, r, r, 1, r, r, r, 1}, 3, c),
              1 - inside3, 1e-9);
}

TEST(NormalBox, WhatIsNoCorrelationIsRefused) {
  EXPECT_FALSE(normal_outside_box(std::vector<double>{1, 2, 2, 1}, 2, 1));
  EXPECT_FALSE(
      normal_outside_box(std::vector<double>{1, 0.9, -0.9, 0.9, 1, 0.9, -0.9, 0.9, 1}, 3, 1));
  EXPECT_FALSE(normal_outside_box(std::vector<double>{1}, 2, 1));
  EXPECT_FALSE(normal_outside_box(std::vector<double>{1}, 1, -1));
}

// Weights of a thousand million people give z of ten thousand: the chance is below all numbers, and
// was once integrated over all the way there.
TEST(MaxCombo, AStatisticBeyondAllChanceTakesNoTime) {
  const std::array<double, 9> correlation{1, 0.8, 0.3, 0.8, 1, 0.1, 0.3, 0.1, 1};
  for (const double c : {39.0, 15000.0, 1e12, 1e200}) {
    const auto p = normal_outside_box(correlation, 3, c);
    ASSERT_TRUE(p);
    EXPECT_EQ(*p, 0);
  }
  const auto near = normal_outside_box(correlation, 3, 37);
  ASSERT_TRUE(near);
  // Between one weighting's chance, 2 * pnorm(-37) of R, and three times that.
  EXPECT_GE(*near, 1.14511424e-299);
  EXPECT_LE(*near, 3.43534274e-299);
}

}  // namespace
