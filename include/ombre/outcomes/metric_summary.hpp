#pragma once
/// @file
/// A cohort's table: each metric over all people with a series of the substance.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/outcomes/daily_metrics.hpp"
#include "ombre/timeline/grid.hpp"

namespace ombre::inline v0::outcomes {

/// Description of the values of one metric. Nothing where there is no answer: all of it for n = 0,
/// the standard deviation for n = 1.
struct ValueSummary {
  std::uint64_t n = 0;
  std::optional<double> mean;
  std::optional<double> sd;  ///< with n - 1
  std::optional<double> median;
  std::optional<double> q1;  ///< quartiles by quantile rule 7
  std::optional<double> q3;
  std::optional<double> min;
  std::optional<double> max;
};

/// @param values  finite; other values are left out (metrics never have any)
/// Cost: O(n), one copy.
[[nodiscard]] OMBRE_EXPORT ValueSummary summarise(std::span<const double> values);

/// One row of the cohort's table.
struct MetricSummary {
  std::uint32_t substance = 0;  ///< index into grid.substances()
  Metric metric = Metric::pda;
  std::uint64_t n_not_estimable = 0;  ///< series without a value
  ValueSummary values;
};

/// Rows by substance, then by metric, in their order. Substances without a series have none.
/// The percentage of subjects with no heavy drinking days (PSNHDD) is 100 times the mean of
/// no_heavy_days.
/// @par Errors size_mismatch (a table of another grid)
[[nodiscard]] OMBRE_EXPORT Result<std::vector<MetricSummary>> summarise(
    const timeline::Grid& grid, const MetricTable& table, std::span<const Metric> metrics = {});

}  // namespace ombre::inline v0::outcomes
