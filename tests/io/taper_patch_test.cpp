// A patch is worn for days: everything that is written of a plan says so. Fentanyl patches are
// changed every 72 hours (US label, Duragesic, section 2).
#include <gtest/gtest.h>

#include <string>

#include "io/fhir_days.hpp"
#include "ombre/io/taper_calendar.hpp"
#include "ombre/io/taper_fhir.hpp"
#include "ombre/io/taper_figures.hpp"
#include "ombre/io/taper_text.hpp"
#include "plans/taper_builder.hpp"

namespace {

using namespace taper_test;  // NOLINT: tests
using namespace ombre::io;   // NOLINT: tests

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

Amount rate(double value) { return *Amount::nearest(value, DoseUnit::mcg_per_h); }

TaperPlan patches(std::int32_t small_wear = 3) {
  TaperLine line;
  TaperSubstanceOptions how;
  how.form = substance::DoseForm::transdermal_patch;
  auto what = taper_substance("fentanyl", DoseUnit::mcg_per_h, how);
  EXPECT_TRUE(what) << (what ? "" : describe(what.error()));
  line.what = std::move(*what);
  line.intakes = {{rate(50), "", 8 * 60}};
  RowsRule rows;
  rows.rows = {{37.5, days_of(30)}};
  line.rule = {TaperPhase{rows}};
  line.goal = {GoalKind::lower_amount, rate(37.5), ""};
  line.products = {*Product::patch(rate(12.5), small_wear), *Product::patch(rate(25), 3)};
  return plan_for(request_of(std::move(line), weeks_of(1)));
}

std::string unfolded(std::string ics) {
  for (std::size_t at = ics.find("\r\n "); at != std::string::npos; at = ics.find("\r\n ")) {
    ics.erase(at, 3);
  }
  return ics;
}

TEST(TaperPatch, TextsAndTablesSayTheWearTimeAndNeverARateADay) {
  const TaperPlan plan = patches();
  for (const std::string& text :
       {*taper_person_text(plan), *taper_pharmacy_text(plan), *taper_step_table(plan),
        unfolded(*taper_calendar(plan)), *taper_fhir(plan, {.subject = "Patient/1"})}) {
    EXPECT_TRUE(holds(text, "every 3 days")) << text;
    EXPECT_TRUE(holds(text, "37.5 mcg an hour")) << text;
    EXPECT_FALSE(holds(text, "an hour a day")) << text;
  }
  EXPECT_FALSE(holds(*taper_figure(plan), "Dose a day"));
}

TEST(TaperPatch, ADayOfAPlanSaysWhetherAPatchIsChangedOrStaysOn) {
  const TaperPlan plan = patches();
  const std::string days = *taper_days_csv(plan);
  EXPECT_TRUE(holds(days,
                    "2024-01-08,0,fentanyl,37.5,mcg/h,day,1,\"1 x 25 mcg/h patch, new, worn 3 "
                    "days + 1 x 12.5 mcg/h patch, new, worn 3 days\""))
      << days;
  for (const char* stays : {"2024-01-09", "2024-01-10"}) {
    const std::size_t at = days.find(stays);
    const std::string row = days.substr(at, days.find('\n', at) - at);
    EXPECT_TRUE(holds(row, "stays on")) << row;
    EXPECT_FALSE(holds(row, "new")) << row;
  }
  EXPECT_TRUE(holds(days.substr(days.find("2024-01-11"), 80), "new, worn 3 days"));
  EXPECT_TRUE(holds(*taper_steps_csv(plan), "1 x 25 mcg/h patch, worn 3 days"));
  const std::string table = *taper_day_table(plan);
  EXPECT_TRUE(holds(table, "put on new"));
  EXPECT_TRUE(holds(table, "stays on"));
}

TEST(TaperPatch, MachinesReadTheWearTimeAsThePeriod) {
  const auto periods = [](const TaperPlan& plan) {
    const auto json = parse_json(*taper_fhir(plan, {.subject = "Patient/1"}));
    const Json& request = *fhir_test::resources(*json, "MedicationRequest")[0];
    std::vector<std::pair<std::int64_t, double>> out;
    for (const Json& dosage : fhir_test::at(request, "dosageInstruction").items()) {
      const Json& repeat = fhir_test::at(fhir_test::at(dosage, "timing"), "repeat");
      const Json& dose =
          fhir_test::at(fhir_test::at(dosage, "doseAndRate").items()[0], "doseQuantity");
      out.emplace_back(*fhir_test::at(repeat, "period").as_integer(),
                       *fhir_test::at(dose, "value").as_number());
    }
    return out;
  };
  const auto same = periods(patches());
  ASSERT_GE(same.size(), 1U);
  EXPECT_EQ(same[0], (std::pair<std::int64_t, double>{3, 37.5}));
  const auto mixed = periods(patches(7));  // two patches of one step, changed at different times
  ASSERT_GE(mixed.size(), 2U);
  EXPECT_EQ(mixed[0].first * mixed[1].first, 21);
  EXPECT_EQ(mixed[0].second + mixed[1].second, 37.5);
  TaperCalendarOptions each;
  each.each_intake = true;
  EXPECT_TRUE(holds(unfolded(*taper_calendar(patches(), each)), "RRULE:FREQ=DAILY;INTERVAL=3;"));
}

TEST(TaperPatch, EveryFormOfAPieceHasItsWord) {
  for (const Form form : {Form::tablet, Form::orodispersible_tablet, Form::dispersible_tablet,
                          Form::sublingual_tablet, Form::film, Form::capsule,
                          Form::extended_release_tablet, Form::extended_release_capsule,
                          Form::lozenge, Form::gum, Form::suppository, Form::injection}) {
    TaperLine line = line_of("morphine", {60}, {});
    line.rule = {TaperPhase{PercentRule{25, Basis::original, Terminal{15}}}};
    line.goal = {GoalKind::lower_amount, mg(45), ""};
    line.products = {*Product::piece(form, mg(15))};
    const TaperPlan plan = plan_for(request_of(std::move(line), months_of(1)));
    for (const std::string& text :
         {*taper_person_text(plan), *taper_pharmacy_text(plan), *taper_step_table(plan)}) {
      EXPECT_FALSE(holds(text, "form.")) << text;
    }
    const std::string told = *taper_person_text(plan);
    std::string word{name(form)};
    if (form == Form::gum) word = "pieces of gum";
    if (form == Form::suppository) word = "suppositories";
    EXPECT_TRUE(holds(told, word)) << told;
  }
}

}  // namespace
