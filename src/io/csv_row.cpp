#include "csv_row.hpp"

#include <algorithm>
#include <cstring>

namespace ombre::inline v0::io::detail {

namespace {

std::size_t sequence_length(unsigned char lead) noexcept {
  if (lead < 0x80) return 1;
  if (lead < 0xE0) return 2;
  return lead < 0xF0 ? 3 : 4;
}

// Whether the first bytes of a character can still become a valid one.
bool may_become_utf8(std::string_view start) {
  const auto lead = static_cast<unsigned char>(start.front());
  std::string whole{start};
  if (whole.size() == 1 && lead >= 0xC2) {  // the smallest second byte allowed (RFC 3629)
    whole += static_cast<char>(lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80);
  }
  whole.resize(std::max(whole.size(), sequence_length(lead)), static_cast<char>(0x80));
  return !first_invalid_utf8(whole);
}

std::string escaped_byte(unsigned char byte) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  return {'\\', 'x', hex[byte >> 4U], hex[byte & 15U]};
}

}  // namespace

std::string printable(std::string_view raw) {
  std::string text;
  raw = raw.substr(0, 120);  // shown() cuts at 80
  while (!raw.empty()) {
    const auto bad = first_invalid_utf8(raw);
    text += raw.substr(0, bad.value_or(raw.size()));
    if (!bad) break;
    text += escaped_byte(static_cast<unsigned char>(raw[*bad]));
    raw.remove_prefix(*bad + 1);
  }
  return shown(text);
}

std::size_t undouble(char* text, std::size_t size) noexcept {
  const auto* const first = static_cast<const char*>(std::memchr(text, '"', size));
  if (first == nullptr) return size;
  auto to = static_cast<std::size_t>(first - text);
  for (std::size_t from = to; from < size; ++from) {
    text[to++] = text[from];
    if (text[from] == '"') ++from;  // its twin
  }
  return to;
}

namespace {

class Parser {
 public:
  Parser(const char* data, std::size_t begin, std::size_t size, std::uint64_t line, bool at_end,
         const RowRules& rules)
      : data_{data},
        begin_{begin},
        size_{size},
        at_{begin},
        line_{line},
        first_line_{line},
        at_end_{at_end},
        rules_{rules} {
    keep_ = rules.header != nullptr ? 0 : rules.options->max_columns;
  }

  ParsedRow run() {
    for (;;) {
      if (!field()) return std::move(row_);
      if (ended_) break;
    }
    row_.next = at_;
    row_.next_line = line_;
    row_.blank = row_.field_count == 1 && !first_quoted_ && first_empty_;
    if (!row_.blank && rules_.header != nullptr && row_.field_count != rules_.header->size()) {
      fault(Errc::malformed, first_line_, {}, text_of_row(),
            "has " + fields(row_.field_count) + " where the header names " +
                std::to_string(rules_.header->size()) +
                (rules_.header->size() == 1 ? " column" : " columns") +
                (row_.field_count > rules_.header->size()
                     ? " (text that holds the delimiter must stand in quotes)"
                     : ""));
      return std::move(row_);
    }
    row_.outcome = ParsedRow::Outcome::complete;
    return std::move(row_);
  }

 private:
  static std::string fields(std::size_t n) {
    return std::to_string(n) + (n == 1 ? " field" : " fields");
  }

  std::string column_name() const {
    const std::size_t i = row_.field_count;
    if (rules_.header != nullptr && i < rules_.header->size() && !(*rules_.header)[i].empty()) {
      return (*rules_.header)[i];
    }
    return "column " + std::to_string(i + 1);
  }

  std::string_view start_of(std::size_t begin) const {
    return {data_ + begin, std::min<std::size_t>(at_ - begin, 81)};
  }

  std::string_view text_of_row() const {
    std::string_view text{data_ + begin_, at_ - begin_};
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
    return text;
  }

  bool fault(Errc code, std::uint64_t line, std::string field, std::string_view value,
             std::string rule) {
    row_.outcome = ParsedRow::Outcome::faulty;
    row_.error.code = code;
    row_.error.field = std::move(field);
    row_.error.row = line;
    row_.error.value = printable(value);
    row_.error.rule = std::move(rule);
    row_.error.file = std::string{rules_.file};
    return false;
  }

  // What can be wrong with any byte, inside quotes or not. Steps over one character.
  // False: the row ends here, faulty or (no error set) incomplete.
  bool character(std::size_t field_begin, std::uint64_t field_line) {
    const CsvOptions& options = *rules_.options;
    const auto byte = static_cast<unsigned char>(data_[at_]);
    if (byte == 0) {
      return fault(Errc::malformed, line_, column_name(),
                   std::string_view{data_ + field_begin, at_ - field_begin},
                   "is followed by a NUL byte: this is not a text file in UTF-8");
    }
    const std::size_t length = sequence_length(byte);
    if (byte >= 0x80) {
      const std::size_t available = std::min(length, size_ - at_);
      const std::string_view known{data_ + at_, available};
      if (available < length && !at_end_ && may_become_utf8(known)) {
        return false;  // the rest is not read yet
      }
      if (first_invalid_utf8(known)) {
        return fault(Errc::malformed, line_, column_name(),
                     std::string_view{data_ + field_begin, at_ + 1 - field_begin},
                     "holds the byte " + escaped_byte(byte) +
                         ", which is not valid UTF-8: save the file as UTF-8");
      }
    }
    at_ += length;
    if (at_ - field_begin > options.max_field_bytes) {
      return fault(Errc::too_large, field_line, column_name(), start_of(field_begin),
                   "the field is longer than the limit of " +
                       std::to_string(options.max_field_bytes) + " bytes" +
                       (in_quotes_ ? " (is its quote never closed?)" : ""));
    }
    if (at_ - begin_ > options.max_row_bytes) {
      return fault(Errc::too_large, first_line_, {}, start_of(begin_),
                   "the row is longer than the limit of " + std::to_string(options.max_row_bytes) +
                       " bytes");
    }
    return true;
  }

  // After a field: a delimiter, a line end, or (false) no more bytes or a fault.
  bool separator() {
    if (at_ == size_) return false;
    if (data_[at_] == rules_.options->delimiter) {
      ++at_;
      return true;
    }
    if (data_[at_] == '\n') {
      ++at_;
      ++line_;
      ended_ = true;
      return true;
    }
    // A carriage return: the caller has looked.
    if (at_ + 1 == size_) return false;
    if (data_[at_ + 1] != '\n') {
      return fault(Errc::malformed, line_, column_name(), {},
                   "a carriage return without a line feed follows: save the file with LF or CRLF "
                   "line ends, or put the field in quotes");
    }
    at_ += 2;
    ++line_;
    ended_ = true;
    return true;
  }

  bool finish(RowField field) {
    if (row_.field_count == 0) {
      first_quoted_ = field.quoted;
      first_empty_ = field.begin == field.end;
    }
    if (row_.fields.size() < keep_) row_.fields.push_back(field);
    const bool good = separator();
    if (good) ++row_.field_count;
    if (good && rules_.header == nullptr && row_.field_count > rules_.options->max_columns) {
      return fault(Errc::too_large, first_line_, {}, {},
                   "names more than " + std::to_string(rules_.options->max_columns) + " columns");
    }
    return good;
  }

  bool field() {
    if (at_ == size_) return false;
    if (data_[at_] == '"') return quoted_field();
    const std::size_t field_begin = at_;
    in_quotes_ = false;
    while (at_ < size_) {
      const char c = data_[at_];
      if (c == rules_.options->delimiter || c == '\n' || c == '\r') {
        return finish({field_begin, at_, false});
      }
      if (c == '"') {
        return fault(Errc::malformed, line_, column_name(),
                     {data_ + field_begin, at_ + 1 - field_begin},
                     "a quote stands inside a field that does not begin with one: put the whole "
                     "field in quotes and double the quotes inside");
      }
      if (!character(field_begin, line_)) return false;
    }
    return false;
  }

  bool quoted_field() {
    const std::uint64_t field_line = line_;
    const std::size_t field_begin = ++at_;
    in_quotes_ = true;
    while (at_ < size_) {
      if (data_[at_] != '"') {
        const bool line_feed = data_[at_] == '\n';
        if (!character(field_begin, field_line)) return false;
        if (line_feed) ++line_;
        continue;
      }
      if (at_ + 1 == size_) return false;  // a doubled quote, or the closing one?
      if (data_[at_ + 1] == '"') {
        if (!character(field_begin, field_line) || !character(field_begin, field_line)) {
          return false;
        }
        continue;
      }
      const RowField found{field_begin, at_, true};
      ++at_;
      const char c = data_[at_];
      if (c != rules_.options->delimiter && c != '\n' && c != '\r') {
        return fault(Errc::malformed, line_, column_name(),
                     {data_ + field_begin - 1, at_ + 1 - (field_begin - 1)},
                     "text follows the closing quote: quotes inside a quoted field must be "
                     "doubled");
      }
      return finish(found);
    }
    if (at_end_) {
      return fault(Errc::malformed, field_line, column_name(),
                   {data_ + field_begin, std::min<std::size_t>(size_ - field_begin, 80)},
                   "the quote opened here is never closed");
    }
    return false;
  }

  const char* data_;
  std::size_t begin_;
  std::size_t size_;
  std::size_t at_;
  std::uint64_t line_;
  std::uint64_t first_line_;
  bool at_end_;
  const RowRules& rules_;
  std::size_t keep_;
  bool ended_ = false;
  bool in_quotes_ = false;
  bool first_quoted_ = false;
  bool first_empty_ = false;
  ParsedRow row_;
};

}  // namespace

ParsedRow parse_row(const char* data, std::size_t begin, std::size_t size, std::uint64_t line,
                    bool at_end, const RowRules& rules) {
  return Parser{data, begin, size, line, at_end, rules}.run();
}

}  // namespace ombre::inline v0::io::detail
