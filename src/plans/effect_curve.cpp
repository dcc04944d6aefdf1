#include "ombre/plans/effect_curve.hpp"

#include <cmath>
#include <cstdint>

namespace ombre::inline v0::plans {

namespace {

constexpr Source horowitz_taylor{
    "horowitz-taylor-2019-curve",
    "Horowitz MA, Taylor D. Tapering of SSRI treatment to mitigate withdrawal symptoms. Lancet "
    "Psychiatry 6:538 (2019); curve fitted by us to its citalopram table as usually quoted",
    "2019"};

/// Refuses what is not a finite number in (0, top], or (0, inf) where top is 0.
std::optional<Error> bad_positive(std::string_view field, double value, double top) {
  if (!std::isfinite(value)) {
    return error_at(Errc::not_finite, field, std::nullopt, value, "must be finite");
  }
  if (value <= 0 || (top > 0 && value > top)) {
    return error_at(Errc::out_of_range, field, std::nullopt, value,
                    top > 0 ? "must be above 0 and at most 1" : "must be above 0");
  }
  return std::nullopt;
}

std::optional<Error> bad_dose(std::string_view field, std::optional<std::uint64_t> row,
                              double value) {
  if (!std::isfinite(value)) {
    return error_at(Errc::not_finite, field, row, value, "must be finite");
  }
  if (value < 0) return error_at(Errc::out_of_range, field, row, value, "must be 0 or more");
  return std::nullopt;
}

}  // namespace

Result<EffectCurve> EffectCurve::from(double emax, double ed50) {
  if (auto bad = bad_positive("emax", emax, 1)) return unexpected(*std::move(bad));
  if (auto bad = bad_positive("ed50", ed50, 0)) return unexpected(*std::move(bad));
  return EffectCurve{emax, ed50};
}

Result<EffectCurve> EffectCurve::through(double dose1, double effect1, double dose2,
                                         double effect2) {
  if (auto bad = bad_positive("dose1", dose1, 0)) return unexpected(*std::move(bad));
  if (auto bad = bad_positive("dose2", dose2, 0)) return unexpected(*std::move(bad));
  if (auto bad = bad_positive("effect1", effect1, 1)) return unexpected(*std::move(bad));
  if (auto bad = bad_positive("effect2", effect2, 1)) return unexpected(*std::move(bad));
  const double ed50 = dose1 * dose2 * (effect2 - effect1) / (effect1 * dose2 - effect2 * dose1);
  const double emax = effect1 * (ed50 + dose1) / dose1;
  if (!std::isfinite(ed50) || !std::isfinite(emax) || ed50 <= 0 || emax <= 0 || emax > 1) {
    return unexpected(
        error_at(Errc::contradiction, "effect2", std::nullopt, effect2,
                 "must lie with the first point on a rising curve that levels off at or below 1"));
  }
  return EffectCurve{emax, ed50};
}

double EffectCurve::effect(double dose) const noexcept {
  if (!(dose > 0)) return 0;
  // emax / (1 + ed50 / d) neither overflows nor turns into inf / inf for huge doses.
  return emax_ / (1 + ed50_ / dose);
}

std::optional<double> EffectCurve::dose_for(double effect) const noexcept {
  if (!(effect >= 0 && effect < emax_)) return std::nullopt;
  return ed50_ * effect / (emax_ - effect);
}

Result<std::vector<double>> equal_effect_doses(const EffectCurve& curve, double start,
                                               std::size_t steps, double end) {
  if (auto bad = bad_dose("start", std::nullopt, start)) return unexpected(*std::move(bad));
  if (auto bad = bad_dose("end", std::nullopt, end)) return unexpected(*std::move(bad));
  if (end >= start) {
    return unexpected(
        error_at(Errc::out_of_range, "end", std::nullopt, end, "must be below the start"));
  }
  if (steps < 1 || steps > 100'000) {
    return unexpected(error_at(Errc::out_of_range, "steps", std::nullopt,
                               static_cast<double>(steps), "must be 1 to 100000"));
  }
  const double top = curve.effect(start);
  const double bottom = curve.effect(end);
  std::vector<double> doses(steps + 1);
  doses.front() = start;
  for (std::size_t i = 1; i < steps; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(steps);
    const double effect = top + (bottom - top) * share;
    // Rounding may push a point out by one unit in the last place: keep the order promised.
    const double dose = curve.dose_for(effect).value_or(doses[i - 1]);
    doses[i] = std::fmin(std::fmax(dose, end), doses[i - 1]);
  }
  doses.back() = end;
  return doses;
}

Result<std::vector<double>> effect_losses(const EffectCurve& curve, std::span<const double> doses) {
  if (doses.empty()) return unexpected(error_of(Errc::empty_input, "doses", "must not be empty"));
  for (std::size_t i = 0; i < doses.size(); ++i) {
    if (auto bad = bad_dose("doses", i, doses[i])) return unexpected(*std::move(bad));
  }
  std::vector<double> losses(doses.size() - 1);
  for (std::size_t i = 0; i + 1 < doses.size(); ++i) {
    losses[i] = curve.effect(doses[i]) - curve.effect(doses[i + 1]);
  }
  return losses;
}

Result<Sourced<EffectCurve>> quoted_curve(std::string_view drug) {
  if (drug != "citalopram") {
    return unexpected(error_at(Errc::unknown_name, "drug", std::nullopt, drug,
                               "has no quoted curve: give two points (dose, effect) or Emax and "
                               "ED50"));
  }
  Result<EffectCurve> curve = EffectCurve::from(0.921, 2.88);
  if (!curve) return unexpected(curve.error());
  return Sourced<EffectCurve>{
      *curve, &horowitz_taylor, Confidence::uncertain,
      "share of serotonin transporters occupied, dose in mg a day by mouth; "
      "within 1.6 points of the quoted table"};
}

}  // namespace ombre::inline v0::plans
