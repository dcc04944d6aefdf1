#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <limits>
#include <string>

#include "ombre/stats/resample.hpp"

namespace ombre::inline v0::stats {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double normal_quantile(double p) { return quantile(boost::math::normal{}, p); }
double normal_below(double z) { return cdf(boost::math::normal{}, z); }

struct OrderQuantile {
  double value = 0;  // infinite where it lies among replicates beyond everything
  bool extreme = false;
};

// Davison & Hinkley (1997) equation 5.8. `sorted` is not empty, 0 < alpha < 1.
OrderQuantile order_quantile(std::span<const double> sorted, double alpha) {
  const auto m = static_cast<double>(sorted.size());
  const double rank = (m + 1) * alpha;
  if (!(rank >= 1)) return {sorted.front(), true};
  if (rank > m) return {sorted.back(), true};
  const double k = std::floor(rank);
  const auto at = static_cast<std::size_t>(k) - 1;
  if (rank == k || at + 1 >= sorted.size()) return {sorted[at], false};
  const double below = sorted[at];
  const double above = sorted[at + 1];
  if (below == above) return {below, false};
  if (!std::isfinite(above)) return {infinity, false};
  const double za = normal_quantile(k / (m + 1));
  const double zb = normal_quantile((k + 1) / (m + 1));
  return {below + (normal_quantile(alpha) - za) / (zb - za) * (above - below), false};
}

}  // namespace

std::string_view name(BootstrapInterval method) noexcept {
  switch (method) {
    case BootstrapInterval::percentile:
      return "percentile";
    case BootstrapInterval::basic:
      return "basic";
    case BootstrapInterval::normal:
      return "normal";
    case BootstrapInterval::bca:
      return "bca";
  }
  return "";
}

Result<BootstrapInterval> bootstrap_interval_method(std::string_view text) {
  for (const auto method : {BootstrapInterval::percentile, BootstrapInterval::basic,
                            BootstrapInterval::normal, BootstrapInterval::bca}) {
    if (name(method) == text) return method;
  }
  return unexpected(error_at(Errc::unknown_name, "interval", std::nullopt, text,
                             "must be percentile, basic, normal or bca"));
}

Result<JackknifeSummary> jackknife_summary(const Jackknife& jackknife, std::size_t output) {
  if (output >= jackknife.value.size()) {
    return unexpected(error_at(Errc::out_of_range, "output", std::nullopt,
                               static_cast<double>(output), "must be an output of the statistic"));
  }
  const auto& value = jackknife.value[output];
  JackknifeSummary summary;
  for (const auto& v : value) summary.without_answer += v ? 0U : 1U;
  std::vector<double> n(jackknife.strata, 0);
  std::vector<double> mean(jackknife.strata, 0);
  for (const std::uint32_t h : jackknife.stratum) n[h] += 1;
  if (summary.without_answer > 0 || !jackknife.observed[output] ||
      std::any_of(n.begin(), n.end(), [](double k) { return k < 2; })) {
    return summary;
  }
  // Differences to the observed value keep the digits that the influences are made of.
  const double observed = *jackknife.observed[output];
  for (std::size_t u = 0; u < value.size(); ++u) {
    mean[jackknife.stratum[u]] += *value[u] - observed;
  }
  double bias = 0;
  for (std::size_t h = 0; h < n.size(); ++h) {
    mean[h] /= n[h];
    bias += (n[h] - 1) * mean[h];
  }
  double squares = 0;
  double second = 0;
  double third = 0;
  double largest = 0;
  for (std::size_t u = 0; u < value.size(); ++u) {
    const std::uint32_t h = jackknife.stratum[u];
    const double off = mean[h] - (*value[u] - observed);
    const double scaled = (n[h] - 1) * off / n[h];  // influence / n_h
    squares += (n[h] - 1) / n[h] * off * off;
    second += scaled * scaled;
    third += scaled * scaled * scaled;
    largest = std::max(largest, std::abs(off));
  }
  summary.standard_error = std::sqrt(squares);
  summary.bias = bias;
  if (largest > 1e-13 * std::abs(observed) && second > 0) {
    summary.acceleration = third / (6 * std::pow(second, 1.5));
  }
  return summary;
}

Result<BootstrapSummary> bootstrap_summary(std::optional<double> estimate,
                                           std::span<const std::optional<double>> replicates,
                                           const IntervalRequest& request) {
  if (replicates.empty()) {
    return unexpected(error_of(Errc::empty_input, "replicates", "must not be empty"));
  }
  if (!(request.level > 0 && request.level < 1)) {
    return unexpected(error_at(Errc::out_of_range, "level", std::nullopt, request.level,
                               "must lie between 0 and 1"));
  }
  if (!std::isfinite(request.acceleration)) {
    return unexpected(error_at(Errc::out_of_range, "acceleration", std::nullopt,
                               request.acceleration, "must be finite"));
  }
  BootstrapSummary summary;
  summary.estimate = estimate;
  summary.replicates = replicates.size();
  std::vector<double> sorted;
  sorted.reserve(replicates.size());
  for (const auto& r : replicates) {
    if (r) sorted.push_back(*r);
  }
  summary.without_answer = replicates.size() - sorted.size();
  std::sort(sorted.begin(), sorted.end());
  const bool above = request.no_answer == NoAnswer::above_all;
  const std::size_t finite = sorted.size();
  if (finite >= 2 && (!above || summary.without_answer == 0)) {
    // Shifted by the middle, so that the variance of values far from 0 keeps its digits.
    const double middle = sorted[finite / 2];
    double sum = 0;
    double squares = 0;
    for (const double v : sorted) sum += v - middle;
    const double mean = sum / static_cast<double>(finite);
    for (const double v : sorted) squares += (v - middle - mean) * (v - middle - mean);
    summary.standard_error = std::sqrt(squares / static_cast<double>(finite - 1));
    if (estimate) summary.bias = middle - *estimate + mean;
  }
  if (above) sorted.resize(replicates.size(), infinity);
  if (sorted.empty()) return summary;

  const auto set = [](std::optional<double>& end, double value) {
    if (std::isfinite(value)) end = value;
  };
  const double tail = (1 - request.level) / 2;
  double low = tail;
  double high = 1 - tail;
  switch (request.method) {
    case BootstrapInterval::normal: {
      if (!estimate || !summary.bias || !summary.standard_error) return summary;
      const double z = -normal_quantile(tail);
      const double centre = *estimate - *summary.bias;
      summary.low = centre - z * *summary.standard_error;
      summary.high = centre + z * *summary.standard_error;
      return summary;
    }
    case BootstrapInterval::bca: {
      if (!estimate && !above) return summary;
      const double at = estimate.value_or(infinity);
      const auto equal = std::equal_range(sorted.begin(), sorted.end(), at);
      const auto below = static_cast<double>(equal.first - sorted.begin());
      const auto ties = static_cast<double>(equal.second - equal.first);
      const double share = (below + ties / 2) / static_cast<double>(sorted.size());
      if (!(share > 0 && share < 1)) return summary;  // no replicate on one side of the estimate
      const double z0 = normal_quantile(share);
      summary.z0 = z0;
      const auto moved = [&](double alpha) -> std::optional<double> {
        const double z = z0 + normal_quantile(alpha);
        const double denominator = 1 - request.acceleration * z;
        if (!(denominator > 0)) return std::nullopt;
        const double p = normal_below(z0 + z / denominator);
        if (!(p > 0 && p < 1)) return std::nullopt;
        return p;
      };
      const auto lower = moved(low);
      const auto upper = moved(high);
      if (!lower || !upper) return summary;
      low = *lower;
      high = *upper;
      break;
    }
    case BootstrapInterval::percentile:
    case BootstrapInterval::basic:
      break;
  }
  const OrderQuantile first = order_quantile(sorted, low);
  const OrderQuantile last = order_quantile(sorted, high);
  summary.extreme_order_statistic = first.extreme || last.extreme;
  if (request.method == BootstrapInterval::basic) {
    if (!estimate) return summary;
    set(summary.low, 2 * *estimate - last.value);
    set(summary.high, 2 * *estimate - first.value);
  } else {
    set(summary.low, first.value);
    set(summary.high, last.value);
  }
  return summary;
}

}  // namespace ombre::inline v0::stats
