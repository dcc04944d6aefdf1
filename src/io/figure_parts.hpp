#pragma once
// What all figures share: ink, headings, axes.

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/result.hpp"
#include "ombre/io/svg.hpp"
#include "ombre/io/table.hpp"

namespace ombre::inline v0::io::detail {

inline constexpr const char* ink = "#2b2b2b";
inline constexpr const char* soft_ink = "#666666";
inline constexpr const char* axis_ink = "#9a9a9a";
inline constexpr const char* grid_ink = "#e6e6e6";
inline constexpr double label_size = 12;
inline constexpr double small_size = 11;

// As much of a text as fits, with an ellipsis.
[[nodiscard]] inline std::string fitted(std::string_view text, double size, double room) {
  if (text_width(text, size) <= room) return std::string{text};
  std::size_t keep = text.size();
  while (keep > 0) {
    --keep;
    while (keep > 0 && (static_cast<unsigned char>(text[keep]) & 0xC0U) == 0x80U) --keep;
    if (text_width(text.substr(0, keep), size) + size <= room) break;
  }
  return std::string{text.substr(0, keep)} + "\xE2\x80\xA6";
}

// Title and subtitle; returns the y below them.
inline constexpr double bold_width = 1.16;

// A text in lines that fit, broken at blanks; what is beyond the last of `most` lines is cut.
[[nodiscard]] inline std::vector<std::string> fitted_lines(std::string_view text, double size,
                                                           double room, std::size_t most) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    std::size_t end = text.size();
    if (lines.size() + 1 < most) {
      while (end != std::string_view::npos && end > 0 &&
             text_width(text.substr(0, end), size) > room) {
        end = text.rfind(' ', end - 1);
      }
      if (end == std::string_view::npos || end == 0) end = text.find(' ', 1);
      end = std::min(end, text.size());
    }
    lines.push_back(fitted(text.substr(0, end), size, room));
    text.remove_prefix(end);
    while (text.starts_with(' ')) text.remove_prefix(1);
  }
  return lines;
}

inline double put_heading(Svg& svg, double x, double width, std::string_view title,
                          std::string_view subtitle) {
  double y = 14;
  if (!title.empty()) {
    y += 20;
    // Bold letters are wider than plain ones.
    svg.text(x, y, fitted(title, 18 * bold_width, width - x - 12),
             {.size = 18, .fill = ink, .bold = true});
  }
  if (!subtitle.empty()) {
    y += 20;
    svg.text(x, y, fitted(subtitle, 12.5, width - x - 12), {.size = 12.5, .fill = soft_ink});
  }
  return y + 18;
}

// A number with a true minus sign, as figures show it.
[[nodiscard]] inline std::string figure_number(double value, int decimals = 6) {
  std::string text = readable(value, decimals);
  if (text.starts_with('-')) text.replace(0, 1, "\xE2\x88\x92");
  return text;
}

// The same with exactly `decimals` decimals, for numbers that stand below each other.
[[nodiscard]] inline std::string fixed_number(double value, int decimals) {
  decimals = std::clamp(decimals, 0, 9);
  std::string text = figure_number(value, decimals);
  if (decimals == 0 || text.find_first_of("en") != std::string::npos) return text;
  const auto point = text.find('.');
  const std::size_t have = point == std::string::npos ? 0 : text.size() - point - 1;
  if (point == std::string::npos) text += '.';
  return text.append(static_cast<std::size_t>(decimals) - have, '0');
}

// The text of a tick, as percent where asked.
[[nodiscard]] inline std::string tick_text(double value, bool percent) {
  if (percent) return figure_number(value * 100, 6) + "%";
  if (value == 0 || std::abs(value) >= 1e-3) return figure_number(value, 6);
  // Six decimals would write different ticks alike.
  std::array<char, 32> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general, 6)
          .ptr;
  std::string out{text.data(), end};
  if (out.starts_with('-')) out.replace(0, 1, "\xE2\x88\x92");
  return out;
}

[[nodiscard]] inline Result<void> finite_in(double value, double least, double most,
                                            std::string_view field) {
  if (value >= least && value <= most) return {};
  return unexpected(error_at(Errc::out_of_range, field, std::nullopt, value,
                             "must be from " + shortest(least) + " to " + shortest(most)));
}

}  // namespace ombre::inline v0::io::detail
