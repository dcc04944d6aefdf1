// `cox`: the fit, its tests, baseline and predicted curves, residuals, concordance and tests of
// proportionality. Keys and shapes are those of R's coxph, basehaz, survfit, residuals, cox.zph.
#include <algorithm>
#include <array>

#include "io/analysis_method.hpp"
#include "ombre/cohort/cox.hpp"
#include "ombre/stats/cox_baseline.hpp"
#include "ombre/stats/cox_residuals.hpp"
#include "ombre/stats/proportionality.hpp"

namespace ombre::inline v0::io::detail {
namespace {

namespace st = stats;

struct Wanted {
  cohort::CoxSpec spec{};
  double level = 0.95;
  bool residuals = true;
  bool curves = true;
  bool proportionality = true;
};

Result<Wanted> read_options(const JsonView& view) {
  Wanted out;
  JsonFields fields{view};
  constexpr std::array<std::string_view, 3> ties{"efron", "breslow", "exact"};
  if (const auto chosen = fields.optional_one_of("ties", ties)) {
    constexpr std::array kinds{st::CoxTies::efron, st::CoxTies::breslow, st::CoxTies::exact};
    out.spec.ties = kinds[*chosen];
  }
  out.spec.robust = fields.optional_boolean("robust");
  out.spec.strata_cap = fields.optional_number("strata_cap", -1e300, 1e300);
  out.spec.policy.event_code = event_code_of(fields);
  out.level = fields.optional_number("level", 1e-9, 1 - 1e-9).value_or(0.95);
  out.spec.max_iterations =
      static_cast<int>(fields.optional_integer("max_iterations", 0, 10000).value_or(100));
  out.residuals = fields.optional_boolean("residuals").value_or(true);
  out.curves = fields.optional_boolean("curves").value_or(true);
  out.proportionality = fields.optional_boolean("proportionality").value_or(true);
  // A model's name says which rows it needs; most are what the columns make of them anyway.
  if (const auto model = fields.optional_text("model")) {
    constexpr std::string_view cause = "cause specific, event =";
    if (model->starts_with("pwp_gap_time")) {
      out.spec.gap_time = true;
    } else if (model->starts_with(cause)) {
      std::string code = model->substr(cause.size());
      code.erase(0, code.find_first_not_of(' '));
      if (code.empty()) {
        fields.refuse("model", Errc::malformed, "must name the code of the event after '='");
      } else if (!out.spec.policy.event_code.empty() && out.spec.policy.event_code != code) {
        fields.refuse("model", Errc::contradiction, "names another event than event_code");
      }
      out.spec.policy.event_code = code;
    } else if (!model->starts_with("andersen_gill") && !model->starts_with("pwp_total_time") &&
               !model->starts_with("wei_lin_weissfeld") && *model != "cox") {
      fields.refuse("model", Errc::unknown_name,
                    "must be cox, andersen_gill, pwp_total_time, pwp_gap_time, wei_lin_weissfeld "
                    "or 'cause specific, event = CODE'");
    }
  }
  if (const auto derived = fields.optional_text("derived")) {
    if (derived->starts_with("time = stop - start")) {
      out.spec.gap_time = true;
    } else if (*derived != "counting process") {
      fields.refuse("derived", Errc::unknown_name,
                    "must be 'counting process' or 'time = stop - start, entry 0'");
    }
  }
  if (const auto rule = fields.optional_text("strata_rule")) {
    if (*rule != "min(enum, strata_cap)" && !rule->ends_with(", strata_cap)")) {
      fields.refuse("strata_rule", Errc::unknown_name, "must be 'min(STRATA, strata_cap)'");
    }
  }
  // Said by reference cases about R's settings; ours are always as tight as they go.
  static_cast<void>(fields.optional_text("control"));
  if (const auto rule = fields.optional_text("rule")) {
    if (*rule != "rows of weight zero removed before the fit") {
      fields.refuse("rule", Errc::unknown_name,
                    "must be 'rows of weight zero removed before the fit', which is always done");
    }
  }
  if (auto read = fields.finish(); !read) return unexpected(read.error());
  return out;
}

template <class Function>
Json list_of(std::size_t size, const Function& item) {
  std::vector<Json> items;
  items.reserve(size);
  for (std::size_t i = 0; i < size; ++i) items.push_back(item(i));
  return Json::list(std::move(items));
}

// Rows and columns of an infinite coefficient have no variance.
Json variance_json(const st::CoxFit& fit, std::span<const double> variance) {
  const std::size_t p = fit.coef.size();
  return list_of(p, [&](std::size_t j) {
    return list_of(p, [&](std::size_t h) {
      const bool none = fit.kind[j] == st::CoxCoefficient::infinite ||
                        fit.kind[h] == st::CoxCoefficient::infinite;
      return none ? Json{} : json_of(variance[j * p + h]);
    });
  });
}

Json coefficient_json(const st::CoxFit& fit, std::size_t j) {
  if (fit.kind[j] == st::CoxCoefficient::aliased) return {};
  if (fit.kind[j] == st::CoxCoefficient::infinite) {
    return Json::text(fit.coef[j] > 0 ? "Inf" : "-Inf");
  }
  return json_of(fit.coef[j]);
}

void add_fit(const cohort::CoxAnalysis& a, double level, Json& out) {
  const st::CoxFit& fit = a.fit;
  const std::size_t p = fit.coef.size();
  out.set("terms", json_list(a.rows.x.columns));
  out.set("n", Json::integer(static_cast<std::int64_t>(fit.n)));
  out.set("n_event", Json::integer(static_cast<std::int64_t>(fit.events)));
  out.set("coef", list_of(p, [&](std::size_t j) { return coefficient_json(fit, j); }));
  out.set("se", list_of(p, [&](std::size_t j) {
            return fit.kind[j] == st::CoxCoefficient::infinite
                       ? Json{}
                       : json_of(std::sqrt(fit.variance[j * p + j]));
          }));
  out.set("var", variance_json(fit, fit.variance));
  out.set("loglik_null", json_of(fit.loglik_null));
  out.set("loglik", json_of(fit.loglik));
  out.set("lr_test", json_of(fit.likelihood_ratio_test));
  out.set("score_test", json_of(fit.score_test));
  out.set("wald_test", json_of(fit.wald_test));
  out.set("df", Json::integer(static_cast<std::int64_t>(fit.df)));
  out.set("means", json_list(fit.means));
  if (fit.robust) {
    out.set("naive_var", variance_json(fit, fit.model_variance));
    out.set("robust_score_test", json_of(fit.robust_score_test));
  }
  const auto ratios = st::hazard_ratios(fit, level);
  Json hazard = Json::object();
  const auto column = [&](auto member) {
    return list_of(
        p, [&](std::size_t j) { return ratios[j] ? json_of((*ratios[j]).*member) : Json{}; });
  };
  hazard.set("estimate", column(&st::HazardRatio::estimate));
  hazard.set("lower", column(&st::HazardRatio::lower));
  hazard.set("upper", column(&st::HazardRatio::upper));
  out.set("hazard_ratio", std::move(hazard));

  const st::Concordance& c = a.concordance;
  Json pairs = Json::object();
  pairs.set("concordant", json_of(c.concordant));
  pairs.set("discordant", json_of(c.discordant));
  pairs.set("tied_x", json_of(c.tied_score));
  pairs.set("tied_y", json_of(c.tied_time));
  pairs.set("tied_xy", json_of(c.tied_both));
  // R: NA without events, 0 / 0 without comparable pairs.
  const Json none = fit.events == 0 ? Json{} : Json::text("NaN");
  pairs.set("c", c.c ? json_of(*c.c) : none);
  pairs.set("se", c.std_error ? json_of(*c.std_error) : none);
  out.set("concordance", std::move(pairs));
}

Result<void> add_curves(const cohort::CoxAnalysis& a, Json& out) {
  const std::size_t n = a.rows.size();
  const std::size_t p = a.fit.coef.size();
  // R: the baseline is that of the weighted mean offset.
  double offset = 0;
  double weights = 0;
  for (std::size_t i = 0; i < a.rows.offset.size(); ++i) {
    const double w = a.rows.weight.empty() ? 1.0 : a.rows.weight[i];
    offset += w * a.rows.offset[i];
    weights += w;
  }
  if (weights > 0) offset /= weights;
  const auto baseline = st::cox_curves(a.data, a.fit, {}, offset);
  if (!baseline) return unexpected(baseline.error());
  std::vector<double> time;
  std::vector<double> hazard;
  std::vector<double> stratum;
  for (const st::CoxCurve& curve : *baseline) {
    time.insert(time.end(), curve.time.begin(), curve.time.end());
    hazard.insert(hazard.end(), curve.cumulative_hazard.begin(), curve.cumulative_hazard.end());
    stratum.resize(time.size(), static_cast<double>(curve.stratum + 1));
  }
  Json zero = Json::object();
  zero.set("time", json_list(time));
  zero.set("cumhaz", json_list(hazard));
  if (a.rows.strata.used()) zero.set("stratum", json_list(stratum));
  out.set("baseline_hazard_at_zero", std::move(zero));
  if (a.rows.strata.used() || !a.rows.offset.empty() || p == 0) return {};

  // For mean and for largest covariates.
  std::vector<double> x(2 * p);
  for (std::size_t j = 0; j < p; ++j) {
    const auto begin = a.rows.x.values.begin() + static_cast<std::ptrdiff_t>(j * n);
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += a.rows.x.values[j * n + i];
    x[j] = sum / static_cast<double>(n);
    x[p + j] = *std::max_element(begin, begin + static_cast<std::ptrdiff_t>(n));
  }
  std::vector<st::CoxCurve> curves;
  for (std::size_t r = 0; r < 2; ++r) {
    auto made = st::cox_curves(a.data, a.fit, std::span{x}.subspan(r * p, p));
    if (!made) return unexpected(made.error());
    curves.push_back(std::move(made->front()));
  }
  const auto both = [&](auto member) {
    return list_of(curves[0].time.size(), [&](std::size_t i) {
      const std::array<double, 2> pair{(curves[0].*member)[i], (curves[1].*member)[i]};
      return json_list(pair);
    });
  };
  Json predicted = Json::object();
  predicted.set("x", json_matrix(x, 2, p));
  predicted.set("time", json_list(curves[0].time));
  predicted.set("surv", both(&st::CoxCurve::survival));
  predicted.set("cumhaz", both(&st::CoxCurve::cumulative_hazard));
  predicted.set("se_cumhaz", both(&st::CoxCurve::std_error));
  out.set("predicted", std::move(predicted));
  return {};
}

Result<void> add_residuals(const cohort::CoxAnalysis& a, Json& out) {
  const auto r = st::cox_residuals(a.data, a.fit);
  if (!r) return unexpected(r.error());
  const std::size_t n = a.rows.size();
  const std::size_t p = a.fit.coef.size();
  const std::size_t d = r->event_row.size();
  Json residuals = Json::object();
  residuals.set("martingale", json_list(r->martingale));
  residuals.set("deviance", json_list(r->deviance));
  if (a.fit.ties != st::CoxTies::exact && p != 0) {
    Json schoenfeld = Json::object();
    schoenfeld.set("event_time", json_list(r->event_time));
    schoenfeld.set("values", json_matrix(r->schoenfeld, d, p));
    residuals.set("schoenfeld", std::move(schoenfeld));
    residuals.set("scaled_schoenfeld", json_matrix(r->scaled_schoenfeld, d, p));
    residuals.set("score", json_matrix(r->score, n, p));
    residuals.set("dfbeta", json_matrix(r->dfbeta, n, p));
    residuals.set("dfbetas", list_of(n, [&](std::size_t i) {
                    return list_of(p, [&](std::size_t j) {
                      // R: 0 / 0 where there is no coefficient, unless nobody has the event.
                      return a.fit.kind[j] == st::CoxCoefficient::aliased && a.fit.events != 0
                                 ? Json::text("NaN")
                                 : json_of(r->dfbetas[i * p + j]);
                    });
                  }));
  }
  out.set("residuals", std::move(residuals));
  return {};
}

Result<void> add_proportionality(const cohort::CoxAnalysis& a, const Runner& runner,
                                 const Progress& progress, Json& out) {
  Json tests = Json::object();
  const bool one_term = a.rows.x.terms.size() < 2;
  for (const auto transform : {st::TimeTransform::kaplan_meier, st::TimeTransform::rank,
                               st::TimeTransform::identity, st::TimeTransform::log}) {
    const auto test =
        st::proportionality_test(a.data, a.fit, transform, a.rows.x.term, &runner, progress);
    if (!test) return unexpected(test.error());
    if (!*test) {
      tests.set(std::string{name(transform)}, Json{});
      continue;
    }
    const st::ProportionalityTest& t = **test;
    Json one = Json::object();
    one.set("chisq", json_list(t.chi_square));
    one.set("p", json_list(t.p));
    one.set("df", list_of(t.df.size(), [&](std::size_t j) {
              return Json::integer(static_cast<std::int64_t>(t.df[j]));
            }));
    one.set("global_chisq", one_term ? Json{} : json_of(t.global_chi_square));
    one.set("global_df", one_term ? Json{} : Json::integer(static_cast<std::int64_t>(t.global_df)));
    tests.set(std::string{name(transform)}, std::move(one));
  }
  out.set("zph", std::move(tests));
  return {};
}

std::string_view status_name(st::CoxStatus status) {
  switch (status) {
    case st::CoxStatus::converged:
      return "converged";
    case st::CoxStatus::infinite_coefficient:
      return "infinite_coefficient";
    case st::CoxStatus::iteration_limit:
      return "iteration_limit";
  }
  return "";
}

}  // namespace

Result<Json> analyse_cox(const AnalysisInput& input) {
  if (auto good = input.columns.only(
          {"time", "status", "entry", "weight", "cluster", "id", "offset", "strata", "x"});
      !good) {
    return unexpected(good.error());
  }
  auto wanted = read_options(input.options);
  if (!wanted) return unexpected(wanted.error());
  auto roles = roles_of(input.columns);
  if (!roles) return unexpected(roles.error());
  wanted->spec.roles = *std::move(roles);
  const auto analysis = cohort::cox_analysis(input.table, wanted->spec, input.findings,
                                             input.progress, &input.runner);
  if (!analysis) return unexpected(analysis.error());
  Json out = Json::object();
  add_fit(*analysis, wanted->level, out);
  out.set("convergence", Json::text(std::string{status_name(analysis->fit.status)}));
  out.set("iterations", Json::integer(analysis->fit.iterations));
  const bool exact = analysis->fit.ties == st::CoxTies::exact;
  if (wanted->curves && !exact) {
    if (auto done = add_curves(*analysis, out); !done) return unexpected(done.error());
  }
  if (wanted->residuals) {
    if (auto done = add_residuals(*analysis, out); !done) return unexpected(done.error());
  }
  if (wanted->proportionality && !exact && analysis->fit.events != 0 && analysis->fit.df != 0) {
    if (auto done = add_proportionality(*analysis, input.runner, input.progress, out); !done) {
      return unexpected(done.error());
    }
  }
  return out;
}

}  // namespace ombre::inline v0::io::detail
