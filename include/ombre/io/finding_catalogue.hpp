#pragma once
/// @file
/// What the findings of all rooms mean: one catalogue of their ids.

#include <span>
#include <string_view>
#include <vector>

#include "ombre/core/explain.hpp"
#include "ombre/core/export.hpp"

namespace ombre::inline v0::io {

/// A finding's id (Finding::rule) and what it says to somebody who meets it in a report.
struct FindingText {
  std::string_view id;
  std::string_view title;
  std::string_view text;  ///< what was done, and what to do about it
};

/// Findings of readers, computations and figures, by id. Rules that have tables of their own are
/// not repeated: how records become days (timeline::explain_build_rules), guards of plans
/// (plans::explain_guards).
[[nodiscard]] OMBRE_EXPORT std::span<const FindingText> finding_texts() noexcept;

/// The same as pages of kind "finding".
[[nodiscard]] OMBRE_EXPORT std::vector<Explanation> explain_findings();

}  // namespace ombre::inline v0::io
