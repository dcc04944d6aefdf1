#pragma once
/// @file
/// Diazepam equivalents of benzodiazepines and z-drugs, as an interval.
///
/// The published tables disagree by up to 2.7 times. So the answer without a named source is the
/// envelope over all of them, with every figure listed; and which end is the cautious one depends
/// on the question.

#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/finding.hpp"
#include "ombre/core/quantities.hpp"
#include "ombre/core/result.hpp"
#include "ombre/substance/catalogue.hpp"
#include "ombre/substance/rows.hpp"

namespace ombre::inline v0::substance {

/// What one source makes of the dose.
struct SourceFigure {
  DiazepamFigure row;
  double value_mg = 0;  ///< diazepam, mg, by the figure (the middle where a range is printed)
  double low_mg = 0;    ///< by the printed range; equal to value_mg without one
  double high_mg = 0;
  bool range_in_envelope = true;  ///< false: only value_mg is in the envelope
};

struct DiazepamOptions {
  /// Id of one source ("ashton-2002", "va-dod-2021", "bnf", "who-2009", "nsw-2022", "clincalc");
  /// empty for the envelope over all.
  std::string_view source{};
  /// Put the whole ranges of compilations (ClinCalc) into the envelope. They are the spread of
  /// other people's figures and up to 8 times wide; by default their figure counts and their range
  /// is only listed.
  bool compilation_ranges = false;
  /// Figures marked uncertain (only a caller can add such) are left out unless asked for.
  Accept accept = Accept::established;
};

/// Milligrams of oral diazepam a dose is called equal to. A guide for planning with a clinician, to
/// be adjusted to the person; not additive with alcohol, and street tablets have no known dose.
struct DiazepamEquivalent {
  double low_mg = 0;
  double high_mg = 0;
  double ratio = 1;                     ///< of the largest to the smallest figure used
  bool disagreement = false;            ///< ratio > 1.5
  std::vector<SourceFigure> figures{};  ///< used ones, in table order; never empty
  Findings findings{};

  /// For starting a substitution: too much diazepam sedates, so the low end.
  [[nodiscard]] double to_start_substitution_mg() const noexcept { return low_mg; }
  /// For judging the risk of withdrawal: too low a guess misses it, so the high end.
  [[nodiscard]] double to_judge_withdrawal_risk_mg() const noexcept { return high_mg; }
};

/// dose * 10 / (mg equal to 10 mg diazepam), over the sources.
///
/// Lorazepam 4 mg: 40 mg by Ashton, BNF and WHO, 20 mg by VA/DoD and NSW: 20 to 40 mg,
/// disagreement.
/// @par Errors unsupported (not a benzodiazepine or z-drug), not_computable (street
/// benzodiazepines, "not specified", members without a figure), unknown_name (source; the text
/// lists those that have a figure for this drug)
[[nodiscard]] OMBRE_EXPORT Result<DiazepamEquivalent> diazepam_equivalent(
    const Substance& substance, DoseMg dose, const DiazepamOptions& options = {},
    const Catalogue& catalogue = builtin());

/// The ratio above which two sources are said to disagree.
inline constexpr double disagreement_ratio = 1.5;

}  // namespace ombre::inline v0::substance
