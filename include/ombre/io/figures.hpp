#pragma once
/// @file
/// Figures as SVG text: the ombre picture, curves, intervals, matrices.
///
/// Every function is pure: the same numbers give the same bytes. Figures carry a title and a
/// description for screen readers, use colours that differ in lightness, and never stand on colour
/// alone where something is missing (hatching) or uncertain (bands, whiskers).

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/date.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/io/svg.hpp"

namespace ombre::inline v0::io {

/// What one day of one person is, for the picture.
enum class DayCell : std::uint8_t {
  outside,  ///< not in the person's window: left blank
  none,     ///< known: no use
  amount,   ///< known: used, with an amount
  used,     ///< known: used, amount not known
  unknown   ///< not known
};

/// One person's days. The spans must outlive the call.
struct OmbreRow {
  std::string_view label{};
  std::int32_t first_day = 0;  ///< of cells[0]
  std::span<const DayCell> cells{};
  std::span<const double> amounts{};  ///< one per cell, or none at all; read where cell is amount
  std::span<const std::uint8_t>
      controlled{};  ///< one per cell (1 = controlled environment), or none
};

/// In which order people stand from top to bottom.
enum class OmbreOrder : std::uint8_t {
  as_given,
  by_mean_amount,  ///< smallest mean amount per known day on top
  /// Earliest last day of use (counted from the window's start) on top; whoever used in the last
  /// two weeks of their window has no last day yet and stands below, by mean amount.
  by_last_use
};

struct OmbrePictureOptions {
  std::string title = "Use by day";
  std::string subtitle{};
  std::string description{};      ///< for screen readers; made from the data when empty
  std::string unit{};             ///< of the amounts, for the legend
  std::string day_label = "Day";  ///< below the axis of day numbers
  bool dates = false;             ///< day numbers are Date::day_number(): show the calendar
  bool align_starts = false;      ///< every person's window begins at day 0
  OmbreOrder order = OmbreOrder::by_last_use;
  /// The amount that gets the darkest colour; more is shown the same. Empty: the 98th percentile
  /// of the amounts above 0.
  std::optional<double> darkest{};
  double width = 960;       ///< pixels, 480 to 4000
  double max_height = 900;  ///< pixels, 240 to 8000; fewer people make it smaller
  std::size_t max_bytes = 2'000'000;
};

/// The ombre picture: one row a person, one cell a day, darker for more, hatched where nothing is
/// known, blank outside the window.
///
/// Where people or days outnumber the pixels, neighbouring ones share a cell that shows their mean
/// amount over known days (hatched where most days are not known); the picture says so.
/// Cost: linear in cells. @par Errors empty_input (no people or no days), size_mismatch (amounts or
/// controlled of another length than cells), not_finite and out_of_range (amounts, options)
[[nodiscard]] OMBRE_EXPORT Result<std::string> ombre_picture(
    std::span<const OmbreRow> rows, const OmbrePictureOptions& options = {});

/// One curve with, where given, a band around it.
struct CurveSeries {
  std::string name;
  std::vector<double> x;  ///< ascending
  std::vector<double> y;
  std::vector<double> lower;  ///< empty, or as long as x
  std::vector<double> upper;
  std::vector<double> ticks;  ///< x of small marks on the curve, such as censoring times
};

/// Numbers below a curve, such as how many are at risk: one value per tick of the axis.
struct CurveTableRow {
  std::string name;
  std::vector<std::string> values;
};

struct CurveOptions {
  std::string title;
  std::string subtitle{};
  std::string description{};
  std::string x_label{};
  std::string y_label{};
  bool steps = false;             ///< y holds from x[i] until x[i + 1]
  bool percent = false;           ///< y is 0..1 and shown as percent
  std::optional<double> y_low{};  ///< empty: from the data
  std::optional<double> y_high{};
  std::optional<double> x_high{};
  std::vector<double> x_ticks{};       ///< empty: chosen
  std::string table_title{};           ///< "At risk"
  std::vector<CurveTableRow> table{};  ///< values as many as x_ticks, which must be given
  double width = 760;
  double height = 460;
};

/// Curves or step functions over a common axis.
/// @par Errors empty_input, size_mismatch, not_finite, out_of_range (x not ascending, options)
[[nodiscard]] OMBRE_EXPORT Result<std::string> curve_chart(std::span<const CurveSeries> series,
                                                           const CurveOptions& options);

/// An estimate with its interval.
struct IntervalRow {
  std::string label;
  std::optional<double> estimate{};  ///< empty: the row is shown as "not estimable"
  std::optional<double> lower{};
  std::optional<double> upper{};
  std::string note{};    ///< at the right; made from the numbers when empty
  bool heading = false;  ///< only a label, in bold
  bool below = false;    ///< belongs to the heading above it: a step to the right
};

struct IntervalOptions {
  std::string title;
  std::string subtitle{};
  std::string description{};
  std::string x_label{};
  std::string left_label{};           ///< below the axis: what smaller means
  std::string right_label{};          ///< ... and what larger means
  std::optional<double> reference{};  ///< a line to compare with, such as 0 or 1
  bool log_scale = false;             ///< for ratios; all numbers must be above 0
  bool percent = false;
  bool bars = false;  ///< bars from 0 instead of points
  int decimals = 2;
  double width = 760;
};

/// Points (or bars) with intervals, one row each: a forest plot.
/// @par Errors empty_input, not_finite, out_of_range
[[nodiscard]] OMBRE_EXPORT Result<std::string> interval_chart(std::span<const IntervalRow> rows,
                                                              const IntervalOptions& options);

struct MatrixOptions {
  std::string title;
  std::string subtitle{};
  std::string description{};
  double low = 0;  ///< value of the lightest colour (of the one end when diverging)
  double high = 1;
  bool diverging = false;  ///< middle of low and high is neutral
  bool values = true;      ///< write the numbers into cells where they fit
  int decimals = 2;
  std::string scale_label{};  ///< what the colours mean
  double max_side = 760;
};

/// A matrix as a heat map. `values` is rows x columns, row by row; an empty one is hatched.
/// @par Errors empty_input, size_mismatch, not_finite, out_of_range
[[nodiscard]] OMBRE_EXPORT Result<std::string> matrix_chart(
    std::span<const std::string> row_labels, std::span<const std::string> column_labels,
    std::span<const std::optional<double>> values, const MatrixOptions& options);

}  // namespace ombre::inline v0::io
