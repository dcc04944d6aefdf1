#pragma once
/// @file
/// What a lapse, an urge or a near thing taught: triggers, needs and what helped. An opportunity to
/// learn, never a charge.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/date.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/source.hpp"
#include "ombre/plans/names.hpp"

namespace ombre::inline v0::plans {

/// Kinds of situations in which people use. Source: Marlatt & Gordon, Relapse Prevention (1985).
enum class TriggerKind : std::uint8_t {
  unpleasant_feeling,
  physical_discomfort,  ///< pain, withdrawal, no sleep
  pleasant_feeling,
  testing_control,
  urge,
  conflict,
  social_pressure,
  pleasant_company,
  place_or_thing,  ///< a street, a smell, a pay day
  other
};

/// One thing learned.
struct TriggerEntry {
  Date on;
  TriggerKind kind = TriggerKind::other;
  std::string words{};        ///< the person's own
  bool used = true;           ///< false: an urge that passed
  std::string need{};         ///< what was needed: "sleep", "somebody to talk to"
  std::string what_helped{};  ///< may be empty
  friend bool operator==(const TriggerEntry&, const TriggerEntry&) = default;
};

/// How often a kind came up.
struct TriggerCount {
  TriggerKind kind = TriggerKind::other;
  std::uint32_t times = 0;
  std::uint32_t passed = 0;  ///< urges that passed without use
  Date last;
  std::vector<std::string> needs{};   ///< distinct, most frequent first
  std::vector<std::string> helped{};  ///< distinct, most frequent first
};

/// Counts by kind between two days (both counted), most frequent first; ties by the order of kinds.
/// Nothing is said about chance: these are one person's notes.
[[nodiscard]] OMBRE_EXPORT std::vector<TriggerCount> trigger_stats(
    std::span<const TriggerEntry> log, Date first, Date last);

/// A kind in words: "an unpleasant feeling".
[[nodiscard]] OMBRE_EXPORT std::string_view in_words(TriggerKind kind) noexcept;
[[nodiscard]] OMBRE_EXPORT const Source& trigger_kinds_source() noexcept;

template <>
inline constexpr bool has_names<TriggerKind> = true;
template <>
OMBRE_EXPORT std::span<const std::string_view> names_of<TriggerKind>() noexcept;

}  // namespace ombre::inline v0::plans
