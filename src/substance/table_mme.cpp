// Morphine milligram equivalents: factors, rules and thresholds.

#include <array>

#include "ombre/substance/rows.hpp"
#include "sources.hpp"

namespace ombre::inline v0::substance {
namespace {

using enum FactorUnit;
using enum FactorSet;

// Which dose forms a printed form covers.
template <class... Form>
constexpr std::uint16_t covers(Form... forms) {
  return static_cast<std::uint16_t>(((1U << static_cast<unsigned>(forms)) | ...));
}
constexpr auto oral = covers(DoseForm::oral);
constexpr auto patch = covers(DoseForm::transdermal_patch);
constexpr auto sublingual = covers(DoseForm::sublingual_tablet, DoseForm::sublingual_film);
constexpr auto buccal_film = covers(DoseForm::buccal_film);
constexpr auto nasal = covers(DoseForm::nasal_spray);
constexpr auto nasal_or_oral = covers(DoseForm::nasal_spray, DoseForm::oral);
constexpr auto tablet_or_lozenge =
    covers(DoseForm::buccal_tablet, DoseForm::sublingual_tablet, DoseForm::lozenge);
constexpr auto film_or_spray =
    covers(DoseForm::buccal_film, DoseForm::sublingual_film, DoseForm::oral_spray);

// A factor per milligram by mouth, the commonest row.
constexpr MmeFactor per_mg_by_mouth(FactorSet set, const Source& source, std::string_view substance,
                                    double factor, std::string_view note = "") {
  return {substance,
          set,
          "oral",
          oral,
          per_mg,
          factor,
          std::nullopt,
          std::nullopt,
          false,
          &source,
          Confidence::verified,
          note};
}
constexpr MmeFactor in_2022(std::string_view substance, double factor, std::string_view note = "") {
  return per_mg_by_mouth(FactorSet::cdc_2022, cite::cdc_2022, substance, factor, note);
}
constexpr MmeFactor in_2016(std::string_view substance, double factor, std::string_view note = "") {
  return per_mg_by_mouth(FactorSet::cdc_2016, cite::cdc_2016, substance, factor, note);
}
// Any other form.
constexpr MmeFactor row(FactorSet set, const Source& source, std::string_view substance,
                        std::string_view form, std::uint16_t forms, FactorUnit unit, double factor,
                        std::string_view note = "", bool withdrawn = false) {
  return {substance,
          set,
          form,
          forms,
          unit,
          factor,
          std::nullopt,
          std::nullopt,
          withdrawn,
          &source,
          Confidence::verified,
          note};
}
constexpr bool withdrawn = true;

// 2016: the whole daily dose of methadone takes the factor of its band.
constexpr MmeFactor methadone_band(double over_mg, std::optional<double> up_to_mg, double factor) {
  return {"methadone",
          FactorSet::cdc_2016,
          "oral",
          oral,
          per_mg,
          factor,
          over_mg,
          up_to_mg,
          false,
          &cite::cdc_2016,
          Confidence::verified,
          "whole daily dose multiplied by the band factor (not marginal); printed as 1-20, 21-40, "
          "41-60, 61-80 (file: >60)"};
}

constexpr std::string_view research_only =
    "research comparison only; partial agonist with ceiling: never add to a risk threshold";

constexpr std::array factors{
    // CDC 2022.
    in_2022("codeine", 0.15),
    row(FactorSet::cdc_2022, cite::cdc_2022, "fentanyl", "transdermal", patch, per_mcg_per_hour,
        2.4, "per mcg/h of patch rate; not per patch; independent of 48 or 72 h change"),
    in_2022("hydrocodone", 1.0),
    in_2022("hydromorphone", 5.0, "2016 value was 4"),
    in_2022("methadone", 4.7,
            "single factor for MME counting only; never for choosing a rotation dose; 2016 used "
            "dose bands"),
    in_2022("morphine", 1.0),
    in_2022("oxycodone", 1.5),
    in_2022("oxymorphone", 3.0),
    in_2022("tapentadol", 0.4,
            "mu agonist + noradrenaline reuptake inhibitor; MME by mu activity only"),
    in_2022("tramadol", 0.2, "2016-2018 file had 0.1; serotonergic, seizure risk"),

    // CDC 2016 with the CDC/CMS file.
    in_2016("codeine", 0.15),
    row(FactorSet::cdc_2016, cite::cdc_2016, "fentanyl", "transdermal", patch, per_mcg_per_hour,
        2.4,
        "per mcg/h; the 7.2 printed in some lists is the same factor for a whole 3-day patch (2.4 "
        "x 3): dividing it by days again is a units trap"),
    in_2016("hydrocodone", 1.0),
    in_2016("hydromorphone", 4.0),
    in_2016("morphine", 1.0),
    in_2016("oxycodone", 1.5),
    in_2016("oxymorphone", 3.0),
    in_2016("tapentadol", 0.4, "file, not pocket table"),
    in_2016("tramadol", 0.1, "file, not pocket table"),
    methadone_band(0, 20, 4),
    methadone_band(20, 40, 8),
    methadone_band(40, 60, 10),
    methadone_band(60, std::nullopt, 12),
    in_2016("dihydrocodeine", 0.25),
    in_2016("levomethadyl-acetate", 8, "obsolete"),
    in_2016("levorphanol", 11),
    in_2016("meperidine", 0.1),
    in_2016("opium", 1),
    in_2016("pentazocine", 0.37),
    row(FactorSet::cdc_2016, cite::cdc_2016, "butorphanol", "nasal/oral", nasal_or_oral, per_mg, 7),
    row(FactorSet::cdc_2016, cite::cdc_2016, "fentanyl", "buccal or SL tablet, lozenge",
        tablet_or_lozenge, per_mcg, 0.13),
    row(FactorSet::cdc_2016, cite::cdc_2016, "fentanyl", "film or oral spray", film_or_spray,
        per_mcg, 0.18),
    row(FactorSet::cdc_2016, cite::cdc_2016, "fentanyl", "nasal spray", nasal, per_mcg, 0.16),
    row(FactorSet::cdc_2016, cite::cdc_2016, "buprenorphine", "transdermal patch", patch,
        per_mcg_per_hour, 12.6, "removed from later CDC use", withdrawn),
    row(FactorSet::cdc_2016, cite::cdc_2016, "buprenorphine", "sublingual tablet or film",
        sublingual, per_mg, 30, "removed; do not use", withdrawn),
    row(FactorSet::cdc_2016, cite::cdc_2016, "buprenorphine", "buccal film", buccal_film, per_mcg,
        0.03, "removed; do not use", withdrawn),

    // In neither edition.
    per_mg_by_mouth(cdc_later_file, cite::cdc_file_later, "benzhydrocodone", 1.22,
                    "seen in public reference implementations"),
    row(nih_heal, cite::nih_heal, "buprenorphine", "buccal film", buccal_film, per_mcg, 0.039,
        research_only),
    row(nih_heal, cite::nih_heal, "buprenorphine", "transdermal patch", patch, per_mcg_per_hour,
        2.2, research_only),
    row(nih_heal, cite::nih_heal, "buprenorphine", "sublingual tablet or film", sublingual, per_mg,
        38.8, research_only),
};

constexpr std::array<MmeRule, 3> rules{{
    {"mme_buprenorphine_excluded", "buprenorphine", "any", "mme_excluded", true,
     &cite::cdc_2022_text, Confidence::known,
     "partial agonist; for OUD treatment not counted, overdose risk not MME-proportional"},
    {"mme_thresholds_not_for_methadone_treatment", "methadone", "OUD treatment",
     "mme_threshold_applies", false, &cite::cdc_2022_text, Confidence::known,
     "dose thresholds are for pain prescribing; do not apply to opioid agonist treatment"},
    {"mme_illicit_excluded", "heroin or illicit fentanyl", "any", "mme_excluded", true,
     &cite::no_factor, Confidence::known,
     "potency unknown and variable: library must refuse to compute"},
}};

constexpr std::array<MmeThreshold, 2> thresholds{{
    {"threshold_50", 50, &cite::cdc_2022, Confidence::verified, ">=50: reassess, offer naloxone"},
    {"threshold_90", 90, &cite::cdc_2016_text, Confidence::known,
     ">=90 avoid/justify in 2016; not a hard limit in 2022"},
}};

}  // namespace

std::span<const MmeFactor> mme_factors() noexcept { return factors; }
std::span<const MmeRule> mme_rules() noexcept { return rules; }
std::span<const MmeThreshold> mme_thresholds() noexcept { return thresholds; }

}  // namespace ombre::inline v0::substance
