// Every reference case whose method is built in, key by key, against R's answers.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>

#include "ombre/io/analysis_json.hpp"
#include "support/shared_data.hpp"

namespace {

using namespace ombre;
using io::Json;

// Where we do not give R's answer, and why. docs/survival.md and docs/cox.md tell it at length.
const std::map<std::string, std::string>& opinions() {
  static const std::map<std::string, std::string> table{
      {"nasty_logrank_one_event", "one group: an answer that says so, not an error"},
      {"nasty_logrank_one_time", "no variance: no chi-square, instead of a singular matrix"},
      {"nasty_logrank_all_censored", "no events: no chi-square, instead of 0 on -1 degrees"},
      {"nasty_cox_group_no_events", "an infinite coefficient is named, not walked to -21"},
      {"nasty_cox_separated", "likewise; tests/stats/cox_test.cpp has its limit and z"},
      {"nasty_cox_one_time_exact", "no information, so no coefficient instead of 0"},
  };
  return table;
}

// One key of a case that the reference has wrong: linear predictors of rows with the same
// covariates differ there by rounding (a blocked matrix product), so that tied pairs count as
// ordered. With R's own matrix product survival 3.5-3 gives our numbers.
bool excused(const std::string& id, const std::string& path) {
  return (id == "cox_ctn27_cluster_site" || id == "cox_help_link_exact") &&
         path.starts_with("expect.concordance");
}

double tolerance_of(const Json& spec) {
  // Condition number 1e9 and more; 1e-4 is what the case's note asks for.
  if (spec.find("id")->as_text() == "nasty_cox_near_collinear") return 1e-4;
  const Json* own = spec.find("relative_tolerance");
  return own == nullptr ? 1e-9 : std::max(1e-9, own->as_number().value_or(1e-9));
}

// Largest number anywhere in a list: rounding of a residual goes with the size of its column.
double largest(const Json& value) {
  if (const auto number = value.as_number()) return std::abs(*number);
  double most = 0;
  if (value.kind() == Json::Kind::list) {
    for (const Json& item : value.items()) most = std::max(most, largest(item));
  }
  return most;
}

// What differs between an answer and what was expected, at most a few lines of it.
void compare(const Json& want, const Json& got, const std::string& path, double tolerance,
             std::vector<std::string>& faults, double floor = 1e-14) {
  if (faults.size() > 5) return;
  const auto wrong = [&](const std::string& how) { faults.push_back(path + ": " + how); };
  const auto text = [](const Json& value) {
    auto out = io::json_text(value, {0}).value_or("?");
    return out.substr(0, std::min<std::size_t>(60, out.find('\n')));
  };
  const auto a = want.as_number();
  if (a) {
    const auto b = got.as_number();
    if (!b || !(std::abs(*a - *b) <= tolerance * std::max(std::abs(*a), std::abs(*b)) + floor)) {
      wrong("expected " + text(want) + ", got " + text(got));
    }
    return;
  }
  if (want.kind() == Json::Kind::object) {
    for (const auto& [key, value] : want.members()) {
      const Json* there = got.find(key);
      if (there == nullptr) {
        wrong("no key " + key);
        continue;
      }
      compare(value, *there, path + "." + key, tolerance, faults);
    }
    return;
  }
  if (want.kind() == Json::Kind::list) {
    if (got.kind() != Json::Kind::list || got.items().size() != want.items().size()) {
      return wrong("expected " + std::to_string(want.items().size()) + " items, got " + text(got));
    }
    floor = std::max(floor, 1e-15 * largest(want));
    for (std::size_t i = 0; i < want.items().size(); ++i) {
      compare(want.items()[i], got.items()[i], path + "[" + std::to_string(i) + "]", tolerance,
              faults, floor);
    }
    return;
  }
  if (!(want == got)) wrong("expected " + text(want) + ", got " + text(got));
}

struct Case {
  std::string id;
  std::filesystem::path file;
  std::string method;
};

std::vector<Case> cases(const std::filesystem::path& folder) {
  const auto index = io::read_json((folder / "index.json").string());
  std::vector<Case> out;
  if (!index) return out;
  for (const Json& one : index->find("cases")->items()) {
    out.push_back({std::string{*one.find("id")->as_text()},
                   folder / std::string{*one.find("file")->as_text()},
                   std::string{*one.find("method")->as_text()}});
  }
  return out;
}

TEST(AnalysisReference, EveryKeyOfEveryCaseOfAKnownMethodAgreesWithR) {
  OMBRE_SHARED_OR_SKIP(folder, "cohort/reference");
  const auto known = io::analysis_method_names();
  std::map<std::string, int> compared;
  for (const Case& one : cases(folder)) {
    if (std::ranges::find(known, one.method) == known.end()) continue;
    if (opinions().contains(one.id)) continue;
    SCOPED_TRACE(one.id);
    const auto spec = io::read_json(one.file.string());
    ASSERT_TRUE(spec);
    const Json* want = spec->find("expect");
    if (want == nullptr) continue;
    io::AnalysisOptions options;
    options.data_dir = folder.string();
    const auto got = io::analyse(*spec, options, one.id);
    if (!got) {
      ADD_FAILURE() << describe(got.error());
      continue;
    }
    ++compared[one.method];
    std::vector<std::string> faults;
    compare(*want, got->result, "expect", tolerance_of(*spec), faults);
    for (const std::string& fault : faults) {
      if (!excused(one.id, fault)) ADD_FAILURE() << fault;
    }
  }
  for (const auto& [method, count] : compared) {
    RecordProperty(method, count);
    EXPECT_GT(count, 0) << method;
  }
  EXPECT_GT(compared["kaplan_meier"], 20);
  EXPECT_GT(compared["cox"], 40);
}

}  // namespace
