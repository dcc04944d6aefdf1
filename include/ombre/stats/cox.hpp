#pragma once
/// @file
/// Cox's proportional hazards model.
///
/// The hazard of row i is lambda_s(t) exp(x_i'b + offset_i), with a baseline lambda_s of its own in
/// each stratum s; b maximises the partial likelihood. At an event time with deaths D, risk set R,
/// r_i = w_i exp(x_i'b + offset_i), d = |D|, w = mean weight of D, it contributes
///
/// - Breslow: sum over D of w_i eta_i, less d w log(sum over R of r)
/// - Efron:   the same first part, less w sum over l = 0..d-1 of
///            log(sum over R of r - l/d sum over D of r)
/// - exact:   the probability that D, of all sets of d rows of R, has the events (no weights)
///
/// Sources: Cox, J R Stat Soc B 34:187 (1972); Breslow, Biometrics 30:89 (1974); Efron, J Am Stat
/// Assoc 72:557 (1977); Gail, Lubin & Rubinstein, Biometrika 68:703 (1981) for the recursion of the
/// exact form; Lin & Wei, J Am Stat Assoc 84:1074 (1989) for robust errors; Binder, Biometrika
/// 79:139 (1992) with weights.
///
/// Risk intervals are (entry, time]. Times closer than R's rule of near-ties allows (1.5e-8
/// absolutely, or of the mean time) count as one time.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/progress.hpp"
#include "ombre/core/result.hpp"

namespace ombre::inline v0::stats {

namespace detail {
struct CoxTable;
}

enum class CoxTies : std::uint8_t { efron, breslow, exact };

[[nodiscard]] OMBRE_EXPORT std::string_view name(CoxTies ties) noexcept;
/// @par Errors unknown_name (lists the names)
[[nodiscard]] OMBRE_EXPORT Result<CoxTies> cox_ties(std::string_view name);

/// n rows. Spans other than time and event may be empty: no such thing.
struct CoxInput {
  std::span<const double> time{};            ///< n, end of the row's risk interval, >= 0
  std::span<const std::uint8_t> event{};     ///< n, 1 = event at time[i], 0 = censored there
  std::span<const double> x{};               ///< n x columns, column by column; finite
  std::size_t columns = 0;                   ///< may be 0: the model without covariates
  std::span<const double> entry{};           ///< n, start of the risk interval, 0 <= entry < time
  std::span<const double> weight{};          ///< n, > 0
  std::span<const double> offset{};          ///< n, finite
  std::span<const std::uint32_t> stratum{};  ///< n, any codes
  std::span<const std::uint32_t> cluster{};  ///< n, codes 0..n-1; rows of one are summed
};

/// Checked, sorted and centred rows, shared by every question about one model. A cheap handle:
/// copies share the rows. It does not keep the spans it was made of.
class OMBRE_EXPORT CoxData {
 public:
  /// Cost: O(n p) with radix sorts, one copy of x (two with entry times), and while it is made four
  /// numbers a row more.
  /// @param runner  nothing = serial; the answer is the same, to the last bit
  /// @par Errors empty_input, size_mismatch, not_finite, out_of_range (negative time, event other
  /// than 0 and 1, entry at or after time, weight not above 0, cluster code), too_large (n of 2^31
  /// and more, more than 5000 columns); each names field, row and value, x as `x[column]`
  [[nodiscard]] static Result<CoxData> from(const CoxInput& input, const Runner* runner = nullptr);

  [[nodiscard]] std::size_t rows() const noexcept;
  [[nodiscard]] std::size_t columns() const noexcept;
  [[nodiscard]] std::size_t events() const noexcept;
  [[nodiscard]] std::size_t strata() const noexcept;
  /// Strata codes in ascending order; results that go by stratum follow it.
  [[nodiscard]] std::span<const std::uint32_t> stratum_codes() const noexcept;
  /// Strata (positions in stratum_codes) in which nobody has an event.
  [[nodiscard]] std::vector<std::size_t> strata_without_events() const;
  [[nodiscard]] const detail::CoxTable& table() const noexcept { return *table_; }

 private:
  explicit CoxData(std::shared_ptr<const detail::CoxTable> table) : table_{std::move(table)} {}
  std::shared_ptr<const detail::CoxTable> table_;
};

/// What became of one coefficient.
enum class CoxCoefficient : std::uint8_t {
  estimated,
  aliased,  ///< constant in every risk set, or a combination of columns before it: not in the model
  infinite  ///< the likelihood grows for ever along it (separation); `coef` is where we stopped
};

enum class CoxStatus : std::uint8_t {
  converged,
  infinite_coefficient,  ///< the log-likelihood has reached its limit, some coefficients have none
  iteration_limit
};

/// x[column] = constant + sum of factor * x[of], within every risk set.
struct CoxAlias {
  std::size_t column = 0;
  std::vector<std::pair<std::size_t, double>> combination{};  ///< (of, factor); empty = constant
};

struct CoxFitOptions {
  CoxTies ties = CoxTies::efron;
  /// Sandwich variance over rows, or over clusters where the input has them.
  bool robust = false;
  int max_iterations = 100;
  Progress progress{};
  const Runner* runner = nullptr;  ///< nothing = serial; the answer is the same, to the last bit
};

/// A fit. Vectors have p = columns entries, matrices p x p, row by row (symmetric).
struct CoxFit {
  CoxTies ties = CoxTies::efron;
  CoxStatus status = CoxStatus::converged;
  int iterations = 0;
  std::size_t n = 0;
  std::size_t events = 0;
  std::vector<double> coef{};  ///< 0 where aliased
  std::vector<CoxCoefficient> kind{};
  std::vector<CoxAlias> aliases{};  ///< why a column is aliased
  bool robust = false;
  std::vector<double> variance{};        ///< of coef; robust where asked. Rows of an aliased column
                                         ///< are 0, those of an infinite one mean nothing
  std::vector<double> model_variance{};  ///< inverse information
  std::vector<double> means{};           ///< as R reports them: weighted (plain with entry times),
                                         ///< 0 for columns of -1, 0 and 1
  double loglik_null = 0;                ///< at b = 0
  double loglik = 0;
  double likelihood_ratio_test = 0;           ///< 2 (loglik - loglik_null); chi-square on df
  double score_test = 0;                      ///< Rao's at b = 0
  std::optional<double> wald_test{};          ///< none where a coefficient is infinite, or robust
                                              ///< errors come of no more clusters than df
  std::optional<double> robust_score_test{};  ///< with the offset, unlike R's
  std::size_t df = 0;                         ///< coefficients that are not aliased
  std::vector<double> linear_predictor{};     ///< n, in input order: (x - means)'b + offset
};

/// Fits by Newton's method with step halving until the next step would not change b by more than
/// about 1e-12 standard errors.
///
/// Collinearity: a column whose information given those before it is below 1.8e-12 of its own sum
/// of squares is aliased and named with the combination it equals. Separation: where the
/// log-likelihood has settled and steps do not shrink, the coefficients that still walk are named
/// infinite. Neither is an error.
///
/// Cost: an iteration is O(n p^2) in two passes over x, the second part of it a matrix product;
/// robust errors O(n p). Exact ties: O(n d p^2) for each event time with d events.
/// Accuracy: against R at tight settings 1e-9 relative where the information matrix has a condition
/// number below 1e9. Threads: with a Runner; sums are taken in fixed pieces.
/// @par Errors unsupported (exact ties with weights or robust errors), too_large (exact ties of
/// more than 5000 events at one time), cancelled
[[nodiscard]] OMBRE_EXPORT Result<CoxFit> cox_fit(const CoxData& data,
                                                  const CoxFitOptions& options = {});

/// exp(b) and its interval; an infinite coefficient has the estimate 0 or infinity and the whole
/// half-line as its interval. Nothing where aliased.
struct HazardRatio {
  double estimate = 1;
  double lower = 0;
  double upper = 0;
  double z = 0;  ///< b / se; 0 where infinite
  double p = 1;  ///< two-sided Wald
  bool infinite = false;
};

/// @param level  of the interval, in (0, 1)
[[nodiscard]] OMBRE_EXPORT std::vector<std::optional<HazardRatio>> hazard_ratios(
    const CoxFit& fit, double level = 0.95);

/// Upper tail of chi-square on df degrees of freedom; 1 for df = 0.
[[nodiscard]] OMBRE_EXPORT double chi_square_upper_tail(double chi_square, std::size_t df);

}  // namespace ombre::inline v0::stats
