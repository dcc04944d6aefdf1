#pragma once
// Words of endpoint definitions as JSON, in the order of their enumerators: read and written.

#include <array>
#include <string_view>

namespace ombre::inline v0::io::detail {

inline constexpr std::array<std::string_view, 3> per_names{"none", "weeks", "places"};
inline constexpr std::array<std::string_view, 2> censoring_names{"last_window", "follow_up_end"};
inline constexpr std::array<std::string_view, 2> dating_names{"window_start", "criterion_met"};

}  // namespace ombre::inline v0::io::detail
