// The calendar read by libical, where that library was found when the tests were built: its
// expansion of every event must give the days and amounts of plans::day_table(), in a zone whose
// clocks change.
#include <gtest/gtest.h>

#ifdef OMBRE_TEST_LIBICAL
#include <libical/ical.h>

#include <map>
#include <memory>
#include <string>

#include "io/taper_seeds.hpp"
#include "ombre/io/taper_calendar.hpp"
#endif

namespace {

#ifndef OMBRE_TEST_LIBICAL

TEST(TaperLibical, ExpandsToTheDaysOfThePlan) {
  GTEST_SKIP() << "libical (Debian libical-dev) was not there when this program was built";
}

#else

using namespace taper_test;  // NOLINT: tests

struct Free {
  void operator()(icalcomponent* component) const { icalcomponent_free(component); }
};
using Component = std::unique_ptr<icalcomponent, Free>;
using Doses = std::map<Date, std::int64_t>;

// The amounts of line 0, added up by civil day.
Doses expanded(const std::string& text) {
  Doses out;
  const Component root{icalparser_parse_string(text.c_str())};
  if (!root) {
    ADD_FAILURE() << "not read";
    return out;
  }
  EXPECT_EQ(icalcomponent_count_errors(root.get()), 0);
  for (icalcomponent* event = icalcomponent_get_first_component(root.get(), ICAL_VEVENT_COMPONENT);
       event != nullptr;
       event = icalcomponent_get_next_component(root.get(), ICAL_VEVENT_COMPONENT)) {
    if (icalcomponent_get_status(event) == ICAL_STATUS_CANCELLED) continue;
    std::optional<Amount> dose;
    for (icalproperty* x = icalcomponent_get_first_property(event, ICAL_X_PROPERTY); x != nullptr;
         x = icalcomponent_get_next_property(event, ICAL_X_PROPERTY)) {
      if (std::string{icalproperty_get_x_name(x)} != "X-OMBRE-DOSE") continue;
      const char* line = icalproperty_get_parameter_as_string(x, "X-OMBRE-LINE");
      if (line == nullptr || std::string{line} != "0") continue;
      const auto amount = Amount::parse(icalproperty_get_x(x));
      EXPECT_TRUE(amount);
      if (amount) dose = *amount;
    }
    if (!dose) continue;
    const auto add = [&](icaltimetype t) {
      const auto day = Date::from_ymd(t.year, t.month, t.day);
      ASSERT_TRUE(day);
      out[*day] += dose->micro();
    };
    const icaltimetype start = icalcomponent_get_dtstart(event);
    icalproperty* rule = icalcomponent_get_first_property(event, ICAL_RRULE_PROPERTY);
    if (rule != nullptr) {
      icalrecur_iterator* it = icalrecur_iterator_new(icalproperty_get_rrule(rule), start);
      for (icaltimetype t = icalrecur_iterator_next(it); icaltime_is_null_time(t) == 0;
           t = icalrecur_iterator_next(it)) {
        EXPECT_EQ(t.hour, start.hour);  // the hour on the clock stays, whatever the zone does
        add(t);
      }
      icalrecur_iterator_free(it);
      continue;
    }
    const icaltimetype end = icalcomponent_get_dtend(event);
    EXPECT_EQ(start.is_date, 1);
    for (icaltimetype t = start; icaltime_compare_date_only(t, end) < 0;
         icaltime_adjust(&t, 1, 0, 0, 0)) {
      add(t);
    }
  }
  return out;
}

Doses wanted(const TaperPlan& plan) {
  const DayTable table = day_table(plan.now(), 0);
  Doses out;
  for (std::size_t k = 0; k < table.micro.size(); ++k) {
    if (table.micro[k] > 0) out[table.first + Days{static_cast<int>(k)}] = table.micro[k];
  }
  return out;
}

TEST(TaperLibical, ExpandsToTheDaysOfThePlan) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(seed);
    taper_seeds::Story story{seed};
    const auto plan = story.plan();
    if (!plan) continue;
    const TaperPlan last = story.live_through(*plan, 4);
    const auto ics = ombre::io::taper_calendar(last);
    ASSERT_TRUE(ics);
    Doses have = expanded(*ics);
    std::erase_if(have, [](const auto& d) { return d.second == 0; });
    EXPECT_EQ(have, wanted(last));
  }
}

TEST(TaperLibical, IntakesKeepTheirHourWhenClocksChange) {
  for (const char* start : {"2024-02-26", "2024-03-25", "2024-10-21"}) {
    TaperLine line = line_of("diazepam", {10, 10}, {});
    line.named_rule = "ashton-2-weeks";
    line.intakes[0].minute_of_day = 2 * 60 + 30;
    line.intakes[1].minute_of_day = 22 * 60;
    TaperRequest request = request_of(line, weeks_of(2));
    request.calendar.start = day(start);
    request.made_on = day(start) - Days{3};
    request.facts.next_contact = day(start);
    const TaperPlan plan = plan_for(request);
    ombre::io::TaperCalendarOptions timed;
    timed.each_intake = true;
    timed.remind_at = 0;
    const auto ics = ombre::io::taper_calendar(plan, timed);
    ASSERT_TRUE(ics);
    EXPECT_EQ(expanded(*ics), wanted(plan));
  }
}

#endif

}  // namespace
