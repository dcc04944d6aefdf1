#pragma once
/// @file
/// The log-rank test and its family: weights for early or late differences, strata, trend, the
/// exact permutation distribution, and the largest of several weightings.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/progress.hpp"
#include "ombre/core/result.hpp"

namespace ombre::inline v0::stats {

struct LogRank {
  std::vector<std::uint64_t> n;  ///< people in each group
  std::vector<double> observed;  ///< events in each group
  std::vector<double> expected;  ///< events had all groups the same hazard
  /// Chi-square on `df` degrees of freedom and its p value; nothing where no event tells the groups
  /// apart (no events, or always one group alone at risk).
  std::optional<double> chi_square{};
  int df = 0;
  std::optional<double> p{};
};

/// Source: Mantel, Cancer Chemother Rep 50:163 (1966); Peto & Peto, J R Stat Soc A 135:185 (1972);
/// hypergeometric variance at ties.
///
/// @param time   n finite times, in any one unit
/// @param event  n flags: 1 = event at time[i], 0 = right-censored there
/// @param group  n group numbers 0..groups-1
/// @param groups number of groups, 2 or more; a group may be empty
/// Ties: events come before censorings at the same time. Cost: O(n log n + events groups^2).
/// @par Errors empty_input, size_mismatch, not_finite, out_of_range
[[nodiscard]] OMBRE_EXPORT Result<LogRank> log_rank_test(std::span<const double> time,
                                                         std::span<const std::uint8_t> event,
                                                         std::span<const std::uint32_t> group,
                                                         std::size_t groups,
                                                         const Runner& runner = serial());

/// Weight of each event time: S(t-)^rho (1 - S(t-))^gamma, S the Kaplan-Meier curve of all groups
/// together within a stratum. (0, 0) is the log-rank test, (1, 0) Peto & Peto's Wilcoxon, (0, 1)
/// looks for late differences.
/// Source: Harrington & Fleming, Biometrika 69:553 (1982); Fleming & Harrington 1991.
struct RankWeight {
  double rho = 0;
  double gamma = 0;
  friend bool operator==(const RankWeight&, const RankWeight&) = default;
};

/// People in groups, possibly in strata. All spans have n entries, or none where said.
struct GroupedTimes {
  std::span<const double> time;              ///< finite
  std::span<const std::uint8_t> event;       ///< 1 = event, 0 = censored
  std::span<const std::uint32_t> group;      ///< 0..groups-1
  std::size_t groups = 0;                    ///< 1 to 1000; a group may be empty
  std::span<const std::uint32_t> stratum{};  ///< 0..strata-1; none: one stratum
  std::size_t strata = 1;
  std::span<const double> entry{};   ///< at risk over (entry, time]; none: from the start
  std::span<const double> weight{};  ///< >= 0, taken as numbers of people; none: all 1
};

/// One test. Sums over strata.
struct WeightedLogRank {
  RankWeight weight{};
  std::vector<std::uint64_t> n{};    ///< rows in each group
  std::vector<double> observed{};    ///< weighted events in each group
  std::vector<double> expected{};    ///< ... had all groups of a stratum the same hazard
  std::vector<double> covariance{};  ///< of observed - expected: groups x groups, row by row
  /// Nothing where no event tells groups apart.
  std::optional<double> chi_square{};
  int df = 0;  ///< rank of the covariance: one less than the groups that met at an event
  std::optional<double> p{};
};

struct LogRankOptions {
  double tie_tolerance = 1.4901161193847656e-08;  ///< as CurveOptions::tie_tolerance
};

/// Several weightings in one pass over the data.
///
/// Ties: hypergeometric variance. Late entry: risk sets of (entry, time]. Cost: whole days below
/// 65536 without entry and weights are counted, O(n + days groups^2); otherwise O(n log n + events
/// groups^2). Strata of any number. Agreement: R's survdiff (rho only; it knows neither gamma nor
/// late entry nor weights).
/// @par Errors empty_input, size_mismatch, not_finite, out_of_range, contradiction
[[nodiscard]] OMBRE_EXPORT Result<std::vector<WeightedLogRank>> log_rank_family(
    const GroupedTimes& data, std::span<const RankWeight> weights,
    const LogRankOptions& options = {}, const Runner& runner = serial());

/// Trend over groups: sum of score (observed - expected), standardised.
/// Source: Tarone, Biometrika 62:679 (1975).
struct LogRankTrend {
  double z = 0;
  double chi_square = 0;  ///< on 1 degree of freedom
  double p = 0;
};
/// Nothing where the scores do not tell groups with events apart.
/// @par Errors size_mismatch (scores), not_finite
[[nodiscard]] OMBRE_EXPORT Result<std::optional<LogRankTrend>> log_rank_trend(
    const WeightedLogRank& test, std::span<const double> scores);

/// The permutation distribution of observed - expected of group 0 over all ways to hand out the
/// group labels (within strata), the times staying where they are.
struct LogRankPermutation {
  double statistic = 0;  ///< observed - expected of group 0
  double p = 0;          ///< two-sided: share of relabellings at least as far from 0
  bool exact = false;    ///< every relabelling was counted; else `relabellings` random ones were
  double relabellings = 0;
};
struct LogRankPermutationOptions {
  RankWeight weight{};
  std::size_t random_relabellings = 100'000;  ///< where there are too many to count
  std::uint64_t seed = 1;
  double tie_tolerance = 1.4901161193847656e-08;
};
/// Two groups, no late entry, no weights. Exact up to 44 people in one stratum (halves are counted
/// and met in the middle), or while all relabellings of the strata together are at most 5 million.
/// Random ones: p = (1 + as extreme) / (1 + drawn); the draws come from counter-based streams, so
/// that p depends on the seed only.
/// Assumption: censoring does not depend on the group (Heinze, Gnant & Schemper, Biometrics
/// 59:1151 (2003)).
/// @par Errors those of log_rank_family, unsupported (entry, weights, more than two groups),
/// cancelled
[[nodiscard]] OMBRE_EXPORT Result<LogRankPermutation> log_rank_permutation(
    const GroupedTimes& data, const LogRankPermutationOptions& options = {},
    const Progress& progress = {});

/// The largest of several standardised statistics of two groups.
struct MaxCombo {
  std::vector<RankWeight> weights{};
  std::vector<double> z{};            ///< of each weighting; positive: group 0 has more events
  std::vector<double> correlation{};  ///< m x m, row by row
  double largest = 0;                 ///< of |z|
  double p = 0;                       ///< two-sided: P(max |Z| >= largest) under normality
};
/// @param weights  1 to 8 of them; the usual are (0,0), (0,1), (1,0), (1,1)
/// Nothing where a weighting has no variance.
/// Method: the covariances between weightings follow from the same hypergeometric terms (Karrison,
/// Stata J 16:678 (2016)). The normal probability: see normal_outside_box().
/// @par Errors those of log_rank_family, unsupported (not two groups), out_of_range (weights)
[[nodiscard]] OMBRE_EXPORT Result<std::optional<MaxCombo>> max_combo(
    const GroupedTimes& data, std::span<const RankWeight> weights,
    const LogRankOptions& options = {});

/// P(|Z_i| > c for some i) for normal Z of mean 0, variance 1 and the given correlations, which may
/// be singular.
///
/// Method: Z = A X with as many independent X as the correlations have rank. Up to rank 3 the last
/// coordinate is integrated in closed form, the one before between the corners of the polygon it
/// crosses, the first between the corners of the body, by composite Gauss-Legendre rules: relative
/// error below 1e-9, also in the tail, since only positive parts outside are added up. Higher
/// ranks: the tail of a chi distribution averaged over 2^16 directions of a lattice, relative error
/// about 1e-4. In all cases the answer is kept between that of one Z and the sum over all
/// (Bonferroni).
/// @param correlation  m x m, row by row, m from 1 to 8
[[nodiscard]] OMBRE_EXPORT Result<double> normal_outside_box(std::span<const double> correlation,
                                                             std::size_t m, double c);

}  // namespace ombre::inline v0::stats
