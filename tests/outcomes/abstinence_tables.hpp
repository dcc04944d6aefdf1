// Reads the reference folder of abstcal: its inputs, and its configurations as our rules. Only for
// tests.
#pragma once

#include <gtest/gtest.h>
#include <algorithm>

#include <charconv>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ombre/core/date.hpp"
#include "ombre/io/csv.hpp"
#include "ombre/outcomes/abstinence.hpp"

namespace abstinence_test {

namespace oc = ombre::outcomes;

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
  Table table;
  auto reader = ombre::io::CsvReader::open(path.string());
  if (!reader) {
    ADD_FAILURE() << describe(reader.error());
    return table;
  }
  table.columns = reader->header();
  ombre::io::CsvRows rows;
  while (*reader->next(rows)) {
    for (std::size_t r = 0; r < rows.size(); ++r) {
      auto& row = table.rows.emplace_back();
      for (std::size_t c = 0; c < rows.columns(); ++c) row.emplace_back(rows.field(r, c));
    }
  }
  return table;
}

inline double number(const std::string& text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

inline std::optional<std::int32_t> date(const std::string& text) {
  const auto read = ombre::Date::parse(text);
  if (!read) return std::nullopt;
  return read->day_number();
}

inline void add_inputs(oc::AbstinenceRecords& records, const std::filesystem::path& inputs,
                       const std::string& tlfb, const std::string& visit, const std::string& bio) {
  records.days_are_dates = true;
  const auto amounts = [&](oc::AbstinenceRecords::Table which, const std::string& name) {
    std::uint64_t line = 1;
    for (const auto& row : read_table(inputs / (name + ".csv")).rows) {
      ASSERT_TRUE(records.add_amount(
          which, row[0], date(row[1]),
          row[2].empty() ? std::nullopt : std::optional<double>{number(row[2])}, ++line));
    }
  };
  amounts(oc::AbstinenceRecords::Table::tlfb, tlfb);
  if (!bio.empty()) amounts(oc::AbstinenceRecords::Table::biochemical, bio);
  std::uint64_t line = 1;
  for (const auto& row : read_table(inputs / (visit + ".csv")).rows) {
    ASSERT_TRUE(records.add_visit(row[0], row[1], date(row[2]), ++line));
  }
}

inline oc::DuplicateRule duplicate_rule(const std::string& text) {
  if (text == "min") return oc::DuplicateRule::min;
  if (text == "max") return oc::DuplicateRule::max;
  if (text == "drop_all") return oc::DuplicateRule::drop_all;
  EXPECT_EQ(text, "mean");
  return oc::DuplicateRule::mean;
}

/// One row of configs.csv as rules; `get` gives a cell by column name.
template <class Get>
oc::AbstinenceRules rules_of(Get get) {
  oc::AbstinenceRules rules;
  rules.name = get("config");
  rules.cutoff = number(get("abst_cutoff"));
  rules.duplicates = duplicate_rule(get("tlfb_duplicates"));
  if (!get("outlier_drop").empty()) {
    rules.outliers = oc::OutlierRule{number(get("outlier_min")), number(get("outlier_max")),
                                     get("outlier_drop") == "true"};
  }
  const std::string gaps = get("tlfb_impute");
  if (gaps == "none") {
    rules.gaps = oc::GapFill::none;
  } else if (gaps == "linear") {
    rules.gaps = oc::GapFill::linear;
  } else if (gaps == "uniform") {
    rules.gaps = oc::GapFill::uniform;
  } else {
    rules.gaps = oc::GapFill::fixed;
    rules.gap_amount = number(gaps);
  }
  const std::string last = get("last_record");
  if (last == "none") {
    rules.last_record = oc::LastRecord::none;
  } else if (last == "ffill") {
    rules.last_record = oc::LastRecord::carry_forward;
  } else {
    rules.last_record = oc::LastRecord::fixed;
    rules.last_amount = number(last);
  }
  if (get("gap_limit") != "9999") {
    rules.gap_limit = static_cast<std::int32_t>(number(get("gap_limit")));
  }
  if (!get("bio").empty()) {
    oc::BiochemicalRule bio;
    bio.cutoff = number(get("bio_cutoff"));
    bio.half_life_days = number(get("half_life_days"));
    bio.max_days = static_cast<std::int32_t>(number(get("bio_max_days")));
    bio.duplicates = duplicate_rule(get("bio_duplicates"));
    if (get("overridden_amount") != "infer") {
      bio.overridden_amount = number(get("overridden_amount"));
    }
    rules.biochemical = bio;
  }
  rules.visit_duplicates = duplicate_rule(get("visit_duplicates"));
  const std::string visits = get("visit_impute");
  if (visits == "freq") {
    rules.visits = oc::VisitFill::most_frequent;
  } else if (visits == "mean") {
    rules.visits = oc::VisitFill::mean;
  } else if (visits == "none") {
    rules.visits = oc::VisitFill::none;
  } else {
    rules.visits = oc::VisitFill::table;
    std::size_t at = 0;
    while (at < visits.size()) {
      const std::size_t colon = visits.find(':', at);
      const std::size_t end = std::min(visits.find('|', colon), visits.size());
      rules.visit_table.emplace_back(
          visits.substr(at, colon - at),
          static_cast<std::int32_t>(number(visits.substr(colon + 1, end - colon - 1))));
      at = end + 1;
    }
  }
  if (get("anchor_visit") != "infer") rules.anchor_visit = get("anchor_visit");
  rules.mode = get("mode") == "ro" ? oc::AbstinenceMode::responders_only
                                   : oc::AbstinenceMode::intention_to_treat;
  rules.including_end = get("including_end") == "true";
  return rules;
}

/// A measure from its name in the reference, such as "prol_q1_g14_5cigs_per_7days_v4".
inline oc::AbstinenceMeasure measure_of(const std::string& name) {
  std::vector<std::string> parts;
  std::size_t at = 0;
  while (at <= name.size()) {
    const std::size_t end = std::min(name.find('_', at), name.size());
    parts.push_back(name.substr(at, end - at));
    at = end + 1;
  }
  oc::AbstinenceMeasure measure;
  measure.id = name;
  measure.end_visit = parts.back().substr(1);
  if (parts[0] == "cont") {
    measure.kind = oc::AbstinenceKind::continuous;
    measure.start_visit = parts[1].substr(1);
  } else if (parts[0].starts_with("pp")) {
    measure.kind = oc::AbstinenceKind::point_prevalence;
    measure.days = std::stoi(parts[0].substr(2));
  } else {
    measure.kind = oc::AbstinenceKind::prolonged;
    measure.start_visit = parts[1].substr(1);
    measure.grace_days = std::stoi(parts[2].substr(1));
    const auto spaced = [](const std::string& text) {
      const std::size_t digits = text.find_first_not_of("0123456789");
      return text.substr(0, digits) + " " + text.substr(digits);
    };
    std::string lapse = parts[3] == "nolapse" ? "no lapse" : spaced(parts[3]);
    if (parts.size() > 5) lapse += "/" + spaced(parts[5]);
    const auto read = oc::parse_lapse(lapse);
    EXPECT_TRUE(read) << lapse;
    measure.lapse = *read;
  }
  return measure;
}

}  // namespace abstinence_test
