#include <algorithm>
#include <cmath>
#include <limits>

#include "figure_parts.hpp"
#include "ombre/io/figures.hpp"

namespace ombre::inline v0::io {

namespace {

using namespace detail;

Result<void> check(std::span<const CurveSeries> series) {
  if (series.empty()) return unexpected(error_of(Errc::empty_input, "series", "must not be empty"));
  bool any = false;
  for (std::size_t s = 0; s < series.size(); ++s) {
    const CurveSeries& curve = series[s];
    const auto fits = [&](const std::vector<double>& column, bool may_be_empty) {
      return column.size() == curve.x.size() || (may_be_empty && column.empty());
    };
    if (!fits(curve.y, false) || !fits(curve.lower, true) || !fits(curve.upper, true) ||
        curve.lower.size() != curve.upper.size()) {
      return unexpected(error_at(Errc::size_mismatch, "series", s, curve.name,
                                 "x, y, lower and upper must be equally long (lower and upper may "
                                 "both be empty)"));
    }
    any = any || !curve.x.empty();
    for (const auto* column : {&curve.x, &curve.y, &curve.lower, &curve.upper, &curve.ticks}) {
      for (std::size_t i = 0; i < column->size(); ++i) {
        if (!std::isfinite((*column)[i])) {
          return unexpected(
              error_at(Errc::not_finite, curve.name, i, (*column)[i], "must be finite"));
        }
      }
    }
    for (std::size_t i = 1; i < curve.x.size(); ++i) {
      if (curve.x[i] < curve.x[i - 1]) {
        return unexpected(error_at(Errc::out_of_range, curve.name, i, curve.x[i], "x must ascend"));
      }
    }
  }
  if (!any) return unexpected(error_of(Errc::empty_input, "series", "must hold a point"));
  return {};
}

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
  void add(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  void widen() {  // a range of one value gets room around it
    if (low < high) return;
    const double room = low == 0 ? 1 : std::abs(low) * 0.1;
    low -= room;
    high += room;
  }
};

// Value of a curve at x, for marks on it.
double value_at(const CurveSeries& curve, double x, bool steps) {
  const auto after = std::ranges::upper_bound(curve.x, x);
  if (after == curve.x.begin()) return curve.y.front();
  const auto i = static_cast<std::size_t>(after - curve.x.begin()) - 1;
  if (steps || i + 1 == curve.x.size() || curve.x[i + 1] == curve.x[i]) return curve.y[i];
  const double share = (x - curve.x[i]) / (curve.x[i + 1] - curve.x[i]);
  return curve.y[i] + share * (curve.y[i + 1] - curve.y[i]);
}

}  // namespace

Result<std::string> curve_chart(std::span<const CurveSeries> series, const CurveOptions& options) {
  if (auto good = check(series); !good) return unexpected(good.error());
  if (auto good = finite_in(options.width, 320, 4000, "width"); !good) {
    return unexpected(good.error());
  }
  if (auto good = finite_in(options.height, 240, 4000, "height"); !good) {
    return unexpected(good.error());
  }
  for (std::size_t i = 0; i < options.table.size(); ++i) {
    if (options.table[i].values.size() != options.x_ticks.size()) {
      return unexpected(error_at(Errc::size_mismatch, "table", i, options.table[i].name,
                                 "must have one value for each of x_ticks"));
    }
  }
  Range x;
  Range y;
  for (const CurveSeries& curve : series) {
    for (const double v : curve.x) x.add(v);
    for (const auto* column : {&curve.y, &curve.lower, &curve.upper}) {
      for (const double v : *column) y.add(v);
    }
  }
  for (const double v : options.x_ticks) x.add(v);
  if (options.x_high) x.high = *options.x_high;
  if (options.percent) {
    y.add(0);
    y.add(1);
  }
  if (options.y_low) y.low = *options.y_low;
  if (options.y_high) y.high = *options.y_high;
  if (!std::isfinite(x.low + x.high + y.low + y.high) || y.high < y.low || x.high < x.low) {
    return unexpected(error_of(Errc::out_of_range, "axis", "must be finite, low before high"));
  }
  x.widen();
  y.widen();
  std::vector<double> y_ticks = nice_ticks(y.low, y.high, 5);
  if (!options.y_low && !options.percent && y_ticks.size() > 1) {  // the axis ends on ticks
    const double step = y_ticks[1] - y_ticks[0];
    y.low = y_ticks.front() - (y_ticks.front() > y.low + 1e-9 * step ? step : 0);
    if (!options.y_high)
      y.high = y_ticks.back() + (y_ticks.back() < y.high - 1e-9 * step ? step : 0);
    y_ticks = nice_ticks(y.low, y.high, y_ticks.size());
  }
  const std::vector<double> x_ticks =
      options.x_ticks.empty() ? nice_ticks(x.low, x.high, 8) : options.x_ticks;

  double tick_room = 0;
  for (const double t : y_ticks) {
    tick_room = std::max(tick_room, text_width(tick_text(t, options.percent), small_size));
  }
  double table_room = 0;
  for (const CurveTableRow& row : options.table) {
    table_room = std::max(table_room, text_width(row.name, small_size));
  }
  const double left = std::max(24 + tick_room + 10 + (options.y_label.empty() ? 0 : 22),
                               options.table.empty() ? 0 : std::min(table_room, 200.0) + 24 + 24);
  const double right = 28;
  const double table_height =
      options.table.empty() ? 0 : 30 + 17 * static_cast<double>(options.table.size());

  Svg svg{options.width, options.height, options.title, options.description};
  double top = put_heading(svg, 24, options.width, options.title, options.subtitle);

  // Legend: names in a line (or several) above the plot.
  if (series.size() > 1 || !series.front().name.empty()) {
    double at = left;
    for (std::size_t s = 0; s < series.size(); ++s) {
      const std::string name = fitted(series[s].name, label_size, options.width - left - 80);
      const double room = 26 + text_width(name, label_size);
      if (at > left && at + room > options.width - right) {
        at = left;
        top += 20;
      }
      svg.line(at, top + 2, at + 18, top + 2,
               {.stroke = category_colour(s).hex(), .stroke_width = 3});
      svg.text(at + 24, top + 6, name, {.size = label_size, .fill = ink});
      at += room + 20;
    }
    top += 22;
  }
  const double bottom = options.height - table_height - 34 - (options.x_label.empty() ? 0 : 22);
  const double plot_width = options.width - left - right;
  const double plot_height = bottom - top;
  if (plot_height < 40 || plot_width < 80) {
    return unexpected(error_of(Errc::out_of_range, "height", "leaves no room for the plot"));
  }
  const auto px = [&](double v) { return left + (v - x.low) / (x.high - x.low) * plot_width; };
  const auto py = [&](double v) {
    const double share = std::clamp((v - y.low) / (y.high - y.low), 0.0, 1.0);
    return bottom - share * plot_height;
  };

  for (const double t : y_ticks) {
    svg.line(left, py(t), left + plot_width, py(t), {.stroke = grid_ink});
    svg.text(left - 8, py(t) + 4, tick_text(t, options.percent),
             {.size = small_size, .fill = soft_ink, .anchor = Anchor::end});
  }
  svg.line(left, bottom, left + plot_width, bottom, {.stroke = axis_ink});
  double label_end = -1e9;
  for (const double t : x_ticks) {
    if (t < x.low || t > x.high) continue;
    svg.line(px(t), bottom, px(t), bottom + 5, {.stroke = axis_ink});
    const std::string text = tick_text(t, false);
    const double half = text_width(text, small_size) / 2;
    if (px(t) - half < label_end) continue;
    label_end = px(t) + half + 6;
    svg.text(px(t), bottom + 19, text,
             {.size = small_size, .fill = soft_ink, .anchor = Anchor::middle});
  }
  if (!options.x_label.empty()) {
    svg.text(left + plot_width / 2, bottom + 41, options.x_label,
             {.size = label_size, .fill = ink, .anchor = Anchor::middle});
  }
  if (!options.y_label.empty()) {
    svg.text(left - tick_room - 20, top + plot_height / 2,
             fitted(options.y_label, label_size, plot_height + 40),
             {.size = label_size, .fill = ink, .anchor = Anchor::middle, .rotate = -90});
  }

  // Bands first, so that no curve is hidden by another one's band.
  const auto trace = [&](const CurveSeries& curve, const std::vector<double>& values) {
    std::vector<double> points;
    for (std::size_t i = 0; i < curve.x.size(); ++i) {
      const double at = std::min(curve.x[i], x.high);
      if (options.steps && i > 0) points.insert(points.end(), {px(at), py(values[i - 1])});
      if (curve.x[i] > x.high) break;
      points.insert(points.end(), {px(at), py(values[i])});
    }
    return points;
  };
  for (std::size_t s = 0; s < series.size(); ++s) {
    if (series[s].lower.empty()) continue;
    std::vector<double> outline = trace(series[s], series[s].lower);
    const std::vector<double> upper = trace(series[s], series[s].upper);
    for (std::size_t i = upper.size(); i >= 2; i -= 2) {
      outline.insert(outline.end(), {upper[i - 2], upper[i - 1]});
    }
    svg.polygon(outline, {.fill = category_colour(s).hex(), .opacity = 0.15});
  }
  for (std::size_t s = 0; s < series.size(); ++s) {
    if (series[s].x.empty()) continue;
    const std::string colour = category_colour(s).hex();
    if (series[s].x.size() == 1) {
      svg.circle(px(series[s].x[0]), py(series[s].y[0]), 3, {.fill = colour});
    } else {
      svg.polyline(trace(series[s], series[s].y), {.stroke = colour, .stroke_width = 2});
    }
    for (const double t : series[s].ticks) {
      if (t < x.low || t > x.high) continue;
      const double level = py(value_at(series[s], t, options.steps));
      svg.line(px(t), level - 4, px(t), level + 4, {.stroke = colour, .stroke_width = 1.2});
    }
  }

  if (!options.table.empty()) {
    double line = options.height - table_height + 16;
    svg.text(24, line, options.table_title, {.size = small_size, .fill = ink, .bold = true});
    for (std::size_t r = 0; r < options.table.size(); ++r) {
      line += 17;
      const bool matches = r < series.size() && series[r].name == options.table[r].name;
      svg.text(24, line, fitted(options.table[r].name, small_size, left - 48),
               {.size = small_size, .fill = matches ? category_colour(r).hex() : soft_ink});
      for (std::size_t t = 0; t < x_ticks.size(); ++t) {
        if (x_ticks[t] < x.low || x_ticks[t] > x.high) continue;
        svg.text(px(x_ticks[t]), line, options.table[r].values[t],
                 {.size = small_size, .fill = soft_ink, .anchor = Anchor::middle});
      }
    }
  }
  return std::move(svg).finish();
}

}  // namespace ombre::inline v0::io
