#include "stats/parametric_standard.hpp"

#include <algorithm>
#include <array>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>
#include <cmath>

namespace ombre::inline v0::stats::detail {

namespace {

constexpr double half_log_two_pi = 0.91893853320467274178;

// 1 / (n + m)! for n = 0, 1, ...
template <int m>
constexpr std::array<double, 25> factorials = [] {
  std::array<double, 25> c{};
  double value = 1;
  for (int i = 2; i <= m; ++i) value /= i;
  for (std::size_t n = 0; n < c.size(); ++n) {
    c[n] = value;
    value /= static_cast<double>(n) + m + 1;
  }
  return c;
}();

// Sum of x^n / (n + m)! and its derivatives, for |x| <= 1.5: 25 terms leave less than 1e-21, and
// 14 are as good below a half.
template <int m>
Unary exp_series(double x) noexcept {
  Unary sum;
  for (std::size_t n = std::abs(x) < 0.5 ? 14 : 25; n-- > 0;) {
    sum.d2 = sum.d2 * x + 2 * sum.d1;
    sum.d1 = sum.d1 * x + sum.v;
    sum.v = sum.v * x + factorials<m>[n];
  }
  return sum;
}

}  // namespace

Unary exp_slope(double x) noexcept {
  if (std::abs(x) <= 1.5) return exp_series<1>(x);
  const double e = std::exp(x);
  return {std::expm1(x) / x, (e * (x - 1) + 1) / (x * x),
          (e * (x * x - 2 * x + 2) - 2) / (x * x * x)};
}

Unary exp_bend(double x) noexcept {
  if (std::abs(x) <= 1.5) return exp_series<2>(x);
  const double e = std::exp(x);
  const double x2 = x * x;
  return {(std::expm1(x) - x) / x2, (e * (x - 2) + x + 2) / (x2 * x),
          (e * (x2 - 4 * x + 6) - 2 * x - 6) / (x2 * x2)};
}

Unary stirling_rest(double shape) noexcept {
  const double q2 = shape * shape;
  if (q2 < 0.1) {
    // Sum of B_2j / (2j (2j - 1)) Q^(4j - 2); the next term is below 1e-15 of the first.
    constexpr std::array<double, 8> c{1.0 / 12,   -1.0 / 360,      1.0 / 1260, -1.0 / 1680,
                                      1.0 / 1188, -691.0 / 360360, 1.0 / 156,  -3617.0 / 122400};
    const double q4 = q2 * q2;
    Unary sum;
    double power = 1;  // Q^(4j)
    for (std::size_t j = 0; j < c.size(); ++j) {
      const double m = 4 * static_cast<double>(j) + 2;
      sum.v += c[j] * power * q2;
      sum.d1 += c[j] * m * power * shape;
      sum.d2 += c[j] * m * (m - 1) * power;
      power *= q4;
    }
    return sum;
  }
  const double k = 1 / q2;
  const double rest = boost::math::lgamma(k) - (k - 0.5) * std::log(k) + k - half_log_two_pi;
  const double first = boost::math::digamma(k) - std::log(k) + 0.5 / k;
  const double second = boost::math::trigamma(k) - 1 / k - 0.5 / (k * k);
  const double dk = -2 * k / shape;  // dk / dQ
  const double ddk = 6 * k * k;      // second derivative of Q^-2
  return {rest, first * dk, second * dk * dk + first * ddk};
}

namespace {

// ---- normal ----------------------------------------------------------------------------------

// Hazard of the normal distribution and hazard - w, for w above 4, by the continued fraction of
// Mills' ratio (Abramowitz & Stegun 26.2.14).
struct Mills {
  double hazard = 0;
  double excess = 0;
};
Mills mills_far(double w) noexcept {
  // hazard = w + 1/(w + 2/(w + 3/(w + ...))), from the back; 90 levels are enough at w = 4.
  double tail = w;
  for (int k = 90; k >= 2; --k) tail = w + k / tail;
  return {w + 1 / tail, 1 / tail};
}

Surface normal_log_survival(double w) noexcept {
  Surface s;
  if (w > 4) {
    const Mills m = mills_far(w);
    s.v = -0.5 * w * w - half_log_two_pi - std::log(m.hazard);
    s.x = -m.hazard;
    s.xx = -m.hazard * m.excess;
    return s;
  }
  const double upper = 0.5 * std::erfc(w * 0.70710678118654752440);
  const double density = std::exp(-0.5 * w * w - half_log_two_pi);
  s.v = w < 0 ? std::log1p(-0.5 * std::erfc(-w * 0.70710678118654752440)) : std::log(upper);
  const double hazard = density / upper;
  s.x = -hazard;
  s.xx = -hazard * (hazard - w);
  return s;
}

// ---- log gamma -------------------------------------------------------------------------------

Surface log_gamma_density(double w, double q, const Unary& rest) noexcept {
  const double x = q * w;
  const Unary bend = exp_bend(x);
  const Unary slope = exp_slope(x);
  const double w2 = w * w;
  Surface d;
  d.v = -half_log_two_pi - rest.v - w2 * bend.v;
  d.x = -w * slope.v;
  d.y = -rest.d1 - w2 * w * bend.d1;
  d.xx = -std::exp(x);
  d.xy = -w2 * slope.d1;
  d.yy = -rest.d2 - w2 * w2 * bend.d2;
  return d;
}

// Nodes and weights of 16-point Gauss-Legendre on [-1, 1], positive half.
constexpr std::array<double, 8> gauss_node{
    0.0950125098376374402, 0.281603550779258913, 0.458016777657227386, 0.617876244402643748,
    0.755404408355003034,  0.865631202387831744, 0.944575023073232576, 0.989400934991649933};
constexpr std::array<double, 8> gauss_weight{
    0.189450610455068496, 0.182603415044923589,  0.169156519395002538,  0.149595988816576732,
    0.124628971255533872, 0.0951585116824927848, 0.0622535239386478929, 0.0271524594117540949};

// What the tail from w away from the mode holds, relative to the density at w, and means over it.
struct Tail {
  double size = 0;    // integral of g / g(w)
  double first = 0;   // mean of d log g / dQ
  double second = 0;  // mean of d2 log g / dQ2 + (d log g / dQ)^2
};

// log g(w + x) - log g(w), without the large parts that cancel.
// -(e^{Q(w + x)} - e^{Q w} - Q x) / Q^2 = -e^{Qw} x^2 bend(Qx) - x w slope(Qw).
struct Fall {
  double q, slope_part, scale;
  Fall(double w, double shape) noexcept
      : q{shape}, slope_part{w * exp_slope(shape * w).v}, scale{std::exp(shape * w)} {}
  [[nodiscard]] double value(double x) const noexcept {
    const double z = q * x;
    const double bend =
        std::abs(z) < 0.02
            ? 0.5 + z * (1.0 / 6 +
                         z * (1.0 / 24 +
                              z * (1.0 / 120 + z * (1.0 / 720 + z * (1.0 / 5040 + z / 40320)))))
            : (std::expm1(z) - z) / (z * z);
    return -scale * x * x * bend - x * slope_part;
  }
  [[nodiscard]] double slope(double x) const noexcept {
    const double z = q * x;
    const double e1 = std::abs(z) < 1e-5 ? 1 + 0.5 * z : std::expm1(z) / z;
    return -scale * x * e1 - slope_part;
  }
};

Tail log_gamma_tail(double w, double q, const Unary& rest) noexcept {
  const double side = w >= 0 ? 1 : -1;
  const Fall fall{w, q};
  // How far the tail reaches: log g is concave, so Newton's steps for a fall of 40 come from
  // beyond the root and never cross it.
  double reach = 1;
  for (int i = 0; i < 1100 && fall.value(side * reach) > -40; ++i) reach *= 2;
  for (int i = 0; i < 100; ++i) {
    const double off = fall.value(side * reach) + 40;
    const double slope = side * fall.slope(side * reach);
    if (!(slope < 0) || !std::isfinite(off)) {
      reach *= 0.75;
      continue;
    }
    const double step = off / slope;
    reach -= step;
    if (step < 0.01 * reach) break;
  }
  // Panels that double in length: the first is as short as the bend of the density near w.
  const double natural = std::min(2.0, 1 / std::max(1e-3, std::abs(q)));
  int panels = 1;
  while (panels < 24 && reach > natural * (std::pow(2.0, panels) - 1)) ++panels;
  double length = reach / (std::pow(2.0, panels) - 1);
  double begin = 0;
  Tail tail;
  for (int panel = 0; panel < panels; ++panel) {
    const double middle = begin + length / 2;
    for (std::size_t k = 0; k < gauss_node.size(); ++k) {
      for (const double sign : {-1.0, 1.0}) {
        const double x = side * (middle + sign * gauss_node[k] * length / 2);
        const double mass = gauss_weight[k] * length / 2 * std::exp(fall.value(x));
        const double at = w + x;
        const double at2 = at * at;
        const Unary bend = exp_bend(q * at);
        const double first = -rest.d1 - at2 * at * bend.d1;
        const double second = -rest.d2 - at2 * at2 * bend.d2;
        tail.size += mass;
        tail.first += mass * first;
        tail.second += mass * (second + first * first);
      }
    }
    begin += length;
    length *= 2;
  }
  tail.first /= tail.size;
  tail.second /= tail.size;
  return tail;
}

Surface log_gamma_survival(double w, double q) noexcept {
  const Unary rest = stirling_rest(q);
  const Surface density = log_gamma_density(w, q, rest);
  const Tail tail = log_gamma_tail(w, q, rest);
  // The log of the tail that was integrated, and its derivatives.
  const double side = w >= 0 ? 1 : -1;
  Surface t;
  t.v = density.v + std::log(tail.size);
  t.x = -side / tail.size;
  t.y = tail.first;
  t.xx = -side * density.x / tail.size - 1 / (tail.size * tail.size);
  t.xy = -side * (density.y - tail.first) / tail.size;
  t.yy = tail.second - tail.first * tail.first;
  if (side > 0) return t;
  // log(1 - F) from log F.
  const double f = std::exp(t.v);
  const double s = std::max(1e-300, -std::expm1(t.v));
  const double odds = f / s;
  Surface r;
  r.v = std::log1p(-std::min(f, 1 - 1e-16));
  r.x = -odds * t.x;
  r.y = -odds * t.y;
  const double k = odds + odds * odds;
  r.xx = -odds * t.xx - k * t.x * t.x;
  r.xy = -odds * t.xy - k * t.x * t.y;
  r.yy = -odds * t.yy - k * t.y * t.y;
  return r;
}

}  // namespace

Surface standard_log_density(StandardForm form, double w, double shape) noexcept {
  Surface d;
  switch (form) {
    case StandardForm::extreme_value: {
      const double e = std::exp(w);
      d.v = w - e;
      d.x = 1 - e;
      d.xx = -e;
      break;
    }
    case StandardForm::normal:
      d.v = -0.5 * w * w - half_log_two_pi;
      d.x = -w;
      d.xx = -1;
      break;
    case StandardForm::logistic: {
      const double p = 1 / (1 + std::exp(-w));
      d.v = -std::abs(w) - 2 * std::log1p(std::exp(-std::abs(w)));
      d.x = 1 - 2 * p;
      d.xx = -2 * p * (1 - p);
      break;
    }
    case StandardForm::log_gamma:
      return log_gamma_density(w, shape, stirling_rest(shape));
  }
  return d;
}

Surface standard_log_survival(StandardForm form, double w, double shape) noexcept {
  Surface s;
  switch (form) {
    case StandardForm::extreme_value: {
      const double e = std::exp(w);
      s.v = s.x = s.xx = -e;
      break;
    }
    case StandardForm::normal:
      return normal_log_survival(w);
    case StandardForm::logistic: {
      const double p = 1 / (1 + std::exp(-w));
      s.v = w > 0 ? -w - std::log1p(std::exp(-w)) : -std::log1p(std::exp(w));
      s.x = -p;
      s.xx = -p * (1 - p);
      break;
    }
    case StandardForm::log_gamma:
      return log_gamma_survival(w, shape);
  }
  return s;
}

double standard_quantile(StandardForm form, double p, double shape) noexcept {
  switch (form) {
    case StandardForm::extreme_value:
      return std::log(-std::log1p(-p));
    case StandardForm::normal:
      return quantile(boost::math::normal{}, p);
    case StandardForm::logistic:
      return std::log(p) - std::log1p(-p);
    case StandardForm::log_gamma:
      break;
  }
  // Newton on log survival, or on log(1 - survival) for small p, within a bracket.
  const bool low = p < 0.5;
  const double aim = low ? std::log(p) : std::log1p(-p);
  const auto off = [&](double w, double& slope) {
    const Surface s = standard_log_survival(form, w, shape);
    if (!low) {
      slope = s.x;
      return s.v - aim;
    }
    slope = -s.x / std::expm1(-s.v);
    return std::log(-std::expm1(s.v)) - aim;
  };
  double left = -1;
  double right = 1;
  double slope = 0;
  const double rising = low ? 1 : -1;
  for (int i = 0; i < 60 && rising * off(left, slope) > 0; ++i) left *= 2;
  for (int i = 0; i < 60 && rising * off(right, slope) < 0; ++i) right *= 2;
  double w = 0.5 * (left + right);
  for (int i = 0; i < 200; ++i) {
    const double f = off(w, slope);
    (rising * f > 0 ? right : left) = w;
    double next = w - f / slope;
    if (!(next > left && next < right)) next = 0.5 * (left + right);
    if (std::abs(next - w) <= 1e-15 * (1 + std::abs(w))) return next;
    w = next;
  }
  return w;
}

}  // namespace ombre::inline v0::stats::detail
