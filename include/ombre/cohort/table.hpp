#pragma once
/// @file
/// A table of columns: the data of many people, as kernels want it.
///
/// Every column is an array of doubles, one entry per row, with a mark where the value is missing.
/// A column of words is a factor: its values are positions in a sorted list of levels. The table
/// remembers which line of which file a row came from, so that what is wrong can be found again.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"

namespace ombre::inline v0::cohort {

/// One column. `values` is 0 where missing, and means nothing there.
struct Column {
  std::string name;
  std::vector<double> values{};
  std::vector<std::uint8_t> missing{};  ///< 1 = missing; empty = nothing is missing
  std::vector<std::string> levels{};    ///< of a factor, ascending; empty = the column is numbers
  /// The category others are compared with: it comes first among groups and has no column of its
  /// own in a model. Nothing: the first one that occurs. Set by Table::set_reference().
  std::optional<double> reference{};

  [[nodiscard]] bool is_factor() const noexcept { return !levels.empty(); }
  [[nodiscard]] bool is_missing(std::size_t row) const noexcept {
    return !missing.empty() && missing[row] != 0;
  }
  /// The value as a person would write it: a level, a number, or nothing where missing.
  [[nodiscard]] OMBRE_EXPORT std::string text(std::size_t row) const;
};

/// Makes a factor of texts. An empty text is missing. Levels are sorted by their bytes.
[[nodiscard]] OMBRE_EXPORT Column factor_column(std::string name,
                                                std::span<const std::string> texts);

/// Columns of equal length with distinct names.
class OMBRE_EXPORT Table {
 public:
  /// @param file  name of where the rows came from, for messages; empty = memory
  explicit Table(std::string file = {}) : file_{std::move(file)} {}

  /// Adds a column; the first one decides how many rows there are.
  /// @par Errors duplicate (name), size_mismatch, not_finite (a value that is not marked missing),
  /// out_of_range (a factor's value that is no level)
  Result<void> add(Column column);
  /// Says on which line (counted from 1) each row begins, where that is not simply row + 2.
  Result<void> set_lines(std::vector<std::uint64_t> lines);

  /// Says with which category of a column others are compared.
  /// @par Errors missing (no such column), unknown_name (no row has this value; lists those there
  /// are)
  Result<void> set_reference(std::string_view column, std::string_view level);

  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::span<const Column> columns() const noexcept { return columns_; }
  [[nodiscard]] const Column* find(std::string_view name) const noexcept;
  /// The column of that name.
  /// @param role  what it is needed for, for the message
  /// @par Errors missing (lists the names there are)
  [[nodiscard]] Result<const Column*> column(std::string_view name, std::string_view role) const;
  [[nodiscard]] const std::string& file() const noexcept { return file_; }
  /// Row as messages name it: the line of the file, or the row counted from 0 in memory.
  [[nodiscard]] std::uint64_t row_name(std::size_t row) const noexcept;
  /// An error about one cell, naming file, line and column.
  [[nodiscard]] Error error(Errc code, const Column& column, std::size_t row,
                            std::string_view rule) const;

 private:
  std::string file_;
  std::size_t rows_ = 0;
  std::vector<Column> columns_;
  std::vector<std::uint64_t> lines_;
};

}  // namespace ombre::inline v0::cohort
