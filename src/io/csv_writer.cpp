#include "ombre/io/csv_writer.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "csv_row.hpp"
#include "ombre/io/csv.hpp"

namespace ombre::inline v0::io {

CsvWriter::CsvWriter(std::vector<std::string> columns, CsvStyle style)
    : columns_{std::move(columns)}, style_{style} {
  for (const std::string& column : columns_) text(column);
  end_row();
}

void CsvWriter::refuse(Errc code, std::string_view value, std::string_view rule) {
  if (error_) return;
  const std::string_view column =
      cell_ > 0 && cell_ <= columns_.size() ? std::string_view{columns_[cell_ - 1]} : "row";
  error_ = error_at(code, column, row_, detail::printable(value), rule);
}

void CsvWriter::begin_cell() {
  if (cell_ > 0) out_ += style_.delimiter;
  ++cell_;
}

void CsvWriter::plain(std::string_view value) {
  begin_cell();
  out_ += value;
  row_is_blank_ = false;
}

CsvWriter& CsvWriter::text(std::string_view value) {
  begin_cell();
  if (value.empty()) return *this;
  row_is_blank_ = false;
  if (first_invalid_utf8(value)) {
    refuse(Errc::malformed, value, "must be UTF-8");
    return *this;
  }
  if (value.find('\0') != std::string_view::npos) {
    refuse(Errc::malformed, value, "must not hold a NUL byte");
    return *this;
  }
  constexpr std::string_view formula_starts = "=+-@\t";
  const bool like_formula = formula_starts.find(value.front()) != std::string_view::npos;
  const bool ends_blank = value.front() == ' ' || value.back() == ' ';
  bool quotes = like_formula || ends_blank;
  for (const char c : value) {
    quotes = quotes || c == style_.delimiter || c == '"' || c == '\n' || c == '\r';
  }
  if (!quotes) {
    out_ += value;
    return *this;
  }
  out_ += '"';
  if (like_formula && style_.spreadsheet_safe) out_ += '\'';
  for (const char c : value) {
    if (c == '"') out_ += '"';
    out_ += c;
  }
  out_ += '"';
  return *this;
}

CsvWriter& CsvWriter::number(double value) {
  if (!std::isfinite(value)) {
    begin_cell();
    refuse(Errc::not_finite, shortest(value), "must be a finite number, or missing");
    return *this;
  }
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  plain({text.data(), static_cast<std::size_t>(end - text.data())});
  return *this;
}

CsvWriter& CsvWriter::number(std::optional<double> value) {
  return value ? number(*value) : missing();
}

CsvWriter& CsvWriter::integer(std::int64_t value) {
  std::array<char, 24> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  plain({text.data(), static_cast<std::size_t>(end - text.data())});
  return *this;
}

CsvWriter& CsvWriter::boolean(bool value) {
  plain(value ? "true" : "false");
  return *this;
}

CsvWriter& CsvWriter::date(Date value) {
  std::array<char, 10> text{};
  value.write_iso(text);
  plain({text.data(), text.size()});
  return *this;
}

CsvWriter& CsvWriter::missing() {
  begin_cell();
  return *this;
}

CsvWriter& CsvWriter::end_row() {
  if (cell_ != columns_.size()) {
    const std::size_t cells = std::exchange(cell_, 0);  // the whole row is meant, not a column
    refuse(Errc::size_mismatch, std::to_string(cells) + " cells",
           "must have " + std::to_string(columns_.size()));
  }
  // A row of one missing cell would be an empty line, which is not a row.
  if (row_is_blank_ && columns_.size() == 1) out_ += "\"\"";
  out_ += '\n';
  cell_ = 0;
  row_is_blank_ = true;
  ++row_;
  return *this;
}

std::string CsvWriter::take_part() { return std::exchange(out_, {}); }

Result<std::string> CsvWriter::finish() {
  if (cell_ != 0) {
    cell_ = 0;
    refuse(Errc::size_mismatch, {}, "must be ended");
  }
  if (error_) return unexpected(*error_);
  return take_part();
}

}  // namespace ombre::inline v0::io
