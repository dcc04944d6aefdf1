#pragma once
/// @file
/// Endpoint definitions as JSON: a caller's own ones in, any of them out.
///
/// A document is `{"endpoints": [ENDPOINT, ...]}`. docs/endpoints.md has the schema with examples.
/// Keys that are not asked for, unknown steps, wrong kinds and impossible rules are refused with
/// their path, such as `endpoints[1].value.of.from`.

#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/io/json.hpp"
#include "ombre/outcomes/endpoint.hpp"

namespace ombre::inline v0::io {

/// The endpoints of a document, in its order.
/// @param known  where `"from": ID` is looked up; endpoints earlier in the document are found too
/// @par Errors malformed, missing, unknown_name, duplicate (an id twice, or one that is known
/// already), and those of Endpoint::make; with file and path
[[nodiscard]] OMBRE_EXPORT Result<std::vector<outcomes::Endpoint>> endpoints_from_json(
    const Json& document, const outcomes::Registry& known, std::string_view file = {});

/// The same from a file ("-" = standard input).
[[nodiscard]] OMBRE_EXPORT Result<std::vector<outcomes::Endpoint>> read_endpoints(
    const std::string& path, const outcomes::Registry& known);

/// One endpoint as JSON, with every parameter written out; reading it back gives the same.
[[nodiscard]] OMBRE_EXPORT Json to_json(const outcomes::Endpoint& endpoint);

}  // namespace ombre::inline v0::io
