#pragma once
/// @file
/// What to do when something happens on the way: withdrawal, a hard time, use above the step, a
/// wish to go faster or to stop. Answers are advice in plain words with a source and the operation
/// that fits; nobody is moved by the library itself, and no answer ends a plan because of use.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/date.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/plans/taper.hpp"
#include "ombre/plans/taper_operations.hpp"
#include "ombre/plans/withdrawal.hpp"

namespace ombre::inline v0::plans {

/// What happened.
enum class TaperEvent : std::uint8_t {
  hard_time,       ///< stressor, illness, exam, bereavement
  use_above_step,  ///< more was taken than the step says
  asks_faster,     ///< the person wants to go faster
  asks_to_stop,    ///< the person wants to stop reducing
  severe           ///< seizure, delirium, suicidality, chest pain
};

[[nodiscard]] OMBRE_EXPORT std::string_view name(TaperEvent event) noexcept;
[[nodiscard]] OMBRE_EXPORT std::optional<TaperEvent> find_taper_event(
    std::string_view name) noexcept;

/// The operation that fits.
enum class Suggestion : std::uint8_t {
  go_on,  ///< nothing to change
  hold,
  resume,
  slow_down,
  re_anchor,
  speed_up,
  stop_tapering,
  emergency  ///< call for help; the taper waits for a clinician
};

[[nodiscard]] OMBRE_EXPORT std::string_view name(Suggestion suggestion) noexcept;

struct TaperAdvice {
  Suggestion suggestion = Suggestion::go_on;
  std::string text;  ///< for the person, in plain words
  const Source* source = nullptr;
  Confidence confidence = Confidence::known;
  std::optional<Date> review{};     ///< of a hold: not later than this
  std::optional<Date> may_go_on{};  ///< first day on which the next step may begin
  bool half_next_step = false;
  std::optional<Pace> pace{};            ///< for the rest of the plan
  std::vector<std::string> questions{};  ///< what to look at together
};

/// Reads withdrawal scores of the present step: at the hold band stay on the step; once every score
/// has been below it for three days, go on with a step of half the size; after two holds in four
/// steps, go half as fast for good. The top band of a scale, and a severe CIWA-Ar, also say where
/// help is needed at once.
/// @param scores  of this step, ascending; at least one
/// @par Errors those of score_gate()
[[nodiscard]] OMBRE_EXPORT Result<TaperAdvice> advice_on_scores(
    const TaperPlan& plan, const BandSet& set, std::span<const WithdrawalScore> scores);

/// What to do about an event on a day.
[[nodiscard]] OMBRE_EXPORT TaperAdvice advice_on(const TaperPlan& plan, TaperEvent event, Date on);

/// How many holds began within the last `steps` steps before `on`, the present one included.
[[nodiscard]] OMBRE_EXPORT int holds_in_last_steps(const TaperPlan& plan, int steps,
                                                   Date on) noexcept;

}  // namespace ombre::inline v0::plans
