#include "ombre/outcomes/use_change.hpp"

#include <cmath>

#include "ombre/stats/descriptive.hpp"

namespace ombre::inline v0::outcomes {

using timeline::UseState;

std::optional<double> improvement_percent(double before, double now) noexcept {
  if (!std::isfinite(before) || !std::isfinite(now) || before == 0) return std::nullopt;
  return 100 * (before - now) / before;
}

LevelReduction level_reduction(const Estimate& baseline, const Estimate& now) noexcept {
  LevelReduction out;
  const auto rank = [](double v) { return static_cast<int>(v); };
  if (baseline.value && now.value) {
    out.levels = rank(*baseline.value) - rank(*now.value);
    out.responder_1 = *out.levels >= 1;
    out.responder_2 = *out.levels >= 2;
  }
  if (baseline.lower && now.upper) out.lower = rank(*baseline.lower) - rank(*now.upper);
  if (baseline.upper && now.lower) out.upper = rank(*baseline.upper) - rank(*now.lower);
  return out;
}

Result<Spend> spend(std::span<const Purchase> purchases) {
  Spend out;
  stats::CompensatedSum total;
  stats::CompensatedSum priced;
  stats::CompensatedSum amount;
  const auto refuse = [](std::string_view field, std::size_t row, double v) {
    return unexpected(error_at(std::isfinite(v) ? Errc::out_of_range : Errc::not_finite, field, row,
                               v, "must be a finite number of 0 or more"));
  };
  for (std::size_t i = 0; i < purchases.size(); ++i) {
    const Purchase& p = purchases[i];
    if (!(p.spent >= 0 && std::isfinite(p.spent))) return refuse("spent", i, p.spent);
    total.add(p.spent);
    if (!p.amount) {
      ++out.without_amount;
      continue;
    }
    if (!(*p.amount >= 0 && std::isfinite(*p.amount))) return refuse("amount", i, *p.amount);
    priced.add(p.spent);
    amount.add(*p.amount);
  }
  if (!purchases.empty()) out.total = total.value();
  if (amount.value() > 0) out.unit_price = priced.value() / amount.value();
  return out;
}

std::optional<double> RouteShares::share(timeline::Route route) const noexcept {
  std::uint64_t stated = 0;
  for (std::size_t i = 1; i < reports.size(); ++i) stated += reports[i];
  const auto r = static_cast<std::size_t>(route);
  if (stated == 0 || r == 0 || r >= reports.size()) return std::nullopt;
  return static_cast<double>(reports[r]) / static_cast<double>(stated);
}

RouteShares route_shares(const timeline::Records& records, std::optional<std::uint32_t> person,
                         std::optional<std::uint32_t> substance, std::int32_t first_day,
                         std::int32_t last_day) {
  RouteShares out;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const UseState state = records.state_column()[i];
    if (state != UseState::amount && state != UseState::used) continue;
    const std::int32_t day = records.day_column()[i];
    if (day < first_day || day > last_day) continue;
    if (person && records.person_column()[i] != *person) continue;
    if (substance && records.substance_column()[i] != *substance) continue;
    ++out.reports[static_cast<std::size_t>(records.route_column()[i])];
  }
  return out;
}

Result<MixingDays> mixing_days(const timeline::Grid& grid, std::uint32_t person,
                               std::uint32_t kinds) {
  if (person >= grid.persons().size()) {
    return unexpected(error_at(Errc::out_of_range, "person", std::nullopt, std::to_string(person),
                               "must be below " + std::to_string(grid.persons().size())));
  }
  if (kinds < 2) {
    return unexpected(error_at(Errc::out_of_range, "kinds", std::nullopt, std::to_string(kinds),
                               "must be at least 2"));
  }
  MixingDays out;
  std::vector<std::uint32_t> used;
  std::vector<std::uint32_t> unknown;
  std::optional<std::int32_t> first_day;
  for (std::size_t s = 0; s < grid.size(); ++s) {
    if (grid.series()[s].person != person) continue;
    const auto days = grid[s];
    if (!first_day) {
      first_day = days.first_day;
      used.resize(days.size());
      unknown.resize(days.size());
    }
    if (*first_day != days.first_day || used.size() != days.size()) {
      return unexpected(error_at(Errc::size_mismatch, "series", s, std::to_string(days.size()),
                                 "must have the same window as the person's other substances"));
    }
    for (std::size_t i = 0; i < days.size(); ++i) {
      const UseState state = days.state_at(i);
      used[i] += state == UseState::amount || state == UseState::used ? 1U : 0U;
      unknown[i] += state == UseState::unknown ? 1U : 0U;
    }
  }
  out.days = static_cast<std::uint32_t>(used.size());
  for (std::size_t i = 0; i < used.size(); ++i) {
    out.use_days += used[i] > 0 ? 1U : 0U;
    out.mixing_days += used[i] >= kinds ? 1U : 0U;
    out.unclear_days += used[i] < kinds && used[i] + unknown[i] >= kinds ? 1U : 0U;
  }
  if (out.days > 0) out.share_of_days = static_cast<double>(out.mixing_days) / out.days;
  if (out.use_days > 0) out.share_of_use_days = static_cast<double>(out.mixing_days) / out.use_days;
  return out;
}

}  // namespace ombre::inline v0::outcomes
