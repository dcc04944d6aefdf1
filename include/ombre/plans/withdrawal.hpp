#pragma once
/// @file
/// Withdrawal scores as gates: bands of COWS, SOWS, CIWA-Ar and CIWA-B under named band sets.
/// Only totals go in and bands come out; the questions belong to the instruments.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "ombre/core/date.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/core/source.hpp"

namespace ombre::inline v0::plans {

enum class WithdrawalScale : std::uint8_t { cows, sows, ciwa_ar, ciwa_b };

/// "cows", "sows", "ciwa_ar" or "ciwa_b".
[[nodiscard]] OMBRE_EXPORT std::string_view name(WithdrawalScale scale) noexcept;
[[nodiscard]] OMBRE_EXPORT std::optional<WithdrawalScale> find_withdrawal_scale(
    std::string_view name) noexcept;

/// One band: scores from `low` to `high`, both inclusive. `rank` counts from 0.
struct ScoreBand {
  std::string_view name;
  int low = 0;
  int high = 0;
  int rank = 0;
};

/// A named way to cut a scale into bands. Sources cut differently, so the set is always named.
struct BandSet {
  std::string_view id;  ///< "cows-2003", "ciwa-ar-asam-2020"
  WithdrawalScale scale = WithdrawalScale::cows;
  std::span<const ScoreBand> bands;  ///< ascending, covering the whole scale
  /// First band that asks for a hold: at or above it the step is held.
  int hold_rank = 0;
  const Source* source = nullptr;
  Confidence confidence = Confidence::known;
  std::string_view note{};
};

[[nodiscard]] OMBRE_EXPORT std::span<const BandSet> band_sets() noexcept;
[[nodiscard]] OMBRE_EXPORT const BandSet* find_band_set(std::string_view id) noexcept;
/// The set used where a caller names none; nothing for scales whose only bands are uncertain
/// (SOWS) or of which several circulate without agreement.
[[nodiscard]] OMBRE_EXPORT const BandSet* usual_band_set(WithdrawalScale scale) noexcept;

/// The band of a total score. @par Errors out_of_range (outside the scale)
[[nodiscard]] OMBRE_EXPORT Result<ScoreBand> band_of(const BandSet& set, int score);

/// One dated total.
struct WithdrawalScore {
  Date on;
  int total = 0;
};

/// What the scores say about the present step.
struct ScoreGate {
  bool hold = false;  ///< stay on this step
  bool rose = false;  ///< the newest score lies in a higher band than the one before it
  ScoreBand band{};   ///< of the newest score
  /// Set while a hold ends: the band has been below the hold band since this day.
  std::optional<Date> calm_since{};
  /// The first day on which the next step, at half size, may begin; empty while scores are high.
  std::optional<Date> may_go_on{};
  bool next_step_half = false;
  const BandSet* set = nullptr;
};

/// Reads dated scores against a band set: a hold begins when a score reaches the hold band (COWS
/// 13, CIWA-B 21) and ends with the first score that lies at least three days after the band came
/// down, with no high score between; then the next step is half size.
/// Source: slow or pause when withdrawal is significant, CDC 2022 and the joint benzodiazepine
/// guideline 2025; the three days and the half step are this project's proposal.
///
/// @param scores  n >= 1 scores with ascending days (several a day are allowed)
/// @par Errors empty_input, out_of_range, contradiction (days go back)
[[nodiscard]] OMBRE_EXPORT Result<ScoreGate> score_gate(const BandSet& set,
                                                        std::span<const WithdrawalScore> scores);

}  // namespace ombre::inline v0::plans
