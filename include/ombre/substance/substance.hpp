#pragma once
/// @file
/// What a substance is here: a stable id, names people use, codes, a class, and a few traits that
/// rules ask about. The facts about it (half-lives, equivalents, strengths) live in tables of their
/// own, each row with its source.

#include <cstdint>
#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/source.hpp"

namespace ombre::inline v0::substance {

/// Pharmacological class, as far as rules need it.
enum class Class : std::uint8_t {
  unknown,  ///< not known what it is (an unmarked pill); never treated as harmless
  alcohol,
  opioid,
  opioid_antagonist,
  benzodiazepine,
  z_drug,
  barbiturate,
  gabapentinoid,
  ghb,             ///< GHB and its precursors
  gaba_b_agonist,  ///< baclofen, phenibut
  alpha2_agonist,  ///< clonidine, xylazine, medetomidine
  stimulant,       ///< cocaine, amphetamines, cathinones
  empathogen,      ///< MDMA
  hallucinogen,
  dissociative,  ///< ketamine, PCP, dextromethorphan
  inhalant,
  nitrite,  ///< poppers
  cannabis,
  synthetic_cannabinoid,
  nicotine,  ///< tobacco and other nicotine
  xanthine,  ///< caffeine, theophylline
  ssri,
  snri,
  maoi,  ///< monoamine oxidase inhibitors
  other_antidepressant,
  mood_stabiliser,
  antipsychotic,
  pde5_inhibitor,    ///< sildenafil and relatives
  cyp3a4_inhibitor,  ///< ritonavir, cobicistat
  aldehyde_blocker,  ///< disulfiram
  other
};

/// "opioid", "z-drug", ...
[[nodiscard]] OMBRE_EXPORT std::string_view name(Class cls) noexcept;

/// Properties that rules about mixtures and equivalents ask for.
enum class Trait : std::uint16_t {
  depressant = 1,       ///< slows breathing or consciousness
  unknown_potency = 2,  ///< strength unknown and variable: nothing computed from an amount
  serotonergic = 4,     ///< adds to serotonin toxicity
  qt_prolonging = 8,    ///< prolongs the QT interval
  lowers_seizure_threshold = 16,
  sympathomimetic = 32,   ///< drives heart and blood pressure
  cyp1a2_substrate = 64,  ///< level rises when smoking stops
  tobacco_smoke = 128,    ///< contains the tar that induces CYP1A2
  full_agonist = 256,     ///< full agonist at the mu opioid receptor
  unspecified = 512       ///< stands for any member of its class
};

/// A set of traits.
struct Traits {
  std::uint16_t bits = 0;
  [[nodiscard]] constexpr bool has(Trait trait) const noexcept {
    return (bits & static_cast<std::uint16_t>(trait)) != 0;
  }
  friend constexpr bool operator==(Traits, Traits) = default;
  friend constexpr Traits operator|(Traits a, Trait b) noexcept {
    return {static_cast<std::uint16_t>(a.bits | static_cast<std::uint16_t>(b))};
  }
};
[[nodiscard]] constexpr Traits operator|(Trait a, Trait b) noexcept { return Traits{} | a | b; }

/// How long withdrawal takes to begin follows from how long the substance and its longest active
/// metabolite stay: `long_acting` from a mid-range half-life of 24 h (a proposal of ours; it
/// reproduces the usual lists of short- and long-acting benzodiazepines).
enum class Acting : std::uint8_t { not_stated, short_acting, long_acting };

/// A code system a substance may be found by.
enum class CodeSystem : std::uint8_t { atc, rxnorm };
[[nodiscard]] OMBRE_EXPORT std::string_view name(CodeSystem system) noexcept;

struct Code {
  CodeSystem system;
  std::string_view code;
};

/// One substance. A small value: copy it freely. Its texts are literals for built-in substances and
/// live as long as any copy of the Catalogue that registered them for the caller's own.
struct Substance {
  std::string_view id;    ///< lower case, words joined by '-': the key in every table and file
  std::string_view name;  ///< preferred name
  Class cls = Class::unknown;
  Traits traits{};
  Acting acting = Acting::not_stated;
  std::string_view alias_list{};   ///< other names, separated by ", "
  std::string_view atc_list{};     ///< ATC codes, separated by blanks
  std::string_view rxnorm_list{};  ///< RxNorm concept ids, separated by blanks

  [[nodiscard]] bool is(Trait trait) const noexcept { return traits.has(trait); }
  /// Other names, in the order of the table.
  [[nodiscard]] OMBRE_EXPORT std::vector<std::string_view> aliases() const;
  /// ATC codes, then RxNorm ids.
  [[nodiscard]] OMBRE_EXPORT std::vector<Code> codes() const;

  friend constexpr bool operator==(const Substance& a, const Substance& b) noexcept {
    return a.id == b.id;
  }
};

/// Whether figures we mark as uncertain may be used. Nothing uncertain is ever returned unless the
/// caller says so; where it is, the answer carries the mark.
enum class Accept : std::uint8_t { established, uncertain_too };

/// A closed interval.
struct Range {
  double low = 0;
  double high = 0;
  [[nodiscard]] constexpr double mid() const noexcept { return low + (high - low) / 2; }
  friend constexpr bool operator==(Range, Range) = default;
};

}  // namespace ombre::inline v0::substance
