// Reads a bundle of tests back to days: every dosageInstruction (or, for what is no medicine, every
// target of a Goal) expanded over its period. It shares nothing with the writer.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/date.hpp"
#include "ombre/io/json.hpp"
#include "ombre/plans/amount.hpp"

namespace fhir_test {

using ombre::Date;
using ombre::Days;
using ombre::io::Json;

inline const Json& at(const Json& value, std::string_view key) {
  static const Json none;
  const Json* member = value.find(key);
  if (member == nullptr) {
    ADD_FAILURE() << "no " << key;
    return none;
  }
  return *member;
}
inline std::string text(const Json& value, std::string_view key) {
  const auto t = at(value, key).as_text();
  EXPECT_TRUE(t) << key;
  return std::string{t.value_or("")};
}

inline std::vector<const Json*> resources(const Json& bundle, std::string_view type) {
  std::vector<const Json*> out;
  for (const Json& entry : at(bundle, "entry").items()) {
    const Json& resource = at(entry, "resource");
    if (text(resource, "resourceType") == type) out.push_back(&resource);
  }
  return out;
}

// The line a resource is about, out of its identifier "<plan>/<type>/<line>".
inline std::size_t line_of(const Json& resource) {
  const std::string id = text(at(resource, "identifier").items()[0], "value");
  return std::stoul(id.substr(id.rfind('/') + 1));
}

inline std::int64_t micro_of(const Json& quantity) {
  const double value = at(quantity, "value").as_number().value_or(-1);
  EXPECT_GE(value, 0);
  return ombre::plans::Amount::nearest(value, ombre::plans::DoseUnit::mg)->micro();
}

// Amount by day of one MedicationRequest, in millionths. Also checks the invariants of the format.
// A dosage without an end goes on: it is followed to `until`.
inline std::map<Date, std::int64_t> doses_by_day(const Json& request,
                                                 std::optional<Date> until = {}) {
  std::map<Date, std::int64_t> out;
  std::int64_t sequence = 0;
  std::string span;
  std::optional<Date> covered;
  if (request.find("dosageInstruction") == nullptr) return out;  // nothing is taken so far
  for (const Json& dosage : at(request, "dosageInstruction").items()) {
    const Json& repeat = at(at(dosage, "timing"), "repeat");
    const Json& bounds = at(repeat, "boundsPeriod");
    const bool open = bounds.find("end") == nullptr;
    if (open && !until) continue;  // a stop line
    const Date first = *Date::parse(text(bounds, "start"));
    const Date last = open ? *until : *Date::parse(text(bounds, "end"));
    const std::int64_t number = *at(dosage, "sequence").as_integer();
    const std::string here = first.iso() + last.iso();
    if (number == sequence) {
      EXPECT_EQ(here, span) << "equal sequence, other days";
    } else {
      EXPECT_EQ(number, sequence + 1);
      if (covered) {
        EXPECT_EQ(first, *covered + Days{1}) << "a gap or an overlap";
      }
    }
    sequence = number;
    span = here;
    covered = last;
    const std::int64_t n = *at(repeat, "period").as_integer();
    const std::int64_t times = *at(repeat, "frequency").as_integer();
    const std::int64_t dose =
        micro_of(at(at(dosage, "doseAndRate").items()[0], "doseQuantity")) * times;
    const bool weekly = text(repeat, "periodUnit") == "wk";
    for (std::int64_t k = 0; k <= (last - first).count(); ++k) {
      out[first + Days{static_cast<std::int32_t>(k)}] += weekly || k % n == 0 ? dose : 0;
    }
  }
  return out;
}

// Amount by day of a Goal with a target for each step: each holds until its due date.
inline std::map<Date, std::int64_t> targets_by_day(const Json& goal) {
  std::map<Date, std::int64_t> out;
  Date day = *Date::parse(text(goal, "startDate"));
  for (const Json& target : at(goal, "target").items()) {
    EXPECT_FALSE(text(at(target, "measure"), "text").empty());  // rule gol-1
    const Date due = *Date::parse(text(target, "dueDate"));
    for (; day <= due; day = day + Days{1}) {
      out[day] = micro_of(at(target, "detailQuantity"));
    }
  }
  return out;
}

}  // namespace fhir_test
