#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>

#include "ombre/stats/cox_penalised.hpp"
#include "stats/cox_sums.hpp"

namespace ombre::inline v0::stats {
namespace {

using detail::CarefulSum;
using detail::Cholesky;
using detail::CoxTable;

// Sums over a risk set that the derivative of log |I| needs; q = x'Ax.
struct Sums {
  explicit Sums(std::size_t p) : s1(p), s2(p * p), t(p) {}
  CarefulSum s0;
  CarefulSum q;
  std::vector<CarefulSum> s1;
  std::vector<CarefulSum> s2;  // lower triangle
  std::vector<CarefulSum> t;   // sum of r q x

  void add(double risk, const std::vector<double>& x, double form) {
    const std::size_t p = x.size();
    s0.add(risk);
    q.add(risk * form);
    for (std::size_t j = 0; j < p; ++j) {
      s1[j].add(risk * x[j]);
      t[j].add(risk * form * x[j]);
      for (std::size_t h = 0; h <= j; ++h) s2[j * p + h].add(risk * x[j] * x[h]);
    }
  }
};

// Half the derivative of log |I| at the b of `sums`, A being I^-1: for each term of the likelihood,
// E[(x - m)'A(x - m) (x - m)] / 2 over its risk set.
std::vector<double> half_derivative(const CoxTable& t, const detail::RiskSums& r, CoxTies ties,
                                    const std::vector<double>& a) {
  const std::size_t p = t.p;
  std::vector<double> out(p, 0.0);
  std::vector<double> x(p);
  std::vector<double> m(p);
  std::vector<double> am(p);
  const auto load = [&](std::size_t i) {
    for (std::size_t j = 0; j < p; ++j) x[j] = t.x[j * t.n + i];
    double form = 0;
    for (std::size_t j = 0; j < p; ++j) {
      double row = 0;
      for (std::size_t h = 0; h < p; ++h) row += a[j * p + h] * x[h];
      form += x[j] * row;
    }
    return form;
  };
  for (std::size_t s = 0; s < t.strata(); ++s) {
    Sums all{p};
    for (std::size_t k = t.stratum_slot[s + 1]; k-- > t.stratum_slot[s] + 1;) {
      const std::size_t begin = t.slot_row[k];
      const std::size_t d = t.slot_deaths[k];
      Sums died{p};
      double weight = 0;
      for (std::size_t i = begin; i < t.slot_row[k + 1]; ++i) {
        const double form = load(i);
        all.add(r.risk[i], x, form);
        if (i < begin + d) {
          died.add(r.risk[i], x, form);
          weight += t.weight_of(i);
        }
      }
      if (t.truncated) {
        for (std::size_t e = t.slot_late[k]; e < t.slot_late[k + 1]; ++e) {
          const double form = load(t.late[e]);
          all.add(-r.late_risk[e], x, form);
        }
      }
      const std::size_t terms = ties == CoxTies::efron ? d : 1;
      const double share = weight / static_cast<double>(terms);
      for (std::size_t l = 0; l < terms; ++l) {
        const double f = static_cast<double>(l) / static_cast<double>(d);
        const auto less = [&](const CarefulSum& whole, const CarefulSum& part) {
          return whole.value() - f * part.value();
        };
        const double s0 = less(all.s0, died.s0);
        const double q = less(all.q, died.q) / s0;
        for (std::size_t j = 0; j < p; ++j) m[j] = less(all.s1[j], died.s1[j]) / s0;
        double mam = 0;
        for (std::size_t j = 0; j < p; ++j) {
          am[j] = 0;
          for (std::size_t h = 0; h < p; ++h) am[j] += a[j * p + h] * m[h];
          mam += am[j] * m[j];
        }
        for (std::size_t j = 0; j < p; ++j) {
          double cam = -m[j] * mam;
          for (std::size_t h = 0; h < p; ++h) {
            const std::size_t at = j >= h ? j * p + h : h * p + j;
            cam += less(all.s2[at], died.s2[at]) / s0 * am[h];
          }
          out[j] += share * 0.5 * (less(all.t[j], died.t[j]) / s0 - q * m[j] - 2 * cam);
        }
      }
    }
  }
  return out;
}

struct Maximiser {
  const CoxTable& t;
  CoxTies ties;
  int max_iterations;
  const Progress& progress;
  std::vector<char> keep;

  struct State {
    detail::RiskSums sums;
    detail::Moments moments;
    Cholesky factor;
    double value = 0;  // penalised log-likelihood
    bool usable = false;
  };
  State at{};
  int iterations = 0;
  bool converged = false;
  bool cancelled = false;

  void evaluate(std::span<const double> b) {
    detail::risk_sums(t, b, ties, serial(), at.sums);
    at.usable = at.sums.usable;
    if (!at.usable) return;
    const std::vector<std::vector<double>> plain(1);
    detail::moments(t, at.sums, plain, serial(), at.moments);
    std::vector<char> kept = keep;
    at.usable = at.factor.factor(at.moments.information[0], t.p, kept, {});
    at.value = at.sums.loglik;
    for (std::size_t j = 0; j < t.p; ++j) {
      // The information is meant in the units of x.
      if (keep[j] != 0) at.value += std::log(at.factor.pivot[j]) / 2 - std::log(t.scale[j]);
    }
    at.usable = at.usable && std::isfinite(at.value);
  }

  // Slope of the penalised log-likelihood where evaluate() was last.
  [[nodiscard]] std::vector<double> slope() const {
    std::vector<double> out = half_derivative(t, at.sums, ties, at.factor.inverse());
    for (std::size_t j = 0; j < t.p; ++j) out[j] += at.moments.score[0][j];
    return out;
  }

  // Maximises from b over the kept columns, `held` (p for none) keeping its value.
  void run(std::vector<double>& b, std::size_t held) {
    evaluate(b);
    converged = false;
    double last = 0;
    std::vector<double> up;
    if (at.usable) up = slope();
    for (int i = 0; i < max_iterations && at.usable; ++i) {
      if (progress && !progress(std::min(0.99, static_cast<double>(i) / max_iterations))) {
        cancelled = true;
        return;
      }
      ++iterations;
      Cholesky factor = at.factor;
      if (held < t.p) {
        std::vector<char> kept = keep;
        kept[held] = 0;
        static_cast<void>(factor.factor(at.moments.information[0], t.p, kept, {}));
      }
      std::vector<double> step = up;
      factor.solve(step);
      const auto along = [&](const std::vector<double>& v) {
        double sum = 0;
        for (std::size_t j = 0; j < t.p; ++j) {
          if (factor.pivot[j] != 0) sum += step[j] * v[j];
        }
        return sum;
      };
      const double length = along(up);
      if (std::abs(length) < 1e-24 || (std::abs(length) < 1e-18 && length >= last / 2)) {
        converged = true;
        return;
      }
      last = length;
      // No predictor moves by more than 5 at once: far steps overshoot where groups are separated.
      double most = 0;
      for (std::size_t j = 0; j < t.p; ++j) most += std::abs(step[j]) * t.largest[j];
      const std::vector<double> from = b;
      const double before = at.value;
      double scale = most > 5 ? 5 / most : 1;
      const auto go = [&](double share) {
        for (std::size_t j = 0; j < t.p; ++j) b[j] = from[j] + share * step[j];
        evaluate(b);
      };
      for (int halvings = 0; halvings < 30; ++halvings, scale /= 2) {
        go(scale);
        // Close by, the likelihood is flat to rounding and has no say.
        if (at.usable && (length < 1e-8 || at.value >= before - 1e-12 * std::abs(before))) break;
      }
      if (!at.usable) return;
      up = slope();
      // The information is not the curvature of the penalised likelihood. Where a good part of the
      // slope is left along the step, its zero is taken from the slopes at both ends.
      const double left = along(up);
      if (std::abs(left) > 0.1 * length && length - left > 0) {
        go(std::clamp(scale * length / (length - left), 0.1 * scale, 3 * scale));
        if (!at.usable) return;
        up = slope();
      }
    }
  }
};

}  // namespace

Result<CoxFirthFit> cox_firth(const CoxData& data, const CoxFirthOptions& options) {
  const CoxTable& t = data.table();
  const std::size_t p = t.p;
  if (options.ties == CoxTies::exact) {
    return unexpected(
        error_of(Errc::unsupported, "ties", "Firth's correction is for efron or breslow ties"));
  }
  if (options.level && !(*options.level > 0 && *options.level < 1)) {
    return unexpected(error_at(Errc::out_of_range, "level", std::nullopt, *options.level,
                               "must be above 0 and below 1"));
  }
  CoxFirthFit out;
  out.coef.assign(p, 0.0);
  out.kind.assign(p, CoxCoefficient::estimated);
  out.variance.assign(p * p, 0.0);
  out.interval.resize(p);
  out.chi_square.resize(p);

  Maximiser search{t, options.ties, options.max_iterations, options.progress,
                   std::vector<char>(p, 1)};
  std::vector<double> b(p, 0.0);
  detail::risk_sums(t, b, options.ties, serial(), search.at.sums);
  if (!search.at.sums.usable) {
    return unexpected(error_of(Errc::out_of_range, "offset",
                               "differs so much between rows at risk that risks underflow"));
  }
  const std::vector<std::vector<double>> plain(1);
  detail::moments(t, search.at.sums, plain, serial(), search.at.moments);
  std::vector<double> limit(p);
  for (std::size_t j = 0; j < p; ++j) {
    if (t.scale[j] == 0) search.keep[j] = 0;
    limit[j] = 1.8e-12 * search.at.moments.gram_diagonal[j];
  }
  static_cast<void>(
      search.at.factor.factor(search.at.moments.information[0], p, search.keep, limit));
  for (std::size_t j = 0; j < p; ++j) {
    if (search.keep[j] == 0) {
      out.kind[j] = CoxCoefficient::aliased;
    } else {
      ++out.df;
    }
  }
  search.evaluate(b);
  out.penalised_loglik_null = search.at.value;
  out.penalised_loglik = search.at.value;
  if (out.df == 0) {
    out.converged = true;
    return out;
  }
  const auto cancelled = [] {
    return unexpected(error_of(Errc::cancelled, "progress", "the fit was stopped by its caller"));
  };
  search.run(b, p);
  if (search.cancelled) return cancelled();
  out.converged = search.converged;
  out.iterations = search.iterations;
  out.penalised_loglik = search.at.value;
  out.likelihood_ratio_test = std::max(0.0, 2 * (out.penalised_loglik - out.penalised_loglik_null));
  const std::vector<double> inverse = search.at.factor.inverse();
  for (std::size_t j = 0; j < p; ++j) {
    out.coef[j] = search.keep[j] != 0 ? b[j] * t.scale[j] : 0.0;
    for (std::size_t h = 0; h < p; ++h) {
      out.variance[j * p + h] = inverse[j * p + h] * t.scale[j] * t.scale[h];
    }
  }
  if (!options.level || !out.converged) return out;

  // Tests hold a coefficient at 0. Ends of the profile interval: the held value is walked outwards
  // until the profile has fallen far enough, then the bracket is closed (regula falsi, halved where
  // it stalls).
  const double drop = boost::math::quantile(boost::math::chi_squared(1), *options.level) / 2;
  const double best = search.at.value;
  for (std::size_t j = 0; j < p; ++j) {
    if (search.keep[j] == 0) continue;
    {
      std::vector<double> without = b;
      without[j] = 0;
      search.run(without, j);
      if (search.cancelled) return cancelled();
      if (search.converged && search.at.usable) {
        out.chi_square[j] = std::max(0.0, 2 * (best - search.at.value));
      }
    }
    for (const double side : {-1.0, 1.0}) {
      std::vector<double> point = b;
      bool fine = true;
      const auto excess = [&](double value) {
        point[j] = value;
        search.run(point, j);
        fine = fine && search.converged && search.at.usable;
        return search.at.value - (best - drop);
      };
      const double unit = std::sqrt(inverse[j * p + j]);
      double inside = b[j];
      double inside_excess = drop;
      double outside = b[j] + side * 2 * unit;
      double outside_excess = excess(outside);
      for (int k = 0; k < 40 && fine && outside_excess > 0; ++k) {
        inside = outside;
        inside_excess = outside_excess;
        outside += side * unit * (1 << std::min(k, 10));
        outside_excess = excess(outside);
      }
      if (search.cancelled) return cancelled();
      if (!fine || outside_excess > 0) continue;
      for (int k = 0; k < 100 && fine && std::abs(outside - inside) > 1e-11 * unit; ++k) {
        const double share = k % 3 == 2 ? 0.5 : inside_excess / (inside_excess - outside_excess);
        const double next = inside + std::clamp(share, 0.01, 0.99) * (outside - inside);
        const double here = excess(next);
        if (here > 0) {
          inside = next;
          inside_excess = here;
        } else {
          outside = next;
          outside_excess = here;
        }
        if (std::abs(here) < 1e-12) break;
      }
      if (search.cancelled) return cancelled();
      if (!fine) continue;
      const double share = inside_excess / (inside_excess - outside_excess);
      const double end = (inside + share * (outside - inside)) * t.scale[j];
      (side < 0 ? out.interval[j].first : out.interval[j].second) = end;
    }
  }
  return out;
}

}  // namespace ombre::inline v0::stats
