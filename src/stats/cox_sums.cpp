// Score, information and means of covariates over risk sets.
#include "stats/cox_sums.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "stats/wide_loops.hpp"

namespace ombre::inline v0::stats::detail {
namespace {

// Sum of r[i] * x[i]; most slots have a row or two.
double product_sum(const double* r, const double* x, std::size_t n) {
  if (n > 16) return inner_product(r, x, n);
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += r[i] * x[i];
  return sum;
}

template <std::size_t Width>
void walk(const CoxTable& t, const RiskSums& r, std::size_t first, std::size_t high, std::size_t j,
          CarefulSum* carried, double* s1, double* d1, std::size_t stride) {
  const double* x[Width];
  double sum[Width];
  for (std::size_t c = 0; c < Width; ++c) {
    x[c] = t.column(j + c);
    sum[c] = carried[c].value();
  }
  const double* risk = r.risk.data();
  std::size_t end = t.slot_row[high];
  for (std::size_t k = high; k-- > first;) {
    const std::size_t begin = t.slot_row[k];
    const std::size_t deaths = t.slot_deaths[k];
    if (deaths == 0) {  // the first slot of a stratum: nobody in it is ever at risk
      for (std::size_t c = 0; c < Width; ++c) {
        sum[c] = 0;
        s1[c * stride + (k - first)] = 0;
        if (d1 != nullptr) d1[c * stride + (k - first)] = 0;
      }
      end = begin;
      continue;
    }
    std::size_t from = begin;
    if (d1 != nullptr) {
      for (std::size_t c = 0; c < Width; ++c) d1[c * stride + (k - first)] = 0;
      if (deaths > 1) {
        for (std::size_t c = 0; c < Width; ++c) {
          const double died = product_sum(risk + begin, x[c] + begin, deaths);
          d1[c * stride + (k - first)] = died;
          sum[c] += died;
        }
        from += deaths;
      }
    }
    if (end - from > 16) {
      for (std::size_t c = 0; c < Width; ++c) {
        sum[c] += inner_product(risk + from, x[c] + from, end - from);
      }
    } else {
      for (std::size_t i = from; i < end; ++i) {
        for (std::size_t c = 0; c < Width; ++c) sum[c] += risk[i] * x[c][i];
      }
    }
    for (std::size_t c = 0; c < Width; ++c) s1[c * stride + (k - first)] = sum[c];
    end = begin;
  }
  for (std::size_t c = 0; c < Width; ++c) carried[c] = CarefulSum{sum[c], 0};
}

// The same of up to eight columns where rows leave the risk sets again: the sums keep their
// rounding errors.
void walk_late(const CoxTable& t, const RiskSums& r, std::size_t first, std::size_t high,
               std::size_t j, std::size_t width, CarefulSum* carried, double* s1,
               std::size_t stride) {
  constexpr std::size_t most = 256;  // slots, rows and late entries side by side
  constexpr std::size_t wide = careful_columns;
  double terms[most * wide];
  double late_terms[most * wide];
  double out[most * wide];
  double sum[wide] = {};
  double low[wide] = {};
  for (std::size_t c = 0; c < width; ++c) {
    sum[c] = carried[c].high;
    low[c] = carried[c].low;
  }
  std::fill(terms, terms + most * wide, 0.0);
  std::fill(late_terms, late_terms + most * wide, 0.0);
  for (std::size_t end = high; end > first;) {
    std::size_t k = end - 1;
    while (k > first && end - k < most && t.slot_row[end] - t.slot_row[k - 1] <= most &&
           t.slot_late[end] - t.slot_late[k - 1] <= most) {
      --k;
    }
    const std::size_t row = t.slot_row[k];
    const std::size_t rows = t.slot_row[end] - row;
    const std::size_t entry = t.slot_late[k];
    const std::size_t entries = t.slot_late[end] - entry;
    if (rows > most || entries > most) {  // one slot, of many
      for (std::size_t c = 0; c < width; ++c) {
        CarefulSum all{sum[c], low[c]};
        if (t.slot_deaths[k] == 0) {
          all = CarefulSum{};
        } else {
          all.add(careful_product(r.risk.data() + row, t.column(j + c) + row, rows));
          all.subtract(
              careful_product(r.late_risk.data() + entry, t.late_column(j + c) + entry, entries));
        }
        sum[c] = all.high;
        low[c] = all.low;
        s1[c * stride + (k - first)] = all.value();
      }
      end = k;
      continue;
    }
    for (std::size_t c = 0; c < width; ++c) {
      const double* x = t.column(j + c) + row;
      for (std::size_t i = 0; i < rows; ++i) terms[i * wide + c] = r.risk[row + i] * x[i];
      const double* late = t.late_column(j + c) + entry;
      for (std::size_t i = 0; i < entries; ++i) {
        late_terms[i * wide + c] = -(r.late_risk[entry + i] * late[i]);
      }
    }
    careful_walk(
        {t.slot_row.data(), t.slot_late.data(), t.slot_deaths.data(), k, end, terms, late_terms},
        sum, low, out);
    for (std::size_t c = 0; c < width; ++c) {
      for (std::size_t q = k; q < end; ++q) {
        s1[c * stride + (q - first)] = out[(q - k) * wide + c];
      }
    }
    end = k;
  }
  for (std::size_t c = 0; c < width; ++c) carried[c] = CarefulSum{sum[c], low[c]};
}

// The same of one column alone, slots of one stratum: sums at every row and every late entry, whose
// difference is taken at the slots. Below three columns it is faster than a walk.
void walk_late_column(const CoxTable& t, const RiskSums& r, std::size_t first, std::size_t high,
                      std::size_t j, CarefulSum& carried, double* s1) {
  const std::size_t from = t.slot_row[first];
  const std::size_t rows = t.slot_row[high] - from;
  const std::size_t late_from = t.slot_late[first];
  const std::size_t late = t.slot_late[high] - late_from;
  const auto room =
      std::make_unique_for_overwrite<double[]>(std::max(rows, late) + 2 * (rows + late + 2));
  double* terms = room.get();
  double* sum = terms + std::max(rows, late);
  double* low = sum + rows + 1;
  double* late_sum = low + rows + 1;
  double* late_low = late_sum + late + 1;
  const double* x = t.column(j) + from;
  for (std::size_t i = 0; i < rows; ++i) terms[i] = r.risk[from + i] * x[i];
  careful_suffix_sums(terms, rows, {carried.high, carried.low}, sum, low);
  const double* late_x = t.late_column(j) + late_from;
  for (std::size_t i = 0; i < late; ++i) terms[i] = r.late_risk[late_from + i] * late_x[i];
  careful_suffix_sums(terms, late, {}, late_sum, late_low);
  for (std::size_t k = first; k < high; ++k) {
    const std::size_t i = t.slot_row[k] - from;
    const std::size_t e = t.slot_late[k] - late_from;
    s1[k - first] = (sum[i] - late_sum[e]) + (low[i] - late_low[e]);
  }
  carried = CarefulSum{sum[0], low[0]};
  carried.subtract({late_sum[0], late_low[0]});
  if (t.slot_deaths[first] == 0) {  // a stratum begins
    s1[0] = 0;
    carried = CarefulSum{};
  }
}

// The same from sums by slot.
void walk_slot_sums(const CoxTable& t, const RiskSums& r, std::size_t first, std::size_t high,
                    std::vector<CarefulSum>& carried, double* s1, double* d1, std::size_t stride) {
  for (std::size_t k = high; k-- > first;) {
    const double* dead = r.gram_of(t, k, true) + t.p * t.p;
    const double* others = r.gram_of(t, k, false) + t.p * t.p;
    const bool nobody = t.slot_deaths[k] == 0;  // a stratum begins
    for (std::size_t j = 0; j < t.p; ++j) {
      if (nobody) {
        carried[j] = CarefulSum{};
      } else {
        carried[j].add(dead[j]);
        carried[j].add(others[j]);
      }
      s1[j * stride + (k - first)] = carried[j].value();
      if (d1 != nullptr) d1[j * stride + (k - first)] = dead[j];
    }
  }
}

// D1 of the slots; 0 where one dies, which nobody asks for.
void sums_of_dead(const CoxTable& t, const RiskSums& r, std::size_t first, std::size_t high,
                  std::size_t j, double* d1) {
  const double* x = t.column(j);
  for (std::size_t k = first; k < high; ++k) {
    const std::size_t at = t.slot_row[k];
    d1[k - first] =
        t.slot_deaths[k] > 1 ? product_sum(r.risk.data() + at, x + at, t.slot_deaths[k]) : 0.0;
  }
}

// Rows of a piece weighted by the hazard they were exposed to, as `total` (with rounding errors
// `low`) has it by slot; the dead are spared part of their own event time's. `g` empty = 1.
void exposures(const CoxTable& t, const RiskSums& r, const CoxChunk& chunk,
               std::span<const double> total, std::span<const double> low,
               std::span<const double> g, double* weight) {
  const std::size_t from = t.slot_row[chunk.slot_begin];
  const std::size_t to = t.slot_row[chunk.slot_end];
  if (t.truncated) {
    for (std::size_t i = from; i < to; ++i) {
      const std::size_t k = t.row_slot[i];
      weight[i - from] = r.risk[i] * ((total[k] - total[t.lo[i]]) + (low[k] - low[t.lo[i]]));
    }
  } else {
    for (std::size_t i = from; i < to; ++i) weight[i - from] = r.risk[i] * total[t.row_slot[i]];
  }
  if (r.ties.empty()) return;
  for (std::size_t q = chunk.tied_begin; q < chunk.tied_end; ++q) {
    const std::size_t k = t.tied_slot[q];
    const double spared = r.ties[q].tied * (g.empty() ? 1.0 : g[k]);
    for (std::size_t i = t.slot_row[k]; i < t.slot_row[k] + t.slot_deaths[k]; ++i) {
      weight[i - from] -= r.risk[i] * spared;
    }
  }
}

// The first Gram matrix of a piece from those of its slots, and the sums beside it, which the score
// is made of: rows weighted by the hazard they were exposed to, the dead spared part of it.
void add_slot_grams(const CoxTable& t, const RiskSums& r, const CoxChunk& chunk, double* gram,
                    double* sums) {
  const std::size_t square = t.p * t.p;
  const auto add = [&](std::size_t k, bool dead, double weight) {
    const double* from = r.gram_of(t, k, dead);
    for (std::size_t i = 0; i < square; ++i) gram[i] += weight * from[i];
    for (std::size_t j = 0; j < t.p; ++j) sums[j] += weight * from[square + j];
  };
  for (std::size_t k = chunk.slot_begin; k < chunk.slot_end; ++k) {
    add(k, true, r.cumulative[k] - r.tied_at(t, k));
    add(k, false, r.cumulative[k]);
  }
}

// The second Gram matrix of a piece: means over risk sets, and where ties are corrected a second
// row for their dead.
class MeansGram {
 public:
  MeansGram(const CoxTable& t, const RiskSums& r, std::span<const std::vector<double>> g,
            double* gram)
      : t_{t},
        r_{r},
        g_{g},
        gram_{gram},
        correct_{!r.ties.empty()},
        s1_(batch * t.p),
        d1_(correct_ ? batch * t.p : 0),
        weight_(batch),
        inverse_(batch),
        dead_weight_(batch),
        columns_(t.p),
        dead_columns_(t.p) {
    for (std::size_t j = 0; j < t.p; ++j) {
      columns_[j] = s1_.data() + j * batch;
      if (correct_) dead_columns_[j] = d1_.data() + j * batch;
    }
  }

  void subtract(const CoxChunk& chunk, std::vector<CarefulSum> sums) {
    const bool by_row = !t_.truncated && dense(t_, chunk);
    for (std::size_t high = chunk.slot_end; high > chunk.slot_begin;) {
      std::size_t first = high - chunk.slot_begin > batch ? high - batch : chunk.slot_begin;
      if (by_row) {
        // As many slots as have rows for a batch.
        while (first + 1 < high && t_.slot_row[high] - t_.slot_row[first] > batch) {
          first += std::max<std::size_t>(1, (high - first) / 8);
        }
        if (first >= high) first = high - 1;
      }
      if (by_row && t_.slot_row[high] - t_.slot_row[first] <= batch) {
        rows(first, high, sums);
      } else {
        slots(first, high, sums);
      }
      high = first;
    }
  }

 private:
  static constexpr std::size_t batch = 256;

  void find_dead(std::size_t first, std::size_t high) {
    dead_.clear();
    if (!correct_) return;
    for (std::size_t q = t_.tied_from(first); q < t_.tied_slot.size(); ++q) {
      if (t_.tied_slot[q] >= high) break;
      dead_.push_back(q);
    }
  }

  // A row of the matrix for each slot.
  void slots(std::size_t first, std::size_t high, std::vector<CarefulSum>& sums) {
    const std::size_t count = high - first;
    walk_slots(t_, r_, first, high, sums, s1_.data(), correct_ ? d1_.data() : nullptr, batch);
    find_dead(first, high);
    const double* inverse = r_.inverse.data() + first;
    for (std::size_t j = 0; j < t_.p; ++j) {
      double* mean = s1_.data() + j * batch;
      if (dead_.empty()) {
        for (std::size_t k = 0; k < count; ++k) mean[k] *= inverse[k];
        continue;
      }
      double* died = d1_.data() + j * batch;
      // D1 is closed up; reads stay ahead of writes.
      for (std::size_t q = 0; q < dead_.size(); ++q) {
        const std::size_t k = t_.tied_slot[dead_[q]] - first;
        mean[k] -= r_.ties[dead_[q]].shift * died[k];
        died[q] = died[k] * inverse[k];
      }
      for (std::size_t k = 0; k < count; ++k) mean[k] *= inverse[k];
    }
    for (std::size_t m = 0; m < g_.size(); ++m) {
      for (std::size_t k = 0; k < count; ++k) {
        weight_[k] = -r_.square[first + k] * (g_[m].empty() ? 1.0 : g_[m][first + k]);
      }
      add(m, count);
    }
  }

  // A row of the matrix for each row of the table; those that are not a slot's first weigh nothing.
  void rows(std::size_t first, std::size_t high, std::vector<CarefulSum>& sums) {
    const std::size_t begin = t_.slot_row[first];
    const std::size_t count = t_.slot_row[high] - begin;
    std::fill(inverse_.begin(), inverse_.begin() + static_cast<std::ptrdiff_t>(count), 0.0);
    for (std::size_t k = first; k < high; ++k) inverse_[t_.slot_row[k] - begin] = r_.inverse[k];
    find_dead(first, high);
    const double* risk = r_.risk.data() + begin;
    for (std::size_t j = 0; j < t_.p; ++j) {
      const double* x = t_.column(j);
      double* mean = s1_.data() + j * batch;
      sums[j].add(
          scaled_suffix_sums(risk, x + begin, inverse_.data(), count, sums[j].value(), mean));
      for (std::size_t q = 0; q < dead_.size(); ++q) {
        const std::size_t k = t_.tied_slot[dead_[q]];
        const std::size_t at = t_.slot_row[k];
        const double died =
            product_sum(r_.risk.data() + at, x + at, t_.slot_deaths[k]) * r_.inverse[k];
        mean[at - begin] -= r_.ties[dead_[q]].shift * died;
        d1_[j * batch + q] = died;
      }
    }
    for (std::size_t m = 0; m < g_.size(); ++m) {
      std::fill(weight_.begin(), weight_.begin() + static_cast<std::ptrdiff_t>(count), 0.0);
      if (g_[m].empty()) {
        for (std::size_t k = first; k < high; ++k) {
          weight_[t_.slot_row[k] - begin] = -r_.square[k];
        }
      } else {
        for (std::size_t k = first; k < high; ++k) {
          weight_[t_.slot_row[k] - begin] = -r_.square[k] * g_[m][k];
        }
      }
      add(m, count);
    }
  }

  void add(std::size_t m, std::size_t count) {
    double* to = gram_ + m * t_.p * t_.p;
    add_weighted_gram(columns_, weight_.data(), count, to, scratch_);
    if (dead_.empty()) return;
    for (std::size_t q = 0; q < dead_.size(); ++q) {
      const std::size_t k = t_.tied_slot[dead_[q]];
      dead_weight_[q] = -r_.ties[dead_[q]].spread * (g_[m].empty() ? 1.0 : g_[m][k]);
    }
    add_weighted_gram(dead_columns_, dead_weight_.data(), dead_.size(), to, scratch_);
  }

  const CoxTable& t_;
  const RiskSums& r_;
  std::span<const std::vector<double>> g_;
  double* gram_;
  bool correct_;
  std::vector<double> s1_;
  std::vector<double> d1_;
  std::vector<double> weight_;
  std::vector<double> inverse_;
  std::vector<double> dead_weight_;
  std::vector<std::size_t> dead_;  // places in tied_slot
  std::vector<const double*> columns_;
  std::vector<const double*> dead_columns_;
  std::vector<const double*> scratch_;
};

}  // namespace

void walk_slots(const CoxTable& t, const RiskSums& r, std::size_t first, std::size_t high,
                std::vector<CarefulSum>& carried, double* s1, double* d1, std::size_t stride) {
  if (t.truncated) {
    const auto deaths = t.slot_deaths.subspan(first, high - first);
    const bool one_stratum = std::find(deaths.begin() + 1, deaths.end(), 0U) == deaths.end();
    for (std::size_t j = 0; j < t.p; j += careful_columns) {
      const std::size_t width = std::min(careful_columns, t.p - j);
      if (width < 3 && one_stratum) {
        for (std::size_t c = j; c < j + width; ++c) {
          walk_late_column(t, r, first, high, c, carried[c], s1 + c * stride);
        }
        continue;
      }
      walk_late(t, r, first, high, j, width, carried.data() + j, s1 + j * stride, stride);
    }
    for (std::size_t j = 0; j < t.p && d1 != nullptr; ++j) {
      sums_of_dead(t, r, first, high, j, d1 + j * stride);
    }
    return;
  }
  if (!r.slot_gram.empty()) {
    walk_slot_sums(t, r, first, high, carried, s1, d1, stride);
    return;
  }
  const auto columns = [&]<std::size_t Width>(std::size_t j) {
    double* dead = d1 == nullptr ? nullptr : d1 + j * stride;
    walk<Width>(t, r, first, high, j, carried.data() + j, s1 + j * stride, dead, stride);
  };
  std::size_t j = 0;
  for (; j + 8 <= t.p; j += 8) columns.template operator()<8>(j);
  for (; j + 4 <= t.p; j += 4) columns.template operator()<4>(j);
  for (; j + 2 <= t.p; j += 2) columns.template operator()<2>(j);
  for (; j < t.p; ++j) columns.template operator()<1>(j);
}

std::vector<std::vector<CarefulSum>> carried_sums(const CoxTable& t, const RiskSums& r,
                                                  const Runner& runner) {
  std::vector<std::vector<CarefulSum>> carried(t.chunks.size(), std::vector<CarefulSum>(t.p));
  bool any = false;
  for (const CoxChunk& c : t.chunks) any = any || c.continues;
  if (!any) return carried;
  std::vector<std::vector<CarefulSum>> own(t.chunks.size());
  if (!r.piece_x.empty()) {
    for (std::size_t c = 0; c < t.chunks.size(); ++c) {
      own[c].resize(t.p);
      for (std::size_t j = 0; j < t.p; ++j) own[c][j].high = r.piece_x[c * t.p + j];
    }
  }
  runner.run(r.piece_x.empty() ? t.chunks.size() : 0, [&](std::size_t c) {
    if (!t.chunks[c].continues) return;
    const std::size_t begin = t.slot_row[t.chunks[c].slot_begin];
    const std::size_t end = t.slot_row[t.chunks[c].slot_end];
    own[c].resize(t.p);
    for (std::size_t j = 0; j < t.p; ++j) {
      const double* x = t.column(j);
      if (!t.truncated) {
        own[c][j].high = inner_product(r.risk.data() + begin, x + begin, end - begin);
        continue;
      }
      own[c][j] = careful_product(r.risk.data() + begin, x + begin, end - begin);
      const std::size_t from = t.slot_late[t.chunks[c].slot_begin];
      own[c][j].subtract(careful_product(r.late_risk.data() + from, t.late_column(j) + from,
                                         t.slot_late[t.chunks[c].slot_end] - from));
    }
  });
  for (std::size_t c = t.chunks.size(); c-- > 1;) {
    if (!t.chunks[c].continues) continue;
    for (std::size_t j = 0; j < t.p; ++j) {
      carried[c - 1][j] = carried[c][j];
      carried[c - 1][j].add(own[c][j]);
    }
  }
  return carried;
}

void expected_events(const CoxTable& t, const RiskSums& r, const CoxChunk& chunk, double* out) {
  exposures(t, r, chunk, r.cumulative, r.cumulative_low, {}, out);
}

void score_at(const CoxTable& t, const RiskSums& r, const Runner& runner,
              std::vector<double>& out) {
  const std::size_t p = t.p;
  std::vector<std::vector<double>> parts(t.chunks.size());
  runner.run(t.chunks.size(), [&](std::size_t c) {
    const std::size_t begin = t.slot_row[t.chunks[c].slot_begin];
    std::vector<double> weight(t.slot_row[t.chunks[c].slot_end] - begin);
    exposures(t, r, t.chunks[c], r.cumulative, r.cumulative_low, {}, weight.data());
    std::vector<const double*> columns(p);
    for (std::size_t j = 0; j < p; ++j) columns[j] = t.column(j) + begin;
    parts[c].resize(p);
    inner_products(weight.data(), columns, weight.size(), parts[c].data());
  });
  out.assign(p, 0.0);
  for (const std::vector<double>& part : parts) {
    for (std::size_t j = 0; j < p; ++j) out[j] += part[j];
  }
  for (std::size_t j = 0; j < p; ++j) out[j] = t.event_x[j] - out[j];
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
      CarefulSum total;
      for (std::size_t k = t.stratum_slot[s] + 1; k < t.stratum_slot[s + 1]; ++k) {
        total.add(g[m][k] * r.hazard[k]);
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
    std::vector<const double*> scratch;
    std::vector<const double*> columns(p);

    // First Gram matrix: rows weighted by the hazard they were exposed to. The same weights are
    // what the score expects of them; what the events add to it without g never changes.
    const bool by_slot = !r.slot_gram.empty();
    const bool by_row =
        !by_slot || std::ranges::any_of(g, [](const auto& v) { return !v.empty(); });
    std::vector<double> weight(by_row ? row_end - row_begin : 0);
    for (std::size_t j = 0; j < p; ++j) columns[j] = t.column(j) + row_begin;
    for (std::size_t m = 0; m < m_count; ++m) {
      const bool plain = g[m].empty();
      if (plain && by_slot) {
        add_slot_grams(t, r, chunk, part.gram.data() + m * p * p, part.score.data() + m * p);
        continue;
      }
      exposures(t, r, chunk, plain ? std::span<const double>{r.cumulative} : cumulative[m],
                plain ? std::span<const double>{r.cumulative_low} : cumulative_low[m], g[m],
                weight.data());
      if (plain) {
        add_weighted_gram(columns, weight.data(), weight.size(), part.gram.data() + m * p * p,
                          part.score.data() + m * p, scratch);
        continue;
      }
      add_weighted_gram(columns, weight.data(), weight.size(), part.gram.data() + m * p * p,
                        scratch);
      for (std::size_t k = chunk.slot_begin; k < chunk.slot_end; ++k) {
        for (std::size_t i = t.slot_row[k]; i < t.slot_row[k] + t.slot_deaths[k]; ++i) {
          weight[i - row_begin] -= g[m][k] * t.weight_of(i);
        }
      }
      inner_products(weight.data(), columns, weight.size(), part.score.data() + m * p);
    }
    for (std::size_t j = 0; j < p; ++j) part.diagonal[j] = part.gram[j * p + j];
    MeansGram{t, r, g, part.gram.data()}.subtract(chunk, carried[c]);
  });

  out.score.assign(m_count, std::vector<double>(p, 0.0));
  out.information.assign(m_count, std::vector<double>(p * p, 0.0));
  out.gram_diagonal.assign(p, 0.0);
  for (const Part& part : parts) {
    for (std::size_t j = 0; j < p; ++j) out.gram_diagonal[j] += part.diagonal[j];
    for (std::size_t m = 0; m < m_count; ++m) {
      for (std::size_t j = 0; j < p; ++j) {
        out.score[m][j] -= part.score[m * p + j];
        for (std::size_t h = j; h < p; ++h) {
          out.information[m][j * p + h] += part.gram[m * p * p + j * p + h];
        }
      }
    }
  }
  for (std::size_t m = 0; m < m_count; ++m) {
    for (std::size_t j = 0; j < p; ++j) {
      if (g[m].empty()) out.score[m][j] += t.event_x[j];
      for (std::size_t h = 0; h < j; ++h) {
        out.information[m][j * p + h] = out.information[m][h * p + j];
      }
    }
  }
}

MeanFactors mean_factors(const CoxTable& t, const RiskSums& r, CoxTies ties, std::size_t k) {
  MeanFactors f;
  const std::uint32_t d = t.slot_deaths[k];
  if (d == 0) return f;
  if (ties == CoxTies::breslow || d == 1) {
    f.mean_s = r.inverse[k];
    return f;
  }
  const double d0 = r.ties[t.tied_from(k)].d0;
  double weight = 0;
  for (std::size_t i = t.slot_row[k]; i < t.slot_row[k] + d; ++i) weight += t.weight_of(i);
  weight /= d;
  const TieSeries s = tie_series(r.s0[k], d0, d);
  f.mean_s = s.inverse / d;
  f.mean_d = s.tied / d;
  f.drift_d = weight * s.tied_square;
  f.spared_d = weight * s.square_square;
  return f;
}

void slot_means(const CoxTable& t, const RiskSums& r, CoxTies ties, SlotMeans& out) {
  const std::size_t p = t.p;
  const bool correct = !r.ties.empty();
  out.mean.assign(t.slots() * p, 0.0);
  out.drift.assign(t.slots() * p, 0.0);
  out.spared.assign(correct ? t.slots() * p : 0, 0.0);
  constexpr std::size_t batch = 256;
  std::vector<double> s1(batch * p);
  std::vector<double> d1(correct ? batch * p : 0);
  auto carried = carried_sums(t, r, serial());
  for (std::size_t c = 0; c < t.chunks.size(); ++c) {
    for (std::size_t high = t.chunks[c].slot_end; high > t.chunks[c].slot_begin;) {
      const std::size_t first =
          high - t.chunks[c].slot_begin > batch ? high - batch : t.chunks[c].slot_begin;
      walk_slots(t, r, first, high, carried[c], s1.data(), correct ? d1.data() : nullptr, batch);
      for (std::size_t k = first; k < high; ++k) {
        if (t.slot_deaths[k] == 0) continue;
        const MeanFactors f = mean_factors(t, r, ties, k);
        for (std::size_t j = 0; j < p; ++j) {
          const double s = s1[j * batch + (k - first)];
          const double d = correct ? d1[j * batch + (k - first)] : 0;
          const double one = r.inverse[k];
          out.mean[k * p + j] = f.mean_s * s - f.mean_d * d;
          out.drift[k * p + j] = (r.square[k] * (s * one) - f.drift_d * (d * one)) * one;
          if (correct)
            out.spared[k * p + j] = (f.drift_d * (s * one) - f.spared_d * (d * one)) * one;
        }
      }
      high = first;
    }
  }
}

}  // namespace ombre::inline v0::stats::detail
