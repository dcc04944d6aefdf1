#include <algorithm>
#include <cstring>
#include <map>
#include <utility>

#include "csv_row.hpp"
#include "csv_scan.hpp"
#include "ombre/core/assert.hpp"
#include "ombre/io/csv.hpp"

namespace ombre::inline v0::io {

namespace {

constexpr std::size_t padding = 64;  // the scan looks at whole blocks

Error file_error(Errc code, std::string_view file, std::string rule) {
  Error error;
  error.code = code;
  error.file = std::string{file};
  error.rule = std::move(rule);
  return error;
}

// What a file that is not CSV at all begins with. Empty: nothing known.
std::string_view known_other_format(std::string_view start) {
  const auto begins = [&](std::string_view magic) { return start.starts_with(magic); };
  if (begins("PK\x03\x04")) {
    return "is a zip archive or an office workbook, not CSV: save the sheet as CSV (UTF-8)";
  }
  if (begins("\xD0\xCF\x11\xE0")) return "is an old office workbook: save the sheet as CSV (UTF-8)";
  if (begins("\xFF\xFE") || begins("\xFE\xFF")) return "is UTF-16 text: save it as UTF-8";
  if (begins("\xFD"
             "7zXZ")) {
    return "is packed with xz: unpack it first, or pack it with gzip";
  }
  if (begins("\x28\xB5\x2F\xFD")) return "is packed with zstd: unpack it first, or use gzip";
  if (begins("BZh")) return "is packed with bzip2: unpack it first, or use gzip";
  if (begins("PAR1")) return "is a Parquet file: export it as CSV";
  if (begins("%PDF")) return "is a PDF document, not CSV";
  return {};
}

}  // namespace

struct CsvReader::State {
  std::unique_ptr<ByteSource> source;
  CsvOptions options;
  std::string name;
  std::vector<std::string> header;

  std::unique_ptr<char[]> data;
  std::size_t capacity = 0;  // without the padding
  std::size_t begin = 0;     // first byte not handed out
  std::size_t filled = 0;
  bool at_end = false;
  bool line_end_added = false;              // data ends with a line feed the source does not have
  std::uint64_t line = 1;                   // of data[begin]
  std::optional<std::uint64_t> blank_line;  // the first of those that may end the table
  std::size_t blank_end = 0;
  std::uint64_t blank_end_line = 0;
  std::optional<Error> failure;

  std::unique_ptr<std::uint32_t[]> ends;
  std::size_t ends_capacity = 0;
  std::vector<CsvRows::Span> spans;
  std::vector<std::uint32_t> extra_lines;

  [[nodiscard]] detail::RowRules rules() const { return {&options, name, &header}; }

  Unexpected fail(Error error) {
    failure = std::move(error);
    return unexpected(*failure);
  }

  void resize(std::size_t wanted) {
    auto larger = std::make_unique_for_overwrite<char[]>(wanted + padding);
    if (filled > begin) std::memcpy(larger.get(), data.get() + begin, filled - begin);
    filled -= begin;
    begin = 0;
    data = std::move(larger);
    capacity = wanted;
  }

  // Moves what is left to the front and reads until the buffer is full or the source ends.
  Result<void> fill() {
    if (capacity > options.chunk_bytes && filled - begin <= options.chunk_bytes / 2) {
      resize(options.chunk_bytes);  // a long row is over: back to a buffer that fits the cache
    } else if (begin > 0) {
      std::memmove(data.get(), data.get() + begin, filled - begin);
      filled -= begin;
      begin = 0;
    }
    while (!at_end && filled < capacity) {
      const auto got = source->read({data.get() + filled, capacity - filled});
      if (!got) return unexpected(got.error());
      filled += *got;
      if (*got == 0) {
        at_end = true;
        // The last line end may be missing. The padding has room for one more byte.
        if (filled > 0 && data[filled - 1] != '\n') {
          data[filled++] = '\n';
          line_end_added = true;
        }
      }
    }
    std::memset(data.get() + filled, '\n', padding);
    return {};
  }

  Result<void> check_options() const {
    const auto delimiter = static_cast<unsigned char>(options.delimiter);
    if (delimiter == 0 || delimiter >= 0x80 || delimiter == '"' || delimiter == '\n' ||
        delimiter == '\r') {
      return unexpected(error_at(Errc::out_of_range, "delimiter", std::nullopt,
                                 std::string_view{&options.delimiter, 1},
                                 "must be an ASCII character other than quote and line end"));
    }
    const auto positive = [](std::size_t value, std::size_t most, std::string_view field) {
      return value >= 1 && value <= most
                 ? Result<void>{}
                 : unexpected(error_at(Errc::out_of_range, field, std::nullopt,
                                       static_cast<double>(value),
                                       "must be from 1 to " + std::to_string(most)));
    };
    constexpr std::size_t gigabyte = std::size_t{1} << 30U;
    if (auto r = positive(options.chunk_bytes, gigabyte, "chunk_bytes"); !r) return r;
    if (auto r = positive(options.max_row_bytes, gigabyte, "max_row_bytes"); !r) return r;
    if (auto r = positive(options.max_field_bytes, gigabyte, "max_field_bytes"); !r) return r;
    return positive(options.max_columns, std::size_t{1} << 20U, "max_columns");
  }

  Result<void> read_header() {
    if (auto checked = check_options(); !checked) return checked;
    resize(options.chunk_bytes);
    if (auto read = fill(); !read) return read;
    while (!at_end && filled < 8) {  // enough to know a file by its first bytes
      resize(8);
      if (auto read = fill(); !read) return read;
    }
    std::string_view start{data.get(), filled};
    if (const auto other = known_other_format(start); !other.empty()) {
      return unexpected(file_error(Errc::malformed, name, std::string{other}));
    }
    if (start.starts_with("\xEF\xBB\xBF")) begin = 3;
    if (at_end && begin + (line_end_added ? 1 : 0) == filled) {
      return unexpected(
          file_error(Errc::empty_input, name, "is empty: there is not even a header row"));
    }
    detail::RowRules header_rules = rules();
    header_rules.header = nullptr;
    for (;;) {
      const detail::ParsedRow row =
          detail::parse_row(data.get(), begin, filled, line, at_end, header_rules);
      if (row.outcome == detail::ParsedRow::Outcome::faulty) return unexpected(row.error);
      if (row.outcome == detail::ParsedRow::Outcome::complete) {
        if (row.blank) {
          Error error = file_error(Errc::malformed, name, "must hold the names of the columns");
          error.row = line;
          return unexpected(error);
        }
        for (const detail::RowField& field : row.fields) {
          std::string text{data.get() + field.begin, field.end - field.begin};
          if (field.quoted) text.resize(detail::undouble(text.data(), text.size()));
          header.push_back(std::move(text));
        }
        begin = row.next;
        line = row.next_line;
        return check_header();
      }
      resize(capacity * 2);
      if (auto read = fill(); !read) return read;
    }
  }

  Result<void> check_header() {
    std::map<std::string_view, std::size_t> seen;
    for (std::size_t i = 0; i < header.size(); ++i) {
      if (header[i].empty()) continue;
      const auto [at, fresh] = seen.emplace(header[i], i);
      if (!fresh) {
        Error error = file_error(Errc::duplicate, name,
                                 "names two columns, " + std::to_string(at->second + 1) + " and " +
                                     std::to_string(i + 1));
        error.row = 1;
        error.field = "header";
        error.value = shown(header[i]);
        return unexpected(error);
      }
    }
    return {};
  }

  // Whether the scanned rows have the header's number of fields each, none of them blank.
  [[nodiscard]] bool right_shape(const detail::Scan& scan) const {
    const std::size_t columns = header.size();
    if (scan.newlines > scan.separators / columns) return false;
    const std::uint32_t* const end_of = ends.get() + 1;
    for (std::size_t row = 1; row <= scan.newlines; ++row) {
      if (data[end_of[row * columns - 1]] != '\n') return false;
    }
    if (columns == 1) {
      for (std::size_t row = 0; row < scan.newlines; ++row) {
        const std::uint32_t first = ends[row] + 1;
        if (first == ends[row + 1] || data[first] == '\r') return false;
      }
    }
    return true;
  }

  detail::Scan scan_to(std::size_t end) {
    const std::size_t wanted = end - begin + 16;
    if (wanted > ends_capacity) {
      ends_capacity = std::max(wanted, capacity + 16);
      ends = std::make_unique_for_overwrite<std::uint32_t[]>(ends_capacity);
    }
    ends[0] = static_cast<std::uint32_t>(begin) - 1U;
    return detail::scan<detail::NativeBlocks>(data.get(), static_cast<std::uint32_t>(begin),
                                              static_cast<std::uint32_t>(end), options.delimiter,
                                              ends.get() + 1);
  }

  [[nodiscard]] std::size_t smallest_limit() const {
    return std::min(options.max_field_bytes, options.max_row_bytes);
  }

  [[nodiscard]] Error text_after_blank_line() const {
    Error error = file_error(Errc::malformed, name,
                             "is empty, but the table goes on after it: remove the empty line");
    error.row = blank_line;
    return error;
  }

  // Goes through the complete rows exactly. Gives the end of the good rows before any blank line,
  // or the first fault.
  Result<std::size_t> check_rows() {
    std::size_t at = begin;
    std::size_t good_end = begin;
    std::uint64_t at_line = line;
    while (at < filled) {
      const detail::ParsedRow row =
          detail::parse_row(data.get(), at, filled, at_line, at_end, rules());
      if (row.outcome == detail::ParsedRow::Outcome::incomplete) break;
      if (row.outcome == detail::ParsedRow::Outcome::faulty && !blank_line) {
        return unexpected(row.error);
      }
      if (row.outcome == detail::ParsedRow::Outcome::complete && row.blank) {
        if (!blank_line) blank_line = at_line;
      } else if (blank_line) {
        return unexpected(text_after_blank_line());
      } else {
        good_end = row.next;
      }
      at = row.next;
      at_line = row.next_line;
    }
    if (blank_line) {  // the blank lines seen so far are done with
      blank_end = at;
      blank_end_line = at_line;
    }
    return good_end;
  }

  // Quotes taken off, doubled quotes made single; counts the line breaks inside quotes.
  std::uint64_t unquote(std::size_t rows) {
    const std::size_t columns = header.size();
    spans.resize(rows * columns);
    extra_lines.clear();
    std::uint32_t extra = 0;
    for (std::size_t row = 0; row < rows; ++row) {
      if (extra > 0) extra_lines[row] = extra;
      for (std::size_t column = 0; column < columns; ++column) {
        const std::size_t i = row * columns + column;
        std::uint32_t first = ends[i] + 1;
        std::uint32_t last = ends[i + 1];
        if (column + 1 == columns && last > first && data[last - 1] == '\r') --last;
        if (last > first && data[first] == '"') {
          ++first;
          --last;
          char* const text = data.get() + first;
          const std::size_t size = last - first;
          const auto breaks = static_cast<std::uint32_t>(std::count(text, text + size, '\n'));
          if (breaks > 0) {
            if (extra_lines.empty()) extra_lines.resize(rows);
            extra += breaks;
          }
          last = first + static_cast<std::uint32_t>(detail::undouble(text, size));
        }
        spans[i] = {first, last};
      }
    }
    return extra;
  }

  void publish(const detail::Scan& scan, CsvRows& rows) {
    const std::size_t columns = header.size();
    const std::size_t count = scan.newlines;
    std::uint64_t extra = 0;
    const std::size_t next = ends[count * columns] + std::size_t{1};
    if (scan.quotes) extra = unquote(count);
    rows.data_ = data.get();
    rows.ends_ = ends.get();
    rows.spans_ = scan.quotes ? spans.data() : nullptr;
    rows.extra_lines_ = extra > 0 ? extra_lines.data() : nullptr;
    rows.rows_ = count;
    rows.columns_ = columns;
    rows.first_line_ = line;
    rows.crlf_ = scan.carriage_returns;
    begin = next;
    line += count + extra;
  }

  Result<bool> next(CsvRows& rows) {
    rows = {};
    if (failure) return unexpected(*failure);
    for (;;) {
      if (auto read = fill(); !read) return fail(read.error());
      if (begin == filled) {
        if (at_end) return false;
        continue;
      }
      detail::Scan scan = scan_to(filled);
      if (scan.newlines == 0) {
        // One row that is not complete: at the end it never will be; before, look whether it
        // breaks a rule or a limit, and make room.
        if (blank_line && (filled - begin > 1 || data[begin] != '\r')) {
          return fail(text_after_blank_line());
        }
        if (at_end || scan.suspicious || filled - begin > smallest_limit()) {
          const detail::ParsedRow row =
              detail::parse_row(data.get(), begin, filled, line, at_end, rules());
          if (row.outcome == detail::ParsedRow::Outcome::faulty) return fail(row.error);
          OMBRE_ASSERT(!at_end);
          if (at_end) return fail(file_error(Errc::malformed, name, "ends inside a row"));
        }
        if (filled == capacity) resize(capacity * 2);
        continue;
      }
      bool exact = scan.suspicious || blank_line.has_value() || !right_shape(scan) ||
                   filled - begin > smallest_limit();
      if (!exact && scan.high_bits) {
        const std::size_t end = ends[scan.newlines * header.size()];
        exact = first_invalid_utf8({data.get() + begin, end - begin}).has_value();
      }
      if (exact) {
        const auto good_end = check_rows();
        if (!good_end) return fail(good_end.error());
        if (*good_end == begin) {
          if (blank_line && blank_end > begin) {  // nothing but blank lines
            begin = blank_end;
            line = blank_end_line;
            continue;
          }
          // The scan saw the end of a row and the exact parser did not: they differ only where a
          // row is faulty in a way that more bytes will show.
          if (at_end) return fail(file_error(Errc::malformed, name, "ends inside a row"));
          resize(capacity * 2);
          continue;
        }
        scan = scan_to(*good_end);
      }
      publish(scan, rows);
      return true;
    }
  }
};

CsvReader::CsvReader(std::unique_ptr<State> state) : state_{std::move(state)} {}
CsvReader::CsvReader(CsvReader&&) noexcept = default;
CsvReader& CsvReader::operator=(CsvReader&&) noexcept = default;
CsvReader::~CsvReader() = default;

Result<CsvReader> CsvReader::from(std::unique_ptr<ByteSource> source, CsvOptions options) {
  auto state = std::make_unique<State>();
  state->name = std::string{source->name()};
  state->source = std::move(source);
  state->options = options;
  if (auto read = state->read_header(); !read) return unexpected(read.error());
  return CsvReader{std::move(state)};
}

Result<CsvReader> CsvReader::open(const std::string& path, CsvOptions options) {
  auto file = InputFile::open(path);
  if (!file) return unexpected(file.error());
  return from(*std::move(file), options);
}

Result<CsvReader> CsvReader::from_text(std::string_view text, CsvOptions options,
                                       std::string name) {
  return from(std::make_unique<TextSource>(text, std::move(name)), options);
}

const std::vector<std::string>& CsvReader::header() const noexcept { return state_->header; }
const std::string& CsvReader::name() const noexcept { return state_->name; }
Result<bool> CsvReader::next(CsvRows& rows) { return state_->next(rows); }
std::optional<double> CsvReader::done() const noexcept { return state_->source->done(); }

}  // namespace ombre::inline v0::io
