// Every bundle that the library writes, held against the contract for FHIR R4: resource types, what
// is required and how often, closed sets of codes, forms of dates and times, UCUM units, references
// that lead somewhere, and rules gol-1 and cpl-3 of FHIR. It walks the JSON with its own tables and
// shares nothing with the writer. Then the reader: what was written is read back, day by day.
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>
#include <span>

#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "ombre/io/taper_fhir.hpp"
#include "ombre/io/taper_fhir_reader.hpp"
#include "plans/taper_examples.hpp"

namespace {

using namespace taper_test;  // NOLINT: tests
using ombre::io::Json;

// What an element may be: its kind, and whether it has to be there.
enum class Is { code, text, uri, date, date_time, integer, decimal, positive, object, list };
struct Rule {
  Is kind;
  bool required = false;
  std::vector<std::string> codes{};  // for Is::code, where the set is closed
};
using Shape = std::map<std::string, Rule>;

const std::vector<std::string> care_plan_status{
    "draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown"};
const std::vector<std::string> request_status{"active",    "on-hold",          "cancelled",
                                              "completed", "entered-in-error", "stopped",
                                              "draft",     "unknown"};
const std::vector<std::string> intents{"proposal",       "plan",         "order",
                                       "original-order", "reflex-order", "filler-order",
                                       "instance-order", "option"};
const std::vector<std::string> lifecycle{"proposed",  "planned",          "accepted",
                                         "active",    "on-hold",          "completed",
                                         "cancelled", "entered-in-error", "rejected"};
const std::set<std::string> ucum{
    "mg",           "ug",         "g",       "mL",    "ug/h",    "g{ethanol}", "{standard drink}",
    "{cigarettes}", "{THC unit}", "{times}", "{tbl}", "{piece}", "d",          "wk",
    "mo",           "h",          "{score}"};
const std::set<std::string> systems{"http://www.nlm.nih.gov/research/umls/rxnorm",
                                    "http://www.whocc.no/atc"};

class Contract {
 public:
  explicit Contract(const Json& bundle) {
    shape(bundle, "Bundle",
          {{"resourceType", {Is::code, true, {"Bundle"}}},
           {"type", {Is::code, true, {"collection", "transaction"}}},
           {"entry", {Is::list, true}}});
    const bool transaction = text(bundle, "type") == "transaction";
    for (const Json& entry : items(bundle, "entry")) {
      Shape inside{{"fullUrl", {Is::uri, true}}, {"resource", {Is::object, true}}};
      if (transaction) inside["request"] = {Is::object, true};
      shape(entry, "entry", inside);
      EXPECT_TRUE(urls_.insert(text(entry, "fullUrl")).second) << "a fullUrl twice";
      if (transaction) {
        shape(*entry.find("request"), "entry.request",
              {{"method", {Is::code, true, {"PUT", "POST"}}}, {"url", {Is::text, true}}});
      }
    }
    int care_plans = 0;
    for (const Json& entry : items(bundle, "entry")) {
      const Json& resource = *entry.find("resource");
      const std::string type = text(resource, "resourceType");
      if (type == "CarePlan") {
        ++care_plans;
        care_plan(resource);
      } else if (type == "Goal") {
        goal(resource);
      } else if (type == "MedicationRequest") {
        medication_request(resource);
      } else {
        ADD_FAILURE() << "a resource of type " << type;
      }
    }
    EXPECT_EQ(care_plans, 1);
  }

 private:
  static std::string text(const Json& value, std::string_view key) {
    const Json* at = value.find(key);
    return at != nullptr && at->as_text() ? std::string{*at->as_text()} : std::string{};
  }
  static std::span<const Json> items(const Json& value, std::string_view key) {
    const Json* at = value.find(key);
    return at == nullptr ? std::span<const Json>{} : at->items();
  }

  // Exactly these members, of these kinds; lists are never empty (FHIR: no empty arrays).
  static void shape(const Json& value, const std::string& where, const Shape& members) {
    ASSERT_EQ(value.kind(), Json::Kind::object) << where;
    for (const auto& [key, rule] : members) {
      EXPECT_TRUE(!rule.required || value.find(key) != nullptr) << where << " lacks " << key;
    }
    for (const Json::Member& member : value.members()) {
      const std::string at = where + "." + member.first;
      const auto known = members.find(member.first);
      if (known == members.end()) {
        ADD_FAILURE() << at << " is not in the contract";
        continue;
      }
      const Rule& rule = known->second;
      const Json& v = member.second;
      static const std::regex date{R"(\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]))"};
      static const std::regex time{R"(([01]\d|2[0-3]):[0-5]\d:[0-5]\d)"};
      static const std::regex uri{R"(\S+)"};
      const std::string said{v.as_text().value_or("")};
      switch (rule.kind) {
        case Is::code:
          EXPECT_TRUE(v.as_text()) << at;
          EXPECT_TRUE(rule.codes.empty() || std::ranges::find(rule.codes, said) != rule.codes.end())
              << at << " = " << said;
          break;
        case Is::text:
          EXPECT_TRUE(v.as_text()) << at;
          EXPECT_NE(said.find_first_not_of(" \n\t"), std::string::npos) << at << " is empty";
          break;
        case Is::uri:
          EXPECT_TRUE(std::regex_match(said, uri)) << at << " = " << said;
          break;
        case Is::date:
          EXPECT_TRUE(std::regex_match(said, date) && Date::parse(said)) << at << " = " << said;
          break;
        case Is::date_time:
          EXPECT_TRUE(std::regex_match(said, time)) << at << " = " << said;
          break;
        case Is::integer:
          EXPECT_TRUE(v.as_integer()) << at;
          break;
        case Is::positive:
          EXPECT_TRUE(v.as_integer() && *v.as_integer() > 0) << at;
          break;
        case Is::decimal:
          EXPECT_TRUE(v.as_number()) << at;
          break;
        case Is::object:
          EXPECT_EQ(v.kind(), Json::Kind::object) << at;
          EXPECT_FALSE(v.members().empty()) << at << " is empty";
          break;
        case Is::list:
          EXPECT_EQ(v.kind(), Json::Kind::list) << at;
          EXPECT_FALSE(v.items().empty()) << at << " is empty";
          break;
      }
    }
  }

  void identifiers(const Json& resource, const std::string& where) const {
    for (const Json& one : items(resource, "identifier")) {
      shape(one, where + ".identifier", {{"system", {Is::uri, true}}, {"value", {Is::text, true}}});
    }
  }
  // A reference inside the bundle leads to an entry of it.
  void reference(const Json* value, const std::string& where) const {
    ASSERT_NE(value, nullptr) << where;
    shape(*value, where, {{"reference", {Is::text, true}}});
    const std::string to = text(*value, "reference");
    if (to.starts_with("urn:uuid:")) {
      EXPECT_TRUE(urls_.contains(to)) << where << " leads nowhere: " << to;
      static const std::regex uuid{
          "urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"};
      EXPECT_TRUE(std::regex_match(to, uuid)) << to;
    } else {
      EXPECT_EQ(to, "Patient/1");
    }
  }
  static void period(const Json* value, const std::string& where, bool open_allowed) {
    ASSERT_NE(value, nullptr) << where;
    shape(*value, where, {{"start", {Is::date, true}}, {"end", {Is::date, !open_allowed}}});
    if (value->find("end") != nullptr) {
      EXPECT_LE(*Date::parse(text(*value, "start")), *Date::parse(text(*value, "end"))) << where;
    }
  }
  static void quantity(const Json* value, const std::string& where) {
    ASSERT_NE(value, nullptr) << where;
    const bool coded = value->find("code") != nullptr;
    shape(*value, where,
          {{"value", {Is::decimal, true}},
           {"unit", {Is::text, true}},
           {"system", {Is::code, coded, {"http://unitsofmeasure.org"}}},
           {"code", {Is::code, false}}});
    if (coded) {
      EXPECT_TRUE(ucum.contains(text(*value, "code"))) << where << ": " << text(*value, "code");
    }
    EXPECT_GE(value->find("value")->as_number().value_or(-1), 0) << where;
  }
  static void notes(const Json& resource, const std::string& where) {
    for (const Json& note : items(resource, "note")) {
      shape(note, where + ".note", {{"text", {Is::text, true}}});
    }
  }

  void care_plan(const Json& r) const {
    shape(r, "CarePlan",
          {{"resourceType", {Is::code, true}},
           {"identifier", {Is::list, true}},
           {"status", {Is::code, true, care_plan_status}},
           {"intent", {Is::code, true, {"proposal", "plan", "order", "option"}}},
           {"title", {Is::text, true}},
           {"subject", {Is::object, true}},
           {"period", {Is::object, true}},
           {"created", {Is::date, true}},
           {"goal", {Is::list, true}},
           {"activity", {Is::list, false}},
           {"note", {Is::list, false}}});
    EXPECT_EQ(text(r, "intent"), "plan");
    identifiers(r, "CarePlan");
    reference(r.find("subject"), "CarePlan.subject");
    period(r.find("period"), "CarePlan.period", false);
    for (const Json& one : items(r, "goal")) reference(&one, "CarePlan.goal");
    for (const Json& one : items(r, "activity")) {
      // cpl-3: a reference or a detail, not both.
      shape(one, "CarePlan.activity", {{"reference", {Is::object, true}}});
      reference(one.find("reference"), "CarePlan.activity.reference");
    }
    notes(r, "CarePlan");
  }

  void goal(const Json& r) const {
    shape(r, "Goal",
          {{"resourceType", {Is::code, true}},
           {"identifier", {Is::list, true}},
           {"lifecycleStatus", {Is::code, true, lifecycle}},
           {"description", {Is::object, true}},
           {"subject", {Is::object, true}},
           {"startDate", {Is::date, true}},
           {"statusDate", {Is::date, true}},
           {"target", {Is::list, false}}});
    // Only the person ends a goal.
    EXPECT_NE(text(r, "lifecycleStatus"), "cancelled");
    identifiers(r, "Goal");
    shape(*r.find("description"), "Goal.description", {{"text", {Is::text, true}}});
    reference(r.find("subject"), "Goal.subject");
    for (const Json& target : items(r, "target")) {
      // gol-1: a detail needs a measure.
      shape(target, "Goal.target",
            {{"measure", {Is::object, true}},
             {"detailQuantity", {Is::object, true}},
             {"dueDate", {Is::date, true}}});
      shape(*target.find("measure"), "Goal.target.measure", {{"text", {Is::text, true}}});
      quantity(target.find("detailQuantity"), "Goal.target.detailQuantity");
    }
  }

  void medication_request(const Json& r) const {
    shape(r, "MedicationRequest",
          {{"resourceType", {Is::code, true}},
           {"identifier", {Is::list, true}},
           {"status", {Is::code, true, request_status}},
           {"statusReason", {Is::object, text(r, "status") == "on-hold"}},
           {"intent", {Is::code, true, intents}},
           {"medicationCodeableConcept", {Is::object, true}},
           {"subject", {Is::object, true}},
           {"authoredOn", {Is::date, true}},
           {"requester", {Is::object, true}},
           {"groupIdentifier", {Is::object, true}},
           {"note", {Is::list, false}},
           {"dosageInstruction", {Is::list, false}},
           {"dispenseRequest", {Is::object, false}}});
    EXPECT_EQ(text(r, "intent"), "plan");  // never an order by itself
    identifiers(r, "MedicationRequest");
    reference(r.find("subject"), "MedicationRequest.subject");
    notes(r, "MedicationRequest");
    shape(*r.find("requester"), "requester", {{"display", {Is::text, true}}});
    shape(*r.find("groupIdentifier"), "groupIdentifier",
          {{"system", {Is::uri, true}}, {"value", {Is::text, true}}});
    if (const Json* why = r.find("statusReason")) {
      shape(*why, "statusReason", {{"text", {Is::text, true}}});
    }
    const Json& medicine = *r.find("medicationCodeableConcept");
    shape(medicine, "medicationCodeableConcept",
          {{"coding", {Is::list, false}}, {"text", {Is::text, true}}});
    for (const Json& coding : items(medicine, "coding")) {
      shape(coding, "coding", {{"system", {Is::uri, true}}, {"code", {Is::text, true}}});
      EXPECT_TRUE(systems.contains(text(coding, "system"))) << text(coding, "system");
    }
    std::int64_t sequence = 0;
    for (const Json& dosage : items(r, "dosageInstruction")) {
      shape(dosage, "dosageInstruction",
            {{"sequence", {Is::positive, true}},
             {"text", {Is::text, true}},
             {"timing", {Is::object, true}},
             {"doseAndRate", {Is::list, true}}});
      const std::int64_t now = dosage.find("sequence")->as_integer().value_or(0);
      EXPECT_TRUE(now == sequence || now == sequence + 1) << now << " after " << sequence;
      sequence = now;
      shape(*dosage.find("timing"), "timing", {{"repeat", {Is::object, true}}});
      const Json& repeat = *dosage.find("timing")->find("repeat");
      const bool stop = repeat.find("frequency") == nullptr;
      shape(repeat, "timing.repeat",
            {{"boundsPeriod", {Is::object, true}},
             {"frequency", {Is::positive, !stop}},
             {"period", {Is::positive, !stop}},
             {"periodUnit", {Is::code, !stop, {"d", "wk"}}},
             {"timeOfDay", {Is::list, false}}});
      for (const Json& time : items(repeat, "timeOfDay")) {
        Json wrapped;
        wrapped.set("time", time);
        shape(wrapped, "timeOfDay", {{"time", {Is::date_time, true}}});
      }
      period(repeat.find("boundsPeriod"), "boundsPeriod", true);
      EXPECT_EQ(items(dosage, "doseAndRate").size(), 1U);
      for (const Json& rate : items(dosage, "doseAndRate")) {
        shape(rate, "doseAndRate", {{"doseQuantity", {Is::object, true}}});
        quantity(rate.find("doseQuantity"), "doseQuantity");
      }
    }
    if (const Json* dispense = r.find("dispenseRequest")) {
      shape(*dispense, "dispenseRequest",
            {{"validityPeriod", {Is::object, true}},
             {"quantity", {Is::object, false}},
             {"expectedSupplyDuration", {Is::object, true}}});
      period(dispense->find("validityPeriod"), "validityPeriod", false);
      if (const Json* q = dispense->find("quantity")) quantity(q, "dispenseRequest.quantity");
      quantity(dispense->find("expectedSupplyDuration"), "expectedSupplyDuration");
      EXPECT_EQ(text(*dispense->find("expectedSupplyDuration"), "code"), "d");
    }
  }

  std::set<std::string> urls_;
};

Json bundle_of(const TaperPlan& plan, bool stop_line = false,
               io::FhirBundle kind = io::FhirBundle::collection) {
  io::TaperFhirOptions options;
  options.subject = "Patient/1";
  options.stop_line = stop_line;
  options.bundle = kind;
  const auto text = io::taper_fhir(plan, options);
  EXPECT_TRUE(text) << (text ? "" : describe(text.error()));
  auto json = io::parse_json(text ? *text : "{}");
  EXPECT_TRUE(json);
  return json ? *std::move(json) : Json{};
}

// The plans of the eight example programs, by their kinds of rule, and all that operations make.
std::vector<NamedPlan> all_plans() {
  std::vector<NamedPlan> out;
  for (const NamedRequest& example : example_requests()) {
    const TaperPlan plan = plan_for(example.request);
    out.push_back({example.name, plan});
    for (NamedPlan& next : after_each_operation(plan)) {
      out.push_back({example.name + "/" + next.name, std::move(next.plan)});
    }
  }
  return out;
}

TEST(TaperFhirContract, EveryBundleIsWhatTheContractSays) {
  std::size_t looked_at = 0;
  for (const NamedPlan& one : all_plans()) {
    SCOPED_TRACE(one.name);
    const Json plain = bundle_of(one.plan);
    const Json other = bundle_of(one.plan, true, io::FhirBundle::transaction);
    Contract{plain};
    Contract{other};
    ++looked_at;
  }
  EXPECT_GT(looked_at, 100U);
}

TEST(TaperFhirContract, TheCheckItselfFindsWhatIsWrong) {
  const TaperPlan plan = plan_for(example_requests().front().request);
  const auto failures = [&](auto&& change) {
    Json bundle = bundle_of(plan);
    // Members are replaced by copying entries.
    std::vector<Json> entries;
    for (const Json& entry : bundle.find("entry")->items()) {
      Json copy = entry;
      Json resource = *entry.find("resource");
      change(resource);
      copy.set("resource", resource);
      entries.push_back(copy);
    }
    bundle.set("entry", Json::list(std::move(entries)));
    ::testing::TestPartResultArray found;
    {
      ::testing::ScopedFakeTestPartResultReporter reporter{
          ::testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &found};
      Contract{bundle};
    }
    return found.size();
  };
  EXPECT_EQ(failures([](Json&) {}), 0);
  EXPECT_GT(failures([](Json& r) { r.set("status", Json::text("accepted")); }), 0);
  EXPECT_GT(failures([](Json& r) { r.set("author", Json::text("x")); }), 0);
  EXPECT_GT(failures([](Json& r) { r.set("note", Json::list()); }), 0);
  EXPECT_GT(failures([](Json& r) {
              if (r.find("authoredOn") != nullptr) r.set("authoredOn", Json::text("1.2.2024"));
            }),
            0);
}

TEST(TaperFhirReader, WhatWasWrittenIsReadBackDayByDay) {
  for (const NamedPlan& one : all_plans()) {
    SCOPED_TRACE(one.name);
    const auto read = io::read_fhir_tapers(bundle_of(one.plan));
    ASSERT_TRUE(read) << describe(read.error());
    std::size_t at = 0;
    for (std::size_t l = 0; l < one.plan.request().lines.size(); ++l) {
      const TaperLine& line = one.plan.request().lines[l];
      if (!line.what.prescribed && line.products.empty()) continue;  // a Goal alone
      ASSERT_LT(at, read->size());
      const io::FhirTaper& taper = (*read)[at++];
      EXPECT_EQ(taper.medicine, line.what.name);
      EXPECT_EQ(taper.findings.count("gap_between_steps"), 0U);
      EXPECT_EQ(taper.findings.count("steps_overlap"), 0U);
      EXPECT_EQ(taper.findings.count("text_says_other_days"), 0U);
      const bool worn = std::ranges::any_of(line.products, [](const Product& p) {
        return p.form() == Form::patch && p.wear_days() > 1;
      });
      if (worn) continue;  // a patch of three days is one application, not three doses
      const DayTable table = day_table(one.plan.now(), l);
      for (std::size_t d = 0; d < table.micro.size(); ++d) {
        const Date day = table.first + Days{static_cast<int>(d)};
        const auto amount = io::amount_on(taper, day);
        EXPECT_NEAR(amount.value_or(0) * 1e6, static_cast<double>(table.micro[d]), 0.5)
            << day.iso();
      }
    }
    EXPECT_EQ(at, read->size());
  }
}

std::string request_with(const std::string& dosages, const std::string& rest = "") {
  return R"({"resourceType": "MedicationRequest", "status": "active", "intent": "order",
    "medicationCodeableConcept": {"text": "prednisone"}, "subject": {"reference": "Patient/1"},
    "dosageInstruction": [)" +
         dosages + "]" + rest + "}";
}
std::string dosage(const std::string& sequence, const std::string& bounds, const std::string& text,
                   double value) {
  return "{" + sequence + R"("text": ")" + text + R"(", "timing": {"repeat": {)" + bounds +
         R"(, "frequency": 1, "period": 1, "periodUnit": "d"}}, "doseAndRate": [{"doseQuantity":
         {"value": )" +
         std::to_string(value) + R"(, "unit": "mg", "code": "mg"}}]})";
}
Result<std::vector<io::FhirTaper>> read(const std::string& text, std::optional<Date> start = {}) {
  const auto json = io::parse_json(text);
  EXPECT_TRUE(json) << (json ? "" : describe(json.error()));
  return io::read_fhir_tapers(json ? *json : Json{}, {start}, "request.json");
}

// FHIR's own tapering example says seven days in its text and five in its period.
TEST(TaperFhirReader, ATextAndAStructureThatDisagreeAreBothToldOf) {
  const auto tapers =
      read(request_with(dosage(R"("sequence": 1, )",
                               R"("boundsPeriod": {"start": "2015-01-01", "end": "2015-01-05"})",
                               "50mg daily for seven days", 50) +
                        "," +
                        dosage(R"("sequence": 2, )",
                               R"("boundsPeriod": {"start": "2015-01-06", "end": "2015-01-12"})",
                               "40mg daily for 7 days", 40)));
  ASSERT_TRUE(tapers) << describe(tapers.error());
  const io::FhirTaper& taper = tapers->front();
  ASSERT_EQ(taper.steps.size(), 2U);
  EXPECT_EQ(taper.findings.count("text_says_other_days"), 1U);
  EXPECT_NE(taper.findings.stored()[0].text.find("7 days, the structure one of 5"),
            std::string::npos)
      << taper.findings.stored()[0].text;
  EXPECT_EQ(io::amount_on(taper, day("2015-01-05")), 50);
  EXPECT_EQ(io::amount_on(taper, day("2015-01-06")), 40);
  EXPECT_EQ(io::amount_on(taper, day("2015-01-13")), std::nullopt);
}

TEST(TaperFhirReader, DurationsFollowEachOtherFromTheCallersStart) {
  const std::string text = request_with(
      dosage(R"("sequence": 2, )", R"("boundsDuration": {"value": 1, "code": "mo"})", "then", 20) +
      "," +
      dosage(R"("sequence": 1, )", R"("boundsDuration": {"value": 2, "code": "wk"})", "first", 30));
  const auto tapers = read(text, day("2024-01-18"));
  ASSERT_TRUE(tapers) << describe(tapers.error());
  const auto& steps = tapers->front().steps;
  ASSERT_EQ(steps.size(), 2U);  // in the order of sequence
  EXPECT_EQ(steps[0].first, day("2024-01-18"));
  EXPECT_EQ(*steps[0].last, day("2024-01-31"));
  EXPECT_EQ(*steps[1].last, day("2024-02-29"));  // a calendar month from 1 February
  const auto without = read(text);
  ASSERT_FALSE(without);
  EXPECT_NE(describe(without.error()).find("boundsDuration"), std::string::npos);
  EXPECT_NE(describe(without.error()).find("give a start"), std::string::npos);
}

TEST(TaperFhirReader, WhatCannotBeReadIsAnErrorWithItsPath) {
  const std::string bounds = R"("boundsPeriod": {"start": "2024-01-01", "end": "2024-01-07"})";
  const auto said = [](const std::string& text) {
    const auto tapers = read(text);
    return tapers ? std::string{"read"} : describe(tapers.error());
  };
  // Several instructions without a sequence: rejected by national services as well.
  const std::string two =
      said(request_with(dosage("", bounds, "a", 2) + "," + dosage("", bounds, "b", 1)));
  EXPECT_NE(two.find("dosageInstruction[0].sequence"), std::string::npos) << two;
  EXPECT_EQ(said(request_with(dosage("", bounds, "a", 2))), "read");
  const std::string other = said(request_with(
      dosage(R"("sequence": 1, )", bounds, "a", 2) + "," +
      dosage(R"("sequence": 1, )", R"("boundsPeriod": {"start": "2024-01-01"})", "b", 1)));
  EXPECT_NE(other.find("taken on other days"), std::string::npos) << other;
  EXPECT_NE(said(request_with(dosage("", R"("count": 3)", "a", 2))).find("boundsPeriod"),
            std::string::npos);
  EXPECT_NE(said(request_with(dosage("", R"("boundsPeriod": {"start": "2024-02-30"})", "a", 2)))
                .find("boundsPeriod.start"),
            std::string::npos);
  EXPECT_NE(said(request_with(dosage("", bounds, "a", -2))).find("doseQuantity.value"),
            std::string::npos);
  EXPECT_NE(said(R"({"resourceType": "Patient"})").find("resourceType"), std::string::npos);
  EXPECT_NE(said(R"({"resourceType": "MedicationRequest", "status": "finished"})").find("status"),
            std::string::npos);
  EXPECT_NE(said("[]").find("resourceType"), std::string::npos);
  // What is not needed is left alone.
  EXPECT_EQ(said(request_with(dosage("", bounds, "a", 2), R"(, "priority": "routine")")), "read");
}

TEST(TaperFhirReader, GapsAndOverlapsAreFindings) {
  const auto tapers = read(request_with(
      dosage(R"("sequence": 1, )",
             R"("boundsPeriod": {"start": "2024-01-01", "end": "2024-01-07"})", "a", 3) +
      "," +
      dosage(R"("sequence": 2, )",
             R"("boundsPeriod": {"start": "2024-01-10", "end": "2024-01-12"})", "b", 2) +
      "," + dosage(R"("sequence": 3, )", R"("boundsPeriod": {"start": "2024-01-12"})", "c", 1)));
  ASSERT_TRUE(tapers) << describe(tapers.error());
  EXPECT_EQ(tapers->front().findings.count("gap_between_steps"), 1U);
  EXPECT_EQ(tapers->front().findings.count("steps_overlap"), 1U);
  EXPECT_FALSE(tapers->front().steps.back().last);
}

}  // namespace
