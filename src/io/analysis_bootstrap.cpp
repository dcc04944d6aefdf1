// `bootstrap_survival`: Kaplan-Meier quantities of resampled people. Options, the project's own:
//   quantiles, times, restricted_means   what is asked of each curve
//   replicates (1000), seed (1), level (0.95)
//   interval       percentile, basic, normal, bca (default percentile)
//   keep           true: the replicates themselves
#include "io/analysis_method.hpp"
#include "ombre/stats/resample.hpp"

namespace ombre::inline v0::io::detail {

namespace st = stats;

Result<Json> analyse_bootstrap_survival(const AnalysisInput& input) {
  if (auto good = input.columns.only({"time", "status", "entry", "weight", "cluster", "strata"});
      !good) {
    return unexpected(good.error());
  }
  JsonFields fields{input.options};
  st::SurvivalTargets targets;
  targets.quantiles =
      optional_numbers(fields, "quantiles", 1e-9, 1 - 1e-9).value_or(std::vector<double>{});
  targets.times = optional_numbers(fields, "times", 0, 1e300).value_or(std::vector<double>{});
  targets.restricted_means =
      optional_numbers(fields, "restricted_means", 1e-300, 1e300).value_or(std::vector<double>{});
  st::ResampleOptions options;
  options.replicates =
      static_cast<std::size_t>(fields.optional_integer("replicates", 1, 20'000'000).value_or(1000));
  options.seed = Seed{static_cast<std::uint64_t>(
      fields.optional_integer("seed", 0, std::int64_t{1} << 53U).value_or(1))};
  st::IntervalRequest request;
  request.level = fields.optional_number("level", 1e-9, 1 - 1e-9).value_or(0.95);
  const auto method =
      st::bootstrap_interval_method(fields.optional_text("interval").value_or("percentile"));
  const bool keep = fields.optional_boolean("keep").value_or(false);
  cohort::RowPolicy policy;
  policy.event_code = event_code_of(fields);
  if (auto read = fields.finish(); !read) return unexpected(read.error());
  if (!method) return unexpected(method.error());
  request.method = *method;
  if (targets.outputs() == 0) targets.quantiles = {0.5};

  const auto roles = roles_of(input.columns);
  if (!roles) return unexpected(roles.error());
  const auto rows = cohort::survival_rows(input.table, *roles, policy, input.findings);
  if (!rows) return unexpected(rows.error());
  const auto design = st::ResampleDesign::from(rows->size(), rows->cluster.code, rows->strata.code);
  if (!design) {
    Error error = design.error();
    if (error.field == "stratum" && error.row && *error.row < rows->size()) {
      const auto i = static_cast<std::size_t>(*error.row);
      error.file = input.table.file();
      error.row = input.table.row_name(rows->row[i]);
      error.field = roles->strata.front();
      error.value = rows->strata.levels[rows->strata.code[i]];
    }
    return unexpected(std::move(error));
  }
  const st::ResampledTimes data{rows->time, rows->event, rows->entry, rows->weight};
  options.progress = input.progress;
  options.runner = &input.runner;
  const auto replicates = st::bootstrap_survival(data, targets, *design, options);
  if (!replicates) return unexpected(replicates.error());
  std::optional<st::Jackknife> jackknife;
  if (request.method == st::BootstrapInterval::bca) {
    auto left_out = st::jackknife_survival(data, targets, *design, options);
    if (!left_out) return unexpected(left_out.error());
    jackknife = *std::move(left_out);
  }

  Json out = Json::object();
  out.set("n", json_of(static_cast<double>(rows->size())));
  out.set("units", json_of(static_cast<double>(design->units())));
  out.set("replicates", json_of(static_cast<double>(options.replicates)));
  std::size_t output = 0;
  const auto part = [&](const char* key, const std::vector<double>& at,
                        st::NoAnswer no_answer) -> Result<void> {
    if (at.empty()) return {};
    Json list = Json::list();
    for (const double where : at) {
      request.no_answer = no_answer;
      request.acceleration = 0;
      Json one = Json::object();
      one.set("at", json_of(where));
      if (jackknife) {
        const auto summary = st::jackknife_summary(*jackknife, output);
        if (!summary) return unexpected(summary.error());
        request.acceleration = summary->acceleration.value_or(0);
        one.set("acceleration", json_of(request.acceleration));
      }
      const auto s =
          st::bootstrap_summary(replicates->observed[output], replicates->value[output], request);
      if (!s) return unexpected(s.error());
      one.set("estimate", json_of(s->estimate));
      one.set("bias", json_of(s->bias));
      one.set("se", json_of(s->standard_error));
      one.set("lower", json_of(s->low));
      one.set("upper", json_of(s->high));
      one.set("without_answer", json_of(static_cast<double>(s->without_answer)));
      if (keep) one.set("values", json_list(replicates->value[output]));
      if (s->extreme_order_statistic) {
        Finding finding;
        finding.severity = Severity::warning;
        finding.rule = "too_few_replicates";
        finding.field = "$.options.replicates";
        finding.value = shortest(static_cast<double>(options.replicates));
        finding.text = "an end of the interval is the smallest or largest replicate";
        input.findings.add(std::move(finding));
      }
      list.add(std::move(one));
      ++output;
    }
    out.set(key, std::move(list));
    return {};
  };
  // A quantile not reached lies beyond all others; a survival after the last time is not known.
  if (auto ok = part("quantiles", targets.quantiles, st::NoAnswer::above_all); !ok) {
    return unexpected(ok.error());
  }
  if (auto ok = part("times", targets.times, st::NoAnswer::leave_out); !ok) {
    return unexpected(ok.error());
  }
  if (auto ok = part("restricted_means", targets.restricted_means, st::NoAnswer::leave_out); !ok) {
    return unexpected(ok.error());
  }
  return out;
}

}  // namespace ombre::inline v0::io::detail
