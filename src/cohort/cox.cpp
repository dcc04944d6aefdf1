#include "ombre/cohort/cox.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "cohort/cells.hpp"

namespace ombre::inline v0::cohort {
namespace {

template <class T>
void keep_only(std::vector<T>& values, std::span<const std::size_t> keep) {
  if (values.empty()) return;
  for (std::size_t i = 0; i < keep.size(); ++i) values[i] = values[keep[i]];
  values.resize(keep.size());
}

// Rows of weight 0 say nothing; in Efron's sums they would still count as events of a tie. They
// have been told of by survival_rows().
void drop_weightless(SurvivalRows& rows) {
  std::vector<std::size_t> keep;
  const std::size_t n = rows.size();
  for (std::size_t i = 0; i < rows.weight.size(); ++i) {
    if (rows.weight[i] > 0) keep.push_back(i);
  }
  if (rows.weight.empty() || keep.size() == n) return;
  for (std::size_t j = 0; j < rows.x.columns.size(); ++j) {
    for (std::size_t i = 0; i < keep.size(); ++i) {
      rows.x.values[j * keep.size() + i] = rows.x.values[j * n + keep[i]];
    }
  }
  rows.x.values.resize(rows.x.columns.size() * keep.size());
  keep_only(rows.row, keep);
  keep_only(rows.time, keep);
  keep_only(rows.event, keep);
  keep_only(rows.entry, keep);
  keep_only(rows.weight, keep);
  keep_only(rows.offset, keep);
  keep_only(rows.continues, keep);
  keep_only(rows.group.code, keep);
  keep_only(rows.strata.code, keep);
  keep_only(rows.cluster.code, keep);
  keep_only(rows.id.code, keep);
}

// Codes 0.. without gaps.
std::vector<std::uint32_t> dense(std::span<const std::uint32_t> code) {
  std::vector<std::uint32_t> distinct(code.begin(), code.end());
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  std::vector<std::uint32_t> out(code.size());
  for (std::size_t i = 0; i < code.size(); ++i) {
    out[i] = static_cast<std::uint32_t>(
        std::lower_bound(distinct.begin(), distinct.end(), code[i]) - distinct.begin());
  }
  return out;
}

Result<void> cap_strata(double cap, Grouping& strata) {
  if (!std::isfinite(cap)) {
    return unexpected(
        error_at(Errc::not_finite, "strata_cap", std::nullopt, cap, "must be a finite number"));
  }
  if (!strata.used() || strata.values.empty()) {
    return unexpected(error_at(Errc::contradiction, "strata_cap", std::nullopt, cap,
                               "needs one column of numbers as strata"));
  }
  // Levels ascend, so all above the cap end on one code.
  std::vector<std::uint32_t> to(strata.size());
  std::vector<double> values;
  std::vector<std::string> levels;
  for (std::size_t l = 0; l < strata.size(); ++l) {
    const double value = std::min(strata.values[l], cap);
    if (values.empty() || values.back() != value) {
      values.push_back(value);
      levels.push_back(shortest(value));
    }
    to[l] = static_cast<std::uint32_t>(values.size() - 1);
  }
  for (std::uint32_t& code : strata.code) code = to[code];
  strata.values = std::move(values);
  strata.levels = std::move(levels);
  return {};
}

void say(Findings& findings, Severity severity, std::string rule, std::string field,
         std::string text) {
  Finding finding;
  finding.severity = severity;
  finding.rule = std::move(rule);
  finding.field = std::move(field);
  finding.text = std::move(text);
  findings.add(std::move(finding));
}

void say_what_is_doubtful(const CoxAnalysis& a, const Roles& roles, Findings& findings) {
  const std::vector<std::string>& names = a.rows.x.columns;
  if (a.fit.events == 0) {
    say(findings, Severity::warning, "no_events", roles.status, "nobody has the event");
  } else if (a.rows.strata.used()) {
    for (const std::size_t s : a.data.strata_without_events()) {
      // One column has a value; the names of several stand in what the level is called.
      const std::string& level = a.rows.strata.levels[a.data.stratum_codes()[s]];
      Finding finding;
      finding.severity = Severity::caution;
      finding.rule = "no_events_in_stratum";
      finding.field = roles.strata.size() == 1 ? roles.strata.front() : "strata";
      finding.value = level;
      finding.text = "the stratum has no events and says nothing about the coefficients";
      findings.add(std::move(finding));
    }
  }
  if (a.fit.events > 0 && names.size() >= a.fit.events) {
    say(findings, Severity::warning, "too_few_events", "x",
        std::to_string(names.size()) + " coefficients and " + std::to_string(a.fit.events) +
            (a.fit.events == 1 ? " event" : " events") +
            ": so many cannot be told apart; take fewer terms, or draw them to 0 by a penalty");
  }
  // Robust errors are sums over clusters, and a few of them say little about how clusters differ:
  // "few" begins somewhere from 20 to 50 (Cameron & Miller, J Hum Resour 50:317 (2015)).
  constexpr std::size_t few = 20;
  const Grouping& together = a.rows.cluster.used() ? a.rows.cluster : a.rows.id;
  if (a.fit.robust && together.used() && together.size() < few) {
    say(findings, Severity::caution, "few_clusters", a.rows.cluster.used() ? "cluster" : "id",
        "robust errors rest on " + std::to_string(together.size()) +
            " clusters; with fewer than 20 they are often far too small");
  }
  for (const stats::CoxAlias& alias : a.fit.aliases) {
    if (a.fit.events == 0) break;
    if (alias.combination.empty()) {
      say(findings, Severity::warning, "constant_column", names[alias.column],
          "is constant in every risk set, so has no coefficient");
      continue;
    }
    std::string text = "is a combination of columns before it, so has no coefficient: constant";
    constexpr std::size_t worth_reading = 6;
    for (std::size_t k = 0; k < alias.combination.size(); ++k) {
      if (k == worth_reading) {
        text += " and " + std::to_string(alias.combination.size() - k) + " more";
        break;
      }
      const auto& [of, factor] = alias.combination[k];
      text += factor < 0 ? " - " : " + ";
      const double size = std::abs(factor);
      if (std::abs(size - 1) > 1e-9) text += shortest(std::round(size * 1e6) / 1e6) + " ";
      text += names[of];
    }
    say(findings, Severity::warning, "collinear_column", names[alias.column], text);
  }
  for (std::size_t j = 0; j < names.size(); ++j) {
    if (a.fit.kind[j] != stats::CoxCoefficient::infinite) continue;
    say(findings, Severity::warning, "infinite_coefficient", names[j],
        std::string{"the likelihood grows for ever as its coefficient goes to "} +
            (a.fit.coef[j] > 0 ? "plus" : "minus") +
            " infinity (separation); Firth's correction gives a finite one");
  }
  if (a.fit.status == stats::CoxStatus::iteration_limit) {
    say(findings, Severity::warning, "iteration_limit", "max_iterations",
        "the fit stopped before it had converged");
  }
}

struct Prepared {
  SurvivalRows rows;
  stats::CoxData data;
  bool robust = false;
};

// The rows that are in the model, sorted for the kernels.
Result<Prepared> prepare(const Table& table, const CoxSpec& spec, Findings& findings,
                         const Runner* runner) {
  auto chosen = survival_rows(table, spec.roles, spec.policy, findings);
  if (!chosen) return unexpected(chosen.error());
  SurvivalRows rows = *std::move(chosen);
  drop_weightless(rows);
  if (rows.size() == 0) {
    Error error = error_of(Errc::empty_input, spec.roles.weight, "no row has a weight above 0");
    error.file = table.file();
    return unexpected(std::move(error));
  }
  if (spec.gap_time) {
    if (rows.entry.empty()) {
      return unexpected(error_of(Errc::contradiction, "entry",
                                 "gap time is time since entry, so it needs an entry column"));
    }
    for (std::size_t i = 0; i < rows.size(); ++i) rows.time[i] -= rows.entry[i];
    rows.entry.clear();
  }
  if (spec.strata_cap) {
    if (auto capped = cap_strata(*spec.strata_cap, rows.strata); !capped) {
      return unexpected(capped.error());
    }
  }

  const bool robust = spec.robust.value_or(rows.cluster.used());
  stats::CoxInput input;
  input.time = rows.time;
  input.event = rows.event;
  input.x = rows.x.values;
  input.columns = rows.x.columns.size();
  input.entry = rows.entry;
  input.weight = rows.weight;
  input.offset = rows.offset;
  input.stratum = rows.strata.code;
  std::vector<std::uint32_t> cluster;
  if (rows.cluster.used()) {
    cluster = dense(rows.cluster.code);
  } else if (robust && rows.id.used()) {
    cluster = dense(rows.id.code);
  }
  input.cluster = cluster;
  auto data = stats::CoxData::from(input, runner);
  if (!data) {
    Error error = data.error();
    // x[3] is a column of the design; its name is what the reader knows.
    for (std::size_t j = 0; j < rows.x.columns.size(); ++j) {
      if (error.field == "x[" + std::to_string(j) + "]") error.field = rows.x.columns[j];
    }
    return unexpected(located(std::move(error), table, rows.row,
                              {{"time", spec.roles.time},
                               {"event", spec.roles.status},
                               {"entry", spec.roles.entry},
                               {"weight", spec.roles.weight},
                               {"offset", spec.roles.offset}}));
  }
  return Prepared{std::move(rows), *std::move(data), robust};
}

}  // namespace

Result<CoxAnalysis> cox_analysis(const Table& table, const CoxSpec& spec, Findings& findings,
                                 const Progress& progress, const Runner* runner) {
  auto ready = prepare(table, spec, findings, runner);
  if (!ready) return unexpected(ready.error());
  stats::CoxFitOptions options;
  options.ties = spec.ties;
  options.robust = ready->robust;
  options.max_iterations = spec.max_iterations;
  options.progress = progress;
  options.runner = runner;
  auto fit = stats::cox_fit(ready->data, options);
  if (!fit) return unexpected(fit.error());
  auto c = stats::concordance(ready->data, *fit, runner);
  if (!c) return unexpected(c.error());
  CoxAnalysis out{std::move(ready->rows), std::move(ready->data), *std::move(fit), *std::move(c)};
  say_what_is_doubtful(out, spec.roles, findings);
  return out;
}

Result<CoxPathAnalysis> cox_path_analysis(const Table& table, const CoxSpec& spec,
                                          const CoxPathSpec& path, Findings& findings,
                                          const Progress& progress, const Runner* runner) {
  if (spec.robust.value_or(false)) {
    return unexpected(error_of(Errc::contradiction, "robust",
                               "coefficients with a penalty have no standard errors"));
  }
  auto ready = prepare(table, spec, findings, runner);
  if (!ready) return unexpected(ready.error());
  const Design& x = ready->rows.x;
  stats::CoxPathOptions options;
  options.ties = spec.ties;
  options.alpha = path.alpha;
  options.lambda = path.lambda;
  options.count = path.count;
  options.smallest = path.smallest;
  options.progress = progress;
  options.runner = runner;
  if (!path.unpenalised.empty()) {
    options.penalty.assign(x.columns.size(), 1.0);
    for (const std::string& term : path.unpenalised) {
      const auto found = std::ranges::find(x.terms, term);
      if (found == x.terms.end()) {
        Error error = error_of(Errc::unknown_name, "unpenalised", "is no term of the model");
        error.value = term;
        return unexpected(std::move(error));
      }
      const auto at = static_cast<std::size_t>(found - x.terms.begin());
      for (std::size_t j = 0; j < x.columns.size(); ++j) {
        if (x.term[j] == at) options.penalty[j] = 0;
      }
    }
  }
  auto points = stats::cox_path(ready->data, options);
  if (!points) return unexpected(points.error());
  CoxPathAnalysis out{std::move(ready->rows), std::move(ready->data), *std::move(points)};
  std::erase_if(out.path.points, [&](const stats::CoxPathPoint& point) {
    if (!point.runs_off) return false;
    say(findings, Severity::warning, "infinite_coefficient", "lambda",
        "at penalty " + shortest(point.lambda) +
            " the likelihood grows for ever (separation), so the penalty has no coefficients");
    return true;
  });
  for (const stats::CoxPathPoint& point : out.path.points) {
    if (point.converged) continue;
    say(findings, Severity::warning, "iteration_limit", "lambda",
        "the fit at penalty " + shortest(point.lambda) + " stopped before it had converged");
  }
  return out;
}

}  // namespace ombre::inline v0::cohort
