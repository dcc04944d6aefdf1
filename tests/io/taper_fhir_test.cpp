// A plan as FHIR R4, walked with the project's JSON reader. Rules of the resources: HL7 FHIR 4.0.1,
// pages MedicationRequest, Dosage, Timing, Goal, CarePlan.
#include "ombre/io/taper_fhir.hpp"

#include <gtest/gtest.h>
#include <algorithm>

#include "io/fhir_days.hpp"
#include "plans/taper_builder.hpp"

namespace {

using namespace taper_test;  // NOLINT: tests
using namespace ombre::io;   // NOLINT: tests
using fhir_test::at;
using fhir_test::resources;
using fhir_test::text;

Json bundle_of(const TaperPlan& plan, TaperFhirOptions options = {}) {
  if (options.subject.empty()) options.subject = "Patient/1";
  const auto written = taper_fhir(plan, options);
  EXPECT_TRUE(written) << (written ? "" : describe(written.error()));
  auto json = parse_json(written ? *written : "{}");
  EXPECT_TRUE(json);
  return *json;
}

TaperPlan diazepam() {
  TaperLine line = line_of("diazepam", {20, 20}, {});
  line.named_rule = "ashton-2-weeks";
  line.products = {tablet(10, Division::halves), tablet(5, Division::halves),
                   tablet(2, Division::halves), liquid(0.4, 0.25)};
  return plan_for(request_of(line, weeks_of(2)));
}

TEST(TaperFhir, ADraftIsAPlanAndNeverAnOrder) {
  const Json bundle = bundle_of(diazepam());
  EXPECT_EQ(text(bundle, "resourceType"), "Bundle");
  EXPECT_EQ(text(bundle, "type"), "collection");
  const auto requests = resources(bundle, "MedicationRequest");
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(text(*requests[0], "status"), "draft");
  EXPECT_EQ(text(*requests[0], "intent"), "plan");
  EXPECT_EQ(text(at(*requests[0], "subject"), "reference"), "Patient/1");
  EXPECT_EQ(text(*resources(bundle, "CarePlan")[0], "status"), "draft");
  EXPECT_EQ(text(*resources(bundle, "Goal")[0], "lifecycleStatus"), "proposed");
  const Json yes = bundle_of(done(accept(diazepam(), decided("2024-01-02"))));
  EXPECT_EQ(text(*resources(yes, "MedicationRequest")[0], "status"), "active");
  EXPECT_EQ(text(*resources(yes, "CarePlan")[0], "status"), "active");
  EXPECT_EQ(text(*resources(yes, "Goal")[0], "lifecycleStatus"), "active");
}

TEST(TaperFhir, AHoldIsOnHoldWithItsReasonAndNeverCancelled) {
  const TaperPlan yes = done(accept(diazepam(), decided("2024-01-02")));
  Decision reason = decided("2024-02-10");
  reason.why = "exam week";
  const TaperPlan held = done(hold(yes, day("2024-02-10"), day("2024-03-01"), reason));
  const Json bundle = bundle_of(held);
  const Json& request = *resources(bundle, "MedicationRequest")[0];
  EXPECT_EQ(text(request, "status"), "on-hold");
  EXPECT_EQ(text(at(request, "statusReason"), "text"), "exam week");
  EXPECT_EQ(text(*resources(bundle, "Goal")[0], "lifecycleStatus"), "on-hold");
  // Nobody has decided an end: the dose in force has none, and its text says that it goes on.
  const Json& last = at(request, "dosageInstruction").items().back();
  EXPECT_EQ(at(at(at(last, "timing"), "repeat"), "boundsPeriod").find("end"), nullptr);
  EXPECT_NE(text(last, "text").find("34 mg a day goes on after 1 March 2024 too"),
            std::string::npos);
  const auto days = fhir_test::doses_by_day(request, day("2024-03-01"));
  EXPECT_EQ(days.rbegin()->first, day("2024-03-01"));
  EXPECT_EQ(days.rbegin()->second, 34'000'000);
}

TEST(TaperFhir, EachPartOfADayIsADosageWithEqualSequence) {
  TaperLine line = line_of("methadone", {40, 25}, {}, {true, true});
  line.named_rule = "methadone-uk-5-mg-2-weeks";
  line.goal = {GoalKind::lower_amount, mg(45), "steady and awake"};
  line.intakes[0].minute_of_day = 8 * 60;
  line.shares = {40, 25};
  line.products = {liquid(1, 1, 60)};
  const Json bundle = bundle_of(plan_for(request_of(line, weeks_of(2))));
  const Json& request = *resources(bundle, "MedicationRequest")[0];
  const auto& dosages = at(request, "dosageInstruction");
  ASSERT_GE(dosages.items().size(), 4U);
  EXPECT_EQ(*at(dosages.items()[0], "sequence").as_integer(), 1);
  EXPECT_EQ(*at(dosages.items()[1], "sequence").as_integer(), 1);
  EXPECT_EQ(*at(dosages.items()[2], "sequence").as_integer(), 2);
  const Json& repeat = at(at(dosages.items()[0], "timing"), "repeat");
  EXPECT_EQ(at(repeat, "timeOfDay").items()[0].as_text(), "08:00:00");
  const Json& dose = at(at(dosages.items()[0], "doseAndRate").items()[0], "doseQuantity");
  EXPECT_EQ(text(dose, "code"), "mg");
  EXPECT_EQ(text(dose, "system"), "http://unitsofmeasure.org");
  EXPECT_EQ(text(at(*resources(bundle, "Goal")[0], "description"), "text"), "steady and awake");
  EXPECT_EQ(fhir_test::doses_by_day(request).at(day("2024-01-08")), 60'000'000);
  // One product: what to hand out is a quantity, here in millilitres.
  EXPECT_EQ(text(at(at(request, "dispenseRequest"), "quantity"), "code"), "mL");
}

// ATC/DDD index of WHO: diazepam N05BA01; methadone against dependence N07BC02.
TEST(TaperFhir, CodesAreOnlyThoseThatAreKnown) {
  const Json bundle = bundle_of(diazepam());
  const Json& concept_json =
      at(*resources(bundle, "MedicationRequest")[0], "medicationCodeableConcept");
  EXPECT_EQ(text(concept_json, "text"), "diazepam");
  ASSERT_EQ(at(concept_json, "coding").items().size(), 1U);
  EXPECT_EQ(text(at(concept_json, "coding").items()[0], "code"), "N05BA01");
  EXPECT_EQ(text(at(concept_json, "coding").items()[0], "system"), "http://www.whocc.no/atc");

  substance::Catalogue own;
  ASSERT_TRUE(own.add_code("diazepam", substance::CodeSystem::rxnorm, "3322"));
  TaperFhirOptions options;
  options.catalogue = &own;
  const Json coded = bundle_of(diazepam(), options);
  const Json& both = at(*resources(coded, "MedicationRequest")[0], "medicationCodeableConcept");
  ASSERT_EQ(at(both, "coding").items().size(), 2U);

  // For pain the code of agonist treatment does not fit: the medicine travels as text.
  TaperLine line = line_of("methadone", {20}, {});
  line.rule = {TaperPhase{PercentRule{10, Basis::original}}};
  line.goal = {GoalKind::lower_amount, mg(16), ""};
  const Json pain = bundle_of(plan_for(request_of(line, months_of(1))));
  const Json& text_only = at(*resources(pain, "MedicationRequest")[0], "medicationCodeableConcept");
  EXPECT_EQ(text_only.find("coding"), nullptr);
}

TEST(TaperFhir, AFinalZeroIsTheEndOfTheLastPeriodUnlessAStopLineIsAskedFor) {
  const TaperPlan plan = diazepam();
  const Json bundle = bundle_of(plan);
  const auto days = fhir_test::doses_by_day(*resources(bundle, "MedicationRequest")[0]);
  EXPECT_EQ(days.rbegin()->first, *plan.now().ends - Days{1});
  EXPECT_GT(days.rbegin()->second, 0);
  TaperFhirOptions options;
  options.stop_line = true;
  const Json stopped = bundle_of(plan, options);
  const auto lines = at(*resources(stopped, "MedicationRequest")[0], "dosageInstruction").items();
  const Json& last = lines.back();
  EXPECT_EQ(text(at(at(at(last, "timing"), "repeat"), "boundsPeriod"), "start"),
            plan.now().ends->iso());
  EXPECT_EQ(*at(at(at(last, "doseAndRate").items()[0], "doseQuantity"), "value").as_number(), 0);
}

TEST(TaperFhir, WhatIsNoMedicineIsAGoalWithATargetForEachStep) {
  TaperLine line;
  TaperSubstanceOptions own;
  own.prescribed = false;
  own.drink_country = "US";
  line.what = *taper_substance("alcohol", DoseUnit::drinks, own);
  line.per = Per::week;
  line.intakes = {{*Amount::nearest(35, DoseUnit::drinks), "", {}}};
  line.goal = {GoalKind::safer_pattern, *Amount::nearest(21, DoseUnit::drinks), "three a night"};
  FadeRule fade;
  fade.steps = 6;
  fade.grid = 1;
  line.rule = {TaperPhase{fade}};
  const TaperPlan plan = plan_for(request_of(line, weeks_of(1)));
  const Json bundle = bundle_of(plan);
  EXPECT_TRUE(resources(bundle, "MedicationRequest").empty());
  const Json& goal = *resources(bundle, "Goal")[0];
  EXPECT_EQ(text(at(goal, "description"), "text"), "three a night");
  EXPECT_EQ(text(at(at(goal, "target").items()[0], "detailQuantity"), "code"), "{standard drink}");
  const auto days = fhir_test::targets_by_day(goal);
  const DayTable table = day_table(plan.now(), 0);
  for (std::size_t k = 0; k < table.micro.size(); ++k) {
    EXPECT_EQ(days.at(table.first + Days{static_cast<int>(k)}), table.micro[k]);
  }
  EXPECT_EQ(resources(bundle, "CarePlan")[0]->find("activity"), nullptr);
}

TEST(TaperFhir, ReferencesLeadToEntriesAndStayTheSameOverVersions) {
  const TaperPlan yes = done(accept(diazepam(), decided("2024-01-02")));
  const Json a = bundle_of(diazepam());
  const Json b = bundle_of(yes);
  ASSERT_EQ(at(a, "entry").items().size(), at(b, "entry").items().size());
  std::vector<std::string> urls;
  for (std::size_t i = 0; i < at(a, "entry").items().size(); ++i) {
    const std::string url = text(at(a, "entry").items()[i], "fullUrl");
    EXPECT_EQ(url, text(at(b, "entry").items()[i], "fullUrl"));
    EXPECT_EQ(url.size(), std::string{"urn:uuid:"}.size() + 36);
    EXPECT_EQ(url[9 + 14], '8');  // version 8
    EXPECT_EQ(std::count(urls.begin(), urls.end(), url), 0);
    urls.push_back(url);
  }
  const Json& care = *resources(a, "CarePlan")[0];
  for (const Json& goal : at(care, "goal").items()) {
    EXPECT_EQ(std::count(urls.begin(), urls.end(), text(goal, "reference")), 1);
  }
  for (const Json& activity : at(care, "activity").items()) {
    EXPECT_EQ(std::count(urls.begin(), urls.end(), text(at(activity, "reference"), "reference")),
              1);
    EXPECT_EQ(activity.find("detail"), nullptr);  // rule cpl-3
  }
}

TEST(TaperFhir, ATransactionUpdatesByIdentifier) {
  TaperFhirOptions options;
  options.bundle = FhirBundle::transaction;
  const Json bundle = bundle_of(diazepam(), options);
  for (const Json& entry : at(bundle, "entry").items()) {
    EXPECT_EQ(text(at(entry, "request"), "method"), "PUT");
    EXPECT_NE(text(at(entry, "request"), "url").find("?identifier=urn%3Aombre%3Aplan%7Cplan-1%2F"),
              std::string::npos);
  }
}

TEST(TaperFhir, ASubjectIsRequiredAndTextMustBeUtf8) {
  const auto none = taper_fhir(diazepam(), {});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().field, "subject");
  TaperLine line = line_of("diazepam", {10}, {});
  line.named_rule = "ashton-2-weeks";
  line.goal.words = "\xff";
  TaperFhirOptions options;
  options.subject = "Patient/1";
  EXPECT_FALSE(taper_fhir(plan_for(request_of(line, weeks_of(2))), options));
}

}  // namespace
