// Score residuals by prefix sums: O(n p) in all, where walking each row's event times is quadratic.
#include <algorithm>

#include "stats/cox_sums.hpp"
#include "stats/wide_loops.hpp"

namespace ombre::inline v0::stats::detail {

void accumulate_drift(const CoxTable& t, SlotMeans& means) {
  means.drift_low.assign(t.truncated ? means.drift.size() : 0, 0.0);
  for (std::size_t s = 0; s < t.strata(); ++s) {
    for (std::size_t k = t.stratum_slot[s] + 1; k < t.stratum_slot[s + 1]; ++k) {
      for (std::size_t j = 0; j < t.p; ++j) {
        Careful sum{means.drift[(k - 1) * t.p + j],
                    t.truncated ? means.drift_low[(k - 1) * t.p + j] : 0};
        sum.add(means.drift[k * t.p + j]);
        means.drift[k * t.p + j] = sum.high;
        if (t.truncated) means.drift_low[k * t.p + j] = sum.low;
      }
    }
  }
}

double martingale_residual(const CoxTable& t, const RiskSums& r, std::size_t i, std::size_t k) {
  const double risk = r.risk[i] / t.weight[i];
  double out = -risk * exposure(t, r, i, k);
  if (t.dead[i] != 0) out += 1 + risk * r.tied_at(k);
  return out;
}

void score_residual(const CoxTable& t, const RiskSums& r, const SlotMeans& means, std::size_t i,
                    std::size_t k, double* out) {
  const std::size_t p = t.p;
  const double risk = r.risk[i] / t.weight[i];
  const double* drift = means.drift.data() + k * p;
  const double hazard = exposure(t, r, i, k);
  if (t.truncated) {
    const double* low = means.drift_low.data() + k * p;
    const double* before = means.drift.data() + t.lo[i] * p;
    const double* before_low = means.drift_low.data() + t.lo[i] * p;
    for (std::size_t j = 0; j < p; ++j) {
      const double drifted = (drift[j] - before[j]) + (low[j] - before_low[j]);
      out[j] = -risk * (t.x[j * t.n + i] * hazard - drifted);
    }
  } else {
    for (std::size_t j = 0; j < p; ++j) {
      out[j] = -risk * (t.x[j * t.n + i] * hazard - drift[j]);
    }
  }
  if (t.dead[i] == 0) return;
  const double* mean = means.mean.data() + k * p;
  for (std::size_t j = 0; j < p; ++j) out[j] += t.x[j * t.n + i] - mean[j];
  if (r.tied_at(k) == 0) return;
  const double* spared = means.spared.data() + k * p;
  for (std::size_t j = 0; j < p; ++j) {
    out[j] += risk * (t.x[j * t.n + i] * r.tied_at(k) - spared[j]);
  }
}

std::vector<double> score_products(const CoxTable& t, const RiskSums& r, CoxTies ties,
                                   const Runner&) {
  const std::size_t p = t.p;
  std::vector<double> out(p * p, 0.0);
  SlotMeans means;
  slot_means(t, r, ties, means);
  accumulate_drift(t, means);
  // Gathered column by column in pieces, then multiplied as a matrix.
  constexpr std::size_t piece = 1024;
  std::vector<double> block(piece * p);
  const std::vector<double> ones(piece, 1.0);
  std::vector<const double*> columns(p);
  std::vector<const double*> scratch;
  for (std::size_t j = 0; j < p; ++j) columns[j] = block.data() + j * piece;
  std::size_t filled = 0;
  const auto flush = [&] {
    add_weighted_gram(columns, ones.data(), filled, out.data(), scratch);
    filled = 0;
  };
  std::vector<double> u(p);
  std::vector<double> by_cluster(t.cluster.empty() ? 0 : t.clusters * p, 0.0);
  for (std::size_t k = 0; k < t.slots(); ++k) {
    for (std::size_t i = t.slot_row[k]; i < t.slot_row[k + 1]; ++i) {
      score_residual(t, r, means, i, k, u.data());
      if (t.cluster.empty()) {
        for (std::size_t j = 0; j < p; ++j) block[j * piece + filled] = t.weight[i] * u[j];
        if (++filled == piece) flush();
      } else {
        double* to = by_cluster.data() + t.cluster[t.order[i]] * p;
        for (std::size_t j = 0; j < p; ++j) to[j] += t.weight[i] * u[j];
      }
    }
  }
  if (!t.cluster.empty()) {
    for (std::size_t c = 0; c < t.clusters; ++c) {
      for (std::size_t j = 0; j < p; ++j) block[j * piece + filled] = by_cluster[c * p + j];
      if (++filled == piece) flush();
    }
  }
  flush();
  for (std::size_t j = 0; j < p; ++j) {
    for (std::size_t h = 0; h < j; ++h) out[j * p + h] = out[h * p + j];
  }
  return out;
}

}  // namespace ombre::inline v0::stats::detail
