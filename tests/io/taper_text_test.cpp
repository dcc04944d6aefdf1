// Tables, CSV and texts of a plan. Expected doses are Ashton's (2002) and the cigarettes and drinks
// of the requests; sentences are looked for, not whole pages.
#include "ombre/io/taper_text.hpp"

#include <gtest/gtest.h>

#include "ombre/io/json.hpp"
#include "ombre/io/taper_calendar.hpp"
#include "ombre/plans/cross_taper.hpp"
#include "plans/taper_builder.hpp"

namespace {

using namespace taper_test;  // NOLINT: tests
using namespace ombre::io;   // NOLINT: tests

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TaperPlan diazepam() {
  TaperLine line = line_of("diazepam", {20, 20}, {});
  line.named_rule = "ashton-2-weeks";
  line.intakes[0].label = "morning";
  line.intakes[1].label = "night";
  line.products = {tablet(10, Division::halves), tablet(5, Division::halves),
                   tablet(2, Division::halves), liquid(0.4, 0.25)};
  line.goal.words = "I want my mornings back";
  return plan_for(request_of(line, weeks_of(2)));
}

TaperPlan drinks() {
  TaperLine line;
  TaperSubstanceOptions own;
  own.prescribed = false;
  own.drink_country = "US";
  auto what = taper_substance("alcohol", DoseUnit::drinks, own);
  EXPECT_TRUE(what);
  line.what = *what;
  line.per = Per::week;
  const auto n = [](double v) { return *Amount::nearest(v, DoseUnit::drinks); };
  line.intakes = {{n(35), "", {}}};
  line.goal = {GoalKind::lower_amount, n(21), "five a night to three"};
  FadeRule fade;
  fade.steps = 6;
  fade.grid = 1;
  line.rule = {TaperPhase{fade}};
  return plan_for(request_of(line, weeks_of(1)));
}

std::string text_of(const TaperPlan& plan, TaperTextOptions options = {}) {
  const auto text = taper_person_text(plan, options);
  EXPECT_TRUE(text) << (text ? "" : describe(text.error()));
  return text ? *text : std::string{};
}

TEST(TaperText, ADraftSaysSoInItsFirstLineUntilItIsAccepted) {
  const TaperPlan plan = diazepam();
  EXPECT_TRUE(text_of(plan).starts_with("DRAFT"));
  EXPECT_TRUE(taper_pharmacy_text(plan)->starts_with("DRAFT"));
  EXPECT_TRUE(taper_step_table(plan)->starts_with("DRAFT"));
  EXPECT_TRUE(taper_day_table(plan)->starts_with("DRAFT"));
  const TaperPlan yes = done(accept(plan, decided("2024-01-02")));
  EXPECT_TRUE(text_of(yes).starts_with("Accepted by Dr. Example on 2 January 2024."));
  EXPECT_FALSE(holds(text_of(yes), "DRAFT"));
  EXPECT_FALSE(holds(*taper_pharmacy_text(yes), "DRAFT"));
  EXPECT_FALSE(holds(*taper_step_table(yes), "DRAFT"));
  EXPECT_TRUE(text_of(yes.as_of(1)).starts_with("DRAFT"));
}

TEST(TaperText, ThePersonReadsDatesDosesAndPiecesInWords) {
  const std::string text = text_of(diazepam());
  EXPECT_TRUE(holds(text,
                    "Step 1: Monday, 8 January 2024 to Sunday, 21 January 2024 (2 weeks)\n"
                    "  38 mg a day (2 mg less than before)\n"
                    "    morning: 19 mg = 1 tablet of 10 mg + 1 tablet of 5 mg + 2 tablets "
                    "of 2 mg\n"));
  EXPECT_TRUE(holds(text, "half a tablet of 2 mg"));
  EXPECT_TRUE(holds(text, "mL of the liquid with 0.4 mg in 1 mL"));
  EXPECT_TRUE(holds(text, "In your own words: \"I want my mornings back\""));
  EXPECT_TRUE(holds(text, "From here on you take half of what you started with, or less."));
  EXPECT_TRUE(holds(text, "on you need none of it any more."));
  EXPECT_TRUE(holds(text, "If it is too fast"));
  EXPECT_TRUE(holds(text, "do not skip days: that can cause seizures"));
  EXPECT_TRUE(holds(text, "Measure the liquid"));
  EXPECT_FALSE(holds(text, "Naloxone"));  // nothing here asks for it
  EXPECT_FALSE(holds(text, "%"));
}

TEST(TaperText, NoTextUsesAWordToAvoid) {
  for (const TaperPlan& plan : {diazepam(), drinks()}) {
    for (const std::string& text :
         {text_of(plan), *taper_pharmacy_text(plan), *taper_step_table(plan)}) {
      const auto found = check_wording(text);
      EXPECT_TRUE(found.empty()) << found.front().word;
    }
  }
}

TEST(TaperText, OpioidsBringToleranceAndNaloxone) {
  TaperLine line = line_of("morphine", {45, 45}, {});
  line.rule = {TaperPhase{PercentRule{10, Basis::current, Terminal{5}}}};
  line.products = {tablet(5), tablet(15), tablet(30), liquid(2)};
  TaperRequest request = request_of(line, months_of(1));
  request.facts.naloxone_at_hand = false;
  TaperPlan plan = plan_for(request);
  std::string text = text_of(plan);
  EXPECT_TRUE(holds(text, "A dose that used to be usual may now kill"));
  EXPECT_TRUE(holds(text, "Please get naloxone"));
  EXPECT_TRUE(holds(text, "Give naloxone and stay with them"));
  EXPECT_TRUE(holds(*taper_pharmacy_text(plan), "Please offer naloxone"));
  request.facts.naloxone_at_hand = true;
  plan = plan_for(request);
  text = text_of(plan);
  EXPECT_TRUE(holds(text, "You have naloxone"));
  EXPECT_FALSE(holds(*taper_pharmacy_text(plan), "Please offer naloxone"));
}

TEST(TaperText, AgonistTreatmentSaysWhatMissedDaysMean) {
  TaperSubstanceOptions treatment;
  treatment.agonist_treatment = true;
  TaperLine line = line_of("methadone", {60}, {}, treatment);
  line.named_rule = "methadone-uk-5-mg-2-weeks";
  line.goal = {GoalKind::lower_amount, mg(45), ""};
  const std::string text = text_of(plan_for(request_of(line, weeks_of(2))));
  EXPECT_TRUE(holds(text, "If you miss 3 days or more"));
  EXPECT_TRUE(holds(text, "You want to come down to 45 mg a day and may stay there"));
  EXPECT_TRUE(holds(text, "45 mg a day. You have arrived; stay here."));
  EXPECT_TRUE(holds(text, "for as long as that is right for you"));
}

// Three intakes of which one or two are taken: which of them has to be said.
TEST(TaperText, PartOfTheDaysIntakesAreNamedOneByOne) {
  TaperLine line = line_of("alprazolam", {0.5, 0.5, 0.5}, {});
  line.products = {tablet(0.5)};
  CrossTaper cross;
  cross.to = "diazepam";
  cross.products = {tablet(5), tablet(2, Division::halves), liquid(0.4, 0.25)};
  cross.then_named = "ashton-2-weeks";
  cross.goal = {GoalKind::lower_amount, mg(10), ""};
  const auto request = cross_taper_request(request_of(line, weeks_of(2)), cross);
  ASSERT_TRUE(request) << describe(request.error());
  const std::string text = text_of(plan_for(*request));
  EXPECT_TRUE(holds(text,
                    "  alprazolam: 1 mg a day (0.5 mg less than before)\n"
                    "    dose 1: 0.5 mg = 1 tablet of 0.5 mg\n"
                    "    dose 2: 0.5 mg = 1 tablet of 0.5 mg\n"
                    "  diazepam: 5 mg a day (5 mg more than before)\n"
                    "    dose 3: 5 mg = 1 tablet of 5 mg\n"));
  EXPECT_TRUE(holds(text, "    3 times a day, each time: 5 mg = 1 tablet of 5 mg\n"));
  // Less alprazolam is no milestone while diazepam takes its place.
  EXPECT_LT(text.find("Step 4:"), text.find("* Your first step down."));
  EXPECT_FALSE(holds(text, "half of what you started with"));
}

TEST(TaperText, WeeklyGoalsShowAnExampleOfTheDays) {
  const std::string text = text_of(drinks());
  EXPECT_TRUE(text.starts_with("DRAFT: this plan is not accepted yet. It is yours"));
  EXPECT_TRUE(holds(text, "you start from 35 drinks in the whole week."));
  EXPECT_TRUE(holds(text, "Over the days that could be 5, 5, 5, 5, 5, 5, 4."));  // 34
  EXPECT_TRUE(holds(text, "stopping at once can cause seizures"));
  EXPECT_FALSE(holds(text, "If you miss a dose"));
}

TEST(TaperText, StepsThatHavePassedAreToldInOneLine) {
  TaperTextOptions options;
  options.today = day("2024-02-10");  // step 3 began on 5 February
  options.contact = "Dr. Example, 555 0100";
  const std::string text = text_of(diazepam(), options);
  EXPECT_TRUE(holds(text, "2 steps lie behind you. Well done: you are on step 3."));
  EXPECT_FALSE(holds(text, "Step 2:"));
  EXPECT_TRUE(holds(text, "Step 3:"));
  EXPECT_TRUE(holds(text, "tell Dr. Example, 555 0100"));
  EXPECT_FALSE(holds(text, "Monday, 5 February 2024\n"));  // a review that has passed
}

TEST(TaperText, AHoldIsToldKindlyAndLeavesTheRestWithoutDates) {
  const TaperPlan yes = done(accept(diazepam(), decided("2024-01-02")));
  const TaperPlan held =
      done(hold(yes, day("2024-02-10"), day("2024-03-01"), decided("2024-02-10")));
  const std::string text = text_of(held);
  EXPECT_TRUE(holds(text,
                    "The plan pauses, as agreed: you stay where you are. We look again on "
                    "Friday, 1 March 2024. Staying is not going back."));
  EXPECT_TRUE(holds(text, "Last change, 10 February 2024: the plan was paused."));
  EXPECT_TRUE(holds(text, "The next steps have no dates yet."));
  EXPECT_TRUE(holds(*taper_pharmacy_text(held), "On hold until 1 March 2024"));
}

TEST(TaperText, ATranslationSpeaksThroughout) {
  TaperTranslation t;
  t.tag = "xx";
  for (const TaperMessage& m : taper_messages()) {
    std::string text = "¿";
    for (const char c : m.english) text += c;
    t.messages.emplace_back(std::string{m.id}, text);
  }
  const auto words = TaperLanguage::from(t);
  ASSERT_TRUE(words);
  TaperTextOptions options;
  options.language = &*words;
  const std::string text = text_of(diazepam(), options);
  std::size_t lines = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = text.find('\n', at);
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    if (line.empty() || line.starts_with("---")) continue;
    ++lines;
    EXPECT_TRUE(holds(line, "¿")) << line;
  }
  EXPECT_GT(lines, 50U);
}

TEST(TaperTables, OneRowAStepWithPercentagesAndPieces) {
  const auto table = taper_step_table(diazepam());
  ASSERT_TRUE(table);
  EXPECT_TRUE(holds(*table, "2024-01-08"));
  EXPECT_TRUE(holds(*table, "38 mg a day"));
  EXPECT_TRUE(holds(*table, "95 %"));  // of 40
  EXPECT_TRUE(holds(*table, "-5 %"));
  TaperTableOptions markdown;
  markdown.form = TableForm::markdown;
  EXPECT_TRUE(holds(*taper_step_table(diazepam(), markdown), "|"));
}

TEST(TaperTables, TheDayTableCanBeCutToAStretch) {
  const auto table = taper_day_table(diazepam(), day("2024-02-28"), day("2024-03-01"));
  ASSERT_TRUE(table);
  EXPECT_TRUE(holds(*table, "2024-02-29"));
  EXPECT_FALSE(holds(*table, "2024-02-27"));
  EXPECT_FALSE(holds(*table, "2024-03-02"));
  EXPECT_FALSE(taper_day_table(diazepam(), day("2024-03-02"), day("2024-03-01")));
}

TEST(TaperCsv, StepsHaveTheColumnsOfTheContract) {
  const auto csv = taper_steps_csv(diazepam());
  ASSERT_TRUE(csv);
  EXPECT_TRUE(csv->starts_with("plan_id,step,start,end,dose,unit,per_day,forms,"));
  EXPECT_TRUE(holds(*csv, "\nplan-1,1,2024-01-08,2024-01-21,38,mg,2,"));
  EXPECT_TRUE(holds(*csv, "2 x 2 mg tablet"));
  const auto days = taper_days_csv(diazepam());
  ASSERT_TRUE(days);
  EXPECT_TRUE(holds(*days, "\nplan-1,2024-02-29,0,diazepam,32,mg,day,"));
  const auto supply = taper_supply_csv(diazepam());
  ASSERT_TRUE(supply);
  // 28 days: 14 of 19 + 19 mg (two 2 mg each), 14 of 18 + 18 mg (one and a half each)
  EXPECT_TRUE(holds(*supply, "plan-1,0,diazepam,2024-01-08,2024-02-04,2 mg tablet,98,392,,1"));
}

TEST(TaperCsv, FormulasAreDefusedWhereAsked) {
  TaperLine line = line_of("diazepam", {10}, {});
  line.named_rule = "ashton-2-weeks";
  TaperRequest request = request_of(line, weeks_of(2));
  request.plan_id = "=cmd()";
  const TaperPlan plan = plan_for(request);
  EXPECT_TRUE(holds(*taper_steps_csv(plan), "\n\"=cmd()\","));
  CsvStyle safe;
  safe.spreadsheet_safe = true;
  EXPECT_TRUE(holds(*taper_steps_csv(plan, safe), "\n\"'=cmd()\","));
  EXPECT_TRUE(holds(*taper_days_csv(plan, safe), "\n\"'=cmd()\","));
}

TEST(TaperText, ARefusalSaysWhatCanBeDoneBeforeItSaysWhy) {
  TaperLine line;
  TaperSubstanceOptions own;
  own.prescribed = false;
  line.what = *taper_substance("alcohol", DoseUnit::g_ethanol, own);
  line.intakes = {{*Amount::nearest(200, DoseUnit::g_ethanol), "", {}}};
  line.goal.kind = GoalKind::zero;
  line.rule = {TaperPhase{PercentRule{100, Basis::original}}};
  TaperRequest request = request_of(line, weeks_of(1));
  request.facts.supervision = Supervision::none;
  const TaperAnswer answer = answer_to(request);
  ASSERT_EQ(answer.answer, Answer::refused);
  const auto text = taper_refusal_text(answer);
  ASSERT_TRUE(text);
  EXPECT_TRUE(holds(*text, "You did nothing wrong by asking."));
  EXPECT_LT(text->find("Please do not stop suddenly at home"), text->find("\nWhy\n"));
  EXPECT_TRUE(check_wording(*text).empty()) << check_wording(*text).front().word;
  EXPECT_FALSE(taper_refusal_text(answer_to(diazepam().request())));
}

TEST(TaperText, AHeldOrStoppedPlanSaysThatTheDoseGoesOnBeyondTheReview) {
  const TaperPlan yes = done(accept(diazepam(), decided("2024-01-02")));
  const std::string says =
      "diazepam: 34 mg a day goes on after 1 March 2024 too, until the review has decided. It does "
      "not end on that day.";
  for (const TaperPlan& plan :
       {done(hold(yes, day("2024-02-10"), day("2024-03-01"), decided("2024-02-10"))),
        done(stop_tapering(yes, day("2024-02-10"), day("2024-03-01"), decided("2024-02-10")))}) {
    std::string ics = *taper_calendar(plan);
    for (std::size_t at = ics.find("\r\n "); at != std::string::npos; at = ics.find("\r\n ")) {
      ics.erase(at, 3);
    }
    EXPECT_TRUE(holds(text_of(plan), says));
    EXPECT_TRUE(holds(*taper_pharmacy_text(plan), says));
    EXPECT_TRUE(holds(ics, "34 mg a day goes on after 1 March 2024 too"));
  }
  EXPECT_FALSE(holds(text_of(yes), "goes on after"));
}

TEST(TaperText, ARefusalBeginsWithTheDoseThatCannotBeMade) {
  TaperLine line = line_of("diazepam", {20, 20}, {});
  line.named_rule = "ashton-2-weeks";  // from 2 mg on by 0.5 mg, which halves of 2 mg cannot make
  line.products = {tablet(10, Division::halves), tablet(5, Division::halves),
                   tablet(2, Division::halves)};
  const TaperAnswer answer = answer_to(request_of(line, weeks_of(2)));
  ASSERT_EQ(answer.answer, Answer::refused);
  const std::string text = *taper_refusal_text(answer);
  const std::size_t cause = text.find("cannot follow the rule at 1.5 mg of diazepam");
  ASSERT_NE(cause, std::string::npos) << text;
  EXPECT_LT(cause, text.find("diazepam goes down by 100 %"));
  EXPECT_TRUE(holds(text, "doses in steps of 0.5 mg would fit"));
  EXPECT_TRUE(holds(text, "The products named cannot make every dose."));
}

TEST(TaperText, APlanWithDaysBetweenDosesDoesNotForbidThem) {
  TaperLine line = line_of("diazepam", {1}, {});
  Terminal end{1};
  end.every_n_days = {2};
  line.rule = {TaperPhase{PercentRule{10, Basis::current, end}}};
  const TaperPlan plan = plan_for(request_of(line, weeks_of(2)));
  const std::string text = text_of(plan);
  ASSERT_TRUE(holds(text, "every second day")) << text;
  EXPECT_FALSE(holds(text, "do not skip days"));
  EXPECT_TRUE(holds(text, "leave out no other days than those of your plan"));
}

TEST(TaperText, AdviceAfterMissedDaysIsALowStartAndNotSmallerSteps) {
  TaperLine line = line_of("morphine", {45, 45}, {});
  line.rule = {TaperPhase{PercentRule{10, Basis::current, Terminal{5}}}};
  const TaperPlan yes =
      done(accept(plan_for(request_of(line, months_of(1))), decided("2024-01-02")));
  const auto answer = step_back(yes, day("2024-05-10"), 1, 30, decided("2024-05-10"));
  ASSERT_TRUE(answer) << describe(answer.error());
  ASSERT_EQ(answer->answer, Answer::refused);
  const std::string text = *taper_refusal_text(*answer);
  EXPECT_TRUE(holds(text, "starts again low")) << text;
  EXPECT_TRUE(holds(text, "keep naloxone at hand"));
  EXPECT_TRUE(holds(text, "do not be alone"));
  EXPECT_FALSE(holds(text, "Smaller or longer steps can fit"));
}

TEST(TaperText, SomebodyWhoHasStoppedIsNotOnlyToldToKeepTaking) {
  const TaperPlan yes = done(accept(diazepam(), decided("2024-01-02")));
  const auto answer =
      re_anchor(yes, day("2024-02-10"), 0, mg(0), weeks_of(1), 0, decided("2024-02-10"));
  ASSERT_TRUE(answer) << describe(answer.error());
  ASSERT_EQ(answer->answer, Answer::refused);
  EXPECT_TRUE(holds(*taper_refusal_text(*answer), "If you have already stopped, see one today"));
}

}  // namespace
