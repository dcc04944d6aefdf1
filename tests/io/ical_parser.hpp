// A small reader of iCalendar for tests: unfolds lines, splits properties, expands daily rules.
// It shares nothing with the writer.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/date.hpp"
#include "ombre/plans/amount.hpp"

namespace ical_test {

// Property with its parameters ("DTSTART;VALUE=DATE") to the value, unescaped.
using Entry = std::map<std::string, std::string>;

inline ombre::Date day_of(std::string_view basic) {
  return *ombre::Date::parse(std::string{basic.substr(0, 4)} + "-" +
                             std::string{basic.substr(4, 2)} + "-" +
                             std::string{basic.substr(6, 2)});
}

inline std::string part(std::string_view rule, std::string_view key) {
  std::size_t at = 0;
  while (at < rule.size()) {
    std::size_t end = rule.find(';', at);
    if (end == std::string_view::npos) end = rule.size();
    const std::string_view item = rule.substr(at, end - at);
    if (item.starts_with(std::string{key} + "=")) return std::string{item.substr(key.size() + 1)};
    at = end + 1;
  }
  return {};
}

// Every day an event covers, by its DTSTART, DTEND and RRULE.
inline std::vector<ombre::Date> days_of(const Entry& event) {
  using ombre::Date;
  using ombre::Days;
  std::vector<Date> out;
  const bool timed = event.count("DTSTART") > 0;
  const Date first = day_of(timed ? event.at("DTSTART") : event.at("DTSTART;VALUE=DATE"));
  if (event.count("RRULE") > 0) {
    const std::string& rule = event.at("RRULE");
    EXPECT_EQ(part(rule, "FREQ"), "DAILY");
    EXPECT_EQ(part(rule, "COUNT"), "");
    const int n = std::stoi(part(rule, "INTERVAL"));
    const Date until = day_of(part(rule, "UNTIL"));
    // The same value type as DTSTART.
    EXPECT_EQ(part(rule, "UNTIL").size(), timed ? 15U : 8U);
    for (Date d = first; d <= until; d = d + Days{n}) out.push_back(d);
    return out;
  }
  const Date end = day_of(event.at("DTEND;VALUE=DATE"));
  for (Date d = first; d < end; d = d + Days{1}) out.push_back(d);
  return out;
}

struct Calendar {
  Entry properties;
  std::vector<Entry> events;

  // The amounts of a line that all confirmed or tentative events give to each day, added up.
  [[nodiscard]] std::map<ombre::Date, ombre::plans::Amount> doses_by_day(std::size_t line) const {
    std::map<ombre::Date, ombre::plans::Amount> out;
    for (const Entry& event : events) {
      if (event.at("STATUS") == "CANCELLED") continue;
      const auto dose = event.find("X-OMBRE-DOSE;X-OMBRE-LINE=" + std::to_string(line));
      if (dose == event.end()) continue;
      const auto amount = ombre::plans::Amount::parse(dose->second);
      if (!amount) {
        ADD_FAILURE() << "not an amount: " << dose->second;
        continue;
      }
      for (const ombre::Date d : days_of(event)) {
        const auto [at, is_new] = out.try_emplace(d, *amount);
        if (!is_new) at->second = *at->second.plus(*amount);
      }
    }
    return out;
  }
};

inline std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    ++i;
    out += text[i] == 'n' || text[i] == 'N' ? '\n' : text[i];
  }
  return out;
}

inline Calendar parse(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = text.find("\r\n", at);
    if (end == std::string::npos) {
      ADD_FAILURE() << "a line without CRLF";
      break;
    }
    std::string line = text.substr(at, end - at);
    at = end + 2;
    if (!line.empty() && line.front() == ' ' && !lines.empty()) {
      lines.back() += line.substr(1);
    } else {
      lines.push_back(std::move(line));
    }
  }
  Calendar out;
  std::vector<std::string> open;
  for (const std::string& line : lines) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) {
      ADD_FAILURE() << "no colon: " << line;
      continue;
    }
    const std::string name = line.substr(0, colon);
    const std::string value = line.substr(colon + 1);
    if (name == "BEGIN") {
      open.push_back(value);
      if (value == "VEVENT") out.events.emplace_back();
    } else if (name == "END") {
      if (open.empty()) {
        ADD_FAILURE() << "nothing to end: " << value;
        continue;
      }
      EXPECT_EQ(open.back(), value);
      open.pop_back();
    } else if (!open.empty() && open.back() == "VALARM") {
      if (name == "TRIGGER") out.events.back()["TRIGGER"] = value;
    } else if (!open.empty() && open.back() == "VEVENT") {
      EXPECT_EQ(out.events.back().count(name), 0U) << name;
      out.events.back()[name] = name == "RRULE" ? value : unescaped(value);
    } else {
      out.properties[name] = unescaped(value);
    }
  }
  EXPECT_TRUE(open.empty());
  return out;
}

}  // namespace ical_test
