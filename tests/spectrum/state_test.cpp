// States from abstinence to chaotic use: spectrum.md section 4, its rules and its edges.
#include "ombre/spectrum/state.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <cmath>

#include <random>

#include "ombre/core/wording.hpp"
#include "ombre/timeline/use_window.hpp"

using namespace ombre;
using namespace ombre::spectrum;
using substance::Class;

namespace {

using Kind = DayUse::Kind;

// A window of 90 days with `use` days of use spread over it, all of one amount, and `unknown` days
// not known at its end.
UseWindow ninety(int use, double amount = 1, int unknown = 0) {
  std::vector<DayUse> days(90);
  for (auto& day : days) day.kind = Kind::none;
  for (int i = 0; i < use; ++i) {
    const auto at = static_cast<std::size_t>(i * (90 - unknown) / use);
    days[at] = {Kind::amount, amount, false};
  }
  for (int i = 0; i < unknown; ++i) days[static_cast<std::size_t>(89 - i)] = {};
  const auto window = use_window(days);
  EXPECT_TRUE(window);
  return *window;
}

UseFacts few_criteria(int count = 0) {
  UseFacts facts;
  facts.criteria.least = facts.criteria.most = count;
  facts.harm_event = false;
  facts.tied_to_situation = false;
  facts.lifetime_occasions = 500;
  facts.first_use_in_window = false;
  return facts;
}

std::string state(const UseWindow& window, const UseFacts& facts) {
  const auto report = spectrum_state(window, facts);
  if (!report) return describe(report.error());
  return report->state ? std::string{name(*report->state)} : "not decided";
}

}  // namespace

TEST(SpectrumState, NoUseDaysAreAbstinentWhateverTheYearBeforeWas) {
  EXPECT_EQ(state(ninety(0), few_criteria(8)), "abstinent");
  EXPECT_EQ(state(ninety(0), {}), "abstinent");
  UseFacts long_ago;
  long_ago.days_since_last_use = 400;
  EXPECT_EQ(spectrum_state(ninety(0), long_ago)->abstinent_for, AbstinentFor::over_a_year);
  long_ago.days_since_last_use = 120;
  EXPECT_EQ(spectrum_state(ninety(0), long_ago)->abstinent_for,
            AbstinentFor::three_to_twelve_months);
  EXPECT_EQ(spectrum_state(ninety(0), {})->abstinent_for, AbstinentFor::not_known);
}

TEST(SpectrumState, UnderATenthOfDaysIsOccasionalAndFromThereRegular) {
  EXPECT_EQ(state(ninety(8), few_criteria()), "occasional");
  EXPECT_EQ(state(ninety(9), few_criteria()), "regular");
  EXPECT_EQ(state(ninety(44), few_criteria(1)), "regular");
  EXPECT_EQ(state(ninety(45), few_criteria(1)), "heavy");
}

TEST(SpectrumState, FirstTimesAndASituationHaveTheirOwnStates) {
  UseFacts first = few_criteria();
  first.lifetime_occasions = 3;
  EXPECT_EQ(state(ninety(3), first), "experimental");
  UseFacts exams = few_criteria();
  exams.tied_to_situation = true;
  EXPECT_EQ(state(ninety(5), exams), "circumstantial");
}

TEST(SpectrumState, TwoPeopleWithTheSameDaysMayBeInDifferentStates) {
  const UseWindow window = ninety(30);
  EXPECT_EQ(state(window, few_criteria(0)), "regular");
  EXPECT_EQ(state(window, few_criteria(3)), "harmful");
  UseFacts dependent = few_criteria(5);
  dependent.housed = true;
  dependent.crisis_event = false;
  dependent.mixing_or_harms_rising = false;
  EXPECT_EQ(state(window, dependent), "dependent_stable");
  dependent.housed = false;
  EXPECT_EQ(state(window, dependent), "dependent_unstable");
  UseFacts chaos = few_criteria(7);
  chaos.overdose_or_hospital = true;
  chaos.no_place_to_sleep = true;
  EXPECT_EQ(state(window, chaos), "chaotic");
}

TEST(SpectrumState, OneSignOfChaosIsNotEnoughAndOpenSignsLeaveItOpen) {
  UseFacts facts = few_criteria(7);
  facts.housed = false;
  facts.overdose_or_hospital = true;
  auto report = spectrum_state(ninety(60), facts);
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->possible.has(SpectrumState::chaotic));
  EXPECT_TRUE(report->possible.has(SpectrumState::dependent_unstable));
  EXPECT_FALSE(report->state);
  facts.no_place_to_sleep = false;
  facts.share_unplanned_days = 0.1;
  facts.share_three_substances = 0;
  facts.missed_of_last_four = 1;
  facts.new_legal_event = false;
  EXPECT_EQ(state(ninety(60), facts), "dependent_unstable");
}

// WHO levels decide for alcohol: 40 g a day is low for a man and medium for a woman, 65 g is high
// for a man and very high for a woman.
TEST(SpectrumState, AlcoholIsHeavyFromTheWhoLevelHigh) {
  UseFacts man = few_criteria();
  man.cls = Class::alcohol;
  man.sex = Sex::male;
  man.grams_ethanol_per_unit = 1;
  UseFacts woman = man;
  woman.sex = Sex::female;
  EXPECT_EQ(state(ninety(90, 40), man), "regular");
  EXPECT_EQ(state(ninety(90, 61), man), "heavy");
  EXPECT_EQ(state(ninety(90, 40), woman), "regular");
  EXPECT_EQ(state(ninety(90, 41), woman), "heavy");
  const auto report = spectrum_state(ninety(90, 61), man);
  EXPECT_NE(explain(*report).find("WHO level high"), std::string::npos);
}

TEST(SpectrumState, ScreensSpeakWhereTheirBandsDo) {
  UseFacts facts = few_criteria(0);
  facts.cls = Class::alcohol;
  facts.audit = 15;
  EXPECT_EQ(state(ninety(20), facts), "regular");
  facts.audit = 16;
  EXPECT_EQ(state(ninety(20), facts), "harmful");
  UseFacts cannabis = few_criteria(0);
  cannabis.cls = Class::cannabis;
  cannabis.assist = 4;
  EXPECT_EQ(state(ninety(20), cannabis), "harmful");
  cannabis.assist = 3;
  cannabis.dast_10 = 3;
  EXPECT_EQ(state(ninety(20), cannabis), "harmful");
}

TEST(SpectrumState, OpioidsFromFiftyMmeOnADayOfUseAreHeavy) {
  UseFacts facts = few_criteria();
  facts.cls = Class::opioid;
  facts.mme_per_unit = 1.5;
  EXPECT_EQ(state(ninety(10, 33), facts), "regular");
  EXPECT_EQ(state(ninety(10, 34), facts), "heavy");
}

TEST(SpectrumState, SomebodyWhoInjectsDoesNotFitRegular) {
  UseFacts facts = few_criteria();
  facts.cls = Class::opioid;
  facts.injects = true;
  EXPECT_EQ(state(ninety(15), facts), "heavy");
  facts.injects = false;
  EXPECT_EQ(state(ninety(15), facts), "regular");
}

TEST(SpectrumState, DaysAloneGiveAPatternAndLeaveTheStateOpen) {
  const auto report = spectrum_state(ninety(30), {});
  ASSERT_TRUE(report);
  EXPECT_FALSE(report->state);
  EXPECT_EQ(report->by_pattern.size(), 1);
  EXPECT_TRUE(report->by_pattern.has(SpectrumState::regular));
  EXPECT_EQ(report->possible.first(), SpectrumState::regular);
  EXPECT_EQ(report->possible.last(), SpectrumState::chaotic);
}

TEST(SpectrumState, UnderHalfOfTheDaysKnownGivesTheStatesTheDaysAllow) {
  const auto report = spectrum_state(ninety(3, 1, 60), few_criteria());
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->few_days_known);
  EXPECT_TRUE(report->possible.has(SpectrumState::occasional));
  EXPECT_TRUE(report->possible.has(SpectrumState::heavy));
  EXPECT_FALSE(report->possible.has(SpectrumState::abstinent)) << "use was seen";
  const auto none = spectrum_state(ninety(0, 1, 60), few_criteria());
  EXPECT_TRUE(none->possible.has(SpectrumState::abstinent));
  EXPECT_FALSE(none->state);
}

TEST(SpectrumState, AgonistTreatmentAndControlledDaysAreSaidBesideTheState) {
  std::vector<DayUse> days(90);
  for (auto& day : days) day = {Kind::none, 0, true};
  UseFacts facts;
  facts.on_prescribed_agonist = true;
  const auto report = spectrum_state(*use_window(days), facts);
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->in_controlled_environment);
  EXPECT_TRUE(report->on_prescribed_agonist);
  EXPECT_NE(explain(*report).find("not counted as use"), std::string::npos);
}

TEST(SpectrumState, EveryReasonNamesItsRuleAndSourceAndKeepsTheWordingRule) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    std::mt19937 random(seed);
    UseFacts facts;
    const auto maybe = [&random]() -> std::optional<bool> {
      const auto r = random() % 3;
      if (r == 0) return std::nullopt;
      return r == 1;
    };
    facts.criteria.least = static_cast<int>(random() % 8);
    facts.criteria.most = std::min(11, facts.criteria.least + static_cast<int>(random() % 4));
    facts.housed = maybe();
    facts.crisis_event = maybe();
    facts.harm_event = maybe();
    facts.overdose_or_hospital = maybe();
    facts.no_place_to_sleep = maybe();
    facts.tied_to_situation = maybe();
    const auto use = static_cast<int>(random() % 50);
    const auto report = spectrum_state(ninety(use, 1, static_cast<int>(random() % 90)), facts);
    if (!report) continue;
    EXPECT_FALSE(report->possible.empty());
    if (report->state) {
      EXPECT_EQ(report->possible.size(), 1);
    }
    for (const StateReason& reason : report->reasons) {
      ASSERT_NE(reason.source, nullptr);
      EXPECT_FALSE(reason.because.empty());
    }
    for (const WordingFault& fault : check_wording(explain(*report))) {
      ADD_FAILURE() << describe(fault);
    }
  }
}

TEST(SpectrumState, AnsweringAnOpenQuestionNeverOpensANewState) {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    UseFacts facts;
    const UseWindow window = ninety(1 + static_cast<int>(random() % 60));
    const auto before = spectrum_state(window, facts);
    ASSERT_TRUE(before);
    facts.criteria.least = static_cast<int>(random() % 12);
    facts.criteria.most = facts.criteria.least;
    const auto now = spectrum_state(window, facts);
    EXPECT_EQ(now->possible.bits & ~before->possible.bits, 0);
    facts.housed = random() % 2 == 0;
    facts.crisis_event = random() % 2 == 0;
    facts.mixing_or_harms_rising = random() % 2 == 0;
    const auto later = spectrum_state(window, facts);
    EXPECT_EQ(later->possible.bits & ~now->possible.bits, 0);
  }
}

TEST(SpectrumState, BadInputIsRefusedByName) {
  UseFacts facts;
  facts.share_unplanned_days = 1.5;
  EXPECT_EQ(spectrum_state(ninety(3), facts).error().field, "share_unplanned_days");
  facts = {};
  facts.audit = 41;
  EXPECT_EQ(spectrum_state(ninety(3), facts).error().field, "audit");
  facts = {};
  facts.missed_of_last_four = 5;
  EXPECT_FALSE(spectrum_state(ninety(3), facts));
  facts = {};
  facts.criteria = {.least = 5, .most = 3};
  EXPECT_FALSE(spectrum_state(ninety(3), facts));
  EXPECT_FALSE(spectrum_state({}, {}));
  EXPECT_FALSE(use_window({}));
  const std::vector<DayUse> bad{{Kind::amount, -1, false}};
  EXPECT_EQ(use_window(bad).error().code, Errc::out_of_range);
  const std::vector<DayUse> nan{{Kind::amount, std::nan(""), false}};
  EXPECT_EQ(use_window(nan).error().code, Errc::not_finite);
}

TEST(UseWindow, AnAmountNobodyKnowsLeavesTheMeanOpen) {
  const std::vector<DayUse> days{{Kind::amount, 3, false}, {Kind::used, 0, false}, {}};
  const auto window = use_window(days, 100);
  ASSERT_TRUE(window);
  EXPECT_FALSE(window->mean_per_day);
  EXPECT_EQ(window->observed, 2);
  EXPECT_EQ(window->days_of_use, (std::vector<std::int32_t>{100, 101}));
}

// Four weeks of 7, 14, 7, 14: mean 10.5, sample SD sqrt(4 * 3.5^2 / 3), over the mean.
TEST(UseWindow, WeeklyVariationIsStandardDeviationOverMean) {
  std::vector<DayUse> days;
  for (int week = 0; week < 4; ++week) {
    for (int d = 0; d < 7; ++d) days.push_back({Kind::amount, week % 2 == 0 ? 1.0 : 2.0, false});
  }
  const auto window = use_window(days);
  ASSERT_TRUE(window);
  EXPECT_NEAR(*window->weekly_variation, std::sqrt(4 * 3.5 * 3.5 / 3) / 10.5, 1e-12);
  days.resize(21);
  EXPECT_FALSE(use_window(days)->weekly_variation) << "three weeks are too few";
}

TEST(UseWindow, ComesFromDayRecords) {
  using timeline::day_byte;
  const std::vector<std::uint8_t> state{
      day_byte(timeline::UseState::none), day_byte(timeline::UseState::amount),
      day_byte(timeline::UseState::used), day_byte(timeline::UseState::unknown),
      day_byte(timeline::UseState::none, true)};
  const std::vector<double> amount{0, 2.5, 0, 0, 0};
  timeline::DayView view;
  view.state = state;
  view.amount = amount;
  view.first_day = 10;
  const auto window = timeline::window_of(view, 1, 90);
  ASSERT_TRUE(window);
  EXPECT_EQ(window->first_day, 11);
  EXPECT_EQ(window->days, 4);
  EXPECT_EQ(window->observed, 3);
  EXPECT_EQ(window->use_days, 2);
  EXPECT_EQ(window->controlled_days, 1);
  EXPECT_FALSE(timeline::window_of(view, 5, 1));
}

TEST(Overall, IsTheMostSevereAndDoesNotHideTheOthers) {
  std::vector<SpectrumReport> reports{*spectrum_state(ninety(0), {}),
                                      *spectrum_state(ninety(20), few_criteria(0)),
                                      *spectrum_state(ninety(5), {})};
  const auto all = overall(reports);
  ASSERT_TRUE(all);
  EXPECT_EQ(all->at_least, SpectrumState::regular);
  EXPECT_EQ(all->at_most, SpectrumState::chaotic);
  EXPECT_FALSE(overall({}));
}

// "Any positive change is success": five drinks to four, everything else the same.
TEST(Compare, AnyAxisThatImprovesCountsAndTheOthersAreShown) {
  const UseWindow five = ninety(30, 5);
  const UseWindow four = ninety(30, 4);
  const auto change = compare(five, few_criteria(), four, few_criteria());
  EXPECT_EQ(change.axes[static_cast<std::size_t>(ChangeAxis::amount)], AxisChange::improved);
  EXPECT_EQ(change.axes[static_cast<std::size_t>(ChangeAxis::frequency)], AxisChange::same);
  EXPECT_TRUE(change.any_positive);
  EXPECT_EQ(change.movement, Movement::improved);

  UseFacts harmed = few_criteria();
  harmed.harm_event = true;
  const auto mixed = compare(five, few_criteria(), four, harmed);
  EXPECT_EQ(mixed.movement, Movement::mixed);
  EXPECT_TRUE(mixed.any_positive);
}

TEST(Compare, FewerConsequencesAtTheSameUseIsAnImprovement) {
  UseFacts before = few_criteria();
  before.harm_event = true;
  const auto change = compare(ninety(30), before, ninety(30), few_criteria());
  EXPECT_EQ(change.movement, Movement::improved);
  // SIP-2R 18 over 30 days, then 9.
  EXPECT_DOUBLE_EQ(**consequences_per_use_day(18, 30), 0.6);
  EXPECT_DOUBLE_EQ(**consequences_per_use_day(9, 30), 0.3);
  EXPECT_FALSE(consequences_per_use_day(9, 0)->has_value());
  EXPECT_FALSE(consequences_per_use_day(-1, 3));
}

TEST(Compare, NothingKnownIsNoChange) {
  const auto change = compare({}, {}, {}, {});
  EXPECT_EQ(change.movement, Movement::not_known);
  EXPECT_FALSE(change.any_positive);
}

TEST(SpectrumState, NamesLeadBackToStatesAndWordsKeepTheWordingRule) {
  for (std::size_t i = 0; i < spectrum_state_count; ++i) {
    const auto s = static_cast<SpectrumState>(i);
    EXPECT_EQ(find_spectrum_state(name(s)), s);
    EXPECT_TRUE(check_wording(words(s)).empty());
  }
  EXPECT_FALSE(find_spectrum_state("sober"));
}
