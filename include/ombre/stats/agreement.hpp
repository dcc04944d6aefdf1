#pragma once
/// @file
/// How far two measures of the same people agree, and which of many belong together.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"

namespace ombre::inline v0::stats {

/// Agreement of two judgements in k categories.
struct Agreement {
  std::uint64_t n = 0;
  double observed = 0;            ///< share of equal judgements
  double by_chance = 0;           ///< share expected from the margins alone
  std::optional<double> kappa{};  ///< nothing where chance agreement is 1
  std::optional<double> se{};     ///< large-sample standard error of kappa
};

/// Cohen's kappa. Source: Cohen, Educ Psychol Meas 20:37 (1960); standard error of Fleiss, Cohen &
/// Everitt, Psychol Bull 72:323 (1969).
/// @param table  k x k counts, row by row: first judge's category, then the second's
/// @par Errors size_mismatch (not k * k), empty_input (all 0)
[[nodiscard]] OMBRE_EXPORT Result<Agreement> cohen_kappa(std::span<const std::uint64_t> table,
                                                         std::size_t k);

/// Ranks 1..n, ties sharing their mean rank. @par Errors not_finite
[[nodiscard]] OMBRE_EXPORT Result<std::vector<double>> mean_ranks(std::span<const double> values);

/// Pearson's correlation; nothing where one of them does not vary or there are fewer than two
/// values. @par Errors size_mismatch, not_finite
[[nodiscard]] OMBRE_EXPORT Result<std::optional<double>> pearson(std::span<const double> x,
                                                                 std::span<const double> y);

/// Spearman's rank correlation: Pearson's of the mean ranks.
[[nodiscard]] OMBRE_EXPORT Result<std::optional<double>> spearman(std::span<const double> x,
                                                                  std::span<const double> y);

/// Agglomerative clustering.
struct Clustering {
  struct Merge {
    std::size_t first = 0;  ///< below k: an item; else the cluster made by merge number first - k
    std::size_t second = 0;
    double height = 0;  ///< distance at which the two were joined
    std::size_t size = 0;
  };
  std::vector<Merge> merges;       ///< k - 1, by rising height
  std::vector<std::size_t> order;  ///< the items so that clusters lie together

  /// Cluster of each item (0.., numbered in `order`) when joined below `height` only.
  [[nodiscard]] OMBRE_EXPORT std::vector<std::size_t> cut(double height) const;
};

/// Average linkage (UPGMA): the distance of two clusters is the mean distance of their items.
/// Source: Sokal & Michener, Univ Kansas Sci Bull 38:1409 (1958). Ties: the pair with the smallest
/// item numbers first. In `order` the tighter of two joined clusters comes first.
/// @param distance  k x k, symmetric, finite, row by row
/// Cost: O(k^3). @par Errors empty_input, size_mismatch, not_finite, contradiction (not symmetric)
[[nodiscard]] OMBRE_EXPORT Result<Clustering> average_linkage(std::span<const double> distance,
                                                              std::size_t k);

}  // namespace ombre::inline v0::stats
