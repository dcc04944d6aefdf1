#pragma once
/// @file
/// Reads a table of use (one row a person, day and substance, or one row an occasion) into
/// timeline::Records, and a table of follow-up windows.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/finding.hpp"
#include "ombre/core/progress.hpp"
#include "ombre/core/result.hpp"
#include "ombre/io/csv.hpp"
#include "ombre/timeline/records.hpp"

namespace ombre::inline v0::io {

/// What to do with a row that cannot be used as it stands.
enum class OnDoubt : std::uint8_t {
  set_aside,  ///< leave the row out, count it, and say so in a finding with its line
  stop        ///< fail with the first one
};

/// How a table of use is read. Empty column names are found by themselves (csv_columns.hpp).
struct UseCsvOptions {
  std::string person{};
  std::string day{};
  std::string substance{};
  std::string amount{};
  std::string unit{};
  std::string route{};
  std::string source{};
  std::string reported{};
  std::string controlled{};
  std::string used{};

  /// The substance and the unit of every row, for a table without such columns. Where there is a
  /// column after all, its empty cells get this name and any other name in it is an error.
  std::string only_substance{};
  std::string only_unit{};
  /// Further words of the source and route columns, on top of the known ones.
  std::vector<std::pair<std::string, timeline::ReportSource>> source_words{};
  std::vector<std::pair<std::string, timeline::Route>> route_words{};
  /// Units that are known besides the usual ones. A unit nobody knows is kept and reported.
  std::vector<std::string> more_units{};

  OnDoubt on_doubt = OnDoubt::set_aside;
  bool na_is_missing = true;            ///< `NA` counts as an empty cell, as R writes it
  std::size_t max_substances = 10'000;  ///< more than this is taken for the wrong column
  std::size_t keep_findings = 1000;     ///< stored in full for each rule; the counts are exact
  CsvOptions csv{};
  Progress progress{};
};

/// A table of use, read.
///
/// rows = records.size() + rows_set_aside + rows_without_record, always.
struct UseTable {
  timeline::Records records;
  Findings findings;
  std::uint64_t rows = 0;
  std::uint64_t rows_set_aside = 0;  ///< rows without a place: no person, day or substance
  /// Rows among the records in which something could not be read; every one has a finding.
  std::uint64_t rows_not_read = 0;
  std::uint64_t rows_without_record = 0;  ///< rows that only mark a controlled environment
  /// Role and header name of each column that was used, in the order of UseCsvOptions.
  std::vector<std::pair<std::string, std::string>> columns{};
};

/// Reads a table of use.
///
/// Columns: person, day and substance are required (a table of one substance may name it in
/// `only_substance`); amount, unit, route, source, reported, controlled_environment and used are
/// optional. Blanks around names and words do not count.
/// - The day column holds dates (YYYY-MM-DD) or day numbers of a study, the same in all rows.
/// - An amount above 0 is a known amount, 0 a known none, an empty one *used, amount not known*.
/// - `used` (or `result`) says yes or no, positive or negative, or that it is not known; an empty
///   cell says nothing, so the day is not known unless there is an amount.
/// - Without either column every row is *used, amount not known*.
/// - `reported` 0 says that this day was asked for and is not known; such a row has no amount.
/// - `controlled_environment` 1 marks the day; a row that only does that needs no substance.
///
/// A row that has a person, a day and a substance is never left out: what cannot be read in it
/// makes the day *not known*, or *used, amount not known* where the row says that there was use
/// (Record::unreadable). A row without a place is set aside; a person known only from such rows
/// stays (Records::has_unplaced). Substances and units that differ only in letter case, blanks,
/// hyphens and underscores are one, spelt as it came first.
///
/// Findings, each with file and line. Set aside: missing_person, missing_day, missing_substance,
/// not_a_day, impossible_date. Kept as not known, or as use of unknown amount: not_a_number,
/// not_finite, number_out_of_range, amount_too_large, negative_amount, blanks_around_value,
/// not_a_flag, not_yes_or_no, amount_though_not_reported, amount_though_no_use,
/// no_amount_though_use. Kept as they are: unknown_unit, unknown_route and unknown_source (read as
/// unstated), urine_or_breath (a source word that leaves it open, read as urine),
/// spelt_differently, same_substance (two names of one substance of the catalogue), alike_persons
/// (ids that differ in letter case), looks_like_missing_code (999), amount_not_given,
/// blanks_around_name, columns_not_read, every_row_is_use.
///
/// Cost: one pass, a few hundred megabytes a second; memory is that of the records.
/// @par Errors those of CsvReader and find_columns; contradiction (dates and day numbers in one
/// column: names the first line that differs; a row that is not of `only_substance` or
/// `only_unit`; OnDoubt::stop: several units for one substance),
/// too_large (more substances than max_substances), cancelled; with OnDoubt::stop the first finding
[[nodiscard]] OMBRE_EXPORT Result<UseTable> read_use_csv(const std::string& path,
                                                         const UseCsvOptions& options = {});
[[nodiscard]] OMBRE_EXPORT Result<UseTable> read_use_csv(CsvReader reader,
                                                         const UseCsvOptions& options = {});

/// How a table of windows is read. Empty column names are found by themselves.
struct WindowCsvOptions {
  std::string person{};
  std::string start{};
  std::string end{};
  OnDoubt on_doubt = OnDoubt::set_aside;
  bool na_is_missing = true;
  std::size_t keep_findings = 1000;
  CsvOptions csv{};
};

/// A column of a window table that ombre itself does not use, such as sex or arm.
struct WindowAttribute {
  std::string name{};
  std::vector<std::string> values{};  ///< one per window; empty = missing
};

/// Windows, read.
struct WindowTable {
  std::vector<timeline::PersonWindow> windows{};  ///< both days inclusive
  std::vector<WindowAttribute> attributes{};
  Findings findings;
  std::uint64_t rows = 0;
  std::uint64_t rows_set_aside = 0;

  /// The attribute of that name (case, blanks, hyphens and dots do not matter), or null.
  [[nodiscard]] OMBRE_EXPORT const WindowAttribute* attribute(std::string_view name) const noexcept;
};

/// Reads `person,start,end` and keeps further columns as text. People are numbered by the table of
/// `records`; those without a record are added to it, so that a person with no use at all is not
/// lost. Dates or day numbers must be what the records have (records without rows take either,
/// `records` then takes over the kind of day found here).
/// Findings: missing_person, missing_day, not_a_day, impossible_date,
/// end_before_start, window_given_twice (the first one stands), alike_persons.
/// @par Errors as read_use_csv; contradiction where the days are of the other kind; empty_input
/// where no row holds a usable window, because nobody's window would follow from such a table
[[nodiscard]] OMBRE_EXPORT Result<WindowTable> read_windows_csv(
    const std::string& path, timeline::Records& records, const WindowCsvOptions& options = {});
[[nodiscard]] OMBRE_EXPORT Result<WindowTable> read_windows_csv(
    CsvReader reader, timeline::Records& records, const WindowCsvOptions& options = {});

}  // namespace ombre::inline v0::io
