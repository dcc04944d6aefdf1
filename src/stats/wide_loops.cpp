#include "stats/wide_loops.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define OMBRE_WIDE_X86 1
#else
#define OMBRE_WIDE_X86 0
#endif

// Small loops over registers have to disappear, or their arrays would live in memory.
#if defined(__clang__)
#define OMBRE_UNROLL _Pragma("clang loop unroll(full)")
#elif defined(__GNUC__)
#define OMBRE_UNROLL _Pragma("GCC unroll 8")
#else
#define OMBRE_UNROLL
#endif

namespace ombre::inline v0::stats::detail {
namespace {

template <std::size_t Lanes>
struct Vector {
  typedef double type __attribute__((vector_size(sizeof(double) * Lanes)));
  typedef std::int64_t bits __attribute__((vector_size(sizeof(double) * Lanes)));
};

template <std::size_t Lanes>
[[gnu::always_inline]] inline void read(typename Vector<Lanes>::type& to, const double* from) {
  std::memcpy(&to, from, sizeof(to));
}

// Halves are added until one number is left.
template <std::size_t Lanes>
[[gnu::always_inline]] inline double lane_sum(const typename Vector<Lanes>::type& v) {
  if constexpr (Lanes == 2) {
    return v[0] + v[1];
  } else {
    typename Vector<Lanes / 2>::type low;
    typename Vector<Lanes / 2>::type high;
    std::memcpy(&low, &v, sizeof(low));
    std::memcpy(&high, reinterpret_cast<const char*>(&v) + sizeof(low), sizeof(high));
    low += high;
    return lane_sum<Lanes / 2>(low);
  }
}

// ---- predictor and exponential ------------------------------------------------------------------

template <std::size_t Lanes, std::size_t Columns>
[[gnu::always_inline]] inline void add_columns(const double* const* x, const double* b,
                                               std::size_t begin, std::size_t end, double* to) {
  using V = typename Vector<Lanes>::type;
  std::size_t i = begin;
  for (; i + Lanes <= end; i += Lanes) {
    V sum;
    read<Lanes>(sum, to + i);
    for (std::size_t c = 0; c < Columns; ++c) {
      V v;
      read<Lanes>(v, x[c] + i);
      sum += v * b[c];
    }
    std::memcpy(to + i, &sum, sizeof(sum));
  }
  for (; i < end; ++i) {
    for (std::size_t c = 0; c < Columns; ++c) to[i] += x[c][i] * b[c];
  }
}

template <std::size_t Lanes>
[[gnu::always_inline]] inline void predictor(const double* const* x, const double* b, std::size_t p,
                                             std::size_t rows, double* to) {
  constexpr std::size_t block = 1024;
  for (std::size_t begin = 0; begin < rows; begin += block) {
    const std::size_t end = std::min(rows, begin + block);
    std::size_t j = 0;
    for (; j + 4 <= p; j += 4) add_columns<Lanes, 4>(x + j, b + j, begin, end, to);
    for (; j < p; ++j) add_columns<Lanes, 1>(x + j, b + j, begin, end, to);
  }
}

template <std::size_t Lanes>
[[gnu::always_inline]] inline void exponential(typename Vector<Lanes>::type& x) {
  using V = typename Vector<Lanes>::type;
  using Bits = typename Vector<Lanes>::bits;
  // Adding 1.5 * 2^52 rounds to a whole number and leaves it in the lowest bits.
  constexpr double whole = 0x1.8p52;
  // log 2 in two parts; the first has 21 zero bits at its end, so its multiples are exact.
  constexpr double log2_high = 6.93147180369123816490e-01;
  constexpr double log2_low = 1.90821492927058770002e-10;
  const V shifted = x * 1.4426950408889634 + whole;
  const V k = shifted - whole;
  V r = x - k * log2_high;
  r = r - k * log2_low;
  // Taylor series from r^2 / 2 on.
  V q = r * (1.0 / 6227020800.0) + 1.0 / 479001600.0;
  q = q * r + 1.0 / 39916800.0;
  q = q * r + 1.0 / 3628800.0;
  q = q * r + 1.0 / 362880.0;
  q = q * r + 1.0 / 40320.0;
  q = q * r + 1.0 / 5040.0;
  q = q * r + 1.0 / 720.0;
  q = q * r + 1.0 / 120.0;
  q = q * r + 1.0 / 24.0;
  q = q * r + 1.0 / 6.0;
  q = q * r + 0.5;
  const V e = r + (r * r) * q;
  Bits bits;
  std::memcpy(&bits, &shifted, sizeof(bits));
  bits = (bits + 1023) << 52;
  V scale;
  std::memcpy(&scale, &bits, sizeof(scale));
  x = scale + scale * e;
}

template <std::size_t Lanes>
[[gnu::always_inline]] inline void exponentials_of(const double* from, std::size_t rows,
                                                   double* to) {
  using V = typename Vector<Lanes>::type;
  std::size_t i = 0;
  for (; i + Lanes <= rows; i += Lanes) {
    V v;
    read<Lanes>(v, from + i);
    exponential<Lanes>(v);
    std::memcpy(to + i, &v, sizeof(v));
  }
  if (i == rows) return;
  double rest[Lanes] = {};
  std::copy(from + i, from + rows, rest);
  V v;
  read<Lanes>(v, rest);
  exponential<Lanes>(v);
  std::memcpy(rest, &v, sizeof(v));
  std::copy(rest, rest + (rows - i), to + i);
}

template <std::size_t Lanes>
[[gnu::always_inline]] inline double logarithms(const double* v, std::size_t rows) {
  using V = typename Vector<Lanes>::type;
  using Bits = typename Vector<Lanes>::bits;
  constexpr std::int64_t mantissa = (std::int64_t{1} << 52) - 1;
  constexpr std::int64_t one = std::int64_t{1023} << 52;
  double sum = 0;
  std::int64_t exponent = 0;
  std::size_t i = 0;
  while (i + Lanes <= rows) {
    // A product of 500 numbers below 2 stays in range.
    const std::size_t stop = std::min(rows, i + 500 * Lanes);
    V product = V{} + 1.0;
    Bits exponents = {};
    for (; i + Lanes <= stop; i += Lanes) {
      Bits bits;
      std::memcpy(&bits, v + i, sizeof(bits));
      exponents += bits >> 52;
      bits = (bits & mantissa) | one;
      V part;
      std::memcpy(&part, &bits, sizeof(part));
      product *= part;
    }
    for (std::size_t l = 0; l < Lanes; ++l) {
      sum += std::log(product[l]);
      exponent += exponents[l];
    }
  }
  exponent -= static_cast<std::int64_t>(i) * 1023;
  for (; i < rows; ++i) sum += std::log(v[i]);
  return sum + static_cast<double>(exponent) * 0.69314718055994530942;
}

// ---- sums over risk sets ------------------------------------------------------------------------

// In each lane the sum of it and those after it.
template <std::size_t Lanes>
[[gnu::always_inline]] inline void sums_from(typename Vector<Lanes>::type& v) {
  const typename Vector<Lanes>::type zero = {};
  if constexpr (Lanes == 2) {
    v += __builtin_shufflevector(v, zero, 1, 2);
  } else if constexpr (Lanes == 4) {
    v += __builtin_shufflevector(v, zero, 1, 2, 3, 4);
    v += __builtin_shufflevector(v, zero, 2, 3, 4, 5);
  } else {
    v += __builtin_shufflevector(v, zero, 1, 2, 3, 4, 5, 6, 7, 8);
    v += __builtin_shufflevector(v, zero, 2, 3, 4, 5, 6, 7, 8, 9);
    v += __builtin_shufflevector(v, zero, 4, 5, 6, 7, 8, 9, 10, 11);
  }
}

template <std::size_t Lanes>
[[gnu::always_inline]] inline double suffix_sums(const double* risk, const double* x,
                                                 const double* factor, std::size_t rows,
                                                 double before, double* to) {
  using V = typename Vector<Lanes>::type;
  double sum = 0;
  std::size_t i = rows;
  for (; i % Lanes != 0; --i) {
    sum += risk[i - 1] * x[i - 1];
    to[i - 1] = (before + sum) * factor[i - 1];
  }
  for (; i > 0; i -= Lanes) {
    V r;
    V v;
    V f;
    read<Lanes>(r, risk + i - Lanes);
    read<Lanes>(v, x + i - Lanes);
    read<Lanes>(f, factor + i - Lanes);
    v *= r;
    sums_from<Lanes>(v);
    const V out = (v + (sum + before)) * f;
    std::memcpy(to + i - Lanes, &out, sizeof(out));
    sum += v[0];
  }
  return sum;
}

// In each lane the sum of it and those before it.
template <std::size_t Lanes>
[[gnu::always_inline]] inline void sums_to(typename Vector<Lanes>::type& v) {
  const typename Vector<Lanes>::type zero = {};
  if constexpr (Lanes == 2) {
    v += __builtin_shufflevector(zero, v, 1, 2);
  } else if constexpr (Lanes == 4) {
    v += __builtin_shufflevector(zero, v, 3, 4, 5, 6);
    v += __builtin_shufflevector(zero, v, 2, 3, 4, 5);
  } else {
    v += __builtin_shufflevector(zero, v, 7, 8, 9, 10, 11, 12, 13, 14);
    v += __builtin_shufflevector(zero, v, 6, 7, 8, 9, 10, 11, 12, 13);
    v += __builtin_shufflevector(zero, v, 4, 5, 6, 7, 8, 9, 10, 11);
  }
}

template <std::size_t Lanes>
[[gnu::always_inline]] inline double sums_up(const double* v, std::size_t rows, double before,
                                             double* to) {
  using V = typename Vector<Lanes>::type;
  double sum = 0;
  std::size_t i = 0;
  for (; i + Lanes <= rows; i += Lanes) {
    V x;
    read<Lanes>(x, v + i);
    sums_to<Lanes>(x);
    const V out = x + (sum + before);
    std::memcpy(to + i, &out, sizeof(out));
    sum += x[Lanes - 1];
  }
  for (; i < rows; ++i) {
    sum += v[i];
    to[i] = before + sum;
  }
  return sum;
}

template <std::size_t Lanes>
[[gnu::always_inline]] inline double sums_down(const double* v, std::size_t rows, double before,
                                               double* to) {
  using V = typename Vector<Lanes>::type;
  double sum = 0;
  std::size_t i = rows;
  for (; i % Lanes != 0; --i) {
    sum += v[i - 1];
    to[i - 1] = before + sum;
  }
  for (; i > 0; i -= Lanes) {
    V x;
    read<Lanes>(x, v + i - Lanes);
    sums_from<Lanes>(x);
    const V out = x + (sum + before);
    std::memcpy(to + i - Lanes, &out, sizeof(out));
    sum += x[0];
  }
  return sum;
}

template <std::size_t Lanes>
[[gnu::always_inline]] inline double residuals_of(const ResidualRows& of, std::size_t rows,
                                                  double before, double* mean, double* drift) {
  using V = typename Vector<Lanes>::type;
  double sum = 0;
  std::size_t i = 0;
  for (; i + Lanes <= rows; i += Lanes) {
    V m;
    V step;
    V x;
    V risk;
    V left;
    V dead;
    read<Lanes>(m, mean + i);
    read<Lanes>(step, of.step + i);
    read<Lanes>(x, of.x + i);
    read<Lanes>(risk, of.risk + i);
    read<Lanes>(left, of.left + i);
    read<Lanes>(dead, of.dead + i);
    V moves = m * step;
    sums_to<Lanes>(moves);
    const V d = moves + (sum + before);
    sum += moves[Lanes - 1];
    const V out = left * x - dead * m + risk * d;
    std::memcpy(drift + i, &d, sizeof(d));
    std::memcpy(mean + i, &out, sizeof(out));
  }
  for (; i < rows; ++i) {
    sum += mean[i] * of.step[i];
    drift[i] = before + sum;
    mean[i] = of.left[i] * of.x[i] - of.dead[i] * mean[i] + of.risk[i] * drift[i];
  }
  return sum;
}

// Knuth's sum of two numbers with what rounding takes off it.
template <class T>
[[gnu::always_inline]] inline void add_carefully(T& high, T& low, const T& value) {
  const T sum = high + value;
  const T back = sum - high;
  low += (high - (sum - back)) + (value - back);
  high = sum;
}

template <std::size_t Lanes>
[[gnu::always_inline]] inline void careful_sum_of(const double* v, std::size_t rows,
                                                  CarefulSum& out) {
  using V = typename Vector<Lanes>::type;
  V high[2] = {};
  V low[2] = {};
  std::size_t i = 0;
  for (; i + 2 * Lanes <= rows; i += 2 * Lanes) {
    for (std::size_t u = 0; u < 2; ++u) {
      V x;
      read<Lanes>(x, v + i + u * Lanes);
      add_carefully(high[u], low[u], x);
    }
  }
  for (std::size_t u = 0; u < 2; ++u) {
    for (std::size_t l = 0; l < Lanes; ++l) {
      const double part = high[u][l];
      add_carefully(out.high, out.low, part);
    }
    out.low += lane_sum<Lanes>(low[u]);
  }
  for (; i < rows; ++i) add_carefully(out.high, out.low, v[i]);
}

template <std::size_t Lanes>
[[gnu::always_inline]] inline void careful_walk_of(const CarefulWalk& w, double* sum_high,
                                                   double* sum_low, double* out) {
  using V = typename Vector<Lanes>::type;
  constexpr std::size_t groups = careful_columns / Lanes;
  for (std::size_t g = 0; g < groups; ++g) {
    V high;
    V low;
    read<Lanes>(high, sum_high + g * Lanes);
    read<Lanes>(low, sum_low + g * Lanes);
    const double* terms = w.terms + g * Lanes;
    const double* late_terms = w.late_terms + g * Lanes;
    const std::size_t row = w.slot_row[w.first];
    const std::size_t late = w.slot_late[w.first];
    for (std::size_t k = w.end; k-- > w.first;) {
      if (w.slot_deaths[k] == 0) {
        high = V{};
        low = V{};
      } else {
        for (std::size_t i = w.slot_row[k] - row; i < w.slot_row[k + 1] - row; ++i) {
          V term;
          read<Lanes>(term, terms + i * careful_columns);
          add_carefully(high, low, term);
        }
        for (std::size_t i = w.slot_late[k] - late; i < w.slot_late[k + 1] - late; ++i) {
          V term;
          read<Lanes>(term, late_terms + i * careful_columns);
          add_carefully(high, low, term);
        }
      }
      const V sum = high + low;
      std::memcpy(out + (k - w.first) * careful_columns + g * Lanes, &sum, sizeof(sum));
    }
    std::memcpy(sum_high + g * Lanes, &high, sizeof(high));
    std::memcpy(sum_low + g * Lanes, &low, sizeof(low));
  }
}

template <std::size_t Lanes>
[[gnu::always_inline]] inline double logarithms(const double* v, std::size_t rows);

template <std::size_t Lanes>
[[gnu::always_inline]] inline void tie_sums_of(double s0, double d0, std::size_t d,
                                               TieSeries& out) {
  using V = typename Vector<Lanes>::type;
  constexpr std::size_t block = 256;
  double terms[block];
  const double share = 1 / static_cast<double>(d);
  V lane = {};
  for (std::size_t l = 0; l < Lanes; ++l) lane[l] = static_cast<double>(l);
  V sums[5] = {};
  for (std::size_t begin = 0; begin < d; begin += block) {
    const std::size_t count = std::min(block, d - begin);
    std::size_t i = 0;
    for (; i + Lanes <= count; i += Lanes) {
      const V f = (lane + static_cast<double>(begin + i)) * share;
      const V term = s0 - f * d0;
      std::memcpy(terms + i, &term, sizeof(term));
      const V one = 1.0 / term;
      const V ratio = s0 * one;
      const V square = ratio * ratio;
      sums[0] += one;
      sums[1] += f * one;
      sums[2] += square;
      sums[3] += f * square;
      sums[4] += (f * f) * square;
    }
    for (; i < count; ++i) {
      const double f = static_cast<double>(begin + i) * share;
      const double term = s0 - f * d0;
      terms[i] = term;
      const double one = 1 / term;
      const double square = (s0 * one) * (s0 * one);
      out.inverse += one;
      out.tied += f * one;
      out.square += square;
      out.tied_square += f * square;
      out.square_square += f * f * square;
    }
    out.logs += logarithms<Lanes>(terms, count);
  }
  out.inverse += lane_sum<Lanes>(sums[0]);
  out.tied += lane_sum<Lanes>(sums[1]);
  out.square += lane_sum<Lanes>(sums[2]);
  out.tied_square += lane_sum<Lanes>(sums[3]);
  out.square_square += lane_sum<Lanes>(sums[4]);
}

// ---- what a column is like ----------------------------------------------------------------------

// By minima, maxima and sums only: masks of comparisons are slow with some compilers.
template <std::size_t Lanes, bool Weighted>
[[gnu::always_inline]] inline void facts_of(const double* v, const double* weight, std::size_t rows,
                                            double limit, ColumnFacts& out) {
  using V = typename Vector<Lanes>::type;
  V sum[2] = {};
  V plain[2] = {};
  V least = V{} + v[0];
  V most = least;
  V other = {};
  std::size_t i = 0;
  for (; i + 2 * Lanes <= rows; i += 2 * Lanes) {
    for (std::size_t u = 0; u < 2; ++u) {
      V x;
      read<Lanes>(x, v + i + u * Lanes);
      plain[u] += x;
      if constexpr (Weighted) {
        V w;
        read<Lanes>(w, weight + i + u * Lanes);
        sum[u] += x * w;
      }
      least = x < least ? x : least;
      most = x > most ? x : most;
      const V cube = (x * x) * x - x;  // 0 for -1, 0 and 1 only
      const V size = cube < 0.0 ? -cube : cube;
      other = size > other ? size : other;
    }
  }
  out.plain_sum = lane_sum<Lanes>(plain[0] + plain[1]);
  out.sum = lane_sum<Lanes>(sum[0] + sum[1]);
  out.least = v[0];
  out.most = v[0];
  out.small_codes = true;
  for (std::size_t l = 0; l < Lanes; ++l) {
    out.least = std::min(out.least, static_cast<double>(least[l]));
    out.most = std::max(out.most, static_cast<double>(most[l]));
    out.small_codes = out.small_codes && other[l] == 0;
  }
  for (; i < rows; ++i) {
    const double x = v[i];
    out.plain_sum += x;
    if constexpr (Weighted) out.sum += x * weight[i];
    out.least = std::min(out.least, x);
    out.most = std::max(out.most, x);
    out.small_codes = out.small_codes && (x == 0 || x == 1 || x == -1);
  }
  // A NaN slips through minima and maxima, but not through a sum.
  out.in_range = out.least >= -limit && out.most <= limit && out.plain_sum == out.plain_sum;
  if constexpr (!Weighted) out.sum = out.plain_sum;
}

template <std::size_t Lanes, bool Weighted>
[[gnu::always_inline]] inline void deviations_of(const double* v, const double* weight,
                                                 std::size_t rows, double centre, Deviations& out) {
  using V = typename Vector<Lanes>::type;
  V sum[2] = {};
  V size[2] = {};
  std::size_t i = 0;
  for (; i + 2 * Lanes <= rows; i += 2 * Lanes) {
    for (std::size_t u = 0; u < 2; ++u) {
      V x;
      read<Lanes>(x, v + i + u * Lanes);
      x -= centre;
      V absolute = x < 0.0 ? -x : x;
      if constexpr (Weighted) {
        V w;
        read<Lanes>(w, weight + i + u * Lanes);
        x *= w;
        absolute *= w;
      }
      sum[u] += x;
      size[u] += absolute;
    }
  }
  out.sum = lane_sum<Lanes>(sum[0] + sum[1]);
  out.size = lane_sum<Lanes>(size[0] + size[1]);
  for (; i < rows; ++i) {
    const double x = (v[i] - centre) * (Weighted ? weight[i] : 1.0);
    out.sum += x;
    out.size += x < 0 ? -x : x;
  }
}

// ---- inner products -----------------------------------------------------------------------------

template <std::size_t Lanes>
[[gnu::always_inline]] inline double product(const double* a, const double* b, std::size_t rows) {
  using V = typename Vector<Lanes>::type;
  V sum[4] = {};
  std::size_t i = 0;
  for (; i + 4 * Lanes <= rows; i += 4 * Lanes) {
    for (std::size_t u = 0; u < 4; ++u) {
      V x;
      V y;
      read<Lanes>(x, a + i + u * Lanes);
      read<Lanes>(y, b + i + u * Lanes);
      sum[u] += x * y;
    }
  }
  double out = lane_sum<Lanes>((sum[0] + sum[1]) + (sum[2] + sum[3]));
  for (; i < rows; ++i) out += a[i] * b[i];
  return out;
}

// Inner products of A columns x, weighted, with B columns y, kept in registers.
template <std::size_t Lanes, std::size_t A, std::size_t B>
[[gnu::always_inline]] inline void tile(const double* const* x, const double* const* y,
                                        const double* w, std::size_t rows, double* out,
                                        std::size_t stride) {
  using V = typename Vector<Lanes>::type;
  V sum[A][B];
  OMBRE_UNROLL
  for (std::size_t a = 0; a < A; ++a) {
    OMBRE_UNROLL
    for (std::size_t b = 0; b < B; ++b) sum[a][b] = V{};
  }
  const std::size_t whole = rows - rows % Lanes;
  for (std::size_t i = 0; i < whole; i += Lanes) {
    V weight;
    read<Lanes>(weight, w + i);
    V left[A];
    OMBRE_UNROLL
    for (std::size_t a = 0; a < A; ++a) {
      read<Lanes>(left[a], x[a] + i);
      left[a] *= weight;
    }
    OMBRE_UNROLL
    for (std::size_t b = 0; b < B; ++b) {
      V right;
      read<Lanes>(right, y[b] + i);
      OMBRE_UNROLL
      for (std::size_t a = 0; a < A; ++a) sum[a][b] += left[a] * right;
    }
  }
  OMBRE_UNROLL
  for (std::size_t a = 0; a < A; ++a) {
    OMBRE_UNROLL
    for (std::size_t b = 0; b < B; ++b) {
      double s = lane_sum<Lanes>(sum[a][b]);
      for (std::size_t i = whole; i < rows; ++i) s += (x[a][i] * w[i]) * y[b][i];
      out[a * stride + b] += s;
    }
  }
}

template <std::size_t Lanes, std::size_t A, std::size_t Size>
[[gnu::always_inline]] inline void tile_row(const double* const* x, const double* const* y,
                                            const double* w, std::size_t wide, std::size_t rows,
                                            double* out, std::size_t stride) {
  if constexpr (Size >= 5) {
    if (wide == 5) return tile<Lanes, A, 5>(x, y, w, rows, out, stride);
  }
  if constexpr (Size >= 4) {
    if (wide == 4) return tile<Lanes, A, 4>(x, y, w, rows, out, stride);
  }
  if (wide == 3) return tile<Lanes, A, 3>(x, y, w, rows, out, stride);
  if (wide == 2) return tile<Lanes, A, 2>(x, y, w, rows, out, stride);
  return tile<Lanes, A, 1>(x, y, w, rows, out, stride);
}

// Size: most columns of a tile; they are made as equal as can be. Tiles on the diagonal also fill a
// little of the lower triangle, which nobody reads.
template <std::size_t Lanes, std::size_t Size>
[[gnu::always_inline]] inline void gram(const double* const* x, const double* w, std::size_t p,
                                        std::size_t rows, double* out) {
  const std::size_t tiles = (p + Size - 1) / Size;
  for (std::size_t ta = 0; ta < tiles; ++ta) {
    const std::size_t a = p * ta / tiles;
    const std::size_t tall = p * (ta + 1) / tiles - a;
    for (std::size_t tb = ta; tb < tiles; ++tb) {
      const std::size_t b = p * tb / tiles;
      const std::size_t wide = p * (tb + 1) / tiles - b;
      double* to = out + a * p + b;
      if constexpr (Size >= 5) {
        if (tall == 5) {
          tile_row<Lanes, 5, Size>(x + a, x + b, w, wide, rows, to, p);
          continue;
        }
      }
      if constexpr (Size >= 4) {
        if (tall == 4) {
          tile_row<Lanes, 4, Size>(x + a, x + b, w, wide, rows, to, p);
          continue;
        }
      }
      if (tall == 3) {
        tile_row<Lanes, 3, Size>(x + a, x + b, w, wide, rows, to, p);
      } else if (tall == 2) {
        tile_row<Lanes, 2, Size>(x + a, x + b, w, wide, rows, to, p);
      } else {
        tile_row<Lanes, 1, Size>(x + a, x + b, w, wide, rows, to, p);
      }
    }
  }
}

// ---- one body for each width --------------------------------------------------------------------

struct Loops {
  void (*predictor)(const double* const*, const double*, std::size_t, std::size_t, double*);
  void (*exponentials)(const double*, std::size_t, double*);
  void (*facts)(const double*, const double*, std::size_t, double, ColumnFacts&);
  void (*deviations)(const double*, const double*, std::size_t, double, Deviations&);
  double (*suffix_sums)(const double*, const double*, const double*, std::size_t, double, double*);
  double (*prefix)(const double*, std::size_t, double, double*);
  double (*suffix)(const double*, std::size_t, double, double*);
  double (*residuals)(const ResidualRows&, std::size_t, double, double*, double*);
  void (*careful_sum)(const double*, std::size_t, CarefulSum&);
  void (*careful_walk)(const CarefulWalk&, double*, double*, double*);
  void (*tie_sums)(double, double, std::size_t, TieSeries&);
  double (*log_sum)(const double*, std::size_t);
  double (*product)(const double*, const double*, std::size_t);
  void (*gram)(const double* const*, const double*, std::size_t, std::size_t, double*);
};

#define OMBRE_WIDE_BODIES(name, lanes, tile_size, ...)                                             \
  __VA_ARGS__ void predictor_##name(const double* const* x, const double* b, std::size_t p,        \
                                    std::size_t rows, double* to) {                                \
    predictor<lanes>(x, b, p, rows, to);                                                           \
  }                                                                                                \
  __VA_ARGS__ void exponentials_##name(const double* from, std::size_t rows, double* to) {         \
    exponentials_of<lanes>(from, rows, to);                                                        \
  }                                                                                                \
  __VA_ARGS__ void facts_##name(const double* v, const double* w, std::size_t rows, double limit,  \
                                ColumnFacts& out) {                                                \
    if (w == nullptr) {                                                                            \
      facts_of<lanes, false>(v, w, rows, limit, out);                                              \
    } else {                                                                                       \
      facts_of<lanes, true>(v, w, rows, limit, out);                                               \
    }                                                                                              \
  }                                                                                                \
  __VA_ARGS__ void deviations_##name(const double* v, const double* w, std::size_t rows,           \
                                     double centre, Deviations& out) {                             \
    if (w == nullptr) {                                                                            \
      deviations_of<lanes, false>(v, w, rows, centre, out);                                        \
    } else {                                                                                       \
      deviations_of<lanes, true>(v, w, rows, centre, out);                                         \
    }                                                                                              \
  }                                                                                                \
  __VA_ARGS__ double suffix_sums_##name(const double* r, const double* x, const double* f,         \
                                        std::size_t rows, double before, double* to) {             \
    return suffix_sums<lanes>(r, x, f, rows, before, to);                                          \
  }                                                                                                \
  __VA_ARGS__ double prefix_##name(const double* v, std::size_t rows, double before, double* to) { \
    return sums_up<lanes>(v, rows, before, to);                                                    \
  }                                                                                                \
  __VA_ARGS__ double suffix_##name(const double* v, std::size_t rows, double before, double* to) { \
    return sums_down<lanes>(v, rows, before, to);                                                  \
  }                                                                                                \
  __VA_ARGS__ double residuals_##name(const ResidualRows& of, std::size_t rows, double before,     \
                                      double* mean, double* drift) {                               \
    return residuals_of<lanes>(of, rows, before, mean, drift);                                     \
  }                                                                                                \
  __VA_ARGS__ void careful_sum_##name(const double* v, std::size_t rows, CarefulSum& out) {        \
    careful_sum_of<lanes>(v, rows, out);                                                           \
  }                                                                                                \
  __VA_ARGS__ void careful_walk_##name(const CarefulWalk& w, double* high, double* low,            \
                                       double* out) {                                              \
    careful_walk_of<lanes>(w, high, low, out);                                                     \
  }                                                                                                \
  __VA_ARGS__ void tie_sums_##name(double s0, double d0, std::size_t d, TieSeries& out) {          \
    tie_sums_of<lanes>(s0, d0, d, out);                                                            \
  }                                                                                                \
  __VA_ARGS__ double log_sum_##name(const double* v, std::size_t rows) {                           \
    return logarithms<lanes>(v, rows);                                                             \
  }                                                                                                \
  __VA_ARGS__ double product_##name(const double* a, const double* b, std::size_t rows) {          \
    return product<lanes>(a, b, rows);                                                             \
  }                                                                                                \
  __VA_ARGS__ void gram_##name(const double* const* x, const double* w, std::size_t p,             \
                               std::size_t rows, double* out) {                                    \
    gram<lanes, tile_size>(x, w, p, rows, out);                                                    \
  }                                                                                                \
  constexpr Loops loops_##name{predictor_##name,    exponentials_##name, facts_##name,             \
                               deviations_##name,   suffix_sums_##name,  prefix_##name,            \
                               suffix_##name,       residuals_##name,    careful_sum_##name,       \
                               careful_walk_##name, tie_sums_##name,     log_sum_##name,           \
                               product_##name,      gram_##name};

OMBRE_WIDE_BODIES(portable, 2, 3, )
#if OMBRE_WIDE_X86
OMBRE_WIDE_BODIES(avx2, 4, 3, [[gnu::target("avx2,fma")]])
OMBRE_WIDE_BODIES(avx512, 8, 5, [[gnu::target("avx512f,avx512dq,fma")]])

const Loops& widest() noexcept {
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) return loops_avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return loops_avx2;
  return loops_portable;
}
#else
const Loops& widest() noexcept { return loops_portable; }
#endif
#undef OMBRE_WIDE_BODIES
#undef OMBRE_UNROLL

}  // namespace

void add_predictor(std::span<const double* const> columns, const double* b, std::size_t rows,
                   double* to) {
  widest().predictor(columns.data(), b, columns.size(), rows, to);
}

void exponentials(const double* from, std::size_t rows, double* to) {
  widest().exponentials(from, rows, to);
}

ColumnFacts column_facts(const double* v, const double* weight, std::size_t rows, double limit) {
  ColumnFacts out;
  if (rows != 0) widest().facts(v, weight, rows, limit, out);
  return out;
}

Deviations deviations(const double* v, const double* weight, std::size_t rows, double centre) {
  Deviations out;
  widest().deviations(v, weight, rows, centre, out);
  return out;
}

double scaled_suffix_sums(const double* risk, const double* x, const double* factor,
                          std::size_t rows, double before, double* to) {
  return widest().suffix_sums(risk, x, factor, rows, before, to);
}

double prefix_sums(const double* v, std::size_t rows, double before, double* to) {
  return widest().prefix(v, rows, before, to);
}

double suffix_sums(const double* v, std::size_t rows, double before, double* to) {
  return widest().suffix(v, rows, before, to);
}

double residual_rows(const ResidualRows& of, std::size_t rows, double before, double* mean,
                     double* drift) {
  return widest().residuals(of, rows, before, mean, drift);
}

CarefulSum careful_sum(const double* v, std::size_t rows) {
  CarefulSum out;
  widest().careful_sum(v, rows, out);
  return out;
}

void careful_suffix_sums(const double* v, std::size_t rows, CarefulSum before, double* high,
                         double* low) {
  high[rows] = before.high;
  low[rows] = before.low;
  // Each addition waits for the one before it, so four parts go side by side.
  constexpr std::size_t parts = 4;
  const std::size_t size = rows / parts;
  double h[parts];
  double l[parts];
  CarefulSum sum = before;
  std::size_t end = rows;
  for (; end > parts * size; --end) {
    add_carefully(sum.high, sum.low, v[end - 1]);
    high[end - 1] = sum.high;
    low[end - 1] = sum.low;
  }
  for (std::size_t k = parts; k-- > 0;) {
    h[k] = sum.high;
    l[k] = sum.low;
    if (k > 0) widest().careful_sum(v + k * size, size, sum);
  }
  for (std::size_t i = size; i-- > 0;) {
    for (std::size_t k = 0; k < parts; ++k) {
      add_carefully(h[k], l[k], v[k * size + i]);
      high[k * size + i] = h[k];
      low[k * size + i] = l[k];
    }
  }
}

CarefulSum careful_product(const double* a, const double* b, std::size_t rows) {
  CarefulSum out;
  constexpr std::size_t block = 512;
  // Written down in between: a product fused with its sum would not be the number that is taken off
  // again elsewhere.
  double terms[block];
  for (std::size_t begin = 0; begin < rows; begin += block) {
    const std::size_t count = std::min(block, rows - begin);
    for (std::size_t i = 0; i < count; ++i) terms[i] = a[begin + i] * b[begin + i];
    widest().careful_sum(terms, count, out);
  }
  return out;
}

void careful_walk(const CarefulWalk& walk, double* high, double* low, double* out) {
  widest().careful_walk(walk, high, low, out);
}

TieSeries tie_series(double s0, double d0, std::size_t d) {
  TieSeries out;
  widest().tie_sums(s0, d0, d, out);
  return out;
}

double log_sum(const double* v, std::size_t rows) { return widest().log_sum(v, rows); }

double inner_product(const double* a, const double* b, std::size_t rows) {
  return widest().product(a, b, rows);
}

void inner_products(const double* a, std::span<const double* const> columns, std::size_t rows,
                    double* to) {
  const Loops& run = widest();
  std::fill(to, to + columns.size(), 0.0);
  constexpr std::size_t block = 2048;
  for (std::size_t begin = 0; begin < rows; begin += block) {
    const std::size_t count = std::min(block, rows - begin);
    for (std::size_t j = 0; j < columns.size(); ++j) {
      to[j] += run.product(a + begin, columns[j] + begin, count);
    }
  }
}

void add_weighted_gram(std::span<const double* const> columns, const double* weight,
                       std::size_t rows, double* gram_sum, std::vector<const double*>& scratch) {
  add_weighted_gram(columns, weight, rows, gram_sum, nullptr, scratch);
}

void add_weighted_gram(std::span<const double* const> columns, const double* weight,
                       std::size_t rows, double* gram_sum, double* sums,
                       std::vector<const double*>& scratch) {
  const std::size_t p = columns.size();
  if (p == 0) return;
  // What stays in the first-level cache while tiles go over it.
  const std::size_t block = std::clamp<std::size_t>(4096 / p, 64, 512) & ~std::size_t{7};
  const Loops& run = widest();
  scratch.resize(p);
  for (std::size_t begin = 0; begin < rows; begin += block) {
    const std::size_t count = std::min(block, rows - begin);
    for (std::size_t j = 0; j < p; ++j) scratch[j] = columns[j] + begin;
    run.gram(scratch.data(), weight + begin, p, count, gram_sum);
    for (std::size_t j = 0; j < p && sums != nullptr; ++j) {
      sums[j] += run.product(weight + begin, scratch[j], count);
    }
  }
}

}  // namespace ombre::inline v0::stats::detail
