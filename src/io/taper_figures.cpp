#include "ombre/io/taper_figures.hpp"

#include <algorithm>
#include <cmath>

#include "figure_parts.hpp"
#include "taper_phrase.hpp"

namespace ombre::inline v0::io {

namespace {

using namespace detail;  // NOLINT: the private parts of this module
using namespace plans;   // NOLINT: this file speaks about nothing else

constexpr double left_room = 62;
constexpr double right_room = 24;
constexpr double title_room = 30;  // above each panel
constexpr double dates_room = 26;  // below the last panel of a substance
constexpr double gap = 12;

// Days across, values up.
struct Frame {
  double x0 = 0;
  double x1 = 0;
  double top = 0;
  double bottom = 0;
  double first_day = 0;
  double last_day = 1;  // exclusive end
  double high = 1;

  [[nodiscard]] double x(double day) const {
    return x0 + (day - first_day) / (last_day - first_day) * (x1 - x0);
  }
  [[nodiscard]] double x(Date day) const { return x(static_cast<double>(day.day_number())); }
  [[nodiscard]] double y(double value) const { return bottom - value / high * (bottom - top); }
};

struct Span {
  Date first;
  Date end;  // exclusive
};

double day_number(Date day) { return static_cast<double>(day.day_number()); }

// Days spent on a step longer than the rule wants: steps that stay, and holds of the history.
std::vector<Span> stays(const TaperPlan& plan) {
  std::vector<Span> out;
  const TaperVersion& now = plan.now();
  for (std::size_t s = 0; s < now.steps.size(); ++s) {
    const TaperStep& step = now.steps[s];
    bool same = step.kind == StepKind::stay;
    for (std::size_t l = 0; same && l < step.doses.size(); ++l) {
      const Amount before = s > 0 ? now.steps[s - 1].doses[l].amount
                                  : present_amount(plan.request().lines[l]).value_or(Amount{});
      same = step.doses[l].amount == before;
    }
    if (same) out.push_back({step.first, step.last + Days{1}});
  }
  for (std::size_t v = 2; v <= plan.version(); ++v) {
    const Change& change = plan.history().change(v);
    if (change.what != "hold" && change.what != "stop_tapering") continue;
    Date end = now.steps.back().last + Days{1};
    for (std::size_t later = v + 1; later <= plan.version(); ++later) {
      const Change& next = plan.history().change(later);
      if (next.what == "accept" || next.what == "hold" || next.what == "change_goal" ||
          next.what == "slow_down" || next.what == "speed_up" || next.what == "stop_tapering") {
        continue;
      }
      end = std::min(end, next.from);
      break;
    }
    if (change.from < end) out.push_back({change.from, end});
  }
  return out;
}

std::string unit_name(const TaperLine& line) {
  const DoseUnit unit = line.intakes.front().amount.unit();
  return unit == DoseUnit::g_ethanol ? "g" : std::string{name(unit)};
}

// Axis of values: lines across and numbers at the left.
void put_values(Svg& svg, const Frame& f, double step_high, bool percent) {
  for (const double tick : nice_ticks(0, step_high, 5)) {
    svg.line(f.x0, f.y(tick), f.x1, f.y(tick), {.stroke = tick == 0 ? axis_ink : grid_ink});
    svg.text(f.x0 - 8, f.y(tick) + 4, figure_number(tick) + (percent ? "%" : ""),
             {.size = small_size, .fill = soft_ink, .anchor = Anchor::end});
  }
}

void put_dates(Svg& svg, const Frame& f, Date first, Date last) {
  const auto ticks = date_ticks(first, last, static_cast<std::size_t>((f.x1 - f.x0) / 84));
  for (const DateTick& tick : ticks) {
    svg.line(f.x(tick.day), f.bottom, f.x(tick.day), f.bottom + 5, {.stroke = axis_ink});
    const double half = text_width(tick.label, small_size) / 2;
    const double at = std::clamp(f.x(tick.day), f.x0 + half - 12, f.x1 - half + 12);
    svg.text(at, f.bottom + 18, tick.label,
             {.size = small_size, .fill = soft_ink, .anchor = Anchor::middle});
  }
}

class Drawing {
 public:
  Drawing(const TaperPlan& plan, const TaperFigureOptions& options)
      : plan_{plan},
        options_{options},
        words_{words_of(options.language)},
        first_{plan.now().steps.front().first},
        last_{plan.now().steps.back().last} {
    const double days = (last_ - first_).count() + 1;
    lead_ = std::max(1.0, std::ceil(days * 0.03));
  }

  Result<std::string> draw(const std::vector<std::size_t>& lines) {
    double height = 64 + 28;
    for (const std::size_t l : lines) height += height_of(l);
    const std::string substance = lines.size() == 1
                                      ? one_line(plan_.request().lines[lines[0]].what.name)
                                      : substances(words_, plan_);
    const std::string title = options_.title.empty()
                                  ? words_.say("figure.title", {{"substance", substance}})
                                  : options_.title;
    std::string subtitle = options_.subtitle;
    if (subtitle.empty()) {
      const auto status = status_lines(words_, plan_);
      if (!plan_.now().accepted)
        subtitle = words_.say("figure.draft");
      else if (!status.empty())
        subtitle = status.back();
    }
    Svg svg{options_.width, height, title, description(lines)};
    svg.hatch("held", "none", "#ffffff", 7, 1.2);
    double y = put_heading(svg, 24, options_.width, title, subtitle);
    y = put_legend(svg, y);
    for (const std::size_t l : lines) y = put_line(svg, l, y);
    return std::move(svg).finish();
  }

 private:
  [[nodiscard]] bool shows_effect(std::size_t l) const {
    const TaperLine& line = plan_.request().lines[l];
    return options_.effect && line.per == Per::day && line.what.curve.has_value();
  }
  [[nodiscard]] bool shows_level(std::size_t l) const {
    const TaperLine& line = plan_.request().lines[l];
    return options_.level && line.per == Per::day && !line.what.species.empty() &&
           height_of_first(l) > 0;
  }
  // What the level is a percentage of: today's dose, or what an introduced medicine rises to.
  [[nodiscard]] double height_of_first(std::size_t l) const {
    const TaperLine& line = plan_.request().lines[l];
    const double now = present_amount(line).value_or(Amount{}).value();
    return now > 0 ? now : original_amount(line).value_or(Amount{}).value();
  }
  [[nodiscard]] double small_height() const { return std::max(80.0, options_.panel_height * 0.4); }

  [[nodiscard]] double height_of(std::size_t l) const {
    double out = title_room + options_.panel_height + dates_room + gap;
    if (shows_effect(l)) out += title_room + small_height();
    if (shows_level(l)) out += title_room + small_height();
    return out;
  }

  [[nodiscard]] std::string description(const std::vector<std::size_t>& lines) const {
    std::string out;
    for (const std::size_t l : lines) {
      const TaperLine& line = plan_.request().lines[l];
      if (!out.empty()) out += ' ';
      const Amount to = plan_.now().steps.back().doses[l].amount;
      out += words_.say("figure.description",
                        {{"substance", one_line(line.what.name)},
                         {"from", words_.amount(present_amount(line).value_or(Amount{}))},
                         {"first", words_.date(first_)},
                         {"to", words_.amount(to)},
                         {"last", words_.date(last_)},
                         {"count", std::to_string(plan_.now().steps.size())}});
    }
    return out;
  }

  [[nodiscard]] Frame frame(double top, double height, double high) const {
    Frame f;
    f.x0 = left_room;
    f.x1 = options_.width - right_room;
    f.top = top;
    f.bottom = top + height;
    f.first_day = day_number(first_) - lead_;
    f.last_day = day_number(last_) + 1 + lead_;
    f.high = high;
    return f;
  }

  [[nodiscard]] bool any_rounding() const {
    for (const TaperStep& step : plan_.now().steps) {
      for (const LineDose& dose : step.doses) {
        if (std::abs(dose.rounding.micro) > 50) return true;
      }
    }
    return false;
  }

  double put_legend(Svg& svg, double y) const {
    y += 6;
    double x = left_room;
    const auto item = [&](std::string_view id, auto&& swatch) {
      const std::string label = words_.say(id);
      swatch(x, y - 4);
      svg.text(x + 26, y, label, {.size = label_size, .fill = ink});
      x += 26 + text_width(label, label_size) + 22;
    };
    item("figure.realised", [&](double at, double mid) {
      svg.line(at, mid, at + 20, mid, {.stroke = ink, .stroke_width = 2.4});
    });
    if (options_.ideal && any_rounding()) {
      item("figure.ideal", [&](double at, double mid) {
        svg.line(at, mid, at + 20, mid, {.stroke = soft_ink, .stroke_width = 1});
      });
    }
    if (options_.earlier && shows_earlier()) {
      item("figure.earlier", [&](double at, double mid) {
        svg.line(at, mid, at + 20, mid, {.stroke = soft_ink, .stroke_width = 1.2, .dash = "4 3"});
      });
    }
    if (!stays(plan_).empty()) {
      item("figure.hold", [&](double at, double mid) {
        svg.rect(at, mid - 6, 20, 12, {.fill = ombre_ramp(0.45).hex()});
        svg.rect(at, mid - 6, 20, 12, {.fill = "url(#held)"});
      });
    }
    if (!plan_.now().reviews.empty()) {
      item("figure.review", [&](double at, double mid) {
        svg.circle(at + 10, mid, 3.2, {.fill = "#ffffff", .stroke = ink, .stroke_width = 1.2});
      });
    }
    return y + 14;
  }

  [[nodiscard]] bool shows_earlier() const {
    if (plan_.version() < 2) return false;
    const TaperVersion& before = plan_.history().at(plan_.version() - 1);
    for (std::size_t l = 0; l < plan_.request().lines.size(); ++l) {
      if (day_table(before, l).micro != day_table(plan_.now(), l).micro) return true;
    }
    return false;
  }

  // Points of a staircase: the dose before the plan, every step, and what comes after.
  template <class Value>
  std::vector<double> stairs(const TaperVersion& version, const Frame& f, double before,
                             std::optional<double> after, const Value& value) const {
    std::vector<double> out{f.x(f.first_day), f.y(before)};
    double level = before;
    const auto to = [&](double x, double v) {
      out.insert(out.end(), {x, f.y(level), x, f.y(v)});
      level = v;
    };
    for (const TaperStep& step : version.steps) to(f.x(step.first), value(step));
    const double end = std::min(day_number(version.steps.back().last) + 1, f.last_day);
    if (after) {
      to(f.x(end), *after);
      out.insert(out.end(), {f.x(f.last_day), f.y(level)});
    } else {
      out.insert(out.end(), {f.x(end), f.y(level)});
    }
    return out;
  }

  void put_staircase(Svg& svg, std::size_t l, const Frame& f) const {
    const TaperRequest& request = plan_.request();
    const TaperVersion& now = plan_.now();
    const double before = present_amount(request.lines[l]).value_or(Amount{}).value();
    const bool ended = now.ends.has_value() && now.pending.empty() && l < now.after.size();
    const std::optional<double> after = ended ? std::optional{now.after[l].value()} : std::nullopt;
    const auto dose = [l](const TaperStep& step) { return step.doses[l].mean(); };
    const std::vector<double> line = stairs(now, f, before, after, dose);

    // The fade: the ramp at each step's middle, so that colour runs from dose to dose.
    const auto shade = [&f](double v) { return ombre_ramp(0.04 + 0.9 * v / f.high); };
    const double x1 = f.x(f.first_day);
    const double x2 = line[line.size() - 2];
    std::vector<Svg::Stop> stops{{0, shade(before)}};
    for (const TaperStep& step : now.steps) {
      const double middle = f.x((day_number(step.first) + day_number(step.last) + 1) / 2);
      stops.push_back({(middle - x1) / (x2 - x1), shade(dose(step))});
    }
    if (after) stops.push_back({1, shade(*after)});
    const std::string id = "fade" + std::to_string(l);
    svg.fade(id, x1, x2, stops);
    std::vector<double> area = line;
    area.insert(area.end(), {x2, f.bottom, x1, f.bottom});
    svg.polygon(area, {.fill = "url(#" + id + ")"});

    for (const Span& stay : stays(plan_)) {
      const auto here = on_day(now, l, stay.first);
      if (!here) continue;
      for (const TaperStep& step : now.steps) {
        const Date from = std::max(step.first, stay.first);
        const Date to = std::min(step.last + Days{1}, stay.end);
        if (from >= to || dose(step) <= 0) continue;
        svg.rect(f.x(from), f.y(dose(step)), f.x(to) - f.x(from), f.bottom - f.y(dose(step)),
                 {.fill = "url(#held)"});
      }
    }
    if (options_.earlier && shows_earlier()) {
      const TaperVersion& old = plan_.history().at(plan_.version() - 1);
      TaperVersion within = old;
      std::erase_if(within.steps,
                    [&](const TaperStep& step) { return day_number(step.first) >= f.last_day; });
      if (!within.steps.empty()) {
        svg.polyline(stairs(within, f, before, std::nullopt, dose),
                     {.stroke = soft_ink, .stroke_width = 1.2, .dash = "4 3"});
      }
    }
    if (options_.ideal && any_rounding()) {
      svg.polyline(stairs(now, f, before, std::nullopt,
                          [l](const TaperStep& step) {
                            return step.doses[l].ideal / step.doses[l].every_n_days;
                          }),
                   {.stroke = soft_ink, .stroke_width = 1});
    }
    svg.polyline(line, {.stroke = ink, .stroke_width = 2.4});
    for (const Date day : now.reviews) {
      svg.circle(f.x(day), f.bottom, 3.2, {.fill = "#ffffff", .stroke = ink, .stroke_width = 1.2});
    }
    if (options_.milestones) put_milestones(svg, l, f);
    if (!ended) {
      const std::string label = words_.say("figure.waiting");
      svg.text(f.x1, f.top + 10, label,
               {.size = small_size, .fill = soft_ink, .anchor = Anchor::end});
    }
  }

  void put_milestones(Svg& svg, std::size_t l, const Frame& f) const {
    double free_from = 0;
    double last_y = 0;
    for (const Milestone& mark : plan_.now().milestones) {
      if (mark.line != static_cast<int>(l)) continue;
      const double x = f.x(mark.on);
      const double y = f.y(mark.amount.value());
      const std::string label = words_.say("figure." + mark.id);
      const double width = 1.08 * text_width(label, small_size);  // bold
      double at = std::min(x + 7, f.x1 - width);
      // Pushed back from the right edge, a label stands above the step it came from.
      double up = at < x + 7 ? y - 20 : y - 9;
      if (at < free_from && std::abs(up - last_y) < 14) up = last_y - 14;
      up = std::max(up, f.top + 8);
      svg.circle(x, y, 4, {.fill = ink, .stroke = "#ffffff", .stroke_width = 1.5});
      svg.text(at, up, label, {.size = small_size, .fill = ink, .bold = true});
      free_from = at + width + 6;
      last_y = up;
    }
  }

  void put_today(Svg& svg, const Frame& f) const {
    if (!options_.today) return;
    const double at = day_number(*options_.today);
    if (at < f.first_day || at > f.last_day) return;
    svg.line(f.x(at), f.top, f.x(at), f.bottom,
             {.stroke = category_colour(0).hex(), .stroke_width = 1.4, .dash = "2 3"});
  }

  void put_effect(Svg& svg, std::size_t l, const Frame& f) const {
    const TaperLine& line = plan_.request().lines[l];
    const EffectCurve& curve = *line.what.curve;
    const TaperVersion& now = plan_.now();
    const double before = present_amount(line).value_or(Amount{}).value();
    std::optional<double> after;
    if (now.ends && now.pending.empty()) after = 100 * curve.effect(now.after[l].value());
    const std::vector<double> line_points =
        stairs(now, f, 100 * curve.effect(before), after,
               [&](const TaperStep& step) { return 100 * curve.effect(step.doses[l].mean()); });
    std::vector<double> area = line_points;
    area.insert(area.end(), {line_points[line_points.size() - 2], f.bottom, f.x0, f.bottom});
    const std::string colour = category_colour(2).hex();
    svg.polygon(area, {.fill = colour, .opacity = 0.14});
    svg.polyline(line_points, {.stroke = colour, .stroke_width = 2});
  }

  // Mean level after long use of the first dose, day by day, in percent of that level.
  std::vector<double> level(std::size_t l, double half_life, double first) const {
    const DayTable table = day_table(plan_.now(), l);
    const TaperVersion& now = plan_.now();
    double at = present_amount(plan_.request().lines[l]).value_or(Amount{}).value();
    const double share = settled_share(half_life, 24);
    std::vector<double> out{100 * at / first};
    std::size_t step = 0;
    for (std::size_t k = 0; k < table.micro.size(); ++k) {
      const Date day = table.first + Days{static_cast<std::int32_t>(k)};
      while (now.steps[step].last < day) ++step;
      const double dose = now.steps[step].doses[l].mean();
      at = dose + (at - dose) * (1 - share);
      out.push_back(100 * at / first);
    }
    return out;
  }

  void put_level(Svg& svg, std::size_t l, const Frame& f) const {
    const TaperLine& line = plan_.request().lines[l];
    const ActiveSpecies& slowest = line.what.species[*longest_active(line.what.species)];
    const double first = height_of_first(l);
    const auto fast = level(l, slowest.half_life.low_hours(), first);
    const auto slow = level(l, slowest.half_life.high_hours(), first);
    const auto middle = level(l, slowest.half_life.mid_hours(), first);
    const auto points = [&](const std::vector<double>& values, bool backwards) {
      std::vector<double> out;
      if (!backwards) out = {f.x0, f.y(values.front())};
      // A point for about every pixel is enough.
      const std::size_t every = std::max<std::size_t>(1, values.size() / 1200);
      for (std::size_t i = 0; i < values.size(); i += every) {
        const std::size_t k = backwards ? values.size() - 1 - i : i;
        out.insert(out.end(), {f.x(day_number(first_) + static_cast<double>(k)), f.y(values[k])});
      }
      if (backwards) out.insert(out.end(), {f.x0, f.y(values.front())});
      return out;
    };
    const std::string colour = category_colour(0).hex();
    std::vector<double> band = points(fast, false);
    const std::vector<double> back = points(slow, true);
    band.insert(band.end(), back.begin(), back.end());
    svg.polygon(band, {.fill = colour, .opacity = 0.22});
    svg.polyline(points(middle, false), {.stroke = colour, .stroke_width = 2});
  }

  double put_line(Svg& svg, std::size_t l, double y) const {
    const TaperRequest& request = plan_.request();
    const TaperLine& line = request.lines[l];
    double high = present_amount(line).value_or(Amount{}).value();
    for (const TaperStep& step : plan_.now().steps) {
      high = std::max({high, step.doses[l].mean(), step.doses[l].ideal});
    }
    if (high <= 0) high = 1;
    const auto heading = [&](std::string_view text, std::string_view note = {}) {
      svg.text(left_room, y + 18, text, {.size = label_size, .fill = ink, .bold = true});
      if (!note.empty()) {
        const double at = left_room + text_width(text, label_size) * 1.08 + 10;
        svg.text(at, y + 18, fitted(note, small_size, options_.width - right_room - at),
                 {.size = small_size, .fill = soft_ink});
      }
      y += title_room;
    };
    const bool rate = line.intakes.front().amount.unit() == DoseUnit::mcg_per_h;
    std::string title = words_.say(line.per == Per::week ? "figure.week_axis"
                                   : rate                ? "figure.rate_axis"
                                                         : "figure.dose_axis",
                                   {{"unit", unit_name(line)}});
    if (request.lines.size() > 1) title = one_line(line.what.name) + ": " + title;
    heading(title);
    Frame f = frame(y, options_.panel_height, high * 1.08);
    put_values(svg, f, high, false);
    put_staircase(svg, l, f);
    put_today(svg, f);
    y = f.bottom;
    Frame lowest = f;
    if (shows_effect(l)) {
      y += 4;
      std::string note;
      if (line.what.curve_uncertain) note = line.what.curve_source;
      heading(words_.say("figure.effect_axis"), note);
      double most = 100 * line.what.curve->effect(high);
      f = frame(y, small_height(), std::max(most * 1.1, 1.0));
      put_values(svg, f, most, true);
      put_effect(svg, l, f);
      put_today(svg, f);
      y = f.bottom;
      lowest = f;
    }
    if (shows_level(l)) {
      y += 4;
      const ActiveSpecies& slowest = line.what.species[*longest_active(line.what.species)];
      heading(words_.say("figure.level_axis"),
              words_.say("figure.level_note",
                         {{"low", words_.number(slowest.half_life.low_hours(), 1)},
                          {"high", words_.number(slowest.half_life.high_hours(), 1)},
                          {"species", one_line(slowest.name)}}));
      double most = 0;
      for (const double v : level(l, slowest.half_life.low_hours(), height_of_first(l))) {
        most = std::max(most, v);
      }
      f = frame(y, small_height(), std::max(most, 1.0) * 1.1);
      put_values(svg, f, std::max(most, 1.0), true);
      put_level(svg, l, f);
      put_today(svg, f);
      y = f.bottom;
      lowest = f;
    }
    put_dates(svg, lowest, first_, last_);
    return y + dates_room + gap;
  }

  const TaperPlan& plan_;
  const TaperFigureOptions& options_;
  const TaperLanguage& words_;
  Date first_;
  Date last_;
  double lead_ = 1;
};

Result<void> check(const TaperPlan& plan, const TaperFigureOptions& options) {
  if (auto ok = check_tellable(plan); !ok) return ok;
  if (auto ok = finite_in(options.width, 480, 4000, "width"); !ok) return ok;
  return finite_in(options.panel_height, 140, 2000, "panel_height");
}

}  // namespace

Result<std::string> taper_figure(const TaperPlan& plan, const TaperFigureOptions& options) {
  if (auto ok = check(plan, options); !ok) return unexpected(ok.error());
  std::vector<std::size_t> lines;
  for (std::size_t l = 0; l < plan.request().lines.size(); ++l) lines.push_back(l);
  return Drawing{plan, options}.draw(lines);
}

Result<std::string> taper_staircase(const TaperPlan& plan, std::size_t line,
                                    const TaperFigureOptions& options) {
  if (auto ok = check(plan, options); !ok) return unexpected(ok.error());
  if (line >= plan.request().lines.size()) {
    return unexpected(error_at(Errc::out_of_range, "line", std::nullopt, static_cast<double>(line),
                               "is not a line of the plan"));
  }
  TaperFigureOptions alone = options;
  alone.effect = false;
  alone.level = false;
  return Drawing{plan, alone}.draw({line});
}

}  // namespace ombre::inline v0::io
