#pragma once
/// @file
/// Quantities with the unit in the type. Once built they are valid: finite and in range.
///
/// Points and steps differ: a DoseMg is an amount, a DoseStepMg a change of one. Milligrams never
/// add here, because a sum of two doses only means something for one drug: substance::total() adds
/// doses of the same substance, and an equivalence with a named table adds those of several.

#include <compare>
#include <cstdint>
#include <string_view>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"

namespace ombre::inline v0 {

namespace detail {
/// Not constexpr on purpose: reaching it while a constant is made stops the compilation.
inline void a_constant_must_be_in_range() {}
}  // namespace detail

/// A change of dose in milligrams, finite, negative for a reduction.
class DoseStepMg {
 public:
  constexpr DoseStepMg() = default;
  [[nodiscard]] OMBRE_EXPORT static Result<DoseStepMg> from(double mg);
  [[nodiscard]] constexpr double mg() const noexcept { return mg_; }
  friend constexpr auto operator<=>(DoseStepMg, DoseStepMg) = default;

 private:
  friend class DoseMg;
  explicit constexpr DoseStepMg(double mg) noexcept : mg_{mg} {}
  double mg_ = 0;
};

/// Mass of active drug in one dose or in one day's doses, in milligrams.
/// Invariant: finite and >= 0.
class DoseMg {
 public:
  constexpr DoseMg() = default;  // 0 mg
  /// For data from outside. @par Errors not_finite, out_of_range
  [[nodiscard]] OMBRE_EXPORT static Result<DoseMg> from(double mg);
  /// For constants in code: a wrong literal does not compile.
  static consteval DoseMg of(double mg) {
    if (!(mg >= 0) || mg > 1e300) detail::a_constant_must_be_in_range();
    return DoseMg{mg};
  }
  [[nodiscard]] constexpr double mg() const noexcept { return mg_; }
  friend constexpr auto operator<=>(DoseMg, DoseMg) = default;
  friend constexpr DoseStepMg operator-(DoseMg after, DoseMg before) noexcept {
    return step(after.mg_ - before.mg_);
  }
  /// The dose after a step; refused where it would fall below 0.
  [[nodiscard]] OMBRE_EXPORT Result<DoseMg> after(DoseStepMg step) const;

 private:
  explicit constexpr DoseMg(double mg) noexcept : mg_{mg} {}
  static constexpr DoseStepMg step(double mg) noexcept { return DoseStepMg{mg}; }
  double mg_ = 0;
};

/// A share of a whole. Invariant: 0 <= value <= 1.
class Fraction {
 public:
  constexpr Fraction() = default;
  [[nodiscard]] OMBRE_EXPORT static Result<Fraction> from(double value);
  /// 12.5 percent is a Fraction of 0.125.
  [[nodiscard]] OMBRE_EXPORT static Result<Fraction> from_percent(double percent);
  static consteval Fraction of(double value) {
    if (!(value >= 0 && value <= 1)) detail::a_constant_must_be_in_range();
    return Fraction{value};
  }
  [[nodiscard]] constexpr double value() const noexcept { return value_; }
  [[nodiscard]] constexpr double percent() const noexcept { return 100 * value_; }
  friend constexpr auto operator<=>(Fraction, Fraction) = default;

 private:
  explicit constexpr Fraction(double value) noexcept : value_{value} {}
  double value_ = 0;
};

/// Mass of pure ethanol in grams. Invariant: finite and >= 0. Grams of one substance may add.
class GramsEthanol {
 public:
  constexpr GramsEthanol() = default;
  [[nodiscard]] OMBRE_EXPORT static Result<GramsEthanol> from(double grams);
  [[nodiscard]] constexpr double grams() const noexcept { return grams_; }
  friend constexpr auto operator<=>(GramsEthanol, GramsEthanol) = default;
  friend constexpr GramsEthanol operator+(GramsEthanol a, GramsEthanol b) noexcept {
    const double sum = a.grams_ + b.grams_;
    return GramsEthanol{sum < 1.7e308 ? sum : 1.7e308};  // stays finite, as promised
  }

 private:
  explicit constexpr GramsEthanol(double grams) noexcept : grams_{grams} {}
  double grams_ = 0;
};

/// How many grams of ethanol one "standard drink" holds somewhere. Countries differ from 8 to
/// 20 g, so a count of drinks means nothing without one. The table by country is
/// substance::standard_drink(); `code` is its key, such as "US" or "GB".
class DrinkSize {
 public:
  /// `grams` in (0, 100]. `code` must outlive the object (a literal or a table row).
  [[nodiscard]] OMBRE_EXPORT static Result<DrinkSize> from(std::string_view code, double grams);
  [[nodiscard]] constexpr std::string_view code() const noexcept { return code_; }
  [[nodiscard]] constexpr double grams() const noexcept { return grams_; }
  friend constexpr bool operator==(DrinkSize, DrinkSize) = default;

 private:
  constexpr DrinkSize(std::string_view code, double grams) noexcept : code_{code}, grams_{grams} {}
  std::string_view code_;
  double grams_;
};

/// A number of standard drinks of a named country. Drinks of two countries do not compare or add:
/// go through grams().
class StandardDrinks {
 public:
  [[nodiscard]] OMBRE_EXPORT static Result<StandardDrinks> from(double count, DrinkSize size);
  /// The same amount of ethanol counted in drinks of `size`.
  [[nodiscard]] OMBRE_EXPORT static StandardDrinks from(GramsEthanol amount, DrinkSize size);
  [[nodiscard]] constexpr double count() const noexcept { return count_; }
  [[nodiscard]] constexpr DrinkSize size() const noexcept { return size_; }
  [[nodiscard]] OMBRE_EXPORT GramsEthanol grams() const noexcept;

 private:
  constexpr StandardDrinks(double count, DrinkSize size) noexcept : count_{count}, size_{size} {}
  double count_;
  DrinkSize size_;
};

}  // namespace ombre::inline v0
