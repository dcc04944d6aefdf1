// Small dense matrices of a Cox fit.
#include <algorithm>
#include <cmath>
#include <functional>

#include "stats/cox_sums.hpp"

namespace ombre::inline v0::stats::detail {
namespace {

// Asked at every 32nd column.
bool stops(std::size_t column, const std::function<bool()>& go_on) {
  return go_on && column % 32 == 31 && !go_on();
}

}  // namespace

bool Cholesky::factor(std::span<const double> a, std::size_t size, std::vector<char>& keep,
                      std::span<const double> alias_limit, const std::function<bool()>& go_on) {
  p = size;
  stopped = false;
  l.assign(p * p, 0.0);
  pivot.assign(p, 0.0);
  bool positive = true;
  for (std::size_t j = 0; j < p; ++j) {
    if (stops(j, go_on)) {
      stopped = true;
      return false;
    }
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

std::vector<double> Cholesky::inverse(const std::function<bool()>& go_on) const {
  std::vector<double> out(p * p, 0.0);
  std::vector<double> unit(p);
  for (std::size_t j = 0; j < p; ++j) {
    if (stops(j, go_on)) return {};
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
