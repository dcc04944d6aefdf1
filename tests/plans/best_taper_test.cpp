#include "ombre/plans/best_taper.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "dispense_support.hpp"

using namespace dispense_test;
using namespace ombre::plans::literals;
using ombre::Errc;
using ombre::RandomStream;
using ombre::Seed;
using plans::BestTaper;
using plans::BestTaperRequest;
using plans::DropMeasure;
using plans::EffectCurve;
using plans::HoldBand;

namespace {

std::vector<Product> diazepam() {
  return {tablet(2_mg, Division::quarters), tablet(5_mg, Division::halves),
          tablet(10_mg, Division::halves)};
}

BestTaperRequest asked(Amount start, Amount goal, const std::vector<Product>& products) {
  BestTaperRequest out;
  out.start = start;
  out.goal = goal;
  out.products = products;
  return out;
}

struct Way {
  std::int64_t pieces;
  std::vector<std::int64_t> falling;  // negated doses: smaller is "higher doses first"
  friend auto operator<=>(const Way&, const Way&) = default;
};

}  // namespace

TEST(BestTaper, TheFrontIsThatOfPlainEnumeration) {
  std::size_t points = 0;
  for (std::uint64_t seed = 0; seed < 1'200; ++seed) {
    SCOPED_TRACE(seed);
    RandomStream random{Seed{seed}, 7};
    const std::vector<Product> shelf = random_shelf(random, false);
    const Amount start = mg(static_cast<std::int64_t>(3 + random.below(9)) * 1'000'000 +
                            static_cast<std::int64_t>(random.below(2)) * 300'000);
    BestTaperRequest request = asked(start, 0_mg, shelf);
    request.limits.max_pieces = static_cast<std::int32_t>(1 + random.below(3));
    request.limits.finest = Division::halves;
    request.measure = static_cast<DropMeasure>(random.below(3));
    request.curve = *EffectCurve::from(0.3 + 0.7 * random.uniform(), 0.2 + 8 * random.uniform());
    if (random.below(2) == 0) request.ceiling.of_current = 60_pct;
    if (random.below(3) == 0) request.ceiling.absolute = 4_mg;
    request.ceiling.exempt_cut = mg(static_cast<std::int64_t>(random.below(3)) * 500'000);
    if (random.below(2) == 0) request.ceiling.stop_from = 1.5_mg;
    request.step_days = 7;
    request.max_days = static_cast<std::int32_t>(7 * (1 + random.below(9)));
    const std::vector<HoldBand> bands{{2_mg, 14}, {4_mg, 7}};
    if (random.below(2) == 0) request.slower_below = bands;

    const auto grid = plans::DoseGrid::build(shelf, start, request.limits);
    ASSERT_TRUE(grid);
    std::vector<std::int64_t> nodes;
    for (const std::int64_t micro : grid->micro()) {
      if (micro < start.micro()) nodes.push_back(micro);
    }
    std::ranges::reverse(nodes);  // falling, the goal last
    ASSERT_LE(nodes.size(), 26U);
    const auto drop_of = [&](std::int64_t from, std::int64_t to) {
      const double a = static_cast<double>(from) / 1e6;
      const double b = static_cast<double>(to) / 1e6;
      if (request.measure == DropMeasure::effect) {
        return request.curve->effect(a) - request.curve->effect(b);
      }
      if (request.measure == DropMeasure::amount) return a - b;
      if (from - to <= request.ceiling.exempt_cut->micro()) return 0.0;
      if (request.ceiling.stop_from && from <= request.ceiling.stop_from->micro()) return 0.0;
      return static_cast<double>(from - to) / static_cast<double>(from);
    };
    // All falling series, by recursion; the best of each (days, drop).
    std::map<std::pair<std::int32_t, double>, Way> ways;
    std::vector<std::int64_t> path;
    const std::function<void(std::int64_t, std::size_t, std::int32_t, double, std::int64_t)> go =
        [&](std::int64_t at, std::size_t from, std::int32_t days, double drop,
            std::int64_t pieces) {
          for (std::size_t i = from; i < nodes.size(); ++i) {
            const std::int64_t to = nodes[i];
            if (to < plans::least_after(mg(at), start, request.ceiling).micro()) continue;
            std::int32_t hold = request.step_days;
            for (const HoldBand& band : request.slower_below) {
              if (to <= band.at_or_below.micro()) hold = std::max(hold, band.days);
            }
            if (days + hold > request.max_days) continue;
            const double worst = std::max(drop, drop_of(at, to));
            const std::int64_t more =
                pieces + std::int64_t{grid->dispense(mg(to))->piece_count} * hold;
            path.push_back(to);
            if (to == 0) {
              Way way{more, {}};
              for (const std::int64_t dose : path) way.falling.push_back(-dose);
              const auto [entry, fresh] = ways.try_emplace({days + hold, worst}, way);
              if (!fresh) entry->second = std::min(entry->second, way);
            } else {
              go(to, i + 1, days + hold, worst, more);
            }
            path.pop_back();
          }
        };
    go(start.micro(), 0, 0, 0, 0);

    const auto front = plans::best_taper_front(request);
    ASSERT_TRUE(front) << describe(front.error());
    std::size_t k = 0;
    double best = std::numeric_limits<double>::infinity();
    for (const auto& [key, way] : ways) {  // by days, then by drop
      const auto& [days, drop] = key;
      if (drop >= best) continue;
      best = drop;
      // Among all ways of at most this time and drop there may be none cheaper in another cell:
      // fewer days would mean an earlier point, a smaller drop a smaller key.
      ASSERT_LT(k, front->plans.size());
      const BestTaper& plan = front->plans[k++];
      EXPECT_EQ(plan.days, days);
      EXPECT_EQ(plan.largest_drop, drop);
      EXPECT_EQ(plan.piece_days, way.pieces);
      std::vector<std::int64_t> falling;
      for (const auto& step : plan.steps) falling.push_back(-step.dose.micro());
      EXPECT_EQ(falling, way.falling);
      ++points;
    }
    EXPECT_EQ(k, front->plans.size());
  }
  EXPECT_GT(points, 1'000U);
}

TEST(BestTaper, EqualMilligramStepsMinimiseTheLargestAmount) {
  // 40 mg with 0.5 mg spacing in n steps: the smallest largest cut is 40/n rounded up to 0.5 mg.
  const auto shelf = diazepam();
  BestTaperRequest request = asked(40_mg, 0_mg, shelf);
  request.measure = DropMeasure::amount;
  request.max_days = 40 * 7;
  const auto front = plans::best_taper_front(request);
  ASSERT_TRUE(front) << describe(front.error());
  for (const BestTaper& plan : front->plans) {
    const int steps = plan.days / 7;
    const double cut = std::ceil(80.0 / steps) / 2;
    EXPECT_EQ(plan.largest_drop, cut) << steps;
  }
  EXPECT_EQ(front->plans.front().steps.size(), 1U);
  EXPECT_EQ(plans::gentlest_within(*front, 35 * 7)->largest_drop, 1.5);
  EXPECT_EQ(plans::shortest_below(*front, 2)->days, 20 * 7);
  EXPECT_EQ(plans::gentlest_within(*front, 3), nullptr);
  EXPECT_EQ(plans::shortest_below(*front, 0.1), nullptr);
}

TEST(BestTaper, FollowsTheHyperbolicCurveAsCloselyAsDropsAllow) {
  // With 0.2 mg spacing, 8 steps of citalopram cannot lose less than the ideal 10.04 points each,
  // and need not lose much more.
  const std::vector<Product> shelf{tablet(10_mg, Division::halves), tablet(20_mg),
                                   liquid(2_mg, 0.1_ml, 10_ml)};
  BestTaperRequest request = asked(20_mg, 0_mg, shelf);
  request.curve = *EffectCurve::from(0.92, 2.9);
  request.step_days = 28;
  request.max_days = 8 * 28;
  const auto front = plans::best_taper_front(request);
  ASSERT_TRUE(front);
  const BestTaper& eight = front->plans.back();
  EXPECT_EQ(eight.days, 8 * 28);
  EXPECT_GE(eight.largest_drop, 0.92 * 20 / 22.9 / 8);
  EXPECT_LE(eight.largest_drop, 0.112);  // the last step, from 0.4 mg, loses 11.15 points
  // Rounding each ideal dose by itself (9.4 5.6 3.4 2.2 1.4 0.8 0.4 0) is never better.
  const std::vector<double> rounded{20, 9.4, 5.6, 3.4, 2.2, 1.4, 0.8, 0.4, 0};
  const auto losses = plans::effect_losses(*request.curve, rounded);
  EXPECT_LE(eight.largest_drop, *std::ranges::max_element(*losses));
  for (std::size_t i = 1; i < front->plans.size(); ++i) {
    EXPECT_GT(front->plans[i].days, front->plans[i - 1].days);
    EXPECT_LT(front->plans[i].largest_drop, front->plans[i - 1].largest_drop);
  }
}

TEST(BestTaper, TheCeilingOfTwentyFivePercentInFourteenDaysIsNeverCrossed) {
  const auto shelf = diazepam();
  BestTaperRequest request = asked(40_mg, 0_mg, shelf);
  request.measure = DropMeasure::percent_of_current;
  request.ceiling.of_current = 25_pct;
  request.ceiling.window_days = 14;
  request.ceiling.exempt_cut = 0.5_mg;
  request.step_days = 14;
  request.max_days = 60 * 14;
  const auto front = plans::best_taper_front(request);
  ASSERT_TRUE(front);
  ASSERT_FALSE(front->plans.empty());
  for (const BestTaper& plan : front->plans) {
    Amount before = 40_mg;
    for (const auto& step : plan.steps) {
      const std::int64_t cut = before.micro() - step.dose.micro();
      EXPECT_TRUE(cut * 4 <= before.micro() || cut <= 500'000);
      before = step.dose;
    }
    EXPECT_EQ(before, 0_mg);
  }
  // Shortest by hand-checked greedy: the lowest dose allowed at each step.
  std::size_t greedy = 0;
  Amount at = 40_mg;
  const auto grid = plans::DoseGrid::build(shelf, 40_mg);
  while (!at.is_zero()) {
    at = *grid->at_or_above(plans::least_after(at, 40_mg, request.ceiling));
    ++greedy;
  }
  EXPECT_EQ(front->plans.front().steps.size(), greedy);
}

TEST(BestTaper, EveryDoseOfAPlanIsDispensableWithoutError) {
  const auto shelf = diazepam();
  BestTaperRequest request = asked(37.25_mg, 0_mg, shelf);
  request.curve = *EffectCurve::from(1, 12);
  request.shares = plans::DayShares::even(2);
  request.max_days = 26 * 7;
  const auto front = plans::best_taper_front(request);
  ASSERT_TRUE(front);
  const BestTaper& plan = front->plans.back();
  std::vector<plans::IdealStep> ideal;
  for (const auto& step : plan.steps) ideal.push_back({step.dose, 7});
  plans::DispenseRequest dispense;
  dispense.start = request.start;
  dispense.ideal = ideal;
  dispense.products = shelf;
  dispense.shares = request.shares;
  const auto got = plans::dispense_plan(dispense);
  ASSERT_TRUE(got);
  EXPECT_FALSE(got->misfit);
  EXPECT_EQ(got->total_error_micro, 0);
  std::int64_t pieces = 0;
  for (const auto& step : got->steps) {
    for (const auto& intake : step.intakes) pieces += intake.piece_count * step.days;
  }
  EXPECT_EQ(pieces, plan.piece_days);
}

TEST(BestTaper, AGoalAboveZeroIsAnEnd) {
  const std::vector<Product> shelf{tablet(5_mg), tablet(10_mg)};
  BestTaperRequest request = asked(60_mg, 40_mg, shelf);
  request.measure = DropMeasure::percent_of_current;
  request.step_days = 14;
  request.max_days = 14 * 12;
  const auto front = plans::best_taper_front(request);
  ASSERT_TRUE(front);
  ASSERT_FALSE(front->plans.empty());
  for (const BestTaper& plan : front->plans) EXPECT_EQ(plan.steps.back().dose, 40_mg);
  EXPECT_EQ(front->plans.back().steps.size(), 4U);  // 55, 50, 45, 40
}

TEST(BestTaper, WhereNoWayLeadsDownTheFrontIsEmpty) {
  const std::vector<Product> capsules{*Product::piece(Form::capsule, 75_mg)};
  BestTaperRequest request = asked(150_mg, 0_mg, capsules);
  request.measure = DropMeasure::amount;
  request.ceiling.absolute = 50_mg;
  const auto front = plans::best_taper_front(request);
  ASSERT_TRUE(front);
  EXPECT_TRUE(front->plans.empty());
}

TEST(BestTaper, RequestsThatCannotBeUsedNameTheField) {
  const auto shelf = diazepam();
  const auto refusal = [&](const std::function<void(BestTaperRequest&)>& change) {
    BestTaperRequest request = asked(40_mg, 0_mg, shelf);
    request.measure = DropMeasure::amount;
    change(request);
    const auto front = plans::best_taper_front(request);
    EXPECT_FALSE(front);
    return front ? std::string{}
                 : std::string{name(front.error().code)} + ' ' + front.error().field;
  };
  const std::vector<HoldBand> no_days{{5_mg, 0}};
  const std::vector<HoldBand> no_unit{{5_ml, 7}};
  EXPECT_EQ(refusal([](auto& r) { r.measure = DropMeasure::effect; }), "missing curve");
  EXPECT_EQ(refusal([](auto& r) { r.measure = DropMeasure::percent_of_current; }),
            "missing stop_from");
  EXPECT_EQ(refusal([](auto& r) { r.measure = static_cast<DropMeasure>(9); }),
            "unknown_name measure");
  // A literal in a lambda with auto is lost by clang 14.
  EXPECT_EQ(refusal([](BestTaperRequest& r) { r.goal = 40_mg; }), "contradiction goal");
  EXPECT_EQ(refusal([](BestTaperRequest& r) { r.goal = 3.3_mg; }), "contradiction goal");
  EXPECT_EQ(refusal([](BestTaperRequest& r) { r.goal = 0_ml; }), "contradiction goal");
  EXPECT_EQ(refusal([](auto& r) { r.step_days = 0; }), "out_of_range step_days");
  EXPECT_EQ(refusal([](auto& r) { r.max_days = 6; }), "out_of_range max_days");
  EXPECT_EQ(refusal([](auto& r) { r.ceiling.window_days = -1; }), "out_of_range window_days");
  EXPECT_EQ(refusal([&](auto& r) { r.slower_below = no_days; }), "out_of_range slower_below");
  EXPECT_EQ(refusal([&](auto& r) { r.slower_below = no_unit; }), "contradiction slower_below");
  EXPECT_EQ(refusal([](auto& r) { r.max_grid = 10; }), "too_large products");
  EXPECT_EQ(refusal([](auto& r) { r.products = {}; }), "empty_input products");
}

TEST(BestTaper, AnAskedForStopEndsTheSearch) {
  const auto shelf = diazepam();
  BestTaperRequest request = asked(40_mg, 0_mg, shelf);
  request.measure = DropMeasure::amount;
  int calls = 0;
  const auto front = plans::best_taper_front(request, [&](double) { return ++calls < 3; });
  ASSERT_FALSE(front);
  EXPECT_EQ(front.error().code, Errc::cancelled);
}

// Every falling series with every way of waiting, on the lattice of days that the request's lengths
// span: the front of time against the largest drop under a window longer than a step.
TEST(BestTaper, AWindowLongerThanAStepGivesTheFrontOfPlainEnumeration) {
  std::size_t points = 0;
  std::size_t waits = 0;
  for (std::uint64_t seed = 0; seed < 1'200; ++seed) {
    SCOPED_TRACE(seed);
    RandomStream random{Seed{seed}, 11};
    const std::vector<Product> shelf{tablet(1_mg, Division::whole), tablet(4_mg)};
    const Amount start = mg(static_cast<std::int64_t>(4 + random.below(6)) * 1'000'000);
    BestTaperRequest request = asked(start, 0_mg, shelf);
    request.measure = static_cast<DropMeasure>(random.below(3));
    request.curve = *EffectCurve::from(0.3 + 0.7 * random.uniform(), 0.2 + 8 * random.uniform());
    request.ceiling.of_current = random.below(2) == 0 ? 60_pct : 40_pct;
    if (random.below(3) == 0) request.ceiling.absolute = 3_mg;
    request.ceiling.exempt_cut = mg(static_cast<std::int64_t>(random.below(2)) * 1'000'000);
    request.ceiling.stop_from = 1_mg;
    request.step_days = 7;
    request.ceiling.window_days = random.below(2) == 0 ? 14 : 21;
    request.max_days = static_cast<std::int32_t>(7 * (3 + random.below(6)));
    const std::vector<HoldBand> bands{{2_mg, 14}};
    if (random.below(2) == 0) request.slower_below = bands;

    const auto grid = plans::DoseGrid::build(shelf, start, request.limits);
    ASSERT_TRUE(grid);
    const auto hold_of = [&](std::int64_t dose) {
      return !request.slower_below.empty() && dose <= 2'000'000 ? 2 : 1;  // weeks
    };
    const auto drop_of = [&](std::int64_t from, std::int64_t to) {
      const double a = static_cast<double>(from) / 1e6;
      const double b = static_cast<double>(to) / 1e6;
      if (request.measure == DropMeasure::effect) {
        return request.curve->effect(a) - request.curve->effect(b);
      }
      if (request.measure == DropMeasure::amount) return a - b;
      if (from - to <= request.ceiling.exempt_cut->micro()) return 0.0;
      if (from <= 1'000'000) return 0.0;
      return static_cast<double>(from - to) / static_cast<double>(from);
    };
    const int weeks = request.max_days / 7;
    const int window = request.ceiling.window_days / 7;
    std::vector<double> best(static_cast<std::size_t>(weeks) + 1, 1e9);  // by total weeks
    // dose[t]: in force in week t.
    std::vector<std::int64_t> dose;
    const std::function<void(int, double)> go = [&](int held, double drop) {
      const int t = static_cast<int>(dose.size());
      const std::int64_t now = t == 0 ? start.micro() : dose.back();
      if (t > 0 && now == 0) {
        const int total = t - 1 + hold_of(0);
        if (total <= weeks) {
          best[static_cast<std::size_t>(total)] =
              std::min(best[static_cast<std::size_t>(total)], drop);
        }
        return;
      }
      if (t >= weeks) return;
      if (t > 0) {  // wait; the first cut is at once
        dose.push_back(now);
        go(held + 1, drop);
        dose.pop_back();
        if (held < hold_of(now)) return;
      }
      const std::int64_t top =
          t - window < 0 ? start.micro() : dose[static_cast<std::size_t>(t - window)];
      for (const std::int64_t next : grid->micro()) {
        if (next >= now) break;
        std::int64_t cut = static_cast<std::int64_t>(
            static_cast<double>(top) * (request.ceiling.of_current == 60_pct ? 0.6 : 0.4) + 0.5);
        if (request.ceiling.absolute) cut = std::min(cut, std::int64_t{3'000'000});
        const bool small = now - next <= request.ceiling.exempt_cut->micro() || now <= 1'000'000;
        if (!small && next < top - cut) continue;
        dose.push_back(next);
        go(1, std::max(drop, drop_of(now, next)));
        dose.pop_back();
      }
    };
    go(0, 0);
    std::vector<std::pair<int, double>> wanted;
    double least = 1e9;
    for (int t = 0; t <= weeks; ++t) {
      if (best[static_cast<std::size_t>(t)] >= least) continue;
      least = best[static_cast<std::size_t>(t)];
      wanted.emplace_back(7 * t, least);
    }
    const auto front = plans::best_taper_front(request);
    ASSERT_TRUE(front) << describe(front.error());
    ASSERT_EQ(front->plans.size(), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const BestTaper& plan = front->plans[i];
      EXPECT_EQ(plan.days, wanted[i].first);
      EXPECT_EQ(plan.largest_drop, wanted[i].second);
      ++points;
      for (std::size_t k = 1; k < plan.steps.size(); ++k) {
        waits +=
            plan.steps[k].day - plan.steps[k - 1].day > 7 * hold_of(plan.steps[k - 1].dose.micro());
      }
    }
  }
  EXPECT_GT(points, 400U);
  EXPECT_GT(waits, 80U);  // waiting for a window to pass does happen
}

TEST(BestTaper, TwentyFivePercentInFourteenDaysHoldsForWeeklyStepsAsWell) {
  const auto shelf = diazepam();
  BestTaperRequest request = asked(20_mg, 0_mg, shelf);
  request.measure = DropMeasure::percent_of_current;
  request.ceiling.of_current = 25_pct;
  request.ceiling.window_days = 14;
  request.ceiling.exempt_cut = 0.5_mg;
  request.step_days = 7;
  request.max_days = 40 * 7;
  const auto front = plans::best_taper_front(request);
  ASSERT_TRUE(front) << describe(front.error());
  ASSERT_FALSE(front->plans.empty());
  for (const BestTaper& plan : front->plans) {
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
      // The dose in force fourteen days before this step.
      Amount top = 20_mg;
      for (std::size_t j = 0; j < i; ++j) {
        if (plan.steps[j].day <= plan.steps[i].day - 14) top = plan.steps[j].dose;
      }
      const Amount before = i == 0 ? 20_mg : plan.steps[i - 1].dose;
      const std::int64_t cut = top.micro() - plan.steps[i].dose.micro();
      EXPECT_TRUE(cut * 4 <= top.micro() || before.micro() - plan.steps[i].dose.micro() <= 500'000);
    }
  }
}
