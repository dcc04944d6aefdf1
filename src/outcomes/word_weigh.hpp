#pragma once
// The arithmetic of `weigh`, shared by the one-word primitive and the columnar plan so that both
// give the same bits: per symbol, sums of penalties by groups of eight positions, then one
// weighted sum. Not installed.

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "ombre/outcomes/word_primitives.hpp"

namespace ombre::inline v0::outcomes::detail {

/// Penalty of position i (from 0) in a word of n symbols.
inline double penalty_at(const Penalty& penalty, std::size_t i, std::size_t n) {
  switch (penalty.kind) {
    case Penalty::Kind::none:
      return 1.0;
    case Penalty::Kind::each:
      return penalty.values[i];
    case Penalty::Kind::line: {
      if (n < 2) return penalty.first;
      const double step = static_cast<double>(i) / static_cast<double>(n - 1);
      const double rise = (penalty.last - penalty.first) * step;
      return penalty.first + rise;
    }
  }
  return 1.0;
}

/// Sum of the penalties of one symbol, given how many there are and the sum of their positions
/// counted from 0; for a straight line.
inline double line_sum(const Penalty& penalty, std::uint64_t count, std::uint64_t positions,
                       std::size_t n) {
  const double flat = penalty.first * static_cast<double>(count);
  if (n < 2) return flat;
  const double slope = (penalty.last - penalty.first) / static_cast<double>(n - 1);
  const double rise = slope * static_cast<double>(positions);
  return flat + rise;
}

/// The largest possible weighted sum of a word of n symbols.
inline double worst_sum(const WeighRule& rule, std::size_t n) {
  double worst = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double positive = rule.positive * penalty_at(rule.positive_penalty, i, n);
    const double missed = rule.missed * penalty_at(rule.missed_penalty, i, n);
    worst += std::max(positive, missed);
  }
  return worst;
}

/// The four weighted parts, added in a fixed order.
inline double weighted_sum(const WeighRule& rule, double positive, double mixed, double missed,
                           double negative) {
  const double a = rule.positive * positive;
  const double b = rule.mixed * mixed;
  const double c = rule.missed * missed;
  const double d = rule.negative * negative;
  const double ab = a + b;
  const double abc = ab + c;
  return abc + d;
}

}  // namespace ombre::inline v0::outcomes::detail
