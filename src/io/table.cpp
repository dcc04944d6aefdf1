#include "ombre/io/table.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <iterator>
#include <utility>

#include "csv_row.hpp"
#include "ombre/core/error.hpp"

namespace ombre::inline v0::io {

namespace {

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

// Unicode 15: the larger blocks of characters that take no column (general categories Mn, Me, Cf)
// and of those that take two (East Asian Width W and F, and emoji shown as pictures). Not complete
// for rare scripts; a table is then a little out of line and nothing worse.
constexpr Range no_width[] = {
    {0x0300, 0x036F},   {0x0483, 0x0489},  {0x0591, 0x05BD}, {0x0610, 0x061A}, {0x064B, 0x065F},
    {0x0670, 0x0670},   {0x06D6, 0x06DC},  {0x0900, 0x0902}, {0x093A, 0x093A}, {0x093C, 0x093C},
    {0x0941, 0x0948},   {0x094D, 0x094D},  {0x0E31, 0x0E31}, {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E},
    {0x1AB0, 0x1AFF},   {0x1DC0, 0x1DFF},  {0x200B, 0x200F}, {0x202A, 0x202E}, {0x2060, 0x2064},
    {0x20D0, 0x20F0},   {0x302A, 0x302D},  {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF},
    {0x1F3FB, 0x1F3FF}, {0xE0100, 0xE01EF}};
constexpr Range two_wide[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x23E9, 0x23EC},   {0x25FD, 0x25FE},  {0x2614, 0x2615},
    {0x2648, 0x2653},   {0x26AA, 0x26AB},   {0x26BD, 0x26BE},   {0x2705, 0x2705},  {0x270A, 0x270B},
    {0x2728, 0x2728},   {0x274C, 0x274C},   {0x2753, 0x2755},   {0x2795, 0x2797},  {0x2E80, 0x303E},
    {0x3041, 0x33FF},   {0x3400, 0x4DBF},   {0x4E00, 0x9FFF},   {0xA000, 0xA4CF},  {0xA960, 0xA97C},
    {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},  {0xFFE0, 0xFFE6},
    {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1FAFF}, {0x20000, 0x3FFFD}};

bool within(std::span<const Range> ranges, std::uint32_t code) noexcept {
  const auto at = std::ranges::upper_bound(ranges, code, {}, &Range::first);
  return at != ranges.begin() && code <= std::prev(at)->last;
}

// The first character: its bytes and the columns it takes. `text` is not empty.
std::pair<std::size_t, std::size_t> first_character(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]));
  };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80) return {1, 1};
  const std::size_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (size > text.size() || first_invalid_utf8(text.substr(0, size))) return {1, 1};
  std::uint32_t code = lead & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) code = (code << 6U) | (byte(i) & 0x3FU);
  if (within(no_width, code)) return {size, 0};
  return {size, within(two_wide, code) ? 2U : 1U};
}

// Cells stand on one line and hold nothing a terminal would act on.
std::string one_line(std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (text[i] == '\n' || text[i] == '\r' || text[i] == '\t') {
      out += ' ';
    } else if (byte < 0x20 || byte == 0x7F) {
      out += {'\\', 'x', hex[byte >> 4U], hex[byte & 15U]};
    } else if (byte == 0xC2 && i + 1 < text.size() &&
               static_cast<unsigned char>(text[i + 1]) < 0xA0) {  // U+0080 to U+009F
      out += "\\x";
      out += {hex[static_cast<unsigned char>(text[i + 1]) >> 4U],
              hex[static_cast<unsigned char>(text[i + 1]) & 15U]};
      ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string cut(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string{text};
  std::string out;
  std::size_t used = 0;
  while (!text.empty()) {
    const auto [bytes, columns] = first_character(text);
    if (used + columns + 1 > width) break;
    out += text.substr(0, bytes);
    used += columns;
    text.remove_prefix(bytes);
  }
  return out + "\xE2\x80\xA6";  // an ellipsis
}

void append_times(std::string& out, std::string_view piece, std::size_t times) {
  for (std::size_t i = 0; i < times; ++i) out += piece;
}

constexpr std::string_view thin_line = "\xE2\x94\x80";  // box drawings light horizontal

}  // namespace

std::size_t display_width(std::string_view text) noexcept {
  std::size_t width = 0;
  while (!text.empty()) {
    const auto [bytes, columns] = first_character(text);
    width += columns;
    text.remove_prefix(bytes);
  }
  return width;
}

TextTable& TextTable::row(std::vector<std::string> cells) {
  while (columns_.size() < cells.size()) columns_.push_back({});
  cells.resize(std::max<std::size_t>(columns_.size(), 1));
  rows_.push_back(std::move(cells));
  return *this;
}

TextTable& TextTable::rule() {
  rows_.emplace_back();
  return *this;
}

std::string TextTable::terminal(std::size_t max_width) const {
  const std::size_t count = columns_.size();
  std::vector<std::size_t> width(count);
  std::vector<std::vector<std::string>> cells;
  std::vector<std::string> header;
  for (std::size_t c = 0; c < count; ++c) {
    header.push_back(one_line(columns_[c].name));
    width[c] = display_width(header[c]);
  }
  for (const auto& row : rows_) {
    auto& line = cells.emplace_back();
    for (std::size_t c = 0; c < row.size() && c < count; ++c) {
      line.push_back(one_line(row[c]));
      width[c] = std::max(width[c], display_width(line[c]));
    }
  }
  constexpr std::size_t gap = 2;
  if (max_width > 0) {
    const auto total = [&] {
      std::size_t sum = count > 0 ? gap * (count - 1) : 0;
      for (const std::size_t w : width) sum += w;
      return sum;
    };
    while (total() > max_width) {  // numbers are never cut
      std::size_t widest = count;
      for (std::size_t c = 0; c < count; ++c) {
        if (columns_[c].align == Align::left && width[c] > 8 &&
            (widest == count || width[c] > width[widest])) {
          widest = c;
        }
      }
      if (widest == count) break;
      --width[widest];
    }
  }
  std::string out;
  const auto put_line = [&](const std::vector<std::string>& line) {
    std::string text;
    for (std::size_t c = 0; c < count; ++c) {
      if (c > 0) text.append(gap, ' ');
      const std::string cell = cut(c < line.size() ? line[c] : std::string{}, width[c]);
      const std::size_t blank = width[c] - std::min(width[c], display_width(cell));
      if (columns_[c].align == Align::right) text.append(blank, ' ');
      text += cell;
      if (columns_[c].align == Align::left) text.append(blank, ' ');
    }
    while (!text.empty() && text.back() == ' ') text.pop_back();
    out += text + '\n';
  };
  const auto put_rule = [&] {
    for (std::size_t c = 0; c < count; ++c) {
      if (c > 0) out.append(gap, ' ');
      append_times(out, thin_line, width[c]);
    }
    out += '\n';
  };
  put_line(header);
  put_rule();
  for (const auto& line : cells) {
    if (line.empty()) {
      put_rule();
    } else {
      put_line(line);
    }
  }
  return out;
}

std::string TextTable::markdown() const {
  const auto escaped = [](std::string_view text) {
    std::string out;
    for (const char c : one_line(text)) {
      if (c == '|' || c == '\\') out += '\\';
      out += c;
    }
    return out;
  };
  std::string out = "|";
  for (const Column& column : columns_) out += ' ' + escaped(column.name) + " |";
  out += "\n|";
  for (const Column& column : columns_) out += column.align == Align::right ? "---:|" : "---|";
  out += '\n';
  for (const auto& row : rows_) {
    if (row.empty()) continue;
    out += '|';
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      out += ' ' + (c < row.size() ? escaped(row[c]) : std::string{}) + " |";
    }
    out += '\n';
  }
  return out;
}

std::string readable(double value, int decimals) {
  if (!std::isfinite(value)) return shortest(value);
  const double size = std::abs(value);
  decimals = std::clamp(decimals, 0, 15);
  if (size >= 1e15 || (size > 0 && size < 0.5 * std::pow(10.0, -decimals))) {
    std::array<char, 40> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value,
                                   std::chars_format::scientific, 2)
                         .ptr;
    return {text.data(), end};
  }
  std::array<char, 64> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                 std::chars_format::fixed, decimals)
                       .ptr;
  std::string text{buffer.data(), end};
  if (text.find('.') != std::string::npos) {
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
  }
  return text == "-0" ? "0" : text;
}

}  // namespace ombre::inline v0::io
