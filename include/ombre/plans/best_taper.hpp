#pragma once
/// @file
/// The best plan, not only a plan: all best trade-offs between time and the largest drop, found
/// exactly on the doses that can be dispensed.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/progress.hpp"
#include "ombre/core/result.hpp"
#include "ombre/plans/amount.hpp"
#include "ombre/plans/dispense.hpp"
#include "ombre/plans/dose_grid.hpp"
#include "ombre/plans/effect_curve.hpp"
#include "ombre/plans/product.hpp"

namespace ombre::inline v0::plans {

/// How the size of a drop is measured.
enum class DropMeasure : std::uint8_t {
  effect,              ///< loss of effect on the curve given, a share of 0..1
  percent_of_current,  ///< share (0..1) of the dose before the step; cuts up to ceiling.exempt_cut
                       ///< and cuts from ceiling.stop_from or less count as 0
  amount               ///< plain amount, in the unit of the doses
};

/// How long a dose is kept: `days` at least for doses at or below `at_or_below`.
struct HoldBand {
  Amount at_or_below;
  std::int32_t days = 7;
};

struct BestTaperRequest {
  Amount start;                       ///< a day, now; need not be dispensable
  Amount goal;                        ///< must be dispensable; 0 is
  std::span<const Product> products;  ///< of these, those in stock are used
  IntakeLimits limits{};
  DayShares shares{};
  DropMeasure measure = DropMeasure::effect;
  std::optional<EffectCurve> curve{};  ///< needed for DropMeasure::effect
  CutCeiling ceiling{};                ///< never crossed
  std::int32_t step_days = 7;          ///< the pace: each new dose is kept this long at least
  /// Longer holds at low doses ("slower at the end"): the longest that applies holds.
  std::span<const HoldBand> slower_below{};
  std::int32_t max_days = 364;    ///< total time, first cut to the end of the last hold
  std::size_t max_grid = 20'000;  ///< refuse more reachable day amounts than this
};

struct BestStep {
  Amount dose;           ///< a day, from day `day` on
  std::int32_t day = 0;  ///< from the first cut, which is day 0
  double drop = 0;       ///< in the request's measure
};

/// One point of the front: nothing is both shorter and gentler.
struct BestTaper {
  std::int32_t days = 0;  ///< sum of the holds; with one pace it is steps x step_days
  double largest_drop = 0;
  std::int64_t piece_days = 0;  ///< pieces per day x days held, summed
  std::vector<BestStep> steps;  ///< strictly falling doses, the last is the goal
};

struct BestTaperFront {
  /// Shortest first; largest_drop strictly falls from one to the next. Empty: the goal cannot be
  /// reached in max_days under the ceiling with these products.
  std::vector<BestTaper> plans;
  std::size_t grid_points = 0;  ///< reachable day amounts between goal and start
};

/// All best trade-offs of total time against the largest drop.
///
/// For every total time up to max_days the smallest possible largest drop over all falling series
/// of dispensable doses, and among those series the one with the fewest pieces over all days; ties
/// go to the higher doses, earlier steps first. Every dose of a plan is one that dispense_plan()
/// and DoseGrid can make. Optimal, not approximate: the minimax recursion
///   best(t, y) = min over x > y of max(best(t - hold(y), x), drop(x, y))
/// is exact, and since best falls and drop grows with x its minimum lies where the two cross,
/// which a bisection finds. T = max_days over the greatest common divisor of the holds, G grid
/// points, F points on the front (at most T): O(T G log G) for the front, O(F T G) for its plans;
/// memory 20 T G bytes. T G may be at most 4 000 000. Threads: pure function.
///
/// Where the ceiling's window is longer than step_days, doses may also be kept longer than their
/// hold, since waiting lets a window pass. Times and drops of that front are exact too; the plans
/// are the ones that go down earliest, and no fewest pieces are looked for. For a drop that is
/// given, a plan that is nowhere higher and cuts no later can do whatever the other can, so the
/// earliest arrival needs few histories; the smallest drop is then found by halving. A search
/// that would keep more than 20 000 histories at one time is refused with too_large.
/// @par Errors missing (the curve; stop_from or exempt_cut where percent_of_current goes to 0),
/// contradiction (units; goal not dispensable or not below start), out_of_range, too_large,
/// cancelled, those of DoseGrid::build
[[nodiscard]] OMBRE_EXPORT Result<BestTaperFront> best_taper_front(const BestTaperRequest& request,
                                                                   const Progress& progress = {});

/// The gentlest point of a front that takes no more than `days`; empty where there is none.
[[nodiscard]] OMBRE_EXPORT const BestTaper* gentlest_within(const BestTaperFront& front,
                                                            std::int32_t days) noexcept;
/// The shortest point of a front with no drop above `drop`; empty where there is none.
[[nodiscard]] OMBRE_EXPORT const BestTaper* shortest_below(const BestTaperFront& front,
                                                           double drop) noexcept;

}  // namespace ombre::inline v0::plans
