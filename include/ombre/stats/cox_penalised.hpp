#pragma once
/// @file
/// Cox models with a penalty: Firth's correction, and ridge, lasso and elastic-net paths.

#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/progress.hpp"
#include "ombre/core/result.hpp"
#include "ombre/stats/cox.hpp"

namespace ombre::inline v0::stats {

struct CoxFirthOptions {
  CoxTies ties = CoxTies::efron;  ///< efron or breslow
  /// Level of profile likelihood intervals; nothing = neither they nor tests are computed.
  std::optional<double> level = 0.95;
  int max_iterations = 500;
  Progress progress{};
};

/// p = columns; matrices p x p row by row.
struct CoxFirthFit {
  std::vector<double> coef{};  ///< 0 where aliased
  std::vector<CoxCoefficient> kind{};
  std::vector<double> variance{};  ///< inverse information at coef
  /// Profile penalised likelihood interval of a coefficient; an end that was not found is empty.
  std::vector<std::pair<std::optional<double>, std::optional<double>>> interval{};
  /// Twice the fall of the penalised log-likelihood where a coefficient is held at 0 and the others
  /// make up for it, chi-square on 1 degree of freedom; empty without `level`, where aliased and
  /// where the search did not end.
  std::vector<std::optional<double>> chi_square{};
  double penalised_loglik_null = 0;
  double penalised_loglik = 0;
  double likelihood_ratio_test = 0;  ///< of b = 0, chi-square on df
  std::size_t df = 0;
  int iterations = 0;
  bool converged = false;
};

/// Maximises log L(b) + log |I(b)| / 2. The estimate is finite also where groups are separated, and
/// its bias is of smaller order.
///
/// Sources: Firth, Biometrika 80:27 (1993); Heinze & Schemper, Biometrics 57:114 (2001), who use
/// Breslow's ties; the same correction of Efron's likelihood is offered here.
/// Cost: an iteration is O(n p^2); intervals take some dozens of fits each.
/// @par Errors unsupported (exact ties), out_of_range (level), cancelled
[[nodiscard]] OMBRE_EXPORT Result<CoxFirthFit> cox_firth(const CoxData& data,
                                                         const CoxFirthOptions& options = {});

struct CoxPathOptions {
  CoxTies ties = CoxTies::efron;  ///< efron or breslow
  double alpha = 1;               ///< 1 = lasso, 0 = ridge, between = elastic net
  /// Penalties, in any order; empty: `count` from the smallest that keeps all coefficients at 0
  /// (for alpha below 0.001: of 0.001) down to `smallest` of it, evenly on a log scale.
  std::vector<double> lambda{};
  std::size_t count = 100;
  double smallest = 0;            ///< 0 = 1e-4 where rows outnumber columns, else 0.01
  std::vector<double> penalty{};  ///< factor for each column, >= 0; empty = 1; 0 = not penalised
  int max_iterations = 200;       ///< for each lambda
  Progress progress{};
  const Runner* runner = nullptr;
};

struct CoxPathPoint {
  double lambda = 0;
  std::vector<double> coef{};  ///< p, in units of x
  std::size_t nonzero = 0;
  double loglik = 0;     ///< without the penalty
  double objective = 0;  ///< what is minimised
  bool converged = false;
  /// There is no minimum: groups are separated and nothing holds their coefficients back. What
  /// stands here is where the search gave up.
  bool runs_off = false;
};

struct CoxPath {
  std::vector<CoxPathPoint> points{};  ///< by descending lambda
  std::vector<double> scale{};         ///< p weighted standard deviations of columns
};

/// Minimises, with W the sum of weights, sd_j the weighted standard deviation of column j (divided
/// by W) and v_j its factor,
///
///   -log L(b) / W + lambda sum v_j (alpha |sd_j b_j| + (1 - alpha) / 2 (sd_j b_j)^2)
///
/// by Newton steps whose quadratic model is minimised by cyclic coordinate descent, warm from each
/// lambda to the next. A constant column stays at 0.
/// Sources: Tibshirani, Stat Med 16:385 (1997); Simon, Friedman, Hastie & Tibshirani, J Stat Softw
/// 39(5) (2011), whose objective is twice ours in its first part.
/// Cost: an outer step O(n p^2), a sweep O(p^2).
/// @par Errors unsupported (exact ties), out_of_range (alpha, lambda, smallest, count, penalty),
/// size_mismatch, cancelled
[[nodiscard]] OMBRE_EXPORT Result<CoxPath> cox_path(const CoxData& data,
                                                    const CoxPathOptions& options = {});

}  // namespace ombre::inline v0::stats
