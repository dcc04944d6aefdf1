#pragma once
/// @file
/// Connection and retention: is the person still reached, and how long were the gaps?
///
/// Contacts of any mode (visit, call, message, outreach) are days in ascending order, calendar or
/// study days, several a day allowed. Being out of contact is a reason to reach out; nothing here
/// ends a treatment.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/core/source.hpp"

namespace ombre::inline v0::outcomes {

/// Days a person was contacted, ascending. Checked once, so that the questions below cannot fail.
class OMBRE_EXPORT ContactDays {
 public:
  /// @par Errors out_of_range (names the row that goes back in time)
  [[nodiscard]] static Result<ContactDays> from(std::vector<std::int32_t> days);
  [[nodiscard]] std::span<const std::int32_t> days() const noexcept { return days_; }

  /// Retained at day t: a contact from t - within to t + within. The default of 7 days either side
  /// is our proposal.
  [[nodiscard]] bool retained_at(std::int32_t t, std::uint32_t within = 7) const noexcept;

  /// Connected at day t: a contact within the last k days, t itself included (t - k to t). Looks
  /// back only, so it can be asked today. Defaults (ours): 7 days; 1 day while in a relapse.
  [[nodiscard]] bool connected(std::int32_t t, std::uint32_t k = 7) const noexcept;

  /// Longest time without contact from `start` to `end`: the most days from one contact to the
  /// next, where the start counts as one, and the time from the last contact to the end counts too.
  /// With no contact at all it is end - start. Nothing when end is before start.
  [[nodiscard]] std::optional<std::uint32_t> longest_gap(std::int32_t start,
                                                         std::int32_t end) const noexcept;

  /// Days from `start` to the last contact at or before `end`; 0 without one.
  /// Nothing when end is before start.
  [[nodiscard]] std::optional<std::uint32_t> days_in_treatment(std::int32_t start,
                                                               std::int32_t end) const noexcept;

  /// Path-back time: days from a lapse or relapse to the first contact on or after that day.
  /// Nothing when there is none yet: right-censored.
  [[nodiscard]] std::optional<std::uint32_t> days_back(std::int32_t relapse) const noexcept;

 private:
  explicit ContactDays(std::vector<std::int32_t> days) : days_{std::move(days)} {}
  std::vector<std::int32_t> days_;
};

inline constexpr std::uint32_t connected_days = 7;             ///< default of connected()
inline constexpr std::uint32_t connected_days_in_relapse = 1;  ///< and while in a relapse

/// Re-engagement latency: hours from a lapse to the first contact at or after it, on one clock of
/// hours, contacts ascending. Nothing when there is none yet.
/// @par Errors not_finite, out_of_range (contacts that go back in time)
[[nodiscard]] OMBRE_EXPORT Result<std::optional<double>> reengagement_hours(
    double lapse_hour, std::span<const double> contact_hours);

/// Medicine handed out: covers `days` days from `first_day` on.
struct Supply {
  std::int32_t first_day = 0;
  std::uint32_t days = 0;
};

struct PharmacotherapyContinuity {
  std::uint32_t continuous_days = 0;  ///< from the first covered day to the last before a long gap
  std::uint32_t longest_gap = 0;      ///< days without medicine between two supplies
  bool met = false;                   ///< continuous_days reaches what is asked for
};

/// Continuity of pharmacotherapy for opioid use disorder: at least `needed_days` from the first
/// supply without more than `allowed_gap` days in a row uncovered. Supplies that overlap do not
/// extend each other. Any period of the person that begins after a gap is looked at; the longest is
/// returned.
/// Source: NQF 3175 (180 days, 7 days).
/// @param supplies  in any order
/// @par Errors out_of_range (a supply of 0 days, needed_days of 0)
[[nodiscard]] OMBRE_EXPORT Result<PharmacotherapyContinuity> pharmacotherapy_continuity(
    std::vector<Supply> supplies, std::uint32_t needed_days = 180, std::uint32_t allowed_gap = 7);

/// HEDIS initiation and engagement of substance use treatment (IET).
struct InitiationEngagement {
  bool initiated = false;
  bool engaged = false;
  std::optional<std::int32_t> initiation_day;
};

/// Initiation: a service within 14 days of the index day (the index service itself not counted).
/// Engagement: at least two further services within 34 days of the initiation, the day of the
/// initiation included.
/// Source: HEDIS IET.
/// @param services  days of services after the index, ascending; one entry a service
/// @par Errors out_of_range (services that go back in time)
[[nodiscard]] OMBRE_EXPORT Result<InitiationEngagement> initiation_engagement(
    std::int32_t index_day, std::span<const std::int32_t> services);

/// Days of residential or outpatient treatment below which effectiveness is limited.
/// Source: NIDA, Principles of Drug Addiction Treatment.
[[nodiscard]] OMBRE_EXPORT const Sourced<std::uint32_t>& days_of_limited_effectiveness() noexcept;

}  // namespace ombre::inline v0::outcomes
