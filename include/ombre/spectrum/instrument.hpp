#pragma once
/// @file
/// Questionnaires and scales: how item scores become scale scores and bands. One engine for all of
/// them; an instrument is data (instruments.hpp).
///
/// Item texts belong to their authors and are not here: the caller shows the questions under
/// whatever licence applies and hands over the numbers. A missing answer is missing: unless the
/// instrument has a published rule for it there is no score, only the range it must lie in and the
/// bands that range allows.

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

namespace ombre::inline v0::spectrum {

/// A set of items or of scales: bit i stands for the one at place i, counted from 0.
using PlaceSet = std::uint64_t;

/// Items that take the same answers.
struct ItemKind {
  PlaceSet which = 0;
  double low = 0;
  double high = 0;
  /// Whole numbers 0..63 that may be answered, as bits; 0 means every one from low to high.
  std::uint64_t only = 0;
  bool whole = true;      ///< whole numbers only
  bool reversed = false;  ///< counts as low + high - answer
  double weight = 1;      ///< counts that often
};

/// What a scale makes of its items, or of other scales.
enum class Formula : std::uint8_t {
  sum,
  mean,
  highest,  ///< the largest item
  scales    ///< plus and minus other scales
};

/// Whether a higher score is a worse one.
enum class Higher : std::uint8_t { worse, better, neither };

/// One score of an instrument: offset + factor * formula.
struct Scale {
  std::string_view id;     ///< "total", "taking_steps"
  std::string_view title;  ///< one line
  PlaceSet items = 0;      ///< items counted
  Formula formula = Formula::sum;
  double low = 0;  ///< the range as it is printed with the instrument
  double high = 0;
  Higher higher = Higher::worse;
  /// How many items may be missing; each then counts as the mean of those answered.
  std::uint8_t may_miss = 0;
  double factor = 1;
  double offset = 0;
  PlaceSet plus = 0;   ///< formula scales: places of scales added
  PlaceSet minus = 0;  ///< and taken off
};

/// Scores above the band before and up to `up_to`. So a score between two whole numbers, as only
/// means and replaced answers give, belongs to the higher band.
struct ScoreBand {
  double up_to = 0;
  std::string_view name;
  std::string_view advice{};  ///< what the authors say it asks for; may be empty
};

/// One published way to cut a scale into bands. Several stand side by side where authors differ.
struct BandScheme {
  std::string_view id;     ///< "audit_zones", "sds_cannabis"
  std::string_view scale;  ///< id of the scale it cuts
  std::string_view title;
  std::span<const ScoreBand> bands{};  ///< ascending, the last one reaching the top of the scale
  std::span<const ScoreBand> for_women{};  ///< set where the bands depend on sex; then `bands` are
                                           ///< men's
  const Source* source = nullptr;
  Confidence confidence = Confidence::known;
  std::string_view note{};
};

struct Instrument {
  std::string_view id;     ///< "audit_c"
  std::string_view title;  ///< "Alcohol Use Disorders Identification Test, consumption items"
  std::uint8_t items = 0;  ///< how many, at most 64
  std::string_view item_names{};  ///< separated by blanks; empty: "1", "2", ...
  std::span<const ItemKind> kinds{};
  std::span<const Scale> scales{};
  std::span<const BandScheme> schemes{};
  std::string_view window{};       ///< the time it asks about
  std::string_view loinc_total{};  ///< only where the code was checked
  std::string_view loinc_panel{};
  std::string_view note{};
  const Source* source = nullptr;
  Confidence confidence = Confidence::known;
  /// Where items have names: their numbers as published, separated by blanks, "-" for one whose
  /// number would also mean another item. Empty: there are none, and only names are accepted.
  std::string_view item_numbers{};

  /// Name of item `place` (counted from 0), "" beyond the last.
  [[nodiscard]] OMBRE_EXPORT std::string_view item_name(std::size_t place) const noexcept;
  /// Place of an item by name. A prefix is accepted before a number: "item3", "q3", "audit_3" and
  /// "3" all mean the third item of AUDIT, "2" the item "q2" of ASSIST. Letter case does not
  /// matter.
  [[nodiscard]] OMBRE_EXPORT std::optional<std::size_t> item_place(std::string_view name) const;
  /// Whether a name is a number ("6", "item_6", "q6") that could be meant for an item of this
  /// instrument and stands for none or for several: nothing is guessed then.
  [[nodiscard]] OMBRE_EXPORT bool item_unclear(std::string_view name) const;
  /// The names of all items, separated by blanks, for messages.
  [[nodiscard]] OMBRE_EXPORT std::string item_list() const;
  /// The kind of item `place`, or null for an item that is asked and not scored.
  [[nodiscard]] OMBRE_EXPORT const ItemKind* kind_of(std::size_t place) const noexcept;
  /// The scale of that id, or null.
  [[nodiscard]] OMBRE_EXPORT const Scale* scale(std::string_view scale_id) const noexcept;
};

/// What a scheme says about a score.
struct BandAnswer {
  const BandScheme* scheme = nullptr;
  /// The band; null where the score or the sex the cut-off depends on is not known and makes a
  /// difference.
  const ScoreBand* band = nullptr;
  /// Every band the answers allow, ascending; one of them where `band` is set.
  std::vector<const ScoreBand*> possible{};
  bool needs_sex = false;  ///< another answer would be given for women and for men
};

struct ScaleScore {
  const Scale* scale = nullptr;
  /// Nothing where more answers are missing than the instrument allows.
  std::optional<double> value{};
  double least = 0;  ///< the score lies between these, whatever the missing answers are
  double most = 0;
  std::size_t answered = 0;
  std::size_t missing = 0;
  bool replaced = false;  ///< `value` counts missing answers as the mean of the others
  std::vector<BandAnswer> bands{};
};

struct ScoreReport {
  const Instrument* instrument = nullptr;
  std::vector<ScaleScore> scales{};

  [[nodiscard]] OMBRE_EXPORT const ScaleScore* scale(std::string_view id) const noexcept;
  /// The answer of one scheme, or null.
  [[nodiscard]] OMBRE_EXPORT const BandAnswer* scheme(std::string_view id) const noexcept;
};

/// Scores of all scales of an instrument.
///
/// @param answers  one per item in the instrument's order; empty where not answered
/// @param sex      whose cut-offs apply, where they differ
/// @par Errors size_mismatch (not one answer per item), not_finite, out_of_range (the field is
/// "audit_c.item 2": outside the range or not among the allowed values; row is the place)
/// Cost: linear in items times scales.
[[nodiscard]] OMBRE_EXPORT Result<ScoreReport> score(const Instrument& instrument,
                                                     std::span<const std::optional<double>> answers,
                                                     std::optional<Sex> sex = std::nullopt);

/// An answer by the name of its item.
struct NamedAnswer {
  std::string_view item;
  std::optional<double> value{};
};

/// The same from names in any order; items that are not named count as not answered.
/// @par Errors those of score(), unknown_name, duplicate
[[nodiscard]] OMBRE_EXPORT Result<ScoreReport> score(const Instrument& instrument,
                                                     std::span<const NamedAnswer> answers,
                                                     std::optional<Sex> sex = std::nullopt);

/// The bands of a score that somebody else computed.
/// @par Errors unknown_name (the scheme), not_finite, out_of_range (outside the scale)
[[nodiscard]] OMBRE_EXPORT Result<BandAnswer> band_of(const Instrument& instrument,
                                                      std::string_view scheme, double score,
                                                      std::optional<Sex> sex = std::nullopt);

/// Quality-adjusted life years between dated utilities, by the trapezoid rule:
/// sum over i of (t[i+1] - t[i]) * (u[i] + u[i+1]) / 2.
///
/// @param years    n >= 2 ascending times in years
/// @param utility  n values at most 1 (a value set may go below 0: worse than death in its terms);
///                 they come from the caller's licensed value set
/// @par Errors empty_input, size_mismatch, not_finite, out_of_range (times that do not ascend,
/// utility above 1 or below -2)
[[nodiscard]] OMBRE_EXPORT Result<double> quality_adjusted_years(std::span<const double> years,
                                                                 std::span<const double> utility);

}  // namespace ombre::inline v0::spectrum
