// Withdrawal scores, naloxone, tolerance and the place of alcohol withdrawal. Numbers from the
// project's taper facts, sections 6, 8, 9.2 and 10, which name their sources.
#include "ombre/plans/safety.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <random>

#include "ombre/plans/withdrawal.hpp"

namespace {

using namespace ombre;
using namespace ombre::plans;

const BandSet& set_of(std::string_view id) { return *find_band_set(id); }
std::string_view band(std::string_view set, int score) { return band_of(set_of(set), score)->name; }
Date day(int n) { return *Date::parse("2024-03-01") + Days{n}; }

// COWS: below 5 none, 5-12 mild, 13-24 moderate, 25-36 moderately severe, above 36 severe.
TEST(Withdrawal, CowsBands) {
  EXPECT_EQ(band("cows-2003", 4), "none");
  EXPECT_EQ(band("cows-2003", 5), "mild");
  EXPECT_EQ(band("cows-2003", 12), "mild");
  EXPECT_EQ(band("cows-2003", 13), "moderate");
  EXPECT_EQ(band("cows-2003", 24), "moderate");
  EXPECT_EQ(band("cows-2003", 25), "moderately severe");
  EXPECT_EQ(band("cows-2003", 36), "moderately severe");
  EXPECT_EQ(band("cows-2003", 37), "severe");
  EXPECT_EQ(band("cows-2003", 48), "severe");
  EXPECT_FALSE(band_of(set_of("cows-2003"), 49));
  EXPECT_FALSE(band_of(set_of("cows-2003"), -1));
}

// CIWA-Ar, ASAM 2020 table 1: below 10 mild, 10-18 moderate, 19 and more severe; older cuts differ.
TEST(Withdrawal, CiwaArDependsOnTheNamedSet) {
  EXPECT_EQ(band("ciwa-ar-asam-2020", 9), "mild");
  EXPECT_EQ(band("ciwa-ar-asam-2020", 10), "moderate");
  EXPECT_EQ(band("ciwa-ar-asam-2020", 18), "moderate");
  EXPECT_EQ(band("ciwa-ar-asam-2020", 19), "severe");
  EXPECT_EQ(band("ciwa-ar-older", 9), "moderate");
  EXPECT_EQ(band("ciwa-ar-older", 16), "severe");
}

// CIWA-B: 1-20 mild, 21-40 moderate, 41-60 severe, 61-80 very severe. SOWS: common use, uncertain.
TEST(Withdrawal, CiwaBAndSowsBands) {
  EXPECT_EQ(band("ciwa-b-1989", 20), "mild");
  EXPECT_EQ(band("ciwa-b-1989", 21), "moderate");
  EXPECT_EQ(band("ciwa-b-1989", 41), "severe");
  EXPECT_EQ(band("ciwa-b-1989", 61), "very severe");
  EXPECT_EQ(band("sows-common-use", 10), "mild");
  EXPECT_EQ(band("sows-common-use", 11), "moderate");
  EXPECT_EQ(band("sows-common-use", 21), "severe");
}

TEST(Withdrawal, AnUncertainBandSetIsNeverTheSilentDefault) {
  EXPECT_EQ(usual_band_set(WithdrawalScale::sows), nullptr);
  EXPECT_EQ(usual_band_set(WithdrawalScale::cows)->id, "cows-2003");
  EXPECT_EQ(usual_band_set(WithdrawalScale::ciwa_ar)->id, "ciwa-ar-asam-2020");
}

TEST(Withdrawal, BandsCoverEachScaleWithoutGap) {
  for (const BandSet& set : band_sets()) {
    int next = 0;
    int rank = 0;
    for (const ScoreBand& b : set.bands) {
      EXPECT_EQ(b.low, next) << set.id;
      EXPECT_EQ(b.rank, rank++) << set.id;
      next = b.high + 1;
    }
    EXPECT_NE(set.source, nullptr);
    EXPECT_EQ(find_withdrawal_scale(name(set.scale)), set.scale);
  }
}

TEST(Withdrawal, ACowsOf13HoldsUntilThreeDaysBelow) {
  const BandSet& cows = set_of("cows-2003");
  const auto gate = [&](std::vector<WithdrawalScore> scores) { return *score_gate(cows, scores); };
  EXPECT_FALSE(gate({{day(0), 12}}).hold);
  EXPECT_TRUE(gate({{day(0), 4}, {day(2), 13}}).hold);
  EXPECT_TRUE(gate({{day(0), 4}, {day(2), 13}}).rose);
  const auto early = gate({{day(0), 15}, {day(1), 9}, {day(3), 8}});
  EXPECT_TRUE(early.hold);
  EXPECT_EQ(early.calm_since, day(1));
  const auto calm = gate({{day(0), 15}, {day(1), 9}, {day(4), 8}});
  EXPECT_FALSE(calm.hold);
  EXPECT_EQ(calm.may_go_on, day(4));
  EXPECT_TRUE(calm.next_step_half);
  // A new high score starts the count again.
  EXPECT_TRUE(gate({{day(0), 15}, {day(1), 9}, {day(3), 14}, {day(4), 9}}).hold);
}

TEST(Withdrawal, ScoresMustBeInOrderAndOnTheScale) {
  const BandSet& cows = set_of("cows-2003");
  EXPECT_EQ(score_gate(cows, {}).error().code, Errc::empty_input);
  const WithdrawalScore back[] = {{day(3), 5}, {day(1), 5}};
  EXPECT_EQ(score_gate(cows, back).error().code, Errc::contradiction);
  const WithdrawalScore high[] = {{day(3), 50}};
  EXPECT_EQ(score_gate(cows, high).error().code, Errc::out_of_range);
}

TEST(Naloxone, NothingKnownIsNoReason) { EXPECT_TRUE(naloxone_reasons({}).empty()); }

TEST(Naloxone, EachTriggerIsAReasonOfItsOwn) {
  const auto reasons = [](auto&& set) {
    SafetyFacts f;
    set(f);
    std::set<std::string_view> ids;
    for (const auto& reason : naloxone_reasons(f)) {
      EXPECT_NE(reason.source, nullptr);
      ids.insert(reason.id);
    }
    return ids;
  };
  using Ids = std::set<std::string_view>;
  EXPECT_EQ(reasons([](auto& f) { f.overdose_history = true; }), Ids{"overdose_history"});
  EXPECT_EQ(reasons([](auto& f) { f.substance_use_disorder = true; }),
            Ids{"substance_use_disorder"});
  EXPECT_EQ(reasons([](auto& f) { f.sleep_disordered_breathing = true; }),
            Ids{"sleep_disordered_breathing"});
  EXPECT_EQ(reasons([](auto& f) { f.mme_a_day = 50; }), Ids{"mme_50"});
  EXPECT_EQ(reasons([](auto& f) { f.mme_a_day = 49.9; }), Ids{});
  EXPECT_EQ(reasons([](auto& f) { f.takes_opioid = f.takes_benzodiazepine = true; }),
            Ids{"opioid_with_benzodiazepine"});
  EXPECT_EQ(reasons([](auto& f) { f.takes_benzodiazepine = true; }), Ids{});
  EXPECT_EQ(reasons([](auto& f) { f.returning_after_tolerance_loss = true; }),
            Ids{"tolerance_lost"});
  EXPECT_EQ(reasons([](auto& f) { f.kidney_or_liver_failure = true; }),
            Ids{"kidney_or_liver_failure"});
  EXPECT_EQ(reasons([](auto& f) { f.age_years = 65; }), Ids{"age_65"});
  EXPECT_EQ(reasons([](auto& f) { f.takes_opioid = f.copd = true; }), Ids{"copd"});
  EXPECT_EQ(reasons([](auto& f) { f.takes_opioid = f.heavy_alcohol = true; }),
            Ids{"heavy_alcohol"});
  EXPECT_EQ(reasons([](auto& f) { f.takes_opioid = f.mental_health_disorder = true; }),
            Ids{"mental_health_disorder"});
  EXPECT_EQ(reasons([](auto& f) { f.illicit_use = true; }), Ids{"street_drugs"});
  EXPECT_EQ(reasons([](auto& f) { f.discharge_near = true; }), Ids{"discharge"});
  EXPECT_EQ(reasons([](auto& f) { f.opioid_free_days = 3; }), Ids{"opioid_free_days"});
  EXPECT_EQ(reasons([](auto& f) { f.opioid_free_days = 2; }), Ids{});
}

TEST(Naloxone, KnowingMoreNeverTakesAReasonAway) {
  std::mt19937_64 random{3};
  for (int seed = 0; seed < 200; ++seed) {
    SafetyFacts f;
    if (random() % 2) f.takes_opioid = true;
    if (random() % 2) f.copd = true;
    if (random() % 2) f.mme_a_day = static_cast<double>(random() % 200);
    const auto before = naloxone_reasons(f).size();
    f.overdose_history = true;
    f.illicit_use = true;
    EXPECT_GE(naloxone_reasons(f).size(), before);
  }
}

// Bands of days since the last regular use: 3-14 peak, 15-28 high, 29-84 raised, later baseline.
TEST(Tolerance, BandsOfDays) {
  EXPECT_EQ(*tolerance_loss_window(0), ToleranceBand::first_days);
  EXPECT_EQ(*tolerance_loss_window(3), ToleranceBand::peak);
  EXPECT_EQ(*tolerance_loss_window(14), ToleranceBand::peak);
  EXPECT_EQ(*tolerance_loss_window(15), ToleranceBand::high);
  EXPECT_EQ(*tolerance_loss_window(28), ToleranceBand::high);
  EXPECT_EQ(*tolerance_loss_window(29), ToleranceBand::raised);
  EXPECT_EQ(*tolerance_loss_window(84), ToleranceBand::raised);
  EXPECT_EQ(*tolerance_loss_window(85), ToleranceBand::baseline);
  EXPECT_FALSE(tolerance_loss_window(-1));
  for (const auto b : {ToleranceBand::first_days, ToleranceBand::peak, ToleranceBand::baseline}) {
    EXPECT_NE(tolerance_advice(b).value.find("aloxone"), std::string_view::npos);
    EXPECT_EQ(tolerance_advice(b).confidence, Confidence::proposal);
  }
}

AlcoholCare care(SafetyFacts f, std::optional<double> grams) {
  const auto triage = alcohol_triage(
      f, grams ? std::optional{*GramsEthanol::from(*grams)} : std::optional<GramsEthanol>{});
  EXPECT_TRUE(triage);
  return triage->care;
}

// NICE: below 15 units gradual; 15-30 with SADQ 16-30 community; above 30 units or SADQ inpatient.
TEST(AlcoholTriage, TheFirstMatchWins) {
  EXPECT_EQ(care({}, 70), AlcoholCare::gradual);  // five US drinks a night
  EXPECT_EQ(care({}, 119.9), AlcoholCare::gradual);
  EXPECT_EQ(care({}, 120), AlcoholCare::community);
  EXPECT_EQ(care({}, 240), AlcoholCare::community);
  EXPECT_EQ(care({}, 240.1), AlcoholCare::inpatient);
  SafetyFacts f;
  f.sadq = 16;
  EXPECT_EQ(care(f, 70), AlcoholCare::community);
  f.sadq = 31;
  EXPECT_EQ(care(f, 70), AlcoholCare::inpatient);
  f = {};
  f.pawss = 4;
  EXPECT_EQ(care(f, 70), AlcoholCare::inpatient);
  f = {};
  f.delirium_history = true;
  EXPECT_EQ(care(f, std::nullopt), AlcoholCare::inpatient);
  f.seizure_or_confusion_now = true;
  EXPECT_EQ(care(f, 70), AlcoholCare::emergency);
}

TEST(AlcoholTriage, ReasonsAndOpenQuestionsAreNamed) {
  SafetyFacts f;
  f.sadq = 20;
  const auto triage = alcohol_triage(f, *GramsEthanol::from(150));
  ASSERT_TRUE(triage);
  EXPECT_EQ(triage->reasons.size(), 2U);
  EXPECT_NE(std::find(triage->not_known.begin(), triage->not_known.end(), "seizure_history"),
            triage->not_known.end());
  f.sadq = 61;
  EXPECT_FALSE(alcohol_triage(f, std::nullopt));
}

// Methadone: 3 days missed reassess, 5 start again; buprenorphine: more than 5 reassess.
TEST(MissedDoses, AgonistTreatment) {
  EXPECT_EQ(*after_missed_days(AgonistMedicine::methadone, 2), MissedDoses::go_on);
  EXPECT_EQ(*after_missed_days(AgonistMedicine::methadone, 3), MissedDoses::reassess);
  EXPECT_EQ(*after_missed_days(AgonistMedicine::methadone, 5), MissedDoses::start_again);
  EXPECT_EQ(*after_missed_days(AgonistMedicine::buprenorphine, 5), MissedDoses::go_on);
  EXPECT_EQ(*after_missed_days(AgonistMedicine::buprenorphine, 6), MissedDoses::reassess);
  EXPECT_FALSE(after_missed_days(AgonistMedicine::methadone, -1));
}

}  // namespace
