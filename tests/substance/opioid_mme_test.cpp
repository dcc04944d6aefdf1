#include "ombre/substance/opioid_mme.hpp"

#include <gtest/gtest.h>

#include <concepts>
#include <limits>
#include <string>
#include <vector>

#include "ombre/core/random.hpp"

namespace {

using namespace ombre;
using namespace ombre::substance;
using enum MmeEdition;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();

Dose dose(const char* text) {
  const auto read = parse_dose(text);
  EXPECT_TRUE(read) << text << ": " << (read ? "" : describe(read.error()));
  return *read;
}

RiskMme of(std::vector<Dose> doses, MmeEdition edition) {
  auto result = risk_mme(doses, edition);
  EXPECT_TRUE(result) << (result ? "" : describe(result.error()));
  return *std::move(result);
}

double mme(const char* text, MmeEdition edition) {
  const RiskMme result = of({dose(text)}, edition);
  EXPECT_EQ(result.status, MmeStatus::computed) << text;
  return result.total ? result.total->mme() : -1;
}

// CDC's own worked examples, and those of the conversion notes.
TEST(RiskMme, WorkedNumbersOfTheGuidelineComeOut) {
  EXPECT_DOUBLE_EQ(mme("hydrocodone 5 mg x4", cdc_2022), 20);
  EXPECT_DOUBLE_EQ(mme("oxycodone 10 mg x2", cdc_2022), 30);
  EXPECT_DOUBLE_EQ(mme("fentanyl patch 25 mcg/h", cdc_2022), 60);
  EXPECT_DOUBLE_EQ(mme("methadone 30 mg", cdc_2022), 141);
  EXPECT_DOUBLE_EQ(mme("methadone 30 mg", cdc_2016), 240);
  EXPECT_DOUBLE_EQ(mme("methadone 45 mg", cdc_2022), 211.5);
  EXPECT_DOUBLE_EQ(mme("methadone 45 mg", cdc_2016), 450);
}

// The table of both editions in the conversion notes, 10 mg (or 10 mcg/h) each.
TEST(RiskMme, FactorsOfBothEditionsStandSideBySide) {
  struct Row {
    const char* dose;
    double in_2022, in_2016;
  };
  for (const Row& row : {Row{"codeine 10 mg", 1.5, 1.5}, Row{"fentanyl 10 mcg/h", 24, 24},
                         Row{"hydrocodone 10 mg", 10, 10}, Row{"hydromorphone 10 mg", 50, 40},
                         Row{"methadone 10 mg", 47, 40}, Row{"morphine 10 mg", 10, 10},
                         Row{"oxycodone 10 mg", 15, 15}, Row{"oxymorphone 10 mg", 30, 30},
                         Row{"tapentadol 10 mg", 4, 4}, Row{"tramadol 10 mg", 2, 1}}) {
    SCOPED_TRACE(row.dose);
    EXPECT_NEAR(mme(row.dose, cdc_2022), row.in_2022, 1e-12);
    EXPECT_NEAR(mme(row.dose, cdc_2016), row.in_2016, 1e-12);
  }
}

// Printed as 1-20, 21-40, 41-60, 61-80 (file: over 60): the whole daily dose takes its band.
TEST(RiskMme, MethadoneBandsOf2016TakeTheWholeDailyDose) {
  EXPECT_DOUBLE_EQ(mme("methadone 1 mg", cdc_2016), 4);
  EXPECT_DOUBLE_EQ(mme("methadone 20 mg", cdc_2016), 80);
  EXPECT_DOUBLE_EQ(mme("methadone 20.5 mg", cdc_2016), 164);
  EXPECT_DOUBLE_EQ(mme("methadone 40 mg", cdc_2016), 320);
  EXPECT_DOUBLE_EQ(mme("methadone 60 mg", cdc_2016), 600);
  EXPECT_DOUBLE_EQ(mme("methadone 61 mg", cdc_2016), 732);
  EXPECT_DOUBLE_EQ(mme("methadone 200 mg", cdc_2016), 2400);
  EXPECT_DOUBLE_EQ(mme("methadone 0 mg", cdc_2016), 0);
}

TEST(RiskMme, MethadoneSplitIntoIntakesIsBandedOnTheSum) {
  const RiskMme split = of({dose("methadone 20 mg"), dose("methadone 20 mg")}, cdc_2016);
  ASSERT_TRUE(split.total);
  EXPECT_DOUBLE_EQ(split.total->mme(), 320);  // 40 mg at 8, not 20 at 4 twice
  EXPECT_DOUBLE_EQ(*split.contributions[0].mme, 160);
  EXPECT_EQ(split.findings.count("mme_methadone_band"), 2U);
}

TEST(RiskMme, ABandCannotBeChosenWhilePartOfTheMethadoneIsNotKnown) {
  const RiskMme result = of({dose("methadone 10 mg"), dose("methadone")}, cdc_2016);
  EXPECT_EQ(result.status, MmeStatus::unknown);
  EXPECT_EQ(result.contributions[0].counted, Counted::unknown);
  EXPECT_DOUBLE_EQ(of({dose("methadone 10 mg"), dose("methadone")}, cdc_2022).at_least, 47);
}

// The 7.2 of some lists is 2.4 times three days for a whole patch; a rate counts once.
TEST(RiskMme, APatchCountsByItsRateOnceAndNotByDays) {
  EXPECT_DOUBLE_EQ(mme("fentanyl patch 100 mcg/h", cdc_2016), 240);
  EXPECT_FALSE(
      Dose::per_day(find("fentanyl").value(), DoseForm::transdermal_patch, DoseMg::of(2.4)));
  const auto rate_and_times = parse_dose("fentanyl 25 mcg/h x3");
  ASSERT_FALSE(rate_and_times);
  EXPECT_EQ(rate_and_times.error().code, Errc::malformed);
}

TEST(RiskMme, ARateThatLooksLikeAContentIsPointedOut) {
  const RiskMme result = of({dose("fentanyl 1800 mcg/h")}, cdc_2022);
  EXPECT_EQ(result.findings.count("mme_patch_rate_implausible"), 1U);
  EXPECT_EQ(of({dose("fentanyl 12 mcg/h")}, cdc_2022).findings.count("mme_patch_12"), 1U);
}

TEST(RiskMme, IllicitOpioidsAreUnknownAndNeverZero) {
  for (const char* text : {"heroin", "heroin 500 mg", "heroin 0 mg", "illicit-fentanyl 1 mg smoked",
                           "nitazenes", "kratom 5 g", "unknown pill", "opioids 30 mg"}) {
    for (const MmeEdition edition : {cdc_2022, cdc_2016}) {
      SCOPED_TRACE(text);
      const RiskMme result = of({dose(text)}, edition);
      EXPECT_EQ(result.status, MmeStatus::unknown);
      EXPECT_FALSE(result.total);
      EXPECT_FALSE(result.contributions[0].mme);
      EXPECT_FALSE(result.contributions[0].reason.empty());
      EXPECT_EQ(result.findings.count("mme_unknown_potency"), 1U);
      for (const auto& answer : result.thresholds) EXPECT_EQ(answer.reached, Reached::unknown);
    }
  }
}

TEST(RiskMme, OneUnknownDoseLeavesALowerBoundAndNoTotal) {
  const RiskMme result = of({dose("oxycodone 40 mg"), dose("heroin smoked")}, cdc_2022);
  EXPECT_EQ(result.status, MmeStatus::unknown);
  EXPECT_FALSE(result.total);
  EXPECT_DOUBLE_EQ(result.at_least, 60);
  EXPECT_EQ(result.thresholds[0].reached, Reached::yes);      // 60 is past 50 whatever the heroin
  EXPECT_EQ(result.thresholds[1].reached, Reached::unknown);  // 90 may or may not be
}

TEST(RiskMme, WhatAnEditionHasNoFactorForIsUnknownAndTheReasonSaysWhoHasOne) {
  const RiskMme result = of({dose("pentazocine 50 mg")}, cdc_2022);
  EXPECT_EQ(result.status, MmeStatus::unknown);
  EXPECT_NE(result.contributions[0].reason.find("CDC 2016 prints 0.37 per mg"), std::string::npos)
      << result.contributions[0].reason;
  EXPECT_DOUBLE_EQ(mme("pentazocine 50 mg", cdc_2016), 18.5);
  // In a later file only: in neither edition.
  EXPECT_EQ(of({dose("benzhydrocodone 6 mg")}, cdc_2016).status, MmeStatus::unknown);
}

TEST(RiskMme, AFactorByMouthIsNotUsedForAnotherRoute) {
  for (const char* text : {"morphine 10 mg injected", "oxycodone 20 mg snorted",
                           "hydromorphone 2 mg iv", "methadone 10 mg injected"}) {
    const RiskMme result = of({dose(text)}, cdc_2022);
    EXPECT_EQ(result.status, MmeStatus::unknown) << text;
    EXPECT_NE(result.contributions[0].reason.find("it has one for: oral"), std::string::npos)
        << result.contributions[0].reason;
  }
}

// CDC/CMS file: buccal or sublingual tablet and lozenge 0.13, film or oral spray 0.18, nasal 0.16
// per mcg.
TEST(RiskMme, FentanylByOtherFormsTakesTheFactorOfTheForm) {
  EXPECT_NEAR(mme("fentanyl 200 mcg buccal", cdc_2016), 26, 1e-9);
  EXPECT_NEAR(mme("fentanyl 200 mcg lozenge", cdc_2016), 26, 1e-9);
  EXPECT_NEAR(mme("fentanyl 200 mcg sublingual", cdc_2016), 26, 1e-9);
  EXPECT_NEAR(mme("fentanyl 200 mcg buccal film", cdc_2016), 36, 1e-9);
  EXPECT_NEAR(mme("fentanyl 200 mcg oral spray", cdc_2016), 36, 1e-9);
  EXPECT_NEAR(mme("fentanyl 200 mcg nasal spray", cdc_2016), 32, 1e-9);
  EXPECT_EQ(of({dose("fentanyl 200 mcg nasal spray")}, cdc_2022).status, MmeStatus::unknown);
}

TEST(RiskMme, BuprenorphineIsKeptOutUnderBothEditions) {
  for (const MmeEdition edition : {cdc_2022, cdc_2016}) {
    const RiskMme both =
        of({dose("buprenorphine 8 mg sublingual"), dose("oxycodone 10 mg")}, edition);
    EXPECT_EQ(both.status, MmeStatus::computed);
    ASSERT_TRUE(both.total);
    EXPECT_DOUBLE_EQ(both.total->mme(), 15);
    EXPECT_EQ(both.contributions[0].counted, Counted::kept_out);
    EXPECT_EQ(both.findings.count("mme_buprenorphine_not_counted"), 1U);

    const RiskMme alone = of({dose("buprenorphine 20 mcg/h")}, edition);
    EXPECT_EQ(alone.status, MmeStatus::nothing_counted);
    EXPECT_FALSE(alone.total) << "no total, and not 0 either";
    EXPECT_EQ(alone.thresholds[0].reached, Reached::not_applicable);
  }
}

TEST(RiskMme, ThresholdsDoNotApplyToMethadoneAsTreatment) {
  const RiskMme treatment = of({dose("methadone 80 mg for oud")}, cdc_2022);
  EXPECT_DOUBLE_EQ(treatment.total->mme(), 376);
  for (const auto& answer : treatment.thresholds) {
    EXPECT_EQ(answer.reached, Reached::not_applicable);
  }
  EXPECT_EQ(treatment.findings.count("mme_thresholds_not_for_treatment"), 1U);

  const RiskMme with_pain =
      of({dose("methadone 80 mg for oud"), dose("oxycodone 40 mg for pain")}, cdc_2022);
  EXPECT_EQ(with_pain.thresholds[0].reached, Reached::yes);  // 60 for pain
  EXPECT_EQ(with_pain.thresholds[1].reached, Reached::no);
}

TEST(RiskMme, AThresholdIsReachedAtItsNumber) {
  EXPECT_EQ(of({dose("morphine 50 mg")}, cdc_2022).thresholds[0].reached, Reached::yes);
  EXPECT_EQ(of({dose("morphine 49.9 mg")}, cdc_2022).thresholds[0].reached, Reached::no);
  EXPECT_EQ(of({dose("morphine 90 mg")}, cdc_2022).thresholds[1].reached, Reached::yes);
  // 500 tenths of a milligram, summed.
  std::vector<Dose> tenths(500, dose("morphine 0.1 mg"));
  EXPECT_EQ(of(tenths, cdc_2022).thresholds[0].reached, Reached::yes);
}

TEST(RiskMme, NonOpioidsAreRefusedAndTheRowIsNamed) {
  const std::vector<Dose> doses{dose("oxycodone 10 mg"), dose("diazepam 10 mg")};
  const auto result = risk_mme(doses, cdc_2022);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::unsupported);
  EXPECT_EQ(result.error().row, 1U);
  EXPECT_FALSE(risk_mme(std::vector<Dose>{dose("naloxone 4 mg nasal")}, cdc_2022));
  EXPECT_FALSE(risk_mme(std::vector<Dose>{dose("alcohol 20 g")}, cdc_2022));
}

TEST(RiskMme, NoDoseIsAnErrorAndNotZero) {
  const auto result = risk_mme({}, cdc_2022);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::empty_input);
}

TEST(RiskMme, AnOpioidOfTheCallersOwnHasNoFactor) {
  Catalogue mine;
  ASSERT_TRUE(mine.add({.id = "piritramide", .cls = Class::opioid}));
  const auto read = parse_dose("piritramide 15 mg", mine);
  ASSERT_TRUE(read);
  EXPECT_EQ(of({*read}, cdc_2022).status, MmeStatus::unknown);
}

TEST(RiskMme, OrderOfDosesDoesNotMatter) {
  const std::vector<Dose> pool{dose("methadone 15 mg"),    dose("methadone 30 mg"),
                               dose("oxycodone 10 mg x3"), dose("fentanyl 25 mcg/h"),
                               dose("tramadol 50 mg x4"),  dose("buprenorphine 2 mg")};
  RandomStream random{Seed{3}, 0};
  for (int i = 0; i < 100; ++i) {
    std::vector<Dose> doses = pool;
    for (std::size_t k = doses.size(); k > 1; --k) std::swap(doses[k - 1], doses[random.below(k)]);
    for (const MmeEdition edition : {cdc_2022, cdc_2016}) {
      EXPECT_NEAR(of(doses, edition).total->mme(), of(pool, edition).total->mme(), 1e-9);
    }
  }
}

template <class T>
concept Addable = requires(T a, T b) {
  a + b;
};
template <class T>
concept Ordered = requires(T a, T b) {
  a < b;
};
static_assert(!Addable<MmePerDay> && !Ordered<MmePerDay>,
              "totals of two editions must not meet by accident");
static_assert(!std::default_initializable<MmePerDay>);

TEST(MmePerDay, DaysOfOneEditionAverageAndTwoEditionsAreRefused) {
  const MmePerDay a = *of({dose("morphine 30 mg")}, cdc_2022).total;
  const MmePerDay b = *of({dose("morphine 60 mg")}, cdc_2022).total;
  const MmePerDay c = *of({dose("morphine 60 mg")}, cdc_2016).total;
  EXPECT_DOUBLE_EQ(mean(std::vector{a, b})->mme(), 45);
  const auto mixed = mean(std::vector{a, b, c});
  ASSERT_FALSE(mixed);
  EXPECT_EQ(mixed.error().code, Errc::contradiction);
  EXPECT_EQ(mixed.error().row, 2U);
  EXPECT_EQ(mean({}).error().code, Errc::empty_input);
}

TEST(MmeEdition, IsReadByNameAndYear) {
  EXPECT_EQ(mme_edition("cdc-2022").value(), cdc_2022);
  EXPECT_EQ(mme_edition("CDC 2016").value(), cdc_2016);
  EXPECT_EQ(mme_edition("2016").value(), cdc_2016);
  EXPECT_EQ(mme_edition("2019").error().code, Errc::unknown_name);
  EXPECT_EQ(mme_edition(std::string(1000, '2')).error().code, Errc::unknown_name);
}

TEST(MmeTable, EveryEditionHasOneFactorForASubstanceAndFormApartFromBands) {
  for (const MmeFactor& a : mme_factors()) {
    EXPECT_GT(a.factor, 0);
    EXPECT_NE(a.forms, 0);
    for (const MmeFactor& b : mme_factors()) {
      if (&a == &b || a.set != b.set || a.substance != b.substance) continue;
      if (a.over_mg) continue;
      EXPECT_EQ(a.forms & b.forms, 0) << a.substance << ' ' << a.form << ' ' << b.form;
    }
  }
}

TEST(Dose, IsValidOnceBuilt) {
  const Substance oxycodone = find("oxycodone").value();
  EXPECT_EQ(Dose::times_a_day(oxycodone, DoseForm::oral, DoseMg::of(10), nan).error().code,
            Errc::not_finite);
  EXPECT_EQ(Dose::times_a_day(oxycodone, DoseForm::oral, DoseMg::of(10), -1).error().code,
            Errc::out_of_range);
  EXPECT_EQ(Dose::patch(oxycodone, -5).error().code, Errc::out_of_range);
  EXPECT_EQ(Dose::patch(oxycodone, inf).error().code, Errc::not_finite);
  EXPECT_DOUBLE_EQ(
      Dose::times_a_day(oxycodone, DoseForm::oral, DoseMg::of(10), 0.5)->mg_per_day()->mg(), 5);
}

TEST(Dose, TotalAddsOneSubstanceByOneRouteOnly) {
  EXPECT_DOUBLE_EQ(total(std::vector{dose("oxycodone 10 mg x2"), dose("oxycodone 5 mg")})->mg(),
                   25);
  const auto mixed = total(std::vector{dose("oxycodone 10 mg"), dose("morphine 10 mg")});
  ASSERT_FALSE(mixed);
  EXPECT_EQ(mixed.error().code, Errc::contradiction);
  EXPECT_EQ(mixed.error().row, 1U);
  EXPECT_EQ(
      total(std::vector{dose("morphine 10 mg"), dose("morphine 10 mg injected")}).error().code,
      Errc::contradiction);
  EXPECT_EQ(total(std::vector{dose("heroin")}).error().code, Errc::not_computable);
  EXPECT_EQ(total(std::vector{dose("fentanyl 25 mcg/h")}).error().code, Errc::not_computable);
  EXPECT_EQ(total({}).error().code, Errc::empty_input);
}

TEST(ParseDose, ReadsWhatPeopleWrite) {
  struct Row {
    const char* text;
    const char* said;
  };
  for (const Row& row :
       {Row{"oxycodone 10 mg x2", "oxycodone 20 mg a day, oral"},
        Row{"oxycodone 10mg x 2", "oxycodone 20 mg a day, oral"},
        Row{"OxyContin 10 mg twice a day", "oxycodone 20 mg a day, oral"},
        Row{"oxycodone 20 mg/day", "oxycodone 20 mg a day, oral"},
        Row{"oxycodone 5 mg 4 times a day by mouth", "oxycodone 20 mg a day, oral"},
        Row{"oxycodone 10 mg every 12 h", "oxycodone 20 mg a day, oral"},
        Row{"morphine 0.03 g daily", "morphine 30 mg a day, oral"},
        Row{"fentanyl patch 25 mcg/h", "fentanyl 25 mcg/h, transdermal patch"},
        Row{"fentanyl 62.5 mcg/h", "fentanyl 62.5 mcg/h, transdermal patch"},
        Row{"fentanyl 200 ug nasal spray", "fentanyl 0.2 mg a day, nasal spray"},
        Row{"buprenorphine 8 mg sublingual film", "buprenorphine 8 mg a day, sublingual film"},
        Row{"hydromorphone 2 mg 4 times a day injected", "hydromorphone 8 mg a day, injection"},
        Row{"methadone 60 mg for oud", "methadone 60 mg a day, oral, for opioid use disorder"},
        Row{"heroin", "heroin, amount not known, form not stated"},
        Row{"heroin smoked", "heroin, amount not known, smoked"},
        Row{"1,4-butanediol 2 g", "GHB 2000 mg a day, oral"},
        Row{"N02AA05 10 mg", "oxycodone 10 mg a day, oral"}}) {
    const auto read = parse_dose(row.text);
    ASSERT_TRUE(read) << row.text << ": " << describe(read.error());
    EXPECT_EQ(describe(*read), row.said) << row.text;
  }
}

TEST(ParseDose, RefusesWhatItDoesNotUnderstand) {
  struct Row {
    std::string text;
    Errc code;
  };
  for (const Row& row : {Row{"", Errc::missing},
                         Row{"   \t", Errc::missing},
                         Row{"oxycodone 10", Errc::malformed},
                         Row{"10 mg", Errc::malformed},
                         Row{"oxycodone 10 mg x", Errc::malformed},
                         Row{"oxycodone 10 mg x2 x3", Errc::malformed},
                         Row{"oxycodone 10 mg often", Errc::malformed},
                         Row{"oxycodone 10 mg every 0 h", Errc::malformed},
                         Row{"oxycodone 10 mg every 8 days", Errc::malformed},
                         Row{"oxycodone 10 mg for fun", Errc::malformed},
                         Row{"oxycodone -10 mg", Errc::malformed},
                         Row{"oxycodone nan mg", Errc::unknown_name},
                         Row{"oxycodone 1e5 mg", Errc::malformed},
                         Row{"oxycodone 2,5 mg", Errc::malformed},
                         Row{"fentanyl patch 25 mg", Errc::malformed},
                         Row{"speed 10 mg", Errc::contradiction},
                         Row{"nosuchthing 10 mg", Errc::unknown_name},
                         Row{"oxycodone 10 mg x99999", Errc::out_of_range},
                         Row{std::string(10'000, 'x'), Errc::too_large},
                         Row{"oxycodone " + std::string(400, '9') + " mg", Errc::malformed}}) {
    const auto read = parse_dose(row.text);
    ASSERT_FALSE(read) << row.text.substr(0, 40);
    EXPECT_TRUE(read.error().code == row.code || row.text.size() > 300)
        << row.text.substr(0, 40) << ": " << describe(read.error());
    EXPECT_FALSE(describe(read.error()).empty());
  }
}

}  // namespace
