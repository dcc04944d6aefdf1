#include <algorithm>
#include <cmath>
#include <limits>

#include "figure_parts.hpp"
#include "ombre/io/figures.hpp"

namespace ombre::inline v0::io {

namespace {

using namespace detail;

std::string number_text(double value, const IntervalOptions& options) {
  return options.percent ? fixed_number(value * 100, options.decimals) + "%"
                         : fixed_number(value, options.decimals);
}

std::string note_of(const IntervalRow& row, const IntervalOptions& options) {
  if (row.heading) return {};
  if (!row.note.empty()) return row.note;
  if (!row.estimate) return "not estimable";
  std::string text = number_text(*row.estimate, options);
  if (row.lower && row.upper) {
    text +=
        " (" + number_text(*row.lower, options) + " to " + number_text(*row.upper, options) + ")";
  }
  return text;
}

Result<void> check(std::span<const IntervalRow> rows, const IntervalOptions& options) {
  if (rows.empty()) return unexpected(error_of(Errc::empty_input, "rows", "must not be empty"));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (const auto& value : {rows[i].estimate, rows[i].lower, rows[i].upper}) {
      if (!value) continue;
      if (!std::isfinite(*value)) {
        return unexpected(error_at(Errc::not_finite, "rows", i, *value, "must be finite"));
      }
      if (options.log_scale && *value <= 0) {
        return unexpected(
            error_at(Errc::out_of_range, "rows", i, *value, "must be above 0 on a log scale"));
      }
    }
    if (rows[i].lower && rows[i].upper && *rows[i].lower > *rows[i].upper) {
      return unexpected(
          error_at(Errc::out_of_range, "rows", i, *rows[i].lower, "lower must not be above upper"));
    }
  }
  return {};
}

double indent(const IntervalRow& row) { return row.heading ? 0 : row.below ? 22 : 8; }

}  // namespace

Result<std::string> interval_chart(std::span<const IntervalRow> rows,
                                   const IntervalOptions& options) {
  if (auto good = check(rows, options); !good) return unexpected(good.error());
  if (auto good = finite_in(options.width, 420, 4000, "width"); !good) {
    return unexpected(good.error());
  }
  if (options.log_scale && (options.bars || (options.reference && *options.reference <= 0))) {
    return unexpected(error_of(Errc::contradiction, "log_scale",
                               "has no bars from 0 and no reference of 0 or less"));
  }
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  const auto add = [&](const std::optional<double>& value) {
    if (!value || !std::isfinite(*value)) return;
    low = std::min(low, *value);
    high = std::max(high, *value);
  };
  for (const IntervalRow& row : rows) {
    add(row.estimate);
    add(row.lower);
    add(row.upper);
  }
  add(options.reference);
  if (options.bars) add(0.0);
  if (!(low <= high)) {
    low = options.log_scale ? 0.5 : 0;
    high = options.log_scale ? 2 : 1;
  }
  const auto scale = [&](double v) { return options.log_scale ? std::log(v) : v; };
  const auto back = [&](double v) { return options.log_scale ? std::exp(v) : v; };
  double from = scale(low);
  double to = scale(high);
  const double margin = to > from ? 0.05 * (to - from) : options.log_scale ? 0.4 : 0.5;
  if (!options.bars || low < 0) from -= margin;
  if (!options.bars || high > 0) to += margin;

  double label_room = 0;
  double note_room = 0;
  for (const IntervalRow& row : rows) {
    label_room = std::max(label_room, text_width(row.label, label_size) + indent(row) + 4);
    note_room = std::max(note_room, text_width(note_of(row, options), small_size));
  }
  label_room = std::min(label_room, options.width * 0.38);
  note_room = std::min(note_room, options.width * 0.3);
  const double left = 24 + label_room + 16;
  const double plot_width = options.width - left - note_room - 24 - 20;
  constexpr double line = 24;
  const double heading =
      (options.title.empty() ? 0 : 20) + (options.subtitle.empty() ? 0 : 20) + 32;
  const double top = heading;
  const double bottom = top + line * static_cast<double>(rows.size());
  const bool sides = !options.left_label.empty() || !options.right_label.empty();
  const double height = bottom + 34 + (sides ? 20 : 0) + (options.x_label.empty() ? 0 : 22);

  Svg svg{options.width, height, options.title, options.description};
  put_heading(svg, 24, options.width, options.title, options.subtitle);
  const auto px = [&](double v) { return left + (scale(v) - from) / (to - from) * plot_width; };

  std::vector<double> ticks =
      options.log_scale ? log_ticks(back(from), back(to)) : nice_ticks(from, to, 6);
  if (ticks.size() < 2 && options.log_scale) ticks = nice_ticks(back(from), back(to), 5);
  double label_end = -1e9;
  for (const double t : ticks) {
    if (options.log_scale && t <= 0) continue;
    svg.line(px(t), top, px(t), bottom, {.stroke = grid_ink});
    svg.line(px(t), bottom, px(t), bottom + 5, {.stroke = axis_ink});
    const std::string text = tick_text(t, options.percent);
    const double half = text_width(text, small_size) / 2;
    if (px(t) - half < label_end) continue;
    label_end = px(t) + half + 6;
    svg.text(px(t), bottom + 19, text,
             {.size = small_size, .fill = soft_ink, .anchor = Anchor::middle});
  }
  svg.line(left, bottom, left + plot_width, bottom, {.stroke = axis_ink});
  if (options.reference) {
    svg.line(px(*options.reference), top - 4, px(*options.reference), bottom,
             {.stroke = soft_ink, .stroke_width = 1.2, .dash = "4 3"});
  }

  const std::string colour = category_colour(0).hex();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const IntervalRow& row = rows[i];
    const double y = top + line * (static_cast<double>(i) + 0.5);
    svg.text(24 + indent(row), y + 4, fitted(row.label, label_size, label_room - indent(row) + 8),
             {.size = label_size, .fill = ink, .bold = row.heading});
    if (row.heading) continue;
    svg.text(options.width - 24, y + 4, fitted(note_of(row, options), small_size, note_room + 1),
             {.size = small_size, .fill = soft_ink, .anchor = Anchor::end});
    if (row.estimate && options.bars) {
      const double a = px(std::min(0.0, *row.estimate));
      const double b = px(std::max(0.0, *row.estimate));
      svg.rect(a, y - 8, std::max(0.5, b - a), 16, {.fill = colour, .opacity = 0.75});
    }
    if (row.lower && row.upper) {
      const std::string ink_here = options.bars ? ink : colour;
      svg.line(px(*row.lower), y, px(*row.upper), y, {.stroke = ink_here, .stroke_width = 1.6});
      for (const double end : {*row.lower, *row.upper}) {
        svg.line(px(end), y - 4, px(end), y + 4, {.stroke = ink_here, .stroke_width = 1.6});
      }
    }
    if (row.estimate && !options.bars) {
      svg.rect(px(*row.estimate) - 4, y - 4, 8, 8, {.fill = colour});
    }
  }
  double below = bottom + 19;
  if (sides) {
    below += 20;
    const double at = options.reference ? px(*options.reference) : left + plot_width / 2;
    if (!options.left_label.empty()) {
      svg.text(at - 8, below, "\xE2\x86\x90 " + options.left_label,
               {.size = small_size, .fill = soft_ink, .anchor = Anchor::end});
    }
    if (!options.right_label.empty()) {
      svg.text(at + 8, below, options.right_label + " \xE2\x86\x92",
               {.size = small_size, .fill = soft_ink});
    }
  }
  if (!options.x_label.empty()) {
    svg.text(left + plot_width / 2, below + 22, options.x_label,
             {.size = label_size, .fill = ink, .anchor = Anchor::middle});
  }
  return std::move(svg).finish();
}

}  // namespace ombre::inline v0::io
