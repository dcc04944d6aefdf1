// Single constants: ethanol, cannabis, nicotine, and the rule that stimulants have no equivalence.

#include <array>

#include "ombre/substance/rows.hpp"
#include "sources.hpp"

namespace ombre::inline v0::substance {
namespace {

constexpr auto verified = Confidence::verified;
constexpr auto known = Confidence::known;
constexpr std::nullopt_t none = std::nullopt;

constexpr std::array<Constant, 12> table{{
    {"ethanol_density", "alcohol", "", "density_20C", 0.789, 0.789, 0.79, "g/mL",
     &cite::physical_constant, known, ""},
    {"uk_unit", "alcohol", "", "uk_unit_ml", 10, none, none, "mL", &cite::uk_unit, verified,
     "8 g by convention"},
    {"ethanol_elimination", "alcohol", "", "elimination_rate", 0.15, 0.1, 0.35,
     "g/kg/h (blood 0.015 g/dL/h)", &cite::forensic_texts, known,
     "zero order; higher in tolerant drinkers"},
    {"widmark_r_men", "alcohol", "", "widmark_r_men", 0.68, none, none, "L/kg", &cite::widmark_1932,
     known, "estimates only, never for a driving decision"},
    {"widmark_r_women", "alcohol", "", "widmark_r_women", 0.55, none, none, "L/kg",
     &cite::widmark_1932, known, ""},
    {"thc_unit", "cannabis", "", "standard_unit", 5, none, none, "mg", &cite::nih_thc_2021,
     verified, "reporting unit for research, not a dose recommendation; route changes effect"},
    {"joint_mass", "cannabis", "smoked", "joint_mass", 0.32, none, none, "g", &cite::ridgeway_2016,
     known, "median joint; mg THC = mass_mg x potency"},
    {"nicotine_per_cigarette", "nicotine", "smoked", "absorbed_per_cigarette", 1.2, 1, 2, "mg",
     &cite::benowitz, known, "content 10-14 mg; absorbed 1-1.5 (up to 2)"},
    {"patch_start_over_10", "nicotine", "transdermal", "start_if_gt10_cig", 21, none, none,
     "mg/24h", &cite::us_nicotine_label, known, "6 wk 21, 2 wk 14, 2 wk 7"},
    {"patch_start_up_to_10", "nicotine", "transdermal", "start_if_le10_cig", 14, none, none,
     "mg/24h", &cite::us_nicotine_label, known, "6 wk 14, 2 wk 7"},
    {"gum_4mg_within", "nicotine", "oral", "4mg_if_first_use_within_min", 30, none, none, "min",
     &cite::us_nicotine_label, known,
     "else 2 mg; gum max 24/day, lozenge max 20/day; wk 1-6 q1-2h, 7-9 q2-4h, 10-12 q4-8h"},
    {"stimulant_equivalence", "cocaine, amphetamine, methamphetamine", "any", "equivalence", none,
     none, none, "", &cite::no_equivalence, known,
     "library must refuse to convert; count days and amount separately"},
}};

}  // namespace

std::span<const Constant> constants() noexcept { return table; }

}  // namespace ombre::inline v0::substance
