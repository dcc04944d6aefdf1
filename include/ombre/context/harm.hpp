#pragma once
/// @file
/// Harms: the primary key of the treatment. Factors, rules and options all point at harms, not at
/// substances.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"

namespace ombre::inline v0::context {

enum class Harm : std::uint8_t {
  overdose,
  blood_borne_virus,   ///< HIV, hepatitis B and C
  skin_and_vein,       ///< abscess, wound, endocarditis, sepsis
  withdrawal,          ///< suffering in withdrawal
  seizure,             ///< seizure or delirium in withdrawal or from a mixture
  heat_and_water,      ///< overheating, dehydration, too much water
  injury_and_driving,  ///< falls, burns, traffic
  dependence,
  mental_health,
  suicide,
  legal,
  housing,
  violence,
  return_to_use,  ///< using again against one's own wish; never a reason to end care
  disconnection,  ///< losing contact with care and people
  heart,
  lungs,
  alcohol_body,  ///< liver, nerves, vitamins, non-beverage alcohol
  sexual_health,
  children_and_others,  ///< poisoning of somebody else, medicines passed on
  family,
  money
};
inline constexpr std::size_t harm_count = 22;

[[nodiscard]] constexpr std::array<Harm, harm_count> all_harms() noexcept {
  std::array<Harm, harm_count> out{};
  for (std::size_t i = 0; i < harm_count; ++i) out[i] = static_cast<Harm>(i);
  return out;
}

/// "overdose", "blood_borne_virus", ...
[[nodiscard]] OMBRE_EXPORT std::string_view name(Harm harm) noexcept;
/// The same for a person: "HIV and hepatitis".
[[nodiscard]] OMBRE_EXPORT std::string_view words(Harm harm) noexcept;
[[nodiscard]] OMBRE_EXPORT std::optional<Harm> find_harm(std::string_view name) noexcept;

/// A harm as people write it: its id or its words, in any letter case, with blanks, hyphens or
/// underscores ("HIV and hepatitis", "skin and vein"). Nothing where it is neither.
[[nodiscard]] OMBRE_EXPORT std::optional<Harm> harm_called(std::string_view text);
/// The harms that look most like a name that is none of them, at most three, best first: those that
/// share a word with it, then those a few letters away. May be empty.
[[nodiscard]] OMBRE_EXPORT std::vector<Harm> harms_like(std::string_view text);

/// How heavy a harm weighs when options are put in order: 3 can kill soon, 2 lasting or dangerous,
/// 1 hard to live with. A proposal of this project; it orders a list and measures nothing.
[[nodiscard]] OMBRE_EXPORT int weight(Harm harm) noexcept;

/// A set of harms.
struct Harms {
  std::uint32_t bits = 0;
  [[nodiscard]] constexpr bool has(Harm harm) const noexcept {
    return ((bits >> static_cast<unsigned>(harm)) & 1U) != 0;
  }
  constexpr void add(Harm harm) noexcept { bits |= 1U << static_cast<unsigned>(harm); }
  [[nodiscard]] constexpr bool empty() const noexcept { return bits == 0; }
  friend constexpr bool operator==(Harms, Harms) = default;
  friend constexpr Harms operator|(Harms a, Harm b) noexcept {
    a.add(b);
    return a;
  }
};
[[nodiscard]] constexpr Harms operator|(Harm a, Harm b) noexcept { return Harms{} | a | b; }

/// How far a harm is to be reckoned with. Bands of rules that somebody wrote down, not
/// probabilities; `none_listed` says that no rule speaks, never that there is no danger.
enum class RiskBand : std::uint8_t { none_listed = 0, raised, high, very_high };

/// "none_listed", "raised", "high", "very_high".
[[nodiscard]] OMBRE_EXPORT std::string_view name(RiskBand band) noexcept;

}  // namespace ombre::inline v0::context
