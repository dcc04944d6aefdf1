#include "ombre/stats/trend.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include "stats/select.hpp"

namespace ombre::inline v0::stats {
namespace {

Result<void> check_pair(std::span<const double> x, std::span<const double> y) {
  if (x.size() != y.size()) {
    return unexpected(error_at(Errc::size_mismatch, "y", std::nullopt, std::to_string(y.size()),
                               "must have as many values as x, " + std::to_string(x.size())));
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!std::isfinite(x[i])) {
      return unexpected(error_at(Errc::not_finite, "x", i, x[i], "must be a finite number"));
    }
    if (!std::isfinite(y[i])) {
      return unexpected(error_at(Errc::not_finite, "y", i, y[i], "must be a finite number"));
    }
  }
  return {};
}

// Inversions of v, by merge sort. Equal values are no inversion.
std::uint64_t count_inversions(std::span<double> v, std::span<double> scratch) {
  if (v.size() < 2) return 0;
  const std::size_t half = v.size() / 2;
  const auto left = v.first(half);
  const auto right = v.subspan(half);
  std::uint64_t n =
      count_inversions(left, scratch.first(half)) + count_inversions(right, scratch.subspan(half));
  std::size_t i = 0;
  std::size_t j = 0;
  for (std::size_t k = 0; k < v.size(); ++k) {
    if (j == right.size() || (i < left.size() && left[i] <= right[j])) {
      scratch[k] = left[i++];
    } else {
      n += left.size() - i;
      scratch[k] = right[j++];
    }
  }
  std::copy(scratch.begin(), scratch.end(), v.begin());
  return n;
}

}  // namespace

std::optional<double> theil_sen_slope_by_index(std::span<const double> y,
                                               std::span<double> scratch) noexcept {
  std::size_t n = 0;
  for (std::size_t lag = 1; lag < y.size(); ++lag) {  // one divisor a pass: the loop vectorises
    const auto run = static_cast<double>(lag);
    const std::size_t count = y.size() - lag;
    for (std::size_t i = 0; i < count; ++i) scratch[n + i] = (y[i + lag] - y[i]) / run;
    n += count;
  }
  if (n == 0) return std::nullopt;
  return median_of(scratch.first(n));
}

Result<std::optional<double>> theil_sen_slope(std::span<const double> x,
                                              std::span<const double> y) {
  if (auto fine = check_pair(x, y); !fine) return unexpected(fine.error());
  if (x.size() > theil_sen_most_points) {
    return unexpected(error_at(Errc::too_large, "x", std::nullopt, std::to_string(x.size()),
                               "must have at most " + std::to_string(theil_sen_most_points) +
                                   " values, because all pairs are compared"));
  }
  std::vector<double> slope;
  if (!x.empty()) slope.reserve(x.size() * (x.size() - 1) / 2);
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t j = i + 1; j < x.size(); ++j) {
      if (x[i] != x[j]) slope.push_back((y[j] - y[i]) / (x[j] - x[i]));
    }
  }
  if (slope.empty()) return std::optional<double>{};
  return std::optional<double>{median_of(slope)};
}

std::optional<double> kendall_tau_b_by_index(std::span<const double> y) noexcept {
  std::int64_t balance = 0;
  std::int64_t tied = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    for (std::size_t j = i + 1; j < y.size(); ++j) {
      balance += (y[j] > y[i]) - (y[j] < y[i]);
      tied += y[j] == y[i];
    }
  }
  const auto pairs = static_cast<std::int64_t>(y.size() * (y.size() - 1) / 2);
  if (y.size() < 2 || pairs == tied) return std::nullopt;
  return static_cast<double>(balance) /
         std::sqrt(static_cast<double>(pairs) * static_cast<double>(pairs - tied));
}

Result<std::optional<double>> kendall_tau_b(std::span<const double> x, std::span<const double> y) {
  if (auto fine = check_pair(x, y); !fine) return unexpected(fine.error());
  const std::size_t n = x.size();
  if (n < 2) return std::optional<double>{};
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return x[a] < x[b] || (x[a] == x[b] && y[a] < y[b]);
  });
  const auto pairs_of = [](std::uint64_t k) { return k * (k - 1) / 2; };
  std::uint64_t tied_x = 0;
  std::uint64_t tied_both = 0;
  std::uint64_t run_x = 1;
  std::uint64_t run_both = 1;
  for (std::size_t i = 1; i <= n; ++i) {
    const bool same_x = i < n && x[order[i]] == x[order[i - 1]];
    const bool same_both = same_x && y[order[i]] == y[order[i - 1]];
    if (same_both) {
      ++run_both;
    } else {
      tied_both += pairs_of(run_both);
      run_both = 1;
    }
    if (same_x) {
      ++run_x;
    } else {
      tied_x += pairs_of(run_x);
      run_x = 1;
    }
  }
  std::vector<double> by_x(n);
  for (std::size_t i = 0; i < n; ++i) by_x[i] = y[order[i]];
  std::vector<double> scratch(n);
  const std::uint64_t discordant = count_inversions(by_x, scratch);  // leaves by_x sorted
  std::uint64_t tied_y = 0;
  std::uint64_t run = 1;
  for (std::size_t i = 1; i <= n; ++i) {
    if (i < n && by_x[i] == by_x[i - 1]) {
      ++run;
    } else {
      tied_y += pairs_of(run);
      run = 1;
    }
  }
  const std::uint64_t pairs = pairs_of(n);
  if (tied_x == pairs || tied_y == pairs) return std::optional<double>{};
  const std::uint64_t untied = pairs - tied_x - tied_y + tied_both;
  const double balance = static_cast<double>(untied) - 2 * static_cast<double>(discordant);
  const double tau = balance / (std::sqrt(static_cast<double>(pairs - tied_x)) *
                                std::sqrt(static_cast<double>(pairs - tied_y)));
  return std::optional<double>{std::clamp(tau, -1.0, 1.0)};
}

}  // namespace ombre::inline v0::stats
