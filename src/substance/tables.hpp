#pragma once
// What the module's own sources need of the tables beyond the public spans.

#include <span>

#include "ombre/substance/substance.hpp"

namespace ombre::inline v0::substance {

std::span<const Substance> builtin_substances() noexcept;

}  // namespace ombre::inline v0::substance
