#pragma once
/// @file
/// What mixes badly: a table of dangerous combinations with mechanism, severity, what lowers the
/// danger, and source. A pair that is not in the table is "not listed", never "safe".

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/finding.hpp"
#include "ombre/core/result.hpp"
#include "ombre/substance/catalogue.hpp"

namespace ombre::inline v0::substance {

/// Whom one side of a rule means: a class, everything with a trait, or named substances. `ids` are
/// separated by blanks; where it is set, class and trait are not looked at.
struct Selector {
  std::optional<Class> cls{};
  std::optional<Trait> trait{};
  std::string_view ids{};
  [[nodiscard]] OMBRE_EXPORT bool matches(const Substance& substance) const noexcept;
  /// "opioid", "benzodiazepine", "methadone or buprenorphine".
  [[nodiscard]] OMBRE_EXPORT std::string text() const;
};

/// The kind of harm; of several rules of one kind for a pair only the first in the table applies,
/// so that "opioid and benzodiazepine" is not followed by "two sedatives".
enum class HarmKind : std::uint8_t {
  breathing,
  heart,
  rhythm,  ///< QT interval
  serotonin,
  seizure,
  blood_pressure,
  withdrawal,  ///< precipitated
  level,       ///< one changes how much of the other is in the blood
  toxicity
};
[[nodiscard]] OMBRE_EXPORT std::string_view name(HarmKind kind) noexcept;

enum class When : std::uint8_t {
  together,       ///< while both act
  stopping_first  ///< when the first is stopped and the second goes on (tobacco and clozapine)
};

struct MixtureRule {
  std::string_view id;
  Selector first;
  Selector second;
  HarmKind kind;
  Severity severity;  ///< danger: can kill at usual amounts; warning; caution
  When when;
  std::string_view mechanism;
  std::string_view effect;  ///< published size of the effect; empty where none is recorded
  std::string_view helps;   ///< what lowers the danger
  const Source* source;
  Confidence confidence;
};
[[nodiscard]] OMBRE_EXPORT std::span<const MixtureRule> mixture_rules() noexcept;

struct Mixture {
  Substance first;  ///< the one the rule's first side means
  Substance second;
  const MixtureRule* rule;
};

struct MixtureReport {
  /// Most severe first; then in the order of the table.
  std::vector<Mixture> dangerous{};
  /// Pairs no rule speaks about. Says nothing about their safety.
  std::vector<std::pair<Substance, Substance>> not_listed{};
  /// False when a name was not recognised, or something taken is not known: then the list of
  /// dangers may be too short.
  bool complete = true;
  Findings findings{};

  [[nodiscard]] std::optional<Severity> worst() const noexcept {
    if (dangerous.empty()) return std::nullopt;
    return dangerous.front().rule->severity;
  }
};

/// Dangerous pairs among substances taken in the same time. The same substance twice counts once.
///
/// @param accept  rules marked uncertain only apply with Accept::uncertain_too
/// @par Errors empty_input, too_large (over 200 substances). Cost: pairs times rules.
[[nodiscard]] OMBRE_EXPORT Result<MixtureReport> mixtures(std::span<const Substance> taken,
                                                          Accept accept = Accept::established);

/// The same from names. A name that is not recognised, or means several substances, is a finding
/// of severity warning and makes the report incomplete; the others are still looked at.
[[nodiscard]] OMBRE_EXPORT Result<MixtureReport> mixtures(std::span<const std::string_view> names,
                                                          Accept accept = Accept::established,
                                                          const Catalogue& catalogue = builtin());

}  // namespace ombre::inline v0::substance
