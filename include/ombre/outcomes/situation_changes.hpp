#pragma once
/// @file
/// What changed in drug, set and setting, as a review takes it: from what is known of a situation
/// at different times.

#include <span>
#include <vector>

#include "ombre/context/catalogue.hpp"
#include "ombre/context/situation.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/outcomes/review.hpp"

namespace ombre::inline v0::outcomes {

/// Changes of yes-or-no factors over the situations given, ascending by day.
///
/// Entries of all situations are taken together; one without a date has its situation's. A factor
/// changed on the day its known answer differs from the known answer before it. A factor that is
/// first heard of counts as a change too where the answer is yes (`what` then says so), since a
/// review asks what is new. Entries without any date cannot be placed and are left out. An answer
/// is a burden when it is yes to a factor that raises harm or no to one that lowers it. Of a factor
/// that belongs to two domains the first of drug, set, setting is taken. Cost: O(entries log
/// entries).
/// @par Errors unknown_name (a factor that is not in the catalogue; names the row)
[[nodiscard]] OMBRE_EXPORT Result<std::vector<FactorChange>> factor_changes(
    std::span<const context::Situation> situations, const context::Catalogue& catalogue);

}  // namespace ombre::inline v0::outcomes
