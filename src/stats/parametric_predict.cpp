// What a fitted model says about a person, with delta-method errors.

#include <algorithm>
#include <array>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <string>

#include "ombre/stats/parametric_survival.hpp"
#include "stats/parametric_rows.hpp"

namespace ombre::inline v0::stats {

using detail::FamilyForm;
using detail::Jet;
using detail::StandardForm;

namespace {

// A number with its derivatives in eta, log scale and shape.
struct Graded {
  double value = 0;
  std::array<double, 3> slope{};
};

class Person {
 public:
  static Result<Person> from(const ParametricFit& fit, std::span<const double> x, double level,
                             double offset) {
    if (x.size() != fit.columns) {
      return unexpected(error_at(Errc::size_mismatch, "x", std::nullopt,
                                 static_cast<double>(x.size()),
                                 "must have one value for each column of the fit"));
    }
    for (std::size_t c = 0; c < x.size(); ++c) {
      if (!std::isfinite(x[c])) {
        return unexpected(error_at(Errc::not_finite, "x", c, x[c], "must be finite"));
      }
    }
    if (!(level > 0 && level < 1)) {
      return unexpected(
          error_at(Errc::out_of_range, "level", std::nullopt, level, "must lie between 0 and 1"));
    }
    if (!std::isfinite(offset)) {
      return unexpected(
          error_at(Errc::not_finite, "offset", std::nullopt, offset, "must be finite"));
    }
    Person person{fit, x, level};
    person.eta_ = fit.parameters[0] + offset;
    for (std::size_t c = 0; c < x.size(); ++c) person.eta_ += fit.parameters[1 + c] * x[c];
    if (!std::isfinite(person.eta_)) {
      return unexpected(error_of(Errc::out_of_range, "x", "takes the model beyond all numbers"));
    }
    return person;
  }

  [[nodiscard]] const FamilyForm& form() const noexcept { return form_; }
  [[nodiscard]] SurvivalFamily family() const noexcept { return fit_->family; }
  [[nodiscard]] double eta() const noexcept { return eta_; }
  [[nodiscard]] double log_scale() const noexcept { return log_scale_; }
  [[nodiscard]] double scale() const noexcept { return std::exp(log_scale_); }
  [[nodiscard]] double shape() const noexcept { return shape_; }
  // The Q of the log-gamma forms.
  [[nodiscard]] double q() const noexcept {
    return family() == SurvivalFamily::gamma ? scale() : shape_;
  }

  [[nodiscard]] Jet log_survival(double t) const {
    return detail::log_survival(form_, family(), t, std::log(t), eta_, log_scale_, shape_);
  }
  [[nodiscard]] Jet log_hazard(double t) const {
    return detail::log_hazard(form_, family(), t, std::log(t), eta_, log_scale_, shape_);
  }

  // Delta-method standard error of something; nothing where the fit has no variance.
  [[nodiscard]] std::optional<double> error(const std::array<double, 3>& slope) const {
    const std::size_t size = fit_->parameters.size();
    if (fit_->variance.size() != size * size) return std::nullopt;
    for (const ParametricCoefficient kind : fit_->kind) {
      if (kind == ParametricCoefficient::infinite) return std::nullopt;
    }
    std::vector<double> g(size, 0);
    g[0] = slope[0];
    for (std::size_t c = 0; c < x_.size(); ++c) g[1 + c] = slope[0] * x_[c];
    std::size_t at = 1 + x_.size();
    if (form_.has_scale) g[at++] = slope[1];
    if (form_.has_shape) g[at] = slope[2];
    double sum = 0;
    for (std::size_t a = 0; a < size; ++a) {
      for (std::size_t b = 0; b < size; ++b) sum += g[a] * fit_->variance[a * size + b] * g[b];
    }
    if (!std::isfinite(sum)) return std::nullopt;
    return std::sqrt(std::max(0.0, sum));
  }

  // A positive quantity known by its logarithm.
  [[nodiscard]] ParametricPrediction positive(const Graded& log_value) const {
    ParametricPrediction p;
    p.estimate = std::exp(log_value.value);
    if (const auto se = error(log_value.slope)) {
      p.standard_error = p.estimate * *se;
      p.interval = Interval{p.estimate * std::exp(-z_ * *se), p.estimate * std::exp(z_ * *se)};
      if (!std::isfinite(*p.standard_error) || !std::isfinite(p.interval->high)) {
        p.standard_error.reset();
        p.interval.reset();
      }
    }
    return p;
  }
  [[nodiscard]] double z() const noexcept { return z_; }

 private:
  Person(const ParametricFit& fit, std::span<const double> x, double level)
      : fit_{&fit}, x_{x}, form_{detail::form_of(fit.family)} {
    z_ = -quantile(boost::math::normal{}, (1 - level) / 2);
    if (fit.scale) log_scale_ = std::log(*fit.scale);
    if (fit.shape) shape_ = *fit.shape;
  }

  const ParametricFit* fit_;
  std::span<const double> x_;
  FamilyForm form_;
  double z_ = 0;
  double eta_ = 0;
  double log_scale_ = 0;
  double shape_ = 0;
};

Result<void> check_times(std::span<const double> times) {
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (!std::isfinite(times[i])) {
      return unexpected(error_at(Errc::not_finite, "times", i, times[i], "must be finite"));
    }
    if (times[i] < 0) {
      return unexpected(error_at(Errc::out_of_range, "times", i, times[i], "must be 0 or more"));
    }
  }
  return {};
}

// log of the time by which a share p has had the event; nothing where it never does.
std::optional<Graded> log_quantile(const Person& person, double p) {
  Graded y;
  if (person.form().gompertz) {
    // exp(eta) (exp(a t) - 1) / a = -log(1 - p)
    const double hazard = -std::log1p(-p);
    const double a = person.shape();
    const double reach = hazard * std::exp(-person.eta());  // t slope(a t)
    const double product = a * reach;
    if (product <= -1) return std::nullopt;
    const double t = std::abs(product) < 1e-12 ? reach : std::log1p(product) / a;
    if (!(t > 0) || !std::isfinite(t)) return std::nullopt;
    y.value = std::log(t);
    const Jet s = person.log_survival(t);
    const double rate = std::exp(person.eta() + a * t) * t;  // - d log S / d log t
    for (std::size_t i = 0; i < 3; ++i) y.slope[i] = s.g[i] / rate;
    return y;
  }
  const double scale = person.form().has_scale ? person.scale() : 1.0;
  const double w = standard_quantile(person.form().form, p, person.q());
  y.value = person.eta() + scale * w;
  y.slope[0] = 1;
  if (person.form().has_scale) y.slope[1] = scale * w;
  if (person.form().form == StandardForm::log_gamma) {
    const detail::Surface s = standard_log_survival(StandardForm::log_gamma, w, person.q());
    const double with_q = -scale * s.y / s.x;
    if (person.family() == SurvivalFamily::gamma) {
      y.slope[1] += with_q * scale;
    } else {
      y.slope[2] = with_q;
    }
  }
  return y;
}

// Integral of S over log time up to `top`, and of the derivatives of S: adaptive Gauss-Legendre.
struct Area {
  std::array<double, 4> sum{};
};

class AreaUnderSurvival {
 public:
  explicit AreaUnderSurvival(const Person& person) : person_{person} {}

  [[nodiscard]] Area up_to(double tau) const {
    // From 0 to tau e^-40, S is as good as 1 or adds next to nothing to the area.
    const double top = std::log(tau);
    Area area;
    double from = top - 40;
    area.sum[0] = std::exp(from);
    for (int piece = 0; piece < 20; ++piece) {
      const double to = piece == 19 ? top : from + 2;
      add(panel(from, to), from, to, 0, tau, area);
      from = to;
    }
    return area;
  }

 private:
  [[nodiscard]] std::array<double, 4> panel(double from, double to) const {
    static constexpr std::array<double, 8> node{
        0.0950125098376374402, 0.281603550779258913, 0.458016777657227386, 0.617876244402643748,
        0.755404408355003034,  0.865631202387831744, 0.944575023073232576, 0.989400934991649933};
    static constexpr std::array<double, 8> weight{
        0.189450610455068496, 0.182603415044923589,  0.169156519395002538,  0.149595988816576732,
        0.124628971255533872, 0.0951585116824927848, 0.0622535239386478929, 0.0271524594117540949};
    std::array<double, 4> sum{};
    const double half = 0.5 * (to - from);
    for (std::size_t k = 0; k < node.size(); ++k) {
      for (const double sign : {-1.0, 1.0}) {
        const double u = 0.5 * (from + to) + sign * half * node[k];
        const double t = std::exp(u);
        const Jet log_s = person_.log_survival(t);
        const double mass = weight[k] * half * t * std::exp(log_s.v);
        if (!(mass > 0)) continue;
        sum[0] += mass;
        for (std::size_t i = 0; i < 3; ++i) sum[1 + i] += mass * log_s.g[i];
      }
    }
    return sum;
  }

  void add(const std::array<double, 4>& whole, double from, double to, int depth, double scale,
           Area& area) const {
    const double middle = 0.5 * (from + to);
    const auto left = panel(from, middle);
    const auto right = panel(middle, to);
    double off = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      off = std::max(off, std::abs(left[i] + right[i] - whole[i]) / (scale * (i == 0 ? 1 : 1000)));
    }
    if (off < 1e-12 || depth >= 10) {
      for (std::size_t i = 0; i < 4; ++i) area.sum[i] += left[i] + right[i];
      return;
    }
    add(left, from, middle, depth + 1, scale, area);
    add(right, middle, to, depth + 1, scale, area);
  }

  const Person& person_;
};

Graded log_of(const Area& area) {
  Graded g;
  g.value = std::log(area.sum[0]);
  for (std::size_t i = 0; i < 3; ++i) g.slope[i] = area.sum[1 + i] / area.sum[0];
  return g;
}

// log of the mean of exp(scale W) for the log-gamma forms: with k = 1 / Q^2, c = scale / Q,
// log Gamma(k + c) - log Gamma(k) - c log k, from Stirling's formula where k is large so that
// nothing large cancels. Nothing where the mean is infinite.
std::optional<double> log_gamma_mean(double scale, double q) {
  const double e = scale * q;  // c / k
  if (e <= -1) return std::nullopt;
  const double q2 = q * q;
  if (q2 < 0.1 && q2 / (1 + e) < 0.1) {
    // k ((1 + e) log(1 + e) - e) = scale^2 (1/2 - e/6 + e^2/12 - ...)
    double main = 0;
    if (std::abs(e) < 0.05) {
      double power = 1;
      for (int n = 2; n < 16; ++n) {
        main += power / (static_cast<double>(n) * (n - 1));
        power *= -e;
      }
    } else {
      main = ((1 + e) * std::log1p(e) - e) / (e * e);
    }
    const double rest = detail::stirling_rest(q / std::sqrt(1 + e)).v - detail::stirling_rest(q).v;
    return scale * scale * main - 0.5 * std::log1p(e) + rest;
  }
  const double k = 1 / q2;
  const double c = scale / q;
  return boost::math::lgamma(k + c) - boost::math::lgamma(k) - c * std::log(k);
}

std::optional<Graded> log_mean(const Person& person) {
  Graded y;
  y.slope[0] = 1;
  y.value = person.eta();
  switch (person.family()) {
    case SurvivalFamily::exponential:
      return y;
    case SurvivalFamily::gamma:
      return y;
    case SurvivalFamily::weibull: {
      const double s = person.scale();
      y.value += boost::math::lgamma(1 + s);
      y.slope[1] = s * boost::math::digamma(1 + s);
      return y;
    }
    case SurvivalFamily::log_normal: {
      const double s = person.scale();
      y.value += 0.5 * s * s;
      y.slope[1] = s * s;
      return y;
    }
    case SurvivalFamily::log_logistic: {
      const double s = person.scale();
      if (s >= 1) return std::nullopt;
      y.value += boost::math::lgamma(1 + s) + boost::math::lgamma(1 - s);
      y.slope[1] = s * (boost::math::digamma(1 + s) - boost::math::digamma(1 - s));
      return y;
    }
    case SurvivalFamily::generalised_gamma: {
      const double s = person.scale();
      const double q = person.shape();
      const auto value = log_gamma_mean(s, q);
      if (!value) return std::nullopt;
      y.value += *value;
      // Fourth-order differences of a smooth function; one-sided room near the edge of existence.
      const auto slope = [](const std::function<std::optional<double>(double)>& f,
                            double h) -> std::optional<double> {
        const auto a = f(h);
        const auto b = f(-h);
        const auto c = f(2 * h);
        const auto d = f(-2 * h);
        if (!a || !b || !c || !d) return std::nullopt;
        return (8 * (*a - *b) - (*c - *d)) / (12 * h);
      };
      const double h = 1e-3 * std::min(1.0, 1 + std::min(0.0, s * q));
      const auto by_scale = slope([&](double d) { return log_gamma_mean(s * std::exp(d), q); }, h);
      const auto by_shape =
          slope([&](double d) { return log_gamma_mean(s, q + d); }, h / std::max(1.0, s));
      if (!by_scale || !by_shape) return std::nullopt;
      y.slope[1] = *by_scale;
      y.slope[2] = *by_shape;
      return y;
    }
    case SurvivalFamily::gompertz: {
      if (person.shape() < 0) return std::nullopt;
      // Beyond -log S = 700 there is nothing left to add.
      const double hazard = 700 * std::exp(-person.eta());
      const double a = person.shape();
      const double top = a * hazard < 1e-12 ? hazard : std::log1p(a * hazard) / a;
      if (!(top > 0) || !std::isfinite(top)) return std::nullopt;
      return log_of(AreaUnderSurvival{person}.up_to(top));
    }
  }
  return std::nullopt;
}

}  // namespace

Result<std::vector<ParametricPrediction>> predicted_survival(const ParametricFit& fit,
                                                             std::span<const double> x,
                                                             std::span<const double> times,
                                                             double level, double offset) {
  auto person = Person::from(fit, x, level, offset);
  if (!person) return unexpected(person.error());
  if (auto ok = check_times(times); !ok) return unexpected(ok.error());
  std::vector<ParametricPrediction> result;
  result.reserve(times.size());
  for (const double t : times) {
    ParametricPrediction p;
    if (t == 0) {
      p.estimate = 1;
      if (person->error({0, 0, 0})) {
        p.standard_error = 0;
        p.interval = Interval{1, 1};
      }
      result.push_back(p);
      continue;
    }
    const Jet s = person->log_survival(t);
    const double hazard = -s.v;
    p.estimate = std::exp(s.v);
    const auto se = person->error(s.g);  // of the cumulative hazard
    if (se) {
      p.standard_error = p.estimate * *se;
      if (hazard > 0 && std::isfinite(hazard)) {
        const double spread = person->z() * *se / hazard;
        p.interval =
            Interval{std::exp(-hazard * std::exp(spread)), std::exp(-hazard * std::exp(-spread))};
      } else {
        p.interval = Interval{p.estimate, p.estimate};
      }
      if (!std::isfinite(*p.standard_error)) {
        p.standard_error = 0;
        p.interval = Interval{p.estimate, p.estimate};
      }
    }
    result.push_back(p);
  }
  return result;
}

Result<std::vector<std::optional<ParametricPrediction>>> predicted_hazard(
    const ParametricFit& fit, std::span<const double> x, std::span<const double> times,
    double level, double offset) {
  auto person = Person::from(fit, x, level, offset);
  if (!person) return unexpected(person.error());
  if (auto ok = check_times(times); !ok) return unexpected(ok.error());
  std::vector<std::optional<ParametricPrediction>> result;
  result.reserve(times.size());
  const bool at_zero =
      fit.family == SurvivalFamily::exponential || fit.family == SurvivalFamily::gompertz;
  for (const double t : times) {
    if (t == 0 && !at_zero) {
      result.emplace_back();
      continue;
    }
    const Jet h = person->log_hazard(t);
    if (!std::isfinite(h.v)) {
      result.emplace_back();
      continue;
    }
    result.emplace_back(person->positive({h.v, h.g}));
  }
  return result;
}

Result<std::vector<std::optional<ParametricPrediction>>> predicted_quantiles(
    const ParametricFit& fit, std::span<const double> x, std::span<const double> probabilities,
    double level, double offset) {
  auto person = Person::from(fit, x, level, offset);
  if (!person) return unexpected(person.error());
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    if (!(probabilities[i] > 0 && probabilities[i] < 1)) {
      return unexpected(error_at(Errc::out_of_range, "probabilities", i, probabilities[i],
                                 "must lie between 0 and 1"));
    }
  }
  std::vector<std::optional<ParametricPrediction>> result;
  result.reserve(probabilities.size());
  for (const double p : probabilities) {
    const auto y = log_quantile(*person, p);
    if (!y || !std::isfinite(std::exp(y->value))) {
      result.emplace_back();
      continue;
    }
    result.emplace_back(person->positive(*y));
  }
  return result;
}

Result<std::optional<ParametricPrediction>> predicted_mean(const ParametricFit& fit,
                                                           std::span<const double> x, double level,
                                                           double offset) {
  auto person = Person::from(fit, x, level, offset);
  if (!person) return unexpected(person.error());
  const auto y = log_mean(*person);
  if (!y || !std::isfinite(std::exp(y->value))) return std::optional<ParametricPrediction>{};
  return std::optional{person->positive(*y)};
}

Result<ParametricPrediction> predicted_restricted_mean(const ParametricFit& fit,
                                                       std::span<const double> x, double tau,
                                                       double level, double offset) {
  auto person = Person::from(fit, x, level, offset);
  if (!person) return unexpected(person.error());
  if (!(tau > 0 && std::isfinite(tau))) {
    return unexpected(
        error_at(Errc::out_of_range, "tau", std::nullopt, tau, "must be finite and above 0"));
  }
  return person->positive(log_of(AreaUnderSurvival{*person}.up_to(tau)));
}

}  // namespace ombre::inline v0::stats
