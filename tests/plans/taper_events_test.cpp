// Advice on the way: section 9.2 of the project's taper facts.
#include "ombre/plans/taper_events.hpp"

#include "taper_builder.hpp"

namespace {

using namespace taper_test;  // NOLINT: tests

TaperPlan opioid_plan() {
  Terminal t;
  t.smallest = 10;
  return plan_for(
      request_of(line_of("morphine", {60, 60}, {{TwoPhaseRule{10, 30, t}}}), weeks_of(4)));
}

const BandSet& cows() { return *find_band_set("cows-2003"); }

TEST(TaperEvents, ACowsOfThirteenSaysHoldAndThreeCalmDaysSayHalfAStep) {
  const TaperPlan plan = opioid_plan();
  const WithdrawalScore high[] = {{day("2024-02-06"), 6}, {day("2024-02-08"), 13}};
  const auto hold_now = advice_on_scores(plan, cows(), high);
  ASSERT_TRUE(hold_now);
  EXPECT_EQ(hold_now->suggestion, Suggestion::hold);
  EXPECT_EQ(hold_now->review, day("2024-02-15"));
  EXPECT_FALSE(hold_now->pace);
  const TaperPlan held =
      done(hold(plan, day("2024-02-08"), *hold_now->review, decided("2024-02-08")));
  const WithdrawalScore calm[] = {
      {day("2024-02-08"), 13}, {day("2024-02-10"), 9}, {day("2024-02-13"), 7}};
  const auto go = advice_on_scores(held, cows(), calm);
  ASSERT_TRUE(go);
  EXPECT_EQ(go->suggestion, Suggestion::resume);
  EXPECT_TRUE(go->half_next_step);
  EXPECT_EQ(go->may_go_on, day("2024-02-13"));
}

TEST(TaperEvents, TheSecondHoldInFourStepsHalvesThePaceForGood) {
  TaperPlan plan = opioid_plan();
  plan = done(hold(plan, day("2024-02-08"), day("2024-02-15"), decided("2024-02-08")));
  plan = done(resume(plan, day("2024-02-19"), false, decided("2024-02-15")));
  EXPECT_EQ(holds_in_last_steps(plan, 4, day("2024-02-25")), 1);
  const WithdrawalScore high[] = {{day("2024-02-25"), 14}};
  const auto advice = advice_on_scores(plan, cows(), high);
  ASSERT_TRUE(advice);
  EXPECT_EQ(advice->suggestion, Suggestion::hold);
  ASSERT_TRUE(advice->pace);
  EXPECT_EQ(advice->pace->denominator, 2);
  // Far later the first hold no longer counts.
  EXPECT_EQ(holds_in_last_steps(plan, 4, day("2024-09-25")), 0);
}

TEST(TaperEvents, SevereAlcoholOrBenzodiazepineWithdrawalIsAnEmergency) {
  const WithdrawalScore high[] = {{day("2024-02-08"), 19}};
  const auto advice = advice_on_scores(opioid_plan(), *find_band_set("ciwa-ar-asam-2020"), high);
  ASSERT_TRUE(advice);
  EXPECT_EQ(advice->suggestion, Suggestion::emergency);
}

TEST(TaperEvents, LowScoresGoOn) {
  const WithdrawalScore low[] = {{day("2024-02-08"), 4}};
  EXPECT_EQ(advice_on_scores(opioid_plan(), cows(), low)->suggestion, Suggestion::go_on);
}

TEST(TaperEvents, EveryEventHasAnAnswerThatKeepsTheCare) {
  const TaperPlan plan = opioid_plan();
  const Date on = day("2024-02-08");
  EXPECT_EQ(advice_on(plan, TaperEvent::hard_time, on).suggestion, Suggestion::hold);
  EXPECT_EQ(advice_on(plan, TaperEvent::hard_time, on).review, on + Days{28});
  EXPECT_EQ(advice_on(plan, TaperEvent::use_above_step, on).suggestion, Suggestion::hold);
  EXPECT_EQ(advice_on(plan, TaperEvent::asks_to_stop, on).suggestion, Suggestion::stop_tapering);
  EXPECT_EQ(advice_on(plan, TaperEvent::asks_faster, on).suggestion, Suggestion::speed_up);
  EXPECT_EQ(advice_on(plan, TaperEvent::severe, on).suggestion, Suggestion::emergency);
  EXPECT_NE(advice_on(plan, TaperEvent::use_above_step, on).text.find("naloxone"),
            std::string::npos);
  for (const auto event : {TaperEvent::hard_time, TaperEvent::use_above_step,
                           TaperEvent::asks_faster, TaperEvent::asks_to_stop, TaperEvent::severe}) {
    const TaperAdvice advice = advice_on(plan, event, on);
    EXPECT_NE(advice.source, nullptr);
    for (const char* word : {"fail", "clean", "dirty", "addict", "abuse", "relapse", "comply"}) {
      EXPECT_EQ(advice.text.find(word), std::string::npos) << advice.text;
    }
    EXPECT_EQ(find_taper_event(name(event)), event);
  }
}

}  // namespace
