#include "ombre/plans/dose_grid.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <string>
#include <tuple>
#include <utility>

#include "ombre/core/assert.hpp"

namespace ombre::inline v0::plans {

namespace {

// A cost packs what is minimised, most important first, so that comparing integers compares
// combinations and adding pieces adds costs. No field overflows: kinds and broken are at most the
// pieces, and those at most 200.
constexpr std::uint32_t one_piece = 1U << 16U;
constexpr std::uint32_t one_kind = 1U << 8U;
constexpr std::uint32_t one_broken = 1U;
constexpr std::uint32_t unreachable = std::numeric_limits<std::uint32_t>::max();
constexpr std::int32_t most_pieces = 200;

constexpr std::int32_t pieces_of(std::uint32_t cost) noexcept {
  return static_cast<std::int32_t>(cost >> 16U);
}
constexpr std::uint32_t piece_cost(std::uint8_t quarters) noexcept {
  return one_piece + (quarters < 4 ? one_broken : 0);
}

Unexpected too_fine(std::string_view what, std::int64_t cell, DoseUnit unit, Amount largest) {
  const Result<Amount> step = Amount::from_micro(cell, unit);
  return unexpected(error_at(
      Errc::too_large, what, std::nullopt, step ? text(*step) : std::string{},
      "is too fine a spacing up to " + text(largest) + ": use fewer or rounder strengths"));
}

}  // namespace

Result<DoseGrid> DoseGrid::build(std::span<const Product> products, Amount largest,
                                 const IntakeLimits& limits) {
  if (products.empty()) {
    return unexpected(error_of(Errc::empty_input, "products", "must hold at least one product"));
  }
  if (limits.max_pieces < 1 || limits.max_pieces > most_pieces) {
    return unexpected(error_at(Errc::out_of_range, "max_pieces", std::nullopt,
                               std::to_string(limits.max_pieces), "must be 1 to 200"));
  }
  if (products.size() > static_cast<std::size_t>(max_work)) {
    return unexpected(error_at(Errc::too_large, "products", std::nullopt,
                               std::to_string(products.size()), "must be at most 16000000"));
  }
  DoseGrid grid;
  grid.unit_ = largest.unit();
  grid.max_pieces_ = limits.max_pieces;

  bool any_in_stock = false;
  std::vector<Liquid> liquids;
  std::vector<Item> items;
  for (std::size_t p = 0; p < products.size(); ++p) {
    const Product& product = products[p];
    if (product.unit() != largest.unit()) {
      return unexpected(
          error_at(Errc::contradiction, "products", p, text(product.strength()),
                   "must be in the unit of the doses, " + std::string{name(largest.unit())}));
    }
    if (!product.in_stock()) continue;
    any_in_stock = true;
    const auto index = static_cast<std::uint32_t>(p);
    if (product.is_liquid()) {
      if (limits.liquid == LiquidUse::never) continue;
      const std::int64_t graduation = product.graduation().micro();
      const std::int64_t each = product.per_graduation().micro();
      const std::int64_t most =
          std::min(product.largest_volume().micro() / graduation, largest.micro() / each);
      if (most > 0) liquids.push_back(Liquid{each, most, graduation, index});
    } else if (limits.liquid != LiquidUse::only) {
      const int finest =
          std::max(static_cast<int>(product.division()), static_cast<int>(limits.finest));
      for (const std::uint8_t quarters : {std::uint8_t{4}, std::uint8_t{2}, std::uint8_t{1}}) {
        const std::int64_t micro = product.strength().micro() * quarters / 4;
        if (quarters >= finest && micro <= largest.micro()) {
          items.push_back(Item{micro, index, quarters});
        }
      }
    }
  }
  if (!any_in_stock) {
    return unexpected(
        error_of(Errc::empty_input, "products", "must hold at least one product in stock"));
  }

  // Most preferred first: whole before halves before quarters, larger before smaller; form and
  // label only make the order independent of the caller's.
  std::ranges::sort(items, [&](const Item& a, const Item& b) {
    const Product& pa = products[a.product];
    const Product& pb = products[b.product];
    return std::tuple(-int{a.quarters}, -a.micro, pa.form(), std::string_view{pa.label()},
                      a.product) < std::tuple(-int{b.quarters}, -b.micro, pb.form(),
                                              std::string_view{pb.label()}, b.product);
  });
  items.erase(std::unique(items.begin(), items.end(),
                          [&](const Item& a, const Item& b) {
                            return a.quarters == b.quarters &&
                                   products[a.product] == products[b.product];
                          }),
              items.end());
  std::ranges::reverse(items);
  std::ranges::sort(liquids, [&](const Liquid& a, const Liquid& b) {
    const Product& pa = products[a.product];
    const Product& pb = products[b.product];
    return std::tuple(pa.strength().micro(), -a.graduation, std::string_view{pa.label()}, -a.most,
                      a.product) < std::tuple(pb.strength().micro(), -b.graduation,
                                              std::string_view{pb.label()}, -b.most, b.product);
  });
  grid.items_ = std::move(items);
  grid.liquids_ = std::move(liquids);

  // Solid pieces: an unbounded knapsack, one layer per kind of piece, so that a first piece of a
  // kind can cost more than the next.
  std::int64_t cell = 0;
  std::int64_t biggest = 0;
  for (const Item& item : grid.items_) {
    cell = std::gcd(cell, item.micro);
    biggest = std::max(biggest, item.micro);
  }
  grid.cell_ = std::max<std::int64_t>(cell, 1);
  const std::int64_t reach = std::min(largest.micro(), biggest * limits.max_pieces);
  const std::int64_t cells = reach / grid.cell_ + 1;
  const auto kinds = static_cast<std::int64_t>(grid.items_.size());
  if (cells > max_work / (kinds + 1)) return too_fine("products", cell, grid.unit_, largest);
  grid.cells_ = static_cast<std::size_t>(cells);
  grid.layer_.assign(static_cast<std::size_t>(kinds + 1) * grid.cells_, unreachable);
  grid.layer_[0] = 0;
  const auto max_pieces = static_cast<std::uint32_t>(limits.max_pieces);
  std::vector<std::uint32_t> with(grid.cells_);
  for (std::size_t i = 0; i < grid.items_.size(); ++i) {
    const std::uint32_t* before = &grid.layer_[i * grid.cells_];
    std::uint32_t* after = &grid.layer_[(i + 1) * grid.cells_];
    const auto size = static_cast<std::size_t>(grid.items_[i].micro / grid.cell_);
    const std::uint32_t next = piece_cost(grid.items_[i].quarters);
    for (std::size_t x = 0; x < grid.cells_; ++x) {
      std::uint32_t best = unreachable;
      if (x >= size) {
        const std::uint32_t first = before[x - size];
        const std::uint32_t more = with[x - size];
        if (first != unreachable && (first >> 16U) < max_pieces) best = first + next + one_kind;
        if (more != unreachable && (more >> 16U) < max_pieces) best = std::min(best, more + next);
      }
      with[x] = best;
      after[x] = std::min(before[x], best);
    }
  }
  const std::uint32_t* solid = &grid.layer_[grid.items_.size() * grid.cells_];

  if (grid.liquids_.empty()) {
    for (std::size_t x = 0; x < grid.cells_; ++x) {
      if (solid[x] == unreachable) continue;
      grid.amounts_.push_back(static_cast<std::int64_t>(x) * grid.cell_);
      grid.costs_.push_back(solid[x]);
    }
    return grid;
  }

  // One measured volume on top of every solid combination.
  std::int64_t fine = cell;
  std::int64_t fine_reach = reach;
  for (const Liquid& liquid : grid.liquids_) {
    fine = std::gcd(fine, liquid.micro);
    fine_reach =
        std::max(fine_reach, std::min(largest.micro(), reach + liquid.most * liquid.micro));
  }
  const std::int64_t fine_cells = fine_reach / fine + 1;
  if (fine_cells > max_work) return too_fine("products", fine, grid.unit_, largest);
  std::vector<std::uint32_t> best(static_cast<std::size_t>(fine_cells), unreachable);
  std::int64_t work = 0;
  for (std::size_t x = 0; x < grid.cells_; ++x) {
    if (solid[x] == unreachable || (solid[x] >> 16U) >= max_pieces) continue;
    const std::int64_t base = static_cast<std::int64_t>(x) * grid.cell_;
    const std::uint32_t cost = solid[x] + one_piece + one_kind;
    for (const Liquid& liquid : grid.liquids_) {
      const std::int64_t volumes = std::min(liquid.most, (fine_reach - base) / liquid.micro);
      work += volumes;
      if (work > 4 * max_work) return too_fine("products", liquid.micro, grid.unit_, largest);
      const auto step = static_cast<std::size_t>(liquid.micro / fine);
      auto at = static_cast<std::size_t>(base / fine);
      for (std::int64_t v = 0; v < volumes; ++v) {
        at += step;
        best[at] = std::min(best[at], cost);
      }
    }
  }
  for (std::size_t x = 0; x < grid.cells_; ++x) {  // solids alone come first wherever they can
    if (solid[x] != unreachable) {
      best[static_cast<std::size_t>(static_cast<std::int64_t>(x) * grid.cell_ / fine)] = solid[x];
    }
  }
  for (std::size_t x = 0; x < best.size(); ++x) {
    if (best[x] == unreachable) continue;
    grid.amounts_.push_back(static_cast<std::int64_t>(x) * fine);
    grid.costs_.push_back(best[x]);
  }
  return grid;
}

bool DoseGrid::contains(Amount amount) const noexcept {
  return amount.unit() == unit_ && std::ranges::binary_search(amounts_, amount.micro());
}

std::optional<Amount> DoseGrid::at_or_below(Amount amount) const noexcept {
  if (amount.unit() != unit_) return std::nullopt;
  const auto above = std::ranges::upper_bound(amounts_, amount.micro());
  const Result<Amount> out = Amount::from_micro(*(above - 1), unit_);  // 0 is always there
  return out ? std::optional{*out} : std::nullopt;
}

std::optional<Amount> DoseGrid::at_or_above(Amount amount) const noexcept {
  if (amount.unit() != unit_) return std::nullopt;
  const auto at = std::ranges::lower_bound(amounts_, amount.micro());
  if (at == amounts_.end()) return std::nullopt;
  const Result<Amount> out = Amount::from_micro(*at, unit_);
  return out ? std::optional{*out} : std::nullopt;
}

std::uint32_t DoseGrid::solid_cost(std::int64_t micro) const noexcept {
  if (micro < 0 || micro % cell_ != 0) return unreachable;
  const std::int64_t x = micro / cell_;
  if (x >= static_cast<std::int64_t>(cells_)) return unreachable;
  return layer_[items_.size() * cells_ + static_cast<std::size_t>(x)];
}

void DoseGrid::append_solids(std::int64_t micro, Dispensed& out) const {
  auto x = static_cast<std::size_t>(micro / cell_);
  for (std::size_t i = items_.size(); i > 0 && x > 0; --i) {
    const Item& item = items_[i - 1];
    const std::uint32_t* before = &layer_[(i - 1) * cells_];
    const std::uint32_t target = layer_[i * cells_ + x];
    const auto size = static_cast<std::size_t>(item.micro / cell_);
    const std::uint32_t each = piece_cost(item.quarters);
    // As many of the preferred piece as some best combination has.
    std::size_t count = 0;
    const std::size_t most = std::min(x / size, static_cast<std::size_t>(max_pieces_));
    for (std::size_t c = most; c > 0; --c) {
      const std::uint32_t rest = before[x - c * size];
      if (rest != unreachable && rest + static_cast<std::uint32_t>(c) * each + one_kind == target) {
        count = c;
        break;
      }
    }
    if (count == 0) continue;
    const auto pieces = static_cast<std::uint32_t>(count);
    out.pieces.push_back(Piece{item.product, item.quarters, pieces, Amount{DoseUnit::ml}});
    out.piece_count += static_cast<std::int32_t>(pieces);
    ++out.kinds;
    if (item.quarters < 4) out.broken += static_cast<std::int32_t>(pieces);
    x -= count * size;
  }
  OMBRE_ASSERT(x == 0);
}

std::optional<Dispensed> DoseGrid::dispense(Amount amount) const {
  if (!contains(amount)) return std::nullopt;
  Dispensed out;
  out.amount = amount;
  if (solid_cost(amount.micro()) != unreachable) {
    append_solids(amount.micro(), out);
    return out;
  }
  const Liquid* chosen = nullptr;
  std::int64_t volumes = 0;
  std::uint32_t best = unreachable;
  for (const Liquid& liquid : liquids_) {
    const std::int64_t most = std::min(liquid.most, amount.micro() / liquid.micro);
    for (std::int64_t v = 1; v <= most; ++v) {
      const std::uint32_t rest = solid_cost(amount.micro() - v * liquid.micro);
      if (rest == unreachable || pieces_of(rest) >= max_pieces_) continue;
      if (rest + one_piece + one_kind < best) {
        best = rest + one_piece + one_kind;
        chosen = &liquid;
        volumes = v;
      }
    }
  }
  OMBRE_ASSERT(chosen != nullptr);
  if (chosen == nullptr) return std::nullopt;
  append_solids(amount.micro() - volumes * chosen->micro, out);
  const Result<Amount> volume = Amount::from_micro(volumes * chosen->graduation, DoseUnit::ml);
  if (!volume) return std::nullopt;
  out.pieces.push_back(Piece{chosen->product, 0, 1, *volume});
  ++out.piece_count;
  ++out.kinds;
  return out;
}

std::optional<Division> DoseGrid::finest_part(std::size_t i) const {
  if (solid_cost(amounts_[i]) == unreachable) return std::nullopt;
  Dispensed made;
  append_solids(amounts_[i], made);
  Division finest = Division::whole;
  for (const Piece& piece : made.pieces) {
    finest = std::min(finest, static_cast<Division>(piece.quarters));
  }
  return finest;
}

std::string text(const Dispensed& intake, std::span<const Product> products) {
  if (intake.pieces.empty()) return "nothing";
  std::string out;
  for (const Piece& piece : intake.pieces) {
    if (!out.empty()) out += " + ";
    if (piece.quarters == 0) {
      out += text(piece.volume) + ' ';
    } else {
      out += std::to_string(piece.count);
      out += piece.quarters == 4 ? " x " : piece.quarters == 2 ? " x half of " : " x quarter of ";
    }
    out += piece.product < products.size() ? products[piece.product].label() : "unknown product";
  }
  return out;
}

Result<std::vector<std::int64_t>> day_amounts(const DoseGrid& grid, std::int32_t intakes,
                                              Amount largest) {
  if (intakes < 1 || intakes > 12) {
    return unexpected(error_at(Errc::out_of_range, "intakes", std::nullopt, std::to_string(intakes),
                               "must be 1 to 12"));
  }
  if (largest.unit() != grid.unit()) {
    return unexpected(error_at(Errc::contradiction, "largest", std::nullopt, text(largest),
                               "must be in the unit of the grid"));
  }
  const std::span<const std::int64_t> one = grid.micro();
  std::vector<std::int64_t> steps;
  std::int64_t cell = 0;
  for (const std::int64_t amount : one) {
    if (amount > largest.micro()) break;
    cell = std::gcd(cell, amount);
    steps.push_back(amount);
  }
  if (intakes == 1 || cell == 0) return steps;

  const std::int64_t reach = std::min(largest.micro(), steps.back() * intakes);
  const auto cells = static_cast<std::size_t>(reach / cell + 1);
  const std::size_t words = (cells + 63) / 64;
  // Each round ORs one shifted copy per amount: the sums of one more intake.
  if (cells > static_cast<std::size_t>(DoseGrid::max_work) ||
      steps.size() * words * static_cast<std::size_t>(intakes) >
          static_cast<std::size_t>(4 * DoseGrid::max_work)) {
    return too_fine("intakes", cell, grid.unit(), largest);
  }
  std::vector<std::uint64_t> sums(words, 0);
  for (const std::int64_t amount : steps) {
    const auto bit = static_cast<std::size_t>(amount / cell);
    sums[bit / 64] |= std::uint64_t{1} << (bit % 64);
  }
  for (std::int32_t round = 1; round < intakes; ++round) {
    std::vector<std::uint64_t> next = sums;  // the new intake may be 0
    for (const std::int64_t amount : steps) {
      const auto bits = static_cast<std::size_t>(amount / cell);
      const std::size_t shift_words = bits / 64;
      const std::size_t shift = bits % 64;
      for (std::size_t w = shift_words; w < words; ++w) {
        std::uint64_t value = sums[w - shift_words] << shift;
        if (shift > 0 && w > shift_words) value |= sums[w - shift_words - 1] >> (64 - shift);
        next[w] |= value;
      }
    }
    sums = std::move(next);
  }
  std::vector<std::int64_t> out;
  for (std::size_t x = 0; x < cells; ++x) {
    if ((sums[x / 64] >> (x % 64) & 1U) != 0) out.push_back(static_cast<std::int64_t>(x) * cell);
  }
  return out;
}

}  // namespace ombre::inline v0::plans
