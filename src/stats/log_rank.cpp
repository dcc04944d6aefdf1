#include "ombre/stats/log_rank.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <numeric>

namespace ombre::inline v0::stats {

Result<LogRank> log_rank_test(std::span<const double> time, std::span<const std::uint8_t> event,
                              std::span<const std::uint32_t> group, std::size_t groups) {
  if (time.empty()) return unexpected(error_of(Errc::empty_input, "time", "must not be empty"));
  if (event.size() != time.size() || group.size() != time.size()) {
    return unexpected(
        error_at(Errc::size_mismatch, event.size() != time.size() ? "event" : "group", std::nullopt,
                 static_cast<double>(event.size() != time.size() ? event.size() : group.size()),
                 "must have one entry for each time"));
  }
  if (groups < 2 || groups > 1000) {
    return unexpected(error_at(Errc::out_of_range, "groups", std::nullopt,
                               static_cast<double>(groups), "must be 2 to 1000"));
  }
  for (std::size_t i = 0; i < time.size(); ++i) {
    if (!std::isfinite(time[i])) {
      return unexpected(error_at(Errc::not_finite, "time", i, time[i], "must be finite"));
    }
    if (event[i] > 1) {
      return unexpected(error_at(Errc::out_of_range, "event", i, static_cast<double>(event[i]),
                                 "must be 0 or 1"));
    }
    if (group[i] >= groups) {
      return unexpected(error_at(Errc::out_of_range, "group", i, static_cast<double>(group[i]),
                                 "must be below the number of groups"));
    }
  }

  LogRank result;
  result.n.assign(groups, 0);
  result.observed.assign(groups, 0);
  result.expected.assign(groups, 0);
  std::vector<double> at_risk(groups, 0);
  for (const std::uint32_t g : group) {
    ++result.n[g];
    ++at_risk[g];
  }
  std::vector<std::uint32_t> order(time.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return time[a] != time[b] ? time[a] < time[b] : a < b;
  });

  const auto k = static_cast<Eigen::Index>(groups);
  Eigen::MatrixXd variance = Eigen::MatrixXd::Zero(k, k);
  double total = static_cast<double>(time.size());
  std::vector<double> leaving(groups, 0);
  for (std::size_t i = 0; i < order.size();) {
    const double now = time[order[i]];
    double events = 0;
    std::fill(leaving.begin(), leaving.end(), 0.0);
    std::size_t end = i;
    for (; end < order.size() && time[order[end]] == now; ++end) {
      const std::uint32_t g = group[order[end]];
      leaving[g] += 1;
      if (event[order[end]] != 0) {
        events += 1;
        result.observed[g] += 1;
      }
    }
    if (events > 0) {
      for (std::size_t g = 0; g < groups; ++g) result.expected[g] += events * at_risk[g] / total;
      if (total > 1) {
        const double factor = events * (total - events) / (total - 1);
        for (std::size_t g = 0; g < groups; ++g) {
          const double share = at_risk[g] / total;
          for (std::size_t h = 0; h <= g; ++h) {
            const double other = at_risk[h] / total;
            const double v = factor * share * ((g == h ? 1.0 : 0.0) - other);
            variance(static_cast<Eigen::Index>(g), static_cast<Eigen::Index>(h)) += v;
          }
        }
      }
    }
    for (std::size_t g = 0; g < groups; ++g) at_risk[g] -= leaving[g];
    total -= static_cast<double>(end - i);
    i = end;
  }
  variance = variance.selfadjointView<Eigen::Lower>();

  // Groups nobody of whom was at risk at an event say nothing; of the others one is redundant.
  std::vector<Eigen::Index> used;
  for (std::size_t g = 0; g < groups; ++g) {
    if (result.expected[g] > 0) used.push_back(static_cast<Eigen::Index>(g));
  }
  if (used.size() < 2) return result;
  used.pop_back();
  const auto m = static_cast<Eigen::Index>(used.size());
  Eigen::MatrixXd v(m, m);
  Eigen::VectorXd off(m);
  for (Eigen::Index a = 0; a < m; ++a) {
    const auto g = static_cast<std::size_t>(used[static_cast<std::size_t>(a)]);
    off(a) = result.observed[g] - result.expected[g];
    for (Eigen::Index b = 0; b < m; ++b) {
      v(a, b) = variance(used[static_cast<std::size_t>(a)], used[static_cast<std::size_t>(b)]);
    }
  }
  const Eigen::LDLT<Eigen::MatrixXd> solver{v};
  if (solver.info() != Eigen::Success || !(solver.vectorD().minCoeff() > 1e-12 * v.norm())) {
    return result;
  }
  result.chi_square = off.dot(solver.solve(off));
  result.df = static_cast<int>(m);
  result.p = cdf(complement(boost::math::chi_squared{static_cast<double>(m)},
                            std::max(0.0, *result.chi_square)));
  return result;
}

}  // namespace ombre::inline v0::stats
