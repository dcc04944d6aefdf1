#include <algorithm>
#include <cmath>

#include "ombre/stats/cox_penalised.hpp"
#include "stats/cox_sums.hpp"

namespace ombre::inline v0::stats {
namespace {

using detail::CoxTable;

// One column's part of the penalty, in the table's units.
struct Penalty {
  double l1 = 0;
  double l2 = 0;
  [[nodiscard]] double at(double b) const { return l1 * std::abs(b) + l2 * b * b / 2; }
};

double penalty_sum(const std::vector<Penalty>& penalty, std::span<const double> b) {
  double sum = 0;
  for (std::size_t j = 0; j < b.size(); ++j) sum += penalty[j].at(b[j]);
  return sum;
}

// Minimises -(g'd - d'I d / 2) / w + penalty(b + d) over d by cyclic coordinate descent.
void descend(std::span<const double> g, std::span<const double> information, double w,
             const std::vector<Penalty>& penalty, std::span<const char> free,
             std::vector<double>& b) {
  const std::size_t p = b.size();
  std::vector<double> slope(g.begin(), g.end());  // of the log-likelihood's model at b + d
  for (int sweep = 0; sweep < 20000; ++sweep) {
    double most = 0;
    for (std::size_t j = 0; j < p; ++j) {
      if (free[j] == 0) continue;
      const double curve = information[j * p + j] / w;
      const double bottom = curve + penalty[j].l2;
      if (!(bottom > 0)) continue;
      const double top = slope[j] / w + curve * b[j];
      const double next = std::copysign(std::max(std::abs(top) - penalty[j].l1, 0.0), top) / bottom;
      const double change = next - b[j];
      if (change == 0) continue;
      b[j] = next;
      for (std::size_t h = 0; h < p; ++h) slope[h] -= information[h * p + j] * change;
      most = std::max(most, bottom * change * change);
    }
    if (most < 1e-28) return;
  }
}

}  // namespace

Result<CoxPath> cox_path(const CoxData& data, const CoxPathOptions& options) {
  const CoxTable& t = data.table();
  const std::size_t p = t.p;
  const auto refuse = [](std::string_view field, std::optional<std::uint64_t> row, double value,
                         std::string_view rule) {
    return unexpected(error_at(Errc::out_of_range, field, row, value, rule));
  };
  if (options.ties == CoxTies::exact) {
    return unexpected(error_of(Errc::unsupported, "ties", "paths are for efron or breslow ties"));
  }
  if (!(options.alpha >= 0 && options.alpha <= 1)) {
    return refuse("alpha", std::nullopt, options.alpha, "must be from 0 to 1");
  }
  if (!(options.smallest >= 0 && options.smallest < 1)) {
    return refuse("smallest", std::nullopt, options.smallest, "must be from 0 to below 1");
  }
  if (options.lambda.empty() && (options.count == 0 || options.count > 100000)) {
    return refuse("count", std::nullopt, static_cast<double>(options.count), "must be 1 to 100000");
  }
  for (std::size_t i = 0; i < options.lambda.size(); ++i) {
    if (!(options.lambda[i] >= 0) || !std::isfinite(options.lambda[i])) {
      return refuse("lambda", i, options.lambda[i], "must be 0 or more");
    }
  }
  if (!options.penalty.empty() && options.penalty.size() != p) {
    return unexpected(error_at(Errc::size_mismatch, "penalty", std::nullopt,
                               static_cast<double>(options.penalty.size()),
                               "must have one factor a column"));
  }
  for (std::size_t j = 0; j < options.penalty.size(); ++j) {
    if (!(options.penalty[j] >= 0) || !std::isfinite(options.penalty[j])) {
      return refuse("penalty", j, options.penalty[j], "must be 0 or more");
    }
  }
  const Runner& runner = options.runner == nullptr ? serial() : *options.runner;

  double w = t.weighted ? 0 : static_cast<double>(t.n);
  for (const double v : t.weight) w += v;
  CoxPath out;
  out.scale.assign(p, 0.0);
  std::vector<double> sd(p, 0.0);  // of the table's columns
  std::vector<double> factor(p, 1.0);
  std::vector<char> free(p, 1);
  if (!options.penalty.empty()) factor = options.penalty;
  for (std::size_t j = 0; j < p; ++j) {
    double mean = 0;
    for (std::size_t i = 0; i < t.n; ++i) mean += t.weight_of(i) * t.column(j)[i];
    mean /= w;
    double square = 0;
    for (std::size_t i = 0; i < t.n; ++i) {
      square += t.weight_of(i) * (t.column(j)[i] - mean) * (t.column(j)[i] - mean);
    }
    sd[j] = std::sqrt(square / w);
    if (t.scale[j] == 0 || !(sd[j] > 0)) {
      free[j] = 0;
    } else {
      out.scale[j] = sd[j] / t.scale[j];
    }
  }

  detail::RiskSums sums;
  detail::Moments m;
  const std::vector<std::vector<double>> plain(1);
  std::vector<double> b(p, 0.0);
  detail::risk_sums(t, b, options.ties, runner, sums);
  if (!sums.usable) {
    return unexpected(error_of(Errc::out_of_range, "offset",
                               "differs so much between rows at risk that risks underflow"));
  }
  detail::moments(t, sums, plain, runner, m);

  // Walks b to the minimum of the objective over the free columns.
  enum class End { settled, stopped, ran_off };
  const auto settle = [&](const std::vector<Penalty>& penalty, std::span<const char> over) {
    double objective = -sums.loglik / w + penalty_sum(penalty, b);
    double last_move = 0;
    for (int i = 0; i < options.max_iterations; ++i) {
      const std::vector<double> from = b;
      descend(m.score[0], m.information[0], w, penalty, over, b);
      double move = 0;
      bool sound = true;
      for (std::size_t j = 0; j < p; ++j) {
        sound = sound && std::isfinite(b[j]);
        move = std::max(move, std::abs(b[j] - from[j]) * sd[j]);
      }
      // Without a penalty the coefficient of a separated group runs off, by about 1 each time,
      // until nothing but rounding is left of the information.
      if (!sound || (i >= 25 && move > 1e-3 && move >= 0.3 * last_move)) {
        b = from;
        return End::ran_off;
      }
      if (move == 0) return End::settled;
      double next = 0;
      for (int halvings = 0; halvings < 40; ++halvings) {
        detail::risk_sums(t, b, options.ties, runner, sums);
        next = -sums.loglik / w + penalty_sum(penalty, b);
        if (sums.usable && next <= objective + 1e-13 * std::abs(objective)) break;
        for (std::size_t j = 0; j < p; ++j) b[j] = (b[j] + from[j]) / 2;
      }
      objective = next;
      detail::moments(t, sums, plain, runner, m);
      // Steps shrink quadratically; the one after 1e-8 would be below rounding.
      if (move < 1e-8 || (i > 3 && move < 1e-6 && move >= last_move)) return End::settled;
      last_move = move;
    }
    return End::stopped;
  };

  std::vector<double> lambdas = options.lambda;
  if (lambdas.empty()) {
    // Columns without penalty are in the model from the start.
    std::vector<char> unpenalised(p, 0);
    bool any = false;
    for (std::size_t j = 0; j < p; ++j) {
      unpenalised[j] = free[j] != 0 && factor[j] == 0 ? 1 : 0;
      any = any || unpenalised[j] != 0;
    }
    if (any) static_cast<void>(settle(std::vector<Penalty>(p), unpenalised));
    double top = 0;
    const double alpha = std::max(options.alpha, 1e-3);
    for (std::size_t j = 0; j < p; ++j) {
      if (free[j] == 0 || factor[j] == 0) continue;
      top = std::max(top, std::abs(m.score[0][j]) / (w * alpha * factor[j] * sd[j]));
    }
    top *= 1 + 1e-9;  // so that rounding lets nothing in
    const double smallest = options.smallest > 0 ? options.smallest : t.n > p ? 1e-4 : 1e-2;
    for (std::size_t i = 0; i < options.count; ++i) {
      const double share =
          options.count == 1 ? 0 : static_cast<double>(i) / static_cast<double>(options.count - 1);
      lambdas.push_back(top * std::pow(smallest, share));
    }
  }
  std::sort(lambdas.begin(), lambdas.end(), std::greater<>());

  for (std::size_t at = 0; at < lambdas.size(); ++at) {
    const double lambda = lambdas[at];
    if (options.progress &&
        !options.progress(static_cast<double>(at) / static_cast<double>(lambdas.size()))) {
      return unexpected(
          error_of(Errc::cancelled, "progress", "the path was stopped by its caller"));
    }
    std::vector<Penalty> penalty(p);
    for (std::size_t j = 0; j < p; ++j) {
      penalty[j].l1 = lambda * factor[j] * options.alpha * sd[j];
      penalty[j].l2 = lambda * factor[j] * (1 - options.alpha) * sd[j] * sd[j];
    }
    CoxPathPoint point;
    point.lambda = lambda;
    const End end = settle(penalty, free);
    point.converged = end == End::settled;
    point.runs_off = end == End::ran_off;
    point.objective = -sums.loglik / w + penalty_sum(penalty, b);
    point.loglik = sums.loglik;
    point.coef.resize(p);
    for (std::size_t j = 0; j < p; ++j) {
      point.coef[j] = free[j] != 0 ? b[j] * t.scale[j] : 0.0;
      point.nonzero += point.coef[j] != 0 ? 1U : 0U;
    }
    out.points.push_back(std::move(point));
  }
  return out;
}

}  // namespace ombre::inline v0::stats
