#pragma once
// The exact row parser: one byte after the other, with a sentence for everything that can be wrong.
// It reads the header and finds the first fault of a region that the fast scan found suspicious.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/error.hpp"
#include "ombre/io/csv.hpp"

namespace ombre::inline v0::io::detail {

// Text for a message: bytes that are not UTF-8 become \xE9, control bytes are escaped, long text
// is cut.
[[nodiscard]] std::string printable(std::string_view raw);

// Where names of columns hold what other programs put between columns: what to do then.
[[nodiscard]] std::optional<std::string> hint_at_delimiter(std::span<const std::string> header);

// `text` with doubled quotes made single, in place; returns the new length.
[[nodiscard]] std::size_t undouble(char* text, std::size_t size) noexcept;

struct RowField {
  std::size_t begin = 0;  // without the quotes
  std::size_t end = 0;
  bool quoted = false;
};

struct ParsedRow {
  enum class Outcome : std::uint8_t { complete, incomplete, faulty };
  Outcome outcome = Outcome::incomplete;
  bool blank = false;            // nothing but a line end
  std::size_t next = 0;          // first byte after the row
  std::uint64_t next_line = 0;   // line on which the next row begins
  std::vector<RowField> fields;  // at most as many as are kept
  std::size_t field_count = 0;
  Error error;
};

struct RowRules {
  const CsvOptions* options = nullptr;
  std::string_view file;
  const std::vector<std::string>* header = nullptr;  // null while the header itself is read
};

// Parses the row that begins at data[begin]; `size` bytes are known. `at_end`: no more will come
// (the caller has made sure that the last byte is a line feed).
[[nodiscard]] ParsedRow parse_row(const char* data, std::size_t begin, std::size_t size,
                                  std::uint64_t line, bool at_end, const RowRules& rules);

}  // namespace ombre::inline v0::io::detail
