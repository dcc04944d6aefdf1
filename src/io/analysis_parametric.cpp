// `parametric_survival`: fits and predictions. Options are the project's own:
//   family         as stats::survival_family() (default weibull)
//   scale, shape   held at this value
//   level          of the intervals (0.95)
//   newdata        list of covariate rows, in the order of the design's columns; default: zeros
//   times, quantiles, tau, mean    what is predicted for each of them
//   turnbull       true: the non-parametric estimate beside it (no covariates are read)
#include <cmath>

#include "io/analysis_method.hpp"
#include "ombre/cohort/parametric.hpp"
#include "ombre/stats/parametric_survival.hpp"

namespace ombre::inline v0::io::detail {
namespace {

namespace st = stats;

Json prediction_json(const std::optional<st::ParametricPrediction>& p) {
  if (!p) return Json{};
  Json out = Json::object();
  out.set("estimate", json_of(p->estimate));
  out.set("se", json_of(p->standard_error));
  out.set("lower", p->interval ? json_of(p->interval->low) : Json{});
  out.set("upper", p->interval ? json_of(p->interval->high) : Json{});
  return out;
}

template <class List>
Json predictions_json(const List& list) {
  Json out = Json::list();
  for (const auto& p : list) out.add(prediction_json(p));
  return out;
}

struct Asked {
  std::optional<std::vector<double>> times;
  std::optional<std::vector<double>> quantiles;
  std::optional<double> tau;
  bool mean = false;
  double level = 0.95;
};

Result<Json> predicted(const st::ParametricFit& fit, std::span<const double> x,
                       const Asked& asked) {
  Json out = Json::object();
  out.set("x", json_list(x));
  if (asked.times) {
    const auto s = st::predicted_survival(fit, x, *asked.times, asked.level);
    if (!s) return unexpected(s.error());
    const auto h = st::predicted_hazard(fit, x, *asked.times, asked.level);
    if (!h) return unexpected(h.error());
    out.set("survival", predictions_json(*s));
    out.set("hazard", predictions_json(*h));
  }
  if (asked.quantiles) {
    const auto q = st::predicted_quantiles(fit, x, *asked.quantiles, asked.level);
    if (!q) return unexpected(q.error());
    out.set("quantile", predictions_json(*q));
  }
  if (asked.mean) {
    const auto m = st::predicted_mean(fit, x, asked.level);
    if (!m) return unexpected(m.error());
    out.set("mean", prediction_json(*m));
  }
  if (asked.tau) {
    const auto m = st::predicted_restricted_mean(fit, x, *asked.tau, asked.level);
    if (!m) return unexpected(m.error());
    out.set("restricted_mean", prediction_json(*m));
  }
  return out;
}

Json turnbull_json(const st::TurnbullCurve& curve) {
  Json out = Json::object();
  out.set("left", json_list(curve.left));
  out.set("right", json_list(curve.right));
  out.set("mass", json_list(curve.mass));
  out.set("loglik", json_of(curve.loglik));
  out.set("converged", Json::boolean(curve.converged));
  return out;
}

}  // namespace

Result<Json> analyse_parametric_survival(const AnalysisInput& input) {
  if (auto good = input.columns.only({"time", "time2", "status", "entry", "weight", "offset", "x"});
      !good) {
    return unexpected(good.error());
  }
  cohort::ParametricRoles roles;
  for (const auto& [role, into] : std::initializer_list<std::pair<std::string_view, std::string*>>{
           {"time", &roles.time},
           {"time2", &roles.time2},
           {"status", &roles.status},
           {"entry", &roles.entry},
           {"weight", &roles.weight},
           {"offset", &roles.offset}}) {
    auto name = input.columns.one(role);
    if (!name) return unexpected(name.error());
    *into = *std::move(name);
  }
  roles.x = input.columns.all("x");

  JsonFields fields{input.options};
  st::ParametricOptions options;
  const auto family = st::survival_family(fields.optional_text("family").value_or("weibull"));
  options.fixed_scale = fields.optional_number("scale", 1e-6, 1e6);
  options.fixed_shape = fields.optional_number("shape", -1e6, 1e6);
  Asked asked;
  asked.level = fields.optional_number("level", 1e-9, 1 - 1e-9).value_or(0.95);
  asked.times = optional_numbers(fields, "times", 0, 1e300);
  asked.quantiles = optional_numbers(fields, "quantiles", 1e-300, 1 - 1e-16);
  asked.tau = fields.optional_number("tau", 1e-300, 1e300);
  asked.mean = fields.optional_boolean("mean").value_or(false);
  const bool turnbull = fields.optional_boolean("turnbull").value_or(false);
  const auto flat = optional_numbers(fields, "newdata", -1e300, 1e300);
  if (auto read = fields.finish(); !read) return unexpected(read.error());
  if (!family) return unexpected(family.error());
  options.family = *family;
  options.progress = input.progress;

  const auto rows =
      cohort::parametric_rows(input.table, roles, cohort::MissingRows::leave_out, input.findings);
  if (!rows) return unexpected(rows.error());
  const auto fit = st::parametric_fit(rows->input(), options);
  if (!fit) {
    return unexpected(cohort::parametric_error(fit.error(), input.table, roles, *rows));
  }
  cohort::report_parametric_fit(*fit, rows->x, input.findings);

  const std::size_t size = fit->parameters.size();
  std::vector<std::string> terms{"(Intercept)"};
  terms.insert(terms.end(), rows->x.columns.begin(), rows->x.columns.end());
  if (fit->scale) terms.emplace_back("log(scale)");
  if (fit->shape) terms.emplace_back("shape");
  Json out = Json::object();
  out.set("family", Json::text(name(fit->family)));
  out.set("status", Json::text(name(fit->status)));
  out.set("terms", json_list(terms));
  const bool undetermined = fit->too_few_people() && fit->status != st::ParametricStatus::converged;
  out.set("coef", undetermined ? Json{} : json_list(fit->parameters));
  if (fit->variance.empty()) {
    out.set("var", Json{});
  } else {
    out.set("var", json_matrix(fit->variance, size, size));
  }
  out.set("scale", undetermined ? Json{} : json_of(fit->scale));
  out.set("shape", undetermined ? Json{} : json_of(fit->shape));
  // The search without covariates may find no start (offsets or visits far apart).
  const bool null_found = std::isfinite(fit->loglik_null);
  out.set("loglik",
          Json::list({null_found ? json_of(fit->loglik_null) : Json{}, json_of(fit->loglik)}));
  out.set("aic", json_of(fit->aic));
  out.set("bic", json_of(fit->bic));
  out.set("df", json_of(static_cast<double>(fit->df)));
  out.set("n", json_of(static_cast<double>(fit->n)));
  out.set("exact", json_of(static_cast<double>(fit->exact)));
  out.set("right_censored", json_of(static_cast<double>(fit->right_censored)));
  out.set("left_censored", json_of(static_cast<double>(fit->left_censored)));
  out.set("interval_censored", json_of(static_cast<double>(fit->interval_censored)));
  out.set("iterations", json_of(static_cast<double>(fit->iterations)));

  if (!undetermined && (asked.times || asked.quantiles || asked.tau || asked.mean)) {
    // newdata: one row after the other, `columns` numbers each.
    std::vector<double> x = flat.value_or(std::vector<double>(fit->columns, 0));
    if (fit->columns == 0 ? !x.empty() : x.size() % fit->columns != 0) {
      return unexpected(error_at(Errc::size_mismatch, "$.options.newdata", std::nullopt,
                                 static_cast<double>(x.size()),
                                 "must have one number for each column of the design, row by row"));
    }
    const std::size_t people = fit->columns == 0 ? 1 : x.size() / fit->columns;
    Json list = Json::list();
    for (std::size_t i = 0; i < people; ++i) {
      auto one = predicted(*fit, std::span{x}.subspan(i * fit->columns, fit->columns), asked);
      if (!one) return unexpected(one.error());
      list.add(*std::move(one));
    }
    out.set("predicted", std::move(list));
  }
  if (turnbull) {
    const auto curve = st::turnbull_curve(rows->input(), 10000, input.progress);
    if (!curve) return unexpected(curve.error());
    out.set("turnbull", turnbull_json(*curve));
  }
  return out;
}

}  // namespace ombre::inline v0::io::detail
