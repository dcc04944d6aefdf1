#include "ombre/stats/reliable_change.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "ombre/stats/agreement.hpp"

namespace ombre::inline v0::stats {
namespace {

Result<void> finite(double value, std::string_view field) {
  if (std::isfinite(value)) return {};
  return unexpected(error_at(Errc::not_finite, field, std::nullopt, value, "must be a number"));
}

Result<void> positive(double value, std::string_view field) {
  if (auto ok = finite(value, field); !ok) return ok;
  if (value > 0 && value <= 1e150) return {};
  return unexpected(error_at(Errc::out_of_range, field, std::nullopt, value,
                             "must be above 0, and at most 1e150"));
}

Result<void> score(double value, std::string_view field) {
  if (auto ok = finite(value, field); !ok) return ok;
  if (std::abs(value) <= 1e150) return {};
  return unexpected(
      error_at(Errc::out_of_range, field, std::nullopt, value, "must be at most 1e150 in size"));
}

// First-order autocorrelation of ranks over neighbours that are one step apart.
double lag_one(const std::vector<double>& rank, const std::vector<std::size_t>& at) {
  std::vector<double> first;
  std::vector<double> second;
  for (std::size_t i = 1; i < rank.size(); ++i) {
    if (at[i] != at[i - 1] + 1) continue;
    first.push_back(rank[i - 1]);
    second.push_back(rank[i]);
  }
  const auto r = pearson(first, second);
  return r && *r ? **r : 0.0;
}

}  // namespace

Result<double> smallest_reliable_change(double sd, double reliability, double z) {
  if (auto ok = positive(sd, "sd"); !ok) return unexpected(ok.error());
  if (auto ok = positive(z, "z"); !ok) return unexpected(ok.error());
  if (auto ok = finite(reliability, "reliability"); !ok) return unexpected(ok.error());
  if (!(reliability >= 0 && reliability < 1)) {
    return unexpected(error_at(Errc::out_of_range, "reliability", std::nullopt, reliability,
                               "must be 0 or more and below 1"));
  }
  return z * (std::sqrt(2.0) * (sd * std::sqrt(1 - reliability)));
}

Result<ReliableChange> reliable_change(double before, double after, double sd, double reliability,
                                       double z) {
  if (auto ok = score(before, "before"); !ok) return unexpected(ok.error());
  if (auto ok = score(after, "after"); !ok) return unexpected(ok.error());
  const auto smallest = smallest_reliable_change(sd, reliability, z);
  if (!smallest) return unexpected(smallest.error());
  ReliableChange out;
  out.standard_error = sd * std::sqrt(1 - reliability);
  out.se_difference = std::sqrt(2.0) * out.standard_error;
  out.smallest = *smallest;
  out.index = (after - before) / out.se_difference;
  if (!std::isfinite(out.index)) {
    return unexpected(error_at(Errc::out_of_range, "sd", std::nullopt, sd,
                               "is too small for a change of this size"));
  }
  out.reliable = std::abs(out.index) > z;
  return out;
}

Result<double> cut_off_a(Norm first, bool towards_higher) {
  if (auto ok = score(first.mean, "mean"); !ok) return unexpected(ok.error());
  if (auto ok = positive(first.sd, "sd"); !ok) return unexpected(ok.error());
  return towards_higher ? first.mean + 2 * first.sd : first.mean - 2 * first.sd;
}

Result<CutOffs> cut_offs(Norm first, Norm second) {
  if (auto ok = score(second.mean, "second.mean"); !ok) return unexpected(ok.error());
  if (auto ok = positive(second.sd, "second.sd"); !ok) return unexpected(ok.error());
  const bool higher = second.mean > first.mean;
  const auto a = cut_off_a(first, higher);
  if (!a) return unexpected(a.error());
  if (first.mean == second.mean) {
    return unexpected(error_at(Errc::contradiction, "second.mean", std::nullopt, second.mean,
                               "must differ from the first population's mean"));
  }
  CutOffs out;
  out.second_is_higher = higher;
  out.a = *a;
  out.b = higher ? second.mean - 2 * second.sd : second.mean + 2 * second.sd;
  const double share = second.sd / (first.sd + second.sd);  // of the way: no overflow
  out.c = second.mean + (first.mean - second.mean) * share;
  return out;
}

Result<LaggedCorrelation> lagged_spearman(std::span<const std::optional<double>> x,
                                          std::span<const std::optional<double>> y,
                                          std::size_t lag) {
  if (x.size() != y.size()) {
    return unexpected(error_at(Errc::size_mismatch, "y", std::nullopt,
                               static_cast<double>(y.size()),
                               "must have as many values as x, " + std::to_string(x.size())));
  }
  if (lag >= x.size() && !(lag == 0 && x.empty())) {
    return unexpected(error_at(Errc::out_of_range, "lag", std::nullopt, static_cast<double>(lag),
                               "must be below the number of values"));
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (x[i] && !std::isfinite(*x[i])) {
      return unexpected(error_at(Errc::not_finite, "x", i, *x[i], "must be a number"));
    }
    if (y[i] && !std::isfinite(*y[i])) {
      return unexpected(error_at(Errc::not_finite, "y", i, *y[i], "must be a number"));
    }
  }
  LaggedCorrelation out;
  out.lag = lag;
  std::vector<double> a;
  std::vector<double> b;
  std::vector<std::size_t> at;
  for (std::size_t i = 0; i + lag < x.size(); ++i) {
    if (!x[i] || !y[i + lag]) continue;
    a.push_back(*x[i]);
    b.push_back(*y[i + lag]);
    at.push_back(i);
  }
  out.n = a.size();
  if (out.n < 3) return out;
  const auto rank_a = mean_ranks(a);
  const auto rank_b = mean_ranks(b);
  if (!rank_a || !rank_b) return unexpected(!rank_a ? rank_a.error() : rank_b.error());
  const auto rho = pearson(*rank_a, *rank_b);
  if (!rho) return unexpected(rho.error());
  if (!*rho) return out;
  out.rho = std::clamp(**rho, -1.0, 1.0);
  // A negative product would make n larger than the number of pairs: not taken.
  const double product = std::clamp(lag_one(*rank_a, at) * lag_one(*rank_b, at), 0.0, 1.0);
  const auto n = static_cast<double>(out.n);
  out.effective_n = std::clamp(n * (1 - product) / (1 + product), 2.0, n);
  if (*out.effective_n > 4 && std::abs(*out.rho) < 1) {
    const double half = 1.959963984540054 * std::sqrt(1.06 / (*out.effective_n - 3));
    out.low = std::tanh(std::atanh(*out.rho) - half);
    out.high = std::tanh(std::atanh(*out.rho) + half);
  }
  return out;
}

}  // namespace ombre::inline v0::stats
