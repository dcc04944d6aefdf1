// `ombre rmst`: mean event-free time up to a horizon, in groups and between two.
#include <algorithm>
#include <array>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/output.hpp"
#include "cli/rows.hpp"
#include "cli/survival_input.hpp"
#include "ombre/io/survival_figures.hpp"
#include "ombre/io/table.hpp"
#include "ombre/stats/rmst.hpp"

namespace ombre::cli {
namespace {

namespace st = stats;

struct Options {
  SurvivalInput input;
  double tau = 0;
  double level = 0.95;
  std::string output = "-";
  std::string format;
  std::string figure;
  std::string title;
  std::string x_label;
};

void add_contrast(Rows& out, const char* name, const std::string& who,
                  const std::optional<st::Contrast>& contrast) {
  if (!contrast) {
    out.add({name, who, Cell{}, Cell{}, Cell{}, Cell{}, Cell{}});
    return;
  }
  out.add({name, who, Cell{contrast->estimate, 3}, Cell{contrast->standard_error, 3},
           Cell{contrast->interval.low, 3}, Cell{contrast->interval.high, 3},
           Cell{contrast->p, 6}});
}

Result<void> add_adjusted(Rows& out, const cohort::SurvivalRows& rows, const std::string& who,
                          double tau, double z, Findings& findings) {
  const std::size_t n = rows.size();
  std::vector<std::uint8_t> arm(n);
  std::vector<double> x(n, 1);
  for (std::size_t i = 0; i < n; ++i) {
    arm[i] = static_cast<std::uint8_t>(rows.group.code[i]);
    x.push_back(arm[i]);
  }
  x.insert(x.end(), rows.x.values.begin(), rows.x.values.end());
  const std::size_t columns = 2 + rows.x.columns.size();
  for (const auto& [name, link] : {std::pair{"adjusted_difference", st::RmstLink::difference},
                                   std::pair{"adjusted_ratio", st::RmstLink::ratio},
                                   std::pair{"adjusted_lost_ratio", st::RmstLink::lost_ratio}}) {
    const auto fit = st::rmst_regression(rows.time, rows.event, arm, x, columns, tau, link);
    if (!fit) return unexpected(fit.error());
    if (!fit->converged) {
      Finding finding;
      finding.severity = Severity::warning;
      finding.rule = "iteration_limit";
      finding.field = "--x";
      finding.value = name;
      finding.text = "the fit stopped before it had converged, so it has no rows";
      findings.add(std::move(finding));
      continue;
    }
    for (std::size_t i = 1; i < columns; ++i) {
      const double b = fit->coefficient[i];
      const double se = std::sqrt(fit->covariance[i * columns + i]);
      const bool ratio = link != st::RmstLink::difference;
      const auto shown = [ratio](double v) { return Cell{ratio ? std::exp(v) : v, 3}; };
      // Without an event up to the horizon there is no error, and so no p.
      const Cell p = se > 0 ? Cell{2 * cdf(boost::math::normal{}, -std::abs(b / se)), 6} : Cell{};
      out.add({name, i == 1 ? who : rows.x.columns[i - 2], shown(b), Cell{se, 3}, shown(b - z * se),
               shown(b + z * se), p});
    }
  }
  return {};
}

Exit run(const Options& o) {
  const std::array inputs{NamedPath{"--data", o.input.data}, NamedPath{"--join", o.input.join}};
  const std::array outputs{NamedPath{"--output", o.output}, NamedPath{"--figure", o.figure}};
  if (auto good = check_paths(inputs, outputs); !good) return fail(good.error());
  if (!o.input.x.empty() && (!o.input.entry.empty() || !o.input.weight.empty())) {
    return fail("--x knows neither --entry nor --weight", Exit::usage);
  }
  Findings findings;
  const auto rows = read_survival_rows(o.input, findings);
  if (!rows) return fail(by_option(rows.error()));
  const std::size_t count = rows->group.used() ? rows->group.size() : 1;
  if (!o.input.x.empty() && count != 2) {
    return fail("--x adjusts the comparison of two groups; there are " + std::to_string(count));
  }
  std::vector<std::uint32_t> code = rows->group.code;
  if (code.empty()) code.assign(rows->size(), 0);
  const auto curves =
      st::survival_curves({rows->time, rows->event, rows->entry, rows->weight}, code, count);
  if (!curves) return fail(by_line(o.input, *rows, curves.error()));
  double tau = o.tau;
  if (!(tau > 0)) {  // as far as every group was observed
    tau = std::numeric_limits<double>::infinity();
    for (const st::SurvivalCurve& curve : *curves) {
      if (curve.size() > 0) tau = std::min(tau, curve.time.back());
    }
    if (!(tau > 0 && std::isfinite(tau)))
      return fail("--tau is needed: a group was not followed beyond time 0", Exit::usage);
  }
  const double z = quantile(boost::math::normal{}, 1 - (1 - o.level) / 2);
  Rows out;
  out.columns = {{"quantity"}, {"group"}, {"estimate"}, {"se"}, {"lower"}, {"upper"}, {"p"}};
  std::vector<io::SurvivalFigureCurve> drawn;
  for (std::size_t g = 0; g < count; ++g) {
    const std::string name = group_label(o.input, rows->group, g);
    const auto mean = st::restricted_mean((*curves)[g], tau);
    if (!mean) return fail(by_option(mean.error()));
    if (mean->beyond_follow_up) {
      tell_beyond_follow_up(findings, "horizon_beyond_follow_up", "--tau", tau, name);
    }
    const double se = std::sqrt(mean->variance);
    out.add({"rmst", name, Cell{mean->mean, 3}, Cell{se, 3}, Cell{mean->mean - z * se, 3},
             Cell{mean->mean + z * se, 3}, Cell{}});
    out.add({"time_lost", name, Cell{mean->lost, 3}, Cell{se, 3}, Cell{mean->lost - z * se, 3},
             Cell{mean->lost + z * se, 3}, Cell{}});
    drawn.push_back({name, &(*curves)[g], {}});
  }
  // Each of the other groups against the first.
  const auto against = [&](std::size_t g) {
    return group_label(o.input, rows->group, g) + " against " +
           group_label(o.input, rows->group, 0);
  };
  for (std::size_t g = 1; g < count; ++g) {
    const auto both = st::compare_restricted_means((*curves)[0], (*curves)[g], tau, o.level);
    if (!both) return fail(by_option(both.error()));
    const std::string who = against(g);
    add_contrast(out, "difference", who, both->difference);
    add_contrast(out, "ratio", who, both->ratio);
    add_contrast(out, "lost_ratio", who, both->lost_ratio);
    if (both->difference.p) continue;
    Finding finding;
    finding.severity = Severity::caution;
    finding.rule = "no_test";
    finding.field = "--group";
    if (count > 2) finding.value = who;
    finding.text =
        "no event up to the horizon tells how far the means could be from these: their errors "
        "are 0, and there is no test";
    findings.add(std::move(finding));
  }
  if (!o.input.x.empty()) {
    if (auto done = add_adjusted(out, *rows, against(1), tau, z, findings); !done) {
      return fail(by_option(done.error()));
    }
  }
  out.above.push_back("Event-free time up to " + io::readable(tau) + ", " +
                      io::readable(100 * o.level) + "% limits.");
  if (count >= 2) out.below.push_back("The se of a ratio is that of its logarithm.");
  if (count > 2) {
    out.below.push_back(
        "Each group against the first (--reference chooses it); p values are not "
        "adjusted for their number.");
  }
  Beside beside;
  if (!o.figure.empty()) {
    io::SurvivalFigureOptions how;
    how.title = o.title;
    how.x_label = o.x_label.empty() ? time_label(o.input) : o.x_label;
    how.horizon = tau;
    how.medians = false;
    how.limits_note = "Shaded: event-free time up to " + io::readable(tau) +
                      "; small ticks: "
                      "censored.";
    const auto figure = io::survival_figure(drawn, how);
    if (!figure) return fail(by_figure(figure.error(), "--figure", o.figure));
    if (auto ready = beside.add(o.figure, *figure); !ready) return fail(ready.error());
  }
  report(findings);
  return print(out, choose_format(o.format, o.output), o.output, beside);
}

Command::Run set_up(CLI::App& app) {
  auto o = std::make_shared<Options>();
  app.footer(
      "\nThe mean of min(time, tau), from the area under the survival curve; with several the\n"
      "difference of each from the first, the ratio, and the ratio of the time lost. --x adjusts "
      "for covariates by a\n"
      "regression weighted for censoring.\n"
      "Example\n"
      "  ombre rmst link.csv --time days --event linked --group arm --tau 180 --x "
      "age,factor(site)\n"
      "More: docs/survival.md.");
  add_survival_options(app, o->input, false, false);
  app.add_option("--tau", o->tau, "the horizon; without it as far as every group was observed")
      ->check(above_zero());
  app.add_option("--x", o->input.x, "adjust for: columns, factor(column), a:b")->delimiter(',');
  app.add_option("--level", o->level, "of the intervals")
      ->check(CLI::Range(0.01, 0.999999))
      ->capture_default_str();
  app.add_option("-o,--output", o->output, "where the result goes")->capture_default_str();
  add_format_option(app, o->format, true);
  app.add_option("--figure", o->figure, "write the curves with their areas to this SVG file");
  app.add_option("--title", o->title, "of the figure");
  app.add_option("--x-label", o->x_label, "of the figure; without it the time's column");
  return [o] { return run(*o); };
}

const Command rmst{"rmst", "Mean event-free time up to a horizon", 25, set_up};

}  // namespace
}  // namespace ombre::cli
