// Dangerous combinations. Within one kind of harm the specific rule stands before the general one.

#include <array>

#include "ombre/substance/mixtures.hpp"
#include "sources.hpp"

namespace ombre::inline v0::substance {
namespace {

using enum HarmKind;
using enum When;
constexpr auto danger = Severity::danger;
constexpr auto warning = Severity::warning;
constexpr auto caution = Severity::caution;
constexpr auto verified = Confidence::verified;
constexpr auto known = Confidence::known;
constexpr auto uncertain = Confidence::uncertain;

constexpr Selector all(Class cls) { return {.cls = cls}; }
constexpr Selector all(Trait trait) { return {.trait = trait}; }
constexpr Selector only(std::string_view ids) { return {.ids = ids}; }

constexpr std::string_view both_slow = "both slow breathing; together more than the sum";
constexpr std::string_view naloxone_and_company =
    "do not use alone; have naloxone at hand; less of each, spaced apart; a prescribed "
    "benzodiazepine is tapered, never stopped abruptly";
constexpr std::string_view naloxone_near =
    "do not use alone; have naloxone at hand; less of each, spaced apart";
constexpr std::string_view recovery_position =
    "do not use alone; nothing more until the first has worn off; recovery position, call for help "
    "when someone cannot be woken";
constexpr std::string_view keep_cool =
    "rest, cool down, drink to thirst; chest pain is an emergency";
constexpr std::string_view prescriber =
    "tell the prescriber; agitation, sweating, twitching or fever: emergency";
constexpr std::string_view ecg = "an ECG before and after dose changes; faintness needs a doctor";

constexpr std::array table{
    // ---- breathing
    MixtureRule{"oat_z_drug", only("methadone buprenorphine"), all(Class::z_drug), breathing,
                danger, together, both_slow,
                "drug-related death on agonist treatment: incidence rate ratio 3.31 (2.45-4.47)",
                "stay on agonist treatment; review the z-drug; naloxone at hand",
                &cite::cprd_cohort, verified},
    MixtureRule{
        "oat_benzodiazepine", only("methadone buprenorphine"), all(Class::benzodiazepine),
        breathing, danger, together, both_slow,
        "drug-related death on agonist treatment: incidence rate ratio 2.02 (1.66-2.47); other "
        "cohorts 2.96 (1.97-4.43) and 1.14 (1.04-1.24), where treatment also lasted longer",
        "stay on agonist treatment; taper the benzodiazepine if both agree; naloxone at "
        "hand",
        &cite::cprd_cohort, verified},
    MixtureRule{"opioid_benzodiazepine", all(Class::opioid), all(Class::benzodiazepine), breathing,
                danger, together, both_slow,
                "overdose death about 10 times as often as with the opioid alone; in veterans "
                "hazard ratio 3.86 (3.49-4.26)",
                naloxone_and_company, &cite::dasgupta_park, known},
    MixtureRule{"opioid_z_drug", all(Class::opioid), all(Class::z_drug), breathing, danger,
                together, both_slow, "", naloxone_near, &cite::fda_2016_boxed, known},
    MixtureRule{"opioid_alcohol", all(Class::opioid), all(Class::alcohol), breathing, danger,
                together, both_slow, "", naloxone_near, &cite::fda_2016_boxed, known},
    MixtureRule{"opioid_barbiturate", all(Class::opioid), all(Class::barbiturate), breathing,
                danger, together, both_slow, "", naloxone_near, &cite::fda_2016_boxed, known},
    MixtureRule{"opioid_ghb", all(Class::opioid), all(Class::ghb), breathing, danger, together,
                both_slow, "", recovery_position, &cite::texts_toxicology, known},
    MixtureRule{"opioid_gabapentinoid", all(Class::opioid), all(Class::gabapentinoid), breathing,
                danger, together, both_slow,
                "opioid-related death with gabapentin: adjusted odds ratio 1.49 (1.18-1.88)",
                naloxone_near, &cite::gomes_2017, known},
    MixtureRule{"opioid_sedating_adulterant", all(Class::opioid), only("xylazine medetomidine"),
                breathing, danger, together,
                "deep sedation, slow heart and low blood pressure on top of the opioid; naloxone "
                "does not reverse that part",
                "",
                "give naloxone and rescue breaths all the same; call for help; look after "
                "wounds early",
                &cite::surveillance, known},
    MixtureRule{"opioid_other_sedative", all(Class::opioid), all(Class::gaba_b_agonist), breathing,
                warning, together, both_slow, "", naloxone_near, &cite::cdc_2022_bzd, known},
    MixtureRule{"opioid_opioid", all(Class::opioid), all(Class::opioid), breathing, caution,
                together,
                "effects on breathing add, and a long-acting one is still there when the "
                "next is taken",
                "", "count all of them; naloxone at hand, more than one dose for fentanyl",
                &cite::texts_toxicology, known},
    MixtureRule{"alcohol_benzodiazepine", all(Class::alcohol), all(Class::benzodiazepine),
                breathing, danger, together, both_slow, "", recovery_position,
                &cite::label_warnings, known},
    MixtureRule{"alcohol_z_drug", all(Class::alcohol), all(Class::z_drug), breathing, danger,
                together, both_slow, "", recovery_position, &cite::label_warnings, known},
    MixtureRule{"alcohol_barbiturate", all(Class::alcohol), all(Class::barbiturate), breathing,
                danger, together, both_slow, "", recovery_position, &cite::label_warnings, known},
    MixtureRule{"alcohol_ghb", all(Class::alcohol), all(Class::ghb), breathing, danger, together,
                "sudden coma with vomiting: the dose that is safe alone is not with alcohol", "",
                "never together; a dosing log and a timer; recovery position, call for help",
                &cite::texts_toxicology, known},
    MixtureRule{"ghb_other_sedative", all(Class::ghb), all(Trait::depressant), breathing, danger,
                together, both_slow, "", recovery_position, &cite::texts_toxicology, known},
    MixtureRule{"benzodiazepine_barbiturate", all(Class::benzodiazepine), all(Class::barbiturate),
                breathing, danger, together, both_slow, "", recovery_position,
                &cite::label_warnings, known},
    MixtureRule{"gabapentinoid_sedative", all(Class::gabapentinoid), all(Trait::depressant),
                breathing, warning, together,
                "gabapentinoids add to the effect of other sedatives on breathing, more so with "
                "lung disease or old age",
                "", recovery_position, &cite::fda_2019_gabapentinoids, known},
    MixtureRule{"sedative_sedative", all(Trait::depressant), all(Trait::depressant), breathing,
                warning, together, "sedation adds: unconsciousness, vomiting, falls", "",
                recovery_position, &cite::texts_toxicology, known},
    MixtureRule{"stimulant_opioid", all(Class::stimulant), all(Class::opioid), breathing, danger,
                together,
                "the stimulant hides the sedation and wears off first; stimulants may also hold "
                "fentanyl unseen",
                "",
                "do not use alone; naloxone at hand; check drugs; smaller amounts, not at the "
                "same moment",
                &cite::surveillance, known},

    // ---- heart and blood pressure
    MixtureRule{"cocaine_alcohol", only("cocaine"), all(Class::alcohol), heart, warning, together,
                "cocaethylene forms: it lasts longer than cocaine and is harder on the heart", "",
                "space them apart; water in between; chest pain is an emergency",
                &cite::texts_toxicology, known},
    MixtureRule{"maoi_stimulant", all(Class::maoi), all(Trait::sympathomimetic), blood_pressure,
                danger, together, "blood pressure may rise to a crisis", "",
                "not within two weeks of an irreversible inhibitor; severe headache is an "
                "emergency",
                &cite::label_warnings, known},
    MixtureRule{"nitrite_pde5", all(Class::nitrite), all(Class::pde5_inhibitor), blood_pressure,
                danger, together, "blood pressure collapses", "",
                "never together: a day apart from sildenafil, two days from tadalafil",
                &cite::label_warnings, known},
    MixtureRule{"disulfiram_alcohol", all(Class::aldehyde_blocker), all(Class::alcohol), toxicity,
                danger, together,
                "acetaldehyde builds up: flushing, vomiting, collapse, also for two weeks after "
                "the last tablet",
                "", "no alcohol, also not in food or medicines; chest pain or fainting: emergency",
                &cite::label_warnings, known},
    MixtureRule{"stimulant_stimulant", all(Trait::sympathomimetic), all(Trait::sympathomimetic),
                heart, warning, together, "heart rate, blood pressure and body heat add", "",
                keep_cool, &cite::texts_toxicology, known},
    MixtureRule{"inhalant_stimulant", only("inhalants"), all(Trait::sympathomimetic), heart, danger,
                together, "solvents make the heart sensitive to adrenaline: sudden arrhythmia", "",
                "not together; no exertion or fright after sniffing", &cite::texts_toxicology,
                known},
    MixtureRule{"stimulant_alcohol", all(Trait::sympathomimetic), all(Class::alcohol), toxicity,
                caution, together,
                "the stimulant hides drunkenness, so that more is drunk; heat and loss of water "
                "add",
                "", "count drinks as if sober; water in between", &cite::texts_toxicology, known},

    // ---- heart rhythm
    MixtureRule{"methadone_qt", only("methadone levomethadyl-acetate"), all(Trait::qt_prolonging),
                rhythm, danger, together, "both prolong the QT interval: torsade de pointes", "",
                ecg, &cite::label_warnings, known},
    MixtureRule{"qt_qt", all(Trait::qt_prolonging), all(Trait::qt_prolonging), rhythm, warning,
                together, "both prolong the QT interval", "", ecg, &cite::fda_2012_citalopram,
                known},

    // ---- serotonin
    MixtureRule{"maoi_serotonergic", all(Class::maoi), all(Trait::serotonergic), serotonin, danger,
                together, "serotonin toxicity, often deadly with MDMA, meperidine or tramadol", "",
                "not within two weeks of an irreversible inhibitor (five after fluoxetine)",
                &cite::boyer_2005, known},
    MixtureRule{"serotonergic_antidepressant",
                only("tramadol meperidine tapentadol dextromethorphan mdma synthetic-cathinones"),
                all(Class::ssri), serotonin, warning, together,
                "serotonin toxicity; with tramadol also seizures", "", prescriber,
                &cite::boyer_2005, known},
    MixtureRule{"serotonergic_snri",
                only("tramadol meperidine tapentadol dextromethorphan mdma synthetic-cathinones"),
                all(Class::snri), serotonin, warning, together,
                "serotonin toxicity; with tramadol also seizures", "", prescriber,
                &cite::boyer_2005, known},
    MixtureRule{"tramadol_mdma", only("tramadol meperidine dextromethorphan"),
                only("mdma synthetic-cathinones"), serotonin, warning, together,
                "serotonin toxicity and seizures", "", prescriber, &cite::boyer_2005, known},
    MixtureRule{"serotonergic_serotonergic", all(Trait::serotonergic), all(Trait::serotonergic),
                serotonin, caution, together, "serotonin effects add", "", prescriber,
                &cite::boyer_2005, known},

    // ---- seizures
    MixtureRule{"lithium_psychedelic", only("lithium"), all(Class::hallucinogen), seizure, danger,
                together, "seizures",
                "seizures in 47 % of 62 reports people put on the web; in none of 34 with "
                "lamotrigine",
                "not together; a seizure is an emergency", &cite::nayak_2021, verified},
    MixtureRule{"seizure_threshold", all(Trait::lowers_seizure_threshold),
                all(Trait::lowers_seizure_threshold), seizure, warning, together,
                "both lower the seizure threshold", "",
                "tell the prescriber; no more than the prescribed dose", &cite::label_warnings,
                known},
    MixtureRule{"seizure_threshold_stimulant", all(Trait::lowers_seizure_threshold),
                all(Trait::sympathomimetic), seizure, warning, together,
                "stimulants cause seizures more easily where the threshold is lowered", "",
                "smaller amounts, sleep and food in between", &cite::label_warnings, known},

    // ---- withdrawal brought on
    MixtureRule{"antagonist_opioid", only("naltrexone nalmefene"), all(Class::opioid), withdrawal,
                warning, together,
                "the blocker brings on withdrawal; taking more to get past it, or the blocker "
                "wearing off, risks overdose",
                "",
                "7-10 days free of short-acting opioids first, 10-14 after methadone or "
                "buprenorphine",
                &cite::label_warnings, known},
    MixtureRule{"buprenorphine_agonist", only("buprenorphine"), all(Trait::full_agonist),
                withdrawal, caution, together,
                "buprenorphine started too early after a full agonist brings on withdrawal, late "
                "and hard after fentanyl",
                "",
                "wait for clear withdrawal, or start with very low doses while the agonist "
                "goes on",
                &cite::clinical_reports, known},

    // ---- levels in the blood
    MixtureRule{"booster_mdma", all(Class::cyp3a4_inhibitor), only("mdma"), level, danger, together,
                "the booster blocks the breakdown of MDMA: a usual amount has killed", "",
                "not together; ask for an unboosted combination", &cite::henry_1998, known},
    MixtureRule{"booster_ghb_ketamine", all(Class::cyp3a4_inhibitor), only("ghb ketamine"), level,
                danger, together, "the booster raises the level: coma from small amounts", "",
                "not together; ask for an unboosted combination", &cite::texts_toxicology, known},
    MixtureRule{"booster_opioid", all(Class::cyp3a4_inhibitor),
                only("fentanyl illicit-fentanyl oxycodone"), level, danger, together,
                "the booster raises the opioid's level", "", naloxone_near, &cite::label_warnings,
                known},
    MixtureRule{"booster_benzodiazepine", all(Class::cyp3a4_inhibitor),
                only("alprazolam midazolam triazolam"), level, warning, together,
                "the booster raises the level: deep and long sedation", "", recovery_position,
                &cite::label_warnings, known},
    MixtureRule{"booster_pde5", all(Class::cyp3a4_inhibitor), all(Class::pde5_inhibitor), level,
                warning, together, "the booster raises the level: blood pressure falls", "",
                "much smaller dose, by prescription", &cite::label_warnings, known},
    MixtureRule{"stopping_smoking_antipsychotic", all(Trait::tobacco_smoke),
                only("clozapine olanzapine"), level, warning, stopping_first,
                "tar, not nicotine, speeds up the breakdown: when smoking stops the level rises "
                "within days",
                "", "tell the prescriber before the quit day; levels and dose are checked",
                &cite::texts_asam, known},
    MixtureRule{"stopping_smoking_theophylline", all(Trait::tobacco_smoke), only("theophylline"),
                level, warning, stopping_first,
                "tar speeds up the breakdown: when smoking stops the level rises within days", "",
                "tell the prescriber before the quit day; levels and dose are checked",
                &cite::texts_asam, known},
    MixtureRule{"stopping_smoking_other", all(Trait::tobacco_smoke), all(Trait::cyp1a2_substrate),
                level, caution, stopping_first,
                "tar speeds up the breakdown: when smoking stops the level rises", "",
                "half the coffee from the quit day on; ask about other medicines",
                &cite::texts_asam, known},

    // ---- from community knowledge only
    MixtureRule{"cannabis_alcohol", all(Class::cannabis), all(Class::alcohol), toxicity, caution,
                together, "dizziness, vomiting and worse driving than from either alone", "",
                "one of the two; sit or lie down", &cite::community_tables, uncertain},
    MixtureRule{"cannabis_psychedelic", all(Class::cannabis), all(Class::hallucinogen), toxicity,
                caution, together, "confusion, fear and flashbacks more often", "",
                "company and a quiet place", &cite::community_tables, uncertain},
};

}  // namespace

std::span<const MixtureRule> mixture_rules() noexcept { return table; }

}  // namespace ombre::inline v0::substance
