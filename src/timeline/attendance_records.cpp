#include "ombre/timeline/attendance_records.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "ombre/core/date.hpp"

namespace ombre::inline v0::timeline {
namespace {

constexpr std::uint32_t max_which = 8;

Error column_error(Errc code, std::string_view table, std::string_view column,
                   std::optional<std::uint64_t> row, std::string_view value,
                   std::string_view rule) {
  return error_at(code, std::string{table} + '.' + std::string{column}, row, value, rule);
}

template <class T>
std::optional<Error> check_size(const std::vector<T>& column, std::size_t rows, bool optional,
                                std::string_view table, std::string_view name) {
  if (column.size() == rows || (optional && column.empty())) return std::nullopt;
  return column_error(Errc::size_mismatch, table, name, std::nullopt, std::to_string(column.size()),
                      "must have one entry per row (" + std::to_string(rows) + ")");
}

std::optional<Error> check_index(const std::vector<std::uint32_t>& column, std::size_t limit,
                                 std::string_view table, std::string_view name) {
  for (std::size_t i = 0; i < column.size(); ++i) {
    if (column[i] >= limit) {
      return column_error(Errc::out_of_range, table, name, i, std::to_string(column[i]),
                          "must be below " + std::to_string(limit));
    }
  }
  return std::nullopt;
}

std::optional<Error> check_rows(std::size_t rows, std::string_view table) {
  if (rows < std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
  return column_error(Errc::too_large, table, "rows", std::nullopt, std::to_string(rows),
                      "must be fewer than 2^32 - 1");
}

std::optional<Error> check(const DayRows& rows, std::size_t people, std::string_view table) {
  const std::size_t n = rows.size();
  if (auto e = check_rows(n, table)) return e;
  if (auto e = check_size(rows.day, n, false, table, "day")) return e;
  if (auto e = check_size(rows.what, n, false, table, "what")) return e;
  if (auto e = check_size(rows.answer, n, true, table, "answer")) return e;
  if (auto e = check_size(rows.line, n, true, table, "line")) return e;
  if (auto e = check_index(rows.person, people, table, "person")) return e;
  return check_index(rows.what, rows.names.size(), table, "what");
}

// offset[p] = number of rows of people before p.
std::vector<std::uint64_t> count_offsets(const std::vector<std::uint32_t>& person,
                                         std::size_t people) {
  std::vector<std::uint64_t> offset(people + 1, 0);
  for (const std::uint32_t p : person) ++offset[p + 1];
  for (std::size_t p = 0; p < people; ++p) offset[p + 1] += offset[p];
  return offset;
}

// Stable counting sort by person: order[k] is the original row at place k. The caller made sure
// that there are fewer than 2^32 rows.
std::vector<std::uint32_t> order_by_person(const std::vector<std::uint32_t>& person,
                                           const std::vector<std::uint64_t>& offset) {
  std::vector<std::uint64_t> next(offset.begin(), offset.end());
  std::vector<std::uint32_t> order(person.size());
  for (std::size_t row = 0; row < person.size(); ++row) {
    order[next[person[row]]++] = static_cast<std::uint32_t>(row);
  }
  return order;
}

template <class T>
std::vector<T> gather(const std::vector<T>& column, const std::vector<std::uint32_t>& order) {
  if (column.empty()) return {};
  std::vector<T> out(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) out[i] = column[order[i]];
  return out;
}

TrialTable::Grouped group(DayRows rows, std::size_t people) {
  TrialTable::Grouped out;
  out.offset = count_offsets(rows.person, people);
  out.names = std::move(rows.names);
  if (std::ranges::is_sorted(rows.person)) {
    out.day = std::move(rows.day);
    out.what = std::move(rows.what);
    out.answer = std::move(rows.answer);
    out.line = std::move(rows.line);
    return out;
  }
  out.row = order_by_person(rows.person, out.offset);
  out.day = gather(rows.day, out.row);
  out.what = gather(rows.what, out.row);
  out.answer = gather(rows.answer, out.row);
  out.line = gather(rows.line, out.row);
  return out;
}

std::string number(std::uint64_t value) { return std::to_string(value); }

}  // namespace

std::string TrialTable::day_text(std::int64_t day) const {
  if (days_are_dates_) {
    if (const auto date = Date::from_day_number(day)) return date->iso();
  }
  return std::to_string(day);
}

Result<TrialTable> TrialTable::from(TrialRecords records, Findings& findings) {
  const std::size_t people = records.people.size();
  if (auto e = check_rows(people, "people")) return unexpected(*std::move(e));
  if (auto e = check_size(records.people.trial, people, true, "people", "trial")) {
    return unexpected(*std::move(e));
  }
  if (auto e = check_size(records.people.day_zero, people, true, "people", "day_zero")) {
    return unexpected(*std::move(e));
  }
  if (auto e = check(records.visits, people, "visits")) return unexpected(*std::move(e));
  if (auto e = check(records.screens, people, "screens")) return unexpected(*std::move(e));
  if (auto e = check(records.self_reports, people, "self_reports")) {
    return unexpected(*std::move(e));
  }

  RandomizationRows& drawn = records.randomizations;
  constexpr std::string_view table = "randomizations";
  const std::size_t n = drawn.size();
  if (auto e = check_rows(n, table)) return unexpected(*std::move(e));
  if (auto e = check_size(drawn.day, n, false, table, "day")) return unexpected(*std::move(e));
  if (auto e = check_size(drawn.which, n, false, table, "which")) return unexpected(*std::move(e));
  if (auto e = check_size(drawn.arm, n, false, table, "arm")) return unexpected(*std::move(e));
  if (auto e = check_size(drawn.line, n, true, table, "line")) return unexpected(*std::move(e));
  if (auto e = check_index(drawn.person, people, table, "person")) {
    return unexpected(*std::move(e));
  }
  if (auto e = check_index(drawn.arm, drawn.arms.size(), table, "arm")) {
    return unexpected(*std::move(e));
  }
  for (std::size_t i = 0; i < n; ++i) {
    if (drawn.which[i] < 1 || drawn.which[i] > max_which) {
      return unexpected(column_error(Errc::out_of_range, table, "which", i,
                                     std::to_string(drawn.which[i]), "must be from 1 to 8"));
    }
  }

  TrialTable out;
  out.days_are_dates_ = records.days_are_dates;
  out.people_ = std::move(records.people);
  out.visits_ = group(std::move(records.visits), people);
  out.screens_ = group(std::move(records.screens), people);
  out.self_reports_ = group(std::move(records.self_reports), people);

  const auto offset = count_offsets(drawn.person, people);
  auto order = order_by_person(drawn.person, offset);
  out.randomization_offset_.reserve(people + 1);
  out.randomization_offset_.push_back(0);
  const auto note = [&](Severity severity, std::string_view rule, std::size_t person,
                        std::size_t row, std::string text) {
    Finding finding;
    finding.severity = severity;
    finding.rule = rule;
    finding.text = std::move(text);
    finding.person = out.id(person);
    finding.field = "randomization";
    finding.row = drawn.line.empty() ? row : drawn.line[row];
    finding.value = out.day_text(drawn.day[row]);
    findings.add(std::move(finding));
  };
  for (std::size_t p = 0; p < people; ++p) {
    const auto begin = order.begin() + static_cast<std::ptrdiff_t>(offset[p]);
    const auto end = order.begin() + static_cast<std::ptrdiff_t>(offset[p + 1]);
    // Which one holds must not depend on the order of rows: by number, day, name of arm, row.
    std::sort(begin, end, [&](std::uint32_t a, std::uint32_t b) {
      if (drawn.which[a] != drawn.which[b]) return drawn.which[a] < drawn.which[b];
      if (drawn.day[a] != drawn.day[b]) return drawn.day[a] < drawn.day[b];
      const int arms = drawn.arms[drawn.arm[a]].compare(drawn.arms[drawn.arm[b]]);
      return arms != 0 ? arms < 0 : a < b;
    });
    std::uint32_t have = 0;
    for (auto it = begin; it != end; ++it) {
      const std::uint32_t row = *it;
      const std::uint32_t which = drawn.which[row];
      if (which == have) {
        const Randomization& kept = out.randomizations_.back();
        if (kept.day == drawn.day[row] && kept.arm == drawn.arm[row]) {
          note(Severity::note, "randomization_repeated", p, row,
               "randomisation " + number(which) + " is listed twice; counted once");
        } else {
          note(Severity::warning, "randomization_disagrees", p, row,
               "randomisation " + number(which) + " is also listed on day " +
                   out.day_text(kept.day) + " (" + std::string{drawn.arms[kept.arm]} +
                   "); the earlier one is used");
        }
        continue;
      }
      if (which != have + 1) {
        note(Severity::warning, "randomization_without_earlier", p, row,
             "randomisation " + number(which) + " without number " + number(have + 1) +
                 "; set aside");
        continue;
      }
      if (have > 0 && drawn.day[row] < out.randomizations_.back().day) {
        note(Severity::warning, "randomization_before_earlier", p, row,
             "randomisation " + number(which) + " lies before number " + number(have) + " (day " +
                 out.day_text(out.randomizations_.back().day) + ")");
      }
      out.randomizations_.push_back({drawn.day[row], drawn.arm[row]});
      ++have;
    }
    out.randomization_offset_.push_back(out.randomizations_.size());
  }
  out.arms_ = std::move(drawn.arms);
  return out;
}

}  // namespace ombre::inline v0::timeline
