#pragma once
/// @file
/// Use beside life: how amounts, days of use and the place on the spectrum moved together with
/// work, mood or whatever else was written down, step by step of time. It says how they moved and
/// never what moved what.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/date.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/core/sex.hpp"
#include "ombre/outcomes/review.hpp"
#include "ombre/plans/progress.hpp"
#include "ombre/spectrum/moves.hpp"

namespace ombre::inline v0::outcomes {

struct DatedValue {
  Date on;
  double value = 0;
  friend bool operator==(const DatedValue&, const DatedValue&) = default;
};
/// Something in life, as it was written down, in any order: days of work, a score of wellbeing.
struct LifeSeries {
  std::string called;  ///< "days of work"
  std::vector<DatedValue> values{};
  friend bool operator==(const LifeSeries&, const LifeSeries&) = default;
};

struct UseAndLifeOptions {
  int step_days = 7;         ///< days of a step of time, 1 to 366
  std::size_t most_lag = 2;  ///< life is looked at 0 to that many steps later; at most 52
  double least_known = 0.5;  ///< share of a step's days that must be known, above 0 to 1
  std::optional<Sex> sex{};  ///< for the WHO levels of alcohol
};

/// What of use was set beside life.
enum class UseMeasure : std::uint8_t {
  amount,    ///< mean a day; a step with use of unknown amount is not known
  use_days,  ///< share of the known days
  place      ///< order of the state on the spectrum, from the days alone
};
[[nodiscard]] OMBRE_EXPORT std::string_view name(UseMeasure measure) noexcept;

struct UseAndLifeRow {
  std::string substance;
  std::string life;
  UseMeasure measure = UseMeasure::amount;
  int step_days = 7;
  plans::UseAndLife result;  ///< rho, effective n, interval, and a sentence without cause
};

/// Place on the spectrum window by window, from the days alone (`by_pattern`): experimental,
/// occasional and circumstantial use look the same in days and count as occasional. A window in
/// which the days allow more than one other state is left out, and so is the rest at the end.
/// @param window_days  7 to 366
/// @par Errors out_of_range, those of timeline::window_of and spectrum::spectrum_state
[[nodiscard]] OMBRE_EXPORT Result<std::vector<spectrum::StateSpell>> place_by_days(
    const UseHistory& use, int window_days = 28, std::optional<Sex> sex = std::nullopt);

/// Ups and downs of use, and how they went with life.
struct CyclesAndLife {
  spectrum::CycleSummary cycles;
  std::vector<plans::UseAndLife> by_lag{};  ///< lag 0, 1, ... steps
};
/// Sets the order of the state (0 abstinent to 9 chaotic) in each step beside the mean of what was
/// written down in it. A step that spells cover for less than `least_known` is not known; where
/// they cover several states, the days decide by their mean order. Steps count from the first
/// spell.
/// @param spells  of one person; day numbers are those of Date
/// @par Errors empty_input (no spell), out_of_range (options), not_finite, those of
/// spectrum::cycle_summary
[[nodiscard]] OMBRE_EXPORT Result<CyclesAndLife> cycles_and_life(
    std::span<const spectrum::StateSpell> spells, const LifeSeries& life,
    const UseAndLifeOptions& options = {});

/// Every substance beside everything in life: amounts (where they are known) and share of days of
/// use in steps of `step_days`, and the place on the spectrum in steps of at least 28 days, at lags
/// 0 to `most_lag`. Rows by substance, life, measure, lag. Lags without two steps to compare are
/// left out. Many rows are many looks: the largest one of them is not a finding. Source: lagged
/// Spearman with effective n, stats::lagged_spearman.
/// @par Errors out_of_range (options), not_finite (names the series), empty_input (no use)
/// Cost: linear in days times lags and series.
[[nodiscard]] OMBRE_EXPORT Result<std::vector<UseAndLifeRow>> use_against_life(
    std::span<const UseHistory> use, std::span<const LifeSeries> life,
    const UseAndLifeOptions& options = {});

}  // namespace ombre::inline v0::outcomes
