#pragma once
// The rows of a Cox model as its kernels want them.
//
// Rows are sorted by stratum, time, events before censorings, file order. A *slot* is an event time
// of a stratum, with the rows whose time is there or later but before the next event time; each
// stratum begins with a slot that is no event time, for the rows that end before the first. A row
// in slot k is at risk at the event slots (lo, k] of its stratum, lo being the last slot at or
// before its entry (the stratum's first slot where nobody enters late).

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "stats/room.hpp"

namespace ombre::inline v0::stats::detail {

// Pieces work is cut into, always the same ones whatever the number of threads.
struct CoxChunk {
  std::size_t slot_begin = 0;
  std::size_t slot_end = 0;
  // A part of one stratum: sums over the risk set run on into the piece before it.
  bool continues = false;  // there is an earlier piece of the same stratum
  std::size_t whole_strata = 0;
  std::size_t tied_begin = 0;  // its slots of several deaths, as places in CoxTable::tied_slot
  std::size_t tied_end = 0;
};

struct CoxTable {
  std::size_t n = 0;
  std::size_t p = 0;
  std::size_t events = 0;
  bool truncated = false;
  bool weighted = false;

  Room room;                             // where the arrays of rows, slots and late entries lie
  std::span<const std::uint32_t> order;  // sorted position -> row
  std::span<const double> time;          // sorted, near-ties joined
  std::span<const double> weight;        // sorted; empty = all 1
  std::span<const double> offset;        // sorted; empty = none
  std::span<const std::uint8_t> dead;    // sorted
  std::span<const double> x;             // sorted, column by column, (x - centre) * scale
  std::vector<double> centre;            // p
  std::vector<double> scale;             // p, powers of two; 0 = the column is constant
  std::vector<double> means;             // p, as R reports
  std::vector<double> largest;           // p, largest |x| after scaling
  std::vector<double> event_x;           // p, weighted sum of x over events
  double largest_offset = 0;
  double event_offset = 0;             // weighted sum over events
  std::vector<std::uint32_t> cluster;  // by row; empty = none
  std::size_t clusters = 0;

  std::vector<std::uint32_t> stratum_code;     // ascending
  std::vector<std::size_t> stratum_slot;       // strata + 1: first slot of each
  std::span<const std::uint32_t> slot_row;     // slots + 1: first row of each
  std::span<const std::uint32_t> row_slot;     // sorted position -> slot
  std::span<const std::uint32_t> slot_deaths;  // 0 for a stratum's first slot
  std::span<const std::uint32_t> tied_slot;    // slots of several deaths
  std::uint32_t most_deaths = 0;               // at one event time
  std::vector<CoxChunk> chunks;

  // Of rows that enter after the first event time of their stratum, sorted by their slot lo.
  std::span<const double> entry;             // sorted position; empty = nobody enters late
  std::span<const std::uint32_t> lo;         // sorted position -> slot; empty = the stratum's first
  std::span<const std::uint32_t> late;       // late entry -> sorted position
  std::span<const std::uint32_t> slot_late;  // slots + 1: first late entry of each
  std::span<const double> late_x;            // columns of the late entries

  [[nodiscard]] std::size_t slots() const noexcept { return slot_deaths.size(); }
  [[nodiscard]] std::size_t strata() const noexcept { return stratum_code.size(); }
  [[nodiscard]] double weight_of(std::size_t i) const noexcept {
    return weight.empty() ? 1.0 : weight[i];
  }
  // Place in tied_slot of the first slot of several deaths from k on.
  [[nodiscard]] std::size_t tied_from(std::size_t k) const noexcept {
    return static_cast<std::size_t>(std::lower_bound(tied_slot.begin(), tied_slot.end(), k) -
                                    tied_slot.begin());
  }
  // 0 for a stratum's first slot.
  [[nodiscard]] double slot_time(std::size_t k) const noexcept {
    return slot_deaths[k] == 0 ? 0.0 : time[slot_row[k]];
  }
  [[nodiscard]] const double* column(std::size_t j) const noexcept { return x.data() + j * n; }
  [[nodiscard]] const double* late_column(std::size_t j) const noexcept {
    return late_x.data() + j * late.size();
  }
};

// A piece with hardly more rows than event times, all of one stratum: sums are best taken at every
// row.
[[nodiscard]] inline bool dense(const CoxTable& table, const CoxChunk& chunk) noexcept {
  const std::size_t rows = table.slot_row[chunk.slot_end] - table.slot_row[chunk.slot_begin];
  return chunk.whole_strata < 2 && rows < 6 * (chunk.slot_end - chunk.slot_begin);
}

// First slot of the stratum each slot belongs to.
[[nodiscard]] std::vector<std::uint32_t> first_slots(const CoxTable& table);

}  // namespace ombre::inline v0::stats::detail
