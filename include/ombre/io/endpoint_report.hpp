#pragma once
/// @file
/// Tables and figures of arms and of agreement between endpoints.

#include <span>
#include <string>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/outcomes/arms.hpp"

namespace ombre::inline v0::io {

/// One row for each endpoint and arm; columns that compare are empty for the reference arm.
///
/// `endpoint,type,arm,people,without_value,events,estimate,low,high,exact_low,exact_high,sd,
/// total_time,worst,best,missed_share,reference,difference,difference_low,difference_high,ratio,
/// ratio_low,ratio_high,odds_ratio,odds_ratio_low,odds_ratio_high,test,p,chance_higher,
/// median_difference,imputed,imputed_low,imputed_high,missing_information,imputed_difference,
/// imputed_difference_low,imputed_difference_high`
///
/// `estimate` is the share of yes (of events) with Wilson's interval, or the mean with its t
/// interval; `exact_*` is Clopper-Pearson. `test` is fisher, wilcoxon or log_rank.
[[nodiscard]] OMBRE_EXPORT Result<std::string> arm_table_csv(
    std::span<const outcomes::EndpointComparison> comparisons, std::span<const std::string> arms);

/// One row for each endpoint, for people: every arm as estimate (interval), then the differences.
/// @param markdown  a Markdown table; otherwise aligned for a terminal
[[nodiscard]] OMBRE_EXPORT std::string arm_table_text(
    std::span<const outcomes::EndpointComparison> comparisons, std::span<const std::string> arms,
    bool markdown);

/// `first,second,people,agreement,kappa,correlation,first_cluster,second_cluster`, one row for each
/// pair; clusters are joined below a distance of 0.5 (a correlation above 0.5 on average).
[[nodiscard]] OMBRE_EXPORT Result<std::string> agreement_csv(
    const outcomes::EndpointAgreement& agreement);

/// A heat map of the correlations as SVG, definitions that belong together side by side.
[[nodiscard]] OMBRE_EXPORT std::string agreement_svg(const outcomes::EndpointAgreement& agreement);

}  // namespace ombre::inline v0::io
