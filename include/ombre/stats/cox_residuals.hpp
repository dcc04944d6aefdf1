#pragma once
/// @file
/// Residuals of a Cox fit, in the caller's row order and units.
///
/// With e_i = exp(x_i'b + offset_i), H the cumulative baseline hazard and xbar(t) the weighted mean
/// of x over the risk set:
/// - martingale M_i = event_i - e_i (H(time_i) - H(entry_i))
/// - deviance sign(M) sqrt(-2 (M + event log(event - M)))
/// - Schoenfeld, one for an event: x_i - xbar(time_i)
/// - scaled Schoenfeld: Schoenfeld times model variance times number of events, plus b
/// - score U_i = integral of (x_i - xbar(t)) dM_i(t)
/// - dfbeta w_i U_i V with V the model variance: nearly what leaving the row out takes from b
/// - dfbetas: dfbeta over the model's standard errors
///
/// Tied events get Efron's share of the hazard where the fit is Efron's. Fits with exact ties use
/// Breslow's hazard (as R does) and have martingale and deviance residuals only.
/// Sources: Barlow & Prentice, Biometrika 75:65 (1988); Schoenfeld, Biometrika 69:239 (1982);
/// Grambsch & Therneau, Biometrika 81:515 (1994); Therneau & Grambsch, Modeling Survival Data
/// (2000), ch. 3 and 7 for ties.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/stats/cox.hpp"

namespace ombre::inline v0::stats {

/// n = rows, p = columns, d = events. Matrices row by row.
struct CoxResiduals {
  std::vector<double> martingale{};  ///< n
  std::vector<double> deviance{};    ///< n
  // Of events: ascending by stratum, time, row.
  std::vector<std::uint32_t> event_row{};   ///< d
  std::vector<double> event_time{};         ///< d, near-ties joined
  std::vector<double> schoenfeld{};         ///< d x p
  std::vector<double> scaled_schoenfeld{};  ///< d x p; 0 in aliased columns
  std::vector<double> score{};              ///< n x p, without the row's weight
  std::vector<double> dfbeta{};             ///< n x p, with it; 0 in aliased columns
  std::vector<double> dfbetas{};            ///< n x p; 0 in aliased columns
};

/// Cost: O(n p + n p^2 for dfbeta), by prefix sums; no row walks its event times.
/// @param fit  of this data
/// @par Errors size_mismatch (fit of other data)
[[nodiscard]] OMBRE_EXPORT Result<CoxResiduals> cox_residuals(const CoxData& data,
                                                              const CoxFit& fit);

}  // namespace ombre::inline v0::stats
