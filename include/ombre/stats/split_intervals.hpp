#pragma once
/// @file
/// Cuts risk intervals at given times, so that covariates and strata may change there.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"

namespace ombre::inline v0::stats {

/// m rows, those of one input row together and in order of time.
struct SplitIntervals {
  std::vector<std::uint32_t> row{};      ///< input row each comes from
  std::vector<std::uint32_t> episode{};  ///< cuts at or before the interval: 0, 1 ... cuts
  std::vector<double> entry{};
  std::vector<double> time{};
  std::vector<std::uint8_t> event{};  ///< of the last piece of a row; 0 in pieces before it
};

/// Each (entry, time] becomes the pieces between the cuts that lie strictly inside it. A model
/// whose covariates are the same in all pieces of a row has the fit of the whole rows; one whose
/// covariates are made from `episode` or `time` has coefficients that change with time.
///
/// @param entry  n, or empty: 0 for all
/// @param cuts   any order; repeats are one
/// Cost: O(m + cuts log cuts). Same as survSplit of R's survival package.
/// @par Errors empty_input, size_mismatch, not_finite, out_of_range (entry at or after time),
/// too_large (more than 2^31 pieces)
[[nodiscard]] OMBRE_EXPORT Result<SplitIntervals> split_intervals(
    std::span<const double> time, std::span<const std::uint8_t> event,
    std::span<const double> entry, std::span<const double> cuts);

}  // namespace ombre::inline v0::stats
