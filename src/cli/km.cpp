// `ombre km`: survival curves as numbers and as a figure.
#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.hpp"
#include "cli/output.hpp"
#include "cli/rows.hpp"
#include "cli/survival_input.hpp"
#include "ombre/io/survival_figures.hpp"
#include "ombre/io/table.hpp"
#include "ombre/stats/log_rank.hpp"
#include "ombre/stats/rmst.hpp"
#include "ombre/stats/survival_bands.hpp"
#include "ombre/stats/survival_curve.hpp"

namespace ombre::cli {
namespace {

namespace st = stats;

struct Options {
  SurvivalInput input;
  std::string estimator = "kaplan-meier";
  std::string error = "auto";
  std::string conf = "log";
  double level = 0.95;
  std::string band = "none";
  std::vector<double> at;
  std::vector<double> probs{0.25, 0.5, 0.75};
  double tau = 0;
  double given = 0;
  bool given_set = false;
  std::string what = "auto";
  std::string output = "-";
  std::string format;
  std::string figure;
  std::string title;
  std::string x_label;
  std::string y_label;
  bool rising = false;
  double x_high = 0;
  unsigned threads = 1;
};

const std::vector<std::pair<std::string, st::IntervalScale>> scales{
    {"plain", st::IntervalScale::plain},
    {"log", st::IntervalScale::log},
    {"log-log", st::IntervalScale::log_log},
    {"logit", st::IntervalScale::logit},
    {"arcsine", st::IntervalScale::arcsine}};

std::vector<std::string> scale_names() {
  std::vector<std::string> out;
  for (const auto& [name, scale] : scales) out.push_back(name);
  return out;
}

// One group with everything that is printed of it.
struct Group {
  std::string name;
  const st::SurvivalCurve* curve = nullptr;
  std::size_t people = 0;
  std::optional<double> weight{};  ///< their sum, where there are weights
  std::vector<std::optional<st::Interval>> limits;
  std::optional<st::SurvivalBand> band;
};

std::optional<double> low(const std::optional<st::Interval>& interval) {
  return interval ? std::optional{interval->low} : std::nullopt;
}
std::optional<double> high(const std::optional<st::Interval>& interval) {
  return interval ? std::optional{interval->high} : std::nullopt;
}

double total(const std::vector<double>& values) {
  double sum = 0;
  for (const double v : values) sum += v;
  return sum;
}

std::string share_text(double p) { return io::readable(100 * p, 4); }

Rows summary(const std::vector<Group>& groups, const Options& o, st::IntervalScale scale) {
  Rows rows;
  // Beside weights, people and what they stand for are two numbers.
  const bool weighted = groups.front().weight.has_value();
  rows.columns = {{"group"}, {"n"}};
  if (weighted) rows.columns.push_back({"sum_of_weights"});
  rows.columns.push_back({"events"});
  for (const double p : o.probs) {
    const std::string name = p == 0.5 ? "median" : "p" + share_text(p);
    for (const char* which : {"", "_lower", "_upper"}) rows.columns.push_back({name + which});
  }
  if (o.tau > 0) {
    for (const char* name : {"rmst", "rmst_se", "time_lost"}) rows.columns.push_back({name});
  }
  // Not reached is an answer.
  for (std::size_t c = 1; c < rows.columns.size(); ++c) rows.columns[c].says_nothing = false;
  for (const Group& g : groups) {
    std::vector<Cell> cells{g.name, Cell{static_cast<double>(g.people), 0}};
    if (weighted) cells.emplace_back(g.weight);
    cells.emplace_back(total(g.curve->events));
    const auto quantiles = st::curve_quantiles(*g.curve, o.probs, scale, o.level);
    for (std::size_t i = 0; i < o.probs.size(); ++i) {
      if (!quantiles) {
        for (int k = 0; k < 3; ++k) cells.emplace_back();
        continue;
      }
      cells.emplace_back((*quantiles)[i].time);
      cells.emplace_back((*quantiles)[i].lower);
      cells.emplace_back((*quantiles)[i].upper);
    }
    if (o.tau > 0) {
      const auto mean = st::restricted_mean(*g.curve, o.tau);
      if (mean) {
        cells.emplace_back(mean->mean);
        cells.emplace_back(std::sqrt(mean->variance));
        cells.emplace_back(mean->lost);
      }
      while (cells.size() < rows.columns.size()) cells.emplace_back();
    }
    rows.add(std::move(cells));
  }
  rows.below.push_back("Times by which a share of people had the event, with " +
                       share_text(o.level) + "% limits (" + o.conf + " scale); - was not reached.");
  if (weighted) rows.below.push_back("n counts people; events are sums of weights.");
  if (o.tau > 0) {
    rows.below.push_back("rmst: mean event-free time up to " + io::readable(o.tau) + ".");
  }
  return rows;
}

Result<Rows> at_times(const std::vector<Group>& groups, const Options& o, st::IntervalScale scale) {
  Rows rows;
  rows.columns = {{"group"}, {"time"}, {"at_risk"}, {"survival"}, {"se"}, {"lower"}, {"upper"}};
  for (std::size_t c = 1; c < rows.columns.size(); ++c) rows.columns[c].says_nothing = false;
  if (o.given_set) rows.columns.push_back({"given_survival_to"});
  for (const Group& g : groups) {
    if (o.given_set) {
      const auto values = st::conditional_survival(*g.curve, o.given, o.at);
      if (!values) return unexpected(values.error());
      for (std::size_t i = 0; i < o.at.size(); ++i) {
        const auto& v = (*values)[i];
        std::optional<st::Interval> interval;
        std::optional<double> se;
        if (v.survival && v.se_log_survival) {
          interval = st::survival_interval(*v.survival, *v.se_log_survival, scale, o.level);
          se = *v.survival * *v.se_log_survival;
        }
        rows.add({g.name, o.at[i], g.curve->at_risk_at(o.at[i]), Cell{v.survival, 4}, Cell{se, 4},
                  Cell{low(interval), 4}, Cell{high(interval), 4}, o.given});
      }
      continue;
    }
    for (const double t : o.at) {
      const auto i = g.curve->at(t);
      std::vector<Cell> cells{g.name, t, g.curve->at_risk_at(t)};
      if (i) {
        cells.emplace_back(g.curve->survival[*i], 4);
        cells.emplace_back(g.curve->se_survival(*i), 4);
        cells.emplace_back(low(g.limits[*i]), 4);
        cells.emplace_back(high(g.limits[*i]), 4);
      } else {
        for (const double v : {1.0, 0.0, 1.0, 1.0}) cells.emplace_back(v, 4);
      }
      rows.add(std::move(cells));
    }
  }
  return rows;
}

// Rows of each group, or ids where there are any.
std::vector<std::size_t> people_of(const cohort::SurvivalRows& rows,
                                   std::span<const std::uint32_t> code, std::size_t groups) {
  std::vector<std::size_t> people(groups, 0);
  std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!rows.id.used() || seen.emplace(code[i], rows.id.code[i]).second) ++people[code[i]];
  }
  return people;
}

// What is said of a horizon that some group was not observed to.
void tell_horizon(const std::vector<Group>& groups, double tau, Findings& findings) {
  for (const Group& g : groups) {
    const auto mean = st::restricted_mean(*g.curve, tau);
    if (!mean || !mean->beyond_follow_up) continue;
    tell_beyond_follow_up(findings, "horizon_beyond_follow_up", "--tau", tau, g.name);
  }
}

// The same of times after the last one of a group; a curve that is 0 stays there.
void tell_times(const std::vector<Group>& groups, const std::vector<double>& times,
                Findings& findings) {
  for (const Group& g : groups) {
    if (g.curve->size() == 0 || g.curve->survival.back() == 0) continue;
    for (const double t : times) {
      if (t <= g.curve->time.back()) continue;
      tell_beyond_follow_up(findings, "time_beyond_follow_up", "--at", t, g.name);
    }
  }
}

Result<void> write_curves(const std::vector<Group>& groups, const Options& o, Format format,
                          Beside& beside) {
  const bool band = o.band != "none";
  std::vector<std::string> header{"group",
                                  "time",
                                  "at_risk",
                                  "events",
                                  "censored",
                                  "survival",
                                  "se",
                                  "lower",
                                  "upper",
                                  "cumulative_hazard",
                                  "se_cumulative_hazard"};
  if (band) {
    header.emplace_back("band_lower");
    header.emplace_back("band_upper");
  }
  auto sink = RowSink::create(o.output, format, std::move(header));
  if (!sink) return unexpected(sink.error());
  for (const Group& g : groups) {
    const st::SurvivalCurve& c = *g.curve;
    for (std::size_t i = 0; i < c.size(); ++i) {
      sink->text(g.name).number(c.time[i]).number(c.at_risk[i]).number(c.events[i]);
      sink->number(c.censored[i]).number(c.survival[i]).number(c.se_survival(i));
      sink->number(low(g.limits[i])).number(high(g.limits[i]));
      sink->number(c.cumulative_hazard[i]).number(c.hazard_error[i]);
      if (band) {
        const auto limits = g.band ? g.band->limits[i] : std::nullopt;
        sink->number(low(limits)).number(high(limits));
      }
      if (auto ended = sink->end_row(); !ended) return ended;
    }
  }
  return sink->commit(&beside);
}

Result<std::string> figure_of(const std::vector<Group>& groups, const Options& o,
                              const std::string& note) {
  std::vector<io::SurvivalFigureCurve> curves;
  for (const Group& g : groups) {
    io::SurvivalFigureCurve one{g.name, g.curve, g.limits, g.people};
    if (o.band != "none") {
      one.limits =
          g.band ? g.band->limits : std::vector<std::optional<st::Interval>>(g.curve->size());
    }
    curves.push_back(std::move(one));
  }
  io::SurvivalFigureOptions how;
  how.title = o.title;
  how.x_label = o.x_label.empty() ? time_label(o.input) : o.x_label;
  how.y_label = !o.y_label.empty() ? o.y_label : o.rising ? "With the event" : "Event-free";
  how.falling = !o.rising;
  how.note = note;
  how.limits_note = "Shaded: " + share_text(o.level) + "% ";
  how.limits_note +=
      o.band == "none"
          ? "pointwise intervals (" + o.conf + " scale)"
          : "simultaneous band (" +
                std::string{o.band == "hall-wellner" ? "Hall-Wellner" : "equal precision"} + ", " +
                o.conf + " scale)";
  how.limits_note += "; small ticks: censored.";
  if (o.x_high > 0) how.x_high = o.x_high;
  return io::survival_figure(curves, how);
}

Exit run(const Options& o) {
  const std::array inputs{NamedPath{"--data", o.input.data}, NamedPath{"--join", o.input.join}};
  const std::array outputs{NamedPath{"--output", o.output}, NamedPath{"--figure", o.figure}};
  if (auto good = check_paths(inputs, outputs); !good) return fail(good.error());
  if (o.given_set && o.at.empty()) {
    return fail("--given needs --at: the times to survive until", Exit::usage);
  }
  if (o.what == "times" && o.at.empty()) return fail("--what times needs --at", Exit::usage);
  for (const double p : o.probs) {
    if (p >= 0 && p <= 1) continue;
    return fail(error_at(Errc::out_of_range, "--probs", std::nullopt, p, "must be from 0 to 1"));
  }
  Findings findings;
  const auto rows = read_survival_rows(o.input, findings);
  if (!rows) return fail(by_option(rows.error()));
  const auto runner = make_runner(o.threads);

  st::CurveOptions how;
  if (o.estimator != "kaplan-meier") how.survival = st::SurvivalForm::exponential;
  if (o.estimator == "fleming-harrington") how.hazard = st::HazardForm::fleming_harrington;
  const bool fractions =
      std::ranges::any_of(rows->weight, [](double w) { return w != std::floor(w); });
  if (o.error == "tsiatis") how.error = st::CurveError::tsiatis;
  // As R: rows that belong together, and weights that are no counts, need robust errors.
  const bool together = rows->cluster.used() || (rows->id.used() && rows->id.size() < rows->size());
  if (o.error == "robust" || (o.error == "auto" && (together || fractions))) {
    how.error = st::CurveError::robust;
  }
  st::SurvivalData data{rows->time, rows->event, rows->entry, rows->weight};
  data.cluster = rows->cluster.used() ? rows->cluster.code : rows->id.code;
  data.continues = rows->continues;
  std::vector<std::uint32_t> everybody;
  std::span<const std::uint32_t> code = rows->group.code;
  if (!rows->group.used()) {
    everybody.assign(rows->size(), 0);
    code = everybody;
  }
  const std::size_t count = rows->group.used() ? rows->group.size() : 1;
  const auto curves = st::survival_curves(data, code, count, how, *runner);
  if (!curves) return fail(by_line(o.input, *rows, curves.error()));

  const auto scale =
      std::ranges::find(scales, o.conf, &std::pair<std::string, st::IntervalScale>::first)->second;
  const std::vector<std::size_t> people = people_of(*rows, code, count);
  std::vector<double> weight_of(count, 0.0);
  for (std::size_t i = 0; i < rows->weight.size(); ++i) weight_of[code[i]] += rows->weight[i];
  std::vector<Group> groups;
  for (std::size_t g = 0; g < count; ++g) {
    Group one{group_label(o.input, rows->group, g), &(*curves)[g], people[g], {}, {}, {}};
    if (!rows->weight.empty()) one.weight = weight_of[g];
    auto limits = st::curve_intervals(*one.curve, scale, o.level);
    if (!limits) return fail(by_option(limits.error()));
    one.limits = *std::move(limits);
    if (o.band != "none") {
      st::BandOptions band;
      band.kind =
          o.band == "hall-wellner" ? st::BandKind::hall_wellner : st::BandKind::equal_precision;
      band.level = o.level;
      band.scale = scale;
      auto made = st::survival_band(*one.curve, band);
      if (!made && made.error().code != Errc::not_computable) return fail(by_option(made.error()));
      if (made) {
        one.band = *std::move(made);
      } else {
        Finding finding;
        finding.severity = Severity::caution;
        finding.rule = "no_band";
        finding.field = "--band";
        finding.text = (one.name.empty() ? std::string{"the curve"} : one.name) +
                       " has no band: " + made.error().rule;
        findings.add(std::move(finding));
      }
    }
    groups.push_back(std::move(one));
  }

  Beside beside;
  if (!o.figure.empty()) {
    std::string note;
    if (count > 1) {
      constexpr std::array plain{st::RankWeight{}};
      st::GroupedTimes grouped{rows->time, rows->event, rows->group.code, count};
      grouped.entry = rows->entry;
      const auto tests =
          together || !rows->weight.empty()
              ? Result<std::vector<st::WeightedLogRank>>{std::vector<st::WeightedLogRank>{}}
              : st::log_rank_family(grouped, plain);
      if (tests && !tests->empty() && tests->front().p) {
        const double p = *tests->front().p;
        note = p < 0.001 ? "Log-rank p < 0.001" : "Log-rank p = " + io::readable(p, 3);
      }
    }
    const auto figure = figure_of(groups, o, note);
    if (!figure) return fail(by_figure(figure.error(), "--figure", o.figure));
    if (auto ready = beside.add(o.figure, *figure); !ready) return fail(ready.error());
  }
  const Format format = choose_format(o.format, o.output);
  std::string what = o.what;
  if (what == "auto") {
    what = !o.at.empty()                                     ? "times"
           : format == Format::csv || format == Format::json ? "curve"
                                                             : "summary";
  }
  if (o.tau > 0 && what == "summary") tell_horizon(groups, o.tau, findings);
  if (o.tau > 0 && what != "summary") {
    Finding finding;
    finding.severity = Severity::caution;
    finding.rule = "option_without_effect";
    finding.field = "--tau";
    finding.text = "is for the summary (--what summary), which is not what is written here";
    findings.add(std::move(finding));
  }
  Result<Rows> table = Rows{};
  if (what == "times") {
    table = at_times(groups, o, scale);
    if (!table) return fail(by_option(table.error()));
    tell_times(groups, o.at, findings);
  }
  report(findings);
  if (what == "curve") {
    const auto written = write_curves(groups, o, format, beside);
    return written ? Exit::ok : fail(written.error());
  }
  if (what == "times") {
    return print(*table, format, o.output, beside);
  }
  return print(summary(groups, o, scale), format, o.output, beside);
}

Command::Run set_up(CLI::App& app) {
  auto o = std::make_shared<Options>();
  app.footer(
      "\nA terminal gets the summary: people, events, quartiles with limits. A pipe or file gets "
      "the\n"
      "curve: group, time, at_risk, events, censored, survival, se, lower, upper,\n"
      "cumulative_hazard, se_cumulative_hazard (and band_lower, band_upper).\n"
      "Examples\n"
      "  ombre km link.csv --time days --event linked --group arm --figure link.svg\n"
      "  ombre km out.csv --endpoint relapse --id who --join arms.csv --group arm --at 28,84,168\n"
      "Formulas, agreement with R: docs/survival.md.");
  add_survival_options(app, o->input, false, true);
  app.add_option("--estimator", o->estimator, "how survival is made")
      ->check(CLI::IsMember({"kaplan-meier", "nelson-aalen", "fleming-harrington"}))
      ->capture_default_str();
  app.add_option("--error", o->error,
                 "greenwood, tsiatis, robust; auto is robust where rows belong together or weights "
                 "are no whole numbers, else greenwood")
      ->check(CLI::IsMember({"auto", "greenwood", "tsiatis", "robust"}))
      ->capture_default_str();
  app.add_option("--conf", o->conf, "scale of the intervals")
      ->check(CLI::IsMember(scale_names()))
      ->capture_default_str();
  app.add_option("--level", o->level, "of intervals and bands")
      ->check(CLI::Range(0.01, 0.999999))
      ->capture_default_str();
  app.add_option("--band", o->band, "also a simultaneous band")
      ->check(CLI::IsMember({"none", "hall-wellner", "equal-precision"}))
      ->capture_default_str();
  add_numbers(app, "--at", o->at, "survival at these times, such as 30,90,180");
  add_numbers(app, "--probs", o->probs, "shares with the event whose times are wanted");
  app.add_option("--tau", o->tau, "also the mean event-free time up to here")->check(above_zero());
  app.add_option_function<double>(
      "--given",
      [o](const double& from) {
        o->given = from;
        o->given_set = true;
      },
      "with --at: for people who are event-free at this time");
  app.add_option("--what", o->what, "what is written")
      ->check(CLI::IsMember({"auto", "summary", "curve", "times"}))
      ->capture_default_str();
  app.add_option("-o,--output", o->output, "where the numbers go")->capture_default_str();
  add_format_option(app, o->format, true);
  app.add_option("--figure", o->figure, "write the curves to this SVG file");
  app.add_option("--title", o->title, "of the figure");
  app.add_option("--x-label", o->x_label, "of the figure; without it the time's column");
  app.add_option("--y-label", o->y_label,
                 "of the figure; Event-free, or With the event where --rising");
  app.add_option("--x-high", o->x_high, "last time of the figure")->check(above_zero());
  app.add_flag("--rising", o->rising, "draw the share with the event instead");
  app.add_option("--threads", o->threads, "0 = all the machine has")->capture_default_str();
  return [o] { return run(*o); };
}

const Command km{"km", "Survival curves: tables, intervals, bands, figures", 23, set_up};

}  // namespace
}  // namespace ombre::cli
