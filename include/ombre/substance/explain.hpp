#pragma once
/// @file
/// The substances, tables and sources of this module in words, for `ombre explain`.

#include <vector>

#include "ombre/core/explain.hpp"
#include "ombre/core/export.hpp"
#include "ombre/substance/catalogue.hpp"

namespace ombre::inline v0::substance {

/// One entry for each substance (what is recorded about it), each dangerous mixture, each method
/// (risk MME, diazepam equivalents, standard drinks, blood alcohol, ...) and each source, in that
/// order. Uncertain values are shown and marked as such.
[[nodiscard]] OMBRE_EXPORT std::vector<Explanation> explain_substances(
    const Catalogue& catalogue = builtin());

/// The entry of one substance.
[[nodiscard]] OMBRE_EXPORT Explanation explain(const Substance& substance,
                                               const Catalogue& catalogue = builtin());

}  // namespace ombre::inline v0::substance
