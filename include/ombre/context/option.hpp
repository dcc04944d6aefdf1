#pragma once
/// @file
/// Options: what a person may be offered. Each says which factors it moves, which harms it is for,
/// whether it asks for any change in use, what is known about it, and what to watch.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "ombre/context/factor.hpp"
#include "ombre/context/harm.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/source.hpp"

namespace ombre::inline v0::context {

/// Whether an option asks for use itself to change.
enum class ChangesUse : std::uint8_t {
  no,        ///< not at all
  possible,  ///< it may, and need not
  yes        ///< that is what it is for
};
[[nodiscard]] OMBRE_EXPORT std::string_view name(ChangesUse changes) noexcept;
[[nodiscard]] OMBRE_EXPORT std::optional<ChangesUse> find_changes_use(
    std::string_view name) noexcept;

/// Strength of evidence, in the order that ranks options. `none_found` means that nobody looked,
/// not that it does not help.
enum class Evidence : std::uint8_t {
  none_found = 0,
  expert,
  low,
  low_to_moderate,
  moderate,
  moderate_to_strong,
  strong
};
[[nodiscard]] OMBRE_EXPORT std::string_view name(Evidence evidence) noexcept;

/// A published finding behind an option. Results of groups in the named study, not promises.
struct Effect {
  std::string_view says;
  const Source* source = nullptr;
  Confidence confidence = Confidence::known;
};

/// One option. Conditions are ids of factors: a blank between them means *and*, '|' means *or*, a
/// leading '!' means *not*: "uses_opioid|street_supply uses_alone".
struct Option {
  int number = 0;          ///< its row in the collection, 1 to 64; above 64 for the caller's own
  std::string_view id;     ///< "take_home_naloxone"
  std::string_view title;  ///< as a line of a menu
  std::string_view plain;  ///< one or two sentences to the person
  Domains domains{};
  Harms harms{};
  bool all_harms = false;          ///< meant for any harm
  std::string_view harm_words{};   ///< the harms as the collection prints them
  std::string_view whom{};         ///< substances and routes, in words
  std::string_view when{};         ///< condition under which it is offered; empty: always
  std::string_view not_when{};     ///< condition under which it is held back
  std::string_view not_because{};  ///< and the reason, in words
  ChangesUse changes_use = ChangesUse::no;
  Evidence evidence = Evidence::expert;
  std::string_view evidence_words{};  ///< as the collection prints it
  std::span<const Effect> effects{};
  std::string_view cautions{};
  std::string_view moves{};  ///< factors it moves: "naloxone_at_hand !uses_alone"
  int burden = 1;  ///< 0 hardly any, 1 some, 2 regular effort, 3 changes daily life; our proposal
};

}  // namespace ombre::inline v0::context
