#include "ombre/stats/proportion.hpp"

#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <vector>

namespace ombre::inline v0::stats {
namespace {

namespace policies = boost::math::policies;
using Quiet = policies::policy<policies::domain_error<policies::ignore_error>,
                               policies::pole_error<policies::ignore_error>,
                               policies::overflow_error<policies::ignore_error>,
                               policies::evaluation_error<policies::ignore_error>>;

std::optional<Error> refuse(Proportion arm, std::uint64_t row) {
  if (arm.n == 0) {
    return error_at(Errc::empty_input, "n", row, "0", "an arm needs at least one person");
  }
  if (arm.events > arm.n) {
    return error_at(Errc::out_of_range, "events", row, static_cast<double>(arm.events),
                    "must not exceed the number of people");
  }
  return std::nullopt;
}

std::optional<Error> refuse_level(double level) {
  if (level > 0 && level < 1) return std::nullopt;
  return error_at(std::isfinite(level) ? Errc::out_of_range : Errc::not_finite, "level",
                  std::nullopt, level, "must lie between 0 and 1, such as 0.95");
}

double normal_quantile(double level) {
  return std::numbers::sqrt2 * boost::math::erf_inv(level, Quiet{});
}

Interval wilson(Proportion arm, double z) {
  const auto n = static_cast<double>(arm.n);
  const double p = static_cast<double>(arm.events) / n;
  const double z2 = z * z;
  const double middle = 2 * n * p + z2;
  const double half = z * std::sqrt(z2 + 4 * n * p * (1 - p));
  const double below = 2 * (n + z2);
  return {arm.events == 0 ? 0.0 : std::max(0.0, (middle - half) / below),
          arm.events == arm.n ? 1.0 : std::min(1.0, (middle + half) / below)};
}

/// The hypergeometric family of tables with fixed margins: how many of the first arm have the
/// event.
class Tables {
 public:
  Tables(Proportion first, Proportion second)
      : x_{first.events},
        low_{first.events + second.events > second.n ? first.events + second.events - second.n : 0},
        high_{std::min(first.n, first.events + second.events)} {
    // log of C(n1, i) C(n2, m - i), by the ratio of neighbours, from the table seen outwards.
    const auto n1 = static_cast<double>(first.n);
    const auto n2 = static_cast<double>(second.n);
    const auto m = static_cast<double>(first.events + second.events);
    log_weight_.assign(static_cast<std::size_t>(high_ - low_ + 1), 0.0);
    const auto step = [&](double i) {  // from i to i + 1
      return std::log((n1 - i) * (m - i)) - std::log((i + 1) * (n2 - m + i + 1));
    };
    const std::size_t at = static_cast<std::size_t>(x_ - low_);
    for (std::size_t k = at; k + 1 < log_weight_.size(); ++k) {
      log_weight_[k + 1] = log_weight_[k] + step(static_cast<double>(low_ + k));
    }
    for (std::size_t k = at; k > 0; --k) {
      log_weight_[k - 1] = log_weight_[k] - step(static_cast<double>(low_ + k - 1));
    }
  }

  [[nodiscard]] bool lowest() const { return x_ == low_; }
  [[nodiscard]] bool highest() const { return x_ == high_; }

  struct Sums {
    double mean = 0;
    double at_most = 0;   // P(X <= x)
    double at_least = 0;  // P(X >= x)
    double as_rare = 0;   // tables at most as likely as the one seen
  };
  /// With odds ratio exp(log_ratio).
  [[nodiscard]] Sums sums(double log_ratio) const {
    double top = -std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < log_weight_.size(); ++k) top = std::max(top, term(k, log_ratio));
    const auto at = static_cast<std::size_t>(x_ - low_);
    // R's margin: tables as likely up to rounding count as equally likely.
    const double limit = std::exp(term(at, log_ratio) - top) * (1 + 1e-7);
    double total = 0;
    Sums s;
    for (std::size_t k = 0; k < log_weight_.size(); ++k) {
      const double weight = std::exp(term(k, log_ratio) - top);
      total += weight;
      s.mean += weight * static_cast<double>(low_ + k);
      if (k <= at) s.at_most += weight;
      if (k >= at) s.at_least += weight;
      if (weight <= limit) s.as_rare += weight;
    }
    s.mean /= total;
    s.at_most = std::min(1.0, s.at_most / total);
    s.at_least = std::min(1.0, s.at_least / total);
    s.as_rare = std::min(1.0, s.as_rare / total);
    return s;
  }
  [[nodiscard]] double seen() const { return static_cast<double>(x_); }

 private:
  [[nodiscard]] double term(std::size_t k, double log_ratio) const {
    return log_weight_[k] + log_ratio * (static_cast<double>(k + low_) - static_cast<double>(x_));
  }

  std::uint64_t x_;
  std::uint64_t low_;
  std::uint64_t high_;
  std::vector<double> log_weight_;
};

/// The zero of an increasing function of the log odds ratio.
template <class F>
double increasing_zero(F f) {
  double low = -1;
  double high = 1;
  while (f(low) > 0 && low > -700) low *= 2;
  while (f(high) < 0 && high < 700) high *= 2;
  for (int i = 0; i < 100 && high - low > 1e-13 * (1 + std::abs(low)); ++i) {
    const double middle = low + (high - low) / 2;
    (f(middle) < 0 ? low : high) = middle;
  }
  return low + (high - low) / 2;
}

}  // namespace

Result<Interval> wilson_interval(Proportion arm, double level) {
  if (auto error = refuse(arm, 0)) return unexpected(*error);
  if (auto error = refuse_level(level)) return unexpected(*error);
  return wilson(arm, normal_quantile(level));
}

Result<Interval> clopper_pearson_interval(Proportion arm, double level) {
  if (auto error = refuse(arm, 0)) return unexpected(*error);
  if (auto error = refuse_level(level)) return unexpected(*error);
  const double tail = (1 - level) / 2;
  const auto x = static_cast<double>(arm.events);
  const auto n = static_cast<double>(arm.n);
  Interval interval{0, 1};
  using Beta = boost::math::beta_distribution<double, Quiet>;
  if (arm.events > 0) interval.low = quantile(Beta{x, n - x + 1}, tail);
  if (arm.events < arm.n) {
    interval.high = quantile(complement(Beta{x + 1, n - x}, tail));
  }
  return interval;
}

Result<Interval> newcombe_difference_interval(Proportion first, Proportion second, double level) {
  if (auto error = refuse(first, 0)) return unexpected(*error);
  if (auto error = refuse(second, 1)) return unexpected(*error);
  if (auto error = refuse_level(level)) return unexpected(*error);
  const double z = normal_quantile(level);
  const Interval a = wilson(first, z);
  const Interval b = wilson(second, z);
  const double p1 = static_cast<double>(first.events) / static_cast<double>(first.n);
  const double p2 = static_cast<double>(second.events) / static_cast<double>(second.n);
  const double difference = p1 - p2;
  return Interval{difference - std::hypot(p1 - a.low, b.high - p2),
                  difference + std::hypot(a.high - p1, p2 - b.low)};
}

Result<FisherExact> fisher_exact(Proportion first, Proportion second, double level) {
  if (auto error = refuse(first, 0)) return unexpected(*error);
  if (auto error = refuse(second, 1)) return unexpected(*error);
  if (auto error = refuse_level(level)) return unexpected(*error);
  constexpr std::uint64_t most_tables = 10'000'000;
  const std::uint64_t smaller = std::min({first.n, second.n, first.events + second.events,
                                          first.n - first.events + second.n - second.events});
  if (smaller >= most_tables) {
    return unexpected(error_at(Errc::too_large, "n", std::nullopt, static_cast<double>(smaller),
                               "must leave at most 10 million possible tables"));
  }
  const Tables tables{first, second};
  const Tables::Sums at_one = tables.sums(0);
  FisherExact result;
  result.p = at_one.as_rare;
  result.p_less = at_one.at_most;
  result.p_greater = at_one.at_least;
  if (tables.lowest() && tables.highest()) return result;  // only one table is possible
  const double tail = (1 - level) / 2;
  if (tables.lowest()) {
    result.odds_ratio = 0;
  } else if (!tables.highest()) {
    result.odds_ratio = std::exp(increasing_zero(
        [&](double log_ratio) { return tables.sums(log_ratio).mean - tables.seen(); }));
  }
  if (!tables.lowest()) {
    result.low = std::exp(
        increasing_zero([&](double log_ratio) { return tables.sums(log_ratio).at_least - tail; }));
  }
  if (!tables.highest()) {
    result.high = std::exp(
        increasing_zero([&](double log_ratio) { return tail - tables.sums(log_ratio).at_most; }));
  }
  return result;
}

}  // namespace ombre::inline v0::stats
