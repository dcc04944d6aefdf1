#pragma once
/// @file
/// The rows of the fact tables. Every row carries its source and how sure we are of it.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/source.hpp"
#include "ombre/substance/substance.hpp"

namespace ombre::inline v0::substance {

// ---- opioids: morphine milligram equivalents ---------------------------------------------------

/// How a dose gets in, as far as tables of factors tell forms apart.
enum class DoseForm : std::uint8_t {
  oral,
  transdermal_patch,
  sublingual_tablet,
  sublingual_film,
  buccal_tablet,
  buccal_film,
  lozenge,
  oral_spray,
  nasal_spray,
  injection,
  smoked,
  snorted,
  rectal,
  unspecified
};
inline constexpr int dose_form_count = 14;

/// "oral", "transdermal patch", ...
[[nodiscard]] OMBRE_EXPORT std::string_view name(DoseForm form) noexcept;

/// A published list of factors. Factors of two sets are never added or compared.
enum class FactorSet : std::uint8_t {
  cdc_2022,
  cdc_2016,        ///< the 2016 guideline with the CDC/CMS file that completes it
  cdc_later_file,  ///< single later addition; in neither edition, never used by risk_mme
  nih_heal         ///< research comparison of buprenorphine; never used by risk_mme
};
[[nodiscard]] OMBRE_EXPORT std::string_view name(FactorSet set) noexcept;

enum class FactorUnit : std::uint8_t { per_mg, per_mcg, per_mcg_per_hour };

struct MmeFactor {
  std::string_view substance;
  FactorSet set;
  std::string_view form;  ///< as printed
  std::uint16_t forms;    ///< bit i: applies to DoseForm i
  FactorUnit unit;
  double factor;
  std::optional<double> over_mg;   ///< band of the whole daily dose: above this ...
  std::optional<double> up_to_mg;  ///< ... up to and including this
  bool withdrawn;                  ///< published once, taken back since
  const Source* source;
  Confidence confidence;
  std::string_view note;

  [[nodiscard]] constexpr bool applies_to(DoseForm f) const noexcept {
    return (forms >> static_cast<unsigned>(f) & 1U) != 0;
  }
};
[[nodiscard]] OMBRE_EXPORT std::span<const MmeFactor> mme_factors() noexcept;

/// A statement about what may be counted.
struct MmeRule {
  std::string_view id;
  std::string_view substance;  ///< as printed; "heroin or illicit fentanyl" names two
  std::string_view context;
  std::string_view what;  ///< "mme_excluded", "mme_threshold_applies"
  bool value;
  const Source* source;
  Confidence confidence;
  std::string_view note;
};
[[nodiscard]] OMBRE_EXPORT std::span<const MmeRule> mme_rules() noexcept;

struct MmeThreshold {
  std::string_view id;
  double mme_per_day;
  const Source* source;
  Confidence confidence;
  std::string_view note;
};
/// 50 and 90 MME a day; reaching one means at or above it.
[[nodiscard]] OMBRE_EXPORT std::span<const MmeThreshold> mme_thresholds() noexcept;

// ---- benzodiazepines and z-drugs ---------------------------------------------------------------

/// Milligrams of a drug that one source calls equal to 10 mg of oral diazepam.
struct DiazepamFigure {
  std::string_view substance;
  double mg;                     ///< the figure, or the middle of a range the source prints
  std::optional<double> low_mg;  ///< the range the source prints, if it prints one
  std::optional<double> high_mg;
  bool compilation;  ///< collected from other sources, with their whole spread
  const Source* source;
  Confidence confidence;
  std::string_view note;
};
[[nodiscard]] OMBRE_EXPORT std::span<const DiazepamFigure> diazepam_figures() noexcept;

// ---- half-lives --------------------------------------------------------------------------------

/// What a metabolite does.
enum class Activity : std::uint8_t {
  active,
  weak,              ///< much weaker than its parent
  marker,            ///< measured to prove use, does nothing that matters
  only_with_alcohol  ///< forms only when alcohol was drunk as well
};

struct HalfLifeRow {
  std::string_view substance;
  std::string_view species;    ///< empty: the substance itself; else the metabolite
  std::string_view condition;  ///< "sublingual", "daily use"; empty where none is stated
  Range hours;
  Activity activity;
  const Source* source;
  Confidence confidence;
  std::string_view note;
};
[[nodiscard]] OMBRE_EXPORT std::span<const HalfLifeRow> half_life_rows() noexcept;

// ---- withdrawal --------------------------------------------------------------------------------

enum class WithdrawalPhase : std::uint8_t { onset, peak, duration };

/// Timing of a withdrawal phase of a group of substances; hours after the last dose for onset and
/// peak, days for duration.
struct WithdrawalRow {
  std::string_view group;
  WithdrawalPhase phase;
  Range range;
  const Source* source;
  Confidence confidence;
  std::string_view note;
};
[[nodiscard]] OMBRE_EXPORT std::span<const WithdrawalRow> withdrawal_rows() noexcept;

/// How dangerous it is to stop suddenly.
enum class DangerClass : std::uint8_t {
  life_threatening,            ///< A: seizures, delirium; never abrupt, never unsupervised
  severe_then_tolerance_loss,  ///< B: rarely deadly itself; the danger comes with relapse
                               ///< afterwards
  severe,                      ///< B
  distress,                    ///< C
  mild                         ///< D
};
/// 'A' to 'D'.
[[nodiscard]] OMBRE_EXPORT char letter(DangerClass danger) noexcept;
/// "life-threatening", "severe, then loss of tolerance", "severe", "distress", "mild".
[[nodiscard]] OMBRE_EXPORT std::string_view name(DangerClass danger) noexcept;

struct DangerRow {
  std::string_view group;
  DangerClass danger;
  std::string_view features;
  const Source* source;
  Confidence confidence;
  std::string_view note;
};
[[nodiscard]] OMBRE_EXPORT std::span<const DangerRow> danger_rows() noexcept;

// ---- products and strengths --------------------------------------------------------------------

enum class ProductKind : std::uint8_t {
  tablet,
  dispersible_tablet,
  orally_disintegrating_tablet,
  capsule,
  sublingual_tablet,
  sublingual_film,
  oral_liquid,
  patch,
  injection,
  gum,
  lozenge
};

enum class Release : std::uint8_t { immediate, extended };

/// Whether a piece may be divided.
enum class Splitting : std::uint8_t {
  never,      ///< extended release, capsule, patch, film, wafer, gum, injection
  halves,     ///< scored, recorded as such
  if_scored,  ///< plain immediate-release tablet: only where this maker's tablet carries a score
  measured    ///< a liquid: any volume that can be measured
};
[[nodiscard]] OMBRE_EXPORT std::string_view name(Splitting splitting) noexcept;

enum class StrengthUnit : std::uint8_t { mg, mg_per_ml, mcg_per_hour };
/// "mg", "mg/mL", "mcg/h".
[[nodiscard]] OMBRE_EXPORT std::string_view name(StrengthUnit unit) noexcept;

/// One strength: of the substance, and of its fixed partner where there is one (8 mg buprenorphine
/// with 2 mg naloxone).
struct Strength {
  double amount;
  std::optional<double> partner{};
};

struct Product {
  std::string_view substance;
  std::string_view partner;  ///< "naloxone", "paracetamol"; empty for a single drug
  std::string_view form;     ///< as printed
  ProductKind kind;
  Release release;
  Splitting splitting;
  std::string_view strengths_text;  ///< as printed: "2/0.5 8/2"
  StrengthUnit unit;
  std::string_view market;  ///< "US", "US/EU", ...
  const Source* source;
  Confidence confidence;
  std::string_view note;

  /// The strengths, ascending as printed.
  [[nodiscard]] OMBRE_EXPORT std::vector<Strength> strengths() const;
};
[[nodiscard]] OMBRE_EXPORT std::span<const Product> products() noexcept;

// ---- single constants --------------------------------------------------------------------------

/// A constant of alcohol, cannabis, nicotine or a stimulant rule.
struct Constant {
  std::string_view id;  ///< "ethanol_density"
  std::string_view substance;
  std::string_view form;
  std::string_view what;
  std::optional<double> value;
  std::optional<double> low;
  std::optional<double> high;
  std::string_view unit;
  const Source* source;
  Confidence confidence;
  std::string_view note;
};
[[nodiscard]] OMBRE_EXPORT std::span<const Constant> constants() noexcept;

// ---- standard drinks ---------------------------------------------------------------------------

/// Grams of pure ethanol in one standard drink of a country.
struct StandardDrink {
  std::string_view code;     ///< ISO 3166-1 alpha-2, "AUDIT" for the WHO reference drink
  std::string_view country;  ///< English name
  Range grams;               ///< low == high where one value is in use
  bool single;               ///< one value is defined; false: the country prints a range
  const Source* source;
  Confidence confidence;
  std::string_view note;
};
/// 42 countries and the WHO reference, in order of their English names, the reference first.
[[nodiscard]] OMBRE_EXPORT std::span<const StandardDrink> standard_drinks() noexcept;

/// Every source the tables of this module cite, in order of id.
[[nodiscard]] OMBRE_EXPORT std::span<const Source* const> sources() noexcept;

}  // namespace ombre::inline v0::substance
