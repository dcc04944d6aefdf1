#pragma once
/// @file
/// The order people and visits are listed in: as numbers where they are numbers.

#include <cstdint>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/timeline/name_table.hpp"

namespace ombre::inline v0::timeline {

/// `which` (numbers of names) sorted: by value if every one of them is a whole number, else by
/// bytes. Equal values written differently ("1", "01") go by bytes. Cost: O(n log n).
[[nodiscard]] OMBRE_EXPORT std::vector<std::uint32_t> natural_order(
    const NameTable& names, std::vector<std::uint32_t> which);
/// All names, sorted that way.
[[nodiscard]] OMBRE_EXPORT std::vector<std::uint32_t> natural_order(const NameTable& names);

}  // namespace ombre::inline v0::timeline
