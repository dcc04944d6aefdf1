// `rmst_two_sample`: restricted mean time of two groups, as they are and adjusted.
#include <array>
#include <boost/math/distributions/normal.hpp>
#include <cmath>

#include "io/analysis_method.hpp"
#include "ombre/stats/rmst.hpp"

namespace ombre::inline v0::io::detail {
namespace {

namespace st = stats;

Json arm_json(const st::RestrictedMean& mean, double z) {
  const double se = std::sqrt(mean.variance);
  Json out = Json::object();
  out.set("rmst", json_of(mean.mean));
  out.set("se", json_of(se));
  out.set("lower", json_of(mean.mean - z * se));
  out.set("upper", json_of(mean.mean + z * se));
  out.set("variance", json_of(mean.variance));
  out.set("rmtl", json_of(mean.lost));
  return out;
}

// Of an arm that never loses time there is no logarithm: R's ratio is then 0, infinite or not a
// number, as logarithms of 0 go, and has no limits. Without any variance p is that of 0 / 0 or of
// something / 0.
Json contrast_json(const std::optional<st::Contrast>& contrast, double over, double under,
                   bool ratio) {
  if (!contrast) {
    const Json none = json_of(std::nan(""));
    return Json::list({json_of(std::exp(std::log(over) - std::log(under))), none, none, none});
  }
  const bool same = contrast->estimate == (ratio ? 1 : 0);
  return Json::list({json_of(contrast->estimate), json_of(contrast->interval.low),
                     json_of(contrast->interval.high),
                     json_of(contrast->p.value_or(same ? std::nan("") : 0))});
}

// The table R prints: p is 1 - (1 - p), as there, where it is told from 0 only down to 1e-16.
Json regression_json(const st::RmstRegression& fit, double z, bool ratio) {
  const std::size_t p = fit.coefficient.size();
  Json table = Json::list();
  for (std::size_t i = 0; i < p; ++i) {
    const double b = fit.coefficient[i];
    const double se = std::sqrt(fit.covariance[i * p + i]);
    // Where nobody loses time there is no error: z is then 0 / 0 or infinite, as in R.
    const double ratio_to_error = b / se;
    const double tail = std::isfinite(ratio_to_error)
                            ? 2 * cdf(boost::math::normal{}, -std::abs(ratio_to_error))
                            : (std::isinf(ratio_to_error) ? 0 : std::nan(""));
    std::vector<double> row{b, se, ratio_to_error, 1 - (1 - tail)};
    if (ratio) row.push_back(std::exp(b));
    row.push_back(ratio ? std::exp(b - z * se) : b - z * se);
    row.push_back(ratio ? std::exp(b + z * se) : b + z * se);
    table.add(json_list(row));
  }
  return table;
}

}  // namespace

Result<Json> analyse_rmst_two_sample(const AnalysisInput& input) {
  if (auto good = input.columns.only({"time", "status", "group", "id", "entry", "weight"}); !good) {
    return unexpected(good.error());
  }
  JsonFields fields{input.options};
  const double tau = fields.number("tau", 1e-300, 1e300);
  const auto covariates = optional_texts(fields, "covariates");
  const double level = fields.optional_number("level", 1e-9, 1 - 1e-9).value_or(0.95);
  // The reference values stop where R's glm does; "at_rest" goes on to the solution.
  constexpr std::array<std::string_view, 2> stops{"as_glm", "at_rest"};
  const auto stop = fields.optional_one_of("stop", stops).value_or(0) == 0 ? st::RmstStop::as_glm
                                                                           : st::RmstStop::at_rest;
  cohort::RowPolicy policy;
  policy.event_code = event_code_of(fields);
  if (auto read = fields.finish(); !read) return unexpected(read.error());

  auto roles = roles_of(input.columns);
  if (!roles) return unexpected(roles.error());
  const bool adjusted = covariates && !covariates->empty();
  if (adjusted && (!roles->entry.empty() || !roles->weight.empty())) {
    return unexpected(error_of(Errc::unsupported, "$.options.covariates",
                               "adjusted means know neither late entry nor weights"));
  }
  if (adjusted) roles->x = *covariates;
  const auto rows = cohort::survival_rows(input.table, *roles, policy, input.findings);
  if (!rows) return unexpected(rows.error());
  if (rows->group.size() != 2) {
    return unexpected(error_at(Errc::out_of_range, "$.columns.group", std::nullopt,
                               static_cast<double>(rows->group.size()), "must be two groups"));
  }
  const auto curves = st::survival_curves({rows->time, rows->event, rows->entry, rows->weight},
                                          rows->group.code, 2, {}, input.runner);
  if (!curves) {
    return unexpected(cohort::error_in_table(curves.error(), input.table, *roles, *rows));
  }
  const auto means = st::compare_restricted_means((*curves)[0], (*curves)[1], tau, level);
  if (!means) return unexpected(means.error());
  const double z = quantile(boost::math::normal{}, 1 - (1 - level) / 2);
  Json out = Json::object();
  out.set("tau", json_of(tau));
  out.set("arm0", arm_json(means->first, z));
  out.set("arm1", arm_json(means->second, z));
  out.set("rows", json_list(std::vector<std::string>{"difference", "ratio", "rmtl_ratio"}));
  out.set("cols", json_list(std::vector<std::string>{"est", "lower", "upper", "p"}));
  const st::RestrictedMean& a = means->first;
  const st::RestrictedMean& b = means->second;
  out.set("unadjusted", Json::list({contrast_json(means->difference, b.mean, a.mean, false),
                                    contrast_json(means->ratio, b.mean, a.mean, true),
                                    contrast_json(means->lost_ratio, b.lost, a.lost, true)}));
  const auto error = [](const std::optional<st::Contrast>& contrast) {
    return contrast ? json_of(contrast->standard_error) : Json{};
  };
  // Of the difference, and of the logarithms of the ratios.
  out.set("unadjusted_se",
          Json::list({error(means->difference), error(means->ratio), error(means->lost_ratio)}));
  if (means->first.beyond_follow_up || means->second.beyond_follow_up) {
    Finding finding;
    finding.severity = Severity::warning;
    finding.rule = "horizon_beyond_follow_up";
    finding.field = "$.options.tau";
    finding.value = shortest(tau);
    finding.text =
        "lies beyond the last observed time of a group whose curve is not 0 there; the "
        "curve was carried forward";
    input.findings.add(std::move(finding));
  }
  if (!adjusted) return out;

  const std::size_t n = rows->size();
  std::vector<std::uint8_t> arm(n);
  std::vector<double> x(n, 1);
  for (std::size_t i = 0; i < n; ++i) {
    arm[i] = static_cast<std::uint8_t>(rows->group.code[i]);
    x.push_back(arm[i]);
  }
  x.insert(x.end(), rows->x.values.begin(), rows->x.values.end());
  const std::size_t columns = 2 + rows->x.columns.size();
  std::vector<std::string> terms{"intercept", "arm"};
  terms.insert(terms.end(), rows->x.columns.begin(), rows->x.columns.end());
  const std::vector<std::string> ratio_columns{"coef",      "se(coef)",  "z",        "p",
                                               "exp(coef)", "lower .95", "upper .95"};
  Json all = Json::object();
  all.set("rows_cols", json_list(std::vector<std::string>{
                           "columns: coef, se(coef), z, p, lower, upper (difference) ; ratios add "
                           "exp columns"}));
  for (const auto& [key, link] :
       {std::pair{"difference", st::RmstLink::difference}, std::pair{"ratio", st::RmstLink::ratio},
        std::pair{"rmtl_ratio", st::RmstLink::lost_ratio}}) {
    const auto fit = st::rmst_regression(rows->time, rows->event, arm, x, columns, tau, link, stop,
                                         input.progress);
    if (!fit) return unexpected(fit.error());
    if (!fit->converged) {
      Finding finding;
      finding.severity = Severity::warning;
      finding.rule = "not_converged";
      finding.field = key;
      finding.text = "the regression did not come to rest; do not use its numbers";
      input.findings.add(std::move(finding));
    }
    Json one = Json::object();
    const bool ratio = link != st::RmstLink::difference;
    if (link != st::RmstLink::lost_ratio) one.set("terms", json_list(terms));
    if (ratio) one.set("cols", json_list(ratio_columns));
    one.set("table", regression_json(*fit, z, ratio));
    all.set(key, std::move(one));
  }
  out.set("adjusted", std::move(all));
  return out;
}

}  // namespace ombre::inline v0::io::detail
