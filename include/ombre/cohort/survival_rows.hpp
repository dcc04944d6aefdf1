#pragma once
/// @file
/// Which column plays which part, which rows can be used, and the columns kernels work on.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/cohort/table.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/finding.hpp"
#include "ombre/core/result.hpp"

namespace ombre::inline v0::cohort {

/// Names of the columns of a survival analysis. Empty = not used.
///
/// `x` are terms: a column (`age`), a column taken as categories (`factor(site)`; a column of words
/// always is), or a product of such (`trt:age`, `trt:factor(site)`). A name with brackets, colons
/// or signs stands in backticks, as in R.
struct Roles {
  std::string time{};
  std::string status{};
  std::string entry{};
  std::string weight{};
  std::string cluster{};
  std::string id{};
  std::string offset{};
  std::vector<std::string> group{};   ///< several columns: every combination is a group
  std::vector<std::string> strata{};  ///< likewise
  std::vector<std::string> x{};
};

/// What is done with a row that lacks a value in a column in use.
enum class MissingRows : std::uint8_t {
  leave_out,  ///< a finding names line and column
  refuse      ///< an error does
};

struct RowPolicy {
  MissingRows missing = MissingRows::leave_out;
  /// The status that is the event, as text ("2", "relapse"); every other one is then a censoring.
  /// Empty: the status must be 0 (censored) or 1 (event).
  std::string event_code{};
};

/// Rows put into categories. `code` is empty where the role is not used.
struct Grouping {
  std::vector<std::uint32_t> code{};  ///< one per kept row, 0..levels-1
  /// Names, in ascending order of the values: "a" of one column, "sex=1, site=a" of several. Of
  /// groups, the reference of a column (Column::reference) stands before its other values.
  std::vector<std::string> levels{};
  std::vector<double> values{};  ///< of a single column of numbers; else empty
  [[nodiscard]] bool used() const noexcept { return !code.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return levels.size(); }
};

/// Covariates as numbers: p columns of n rows.
struct Design {
  std::vector<std::string> columns{};  ///< p names: "age", "factor(site)2", "trt:age"
  std::vector<std::string> terms{};    ///< as asked for, products after single ones
  std::vector<std::uint32_t> term{};   ///< which term each column belongs to
  std::vector<double> values{};        ///< n x p, column by column
  /// p names for figures: "age", "site North", "arm placebo × age".
  std::vector<std::string> labels{};
  /// One for each term: the category that has no column, where the term is one factor; else empty.
  std::vector<std::string> references{};
};

/// The rows of a table that can be used, column by column. All vectors have n entries, or none
/// where the role is not used.
struct SurvivalRows {
  std::vector<std::size_t> row{};  ///< of the table, ascending
  std::vector<double> time{};
  std::vector<std::uint8_t> event{};
  std::vector<double> entry{};
  std::vector<double> weight{};
  std::vector<double> offset{};
  /// Where there are ids and entries: 1 = the person goes on, in the same group, in a row that
  /// begins where this one ends, so that its end is no censoring.
  std::vector<std::uint8_t> continues{};
  Grouping group{};
  Grouping strata{};
  Grouping cluster{};
  Grouping id{};
  Design x{};
  [[nodiscard]] std::size_t size() const noexcept { return row.size(); }
};

/// Times, entries and weights beyond it are refused: squares of their sums would have no number.
inline constexpr double largest_number = 1e100;

/// Picks the usable rows.
///
/// Rule for missing values: a row that lacks a value in any column in use is left out (R's
/// na.omit), with the finding `missing_value` that names line and column. Finding
/// `overlapping_intervals`: two rows of one id (in one stratum) whose (entry, time] overlap;
/// `overlapping_rows_without_entry`: several rows of one id (in one stratum) and no entry.
/// Findings `groups_spelt_alike` (levels of a group that only capitals or blanks tell apart),
/// `term_of_many_columns` (a term of x with columns for half of the rows or more) and `zero_weight`
/// (a row that adds nothing; it stays).
/// Factor coding of `x`: treatment contrasts, Column::reference or else the first level that occurs
/// is the reference; in a product without the main effect of its other part, every level gets a
/// column, as in R. A column of which most rows are numbers and some are words is a mistake in the
/// file rather than categories: it is refused, unless the term says factor(column).
///
/// Cost: O(n) a column, O(n log n) for groups, ids and clusters.
/// @par Errors missing (no such column), malformed (a term that cannot be read), empty_input (no
/// row is left, or none has a weight), out_of_range (time or weight negative or above
/// largest_number, entry at or after time, a status other than
/// 0 and 1), unsupported (words where numbers are needed); they name file, line and column.
/// contradiction (a reference of a column of numbers, or one that no row left has)
[[nodiscard]] OMBRE_EXPORT Result<SurvivalRows> survival_rows(const Table& table,
                                                              const Roles& roles,
                                                              const RowPolicy& policy,
                                                              Findings& findings);

/// What a kernel of `stats` says of its arrays (time, event, entry, weight and rows from 0), as a
/// reader of the table knows it: file, line and column. What it says of anything else stays.
[[nodiscard]] OMBRE_EXPORT Error error_in_table(Error error, const Table& table, const Roles& roles,
                                                const SurvivalRows& rows);

/// Categories of one or more columns over the given rows; no value may be missing there.
[[nodiscard]] OMBRE_EXPORT Result<Grouping> grouping(const Table& table,
                                                     std::span<const std::string> columns,
                                                     std::span<const std::size_t> rows,
                                                     std::string_view role);

/// Covariates of terms over the given rows; no value may be missing there.
/// @par Errors missing, malformed, duplicate (a term twice), unsupported (words among numbers),
/// contradiction (a reference of a column of numbers, or one that no row has)
[[nodiscard]] OMBRE_EXPORT Result<Design> design(const Table& table,
                                                 std::span<const std::string> terms,
                                                 std::span<const std::size_t> rows);

/// The covariates of other people, coded as those of a model: m x p numbers, person by person, in
/// the order of design(table, terms, rows).
/// @param table   the model's, with `rows` those in the model
/// @param people  m rows with the columns terms speak of
/// @par Errors those of design(); missing (a column, a value), unknown_name (a category no row of
/// the model has), unsupported (words for a column of numbers); they name the file of the people,
/// line and column
[[nodiscard]] OMBRE_EXPORT Result<std::vector<double>> design_of_people(
    const Table& table, std::span<const std::string> terms, std::span<const std::size_t> rows,
    const Table& people);

/// The columns terms speak of: {"trt", "factor(site):age"} gives trt, site, age.
/// @par Errors malformed
[[nodiscard]] OMBRE_EXPORT Result<std::vector<std::string>> columns_of_terms(
    std::span<const std::string> terms);

}  // namespace ombre::inline v0::cohort
