#pragma once
// The doses that the search for the best taper may visit, and the search where the ceiling's window
// is longer than a step.
#include <cstdint>
#include <vector>

#include "ombre/plans/best_taper.hpp"
#include "plans/dispense_path.hpp"

namespace ombre::inline v0::plans::detail {

/// The doses a plan may visit, ascending: node 0 is the goal, the last node the start.
struct Nodes {
  DoseUnit unit = DoseUnit::mg;
  std::vector<std::int64_t> micro;
  std::vector<double> worth;         // what drops are differences of
  std::vector<std::int32_t> units;   // hold, in time units
  std::vector<std::int64_t> pieces;  // pieces a day x days held
  MicroCeiling ceiling;
  DropMeasure measure = DropMeasure::effect;
  std::int32_t unit_days = 1;

  [[nodiscard]] std::size_t size() const noexcept { return micro.size(); }

  /// Grows with x and falls with y, also as computed: rounding is monotone.
  [[nodiscard]] double drop(std::size_t x, std::size_t y) const noexcept {
    if (measure != DropMeasure::percent_of_current) return worth[x] - worth[y];
    const std::int64_t cut = micro[x] - micro[y];
    if (cut <= ceiling.exempt || micro[x] <= ceiling.stop_from) return 0;
    return static_cast<double>(cut) / static_cast<double>(micro[x]);
  }
};

/// The front under a ceiling whose window is longer than a step: doses may then also be kept longer
/// than their hold, in time units of `nodes`. Times are 0 .. times - 1 units.
Result<std::vector<BestTaper>> windowed_front(const Nodes& nodes, std::size_t times,
                                              const Progress& progress);

}  // namespace ombre::inline v0::plans::detail
