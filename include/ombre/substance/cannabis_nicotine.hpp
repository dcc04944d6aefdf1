#pragma once
/// @file
/// Amounts of cannabis and nicotine, and the refusal to convert what has no equivalence.

#include <cstdint>
#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/core/source.hpp"
#include "ombre/substance/rows.hpp"

namespace ombre::inline v0::substance {

/// Milligrams of delta-9-THC in the material: mass_g * 1000 * potency_percent / 100. What reaches
/// the body is far less and depends on the route.
/// @param mass_g 0 to 10000  @param potency_percent 0 to 100  @par Errors not_finite, out_of_range
[[nodiscard]] OMBRE_EXPORT Result<double> thc_mg(double mass_g, double potency_percent);

/// Standard THC units of 5 mg (NIH, 2021): a unit for reports, not a recommended dose.
/// @param mg 0 or more  @par Errors not_finite, out_of_range
[[nodiscard]] OMBRE_EXPORT Result<double> thc_units(double mg);

/// Median mass of a joint, 0.32 g, for counts of joints without a weight (Ridgeway & Kilmer 2016).
[[nodiscard]] OMBRE_EXPORT Sourced<double> typical_joint_g() noexcept;

/// Milligrams of nicotine absorbed from cigarettes: 1 to 2 mg each, 1.2 as a middle value. A
/// cigarette contains 10 to 14 mg; that is another quantity.
struct AbsorbedNicotine {
  double value_mg = 0;
  Range range_mg{};
  const Source* source = nullptr;
  Confidence confidence = Confidence::known;
};
/// @param cigarettes 0 to 1000 (may be a fraction)  @par Errors not_finite, out_of_range
[[nodiscard]] OMBRE_EXPORT Result<AbsorbedNicotine> nicotine_absorbed(double cigarettes);

/// Nicotine in e-liquid, mL * mg/mL: what is in the liquid, not what is absorbed.
/// @par Errors not_finite, out_of_range
[[nodiscard]] OMBRE_EXPORT Result<double> e_liquid_nicotine_mg(double volume_ml, double mg_per_ml);

/// One step of a patch plan.
struct PatchStep {
  double mg_per_24h;
  int weeks;
};
/// Patch plan of the US label: over 10 cigarettes a day 21 mg for 6 weeks, 14 for 2, 7 for 2; up to
/// 10 a day 14 mg for 6 weeks, 7 for 2.
struct PatchPlan {
  std::vector<PatchStep> steps{};
  const Source* source = nullptr;
  Confidence confidence = Confidence::known;
};
/// @param cigarettes_per_day above 0, at most 200  @par Errors not_finite, out_of_range
[[nodiscard]] OMBRE_EXPORT Result<PatchPlan> nicotine_patch_plan(double cigarettes_per_day);

/// Strength of gum or lozenge by the US label: 4 mg where the first cigarette comes within 30
/// minutes of waking, else 2 mg. @param minutes 0 to 1440  @par Errors not_finite, out_of_range
[[nodiscard]] OMBRE_EXPORT Result<double> nicotine_gum_mg(double minutes_to_first_cigarette);

/// In what a substance may be compared with others of its kind.
enum class Equivalence : std::uint8_t {
  morphine_mg,  ///< risk_mme()
  diazepam_mg,  ///< diazepam_equivalent()
  ethanol_g,    ///< ethanol()
  thc_units,    ///< thc_units()
  nicotine_mg   ///< nicotine_absorbed()
};

/// The equivalence that exists for a substance.
///
/// @par Errors not_computable for what has none: stimulants, hallucinogens, MDMA, GHB, ketamine,
/// inhalants, synthetic cannabinoids, opioids and benzodiazepines of unknown potency. Count days,
/// occasions, amount in its own unit, spending and route instead.
[[nodiscard]] OMBRE_EXPORT Result<Equivalence> equivalence_of(const Substance& substance);

}  // namespace ombre::inline v0::substance
