#pragma once
/// @file
/// One medicine takes the place of another, one intake at a time, and is then tapered itself; and
/// the low-dose start of buprenorphine beside a full agonist. Both make a TaperRequest, so that
/// guards, calendars and operations are those of every taper.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/plans/taper.hpp"
#include "ombre/substance/catalogue.hpp"

namespace ombre::inline v0::plans {

/// What a cross-taper needs besides the request.
struct CrossTaper {
  std::string to{};  ///< usually "diazepam"; empty: `to_substance`
  /// The new medicine written out, for one that no table holds.
  std::optional<TaperSubstance> to_substance{};
  /// The caller's own equivalence, each figure with its source, where one of the two is not in this
  /// library's tables. They travel marked as the caller's, and a guard asks who vouches for them.
  std::vector<SubstitutionFigure> figures{};
  /// Source of the equivalence ("ashton-2002", "va-dod-2021", ...). Empty: the lowest of all
  /// figures, from which a clinician goes up where it is not enough.
  std::string source{};
  StepLength stage{1, LengthUnit::weeks};  ///< how long each replaced intake is kept
  /// Intakes of today in the order they are replaced, each once; empty: the last of the day (at
  /// bedtime) first, then from the first on.
  std::vector<std::size_t> order{};
  std::vector<Product> products{};  ///< of the new medicine
  std::vector<Product> candidates{};
  IntakeLimits limits{};
  std::vector<TaperPhase> then{};  ///< rule of the new one afterwards; empty: stay on it
  std::string then_named{};        ///< or a published rule
  TaperGoal goal{};                ///< of the new one
};

/// Turns `base`, whose one line holds what is taken today and no rule, into the request for a
/// cross-taper. Line 0 goes down by whole intakes; line 1 rises by what the figure used says each
/// is equal to, rounded down to what its products make, so that both together never exceed what
/// they replace. All sources' figures travel in `substitution`, the most cautious first.
///
/// Starting a substitution with too much sedates, so the lowest figure is used unless a source is
/// named. Opioids are refused: milligram equivalents count risk and never choose a dose.
///
/// A medicine of the caller's own, from a catalogue of theirs or written out, is replaced or takes
/// over by figures of their own (`figures`, or rows of their catalogue).
/// @par Errors unknown_name, missing (a source; a new medicine), not_computable (no equivalence),
/// unsupported (opioids), out_of_range (a figure), contradiction (figures beside those of the
/// tables)
[[nodiscard]] OMBRE_EXPORT Result<TaperRequest> cross_taper_request(
    const TaperRequest& base, const CrossTaper& cross,
    const substance::Catalogue& catalogue = substance::builtin());

/// What a low-dose start needs besides the request.
struct LowDoseStart {
  std::string rule = "buprenorphine-low-dose-start";  ///< a named rule whose rows rise
  std::vector<Product> products{};                    ///< of buprenorphine
  /// After the last row the full agonist falls by this percentage a week. The table leaves open of
  /// what, so the basis has to be said.
  double agonist_percent_a_week = 25;
  Basis agonist_basis = Basis::original;
  /// Smallest amount of the full agonist, for a basis of the current dose.
  std::optional<Amount> agonist_smallest{};
  /// How long the last dose of the table is kept before a clinician decides further.
  StepLength then_stay{4, LengthUnit::weeks};
};

/// Turns `base`, whose one line holds the full agonist as taken today and no rule, into the request
/// for a low-dose start: line 0 unchanged while the table runs, then falling to zero; line 1
/// buprenorphine, rising by the table, as treatment of dependence.
/// @par Errors unknown_name, contradiction, those of phases
[[nodiscard]] OMBRE_EXPORT Result<TaperRequest> low_dose_start_request(
    const TaperRequest& base, const LowDoseStart& start,
    const substance::Catalogue& catalogue = substance::builtin());

}  // namespace ombre::inline v0::plans
