// Use and the time between, over the weeks.
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "figure_parts.hpp"
#include "ombre/io/plan_figures.hpp"

namespace ombre::inline v0::io {
namespace {

using outcomes::UseHistory;
using timeline::UseState;

constexpr double left = 62;
constexpr double right = 20;
constexpr double panel = 150;
constexpr double strip = 30;
constexpr double between = 54;
constexpr int most_days_as_days = 200;

// A day's or a week's bar.
struct Bar {
  Date first;
  int days = 1;
  double amount = 0;     ///< sum of what is known
  int used_unknown = 0;  ///< use without an amount
  int unknown = 0;
};

std::vector<Bar> bars_of(const UseHistory& use, Date first, Date last) {
  std::vector<Bar> out;
  const bool weekly = (last - first).count() + 1 > most_days_as_days;
  for (Date day = first; day <= last; day = day + Days{1}) {
    if (out.empty() || !weekly || day.weekday() == Weekday::monday)
      out.push_back({day, 0, 0, 0, 0});
    Bar& bar = out.back();
    ++bar.days;
    const std::int64_t i = std::int64_t{day.day_number()} - use.days.first_day;
    if (i < 0 || i >= static_cast<std::int64_t>(use.days.size())) {
      ++bar.unknown;
    } else {
      const auto at = static_cast<std::size_t>(i);
      const UseState state = use.days.state_at(at);
      bar.unknown += state == UseState::unknown ? 1 : 0;
      bar.used_unknown += state == UseState::used ? 1 : 0;
      if (state == UseState::amount) bar.amount += use.days.amount_at(at);
    }
    if (day == Date::max()) break;
  }
  return out;
}

struct Axis {
  Date first;
  Date last;
  double width;
  [[nodiscard]] double x(Date day) const {
    const double days = (last - first).count() + 1;
    return left + width * (day - first).count() / days;
  }
};

struct Step {
  Date from;
  double amount;
};

// Limits of this substance and unit, as steps.
std::vector<Step> limits_of(const UseHistory& use, std::span<const plans::Goal> goals) {
  std::vector<Step> out;
  for (const plans::Goal& goal : goals) {
    for (const plans::WeeklyGoal& w : goal.weekly) {
      if (w.substance != use.substance || (!use.unit.empty() && w.unit != use.unit)) continue;
      out.push_back({w.from, w.amount});
    }
    if (!out.empty()) break;  // of the first goal that has some
  }
  return out;
}

void put_bars(Svg& svg, const Axis& axis, const std::vector<Bar>& bars, double top, double most) {
  for (const Bar& bar : bars) {
    const double x = axis.x(bar.first);
    const double width = std::max(0.6, axis.x(bar.first + Days{bar.days}) - x);
    const double inset = width > 4 ? 0.6 : 0;
    if (bar.unknown > 0) {
      const double share = static_cast<double>(bar.unknown) / bar.days;
      svg.rect(x, top + panel * (1 - share), width, panel * share, {.fill = "url(#unknown)"});
    }
    if (bar.amount > 0 && most > 0) {
      const double height = panel * bar.amount / most;
      const Colour colour = ombre_ramp(0.25 + 0.65 * bar.amount / most);
      svg.rect(x + inset, top + panel - height, width - 2 * inset, height, {.fill = colour.hex()});
    }
    if (bar.used_unknown > 0) {
      svg.rect(x + inset, top + panel - 8, width - 2 * inset, 8,
               {.stroke = detail::ink, .stroke_width = 0.8});
    }
  }
}

void put_limits(Svg& svg, const Axis& axis, const std::vector<Step>& limits, double per_day,
                double top, double most, bool weekly) {
  std::vector<double> points;
  for (std::size_t i = 0; i < limits.size(); ++i) {
    const Date from = std::max(limits[i].from, axis.first);
    const Date to = i + 1 < limits.size() ? std::min(limits[i + 1].from, axis.last + Days{1})
                                          : axis.last + Days{1};
    if (to <= from) continue;
    const double y = top + panel * (1 - std::min(1.0, limits[i].amount * per_day / most));
    points.insert(points.end(), {axis.x(from), y, axis.x(to), y});
  }
  if (!points.empty()) {
    svg.polyline(points, {.stroke = "#1f6f78", .stroke_width = 2, .dash = "6 3"});
    // Bars may stand behind the words, and days hold a seventh of what the week may.
    const std::string label = weekly ? "limit" : "limit of the week / 7";
    svg.rect(points[0], points[1] - 17, text_width(label, detail::small_size) + 6, 15,
             {.fill = "#ffffff"}, 2);
    svg.text(points[0] + 3, points[1] - 6, label, {.size = detail::small_size, .fill = "#1f6f78"});
  }
}

Result<void> put_strip(Svg& svg, const Axis& axis, const UseHistory& use,
                       const timeline::EpisodeRule& rule, double top) {
  const auto episodes = timeline::use_episodes(use.days, rule, timeline::MissingRule::exclude);
  if (!episodes) return unexpected(episodes.error());
  svg.line(left, top + strip / 2, left + axis.width, top + strip / 2,
           {.stroke = detail::grid_ink, .stroke_width = 1});
  std::optional<Date> before;
  for (const auto& e : *episodes) {
    const Date first = Date{} + Days{use.days.first_day + static_cast<std::int32_t>(e.first)};
    const Date last = Date{} + Days{use.days.first_day + static_cast<std::int32_t>(e.last)};
    const auto days = static_cast<int>(e.days());
    if (before && first >= axis.first && *before <= axis.last) {
      const int free = (first - *before).count() - 1;
      const double a = axis.x(std::max(*before + Days{1}, axis.first));
      const double b = axis.x(std::min(first, axis.last + Days{1}));
      std::string words = std::to_string(free) + (free == 1 ? " day without" : " days without");
      if (b - a <= text_width(words, detail::small_size) + 6) words = std::to_string(free);
      if (b - a > text_width(words, detail::small_size) + 6) {
        svg.text((a + b) / 2, top + strip / 2 + 4, words,
                 {.size = detail::small_size, .fill = "#1f6f78", .anchor = Anchor::middle});
      }
    }
    before = last;
    if (last < axis.first || first > axis.last) continue;
    const double a = axis.x(std::max(first, axis.first));
    const double b = axis.x(std::min(last + Days{1}, axis.last + Days{1}));
    svg.begin_group(first.iso() + " to " + last.iso() + ", " + std::to_string(days) + " days");
    svg.rect(a, top + 4, std::max(2.0, b - a), strip - 8, {.fill = ombre_ramp(0.75).hex()}, 3);
    const std::string words = std::to_string(days);
    if (b - a > text_width(words, detail::small_size) + 6) {
      svg.text((a + b) / 2, top + strip / 2 + 4, words,
               {.size = detail::small_size, .fill = "#ffffff", .anchor = Anchor::middle});
    }
    svg.end_group();
  }
  return {};
}

}  // namespace

Result<std::string> use_and_intervals_figure(std::span<const UseHistory> use,
                                             const UseFigureOptions& options) {
  if (use.empty()) return unexpected(error_of(Errc::empty_input, "use", "must hold a substance"));
  if (auto ok = detail::finite_in(options.width, 480, 4000, "width"); !ok) {
    return unexpected(ok.error());
  }
  std::optional<Date> first = options.first;
  std::optional<Date> last = options.last;
  for (const UseHistory& u : use) {
    if (u.days.size() == 0) {
      return unexpected(error_at(Errc::empty_input, "use", std::nullopt, u.substance,
                                 "must have at least one day"));
    }
    const Date from = Date{} + Days{u.days.first_day};
    const Date to = from + Days{static_cast<std::int32_t>(u.days.size()) - 1};
    if (!options.first) first = first ? std::min(*first, from) : from;
    if (!options.last) last = last ? std::max(*last, to) : to;
  }
  const auto range = DateRange::from(*first, *last);
  if (!range) return unexpected(range.error());
  if (range->length().count() > 36'525) {
    return unexpected(error_at(Errc::out_of_range, "last", std::nullopt, last->iso(),
                               "must be within a hundred years of the first day"));
  }
  const Axis axis{*first, *last, options.width - left - right};
  const double heading =
      14 + (options.title.empty() ? 0 : 20) + (options.subtitle.empty() ? 0 : 20) + 18;
  const double each = panel + 8 + strip + between;
  const double height = heading + 16 + static_cast<double>(use.size()) * each + 16;
  const std::string says = "Use of " + std::to_string(use.size()) +
                           (use.size() == 1 ? " substance" : " substances") + " from " +
                           first->iso() + " to " + last->iso() + ".";
  Svg svg{options.width, height, options.title, says};
  svg.rect(0, 0, options.width, height, {.fill = "#ffffff"});
  svg.hatch("unknown", "#ffffff", "#d5d5d5", 6, 1.2);
  detail::put_heading(svg, left, options.width, options.title, options.subtitle);

  const bool weekly = range->length().count() > most_days_as_days;
  double top = heading + 16;
  for (const UseHistory& u : use) {
    const auto bars = bars_of(u, *first, *last);
    const auto limits = limits_of(u, options.goals);
    const double per_day = weekly ? 1.0 : 1.0 / 7;
    double most = 0;
    for (const Bar& bar : bars) most = std::max(most, bar.amount);
    for (const Step& s : limits) most = std::max(most, s.amount * per_day);
    if (!(most > 0)) most = 1;
    const std::string label =
        u.substance + (u.unit.empty() ? "" : ", " + u.unit) + (weekly ? " a week" : " a day");
    svg.text(left, top - 6, label, {.size = detail::label_size, .fill = detail::ink, .bold = true});
    for (const double tick : nice_ticks(0, most, 4)) {
      const double y = top + panel * (1 - tick / most);
      svg.line(left, y, left + axis.width, y, {.stroke = detail::grid_ink});
      svg.text(left - 6, y + 4, detail::figure_number(tick),
               {.size = detail::small_size, .fill = detail::soft_ink, .anchor = Anchor::end});
    }
    put_bars(svg, axis, bars, top, most);
    put_limits(svg, axis, limits, per_day, top, most, weekly);
    if (auto ok = put_strip(svg, axis, u, options.rule, top + panel + 8); !ok) {
      return unexpected(ok.error());
    }
    svg.line(left, top + panel, left + axis.width, top + panel, {.stroke = detail::axis_ink});
    const double below = top + panel + 8 + strip + 14;
    for (const DateTick& tick : date_ticks(*first, *last, 9)) {
      const double x = axis.x(tick.day);
      svg.line(x, top + panel, x, top + panel + 4, {.stroke = detail::axis_ink});
      svg.text(x, below, tick.label,
               {.size = detail::small_size, .fill = detail::soft_ink, .anchor = Anchor::middle});
    }
    top += each;
  }
  svg.text(left, height - 10,
           "Below each panel: episodes of use in days, and the days without between them; " +
               std::to_string(options.rule.gap_days) +
               " days without end an episode. Hatched: not known. Darker: more.",
           {.size = 10.5, .fill = detail::soft_ink});
  return std::move(svg).finish();
}

}  // namespace ombre::inline v0::io
