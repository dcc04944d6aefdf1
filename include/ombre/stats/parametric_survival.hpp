#pragma once
/// @file
/// Parametric survival models for times that are seen exactly, or only known to lie before, after
/// or between two visits, of people who may have come under observation late.
///
/// With eta = intercept + x'b + offset and y = log t, the families are
///
/// | family            | survival S(t)                                   | also estimated        |
/// |-------------------|-------------------------------------------------|-----------------------|
/// | exponential       | exp(-exp(w)), w = y - eta                       |                       |
/// | weibull           | exp(-exp(w)), w = (y - eta) / scale             | scale > 0             |
/// | log_normal        | Phi(-w)                                         | scale > 0             |
/// | log_logistic      | 1 / (1 + exp(w))                                | scale > 0             |
/// | gamma             | Gamma upper tail, mean exp(eta), shape scale^-2 | scale > 0             |
/// | generalised_gamma | Prentice's: shape Q, below                      | scale > 0, Q          |
/// | gompertz          | exp(-exp(eta) (exp(a t) - 1) / a)               | a, of either sign     |
///
/// All but Gompertz are accelerated failure time models: exp(b) multiplies times. In Gompertz's
/// exp(b) multiplies hazards, and with a < 0 a share exp(exp(eta) / a) never has the event.
///
/// Generalised gamma: w = (y - eta) / scale has log density -w^2 psi(Q w) - delta(Q) - log(2 pi) /
/// 2, psi(x) = (exp(x) - 1 - x) / x^2, delta(Q) = the remainder of Stirling's formula for log
/// Gamma(1 / Q^2): a form smooth through Q = 0, where it is log-normal. Q = 1 is Weibull, Q = scale
/// gamma, Q < 0 the reciprocals.
///
/// Sources: Kalbfleisch & Prentice, The Statistical Analysis of Failure Time Data, 2nd ed. (2002)
/// chapters 2, 3; Prentice, Biometrika 61:539 (1974); Lawless, Statistical Models and Methods for
/// Lifetime Data, 2nd ed. (2003); parametrisations as R's survreg (survival) and flexsurvreg
/// (flexsurv; its gamma has rate = shape / exp(eta)).

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/progress.hpp"
#include "ombre/core/result.hpp"
#include "ombre/stats/proportion.hpp"

namespace ombre::inline v0::stats {

enum class SurvivalFamily : std::uint8_t {
  exponential,
  weibull,
  log_normal,
  log_logistic,
  gamma,
  generalised_gamma,
  gompertz
};

[[nodiscard]] OMBRE_EXPORT std::string_view name(SurvivalFamily family) noexcept;
/// @par Errors unknown_name (lists the names)
[[nodiscard]] OMBRE_EXPORT Result<SurvivalFamily> survival_family(std::string_view name);
/// All of them, in the order of the enumeration.
[[nodiscard]] OMBRE_EXPORT std::span<const SurvivalFamily> survival_families() noexcept;

/// What is known of a row's time. The numbers are those of R's Surv(type = "interval").
enum class TimeKnown : std::uint8_t {
  after = 0,  ///< right-censored: event after time[i], if ever
  exactly,    ///< event at time[i]
  before,     ///< left-censored: event at or before time[i]
  between     ///< event after time[i] and at or before time2[i]
};

/// n rows. Spans other than time and known may be empty: no such thing.
struct ParametricInput {
  std::span<const double> time{};      ///< n, finite, >= 0
  std::span<const TimeKnown> known{};  ///< n
  std::span<const double> time2{};     ///< n, read where known is `between`: finite, > time
  std::span<const double> entry{};     ///< n, >= 0: seen only because event-free until here
  std::span<const double> weight{};    ///< n, >= 0, counts or importance; 0 = not there
  std::span<const double> x{};         ///< n x columns, column by column; finite
  std::size_t columns = 0;
  std::span<const double> offset{};  ///< n, finite, added to eta
};

/// Rows as interval ends. A row with `upper` empty is right-censored; with `lower` 0 left-censored;
/// with both equal exact. Vectors to point a ParametricInput at.
struct IntervalRows {
  std::vector<double> time{};
  std::vector<double> time2{};
  std::vector<TimeKnown> known{};
};
/// @par Errors size_mismatch, not_finite, out_of_range (negative), contradiction (lower > upper);
/// each names field and row
[[nodiscard]] OMBRE_EXPORT Result<IntervalRows> interval_rows(
    std::span<const double> lower, std::span<const std::optional<double>> upper);
/// The rows of `event` flags: 1 = exactly, 0 = after.
/// @par Errors out_of_range (names the row)
[[nodiscard]] OMBRE_EXPORT Result<std::vector<TimeKnown>> known_from_events(
    std::span<const std::uint8_t> event);

struct ParametricOptions {
  SurvivalFamily family = SurvivalFamily::weibull;
  std::optional<double> fixed_scale{};  ///< > 0: not estimated (families with a scale)
  /// Q of the generalised gamma, a of Gompertz: not estimated. |Q| at most most_shape.
  std::optional<double> fixed_shape{};
  int max_iterations = 200;
  Progress progress{};
};

/// |Q| of a generalised gamma fit stays within this; a fit that wants to go further is
/// `at_boundary`.
inline constexpr double most_shape = 10;

enum class ParametricStatus : std::uint8_t {
  converged,
  infinite_coefficient,  ///< the likelihood has reached its limit, some coefficients have none
  at_boundary,           ///< scale towards 0 (density without bound) or |Q| at most_shape
  iteration_limit
};
[[nodiscard]] OMBRE_EXPORT std::string_view name(ParametricStatus status) noexcept;

enum class ParametricCoefficient : std::uint8_t {
  estimated,
  aliased,  ///< a combination of the intercept and columns before it: not in the model, value 0
  infinite  ///< the likelihood grows for ever along it; the value is where we stopped
};

/// x[column] = constant + sum of factor * x[of].
struct ParametricAlias {
  std::size_t column = 0;
  double constant = 0;
  std::vector<std::pair<std::size_t, double>> combination{};  ///< (of, factor)
};

/// A fit. Parameters in order: intercept, columns..., then log scale, then shape (Q or a) where the
/// family has them, fixed ones included.
struct ParametricFit {
  SurvivalFamily family = SurvivalFamily::weibull;
  ParametricStatus status = ParametricStatus::converged;
  int iterations = 0;
  std::size_t n = 0;  ///< rows with weight above 0
  std::size_t exact = 0;
  std::size_t right_censored = 0;
  std::size_t left_censored = 0;
  std::size_t interval_censored = 0;
  std::size_t late_entries = 0;  ///< rows with entry above 0
  double weight = 0;             ///< sum of weights
  std::size_t columns = 0;
  std::vector<double> parameters{};
  std::vector<ParametricCoefficient> kind{};  ///< of intercept and columns
  std::vector<ParametricAlias> aliases{};
  std::optional<double> scale{};  ///< nothing: the family has none (exponential: none)
  std::optional<double> shape{};  ///< Q or a
  /// Inverse of the observed information, parameters.size() squared, row by row. Rows of what is
  /// fixed or aliased are 0, those of an infinite coefficient mean nothing. Empty where the
  /// information is not positive, where the fit is at_boundary (it is no maximum, and the theory of
  /// standard errors needs one), and where too_few_people().
  std::vector<double> variance{};
  std::size_t df = 0;      ///< free parameters
  double loglik = 0;       ///< on the scale of time (densities are per unit of t)
  double loglik_null = 0;  ///< the same family with the intercept alone for eta (and offset)
  double likelihood_ratio_test = 0;  ///< 2 (loglik - loglik_null)
  std::size_t likelihood_ratio_df = 0;
  double aic = 0;        ///< 2 df - 2 loglik
  double bic = 0;        ///< df log(n) - 2 loglik
  double max_score = 0;  ///< largest |score component| / its standard deviation at the end

  /// One person, or fewer people than free parameters: no standard error has a meaning. People are
  /// rows, or the sum of weights where that is more (a row may stand for many).
  [[nodiscard]] bool too_few_people() const noexcept {
    const double people = weight > static_cast<double>(n) ? weight : static_cast<double>(n);
    return people < 2 || people < static_cast<double>(df);
  }
};

/// Maximum likelihood by Newton's method with exact first and second derivatives on (eta, log
/// scale, shape), columns centred and scaled inside, damped where the information is not positive.
///
/// Generalised gamma: from several starts, so that the answer is at least as likely as the
/// log-normal and Weibull fits. Converged: the next step would change the log-likelihood by
/// less than 1e-12 or rounding.
///
/// Cost: an iteration is O(n (columns^2 + c)), c about 50 ns, for gamma families with censoring
/// about 3 us. Accuracy: against R's survreg at tight settings 1e-8 relative.
/// @par Errors empty_input, size_mismatch, not_finite, out_of_range (negative time or weight; an
/// event at time 0 in a family without density there; fixed scale or shape), contradiction (entry
/// at or after time; time2 at or before time), too_large (more coefficients than rows, more than
/// 2000 columns), not_computable (nobody has an event, or nobody is known to be without one: the
/// likelihood has no maximum), cancelled. Each names field and row.
[[nodiscard]] OMBRE_EXPORT Result<ParametricFit> parametric_fit(
    const ParametricInput& input, const ParametricOptions& options = {});

/// The log-likelihood at given parameters (order and length as ParametricFit::parameters), with its
/// gradient and its Hessian (row by row).
struct ParametricLikelihood {
  double loglik = 0;
  std::vector<double> gradient{};
  std::vector<double> hessian{};
};
/// @par Errors those of parametric_fit about the rows, size_mismatch (parameters)
[[nodiscard]] OMBRE_EXPORT Result<ParametricLikelihood> parametric_likelihood(
    const ParametricInput& input, SurvivalFamily family, std::span<const double> parameters);

/// A prediction with its delta-method standard error and interval.
struct ParametricPrediction {
  double estimate = 0;
  /// Empty where the fit gives no variance (an infinite coefficient), or nothing was estimated.
  std::optional<double> standard_error{};
  std::optional<Interval> interval{};
};

/// S(t) for a person with covariates x (and eta offset), at each of `times` (>= 0). Intervals are
/// symmetric in log(-log S).
/// @param x  fit.columns values
/// @par Errors size_mismatch, not_finite, out_of_range (time, level); names field and row
[[nodiscard]] OMBRE_EXPORT Result<std::vector<ParametricPrediction>> predicted_survival(
    const ParametricFit& fit, std::span<const double> x, std::span<const double> times,
    double level = 0.95, double offset = 0);

/// Hazard at each of `times`; nothing where it is infinite or not defined (time 0 of most
/// families). Intervals are symmetric in its logarithm.
[[nodiscard]] OMBRE_EXPORT Result<std::vector<std::optional<ParametricPrediction>>>
predicted_hazard(const ParametricFit& fit, std::span<const double> x, std::span<const double> times,
                 double level = 0.95, double offset = 0);

/// Times by which shares p in (0, 1) have had the event; nothing where that share never does
/// (Gompertz with a < 0). Intervals are symmetric in log time.
[[nodiscard]] OMBRE_EXPORT Result<std::vector<std::optional<ParametricPrediction>>>
predicted_quantiles(const ParametricFit& fit, std::span<const double> x,
                    std::span<const double> probabilities, double level = 0.95, double offset = 0);

/// Mean time to the event; nothing where it is infinite (log-logistic with scale >= 1, generalised
/// gamma with Q < 0 and scale >= 1 / |Q|, Gompertz with a < 0). Interval symmetric in log time.
[[nodiscard]] OMBRE_EXPORT Result<std::optional<ParametricPrediction>> predicted_mean(
    const ParametricFit& fit, std::span<const double> x, double level = 0.95, double offset = 0);

/// Mean time without the event up to tau > 0: the area under S. Interval symmetric in log time.
[[nodiscard]] OMBRE_EXPORT Result<ParametricPrediction> predicted_restricted_mean(
    const ParametricFit& fit, std::span<const double> x, double tau, double level = 0.95,
    double offset = 0);

// ---- Turnbull --------------------------------------------------------------------------------

/// The non-parametric estimate for the same kinds of rows: how much probability lies in each of the
/// innermost intervals (left[j], right[j]]; where in an interval it lies the data do not say.
struct TurnbullCurve {
  std::vector<double> left{};
  std::vector<std::optional<double>> right{};  ///< nothing: after the last visit, no upper end
  std::vector<bool> point{};                   ///< left[j] == right[j]: at that time exactly
  std::vector<double> mass{};                  ///< > 0, adds to 1
  double loglik = 0;
  int iterations = 0;
  bool converged = true;
  /// Most by which the log-likelihood could still grow, by the gradient (Gentleman & Geyer 1994).
  double gap = 0;

  /// S(t), from below and above: they differ where t lies inside an interval.
  [[nodiscard]] OMBRE_EXPORT Interval survival(double t) const noexcept;
};

/// Source: Turnbull, J R Stat Soc B 38:290 (1976) (innermost intervals, self-consistency);
/// Wellner & Zhan, J Am Stat Assoc 92:945 (1997) (convex minorant steps between); Gentleman &
/// Geyer, Biometrika 81:618 (1994) (when it is the maximum). Rows: `after` is (time, infinity),
/// `before` [0, time], `between` (time, time2], `exactly` a point. Covariates and offset are not
/// read; entry is not supported.
/// @par Errors as parametric_fit(), unsupported (entry)
[[nodiscard]] OMBRE_EXPORT Result<TurnbullCurve> turnbull_curve(const ParametricInput& input,
                                                                int max_iterations = 10000,
                                                                const Progress& progress = {});

}  // namespace ombre::inline v0::stats
