#pragma once
// Sums over risk sets at one coefficient vector, and what is made of them.

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "ombre/core/progress.hpp"
#include "ombre/stats/cox.hpp"
#include "stats/careful_sum.hpp"
#include "stats/cox_table.hpp"

namespace ombre::inline v0::stats::detail {

// Of one event slot with deaths D among the risk set R, weights r = w exp(eta):
// S0 = sum over R of r, D0 = sum over D of r, f_l = l / d (0 for Breslow), T_l = S0 - f_l D0 and w
// the mean weight of D:
//   hazard      = w sum 1 / T_l            (increment of the cumulative hazard)
//   tied        = w sum f_l / T_l          (what a row of D is spared of it)
//   square      = w sum (S0 / T_l)^2       (without unit, so that tiny S0 do not overflow)
//   shift       = w sum f_l (S0 / T_l)^2 / square
//   spread      = w sum (f_l - shift)^2 (S0 / T_l)^2
struct RiskSums {
  Room room;                          // where the arrays lie, kept from one b to the next
  std::span<double> risk;             // sorted position: w exp(x'b + offset - shift of the stratum)
  std::span<double> late_risk;        // the same of late entries
  std::vector<double> stratum_shift;  // empty = 0
  std::vector<double> piece_x;        // sums of risk x over each piece that continues a stratum, p
                                      // each; empty = not taken
  // Where a slot has many rows: sums of risk x x' (upper triangle, p x p) and risk x (p) over its
  // dead, then over its other rows, so that an evaluation reads x once. Empty = not taken.
  std::vector<double> slot_gram;
  [[nodiscard]] const double* gram_of(const CoxTable& table, std::size_t k,
                                      bool dead) const noexcept {
    return slot_gram.data() + (2 * k + (dead ? 0U : 1U)) * (table.p * table.p + table.p);
  }
  // By slot.
  std::span<double> s0;
  std::span<double> inverse;  // 1 / S0
  std::span<double> hazard;
  std::span<double> square;
  // Of the slots of several deaths, in the order of CoxTable::tied_slot; empty where no event time
  // has a correction for ties.
  struct Tie {
    double d0;
    double tied;
    double shift;
    double spread;
  };
  std::span<Tie> ties;
  // Hazard summed within the stratum, up to and with the slot. With late entries differences of it
  // are taken after small risk sets have made it huge, so its rounding errors are kept beside it.
  std::span<double> cumulative;
  std::span<double> cumulative_low;  // empty without late entries
  double loglik = 0;
  bool usable = true;  // false: some risk set's sum over- or underflowed
  [[nodiscard]] double tied_at(const CoxTable& table, std::size_t k) const noexcept {
    return ties.empty() || table.slot_deaths[k] < 2 ? 0 : ties[table.tied_from(k)].tied;
  }
};

// b in scaled units.
void risk_sums(const CoxTable& table, std::span<const double> b, CoxTies ties, const Runner& runner,
               RiskSums& out);

// Score vector and information for weights g_m of event times, m = 0..: score_m = sum over events
// of g_m (x - mean over the risk set), information_m = sum of g_m times its variance there. `g` has
// one vector per m, by slot; an empty vector is 1.
struct Moments {
  std::vector<std::vector<double>> score;        // m x p
  std::vector<std::vector<double>> information;  // m x (p x p), full
  std::vector<double> gram_diagonal;  // p: sums of squares the information of m = 0 comes from
};
// The score alone, one pass over x: p numbers.
void score_at(const CoxTable& table, const RiskSums& sums, const Runner& runner,
              std::vector<double>& out);
void moments(const CoxTable& table, const RiskSums& sums, std::span<const std::vector<double>> g,
             const Runner& runner, Moments& out);

// Sum over the risk set of r x at the end of each piece, p numbers: what the pieces after it, of
// the same stratum, leave to it.
[[nodiscard]] std::vector<std::vector<CarefulSum>> carried_sums(const CoxTable& table,
                                                                const RiskSums& sums,
                                                                const Runner& runner);
// S1 and D1 of the slots [first, high) of one piece, walked from the last to the first: for column
// j s1[j * stride + (k - first)], and d1 likewise where `d1` is given (0 for a slot of one event,
// which nobody asks for). `carried` has p sums over the risk set as the slot `high` left them, and
// is brought forward.
void walk_slots(const CoxTable& table, const RiskSums& sums, std::size_t first, std::size_t high,
                std::vector<CarefulSum>& carried, double* s1, double* d1, std::size_t stride);

// What S1 and D1 of a slot are multiplied by to give its means.
struct MeanFactors {
  double mean_s = 0;
  double mean_d = 0;
  double drift_d = 0;
  double spared_d = 0;
};
[[nodiscard]] MeanFactors mean_factors(const CoxTable& table, const RiskSums& sums, CoxTies ties,
                                       std::size_t k);

// Events expected of each row of a piece: its risk times the hazard it was exposed to, the dead
// spared part of their own event time's.
void expected_events(const CoxTable& table, const RiskSums& sums, const CoxChunk& chunk,
                     double* out);

// Means of x over risk sets, by slot, p numbers each:
//   mean  = average over l of (S1 - f_l D1) / T_l                 (Schoenfeld residuals)
//   drift = w sum (S1 - f_l D1) / T_l^2                           (integral of the mean)
//   spared = w sum f_l (S1 - f_l D1) / T_l^2
struct SlotMeans {
  std::vector<double> mean;
  std::vector<double> drift;
  std::vector<double> drift_low;  // rounding errors of accumulated drift; late entries only
  std::vector<double> spared;
};
void slot_means(const CoxTable& table, const RiskSums& sums, CoxTies ties, SlotMeans& out);
// Turns drift into its sum within the stratum, up to and with the slot.
void accumulate_drift(const CoxTable& table, SlotMeans& means);

// Score residual of the row at sorted position i in slot k: p numbers in the table's units. `means`
// has its drift accumulated.
void score_residual(const CoxTable& table, const RiskSums& sums, const SlotMeans& means,
                    std::size_t i, std::size_t k, double* out);
// Hazard the row at position i in slot k was exposed to.
[[nodiscard]] inline double exposure(const CoxTable& table, const RiskSums& sums, std::size_t i,
                                     std::size_t k) noexcept {
  if (!table.truncated) return sums.cumulative[k];
  const std::size_t lo = table.lo[i];
  return (sums.cumulative[k] - sums.cumulative[lo]) +
         (sums.cumulative_low[k] - sums.cumulative_low[lo]);
}
// Observed less expected events of that row.
[[nodiscard]] double martingale_residual(const CoxTable& table, const RiskSums& sums, std::size_t i,
                                         std::size_t k);
// Sum over rows, or clusters, of u u' with u the weighted score residuals; p x p, table's units.
[[nodiscard]] std::vector<double> score_products(const CoxTable& table, const RiskSums& sums,
                                                 CoxTies ties, const Runner& runner);

// Exact ties: log-likelihood, score and information. False where a sum overflowed.
[[nodiscard]] bool exact_moments(const CoxTable& table, std::span<const double> b, double& loglik,
                                 Moments& out);

// ---- small dense algebra ------------------------------------------------------------------------
// Cholesky of the symmetric matrix a (p x p), columns in order. A column with keep[j] = 0 is left
// out; where `alias_limit` is given (p numbers) a pivot at or below it sets keep[j] to 0.
struct Cholesky {
  std::size_t p = 0;
  std::vector<double> l;      // unit lower triangle, by row
  std::vector<double> pivot;  // p, 0 where left out
  bool stopped = false;       // by `go_on`: nothing here means anything
  // Thousands of columns take minutes: `go_on` is asked now and then, where there is one.
  [[nodiscard]] bool factor(std::span<const double> a, std::size_t size, std::vector<char>& keep,
                            std::span<const double> alias_limit,
                            const std::function<bool()>& go_on = {});
  // x = a^-1 x over the kept columns, 0 in the others.
  void solve(std::span<double> x) const;
  // Empty where `go_on` said stop.
  [[nodiscard]] std::vector<double> inverse(const std::function<bool()>& go_on = {}) const;
};

// u' a^-1 u over the columns that are independent in a (relative pivot 1e-12 of the diagonal).
[[nodiscard]] double quadratic_form(std::span<const double> a, std::span<const double> u);

// Fitted coefficients in the table's units.
[[nodiscard]] std::vector<double> scaled_coefficients(const CoxTable& table, const CoxFit& fit);

}  // namespace ombre::inline v0::stats::detail
