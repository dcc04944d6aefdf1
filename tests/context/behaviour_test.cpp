// Behaviour tables: in this situation these options are among the first five, these are never
// offered, and this harm is known to be at least so. Each row says which published finding or
// guideline its expectation comes from; none of them was read off the ranking.
#include <gtest/gtest.h>

#include "ombre/core/wording.hpp"
#include "people.hpp"

using namespace ombre_test::context;

namespace {

struct Row {
  const char* who;
  const char* takes;    // "heroin:injected:street", several separated by blanks, '_' for a blank
  const char* factors;  // "uses_alone !naloxone_at_hand days_since_release=4"
  WillChangeUse will;
  Harm harm;          // of this harm ...
  RiskBand at_least;  // ... at least this is known
  const char* first_five;
  const char* never;
  const char* source;
};

constexpr auto no = WillChangeUse::no;
constexpr auto some = WillChangeUse::some;
constexpr auto yes = WillChangeUse::yes;
constexpr auto open = WillChangeUse::not_said;
using enum RiskBand;

const Row table[] = {
    {"uses opioids alone after prison", "heroin:smoked:street",
     "uses_alone !naloxone_at_hand days_since_release=4 days_since_opioid_cut=4 !agonist_treatment",
     open, Harm::overdose, very_high,
     "take_home_naloxone naloxone_at_the_door agonist_around_release",
     "depot_naltrexone naltrexone_for_drinking",
     "Merrall 2010 (weeks 1-2: 3.1 to 8.4 times); Degenhardt 2014; Bird 2016"},
    {"leaves prison next week, open to treatment", "heroin:injected:street",
     "release_or_discharge_near days_since_opioid_cut=20 !agonist_treatment !naloxone_at_hand",
     some, Harm::overdose, high, "take_home_naloxone naloxone_at_the_door agonist_around_release",
     "depot_naltrexone", "Bird 2016 (kit before the door); Degenhardt 2014"},
    {"lost tolerance in a detox", "heroin:injected:street",
     "days_since_discharge=10 days_since_opioid_cut=10 !agonist_treatment !sterile_equipment", no,
     Harm::overdose, very_high, "take_home_naloxone not_alone", "depot_naltrexone thiamine",
     "Strang 2003 (3 of 37 who had lost tolerance died; 80 % of the dead lived alone)"},
    {"agonist treatment ended two weeks ago", "heroin:smoked:street",
     "agonist_just_stopped !agonist_treatment !naloxone_at_hand", some, Harm::overdose, very_high,
     "take_home_naloxone opioid_agonist_treatment", "depot_naltrexone",
     "Cornish 2010 (weeks 1-2 off 9.0 times); Sordo 2017"},
    {"methadone just begun", "methadone:swallowed:prescribed",
     "agonist_just_started agonist_treatment !naloxone_at_hand", open, Harm::overdose, high,
     "take_home_naloxone", "depot_naltrexone opioid_agonist_treatment",
     "Cornish 2010 (first two weeks on 3.1 times)"},
    {"stimulant nights at a party", "amphetamine:snorted:street",
     "heat_or_dancing !cools_down little_sleep !plans_sleep !uses_alone", some,
     Harm::heat_and_water, high, "cool_down sleep_and_eat",
     "opioid_agonist_treatment managed_withdrawal naltrexone_for_drinking thiamine",
     "consensus on cooling and water (known); sleep loss with psychosis (known)"},
    {"MDMA in the heat, no change wanted", "mdma:swallowed:street",
     "heat_or_dancing little_water !cools_down !uses_alone", no, Harm::heat_and_water, very_high,
     "cool_down check_yourself", "opioid_agonist_treatment managed_withdrawal count_drinks",
     "toxicology texts: hyperthermia and hyponatraemia deaths"},
    {"drinks, had seizures, stops soon", "alcohol:swallowed",
     "depends_on_alcohol seizure_before stops_soon heavy_drinking !managed_withdrawal", yes,
     Harm::seizure, very_high, "managed_withdrawal gradual_reduction thiamine",
     "opioid_agonist_treatment needle_syringe_programme ghb_log",
     "ASAM 2020; NICE CG115 (admission after seizures)"},
    {"drinks, had a delirium, eats little", "alcohol:swallowed",
     "depends_on_alcohol delirium_before heavy_drinking little_food !thiamine", open,
     Harm::alcohol_body, very_high, "thiamine managed_withdrawal", "opioid_agonist_treatment",
     "guidelines on Wernicke; NICE CG115"},
    {"benzodiazepine with an opioid",
     "oxycodone:swallowed:prescribed alprazolam:swallowed:prescribed",
     "mixes_substances !spaces_out !naloxone_at_hand", some, Harm::overdose, very_high,
     "keep_depressants_apart take_home_naloxone", "depot_naltrexone naltrexone_for_drinking",
     "Dasgupta 2016 (rate ratio about 10); Park 2015 (HR 3.86)"},
    {"gabapentin with an opioid and weak lungs",
     "morphine:swallowed:prescribed gabapentin:swallowed:prescribed",
     "mixes_substances !spaces_out lung_disease !naloxone_at_hand", some, Harm::overdose, very_high,
     "keep_depressants_apart take_home_naloxone", "depot_naltrexone",
     "Gomes 2017 (aOR 1.49); CDC 2022 recommendation 8 (lung disease)"},
    {"wants to stop a benzodiazepine at once", "diazepam:swallowed:prescribed",
     "depends_on_sedatives stops_soon daily_use !gradual_plan !managed_withdrawal", yes,
     Harm::seizure, very_high, "managed_withdrawal gradual_reduction",
     "opioid_agonist_treatment naltrexone_for_drinking",
     "joint benzodiazepine guideline 2025: never at once"},
    {"pregnant, uses heroin", "heroin:smoked:street",
     "pregnant depends_on_opioids !agonist_treatment !naloxone_at_hand", yes, Harm::overdose, high,
     "opioid_agonist_treatment take_home_naloxone", "gradual_reduction depot_naltrexone",
     "pregnancy: do not taper, agonist treatment is the standard (known); CDC 2022"},
    {"pregnant, wants to stop opioids at once", "oxycodone:swallowed",
     "pregnant depends_on_opioids stops_soon !agonist_treatment", yes, Harm::withdrawal, very_high,
     "opioid_agonist_treatment take_home_naloxone", "gradual_reduction depot_naltrexone",
     "pregnancy: do not taper, agonist treatment is the standard (known)"},
    {"drives after drinking", "alcohol:swallowed",
     "drives_after_use large_amounts_at_once !ride_arranged !depends_on_alcohol", no,
     Harm::injury_and_driving, very_high, "ride_home", "managed_withdrawal",
     "designated driver or pre-booked ride (moderate evidence)"},
    {"drives after cannabis", "cannabis:smoked", "drives_after_use !ride_arranged daily_use", some,
     Harm::injury_and_driving, high, "ride_home lower_risk_cannabis",
     "opioid_agonist_treatment managed_withdrawal", "Fischer 2022 (no driving for 6 to 8 hours)"},
    {"GHB at weekends, with drinks", "ghb:swallowed:street alcohol:swallowed",
     "mixes_substances !spaces_out", open, Harm::overdose, very_high,
     "keep_depressants_apart ghb_log not_alone",
     "opioid_agonist_treatment needle_syringe_programme",
     "GHB: small step to a coma, never with alcohol (expert)"},
    {"GHB every day, stops soon", "ghb:swallowed:street",
     "daily_use depends_on_sedatives stops_soon !managed_withdrawal !gradual_plan", yes,
     Harm::seizure, very_high, "managed_withdrawal", "opioid_agonist_treatment thiamine",
     "daily GHB needs medical withdrawal (expert)"},
    {"cocaine with alcohol", "cocaine:snorted:street alcohol:swallowed",
     "mixes_substances !keeps_stimulants_apart !depends_on_alcohol", some, Harm::heart, high,
     "keep_stimulants_apart", "opioid_agonist_treatment managed_withdrawal",
     "cocaethylene stays longer and harms the heart (known)"},
    {"cocaine with a heart disease", "cocaine:snorted:street", "heart_disease", some, Harm::heart,
     very_high, "keep_stimulants_apart", "opioid_agonist_treatment naltrexone_for_drinking",
     "toxicology texts"},
    {"craves cocaine, wants to stop", "cocaine:snorted",
     "craving !coping_skills daily_use !street_supply !rewarded_steps", yes, Harm::return_to_use,
     high, "contingency_management", "opioid_agonist_treatment naltrexone_for_drinking",
     "Bentzley 2021 (cocaine abstinence OR 2.22); Prendergast 2006"},
    {"injects with a shared kit", "heroin:injected:street",
     "shares_equipment !sterile_equipment naloxone_at_hand knows_overdose_response !uses_alone", no,
     Harm::blood_borne_virus, very_high, "needle_syringe_programme",
     "depot_naltrexone managed_withdrawal",
     "Aspinall 2014 (HIV 0.42 in better studies); Platt 2018"},
    {"fever, injects into the groin", "methamphetamine:injected:street",
     "injects_neck_or_groin infection_now !wound_care !sterile_equipment", no, Harm::skin_and_vein,
     very_high, "needle_syringe_programme wound_care",
     "opioid_agonist_treatment agonist_and_needles",
     "seek care for fever; early antibiotics (observational)"},
    {"shares a crack pipe", "crack:smoked:street", "shares_equipment !smoking_kit", no,
     Harm::blood_borne_virus, raised, "safer_smoking_kit",
     "needle_syringe_programme opioid_agonist_treatment", "less sharing with kits (observational)"},
    {"chemsex without PrEP", "methamphetamine:injected:street",
     "chemsex unprotected_sex !condoms !hiv_prep shares_equipment", no, Harm::blood_borne_virus,
     very_high, "needle_syringe_programme condoms hiv_prep", "opioid_agonist_treatment",
     "Choopanya 2013 (PrEP -48.9 %); Weller 2002 (condoms)"},
    {"lost the flat", "alcohol:swallowed", "no_stable_home !housing_first !safe_bed heavy_drinking",
     open, Harm::housing, very_high, "safe_bed housing_first", "opioid_agonist_treatment",
     "At Home/Chez Soi (73 % against 32 % in stable housing); Binswanger 2016"},
    {"may lose the flat", "cannabis:smoked", "may_lose_home money_short !rights_and_money_help", no,
     Harm::housing, high, "rights_and_money", "opioid_agonist_treatment managed_withdrawal",
     "legal and benefit help (low to moderate)"},
    {"drinks hand rub, sleeps outside", "alcohol:swallowed",
     "no_stable_home non_beverage_alcohol depends_on_alcohol !managed_alcohol", open,
     Harm::alcohol_body, very_high, "managed_alcohol", "opioid_agonist_treatment",
     "managed alcohol cohorts: less non-beverage drinking"},
    {"new batch, adulterants reported, alone", "fentanyl:smoked:street",
     "new_batch adulterants_reported !test_dose !drug_checking uses_alone !naloxone_at_hand", some,
     Harm::overdose, very_high, "take_home_naloxone not_alone supervised_consumption",
     "depot_naltrexone thiamine", "surveillance; Walley 2013; Marshall 2011"},
    {"thoughts of suicide after leaving care", "heroin:smoked",
     "suicidal_thoughts days_since_discharge=3", open, Harm::suicide, very_high,
     "suicide_screen_and_plan take_home_naloxone", "depot_naltrexone",
     "Stanley & Brown safety plan at each transition"},
    {"overdose before, weak lungs, 70 years old", "oxycodone:swallowed:prescribed",
     "overdose_before lung_disease age_years=70 !naloxone_at_hand", no, Harm::overdose, high,
     "take_home_naloxone", "depot_naltrexone ghb_log",
     "CDC 2022 recommendation 8: naloxone with earlier overdose, lung disease, 65 or older"},
    {"120 MME a day and sleep apnoea", "oxycodone:swallowed:prescribed",
     "mme_a_day=120 sleep_apnoea !naloxone_at_hand", no, Harm::overdose, high, "take_home_naloxone",
     "depot_naltrexone", "CDC 2022 recommendation 8: 50 MME or more, apnoea"},
    {"methadone at home with children", "methadone:swallowed:prescribed",
     "children_at_home keeps_medicines_at_home !locked_storage", no, Harm::children_and_others,
     very_high, "locked_storage", "depot_naltrexone", "reports of children's deaths (known)"},
    {"five drinks to four", "alcohol:swallowed",
     "!depends_on_alcohol large_amounts_at_once heavy_drinking !drives_after_use", yes,
     Harm::alcohol_body, high, "count_drinks brief_intervention naltrexone_for_drinking",
     "managed_withdrawal opioid_agonist_treatment safer_supply",
     "Kaner 2018 (-20 g a week); McPheeters 2023 (NNT 11)"},
    {"smokes with a lung disease", "nicotine:smoked", "lung_disease !nicotine_help", yes,
     Harm::lungs, very_high, "varenicline nicotine_replacement e_cigarette",
     "opioid_agonist_treatment safer_supply",
     "Livingstone-Banks 2023 (2.32); Hartmann-Boyce 2018 (1.55); Lindson 2024"},
    {"cannabis every day, psychosis before", "cannabis:smoked", "psychosis_before daily_use", some,
     Harm::mental_health, very_high, "lower_risk_cannabis", "opioid_agonist_treatment thiamine",
     "Fischer 2022 (psychosis in person or family)"},
    {"rules that end care for using", "alcohol:swallowed",
     "may_be_discharged hides_use !honesty_agreed !way_back !depends_on_alcohol", open,
     Harm::disconnection, very_high, "way_back honesty_agreement",
     "opioid_agonist_treatment needle_syringe_programme",
     "the gap after discharge is the window of danger; alliance and outcome, Flueckiger 2018"},
    {"trauma, drinks to cope", "alcohol:swallowed",
     "trauma !trauma_treatment uses_to_cope !depends_on_alcohol", some, Harm::mental_health, high,
     "trauma_therapy", "managed_withdrawal opioid_agonist_treatment",
     "COPE and similar: helps without worse use (known)"},
    {"a worn-out family", "alcohol:swallowed", "family_strain !family_informed", open, Harm::family,
     high, "family_skills", "opioid_agonist_treatment", "Miller 1999; Roozen 2010 (CRAFT)"},
    {"uses in a locked toilet", "heroin:injected:street",
     "public_or_locked_place uses_alone !naloxone_at_hand !supervised_site !spotting", no,
     Harm::overdose, very_high, "take_home_naloxone supervised_consumption not_alone",
     "depot_naltrexone", "Marshall 2011 (-35 % within 500 m); Strang 2003"},
};

Situation situation_of(const Row& row) {
  return ombre_test::context::situation_of(row.takes, row.factors);
}

}  // namespace

TEST(Behaviour, InEverySituationTheSourcesDecideWhatComesFirstAndWhatNever) {
  EXPECT_GE(std::size(table), 25U);
  for (const Row& row : table) {
    SCOPED_TRACE(std::string{row.who} + " [" + row.source + "]");
    const Facts facts = facts_of(situation_of(row));
    EXPECT_GE(least(facts, row.harm), row.at_least);
    Wishes wishes;
    wishes.change_use = row.will;
    const auto m = menu(facts, wishes);
    ASSERT_TRUE(m) << describe(m.error());
    for (const std::string& id : words_of(row.first_five)) {
      std::string nine;
      for (const std::string& one : ids(*m, facts, 9)) nine += one + ' ';
      EXPECT_TRUE(among(*m, facts, id, 5)) << id << " not among the first of: " << nine;
    }
    for (const std::string& id : words_of(row.never)) {
      EXPECT_FALSE(among(*m, facts, id, 64)) << id;
    }
  }
}

TEST(Behaviour, EveryRowCanBeExplainedBackToRulesWithSources) {
  for (const Row& row : table) {
    SCOPED_TRACE(row.who);
    const Facts facts = facts_of(situation_of(row));
    const RiskReport report = risks(facts);
    for (const HarmBand& band : report.harms) {
      EXPECT_EQ(band.at_least > none_listed, !band.reasons.empty()) << name(band.harm);
      EXPECT_EQ(band.at_most > band.at_least, !band.open.empty()) << name(band.harm);
      if (!band.reasons.empty()) {
        EXPECT_EQ(band.reasons.front()->band, band.at_least);
      }
      for (const HarmRule* rule : band.reasons) {
        EXPECT_NE(rule->source, nullptr) << rule->id;
        EXPECT_FALSE(rule->says.empty()) << rule->id;
      }
      EXPECT_TRUE(check_wording(explain(band, facts)).empty()) << explain(band, facts);
    }
    const auto m = menu(facts);
    ASSERT_TRUE(m);
    for (const MenuLine& line : m->lines) {
      const Option& option = builtin().options()[line.option];
      for (const Effect& effect : option.effects) EXPECT_NE(effect.source, nullptr) << option.id;
      EXPECT_EQ(line.points.total(), line.points.harm + line.points.effect + line.points.evidence +
                                         line.points.fit + line.points.burden);
      // What counts as its effect is there: a band that falls or a layer that is added.
      if (line.points.effect > 0) {
        EXPECT_TRUE(line.lowers.bits != 0 || line.adds_layer.bits != 0) << option.id;
      }
    }
  }
}

TEST(Behaviour, TheOrderInWhichThingsAreSaidDoesNotMatter) {
  for (const Row& row : table) {
    SCOPED_TRACE(row.who);
    Situation s = situation_of(row);
    const Facts a = facts_of(s);
    std::mt19937 random(7);
    for (int round = 0; round < 5; ++round) {
      std::ranges::shuffle(s.factors, random);
      std::ranges::shuffle(s.substances, random);
      const Facts b = facts_of(s);
      const auto first = menu(a);
      const auto second = menu(b);
      ASSERT_TRUE(first && second);
      EXPECT_EQ(ids(*first, a, 64), ids(*second, b, 64));
      EXPECT_EQ(bands(a).at_least, bands(b).at_least);
      EXPECT_EQ(bands(a).at_most, bands(b).at_most);
    }
  }
}

// Everything that is said is taken back piece by piece: what is left knows less, so its bands
// enclose those of what knew more, and nothing that was open is closed by not knowing.
TEST(Behaviour, KnowingLessNeverNarrowsABand) {
  for (const Row& row : table) {
    SCOPED_TRACE(row.who);
    Situation s = situation_of(row);
    Bands more = bands(facts_of(s));
    while (!s.factors.empty()) {
      s.factors.pop_back();
      const Bands fewer = bands(facts_of(s));
      for (std::size_t h = 0; h < harm_count; ++h) {
        EXPECT_LE(fewer.at_least[h], more.at_least[h]) << name(static_cast<Harm>(h));
        EXPECT_GE(fewer.at_most[h], more.at_most[h]) << name(static_cast<Harm>(h));
      }
      more = fewer;
    }
    s.nothing_else.reset();
    const Bands fewer = bands(facts_of(s));
    for (std::size_t h = 0; h < harm_count; ++h) {
      EXPECT_LE(fewer.at_least[h], more.at_least[h]);
      EXPECT_GE(fewer.at_most[h], more.at_most[h]);
    }
  }
}
