#pragma once
/// @file
/// A taper as a picture: the staircase of doses that fades as it falls, the effect and the level in
/// the body below it.

#include <cstddef>
#include <optional>
#include <string>

#include "ombre/core/date.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/io/taper_words.hpp"
#include "ombre/plans/taper.hpp"

namespace ombre::inline v0::io {

struct TaperFigureOptions {
  std::string title{};     ///< empty: made from the substance
  std::string subtitle{};  ///< empty: where the plan stands (draft, accepted, on hold)
  /// Effect and level panels where a curve or a half-life is known. The staircase is always there.
  bool effect = true;
  bool level = true;
  bool ideal = true;    ///< what the rule asks for, as a thin line
  bool earlier = true;  ///< the version before, as a dashed line, where dates or doses differ
  bool milestones = true;
  std::optional<Date> today{};              ///< a mark on this day
  double width = 860;                       ///< pixels, 480 to 4000
  double panel_height = 260;                ///< of the staircase, 140 to 2000; the others are lower
  const TaperLanguage* language = nullptr;  ///< empty: English
};

/// The plan's newest version as SVG: for each substance a staircase of daily (or weekly) amounts,
/// filled with the ombre ramp so that the colour fades as the dose falls; hatched where a step was
/// held; milestones above the step where they are reached; below, on the same days, the effect on
/// the substance's curve, and the mean level in the body after long use of the first dose for the
/// shortest and the longest half-life of the longest acting species (a band), in percent of the
/// level at the start. A level is shown only for daily doses.
///
/// Cost: linear in days. @par Errors contradiction (a plan without steps), out_of_range (options)
[[nodiscard]] OMBRE_EXPORT Result<std::string> taper_figure(const plans::TaperPlan& plan,
                                                            const TaperFigureOptions& options = {});

/// The staircase of one substance alone.
/// @par Errors those of taper_figure(), out_of_range (line)
[[nodiscard]] OMBRE_EXPORT Result<std::string> taper_staircase(
    const plans::TaperPlan& plan, std::size_t line, const TaperFigureOptions& options = {});

}  // namespace ombre::inline v0::io
