#include "ombre/substance/alcohol.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <set>
#include <string>

namespace {

using namespace ombre;
using namespace ombre::substance;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double printed = 0.0051;  // the notes print two decimals

// Checks of the notes on the spectrum of use, 1.4.
TEST(Ethanol, GramsAndUnitsMatchTheWorkedGlasses) {
  struct Row {
    double ml, abv, grams, units;
  };
  for (const Row& row :
       {Row{330, 5, 13.02, 1.65}, Row{355, 5, 14.00, 1.775}, Row{568, 4, 17.93, 2.27},
        Row{750, 13.5, 79.89, 10.125}, Row{500, 5, 19.73, 2.5}}) {
    SCOPED_TRACE(row.ml);
    EXPECT_NEAR(ethanol(row.ml, row.abv)->grams(), row.grams, printed);
    EXPECT_NEAR(uk_units(row.ml, row.abv).value(), row.units, printed);
  }
}

TEST(Ethanol, ProofIsTwiceThePercentage) {
  EXPECT_DOUBLE_EQ(us_proof(40).value(), 80);
  EXPECT_DOUBLE_EQ(abv_from_us_proof(80).value(), 40);
  EXPECT_EQ(abv_from_us_proof(201).error().code, Errc::out_of_range);
}

TEST(Ethanol, ImpossibleGlassesAreRefused) {
  EXPECT_EQ(ethanol(-1, 5).error().field, "volume_ml");
  EXPECT_EQ(ethanol(330, 101).error().field, "abv_percent");
  EXPECT_EQ(ethanol(nan, 5).error().code, Errc::not_finite);
  EXPECT_EQ(ethanol(330, inf).error().code, Errc::not_finite);
  EXPECT_EQ(uk_units(1e9, 5).error().code, Errc::out_of_range);
  EXPECT_EQ(ethanol(0, 0)->grams(), 0);
}

TEST(StandardDrink, FortyTwoCountriesAndTheReferenceDrink) {
  EXPECT_EQ(standard_drinks().size(), 43U);
  std::set<std::string_view> codes;
  std::string_view last;
  for (const StandardDrink& row : standard_drinks()) {
    SCOPED_TRACE(row.country);
    EXPECT_TRUE(codes.insert(row.code).second);
    if (row.code != "AUDIT") {
      EXPECT_EQ(row.code.size(), 2U);
      EXPECT_GT(row.country, last) << "in order of names";
      last = row.country;
    }
    // Kalinowski & Humphreys 2016: definitions run from 8 to 20 g.
    EXPECT_GE(row.grams.low, 8);
    EXPECT_LE(row.grams.high, 20);
    EXPECT_EQ(row.single, row.grams.low == row.grams.high);
    ASSERT_NE(row.source, nullptr);
    EXPECT_TRUE(standard_drink(row.code, Accept::uncertain_too));
    EXPECT_EQ(standard_drink(row.country, Accept::uncertain_too)->code, row.code);
  }
}

TEST(StandardDrink, IsFoundByCodeAndNameInAnyCase) {
  EXPECT_DOUBLE_EQ(drink_size("US")->grams(), 14);
  EXPECT_DOUBLE_EQ(drink_size("united states")->grams(), 14);
  EXPECT_DOUBLE_EQ(drink_size("gb")->grams(), 8);
  EXPECT_DOUBLE_EQ(drink_size("UK")->grams(), 8);
  EXPECT_DOUBLE_EQ(drink_size("Australia")->grams(), 10);
  EXPECT_DOUBLE_EQ(drink_size("CA")->grams(), 13.45);
  EXPECT_DOUBLE_EQ(drink_size("AUDIT")->grams(), 10);
  EXPECT_EQ(drink_size("US")->code(), "US");
}

TEST(StandardDrink, UncertainRowsAreOnlyGivenToThoseWhoAcceptThem) {
  int uncertain = 0;
  for (const StandardDrink& row : standard_drinks()) {
    if (row.confidence != Confidence::uncertain) continue;
    ++uncertain;
    EXPECT_EQ(standard_drink(row.code).error().code, Errc::unsupported) << row.country;
    EXPECT_TRUE(drink_size(row.code, Accept::uncertain_too)) << row.country;
  }
  EXPECT_EQ(uncertain, 5);  // Hungary, Malta, Norway, South Africa, Uruguay
}

TEST(StandardDrink, ACountryThatPrintsARangeHasNoSingleDrink) {
  for (const char* code : {"MX", "PT", "CH"}) {
    EXPECT_TRUE(standard_drink(code)) << code;
    EXPECT_EQ(drink_size(code).error().code, Errc::contradiction) << code;
  }
  EXPECT_NE(describe(drink_size("MX").error()).find("13 to 14 g"), std::string::npos);
}

TEST(StandardDrink, UnknownCountriesAreRefused) {
  for (const std::string& code :
       {std::string{}, std::string{"XX"}, std::string{"Atlantis"}, std::string(100'000, 'U')}) {
    EXPECT_EQ(standard_drink(code).error().code, Errc::unknown_name) << code.substr(0, 10);
  }
}

// 40 g in a man of 80 kg: 40 / (0.68 * 80) = 0.7353 g/kg at once; after two hours 0.4353 with 0.15,
// 0.2353 with 0.25, 0.5353 with 0.10 (worked by hand).
TEST(Widmark, EstimateHasAnIntervalFromTheSpeedOfElimination) {
  const auto bac = widmark(GramsEthanol::from(40).value(), 80, Sex::male, 2);
  ASSERT_TRUE(bac);
  EXPECT_NEAR(bac->value_g_per_kg, 0.4353, 5e-5);
  EXPECT_NEAR(bac->low_g_per_kg, 0.2353, 5e-5);
  EXPECT_NEAR(bac->high_g_per_kg, 0.5353, 5e-5);
  EXPECT_FALSE(bac->may_be_zero);
  EXPECT_NE(bac->note.find("never for a driving decision"), std::string_view::npos);
}

TEST(Widmark, ATolerantDrinkerWidensTheLowEndOnly) {
  const auto grams = GramsEthanol::from(100).value();
  const auto usual = widmark(grams, 70, Sex::female, 4);
  const auto tolerant = widmark(grams, 70, Sex::female, 4, Elimination::maybe_tolerant);
  EXPECT_NEAR(usual->low_g_per_kg - tolerant->low_g_per_kg, 0.10 * 4, 1e-12);
  EXPECT_EQ(usual->high_g_per_kg, tolerant->high_g_per_kg);
  EXPECT_EQ(usual->value_g_per_kg, tolerant->value_g_per_kg);
}

TEST(Widmark, NeverGoesBelowZeroAndSaysThatItMayBeZero) {
  const auto later = widmark(GramsEthanol::from(20).value(), 80, Sex::male, 3);
  EXPECT_EQ(later->low_g_per_kg, 0);
  EXPECT_TRUE(later->may_be_zero);
  EXPECT_GT(later->high_g_per_kg, 0);
  const auto none = widmark(GramsEthanol{}, 80, Sex::male, 0);
  EXPECT_EQ(none->high_g_per_kg, 0);
}

TEST(Widmark, ImpossiblePeopleAndHoursAreRefused) {
  const auto grams = GramsEthanol::from(20).value();
  EXPECT_EQ(widmark(grams, 0, Sex::male, 1).error().field, "weight_kg");
  EXPECT_EQ(widmark(grams, nan, Sex::male, 1).error().code, Errc::not_finite);
  EXPECT_EQ(widmark(grams, 70, Sex::male, -1).error().field, "hours");
  EXPECT_EQ(widmark(grams, 70, Sex::male, inf).error().code, Errc::not_finite);
}

}  // namespace
