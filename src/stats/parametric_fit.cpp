#include <algorithm>
#include <cmath>
#include <limits>

#include "ombre/stats/parametric_survival.hpp"
#include "stats/parametric_model.hpp"

namespace ombre::inline v0::stats {

using detail::Evaluation;
using detail::ModelColumns;
using detail::ModelPoint;
using detail::ModelRows;

namespace {

// Log scales beyond these, and Gompertz slopes per longest follow-up, are a walk to infinity.
constexpr double least_log_scale = -18;
constexpr double most_log_scale = 18;
constexpr double most_gompertz = 300;
// A Newton step that promises less than this changes nothing that can be seen.
constexpr double enough = 1e-12;

// Which of the parameters of an Evaluation are searched.
struct Free {
  bool scale = false;
  bool shape = false;
};

struct Search {
  ModelPoint point;
  Evaluation at;
  Eigen::VectorXd last_step;  // full Newton step at the end, in the order of the Evaluation
  ParametricStatus status = ParametricStatus::iteration_limit;
  bool shape_pinned = false;
  int iterations = 0;
};

class Searcher {
 public:
  Searcher(const ModelRows& rows, const Eigen::MatrixXd& z, const ParametricOptions& options)
      : rows_{rows}, z_{z}, options_{options} {}

  Result<Search> run(ModelPoint start, Free free) const {
    Search s;
    s.point = std::move(start);
    s.at = evaluate(rows_, z_, s.point);
    const Eigen::Index size = s.at.gradient.size();
    s.last_step = Eigen::VectorXd::Zero(size);
    if (!std::isfinite(s.at.loglik)) return s;
    double damping = 0;
    double settled = std::numeric_limits<double>::infinity();
    for (; s.iterations < options_.max_iterations; ++s.iterations) {
      if (options_.progress && !options_.progress(static_cast<double>(s.iterations) /
                                                  static_cast<double>(options_.max_iterations))) {
        return unexpected(error_of(Errc::cancelled, "progress", "the caller asked to stop"));
      }
      pin_shape(s, free);
      const std::vector<Eigen::Index> kept = indices(size, free);
      Eigen::VectorXd step;
      const bool newton = solve(s.at, kept, damping, step);
      const double promise = s.at.gradient.dot(step);
      if (!newton && settled < 1e-6) {
        // The information has run out of digits at the end of a walk to infinity.
        s.status = ParametricStatus::converged;
        return s;
      }
      if (newton) s.last_step = step;
      step *= shorten(s.point, step);
      double factor = 1;
      bool moved = false;
      const double rounding = 1e-14 * (std::abs(s.at.loglik) + rows_.total_weight);
      for (int half = 0; half < 40; ++half, factor /= 2) {
        ModelPoint next = moved_by(s.point, step, factor);
        Evaluation there = evaluate(rows_, z_, next);
        const double gain = there.loglik - s.at.loglik;
        if (gain > 0 || (promise < 1e-6 && gain >= -rounding)) {
          s.point = std::move(next);
          s.at = std::move(there);
          moved = true;
          break;
        }
        if (promise < enough) break;
      }
      if (newton && promise < std::max(enough, rounding)) {
        s.status = ParametricStatus::converged;
        ++s.iterations;
        return s;
      }
      if (!moved) {
        if (damping > 1e12) {
          // No direction leads up any more: as far as the digits go this is the top.
          if (settled < 1e-6) s.status = ParametricStatus::converged;
          return s;
        }
        damping = std::max(1e-4, damping * 10);
        continue;
      }
      damping = factor == 1 ? damping / 10 : damping;
      if (damping < 1e-6) damping = 0;
      if (newton) settled = promise;
      if (ran_away(s.point)) {
        s.status = ParametricStatus::at_boundary;
        return s;
      }
    }
    return s;
  }

 private:
  [[nodiscard]] Eigen::Index scale_at() const { return z_.cols() + 1; }
  [[nodiscard]] Eigen::Index shape_at() const {
    return z_.cols() + 1 + (rows_.form.has_scale ? 1 : 0);
  }

  [[nodiscard]] std::vector<Eigen::Index> indices(Eigen::Index size, Free free) const {
    std::vector<Eigen::Index> kept;
    for (Eigen::Index i = 0; i < size; ++i) {
      if (rows_.form.has_scale && i == scale_at() && !free.scale) continue;
      if (rows_.form.has_shape && i == shape_at() && !free.shape) continue;
      kept.push_back(i);
    }
    return kept;
  }

  // A shape at its limit that wants to go on is held there.
  void pin_shape(Search& s, Free& free) const {
    if (!free.shape || rows_.form.gompertz || std::abs(s.point.shape) < most_shape) return;
    if (s.at.gradient(shape_at()) * s.point.shape > 0) {
      free.shape = false;
      s.shape_pinned = true;
    }
  }

  // Newton's step; damped, and false, where the information is not positive. Every parameter is
  // measured by its own information, so that units play no part.
  static bool solve(const Evaluation& at, const std::vector<Eigen::Index>& kept, double& damping,
                    Eigen::VectorXd& step) {
    const auto m = static_cast<Eigen::Index>(kept.size());
    Eigen::MatrixXd h(m, m);
    Eigen::VectorXd g(m);
    Eigen::VectorXd unit(m);
    double largest = 0;
    for (Eigen::Index a = 0; a < m; ++a) {
      largest = std::max(largest, std::abs(at.information(kept[static_cast<std::size_t>(a)],
                                                          kept[static_cast<std::size_t>(a)])));
    }
    for (Eigen::Index a = 0; a < m; ++a) {
      const Eigen::Index i = kept[static_cast<std::size_t>(a)];
      const double d = std::abs(at.information(i, i));
      unit(a) = 1 / std::sqrt(std::max(d, 1e-14 * largest + 1e-300));
    }
    for (Eigen::Index a = 0; a < m; ++a) {
      const Eigen::Index i = kept[static_cast<std::size_t>(a)];
      g(a) = at.gradient(i) * unit(a);
      for (Eigen::Index b = 0; b < m; ++b) {
        h(a, b) = at.information(i, kept[static_cast<std::size_t>(b)]) * unit(a) * unit(b);
      }
    }
    bool newton = damping == 0;
    for (int attempt = 0; attempt < 40; ++attempt) {
      Eigen::MatrixXd damped = h;
      damped.diagonal().array() += damping;
      const Eigen::LLT<Eigen::MatrixXd> factor{damped};
      if (factor.info() == Eigen::Success && factor.matrixLLT().diagonal().minCoeff() > 1e-8) {
        const Eigen::VectorXd solved = factor.solve(g);
        if (solved.allFinite()) {
          step = Eigen::VectorXd::Zero(at.gradient.size());
          for (Eigen::Index a = 0; a < m; ++a) {
            step(kept[static_cast<std::size_t>(a)]) = solved(a) * unit(a);
          }
          return newton;
        }
      }
      newton = false;
      damping = std::max(1e-3, damping * 4);
    }
    step = Eigen::VectorXd::Zero(at.gradient.size());
    return false;
  }

  // How much of a step is taken: locations move by at most 4 scales, log scale and shape by 1.
  [[nodiscard]] double shorten(const ModelPoint& point, const Eigen::VectorXd& step) const {
    const double scale = rows_.form.has_scale ? std::exp(point.log_scale) : 1.0;
    double most = 1;
    Eigen::VectorXd change = Eigen::VectorXd::Constant(z_.rows(), step(0));
    if (z_.cols() > 0) change += z_ * step.segment(1, z_.cols());
    most = std::max(most, change.cwiseAbs().maxCoeff() / (4 * scale));
    if (rows_.form.has_scale) most = std::max(most, std::abs(step(scale_at())));
    double factor = 1 / most;
    if (rows_.form.has_shape) {
      const double d = std::abs(step(shape_at())) * factor;
      const double allowed = rows_.form.gompertz ? 5 + std::abs(point.shape) : 1.0;
      if (d > allowed) factor *= allowed / d;
      if (!rows_.form.gompertz && d > 0) {
        const double next = point.shape + factor * step(shape_at());
        if (std::abs(next) > most_shape) {
          const double room = (next > 0 ? most_shape : -most_shape) - point.shape;
          factor = room / step(shape_at());
        }
      }
    }
    return factor;
  }

  [[nodiscard]] ModelPoint moved_by(const ModelPoint& from, const Eigen::VectorXd& step,
                                    double factor) const {
    ModelPoint to = from;
    to.intercept += factor * step(0);
    if (z_.cols() > 0) to.slope += factor * step.segment(1, z_.cols());
    if (rows_.form.has_scale) to.log_scale += factor * step(scale_at());
    if (rows_.form.has_shape) to.shape += factor * step(shape_at());
    return to;
  }

  [[nodiscard]] bool ran_away(const ModelPoint& point) const {
    if (rows_.form.has_scale &&
        (point.log_scale < least_log_scale || point.log_scale > most_log_scale)) {
      return true;
    }
    return rows_.form.gompertz && std::abs(point.shape) > most_gompertz;
  }

  const ModelRows& rows_;
  const Eigen::MatrixXd& z_;
  const ParametricOptions& options_;
};

// Where a search begins: moments of times taken at face value.
ModelPoint rough_start(const ModelRows& rows, Eigen::Index rank) {
  double total = 0;
  double events = 0;
  double weight = 0;
  double mean = 0;
  const auto middle = [&](std::size_t i) {
    switch (rows.known[i]) {
      case TimeKnown::before:
        return 0.5 * rows.time[i];
      case TimeKnown::between:
        return 0.5 * (rows.time[i] + rows.upper[i]);
      case TimeKnown::exactly:
      case TimeKnown::after:
        break;
    }
    return rows.time[i];
  };
  const auto location = [&](std::size_t i) { return rows.offset.empty() ? 0 : rows.offset[i]; };
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double t = middle(i);
    const double from = rows.entry.empty() ? 0 : rows.entry[i];
    const double sign = rows.form.gompertz ? 1.0 : -1.0;
    total += rows.weight[i] * std::max(0.0, t - from) *
             std::exp(std::clamp(sign * location(i), -300.0, 300.0));
    if (rows.known[i] != TimeKnown::after) events += rows.weight[i];
    if (t > 0) {
      weight += rows.weight[i];
      mean += rows.weight[i] * (std::log(t) - location(i));
    }
  }
  ModelPoint start;
  start.slope = Eigen::VectorXd::Zero(rank);
  const double log_mean = total > 0 && events > 0 ? std::log(total / events) : 0.0;
  if (rows.form.gompertz) {
    start.intercept = -log_mean;
    return start;
  }
  start.intercept = log_mean;
  if (!rows.form.has_scale || rows.family == SurvivalFamily::gamma || !(weight > 0)) return start;
  mean /= weight;
  double squares = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double t = middle(i);
    if (t > 0) squares += rows.weight[i] * std::pow(std::log(t) - location(i) - mean, 2);
  }
  const double spread = std::clamp(std::sqrt(squares / weight), 0.05, 3.0);
  switch (rows.form.form) {
    case detail::StandardForm::extreme_value:
      start.log_scale = std::log(spread * 0.7797);  // sqrt(6) / pi
      break;
    case detail::StandardForm::logistic:
      start.log_scale = std::log(spread * 0.5513);  // sqrt(3) / pi
      start.intercept = mean;
      break;
    case detail::StandardForm::normal:
    case detail::StandardForm::log_gamma:
      start.log_scale = std::log(spread);
      start.intercept = mean;
      break;
  }
  return start;
}

// The fit of one design (with or without covariates), from a start of its own.
Result<Search> best_search(const ModelRows& rows, const Eigen::MatrixXd& z,
                           const ParametricOptions& options, const ModelPoint* from) {
  const Searcher searcher{rows, z, options};
  Free free{rows.form.has_scale && !options.fixed_scale,
            rows.form.has_shape && !options.fixed_shape};
  ModelPoint start = rough_start(rows, z.cols());
  if (from != nullptr) {
    start = *from;
    start.slope = Eigen::VectorXd::Zero(z.cols());
  }
  if (options.fixed_scale) start.log_scale = std::log(*options.fixed_scale);
  if (options.fixed_shape) start.shape = *options.fixed_shape * rows.unit;
  if (rows.family != SurvivalFamily::generalised_gamma || !free.shape) {
    return searcher.run(std::move(start), free);
  }
  // Begin from the better of the two families with quick likelihoods on the way, so that the
  // answer is at least as likely as either.
  int spent = 0;
  ModelPoint best = start;
  double best_loglik = -std::numeric_limits<double>::infinity();
  for (const double q : {0.0, 1.0}) {
    ModelRows simple = rows;
    simple.family = q == 0 ? SurvivalFamily::log_normal : SurvivalFamily::weibull;
    simple.form = detail::form_of(simple.family);
    ParametricOptions simply = options;
    simply.family = simple.family;
    simply.fixed_shape.reset();
    auto found = best_search(simple, z, simply, nullptr);
    if (!found) return found;
    spent += found->iterations;
    if (found->at.loglik > best_loglik && found->point.log_scale > least_log_scale) {
      best_loglik = found->at.loglik;
      best = found->point;
      best.shape = q;
    }
  }
  if (from != nullptr) {
    const Evaluation there = evaluate(rows, z, start);
    if (there.loglik > best_loglik) best = start;
  }
  auto found = searcher.run(std::move(best), free);
  if (found) found->iterations += spent;
  return found;
}

Result<void> check_options(const ParametricOptions& options) {
  const detail::FamilyForm form = detail::form_of(options.family);
  if (options.max_iterations < 1) {
    return unexpected(error_at(Errc::out_of_range, "max_iterations", std::nullopt,
                               static_cast<double>(options.max_iterations), "must be 1 or more"));
  }
  if (options.fixed_scale) {
    if (!form.has_scale) {
      return unexpected(error_at(Errc::unsupported, "fixed_scale", std::nullopt,
                                 *options.fixed_scale, "the family has no scale"));
    }
    if (!(*options.fixed_scale >= 1e-6 && *options.fixed_scale <= 1e6)) {
      return unexpected(error_at(Errc::out_of_range, "fixed_scale", std::nullopt,
                                 *options.fixed_scale, "must lie between 1e-6 and 1e6"));
    }
  }
  if (options.fixed_shape) {
    if (!form.has_shape) {
      return unexpected(error_at(Errc::unsupported, "fixed_shape", std::nullopt,
                                 *options.fixed_shape, "the family has no shape"));
    }
    const bool fits = form.gompertz ? std::isfinite(*options.fixed_shape)
                                    : std::abs(*options.fixed_shape) <= most_shape;
    if (!fits) {
      return unexpected(error_at(Errc::out_of_range, "fixed_shape", std::nullopt,
                                 *options.fixed_shape,
                                 form.gompertz ? "must be finite" : "must lie from -10 to 10"));
    }
  }
  return {};
}

}  // namespace

Result<ParametricFit> parametric_fit(const ParametricInput& input,
                                     const ParametricOptions& options) {
  if (auto ok = check_options(options); !ok) return unexpected(ok.error());
  auto checked = detail::model_rows(input, options.family, true);
  if (!checked) return unexpected(checked.error());
  const ModelRows& rows = *checked;
  if (input.columns > 0 && input.columns + 1 > rows.size()) {
    return unexpected(
        error_at(Errc::too_large, "columns", std::nullopt, static_cast<double>(input.columns),
                 "must, with the intercept, be at most the number of rows with weight"));
  }
  const ModelColumns columns = detail::model_columns(input, rows);
  const Eigen::Index rank = columns.z.cols();

  const Eigen::MatrixXd nothing(static_cast<Eigen::Index>(rows.size()), 0);
  auto null = best_search(rows, nothing, options, nullptr);
  if (!null) return unexpected(null.error());
  Search found = *null;
  if (rank > 0) {
    const bool usable = null->status == ParametricStatus::converged;
    auto full = best_search(rows, columns.z, options, usable ? &null->point : nullptr);
    if (!full) return unexpected(full.error());
    found = std::move(*full);
    found.iterations += null->iterations;
  }

  if (!std::isfinite(found.at.loglik)) {
    return unexpected(error_of(Errc::not_computable, "time",
                               "no start gives every row a likelihood above 0: are the times, "
                               "offsets or fixed values too far apart?"));
  }

  ParametricFit fit;
  fit.family = options.family;
  fit.status = found.shape_pinned && found.status == ParametricStatus::converged
                   ? ParametricStatus::at_boundary
                   : found.status;
  fit.iterations = found.iterations;
  fit.n = rows.size();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    switch (rows.known[i]) {
      case TimeKnown::exactly:
        ++fit.exact;
        break;
      case TimeKnown::after:
        ++fit.right_censored;
        break;
      case TimeKnown::before:
        ++fit.left_censored;
        break;
      case TimeKnown::between:
        ++fit.interval_censored;
        break;
    }
    if (!rows.entry.empty() && rows.entry[i] > 0) ++fit.late_entries;
  }
  fit.weight = rows.total_weight;
  fit.columns = input.columns;
  fit.aliases = columns.aliases;
  fit.loglik = found.at.loglik;
  fit.loglik_null = null->at.loglik;

  // Back from orthogonal columns: parameters = shift + transform * searched ones.
  const std::size_t scale_at = 1 + input.columns;
  const std::size_t shape_at = scale_at + (rows.form.has_scale ? 1 : 0);
  const std::size_t size = shape_at + (rows.form.has_shape ? 1 : 0);
  const Eigen::Index searched = found.at.gradient.size();
  Eigen::MatrixXd transform = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(size), searched);
  transform(0, 0) = 1;
  if (rank > 0) {
    const Eigen::MatrixXd inverse = columns.triangle.triangularView<Eigen::Upper>().solve(
        Eigen::MatrixXd::Identity(rank, rank));
    for (Eigen::Index k = 0; k < rank; ++k) {
      const auto column = static_cast<Eigen::Index>(columns.used[static_cast<std::size_t>(k)] + 1);
      transform.block(column, 1, 1, rank) = inverse.row(k) / columns.spread(k);
      transform.block(0, 1, 1, rank) -= inverse.row(k) * (columns.mean(k) / columns.spread(k));
    }
  }
  if (rows.form.has_scale) transform(static_cast<Eigen::Index>(scale_at), rank + 1) = 1;
  if (rows.form.has_shape) {
    transform(static_cast<Eigen::Index>(shape_at), searched - 1) = 1 / rows.unit;
  }
  Eigen::VectorXd point(searched);
  point(0) = found.point.intercept;
  if (rank > 0) point.segment(1, rank) = found.point.slope;
  if (rows.form.has_scale) point(rank + 1) = found.point.log_scale;
  if (rows.form.has_shape) point(searched - 1) = found.point.shape;
  const Eigen::VectorXd parameters = transform * point;
  fit.parameters.assign(parameters.data(), parameters.data() + parameters.size());
  if (rows.form.gompertz) fit.parameters[0] -= std::log(rows.unit);
  if (options.fixed_scale) fit.parameters[scale_at] = std::log(*options.fixed_scale);
  if (options.fixed_shape) fit.parameters[shape_at] = *options.fixed_shape;
  if (rows.form.has_scale) fit.scale = std::exp(fit.parameters[scale_at]);
  if (rows.form.has_shape) fit.shape = fit.parameters[shape_at];

  fit.kind.assign(1 + input.columns, ParametricCoefficient::estimated);
  for (const ParametricAlias& alias : fit.aliases) {
    fit.kind[1 + alias.column] = ParametricCoefficient::aliased;
    fit.parameters[1 + alias.column] = 0;
  }
  if (fit.status == ParametricStatus::converged) {
    // At a maximum the last step is next to nothing; on the way to infinity it stays about 1 scale.
    const double scale = fit.scale.value_or(1.0);
    const Eigen::VectorXd step = transform * found.last_step;
    double intercept = std::abs(found.last_step(0));
    for (Eigen::Index k = 0; k < rank; ++k) {
      const std::size_t column = columns.used[static_cast<std::size_t>(k)] + 1;
      if (std::abs(step(static_cast<Eigen::Index>(column))) * columns.spread(k) > 0.01 * scale) {
        fit.kind[column] = ParametricCoefficient::infinite;
        fit.status = ParametricStatus::infinite_coefficient;
        intercept = std::max(intercept, std::abs(step(0)));
      }
    }
    if (intercept > 0.01 * scale && std::abs(step(0)) > 0.01 * scale) {
      fit.kind[0] = ParametricCoefficient::infinite;
      fit.status = ParametricStatus::infinite_coefficient;
    }
  }

  // Variance: the inverse of the information of what was searched.
  std::vector<Eigen::Index> kept;
  for (Eigen::Index i = 0; i < searched; ++i) {
    if (rows.form.has_scale && i == rank + 1 && options.fixed_scale) continue;
    if (rows.form.has_shape && i == searched - 1 && (options.fixed_shape || found.shape_pinned)) {
      continue;
    }
    kept.push_back(i);
  }
  const auto m = static_cast<Eigen::Index>(kept.size());
  Eigen::MatrixXd information(m, m);
  Eigen::MatrixXd outer(static_cast<Eigen::Index>(size), m);
  for (Eigen::Index a = 0; a < m; ++a) {
    const Eigen::Index i = kept[static_cast<std::size_t>(a)];
    outer.col(a) = transform.col(i);
    for (Eigen::Index b = 0; b < m; ++b) {
      information(a, b) = found.at.information(i, kept[static_cast<std::size_t>(b)]);
    }
  }
  fit.df = kept.size() + (found.shape_pinned ? 1 : 0);
  fit.likelihood_ratio_df = columns.used.size();
  fit.likelihood_ratio_test = std::max(0.0, 2 * (fit.loglik - fit.loglik_null));
  fit.aic = 2 * static_cast<double>(fit.df) - 2 * fit.loglik;
  fit.bic = std::log(static_cast<double>(fit.n)) * static_cast<double>(fit.df) - 2 * fit.loglik;
  const Eigen::LDLT<Eigen::MatrixXd> factor{information};
  if (factor.info() == Eigen::Success && factor.isPositive()) {
    const bool told = fit.status != ParametricStatus::at_boundary && !fit.too_few_people();
    const Eigen::MatrixXd inverse = factor.solve(Eigen::MatrixXd::Identity(m, m));
    const Eigen::MatrixXd variance = outer * inverse * outer.transpose();
    if (variance.allFinite()) {
      if (told) fit.variance.resize(size * size);
      for (std::size_t a = 0; told && a < size; ++a) {
        for (std::size_t b = 0; b < size; ++b) {
          const double v = variance(static_cast<Eigen::Index>(a), static_cast<Eigen::Index>(b));
          const double w = variance(static_cast<Eigen::Index>(b), static_cast<Eigen::Index>(a));
          fit.variance[a * size + b] = 0.5 * (v + w);
        }
      }
      for (Eigen::Index a = 0; a < m; ++a) {
        fit.max_score =
            std::max(fit.max_score, std::abs(found.at.gradient(kept[static_cast<std::size_t>(a)])) *
                                        std::sqrt(std::max(0.0, inverse(a, a))));
      }
    }
  }
  return fit;
}

}  // namespace ombre::inline v0::stats
