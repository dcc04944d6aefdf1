#pragma once
/// @file
/// Dose and effect on a hyperbolic (Emax, Michaelis-Menten) curve, and steps of equal effect.
///
/// effect(d) = Emax d / (ED50 + d). Halving a dose near the top of the curve changes the effect
/// little, near zero a lot: equal steps of milligrams are steps of growing effect.
/// Source: Horowitz & Taylor, Lancet Psychiatry 6:538 (2019).

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/core/source.hpp"

namespace ombre::inline v0::plans {

/// Emax curve. Doses are doubles in the unit of ED50 (usually mg a day), effects in the unit of
/// Emax (usually a share of occupied transporters or receptors).
/// Invariant: 0 < Emax <= 1 and ED50 > 0, both finite.
class OMBRE_EXPORT EffectCurve {
 public:
  /// Emax 1, ED50 1: a valid curve of no drug, so that structs can hold one.
  EffectCurve() = default;
  /// @par Errors not_finite, out_of_range
  [[nodiscard]] static Result<EffectCurve> from(double emax, double ed50);
  /// The curve through two measured points (d1, e1) and (d2, e2):
  /// ED50 = d1 d2 (e2 - e1) / (e1 d2 - e2 d1), Emax = e1 (ED50 + d1) / d1.
  /// @par Errors not_finite, out_of_range (doses and effects must be above 0, effects below 1),
  /// contradiction (no rising curve that levels off at or below 1 passes through them)
  [[nodiscard]] static Result<EffectCurve> through(double dose1, double effect1, double dose2,
                                                   double effect2);

  [[nodiscard]] double emax() const noexcept { return emax_; }
  [[nodiscard]] double ed50() const noexcept { return ed50_; }
  /// `dose` >= 0; a negative dose counts as 0. Never decreases with dose.
  [[nodiscard]] double effect(double dose) const noexcept;
  /// The dose of an effect: ED50 e / (Emax - e). Empty unless 0 <= effect < Emax.
  [[nodiscard]] std::optional<double> dose_for(double effect) const noexcept;

 private:
  EffectCurve(double emax, double ed50) noexcept : emax_{emax}, ed50_{ed50} {}
  double emax_ = 1;
  double ed50_ = 1;
};

/// start, then `steps` doses down to `end`, each losing the same effect. Size steps + 1; the last
/// element is exactly `end`. @par Errors not_finite, out_of_range (needs 0 <= end < start,
/// 1 <= steps <= 100 000)
[[nodiscard]] OMBRE_EXPORT Result<std::vector<double>> equal_effect_doses(const EffectCurve& curve,
                                                                          double start,
                                                                          std::size_t steps,
                                                                          double end = 0);

/// Loss of effect at each step of a series of doses: doses.size() - 1 numbers, negative where a
/// dose rises. @par Errors empty_input, not_finite, out_of_range (negative dose)
[[nodiscard]] OMBRE_EXPORT Result<std::vector<double>> effect_losses(const EffectCurve& curve,
                                                                     std::span<const double> doses);

/// A curve that somebody published, by the drug's name, for labelled display and as a starting
/// point for a clinician: every entry is Confidence::uncertain and never used unless asked for.
/// Known: "citalopram" (Emax 0.921, ED50 2.88 mg, our fit to the table quoted from Horowitz &
/// Taylor 2019, within 1.6 points). @par Errors unknown_name
[[nodiscard]] OMBRE_EXPORT Result<Sourced<EffectCurve>> quoted_curve(std::string_view drug);

}  // namespace ombre::inline v0::plans
