#pragma once
// What is about to stop from one day to the next though the body may depend on it, and without
// medical care that is known to be there. Warnings and menu ask the same question.

#include "ombre/context/risk.hpp"

namespace ombre::inline v0::context::detail {

struct Stopping {
  bool alcohol = false;
  bool sedatives = false;  // benzodiazepines and others that are not GHB
  bool ghb = false;
  bool opioids = false;
  bool agonist = false;  // methadone or buprenorphine as treatment
  [[nodiscard]] constexpr bool can_kill() const noexcept { return alcohol || sedatives || ghb; }
};

[[nodiscard]] inline Stopping stopping_at_once(const Facts& facts) {
  const auto is = [&facts](std::string_view factor) { return facts.truth(factor) == Truth::yes; };
  const auto is_not = [&facts](std::string_view factor) {
    return facts.truth(factor) == Truth::no;
  };
  Stopping out;
  // Rules that end care end the treatment with it.
  out.agonist = is("agonist_treatment") && (is("stops_soon") || is("may_be_discharged"));
  if (!is("stops_soon")) return out;
  const bool daily = is("daily_use");
  if (!is("managed_withdrawal")) {
    out.alcohol = is("depends_on_alcohol") ||
                  (is("uses_alcohol") && !is_not("depends_on_alcohol") &&
                   (is("heavy_drinking") || (daily && !is_not("heavy_drinking"))));
    if (!is("gradual_plan")) {
      const bool depends = is("depends_on_sedatives");
      const bool perhaps = daily && !is_not("depends_on_sedatives");
      out.ghb = is("uses_ghb") && (depends || perhaps);
      out.sedatives = (is("uses_sedative") && (depends || perhaps)) || (depends && !out.ghb);
    }
  }
  if (!is("agonist_treatment") && !is("managed_withdrawal") && !is("gradual_plan")) {
    out.opioids =
        is("depends_on_opioids") || (is("uses_opioid") && daily && !is_not("depends_on_opioids"));
  }
  // In pregnancy a plan of one's own does not make it safe.
  if (!is("agonist_treatment") && is("pregnant") && is("depends_on_opioids")) out.opioids = true;
  return out;
}

}  // namespace ombre::inline v0::context::detail
