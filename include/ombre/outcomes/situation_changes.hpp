#pragma once
/// @file
/// What changed in drug, set and setting, as a review takes it: from what is known of a situation
/// at different times.

#include <optional>
#include <span>
#include <vector>

#include "ombre/context/catalogue.hpp"
#include "ombre/context/situation.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/outcomes/review.hpp"
#include "ombre/plans/progress.hpp"

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

/// How risky a way of taking is beside the others: injected 4, smoked or vaporised 3, snorted 2,
/// swallowed and the other slow ones 1; nothing for a way that is not stated. An order, not an
/// amount. Source: speed of onset and viruses, Platt et al. 2018, Aspinall et al. 2014 (injecting);
/// the order of the rest is a proposal of this project.
[[nodiscard]] OMBRE_EXPORT std::optional<int> route_rank(context::Route route) noexcept;

/// The axes route risk (one per substance, its riskiest way counts) and use alone, from situations
/// of at least two days.
///
/// Before is the last thing known up to `before_until`, or else the first thing known of all; after
/// is the last thing known on a later day, up to `today`. A substance that a situation does not
/// list counts as not used only where the situation says that nothing else is used. What was known
/// only once stays not known on the other side; what was never known has no axis.
/// @par Errors none: situations without any day cannot be placed and are left out
[[nodiscard]] OMBRE_EXPORT std::vector<plans::AxisMeasure> situation_measures(
    std::span<const context::Situation> situations, Date before_until, Date today);

}  // namespace ombre::inline v0::outcomes
