// Reads the reference tables of public.ctn0094data into TrialRecords. Only for tests: unquoted CSV.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "ombre/timeline/attendance_records.hpp"

namespace trial_test {

struct Table {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
  [[nodiscard]] std::size_t column(const std::string& name) const {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (columns[i] == name) return i;
    }
    ADD_FAILURE() << "no column " << name;
    return 0;
  }
};

inline Table read_table(const std::filesystem::path& path) {
  const std::string command =
      (path.extension() == ".gz" ? "zcat '" : "cat '") + path.string() + "'";
  std::string text;
  std::FILE* pipe = ::popen(command.c_str(), "r");
  char buffer[1 << 16];
  for (std::size_t n = 0; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) {
    text.append(buffer, n);
  }
  ::pclose(pipe);
  Table table;
  std::vector<std::string> row(1);
  for (const char c : text) {
    if (c == ',') {
      row.emplace_back();
    } else if (c == '\n') {
      if (table.columns.empty()) {
        table.columns = row;
      } else {
        table.rows.push_back(row);
      }
      row.assign(1, "");
    } else if (c != '\r') {
      row.back() += c;
    }
  }
  return table;
}

/// The tables of one folder ctn0094 as records; people in the order of everybody.csv.
inline ombre::timeline::TrialRecords read_trial(const std::filesystem::path& folder) {
  namespace tl = ombre::timeline;
  tl::TrialRecords out;
  const Table people = read_table(folder / "everybody.csv");
  for (const auto& row : people.rows) {
    (void)out.people.id.intern(row[0]);
    out.people.trial.push_back(row[1]);
  }
  const Table drawn = read_table(folder / "randomization.csv");
  for (const auto& row : drawn.rows) {
    out.randomizations.person.push_back(*out.people.id.find(row[0]));
    out.randomizations.arm.push_back(*out.randomizations.arms.intern(row[1]));
    out.randomizations.which.push_back(static_cast<std::uint32_t>(std::stoi(row[2])));
    out.randomizations.day.push_back(std::stoi(row[3]));
  }
  const auto fill = [&](tl::DayRows& rows, const std::string& file) {
    const Table table = read_table(folder / file);
    const std::size_t what = table.column("what");
    const std::size_t when = table.column("when");
    for (const auto& row : table.rows) {
      if (row[when].empty()) continue;
      rows.person.push_back(*out.people.id.find(row[0]));
      rows.what.push_back(*rows.names.intern(row[what]));
      rows.day.push_back(std::stoi(row[when]));
    }
  };
  fill(out.visits, "visit.csv.gz");
  fill(out.screens, "uds.csv");
  fill(out.self_reports, "tlfb.csv.gz");
  return out;
}

}  // namespace trial_test
