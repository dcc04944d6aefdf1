#pragma once
/// @file
/// New tables from old ones: some rows, or more columns by a key.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/cohort/table.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/finding.hpp"
#include "ombre/core/result.hpp"

namespace ombre::inline v0::cohort {

/// The rows in which a column has a value, written as Column::text() does ("2", "relapse"). They
/// keep their lines. A value that never occurs gives a table without rows.
/// @par Errors missing (no such column)
[[nodiscard]] OMBRE_EXPORT Result<Table> rows_where(const Table& table, std::string_view column,
                                                    std::string_view value);

/// How a value is compared with that of a condition.
enum class Compare : std::uint8_t { equal, not_equal, below, at_most, above, at_least };

/// One condition of eligibility: a column, a comparison, a value.
struct Condition {
  std::string column;
  Compare compare = Compare::equal;
  std::string value;
};

/// Reads "arm=placebo", "site!=3", "age>=18", "dose<80"; blanks around the comparison are allowed.
/// A column whose name holds one of < > = ! stands in backticks.
/// @par Errors malformed
[[nodiscard]] OMBRE_EXPORT Result<Condition> condition_of(std::string_view text);
/// The condition as condition_of() reads it.
[[nodiscard]] OMBRE_EXPORT std::string text_of(const Condition& condition);

/// The rows for which a condition holds; they keep their lines. Where the value is missing it is
/// not known whether the condition holds: the row is left out, and the finding
/// `eligibility_unknown` names its line and column.
/// @par Errors missing (no such column), unsupported (words in a column that is compared by size:
/// names the cell), malformed (a value that is no number, compared by size)
[[nodiscard]] OMBRE_EXPORT Result<Table> rows_where(const Table& table, const Condition& condition,
                                                    Findings& findings);

/// How follow-up is cut, so that coefficients may differ between periods.
struct Split {
  std::string time;
  std::string status;
  std::string entry{};       ///< empty: everybody begins at 0, and a column `start_column` is added
  std::string event_code{};  ///< as in RowPolicy
  std::vector<double> cuts;  ///< any order
  std::string period = "period";  ///< name of the new column: 1 up to the first cut, then 2, ...
};
inline constexpr std::string_view start_column = "(start)";

/// Each row cut at the times that lie strictly inside its (entry, time]: all pieces but the last
/// are censored, everything else stands in each of them, and they keep the line. Rows that cannot
/// be cut (no time, entry at or after time) stay as they are. A model with `arm:factor(period)` has
/// an effect of the arm for each period; one without the period has the fit of the whole rows.
/// Cost: O(pieces x columns).
/// @par Errors empty_input (no cut), not_finite (a cut), missing (no such column), unsupported
/// (words for a time), duplicate (the table has a column of the new name), too_large
[[nodiscard]] OMBRE_EXPORT Result<Table> split_rows(const Table& table, const Split& split);

/// `table` with the columns of `other` that it does not have yet, matched by the column `key` of
/// both (by what it says: a number 7 matches the text "7"). Rows without a partner get missing
/// values and the finding `no_match`.
/// @par Errors missing (key in one of them), duplicate (a key twice in `other`, with its line)
[[nodiscard]] OMBRE_EXPORT Result<Table> join_columns(const Table& table, const Table& other,
                                                      std::string_view key, Findings& findings);

}  // namespace ombre::inline v0::cohort
