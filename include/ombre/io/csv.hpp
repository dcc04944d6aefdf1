#pragma once
/// @file
/// A strict and fast reader for comma-separated values (RFC 4180, UTF-8, one header row).
///
/// Accepted: LF and CRLF line ends, quoted fields with doubled quotes, delimiters and line breaks
/// inside quotes, a byte-order mark, a missing last line end, blank lines at the very end.
/// Refused, with file, line and column: rows with more or fewer fields than the header, a quote
/// inside an unquoted field, text after a closing quote, a quote that is never closed, NUL bytes,
/// text that is not UTF-8, a carriage return without line feed, two columns of one name, and what
/// is not CSV at all (workbooks, UTF-16, other packed formats). Nothing is guessed or repaired.
///
/// Fields are views into the reader's buffer: no copy, no allocation per row. Memory is bounded by
/// the longest row, not by the file.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/io/file.hpp"

namespace ombre::inline v0::io {

/// Limits and dialect of a CSV file.
struct CsvOptions {
  char delimiter = ',';  ///< any ASCII byte but quote, CR, LF, NUL
  std::size_t max_field_bytes = std::size_t{16} << 20U;
  std::size_t max_row_bytes = std::size_t{64} << 20U;  ///< at most 1 GiB
  std::size_t max_columns = 4096;
  std::size_t chunk_bytes = std::size_t{1} << 18U;  ///< read at a time; changes no result
};

/// Some rows in a row: a view, valid until the reader's next() is called or the reader dies.
class CsvRows {
 public:
  [[nodiscard]] std::size_t size() const noexcept { return rows_; }
  [[nodiscard]] std::size_t columns() const noexcept { return columns_; }

  /// The text of a field, quotes removed; empty = missing (quoted or not).
  /// `row` < size(), `column` < columns(); not checked.
  [[nodiscard]] std::string_view field(std::size_t row, std::size_t column) const noexcept {
    const std::size_t i = row * columns_ + column;
    if (spans_ != nullptr) return {data_ + spans_[i].begin, spans_[i].end - spans_[i].begin};
    const std::uint32_t begin = ends_[i] + 1;
    std::uint32_t end = ends_[i + 1];
    if (crlf_ && column + 1 == columns_ && end > begin && data_[end - 1] == '\r') --end;
    return {data_ + begin, end - begin};
  }

  /// Line of the file, counted from 1, where the row begins (line breaks in quotes are counted).
  [[nodiscard]] std::uint64_t line(std::size_t row) const noexcept {
    return first_line_ + row + (extra_lines_ != nullptr ? extra_lines_[row] : 0);
  }

 private:
  friend class CsvReader;
  struct Span {
    std::uint32_t begin;
    std::uint32_t end;
  };

  const char* data_ = nullptr;
  const std::uint32_t* ends_ = nullptr;  // [0] = byte before the first field, then one per field
  const Span* spans_ = nullptr;          // set where quotes had to be taken off
  const std::uint32_t* extra_lines_ = nullptr;
  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
  std::uint64_t first_line_ = 1;
  bool crlf_ = false;
};

/// Reads a CSV file row by row.
///
/// @code
///   auto reader = io::CsvReader::open("use.csv");
///   if (!reader) return fail(reader.error());
///   io::CsvRows rows;
///   for (;;) {
///     const auto more = reader->next(rows);
///     if (!more) return fail(more.error());
///     if (!*more) break;
///     for (std::size_t r = 0; r < rows.size(); ++r) use(rows.field(r, 0), rows.line(r));
///   }
/// @endcode
///
/// Cost: one pass, about a gigabyte a second for plain rows. Rows before a faulty one may or may
/// not be handed out before the error; the error itself is always the first one in the file.
class OMBRE_EXPORT CsvReader {
 public:
  /// Opens a file ("-" = standard input, gzip is unpacked) and reads its header.
  /// @par Errors those of InputFile, and empty_input, malformed, duplicate, too_large
  [[nodiscard]] static Result<CsvReader> open(const std::string& path, CsvOptions options = {});
  /// The same from any source; takes it over.
  [[nodiscard]] static Result<CsvReader> from(std::unique_ptr<ByteSource> source,
                                              CsvOptions options = {});
  /// The same from memory. `text` must outlive the reader.
  [[nodiscard]] static Result<CsvReader> from_text(std::string_view text, CsvOptions options = {},
                                                   std::string name = "text");
  CsvReader(CsvReader&&) noexcept;
  CsvReader& operator=(CsvReader&&) noexcept;
  ~CsvReader();

  /// Column names in file order. Unlike all others, an empty name may occur more than once.
  [[nodiscard]] const std::vector<std::string>& header() const noexcept;
  /// Name of the source, as messages show it.
  [[nodiscard]] const std::string& name() const noexcept;
  /// The next rows, at least one; false at the end of the table.
  /// @par Errors malformed, too_large, io_failure; once failed it keeps failing
  [[nodiscard]] Result<bool> next(CsvRows& rows);
  /// Share of the source read so far, where its size is known.
  [[nodiscard]] std::optional<double> done() const noexcept;

 private:
  struct State;
  explicit CsvReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Whether `text` is well-formed UTF-8 (RFC 3629: no overlong forms, surrogates or code points
/// beyond U+10FFFF); otherwise the offset of the first byte that is not.
[[nodiscard]] OMBRE_EXPORT std::optional<std::size_t> first_invalid_utf8(
    std::string_view text) noexcept;

}  // namespace ombre::inline v0::io
