// Goals as boxes and arrows.
#include <algorithm>
#include <array>
#include <numeric>
#include <vector>

#include "figure_parts.hpp"
#include "ombre/io/plan_figures.hpp"
#include "ombre/plans/goal_graph.hpp"

namespace ombre::inline v0::io {
namespace {

using plans::Goal;
using plans::GoalStatus;

constexpr double box_height = 66;
constexpr double gap_x = 64;
constexpr double gap_y = 34;
constexpr double margin = 24;
constexpr std::size_t most_goals = 200;

enum class Look : std::uint8_t { ready, waiting, reached, pale };

// A text on at most two lines.
std::array<std::string, 2> two_lines(const std::string& text, double size, double room) {
  room /= 1.1;  // bold letters are wider than the estimate
  if (text_width(text, size) <= room) return {text, ""};
  std::size_t cut = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != ' ' && text[i] != '\n') continue;
    if (text_width(text.substr(0, i), size) > room) break;
    cut = i;
  }
  if (cut == 0) return {detail::fitted(text, size, room), ""};
  return {text.substr(0, cut), detail::fitted(text.substr(cut + 1), size, room)};
}

// Places within each column, moved towards the middle of what they are tied to.
std::vector<std::vector<std::size_t>> columns_of(const plans::GoalGraph& graph) {
  const auto layer = graph.layers();
  std::vector<std::vector<std::size_t>> columns;
  for (std::size_t g = 0; g < layer.size(); ++g) {
    if (columns.size() <= layer[g]) columns.resize(layer[g] + 1);
    columns[layer[g]].push_back(g);
  }
  std::vector<double> place(layer.size());
  const auto number = [&place](const std::vector<std::size_t>& column) {
    for (std::size_t i = 0; i < column.size(); ++i) {
      place[column[i]] = static_cast<double>(i) - static_cast<double>(column.size()) / 2;
    }
  };
  for (const auto& column : columns) number(column);
  for (int pass = 0; pass < 4; ++pass) {
    for (auto& column : columns) {
      std::vector<double> wanted(layer.size());
      for (const std::size_t g : column) {
        const auto ties = pass % 2 == 0 ? graph.needs(g) : graph.needed_by(g);
        double sum = 0;
        for (const std::size_t t : ties) sum += place[t];
        wanted[g] = ties.empty() ? place[g] : sum / static_cast<double>(ties.size());
      }
      std::ranges::stable_sort(column, {}, [&wanted](std::size_t g) { return wanted[g]; });
      number(column);
    }
  }
  return columns;
}

void arrow(Svg& svg, double x1, double y1, double x2, double y2, bool done) {
  const std::string colour = done ? detail::grid_ink : detail::soft_ink;
  const double bend = (x2 - x1) / 2;
  const std::string data = "M" + Svg::number(x1) + ' ' + Svg::number(y1) + 'C' +
                           Svg::number(x1 + bend) + ' ' + Svg::number(y1) + ' ' +
                           Svg::number(x2 - bend) + ' ' + Svg::number(y2) + ' ' +
                           Svg::number(x2 - 7) + ' ' + Svg::number(y2);
  svg.path(data, {.stroke = colour, .stroke_width = 1.6});
  const std::array<double, 6> head{x2, y2, x2 - 9, y2 - 4.5, x2 - 9, y2 + 4.5};
  svg.polygon(head, {.fill = colour});
}

void put_box(Svg& svg, const Goal& goal, Look look, double x, double y, double width) {
  const bool use = goal.about_use() || goal.aim == plans::GoalAim::undecided;
  const Colour ground = use ? ombre_ramp(0.12) : Colour{226, 240, 238};
  Paint paint{.fill = ground.hex(), .stroke = detail::soft_ink, .stroke_width = 1};
  std::string ink = detail::ink;
  if (look == Look::ready) paint.stroke = detail::ink, paint.stroke_width = 2.4;
  if (look == Look::waiting) paint.dash = "5 4";
  if (look == Look::pale)
    paint.fill = "#f6f6f6", paint.stroke = detail::grid_ink, ink = detail::soft_ink;
  if (look == Look::reached)
    paint.fill = (use ? ombre_ramp(0.55) : Colour{70, 130, 124}).hex(), ink = "#ffffff";
  const std::string words = goal.words.empty() ? goal.id : goal.words;
  svg.begin_group(words);
  svg.rect(x, y, width, box_height, paint, 9);
  std::string kind{name(goal.aim)};
  std::ranges::replace(kind, '_', ' ');
  if (goal.aim == plans::GoalAim::life && !goal.domain.empty()) kind += ", " + goal.domain;
  if (!goal.substances.empty()) kind += ", " + goal.substances.front();
  svg.text(x + 12, y + 17, detail::fitted(kind, 10.5, width - 40),
           {.size = 10.5, .fill = look == Look::reached ? ink : std::string{detail::soft_ink}});
  const auto lines = two_lines(words, 13, width - 24);
  const double top = lines[1].empty() ? y + 43 : y + 36;
  svg.text(x + 12, top, lines[0], {.size = 13, .fill = ink, .bold = look == Look::ready});
  if (!lines[1].empty()) {
    svg.text(x + 12, top + 17, lines[1], {.size = 13, .fill = ink, .bold = look == Look::ready});
  }
  if (look == Look::reached) {
    const std::array<double, 6> tick{x + width - 24, y + 15,         x + width - 19,
                                     y + 20,         x + width - 11, y + 9};
    svg.polyline(tick, {.stroke = ink, .stroke_width = 2.4});
  }
  svg.end_group();
}

}  // namespace

Result<std::string> goal_graph_figure(std::span<const Goal> goals,
                                      const GoalFigureOptions& options) {
  if (goals.empty()) return unexpected(error_of(Errc::empty_input, "goals", "must hold a goal"));
  if (goals.size() > most_goals) {
    return unexpected(error_at(Errc::too_large, "goals", std::nullopt,
                               static_cast<double>(goals.size()),
                               "must be at most " + std::to_string(most_goals)));
  }
  if (auto ok = detail::finite_in(options.box_width, 120, 400, "box_width"); !ok) {
    return unexpected(ok.error());
  }
  const auto graph = plans::GoalGraph::from(goals);
  if (!graph) return unexpected(graph.error());
  const auto columns = columns_of(*graph);
  std::size_t tallest = 0;
  for (const auto& column : columns) tallest = std::max(tallest, column.size());
  const double step_x = options.box_width + gap_x;
  const double width =
      std::max(460.0, 2 * margin + static_cast<double>(columns.size()) * step_x - gap_x);
  const double heading =
      14 + (options.title.empty() ? 0 : 20) + (options.subtitle.empty() ? 0 : 20) + 18;
  const double body = static_cast<double>(tallest) * (box_height + gap_y) - gap_y;
  const double height = heading + body + 66;

  std::vector<Look> look(goals.size(), Look::waiting);
  for (const std::size_t g : graph->can_start()) look[g] = Look::ready;
  std::size_t reached = 0;
  for (std::size_t g = 0; g < goals.size(); ++g) {
    if (goals[g].status == GoalStatus::reached) look[g] = Look::reached, ++reached;
    const bool pale = goals[g].status != GoalStatus::open && goals[g].status != GoalStatus::reached;
    if (pale) look[g] = Look::pale;
  }
  const std::string says = std::to_string(goals.size()) + " goals; " +
                           std::to_string(graph->can_start().size()) + " can start now, " +
                           std::to_string(graph->waiting().size()) + " wait, " +
                           std::to_string(reached) + " reached.";
  Svg svg{width, height, options.title, says};
  svg.rect(0, 0, width, height, {.fill = "#ffffff"});
  detail::put_heading(svg, margin, width, options.title, options.subtitle);

  std::vector<double> x(goals.size());
  std::vector<double> y(goals.size());
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const auto n = static_cast<double>(columns[c].size());
    const double top = heading + (body - (n * (box_height + gap_y) - gap_y)) / 2;
    for (std::size_t i = 0; i < columns[c].size(); ++i) {
      x[columns[c][i]] = margin + static_cast<double>(c) * step_x;
      y[columns[c][i]] = top + static_cast<double>(i) * (box_height + gap_y);
    }
  }
  for (std::size_t g = 0; g < goals.size(); ++g) {
    for (const std::size_t need : graph->needs(g)) {
      const bool done = look[need] == Look::reached || goals[need].status == GoalStatus::grown ||
                        goals[need].status == GoalStatus::let_go;
      // What is done keeps nobody waiting; its arrow is left out where it would cross other boxes.
      if (done && x[g] - x[need] > 1.5 * step_x) continue;
      arrow(svg, x[need] + options.box_width, y[need] + box_height / 2, x[g], y[g] + box_height / 2,
            done);
    }
  }
  for (std::size_t g = 0; g < goals.size(); ++g) {
    put_box(svg, goals[g], look[g], x[g], y[g], options.box_width);
  }
  // Legend: frames, then colours.
  double at = margin;
  const double base = height - 22;
  const auto entry = [&](const Paint& paint, const std::string& words) {
    svg.rect(at, base - 10, 18, 12, paint, 3);
    svg.text(at + 24, base, words, {.size = detail::small_size, .fill = detail::soft_ink});
    at += 24 + text_width(words, detail::small_size) + 18;
  };
  entry({.fill = "#ffffff", .stroke = detail::ink, .stroke_width = 2.4}, "can start now");
  entry({.fill = "#ffffff", .stroke = detail::soft_ink, .dash = "5 4"}, "waits");
  entry({.fill = Colour{226, 240, 238}.hex()}, "life and harm");
  entry({.fill = ombre_ramp(0.12).hex()}, "use");
  return std::move(svg).finish();
}

}  // namespace ombre::inline v0::io
