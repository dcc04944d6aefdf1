#include "ombre/stats/survival_curve.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>

#include "stats/curve_writer.hpp"
#include "stats/survival_table.hpp"

namespace ombre::inline v0::stats {
namespace {

bool needs_people(const SurvivalData& data, const CurveOptions& options) {
  return !data.entry.empty() || !data.weight.empty() || !data.continues.empty() ||
         options.error == CurveError::robust;
}

// Tables of whole days in one pass that checks what it counts; nothing where that cannot be.
std::optional<std::vector<detail::TimeTable>> counted(const SurvivalData& data,
                                                      std::span<const std::uint32_t> group,
                                                      std::size_t groups,
                                                      const CurveOptions& options,
                                                      const Runner& runner) {
  // Whole days lie far enough apart that no rule for near-ties touches them.
  if (needs_people(data, options) || !data.cluster.empty() || options.tie_tolerance > 1e-6) {
    return std::nullopt;
  }
  if (!detail::check_sizes(data)) return std::nullopt;
  return detail::tables_of_days(data.time, data.event, group, groups, runner);
}

bool needs_rows(const SurvivalData& data, const CurveOptions& options) {
  if (needs_people(data, options)) return true;
  bool negative = false;
  for (const double t : data.time) negative = negative || t < 0;
  return negative;
}

Result<void> check_options(const CurveOptions& options) {
  if (options.tie_tolerance >= 0 && options.tie_tolerance <= 1e-3) return {};
  return unexpected(error_at(Errc::out_of_range, "tie_tolerance", std::nullopt,
                             options.tie_tolerance, "must be from 0 to 0.001"));
}

Result<SurvivalCurve> curve_of_rows(const SurvivalData& data, const CurveOptions& options,
                                    const Runner& runner) {
  auto indexed = detail::indexed_table(data, options.tie_tolerance, runner);
  if (!indexed) return unexpected(indexed.error());
  if (options.error != CurveError::robust)
    return detail::curve_of(std::move(indexed->table), options);
  SurvivalCurve curve = detail::curve_of(indexed->table, options);
  detail::robust_errors(curve, data, *indexed);
  return curve;
}

}  // namespace

std::optional<double> SurvivalCurve::se_survival(std::size_t i) const noexcept {
  if (options.error == CurveError::robust) return error[i];
  if (survival[i] == 0) return std::nullopt;
  return survival[i] * error[i];
}

std::optional<double> SurvivalCurve::se_log_survival(std::size_t i) const noexcept {
  if (survival[i] == 0) return std::nullopt;
  return options.error == CurveError::robust ? error[i] / survival[i] : error[i];
}

std::optional<std::size_t> SurvivalCurve::at(double t) const noexcept {
  const auto after = std::ranges::upper_bound(time, t);
  if (after == time.begin()) return std::nullopt;
  return static_cast<std::size_t>(after - time.begin()) - 1;
}

double SurvivalCurve::at_risk_at(double t) const noexcept {
  const auto from = std::ranges::lower_bound(time, t);
  return from == time.end() ? 0 : at_risk[static_cast<std::size_t>(from - time.begin())];
}

Result<SurvivalCurve> survival_curve(const SurvivalData& data, const CurveOptions& options,
                                     const Runner& runner) {
  if (auto good = check_options(options); !good) return unexpected(good.error());
  if (auto days = counted(data, {}, 1, options, runner)) {
    return detail::curve_of(std::move(days->front()), options);
  }
  if (auto good = detail::check_survival(data); !good) return unexpected(good.error());
  if (needs_rows(data, options)) return curve_of_rows(data, options, runner);
  if (!data.cluster.empty() && options.tie_tolerance <= 1e-6) {  // looked at now
    if (auto days = detail::tables_of_days(data.time, data.event, {}, 1, runner)) {
      return detail::curve_of(std::move(days->front()), options);
    }
  }
  const detail::SortedTimes sorted{data.time, data.event, {}, 1, options.tie_tolerance, runner};
  return detail::curve_of_sorted(sorted, 0, options, runner);
}

Result<std::vector<SurvivalCurve>> survival_curves(const SurvivalData& data,
                                                   std::span<const std::uint32_t> group,
                                                   std::size_t groups, const CurveOptions& options,
                                                   const Runner& runner) {
  if (auto good = check_options(options); !good) return unexpected(good.error());
  if (groups > 0 && group.size() == data.time.size()) {
    if (auto days = counted(data, group, groups, options, runner)) {
      std::vector<SurvivalCurve> curves;
      for (detail::TimeTable& table : *days) {
        curves.push_back(detail::curve_of(std::move(table), options));
      }
      return curves;
    }
  }
  if (auto good = detail::check_survival(data); !good) return unexpected(good.error());
  if (group.size() != data.time.size()) {
    return unexpected(error_at(Errc::size_mismatch, "group", std::nullopt,
                               static_cast<double>(group.size()),
                               "must have one entry for each time"));
  }
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (group[i] >= groups) {
      return unexpected(error_at(Errc::out_of_range, "group", i, static_cast<double>(group[i]),
                                 "must be below the number of groups"));
    }
  }
  std::vector<SurvivalCurve> curves;
  curves.reserve(groups);
  if (!needs_rows(data, options)) {
    const detail::SortedTimes sorted{data.time, data.event, group, groups, options.tie_tolerance,
                                     runner};
    for (std::size_t g = 0; g < groups; ++g) {
      curves.push_back(detail::curve_of_sorted(sorted, g, options, runner));
    }
    return curves;
  }
  // The rows of each group in a row, in the order of the data.
  std::vector<std::size_t> begin(groups + 1, 0);
  for (const std::uint32_t g : group) ++begin[g + 1];
  for (std::size_t g = 0; g < groups; ++g) begin[g + 1] += begin[g];
  std::vector<std::uint32_t> rows(group.size());
  std::vector<std::size_t> at(begin.begin(), begin.end() - 1);
  for (std::size_t i = 0; i < group.size(); ++i) {
    rows[at[group[i]]++] = static_cast<std::uint32_t>(i);
  }
  std::vector<std::uint32_t> number(data.cluster.empty() ? 0 : group.size());  // within a group
  std::vector<std::uint32_t> numbered(number.size(), 0xFFFF'FFFFU);            // for which group
  for (std::size_t g = 0; g < groups; ++g) {
    const std::span<const std::uint32_t> mine{rows.data() + begin[g], begin[g + 1] - begin[g]};
    if (mine.empty()) {
      curves.push_back(detail::curve_of({}, options));
      continue;
    }
    const auto gather = [&mine](const auto& from) {
      std::vector<std::remove_cv_t<typename std::remove_cvref_t<decltype(from)>::value_type>> out;
      if (from.empty()) return out;
      out.reserve(mine.size());
      for (const std::uint32_t r : mine) out.push_back(from[r]);
      return out;
    };
    const auto time = gather(data.time);
    const auto event = gather(data.event);
    const auto entry = gather(data.entry);
    const auto weight = gather(data.weight);
    auto cluster = gather(data.cluster);
    std::uint32_t clusters = 0;
    for (std::uint32_t& c : cluster) {
      if (numbered[c] != g) {
        numbered[c] = static_cast<std::uint32_t>(g);
        number[c] = clusters++;
      }
      c = number[c];
    }
    const auto continues = gather(data.continues);
    auto curve = curve_of_rows({time, event, entry, weight, cluster, continues}, options, runner);
    if (!curve) {
      Error error = curve.error();
      if (error.row && *error.row < mine.size()) error.row = mine[*error.row];
      return unexpected(std::move(error));
    }
    curves.push_back(*std::move(curve));
  }
  return curves;
}

std::optional<Interval> survival_interval(double survival, double se_log_survival,
                                          IntervalScale scale, double level) {
  const double z = quantile(boost::math::normal{}, 1 - (1 - level) / 2);
  const double s = survival;
  const double se = se_log_survival;
  const bool ends = s == 1;
  if (s == 0) return std::nullopt;
  switch (scale) {
    case IntervalScale::plain:
      return Interval{std::max(s - se * s * z, 0.0), std::min(s + se * s * z, 1.0)};
    case IntervalScale::log:
      return Interval{std::exp(std::log(s) - z * se),
                      std::min(std::exp(std::log(s) + z * se), 1.0)};
    case IntervalScale::log_log: {
      if (ends) return std::nullopt;
      const double middle = std::log(-std::log(s));
      const double room = z * se / std::log(s);
      return Interval{std::exp(-std::exp(middle - room)), std::exp(-std::exp(middle + room))};
    }
    case IntervalScale::logit: {
      if (ends) return std::nullopt;
      const double middle = std::log(s / (1 - s));
      const double room = z * se * (1 + s / (1 - s));
      return Interval{1 - 1 / (1 + std::exp(middle - room)), 1 - 1 / (1 + std::exp(middle + room))};
    }
    case IntervalScale::arcsine: {
      if (ends) return std::nullopt;
      const double middle = std::asin(std::sqrt(s));
      const double room = 0.5 * z * se * std::sqrt(s / (1 - s));
      const double low = std::sin(std::max(0.0, middle - room));
      const double high = std::sin(std::min(std::asin(1.0), middle + room));
      return Interval{low * low, high * high};
    }
  }
  return std::nullopt;
}

Result<std::vector<std::optional<Interval>>> curve_intervals(const SurvivalCurve& curve,
                                                             IntervalScale scale, double level) {
  if (!(level > 0 && level < 1)) {
    return unexpected(
        error_at(Errc::out_of_range, "level", std::nullopt, level, "must be between 0 and 1"));
  }
  std::vector<std::optional<Interval>> out(curve.size());
  for (std::size_t i = 0; i < curve.size(); ++i) {
    if (const auto se = curve.se_log_survival(i)) {
      out[i] = survival_interval(curve.survival[i], *se, scale, level);
    } else if (curve.options.error == CurveError::robust && scale == IntervalScale::plain) {
      out[i] = Interval{0, 0};  // S is 0 with error 0 and stays so
    }
  }
  return out;
}

std::vector<std::optional<double>> step_quantiles(std::span<const double> time,
                                                  std::span<const std::optional<double>> value,
                                                  std::span<const double> probabilities) {
  constexpr double tolerance = 1.4901161193847656e-08;  // sqrt(2^-52), as R's
  // The first of each value, then in order of the values: R's approx() sorts, and limits need not
  // be monotone.
  struct Point {
    double value;
    double time;
  };
  std::vector<Point> points{{0, 0}};
  // What stands at the end once repeated values (and repeated unknown ones) are struck out.
  std::size_t newest = 0;  // 1 + position of the latest first appearance
  std::optional<double> last_value = 0.0;
  {
    std::vector<std::size_t> seen;
    for (std::size_t i = 0; i < time.size(); ++i) {
      if (value[i]) {
        seen.push_back(i);
      } else if (newest == 0) {
        newest = i + 1;
        last_value = std::nullopt;
      }
    }
    std::ranges::stable_sort(seen, {}, [&](std::size_t i) { return *value[i]; });
    for (const std::size_t i : seen) {
      if (*value[i] == points.back().value) continue;
      points.push_back({*value[i], time[i]});
      if (i + 1 > newest) {
        newest = i + 1;
        last_value = value[i];
      }
    }
  }
  const auto first_at_least = [&](double p, double shift) -> std::optional<double> {
    if (p < points.front().value + shift) return std::nullopt;
    const auto at = std::ranges::lower_bound(points, p, {},
                                             [shift](const Point& q) { return q.value + shift; });
    if (at == points.end()) return std::nullopt;
    return at->time;
  };
  std::vector<std::optional<double>> out;
  out.reserve(probabilities.size());
  for (const double p : probabilities) {
    if (p == 0) {
      // The start, or a time between it and the end where the curve never moves: that says nothing.
      const bool still = last_value && std::abs(*last_value) < tolerance;
      out.push_back(still ? std::nullopt : std::optional{0.0});
      continue;
    }
    const auto early = first_at_least(p, tolerance);
    const auto late = first_at_least(p, -tolerance);
    if (last_value && std::abs(p - *last_value) < tolerance) {
      if (early) {
        out.emplace_back((*early + time.back()) / 2);
      } else {
        out.emplace_back(std::nullopt);
      }
      continue;
    }
    if (early && late) {
      out.emplace_back((*early + *late) / 2);
    } else {
      out.emplace_back(std::nullopt);
    }
  }
  return out;
}

Result<std::vector<CurveQuantile>> curve_quantiles(const SurvivalCurve& curve,
                                                   std::span<const double> probabilities,
                                                   IntervalScale scale, double level) {
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    if (!(probabilities[i] >= 0 && probabilities[i] <= 1)) {
      return unexpected(error_at(Errc::out_of_range, "probabilities", i, probabilities[i],
                                 "must be from 0 to 1"));
    }
  }
  const auto intervals = curve_intervals(curve, scale, level);
  if (!intervals) return unexpected(intervals.error());
  std::vector<std::optional<double>> middle;
  std::vector<std::optional<double>> early;
  std::vector<std::optional<double>> late;
  for (std::size_t i = 0; i < curve.size(); ++i) {
    middle.emplace_back(1 - curve.survival[i]);
    const auto& interval = (*intervals)[i];
    early.push_back(interval ? std::optional{1 - interval->low} : std::nullopt);
    late.push_back(interval ? std::optional{1 - interval->high} : std::nullopt);
  }
  const auto times = step_quantiles(curve.time, middle, probabilities);
  const auto lower = step_quantiles(curve.time, early, probabilities);
  const auto upper = step_quantiles(curve.time, late, probabilities);
  std::vector<CurveQuantile> out;
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    out.push_back({probabilities[i], times[i], lower[i], upper[i]});
  }
  return out;
}

Result<std::vector<ConditionalSurvival>> conditional_survival(const SurvivalCurve& curve,
                                                              double from,
                                                              std::span<const double> times) {
  if (!std::isfinite(from)) {
    return unexpected(error_at(Errc::not_finite, "from", std::nullopt, from, "must be finite"));
  }
  const auto start = curve.at(from);
  const double base = start ? curve.survival[*start] : 1;
  const bool robust = curve.options.error == CurveError::robust;
  const double base_error = start && !robust ? curve.error[*start] : 0;
  std::vector<ConditionalSurvival> out;
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (!(times[i] >= from)) {
      return unexpected(error_at(Errc::out_of_range, "times", i, times[i],
                                 "must not be before " + shortest(from)));
    }
    ConditionalSurvival one{times[i]};
    const auto at = curve.at(times[i]);
    const double survival = at ? curve.survival[*at] : 1;
    if (base > 0) {
      one.survival = survival / base;
      if (survival > 0 && !robust) {
        // Hazards at different times add up, so the error over (from, t] is a difference.
        const double error = at ? curve.error[*at] : 0;
        one.se_log_survival = std::sqrt(std::max(0.0, (error - base_error) * (error + base_error)));
      }
    }
    out.push_back(one);
  }
  return out;
}

}  // namespace ombre::inline v0::stats
