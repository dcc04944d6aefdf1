#pragma once
/// @file
/// The guards of tapers: when not to start, how fast is too fast, what to look at. Every rule is a
/// row of a table with its source; guards answer, they never change a plan.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "ombre/core/date.hpp"
#include "ombre/core/export.hpp"
#include "ombre/plans/guard.hpp"
#include "ombre/plans/taper.hpp"

namespace ombre::inline v0::plans {

/// All rules that a taper's findings can name, in order of id.
[[nodiscard]] OMBRE_EXPORT std::span<const GuardRule> taper_rules() noexcept;
[[nodiscard]] OMBRE_EXPORT const GuardRule* find_taper_rule(std::string_view id) noexcept;

/// What a pace is measured in.
enum class PaceMeasure : std::uint8_t {
  percent_of_current,   ///< of the dose at the start of the window
  percent_of_original,  ///< of the plan's first dose
  amount,               ///< in the substance's own unit
  diazepam_mg           ///< in milligrams of diazepam, by the high figure (withdrawal risk)
};

/// A ceiling on how much may be taken away within a window of days.
///
/// Two steps share a window of W days when they begin fewer than W days apart, so that steps every
/// 14 days are one step in "14 days". A month counts 28 days, for the same reason.
struct PaceLimit {
  const GuardRule* rule = nullptr;
  std::span<const substance::Class> classes{};  ///< empty: any
  std::string_view substance_id{};              ///< empty: any of the classes
  bool by_default = false;                      ///< false: holds only where a request names it
  bool long_term_only = false;  ///< does not hold when use is known to be shorter than a year
  bool agonist_only = false;    ///< for methadone and buprenorphine as treatment of dependence
  bool not_agonist = false;     ///< for pain
  bool first_step_only = false;
  bool after_first_step = false;
  PaceMeasure measure = PaceMeasure::percent_of_current;
  double limit = 0;
  std::int32_t window_days = 0;
  /// Cuts up to this many mg of diazepam do not count, as long as those of a window come to no more
  /// than this much a week (a step may begin two days early after a holiday); 0: all count.
  double exempt_diazepam_mg = 0;
  /// Cuts up to this many units do not count, as long as those of a window come to no more than
  /// this much every `exempt_amount_days` days; 0: all count.
  double exempt_amount = 0;
  std::int32_t exempt_amount_days = 7;
  /// Windows that begin at or below this many grams of ethanol a day do not count; 0: all count.
  double exempt_below_ethanol_g = 0;
  /// Windows that take away no more than this percentage of the first dose do not count: a plan of
  /// 10 % of the original a month is CDC's own, although its last steps are large in percent of
  /// the current dose. 0: all count.
  double exempt_percent_of_original = 0;
  /// Steps of the terminal rule (longer intervals at the smallest dose) do not count.
  bool terminal_exempt = false;
  Answer beyond = Answer::refused;
};

[[nodiscard]] OMBRE_EXPORT std::span<const PaceLimit> pace_limits() noexcept;

/// Whether a substance counts as agonist treatment of opioid dependence, so that the limits for
/// opioids against pain do not hold for it: where the request says so, and it is one that the
/// sources know as such (methadone, buprenorphine).
[[nodiscard]] OMBRE_EXPORT bool known_agonist_treatment(const TaperSubstance& what) noexcept;

/// The limits that hold for one line of a request: those of its class and those it names.
[[nodiscard]] OMBRE_EXPORT std::vector<const PaceLimit*> limits_for(const TaperRequest& request,
                                                                    const SafetyFacts& facts,
                                                                    std::size_t line);

/// How fast a version of a plan gets, under one limit.
struct PaceFound {
  double measured = 0;    ///< in the limit's unit; the fastest window
  bool exceeded = false;  ///< decided in whole numbers, not by comparing doubles
  Date on;                ///< first day of the step that ends the window
  int step = 0;           ///< its id; 0: the stop after the last step
};

/// The fastest window that ends on or after `from`; empty where nothing is taken away.
[[nodiscard]] OMBRE_EXPORT std::optional<PaceFound> fastest(const TaperRequest& request,
                                                            const TaperVersion& version,
                                                            std::size_t line,
                                                            const PaceLimit& limit, Date from);

/// Reasons not to start, or to start only with care: do-not-start codes, consent, supervision of
/// what is dangerous to stop, two tapers at once, uncertain facts that nobody accepted.
[[nodiscard]] OMBRE_EXPORT std::vector<RuleFinding> start_findings(const TaperRequest& request);

/// Whether `doses` (one per line, a day) may be taken again after the days without an opioid that
/// `facts` tell of: missed days, and tolerance that is lost. Raised at a request for what is taken
/// today, and at accepting or resuming a plan for what is taken next.
[[nodiscard]] OMBRE_EXPORT std::vector<RuleFinding> restart_findings(const TaperRequest& request,
                                                                     const SafetyFacts& facts,
                                                                     std::span<const Amount> doses);

/// The same for going on with a plan that has begun, with what is known by now: everything but
/// the agreement on a first contact and the questions not asked.
[[nodiscard]] OMBRE_EXPORT std::vector<RuleFinding> go_on_findings(const TaperRequest& request,
                                                                   const SafetyFacts& facts);

/// What the steps of a plan themselves raise: pace, abrupt stops, warnings. Windows and steps that
/// lie wholly before `from` are not raised again.
[[nodiscard]] OMBRE_EXPORT std::vector<RuleFinding> plan_findings(const TaperRequest& request,
                                                                  const TaperVersion& version,
                                                                  Date from);

/// What to say in place of a refused plan, for the refusals among `findings`.
[[nodiscard]] OMBRE_EXPORT std::vector<Instead> instead_of(const TaperRequest& request,
                                                           std::span<const RuleFinding> findings);

}  // namespace ombre::inline v0::plans
