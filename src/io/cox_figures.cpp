#include "ombre/io/cox_figures.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "io/figure_parts.hpp"
#include "ombre/io/figures.hpp"

namespace ombre::inline v0::io {
namespace {

using detail::figure_number;
using detail::fixed_number;

std::string p_text(double p) { return p < 0.001 ? "p < 0.001" : "p = " + fixed_number(p, 3); }

std::string ratio_text(double ratio, int places) {
  if (!std::isfinite(ratio)) return "\xE2\x88\x9E";
  if (ratio < 0.01) return "<0.01";
  return fixed_number(ratio, ratio >= 100 ? 0 : places);
}

std::string ratio_note(const stats::HazardRatio& r, bool with_p) {
  if (r.infinite) return r.estimate > 1 ? "infinite: separation" : "zero: separation";
  // Ratios for one unit of a number are often so near 1 that two decimals say nothing.
  const int places = r.lower > 0.9 && r.upper < 1.1 ? 3 : 2;
  return ratio_text(r.estimate, places) + " (" + ratio_text(r.lower, places) + "\xE2\x80\x93" +
         ratio_text(r.upper, places) + ")" + (with_p ? ", " + p_text(r.p) : "");
}

// "site" of "factor(site)".
std::string column_of(const std::string& term) {
  const std::size_t open = term.find("factor(");
  if (open == std::string::npos || !term.ends_with(')')) return term;
  return term.substr(open + 7, term.size() - open - 8);
}

// A ratio of 1e-300 or 1e300 would leave no room for the others.
bool drawable(const stats::HazardRatio& r) {
  return !r.infinite && r.lower > 1e-4 && r.upper < 1e4;
}

// ---- a natural cubic spline through residuals --------------------------------------------------

using Basis = Eigen::Matrix<double, 1, 4>;

struct Spline {
  std::array<double, 4> knots{};
  Eigen::Matrix4d inverse;  // (X'X)^-1
  Eigen::Vector4d coefficient;

  // 1, x and two functions that are linear beyond the outer knots.
  [[nodiscard]] Basis basis(double x) const {
    const auto cube = [&](double knot) { return x > knot ? std::pow(x - knot, 3) : 0.0; };
    const auto d = [&](std::size_t k) {
      return (cube(knots[k]) - cube(knots[3])) / (knots[3] - knots[k]);
    };
    Basis out;
    out << 1, x, d(0) - d(2), d(1) - d(2);
    return out;
  }
};

std::optional<Spline> fitted_spline(std::span<const double> x, std::span<const double> y) {
  if (x.size() < 8) return std::nullopt;
  std::vector<double> sorted(x.begin(), x.end());
  std::sort(sorted.begin(), sorted.end());
  Spline spline;
  const auto at = [&](double share) {
    return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
  };
  spline.knots = {sorted.front(), at(1. / 3), at(2. / 3), sorted.back()};
  for (std::size_t k = 1; k < 4; ++k) {
    if (!(spline.knots[k] > spline.knots[k - 1])) return std::nullopt;
  }
  Eigen::Matrix4d gram = Eigen::Matrix4d::Zero();
  Eigen::Vector4d side = Eigen::Vector4d::Zero();
  for (std::size_t i = 0; i < x.size(); ++i) {
    const Basis b = spline.basis(x[i]);
    gram += b.transpose() * b;
    side += b.transpose() * y[i];
  }
  const Eigen::FullPivLU<Eigen::Matrix4d> factor(gram);
  if (!factor.isInvertible()) return std::nullopt;
  spline.inverse = factor.inverse();
  spline.coefficient = spline.inverse * side;
  return spline;
}

Result<void> check(std::span<const SchoenfeldPanel> panels, const SchoenfeldOptions& options) {
  if (panels.empty()) return unexpected(error_of(Errc::empty_input, "panels", "must not be empty"));
  if (panels.size() > 40) {
    return unexpected(error_at(Errc::out_of_range, "panels", std::nullopt,
                               static_cast<double>(panels.size()), "can be at most 40"));
  }
  if (auto fine = detail::finite_in(options.width, 320, 4000, "width"); !fine) return fine;
  if (auto fine = detail::finite_in(options.panel_height, 120, 1000, "panel_height"); !fine) {
    return fine;
  }
  for (const SchoenfeldPanel& panel : panels) {
    if (panel.time.size() != panel.residual.size()) {
      return unexpected(error_at(Errc::size_mismatch, panel.name, std::nullopt,
                                 static_cast<double>(panel.residual.size()),
                                 "must have one residual for each time"));
    }
    for (std::size_t i = 0; i < panel.time.size(); ++i) {
      if (!std::isfinite(panel.time[i]) || !std::isfinite(panel.residual[i])) {
        return unexpected(
            error_at(Errc::not_finite, panel.name, i, panel.residual[i], "must be finite"));
      }
    }
  }
  return {};
}

struct Box {
  double left, top, right, bottom;
};

void draw_panel(Svg& svg, const SchoenfeldPanel& panel, const Box& box,
                const std::string& x_label) {
  std::string heading = panel.name;
  const std::string p = panel.p ? p_text(*panel.p) : std::string{};
  const double room = box.right - box.left - text_width(p, detail::label_size) - 12;
  svg.text(box.left, box.top - 8, detail::fitted(heading, detail::label_size, room),
           {.size = detail::label_size, .fill = detail::ink, .bold = true});
  svg.text(box.right, box.top - 8, p,
           {.size = detail::small_size, .fill = detail::soft_ink, .anchor = Anchor::end});
  if (panel.time.empty()) {
    svg.text((box.left + box.right) / 2, (box.top + box.bottom) / 2, "no events",
             {.size = detail::label_size, .fill = detail::soft_ink, .anchor = Anchor::middle});
    return;
  }

  auto [first, last] = std::minmax_element(panel.time.begin(), panel.time.end());
  double x_low = *first;
  double x_high = *last;
  if (!(x_low < x_high)) {
    x_low -= 1;
    x_high += 1;
  }
  // Outliers beyond the outer percents are drawn at the edge, so that the curve can be read.
  std::vector<double> sorted = panel.residual;
  std::sort(sorted.begin(), sorted.end());
  const std::size_t tail = sorted.size() / 100;
  double y_low = std::min({sorted[tail], panel.coefficient, 0.0});
  double y_high = std::max({sorted[sorted.size() - 1 - tail], panel.coefficient, 0.0});
  const double air = std::max((y_high - y_low) * 0.06, 1e-9);
  y_low -= air;
  y_high += air;
  const auto x_at = [&](double v) {
    return box.left + (v - x_low) / (x_high - x_low) * (box.right - box.left);
  };
  const auto y_at = [&](double v) {
    const double share = std::clamp((v - y_low) / (y_high - y_low), 0.0, 1.0);
    return box.bottom - share * (box.bottom - box.top);
  };
  for (const double t : nice_ticks(y_low, y_high, 4)) {
    svg.line(box.left, y_at(t), box.right, y_at(t), {.stroke = detail::grid_ink});
    svg.text(box.left - 7, y_at(t) + 4, figure_number(t, 4),
             {.size = detail::small_size, .fill = detail::soft_ink, .anchor = Anchor::end});
  }
  for (const double t : nice_ticks(x_low, x_high, 5)) {
    svg.line(x_at(t), box.bottom, x_at(t), box.bottom + 4, {.stroke = detail::axis_ink});
    svg.text(x_at(t), box.bottom + 17, figure_number(t, 6),
             {.size = detail::small_size, .fill = detail::soft_ink, .anchor = Anchor::middle});
  }
  svg.line(box.left, box.bottom, box.right, box.bottom, {.stroke = detail::axis_ink});
  svg.text((box.left + box.right) / 2, box.bottom + 33, x_label,
           {.size = detail::small_size, .fill = detail::soft_ink, .anchor = Anchor::middle});

  const auto curve = fitted_spline(panel.time, panel.residual);
  constexpr std::size_t steps = 60;
  std::vector<double> line;
  if (curve) {
    std::vector<double> band;
    std::vector<double> back;
    const double unit = panel.variance * static_cast<double>(panel.time.size());
    for (std::size_t s = 0; s <= steps; ++s) {
      const double x = x_low + (x_high - x_low) * static_cast<double>(s) / steps;
      const Basis b = curve->basis(x);
      const double y = b * curve->coefficient;
      const double spread = std::max(0.0, (b * curve->inverse * b.transpose())(0, 0));
      const double width = 1.959963984540054 * std::sqrt(spread * unit);
      line.insert(line.end(), {x_at(x), y_at(y)});
      band.insert(band.end(), {x_at(x), y_at(y + width)});
      back.insert(back.end(), {y_at(y - width), x_at(x)});
    }
    std::reverse(back.begin(), back.end());
    band.insert(band.end(), back.begin(), back.end());
    svg.polygon(band, {.fill = category_colour(0).hex(), .opacity = 0.16});
  }
  const double radius = panel.time.size() > 400 ? 1.4 : 2.2;
  const double opacity = panel.time.size() > 400 ? 0.25 : 0.45;
  // Beyond some thousands more dots only make the file large.
  const std::size_t stride = (panel.time.size() + 3999) / 4000;
  for (std::size_t i = 0; i < panel.time.size(); i += stride) {
    svg.circle(x_at(panel.time[i]), y_at(panel.residual[i]), radius,
               {.fill = detail::ink, .opacity = opacity});
  }
  svg.line(box.left, y_at(panel.coefficient), box.right, y_at(panel.coefficient),
           {.stroke = detail::ink, .stroke_width = 1.2, .dash = "5 4"});
  if (curve) svg.polyline(line, {.stroke = category_colour(0).hex(), .stroke_width = 2.4});
}

}  // namespace

Result<std::string> cox_forest_figure(std::span<const std::optional<stats::HazardRatio>> ratios,
                                      std::span<const std::string> names,
                                      std::span<const std::string> terms,
                                      std::span<const std::uint32_t> term,
                                      const CoxForestOptions& options) {
  if (ratios.empty()) {
    return unexpected(error_of(Errc::empty_input, "ratios", "must hold a coefficient"));
  }
  if (names.size() != ratios.size() || term.size() != ratios.size()) {
    return unexpected(error_at(
        Errc::size_mismatch, names.size() != ratios.size() ? "names" : "term", std::nullopt,
        static_cast<double>(names.size()), "must have one entry for each coefficient"));
  }
  if (!options.references.empty() && options.references.size() != terms.size()) {
    return unexpected(error_at(Errc::size_mismatch, "references", std::nullopt,
                               static_cast<double>(options.references.size()),
                               "must have one entry for each term, or none"));
  }
  if (!options.labels.empty() && options.labels.size() != names.size()) {
    return unexpected(error_at(Errc::size_mismatch, "labels", std::nullopt,
                               static_cast<double>(options.labels.size()),
                               "must have one entry for each coefficient, or none"));
  }
  std::vector<std::size_t> columns(terms.size(), 0);
  for (std::size_t j = 0; j < term.size(); ++j) {
    if (term[j] >= terms.size()) {
      return unexpected(error_at(Errc::out_of_range, "term", j, static_cast<double>(term[j]),
                                 "must be below the number of terms"));
    }
    ++columns[term[j]];
  }
  std::vector<IntervalRow> rows;
  std::string said;
  for (std::size_t j = 0; j < ratios.size(); ++j) {
    const std::string& whole = terms[term[j]];
    const std::string reference =
        options.references.empty() ? std::string{} : options.references[term[j]];
    IntervalRow row;
    row.label = options.labels.empty() ? names[j] : options.labels[j];
    if (columns[term[j]] > 1 || !reference.empty()) {
      if (j == 0 || term[j - 1] != term[j]) {
        IntervalRow heading;
        heading.label = reference.empty() ? whole : column_of(whole);
        heading.heading = true;
        rows.push_back(std::move(heading));
        if (!reference.empty()) {
          IntervalRow compared;
          compared.label = reference;
          compared.below = true;
          compared.note = "1 (reference)";
          compared.estimate = 1;
          rows.push_back(std::move(compared));
          said += (said.empty() ? "" : "; ") + whole + " against " + reference;
        }
      }
      row.below = true;
      if (whole.find(':') == std::string::npos || options.labels.empty()) row.label = names[j];
      if (names[j].starts_with(whole) && names[j].size() > whole.size()) {
        row.label = names[j].substr(whole.size());
      }
    }
    if (!ratios[j]) {
      row.note = "not estimable";
    } else {
      row.note = ratio_note(*ratios[j], options.p_values);
      if (drawable(*ratios[j])) {
        row.estimate = ratios[j]->estimate;
        row.lower = ratios[j]->lower;
        row.upper = ratios[j]->upper;
      }
    }
    said += (said.empty() ? "" : "; ") + names[j] + " " + row.note;
    rows.push_back(std::move(row));
  }
  IntervalOptions how;
  how.title = options.title;
  how.subtitle = options.subtitle;
  how.description = options.description.empty() ? "Hazard ratios: " + said : options.description;
  how.x_label = "Hazard ratio";
  how.left_label = options.left_label;
  how.right_label = options.right_label;
  how.reference = 1;
  how.log_scale = true;
  how.width = options.width;
  return interval_chart(rows, how);
}

Result<std::string> schoenfeld_figure(std::span<const SchoenfeldPanel> panels,
                                      const SchoenfeldOptions& options) {
  if (auto fine = check(panels, options); !fine) return unexpected(fine.error());
  const std::size_t across = panels.size() == 1 || options.width < 520 ? 1 : 2;
  const std::size_t down = (panels.size() + across - 1) / across;
  const double heading =
      (options.title.empty() ? 0.0 : 20.0) + (options.subtitle.empty() ? 0.0 : 20.0) + 32;
  const double row_height = options.panel_height + 78;
  const double height = heading + row_height * static_cast<double>(down) + 26;
  std::string said = "Scaled Schoenfeld residuals against time";
  for (const SchoenfeldPanel& panel : panels) {
    said += "; " + panel.name + (panel.p ? " " + p_text(*panel.p) : "");
  }
  Svg svg{options.width, height, options.title.empty() ? "Schoenfeld residuals" : options.title,
          said};
  svg.rect(0, 0, options.width, height, {.fill = "#ffffff"});
  const double top = detail::put_heading(svg, 24, options.width, options.title, options.subtitle);
  const double room = (options.width - 24) / static_cast<double>(across);
  for (std::size_t i = 0; i < panels.size(); ++i) {
    const double left = 24 + room * static_cast<double>(i % across) + 46;
    const double panel_top = top + row_height * static_cast<double>(i / across) + 20;
    draw_panel(svg, panels[i],
               {left, panel_top, left + room - 46 - 28, panel_top + options.panel_height},
               options.x_label);
  }
  svg.text(24, height - 14,
           "Points: one an event. Line: smoothed effect with 95% band. Dashed: the model's "
           "coefficient.",
           {.size = detail::small_size, .fill = detail::soft_ink});
  return std::move(svg).finish();
}

}  // namespace ombre::inline v0::io
