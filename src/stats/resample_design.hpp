#pragma once
// The units of a ResampleDesign laid out by stratum, and the draws from them.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "ombre/core/random.hpp"
#include "ombre/core/result.hpp"
#include "ombre/stats/resample.hpp"

namespace ombre::inline v0::stats::detail {

struct DesignTable {
  std::size_t rows = 0;
  bool each_row = true;                     // no clusters: unit = row
  std::vector<std::uint32_t> unit_of;       // by row
  std::vector<std::uint32_t> unit_rows;     // by unit: how many rows
  std::vector<std::uint32_t> stratum_of;    // by unit
  std::vector<std::uint32_t> stratum_unit;  // units, stratum by stratum
  std::vector<std::size_t> stratum_begin;   // strata + 1

  [[nodiscard]] std::size_t units() const noexcept { return unit_rows.size(); }
  [[nodiscard]] std::size_t strata() const noexcept { return stratum_begin.size() - 1; }
};

// Fills `out` (a multiple of 4) with the words of blocks first, first + 1, ... of a stream, each
// block in the order in which RandomStream uses it. AVX-512 or AVX2 where the machine has
// it; same words.
void philox_words(Seed seed, std::uint64_t stream, std::uint64_t first_block,
                  std::span<std::uint32_t> out) noexcept;

// The 32-bit words of one stream, and choices among m made of them.
class WordStream {
 public:
  WordStream(Seed seed, std::uint64_t stream) noexcept : seed_{seed}, stream_{stream} {}

  // A number below m, which must be positive. `reject` = 2^32 mod m.
  [[nodiscard]] std::uint32_t below(std::uint32_t m, std::uint32_t reject) noexcept {
    for (;;) {
      if (next_ == words_.size()) refill();
      const std::uint64_t product = std::uint64_t{words_[next_++]} * m;
      if (static_cast<std::uint32_t>(product) >= reject) {
        return static_cast<std::uint32_t>(product >> 32U);
      }
    }
  }
  [[nodiscard]] static std::uint32_t rejected(std::uint32_t m) noexcept { return (0U - m) % m; }

  // Calls take(k) for `many` numbers k below m.
  template <class Take>
  void draw(std::size_t many, std::uint32_t m, const Take& take) noexcept {
    const std::uint32_t reject = rejected(m);
    while (many > 0) {
      if (next_ == words_.size()) refill();
      const std::size_t stop = std::min(words_.size(), next_ + many);
      std::size_t taken = 0;
      for (; next_ < stop; ++next_) {
        const std::uint64_t product = std::uint64_t{words_[next_]} * m;
        if (static_cast<std::uint32_t>(product) < reject) continue;
        take(static_cast<std::uint32_t>(product >> 32U));
        ++taken;
      }
      many -= taken;
    }
  }

 private:
  void refill() noexcept {
    philox_words(seed_, stream_, block_, words_);
    block_ += words_.size() / 4;
    next_ = 0;
  }

  Seed seed_;
  std::uint64_t stream_;
  std::uint64_t block_ = 0;
  std::array<std::uint32_t, 512> words_{};
  std::size_t next_ = 512;
};

// Adds replicate `replicate` to counts by slot: unit u counts in slot[u], or in u itself where
// `slot` is empty.
template <class Count>
void draw_counts(const DesignTable& design, Seed seed, std::uint64_t replicate,
                 std::span<const std::uint32_t> slot, std::span<Count> count) noexcept {
  WordStream words{seed, replicate};
  for (std::size_t h = 0; h < design.strata(); ++h) {
    const std::size_t begin = design.stratum_begin[h];
    const std::size_t m = design.stratum_begin[h + 1] - begin;
    const auto m32 = static_cast<std::uint32_t>(m);
    Count* const at = count.data();
    if (design.strata() == 1) {
      // Units stand in their own order.
      if (slot.empty()) {
        words.draw(m, m32, [at](std::uint32_t k) { ++at[k]; });
      } else {
        const std::uint32_t* const to = slot.data();
        words.draw(m, m32, [at, to](std::uint32_t k) { ++at[to[k]]; });
      }
    } else {
      const std::uint32_t* const unit = design.stratum_unit.data() + begin;
      if (slot.empty()) {
        words.draw(m, m32, [at, unit](std::uint32_t k) { ++at[unit[k]]; });
      } else {
        const std::uint32_t* const to = slot.data();
        words.draw(m, m32, [at, unit, to](std::uint32_t k) { ++at[to[unit[k]]]; });
      }
    }
  }
}

// Runs task(first, last) over pieces of [0, count) through the options' runner, asking the progress
// callback between batches of pieces.
Result<void> run_in_pieces(std::size_t count, std::size_t piece, const Progress& progress,
                           const Runner* runner,
                           const std::function<void(std::size_t, std::size_t)>& task);

// Outputs x replicates that fit in memory.
Result<void> check_size(std::size_t outputs, std::size_t replicates);

inline constexpr std::size_t most_values = 20'000'000;

}  // namespace ombre::inline v0::stats::detail
