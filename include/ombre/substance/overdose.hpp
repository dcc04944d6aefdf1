#pragma once
/// @file
/// Two questions about overdose that several modules ask: is there a reason to have naloxone at
/// hand, and how far has tolerance fallen. Unknown stays unknown: a question nobody asked is never
/// answered with "no".

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/core/source.hpp"

namespace ombre::inline v0::substance {

/// A reason with its source.
struct SourcedReason {
  std::string_view id;
  std::string_view says;
  const Source* source = nullptr;
  Confidence confidence = Confidence::known;
};

/// What is known about a person, as far as the need of naloxone asks. Empty: not asked, not known.
struct NaloxoneFacts {
  std::optional<bool> takes_opioid{};
  std::optional<bool> takes_benzodiazepine{};
  std::optional<bool> overdose_history{};
  std::optional<bool> substance_use_disorder{};
  std::optional<bool> sleep_disordered_breathing{};
  std::optional<bool> copd{};
  std::optional<bool> kidney_or_liver_failure{};
  std::optional<bool> heavy_alcohol{};
  std::optional<bool> mental_health_disorder{};
  std::optional<bool> illicit_use{};                     ///< opioid or stimulant from the street
  std::optional<bool> returning_after_tolerance_loss{};  ///< tapering, release, discharge
  std::optional<bool> discharge_near{};
  std::optional<int> opioid_free_days{};  ///< after opioid dependence
  std::optional<double> mme_a_day{};
  std::optional<double> age_years{};
};

/// Reasons to have naloxone at hand; empty where none of them is known to hold. One is enough.
/// Sources: CDC 2022 recommendation 8; HHS 2018; joint benzodiazepine guideline 2025; and, marked
/// as this project's proposals: any discharge, three or more days without opioids after
/// dependence, any use of street drugs.
[[nodiscard]] OMBRE_EXPORT std::vector<SourcedReason> naloxone_reasons(const NaloxoneFacts& facts);

/// Bands of the time after a cut of opioid dose by half or more, or after the last regular use.
enum class ToleranceBand : std::uint8_t {
  first_days,  ///< days 0 to 2: tolerance is beginning to fall
  peak,        ///< days 3 to 14
  high,        ///< days 15 to 28
  raised,      ///< days 29 to 84
  baseline     ///< later: never "safe", the old dose stays dangerous
};

[[nodiscard]] OMBRE_EXPORT std::string_view name(ToleranceBand band) noexcept;

/// Band of days since the last regular use or since a cut of 50 % or more. A band, not a
/// prediction; shape after Merrall 2010, Cornish 2010, Strang 2003 (Confidence::proposal).
/// @par Errors out_of_range (negative days)
[[nodiscard]] OMBRE_EXPORT Result<ToleranceBand> tolerance_loss_window(int days_since);

/// The sentence that belongs on the advice card.
[[nodiscard]] OMBRE_EXPORT Sourced<std::string_view> tolerance_advice(ToleranceBand band) noexcept;

}  // namespace ombre::inline v0::substance
