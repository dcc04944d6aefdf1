// `ombre cox`: proportional hazards models as numbers and as figures.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.hpp"
#include "cli/cox_people.hpp"
#include "cli/output.hpp"
#include "cli/rows.hpp"
#include "cli/survival_input.hpp"
#include "core/text.hpp"
#include "ombre/cohort/cox.hpp"
#include "ombre/io/cox_figures.hpp"
#include "ombre/io/table.hpp"
#include "ombre/stats/cox_penalised.hpp"
#include "ombre/stats/cox_residuals.hpp"
#include "ombre/stats/proportionality.hpp"

namespace ombre::cli {
namespace {

namespace st = stats;

struct Options {
  SurvivalInput input;
  std::string offset;
  std::string ties = "efron";
  bool robust = false;
  bool firth = false;
  bool model_errors = false;
  bool gap_time = false;
  double strata_cap = 0;
  double level = 0.95;
  std::string penalty;
  std::vector<double> lambda;
  std::vector<std::string> unpenalised;
  std::string transform = "km";
  std::string output = "-";
  std::string format;
  std::string figure;
  std::string schoenfeld;
  std::string overall;
  std::string people;
  std::string curves;
  std::string curves_figure;
  std::string title;
  std::string x_label;
  unsigned threads = 1;
};

std::string p_text(double p) {
  if (p < 0.0001) return "< 0.0001";
  return io::readable(p, 4);
}

struct Input {
  cohort::Table table;
  cohort::CoxSpec spec;
};

Result<Input> read_input(const Options& o, bool capped, Findings& findings) {
  std::vector<std::string> also;
  if (!o.offset.empty()) also.push_back(o.offset);
  auto read = read_survival_table(o.input, also, findings);
  if (!read) return unexpected(read.error());
  cohort::CoxSpec spec;
  spec.roles = std::move(read->roles);
  spec.roles.offset = o.offset;
  spec.policy = std::move(read->policy);
  const auto ties = st::cox_ties(o.ties);
  if (!ties) return unexpected(ties.error());
  spec.ties = *ties;
  if (o.robust) spec.robust = true;
  if (o.model_errors) spec.robust = false;
  spec.gap_time = o.gap_time;
  if (capped) spec.strata_cap = o.strata_cap;
  return Input{std::move(read->table), std::move(spec)};
}

std::string test_line(std::string_view name, double chi, std::size_t df) {
  return std::string{name} + " " + io::readable(chi, 2) + " on " + std::to_string(df) + " df, p " +
         p_text(st::chi_square_upper_tail(chi, df));
}

// One number about the whole model. A test has degrees of freedom, the concordance an error.
struct Overall {
  std::string quantity;
  std::optional<double> value{};
  std::optional<double> se{};
  std::optional<std::size_t> df{};
};

Overall test_of(std::string name, std::optional<double> chi_square, std::size_t df) {
  return {std::move(name), df == 0 ? std::nullopt : chi_square, std::nullopt, df};
}

Overall count_of(std::string name, std::uint64_t count) {
  return {std::move(name), static_cast<double>(count)};
}

std::vector<Overall> size_of(const cohort::CoxAnalysis& a, const Findings& findings) {
  return {count_of("rows", a.fit.n), count_of("events", a.fit.events),
          count_of("rows_missing", findings.count("missing_value")),
          count_of("strata", a.data.strata())};
}

// An infinite coefficient adds a degree of freedom to a test of all, and nothing to its statistic.
bool separated(const st::CoxFit& fit) { return fit.status == st::CoxStatus::infinite_coefficient; }

std::vector<Overall> about_the_model(const cohort::CoxAnalysis& a, const Findings& findings,
                                     const std::optional<st::ProportionalityTest>& proportional) {
  const st::CoxFit& fit = a.fit;
  std::vector<Overall> all = size_of(a, findings);
  all.push_back({"loglik_null", fit.loglik_null});
  all.push_back({"loglik", fit.loglik});
  all.push_back(test_of("likelihood_ratio_test", fit.likelihood_ratio_test, fit.df));
  all.push_back(test_of("wald_test", fit.wald_test, fit.df));
  all.push_back(test_of("score_test", fit.score_test, fit.df));
  if (fit.robust) all.push_back(test_of("robust_score_test", fit.robust_score_test, fit.df));
  all.push_back({"concordance", a.concordance.c, a.concordance.std_error});
  if (proportional && a.rows.x.terms.size() > 1 && !separated(fit)) {
    all.push_back(
        test_of("proportional_hazards", proportional->global_chi_square, proportional->global_df));
  }
  return all;
}

std::optional<double> p_of(const Overall& one) {
  if (!one.value || !one.df || *one.df == 0) return std::nullopt;
  return st::chi_square_upper_tail(*one.value, *one.df);
}

Rows rows_of(const std::vector<Overall>& all) {
  Rows rows;
  rows.columns = {{"quantity"}, {"value"}, {"se"}, {"df"}, {"p"}};
  for (const Overall& one : all) {
    const auto df = one.df ? std::optional{static_cast<double>(*one.df)} : std::nullopt;
    rows.add({one.quantity, Cell{one.value, 4}, Cell{one.se, 4}, Cell{df, 0}, Cell{p_of(one), 4}});
  }
  return rows;
}

// The same beside the coefficients: counts and likelihoods are numbers, the others objects.
void add_to_json(const std::vector<Overall>& all, Rows& rows) {
  const auto number = [](std::optional<double> value) {
    return value ? io::Json::number(*value) : io::Json{};
  };
  rows.json_key = "coefficients";
  for (const Overall& one : all) {
    if (!one.df && one.quantity != "concordance") {
      rows.json_beside.set(one.quantity, number(one.value));
      continue;
    }
    io::Json object = io::Json::object();
    object.set(one.df ? "statistic" : "value", number(one.value));
    if (one.df) {
      object.set("df", io::Json::integer(static_cast<std::int64_t>(*one.df)));
      object.set("p", number(p_of(one)));
    } else {
      object.set("se", number(one.se));
    }
    rows.json_beside.set(one.quantity, std::move(object));
  }
}

// Everything in full precision goes to CSV and JSON; what a table has no room for stands below it.
Rows coefficients(const cohort::CoxAnalysis& a, const Options& o, const Findings& findings,
                  const std::optional<st::ProportionalityTest>& proportional) {
  const st::CoxFit& fit = a.fit;
  const std::size_t p = fit.coef.size();
  const auto ratios = st::hazard_ratios(fit, o.level);
  Rows rows;
  rows.columns = {{"term"}, {"coef"}, {"se"},     {"hazard_ratio"},   {"lower"},          {"upper"},
                  {"z"},    {"p"},    {"status"}, {"p_proportional"}, {"model_se", false}};
  for (std::size_t j = 0; j < p; ++j) {
    const std::string& name = a.rows.x.columns[j];
    const std::optional<double> ph = proportional && fit.kind[j] == st::CoxCoefficient::estimated
                                         ? proportional->p[a.rows.x.term[j]]
                                         : std::nullopt;
    if (!ratios[j]) {
      rows.add({name, {}, {}, {}, {}, {}, {}, {}, "not estimable", {}, {}});
    } else if (ratios[j]->infinite) {
      rows.add({name,
                {},
                {},
                {},
                {},
                {},
                {},
                {},
                fit.coef[j] > 0 ? "infinite (separation)" : "minus infinite (separation)",
                {},
                {}});
    } else {
      const st::HazardRatio& r = *ratios[j];
      // Ratios for one unit of a number are often so near 1 that three decimals say nothing.
      const int places = r.lower > 0.98 && r.upper < 1.02 ? 5 : 3;
      rows.add({name,
                Cell{fit.coef[j], 4},
                Cell{std::sqrt(fit.variance[j * p + j]), 4},
                ratio_cell(r.estimate, places),
                ratio_cell(r.lower, places),
                ratio_cell(r.upper, places),
                Cell{r.z, 2},
                Cell{r.p, 4},
                {},
                Cell{ph, 4},
                fit.robust ? Cell{std::sqrt(fit.model_variance[j * p + j]), 4} : Cell{}});
    }
  }
  std::string about =
      ascii::plural(fit.n, "row", "rows") + ", " + ascii::plural(fit.events, "event", "events");
  if (a.data.strata() > 1) about += ", " + std::to_string(a.data.strata()) + " strata";
  if (const auto missing = findings.count("missing_value"); missing > 0) {
    about += "; " + ascii::plural(missing, "row", "rows") + " left out for want of a value";
  }
  about += "; " + o.ties + " ties; " + io::readable(100 * o.level, 4) + "% limits, " +
           (fit.robust ? "robust errors" : "model errors");
  rows.above.push_back(about + ".");
  if (fit.df != 0) {
    std::string tests = test_line("Likelihood ratio", fit.likelihood_ratio_test, fit.df) + "; " +
                        test_line("score", fit.score_test, fit.df);
    if (fit.wald_test) tests += "; " + test_line("Wald", *fit.wald_test, fit.df);
    rows.below.push_back(tests + ".");
    if (fit.robust_score_test) {
      rows.below.push_back(test_line("Robust score", *fit.robust_score_test, fit.df) + ".");
    }
  }
  if (a.concordance.c) {
    std::string line = "Concordance " + io::readable(*a.concordance.c, 4);
    if (a.concordance.std_error) {
      line += " (se " + io::readable(*a.concordance.std_error, 4) + ")";
    }
    rows.below.push_back(line + ".");
  }
  if (proportional && a.rows.x.terms.size() > 1 && !separated(fit)) {
    rows.below.push_back(test_line("Proportional hazards, all terms: chi-square",
                                   proportional->global_chi_square, proportional->global_df) +
                         " (" + o.transform + " transform of time).");
  }
  if (fit.ties == st::CoxTies::exact && fit.df != 0) {
    rows.below.push_back("Exact ties have no test of proportional hazards; --ties efron has.");
  }
  if (separated(fit)) {
    rows.below.push_back(
        "Some coefficient is infinite: one group has all events first, or none. Ratios of the "
        "others hold; Wald's test has no value.");
  }
  return rows;
}

// What a forest plot shows.
struct Forest {
  std::vector<std::optional<st::HazardRatio>> ratios;
  bool p_values = true;  // every one has one
};

// Firth's fit of the same rows, with profile intervals and tests; `overall` is told of it too.
Result<Rows> corrected(const cohort::CoxAnalysis& a, const Options& o,
                       std::vector<Overall>& overall, Forest& forest) {
  st::CoxFirthOptions how;
  how.ties = a.fit.ties;
  how.level = o.level;
  how.progress = progress_bar("Firth's correction");
  const auto fit = st::cox_firth(a.data, how);
  if (!fit) return unexpected(fit.error());
  const std::size_t p = fit->coef.size();
  Rows rows;
  rows.columns = {{"term"},  {"coef"},       {"se"}, {"hazard_ratio"}, {"lower"},
                  {"upper"}, {"chi_square"}, {"p"},  {"status"}};
  const auto ratio = [](const std::optional<double>& b) {
    return b && std::isfinite(std::exp(*b)) ? std::optional{std::exp(*b)} : std::nullopt;
  };
  for (std::size_t j = 0; j < p; ++j) {
    const std::string& name = a.rows.x.columns[j];
    if (fit->kind[j] == st::CoxCoefficient::aliased) {
      rows.add({name, {}, {}, {}, {}, {}, {}, {}, "not estimable"});
      forest.ratios.emplace_back();
    } else {
      const auto end = [](const std::optional<double>& b, double open) {
        return b ? std::exp(*b) : open;
      };
      st::HazardRatio shown;
      shown.estimate = std::exp(fit->coef[j]);
      shown.lower = end(fit->interval[j].first, 0);
      shown.upper = end(fit->interval[j].second, std::numeric_limits<double>::infinity());
      const std::optional<double>& test = fit->chi_square[j];
      const auto p_value = test ? std::optional{st::chi_square_upper_tail(*test, 1)} : std::nullopt;
      if (p_value) shown.p = *p_value;
      forest.p_values = forest.p_values && p_value.has_value();
      forest.ratios.emplace_back(shown);
      rows.add({name,
                Cell{fit->coef[j], 4},
                Cell{std::sqrt(fit->variance[j * p + j]), 4},
                ratio_cell(std::exp(fit->coef[j]), 3),
                Cell{ratio(fit->interval[j].first), 3},
                Cell{ratio(fit->interval[j].second), 3},
                Cell{test, 2},
                Cell{p_value, 4},
                {}});
    }
  }
  rows.above.push_back(ascii::plural(a.fit.n, "row", "rows") + ", " +
                       ascii::plural(a.fit.events, "event", "events") + "; " + o.ties +
                       " ties, Firth's correction; " + io::readable(100 * o.level, 4) +
                       "% limits and p of the profile likelihood.");
  rows.below.push_back(
      test_line("Penalised likelihood ratio", fit->likelihood_ratio_test, fit->df) + ".");
  overall.push_back(
      test_of("penalised_likelihood_ratio_test", fit->likelihood_ratio_test, fit->df));
  if (!fit->converged) rows.below.push_back("The fit stopped before it had converged.");
  return rows;
}

Result<void> nothing_to_draw(std::string_view option, const std::string& path) {
  return unexpected(error_at(Errc::not_computable, option, std::nullopt, path,
                             "has nothing to show: no coefficient could be estimated"));
}

Result<void> draw(const cohort::CoxAnalysis& a, const Options& o, const Forest& forest,
                  st::TimeTransform transform,
                  const std::optional<st::ProportionalityTest>& proportional, const Runner& runner,
                  Beside& beside) {
  const cohort::Design& x = a.rows.x;
  if (!o.figure.empty()) {
    io::CoxForestOptions how;
    how.title = o.title.empty() ? "Hazard ratios" : o.title;
    how.subtitle = ascii::plural(a.fit.n, "row", "rows") + ", " +
                   ascii::plural(a.fit.events, "event", "events") + "; " +
                   io::readable(100 * o.level, 4) + "% limits";
    if (o.firth) how.subtitle += ", Firth's correction";
    how.p_values = forest.p_values;
    how.references = x.references;
    how.labels = x.labels;
    if (forest.ratios.empty()) return nothing_to_draw("--figure", o.figure);
    auto svg = io::cox_forest_figure(forest.ratios, x.columns, x.terms, x.term, how);
    if (!svg) return unexpected(svg.error());
    if (auto ready = beside.add(o.figure, *std::move(svg)); !ready) return ready;
  }
  if (!o.schoenfeld.empty()) {
    if (a.fit.ties == st::CoxTies::exact) {
      return unexpected(error_at(Errc::unsupported, "--schoenfeld", std::nullopt, o.schoenfeld,
                                 "shows residuals that exact ties do not have; take --ties efron"));
    }
    const auto residuals = st::cox_residuals(a.data, a.fit);
    if (!residuals) return unexpected(residuals.error());
    const std::size_t p = a.fit.coef.size();
    // A panel is one coefficient, so its p is too; the table's is that of the whole term.
    std::optional<st::ProportionalityTest> single = proportional;
    const bool factors = x.terms.size() < p;
    if (proportional && factors) {
      auto test =
          st::proportionality_test(a.data, a.fit, transform, {}, &runner, progress_bar("cox"));
      if (!test) return unexpected(test.error());
      single = *std::move(test);
    }
    std::vector<io::SchoenfeldPanel> panels;
    for (std::size_t j = 0; j < p; ++j) {
      if (a.fit.kind[j] != st::CoxCoefficient::estimated) continue;
      io::SchoenfeldPanel panel;
      panel.name = x.columns[j];
      panel.time = residuals->event_time;
      for (std::size_t e = 0; e < residuals->event_row.size(); ++e) {
        panel.residual.push_back(residuals->scaled_schoenfeld[e * p + j]);
      }
      panel.coefficient = a.fit.coef[j];
      panel.variance = a.fit.model_variance[j * p + j];
      if (single) panel.p = single->p[factors ? j : x.term[j]];
      panels.push_back(std::move(panel));
    }
    if (panels.empty()) return nothing_to_draw("--schoenfeld", o.schoenfeld);
    io::SchoenfeldOptions how;
    how.title = o.title.empty() ? "Does the effect change with time?" : o.title;
    how.subtitle = "Log hazard ratio, from scaled Schoenfeld residuals";
    if (single) {
      how.subtitle += factors ? "; p: that coefficient alone, not its whole term"
                              : "; p: test of proportional hazards";
    }
    how.x_label = o.x_label.empty() ? time_label(o.input) : o.x_label;
    auto svg = io::schoenfeld_figure(panels, how);
    if (!svg) return unexpected(by_figure(svg.error(), "--schoenfeld", o.schoenfeld));
    if (auto ready = beside.add(o.schoenfeld, *std::move(svg)); !ready) return ready;
  }
  return {};
}

// A penalty by its name, or as the share of the lasso in it.
Result<double> lasso_share(const std::string& penalty) {
  if (penalty == "lasso") return 1.0;
  if (penalty == "ridge") return 0.0;
  double share = -1;
  const char* const end = penalty.data() + penalty.size();
  const auto read = std::from_chars(penalty.data(), end, share);
  if (read.ec != std::errc{} || read.ptr != end || !(share >= 0 && share <= 1)) {
    return unexpected(error_at(Errc::malformed, "--penalty", std::nullopt, penalty,
                               "must be lasso, ridge, or the lasso's share from 0 to 1"));
  }
  return share;
}

// One row for each penalty, one column for each coefficient.
Result<Rows> drawn_to_zero(const Input& input, const Options& o, Findings& findings,
                           const Runner& runner) {
  cohort::CoxPathSpec path;
  const auto alpha = lasso_share(o.penalty);
  if (!alpha) return unexpected(alpha.error());
  path.alpha = *alpha;
  path.lambda = o.lambda;
  path.unpenalised = o.unpenalised;
  const auto a = cohort::cox_path_analysis(input.table, input.spec, path, findings,
                                           progress_bar("cox path"), &runner);
  if (!a) return unexpected(a.error());
  Rows rows;
  rows.columns = {{"lambda"}, {"nonzero"}, {"loglik"}};
  // A table has room for a few; the file has all.
  constexpr std::size_t in_a_table = 8;
  const std::vector<std::string>& names = a->rows.x.columns;
  for (std::size_t j = 0; j < names.size(); ++j) rows.columns.push_back({names[j], j < in_a_table});
  for (const st::CoxPathPoint& point : a->path.points) {
    std::vector<Cell> cells{Cell{point.lambda, 5}, Cell{static_cast<double>(point.nonzero), 0},
                            Cell{point.loglik, 3}};
    for (const double b : point.coef) cells.emplace_back(b, 4);
    rows.add(std::move(cells));
  }
  const auto events = std::count(a->rows.event.begin(), a->rows.event.end(), std::uint8_t{1});
  rows.above.push_back(ascii::plural(a->rows.size(), "row", "rows") + ", " +
                       ascii::plural(static_cast<std::size_t>(events), "event", "events") + "; " +
                       o.ties + " ties; " +
                       (*alpha == 1   ? "lasso"
                        : *alpha == 0 ? "ridge"
                                      : "elastic net, lasso's share " + io::readable(*alpha, 4)) +
                       ", coefficients in units of the columns.");
  if (names.size() > in_a_table) {
    rows.below.push_back("The first " + std::to_string(in_a_table) + " of " +
                         std::to_string(names.size()) +
                         " coefficients; --format csv or json has all.");
  }
  rows.below.push_back("No standard errors: none hold after a choice made by the data.");
  return rows;
}

// Firth's fit answers what the plain one only warns of.
Findings without_rule(const Findings& all, std::string_view rule) {
  Findings some;
  for (const Finding& finding : all.stored()) {
    if (finding.rule != rule) some.add(finding);
  }
  // Beyond what is stored, findings are only counted.
  for (const Findings::RuleCount& counted : all.counts()) {
    if (counted.rule == rule) continue;
    const std::uint64_t rest = counted.count - some.count(counted.rule);
    if (rest != 0) some.count_only(counted.severity, counted.rule, rest);
  }
  return some;
}

Exit run(const Options& o, bool capped) {
  const std::array<NamedPath, 3> inputs{
      {{"--data", o.input.data}, {"--join", o.input.join}, {"--people", o.people}}};
  const std::array<NamedPath, 6> outputs{{{"--output", o.output},
                                          {"--curves", o.curves},
                                          {"--curves-figure", o.curves_figure},
                                          {"--figure", o.figure},
                                          {"--schoenfeld", o.schoenfeld},
                                          {"--overall", o.overall}}};
  if (auto fine = check_paths(inputs, outputs); !fine) return fail(fine.error());
  if (!(o.level > 0 && o.level < 1)) {
    return fail(error_at(Errc::out_of_range, "--level", std::nullopt, o.level,
                         "must be above 0 and below 1"));
  }
  Findings findings;
  const auto runner = make_runner(o.threads);
  const auto input = read_input(o, capped, findings);
  if (!input) return fail(by_option(input.error()));
  if (o.people.empty() != (o.curves.empty() && o.curves_figure.empty())) {
    return fail(o.people.empty() ? "--curves and --curves-figure need --people: for whom"
                                 : "--people needs --curves or --curves-figure: where to",
                Exit::usage);
  }
  if (!o.penalty.empty()) {
    const auto rows = drawn_to_zero(*input, o, findings, *runner);
    if (!rows) return fail(by_option(rows.error()));
    report(findings);
    return print(*rows, choose_format(o.format, o.output), o.output);
  }
  const auto a =
      cohort::cox_analysis(input->table, input->spec, findings, progress_bar("cox"), runner.get());
  if (!a) return fail(by_option(a.error()));

  st::TimeTransform transform = st::TimeTransform::kaplan_meier;
  for (const auto one :
       {st::TimeTransform::rank, st::TimeTransform::identity, st::TimeTransform::log}) {
    if (o.transform == name(one)) transform = one;
  }
  std::optional<st::ProportionalityTest> proportional;
  if (a->fit.ties != st::CoxTies::exact && a->fit.df != 0) {
    auto test = st::proportionality_test(a->data, a->fit, transform, a->rows.x.term, runner.get(),
                                         progress_bar("cox"));
    if (!test) return fail(by_option(test.error()));
    proportional = *std::move(test);
    if (!proportional && a->fit.status == st::CoxStatus::converged) {
      Finding finding;
      finding.severity = Severity::caution;
      finding.rule = "no_test";
      finding.field = "--transform";
      finding.value = o.transform;
      finding.text = o.transform == "log"
                         ? "has no value at time 0, or there is one event time only: no test of "
                           "proportional hazards"
                         : "there is one event time only, so nothing can change with time: no test "
                           "of proportional hazards";
      findings.add(std::move(finding));
    }
  }
  Beside beside;
  if (!o.people.empty()) {
    CoxPeople who{
        o.people,          o.curves,  o.curves_figure,
        o.input.delimiter, o.input.x, o.offset,
        o.level,           o.title,   o.x_label.empty() ? time_label(o.input) : o.x_label};
    if (auto done = predict_people(*a, input->table, who, findings, beside); !done) {
      return fail(by_option(done.error()));
    }
  }
  report(o.firth ? without_rule(findings, "infinite_coefficient") : findings);
  std::vector<Overall> overall;
  Rows rows;
  Forest forest;
  if (o.firth) {
    overall = size_of(*a, findings);
    auto fitted = corrected(*a, o, overall, forest);
    if (!fitted) return fail(by_option(fitted.error()));
    rows = *std::move(fitted);
  } else {
    overall = about_the_model(*a, findings, proportional);
    rows = coefficients(*a, o, findings, proportional);
    forest.ratios = st::hazard_ratios(a->fit, o.level);
  }
  if (const auto drawn = draw(*a, o, forest, transform, proportional, *runner, beside); !drawn) {
    return fail(drawn.error());
  }
  add_to_json(overall, rows);
  if (!o.overall.empty()) {
    auto text = text_of(rows_of(overall), choose_format("auto", o.overall));
    if (!text) return fail(text.error());
    if (auto ready = beside.add(o.overall, *std::move(text)); !ready) return fail(ready.error());
  }
  return print(rows, choose_format(o.format, o.output), o.output, beside);
}

Command::Run set_up(CLI::App& app) {
  auto o = std::make_shared<Options>();
  app.footer(
      "\nTerms of --x are columns, factor(column), and products a:b; columns of words are "
      "factors.\n"
      "  ombre cox --data trial.csv --time days --event relapse --x \"arm,age,factor(site)\"\n"
      "Repeated events: rows (entry, time] with --cluster person; --strata number for models by\n"
      "event number, with --gap-time on the time since the last event.\n"
      "Residuals, curves and all tests in one JSON file: ombre analyse, method cox.");
  add_survival_options(app, o->input, true, true, false);
  app.add_option("--x", o->input.x, "terms, as \"age,factor(site),trt:age\"")
      ->delimiter(',')
      ->required();
  app.add_option("--offset", o->offset, "column: added to the log hazard as it is");
  app.add_option("--ties", o->ties, "efron, breslow or exact")
      ->check(CLI::IsMember({"efron", "breslow", "exact"}))
      ->capture_default_str();
  auto* robust = app.add_flag("--robust", o->robust, "sandwich errors");
  auto* model = app.add_flag("--model-errors", o->model_errors, "model errors, clusters or not")
                    ->excludes(robust);
  auto* firth = app.add_flag("--firth", o->firth,
                             "Firth's correction, finite also where groups are separated; "
                             "--schoenfeld is of the plain "
                             "fit")
                    ->excludes(robust);
  auto* penalty =
      app.add_option(
             "--penalty", o->penalty,
             "draw coefficients to 0: lasso, ridge, or the lasso's share from 0 to 1; gives "
             "a row for each penalty, the largest first")
          ->excludes(robust)
          ->excludes(model)
          ->excludes(firth)
          ->excludes(app.get_option("--cluster"));
  app.add_option("--lambda", o->lambda,
                 "penalties; without it 100, from the smallest that keeps all at 0 downwards")
      ->delimiter(',')
      ->needs(penalty);
  app.add_option("--unpenalised", o->unpenalised, "terms of --x that are not drawn to 0")
      ->delimiter(',')
      ->needs(penalty);
  add_numbers(
      app, "--split", o->input.split,
      "cut follow-up at these times: a column period (1, 2, ...) for --x or --strata, as in "
      "arm:factor(period)");
  app.add_flag("--gap-time", o->gap_time, "time since the row's entry");
  auto* cap = app.add_option("--strata-cap", o->strata_cap, "strata above it count as it");
  app.add_option("--level", o->level, "of the limits")->capture_default_str();
  app.add_option("--transform", o->transform,
                 "of time, for the test of proportional hazards: km, rank, identity or log")
      ->check(CLI::IsMember({"km", "rank", "identity", "log"}))
      ->capture_default_str();
  app.add_option("--figure", o->figure, "write a forest plot there, SVG")->excludes(penalty);
  app.add_option("--schoenfeld", o->schoenfeld, "write the effects over time there, SVG")
      ->excludes(penalty);
  app.add_option("--title", o->title, "of the figure");
  app.add_option("--x-label", o->x_label, "of the time axis; without it the time's column");
  app.add_option("--overall", o->overall,
                 "write what is of the whole model there: rows, events, tests, concordance; CSV")
      ->excludes(penalty);
  app.add_option("--people", o->people,
                 "a CSV file with the columns of --x, a row a person: whose curves are predicted")
      ->excludes(penalty)
      ->excludes(firth);
  app.add_option("--curves", o->curves, "write the predicted curves there, CSV");
  app.add_option("--curves-figure", o->curves_figure, "and draw them there, SVG");
  add_format_option(app, o->format, true);
  app.add_option("-o,--output", o->output, "where the numbers go")->capture_default_str();
  app.add_option("--threads", o->threads, "0 = all the machine has")->capture_default_str();
  return [o, cap] { return run(*o, cap->count() > 0); };
}

const Command cox{"cox", "Fit proportional hazards models", 21, set_up};

}  // namespace
}  // namespace ombre::cli
