#include "ombre/spectrum/drinking.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace {

using namespace ombre;
using spectrum::heavy_rule;
using spectrum::HeavyRule;

GramsEthanol grams(double g) { return GramsEthanol::from(g).value(); }
GramsEthanol us_drinks(double n) { return grams(14 * n); }

bool heavy_day(std::string_view id, GramsEthanol amount, Sex sex) {
  return spectrum::is_over_on_day(heavy_rule(id).value(), amount, sex).value();
}
bool over_week(std::string_view id, GramsEthanol amount, Sex sex) {
  return spectrum::is_over_in_week(heavy_rule(id).value(), amount, sex).value();
}

// NIAAA: 5 or more for men, 4 or more for women; FDA 2015: more than 4, more than 3.
TEST(HeavyRule, NiaaaAndFdaAgreeOnWholeDrinks) {
  for (int n = 0; n <= 12; ++n) {
    SCOPED_TRACE(n);
    EXPECT_EQ(heavy_day("niaaa_heavy_day", us_drinks(n), Sex::male), n >= 5);
    EXPECT_EQ(heavy_day("fda_hdd", us_drinks(n), Sex::male), n >= 5);
    EXPECT_EQ(heavy_day("niaaa_heavy_day", us_drinks(n), Sex::female), n >= 4);
    EXPECT_EQ(heavy_day("fda_hdd", us_drinks(n), Sex::female), n >= 4);
  }
}

TEST(HeavyRule, NiaaaAndFdaDifferBetweenWholeDrinks) {
  EXPECT_TRUE(heavy_day("fda_hdd", us_drinks(4.5), Sex::male));
  EXPECT_FALSE(heavy_day("niaaa_heavy_day", us_drinks(4.5), Sex::male));
  EXPECT_TRUE(heavy_day("fda_hdd", us_drinks(3.5), Sex::female));
  EXPECT_FALSE(heavy_day("niaaa_heavy_day", us_drinks(3.5), Sex::female));
}

TEST(HeavyRule, FiveDrinksCountedInTenthsAreStillFiveDrinks) {
  double sum = 0;
  for (int i = 0; i < 50; ++i) sum += 0.1 * 14;  // 69.99999999999993 or so
  EXPECT_TRUE(heavy_day("niaaa_heavy_day", grams(sum), Sex::male));
  sum = 0;
  for (int i = 0; i < 40; ++i) sum += 0.1 * 14;  // a hair over or under 56: equal, so not more
  EXPECT_FALSE(heavy_day("fda_hdd", grams(sum), Sex::male));
}

TEST(HeavyRule, EmaAsksForMoreThanItsGramsAndWhoForAtLeast) {
  EXPECT_FALSE(heavy_day("ema_hdd", grams(60), Sex::male));
  EXPECT_TRUE(heavy_day("ema_hdd", grams(60.1), Sex::male));
  EXPECT_FALSE(heavy_day("ema_hdd", grams(40), Sex::female));
  EXPECT_TRUE(heavy_day("ema_hdd", grams(40.1), Sex::female));
  EXPECT_TRUE(heavy_day("who_hed", grams(60), Sex::male));
  EXPECT_TRUE(heavy_day("who_hed", grams(60), Sex::female));
  EXPECT_FALSE(heavy_day("who_hed", grams(59.9), Sex::female));
}

TEST(HeavyRule, HighIntensityIsTwiceTheBinge) {
  EXPECT_TRUE(heavy_day("high_intensity", us_drinks(10), Sex::male));
  EXPECT_FALSE(heavy_day("high_intensity", us_drinks(9), Sex::male));
  EXPECT_TRUE(heavy_day("high_intensity", us_drinks(8), Sex::female));
}

TEST(HeavyRule, WeeklyLimitsCountAWeek) {
  EXPECT_TRUE(over_week("niaaa_heavy_use", us_drinks(15), Sex::male));
  EXPECT_FALSE(over_week("niaaa_heavy_use", us_drinks(14), Sex::male));
  EXPECT_TRUE(over_week("niaaa_heavy_use", us_drinks(8), Sex::female));
  EXPECT_FALSE(over_week("uk_low_risk", grams(112), Sex::male));  // 14 units of 8 g
  EXPECT_TRUE(over_week("uk_low_risk", grams(113), Sex::female));
  EXPECT_FALSE(over_week("au_2020", grams(100), Sex::male));
  EXPECT_TRUE(over_week("au_2020", grams(101), Sex::male));
  EXPECT_TRUE(heavy_day("au_2020", grams(41), Sex::female));
  EXPECT_FALSE(heavy_day("au_2020", grams(40), Sex::female));
  EXPECT_FALSE(over_week("ca_2023", grams(27), Sex::female));
  EXPECT_TRUE(over_week("ca_2023", grams(28), Sex::male));
  EXPECT_TRUE(heavy_day("us_dga_2020", us_drinks(3), Sex::male));
  EXPECT_FALSE(heavy_day("us_dga_2020", us_drinks(2), Sex::male));
  EXPECT_TRUE(heavy_day("us_dga_2020", us_drinks(2), Sex::female));
}

TEST(HeavyRule, ARuleAboutWeeksHasNoAnswerAboutADay) {
  EXPECT_FALSE(spectrum::is_over_on_day(heavy_rule("uk_low_risk").value(), grams(500), Sex::male));
  EXPECT_FALSE(spectrum::is_over_in_week(heavy_rule("ema_hdd").value(), grams(500), Sex::male));
}

TEST(HeavyRule, SamhsaHeavyNeedsFiveBingeDaysInThirty) {
  const auto rule = heavy_rule("samhsa_heavy").value();
  EXPECT_EQ(rule.days_needed, 5);
  EXPECT_EQ(rule.window_days, 30);
  EXPECT_TRUE(rule.needs_occasion);
}

TEST(HeavyRule, TableIsSound) {
  std::set<std::string_view> ids;
  for (const HeavyRule& rule : spectrum::heavy_rules()) {
    SCOPED_TRACE(rule.id);
    EXPECT_TRUE(ids.insert(rule.id).second);
    EXPECT_FALSE(rule.title.empty());
    EXPECT_TRUE(rule.day || rule.week);
    ASSERT_NE(rule.source, nullptr);
    EXPECT_FALSE(rule.source->citation.empty());
    EXPECT_FALSE(rule.source->edition.empty());
    EXPECT_NE(rule.confidence, Confidence::uncertain);
    EXPECT_TRUE(rule.window_days == 1 || rule.window_days == 7 || rule.window_days == 30);
    EXPECT_GE(rule.days_needed, 1);
    EXPECT_LE(rule.days_needed, rule.window_days);
    for (const auto& limit : {rule.day, rule.week}) {
      if (limit) {
        EXPECT_GT(limit->women_g, 0);
        EXPECT_GE(limit->men_g, limit->women_g);
      }
    }
    const auto found = heavy_rule(rule.id);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->title, rule.title);
  }
  // The fourteen rows of the definitions table, one of which holds two rules (UK increasing,
  // higher).
  EXPECT_EQ(ids.size(), 15U);
}

TEST(HeavyRule, AnUnknownRuleIsRefusedWithTheListOfRules) {
  for (const char* id : {"", "heavy", "NIAAA_HEAVY_DAY", "fda_hdd "}) {
    const auto rule = heavy_rule(id);
    ASSERT_FALSE(rule) << id;
    EXPECT_EQ(rule.error().code, Errc::unknown_name);
    EXPECT_NE(describe(rule.error()).find("niaaa_heavy_day"), std::string::npos);
  }
}

// NHS and NICE: low up to 14 units, increasing to 50 (men) or 35 (women), higher above.
TEST(DrinkingLevels, UkLevelsFollowTheUnits) {
  using spectrum::UkLevel;
  const auto level = [](double units, Sex sex) {
    return spectrum::uk_level(GramsEthanol::from(8 * units).value(), sex);
  };
  EXPECT_EQ(level(0, Sex::male), UkLevel::none);
  EXPECT_EQ(level(14, Sex::female), UkLevel::low_risk);
  EXPECT_EQ(level(15, Sex::female), UkLevel::increasing_risk);
  EXPECT_EQ(level(35, Sex::female), UkLevel::increasing_risk);
  EXPECT_EQ(level(36, Sex::female), UkLevel::higher_risk);
  EXPECT_EQ(level(36, Sex::male), UkLevel::increasing_risk);
  EXPECT_EQ(level(50, Sex::male), UkLevel::increasing_risk);
  EXPECT_EQ(level(51, Sex::male), UkLevel::higher_risk);
}

TEST(DrinkingLevels, CanadaLevelsFollowTheDrinks) {
  using spectrum::CanadaLevel;
  const auto level = [](double drinks) {
    return spectrum::canada_2023_level(GramsEthanol::from(13.45 * drinks).value());
  };
  EXPECT_EQ(level(0), CanadaLevel::none);
  EXPECT_EQ(level(1), CanadaLevel::low);
  EXPECT_EQ(level(2), CanadaLevel::low);
  EXPECT_EQ(level(3), CanadaLevel::moderate);
  EXPECT_EQ(level(6), CanadaLevel::moderate);
  EXPECT_EQ(level(7), CanadaLevel::increasingly_high);
}

}  // namespace
