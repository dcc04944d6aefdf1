// Attendance and weekly words from records: on synthetic trials of 3 560 people and 10 and 100
// times as many, and on the real trial tables where they are present (OMBRE_SHARED), reading the
// gzip files included. Every answer is checked first, against a plain day-by-day program.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "ombre/core/random.hpp"
#include "ombre/io/trial_csv.hpp"
#include "ombre/timeline/attendance.hpp"
#include "ombre/timeline/weekly_words.hpp"

namespace {

using namespace ombre;
namespace tl = timeline;

constexpr std::uint32_t trial_size = 3560;  // people of the three trials the schedules come from

// About as many rows per person as the real tables have: 15 visits, 12 screens, 66 reports.
tl::TrialRecords synthetic(std::uint32_t people) {
  tl::TrialRecords out;
  const char* const arms[] = {"Outpatient BUP", "Methadone", "Inpatient NR-NTX"};
  const char* const trials[] = {"27", "30", "51"};
  const char* const urine[] = {"Opioid", "Methadone", "Buprenorphine", "Thc", "Cocaine"};
  const char* const used[] = {"Heroin", "Opioid", "Alcohol", "Cocaine", "Methadone"};
  for (const char* name : arms) (void)out.randomizations.arms.intern(name);
  for (const char* name : urine) (void)out.screens.names.intern(name);
  for (const char* name : used) (void)out.self_reports.names.intern(name);
  for (const char* name : {"visit", "no visit", "final"}) (void)out.visits.names.intern(name);
  const auto add = [](tl::DayRows& rows, std::uint32_t person, std::int32_t day,
                      std::uint32_t what) {
    rows.person.push_back(person);
    rows.day.push_back(day);
    rows.what.push_back(what);
  };
  for (std::uint32_t p = 0; p < people; ++p) {
    RandomStream random{Seed{20}, p};
    const auto below = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random.below(n)); };
    (void)out.people.id.intern(std::to_string(p + 1));
    out.people.trial.emplace_back(trials[below(3)]);
    const auto first = static_cast<std::int32_t>(below(20));
    if (below(10) < 7) {
      auto& drawn = out.randomizations;
      drawn.person.push_back(p);
      drawn.day.push_back(first);
      drawn.which.push_back(1);
      drawn.arm.push_back(below(3));
      if (below(2) == 0) {
        drawn.person.push_back(p);
        drawn.day.push_back(first + 60);
        drawn.which.push_back(2);
        drawn.arm.push_back(0);
      }
    }
    for (std::int32_t day = -30; day < 175; ++day) {
      if (below(14) == 0) {
        add(out.visits, p, day, below(8) == 0 ? 1 : 0);
        if (below(3) > 0) add(out.screens, p, day, below(5));
        if (below(6) == 0) add(out.screens, p, day, below(5));
      }
      if (below(3) == 0) add(out.self_reports, p, day, below(5));
    }
  }
  return out;
}

// The rules of the built-in schedules once more, as slow and plain as they read.
struct Plain {
  std::map<std::int32_t, bool> marks;  // day -> present
  std::string urine;
  std::string self_report;
};

Plain plain(const tl::TrialTable& table, std::size_t p) {
  const auto rows = [&](const tl::TrialTable::Grouped& from, const std::set<std::string>& what) {
    std::set<std::int32_t> days;
    for (std::uint64_t i = from.offset[p]; i < from.offset[p + 1]; ++i) {
      if (what.count(std::string{from.names[from.what[i]]}) > 0) days.insert(from.day[i]);
    }
    return days;
  };
  const auto drawn = table.randomizations(p);
  const std::string trial{table.trial(p)};
  std::int32_t last = 168;
  if (trial == "30") {
    last = drawn.size() > 1 ? drawn[1].day + 168 : (drawn.empty() ? 98 : drawn[0].day + 98);
  }
  const bool randomized = !drawn.empty();
  std::set<std::string> counted{"Opioid", "Methadone", "Buprenorphine"};
  const std::string arm{table.arm(p)};
  if (arm.find("BUP") != std::string::npos) counted.erase("Buprenorphine");
  if (arm == "Methadone") counted.erase("Methadone");

  Plain out;
  for (const std::int32_t day : rows(table.visits(), {"visit", "final"})) {
    if (day >= -30 && day <= last) out.marks[day] = true;
  }
  const auto seen = out.marks;
  const std::int32_t start = randomized ? drawn[0].day : 0;
  for (std::int32_t g = start; g <= last; g += 7) {
    const auto next = seen.upper_bound(g);
    if ((next == seen.end() || next->first > g + 7) && g + 7 <= last) {
      out.marks.emplace(g + 7, false);
    }
  }
  if (!randomized) out.marks.emplace(0, false);

  const auto positive = rows(table.screens(), counted);
  const auto used = rows(table.self_reports(), {"Heroin", "Opioid", "Methadone", "Buprenorphine"});
  const auto floor_week = [](std::int32_t days) {
    return (days >= 0 ? days / 7 : -((-days + 6) / 7)) + 1;
  };
  struct Week {
    int pos = 0, neg = 0, missed = 0, use = 0, days = 0;
  };
  std::map<std::int32_t, Week> by_urine;
  std::map<std::int32_t, Week> by_report;
  for (std::int32_t day = -30; day <= last; ++day) {
    Week& u = by_urine[randomized ? floor_week(day - start - 1) : floor_week(day)];
    Week& r = by_report[randomized ? floor_week(day - start - 1) : floor_week(day - 1)];
    const auto mark = out.marks.find(day);
    const bool is_positive = positive.count(day) > 0;
    u.pos += is_positive ? 1 : 0;
    u.neg += !is_positive && mark != out.marks.end() && mark->second ? 1 : 0;
    u.missed += mark != out.marks.end() && !mark->second ? 1 : 0;
    r.use += used.count(day) > 0 ? 1 : 0;
    ++r.days;
  }
  for (const auto& [week, u] : by_urine) {
    char symbol = week >= 1 || (randomized && u.missed > 0) ? 'o' : '_';
    if (randomized && u.neg > 0) symbol = '-';
    if (u.pos > 0) symbol = randomized && u.neg > 0 ? '*' : '+';
    out.urine += symbol;
  }
  for (const auto& [week, r] : by_report) {
    char symbol = '_';
    if (!randomized) {
      symbol = r.use > 0 ? '+' : (week >= 1 ? 'o' : '_');
    } else if (r.use == 0) {
      symbol = '-';
    } else if (r.use >= 2) {
      symbol = '+';
    } else if (r.days > 1) {
      symbol = '*';
    }
    out.self_report += symbol;
  }
  return out;
}

bool correct(const tl::TrialTable& table, const tl::Attendance& marks, const tl::WeeklyWords& urine,
             const tl::WeeklyWords& report) {
  const std::size_t step = std::max<std::size_t>(1, table.size() / 2000);
  for (std::size_t p = 0; p < table.size(); p += step) {
    const Plain expected = plain(table, p);
    std::map<std::int32_t, bool> ours;
    for (std::uint64_t i = marks.offset[p]; i < marks.offset[p + 1]; ++i) {
      ours[marks.day[i]] = marks.mark[i] == tl::Mark::present;
    }
    const auto whole = [&](const tl::WeeklyWords& words) {
      return std::string{words.baseline(p)} + std::string{words.word(p)};
    };
    if (ours != expected.marks || whole(urine) != expected.urine ||
        whole(report) != expected.self_report) {
      return false;
    }
  }
  return true;
}

class Threads final : public Runner {
 public:
  explicit Threads(std::size_t count) : count_{count} {}
  void run(std::size_t count, const std::function<void(std::size_t)>& task) const override {
    std::vector<std::thread> helpers;
    for (std::size_t t = 1; t < count_; ++t) {
      helpers.emplace_back([&, t] {
        for (std::size_t i = t; i < count; i += count_) task(i);
      });
    }
    for (std::size_t i = 0; i < count; i += count_) task(i);
    for (auto& helper : helpers) helper.join();
  }
  [[nodiscard]] std::size_t workers() const noexcept override { return count_; }

 private:
  std::size_t count_;
};

struct All {
  tl::Attendance marks;
  tl::WeeklyWords urine;
  tl::WeeklyWords report;
};

All everything(const tl::TrialTable& table, const tl::TrialSchedules& schedules,
               const Runner& runner) {
  Findings findings;
  return {*tl::attendance(table, schedules, findings, runner),
          *tl::weekly_words(table, schedules, tl::WordSource::urine, findings, runner),
          *tl::weekly_words(table, schedules, tl::WordSource::self_report, findings, runner)};
}

// Attendance and both word sets from records grouped by person. Arguments: times 3560 people,
// threads.
void BM_AttendanceAndBothWordSets(benchmark::State& state) {
  const auto people = static_cast<std::uint32_t>(state.range(0)) * trial_size;
  auto records = synthetic(people);
  const std::size_t rows =
      records.visits.size() + records.screens.size() + records.self_reports.size();
  Findings findings;
  const auto table = *tl::TrialTable::from(std::move(records), findings);
  const auto schedules = *tl::builtin_schedules("ctn0094");
  const Threads threads{static_cast<std::size_t>(state.range(1))};
  const Runner& runner = state.range(1) > 1 ? static_cast<const Runner&>(threads) : serial();
  const All first = everything(table, schedules, runner);
  if (!correct(table, first.marks, first.urine, first.report)) {
    state.SkipWithError("wrong answer");
    return;
  }
  for (auto _ : state) {
    All all = everything(table, schedules, runner);
    benchmark::DoNotOptimize(all.urine.symbols.data());
  }
  const auto passes = static_cast<double>(state.iterations());
  state.counters["people/s"] = benchmark::Counter(passes * people, benchmark::Counter::kIsRate);
  state.counters["rows/s"] =
      benchmark::Counter(passes * static_cast<double>(rows), benchmark::Counter::kIsRate);
  state.counters["time/person"] = benchmark::Counter(
      passes * people, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(BM_AttendanceAndBothWordSets)
    ->ArgsProduct({{1, 10, 100}, {1, 2}})
    ->ArgNames({"times", "threads"})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

// Grouping rows that come in any order.
void BM_GroupShuffledRows(benchmark::State& state) {
  const auto people = static_cast<std::uint32_t>(state.range(0)) * trial_size;
  tl::TrialRecords records = synthetic(people);
  RandomStream random{Seed{5}, 0};
  for (std::size_t i = records.self_reports.size(); i-- > 1;) {
    const auto j = static_cast<std::size_t>(random.below(i + 1));
    std::swap(records.self_reports.person[i], records.self_reports.person[j]);
    std::swap(records.self_reports.day[i], records.self_reports.day[j]);
    std::swap(records.self_reports.what[i], records.self_reports.what[j]);
  }
  const std::size_t rows = records.self_reports.size();
  for (auto _ : state) {
    state.PauseTiming();
    tl::TrialRecords copy = records;
    state.ResumeTiming();
    Findings findings;
    auto table = tl::TrialTable::from(std::move(copy), findings);
    benchmark::DoNotOptimize(table->size());
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(rows) * state.iterations());
}
BENCHMARK(BM_GroupShuffledRows)->Arg(1)->Arg(10)->Arg(100)->Unit(benchmark::kMillisecond);

// From the files of the three trials to attendance and both word sets.
void BM_RealTrialsFromFiles(benchmark::State& state) {
  const char* shared = std::getenv("OMBRE_SHARED");
  const std::filesystem::path folder =
      std::filesystem::path{shared != nullptr ? shared : "../shared"} / "outcomes/data/ctn0094";
  if (!std::filesystem::exists(folder / "tlfb.csv.gz")) {
    state.SkipWithError("reference data not present (set OMBRE_SHARED)");
    return;
  }
  io::TrialFiles files;
  files.people = (folder / "everybody.csv").string();
  files.randomizations = (folder / "randomization.csv").string();
  files.visits = (folder / "visit.csv.gz").string();
  files.screens = (folder / "uds.csv").string();
  files.self_reports = (folder / "tlfb.csv.gz").string();
  const auto schedules = *tl::builtin_schedules("ctn0094");
  const auto whole = [&](bool check) {
    auto read = *io::read_trial_csv(files);
    const auto table = *tl::TrialTable::from(std::move(read.records), read.findings);
    const All all = everything(table, schedules, serial());
    benchmark::DoNotOptimize(all.urine.symbols.data());
    return !check || correct(table, all.marks, all.urine, all.report);
  };
  if (!whole(true)) {
    state.SkipWithError("wrong answer");
    return;
  }
  for (auto _ : state) {
    (void)whole(false);
  }
}
BENCHMARK(BM_RealTrialsFromFiles)->Unit(benchmark::kMillisecond);

}  // namespace
