#pragma once
/// @file
/// Where use stands on the spectrum from abstinence to chaotic use, for one substance over a window
/// of days.
///
/// There is no official list of such states. Where a published level exists (WHO risk drinking
/// levels, AUDIT, ASSIST, DAST-10, DSM-5, ICD-11) the state is derived from it; the rest is a
/// proposal of this project, computed from *pattern* (days, amounts), *harm and control* (criteria,
/// screens, events) and *stability* (variation, housing, crises), so that two people who use the
/// same amount can be in different states. Every threshold is a parameter.
///
/// A state describes a window. It is no stage that only gets worse, it is never by itself a reason
/// to refuse anything, and there is no yes-or-no "sober". What is not known stays not known: the
/// answer is the set of states the facts allow.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/core/sex.hpp"
#include "ombre/core/source.hpp"
#include "ombre/spectrum/diagnosis.hpp"

namespace ombre::inline v0::spectrum {

enum class SpectrumState : std::uint8_t {
  abstinent = 0,
  experimental,
  occasional,
  circumstantial,
  regular,
  heavy,
  harmful,
  dependent_stable,
  dependent_unstable,
  chaotic
};
inline constexpr std::size_t spectrum_state_count = 10;

/// "abstinent", ..., "chaotic".
[[nodiscard]] OMBRE_EXPORT std::string_view name(SpectrumState state) noexcept;
/// A sentence for a person.
[[nodiscard]] OMBRE_EXPORT std::string_view words(SpectrumState state) noexcept;
[[nodiscard]] OMBRE_EXPORT std::optional<SpectrumState> find_spectrum_state(
    std::string_view name) noexcept;
[[nodiscard]] constexpr int order(SpectrumState state) noexcept { return static_cast<int>(state); }

/// A set of states.
struct States {
  std::uint16_t bits = 0;
  [[nodiscard]] constexpr bool has(SpectrumState s) const noexcept {
    return ((bits >> static_cast<unsigned>(s)) & 1U) != 0;
  }
  constexpr void add(SpectrumState s) noexcept {
    bits = static_cast<std::uint16_t>(bits | (1U << static_cast<unsigned>(s)));
  }
  [[nodiscard]] constexpr bool empty() const noexcept { return bits == 0; }
  [[nodiscard]] OMBRE_EXPORT int size() const noexcept;
  /// First and last of a set that is not empty.
  [[nodiscard]] OMBRE_EXPORT SpectrumState first() const noexcept;
  [[nodiscard]] OMBRE_EXPORT SpectrumState last() const noexcept;
  friend constexpr bool operator==(States, States) = default;
};

/// What is known of one day. Use of a medicine exactly as prescribed is not use here.
struct DayUse {
  enum class Kind : std::uint8_t { none, amount, used, unknown } kind = Kind::unknown;
  double amount = 0;        ///< more than 0 where kind is amount
  bool controlled = false;  ///< in hospital, prison or residential care
};

/// One substance over a window of days, in numbers. Amounts are in one unit throughout.
struct UseWindow {
  std::int32_t first_day = 0;  ///< number of the first day, as the caller counts days
  int days = 0;                ///< in the window, at least 1
  int observed = 0;            ///< days known to be with or without use
  int use_days = 0;
  int controlled_days = 0;
  std::optional<double> mean_per_day{};  ///< over observed days; only where every use has an amount
  std::optional<double> largest_day{};
  std::optional<double> weekly_variation{};  ///< standard deviation over mean of full weeks known
                                             ///< day by day, from four such weeks with use
  std::vector<std::int32_t> days_of_use{};   ///< their numbers
};

/// Makes the numbers. Weeks are counted from the first day.
/// @par Errors empty_input, not_finite, out_of_range (an amount that is not above 0)
[[nodiscard]] OMBRE_EXPORT Result<UseWindow> use_window(std::span<const DayUse> days,
                                                        std::int32_t first_day = 0);

/// What else is known about one substance and the person in that window. Empty: not known.
struct UseFacts {
  substance::Class cls = substance::Class::unknown;
  std::optional<Sex> sex{};                        ///< for WHO levels
  std::optional<double> grams_ethanol_per_unit{};  ///< alcohol: what one unit of amount holds
  std::optional<double> mme_per_unit{};            ///< opioids that were not prescribed

  // harm and control
  Dsm5Count criteria{.least = 0, .most = 11};  ///< from dsm5_count()
  std::optional<bool> icd11_dependence{};
  std::optional<double> assist{};  ///< totals
  std::optional<double> audit{};
  std::optional<double> dast_10{};
  std::optional<bool> harm_event{};  ///< a documented harm of this use in the window
  std::optional<bool> injects{};

  // history and setting
  std::optional<int> lifetime_occasions{};
  std::optional<bool> first_use_in_window{};
  std::optional<bool> tied_to_situation{};  ///< exam, shift, pain, sex, grief
  std::optional<int> days_since_last_use{};
  std::optional<bool> never_used{};
  std::optional<bool> on_prescribed_agonist{};

  // stability
  std::optional<bool> housed{};
  std::optional<bool> crisis_event{};
  std::optional<bool> mixing_or_harms_rising{};

  // signs of chaos
  std::optional<double> share_unplanned_days{};  ///< 0..1: more than was planned
  std::optional<bool> overdose_or_hospital{};
  std::optional<bool> no_place_to_sleep{};
  std::optional<double> share_three_substances{};  ///< 0..1: three or more on one day
  std::optional<int> missed_of_last_four{};        ///< planned contacts
  std::optional<bool> new_legal_event{};
};

/// The thresholds; defaults are the proposal in docs/spectrum.md.
struct StateRules {
  double occasional_below = 0.10;  ///< share of days
  double heavy_from = 0.50;        ///< share of days
  double heavy_mme = 50;           ///< mean per use day, not prescribed
  double daily_from = 0.90;        ///< share of days that counts as daily (cannabis)
  double stable_variation = 0.5;   ///< below: stable
  double least_observed = 0.5;     ///< share of days needed to speak from the observed days
  int experimental_occasions = 5;
  double unplanned_share = 0.25;
  double three_substances_share = 0.10;
  int missed_contacts = 2;
  int chaos_signs = 2;
  int chaos_criteria = 6;
  int dependent_criteria = 4;
  int harmful_criteria = 2;
};

/// A rule that was asked, what it answered, and why.
enum class RuleAnswer : std::uint8_t { no, yes, not_known };
struct StateReason {
  SpectrumState state = SpectrumState::abstinent;
  RuleAnswer answer = RuleAnswer::no;
  std::string because;  ///< a sentence with the numbers
  const Source* source = nullptr;
  Confidence confidence = Confidence::proposal;
};

/// How long without use, where the state is abstinent.
enum class AbstinentFor : std::uint8_t {
  not_known,
  never_used,
  under_three_months,
  three_to_twelve_months,
  over_a_year
};
[[nodiscard]] OMBRE_EXPORT std::string_view name(AbstinentFor since) noexcept;

/// Where use stands.
struct SpectrumReport {
  /// The state, where the facts allow only one.
  std::optional<SpectrumState> state{};
  States possible{};  ///< every state the facts allow; never empty
  /// What the days alone say (abstinent to heavy), criteria and events left aside.
  States by_pattern{};
  std::vector<StateReason> reasons{};  ///< rules in the order asked, most severe first
  UseWindow window{};
  // For abstinence
  AbstinentFor abstinent_for = AbstinentFor::not_known;
  bool in_controlled_environment = false;  ///< every day of the window
  bool on_prescribed_agonist = false;      ///< abstinent from use that is not prescribed
  bool few_days_known = false;  ///< under the share that is needed: the states are an interval
};

/// Derives the state. Rules are asked from the most severe down; the first that holds ends the
/// asking, and every one that could hold stays possible.
/// @par Errors out_of_range (shares outside 0..1, counts below 0, a screen outside its range),
/// empty_input (a window without days)
[[nodiscard]] OMBRE_EXPORT Result<SpectrumReport> spectrum_state(const UseWindow& window,
                                                                 const UseFacts& facts,
                                                                 const StateRules& rules = {});

/// One person and several substances: a state for each, never one for all. `overall` is the most
/// severe that is certain to the most severe that is possible.
struct Overall {
  SpectrumState at_least = SpectrumState::abstinent;
  SpectrumState at_most = SpectrumState::abstinent;
};
/// @par Errors empty_input
[[nodiscard]] OMBRE_EXPORT Result<Overall> overall(std::span<const SpectrumReport> by_substance);

/// The report in words.
[[nodiscard]] OMBRE_EXPORT std::string explain(const SpectrumReport& report);

// ---- change between two windows -----------------------------------------------------------------

/// The axes on which two windows are compared; never one number for all.
enum class ChangeAxis : std::uint8_t { amount, frequency, harm, control, stability };
inline constexpr std::size_t change_axis_count = 5;
[[nodiscard]] OMBRE_EXPORT std::string_view name(ChangeAxis axis) noexcept;

enum class AxisChange : std::uint8_t { not_known, improved, same, worsened };
[[nodiscard]] OMBRE_EXPORT std::string_view name(AxisChange change) noexcept;

/// How large a change must be to count; below it an axis is the same. Proposals.
struct ChangeMargins {
  double amount_share = 0.10;    ///< of the earlier mean amount
  double frequency_days = 0.05;  ///< share of days
  double variation = 0.10;
};

enum class Movement : std::uint8_t { not_known, improved, same, worsened, mixed };
[[nodiscard]] OMBRE_EXPORT std::string_view name(Movement movement) noexcept;

struct PositionChange {
  std::array<AxisChange, change_axis_count> axes{};
  Movement movement = Movement::not_known;
  bool any_positive = false;  ///< at least one axis improved, whatever the others did
};

/// Compares two windows of one substance. Harm is judged by documented harm events and screens,
/// control by criteria, stability by variation, housing and crises.
[[nodiscard]] OMBRE_EXPORT PositionChange compare(const UseWindow& before,
                                                  const UseFacts& facts_before,
                                                  const UseWindow& now, const UseFacts& facts_now,
                                                  const ChangeMargins& margins = {});

/// Harm for each day of use: a count of consequences (SIP-2R, or one's own) over the days of use.
/// Nothing where there was no use: undefined, not 0.
/// @par Errors out_of_range, not_finite
[[nodiscard]] OMBRE_EXPORT Result<std::optional<double>> consequences_per_use_day(
    double consequences, int use_days);

}  // namespace ombre::inline v0::spectrum
