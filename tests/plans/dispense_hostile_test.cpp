// Requests from every order of magnitude: each is answered exactly or refused, nothing in between.
#include <gtest/gtest.h>
#include <algorithm>

#include <cmath>
#include <cstdint>
#include <vector>

#include "dispense_support.hpp"
#include "ombre/plans/best_taper.hpp"
#include "ombre/plans/dispense.hpp"

using namespace dispense_test;
using ombre::Errc;
using ombre::RandomStream;
using ombre::Seed;

namespace {

/// From a millionth to the largest amount, every order of magnitude alike; often a round number.
Amount any_amount(RandomStream& random) {
  const double exponent = 15 * random.uniform();
  auto micro = static_cast<std::int64_t>(std::pow(10.0, exponent));
  if (random.below(4) != 0) {
    std::int64_t unit = 1;
    while (unit <= micro / 10) unit *= 10;
    micro = micro / unit * unit;
  }
  return mg(std::min(micro, Amount::max_micro));
}

std::vector<Product> any_shelf(RandomStream& random, Amount near) {
  std::vector<Product> shelf;
  const std::size_t count = 1 + random.below(6);
  for (std::size_t i = 0; i < 4 * count && shelf.size() < count; ++i) {
    // Half of the strengths are parts of the amount asked for, so that some requests fit.
    const std::int64_t part = near.micro() / static_cast<std::int64_t>(1 + random.below(40));
    const Amount strength = random.below(2) == 0 ? any_amount(random) : mg(part);
    auto product = random.below(4) == 0
                       ? Product::liquid(strength, *Amount::from_micro(50'000, DoseUnit::ml),
                                         *Amount::from_micro(10'000'000, DoseUnit::ml))
                       : Product::piece(Form::tablet, strength,
                                        random.below(2) == 0 ? Division::whole : Division::halves);
    if (product) shelf.push_back(random.below(8) == 0 ? product->out_of_stock() : *product);
  }
  return shelf;
}

bool stated(Errc code) {
  return code == Errc::too_large || code == Errc::empty_input || code == Errc::out_of_range ||
         code == Errc::contradiction;
}

}  // namespace

TEST(HostileRequests, IntakesAreExactOrRefused) {
  int made = 0;
  int refused = 0;
  for (std::uint64_t seed = 0; seed < 600; ++seed) {
    SCOPED_TRACE(seed);
    RandomStream random{Seed{seed}, 1};
    const Amount asked = any_amount(random);
    const auto shelf = any_shelf(random, asked);
    plans::IntakeLimits limits;
    limits.max_pieces = static_cast<std::int32_t>(1 + random.below(200));
    const auto answer = plans::dispense_intake(asked, shelf, limits);
    if (!answer) {
      EXPECT_TRUE(stated(answer.error().code)) << describe(answer.error());
      ++refused;
    } else if (*answer) {
      EXPECT_EQ(sum_of(**answer, shelf), asked.micro());
      EXPECT_LE((*answer)->piece_count, limits.max_pieces);
      ++made;
    }
  }
  EXPECT_GT(made, 50);
  EXPECT_GT(refused, 20);
}

TEST(HostileRequests, PlansKeepThePromiseOrAreRefused) {
  int planned = 0;
  for (std::uint64_t seed = 0; seed < 250; ++seed) {
    SCOPED_TRACE(seed);
    RandomStream random{Seed{seed}, 2};
    plans::DispenseRequest request;
    request.start = any_amount(random);
    const auto shelf = any_shelf(random, request.start);
    std::vector<plans::IdealStep> ideal;
    std::int64_t at = request.start.micro();
    const std::size_t steps = 1 + random.below(30);
    for (std::size_t k = 0; k < steps; ++k) {
      at = static_cast<std::int64_t>(static_cast<double>(at) * random.uniform());
      ideal.push_back({mg(at), static_cast<std::int32_t>(1 + random.below(36'500))});
    }
    request.ideal = ideal;
    request.products = shelf;
    request.candidates = shelf;
    request.ceiling.of_current =
        *plans::Share::from_millionths(static_cast<std::int64_t>(random.below(1'000'001)));
    if (random.below(2) == 0) request.ceiling.stop_from = any_amount(random);
    request.shares = plans::DayShares::even(1 + random.below(3));
    request.reach_end = random.below(2) == 0;
    const auto plan = plans::dispense_plan(request);
    if (!plan) {
      EXPECT_TRUE(stated(plan.error().code)) << describe(plan.error());
      continue;
    }
    ++planned;
    Amount before = request.start;
    for (const auto& step : plan->steps) {
      EXPECT_LE(step.dose.micro(), before.micro());
      EXPECT_GE(step.dose.micro(),
                plans::least_after(before, request.start, request.ceiling).micro());
      std::int64_t sum = 0;
      for (const auto& intake : step.intakes) {
        EXPECT_EQ(sum_of(intake, shelf), intake.amount.micro());
        sum += intake.amount.micro();
      }
      EXPECT_EQ(sum, step.dose.micro());
      before = step.dose;
    }
    if (plan->steps.empty()) continue;
    const std::vector<std::int32_t> periods{28};
    const auto supply = plans::supply(plan->steps, shelf, periods);
    const bool usable = supply || stated(supply.error().code);
    EXPECT_TRUE(usable);
  }
  EXPECT_GT(planned, 50);
}

TEST(HostileRequests, FrontsFallOrAreRefused) {
  int found = 0;
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
    SCOPED_TRACE(seed);
    RandomStream random{Seed{seed}, 3};
    plans::BestTaperRequest request;
    request.start = any_amount(random);
    request.goal = mg(0);
    const auto shelf = any_shelf(random, request.start);
    request.products = shelf;
    request.measure = static_cast<plans::DropMeasure>(random.below(3));
    request.curve = *plans::EffectCurve::from(0.01 + 0.99 * random.uniform(),
                                              std::pow(10.0, 20 * random.uniform() - 10));
    request.ceiling.exempt_cut = any_amount(random);
    request.step_days = static_cast<std::int32_t>(1 + random.below(30));
    request.max_days = request.step_days * static_cast<std::int32_t>(1 + random.below(40));
    const auto front = plans::best_taper_front(request);
    if (!front) {
      EXPECT_TRUE(stated(front.error().code)) << describe(front.error());
      continue;
    }
    ++found;
    for (std::size_t i = 0; i < front->plans.size(); ++i) {
      const auto& plan = front->plans[i];
      EXPECT_LE(plan.days, request.max_days);
      EXPECT_EQ(plan.steps.back().dose, request.goal);
      if (i == 0) continue;
      EXPECT_LT(front->plans[i - 1].days, plan.days);
      EXPECT_GT(front->plans[i - 1].largest_drop, plan.largest_drop);
    }
  }
  EXPECT_GT(found, 30);
}
