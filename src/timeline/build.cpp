#include "ombre/timeline/build.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <string_view>
#include <tuple>

#include "ombre/core/date.hpp"

namespace ombre::inline v0::timeline {
namespace {

constexpr std::uint32_t nobody = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint8_t empty_day = 0xFF;

// Whose amount counts where several sources give one: 0 first.
constexpr std::array<std::uint8_t, report_source_count> priority{
    0,  // unstated, treated like self-report
    0,  // self_report
    4,  // urine
    4,  // breath
    4,  // saliva
    4,  // blood
    1,  // collateral
    2,  // clinician
    3   // dispensing
};

// Rows that do not say where they come from are the person's own reports.
std::size_t source_kind(ReportSource source) noexcept {
  return static_cast<std::size_t>(source == ReportSource::unstated ? ReportSource::self_report
                                                                   : source);
}

std::string day_text(DayAxis axis, std::int64_t day) {
  if (axis == DayAxis::calendar) {
    if (const auto date = Date::from_day_number(day)) return date->iso();
  }
  return "day " + std::to_string(day);
}

std::string counted(std::size_t n, std::string_view what) {
  return std::to_string(n) + " " + std::string{what} + (n == 1 ? "" : "s");
}

struct Resolved {
  UseState state = UseState::unknown;
  double amount = 0;
  bool keep = true;
};

struct DayReport {
  std::uint32_t cell = 0;
  std::uint32_t row = 0;
  Resolved what;
};

}  // namespace

Result<PersonIndex> PersonIndex::from(const Records& records) {
  const std::size_t n = records.size();
  if (n >= nobody) {
    return unexpected(error_at(Errc::too_large, "rows", std::nullopt, std::to_string(n),
                               "must be fewer than 2^32 - 1; read the file in parts by person"));
  }
  PersonIndex index;
  const auto person = records.person_column();
  index.start_.assign(records.persons().size() + 1, 0);
  for (const std::uint32_t p : person) ++index.start_[p + 1];
  for (std::size_t p = 1; p < index.start_.size(); ++p) index.start_[p] += index.start_[p - 1];
  index.row_.resize(n);
  std::vector<std::uint64_t> next(index.start_.begin(), index.start_.end() - 1);
  for (std::size_t i = 0; i < n; ++i) index.row_[next[person[i]]++] = static_cast<std::uint32_t>(i);
  return index;
}

struct GridBuilder::Prepared {
  struct Window {
    std::int64_t first = 0;
    std::int64_t last = -1;
  };
  struct Bounds {
    std::optional<std::uint32_t> substance;
    std::optional<std::uint32_t> unit;
    double lowest;
    double highest;
  };
  struct Factor {
    std::optional<std::uint32_t> substance;
    std::uint32_t from;
    std::uint32_t to;
    double factor;
  };
  struct Scratch {
    std::vector<std::uint32_t> slot;     // of a substance within the person, + 1; 0 = none
    std::vector<std::uint32_t> touched;  // substances of the person
    std::vector<std::uint32_t> start;    // rows of each of them
    std::vector<std::uint32_t> row;
    std::vector<std::uint32_t> owner;  // row that wrote a cell
    std::vector<DayReport> several;
  };

  const Records* records = nullptr;
  BuildOptions options;
  PersonIndex index;
  NameTable units;
  std::vector<Bounds> bounds;
  std::vector<Factor> factors;
  std::vector<std::uint32_t> unit_of_substance;
  std::vector<Window> window;             // by person; empty when no table was given
  std::vector<ControlledStay> stay;       // sorted by person
  std::vector<std::uint64_t> stay_start;  // by person
  bool any_amount = false;
  Findings findings;

  Prepared(const Records& r, BuildOptions o) : records{&r}, options{std::move(o)} {}

  Result<void> prepare();
  Result<void> prepare_windows();
  Result<void> prepare_units();
  void prepare_stays();
  [[nodiscard]] std::optional<Window> window_of(std::uint32_t person) const;
  [[nodiscard]] bool possible(std::int32_t day) const noexcept {
    return records->axis() != DayAxis::calendar ||
           (Date::min().day_number() <= day && day <= Date::max().day_number());
  }
  [[nodiscard]] std::uint32_t unit_after_factor(std::size_t row, double& factor) const noexcept;
  Resolved resolve(std::uint32_t row, Findings& found) const;
  void list_substances(std::uint32_t person, Scratch& scratch) const;
  [[nodiscard]] Result<std::uint64_t> count_days(std::uint32_t first, std::uint32_t last,
                                                 std::size_t& series) const;
  Result<void> build(std::uint32_t first, std::uint32_t last, BuiltGrid& out) const;
  Result<void> fill_series(std::uint32_t person, Window window, std::span<const std::uint32_t> rows,
                           std::span<std::uint8_t> state, std::span<double> amount,
                           Scratch& scratch, Findings& found) const;
  Result<Resolved> merge_reports(std::span<DayReport> reports, std::int64_t day,
                                 Findings& found) const;
  void mark_stays(std::uint32_t person, Window window, std::span<std::uint8_t> state,
                  Scratch& scratch, bool first_series, Findings& found) const;

  void note(Findings& into, Severity severity, std::string_view rule, std::string_view text,
            std::uint32_t person, std::string_view field, std::optional<std::uint64_t> line,
            std::string value) const {
    Finding f;
    f.severity = severity;
    f.rule = rule;
    f.text = text;
    f.person = records->persons()[person];
    f.field = field;
    f.row = line;
    f.value = std::move(value);
    into.add(std::move(f));
  }
};

Result<void> GridBuilder::Prepared::prepare_windows() {
  if (options.global && options.global->last_day < options.global->first_day) {
    return unexpected(error_at(
        Errc::out_of_range, "end", std::nullopt,
        day_text(records->axis(), options.global->last_day),
        "must not be before the start " + day_text(records->axis(), options.global->first_day)));
  }
  if (options.windows.empty()) return {};
  window.assign(records->persons().size(), Window{});
  for (const PersonWindow& w : options.windows) {
    if (w.person >= window.size()) {
      return unexpected(error_at(Errc::out_of_range, "person", w.line, std::to_string(w.person),
                                 "must be below " + std::to_string(window.size())));
    }
    if (w.last_day < w.first_day) {
      return unexpected(
          error_at(Errc::out_of_range, "end", w.line, day_text(records->axis(), w.last_day),
                   "must not be before the start " + day_text(records->axis(), w.first_day)));
    }
    Window& mine = window[w.person];
    if (mine.first <= mine.last) {
      if (mine.first == w.first_day && mine.last == w.last_day) {
        note(findings, Severity::caution, "window_repeated",
             "The same window is given twice for this person; it was used once.", w.person, "start",
             w.line, day_text(records->axis(), w.first_day));
        continue;
      }
      return unexpected(error_at(Errc::duplicate, "person", w.line, records->persons()[w.person],
                                 "has a second window that differs from the first; one person has "
                                 "one window"));
    }
    mine = {w.first_day, w.last_day};
  }
  return {};
}

std::uint32_t GridBuilder::Prepared::unit_after_factor(std::size_t row,
                                                       double& factor) const noexcept {
  const std::uint32_t unit = records->unit_column()[row];
  factor = 1;
  for (const Factor& f : factors) {
    if (f.from == unit && (!f.substance || *f.substance == records->substance_column()[row])) {
      factor = f.factor;
      return f.to;
    }
  }
  return unit;
}

Result<void> GridBuilder::Prepared::prepare_units() {
  units = records->units();
  const auto unused = [&](std::string_view rule, const std::string& substance,
                          const std::string& unit) {
    Finding f;
    f.rule = rule;
    f.text = "This rule speaks about a substance or unit that does not occur in the records.";
    f.field = "substance";
    f.value = substance + (unit.empty() ? "" : " in " + unit);
    findings.add(std::move(f));
  };
  for (const UnitFactor& u : options.units) {
    if (!(u.factor > 0 && u.factor <= 1e100)) {
      return unexpected(error_at(Errc::out_of_range, "units.factor", std::nullopt, u.factor,
                                 "must be a number above 0"));
    }
    const auto substance = records->substances().find(u.substance);
    const auto from = records->units().find(u.from);
    if ((!u.substance.empty() && !substance) || !from) {
      unused("unit_factor_unused", u.substance, u.from);
      continue;
    }
    const auto to = units.intern(u.to);
    if (!to) return unexpected(to.error());
    factors.push_back({u.substance.empty() ? std::nullopt : substance, *from, *to, u.factor});
  }
  for (const AmountBounds& b : options.bounds) {
    if (!(b.lowest >= 0 && b.highest > 0 && b.lowest <= b.highest && b.lowest <= largest_amount)) {
      return unexpected(error_at(Errc::out_of_range, "bounds", std::nullopt,
                                 shortest(b.lowest) + " to " + shortest(b.highest),
                                 "must be two numbers of 0 or more, the lower one first"));
    }
    const auto substance = records->substances().find(b.substance);
    const auto unit = units.find(b.unit);
    if ((!b.substance.empty() && !substance) || (!b.unit.empty() && !unit)) {
      unused("amount_bounds_unused", b.substance, b.unit);
      continue;
    }
    bounds.push_back({b.substance.empty() ? std::nullopt : substance,
                      b.unit.empty() ? std::nullopt : unit, b.lowest, b.highest});
  }

  // The unit of a substance: the one with most rows, ties by name, so that the order of rows does
  // not matter. Most substances have one unit; only the others are counted.
  const auto state = records->state_column();
  const auto substance = records->substance_column();
  unit_of_substance.assign(records->substances().size(), nobody);
  std::vector<std::uint8_t> mixed(records->substances().size(), 0);
  bool any_mixed = false;
  for (std::size_t i = 0; i < records->size(); ++i) {
    if (state[i] != UseState::amount) continue;
    any_amount = true;
    double factor = 1;
    const std::uint32_t unit = unit_after_factor(i, factor);
    std::uint32_t& mine = unit_of_substance[substance[i]];
    if (mine == nobody) {
      mine = unit;
    } else if (mine != unit) {
      mixed[substance[i]] = 1;
      any_mixed = true;
    }
  }
  if (any_mixed) {
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> rows;
    for (std::size_t i = 0; i < records->size(); ++i) {
      if (state[i] != UseState::amount || mixed[substance[i]] == 0) continue;
      double factor = 1;
      const std::uint32_t unit = unit_after_factor(i, factor);
      if (options.mixed_units == MixedUnits::refuse && unit != unit_of_substance[substance[i]]) {
        return unexpected(error_at(Errc::contradiction, "unit", records->line_column()[i],
                                   units[unit],
                                   "must be one unit for all amounts of " +
                                       std::string{records->substances()[substance[i]]} + "; \"" +
                                       std::string{units[unit_of_substance[substance[i]]]} +
                                       "\" came first and no factor between them was given"));
      }
      ++rows[{substance[i], unit}];
    }
    std::uint32_t current = nobody;
    std::uint64_t most = 0;
    for (const auto& [key, count] : rows) {
      std::uint32_t& mine = unit_of_substance[key.first];
      if (key.first != current || count > most ||
          (count == most && units[key.second] < units[mine])) {
        current = key.first;
        most = count;
        mine = key.second;
      }
    }
  }
  for (std::uint32_t& unit : unit_of_substance) {
    if (unit == nobody) unit = 0;
  }
  return {};
}

void GridBuilder::Prepared::prepare_stays() {
  const auto stays = records->controlled_stays();
  stay_start.assign(records->persons().size() + 1, 0);
  for (const ControlledStay& s : stays) ++stay_start[s.person + 1];
  for (std::size_t p = 1; p < stay_start.size(); ++p) stay_start[p] += stay_start[p - 1];
  stay.resize(stays.size());
  std::vector<std::uint64_t> next(stay_start.begin(), stay_start.end() - 1);
  for (const ControlledStay& s : stays) stay[next[s.person]++] = s;
}

Result<void> GridBuilder::Prepared::prepare() {
  if (records->empty() && options.windows.empty()) {
    return unexpected(error_of(Errc::empty_input, "records",
                               "must have at least one row, or windows: there is no day to build"));
  }
  if (options.most_days_per_window == 0 || options.most_days == 0) {
    return unexpected(error_of(Errc::out_of_range, "most_days", "must be at least 1"));
  }
  if (auto fine = prepare_windows(); !fine) return fine;
  if (auto fine = prepare_units(); !fine) return fine;
  prepare_stays();
  auto made = PersonIndex::from(*records);
  if (!made) return unexpected(made.error());
  index = std::move(*made);
  return {};
}

std::optional<GridBuilder::Prepared::Window> GridBuilder::Prepared::window_of(
    std::uint32_t person) const {
  if (!window.empty()) {
    if (window[person].first <= window[person].last) return window[person];
    if (!options.people_without_window) return std::nullopt;
  }
  if (options.global) return Window{options.global->first_day, options.global->last_day};
  Window span{std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()};
  for (const std::uint32_t row : index.rows(person)) {
    const std::int32_t day = records->day_column()[row];
    if (!possible(day)) continue;
    span.first = std::min<std::int64_t>(span.first, day);
    span.last = std::max<std::int64_t>(span.last, day);
  }
  if (span.first > span.last) return std::nullopt;
  return span;
}

// What one row says after units and bounds.
Resolved GridBuilder::Prepared::resolve(std::uint32_t row, Findings& found) const {
  Resolved r;
  r.state = records->state_column()[row];
  if (r.state != UseState::amount) return r;
  r.amount = records->amount_column()[row];
  const std::uint32_t substance = records->substance_column()[row];
  double factor = 1;
  const std::uint32_t unit = unit_after_factor(row, factor);
  if (unit != unit_of_substance[substance]) {
    if (found.wants("mixed_units")) {
      note(found, Severity::caution, "mixed_units",
           "The amount is in another unit than most rows of this substance and no factor between "
           "them was given; the day counts as use, its amount as not known.",
           records->person_column()[row], "unit", records->line_column()[row],
           std::string{units[unit]});
    } else {
      found.count_only(Severity::caution, "mixed_units");
    }
    return {UseState::used, 0, true};
  }
  r.amount *= factor;
  if (!(r.amount > 0 && r.amount <= largest_amount)) {  // a factor left the range of amounts
    note(
        found, Severity::caution, "amount_too_large",
        "The amount in the unit of the substance is beyond the range of amounts; the day counts as "
        "use, its amount as not known.",
        records->person_column()[row], "amount", records->line_column()[row], shortest(r.amount));
    r = {UseState::used, 0, true};
  }
  for (const Bounds& b : bounds) {
    if ((b.substance && *b.substance != substance) || (b.unit && *b.unit != unit)) continue;
    if (r.state != UseState::amount || (b.lowest <= r.amount && r.amount <= b.highest)) continue;
    if (found.wants("amount_outlier")) {
      std::string text =
          "The amount is outside " + shortest(b.lowest) + " to " + shortest(b.highest) + "; ";
      switch (options.outlier) {
        case OutlierAction::report:
          text += "it was kept.";
          break;
        case OutlierAction::clamp:
          text += "it was moved to the bound.";
          break;
        case OutlierAction::amount_unknown:
          text += "the day counts as use, amount not known.";
          break;
        case OutlierAction::drop:
          text += "the row was set aside.";
          break;
      }
      note(found, Severity::caution, "amount_outlier", text, records->person_column()[row],
           "amount", records->line_column()[row], shortest(r.amount));
    } else {
      found.count_only(Severity::caution, "amount_outlier");
    }
    switch (options.outlier) {
      case OutlierAction::report:
        break;
      case OutlierAction::clamp:
        r.amount = std::clamp(r.amount, b.lowest, b.highest);
        break;
      case OutlierAction::amount_unknown:
        return {UseState::used, 0, true};
      case OutlierAction::drop:
        return {UseState::unknown, 0, false};
    }
  }
  return r;
}

// Several reports of one person, substance and day made into one.
Result<Resolved> GridBuilder::Prepared::merge_reports(std::span<DayReport> reports,
                                                      std::int64_t day, Findings& found) const {
  const auto source = records->source_column();
  const auto route = records->route_column();
  const auto line = records->line_column();
  const auto person = records->person_column()[reports[0].row];
  const auto tell = [&](Severity severity, std::string_view rule, std::string_view text,
                        std::uint32_t row, std::string_view field, double value) {
    if (!found.wants(rule)) return found.count_only(severity, rule);
    note(found, severity, rule, text, person, field, line[row],
         field == "amount" ? shortest(value) : day_text(records->axis(), day));
  };
  // Equal reports become neighbours, sources stay together by priority, and the order in the file
  // decides nothing but which row a finding names.
  const auto before = [&](const DayReport& a, const DayReport& b) {
    const auto key = [&](const DayReport& d) {
      const std::size_t s = source_kind(source[d.row]);
      return std::tuple(priority[s], s, d.what.state, d.what.amount, route[d.row], line[d.row],
                        d.row);
    };
    return key(a) < key(b);
  };
  std::sort(reports.begin(), reports.end(), before);

  bool use = false;
  bool none = false;
  std::uint32_t none_row = 0;
  std::optional<std::uint32_t> unreadable_row;
  std::optional<std::size_t> chosen_source;  // whose amounts count
  std::vector<double> amounts;
  double first_amount = 0;
  std::uint64_t first_line = std::numeric_limits<std::uint64_t>::max();
  bool others_differ = false;
  bool incomplete = false;
  std::uint32_t differing_row = 0;
  std::vector<double> other;  // amounts of the source being read, when it is not the chosen one
  std::size_t other_source = report_source_count;

  const auto together = [&](std::vector<double>& list, double first) {
    std::sort(list.begin(), list.end());  // a sum must not depend on the order of rows
    switch (options.same_day) {
      case SameDay::max:
        return list.back();
      case SameDay::min:
        return list.front();
      case SameDay::first:
        return first;
      case SameDay::sum:
      case SameDay::mean:
      case SameDay::refuse:
        break;
    }
    double sum = 0;
    for (const double a : list) sum += a;
    return options.same_day == SameDay::mean ? sum / static_cast<double>(list.size()) : sum;
  };

  for (std::size_t i = 0; i < reports.size(); ++i) {
    const DayReport& d = reports[i];
    const std::size_t s = source_kind(source[d.row]);
    if (i > 0) {
      const DayReport& e = reports[i - 1];
      if (source[e.row] == source[d.row] && e.what.state == d.what.state &&
          e.what.amount == d.what.amount && route[e.row] == route[d.row] &&
          !(d.what.state == UseState::unknown && records->is_unreadable(d.row))) {
        const bool once = options.identical == IdenticalRows::once;
        const bool add = options.same_day == SameDay::sum || options.same_day == SameDay::mean;
        tell(Severity::caution, "identical_rows",
             once  ? "The row says the same as another one; it was counted once."
             : add ? "The row says the same as another one; both were kept as two reports."
                   : "The row says the same as another one; of several amounts the rule for the "
                     "same day takes one.",
             d.row, "day", 0);
        if (once) continue;
      }
    }
    switch (d.what.state) {
      case UseState::none:
        none = true;
        none_row = d.row;
        break;
      case UseState::used:
        use = true;
        // The same source says "used" beside its amounts: how much that was is not known.
        if (chosen_source == s) incomplete = true;
        break;
      case UseState::unknown:
        if (records->is_unreadable(d.row)) unreadable_row = d.row;
        break;
      case UseState::amount:
        use = true;
        if (!chosen_source) chosen_source = s;
        if (*chosen_source == s) {
          amounts.push_back(d.what.amount);
          if (line[d.row] < first_line) {
            first_line = line[d.row];
            first_amount = d.what.amount;
          }
        } else {
          if (other_source != s) other.clear();
          other_source = s;
          other.push_back(d.what.amount);
          differing_row = d.row;
          others_differ = true;
        }
        break;
    }
  }

  if (use && none) {
    tell(Severity::warning, "none_contradicted_by_use",
         "One report says no use, another says use on the same day; use was kept.", none_row, "day",
         0);
  }
  if (!use && none && unreadable_row) {
    tell(Severity::warning, "none_beside_unreadable",
         "One report says no use, another one of the same day could not be read and may have said "
         "use; the day counts as not known.",
         *unreadable_row, "day", 0);
    return Resolved{UseState::unknown, 0, true};
  }
  if (!use) return Resolved{none ? UseState::none : UseState::unknown, 0, true};
  if (amounts.empty()) return Resolved{UseState::used, 0, true};
  if (amounts.size() > 1) {
    if (options.same_day == SameDay::refuse) {
      return unexpected(
          error_at(Errc::duplicate, "day", first_line, day_text(records->axis(), day),
                   "has several amounts for person " + std::string{records->persons()[person]}));
    }
    tell(Severity::note, "several_amounts_same_day",
         "Several amounts for one day were put together by the rule for the same day.",
         reports[0].row, "day", 0);
  }
  const double amount = together(amounts, first_amount);
  if (others_differ) {
    const double theirs = together(other, other.front());
    if (theirs != amount) {
      tell(Severity::caution, "sources_disagree",
           "Two sources give different amounts for the day; the one closer to the person was kept.",
           differing_row, "amount", theirs);
    }
  }
  if (incomplete || unreadable_row) {
    tell(Severity::note, "amount_incomplete",
         "Beside the amounts of the day there is a report whose amount is not known; the day's "
         "amount is what is known of it.",
         reports[0].row, "day", 0);
  }
  if (!(amount <= largest_amount)) {
    tell(Severity::caution, "amount_too_large",
         "The day's amounts together are beyond the range of amounts; the day counts as use, its "
         "amount as not known.",
         reports[0].row, "amount", amount);
    return Resolved{UseState::used, 0, true};
  }
  return Resolved{UseState::amount, amount, true};
}

Result<void> GridBuilder::Prepared::fill_series(std::uint32_t person, Window span,
                                                std::span<const std::uint32_t> rows,
                                                std::span<std::uint8_t> state,
                                                std::span<double> amount, Scratch& scratch,
                                                Findings& found) const {
  const auto day = records->day_column();
  const auto line = records->line_column();
  scratch.owner.resize(state.size());
  scratch.several.clear();
  for (const std::uint32_t row : rows) {
    if (!possible(day[row])) {
      note(found, Severity::caution, "impossible_day",
           "The day is outside the calendar (1400-01-01 to 9999-12-31); the row was set aside.",
           person, "day", line[row], std::to_string(day[row]));
      continue;
    }
    if (day[row] < span.first || day[row] > span.last) {
      if (found.wants("day_outside_window")) {
        note(found, Severity::note, "day_outside_window",
             "The day is outside the person's window; the row was set aside.", person, "day",
             line[row], day_text(records->axis(), day[row]));
      } else {
        found.count_only(Severity::note, "day_outside_window");
      }
      continue;
    }
    const Resolved what = resolve(row, found);
    if (!what.keep) continue;
    const auto cell = static_cast<std::uint32_t>(day[row] - span.first);
    if (state[cell] == empty_day) {
      state[cell] = static_cast<std::uint8_t>(what.state);
      if (!amount.empty()) amount[cell] = what.amount;
      scratch.owner[cell] = row;
      continue;
    }
    if (scratch.owner[cell] != nobody) {
      const double before = amount.empty() ? 0.0 : amount[cell];
      scratch.several.push_back(
          {cell, scratch.owner[cell], {static_cast<UseState>(state[cell]), before, true}});
      scratch.owner[cell] = nobody;
    }
    scratch.several.push_back({cell, row, what});
  }
  if (scratch.several.empty()) return {};
  std::stable_sort(scratch.several.begin(), scratch.several.end(),
                   [](const DayReport& a, const DayReport& b) { return a.cell < b.cell; });
  for (std::size_t i = 0; i < scratch.several.size();) {
    std::size_t end = i;
    const std::uint32_t cell = scratch.several[i].cell;
    while (end < scratch.several.size() && scratch.several[end].cell == cell) ++end;
    const auto group = std::span{scratch.several}.subspan(i, end - i);
    const auto merged = merge_reports(group, span.first + cell, found);
    if (!merged) return unexpected(merged.error());
    state[cell] = static_cast<std::uint8_t>(merged->state);
    if (!amount.empty()) amount[cell] = merged->amount;
    scratch.owner[cell] = group[0].row;
    i = end;
  }
  return {};
}

void GridBuilder::Prepared::mark_stays(std::uint32_t person, Window span,
                                       std::span<std::uint8_t> state, Scratch& scratch,
                                       bool first_series, Findings& found) const {
  for (std::uint64_t i = stay_start[person]; i < stay_start[person + 1]; ++i) {
    const ControlledStay& s = stay[i];
    const std::int64_t first = std::max<std::int64_t>(s.first_day, span.first);
    const std::int64_t last = std::min<std::int64_t>(s.last_day, span.last);
    if (first_series && (first != s.first_day || last != s.last_day)) {
      note(found, Severity::note, "controlled_day_outside_window",
           "Days of a controlled stay outside the person's window were not needed.", person,
           "first_day", s.line, day_text(records->axis(), s.first_day));
    }
    for (std::int64_t d = first; d <= last; ++d) {
      std::uint8_t& cell = state[static_cast<std::size_t>(d - span.first)];
      const UseState is = state_of(cell);
      const bool seen = is_controlled(cell);
      cell |= controlled_bit;
      if (seen || (is != UseState::amount && is != UseState::used)) continue;
      if (found.wants("use_on_controlled_day")) {
        const std::uint32_t row = scratch.owner[static_cast<std::size_t>(d - span.first)];
        note(
            found, Severity::note, "use_on_controlled_day",
            "Use was reported on a day in a controlled environment; the day keeps it. Metrics that "
            "take such days out do not count it.",
            person, "day", records->line_column()[row], day_text(records->axis(), d));
      } else {
        found.count_only(Severity::note, "use_on_controlled_day");
      }
    }
  }
}

void GridBuilder::Prepared::list_substances(std::uint32_t person, Scratch& scratch) const {
  scratch.touched.clear();
  if (options.series == SeriesRule::every_substance) {
    for (std::uint32_t s = 0; s < records->substances().size(); ++s) scratch.touched.push_back(s);
  } else {
    for (const std::uint32_t row : index.rows(person)) {
      const std::uint32_t s = records->substance_column()[row];
      if (scratch.slot[s] != 0) continue;
      scratch.slot[s] = 1;
      scratch.touched.push_back(s);
    }
    std::sort(scratch.touched.begin(), scratch.touched.end());
  }
  for (std::uint32_t i = 0; i < scratch.touched.size(); ++i) {
    scratch.slot[scratch.touched[i]] = i + 1;
  }
}

Result<std::uint64_t> GridBuilder::Prepared::count_days(std::uint32_t first, std::uint32_t last,
                                                        std::size_t& series) const {
  std::vector<std::uint32_t> seen_by(records->substances().size(), nobody);
  const auto substance = records->substance_column();
  std::uint64_t days = 0;
  for (std::uint32_t person = first; person < last; ++person) {
    const auto span = window_of(person);
    if (!span) continue;
    const auto length = static_cast<std::uint64_t>(span->last - span->first + 1);
    if (length > options.most_days_per_window) {
      std::optional<std::uint64_t> line;
      for (const PersonWindow& w : options.windows) {
        if (w.person == person) line = w.line;
      }
      if (!line) {  // the observed span: name the row of its last day
        for (const std::uint32_t row : index.rows(person)) {
          if (records->day_column()[row] == span->last) line = records->line_column()[row];
        }
      }
      Error e = error_at(
          Errc::too_large, "window", line,
          day_text(records->axis(), span->first) + " to " + day_text(records->axis(), span->last),
          "must not be longer than " + std::to_string(options.most_days_per_window) +
              " days (person " + std::string{records->persons()[person]} +
              "); is a year mistyped, or is a larger limit wanted?");
      return unexpected(std::move(e));
    }
    std::uint64_t mine = 0;
    if (options.series == SeriesRule::every_substance) {
      mine = records->substances().size();
    } else {
      for (const std::uint32_t row : index.rows(person)) {
        if (seen_by[substance[row]] == person) continue;
        seen_by[substance[row]] = person;
        ++mine;
      }
    }
    series += static_cast<std::size_t>(mine);
    days += mine * length;
    if (days > options.most_days) {
      return unexpected(error_at(Errc::too_large, "grid", std::nullopt, std::to_string(days),
                                 "must not have more than " + std::to_string(options.most_days) +
                                     " days; build it in blocks of people"));
    }
  }
  return days;
}

Result<void> GridBuilder::Prepared::build(std::uint32_t first, std::uint32_t last,
                                          BuiltGrid& out) const {
  Grid& grid = out.grid;
  Scratch scratch;
  scratch.slot.assign(records->substances().size(), 0);
  const auto absent = static_cast<std::uint8_t>(
      options.absent == AbsentDay::none ? UseState::none : UseState::unknown);
  constexpr auto not_known = static_cast<std::uint8_t>(UseState::unknown);
  for (std::uint32_t person = first; person < last; ++person) {
    const auto rows = index.rows(person);
    const auto span = window_of(person);
    const bool unplaced_only = rows.empty() && records->has_unplaced(person);
    if (!span) {
      const bool no_window = !window.empty() && !options.people_without_window;
      const std::string what =
          no_window ? "The table of windows has no usable row for this person, who was left out"
                    : "There is no usable row for this person, so no window; they were left out";
      const auto first_line = rows.empty() ? std::optional<std::uint64_t>{}
                                           : std::optional{records->line_column()[rows[0]]};
      note(out.findings, Severity::caution,
           no_window ? "person_without_window" : "person_without_days",
           what + (rows.empty() ? "." : " with " + counted(rows.size(), "row") + "."), person, {},
           first_line, {});
      continue;
    }
    list_substances(person, scratch);
    if (scratch.touched.empty()) {
      note(out.findings, Severity::caution, "person_without_rows",
           "This person has a window and no row, so no series was made; ask for every substance "
           "to have days without rows counted.",
           person, {}, std::nullopt, {});
      continue;
    }
    const std::uint8_t without_row = unplaced_only ? not_known : absent;
    if (unplaced_only && absent != not_known) {
      note(out.findings, Severity::warning, "person_without_usable_row",
           "Every row of this person was set aside, so nothing says that there was no use; their "
           "days count as not known.",
           person, {}, std::nullopt, {});
    }
    // Rows of each substance together, in the order of the file.
    const std::size_t kinds = scratch.touched.size();
    scratch.start.assign(kinds + 1, 0);
    for (const std::uint32_t row : rows)
      ++scratch.start[scratch.slot[records->substance_column()[row]]];
    for (std::size_t k = 1; k <= kinds; ++k) scratch.start[k] += scratch.start[k - 1];
    scratch.row.resize(rows.size());
    for (std::size_t i = rows.size(); i-- > 0;) {
      const std::uint32_t k = scratch.slot[records->substance_column()[rows[i]]];
      scratch.row[--scratch.start[k]] = rows[i];
    }
    // start[k] is now where the rows of slot k (counted from 1) begin; close the list.
    scratch.start.push_back(static_cast<std::uint32_t>(rows.size()));

    const auto local = grid.persons_.intern(records->persons()[person]);
    if (!local) return unexpected(local.error());
    const auto length = static_cast<std::uint32_t>(span->last - span->first + 1);
    for (std::size_t k = 0; k < kinds; ++k) {
      Series series;
      series.person = *local;
      series.substance = scratch.touched[k];
      series.unit = unit_of_substance[series.substance];
      series.first_day = static_cast<std::int32_t>(span->first);
      series.length = length;
      series.offset = grid.state_.size();
      grid.state_.resize(grid.state_.size() + length, empty_day);
      if (any_amount) grid.amount_.resize(grid.state_.size(), 0.0);
      const auto state = std::span{grid.state_}.subspan(series.offset);
      const auto amount =
          any_amount ? std::span{grid.amount_}.subspan(series.offset) : std::span<double>{};
      const auto mine = std::span{scratch.row}.subspan(scratch.start[k + 1],
                                                       scratch.start[k + 2] - scratch.start[k + 1]);
      if (auto fine = fill_series(person, *span, mine, state, amount, scratch, out.findings);
          !fine) {
        return fine;
      }
      for (std::uint8_t& day : state) {
        if (day == empty_day) day = without_row;
      }
      mark_stays(person, *span, state, scratch, k == 0, out.findings);
      grid.series_.push_back(series);
    }
    for (const std::uint32_t s : scratch.touched) scratch.slot[s] = 0;
  }
  return {};
}

Result<GridBuilder> GridBuilder::from(const Records& records, const BuildOptions& options) {
  auto prepared = std::make_shared<Prepared>(records, options);
  if (auto fine = prepared->prepare(); !fine) return unexpected(fine.error());
  return GridBuilder{std::move(prepared)};
}

std::uint32_t GridBuilder::persons() const noexcept {
  return static_cast<std::uint32_t>(prepared_->records->persons().size());
}

const Findings& GridBuilder::findings() const noexcept { return prepared_->findings; }

Result<BuiltGrid> GridBuilder::block(std::uint32_t first, std::uint32_t last,
                                     const Progress& progress) const {
  const Prepared& p = *prepared_;
  if (first > last || last > persons()) {
    return unexpected(
        error_at(Errc::out_of_range, "last", std::nullopt, std::to_string(last),
                 "must be between the first person of the block and " + std::to_string(persons())));
  }
  std::size_t series = 0;
  const auto days = p.count_days(first, last, series);
  if (!days) return unexpected(days.error());
  BuiltGrid out{Grid{p.records->axis()}, Findings{}};
  out.grid.substances_ = p.records->substances();
  out.grid.units_ = p.units;
  out.grid.series_.reserve(series);
  out.grid.state_.reserve(*days);
  if (p.any_amount) out.grid.amount_.reserve(*days);
  constexpr std::uint32_t step = 4096;
  for (std::uint32_t at = first; at < last;) {
    const std::uint32_t next = last - at > step ? at + step : last;
    if (auto fine = p.build(at, next, out); !fine) return unexpected(fine.error());
    at = next;
    if (progress && !progress(static_cast<double>(at - first) / (last - first))) {
      return unexpected(error_of(Errc::cancelled, "progress", "the job was stopped by its caller"));
    }
  }
  return out;
}

Result<BuiltGrid> build_grid(const Records& records, const BuildOptions& options,
                             const Progress& progress) {
  const auto builder = GridBuilder::from(records, options);
  if (!builder) return unexpected(builder.error());
  auto built = builder->block(0, builder->persons(), progress);
  if (!built) return built;
  Findings all = builder->findings();
  all.merge(built->findings);
  built->findings = std::move(all);
  return built;
}

}  // namespace ombre::inline v0::timeline
