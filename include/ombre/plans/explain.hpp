#pragma once
/// @file
/// What the rules of plans say, for `ombre explain`.

#include <vector>

#include "ombre/core/explain.hpp"
#include "ombre/core/export.hpp"
#include "ombre/plans/guard.hpp"

namespace ombre::inline v0::plans {

/// Every rule that a guard of this room may answer by: of tapers, goal plans, networks, care, sites
/// and safer use. A rule that two parts share stands once.
[[nodiscard]] OMBRE_EXPORT std::vector<const GuardRule*> guard_rules();

/// Pages of kind "guard" for guard_rules(), and of kind "named taper" for named_rules().
[[nodiscard]] OMBRE_EXPORT std::vector<Explanation> explain_plans();

}  // namespace ombre::inline v0::plans
