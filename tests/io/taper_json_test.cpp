#include "ombre/io/taper_json.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "ombre/plans/taper_guard.hpp"
#include "plans/taper_examples.hpp"

namespace {

namespace io = ombre::io;
using namespace taper_test;  // NOLINT: tests

std::string text_of(const io::Json& json) {
  auto text = io::json_text(json);
  EXPECT_TRUE(text) << (text ? "" : describe(text.error()));
  return text ? *text : "";
}

std::string with(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

// A request as a person writes it: the shortest that is one.
const std::string shortest_request = R"({
  "format": "ombre-taper-request-1",
  "plan_id": "p1",
  "made_on": "2024-01-01",
  "by": {"name": "Dr. Example", "role": "clinician"},
  "lines": [{
    "substance": {"from_tables": "diazepam", "prescribed": true},
    "per": "day",
    "today": [{"amount": "20 mg"}],
    "goal": {"kind": "zero"},
    "rule": [{"kind": "bands", "bands": [{"above": 5, "step": 1}, {"above": 0, "step": 0.5}]}]
  }],
  "calendar": {"start": "2024-01-08", "step_length": "2 weeks"},
  "facts": {"person_agrees": true, "supervision": "clinician", "next_contact": "2024-01-15"}
})";

std::string error_of_request(const std::string& text) {
  const auto read = io::parse_taper_request(text, "r.json");
  EXPECT_FALSE(read);
  return read ? "" : describe(read.error());
}

// ---- requests ----------------------------------------------------------------------------------

TEST(TaperJson, AShortRequestIsThePlanOfTheSameRequestInCode) {
  const auto read = io::parse_taper_request(shortest_request);
  ASSERT_TRUE(read) << describe(read.error());
  TaperRequest same =
      request_of(line_of("diazepam", {20}, {{BandRule{{{5, 1}, {0, 0.5}}}}}), weeks_of(2));
  same.plan_id = "p1";
  same.why = "";
  same.facts = {};
  same.facts.person_agrees = true;
  same.facts.supervision = Supervision::clinician;
  same.facts.next_contact = day("2024-01-15");
  EXPECT_EQ(text_of(io::taper_request_json(*read)), text_of(io::taper_request_json(same)));
  EXPECT_TRUE(answer_to(*read).plan);
}

TEST(TaperJson, EveryKindOfRequestComesBackInTheSameBytes) {
  for (const NamedRequest& example : example_requests()) {
    SCOPED_TRACE(example.name);
    const std::string text = text_of(io::taper_request_json(example.request));
    const auto read = io::parse_taper_request(text);
    ASSERT_TRUE(read) << describe(read.error()) << text;
    EXPECT_EQ(text_of(io::taper_request_json(*read)), text);
    // And asks for the same plan.
    EXPECT_EQ(text_of(io::taper_plan_json(plan_for(*read))),
              text_of(io::taper_plan_json(plan_for(example.request))));
  }
}

TEST(TaperJson, EveryPublishedRuleComesBack) {
  for (const NamedRule& rule : named_rules()) {
    SCOPED_TRACE(rule.id);
    TaperRequest r = example_requests()[2].request;
    r.lines[0].rule = rule.phases;
    const std::string text = text_of(io::taper_request_json(r));
    const auto read = io::parse_taper_request(text);
    ASSERT_TRUE(read) << describe(read.error());
    EXPECT_EQ(read->lines[0].rule, rule.phases);
    EXPECT_EQ(text_of(io::taper_request_json(*read)), text);
  }
}

TEST(TaperJson, EveryClassOfSubstanceComesBack) {
  for (int c = 0; c <= static_cast<int>(substance::Class::other); ++c) {
    TaperRequest r = example_requests()[2].request;
    TaperSubstance& what = r.lines[0].what;
    what.id = "own";
    what.cls = static_cast<substance::Class>(c);
    what.prescribed = c % 2 == 0;
    what.agonist_treatment = c % 3 == 0;
    what.mme_per_unit = 0.1 + 0.2;
    what.diazepam_mg_low.reset();
    what.diazepam_mg_high.reset();
    what.ethanol_g_per_unit = 14;
    what.species = {{"itself", *HalfLife::from_hours(1.0 / 3, 7)}};
    const std::string text = text_of(io::taper_request_json(r));
    const auto read = io::parse_taper_request(text);
    ASSERT_TRUE(read) << describe(read.error());
    EXPECT_EQ(read->lines[0].what.cls, what.cls);
    EXPECT_EQ(read->lines[0].what.mme_per_unit, what.mme_per_unit);
    EXPECT_EQ(read->lines[0].what.species[0].half_life.low_hours(), 1.0 / 3);
    EXPECT_EQ(text_of(io::taper_request_json(*read)), text);
  }
}

TEST(TaperJson, EveryFormOfProductComesBack) {
  TaperRequest r = example_requests()[2].request;
  auto& products = r.lines[0].products;
  for (int f = 0; f <= static_cast<int>(Form::liquid); ++f) {
    const Form form = static_cast<Form>(f);
    if (form == Form::liquid) {
      products.push_back(liquid(0.4, 0.05, 12.5));
    } else if (form == Form::patch) {
      products.push_back(*Product::patch(mg(21), 3, "large"));
    } else {
      products.push_back(*Product::piece(
          form, mg(2), may_be_divided(form) ? Division::quarters : Division::whole));
    }
  }
  products.push_back(tablet(0.000004, Division::quarters).out_of_stock());
  const std::string text = text_of(io::taper_request_json(r));
  const auto read = io::parse_taper_request(text);
  ASSERT_TRUE(read) << describe(read.error());
  EXPECT_EQ(read->lines[0].products, products);
  EXPECT_EQ(text_of(io::taper_request_json(*read)), text);
}

TEST(TaperJson, EveryFactComesBackAndWhatIsNotKnownStaysUnknown) {
  SafetyFacts all = asked_and_fine();
  all.specialist_involved = all.seizure_or_confusion_now = all.recent_stressor = false;
  all.serious_illness = all.takes_opioid = all.takes_alcohol = all.overdose_history = true;
  all.substance_use_disorder = all.sleep_disordered_breathing = all.copd = false;
  all.kidney_or_liver_failure = all.heavy_alcohol = all.mental_health_disorder = true;
  all.illicit_use = all.returning_after_tolerance_loss = all.discharge_near = all.qt_risk = false;
  all.age_years = 44.5;
  all.opioid_free_days = 3;
  all.mme_a_day = 120;
  all.pawss = 2;
  for (const SafetyFacts& facts : {SafetyFacts{}, all}) {
    TaperRequest r = example_requests()[2].request;
    r.facts = facts;
    const auto read = io::parse_taper_request(text_of(io::taper_request_json(r)));
    ASSERT_TRUE(read) << describe(read.error());
    EXPECT_EQ(read->facts, facts);
  }
}

TEST(TaperJson, ASubstitutionIsWorkedOutAsInCode) {
  const std::string text = R"({
    "format": "ombre-taper-request-1", "plan_id": "cross-taper", "made_on": "2024-01-01",
    "by": {"name": "Dr. Example", "role": "clinician"}, "why": "agreed together",
    "lines": [{
      "substance": {"from_tables": "alprazolam", "prescribed": true}, "per": "day",
      "today": [{"amount": "0.5 mg", "label": "morning", "time": "08:05"}, {"amount": "0.5 mg"},
                {"amount": "0.5 mg"}]}],
    "substitute": {"to": "diazepam", "stage": "1 week", "then_named": "ashton-2-weeks",
      "goal": {"kind": "zero"},
      "products": [{"form": "tablet", "strength": "2 mg", "division": "halves"},
                   {"form": "tablet", "strength": "5 mg", "division": "halves"},
                   {"form": "tablet", "strength": "10 mg"},
                   {"form": "liquid", "per_ml": "1 mg", "graduation": "0.5 mL",
                    "largest": "20 mL"}]},
    "calendar": {"start": "2024-01-08", "step_length": "2 weeks"}})";
  const auto read = io::parse_taper_request(text);
  ASSERT_TRUE(read) << describe(read.error());
  TaperRequest same = alprazolam_to_diazepam();
  same.plan_id = "cross-taper";
  same.facts = {};
  EXPECT_EQ(text_of(io::taper_request_json(*read)), text_of(io::taper_request_json(same)));
  const auto twice = io::parse_taper_request(
      with(text, "\"per\": \"day\",", "\"per\": \"day\", \"goal\": {\"kind\": \"zero\"},"), "r");
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().field, "lines[0].goal");
}

TEST(TaperJson, ALowDoseStartIsWorkedOut) {
  const std::string text = R"({
    "format": "ombre-taper-request-1", "plan_id": "start", "made_on": "2024-01-01",
    "by": {"name": "Dr. Example", "role": "clinician"},
    "lines": [{
      "substance": {"from_tables": "methadone", "prescribed": true, "agonist_treatment": true},
      "per": "day", "today": [{"amount": "40 mg"}]}],
    "low_dose_start": {"rule": "buprenorphine-low-dose-start", "agonist_percent_a_week": 25,
      "agonist_basis": "original",
      "products": [{"form": "sublingual tablet", "strength": "2 mg", "division": "quarters"},
                   {"form": "sublingual tablet", "strength": "8 mg"}]},
    "calendar": {"start": "2024-01-08"}})";
  const auto read = io::parse_taper_request(text);
  ASSERT_TRUE(read) << describe(read.error());
  ASSERT_EQ(read->lines.size(), 2U);
  EXPECT_EQ(read->lines[1].what.id, "buprenorphine");
  EXPECT_EQ(*read->lines[1].original, mg(12));
  EXPECT_TRUE(read->substitution);
  // The basis of the percentage is left open by the table and must be said.
  const std::string silent = with(text, "\"agonist_basis\": \"original\",", "");
  EXPECT_EQ(error_of_request(silent), "r.json, low_dose_start.agonist_basis: is required");
}

TEST(TaperJson, ProductsMayBeThoseOfAMarket) {
  const std::string text = with(shortest_request, "\"per\": \"day\",",
                                R"("per": "day", "products": {"market": "UK", "kinds": ["tablet"],
              "tablets_are_scored": true},)");
  const auto read = io::parse_taper_request(text);
  ASSERT_TRUE(read) << describe(read.error());
  EXPECT_FALSE(read->lines[0].products.empty());
  for (const Product& product : read->lines[0].products) EXPECT_EQ(product.form(), Form::tablet);
  EXPECT_NE(
      error_of_request(with(text, "\"tablet\"", "\"pill\"")).find("lines[0].products.kinds[0]"),
      std::string::npos);
}

TEST(TaperJson, ACurveMayBeGivenByTwoPoints) {
  // 20 mg at 80 %, 2.9 mg at half of Emax 0.92: values of Emax 0.92 and ED50 3 by hand.
  const std::string text = with(
      shortest_request,
      R"("rule": [{"kind": "bands", "bands": [{"above": 5, "step": 1}, {"above": 0, "step": 0.5}]}])",
      R"("rule": [{"kind": "equal_effect", "steps": 8, "curve": {"points": [
          {"dose": 20, "effect": 0.8}, {"dose": 3, "effect": 0.46}]}}])");
  const auto read = io::parse_taper_request(text);
  ASSERT_TRUE(read) << describe(read.error());
  const auto& rule = std::get<EffectRule>(read->lines[0].rule[0].rule);
  EXPECT_NEAR(rule.curve.emax(), 0.92, 1e-12);
  EXPECT_NEAR(rule.curve.ed50(), 3, 1e-12);
}

TEST(TaperJson, AmountsAreExact) {
  for (const char* amount : {"0.000001 mg", "999999999.999999 mg", "0.1 mg", "12.5 mg"}) {
    const auto read = io::parse_taper_request(with(shortest_request, "20 mg", amount));
    ASSERT_TRUE(read) << describe(read.error());
    EXPECT_EQ(text(read->lines[0].intakes[0].amount), amount);
  }
}

struct Refusal {
  const char* from;
  const char* to;
  const char* says;  // after "r.json, "
};

TEST(TaperJson, WhatIsWrongIsNamedWithItsPathAndValue) {
  const Refusal cases[] = {
      {"\"plan_id\": \"p1\",", "", "plan_id: is required"},
      {"\"plan_id\": \"p1\",", "\"plan_id\": \"a\\nb\",",
       "plan_id = \"a\\x0ab\": must be one line without control characters"},
      {"ombre-taper-request-1", "ombre-taper-plan-1",
       "format = \"ombre-taper-plan-1\": must be \"ombre-taper-request-1\""},
      {"\"per\": \"day\",", "", "lines[0].per: is required"},
      {"\"per\": \"day\",", "\"per\": \"month\",",
       "lines[0].per = \"month\": must be one of day, week"},
      {"\"prescribed\": true", "\"prescribed\": \"yes\"",
       "lines[0].substance.prescribed = \"yes\": must be true or false, and is a text"},
      {", \"prescribed\": true", "", "lines[0].substance.prescribed: is required"},
      {"\"diazepam\"", "\"diazepan\"",
       "lines[0].substance.from_tables = \"diazepan\": is not a substance in the "
       "catalogue; did you mean diazepam?"},
      {"\"diazepam\"", "\"methadone\"",
       "lines[0].substance.agonist_treatment: is required for opioids: true as treatment of "
       "dependence, false for pain"},
      {"\"20 mg\"", "20",
       "lines[0].today[0].amount = \"20\": must be a text with a unit, such as \"12.5 mg\""},
      {"\"20 mg\"", "\"20\"",
       "lines[0].today[0].amount = \"20\": must name its unit, as in 12.5 mg"},
      {"\"20 mg\"", "\"-20 mg\"",
       "lines[0].today[0].amount = \"-20 mg\": must begin with a plain decimal number of 0 or "
       "more, "
       "as in 12.5 mg"},
      {"\"20 mg\"", "\"20.1234567 mg\"",
       "lines[0].today[0].amount = \"20.1234567 mg\": must have no more than six decimals"},
      {"\"20 mg\"", "\"2000000000 mg\"",
       "lines[0].today[0].amount = \"2000000000 mg\": must be 0 to 1000000000"},
      {"[{\"amount\": \"20 mg\"}]", "[]",
       "lines[0].today: is required: what is taken today, one amount per intake"},
      {"{\"amount\": \"20 mg\"}", "{\"amount\": \"20 mg\", \"time\": \"24:00\"}",
       "lines[0].today[0].time = \"24:00\": must be a time of day such as \"08:30\""},
      {"{\"kind\": \"zero\"}", "{\"kind\": \"none\"}",
       "lines[0].goal.kind = \"none\": must be one of zero, lower_amount, safer_pattern, "
       "undecided"},
      {"{\"kind\": \"zero\"}", "{\"kind\": \"lower_amount\"}",
       "lines[0].goal.amount: is required for this kind of goal"},
      {"{\"kind\": \"zero\"}", "{\"kind\": \"lower_amount\", \"amount\": \"5 drinks\"}",
       "lines[0].goal.amount: must have the unit of today's amount"},
      {"\"kind\": \"bands\"", "\"kind\": \"band\"",
       "lines[0].rule[0].kind = \"band\": must be one of percent, bands, equal_effect, two_phase, "
       "rows, fade, stay (did you mean \"bands\"?)"},
      {"\"step\": 1}", "\"step\": 0}",
       "lines[0].rule[0].bands[0].step = \"0\": must be above 0 and at most 1000000000"},
      {"\"step\": 1}", "\"stepp\": 1}", "lines[0].rule[0].bands[0].step: is required"},
      {"\"step\": 1}", "\"step\": 1, \"below\": 9}",
       "lines[0].rule[0].bands[0].below: is not a known key here"},
      {"\"calendar\": {", "\"calendar\": {\"strat\": 1, ",
       "calendar.strat: is not a known key here (did you mean \"start\"?)"},
      {", \"step_length\": \"2 weeks\"", "",
       "calendar.step_length: is required: how long each step lasts, such as \"2 weeks\""},
      {"\"2 weeks\"", "\"2weeks\"",
       "calendar.step_length = \"2weeks\": must be a number of days, weeks or months, such as \"2 "
       "weeks\""},
      {"\"2 weeks\"", "\"0 weeks\"",
       "calendar.step_length = \"0 weeks\": must be a step of at least 1 day and at most 10 years"},
      {"\"2024-01-08\"", "\"2024-02-30\"", "calendar.start = \"2024-02-30\""},
      {"\"step_length\"", "\"free_days\": [\"2024-05-01\", \"2024-04-01\"], \"step_length\"",
       "calendar.free_days[1] = \"2024-04-01\": must be later than the one before"},
      {"\"step_length\"", "\"avoid_weekdays\": [\"friday\", \"friday\"], \"step_length\"",
       "calendar.avoid_weekdays[1] = \"friday\": stands twice"},
      {"\"clinician\"}", "\"doctor\"}",
       "by.role = \"doctor\": must be one of person, clinician, pharmacist, companion, team"},
      {"\"person_agrees\": true", "\"sadq\": 61", "facts.sadq = \"61\": must be from 0 to 60"},
      {"\"person_agrees\": true", "\"person_agree\": true",
       "facts.person_agree: is not a known key here (did you mean \"person_agrees\"?)"},
      {"\"facts\"", "\"guidelines\": [\"cdc\"], \"facts\"",
       "guidelines[0] = \"cdc\": is not a pace limit"},
      {"\"facts\"", "\"accept_uncertain\": [\"a\", \"a\"], \"facts\"",
       "accept_uncertain: names \"a\" twice"},
      {"\"facts\"", "\"overrides\": [{\"rule\": \"x\", \"reason\": \"y\"}], \"facts\"",
       "overrides[0].by: is required"},
      {"\"lines\": [{", "\"lines\": [{}, {}, {}, {}, {", "lines: must be a list of at most 4"},
      {"\"plan_id\": \"p1\",", "\"plan_id\": \"p1\", \"plan_id\": \"p2\",",
       "plan_id: stands twice in the same object"},
  };
  for (const Refusal& refusal : cases) {
    const std::string error = error_of_request(with(shortest_request, refusal.from, refusal.to));
    EXPECT_TRUE(error.starts_with(std::string{"r.json, "} + refusal.says)) << error << "\n"
                                                                           << refusal.says;
  }
}

TEST(TaperJson, APercentageNeedsItsBasis) {
  const std::string bands =
      R"({"kind": "bands", "bands": [{"above": 5, "step": 1}, {"above": 0, "step": 0.5}]})";
  EXPECT_EQ(
      error_of_request(with(shortest_request, bands, R"({"kind": "percent", "percent": 10})")),
      "r.json, lines[0].rule[0].basis: is required");
  EXPECT_EQ(error_of_request(with(shortest_request, bands,
                                  R"({"kind": "percent", "percent": 101, "basis": "original"})")),
            "r.json, lines[0].rule[0].percent = \"101\": must be from 0 to 100");
  EXPECT_EQ(
      error_of_request(with(shortest_request, bands, R"({"kind": "two_phase", "percent": 10})")),
      "r.json, lines[0].rule[0].until_percent: is required");
  EXPECT_EQ(
      error_of_request(with(shortest_request, bands, R"({"kind": "equal_effect", "steps": 8})")),
      "r.json, lines[0].rule[0].curve: is required: the substance names no curve of dose and "
      "effect");
  EXPECT_EQ(error_of_request(with(shortest_request, bands, R"({"kind": "fade", "steps": 8})")),
            "r.json, lines[0].rule[0].shape: is required");
}

TEST(TaperJson, HugeRequestsAreRefusedBeforeTheyCostMemory) {
  std::string rows = R"({"kind": "rows", "rows": [)";
  for (int i = 0; i < 5001; ++i) rows += R"({"amount": 1},)";
  rows.back() = ']';
  rows += "}";
  const std::string bands =
      R"({"kind": "bands", "bands": [{"above": 5, "step": 1}, {"above": 0, "step": 0.5}]})";
  EXPECT_EQ(error_of_request(with(shortest_request, bands, rows)),
            "r.json, lines[0].rule[0].rows: must be a list of at most 5000");
  EXPECT_EQ(error_of_request(std::string(40, '[') + std::string(40, ']')),
            "r.json: is nested deeper than 32 levels");
  const auto large = io::parse_taper_request(std::string((4U << 20U) + 1, ' '), "r.json");
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, Errc::too_large);
  EXPECT_EQ(error_of_request(with(shortest_request, "\"p1\"", '"' + std::string(4001, 'x') + '"'))
                .substr(0, 25),
            "r.json, plan_id = \"xxxxxx");
}

// ---- plans -------------------------------------------------------------------------------------

void expect_same_plan(const TaperPlan& a, const TaperPlan& b) {
  ASSERT_EQ(a.version(), b.version());
  for (std::size_t v = 1; v <= a.version(); ++v) {
    const TaperVersion& x = a.history().at(v);
    const TaperVersion& y = b.history().at(v);
    EXPECT_EQ(a.history().change(v), b.history().change(v));
    EXPECT_EQ(x.status, y.status);
    EXPECT_EQ(x.ends, y.ends);
    EXPECT_EQ(x.review, y.review);
    EXPECT_EQ(x.reviews, y.reviews);
    EXPECT_EQ(x.milestones, y.milestones);
    EXPECT_EQ(x.after, y.after);
    EXPECT_EQ(x.goals, y.goals);
    EXPECT_EQ(x.facts, y.facts);
    EXPECT_EQ(x.next_id, y.next_id);
    EXPECT_EQ(x.pending.size(), y.pending.size());
    ASSERT_EQ(x.findings.size(), y.findings.size());
    for (std::size_t i = 0; i < x.findings.size(); ++i) {
      EXPECT_EQ(x.findings[i].rule, y.findings[i].rule);
      EXPECT_EQ(describe(x.findings[i]), describe(y.findings[i]));
    }
    ASSERT_EQ(x.steps.size(), y.steps.size());
    for (std::size_t s = 0; s < x.steps.size(); ++s) {
      for (std::size_t l = 0; l < x.steps[s].doses.size(); ++l) {
        const LineDose& p = x.steps[s].doses[l];
        const LineDose& q = y.steps[s].doses[l];
        EXPECT_EQ(p.amount, q.amount);
        EXPECT_EQ(p.ideal, q.ideal);
        EXPECT_EQ(p.rounding, q.rounding);
        EXPECT_EQ(p.intakes, q.intakes);
        EXPECT_EQ(p.dispensed, q.dispensed);
        EXPECT_EQ(p.percent_of_original, q.percent_of_original);
        EXPECT_EQ(p.cut_percent_of_current, q.cut_percent_of_current);
        EXPECT_EQ(p.effect, q.effect);
        EXPECT_EQ(p.effect_drop, q.effect_drop);
      }
    }
    for (std::size_t l = 0; l < a.request().lines.size(); ++l) {
      EXPECT_EQ(day_table(x, l).micro, day_table(y, l).micro);
      EXPECT_EQ(day_table(x, l).step_id, day_table(y, l).step_id);
    }
  }
}

void expect_round_trip(const TaperPlan& plan) {
  const std::string text = text_of(io::taper_plan_json(plan));
  const auto read = io::parse_taper_plan(text);
  ASSERT_TRUE(read) << describe(read.error());
  EXPECT_EQ(text_of(io::taper_plan_json(*read)), text);
  expect_same_plan(plan, *read);
}

TEST(TaperJson, PlansComeBackWholeAfterEveryOperation) {
  for (const NamedRequest& example : example_requests()) {
    SCOPED_TRACE(example.name);
    const TaperPlan plan = plan_for(example.request);
    expect_round_trip(plan);
    for (const NamedPlan& next : after_each_operation(plan)) {
      SCOPED_TRACE(next.name);
      expect_round_trip(next.plan);
    }
  }
}

// Operations on a plan that was read do what they do on the plan that was written.
TEST(TaperJson, APlanThatWasReadGoesOnAsTheOneThatWasWritten) {
  const TaperPlan plan = plan_for(example_requests()[1].request);
  const auto read = io::parse_taper_plan(text_of(io::taper_plan_json(plan)));
  ASSERT_TRUE(read);
  const auto ways = after_each_operation(plan);
  const auto again = after_each_operation(*read);
  ASSERT_EQ(ways.size(), again.size());
  for (std::size_t i = 0; i < ways.size(); ++i) {
    EXPECT_EQ(text_of(io::taper_plan_json(ways[i].plan)),
              text_of(io::taper_plan_json(again[i].plan)));
  }
}

TEST(TaperJson, APlanChangedByHandIsRefusedWithThePlace) {
  const TaperPlan plan = plan_for(example_requests()[1].request);
  const Date from = plan.now().steps[3].first;
  const TaperPlan held = done(hold(plan, from, from + Days{20}, decided(from.iso())));
  const std::string text = text_of(io::taper_plan_json(held));
  const Refusal cases[] = {
      {"\"percent_of_original\": 100,", "\"percent_of_original\": 99,",
       "versions[0].steps[0].doses[0].percent_of_original: must be what follows from the doses"},
      {"\"amount\": \"20 mg\",\n              \"ideal\": 20,",
       "\"amount\": \"21 mg\",\n              \"ideal\": 21,",
       "versions[0].steps[0].doses[0].amount = \"21 mg\": must be the sum of its intakes, 20 mg"},
      {"\"rounding\": \"0 mg\"", "\"rounding\": \"0 mL\"",
       "versions[0].steps[0].doses[0].rounding = \"0 mL\": must be the amount less the ideal one, "
       "0 "
       "mg"},
      {"\"product\": 1,", "\"product\": 77,",
       "versions[0].steps[0].doses[0].dispensed[0]: must be made of the line's products as they "
       "can be divided or measured"},
      {"\"first\": \"2024-01-08\"", "\"first\": \"2024-01-30\"",
       "versions[0].steps[0].last = \"2024-01-21\": must not lie before the step's first day"},
      {"\"rule\": \"bzd_usual_pace\"", "\"rule\": \"bzd_usual_pac\"",
       "versions[0].findings[0].rule = \"bzd_usual_pac\": is not a rule of tapers (did you mean "
       "\"bzd_usual_pace\"?)"},
      {"\"source\": \"asam-bzd-2025\"", "\"source\": \"cdc-2022\"",
       "versions[0].findings[0].source = \"cdc-2022\": is not the source of that rule"},
      {"\"plan_id\"", "\"id\": 3,\n    \"plan_id\"", "request.id: is not a known key here"},
  };
  for (const Refusal& refusal : cases) {
    const auto read = io::parse_taper_plan(with(text, refusal.from, refusal.to), "r.json");
    ASSERT_FALSE(read) << refusal.to;
    EXPECT_EQ(describe(read.error()).substr(0, 8 + std::string{refusal.says}.size()),
              std::string{"r.json, "} + refusal.says);
  }
}

// Bytes changed, cut or doubled by chance: an error or a plan that is written as it was read.
TEST(TaperJson, DamagedFilesNeverCrash) {
  const TaperPlan plan = plan_for(example_requests()[0].request);
  const std::string text = *io::json_text(io::taper_plan_json(plan), {0});
  std::mt19937_64 random{3};
  int accepted = 0;
  for (int k = 0; k < 1500; ++k) {
    std::string damaged = text;
    const std::size_t changes = 1 + random() % 3;
    for (std::size_t c = 0; c < changes; ++c) {
      const std::size_t at = random() % damaged.size();
      switch (random() % 3) {
        case 0:
          damaged[at] = static_cast<char>("0123456789-.,\"[]{}:aeE"[random() % 22]);
          break;
        case 1:
          damaged.erase(at, 1 + random() % 40);
          break;
        default:
          damaged.insert(at, damaged.substr(random() % damaged.size(), 1 + random() % 40));
      }
    }
    const auto read = io::parse_taper_plan(damaged);
    if (!read) {
      EXPECT_FALSE(describe(read.error()).empty());
      continue;
    }
    ++accepted;
    const std::string again = text_of(io::taper_plan_json(*read));
    const auto twice = io::parse_taper_plan(again);
    ASSERT_TRUE(twice) << describe(twice.error());
    EXPECT_EQ(text_of(io::taper_plan_json(*twice)), again);
  }
  EXPECT_LT(accepted, 400);  // labels and reasons may change, doses and dates may not
}

// ---- answers -----------------------------------------------------------------------------------

TEST(TaperJson, ARefusalComesBackWithWhatToDoInstead) {
  TaperRequest r = weekly_drinks();
  r.facts = {};
  r.lines[0].goal = {GoalKind::zero, std::nullopt, ""};
  r.lines[0].intakes[0].amount = *Amount::parse("100 drinks");
  r.lines[0].rule = {{RowsRule{{{0, days_of(1), {}}}, false}}};
  r.facts.seizure_history = true;
  const TaperAnswer answer = answer_to(r);
  ASSERT_EQ(answer.answer, Answer::refused);
  ASSERT_FALSE(answer.instead.empty());
  const std::string text = text_of(io::taper_answer_json(answer));
  const auto read = io::parse_taper_answer(text);
  ASSERT_TRUE(read) << describe(read.error()) << text;
  EXPECT_EQ(text_of(io::taper_answer_json(*read)), text);
  EXPECT_EQ(read->instead.front().id, answer.instead.front().id);
  EXPECT_EQ(read->instead.front().source, answer.instead.front().source);
  EXPECT_FALSE(read->plan);

  const auto milder = io::parse_taper_answer(
      with(text, "\"answer\": \"refused\"", "\"answer\": \"allowed\""), "r.json");
  ASSERT_FALSE(milder);
  EXPECT_EQ(describe(milder.error()),
            "r.json, answer = \"allowed\": must be the worst of its findings");
}

TEST(TaperJson, AnAnswerHoldsItsPlan) {
  for (const NamedRequest& example : example_requests()) {
    SCOPED_TRACE(example.name);
    const std::string text = text_of(io::taper_answer_json(answer_to(example.request)));
    const auto read = io::parse_taper_answer(text);
    ASSERT_TRUE(read) << describe(read.error());
    EXPECT_EQ(text_of(io::taper_answer_json(*read)), text);
    ASSERT_TRUE(read->plan);
  }
}

// ---- the best taper ----------------------------------------------------------------------------

io::BestTaperAsked citalopram_front() {
  io::BestTaperAsked asked;
  asked.substance = "citalopram";
  asked.products = {tablet(10, Division::halves), liquid(2, 0.5)};
  asked.slower_below = {{mg(5), 28}};
  asked.ask.start = mg(20);
  asked.ask.goal = mg(0);
  asked.ask.curve = *EffectCurve::from(0.92, 2.9);
  asked.ask.ceiling.of_current = *Share::from_millionths(123'456);
  asked.ask.ceiling.of_current.reset();
  asked.ask.step_days = 14;
  asked.ask.max_days = 280;
  return asked;
}

TEST(TaperJson, ARequestForTheBestTaperComesBack) {
  io::BestTaperAsked asked = citalopram_front();
  for (const int millionths : {123'456, 1, 1'000'000}) {
    asked.ask.ceiling.of_current = *Share::from_millionths(millionths);
    asked.ask.ceiling.stop_from = mg(0.5);
    const std::string text = text_of(io::best_taper_json(asked));
    const auto read = io::parse_best_taper(text);
    ASSERT_TRUE(read) << describe(read.error());
    EXPECT_EQ(read->ask.ceiling.of_current->millionths(), millionths);
    EXPECT_EQ(text_of(io::best_taper_json(*read)), text);
    EXPECT_EQ(read->request().products.size(), 2U);
    EXPECT_EQ(read->request().slower_below[0].days, 28);
  }
  const auto fine =
      io::parse_best_taper(with(text_of(io::best_taper_json(asked)), "\"percent_of_current\": 100",
                                "\"percent_of_current\": 33.33333"),
                           "r.json");
  ASSERT_FALSE(fine);
  EXPECT_EQ(
      describe(fine.error()),
      "r.json, ceiling.percent_of_current = \"33.33333\": must have no more than four decimals");
}

TEST(TaperJson, AFrontComesBackAndMustBeOne) {
  const io::BestTaperAsked asked = citalopram_front();
  const auto front = best_taper_front(asked.request());
  ASSERT_TRUE(front) << describe(front.error());
  ASSERT_GT(front->plans.size(), 1U);
  const std::string text = text_of(io::best_taper_front_json(*front));
  const auto read = io::parse_best_taper_front(text);
  ASSERT_TRUE(read) << describe(read.error());
  EXPECT_EQ(text_of(io::best_taper_front_json(*read)), text);
  EXPECT_EQ(read->plans.size(), front->plans.size());

  io::Json turned = *io::parse_json(text);
  std::vector<io::Json> plans{turned.find("plans")->items().begin(),
                              turned.find("plans")->items().end()};
  std::swap(plans[0], plans[1]);
  turned.set("plans", io::Json::list(plans));
  const auto wrong = io::parse_best_taper_front(text_of(turned), "r.json");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(describe(wrong.error()),
            "r.json, plans[1]: must be longer than the plan before it, with a smaller largest "
            "drop");
}

TEST(TaperJson, EachDocumentSaysWhatItIs) {
  const io::Json request = *io::parse_json(shortest_request);
  EXPECT_EQ(*io::taper_file_kind(request), io::TaperFile::request);
  EXPECT_EQ(*io::taper_file_kind(io::taper_plan_json(plan_for(example_requests()[2].request))),
            io::TaperFile::plan);
  const auto other = io::taper_file_kind(*io::parse_json(R"({"format": "fhir"})"), "x.json");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().field, "format");
  EXPECT_FALSE(io::taper_file_kind(*io::parse_json("[]")));
  EXPECT_FALSE(io::taper_file_kind(*io::parse_json("{}")));
}

}  // namespace
