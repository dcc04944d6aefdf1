#pragma once
// The series of reachable amounts closest to an ideal one under a ceiling. Whole numbers only.
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "ombre/core/result.hpp"
#include "ombre/plans/dispense.hpp"

namespace ombre::inline v0::plans::detail {

/// A CutCeiling in millionths, with the shares of the original dose worked out.
struct MicroCeiling {
  static constexpr std::int64_t none = std::numeric_limits<std::int64_t>::max();
  std::int32_t of_current = -1;  // millionths; -1: no such rule
  std::int64_t fixed = none;     // the smaller of the absolute and the of-original cut
  std::int64_t exempt = 0;
  std::int64_t stop_from = -1;
  std::int32_t window_days = 0;

  static MicroCeiling of(const CutCeiling& ceiling, Amount original) noexcept;

  /// Largest cut by the rules alone, without exemptions; `none` where there is no rule.
  [[nodiscard]] std::int64_t largest_cut(std::int64_t current) const noexcept;
  [[nodiscard]] std::int64_t least_after(std::int64_t current) const noexcept;
  /// Whether `next` may follow `before` when the largest dose in the window is `window_top`.
  [[nodiscard]] bool allows(std::int64_t window_top, std::int64_t before,
                            std::int64_t next) const noexcept;
};

struct PathProblem {
  std::span<const std::int64_t> amounts;  // ascending, distinct, first is 0
  std::int64_t start = 0;
  std::vector<std::int64_t> ideal;
  std::vector<std::int32_t> days;  // as long as ideal
  MicroCeiling ceiling;
  bool never_above = false;
  bool reach_end = true;
  std::optional<std::int64_t> largest_error;
  /// Histories looked at before the search for the very best is given up (windows only).
  std::size_t most_histories = 200'000;
};

/// The amount closest to the last ideal one: below where two are equally close or where
/// never_above is set.
[[nodiscard]] std::int64_t end_target(const PathProblem& problem) noexcept;

[[nodiscard]] std::int64_t distance_to_grid(std::span<const std::int64_t> amounts,
                                            std::int64_t ideal) noexcept;

/// One amount per step.
struct Path {
  std::vector<std::int64_t> doses;
  /// Empty: no series is closer. Else the search was given up: this one keeps every demand, and
  /// the sum of errors of the closest is at least this.
  std::optional<std::int64_t> at_least;
};

/// The closest series, or empty where nothing meets every demand. Errors: too_large.
[[nodiscard]] Result<std::optional<Path>> closest_path(const PathProblem& problem);

}  // namespace ombre::inline v0::plans::detail
