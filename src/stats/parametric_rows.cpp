#include "stats/parametric_rows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace ombre::inline v0::stats {

namespace detail {

FamilyForm form_of(SurvivalFamily family) noexcept {
  switch (family) {
    case SurvivalFamily::exponential:
      return {StandardForm::extreme_value, false, false, false};
    case SurvivalFamily::weibull:
      return {StandardForm::extreme_value, true, false, false};
    case SurvivalFamily::log_normal:
      return {StandardForm::normal, true, false, false};
    case SurvivalFamily::log_logistic:
      return {StandardForm::logistic, true, false, false};
    case SurvivalFamily::gamma:
      return {StandardForm::log_gamma, true, false, false};
    case SurvivalFamily::generalised_gamma:
      return {StandardForm::log_gamma, true, true, false};
    case SurvivalFamily::gompertz:
      return {StandardForm::extreme_value, false, true, true};
  }
  return {};
}

namespace {

Result<void> check_length(std::size_t have, std::size_t n, std::string_view field, bool needed) {
  if (have == n || (have == 0 && !needed)) return {};
  return unexpected(error_at(Errc::size_mismatch, field, std::nullopt, static_cast<double>(have),
                             "must have one entry for each time"));
}

Result<void> check_value(double value, std::size_t row, std::string_view field,
                         bool may_be_negative) {
  if (!std::isfinite(value)) {
    return unexpected(error_at(Errc::not_finite, field, row, value, "must be finite"));
  }
  if (!may_be_negative && value < 0) {
    return unexpected(error_at(Errc::out_of_range, field, row, value, "must be 0 or more"));
  }
  return {};
}

// What row i of the input says, checked.
Result<void> check_row(const ParametricInput& input, std::size_t i, bool density_at_zero) {
  if (auto ok = check_value(input.time[i], i, "time", false); !ok) return ok;
  const double t = input.time[i];
  const double entry = input.entry.empty() ? 0 : input.entry[i];
  if (!input.entry.empty()) {
    if (auto ok = check_value(entry, i, "entry", false); !ok) return ok;
  }
  const auto entered_late = [&](std::string_view rule) -> Result<void> {
    return unexpected(error_at(Errc::contradiction, "entry", i, entry, rule));
  };
  switch (input.known[i]) {
    case TimeKnown::exactly:
      if (t == 0 && !density_at_zero) {
        return unexpected(error_at(Errc::out_of_range, "time", i, t,
                                   "must be above 0 for an event in this family"));
      }
      if (entry > 0 && entry >= t) return entered_late("must be before time");
      return {};
    case TimeKnown::after:
      if (entry > 0 && entry >= t) return entered_late("must be before time");
      return {};
    case TimeKnown::before:
      if (t == 0) {
        return unexpected(error_at(Errc::out_of_range, "time", i, t,
                                   "must be above 0 where the event came before it"));
      }
      if (entry >= t) return entered_late("must be before time");
      return {};
    case TimeKnown::between:
      if (auto ok = check_value(input.time2[i], i, "time2", false); !ok) return ok;
      if (input.time2[i] <= t) {
        return unexpected(error_at(Errc::contradiction, "time2", i, input.time2[i],
                                   "must be after time (or the row is an exact one)"));
      }
      if (entry > t) return entered_late("must not be after time, where the event had not come");
      return {};
  }
  return unexpected(error_at(Errc::out_of_range, "known", i,
                             static_cast<double>(static_cast<int>(input.known[i])),
                             "must be 0 (after), 1 (exactly), 2 (before) or 3 (between)"));
}

}  // namespace

Result<ModelRows> model_rows(const ParametricInput& input, SurvivalFamily family,
                             bool need_maximum) {
  const std::size_t n = input.time.size();
  if (n == 0) return unexpected(error_of(Errc::empty_input, "time", "must not be empty"));
  if (n > 0x7FFFFFFF) {
    return unexpected(error_at(Errc::too_large, "time", std::nullopt, static_cast<double>(n),
                               "must have fewer than 2^31 rows"));
  }
  bool between = false;
  if (auto ok = check_length(input.known.size(), n, "known", true); !ok) {
    return unexpected(ok.error());
  }
  for (const TimeKnown k : input.known) between = between || k == TimeKnown::between;
  if (auto ok = check_length(input.time2.size(), n, "time2", between); !ok) {
    return unexpected(ok.error());
  }
  if (auto ok = check_length(input.entry.size(), n, "entry", false); !ok) {
    return unexpected(ok.error());
  }
  if (auto ok = check_length(input.weight.size(), n, "weight", false); !ok) {
    return unexpected(ok.error());
  }
  if (auto ok = check_length(input.offset.size(), n, "offset", false); !ok) {
    return unexpected(ok.error());
  }
  if (input.columns > 2000) {
    return unexpected(error_at(Errc::too_large, "columns", std::nullopt,
                               static_cast<double>(input.columns), "must be at most 2000"));
  }
  if (input.x.size() != n * input.columns) {
    return unexpected(error_at(Errc::size_mismatch, "x", std::nullopt,
                               static_cast<double>(input.x.size()),
                               "must have rows times columns values"));
  }

  ModelRows rows;
  rows.family = family;
  rows.form = form_of(family);
  const bool density_at_zero =
      family == SurvivalFamily::exponential || family == SurvivalFamily::gompertz;
  bool late = false;
  bool event = false;
  bool without = false;
  double longest = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (!input.weight.empty()) {
      if (auto ok = check_value(input.weight[i], i, "weight", false); !ok) {
        return unexpected(ok.error());
      }
    }
    if (auto ok = check_row(input, i, density_at_zero); !ok) {
      return unexpected(ok.error());
    }
    if (!input.offset.empty()) {
      if (auto ok = check_value(input.offset[i], i, "offset", true); !ok) {
        return unexpected(ok.error());
      }
    }
    if (!input.weight.empty() && input.weight[i] == 0) continue;
    TimeKnown known = input.known[i];
    double time = input.time[i];
    double upper = 0;
    if (known == TimeKnown::between) {
      upper = input.time2[i];
      if (time == 0) {
        known = TimeKnown::before;
        time = upper;
      }
    }
    rows.known.push_back(known);
    rows.time.push_back(time);
    rows.upper.push_back(upper);
    rows.weight.push_back(input.weight.empty() ? 1.0 : input.weight[i]);
    rows.row.push_back(static_cast<std::uint32_t>(i));
    if (!input.entry.empty()) rows.entry.push_back(input.entry[i]);
    if (!input.offset.empty()) rows.offset.push_back(input.offset[i]);
    late = late || (!input.entry.empty() && input.entry[i] > 0);
    event = event || known != TimeKnown::after;
    without = without || known != TimeKnown::before;
    longest = std::max({longest, time, upper});
  }
  for (std::size_t c = 0; c < input.columns; ++c) {
    for (std::size_t i = 0; i < n; ++i) {
      const double v = input.x[c * n + i];
      if (!std::isfinite(v)) {
        return unexpected(
            error_at(Errc::not_finite, "x[" + std::to_string(c) + "]", i, v, "must be finite"));
      }
    }
  }
  if (rows.time.empty()) {
    return unexpected(error_of(Errc::empty_input, "weight", "must be above 0 for some row"));
  }
  if (need_maximum && !event) {
    return unexpected(error_of(Errc::not_computable, "known",
                               "nobody has an event: the likelihood has no maximum"));
  }
  if (need_maximum && !without) {
    return unexpected(
        error_of(Errc::not_computable, "known",
                 "every event is only known to lie before a time: the likelihood has no maximum"));
  }
  if (!late) rows.entry.clear();
  // Gompertz's shape is per unit of time: in units of the longest follow-up it is near 1.
  if (need_maximum && rows.form.gompertz && longest > 0) rows.unit = longest;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows.time[i] /= rows.unit;
    rows.upper[i] /= rows.unit;
    if (late) rows.entry[i] /= rows.unit;
    if (rows.known[i] == TimeKnown::exactly) {
      rows.log_unit_events += rows.weight[i] * std::log(rows.unit);
    }
    rows.log_time.push_back(std::log(rows.time[i]));
    rows.log_upper.push_back(std::log(rows.upper[i]));
    rows.total_weight += rows.weight[i];
  }
  return rows;
}

namespace {

struct Local {
  Jet w;
  Jet q;
  bool with_q = false;
};

// W at log time y, and the shape it is taken with.
Local standardised(const FamilyForm& form, SurvivalFamily family, double y, double eta,
                   double log_scale, double shape) noexcept {
  Local local;
  const double per_scale = form.has_scale ? std::exp(-log_scale) : 1.0;
  local.w.v = (y - eta) * per_scale;
  local.w.g[0] = -per_scale;
  if (form.has_scale) {
    local.w.g[1] = -local.w.v;
    local.w.h[Jet::at(0, 1)] = per_scale;
    local.w.h[Jet::at(1, 1)] = local.w.v;
  }
  if (family == SurvivalFamily::gamma) {
    // Gamma: Q = scale.
    const double scale = std::exp(log_scale);
    local.q.v = local.q.g[1] = local.q.h[Jet::at(1, 1)] = scale;
    local.with_q = true;
  } else if (form.has_shape) {
    local.q = Jet::variable(2, shape);
    local.with_q = true;
  }
  return local;
}

Jet take(const Local& local, const Surface& f) noexcept {
  return local.with_q ? chain(local.w, local.q, f) : chain(local.w, f.v, f.x, f.xx);
}

// -H(t) of Gompertz: H = exp(eta) t slope(a t).
Jet gompertz_log_survival(double t, double eta, double a) noexcept {
  const Unary s = exp_slope(a * t);
  const double scale = std::exp(eta) * t;
  Jet jet;
  jet.v = jet.g[0] = jet.h[Jet::at(0, 0)] = -scale * s.v;
  jet.g[2] = jet.h[Jet::at(0, 2)] = -scale * t * s.d1;
  jet.h[Jet::at(2, 2)] = -scale * t * t * s.d2;
  return jet;
}

}  // namespace

Jet log_survival(const FamilyForm& form, SurvivalFamily family, double t, double log_t, double eta,
                 double log_scale, double shape) noexcept {
  if (form.gompertz) return gompertz_log_survival(t, eta, shape);
  const Local local = standardised(form, family, log_t, eta, log_scale, shape);
  return take(local, standard_log_survival(form.form, local.w.v, local.q.v));
}

namespace {

// log density per unit of time at t.
Jet log_density(const FamilyForm& form, SurvivalFamily family, double t, double log_t, double eta,
                double log_scale, double shape) noexcept {
  if (form.gompertz) {
    Jet jet = gompertz_log_survival(t, eta, shape);
    jet.v += eta + shape * t;
    jet.g[0] += 1;
    jet.g[2] += t;
    return jet;
  }
  if (family == SurvivalFamily::exponential) {
    // Not by the logarithm of t, so that an event at time 0 has its density.
    const double h = t * std::exp(-eta);
    Jet jet;
    jet.v = -eta - h;
    jet.g[0] = -1 + h;
    jet.h[Jet::at(0, 0)] = -h;
    return jet;
  }
  const Local local = standardised(form, family, log_t, eta, log_scale, shape);
  Jet jet = take(local, standard_log_density(form.form, local.w.v, local.q.v));
  jet.v -= log_t;
  if (form.has_scale) {
    jet.v -= log_scale;
    jet.g[1] -= 1;
  }
  return jet;
}

}  // namespace

Jet log_hazard(const FamilyForm& form, SurvivalFamily family, double t, double log_t, double eta,
               double log_scale, double shape) noexcept {
  Jet jet = log_density(form, family, t, log_t, eta, log_scale, shape);
  if (t > 0) jet -= log_survival(form, family, t, log_t, eta, log_scale, shape);
  return jet;
}

Jet row_likelihood(const ModelRows& rows, std::size_t i, double eta, double log_scale,
                   double shape) noexcept {
  const auto survive = [&](double t, double log_t) {
    return log_survival(rows.form, rows.family, t, log_t, eta, log_scale, shape);
  };
  const double entry = rows.entry.empty() ? 0 : rows.entry[i];
  Jet jet;
  switch (rows.known[i]) {
    case TimeKnown::exactly:
      jet = log_density(rows.form, rows.family, rows.time[i], rows.log_time[i], eta, log_scale,
                        shape);
      break;
    case TimeKnown::after:
      if (rows.time[i] > 0) jet = survive(rows.time[i], rows.log_time[i]);
      break;
    case TimeKnown::before: {
      const Jet at = survive(rows.time[i], rows.log_time[i]);
      if (entry > 0) {
        const Jet from = survive(entry, std::log(entry));
        return log_one_minus_exp(from - at);
      }
      jet = log_one_minus_exp(Jet{} - at);
      break;
    }
    case TimeKnown::between: {
      const double width = rows.log_upper[i] - rows.log_time[i];
      const Jet lower = survive(rows.time[i], rows.log_time[i]);
      // Survival hardly differs over an interval so short that the subtraction would cost more
      // digits than the density in its middle misses.
      const double per_scale = rows.form.has_scale ? std::exp(-log_scale) : 1.0;
      const double bend = rows.form.gompertz ? std::abs(shape) * rows.time[i] : per_scale;
      if (width * std::max(1.0, bend) < 1e-5 && std::abs(lower.g[0]) * width < 1e-5) {
        const double middle = 0.5 * (rows.time[i] + rows.upper[i]);
        jet = log_density(rows.form, rows.family, middle, std::log(middle), eta, log_scale, shape);
        jet.v += std::log(rows.upper[i] - rows.time[i]);
      } else {
        const Jet upper = survive(rows.upper[i], rows.log_upper[i]);
        jet = lower + log_one_minus_exp(lower - upper);
      }
      break;
    }
  }
  if (entry > 0) jet -= survive(entry, std::log(entry));
  return jet;
}

}  // namespace detail

std::string_view name(SurvivalFamily family) noexcept {
  switch (family) {
    case SurvivalFamily::exponential:
      return "exponential";
    case SurvivalFamily::weibull:
      return "weibull";
    case SurvivalFamily::log_normal:
      return "log_normal";
    case SurvivalFamily::log_logistic:
      return "log_logistic";
    case SurvivalFamily::gamma:
      return "gamma";
    case SurvivalFamily::generalised_gamma:
      return "generalised_gamma";
    case SurvivalFamily::gompertz:
      return "gompertz";
  }
  return "";
}

std::span<const SurvivalFamily> survival_families() noexcept {
  static constexpr SurvivalFamily all[] = {
      SurvivalFamily::exponential,  SurvivalFamily::weibull, SurvivalFamily::log_normal,
      SurvivalFamily::log_logistic, SurvivalFamily::gamma,   SurvivalFamily::generalised_gamma,
      SurvivalFamily::gompertz};
  return all;
}

Result<SurvivalFamily> survival_family(std::string_view text) {
  for (const SurvivalFamily family : survival_families()) {
    if (name(family) == text) return family;
  }
  return unexpected(error_at(Errc::unknown_name, "family", std::nullopt, text,
                             "must be exponential, weibull, log_normal, log_logistic, gamma, "
                             "generalised_gamma or gompertz"));
}

std::string_view name(ParametricStatus status) noexcept {
  switch (status) {
    case ParametricStatus::converged:
      return "converged";
    case ParametricStatus::infinite_coefficient:
      return "infinite_coefficient";
    case ParametricStatus::at_boundary:
      return "at_boundary";
    case ParametricStatus::iteration_limit:
      return "iteration_limit";
  }
  return "";
}

Result<IntervalRows> interval_rows(std::span<const double> lower,
                                   std::span<const std::optional<double>> upper) {
  if (upper.size() != lower.size()) {
    return unexpected(error_at(Errc::size_mismatch, "upper", std::nullopt,
                               static_cast<double>(upper.size()),
                               "must have one entry for each lower end"));
  }
  IntervalRows rows;
  for (std::size_t i = 0; i < lower.size(); ++i) {
    if (auto ok = detail::check_value(lower[i], i, "lower", false); !ok) {
      return unexpected(ok.error());
    }
    if (!upper[i]) {
      rows.time.push_back(lower[i]);
      rows.time2.push_back(lower[i]);
      rows.known.push_back(TimeKnown::after);
      continue;
    }
    if (auto ok = detail::check_value(*upper[i], i, "upper", false); !ok) {
      return unexpected(ok.error());
    }
    if (*upper[i] < lower[i]) {
      return unexpected(
          error_at(Errc::contradiction, "upper", i, *upper[i], "must not be before the lower end"));
    }
    const bool point = *upper[i] == lower[i];
    const bool from_start = lower[i] == 0 && !point;
    rows.time.push_back(from_start ? *upper[i] : lower[i]);
    rows.time2.push_back(*upper[i]);
    rows.known.push_back(point        ? TimeKnown::exactly
                         : from_start ? TimeKnown::before
                                      : TimeKnown::between);
  }
  return rows;
}

Result<std::vector<TimeKnown>> known_from_events(std::span<const std::uint8_t> event) {
  std::vector<TimeKnown> known;
  known.reserve(event.size());
  for (std::size_t i = 0; i < event.size(); ++i) {
    if (event[i] > 1) {
      return unexpected(error_at(Errc::out_of_range, "event", i, static_cast<double>(event[i]),
                                 "must be 0 or 1"));
    }
    known.push_back(event[i] == 1 ? TimeKnown::exactly : TimeKnown::after);
  }
  return known;
}

}  // namespace ombre::inline v0::stats
