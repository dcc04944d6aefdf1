#pragma once
/// @file
/// New tables from old ones: some rows, or more columns by a key.

#include <string>
#include <string_view>

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

/// `table` with the columns of `other` that it does not have yet, matched by the column `key` of
/// both (by what it says: a number 7 matches the text "7"). Rows without a partner get missing
/// values and the finding `no_match`.
/// @par Errors missing (key in one of them), duplicate (a key twice in `other`, with its line)
[[nodiscard]] OMBRE_EXPORT Result<Table> join_columns(const Table& table, const Table& other,
                                                      std::string_view key, Findings& findings);

}  // namespace ombre::inline v0::cohort
