// Day-level abstinence: cleaning, filling and nine measures for 1 000 to 100 000 people of 150
// days. The answer is checked first, against a plain program that looks at one person after the
// other.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ombre/core/random.hpp"
#include "ombre/outcomes/abstinence.hpp"

namespace {

using namespace ombre;
namespace oc = outcomes;

constexpr int days_followed = 150;

struct Person {
  std::map<int, double> amount;
  std::map<int, int> visit;
};

std::vector<Person> synthetic(std::size_t people) {
  std::vector<Person> out(people);
  for (std::size_t p = 0; p < people; ++p) {
    RandomStream random{Seed{31}, p};
    const double share = random.uniform() * random.uniform();
    for (int day = 0; day < days_followed; ++day) {
      if (random.below(25) == 0 && day > 0) continue;
      out[p].amount[day] =
          random.uniform() < share ? static_cast<double>(1 + random.below(20)) : 0.0;
    }
    for (int visit = 0; visit < 5; ++visit) out[p].visit[visit] = 10 + visit * 30;
  }
  return out;
}

oc::AbstinenceRecords records_of(const std::vector<Person>& people) {
  oc::AbstinenceRecords out;
  for (std::size_t p = 0; p < people.size(); ++p) {
    const std::string id = std::to_string(p + 1);
    for (const auto& [day, amount] : people[p].amount) {
      (void)out.add_amount(oc::AbstinenceRecords::Table::tlfb, id, day, amount);
    }
    for (const auto& [visit, day] : people[p].visit) {
      (void)out.add_visit(id, std::to_string(visit), day);
    }
  }
  return out;
}

std::vector<oc::AbstinenceMeasure> measures() {
  std::vector<oc::AbstinenceMeasure> out;
  const auto add = [&](oc::AbstinenceKind kind, std::string start, int days, const char* lapse) {
    oc::AbstinenceMeasure one;
    one.kind = kind;
    one.start_visit = std::move(start);
    one.end_visit = "4";
    if (kind == oc::AbstinenceKind::prolonged) {
      one.grace_days = days;
      one.lapse = *oc::parse_lapse(lapse);
    } else {
      one.days = days;
    }
    one.id = oc::default_id(one);
    out.push_back(one);
  };
  add(oc::AbstinenceKind::continuous, "0", 0, "");
  add(oc::AbstinenceKind::continuous, "1", 0, "");
  add(oc::AbstinenceKind::point_prevalence, "", 7, "");
  add(oc::AbstinenceKind::point_prevalence, "", 28, "");
  add(oc::AbstinenceKind::prolonged, "1", 14, "no lapse");
  add(oc::AbstinenceKind::prolonged, "1", 14, "5 cigs");
  add(oc::AbstinenceKind::prolonged, "1", 14, "3 days");
  add(oc::AbstinenceKind::prolonged, "1", 14, "5 cigs/7 days");
  add(oc::AbstinenceKind::prolonged, "1", 14, "3 days/7 days");
  return out;
}

// Amount of a day after linear filling and with the last record carried forward.
std::optional<double> plain_amount(const Person& person, int day) {
  const auto& amounts = person.amount;
  const auto after = amounts.lower_bound(day);
  if (after != amounts.end() && after->first == day) return after->second;
  if (after == amounts.end()) {
    const auto last = std::prev(after);
    return day == last->first + 1 ? std::optional{last->second} : std::nullopt;
  }
  if (after == amounts.begin()) return std::nullopt;
  const auto before = std::prev(after);
  return before->second +
         (after->second - before->second) / (after->first - before->first) * (day - before->first);
}

bool correct(const std::vector<Person>& people, const oc::AbstinenceScores& scores) {
  const auto asked = measures();
  for (std::size_t p = 0; p < people.size(); p += std::max<std::size_t>(1, people.size() / 500)) {
    const int end = people[p].visit.at(4);
    const auto values = [&](int start) {
      std::vector<std::optional<double>> out;
      for (int day = start; day < end; ++day) out.push_back(plain_amount(people[p], day));
      return out;
    };
    for (std::size_t m = 0; m < asked.size(); ++m) {
      int start = end - asked[m].days;
      if (!asked[m].start_visit.empty()) {
        start = people[p].visit.at(asked[m].start_visit[0] - '0') + asked[m].grace_days;
      }
      const auto window = values(start);
      bool complete = true;
      for (const auto& value : window) complete = complete && value.has_value();
      bool lapse = false;
      const oc::LapseCriterion& rule = asked[m].lapse;
      const std::size_t width =
          rule.window_days ? static_cast<std::size_t>(*rule.window_days) : window.size();
      for (std::size_t i = 0; i < window.size(); ++i) {
        double total = 0;
        for (std::size_t k = i; k < std::min(window.size(), i + width); ++k) {
          const double value = window[k].value_or(0);
          total += rule.kind == oc::LapseKind::amount ? value : (value > 0 ? 1 : 0);
        }
        if (window[i].value_or(0) > 0) {
          lapse = lapse || rule.kind == oc::LapseKind::any ||
                  (rule.window_days ? total > rule.threshold : total >= rule.threshold);
        }
      }
      if (scores.result(m, p) != (complete && !lapse)) return false;
    }
  }
  return true;
}

// From collected rows to sorted tables, filled days and nine measures.
void BM_Abstinence(benchmark::State& state) {
  const auto people = synthetic(static_cast<std::size_t>(state.range(0)));
  const auto records = records_of(people);
  const auto asked = measures();
  const oc::AbstinenceRules rules;
  const auto whole = [&] {
    Findings findings;
    const auto tables = *oc::AbstinenceTables::from(records, findings);
    const auto data = *oc::prepare_abstinence(tables, rules, findings);
    return *oc::score_abstinence(data, asked);
  };
  if (!correct(people, whole())) {
    state.SkipWithError("wrong answer");
    return;
  }
  for (auto _ : state) benchmark::DoNotOptimize(whole());
  state.counters["person-days/s"] = benchmark::Counter(
      static_cast<double>(state.iterations()) * static_cast<double>(people.size()) * days_followed,
      benchmark::Counter::kIsRate);
  state.counters["time/person"] = benchmark::Counter(
      static_cast<double>(state.iterations()) * static_cast<double>(people.size()),
      benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(BM_Abstinence)->Arg(1000)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

// The measures alone, from filled tables.
void BM_AbstinenceMeasures(benchmark::State& state) {
  const auto people = synthetic(static_cast<std::size_t>(state.range(0)));
  const auto records = records_of(people);
  const auto asked = measures();
  Findings findings;
  const auto tables = *oc::AbstinenceTables::from(records, findings);
  const auto data = *oc::prepare_abstinence(tables, {}, findings);
  if (!correct(people, *oc::score_abstinence(data, asked))) {
    state.SkipWithError("wrong answer");
    return;
  }
  for (auto _ : state) benchmark::DoNotOptimize(oc::score_abstinence(data, asked));
  state.counters["time/result"] =
      benchmark::Counter(static_cast<double>(state.iterations()) *
                             static_cast<double>(people.size()) * static_cast<double>(asked.size()),
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(BM_AbstinenceMeasures)->Arg(10'000)->Unit(benchmark::kMillisecond);

}  // namespace
