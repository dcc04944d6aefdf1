#include "ombre/outcomes/review.hpp"

#include <gtest/gtest.h>
#include <cmath>

#include <algorithm>
#include <deque>
#include <map>
#include <utility>

#include "ombre/core/random.hpp"
#include "ombre/core/wording.hpp"

namespace ombre::outcomes {
namespace {

using plans::Goal;
using plans::GoalAim;
using timeline::UseState;

Date day(std::string_view iso) { return *Date::parse(iso); }

// Days of one substance, kept alive for the views.
struct UseDays {
  std::vector<std::uint8_t> state;
  std::vector<double> amount;
  Date first;
  std::string substance;
  std::string unit;

  UseDays(std::string what, std::string in, std::string_view from, std::size_t n)
      : state(n, timeline::day_byte(UseState::none)),
        amount(n, 0.0),
        first{day(from)},
        substance{std::move(what)},
        unit{std::move(in)} {}
  void use(std::size_t i, double how_much) {
    state[i] = timeline::day_byte(UseState::amount);
    amount[i] = how_much;
  }
  void unknown(std::size_t i) {
    state[i] = timeline::day_byte(UseState::unknown);
    amount[i] = 0;
  }
  [[nodiscard]] Date at(std::size_t i) const { return first + Days{static_cast<int>(i)}; }
  [[nodiscard]] UseHistory history() const {
    return {substance, unit, {state, amount, first.day_number()}};
  }
};

Goal goal(std::string id, GoalAim aim, std::string substance, std::string_view opened) {
  Goal g;
  g.words = "my goal " + id;
  g.id = std::move(id);
  g.aim = aim;
  if (!substance.empty()) g.substances = {std::move(substance)};
  if (aim == GoalAim::life) g.domain = "occupational";
  g.opened = day(opened);
  return g;
}

plans::Change by_person(std::string_view on) {
  plans::Change c;
  c.what = "draft";
  c.on = day(on);
  c.from = c.on;
  c.by = {"Ada", plans::Role::person};
  c.why = "together";
  return c;
}

plans::GoalPlan plan_of(std::vector<Goal> goals, plans::GoalPlanVersion v = {}) {
  v.made_by = {{"Ada", plans::Role::person}};
  v.goals = std::move(goals);
  auto made = plans::make_goal_plan("ada", std::move(v), by_person("2026-01-01"));
  EXPECT_TRUE(made) << describe(made.error());
  EXPECT_TRUE(made->plan);
  return *made->plan;
}

const Signal* find(const Review& r, SignalKind kind) {
  for (const Signal& s : r.signals) {
    if (s.kind == kind) return &s;
  }
  return nullptr;
}
bool has(const Review& r, RefocusKind kind) {
  return std::ranges::any_of(r.refocus, [kind](const Refocus& f) { return f.kind == kind; });
}
bool has_step(const Review& r, std::string_view id) {
  return std::ranges::any_of(r.now, [id](const SafetyStep& s) { return s.id == id; });
}

// Use on days 5,6,7,20,21,40 of 60 (counted from 1): 3 episodes of 3, 2, 1 days, intervals 12, 18.
UseDays worked_example(std::string substance) {
  UseDays d{std::move(substance), "drink_us", "2026-01-01", 60};
  for (const std::size_t i : {4U, 5U, 6U, 19U, 20U, 39U}) d.use(i, 4);
  return d;
}

TEST(Reviews, TheWorkedExampleTellsLengthIntervalAndTheirTrends) {
  const UseDays d = worked_example("alcohol");
  const auto plan = plan_of({goal("dry", GoalAim::abstain_some, "alcohol", "2026-01-01")});
  ReviewInput in;
  in.today = d.at(45);
  const std::vector<UseHistory> use{d.history()};
  const auto r = review(plan, use, in);
  ASSERT_TRUE(r) << describe(r.error());
  ASSERT_EQ(r->episodes.size(), 1U);
  const ReviewEpisode& e = r->episodes[0];
  EXPECT_EQ(e.first, d.at(39));
  EXPECT_EQ(e.days, 1U);
  EXPECT_EQ(*e.days_before, 18U);
  EXPECT_EQ(e.earlier, 2U);
  EXPECT_DOUBLE_EQ(*e.usual_days, 2.5);  // 3 and 2
  EXPECT_DOUBLE_EQ(*e.usual_before, 12.0);
  EXPECT_EQ(e.length, Against::shorter);
  EXPECT_EQ(e.interval, Against::longer);
  // The first episode begins on day 5: fewer than 7 days are known before it, so its length is not
  // certain and it stays out of the trend.
  EXPECT_FALSE(e.length_trend);
  EXPECT_EQ(e.goals, (std::vector<std::string>{"dry"}));
}

TEST(Reviews, ALapseRefocusesAndNothingIsTakenAway) {
  const UseDays d = worked_example("alcohol");
  Goal dry = goal("dry", GoalAim::abstain_some, "alcohol", "2026-01-01");
  dry.milestones = {
      {"two-weeks", "two weeks without", "days", 14, true, 14, day("2026-02-04"), true}};
  Goal job = goal("job", GoalAim::life, "", "2026-01-01");
  job.status = plans::GoalStatus::reached;
  const auto plan = plan_of({dry, job});
  ReviewInput in;
  in.today = d.at(42);
  const std::vector<UseHistory> use{d.history()};
  const auto r = review(plan, use, in);
  ASSERT_TRUE(r);
  const std::string text = page(*r);
  EXPECT_NE(text.find("two weeks without"), std::string::npos);
  EXPECT_NE(text.find("my goal job"), std::string::npos);
  EXPECT_NE(text.find("Nobody takes them away"), std::string::npos);
  EXPECT_TRUE(has(*r, RefocusKind::raise_contact));
  EXPECT_TRUE(has(*r, RefocusKind::learn));
  EXPECT_TRUE(has_step(*r, "ask_about_suicide"));
  EXPECT_TRUE(has_step(*r, "contact"));
}

TEST(Reviews, UseWithinAGoalOfLessIsNoLapse) {
  UseDays d{"alcohol", "drink_us", "2026-01-05", 56};
  Goal less = goal("less", GoalAim::reduce, "alcohol", "2026-01-05");
  less.weekly = {{"alcohol", day("2026-01-05"), 28, "drink_us"}};
  for (std::size_t i = 0; i < 56; ++i) d.use(i, 4);
  const auto plan = plan_of({less});
  ReviewInput in;
  in.today = d.at(55);
  const std::vector<UseHistory> use{d.history()};
  const auto r = review(plan, use, in);
  ASSERT_TRUE(r);
  ASSERT_EQ(r->weeks.size(), 1U);
  EXPECT_EQ(*r->weeks[0].last_week, 28);
  EXPECT_EQ(r->weeks[0].course.within, 8U);
  EXPECT_TRUE(has(*r, RefocusKind::keep_going));
  EXPECT_FALSE(has_step(*r, "ask_about_suicide"));
}

TEST(Reviews, ATooSteepPlanIsEasedToWhereTheLastWeeksWere) {
  UseDays d{"alcohol", "drink_us", "2026-01-05", 56};
  Goal less = goal("less", GoalAim::reduce, "alcohol", "2026-01-05");
  for (int w = 0; w < 12; ++w) {
    less.weekly.push_back({"alcohol", day("2026-01-05") + Days{7 * w}, 35.0 - 2.5 * w, "drink_us"});
  }
  for (std::size_t i = 0; i < 56; ++i) d.use(i, 5 - 0.1 * static_cast<double>(i / 7));
  const auto plan = plan_of({less});
  ReviewInput in;
  in.today = d.at(55);
  const std::vector<UseHistory> use{d.history()};
  const auto r = review(plan, use, in);
  ASSERT_TRUE(r);
  EXPECT_EQ(find(*r, SignalKind::goal_too_steep)->strength, SignalStrength::present);
  ASSERT_EQ(r->refocus[0].kind, RefocusKind::ease);
  // The last four weeks: 32.2, 31.5, 30.8, 30.1; median 31.15, rounded up.
  EXPECT_DOUBLE_EQ(*r->refocus[0].weekly_limit, 32);

  const std::vector<std::size_t> chosen{0};
  plans::Change change = by_person("2026-03-02");
  const auto next = refocus(plan, *r, chosen, change);
  ASSERT_TRUE(next && next->plan) << describe(next.error());
  EXPECT_EQ(next->plan->version(), 2U);
  const auto& weekly = next->plan->goal("less")->weekly;
  EXPECT_EQ(weekly.size(), 9U) << "eight past limits stay, the later four wait";
  EXPECT_EQ(weekly.back().amount, 32);
  EXPECT_EQ(weekly.back().from, day("2026-03-02"));
  EXPECT_EQ(next->plan->now().next_review, day("2026-03-09"));
  EXPECT_EQ(plan.goal("less")->weekly.size(), 12U) << "the version before is as it was";
  EXPECT_FALSE(refocus(plan, *r, std::vector<std::size_t>{99}, change));
}

TEST(Reviews, ALimitThatRestsOnOldWeeksSaysWhichAndAsksFirst) {
  const auto eased = [](std::size_t unknown_weeks) {
    UseDays d{"alcohol", "drink_us", "2026-01-05", 84};
    Goal less = goal("less", GoalAim::reduce, "alcohol", "2026-01-05");
    for (int w = 0; w < 12; ++w) {
      less.weekly.push_back(
          {"alcohol", day("2026-01-05") + Days{7 * w}, 35.0 - 2.5 * w, "drink_us"});
    }
    for (std::size_t i = 0; i < 84; ++i) d.use(i, 5 - 0.05 * static_cast<double>(i / 7));
    // Weeks before the last one of which nobody knows.
    for (std::size_t i = 77 - 7 * unknown_weeks; i < 77; ++i) d.unknown(i);
    const auto plan = plan_of({less});
    ReviewInput in;
    in.today = d.at(83);  // a Sunday
    const std::vector<UseHistory> use{d.history()};
    auto r = review(plan, use, in);
    EXPECT_TRUE(r);
    return *std::move(r);
  };
  const Review fresh = eased(0);
  ASSERT_EQ(fresh.refocus.at(0).kind, RefocusKind::ease);
  // Monday 2 March to Sunday 29 March: the last four whole weeks.
  EXPECT_EQ(fresh.weeks.at(0).usual_of->first(), day("2026-03-02"));
  EXPECT_EQ(fresh.weeks.at(0).usual_of->last(), day("2026-03-29"));
  EXPECT_NE(fresh.refocus[0].says.find("2026-03-02 to 2026-03-29"), std::string::npos);
  EXPECT_EQ(fresh.refocus[0].says.find("are old"), std::string::npos) << fresh.refocus[0].says;

  // Six weeks unknown: the last one, and three of January and February; the oldest of them ended on
  // 25 January, 63 days before.
  const Review old = eased(6);
  ASSERT_EQ(old.refocus.at(0).kind, RefocusKind::ease);
  EXPECT_EQ(old.weeks.at(0).usual_of->first(), day("2026-01-19"));
  EXPECT_NE(old.refocus[0].says.find("the first of them ended 63 days ago"), std::string::npos)
      << old.refocus[0].says;
  EXPECT_TRUE(std::ranges::any_of(old.to_ask, [](const std::string& text) {
    return text.find("rests on weeks from 2026-01-19") != std::string::npos;
  }));
  EXPECT_TRUE(check_wording(old.refocus[0].says).empty());
}

TEST(Reviews, NewBurdensTriggersAndSilenceAreNamed) {
  const UseDays d = worked_example("alcohol");
  plans::GoalPlanVersion v;
  v.triggers = {{d.at(38), plans::TriggerKind::conflict, "row", true, "quiet", "a walk"}};
  const auto plan = plan_of({goal("dry", GoalAim::abstain_some, "alcohol", "2026-01-01")}, v);
  plans::SocialNetwork n;
  for (const std::size_t i : {10U, 18U, 25U, 30U}) {  // a log that was kept until then
    n.contacts.push_back({d.at(i), {}, "", plans::ContactMode::call, false});
  }
  const std::vector<FactorChange> changes{
      {d.at(30), FactorDomain::setting, "lost the flat", true, false},
      {d.at(31), FactorDomain::drug, "new antidepressant", {}, true},
      {d.at(1), FactorDomain::set, "long ago", true, false}};
  ReviewInput in;
  in.today = d.at(45);
  in.since = d.at(25);
  in.changes = changes;
  in.network = &n;
  const std::vector<UseHistory> use{d.history()};
  const auto r = review(plan, use, in);
  ASSERT_TRUE(r);
  const Signal* stressor = find(*r, SignalKind::new_stressor);
  EXPECT_EQ(stressor->strength, SignalStrength::present);
  EXPECT_NE(stressor->says.find("lost the flat"), std::string::npos);
  EXPECT_EQ(stressor->says.find("long ago"), std::string::npos) << "before the last review";
  EXPECT_EQ(find(*r, SignalKind::medication_change)->strength, SignalStrength::present);
  EXPECT_EQ(find(*r, SignalKind::trigger_learned)->strength, SignalStrength::present);
  EXPECT_EQ(find(*r, SignalKind::disconnection)->strength, SignalStrength::present);
  EXPECT_TRUE(has(*r, RefocusKind::add_support));
  EXPECT_TRUE(has(*r, RefocusKind::prepare_way_back));
}

TEST(Reviews, WhatNobodyAskedStaysNotKnown) {
  const UseDays d = worked_example("alcohol");
  const auto plan = plan_of({goal("dry", GoalAim::abstain_some, "alcohol", "2026-01-01")});
  ReviewInput in;
  in.today = d.at(45);
  const std::vector<UseHistory> use{d.history()};
  auto r = review(plan, use, in);
  EXPECT_EQ(find(*r, SignalKind::new_stressor)->strength, SignalStrength::not_known);
  EXPECT_FALSE(r->to_ask.empty());
  in.asked_for_changes = true;
  r = review(plan, use, in);
  EXPECT_EQ(find(*r, SignalKind::new_stressor)->strength, SignalStrength::not_seen);
}

TEST(Reviews, AnOpioidAfterDaysWithoutIsADangerNow) {
  UseDays d{"heroin", "g", "2026-01-01", 60};
  for (std::size_t i = 0; i < 30; ++i) d.use(i, 0.5);
  d.use(40, 0.5);
  const auto plan = plan_of({goal("none", GoalAim::abstain_some, "heroin", "2026-01-01")});
  ReviewInput in;
  in.today = d.at(41);
  const std::vector<UseHistory> use{d.history()};
  const auto r = review(plan, use, in);
  ASSERT_TRUE(r);
  EXPECT_EQ(find(*r, SignalKind::tolerance_danger)->strength, SignalStrength::present);
  for (const char* id : {"naloxone", "not_alone", "lower_tolerance"}) {
    EXPECT_TRUE(has_step(*r, id)) << id;
  }
  EXPECT_EQ(r->now.front().urgency, Urgency::now);
}

TEST(Reviews, OpioidAndSedativeOnOneDayAreSaid) {
  UseDays h{"heroin", "g", "2026-01-01", 40};
  UseDays b{"diazepam", "mg", "2026-01-01", 40};
  h.use(35, 0.5);
  b.use(34, 10);
  const auto plan = plan_of({goal("safer", GoalAim::safer_use, "heroin", "2026-01-01")});
  ReviewInput in;
  in.today = h.at(38);
  std::vector<UseHistory> use{h.history(), b.history()};
  EXPECT_FALSE(has_step(*review(plan, use, in), "mixing"));
  b.use(35, 10);
  use = {h.history(), b.history()};
  EXPECT_TRUE(has_step(*review(plan, use, in), "mixing"));
}

TEST(Reviews, LongDailyDrinkingIsNotToStopFromOneDayToTheNext) {
  UseDays d{"alcohol", "drink_us", "2026-01-01", 60};
  for (std::size_t i = 30; i < 60; ++i) d.use(i, 12);
  const auto plan = plan_of({goal("dry", GoalAim::abstain_some, "alcohol", "2026-01-01")});
  ReviewInput in;
  in.today = d.at(59);
  const std::vector<UseHistory> use{d.history()};
  const auto r = review(plan, use, in);
  EXPECT_TRUE(r->episodes[0].goes_on);
  EXPECT_TRUE(has_step(*r, "do_not_stop_suddenly"));
}

TEST(Reviews, FiveDrinksToFourIsSuccessInTheChangeVector) {
  UseDays d{"alcohol", "drink_us", "2026-01-01", 84};
  for (std::size_t i = 0; i < 84; ++i) d.use(i, i < 42 ? 5 : 4);
  const auto plan = plan_of({goal("less", GoalAim::reduce, "alcohol", "2026-01-29")});
  ReviewInput in;
  in.today = d.at(83);
  const std::vector<UseHistory> use{d.history()};
  const auto r = review(plan, use, in);
  ASSERT_TRUE(r);
  EXPECT_TRUE(plans::any_positive(r->change));
  EXPECT_FALSE(plans::any_worse(r->change));
  EXPECT_NE(page(*r).find("Better: amount on a day of use (alcohol), from 5 to 4 drink_us."),
            std::string::npos)
      << page(*r);
}

TEST(Reviews, DaysAfterTodayAreNotLookedAt) {
  const UseDays d = worked_example("alcohol");
  const auto plan = plan_of({goal("dry", GoalAim::abstain_some, "alcohol", "2026-01-01")});
  ReviewInput in;
  in.today = d.at(30);
  const std::vector<UseHistory> all{d.history()};
  UseDays cut = d;
  cut.state.resize(31);
  cut.amount.resize(31);
  const std::vector<UseHistory> short_one{cut.history()};
  EXPECT_EQ(page(*review(plan, all, in)), page(*review(plan, short_one, in)));
}

TEST(Reviews, WithoutAnyDayThereIsStillAPage) {
  const auto plan = plan_of({goal("dry", GoalAim::abstain_some, "alcohol", "2026-01-01")});
  ReviewInput in;
  in.today = day("2026-02-01");
  const auto r = review(plan, {}, in);
  ASSERT_TRUE(r);
  EXPECT_NE(page(*r).find("No use is known"), std::string::npos);
  in.since = day("2026-03-01");
  EXPECT_EQ(review(plan, {}, in).error().field, "since");
}

TEST(Reviews, LimitsAndDaysInDifferentUnitsAreNotCompared) {
  UseDays d{"alcohol", "g", "2026-01-05", 56};
  for (std::size_t i = 0; i < 56; ++i) d.use(i, 40);
  Goal less = goal("less", GoalAim::reduce, "alcohol", "2026-01-05");
  less.weekly = {{"alcohol", day("2026-01-05"), 28, "drink_us"}};
  const auto plan = plan_of({less});
  ReviewInput in;
  in.today = d.at(55);
  const std::vector<UseHistory> use{d.history()};
  const auto r = review(plan, use, in);
  EXPECT_TRUE(r->weeks.empty());
  EXPECT_TRUE(std::ranges::any_of(
      r->to_ask, [](const std::string& s) { return s.find("not compared") != std::string::npos; }));
}

// Whatever the days: a page comes out, its words judge nobody, something is always proposed, and
// what stands never shrinks when a day of use is added after it.
TEST(Reviews, HoldWhatTheyPromiseOverSeeds) {
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    SCOPED_TRACE(seed);
    RandomStream random{Seed{seed}, 0};
    std::deque<UseDays> all;
    std::vector<UseHistory> use;
    for (const char* what : {"alcohol", "heroin", "diazepam"}) {
      if (random.uniform() < 0.3) continue;
      UseDays d{what, "u", "2025-06-01", 200};
      const double share = random.uniform();
      for (std::size_t i = 0; i < 200; ++i) {
        const double x = random.uniform();
        if (x < 0.05) {
          d.unknown(i);
        } else if (random.uniform() < share * (i / 14 % 2 == 0 ? 1.0 : 0.1)) {
          d.use(i, 1 + std::floor(10 * random.uniform()));
        }
      }
      all.push_back(std::move(d));
      use.push_back(all.back().history());
    }
    Goal g = goal("g", random.uniform() < 0.5 ? GoalAim::abstain : GoalAim::reduce, "alcohol",
                  "2025-07-01");
    for (int w = 0; w < 20; ++w) {
      g.weekly.push_back({"alcohol", day("2025-07-07") + Days{7 * w}, 60.0 - 2 * w, "u"});
    }
    g.confidence = {{day("2025-07-01"), std::floor(11 * random.uniform())}};
    const auto plan = plan_of({g});
    ReviewInput in;
    in.today = day("2025-06-01") + Days{100 + static_cast<int>(random.below(100))};
    in.missing = timeline::missing_rules[random.below(4)];
    const auto r = review(plan, use, in);
    ASSERT_TRUE(r) << describe(r.error());
    EXPECT_FALSE(r->refocus.empty());
    const std::string text = page(*r);
    for (const auto& fault : check_wording(text)) {
      ADD_FAILURE() << describe(fault) << "\n" << text;
    }
    std::vector<std::size_t> chosen(r->refocus.size());
    for (std::size_t i = 0; i < chosen.size(); ++i) chosen[i] = i;
    plans::Change change = by_person("2026-01-05");
    const auto next = refocus(plan, *r, chosen, change);
    ASSERT_TRUE(next) << describe(next.error());
    ASSERT_TRUE(next->plan);
    EXPECT_EQ(next->plan->now().goals.size(), 1U);
    EXPECT_EQ(next->plan->goal("g")->status, plans::GoalStatus::open);
  }
}

TEST(Reviews, AGridGivesAPersonsHistories) {
  timeline::Grid grid;
  const UseDays d = worked_example("alcohol");
  ASSERT_TRUE(grid.append("p1", "alcohol", "drink_us", d.history().days));
  EXPECT_EQ(use_history(grid, "p1")->size(), 1U);
  EXPECT_EQ(use_history(grid, "p2").error().code, Errc::unknown_name);
  timeline::Grid study{timeline::DayAxis::study_day};
  ASSERT_TRUE(study.append("p1", "alcohol", "drink_us", d.history().days));
  EXPECT_EQ(use_history(study, "p1").error().code, Errc::contradiction);
}

TEST(Reviews, DaysOfWhichNothingIsKnownAreNotDaysWithout) {
  UseDays d{"heroin", "g", "2026-01-01", 46};
  d.use(40, 1);
  for (std::size_t i = 0; i < 38; ++i) d.unknown(i);  // two days before the use are known
  const auto plan = plan_of({goal("dry", GoalAim::abstain_some, "heroin", "2026-01-01")});
  ReviewInput in;
  in.today = d.at(41);
  const std::vector<UseHistory> use{d.history()};
  const auto r = review(plan, use, in);
  ASSERT_TRUE(r) << describe(r.error());
  ASSERT_EQ(r->episodes.size(), 1U);
  EXPECT_EQ(r->episodes[0].days_before, 2U);
  EXPECT_TRUE(r->episodes[0].at_least);
  // What is not known may have been days without: the danger is named as possible.
  const Signal* danger = find(*r, SignalKind::tolerance_danger);
  ASSERT_NE(danger, nullptr);
  EXPECT_EQ(danger->strength, SignalStrength::possible);
  EXPECT_NE(danger->says.find("up to 40 days may have been without"), std::string::npos)
      << danger->says;
  for (std::size_t i = 38; i < 40; ++i) d.unknown(i);
  const auto none = review(plan, use, in);
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->episodes[0].days_before);
  EXPECT_EQ(page(*none).find("Before it"), std::string::npos);
}

// Use on 5 and 6 January, nothing known of the 24 days after them, use on 31 January: one time of
// 27 days, or two times, the last of one day. By hand.
TEST(Reviews, UnknownDaysInsideLeaveTheLengthOpenAndNothingIsPraisedOrBlamed) {
  // Four earlier times of 8 days with 10 days between them: enough for comparisons and trends.
  UseDays past{"alcohol", "drink_us", "2025-09-01", 182};
  for (const std::size_t start : {10U, 28U, 46U, 64U}) {
    for (std::size_t k = 0; k < 8; ++k) past.use(start + k, 4);
  }
  past.use(126, 4);
  past.use(127, 4);
  for (std::size_t i = 128; i < 152; ++i) past.unknown(i);
  past.use(152, 4);
  const auto plan = plan_of({goal("dry", GoalAim::abstain_some, "alcohol", "2026-01-01")});
  ReviewInput in;
  in.today = past.at(162);
  const std::vector<UseHistory> use{past.history()};
  const auto r = review(plan, use, in);
  ASSERT_TRUE(r) << describe(r.error());
  ASSERT_EQ(r->episodes.size(), 1U);
  const ReviewEpisode& e = r->episodes[0];
  EXPECT_EQ(e.days, 27U);
  ASSERT_TRUE(e.days_at_least);
  EXPECT_EQ(*e.days_at_least, 1U);
  EXPECT_EQ(e.sure_from, past.at(152));
  EXPECT_DOUBLE_EQ(*e.usual_days, 8.0);
  EXPECT_EQ(e.length, Against::no_earlier);  // 27 is longer, 1 is shorter
  EXPECT_EQ(e.interval, Against::no_earlier);
  EXPECT_DOUBLE_EQ(*e.length_trend, 0.0);  // of the four that are known: 8, 8, 8, 8
  const std::string text = page(*r);
  EXPECT_NE(text.find("27 days, 2026-01-05 to 2026-01-31 at most"), std::string::npos) << text;
  EXPECT_NE(text.find("the last one at least 1 day long"), std::string::npos) << text;
  EXPECT_EQ(text.find("getting longer"), std::string::npos);
  EXPECT_EQ(text.find("were usual"), std::string::npos);

  // Six unknown days cannot end an episode of seven: its length is known.
  UseDays close{"alcohol", "drink_us", "2026-01-01", 60};
  close.use(20, 4);
  for (std::size_t i = 21; i < 27; ++i) close.unknown(i);
  close.use(27, 4);
  in.today = close.at(40);
  const std::vector<UseHistory> near{close.history()};
  const auto one = review(plan, near, in);
  ASSERT_TRUE(one);
  ASSERT_EQ(one->episodes.size(), 1U);
  EXPECT_EQ(one->episodes[0].days, 8U);
  EXPECT_FALSE(one->episodes[0].days_at_least);
}

TEST(Reviews, UnknownDaysInsideMayHaveCostToleranceAndThatIsSaid) {
  UseDays d{"heroin", "g", "2026-01-01", 60};
  d.use(4, 1);
  d.use(5, 1);
  for (std::size_t i = 6; i < 50; ++i) d.unknown(i);
  d.use(50, 1);
  const auto plan = plan_of({goal("dry", GoalAim::abstain_some, "heroin", "2026-01-01")});
  ReviewInput in;
  in.today = d.at(51);
  const std::vector<UseHistory> use{d.history()};
  const auto r = review(plan, use, in);
  ASSERT_TRUE(r) << describe(r.error());
  const Signal* danger = find(*r, SignalKind::tolerance_danger);
  ASSERT_NE(danger, nullptr);
  EXPECT_EQ(danger->strength, SignalStrength::possible);
  EXPECT_NE(danger->says.find("up to 44 days may have been without"), std::string::npos)
      << danger->says;
}

TEST(Reviews, PraiseNeedsDaysThatAreKnownAndNothingUrgent) {
  const auto plan = plan_of({goal("work", GoalAim::life, "", "2026-01-01")});
  UseDays d{"alcohol", "drink_us", "2026-01-01", 40};
  const auto says = [&](const std::vector<UseHistory>& use) {
    ReviewInput in;
    in.today = d.at(39);
    const auto r = review(plan, use, in);
    EXPECT_TRUE(r) << describe(r.error());
    return page(*r);
  };
  EXPECT_NE(says({d.history()}).find("what is done works for you"), std::string::npos);
  EXPECT_EQ(says({}).find("works for you"), std::string::npos);
  EXPECT_NE(says({}).find("Nothing is known of these days"), std::string::npos);
  for (std::size_t i = 0; i < 40; ++i) d.unknown(i);
  EXPECT_EQ(says({d.history()}).find("works for you"), std::string::npos);
}

TEST(Reviews, AGapInTheLogIsAskedAboutAndNotCalledNobody) {
  const UseDays d = worked_example("alcohol");
  const auto plan = plan_of({goal("dry", GoalAim::abstain_some, "alcohol", "2026-01-01")});
  plans::SocialNetwork n;
  n.contacts = {{d.at(10), {}, "", plans::ContactMode::call, false}};
  ReviewInput in;
  in.today = d.at(45);
  in.network = &n;
  const std::vector<UseHistory> use{d.history()};
  const auto r = review(plan, use, in);
  ASSERT_TRUE(r);
  EXPECT_EQ(find(*r, SignalKind::disconnection)->strength, SignalStrength::possible);
  EXPECT_EQ(page(*r).find("nobody was in touch"), std::string::npos);
  EXPECT_NE(page(*r).find("Was somebody in touch"), std::string::npos);
}

TEST(Reviews, SituationsAndScoresBringTheAxesThatDaysDoNotKnow) {
  const UseDays d = worked_example("heroin");
  const auto plan = plan_of({goal("less", GoalAim::safer_use, "heroin", "2026-01-01")});
  context::Situation before;
  before.on = day("2026-01-05");
  before.substances = {{"heroin", context::Route::injected, {}, {}}};
  context::Situation after = before;
  after.on = day("2026-02-25");
  after.substances[0].route = context::Route::smoked;
  const std::vector<context::Situation> situations{before, after};
  // Work: 0 to 8 days with 5 agreed to count; sleep without a margin; one that was scored once.
  const plans::Margin five{5, plans::MarginKind::own};
  const std::vector<plans::DatedScore> scores{{day("2026-01-05"), "top: work", 0, five, true},
                                              {day("2026-02-25"), "top: work", 8, five, true},
                                              {day("2026-01-05"), "sleep", 3, {}, true},
                                              {day("2026-02-25"), "sleep", 6, {}, true},
                                              {day("2026-02-25"), "mood", 6, five, true},
                                              {day("2026-06-25"), "mood", 9, five, true}};
  ReviewInput in;
  in.today = d.at(59);
  in.situations = situations;
  in.scores = scores;
  const std::vector<UseHistory> use{d.history()};
  const auto r = review(plan, use, in);
  ASSERT_TRUE(r) << describe(r.error());
  const auto direction = [&r](plans::ChangeAxis axis, std::string_view of) {
    for (const auto& c : r->change.axes) {
      if (c.measure.axis == axis && c.measure.of == of) return c.direction;
    }
    ADD_FAILURE() << "no axis of " << of;
    return plans::Direction::not_known;
  };
  EXPECT_EQ(direction(plans::ChangeAxis::route_risk, "heroin"), plans::Direction::improved);
  EXPECT_EQ(direction(plans::ChangeAxis::life, "top: work"), plans::Direction::improved);
  EXPECT_EQ(direction(plans::ChangeAxis::life, "mood"), plans::Direction::not_known);
  EXPECT_NE(page(*r).find("sleep went from 3 to 6. Which change of it counts is not known"),
            std::string::npos)
      << page(*r);
  for (const auto& fault : check_wording(page(*r))) ADD_FAILURE() << describe(fault);
}

TEST(Reviews, WithoutTwoWindowsOfDaysWhatElseIsKnownIsStillCompared) {
  const auto plan = plan_of({goal("work", GoalAim::life, "", "2026-01-01")});
  const std::vector<plans::DatedScore> scores{
      {day("2026-01-05"), "sure: total", 30, plans::Margin{4}, true},
      {day("2026-02-25"), "sure: total", 24, plans::Margin{4}, true}};
  ReviewInput in;
  in.today = day("2026-03-01");
  in.scores = scores;
  const auto r = review(plan, {}, in);
  ASSERT_TRUE(r) << describe(r.error());
  ASSERT_EQ(r->change.axes.size(), 1U);
  EXPECT_EQ(r->change.axes[0].direction, plans::Direction::worse);
  EXPECT_NE(page(*r).find("Harder now: sure: total, from 30 to 24."), std::string::npos)
      << page(*r);
}

TEST(Reviews, TheLongestTimeWithoutAHarmStandsWhateverHappenedWithUse) {
  const UseDays d = worked_example("alcohol");
  const auto plan = plan_of({goal("less", GoalAim::safer_use, "alcohol", "2026-01-01")});
  const plans::HarmLedger harms{{day("2025-12-01"), "arrest", ""},
                                {day("2025-12-11"), "arrest", ""}};
  ReviewInput in;
  in.today = d.at(50);  // 20 February: 71 days since, against 10 between
  in.harms = harms;
  const std::vector<UseHistory> use{d.history()};
  const auto r = review(plan, use, in);
  ASSERT_TRUE(r) << describe(r.error());
  EXPECT_NE(
      page(*r).find("71 days since the last: arrest. That is the longest time without so far."),
      std::string::npos)
      << page(*r);
}

const SafetyStep* step(const Review& r, std::string_view id) {
  const auto at = std::ranges::find(r.now, id, &SafetyStep::id);
  return at == r.now.end() ? nullptr : &*at;
}

TEST(Reviews, AnOverdoseAndThoughtsOfSuicideThatWereToldOfComeFirst) {
  const UseDays d{"heroin", "g", "2026-01-01", 60};
  const auto plan = plan_of({goal("none", GoalAim::abstain_some, "heroin", "2026-01-01")});
  const plans::HarmLedger harms{{d.at(40), "overdose", "found blue by a friend"},
                                {d.at(41), "suicide", "wanted to die"}};
  ReviewInput in;
  in.today = d.at(59);
  in.crisis_line = "988";
  const std::vector<UseHistory> use{d.history()};
  EXPECT_EQ(step(*review(plan, use, in), "after_overdose"), nullptr);
  in.harms = harms;
  const auto r = review(plan, use, in);
  for (const char* id : {"after_overdose", "suicide_was_named", "naloxone", "not_alone"}) {
    ASSERT_NE(step(*r, id), nullptr) << id;
    EXPECT_EQ(step(*r, id)->urgency, Urgency::now) << id;
  }
  EXPECT_NE(step(*r, "after_overdose")->says.find("\"found blue by a friend\""), std::string::npos);
  EXPECT_NE(step(*r, "suicide_was_named")->says.find("\"wanted to die\""), std::string::npos);
  EXPECT_NE(step(*r, "suicide_was_named")->says.find("988"), std::string::npos);
}

TEST(Reviews, ANamedItem9AsksAboutSafetyWhateverTheTotalDoes) {
  const auto plan = plan_of({goal("job", GoalAim::life, "", "2026-01-01")});
  ReviewInput in;
  in.today = day("2026-03-02");
  std::vector<plans::DatedScore> scores{{day("2026-01-01"), "phq_9: item 9", 3, {}, false},
                                        {day("2026-03-01"), "phq_9: item 9", 0, {}, false}};
  in.scores = scores;
  EXPECT_EQ(step(*review(plan, {}, in), "suicide_was_named"), nullptr);
  scores[1].value = 3;
  in.scores = scores;
  ASSERT_NE(step(*review(plan, {}, in), "suicide_was_named"), nullptr);
  EXPECT_EQ(review(plan, {}, in)->now.front().urgency, Urgency::now);
  scores = {{day("2026-03-01"), "c_ssrs: triage", 1, {}, false}};
  in.scores = scores;
  EXPECT_NE(step(*review(plan, {}, in), "suicide_was_named"), nullptr);
}

TEST(Reviews, SilenceAfterUseThatGoesOnTakesNoLineOfSafetyAway) {
  UseDays d{"heroin", "g", "2026-01-01", 120};
  for (std::size_t i = 60; i < 80; ++i) d.use(i, 0.5);
  for (std::size_t i = 80; i < 120; ++i) d.unknown(i);
  const auto plan = plan_of({goal("none", GoalAim::abstain_some, "heroin", "2026-01-01")});
  ReviewInput in;
  const std::vector<UseHistory> use{d.history()};
  // 28 days back from days 107 and 108: the last day of use is the first day looked at, or just
  // before it; day 300 lies after the table.
  for (const std::size_t today : {107U, 108U, 119U, 300U}) {
    in.today = d.at(today);
    const auto r = review(plan, use, in);
    ASSERT_TRUE(r);
    for (const char* id : {"naloxone", "not_alone", "not_known_since"}) {
      EXPECT_NE(step(*r, id), nullptr) << id << ", day " << today;
    }
    EXPECT_NE(page(*r).find("contact was lost"), std::string::npos);
    plans::SocialNetwork network;
    network.contacts = {{in.today - Days{2}, {}, "", plans::ContactMode::call, true}};
    ReviewInput in_touch = in;
    in_touch.network = &network;
    const auto told = page(*review(plan, use, in_touch));
    EXPECT_EQ(told.find("contact was lost"), std::string::npos) << told;
    EXPECT_NE(told.find("what happened since is not known"), std::string::npos) << told;
  }
  for (std::size_t i = 80; i < 120; ++i) d.state[i] = timeline::day_byte(UseState::none);
  in.today = d.at(119);
  EXPECT_TRUE(review(plan, std::vector<UseHistory>{d.history()}, in)->episodes.empty());
}

TEST(Reviews, TheDaysAfterStoppingAreDangerousAndSaidSo) {
  // Windows in days after the last use: conversions.csv, withdrawal_duration (alcohol 5-7, GHB
  // 5-15, barbiturates 7-14 days).
  struct Case {
    const char* substance;
    const char* id;
    const char* before;
    std::size_t most;
  };
  for (const Case& c :
       {Case{"alcohol", "just_stopped_alcohol", "do_not_stop_suddenly", 7},
        Case{"diazepam", "just_stopped_sedatives", "do_not_stop_sedatives", 28},
        Case{"phenobarbital", "just_stopped_barbiturates", "do_not_stop_sedatives", 14},
        Case{"GHB", "just_stopped_ghb_or_baclofen", "do_not_stop_ghb_or_baclofen", 15}}) {
    UseDays d{c.substance, "mg", "2026-01-01", 90};
    for (std::size_t i = 0; i < 40; ++i) d.use(i, 20);
    const auto plan = plan_of({goal("less", GoalAim::reduce, c.substance, "2026-01-01")});
    const std::vector<UseHistory> use{d.history()};
    ReviewInput in;
    for (std::size_t after = 0; after <= c.most + 1; ++after) {
      in.today = d.at(39 + after);
      const auto r = review(plan, use, in);
      const bool stopped = after >= 1 && after <= c.most;
      EXPECT_EQ(step(*r, c.id) != nullptr, stopped) << c.substance << ' ' << after;
      EXPECT_EQ(step(*r, c.before) != nullptr, after == 0) << c.substance << ' ' << after;
      if (stopped) {
        EXPECT_EQ(step(*r, c.id)->urgency, Urgency::now);
      }
    }
    EXPECT_TRUE(check_wording(page(*review(plan, use, in))).empty());
  }
  UseDays d{"alcohol", "drink_us", "2026-01-01", 50};
  for (std::size_t i = 0; i < 40; ++i) d.use(i, 20);
  for (std::size_t i = 40; i < 50; ++i) d.unknown(i);
  const auto plan = plan_of({goal("less", GoalAim::reduce, "alcohol", "2026-01-01")});
  ReviewInput in;
  in.today = d.at(42);
  const auto r = review(plan, std::vector<UseHistory>{d.history()}, in);
  ASSERT_NE(step(*r, "just_stopped_alcohol"), nullptr);
  ASSERT_NE(step(*r, "do_not_stop_suddenly"), nullptr);
  EXPECT_TRUE(step(*r, "do_not_stop_suddenly")->says.starts_with("If it goes on"));
}

TEST(Reviews, TwoSedativesOnOneDayAreSaidInTheWordsOfTheTable) {
  for (const auto& [one, other] : {std::pair{"alcohol", "diazepam"}, std::pair{"alcohol", "GHB"},
                                   std::pair{"GHB", "diazepam"}}) {
    UseDays a{one, "mg", "2026-01-01", 80};
    UseDays b{other, "mg", "2026-01-01", 80};
    a.use(70, 8);
    b.use(71, 20);
    const auto plan = plan_of({goal("less", GoalAim::reduce, other, "2026-01-01")});
    ReviewInput in;
    in.today = a.at(75);
    std::vector<UseHistory> use{a.history(), b.history()};
    EXPECT_EQ(step(*review(plan, use, in), "mixing_sedatives"), nullptr);
    b.use(70, 20);
    use = {a.history(), b.history()};
    const auto r = review(plan, use, in);
    for (const char* id : {"mixing_sedatives", "not_alone", "lower_sedative_tolerance"}) {
      ASSERT_NE(step(*r, id), nullptr) << one << ' ' << other << ' ' << id;
    }
    EXPECT_NE(step(*r, "mixing_sedatives")->says.find("call for help"), std::string::npos);
    EXPECT_TRUE(check_wording(page(*r)).empty());
  }
}

TEST(Reviews, NoDayOfUseHasNoAmountOnADayOfUseAndMonthsAgoIsNotLastWeek) {
  UseDays d{"alcohol", "drink_us", "2026-01-05", 112};
  for (std::size_t i = 84; i < 112; ++i) d.use(i, 5);
  Goal less = goal("less", GoalAim::reduce, "alcohol", "2026-01-05");
  less.weekly = {{"alcohol", day("2026-01-05"), 28, "drink_us"}};
  const auto plan = plan_of({less});
  ReviewInput in;
  in.today = d.at(111);
  const std::vector<UseHistory> use{d.history()};
  auto r = review(plan, use, in);
  EXPECT_EQ(page(*r).find("amount on a day of use (alcohol), from 0"), std::string::npos)
      << page(*r);
  EXPECT_EQ(r->weeks[0].last_week, 35);
  in.today = d.at(111) + Days{20};
  r = review(plan, use, in);
  EXPECT_FALSE(r->weeks[0].last_week);
  EXPECT_EQ(page(*r).find("last week 35"), std::string::npos);
}

TEST(Reviews, EveryStepOfSafetyIsARowWithItsSource) {
  std::vector<std::string_view> ids;
  for (const SafetyRule& rule : safety_rules()) {
    EXPECT_NE(rule.source, nullptr) << rule.id;
    EXPECT_EQ(std::ranges::count(ids, rule.id), 0) << rule.id;
    ids.push_back(rule.id);
  }
}

}  // namespace
}  // namespace ombre::outcomes
