#pragma once
/// @file
/// WHO risk drinking levels: where a mean daily amount of pure ethanol stands, and how many levels
/// it moved.
///
/// Published integer bands, grams per day (WHO, International Guide for Monitoring Alcohol
/// Consumption and Related Harm, 2000):
///
/// | rank | level     | men      | women   |
/// |------|-----------|----------|---------|
/// | 0    | abstinent | 0        | 0       |
/// | 1    | low       | 1-40     | 1-20    |
/// | 2    | medium    | 41-60    | 21-40   |
/// | 3    | high      | 61-100   | 41-60   |
/// | 4    | very high | over 100 | over 60 |
///
/// The printed bands leave gaps (40.5 g). We close each band at its upper bound (a proposal of ours
/// that agrees with every whole number and with the strict "> 60 g, > 40 g" of the European
/// Medicines Agency). An amount within one microgram of a bound counts as equal to it, so that a
/// mean of 40 g that was computed as 40.000000000000007 stays where it belongs.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "ombre/core/export.hpp"
#include "ombre/core/quantities.hpp"
#include "ombre/core/sex.hpp"
#include "ombre/core/source.hpp"

namespace ombre::inline v0::spectrum {

/// Two amounts of ethanol closer than this, in grams, are the same amount.
inline constexpr double same_amount_g = 1e-6;

/// Level of a mean amount per day. The numbers are the ranks.
enum class RiskDrinkingLevel : std::uint8_t { abstinent = 0, low, medium, high, very_high };

/// "abstinent", "low", "medium", "high", "very high".
[[nodiscard]] OMBRE_EXPORT std::string_view name(RiskDrinkingLevel level) noexcept;

[[nodiscard]] constexpr int rank(RiskDrinkingLevel level) noexcept {
  return static_cast<int>(level);
}

/// Upper bounds in grams per day of low, medium and high, as published.
struct RdlBounds {
  double low_g;
  double medium_g;
  double high_g;
};

[[nodiscard]] constexpr RdlBounds rdl_bounds(Sex sex) noexcept {
  return sex == Sex::male ? RdlBounds{40, 60, 100} : RdlBounds{20, 40, 60};
}

/// Level of a mean daily amount.
///
/// @param per_day  total grams in the window divided by *all* its calendar days, abstinent days
///                 included; the window is usually 28 or 30 days
/// @param sex      whose column of the table applies
///
/// Any amount above 0 is at least `low`: abstinent means none at all.
[[nodiscard]] constexpr RiskDrinkingLevel who_rdl(GramsEthanol per_day, Sex sex) noexcept {
  const double g = per_day.grams();
  const RdlBounds up_to = rdl_bounds(sex);
  if (g <= 0) return RiskDrinkingLevel::abstinent;
  if (g <= up_to.low_g + same_amount_g) return RiskDrinkingLevel::low;
  if (g <= up_to.medium_g + same_amount_g) return RiskDrinkingLevel::medium;
  if (g <= up_to.high_g + same_amount_g) return RiskDrinkingLevel::high;
  return RiskDrinkingLevel::very_high;
}

/// Levels gone down from baseline; negative where use went up.
[[nodiscard]] constexpr int level_reduction(RiskDrinkingLevel baseline,
                                            RiskDrinkingLevel now) noexcept {
  return rank(baseline) - rank(now);
}

/// The largest reduction a baseline leaves room for: someone at `low` can go down one level, to
/// abstinence, and can never be a two-level responder.
[[nodiscard]] constexpr int largest_reduction(RiskDrinkingLevel baseline) noexcept {
  return rank(baseline);
}

/// Whether a person went down by at least `levels` (1 or 2 in the published endpoints).
/// A missing follow-up counts as no response, as in the reference analyses (Falk 2019); callers
/// who treat missing values otherwise decide before they call.
[[nodiscard]] constexpr bool rdl_responder(RiskDrinkingLevel baseline,
                                           std::optional<RiskDrinkingLevel> now,
                                           int levels) noexcept {
  return now.has_value() && level_reduction(baseline, *now) >= levels;
}

/// Level of the risk of acute problems from the amount drunk on one day. The 2000 guide prints the
/// same cuts for a single day; the meaning is another one, and so is the type: a single-day level
/// does not compare with an average-day level.
enum class SingleOccasionRisk : std::uint8_t { none = 0, low, medium, high, very_high };

[[nodiscard]] OMBRE_EXPORT std::string_view name(SingleOccasionRisk risk) noexcept;

[[nodiscard]] constexpr SingleOccasionRisk who_single_occasion(GramsEthanol on_the_day,
                                                               Sex sex) noexcept {
  return static_cast<SingleOccasionRisk>(who_rdl(on_the_day, sex));
}

/// Category of chronic-harm risk from a mean daily amount: I, II, III of the 2000 guide
/// (men 0-40, 41-60, 61 and more; women 0-20, 21-40, 41 and more). Abstinence is part of I.
enum class ChronicHarmCategory : std::uint8_t { one = 1, two, three };

[[nodiscard]] constexpr ChronicHarmCategory who_chronic_harm(GramsEthanol per_day,
                                                             Sex sex) noexcept {
  const RiskDrinkingLevel level = who_rdl(per_day, sex);
  if (level <= RiskDrinkingLevel::low) return ChronicHarmCategory::one;
  return level == RiskDrinkingLevel::medium ? ChronicHarmCategory::two : ChronicHarmCategory::three;
}

/// One published use of level reductions as the result of a trial.
struct RdlEndpoint {
  std::string_view id;
  int levels;               ///< reduction asked for
  std::string_view agency;  ///< who speaks
  std::string_view status;  ///< what was said about it
  const Source* source;
  Confidence confidence;
};

/// FDA 2025 (two levels, qualified), EMA 2010 (two levels, intermediate goal), ACTIVE (one level,
/// informative, not a regulatory endpoint).
[[nodiscard]] OMBRE_EXPORT std::span<const RdlEndpoint> rdl_endpoints() noexcept;

/// Where the bands come from (verified), and the closed-upper-bound rule (our proposal).
[[nodiscard]] OMBRE_EXPORT const Source& rdl_source() noexcept;

}  // namespace ombre::inline v0::spectrum
