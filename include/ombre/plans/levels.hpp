#pragma once
/// @file
/// How much is in the body under a series of doses: one compartment, by exact superposition.
///
/// A dose D gives the amount D e^(-k t), k = ln 2 / half-life; with first-order absorption ka it
/// gives D ka / (ka - k) (e^(-k t) - e^(-ka t)), and D k t e^(-k t) where ka = k; a constant input
/// R (patch) gives R / k (1 - e^(-k t)) while it lasts. Amounts are in the unit of the dose, as if
/// all of it were absorbed: no volume of distribution enters, so levels compare within one
/// person and drug only. Source: Rowland & Tozer, Clinical Pharmacokinetics and Pharmacodynamics.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/finding.hpp"
#include "ombre/core/result.hpp"

namespace ombre::inline v0::plans {

/// Elimination half-life as a range in hours. Invariant: 0 < low <= high, finite.
class OMBRE_EXPORT HalfLife {
 public:
  /// @par Errors not_finite, out_of_range, contradiction (low above high)
  [[nodiscard]] static Result<HalfLife> from_hours(double low, double high);
  [[nodiscard]] double low_hours() const noexcept { return low_; }
  [[nodiscard]] double high_hours() const noexcept { return high_; }
  /// Middle of the range.
  [[nodiscard]] double mid_hours() const noexcept { return low_ + (high_ - low_) / 2; }

 private:
  HalfLife(double low, double high) noexcept : low_{low}, high_{high} {}
  double low_;
  double high_;
};

/// A parent drug or an active metabolite.
struct ActiveSpecies {
  std::string name;
  HalfLife half_life;
};

/// Index of the species with the longest mid half-life, the first of equals; empty for none.
/// It decides when a step has settled: nordazepam for diazepam, norfluoxetine for fluoxetine.
[[nodiscard]] OMBRE_EXPORT std::optional<std::size_t> longest_active(
    std::span<const ActiveSpecies> species) noexcept;

/// Share of the way to a new steady state after `hours` of an unchanged dose: 1 - 2^(-t /
/// half-life). Negative hours count as 0. 5 half-lives give 0.96875. `half_life_hours` > 0.
[[nodiscard]] OMBRE_EXPORT double settled_share(double half_life_hours, double hours) noexcept;

/// Hours until that share is reached. @par Errors out_of_range (share not in [0, 1), half-life)
[[nodiscard]] OMBRE_EXPORT Result<double> hours_to_settle(double half_life_hours, double share);

/// Level at steady state over that after the first dose, at the same time within the interval:
/// 1 / (1 - 2^(-interval / half-life)). @par Errors out_of_range, not_finite
[[nodiscard]] OMBRE_EXPORT Result<double> accumulation_ratio(double half_life_hours,
                                                             double interval_hours);

/// Mean amount in the body at steady state: dose x half-life / (ln 2 x interval).
/// @par Errors out_of_range, not_finite
[[nodiscard]] OMBRE_EXPORT Result<double> steady_state_mean(double half_life_hours, double dose,
                                                            double interval_hours);

/// One dose taken at `hour` (any real number; hours of a plan start at 0).
struct TimedDose {
  double hour = 0;
  double amount = 0;
};

/// A constant input of `amount_per_hour` from `from_hour` to `to_hour`, such as a patch.
struct TimedInput {
  double from_hour = 0;
  double to_hour = 0;
  double amount_per_hour = 0;
};

struct LevelModel {
  double half_life_hours = 0;
  /// Absorption half-life (ln 2 / ka); empty: the dose is in the body at once.
  std::optional<double> absorption_half_life_hours{};
  /// Amount already in the body at `initial_hour`, as after long use: steady_state_mean().
  double initial_amount = 0;
  double initial_hour = 0;
};

/// Amount in the body at each of `hours` (ascending), by superposition. A dose counts from its
/// hour on (right-continuous). Doses and inputs may come in any order.
/// Cost: O(D log D + T). Accuracy: relative error below 1e-12 per 1 000 doses. The initial amount
/// counts from its hour on.
/// @par Errors not_finite, out_of_range (negative amounts, half-lives, input ending before it
/// starts), malformed (hours not ascending)
[[nodiscard]] OMBRE_EXPORT Result<std::vector<double>> levels(const LevelModel& model,
                                                              std::span<const TimedDose> doses,
                                                              std::span<const TimedInput> inputs,
                                                              std::span<const double> hours);

/// A dose kept for some days.
struct LevelStep {
  double daily_dose = 0;
  std::int32_t days = 1;
};

/// How far a step has settled on the day it is judged, which is its last.
struct Settling {
  /// Share of this step's own change that the level has followed: settled_share(days x 24).
  double share_of_step = 0;
  /// Level above the new steady state that earlier, unsettled steps have left, as a share of the
  /// starting dose's steady state; above 0 in a taper.
  double lag = 0;
};

/// Settling of each step of a daily-dose series after long use of `start_dose`, with the mean level
/// (constant input) as the measure. @par Errors empty_input, not_finite, out_of_range
[[nodiscard]] OMBRE_EXPORT Result<std::vector<Settling>> settling(double half_life_hours,
                                                                  double start_dose,
                                                                  std::span<const LevelStep> steps);

/// Days a step should last before it is judged: min(14, 5 x mid half-life / 24).
/// Our proposal: it warns, it does not refuse, because Ashton's
/// steps of 1 to 2 weeks are shorter than 5 half-lives of nordazepam.
[[nodiscard]] OMBRE_EXPORT double days_before_judging(const HalfLife& half_life) noexcept;

/// Adds the finding `step_not_settled` for every step shorter than days_before_judging() of the
/// longest active species; `row` is the step's index. Returns how many. The last step is judged
/// too. No species: nothing is known, so nothing is said and 0 comes back.
[[nodiscard]] OMBRE_EXPORT std::size_t warn_unsettled_steps(std::span<const std::int32_t> step_days,
                                                            std::span<const ActiveSpecies> species,
                                                            Findings& findings);

}  // namespace ombre::inline v0::plans
