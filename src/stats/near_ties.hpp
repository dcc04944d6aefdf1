#pragma once
// R's rule for times that are equal but for rounding ("timefix" of its survival package): distinct
// sorted times whose difference is at most 2^-26, or that share of their mean size, are one time,
// the smallest of its chain.

#include <algorithm>

namespace ombre::inline v0::stats::detail {

inline constexpr double near_tie = 0x1p-26;  // the square root of double's epsilon

// Of neighbours among sorted times, given the mean size of all distinct ones.
struct NearTies {
  double tolerance = near_tie;
  double mean = 0;
  // Whether times that lie `gap` apart, 0 or more, are two times.
  [[nodiscard]] bool apart(double gap) const noexcept {
    if (gap > 1.000001 * tolerance * std::max(1.0, mean)) return true;  // saves the division
    return gap > 0 && !(tolerance > 0 && (gap <= tolerance || gap / mean <= tolerance));
  }
};

}  // namespace ombre::inline v0::stats::detail
