#pragma once
/// @file
/// Moves on the spectrum: which states people go from and to, how long they stay, typical paths
/// from here to a state somebody wishes for, and cycles. Movement goes both ways and may skip.
///
/// What is computed here describes what was seen. It is no forecast for a person, and no path is
/// the right one.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/spectrum/state.hpp"

namespace ombre::inline v0::spectrum {

/// A time one person spent in one state. Days are numbers on the caller's axis, both inclusive.
struct StateSpell {
  std::uint32_t person = 0;
  std::int32_t first_day = 0;
  std::int32_t last_day = 0;
  SpectrumState state = SpectrumState::abstinent;
};

/// One observed kind of move.
struct Move {
  SpectrumState from = SpectrumState::abstinent;
  SpectrumState to = SpectrumState::abstinent;
  std::uint64_t count = 0;
  std::uint64_t people = 0;
  double share = 0;               ///< of all moves that leave `from`
  double median_days = 0;         ///< spent in `from` before the move
  std::uint64_t after_a_gap = 0;  ///< of `count`: days between the spells are not known
};

/// What was seen of one state.
struct StateSeen {
  std::uint64_t spells = 0;
  std::uint64_t days = 0;
  std::uint64_t ended = 0;  ///< spells that a move followed
  std::uint64_t open = 0;   ///< last spells of a person: nothing was seen after them
};

/// Moves of one person or many.
struct MoveTable {
  std::vector<Move> moves{};  ///< by from, then to; only those seen
  std::array<StateSeen, spectrum_state_count> states{};
  std::uint64_t people = 0;
  std::uint64_t steps_down = 0;  ///< moves to a state of lower order
  std::uint64_t steps_up = 0;
  /// Sets of two or more states between which people went round in both directions, each in order
  /// (strongly connected parts of the graph of moves).
  std::vector<std::vector<SpectrumState>> circles{};

  [[nodiscard]] OMBRE_EXPORT const Move* find(SpectrumState from, SpectrumState to) const noexcept;
};

/// Counts moves. Spells of one person that follow each other with the same state are one spell.
///
/// @param spells  in any order; of one person they may not overlap
/// @par Errors empty_input, out_of_range (last day before first), contradiction (overlap; row is
/// the place of the later spell)
/// Cost: O(n log n). Ties: the order of the input does not matter.
[[nodiscard]] OMBRE_EXPORT Result<MoveTable> observe_moves(std::span<const StateSpell> spells);

/// One step of a path.
struct PathStep {
  SpectrumState from = SpectrumState::abstinent;
  SpectrumState to = SpectrumState::abstinent;
  double share = 0;
  double median_days = 0;
  std::uint64_t count = 0;
};

/// A way from one state to another that people went.
struct TypicalPath {
  std::vector<PathStep> steps{};  ///< empty where from and to are the same
  double share = 1;               ///< product of the steps' shares
  double median_days = 0;         ///< sum of the steps' medians
};

/// The most frequent way: the path whose product of shares is largest; of equal ones the one with
/// fewer steps, then the one through milder states. Nothing where nobody went that way.
///
/// @param least_count  moves seen fewer times are left out, so that a path is not one person's
///                     story (1 to keep all)
/// @par Errors out_of_range (least_count 0)
[[nodiscard]] OMBRE_EXPORT Result<std::optional<TypicalPath>> typical_path(
    const MoveTable& table, SpectrumState from, SpectrumState to, std::uint64_t least_count = 1);

/// Ups and downs of one person.
struct CycleSummary {
  std::size_t peaks = 0;    ///< spells higher than the ones before and after (ends do not count)
  std::size_t troughs = 0;  ///< spells lower than both
  /// Days from one peak to the next, first day to first day; nothing with fewer than two peaks.
  std::optional<double> median_period_days{};
  /// States between a peak and the troughs beside it; nothing without a peak and a trough.
  std::optional<double> median_amplitude{};
  std::uint64_t steps_down = 0;
  std::uint64_t steps_up = 0;
  /// Order of the last spell less that of the first: below 0 is milder.
  int net = 0;
  enum class Shape : std::uint8_t { one_state, down, up, cyclical, mixed } shape = Shape::one_state;
};
[[nodiscard]] OMBRE_EXPORT std::string_view name(CycleSummary::Shape shape) noexcept;

/// Cyclical from two peaks on. One-way movement is down or up.
/// @par Errors those of observe_moves(), contradiction (spells of several people)
[[nodiscard]] OMBRE_EXPORT Result<CycleSummary> cycle_summary(std::span<const StateSpell> spells);

}  // namespace ombre::inline v0::spectrum
