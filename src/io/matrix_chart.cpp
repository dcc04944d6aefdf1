#include <algorithm>
#include <cmath>

#include "figure_parts.hpp"
#include "ombre/io/figures.hpp"

namespace ombre::inline v0::io {

using namespace detail;

Result<std::string> matrix_chart(std::span<const std::string> row_labels,
                                 std::span<const std::string> column_labels,
                                 std::span<const std::optional<double>> values,
                                 const MatrixOptions& options) {
  const std::size_t rows = row_labels.size();
  const std::size_t columns = column_labels.size();
  if (rows == 0 || columns == 0) {
    return unexpected(error_of(Errc::empty_input, "labels", "must not be empty"));
  }
  if (values.size() != rows * columns) {
    return unexpected(error_at(Errc::size_mismatch, "values", std::nullopt,
                               std::to_string(values.size()), "must be rows times columns"));
  }
  if (rows > 200 || columns > 200) {
    return unexpected(error_of(Errc::too_large, "labels", "must be at most 200 a side"));
  }
  if (!(options.low < options.high) || !std::isfinite(options.high - options.low)) {
    return unexpected(
        error_at(Errc::out_of_range, "low", std::nullopt, options.low, "must be below high"));
  }
  if (auto good = finite_in(options.max_side, 240, 4000, "max_side"); !good) {
    return unexpected(good.error());
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] && !std::isfinite(*values[i])) {
      return unexpected(error_at(Errc::not_finite, "values", i, *values[i], "must be finite"));
    }
  }

  const double cell = std::clamp(
      std::floor(options.max_side / static_cast<double>(std::max(rows, columns))), 1.0, 46.0);
  const double size = std::min(12.0, std::max(7.0, cell * 0.62));  // of labels
  const bool labelled = cell >= 9;
  double row_room = 0;
  double column_room = 0;
  if (labelled) {
    for (const std::string& label : row_labels) {
      row_room = std::max(row_room, text_width(label, size));
    }
    for (const std::string& label : column_labels) {
      column_room = std::max(column_room, text_width(label, size));
    }
    row_room = std::min(row_room, 260.0) + 8;
    column_room = std::min(column_room, 260.0) + 8;
  }
  const double heading =
      (options.title.empty() ? 0 : 20) + (options.subtitle.empty() ? 0 : 20) + 32;
  const double left = 24 + row_room;
  const double top = heading;
  const double grid_width = cell * static_cast<double>(columns);
  const double grid_height = cell * static_cast<double>(rows);
  const double legend = 64;
  // Slanted column labels below lean to the left, so they need no room on the right.
  const double width = std::max(left + grid_width + 24, text_width(options.title, 18) * 1.06 + 48);
  const double height = top + grid_height + column_room + legend + 8;
  Svg svg{width, height, options.title, options.description};
  svg.hatch("empty", "#eeeeee", "#c4c4c4", 5, 0.5);
  put_heading(svg, 24, width, options.title, options.subtitle);

  const auto share = [&](double v) {
    return std::clamp((v - options.low) / (options.high - options.low), 0.0, 1.0);
  };
  const auto colour = [&](double v) {
    return options.diverging ? diverging_ramp(2 * share(v) - 1) : ombre_ramp(share(v));
  };
  // A number is written where every one of them fits.
  double number_room = 0;
  for (const auto& value : values) {
    if (value) {
      number_room = std::max(number_room, text_width(fixed_number(*value, options.decimals), 10));
    }
  }
  const bool numbers = options.values && number_room + 6 <= cell;
  const double gap = cell >= 10 ? 1 : 0;
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) {
      const double x = left + cell * static_cast<double>(c);
      const double y = top + cell * static_cast<double>(r);
      const auto& value = values[r * columns + c];
      const Colour fill = value ? colour(*value) : Colour{238, 238, 238};
      svg.rect(x, y, cell - gap, cell - gap, {.fill = value ? fill.hex() : "url(#empty)"});
      if (value && numbers) {
        svg.text(x + (cell - gap) / 2, y + (cell - gap) / 2 + 3.5,
                 fixed_number(*value, options.decimals),
                 {.size = 10, .fill = ink_on(fill).hex(), .anchor = Anchor::middle});
      }
    }
  }
  if (labelled) {
    for (std::size_t r = 0; r < rows; ++r) {
      svg.text(left - 8, top + cell * (static_cast<double>(r) + 0.5) + size * 0.35,
               fitted(row_labels[r], size, 260),
               {.size = size, .fill = ink, .anchor = Anchor::end});
    }
    for (std::size_t c = 0; c < columns; ++c) {
      svg.text(left + cell * (static_cast<double>(c) + 0.5) + size * 0.35, top + grid_height + 8,
               fitted(column_labels[c], size, 260),
               {.size = size, .fill = ink, .anchor = Anchor::end, .rotate = -90});
    }
  }

  // Legend: the ramp with its ends.
  const double y = top + grid_height + column_room + 24;
  constexpr int steps = 64;
  const double bar = grid_width >= 192 ? 3 * steps : 2 * steps;  // whole pixels: no seams
  const double x = std::round(std::min(left, width - 24 - bar));
  for (int s = 0; s < steps; ++s) {
    const double t = (s + 0.5) / steps;
    const double v = options.low + t * (options.high - options.low);
    svg.rect(x + bar * s / steps, y, bar / steps, 10, {.fill = colour(v).hex()});
  }
  const TextPaint words{.size = small_size, .fill = soft_ink};
  svg.text(x, y + 24, figure_number(options.low, 3), words);
  TextPaint end = words;
  end.anchor = Anchor::end;
  svg.text(x + bar, y + 24, figure_number(options.high, 3), end);
  if (!options.scale_label.empty()) {
    TextPaint middle = words;
    middle.anchor = Anchor::middle;
    svg.text(x + bar / 2, y + 24, fitted(options.scale_label, small_size, bar - 50), middle);
  }
  return std::move(svg).finish();
}

}  // namespace ombre::inline v0::io
