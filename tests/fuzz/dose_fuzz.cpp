// Doses as people write them, and names looked up: whatever comes in, there is an answer or an
// error with a sentence, and what was read holds its invariants.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "ombre/core/error.hpp"
#include "ombre/substance/diazepam.hpp"
#include "ombre/substance/mixtures.hpp"
#include "ombre/substance/opioid_mme.hpp"

namespace {

void must(bool truth) {
  if (!truth) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ombre;
  const std::string_view text{reinterpret_cast<const char*>(data), size};  // NOLINT: bytes as text

  const auto found = substance::find(text);
  must(found || !describe(found.error()).empty());
  const auto dose = substance::parse_dose(text);
  if (!dose) {
    must(!describe(dose.error()).empty());
    return 0;
  }
  if (dose->mg_per_day()) must(std::isfinite(dose->mg_per_day()->mg()));
  if (dose->mg_per_day()) must(dose->mg_per_day()->mg() >= 0);
  must(!describe(*dose).empty());
  const std::vector<substance::Dose> doses{*dose, *dose};
  for (const auto edition : {substance::MmeEdition::cdc_2022, substance::MmeEdition::cdc_2016}) {
    const auto mme = substance::risk_mme(doses, edition);
    if (mme) must(mme->total.has_value() == (mme->status == substance::MmeStatus::computed));
  }
  if (dose->mg_per_day()) {
    const auto diazepam = substance::diazepam_equivalent(dose->substance(), *dose->mg_per_day());
    if (diazepam) must(diazepam->low_mg <= diazepam->high_mg);
  }
  const std::vector<std::string_view> names{text, "alcohol"};
  must(substance::mixtures(std::span<const std::string_view>{names}).has_value());
  return 0;
}
