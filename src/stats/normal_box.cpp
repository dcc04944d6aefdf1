// P(some |Z_i| > c) for correlated normals.
#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <numbers>

#include "ombre/stats/log_rank.hpp"

namespace ombre::inline v0::stats {
namespace {

double upper_tail(double x) { return 0.5 * std::erfc(x / std::numbers::sqrt2); }
double density(double x) { return std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi); }

// A slab: low <= a'x <= high, x the coordinates that are still free.
struct Slab {
  std::array<double, 3> a{};
  double low = 0;
  double high = 0;
};

// Probability of lying outside some slab, one coordinate left.
double outside_line(std::span<const Slab> slabs) {
  double low = -1e300;
  double high = 1e300;
  for (const Slab& s : slabs) {
    if (std::abs(s.a[0]) < 1e-13) {
      if (s.low > 0 || s.high < 0) return 1;
      continue;
    }
    const double p = s.low / s.a[0];
    const double q = s.high / s.a[0];
    low = std::max(low, std::min(p, q));
    high = std::min(high, std::max(p, q));
  }
  return low >= high ? 1 : upper_tail(-low) + upper_tail(high);
}

bool inside(std::span<const Slab> slabs, std::span<const double> x) {
  return std::ranges::all_of(slabs, [x](const Slab& s) {
    double at = 0;
    for (std::size_t d = 0; d < x.size(); ++d) at += s.a[d] * x[d];
    return at > s.low - 1e-9 && at < s.high + 1e-9;
  });
}

// Integral of density times f over the line: smooth between the breaks, and pieces are short.
template <class Function>
double integrate(std::vector<double> breaks, double reach, const Function& f) {
  breaks.push_back(-reach);
  breaks.push_back(reach);
  std::ranges::sort(breaks);
  double sum = 2 * upper_tail(reach);  // everything is outside beyond it
  for (std::size_t i = 1; i < breaks.size(); ++i) {
    const double from = std::max(breaks[i - 1], -reach);
    const double to = std::min(breaks[i], reach);
    if (!(to > from)) continue;
    const int pieces = static_cast<int>(std::ceil((to - from) / 0.75));
    const double width = (to - from) / pieces;
    for (int p = 0; p < pieces; ++p) {
      sum += boost::math::quadrature::gauss<double, 15>::integrate(
          [&f](double x) { return density(x) * f(x); }, from + p * width, from + (p + 1) * width);
    }
  }
  return sum;
}

double outside_plane(std::span<const Slab> slabs, double reach) {
  std::vector<double> breaks;
  for (std::size_t i = 0; i < slabs.size(); ++i) {
    const Slab& s = slabs[i];
    if (std::abs(s.a[1]) < 1e-13 && std::abs(s.a[0]) > 1e-13) {
      breaks.push_back(s.low / s.a[0]);
      breaks.push_back(s.high / s.a[0]);
    }
    for (std::size_t j = 0; j < i; ++j) {
      const Slab& t = slabs[j];
      const double det = s.a[0] * t.a[1] - s.a[1] * t.a[0];
      if (std::abs(det) < 1e-12) continue;
      for (const double p : {s.low, s.high}) {
        for (const double q : {t.low, t.high}) {
          const std::array corner{(p * t.a[1] - s.a[1] * q) / det, (s.a[0] * q - p * t.a[0]) / det};
          if (inside(slabs, corner)) breaks.push_back(corner[0]);
        }
      }
    }
  }
  std::vector<Slab> rest(slabs.size());
  return integrate(std::move(breaks), reach, [&](double x) {
    for (std::size_t i = 0; i < slabs.size(); ++i) {
      const double shift = slabs[i].a[0] * x;
      rest[i] = {{slabs[i].a[1]}, slabs[i].low - shift, slabs[i].high - shift};
    }
    return outside_line(rest);
  });
}

double outside_space(std::span<const Slab> slabs, double reach) {
  std::vector<double> breaks;
  for (std::size_t i = 0; i < slabs.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      for (std::size_t k = 0; k < j; ++k) {
        Eigen::Matrix3d m;
        for (int d = 0; d < 3; ++d) {
          const auto at = static_cast<std::size_t>(d);
          m(0, d) = slabs[i].a[at];
          m(1, d) = slabs[j].a[at];
          m(2, d) = slabs[k].a[at];
        }
        if (std::abs(m.determinant()) < 1e-12) continue;
        const Eigen::Matrix3d inverse = m.inverse();
        for (unsigned corner = 0; corner < 8; ++corner) {
          const Eigen::Vector3d right{(corner & 1U) != 0 ? slabs[i].low : slabs[i].high,
                                      (corner & 2U) != 0 ? slabs[j].low : slabs[j].high,
                                      (corner & 4U) != 0 ? slabs[k].low : slabs[k].high};
          const Eigen::Vector3d x = inverse * right;
          if (inside(slabs, std::span<const double>{x.data(), 3})) breaks.push_back(x(0));
        }
      }
    }
  }
  std::vector<Slab> rest(slabs.size());
  return integrate(std::move(breaks), reach, [&](double x) {
    for (std::size_t i = 0; i < slabs.size(); ++i) {
      const double shift = slabs[i].a[0] * x;
      rest[i] = {{slabs[i].a[1], slabs[i].a[2]}, slabs[i].low - shift, slabs[i].high - shift};
    }
    return outside_plane(rest, reach);
  });
}

// Average over directions of the chance to lie beyond the nearest wall in that direction.
double outside_by_directions(const Eigen::MatrixXd& a, double c) {
  constexpr int points = 1 << 16;
  const auto rank = a.cols();
  const boost::math::normal normal;
  const boost::math::chi_squared radius{static_cast<double>(rank)};
  Eigen::VectorXd step(rank);
  constexpr std::array<double, 8> primes{2, 3, 5, 7, 11, 13, 17, 19};
  for (Eigen::Index d = 0; d < rank; ++d) step(d) = std::sqrt(primes[static_cast<std::size_t>(d)]);
  double sum = 0;
  Eigen::VectorXd u(rank);
  for (int i = 0; i < points; ++i) {
    for (Eigen::Index d = 0; d < rank; ++d) {
      const double x = (i + 0.5) * step(d);
      u(d) = quantile(normal, std::clamp(x - std::floor(x), 1e-12, 1 - 1e-12));
    }
    const double most = (a * u.normalized()).cwiseAbs().maxCoeff();
    if (most > 0) sum += cdf(complement(radius, c * c / (most * most)));
  }
  return sum / points;
}

}  // namespace

Result<double> normal_outside_box(std::span<const double> correlation, std::size_t m, double c) {
  if (m < 1 || m > 8 || correlation.size() != m * m) {
    return unexpected(error_at(Errc::size_mismatch, "correlation", std::nullopt,
                               static_cast<double>(correlation.size()),
                               "must be m x m for m from 1 to 8"));
  }
  if (!(std::isfinite(c) && c >= 0)) {
    return unexpected(
        error_at(Errc::out_of_range, "c", std::nullopt, c, "must be finite and 0 or more"));
  }
  const auto size = static_cast<Eigen::Index>(m);
  Eigen::MatrixXd r(size, size);
  for (std::size_t i = 0; i < m * m; ++i) {
    if (!(correlation[i] >= -1 - 1e-9 && correlation[i] <= 1 + 1e-9)) {
      return unexpected(
          error_at(Errc::out_of_range, "correlation", i, correlation[i], "must be from -1 to 1"));
    }
    r(static_cast<Eigen::Index>(i / m), static_cast<Eigen::Index>(i % m)) = correlation[i];
  }
  const double one = 2 * upper_tail(c);
  const double all = std::min(1.0, one * static_cast<double>(m));
  if (m == 1 || c == 0) return c == 0 ? 1.0 : one;
  if (all == 0) return 0.0;  // from about 38.5 on, below all numbers
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> parts{r};
  if (parts.eigenvalues()(0) < -1e-8) {
    return unexpected(error_at(Errc::out_of_range, "correlation", std::nullopt,
                               parts.eigenvalues()(0), "must have no negative eigenvalue"));
  }
  Eigen::Index rank = 0;
  for (Eigen::Index i = 0; i < size; ++i) rank += parts.eigenvalues()(i) > 1e-10 ? 1 : 0;
  Eigen::MatrixXd a(size, rank);  // Z = a X; the largest part first
  for (Eigen::Index d = 0; d < rank; ++d) {
    a.col(d) =
        parts.eigenvectors().col(size - 1 - d) * std::sqrt(parts.eigenvalues()(size - 1 - d));
  }
  double p = 0;
  if (rank > 3) {
    p = outside_by_directions(a, c);
  } else {
    std::vector<Slab> slabs(m);
    for (std::size_t i = 0; i < m; ++i) {
      slabs[i].low = -c;
      slabs[i].high = c;
      for (Eigen::Index d = 0; d < rank; ++d) {
        slabs[i].a[static_cast<std::size_t>(d)] = a(static_cast<Eigen::Index>(i), d);
      }
    }
    const double reach = std::min(c + 9, 39.0);  // the density beyond 39 is 0
    p = rank == 1   ? outside_line(slabs)
        : rank == 2 ? outside_plane(slabs, reach)
                    : outside_space(slabs, reach);
  }
  return std::clamp(p, one, all);
}

}  // namespace ombre::inline v0::stats
