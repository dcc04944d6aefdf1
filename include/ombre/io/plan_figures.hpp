#pragma once
/// @file
/// Goals and use as pictures: what waits for what, and use with the time between over the weeks.

#include <optional>
#include <span>
#include <string>

#include "ombre/core/date.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/outcomes/review.hpp"
#include "ombre/plans/goal.hpp"
#include "ombre/timeline/episodes.hpp"

namespace ombre::inline v0::io {

struct GoalFigureOptions {
  std::string title = "Goals";
  std::string subtitle{};
  double box_width = 190;  ///< pixels, 120 to 400
};

/// Goals as boxes from left to right, an arrow from each goal to those that wait for it. Boxes of
/// goals that can start now have a strong frame, waiting ones a dashed one, reached ones a check
/// mark; resting, grown and let-go goals are pale. Goals about use and goals about life differ in
/// their colour and in a word above the box.
/// Cost: O((goals + needs) log) with a few passes to uncross arrows.
/// @par Errors those of plans::GoalGraph; empty_input; too_large (more than 200 goals);
/// out_of_range (box width)
[[nodiscard]] OMBRE_EXPORT Result<std::string> goal_graph_figure(std::span<const plans::Goal> goals,
                                                                 const GoalFigureOptions& options);

struct UseFigureOptions {
  std::string title = "Use, and the time between";
  std::string subtitle{};
  std::optional<Date> first{};  ///< empty: the first day of the days
  std::optional<Date> last{};
  timeline::EpisodeRule rule{};
  std::span<const plans::Goal> goals{};  ///< weekly limits are drawn where their unit fits
  double width = 860;                    ///< pixels, 480 to 4000
};

/// One panel a substance: bars of each day's use (each week's, in ranges of more than 200 days),
/// the agreed limit as a line, days not known hatched; below it a strip with episodes as bars and
/// the days between them as numbers. A week with an unknown day or amount is hatched and shows what
/// is known of it.
/// @par Errors empty_input, out_of_range (options; last before first), those of
/// timeline::use_episodes
[[nodiscard]] OMBRE_EXPORT Result<std::string> use_and_intervals_figure(
    std::span<const outcomes::UseHistory> use, const UseFigureOptions& options);

}  // namespace ombre::inline v0::io
