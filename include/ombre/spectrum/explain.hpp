#pragma once
/// @file
/// Drinking levels and heavy-day rules in words, for `ombre explain`.

#include <vector>

#include "ombre/core/explain.hpp"
#include "ombre/core/export.hpp"

namespace ombre::inline v0::spectrum {

/// WHO risk drinking levels, their endpoints, and every named heavy-drinking rule.
[[nodiscard]] OMBRE_EXPORT std::vector<Explanation> explain_drinking();

}  // namespace ombre::inline v0::spectrum
