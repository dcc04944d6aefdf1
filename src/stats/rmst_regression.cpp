// Regression of restricted time, weighted by the inverse probability of not being censored.
#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "ombre/stats/rmst.hpp"

namespace ombre::inline v0::stats {
namespace {

// One arm: its rows in the order of restricted time, and weights that allow for censoring.
struct Arm {
  std::vector<std::size_t> row;
  std::vector<std::size_t> tie_begin;  // first position with the same time
  std::vector<std::uint8_t> known;     // 1 = restricted time was seen
  std::vector<double> weight;
};

Arm make_arm(std::span<const double> restricted, std::span<const std::uint8_t> known,
             std::vector<std::size_t> rows) {
  Arm arm;
  std::ranges::stable_sort(rows, {}, [&](std::size_t i) { return restricted[i]; });
  const std::size_t n = rows.size();
  arm.tie_begin.resize(n);
  arm.known.resize(n);
  arm.weight.resize(n);
  double kept = 1;  // Kaplan-Meier of not being censored
  for (std::size_t i = 0; i < n;) {
    std::size_t end = i;
    double censored = 0;
    for (; end < n && restricted[rows[end]] == restricted[rows[i]]; ++end) {
      arm.tie_begin[end] = i;
      arm.known[end] = known[rows[end]];
      if (known[rows[end]] == 0) ++censored;
    }
    const auto at_risk = static_cast<double>(n - i);
    kept *= (at_risk - censored) / at_risk;
    for (std::size_t k = i; k < end; ++k) {
      arm.weight[k] = arm.known[k] != 0 ? 1 / std::max(kept, 0.001) : 0;
    }
    i = end;
  }
  arm.row = std::move(rows);
  return arm;
}

// Sum of outer products of each row's score with its part in the estimated weights.
void add_meat(const Arm& arm, const Eigen::MatrixXd& score, Eigen::MatrixXd& meat) {
  const auto n = static_cast<Eigen::Index>(arm.row.size());
  const Eigen::Index p = score.cols();
  // later(i) = sum of scores of rows with time >= that of i.
  Eigen::MatrixXd later(n + 1, p);
  later.row(n).setZero();
  for (Eigen::Index i = n; i-- > 0;) later.row(i) = later.row(i + 1) + score.row(i);
  Eigen::RowVectorXd drift = Eigen::RowVectorXd::Zero(p);
  Eigen::RowVectorXd kappa(p);
  for (Eigen::Index i = 0; i < n;) {
    const auto first = static_cast<std::size_t>(i);
    Eigen::Index end = i;
    const auto at_risk = static_cast<double>(n - i);
    while (end < n && arm.tie_begin[static_cast<std::size_t>(end)] == first) {
      if (arm.known[static_cast<std::size_t>(end)] == 0) {
        drift += later.row(i) / (at_risk * at_risk);
      }
      ++end;
    }
    for (Eigen::Index k = i; k < end; ++k) {
      kappa = score.row(k) - drift;
      if (arm.known[static_cast<std::size_t>(k)] == 0) kappa += later.row(i) / at_risk;
      meat.noalias() += kappa.transpose() * kappa;
    }
    i = end;
  }
}

}  // namespace

Result<RmstRegression> rmst_regression(std::span<const double> time,
                                       std::span<const std::uint8_t> event,
                                       std::span<const std::uint8_t> arm, std::span<const double> x,
                                       std::size_t columns, double horizon, RmstLink link,
                                       RmstStop stop, const Progress& progress) {
  const std::size_t n = time.size();
  if (n == 0) return unexpected(error_of(Errc::empty_input, "time", "must not be empty"));
  if (event.size() != n || arm.size() != n || columns < 1 || x.size() != n * columns) {
    return unexpected(error_at(Errc::size_mismatch, "x", std::nullopt,
                               static_cast<double>(x.size()),
                               "event, arm and every column must have one entry for each time"));
  }
  if (!(std::isfinite(horizon) && horizon > 0)) {
    return unexpected(error_at(Errc::out_of_range, "horizon", std::nullopt, horizon,
                               "must be finite and above 0"));
  }
  std::vector<double> restricted(n);
  std::vector<std::uint8_t> known(n);
  std::vector<std::size_t> rows[2];
  for (std::size_t i = 0; i < n; ++i) {
    if (!std::isfinite(time[i]) || time[i] < 0) {
      return unexpected(
          error_at(Errc::out_of_range, "time", i, time[i], "must be finite and 0 or more"));
    }
    if (event[i] > 1 || arm[i] > 1) {
      return unexpected(error_at(Errc::out_of_range, event[i] > 1 ? "event" : "arm", i,
                                 static_cast<double>(event[i] > 1 ? event[i] : arm[i]),
                                 "must be 0 or 1"));
    }
    restricted[i] = std::min(time[i], horizon);
    known[i] = time[i] >= horizon ? 1 : event[i];
    rows[arm[i]].push_back(i);
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!std::isfinite(x[i])) {
      return unexpected(error_at(Errc::not_finite, "x", i % n, x[i], "must be finite"));
    }
  }
  const Arm arms[2] = {make_arm(restricted, known, std::move(rows[0])),
                       make_arm(restricted, known, std::move(rows[1]))};
  const auto p = static_cast<Eigen::Index>(columns);
  const Eigen::Map<const Eigen::MatrixXd> design{x.data(), static_cast<Eigen::Index>(n), p};
  Eigen::VectorXd weight = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(n));
  Eigen::VectorXd answer(static_cast<Eigen::Index>(n));
  RmstRegression out;
  out.rows = n;
  for (const Arm& a : arms) {
    for (std::size_t k = 0; k < a.row.size(); ++k) {
      weight(static_cast<Eigen::Index>(a.row[k])) = a.weight[k];
      if (a.weight[k] > 0) ++out.used;
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    answer(static_cast<Eigen::Index>(i)) =
        link == RmstLink::lost_ratio ? horizon - restricted[i] : restricted[i];
  }
  const auto dependent = [] {
    return unexpected(error_of(Errc::not_computable, "x",
                               "columns must not say the same (collinear), and people whose "
                               "restricted time is known must tell them apart"));
  };
  Eigen::VectorXd beta = Eigen::VectorXd::Zero(p);
  Eigen::VectorXd mean;
  // Weighted least squares by an orthogonal decomposition; for the ratios repeated (Fisher
  // scoring of a log-linear model) until the step is far below what is compared.
  const auto solve = [&](const Eigen::VectorXd& w, const Eigen::VectorXd& y,
                         Eigen::VectorXd& into) -> bool {
    const Eigen::VectorXd root = w.cwiseSqrt();
    Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr{root.asDiagonal() * design};
    qr.setThreshold(1e-11);
    if (qr.rank() < p) return false;
    into = qr.solve(root.cwiseProduct(y));
    return true;
  };
  if (link == RmstLink::difference) {
    if (!solve(weight, answer, beta)) return dependent();
    mean = design * beta;
    out.iterations = 1;
    out.converged = true;
  } else {
    // Deviance of a Poisson model, as R's glm watches it.
    const auto deviance = [&](const Eigen::VectorXd& mu) {
      double sum = 0;
      for (Eigen::Index i = 0; i < answer.size(); ++i) {
        if (!(weight(i) > 0)) continue;
        const double y = answer(i);
        sum += 2 * weight(i) * ((y > 0 ? y * std::log(y / mu(i)) : 0) - (y - mu(i)));
      }
      return sum;
    };
    Eigen::VectorXd eta = (answer.array() + 0.1).log().matrix();
    Eigen::VectorXd mu = answer.array() + 0.1;
    double before = deviance(mu);
    for (out.iterations = 1; out.iterations <= 200; ++out.iterations) {
      if (progress && !progress(out.iterations / 201.0)) {
        return unexpected(error_of(Errc::cancelled, "rmst_regression", "was stopped"));
      }
      const Eigen::VectorXd working = eta + ((answer - mu).array() / mu.array()).matrix();
      Eigen::VectorXd next;
      if (!solve(weight.cwiseProduct(mu), working, next)) return dependent();
      const double step = (design * next - eta).cwiseAbs().maxCoeff();
      beta = next;
      eta = design * beta;
      if (!eta.allFinite()) break;
      mu = eta.array().min(700).exp().matrix();
      const double now = deviance(mu);
      const bool at_rest = stop == RmstStop::as_glm
                               ? std::abs(now - before) < 1e-8 * (std::abs(now) + 0.1)
                               : step < 1e-11 && out.iterations > 2;
      before = now;
      if (at_rest) {
        out.converged = true;
        break;
      }
    }
    mean = eta.array().min(700).exp().matrix();
  }
  Eigen::MatrixXd meat = Eigen::MatrixXd::Zero(p, p);
  for (const Arm& a : arms) {
    Eigen::MatrixXd score(static_cast<Eigen::Index>(a.row.size()), p);
    for (std::size_t k = 0; k < a.row.size(); ++k) {
      const auto i = static_cast<Eigen::Index>(a.row[k]);
      score.row(static_cast<Eigen::Index>(k)) =
          design.row(i) * (a.weight[k] * (answer(i) - mean(i)));
    }
    add_meat(a, score, meat);
  }
  const Eigen::MatrixXd bread =
      link == RmstLink::difference
          ? Eigen::MatrixXd{design.transpose() * design}
          : Eigen::MatrixXd{design.transpose() * mean.asDiagonal() * design};
  const Eigen::LDLT<Eigen::MatrixXd> solver{bread};
  if (solver.info() != Eigen::Success) return dependent();
  const Eigen::MatrixXd half = solver.solve(meat);
  const Eigen::MatrixXd covariance = solver.solve(half.transpose());
  out.coefficient.assign(beta.data(), beta.data() + p);
  for (Eigen::Index i = 0; i < p; ++i) {
    for (Eigen::Index j = 0; j < p; ++j) {
      out.covariance.push_back((covariance(i, j) + covariance(j, i)) / 2);
    }
  }
  return out;
}

}  // namespace ombre::inline v0::stats
