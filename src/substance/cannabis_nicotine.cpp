#include "ombre/substance/cannabis_nicotine.hpp"

#include "lookup.hpp"

namespace ombre::inline v0::substance {

Result<double> thc_mg(double mass_g, double potency_percent) {
  if (auto e = refuse_outside("mass_g", mass_g, 0, 10'000, "must be 0 to 10000 g")) {
    return unexpected(*std::move(e));
  }
  if (auto e = refuse_outside("potency_percent", potency_percent, 0, 100, "must be 0 to 100")) {
    return unexpected(*std::move(e));
  }
  return mass_g * 1000 * potency_percent / 100;
}

Result<double> thc_units(double mg) {
  if (auto e = refuse_outside("thc_mg", mg, 0, 1e9, "must be 0 or more")) {
    return unexpected(*std::move(e));
  }
  return mg / value_of("thc_unit");
}

Sourced<double> typical_joint_g() noexcept {
  const Constant& joint = constant("joint_mass");
  return {*joint.value, joint.source, joint.confidence, joint.note};
}

Result<AbsorbedNicotine> nicotine_absorbed(double cigarettes) {
  if (auto e = refuse_outside("cigarettes", cigarettes, 0, 1000, "must be 0 to 1000")) {
    return unexpected(*std::move(e));
  }
  const Constant& each = constant("nicotine_per_cigarette");
  return AbsorbedNicotine{cigarettes * *each.value,
                          {cigarettes * *each.low, cigarettes * *each.high},
                          each.source,
                          each.confidence};
}

Result<double> e_liquid_nicotine_mg(double volume_ml, double mg_per_ml) {
  if (auto e = refuse_outside("volume_ml", volume_ml, 0, 1e6, "must be 0 to 1000000 mL")) {
    return unexpected(*std::move(e));
  }
  if (auto e = refuse_outside("mg_per_ml", mg_per_ml, 0, 1000, "must be 0 to 1000 mg/mL")) {
    return unexpected(*std::move(e));
  }
  return volume_ml * mg_per_ml;
}

Result<PatchPlan> nicotine_patch_plan(double cigarettes_per_day) {
  if (auto e = refuse_outside("cigarettes_per_day", cigarettes_per_day, 0, 200,
                              "must be above 0 and at most 200")) {
    return unexpected(*std::move(e));
  }
  if (cigarettes_per_day <= 0) {
    return unexpected(error_at(Errc::out_of_range, "cigarettes_per_day", std::nullopt,
                               cigarettes_per_day, "must be above 0 and at most 200"));
  }
  const bool many = cigarettes_per_day > 10;
  const Constant& start = constant(many ? "patch_start_over_10" : "patch_start_up_to_10");
  PatchPlan plan;
  plan.source = start.source;
  plan.confidence = start.confidence;
  plan.steps.push_back({*start.value, 6});
  if (many) plan.steps.push_back({14, 2});
  plan.steps.push_back({7, 2});
  return plan;
}

Result<double> nicotine_gum_mg(double minutes_to_first_cigarette) {
  if (auto e = refuse_outside("minutes_to_first_cigarette", minutes_to_first_cigarette, 0, 1440,
                              "must be 0 to 1440 minutes")) {
    return unexpected(*std::move(e));
  }
  return minutes_to_first_cigarette <= value_of("gum_4mg_within") ? 4.0 : 2.0;
}

Result<Equivalence> equivalence_of(const Substance& substance) {
  const auto none = [&](std::string_view why) {
    return unexpected(
        error_at(Errc::not_computable, "substance", std::nullopt, substance.name, why));
  };
  constexpr std::string_view unknown_potency =
      "its potency is not known and varies: nothing can be computed from an amount";
  switch (substance.cls) {
    case Class::alcohol:
      return Equivalence::ethanol_g;
    case Class::cannabis:
      return Equivalence::thc_units;
    case Class::nicotine:
      return Equivalence::nicotine_mg;
    case Class::opioid:
      if (substance.is(Trait::unknown_potency)) return none(unknown_potency);
      if (substance.id == "buprenorphine") {
        return none("a partial agonist has no morphine equivalent that may be counted");
      }
      return Equivalence::morphine_mg;
    case Class::benzodiazepine:
    case Class::z_drug:
      if (substance.is(Trait::unknown_potency) || substance.is(Trait::unspecified)) {
        return none(unknown_potency);
      }
      return Equivalence::diazepam_mg;
    case Class::unknown:
      return none(unknown_potency);
    default:
      return none(
          "no accepted equivalence exists: count days, occasions, amount in its own unit, "
          "spending and route");
  }
}

}  // namespace ombre::inline v0::substance
