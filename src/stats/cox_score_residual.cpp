// Score residuals by prefix sums: O(n p) in all, where walking each row's event times is quadratic.
#include <algorithm>

#include <vector>

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

namespace {

// Sums of u u' by rows or, added up first, by clusters.
class Products {
 public:
  explicit Products(const CoxTable& t)
      : t_{t}, by_cluster_(t.cluster.empty() ? 0 : t.clusters * t.p, 0.0) {}

  // Weighted residuals of the rows from sorted position `from` on: column j at j * count.
  void add_to_clusters(const std::vector<double>& u, std::size_t from, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      double* to = by_cluster_.data() + t_.cluster[t_.order[from + i]] * t_.p;
      for (std::size_t j = 0; j < t_.p; ++j) to[j] += u[j * count + i];
    }
  }
  void add(const std::vector<double>& u, std::size_t count, double* to) const {
    const std::vector<double> ones(count, 1.0);
    std::vector<const double*> columns(t_.p);
    std::vector<const double*> scratch;
    for (std::size_t j = 0; j < t_.p; ++j) columns[j] = u.data() + j * count;
    add_weighted_gram(columns, ones.data(), count, to, scratch);
  }
  void add_clusters(double* to) const {
    constexpr std::size_t piece = 1024;
    std::vector<double> u;
    for (std::size_t begin = 0; begin < t_.clusters; begin += piece) {
      const std::size_t count = std::min(piece, t_.clusters - begin);
      u.resize(count * t_.p);
      for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t j = 0; j < t_.p; ++j) {
          u[j * count + i] = by_cluster_[(begin + i) * t_.p + j];
        }
      }
      add(u, count, to);
    }
  }

 private:
  const CoxTable& t_;
  std::vector<double> by_cluster_;
};

// With late entries any earlier slot's sums may be asked for, so they are all kept.
void late_products(const CoxTable& t, const RiskSums& r, CoxTies ties, Products& products,
                   double* out) {
  SlotMeans means;
  slot_means(t, r, ties, means);
  accumulate_drift(t, means);
  constexpr std::size_t piece = 1024;
  std::vector<double> block(piece * t.p);
  std::vector<double> u(t.p);
  std::size_t k = 0;
  for (std::size_t begin = 0; begin < t.n; begin += piece) {
    const std::size_t count = std::min(piece, t.n - begin);
    for (std::size_t i = begin; i < begin + count; ++i) {
      while (t.slot_row[k + 1] <= i) ++k;
      score_residual(t, r, means, i, k, u.data());
      for (std::size_t j = 0; j < t.p; ++j) block[j * count + (i - begin)] = t.weight[i] * u[j];
    }
    if (t.cluster.empty()) {
      products.add(block, count, out);
    } else {
      products.add_to_clusters(block, begin, count);
    }
  }
}

// What the residuals of one piece need of its slots.
struct PieceMeans {
  std::vector<double> s1;  // p x slots of the piece
  std::vector<double> d1;  // the same; only where ties are corrected
  std::vector<MeanFactors> factor;
};

PieceMeans piece_means(const CoxTable& t, const RiskSums& r, CoxTies ties, const CoxChunk& chunk,
                       std::vector<Careful> carried) {
  const std::size_t count = chunk.slot_end - chunk.slot_begin;
  PieceMeans out;
  out.s1.resize(count * t.p);
  if (!r.tied.empty()) out.d1.resize(count * t.p);
  walk_slots(t, r, chunk.slot_begin, chunk.slot_end, carried, out.s1.data(),
             out.d1.empty() ? nullptr : out.d1.data(), count);
  out.factor.resize(count);
  for (std::size_t k = 0; k < count; ++k) {
    out.factor[k] = mean_factors(t, r, ties, chunk.slot_begin + k);
  }
  return out;
}

double drift_of(const RiskSums& r, const PieceMeans& means, std::size_t k, std::size_t at,
                std::size_t slot) {
  const double one = r.inverse[slot];
  double drift = r.square[slot] * (means.s1[at] * one);
  if (means.factor[k].drift_d != 0) drift -= means.factor[k].drift_d * (means.d1[at] * one);
  return drift * one;
}

// Weighted residuals u of `Width` columns from j on. `drift` is what earlier pieces left.
template <std::size_t Width>
void residuals(const CoxTable& t, const RiskSums& r, const CoxChunk& chunk, const PieceMeans& means,
               const std::vector<double>& expected, std::size_t j, const double* before,
               double* to) {
  const std::size_t slots = chunk.slot_end - chunk.slot_begin;
  const std::size_t from = t.slot_row[chunk.slot_begin];
  const std::size_t rows = t.slot_row[chunk.slot_end] - from;
  const double* x[Width];
  double* u[Width];
  double drift[Width];
  for (std::size_t c = 0; c < Width; ++c) {
    x[c] = t.column(j + c) + from;
    u[c] = to + (j + c) * rows;
    drift[c] = before[j + c];
  }
  const double* risk = r.risk.data() + from;
  const double* weight = t.weight.data() + from;
  for (std::size_t k = 0; k < slots; ++k) {
    const std::size_t slot = chunk.slot_begin + k;
    const std::size_t begin = t.slot_row[slot] - from;
    const std::size_t end = t.slot_row[slot + 1] - from;
    const std::size_t deaths = t.slot_deaths[slot];
    if (deaths == 0) {  // a stratum begins
      for (std::size_t c = 0; c < Width; ++c) {
        drift[c] = 0;
        std::fill(u[c] + begin, u[c] + end, 0.0);
      }
      continue;
    }
    const MeanFactors& f = means.factor[k];
    double mean[Width];
    double spared[Width] = {};
    for (std::size_t c = 0; c < Width; ++c) {
      const std::size_t at = (j + c) * slots + k;
      drift[c] += drift_of(r, means, k, at, slot);
      mean[c] = f.mean_s * means.s1[at];
      if (f.drift_d == 0) continue;
      const double one = r.inverse[slot];
      mean[c] -= f.mean_d * means.d1[at];
      spared[c] = (f.drift_d * (means.s1[at] * one) - f.spared_d * (means.d1[at] * one)) * one;
    }
    for (std::size_t i = begin; i < begin + deaths; ++i) {
      for (std::size_t c = 0; c < Width; ++c) {
        u[c][i] = weight[i] * (x[c][i] - mean[c]) +
                  (risk[i] * (drift[c] - spared[c]) - expected[i] * x[c][i]);
      }
    }
    if (end - begin - deaths > 16) {
      for (std::size_t c = 0; c < Width; ++c) {
        for (std::size_t i = begin + deaths; i < end; ++i) {
          u[c][i] = risk[i] * drift[c] - expected[i] * x[c][i];
        }
      }
    } else {
      for (std::size_t i = begin + deaths; i < end; ++i) {
        for (std::size_t c = 0; c < Width; ++c) {
          u[c][i] = risk[i] * drift[c] - expected[i] * x[c][i];
        }
      }
    }
  }
}

}  // namespace

std::vector<double> score_products(const CoxTable& t, const RiskSums& r, CoxTies ties,
                                   const Runner& runner) {
  const std::size_t p = t.p;
  const std::size_t pieces = t.chunks.size();
  std::vector<double> out(p * p, 0.0);
  Products products{t};
  if (t.truncated) {
    late_products(t, r, ties, products, out.data());
  } else {
    const auto carried = carried_sums(t, r, runner);
    // Drift summed within its stratum up to each piece.
    std::vector<std::vector<double>> own(pieces);
    std::vector<std::vector<double>> before(pieces, std::vector<double>(p, 0.0));
    runner.run(pieces, [&](std::size_t c) {
      if (c + 1 >= pieces || !t.chunks[c + 1].continues) return;
      const PieceMeans means = piece_means(t, r, ties, t.chunks[c], carried[c]);
      const std::size_t slots = means.factor.size();
      own[c].assign(p, 0.0);
      for (std::size_t j = 0; j < p; ++j) {
        for (std::size_t k = 0; k < slots; ++k) {
          own[c][j] += drift_of(r, means, k, j * slots + k, t.chunks[c].slot_begin + k);
        }
      }
    });
    for (std::size_t c = 1; c < pieces; ++c) {
      if (!t.chunks[c].continues) continue;
      for (std::size_t j = 0; j < p; ++j) before[c][j] = before[c - 1][j] + own[c - 1][j];
    }
    std::vector<std::vector<double>> parts(t.cluster.empty() ? pieces : 0);
    // Clusters reach across pieces, so theirs are added one after the other.
    const Runner& second = t.cluster.empty() ? runner : serial();
    second.run(pieces, [&](std::size_t c) {
      const CoxChunk& chunk = t.chunks[c];
      const std::size_t from = t.slot_row[chunk.slot_begin];
      const std::size_t rows = t.slot_row[chunk.slot_end] - from;
      const PieceMeans means = piece_means(t, r, ties, chunk, carried[c]);
      std::vector<double> expected(rows);
      expected_events(t, r, chunk, expected.data());
      std::vector<double> u(rows * p);
      std::size_t j = 0;
      const auto columns = [&]<std::size_t Width>() {
        residuals<Width>(t, r, chunk, means, expected, j, before[c].data(), u.data());
        j += Width;
      };
      while (j + 4 <= p) columns.template operator()<4>();
      while (j + 2 <= p) columns.template operator()<2>();
      while (j < p) columns.template operator()<1>();
      if (t.cluster.empty()) {
        parts[c].assign(p * p, 0.0);
        products.add(u, rows, parts[c].data());
      } else {
        products.add_to_clusters(u, from, rows);
      }
    });
    for (const std::vector<double>& part : parts) {
      for (std::size_t j = 0; j < p * p; ++j) out[j] += part[j];
    }
  }
  if (!t.cluster.empty()) products.add_clusters(out.data());
  for (std::size_t j = 0; j < p; ++j) {
    for (std::size_t h = 0; h < j; ++h) out[j * p + h] = out[h * p + j];
  }
  return out;
}

}  // namespace ombre::inline v0::stats::detail
