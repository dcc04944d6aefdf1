#include "ombre/plans/dose_grid.hpp"

#include <gtest/gtest.h>
#include <cmath>

#include <algorithm>
#include <cstdint>
#include <map>
#include <numeric>
#include <optional>
#include <tuple>
#include <vector>

#include "dispense_support.hpp"

using namespace dispense_test;
using namespace ombre::plans::literals;
using ombre::Errc;
using ombre::RandomStream;
using ombre::Seed;
using plans::DayShares;
using plans::Dispensed;
using plans::DoseGrid;
using plans::IntakeLimits;
using plans::LiquidUse;

namespace {

Dispensed best(Amount amount, const std::vector<Product>& products, IntakeLimits limits = {}) {
  const auto answer = plans::dispense_intake(amount, products, limits);
  EXPECT_TRUE(answer) << describe(answer.error());
  EXPECT_TRUE(answer && answer->has_value()) << plans::text(amount);
  return answer && *answer ? **answer : Dispensed{};
}

// The written order of preference, applied to every multiset of pieces by plain enumeration.
struct Brute {
  // pieces, kinds, broken, then (by item in preferred order) minus the counts, then volume
  using Key = std::tuple<int, int, int, std::vector<int>, std::int64_t, std::int64_t>;
  struct Item {
    std::int64_t micro;
    int quarters;
    std::size_t product;
  };

  Brute(const std::vector<Product>& products, std::int64_t largest, IntakeLimits limits)
      : products_{products}, largest_{largest}, limits_{limits} {
    for (const int quarters : {4, 2, 1}) {
      std::vector<Item> some;
      for (std::size_t p = 0; p < products.size(); ++p) {
        const Product& product = products[p];
        if (!product.in_stock() || product.is_liquid()) continue;
        if (quarters < static_cast<int>(product.division())) continue;
        if (quarters < static_cast<int>(limits.finest)) continue;
        some.push_back({product.strength().micro() * quarters / 4, quarters, p});
      }
      std::stable_sort(some.begin(), some.end(), [&](const Item& a, const Item& b) {
        if (a.micro != b.micro) return a.micro > b.micro;
        return products[a.product].form() < products[b.product].form();
      });
      items_.insert(items_.end(), some.begin(), some.end());
    }
    counts_.assign(items_.size(), 0);
    if (limits.liquid == LiquidUse::only) {
      finish(0, 0, 0, 0);
    } else {
      enumerate(0, 0, 0, 0, 0);
    }
    // Solid combinations come first wherever there is one, unless liquids only are wanted.
    for (auto& [micro, key] : with_liquid_) best_.try_emplace(micro, key);
  }

  void enumerate(std::size_t i, std::int64_t micro, int pieces, int kinds, int broken) {
    if (i == items_.size()) {
      finish(micro, pieces, kinds, broken);
      return;
    }
    for (int c = 0; pieces + c <= limits_.max_pieces && micro + c * items_[i].micro <= largest_;
         ++c) {
      counts_[i] = c;
      enumerate(i + 1, micro + c * items_[i].micro, pieces + c, kinds + (c > 0 ? 1 : 0),
                broken + (items_[i].quarters < 4 ? c : 0));
    }
    counts_[i] = 0;
  }

  void finish(std::int64_t micro, int pieces, int kinds, int broken) {
    std::vector<int> minus(counts_.size());
    std::transform(counts_.begin(), counts_.end(), minus.begin(), std::negate<>{});
    keep(best_, micro, Key{pieces, kinds, broken, minus, 0, 0});
    if (limits_.liquid == LiquidUse::never || pieces == limits_.max_pieces) return;
    for (const Product& product : products_) {
      if (!product.is_liquid() || !product.in_stock()) continue;
      const std::int64_t most = product.largest_volume().micro() / product.graduation().micro();
      for (std::int64_t v = 1; v <= most; ++v) {
        const std::int64_t total = micro + v * product.per_graduation().micro();
        if (total > largest_) break;
        // Weaker liquid first, then the smaller volume, then the solids' own preference.
        keep(with_liquid_, total,
             Key{pieces + 1, kinds + 1, broken, {}, product.strength().micro(), v});
      }
    }
  }

  static void keep(std::map<std::int64_t, Key>& best, std::int64_t micro, const Key& key) {
    const auto [at, fresh] = best.try_emplace(micro, key);
    if (!fresh && key < at->second) at->second = key;
  }

  std::vector<Product> products_;
  std::int64_t largest_;
  IntakeLimits limits_;
  std::vector<Item> items_;
  std::vector<int> counts_;
  std::map<std::int64_t, Key> best_;
  std::map<std::int64_t, Key> with_liquid_;
};

}  // namespace

TEST(DoseGrid, EveryAmountAndItsBestCombinationAgreeWithPlainEnumeration) {
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
    SCOPED_TRACE(seed);
    RandomStream random{Seed{seed}, 1};
    const std::vector<Product> shelf = random_shelf(random);
    IntakeLimits limits;
    limits.max_pieces = static_cast<std::int32_t>(1 + random.below(4));
    limits.liquid = static_cast<LiquidUse>(random.below(3));
    limits.finest = random.below(3) == 0 ? Division::halves : Division::quarters;
    const Amount largest = mg(static_cast<std::int64_t>(5 + random.below(30)) * 1'000'000);
    const Brute brute{shelf, largest.micro(), limits};
    const auto grid = DoseGrid::build(shelf, largest, limits);
    ASSERT_TRUE(grid) << describe(grid.error());
    ASSERT_EQ(grid->size(), brute.best_.size());
    std::size_t i = 0;
    for (const auto& [micro, key] : brute.best_) {
      ASSERT_EQ(grid->micro()[i], micro);
      const auto got = grid->dispense(mg(micro));
      ASSERT_TRUE(got);
      EXPECT_EQ(sum_of(*got, shelf), micro);
      EXPECT_EQ(got->piece_count, std::get<0>(key)) << recipe(*got, shelf);
      EXPECT_EQ(got->kinds, std::get<1>(key)) << recipe(*got, shelf);
      EXPECT_EQ(got->broken, std::get<2>(key)) << recipe(*got, shelf);
      EXPECT_EQ(grid->pieces(i), got->piece_count);
      if (std::get<5>(key) == 0) {  // the exact tie rule for solids
        std::vector<int> minus(brute.items_.size(), 0);
        for (const plans::Piece& piece : got->pieces) {
          for (std::size_t k = 0; k < brute.items_.size(); ++k) {
            if (brute.items_[k].product == piece.product &&
                brute.items_[k].quarters == piece.quarters) {
              minus[k] = -static_cast<int>(piece.count);
            }
          }
        }
        EXPECT_EQ(minus, std::get<3>(key)) << recipe(*got, shelf);
      } else {
        const plans::Piece& measured = got->pieces.back();
        const Product& product = shelf[measured.product];
        EXPECT_EQ(product.strength().micro(), std::get<4>(key));
        EXPECT_EQ(measured.volume.micro() / product.graduation().micro(), std::get<5>(key));
      }
      ++i;
    }
  }
}

TEST(DoseGrid, TheOrderOfTheProductsChangesNothing) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    RandomStream random{Seed{seed}, 2};
    std::vector<Product> shelf = random_shelf(random);
    const auto first = DoseGrid::build(shelf, 25_mg);
    ASSERT_TRUE(first);
    std::vector<Product> shuffled = shelf;
    for (std::size_t i = shuffled.size(); i > 1; --i) {
      std::swap(shuffled[i - 1], shuffled[random.below(i)]);
    }
    const auto second = DoseGrid::build(shuffled, 25_mg);
    ASSERT_TRUE(second);
    ASSERT_TRUE(std::ranges::equal(first->micro(), second->micro()));
    for (const std::int64_t micro : first->micro()) {
      EXPECT_EQ(recipe(*first->dispense(mg(micro)), shelf),
                recipe(*second->dispense(mg(micro)), shuffled));
    }
  }
}

TEST(DispenseIntake, WholeTabletsAreTakenBeforeHalves) {
  const std::vector<Product> shelf{tablet(10_mg, Division::halves), tablet(5_mg, Division::halves)};
  EXPECT_EQ(recipe(best(15_mg, shelf), shelf), "1 x 10 mg tablet + 1 x 5 mg tablet");
  EXPECT_EQ(recipe(best(5_mg, shelf), shelf), "1 x 5 mg tablet");  // not half a 10 mg tablet
  EXPECT_EQ(recipe(best(2.5_mg, shelf), shelf), "1 x half of 5 mg tablet");
}

TEST(DispenseIntake, ALiquidIsUsedOnlyWhereTabletsCannotMakeTheAmount) {
  const std::vector<Product> shelf{tablet(10_mg, Division::halves), tablet(20_mg, Division::halves),
                                   liquid(2_mg, 0.1_ml, 5_ml)};
  EXPECT_EQ(recipe(best(15_mg, shelf), shelf), "1 x 10 mg tablet + 1 x half of 10 mg tablet");
  EXPECT_EQ(recipe(best(9.4_mg, shelf), shelf), "4.7 mL 2 mg/mL liquid");
  EXPECT_EQ(recipe(best(12.4_mg, shelf), shelf), "1 x 10 mg tablet + 1.2 mL 2 mg/mL liquid");
  IntakeLimits only;
  only.liquid = LiquidUse::only;
  EXPECT_EQ(recipe(best(10_mg, shelf, only), shelf), "5 mL 2 mg/mL liquid");
  IntakeLimits never;
  never.liquid = LiquidUse::never;
  EXPECT_FALSE(*plans::dispense_intake(9.4_mg, shelf, never));
}

TEST(DispenseIntake, WhatIsNotInStockIsNotUsed) {
  const std::vector<Product> shelf{tablet(10_mg), tablet(2_mg).out_of_stock()};
  EXPECT_FALSE(*plans::dispense_intake(2_mg, shelf));
  EXPECT_TRUE(*plans::dispense_intake(10_mg, shelf));
  const std::vector<Product> none{tablet(2_mg).out_of_stock()};
  EXPECT_EQ(plans::dispense_intake(2_mg, none).error().code, Errc::empty_input);
}

TEST(DispenseIntake, TheLimitOfPiecesHolds) {
  const std::vector<Product> shelf{tablet(1_mg)};
  IntakeLimits three;
  three.max_pieces = 3;
  EXPECT_TRUE(*plans::dispense_intake(3_mg, shelf, three));
  EXPECT_FALSE(*plans::dispense_intake(4_mg, shelf, three));
  EXPECT_EQ(best(0_mg, shelf).piece_count, 0);
  EXPECT_EQ(plans::text(best(0_mg, shelf), shelf), "nothing");
}

TEST(DispenseIntake, ExtendedReleaseMorphineComesInWholeTablets) {
  // Strengths: US labels, morphine extended release 15, 30, 60, 100, 200 mg.
  const std::vector<Product> shelf{er(15_mg), er(30_mg), er(60_mg), er(100_mg), er(200_mg)};
  EXPECT_EQ(recipe(best(90_mg, shelf), shelf),
            "1 x 60 mg extended-release tablet + 1 x 30 mg extended-release tablet");
  EXPECT_FALSE(*plans::dispense_intake(7.5_mg, shelf));
  EXPECT_FALSE(*plans::dispense_intake(20_mg, shelf));
}

TEST(DispenseIntake, BuprenorphinePointFourTabletsReachTheLastSteps) {
  // UK strengths 0.4, 2 and 8 mg; the UK steps 2, 1.6, 1.2, 0.8, 0.4 and the ones before them.
  const std::vector<Product> shelf{*Product::piece(Form::sublingual_tablet, 0.4_mg),
                                   *Product::piece(Form::sublingual_tablet, 2_mg),
                                   *Product::piece(Form::sublingual_tablet, 8_mg)};
  for (const auto& [amount, pieces] :
       {std::pair{16_mg, 2}, std::pair{14_mg, 4}, std::pair{12_mg, 3}, std::pair{10_mg, 2},
        std::pair{8_mg, 1}, std::pair{6_mg, 3}, std::pair{4_mg, 2}, std::pair{2_mg, 1},
        std::pair{1.6_mg, 4}, std::pair{1.2_mg, 3}, std::pair{0.8_mg, 2}, std::pair{0.4_mg, 1}}) {
    EXPECT_EQ(best(amount, shelf).piece_count, pieces) << plans::text(amount);
  }
}

TEST(NearestDispensable, GivesTheNeighboursOnBothSides) {
  const std::vector<Product> shelf{tablet(2_mg, Division::halves), tablet(5_mg)};
  const auto between = plans::nearest_dispensable(3.4_mg, shelf);
  ASSERT_TRUE(between);
  EXPECT_EQ(between->below, 3_mg);
  EXPECT_EQ(between->above, 4_mg);
  const auto exact = plans::nearest_dispensable(7_mg, shelf);
  EXPECT_EQ(exact->below, 7_mg);
  EXPECT_EQ(exact->above, 7_mg);
  IntakeLimits two;
  two.max_pieces = 2;
  const auto top = plans::nearest_dispensable(1000_mg, shelf, two);
  EXPECT_EQ(top->below, 10_mg);
  EXPECT_FALSE(top->above);
}

TEST(NearestDispensable, AgreesWithAWideGridOverRandomShelves) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE(seed);
    RandomStream random{Seed{seed}, 3};
    const std::vector<Product> shelf = random_shelf(random);
    const auto wide = DoseGrid::build(shelf, 120_mg);
    ASSERT_TRUE(wide);
    const Amount asked = mg(static_cast<std::int64_t>(random.below(20'000)) * 1'000);
    const auto got = plans::nearest_dispensable(asked, shelf);
    ASSERT_TRUE(got);
    EXPECT_EQ(got->below, *wide->at_or_below(asked));
    EXPECT_EQ(got->above, wide->at_or_above(asked));
  }
}

TEST(DayAmounts, AreTheSumsOfTheIntakes) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    RandomStream random{Seed{seed}, 4};
    const std::vector<Product> shelf = random_shelf(random);
    IntakeLimits limits;
    limits.max_pieces = static_cast<std::int32_t>(1 + random.below(3));
    const Amount largest = mg(static_cast<std::int64_t>(3 + random.below(40)) * 1'000'000);
    const auto grid = DoseGrid::build(shelf, largest, limits);
    ASSERT_TRUE(grid);
    std::vector<std::int64_t> sums{0};
    for (std::int32_t n = 1; n <= 3; ++n) {
      std::vector<std::int64_t> next;
      for (const std::int64_t a : sums) {
        for (const std::int64_t b : grid->micro()) {
          if (a + b <= largest.micro()) next.push_back(a + b);
        }
      }
      std::sort(next.begin(), next.end());
      next.erase(std::unique(next.begin(), next.end()), next.end());
      sums = next;
      const auto got = plans::day_amounts(*grid, n, largest);
      ASSERT_TRUE(got);
      EXPECT_EQ(*got, sums) << n;
    }
  }
}

TEST(SplitDay, VaSlowestScheduleOfMorphineThreeTimesADay) {
  // VA Opioid Taper Decision Tool, "slowest" example from 90 mg every 8 h, as remembered
  // (arithmetic only): 90-75-90, 75-75-90, 75-75-75, 75-60-75, 60-60-75, 60-60-60, 60-45-60,
  // 45-45-60, 45-45-45.
  const std::vector<Product> shelf{er(15_mg), er(30_mg), er(60_mg), er(100_mg), er(200_mg)};
  const auto grid = DoseGrid::build(shelf, 270_mg);
  ASSERT_TRUE(grid);
  const std::vector<std::vector<Amount>> rows{
      {90_mg, 75_mg, 90_mg}, {75_mg, 75_mg, 90_mg}, {75_mg, 75_mg, 75_mg},
      {75_mg, 60_mg, 75_mg}, {60_mg, 60_mg, 75_mg}, {60_mg, 60_mg, 60_mg},
      {60_mg, 45_mg, 60_mg}, {45_mg, 45_mg, 60_mg}, {45_mg, 45_mg, 45_mg}};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Amount day = mg(255'000'000 - static_cast<std::int64_t>(i) * 15'000'000);
    const auto split = plans::split_day(day, *grid, DayShares::even(3));
    ASSERT_TRUE(split && *split);
    EXPECT_EQ(**split, rows[i]) << plans::text(day);
  }
  // The end of the "slower" schedule: 15 mg every 12 h, then 15 mg at night.
  EXPECT_EQ(**plans::split_day(30_mg, *grid, DayShares::even(3)),
            (std::vector<Amount>{15_mg, 0_mg, 15_mg}));
  EXPECT_EQ(**plans::split_day(15_mg, *grid, DayShares::even(3)),
            (std::vector<Amount>{0_mg, 0_mg, 15_mg}));
}

TEST(SplitDay, IsTheBestOfAllSplitsByEnumeration) {
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    SCOPED_TRACE(seed);
    RandomStream random{Seed{seed}, 5};
    const std::vector<Product> shelf = random_shelf(random);
    IntakeLimits limits;
    limits.max_pieces = static_cast<std::int32_t>(1 + random.below(3));
    const auto grid = DoseGrid::build(shelf, 24_mg, limits);
    ASSERT_TRUE(grid);
    DayShares shares;
    shares.weights.clear();
    for (std::size_t i = 0; i < 3; ++i) {
      shares.weights.push_back(static_cast<std::uint32_t>(random.below(4)));
    }
    shares.weights[random.below(3)] += 1;
    const auto total = static_cast<std::int64_t>(
        std::accumulate(shares.weights.begin(), shares.weights.end(), 0U));
    const Amount day = mg(static_cast<std::int64_t>(random.below(48)) * 500'000);
    // largest deviation, pieces, kinds, broken, then last, first, second intake downward
    using Key = std::tuple<std::int64_t, int, int, int, std::int64_t, std::int64_t, std::int64_t>;
    std::optional<Key> wanted;
    for (const std::int64_t a : grid->micro()) {
      for (const std::int64_t b : grid->micro()) {
        const std::int64_t c = day.micro() - a - b;
        if (c < 0 || !grid->contains(mg(c))) continue;
        Key key{0, 0, 0, 0, -c, -a, -b};
        const std::int64_t intakes[] = {a, b, c};
        for (std::size_t i = 0; i < 3; ++i) {
          const Dispensed one = *grid->dispense(mg(intakes[i]));
          std::get<0>(key) = std::max(
              std::get<0>(key), std::abs(intakes[i] * total - day.micro() * shares.weights[i]));
          std::get<1>(key) += one.piece_count;
          std::get<2>(key) += one.kinds;
          std::get<3>(key) += one.broken;
        }
        if (!wanted || key < *wanted) wanted = key;
      }
    }
    const auto split = plans::split_day(day, *grid, shares);
    ASSERT_TRUE(split) << describe(split.error());
    ASSERT_EQ(split->has_value(), wanted.has_value()) << plans::text(day);
    if (!wanted) continue;
    EXPECT_EQ((**split)[2].micro(), -std::get<4>(*wanted));
    EXPECT_EQ((**split)[0].micro(), -std::get<5>(*wanted));
    EXPECT_EQ((**split)[1].micro(), -std::get<6>(*wanted));
  }
}

TEST(SplitDay, BedtimeHeavyGivesTheNightTheLargerPart) {
  const std::vector<Product> shelf{tablet(2_mg, Division::halves), tablet(5_mg), tablet(10_mg)};
  const auto grid = DoseGrid::build(shelf, 40_mg);
  ASSERT_TRUE(grid);
  EXPECT_EQ(**plans::split_day(40_mg, *grid, DayShares::bedtime_heavy(3)),
            (std::vector<Amount>{10_mg, 10_mg, 20_mg}));
  EXPECT_EQ(**plans::split_day(30_mg, *grid, DayShares{{1, 0, 2}}),
            (std::vector<Amount>{10_mg, 0_mg, 20_mg}));
}

// By hand: the shares of 7 mg are 2.33 each, a quarter of that is 0.58. UK diazepam: 2, 5 and 10 mg
// tablets that can be halved, 2 mg in 5 mL measured by 0.1 mL.
TEST(SplitDay, WithinTheToleranceSolidsComeBeforeLiquidsAndWholeOnesBeforeHalves) {
  const std::vector<Product> shelf{tablet(2_mg, Division::halves), tablet(5_mg, Division::halves),
                                   tablet(10_mg, Division::halves),
                                   *Product::liquid(mg(400'000), Amount::parse("0.1 mL").value(),
                                                    Amount::parse("10 mL").value())};
  const auto grid = DoseGrid::build(shelf, 30_mg);
  ASSERT_TRUE(grid);
  const auto split = [&](Amount day, std::uint32_t tolerance) {
    const auto out = plans::split_day(day, *grid, DayShares{{1, 1, 1}, tolerance});
    EXPECT_TRUE(out && *out);
    return out && *out ? **out : std::vector<Amount>{};
  };
  EXPECT_EQ(split(7_mg, 25), (std::vector<Amount>{2.5_mg, 2_mg, 2.5_mg}));
  EXPECT_NE(split(7_mg, 0), (std::vector<Amount>{2.5_mg, 2_mg, 2.5_mg}));
  // 4.5 mg: no split keeps within a quarter of 1.5 mg, and the closest with a liquid is 1 mg off
  // like 1 + 1 + 2.5 of three half tablets.
  EXPECT_EQ(split(4.5_mg, 25), (std::vector<Amount>{1_mg, 1_mg, 2.5_mg}));
  // 5 mg: 2, 2, 1 would be 0.67 off a share of 1.67, so the liquid makes it even.
  EXPECT_EQ(split(5_mg, 25), split(5_mg, 0));
  for (const Amount day : {6_mg, 12_mg, 15_mg, 18_mg, 24_mg, 30_mg}) {
    for (const Amount intake : split(day, 25)) {
      const auto made = grid->dispense(intake);
      ASSERT_TRUE(made);
      for (const auto& piece : made->pieces) EXPECT_NE(piece.quarters, 0);
    }
  }
}

// The ladder by enumeration: which is the first level with a split within the caps, and of its
// splits the smallest largest deviation.
TEST(SplitDay, TheLadderIsThatOfEnumeration) {
  int solid = 0;
  int liquid = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    RandomStream random{Seed{seed}, 6};
    const std::vector<Product> shelf = random_shelf(random);
    const auto grid = DoseGrid::build(shelf, 12_mg);
    ASSERT_TRUE(grid);
    const DayShares shares{{1 + static_cast<std::uint32_t>(random.below(3)), 1},
                           static_cast<std::uint32_t>(5 + random.below(40))};
    const std::int64_t total = shares.weights[0] + 1;
    const Amount day = mg(static_cast<std::int64_t>(2 + random.below(20)) * 500'000);
    const auto level_of = [&](std::int64_t micro) {
      int level = 0;
      const Dispensed made = *grid->dispense(mg(micro));
      for (const auto& piece : made.pieces) {
        level = std::max(level, piece.quarters == 4   ? 0
                                : piece.quarters == 2 ? 1
                                : piece.quarters == 1 ? 2
                                                      : 3);
      }
      return level;
    };
    struct One {
      std::int64_t off[2];
      int level;
    };
    std::vector<One> all;
    std::int64_t closest = std::numeric_limits<std::int64_t>::max();
    for (const std::int64_t a : grid->micro()) {
      const std::int64_t b = day.micro() - a;
      if (b < 0 || !grid->contains(mg(b))) continue;
      const One one{{std::abs(a * total - day.micro() * shares.weights[0]),
                     std::abs(b * total - day.micro() * shares.weights[1])},
                    std::max(level_of(a), level_of(b))};
      closest = std::min(closest, std::max(one.off[0], one.off[1]));
      all.push_back(one);
    }
    const auto got = plans::split_day(day, *grid, shares);
    ASSERT_TRUE(got);
    ASSERT_EQ(got->has_value(), !all.empty());
    if (all.empty()) continue;
    int level = 3;
    std::int64_t wanted = closest;
    for (int l = 2; l >= 0; --l) {
      std::int64_t best = std::numeric_limits<std::int64_t>::max();
      for (const One& one : all) {
        bool fits = one.level <= l;
        for (std::size_t i = 0; i < 2; ++i) {
          const std::int64_t cap =
              std::max(closest, day.micro() * shares.weights[i] * shares.tolerance_percent / 100);
          fits = fits && one.off[i] <= cap;
        }
        if (fits) best = std::min(best, std::max(one.off[0], one.off[1]));
      }
      if (best == std::numeric_limits<std::int64_t>::max()) continue;
      level = l;
      wanted = best;
    }
    const std::int64_t a = (**got)[0].micro();
    const std::int64_t b = (**got)[1].micro();
    EXPECT_EQ(std::max(std::abs(a * total - day.micro() * shares.weights[0]),
                       std::abs(b * total - day.micro() * shares.weights[1])),
              wanted);
    const int used = std::max(level_of(a), level_of(b));
    if (level < 3) {
      EXPECT_LE(used, level);
    }
    ++(used < 3 ? solid : liquid);
  }
  EXPECT_GT(solid, 20);
  EXPECT_GT(liquid, 5);
}

TEST(SplitDay, SharesThatMeanNothingAreRefused) {
  const std::vector<Product> shelf{tablet(2_mg)};
  const auto grid = DoseGrid::build(shelf, 40_mg);
  EXPECT_EQ(plans::split_day(4_mg, *grid, DayShares{{}}).error().code, Errc::empty_input);
  EXPECT_EQ(plans::split_day(4_mg, *grid, DayShares{{0, 0}}).error().code, Errc::out_of_range);
  EXPECT_EQ(plans::split_day(4_mg, *grid, DayShares{{10'001}}).error().code, Errc::out_of_range);
  EXPECT_EQ(plans::split_day(4_mg, *grid, DayShares::even(13)).error().code, Errc::out_of_range);
  EXPECT_EQ(plans::split_day(4_ml, *grid, DayShares::even(2)).error().code, Errc::contradiction);
  EXPECT_FALSE(*plans::split_day(5_mg, *grid, DayShares::even(2)));
  EXPECT_EQ(plans::split_day(4_mg, *grid, DayShares{{1, 1}, 101}).error().code, Errc::out_of_range);
}

TEST(DoseGrid, HostileShelvesAreRefusedWithTheReason) {
  EXPECT_EQ(DoseGrid::build({}, 10_mg).error().code, Errc::empty_input);
  const std::vector<Product> mixed{tablet(10_mg), *Product::patch(25_mcg_per_h, 3)};
  const auto wrong_unit = DoseGrid::build(mixed, 10_mg);
  ASSERT_FALSE(wrong_unit);
  EXPECT_EQ(describe(wrong_unit.error()),
            "products[1] = 25 mcg/h: must be in the unit of the doses, mg");
  // Strengths whose common divisor is a millionth of a milligram: the grid would explode.
  const std::vector<Product> odd{tablet(3.000001_mg), tablet(7_mg)};
  const auto fine = DoseGrid::build(odd, 100_mg);
  ASSERT_FALSE(fine);
  EXPECT_EQ(describe(fine.error()),
            "products = 0.000001 mg: is too fine a spacing up to 100 mg: use fewer or rounder "
            "strengths");
  for (const std::int32_t pieces : {0, -5, 201}) {
    IntakeLimits limits;
    limits.max_pieces = pieces;
    EXPECT_EQ(DoseGrid::build(mixed, 10_mg, limits).error().code, Errc::out_of_range);
  }
}

TEST(DoseGrid, HugeAmountsAndThousandsOfStrengthsAnswerOrRefuse) {
  const std::vector<Product> shelf{tablet(10_mg)};
  const auto huge = plans::dispense_intake(1000000000_mg, shelf);
  ASSERT_TRUE(huge);
  EXPECT_FALSE(*huge);  // eight tablets never make a tonne
  std::vector<Product> many;
  for (std::int64_t i = 1; i <= 3'000; ++i) many.push_back(tablet(mg(i * 1'000'000)));
  const auto one = plans::dispense_intake(2'999_mg, many);
  ASSERT_TRUE(one) << describe(one.error());
  EXPECT_EQ((*one)->piece_count, 1);
  for (std::int64_t i = 1; i <= 30'000; ++i) many.push_back(tablet(mg(i * 1'000'000 + 500'000)));
  EXPECT_EQ(plans::dispense_intake(30'000_mg, many).error().code, Errc::too_large);
  const std::vector<Product> strong{liquid(1000000_mg, 1000_ml, 1000000000_ml), tablet(1_mg)};
  const auto answer = DoseGrid::build(strong, 1000000000_mg);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Errc::too_large);
  const std::vector<Product> drop{liquid(0.001_mg, 0.001_ml, 1000000000_ml)};
  EXPECT_EQ(DoseGrid::build(drop, 1000_mg).error().code, Errc::too_large);
}
