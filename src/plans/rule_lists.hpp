#pragma once
// The guard rules of each part, for the one list that explains them.

#include <vector>

#include "ombre/plans/guard.hpp"

namespace ombre::inline v0::plans {

[[nodiscard]] std::vector<const GuardRule*> care_rules();
[[nodiscard]] std::vector<const GuardRule*> network_rules();
[[nodiscard]] std::vector<const GuardRule*> safer_use_rules();
[[nodiscard]] std::vector<const GuardRule*> site_rules();

}  // namespace ombre::inline v0::plans
