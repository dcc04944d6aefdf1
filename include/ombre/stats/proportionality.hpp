#pragma once
/// @file
/// Do the coefficients of a Cox fit change with time?

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/progress.hpp"
#include "ombre/core/result.hpp"
#include "ombre/stats/cox.hpp"

namespace ombre::inline v0::stats {

/// g(t) of the alternative b + theta g(t).
enum class TimeTransform : std::uint8_t {
  kaplan_meier,  ///< 1 - S(t-), of all rows together and without weights, as R takes it
  rank,          ///< rank of t among the times of all rows, mean rank at ties
  identity,
  log
};

[[nodiscard]] OMBRE_EXPORT std::string_view name(TimeTransform transform) noexcept;

struct ProportionalityTest {
  /// Chi-square for each term; nothing where all its columns are aliased.
  std::vector<std::optional<double>> chi_square{};
  std::vector<std::size_t> df{};
  std::vector<std::optional<double>> p{};
  double global_chi_square = 0;
  std::size_t global_df = 0;
  double global_p = 1;
};

/// Score test of theta = 0, every b being re-estimated under the alternative to first order.
///
/// For Efron's and Breslow's ties; the model's information, also where the fit is robust.
/// Source: Grambsch & Therneau, Biometrika 81:515 (1994); the exact score form is that of R's
/// survival package from version 3.0 on.
///
/// @param term  p numbers: which term a column belongs to, 0..; empty = each its own
/// Cost: as three iterations of the fit.
/// @return nothing where the transform has no value at some event time (the logarithm at time 0),
/// or no coefficient is estimated
/// @param progress  asked between columns where there are many
/// @par Errors unsupported (exact ties), size_mismatch, cancelled
[[nodiscard]] OMBRE_EXPORT Result<std::optional<ProportionalityTest>> proportionality_test(
    const CoxData& data, const CoxFit& fit, TimeTransform transform,
    std::span<const std::uint32_t> term = {}, const Runner* runner = nullptr,
    const Progress& progress = {});

}  // namespace ombre::inline v0::stats
