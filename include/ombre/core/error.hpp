#pragma once
/// @file
/// Why an input could not be used: Error names the field, the row and the value.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ombre/core/export.hpp"

namespace ombre::inline v0 {

/// What kind of thing went wrong. The list only grows; numbers never change meaning.
enum class Errc : std::uint8_t {
  empty_input = 1,  ///< nothing to work on
  size_mismatch,    ///< two inputs that belong together have different lengths
  out_of_range,     ///< a number outside what the definition allows
  not_finite,       ///< NaN or infinity
  malformed,        ///< text that does not have the promised form
  unknown_name,     ///< a name, unit, symbol or enumerator nobody defined
  missing,          ///< a required field, column or file is absent
  duplicate,        ///< the same key twice
  contradiction,    ///< two inputs that cannot both be true
  unsupported,      ///< understood, but not built in or not meaningful
  not_computable,   ///< no accepted way to compute this exists (no equivalence, unknown potency)
  too_large,        ///< beyond a stated limit
  io_failure,       ///< the system refused to read or write
  cancelled         ///< the caller's progress callback said stop
};

/// Name of a code as it is spelt here, such as "out_of_range".
[[nodiscard]] OMBRE_EXPORT std::string_view name(Errc code) noexcept;

/// An input that cannot be used.
///
/// `row` counts from 0 in memory (`dose_mg[3]`) and is the line number, counted from 1, where
/// `file` is set. `value` is the offending value as text, shortened to at most 80 characters.
/// `rule` is the sentence that was broken, without a full stop: "must be 0 or more".
struct Error {
  Errc code = Errc::malformed;
  std::string field;
  std::optional<std::uint64_t> row;
  std::string value;
  std::string rule;
  std::string file;
};

/// One sentence for a person: `dose_mg[3] = -2.5: must be 0 or more`, or
/// `use.csv, line 17, amount = "-3": must be 0 or more`.
[[nodiscard]] OMBRE_EXPORT std::string describe(const Error& error);

/// Short ways to make an Error. Values are printed in shortest round-trip form.
[[nodiscard]] OMBRE_EXPORT Error error_at(Errc code, std::string_view field,
                                          std::optional<std::uint64_t> row, double value,
                                          std::string_view rule);
[[nodiscard]] OMBRE_EXPORT Error error_at(Errc code, std::string_view field,
                                          std::optional<std::uint64_t> row, std::string_view value,
                                          std::string_view rule);
[[nodiscard]] OMBRE_EXPORT Error error_of(Errc code, std::string_view field, std::string_view rule);

/// The text of a value as errors show it: control bytes escaped, cut at 80 bytes with "...".
[[nodiscard]] OMBRE_EXPORT std::string shown(std::string_view raw);

/// Shortest decimal text that reads back as the same double ("0.1", "1e+22", "nan").
[[nodiscard]] OMBRE_EXPORT std::string shortest(double value);

}  // namespace ombre::inline v0
