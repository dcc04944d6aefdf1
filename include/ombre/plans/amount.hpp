#pragma once
/// @file
/// Exact amounts for planning and dispensing: whole millionths of a named unit, never a double.
///
/// An Amount is a point (a dose, a volume), an AmountStep the signed change between two. Doses that
/// are added up, halved and compared thousands of times must not drift, so 0.1 mg is the integer
/// 100 000 here. One plan is about one substance: an Amount does not know its drug, and two
/// amounts only meet where their units are the same.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "ombre/core/export.hpp"
#include "ombre/core/quantities.hpp"
#include "ombre/core/result.hpp"

namespace ombre::inline v0::plans {

/// What is counted. Conversion exists between mg, mcg and g only; anything else needs an
/// equivalence with a source, which lives in `substance`.
enum class DoseUnit : std::uint8_t {
  mg,          ///< milligrams of active drug
  mcg,         ///< micrograms of active drug
  g,           ///< grams of active drug or of material, as the plan says
  ml,          ///< millilitres
  mcg_per_h,   ///< release rate of a patch
  g_ethanol,   ///< grams of pure ethanol
  drinks,      ///< standard drinks of the country the plan names
  cigarettes,  ///< cigarettes
  thc_units,   ///< standard THC units of 5 mg
  occasions,   ///< times used
  money        ///< spend in the currency the plan names
};

/// "mg", "mcg", "g", "mL", "mcg/h", "g ethanol", "drinks", "cigarettes", "THC units",
/// "occasions", "money".
[[nodiscard]] OMBRE_EXPORT std::string_view name(DoseUnit unit) noexcept;
/// The unit of a name as printed by name(); also "ug", "µg", "ml", "ug/h", "µg/h", "g_ethanol",
/// "mcg_per_h", "thc_units". @par Errors unknown_name
[[nodiscard]] OMBRE_EXPORT Result<DoseUnit> dose_unit(std::string_view text);

/// A signed change of an amount, in whole millionths of `unit`. Negative for a reduction.
struct AmountStep {
  std::int64_t micro = 0;
  DoseUnit unit = DoseUnit::mg;
  [[nodiscard]] constexpr double value() const noexcept { return static_cast<double>(micro) / 1e6; }
  friend constexpr bool operator==(AmountStep, AmountStep) = default;
};

/// "-2.5 mg".
[[nodiscard]] OMBRE_EXPORT std::string text(AmountStep step);

/// A share between 0 and 1 in whole millionths: 12.5 % is 125 000. Ceilings and paces use it, so
/// that "no more than 10 %" is decided by integers.
class Share {
 public:
  constexpr Share() = default;
  /// Nearest millionth. @par Errors none: a Fraction is already within 0..1
  [[nodiscard]] static constexpr Share from(Fraction share) noexcept {
    // Shares are never negative, so adding a half rounds to nearest; lround is not constexpr.
    // NOLINTNEXTLINE(bugprone-incorrect-roundings)
    return Share{static_cast<std::int32_t>(share.value() * 1e6 + 0.5)};
  }
  /// @par Errors out_of_range outside 0..1 000 000
  [[nodiscard]] OMBRE_EXPORT static Result<Share> from_millionths(std::int64_t millionths);
  [[nodiscard]] constexpr std::int32_t millionths() const noexcept { return millionths_; }
  [[nodiscard]] constexpr double percent() const noexcept { return millionths_ / 1e4; }
  friend constexpr auto operator<=>(Share, Share) = default;

 private:
  explicit constexpr Share(std::int32_t millionths) noexcept : millionths_{millionths} {}
  std::int32_t millionths_ = 0;
};

/// An amount >= 0 in whole millionths of its unit.
/// Invariant: 0 <= micro() <= max_micro, so that sums of 9 000 amounts still fit an int64.
class Amount {
 public:
  /// 10^15 millionths: a thousand million units (a tonne, for milligrams).
  static constexpr std::int64_t max_micro = 1'000'000'000'000'000;

  constexpr Amount() = default;                                       // 0 mg
  explicit constexpr Amount(DoseUnit unit) noexcept : unit_{unit} {}  // 0 of that unit

  /// @par Errors out_of_range
  [[nodiscard]] OMBRE_EXPORT static Result<Amount> from_micro(std::int64_t micro, DoseUnit unit);
  /// Reads a plain decimal such as "12.5", exactly. Refuses signs, exponents, blanks, thousands
  /// separators, and more than six decimals unless the rest are zeros: nothing is rounded here.
  /// @par Errors malformed, out_of_range
  [[nodiscard]] OMBRE_EXPORT static Result<Amount> parse(std::string_view decimal, DoseUnit unit);
  /// Reads "12.5 mg" or "0.4mL": a number as above, at most one blank, a unit.
  /// @par Errors malformed, out_of_range, unknown_name
  [[nodiscard]] OMBRE_EXPORT static Result<Amount> parse(std::string_view with_unit);
  /// The millionth nearest to a computed value (ties to even); for curves and other doubles.
  /// @par Errors not_finite, out_of_range
  [[nodiscard]] OMBRE_EXPORT static Result<Amount> nearest(double value, DoseUnit unit);
  [[nodiscard]] static Result<Amount> nearest(DoseMg dose) {
    return nearest(dose.mg(), DoseUnit::mg);
  }
  /// For constants in code; prefer the literals below. A negative count does not compile.
  static consteval Amount of_micro(std::int64_t micro, DoseUnit unit) {
    if (micro < 0 || micro > max_micro) ombre::detail::a_constant_must_be_in_range();
    return Amount{micro, unit};
  }

  [[nodiscard]] constexpr std::int64_t micro() const noexcept { return micro_; }
  [[nodiscard]] constexpr DoseUnit unit() const noexcept { return unit_; }
  [[nodiscard]] constexpr double value() const noexcept {
    return static_cast<double>(micro_) / 1e6;
  }
  [[nodiscard]] constexpr bool is_zero() const noexcept { return micro_ == 0; }

  /// The same amount in mg, mcg or g, exactly. @par Errors not_computable (other units, or not a
  /// whole number of millionths there), out_of_range
  [[nodiscard]] OMBRE_EXPORT Result<Amount> in(DoseUnit unit) const;
  /// @par Errors contradiction (other unit), out_of_range
  [[nodiscard]] OMBRE_EXPORT Result<Amount> plus(Amount other) const;
  /// `times` >= 0. @par Errors out_of_range
  [[nodiscard]] OMBRE_EXPORT Result<Amount> times(std::int64_t times) const;

  /// Amounts of different units are unordered and never equal.
  friend constexpr bool operator==(Amount, Amount) = default;
  friend constexpr std::partial_ordering operator<=>(Amount a, Amount b) noexcept {
    if (a.unit_ != b.unit_) return std::partial_ordering::unordered;
    return a.micro_ <=> b.micro_;
  }
  /// The step from `before` to `after`. Both must have one unit (a caller's bug otherwise: the
  /// step then takes the unit of `after`).
  friend constexpr AmountStep operator-(Amount after, Amount before) noexcept {
    return AmountStep{after.micro_ - before.micro_, after.unit_};
  }

 private:
  constexpr Amount(std::int64_t micro, DoseUnit unit) noexcept : micro_{micro}, unit_{unit} {}
  std::int64_t micro_ = 0;
  DoseUnit unit_ = DoseUnit::mg;
};

/// Shortest exact decimal: "12.5", "0.355", "40".
[[nodiscard]] OMBRE_EXPORT std::string number_text(Amount amount);
/// The same with the unit: "12.5 mg".
[[nodiscard]] OMBRE_EXPORT std::string text(Amount amount);

namespace detail {
/// Decimal literal to millionths while compiling; a literal finer than a millionth does not
/// compile.
template <char... Digits>
consteval std::int64_t literal_micro() {
  constexpr char digits[] = {Digits...};
  std::int64_t micro = 0;
  std::int64_t place = 0;  // 0 before the point, then what the next decimal is worth
  for (const char c : digits) {
    if (c == '\'') continue;
    if (c == '.' && place == 0) {
      place = 100'000;
      continue;
    }
    if (c < '0' || c > '9') ombre::detail::a_constant_must_be_in_range();
    const std::int64_t digit = c - '0';
    if (place == 0) {
      if (micro > Amount::max_micro) ombre::detail::a_constant_must_be_in_range();
      micro = micro * 10 + digit * 1'000'000;
    } else {
      if (place < 0 && digit != 0) ombre::detail::a_constant_must_be_in_range();
      if (place > 0) micro += digit * place;
      place = place > 1 ? place / 10 : -1;
    }
  }
  return micro;
}
}  // namespace detail

/// `using namespace ombre::plans::literals;` then 12.5_mg, 0.1_ml, 25_mcg_per_h, 10_pct.
namespace literals {
template <char... Digits>
consteval Amount operator""_mg() {
  return Amount::of_micro(detail::literal_micro<Digits...>(), DoseUnit::mg);
}
template <char... Digits>
consteval Amount operator""_ml() {
  return Amount::of_micro(detail::literal_micro<Digits...>(), DoseUnit::ml);
}
template <char... Digits>
consteval Amount operator""_mcg_per_h() {
  return Amount::of_micro(detail::literal_micro<Digits...>(), DoseUnit::mcg_per_h);
}
template <char... Digits>
consteval Amount operator""_drinks() {
  return Amount::of_micro(detail::literal_micro<Digits...>(), DoseUnit::drinks);
}
/// 12.5_pct is a Share of 125 000 millionths.
template <char... Digits>
consteval Share operator""_pct() {
  return Share::from(Fraction::of(static_cast<double>(detail::literal_micro<Digits...>()) / 1e8));
}
}  // namespace literals

}  // namespace ombre::inline v0::plans
