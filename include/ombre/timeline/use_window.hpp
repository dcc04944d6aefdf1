#pragma once
/// @file
/// From day records to what the spectrum asks about a window.

#include <cstddef>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/spectrum/state.hpp"
#include "ombre/timeline/grid.hpp"

namespace ombre::inline v0::timeline {

/// The `count` days from day `from` of a view on (cut at its end) as a window of the spectrum. The
/// day numbers are the view's.
/// @par Errors empty_input (no day in the window), those of check()
[[nodiscard]] OMBRE_EXPORT Result<spectrum::UseWindow> window_of(const DayView& days,
                                                                 std::size_t from,
                                                                 std::size_t count);

}  // namespace ombre::inline v0::timeline
