#include "ombre/outcomes/metric_summary.hpp"

#include <cmath>

#include "ombre/stats/descriptive.hpp"

namespace ombre::inline v0::outcomes {

ValueSummary summarise(std::span<const double> values) {
  std::vector<double> finite;
  finite.reserve(values.size());
  for (const double v : values) {
    if (std::isfinite(v)) finite.push_back(v);
  }
  ValueSummary out;
  const auto d = stats::describe_values(finite);
  if (!d) return out;
  out.n = d->n;
  out.mean = d->mean;
  out.sd = d->sd;
  out.median = d->median;
  out.q1 = d->q1;
  out.q3 = d->q3;
  out.min = d->min;
  out.max = d->max;
  return out;
}

Result<std::vector<MetricSummary>> summarise(const timeline::Grid& grid, const MetricTable& table,
                                             std::span<const Metric> metrics) {
  if (table.series() != grid.size()) {
    return unexpected(
        error_at(Errc::size_mismatch, "table", std::nullopt, std::to_string(table.series()),
                 "must be of this grid, which has " + std::to_string(grid.size()) + " series"));
  }
  std::vector<Metric> chosen(metrics.begin(), metrics.end());
  if (chosen.empty()) {
    for (const MetricInfo& info : metric_infos()) chosen.push_back(info.metric);
  }
  std::vector<std::vector<std::size_t>> by_substance(grid.substances().size());
  for (std::size_t s = 0; s < grid.size(); ++s) {
    by_substance[grid.series()[s].substance].push_back(s);
  }
  std::vector<MetricSummary> out;
  for (std::uint32_t substance = 0; substance < by_substance.size(); ++substance) {
    const auto& series = by_substance[substance];
    if (series.empty()) continue;
    for (const Metric metric : chosen) {
      const std::vector<double> values = table.values(metric, series);
      MetricSummary row;
      row.substance = substance;
      row.metric = metric;
      row.n_not_estimable = series.size() - values.size();
      row.values = summarise(values);
      out.push_back(row);
    }
  }
  return out;
}

}  // namespace ombre::inline v0::outcomes
