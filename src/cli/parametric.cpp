// `ombre parametric`: survival models with a formula, for times seen exactly or between visits.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "cli/command.hpp"
#include "cli/delimiter.hpp"
#include "cli/output.hpp"
#include "cli/rows.hpp"
#include "cli/survival_input.hpp"
#include "ombre/cohort/parametric.hpp"
#include "ombre/io/cohort_csv.hpp"
#include "ombre/io/table.hpp"

namespace ombre::cli {
namespace {

namespace st = stats;

struct Options {
  std::string data;
  std::string delimiter = ",";
  std::string time;
  std::string event;
  std::string time2;
  std::string entry;
  std::string weight;
  std::string offset;
  std::vector<std::string> x;
  std::vector<std::string> where;
  std::vector<std::string> reference;
  std::string family = "weibull";
  bool compare = false;
  double level = 0.95;
  bool refuse_missing = false;
  std::string output = "-";
  std::string format;
};

struct Input {
  cohort::Table table;
  cohort::ParametricRoles roles;
  cohort::ParametricRows rows;
  // What a fit of these rows says is wrong, by line and column.
  [[nodiscard]] Exit fail(const Error& error) const {
    return cli::fail(by_option(cohort::parametric_error(error, table, roles, rows)));
  }
};

Result<Input> read_input(const Options& o, Findings& findings) {
  const cohort::ParametricRoles roles{o.time, o.time2, o.event, o.entry, o.weight, o.offset, o.x};
  auto needed = cohort::columns_of_terms(o.x);
  if (!needed) return unexpected(needed.error());
  for (const auto* name : {&o.time, &o.time2, &o.event, &o.entry, &o.weight, &o.offset}) {
    if (!name->empty() && std::ranges::find(*needed, *name) == needed->end()) {
      needed->push_back(*name);
    }
  }
  const auto choice = read_choice(o.where, o.reference, *needed);
  if (!choice) return unexpected(choice.error());
  const auto delimiter = delimiter_of(o.delimiter);
  if (!delimiter) return unexpected(delimiter.error());
  io::CohortCsvOptions how;
  how.csv.delimiter = *delimiter;
  auto read = io::read_cohort_csv(o.data, *needed, how);
  if (!read) return unexpected(read.error());
  auto table = choose_rows(*std::move(read), choice->conditions, findings);
  if (!table) return unexpected(table.error());
  if (auto set = set_references(*table, choice->references, {}, o.x); !set) {
    return unexpected(set.error());
  }
  auto rows = cohort::parametric_rows(
      *table, roles,
      o.refuse_missing ? cohort::MissingRows::refuse : cohort::MissingRows::leave_out, findings);
  if (!rows) return unexpected(rows.error());
  return Input{*std::move(table), roles, *std::move(rows)};
}

std::string about(const st::ParametricFit& fit) {
  std::string text = std::to_string(fit.n) + " rows: " + std::to_string(fit.exact) + " exact, " +
                     std::to_string(fit.right_censored) + " right-censored";
  if (fit.left_censored > 0) text += ", " + std::to_string(fit.left_censored) + " left-censored";
  if (fit.interval_censored > 0) {
    text += ", " + std::to_string(fit.interval_censored) + " between visits";
  }
  if (fit.late_entries > 0) text += "; " + std::to_string(fit.late_entries) + " entered late";
  return text + ".";
}

Rows coefficients(const st::ParametricFit& fit, const cohort::Design& x, double level) {
  const std::size_t size = fit.parameters.size();
  const double z = -quantile(boost::math::normal{}, (1 - level) / 2);
  Rows rows;
  const bool hazards = fit.family == st::SurvivalFamily::gompertz;
  rows.columns = {{"term"},  {"coef"},  {"se"}, {hazards ? "hazard_ratio" : "time_ratio"},
                  {"lower"}, {"upper"}, {"z"},  {"p"},
                  {"status"}};
  for (std::size_t j = 0; j < size; ++j) {
    const bool location = j <= fit.columns;
    std::string term = j == 0                                ? "(Intercept)"
                       : location                            ? x.columns[j - 1]
                       : (j == fit.columns + 1 && fit.scale) ? "log(scale)"
                                                             : "shape";
    if (location && fit.kind[j] == st::ParametricCoefficient::aliased) {
      rows.add({term, {}, {}, {}, {}, {}, {}, {}, "not estimable"});
      continue;
    }
    if (location && fit.kind[j] == st::ParametricCoefficient::infinite) {
      rows.add({term,
                {},
                {},
                {},
                {},
                {},
                {},
                {},
                fit.parameters[j] > 0 ? "infinite (no events)" : "minus infinite"});
      continue;
    }
    // At an edge with too few people the parameters are where the search gave up.
    if (fit.too_few_people() && fit.status != st::ParametricStatus::converged) {
      rows.add({term, {}, {}, {}, {}, {}, {}, {}, "too few people"});
      continue;
    }
    const double b = fit.parameters[j];
    const bool known = !fit.variance.empty() && fit.variance[j * size + j] > 0;
    if (!known) {
      rows.add({term, Cell{b, 4}, {}, {}, {}, {}, {}, {}, fit.variance.empty() ? "" : "held"});
      continue;
    }
    const double se = std::sqrt(fit.variance[j * size + j]);
    const double tail = 2 * cdf(boost::math::normal{}, -std::abs(b / se));
    if (j == 0 || !location) {
      rows.add({term,
                Cell{b, 4},
                Cell{se, 4},
                {},
                Cell{b - z * se, 3},
                Cell{b + z * se, 3},
                Cell{b / se, 2},
                Cell{tail, 4},
                {}});
    } else {
      rows.add({term,
                Cell{b, 4},
                Cell{se, 4},
                ratio_cell(std::exp(b), 3),
                ratio_cell(std::exp(b - z * se), 3),
                ratio_cell(std::exp(b + z * se), 3),
                Cell{b / se, 2},
                Cell{tail, 4},
                {}});
    }
  }
  rows.above.push_back(about(fit));
  rows.below.push_back(std::string{name(fit.family)} + ": log-likelihood " +
                       io::readable(fit.loglik, 3) + ", AIC " + io::readable(fit.aic, 3) + " (" +
                       std::to_string(fit.df) + " parameters), " + std::string{name(fit.status)} +
                       ". Limits of covariates are of the ratio.");
  return rows;
}

Rows comparison(const st::ParametricInput& input, Result<void>& failed) {
  Rows rows;
  rows.columns = {{"family"}, {"df"}, {"loglik"}, {"aic"}, {"bic"}, {"status"}};
  std::vector<st::ParametricFit> fits;
  for (const st::SurvivalFamily family : st::survival_families()) {
    st::ParametricOptions options{.family = family};
    options.progress = progress_bar("parametric");
    auto fit = st::parametric_fit(input, options);
    if (!fit) {
      failed = unexpected(fit.error());
      return rows;
    }
    fits.push_back(*std::move(fit));
  }
  // A likelihood at the edge of its family has no maximum, so its AIC leads no comparison.
  std::ranges::stable_sort(fits, {}, [](const st::ParametricFit& f) {
    return std::tuple{f.too_few_people(), f.status != st::ParametricStatus::converged, f.aic};
  });
  for (const st::ParametricFit& f : fits) {
    if (f.too_few_people()) {
      rows.add(
          {std::string{name(f.family)}, static_cast<double>(f.df), {}, {}, {}, "too few people"});
      continue;
    }
    rows.add({std::string{name(f.family)}, static_cast<double>(f.df), Cell{f.loglik, 3},
              Cell{f.aic, 3}, Cell{f.bic, 3}, std::string{name(f.status)}});
  }
  rows.above.push_back(about(fits.front()));
  if (fits.back().too_few_people()) {
    rows.below.push_back("Too few people: one, or fewer than parameters; nothing can be compared.");
  }
  rows.below.push_back(
      "By AIC, smallest first; differences below about 2 say little. Fits that did not converge, "
      "or ended at the edge of their family, stand last: their AIC is of no maximum.");
  return rows;
}

Exit run(const Options& o) {
  const std::array<NamedPath, 1> inputs{{{"--data", o.data}}};
  const std::array<NamedPath, 1> outputs{{{"--output", o.output}}};
  if (auto fine = check_paths(inputs, outputs); !fine) return fail(fine.error());
  if (!(o.level > 0 && o.level < 1)) {
    return fail(error_at(Errc::out_of_range, "--level", std::nullopt, o.level,
                         "must be above 0 and below 1"));
  }
  const auto family = st::survival_family(o.family);
  if (!family) return fail(family.error());
  Findings findings;
  const auto input = read_input(o, findings);
  if (!input) return fail(by_option(input.error()));
  const cohort::ParametricRows& rows = input->rows;
  if (o.compare) {
    report(findings);
    Result<void> failed;
    const Rows table = comparison(rows.input(), failed);
    if (!failed) return input->fail(failed.error());
    return print(table, choose_format(o.format, o.output), o.output);
  }
  st::ParametricOptions options{.family = *family};
  options.progress = progress_bar("parametric");
  const auto fit = st::parametric_fit(rows.input(), options);
  if (!fit) return input->fail(fit.error());
  cohort::report_parametric_fit(*fit, rows.x, findings);
  report(findings);
  return print(coefficients(*fit, rows.x, o.level), choose_format(o.format, o.output), o.output);
}

Command::Run set_up(CLI::App& app) {
  auto o = std::make_shared<Options>();
  app.footer(
      "\nFamilies: exponential, weibull, log_normal, log_logistic, gamma, generalised_gamma "
      "(times are\nmultiplied by exp(coef)), gompertz (hazards are).\n"
      "  ombre parametric --data trial.csv --time days --event relapse --x arm --family weibull\n"
      "  ombre parametric --data visits.csv --time last_without --time2 first_with --compare\n"
      "In the second, an empty time2 says that the event has not been seen. Predictions: ombre\n"
      "analyse, method parametric_survival.");
  app.add_option("DATA,--data", o->data, "a CSV file with a header row (- is standard input)")
      ->required();
  add_delimiter_option(app, o->delimiter);
  app.add_option("--time", o->time,
                 "column: the time; without --event, the last visit without the event")
      ->required();
  app.add_option("--event", o->event,
                 "column: 0 = event after time, 1 = at time, 2 = before it, 3 = between it and "
                 "--time2");
  app.add_option("--time2", o->time2, "column: the other end of an interval");
  app.add_option("--entry", o->entry, "column: seen only because event-free until here");
  app.add_option("--weight", o->weight, "column: case weights");
  app.add_option("--offset", o->offset, "column: added to the location as it is");
  app.add_option("--x", o->x, "terms, as \"age,factor(site),trt:age\"")->delimiter(',');
  add_choice_options(app, o->where, o->reference);
  app.add_option("--family", o->family, "see below")->capture_default_str();
  app.add_flag("--compare", o->compare, "all families, by AIC");
  app.add_option("--level", o->level, "of the limits")->capture_default_str();
  app.add_flag("--refuse-missing", o->refuse_missing,
               "stop at a missing value instead of leaving the row out");
  add_format_option(app, o->format, true);
  app.add_option("-o,--output", o->output, "where the numbers go")->capture_default_str();
  return [o] { return run(*o); };
}

const Command parametric{"parametric", "Fit parametric survival, also between visits", 26, set_up};

}  // namespace
}  // namespace ombre::cli
