#pragma once
/// @file
/// Day-level abstinence measures and rules as JSON; docs/abstinence.md lists the keys with an
/// example.

#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/io/json.hpp"
#include "ombre/outcomes/abstinence_rules.hpp"

namespace ombre::inline v0::io {

/// What to compute: every measure under every configuration.
struct AbstinencePlan {
  std::vector<outcomes::AbstinenceRules> configurations;  ///< at least one; distinct names
  std::vector<outcomes::AbstinenceMeasure> measures;      ///< at least one; distinct ids
  friend bool operator==(const AbstinencePlan&, const AbstinencePlan&) = default;
};

/// Reads a document of measures. Unknown keys are refused; a document without configurations has
/// one with the defaults of outcomes::AbstinenceRules.
/// @par Errors those of parse_json; missing, malformed, unknown_name, out_of_range with the path
/// of the member ("measures[2].lapse"); those of outcomes::validate; duplicate (a name or id twice)
[[nodiscard]] OMBRE_EXPORT Result<AbstinencePlan> parse_abstinence_plan(
    std::string_view json, std::string_view name = "measures");
/// The same from a file ("-" = standard input).
[[nodiscard]] OMBRE_EXPORT Result<AbstinencePlan> read_abstinence_plan(const std::string& path);

/// Every rule written out, defaults too. Reading it back gives an equal value.
[[nodiscard]] OMBRE_EXPORT Json abstinence_plan_json(const AbstinencePlan& plan);

}  // namespace ombre::inline v0::io
