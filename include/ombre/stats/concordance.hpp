#pragma once
/// @file
/// Concordance of a score with the order of events (Harrell's C and its standard error).

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/stats/cox.hpp"

namespace ombre::inline v0::stats {

/// Pairs of rows, each counted with the product of its weights.
struct Concordance {
  double concordant = 0;
  double discordant = 0;
  double tied_score = 0;  ///< comparable pairs of equal score
  double tied_time = 0;   ///< both have the event at one time, scores differ
  double tied_both = 0;
  /// (concordant + tied_score / 2) / comparable pairs; nothing without a comparable pair.
  std::optional<double> c{};
  std::optional<double> std_error{};  ///< infinitesimal jackknife over rows, or clusters
};

struct ConcordanceInput {
  std::span<const double> time{};
  std::span<const std::uint8_t> event{};
  std::span<const double> score{};  ///< a higher score should mean an earlier event
  std::span<const double> entry{};
  std::span<const double> weight{};
  std::span<const std::uint32_t> stratum{};  ///< only pairs of one stratum count
  std::span<const std::uint32_t> cluster{};  ///< codes 0..n-1
};

/// A pair is comparable when one has the event while the other is at risk and goes on: later time,
/// or censored at that time. Times and scores are compared as they are, bit by bit.
/// Source: Harrell, Lee & Mark, Stat Med 15:361 (1996); definition of pairs and variance as R's
/// concordance(). Cost: O(n log n): by halving the ranks of scores, or with weights by Fenwick
/// trees over them. @param runner  nothing = serial; the answer is the same, to the last bit
/// @par Errors empty_input, size_mismatch, not_finite, out_of_range (cluster, event, weight)
[[nodiscard]] OMBRE_EXPORT Result<Concordance> concordance(const ConcordanceInput& input,
                                                           const Runner* runner = nullptr);

/// The same of a Cox fit: its linear predictor as score, with the model's strata, weights, entry
/// times and clusters, near-ties of times joined.
/// @par Errors size_mismatch (fit of other data)
[[nodiscard]] OMBRE_EXPORT Result<Concordance> concordance(const CoxData& data, const CoxFit& fit,
                                                           const Runner* runner = nullptr);

}  // namespace ombre::inline v0::stats
