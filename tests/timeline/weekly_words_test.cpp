#include "ombre/timeline/weekly_words.hpp"

#include <gtest/gtest.h>
#include <array>

#include <algorithm>
#include <numeric>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "ombre/timeline/attendance.hpp"
#include "ombre/timeline/attendance_records.hpp"
#include "ombre/timeline/schedule.hpp"
#include "trial_builder.hpp"

// Hand-made people; each expected word is worked out in the comment beside it.
namespace {

using namespace trial_test;

std::string show(const tl::WeeklyWords& words, std::size_t person) {
  std::string out{words.baseline(person)};
  for (std::size_t k = 1; k <= words.phases; ++k) {
    out += '|';
    out += words.phase(person, k);
  }
  return out;
}

tl::WeeklyWords make(const tl::TrialTable& table, const tl::TrialSchedules& schedules,
                     tl::WordSource source) {
  ombre::Findings findings;
  auto words = tl::weekly_words(table, schedules, source, findings);
  if (!words) ADD_FAILURE() << describe(words.error());
  return *std::move(words);
}

std::string urine(const Records& records, const tl::TrialSchedule& schedule) {
  return show(make(records.table(), only(schedule), tl::WordSource::urine), 0);
}

std::string self_report(const Records& records, const tl::TrialSchedule& schedule) {
  return show(make(records.table(), only(schedule), tl::WordSource::self_report), 0);
}

// ---- urine words -------------------------------------------------------------------------------

TEST(WeeklyWords, RandomisationIsTheLastDayOfWeekZero) {
  // Randomised on day 0: week 0 = -6..0, week 1 = 1..7, 2 = 8..14, 3 = 15..21; day -7 is week -1.
  // Day 0 positive belongs to week 0; visits on days 1 and 14 are clean; week 3 missed (day 21).
  Records records;
  records.person("a").randomized("a", 1, "BUP", 0).visits("a", {0, 1, 14});
  records.screens("a", "Opioid", {0});
  EXPECT_EQ(urine(records, small_trial()), "_+|--o");
}

TEST(WeeklyWords, APositiveAndACleanDayInOneWeekAreMixed) {
  // Week 1: day 2 positive, day 5 attended and clean. Week 2: positive twice. Week 3: day 15
  // positive although nobody wrote down a visit.
  Records records;
  records.person("a").randomized("a", 1, "BUP", 0).visits("a", {2, 5, 8, 9});
  records.screens("a", "Opioid", {2, 8}).screens("a", "Methadone", {9, 15});
  EXPECT_EQ(urine(records, small_trial()), "__|*++");
}

TEST(WeeklyWords, TheOwnStudyDrugDoesNotCount) {
  // Methadone in the methadone arm: the attended days stay clean.
  Records records;
  records.person("a").randomized("a", 1, "Methadone 90 mg", 0).visits("a", {2, 9, 16});
  records.screens("a", "Methadone", {2, 9}).screens("a", "Opioid", {16});
  EXPECT_EQ(urine(records, small_trial()), "__|--+");
}

TEST(WeeklyWords, NamesAreComparedWithoutCaseAndOuterBlanks) {
  // As above, with the names as different clinics type them.
  Records records;
  records.person("a").randomized("a", 1, "BUP", 0).visits("a", {2, 5, 8, 9});
  records.screens("a", " opioid", {2, 8}).screens("a", "METHADONE ", {9, 15});
  EXPECT_EQ(urine(records, small_trial()), "__|*++");
}

TEST(WeeklyWords, ANameThatNoRuleMentionsIsTold) {
  Records records;
  records.person("a").randomized("a", 1, "BUP", 0).visits("a", {2, 9, 16});
  records.screens("a", "Opiates", {2, 9});
  ombre::Findings findings;
  const auto table = records.table();
  const auto schedules = only(small_trial());
  ASSERT_TRUE(tl::weekly_words(table, schedules, tl::WordSource::urine, findings));
  ASSERT_EQ(findings.count("name_without_rule"), 1u);
  for (const ombre::Finding& f : findings.stored()) {
    if (f.rule != "name_without_rule") continue;
    EXPECT_EQ(f.value, "Opiates");
    EXPECT_EQ(f.field, "screens");
    EXPECT_EQ(f.text.substr(0, 6), "2 rows");
  }
}

TEST(WeeklyWords, ABaselineWeekIsMissedOnlyIfADayInItWas) {
  // A visit planned on day -3 and not kept makes week 0 `o`; week -1 had no planned day.
  tl::TrialSchedule schedule = small_trial();
  tl::PlannedVisits before;
  before.first = {0, -3};
  schedule.stages[1].visits.push_back(before);
  Records records;
  records.person("a").randomized("a", 1, "BUP", 0).visits("a", {1, 8, 15});
  EXPECT_EQ(urine(records, schedule), "_o|---");
}

TEST(WeeklyWords, WhoWasNeverRandomisedIsPositiveOrMissed) {
  // week(day) = floor(day / 7) + 1: -7..-1 is week 0, 0..6 week 1, 7..13 week 2, 14 week 3.
  // Attended days count for nothing here.
  Records records;
  records.person("a").visits("a", {0, 7}).screens("a", "Opioid", {-1, 13});
  EXPECT_EQ(urine(records, small_trial()), "+|o+o");
}

TEST(WeeklyWords, NegativeWeeksRoundDown) {
  // Not randomised, 16 days of baseline: day -15 is week floor(-15 / 7) + 1 = -2.
  tl::TrialSchedule schedule = small_trial();
  schedule.stages[0].first_study_day = {0, -15};
  Records records;
  records.person("a").screens("a", "Opioid", {-15, -7});
  const auto words = make(records.table(), only(schedule), tl::WordSource::urine);
  EXPECT_EQ(words.start_week[0], -2);
  EXPECT_EQ(words.end_week[0], 3);
  EXPECT_EQ(show(words, 0), "+_+|ooo");  // -15 | -14..-8 | -7..-1
}

TEST(WeeklyWords, ASecondRandomisationStartsAPhaseWithItsWholeWeek) {
  // Second randomisation on day 10, in week 2 (8..14), so phase 2 begins with week 2. Study days
  // end on 10 + 7 = 17, in week 3.
  tl::TrialSchedule schedule = small_trial();
  tl::Stage twice = schedule.stages[1];
  twice.last_study_day = {2, 7};
  twice.later_phases = {{2, 0}};
  schedule.stages.push_back(twice);
  Records records;
  records.person("a").randomized("a", 1, "BUP", 0).randomized("a", 2, "BUP", 10);
  records.visits("a", {3, 9, 16}).screens("a", "Opioid", {9});
  const auto words = make(records.table(), only(schedule), tl::WordSource::urine);
  EXPECT_EQ(show(words, 0), "__|-|+-");
  EXPECT_EQ(words.word(0), "-+-");
  EXPECT_EQ(words.randomizations[0], 2);
  EXPECT_EQ(words.randomization_week[0], 0);
  EXPECT_EQ(words.randomization_week[1], 2);
}

TEST(WeeklyWords, ASecondRandomisationTheScheduleDoesNotKnowIsIgnored) {
  Records records;
  records.person("a").randomized("a", 1, "BUP", 0).randomized("a", 2, "Methadone", 5);
  records.visits("a", {3, 9, 16}).screens("a", "Methadone", {9});
  const auto words = make(records.table(), only(small_trial()), tl::WordSource::urine);
  EXPECT_EQ(show(words, 0), "__|-+-");  // methadone counts: the first arm holds
  EXPECT_EQ(words.randomizations[0], 1);
}

TEST(WeeklyWords, AScreenThatSaysNegativeMakesACleanDayWhereTheRuleSaysTested) {
  using A = tl::RowAnswer;
  tl::TrialSchedule schedule = small_trial();
  schedule.urine.clean_day = tl::CleanDay::tested;
  Records records;
  records.person("a").randomized("a", 1, "BUP", 0).visits("a", {5, 12, 19});
  records.screen("a", "Opioid", 3, A::no).screen("a", "Methadone", 4, A::yes);
  records.screen("a", "Opioid", 10, A::no).screen("a", "Methadone", 10, A::no);
  records.screen("a", "Opioid", 16, A::unknown).screen("a", "Cocaine", 17, A::no);
  // Week 1: clean day 3, positive day 4. Week 2: clean. Week 3: attended, no usable screen.
  EXPECT_EQ(urine(records, schedule), "__|*-o");
  schedule.urine.clean_day = tl::CleanDay::attended_or_tested;
  EXPECT_EQ(urine(records, schedule), "__|*--");
}

// ---- self-report words -------------------------------------------------------------------------

TEST(WeeklyWords, OneDayOfUseIsMixedAndTwoArePositive) {
  // Randomised on day 0. Week 1 no use, week 2 one day, week 3 two days; a drug that does not
  // count changes nothing. Day -7 alone is week -1: see the next test.
  Records records;
  records.person("a").randomized("a", 1, "BUP", 0);
  records.reports("a", "Heroin", {9, 15, 21}).reports("a", "Alcohol", {1, 2, 3});
  EXPECT_EQ(self_report(records, small_trial()), "--|-*+");
}

TEST(WeeklyWords, ASinglePositiveDayThatIsTheWholeWeekHasNoSymbol) {
  // Day -7 is the only study day of week -1: p = 1 and no other day, hence `_`.
  Records records;
  records.person("a").randomized("a", 1, "BUP", 0).reports("a", "Heroin", {-7});
  EXPECT_EQ(self_report(records, small_trial()), "_-|---");
}

TEST(WeeklyWords, SelfReportWeeksOfTheNeverRandomisedStartADayLater) {
  // week(day) = floor((day - 1) / 7) + 1: -7 is week -1, -6..0 week 0, 1..7 week 1, 8..14 week 2.
  Records records;
  records.person("a").reports("a", "Heroin", {0, 7});
  EXPECT_EQ(self_report(records, small_trial()), "_+|+o");
}

TEST(WeeklyWords, AnUnknownAbsentDayMakesAWeekWithoutRecordsMissed) {
  using A = tl::RowAnswer;
  tl::TrialSchedule schedule = small_trial();
  schedule.self_report.absent_day = tl::AbsentDay::unknown;
  Records records;
  records.person("a").randomized("a", 1, "BUP", 0);
  records.report("a", "Heroin", 1, A::no).report("a", "Heroin", 9, A::yes);
  records.report("a", "Heroin", 10, A::no).report("a", "Heroin", 16, A::unknown);
  // Week 1 known clean; week 2 one of two known days; week 3 only an unanswered row.
  EXPECT_EQ(self_report(records, schedule), "__|-*o");
}

TEST(WeeklyWords, HowManyDaysStillAreMixedIsTheSchedulesChoice) {
  tl::TrialSchedule schedule = small_trial();
  Records records;
  records.person("a").randomized("a", 1, "BUP", 0);
  records.reports("a", "Heroin", {1, 8, 9, 15, 16, 17});
  schedule.self_report.mixed_days = 2;
  EXPECT_EQ(self_report(records, schedule), "--|**+");
  schedule.self_report.mixed_days = 0;
  EXPECT_EQ(self_report(records, schedule), "--|+++");
}

// ---- both together -----------------------------------------------------------------------------

TEST(WeeklyWords, UrineAndSelfReportCombineByTheStatedRule) {
  // Three weeks of two days each would hide nothing; take one week per case instead.
  // urine:  - (visit 1), + (screen 8), o (nothing), - (visit 22), * (visit 29, screen 30)
  // report: -          , *           , o           , +           , -    (absent days unknown)
  using A = tl::RowAnswer;
  tl::TrialSchedule schedule = small_trial();
  schedule.stages[1].last_study_day = {1, 35};
  schedule.self_report.absent_day = tl::AbsentDay::unknown;
  Records records;
  records.person("a").randomized("a", 1, "BUP", 0).visits("a", {1, 22, 29});
  records.screens("a", "Opioid", {8, 30});
  records.report("a", "Heroin", 2, A::no);
  records.report("a", "Heroin", 8, A::yes).report("a", "Heroin", 9, A::no);
  records.report("a", "Heroin", 22, A::yes).report("a", "Heroin", 23, A::yes);
  records.report("a", "Heroin", 29, A::no);
  const auto table = records.table();
  const auto schedules = only(schedule);
  const auto word = [&](tl::WordSource source) {
    return std::string{make(table, schedules, source).word(0)};
  };
  EXPECT_EQ(word(tl::WordSource::urine), "-+o-*");
  EXPECT_EQ(word(tl::WordSource::self_report), "-*o+-");
  EXPECT_EQ(word(tl::WordSource::either), "-+o+*");
  EXPECT_EQ(word(tl::WordSource::both), "-*o--");
  EXPECT_EQ(word(tl::WordSource::confirmed), "-+o+*");
}

TEST(WeeklyWords, ASourceThatSawNothingDecidesByTheRule) {
  // urine:  o (week 1), - (visit 8), + (screen 15)
  // report: - (absent days are none) in weeks 1 and 2; the third is unknown under `unknown`.
  using A = tl::RowAnswer;
  tl::TrialSchedule schedule = small_trial();
  schedule.self_report.absent_day = tl::AbsentDay::unknown;
  Records records;
  records.person("a").randomized("a", 1, "BUP", 0).visits("a", {8});
  records.screens("a", "Opioid", {15}).report("a", "Heroin", 1, A::no);
  const auto table = records.table();
  const auto schedules = only(schedule);
  const auto word = [&](tl::WordSource source) {
    return std::string{make(table, schedules, source).word(0)};
  };
  EXPECT_EQ(word(tl::WordSource::urine), "o-+");
  EXPECT_EQ(word(tl::WordSource::self_report), "-oo");
  EXPECT_EQ(word(tl::WordSource::either), "--+");     // one source is enough
  EXPECT_EQ(word(tl::WordSource::both), "ooo");       // both are needed
  EXPECT_EQ(word(tl::WordSource::confirmed), "oo+");  // a clean week needs both, use does not
}

// ---- findings ----------------------------------------------------------------------------------

TEST(WeeklyWordsFindings, DoubtfulRowsAreNamedWithPersonAndPlace) {
  Records records;
  records.person("p1").person("p2").randomized("p1", 1, "BUP", 3);
  records.visits("p1", {99, 1, 5, 5}).screens("p1", "Opioid", {-50});
  ombre::Findings findings;
  const auto table = records.table();
  ASSERT_TRUE(tl::weekly_words(table, only(small_trial()), tl::WordSource::urine, findings));
  const auto* outside = find(findings, "visit_outside_study");
  ASSERT_NE(outside, nullptr);
  EXPECT_EQ(outside->person, "p1");
  EXPECT_EQ(outside->row, 0U);
  EXPECT_EQ(outside->value, "99");
  const auto* early = find(findings, "visit_before_randomization");
  ASSERT_NE(early, nullptr);
  EXPECT_EQ(early->row, 1U);
  const auto* repeated = find(findings, "visit_repeated");
  ASSERT_NE(repeated, nullptr);
  EXPECT_EQ(repeated->value, "5");
  const auto* screen = find(findings, "screen_outside_study");
  ASSERT_NE(screen, nullptr);
  EXPECT_EQ(screen->value, "-50");
  const auto* nobody = find(findings, "person_without_visits");
  ASSERT_NE(nobody, nullptr);
  EXPECT_EQ(nobody->person, "p2");
}

TEST(WeeklyWordsFindings, ADayFoundBothWaysIsFoundAndReported) {
  using A = tl::RowAnswer;
  Records records;
  records.person("p").randomized("p", 1, "BUP", 0).visits("p", {2});
  records.screen("p", "Opioid", 2, A::no).screen("p", "Opioid", 2, A::yes);
  ombre::Findings findings;
  const auto table = records.table();
  const auto words = tl::weekly_words(table, only(small_trial()), tl::WordSource::urine, findings);
  ASSERT_TRUE(words);
  EXPECT_EQ(words->word(0), "+oo");
  EXPECT_EQ(findings.count("screen_disagrees"), 1U);
}

TEST(WeeklyWordsFindings, AnArmNoRuleMatchesHasNoWord) {
  tl::TrialSchedule schedule = small_trial();
  schedule.urine.counted.by_arm.pop_back();
  Records records;
  records.person("p").randomized("p", 1, "Naltrexone", 0);
  ombre::Findings findings;
  const auto table = records.table();
  const auto words = tl::weekly_words(table, only(schedule), tl::WordSource::urine, findings);
  ASSERT_TRUE(words);
  EXPECT_EQ(words->computed[0], 0);
  EXPECT_EQ(words->word(0), "");
  const auto* finding = find(findings, "arm_without_rule");
  ASSERT_NE(finding, nullptr);
  EXPECT_EQ(finding->person, "p");
  EXPECT_EQ(finding->value, "Naltrexone");
}

TEST(WeeklyWordsFindings, ATrialWithoutScheduleIsSaidAndTheOthersGoOn) {
  tl::TrialSchedule schedule = small_trial();
  schedule.trial = "27";
  Records records;
  records.person("p", "99").person("q", "27");
  ombre::Findings findings;
  const auto table = records.table();
  const auto words = tl::weekly_words(table, only(schedule), tl::WordSource::urine, findings);
  ASSERT_TRUE(words);
  EXPECT_EQ(words->computed[0], 0);
  EXPECT_EQ(words->computed[1], 1);
  EXPECT_EQ(words->word(1), "ooo");
  EXPECT_EQ(findings.count("trial_without_schedule"), 1U);
}

TEST(WeeklyWordsFindings, UnknownConsentDayOrAbsurdStudyDaysStopOnlyThatPerson) {
  Records records;
  records.person("p").person("q").person("r").randomized("r", 1, "BUP", 2'000'000'000);
  records.records.people.day_zero = {std::nullopt, 0, 0};
  ombre::Findings findings;
  const auto table = records.table();
  const auto words = tl::weekly_words(table, only(small_trial()), tl::WordSource::urine, findings);
  ASSERT_TRUE(words);
  EXPECT_EQ(words->computed, (std::vector<std::uint8_t>{0, 1, 0}));
  EXPECT_EQ(findings.count("day_zero_unknown"), 1U);
  EXPECT_EQ(findings.count("study_days_unusable"), 1U);
}

// ---- properties --------------------------------------------------------------------------------

Records random_records(std::uint64_t seed, std::size_t people, std::int32_t shift = 0) {
  std::mt19937_64 random{seed};
  const auto below = [&](std::int32_t n) {
    return static_cast<std::int32_t>(random() % static_cast<std::uint64_t>(n));
  };
  Records records;
  for (std::size_t p = 0; p < people; ++p) {
    const std::string id = "p" + std::to_string(p);
    const std::array<const char*, 3> trials = {"27", "30", "51"};
    records.person(id, trials[static_cast<std::size_t>(below(3))]);
    records.records.people.day_zero.emplace_back(shift);
    const std::int32_t first = below(20);
    if (below(3) > 0) {
      const std::array<const char*, 3> arms = {"Outpatient BUP", "Methadone", "Inpatient NR-NTX"};
      records.randomized(id, 1, arms[static_cast<std::size_t>(below(3))], first + shift);
      if (below(2) > 0) records.randomized(id, 2, "Outpatient BUP", first + 60 + shift);
    }
    for (std::int32_t day = -35; day < 180; ++day) {
      if (below(6) == 0) records.visits(id, {day + shift}, below(8) == 0 ? "other" : "visit");
      if (below(20) == 0)
        records.screens(id, below(2) == 0 ? "Opioid" : "Methadone", {day + shift});
      if (below(15) == 0) records.reports(id, below(2) == 0 ? "Heroin" : "Alcohol", {day + shift});
    }
  }
  return records;
}

void shuffle(tl::DayRows& rows, std::mt19937_64& random) {
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::shuffle(order, random);
  tl::DayRows out;
  out.names = rows.names;
  for (const std::size_t i : order) {
    out.person.push_back(rows.person[i]);
    out.day.push_back(rows.day[i]);
    out.what.push_back(rows.what[i]);
  }
  rows = std::move(out);
}

constexpr std::array<tl::WordSource, 5> all_sources = {
    tl::WordSource::urine, tl::WordSource::self_report, tl::WordSource::either,
    tl::WordSource::both, tl::WordSource::confirmed};

TEST(WeeklyWordsProperty, TheOrderOfRowsDoesNotMatter) {
  const auto schedules = *tl::builtin_schedules("ctn0094");
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    const Records records = random_records(seed, 12);
    Records shuffled = records;
    std::mt19937_64 random{seed};
    shuffle(shuffled.records.visits, random);
    shuffle(shuffled.records.screens, random);
    shuffle(shuffled.records.self_reports, random);
    const auto a = records.table();
    const auto b = shuffled.table();
    for (const auto source : all_sources) {
      EXPECT_EQ(make(a, schedules, source).symbols, make(b, schedules, source).symbols);
    }
    ombre::Findings findings;
    const auto x = tl::attendance(a, schedules, findings);
    const auto y = tl::attendance(b, schedules, findings);
    EXPECT_EQ(x->day, y->day);
    EXPECT_EQ(x->mark, y->mark);
  }
}

TEST(WeeklyWordsProperty, ShiftingEveryDayChangesNoSymbol) {
  const auto schedules = *tl::builtin_schedules("ctn0094");
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    const auto a = random_records(seed, 10).table();
    const auto b = random_records(seed, 10, 17'000).table();
    for (const auto source : all_sources) {
      const auto x = make(a, schedules, source);
      const auto y = make(b, schedules, source);
      EXPECT_EQ(x.symbols, y.symbols);
      EXPECT_EQ(x.start_week, y.start_week);
      EXPECT_EQ(x.end_week, y.end_week);
    }
  }
}

TEST(WeeklyWordsProperty, OtherPeopleChangeNobodysWord) {
  const auto schedules = *tl::builtin_schedules("ctn0094");
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE(seed);
    const auto few = random_records(seed, 4).table();
    const auto many = random_records(seed, 30).table();  // the first four are the same people
    for (const auto source : all_sources) {
      const auto x = make(few, schedules, source);
      const auto y = make(many, schedules, source);
      for (std::size_t p = 0; p < 4; ++p) EXPECT_EQ(show(x, p), show(y, p));
    }
  }
}

TEST(WeeklyWordsProperty, EitherIsNeverMilderThanBothAndConfirmedNeverCleanerThanEither) {
  const auto schedules = *tl::builtin_schedules("ctn0094");
  const auto table = random_records(7, 200).table();
  const auto either = make(table, schedules, tl::WordSource::either);
  const auto both = make(table, schedules, tl::WordSource::both);
  const auto confirmed = make(table, schedules, tl::WordSource::confirmed);
  const std::string order = "-*+";
  for (std::size_t i = 0; i < either.symbols.size(); ++i) {
    const auto e = order.find(either.symbols[i]);
    const auto b = order.find(both.symbols[i]);
    if (b != std::string::npos) {
      EXPECT_LE(b, e);
    }
    if (confirmed.symbols[i] == '-') {
      EXPECT_EQ(either.symbols[i], '-');
    }
    if (confirmed.symbols[i] == '+') {
      EXPECT_EQ(either.symbols[i], '+');
    }
  }
}

// Two threads that take pieces from both ends, so that pieces finish out of order.
class TwoThreads final : public ombre::Runner {
 public:
  void run(std::size_t count, const std::function<void(std::size_t)>& task) const override {
    std::thread other([&] {
      for (std::size_t i = count; i-- > count / 2;) task(i);
    });
    for (std::size_t i = 0; i < count / 2; ++i) task(i);
    other.join();
  }
  [[nodiscard]] std::size_t workers() const noexcept override { return 2; }
};

TEST(WeeklyWordsProperty, TwoThreadsGiveTheSameWordsAndFindings) {
  const auto schedules = *tl::builtin_schedules("ctn0094");
  const auto table = random_records(3, 3000).table();  // three pieces
  for (const auto source : all_sources) {
    ombre::Findings one;
    ombre::Findings two;
    const auto a = tl::weekly_words(table, schedules, source, one);
    const auto b = tl::weekly_words(table, schedules, source, two, TwoThreads{});
    ASSERT_TRUE(a && b);
    EXPECT_EQ(a->symbols, b->symbols);
    EXPECT_EQ(a->part_offset, b->part_offset);
    EXPECT_EQ(a->start_week, b->start_week);
    EXPECT_EQ(a->randomization_week, b->randomization_week);
    ASSERT_EQ(one.stored().size(), two.stored().size());
    for (std::size_t i = 0; i < one.stored().size(); ++i) {
      EXPECT_EQ(describe(one.stored()[i]), describe(two.stored()[i]));
    }
  }
}

TEST(WeeklyWordsProperty, NobodyGivesNoWordsAndNoError) {
  const auto schedules = *tl::builtin_schedules("ctn0094");
  const auto table = Records{}.table();
  const auto words = make(table, schedules, tl::WordSource::urine);
  EXPECT_EQ(words.people(), 0U);
  EXPECT_EQ(words.part_offset.size(), 1U);
}

TEST(WeeklyWordsProperty, TheCallerCanStop) {
  const auto schedules = *tl::builtin_schedules("ctn0094");
  const auto table = random_records(3, 20).table();
  ombre::Findings findings;
  const auto words = tl::weekly_words(table, schedules, tl::WordSource::urine, findings,
                                      ombre::serial(), [](double) { return false; });
  ASSERT_FALSE(words);
  EXPECT_EQ(words.error().code, ombre::Errc::cancelled);
}

}  // namespace
