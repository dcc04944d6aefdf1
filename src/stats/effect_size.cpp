#include "ombre/stats/effect_size.hpp"

#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <limits>
#include <numbers>

namespace ombre::inline v0::stats {
namespace {

// One million million people in an arm keep every product below within 128 bits and exact sums.
constexpr std::uint64_t largest_arm = 1'000'000'000'000;

std::optional<Error> refuse(Proportion arm, std::uint64_t row) {
  if (arm.n == 0) {
    return error_at(Errc::empty_input, "n", row, "0", "an arm needs at least one person");
  }
  if (arm.n > largest_arm) {
    return error_at(Errc::too_large, "n", row, static_cast<double>(arm.n),
                    "an arm holds at most 1e12 people");
  }
  if (arm.events > arm.n) {
    return error_at(Errc::out_of_range, "events", row, static_cast<double>(arm.events),
                    "must not exceed the number of people");
  }
  return std::nullopt;
}

std::optional<Error> refuse_level(double level) {
  if (!(level > 0 && level < 1)) {
    return error_at(std::isfinite(level) ? Errc::out_of_range : Errc::not_finite, "level",
                    std::nullopt, level, "must lie between 0 and 1, such as 0.95");
  }
  return std::nullopt;
}

std::optional<Error> refuse(Proportion first, Proportion second, double level) {
  if (auto error = refuse(first, 0)) return error;
  if (auto error = refuse(second, 1)) return error;
  return refuse_level(level);
}

std::optional<Error> refuse(Group group, std::uint64_t row) {
  if (!std::isfinite(group.mean)) {
    return error_at(Errc::not_finite, "mean", row, group.mean, "must be a finite number");
  }
  if (!std::isfinite(group.sd)) {
    return error_at(Errc::not_finite, "sd", row, group.sd, "must be a finite number");
  }
  if (!(group.sd > 0)) {
    return error_at(Errc::out_of_range, "sd", row, group.sd, "must be above 0");
  }
  if (group.n < 2 || group.n > largest_arm) {
    return error_at(Errc::out_of_range, "n", row, static_cast<double>(group.n),
                    "must be 2 to 1e12");
  }
  return std::nullopt;
}

double quantile(double level) { return std::numbers::sqrt2 * boost::math::erf_inv(level); }

double share(Proportion arm) {
  return static_cast<double>(arm.events) / static_cast<double>(arm.n);
}

Estimate symmetric(double value, double se, double level) {
  const double half = quantile(level) * se;
  return {value, se, value - half, value + half};
}

Estimate on_log_scale(double ratio, double se, double level) {
  const double factor = std::exp(quantile(level) * se);
  return {ratio, se, ratio / factor, ratio * factor};
}

}  // namespace

Result<double> cohen_h(double p1, double p2) {
  std::uint64_t row = 0;
  for (const double p : {p1, p2}) {
    if (std::isnan(p)) {
      return unexpected(error_at(Errc::not_finite, "p", row, p, "must be a finite number"));
    }
    if (p < 0 || p > 1) {
      return unexpected(error_at(Errc::out_of_range, "p", row, p, "must lie between 0 and 1"));
    }
    ++row;
  }
  return 2 * std::asin(std::sqrt(p1)) - 2 * std::asin(std::sqrt(p2));
}

Result<Estimate> cohen_h(Proportion first, Proportion second, double level) {
  if (auto error = refuse(first, second, level)) return unexpected(*std::move(error));
  const auto h = cohen_h(share(first), share(second));
  if (!h) return unexpected(h.error());
  const double se = std::sqrt(1 / static_cast<double>(first.n) + 1 / static_cast<double>(second.n));
  return symmetric(*h, se, level);
}

Result<Estimate> risk_difference(Proportion first, Proportion second, double level) {
  if (auto error = refuse(first, second, level)) return unexpected(*std::move(error));
  const double p1 = share(first);
  const double p2 = share(second);
  const double se = std::sqrt(p1 * (1 - p1) / static_cast<double>(first.n) +
                              p2 * (1 - p2) / static_cast<double>(second.n));
  return symmetric(p1 - p2, se, level);
}

Result<Estimate> risk_ratio(Proportion first, Proportion second, double level) {
  if (auto error = refuse(first, second, level)) return unexpected(*std::move(error));
  if (first.events == 0 || second.events == 0) {
    return unexpected(error_of(Errc::not_computable, "events",
                               "a risk ratio has no interval when an arm has no event"));
  }
  const double se = std::sqrt((1 - share(first)) / static_cast<double>(first.events) +
                              (1 - share(second)) / static_cast<double>(second.events));
  return on_log_scale(share(first) / share(second), se, level);
}

Result<Estimate> odds_ratio(Proportion first, Proportion second, double level) {
  if (auto error = refuse(first, second, level)) return unexpected(*std::move(error));
  const auto a = static_cast<double>(first.events);
  const auto b = static_cast<double>(first.n - first.events);
  const auto c = static_cast<double>(second.events);
  const auto d = static_cast<double>(second.n - second.events);
  if (a == 0 || b == 0 || c == 0 || d == 0) {
    return unexpected(error_of(Errc::not_computable, "events",
                               "an odds ratio has no interval when a cell of the table is 0"));
  }
  return on_log_scale(a / b * (d / c), std::sqrt(1 / a + 1 / b + 1 / c + 1 / d), level);
}

Result<NumberNeeded> number_needed(Proportion first, Proportion second, bool wanted_event,
                                   double level) {
  auto difference = risk_difference(first, second, level);
  if (!difference) return unexpected(difference.error());
  NumberNeeded out;
  out.difference = *difference;

  // |e1 n2 - e2 n1| over n1 n2, exactly: a quotient such as 1 / (0.5 - 0.4) must not become 11.
  __extension__ using Wide = unsigned __int128;
  const Wide left = Wide{first.events} * second.n;
  const Wide right = Wide{second.events} * first.n;
  const Wide gap = left > right ? left - right : right - left;
  if (gap != 0) {
    const Wide pairs = Wide{first.n} * second.n;
    const Wide number = (pairs + gap - 1) / gap;
    if (number > std::numeric_limits<std::uint64_t>::max()) {
      return unexpected(error_of(Errc::too_large, "number_needed", "exceeds a 64-bit number"));
    }
    out.number = static_cast<std::uint64_t>(number);
    out.direction = (left > right) == wanted_event ? NumberNeeded::Direction::benefit
                                                   : NumberNeeded::Direction::harm;
  }
  const double toward_benefit = wanted_event ? difference->high : -difference->low;
  const double toward_harm = wanted_event ? -difference->low : difference->high;
  if (toward_benefit > 0 && toward_harm > 0) {
    out.benefit_bound = 1 / toward_benefit;
    out.harm_bound = 1 / toward_harm;
  } else if (out.number && difference->low != 0 && difference->high != 0) {
    const double a = 1 / std::abs(difference->low);
    const double b = 1 / std::abs(difference->high);
    out.low = std::fmin(a, b);
    out.high = std::fmax(a, b);
  }
  return out;
}

Result<std::uint64_t> nnt(double difference) {
  if (!std::isfinite(difference)) {
    return unexpected(error_at(Errc::not_finite, "difference", std::nullopt, difference,
                               "must be a finite number"));
  }
  if (difference < -1 || difference > 1) {
    return unexpected(error_at(Errc::out_of_range, "difference", std::nullopt, difference,
                               "must lie between -1 and 1"));
  }
  const double quotient = 1 / std::abs(difference);
  if (!(quotient < 1e15)) {
    return unexpected(error_at(Errc::not_computable, "difference", std::nullopt, difference,
                               "without a difference there is no number needed to treat"));
  }
  const double nearest = std::round(quotient);
  const double number =
      std::abs(quotient - nearest) <= 1e-9 * quotient ? nearest : std::ceil(quotient);
  return static_cast<std::uint64_t>(number);
}

Result<double> pooled_sd(Group first, Group second) {
  if (auto error = refuse(first, 0)) return unexpected(*std::move(error));
  if (auto error = refuse(second, 1)) return unexpected(*std::move(error));
  const auto df1 = static_cast<double>(first.n - 1);
  const auto df2 = static_cast<double>(second.n - 1);
  // hypot keeps very large and very small deviations from overflowing when squared.
  return std::hypot(first.sd * std::sqrt(df1 / (df1 + df2)),
                    second.sd * std::sqrt(df2 / (df1 + df2)));
}

Result<double> cohen_d(Group first, Group second) {
  const auto sd = pooled_sd(first, second);
  if (!sd) return unexpected(sd.error());
  const double d = (first.mean - second.mean) / *sd;
  if (!std::isfinite(d)) {
    return unexpected(error_at(Errc::out_of_range, "mean", std::nullopt, first.mean - second.mean,
                               "the difference is too large for these deviations"));
  }
  return d;
}

Result<Estimate> hedges_g(Group first, Group second, double level) {
  if (auto error = refuse_level(level)) return unexpected(*std::move(error));
  const auto d = cohen_d(first, second);
  if (!d) return unexpected(d.error());
  const auto n1 = static_cast<double>(first.n);
  const auto n2 = static_cast<double>(second.n);
  const double g = *d * (1 - 3 / (4 * (n1 + n2 - 2) - 1));
  return symmetric(g, std::sqrt((n1 + n2) / (n1 * n2) + g * g / (2 * (n1 + n2))), level);
}

Result<double> d_from_odds_ratio(double odds_ratio) {
  if (!std::isfinite(odds_ratio) || !(odds_ratio > 0)) {
    return unexpected(error_at(std::isfinite(odds_ratio) ? Errc::out_of_range : Errc::not_finite,
                               "odds_ratio", std::nullopt, odds_ratio, "must be above 0"));
  }
  return std::log(odds_ratio) * std::numbers::sqrt3 / std::numbers::pi;
}

Result<double> standardized_response_mean(double mean_change, double sd_change) {
  if (!std::isfinite(mean_change)) {
    return unexpected(error_at(Errc::not_finite, "mean_change", std::nullopt, mean_change,
                               "must be a finite number"));
  }
  if (!std::isfinite(sd_change) || !(sd_change > 0)) {
    return unexpected(error_at(std::isfinite(sd_change) ? Errc::out_of_range : Errc::not_finite,
                               "sd_change", std::nullopt, sd_change, "must be above 0"));
  }
  return mean_change / sd_change;
}

}  // namespace ombre::inline v0::stats
