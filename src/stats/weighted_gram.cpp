#include "stats/weighted_gram.hpp"

#include <algorithm>
#include <cstring>

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define OMBRE_GRAM_X86 1
#else
#define OMBRE_GRAM_X86 0
#endif

namespace ombre::inline v0::stats::detail {
namespace {

constexpr std::size_t block_rows = 256;

template <std::size_t Lanes>
struct Vector {
  typedef double type __attribute__((vector_size(sizeof(double) * Lanes)));
};

// Inner products of A columns x with B columns y, kept in registers: 2 loads feed A * B products.
template <std::size_t Lanes, std::size_t A, std::size_t B>
[[gnu::always_inline]] inline void tile(const double* const* x, const double* const* y,
                                        std::size_t rows, double* out, std::size_t stride) {
  using V = typename Vector<Lanes>::type;
  V sum[A][B];
  for (std::size_t a = 0; a < A; ++a) {
    for (std::size_t b = 0; b < B; ++b) sum[a][b] = V{};
  }
  const std::size_t whole = rows - rows % Lanes;
  for (std::size_t i = 0; i < whole; i += Lanes) {
    V left[A];
    for (std::size_t a = 0; a < A; ++a) std::memcpy(&left[a], x[a] + i, sizeof(V));
    for (std::size_t b = 0; b < B; ++b) {
      V right;
      std::memcpy(&right, y[b] + i, sizeof(V));
      for (std::size_t a = 0; a < A; ++a) sum[a][b] += left[a] * right;
    }
  }
  for (std::size_t a = 0; a < A; ++a) {
    for (std::size_t b = 0; b < B; ++b) {
      double s = 0;
      for (std::size_t l = 0; l < Lanes; ++l) s += sum[a][b][l];
      for (std::size_t i = whole; i < rows; ++i) s += x[a][i] * y[b][i];
      out[a * stride + b] += s;
    }
  }
}

template <std::size_t Lanes, std::size_t A, std::size_t Size>
[[gnu::always_inline]] inline void tile_row(const double* const* x, const double* const* y,
                                            std::size_t wide, std::size_t rows, double* out,
                                            std::size_t stride) {
  if constexpr (Size >= 4) {
    if (wide == 4) return tile<Lanes, A, 4>(x, y, rows, out, stride);
  }
  if (wide == 3) return tile<Lanes, A, 3>(x, y, rows, out, stride);
  if (wide == 2) return tile<Lanes, A, 2>(x, y, rows, out, stride);
  return tile<Lanes, A, 1>(x, y, rows, out, stride);
}

// Size: columns of a tile. Tiles on the diagonal also fill a little of the lower triangle, which
// nobody reads.
template <std::size_t Lanes, std::size_t Size>
[[gnu::always_inline]] inline void gram(const double* const* x, const double* const* y,
                                        std::size_t p, std::size_t rows, double* out) {
  for (std::size_t a = 0; a < p; a += Size) {
    const std::size_t tall = std::min<std::size_t>(Size, p - a);
    for (std::size_t b = a; b < p; b += Size) {
      const std::size_t wide = std::min<std::size_t>(Size, p - b);
      double* to = out + a * p + b;
      if constexpr (Size >= 4) {
        if (tall == 4) {
          tile_row<Lanes, 4, Size>(x + a, y + b, wide, rows, to, p);
          continue;
        }
      }
      if (tall == 3) {
        tile_row<Lanes, 3, Size>(x + a, y + b, wide, rows, to, p);
      } else if (tall == 2) {
        tile_row<Lanes, 2, Size>(x + a, y + b, wide, rows, to, p);
      } else {
        tile_row<Lanes, 1, Size>(x + a, y + b, wide, rows, to, p);
      }
    }
  }
}

using Gram = void (*)(const double* const*, const double* const*, std::size_t, std::size_t,
                      double*);

void gram_portable(const double* const* x, const double* const* y, std::size_t p, std::size_t rows,
                   double* out) {
  gram<2, 3>(x, y, p, rows, out);
}

#if OMBRE_GRAM_X86
[[gnu::target("avx2,fma")]] void gram_avx2(const double* const* x, const double* const* y,
                                           std::size_t p, std::size_t rows, double* out) {
  gram<4, 3>(x, y, p, rows, out);
}

[[gnu::target("avx512f,fma")]] void gram_avx512(const double* const* x, const double* const* y,
                                                std::size_t p, std::size_t rows, double* out) {
  gram<8, 4>(x, y, p, rows, out);
}

Gram widest() noexcept {
  if (__builtin_cpu_supports("avx512f")) return gram_avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return gram_avx2;
  return gram_portable;
}
#else
Gram widest() noexcept { return gram_portable; }
#endif

}  // namespace

void add_weighted_gram(std::span<const double* const> columns, const double* weight,
                       std::size_t rows, double* gram_sum, std::vector<double>& scratch) {
  const std::size_t p = columns.size();
  if (p == 0) return;
  const Gram run = widest();
  scratch.resize(p * block_rows);
  std::vector<const double*> x(p);
  std::vector<const double*> y(p);
  for (std::size_t j = 0; j < p; ++j) y[j] = scratch.data() + j * block_rows;
  for (std::size_t begin = 0; begin < rows; begin += block_rows) {
    const std::size_t count = std::min(block_rows, rows - begin);
    for (std::size_t j = 0; j < p; ++j) {
      x[j] = columns[j] + begin;
      double* to = scratch.data() + j * block_rows;
      const double* from = x[j];
      const double* w = weight + begin;
      for (std::size_t i = 0; i < count; ++i) to[i] = w[i] * from[i];
    }
    run(x.data(), y.data(), p, count, gram_sum);
  }
}

}  // namespace ombre::inline v0::stats::detail
