#pragma once
/// @file
/// Units and bounds of `ombre metrics`: what the caller says about them, and amounts of alcohol in
/// several units brought into one.

#include <string>
#include <vector>

#include "ombre/core/finding.hpp"
#include "ombre/core/result.hpp"
#include "ombre/outcomes/ethanol_units.hpp"
#include "ombre/timeline/build.hpp"
#include "ombre/timeline/records.hpp"

namespace ombre::cli {

/// "pint=20 g" or "alcohol:pint=20 g".
[[nodiscard]] Result<timeline::UnitFactor> parse_factor(const std::string& text);
/// "0..60", "alcohol:0..60", "alcohol:0..60 drink_us".
[[nodiscard]] Result<timeline::AmountBounds> parse_bounds(const std::string& text);
/// "report", "clamp", "unknown" or "drop".
[[nodiscard]] Result<timeline::OutlierAction> parse_outlier(const std::string& text);

/// Names of substances and units as the records spell them: letter case, blanks, hyphens and
/// underscores do not matter, as in the reader.
void spell_as(const timeline::Records& records, timeline::BuildOptions& build);

/// Alcohol in several units that are all known in grams of ethanol gets factors to the one with
/// most rows, and a finding that says so; what the caller gave stands.
void unify_ethanol(const timeline::Records& records, const outcomes::EthanolUnits& how,
                   std::vector<timeline::UnitFactor>& factors, Findings& findings);

}  // namespace ombre::cli
