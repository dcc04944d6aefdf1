#pragma once
/// @file
/// What the day metrics are: a metric is data, with id, words, unit and source, and an estimate
/// says what it rests on.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "ombre/core/explain.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/core/source.hpp"

namespace ombre::inline v0::outcomes {

/// Metrics of one person's days with one substance over a window. Their exact definitions are in
/// docs/metrics.md and in metric_info().
enum class Metric : std::uint8_t {
  observed_percent = 0,
  use_days,
  abstinent_days,
  pda,
  heavy_days,
  phdd,
  no_heavy_days,
  ddd,
  dpd,
  total,
  max_day,
  median_day,
  p90_day,
  median_use_day,
  p90_use_day,
  ethanol_g_per_day,
  who_rdl,
  longest_abstinent_run,
  current_abstinent_run,
  first_use,
  days_to_lapse,
  days_to_heavy_day,
  continuous_abstinence,
  prolonged_abstinence,
  point_prevalence_7,
  point_prevalence_30,
  episodes,
  mean_episode_days,
  longest_episode_days,
  episode_burden,
  mean_interval_days,
  duration_trend,
  duration_tau,
  interval_trend,
  interval_trend_open,
  interval_tau
};
inline constexpr std::size_t metric_count = 36;

/// Which way is better. "Better" speaks about the number only, never about the person.
enum class MetricDirection : std::uint8_t { higher_is_better, lower_is_better, neither };

/// A metric in words.
struct MetricInfo {
  Metric metric;
  std::string_view id;     ///< as the command line and the tables spell it
  std::string_view title;  ///< one line
  std::string_view text;   ///< the definition, exactly
  std::string_view unit;   ///< "days", "percent", "amount" (the unit of the series), ...
  MetricDirection direction;
  bool needs_amount;  ///< rests on days with a known amount, not only on use or no use
  const Source* source;
  Confidence confidence;
};

/// All metrics, in the order of the enumeration.
[[nodiscard]] OMBRE_EXPORT std::span<const MetricInfo, metric_count> metric_infos() noexcept;
[[nodiscard]] OMBRE_EXPORT const MetricInfo& metric_info(Metric metric) noexcept;
/// The metric's id.
[[nodiscard]] OMBRE_EXPORT std::string_view name(Metric metric) noexcept;
/// The metric with exactly that id. @par Errors unknown_name (the text lists the ids)
[[nodiscard]] OMBRE_EXPORT Result<Metric> parse_metric(std::string_view id);
/// For `ombre explain`.
[[nodiscard]] OMBRE_EXPORT std::vector<Explanation> explain_metrics();

/// Why there is no value, or `ok`.
enum class MetricStatus : std::uint8_t {
  ok = 0,
  no_observed_day,     ///< no day known on which it could rest
  no_use_day,          ///< an amount per use day of somebody without use days: undefined, not 0
  amounts_not_known,   ///< there was use, and no amount of it is known
  no_heavy_rule,       ///< no heavy-day rule was named
  not_ethanol,         ///< the rule is about grams of ethanol and this series is not alcohol
  sex_not_given,       ///< the limit differs by sex and none was given
  window_too_short,    ///< the window has no such days (grace or look-back longer than it)
  last_day_not_known,  ///< the run at the end cannot be counted
  too_few_episodes,    ///< a trend needs three episodes, an interval two, a mean one
  no_event,            ///< it did not happen in the window: right-censored, see `lower`
  all_tied,            ///< a rank correlation of values that are all equal
  unit_not_in_grams    ///< alcohol, in a unit that is not known in grams of ethanol
};
/// "ok", "no_observed_day", ...
[[nodiscard]] OMBRE_EXPORT std::string_view name(MetricStatus status) noexcept;
/// The reason as a sentence without a full stop.
[[nodiscard]] OMBRE_EXPORT std::string_view describe(MetricStatus status) noexcept;

/// A metric's value under the chosen missing-data rule, and how far it could be moved by the days
/// that are not known.
///
/// `lower` and `upper` enclose the values under all four missing rules and, where metric_info()
/// says so, under every way of filling the unknown days; see docs/metrics.md. Nothing there: no
/// bound is known (a person without any known amount may have used any amount).
struct Estimate {
  std::optional<double> value;
  std::optional<double> lower;
  std::optional<double> upper;
  std::uint32_t n_observed = 0;  ///< days it rests on
  std::uint32_t n_missing = 0;   ///< days it would need and that are not known
  MetricStatus status = MetricStatus::ok;
};

}  // namespace ombre::inline v0::outcomes
