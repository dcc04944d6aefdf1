#pragma once
/// @file
/// The sex a published threshold is stated for. It is always a parameter of the call: the person
/// or the clinician chooses which column of a table applies, the library never guesses it.

#include <cstdint>
#include <string_view>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"

namespace ombre::inline v0 {

enum class Sex : std::uint8_t { female, male };

/// "female" or "male".
[[nodiscard]] OMBRE_EXPORT std::string_view name(Sex sex) noexcept;

/// Reads "female", "woman", "women", "f", "male", "man", "men" or "m" in any letter case.
/// @par Errors unknown_name
[[nodiscard]] OMBRE_EXPORT Result<Sex> sex_from(std::string_view text);

}  // namespace ombre::inline v0
