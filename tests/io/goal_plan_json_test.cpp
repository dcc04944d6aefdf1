#include "ombre/io/goal_plan_json.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "ombre/io/network_json.hpp"
#include "ombre/io/plan_figures.hpp"
#include "ombre/io/review_json.hpp"

namespace ombre::io {
namespace {

std::string corpus(const std::string& name) {
  std::ifstream in{std::filesystem::path{OMBRE_SOURCE_DIR} / "tests/fuzz/corpus" / name,
                   std::ios::binary};
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// The document with one piece of text replaced.
std::string with(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(GoalPlanJson, AFullDocumentIsReadAndWrittenBackToTheSameBytes) {
  const auto read = parse_goal_plan(corpus("goal_plan_json/full.json"));
  ASSERT_TRUE(read) << describe(read.error());
  ASSERT_TRUE(read->plan);
  const plans::GoalPlan& plan = *read->plan;
  EXPECT_EQ(plan.version(), 2U);
  const auto& first = plan.history().at(1);
  ASSERT_EQ(first.goals.size(), 4U);
  EXPECT_EQ(first.goals[0].weekly[1].amount, 28);
  EXPECT_EQ(first.goals[0].scale->levels[2], "four a day");
  EXPECT_EQ(first.goals[2].may_evolve, false);
  EXPECT_EQ(first.activities[1].phase->way, plans::WarmTurkey::Way::sobriety_sampling);
  EXPECT_EQ(first.safer_use[0].contacts[1].whether_used, false);
  EXPECT_EQ(first.experiments[0].periods[1].trial, true);
  EXPECT_EQ(first.triggers[0].kind, plans::TriggerKind::conflict);
  EXPECT_EQ(*first.facts.age_years, 41);
  EXPECT_EQ(plan.history().change(2).from.iso(), "2026-01-07");

  const auto written = json_text(goal_plan_json(plan));
  ASSERT_TRUE(written);
  const auto again = parse_goal_plan(*written);
  ASSERT_TRUE(again && again->plan) << describe(again.error());
  EXPECT_EQ(*json_text(goal_plan_json(*again->plan)), *written);
  EXPECT_EQ(again->plan->history().at(1).goals, first.goals);
  EXPECT_EQ(again->plan->history().at(1).activities, first.activities);
  EXPECT_EQ(again->plan->history().at(1).safer_use, first.safer_use);
  EXPECT_EQ(again->plan->history().at(1).experiments, first.experiments);
}

TEST(GoalPlanJson, WhatIsWrongIsNamedWithItsPath) {
  const std::string good = corpus("goal_plan_json/full.json");
  const auto field = [](const std::string& text) {
    const auto read = parse_goal_plan(text, "plan.json");
    EXPECT_FALSE(read);
    return read ? std::string{} : read.error().field;
  };
  EXPECT_EQ(field(with(good, "\"amount\":28", "\"amount\":-28")),
            "versions[0].goals[0].weekly[1].amount");
  EXPECT_EQ(field(with(good, "\"aim\":\"reduce\"", "\"aim\":\"redcue\"")),
            "versions[0].goals[0].aim");
  EXPECT_EQ(field(with(good, "\"opened\":\"2026-01-05\",\"wanted_by\"", "\"wanted_by\"")),
            "versions[0].goals[0].opened");
  EXPECT_EQ(field(with(good, "\"goal\":\"sleep\",\"why\"", "\"goal\":\"slep\",\"why\"")),
            "versions[0].goals[1].needs[0].goal");
  EXPECT_EQ(field(with(good, "\"words\":\"Sleep through\"", "\"wrods\":\"Sleep through\"")),
            "versions[0].goals[2].wrods");
  EXPECT_EQ(field(with(good, "ombre-goal-plan-1", "ombre-goal-plan-9")), "format");
  EXPECT_EQ(field(with(good, "\"on\":\"2026-01-06\"", "\"on\":\"2026-01-01\"")),
            "versions[1].change.on");
  EXPECT_EQ(field(R"({"format":"ombre-goal-plan-1","id":"x","versions":[]})"), "versions");
  EXPECT_EQ(parse_goal_plan(good.substr(0, good.size() / 2)).error().code, Errc::malformed);
}

TEST(GoalPlanJson, ACircleTellsItsPath) {
  const auto read = parse_goal_plan(corpus("goal_plan_json/circle.json"), "plan.json");
  ASSERT_FALSE(read);
  EXPECT_NE(describe(read.error()).find("->"), std::string::npos) << describe(read.error());
  EXPECT_EQ(read.error().file, "plan.json");
}

TEST(GoalPlanJson, ARefusedVersionGivesItsFindingsAndThePlanBeforeIt) {
  const auto read = parse_goal_plan(corpus("goal_plan_json/refused.json"));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->answer, plans::Answer::refused);
  EXPECT_FALSE(read->plan);
  EXPECT_GE(read->findings.size(), 3U);
}

TEST(NetworkJson, AFullDocumentComesBackEqual) {
  const auto read = parse_network(corpus("network_json/full.json"));
  ASSERT_TRUE(read) << describe(read.error());
  EXPECT_TRUE(read->shifts[1].days.full());
  EXPECT_EQ(read->shifts[0].from_minute, 1200);
  EXPECT_EQ(read->shifts[1].to_minute, 1440);
  EXPECT_EQ(*read->contacts[0].minute, 21 * 60 + 15);
  EXPECT_EQ(read->care.preparation->substance, "heroin");
  const auto written = json_text(network_json(*read));
  ASSERT_TRUE(written);
  const auto again = parse_network(*written);
  ASSERT_TRUE(again) << describe(again.error());
  EXPECT_EQ(*again, *read);
  EXPECT_EQ(*json_text(network_json(*again)), *written);
}

TEST(NetworkJson, WhatIsWrongIsNamedWithItsPath) {
  const std::string good = corpus("network_json/full.json");
  const auto field = [](const std::string& text) {
    const auto read = parse_network(text);
    EXPECT_FALSE(read);
    return read ? std::string{} : read.error().field;
  };
  EXPECT_EQ(field(with(good, "\"20:00\"", "\"20:60\"")), "shifts[0].from");
  EXPECT_EQ(field(with(good, "\"20:00\"", "\"8pm\"")), "shifts[0].from");
  EXPECT_EQ(field(with(good, "\"monday\"", "\"mondy\"")), "shifts[0].days[0]");
  EXPECT_EQ(field(with(good, "\"wellbeing\"", "\"everything\"")), "consents[0].scopes[0]");
  EXPECT_EQ(field(with(good, "\"a\":\"mira\"", "\"a\":\"mia\"")), "ties[1].a");
  EXPECT_EQ(field(with(good, "\"done\":[\"agreed\"", "\"done\":[\"agred\"")),
            "care.preparation.done[0]");
  EXPECT_EQ(field(with(good, "\"answer\":\"more_contact\"", "\"answer\":\"sanction\"")),
            "disclosures[0].answer")
      << "no answer to telling takes something away";
  EXPECT_EQ(field(with(good, "\"purpose\":\"drug_checking\"", "\"purpose\":\"sanction\"")),
            "care.tests[0].purpose");
}

TEST(ReviewJson, WhatWasAskedComesBackEqualAndAReviewIsWritten) {
  const auto read = parse_review_questions(corpus("review_input_json/full.json"));
  ASSERT_TRUE(read) << describe(read.error());
  EXPECT_EQ(read->changes.size(), 2U);
  const auto written = json_text(review_questions_json(*read));
  EXPECT_EQ(*parse_review_questions(*written), *read);
  EXPECT_FALSE(parse_review_questions("{}"));

  const auto plan = parse_goal_plan(corpus("goal_plan_json/full.json"));
  outcomes::ReviewInput in;
  in.today = *Date::parse("2026-02-01");
  in.changes = read->changes;
  const std::vector<std::uint8_t> state(40, timeline::day_byte(timeline::UseState::amount));
  const std::vector<double> amount(40, 4.0);
  const std::vector<outcomes::UseHistory> use{
      {"alcohol", "drink_us", {state, amount, Date::parse("2025-12-24")->day_number()}}};
  const auto review = outcomes::review(*plan->plan, use, in);
  ASSERT_TRUE(review) << describe(review.error());
  const auto text = json_text(review_json(*review));
  ASSERT_TRUE(text) << describe(text.error());
  EXPECT_NE(text->find("\"ombre-review-1\""), std::string::npos);
}

TEST(PlanFigures, AreSvgWithATitleAndRefuseWhatCannotBeDrawn) {
  const auto plan = parse_goal_plan(corpus("goal_plan_json/full.json"));
  const auto goals = goal_graph_figure(plan->plan->history().at(1).goals, {});
  ASSERT_TRUE(goals) << describe(goals.error());
  EXPECT_TRUE(goals->starts_with("<svg") || goals->starts_with("<?xml"));
  EXPECT_NE(goals->find("Back to the workshop"), std::string::npos);
  EXPECT_NE(goals->find("can start now"), std::string::npos);
  EXPECT_EQ(goal_graph_figure({}, {}).error().code, Errc::empty_input);
  GoalFigureOptions narrow;
  narrow.box_width = 5;
  EXPECT_EQ(goal_graph_figure(plan->plan->now().goals, narrow).error().field, "box_width");
  EXPECT_EQ(use_and_intervals_figure({}, {}).error().code, Errc::empty_input);

  std::vector<std::uint8_t> state(60, timeline::day_byte(timeline::UseState::none));
  std::vector<double> amount(60, 0.0);
  for (const std::size_t i : {4U, 5U, 20U}) {
    state[i] = timeline::day_byte(timeline::UseState::amount);
    amount[i] = 4;
  }
  state[30] = timeline::day_byte(timeline::UseState::unknown);
  const std::vector<outcomes::UseHistory> use{
      {"alcohol", "drink_us", {state, amount, Date::parse("2026-01-01")->day_number()}}};
  const auto picture = use_and_intervals_figure(use, {});
  ASSERT_TRUE(picture) << describe(picture.error());
  EXPECT_NE(picture->find("14 days without"), std::string::npos);
  UseFigureOptions backwards;
  backwards.first = Date::parse("2026-02-01").value();
  backwards.last = Date::parse("2026-01-01").value();
  EXPECT_FALSE(use_and_intervals_figure(use, backwards));
}

}  // namespace
}  // namespace ombre::io
