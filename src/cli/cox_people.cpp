#include "cli/cox_people.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <utility>

#include "cli/delimiter.hpp"
#include "cli/rows.hpp"
#include "cli/survival_input.hpp"
#include "ombre/io/cohort_csv.hpp"
#include "ombre/io/survival_figures.hpp"
#include "ombre/io/table.hpp"
#include "ombre/stats/cox_baseline.hpp"

namespace ombre::cli {
namespace {

namespace st = stats;

// One person in one stratum.
struct Predicted {
  std::size_t person = 0;
  std::string stratum;
  st::CoxCurve curve;
};

Result<cohort::Table> read_people(const CoxPeople& o) {
  auto names = cohort::columns_of_terms(o.terms);
  if (!names) return unexpected(names.error());
  if (!o.offset.empty() && std::ranges::find(*names, o.offset) == names->end()) {
    names->push_back(o.offset);
  }
  const auto delimiter = delimiter_of(o.delimiter);
  if (!delimiter) return unexpected(delimiter.error());
  io::CohortCsvOptions how;
  how.csv.delimiter = *delimiter;
  auto table = io::read_cohort_csv(o.people, *names, how);
  if (!table || table->rows() > 0) return table;
  Error error = error_of(Errc::empty_input, names->front(), "the table has no rows");
  error.file = table->file();
  return unexpected(std::move(error));
}

// What tells people apart: "arm=usual care, age=40", without the columns all of them share.
std::vector<std::string> labels(const cohort::Table& people) {
  std::vector<std::string> out(people.rows());
  for (const cohort::Column& column : people.columns()) {
    bool differ = people.rows() == 1;
    for (std::size_t r = 1; r < people.rows(); ++r) {
      differ = differ || column.text(r) != column.text(0);
    }
    for (std::size_t r = 0; differ && r < people.rows(); ++r) {
      out[r] += (out[r].empty() ? "" : ", ") + column.name + "=" + column.text(r);
    }
  }
  return out;
}

// Limits on the scale of log survival, as R's default.
st::Interval limits(const st::CoxCurve& curve, std::size_t i, double z) {
  const double h = curve.cumulative_hazard[i];
  const double reach = z * curve.std_error[i];
  return {std::exp(-(h + reach)), std::min(1.0, std::exp(-(h - reach)))};
}

Rows rows_of(const std::vector<Predicted>& all, const std::vector<std::string>& who, double z) {
  Rows rows;
  rows.columns = {{"person"},
                  {"who"},
                  {"stratum"},
                  {"time"},
                  {"survival"},
                  {"lower"},
                  {"upper"},
                  {"cumulative_hazard"},
                  {"se_cumulative_hazard"}};
  for (const Predicted& one : all) {
    const st::CoxCurve& c = one.curve;
    for (std::size_t i = 0; i < c.time.size(); ++i) {
      const st::Interval interval = limits(c, i, z);
      rows.add({static_cast<double>(one.person + 1), who[one.person], one.stratum, c.time[i],
                Cell{c.survival[i], 4}, Cell{interval.low, 4}, Cell{interval.high, 4},
                Cell{c.cumulative_hazard[i], 4}, Cell{c.std_error[i], 4}});
    }
  }
  return rows;
}

Result<std::string> figure_of(const std::vector<Predicted>& all,
                              const std::vector<std::string>& who, const CoxPeople& o, double z) {
  std::vector<st::SurvivalCurve> drawn;
  drawn.reserve(all.size());  // the figure keeps pointers to them
  std::vector<io::SurvivalFigureCurve> curves;
  for (const Predicted& one : all) {
    const std::size_t n = one.curve.time.size();
    st::SurvivalCurve curve;
    curve.time = one.curve.time;
    curve.survival = one.curve.survival;
    curve.cumulative_hazard = one.curve.cumulative_hazard;
    for (auto* column :
         {&curve.at_risk, &curve.events, &curve.censored, &curve.error, &curve.hazard_error}) {
      column->assign(n, 0);
    }
    drawn.push_back(std::move(curve));
    io::SurvivalFigureCurve shown;
    shown.name = who[one.person] + (one.stratum.empty() ? "" : "; " + one.stratum);
    shown.curve = &drawn.back();
    for (std::size_t i = 0; i < n; ++i) shown.limits.emplace_back(limits(one.curve, i, z));
    curves.push_back(std::move(shown));
  }
  io::SurvivalFigureOptions how;
  how.title = o.title;
  how.description = "Survival predicted by a Cox model for " + std::to_string(who.size()) +
                    (who.size() == 1 ? " person." : " people.");
  how.x_label = o.x_label;
  how.at_risk = false;
  how.censor_marks = false;
  how.limits_note = "Predicted by the model. Shaded: " + io::readable(100 * o.level, 4) +
                    "% pointwise intervals (log scale).";
  auto svg = io::survival_figure(curves, how);
  if (svg || svg.error().field != "curves") return svg;
  return unexpected(
      error_at(svg.error().code, "--curves-figure", std::nullopt, o.figure,
               "would show " + svg.error().value + " curves, and it " + svg.error().rule));
}

}  // namespace

Result<void> predict_people(const cohort::CoxAnalysis& a, const cohort::Table& table,
                            const CoxPeople& o, Findings& findings, Beside& beside) {
  const auto people = read_people(o);
  if (!people) return unexpected(people.error());
  const auto x = cohort::design_of_people(table, o.terms, a.rows.row, *people);
  if (!x) return unexpected(x.error());
  const std::size_t p = a.fit.coef.size();
  if (x->size() != people->rows() * p) {
    return unexpected(error_of(Errc::not_computable, "--people",
                               "a category of the model occurs only in rows that were left out"));
  }
  const cohort::Column* offset = o.offset.empty() ? nullptr : people->find(o.offset);
  std::vector<Predicted> all;
  for (std::size_t r = 0; r < people->rows(); ++r) {
    if (offset != nullptr && (offset->is_factor() || offset->is_missing(r))) {
      return unexpected(people->error(Errc::unsupported, *offset, r,
                                      "must be a number, as it is used as the offset"));
    }
    auto curves = st::cox_curves(a.data, a.fit, std::span{*x}.subspan(r * p, p),
                                 offset == nullptr ? 0.0 : offset->values[r]);
    if (!curves) return unexpected(curves.error());
    for (st::CoxCurve& curve : *curves) {
      std::string stratum;
      if (a.rows.strata.used()) {
        stratum = a.rows.strata.levels[a.data.stratum_codes()[curve.stratum]];
      }
      all.push_back({r, std::move(stratum), std::move(curve)});
    }
  }
  if (a.fit.status == st::CoxStatus::infinite_coefficient) {
    Finding finding;
    finding.severity = Severity::warning;
    finding.rule = "infinite_coefficient";
    finding.field = "--people";
    finding.text = "curves are predicted with the values where the search stopped";
    findings.add(std::move(finding));
  }
  const double z = -quantile(boost::math::normal{}, (1 - o.level) / 2);
  const std::vector<std::string> who = labels(*people);
  if (!o.curves.empty()) {
    auto text = text_of(rows_of(all, who, z), choose_format("auto", o.curves));
    if (!text) return unexpected(text.error());
    if (auto ready = beside.add(o.curves, *std::move(text)); !ready) return ready;
  }
  if (o.figure.empty()) return {};
  auto svg = figure_of(all, who, o, z);
  if (!svg) return unexpected(svg.error());
  return beside.add(o.figure, *std::move(svg));
}

}  // namespace ombre::cli
