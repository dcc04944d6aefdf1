#include "ombre/outcomes/connection.hpp"
#include <gtest/gtest.h>
#include <cmath>

#include "ombre/outcomes/disclosure.hpp"
#include "ombre/outcomes/use_change.hpp"

namespace {

using namespace ombre;
using namespace ombre::outcomes;

ContactDays contacts(std::vector<std::int32_t> days) { return *ContactDays::from(std::move(days)); }

// Rules: clinical/metrics.md section 5.
TEST(ContactDays, RetentionLooksBothWaysAndConnectionBack) {
  const auto c = contacts({0, 20, 60});
  EXPECT_TRUE(c.retained_at(27));
  EXPECT_FALSE(c.retained_at(28));
  EXPECT_TRUE(c.retained_at(13));
  EXPECT_FALSE(c.retained_at(12));
  EXPECT_TRUE(c.connected(27));
  EXPECT_FALSE(c.connected(28));
  EXPECT_FALSE(c.connected(19));
  EXPECT_FALSE(c.connected(22, connected_days_in_relapse));
  EXPECT_TRUE(c.connected(21, connected_days_in_relapse));
}

TEST(ContactDays, TheLongestGapCountsBothEnds) {
  const auto c = contacts({10, 20, 60});
  EXPECT_EQ(c.longest_gap(0, 100), 40u);
  EXPECT_EQ(c.longest_gap(0, 120), 60u);
  EXPECT_EQ(c.longest_gap(0, 5), 5u);
  EXPECT_EQ(contacts({}).longest_gap(3, 10), 7u);
  EXPECT_FALSE(c.longest_gap(5, 4));
}

TEST(ContactDays, DaysInTreatmentAndTheWayBack) {
  const auto c = contacts({10, 20, 60});
  EXPECT_EQ(c.days_in_treatment(0, 100), 60u);
  EXPECT_EQ(c.days_in_treatment(0, 59), 20u);
  EXPECT_EQ(c.days_in_treatment(0, 5), 0u);
  EXPECT_EQ(c.days_back(20), 0u);
  EXPECT_EQ(c.days_back(21), 39u);
  EXPECT_FALSE(c.days_back(61));
  EXPECT_EQ(ContactDays::from({3, 2}).error().row, 1u);
  EXPECT_LT(*c.days_in_treatment(0, 100), days_of_limited_effectiveness().value);
}

TEST(Reengagement, IsCountedInHours) {
  const std::vector<double> hours{1, 30.5, 50};
  EXPECT_EQ(**reengagement_hours(24, hours), 6.5);
  EXPECT_FALSE(*reengagement_hours(51, hours));
  EXPECT_EQ(reengagement_hours(std::nan(""), hours).error().code, Errc::not_finite);
  const std::vector<double> back{2, 1};
  EXPECT_EQ(reengagement_hours(0, back).error().row, 1u);
}

// NQF 3175: 180 days without a gap of more than 7 days.
TEST(PharmacotherapyContinuity, BreaksWhereMoreThanSevenDaysAreUncovered) {
  const auto c = *pharmacotherapy_continuity({{0, 90}, {97, 83}});  // 7 days uncovered
  EXPECT_EQ(c.continuous_days, 180u);
  EXPECT_EQ(c.longest_gap, 7u);
  EXPECT_TRUE(c.met);
  const auto b = *pharmacotherapy_continuity({{98, 150}, {0, 90}});  // 8 days, given backwards
  EXPECT_EQ(b.continuous_days, 150u);
  EXPECT_FALSE(b.met);
  const auto overlap = *pharmacotherapy_continuity({{0, 30}, {20, 5}, {30, 30}});
  EXPECT_EQ(overlap.continuous_days, 60u);
  EXPECT_EQ(pharmacotherapy_continuity({})->continuous_days, 0u);
  EXPECT_EQ(pharmacotherapy_continuity({{0, 0}}).error().field, "days");
}

// HEDIS IET: initiation within 14 days, two further services within 34 days of it.
TEST(InitiationEngagement, CountsDaysFromIndexAndFromInitiation) {
  const auto iet = [](std::vector<std::int32_t> services) {
    return *initiation_engagement(0, services);
  };
  EXPECT_TRUE(iet({14, 30, 48}).engaged);
  EXPECT_FALSE(iet({14, 30, 49}).engaged);
  EXPECT_FALSE(iet({15, 16, 17}).initiated);
  EXPECT_EQ(iet({14}).initiation_day, 14);
  EXPECT_FALSE(iet({}).initiated);
  const std::vector<std::int32_t> early{-1};
  EXPECT_EQ(initiation_engagement(0, early).error().field, "services");
}

TEST(Disclosure, CountsWhatWasToldAndHowSoon) {
  const std::vector<KnownEvent> events{{0, 0, true}, {5, 9, true}, {7, 10, false}, {8, 9, true}};
  const auto d = *disclosure(events);
  EXPECT_EQ(*d.rate, 0.75);
  EXPECT_DOUBLE_EQ(*d.mean_days_to_tell, 5. / 3);
  EXPECT_EQ(*d.median_days_to_tell, 1);
  EXPECT_FALSE(disclosure({})->rate);
  const std::vector<KnownEvent> before{{5, 4, true}};
  EXPECT_EQ(disclosure(before).error().row, 0u);
}

TEST(UseChange, ImprovementOfNothingIsUndefined) {
  EXPECT_EQ(*improvement_percent(20, 15), 25);
  EXPECT_EQ(*improvement_percent(10, 15), -50);
  EXPECT_FALSE(improvement_percent(0, 3));
}

// Source: clinical/spectrum.md 1.2: a person at low can only reach 1, at medium 2 means abstinence;
// missing follow-up is no response.
TEST(UseChange, LevelsGoDownFromTheBaseline) {
  const auto level = [](double rank) {
    return Estimate{.value = rank, .lower = rank, .upper = rank};
  };
  const auto r = level_reduction(level(3), level(1));
  EXPECT_EQ(*r.levels, 2);
  EXPECT_TRUE(r.responder_1 && r.responder_2);
  EXPECT_TRUE(level_reduction(level(1), level(0)).responder_1);
  EXPECT_FALSE(level_reduction(level(1), level(0)).responder_2);
  EXPECT_EQ(*level_reduction(level(1), level(3)).levels, -2);
  const auto missing = level_reduction(level(4), Estimate{});
  EXPECT_FALSE(missing.levels || missing.responder_1 || missing.responder_2);
  const auto wide = level_reduction(level(3), Estimate{.value = 1., .lower = 0., .upper = 2.});
  EXPECT_EQ(*wide.lower, 1);
  EXPECT_EQ(*wide.upper, 3);
}

TEST(UseChange, SpendAndPrice) {
  const std::vector<Purchase> p{{10, 2}, {20, {}}, {5, 1}};
  const auto s = *spend(p);
  EXPECT_EQ(*s.total, 35);
  EXPECT_EQ(*s.unit_price, 5);
  EXPECT_EQ(s.without_amount, 1u);
  EXPECT_FALSE(spend({})->total);
  const std::vector<Purchase> bad{{-1, {}}};
  EXPECT_EQ(spend(bad).error().field, "spent");
}

TEST(UseChange, SharesOfRoutesAreOfStatedOnes) {
  timeline::Records r{timeline::DayAxis::study_day};
  ASSERT_TRUE(r.person("p"));
  ASSERT_TRUE(r.substance("heroin"));
  const auto add = [&](std::int32_t day, timeline::Route route, timeline::UseState s) {
    timeline::Record row;
    row.day = day;
    row.route = route;
    row.state = s;
    ASSERT_TRUE(r.append(row));
  };
  using timeline::Route;
  using timeline::UseState;
  add(0, Route::injected, UseState::used);
  add(1, Route::smoked, UseState::used);
  add(2, Route::smoked, UseState::used);
  add(3, Route::unstated, UseState::used);
  add(4, Route::injected, UseState::none);
  add(9, Route::injected, UseState::used);
  const auto shares = route_shares(r, 0u, 0u, 0, 5);
  EXPECT_DOUBLE_EQ(*shares.share(Route::injected), 1. / 3);
  EXPECT_EQ(shares.reports[0], 1u);
  EXPECT_FALSE(route_shares(r, 0u, 0u, 3, 4).share(Route::smoked));
}

TEST(UseChange, MixingDaysNeedSeveralSubstancesOnOneDay) {
  timeline::Grid g;
  const std::vector<std::uint8_t> a{2, 2, 0, 3, 0};
  const std::vector<std::uint8_t> b{2, 0, 0, 2, 0};
  ASSERT_TRUE(g.append("p", "a", "", {a, {}, 0}));
  ASSERT_TRUE(g.append("p", "b", "", {b, {}, 0}));
  const auto m = *mixing_days(g, 0);
  EXPECT_EQ(m.mixing_days, 1u);
  EXPECT_EQ(m.use_days, 3u);
  EXPECT_EQ(m.unclear_days, 1u);
  EXPECT_DOUBLE_EQ(*m.share_of_days, 0.2);
  EXPECT_DOUBLE_EQ(*m.share_of_use_days, 1. / 3);
  EXPECT_EQ(mixing_days(g, 1).error().field, "person");
  EXPECT_EQ(mixing_days(g, 0, 1).error().field, "kinds");
  ASSERT_TRUE(g.append("p", "c", "", {b, {}, 1}));
  EXPECT_EQ(mixing_days(g, 0).error().code, Errc::size_mismatch);
}

}  // namespace
