#include "ombre/stats/descriptive.hpp"

#include <algorithm>

namespace ombre::inline v0::stats {

Result<std::optional<double>> quantile_type7(std::span<double> values, double p) {
  if (!(p >= 0 && p <= 1)) {
    return unexpected(error_at(Errc::out_of_range, "p", std::nullopt, p, "must be from 0 to 1"));
  }
  if (values.empty()) return std::optional<double>{};
  const QuantilePosition at = quantile_position_type7(values.size(), p);
  const auto below = values.begin() + static_cast<std::ptrdiff_t>(at.below);
  std::nth_element(values.begin(), below, values.end());
  if (at.weight == 0) return std::optional<double>{*below};
  const double above = *std::min_element(below + 1, values.end());
  return std::optional<double>{*below + at.weight * (above - *below)};
}

Result<Description> describe_values(std::span<const double> values) {
  Description d;
  d.n = values.size();
  CompensatedSum sum;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) {
      return unexpected(
          error_at(Errc::not_finite, "values", i, values[i], "must be a finite number"));
    }
    sum.add(values[i]);
  }
  if (values.empty()) return d;
  const auto n = static_cast<double>(values.size());
  const double mean = sum.value() / n;
  d.mean = mean;
  if (values.size() > 1) {
    CompensatedSum squares;
    CompensatedSum rest;
    for (const double v : values) {
      squares.add((v - mean) * (v - mean));
      rest.add(v - mean);
    }
    const double variance = (squares.value() - rest.value() * rest.value() / n) / (n - 1);
    d.sd = std::sqrt(std::max(variance, 0.0));
  }
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  d.min = *low;
  d.max = *high;
  std::vector<double> copy(values.begin(), values.end());
  d.q1 = *quantile_type7(copy, 0.25);
  d.median = *quantile_type7(copy, 0.5);
  d.q3 = *quantile_type7(copy, 0.75);
  return d;
}

}  // namespace ombre::inline v0::stats
