#include "ombre/stats/rmst.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>

namespace ombre::inline v0::stats {
namespace {

Result<void> check_horizon(double horizon) {
  if (std::isfinite(horizon) && horizon > 0) return {};
  return unexpected(
      error_at(Errc::out_of_range, "horizon", std::nullopt, horizon, "must be finite and above 0"));
}

Contrast contrast_of(double estimate, double error, double level, bool logs) {
  const boost::math::normal normal;
  const double z = quantile(normal, 1 - (1 - level) / 2);
  Contrast out;
  out.estimate = logs ? std::exp(estimate) : estimate;
  out.standard_error = error;
  const double low = estimate - z * error;
  const double high = estimate + z * error;
  out.interval = logs ? Interval{std::exp(low), std::exp(high)} : Interval{low, high};
  if (error > 0) out.p = 2 * cdf(normal, -std::abs(estimate) / error);
  return out;
}

}  // namespace

Result<RestrictedMean> restricted_mean(const SurvivalCurve& curve, double horizon) {
  if (auto good = check_horizon(horizon); !good) return unexpected(good.error());
  RestrictedMean out;
  out.horizon = horizon;
  std::size_t used = 0;
  while (used < curve.size() && curve.time[used] <= horizon) ++used;
  // Area behind each event time, from the horizon backwards.
  const double start = curve.size() > 0 ? std::min(0.0, curve.time[0]) : 0;
  double area = 0;
  double end = horizon;
  for (std::size_t j = used; j-- > 0;) {
    area += curve.survival[j] * (end - curve.time[j]);
    end = curve.time[j];
    const double n = curve.at_risk[j];
    const double d = curve.events[j];
    if (d > 0 && n - d > 1e-13 * n) out.variance += area * area * (d / (n * (n - d)));
  }
  out.mean = area + (end - start) + start;
  out.lost = horizon - out.mean;
  out.beyond_follow_up =
      curve.size() == 0 || (horizon > curve.time.back() && curve.survival.back() > 0);
  return out;
}

Result<RestrictedMeans> compare_restricted_means(const SurvivalCurve& first,
                                                 const SurvivalCurve& second, double horizon,
                                                 double level) {
  if (!(level > 0 && level < 1)) {
    return unexpected(
        error_at(Errc::out_of_range, "level", std::nullopt, level, "must be between 0 and 1"));
  }
  auto a = restricted_mean(first, horizon);
  if (!a) return unexpected(a.error());
  auto b = restricted_mean(second, horizon);
  if (!b) return unexpected(b.error());
  RestrictedMeans out{*a, *b};
  out.difference =
      contrast_of(b->mean - a->mean, std::sqrt(a->variance + b->variance), level, false);
  const auto log_ratio = [&](double over, double under) -> std::optional<Contrast> {
    if (!(over > 0 && under > 0)) return std::nullopt;
    const double error = std::sqrt(b->variance / (over * over) + a->variance / (under * under));
    return contrast_of(std::log(over) - std::log(under), error, level, true);
  };
  out.ratio = log_ratio(b->mean, a->mean);
  out.lost_ratio = log_ratio(b->lost, a->lost);
  return out;
}

}  // namespace ombre::inline v0::stats
