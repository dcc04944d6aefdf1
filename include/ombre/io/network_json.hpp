#pragma once
/// @file
/// Support networks with their care record as JSON, format "ombre-network-1". The keys are the
/// names of plans/network.hpp and plans/care.hpp; docs/connection.md lists them with an example.

#include <cstddef>
#include <string>
#include <string_view>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/io/json.hpp"
#include "ombre/plans/network.hpp"

namespace ombre::inline v0::io {

/// Largest document that is read.
inline constexpr std::size_t most_network_bytes = std::size_t{4} << 20U;

/// Reads a network and checks it. Times are "08:30" (a shift may end at "24:00"), weekdays their
/// English names, or "every_day". Unknown keys are refused.
/// @par Errors those of parse_json; missing, malformed, unknown_name, out_of_range with the path
/// ("shifts[2].from"); those of plans::check_network
[[nodiscard]] OMBRE_EXPORT Result<plans::SocialNetwork> parse_network(
    std::string_view json, std::string_view name = "network");
/// The same from a file ("-" = standard input).
[[nodiscard]] OMBRE_EXPORT Result<plans::SocialNetwork> read_network(const std::string& path);

/// Reading it back gives an equal network, and writing that the same bytes.
[[nodiscard]] OMBRE_EXPORT Json network_json(const plans::SocialNetwork& network);

}  // namespace ombre::inline v0::io
