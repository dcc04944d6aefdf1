// The iCalendar file of a plan, unfolded and parsed back with a small parser of its own; expanded
// events must name the same days and amounts as plans::day_table(). Rules of the format: RFC 5545.
#include "ombre/io/taper_calendar.hpp"

#include <gtest/gtest.h>

#include <map>

#include "io/ical_parser.hpp"
#include "plans/taper_builder.hpp"

namespace {

using namespace taper_test;  // NOLINT: tests
using namespace ombre::io;   // NOLINT: tests
using ical_test::Calendar;
using ical_test::Entry;

std::string ics_of(const TaperPlan& plan, TaperCalendarOptions options = {}) {
  const auto text = taper_calendar(plan, options);
  EXPECT_TRUE(text) << (text ? "" : describe(text.error()));
  return text ? *text : std::string{};
}

const Entry* entry(const Calendar& calendar, std::string_view uid) {
  for (const Entry& e : calendar.events) {
    if (e.at("UID") == uid) return &e;
  }
  return nullptr;
}

TaperPlan small_plan(std::string_view start = "2024-02-26") {
  TaperLine line = line_of("diazepam", {5, 5}, {});
  line.rule = {TaperPhase{PercentRule{20, Basis::original}}};
  line.goal = {GoalKind::lower_amount, mg(6), "calmer"};
  TaperRequest request = request_of(line, weeks_of(4));
  request.calendar.start = day(start);
  request.facts.next_contact = day(start);
  request.made_on = day(start) - Days{7};
  return plan_for(request);
}

TEST(TaperCalendar, LinesAreFoldedAt75OctetsAndEndWithCrlf) {
  TaperLine line = line_of("diazepam", {10}, {});
  line.named_rule = "ashton-2-weeks";
  line.what.name = "diazepam, das lange Wörter überall äöü trägt; \\ und mehr, noch viel mehr äöü";
  line.products = {tablet(5, Division::halves), tablet(2, Division::halves), liquid(0.4, 0.25)};
  const TaperPlan plan = plan_for(request_of(line, weeks_of(2)));
  TaperCalendarOptions options;
  options.privacy = CalendarPrivacy::full;
  const std::string text = ics_of(plan, options);
  std::size_t at = 0;
  bool folded = false;
  while (at < text.size()) {
    const std::size_t end = text.find("\r\n", at);
    ASSERT_NE(end, std::string::npos);
    const std::string_view row = std::string_view{text}.substr(at, end - at);
    EXPECT_LE(row.size(), 75U);
    EXPECT_EQ(row.find('\n'), std::string_view::npos);
    ASSERT_FALSE(row.empty());
    // No line begins within a character.
    const char first = row.front() == ' ' && row.size() > 1 ? row[1] : row.front();
    EXPECT_NE(static_cast<unsigned char>(first) & 0xC0U, 0x80U);
    folded = folded || row.front() == ' ';
    at = end + 2;
  }
  EXPECT_TRUE(folded);
  const Calendar back = ical_test::parse(text);
  EXPECT_TRUE(back.events.front().at("SUMMARY").starts_with(line.what.name));
}

TEST(TaperCalendar, StepsAreAllDayEventsWithTheDayAfterAsEnd) {
  const Calendar c = ical_test::parse(ics_of(small_plan()));
  EXPECT_EQ(c.properties.at("VERSION"), "2.0");
  EXPECT_EQ(c.properties.at("PRODID"), "-//ombre//taper//EN");
  EXPECT_EQ(c.properties.at("METHOD"), "PUBLISH");
  const Entry* first = entry(c, "plan-1/step-1@ombre");
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(first->at("DTSTART;VALUE=DATE"), "20240226");
  EXPECT_EQ(first->at("DTEND;VALUE=DATE"), "20240325");  // four weeks, a leap day among them
  EXPECT_EQ(first->at("SUMMARY"), "Step 1 of 2");
  EXPECT_EQ(first->at("STATUS"), "TENTATIVE");
  EXPECT_EQ(first->at("SEQUENCE"), "0");
  EXPECT_EQ(first->at("DTSTAMP"), "20240219T000000Z");
  EXPECT_TRUE(first->at("DESCRIPTION").find("8 mg a day") != std::string::npos);
}

TEST(TaperCalendar, SummariesNameNoMedicineUnlessAsked) {
  const std::string text = ics_of(small_plan());
  EXPECT_EQ(text.find("diazepam"), std::string::npos);
  TaperCalendarOptions options;
  options.privacy = CalendarPrivacy::numbers_only;
  const std::string bare = ics_of(small_plan(), options);
  EXPECT_EQ(bare.find(" mg"), std::string::npos);
  EXPECT_EQ(bare.find("X-OMBRE"), std::string::npos);
  options.privacy = CalendarPrivacy::full;
  const Calendar full = ical_test::parse(ics_of(small_plan(), options));
  EXPECT_EQ(entry(full, "plan-1/step-1@ombre")->at("SUMMARY"), "diazepam: 8 mg a day");
  for (const auto p :
       {CalendarPrivacy::numbers_only, CalendarPrivacy::plain_summary, CalendarPrivacy::full}) {
    EXPECT_EQ(find_calendar_privacy(name(p)), p);
  }
  EXPECT_FALSE(find_calendar_privacy("open"));
}

TEST(TaperCalendar, RemindersAndReviewsAreThereWhenAskedFor) {
  TaperCalendarOptions options;
  options.remind_at = 540;
  const std::string text = ics_of(small_plan(), options);
  const Calendar c = ical_test::parse(text);
  EXPECT_EQ(entry(c, "plan-1/step-1@ombre")->at("TRIGGER"), "PT540M");
  const Entry* review = entry(c, "plan-1/review-2024-03-25@ombre");
  ASSERT_NE(review, nullptr);
  EXPECT_EQ(review->at("SUMMARY"), "Time to talk: how is it going?");
  options.reviews = false;
  options.remind_at.reset();
  const std::string less = ics_of(small_plan(), options);
  EXPECT_EQ(less.find("VALARM"), std::string::npos);
  EXPECT_EQ(less.find("review"), std::string::npos);
  options.remind_at = 1440;
  EXPECT_FALSE(taper_calendar(small_plan(), options));
  options.remind_at.reset();
  options.now = CalendarStamp{day("2024-01-01"), 24, 0, 0};
  EXPECT_FALSE(taper_calendar(small_plan(), options));
  options.now = CalendarStamp{day("2024-01-01"), 7, 5, 9};
  EXPECT_NE(ics_of(small_plan(), options).find("DTSTAMP:20240101T070509Z"), std::string::npos);
}

TEST(TaperCalendar, IntakesAreAtFloatingLocalTimes) {
  TaperLine line = line_of("diazepam", {5, 5}, {});
  line.rule = {TaperPhase{PercentRule{20, Basis::original}}};
  line.goal = {GoalKind::lower_amount, mg(8), ""};
  TaperCalendarOptions options;
  options.each_intake = true;
  options.remind_at = 0;
  const TaperPlan untimed = plan_for(request_of(line, weeks_of(4)));
  const auto refused = taper_calendar(untimed, options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().field, "lines[0].intakes[0]");
  line.intakes[0].minute_of_day = 8 * 60;
  line.intakes[1].minute_of_day = 22 * 60 + 30;
  TaperRequest request = request_of(line, weeks_of(4));
  const TaperPlan plan = plan_for(request);
  const Calendar c = ical_test::parse(ics_of(plan, options));
  const Entry* morning = entry(c, "plan-1/step-1/line-0/intake-0@ombre");
  ASSERT_NE(morning, nullptr);
  EXPECT_EQ(morning->at("DTSTART"), "20240108T080000");  // no Z, no zone
  EXPECT_EQ(morning->at("RRULE"), "FREQ=DAILY;INTERVAL=1;UNTIL=20240204T080000");
  EXPECT_EQ(morning->at("TRIGGER"), "-PT0M");
  EXPECT_NE(entry(c, "plan-1/step-1/line-0/intake-1@ombre"), nullptr);
  EXPECT_EQ(entry(c, "plan-1/step-1@ombre"), nullptr);
}

TEST(TaperCalendar, AHoldKeepsUidsRaisesSequenceAndCancelsWhatHasNoDate) {
  const TaperPlan draft = small_plan();
  const TaperPlan yes = done(accept(draft, decided("2024-02-20")));
  const TaperPlan held =
      done(hold(yes, day("2024-03-20"), day("2024-04-10"), decided("2024-03-20")));
  const Calendar before = ical_test::parse(ics_of(yes));
  const Calendar after = ical_test::parse(ics_of(held));
  EXPECT_EQ(entry(before, "plan-1/step-1@ombre")->at("STATUS"), "CONFIRMED");
  EXPECT_EQ(entry(before, "plan-1/step-1@ombre")->at("SEQUENCE"), "1");  // the draft was 0
  const Entry* first = entry(after, "plan-1/step-1@ombre");
  EXPECT_EQ(first->at("SEQUENCE"), "2");
  EXPECT_EQ(first->at("DTSTART;VALUE=DATE"), "20240226");
  EXPECT_EQ(first->at("DTEND;VALUE=DATE"), "20240411");  // through the review
  EXPECT_EQ(first->at("DTSTAMP"), "20240320T000000Z");
  const Entry* second = entry(after, "plan-1/step-2@ombre");
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(second->at("STATUS"), "CANCELLED");
  EXPECT_EQ(second->at("SEQUENCE"), "2");

  const TaperPlan on = done(resume(held, day("2024-04-11"), false, decided("2024-04-10")));
  const Calendar again = ical_test::parse(ics_of(on));
  const Entry* back = entry(again, "plan-1/step-2@ombre");
  EXPECT_EQ(back->at("STATUS"), "CONFIRMED");
  EXPECT_EQ(back->at("SEQUENCE"), "3");
  EXPECT_EQ(back->at("DTSTART;VALUE=DATE"), "20240411");
}

TEST(TaperCalendar, EventsThatHavePassedStayAsTheyWere) {
  TaperLine line = line_of("diazepam", {20}, {});
  line.named_rule = "ashton-2-weeks";
  const TaperPlan draft = plan_for(request_of(line, weeks_of(2)));
  const TaperPlan yes = done(accept(draft, decided("2024-01-02")));
  const TaperPlan slow = done(change_pace(yes, day("2024-03-10"), {1, 2}, decided("2024-03-10")));
  const TaperPlan back = done(step_back(slow, day("2024-05-01"), 2, 0, decided("2024-05-01")));
  const Calendar was = ical_test::parse(ics_of(yes));
  const Calendar is = ical_test::parse(ics_of(back));
  int passed = 0;
  for (const Entry& e : was.events) {
    if (e.count("DTEND;VALUE=DATE") == 0 || e.at("DTEND;VALUE=DATE") > "20240310") continue;
    const Entry* same = entry(is, e.at("UID"));
    ASSERT_NE(same, nullptr);
    EXPECT_EQ(*same, e) << e.at("UID");
    ++passed;
  }
  EXPECT_GE(passed, 4);
}

TEST(TaperCalendar, DosesEverySecondDayRepeatWithAnInterval) {
  TaperLine line;
  line.what = *taper_substance("fluoxetine", DoseUnit::mg);
  line.intakes = {{mg(20), "", {}}};
  Terminal terminal;
  terminal.smallest = 10;
  terminal.every_n_days = {2, 3};
  line.rule = {TaperPhase{PercentRule{25, Basis::current, terminal}}};
  line.goal.kind = GoalKind::zero;
  const TaperPlan plan = plan_for(request_of(line, weeks_of(2)));
  const Calendar c = ical_test::parse(ics_of(plan));
  const DayTable table = day_table(plan.now(), 0);
  const auto days = c.doses_by_day(0);
  std::size_t gaps = 0;
  for (std::size_t k = 0; k < table.micro.size(); ++k) {
    const auto here = days.find(table.first + Days{static_cast<int>(k)});
    const std::int64_t micro = here == days.end() ? 0 : here->second.micro();
    EXPECT_EQ(micro, table.micro[k]) << k;
    if (table.micro[k] == 0) ++gaps;
  }
  EXPECT_GT(gaps, 10U);
  EXPECT_NE(entry(c, "plan-1/arrived@ombre"), nullptr);
}

TEST(TaperCalendar, TextThatIsNotUtf8IsRefused) {
  TaperLine line = line_of("diazepam", {10}, {});
  line.named_rule = "ashton-2-weeks";
  TaperRequest request = request_of(line, weeks_of(2));
  request.plan_id = "\xff";
  EXPECT_FALSE(taper_calendar(plan_for(request)));
}

}  // namespace
