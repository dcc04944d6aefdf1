#include "ombre/spectrum/who_rdl.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <set>

#include "ombre/core/random.hpp"

namespace {

using namespace ombre;
using spectrum::RiskDrinkingLevel;
using enum RiskDrinkingLevel;

RiskDrinkingLevel level(double grams, Sex sex) {
  return spectrum::who_rdl(GramsEthanol::from(grams).value(), sex);
}

// WHO 2000 guide, printed whole-number bands: men 1-40, 41-60, 61-100, 101+; women 1-20, 21-40,
// 41-60, 61+.
TEST(WhoRdl, EveryWholeNumberOfGramsFallsIntoItsPrintedBand) {
  for (int g = 1; g <= 200; ++g) {
    SCOPED_TRACE(g);
    EXPECT_EQ(level(g, Sex::male), g <= 40 ? low : g <= 60 ? medium : g <= 100 ? high : very_high);
    EXPECT_EQ(level(g, Sex::female), g <= 20 ? low : g <= 40 ? medium : g <= 60 ? high : very_high);
  }
}

TEST(WhoRdl, OnlyNothingIsAbstinent) {
  EXPECT_EQ(level(0, Sex::male), abstinent);
  EXPECT_EQ(level(-0.0, Sex::female), abstinent);
  EXPECT_EQ(level(1e-12, Sex::male), low);
  EXPECT_EQ(level(0.5, Sex::female), low);
}

TEST(WhoRdl, AmountsBetweenThePrintedBandsBelongToTheUpperOne) {
  EXPECT_EQ(level(40.5, Sex::male), medium);
  EXPECT_EQ(level(60.01, Sex::male), high);
  EXPECT_EQ(level(100.5, Sex::male), very_high);
  EXPECT_EQ(level(20.5, Sex::female), medium);
  EXPECT_EQ(level(60.5, Sex::female), very_high);
}

// A total of 1200 g in tenths of a gram misses 1200 by rounding; a mean of 40 g over 30 days must
// not become "medium" by that.
TEST(WhoRdl, AMeanThatShouldBeTheBoundStaysOnItsSide) {
  double sum = 0;
  for (int i = 0; i < 12000; ++i) sum += 0.1;
  ASSERT_NE(sum / 30, 40);
  EXPECT_EQ(level(sum / 30, Sex::male), low);
  EXPECT_EQ(level(std::nextafter(40.0, 41.0), Sex::male), low);
  EXPECT_EQ(level(40.001, Sex::male), medium);
}

// Metrics notes, 28 days: 30 US drinks in all, 15.0 g a day: low for both sexes.
TEST(WhoRdl, TheWorkedTwentyEightDaysAreLowForBothSexes) {
  EXPECT_EQ(level(30 * 14.0 / 28, Sex::male), low);
  EXPECT_EQ(level(30 * 14.0 / 28, Sex::female), low);
}

// Tapering notes: five US drinks a night to four, 70 to 56 g: high to medium for a man, very high
// to high for a woman; one level down for both.
TEST(WhoRdl, FiveDrinksToFourIsOneLevelForBothSexes) {
  EXPECT_EQ(level(70, Sex::male), high);
  EXPECT_EQ(level(56, Sex::male), medium);
  EXPECT_EQ(level(70, Sex::female), very_high);
  EXPECT_EQ(level(56, Sex::female), high);
  EXPECT_EQ(spectrum::level_reduction(level(70, Sex::male), level(56, Sex::male)), 1);
  EXPECT_EQ(spectrum::level_reduction(level(70, Sex::female), level(56, Sex::female)), 1);
}

TEST(WhoRdl, ReductionsCountDownAndIncreasesAreNegative) {
  EXPECT_EQ(spectrum::level_reduction(very_high, abstinent), 4);
  EXPECT_EQ(spectrum::level_reduction(low, high), -2);
  EXPECT_EQ(spectrum::largest_reduction(low), 1);
  EXPECT_TRUE(spectrum::rdl_responder(medium, abstinent, 2));
  EXPECT_FALSE(spectrum::rdl_responder(low, abstinent, 2));
  EXPECT_TRUE(spectrum::rdl_responder(low, abstinent, 1));
  EXPECT_FALSE(spectrum::rdl_responder(high, high, 1));
}

TEST(WhoRdl, AMissingFollowUpIsNoResponse) {
  EXPECT_FALSE(spectrum::rdl_responder(very_high, std::nullopt, 1));
}

TEST(WhoRdl, DrinkingMoreNeverLowersTheLevelAndWomenAreNeverBelowMen) {
  RandomStream random{Seed{5}, 0};
  for (int i = 0; i < 2000; ++i) {
    const double a = 150 * random.uniform();
    const double b = a + 20 * random.uniform();
    EXPECT_LE(level(a, Sex::male), level(b, Sex::male)) << a << ' ' << b;
    EXPECT_LE(level(a, Sex::male), level(a, Sex::female)) << a;
  }
}

TEST(WhoRdl, OneDayAndAverageDayAreDifferentTypesWithTheSameCuts) {
  static_assert(!std::is_same_v<spectrum::SingleOccasionRisk, RiskDrinkingLevel>);
  const auto g = GramsEthanol::from(60.0).value();
  EXPECT_EQ(name(spectrum::who_single_occasion(g, Sex::male)), "medium");
  EXPECT_EQ(name(spectrum::who_single_occasion(g, Sex::female)), "high");
  EXPECT_EQ(name(spectrum::who_single_occasion(GramsEthanol{}, Sex::female)), "none");
}

// WHO 2000, chronic harm: men 0-40 I, 41-60 II, 61 and more III; women 0-20, 21-40, 41 and more.
TEST(WhoRdl, ChronicHarmHasThreeCategories) {
  using spectrum::ChronicHarmCategory;
  const auto category = [](double g, Sex sex) {
    return spectrum::who_chronic_harm(GramsEthanol::from(g).value(), sex);
  };
  EXPECT_EQ(category(0, Sex::male), ChronicHarmCategory::one);
  EXPECT_EQ(category(40, Sex::male), ChronicHarmCategory::one);
  EXPECT_EQ(category(41, Sex::male), ChronicHarmCategory::two);
  EXPECT_EQ(category(61, Sex::male), ChronicHarmCategory::three);
  EXPECT_EQ(category(200, Sex::male), ChronicHarmCategory::three);
  EXPECT_EQ(category(21, Sex::female), ChronicHarmCategory::two);
  EXPECT_EQ(category(41, Sex::female), ChronicHarmCategory::three);
}

TEST(WhoRdl, EveryEndpointHasASourceAndAnOwnId) {
  std::set<std::string_view> ids;
  for (const auto& endpoint : spectrum::rdl_endpoints()) {
    EXPECT_TRUE(ids.insert(endpoint.id).second) << endpoint.id;
    ASSERT_NE(endpoint.source, nullptr);
    EXPECT_FALSE(endpoint.source->citation.empty());
    EXPECT_TRUE(endpoint.levels == 1 || endpoint.levels == 2);
  }
  EXPECT_EQ(ids.size(), 3U);
  EXPECT_EQ(spectrum::rdl_source().id, "who-2000");
}

TEST(WhoRdl, NamesAreWords) {
  EXPECT_EQ(name(abstinent), "abstinent");
  EXPECT_EQ(name(very_high), "very high");
}

}  // namespace
