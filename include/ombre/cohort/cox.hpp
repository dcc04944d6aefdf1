#pragma once
/// @file
/// A Cox model of a table: rows chosen, terms coded, fitted, and what is doubtful said by name.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "ombre/cohort/survival_rows.hpp"
#include "ombre/cohort/table.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/finding.hpp"
#include "ombre/core/progress.hpp"
#include "ombre/core/result.hpp"
#include "ombre/stats/concordance.hpp"
#include "ombre/stats/cox.hpp"
#include "ombre/stats/cox_penalised.hpp"

namespace ombre::inline v0::cohort {

/// Models for repeated events need nothing but the right rows and roles:
/// - Andersen-Gill: (entry, time] rows, a cluster for the person, no strata
/// - Prentice-Williams-Peterson: the same with the event's number as stratum, on total time or,
/// with
///   `gap_time`, on the time since the row's entry
/// - Wei-Lin-Weissfeld: rows for every event number from time 0, strata and cluster as above
/// - one cause of several: RowPolicy::event_code
struct CoxSpec {
  Roles roles{};
  RowPolicy policy{};
  stats::CoxTies ties = stats::CoxTies::efron;
  /// Nothing = robust where there is a cluster. (R also switches at weights that are not whole.)
  std::optional<bool> robust{};
  bool gap_time = false;               ///< time becomes time - entry, entry 0
  std::optional<double> strata_cap{};  ///< strata values above it count as it; one numeric column
  int max_iterations = 100;
};

struct CoxAnalysis {
  SurvivalRows rows;  ///< those in the model
  stats::CoxData data;
  stats::CoxFit fit;
  stats::Concordance concordance;
};

/// Findings, beside those of survival_rows: `zero_weight` (row left out), `no_events`,
/// `no_events_in_stratum`, `too_few_events` (for so many coefficients), `few_clusters`,
/// `collinear_column`, `constant_column`, `infinite_coefficient`, `iteration_limit`. Robust errors
/// are summed over clusters, over ids where there are no clusters, else over rows.
/// @par Errors those of survival_rows, CoxData::from and cox_fit; contradiction (gap_time without
/// entry; strata_cap without one numeric column of strata); empty_input (no row has a weight)
[[nodiscard]] OMBRE_EXPORT Result<CoxAnalysis> cox_analysis(const Table& table, const CoxSpec& spec,
                                                            Findings& findings,
                                                            const Progress& progress = {},
                                                            const Runner* runner = nullptr);

/// How much the coefficients are drawn to 0; see stats::CoxPathOptions.
struct CoxPathSpec {
  double alpha = 1;              ///< 1 = lasso, 0 = ridge, between = elastic net
  std::vector<double> lambda{};  ///< penalties; empty: `count` of them, from all-zero downwards
  std::size_t count = 100;
  double smallest = 0;                     ///< last of these as a share of the first; 0 = by size
  std::vector<std::string> unpenalised{};  ///< terms of the model that are not drawn to 0
};

struct CoxPathAnalysis {
  SurvivalRows rows;  ///< those in the model
  stats::CoxData data;
  stats::CoxPath path;
};

/// Coefficients under a penalty, for each of a row of penalties. More columns than rows are
/// welcome. No standard errors: none hold after a choice made by the data. Findings: those of
/// survival_rows, `zero_weight`, `iteration_limit`.
/// @par Errors those of cox_analysis and stats::cox_path; unknown_name (unpenalised);
/// contradiction (robust errors asked for)
[[nodiscard]] OMBRE_EXPORT Result<CoxPathAnalysis> cox_path_analysis(
    const Table& table, const CoxSpec& spec, const CoxPathSpec& path, Findings& findings,
    const Progress& progress = {}, const Runner* runner = nullptr);

}  // namespace ombre::inline v0::cohort
