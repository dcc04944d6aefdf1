// Builds hand-made follow-back records. Days are integer counters.
#pragma once

#include <gtest/gtest.h>
#include <span>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ombre/outcomes/abstinence.hpp"

namespace abstinence_test {

namespace oc = ombre::outcomes;

class FollowBack {
 public:
  /// Amounts on consecutive days from `first`.
  FollowBack& days(const std::string& id, std::int32_t first, const std::vector<double>& amounts) {
    for (const double amount : amounts) day(id, first++, amount);
    return *this;
  }
  FollowBack& day(const std::string& id, std::optional<std::int32_t> on,
                  std::optional<double> amount) {
    EXPECT_TRUE(records.add_amount(oc::AbstinenceRecords::Table::tlfb, id, on, amount, ++line));
    return *this;
  }
  FollowBack& bio(const std::string& id, std::int32_t on, double amount) {
    EXPECT_TRUE(
        records.add_amount(oc::AbstinenceRecords::Table::biochemical, id, on, amount, ++line));
    return *this;
  }
  FollowBack& visit(const std::string& id, const std::string& visit,
                    std::optional<std::int32_t> on) {
    EXPECT_TRUE(records.add_visit(id, visit, on, ++line));
    return *this;
  }
  [[nodiscard]] oc::PreparedAbstinence prepare(const oc::AbstinenceRules& rules = {}) const {
    ombre::Findings ignored;
    return prepare(rules, ignored);
  }
  [[nodiscard]] oc::PreparedAbstinence prepare(const oc::AbstinenceRules& rules,
                                               ombre::Findings& findings) const {
    const auto tables = oc::AbstinenceTables::from(records, findings);
    if (!tables) ADD_FAILURE() << describe(tables.error());
    auto data = oc::prepare_abstinence(*tables, rules, findings);
    if (!data) ADD_FAILURE() << describe(data.error());
    return *std::move(data);
  }

  oc::AbstinenceRecords records;
  std::uint64_t line = 1;
};

/// Somebody with visit 1 on day 0 and visit 2 on day 10.
inline FollowBack with_visits(const std::string& id = "a") {
  FollowBack records;
  records.visit(id, "1", 0).visit(id, "2", 10);
  return records;
}

/// "5:20 6:0i 7:1o": day, amount, i = imputed, o = overridden.
inline std::string show(const oc::PreparedAbstinence& data, std::size_t person = 0) {
  std::string out;
  for (std::uint64_t i = data.offset[person]; i < data.offset[person + 1]; ++i) {
    if (!out.empty()) out += ' ';
    out += std::to_string(data.day[i]) + ':' + ombre::shortest(data.amount[i]);
    if (data.origin[i] == oc::Origin::imputed) out += 'i';
    if (data.origin[i] == oc::Origin::overridden) out += 'o';
  }
  return out;
}

/// "1=5 2=9i 3=?i 4-": recorded, imputed, imputed without a day, absent.
inline std::string show_visits(const oc::PreparedAbstinence& data, std::size_t person = 0) {
  using State = oc::PreparedAbstinence::VisitState;
  std::string out;
  for (std::size_t v = 0; v < data.visits.size(); ++v) {
    const std::size_t at = person * data.visits.size() + v;
    if (!out.empty()) out += ' ';
    out += data.visits[v];
    const State state = data.visit_state[at];
    if (state == State::absent) out += '-';
    if (state == State::recorded || state == State::imputed) {
      out += '=' + std::to_string(data.visit_day[at]);
    }
    if (state == State::imputed_without_day) out += "=?";
    if (state == State::imputed || state == State::imputed_without_day) out += 'i';
  }
  return out;
}

inline oc::AbstinenceMeasure continuous(std::string start, std::string end) {
  oc::AbstinenceMeasure measure;
  measure.kind = oc::AbstinenceKind::continuous;
  measure.start_visit = std::move(start);
  measure.end_visit = std::move(end);
  measure.id = oc::default_id(measure);
  return measure;
}

inline oc::AbstinenceMeasure point_prevalence(std::int32_t days, std::string end) {
  oc::AbstinenceMeasure measure;
  measure.kind = oc::AbstinenceKind::point_prevalence;
  measure.days = days;
  measure.end_visit = std::move(end);
  measure.id = oc::default_id(measure);
  return measure;
}

inline oc::AbstinenceMeasure prolonged(std::string quit, std::int32_t grace, std::string end,
                                       const std::string& lapse) {
  oc::AbstinenceMeasure measure;
  measure.kind = oc::AbstinenceKind::prolonged;
  measure.start_visit = std::move(quit);
  measure.grace_days = grace;
  measure.end_visit = std::move(end);
  const auto read = oc::parse_lapse(lapse);
  if (!read) ADD_FAILURE() << describe(read.error());
  measure.lapse = *read;
  measure.id = oc::default_id(measure);
  return measure;
}

/// "yes", "no lapse 5:2", "missing": the result and the lapse as day:amount.
inline std::string score(const oc::PreparedAbstinence& data, const oc::AbstinenceMeasure& measure,
                         std::size_t person = 0) {
  const auto scores = oc::score_abstinence(data, std::span{&measure, 1});
  if (!scores) return describe(scores.error());
  const auto result = scores->result(0, person);
  std::string out = !result ? "missing" : (*result ? "yes" : "no");
  if (const auto lapse = scores->lapse(0, person)) {
    out += " lapse " + std::to_string(lapse->day) + ':' + ombre::shortest(lapse->amount);
  }
  return out;
}

}  // namespace abstinence_test
