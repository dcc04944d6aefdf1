#pragma once
/// @file
/// Rules of reduction and the ideal curve each one draws, before it meets the tablets that exist.
///
/// Amounts here are plain numbers in one unit the caller chose (mg a day, drinks a week): the
/// curve is arithmetic, and dispensing turns it into exact doses. Guidelines often leave out what
/// a percentage is a percentage of; here the basis is a required argument.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/core/source.hpp"
#include "ombre/plans/effect_curve.hpp"
#include "ombre/plans/step_calendar.hpp"

namespace ombre::inline v0::plans {

/// What a percentage is a percentage of.
enum class Basis : std::uint8_t {
  original,  ///< of the first dose: equal steps, linear
  current    ///< of the present dose: shrinking steps, exponential; never reaches zero by itself
};

[[nodiscard]] OMBRE_EXPORT std::string_view name(Basis basis) noexcept;
[[nodiscard]] OMBRE_EXPORT std::optional<Basis> find_basis(std::string_view name) noexcept;

/// How a curve that never reaches zero ends: it goes no lower than `smallest` (a daily amount),
/// then the interval between doses is lengthened, then it stops.
struct Terminal {
  /// Smallest daily amount worth taking or that can be dispensed. In a request 0 means: the
  /// smallest that its products make; ideal_curve() wants it above 0.
  double smallest = 0;
  /// One intake a day fewer on each further step, down to once a day: 3, 2, 1.
  bool down_to_once_a_day = false;
  /// The same with the numbers named: {2, 1} after three a day. The day's amount falls in
  /// proportion. CDC 2022: at the smallest available dose
  /// lengthen the interval, stop when taken less than once a day.
  std::vector<int> intakes_a_day{};
  /// Days between doses on each step after that, rising: {2, 3} is every second, then every third
  /// day. Not for medicines with a short half-life, where it means a withdrawal every other day.
  std::vector<int> every_n_days{};
  friend bool operator==(const Terminal&, const Terminal&) = default;
};

/// Each step takes `percent` of the original or of the current dose.
struct PercentRule {
  double percent;                      ///< in (0, 100]
  Basis basis;                         ///< required: there is no default
  std::optional<Terminal> terminal{};  ///< required for Basis::current when the goal is zero
  PercentRule(double p, Basis b, std::optional<Terminal> t = std::nullopt)
      : percent{p}, basis{b}, terminal{std::move(t)} {}
  friend bool operator==(const PercentRule&, const PercentRule&) = default;
};

/// Absolute steps by band: while the dose is above `above`, each step takes `step`. A step never
/// crosses into the next band; it ends on the border.
struct BandRule {
  struct Band {
    double above;  ///< >= 0, falling from band to band; the last must be 0
    double step;   ///< > 0
    friend bool operator==(const Band&, const Band&) = default;
  };
  std::vector<Band> bands;
  friend bool operator==(const BandRule&, const BandRule&) = default;
};

/// `steps` equal losses of effect from the present dose to the goal (hyperbolic in dose).
/// Source: Horowitz & Taylor, Lancet Psychiatry 6:538 (2019).
struct EffectRule {
  EffectCurve curve;
  int steps = 1;  ///< >= 1; the last one reaches the goal
  friend bool operator==(const EffectRule& a, const EffectRule& b) noexcept {
    return a.curve.emax() == b.curve.emax() && a.curve.ed50() == b.curve.ed50() &&
           a.steps == b.steps;
  }
};

/// `percent` of the original dose a step until `until` of the original is reached, then `percent`
/// of the rest a step. Source: CDC 2022, MMWR 71 RR-3, recommendation 5 (10 %, to 30 %).
struct TwoPhaseRule {
  double percent = 10;                 ///< in (0, 100)
  double until_percent = 30;           ///< in (0, 100): of the original dose
  std::optional<Terminal> terminal{};  ///< required when the goal is zero
  friend bool operator==(const TwoPhaseRule&, const TwoPhaseRule&) = default;
};

/// Rows given one by one: a fixed table, or a plan made by hand. Amounts may go up only where
/// `may_rise` says so, because nothing in a taper goes up unnoticed.
struct RowsRule {
  struct Row {
    double amount;                       ///< >= 0, a day
    std::optional<StepLength> length{};  ///< empty: the calendar's step length
    std::vector<double> intakes{};  ///< first to last of the day, adding up to amount; or empty
    friend bool operator==(const Row&, const Row&) = default;
  };
  std::vector<Row> rows;
  bool may_rise = false;
  friend bool operator==(const RowsRule&, const RowsRule&) = default;
};

/// A fade over `steps` (weekly goals): from the present amount to the goal, whole units where
/// `whole_units` is set, rounded down so that no goal is higher than the fade says. Where
/// rounding reaches the goal before the last of the steps, the fade has arrived there and ends.
struct FadeRule {
  enum class Shape : std::uint8_t {
    even,    ///< the same amount less each time
    gentle,  ///< small steps at both ends, larger between: (1 - cos(pi t)) / 2, the ombre fade
    percent  ///< the same share less each time; needs a goal above zero
  };
  int steps = 1;
  Shape shape = Shape::gentle;
  std::optional<double> grid{};  ///< amounts are multiples of it: 1 drink, 0.5 g
  friend bool operator==(const FadeRule&, const FadeRule&) = default;
};

[[nodiscard]] OMBRE_EXPORT std::string_view name(FadeRule::Shape shape) noexcept;
[[nodiscard]] OMBRE_EXPORT std::optional<FadeRule::Shape> find_fade_shape(
    std::string_view name) noexcept;

/// Staying at the present amount for one length: to settle first, or as a "warm turkey" phase,
/// a chosen long time at a reduced amount that may or may not lead further.
/// Source of the term: Miller & Page, J Subst Abuse Treat 8:227 (1991).
struct StayRule {
  StepLength length{};
  bool warm_turkey = false;
  friend bool operator==(const StayRule&, const StayRule&) = default;
};

using ReductionRule =
    std::variant<PercentRule, BandRule, EffectRule, TwoPhaseRule, RowsRule, FadeRule, StayRule>;

/// "percent", "bands", "equal_effect", "two_phase", "rows", "fade" or "stay".
[[nodiscard]] OMBRE_EXPORT std::string_view kind(const ReductionRule& rule) noexcept;

/// A stretch of the plan under one rule. It ends where the rule ends, at `until_amount`, or after
/// `at_most_steps`, whichever comes first; the next phase goes on from there.
struct TaperPhase {
  ReductionRule rule;
  std::string name{};  ///< shown to people; may be empty
  std::optional<double> until_amount{};
  std::optional<int> at_most_steps{};
  std::optional<StepLength> step_length{};  ///< empty: the calendar's
  friend bool operator==(const TaperPhase&, const TaperPhase&) = default;
};

/// What a step is for.
enum class StepKind : std::uint8_t {
  reduce,   ///< a lower dose than before
  stay,     ///< the same dose as before: settling, a hold, a warm-turkey phase
  stretch,  ///< the smallest dose at longer intervals (the terminal rule)
  rise,     ///< a higher dose: stepping back, or a medicine being introduced
  arrive    ///< the goal: staying at a lower dose, or nothing more to take
};

[[nodiscard]] OMBRE_EXPORT std::string_view name(StepKind kind) noexcept;
[[nodiscard]] OMBRE_EXPORT std::optional<StepKind> find_step_kind(std::string_view name) noexcept;

/// One point of the ideal curve.
struct CurveStep {
  double amount = 0;  ///< a day (or a week, for weekly goals); before dispensing
  StepLength length{};
  StepKind kind = StepKind::reduce;
  int intakes_a_day = 0;          ///< 0: as before
  std::vector<double> intakes{};  ///< where a row names them
  int every_n_days = 1;
  int phase = 0;  ///< index of the phase it belongs to
};

/// Where a curve begins and ends.
struct CurveEnds {
  double original = 0;  ///< the dose that percentages of the original refer to
  double now = 0;       ///< the present dose; 0 only before rows that may rise
  /// Amount to arrive at, 0 <= goal <= now. Empty: undecided, the phases end where they end.
  std::optional<double> goal{};
  int intakes_a_day = 1;  ///< at present, for the terminal rule; >= 1
};

/// The ideal curve: the doses after the present one, one per step, where the plan arrives last
/// (StepKind::arrive; its length is that of the calendar). Empty when the present amount already
/// is the goal and no phase stays at it.
///
/// A step that would pass the goal or a phase's end stops there. Cost: linear in the number of
/// steps, at most 5000.
/// @par Errors out_of_range, not_finite, missing (a terminal rule), contradiction (rows that rise,
///      phases that end above the goal), too_large; the field says where: `rule[1].percent`
[[nodiscard]] OMBRE_EXPORT Result<std::vector<CurveStep>> ideal_curve(
    std::span<const TaperPhase> phases, const CurveEnds& ends, StepLength step_length);

/// Number of steps of `percent` of the current dose after which at most `fraction` of it is left:
/// ceil(ln fraction / ln(1 - percent / 100)). @par Errors out_of_range
[[nodiscard]] OMBRE_EXPORT Result<int> steps_to_fraction(double percent, double fraction);

/// Dose after n steps of `percent` of the current dose.
[[nodiscard]] OMBRE_EXPORT Result<double> dose_after_steps(double start, double percent, int n);

/// A published rule by name, as data.
struct NamedRule {
  std::string_view id;  ///< "cdc-2022-weekly"
  std::string_view title;
  std::string_view unit;             ///< "mg", or "" for rules in percent
  std::string_view substance_class;  ///< "opioid", "benzodiazepine", ...; "" for any
  std::vector<TaperPhase> phases;
  StepLength step_length{};
  const Source* source = nullptr;
  Confidence confidence = Confidence::known;
  std::string_view note{};
};

/// All named rules. Those marked uncertain are never chosen by the library; a request that names
/// one must also accept it by name.
[[nodiscard]] OMBRE_EXPORT std::span<const NamedRule> named_rules();
[[nodiscard]] OMBRE_EXPORT const NamedRule* find_named_rule(std::string_view id);

}  // namespace ombre::inline v0::plans
