#pragma once
/// @file
/// Episodes of use and of abstinence.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/timeline/grid.hpp"
#include "ombre/timeline/missing.hpp"

namespace ombre::inline v0::timeline {

/// When an episode of use ends and when counting starts.
struct EpisodeRule {
  /// Days of abstinence that end an episode, at least 1: two days of use belong together when the
  /// number of abstinent days between them is below it. Results depend on it: always print it.
  std::int32_t gap_days = 7;
  /// Days from the first one on in which use is not looked at, such as the two weeks after a quit
  /// date. 0 or more.
  std::int32_t grace_days = 0;
};

/// One episode of use: days `first` to `last` of the view, counted from 0, both inclusive.
struct UseEpisode {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  std::uint32_t use_days = 0;
  /// It may have begun before the view: fewer than gap_days abstinent days are known before it.
  bool open_start = false;
  /// It may go on after the view: fewer than gap_days abstinent days are known after it.
  bool open_end = false;

  [[nodiscard]] constexpr std::uint32_t days() const noexcept { return last - first + 1; }
  friend constexpr bool operator==(const UseEpisode&, const UseEpisode&) = default;
};

/// Episodes of use, in order of time.
///
/// Under `exclude` a day that is not known is no use and no abstinent day: it does not count
/// towards the gap that ends an episode, though the calendar days of the episode include it.
/// Under the other rules there are no unknown days, except before the first known one under `locf`.
/// Source: outcome definitions of ombre, docs/metrics.md; the gap of 7 days is our default, alcohol
/// studies use 3 to 14.
/// Cost: O(days / 64 + runs of use).
/// @par Errors out_of_range (gap below 1, grace below 0), those of check()
[[nodiscard]] OMBRE_EXPORT Result<std::vector<UseEpisode>> use_episodes(const DayView& days,
                                                                        EpisodeRule rule,
                                                                        MissingRule missing);

/// Days between the end of each episode and the start of the next: next.first - this.last - 1.
[[nodiscard]] OMBRE_EXPORT std::vector<std::uint32_t> intervals_between(
    std::span<const UseEpisode> episodes);

/// A run of days without use: `first` to `last`, both inclusive, every one of them abstinent.
struct AbstinentRun {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  [[nodiscard]] constexpr std::uint32_t days() const noexcept { return last - first + 1; }
  friend constexpr bool operator==(const AbstinentRun&, const AbstinentRun&) = default;
};

/// Runs of at least `at_least_days` abstinent days. A day that stays unknown ends a run.
/// @par Errors out_of_range (fewer than 1 day), those of check()
[[nodiscard]] OMBRE_EXPORT Result<std::vector<AbstinentRun>> abstinent_runs(
    const DayView& days, std::int32_t at_least_days, MissingRule missing);

/// How heavy an episode was. Only days with a known amount speak; the rest is counted beside them.
struct EpisodeSeverity {
  std::uint32_t known_amount_days = 0;
  std::uint32_t unknown_amount_days = 0;   ///< use without amount, and days not known
  std::optional<double> total;             ///< sum of known amounts; nothing without one
  std::optional<double> mean_per_use_day;  ///< total / known_amount_days
  std::optional<double> largest;
};
/// @par Errors out_of_range (an episode that ends outside the days)
[[nodiscard]] OMBRE_EXPORT Result<EpisodeSeverity> episode_severity(const DayView& days,
                                                                    const UseEpisode& episode);

}  // namespace ombre::inline v0::timeline
