// Cross-tapers: one intake at a time, figures of all sources, combined effect capped.
#include "ombre/plans/cross_taper.hpp"

#include "ombre/plans/taper_guard.hpp"
#include "taper_builder.hpp"

namespace {

using namespace taper_test;  // NOLINT: tests

TaperRequest alprazolam_base() {
  TaperRequest base = request_of(line_of("alprazolam", {0.5, 0.5, 0.5}, {}), weeks_of(2));
  base.lines[0].products = {tablet(0.5), tablet(0.25)};
  return base;
}

CrossTaper to_diazepam(std::string source = {}) {
  CrossTaper cross;
  cross.to = "diazepam";
  cross.source = std::move(source);
  cross.products = {tablet(5, Division::halves), tablet(2, Division::halves)};
  return cross;
}

TaperRequest request_for(const CrossTaper& cross) {
  auto request = cross_taper_request(alprazolam_base(), cross);
  EXPECT_TRUE(request) << (request ? "" : describe(request.error()));
  return *request;
}

// Project's worked example: alprazolam 0.5 t.i.d.; X = 10 mg by Ashton, 5 mg by VA.
TEST(CrossTaper, BothFiguresTravelAndTheLowerOneIsUsed) {
  const TaperRequest r = request_for(to_diazepam());
  ASSERT_TRUE(r.substitution);
  EXPECT_EQ(r.substitution->used, 0U);
  EXPECT_EQ(r.substitution->figures.front().per_unit, 10);  // 0.5 mg is 5 mg
  EXPECT_EQ(r.substitution->figures.back().per_unit, 20);   // 0.5 mg is 10 mg
  const TaperAnswer answer = answer_to(r);
  const RuleFinding* f = finding(answer.findings, "equivalents_disagree");
  ASSERT_NE(f, nullptr);
  EXPECT_LT(f->text.find("15 mg"), f->text.find("30 mg")) << f->text;
  EXPECT_EQ(*f->measured, 2);
}

TEST(CrossTaper, FiguresWrittenByHandCannotStandForATable) {
  const TaperRequest r = request_for(to_diazepam());
  ASSERT_TRUE(answer_to(r).plan);
  TaperRequest other = r;
  other.substitution->figures.front().per_unit = 0.001;
  EXPECT_TRUE(refuses(answer_to(other), "substitution_without_equivalents"));
  other = r;
  other.substitution->figures.pop_back();
  EXPECT_TRUE(refuses(answer_to(other), "substitution_without_equivalents"));
  other = r;
  other.substitution = Substitution{};
  EXPECT_TRUE(refuses(answer_to(other), "substitution_without_equivalents"));
  for (const char* what : {"nicotine", "morphine"}) {
    other = r;
    const TaperSubstance to = *taper_substance(what, DoseUnit::mg);
    other.lines[1].what = to;
    EXPECT_TRUE(refuses(answer_to(other), "substitution_without_equivalents")) << what;
  }
}

// A benzodiazepine that no table holds, replaced by diazepam on the word of the caller's formulary.
TaperRequest own_base() {
  TaperRequest base = request_of({}, weeks_of(2));
  TaperLine& line = base.lines[0];
  line.what.id = "bromhypnam";
  line.what.name = "bromhypnam";
  line.what.cls = substance::Class::benzodiazepine;
  line.what.diazepam_mg_low = 4;
  line.what.diazepam_mg_high = 8;
  for (int i = 0; i < 2; ++i) line.intakes.push_back({mg(1), "", std::nullopt});
  return base;
}

TEST(CrossTaper, AMedicineOfTheCallersOwnIsReplacedByFiguresOfTheirOwnMarkedAsSuch) {
  CrossTaper cross = to_diazepam();
  const auto without = cross_taper_request(own_base(), cross);
  ASSERT_FALSE(without);  // no table knows it, and nothing is guessed
  EXPECT_EQ(without.error().field, "substitute.figures");
  cross.figures = {{"local formulary 2023", "Formulary of the clinic, page 12", 5, false}};
  const auto request = cross_taper_request(own_base(), cross);
  ASSERT_TRUE(request) << describe(request.error());
  EXPECT_TRUE(request->substitution->figures.front().callers);
  const TaperPlan plan = plan_for(*request);
  // 1 mg at night is 5 mg of diazepam, then both intakes.
  EXPECT_EQ(doses(plan.now(), 1)[0], 5);
  EXPECT_EQ(doses(plan.now(), 1)[1], 10);
  const RuleFinding* f = finding(plan.now().findings, "callers_equivalents");
  ASSERT_NE(f, nullptr);
  EXPECT_EQ(f->answer, Answer::allowed_with_warning);
  EXPECT_NE(f->text.find("local formulary 2023"), std::string::npos);

  TaperRequest by_person = *request;
  by_person.by.role = Role::person;
  EXPECT_TRUE(refuses(answer_to(by_person), "callers_equivalents"));
  EXPECT_FALSE(answer_to(by_person).instead.empty());
}

TEST(CrossTaper, FiguresOfTheCallersOwnReplaceNoTableAndNoKindOfMedicine) {
  CrossTaper cross = to_diazepam();
  cross.figures = {{"mine", "", 5, false}};
  const auto beside = cross_taper_request(alprazolam_base(), cross);
  ASSERT_FALSE(beside);
  EXPECT_EQ(beside.error().code, Errc::contradiction);
  cross.figures[0].source = " ";
  EXPECT_EQ(cross_taper_request(own_base(), cross).error().code, Errc::missing);
  cross.figures[0] = {"mine", "", 0, false};
  EXPECT_EQ(cross_taper_request(own_base(), cross).error().code, Errc::out_of_range);

  cross.figures[0] = {"mine", "", 5, false};
  const TaperRequest fine = *cross_taper_request(own_base(), cross);
  TaperRequest other = fine;
  other.substitution->figures[0].per_unit = 20;  // beyond the 4 to 8 mg it is written out with
  EXPECT_TRUE(refuses(answer_to(other), "substitution_without_equivalents"));
  other = fine;
  other.lines[0].what.cls = substance::Class::nicotine;
  EXPECT_TRUE(refuses(answer_to(other), "substitution_without_equivalents"));
  // Two medicines of the tables without figures stay without.
  other = fine;
  other.lines[0].what = *taper_substance("nicotine", DoseUnit::mg);
  EXPECT_TRUE(refuses(answer_to(other), "substitution_without_equivalents"));
  // Without what it equals in diazepam the guards could not count it with the other.
  other = fine;
  other.lines[0].what.diazepam_mg_low.reset();
  other.lines[0].what.diazepam_mg_high.reset();
  EXPECT_TRUE(refuses(answer_to(other), "substitution_without_equivalents"));
  // Unmarked figures claim to be a table's.
  other = fine;
  other.substitution->figures[0].callers = false;
  EXPECT_TRUE(refuses(answer_to(other), "substitution_without_equivalents"));
}

TEST(CrossTaper, ANewMedicineOfTheCallersOwnIsWrittenOut) {
  CrossTaper cross;
  TaperSubstance slow;
  slow.id = "longazepam";
  slow.name = "longazepam";
  slow.cls = substance::Class::benzodiazepine;
  slow.diazepam_mg_low = 0.5;
  slow.diazepam_mg_high = 1;
  cross.to_substance = slow;
  cross.figures = {{"local formulary 2023", "", 8, false}};
  TaperRequest base = alprazolam_base();
  // 1 mg of alprazolam is 10 to 20 mg of diazepam, so 10 to 40 mg of the new one.
  EXPECT_TRUE(
      refuses(answer_to(*cross_taper_request(base, cross)), "substitution_without_equivalents"));
  cross.figures[0].per_unit = 12;
  const TaperPlan plan = plan_for(*cross_taper_request(base, cross));
  EXPECT_EQ(plan.now().steps[2].doses[1].amount, mg(18));  // 3 x 0.5 x 12
  cross.to = "diazepam";
  EXPECT_EQ(cross_taper_request(base, cross).error().code, Errc::contradiction);
}

TEST(CrossTaper, MoreThanWhatIsReplacedIsARiseAndNoSubstitution) {
  TaperRequest r = request_for(to_diazepam());
  EXPECT_EQ(finding(answer_to(r).findings, "going_up_is_weighed"), nullptr);
  for (auto& row : std::get<RowsRule>(r.lines[1].rule[0].rule).rows) {
    row.amount *= 2;
    for (double& intake : row.intakes) intake *= 2;
  }
  EXPECT_TRUE(refuses(answer_to(r), "going_up_is_weighed"));
}

TEST(CrossTaper, OneIntakeAtATimeBedtimeFirst) {
  const TaperPlan plan = plan_for(request_for(to_diazepam()));
  const auto& steps = plan.now().steps;
  ASSERT_GE(steps.size(), 3U);
  using Row = std::vector<Amount>;
  EXPECT_EQ(steps[0].doses[0].intakes, (Row{mg(0.5), mg(0.5), mg(0)}));
  EXPECT_EQ(steps[0].doses[1].intakes, (Row{mg(0), mg(0), mg(5)}));
  EXPECT_EQ(steps[1].doses[0].intakes, (Row{mg(0), mg(0.5), mg(0)}));
  EXPECT_EQ(steps[1].doses[1].intakes, (Row{mg(5), mg(0), mg(5)}));
  EXPECT_TRUE(steps[2].doses[0].amount.is_zero());
  EXPECT_EQ(steps[2].doses[1].amount, mg(15));
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(steps[i].days().count(), 7);
  EXPECT_EQ(steps.back().kind, StepKind::arrive);  // no rule named: stays on diazepam
}

// A drop from two thirds to nothing passes the quarter and arrives on one day: it arrives.
TEST(CrossTaper, ArrivingIsTheOnlyMilestoneOfItsDay) {
  const TaperPlan plan = plan_for(request_for(to_diazepam()));
  const Date arrived = plan.now().steps[2].first;
  int marks = 0;
  for (const Milestone& mark : plan.now().milestones) {
    if (mark.line != 0 || mark.on != arrived) continue;
    EXPECT_EQ(mark.id, "goal");
    ++marks;
  }
  EXPECT_EQ(marks, 1);
}

TEST(CrossTaper, ANamedSourceIsUsedAndSaysThatItIsHigher) {
  const TaperPlan plan = plan_for(request_for(to_diazepam("ashton-2002")));
  EXPECT_EQ(plan.now().steps[2].doses[1].amount, mg(30));
  const RuleFinding* f = finding(plan.now().findings, "equivalents_disagree");
  ASSERT_NE(f, nullptr);
  EXPECT_NE(f->text.find("watch for sedation"), std::string::npos);
  auto unknown = cross_taper_request(alprazolam_base(), to_diazepam("who-knows"));
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, Errc::unknown_name);
}

TEST(CrossTaper, TheNewMedicineIsThenTaperedByItsOwnRule) {
  CrossTaper cross = to_diazepam();
  cross.then_named = "ashton-2-weeks";
  cross.goal.kind = GoalKind::zero;
  cross.products.push_back(liquid(1, 0.5, 10));
  const TaperPlan plan = plan_for(request_for(cross));
  const auto series = doses(plan.now(), 1);
  ASSERT_GT(series.size(), 10U);
  EXPECT_EQ(series[2], 15);
  EXPECT_EQ(series[3], 14);
  EXPECT_EQ(series.back(), 0.5);
  EXPECT_TRUE(plan.now().after[1].is_zero());
  EXPECT_EQ(*plan.now().steps[3].doses[1].percent_of_original, 100.0 * 14 / 15);
  EXPECT_EQ(plan.now().milestones.back().id, "goal");
}

TEST(CrossTaper, BothTogetherNeverExceedWhatTheyReplace) {
  for (const char* drug : {"alprazolam", "lorazepam", "clonazepam", "temazepam", "oxazepam"}) {
    SCOPED_TRACE(drug);
    for (const double each : {0.5, 1.0, 1.3, 2.0}) {
      TaperRequest base = request_of(line_of(drug, {each, 0, each, each}, {}), weeks_of(2));
      auto r = cross_taper_request(base, to_diazepam());
      ASSERT_TRUE(r) << describe(r.error());
      r->overrides.clear();
      const TaperAnswer answer = answer_to(*r);
      if (!answer.plan) continue;  // above 40 mg
      const double ratio = r->substitution->ratio();
      for (const TaperStep& step : answer.plan->now().steps) {
        EXPECT_LE(step.doses[0].amount.value() * ratio + step.doses[1].amount.value(),
                  3 * each * ratio * (1 + 1e-9));
      }
    }
  }
}

// WHO 2009: diazepam is capped at about 40 mg.
TEST(CrossTaper, AboveFortyMilligramsOfDiazepamAClinicianDecides) {
  TaperRequest base = request_of(line_of("lorazepam", {4, 4, 4}, {}), weeks_of(2));
  auto r = cross_taper_request(base, to_diazepam());
  ASSERT_TRUE(r);
  EXPECT_TRUE(refuses(answer_to(*r), "substitution_cap_40_mg"));
}

TEST(CrossTaper, OpioidsAreNeverChosenByMorphineEquivalents) {
  TaperRequest base = request_of(line_of("oxycodone", {20, 20}, {}), weeks_of(2));
  CrossTaper cross;
  cross.to = "methadone";
  const auto r = cross_taper_request(base, cross);
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, Errc::unsupported);
  EXPECT_NE(describe(r.error()).find("never choose a dose"), std::string::npos);
}

TEST(CrossTaper, AQuickChangeAndOldAgeAreWarnedAbout) {
  CrossTaper cross = to_diazepam();
  cross.stage = days_of(1);
  TaperRequest r = request_for(cross);
  r.facts.age_years = 70;
  const TaperAnswer answer = answer_to(r);
  EXPECT_NE(finding(answer.findings, "substitution_too_quick"), nullptr);
  EXPECT_NE(finding(answer.findings, "long_acting_caution"), nullptr);
}

TEST(CrossTaper, TheOrderOfIntakesMayBeChosen) {
  CrossTaper cross = to_diazepam();
  cross.order = {0, 1, 2};
  const TaperPlan plan = plan_for(request_for(cross));
  EXPECT_TRUE(plan.now().steps[0].doses[0].intakes[0].is_zero());
  cross.order = {0, 0, 2};
  EXPECT_FALSE(cross_taper_request(alprazolam_base(), cross));
}

// Outpatient table: 0.5, 1, 2, 4, 6, 12 mg; the full agonist unchanged through day 6, then 25 % a
// week.
TEST(CrossTaper, LowDoseStartOfBuprenorphine) {
  TaperRequest base = request_of(line_of("oxycodone", {20, 20, 20}, {}), weeks_of(1));
  LowDoseStart start;
  start.products = {*Product::piece(Form::sublingual_tablet, mg(2), Division::quarters),
                    *Product::piece(Form::sublingual_tablet, mg(8))};
  auto r = low_dose_start_request(base, start);
  ASSERT_TRUE(r) << describe(r.error());
  const TaperAnswer answer = answer_to(*r);
  ASSERT_TRUE(answer.plan) << describe(answer.findings.front());
  const TaperVersion& v = answer.plan->now();
  const DayTable full = day_table(v, 0);
  const DayTable bup = day_table(v, 1);
  const double expected[] = {0.5, 1, 2, 4, 6, 12};
  for (std::size_t day = 0; day < 6; ++day) {
    EXPECT_EQ(static_cast<double>(bup.micro[day]) / 1e6, expected[day]);
    EXPECT_EQ(full.micro[day], 60'000'000);
  }
  EXPECT_EQ(full.micro[6], 45'000'000);
  EXPECT_EQ(full.micro[13], 30'000'000);
  EXPECT_EQ(full.micro[20], 15'000'000);
  EXPECT_EQ(full.micro[27], 0);
  EXPECT_EQ(bup.micro[27], 12'000'000);
  start.rule = "buprenorphine-bernese-case-1";
  EXPECT_EQ(low_dose_start_request(base, start).error().code, Errc::unsupported);
  start.rule = "ashton-1-week";
  EXPECT_FALSE(low_dose_start_request(base, start));
}

TEST(CrossTaper, OperationsWorkOnBothLinesAtOnce) {
  CrossTaper cross = to_diazepam();
  cross.then_named = "ashton-2-weeks";
  cross.goal.kind = GoalKind::zero;
  cross.products.push_back(liquid(1, 0.5, 10));
  const TaperPlan plan = plan_for(request_for(cross));
  const TaperPlan held =
      done(hold(plan, day("2024-01-12"), day("2024-01-26"), decided("2024-01-12")));
  EXPECT_EQ(on_day(held.now(), 0, day("2024-01-26"))->step->doses[0].amount, mg(1));
  EXPECT_EQ(on_day(held.now(), 1, day("2024-01-26"))->step->doses[1].amount, mg(5));
  const TaperPlan on = done(resume(held, day("2024-01-29"), false, decided("2024-01-26")));
  EXPECT_EQ(*on.now().ends, *plan.now().ends + Days{14});
  // Planning anew waits until the old one is gone.
  EXPECT_FALSE(
      re_anchor(plan, day("2024-01-16"), 1, mg(10), weeks_of(2), 0, decided("2024-01-16")));
  const TaperPlan again = done(change_goal(
      plan, day("2024-02-20"), 1, {GoalKind::lower_amount, mg(5), ""}, decided("2024-02-20")));
  EXPECT_EQ(again.now().after[1], mg(5));
}

}  // namespace
