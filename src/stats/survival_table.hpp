#pragma once
// What all survival kernels share: checked input, distinct times, who is at risk when.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "ombre/core/progress.hpp"
#include "ombre/core/result.hpp"
#include "ombre/stats/survival_curve.hpp"
#include "stats/careful_sum.hpp"
#include "stats/near_ties.hpp"

namespace ombre::inline v0::stats::detail {

// Counts at the distinct times of one group, ascending. `event_rows` is how many rows had the event
// (the weight of them is `events`); empty where there are no weights.
struct TimeTable {
  std::size_t rows = 0;
  std::vector<double> time{};
  std::vector<double> at_risk{};
  std::vector<double> events{};
  std::vector<double> censored{};
  std::vector<std::uint32_t> event_rows{};
};

// Rows of one group in terms of the table's times.
struct TimeIndex {
  std::vector<std::uint32_t> exit{};  // position of the row's time
  std::vector<std::uint32_t>
      entry{};  // how many distinct times lie at or before the entry; or none
};

[[nodiscard]] Result<void> check_sizes(const SurvivalData& data);
// Sizes and every value.
[[nodiscard]] Result<void> check_survival(const SurvivalData& data);

// Tables by counting, where every time is a whole day and every event and group is in range;
// nothing otherwise. The sizes must fit.
[[nodiscard]] std::optional<std::vector<TimeTable>> tables_of_days(
    std::span<const double> time, std::span<const std::uint8_t> event,
    std::span<const std::uint32_t> group, std::size_t groups, const Runner& runner);

// Times after joining near-ties, and for each of the given sorted distinct times where it went.
struct JoinedTimes {
  std::vector<double> time;
  std::vector<std::uint32_t> place;  // empty: nothing was joined
};
[[nodiscard]] JoinedTimes join_near_ties(std::vector<double> sorted_distinct, double tolerance);

// The times of groups without entry, weights and continuing rows, sorted, to be read in any order
// of pieces.
class SortedTimes {
 public:
  // Every time finite and 0 or more, every event 0 or 1. `group` empty = one group.
  SortedTimes(std::span<const double> time, std::span<const std::uint8_t> event,
              std::span<const std::uint32_t> group, std::size_t groups, double tolerance,
              const Runner& runner);

  [[nodiscard]] std::size_t rows(std::size_t group) const noexcept {
    return begin_[group + 1] - begin_[group];
  }
  // As many as there are before near-ties are joined.
  [[nodiscard]] std::size_t distinct(std::size_t group) const noexcept { return distinct_[group]; }
  // Of the group's rows from, ..., to - 1 in the order of time: the joined times that begin there,
  // each with all its rows, into four columns with room for to - from numbers. Returns how many.
  std::size_t read(std::size_t group, std::size_t from, std::size_t to, double* time,
                   double* at_risk, double* events, double* censored) const noexcept;

 private:
  std::unique_ptr<std::uint64_t[]> key_;  // bits of the time, then the event
  std::vector<std::size_t> begin_;        // of each group
  std::vector<std::size_t> distinct_;
  std::vector<NearTies> ties_;  // of each group
};

// Tables of groups without entry, weights and continuing rows: counted where all times are whole
// days, else sorted. `group` empty = one group.
[[nodiscard]] std::vector<TimeTable> plain_tables(std::span<const double> time,
                                                  std::span<const std::uint8_t> event,
                                                  std::span<const std::uint32_t> group,
                                                  std::size_t groups, double tolerance,
                                                  const Runner& runner);

// The table of one group of any data, and where its rows stand in it.
struct IndexedTable {
  TimeTable table;
  TimeIndex index;
};
[[nodiscard]] Result<IndexedTable> indexed_table(const SurvivalData& data, double tolerance,
                                                 const Runner& runner);

// Survival, hazard and model errors of a table.
[[nodiscard]] SurvivalCurve curve_of(TimeTable table, const CurveOptions& options);

// Errors of S and H by the infinitesimal jackknife, into the curve (whose survival and hazard are
// there already).
void robust_errors(SurvivalCurve& curve, const SurvivalData& data, const IndexedTable& indexed);

}  // namespace ombre::inline v0::stats::detail
