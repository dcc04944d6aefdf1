#pragma once
/// @file
/// A cohort's table: each endpoint in each arm of a trial, the arms against each other, and how far
/// the definitions agree among themselves.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/progress.hpp"
#include "ombre/core/result.hpp"
#include "ombre/outcomes/endpoint_plan.hpp"
#include "ombre/outcomes/imputation.hpp"
#include "ombre/stats/agreement.hpp"
#include "ombre/stats/effect_size.hpp"
#include "ombre/stats/log_rank.hpp"
#include "ombre/stats/proportion.hpp"
#include "ombre/stats/rank_test.hpp"
#include "ombre/stats/rubin.hpp"

namespace ombre::inline v0::outcomes {

/// One endpoint in one arm.
struct ArmResult {
  std::size_t arm = 0;
  std::uint64_t people = 0;         ///< with a value
  std::uint64_t without_value = 0;  ///< without one, or whose word could not be read
  /// yes_no: how many yes; time_event: how many events.
  std::optional<stats::Proportion> events{};
  std::optional<stats::Interval> wilson{};
  std::optional<stats::Interval> exact{};  ///< Clopper-Pearson
  /// count, share, score: the mean with its t interval.
  std::optional<stats::MeanEstimate> mean{};
  /// time_event: periods of follow-up in all, events and censored people together.
  std::optional<double> total_time{};
  /// With a plan compiled for honesty: the share or mean had every missed visit turned out worst
  /// (best), and the share of the weeks looked at that were missed.
  std::optional<double> worst{};
  std::optional<double> best{};
  std::optional<double> missed_share{};
  /// The share or mean over multiply imputed words, where add_imputations() was asked for it.
  std::optional<stats::Pooled> imputed{};
};

/// One arm against the reference arm; differences are arm minus reference.
struct ArmContrast {
  std::size_t arm = 0;
  std::size_t reference = 0;
  // yes_no
  std::optional<double> difference{};                    ///< of shares, or of means
  std::optional<stats::Interval> difference_interval{};  ///< Newcombe's; for means Welch's
  std::optional<stats::Estimate> ratio{};                ///< of shares; none where one is 0
  std::optional<stats::FisherExact> fisher{};
  // count, share, score
  std::optional<stats::MeanDifference> means{};
  std::optional<stats::RankTest> ranks{};
  // time_event
  std::optional<stats::LogRank> log_rank{};  ///< group 0 = arm, 1 = reference
  /// The difference over multiply imputed words.
  std::optional<stats::Pooled> imputed_difference{};
};

struct EndpointComparison {
  std::string id;
  ResultType type = ResultType::yes_no;
  Better better = Better::higher;
  std::vector<ArmResult> arms;         ///< one for each arm, in order
  std::vector<ArmContrast> contrasts;  ///< one for each arm but the reference
};

struct ArmOptions {
  std::size_t reference = 0;  ///< the arm others are compared with
  double level = 0.95;
};

/// Compares arms endpoint by endpoint.
///
/// @param plan,table  endpoints and their results; honesty is used where there is one
/// @param arm         arm of each row, 0..arms-1; a larger number leaves the row out
/// @param usable      1 for rows whose word could be read; empty = all
/// Cost: O(n log n) an endpoint. Threads: endpoints through `runner`.
/// @par Errors size_mismatch, out_of_range (arms, reference, level)
[[nodiscard]] OMBRE_EXPORT Result<std::vector<EndpointComparison>> compare_arms(
    const EndpointPlan& plan, const EndpointTable& table, std::span<const std::uint32_t> arm,
    std::size_t arms, std::span<const std::uint8_t> usable = {}, const ArmOptions& options = {},
    const Runner& runner = serial());

/// Fills the words as often as the imputer says, evaluates the whole plan on each completion, and
/// pools shares and means (and their differences) into `comparisons`. Times with event and
/// definitions about attendance are left as they are.
/// @param comparisons  from compare_arms() with the same plan, arms and options
/// @par Errors size_mismatch
OMBRE_EXPORT Result<void> add_imputations(std::vector<EndpointComparison>& comparisons,
                                          const EndpointPlan& plan, const WordColumns& words,
                                          const WordImputer& imputer,
                                          std::span<const std::uint32_t> arm, std::size_t arms,
                                          std::span<const std::uint8_t> usable = {},
                                          const ArmOptions& options = {},
                                          const Runner& runner = serial());

/// How the definitions agree with each other. Matrices are k x k, row by row.
///
/// Every result is turned so that higher is better for the person. Agreement and kappa are of the
/// good-or-bad part: yes/no results, and for times whether the event stayed away. The correlation
/// is Spearman's of all results; a censored time ranks above an event at the same time.
struct EndpointAgreement {
  std::vector<std::string> ids;
  std::vector<std::uint64_t> n;                    ///< people with both values
  std::vector<std::optional<double>> agreement;    ///< share of equal answers
  std::vector<std::optional<double>> kappa;        ///< nothing where chance agreement is 1
  std::vector<std::optional<double>> correlation;  ///< nothing where one does not vary
  /// Average linkage on the distance 1 - correlation (1 where there is none).
  stats::Clustering clusters;
  [[nodiscard]] std::size_t at(std::size_t row, std::size_t column) const noexcept {
    return row * ids.size() + column;
  }
};

/// Cost: O(k n log n + k^2 n), and O(k^2 n log n) where many have no value. Threads: pairs through
/// `runner`. @par Errors size_mismatch
[[nodiscard]] OMBRE_EXPORT Result<EndpointAgreement> endpoint_agreement(
    const EndpointPlan& plan, const EndpointTable& table, std::span<const std::uint8_t> usable = {},
    const Runner& runner = serial());

}  // namespace ombre::inline v0::outcomes
