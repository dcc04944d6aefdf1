// `kaplan_meier`: curves by group, with intervals on several scales, quantiles, values at times and
// the restricted mean. The keys and the places of "NaN", "Inf" and null are those of R's survfit.
#include <algorithm>
#include <array>

#include "io/analysis_method.hpp"
#include "ombre/stats/rmst.hpp"
#include "ombre/stats/survival_curve.hpp"

namespace ombre::inline v0::io::detail {
namespace {

namespace st = stats;

struct Scale {
  std::string_view name;  // as R calls it
  std::string_view key;
  st::IntervalScale scale;
};
constexpr std::array<Scale, 5> scales = {{{"plain", "plain", st::IntervalScale::plain},
                                          {"log", "log", st::IntervalScale::log},
                                          {"log-log", "log_log", st::IntervalScale::log_log},
                                          {"logit", "logit", st::IntervalScale::logit},
                                          {"arcsin", "arcsin", st::IntervalScale::arcsine}}};

struct KmOptions {
  st::CurveOptions curve{};
  double level = 0.95;
  std::vector<double> probs{0.1, 0.25, 0.5, 0.75, 0.9};
  std::optional<std::vector<double>> at{};
  std::optional<double> tau{};
  std::vector<Scale> conf{scales.begin(), scales.end()};
  cohort::RowPolicy policy{};
};

Result<KmOptions> read_options(const JsonView& view) {
  KmOptions out;
  JsonFields fields{view};
  if (fields.optional_integer("stype", 1, 2).value_or(1) == 2) {
    out.curve.survival = st::SurvivalForm::exponential;
  }
  if (fields.optional_integer("ctype", 1, 2).value_or(1) == 2) {
    out.curve.hazard = st::HazardForm::fleming_harrington;
  }
  const bool robust = fields.optional_boolean("robust").value_or(false);
  constexpr std::array<std::string_view, 3> errors{"greenwood", "tsiatis", "robust"};
  if (const auto error = fields.optional_one_of("error", errors)) {
    constexpr std::array kinds{st::CurveError::greenwood, st::CurveError::tsiatis,
                               st::CurveError::robust};
    out.curve.error = kinds[*error];
    if (robust && out.curve.error != st::CurveError::robust) {
      fields.refuse("error", Errc::contradiction, "must be robust where robust is true");
    }
  } else if (robust) {
    out.curve.error = st::CurveError::robust;
  }
  if (const auto fix = fields.optional_boolean("timefix"); fix && !*fix) {
    out.curve.tie_tolerance = 0;
  }
  out.level = fields.optional_number("level", 1e-9, 1 - 1e-9).value_or(0.95);
  if (auto probs = optional_numbers(fields, "probs", 0, 1)) out.probs = *std::move(probs);
  out.at = optional_numbers(fields, "at", -1e300, 1e300);
  out.tau = fields.optional_number("tau", 1e-300, 1e300);
  out.policy.event_code = event_code_of(fields);
  if (const auto conf = optional_texts(fields, "conf")) {
    out.conf.clear();
    for (const std::string& name : *conf) {
      const auto at = std::ranges::find_if(scales, [&](const Scale& scale) {
        return name == scale.name || name == scale.key ||
               (name == "arcsine" && scale.scale == st::IntervalScale::arcsine);
      });
      if (at == scales.end()) {
        fields.refuse("conf", Errc::unknown_name, "must be of plain, log, log-log, logit, arcsine");
      } else {
        out.conf.push_back(*at);
      }
    }
  }
  if (auto read = fields.finish(); !read) return unexpected(read.error());
  return out;
}

// What R writes where there is no limit: plain limits are 0 * Inf where S is 0; logit and arcsine
// ones 0 * Inf where S is 1; all others NA.
Json limit(const st::SurvivalCurve& curve, std::size_t i, const Scale& scale,
           const std::optional<st::Interval>& interval, bool upper) {
  if (interval) return json_of(upper ? interval->high : interval->low);
  const bool nan = curve.survival[i] == 0 ? scale.scale == st::IntervalScale::plain
                                          : scale.scale != st::IntervalScale::log_log;
  return nan ? Json::text("NaN") : Json{};
}

Json se_survival(const st::SurvivalCurve& curve, std::size_t i) {
  const auto se = curve.se_survival(i);
  return se ? json_of(*se) : Json::text("NaN");
}

Json se_log_survival(const st::SurvivalCurve& curve, std::size_t i) {
  const auto se = curve.se_log_survival(i);
  if (se) return json_of(*se);
  return Json::text(curve.options.error == st::CurveError::robust ? "NaN" : "Inf");
}

template <class Function>
Json list_of(std::size_t size, const Function& item) {
  std::vector<Json> items;
  items.reserve(size);
  for (std::size_t i = 0; i < size; ++i) items.push_back(item(i));
  return Json::list(std::move(items));
}

Result<Json> group_json(const st::SurvivalCurve& curve, const KmOptions& options,
                        std::string_view group, Findings& findings) {
  Json out = Json::object();
  const std::size_t size = curve.size();
  out.set("n", Json::integer(static_cast<std::int64_t>(curve.rows)));
  out.set("time", json_list(curve.time));
  out.set("n_risk", json_list(curve.at_risk));
  out.set("n_event", json_list(curve.events));
  out.set("n_censor", json_list(curve.censored));
  out.set("surv", json_list(curve.survival));
  out.set("se_surv", list_of(size, [&](std::size_t i) { return se_survival(curve, i); }));
  out.set("se_log_surv", list_of(size, [&](std::size_t i) { return se_log_survival(curve, i); }));
  out.set("cumhaz", json_list(curve.cumulative_hazard));
  out.set("se_cumhaz", json_list(curve.hazard_error));
  Json ci = Json::object();
  for (const Scale& scale : options.conf) {
    const auto intervals = st::curve_intervals(curve, scale.scale, options.level);
    if (!intervals) return unexpected(intervals.error());
    Json both = Json::object();
    for (const bool upper : {false, true}) {
      both.set(upper ? "upper" : "lower", list_of(size, [&](std::size_t i) {
                 return limit(curve, i, scale, (*intervals)[i], upper);
               }));
    }
    ci.set(scale.key, std::move(both));
  }
  out.set("ci", std::move(ci));
  Json quantiles = Json::object();
  quantiles.set("probs", json_list(options.probs));
  for (std::size_t c = 0; c < options.conf.size() && c < 3; ++c) {
    const Scale& scale = options.conf[c];
    const auto found = st::curve_quantiles(curve, options.probs, scale.scale, options.level);
    if (!found) return unexpected(found.error());
    Json one = Json::object();
    const auto column = [&](auto member) {
      return list_of(found->size(), [&](std::size_t i) { return json_of((*found)[i].*member); });
    };
    one.set("estimate", column(&st::CurveQuantile::time));
    one.set("lower", column(&st::CurveQuantile::lower));
    one.set("upper", column(&st::CurveQuantile::upper));
    quantiles.set(scale.key, std::move(one));
  }
  out.set("quantiles", std::move(quantiles));
  if (options.at) {
    const auto intervals = st::curve_intervals(curve, st::IntervalScale::log, options.level);
    if (!intervals) return unexpected(intervals.error());
    const std::vector<double>& times = *options.at;
    const auto column = [&](auto before, auto value) {
      return list_of(times.size(), [&](std::size_t k) {
        const auto i = curve.at(times[k]);
        return i ? value(*i) : json_of(static_cast<double>(before));
      });
    };
    Json at = Json::object();
    at.set("times", json_list(times));
    at.set("surv", column(1, [&](std::size_t i) { return json_of(curve.survival[i]); }));
    at.set("se_surv", column(0, [&](std::size_t i) { return se_survival(curve, i); }));
    at.set("n_risk", list_of(times.size(),
                             [&](std::size_t k) { return json_of(curve.at_risk_at(times[k])); }));
    const Scale& log = scales[1];
    at.set("lower_log",
           column(1, [&](std::size_t i) { return limit(curve, i, log, (*intervals)[i], false); }));
    at.set("upper_log",
           column(1, [&](std::size_t i) { return limit(curve, i, log, (*intervals)[i], true); }));
    out.set("at", std::move(at));
  }
  if (options.tau) {
    const auto mean = st::restricted_mean(curve, *options.tau);
    if (!mean) return unexpected(mean.error());
    Json rmst = Json::object();
    rmst.set("tau", json_of(*options.tau));
    rmst.set("estimate", json_of(mean->mean));
    rmst.set("se", json_of(std::sqrt(mean->variance)));
    out.set("rmst", std::move(rmst));
    if (mean->beyond_follow_up) {
      Finding finding;
      finding.severity = Severity::warning;
      finding.rule = "horizon_beyond_follow_up";
      finding.field = "$.options.tau";
      finding.value = shortest(*options.tau);
      finding.text = "lies beyond the last observed time of " + std::string{group} +
                     "; the curve was carried forward";
      findings.add(std::move(finding));
    }
  }
  return out;
}

}  // namespace

Result<Json> analyse_kaplan_meier(const AnalysisInput& input) {
  if (auto good =
          input.columns.only({"time", "status", "entry", "weight", "cluster", "id", "group"});
      !good) {
    return unexpected(good.error());
  }
  const auto options = read_options(input.options);
  if (!options) return unexpected(options.error());
  const auto roles = roles_of(input.columns);
  if (!roles) return unexpected(roles.error());
  const auto rows = cohort::survival_rows(input.table, *roles, options->policy, input.findings);
  if (!rows) return unexpected(rows.error());
  st::SurvivalData data{rows->time, rows->event, rows->entry, rows->weight};
  data.cluster = rows->cluster.used() ? rows->cluster.code : rows->id.code;
  data.continues = rows->continues;
  std::vector<std::uint32_t> everybody;
  std::span<const std::uint32_t> group = rows->group.code;
  if (!rows->group.used()) {
    everybody.assign(rows->size(), 0);
    group = everybody;
  }
  const std::size_t groups = rows->group.used() ? rows->group.size() : 1;
  const auto curves = st::survival_curves(data, group, groups, options->curve, input.runner);
  if (!curves) {
    return unexpected(cohort::error_in_table(curves.error(), input.table, *roles, *rows));
  }
  Json out = Json::object();
  for (std::size_t g = 0; g < groups; ++g) {
    const std::string key = "group_" + (rows->group.used() ? rows->group.levels[g] : "0");
    auto one = group_json((*curves)[g], *options, key, input.findings);
    if (!one) return unexpected(one.error());
    out.set(key, *std::move(one));
  }
  return out;
}

}  // namespace ombre::inline v0::io::detail
