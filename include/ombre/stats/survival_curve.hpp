#pragma once
/// @file
/// Survival curves and cumulative hazards from censored times: Kaplan-Meier, Nelson-Aalen,
/// Fleming-Harrington, with errors, quantiles, and curves given survival so far.
///
/// Agreement: the numbers of R's survival::survfit (3.5-3), except where docs/survival.md says why
/// not.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/progress.hpp"
#include "ombre/core/result.hpp"
#include "ombre/stats/proportion.hpp"

namespace ombre::inline v0::stats {

/// How survival is made of hazards.
enum class SurvivalForm : std::uint8_t {
  product_limit,  ///< product of (n - d) / n: Kaplan & Meier 1958
  exponential     ///< exp(-H): Breslow; Fleming & Harrington where `hazard` corrects ties
};

/// How the cumulative hazard counts d events at one time.
enum class HazardForm : std::uint8_t {
  nelson_aalen,       ///< d / n: Nelson 1972, Aalen 1978
  fleming_harrington  ///< 1/n + 1/(n-1) + ...: as if the tied events came one after the other
};

enum class CurveError : std::uint8_t {
  greenwood,  ///< sum of d / (n (n - d)) for log S; Greenwood 1926. Weights count as repetitions
  tsiatis,    ///< sum of d / n^2 for log S (also called Aalen's): Tsiatis 1981
  /// Infinitesimal jackknife over rows, or over clusters: right with weights that are not counts,
  /// and with rows that belong together.
  robust
};

/// Right-censored, possibly late-entering people. All spans have n entries, or none where said.
struct SurvivalData {
  std::span<const double> time;              ///< end of follow-up: finite
  std::span<const std::uint8_t> event;       ///< 1 = event at time[i], 0 = censored there
  std::span<const double> entry{};           ///< at risk over (entry, time]; none: from the start
  std::span<const double> weight{};          ///< >= 0; none: all 1
  std::span<const std::uint32_t> cluster{};  ///< < n, for robust errors; none: each row alone
  /// 1 = the person goes on in another row that begins where this one ends, so that the end of
  /// this row is no censoring; none: nobody does.
  std::span<const std::uint8_t> continues{};
};

struct CurveOptions {
  SurvivalForm survival = SurvivalForm::product_limit;
  HazardForm hazard = HazardForm::nelson_aalen;
  CurveError error = CurveError::greenwood;
  /// Take times for equal that differ by at most this, or by this times the mean size of the
  /// distinct times: the rule of R's aeqSurv, whose value is sqrt(2^-52). 0 = only equal times.
  double tie_tolerance = 1.4901161193847656e-08;
};

/// A curve: one entry per distinct end of follow-up (events and censorings), ascending. It is 1
/// before the first, and holds from each time until the next.
struct SurvivalCurve {
  CurveOptions options{};
  std::size_t rows = 0;  ///< rows the curve is made of
  std::vector<double> time{};
  std::vector<double> at_risk{};   ///< weight of those at risk just before
  std::vector<double> events{};    ///< weight of the events
  std::vector<double> censored{};  ///< weight of those censored
  std::vector<double> survival{};
  std::vector<double> cumulative_hazard{};
  /// Standard error of log S (of S itself where errors are robust); 0 and without meaning where
  /// there is none: use the functions below.
  std::vector<double> error{};
  std::vector<double> hazard_error{};

  [[nodiscard]] std::size_t size() const noexcept { return time.size(); }
  /// Standard error of S. Nothing where S is 0 and the error is one of log S: it is infinite there.
  [[nodiscard]] OMBRE_EXPORT std::optional<double> se_survival(std::size_t i) const noexcept;
  /// Standard error of log S; nothing where S is 0.
  [[nodiscard]] OMBRE_EXPORT std::optional<double> se_log_survival(std::size_t i) const noexcept;
  /// Position of the last time <= t, or nothing before the first one.
  [[nodiscard]] OMBRE_EXPORT std::optional<std::size_t> at(double t) const noexcept;
  /// Weight at risk just before t: of the first time >= t; 0 after the last one.
  [[nodiscard]] OMBRE_EXPORT double at_risk_at(double t) const noexcept;
};

/// The curve of one group.
///
/// Ties: events come before censorings at the same time. Rows of weight 0 count as rows and add
/// their times. Left truncation: at risk over (entry, time]; where everybody at risk has the event
/// the curve is 0 from there on, also when others enter later.
/// Cost: whole days below 65536 without entry, weights and clusters are counted, O(n); otherwise
/// O(n log n) (radix sort), robust errors included. Threads: counting and sorting through `runner`;
/// the bytes of the result do not depend on it.
/// Source: Kaplan & Meier, J Am Stat Assoc 53:457 (1958); Fleming & Harrington, Commun Stat Theory
/// Methods 13:2469 (1984); robust errors: Therneau, "A package for survival analysis in R"
/// (methods), and ../docs/survival.md for the form in O(n log n).
/// @par Errors empty_input, size_mismatch, not_finite, out_of_range (event, weight, entry at or
/// after time), contradiction (an interval whose ends are equal by tie_tolerance)
[[nodiscard]] OMBRE_EXPORT Result<SurvivalCurve> survival_curve(const SurvivalData& data,
                                                                const CurveOptions& options = {},
                                                                const Runner& runner = serial());

/// The curves of `groups` groups, each as if the others were not there.
/// @param group  n group numbers 0..groups-1
/// A group nobody is in has a curve without times.
/// @par Errors as survival_curve()
[[nodiscard]] OMBRE_EXPORT Result<std::vector<SurvivalCurve>> survival_curves(
    const SurvivalData& data, std::span<const std::uint32_t> group, std::size_t groups,
    const CurveOptions& options = {}, const Runner& runner = serial());

/// On which scale an interval for S is symmetric.
enum class IntervalScale : std::uint8_t { plain, log, log_log, logit, arcsine };

/// Pointwise interval at each time of a curve. Limits lie in [0, 1]. Nothing where S is 0 (with
/// errors of log S), and where S is 1 for log_log, logit and arcsine: their scale ends there.
/// Source: Kalbfleisch & Prentice 1980 (log_log); Borgan & Liestol, Scand J Stat 17:35 (1990)
/// (arcsine, log_log); R's survfit for the exact forms.
[[nodiscard]] OMBRE_EXPORT Result<std::vector<std::optional<Interval>>> curve_intervals(
    const SurvivalCurve& curve, IntervalScale scale, double level = 0.95);
/// The interval for one S with a standard error of log S.
[[nodiscard]] OMBRE_EXPORT std::optional<Interval> survival_interval(double survival,
                                                                     double se_log_survival,
                                                                     IntervalScale scale,
                                                                     double level);

/// A time by which a share of people had the event, with the limits the intervals give.
struct CurveQuantile {
  double probability = 0;  ///< share with the event
  std::optional<double> time{};
  std::optional<double> lower{};
  std::optional<double> upper{};  ///< nothing: beyond what was observed
};

/// R's rule: the smallest time with S <= 1 - p; where S equals 1 - p (within sqrt(2^-52)) over a
/// stretch, its middle. Limits by inverting the pointwise intervals (Brookmeyer & Crowley,
/// Biometrics 38:29 (1982), on the given scale).
/// @param probabilities  each 0..1
[[nodiscard]] OMBRE_EXPORT Result<std::vector<CurveQuantile>> curve_quantiles(
    const SurvivalCurve& curve, std::span<const double> probabilities, IntervalScale scale,
    double level = 0.95);
/// The rule itself for any curve of limits: times, values of 1 - S (empty = not known there).
[[nodiscard]] OMBRE_EXPORT std::vector<std::optional<double>> step_quantiles(
    std::span<const double> time, std::span<const std::optional<double>> value,
    std::span<const double> probabilities);

/// Probability of staying event-free until t for somebody who was so at `from`:
/// S(t) / S(from), with the Greenwood-type (or Tsiatis) error over (from, t].
struct ConditionalSurvival {
  double time = 0;
  std::optional<double> survival{};         ///< nothing where S(from) is 0
  std::optional<double> se_log_survival{};  ///< nothing where the answer is 0 or errors are robust
};
[[nodiscard]] OMBRE_EXPORT Result<std::vector<ConditionalSurvival>> conditional_survival(
    const SurvivalCurve& curve, double from, std::span<const double> times);

}  // namespace ombre::inline v0::stats
