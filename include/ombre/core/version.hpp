#pragma once
/// @file
/// The version of the library, in one place: CMake reads it from here.

#include <string_view>

#include "ombre/core/export.hpp"

#define OMBRE_VERSION_MAJOR 0
#define OMBRE_VERSION_MINOR 1
#define OMBRE_VERSION_PATCH 0

namespace ombre::inline v0 {

/// Version of the headers a program was compiled with.
inline constexpr std::string_view header_version = "0.1.0";

/// Version of the library a program is running with, such as "0.1.0".
[[nodiscard]] OMBRE_EXPORT std::string_view library_version() noexcept;

}  // namespace ombre::inline v0
