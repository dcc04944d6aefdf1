#pragma once
/// @file
/// The tidy rows of `ombre metrics`, shared with the demonstration.

#include <span>
#include <string>
#include <vector>

#include "cli/output.hpp"
#include "ombre/outcomes/daily_metrics.hpp"
#include "ombre/timeline/grid.hpp"

namespace ombre::cli {

/// Column names of write_metric_rows().
[[nodiscard]] std::vector<std::string> metric_columns(bool with_status);

/// One row per series and chosen metric.
Result<void> write_metric_rows(RowSink& sink, const timeline::Grid& grid,
                               const outcomes::MetricTable& table,
                               std::span<const outcomes::Metric> chosen,
                               std::span<const std::string> definitions, bool with_status);

}  // namespace ombre::cli
