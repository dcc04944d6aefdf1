// Exact ties: a recursion over rows that carries mean and covariance for every size of set.
#include <algorithm>
#include <cmath>

#include "stats/cox_sums.hpp"

namespace ombre::inline v0::stats::detail {

bool exact_moments(const CoxTable& t, std::span<const double> b, double& loglik, Moments& out) {
  const std::size_t p = t.p;
  out.score.assign(1, std::vector<double>(p, 0.0));
  out.information.assign(1, std::vector<double>(p * p, 0.0));
  out.gram_diagonal.assign(p, 0.0);
  loglik = 0;
  std::vector<double> eta(t.n, 0.0);
  for (std::size_t i = 0; i < t.n; ++i) {
    if (!t.offset.empty()) eta[i] = t.offset[i];
    for (std::size_t j = 0; j < p; ++j) eta[i] += b[j] * t.column(j)[i];
  }
  std::vector<double>& score = out.score[0];
  std::vector<double>& information = out.information[0];
  // For sets of c rows among those seen so far: the sum over sets of the product of their risks,
  // and mean and covariance of their sum of x under that weighting.
  std::vector<long double> total;
  std::vector<double> mean;
  std::vector<double> cov;
  std::vector<std::size_t> at_risk;
  std::vector<double> x(p);
  const std::size_t pp = p * p;
  for (std::size_t s = 0; s < t.strata(); ++s) {
    const std::size_t last = t.stratum_slot[s + 1];
    for (std::size_t k = t.stratum_slot[s] + 1; k < last; ++k) {
      const std::size_t d = t.slot_deaths[k];
      at_risk.clear();
      double most = -1e300;
      for (std::size_t i = t.slot_row[k]; i < t.slot_row[last]; ++i) {
        if (t.truncated && t.lo[i] >= k) continue;
        at_risk.push_back(i);
        most = std::max(most, eta[i]);
      }
      if (d == at_risk.size()) continue;  // everybody: probability 1
      if (!std::isfinite(most)) return false;
      // Risks are scaled to sum to d, which keeps sums over sets of every size near 1.
      double sum = 0;
      for (const std::size_t i : at_risk) sum += std::exp(eta[i] - most);
      const double factor = static_cast<double>(d) / sum;
      if (!(factor > 0) || !std::isfinite(factor)) return false;
      total.assign(d + 1, 0);
      mean.assign((d + 1) * p, 0.0);
      cov.assign((d + 1) * pp, 0.0);
      total[0] = 1;
      std::size_t seen = 0;
      for (const std::size_t i : at_risk) {
        ++seen;
        const double risk = std::exp(eta[i] - most) * factor;
        for (std::size_t j = 0; j < p; ++j) x[j] = t.column(j)[i];
        // Sets smaller than this cannot grow to d with the rows still to come.
        const std::size_t left = at_risk.size() - seen;
        const std::size_t least = d > left ? d - left : 1;
        for (std::size_t c = std::min(d, seen); c >= std::max<std::size_t>(least, 1); --c) {
          const long double with = total[c - 1] * static_cast<long double>(risk);
          const long double both = total[c] + with;
          total[c] = both;
          if (!(both > 0)) continue;
          const auto q = static_cast<double>(with / both);
          double* m1 = mean.data() + c * p;
          const double* m0 = mean.data() + (c - 1) * p;
          double* c1 = cov.data() + c * pp;
          const double* c0 = cov.data() + (c - 1) * pp;
          for (std::size_t j = 0; j < p; ++j) {
            const double dj = m0[j] + x[j] - m1[j];
            for (std::size_t h = 0; h <= j; ++h) {
              const double dh = m0[h] + x[h] - m1[h];
              double& to = c1[j * p + h];
              to += q * (c0[j * p + h] - to) + q * (1 - q) * dj * dh;
            }
          }
          for (std::size_t j = 0; j < p; ++j) m1[j] += q * (m0[j] + x[j] - m1[j]);
        }
      }
      if (!(total[d] > 0) || !std::isfinite(total[d])) return false;
      loglik -= static_cast<double>(std::log(total[d]));
      for (std::size_t i = t.slot_row[k]; i < t.slot_row[k] + d; ++i) {
        loglik += (eta[i] - most) + std::log(factor);
        for (std::size_t j = 0; j < p; ++j) score[j] += t.column(j)[i];
      }
      for (std::size_t j = 0; j < p; ++j) {
        score[j] -= mean[d * p + j];
        const double m = mean[d * p + j];
        out.gram_diagonal[j] += cov[d * pp + j * p + j] + m * m / static_cast<double>(d);
        for (std::size_t h = 0; h <= j; ++h) information[j * p + h] += cov[d * pp + j * p + h];
      }
    }
  }
  for (std::size_t j = 0; j < p; ++j) {
    for (std::size_t h = 0; h < j; ++h) information[h * p + j] = information[j * p + h];
  }
  return std::isfinite(loglik);
}

}  // namespace ombre::inline v0::stats::detail
