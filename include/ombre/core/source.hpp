#pragma once
/// @file
/// Where a number comes from. A clinical constant never travels without it.

#include <cstdint>
#include <string_view>

#include "ombre/core/export.hpp"

namespace ombre::inline v0 {

/// How sure we are of a fact.
enum class Confidence : std::uint8_t {
  verified,   ///< the source's text, table or abstract was read when the fact was recorded
  known,      ///< standard textbook, label or guideline value, not re-read
  uncertain,  ///< remembered or derived: for labelled display only, never a silent default
  proposal    ///< ours; no external standard exists
};

/// "verified", "known", "uncertain" or "proposal".
[[nodiscard]] OMBRE_EXPORT std::string_view name(Confidence confidence) noexcept;

/// A citation. The texts are string literals or live as long as the registry that owns them.
struct Source {
  std::string_view id;        ///< short and stable: "cdc-2022"
  std::string_view citation;  ///< as one would print it in a reference list
  std::string_view edition;   ///< year, version or revision of what was cited
};

/// A value with its source. What is uncertain says so wherever the value goes.
template <class T>
struct Sourced {
  T value{};
  const Source* source = nullptr;
  Confidence confidence = Confidence::known;
  std::string_view note{};  ///< conditions the source attaches to the value; may be empty
};

}  // namespace ombre::inline v0
