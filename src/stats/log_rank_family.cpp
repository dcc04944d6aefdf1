// Tests that are sums over event times: the G(rho, gamma) family, trend, and their maximum.
#include <Eigen/Dense>
#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>

#include "stats/log_rank_scan.hpp"

namespace ombre::inline v0::stats {
namespace {

// Of observed - expected among the groups that met at an event. One of them is redundant; where
// groups fall into sets that never met, more are, and the covariance says how many.
void set_chi_square(WeightedLogRank& test) {
  const std::size_t groups = test.n.size();
  std::vector<std::size_t> used;
  for (std::size_t g = 0; g < groups; ++g) {
    if (test.expected[g] > 0 && test.covariance[g * groups + g] > 0) used.push_back(g);
  }
  if (used.size() < 2) return;
  const auto k = static_cast<Eigen::Index>(used.size());
  Eigen::MatrixXd v(k, k);
  Eigen::VectorXd off(k);
  for (Eigen::Index a = 0; a < k; ++a) {
    const std::size_t g = used[static_cast<std::size_t>(a)];
    off(a) = test.observed[g] - test.expected[g];
    for (Eigen::Index b = 0; b < k; ++b) {
      v(a, b) = test.covariance[g * groups + used[static_cast<std::size_t>(b)]];
    }
  }
  const Eigen::LDLT<Eigen::MatrixXd> solver{v.topLeftCorner(k - 1, k - 1)};
  double chi = 0;
  if (solver.info() == Eigen::Success && solver.vectorD().minCoeff() > 1e-11 * v.norm()) {
    chi = off.head(k - 1).dot(solver.solve(off.head(k - 1)));
    test.df = static_cast<int>(k - 1);
  } else {
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> parts{v};
    const double least = 1e-11 * parts.eigenvalues().maxCoeff();
    for (Eigen::Index a = 0; a < k; ++a) {
      if (!(parts.eigenvalues()(a) > least)) continue;
      const double along = parts.eigenvectors().col(a).dot(off);
      chi += along * along / parts.eigenvalues()(a);
      ++test.df;
    }
    if (test.df == 0) return;
  }
  test.chi_square = std::max(0.0, chi);
  test.p =
      cdf(complement(boost::math::chi_squared{static_cast<double>(test.df)}, *test.chi_square));
}

Result<void> check_weights(std::span<const RankWeight> weights) {
  for (std::size_t i = 0; i < weights.size(); ++i) {
    for (const double exponent : {weights[i].rho, weights[i].gamma}) {
      if (!(exponent >= 0 && exponent <= 100)) {
        return unexpected(error_at(Errc::out_of_range, "weights", i, exponent,
                                   "rho and gamma must be from 0 to 100"));
      }
    }
  }
  return {};
}

}  // namespace

namespace {

// The sums of several tests, event time by event time.
class FamilySums {
 public:
  FamilySums(std::span<const RankWeight> weights, std::vector<std::uint64_t> n)
      : groups_{n.size()}, tests_(weights.size()), share_(n.size()) {
    for (std::size_t t = 0; t < tests_.size(); ++t) {
      tests_[t].weight = weights[t];
      tests_[t].n = n;
      tests_[t].observed.assign(groups_, 0);
      tests_[t].expected.assign(groups_, 0);
      tests_[t].covariance.assign(groups_ * groups_, 0);
    }
  }
  void add(const detail::EventTime& at) {
    const double n = at.total_at_risk;
    const double d = at.total_events;
    const double factor = n > 1 ? d * (n - d) / (n - 1) : 0;
    for (std::size_t g = 0; g < groups_; ++g) share_[g] = at.at_risk[g] / n;
    for (WeightedLogRank& test : tests_) {
      const double w = detail::weight_at(test.weight, at.survival_before);
      const double v = w * w * factor;
      for (std::size_t g = 0; g < groups_; ++g) {
        test.observed[g] += w * at.events[g];
        test.expected[g] += w * d * share_[g];
        if (!(v > 0)) continue;
        double* row = test.covariance.data() + g * groups_;
        const double mine = v * share_[g];
        for (std::size_t h = 0; h < g; ++h) row[h] -= mine * share_[h];
        row[g] += mine * (1 - share_[g]);
      }
    }
  }
  void add(const FamilySums& later) {
    const auto sum = [](std::vector<double>& to, const std::vector<double>& from) {
      for (std::size_t i = 0; i < to.size(); ++i) to[i] += from[i];
    };
    for (std::size_t t = 0; t < tests_.size(); ++t) {
      sum(tests_[t].observed, later.tests_[t].observed);
      sum(tests_[t].expected, later.tests_[t].expected);
      sum(tests_[t].covariance, later.tests_[t].covariance);
    }
  }
  std::vector<WeightedLogRank> finish() && {
    for (WeightedLogRank& test : tests_) {
      for (std::size_t g = 0; g < groups_; ++g) {
        for (std::size_t h = 0; h < g; ++h) {
          test.covariance[h * groups_ + g] = test.covariance[g * groups_ + h];
        }
      }
      set_chi_square(test);
    }
    return std::move(tests_);
  }

 private:
  std::size_t groups_;
  std::vector<WeightedLogRank> tests_;
  std::vector<double> share_;
};

}  // namespace

namespace detail {

Result<std::vector<WeightedLogRank>> log_rank_of_tables(const std::vector<TimeTable>& tables,
                                                        std::span<const RankWeight> weights) {
  if (auto good = check_weights(weights); !good) return unexpected(good.error());
  std::vector<std::uint64_t> n;
  for (const TimeTable& table : tables) n.push_back(table.rows);
  FamilySums sums{weights, std::move(n)};
  scan_tables(tables, [&](const EventTime& at) { sums.add(at); });
  return std::move(sums).finish();
}

}  // namespace detail

Result<std::vector<WeightedLogRank>> log_rank_family(const GroupedTimes& data,
                                                     std::span<const RankWeight> weights,
                                                     const LogRankOptions& options,
                                                     const Runner& runner) {
  // Whole days of one stratum: one pass that checks what it counts.
  const std::size_t rows = data.time.size();
  if (rows > 0 && data.event.size() == rows && data.group.size() == rows && data.groups >= 1 &&
      data.groups <= 1000 && data.stratum.empty() && data.strata == 1 && data.entry.empty() &&
      data.weight.empty() && options.tie_tolerance >= 0 && options.tie_tolerance < 1e-6) {
    if (const auto days =
            detail::tables_of_days(data.time, data.event, data.group, data.groups, runner)) {
      return detail::log_rank_of_tables(*days, weights);
    }
  }
  if (auto good = detail::check_groups(data); !good) return unexpected(good.error());
  if (auto good = check_weights(weights); !good) return unexpected(good.error());
  std::vector<std::uint64_t> n(data.groups, 0);
  for (const std::uint32_t g : data.group) ++n[g];
  std::vector<FamilySums> sums;
  detail::ScanPieces pieces;
  pieces.start = [&](std::size_t count) { sums.assign(count, FamilySums{weights, n}); };
  pieces.survival =
      std::ranges::any_of(weights, [](const RankWeight& w) { return w.rho != 0 || w.gamma != 0; });
  const auto scanned = detail::scan_events(
      data, options.tie_tolerance, runner,
      [&](const detail::EventTime& at) { sums[at.piece].add(at); }, pieces);
  if (!scanned) return unexpected(scanned.error());
  for (std::size_t c = 1; c < sums.size(); ++c) sums[0].add(sums[c]);
  return std::move(sums[0]).finish();
}

Result<std::optional<LogRankTrend>> log_rank_trend(const WeightedLogRank& test,
                                                   std::span<const double> scores) {
  const std::size_t groups = test.n.size();
  if (scores.size() != groups) {
    return unexpected(error_at(Errc::size_mismatch, "scores", std::nullopt,
                               static_cast<double>(scores.size()),
                               "must be one for each of " + std::to_string(groups) + " groups"));
  }
  double off = 0;
  double variance = 0;
  double size = 0;
  for (std::size_t g = 0; g < groups; ++g) {
    if (!std::isfinite(scores[g])) {
      return unexpected(error_at(Errc::not_finite, "scores", g, scores[g], "must be finite"));
    }
    off += scores[g] * (test.observed[g] - test.expected[g]);
    for (std::size_t h = 0; h < groups; ++h) {
      const double term = scores[g] * scores[h] * test.covariance[g * groups + h];
      variance += term;
      size += std::abs(term);
    }
  }
  if (!(variance > 1e-13 * size)) return std::optional<LogRankTrend>{};
  LogRankTrend out;
  out.z = off / std::sqrt(variance);
  out.chi_square = off * off / variance;
  out.p = cdf(complement(boost::math::chi_squared{1}, out.chi_square));
  return std::optional{out};
}

Result<std::optional<MaxCombo>> max_combo(const GroupedTimes& data,
                                          std::span<const RankWeight> weights,
                                          const LogRankOptions& options) {
  if (auto good = detail::check_groups(data); !good) return unexpected(good.error());
  if (auto good = check_weights(weights); !good) return unexpected(good.error());
  const std::size_t m = weights.size();
  if (m < 1 || m > 8) {
    return unexpected(error_at(Errc::out_of_range, "weights", std::nullopt, static_cast<double>(m),
                               "must be 1 to 8 weightings"));
  }
  if (data.groups != 2) {
    return unexpected(error_at(Errc::unsupported, "groups", std::nullopt,
                               static_cast<double>(data.groups), "must be two"));
  }
  std::vector<double> off(m, 0);
  std::vector<double> covariance(m * m, 0);
  std::vector<double> w(m);
  const auto scanned =
      detail::scan_events(data, options.tie_tolerance, serial(), [&](const detail::EventTime& at) {
        const double n = at.total_at_risk;
        const double d = at.total_events;
        const double share = at.at_risk[0] / n;
        const double v = n > 1 ? d * (n - d) / (n - 1) * share * (1 - share) : 0;
        for (std::size_t i = 0; i < m; ++i) {
          w[i] = detail::weight_at(weights[i], at.survival_before);
          off[i] += w[i] * (at.events[0] - d * share);
          for (std::size_t j = 0; j <= i; ++j) covariance[i * m + j] += w[i] * w[j] * v;
        }
      });
  if (!scanned) return unexpected(scanned.error());
  MaxCombo out;
  out.weights.assign(weights.begin(), weights.end());
  out.z.resize(m);
  out.correlation.assign(m * m, 1);
  for (std::size_t i = 0; i < m; ++i) {
    if (!(covariance[i * m + i] > 0)) return std::optional<MaxCombo>{};
    out.z[i] = off[i] / std::sqrt(covariance[i * m + i]);
    out.largest = std::max(out.largest, std::abs(out.z[i]));
    for (std::size_t j = 0; j < i; ++j) {
      const double r =
          covariance[i * m + j] / std::sqrt(covariance[i * m + i] * covariance[j * m + j]);
      out.correlation[i * m + j] = out.correlation[j * m + i] = std::clamp(r, -1.0, 1.0);
    }
  }
  const auto p = normal_outside_box(out.correlation, m, out.largest);
  if (!p) return unexpected(p.error());
  out.p = *p;
  return std::optional{std::move(out)};
}

}  // namespace ombre::inline v0::stats
