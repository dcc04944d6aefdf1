#include <gtest/gtest.h>
#include <cmath>
#include <span>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "dispense_support.hpp"
#include "ombre/plans/dispense.hpp"
#include "ombre/plans/effect_curve.hpp"

using namespace dispense_test;
using namespace ombre::plans::literals;
using ombre::Errc;
using ombre::RandomStream;
using ombre::Seed;
using plans::CutCeiling;
using plans::DayShares;
using plans::DispensedPlan;
using plans::DispenseRequest;
using plans::IdealStep;
using plans::MisfitReason;
using plans::Rounding;

namespace {

/// Diazepam 2, 5 and 10 mg scored tablets (US and UK labels).
std::vector<Product> diazepam() {
  return {tablet(2_mg, Division::halves), tablet(5_mg, Division::halves),
          tablet(10_mg, Division::halves)};
}

/// Ashton 2002 from 40 mg: 2 mg a step to 20, 1 mg to 5, 0.5 mg to 0; 35 steps.
std::vector<IdealStep> ashton_40(std::int32_t days) {
  std::vector<IdealStep> steps;
  for (std::int64_t d = 38; d >= 20; d -= 2) steps.push_back({mg(d * 1'000'000), days});
  for (std::int64_t d = 19; d >= 5; --d) steps.push_back({mg(d * 1'000'000), days});
  for (std::int64_t d = 9; d >= 0; --d) steps.push_back({mg(d * 500'000), days});
  return steps;
}

DispenseRequest request(Amount start, const std::vector<IdealStep>& ideal,
                        const std::vector<Product>& products) {
  DispenseRequest out;
  out.start = start;
  out.ideal = ideal;
  out.products = products;
  return out;
}

DispensedPlan plan_of(const DispenseRequest& asked) {
  auto plan = plans::dispense_plan(asked);
  EXPECT_TRUE(plan) << describe(plan.error());
  return plan ? *std::move(plan) : DispensedPlan{};
}

std::vector<double> doses(const DispensedPlan& plan) {
  std::vector<double> out;
  for (const auto& step : plan.steps) out.push_back(step.dose.value());
  return out;
}

/// Windows checked from the definition: every pair of changes less than window_days apart.
bool keeps(const CutCeiling& ceiling, Amount start, const std::vector<std::int64_t>& path,
           const std::vector<IdealStep>& ideal) {
  std::vector<std::int64_t> dose{start.micro()};  // dose[i]: before change i
  dose.insert(dose.end(), path.begin(), path.end());
  std::vector<std::int64_t> day{0};
  for (const IdealStep& step : ideal) day.push_back(day.back() + step.days);
  const auto cap = [&](std::int64_t from) {
    std::int64_t cut = std::numeric_limits<std::int64_t>::max();
    // The doses of these tests are small: plain 64-bit products are exact.
    if (ceiling.of_current)
      cut = std::min(cut, from * ceiling.of_current->millionths() / 1'000'000);
    if (ceiling.of_original) {
      cut = std::min(cut, start.micro() * ceiling.of_original->millionths() / 1'000'000);
    }
    if (ceiling.absolute) cut = std::min(cut, ceiling.absolute->micro());
    return cut;
  };
  for (std::size_t j = 0; j < path.size(); ++j) {  // change j: dose[j] -> dose[j + 1]
    if (dose[j + 1] >= dose[j]) continue;
    if (ceiling.exempt_cut && dose[j] - dose[j + 1] <= ceiling.exempt_cut->micro()) continue;
    if (ceiling.stop_from && dose[j] <= ceiling.stop_from->micro()) continue;
    for (std::size_t i = 0; i <= j; ++i) {
      if (i < j && day[j] - day[i] >= ceiling.window_days) continue;
      if (dose[i] - dose[j + 1] > cap(dose[i])) return false;
    }
  }
  return true;
}

}  // namespace

TEST(DispensePlan, AshtonFromFortyMilligramsIsDispensableStepByStep) {
  const auto products = diazepam();
  const auto ideal = ashton_40(14);
  ASSERT_EQ(ideal.size(), 35U);  // Ashton 2002: 10 + 15 + 10 steps
  DispenseRequest asked = request(40_mg, ideal, products);
  asked.ceiling.of_current = 25_pct;  // joint guideline 2025: 25 % in 14 days
  asked.ceiling.window_days = 14;
  asked.ceiling.exempt_cut = 0.5_mg;
  // With halves 4.5, 3.5 and 2.5 mg can be made (half of 5 mg with 2 or half of 2 mg), 1.5 and
  // 0.5 mg cannot: 0.5 mg would be a quarter of the 2 mg tablet, which is scored once.
  const DispensedPlan halves = plan_of(asked);
  EXPECT_TRUE(halves.misfit);
  EXPECT_EQ(halves.misfit->reason, MisfitReason::end_not_reached);
  EXPECT_EQ(halves.misfit->spacing_that_fits, 0.5_mg);

  std::vector<Product> with_liquid = products;
  with_liquid.push_back(liquid(1_mg, 0.1_ml, 10_ml));
  asked.products = with_liquid;
  const DispensedPlan plan = plan_of(asked);
  ASSERT_FALSE(plan.misfit);
  EXPECT_EQ(plan.total_error_micro, 0);
  for (const auto& step : plan.steps) {
    ASSERT_EQ(step.intakes.size(), 1U);
    EXPECT_EQ(sum_of(step.intakes[0], with_liquid), step.dose.micro());
    EXPECT_EQ(step.error.micro, 0);
  }
  // Percent of current runs 5.0 -> 9.1, 5.0 -> 16.7, 10 -> 100 (worked by hand from the steps).
  EXPECT_NEAR(*plan.steps[0].cut_percent_of_current, 5.0, 1e-12);
  EXPECT_NEAR(*plan.steps[9].cut_percent_of_current, 100.0 * 2 / 22, 1e-12);
  EXPECT_NEAR(*plan.steps[10].cut_percent_of_current, 5.0, 1e-12);
  EXPECT_NEAR(*plan.steps[24].cut_percent_of_current, 100.0 / 6, 1e-12);
  EXPECT_NEAR(*plan.steps[25].cut_percent_of_current, 10.0, 1e-12);
  EXPECT_NEAR(*plan.steps[34].cut_percent_of_current, 100.0, 1e-12);
  EXPECT_NEAR(*plan.steps[34].cut_percent_of_original, 1.25, 1e-12);
}

TEST(DispensePlan, AshtonAboveFiveMilligramsNeedsOnlyTwoFiveTenTablets) {
  const auto products = diazepam();
  auto ideal = ashton_40(14);
  ideal.resize(25);  // 38 .. 5 mg
  const DispensedPlan plan = plan_of(request(40_mg, ideal, products));
  ASSERT_FALSE(plan.misfit);
  EXPECT_EQ(plan.total_error_micro, 0);
  // Worked by hand: fewest pieces, e.g. 38 = 3 x 10 + 5 + 2 + half of 2.
  const auto recipe_of = [&](std::size_t k) { return recipe(plan.steps[k].intakes[0], products); };
  EXPECT_EQ(recipe_of(9), "2 x 10 mg tablet");                                       // 20 mg
  EXPECT_EQ(recipe_of(12), "1 x 10 mg tablet + 1 x 5 mg tablet + 1 x 2 mg tablet");  // 17 mg
  EXPECT_EQ(recipe_of(22), "1 x 5 mg tablet + 1 x 2 mg tablet");                     // 7 mg
  EXPECT_EQ(recipe_of(24), "1 x 5 mg tablet");                                       // 5 mg
}

TEST(DispensePlan, CdcTenPercentWeeksStayAtOrUnderTheCeilingAndReportTheRounding) {
  // CDC 2022 worked case A: 120, 108, 96, 84, 72, 60, 48, 36, then 10 % of the rest.
  std::vector<IdealStep> ideal;
  for (const char* dose : {"108", "96", "84", "72", "60", "48", "36", "32.4", "29.16", "26.244",
                           "23.6196", "21.25764", "19.131876"}) {
    ideal.push_back({*Amount::parse(dose, DoseUnit::mg), 7});
  }
  const std::vector<Product> products{*Product::piece(Form::tablet, 15_mg, Division::halves),
                                      tablet(30_mg, Division::halves), liquid(2_mg, 0.5_ml, 20_ml)};
  const DispensedPlan plan = plan_of(request(120_mg, ideal, products));
  ASSERT_FALSE(plan.misfit);
  ASSERT_EQ(plan.steps.size(), ideal.size());
  for (std::size_t k = 0; k < 7; ++k) EXPECT_EQ(plan.steps[k].error.micro, 0) << k;
  EXPECT_GT(plan.findings.count("rounded_up"), 0U);
  for (const auto& step : plan.steps) {
    EXPECT_LE(std::abs(step.error.micro), 500'000);
    EXPECT_LE(step.change.micro, 0);
  }
}

TEST(DispensePlan, BuprenorphineUkStepsNeedThePointFourTablet) {
  // UK: 2 mg every 2 weeks from 16 to 2 mg, then 0.4 mg every 2 weeks: 7 + 5 steps.
  std::vector<IdealStep> ideal;
  for (std::int64_t d = 14; d >= 2; d -= 2) ideal.push_back({mg(d * 1'000'000), 14});
  for (std::int64_t d = 4; d >= 0; --d) ideal.push_back({mg(d * 400'000), 14});
  const std::vector<Product> us{*Product::piece(Form::sublingual_tablet, 2_mg),
                                *Product::piece(Form::sublingual_tablet, 8_mg)};
  const std::vector<Product> candidates{*Product::piece(Form::film, 4_mg),
                                        *Product::piece(Form::sublingual_tablet, 0.4_mg)};
  DispenseRequest asked = request(16_mg, ideal, us);
  asked.candidates = candidates;
  asked.largest_error = 0_mg;
  const DispensedPlan plan = plan_of(asked);
  ASSERT_TRUE(plan.misfit);
  EXPECT_EQ(plan.misfit->reason, MisfitReason::error_too_large);
  ASSERT_EQ(plan.misfit->remedies.size(), 1U);
  EXPECT_TRUE(plan.misfit->remedies[0].from_candidates);
  EXPECT_EQ(plan.misfit->remedies[0].index, 1U);
  EXPECT_EQ(plan.misfit->remedies[0].largest_error.micro, 0);
  // 14 ... 2 and 1.6 ... 0.4 have no coarser common spacing in the 1-2-5 series than 0.2.
  EXPECT_EQ(plan.misfit->spacing_that_fits, 0.2_mg);
  EXPECT_EQ(plan.findings.count("does_not_fit"), 1U);

  std::vector<Product> uk = us;
  uk.push_back(candidates[1]);
  asked.products = uk;
  EXPECT_FALSE(plan_of(asked).misfit);
}

TEST(DispensePlan, CitalopramHyperbolicStepsFollowWithTheLiquid) {
  // Test vector of the hyperbolic rule: Emax 0.92, ED50 2.9 mg, 20 mg in 8 equal steps.
  const std::vector<double> curve{9.398, 5.506, 3.486, 2.248, 1.412, 0.810, 0.355, 0};
  std::vector<IdealStep> ideal;
  for (const double dose : curve) ideal.push_back({*Amount::nearest(dose, DoseUnit::mg), 28});
  const std::vector<Product> tablets{tablet(10_mg, Division::halves),
                                     tablet(20_mg, Division::halves)};
  DispenseRequest asked = request(20_mg, ideal, tablets);
  asked.largest_error = 0.15_mg;
  const std::vector<Product> candidates{liquid(2_mg, 0.1_ml, 10_ml), tablet(40_mg)};
  asked.candidates = candidates;
  const DispensedPlan without = plan_of(asked);
  ASSERT_TRUE(without.misfit);
  EXPECT_EQ(without.misfit->reason, MisfitReason::error_too_large);
  ASSERT_EQ(without.misfit->remedies.size(), 1U);
  EXPECT_EQ(without.misfit->remedies[0].index, 0U);

  std::vector<Product> shelf = tablets;
  shelf.push_back(candidates[0]);
  asked.products = shelf;
  const DispensedPlan plan = plan_of(asked);
  ASSERT_FALSE(plan.misfit);
  // Nearest multiples of 0.2 mg, by hand.
  EXPECT_EQ(doses(plan), (std::vector<double>{9.4, 5.6, 3.4, 2.2, 1.4, 0.8, 0.4, 0}));
  EXPECT_EQ(recipe(plan.steps[0].intakes[0], shelf), "4.7 mL 2 mg/mL liquid");
}

TEST(DispensePlan, CapsulesAloneCannotFollowAndTheAnswerSaysWhatWould) {
  const std::vector<Product> capsules{*Product::piece(Form::capsule, 75_mg)};
  const std::vector<IdealStep> ideal{{120_mg, 28}, {100_mg, 28}, {80_mg, 28}, {60_mg, 28},
                                     {40_mg, 28},  {20_mg, 28},  {0_mg, 28}};
  DispenseRequest asked = request(150_mg, ideal, capsules);
  asked.ceiling.of_original = 20_pct;
  const std::vector<Product> candidates{*Product::piece(Form::capsule, 25_mg),
                                        *Product::piece(Form::capsule, 37.5_mg),
                                        liquid(20_mg, 0.5_ml, 10_ml)};
  asked.candidates = candidates;
  const DispensedPlan plan = plan_of(asked);
  ASSERT_TRUE(plan.misfit);
  EXPECT_EQ(plan.misfit->reason, MisfitReason::end_not_reached);
  EXPECT_EQ(plan.misfit->step, 1U);  // 150 is still the closest to 120; 100 would be 75
  for (const auto& step : plan.steps) EXPECT_EQ(step.dose, 150_mg);  // it holds, it never jumps
  // 25 mg steps are within 30 mg, 37.5 mg are not; the liquid comes closest.
  ASSERT_EQ(plan.misfit->remedies.size(), 2U);
  EXPECT_EQ(plan.misfit->remedies[0].index, 2U);
  EXPECT_EQ(plan.misfit->remedies[1].index, 0U);
}

TEST(DispensePlan, AStockedOutStrengthIsTheFirstRemedy) {
  const std::vector<Product> shelf{tablet(10_mg), tablet(2_mg).out_of_stock()};
  const std::vector<IdealStep> ideal{{8_mg, 14}, {6_mg, 14}, {4_mg, 14}};
  DispenseRequest asked = request(10_mg, ideal, shelf);
  asked.ceiling.absolute = 2_mg;
  const DispensedPlan plan = plan_of(asked);
  ASSERT_TRUE(plan.misfit);
  ASSERT_EQ(plan.misfit->remedies.size(), 1U);
  EXPECT_FALSE(plan.misfit->remedies[0].from_candidates);
  EXPECT_EQ(plan.misfit->remedies[0].index, 1U);
  EXPECT_EQ(plan.misfit->spacing_that_fits, 2_mg);
}

TEST(DispensePlan, IsTheClosestOfAllSeriesThatKeepThePromise) {
  // Every series of reachable doses is enumerated; ceilings, windows, rises and ends vary.
  int fitted = 0;
  int windowed = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE(seed);
    RandomStream random{Seed{seed}, 6};
    const std::vector<Product> shelf = random_shelf(random, false);
    const Amount start = mg(static_cast<std::int64_t>(4 + random.below(10)) * 1'000'000);
    std::vector<IdealStep> ideal;
    std::int64_t at = start.micro();
    const std::size_t steps = 1 + random.below(5);
    for (std::size_t k = 0; k < steps; ++k) {
      const bool up = random.below(6) == 0;
      const auto by = static_cast<std::int64_t>(random.below(4'000)) * 1'000;
      at = up ? at + by : std::max<std::int64_t>(0, at - by);
      ideal.push_back({mg(at), static_cast<std::int32_t>(1 + random.below(14))});
    }
    DispenseRequest asked = request(start, ideal, shelf);
    if (random.below(2) == 0) asked.ceiling.of_current = 30_pct;
    if (random.below(4) == 0) asked.ceiling.of_original = 20_pct;
    if (random.below(4) == 0) asked.ceiling.absolute = 2_mg;
    if (random.below(3) == 0) asked.ceiling.exempt_cut = 0.5_mg;
    if (random.below(3) == 0) asked.ceiling.stop_from = 1_mg;
    asked.ceiling.window_days = static_cast<std::int32_t>(random.below(2) * random.below(30));
    if (random.below(5) == 0) asked.rounding = Rounding::never_above_ideal;
    if (random.below(3) == 0) asked.largest_error = 1.5_mg;
    asked.reach_end = random.below(3) != 0;
    asked.limits.max_pieces = 3;

    Amount largest = start;
    for (const auto& step : ideal) largest = step.amount > largest ? step.amount : largest;
    const auto grid = plans::DoseGrid::build(shelf, largest, asked.limits);
    ASSERT_TRUE(grid);
    const std::span<const std::int64_t> g = grid->micro();
    // The end wanted: closest to the last ideal, below in a tie.
    std::int64_t end = g[0];
    for (const std::int64_t amount : g) {
      const auto far = [&](std::int64_t a) { return std::abs(a - ideal.back().amount.micro()); };
      const bool above = amount > ideal.back().amount.micro();
      if (asked.rounding == Rounding::never_above_ideal && above) continue;
      if (far(amount) < far(end)) end = amount;
    }
    using Cost = std::pair<std::int64_t, std::int64_t>;
    std::optional<Cost> wanted;
    std::vector<std::int64_t> path;
    const std::function<void(Cost)> go = [&](Cost cost) {
      const std::size_t k = path.size();
      if (k == steps) {
        if (asked.reach_end && path.back() != end) return;
        if (!wanted || cost < *wanted) wanted = cost;
        return;
      }
      const std::int64_t before = k == 0 ? start.micro() : path.back();
      const std::int64_t before_ideal = k == 0 ? start.micro() : ideal[k - 1].amount.micro();
      const std::int64_t want = ideal[k].amount.micro();
      for (const std::int64_t amount : g) {
        if (amount > before && !(want > before_ideal && amount <= want)) continue;
        if (asked.rounding == Rounding::never_above_ideal && amount > want) continue;
        const std::int64_t error = std::abs(amount - want);
        if (asked.largest_error && error > asked.largest_error->micro()) continue;
        path.push_back(amount);
        const std::vector<IdealStep> sofar{ideal.begin(),
                                           ideal.begin() + static_cast<std::ptrdiff_t>(k) + 1};
        if (keeps(asked.ceiling, start, path, sofar)) {
          go({cost.first + error, cost.second + std::max<std::int64_t>(0, amount - want)});
        }
        path.pop_back();
      }
    };
    go({0, 0});
    const DispensedPlan plan = plan_of(asked);
    ASSERT_EQ(!plan.misfit, wanted.has_value());
    std::vector<std::int64_t> got;
    for (const auto& step : plan.steps) got.push_back(step.dose.micro());
    EXPECT_TRUE(keeps(asked.ceiling, start, got, ideal));
    if (!wanted) continue;
    ++fitted;
    windowed += asked.ceiling.window_days > 14 ? 1 : 0;
    Cost cost{0, 0};
    for (std::size_t k = 0; k < steps; ++k) {
      const std::int64_t difference = got[k] - ideal[k].amount.micro();
      cost.first += std::abs(difference);
      cost.second += std::max<std::int64_t>(0, difference);
    }
    EXPECT_EQ(cost, *wanted);
    EXPECT_EQ(plan.total_error_micro, wanted->first);
  }
  EXPECT_GT(fitted, 100);  // the comparison must not be empty
  EXPECT_GT(windowed, 20);
}

TEST(DispensePlan, TheOrderOfTheProductsChangesNothing) {
  const auto ideal = ashton_40(7);
  std::vector<Product> shelf = diazepam();
  shelf.push_back(liquid(1_mg, 0.1_ml, 5_ml));
  const DispensedPlan first = plan_of(request(40_mg, ideal, shelf));
  std::vector<Product> turned = shelf;
  std::ranges::reverse(turned);
  const DispensedPlan second = plan_of(request(40_mg, ideal, turned));
  ASSERT_EQ(first.steps.size(), second.steps.size());
  for (std::size_t k = 0; k < first.steps.size(); ++k) {
    EXPECT_EQ(first.steps[k].dose, second.steps[k].dose);
    EXPECT_EQ(recipe(first.steps[k].intakes[0], shelf), recipe(second.steps[k].intakes[0], turned));
  }
}

TEST(DispensePlan, ARiseIsNeverUnnoticedAndNeverPassesTheIdeal) {
  const std::vector<Product> shelf{tablet(2_mg)};
  const std::vector<IdealStep> ideal{{6_mg, 7}, {9_mg, 7}, {8_mg, 7}};
  const DispensedPlan plan = plan_of(request(10_mg, ideal, shelf));
  EXPECT_EQ(doses(plan), (std::vector<double>{6, 8, 8}));
  EXPECT_EQ(plan.findings.count("goes_up"), 1U);
}

TEST(DispensePlan, IntakesOfADayAddUpToTheDay) {
  const auto shelf = diazepam();
  const auto ideal = ashton_40(14);
  DispenseRequest asked = request(40_mg, ideal, shelf);
  asked.shares = DayShares::even(3);
  asked.reach_end = false;
  const DispensedPlan plan = plan_of(asked);
  for (const auto& step : plan.steps) {
    ASSERT_EQ(step.intakes.size(), 3U);
    std::int64_t sum = 0;
    for (const auto& intake : step.intakes) {
      EXPECT_EQ(sum_of(intake, shelf), intake.amount.micro());
      sum += intake.amount.micro();
    }
    EXPECT_EQ(sum, step.dose.micro());
  }
}

TEST(DispensePlan, AYearOfHhsWeeklyStepsUnderAMonthlyWindowIsSolvedExactly) {
  // 10 % of the current dose every week exceeds 30 % in 30 days (1 - 0.9^4 = 34 %): under that
  // window the realised plan lags, and never cuts more than 30 % in any 30 days.
  std::vector<IdealStep> ideal;
  double dose = 120;
  for (int k = 0; k < 26; ++k) {
    dose *= 0.9;
    ideal.push_back({*Amount::nearest(dose, DoseUnit::mg), 7});
  }
  const std::vector<Product> shelf{tablet(5_mg), tablet(30_mg), tablet(15_mg)};
  DispenseRequest asked = request(120_mg, ideal, shelf);
  asked.ceiling.of_current = 30_pct;
  asked.ceiling.window_days = 30;
  asked.reach_end = false;
  asked.limits.max_pieces = 8;
  const DispensedPlan plan = plan_of(asked);
  std::vector<std::int64_t> got;
  for (const auto& step : plan.steps) got.push_back(step.dose.micro());
  EXPECT_TRUE(keeps(asked.ceiling, 120_mg, got, ideal));
}

TEST(DispensePlan, WhereTheSearchIsTooLongTheCeilingStillHoldsAndTheGapIsSaid) {
  // 7.25 % a week is a little more than 25 % in 28 days, on a grid of 0.1 mg: thousands of series
  // are nearly as good as the best.
  std::vector<IdealStep> ideal;
  double dose = 40;
  for (int k = 0; k < 52; ++k) {
    dose *= 0.9275;
    ideal.push_back({*Amount::nearest(dose, DoseUnit::mg), 7});
  }
  std::vector<Product> shelf = diazepam();
  shelf.push_back(liquid(1_mg, 0.1_ml, 10_ml));
  DispenseRequest asked = request(40_mg, ideal, shelf);
  asked.ceiling.of_current = 25_pct;
  asked.ceiling.window_days = 28;
  asked.ceiling.exempt_cut = 0.5_mg;
  asked.reach_end = false;
  const DispensedPlan plan = plan_of(asked);
  ASSERT_EQ(plan.steps.size(), 52U);
  std::vector<std::int64_t> got;
  for (const auto& step : plan.steps) got.push_back(step.dose.micro());
  EXPECT_TRUE(keeps(asked.ceiling, 40_mg, got, ideal));
  ASSERT_TRUE(plan.closest_error_at_least_micro);
  EXPECT_EQ(plan.findings.count("not_proven_closest"), 1U);
  EXPECT_LE(*plan.closest_error_at_least_micro, plan.total_error_micro);
  // Better than taking the closest allowed dose step by step.
  std::vector<std::int64_t> greedy;
  std::int64_t greedy_error = 0;
  for (std::size_t k = 0; k < ideal.size(); ++k) {
    const std::int64_t want = ideal[k].amount.micro();
    std::optional<std::int64_t> best;
    for (std::int64_t amount = 0; amount <= (k == 0 ? 40'000'000 : greedy.back());
         amount += 100'000) {
      greedy.push_back(amount);
      if (keeps(asked.ceiling, 40_mg, greedy, {ideal.data(), ideal.data() + k + 1}) &&
          (!best || std::abs(amount - want) < std::abs(*best - want))) {
        best = amount;
      }
      greedy.pop_back();
    }
    greedy.push_back(*best);
    greedy_error += std::abs(*best - want);
  }
  EXPECT_LT(plan.total_error_micro, greedy_error);
}

TEST(DispensePlan, RequestsThatCannotBeUsedNameTheField) {
  const auto shelf = diazepam();
  const std::vector<IdealStep> good{{10_mg, 7}};
  const auto code = [&](const std::function<void(DispenseRequest&)>& change) {
    DispenseRequest asked = request(20_mg, good, shelf);
    change(asked);
    const auto plan = plans::dispense_plan(asked);
    EXPECT_FALSE(plan);
    return plan ? std::string{} : std::string{name(plan.error().code)} + ' ' + plan.error().field;
  };
  const std::vector<IdealStep> zero_days{{10_mg, 0}};
  const std::vector<IdealStep> other_unit{{10_mg, 7}, {5_ml, 7}};
  const std::vector<IdealStep> many(5'001, IdealStep{10_mg, 1});
  const std::vector<Product> patch{*Product::patch(25_mcg_per_h, 3)};
  EXPECT_EQ(code([](auto& r) { r.ideal = {}; }), "empty_input ideal");
  EXPECT_EQ(code([](auto& r) { r.products = {}; }), "empty_input products");
  EXPECT_EQ(code([&](auto& r) { r.ideal = zero_days; }), "out_of_range days");
  EXPECT_EQ(code([&](auto& r) { r.ideal = other_unit; }), "contradiction ideal");
  EXPECT_EQ(code([&](auto& r) { r.ideal = many; }), "too_large ideal");
  EXPECT_EQ(code([&](auto& r) { r.products = patch; }), "contradiction products");
  EXPECT_EQ(code([&](auto& r) { r.candidates = patch; }), "contradiction candidates");
  EXPECT_EQ(code([](DispenseRequest& r) { r.ceiling.absolute = 1_ml; }), "contradiction absolute");
  EXPECT_EQ(code([](auto& r) { r.ceiling.window_days = -1; }), "out_of_range window_days");
  EXPECT_EQ(code([](auto& r) { r.shares = DayShares{{}}; }), "out_of_range intakes");
  EXPECT_EQ(code([](auto& r) { r.shares = DayShares::even(13); }), "out_of_range intakes");
}

TEST(DispensePlan, AStartThatNothingCanFollowIsSaidPlainly) {
  const std::vector<Product> shelf{tablet(10_mg)};
  const std::vector<IdealStep> ideal{{36_mg, 7}};
  DispenseRequest asked = request(37_mg, ideal, shelf);
  asked.ceiling.of_current = 10_pct;
  const DispensedPlan plan = plan_of(asked);
  ASSERT_TRUE(plan.misfit);
  EXPECT_EQ(plan.misfit->reason, MisfitReason::start_not_dispensable);
  EXPECT_TRUE(plan.steps.empty());
}

TEST(LeastAfter, CeilingsRoundTowardsTheSmallerCut) {
  CutCeiling ten;
  ten.of_current = 10_pct;
  EXPECT_EQ(plans::least_after(40_mg, 40_mg, ten), 36_mg);
  EXPECT_EQ(plans::least_after(mg(15), mg(15), ten), mg(14));  // 1.5 millionths: one may go
  ten.exempt_cut = 0.5_mg;
  EXPECT_EQ(plans::least_after(2_mg, 40_mg, ten), 1.5_mg);
  EXPECT_EQ(plans::least_after(0.5_mg, 40_mg, ten), 0_mg);
  ten.stop_from = 2_mg;
  EXPECT_EQ(plans::least_after(2_mg, 40_mg, ten), 0_mg);
  EXPECT_EQ(plans::least_after(10_mg, 40_mg, CutCeiling{}), 0_mg);
}

TEST(Supply, CountsAndPeriodsAddUp) {
  const auto shelf = diazepam();
  auto ideal = ashton_40(14);
  ideal.resize(25);
  const DispensedPlan plan = plan_of(request(40_mg, ideal, shelf));
  const std::vector<std::int32_t> month{28};
  const auto periods = plans::supply(plan.steps, shelf, month);
  ASSERT_TRUE(periods);
  ASSERT_EQ(periods->size(), 13U);  // 25 steps of 14 days = 350 days
  EXPECT_EQ(periods->back().days, 14);
  // First period by hand: 38 mg and 36 mg a day for 14 days each.
  // 38 = 3 x 10 + 1 x 5 + 1 x 2 + half of 2; 36 = 3 x 10 + 1 x 5 + half of 2.
  const auto& lines = (*periods)[0].lines;
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[2].pieces, 84);  // 10 mg: 3 x 28
  EXPECT_EQ(lines[1].pieces, 28);  // 5 mg
  EXPECT_EQ(lines[0].quarters, 14 * 4 + 28 * 2);
  EXPECT_EQ(lines[0].pieces, 28);  // 2 mg: 14 whole and 28 halves
  // Whatever the periods, milligrams handed out are the sum of dose x days.
  std::int64_t planned = 0;
  for (const auto& step : plan.steps) planned += step.dose.micro() * step.days;
  for (const std::vector<std::int32_t>& lengths :
       {std::vector<std::int32_t>{7}, {1}, {30, 28, 14}, {1'000}}) {
    const auto some = plans::supply(plan.steps, shelf, lengths);
    ASSERT_TRUE(some);
    std::int64_t used = 0;
    std::int32_t days = 0;
    for (const auto& period : *some) {
      EXPECT_EQ(period.first_day, days);
      days += period.days;
      for (const auto& line : period.lines) {
        used += line.quarters * shelf[line.product].strength().micro() / 4;
        EXPECT_GE(line.pieces * 4, line.quarters);
        EXPECT_LT(line.pieces * 4, line.quarters + 4);
      }
    }
    EXPECT_EQ(days, 350);
    EXPECT_EQ(used, planned);
  }
}

TEST(Supply, PartsMayServeTheNextPeriod) {
  const std::vector<Product> shelf{tablet(2_mg, Division::halves)};
  const std::vector<IdealStep> ideal{{1_mg, 14}};
  const DispensedPlan plan = plan_of(request(2_mg, ideal, shelf));
  const std::vector<std::int32_t> week{7};
  const auto alone = plans::supply(plan.steps, shelf, week);
  EXPECT_EQ((*alone)[0].lines[0].pieces, 4);  // 7 halves
  EXPECT_EQ((*alone)[1].lines[0].pieces, 4);
  const auto kept = plans::supply(plan.steps, shelf, week, true);
  EXPECT_EQ((*kept)[0].lines[0].pieces, 4);
  EXPECT_EQ((*kept)[1].lines[0].pieces, 3);
}

TEST(Supply, PatchesAreCountedByTheirWearTime) {
  // Fentanyl patches are changed every 3 days: 5 patches serve 14 days, 10 serve 28.
  const std::vector<Product> shelf{*Product::patch(25_mcg_per_h, 3),
                                   *Product::patch(12.5_mcg_per_h, 3, "fentanyl 12 patch")};
  const std::vector<IdealStep> ideal{{25_mcg_per_h, 14}, {12.5_mcg_per_h, 14}};
  const DispensedPlan plan = plan_of(request(37.5_mcg_per_h, ideal, shelf));
  ASSERT_FALSE(plan.misfit);
  const auto all = plans::supply(plan.steps, shelf, std::vector<std::int32_t>{28});
  ASSERT_EQ(all->size(), 1U);
  EXPECT_EQ((*all)[0].lines[0].pieces, 5);
  EXPECT_EQ((*all)[0].lines[1].pieces, 5);
  // Week by week: days 0, 3, 6 | 9, 12.
  const auto weekly = plans::supply(plan.steps, shelf, std::vector<std::int32_t>{7});
  EXPECT_EQ((*weekly)[0].lines[0].pieces, 3);
  EXPECT_EQ((*weekly)[1].lines[0].pieces, 2);
}

TEST(Supply, LiquidsAddUpInMillilitres) {
  const std::vector<Product> shelf{liquid(2_mg, 0.1_ml, 10_ml)};
  const std::vector<IdealStep> ideal{{9.4_mg, 28}, {5.6_mg, 28}};
  const DispensedPlan plan = plan_of(request(20_mg, ideal, shelf));
  const auto all = plans::supply(plan.steps, shelf, std::vector<std::int32_t>{28});
  EXPECT_EQ((*all)[0].lines[0].volume, 131.6_ml);  // 4.7 mL x 28
  EXPECT_EQ((*all)[1].lines[0].volume, 78.4_ml);
  EXPECT_EQ((*all)[0].lines[0].pieces, 0);
}

TEST(Supply, BadPeriodsAreRefused) {
  const std::vector<Product> shelf{tablet(2_mg)};
  const std::vector<IdealStep> ideal{{2_mg, 14}};
  const DispensedPlan plan = plan_of(request(2_mg, ideal, shelf));
  EXPECT_EQ(plans::supply(plan.steps, shelf, {}).error().code, Errc::empty_input);
  EXPECT_EQ(plans::supply({}, shelf, std::vector<std::int32_t>{7}).error().code, Errc::empty_input);
  EXPECT_EQ(plans::supply(plan.steps, shelf, std::vector<std::int32_t>{0}).error().code,
            Errc::out_of_range);
  EXPECT_EQ(plans::supply(plan.steps, {}, std::vector<std::int32_t>{7}).error().code,
            Errc::out_of_range);
}
