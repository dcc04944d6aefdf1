#include "ombre/io/survival_figures.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "io/figure_parts.hpp"

namespace ombre::inline v0::io {
namespace {

using namespace detail;

constexpr std::array<const char*, 7> dashes{"",     "7 3",     "2 2.5", "9 3 2 3",
                                            "12 4", "4 2 1 2", "1 3"};
constexpr double row_height = 17;
constexpr double least_plot = 220;  // pixels; flatter curves cannot be told apart

struct LegendEntry {
  double x = 0;
  double y = 0;
  std::string name;
};

Result<void> check(std::span<const SurvivalFigureCurve> curves,
                   const SurvivalFigureOptions& options) {
  if (curves.empty()) return unexpected(error_of(Errc::empty_input, "curves", "must not be empty"));
  if (curves.size() > dashes.size()) {
    return unexpected(error_at(Errc::out_of_range, "curves", std::nullopt,
                               static_cast<double>(curves.size()),
                               "can be at most 7, or nobody can tell them apart"));
  }
  bool any = false;
  for (std::size_t c = 0; c < curves.size(); ++c) {
    if (curves[c].curve == nullptr) {
      return unexpected(error_at(Errc::missing, "curves", c, curves[c].name, "must have a curve"));
    }
    const std::size_t limits = curves[c].limits.size();
    if (limits != 0 && limits != curves[c].curve->size()) {
      return unexpected(error_at(Errc::size_mismatch, "limits", c, static_cast<double>(limits),
                                 "must be one for each time of the curve, or none"));
    }
    any = any || curves[c].curve->size() > 0;
  }
  if (!any) return unexpected(error_of(Errc::empty_input, "curves", "must have a time"));
  if (auto good = finite_in(options.width, 360, 4000, "width"); !good) return good;
  if (auto good = finite_in(options.height, 300, 4000, "height"); !good) return good;
  for (const auto& value : {options.x_high, options.horizon}) {
    if (value && !(std::isfinite(*value) && *value > 0)) {
      return unexpected(error_at(Errc::out_of_range, value == options.x_high ? "x_high" : "horizon",
                                 std::nullopt, *value, "must be finite and above 0"));
    }
  }
  for (std::size_t i = 0; i < options.x_ticks.size(); ++i) {
    if (!std::isfinite(options.x_ticks[i])) {
      return unexpected(
          error_at(Errc::not_finite, "x_ticks", i, options.x_ticks[i], "must be finite"));
    }
  }
  return {};
}

// Where the plot lies, and how numbers become pixels.
struct Frame {
  double left = 0;
  double top = 0;
  double width = 0;
  double height = 0;
  double x_low = 0;
  double x_high = 1;
  bool falling = true;
  [[nodiscard]] double bottom() const { return top + height; }
  [[nodiscard]] double x(double t) const { return left + (t - x_low) / (x_high - x_low) * width; }
  [[nodiscard]] double y(double survival) const {
    return bottom() - (falling ? survival : 1 - survival) * height;
  }
};

// A step line through (time, value), from `level` before the first; points nearer than a quarter of
// a pixel to the last one are left out.
class Steps {
 public:
  Steps(const Frame& frame, double start, double level) : frame_{frame}, level_{frame.y(level)} {
    points_ = {frame.x(start), level_};
  }
  void step(double time, double value) {
    const double x = frame_.x(std::min(time, frame_.x_high));
    const double y = frame_.y(value);
    x_ = x;
    if (std::abs(y - level_) < 0.25 && value > 0) return;
    points_.insert(points_.end(), {x, level_, x, y});
    level_ = y;
  }
  // Horizontally on to a time.
  void hold(double time) {
    x_ = frame_.x(std::min(time, frame_.x_high));
    points_.insert(points_.end(), {x_, level_});
  }
  [[nodiscard]] std::vector<double>& points() { return points_; }

 private:
  const Frame& frame_;
  std::vector<double> points_;
  double level_;
  double x_ = 0;
};

void put_shading(Svg& svg, const Frame& frame, const SurvivalFigureCurve& one,
                 const std::string& colour) {
  if (one.limits.empty()) return;
  const stats::SurvivalCurve& curve = *one.curve;
  for (std::size_t i = 0; i < curve.size();) {
    if (!one.limits[i] || curve.time[i] > frame.x_high) {
      ++i;
      continue;
    }
    Steps low{frame, curve.time[i], one.limits[i]->low};
    Steps high{frame, curve.time[i], one.limits[i]->high};
    std::size_t end = i;
    for (; end < curve.size() && one.limits[end] && curve.time[end] <= frame.x_high; ++end) {
      low.step(curve.time[end], one.limits[end]->low);
      high.step(curve.time[end], one.limits[end]->high);
    }
    const double until = end < curve.size() ? curve.time[end] : curve.time.back();
    low.hold(until);
    high.hold(until);
    std::vector<double>& outline = low.points();
    const std::vector<double>& back = high.points();
    for (std::size_t k = back.size(); k >= 2; k -= 2) {
      outline.insert(outline.end(), {back[k - 2], back[k - 1]});
    }
    svg.polygon(outline, {.fill = colour, .opacity = 0.15});
    i = end;
  }
}

void put_curve(Svg& svg, const Frame& frame, const SurvivalFigureCurve& one,
               const std::string& colour, const char* dash, bool marks) {
  const stats::SurvivalCurve& curve = *one.curve;
  if (curve.size() == 0) return;
  Steps line{frame, frame.x_low, 1};
  for (std::size_t i = 0; i < curve.size() && curve.time[i] <= frame.x_high; ++i) {
    line.step(curve.time[i], curve.survival[i]);
  }
  line.hold(curve.time.back());
  svg.polyline(line.points(), {.stroke = colour, .stroke_width = 2, .dash = dash});
  if (!marks) return;
  double last = -1e9;
  for (std::size_t i = 0; i < curve.size() && curve.time[i] <= frame.x_high; ++i) {
    const double x = frame.x(curve.time[i]);
    if (!(curve.censored[i] > 0) || x - last < 1.5) continue;
    const double y = frame.y(curve.survival[i]);
    svg.line(x, y - 4.5, x, y + 4.5, {.stroke = colour, .stroke_width = 1});
    last = x;
  }
}

std::optional<double> median_of(const stats::SurvivalCurve& curve) {
  std::vector<std::optional<double>> value;
  value.reserve(curve.size());
  for (const double s : curve.survival) value.emplace_back(1 - s);
  const std::array half{0.5};
  return stats::step_quantiles(curve.time, value, half).front();
}

void put_medians(Svg& svg, const Frame& frame, std::span<const SurvivalFigureCurve> curves) {
  double furthest = frame.x_low;
  for (std::size_t c = 0; c < curves.size(); ++c) {
    const auto median = median_of(*curves[c].curve);
    if (!median || *median > frame.x_high) continue;
    furthest = std::max(furthest, *median);
    svg.line(frame.x(*median), frame.y(0.5), frame.x(*median), frame.bottom(),
             {.stroke = category_colour(c).hex(), .stroke_width = 1, .dash = "1.5 2.5"});
  }
  if (furthest > frame.x_low) {
    svg.line(frame.left, frame.y(0.5), frame.x(furthest), frame.y(0.5),
             {.stroke = axis_ink, .stroke_width = 1, .dash = "1.5 2.5"});
  }
}

void put_area(Svg& svg, const Frame& frame, const stats::SurvivalCurve& curve, double horizon,
              const std::string& colour) {
  Steps line{frame, frame.x_low, 1};
  for (std::size_t i = 0; i < curve.size() && curve.time[i] <= horizon; ++i) {
    line.step(curve.time[i], curve.survival[i]);
  }
  line.hold(horizon);
  std::vector<double>& outline = line.points();
  const double base = frame.y(frame.falling ? 0 : 1);
  outline.insert(outline.end(), {frame.x(std::min(horizon, frame.x_high)), base, frame.left, base});
  svg.polygon(outline, {.fill = colour, .opacity = 0.13});
}

// The corner of the plot with the least ink: left edge and base line of a text of that width.
struct Corner {
  double x;
  double y;
};
Corner free_corner(const Frame& frame, std::span<const SurvivalFigureCurve> curves, double wide) {
  const double right = frame.left + frame.width - wide - 14;
  const double left = frame.left + 14;
  const double top = frame.top + 18;
  const double bottom = frame.bottom() - 12;
  const std::array<Corner, 4> corners{{{right, top}, {left, bottom}, {right, bottom}, {left, top}}};
  Corner best = corners[0];
  double least = 1e300;
  for (const Corner& corner : corners) {
    double ink_there = 0;
    for (const SurvivalFigureCurve& one : curves) {
      for (int i = 0; i <= 40; ++i) {
        const double x = corner.x - 6 + (wide + 12) * i / 40;
        const double t =
            frame.x_low + (x - frame.left) / frame.width * (frame.x_high - frame.x_low);
        if (one.curve->size() == 0 || t > one.curve->time.back()) continue;
        const auto at = one.curve->at(t);
        const double y = frame.y(at ? one.curve->survival[*at] : 1);
        if (std::abs(y - (corner.y - 4)) < 14) ink_there += 10;
        if (!at || one.limits.empty() || !one.limits[*at]) continue;
        const double a = frame.y(one.limits[*at]->low);
        const double b = frame.y(one.limits[*at]->high);
        if (std::min(a, b) < corner.y + 6 && std::max(a, b) > corner.y - 14) ink_there += 1;
      }
    }
    if (ink_there < least) {
      least = ink_there;
      best = corner;
    }
  }
  return best;
}

// Numbers of people have no decimals; sums of weights may.
std::string count_text(double count) {
  return figure_number(count, count == std::floor(count) ? 0 : 1);
}

std::string described(std::span<const SurvivalFigureCurve> curves) {
  std::string out = "Survival curves.";
  for (const SurvivalFigureCurve& one : curves) {
    double events = 0;
    for (const double d : one.curve->events) events += d;
    out += " " + (one.name.empty() ? std::string{"All"} : one.name) + ": " +
           std::to_string(one.people.value_or(one.curve->rows)) + " people, " + count_text(events) +
           " events";
    const auto median = median_of(*one.curve);
    out += median ? ", median " + readable(*median) + "." : ", median not reached.";
  }
  return out;
}

}  // namespace

Result<std::string> survival_figure(std::span<const SurvivalFigureCurve> curves,
                                    const SurvivalFigureOptions& options) {
  if (auto good = check(curves, options); !good) return unexpected(good.error());
  Frame frame;
  frame.falling = options.falling;
  double last = 0;
  for (const SurvivalFigureCurve& one : curves) {
    if (one.curve->size() == 0) continue;
    last = std::max(last, one.curve->time.back());
    frame.x_low = std::min(frame.x_low, one.curve->time.front());
  }
  if (options.horizon) last = std::max(last, *options.horizon);
  frame.x_high = options.x_high.value_or(last);
  if (!(frame.x_high > frame.x_low)) frame.x_high = frame.x_low + 1;
  std::vector<double> ticks = options.x_ticks;
  if (ticks.empty()) {
    ticks = nice_ticks(frame.x_low, frame.x_high, 8);
    if (!options.x_high && ticks.size() > 1) {  // a little room, so that the last steps are seen
      frame.x_high += 0.01 * (frame.x_high - frame.x_low);
    }
  }
  std::erase_if(ticks, [&](double t) { return t < frame.x_low || t > frame.x_high; });

  const bool named = curves.size() > 1 || !curves.front().name.empty();
  const bool table = options.at_risk;
  double names = table ? text_width("No. at risk", small_size) : 0;
  if (named && table) {
    for (const SurvivalFigureCurve& one : curves) {
      names = std::max(names, text_width(one.name, small_size));
    }
  }
  names = std::min(names, options.width * 0.28);
  const double tick_room = text_width("100%", small_size);
  frame.left = std::max(20 + 22 + tick_room + 10, table ? 16 + names + 26 : 0);
  const double right = 30;
  frame.width = options.width - frame.left - right;

  // What stands above and below the plot, and so how high the figure has to be.
  const double title_size = 18;
  const std::vector<std::string> title =
      fitted_lines(options.title, title_size * bold_width, options.width - 32, 3);
  double top = 22;
  if (!title.empty() || !options.subtitle.empty()) {
    top = 32 + 20.0 * static_cast<double>(title.size()) + (options.subtitle.empty() ? 0 : 20);
  }
  std::vector<LegendEntry> legend;
  if (named) {
    double at = frame.left;
    for (const SurvivalFigureCurve& one : curves) {
      std::string name = fitted(one.name, label_size, frame.width - 50);
      const double room = 40 + text_width(name, label_size);
      if (at > frame.left && at + room > options.width - right) {
        at = frame.left;
        top += 20;
      }
      legend.push_back({at, top, std::move(name)});
      at += room + 18;
    }
    top += 20;
  }
  frame.top = top;
  const double below = 24 + (options.x_label.empty() ? 0 : 20) +
                       (table ? 26 + row_height * static_cast<double>(curves.size()) : 0) +
                       (options.limits_note.empty() ? 0 : 20) + 12;
  // Many groups make the figure higher rather than the plot flat.
  const double height = std::max(options.height, frame.top + least_plot + below);
  frame.height = height - frame.top - below;
  if (frame.width < 120) {
    return unexpected(error_at(Errc::out_of_range, "width", std::nullopt, options.width,
                               "leaves no room for the plot"));
  }

  const std::string description =
      options.description.empty() ? described(curves) : options.description;
  Svg svg{
      options.width, height,
      options.title.empty() ? std::string_view{"Survival curves"} : std::string_view{options.title},
      description};
  svg.rect(0, 0, options.width, height, {.fill = "#ffffff"});
  double line = 14;
  for (const std::string& text : title) {
    svg.text(16, line += 20, text, {.size = title_size, .fill = ink, .bold = true});
  }
  if (!options.subtitle.empty()) {
    svg.text(16, line += 20, fitted(options.subtitle, 12.5, options.width - 28),
             {.size = 12.5, .fill = soft_ink});
  }
  for (std::size_t c = 0; c < legend.size(); ++c) {
    const LegendEntry& one = legend[c];
    svg.line(one.x, one.y, one.x + 30, one.y,
             {.stroke = category_colour(c).hex(), .stroke_width = 2, .dash = dashes[c]});
    svg.text(one.x + 36, one.y + 4, one.name, {.size = label_size, .fill = ink});
  }

  for (int i = 0; i <= 4; ++i) {
    const double value = i / 4.0;
    const double y = frame.bottom() - value * frame.height;
    if (i > 0) svg.line(frame.left, y, frame.left + frame.width, y, {.stroke = grid_ink});
    svg.text(frame.left - 8, y + 4, tick_text(value, true),
             {.size = small_size, .fill = soft_ink, .anchor = Anchor::end});
  }
  if (!options.y_label.empty()) {
    svg.text(frame.left - tick_room - 22, frame.top + frame.height / 2,
             fitted(options.y_label, label_size, frame.height),
             {.size = label_size, .fill = ink, .anchor = Anchor::middle, .rotate = -90});
  }
  if (options.horizon) {
    for (std::size_t c = 0; c < curves.size(); ++c) {
      put_area(svg, frame, *curves[c].curve, *options.horizon, category_colour(c).hex());
    }
  }
  for (std::size_t c = 0; c < curves.size(); ++c) {
    put_shading(svg, frame, curves[c], category_colour(c).hex());
  }
  if (options.medians) put_medians(svg, frame, curves);
  if (options.horizon && *options.horizon <= frame.x_high) {
    const double x = frame.x(*options.horizon);
    svg.line(x, frame.top, x, frame.bottom(), {.stroke = soft_ink, .dash = "5 3"});
  }
  for (std::size_t c = 0; c < curves.size(); ++c) {
    put_curve(svg, frame, curves[c], category_colour(c).hex(), curves.size() > 1 ? dashes[c] : "",
              options.censor_marks);
  }
  svg.line(frame.left, frame.top, frame.left, frame.bottom(), {.stroke = axis_ink});
  svg.line(frame.left, frame.bottom(), frame.left + frame.width, frame.bottom(),
           {.stroke = axis_ink});
  std::vector<double> shown;  // ticks whose labels do not touch
  double label_end = -1e9;
  for (const double t : ticks) {
    const double x = frame.x(t);
    svg.line(x, frame.bottom(), x, frame.bottom() + 5, {.stroke = axis_ink});
    const std::string text = tick_text(t, false);
    double half = text_width(text, small_size) / 2;
    if (table) {
      for (const SurvivalFigureCurve& one : curves) {
        half = std::max(half, text_width(count_text(one.curve->at_risk_at(t)), small_size) / 2);
      }
    }
    if (x - half < label_end) continue;
    label_end = x + half + 6;
    shown.push_back(t);
    svg.text(x, frame.bottom() + 19, text,
             {.size = small_size, .fill = soft_ink, .anchor = Anchor::middle});
  }
  double y = frame.bottom() + 24;
  if (!options.x_label.empty()) {
    y += 15;
    svg.text(frame.left + frame.width / 2, y, options.x_label,
             {.size = label_size, .fill = ink, .anchor = Anchor::middle});
    y += 5;
  }
  if (!options.note.empty()) {
    const double wide = text_width(options.note, label_size);
    const Corner at = free_corner(frame, curves, wide);
    svg.rect(at.x - 5, at.y - 13, wide + 10, 19, {.fill = "#ffffff", .opacity = 0.85}, 2);
    svg.text(at.x, at.y, options.note, {.size = label_size, .fill = ink});
  }
  if (table) {
    y += 18;
    svg.text(16, y, "No. at risk", {.size = small_size, .fill = ink, .bold = true});
    for (std::size_t c = 0; c < curves.size(); ++c) {
      y += row_height;
      svg.text(16, y, fitted(named ? curves[c].name : "All", small_size, frame.left - 36),
               {.size = small_size, .fill = category_colour(c).hex()});
      for (const double t : shown) {
        svg.text(frame.x(t), y, count_text(curves[c].curve->at_risk_at(t)),
                 {.size = small_size, .fill = ink, .anchor = Anchor::middle});
      }
    }
    y += 8;
  }
  if (!options.limits_note.empty()) {
    svg.text(16, height - 12, fitted(options.limits_note, small_size, options.width - 32),
             {.size = small_size, .fill = soft_ink});
  }
  return std::move(svg).finish();
}

}  // namespace ombre::inline v0::io
