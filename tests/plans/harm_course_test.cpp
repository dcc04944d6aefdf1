// Days between harms, counted by hand from the calendar.
#include "ombre/plans/harm_course.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "ombre/core/wording.hpp"

namespace ombre::plans {
namespace {

Date day(std::string_view iso) { return *Date::parse(iso); }

const HarmLedger ledger{
    {day("2026-03-02"), "arrest", ""},           {day("2026-01-01"), "arrest", ""},
    {day("2026-01-01"), "arrest", "two counts"}, {day("2026-02-10"), "overdose", ""},
    {day("2026-12-01"), "overdose", ""},         {day("2026-01-31"), "arrest", ""}};

TEST(HarmCourses, ASecondArrestIsSeenWithTheTimeBetween) {
  const auto all = harm_courses(ledger, day("2026-06-10"));
  ASSERT_EQ(all.size(), 2U);  // by name
  EXPECT_EQ(all[0].harm, "arrest");
  EXPECT_EQ(all[0].times, 3U);  // two on one day are one
  EXPECT_TRUE(all[0].again);
  EXPECT_EQ(all[0].usual_between, 30.0);  // 1 January to 31 January, and on to 2 March: 30 and 30
  EXPECT_EQ(all[0].since_last, 100);      // 2 March to 10 June
  EXPECT_TRUE(all[0].longest_without);
  EXPECT_EQ(describe(all[0]),
            "arrest: 3 times, the last 100 days ago; usually 30 days between. The longest time "
            "without so far.");
  EXPECT_EQ(all[1].times, 1U);  // what is after today has not happened
  EXPECT_FALSE(all[1].again);
  EXPECT_FALSE(all[1].usual_between);
  EXPECT_EQ(describe(all[1]), "overdose: once, 120 days ago.");
}

TEST(HarmCourses, OrderDoesNotMatterAndTheWordsJudgeNobody) {
  HarmLedger turned = ledger;
  std::ranges::reverse(turned);
  const auto a = harm_courses(ledger, day("2026-03-02"));
  const auto b = harm_courses(turned, day("2026-03-02"));
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(describe(a[i]), describe(b[i]));
    EXPECT_TRUE(check_wording(describe(a[i])).empty());
  }
  EXPECT_EQ(describe(a[0]), "arrest: 3 times, today; usually 30 days between.");
  EXPECT_TRUE(harm_courses({}, day("2026-03-02")).empty());
}

}  // namespace
}  // namespace ombre::plans
