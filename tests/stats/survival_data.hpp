// Published data and small helpers for the survival tests.
#pragma once

#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include "ombre/core/progress.hpp"
#include "ombre/core/random.hpp"
#include "ombre/stats/survival_curve.hpp"
#include "support/two_threads.hpp"

namespace ombre_test {

/// Weeks of remission: Freireich et al., Blood 21:699 (1963), as printed in many textbooks.
namespace freireich {
inline const std::vector<double> weeks_6mp{6,  6,  6,  6,  7,  9,  10, 10, 11, 13, 16,
                                           17, 19, 20, 22, 23, 25, 32, 32, 34, 35};
inline const std::vector<std::uint8_t> event_6mp{1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1,
                                                 0, 0, 0, 1, 1, 0, 0, 0, 0, 0};
inline const std::vector<double> weeks_control{1, 1, 2,  2,  3,  4,  4,  5,  5,  8, 8,
                                               8, 8, 11, 11, 12, 12, 15, 17, 22, 23};
}  // namespace freireich

struct People {
  std::vector<double> time, entry, weight;
  std::vector<std::uint8_t> event;
  std::vector<std::uint32_t> group, cluster;
  [[nodiscard]] std::size_t size() const { return time.size(); }
};

/// Made-up people: whole days with many ties, or times with nearly none.
inline People people(std::uint64_t seed, std::size_t n, bool whole_days, std::uint32_t groups = 3) {
  ombre::RandomStream random{ombre::Seed{seed}, 0};
  People out;
  for (std::size_t i = 0; i < n; ++i) {
    double t = 60 * random.uniform() * random.uniform();
    if (whole_days) t = std::floor(t) + 1;
    out.time.push_back(t);
    out.event.push_back(random.uniform() < 0.6 ? 1 : 0);
    out.group.push_back(static_cast<std::uint32_t>(random.below(groups)));
    out.entry.push_back(whole_days ? std::floor(t * 0.6 * random.uniform())
                                   : t * 0.6 * random.uniform());
    out.weight.push_back(static_cast<double>(random.below(4)));
    out.cluster.push_back(static_cast<std::uint32_t>(random.below(n / 3 + 1)));
  }
  return out;
}

using ombre::test::TwoThreads;

inline bool same_bytes(const ombre::stats::SurvivalCurve& a, const ombre::stats::SurvivalCurve& b) {
  return a.rows == b.rows && a.time == b.time && a.at_risk == b.at_risk && a.events == b.events &&
         a.censored == b.censored && a.survival == b.survival &&
         a.cumulative_hazard == b.cumulative_hazard && a.error == b.error &&
         a.hazard_error == b.hazard_error;
}

template <class T>
std::vector<T> in_order(const std::vector<T>& from, const std::vector<std::size_t>& order) {
  std::vector<T> out;
  for (const std::size_t i : order) out.push_back(from[i]);
  return out;
}

inline std::vector<std::size_t> shuffled(std::size_t n, std::uint64_t seed) {
  ombre::RandomStream random{ombre::Seed{seed}, 1};
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = n; i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  return order;
}

}  // namespace ombre_test
