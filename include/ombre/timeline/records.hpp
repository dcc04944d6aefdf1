#pragma once
/// @file
/// Records: what was reported about days, one row a report, in columns, before any rule is applied.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/timeline/name_table.hpp"

namespace ombre::inline v0::timeline {

/// What a day number means.
enum class DayAxis : std::uint8_t {
  calendar,  ///< Date::day_number(): days since 1970-01-01
  study_day  ///< a counter of the study, such as days since consent; may be negative
};

/// What one report says about one substance on one day. The four are never mixed up.
enum class UseState : std::uint8_t {
  none = 0,    ///< known: no use
  amount = 1,  ///< known: used, this much (more than 0)
  used = 2,    ///< known: used; how much is not known (urine, yes/no calendars)
  unknown = 3  ///< reported as missing
};

/// Where the report comes from.
enum class ReportSource : std::uint8_t {
  unstated = 0,  ///< treated like self-report
  self_report,
  urine,
  breath,
  saliva,
  blood,
  collateral,  ///< a person close to them
  clinician,   ///< seen or charted by staff
  dispensing   ///< pharmacy or dosing record
};
inline constexpr std::size_t report_source_count = 9;

/// How it was taken.
enum class Route : std::uint8_t {
  unstated = 0,
  oral,
  sublingual,
  smoked,
  vaporised,
  intranasal,
  injected,
  rectal,
  transdermal,
  other
};
inline constexpr std::size_t route_count = 10;

/// "none", "amount", "used", "unknown".
[[nodiscard]] OMBRE_EXPORT std::string_view name(UseState state) noexcept;
/// "self_report", "urine", ...
[[nodiscard]] OMBRE_EXPORT std::string_view name(ReportSource source) noexcept;
/// "oral", "injected", ...
[[nodiscard]] OMBRE_EXPORT std::string_view name(Route route) noexcept;
/// The enumerator of that exact name. Fails with unknown_name.
[[nodiscard]] OMBRE_EXPORT Result<ReportSource> parse_report_source(std::string_view text);
[[nodiscard]] OMBRE_EXPORT Result<Route> parse_route(std::string_view text);

/// The largest amount a record may have, in any unit. Far above what can be used in a day (a tonne
/// is 1e15 ng), and low enough that sums and their squares stay numbers.
inline constexpr double largest_amount = 1e15;

/// One report, as append() takes it. Indices come from the tables of the Records it goes into.
struct Record {
  std::uint32_t person = 0;
  std::int32_t day = 0;
  std::uint32_t substance = 0;
  UseState state = UseState::unknown;
  double amount = 0;       ///< in `unit`; read only where state is amount
  std::uint32_t unit = 0;  ///< index into units; 0 is always the empty name, "no unit given"
  Route route = Route::unstated;
  ReportSource source = ReportSource::unstated;
  /// The report is there and what it says of the day could not be read. Its state is then `used`
  /// (that much could be read) or `unknown`. Unlike a day reported as missing, such a report is not
  /// outweighed by another one that says none: it may have said use.
  bool unreadable = false;
  std::uint64_t line = 0;  ///< line of the file counted from 1, or any number that finds the row
};

/// Days a person spent where use is barely possible: hospital, prison, residential treatment.
/// Both days inclusive.
struct ControlledStay {
  std::uint32_t person = 0;
  std::int32_t first_day = 0;
  std::int32_t last_day = 0;
  std::uint64_t line = 0;
};

/// The days a person was followed, both inclusive.
struct PersonWindow {
  std::uint32_t person = 0;
  std::int32_t first_day = 0;
  std::int32_t last_day = 0;
  std::uint64_t line = 0;
};

/// Reports of many people in columns.
///
/// Invariant, kept by append(): all columns have size() rows; indices lie inside their tables;
/// amount is > 0 and at most largest_amount where state is amount, and 0 elsewhere. Rows may come
/// in any order, a day may have several. What to make of that is decided by build_grid()
/// (grid.hpp). Memory: 35 bytes a row.
class OMBRE_EXPORT Records {
 public:
  explicit Records(DayAxis axis = DayAxis::calendar);

  /// Numbers of names, added when new; see NameTable::intern.
  [[nodiscard]] Result<std::uint32_t> person(std::string_view id) { return persons_.intern(id); }
  [[nodiscard]] Result<std::uint32_t> substance(std::string_view id) {
    return substances_.intern(id);
  }
  [[nodiscard]] Result<std::uint32_t> unit(std::string_view id) { return units_.intern(id); }

  void reserve(std::size_t rows);

  /// Adds a report. An amount of exactly 0 is stored as `none`.
  /// @par Errors not_finite, out_of_range (an amount below 0 or above largest_amount, an index
  /// outside its table, an enumerator that does not exist), contradiction (an unreadable report
  /// that says none or an amount); the error's row is `record.line`
  [[nodiscard]] Result<void> append(const Record& record) {
    const auto state = static_cast<std::uint8_t>(record.state);
    const bool fits = record.person < persons_.size() && record.substance < substances_.size() &&
                      record.unit < units_.size() && state <= 3 &&
                      static_cast<std::size_t>(record.route) < route_count &&
                      static_cast<std::size_t>(record.source) < report_source_count;
    const bool has_amount = record.state == UseState::amount;
    if (!fits || (has_amount && !(record.amount >= 0 && record.amount <= largest_amount))) {
      return refuse(record);
    }
    if (record.unreadable && !note_unreadable(record.state)) [[unlikely]]
      return refuse(record);
    const bool positive = has_amount && record.amount > 0;
    person_.push_back(record.person);
    day_.push_back(record.day);
    substance_.push_back(record.substance);
    state_.push_back(has_amount && !positive ? UseState::none : record.state);
    amount_.push_back(positive ? record.amount : 0.0);
    unit_.push_back(record.unit);
    route_.push_back(record.route);
    source_.push_back(record.source);
    line_.push_back(record.line);
    return {};
  }

  /// Adds a stay in a controlled environment.
  /// @par Errors out_of_range (person outside the table, last day before the first)
  [[nodiscard]] Result<void> append(const ControlledStay& stay);

  /// Says that there was a report of this person which could not be placed, because its day or its
  /// substance could not be read. A person known only from such reports was never seen to be
  /// without use: build_grid() does not take their days without a row for days of no use.
  /// @par Errors out_of_range (person outside the table)
  [[nodiscard]] Result<void> mark_unplaced(std::uint32_t person);
  [[nodiscard]] bool has_unplaced(std::uint32_t person) const noexcept {
    return person < unplaced_.size() && unplaced_[person];
  }
  /// Whether row `index` was appended as unreadable. Cost: a binary search among those.
  [[nodiscard]] bool is_unreadable(std::size_t index) const noexcept;

  [[nodiscard]] std::size_t size() const noexcept { return person_.size(); }
  [[nodiscard]] bool empty() const noexcept { return person_.empty(); }
  [[nodiscard]] DayAxis axis() const noexcept { return axis_; }

  [[nodiscard]] const NameTable& persons() const noexcept { return persons_; }
  [[nodiscard]] const NameTable& substances() const noexcept { return substances_; }
  [[nodiscard]] const NameTable& units() const noexcept { return units_; }

  [[nodiscard]] std::span<const std::uint32_t> person_column() const noexcept { return person_; }
  [[nodiscard]] std::span<const std::int32_t> day_column() const noexcept { return day_; }
  [[nodiscard]] std::span<const std::uint32_t> substance_column() const noexcept {
    return substance_;
  }
  [[nodiscard]] std::span<const UseState> state_column() const noexcept { return state_; }
  [[nodiscard]] std::span<const double> amount_column() const noexcept { return amount_; }
  [[nodiscard]] std::span<const std::uint32_t> unit_column() const noexcept { return unit_; }
  [[nodiscard]] std::span<const Route> route_column() const noexcept { return route_; }
  [[nodiscard]] std::span<const ReportSource> source_column() const noexcept { return source_; }
  [[nodiscard]] std::span<const std::uint64_t> line_column() const noexcept { return line_; }
  [[nodiscard]] std::span<const ControlledStay> controlled_stays() const noexcept {
    return controlled_;
  }
  /// Row `index` put together again; `index` must be below size().
  [[nodiscard]] Record operator[](std::size_t index) const noexcept;

 private:
  [[nodiscard]] Result<void> refuse(const Record& record) const;
  [[nodiscard]] bool note_unreadable(UseState state);  // out of line: append() is in hot loops

  DayAxis axis_;
  NameTable persons_;
  NameTable substances_;
  NameTable units_;
  std::vector<std::uint32_t> person_;
  std::vector<std::int32_t> day_;
  std::vector<std::uint32_t> substance_;
  std::vector<UseState> state_;
  std::vector<double> amount_;
  std::vector<std::uint32_t> unit_;
  std::vector<std::size_t> unreadable_;  // rows, ascending
  std::vector<bool> unplaced_;           // by person; may be shorter
  std::vector<Route> route_;
  std::vector<ReportSource> source_;
  std::vector<std::uint64_t> line_;
  std::vector<ControlledStay> controlled_;
};

}  // namespace ombre::inline v0::timeline
