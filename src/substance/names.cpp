// Words for the enumerators, and the few functions of the row types.

#include <charconv>

#include "ombre/core/error.hpp"
#include "ombre/substance/rows.hpp"

namespace ombre::inline v0::substance {
namespace {

// Calls `take` with each part of `list` between separators; empty parts are left out.
template <class Take>
void for_each_part(std::string_view list, std::string_view separator, Take take) {
  while (!list.empty()) {
    const std::size_t end = list.find(separator);
    if (const auto part = list.substr(0, end); !part.empty()) take(part);
    if (end == std::string_view::npos) break;
    list.remove_prefix(end + separator.size());
  }
}

}  // namespace

std::string_view name(Class cls) noexcept {
  switch (cls) {
    case Class::unknown:
      return "not known";
    case Class::alcohol:
      return "alcohol";
    case Class::opioid:
      return "opioid";
    case Class::opioid_antagonist:
      return "opioid antagonist";
    case Class::benzodiazepine:
      return "benzodiazepine";
    case Class::z_drug:
      return "z-drug";
    case Class::barbiturate:
      return "barbiturate";
    case Class::gabapentinoid:
      return "gabapentinoid";
    case Class::ghb:
      return "GHB";
    case Class::gaba_b_agonist:
      return "GABA-B agonist";
    case Class::alpha2_agonist:
      return "alpha-2 agonist";
    case Class::stimulant:
      return "stimulant";
    case Class::empathogen:
      return "empathogen";
    case Class::hallucinogen:
      return "hallucinogen";
    case Class::dissociative:
      return "dissociative";
    case Class::inhalant:
      return "inhalant";
    case Class::nitrite:
      return "nitrite";
    case Class::cannabis:
      return "cannabis";
    case Class::synthetic_cannabinoid:
      return "synthetic cannabinoid";
    case Class::nicotine:
      return "nicotine";
    case Class::xanthine:
      return "xanthine";
    case Class::ssri:
      return "SSRI";
    case Class::snri:
      return "SNRI";
    case Class::maoi:
      return "MAO inhibitor";
    case Class::other_antidepressant:
      return "antidepressant";
    case Class::mood_stabiliser:
      return "mood stabiliser";
    case Class::antipsychotic:
      return "antipsychotic";
    case Class::pde5_inhibitor:
      return "PDE5 inhibitor";
    case Class::cyp3a4_inhibitor:
      return "CYP3A4 inhibitor";
    case Class::aldehyde_blocker:
      return "aldehyde dehydrogenase blocker";
    case Class::other:
      return "other";
  }
  return "not known";
}

std::string_view name(CodeSystem system) noexcept {
  return system == CodeSystem::atc ? "ATC" : "RxNorm";
}

std::vector<std::string_view> Substance::aliases() const {
  std::vector<std::string_view> out;
  for_each_part(alias_list, ", ", [&](std::string_view alias) { out.push_back(alias); });
  return out;
}

std::vector<Code> Substance::codes() const {
  std::vector<Code> out;
  for_each_part(atc_list, " ", [&](std::string_view c) { out.push_back({CodeSystem::atc, c}); });
  for_each_part(rxnorm_list, " ", [&](std::string_view c) {
    out.push_back({CodeSystem::rxnorm, c});
  });
  return out;
}

std::string_view name(DoseForm form) noexcept {
  switch (form) {
    case DoseForm::oral:
      return "oral";
    case DoseForm::transdermal_patch:
      return "transdermal patch";
    case DoseForm::sublingual_tablet:
      return "sublingual tablet";
    case DoseForm::sublingual_film:
      return "sublingual film";
    case DoseForm::buccal_tablet:
      return "buccal tablet";
    case DoseForm::buccal_film:
      return "buccal film";
    case DoseForm::lozenge:
      return "lozenge";
    case DoseForm::oral_spray:
      return "oral spray";
    case DoseForm::nasal_spray:
      return "nasal spray";
    case DoseForm::injection:
      return "injection";
    case DoseForm::smoked:
      return "smoked";
    case DoseForm::snorted:
      return "snorted";
    case DoseForm::rectal:
      return "rectal";
    case DoseForm::unspecified:
      return "form not stated";
  }
  return "form not stated";
}

std::string_view name(FactorSet set) noexcept {
  switch (set) {
    case FactorSet::cdc_2022:
      return "CDC 2022";
    case FactorSet::cdc_2016:
      return "CDC 2016";
    case FactorSet::cdc_later_file:
      return "CDC file, later revisions";
    case FactorSet::nih_heal:
      return "NIH HEAL (research)";
  }
  return "CDC 2022";
}

char letter(DangerClass danger) noexcept {
  switch (danger) {
    case DangerClass::life_threatening:
      return 'A';
    case DangerClass::severe_then_tolerance_loss:
    case DangerClass::severe:
      return 'B';
    case DangerClass::distress:
      return 'C';
    case DangerClass::mild:
      return 'D';
  }
  return 'A';
}

std::string_view name(DangerClass danger) noexcept {
  switch (danger) {
    case DangerClass::life_threatening:
      return "life-threatening";
    case DangerClass::severe_then_tolerance_loss:
      return "severe, then loss of tolerance";
    case DangerClass::severe:
      return "severe";
    case DangerClass::distress:
      return "distress";
    case DangerClass::mild:
      return "mild";
  }
  return "life-threatening";
}

std::string_view name(Splitting splitting) noexcept {
  switch (splitting) {
    case Splitting::never:
      return "never divided";
    case Splitting::halves:
      return "scored: halves";
    case Splitting::if_scored:
      return "halves where the tablet is scored";
    case Splitting::measured:
      return "measured volume";
  }
  return "never divided";
}

std::string_view name(StrengthUnit unit) noexcept {
  switch (unit) {
    case StrengthUnit::mg:
      return "mg";
    case StrengthUnit::mg_per_ml:
      return "mg/mL";
    case StrengthUnit::mcg_per_hour:
      return "mcg/h";
  }
  return "mg";
}

std::vector<Strength> Product::strengths() const {
  std::vector<Strength> out;
  for_each_part(strengths_text, " ", [&](std::string_view text) {
    Strength strength{};
    const char* const end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, strength.amount);
    if (first.ptr != end && *first.ptr == '/') {
      double partner_amount = 0;
      std::from_chars(first.ptr + 1, end, partner_amount);
      strength.partner = partner_amount;
    }
    out.push_back(strength);
  });
  return out;
}

}  // namespace ombre::inline v0::substance
