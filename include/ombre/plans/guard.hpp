#pragma once
/// @file
/// Rules that watch over plans: what a rule says, where it comes from, what it measured, and
/// whether somebody entitled to it set it aside. Shared by tapers and goal plans.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/date.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/finding.hpp"
#include "ombre/core/result.hpp"
#include "ombre/core/source.hpp"
#include "ombre/plans/history.hpp"

namespace ombre::inline v0::plans {

/// What a guard answers. The order is the order of severity.
enum class Answer : std::uint8_t { allowed, allowed_with_warning, refused };

/// "allowed", "allowed with warning" or "refused".
[[nodiscard]] OMBRE_EXPORT std::string_view name(Answer answer) noexcept;

/// Who may set a refusal aside.
enum class OverridableBy : std::uint8_t { nobody, clinician };

/// A rule as data: a stable id, one sentence, and its source.
struct GuardRule {
  std::string_view id;    ///< "opioid_30_percent_a_month"
  std::string_view says;  ///< the rule in one sentence
  const Source* source = nullptr;
  Confidence confidence = Confidence::known;
  OverridableBy overridable_by = OverridableBy::nobody;
};

/// What one rule answered about one plan. `measured` and `limit` are in `unit`; a rule that does
/// not measure leaves them empty.
struct RuleFinding {
  const GuardRule* rule = nullptr;  ///< never null in a finding the library made
  Answer answer = Answer::allowed;
  Severity severity = Severity::note;
  std::string text;  ///< a sentence for a person
  std::optional<double> measured{};
  std::optional<double> limit{};
  std::string unit{};
  std::optional<Date> on{};              ///< first day it concerns
  std::optional<int> step{};             ///< id of the step it concerns
  std::optional<Override> overridden{};  ///< set: refused by the rule, allowed by this decision
};

/// `refused opioid_30_percent_a_month, 2024-03-01: text (40 % against 30 %; source)`.
[[nodiscard]] OMBRE_EXPORT std::string describe(const RuleFinding& finding);

/// The same as a core Finding, for reports that mix plans with other checks.
[[nodiscard]] OMBRE_EXPORT Finding to_finding(const RuleFinding& finding);

/// The worst answer among the findings; an overridden refusal counts as a warning.
[[nodiscard]] OMBRE_EXPORT Answer overall(std::span<const RuleFinding> findings) noexcept;

/// Marks refusals that an override sets aside. Every override must name a rule that refused,
/// come from a role entitled to it and carry a reason; one that fits nothing is an error, so that
/// a misspelt rule is never taken for consent.
/// @par Errors unknown_name, contradiction, missing; field `overrides`, row = its place
[[nodiscard]] OMBRE_EXPORT Result<void> apply_overrides(std::vector<RuleFinding>& findings,
                                                        std::span<const Override> overrides);

}  // namespace ombre::inline v0::plans
