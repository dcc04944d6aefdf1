#include "ombre/io/abstinence_json.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace {

namespace io = ombre::io;
namespace oc = ombre::outcomes;

io::AbstinencePlan read(const std::string& text) {
  auto plan = io::parse_abstinence_plan(text);
  if (!plan) ADD_FAILURE() << describe(plan.error());
  return plan ? *std::move(plan) : io::AbstinencePlan{};
}

TEST(AbstinenceJson, MeasuresAloneGetTheDefaultConfiguration) {
  const auto plan = read(R"({"measures":[
    {"kind":"continuous","start_visit":"1","end_visit":"4"},
    {"kind":"point_prevalence","days":7,"end_visit":"4"},
    {"kind":"prolonged","quit_visit":"1","grace_days":14,"lapse":"5 cigs/7 days","end_visit":"4"}
  ]})");
  ASSERT_EQ(plan.configurations.size(), 1U);
  EXPECT_EQ(plan.configurations[0], oc::AbstinenceRules{});
  ASSERT_EQ(plan.measures.size(), 3U);
  EXPECT_EQ(plan.measures[0].id, "cont_v1_v4");
  EXPECT_EQ(plan.measures[1].id, "pp7_v4");
  EXPECT_EQ(plan.measures[2].id, "prol_q1_g14_5units_per_7days_v4");
  EXPECT_EQ(plan.measures[2].lapse.window_days, 7);
}

TEST(AbstinenceJson, EveryKeyIsRead) {
  const auto plan = read(R"({"format":"ombre-abstinence-1",
    "configurations":[{"name":"main","cutoff":2.5,
      "follow_back":{"duplicates":"drop_all",
        "outliers":{"lowest":0,"highest":40,"action":"move_to_bound"},
        "gaps":1.5,"gap_limit":14,"gap_limit_rule":"published","last_record":0.5},
      "biochemical":{"cutoff":4,"half_life_days":0.25,"max_days":3,"duplicates":"max",
        "outliers":{"lowest":0,"highest":99,"action":"drop"},"overridden_amount":5},
      "visits":{"duplicates":"min","fill":{"1":23,"0":-3},"anchor":"2"},
      "mode":"responders_only","including_end":true}],
    "measures":[{"id":"x","kind":"prolonged","quit_visit":"1","lapse":"3 days/7 days",
      "lapse_at":"at_least","lapse_window":"days","end_visit":"4"}]})");
  const oc::AbstinenceRules& rules = plan.configurations.at(0);
  EXPECT_EQ(rules.name, "main");
  EXPECT_EQ(rules.cutoff, 2.5);
  EXPECT_EQ(rules.duplicates, oc::DuplicateRule::drop_all);
  EXPECT_EQ(rules.outliers, (oc::OutlierRule{0, 40, false}));
  EXPECT_EQ(rules.gaps, oc::GapFill::fixed);
  EXPECT_EQ(rules.gap_amount, 1.5);
  EXPECT_EQ(rules.gap_limit, 14);
  EXPECT_EQ(rules.gap_limit_rule, oc::GapLimitRule::published);
  EXPECT_EQ(rules.last_record, oc::LastRecord::fixed);
  EXPECT_EQ(rules.last_amount, 0.5);
  ASSERT_TRUE(rules.biochemical);
  EXPECT_EQ(rules.biochemical->half_life_days, 0.25);
  EXPECT_EQ(rules.biochemical->max_days, 3);
  EXPECT_EQ(rules.biochemical->duplicates, oc::DuplicateRule::max);
  EXPECT_EQ(rules.biochemical->outliers, (oc::OutlierRule{0, 99, true}));
  EXPECT_EQ(rules.biochemical->overridden_amount, 5);
  EXPECT_EQ(rules.visit_duplicates, oc::DuplicateRule::min);
  EXPECT_EQ(rules.visits, oc::VisitFill::table);
  EXPECT_EQ(rules.visit_table.size(), 2U);
  EXPECT_EQ(rules.anchor_visit, "2");
  EXPECT_EQ(rules.mode, oc::AbstinenceMode::responders_only);
  EXPECT_TRUE(rules.including_end);
  EXPECT_EQ(plan.measures[0].lapse.at, oc::LapseAt::at_least);
  EXPECT_EQ(plan.measures[0].lapse.window, oc::LapseWindow::days);
}

TEST(AbstinenceJson, EveryChoiceComesBackFromItsText) {
  io::AbstinencePlan plan;
  for (int i = 0; i < 60; ++i) {
    oc::AbstinenceRules rules;
    rules.name = "c" + std::to_string(i);
    rules.duplicates = static_cast<oc::DuplicateRule>(i % 5);
    rules.visit_duplicates = static_cast<oc::DuplicateRule>((i + 2) % 5);
    rules.gaps = static_cast<oc::GapFill>(i % 4);
    if (rules.gaps == oc::GapFill::fixed) rules.gap_amount = 0.1 * i;
    rules.last_record = static_cast<oc::LastRecord>(i % 3);
    if (rules.last_record == oc::LastRecord::fixed) rules.last_amount = 3;
    if (i % 2 == 0) rules.gap_limit = i;
    rules.gap_limit_rule = static_cast<oc::GapLimitRule>(i % 2);
    rules.visits = static_cast<oc::VisitFill>((i / 3) % 4);
    if (rules.visits == oc::VisitFill::table) rules.visit_table = {{"a", i}, {"b", -i}};
    if (i % 7 == 0) rules.anchor_visit = "a";
    if (i % 4 == 1) rules.outliers = oc::OutlierRule{-1.0, 1.0 * i, i % 8 == 1};
    if (i % 3 == 1) {
      rules.biochemical = oc::BiochemicalRule{};
      rules.biochemical->max_days = i;
      if (i % 2 == 0) rules.biochemical->overridden_amount = i;
    }
    rules.mode = static_cast<oc::AbstinenceMode>(i % 2);
    rules.including_end = i % 5 == 0;
    plan.configurations.push_back(rules);
  }
  const auto measures = read(R"({"measures":[
    {"kind":"continuous","start_visit":"a","end_visit":"b"},
    {"kind":"point_prevalence","days":9,"end_visit":"b"},
    {"kind":"prolonged","quit_visit":"a","lapse":"no lapse","end_visit":"b"},
    {"kind":"prolonged","quit_visit":"a","lapse":"2.5 drinks","end_visit":"b"},
    {"kind":"prolonged","quit_visit":"a","lapse":"2 days/5 days","lapse_at":"more_than",
     "lapse_window":"days","end_visit":"b"}]})");
  plan.measures = measures.measures;
  const auto text = io::json_text(io::abstinence_plan_json(plan));
  ASSERT_TRUE(text);
  EXPECT_EQ(read(*text), plan);
}

TEST(AbstinenceJson, WhatIsWrongIsNamedWithItsPath) {
  struct Case {
    const char* text;
    const char* field;
    ombre::Errc code;
  };
  const Case cases[] = {
      {"{}", "measures", ombre::Errc::missing},
      {R"({"measures":[]})", "measures", ombre::Errc::empty_input},
      {R"({"measures":[{}]})", "measures[0].kind", ombre::Errc::missing},
      {R"({"measures":[{"kind":"continous"}]})", "measures[0].kind", ombre::Errc::unknown_name},
      {R"({"measures":[{"kind":"continuous","end_visit":"4"}]})", "measures[0].start_visit",
       ombre::Errc::missing},
      {R"({"measures":[{"kind":"continuous","start_visit":"1","end_visit":"4","days":7}]})",
       "measures[0].days", ombre::Errc::unknown_name},
      {R"({"measures":[{"kind":"point_prevalence","days":0,"end_visit":"4"}]})", "measures[0].days",
       ombre::Errc::out_of_range},
      {R"({"measures":[{"kind":"prolonged","quit_visit":"1","lapse":"5","end_visit":"4"}]})",
       "measures[0].lapse", ombre::Errc::malformed},
      {R"({"measures":[{"kind":"point_prevalence","days":7,"end_visit":"4"},
                       {"kind":"point_prevalence","days":7,"end_visit":"4"}]})",
       "measures[1].id", ombre::Errc::duplicate},
      {R"({"configurations":[],"measures":[]})", "configurations", ombre::Errc::empty_input},
      {R"({"configurations":[{"name":"a"},{"name":"a"}],"measures":[]})", "configurations[1].name",
       ombre::Errc::duplicate},
      {R"({"configurations":[{"cutoff":-1}],"measures":[]})", "configurations[0].cutoff",
       ombre::Errc::out_of_range},
      {R"({"configurations":[{"follow_back":{"gaps":"liner"}}],"measures":[]})",
       "configurations[0].follow_back.gaps", ombre::Errc::unknown_name},
      {R"({"configurations":[{"follow_back":{"gaps":-2}}],"measures":[]})",
       "configurations[0].follow_back.gaps", ombre::Errc::out_of_range},
      {R"({"configurations":[{"follow_back":{"outliers":{"lowest":0}}}],"measures":[]})",
       "configurations[0].follow_back.outliers.highest", ombre::Errc::missing},
      {R"({"configurations":[{"follow_back":{"outliers":{"lowest":9,"highest":1,
         "action":"drop"}}}],"measures":[]})",
       "configurations[0].follow_back.outliers.highest", ombre::Errc::out_of_range},
      {R"({"configurations":[{"biochemical":{"half_life_days":1}}],"measures":[]})",
       "configurations[0].biochemical.cutoff", ombre::Errc::missing},
      {R"({"configurations":[{"biochemical":{"cutoff":4,"half_life_days":0}}],"measures":[]})",
       "configurations[0].biochemical.half_life_days", ombre::Errc::out_of_range},
      {R"({"configurations":[{"visits":{"fill":{"1":2.5}}}],"measures":[]})",
       "configurations[0].visits.fill.1", ombre::Errc::out_of_range},
      {R"({"configurations":[{"visits":{"fill":{}}}],"measures":[]})",
       "configurations[0].visits.fill", ombre::Errc::missing},
      {R"({"configurations":[{"mode":"itt"}],"measures":[]})", "configurations[0].mode",
       ombre::Errc::unknown_name},
      {R"({"configurations":[{"including_end":1}],"measures":[]})",
       "configurations[0].including_end", ombre::Errc::malformed},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.text);
    const auto plan = io::parse_abstinence_plan(c.text, "measures.json");
    ASSERT_FALSE(plan);
    EXPECT_EQ(plan.error().field, c.field) << describe(plan.error());
    EXPECT_EQ(name(plan.error().code), name(c.code)) << describe(plan.error());
    EXPECT_EQ(plan.error().file, "measures.json");
  }
}

}  // namespace
