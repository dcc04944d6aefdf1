// Worked scores of the instruments, their printed ranges, and what happens to missing answers.
#include "ombre/spectrum/instrument.hpp"

#include <gtest/gtest.h>
#include <cmath>
#include <span>

#include <algorithm>
#include <numeric>
#include <random>
#include <set>

#include "ombre/core/wording.hpp"
#include "ombre/plans/withdrawal.hpp"
#include "ombre/spectrum/instruments.hpp"

using namespace ombre;
using namespace ombre::spectrum;

namespace {

using Answers = std::vector<std::optional<double>>;

const Instrument& get(std::string_view id) {
  const auto found = find_instrument(id);
  EXPECT_TRUE(found) << id;
  return **found;
}

Answers all(const Instrument& instrument, double value) {
  return Answers(instrument.items, std::optional<double>{value});
}

std::string band(std::string_view id, std::string_view scheme, const Answers& answers,
                 std::optional<Sex> sex = std::nullopt) {
  const auto report = score(get(id), answers, sex);
  if (!report) return describe(report.error());
  const BandAnswer* answer = report->scheme(scheme);
  if (answer == nullptr) return "no such scheme";
  return answer->band == nullptr ? "not known" : std::string{answer->band->name};
}

std::optional<double> value(std::string_view id, std::string_view scale, const Answers& answers) {
  const auto report = score(get(id), answers);
  EXPECT_TRUE(report) << id;
  if (!report || report->scale(scale) == nullptr) return std::nullopt;
  return report->scale(scale)->value;
}

// A band of a total, without items.
std::string banded(std::string_view id, std::string_view scheme, double total,
                   std::optional<Sex> sex = std::nullopt) {
  const auto answer = band_of(get(id), scheme, total, sex);
  if (!answer) return describe(answer.error());
  return answer->band == nullptr ? "not known" : std::string{answer->band->name};
}

}  // namespace

// ---- all instruments ----------------------------------------------------------------------------

TEST(Instruments, EveryPrintedRangeIsWhatTheItemsCanReach) {
  for (const Instrument& instrument : instruments()) {
    SCOPED_TRACE(instrument.id);
    const Answers none(instrument.items);
    const auto report = score(instrument, none);
    ASSERT_TRUE(report);
    for (const ScaleScore& s : report->scales) {
      EXPECT_DOUBLE_EQ(s.least, s.scale->low) << s.scale->id;
      EXPECT_DOUBLE_EQ(s.most, s.scale->high) << s.scale->id;
      EXPECT_FALSE(s.value) << "nothing was answered";
    }
  }
}

TEST(Instruments, EverySchemeCoversItsScaleAndCitesASource) {
  std::set<std::string_view> ids;
  for (const Instrument& instrument : instruments()) {
    SCOPED_TRACE(instrument.id);
    ASSERT_NE(instrument.source, nullptr);
    EXPECT_TRUE(ids.insert(instrument.id).second);
    for (const BandScheme& scheme : instrument.schemes) {
      SCOPED_TRACE(scheme.id);
      EXPECT_TRUE(ids.insert(scheme.id).second);
      ASSERT_NE(scheme.source, nullptr);
      const Scale* scale = instrument.scale(scheme.scale);
      ASSERT_NE(scale, nullptr);
      for (const auto bands : {scheme.bands, scheme.for_women}) {
        if (bands.empty()) continue;
        for (std::size_t i = 1; i < bands.size(); ++i) {
          EXPECT_LT(bands[i - 1].up_to, bands[i].up_to);
        }
        EXPECT_GE(bands.front().up_to, scale->low);
        EXPECT_DOUBLE_EQ(bands.back().up_to, scale->high);
      }
    }
  }
}

TEST(Instruments, EveryItemHasANameThatLeadsBackToIt) {
  for (const Instrument& instrument : instruments()) {
    for (std::size_t i = 0; i < instrument.items; ++i) {
      const auto name = instrument.item_name(i);
      ASSERT_FALSE(name.empty()) << instrument.id << ' ' << i;
      EXPECT_EQ(instrument.item_place(name), i) << instrument.id << ' ' << name;
      EXPECT_EQ(instrument.item_place("item_" + std::string{name}), i);
      EXPECT_EQ(instrument.item_place(std::string{instrument.id} + "_" + std::string{name}), i);
      if (instrument.item_names.empty()) {
        EXPECT_EQ(name, std::to_string(i + 1));
        EXPECT_EQ(instrument.item_place("Q" + std::string{name}), i);
      }
    }
    EXPECT_EQ(instrument.item_name(instrument.items), "");
    EXPECT_FALSE(instrument.item_place("item99"));
    EXPECT_FALSE(instrument.item_place(""));
  }
}

// EQ-5D: Herdman 2011, the five digits of a profile; C-SSRS screener: question 6 asks twice (a
// lifetime, three months); ASSIST: question 1 is not scored, tobacco has no question 5; TOP: the
// form's order is another one, with letters for numbers.
TEST(Instruments, NamedItemsAreFoundByTheirPublishedNumberOnlyWhereItMeansOneItem) {
  const auto place = [](const char* id, const char* name) {
    return (*find_instrument(id))->item_place(name);
  };
  const auto unclear = [](const char* id, const char* name) {
    return (*find_instrument(id))->item_unclear(name);
  };
  EXPECT_EQ(place("eq_5d_5l", "1"), 0U);
  EXPECT_EQ(place("eq_5d_5l", "Q5"), 4U);
  EXPECT_EQ(place("eq_5d_5l", "eq_5d_5l_3"), 2U);
  EXPECT_FALSE(place("eq_5d_5l", "6"));
  EXPECT_FALSE(unclear("eq_5d_5l", "6"));
  EXPECT_EQ(place("c_ssrs", "5"), 4U);
  EXPECT_EQ(place("c_ssrs", "item_2"), 1U);
  for (const char* name : {"6", "q6", "item6", "c_ssrs_6", "7"}) {
    EXPECT_FALSE(place("c_ssrs", name)) << name;
    EXPECT_TRUE(unclear("c_ssrs", name)) << name;
  }
  EXPECT_EQ(place("assist_alcohol", "2"), 0U);
  EXPECT_EQ(place("assist_alcohol", "7"), 5U);
  EXPECT_EQ(place("assist_tobacco", "6"), 3U);
  EXPECT_TRUE(unclear("assist_alcohol", "1"));
  EXPECT_TRUE(unclear("assist_tobacco", "5"));
  EXPECT_FALSE(unclear("assist_alcohol", "q1"));
  EXPECT_FALSE(unclear("assist_alcohol", "8"));
  EXPECT_TRUE(unclear("top", "1"));
  EXPECT_TRUE(unclear("top", "q20"));
  EXPECT_FALSE(unclear("top", "21"));
  EXPECT_FALSE(unclear("top", "mood"));
  EXPECT_FALSE(unclear("audit", "11"));
}

TEST(Instruments, NothingScoredIsNeverAnAnswerAndMoreAnswersNeverWidenTheRange) {
  for (const Instrument& instrument : instruments()) {
    SCOPED_TRACE(instrument.id);
    for (unsigned seed = 1; seed <= 20; ++seed) {
      std::mt19937 random(seed);
      Answers full(instrument.items);
      for (std::size_t i = 0; i < full.size(); ++i) {
        const ItemKind* kind = instrument.kind_of(i);
        if (kind == nullptr) continue;
        double v = kind->low;
        do {
          v = kind->low +
              static_cast<double>(random() % static_cast<unsigned>(kind->high - kind->low + 1));
        } while (kind->only != 0 && ((kind->only >> static_cast<unsigned>(v)) & 1U) == 0);
        full[i] = v;
      }
      std::vector<std::size_t> order(full.size());
      std::iota(order.begin(), order.end(), std::size_t{0});
      std::shuffle(order.begin(), order.end(), random);
      Answers some(full.size());
      auto before = score(instrument, some);
      ASSERT_TRUE(before);
      for (const std::size_t i : order) {
        some[i] = full[i];
        const auto now = score(instrument, some);
        ASSERT_TRUE(now) << describe(now.error());
        for (std::size_t s = 0; s < now->scales.size(); ++s) {
          const ScaleScore& a = before->scales[s];
          const ScaleScore& b = now->scales[s];
          EXPECT_GE(b.least, a.least - 1e-9);
          EXPECT_LE(b.most, a.most + 1e-9);
          for (std::size_t k = 0; k < b.bands.size(); ++k) {
            // A band that was decided without the missing answers stays.
            if (a.bands[k].band != nullptr && !a.value) {
              EXPECT_EQ(a.bands[k].band, b.bands[k].band);
            }
          }
          if (b.value) {
            EXPECT_GE(*b.value, b.least - 1e-9);
            EXPECT_LE(*b.value, b.most + 1e-9);
          }
        }
        before = now;
      }
      for (const ScaleScore& s : before->scales) {
        EXPECT_TRUE(s.value) << s.scale->id;
        EXPECT_NEAR(s.least, s.most, 1e-9);
      }
    }
  }
}

TEST(Instruments, EveryTextKeepsTheWordingRule) {
  for (const Explanation& page : explain_instruments()) {
    for (const WordingFault& fault : check_wording(page.title + ". " + page.text)) {
      ADD_FAILURE() << page.name << ": " << describe(fault);
    }
    EXPECT_FALSE(page.sources.empty()) << page.name;
  }
}

TEST(Instruments, AreFoundInAnySpellingAndRefusedByNameWhenUnknown) {
  EXPECT_EQ(get("AUDIT-C").id, "audit_c");
  EXPECT_EQ(get("phq 9").id, "phq_9");
  const auto none = find_instrument("mood-o-meter");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, Errc::unknown_name);
  EXPECT_NE(none.error().rule.find("audit_c"), std::string::npos);
}

// ---- worked scores ------------------------------------------------------------------------------

// metrics.md 9 and the cut-offs of spectrum.md 3.
TEST(Audit, ZonesChangeAtEightSixteenAndTwenty) {
  EXPECT_EQ(banded("audit", "audit_zones", 7), "zone I");
  EXPECT_EQ(banded("audit", "audit_zones", 8), "zone II");
  EXPECT_EQ(banded("audit", "audit_zones", 15), "zone II");
  EXPECT_EQ(banded("audit", "audit_zones", 16), "zone III");
  EXPECT_EQ(banded("audit", "audit_zones", 19), "zone III");
  EXPECT_EQ(banded("audit", "audit_zones", 20), "zone IV");
  EXPECT_EQ(value("audit", "total", {4, 3, 2, 1, 0, 0, 1, 2, 2, 4}), 19);
}

TEST(Audit, TheLastTwoItemsCountZeroTwoOrFour) {
  Answers answers = all(get("audit"), 0);
  answers[8] = 1;
  const auto report = score(get("audit"), answers);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().field, "audit.item 9");
  EXPECT_EQ(report.error().value, "1");
  EXPECT_NE(describe(report.error()).find("must be one of 0 2 4"), std::string::npos);
}

TEST(AuditC, IsPositiveFromFourForMenAndThreeForWomen) {
  EXPECT_EQ(band("audit_c", "audit_c_screen", {1, 1, 1}, Sex::female), "positive");
  EXPECT_EQ(band("audit_c", "audit_c_screen", {1, 1, 1}, Sex::male), "negative");
  EXPECT_EQ(band("audit_c", "audit_c_screen", {2, 1, 1}, Sex::male), "positive");
}

TEST(AuditC, WithoutSexOnlyWhatBothColumnsAgreeOnIsAnAnswer) {
  EXPECT_EQ(band("audit_c", "audit_c_screen", {1, 1, 1}), "not known");
  EXPECT_EQ(band("audit_c", "audit_c_screen", {2, 2, 1}), "positive");
  EXPECT_EQ(band("audit_c", "audit_c_screen", {0, 1, 1}), "negative");
  const auto report = score(get("audit_c"), Answers{1, 1, 1});
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->scheme("audit_c_screen")->needs_sex);
  EXPECT_EQ(report->scheme("audit_c_screen")->possible.size(), 2u);
}

TEST(AuditC, AMissingAnswerLeavesTheScoreOpenUnlessItCannotMatter) {
  const auto report = score(get("audit_c"), Answers{4, std::nullopt, 2}, Sex::male);
  ASSERT_TRUE(report);
  const ScaleScore& total = *report->scale("total");
  EXPECT_FALSE(total.value);
  EXPECT_EQ(total.least, 6);
  EXPECT_EQ(total.most, 10);
  // 6 or more is positive whatever the second answer is.
  ASSERT_NE(report->scheme("audit_c_screen")->band, nullptr);
  EXPECT_EQ(report->scheme("audit_c_screen")->band->name, "positive");
  EXPECT_EQ(band("audit_c", "audit_c_screen", {1, std::nullopt, 0}, Sex::male), "not known");
}

TEST(Assist, AlcoholIsLowUpToTenAndOthersUpToThree) {
  EXPECT_EQ(banded("assist_alcohol", "assist_alcohol_risk", 10), "low");
  EXPECT_EQ(banded("assist_alcohol", "assist_alcohol_risk", 11), "moderate");
  EXPECT_EQ(banded("assist_other", "assist_other_risk", 4), "moderate");
  EXPECT_EQ(banded("assist_other", "assist_other_risk", 26), "moderate");
  EXPECT_EQ(banded("assist_other", "assist_other_risk", 27), "high");
  EXPECT_EQ(value("assist_other", "total", {6, 4, 4, 0, 3, 0}), 17);
}

TEST(Assist, AFrequencyOfOneIsNoAnswerOfItsSecondQuestion) {
  EXPECT_FALSE(score(get("assist_other"), Answers{1, 0, 0, 0, 0, 0}));
  EXPECT_FALSE(score(get("assist_tobacco"), Answers{0, 0, 0, 0, 4}));
}

TEST(Assist, InjectingEveryWeekAsksForMoreThanABriefIntervention) {
  EXPECT_EQ(assist_injecting_advice(AssistInjecting::weekly_or_in_runs).value,
            "further assessment and more intensive treatment");
  EXPECT_EQ(assist_injecting_advice(AssistInjecting::never).value, "nothing to add to the scores");
}

TEST(Dast, TheThirdItemIsTurnedRound) {
  // "No" to everything: unable to stop counts 1.
  EXPECT_EQ(value("dast_10", "total", all(get("dast_10"), 0)), 1);
  EXPECT_EQ(value("dast_10", "total", {0, 0, 1, 0, 0, 0, 0, 0, 0, 0}), 0);
  EXPECT_EQ(value("dast_10", "total", all(get("dast_10"), 1)), 9);
  EXPECT_EQ(banded("dast_10", "dast_10_degree", 2), "low");
  EXPECT_EQ(banded("dast_10", "dast_10_degree", 3), "moderate");
  EXPECT_EQ(banded("dast_10", "dast_10_degree", 6), "substantial");
  EXPECT_EQ(banded("dast_10", "dast_10_degree", 9), "severe");
}

TEST(Ftnd, FiveIsMediumAndTheHeavinessIndexIsTwoOfItsItems) {
  EXPECT_EQ(banded("ftnd", "ftnd_dependence", 5), "medium");
  EXPECT_EQ(banded("ftnd", "ftnd_dependence", 6), "high");
  EXPECT_EQ(value("ftnd", "total", {3, 1, 0, 2, 1, 0}), 7);
  EXPECT_EQ(value("hsi", "total", {3, 2}), 5);
  EXPECT_EQ(banded("hsi", "hsi_heaviness", 5), "high");
}

TEST(Sds, TheCutOffDependsOnTheSubstance) {
  const Answers four{1, 1, 1, 1, 0};
  EXPECT_EQ(band("sds", "sds_cannabis", four), "dependence likely");
  // "Greater than 4": Topp & Mattick 1997.
  EXPECT_EQ(band("sds", "sds_amphetamine", four), "below");
  EXPECT_EQ(banded("sds", "sds_amphetamine", 5), "dependence likely");
  EXPECT_EQ(band("sds", "sds_benzodiazepine", four), "below");
  EXPECT_EQ(banded("sds", "sds_benzodiazepine", 7), "dependence likely");
  for (const BandScheme& scheme : get("sds").schemes) {
    if (scheme.id == "sds_heroin") {
      EXPECT_EQ(scheme.confidence, Confidence::uncertain);
    }
  }
}

TEST(Instruments, TheirPageNamesEveryItemAndItsValues) {
  for (const Explanation& page : explain_instruments()) {
    const Instrument& instrument = get(page.name);
    EXPECT_NE(page.text.find("Items and their values: "), std::string::npos) << page.name;
    if (instrument.item_names.empty()) continue;
    for (std::size_t i = 0; i < instrument.items; ++i) {
      EXPECT_NE(page.text.find(instrument.item_name(i)), std::string::npos)
          << page.name << ' ' << instrument.item_name(i);
    }
  }
  const auto all = explain_instruments();
  const auto phq = std::ranges::find(all, "phq_9", &Explanation::name);
  ASSERT_NE(phq, all.end());
  EXPECT_NE(phq->text.find("q1 to q9: 0 to 3."), std::string::npos) << phq->text;
  const auto cssrs = std::ranges::find(all, "c_ssrs", &Explanation::name);
  ASSERT_NE(cssrs, all.end());
  EXPECT_NE(cssrs->text.find("q6_three_months: 0 or 1"), std::string::npos) << cssrs->text;
}

TEST(Screens, CutOffsAreAsListed) {
  EXPECT_EQ(banded("sadq", "sadq_severity", 15), "mild");
  EXPECT_EQ(banded("sadq", "sadq_severity", 30), "moderate");
  EXPECT_EQ(banded("sadq", "sadq_severity", 31), "severe");
  EXPECT_EQ(banded("ldq", "ldq_dependence", 10), "low to moderate");
  EXPECT_EQ(banded("ldq", "ldq_dependence", 21), "high");
  EXPECT_EQ(banded("cudit_r", "cudit_r_bands", 8), "hazardous use");
  EXPECT_EQ(banded("cudit_r", "cudit_r_bands", 12), "possible disorder");
  EXPECT_EQ(banded("dudit", "dudit_bands", 6, Sex::male), "drug-related problems");
  EXPECT_EQ(banded("dudit", "dudit_bands", 5, Sex::male), "below");
  EXPECT_EQ(banded("dudit", "dudit_bands", 2, Sex::female), "drug-related problems");
  EXPECT_EQ(banded("dudit", "dudit_bands", 25), "dependence likely");
  EXPECT_EQ(banded("cage_aid", "cage_aid_screen", 1), "negative");
  EXPECT_EQ(banded("cage_aid", "cage_aid_sensitive", 1), "positive");
  EXPECT_EQ(banded("pawss", "pawss_risk", 4), "high risk");
  EXPECT_EQ(banded("barc_10", "barc_10_47", 47), "47 or more");
  EXPECT_EQ(banded("phq_9", "phq_9_severity", 9), "mild");
  EXPECT_EQ(banded("phq_9", "phq_9_severity", 20), "severe");
  EXPECT_EQ(banded("gad_7", "gad_7_severity", 15), "severe");
}

TEST(Withdrawal, BandsAreThoseOfThePlansModule) {
  const auto same = [](std::string_view instrument, std::string_view scheme, std::string_view set) {
    const plans::BandSet* bands = plans::find_band_set(set);
    ASSERT_NE(bands, nullptr);
    for (int total = 0; total <= bands->bands.back().high; ++total) {
      const auto there = plans::band_of(*bands, total);
      ASSERT_TRUE(there);
      EXPECT_EQ(banded(instrument, scheme, total), there->name) << set << ' ' << total;
    }
  };
  same("cows", "cows_2003", "cows-2003");
  same("ciwa_ar", "ciwa_ar_asam_2020", "ciwa-ar-asam-2020");
  same("ciwa_ar", "ciwa_ar_older", "ciwa-ar-older");
  same("sows", "sows_common_use", "sows-common-use");
}

TEST(Cows, GoosefleshOfFourDoesNotExist) {
  Answers answers = all(get("cows"), 0);
  answers[10] = 4;
  EXPECT_FALSE(score(get("cows"), answers));
  answers[10] = 5;
  EXPECT_EQ(value("cows", "total", answers), 5);
}

// URICA: means 2, 4, 3.5 and 3 give 4 + 3.5 + 3 - 2 = 8.5 (worked by hand).
TEST(Urica, ReadinessAddsThreeMeansAndTakesPrecontemplationOff) {
  const Instrument& urica = get("urica");
  Answers answers(32);
  const auto put = [&](std::initializer_list<int> items, std::initializer_list<double> values) {
    auto v = values.begin();
    for (const int item : items) answers[static_cast<std::size_t>(item - 1)] = *v++;
  };
  put({1, 5, 11, 13, 23, 26, 29}, {2, 2, 2, 2, 2, 2, 2});
  put({2, 8, 12, 15, 19, 21, 24}, {4, 4, 4, 4, 4, 4, 4});
  put({3, 7, 10, 14, 17, 25, 30}, {5, 5, 5, 5, 2, 2, 1});
  put({6, 16, 18, 22, 27, 28, 32}, {3, 3, 3, 3, 3, 3, 3});
  const auto report = score(urica, answers);
  ASSERT_TRUE(report) << describe(report.error());
  // (5*4 + 2 + 2 + 1) / 7 = 25/7.
  EXPECT_NEAR(*report->scale("action")->value, 25.0 / 7, 1e-12);
  EXPECT_NEAR(*report->scale("readiness")->value, 4 + 25.0 / 7 + 3 - 2, 1e-12);
  EXPECT_EQ(report->scheme("urica_stage")->band->name, "contemplation");
  EXPECT_EQ(banded("urica", "urica_stage", 8), "precontemplation");
  EXPECT_EQ(banded("urica", "urica_stage", 11), "contemplation");
  EXPECT_EQ(banded("urica", "urica_stage", 11.5), "preparation or action");
}

TEST(Urica, TheFourItemsThatDoNotCountMayBeAnsweredOrNot) {
  Answers answers(32);
  for (std::size_t i = 0; i < 32; ++i) {
    if (get("urica").kind_of(i) != nullptr) answers[i] = 3;
  }
  EXPECT_EQ(value("urica", "readiness", answers), 6);
  answers[3] = 5;
  answers[30] = 1;
  EXPECT_EQ(value("urica", "readiness", answers), 6);
}

TEST(Socrates, ScalesHaveSevenFourAndEightItems) {
  const auto answers = all(get("socrates_8"), 5);
  EXPECT_EQ(value("socrates_8", "recognition", answers), 35);
  EXPECT_EQ(value("socrates_8", "ambivalence", answers), 20);
  EXPECT_EQ(value("socrates_8", "taking_steps", answers), 40);
}

TEST(Dtcq, IsTheMeanOfPercents) {
  EXPECT_EQ(value("dtcq_8", "confidence", {20, 40, 60, 80, 100, 0, 50, 50}), 50);
  EXPECT_FALSE(score(get("dtcq_8"), all(get("dtcq_8"), 101)));
}

// metrics.md 9: mean 3.5 -> 62.5.
TEST(Whoqol, AMeanOfThreeAndAHalfIsSixtyTwoAndAHalfOfAHundred) {
  Answers answers = all(get("whoqol_bref"), 3);
  // Environment: items 8, 9, 12, 13, 14, 23, 24, 25; half of them 4 gives a mean of 3.5.
  for (const std::size_t item : {8U, 9U, 12U, 13U}) answers[item - 1] = 4;
  EXPECT_DOUBLE_EQ(*value("whoqol_bref", "environment", answers), 14);
  EXPECT_DOUBLE_EQ(*value("whoqol_bref", "environment_100", answers), 62.5);
}

TEST(Whoqol, ThreeItemsAreTurnedRound) {
  Answers answers = all(get("whoqol_bref"), 5);
  // Physical: two of seven items are turned round: (5*5 + 1 + 1) / 7 * 4.
  EXPECT_NEAR(*value("whoqol_bref", "physical", answers), 27.0 / 7 * 4, 1e-12);
}

TEST(Whoqol, TwoMissingItemsOfADomainAreReplacedAndThreeAreNot) {
  Answers answers = all(get("whoqol_bref"), 3);
  answers[8 - 1] = std::nullopt;
  answers[9 - 1] = std::nullopt;
  const auto two = score(get("whoqol_bref"), answers);
  ASSERT_TRUE(two);
  EXPECT_DOUBLE_EQ(*two->scale("environment")->value, 12);
  EXPECT_TRUE(two->scale("environment")->replaced);
  EXPECT_LT(two->scale("environment")->least, 12);
  answers[12 - 1] = std::nullopt;
  EXPECT_FALSE(value("whoqol_bref", "environment", answers));
}

TEST(Whodas, OneMissingItemOfTwelveCountsAsTheMeanOfTheOthers) {
  Answers answers = all(get("whodas_12"), 2);
  answers[4] = std::nullopt;
  EXPECT_EQ(value("whodas_12", "total", answers), 24);
  answers[5] = std::nullopt;
  EXPECT_FALSE(value("whodas_12", "total", answers));
}

TEST(Sure, FiveFactorsAddUpToTheTotal) {
  Answers answers = all(get("sure"), 2);
  answers[0] = 3;
  answers[20] = 1;
  const auto report = score(get("sure"), answers);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->scale("total")->value, 42);
  EXPECT_EQ(report->scale("substance_use")->value, 13);
  EXPECT_EQ(report->scale("outlook")->value, 5);
  EXPECT_EQ(report->scale("total")->scale->higher, Higher::better);
}

TEST(Bam, ScalesAreUseRiskAndProtection) {
  const auto answers = [] {
    Answers a = all(get("bam"), 1);
    a[4 - 1] = 4;
    return a;
  }();
  EXPECT_EQ(value("bam", "use", answers), 6);
  EXPECT_EQ(value("bam", "risk", answers), 6);
  EXPECT_EQ(value("bam", "protective", answers), 6);
}

TEST(Drinc, ControlItemsDoNotCount) {
  Answers answers = all(get("drinc_2r"), 0);
  for (const std::size_t item : {5U, 15U, 25U, 35U, 45U}) answers[item - 1] = 3;
  EXPECT_EQ(value("drinc_2r", "total", answers), 0);
  EXPECT_EQ(value("drinc_2r", "total", all(get("drinc_2r"), 3)), 135);
}

TEST(CssrsScreener, TheHighestItemDecides) {
  EXPECT_EQ(band("c_ssrs", "c_ssrs_triage", {1, 1, 0, 0, 0, 0, 0}), "low");
  EXPECT_EQ(band("c_ssrs", "c_ssrs_triage", {1, 0, 0, 0, 0, 1, 0}), "moderate");
  EXPECT_EQ(band("c_ssrs", "c_ssrs_triage", {0, 0, 0, 0, 1, 0, 0}), "high");
  EXPECT_EQ(band("c_ssrs", "c_ssrs_triage", {0, 0, 0, 0, 0, 0, 0}), "none named");
}

TEST(CssrsScreener, AYesToPlanIsHighEvenWhenNothingElseWasAsked) {
  Answers answers(7);
  answers[4] = 1;
  EXPECT_EQ(band("c_ssrs", "c_ssrs_triage", answers), "high");
  answers[4] = 0;
  EXPECT_EQ(band("c_ssrs", "c_ssrs_triage", answers), "not known");
}

TEST(Phq, TheNinthItemIsAnsweredForItself) {
  Answers answers = all(get("phq_9"), 0);
  answers[8] = 1;
  EXPECT_EQ(band("phq_9", "phq_9_severity", answers), "minimal");
  EXPECT_EQ(band("phq_9", "phq_9_item_9", answers), "named");
}

TEST(Asi, CompositesAreNeverAddedUp) {
  EXPECT_EQ(get("asi").scale("total"), nullptr);
  EXPECT_EQ(value("asi", "drug", {0.1, 0.2, 0.3, 0.25, 0, 0, 0.5}), 0.25);
}

// ---- how it answers -----------------------------------------------------------------------------

TEST(Score, NamedAnswersMayComeInAnyOrder) {
  const std::vector<NamedAnswer> named{{"Q3", 2.0}, {"audit_c_1", 4.0}, {"2", 1.0}};
  const auto report = score(get("audit_c"), named);
  ASSERT_TRUE(report) << describe(report.error());
  EXPECT_EQ(report->scale("total")->value, 7);
}

TEST(Score, AnUnknownItemAndAnItemTwiceAreRefusedByName) {
  const std::vector<NamedAnswer> unknown{{"1", 2.0}, {"mood", 4.0}};
  const auto first = score(get("audit_c"), unknown);
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().code, Errc::unknown_name);
  EXPECT_EQ(first.error().value, "mood");
  EXPECT_EQ(first.error().row, 1u);
  const std::vector<NamedAnswer> twice{{"1", 2.0}, {"q1", 2.0}};
  const auto second = score(get("audit_c"), twice);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::duplicate);
}

TEST(Score, NumbersOutsideTheRangeNotWholeOrNotFiniteAreRefused) {
  EXPECT_EQ(score(get("audit_c"), Answers{5, 0, 0}).error().code, Errc::out_of_range);
  EXPECT_EQ(score(get("audit_c"), Answers{1.5, 0, 0}).error().code, Errc::out_of_range);
  EXPECT_EQ(score(get("audit_c"), Answers{-1, 0, 0}).error().code, Errc::out_of_range);
  EXPECT_EQ(score(get("audit_c"), Answers{std::nan(""), 0, 0}).error().code, Errc::not_finite);
  EXPECT_EQ(score(get("audit_c"), Answers{1e300, 0, 0}).error().code, Errc::out_of_range);
  EXPECT_EQ(score(get("audit_c"), Answers{0, 0}).error().code, Errc::size_mismatch);
}

TEST(BandOf, RefusesAnUnknownSchemeAndATotalOutsideTheScale) {
  EXPECT_EQ(band_of(get("audit"), "audit_zone", 3).error().code, Errc::unknown_name);
  EXPECT_EQ(band_of(get("audit"), "audit_zones", 41).error().code, Errc::out_of_range);
  EXPECT_EQ(band_of(get("audit"), "audit_zones", std::nan("")).error().code, Errc::not_finite);
}

// metrics.md 9: 0.60, 0.65, 0.75 at 0, 0.5 and 1 year -> 0.6625.
TEST(QualityAdjustedYears, FollowTheTrapezoidRule) {
  const std::vector<double> years{0, 0.5, 1};
  const std::vector<double> utility{0.60, 0.65, 0.75};
  EXPECT_NEAR(*quality_adjusted_years(years, utility), 0.6625, 1e-15);
}

TEST(QualityAdjustedYears, RefuseTimesThatDoNotAscendAndUtilitiesAboveOne) {
  const std::vector<double> back{0, 0};
  const std::vector<double> two{0.5, 0.5};
  const std::vector<double> years{0, 1};
  const std::vector<double> above{0.5, 1.5};
  EXPECT_EQ(quality_adjusted_years(back, two).error().code, Errc::out_of_range);
  EXPECT_EQ(quality_adjusted_years(years, above).error().code, Errc::out_of_range);
  EXPECT_EQ(quality_adjusted_years(std::span{years}.first(1), two).error().code, Errc::empty_input);
}
