#pragma once
// Numbers with their first and second derivatives in the three things a row's likelihood depends
// on: 0 = eta, 1 = log scale, 2 = shape (Q of the generalised gamma, a of Gompertz).

#include <array>
#include <cmath>
#include <cstddef>

namespace ombre::inline v0::stats::detail {

struct Jet {
  double v = 0;
  std::array<double, 3> g{};
  std::array<double, 6> h{};  // 00, 01, 02, 11, 12, 22

  static constexpr std::size_t at(std::size_t i, std::size_t j) noexcept {
    constexpr std::size_t place[3][3] = {{0, 1, 2}, {1, 3, 4}, {2, 4, 5}};
    return place[i][j];
  }
  static Jet variable(std::size_t i, double value) noexcept {
    Jet jet;
    jet.v = value;
    jet.g[i] = 1;
    return jet;
  }
  [[nodiscard]] bool finite() const noexcept {
    double sum = v;
    for (const double x : g) sum += x;
    for (const double x : h) sum += x;
    return std::isfinite(sum);
  }
  Jet& operator+=(const Jet& o) noexcept {
    v += o.v;
    for (std::size_t i = 0; i < 3; ++i) g[i] += o.g[i];
    for (std::size_t i = 0; i < 6; ++i) h[i] += o.h[i];
    return *this;
  }
  Jet& operator-=(const Jet& o) noexcept {
    v -= o.v;
    for (std::size_t i = 0; i < 3; ++i) g[i] -= o.g[i];
    for (std::size_t i = 0; i < 6; ++i) h[i] -= o.h[i];
    return *this;
  }
  friend Jet operator+(Jet a, const Jet& b) noexcept { return a += b; }
  friend Jet operator-(Jet a, const Jet& b) noexcept { return a -= b; }
};

// f(x) where f, its derivative and its second derivative at x.v are known.
[[nodiscard]] inline Jet chain(const Jet& x, double f, double f1, double f2) noexcept {
  Jet y;
  y.v = f;
  for (std::size_t i = 0; i < 3; ++i) {
    y.g[i] = f1 * x.g[i];
    for (std::size_t j = i; j < 3; ++j) {
      y.h[Jet::at(i, j)] = f1 * x.h[Jet::at(i, j)] + f2 * x.g[i] * x.g[j];
    }
  }
  return y;
}

// A function of two variables with its derivatives: value, _x, _y, _xx, _xy, _yy.
struct Surface {
  double v = 0;
  double x = 0;
  double y = 0;
  double xx = 0;
  double xy = 0;
  double yy = 0;
};

[[nodiscard]] inline Jet chain(const Jet& x, const Jet& y, const Surface& f) noexcept {
  Jet z;
  z.v = f.v;
  for (std::size_t i = 0; i < 3; ++i) {
    z.g[i] = f.x * x.g[i] + f.y * y.g[i];
    for (std::size_t j = i; j < 3; ++j) {
      const std::size_t k = Jet::at(i, j);
      z.h[k] = f.x * x.h[k] + f.y * y.h[k] + f.xx * x.g[i] * x.g[j] +
               f.xy * (x.g[i] * y.g[j] + y.g[i] * x.g[j]) + f.yy * y.g[i] * y.g[j];
    }
  }
  return z;
}

// log(1 - exp(-d)) for d > 0.
[[nodiscard]] inline Jet log_one_minus_exp(const Jet& d) noexcept {
  const double value =
      d.v > 0.6931471805599453 ? std::log1p(-std::exp(-d.v)) : std::log(-std::expm1(-d.v));
  const double r = 1 / std::expm1(d.v);
  return chain(d, value, r, -r * (1 + r));
}

}  // namespace ombre::inline v0::stats::detail
