#include "ombre/stats/proportionality.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "stats/cox_sums.hpp"
#include "stats/radix_order.hpp"

namespace ombre::inline v0::stats {
namespace {

using detail::CoxTable;

// g at each event slot.
std::optional<std::vector<double>> transformed(const CoxTable& t, TimeTransform transform) {
  std::vector<double> g(t.slots(), 0.0);
  if (transform == TimeTransform::identity) {
    for (std::size_t k = 0; k < t.slots(); ++k) g[k] = t.slot_time(k);
    return g;
  }
  if (transform == TimeTransform::log) {
    for (std::size_t k = 0; k < t.slots(); ++k) {
      if (t.slot_deaths[k] == 0) continue;
      if (!(t.slot_time(k) > 0)) return std::nullopt;
      g[k] = std::log(t.slot_time(k));
    }
    return g;
  }
  // All strata together.
  std::vector<std::uint32_t> order(t.n);
  std::iota(order.begin(), order.end(), 0U);
  detail::radix_order(t.time, order);
  std::vector<double> times;
  std::vector<double> value;
  if (transform == TimeTransform::rank) {
    for (std::size_t i = 0; i < t.n;) {
      std::size_t end = i;
      while (end < t.n && t.time[order[end]] == t.time[order[i]]) ++end;
      times.push_back(t.time[order[i]]);
      value.push_back((static_cast<double>(i) + static_cast<double>(end) + 1) / 2);
      i = end;
    }
  } else {
    std::vector<double> entries;
    if (t.truncated) {
      entries.assign(t.entry.begin(), t.entry.end());
      std::sort(entries.begin(), entries.end());
    }
    double survival = 1;
    for (std::size_t i = 0; i < t.n;) {
      const double now = t.time[order[i]];
      std::size_t end = i;
      double deaths = 0;
      while (end < t.n && t.time[order[end]] == now) deaths += t.dead[order[end++]];
      double at_risk = static_cast<double>(t.n - i);
      if (!entries.empty()) {
        // Left: those whose time is now or later, less those who have not entered before now.
        at_risk -= static_cast<double>(entries.end() -
                                       std::lower_bound(entries.begin(), entries.end(), now));
      }
      times.push_back(now);
      value.push_back(1 - survival);
      if (deaths > 0) survival *= (at_risk - deaths) / at_risk;
      i = end;
    }
  }
  for (std::size_t k = 0; k < t.slots(); ++k) {
    if (t.slot_deaths[k] == 0) continue;
    const auto found = std::lower_bound(times.begin(), times.end(), t.slot_time(k));
    g[k] = value[static_cast<std::size_t>(found - times.begin())];
  }
  return g;
}

}  // namespace

std::string_view name(TimeTransform transform) noexcept {
  switch (transform) {
    case TimeTransform::kaplan_meier:
      return "km";
    case TimeTransform::rank:
      return "rank";
    case TimeTransform::identity:
      return "identity";
    case TimeTransform::log:
      return "log";
  }
  return "";
}

Result<std::optional<ProportionalityTest>> proportionality_test(
    const CoxData& data, const CoxFit& fit, TimeTransform transform,
    std::span<const std::uint32_t> term, const Runner* runner, const Progress& progress) {
  const CoxTable& t = data.table();
  const std::size_t p = t.p;
  if (fit.n != t.n || fit.coef.size() != p) {
    return unexpected(error_at(Errc::size_mismatch, "fit", std::nullopt, static_cast<double>(fit.n),
                               "must be a fit of these rows"));
  }
  if (!term.empty() && term.size() != p) {
    return unexpected(error_at(Errc::size_mismatch, "term", std::nullopt,
                               static_cast<double>(term.size()), "must have one entry a column"));
  }
  if (fit.ties == CoxTies::exact) {
    return unexpected(
        error_of(Errc::unsupported, "ties", "exact ties have no test of proportionality"));
  }
  const std::optional<ProportionalityTest> none;
  if (t.events == 0 || fit.df == 0) return none;
  auto g = transformed(t, transform);
  if (!g) return none;
  // Centred and scaled: the test does not change, its matrices are better conditioned.
  double mean = 0;
  for (std::size_t k = 0; k < t.slots(); ++k) mean += t.slot_deaths[k] * (*g)[k];
  mean /= static_cast<double>(t.events);
  double most = 0;
  for (std::size_t k = 0; k < t.slots(); ++k) {
    (*g)[k] = t.slot_deaths[k] == 0 ? 0 : (*g)[k] - mean;
    most = std::max(most, std::abs((*g)[k]));
  }
  if (!(most > 0)) return none;  // one event time only
  for (double& v : *g) v /= most;

  detail::RiskSums sums;
  const Runner& run = runner == nullptr ? serial() : *runner;
  detail::risk_sums(t, detail::scaled_coefficients(t, fit), fit.ties, run, sums);
  std::vector<std::vector<double>> powers(3);
  powers[1] = *g;
  powers[2] = *g;
  for (double& v : powers[2]) v *= v;
  detail::Moments m;
  detail::moments(t, sums, powers, run, m);

  // theta's information given b: C = I2 - I1 I0^-1 I1.
  std::vector<char> keep(p);
  for (std::size_t j = 0; j < p; ++j) keep[j] = fit.kind[j] != CoxCoefficient::aliased ? 1 : 0;
  detail::Cholesky factor;
  const std::function<bool()> still = [&] { return !progress || progress(0.5); };
  const auto cancelled = [] {
    return unexpected(error_of(Errc::cancelled, "progress", "the test was stopped by its caller"));
  };
  static_cast<void>(factor.factor(m.information[0], p, keep, {}, still));
  if (factor.stopped) return cancelled();
  std::vector<double> c = m.information[2];
  std::vector<double> solved(p);
  for (std::size_t j = 0; j < p; ++j) {
    if (j % 32 == 31 && !still()) return cancelled();
    for (std::size_t h = 0; h < p; ++h) solved[h] = m.information[1][h * p + j];
    factor.solve(solved);
    for (std::size_t h = 0; h < p; ++h) {
      for (std::size_t q = 0; q < p; ++q) {
        c[h * p + j] -= m.information[1][h * p + q] * solved[q];
      }
    }
  }
  const auto test = [&](const std::vector<std::size_t>& of) {
    std::vector<double> a(of.size() * of.size());
    std::vector<double> u(of.size());
    for (std::size_t i = 0; i < of.size(); ++i) {
      u[i] = m.score[1][of[i]];
      for (std::size_t j = 0; j < of.size(); ++j) a[i * of.size() + j] = c[of[i] * p + of[j]];
    }
    return detail::quadratic_form(a, u);
  };

  ProportionalityTest out;
  const std::size_t terms =
      term.empty() ? p : static_cast<std::size_t>(*std::max_element(term.begin(), term.end())) + 1;
  std::vector<std::size_t> all;
  for (std::size_t q = 0; q < terms; ++q) {
    std::vector<std::size_t> of;
    for (std::size_t j = 0; j < p; ++j) {
      if (keep[j] != 0 && (term.empty() ? j : term[j]) == q) of.push_back(j);
    }
    all.insert(all.end(), of.begin(), of.end());
    out.df.push_back(of.size());
    if (of.empty()) {
      out.chi_square.emplace_back();
      out.p.emplace_back();
      continue;
    }
    const double chi = test(of);
    out.chi_square.emplace_back(chi);
    out.p.emplace_back(chi_square_upper_tail(chi, of.size()));
  }
  std::sort(all.begin(), all.end());
  out.global_chi_square = test(all);
  out.global_df = all.size();
  out.global_p = chi_square_upper_tail(out.global_chi_square, out.global_df);
  return std::optional<ProportionalityTest>{std::move(out)};
}

}  // namespace ombre::inline v0::stats
