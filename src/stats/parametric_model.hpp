#pragma once
// The likelihood of all rows, and the columns of the covariates made fit for a search.

#include <Eigen/Dense>
#include <utility>
#include <vector>

#include "ombre/stats/parametric_survival.hpp"
#include "stats/parametric_rows.hpp"

namespace ombre::inline v0::stats::detail {

// Centred, orthogonal columns of unit variance that span those of x that are not aliased.
struct ModelColumns {
  Eigen::MatrixXd z;              // rows x rank
  std::vector<std::size_t> used;  // columns of x behind them, ascending
  Eigen::VectorXd mean;           // of the used columns
  Eigen::VectorXd spread;         // their weighted standard deviations
  Eigen::MatrixXd triangle;       // scaled centred used column = z * triangle
  std::vector<ParametricAlias> aliases;
};
ModelColumns model_columns(const ParametricInput& input, const ModelRows& rows);

// Parameters that are searched: intercept, rank slopes, then log scale and shape where free.
struct ModelPoint {
  double intercept = 0;
  Eigen::VectorXd slope;
  double log_scale = 0;
  double shape = 0;
};

struct Evaluation {
  double loglik = 0;  // -infinity where a row's likelihood is 0 or not a number
  Eigen::VectorXd gradient;
  Eigen::MatrixXd information;  // minus the Hessian
};

// All derivatives, in the order intercept, slopes, log scale if the family has one, shape if it
// has.
Evaluation evaluate(const ModelRows& rows, const Eigen::MatrixXd& z, const ModelPoint& point);

}  // namespace ombre::inline v0::stats::detail
