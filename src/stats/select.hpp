#pragma once
// Selection and sorting of a few dozen to a few thousand doubles. Not installed.
//
// No branch depends on a comparison while values are moved, which is what makes these several times
// faster than std::nth_element and std::sort on data without order.

#include <algorithm>
#include <cstddef>
#include <span>

namespace ombre::inline v0::stats {

// Puts the values below (or, with or_equal, not above) the pivot first and returns how many there
// are.
template <bool or_equal>
inline std::size_t move_first(std::span<double> v, double pivot) noexcept {
  std::size_t store = 0;
  for (double& x : v) {
    const double value = x;
    x = v[store];
    v[store] = value;
    store += static_cast<std::size_t>(or_equal ? value <= pivot : value < pivot);
  }
  return store;
}

inline double middle_of_three(std::span<const double> v) noexcept {
  const double a = v.front();
  const double b = v[v.size() / 2];
  const double c = v.back();
  return std::max(std::min(a, b), std::min(std::max(a, b), c));
}

// The k-th smallest; afterwards v[0..k) holds none above it. Values must be finite.
inline double select(std::span<double> v, std::size_t k) noexcept {
  while (v.size() > 1) {
    const double pivot = middle_of_three(v);
    const std::size_t less = move_first<false>(v, pivot);
    if (k < less) {
      v = v.first(less);
      continue;
    }
    v = v.subspan(less);
    k -= less;
    const std::size_t equal = move_first<true>(v, pivot);
    if (k < equal) return pivot;
    v = v.subspan(equal);
    k -= equal;
  }
  return v[0];
}

// Median of at least one value, of an even number the mean of the middle two. Reorders them.
inline double median_of(std::span<double> v) noexcept {
  const std::size_t k = v.size() / 2;
  const double upper = select(v, k);
  if (v.size() % 2 == 1) return upper;
  double lower = v[0];
  for (std::size_t i = 1; i < k; ++i) lower = std::max(lower, v[i]);
  return lower + (upper - lower) / 2;
}

// Ascending. Falls back to std::sort where pivots are unlucky, so it is never quadratic.
inline void sort_values(std::span<double> v, int depth = 40) noexcept {
  while (v.size() > 16) {
    if (depth-- == 0) return std::sort(v.begin(), v.end());
    const double pivot = middle_of_three(v);
    const std::size_t less = move_first<false>(v, pivot);
    const auto rest = v.subspan(less);
    const std::size_t equal = move_first<true>(rest, pivot);
    sort_values(v.first(less), depth);
    v = rest.subspan(equal);
  }
  for (std::size_t i = 1; i < v.size(); ++i) {
    const double x = v[i];
    std::size_t k = i;
    for (; k > 0 && v[k - 1] > x; --k) v[k] = v[k - 1];
    v[k] = x;
  }
}

}  // namespace ombre::inline v0::stats
