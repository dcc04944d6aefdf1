#pragma once
/// @file
/// Words that options of the program take, and words that its tables print, with their meanings.

#include <vector>

#include "ombre/core/explain.hpp"

namespace ombre::cli {

/// One page for each option that takes one of several words (kind "choice", found by each of its
/// words), and one for each word that says why a metric has no value (kind "status"). A test reads
/// the commands and finds a word that has no page.
[[nodiscard]] std::vector<Explanation> explain_choices();

}  // namespace ombre::cli
