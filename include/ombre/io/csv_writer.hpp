#pragma once
/// @file
/// Writes CSV: UTF-8, a header row, commas, LF, decimal points, the shortest numbers that read back
/// the same, and an empty field for what is missing.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/date.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"

namespace ombre::inline v0::io {

/// How cells are written.
struct CsvStyle {
  char delimiter = ',';
  /// Some spreadsheets run a cell of text that begins with `= + - @` or a tab as a formula. Such
  /// text is always put in quotes, which does not stop them; with this option it also gets a
  /// leading apostrophe, which does, and which changes the text.
  bool spreadsheet_safe = false;
};

/// Builds CSV text row by row.
///
/// A row must have as many cells as the header; what is wrong is remembered and returned by
/// finish(). Long output is written in pieces:
/// @code
///   io::CsvWriter csv{{"person_id", "metric", "value"}};
///   for (...) {
///     csv.text(id).text("pda").number(value).end_row();
///     if (csv.size() > 65536) if (auto w = file.write(csv.take_part()); !w) return w;
///   }
///   auto rest = csv.finish();
/// @endcode
class OMBRE_EXPORT CsvWriter {
 public:
  explicit CsvWriter(std::vector<std::string> columns, CsvStyle style = {});

  CsvWriter& text(std::string_view value);  ///< must be UTF-8; empty text is written as missing
  CsvWriter& number(double value);          ///< must be finite
  CsvWriter& number(std::optional<double> value);
  CsvWriter& integer(std::int64_t value);
  CsvWriter& boolean(bool value);  ///< `true` or `false`
  CsvWriter& date(Date value);     ///< `YYYY-MM-DD`
  CsvWriter& missing();
  CsvWriter& end_row();

  /// Bytes waiting to be taken.
  [[nodiscard]] std::size_t size() const noexcept { return out_.size(); }
  /// What was written since the last call.
  [[nodiscard]] std::string take_part();
  /// The rest. Fails where a row had the wrong number of cells (size_mismatch), a number was not
  /// finite (not_finite), a text was not UTF-8 (malformed), or the last row was not ended.
  [[nodiscard]] Result<std::string> finish();

 private:
  void begin_cell();
  void plain(std::string_view value);
  void refuse(Errc code, std::string_view value, std::string_view rule);

  std::vector<std::string> columns_;
  CsvStyle style_;
  std::string out_;
  std::size_t cell_ = 0;
  std::uint64_t row_ = 0;  // rows ended, the header included
  bool row_is_blank_ = true;
  std::optional<Error> error_;
};

}  // namespace ombre::inline v0::io
