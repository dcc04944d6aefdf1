#include "ombre/stats/cox_baseline.hpp"

#include <algorithm>
#include <cmath>

#include "stats/cox_sums.hpp"

namespace ombre::inline v0::stats {

Result<std::vector<CoxCurve>> cox_curves(const CoxData& data, const CoxFit& fit,
                                         std::span<const double> x, double offset) {
  const detail::CoxTable& t = data.table();
  const std::size_t p = t.p;
  if (fit.n != t.n || fit.coef.size() != p || fit.variance.size() != p * p) {
    return unexpected(error_at(Errc::size_mismatch, "fit", std::nullopt, static_cast<double>(fit.n),
                               "must be a fit of these rows"));
  }
  if (!x.empty() && x.size() != p) {
    return unexpected(error_at(Errc::size_mismatch, "x", std::nullopt,
                               static_cast<double>(x.size()), "must have one number a column"));
  }
  for (std::size_t j = 0; j < x.size(); ++j) {
    if (!std::isfinite(x[j])) {
      return unexpected(error_at(Errc::not_finite, "x", j, x[j], "must be finite"));
    }
  }
  const CoxTies ties = fit.ties == CoxTies::exact ? CoxTies::breslow : fit.ties;
  detail::RiskSums sums;
  detail::risk_sums(t, detail::scaled_coefficients(t, fit), ties, serial(), sums);
  detail::SlotMeans means;
  detail::slot_means(t, sums, ties, means);
  detail::accumulate_drift(t, means);

  // In the table's units, relative to its centre.
  std::vector<double> at(p, 0.0);
  std::vector<double> variance(p * p, 0.0);
  double predictor = offset;
  for (std::size_t j = 0; j < p; ++j) {
    const double from_centre = (x.empty() ? 0.0 : x[j]) - t.centre[j];
    predictor += fit.coef[j] * from_centre;
    at[j] = from_centre * t.scale[j];
    for (std::size_t h = 0; h < p; ++h) {
      if (t.scale[j] != 0 && t.scale[h] != 0) {
        variance[j * p + h] = fit.variance[j * p + h] / (t.scale[j] * t.scale[h]);
      }
    }
  }

  std::vector<CoxCurve> out;
  std::vector<double> q(p);
  for (std::size_t s = 0; s < t.strata(); ++s) {
    CoxCurve curve;
    curve.stratum = s;
    const std::size_t first = t.stratum_slot[s];
    const double shift = sums.stratum_shift.empty() ? 0 : sums.stratum_shift[s];
    const double factor = std::exp(predictor - shift);
    double squares = 0;
    double hazard = 0;
    double error = 0;
    for (std::size_t k = first; k < t.stratum_slot[s + 1]; ++k) {
      if (k != first) {
        squares += sums.square[k] / (sums.s0[k] * sums.s0[k]);
        hazard = factor * sums.cumulative[k];
        for (std::size_t j = 0; j < p; ++j) {
          q[j] = at[j] * sums.cumulative[k] - means.drift[k * p + j];
        }
        double spread = squares;
        for (std::size_t j = 0; j < p; ++j) {
          double row = 0;
          for (std::size_t h = 0; h < p; ++h) row += variance[j * p + h] * q[h];
          spread += q[j] * row;
        }
        error = factor * std::sqrt(std::max(spread, 0.0));
      }
      for (std::size_t i = t.slot_row[k]; i < t.slot_row[k + 1]; ++i) {
        if (!curve.time.empty() && curve.time.back() == t.time[i]) continue;
        curve.time.push_back(t.time[i]);
        curve.cumulative_hazard.push_back(hazard);
        curve.survival.push_back(std::exp(-hazard));
        curve.std_error.push_back(error);
      }
    }
    out.push_back(std::move(curve));
  }
  return out;
}

}  // namespace ombre::inline v0::stats
