#pragma once
// One pass over grouped times: at every event time, who of which group is at risk and has the
// event. All tests of the family are sums over these.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "ombre/core/result.hpp"
#include "ombre/stats/log_rank.hpp"
#include "stats/survival_table.hpp"

namespace ombre::inline v0::stats::detail {

// An event time of a stratum. The spans have one entry per group.
struct EventTime {
  std::span<const double> at_risk;
  std::span<const double> events;
  double total_at_risk = 0;
  double total_events = 0;
  double survival_before = 1;  // pooled S(t-)
  std::size_t stratum = 0;
  std::size_t piece = 0;
};

// A scan that may go through pieces of time side by side: `start` is told how many, before the
// first visit; their order is that of time. Which they are depends on the data alone.
struct ScanPieces {
  std::function<void(std::size_t)> start{};  // none: one piece
  bool survival = true;                      // false: nobody looks at survival_before
};

[[nodiscard]] Result<void> check_groups(const GroupedTimes& data);
// Calls `visit` at every event time, stratum by stratum, times ascending within a piece.
[[nodiscard]] Result<void> scan_events(const GroupedTimes& data, double tie_tolerance,
                                       const Runner& runner,
                                       const std::function<void(const EventTime&)>& visit,
                                       const ScanPieces& pieces = {});
// The same from tables of every group of one stratum (at_risk is not looked at).
void scan_tables(const std::vector<TimeTable>& tables,
                 const std::function<void(const EventTime&)>& visit);
// The family of tests of tables of every group of one stratum.
[[nodiscard]] Result<std::vector<WeightedLogRank>> log_rank_of_tables(
    const std::vector<TimeTable>& tables, std::span<const RankWeight> weights);
[[nodiscard]] double weight_at(const RankWeight& weight, double survival_before) noexcept;

}  // namespace ombre::inline v0::stats::detail
