#pragma once
/// @file
/// Named definitions of lapse and relapse, and the time to each. There is no hidden rule: the id
/// says which one was meant, and an event never ends anything but the waiting for it.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "ombre/core/explain.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/core/source.hpp"
#include "ombre/timeline/grid.hpp"
#include "ombre/timeline/missing.hpp"

namespace ombre::inline v0::outcomes {

enum class UseEvent : std::uint8_t {
  lapse_any = 0,
  heavy_day,
  relapse_xbot,
  relapse_srnt,
  relapse_rs,
  relapse_return_to_baseline,
  relapse_person_defined
};
inline constexpr std::size_t use_event_count = 7;

struct UseEventInfo {
  UseEvent event;
  std::string_view id;
  std::string_view title;
  std::string_view text;  ///< the rule as it is computed, with its parameters
  bool needs_amount;
  const Source* source;
  Confidence confidence;
};

[[nodiscard]] OMBRE_EXPORT std::span<const UseEventInfo, use_event_count>
use_event_infos() noexcept;
[[nodiscard]] OMBRE_EXPORT std::string_view name(UseEvent event) noexcept;
/// @par Errors unknown_name
[[nodiscard]] OMBRE_EXPORT Result<UseEvent> parse_use_event(std::string_view id);
[[nodiscard]] OMBRE_EXPORT std::vector<Explanation> explain_use_events();

/// Parameters; each event reads only its own.
struct UseEventParameters {
  /// Day of the view from which time counts: quit date, discharge, randomisation, end of grace.
  /// Always say which; days before it are not looked at.
  std::uint32_t anchor = 0;
  std::uint32_t baseline_gap_days = 1;  ///< lapse_any: abstinent days before the use; 0: none
  std::optional<double> heavy_limit{};  ///< heavy_day: at or above, in the unit of the view
  std::uint32_t xbot_clock_day = 21;    ///< relapse_xbot: first day that counts, from the anchor
  double rs_limit = 5;                  ///< relapse_rs: cigarettes in total that are allowed
  std::optional<double>
      baseline_mean{};  ///< relapse_return_to_baseline: mean amount per day before
  double baseline_share = 0.8;
  std::optional<double>
      own_limit{};                  ///< relapse_person_defined: the person's daily limit, may be 0
  std::uint32_t own_days_of_7 = 2;  ///< days above it within 7 that count
};

/// When it happened, counted in days from the anchor (day 0).
struct UseEventTime {
  /// First day on which the rule is met, so that nobody had to look ahead. Nothing: not seen.
  std::optional<std::uint32_t> day;
  /// First day of the pattern that met it (the first of seven days of use, say).
  std::optional<std::uint32_t> onset;
  /// Where follow-up ends without the event: the last known day; right-censored there. Nothing: no
  /// day is known.
  std::optional<std::uint32_t> censored_at;
  /// Earliest and latest `day` over the four missing rules; no latest: one rule saw no event.
  std::optional<std::uint32_t> lower;
  std::optional<std::uint32_t> upper;
  std::uint32_t n_observed = 0;
  std::uint32_t n_missing =
      0;  ///< days not known; for rules about amounts, also use without amount
};

/// Time to the first event of that name.
///
/// Missing rules are those of the metrics: under `worst` an unknown day is use of the largest
/// amount observed in the view, where the rule needs one. relapse_xbot counts a week without any
/// known day as a week of use, whatever the rule, because its authors do. Cost: O(days).
/// @par Errors out_of_range (anchor outside the view, a parameter), missing (heavy_limit,
/// baseline_mean or own_limit not given), those of timeline::check()
[[nodiscard]] OMBRE_EXPORT Result<UseEventTime> time_to_event(const timeline::DayView& days,
                                                              UseEvent event,
                                                              const UseEventParameters& parameters,
                                                              timeline::MissingRule missing);

}  // namespace ombre::inline v0::outcomes
