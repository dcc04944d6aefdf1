#include "ombre/stats/rank_test.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numbers>
#include <vector>

#include "ombre/stats/descriptive.hpp"

namespace ombre::inline v0::stats {
namespace {

std::optional<Error> refuse(std::span<const double> values, std::string_view field) {
  if (values.empty()) return error_of(Errc::empty_input, field, "must hold at least one value");
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) {
      return error_at(Errc::not_finite, field, i, values[i], "must be finite");
    }
  }
  return std::nullopt;
}

std::optional<Error> refuse_level(double level) {
  if (level > 0 && level < 1) return std::nullopt;
  return error_at(std::isfinite(level) ? Errc::out_of_range : Errc::not_finite, "level",
                  std::nullopt, level, "must lie between 0 and 1, such as 0.95");
}

/// Different values, ascending, with how often each occurs.
struct Distinct {
  std::vector<double> value;
  std::vector<std::uint64_t> times;
};

Distinct distinct(std::span<const double> values) {
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  Distinct d;
  for (const double v : sorted) {
    if (!d.value.empty() && d.value.back() == v) {
      ++d.times.back();
    } else {
      d.value.push_back(v);
      d.times.push_back(1);
    }
  }
  return d;
}

double two_sided(double z) { return std::erfc(std::abs(z) / std::numbers::sqrt2); }

std::optional<double> median_difference(const Distinct& a, const Distinct& b) {
  constexpr std::size_t most = 16'000'000;
  if (a.value.size() > most / b.value.size()) return std::nullopt;
  std::vector<std::pair<double, std::uint64_t>> differences;
  differences.reserve(a.value.size() * b.value.size());
  std::uint64_t pairs = 0;
  for (std::size_t i = 0; i < a.value.size(); ++i) {
    for (std::size_t j = 0; j < b.value.size(); ++j) {
      const std::uint64_t times = a.times[i] * b.times[j];
      differences.emplace_back(a.value[i] - b.value[j], times);
      pairs += times;
    }
  }
  std::sort(differences.begin(), differences.end());
  const auto at = [&](std::uint64_t rank) {  // counted from 0
    std::uint64_t seen = 0;
    for (const auto& [value, times] : differences) {
      seen += times;
      if (rank < seen) return value;
    }
    return differences.back().first;
  };
  return pairs % 2 == 1 ? at(pairs / 2) : (at(pairs / 2 - 1) + at(pairs / 2)) / 2;
}

struct Moments {
  double mean = 0;
  double variance = 0;  // with n - 1
};

Moments moments(std::span<const double> values) {
  CompensatedSum sum;
  for (const double v : values) sum.add(v);
  const auto n = static_cast<double>(values.size());
  Moments m;
  m.mean = sum.value() / n;
  CompensatedSum squares;
  for (const double v : values) squares.add((v - m.mean) * (v - m.mean));
  m.variance = values.size() > 1 ? squares.value() / (n - 1) : 0;
  return m;
}

double t_quantile(double df, double level) {
  return quantile(complement(boost::math::students_t{df}, (1 - level) / 2));
}

}  // namespace

Result<RankTest> mann_whitney(std::span<const double> first, std::span<const double> second) {
  if (auto error = refuse(first, "first")) return unexpected(*error);
  if (auto error = refuse(second, "second")) return unexpected(*error);
  const Distinct a = distinct(first);
  const Distinct b = distinct(second);
  RankTest test;
  test.n_first = first.size();
  test.n_second = second.size();
  const auto n1 = static_cast<double>(first.size());
  const auto n2 = static_cast<double>(second.size());

  double ties = 0;   // sum of t^3 - t over groups of equal values
  double below = 0;  // values of the second group below the current one
  std::size_t j = 0;
  const auto add_ties = [&](double t) { ties += t * t * t - t; };
  for (std::size_t i = 0; i < a.value.size(); ++i) {
    for (; j < b.value.size() && b.value[j] < a.value[i]; ++j) {
      below += static_cast<double>(b.times[j]);
      add_ties(static_cast<double>(b.times[j]));
    }
    double equal = 0;
    if (j < b.value.size() && b.value[j] == a.value[i]) {
      equal = static_cast<double>(b.times[j]);
      ++j;
    }
    const auto here = static_cast<double>(a.times[i]);
    test.u += here * (below + equal / 2);
    below += equal;
    add_ties(here + equal);
  }
  for (; j < b.value.size(); ++j) add_ties(static_cast<double>(b.times[j]));

  test.probability = test.u / (n1 * n2);
  const double n = n1 + n2;
  const double variance = n1 * n2 / 12 * (n + 1 - ties / (n * (n - 1)));
  if (variance > 0) {
    const double off = test.u - n1 * n2 / 2;
    const double sd = std::sqrt(variance);
    test.z = off / sd;
    test.p = two_sided(*test.z);
    const double half = off == 0 ? 0.0 : std::copysign(0.5, off);
    test.p_continuity = two_sided((off - half) / sd);
  }
  test.median_difference = median_difference(a, b);
  return test;
}

Result<MeanEstimate> mean_interval(std::span<const double> values, double level) {
  if (auto error = refuse(values, "values")) return unexpected(*error);
  if (auto error = refuse_level(level)) return unexpected(*error);
  const Moments m = moments(values);
  MeanEstimate estimate;
  estimate.n = values.size();
  estimate.mean = m.mean;
  if (values.size() < 2) return estimate;
  const auto n = static_cast<double>(values.size());
  estimate.sd = std::sqrt(m.variance);
  const double half = t_quantile(n - 1, level) * std::sqrt(m.variance / n);
  estimate.low = m.mean - half;
  estimate.high = m.mean + half;
  return estimate;
}

Result<MeanDifference> welch_difference(std::span<const double> first,
                                        std::span<const double> second, double level) {
  if (auto error = refuse(first, "first")) return unexpected(*error);
  if (auto error = refuse(second, "second")) return unexpected(*error);
  if (auto error = refuse_level(level)) return unexpected(*error);
  const Moments a = moments(first);
  const Moments b = moments(second);
  MeanDifference d;
  d.difference = a.mean - b.mean;
  if (first.size() < 2 || second.size() < 2) return d;
  const auto n1 = static_cast<double>(first.size());
  const auto n2 = static_cast<double>(second.size());
  const double va = a.variance / n1;
  const double vb = b.variance / n2;
  if (!(va + vb > 0)) return d;
  const double se = std::sqrt(va + vb);
  d.t = d.difference / se;
  d.df = (va + vb) * (va + vb) / (va * va / (n1 - 1) + vb * vb / (n2 - 1));
  d.p = 2 * cdf(complement(boost::math::students_t{*d.df}, std::abs(*d.t)));
  const double half = t_quantile(*d.df, level) * se;
  d.low = d.difference - half;
  d.high = d.difference + half;
  return d;
}

}  // namespace ombre::inline v0::stats
