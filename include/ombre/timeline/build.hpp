#pragma once
/// @file
/// From Records to a Grid: every choice is a named rule, and every rule that changed or set aside
/// something says so in the Findings, with the row.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ombre/core/explain.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/finding.hpp"
#include "ombre/core/progress.hpp"
#include "ombre/core/result.hpp"
#include "ombre/timeline/absent_day.hpp"
#include "ombre/timeline/grid.hpp"
#include "ombre/timeline/records.hpp"

namespace ombre::inline v0::timeline {

/// Several amounts for one person, substance, day and source.
enum class SameDay : std::uint8_t {
  sum,    ///< rows are occasions and add. The default: diaries and Timeline Followback write one
          ///< row per occasion or per drink kind, and keeping one of them would understate the day
  max,    ///< the largest
  min,    ///< the smallest
  mean,   ///< their mean
  first,  ///< the row with the smallest line number
  refuse  ///< an error that names the row
};

/// Rows that agree in person, substance, day, state, amount, unit, route and source.
enum class IdenticalRows : std::uint8_t {
  keep,  ///< two equal occasions; the default, since a file cannot tell them from a copy
  once   ///< an export that wrote a row twice: count it once
};

/// An amount outside its bounds.
enum class OutlierAction : std::uint8_t {
  report,          ///< a finding, the amount stays
  clamp,           ///< the amount becomes the nearest bound
  amount_unknown,  ///< the day stays a day of use, its amount is not known
  drop             ///< the row is set aside, as if it were not there
};

/// Bounds for the amounts of one substance in one unit; both ends allowed.
struct AmountBounds {
  std::string substance;  ///< empty: every substance
  std::string unit;       ///< empty: every unit
  double lowest = 0;      ///< amounts > 0 and below this are outliers
  double highest = largest_amount;
};

/// `to` = `from` times factor, for one substance (empty: every substance).
struct UnitFactor {
  std::string substance;
  std::string from;
  std::string to;
  double factor = 1;
};

/// Amounts of one substance in several units that no UnitFactor brings together.
enum class MixedUnits : std::uint8_t {
  set_aside,  ///< rows in the rarer unit become "used, amount not known"; the default
  refuse      ///< an error that names a row
};

/// Which pairs of person and substance get a series.
enum class SeriesRule : std::uint8_t {
  mentioned,       ///< pairs with at least one row
  every_substance  ///< every person with every substance of the records
};

/// A window for everybody.
struct GlobalWindow {
  std::int32_t first_day = 0;
  std::int32_t last_day = 0;
};

struct BuildOptions {
  AbsentDay absent;  ///< no default, on purpose

  /// Windows, the first that applies: the person's row in `windows`; `global`; the span from the
  /// person's first to last row of any substance. Rows outside are set aside and counted.
  std::span<const PersonWindow> windows{};
  std::optional<GlobalWindow> global{};
  /// What a person without a row in a non-empty `windows` gets: nothing (the default, with a
  /// finding), or what `global` and the observed span say.
  bool people_without_window = false;

  SameDay same_day = SameDay::sum;
  IdenticalRows identical = IdenticalRows::keep;
  std::vector<AmountBounds> bounds{};
  OutlierAction outlier = OutlierAction::report;
  std::vector<UnitFactor> units{};
  MixedUnits mixed_units = MixedUnits::set_aside;
  SeriesRule series = SeriesRule::mentioned;

  /// Longest window and largest grid allowed. A date with a wrong century should give an error
  /// that names the row, not a grid of two million days.
  std::uint32_t most_days_per_window = 36'525;  // 100 years
  std::uint64_t most_days = std::uint64_t{1} << 33;

  explicit BuildOptions(AbsentDay absent_day) : absent{absent_day} {}
};

/// Rows sorted by person, computed once, so that blocks of people can be built one by one or at the
/// same time. Cost: two passes over the rows, 4 bytes a row and 8 a person.
class OMBRE_EXPORT PersonIndex {
 public:
  /// @par Errors too_large beyond 2^32 - 1 rows
  [[nodiscard]] static Result<PersonIndex> from(const Records& records);
  [[nodiscard]] std::size_t persons() const noexcept { return start_.size() - 1; }
  /// Row numbers of a person, ascending.
  [[nodiscard]] std::span<const std::uint32_t> rows(std::uint32_t person) const noexcept {
    return std::span{row_}.subspan(start_[person], start_[person + 1] - start_[person]);
  }

 private:
  std::vector<std::uint64_t> start_{0};
  std::vector<std::uint32_t> row_;
};

/// What build_grid() and build_blocks() made, and what they noticed.
struct BuiltGrid {
  Grid grid;
  Findings findings;
};

/// Lays records on days.
///
/// Several reports of one day: a known use wins over a known none (finding
/// `none_contradicted_by_use`), anything known wins over "reported missing", a known amount wins
/// over "used, amount not known". A report that could not be read (Record::unreadable) may have
/// said use: beside a known none the day is not known (`none_beside_unreadable`). Amounts of one
/// source are put together by `same_day`; sources do not add: the day's amount is that of the first
/// of self-report or unstated, collateral, clinician, dispensing, then laboratory sources that gave
/// one (finding `sources_disagree`). Persons and substances keep the order of the records; within a
/// person, series come in the order of substances. The grid does not depend on the order of rows,
/// except under SameDay::first.
///
/// Findings: see explain_build_rules(), which lists each rule id with what it means.
///
/// Cost: linear in rows and days (counting sort by person, then each row goes to its day).
/// @par Errors empty_input (no rows and no windows), out_of_range (a window that ends before it
/// starts, bounds or factors that make no sense), duplicate (SameDay::refuse; two windows
/// for one person), contradiction (MixedUnits::refuse), too_large, cancelled
[[nodiscard]] OMBRE_EXPORT Result<BuiltGrid> build_grid(const Records& records,
                                                        const BuildOptions& options,
                                                        const Progress& progress = {});

/// The same for people [first, last) of the records only; the grid's person table holds just them.
/// Grids of adjoining blocks, put one behind the other, are the grid of the whole.
class OMBRE_EXPORT GridBuilder {
 public:
  /// Checks the options against the records and prepares what all blocks share. `records` and
  /// `options.windows` must outlive the builder.
  [[nodiscard]] static Result<GridBuilder> from(const Records& records,
                                                const BuildOptions& options);
  [[nodiscard]] std::uint32_t persons() const noexcept;
  /// Pure: may be called at the same time for several blocks.
  [[nodiscard]] Result<BuiltGrid> block(std::uint32_t first, std::uint32_t last,
                                        const Progress& progress = {}) const;
  /// What was noticed about options and windows, before any block.
  [[nodiscard]] const Findings& findings() const noexcept;

 private:
  struct Prepared;
  explicit GridBuilder(std::shared_ptr<const Prepared> prepared) : prepared_{std::move(prepared)} {}

  std::shared_ptr<const Prepared> prepared_;
};

/// The rules above in words, for `ombre explain`.
[[nodiscard]] OMBRE_EXPORT std::vector<Explanation> explain_build_rules();

}  // namespace ombre::inline v0::timeline
