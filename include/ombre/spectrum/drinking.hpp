#pragma once
/// @file
/// Named definitions of heavy drinking and of low-risk limits. There is no bare "heavy": every
/// result names its rule.
///
/// All rules compare grams of pure ethanol. A rule printed in drinks is applied in grams of the
/// drink its authors mean (14 g in the United States), because drinks differ from 8 to 20 g between
/// countries. Whole US drinks give the same days under `niaaa_heavy_day` (at least 5, 4 for women:
/// >= 70 g, 56 g) and `fda_hdd` (more than 4, more than 3: > 56 g, > 42 g). Amounts between whole
/// drinks do not: 4.5 drinks (63 g) are more than 4 and fewer than 5, so a man's day with them is a
/// heavy day for `fda_hdd` and not for `niaaa_heavy_day`. We keep both texts as they are printed
/// and do not round amounts to whole drinks.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "ombre/core/export.hpp"
#include "ombre/core/quantities.hpp"
#include "ombre/core/sex.hpp"
#include "ombre/core/source.hpp"
#include "ombre/spectrum/who_rdl.hpp"

namespace ombre::inline v0::spectrum {

enum class Comparison : std::uint8_t {
  at_least,  ///< amount >= limit
  more_than  ///< amount > limit
};

/// A limit in grams of ethanol, by sex. Amounts within `same_amount_g` of it count as equal to it.
struct DrinkingLimit {
  double men_g;
  double women_g;
  Comparison comparison;

  [[nodiscard]] constexpr double grams(Sex sex) const noexcept {
    return sex == Sex::male ? men_g : women_g;
  }
  [[nodiscard]] constexpr bool reached(GramsEthanol amount, Sex sex) const noexcept {
    return comparison == Comparison::at_least ? amount.grams() >= grams(sex) - same_amount_g
                                              : amount.grams() > grams(sex) + same_amount_g;
  }
};

enum class RuleKind : std::uint8_t {
  heavy,          ///< reaching the limit is heavy drinking as the authors define it
  low_risk_limit  ///< going over the limit leaves what the authors call low risk
};

/// One named definition. A rule may speak about a day, about a week, or about both (then reaching
/// either is enough); one about days may ask for several such days within a longer window.
struct HeavyRule {
  std::string_view id;     ///< "niaaa_heavy_day": the name in tables and on the command line
  std::string_view title;  ///< the definition in words, as printed by its authors
  RuleKind kind;
  std::optional<DrinkingLimit> day;   ///< grams on one day
  std::optional<DrinkingLimit> week;  ///< grams in seven days
  int window_days;                    ///< days looked at: 1, 7 or 30
  int days_needed;                    ///< days over `day` within the window that make it true
  bool needs_occasion;                ///< stated for one occasion, not a day: a day total can only
                                      ///< overstate it, and results should say so
  const Source* source;
  Confidence confidence;
  std::string_view note;
};

/// All rules, in the order of the documentation.
[[nodiscard]] OMBRE_EXPORT std::span<const HeavyRule> heavy_rules() noexcept;

/// The rule with this id; exact spelling, since ids are ours.
/// @par Errors unknown_name (the text lists the ids)
[[nodiscard]] OMBRE_EXPORT Result<HeavyRule> heavy_rule(std::string_view id);

/// Whether one day's total reaches the rule's day limit; nothing where the rule has no day limit
/// (`uk_low_risk` speaks about weeks only).
[[nodiscard]] constexpr std::optional<bool> is_over_on_day(const HeavyRule& rule,
                                                           GramsEthanol on_the_day,
                                                           Sex sex) noexcept {
  if (!rule.day) return std::nullopt;
  return rule.day->reached(on_the_day, sex);
}

/// The same for a total of seven days.
[[nodiscard]] constexpr std::optional<bool> is_over_in_week(const HeavyRule& rule,
                                                            GramsEthanol in_the_week,
                                                            Sex sex) noexcept {
  if (!rule.week) return std::nullopt;
  return rule.week->reached(in_the_week, sex);
}

/// UK levels from a week's total (NHS, NICE): low risk up to 14 units; increasing risk up to 50
/// (men) or 35 (women); higher risk above. A unit is 8 g here, as by convention; the low-risk
/// advice also asks to spread the units over three days or more, which a total cannot show.
enum class UkLevel : std::uint8_t { none = 0, low_risk, increasing_risk, higher_risk };
[[nodiscard]] OMBRE_EXPORT std::string_view name(UkLevel level) noexcept;
[[nodiscard]] OMBRE_EXPORT UkLevel uk_level(GramsEthanol in_the_week, Sex sex) noexcept;

/// Canada's Guidance on Alcohol and Health 2023, from a week's total: no risk 0; low 1-2 drinks;
/// moderate 3-6; increasingly high 7 and more, in drinks of 13.45 g. Between whole drinks a level
/// ends where the next begins: below 3 drinks is low, below 7 is moderate (our reading).
enum class CanadaLevel : std::uint8_t { none = 0, low, moderate, increasingly_high };
[[nodiscard]] OMBRE_EXPORT std::string_view name(CanadaLevel level) noexcept;
[[nodiscard]] OMBRE_EXPORT CanadaLevel canada_2023_level(GramsEthanol in_the_week) noexcept;

}  // namespace ombre::inline v0::spectrum
