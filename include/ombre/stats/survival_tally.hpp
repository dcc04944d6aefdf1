#pragma once
/// @file
/// Counts of events and censorings by time and group: what a curve and a log-rank test are made of,
/// gathered in pieces.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/stats/log_rank.hpp"
#include "ombre/stats/survival_curve.hpp"

namespace ombre::inline v0::stats {

/// A tally of people who count one each and are there from the start.
///
/// It holds whole numbers by distinct time, so that merging is exact: however people are divided
/// among tallies, and in whatever order these are merged, curves and tests come out the same to the
/// last byte. Near-ties are joined when a curve is made, over all people together.
class OMBRE_EXPORT SurvivalTally {
 public:
  explicit SurvivalTally(std::size_t groups = 1) : cells_(groups) {}

  /// @param time   n finite times, 0 or more
  /// @param event  n flags
  /// @param group  n group numbers, or none where there is one group
  /// Cost: whole days are counted, else O(n log n); then linear in the distinct times.
  /// @par Errors size_mismatch, not_finite, out_of_range; then nothing was added
  Result<void> add(std::span<const double> time, std::span<const std::uint8_t> event,
                   std::span<const std::uint32_t> group = {}, const Runner& runner = serial());
  /// @par Errors size_mismatch (another number of groups)
  Result<void> merge(const SurvivalTally& other);

  [[nodiscard]] std::size_t groups() const noexcept { return cells_.size(); }
  [[nodiscard]] std::uint64_t rows(std::size_t group) const noexcept;
  /// @par Errors out_of_range (group), unsupported (robust errors: they need the people)
  [[nodiscard]] Result<SurvivalCurve> curve(std::size_t group,
                                            const CurveOptions& options = {}) const;
  /// @par Errors those of log_rank_family()
  [[nodiscard]] Result<std::vector<WeightedLogRank>> log_rank(
      std::span<const RankWeight> weights, const LogRankOptions& options = {}) const;

 private:
  struct Cell {
    double time = 0;
    std::uint64_t events = 0;
    std::uint64_t censored = 0;
  };
  static void merge(std::vector<Cell>& into, const std::vector<Cell>& from);
  std::vector<std::vector<Cell>> cells_;  // of each group, times ascending
};

}  // namespace ombre::inline v0::stats
