#include "ombre/substance/kinetics.hpp"

#include <gtest/gtest.h>

#include <string>

#include "ombre/substance/cannabis_nicotine.hpp"

namespace {

using namespace ombre;
using namespace ombre::substance;

Substance the(const char* name) { return find(name).value(); }

// Ashton's table: diazepam 20-100 h, nordazepam 36-200 h; fluoxetine and norfluoxetine 4-16 days.
TEST(HalfLife, TheLongestActiveSpeciesIsFound) {
  const auto diazepam = half_life(the("diazepam"));
  ASSERT_TRUE(diazepam);
  EXPECT_EQ(diazepam->parent->hours, (Range{20, 100}));
  EXPECT_EQ(diazepam->longest_active.species, "desmethyldiazepam (nordazepam)");
  EXPECT_EQ(diazepam->longest_active.hours, (Range{36, 200}));
  EXPECT_EQ(half_life(the("fluoxetine"))->longest_active.hours, (Range{4 * 24., 16 * 24.}));
  EXPECT_EQ(half_life(the("lorazepam"))->longest_active.species, "");
}

TEST(HalfLife, AProdrugHasNoParentHalfLife) {
  const auto clorazepate = half_life(the("clorazepate"));
  ASSERT_TRUE(clorazepate);
  EXPECT_FALSE(clorazepate->parent);
  EXPECT_EQ(clorazepate->longest_active.hours.high, 200);
}

TEST(HalfLife, MarkersWeakAndConditionalMetabolitesDoNotCount) {
  EXPECT_EQ(half_life(the("nicotine"))->longest_active.hours, (Range{1, 4}));     // not cotinine
  EXPECT_EQ(half_life(the("cocaine"))->longest_active.hours, (Range{0.5, 1.5}));  // no alcohol
  EXPECT_EQ(half_life(the("sertraline"))->longest_active.hours, (Range{22, 36}));
  EXPECT_EQ(half_life(the("nicotine"))->rows.size(), 2U) << "the marker is still listed";
}

TEST(HalfLife, ConditionsChooseARowAndTheLongestIsTheDefault) {
  EXPECT_EQ(half_life(the("cannabis"))->longest_active.hours, (Range{120, 312}));
  EXPECT_EQ(half_life(the("cannabis"), "occasional use")->longest_active.hours, (Range{24, 72}));
  EXPECT_EQ(half_life(the("cannabis"), "on sundays").error().code, Errc::unknown_name);
  EXPECT_EQ(half_life(the("morphine"), "daily use").error().code, Errc::unknown_name);
  EXPECT_TRUE(half_life(the("buprenorphine"), "sublingual"));
}

TEST(HalfLife, NothingRecordedIsSaid) {
  EXPECT_EQ(half_life(the("lsd")).error().code, Errc::not_computable);
  EXPECT_EQ(half_life(the("alcohol")).error().code, Errc::not_computable);
}

TEST(HalfLife, UncertainRowsOfTheCallerNeedConsent) {
  Catalogue mine;
  ASSERT_TRUE(mine.add(NewHalfLife{.substance = "lsd",
                                   .low_h = 2,
                                   .high_h = 4,
                                   .source = {"own", "Own notes", "2025"},
                                   .confidence = Confidence::uncertain}));
  EXPECT_EQ(half_life(the("lsd"), {}, Accept::established, mine).error().code, Errc::unsupported);
  EXPECT_TRUE(half_life(the("lsd"), {}, Accept::uncertain_too, mine));
}

// Five half-lives leave 1/32, about 3 %.
TEST(HalfLife, WashoutIsFiveHalfLives) {
  EXPECT_EQ(washout_hours(half_life(the("citalopram"))->longest_active), (Range{165, 185}));
}

TEST(Withdrawal, TimingOfAlcoholAndMethadoneIsTheirOwn) {
  const auto alcohol = withdrawal(the("alcohol"));
  ASSERT_TRUE(alcohol);
  EXPECT_EQ(alcohol->onset_hours, (Range{6, 24}));
  EXPECT_EQ(alcohol->peak_hours, (Range{24, 72}));
  EXPECT_EQ(alcohol->duration_days, (Range{5, 7}));
  EXPECT_NE(alcohol->note.find("delirium tremens 48-96 h"), std::string::npos);
  EXPECT_EQ(withdrawal(the("methadone"))->peak_hours, (Range{72, 144}));
  EXPECT_EQ(withdrawal(the("methadone"))->match, Match::exact);
}

TEST(Withdrawal, ClassesSpeakForTheirMembersAndSaySo) {
  const auto lorazepam = withdrawal(the("lorazepam"));
  EXPECT_EQ(lorazepam->group, "benzodiazepine short half-life");
  EXPECT_EQ(lorazepam->onset_hours, (Range{12, 48}));
  EXPECT_EQ(lorazepam->match, Match::by_class);
  EXPECT_EQ(withdrawal(the("diazepam"))->onset_hours, (Range{48, 168}));
  EXPECT_EQ(withdrawal(the("hydrocodone"))->match, Match::by_class);
  EXPECT_EQ(withdrawal(the("heroin"))->match, Match::exact);
  const auto zolpidem = withdrawal(the("zolpidem"));
  EXPECT_EQ(zolpidem->match, Match::analogy);
  EXPECT_NE(zolpidem->note.find("benzodiazepines"), std::string::npos);
  EXPECT_EQ(withdrawal(the("tobacco"))->peak_hours, (Range{48, 72}));
}

TEST(Withdrawal, UncertainTimingIsRefusedUntilAccepted) {
  for (const char* name : {"buprenorphine", "illicit-fentanyl"}) {
    const auto refused = withdrawal(the(name));
    ASSERT_FALSE(refused) << name;
    EXPECT_EQ(refused.error().code, Errc::unsupported);
    const auto accepted = withdrawal(the(name), Accept::uncertain_too);
    ASSERT_TRUE(accepted) << name;
    EXPECT_EQ(accepted->confidence, Confidence::uncertain);
  }
}

TEST(Withdrawal, WhatNobodyRecordedHasNoTiming) {
  for (const char* name :
       {"lsd", "ketamine", "fentanyl", "opioids", "benzodiazepines", "naloxone", "theophylline"}) {
    EXPECT_EQ(withdrawal(the(name)).error().code, Errc::not_computable) << name;
  }
}

TEST(Withdrawal, TramadolMayAddAnSnriWithdrawal) {
  EXPECT_NE(withdrawal(the("tramadol"))->note.find("SNRI"), std::string::npos);
}

TEST(StoppingDanger, ClassesAToD) {
  const auto cls = [](const char* name) { return letter(stopping_danger(the(name))->danger); };
  for (const char* name : {"alcohol", "lorazepam", "phenobarbital", "ghb", "zolpidem", "baclofen",
                           "phenibut", "street-benzodiazepine"}) {
    EXPECT_EQ(cls(name), 'A') << name;
  }
  for (const char* name : {"heroin", "methadone", "clonidine", "pregabalin", "kratom"}) {
    EXPECT_EQ(cls(name), 'B') << name;
  }
  EXPECT_EQ(cls("citalopram"), 'C');
  EXPECT_EQ(cls("cocaine"), 'C');
  EXPECT_EQ(cls("cannabis"), 'D');
  EXPECT_EQ(cls("nicotine"), 'D');
  EXPECT_EQ(cls("caffeine"), 'D');
  EXPECT_EQ(stopping_danger(the("heroin"))->danger, DangerClass::severe_then_tolerance_loss);
  EXPECT_EQ(stopping_danger(the("clonidine"))->danger, DangerClass::severe);
}

// Case reports: tolerance, delirium and intensive care on stopping (Hardman et al. 2019); 5.3 h
// after one dose of 250 mg (Lapin 2001), which is not enough to reckon with unasked.
TEST(StoppingDanger, PhenibutIsARelativeOfBaclofenWithASourceOfItsOwn) {
  const auto danger = stopping_danger(the("Noofen"));
  ASSERT_TRUE(danger);
  EXPECT_EQ(danger->source->id, "hardman-2019");
  EXPECT_EQ(half_life(the("phenibut")).error().code, Errc::unsupported);
  const auto hours = half_life(the("phenibut"), "", Accept::uncertain_too);
  ASSERT_TRUE(hours);
  EXPECT_EQ(hours->rows.front().hours.low, 5.3);
  EXPECT_EQ(the("phenibut").cls, Class::gaba_b_agonist);
}

TEST(StoppingDanger, NotRecordedIsNotMild) {
  for (const char* name : {"mdma", "ketamine", "lsd", "unknown pill", "xylazine"}) {
    EXPECT_FALSE(stopping_danger(the(name))) << name;
  }
}

TEST(StoppingDanger, EveryGroupOfTheTablesIsReachedFromSomeSubstance) {
  std::set<std::string_view> timing, danger;
  for (const Substance& s : builtin().substances()) {
    if (const auto w = withdrawal(s, Accept::uncertain_too)) timing.insert(w->group);
    if (const auto d = stopping_danger(s)) danger.insert(d->group);
  }
  for (const WithdrawalRow& row : withdrawal_rows())
    EXPECT_TRUE(timing.contains(row.group)) << row.group;
  for (const DangerRow& row : danger_rows()) EXPECT_TRUE(danger.contains(row.group)) << row.group;
}

// A 0.32 g joint at 15 %: 48 mg, 9.6 units (conversion notes).
TEST(Cannabis, TheMedianJointAtFifteenPercent) {
  EXPECT_DOUBLE_EQ(typical_joint_g().value, 0.32);
  EXPECT_NEAR(thc_mg(0.32, 15).value(), 48, 1e-12);
  EXPECT_NEAR(thc_units(48).value(), 9.6, 1e-12);
  EXPECT_EQ(thc_mg(-1, 15).error().code, Errc::out_of_range);
  EXPECT_EQ(thc_mg(1, 101).error().field, "potency_percent");
  EXPECT_EQ(thc_units(std::numeric_limits<double>::quiet_NaN()).error().code, Errc::not_finite);
}

TEST(Nicotine, AbsorbedIsAnInterval) {
  const auto twenty = nicotine_absorbed(20);
  EXPECT_DOUBLE_EQ(twenty->value_mg, 24);
  EXPECT_EQ(twenty->range_mg, (Range{20, 40}));
  EXPECT_EQ(nicotine_absorbed(-1).error().code, Errc::out_of_range);
  EXPECT_DOUBLE_EQ(e_liquid_nicotine_mg(2, 20).value(), 40);
  EXPECT_EQ(e_liquid_nicotine_mg(2, -1).error().field, "mg_per_ml");
}

// US label; the totals are those of the tapering notes: 10 weeks and 1176 mg, 8 weeks and 686 mg.
TEST(Nicotine, PatchPlansAddUpToTheLabelledTotals) {
  const auto total = [](double cigarettes) {
    double mg = 0;
    int weeks = 0;
    const auto plan = nicotine_patch_plan(cigarettes).value();
    for (const PatchStep& step : plan.steps) {
      mg += step.mg_per_24h * 7 * step.weeks;
      weeks += step.weeks;
    }
    return std::pair{weeks, mg};
  };
  EXPECT_EQ(total(20), (std::pair{10, 1176.0}));
  EXPECT_EQ(total(10.5), (std::pair{10, 1176.0}));
  EXPECT_EQ(total(10), (std::pair{8, 686.0}));
  EXPECT_EQ(total(1), (std::pair{8, 686.0}));
  EXPECT_EQ(nicotine_patch_plan(0).error().code, Errc::out_of_range);
  EXPECT_EQ(nicotine_gum_mg(30).value(), 4);
  EXPECT_EQ(nicotine_gum_mg(31).value(), 2);
}

TEST(Equivalence, ExistsForFewAndIsRefusedForTheRest) {
  EXPECT_EQ(equivalence_of(the("oxycodone")).value(), Equivalence::morphine_mg);
  EXPECT_EQ(equivalence_of(the("lorazepam")).value(), Equivalence::diazepam_mg);
  EXPECT_EQ(equivalence_of(the("alcohol")).value(), Equivalence::ethanol_g);
  EXPECT_EQ(equivalence_of(the("cannabis")).value(), Equivalence::thc_units);
  EXPECT_EQ(equivalence_of(the("tobacco")).value(), Equivalence::nicotine_mg);
  for (const char* name :
       {"cocaine", "amphetamine", "methamphetamine", "synthetic-cathinones", "lsd", "mdma", "ghb",
        "ketamine", "inhalants", "synthetic-cannabinoids", "heroin", "illicit-fentanyl",
        "street-benzodiazepine", "buprenorphine", "unknown pill", "opioids"}) {
    EXPECT_EQ(equivalence_of(the(name)).error().code, Errc::not_computable) << name;
  }
}

}  // namespace
