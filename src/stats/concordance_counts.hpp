#pragma once
// Concordant and discordant partners of rows, each counted once in O(n log n).

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "ombre/core/progress.hpp"
#include "ombre/stats/concordance.hpp"
#include "stats/room.hpp"

namespace ombre::inline v0::stats::detail {

// Rows sorted by stratum, time, events first. Empty entry: all at risk from the beginning; empty
// weight: all 1.
struct ConcordanceRows {
  std::span<const double> time{};
  std::span<const std::uint8_t> event{};
  std::span<const double> score{};
  std::span<const double> entry{};
  std::span<const double> weight{};
  // Positions of the rows that enter after the first event of their stratum, by stratum and the
  // event time before their entry; empty: not known.
  std::span<const std::uint32_t> by_entry{};
  // Called, where there is one stratum, when the scores are not looked at any more.
  std::function<void()> last_use_of_score{};
};

// Of one row, by the weight of the other: comparable pairs, and concordant less discordant ones.
struct ConcordanceCount {
  double pairs = 0;
  double net = 0;
};

// What is known of each row. Without weights these are whole numbers, and half the memory.
struct ConcordanceCounts {
  explicit ConcordanceCounts(const ConcordanceRows& rows);
  bool whole = false;
  std::span<std::int32_t> pairs{};           // whole
  std::span<std::int32_t> net{};             // whole
  std::vector<ConcordanceCount> weighted{};  // else
  Room room{};                               // of `pairs` and `net`
  // Of one stratum at a time.
  Room scratch{};
  Room words{};
  [[nodiscard]] ConcordanceCount of(std::size_t i) const {
    if (!whole) return weighted[i];
    return {static_cast<double>(pairs[i]), static_cast<double>(net[i])};
  }
};

// Rows [begin, end) are one stratum: their counts, and its sums added to `out`. The answer does not
// depend on the runner.
void count_stratum(const ConcordanceRows& rows, std::size_t begin, std::size_t end,
                   ConcordanceCounts& counts, Concordance& out, const Runner& runner);

// The same of one stratum without weights where scores take few different values; positions are
// within it. False where they take more, and nothing is counted.
[[nodiscard]] bool count_few_scores(std::span<const double> time,
                                    std::span<const std::uint8_t> event,
                                    std::span<const double> score, std::span<const double> entry,
                                    std::span<const std::uint32_t> by_entry,
                                    std::span<std::int32_t> pairs, std::span<std::int32_t> net,
                                    Concordance& out);

}  // namespace ombre::inline v0::stats::detail
