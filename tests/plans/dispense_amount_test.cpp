#include "ombre/plans/amount.hpp"
#include "ombre/plans/product.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>

namespace plans = ombre::plans;
using namespace ombre::plans::literals;
using ombre::Errc;
using plans::Amount;
using plans::Division;
using plans::DoseUnit;
using plans::Form;
using plans::Product;
using plans::Share;

static_assert(!std::is_convertible_v<double, Amount>);
static_assert(!std::is_convertible_v<std::int64_t, Amount>);
static_assert(!std::is_convertible_v<Amount, plans::AmountStep>);
static_assert((0.1_mg).micro() == 100'000);
static_assert((40_mg).micro() == 40'000'000);
static_assert((0.000001_mg).micro() == 1);
static_assert((12.5_pct).millionths() == 125'000);
static_assert(1_mg != 1_ml);
static_assert(!(1_mg < 2_ml) && !(1_mg > 2_ml) && 1_mg < 2_mg);

TEST(Amount, DecimalsAreReadExactlyAndPrintedShortest) {
  for (const auto& [in, micro, out] :
       {std::tuple{"12.5", 12'500'000LL, "12.5"}, std::tuple{"0.1", 100'000LL, "0.1"},
        std::tuple{"0.355", 355'000LL, "0.355"}, std::tuple{"007.500000000", 7'500'000LL, "7.5"},
        std::tuple{"0", 0LL, "0"}, std::tuple{"0.000001", 1LL, "0.000001"},
        std::tuple{"1000000000", 1'000'000'000'000'000LL, "1000000000"}}) {
    const auto amount = Amount::parse(in, DoseUnit::mg);
    ASSERT_TRUE(amount) << in;
    EXPECT_EQ(amount->micro(), micro);
    EXPECT_EQ(plans::number_text(*amount), out);
  }
}

TEST(Amount, EveryMicroRoundTripsThroughText) {
  std::uint64_t state = 88172645463325252ULL;
  for (int i = 0; i < 20'000; ++i) {
    state ^= state << 13U;
    state ^= state >> 7U;
    state ^= state << 17U;
    const auto micro = static_cast<std::int64_t>(state % 1'000'000'000'000'001ULL);
    const auto amount = Amount::from_micro(micro, DoseUnit::mg);
    ASSERT_TRUE(amount);
    const auto back = Amount::parse(plans::text(*amount));
    ASSERT_TRUE(back);
    ASSERT_EQ(*back, *amount);
  }
}

TEST(Amount, TextThatIsNotAPlainDecimalIsRefused) {
  for (const char* bad : {"", ".", "1.", ".5", "-1", "+1", "1e3", "1,5", " 1", "1 ", "1.2.3", "nan",
                          "inf", "0x10", "1_000", "\xc2\xbd"}) {
    const auto amount = Amount::parse(bad, DoseUnit::mg);
    ASSERT_FALSE(amount) << bad;
    EXPECT_EQ(amount.error().code, Errc::malformed) << bad;
  }
  EXPECT_EQ(Amount::parse("0.0000001", DoseUnit::mg).error().code, Errc::malformed);
  EXPECT_EQ(Amount::parse("1000000000.000001", DoseUnit::mg).error().code, Errc::out_of_range);
  EXPECT_EQ(Amount::parse(std::string(10'000, '9'), DoseUnit::mg).error().code, Errc::out_of_range);
  EXPECT_EQ(describe(Amount::parse("1e3", DoseUnit::mg).error()),
            "amount = 1e3: must be a plain decimal number such as 12.5");
}

TEST(Amount, UnitsAreReadWithTheNumber) {
  EXPECT_EQ(*Amount::parse("12.5 mcg/h"), 12.5_mcg_per_h);
  EXPECT_EQ(*Amount::parse("0.4mL"), 0.4_ml);
  EXPECT_EQ(Amount::parse("5 \u00b5g")->unit(), DoseUnit::mcg);
  EXPECT_EQ(*Amount::parse("5 drinks"), 5_drinks);
  EXPECT_EQ(Amount::parse("5 pints").error().code, Errc::unknown_name);
  EXPECT_EQ(Amount::parse("5  mg").error().code, Errc::unknown_name);
  EXPECT_EQ(Amount::parse("5").error().code, Errc::malformed);
  EXPECT_EQ(Amount::parse("mg").error().code, Errc::malformed);
}

TEST(Amount, OnlyMassesConvertAndOnlyExactly) {
  EXPECT_EQ((0.4_mg).in(DoseUnit::mcg)->micro(), 400'000'000);
  EXPECT_EQ(*Amount::parse("500 mcg")->in(DoseUnit::mg), 0.5_mg);
  EXPECT_EQ(*Amount::parse("2 g")->in(DoseUnit::mg), 2000_mg);
  EXPECT_EQ((0.000001_mg).in(DoseUnit::g).error().code, Errc::not_computable);
  EXPECT_EQ((5_drinks).in(DoseUnit::g_ethanol).error().code, Errc::not_computable);
  EXPECT_EQ(Amount::of_micro(Amount::max_micro, DoseUnit::g).in(DoseUnit::mg).error().code,
            Errc::out_of_range);
}

TEST(Amount, SumsAndMultiplesStayInRangeOrAreRefused) {
  EXPECT_EQ(*(0.1_mg).plus(0.2_mg), 0.3_mg);  // as doubles this is not true
  EXPECT_EQ((1_mg).plus(1_ml).error().code, Errc::contradiction);
  EXPECT_EQ(*(0.4_mg).times(5), 2_mg);
  EXPECT_EQ((1_mg).times(-1).error().code, Errc::out_of_range);
  EXPECT_EQ((1_mg).times(std::numeric_limits<std::int64_t>::max()).error().code,
            Errc::out_of_range);
  EXPECT_EQ(Amount::of_micro(Amount::max_micro, DoseUnit::mg).plus(0.000001_mg).error().code,
            Errc::out_of_range);
  EXPECT_EQ(Amount::from_micro(-1, DoseUnit::mg).error().code, Errc::out_of_range);
}

TEST(Amount, ComputedValuesGoToTheNearestMillionth) {
  EXPECT_EQ(*Amount::nearest(9.3984375, DoseUnit::mg), 9.398438_mg);
  EXPECT_EQ(Amount::nearest(std::nan(""), DoseUnit::mg).error().code, Errc::not_finite);
  EXPECT_EQ(Amount::nearest(-1e-9, DoseUnit::mg).error().code, Errc::out_of_range);
  EXPECT_EQ(Amount::nearest(1e300, DoseUnit::mg).error().code, Errc::out_of_range);
}

TEST(Amount, StepsAreSigned) {
  EXPECT_EQ(plans::text(18_mg - 20_mg), "-2 mg");
  EXPECT_EQ(plans::text(0_mg - 0.25_mg), "-0.25 mg");
  EXPECT_EQ(plans::text(plans::AmountStep{std::numeric_limits<std::int64_t>::min(), DoseUnit::mg}),
            "-9223372036854.775808 mg");
}

TEST(Share, MillionthsOutsideTheWholeAreRefused) {
  EXPECT_EQ(Share::from_millionths(100'000)->percent(), 10);
  EXPECT_EQ(Share::from_millionths(-1).error().code, Errc::out_of_range);
  EXPECT_EQ(Share::from_millionths(1'000'001).error().code, Errc::out_of_range);
  EXPECT_EQ(Share::from(ombre::Fraction::of(0.1)), 10_pct);
}

TEST(Product, ExtendedReleaseCapsulesAndPatchesAreNeverDivided) {
  for (const Form form : {Form::extended_release_tablet, Form::extended_release_capsule,
                          Form::capsule, Form::lozenge, Form::injection, Form::gum}) {
    EXPECT_FALSE(plans::may_be_divided(form));
    EXPECT_TRUE(Product::piece(form, 15_mg));
    const auto halved = Product::piece(form, 15_mg, Division::halves);
    ASSERT_FALSE(halved);
    EXPECT_EQ(halved.error().code, Errc::contradiction);
  }
  const auto patch = Product::patch(12.5_mcg_per_h, 3, "fentanyl 12 patch");
  ASSERT_TRUE(patch);
  EXPECT_EQ(patch->division(), Division::whole);
  EXPECT_EQ(patch->label(), "fentanyl 12 patch");
}

TEST(Product, LabelsSayWhatItIsWhenNoneIsGiven) {
  EXPECT_EQ(Product::piece(Form::tablet, 2_mg)->label(), "2 mg tablet");
  EXPECT_EQ(Product::liquid(2_mg, 0.1_ml, 10_ml)->label(), "2 mg/mL liquid");
  EXPECT_EQ(Product::patch(12.5_mcg_per_h, 3)->label(), "12.5 mcg/h patch");
}

TEST(Product, ALiquidKnowsWhatOneGraduationHolds) {
  const auto drops = Product::liquid(0.4_mg, 0.1_ml, 10_ml);
  ASSERT_TRUE(drops);
  EXPECT_EQ(drops->per_graduation(), 0.04_mg);
  EXPECT_EQ(Product::liquid(0.000001_mg, 0.1_ml, 10_ml).error().code, Errc::not_computable);
  EXPECT_EQ(Product::liquid(0.000015_mg, 0.1_ml, 10_ml).error().code, Errc::not_computable);
  EXPECT_EQ(Product::liquid(1_mg, 0_ml, 10_ml).error().code, Errc::out_of_range);
  EXPECT_EQ(Product::liquid(1_mg, 1_ml, 0.5_ml).error().code, Errc::out_of_range);
  EXPECT_EQ(Product::liquid(1_mg, 1_mg, 5_ml).error().code, Errc::contradiction);
  EXPECT_EQ(Product::liquid(1000000000_mg, 1000000000_ml, 1000000000_ml).error().code,
            Errc::out_of_range);
}

TEST(Product, ImpossibleProductsAreRefused) {
  EXPECT_EQ(Product::piece(Form::tablet, 0_mg).error().code, Errc::out_of_range);
  EXPECT_EQ(Product::piece(Form::liquid, 1_mg).error().code, Errc::contradiction);
  EXPECT_EQ(Product::piece(Form::patch, 1_mg).error().code, Errc::contradiction);
  EXPECT_EQ(Product::piece(static_cast<Form>(99), 1_mg).error().code, Errc::unknown_name);
  EXPECT_EQ(Product::piece(Form::tablet, 1_mg, static_cast<Division>(3)).error().code,
            Errc::unknown_name);
  EXPECT_EQ(Product::piece(Form::tablet, 0.000002_mg, Division::quarters).error().code,
            Errc::not_computable);
  EXPECT_EQ(Product::patch(25_mcg_per_h, 0).error().code, Errc::out_of_range);
}

TEST(Product, NamesReadBack) {
  for (int i = 0; i <= static_cast<int>(Form::liquid); ++i) {
    const auto form = static_cast<Form>(i);
    EXPECT_EQ(*plans::form_of(plans::name(form)), form);
  }
  EXPECT_EQ(*plans::form_of("extended_release_tablet"), Form::extended_release_tablet);
  EXPECT_EQ(plans::form_of("tabletten").error().code, Errc::unknown_name);
  EXPECT_EQ(*plans::division_of("halves"), Division::halves);
  EXPECT_EQ(plans::division_of("thirds").error().code, Errc::unknown_name);
}
