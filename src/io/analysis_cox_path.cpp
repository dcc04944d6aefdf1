// `cox_path`: coefficients under a ridge, lasso or elastic-net penalty, for each of a row of them.
#include <array>

#include "io/analysis_method.hpp"
#include "ombre/cohort/cox.hpp"

namespace ombre::inline v0::io::detail {

Result<Json> analyse_cox_path(const AnalysisInput& input) {
  if (auto good =
          input.columns.only({"time", "status", "entry", "weight", "offset", "strata", "x"});
      !good) {
    return unexpected(good.error());
  }
  cohort::CoxSpec spec;
  cohort::CoxPathSpec path;
  JsonFields fields{input.options};
  constexpr std::array<std::string_view, 2> ties{"efron", "breslow"};
  if (const auto chosen = fields.optional_one_of("ties", ties)) {
    spec.ties = *chosen == 0 ? stats::CoxTies::efron : stats::CoxTies::breslow;
  }
  spec.policy.event_code = event_code_of(fields);
  path.alpha = fields.optional_number("alpha", 0, 1).value_or(1);
  if (auto given = optional_numbers(fields, "lambda", 0, 1e300)) path.lambda = *std::move(given);
  path.count = static_cast<std::size_t>(fields.optional_integer("count", 1, 10000).value_or(100));
  path.smallest = fields.optional_number("smallest", 0, 1).value_or(0);
  if (auto given = optional_texts(fields, "unpenalised")) path.unpenalised = *std::move(given);
  if (auto read = fields.finish(); !read) return unexpected(read.error());
  auto roles = roles_of(input.columns);
  if (!roles) return unexpected(roles.error());
  spec.roles = *std::move(roles);

  const auto a = cohort::cox_path_analysis(input.table, spec, path, input.findings, input.progress,
                                           &input.runner);
  if (!a) return unexpected(a.error());
  Json out = Json::object();
  out.set("terms", json_list(a->rows.x.columns));
  out.set("scale", json_list(a->path.scale));
  Json points = Json::list();
  for (const stats::CoxPathPoint& point : a->path.points) {
    Json one = Json::object();
    one.set("lambda", json_of(point.lambda));
    one.set("nonzero", Json::integer(static_cast<std::int64_t>(point.nonzero)));
    one.set("loglik", json_of(point.loglik));
    one.set("objective", json_of(point.objective));
    one.set("converged", Json::boolean(point.converged));
    one.set("coef", json_list(point.coef));
    points.add(std::move(one));
  }
  out.set("points", std::move(points));
  return out;
}

}  // namespace ombre::inline v0::io::detail
