#pragma once
/// @file
/// The instruments that are built in: screens, severity, withdrawal, recovery, readiness, quality
/// of life. Only what is needed to score them; no item texts.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "ombre/core/explain.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/spectrum/instrument.hpp"

namespace ombre::inline v0::spectrum {

/// All of them, in the order of the documentation.
[[nodiscard]] OMBRE_EXPORT std::span<const Instrument> instruments() noexcept;

/// The instrument of this id, in any letter case; blanks, '-' and '_' do not matter ("AUDIT-C").
/// @par Errors unknown_name (the text lists the ids)
[[nodiscard]] OMBRE_EXPORT Result<const Instrument*> find_instrument(std::string_view name);

/// Question 8 of ASSIST, which is not part of any score: injecting for reasons other than medical.
enum class AssistInjecting : std::uint8_t {
  never,
  not_recent,        ///< yes, but not in the past three months
  up_to_weekly,      ///< past three months, fewer than once a week and never 3 days in a row
  weekly_or_in_runs  ///< past three months, once a week or more, or 3 or more days in a row
};
[[nodiscard]] OMBRE_EXPORT std::string_view name(AssistInjecting injecting) noexcept;
/// What the WHO manual advises for it.
[[nodiscard]] OMBRE_EXPORT Sourced<std::string_view> assist_injecting_advice(
    AssistInjecting injecting) noexcept;

/// Every instrument in words, for `ombre explain`.
[[nodiscard]] OMBRE_EXPORT std::vector<Explanation> explain_instruments();

}  // namespace ombre::inline v0::spectrum
