#include "cli/metric_rows.hpp"

namespace ombre::cli {

std::string unit_of_value(outcomes::Metric metric, std::string_view unit_of_series) {
  constexpr std::string_view amount = "amount";
  std::string unit{outcomes::metric_info(metric).unit};
  if (unit.starts_with(amount) && !unit_of_series.empty()) {
    unit.replace(0, amount.size(), unit_of_series);
  }
  return unit;
}

std::vector<std::string> metric_columns(bool with_status) {
  std::vector<std::string> columns{"person_id", "substance", "metric",     "definition", "value",
                                   "lower",     "upper",     "n_observed", "n_missing",  "unit"};
  if (with_status) columns.emplace_back("status");
  return columns;
}

Result<void> write_metric_rows(RowSink& sink, const timeline::Grid& grid,
                               const outcomes::MetricTable& table,
                               std::span<const outcomes::Metric> chosen,
                               std::span<const std::string> definitions, bool with_status) {
  for (std::size_t s = 0; s < grid.size(); ++s) {
    for (std::size_t k = 0; k < chosen.size(); ++k) {
      const outcomes::Estimate e = table.at(s, chosen[k]);
      sink.text(grid.person_of(s)).text(grid.substance_of(s));
      sink.text(outcomes::name(chosen[k])).text(definitions[k]);
      sink.number(e.value).number(e.lower).number(e.upper);
      sink.integer(e.n_observed).integer(e.n_missing);
      sink.text(unit_of_value(chosen[k], grid.unit_of(s)));
      if (with_status) sink.text(outcomes::name(e.status));
      if (auto row = sink.end_row(); !row) return row;
    }
  }
  return {};
}

}  // namespace ombre::cli
