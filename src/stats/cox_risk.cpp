// Risks, their sums over risk sets and the hazards made of them, at one coefficient vector.
#include "stats/cox_sums.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "stats/wide_loops.hpp"

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

// The sums over l of the `place`th event time with d > 1 events, Efron's way. Its D0 is known, and
// `square` has the weight of its events.
void tie_sums(const CoxTable& t, std::size_t place, RiskSums& out, LogSum& logs) {
  const std::size_t k = t.tied_slot[place];
  const std::uint32_t d = t.slot_deaths[k];
  RiskSums::Tie& tie = out.ties[place];
  const double w = out.square[k] / d;
  const TieSeries s = tie_series(out.s0[k], tie.d0, d);
  logs.sum += w * s.logs;
  const double shift = s.tied_square / s.square;
  out.hazard[k] = w * s.inverse;
  tie.tied = w * s.tied;
  out.square[k] = w * s.square;
  tie.shift = shift;
  // Shares are spread over 0..1, so that the difference keeps its digits.
  tie.spread = w * std::max(s.square_square - shift * s.tied_square, 0.0);
}

double plain_sum(const double* v, std::size_t n) noexcept {
  double s0 = 0;
  double s1 = 0;
  double s2 = 0;
  double s3 = 0;
  std::size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    s0 += v[i];
    s1 += v[i + 1];
    s2 += v[i + 2];
    s3 += v[i + 3];
  }
  for (; i < n; ++i) s0 += v[i];
  return (s0 + s1) + (s2 + s3);
}

// Adds numbers to a sum, or takes them off, with all rounding errors.
void add_carefully(CarefulSum& sum, double sign, const double* v, std::size_t n) {
  if (n > 16) {
    const CarefulSum part = careful_sum(v, n);
    sign < 0 ? sum.subtract(part) : sum.add(part);
    return;
  }
  for (std::size_t i = 0; i < n; ++i) sum.add(sign * v[i]);
}

// Whether event times are corrected for ties.
bool corrected(const CoxTable& t, CoxTies ties) {
  return ties != CoxTies::breslow && t.most_deaths > 1;
}

// Risks of the rows of a piece, or their predictors where those have to be shifted first. Adds the
// sums of risk x where `sums` is given: x is at hand.
void predict(const CoxTable& t, std::span<const double> b, bool with_risk, std::size_t from,
             std::size_t to, RiskSums& out, double* sums) {
  std::vector<const double*> columns;
  std::vector<double> factors;
  std::vector<const double*> at;
  for (std::size_t j = 0; j < t.p; ++j) {
    if (b[j] == 0) continue;
    columns.push_back(t.column(j));
    factors.push_back(b[j]);
  }
  at.resize(columns.size());
  constexpr std::size_t block = 1024;
  for (std::size_t begin = from; begin < to; begin += block) {
    const std::size_t count = std::min(to - begin, block);
    double* eta = out.risk.data() + begin;
    if (t.offset.empty()) {
      std::fill(eta, eta + count, 0.0);
    } else {
      std::copy_n(t.offset.data() + begin, count, eta);
    }
    for (std::size_t j = 0; j < columns.size(); ++j) at[j] = columns[j] + begin;
    add_predictor(at, factors.data(), count, eta);
    if (!with_risk) continue;
    double* risk = eta;
    if (columns.empty() && t.offset.empty()) {
      std::fill(risk, risk + count, 1.0);
    } else {
      exponentials(eta, count, risk);
    }
    if (t.weighted) {
      for (std::size_t i = 0; i < count; ++i) risk[i] *= t.weight[begin + i];
    }
    for (std::size_t j = 0; j < t.p && sums != nullptr; ++j) {
      sums[j] += inner_product(risk, t.column(j) + begin, count);
    }
  }
}

// Risks of the rows of a piece and, while x is at hand, the sums of each slot.
void predict_by_slot(const CoxTable& t, std::span<const double> b, const CoxChunk& chunk,
                     RiskSums& out, double* sums) {
  constexpr std::size_t block = 4096;
  const std::size_t size = t.p * t.p + t.p;
  std::vector<const double*> columns(t.p);
  std::vector<const double*> scratch;
  const std::size_t last = t.slot_row[chunk.slot_end];
  std::size_t k = chunk.slot_begin;
  for (std::size_t i = t.slot_row[k]; i < last;) {
    const std::size_t end = std::min(last, i + block);
    predict(t, b, true, i, end, out, nullptr);
    while (i < end) {
      while (t.slot_row[k + 1] <= i) ++k;
      const std::size_t alive = t.slot_row[k] + t.slot_deaths[k];
      const bool dead = i < alive;
      const std::size_t stop = std::min<std::size_t>(end, dead ? alive : t.slot_row[k + 1]);
      if (t.slot_deaths[k] != 0) {  // else a stratum begins, and the rows are never at risk
        for (std::size_t j = 0; j < t.p; ++j) columns[j] = t.column(j) + i;
        double* to = out.slot_gram.data() + (2 * k + (dead ? 0U : 1U)) * size;
        add_weighted_gram(columns, out.risk.data() + i, stop - i, to, to + t.p * t.p, scratch);
      }
      i = stop;
    }
  }
  for (k = chunk.slot_begin; k < chunk.slot_end && sums != nullptr; ++k) {
    for (const bool dead : {true, false}) {
      const double* from = out.gram_of(t, k, dead) + t.p * t.p;
      for (std::size_t j = 0; j < t.p; ++j) sums[j] += from[j];
    }
  }
}

// Risks where predictors are so wild that each stratum's largest has to be taken off. Returns what
// that takes off the events' predictors.
double shifted_risks(const CoxTable& t, RiskSums& out) {
  double taken_off = 0;
  out.stratum_shift.assign(t.strata(), 0.0);
  for (std::size_t s = 0; s < t.strata(); ++s) {
    const auto begin = static_cast<std::ptrdiff_t>(t.slot_row[t.stratum_slot[s]]);
    const auto end = static_cast<std::ptrdiff_t>(t.slot_row[t.stratum_slot[s + 1]]);
    const double most = *std::max_element(out.risk.begin() + begin, out.risk.begin() + end);
    if (!std::isfinite(most)) out.usable = false;
    out.stratum_shift[s] = most;
    double events = 0;
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
      events += t.dead[i] != 0 ? t.weight_of(i) : 0.0;
      out.risk[i] = t.weight_of(i) * std::exp(out.risk[i] - most);
    }
    taken_off += events * most;
  }
  return taken_off;
}

// What the scan of one piece adds up.
struct PieceSums {
  CarefulSum risk;    // of the rows at risk, less late entries
  CarefulSum hazard;  // since the last beginning of a stratum
  double logs = 0;    // of the risk sets' sums, by the events' weights
  bool usable = true;
};

// Sums are plain over so many numbers, and carry their rounding errors from there on.
constexpr std::size_t few = 256;

CarefulSum hazard_of(const CoxChunk& chunk, const RiskSums& out) {
  CarefulSum sum;
  for (std::size_t k = chunk.slot_begin; k < chunk.slot_end; k += few) {
    sum.add(plain_sum(out.hazard.data() + k, std::min(few, chunk.slot_end - k)));
  }
  return sum;
}

// S0 and what is made of it, from the last slot of a piece to its first. `sum` is the risk carried
// into it. Sums carry their rounding errors from slot to slot, which takes no time: each addition
// waits for the one before it anyhow.
template <bool Weighted, bool Late>
void scan_piece(const CoxTable& t, const CoxChunk& chunk, bool correct, CarefulSum sum,
                RiskSums& out, PieceSums& piece) {
  LogSum logs;
  const double* risk = out.risk.data();
  double* s0_of = out.s0.data();
  double* weights = out.square.data();
  std::size_t tied = chunk.tied_end;
  std::size_t end = t.slot_row[chunk.slot_end];
  for (std::size_t k = chunk.slot_end; k-- > chunk.slot_begin;) {
    const std::size_t begin = t.slot_row[k];
    const std::size_t deaths = t.slot_deaths[k];
    if (deaths == 0) {  // a stratum begins
      sum = CarefulSum{};
      s0_of[k] = weights[k] = 0;
      end = begin;
      continue;
    }
    if constexpr (Late) {
      add_carefully(sum, 1, risk + begin, end - begin);
      add_carefully(sum, -1, out.late_risk.data() + t.slot_late[k],
                    t.slot_late[k + 1] - t.slot_late[k]);
    } else if (end - begin > 8) {
      sum.add(plain_sum(risk + begin, end - begin));
    } else {
      double part = risk[begin];
      for (std::size_t i = begin + 1; i < end; ++i) part += risk[i];
      sum.add(part);
    }
    double d0 = risk[begin];
    double weight_sum = Weighted ? t.weight[begin] : 1;
    for (std::size_t i = begin + 1; i < begin + deaths; ++i) {
      d0 += risk[i];
      weight_sum += Weighted ? t.weight[i] : 1;
    }
    // The dead are among those at risk; rounding must not say otherwise.
    const double s0 = std::max(sum.value(), d0);
    if (!(s0 > 0) || !(s0 <= 1.7976931348623157e308) || !(d0 > 0)) {
      piece.usable = false;
      return;
    }
    s0_of[k] = s0;
    weights[k] = weight_sum;
    if (correct && deaths > 1) out.ties[--tied].d0 = d0;
    if (!correct || deaths == 1) logs.add(weight_sum, s0);
    end = begin;
  }
  for (std::size_t k = chunk.slot_begin; k < chunk.slot_end; ++k) {
    out.inverse[k] = 1 / s0_of[k];
    out.hazard[k] = weights[k] * out.inverse[k];
  }
  for (std::size_t k = chunk.slot_begin; k < chunk.slot_end; ++k) {
    if (t.slot_deaths[k] != 0) continue;
    out.inverse[k] = out.hazard[k] = 0;
  }
  for (std::size_t q = chunk.tied_begin; q < chunk.tied_end && correct; ++q) {
    tie_sums(t, q, out, logs);
  }
  if (t.truncated || chunk.whole_strata > 1) {
    for (std::size_t k = chunk.slot_begin; k < chunk.slot_end; ++k) {
      if (t.slot_deaths[k] == 0) piece.hazard = CarefulSum{};
      piece.hazard.add(out.hazard[k]);
    }
  } else {
    piece.hazard = hazard_of(chunk, out);
  }
  logs.flush();
  piece.logs = logs.sum;
}

// S0 of the slots from `first` on in a piece of one stratum: sums at every row, without a branch,
// of which the event times' are taken. `sum` is the risk carried into the piece.
void sums_of_rows(const CoxTable& t, const CoxChunk& chunk, std::size_t first, CarefulSum sum,
                  RiskSums& out) {
  const std::size_t from = t.slot_row[chunk.slot_begin];
  const std::size_t to = t.slot_row[chunk.slot_end];
  const auto at_risk = std::make_unique_for_overwrite<double[]>(to - from);
  for (std::size_t end = to; end > from;) {
    const std::size_t begin = end - from > few ? end - few : from;
    sum.add(suffix_sums(out.risk.data() + begin, end - begin, sum.value(),
                        at_risk.get() + (begin - from)));
    end = begin;
  }
  for (std::size_t k = first; k < chunk.slot_end; ++k) out.s0[k] = at_risk[t.slot_row[k] - from];
}

// The same where rows enter late: sums over rows and over late entries, with their rounding errors,
// whose difference is taken at the event times.
void sums_of_late_rows(const CoxTable& t, const CoxChunk& chunk, std::size_t first, CarefulSum sum,
                       RiskSums& out) {
  const std::size_t from = t.slot_row[chunk.slot_begin];
  const std::size_t rows = t.slot_row[chunk.slot_end] - from;
  const std::size_t late_from = t.slot_late[chunk.slot_begin];
  const std::size_t late = t.slot_late[chunk.slot_end] - late_from;
  const auto room = std::make_unique_for_overwrite<double[]>(2 * (rows + 1) + 2 * (late + 1));
  double* high = room.get();
  double* low = high + rows + 1;
  double* late_high = low + rows + 1;
  double* late_low = late_high + late + 1;
  careful_suffix_sums(out.risk.data() + from, rows, {sum.high, sum.low}, high, low);
  careful_suffix_sums(out.late_risk.data() + late_from, late, {}, late_high, late_low);
  for (std::size_t k = first; k < chunk.slot_end; ++k) {
    const std::size_t i = t.slot_row[k] - from;
    const std::size_t j = t.slot_late[k] - late_from;
    const double s0 = (high[i] - late_high[j]) + (low[i] - late_low[j]);
    out.s0[k] = std::max(s0, out.risk[from + i]);  // the dead are among those at risk
  }
}

// scan_piece() of a piece of one stratum with hardly more rows than event times, all risks in
// range.
template <bool Weighted, bool Late>
void scan_dense_piece(const CoxTable& t, const CoxChunk& chunk, bool correct, CarefulSum sum,
                      RiskSums& out, PieceSums& piece) {
  LogSum logs;
  std::size_t k = chunk.slot_begin;
  if (t.slot_deaths[k] == 0) {
    out.s0[k] = out.inverse[k] = out.hazard[k] = out.square[k] = 0;
    ++k;
  }
  const std::size_t first = k;
  (Late ? sums_of_late_rows : sums_of_rows)(t, chunk, first, sum, out);
  for (; k < chunk.slot_end; ++k) out.square[k] = Weighted ? t.weight[t.slot_row[k]] : 1;
  for (std::size_t q = chunk.tied_begin; q < chunk.tied_end; ++q) {
    const std::size_t s = t.tied_slot[q];
    double d0 = out.risk[t.slot_row[s]];
    for (std::size_t i = t.slot_row[s] + 1; i < t.slot_row[s] + t.slot_deaths[s]; ++i) {
      out.square[s] += Weighted ? t.weight[i] : 1;
      d0 += out.risk[i];
    }
    if (correct) out.ties[q].d0 = d0;
    if (Late) out.s0[s] = std::max(out.s0[s], d0);
  }
  for (k = first; k < chunk.slot_end; ++k) {
    out.inverse[k] = 1 / out.s0[k];
    out.hazard[k] = out.square[k] * out.inverse[k];
  }
  if constexpr (Weighted) {
    for (k = first; k < chunk.slot_end; ++k) {
      if (!correct || t.slot_deaths[k] == 1) logs.add(out.square[k], out.s0[k]);
    }
  } else {
    logs.sum += log_sum(out.s0.data() + first, chunk.slot_end - first);
    for (std::size_t q = chunk.tied_begin; q < chunk.tied_end; ++q) {
      const std::size_t s = t.tied_slot[q];
      logs.sum += ((correct ? 0.0 : out.square[s]) - 1) * std::log(out.s0[s]);
    }
  }
  for (std::size_t q = chunk.tied_begin; q < chunk.tied_end && correct; ++q) {
    tie_sums(t, q, out, logs);
  }
  if (Late) {
    piece.hazard =
        careful_sum(out.hazard.data() + chunk.slot_begin, chunk.slot_end - chunk.slot_begin);
  } else {
    piece.hazard = hazard_of(chunk, out);
  }
  logs.flush();
  piece.logs = logs.sum;
}

}  // namespace

void risk_sums(const CoxTable& t, std::span<const double> b, CoxTies ties, const Runner& runner,
               RiskSums& out) {
  const std::size_t slots = t.slots();
  const std::size_t pieces = t.chunks.size();
  const bool correct = corrected(t, ties);
  const std::size_t tied_slots = correct ? t.tied_slot.size() : 0;
  const std::size_t careful_slots = t.truncated ? slots : 0;
  if (out.risk.size() != t.n || out.s0.size() != slots || out.ties.size() != tied_slots ||
      out.cumulative_low.size() != careful_slots || out.late_risk.size() != t.late.size()) {
    out.room.rewind();
    out.room.reserve(
        sizeof(double) * (t.n + t.late.size() + 5 * slots + 4 * tied_slots + careful_slots) + 1024);
    out.risk = out.room.take<double>(t.n);
    for (auto* v : {&out.s0, &out.inverse, &out.hazard, &out.square, &out.cumulative}) {
      *v = out.room.take<double>(slots);
    }
    out.ties = out.room.take<RiskSums::Tie>(tied_slots);
    out.cumulative_low = out.room.take<double>(careful_slots);
    out.late_risk = out.room.take<double>(t.late.size());
  }
  out.usable = true;
  out.stratum_shift.clear();
  // The events' predictors come from their sums of x.
  out.loglik = t.event_offset;
  for (std::size_t j = 0; j < t.p; ++j) out.loglik += b[j] * t.event_x[j];

  double bound = t.largest_offset;
  for (std::size_t j = 0; j < t.p; ++j) bound += std::abs(b[j]) * t.largest[j];
  const bool shift = !(bound <= 300);
  std::vector<PieceSums> sums(pieces);
  const auto rows_of = [&](std::size_t c) {
    return std::pair{t.slot_row[t.chunks[c].slot_begin], t.slot_row[t.chunks[c].slot_end]};
  };
  const auto add_risks = [&](std::size_t c) {
    if (!t.chunks[c].continues) return;
    const auto [from, to] = rows_of(c);
    if (!t.truncated) {
      sums[c].risk.add(plain_sum(out.risk.data() + from, to - from));
      return;
    }
    const std::size_t late = t.slot_late[t.chunks[c].slot_begin];
    const CarefulSum rows = careful_sum(out.risk.data() + from, to - from);
    const CarefulSum entered =
        careful_sum(out.late_risk.data() + late, t.slot_late[t.chunks[c].slot_end] - late);
    sums[c].risk = rows;
    sums[c].risk.subtract(entered);
  };
  out.piece_x.assign(shift || t.truncated ? 0 : pieces * t.p, 0.0);
  // The sums of all slots take an eighth of the room of x at most.
  const bool by_slot = !shift && !t.truncated && 16 * (t.p + 1) * slots <= t.n;
  out.slot_gram.assign(by_slot ? 2 * slots * (t.p * t.p + t.p) : 0, 0.0);
  runner.run(pieces, [&](std::size_t c) {
    const auto [from, to] = rows_of(c);
    double* own =
        out.piece_x.empty() || !t.chunks[c].continues ? nullptr : out.piece_x.data() + c * t.p;
    if (by_slot) {
      predict_by_slot(t, b, t.chunks[c], out, own);
    } else {
      predict(t, b, !shift, from, to, out, own);
    }
    if (!shift && !t.truncated) add_risks(c);
  });
  if (shift) out.loglik -= shifted_risks(t, out);
  if (t.truncated) {
    constexpr std::size_t piece = 16384;
    const std::size_t late = t.late.size();
    runner.run((late + piece - 1) / piece, [&](std::size_t c) {
      for (std::size_t i = c * piece; i < std::min(late, (c + 1) * piece); ++i) {
        out.late_risk[i] = out.risk[t.late[i]];
      }
    });
  }
  if (shift || t.truncated) runner.run(pieces, add_risks);
  std::vector<CarefulSum> carried(pieces);
  for (std::size_t c = pieces; c-- > 1;) {
    if (!t.chunks[c].continues) continue;
    carried[c - 1] = carried[c];
    carried[c - 1].add(sums[c].risk);
  }
  runner.run(pieces, [&](std::size_t c) {
    if (!shift && dense(t, t.chunks[c])) {
      const auto scan =
          t.truncated
              ? (t.weighted ? scan_dense_piece<true, true> : scan_dense_piece<false, true>)
              : (t.weighted ? scan_dense_piece<true, false> : scan_dense_piece<false, false>);
      return scan(t, t.chunks[c], correct, carried[c], out, sums[c]);
    }
    const auto scan = t.truncated
                          ? (t.weighted ? scan_piece<true, true> : scan_piece<false, true>)
                          : (t.weighted ? scan_piece<true, false> : scan_piece<false, false>);
    scan(t, t.chunks[c], correct, carried[c], out, sums[c]);
  });
  for (const PieceSums& piece : sums) {
    out.loglik -= piece.logs;
    out.usable = out.usable && piece.usable;
  }
  if (!std::isfinite(out.loglik)) out.usable = false;
  if (!out.usable) return;
  std::vector<CarefulSum> before(pieces);
  for (std::size_t c = 1; c < pieces; ++c) {
    if (!t.chunks[c].continues) continue;
    before[c] = sums[c - 1].hazard;
    if (t.chunks[c - 1].continues) {
      before[c] = before[c - 1];
      before[c].add(sums[c - 1].hazard);
    }
  }
  runner.run(pieces, [&](std::size_t c) {
    CarefulSum total = before[c];
    if (!t.truncated && t.chunks[c].whole_strata < 2) {
      for (std::size_t k = t.chunks[c].slot_begin; k < t.chunks[c].slot_end; k += few) {
        total.add(prefix_sums(out.hazard.data() + k, std::min(few, t.chunks[c].slot_end - k),
                              total.value(), out.cumulative.data() + k));
      }
      return;
    }
    for (std::size_t k = t.chunks[c].slot_begin; k < t.chunks[c].slot_end; ++k) {
      if (t.slot_deaths[k] == 0) total = CarefulSum{};
      total.add(out.hazard[k]);
      out.cumulative[k] = t.truncated ? total.high : total.value();
      if (t.truncated) out.cumulative_low[k] = total.low;
    }
  });
}

}  // namespace ombre::inline v0::stats::detail
