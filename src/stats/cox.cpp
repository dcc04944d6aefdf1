#include "ombre/stats/cox.hpp"

#include <algorithm>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>
#include <string>

#include "stats/cox_sums.hpp"
#include "stats/wide_loops.hpp"

namespace ombre::inline v0::stats {
namespace {

using detail::Cholesky;
using detail::CoxTable;
using detail::Moments;
using detail::RiskSums;

// Log-likelihood with its derivatives at one b.
struct Point {
  RiskSums sums;
  Moments moments;
  double loglik = 0;
  bool usable = false;
};

void evaluate(const CoxTable& t, std::span<const double> b, CoxTies ties, const Runner& runner,
              Point& out) {
  if (ties == CoxTies::exact) {
    out.usable = detail::exact_moments(t, b, out.loglik, out.moments);
    return;
  }
  detail::risk_sums(t, b, ties, runner, out.sums);
  out.loglik = out.sums.loglik;
  out.usable = out.sums.usable;
  if (!out.usable) return;
  const std::vector<std::vector<double>> plain(1);
  detail::moments(t, out.sums, plain, runner, out.moments);
}

// What each left-out column is made of, from the factor the pivots were found with.
std::vector<CoxAlias> explain_aliases(const CoxTable& t, const Cholesky& c,
                                      const std::vector<char>& keep) {
  std::vector<CoxAlias> out;
  const std::size_t p = t.p;
  for (std::size_t j = 0; j < p; ++j) {
    if (keep[j] != 0) continue;
    CoxAlias alias;
    alias.column = j;
    std::vector<double> f(p, 0.0);
    for (std::size_t h = j; h-- > 0;) {
      if (keep[h] == 0) continue;
      double v = c.l[j * p + h];
      for (std::size_t q = h + 1; q < j; ++q) {
        if (keep[q] != 0) v -= c.l[q * p + h] * f[q];
      }
      f[h] = v;
    }
    for (std::size_t h = 0; h < j && t.scale[j] != 0; ++h) {
      if (std::abs(f[h]) > 1e-6) alias.combination.emplace_back(h, f[h] * t.scale[h] / t.scale[j]);
    }
    out.push_back(std::move(alias));
  }
  return out;
}

// Largest change of a row's linear predictor along a step.
double largest_move(const CoxTable& t, std::span<const double> step) {
  std::vector<double> move(t.n, 0.0);
  for (std::size_t j = 0; j < t.p; ++j) {
    for (std::size_t i = 0; i < t.n; ++i) move[i] += step[j] * t.column(j)[i];
  }
  double most = 0;
  for (const double m : move) most = std::max(most, std::abs(m));
  return most;
}

// What a robust variance is the sum over: clusters, or rows where there are none.
std::size_t units(const CoxTable& t) {
  if (t.cluster.empty()) return t.n;
  std::vector<char> seen(t.clusters, 0);
  for (const std::uint32_t c : t.cluster) seen[c] = 1;
  return static_cast<std::size_t>(std::count(seen.begin(), seen.end(), 1));
}

}  // namespace

std::string_view name(CoxTies ties) noexcept {
  switch (ties) {
    case CoxTies::efron:
      return "efron";
    case CoxTies::breslow:
      return "breslow";
    case CoxTies::exact:
      return "exact";
  }
  return "";
}

Result<CoxTies> cox_ties(std::string_view text) {
  for (const CoxTies ties : {CoxTies::efron, CoxTies::breslow, CoxTies::exact}) {
    if (text == name(ties)) return ties;
  }
  return unexpected(
      error_at(Errc::unknown_name, "ties", std::nullopt, text, "must be efron, breslow or exact"));
}

double chi_square_upper_tail(double chi_square, std::size_t df) {
  if (df == 0 || !(chi_square > 0)) return 1;
  if (!std::isfinite(chi_square)) return 0;
  return boost::math::gamma_q(static_cast<double>(df) / 2, chi_square / 2);
}

Result<CoxFit> cox_fit(const CoxData& data, const CoxFitOptions& options) {
  const CoxTable& t = data.table();
  const std::size_t p = t.p;
  const Runner& runner = options.runner == nullptr ? serial() : *options.runner;
  if (options.ties == CoxTies::exact) {
    if (t.weighted) {
      return unexpected(error_of(Errc::unsupported, "weight",
                                 "exact ties have no meaning with weights other than 1"));
    }
    if (options.robust) {
      return unexpected(error_of(Errc::unsupported, "robust",
                                 "exact ties have no score residuals, so no robust errors"));
    }
    for (std::size_t k = 0; k < t.slots(); ++k) {
      if (t.slot_deaths[k] > 5000) {
        return unexpected(error_at(Errc::too_large, "ties", std::nullopt,
                                   static_cast<double>(t.slot_deaths[k]),
                                   "exact ties take at most 5000 events at one time"));
      }
    }
  }
  double share = 0;  // what was last reported, for loops over thousands of columns
  const auto go_on = [&](double now) {
    share = now;
    return !options.progress || options.progress(now);
  };
  const std::function<bool()> still = [&] { return go_on(share); };
  const auto cancelled = [] {
    return unexpected(error_of(Errc::cancelled, "progress", "the fit was stopped by its caller"));
  };

  CoxFit fit;
  fit.ties = options.ties;
  fit.robust = options.robust;
  fit.n = t.n;
  fit.events = t.events;
  fit.means = t.means;
  fit.kind.assign(p, CoxCoefficient::estimated);
  fit.coef.assign(p, 0.0);

  if (!go_on(0)) return cancelled();
  std::vector<double> b(p, 0.0);
  Point at;
  evaluate(t, b, options.ties, runner, at);
  if (!at.usable) {
    return unexpected(error_of(Errc::out_of_range, "offset",
                               "differs so much between rows at risk that risks underflow"));
  }
  fit.loglik_null = at.loglik;

  // Which columns carry information of their own is settled here, before anything can run off.
  std::vector<char> keep(p, 1);
  std::vector<double> limit(p);
  for (std::size_t j = 0; j < p; ++j) {
    if (t.scale[j] == 0) keep[j] = 0;
    limit[j] = 1.8e-12 * at.moments.gram_diagonal[j];
  }
  Cholesky factor;
  static_cast<void>(factor.factor(at.moments.information[0], p, keep, limit, still));
  if (factor.stopped) return cancelled();
  fit.aliases = explain_aliases(t, factor, keep);
  for (std::size_t j = 0; j < p; ++j) {
    if (keep[j] == 0) {
      fit.kind[j] = CoxCoefficient::aliased;
    } else {
      ++fit.df;
    }
  }
  const auto newton_step = [&](std::vector<double>& step) {
    static_cast<void>(factor.factor(at.moments.information[0], p, keep, {}, still));
    if (factor.stopped) return 0.0;
    step = at.moments.score[0];
    factor.solve(step);
    double decrement = 0;
    for (std::size_t j = 0; j < p; ++j) decrement += step[j] * at.moments.score[0][j];
    return std::max(decrement, 0.0);
  };
  std::vector<double> step(p);
  double decrement = newton_step(step);
  if (factor.stopped) return cancelled();
  fit.score_test = decrement;
  if (options.robust && fit.df != 0) {
    // Over the columns in the model.
    std::vector<double> products = detail::score_products(t, at.sums, options.ties, runner);
    std::vector<double> u = at.moments.score[0];
    for (std::size_t j = 0; j < p; ++j) {
      if (keep[j] != 0) continue;
      u[j] = 0;
      for (std::size_t h = 0; h < p; ++h) products[j * p + h] = products[h * p + j] = 0;
    }
    fit.robust_score_test = detail::quadratic_form(products, u);
  }

  // Newton. `decrement` is the squared length of the next step in standard errors: it falls
  // quadratically near a maximum, and by a constant factor (1/e) where a coefficient runs off.
  constexpr double settled = 1e-24;
  constexpr double nearly = 1e-9;
  bool infinite = false;
  fit.status = fit.df == 0 ? CoxStatus::converged : CoxStatus::iteration_limit;
  int slow = 0;
  while (fit.df != 0) {
    if (decrement < settled) {
      fit.status = CoxStatus::converged;
      break;
    }
    if (fit.iterations >= options.max_iterations) break;
    if (!go_on(static_cast<double>(fit.iterations) / options.max_iterations)) return cancelled();
    const std::vector<double> from = b;
    const double before = at.loglik;
    const double last_decrement = decrement;
    for (std::size_t j = 0; j < p; ++j) b[j] += step[j];
    ++fit.iterations;
    evaluate(t, b, options.ties, runner, at);
    if (!still()) return cancelled();
    int halvings = 0;
    while ((!at.usable || at.loglik < before - 1e-10 * std::abs(before) - 1e-12) && halvings < 40) {
      ++halvings;
      for (std::size_t j = 0; j < p; ++j) b[j] = (b[j] + from[j]) / 2;
      evaluate(t, b, options.ties, runner, at);
      if (!still()) return cancelled();
    }
    if (!at.usable) {  // nothing usable beyond where we stood
      b = from;
      evaluate(t, b, options.ties, runner, at);
      static_cast<void>(newton_step(step));
      if (factor.stopped) return cancelled();
      infinite = slow >= 3 && largest_move(t, step) > 0.01;
      break;
    }
    decrement = newton_step(step);
    if (factor.stopped) return cancelled();
    const double ratio = decrement / last_decrement;
    if (!std::isfinite(decrement) || (slow >= 3 && !(ratio < 10))) {
      // Coefficients ran so far that the information is rounding: back to the last sound point.
      b = from;
      evaluate(t, b, options.ties, runner, at);
      static_cast<void>(newton_step(step));
      if (factor.stopped) return cancelled();
      infinite = largest_move(t, step) > 0.01;
      break;
    }
    slow = ratio > 0.05 && last_decrement < 1 ? slow + 1 : 0;
    if (last_decrement < nearly) {
      if (slow >= 3 && decrement < 1e-11) {
        // Either a coefficient runs off (somebody's predictor still moves), or rounding is reached.
        infinite = largest_move(t, step) > 0.01;
        fit.status = CoxStatus::converged;
        break;
      }
      if (decrement < 1e-22 || (decrement < 1e-17 && ratio > 0.05)) {
        // A free last step: it moves b by less than 1e-11 standard errors, and what was computed at
        // b no more than that.
        if (decrement > settled && ratio < 0.05) {
          for (std::size_t j = 0; j < p; ++j) b[j] += step[j];
        }
        fit.status = CoxStatus::converged;
        break;
      }
    }
  }
  if (infinite) {
    fit.status = CoxStatus::infinite_coefficient;
    double most = 0;
    for (const double s : step) most = std::max(most, std::abs(s));
    for (std::size_t j = 0; j < p; ++j) {
      if (keep[j] != 0 && std::abs(step[j]) > 1e-4 * most) fit.kind[j] = CoxCoefficient::infinite;
    }
  }
  fit.loglik = at.loglik;
  fit.likelihood_ratio_test = std::max(2 * (fit.loglik - fit.loglik_null), 0.0);

  // Back to the caller's units.
  fit.model_variance = factor.inverse(still);
  if (fit.model_variance.size() != p * p) return cancelled();
  const auto rescale = [&](std::vector<double>& m) {
    for (std::size_t j = 0; j < p; ++j) {
      for (std::size_t h = 0; h < p; ++h) m[j * p + h] *= t.scale[j] * t.scale[h];
    }
  };
  if (options.robust && fit.df != 0) {
    const std::vector<double> products = detail::score_products(t, at.sums, options.ties, runner);
    std::vector<double> half(p * p, 0.0);
    fit.variance.assign(p * p, 0.0);
    const std::vector<double>& v = fit.model_variance;
    for (std::size_t j = 0; j < p; ++j) {
      if (j % 32 == 31 && !still()) return cancelled();
      for (std::size_t h = 0; h < p; ++h) {
        for (std::size_t q = 0; q < p; ++q) half[j * p + h] += v[j * p + q] * products[q * p + h];
      }
    }
    for (std::size_t j = 0; j < p; ++j) {
      if (j % 32 == 31 && !still()) return cancelled();
      for (std::size_t h = 0; h <= j; ++h) {
        double sum = 0;
        for (std::size_t q = 0; q < p; ++q) sum += half[j * p + q] * v[q * p + h];
        fit.variance[j * p + h] = fit.variance[h * p + j] = sum;
      }
    }
    rescale(fit.variance);
  }
  rescale(fit.model_variance);
  if (fit.variance.empty()) fit.variance = fit.model_variance;
  for (std::size_t j = 0; j < p; ++j) fit.coef[j] = keep[j] != 0 ? b[j] * t.scale[j] : 0.0;

  if (!infinite) {
    // var^-1 over the columns in the model. Scores of rows or clusters add up to 0, so a robust
    // variance has an inverse where there are more of them than columns.
    double wald = 0;
    if (options.robust) {
      if (units(t) > fit.df) fit.wald_test = detail::quadratic_form(fit.variance, fit.coef);
    } else {
      for (std::size_t j = 0; j < p; ++j) {
        for (std::size_t h = 0; h < p; ++h) {
          if (keep[j] == 0 || keep[h] == 0) continue;
          wald += b[j] * at.moments.information[0][j * p + h] * b[h];
        }
      }
    }
    if (!options.robust) fit.wald_test = wald;
  }

  at.sums = {};  // room for what follows
  detail::reserve_large(fit.linear_predictor, t.n);
  fit.linear_predictor.resize(t.n);
  double lift = 0;
  for (std::size_t j = 0; j < p; ++j) lift += fit.coef[j] * (t.centre[j] - t.means[j]);
  std::vector<const double*> columns;
  std::vector<double> factors;
  for (std::size_t j = 0; j < p; ++j) {
    if (keep[j] == 0) continue;
    columns.push_back(t.column(j));
    factors.push_back(b[j]);
  }
  constexpr std::size_t piece = 16384;
  runner.run((t.n + piece - 1) / piece, [&](std::size_t c) {
    constexpr std::size_t block = 1024;
    double eta[block];
    std::vector<const double*> rows(columns.size());
    const std::size_t end = std::min(t.n, (c + 1) * piece);
    for (std::size_t begin = c * piece; begin < end; begin += block) {
      const std::size_t count = std::min(block, end - begin);
      std::fill(eta, eta + count, 0.0);
      for (std::size_t j = 0; j < rows.size(); ++j) rows[j] = columns[j] + begin;
      detail::add_predictor(rows, factors.data(), count, eta);
      for (std::size_t i = 0; i < count; ++i) {
        fit.linear_predictor[t.order[begin + i]] =
            eta[i] + lift + (t.offset.empty() ? 0.0 : t.offset[begin + i]);
      }
    }
  });
  return fit;
}

std::vector<std::optional<HazardRatio>> hazard_ratios(const CoxFit& fit, double level) {
  const std::size_t p = fit.coef.size();
  const double tail = std::clamp((1 - level) / 2, 1e-300, 0.5);
  const double width = std::numbers::sqrt2 * boost::math::erfc_inv(2 * tail);
  std::vector<std::optional<HazardRatio>> out(p);
  for (std::size_t j = 0; j < p; ++j) {
    if (fit.kind[j] == CoxCoefficient::aliased) continue;
    HazardRatio ratio;
    if (fit.kind[j] == CoxCoefficient::infinite) {
      constexpr double infinity = std::numeric_limits<double>::infinity();
      ratio.infinite = true;
      ratio.estimate = fit.coef[j] > 0 ? infinity : 0;
      ratio.upper = infinity;
    } else {
      const double se = std::sqrt(fit.variance[j * p + j]);
      ratio.estimate = std::exp(fit.coef[j]);
      ratio.lower = std::exp(fit.coef[j] - width * se);
      ratio.upper = std::exp(fit.coef[j] + width * se);
      if (se > 0) {
        ratio.z = fit.coef[j] / se;
        ratio.p = std::erfc(std::abs(ratio.z) / std::numbers::sqrt2);
      }
    }
    out[j] = ratio;
  }
  return out;
}

}  // namespace ombre::inline v0::stats
