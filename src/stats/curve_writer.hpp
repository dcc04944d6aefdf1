#pragma once
// From counts at times to the eight columns of a curve, block by block: what belongs to one time
// alone (divisions, roots), what is carried from time to time, and the columns.

#include <array>
#include <cstddef>
#include <cstdint>

#include "ombre/core/progress.hpp"
#include "ombre/stats/survival_curve.hpp"
#include "stats/survival_table.hpp"

namespace ombre::inline v0::stats::detail {

// The numbers of up to `rows` times. In the middle of the work the last four hold something else.
struct CurveBlock {
  static constexpr std::size_t rows = 1024;
  using Column = std::array<double, rows>;
  std::size_t count;
  Column time, at_risk, events, censored;
  Column survival, hazard, error, hazard_error;
};

// What is carried from time to time. Blocks come in order.
class CurveChain {
 public:
  explicit CurveChain(const CurveOptions& options) noexcept : options_{options} {}
  // Of one time each, from at_risk and events. Any order, any thread.
  void prepare(CurveBlock& block) const noexcept;
  // In order. `event_rows` of these times, where weights make the events no counts; else nothing.
  void carry(CurveBlock& block, const std::uint32_t* event_rows) noexcept;
  // Of one time each, after carry(). Any order, any thread.
  void finish(CurveBlock& block) const noexcept;

 private:
  CurveOptions options_;
  double survival_ = 1;
  double hazard_ = 0;
  double variance_ = 0;         // of log S
  double hazard_variance_ = 0;  // of H
};

// The curve of one group of sorted times.
[[nodiscard]] SurvivalCurve curve_of_sorted(const SortedTimes& sorted, std::size_t group,
                                            const CurveOptions& options, const Runner& runner);

}  // namespace ombre::inline v0::stats::detail
