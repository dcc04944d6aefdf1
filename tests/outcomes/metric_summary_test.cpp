#include "ombre/outcomes/metric_summary.hpp"
#include <gtest/gtest.h>
#include <cmath>

#include "ombre/outcomes/ethanol_units.hpp"

namespace {

using namespace ombre;
using namespace ombre::outcomes;

timeline::Grid grid_of(
    const std::vector<std::tuple<std::string, std::string, std::vector<double>>>& people,
    std::string_view unit = "drinks") {
  timeline::Grid grid;
  for (const auto& [person, substance, amounts] : people) {
    std::vector<std::uint8_t> state;
    for (const double a : amounts) {
      state.push_back(
          timeline::day_byte(a > 0 ? timeline::UseState::amount : timeline::UseState::none));
    }
    EXPECT_TRUE(grid.append(person, substance, unit, {state, amounts, 0}));
  }
  return grid;
}

TEST(MetricSummary, DescribesPeopleAndCountsThoseWithoutAnAnswer) {
  const auto grid = grid_of({{"a", "alcohol", {2, 0}},
                             {"b", "alcohol", {4, 6}},
                             {"c", "alcohol", {0, 0}},
                             {"a", "tobacco", {1, 1}}});
  const auto table = compute_metrics(grid, MetricOptions{timeline::MissingRule::exclude});
  ASSERT_TRUE(table);
  const std::vector<Metric> chosen{Metric::ddd, Metric::pda};
  const auto rows = summarise(grid, *table, chosen);
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->size(), 4u);
  const auto& ddd = (*rows)[0];
  EXPECT_EQ(grid.substances()[ddd.substance], "alcohol");
  EXPECT_EQ(ddd.metric, Metric::ddd);
  EXPECT_EQ(ddd.values.n, 2u);
  EXPECT_EQ(ddd.n_not_estimable, 1u);
  EXPECT_EQ(*ddd.values.mean, 3.5);
  EXPECT_DOUBLE_EQ(*ddd.values.sd, std::sqrt(4.5));
  EXPECT_EQ(*(*rows)[1].values.median, 50);  // 50 0 100
  EXPECT_EQ((*rows)[2].values.n, 1u);
  EXPECT_FALSE((*rows)[2].values.sd);
  EXPECT_EQ(summarise(grid, *table)->size(), 2 * metric_count);
  EXPECT_EQ(summarise(timeline::Grid{}, *table).error().code, Errc::size_mismatch);
}

TEST(MetricSummary, OfNothingThereIsNoMean) {
  const auto s = summarise(std::vector<double>{});
  EXPECT_EQ(s.n, 0u);
  EXPECT_FALSE(s.mean || s.sd || s.median || s.min);
}

// Sources: clinical/spectrum.md 1.5 (US 14 g, UK unit 8 g, Australia 10 g).
TEST(EthanolUnits, ReadGramsAndDrinksOfANamedCountry) {
  EXPECT_EQ(ethanol_g_of_unit("g"), 1);
  EXPECT_EQ(ethanol_g_of_unit("Grams"), 1);
  EXPECT_EQ(ethanol_g_of_unit("drink_us"), 14);
  EXPECT_EQ(ethanol_g_of_unit("US drinks"), 14);
  EXPECT_EQ(ethanol_g_of_unit("standard-drink-AU"), 10);
  EXPECT_EQ(ethanol_g_of_unit("UK units"), 8);
  EXPECT_FALSE(ethanol_g_of_unit("drink_xx"));
  EXPECT_FALSE(ethanol_g_of_unit("mg"));
}

TEST(EthanolUnits, NeverGuessWhatAPlainDrinkHolds) {
  EXPECT_FALSE(ethanol_g_of_unit("drinks"));
  EXPECT_FALSE(ethanol_g_of_unit("{standard_drink}"));
  EXPECT_FALSE(ethanol_g_of_unit(""));
  EthanolUnits how;
  how.plain_drink = *DrinkSize::from("US", 14);
  EXPECT_EQ(ethanol_g_of_unit("drinks", how), 14);
  EXPECT_EQ(ethanol_g_of_unit("{standard_drink}", how), 14);
  EXPECT_EQ(ethanol_g_of_unit("", how), 14);
}

TEST(EthanolUnits, AreOnlyForAlcohol) {
  const auto grid = grid_of({{"a", "Alcohol", {2}}, {"a", "heroin", {2}}}, "g");
  EXPECT_EQ(ethanol_per_unit(grid), (std::vector<double>{1, 0}));
}

}  // namespace
