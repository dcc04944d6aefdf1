// Real trial records against a computation that shares no code with the library:
// tests/reference/ctn0094_metrics.py. Skipped where the data are not present.

#include <gtest/gtest.h>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>
#include <unordered_map>

#include "ombre/io/file.hpp"
#include "ombre/io/use_csv.hpp"
#include "ombre/outcomes/daily_metrics.hpp"
#include "ombre/outcomes/metric_summary.hpp"
#include "ombre/timeline/build.hpp"
#include "support/shared_data.hpp"

namespace {

using namespace ombre;
using outcomes::Metric;
using timeline::AbsentDay;
using timeline::MissingRule;

struct Setting {
  const char* name;
  const char* table;
  bool randomised;
  AbsentDay absent;
  MissingRule missing;
  int gap;
};
// As SETTINGS in the script.
constexpr Setting settings[] = {
    {"tlfb_24_weeks", "tlfb", true, AbsentDay::none, MissingRule::exclude, 7},
    {"tlfb_span_gap14", "tlfb", false, AbsentDay::none, MissingRule::exclude, 14},
    {"all_drugs_24_weeks", "all_drugs", true, AbsentDay::none, MissingRule::exclude, 7},
    {"all_drugs_unknown_exclude", "all_drugs", true, AbsentDay::unknown, MissingRule::exclude, 7},
    {"all_drugs_unknown_worst", "all_drugs", true, AbsentDay::unknown, MissingRule::worst, 7},
    {"all_drugs_unknown_best", "all_drugs", true, AbsentDay::unknown, MissingRule::best, 7},
    {"all_drugs_unknown_locf", "all_drugs", true, AbsentDay::unknown, MissingRule::locf, 7},
};
constexpr std::int32_t window_days = 168;

// Metrics the script computes.
constexpr Metric compared[] = {Metric::observed_percent,
                               Metric::use_days,
                               Metric::abstinent_days,
                               Metric::pda,
                               Metric::longest_abstinent_run,
                               Metric::current_abstinent_run,
                               Metric::first_use,
                               Metric::days_to_lapse,
                               Metric::continuous_abstinence,
                               Metric::prolonged_abstinence,
                               Metric::point_prevalence_7,
                               Metric::point_prevalence_30,
                               Metric::episodes,
                               Metric::mean_episode_days,
                               Metric::longest_episode_days,
                               Metric::episode_burden,
                               Metric::mean_interval_days,
                               Metric::duration_trend,
                               Metric::interval_trend};

std::string path_of(const std::filesystem::path& folder, const std::string& table) {
  const auto plain = folder / (table + ".csv");
  return std::filesystem::exists(plain) ? plain.string() : plain.string() + ".gz";
}

std::string text_of(const std::filesystem::path& folder, const std::string& table) {
  const auto text = io::read_file(path_of(folder, table), 1ULL << 30);
  if (!text) {
    ADD_FAILURE() << describe(text.error());
    return {};
  }
  return *text;
}

// who, treatment, which, when: the first randomisation and 24 weeks from that day on.
std::vector<timeline::PersonWindow> windows_of(const std::filesystem::path& folder,
                                               const timeline::Records& records) {
  std::vector<timeline::PersonWindow> out;
  std::istringstream in{text_of(folder, "randomization")};
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    const auto first = line.find(',');
    const auto last = line.rfind(',');
    const auto before = line.rfind(',', last - 1);
    if (line.substr(before + 1, last - before - 1) != "1") continue;
    const auto person = records.persons().find(line.substr(0, first));
    if (!person) continue;
    const int when = std::stoi(line.substr(last + 1));
    out.push_back({*person, when, when + window_days - 1, 0});
  }
  return out;
}

struct Computed {
  timeline::Grid grid;
  outcomes::MetricTable table;
};

std::optional<Computed> compute(const std::filesystem::path& folder, const Setting& s,
                                const timeline::Records& records) {
  timeline::BuildOptions build{s.absent};
  const auto windows = windows_of(folder, records);
  if (s.randomised) build.windows = windows;
  auto built = timeline::build_grid(records, build);
  if (!built) {
    ADD_FAILURE() << describe(built.error());
    return std::nullopt;
  }
  outcomes::MetricOptions o{s.missing};
  o.gap_days = s.gap;
  auto table = outcomes::compute_metrics(built->grid, o);
  if (!table) {
    ADD_FAILURE() << describe(table.error());
    return std::nullopt;
  }
  return Computed{std::move(built->grid), std::move(*table)};
}

class Ctn0094 : public testing::Test {
 protected:
  void SetUp() override {
    const auto found = ombre_test::shared_path("outcomes/data/ctn0094");
    if (!found) GTEST_SKIP() << "reference data not present: outcomes/data/ctn0094";
    folder = *found;
    for (const char* table : {"tlfb", "all_drugs"}) {
      auto read = io::read_use_csv(path_of(folder, table));
      ASSERT_TRUE(read) << describe(read.error());
      ASSERT_EQ(read->rows, read->records.size()) << "every row is a record";
      records.emplace(table, std::move(read->records));
    }
  }
  std::filesystem::path folder;
  std::map<std::string, timeline::Records> records;
};

TEST_F(Ctn0094, EveryPersonsMetricsAgreeWithTheScript) {
  if (std::system("python3 -c 'import csv' > /dev/null 2>&1") != 0) {
    GTEST_SKIP() << "python3 is not installed";
  }
  const auto out = std::filesystem::temp_directory_path() /
                   ("ombre_ctn0094_" + std::to_string(std::random_device{}()) + ".csv");
  std::string command = "python3 '" OMBRE_SOURCE_DIR "/tests/reference/ctn0094_metrics.py' '";
  command.append(folder.string()).append("' rows '").append(out.string()).append("'");
  ASSERT_EQ(std::system(command.c_str()), 0);
  std::unordered_map<std::string, double> want;
  {
    std::ifstream in{out};
    std::string line;
    std::getline(in, line);
    while (std::getline(in, line)) {
      const auto at = line.rfind(',');
      want.emplace(line.substr(0, at), std::stod(line.substr(at + 1)));
    }
  }
  std::filesystem::remove(out);
  ASSERT_GT(want.size(), 1000u);

  std::size_t matched = 0;
  for (const Setting& s : settings) {
    SCOPED_TRACE(s.name);
    const auto got = compute(folder, s, records.at(s.table));
    ASSERT_TRUE(got);
    for (std::size_t i = 0; i < got->grid.size(); ++i) {
      for (const Metric m : compared) {
        std::string key = s.name;
        for (const std::string_view part :
             {got->grid.person_of(i), got->grid.substance_of(i), outcomes::name(m)}) {
          key += ',';
          key += part;
        }
        const auto e = got->table.at(i, m);
        const auto at = want.find(key);
        ASSERT_EQ(e.value.has_value(), at != want.end()) << key;
        if (!e.value) continue;
        ASSERT_NEAR(*e.value, at->second, 1e-12 * std::max(1.0, std::abs(at->second))) << key;
        ++matched;
      }
    }
  }
  EXPECT_EQ(matched, want.size());  // nothing the script has is missing here
}

TEST_F(Ctn0094, TotalsAgreeWithThoseWrittenDown) {
  std::ifstream in{OMBRE_SOURCE_DIR "/tests/reference/ctn0094_expected.csv"};
  ASSERT_TRUE(in);
  std::string line;
  std::getline(in, line);
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char* table : {"all_drugs", "randomization", "tlfb"}) {
    for (const char c : text_of(folder, table)) {
      hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    }
  }
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
  if (line.find(text) == std::string::npos) {
    GTEST_SKIP() << "these are other participants than those the totals were written down for";
  }
  struct Total {
    std::size_t n = 0;
    double sum = 0;
  };
  std::map<std::string, Total> want;
  std::getline(in, line);
  while (std::getline(in, line)) {
    const auto last = line.rfind(',');
    const auto before = line.rfind(',', last - 1);
    want[line.substr(0, before)] = {std::stoul(line.substr(before + 1)),
                                    std::stod(line.substr(last + 1))};
  }
  std::size_t found = 0;
  for (const Setting& s : settings) {
    const auto got = compute(folder, s, records.at(s.table));
    ASSERT_TRUE(got);
    const auto rows = outcomes::summarise(got->grid, got->table, compared);
    ASSERT_TRUE(rows);
    for (const auto& row : *rows) {
      std::string key = s.name;
      for (const std::string_view part :
           {got->grid.substances()[row.substance], outcomes::name(row.metric)}) {
        key += ',';
        key += part;
      }
      const auto at = want.find(key);
      if (at == want.end()) continue;
      ++found;
      ASSERT_EQ(row.values.n, at->second.n) << key;
      const double sum = *row.values.mean * static_cast<double>(row.values.n);
      ASSERT_NEAR(sum, at->second.sum, 1e-9 * std::max(1.0, std::abs(at->second.sum))) << key;
    }
  }
  EXPECT_EQ(found, want.size());
}

}  // namespace
