#pragma once
/// @file
/// Factors, harms and options in words, for `ombre explain`.

#include <vector>

#include "ombre/context/catalogue.hpp"
#include "ombre/core/explain.hpp"
#include "ombre/core/export.hpp"

namespace ombre::inline v0::context {

/// One entry for each harm (with its rules), each option and each factor, in that order.
[[nodiscard]] OMBRE_EXPORT std::vector<Explanation> explain_context(
    const Catalogue& catalogue = builtin());

}  // namespace ombre::inline v0::context
