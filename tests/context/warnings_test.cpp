// What a page warns of, and what it holds back: tables of situations in which silence could cost a
// life. Each row names the guideline or finding its expectation comes from.
#include <gtest/gtest.h>

#include "ombre/core/wording.hpp"
#include "people.hpp"

using namespace ombre_test::context;

namespace {

constexpr auto no = WillChangeUse::no;
constexpr auto some = WillChangeUse::some;
constexpr auto yes = WillChangeUse::yes;

std::vector<Finding> of_rule(const Findings& found, std::string_view rule) {
  std::vector<Finding> out;
  for (const Finding& finding : found.stored()) {
    if (finding.rule == rule) out.push_back(finding);
  }
  return out;
}

std::string all_texts(const Findings& found, std::string_view rule) {
  std::string out;
  for (const Finding& finding : of_rule(found, rule)) out += finding.text + '\n';
  return out;
}

Wishes will(WillChangeUse change) {
  Wishes w;
  w.change_use = change;
  return w;
}

struct Warned {
  const char* who;
  const char* takes;
  const char* factors;
  const char* rule;   // this finding ...
  std::size_t times;  // ... so many times
  Severity severity;  // ... of this severity
  const char* says;   // ... with these words
  const char* source;
};

constexpr auto danger = Severity::danger;
constexpr auto warning = Severity::warning;

const Warned warned[] = {
    // ---- stopping at once
    {"alcohol stops, help not known", "alcohol", "depends_on_alcohol stops_soon", "stop_can_kill",
     1, danger, "Whether medical help with it is there is not known", "ASAM 2020; NICE CG115"},
    {"alcohol stops, no help", "alcohol", "depends_on_alcohol stops_soon !managed_withdrawal",
     "stop_can_kill", 1, danger, "is not there yet", "ASAM 2020"},
    {"alcohol stops with a doctor", "alcohol", "depends_on_alcohol stops_soon managed_withdrawal",
     "stop_can_kill", 0, danger, "", "ASAM 2020"},
    {"alcohol, no stop", "alcohol", "depends_on_alcohol !stops_soon", "stop_can_kill", 0, danger,
     "", "ASAM 2020"},
    {"heavy drinking every day stops", "alcohol", "daily_use heavy_drinking stops_soon",
     "stop_can_kill", 1, danger, "if the body depends on it", "ASAM 2020"},
    {"drinks that the body does not depend on", "alcohol",
     "daily_use heavy_drinking !depends_on_alcohol stops_soon", "stop_can_kill", 0, danger, "",
     "ASAM 2020"},
    {"a seizure before", "diazepam::prescribed", "depends_on_sedatives stops_soon seizure_before",
     "stop_can_kill", 1, danger, "hospital", "joint benzodiazepine guideline 2025: never at once"},
    {"GHB every day stops", "ghb", "daily_use stops_soon", "stop_can_kill", 1, danger, "GHB",
     "daily GHB needs medical withdrawal (texts)"},
    {"GHB and alcohol stop together", "ghb alcohol", "daily_use stops_soon", "stop_can_kill", 2,
     danger, "alcohol", "ASAM 2020; texts"},
    {"pregnant, a benzodiazepine stops", "diazepam::prescribed",
     "pregnant depends_on_sedatives stops_soon", "stop_can_kill", 1, danger, "In pregnancy",
     "WHO 2014"},
    {"small steps agreed for a benzodiazepine", "diazepam::prescribed",
     "depends_on_sedatives stops_soon gradual_plan", "stop_can_kill", 0, danger, "",
     "joint benzodiazepine guideline 2025"},
    {"opioids stop", "heroin:smoked:street", "depends_on_opioids stops_soon", "opioid_stop_ahead",
     1, warning, "tolerance", "shape of lost tolerance"},
    {"opioids stop in pregnancy", "heroin:smoked:street", "pregnant depends_on_opioids stops_soon",
     "opioid_stop_in_pregnancy", 1, danger, "standard", "WHO 2014; CDC 2022"},
    // ---- agonist treatment that may end
    {"methadone stops", "methadone::prescribed", "agonist_treatment stops_soon",
     "agonist_end_ahead", 1, danger, "8 to 9 times", "Cornish 2010"},
    {"rules may end methadone", "methadone::prescribed", "agonist_treatment may_be_discharged",
     "agonist_end_ahead", 1, danger, "Staying on it", "Cornish 2010"},
    {"methadone goes on", "methadone::prescribed", "agonist_treatment", "agonist_end_ahead", 0,
     danger, "", "Cornish 2010"},
    // ---- lost tolerance
    {"released, naloxone at hand", "heroin:smoked:street", "days_since_release=3 naloxone_at_hand",
     "tolerance_lost", 1, danger, "released from prison 3 days ago", "Merrall 2010"},
    {"after detox", "heroin:smoked:street", "days_since_discharge=10", "tolerance_lost", 1, danger,
     "half of it is not safe either", "Strang 2003"},
    {"agonist treatment ended", "heroin:smoked:street", "agonist_just_stopped", "tolerance_lost", 1,
     danger, "agonist treatment ended", "Cornish 2010"},
    {"released, uses nothing", "", "days_since_release=3", "tolerance_lost", 1, warning,
     "if opioids were used before", "Merrall 2010"},
    {"released long ago", "heroin:smoked:street", "days_since_release=400", "tolerance_lost", 0,
     danger, "", "Merrall 2010"},
    // ---- pregnancy, pairs, GHB
    {"drinks in pregnancy", "alcohol", "pregnant", "alcohol_in_pregnancy", 1, warning,
     "every drink less helps", "WHO 2014"},
    {"fifteen, drinks", "alcohol", "age_years=15", "below_18", 1, warning,
     "from 10 to 17 years NICE asks for a specialist assessment first", "NICE CG115"},
    {"seventeen, the body depends on alcohol", "alcohol", "age_years=17.9 depends_on_alcohol",
     "below_18", 1, warning, "do not stop at once", "NICE CG115: hospital from 10 to 17"},
    {"sixteen, heroin", "heroin", "age_years=16", "below_18", 1, warning,
     "naloxone is for every age", "NICE CG115"},
    {"eighteen, drinks", "alcohol", "age_years=18", "below_18", 0, warning, "", "NICE CG115"},
    {"poppers with sildenafil", "poppers sildenafil", "", "pair_heart", 1, danger,
     "blood pressure collapses", "table of mixtures"},
    {"GHB with alcohol", "ghb alcohol", "", "pair_breathing", 1, danger, "sudden coma",
     "table of mixtures"},
    {"opioid with benzodiazepine", "oxycodone::prescribed alprazolam::prescribed", "",
     "pair_breathing", 1, danger, "both slow breathing", "table of mixtures"},
    {"disulfiram with alcohol", "disulfiram::prescribed alcohol", "", "pair_other", 1, danger,
     "acetaldehyde builds up", "table of mixtures"},
    {"heroin with naltrexone", "naltrexone::prescribed heroin", "", "pair_other", 1, warning,
     "brings on withdrawal", "table of mixtures"},
    {"GHB alone", "ghb", "", "naloxone_not_for_ghb", 1, warning, "does not work on GHB", "texts"},
    // ---- naloxone's reasons
    {"oxycodone with pregabalin", "oxycodone::prescribed pregabalin::prescribed", "",
     "naloxone_needed", 1, danger, "an opioid together with gabapentin or pregabalin",
     "Gomes 2017"},
    {"oxycodone with zolpidem", "oxycodone::prescribed zolpidem::prescribed", "", "naloxone_needed",
     1, danger, "z-drug", "CDC 2022"},
    {"oxycodone with diazepam", "oxycodone::prescribed diazepam::prescribed", "", "naloxone_needed",
     1, danger, "an opioid together with a benzodiazepine", "joint benzodiazepine guideline 2025"},
};

}  // namespace

TEST(Warnings, ComeInEverySituationInWhichSilenceCouldCostALife) {
  for (const Warned& row : warned) {
    SCOPED_TRACE(std::string{row.who} + " [" + row.source + "]");
    const Facts facts = facts_of(situation_of(row.takes, row.factors));
    const Findings found = warnings(facts);
    const auto named = of_rule(found, row.rule);
    ASSERT_EQ(named.size(), row.times);
    for (const Finding& finding : named) {
      EXPECT_EQ(finding.severity, row.severity);
      EXPECT_NE(finding.source, nullptr);
    }
    EXPECT_NE(all_texts(found, row.rule).find(row.says), std::string::npos)
        << all_texts(found, row.rule);
    for (const Finding& finding : found.stored()) {
      for (const WordingFault& fault : check_wording(finding.text)) {
        ADD_FAILURE() << finding.text << ": " << describe(fault);
      }
    }
  }
}

TEST(Warnings, NaloxoneNamesNoBenzodiazepineWhereNoneIsTaken) {
  for (const char* takes : {"oxycodone::prescribed pregabalin::prescribed",
                            "oxycodone::prescribed zolpidem::prescribed",
                            "oxycodone::prescribed baclofen::prescribed", "heroin ghb"}) {
    const Findings found = warnings(facts_of(situation_of(takes, "")));
    EXPECT_EQ(all_texts(found, "naloxone_needed").find("benzodiazepine"), std::string::npos)
        << takes;
  }
}

TEST(Warnings, WhatCannotWaitStandsFirst) {
  const Findings found =
      warnings(facts_of(situation_of("alcohol heroin:injected:street",
                                     "suicidal_thoughts violence_at_home depends_on_alcohol "
                                     "stops_soon days_since_release=2")));
  ASSERT_GE(found.stored().size(), 3U);
  EXPECT_EQ(found.stored()[0].rule, "suicide_ask_now");
  EXPECT_NE(found.stored()[0].text.find("emergency number"), std::string::npos);
  EXPECT_EQ(found.stored()[1].rule, "violence_ask_now");
  EXPECT_EQ(found.stored()[0].severity, Severity::danger);
  EXPECT_EQ(found.stored()[1].severity, Severity::danger);
}

TEST(Menu, PutsCareAndSmallStepsBeforeAStopThatCanKill) {
  for (const auto& [takes, factors] :
       {std::pair{"alcohol", "depends_on_alcohol stops_soon"},
        std::pair{"alcohol", "daily_use heavy_drinking stops_soon"},
        std::pair{"diazepam::prescribed", "depends_on_sedatives stops_soon"},
        std::pair{"diazepam::prescribed", "pregnant depends_on_sedatives stops_soon"},
        std::pair{"ghb", "daily_use depends_on_sedatives stops_soon"},
        std::pair{"ghb:swallowed:street alcohol", "daily_use stops_soon"},
        std::pair{"alprazolam heroin:injected:street",
                  "daily_use depends_on_sedatives stops_soon days_since_opioid_cut=9"}}) {
    SCOPED_TRACE(std::string{takes} + ", " + factors);
    const Facts facts = facts_of(situation_of(takes, factors));
    for (const WillChangeUse change : {some, yes}) {
      const auto m = menu(facts, will(change));
      ASSERT_TRUE(m);
      const auto first = ids(*m, facts, 2);
      EXPECT_EQ(first, (std::vector<std::string>{"managed_withdrawal", "gradual_reduction"}));
    }
  }
}

struct Held {
  const char* who;
  const char* takes;
  const char* factors;
  const char* never;
  const char* source;
};

TEST(Menu, HoldsBackWhatWouldHarmInPregnancyOrWithOpioidsInTheBody) {
  const Held table[] = {
      {"pregnant, drinks", "alcohol", "pregnant heavy_drinking",
       "naltrexone_for_drinking other_alcohol_medicines depot_naltrexone managed_alcohol",
       "APA 2018; WHO 2014"},
      {"pregnant, smokes", "tobacco:smoked", "pregnant", "varenicline", "NICE NG209"},
      {"fifteen, drinks", "alcohol", "age_years=15 heavy_drinking depends_on_alcohol",
       "naltrexone_for_drinking other_alcohol_medicines depot_naltrexone managed_alcohol",
       "NICE CG115; label of injected naltrexone"},
      {"below 18 by somebody's word, smokes", "tobacco:smoked", "under_18", "varenicline",
       "NICE NG209"},
      {"seventeen, injects heroin", "heroin:injected:street", "age_years=17",
       "heroin_assisted_treatment", "trials are of adults"},
      {"heroin listed, opioids denied", "heroin:injected alcohol", "!uses_opioid",
       "naltrexone_for_drinking depot_naltrexone", "label of naltrexone"},
      {"GHB only", "ghb", "", "opioid_agonist_treatment depot_buprenorphine agonist_and_needles",
       "for people who use opioids"},
  };
  for (const Held& row : table) {
    SCOPED_TRACE(std::string{row.who} + " [" + row.source + "]");
    Situation s = situation_of(row.takes, row.factors);
    for (const bool closed : {true, false}) {
      s.nothing_else = closed ? std::optional{true} : std::nullopt;
      const Facts facts = facts_of(s);
      const auto m = menu(facts, will(yes));
      ASSERT_TRUE(m);
      for (const std::string& id : words_of(row.never)) {
        EXPECT_FALSE(among(*m, facts, id, 64)) << id;
      }
      for (const Withheld& w : m->withheld) {
        const std::string text = explain(w, facts);
        EXPECT_TRUE(check_wording(text).empty()) << text;
        EXPECT_EQ(text.find("because ."), std::string::npos) << text;
      }
    }
  }
}

TEST(Menu, CautionsSayWhatToWatchAtTheStartOfBuprenorphineAndWithGhb) {
  for (const char* id : {"opioid_agonist_treatment", "depot_buprenorphine"}) {
    const Option* option = builtin().find_option(id);
    ASSERT_NE(option, nullptr);
    for (const char* word : {"withdrawal at once", "methadone or fentanyl", "clear withdrawal"}) {
      EXPECT_NE(option->cautions.find(word), std::string_view::npos) << id << ": " << word;
    }
  }
  EXPECT_NE(builtin().find_option("take_home_naloxone")->cautions.find("GHB"),
            std::string_view::npos);
  EXPECT_NE(builtin().find_option("ghb_log")->cautions.find("measure"), std::string_view::npos);
}

TEST(Menu, ToSomebodyWhoUsesGhbOnlyTheLogAndCompanyComeFirstAndNaloxoneDoesNot) {
  for (const char* takes : {"ghb", "ghb:swallowed:street"}) {
    for (const bool closed : {true, false}) {
      Situation s = situation_of(takes, "");
      if (!closed) s.nothing_else.reset();
      const Facts facts = facts_of(s);
      EXPECT_GE(least(facts, Harm::overdose), RiskBand::high);
      const auto m = menu(facts);
      ASSERT_TRUE(m);
      EXPECT_TRUE(among(*m, facts, "ghb_log", 3));
      EXPECT_TRUE(among(*m, facts, "not_alone", 3));
      EXPECT_NE(ids(*m, facts, 1).front(), "take_home_naloxone");
    }
  }
}

TEST(Menu, ToSomebodyWhoDrinksEveryDayCountingAndSmallStepsStandOnTheFirstPage) {
  for (const WillChangeUse change : {some, yes}) {
    const Facts facts = facts_of(situation_of("alcohol:swallowed", "daily_use"));
    const auto m = menu(facts, will(change));
    ASSERT_TRUE(m);
    EXPECT_TRUE(among(*m, facts, "count_drinks", 10));
    EXPECT_TRUE(among(*m, facts, "gradual_reduction", 10));
    const auto all = ids(*m, facts, 64);
    const auto place = [&all](std::string_view id) { return std::ranges::find(all, id); };
    for (const char* reasonless : {"vaccination", "condoms"}) {
      EXPECT_LT(place("count_drinks"), place(reasonless));
      EXPECT_LT(place("gradual_reduction"), place(reasonless));
    }
  }
  // With a reason in the situation they come forward again.
  const Facts facts = facts_of(situation_of("methamphetamine:injected:street",
                                            "chemsex unprotected_sex !condoms shares_equipment"));
  const auto m = menu(facts, will(no));
  ASSERT_TRUE(m);
  EXPECT_TRUE(among(*m, facts, "condoms", 5));
}

TEST(Facts, OfTwoAnswersThatDisagreeTheOneWithMoreDangerIsUsedAndBothAreNamed) {
  struct Disagrees {
    const char* takes;
    const char* factors;
    const char* factor;
    const char* other;  // what the finding says beside it
  };
  for (const Disagrees& row :
       {Disagrees{"heroin:injected alcohol", "!uses_opioid", "uses_opioid",
                  "substances[0] is heroin"},
        Disagrees{"alcohol heroin:injected", "!injects", "injects", "heroin, injected"},
        Disagrees{"heroin", "!release_2_weeks days_since_release=3", "release_2_weeks",
                  "days_since_release is 3"},
        Disagrees{"heroin:smoked:street", "!street_supply", "street_supply", "from the street"}}) {
    SCOPED_TRACE(row.factors);
    const Facts facts = facts_of(situation_of(row.takes, row.factors));
    EXPECT_EQ(facts.truth(row.factor), Truth::yes);
    const auto found = of_rule(facts.findings(), "answers_disagree");
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].field, "factors[0].value");
    EXPECT_NE(found[0].text.find(std::string{row.factor} + " is false"), std::string::npos);
    EXPECT_NE(found[0].text.find(row.other), std::string::npos) << found[0].text;
  }
  EXPECT_TRUE(facts_of(situation_of("heroin", "uses_opioid")).findings().empty());
  EXPECT_EQ(facts_of(situation_of("heroin", "!release_2_weeks days_since_release=30"))
                .findings()
                .count("answers_disagree"),
            0U);
}

TEST(Facts, DaysThatWereSaidEarlierAreCountedOnToTheDayOfTheSituation) {
  Situation s = situation_of("heroin", "");
  s.on = *Date::parse("2026-03-01");
  s.factors = {{"days_since_opioid_cut", 1.0, *Date::parse("2026-02-20"), KnownFrom::record, ""},
               {"days_since_release", 3.0, *Date::parse("2020-01-01"), KnownFrom::record, ""}};
  Facts facts = facts_of(s);
  EXPECT_EQ(facts.number("days_since_opioid_cut"), 10.0);  // 20 February to 1 March 2026: 9 days
  EXPECT_EQ(facts.truth("tolerance_peak"), Truth::yes);
  EXPECT_EQ(facts.number("days_since_release"), 2254.0);  // 3 and 2251 days, by a calendar
  EXPECT_EQ(facts.truth("release_4_weeks"), Truth::no);
  const std::string why = facts.why(*builtin().find_factor("tolerance_peak"));
  EXPECT_NE(why.find("counted on from 1 on 2026-02-20"), std::string::npos) << why;

  // Said on the day itself, or on no day.
  s.factors = {{"days_since_release", 3.0, s.on, KnownFrom::record, ""}};
  EXPECT_EQ(facts_of(s).number("days_since_release"), 3.0);
  s.factors[0].on.reset();
  facts = facts_of(s);
  EXPECT_EQ(facts.number("days_since_release"), 3.0);
  EXPECT_NE(facts.why(*builtin().find_factor("release_2_weeks")).find("it has no date"),
            std::string::npos);

  // A situation without a date: it is said that nothing was counted on.
  s.on.reset();
  s.factors[0].on = *Date::parse("2026-02-20");
  facts = facts_of(s);
  EXPECT_EQ(facts.findings().count("days_not_carried_on"), 1U);
  EXPECT_EQ(facts.truth("release_2_weeks"), Truth::yes);

  // Other numbers do not age with it.
  s.on = *Date::parse("2026-03-01");
  s.factors = {{"mme_a_day", 40.0, *Date::parse("2026-02-20"), KnownFrom::record, ""}};
  EXPECT_EQ(facts_of(s).number("mme_a_day"), 40.0);
}

TEST(Menu, OffersMedicinesForDrinkingFromEighteenAndNaloxoneAtEveryAge) {
  const Facts adult = facts_of(situation_of("alcohol", "age_years=18 heavy_drinking"));
  const auto then = menu(adult, will(yes));
  ASSERT_TRUE(then);
  EXPECT_TRUE(among(*then, adult, "naltrexone_for_drinking", 64));
  for (const char* age : {"age_years=12", "age_years=15", "age_years=70"}) {
    const Facts facts = facts_of(
        situation_of("heroin:injected:street", (std::string{age} + " !naloxone_at_hand").c_str()));
    const auto m = menu(facts);
    ASSERT_TRUE(m);
    EXPECT_TRUE(among(*m, facts, "take_home_naloxone", 3)) << age;
    EXPECT_TRUE(among(*m, facts, "opioid_agonist_treatment", 64)) << age;
  }
}

TEST(Warnings, PairsCarryTheirRuleAsDataWhateverTheNamesOfTheSubstances) {
  const Facts facts = facts_of(situation_of("ghb alcohol oxycodone::prescribed", ""));
  ASSERT_FALSE(facts.pairs().empty());
  const Findings found = warnings(facts);
  std::size_t told = 0;
  for (const Finding& finding : found.stored()) {
    for (const PairFound& pair : facts.pairs()) {
      if (finding.rule != pair.factor || finding.value != pair.rule->id) continue;
      if (finding.text.find(pair.first + " with " + pair.second) == std::string::npos) continue;
      EXPECT_EQ(finding.severity, pair.rule->severity);
      EXPECT_EQ(finding.source, pair.rule->source);
      ++told;
    }
  }
  EXPECT_EQ(told, facts.pairs().size());
}

TEST(Warnings, AYesThatListsOrNumbersSpeakAgainstStaysAndBothAreNamed) {
  const struct {
    const char* takes;
    const char* factors;
    std::size_t times;
  } table[] = {{"", "uses_opioid", 1},
               {"alcohol:swallowed", "injects", 1},
               {"alcohol", "under_18 age_years=40", 1},
               {"alcohol", "age_65 age_years=40", 1},
               {"heroin", "release_4_weeks days_since_release=400", 1},
               // Tolerance may have fallen for another reason than the one that is counted.
               {"heroin", "tolerance_lost days_since_opioid_cut=400", 0},
               {"heroin:injected", "injects uses_opioid", 0}};
  for (const auto& row : table) {
    const Facts facts = facts_of(situation_of(row.takes, row.factors));
    EXPECT_EQ(facts.findings().count("answers_disagree"), row.times) << row.factors;
    const std::string factor = words_of(row.factors).front();
    EXPECT_EQ(facts.truth(factor), Truth::yes) << row.factors;
  }
}

TEST(Warnings, APairThatWasStatedHasNoRuleBehindItAndIsToldAllTheSame) {
  const Facts facts = facts_of(situation_of("ghb alcohol", "pair_breathing"));
  for (const PairFound& pair : facts.pairs()) EXPECT_NE(pair.factor, "pair_breathing");
  const Findings found = warnings(facts);
  EXPECT_EQ(of_rule(found, "pair_breathing").size(), 1U);
}
