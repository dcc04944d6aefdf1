#pragma once
/// @file
/// Goals that wait for goals: what can start now, what waits and for what, and how long the longest
/// chain is. A circle is refused with the path that closes it.

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ombre/core/date.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/plans/goal.hpp"

namespace ombre::inline v0::plans {

/// A goal that cannot start yet.
struct WaitingGoal {
  std::size_t goal = 0;            ///< index into the goals
  std::vector<std::size_t> needs;  ///< the goals it waits for, still open or resting
};

/// Goals that follow each other.
struct GoalChain {
  std::vector<std::size_t> goals;  ///< first to last
  int days = 0;                    ///< sum of the expected days that are known
  std::size_t without_days = 0;    ///< goals of the chain that name none
  Date ends;                       ///< the day the last one would be reached; a lower bound where
                                   ///< `without_days` is not 0
};

/// The graph of a set of goals. A goal that is reached, has grown or was let go keeps nobody
/// waiting. Holds indices only; the goals may go away.
class OMBRE_EXPORT GoalGraph {
 public:
  /// Cost: O(goals + needs), and sorting ids.
  /// @par Errors unknown_name (a need that is no goal), duplicate (ids), contradiction (a circle:
  /// the value is the path "job -> flat -> job")
  [[nodiscard]] static Result<GoalGraph> from(std::span<const Goal> goals);

  [[nodiscard]] std::size_t size() const noexcept;
  /// Open goals that wait for nothing, in the order given.
  [[nodiscard]] std::vector<std::size_t> can_start() const;
  /// Open goals that wait, in the order given, each with what it waits for.
  [[nodiscard]] std::vector<WaitingGoal> waiting() const;
  /// All goals so that each comes after those it needs; the order given decides where it is free.
  [[nodiscard]] std::vector<std::size_t> order() const;
  /// Goals it needs, and goals that need it.
  [[nodiscard]] std::span<const std::size_t> needs(std::size_t goal) const noexcept;
  [[nodiscard]] std::span<const std::size_t> needed_by(std::size_t goal) const noexcept;
  /// How many steps it is from a goal without needs: 0 for those. For drawing.
  [[nodiscard]] std::vector<std::size_t> layers() const;

  /// The longest chain of open or resting goals that ends with `goal`, begun on `today`: by days,
  /// then by number of goals. Nothing for a goal that is no longer open.
  [[nodiscard]] std::optional<GoalChain> longest_chain(std::size_t goal, Date today) const;
  /// The longest of all; nothing without an open goal.
  [[nodiscard]] std::optional<GoalChain> longest_chain(Date today) const;

 private:
  struct Impl;
  explicit GoalGraph(std::shared_ptr<const Impl> impl) : impl_{std::move(impl)} {}
  std::shared_ptr<const Impl> impl_;
};

}  // namespace ombre::inline v0::plans
