#pragma once
/// @file
/// Tapers: from a request (what a person takes today, where they want to go, by which rule, on
/// which calendar, with which products) to a plan of dated steps.
///
/// A plan is advice worked out in detail, never a prescription: it stays a draft until a named
/// clinician accepts it, or the person where nothing in it is prescribed. Arriving at any lower
/// amount is success. A plan has versions; operations on it are in plans/taper_operations.hpp.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ombre/core/date.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/plans/amount.hpp"
#include "ombre/plans/dispense.hpp"
#include "ombre/plans/effect_curve.hpp"
#include "ombre/plans/guard.hpp"
#include "ombre/plans/history.hpp"
#include "ombre/plans/levels.hpp"
#include "ombre/plans/product.hpp"
#include "ombre/plans/safety.hpp"
#include "ombre/plans/step_calendar.hpp"
#include "ombre/plans/taper_rule.hpp"
#include "ombre/substance/substance.hpp"

namespace ombre::inline v0::plans {

// ---- what is asked for -------------------------------------------------------------------------

/// What is being reduced, with the facts that guards ask for. taper_substance() fills it from the
/// tables of `substance`; a caller may fill it for a substance of their own.
struct TaperSubstance {
  std::string id;    ///< "diazepam", "alcohol"
  std::string name;  ///< as people read it
  substance::Class cls = substance::Class::unknown;
  bool prescribed = true;          ///< false: bought, brewed or from the street; the person decides
  bool agonist_treatment = false;  ///< methadone or buprenorphine for opioid dependence
  /// Parent and active metabolites; the longest decides when a step has settled.
  std::vector<ActiveSpecies> species{};
  /// Milligrams of diazepam that one unit equals: the lowest and the highest figure of the named
  /// sources. The low one serves for starting a substitution, the high one for withdrawal risk.
  std::optional<double> diazepam_mg_low{};
  std::optional<double> diazepam_mg_high{};
  std::optional<double> mme_per_unit{};  ///< for counting risk only
  std::optional<double> ethanol_g_per_unit{};
  /// Dose and effect, where a curve is known. An uncertain curve must be accepted by name.
  std::optional<EffectCurve> curve{};
  std::string curve_source{};
  bool curve_uncertain = false;
};

/// Whether amounts are for a day or for a week (weekly goals).
enum class Per : std::uint8_t { day, week };
[[nodiscard]] OMBRE_EXPORT std::string_view name(Per per) noexcept;
[[nodiscard]] OMBRE_EXPORT std::optional<Per> find_per(std::string_view name) noexcept;

/// One of the day's intakes as it is today. For weekly goals there is one, the week's amount.
struct IntakeNow {
  Amount amount;
  std::string label{};                 ///< "morning"; may be empty
  std::optional<int> minute_of_day{};  ///< 0 .. 1439, local time
};

enum class GoalKind : std::uint8_t {
  zero,           ///< none of it
  lower_amount,   ///< a lower stable amount
  safer_pattern,  ///< a pattern that harms less, at an amount
  undecided       ///< on the way; where it leads is left open
};
[[nodiscard]] OMBRE_EXPORT std::string_view name(GoalKind kind) noexcept;
[[nodiscard]] OMBRE_EXPORT std::optional<GoalKind> find_goal_kind(std::string_view name) noexcept;

struct TaperGoal {
  GoalKind kind = GoalKind::undecided;
  std::optional<Amount> amount{};  ///< required for lower_amount and safer_pattern
  std::string words{};             ///< the person's own
  friend bool operator==(const TaperGoal&, const TaperGoal&) = default;
};

/// One substance and how it is to be reduced.
struct TaperLine {
  TaperSubstance what;
  Per per = Per::day;
  std::vector<IntakeNow> intakes;  ///< today, first to last of the day; one unit
  TaperGoal goal{};
  std::vector<TaperPhase> rule;  ///< empty: named_rule
  std::string named_rule{};      ///< id of a published rule
  /// Smallest daily amount, for rules whose terminal part names none; empty: from the products.
  std::optional<Amount> smallest{};
  /// What percentages of the original refer to; empty: today's amount. For a medicine that is being
  /// introduced, the amount it rises to.
  std::optional<Amount> original{};
  /// How a day's amount is spread over the intakes, as weights; empty: as today.
  std::vector<std::uint32_t> shares{};
  std::vector<Product> products{};    ///< empty: amounts are not dispensed
  std::vector<Product> candidates{};  ///< could be ordered if nothing else fits
  IntakeLimits limits{};
  Rounding rounding = Rounding::nearest;
  std::optional<Amount> largest_error{};
};

struct TaperCalendar {
  Date start;                              ///< first day of the first step
  StepLength step_length{};                ///< of each step, where its rule names none
  bool step_length_given = false;          ///< false: a named rule's own length is taken
  WeekdaySet avoid{};                      ///< weekdays on which no step begins
  std::vector<Date> free_days{};           ///< dates on which no step begins, ascending
  std::optional<StepLength> stay_first{};  ///< stay at today's amount for so long, then reduce
  StepLength review_every{4, LengthUnit::weeks};
  std::vector<Date> reviews{};                    ///< further review dates, ascending
  std::int32_t prescription_days = 28;            ///< length of a prescription period
  StepLength stay_at_goal{4, LengthUnit::weeks};  ///< how long the plan covers a goal above zero
};

/// What one source says that one unit of the old substance equals, in units of the new one.
struct SubstitutionFigure {
  std::string source;  ///< id of the source
  std::string citation{};
  double per_unit = 0;
  bool callers = false;  ///< the caller's own figure: no table of this library holds it
};

/// Line 1 takes the place of line 0, one intake at a time.
struct Substitution {
  std::vector<SubstitutionFigure> figures{};  ///< the most cautious (lowest) first; may be empty
  std::size_t used = 0;                       ///< the figure the plan is made with
  /// Units of the new for one of the old; 0 where no equivalence is used (a fixed table).
  [[nodiscard]] double ratio() const noexcept {
    return used < figures.size() ? figures[used].per_unit : 0;
  }
};

/// A plan is asked for with this.
struct TaperRequest {
  std::string plan_id;  ///< stable; calendars and files refer to it
  Date made_on;         ///< the caller's today: the library reads no clock
  Actor by;
  std::string why{};
  std::vector<TaperLine> lines;  ///< one, unless a substitution or a clinician wants more
  TaperCalendar calendar;
  SafetyFacts facts;
  /// Ceilings to hold besides those of the substance's class: ids of pace_limits().
  std::vector<std::string> guidelines{};
  /// Names of uncertain facts that may be used: "citalopram-curve", "alcohol-home-10-per-4-days".
  std::vector<std::string> accept_uncertain{};
  std::vector<Override> overrides{};
  /// Set when line 1 takes the place of line 0: then both moving at once is the plan.
  std::optional<Substitution> substitution{};
};

// ---- what comes back ---------------------------------------------------------------------------

/// One substance on one step.
struct LineDose {
  Amount amount;                       ///< a day (on days it is taken) or a week
  double ideal = 0;                    ///< what the rule asked for
  AmountStep rounding{};               ///< amount - ideal
  int every_n_days = 1;                ///< 2: every second day, counted from the step's first day
  std::vector<Amount> intakes{};       ///< first to last of the day; they add up to amount
  std::vector<Dispensed> dispensed{};  ///< one per intake; empty where no products were named
  std::optional<double> percent_of_original{};
  std::optional<double> cut_percent_of_current{};  ///< negative: a rise; empty after zero
  std::optional<double> effect{};                  ///< on the substance's curve
  std::optional<double> effect_drop{};

  /// Amount over the days: amount / every_n_days.
  [[nodiscard]] double mean() const noexcept { return amount.value() / every_n_days; }
};

/// What a step asks for, wherever it lies in time.
struct StepContent {
  int id = 0;  ///< > 0, never used again for another step of the plan
  StepKind kind = StepKind::reduce;
  StepLength length{};          ///< as the rule wants it
  int phase = 0;                ///< index into the rule's phases; -1: settling before it, or a hold
  std::vector<LineDose> doses;  ///< one per line of the request
};

/// A step on the calendar. Steps follow each other without a gap.
struct TaperStep : StepContent {
  Date first;
  Date last;     ///< inclusive
  Date nominal;  ///< where it would begin without days to avoid
  [[nodiscard]] Days days() const noexcept { return last - first + Days{1}; }
};

/// A point on the way worth noticing.
struct Milestone {
  std::string id;  ///< "first_step", "three_quarters", "half", "quarter", "goal"
  int line = 0;
  Date on;
  Amount amount;
  friend bool operator==(const Milestone&, const Milestone&) = default;
};

/// Where a plan stands. There is no state for failing, and a lapse changes none of them.
enum class PlanStatus : std::uint8_t {
  draft,  ///< worked out, not accepted
  accepted,
  on_hold,      ///< staying where it is until the review
  care_goes_on  ///< no further reduction is wanted for now; the care stays
};
[[nodiscard]] OMBRE_EXPORT std::string_view name(PlanStatus status) noexcept;
[[nodiscard]] OMBRE_EXPORT std::optional<PlanStatus> find_plan_status(
    std::string_view name) noexcept;

/// One version of a plan.
struct TaperVersion {
  PlanStatus status = PlanStatus::draft;
  bool accepted = false;             ///< stays true through holds
  std::vector<TaperStep> steps;      ///< dated, ascending
  std::vector<StepContent> pending;  ///< waiting for a date while on hold
  std::optional<Date> review{};      ///< of a hold
  std::vector<Date> reviews;         ///< all review dates, ascending
  std::vector<Milestone> milestones;
  /// The day after the last step, and what each line takes from then on: 0, or the amount arrived
  /// at. Empty while steps are pending.
  std::optional<Date> ends{};
  std::vector<Amount> after;
  std::vector<TaperGoal> goals;  ///< one per line
  std::vector<RuleFinding> findings;
  SafetyFacts facts;  ///< as known when this version was made
  /// How fast the remaining steps go, against the rule's own lengths: 1/2 is half as fast.
  int pace_numerator = 1;
  int pace_denominator = 1;
  int next_id = 1;
};

/// A plan: the request it answers and all its versions.
class OMBRE_EXPORT TaperPlan {
 public:
  TaperPlan(std::shared_ptr<const TaperRequest> request, History<TaperVersion> history)
      : request_{std::move(request)}, history_{std::move(history)} {}

  [[nodiscard]] const TaperRequest& request() const noexcept { return *request_; }
  [[nodiscard]] const std::shared_ptr<const TaperRequest>& shared_request() const noexcept {
    return request_;
  }
  [[nodiscard]] const History<TaperVersion>& history() const noexcept { return history_; }
  [[nodiscard]] const TaperVersion& now() const noexcept { return history_.current(); }
  [[nodiscard]] std::size_t version() const noexcept { return history_.version(); }
  /// One more version of the same plan.
  [[nodiscard]] TaperPlan with(TaperVersion next, Change change) const {
    return {request_, history_.with(std::move(next), std::move(change))};
  }
  [[nodiscard]] TaperPlan as_of(std::size_t version) const {
    return {request_, history_.as_of(version)};
  }

 private:
  std::shared_ptr<const TaperRequest> request_;
  History<TaperVersion> history_;
};

/// Something the library says in place of a plan it refuses.
struct Instead {
  std::string id;  ///< stable: "do_not_stop_at_home"
  std::string text;
  const Source* source = nullptr;
};

/// The answer to a request or to an operation. A refusal has findings that say which rule, and
/// `instead`; it has no plan.
struct TaperAnswer {
  Answer answer = Answer::allowed;
  std::vector<RuleFinding> findings;  ///< refusals first, then warnings, then notes
  std::optional<TaperPlan> plan{};
  std::vector<Instead> instead{};
};

/// Works out a plan.
///
/// The first step begins on `calendar.start`; with `stay_first` that step stays at today's amount.
/// Each line's ideal curve comes from its rule, is realised with the products that exist under the
/// ceilings of its class, laid on the calendar and looked at by the guards. Pure function; cost
/// linear in steps without products, see dispense_plan() with them.
/// @par Errors every input that cannot be used, with its path: `lines[0].rule[1].percent`
[[nodiscard]] OMBRE_EXPORT Result<TaperAnswer> make_taper(const TaperRequest& request);

/// What the plan asks for on one day.
struct DayDose {
  Date day;
  const TaperStep* step = nullptr;
  bool taken = true;  ///< false: a day between doses that are taken every n days
};

/// The day's dose of a line; empty outside the plan. Cost: O(log steps).
[[nodiscard]] OMBRE_EXPORT std::optional<DayDose> on_day(const TaperVersion& version,
                                                         std::size_t line, Date day);

/// One row per day of the plan, first to last: `line`'s amounts in millionths (0 on days without a
/// dose). For weekly goals each day carries its week's amount.
struct DayTable {
  Date first;
  std::vector<std::int64_t> micro;
  std::vector<int> step_id;
};
[[nodiscard]] OMBRE_EXPORT DayTable day_table(const TaperVersion& version, std::size_t line);

/// The phases of a line's rule as they are carried out: a named rule unfolded, the smallest amount
/// of its terminal part filled in. @par Errors unknown_name, contradiction, missing
[[nodiscard]] OMBRE_EXPORT Result<std::vector<TaperPhase>> phases_of(const TaperLine& line);

/// What percentages of the original refer to: `original` where given, else today's amount.
[[nodiscard]] OMBRE_EXPORT Result<Amount> original_amount(const TaperLine& line);

/// Present amount of a line: the sum of its intakes. @par Errors contradiction (units), missing
[[nodiscard]] OMBRE_EXPORT Result<Amount> present_amount(const TaperLine& line);

/// Pill counts and volumes for each prescription period of a line; empty without products.
[[nodiscard]] OMBRE_EXPORT Result<std::vector<SupplyPeriod>> supply_of(const TaperPlan& plan,
                                                                       std::size_t line);

/// A week's amount spread over its seven days as evenly as whole units allow, larger days first:
/// 26 drinks are 4, 4, 4, 4, 4, 3, 3. `grid` is the unit's smallest piece. An example for the
/// person, not a part of the plan. @par Errors contradiction (units), out_of_range
[[nodiscard]] OMBRE_EXPORT Result<std::vector<Amount>> spread_over_week(Amount week, Amount grid);

}  // namespace ombre::inline v0::plans
