#pragma once
/// @file
/// What the commands that read scores share.

#include <span>
#include <string>
#include <vector>

#include "ombre/core/result.hpp"
#include "ombre/plans/score_change.hpp"

namespace ombre::cli {

/// `--margin ITEM=CHANGE` and `--error-of ITEM=SD:RELIABILITY` as margins.
/// @par Errors malformed (names the option)
[[nodiscard]] Result<std::vector<plans::NamedMargin>> margins_of(
    std::span<const std::string> margins, std::span<const std::string> errors);

}  // namespace ombre::cli
