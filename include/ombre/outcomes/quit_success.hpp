#pragma once
/// @file
/// Was it reached? Floating abstinence, point prevalence at visits, the Russell Standard, and the
/// person's own goal.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/timeline/grid.hpp"
#include "ombre/timeline/missing.hpp"

namespace ombre::inline v0::outcomes {

/// Yes, no, or not estimable, with what the unknown days could make of it: `possible` = yes under
/// some missing rule, `certain` = yes under all of them that have an answer.
struct Achieved {
  std::optional<bool> value;
  bool possible = false;
  bool certain = false;
  std::uint32_t n_observed = 0;
  std::uint32_t n_missing = 0;
};

/// Floating prolonged abstinence: a run of at least `run_days` days without use that begins within
/// the first `treatment_days` days of the view.
/// `run_days` of 182 is six months (26 weeks; our reading).
/// Source: Aveyard et al., Addiction 104 (2009).
/// @par Errors out_of_range (0 days), those of timeline::check()
[[nodiscard]] OMBRE_EXPORT Result<Achieved> floating_abstinence(const timeline::DayView& days,
                                                                std::uint32_t treatment_days,
                                                                timeline::MissingRule missing,
                                                                std::uint32_t run_days = 182);

/// Point prevalence at each visit: no use on the `look_back` days before the visit's day, which is
/// itself not looked at. A visit with fewer days before it has no answer.
/// @param visits  days of the view, counted from 0; one past its last day is allowed
/// @par Errors out_of_range (a visit outside the view, look_back of 0), those of check()
[[nodiscard]] OMBRE_EXPORT Result<std::vector<Achieved>> repeated_point_prevalence(
    const timeline::DayView& days, std::span<const std::uint32_t> visits, std::uint32_t look_back,
    timeline::MissingRule missing);

/// What a biochemical test at follow-up said.
enum class Verification : std::uint8_t { confirmed, refuted, not_done };

/// Carbon monoxide in breath below which abstinence from smoking is confirmed (West 2005; 8 and 9
/// ppm are also used).
inline constexpr double russell_co_ppm = 10;
/// confirmed below the limit, refuted at or above it. @par Errors out_of_range, not_finite
[[nodiscard]] OMBRE_EXPORT Result<Verification> verify_co(double co_ppm,
                                                          double limit_ppm = russell_co_ppm);

enum class RussellResult : std::uint8_t {
  abstinent,      ///< at most five cigarettes in the whole period, and the test confirms it
  not_abstinent,  ///< smoked more, was refuted, was not tested, or did not report: all count alike
  excluded        ///< died, or moved without an address: not in the denominator
};
[[nodiscard]] OMBRE_EXPORT std::string_view name(RussellResult result) noexcept;

struct RussellStandard {
  std::uint32_t grace_days = 0;  ///< from the quit date, the first day of the view
  std::uint32_t follow_up_day =
      0;  ///< last day of the period: 6 months (RS6) or 12 (RS12) from the
          ///< quit date or the end of the grace period, by the calendar
  double most_cigarettes = 5;
};

/// Russell Standard for one smoker, by intention to treat. Days without a report make the person
/// not abstinent; days reported as smoking without a number do too. Rules (5) and (6) of the
/// standard, following protocol violators with their true status and blinding, are for the study to
/// keep. Source: West et al., Addiction 100:299 (2005).
/// @par Errors out_of_range (a period that is empty or ends outside the view), those of check()
[[nodiscard]] OMBRE_EXPORT Result<RussellResult> russell_standard(const timeline::DayView& days,
                                                                  const RussellStandard& period,
                                                                  Verification verification,
                                                                  bool died_or_moved);

/// What the person wants, for one substance.
enum class GoalKind : std::uint8_t {
  none_at_all,       ///< no use
  at_most_per_day,   ///< no day above `limit`
  at_most_per_week,  ///< no block of seven days with a sum above `limit`
  use_days_per_week  ///< no block of seven days with more than `limit` days of use
};
struct OwnGoal {
  GoalKind kind = GoalKind::none_at_all;
  double limit = 0;  ///< in the unit of the view, or days
};

/// Whether the days met the person's own goal. Weeks are blocks of seven days from the first day; a
/// last block that is shorter is held to the same limit. Under `exclude` unknown days and amounts
/// are left out of sums.
/// @par Errors out_of_range (a limit below 0 or not finite), empty_input, those of check()
[[nodiscard]] OMBRE_EXPORT Result<Achieved> goal_met(const timeline::DayView& days,
                                                     const OwnGoal& goal,
                                                     timeline::MissingRule missing);

}  // namespace ombre::inline v0::outcomes
