#include "ombre/timeline/weekly_words.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "ombre/timeline/attendance.hpp"
#include "support/shared_data.hpp"
#include "trial_tables.hpp"

// Reference: R packages public.ctn0094data 1.0.6 (records) and public.ctn0094extra 1.0.4 (marks and
// words), the half of the participants that the reference folder holds. Every value is compared.
namespace {

namespace tl = ombre::timeline;

struct Loaded {
  tl::TrialTable table;
  tl::TrialSchedules schedules;
};

Loaded load(const std::filesystem::path& folder) {
  ombre::Findings findings;
  auto table = tl::TrialTable::from(trial_test::read_trial(folder), findings);
  auto schedules = tl::builtin_schedules("ctn0094");
  return {*std::move(table), *std::move(schedules)};
}

TEST(AttendanceReference, EveryMarkOfTheImputedVisitTableComesOut) {
  OMBRE_SHARED_OR_SKIP(folder, "outcomes/data/ctn0094");
  const Loaded loaded = load(folder);
  ombre::Findings findings;
  const auto marks = tl::attendance(loaded.table, loaded.schedules, findings);
  ASSERT_TRUE(marks);
  using Key = std::pair<std::string, int>;
  std::map<Key, std::string> expected;
  for (const auto& row : trial_test::read_table(folder / "visit_imputed.csv.gz").rows) {
    expected[{row[0], std::stoi(row[1])}] = row[2];
  }
  std::map<Key, std::string> ours;
  for (std::size_t p = 0; p < marks->people(); ++p) {
    ASSERT_EQ(marks->computed[p], 1) << loaded.table.id(p);
    for (std::uint64_t i = marks->offset[p]; i < marks->offset[p + 1]; ++i) {
      ours[{std::string{loaded.table.id(p)}, marks->day[i]}] =
          marks->mark[i] == tl::Mark::present ? "Present" : "Missing";
    }
  }
  EXPECT_GT(expected.size(), 40'000U);
  EXPECT_EQ(marks->day.size(), expected.size());
  EXPECT_TRUE(ours == expected);
}

void compare_words(const std::filesystem::path& data, tl::WordSource source,
                   const std::string& set) {
  const Loaded loaded = load(data / "ctn0094");
  ombre::Findings findings;
  const auto words = tl::weekly_words(loaded.table, loaded.schedules, source, findings);
  ASSERT_TRUE(words);
  ASSERT_EQ(words->phases, 2U);
  std::map<std::string, std::size_t> index;
  for (std::size_t p = 0; p < words->people(); ++p) index[std::string{loaded.table.id(p)}] = p;
  const trial_test::Table expected = trial_test::read_table(data / "ctnote" / "patterns.csv");
  const auto column = [&](const std::string& name) { return expected.column(set + name); };
  const std::size_t start = column("start_week");
  const std::size_t end = column("end_week");
  const std::size_t week1 = column("rand_week1");
  const std::size_t week2 = column("rand_week2");
  const std::size_t baseline = column("baseline");
  const std::size_t phase1 = column("phase1");
  const std::size_t phase2 = column("phase2");
  for (const auto& row : expected.rows) {
    SCOPED_TRACE("who " + row[0]);
    const std::size_t p = index.at(row[0]);
    EXPECT_EQ(words->computed[p], 1);
    EXPECT_EQ(std::to_string(words->start_week[p]), row[start]);
    EXPECT_EQ(std::to_string(words->end_week[p]), row[end]);
    const auto week = [&](std::size_t k) {
      return k < words->randomizations[p]
                 ? std::to_string(
                       words->randomization_week[p * tl::WeeklyWords::max_randomizations + k])
                 : std::string{};
    };
    EXPECT_EQ(week(0), row[week1]);
    EXPECT_EQ(week(1), row[week2]);
    EXPECT_EQ(words->baseline(p), row[baseline]);
    EXPECT_EQ(words->phase(p, 1), row[phase1]);
    EXPECT_EQ(words->phase(p, 2), row[phase2]);
    EXPECT_EQ(words->word(p), row[phase1] + row[phase2]);
  }
  EXPECT_EQ(expected.rows.size(), words->people());
}

TEST(WeeklyWordsReference, EveryUrineWordComesOutOfTheRawTables) {
  OMBRE_SHARED_OR_SKIP(data, "outcomes/data");
  compare_words(data, tl::WordSource::urine, "uds_2023_");
}

TEST(WeeklyWordsReference, EverySelfReportWordComesOutOfTheRawTables) {
  OMBRE_SHARED_OR_SKIP(data, "outcomes/data");
  compare_words(data, tl::WordSource::self_report, "tlfb_2023_");
}

}  // namespace
