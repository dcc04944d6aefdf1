#pragma once
/// @file
/// Survival curves as SVG, ready for a paper: steps, intervals and bands, censoring marks, medians,
/// and the numbers at risk aligned under the axis.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/stats/survival_curve.hpp"

namespace ombre::inline v0::io {

/// One curve of the figure. The curve must outlive the call.
struct SurvivalFigureCurve {
  std::string name{};
  const stats::SurvivalCurve* curve = nullptr;
  /// Limits, one per time of the curve (curve_intervals, survival_band), or none. Where one is
  /// empty the shading stops.
  std::vector<std::optional<stats::Interval>> limits{};
  std::optional<std::size_t> people{};  ///< where they are not one to a row
};

struct SurvivalFigureOptions {
  std::string title{};
  std::string subtitle{};
  std::string description{};  ///< for screen readers; made from the data when empty
  std::string x_label = "Time";
  std::string y_label = "Event-free";
  std::string note{};         ///< inside the plot, lower left: "Log-rank p = 0.03"
  std::string limits_note{};  ///< below everything: "Shaded: 95% pointwise intervals"
  bool falling = true;        ///< S; false: 1 - S, the share with the event
  bool censor_marks = true;
  bool at_risk = true;              ///< the table of numbers at risk
  bool medians = true;              ///< dotted lines from one half to the axis
  std::optional<double> horizon{};  ///< a line there, and the area under the curves up to it shaded
  std::optional<double> x_high{};   ///< last time shown; empty: of the data
  std::vector<double> x_ticks{};    ///< empty: chosen
  double width = 760;               ///< pixels, 360 to 4000
  /// Pixels, 300 to 4000, the table at risk included. The figure is higher where title, legend and
  /// table would leave the plot less than 220.
  double height = 520;
};

/// Up to 7 curves, told apart by colour and by dashes. Curves of millions of steps are drawn to a
/// quarter of a pixel.
/// @par Errors empty_input, out_of_range (options, number of curves), size_mismatch (limits)
[[nodiscard]] OMBRE_EXPORT Result<std::string> survival_figure(
    std::span<const SurvivalFigureCurve> curves, const SurvivalFigureOptions& options = {});

}  // namespace ombre::inline v0::io
