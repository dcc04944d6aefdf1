#pragma once
/// @file
/// How long a substance stays, when withdrawal comes, and how dangerous it is to stop suddenly.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/substance/catalogue.hpp"
#include "ombre/substance/rows.hpp"

namespace ombre::inline v0::substance {

/// Half-lives of a substance and what it turns into.
struct HalfLife {
  std::vector<HalfLifeRow> rows{};      ///< all that is known, the substance itself first
  std::optional<HalfLifeRow> parent{};  ///< the substance itself, under the condition asked for
  HalfLifeRow longest_active{};         ///< the active species with the highest upper bound
};

/// Half-lives in hours.
///
/// @param condition  "daily use", "occasional use" (cannabis), "sublingual", "transdermal": chooses
///                   among rows stated for different conditions; empty takes the longest, since
///                   waiting too short is the usual mistake
/// `longest_active` leaves out metabolites that are weak (desmethylsertraline), only markers
/// (cotinine) or formed only with alcohol (cocaethylene); they are in `rows`. Rows the caller
/// marked uncertain are left out unless accepted.
/// @par Errors not_computable (nothing recorded), unknown_name (no row for that condition),
/// unsupported (only uncertain rows)
[[nodiscard]] OMBRE_EXPORT Result<HalfLife> half_life(const Substance& substance,
                                                      std::string_view condition = {},
                                                      Accept accept = Accept::established,
                                                      const Catalogue& catalogue = builtin());

/// Hours until about 97 % is gone: five half-lives, from the low to the high end.
[[nodiscard]] constexpr Range washout_hours(const HalfLifeRow& row) noexcept {
  return {5 * row.hours.low, 5 * row.hours.high};
}

/// How a row of a group was found for one substance.
enum class Match : std::uint8_t {
  exact,     ///< the source names the substance or its group
  by_class,  ///< taken from the class it belongs to
  analogy    ///< taken from a related class (z-drugs from short-acting benzodiazepines)
};
[[nodiscard]] OMBRE_EXPORT std::string_view name(Match match) noexcept;

/// Timing of withdrawal after the last dose of regular use.
struct Withdrawal {
  std::string_view group;  ///< as the source prints it
  Match match = Match::exact;
  Range onset_hours{};
  Range peak_hours{};
  Range duration_days{};
  const Source* source = nullptr;
  Confidence confidence = Confidence::known;
  std::string note{};
};

/// @param accept  buprenorphine and illicitly made fentanyl only have figures marked uncertain:
///                they are returned with Accept::uncertain_too and refused otherwise (no fallback
///                to other opioids, which would look more certain than it is)
/// @par Errors not_computable (no timing recorded for it or its class), unsupported (only
/// uncertain)
[[nodiscard]] OMBRE_EXPORT Result<Withdrawal> withdrawal(const Substance& substance,
                                                         Accept accept = Accept::established);

/// How dangerous stopping suddenly is.
struct StoppingDanger {
  DangerClass danger;
  std::string_view group;
  std::string_view features;
  Match match = Match::exact;
  const Source* source = nullptr;
  Confidence confidence = Confidence::known;
};

/// Nothing where no row speaks about the substance or its class (MDMA, ketamine, LSD): that is
/// "not recorded", not "harmless".
[[nodiscard]] OMBRE_EXPORT std::optional<StoppingDanger> stopping_danger(
    const Substance& substance) noexcept;

}  // namespace ombre::inline v0::substance
