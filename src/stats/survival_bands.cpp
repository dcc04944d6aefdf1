#include "ombre/stats/survival_bands.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <numbers>

namespace ombre::inline v0::stats {
namespace {

using Rule = boost::math::quadrature::gauss<double, 20>;

double density(double x) { return std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi); }

// P(a Brownian bridge from u to v of duration t stays within +-c).
double stays(double u, double v, double t, double c) {
  const double straight = (v - u) * (v - u);
  double sum = 0;
  for (int k = -6; k <= 6; ++k) {
    const double same = v - u + 4 * k * c;
    const double other = 2 * c - v - u + 4 * k * c;
    sum += std::exp(-(same * same - straight) / (2 * t)) -
           std::exp(-(other * other - straight) / (2 * t));
  }
  return std::clamp(sum, 0.0, 1.0);
}

// Integral of a normal density times f over the part within +-c.
template <class Function>
double normal_part(double mean, double sd, double c, const Function& f) {
  if (sd < 1e-9) return std::abs(mean) < c ? f(mean) : 0;
  const double low = std::max(-c, mean - 8.5 * sd);
  const double high = std::min(c, mean + 8.5 * sd);
  if (!(high > low)) return 0;
  constexpr int pieces = 3;
  const double width = (high - low) / pieces;
  double sum = 0;
  for (int p = 0; p < pieces; ++p) {
    sum += Rule::integrate([&](double x) { return density((x - mean) / sd) / sd * f(x); },
                           low + p * width, low + (p + 1) * width);
  }
  return sum;
}

double bridge_inside(double a_low, double a_high, double c) {
  const double t = a_high - a_low;
  return normal_part(0, std::sqrt(a_low * (1 - a_low)), c, [&](double u) {
    const double rest = (1 - a_high) / (1 - a_low);
    return normal_part(u * rest, std::sqrt(t * rest), c,
                       [&](double v) { return stays(u, v, t, c); });
  });
}

// P(a stationary Ornstein-Uhlenbeck process stays within +-c for a time).
double ornstein_inside(double time, double c) {
  constexpr int basis = 30;
  constexpr int pieces = 5;
  // (1 - y^2) P_2k(y) on [0, 1], x = c y; the process is symmetric, so odd parts do not matter.
  Eigen::MatrixXd stiffness = Eigen::MatrixXd::Zero(basis, basis);
  Eigen::MatrixXd mass = Eigen::MatrixXd::Zero(basis, basis);
  Eigen::VectorXd start = Eigen::VectorXd::Zero(basis);
  Eigen::VectorXd value(basis);
  Eigen::VectorXd slope(basis);
  const auto add = [&](double y, double w) {
    double before = 1;
    double now = y;
    double before_slope = 0;
    double now_slope = 1;
    for (int k = 0; k < basis; ++k) {
      // before = P_2k, now = P_(2k+1)
      const double scale = std::sqrt(4 * k + 1.0);
      value(k) = scale * (1 - y * y) * before;
      slope(k) = scale * ((1 - y * y) * before_slope - 2 * y * before) / c;
      for (int step = 1; step <= 2; ++step) {
        const double n = 2 * k + step;
        const double next = ((2 * n + 1) * y * now - n * before) / (n + 1);
        const double next_slope = before_slope + (2 * n + 1) * now;
        before = now;
        before_slope = now_slope;
        now = next;
        now_slope = next_slope;
      }
    }
    const double measure = 2 * w * c * density(c * y);
    stiffness.noalias() += measure * slope * slope.transpose();
    mass.noalias() += measure * value * value.transpose();
    start += measure * value;
  };
  for (int p = 0; p < pieces; ++p) {
    const double middle = (p + 0.5) / pieces;
    const double half = 0.5 / pieces;
    for (std::size_t i = 0; i < Rule::abscissa().size(); ++i) {
      const double x = Rule::abscissa()[i];
      const double w = Rule::weights()[i] * half;
      add(middle + half * x, w);
      if (x != 0) add(middle - half * x, w);
    }
  }
  const Eigen::GeneralizedSelfAdjointEigenSolver<Eigen::MatrixXd> parts{stiffness, mass};
  double sum = 0;
  for (int k = 0; k < basis; ++k) {
    const double share = parts.eigenvectors().col(k).dot(start);
    sum += share * share * std::exp(-parts.eigenvalues()(k) * time);
  }
  return std::clamp(sum, 0.0, 1.0);
}

template <class Function>
double solve(double level, double low, double high, const Function& inside) {
  for (int i = 0; i < 60 && high - low > 1e-11; ++i) {
    const double middle = (low + high) / 2;
    (inside(middle) < level ? low : high) = middle;
  }
  return (low + high) / 2;
}

Result<void> check_level(double level) {
  if (level > 0.01 && level < 0.9999999) return {};
  return unexpected(error_at(Errc::out_of_range, "level", std::nullopt, level,
                             "must be between 0.01 and 0.9999999"));
}

}  // namespace

Result<double> hall_wellner_critical(double level, double a_low, double a_high) {
  if (auto good = check_level(level); !good) return unexpected(good.error());
  if (!(a_low >= 0 && a_low < a_high && a_high <= 1)) {
    return unexpected(error_at(Errc::out_of_range, "a_low", std::nullopt, a_low,
                               "0 <= a_low < a_high <= 1 must hold"));
  }
  return solve(level, 1e-6, 6, [&](double c) { return bridge_inside(a_low, a_high, c); });
}

Result<double> equal_precision_critical(double level, double a_low, double a_high) {
  if (auto good = check_level(level); !good) return unexpected(good.error());
  if (!(a_low > 0 && a_low < a_high && a_high < 1)) {
    return unexpected(error_at(Errc::out_of_range, "a_low", std::nullopt, a_low,
                               "0 < a_low < a_high < 1 must hold"));
  }
  const double time = 0.5 * std::log(a_high * (1 - a_low) / (a_low * (1 - a_high)));
  return solve(level, 0.05, 12, [&](double c) { return ornstein_inside(time, c); });
}

Result<SurvivalBand> survival_band(const SurvivalCurve& curve, const BandOptions& options) {
  if (auto good = check_level(options.level); !good) return unexpected(good.error());
  const CurveOptions& how = curve.options;
  bool plain = how.survival == SurvivalForm::product_limit && how.error == CurveError::greenwood;
  if (plain && curve.size() > 0) {
    // Everybody there from the start, one each: the first number at risk is the number of rows, and
    // each later one follows from it.
    plain = curve.at_risk[0] == static_cast<double>(curve.rows);
    for (std::size_t i = 1; plain && i < curve.size(); ++i) {
      plain =
          curve.at_risk[i] == curve.at_risk[i - 1] - curve.events[i - 1] - curve.censored[i - 1];
    }
  }
  if (!plain) {
    return unexpected(error_of(Errc::unsupported, "curve",
                               "a band needs a product-limit curve with Greenwood errors, without "
                               "weights, clusters and late entry"));
  }
  std::optional<std::size_t> first;
  std::optional<std::size_t> last;
  for (std::size_t i = 0; i < curve.size(); ++i) {
    if (!(curve.error[i] > 0) || curve.survival[i] == 0) continue;
    if (options.from && curve.time[i] < *options.from && curve.at(*options.from) != i) continue;
    if (options.to && curve.time[i] > *options.to) break;
    if (!first) first = i;
    last = i;
  }
  if (!first) {
    return unexpected(error_of(Errc::not_computable, "curve",
                               "there is no event with survival above 0 to make a band of"));
  }
  SurvivalBand out;
  out.options = options;
  out.from = options.from ? std::max(*options.from, curve.time[*first]) : curve.time[*first];
  out.to = options.to ? std::min(*options.to, curve.time[*last]) : curve.time[*last];
  const auto n = static_cast<double>(curve.rows);
  const auto place = [n](double error) {
    const double x = n * error * error;
    return x / (1 + x);
  };
  out.a_low = place(curve.error[*first]);
  out.a_high = place(curve.error[*last]);
  const bool wellner = options.kind == BandKind::hall_wellner;
  if (!(out.a_high > out.a_low)) {  // one event: a band at one point is an interval
    const double z = quantile(boost::math::normal{}, 1 - (1 - options.level) / 2);
    out.critical = wellner ? z * std::sqrt(out.a_low * (1 - out.a_low)) : z;
  } else {
    const auto critical = wellner ? hall_wellner_critical(options.level, out.a_low, out.a_high)
                                  : equal_precision_critical(options.level, out.a_low, out.a_high);
    if (!critical) return unexpected(critical.error());
    out.critical = *critical;
  }
  out.limits.resize(curve.size());
  const double z = quantile(boost::math::normal{}, 0.975);
  for (std::size_t i = *first; i <= *last; ++i) {
    if (curve.survival[i] == 0) continue;
    const double se = curve.error[i];
    const double margin = out.critical * (wellner ? (1 + n * se * se) / std::sqrt(n) : se);
    out.limits[i] = survival_interval(curve.survival[i], margin / z, options.scale, 0.95);
  }
  return out;
}

}  // namespace ombre::inline v0::stats
