#pragma once
/// @file
/// The 54 endpoint definitions of opioid-use-disorder trials that R package CTNote 0.1.3 collects,
/// and beside them the readings where its text, the trials' papers and its code disagree.
/// docs/endpoints.md lists each of those places.

#include <span>
#include <string_view>
#include <vector>

#include "ombre/core/explain.hpp"
#include "ombre/core/export.hpp"
#include "ombre/outcomes/endpoint.hpp"

namespace ombre::inline v0::outcomes {

/// All built-in endpoints: the 54 published ones first, in the order of the published tables, then
/// the other readings under their base id with `.text`, `.paper`, `.corrected` or `.release_0_1_0`.
[[nodiscard]] OMBRE_EXPORT Registry builtin_endpoints();

/// Only the 54 in the wished reading and, where given, of one family; in published order.
[[nodiscard]] OMBRE_EXPORT std::vector<Endpoint> published_endpoints(
    Reading reading = Reading::published, std::optional<Family> family = std::nullopt);

/// One entry for each built-in endpoint, for `ombre explain`.
[[nodiscard]] OMBRE_EXPORT std::vector<Explanation> explain_endpoints();

/// The entry of one endpoint, built in or the caller's own.
[[nodiscard]] OMBRE_EXPORT Explanation explain(const Endpoint& endpoint);

}  // namespace ombre::inline v0::outcomes
