#pragma once
/// @file
/// From ideal doses to what can be handed over: single intakes, whole plans, pill counts.
///
/// The promise of a dispensed plan: no realised step cuts more than the ceiling, none goes up
/// unless the ideal does, and every rounding error is reported. Everything about doses here is
/// whole-number arithmetic.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/finding.hpp"
#include "ombre/core/result.hpp"
#include "ombre/plans/amount.hpp"
#include "ombre/plans/dose_grid.hpp"
#include "ombre/plans/product.hpp"

namespace ombre::inline v0::plans {

/// The best exact combination for one intake (order of preference: see DoseGrid), or empty where
/// no combination within the limits makes exactly this amount. 0 is made of nothing.
/// For many amounts of the same products build one DoseGrid.
/// @par Errors those of DoseGrid::build
[[nodiscard]] OMBRE_EXPORT Result<std::optional<Dispensed>> dispense_intake(
    Amount amount, std::span<const Product> products, const IntakeLimits& limits = {});

/// The neighbours of an amount on the grid of what can be dispensed; both are the amount itself
/// where it can be dispensed. `below` always exists (0). `above` is empty where the limits allow
/// nothing larger; it is looked for up to amount + one largest piece.
struct Neighbours {
  Amount below;
  std::optional<Amount> above;
};

/// @par Errors those of DoseGrid::build
[[nodiscard]] OMBRE_EXPORT Result<Neighbours> nearest_dispensable(Amount amount,
                                                                  std::span<const Product> products,
                                                                  const IntakeLimits& limits = {});

/// The largest cut that one step, or all steps of any window of days, may make. Every rule that is
/// set holds, except for cuts up to `exempt_cut` and for stopping from `stop_from` or less.
struct CutCeiling {
  std::optional<Share> of_current;   ///< share of the dose before the step (of the window's start)
  std::optional<Share> of_original;  ///< share of the plan's starting dose
  std::optional<Amount> absolute;
  /// Cuts not larger than this always pass (0: none). Ashton's last 0.5 mg steps need it: they
  /// exceed 25 % of the current dose. Source: Ashton, Benzodiazepines: How They Work and How to
  /// Withdraw (2002).
  std::optional<Amount> exempt_cut;
  /// From this dose or less everything may go, down to zero.
  std::optional<Amount> stop_from;
  /// 0: the rules hold for each step. Else for the sum of all steps whose days lie less than this
  /// many days apart: 14 for "25 % in 14 days" allows 25 % every 14 days, not 25 % every 13.
  std::int32_t window_days = 0;
};

/// The smallest amount that may follow `current` under the ceiling, for a plan that began at
/// `original`. Never decreases when `current` grows. Products with a share are rounded so that the
/// ceiling is never exceeded. Amounts of other units than `current` count as 0.
[[nodiscard]] OMBRE_EXPORT Amount least_after(Amount current, Amount original,
                                              const CutCeiling& ceiling) noexcept;

/// One step of the ideal curve: this much a day, for this many days.
struct IdealStep {
  Amount amount;
  std::int32_t days = 1;
};

/// Whether a realised dose may lie above the ideal one.
enum class Rounding : std::uint8_t {
  nearest,  ///< closest to the ideal; of two equally close plans the one with less above it
  never_above_ideal  ///< for starts and for tapers whose ceiling leaves room
};

struct DispenseRequest {
  Amount start;                       ///< what the person takes a day now; need not be dispensable
  std::span<const IdealStep> ideal;   ///< first to last; days >= 1
  std::span<const Product> products;  ///< of these, those in stock are used
  std::span<const Product> candidates;  ///< offered when nothing fits, beside those not in stock
  IntakeLimits limits{};
  DayShares shares{};
  CutCeiling ceiling{};
  Rounding rounding = Rounding::nearest;
  /// A plan fits only when no step is further than this from its ideal. Empty: no such demand.
  std::optional<Amount> largest_error{};
  /// A plan fits only when its last dose is the dispensable one closest to the last ideal amount
  /// (below it where two are equally close).
  bool reach_end = true;
};

/// One realised step.
struct DispensedStep {
  Amount ideal;
  Amount dose;        ///< the day's amount, the sum of the intakes
  AmountStep error;   ///< dose - ideal; positive where rounding went up
  AmountStep change;  ///< dose - dose before
  std::int32_t days = 1;
  /// Cut as a percentage of the dose before and of the start; empty where that was 0.
  std::optional<double> cut_percent_of_current;
  std::optional<double> cut_percent_of_original;
  std::vector<Dispensed> intakes;  ///< one per share, first to last of the day
};

/// Why no plan fits.
enum class MisfitReason : std::uint8_t {
  end_not_reached,       ///< the ceiling stops every way down at some dose
  error_too_large,       ///< some step is further from its ideal than was allowed
  above_ideal,           ///< some step cannot be kept at or below its ideal
  start_not_dispensable  ///< no first dose lies between the start and what the ceiling allows
};

/// "end_not_reached", ...
[[nodiscard]] OMBRE_EXPORT std::string_view name(MisfitReason reason) noexcept;

/// A product that would make the plan fit.
struct Remedy {
  bool from_candidates = false;  ///< else: in `products`, but not in stock
  std::uint32_t index = 0;       ///< into candidates or products
  AmountStep largest_error;      ///< of the plan that it makes possible
};

struct Misfit {
  MisfitReason reason = MisfitReason::end_not_reached;
  std::uint32_t step = 0;        ///< first step that could not follow its ideal
  std::vector<Remedy> remedies;  ///< smallest largest error first, then in the given order
  /// The coarsest even spacing of doses, from 100, 50, 20, 10, 5, ... of the unit down to a
  /// four-thousandth of the largest dose, that would let a plan fit; empty where none does.
  std::optional<Amount> spacing_that_fits;
};

struct DispensedPlan {
  std::vector<DispensedStep> steps;    ///< one per ideal step
  AmountStep largest_error;            ///< the error furthest from 0, the first of them
  std::int64_t total_error_micro = 0;  ///< sum of |error|
  /// Empty: the plan fits. Else `steps` still keep the promise (they hold where no cut is
  /// possible) and come as close to the ideal as products allow; with start_not_dispensable there
  /// are none.
  std::optional<Misfit> misfit;
  /// Set only where a ceiling window over several steps made the search too long to finish: the
  /// plan keeps every demand, but a closer one may exist, whose total error is at least this.
  std::optional<std::int64_t> closest_error_at_least_micro;
  /// rule ids: rounded_up (note), goes_up (caution), held (note: the ideal falls, the dose cannot
  /// follow yet), does_not_fit (warning), not_proven_closest (note). `row` is the step's index.
  Findings findings = Findings{};
};

/// Realises a whole plan with the dispensable doses closest to the ideal curve under the promise.
///
/// Smallest sum of |error| over the steps; then smallest sum of what lies above the ideal; ties go
/// to the lower dose, earlier steps first. A realised dose never rises except at a step where the
/// ideal rises, and then not above the ideal. Exact: dynamic programming over steps x reachable
/// amounts, O(N G) for per-step ceilings (N steps, G reachable day amounts); with a window of more
/// than one step a best-first search over histories of doses, guided by the former. It gives up
/// proving after 200 000 histories and then says so (closest_error_at_least_micro); the ceiling is
/// kept in any case. Limits: 5 000 steps, N G <= 4 000 000.
/// @par Errors empty_input, out_of_range, contradiction (units), too_large, those of DoseGrid
[[nodiscard]] OMBRE_EXPORT Result<DispensedPlan> dispense_plan(const DispenseRequest& request);

/// What one product needs in one prescription period.
struct SupplyLine {
  std::uint32_t product = 0;
  std::int64_t quarters = 0;    ///< solids: exact use in quarter pieces
  std::int64_t pieces = 0;      ///< solids: whole pieces to hand over
  Amount volume{DoseUnit::ml};  ///< liquids
};

struct SupplyPeriod {
  std::int32_t first_day = 0;  ///< from the first day of the plan, which is 0
  std::int32_t days = 0;
  std::vector<SupplyLine> lines;  ///< by product index; products without use are left out
};

/// Pill counts and volumes for each prescription period.
///
/// Periods run from day 0; the last given length repeats until the plan ends, and the last period
/// ends with the plan. Parts of a piece are kept for the next day of the same period, so a
/// period's count is the exact use rounded up; patches count one per started wear time within a
/// step. With `carry_parts` what is left of a broken piece also serves the next period.
/// @par Errors empty_input, out_of_range (period below 1 day; product index), too_large (more than
/// 100 000 periods)
[[nodiscard]] OMBRE_EXPORT Result<std::vector<SupplyPeriod>> supply(
    std::span<const DispensedStep> steps, std::span<const Product> products,
    std::span<const std::int32_t> period_days, bool carry_parts = false);

}  // namespace ombre::inline v0::plans
