#pragma once
/// @file
/// Cox models as SVG, ready for a paper: hazard ratios as a forest plot, and how coefficients
/// change with time.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/stats/cox.hpp"

namespace ombre::inline v0::io {

struct CoxForestOptions {
  std::string title{};
  std::string subtitle{};
  std::string description{};                ///< for screen readers; made from the data when empty
  std::string left_label = "fewer events";  ///< what a ratio below 1 means
  std::string right_label = "more events";
  /// One for each term, as cohort::Design has them: the category others are compared with, which
  /// gets a row of its own. Empty (or no list): the term has none, or it is not known.
  std::vector<std::string> references{};
  /// One for each coefficient, or none: what it is called where it does not stand below its term.
  std::vector<std::string> labels{};
  bool p_values = true;  ///< at the right, after ratio and interval
  double width = 760;    ///< pixels, 320 to 4000
};

/// One row for each coefficient; the columns of a term of several (a factor), or with a reference,
/// stand below its name.
/// Ratio, interval and p stand at the right; an infinite coefficient is said to be so.
/// @param ratios  of hazard_ratios; nothing = aliased, shown as not estimable
/// @param names   of the columns; a column named TERM followed by a level is shown by its level
/// @param terms   names of terms, `term` says which one a column belongs to
/// @par Errors empty_input, size_mismatch, out_of_range (options)
[[nodiscard]] OMBRE_EXPORT Result<std::string> cox_forest_figure(
    std::span<const std::optional<stats::HazardRatio>> ratios, std::span<const std::string> names,
    std::span<const std::string> terms, std::span<const std::uint32_t> term,
    const CoxForestOptions& options = {});

/// One panel of the figure below.
struct SchoenfeldPanel {
  std::string name;
  std::vector<double> time;      ///< of events, in any order
  std::vector<double> residual;  ///< scaled Schoenfeld residuals there
  double coefficient = 0;        ///< what the model says it is at all times: a dashed line
  double variance = 0;           ///< of the coefficient
  std::optional<double> p{};     ///< of the test of proportionality
};

struct SchoenfeldOptions {
  std::string title{};
  std::string subtitle{};
  std::string x_label = "Time";
  double width = 760;         ///< pixels, 320 to 4000
  double panel_height = 220;  ///< pixels, 120 to 1000
};

/// Scaled Schoenfeld residuals against time, one panel a coefficient in two columns, with a natural
/// cubic spline of 4 degrees of freedom and its 95 % band (as R's plot.cox.zph). A flat curve is a
/// coefficient that does not change. Panels with fewer than 8 events have no curve.
/// Source: Grambsch & Therneau, Biometrika 81:515 (1994).
/// @par Errors empty_input, size_mismatch, not_finite, out_of_range (options, more than 40 panels)
[[nodiscard]] OMBRE_EXPORT Result<std::string> schoenfeld_figure(
    std::span<const SchoenfeldPanel> panels, const SchoenfeldOptions& options = {});

}  // namespace ombre::inline v0::io
