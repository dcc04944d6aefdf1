#pragma once
/// @file
/// Finds the columns a reader needs among the columns a file has.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"

namespace ombre::inline v0::io {

/// A column a reader would like to have.
struct ColumnWish {
  std::string_view role;  ///< what it is for, as messages say it: "person"
  /// Names that are recognised; the first is ombre's own. Compared without regard to case, and
  /// with blank, hyphen and dot taken for an underscore: "Person ID" is person_id.
  std::span<const std::string_view> names;
  bool required = true;
  std::string given{};   ///< the name the caller chose; empty = find it
  std::string option{};  ///< how the caller can choose, for messages: "--person"
};

/// For every wish the position of its column, or nothing for an optional one that is absent.
///
/// A name given by the caller must be there (in exactly that spelling, or else in one spelling
/// that differs only as above). Otherwise ombre's own name wins, then a single other known name.
/// Columns the caller gave to one wish are not considered for another; no column serves twice.
/// @par Errors missing (required and not found; the error lists the header and, for a given name,
/// the nearest one), contradiction (several columns could be meant: say which)
[[nodiscard]] OMBRE_EXPORT Result<std::vector<std::optional<std::size_t>>> find_columns(
    std::span<const std::string> header, std::span<const ColumnWish> wishes, std::string_view file);

/// Names known for the usual columns; the first of each is ombre's own.
[[nodiscard]] OMBRE_EXPORT std::span<const std::string_view> person_column_names() noexcept;
[[nodiscard]] OMBRE_EXPORT std::span<const std::string_view> day_column_names() noexcept;
[[nodiscard]] OMBRE_EXPORT std::span<const std::string_view> substance_column_names() noexcept;
[[nodiscard]] OMBRE_EXPORT std::span<const std::string_view> amount_column_names() noexcept;
[[nodiscard]] OMBRE_EXPORT std::span<const std::string_view> unit_column_names() noexcept;
[[nodiscard]] OMBRE_EXPORT std::span<const std::string_view> route_column_names() noexcept;
[[nodiscard]] OMBRE_EXPORT std::span<const std::string_view> source_column_names() noexcept;
[[nodiscard]] OMBRE_EXPORT std::span<const std::string_view> reported_column_names() noexcept;
[[nodiscard]] OMBRE_EXPORT std::span<const std::string_view> controlled_column_names() noexcept;
[[nodiscard]] OMBRE_EXPORT std::span<const std::string_view> used_column_names() noexcept;
[[nodiscard]] OMBRE_EXPORT std::span<const std::string_view> start_column_names() noexcept;
[[nodiscard]] OMBRE_EXPORT std::span<const std::string_view> end_column_names() noexcept;

}  // namespace ombre::inline v0::io
