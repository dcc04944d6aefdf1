#pragma once
/// @file
/// Everything the modules can explain, in one list.

#include <vector>

#include "ombre/core/explain.hpp"

namespace ombre::cli {

/// In the order of the modules; names of one kind are unique.
[[nodiscard]] std::vector<Explanation> all_explanations();

}  // namespace ombre::cli
