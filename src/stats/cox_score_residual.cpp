// Score residuals by prefix sums: O(n p) in all, where walking each row's event times is quadratic.
#include <algorithm>

#include <vector>

#include "stats/cox_sums.hpp"
#include "stats/dense_residuals.hpp"
#include "stats/wide_loops.hpp"

namespace ombre::inline v0::stats::detail {

void accumulate_drift(const CoxTable& t, SlotMeans& means) {
  means.drift_low.assign(t.truncated ? means.drift.size() : 0, 0.0);
  for (std::size_t s = 0; s < t.strata(); ++s) {
    for (std::size_t k = t.stratum_slot[s] + 1; k < t.stratum_slot[s + 1]; ++k) {
      for (std::size_t j = 0; j < t.p; ++j) {
        CarefulSum sum{means.drift[(k - 1) * t.p + j],
                       t.truncated ? means.drift_low[(k - 1) * t.p + j] : 0};
        sum.add(means.drift[k * t.p + j]);
        means.drift[k * t.p + j] = sum.high;
        if (t.truncated) means.drift_low[k * t.p + j] = sum.low;
      }
    }
  }
}

double martingale_residual(const CoxTable& t, const RiskSums& r, std::size_t i, std::size_t k) {
  const double risk = r.risk[i] / t.weight_of(i);
  double out = -risk * exposure(t, r, i, k);
  if (t.dead[i] != 0) out += 1 + risk * r.tied_at(t, k);
  return out;
}

void score_residual(const CoxTable& t, const RiskSums& r, const SlotMeans& means, std::size_t i,
                    std::size_t k, double* out) {
  const std::size_t p = t.p;
  const double risk = r.risk[i] / t.weight_of(i);
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
  const double tied = r.tied_at(t, k);
  if (tied == 0) return;
  const double* spared = means.spared.data() + k * p;
  for (std::size_t j = 0; j < p; ++j) {
    out[j] += risk * (t.x[j * t.n + i] * tied - spared[j]);
  }
}

namespace {

// Sums of u u' by rows or, added up first, by clusters.
class Products {
 public:
  explicit Products(const CoxTable& t)
      : t_{t}, by_cluster_(t.cluster.empty() ? 0 : t.clusters * t.p, 0.0) {}

  // Columns [first, end) of weighted residuals of the rows from sorted position `from` on.
  void add_to_clusters(const std::vector<double>& u, std::size_t from, std::size_t first,
                       std::size_t end) {
    const std::size_t count = u.size() / std::max<std::size_t>(t_.p, 1);
    for (std::size_t i = 0; i < count; ++i) {
      double* to = by_cluster_.data() + t_.cluster[t_.order[from + i]] * t_.p;
      for (std::size_t j = first; j < end; ++j) to[j] += u[j * count + i];
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

// What the residuals of one piece need of its slots.
struct PieceMeans {
  std::vector<double> s1;  // p x slots of the piece
  std::vector<double> d1;  // the same; only where ties are corrected
  std::vector<MeanFactors> factor;
};

PieceMeans piece_means(const CoxTable& t, const RiskSums& r, CoxTies ties, const CoxChunk& chunk,
                       std::vector<CarefulSum> carried) {
  const std::size_t count = chunk.slot_end - chunk.slot_begin;
  PieceMeans out;
  out.s1.resize(count * t.p);
  if (!r.ties.empty()) out.d1.resize(count * t.p);
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

// Drift up to the slots at which somebody enters, which is taken off the drift of their own slot
// again. Few where follow-up is cut at the same times for all. Sums keep their rounding errors.
class EntryDrift {
 public:
  explicit EntryDrift(const CoxTable& t) : p_{t.p} {
    if (!t.truncated) return;
    place_ = room_.take<std::uint32_t>(t.slots());
    std::uint32_t entered = 0;
    for (std::size_t k = 0; k < t.slots(); ++k) {
      place_[k] = t.slot_late[k + 1] != t.slot_late[k] ? ++entered : 0;
    }
    // The first stands for an entry before all event times: nothing is taken off.
    sums_ = room_.take<CarefulSum>((std::size_t{entered} + 1) * p_);
    std::fill_n(sums_.begin(), p_, CarefulSum{});
  }
  [[nodiscard]] bool entered_at(std::size_t k) const { return !place_.empty() && place_[k] != 0; }
  [[nodiscard]] CarefulSum* at(std::size_t k) { return sums_.data() + place_[k] * p_; }
  [[nodiscard]] const CarefulSum* at(std::size_t k) const { return sums_.data() + place_[k] * p_; }

 private:
  std::size_t p_;
  Room room_;
  std::span<std::uint32_t> place_;  // by slot; 0 = nobody enters there
  std::span<CarefulSum> sums_;      // p for each place
};

// Drift of a piece from its beginning, or that of its last stratum, noted where somebody enters.
std::vector<CarefulSum> piece_drift(const CoxTable& t, const RiskSums& r, const CoxChunk& chunk,
                                    const PieceMeans& means, EntryDrift& entries) {
  const std::size_t slots = means.factor.size();
  std::vector<CarefulSum> sum(t.p);
  for (std::size_t k = 0; k < slots; ++k) {
    const std::size_t slot = chunk.slot_begin + k;
    if (t.slot_deaths[slot] == 0) {
      std::fill(sum.begin(), sum.end(), CarefulSum{});
      continue;
    }
    for (std::size_t j = 0; j < t.p; ++j) sum[j].add(drift_of(r, means, k, j * slots + k, slot));
    if (entries.entered_at(slot)) std::copy(sum.begin(), sum.end(), entries.at(slot));
  }
  return sum;
}

// Weighted residuals u of `Width` columns from j on. `before` is the drift earlier pieces left.
template <std::size_t Width, bool Late>
void residuals(const CoxTable& t, const RiskSums& r, const CoxChunk& chunk, const PieceMeans& means,
               const EntryDrift& entries, const std::vector<double>& expected, std::size_t j,
               const CarefulSum* before, double* to) {
  const std::size_t slots = chunk.slot_end - chunk.slot_begin;
  const std::size_t from = t.slot_row[chunk.slot_begin];
  const std::size_t rows = t.slot_row[chunk.slot_end] - from;
  const double* x[Width];
  double* u[Width];
  CarefulSum drifted[Width];
  double drift[Width];
  for (std::size_t c = 0; c < Width; ++c) {
    x[c] = t.column(j + c) + from;
    u[c] = to + (j + c) * rows;
    drifted[c] = before[j + c];
    drift[c] = 0;
  }
  const double* risk = r.risk.data() + from;
  for (std::size_t k = 0; k < slots; ++k) {
    const std::size_t slot = chunk.slot_begin + k;
    const std::size_t begin = t.slot_row[slot] - from;
    const std::size_t end = t.slot_row[slot + 1] - from;
    const std::size_t deaths = t.slot_deaths[slot];
    if (deaths == 0) {  // a stratum begins
      for (std::size_t c = 0; c < Width; ++c) {
        drifted[c] = CarefulSum{};
        std::fill(u[c] + begin, u[c] + end, 0.0);
      }
      continue;
    }
    const MeanFactors& f = means.factor[k];
    double mean[Width];
    double spared[Width] = {};
    for (std::size_t c = 0; c < Width; ++c) {
      const std::size_t at = (j + c) * slots + k;
      drifted[c].add(drift_of(r, means, k, at, slot));
      drift[c] = drifted[c].value();
      mean[c] = f.mean_s * means.s1[at];
      if (f.drift_d == 0) continue;
      const double one = r.inverse[slot];
      mean[c] -= f.mean_d * means.d1[at];
      spared[c] = (f.drift_d * (means.s1[at] * one) - f.spared_d * (means.d1[at] * one)) * one;
    }
    if constexpr (Late) {
      for (std::size_t i = begin; i < end; ++i) {
        const bool died = i < begin + deaths;
        const double weight = died ? t.weight_of(from + i) : 0;
        const CarefulSum* entry = entries.at(t.lo[from + i]) + j;
        for (std::size_t c = 0; c < Width; ++c) {
          const double since = (drifted[c].high - entry[c].high) + (drifted[c].low - entry[c].low);
          u[c][i] = risk[i] * (since - (died ? spared[c] : 0)) - expected[i] * x[c][i];
          if (died) u[c][i] += weight * (x[c][i] - mean[c]);
        }
      }
      continue;
    }
    for (std::size_t i = begin; i < begin + deaths; ++i) {
      const double weight = t.weight_of(from + i);
      for (std::size_t c = 0; c < Width; ++c) {
        u[c][i] = weight * (x[c][i] - mean[c]) +
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
  EntryDrift entries{t};
  const auto carried = carried_sums(t, r, runner);
  // A few pieces side by side, in order: their means and drift, the drift carried from piece to
  // piece, then their residuals.
  const std::size_t workers = std::max<std::size_t>(runner.workers(), 1);
  const std::size_t side_by_side = workers > 1 ? 2 * workers : 1;
  struct Work {
    PieceMeans means;
    DenseResiduals dense;            // of pieces that are, in place of `means`
    std::vector<CarefulSum> drift;   // of the piece
    std::vector<CarefulSum> before;  // within its stratum, up to the piece
    std::vector<double> u;
    std::vector<double> products;
  };
  std::vector<Work> work(std::min(side_by_side, pieces));
  const auto by_row = [&](const CoxChunk& chunk) { return !t.truncated && dense(t, chunk); };
  std::vector<CarefulSum> drift(p);  // up to the end of the last piece
  for (std::size_t first = 0; first < pieces; first += side_by_side) {
    const std::size_t here = std::min(side_by_side, pieces - first);
    runner.run(here, [&](std::size_t w) {
      const CoxChunk& chunk = t.chunks[first + w];
      const bool goes_on = first + w + 1 < pieces && t.chunks[first + w + 1].continues;
      work[w].drift.clear();
      if (by_row(chunk)) {
        work[w].dense.means(t, r, ties, chunk, carried[first + w], work[w].u);
        if (goes_on) work[w].drift = work[w].dense.drift(p, work[w].u);
        return;
      }
      work[w].means = piece_means(t, r, ties, chunk, carried[first + w]);
      if (goes_on || t.truncated) work[w].drift = piece_drift(t, r, chunk, work[w].means, entries);
    });
    for (std::size_t w = 0; w < here; ++w) {
      const CoxChunk& chunk = t.chunks[first + w];
      if (!chunk.continues) std::ranges::fill(drift, CarefulSum{});
      work[w].before = drift;
      for (std::size_t k = chunk.slot_begin; k < chunk.slot_end && t.truncated; ++k) {
        if (!entries.entered_at(k) || !chunk.continues) continue;
        for (std::size_t j = 0; j < p; ++j) entries.at(k)[j].add(drift[j]);
      }
      for (std::size_t j = 0; j < p && !work[w].drift.empty(); ++j) {
        drift[j].add(work[w].drift[j]);
      }
    }
    runner.run(here, [&](std::size_t w) {
      const CoxChunk& chunk = t.chunks[first + w];
      const std::size_t rows = t.slot_row[chunk.slot_end] - t.slot_row[chunk.slot_begin];
      if (by_row(chunk)) {
        work[w].dense.finish(t, r, work[w].before, work[w].u);
      } else {
        std::vector<double> expected(rows);
        expected_events(t, r, chunk, expected.data());
        work[w].u.resize(rows * p);
        std::size_t j = 0;
        const auto columns = [&]<std::size_t Width>() {
          const auto one = t.truncated ? residuals<Width, true> : residuals<Width, false>;
          one(t, r, chunk, work[w].means, entries, expected, j, work[w].before.data(),
              work[w].u.data());
          j += Width;
        };
        while (j + 4 <= p) columns.template operator()<4>();
        while (j + 2 <= p) columns.template operator()<2>();
        while (j < p) columns.template operator()<1>();
      }
      if (!t.cluster.empty()) return;
      work[w].products.assign(p * p, 0.0);
      products.add(work[w].u, rows, work[w].products.data());
    });
    if (!t.cluster.empty()) {
      // Clusters reach across pieces: theirs are added in order, each worker some of the columns.
      runner.run(workers, [&](std::size_t part) {
        for (std::size_t w = 0; w < here; ++w) {
          products.add_to_clusters(work[w].u, t.slot_row[t.chunks[first + w].slot_begin],
                                   p * part / workers, p * (part + 1) / workers);
        }
      });
      continue;
    }
    for (std::size_t w = 0; w < here; ++w) {
      for (std::size_t j = 0; j < p * p; ++j) out[j] += work[w].products[j];
    }
  }
  if (!t.cluster.empty()) products.add_clusters(out.data());
  for (std::size_t j = 0; j < p; ++j) {
    for (std::size_t h = 0; h < j; ++h) out[j * p + h] = out[h * p + j];
  }
  return out;
}

}  // namespace ombre::inline v0::stats::detail
