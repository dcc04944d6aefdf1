#pragma once
/// @file
/// Pooling of estimates from multiply imputed data.

#include <cstdint>
#include <optional>
#include <span>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"

namespace ombre::inline v0::stats {

/// One estimate from m completed data sets.
struct Pooled {
  double estimate = 0;  ///< mean of the m estimates
  double within = 0;    ///< mean of the m variances
  double between = 0;   ///< variance of the m estimates, with m - 1
  double total = 0;     ///< within + (1 + 1/m) between
  double se = 0;        ///< square root of total
  /// Degrees of freedom; nothing where they are infinite (nothing missing, complete data infinite).
  std::optional<double> df{};
  double low = 0;  ///< t interval; normal where df is infinite
  double high = 0;
  /// Share of the variance due to the missing data: (1 + 1/m) between / total.
  double lambda = 0;
  /// Fraction of missing information, (r + 2 / (df + 3)) / (r + 1), r being the relative increase
  /// in variance.
  double missing_information = 0;
};

/// Rubin's rules with the small-sample degrees of freedom of Barnard and Rubin.
///
/// Sources: Rubin, Multiple Imputation for Nonresponse in Surveys (1987), sections 3.1 and 3.3;
/// Barnard & Rubin, Biometrika 86:948 (1999).
///
/// @param estimates   m finite estimates, m >= 2
/// @param variances   m squared standard errors >= 0
/// @param complete_df degrees of freedom the estimate would have with complete data; nothing for
///                    infinite
/// @par Errors empty_input (m < 2), size_mismatch, not_finite, out_of_range
[[nodiscard]] OMBRE_EXPORT Result<Pooled> pool_rubin(std::span<const double> estimates,
                                                     std::span<const double> variances,
                                                     std::optional<double> complete_df = {},
                                                     double level = 0.95);

/// Rubin's rules for a share of people, with an interval that stays within 0 and 1: Wilson's, with
/// the sample worth as much less as the missing data take away. Where nothing was missing it is
/// Wilson's interval itself.
///
/// Source: Lott & Reiter, "Wilson confidence intervals for binomial proportions with multiple
/// imputation for missing data", The American Statistician 74:109 (2020).
///
/// @param shares m shares of the same people, each 0..1, m >= 2
/// @param people how many, >= 1
/// @par Errors empty_input (m < 2), not_finite, out_of_range
[[nodiscard]] OMBRE_EXPORT Result<Pooled> pool_share(std::span<const double> shares,
                                                     std::uint64_t people, double level = 0.95);

/// Rubin's rules for the difference of two shares, with the interval put together from those of
/// pool_share() as Newcombe's is from Wilson's; it stays within -1 and 1.
///
/// Source: Newcombe, Statistics in Medicine 17:873 (1998), method 10, on the intervals above.
/// @par Errors as pool_share, and size_mismatch
[[nodiscard]] OMBRE_EXPORT Result<Pooled> pool_share_difference(std::span<const double> shares,
                                                                std::uint64_t people,
                                                                std::span<const double> reference,
                                                                std::uint64_t reference_people,
                                                                double level = 0.95);

}  // namespace ombre::inline v0::stats
