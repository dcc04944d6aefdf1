#include "stats/cox_sums.hpp"

#include <algorithm>
#include <cmath>

#include "stats/weighted_gram.hpp"

namespace ombre::inline v0::stats::detail {
namespace {

// Sum of w log(v): unweighted terms are multiplied up first, a logarithm is dear.
struct LogSum {
  double sum = 0;
  double product = 1;
  void add(double weight, double value) {
    if (weight != 1 || !(value > 1e-140 && value < 1e140)) {
      sum += weight * std::log(value);
      return;
    }
    product *= value;
    if (!(product > 1e-140 && product < 1e140)) flush();
  }
  void flush() {
    sum += std::log(product);
    product = 1;
  }
};

void tie_sums(const CoxTable& t, std::size_t k, CoxTies ties, double weight_sum, SlotSums& s,
              LogSum& logs) {
  const std::uint32_t d = t.slot_deaths[k];
  if (ties == CoxTies::breslow || d == 1) {
    s.hazard = weight_sum / s.s0;
    s.square = weight_sum;
    logs.add(weight_sum, s.s0);
    return;
  }
  const double w = weight_sum / d;
  double tied_square = 0;
  for (std::uint32_t l = 0; l < d; ++l) {
    const double f = static_cast<double>(l) / d;
    const double sum = s.s0 - f * s.d0;
    const double one = 1 / sum;
    logs.add(w, sum);
    s.hazard += one;
    s.tied += f * one;
    const double ratio = s.s0 * one;
    s.square += ratio * ratio;
    tied_square += f * ratio * ratio;
  }
  s.shift = tied_square / s.square;
  for (std::uint32_t l = 0; l < d; ++l) {
    const double f = static_cast<double>(l) / d;
    const double ratio = s.s0 / (s.s0 - f * s.d0);
    s.spread += (f - s.shift) * (f - s.shift) * ratio * ratio;
  }
  s.hazard *= w;
  s.tied *= w;
  s.square *= w;
  s.spread *= w;
}

// Sum of r[i] * x[i], four sums side by side.
double product_sum(const double* r, const double* x, std::size_t n) noexcept {
  double s0 = 0;
  double s1 = 0;
  double s2 = 0;
  double s3 = 0;
  std::size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    s0 += r[i] * x[i];
    s1 += r[i + 1] * x[i + 1];
    s2 += r[i + 2] * x[i + 2];
    s3 += r[i + 3] * x[i + 3];
  }
  for (; i < n; ++i) s0 += r[i] * x[i];
  return (s0 + s1) + (s2 + s3);
}

// Walks the event slots of a piece from the last to the first and keeps sum over the risk set of
// r x_j for `Width` columns at a time; calls see(k, column in the group, S1, D1).
template <std::size_t Width, class See>
void walk(const CoxTable& t, const RiskSums& r, const CoxChunk& chunk, std::size_t j,
          Careful* carried, See&& see) {
  const double* x[Width];
  const double* late[Width];
  for (std::size_t c = 0; c < Width; ++c) {
    x[c] = t.column(j + c);
    late[c] = t.truncated ? t.late_column(j + c) : nullptr;
  }
  const double* risk = r.risk.data();
  for (std::size_t k = chunk.slot_end; k-- > chunk.slot_begin;) {
    const std::size_t begin = t.slot_row[k];
    const std::size_t end = t.slot_row[k + 1];
    const std::size_t deaths = t.slot_deaths[k];
    if (deaths == 0) {  // the first slot of a stratum: nobody in it is ever at risk
      for (std::size_t c = 0; c < Width; ++c) carried[c] = Careful{};
      continue;
    }
    double died[Width] = {};
    if (deaths > 1) {
      for (std::size_t c = 0; c < Width; ++c)
        died[c] = product_sum(risk + begin, x[c] + begin, deaths);
    }
    if (t.truncated) {
      for (std::size_t i = begin; i < end; ++i) {
        for (std::size_t c = 0; c < Width; ++c) carried[c].add(risk[i] * x[c][i]);
      }
      for (std::size_t i = t.slot_late[k]; i < t.slot_late[k + 1]; ++i) {
        for (std::size_t c = 0; c < Width; ++c) carried[c].add(-(r.late_risk[i] * late[c][i]));
      }
    } else if (end - begin > 16) {
      for (std::size_t c = 0; c < Width; ++c) {
        carried[c].high += product_sum(risk + begin, x[c] + begin, end - begin);
      }
    } else {
      for (std::size_t i = begin; i < end; ++i) {
        for (std::size_t c = 0; c < Width; ++c) carried[c].high += risk[i] * x[c][i];
      }
    }
    for (std::size_t c = 0; c < Width; ++c) {
      see(k, c, carried[c].value(), deaths > 1 ? died[c] : risk[begin] * x[c][begin]);
    }
  }
}

template <class See>
void walk_columns(const CoxTable& t, const RiskSums& r, const CoxChunk& chunk, Careful* carried,
                  See&& see) {
  std::size_t j = 0;
  for (; j + 4 <= t.p; j += 4) {
    walk<4>(t, r, chunk, j, carried + j,
            [&](std::size_t k, std::size_t c, double s1, double d1) { see(k, j + c, s1, d1); });
  }
  for (; j < t.p; ++j) {
    walk<1>(t, r, chunk, j, carried + j,
            [&](std::size_t k, std::size_t, double s1, double d1) { see(k, j, s1, d1); });
  }
}

// Sum over the risk set of r x at the end of each piece: what the pieces after it, of the same
// stratum, leave to it.
std::vector<std::vector<Careful>> carried_sums(const CoxTable& t, const RiskSums& r,
                                               const Runner& runner) {
  std::vector<std::vector<Careful>> carried(t.chunks.size(), std::vector<Careful>(t.p));
  bool any = false;
  for (const CoxChunk& c : t.chunks) any = any || c.continues;
  if (!any) return carried;
  std::vector<std::vector<Careful>> own(t.chunks.size());
  runner.run(t.chunks.size(), [&](std::size_t c) {
    if (!t.chunks[c].continues) return;
    const std::size_t begin = t.slot_row[t.chunks[c].slot_begin];
    const std::size_t end = t.slot_row[t.chunks[c].slot_end];
    own[c].resize(t.p);
    for (std::size_t j = 0; j < t.p; ++j) {
      const double* x = t.column(j);
      if (!t.truncated) {
        own[c][j].high = product_sum(r.risk.data() + begin, x + begin, end - begin);
        continue;
      }
      for (std::size_t i = begin; i < end; ++i) own[c][j].add(r.risk[i] * x[i]);
      const double* late = t.late_column(j);
      for (std::size_t i = t.slot_late[t.chunks[c].slot_begin];
           i < t.slot_late[t.chunks[c].slot_end]; ++i) {
        own[c][j].add(-(r.late_risk[i] * late[i]));
      }
    }
  });
  for (std::size_t c = t.chunks.size(); c-- > 1;) {
    if (!t.chunks[c].continues) continue;
    for (std::size_t j = 0; j < t.p; ++j) {
      carried[c - 1][j] = carried[c][j];
      carried[c - 1][j].add(own[c][j].high);
      carried[c - 1][j].low += own[c][j].low;
    }
  }
  return carried;
}

}  // namespace

void risk_sums(const CoxTable& t, std::span<const double> b, CoxTies ties, const Runner& runner,
               RiskSums& out) {
  out.eta.resize(t.n);
  out.risk.resize(t.n);
  out.slot.assign(t.slots(), SlotSums{});
  out.cumulative.assign(t.slots(), 0.0);
  out.cumulative_low.assign(t.truncated ? t.slots() : 0, 0.0);
  out.stratum_shift.clear();
  out.loglik = 0;
  out.usable = true;

  double bound = t.largest_offset;
  for (std::size_t j = 0; j < t.p; ++j) bound += std::abs(b[j]) * t.largest[j];
  const bool shift = !(bound <= 300);
  constexpr std::size_t block = 1024;
  const std::size_t blocks = (t.n + block - 1) / block;
  constexpr std::size_t together = 16;
  runner.run((blocks + together - 1) / together, [&](std::size_t task) {
    for (std::size_t at = task * together; at < std::min(blocks, (task + 1) * together); ++at) {
      const std::size_t begin = at * block;
      const std::size_t end = std::min(t.n, begin + block);
      double* eta = out.eta.data();
      if (t.offset.empty()) {
        std::fill(eta + begin, eta + end, 0.0);
      } else {
        std::copy(t.offset.begin() + static_cast<std::ptrdiff_t>(begin),
                  t.offset.begin() + static_cast<std::ptrdiff_t>(end), eta + begin);
      }
      for (std::size_t j = 0; j < t.p; ++j) {
        if (b[j] == 0) continue;
        const double* x = t.column(j);
        const double bj = b[j];
        for (std::size_t i = begin; i < end; ++i) eta[i] += bj * x[i];
      }
      if (shift) continue;
      for (std::size_t i = begin; i < end; ++i) out.risk[i] = t.weight[i] * std::exp(eta[i]);
    }
  });
  if (shift) {
    out.stratum_shift.assign(t.strata(), 0.0);
    for (std::size_t s = 0; s < t.strata(); ++s) {
      const auto begin = static_cast<std::ptrdiff_t>(t.slot_row[t.stratum_slot[s]]);
      const auto end = static_cast<std::ptrdiff_t>(t.slot_row[t.stratum_slot[s + 1]]);
      const double most = *std::max_element(out.eta.begin() + begin, out.eta.begin() + end);
      if (!std::isfinite(most)) out.usable = false;
      out.stratum_shift[s] = most;
      for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
        out.risk[i] = t.weight[i] * std::exp(out.eta[i] - most);
      }
    }
  }
  if (t.truncated) {
    out.late_risk.resize(t.late.size());
    for (std::size_t i = 0; i < t.late.size(); ++i) out.late_risk[i] = out.risk[t.late[i]];
  }

  for (std::size_t s = 0; s < t.strata(); ++s) {
    const std::size_t first = t.stratum_slot[s];
    const std::size_t last = t.stratum_slot[s + 1];
    const double shifted = shift ? out.stratum_shift[s] : 0;
    Careful sum;
    LogSum logs;
    for (std::size_t k = last; k-- > first + 1;) {
      const std::size_t begin = t.slot_row[k];
      const std::size_t end = t.slot_row[k + 1];
      const std::size_t deaths = t.slot_deaths[k];
      if (t.truncated) {
        for (std::size_t i = begin; i < end; ++i) sum.add(out.risk[i]);
        for (std::size_t i = t.slot_late[k]; i < t.slot_late[k + 1]; ++i) {
          sum.add(-out.late_risk[i]);
        }
      } else {
        double part = 0;
        for (std::size_t i = begin; i < end; ++i) part += out.risk[i];
        sum.add(part);
      }
      SlotSums& slot = out.slot[k];
      slot.s0 = sum.value();
      double weight_sum = 0;
      for (std::size_t i = begin; i < begin + deaths; ++i) {
        slot.d0 += out.risk[i];
        weight_sum += t.weight[i];
        out.loglik += t.weight[i] * (out.eta[i] - shifted);
      }
      // The dead are among those at risk; rounding must not say otherwise.
      slot.s0 = std::max(slot.s0, slot.d0);
      if (!(slot.s0 > 0) || !std::isfinite(slot.s0) || !(slot.d0 > 0)) {
        out.usable = false;
        return;
      }
      slot.inverse = 1 / slot.s0;
      tie_sums(t, k, ties, weight_sum, slot, logs);
    }
    logs.flush();
    out.loglik -= logs.sum;
    Careful total;
    for (std::size_t k = first + 1; k < last; ++k) {
      total.add(out.slot[k].hazard);
      out.cumulative[k] = total.high;
      if (t.truncated) out.cumulative_low[k] = total.low;
    }
  }
  if (!std::isfinite(out.loglik)) out.usable = false;
}

void moments(const CoxTable& t, const RiskSums& r, std::span<const std::vector<double>> g,
             const Runner& runner, Moments& out) {
  const std::size_t p = t.p;
  const std::size_t m_count = g.size();
  struct Part {
    std::vector<double> score;
    std::vector<double> gram;
    std::vector<double> diagonal;
  };
  std::vector<Part> parts(t.chunks.size());
  std::vector<std::vector<double>> cumulative(m_count);
  std::vector<std::vector<double>> cumulative_low(m_count);
  for (std::size_t m = 0; m < m_count; ++m) {
    if (g[m].empty()) continue;
    cumulative[m].assign(t.slots(), 0.0);
    if (t.truncated) cumulative_low[m].assign(t.slots(), 0.0);
    for (std::size_t s = 0; s < t.strata(); ++s) {
      Careful total;
      for (std::size_t k = t.stratum_slot[s] + 1; k < t.stratum_slot[s + 1]; ++k) {
        total.add(g[m][k] * r.slot[k].hazard);
        cumulative[m][k] = total.high;
        if (t.truncated) cumulative_low[m][k] = total.low;
      }
    }
  }
  const auto carried = carried_sums(t, r, runner);

  runner.run(t.chunks.size(), [&](std::size_t c) {
    const CoxChunk& chunk = t.chunks[c];
    Part& part = parts[c];
    part.score.assign(m_count * p, 0.0);
    part.gram.assign(m_count * p * p, 0.0);
    part.diagonal.assign(p, 0.0);
    const std::size_t row_begin = t.slot_row[chunk.slot_begin];
    const std::size_t row_end = t.slot_row[chunk.slot_end];
    std::vector<double> scratch;
    std::vector<const double*> columns(p);

    // First Gram matrix: rows weighted by the hazard they were exposed to.
    std::vector<double> weight(row_end - row_begin);
    for (std::size_t j = 0; j < p; ++j) columns[j] = t.column(j) + row_begin;
    for (std::size_t m = 0; m < m_count; ++m) {
      const std::vector<double>& total = g[m].empty() ? r.cumulative : cumulative[m];
      const std::vector<double>& low = g[m].empty() ? r.cumulative_low : cumulative_low[m];
      for (std::size_t k = chunk.slot_begin; k < chunk.slot_end; ++k) {
        const std::size_t begin = t.slot_row[k];
        const std::size_t end = t.slot_row[k + 1];
        if (t.truncated) {
          for (std::size_t i = begin; i < end; ++i) {
            weight[i - row_begin] =
                r.risk[i] * ((total[k] - total[t.lo[i]]) + (low[k] - low[t.lo[i]]));
          }
        } else {
          for (std::size_t i = begin; i < end; ++i) weight[i - row_begin] = r.risk[i] * total[k];
        }
        const double spared = r.slot[k].tied * (g[m].empty() ? 1.0 : g[m][k]);
        for (std::size_t i = begin; i < begin + t.slot_deaths[k]; ++i) {
          weight[i - row_begin] -= r.risk[i] * spared;
        }
      }
      add_weighted_gram(columns, weight.data(), weight.size(), part.gram.data() + m * p * p,
                        scratch);
    }
    for (std::size_t j = 0; j < p; ++j) part.diagonal[j] = part.gram[j * p + j];

    // Second one: means over risk sets, two rows for an event time (its risk set, its dead).
    constexpr std::size_t batch = 128;
    std::vector<double> rows(2 * batch * p);
    std::vector<double> row_weight(2 * batch);
    std::vector<std::size_t> row_of(batch);
    std::vector<Careful> sums = carried[c];
    // What the events add to the score never changes; it was summed once.
    const bool plain = m_count == 1 && g[0].empty();
    for (std::size_t high = chunk.slot_end; high > chunk.slot_begin;) {
      const std::size_t first = high - chunk.slot_begin > batch ? high - batch : chunk.slot_begin;
      std::size_t used = 0;
      for (std::size_t k = first; k < high; ++k) {
        row_of[k - first] = used;
        used += r.slot[k].spread != 0 ? 2U : 1U;
      }
      std::fill(rows.begin(), rows.end(), 0.0);
      walk_columns(t, r, {first, high, false}, sums.data(),
                   [&](std::size_t k, std::size_t j, double s1, double d1) {
                     const SlotSums& slot = r.slot[k];
                     const std::size_t at = j * 2 * batch + row_of[k - first];
                     rows[at] = (s1 - slot.shift * d1) * slot.inverse;
                     if (slot.spread != 0) rows[at + 1] = d1 * slot.inverse;
                     const double expected = slot.hazard * s1 - slot.tied * d1;
                     if (plain) {
                       part.score[j] -= expected;
                       return;
                     }
                     const double seen = product_sum(t.weight.data() + t.slot_row[k],
                                                     t.column(j) + t.slot_row[k], t.slot_deaths[k]);
                     for (std::size_t m = 0; m < m_count; ++m) {
                       const double one = g[m].empty() ? 1.0 : g[m][k];
                       part.score[m * p + j] += one * (seen - expected);
                     }
                   });
      for (std::size_t j = 0; j < p; ++j) columns[j] = rows.data() + j * 2 * batch;
      for (std::size_t m = 0; m < m_count; ++m) {
        for (std::size_t k = first; k < high; ++k) {
          const double one = g[m].empty() ? 1.0 : g[m][k];
          row_weight[row_of[k - first]] = -one * r.slot[k].square;
          if (r.slot[k].spread != 0) row_weight[row_of[k - first] + 1] = -one * r.slot[k].spread;
        }
        add_weighted_gram(columns, row_weight.data(), used, part.gram.data() + m * p * p, scratch);
      }
      high = first;
    }
  });

  out.score.assign(m_count, std::vector<double>(p, 0.0));
  out.information.assign(m_count, std::vector<double>(p * p, 0.0));
  out.gram_diagonal.assign(p, 0.0);
  for (const Part& part : parts) {
    for (std::size_t j = 0; j < p; ++j) out.gram_diagonal[j] += part.diagonal[j];
    for (std::size_t m = 0; m < m_count; ++m) {
      for (std::size_t j = 0; j < p; ++j) {
        out.score[m][j] += part.score[m * p + j];
        for (std::size_t h = j; h < p; ++h) {
          out.information[m][j * p + h] += part.gram[m * p * p + j * p + h];
        }
      }
    }
  }
  if (m_count == 1 && g[0].empty()) {
    for (std::size_t j = 0; j < p; ++j) out.score[0][j] += t.event_x[j];
  }
  for (std::size_t m = 0; m < m_count; ++m) {
    for (std::size_t j = 0; j < p; ++j) {
      for (std::size_t h = 0; h < j; ++h) {
        out.information[m][j * p + h] = out.information[m][h * p + j];
      }
    }
  }
}

void slot_means(const CoxTable& t, const RiskSums& r, CoxTies ties, SlotMeans& out) {
  const std::size_t p = t.p;
  out.mean.assign(t.slots() * p, 0.0);
  out.drift.assign(t.slots() * p, 0.0);
  out.spared.assign(t.slots() * p, 0.0);
  // The sums over l that S1 and D1 are multiplied by, by slot.
  struct Factors {
    double mean_s = 0;
    double mean_d = 0;
    double drift_d = 0;
    double spared_d = 0;
  };
  std::vector<Factors> factors(t.slots());
  for (std::size_t k = 0; k < t.slots(); ++k) {
    const std::uint32_t d = t.slot_deaths[k];
    if (d == 0) continue;
    const SlotSums& s = r.slot[k];
    Factors& f = factors[k];
    if (ties == CoxTies::breslow || d == 1) {
      f.mean_s = 1 / s.s0;
      continue;
    }
    double weight = 0;
    for (std::size_t i = t.slot_row[k]; i < t.slot_row[k] + d; ++i) weight += t.weight[i];
    weight /= d;
    for (std::uint32_t l = 0; l < d; ++l) {
      const double share = static_cast<double>(l) / d;
      const double one = 1 / (s.s0 - share * s.d0);
      f.mean_s += one / d;
      f.mean_d += share * one / d;
      const double ratio = s.s0 * one;
      f.drift_d += weight * share * ratio * ratio;
      f.spared_d += weight * share * share * ratio * ratio;
    }
  }
  const auto carried = carried_sums(t, r, serial());
  for (std::size_t c = 0; c < t.chunks.size(); ++c) {
    std::vector<Careful> sums = carried[c];
    walk_columns(
        t, r, t.chunks[c], sums.data(), [&](std::size_t k, std::size_t j, double s1, double d1) {
          const Factors& f = factors[k];
          const double s0 = r.slot[k].s0;
          out.mean[k * p + j] = f.mean_s * s1 - f.mean_d * d1;
          out.drift[k * p + j] = (r.slot[k].square * (s1 / s0) - f.drift_d * (d1 / s0)) / s0;
          out.spared[k * p + j] = (f.drift_d * (s1 / s0) - f.spared_d * (d1 / s0)) / s0;
        });
  }
}

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

bool Cholesky::factor(std::span<const double> a, std::size_t size, std::vector<char>& keep,
                      std::span<const double> alias_limit) {
  p = size;
  l.assign(p * p, 0.0);
  pivot.assign(p, 0.0);
  bool positive = true;
  for (std::size_t j = 0; j < p; ++j) {
    if (keep[j] == 0) continue;
    double d = a[j * p + j];
    for (std::size_t h = 0; h < j; ++h) {
      if (keep[h] == 0) continue;
      double v = a[j * p + h];
      for (std::size_t q = 0; q < h; ++q) v -= l[j * p + q] * l[h * p + q] * pivot[q];
      v /= pivot[h];
      l[j * p + h] = v;
      d -= v * v * pivot[h];
    }
    l[j * p + j] = 1;
    if (!alias_limit.empty() && !(d > alias_limit[j])) {
      keep[j] = 0;
      continue;
    }
    if (!(d > 0)) {
      positive = false;
      d = std::max(std::abs(a[j * p + j]) * 1e-16, 1e-300);
    }
    pivot[j] = d;
  }
  return positive;
}

void Cholesky::solve(std::span<double> x) const {
  for (std::size_t j = 0; j < p; ++j) {
    if (pivot[j] == 0) {
      x[j] = 0;
      continue;
    }
    for (std::size_t h = 0; h < j; ++h) {
      if (pivot[h] != 0) x[j] -= l[j * p + h] * x[h];
    }
  }
  for (std::size_t j = p; j-- > 0;) {
    if (pivot[j] == 0) continue;
    x[j] /= pivot[j];
    for (std::size_t h = j + 1; h < p; ++h) {
      if (pivot[h] != 0) x[j] -= l[h * p + j] * x[h];
    }
  }
}

std::vector<double> Cholesky::inverse() const {
  std::vector<double> out(p * p, 0.0);
  std::vector<double> unit(p);
  for (std::size_t j = 0; j < p; ++j) {
    if (pivot[j] == 0) continue;
    std::fill(unit.begin(), unit.end(), 0.0);
    unit[j] = 1;
    solve(unit);
    for (std::size_t h = 0; h < p; ++h) out[h * p + j] = unit[h];
  }
  for (std::size_t j = 0; j < p; ++j) {
    for (std::size_t h = 0; h < j; ++h) {
      const double mean = (out[j * p + h] + out[h * p + j]) / 2;
      out[j * p + h] = out[h * p + j] = mean;
    }
  }
  return out;
}

double quadratic_form(std::span<const double> a, std::span<const double> u) {
  const std::size_t p = u.size();
  std::vector<char> keep(p, 1);
  std::vector<double> limit(p);
  for (std::size_t j = 0; j < p; ++j) limit[j] = 1e-12 * a[j * p + j];
  Cholesky c;
  static_cast<void>(c.factor(a, p, keep, limit));
  std::vector<double> x(u.begin(), u.end());
  c.solve(x);
  double out = 0;
  for (std::size_t j = 0; j < p; ++j) out += u[j] * x[j];
  return out;
}

std::vector<double> scaled_coefficients(const CoxTable& t, const CoxFit& fit) {
  std::vector<double> b(t.p, 0.0);
  for (std::size_t j = 0; j < t.p; ++j) {
    if (t.scale[j] != 0) b[j] = fit.coef[j] / t.scale[j];
  }
  return b;
}

}  // namespace ombre::inline v0::stats::detail
