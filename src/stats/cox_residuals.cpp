#include "ombre/stats/cox_residuals.hpp"

#include <algorithm>
#include <cmath>

#include "stats/cox_sums.hpp"

namespace ombre::inline v0::stats {

Result<CoxResiduals> cox_residuals(const CoxData& data, const CoxFit& fit) {
  const detail::CoxTable& t = data.table();
  const std::size_t p = t.p;
  if (fit.n != t.n || fit.coef.size() != p || fit.model_variance.size() != p * p) {
    return unexpected(error_at(Errc::size_mismatch, "fit", std::nullopt, static_cast<double>(fit.n),
                               "must be a fit of these rows"));
  }
  const bool exact = fit.ties == CoxTies::exact;
  const CoxTies ties = exact ? CoxTies::breslow : fit.ties;
  detail::RiskSums sums;
  detail::risk_sums(t, detail::scaled_coefficients(t, fit), ties, serial(), sums);
  CoxResiduals out;
  out.martingale.assign(t.n, 0.0);
  out.deviance.assign(t.n, 0.0);
  for (std::size_t k = 0; k < t.slots(); ++k) {
    for (std::size_t i = t.slot_row[k]; i < t.slot_row[k + 1]; ++i) {
      const std::size_t row = t.order[i];
      const double m = detail::martingale_residual(t, sums, i, k);
      const double inside = m + (t.dead[i] != 0 ? std::log(1 - m) : 0.0);
      out.martingale[row] = m;
      out.deviance[row] = std::copysign(std::sqrt(std::max(-2 * inside, 0.0)), m);
    }
  }
  if (exact) return out;

  detail::SlotMeans means;
  detail::slot_means(t, sums, ties, means);
  for (std::size_t k = 0; k < t.slots(); ++k) {
    for (std::size_t i = t.slot_row[k]; i < t.slot_row[k] + t.slot_deaths[k]; ++i) {
      out.event_row.push_back(t.order[i]);
      out.event_time.push_back(t.time[i]);
      for (std::size_t j = 0; j < p; ++j) {
        const double v = t.x[j * t.n + i] - means.mean[k * p + j];
        out.schoenfeld.push_back(t.scale[j] != 0 ? v / t.scale[j] : 0.0);
      }
    }
  }
  const auto times_variance = [&](const double* u, double* to) {
    std::fill(to, to + p, 0.0);
    for (std::size_t h = 0; h < p; ++h) {
      const double* v = fit.model_variance.data() + h * p;
      for (std::size_t j = 0; j < p; ++j) to[j] += u[h] * v[j];
    }
  };
  out.scaled_schoenfeld.resize(out.schoenfeld.size());
  for (std::size_t e = 0; e < out.event_row.size(); ++e) {
    double* to = out.scaled_schoenfeld.data() + e * p;
    times_variance(out.schoenfeld.data() + e * p, to);
    for (std::size_t j = 0; j < p; ++j) {
      to[j] = to[j] * static_cast<double>(t.events) + fit.coef[j];
    }
  }

  detail::accumulate_drift(t, means);
  out.score.assign(t.n * p, 0.0);
  out.dfbeta.assign(t.n * p, 0.0);
  out.dfbetas.assign(t.n * p, 0.0);
  std::vector<double> inverse_se(p, 0.0);
  for (std::size_t j = 0; j < p; ++j) {
    const double v = fit.model_variance[j * p + j];
    if (v > 0) inverse_se[j] = 1 / std::sqrt(v);
  }
  for (std::size_t k = 0; k < t.slots(); ++k) {
    for (std::size_t i = t.slot_row[k]; i < t.slot_row[k + 1]; ++i) {
      const std::size_t row = t.order[i];
      double* u = out.score.data() + row * p;
      detail::score_residual(t, sums, means, i, k, u);
      for (std::size_t j = 0; j < p; ++j) u[j] = t.scale[j] != 0 ? u[j] / t.scale[j] : 0.0;
      double* change = out.dfbeta.data() + row * p;
      times_variance(u, change);
      for (std::size_t j = 0; j < p; ++j) {
        change[j] *= t.weight_of(i);
        out.dfbetas[row * p + j] = change[j] * inverse_se[j];
      }
    }
  }
  return out;
}

}  // namespace ombre::inline v0::stats
