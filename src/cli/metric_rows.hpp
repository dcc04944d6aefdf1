#pragma once
/// @file
/// The tidy rows of `ombre metrics`, shared with the demonstration.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/output.hpp"
#include "ombre/outcomes/daily_metrics.hpp"
#include "ombre/timeline/grid.hpp"

namespace ombre::cli {

/// Column names of write_metric_rows().
[[nodiscard]] std::vector<std::string> metric_columns(bool with_status);

/// What a value is counted in: the metric's own unit, with the unit of the series where that is an
/// amount ("drink_us per day").
[[nodiscard]] std::string unit_of_value(outcomes::Metric metric, std::string_view unit_of_series);

/// One row per series and chosen metric.
Result<void> write_metric_rows(RowSink& sink, const timeline::Grid& grid,
                               const outcomes::MetricTable& table,
                               std::span<const outcomes::Metric> chosen,
                               std::span<const std::string> definitions, bool with_status);

}  // namespace ombre::cli
