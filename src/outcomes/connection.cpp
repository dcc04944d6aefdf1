#include "ombre/outcomes/connection.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace ombre::inline v0::outcomes {
namespace {

constexpr Source nida{"nida-2018",
                      "National Institute on Drug Abuse. Principles of Drug Addiction Treatment: A "
                      "Research-Based Guide, 3rd edition",
                      "2018"};
constexpr Sourced<std::uint32_t> ninety_days{90, &nida, Confidence::known,
                                             "residential or outpatient treatment"};

template <class T>
std::optional<std::size_t> first_backwards(std::span<const T> v) {
  for (std::size_t i = 1; i < v.size(); ++i) {
    if (v[i] < v[i - 1]) return i;
  }
  return std::nullopt;
}

std::uint32_t span_of(std::int64_t from, std::int64_t to) noexcept {
  return static_cast<std::uint32_t>(to - from);
}

}  // namespace

Result<ContactDays> ContactDays::from(std::vector<std::int32_t> days) {
  if (const auto row = first_backwards(std::span<const std::int32_t>{days})) {
    return unexpected(error_at(Errc::out_of_range, "contact_day", *row, std::to_string(days[*row]),
                               "must not be before the contact above it"));
  }
  return ContactDays{std::move(days)};
}

bool ContactDays::retained_at(std::int32_t t, std::uint32_t within) const noexcept {
  const auto at = std::lower_bound(days_.begin(), days_.end(), std::int64_t{t} - within);
  return at != days_.end() && *at <= std::int64_t{t} + within;
}

bool ContactDays::connected(std::int32_t t, std::uint32_t k) const noexcept {
  const auto at = std::lower_bound(days_.begin(), days_.end(), std::int64_t{t} - k);
  return at != days_.end() && *at <= t;
}

std::optional<std::uint32_t> ContactDays::longest_gap(std::int32_t start,
                                                      std::int32_t end) const noexcept {
  if (end < start) return std::nullopt;
  std::int64_t before = start;
  std::uint32_t longest = 0;
  for (const std::int32_t day : days_) {
    if (day < start) continue;
    if (day > end) break;
    longest = std::max(longest, span_of(before, day));
    before = day;
  }
  return std::max(longest, span_of(before, end));
}

std::optional<std::uint32_t> ContactDays::days_in_treatment(std::int32_t start,
                                                            std::int32_t end) const noexcept {
  if (end < start) return std::nullopt;
  const auto after = std::upper_bound(days_.begin(), days_.end(), end);
  if (after == days_.begin() || *(after - 1) < start) return 0;
  return span_of(start, *(after - 1));
}

std::optional<std::uint32_t> ContactDays::days_back(std::int32_t relapse) const noexcept {
  const auto at = std::lower_bound(days_.begin(), days_.end(), relapse);
  if (at == days_.end()) return std::nullopt;
  return span_of(relapse, *at);
}

Result<std::optional<double>> reengagement_hours(double lapse_hour,
                                                 std::span<const double> contact_hours) {
  if (!std::isfinite(lapse_hour)) {
    return unexpected(error_at(Errc::not_finite, "lapse_hour", std::nullopt, lapse_hour,
                               "must be a finite number"));
  }
  for (std::size_t i = 0; i < contact_hours.size(); ++i) {
    if (!std::isfinite(contact_hours[i])) {
      return unexpected(error_at(Errc::not_finite, "contact_hours", i, contact_hours[i],
                                 "must be a finite number"));
    }
  }
  if (const auto row = first_backwards(contact_hours)) {
    return unexpected(error_at(Errc::out_of_range, "contact_hours", *row, contact_hours[*row],
                               "must not be before the contact above it"));
  }
  const auto at = std::lower_bound(contact_hours.begin(), contact_hours.end(), lapse_hour);
  if (at == contact_hours.end()) return std::optional<double>{};
  return std::optional<double>{*at - lapse_hour};
}

Result<PharmacotherapyContinuity> pharmacotherapy_continuity(std::vector<Supply> supplies,
                                                             std::uint32_t needed_days,
                                                             std::uint32_t allowed_gap) {
  if (needed_days == 0) {
    return unexpected(
        error_at(Errc::out_of_range, "needed_days", std::nullopt, "0", "must be at least 1"));
  }
  for (std::size_t i = 0; i < supplies.size(); ++i) {
    if (supplies[i].days == 0) {
      return unexpected(error_at(Errc::out_of_range, "days", i, "0", "must be at least 1"));
    }
  }
  std::sort(supplies.begin(), supplies.end(), [](const Supply& a, const Supply& b) {
    return std::pair(a.first_day, a.days) < std::pair(b.first_day, b.days);
  });
  PharmacotherapyContinuity out;
  std::int64_t start = 0;
  std::int64_t end = 0;  // one past the last covered day
  for (std::size_t i = 0; i < supplies.size(); ++i) {
    const std::int64_t first = supplies[i].first_day;
    const std::int64_t after = first + supplies[i].days;
    if (i == 0) {
      start = first;
      end = after;
    } else {
      if (first > end) out.longest_gap = std::max(out.longest_gap, span_of(end, first));
      if (first - end > static_cast<std::int64_t>(allowed_gap)) start = first;
      end = std::max(end, after);
    }
    out.continuous_days = std::max(out.continuous_days, span_of(start, end));
  }
  out.met = out.continuous_days >= needed_days;
  return out;
}

Result<InitiationEngagement> initiation_engagement(std::int32_t index_day,
                                                   std::span<const std::int32_t> services) {
  if (const auto row = first_backwards(services)) {
    return unexpected(error_at(Errc::out_of_range, "services", *row, std::to_string(services[*row]),
                               "must not be before the service above it"));
  }
  if (!services.empty() && services[0] < index_day) {
    return unexpected(error_at(Errc::out_of_range, "services", 0, std::to_string(services[0]),
                               "must not be before the index day"));
  }
  InitiationEngagement out;
  if (services.empty() || services[0] > std::int64_t{index_day} + 14) return out;
  out.initiated = true;
  out.initiation_day = services[0];
  std::size_t further = 0;
  for (std::size_t i = 1; i < services.size(); ++i) {
    further += services[i] <= std::int64_t{services[0]} + 34 ? 1U : 0U;
  }
  out.engaged = further >= 2;
  return out;
}

const Sourced<std::uint32_t>& days_of_limited_effectiveness() noexcept { return ninety_days; }

}  // namespace ombre::inline v0::outcomes
