// The day metrics once more, the slow and plain way: one loop over the days for each metric, no bit
// planes, no shared passes. What a metric means is read from docs/metrics.md.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <vector>

#include "ombre/outcomes/daily_metrics.hpp"

namespace ombre_test {

struct Day {
  ombre::timeline::UseState state = ombre::timeline::UseState::none;
  double amount = 0;
  bool controlled = false;
};

using Values = std::array<std::optional<double>, ombre::outcomes::metric_count>;

/// Values of all metrics under `rule`, in the order of Metric.
Values naive_metrics(std::vector<Day> days, const ombre::outcomes::MetricOptions& options,
                     const ombre::outcomes::SeriesContext& context,
                     ombre::timeline::MissingRule rule);

}  // namespace ombre_test
