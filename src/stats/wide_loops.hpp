#pragma once
// The loops of a Cox fit that run over every number of x. Each has a body for 128-, 256- and
// 512-bit vectors, and takes the widest the processor has, chosen at run time. Sums have the same
// order on every run of one machine; between machines of different width they differ by rounding.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "stats/careful_sum.hpp"

namespace ombre::inline v0::stats::detail {

// to[i] = sum over j of b[j] * columns[j][i], added to what stands there.
void add_predictor(std::span<const double* const> columns, const double* b, std::size_t rows,
                   double* to);

// to[i] = exp(from[i]) for |from[i]| <= 700, to about one unit in the last place. The argument is
// split as k log 2 + r (Cody & Waite 1980), exp(r) is its Taylor series to the 13th power, whose
// rest is below 4e-18.
void exponentials(const double* from, std::size_t rows, double* to);

// Of one column: `weight` nothing = 1.
struct ColumnFacts {
  double sum = 0;  // weighted
  double plain_sum = 0;
  double least = 0;
  double most = 0;
  bool in_range = true;     // every number is within `limit` of 0 (so none is NaN)
  bool small_codes = true;  // -1, 0 and 1 only
};
[[nodiscard]] ColumnFacts column_facts(const double* v, const double* weight, std::size_t rows,
                                       double limit);
// Weighted sums of v[i] - centre and of its size.
struct Deviations {
  double sum = 0;
  double size = 0;
};
[[nodiscard]] Deviations deviations(const double* v, const double* weight, std::size_t rows,
                                    double centre);

// From the last row to the first, the sum s = before + sum over rows from i on of risk * x, into
// to[i] = s * factor[i]. Returns the sum over all rows, without `before`. At most some hundred rows
// at a time keep its rounding small.
[[nodiscard]] double scaled_suffix_sums(const double* risk, const double* x, const double* factor,
                                        std::size_t rows, double before, double* to);

// to[i] = before + v[0] + ... + v[i]. Returns the sum without `before`. Some hundred at a time.
double prefix_sums(const double* v, std::size_t rows, double before, double* to);
// to[i] = before + v[i] + ... + v[rows - 1]; likewise.
double suffix_sums(const double* v, std::size_t rows, double before, double* to);

// Score residuals of one column. Row i moves the drift of the risk sets' mean by mean[i] * step[i];
// with the drift d so far, its own move included, mean[i] becomes
// left[i] * x[i] - dead[i] * mean[i] + risk[i] * d, and drift[i] d. Returns the moves' sum, without
// `before`. Some hundred rows at a time.
struct ResidualRows {
  const double* x = nullptr;
  const double* risk = nullptr;
  const double* left = nullptr;
  const double* dead = nullptr;
  const double* step = nullptr;
};
double residual_rows(const ResidualRows& of, std::size_t rows, double before, double* mean,
                     double* drift);

// high[i] + low[i] = before + v[i] + ... + v[rows - 1], and before at `rows`.
void careful_suffix_sums(const double* v, std::size_t rows, CarefulSum before, double* high,
                         double* low);
// Sum of v[i].
[[nodiscard]] CarefulSum careful_sum(const double* v, std::size_t rows);
// Sum of a[i] * b[i]: products are rounded, sums are not.
[[nodiscard]] CarefulSum careful_product(const double* a, const double* b, std::size_t rows);

// Sums over the risk sets of slots [first, end) of eight columns side by side, from the last slot
// to the first; they carry their rounding errors. `terms` has eight numbers for each row from
// slot_row[first] on, which come to the sums at the row's slot, `late_terms` for each late entry
// from slot_late[first] on. A slot without deaths begins a stratum: its sums are 0.
struct CarefulWalk {
  const std::uint32_t* slot_row = nullptr;
  const std::uint32_t* slot_late = nullptr;
  const std::uint32_t* slot_deaths = nullptr;
  std::size_t first = 0;
  std::size_t end = 0;
  const double* terms = nullptr;
  const double* late_terms = nullptr;
};
inline constexpr std::size_t careful_columns = 8;
// Brings the sums (high and low, eight each) forward; out[8 * (k - first) + c] is that of slot k.
void careful_walk(const CarefulWalk& walk, double* high, double* low, double* out);

// Over l = 0 .. d - 1 with f = l / d and T = s0 - f d0:
struct TieSeries {
  double inverse = 0;  // sum of 1 / T
  double tied = 0;     // sum of f / T
  double square = 0;   // sum of (s0 / T)^2
  double tied_square = 0;
  double square_square = 0;  // with f^2
  double logs = 0;           // sum of log T
};
[[nodiscard]] TieSeries tie_series(double s0, double d0, std::size_t d);

// Sum of log(v[i]) for positive normal numbers: mantissas are multiplied up, exponents added, so
// that a logarithm is taken once in hundreds of numbers.
[[nodiscard]] double log_sum(const double* v, std::size_t rows);

// Sum of a[i] * b[i], in 16 or more partial sums.
[[nodiscard]] double inner_product(const double* a, const double* b, std::size_t rows);
// to[j] = the inner products of `a` with each column.
void inner_products(const double* a, std::span<const double* const> columns, std::size_t rows,
                    double* to);

// Adds the upper triangle (row by row, p x p) of the sum over rows of w[i] x_i x_i'. Weights may be
// negative. `columns` are p pointers to `rows` numbers each; `scratch` is room that is reused.
void add_weighted_gram(std::span<const double* const> columns, const double* weight,
                       std::size_t rows, double* gram, std::vector<const double*>& scratch);
// The same, and adds to sums[j] the inner products of the weights with each column on the way.
void add_weighted_gram(std::span<const double* const> columns, const double* weight,
                       std::size_t rows, double* gram, double* sums,
                       std::vector<const double*>& scratch);

}  // namespace ombre::inline v0::stats::detail
