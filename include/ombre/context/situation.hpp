#pragma once
/// @file
/// A situation: what is known about one person's drug, set and setting now, each piece with its
/// date and where it is known from. What nobody said is not known.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ombre/core/date.hpp"
#include "ombre/core/export.hpp"

namespace ombre::inline v0::context {

/// Where a piece of knowledge comes from.
enum class KnownFrom : std::uint8_t {
  not_stated,
  self_report,
  family,  ///< or a friend, with consent
  clinician,
  test,
  record,
  worked_out  ///< by the library, from other pieces
};
[[nodiscard]] OMBRE_EXPORT std::string_view name(KnownFrom from) noexcept;
[[nodiscard]] OMBRE_EXPORT std::optional<KnownFrom> find_known_from(std::string_view name) noexcept;

/// How a substance is taken.
enum class Route : std::uint8_t {
  not_stated,
  swallowed,
  sublingual,
  smoked,
  vaporised,
  snorted,
  injected,
  rectal,
  patch,
  other
};
[[nodiscard]] OMBRE_EXPORT std::string_view name(Route route) noexcept;
[[nodiscard]] OMBRE_EXPORT std::optional<Route> find_route(std::string_view name) noexcept;

/// One substance of the situation and one way it is taken; two ways are two entries.
struct UsedSubstance {
  std::string name{};  ///< any name the substance catalogue knows
  Route route = Route::not_stated;
  std::optional<bool> prescribed{};  ///< taken as prescribed
  std::optional<bool> street{};      ///< from a supply whose strength is not known

  friend bool operator==(const UsedSubstance&, const UsedSubstance&) = default;
};

/// Asked and not known; the same to every rule as not asked, but worth keeping.
struct NotKnown {
  friend bool operator==(NotKnown, NotKnown) = default;
};

/// What is known about one factor.
struct FactorEntry {
  std::string factor{};  ///< id in the catalogue
  std::variant<NotKnown, bool, double> value{};
  std::optional<Date> on{};  ///< when it was so
  KnownFrom from = KnownFrom::not_stated;
  std::string note{};  ///< the person's own words, if wanted; no rule reads it

  friend bool operator==(const FactorEntry&, const FactorEntry&) = default;
};

struct Situation {
  std::string person{};
  std::optional<Date> on{};
  std::vector<UsedSubstance> substances{};
  /// True: nothing else is used. Only then do the substances that are not listed count as not used.
  std::optional<bool> nothing_else{};
  /// In any order. Of several entries about one factor the newest dated one counts, and one with a
  /// date before one without.
  std::vector<FactorEntry> factors{};

  friend bool operator==(const Situation&, const Situation&) = default;
};

}  // namespace ombre::inline v0::context
