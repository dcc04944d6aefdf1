#include "ombre/spectrum/who_rdl.hpp"

#include <array>

#include "core/cited.hpp"

namespace ombre::inline v0::spectrum {
namespace {

using cited::who_2000;
constexpr Source fda_2025{
    "fda-ddt-2025",
    "US Food and Drug Administration. Qualification of the drug development tool: reduction of at "
    "least two WHO risk drinking levels, adults with moderate to severe alcohol use disorder",
    "14 February 2025"};
using cited::ema_2010;
constexpr Source falk_2019{
    "falk-2019",
    "Falk DE, O'Malley SS, Witkiewitz K, et al. Evaluation of drinking risk levels as outcomes in "
    "alcohol pharmacotherapy trials. JAMA Psychiatry 76:374-381",
    "2019"};

constexpr std::array<RdlEndpoint, 3> endpoints{{
    {"rdl_2_level_fda", 2, "FDA",
     "qualified as a primary endpoint in trials of medication for adults with moderate to severe "
     "alcohol use disorder, next to abstinence and no heavy drinking days",
     &fda_2025, Confidence::verified},
    {"rdl_2_level_ema", 2, "EMA",
     "responders by a category shift are accepted for the intermediate harm-reduction goal; full "
     "abstinence is the primary goal",
     &ema_2010, Confidence::known},
    {"rdl_1_level", 1, "ACTIVE",
     "studied and clinically informative; not a qualified regulatory endpoint", &falk_2019,
     Confidence::verified},
}};

}  // namespace

std::string_view name(RiskDrinkingLevel level) noexcept {
  switch (level) {
    case RiskDrinkingLevel::abstinent:
      return "abstinent";
    case RiskDrinkingLevel::low:
      return "low";
    case RiskDrinkingLevel::medium:
      return "medium";
    case RiskDrinkingLevel::high:
      return "high";
    case RiskDrinkingLevel::very_high:
      return "very high";
  }
  return "very high";
}

std::string_view name(SingleOccasionRisk risk) noexcept {
  return risk == SingleOccasionRisk::none ? "none" : name(static_cast<RiskDrinkingLevel>(risk));
}

std::span<const RdlEndpoint> rdl_endpoints() noexcept { return endpoints; }

const Source& rdl_source() noexcept { return who_2000; }

}  // namespace ombre::inline v0::spectrum
