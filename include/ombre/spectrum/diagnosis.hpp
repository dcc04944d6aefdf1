#pragma once
/// @file
/// Diagnostic criteria: DSM-5 substance use disorder with severity and remission, ICD-11 features
/// and codes. A criterion nobody asked about is not known, so a count is an interval.
///
/// A diagnosis is not a person's functioning, and a remission is not abstinence: both are kept
/// apart here, because people can meet criteria and keep up their lives, or use and meet none.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/date.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/core/source.hpp"
#include "ombre/substance/substance.hpp"

namespace ombre::inline v0::spectrum {

/// The eleven criteria of DSM-5, in its order. Only what is needed to count them.
enum class Criterion : std::uint8_t {
  larger_or_longer = 0,  ///< impaired control
  efforts_to_cut_down,
  much_time,
  craving,
  role_obligations,  ///< social
  social_problems,
  activities_given_up,
  hazardous_use,  ///< risky use
  health_problems,
  tolerance,  ///< pharmacological
  withdrawal
};
inline constexpr std::size_t criterion_count = 11;
[[nodiscard]] OMBRE_EXPORT std::string_view name(Criterion criterion) noexcept;
[[nodiscard]] OMBRE_EXPORT std::optional<Criterion> find_criterion(std::string_view name) noexcept;

/// Which criteria were met in twelve months; empty: not asked.
using Criteria = std::array<std::optional<bool>, criterion_count>;

/// Count 0-1 none, 2-3 mild, 4-5 moderate, 6-11 severe.
enum class Dsm5Severity : std::uint8_t { none = 0, mild, moderate, severe };
[[nodiscard]] OMBRE_EXPORT std::string_view name(Dsm5Severity severity) noexcept;
[[nodiscard]] constexpr Dsm5Severity dsm5_severity(int count) noexcept {
  return count >= 6   ? Dsm5Severity::severe
         : count >= 4 ? Dsm5Severity::moderate
         : count >= 2 ? Dsm5Severity::mild
                      : Dsm5Severity::none;
}

struct Dsm5Count {
  int least = 0;  ///< criteria known to be met
  int most = 0;   ///< and those not asked
  /// The severity, where least and most agree on it.
  std::optional<Dsm5Severity> severity{};
  /// Criteria that do not count here, with the reason.
  struct NotCounted {
    Criterion criterion;
    std::string_view because;
  };
  std::vector<NotCounted> not_counted{};
  const Source* source = nullptr;
  Confidence confidence = Confidence::known;
};

/// Counts criteria.
///
/// Tolerance and withdrawal do not count where the medicine (opioid, sedative or stimulant) is
/// taken only as prescribed: dependence of the body is no use disorder. Hallucinogens,
/// dissociatives and inhalants have no withdrawal criterion.
/// @param only_as_prescribed  empty: not known; then tolerance and withdrawal widen the interval
/// @par Errors unsupported (caffeine has no use disorder in DSM-5)
[[nodiscard]] OMBRE_EXPORT Result<Dsm5Count> dsm5_count(
    const Criteria& criteria, substance::Class cls, std::optional<bool> only_as_prescribed = false);

/// Remission by DSM-5: early from 3 months, sustained from 12 months without any criterion except
/// craving. It is a count of criteria, not abstinence.
enum class Remission : std::uint8_t { none, early, sustained };
[[nodiscard]] OMBRE_EXPORT std::string_view name(Remission remission) noexcept;

struct RemissionState {
  Remission remission = Remission::none;
  std::optional<Date> early_from{};
  std::optional<Date> sustained_from{};
  bool craving_now = false;                ///< allowed in remission
  bool in_controlled_environment = false;  ///< specifier
  bool on_maintenance_therapy = false;     ///< specifier: opioids and tobacco
};

/// Remission on a day.
/// @param last_met  the last day on which a criterion other than craving was met; the full criteria
///                  were met before it
/// @par Errors out_of_range (`on` before `last_met`), unsupported (maintenance therapy for a class
/// that has none)
[[nodiscard]] OMBRE_EXPORT Result<RemissionState> dsm5_remission(
    Date last_met, Date on, substance::Class cls, bool craving_now = false,
    bool in_controlled_environment = false, bool on_maintenance_therapy = false);

/// ICD-11: what a pattern of use is called.
enum class Icd11Pattern : std::uint8_t {
  none,
  hazardous,        ///< QE10 to QE12: raises risk, no harm yet
  single_episode,   ///< .0
  harmful_pattern,  ///< .1
  dependence        ///< .2
};
[[nodiscard]] OMBRE_EXPORT std::string_view name(Icd11Pattern pattern) noexcept;

struct Icd11Features {
  std::optional<bool> impaired_control{};
  std::optional<bool> priority_of_use{};
  std::optional<bool> physiological{};  ///< tolerance, withdrawal, use to prevent it
  std::optional<bool> over_twelve_months{};
  std::optional<bool> daily_for_a_month{};  ///< daily or almost daily use for one month or more
  std::optional<bool> harm_to_health{};     ///< to the person, or to others
  std::optional<bool> repeated_or_continuous{};
  std::optional<bool> risk_without_harm{};
};

struct Icd11Answer {
  /// The most severe pattern that is certain, and the most severe that is possible.
  Icd11Pattern at_least = Icd11Pattern::none;
  Icd11Pattern at_most = Icd11Pattern::none;
  /// Code of `at_least`, such as "6C43.2"; empty for none and for classes without a code here.
  std::string code{};
  const Source* source = nullptr;
  Confidence confidence = Confidence::known;
};

/// Dependence is two or more of the three features over twelve months, or with (near-)daily use for
/// a month. @par Errors none
[[nodiscard]] OMBRE_EXPORT Icd11Answer icd11(const Icd11Features& features, substance::Class cls);

/// Stem of the ICD-11 code for disorders due to a class of substance, such as "6C43"; empty where
/// there is none.
[[nodiscard]] OMBRE_EXPORT std::string_view icd11_stem(substance::Class cls) noexcept;

}  // namespace ombre::inline v0::spectrum
