#include "stats/parametric_model.hpp"

#include <cmath>
#include <limits>

namespace ombre::inline v0::stats {

namespace detail {

namespace {

Eigen::Index index(std::size_t i) { return static_cast<Eigen::Index>(i); }

}  // namespace

ModelColumns model_columns(const ParametricInput& input, const ModelRows& rows) {
  // Gram-Schmidt in the order of the columns, twice over, so that the first of several that say the
  // same stays and the later one is named.
  ModelColumns result;
  const std::size_t n = rows.size();
  const std::size_t all = input.time.size();
  result.z.resize(index(n), index(input.columns));
  const Eigen::Map<const Eigen::VectorXd> weight(rows.weight.data(), index(n));
  Eigen::MatrixXd triangle = Eigen::MatrixXd::Zero(index(input.columns), index(input.columns));
  std::vector<double> means;
  std::vector<double> spreads;
  for (std::size_t c = 0; c < input.columns; ++c) {
    Eigen::VectorXd column(index(n));
    for (std::size_t i = 0; i < n; ++i) column(index(i)) = input.x[c * all + rows.row[i]];
    // Scaled first: squares of 1e200 must not overflow.
    const double largest = column.cwiseAbs().maxCoeff();
    const double unit = largest > 0 ? largest : 1.0;
    column /= unit;
    const double mean = weight.dot(column) / rows.total_weight;
    column.array() -= mean;
    const double spread = std::sqrt(weight.dot(column.cwiseProduct(column)) / rows.total_weight);
    const Eigen::Index rank = index(result.used.size());
    if (!(spread > 1e-13)) {
      result.aliases.push_back({c, mean * unit, {}});
      continue;
    }
    column /= spread;
    Eigen::VectorXd along = Eigen::VectorXd::Zero(rank);
    for (int pass = 0; pass < 2; ++pass) {
      const Eigen::VectorXd part =
          result.z.leftCols(rank).transpose() * weight.cwiseProduct(column) / rows.total_weight;
      column -= result.z.leftCols(rank) * part;
      along += part;
    }
    const double left = std::sqrt(weight.dot(column.cwiseProduct(column)) / rows.total_weight);
    if (!(left > 1e-7)) {
      // x = mean + spread * (sum of along z), and z in terms of the columns before.
      ParametricAlias alias{c, mean * unit, {}};
      const Eigen::VectorXd factor =
          triangle.topLeftCorner(rank, rank).triangularView<Eigen::Upper>().solve(along);
      for (Eigen::Index k = 0; k < rank; ++k) {
        if (std::abs(factor(k)) < 1e-7) continue;
        const auto used = static_cast<std::size_t>(k);
        const double f = factor(k) * spread * unit / spreads[used];
        alias.combination.emplace_back(result.used[used], f);
        alias.constant -= f * means[used];
      }
      result.aliases.push_back(std::move(alias));
      continue;
    }
    triangle.col(rank).head(rank) = along;
    triangle(rank, rank) = left;
    result.z.col(rank) = column / left;
    result.used.push_back(c);
    means.push_back(mean * unit);
    spreads.push_back(spread * unit);
  }
  const Eigen::Index rank = index(result.used.size());
  result.z.conservativeResize(Eigen::NoChange, rank);
  result.triangle = triangle.topLeftCorner(rank, rank);
  result.mean = Eigen::Map<const Eigen::VectorXd>(means.data(), rank);
  result.spread = Eigen::Map<const Eigen::VectorXd>(spreads.data(), rank);
  return result;
}

Evaluation evaluate(const ModelRows& rows, const Eigen::MatrixXd& z, const ModelPoint& point) {
  const std::size_t n = rows.size();
  const Eigen::Index rank = z.cols();
  const Eigen::Index locations = rank + 1;
  const Eigen::Index scale_at = locations;
  const Eigen::Index shape_at = locations + (rows.form.has_scale ? 1 : 0);
  const Eigen::Index size = shape_at + (rows.form.has_shape ? 1 : 0);
  Evaluation result;
  result.gradient = Eigen::VectorXd::Zero(size);
  result.information = Eigen::MatrixXd::Zero(size, size);
  result.loglik = -std::numeric_limits<double>::infinity();

  Eigen::VectorXd eta = Eigen::VectorXd::Constant(index(n), point.intercept);
  if (rank > 0) eta.noalias() += z * point.slope;
  if (!rows.offset.empty()) {
    eta += Eigen::Map<const Eigen::VectorXd>(rows.offset.data(), index(n));
  }
  Eigen::VectorXd score(index(n));      // weight x d / d eta
  Eigen::VectorXd curvature(index(n));  // minus weight x d2 / d eta2
  Eigen::MatrixXd mixed(index(n), 2);   // minus weight x d2 / d eta d (log scale, shape)
  // Compensated: the search compares log-likelihoods that differ in the last digits.
  double sum = 0;
  double lost = 0;
  Jet rest;
  for (std::size_t i = 0; i < n; ++i) {
    const Jet jet = row_likelihood(rows, i, eta(index(i)), point.log_scale, point.shape);
    if (!jet.finite()) return result;
    const double w = rows.weight[i];
    const double term = w * jet.v;
    const double next = sum + term;
    lost += std::abs(sum) >= std::abs(term) ? (sum - next) + term : (term - next) + sum;
    sum = next;
    const Eigen::Index k = index(i);
    score(k) = w * jet.g[0];
    curvature(k) = -w * jet.h[0];
    mixed(k, 0) = -w * jet.h[Jet::at(0, 1)];
    mixed(k, 1) = -w * jet.h[Jet::at(0, 2)];
    rest.g[1] += w * jet.g[1];
    rest.g[2] += w * jet.g[2];
    rest.h[Jet::at(1, 1)] -= w * jet.h[Jet::at(1, 1)];
    rest.h[Jet::at(1, 2)] -= w * jet.h[Jet::at(1, 2)];
    rest.h[Jet::at(2, 2)] -= w * jet.h[Jet::at(2, 2)];
  }
  result.loglik = sum + lost - rows.log_unit_events;

  auto& g = result.gradient;
  auto& h = result.information;
  g(0) = score.sum();
  h(0, 0) = curvature.sum();
  if (rank > 0) {
    g.segment(1, rank).noalias() = z.transpose() * score;
    const Eigen::MatrixXd weighted = curvature.asDiagonal() * z;
    h.block(1, 0, rank, 1) = weighted.colwise().sum().transpose();
    h.block(0, 1, 1, rank) = h.block(1, 0, rank, 1).transpose();
    h.block(1, 1, rank, rank).noalias() = z.transpose() * weighted;
  }
  const auto place = [&](Eigen::Index at, Eigen::Index column) {
    h(0, at) = h(at, 0) = mixed.col(column).sum();
    if (rank > 0) {
      h.block(1, at, rank, 1).noalias() = z.transpose() * mixed.col(column);
      h.block(at, 1, 1, rank) = h.block(1, at, rank, 1).transpose();
    }
  };
  if (rows.form.has_scale) {
    g(scale_at) = rest.g[1];
    h(scale_at, scale_at) = rest.h[Jet::at(1, 1)];
    place(scale_at, 0);
  }
  if (rows.form.has_shape) {
    g(shape_at) = rest.g[2];
    h(shape_at, shape_at) = rest.h[Jet::at(2, 2)];
    place(shape_at, 1);
    if (rows.form.has_scale) {
      h(scale_at, shape_at) = h(shape_at, scale_at) = rest.h[Jet::at(1, 2)];
    }
  }
  return result;
}

}  // namespace detail

Result<ParametricLikelihood> parametric_likelihood(const ParametricInput& input,
                                                   SurvivalFamily family,
                                                   std::span<const double> parameters) {
  auto rows = detail::model_rows(input, family, false);
  if (!rows) return unexpected(rows.error());
  const std::size_t scale_at = 1 + input.columns;
  const std::size_t shape_at = scale_at + (rows->form.has_scale ? 1 : 0);
  const std::size_t size = shape_at + (rows->form.has_shape ? 1 : 0);
  if (parameters.size() != size) {
    return unexpected(error_at(Errc::size_mismatch, "parameters", std::nullopt,
                               static_cast<double>(parameters.size()),
                               "must be intercept, one for each column, log scale, shape"));
  }
  for (std::size_t j = 0; j < size; ++j) {
    if (!std::isfinite(parameters[j])) {
      return unexpected(
          error_at(Errc::not_finite, "parameters", j, parameters[j], "must be finite"));
    }
  }
  const auto n = static_cast<Eigen::Index>(rows->size());
  Eigen::MatrixXd z(n, static_cast<Eigen::Index>(input.columns));
  for (std::size_t c = 0; c < input.columns; ++c) {
    for (std::size_t i = 0; i < rows->size(); ++i) {
      z(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(c)) =
          input.x[c * input.time.size() + rows->row[i]];
    }
  }
  detail::ModelPoint point;
  point.intercept = parameters[0];
  point.slope = Eigen::Map<const Eigen::VectorXd>(parameters.data() + 1,
                                                  static_cast<Eigen::Index>(input.columns));
  if (rows->form.has_scale) point.log_scale = parameters[scale_at];
  if (rows->form.has_shape) point.shape = parameters[shape_at];
  const detail::Evaluation e = detail::evaluate(*rows, z, point);
  if (!std::isfinite(e.loglik)) {
    return unexpected(error_of(Errc::not_computable, "parameters",
                               "give some row the likelihood 0 or one beyond all numbers"));
  }
  ParametricLikelihood result;
  result.loglik = e.loglik;
  result.gradient.assign(e.gradient.data(), e.gradient.data() + e.gradient.size());
  result.hessian.resize(size * size);
  for (std::size_t a = 0; a < size; ++a) {
    for (std::size_t b = 0; b < size; ++b) {
      result.hessian[a * size + b] =
          -e.information(static_cast<Eigen::Index>(a), static_cast<Eigen::Index>(b));
    }
  }
  return result;
}

}  // namespace ombre::inline v0::stats
