#pragma once
/// @file
/// The day metrics of one series, or of a whole grid.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/progress.hpp"
#include "ombre/core/result.hpp"
#include "ombre/core/sex.hpp"
#include "ombre/outcomes/metric.hpp"
#include "ombre/spectrum/drinking.hpp"
#include "ombre/timeline/grid.hpp"
#include "ombre/timeline/missing.hpp"

namespace ombre::inline v0::outcomes {

/// A named limit above which a day is a heavy day. There is no unnamed "heavy".
struct HeavyDay {
  enum class Measure : std::uint8_t {
    ethanol_g,  ///< the limit is in grams of ethanol
    amount      ///< the limit is in the unit of the series, whatever that is
  };
  std::string id;
  double women = 0;
  double men = 0;
  spectrum::Comparison comparison = spectrum::Comparison::at_least;
  Measure measure = Measure::ethanol_g;

  /// From a published drinking rule. @par Errors unsupported (a rule without a day limit)
  [[nodiscard]] OMBRE_EXPORT static Result<HeavyDay> from(const spectrum::HeavyRule& rule);
  /// The caller's own limit in the unit of the series, the same for everybody: at or above it is
  /// heavy. @par Errors out_of_range (limit not above 0), missing (no id)
  [[nodiscard]] OMBRE_EXPORT static Result<HeavyDay> from(std::string id, double limit_in_unit);
};

/// Parameters of the metrics. Every default is printed by definition().
struct MetricOptions {
  timeline::MissingRule missing;           ///< no default, on purpose
  std::int32_t gap_days = 7;               ///< abstinent days that end an episode, 1 or more
  std::int32_t prolonged_grace_days = 14;  ///< days not looked at by prolonged_abstinence
  std::int32_t heavy_grace_days = 0;       ///< days not looked at by no_heavy_days
  std::int32_t lapse_gap_days = 1;  ///< abstinent days before a use that make it a lapse; 0: none
  /// Take controlled-environment days out of the window before anything else is done: lengths and
  /// positions are then counted in days at risk.
  bool exclude_controlled = false;
  std::optional<HeavyDay> heavy{};
  /// For limits that differ by sex. By person index of the grid; where empty or nothing, `sex`.
  std::span<const std::optional<Sex>> sex_of_person{};
  std::optional<Sex> sex{};
  /// Grams of ethanol in one unit of a series' amounts, by series of the grid; 0 or empty: the
  /// amounts are no ethanol. ethanol_per_unit() (ethanol_units.hpp) makes it.
  std::span<const double> ethanol_g_per_unit{};

  /// Series whose substance is alcohol, 1 or 0 (is_ethanol()); without it a missing value for
  /// grams says `not_ethanol` also where only the unit is not understood.
  std::span<const std::uint8_t> is_ethanol{};

  explicit MetricOptions(timeline::MissingRule rule) : missing{rule} {}
};

/// What one series needs to know beyond its days.
struct SeriesContext {
  double ethanol_g_per_unit = 0;  ///< 0: the amounts are no ethanol
  std::optional<Sex> sex{};
  bool is_ethanol = false;  ///< the substance is alcohol, whether or not its unit is in grams
};

/// All metrics of one series, indexed by Metric.
struct SeriesMetrics {
  std::array<Estimate, metric_count> estimate;
  [[nodiscard]] const Estimate& operator[](Metric m) const noexcept {
    return estimate[static_cast<std::size_t>(m)];
  }
};

/// Metrics of one person's days. `options.sex_of_person` and `ethanol_g_per_unit` are not read.
/// @par Errors out_of_range (an option), empty_input (no day), those of timeline::check()
[[nodiscard]] OMBRE_EXPORT Result<SeriesMetrics> compute_metrics(const timeline::DayView& days,
                                                                 const MetricOptions& options,
                                                                 const SeriesContext& context = {});

/// Metrics of all series of a grid: series x metric.
class OMBRE_EXPORT MetricTable {
 public:
  [[nodiscard]] std::size_t series() const noexcept { return cells_.size() / metric_count; }
  [[nodiscard]] Estimate at(std::size_t series, Metric metric) const noexcept {
    const Cell& c = cells_[series * metric_count + static_cast<std::size_t>(metric)];
    Estimate e;
    if (c.has & has_value) e.value = c.value;
    if (c.has & has_lower) e.lower = c.lower;
    if (c.has & has_upper) e.upper = c.upper;
    e.n_observed = c.n_observed;
    e.n_missing = c.n_missing;
    e.status = c.status;
    return e;
  }
  /// Values of one metric over chosen series; those without a value are left out.
  [[nodiscard]] std::vector<double> values(Metric metric,
                                           std::span<const std::size_t> series) const;

  /// How one estimate is kept: 40 bytes. For code that fills or reads many; others use at().
  struct Cell {
    double value = 0;
    double lower = 0;
    double upper = 0;
    std::uint32_t n_observed = 0;
    std::uint32_t n_missing = 0;
    std::uint8_t has = 0;
    MetricStatus status = MetricStatus::ok;
  };
  static constexpr std::uint8_t has_value = 1;
  static constexpr std::uint8_t has_lower = 2;
  static constexpr std::uint8_t has_upper = 4;
  [[nodiscard]] std::span<const Cell> cells() const noexcept { return cells_; }

 private:
  friend OMBRE_EXPORT Result<MetricTable> compute_metrics(const timeline::Grid&,
                                                          const MetricOptions&, const Runner&,
                                                          const Progress&);
  std::vector<Cell> cells_;
};

/// The same bytes for any runner and any number of threads: each series is computed alone.
/// Cost: one pass over the state bytes, then work in the number of use days and runs of use.
/// @par Errors out_of_range (an option), size_mismatch (ethanol_g_per_unit, sex_of_person),
/// cancelled
[[nodiscard]] OMBRE_EXPORT Result<MetricTable> compute_metrics(const timeline::Grid& grid,
                                                               const MetricOptions& options,
                                                               const Runner& runner = serial(),
                                                               const Progress& progress = {});

/// The parameters behind a value, for the column `definition`: "gap 7 d; missing=exclude".
[[nodiscard]] OMBRE_EXPORT std::string definition(Metric metric, const MetricOptions& options);

}  // namespace ombre::inline v0::outcomes
