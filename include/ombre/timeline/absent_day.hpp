#pragma once
/// @file
/// What the absence of a row says.

#include <cstdint>
#include <string_view>

#include "ombre/core/export.hpp"

namespace ombre::inline v0::timeline {

/// What a day without a row means. There is no default anywhere: the person who asked the
/// questions knows, and nobody else does.
enum class AbsentDay : std::uint8_t {
  none,    ///< only use was written down (as in a positive-findings table): no row, no use
  unknown  ///< only what was asked is known: no row, not known
};

/// "none" or "unknown".
[[nodiscard]] OMBRE_EXPORT std::string_view name(AbsentDay rule) noexcept;

}  // namespace ombre::inline v0::timeline
