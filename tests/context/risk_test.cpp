// Bands of harm: what drives them, what stays unknown, what would change them.
#include "ombre/context/risk.hpp"

#include <gtest/gtest.h>
#include <cmath>

#include <set>

#include "ombre/core/wording.hpp"
#include "people.hpp"

using namespace ombre_test::context;

TEST(Facts, AreWorkedOutFromWhatIsUsedAndSaySo) {
  Situation s;
  s.substances = {{"heroin", Route::injected, {}, {}}, {"alprazolam", Route::swallowed, {}, {}}};
  const Facts f = facts_of(s);
  EXPECT_EQ(f.truth("uses_opioid"), Truth::yes);
  EXPECT_EQ(f.truth("injects"), Truth::yes);
  EXPECT_EQ(f.truth("street_supply"), Truth::yes) << "heroin's strength is never known";
  EXPECT_EQ(f.truth("pair_breathing"), Truth::yes);
  EXPECT_EQ(f.truth("uses_stimulant"), Truth::unknown) << "nobody said that nothing else is used";
  EXPECT_EQ(f.why(*builtin().find_factor("injects")), "worked out: heroin is injected");
}

TEST(Facts, NothingElseTurnsTheRestIntoNoOnlyWhenItWasSaid) {
  Situation s;
  s.substances = {{"alcohol", Route::swallowed, {}, {}}};
  EXPECT_EQ(facts_of(s).truth("uses_opioid"), Truth::unknown);
  s.nothing_else = true;
  EXPECT_EQ(facts_of(s).truth("uses_opioid"), Truth::no);
  EXPECT_EQ(facts_of(s).truth("injects"), Truth::no);
  s.substances.push_back({"little blue thing", Route::swallowed, {}, {}});
  const Facts f = facts_of(s);
  EXPECT_EQ(f.truth("uses_opioid"), Truth::unknown) << "nobody knows what it is";
  EXPECT_FALSE(f.complete());
  EXPECT_EQ(f.findings().count("substance_not_recognised"), 1u);
}

TEST(Facts, HundredsOfEntriesAboutTwoSubstancesAreTwoSubstances) {
  Situation s;
  for (int i = 0; i < 300; ++i) {
    s.substances.push_back({i % 2 == 0 ? "morphine" : "diazepam", Route::swallowed, {}, {}});
  }
  s.nothing_else = true;
  EXPECT_EQ(facts_of(s).truth("pair_breathing"), Truth::yes);
}

TEST(Facts, MorphineAloneIsNoPairOnlyWhenNothingElseIsUsed) {
  Situation s;
  s.substances = {{"morphine", Route::swallowed, {}, {}}};
  EXPECT_EQ(facts_of(s).truth("pair_breathing"), Truth::unknown);
  s.nothing_else = true;
  EXPECT_EQ(facts_of(s).truth("pair_breathing"), Truth::no);
}

TEST(Facts, WhatIsStatedStandsAgainstWhatIsWorkedOut) {
  Situation s;
  s.substances = {{"heroin", Route::injected, {}, {}}};
  says(s, {{"street_supply", false}});
  EXPECT_EQ(facts_of(s).truth("street_supply"), Truth::no);
  FactorEntry asked;
  asked.factor = "injects";
  s.factors.push_back(asked);
  EXPECT_EQ(facts_of(s).truth("injects"), Truth::unknown) << "asked, and not known";
}

TEST(Facts, TheNewestDatedEntryCounts) {
  Situation s;
  s.on = *Date::parse("2024-06-01");
  FactorEntry old_entry{"uses_alone", true, *Date::parse("2024-01-01"), KnownFrom::self_report, ""};
  FactorEntry new_entry{"uses_alone", false, *Date::parse("2024-05-01"), KnownFrom::family, ""};
  FactorEntry undated{"uses_alone", true, {}, KnownFrom::record, ""};
  std::vector<FactorEntry> all{old_entry, new_entry, undated};
  std::ranges::sort(all, {}, &FactorEntry::note);
  for (int turn = 0; turn < 3; ++turn) {
    std::rotate(all.begin(), all.begin() + 1, all.end());  // clang 14 cannot rotate a range
    s.factors = all;
    const Facts f = facts_of(s);
    EXPECT_EQ(f.truth("uses_alone"), Truth::no);
    EXPECT_EQ(f.why(*builtin().find_factor("uses_alone")), "family, 2024-05-01");
  }
}

TEST(Facts, BadEntriesAreRefusedByPlaceAndValue) {
  const auto refusal = [](Situation s) {
    const auto f = Facts::from(s);
    EXPECT_FALSE(f);
    return f ? Error{} : f.error();
  };
  Situation s;
  s.factors = {{"use_alone", true, {}, KnownFrom::not_stated, ""}};
  EXPECT_EQ(refusal(s).code, Errc::unknown_name);
  EXPECT_NE(refusal(s).rule.find("uses_alone"), std::string::npos);
  s.factors = {{"uses_alone", 3.0, {}, KnownFrom::not_stated, ""}};
  EXPECT_EQ(refusal(s).code, Errc::malformed);
  EXPECT_EQ(refusal(s).field, "factors[0].value");
  s.factors = {{"age_years", true, {}, KnownFrom::not_stated, ""}};
  EXPECT_EQ(refusal(s).code, Errc::malformed);
  s.factors = {{"age_years", -1.0, {}, KnownFrom::not_stated, ""}};
  EXPECT_EQ(refusal(s).code, Errc::out_of_range);
  s.factors = {{"age_years", std::nan(""), {}, KnownFrom::not_stated, ""}};
  EXPECT_EQ(refusal(s).code, Errc::not_finite);
  s.factors = {{"uses_alone", true, {}, KnownFrom::not_stated, ""},
               {"uses_alone", false, {}, KnownFrom::not_stated, ""}};
  EXPECT_EQ(refusal(s).code, Errc::contradiction);
  s.on = *Date::parse("2024-01-01");
  s.factors = {{"uses_alone", true, *Date::parse("2024-01-02"), KnownFrom::not_stated, ""}};
  EXPECT_EQ(refusal(s).code, Errc::out_of_range);
  s.factors.clear();
  s.substances = {{"heroin", Route::smoked, true, true}};
  EXPECT_EQ(refusal(s).code, Errc::contradiction);
}

TEST(Risk, NothingKnownIsNothingKnown) {
  const Facts f = facts_of({});
  for (const Harm harm : all_harms()) {
    EXPECT_EQ(least(f, harm), RiskBand::none_listed);
    EXPECT_GT(most(f, harm), RiskBand::none_listed) << name(harm);
  }
}

// Merrall 2010, Cornish 2010, Strang 2003: the window; Degenhardt 2014: what agonist treatment
// does.
TEST(Risk, LostToleranceIsVeryHighWithoutAgonistTreatmentAndLowerWithIt) {
  Situation s = released_five_days_ago();
  EXPECT_EQ(least(facts_of(s), Harm::overdose), RiskBand::very_high);
  Situation treated = s;
  for (FactorEntry& entry : treated.factors) {
    if (entry.factor == "agonist_treatment") entry.value = true;
  }
  EXPECT_EQ(least(facts_of(treated), Harm::overdose), RiskBand::high);
  const Facts f = facts_of(s);
  ASSERT_TRUE(f.tolerance());
  EXPECT_EQ(*f.tolerance(), substance::ToleranceBand::peak);
  EXPECT_FALSE(f.naloxone_reasons().empty());
}

TEST(Risk, TheWindowsFollowTheDays) {
  for (const auto& [days, band] :
       {std::pair{0.0, RiskBand::high}, std::pair{2.0, RiskBand::high},
        std::pair{3.0, RiskBand::very_high}, std::pair{14.0, RiskBand::very_high},
        std::pair{15.0, RiskBand::high}, std::pair{28.0, RiskBand::high},
        std::pair{29.0, RiskBand::raised}, std::pair{84.0, RiskBand::raised}}) {
    Situation s;
    number(s, "days_since_opioid_cut", days);
    says(s, {{"agonist_treatment", false}});
    EXPECT_EQ(least(facts_of(s), Harm::overdose), band) << days;
  }
}

// Dasgupta 2016, Park 2015.
TEST(Risk, AnOpioidWithABenzodiazepineAtTheSameTimeIsVeryHigh) {
  Situation s;
  s.substances = {{"oxycodone", Route::swallowed, true, {}},
                  {"diazepam", Route::swallowed, true, {}}};
  s.nothing_else = true;
  EXPECT_EQ(least(facts_of(s), Harm::overdose), RiskBand::raised);
  EXPECT_EQ(most(facts_of(s), Harm::overdose), RiskBand::very_high) << "apart or not: not known";
  says(s, {{"mixes_substances", true}, {"spaces_out", false}});
  EXPECT_EQ(least(facts_of(s), Harm::overdose), RiskBand::very_high);
}

// NICE CG115, ASAM 2020: abrupt stop of alcohol with a history.
TEST(Risk, AlcoholStoppedAtOnceWithoutCareIsVeryHighForSeizure) {
  Situation s = wants_to_stop_drinking_tomorrow();
  EXPECT_EQ(least(facts_of(s), Harm::seizure), RiskBand::very_high);
  EXPECT_EQ(least(facts_of(s), Harm::alcohol_body), RiskBand::high);
  for (FactorEntry& entry : s.factors) {
    if (entry.factor == "managed_withdrawal") entry.value = true;
  }
  EXPECT_EQ(least(facts_of(s), Harm::seizure), RiskBand::high) << "the history remains";
}

TEST(Risk, MdmaWithDancingAndNoBreaksIsVeryHighForHeat) {
  Situation s;
  s.substances = {{"mdma", Route::swallowed, {}, {}}};
  says(s, {{"heat_or_dancing", true}, {"cools_down", false}});
  EXPECT_EQ(least(facts_of(s), Harm::heat_and_water), RiskBand::very_high);
}

// Siegel 1982: a change of setting raises what looks like a matter of the drug.
TEST(Risk, ANewPlaceRaisesOverdoseThoughTheDrugIsTheSame) {
  Situation s;
  s.substances = {{"morphine", Route::swallowed, true, {}}};
  s.nothing_else = true;
  EXPECT_EQ(least(facts_of(s), Harm::overdose), RiskBand::raised);
  says(s, {{"new_place", true}});
  EXPECT_EQ(least(facts_of(s), Harm::overdose), RiskBand::high);
}

TEST(Risk, TwoPeopleWithOneAmountMayStandInDifferentBands) {
  Situation housed;
  housed.substances = {{"heroin", Route::smoked, {}, {}}};
  says(housed, {{"uses_alone", false}, {"no_stable_home", false}});
  Situation alone = housed;
  alone.factors.clear();
  says(alone, {{"uses_alone", true},
               {"no_stable_home", true},
               {"spotting", false},
               {"supervised_site", false}});
  EXPECT_LT(least(facts_of(housed), Harm::overdose), least(facts_of(alone), Harm::overdose));
}

TEST(Risk, TheAnswerNamesItsRulesHighestFirstAndOnlyThoseThatHold) {
  const Facts f = facts_of(injects_heroin_alone());
  const RiskReport report = risks(f);
  const HarmBand& overdose = report[Harm::overdose];
  ASSERT_FALSE(overdose.reasons.empty());
  for (std::size_t i = 1; i < overdose.reasons.size(); ++i) {
    EXPECT_GE(overdose.reasons[i - 1]->band, overdose.reasons[i]->band);
  }
  EXPECT_EQ(overdose.at_least, overdose.reasons.front()->band);
  const std::string text = explain(overdose, f);
  EXPECT_NE(text.find("the strength"), 0u);
  EXPECT_NE(text.find("strength and content of a street opioid are not known"), std::string::npos);
}

TEST(Risk, WhatWouldChangeNamesFactorsThatDoAndNothingThatCannotBeChanged) {
  const Facts f = facts_of(wants_to_stop_drinking_tomorrow());
  const auto changes = what_would_change(f, Harm::seizure);
  std::set<std::string_view> factors;
  for (const WouldChange& change : changes) {
    factors.insert(builtin().factors()[change.factor].id);
    const std::vector<Catalogue::Term> move{{static_cast<std::uint16_t>(change.factor), change.to}};
    const Facts then = f.with(move);
    EXPECT_EQ(least(then, Harm::seizure), change.at_least);
    EXPECT_EQ(most(then, Harm::seizure), change.at_most);
  }
  EXPECT_TRUE(factors.contains("managed_withdrawal"));
  EXPECT_TRUE(factors.contains("stops_soon"));
  EXPECT_FALSE(factors.contains("seizure_before"));
}

TEST(Risk, OneLayerOfProtectionIsWarnedAbout) {
  Situation s = injects_heroin_alone();
  for (FactorEntry& entry : s.factors) {
    if (entry.factor == "naloxone_at_hand") entry.value = true;
  }
  const Findings one = warnings(facts_of(s));
  EXPECT_EQ(one.count("one_layer_only"), 1u);
  EXPECT_EQ(one.count("naloxone_needed"), 0u);
  says(s, {{"spotting", true}});
  const Findings two = warnings(facts_of(s));
  for (const Finding& finding : two.stored()) {
    EXPECT_FALSE(finding.rule == "one_layer_only" && finding.field == "overdose");
  }
  const Findings none = warnings(facts_of(injects_heroin_alone()));
  EXPECT_GE(none.count("no_layer_known"), 1u);
  EXPECT_EQ(none.count("naloxone_needed"), 1u);
}

TEST(Risk, WarningsAndExplanationsKeepTheWordingRule) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    const Facts f = facts_of(somebody(seed));
    for (const HarmBand& band : risks(f).harms) {
      for (const WordingFault& fault : check_wording(explain(band, f))) {
        ADD_FAILURE() << describe(fault);
      }
    }
    const Findings found = warnings(f);
    for (const Finding& finding : found.stored()) {
      for (const WordingFault& fault : check_wording(finding.text)) {
        ADD_FAILURE() << finding.text << ": " << describe(fault);
      }
    }
  }
}

// ---- properties over many people ----------------------------------------------------------------

TEST(RiskProperties, TheOrderOfEntriesDoesNotMatter) {
  for (unsigned seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE(seed);
    Situation s = somebody(seed);
    const Bands before = bands(facts_of(s));
    std::mt19937 random(seed);
    std::shuffle(s.factors.begin(), s.factors.end(), random);
    std::shuffle(s.substances.begin(), s.substances.end(), random);
    EXPECT_EQ(bands(facts_of(s)), before);
  }
}

TEST(RiskProperties, MoreKnowledgeNarrowsABandAndNeverMovesAnEndOutwards) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    Situation s = somebody(seed);
    Bands before = bands(facts_of(s));
    for (int step = 0; step < 30; ++step) {
      const auto f = random() % builtin().factors().size();
      const Factor& factor = builtin().factors()[f];
      if (factor.kind == ValueKind::number || facts_of(s).truth(f) != Truth::unknown) continue;
      // An open entry about it would contradict: drop it.
      std::erase_if(s.factors, [&](const FactorEntry& e) { return e.factor == factor.id; });
      FactorEntry entry;
      entry.factor = factor.id;
      entry.value = random() % 2 == 0;
      s.factors.push_back(entry);
      const Bands now = bands(facts_of(s));
      for (std::size_t h = 0; h < harm_count; ++h) {
        EXPECT_GE(now.at_least[h], before.at_least[h]) << factor.id;
        EXPECT_LE(now.at_most[h], before.at_most[h]) << factor.id;
        EXPECT_LE(now.at_least[h], now.at_most[h]);
      }
      before = now;
    }
  }
}

TEST(RiskProperties, HelpNeverRaisesABandAndHarmNeverLowersOne) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    const Facts f = facts_of(somebody(seed));
    const Bands now = bands(f);
    for (std::size_t i = 0; i < builtin().factors().size(); ++i) {
      const Factor& factor = builtin().factors()[i];
      if (factor.kind == ValueKind::number || f.truth(i) == Truth::unknown) continue;
      const bool better = (factor.direction == Direction::raises) == (f.truth(i) == Truth::yes);
      const std::vector<Catalogue::Term> move{
          {static_cast<std::uint16_t>(i), f.truth(i) == Truth::yes ? Truth::no : Truth::yes}};
      const Bands then = bands(f.with(move));
      for (std::size_t h = 0; h < harm_count; ++h) {
        if (better) {
          EXPECT_LE(then.at_least[h], now.at_least[h]) << factor.id;
          EXPECT_LE(then.at_most[h], now.at_most[h]) << factor.id;
        } else {
          EXPECT_GE(then.at_least[h], now.at_least[h]) << factor.id;
        }
      }
    }
  }
}

TEST(RiskProperties, EveryBandIsExplainedByARowOfTheTable) {
  for (unsigned seed = 1; seed <= 100; ++seed) {
    const Facts f = facts_of(somebody(seed));
    const Bands fast = bands(f);
    for (const HarmBand& band : risks(f).harms) {
      const auto h = static_cast<std::size_t>(band.harm);
      EXPECT_EQ(band.at_least, fast.at_least[h]);
      EXPECT_EQ(band.at_most, fast.at_most[h]);
      if (band.at_least > RiskBand::none_listed) {
        ASSERT_FALSE(band.reasons.empty());
        EXPECT_EQ(band.reasons.front()->band, band.at_least);
        EXPECT_NE(builtin().find_rule(band.reasons.front()->id), nullptr);
      } else {
        EXPECT_TRUE(band.reasons.empty());
      }
      if (band.at_most > band.at_least) {
        ASSERT_FALSE(band.open.empty());
        EXPECT_EQ(band.open.front()->band, band.at_most);
      }
    }
  }
}

TEST(Risk, DatesAfterTodayAreToldOfBecauseTheLibraryReadsNoClock) {
  Situation s = released_five_days_ago();
  s.on = *Date::parse("2027-03-01");
  s.factors[0].on = *Date::parse("2026-02-20");
  s.factors[1].on = *Date::parse("2027-02-01");
  const Findings late = dates_after(s, *Date::parse("2026-03-01"));
  EXPECT_EQ(late.count("date_in_the_future"), 2U);
  EXPECT_EQ(late.stored()[0].field, "on");
  EXPECT_EQ(late.stored()[1].field, "factors[1].on");
  EXPECT_TRUE(dates_after(s, *Date::parse("2027-03-01")).empty());
  EXPECT_TRUE(dates_after(Situation{}, *Date::parse("1990-01-01")).empty());
}
