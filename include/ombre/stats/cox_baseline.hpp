#pragma once
/// @file
/// Baseline hazard of a Cox fit and curves for given covariates.

#include <cstddef>
#include <span>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/stats/cox.hpp"

namespace ombre::inline v0::stats {

/// The curve of one stratum at every distinct time of its rows, ends of censored ones included.
struct CoxCurve {
  std::size_t stratum = 0;     ///< position in CoxData::stratum_codes
  std::vector<double> time{};  ///< ascending
  std::vector<double> cumulative_hazard{};
  std::vector<double> survival{};   ///< exp(-cumulative_hazard)
  std::vector<double> std_error{};  ///< of the cumulative hazard, b being estimated too
};

/// Curves for a person with covariates x and an offset, one for each stratum.
///
/// Breslow's estimator for Breslow and exact ties, Efron's for Efron's. With xbar the mean over the
/// risk set and V the fit's variance (the robust one where the fit has it), the variance is
/// e^2 (sum of squares of hazard terms + q' V q), q = integral of (x - xbar(t)) dH(t), e =
/// exp(x'b). An infinite coefficient counts with the value where the fit stopped. Source: Tsiatis,
/// Ann Stat 9:93 (1981); Therneau & Grambsch (2000), section 10.2.
///
/// @param x  p numbers; an empty span = all 0
/// Cost: O(n p + times p^2).
/// @par Errors size_mismatch, not_finite
[[nodiscard]] OMBRE_EXPORT Result<std::vector<CoxCurve>> cox_curves(const CoxData& data,
                                                                    const CoxFit& fit,
                                                                    std::span<const double> x = {},
                                                                    double offset = 0);

}  // namespace ombre::inline v0::stats
