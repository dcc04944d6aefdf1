#pragma once
// Sentences for what the operating system refuses.

#include <string>
#include <string_view>

#include "ombre/core/error.hpp"

namespace ombre::inline v0::io::detail {

/// "cannot read the file: permission denied" with `file` set. `number` is an errno value.
[[nodiscard]] Error system_error(std::string_view file, std::string_view doing, int number);

}  // namespace ombre::inline v0::io::detail
