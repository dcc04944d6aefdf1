#pragma once
/// @file
/// Every amount that one intake can be made of, and the best way to make each of them.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/plans/amount.hpp"
#include "ombre/plans/product.hpp"

namespace ombre::inline v0::plans {

/// When a measured liquid may be part of an intake. Never more than one measured liquid per intake.
enum class LiquidUse : std::uint8_t {
  when_needed,  ///< only for amounts that the solid pieces cannot make
  never,        ///< solid pieces only
  only          ///< no solid pieces, for people who cannot swallow them
};

/// What one intake may consist of.
struct IntakeLimits {
  /// Largest number of pieces in one intake, 1..200. A whole tablet, a half, a quarter and one
  /// measured volume each count as one. The default of 8 is our proposal.
  std::int32_t max_pieces = 8;
  /// The finest division this person can handle, whatever the tablets allow.
  Division finest = Division::quarters;
  LiquidUse liquid = LiquidUse::when_needed;
};

/// `count` equal pieces of one product, or one measured volume of a liquid.
struct Piece {
  std::uint32_t product = 0;  ///< index into the caller's products
  std::uint8_t quarters = 4;  ///< 4 whole, 2 half, 1 quarter; 0 for a measured volume
  std::uint32_t count = 0;
  Amount volume{DoseUnit::ml};  ///< liquids only, else 0
  friend bool operator==(const Piece&, const Piece&) = default;
};

/// How an intake is made. pieces x strength sums to `amount` exactly.
struct Dispensed {
  Amount amount;
  /// Whole pieces from the largest strength down, then halves, then quarters, then the liquid.
  std::vector<Piece> pieces;
  std::int32_t piece_count = 0;
  std::int32_t kinds = 0;   ///< distinct things: a whole 10 mg tablet and its half are two
  std::int32_t broken = 0;  ///< halves and quarters
  friend bool operator==(const Dispensed&, const Dispensed&) = default;
};

/// "2 x 10 mg tablet + 1 x half of 2 mg tablet + 1.5 mL 1 mg/mL liquid"; "nothing" for no pieces.
[[nodiscard]] OMBRE_EXPORT std::string text(const Dispensed& intake,
                                            std::span<const Product> products);

/// All amounts from 0 to `largest` that products in stock can make in one intake.
///
/// Best means: fewest pieces; then fewest kinds; then fewest broken pieces; ties go to the
/// combination with more whole pieces of the largest strength, then of the next, then halves, then
/// quarters; for liquids to the weaker one, then to the smaller volume. The order of the products
/// changes nothing.
///
/// Method: exact dynamic programming on the grid of the greatest common divisor of all pieces. With
/// K piece sizes, C = largest / divisor cells and V measurable volumes of a liquid: build
/// O(K C + solids x V), memory 4 K C bytes, one dispense() O(K + V).
class OMBRE_EXPORT DoseGrid {
 public:
  /// Largest K x C, solids x V and number of amounts accepted.
  static constexpr std::int64_t max_work = 16'000'000;

  /// @par Errors empty_input (no product in stock), contradiction (units differ), out_of_range
  /// (limits), too_large (the grid would exceed max_work: names what is too fine)
  [[nodiscard]] static Result<DoseGrid> build(std::span<const Product> products, Amount largest,
                                              const IntakeLimits& limits = {});

  [[nodiscard]] DoseUnit unit() const noexcept { return unit_; }
  /// The reachable amounts in millionths, ascending; the first is 0 (nothing taken).
  [[nodiscard]] std::span<const std::int64_t> micro() const noexcept { return amounts_; }
  [[nodiscard]] std::size_t size() const noexcept { return amounts_.size(); }
  /// Number of pieces of amount i.
  [[nodiscard]] std::int32_t pieces(std::size_t i) const noexcept {
    return static_cast<std::int32_t>(costs_[i] >> 16U);
  }
  [[nodiscard]] bool contains(Amount amount) const noexcept;
  /// The largest reachable amount not above `amount` (0 counts), and the smallest not below it;
  /// empty above the grid's end.
  [[nodiscard]] std::optional<Amount> at_or_below(Amount amount) const noexcept;
  [[nodiscard]] std::optional<Amount> at_or_above(Amount amount) const noexcept;
  /// The best combination, or empty where none makes exactly this amount.
  [[nodiscard]] std::optional<Dispensed> dispense(Amount amount) const;
  /// pieces << 16 | kinds << 8 | broken of amount i: smaller is better.
  [[nodiscard]] std::uint32_t cost(std::size_t i) const noexcept { return costs_[i]; }
  /// The finest part in the best combination of amount i (0: whole); empty where it needs a
  /// liquid. Cost: O(piece sizes).
  [[nodiscard]] std::optional<Division> finest_part(std::size_t i) const;

 private:
  DoseGrid() = default;
  struct Item {
    std::int64_t micro = 0;  // what one piece counts
    std::uint32_t product = 0;
    std::uint8_t quarters = 4;
  };
  struct Liquid {
    std::int64_t micro = 0;  // per graduation
    std::int64_t most = 0;   // graduations
    std::int64_t graduation = 0;
    std::uint32_t product = 0;
  };
  [[nodiscard]] std::uint32_t solid_cost(std::int64_t micro) const noexcept;
  void append_solids(std::int64_t micro, Dispensed& out) const;

  DoseUnit unit_ = DoseUnit::mg;
  std::int32_t max_pieces_ = 0;
  std::int64_t cell_ = 1;             // gcd of the solid pieces, millionths
  std::size_t cells_ = 0;             // solid cells per layer, 0..cells_-1
  std::vector<Item> items_;           // least preferred first
  std::vector<Liquid> liquids_;       // canonical order
  std::vector<std::uint32_t> layer_;  // (items_+1) x cells_: best cost with the first i items
  std::vector<std::int64_t> amounts_;
  std::vector<std::uint32_t> costs_;
};

/// Amounts in millionths, ascending from 0, that `intakes` intakes from the grid add up to, up to
/// `largest`. Cost: O(intakes x grid size x cells / 64). @par Errors out_of_range (intakes not
/// 1..12), contradiction, too_large
[[nodiscard]] OMBRE_EXPORT Result<std::vector<std::int64_t>> day_amounts(const DoseGrid& grid,
                                                                         std::int32_t intakes,
                                                                         Amount largest);

/// How a day's amount is spread over intakes, first to last of the day, as whole weights.
struct DayShares {
  std::vector<std::uint32_t> weights{1};
  /// How far an intake may lie from its share, as a percentage of the share (0..100), so that the
  /// day is made of whole pieces only; else of halves, else of quarters, else with a liquid. 0: as
  /// close to the shares as can be, whatever that takes.
  std::uint32_t tolerance_percent = 0;

  /// n equal intakes.
  [[nodiscard]] OMBRE_EXPORT static DayShares even(std::size_t intakes);
  /// n intakes of which the last, at bedtime, weighs twice as much as the others (our proposal).
  [[nodiscard]] OMBRE_EXPORT static DayShares bedtime_heavy(std::size_t intakes);
  friend bool operator==(const DayShares&, const DayShares&) = default;
};

/// Splits a day's amount into intakes that can each be dispensed.
///
/// Smallest largest deviation of an intake from its share; then fewest pieces, kinds and broken
/// pieces over the day; ties give more to the last intake, then to the first, then to the second
/// and so on, so that 255 mg of 15 mg steps in three intakes becomes 90-75-90. An intake may be 0.
/// Exact. Empty where the amounts cannot add up to `day`.
///
/// With a tolerance the first of these that can make the day is taken, in this order: whole pieces
/// only, halves as well, quarters as well; each intake within the tolerance of its share, or no
/// further from it than the closest split of all; of its splits the closest. Else the closest of
/// all, a liquid among it.
/// @par Errors empty_input, out_of_range (more than 12 intakes, a weight above 10 000, all weights
/// 0, a tolerance above 100), contradiction (unit)
[[nodiscard]] OMBRE_EXPORT Result<std::optional<std::vector<Amount>>> split_day(
    Amount day, const DoseGrid& grid, const DayShares& shares);

}  // namespace ombre::inline v0::plans
