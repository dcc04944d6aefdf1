// Collecting rows, and sorting them once by person and day.
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>
#include <tuple>
#include <utility>

#include "ombre/core/date.hpp"
#include "ombre/outcomes/abstinence.hpp"
#include "ombre/timeline/name_order.hpp"

namespace ombre::inline v0::outcomes {
namespace {

constexpr std::uint8_t table_tlfb = 0;
constexpr std::uint8_t table_biochemical = 1;
constexpr std::uint8_t table_visits = 2;
constexpr std::size_t max_visits = 1000;
constexpr double max_amount = 1e100;  // sums and lines between amounts then stay finite
constexpr std::uint32_t nobody = ~std::uint32_t{0};

std::string_view table_name(std::uint8_t table) {
  if (table == table_tlfb) return "follow_back";
  return table == table_biochemical ? "biochemical" : "visits";
}

// Places of `rows` people, in order: counts per person, then a scatter. Rows of people without a
// place are left out.
struct Layout {
  std::vector<std::uint64_t> offset;
  std::vector<std::size_t> order;
};

Layout lay_out(const std::vector<std::uint32_t>& person, const std::vector<std::uint32_t>& place,
               std::size_t people) {
  Layout out;
  out.offset.assign(people + 1, 0);
  for (const std::uint32_t p : person) {
    if (place[p] != nobody) ++out.offset[place[p] + 1];
  }
  std::partial_sum(out.offset.begin(), out.offset.end(), out.offset.begin());
  std::vector<std::uint64_t> next(out.offset.begin(), out.offset.end());
  out.order.resize(out.offset.back());
  for (std::size_t row = 0; row < person.size(); ++row) {
    if (place[person[row]] != nobody) out.order[next[place[person[row]]]++] = row;
  }
  return out;
}

template <class Less>
void sort_each(Layout& layout, Less less) {
  for (std::size_t p = 0; p + 1 < layout.offset.size(); ++p) {
    const auto begin = layout.order.begin() + static_cast<std::ptrdiff_t>(layout.offset[p]);
    const auto end = layout.order.begin() + static_cast<std::ptrdiff_t>(layout.offset[p + 1]);
    if (!std::is_sorted(begin, end, less)) std::sort(begin, end, less);
  }
}

template <class T>
std::vector<T> gather(const std::vector<T>& column, const std::vector<std::size_t>& order) {
  std::vector<T> out;
  out.reserve(order.size());
  for (const std::size_t row : order) out.push_back(column[row]);
  return out;
}

}  // namespace

Result<std::uint32_t> AbstinenceRecords::person(std::string_view id, std::uint8_t table,
                                                std::uint64_t line) {
  if (id.empty()) {
    return unexpected(error_at(Errc::missing, "id", line, "", "every row needs an id"));
  }
  auto index = ids_.intern(id);
  if (!index) return index;
  if (tables_.size() < ids_.size()) tables_.resize(ids_.size(), 0);
  tables_[*index] = static_cast<std::uint8_t>(tables_[*index] | (1U << table));
  return index;
}

Result<void> AbstinenceRecords::add_amount(Table table, std::string_view id,
                                           std::optional<std::int32_t> day,
                                           std::optional<double> amount, std::uint64_t line) {
  if (amount && !std::isfinite(*amount)) {
    return unexpected(error_at(Errc::not_finite, "amount", line, *amount, "must be finite"));
  }
  if (amount && std::abs(*amount) > max_amount) {
    return unexpected(
        error_at(Errc::out_of_range, "amount", line, *amount, "must be within 1e100 of 0"));
  }
  if (amount && *amount < 0 && table == Table::biochemical) {
    return unexpected(error_at(Errc::out_of_range, "amount", line, *amount, "must be 0 or more"));
  }
  const bool tlfb = table == Table::tlfb;
  const std::uint8_t code = tlfb ? table_tlfb : table_biochemical;
  if (!tlfb) has_biochemical_ = true;
  const auto index = person(id, code, line);
  if (!index) return unexpected(index.error());
  if (!day || !amount) {
    incomplete_.push_back({*index, code, line, !day ? "day" : "amount"});
    return {};
  }
  Rows& rows = tlfb ? tlfb_ : biochemical_;
  rows.person.push_back(*index);
  rows.day.push_back(*day);
  rows.amount.push_back(*amount == 0 ? 0.0 : *amount);  // no negative zero
  rows.line.push_back(line);
  return {};
}

Result<void> AbstinenceRecords::add_visit(std::string_view id, std::string_view visit,
                                          std::optional<std::int32_t> day, std::uint64_t line) {
  const auto index = person(id, table_visits, line);
  if (!index) return unexpected(index.error());
  if (!day || visit.empty()) {
    incomplete_.push_back({*index, table_visits, line, visit.empty() ? "visit" : "day"});
    return {};
  }
  const auto which = visit_names_.intern(visit);
  if (!which) return unexpected(which.error());
  if (visit_names_.size() > max_visits) {
    return unexpected(error_at(Errc::too_large, "visit", line, visit,
                               "is the 1001st different visit; is this the right column?"));
  }
  visits_.person.push_back(*index);
  visits_.visit.push_back(*which);
  visits_.day.push_back(*day);
  visits_.line.push_back(line);
  return {};
}

std::optional<std::size_t> AbstinenceTables::find_visit(std::string_view visit) const noexcept {
  const auto at = std::ranges::find(visits_, visit);
  if (at == visits_.end()) return std::nullopt;
  return static_cast<std::size_t>(at - visits_.begin());
}

std::string AbstinenceTables::day_text(std::int64_t day) const {
  if (days_are_dates_) {
    if (const auto date = Date::from_day_number(day)) return date->iso();
  }
  return std::to_string(day);
}

Result<AbstinenceTables> AbstinenceTables::from(const AbstinenceRecords& records,
                                                Findings& findings) {
  AbstinenceTables out;
  out.has_biochemical_ = records.has_biochemical_;
  out.days_are_dates_ = records.days_are_dates;
  out.tlfb_file_ = records.tlfb_file;
  out.visits_file_ = records.visits_file;
  const auto note = [&](Severity severity, std::string_view rule, std::uint32_t person,
                        std::string_view field, std::optional<std::uint64_t> line, std::string text,
                        const std::string& file = {}) {
    Finding finding;
    finding.severity = severity;
    finding.rule = rule;
    finding.text = std::move(text);
    finding.person = records.ids_[person];
    finding.field = field;
    finding.row = line;
    finding.file = file;
    findings.add(std::move(finding));
  };
  const std::array files{&records.tlfb_file, &records.biochemical_file, &records.visits_file};
  for (const auto& row : records.incomplete_) {
    note(Severity::note, "row_incomplete", row.person, row.field, row.line,
         "row of the " + std::string{table_name(row.table)} + " table without " + row.field +
             "; set aside",
         *files[row.table]);
  }

  // People, in order.
  constexpr unsigned both = (1U << table_tlfb) | (1U << table_visits);
  std::vector<std::uint32_t> visitors;
  for (std::uint32_t p = 0; p < records.ids_.size(); ++p) {
    const unsigned in = records.tables_[p];
    if ((in & (1U << table_visits)) != 0) visitors.push_back(p);
    if ((in & both) == both) {
      continue;
    }
    if ((in & (1U << table_tlfb)) != 0) {
      note(Severity::caution, "person_only_in_follow_back", p, "id", std::nullopt,
           "has no visit and is not scored");
    } else if ((in & (1U << table_visits)) != 0) {
      note(Severity::caution, "person_only_in_visits", p, "id", std::nullopt,
           "has no follow-back record and is not scored");
    } else {
      note(Severity::caution, "person_only_in_biochemical", p, "id", std::nullopt,
           "has neither follow-back records nor visits and is not scored");
    }
  }
  visitors = timeline::natural_order(records.ids_, std::move(visitors));
  std::vector<std::uint32_t> place(records.ids_.size(), nobody);
  std::vector<std::uint32_t> visitor_place(records.ids_.size(), nobody);
  for (std::size_t i = 0; i < visitors.size(); ++i) {
    const std::uint32_t p = visitors[i];
    visitor_place[p] = static_cast<std::uint32_t>(i);
    if ((records.tables_[p] & both) != both) continue;
    place[p] = static_cast<std::uint32_t>(out.ids_.size());
    out.ids_.emplace_back(records.ids_[p]);
    out.visit_rows_.block_of.push_back(i);
  }
  if (out.ids_.empty()) {
    return unexpected(
        error_of(Errc::empty_input, "id", "nobody is in both the follow-back and the visits"));
  }

  // Visits, in order.
  const auto visits = timeline::natural_order(records.visit_names_);
  std::vector<std::uint32_t> visit_place(visits.size(), 0);
  for (const std::uint32_t v : visits) {
    visit_place[v] = static_cast<std::uint32_t>(out.visits_.size());
    out.visits_.emplace_back(records.visit_names_[v]);
  }

  const auto amounts = [&](const AbstinenceRecords::Rows& rows) {
    Layout layout = lay_out(rows.person, place, out.ids_.size());
    sort_each(layout, [&](std::size_t a, std::size_t b) {
      return std::tie(rows.day[a], rows.amount[a], rows.line[a]) <
             std::tie(rows.day[b], rows.amount[b], rows.line[b]);
    });
    Amounts table;
    table.day = gather(rows.day, layout.order);
    table.amount = gather(rows.amount, layout.order);
    table.line = gather(rows.line, layout.order);
    table.offset = std::move(layout.offset);
    return table;
  };
  out.tlfb_ = amounts(records.tlfb_);
  out.biochemical_ = amounts(records.biochemical_);

  const AbstinenceRecords::Rows& rows = records.visits_;
  Layout layout = lay_out(rows.person, visitor_place, visitors.size());
  sort_each(layout, [&](std::size_t a, std::size_t b) {
    return std::tie(visit_place[rows.visit[a]], rows.day[a], rows.line[a]) <
           std::tie(visit_place[rows.visit[b]], rows.day[b], rows.line[b]);
  });
  for (const std::size_t row : layout.order) {
    out.visit_rows_.visit.push_back(visit_place[rows.visit[row]]);
  }
  out.visit_rows_.day = gather(rows.day, layout.order);
  out.visit_rows_.line = gather(rows.line, layout.order);
  out.visit_rows_.offset = std::move(layout.offset);
  return out;
}

}  // namespace ombre::inline v0::outcomes
