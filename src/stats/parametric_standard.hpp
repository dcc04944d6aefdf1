#pragma once
// The standardised families: W = (log T - eta) / scale, with shape Q where there is one.

#include "stats/parametric_jet.hpp"

namespace ombre::inline v0::stats::detail {

// log density of W and log of its survivor function at w, with derivatives in (w, Q).
struct Standard {
  Surface log_density;
  Surface log_survival;
};

enum class StandardForm { extreme_value, normal, logistic, log_gamma };

// log density only; `shape` is read for log_gamma.
[[nodiscard]] Surface standard_log_density(StandardForm form, double w, double shape) noexcept;
// log survival, accurate relative to itself in both tails.
[[nodiscard]] Surface standard_log_survival(StandardForm form, double w, double shape) noexcept;
// The w with survival 1 - p, for 0 < p < 1.
[[nodiscard]] double standard_quantile(StandardForm form, double p, double shape) noexcept;

// (exp(x) - 1) / x and its first two derivatives.
struct Unary {
  double v = 0;
  double d1 = 0;
  double d2 = 0;
};
[[nodiscard]] Unary exp_slope(double x) noexcept;
// (exp(x) - 1 - x) / x^2 and its first two derivatives.
[[nodiscard]] Unary exp_bend(double x) noexcept;
// Remainder of Stirling's formula for log Gamma(1 / Q^2), as a function of Q, even and smooth.
[[nodiscard]] Unary stirling_rest(double shape) noexcept;

}  // namespace ombre::inline v0::stats::detail
