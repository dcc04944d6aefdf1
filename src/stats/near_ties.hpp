#pragma once
// R's rule for times that are equal but for rounding ("timefix" of its survival package): distinct
// sorted times whose difference is at most 2^-26, or that share of their mean size, are one time,
// the smallest of its chain.

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

namespace ombre::inline v0::stats::detail {

inline constexpr double near_tie = 0x1p-26;  // the square root of double's epsilon

// `sorted` ascending and without repeats. Returns the times that begin a chain; empty where all do.
inline std::vector<double> chain_starts(const std::vector<double>& sorted) {
  const double tolerance = near_tie;
  double mean = 0;
  for (const double t : sorted) mean += std::abs(t);
  mean /= static_cast<double>(sorted.size());
  bool any = false;
  std::vector<double> starts;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const double gap = i == 0 ? std::numeric_limits<double>::infinity() : sorted[i] - sorted[i - 1];
    if (gap <= tolerance || gap / mean <= tolerance) {
      any = true;
    } else {
      starts.push_back(sorted[i]);
    }
  }
  if (!any) starts.clear();
  return starts;
}

}  // namespace ombre::inline v0::stats::detail
