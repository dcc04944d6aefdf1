#include "ombre/core/quantities.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <concepts>
#include <limits>

namespace {

using namespace ombre;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();

// ---- what must not compile

template <class A, class B>
concept Addable = requires(A a, B b) {
  a + b;
};
template <class A, class B>
concept Comparable = requires(A a, B b) {
  a == b;
};
static_assert(!std::is_convertible_v<double, DoseMg>);
static_assert(!std::is_convertible_v<double, GramsEthanol>);
static_assert(!std::is_constructible_v<DoseMg, double>, "a dose is made by from() or of()");
static_assert(!Addable<DoseMg, DoseMg>, "milligrams of two drugs never add");
static_assert(!Addable<DoseMg, DoseStepMg>, "use after(), which can refuse");
static_assert(std::same_as<decltype(DoseMg{} - DoseMg{}), DoseStepMg>);
static_assert(!Comparable<DoseMg, DoseStepMg>);
static_assert(Addable<GramsEthanol, GramsEthanol>, "grams of one substance may add");
static_assert(!Addable<GramsEthanol, DoseMg>);
static_assert(!Addable<StandardDrinks, StandardDrinks> &&
                  !Comparable<StandardDrinks, StandardDrinks>,
              "drinks of two countries go through grams");
static_assert(DoseMg::of(2.5).mg() == 2.5);
static_assert(Fraction::of(0.25).percent() == 25);

TEST(DoseMg, HoldsOnlyFiniteAmountsFromZero) {
  EXPECT_EQ(DoseMg::from(2.5)->mg(), 2.5);
  EXPECT_EQ(DoseMg::from(0)->mg(), 0);
  EXPECT_FALSE(std::signbit(DoseMg::from(-0.0)->mg()));
  EXPECT_EQ(DoseMg::from(-1e-300).error().code, Errc::out_of_range);
  EXPECT_EQ(DoseMg::from(nan).error().code, Errc::not_finite);
  EXPECT_EQ(DoseMg::from(inf).error().code, Errc::not_finite);
  EXPECT_EQ(DoseMg::from(-inf).error().code, Errc::not_finite);
  EXPECT_EQ(describe(DoseMg::from(-2.5).error()), "dose_mg = -2.5: must be 0 or more");
}

TEST(DoseMg, AStepLeadsFromOneDoseToTheNextAndNeverBelowZero) {
  const DoseStepMg down = DoseMg::of(8) - DoseMg::of(10);
  EXPECT_EQ(down.mg(), -2);
  EXPECT_EQ(DoseMg::of(10).after(down)->mg(), 8);
  EXPECT_EQ(DoseMg::of(2).after(down)->mg(), 0);
  EXPECT_EQ(DoseMg::of(1).after(down).error().code, Errc::out_of_range);
  EXPECT_EQ(DoseStepMg::from(nan).error().code, Errc::not_finite);
  EXPECT_EQ(DoseStepMg::from(-3)->mg(), -3);
  EXPECT_FALSE(DoseMg::from(1.7e308)->after(DoseStepMg::from(1.7e308).value()));
}

TEST(Fraction, LiesBetweenZeroAndOne) {
  EXPECT_DOUBLE_EQ(Fraction::from_percent(12.5)->value(), 0.125);
  EXPECT_EQ(Fraction::from(0)->value(), 0);
  EXPECT_EQ(Fraction::from(1)->percent(), 100);
  EXPECT_EQ(Fraction::from(1.0000001).error().code, Errc::out_of_range);
  EXPECT_EQ(Fraction::from(-0.1).error().code, Errc::out_of_range);
  EXPECT_EQ(Fraction::from_percent(101).error().field, "percent");
  EXPECT_EQ(Fraction::from(nan).error().code, Errc::not_finite);
}

TEST(GramsEthanol, AddAndStayFinite) {
  const auto a = GramsEthanol::from(14).value();
  EXPECT_EQ((a + a).grams(), 28);
  EXPECT_EQ(GramsEthanol::from(-1).error().code, Errc::out_of_range);
  EXPECT_EQ(GramsEthanol::from(nan).error().code, Errc::not_finite);
  const auto huge = GramsEthanol::from(1.7e308).value();
  EXPECT_TRUE(std::isfinite((huge + huge).grams()));
}

TEST(DrinkSize, NamesItsCountry) {
  const auto us = DrinkSize::from("US", 14).value();
  EXPECT_EQ(us.code(), "US");
  EXPECT_EQ(us.grams(), 14);
  EXPECT_NE(us, DrinkSize::from("AR", 14).value()) << "the same grams in another country";
  EXPECT_EQ(DrinkSize::from("", 14).error().code, Errc::missing);
  EXPECT_EQ(DrinkSize::from("US", 0).error().code, Errc::out_of_range);
  EXPECT_EQ(DrinkSize::from("US", 101).error().code, Errc::out_of_range);
  EXPECT_EQ(DrinkSize::from("US", nan).error().code, Errc::not_finite);
}

// 750 mL of 13.5 % is 79.89 g: 5.7 US drinks, 10.0 units of 8 g.
TEST(StandardDrinks, OfTwoCountriesMeetInGrams) {
  const auto us = DrinkSize::from("US", 14).value();
  const auto uk = DrinkSize::from("GB", 8).value();
  const auto five = StandardDrinks::from(5, us).value();
  EXPECT_EQ(five.grams().grams(), 70);
  EXPECT_EQ(StandardDrinks::from(five.grams(), uk).count(), 8.75);
  EXPECT_NEAR(StandardDrinks::from(GramsEthanol::from(79.89).value(), us).count(), 5.706, 0.001);
  EXPECT_EQ(StandardDrinks::from(-1, us).error().code, Errc::out_of_range);
  EXPECT_EQ(StandardDrinks::from(inf, us).error().code, Errc::not_finite);
}

TEST(StandardDrinks, StayFiniteAndNeverTurnMuchIntoNothing) {
  const auto tiny = DrinkSize::from("tiny", 1e-9).value();
  const auto drinks = StandardDrinks::from(GramsEthanol::from(1e308).value(), tiny);
  EXPECT_TRUE(std::isfinite(drinks.count()));
  EXPECT_GT(drinks.grams().grams(), 0);
}

}  // namespace
