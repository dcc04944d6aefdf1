#pragma once
/// @file
/// The triangle of drug, set and setting: what is known in each corner, and which corner each
/// option of a menu works on.

#include <cstddef>
#include <string>

#include "ombre/context/menu.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"

namespace ombre::inline v0::io {

struct TriangleOptions {
  std::string title = "Drug, set and setting";
  std::string subtitle{};
  std::size_t options = 9;  ///< how many lines of the menu, 1 to 16
  std::size_t factors = 4;  ///< how many factors known to raise harm stand in a corner, 0 to 6
  double width = 1080;      ///< pixels, 860 to 4000
};

/// SVG. Numbered discs are the first lines of the menu: at the corner they work on, or on the side
/// between two; their colour says whether they ask for a change in use. The list beside it names
/// them, the factors they move and the harm they are for.
/// @par Errors out_of_range (options, factors, width)
[[nodiscard]] OMBRE_EXPORT Result<std::string> triangle_figure(const context::Facts& facts,
                                                               const context::Menu& menu,
                                                               const TriangleOptions& options = {});

}  // namespace ombre::inline v0::io
