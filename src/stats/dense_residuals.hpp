#pragma once
// Score residuals of a piece with hardly more rows than event times, nobody entering late: all
// steps are loops over rows without a branch, and the rows of tied events are put right afterwards.

#include <algorithm>
#include <cstddef>
#include <vector>

#include "stats/cox_sums.hpp"
#include "stats/wide_loops.hpp"

namespace ombre::inline v0::stats::detail {

class DenseResiduals {
 public:
  // Means of the risk sets, kept where the residuals will be: p columns of the piece's rows.
  // `carried` has the sums over the risk set as the pieces after it left them.
  void means(const CoxTable& t, const RiskSums& r, CoxTies ties, const CoxChunk& chunk,
             std::vector<CarefulSum> carried, std::vector<double>& u) {
    from_ = t.slot_row[chunk.slot_begin];
    rows_ = t.slot_row[chunk.slot_end] - from_;
    for (auto* v : {&inverse_, &step_, &dead_}) v->assign(rows_, 0.0);
    for (std::size_t k = chunk.slot_begin; k < chunk.slot_end; ++k) {
      if (t.slot_deaths[k] == 0) continue;
      const std::size_t i = t.slot_row[k] - from_;
      inverse_[i] = r.inverse[k];
      step_[i] = r.square[k] * r.inverse[k];
    }
    left_.resize(rows_);
    expected_events(t, r, chunk, left_.data());
    for (std::size_t i = 0; i < rows_; ++i) {
      dead_[i] = t.dead[from_ + i] != 0 ? t.weight_of(from_ + i) : 0.0;
      left_[i] = dead_[i] - left_[i];
    }
    tied_begin_ = chunk.tied_begin;
    const std::size_t tied = chunk.tied_end - chunk.tied_begin;
    factor_.clear();
    for (std::size_t q = 0; q < tied; ++q) {
      factor_.push_back(mean_factors(t, r, ties, t.tied_slot[tied_begin_ + q]));
    }
    tied_mean_.resize(tied * t.p);
    tied_dead_.resize(tied * t.p);
    u.resize(rows_ * t.p);
    const double* risk = r.risk.data() + from_;
    for (std::size_t j = 0; j < t.p; ++j) {
      const double* x = t.column(j) + from_;
      double* to = u.data() + j * rows_;
      for (std::size_t end = rows_; end > 0;) {
        const std::size_t begin = end > block ? end - block : 0;
        carried[j].add(scaled_suffix_sums(risk + begin, x + begin, inverse_.data() + begin,
                                          end - begin, carried[j].value(), to + begin));
        end = begin;
      }
      for (std::size_t q = 0; q < tied; ++q) {
        const std::size_t k = t.tied_slot[tied_begin_ + q];
        const std::size_t i = t.slot_row[k] - from_;
        tied_mean_[j * tied + q] = to[i];
        if (factor_[q].drift_d == 0) continue;
        const double died = inner_product(risk + i, x + i, t.slot_deaths[k]) * r.inverse[k];
        tied_dead_[j * tied + q] = died;
        to[i] -= factor_[q].drift_d * died / r.square[k];  // so that times its step it is the move
      }
    }
  }
  // By how much the drift moves in the piece.
  [[nodiscard]] std::vector<CarefulSum> drift(std::size_t p, const std::vector<double>& u) const {
    std::vector<CarefulSum> out(p);
    for (std::size_t j = 0; j < p; ++j) {
      for (std::size_t begin = 0; begin < rows_; begin += block) {
        out[j].add(inner_product(u.data() + j * rows_ + begin, step_.data() + begin,
                                 std::min(block, rows_ - begin)));
      }
    }
    return out;
  }
  // Means become weighted residuals. `before` is the drift earlier pieces of the stratum left.
  void finish(const CoxTable& t, const RiskSums& r, const std::vector<CarefulSum>& before,
              std::vector<double>& u) const {
    const std::size_t tied = factor_.size();
    std::vector<double> drift_at(tied);
    double drift[block];
    for (std::size_t j = 0; j < t.p; ++j) {
      const double* x = t.column(j) + from_;
      const double* risk = r.risk.data() + from_;
      double* to = u.data() + j * rows_;
      CarefulSum sum = before[j];
      std::size_t q = 0;
      for (std::size_t begin = 0; begin < rows_; begin += block) {
        const std::size_t count = std::min(block, rows_ - begin);
        sum.add(residual_rows({x + begin, risk + begin, left_.data() + begin, dead_.data() + begin,
                               step_.data() + begin},
                              count, sum.value(), to + begin, drift));
        for (; q < tied; ++q) {
          const std::size_t i = t.slot_row[t.tied_slot[tied_begin_ + q]] - from_;
          if (i >= begin + count) break;
          drift_at[q] = drift[i - begin];
        }
      }
      for (q = 0; q < tied; ++q) {
        const std::size_t k = t.tied_slot[tied_begin_ + q];
        const MeanFactors& f = factor_[q];
        double mean = f.mean_s * (tied_mean_[j * tied + q] * r.s0[k]);
        double spared = 0;
        if (f.drift_d != 0) {
          const double died = tied_dead_[j * tied + q];
          mean -= f.mean_d * (died * r.s0[k]);
          spared = (f.drift_d * tied_mean_[j * tied + q] - f.spared_d * died) * r.inverse[k];
        }
        const std::size_t first = t.slot_row[k] - from_;
        for (std::size_t i = first; i < first + t.slot_deaths[k]; ++i) {
          to[i] = left_[i] * x[i] - dead_[i] * mean + risk[i] * (drift_at[q] - spared);
        }
      }
    }
  }

 private:
  static constexpr std::size_t block = 256;

  std::size_t from_ = 0;
  std::size_t rows_ = 0;
  std::size_t tied_begin_ = 0;
  // By row.
  std::vector<double> inverse_;  // 1 / S0 at a slot's first row, else 0
  std::vector<double> step_;
  std::vector<double> dead_;  // weight of an event, else 0
  std::vector<double> left_;  // events less expected ones
  // Of the slots of several deaths, the last two p columns of them.
  std::vector<MeanFactors> factor_;
  std::vector<double> tied_mean_;  // S1 / S0
  std::vector<double> tied_dead_;  // D1 / S0
};

}  // namespace ombre::inline v0::stats::detail
