#pragma once
/// @file
/// Resampling: bootstrap, jackknife and permutation tests, of people or of clusters of rows.
///
/// Replicate r under a seed is a pure function of (seed, r): the answer does not depend on threads,
/// on their order or on how many replicates are asked for (a longer run begins with the shorter
/// one). Random numbers: stream r of RandomStream, each 64-bit number giving two 32-bit words, the
/// low half first. A word w chooses among m by the high half of w m; words whose low half is below
/// 2^32 mod m are passed over, so that none is favoured (Lemire, ACM Trans Model Comput Simul 29:3
/// (2019)).
///
/// Sources: Efron, Ann Stat 7:1 (1979); Efron & Tibshirani, An Introduction to the Bootstrap
/// (1993); Davison & Hinkley, Bootstrap Methods and their Application (1997), whose rules R's
/// package boot follows; permutation: Phipson & Smyth, Stat Appl Genet Mol Biol 9:39 (2010).

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/progress.hpp"
#include "ombre/core/random.hpp"
#include "ombre/core/result.hpp"
#include "ombre/stats/proportion.hpp"

namespace ombre::inline v0::stats {

namespace detail {
struct DesignTable;
}

/// What is drawn: rows, or clusters of rows that stay together, each stratum keeping its number of
/// them. A cheap handle; it does not keep the spans it was made of.
class OMBRE_EXPORT ResampleDesign {
 public:
  /// @param rows     number of rows, 1 to 2^31 - 1
  /// @param cluster  n codes, any; rows of one code are drawn together. Empty: every row for itself
  /// @param stratum  n codes, any; units are drawn within their stratum. Empty: one stratum
  /// Units are numbered in order of first appearance, strata too. Cost: O(n).
  /// @par Errors empty_input, too_large, size_mismatch, contradiction (a cluster in two strata;
  /// names the row)
  [[nodiscard]] static Result<ResampleDesign> from(std::size_t rows,
                                                   std::span<const std::uint32_t> cluster = {},
                                                   std::span<const std::uint32_t> stratum = {});

  [[nodiscard]] std::size_t rows() const noexcept;
  /// Rows or clusters.
  [[nodiscard]] std::size_t units() const noexcept;
  [[nodiscard]] std::size_t strata() const noexcept;
  /// Unit of each row.
  [[nodiscard]] std::span<const std::uint32_t> unit_of() const noexcept;
  /// Stratum of each unit.
  [[nodiscard]] std::span<const std::uint32_t> stratum_of() const noexcept;
  [[nodiscard]] const detail::DesignTable& table() const noexcept { return *table_; }

 private:
  explicit ResampleDesign(std::shared_ptr<const detail::DesignTable> table)
      : table_{std::move(table)} {}
  std::shared_ptr<const detail::DesignTable> table_;
};

/// How often replicate `replicate` of a bootstrap draws each row. The counts of a cluster's rows
/// are equal, and within a stratum the counts of its units add to their number.
[[nodiscard]] OMBRE_EXPORT std::vector<std::uint32_t> bootstrap_counts(const ResampleDesign& design,
                                                                       Seed seed,
                                                                       std::uint64_t replicate);

/// A statistic of a resampled table. `times[i]` says how often row i is in the sample (0 = not).
/// It fills `out`, which begins empty; what it leaves empty has no answer in this sample. It may be
/// called from several threads at once and must not throw.
using CountedStatistic =
    std::function<void(std::span<const std::uint32_t> times, std::span<std::optional<double>> out)>;

struct ResampleOptions {
  Seed seed{};
  std::size_t replicates = 1000;  ///< 1 to 2 x 10^7 in all outputs together
  Progress progress{};
  const Runner* runner = nullptr;  ///< nothing = serial; the answer is the same, to the last bit
};

/// The statistic of the table itself and of every replicate.
struct Replicates {
  std::vector<std::optional<double>> observed{};            ///< one per output
  std::vector<std::vector<std::optional<double>>> value{};  ///< value[output][replicate]
};

/// @param outputs  how many numbers the statistic gives, 1 or more
/// Cost: (1 + replicates) calls, and O(n) for each draw.
/// @par Errors out_of_range (outputs or replicates 0), too_large, not_finite (the statistic gave
/// NaN or infinity; names the replicate), cancelled
[[nodiscard]] OMBRE_EXPORT Result<Replicates> bootstrap(const ResampleDesign& design,
                                                        std::size_t outputs,
                                                        const CountedStatistic& statistic,
                                                        const ResampleOptions& options = {});

/// Leave one out: `value[output][unit]` is the statistic without that unit.
struct Jackknife {
  std::vector<std::optional<double>> observed{};
  std::vector<std::vector<std::optional<double>>> value{};
  std::vector<std::uint32_t> stratum{};  ///< of each unit
  std::size_t strata = 1;
};

/// Delete-one jackknife over rows, or over clusters. Cost: 1 + units calls.
/// `options.seed` and `options.replicates` are not used.
/// @par Errors as bootstrap(), and too_large above 2 x 10^7 values
[[nodiscard]] OMBRE_EXPORT Result<Jackknife> jackknife(const ResampleDesign& design,
                                                       std::size_t outputs,
                                                       const CountedStatistic& statistic,
                                                       const ResampleOptions& options = {});

/// What a jackknife says about one output. With l_j = (n_h - 1) (mean of stratum h - value without
/// j), the influence of unit j:
///   standard error^2 = sum over strata of (n_h - 1) / n_h sum (value - mean_h)^2
///   bias             = sum over strata of (n_h - 1) (mean_h - observed)
///   acceleration     = sum over strata of n_h^-3 sum l^3 / (6 (sum of n_h^-2 sum l^2)^1.5)
/// Source: Davison & Hinkley (1997) sections 2.7.3, 3.2.1 and 5.3.2; Efron & Tibshirani
/// (1993) 14.3. Everything is empty where the statistic has no answer for the table or without some
/// unit, or a stratum has a single unit; the acceleration is empty where all influences are 0.
struct JackknifeSummary {
  std::optional<double> standard_error{};
  std::optional<double> bias{};
  std::optional<double> acceleration{};
  std::size_t without_answer = 0;  ///< units without which there is no answer
};

/// @param output  which output of the statistic
/// @par Errors out_of_range (output)
[[nodiscard]] OMBRE_EXPORT Result<JackknifeSummary> jackknife_summary(const Jackknife& jackknife,
                                                                      std::size_t output = 0);

enum class BootstrapInterval : std::uint8_t {
  percentile,  ///< quantiles of the replicates
  basic,       ///< twice the estimate less the quantiles from the other side
  normal,      ///< estimate less bootstrap bias, plus and minus z standard errors
  bca          ///< percentiles corrected for bias and acceleration: Efron, JASA 82:171 (1987)
};

[[nodiscard]] OMBRE_EXPORT std::string_view name(BootstrapInterval method) noexcept;
/// @par Errors unknown_name (lists the names)
[[nodiscard]] OMBRE_EXPORT Result<BootstrapInterval> bootstrap_interval_method(
    std::string_view name);

/// What a replicate without an answer means.
enum class NoAnswer : std::uint8_t {
  leave_out,  ///< nothing is known of it: the others speak alone, and their number is said
  above_all   ///< it lies beyond everything seen, as a median that is not reached
};

struct IntervalRequest {
  BootstrapInterval method = BootstrapInterval::percentile;
  double level = 0.95;  ///< in (0, 1)
  NoAnswer no_answer = NoAnswer::leave_out;
  /// For bca, from jackknife_summary() or an influence function. 0 makes the "BC" interval.
  double acceleration = 0;
};

/// One output of a bootstrap in numbers.
struct BootstrapSummary {
  std::optional<double> estimate{};  ///< of the table itself
  /// Mean of the replicates less the estimate, and their standard deviation (divisor m - 1). Empty
  /// where fewer than two replicates have an answer, or some have none and `above_all` was asked.
  std::optional<double> bias{};
  std::optional<double> standard_error{};
  /// Ends of the interval. Empty: not known, or beyond everything (`above_all`).
  std::optional<double> low{};
  std::optional<double> high{};
  std::size_t replicates = 0;
  std::size_t without_answer = 0;
  std::optional<double> z0{};  ///< bias correction of bca
  /// An end had to be the smallest or largest replicate: more replicates are needed for this level.
  bool extreme_order_statistic = false;
};

/// Quantile alpha of m replicates: the (m + 1) alpha-th in order, between two of them by
/// interpolation on the normal scale (Davison & Hinkley, equation 5.8; as R's boot.ci).
///
/// bca: z0 counts replicates below the estimate, and half of those equal to it (R counts none of
/// them, which moves the whole interval where the statistic is discrete, as a median in days).
/// Cost: O(m log m).
/// @par Errors empty_input (no replicates), out_of_range (level, acceleration not finite)
[[nodiscard]] OMBRE_EXPORT Result<BootstrapSummary> bootstrap_summary(
    std::optional<double> estimate, std::span<const std::optional<double>> replicates,
    const IntervalRequest& request = {});

// ---- survival curves -------------------------------------------------------------------------

/// Right-censored, possibly late-entering rows for bootstrap_survival().
struct ResampledTimes {
  std::span<const double> time{};         ///< n, finite, >= 0
  std::span<const std::uint8_t> event{};  ///< n, 1 = event at time[i], 0 = censored there
  std::span<const double> entry{};        ///< n, at risk over (entry, time]; empty: from the start
  std::span<const double> weight{};       ///< n, >= 0; empty: all 1
};

/// What is asked of each Kaplan-Meier curve, in the order of the outputs.
struct SurvivalTargets {
  /// Times by which a share p had the event, each in (0, 1): the smallest time with
  /// S <= 1 - p; where S equals 1 - p (within 2^-26) until the next event, the middle of that
  /// stretch. No answer: not reached.
  std::vector<double> quantiles{};
  /// S(t) at these times, each >= 0. No answer: after the last time, unless S is 0 there.
  std::vector<double> times{};
  /// Area under S from 0 to each of these. No answer: as for `times`.
  std::vector<double> restricted_means{};

  [[nodiscard]] std::size_t outputs() const noexcept {
    return quantiles.size() + times.size() + restricted_means.size();
  }
};

/// Kaplan-Meier curves of resampled people: the same numbers as bootstrap() with a statistic that
/// makes the curve of the drawn rows.
///
/// Rows are sorted once; a replicate is a count for each distinct (time, event) and a scan that
/// stops where everything asked is answered. Cost: O(n log n) once, then O(n) a replicate, about
/// 2 ns a row. Times are compared as they are (no near-ties).
/// @par Errors those of bootstrap(), empty_input, size_mismatch, not_finite, out_of_range (negative
/// time, event other than 0 and 1, entry at or after time, weight below 0, a target)
[[nodiscard]] OMBRE_EXPORT Result<Replicates> bootstrap_survival(
    const ResampledTimes& data, const SurvivalTargets& targets, const ResampleDesign& design,
    const ResampleOptions& options = {});

/// The same targets without each unit in turn. Cost: O(units x n), stopping early.
[[nodiscard]] OMBRE_EXPORT Result<Jackknife> jackknife_survival(
    const ResampledTimes& data, const SurvivalTargets& targets, const ResampleDesign& design,
    const ResampleOptions& options = {});

// ---- permutation -----------------------------------------------------------------------------

/// A statistic of relabelled rows. It may be called from several threads at once, must not throw,
/// and must always have a finite answer.
using LabelStatistic = std::function<double(std::span<const std::uint32_t> label)>;

enum class PermutationTail : std::uint8_t {
  greater,   ///< large values speak against chance
  less,      ///< small ones do
  two_sided  ///< twice the smaller of both, at most 1
};

struct LabelPermutationOptions {
  Seed seed{};
  PermutationTail tail = PermutationTail::two_sided;
  /// All arrangements are looked at when there are at most so many (at most 10^9); 0 = never.
  std::uint64_t exact_limit = 100'000;
  std::size_t replicates = 9999;  ///< random arrangements otherwise, 1 to 10^9
  /// Values closer to the observed one than this, relative to the larger of both, are equal to it:
  /// the same arrangement reached another way may differ by rounding.
  double tie_tolerance = 1e-10;
  Progress progress{};
  const Runner* runner = nullptr;
};

struct LabelPermutationTest {
  double observed = 0;
  bool exact = false;              ///< every arrangement was looked at
  std::uint64_t arrangements = 0;  ///< looked at
  std::uint64_t at_least = 0;      ///< of these, as large as the observed one or larger
  std::uint64_t at_most = 0;       ///< as small or smaller
  /// Exact: the share. Random: (b + 1) / (m + 1), which is never 0 and keeps the level.
  double p = 1;
  /// 95 % Clopper-Pearson interval for what p would be with every arrangement; of the smaller tail,
  /// doubled, if two-sided. Equal ends where exact.
  Interval p_interval{};
};

/// Labels exchanged between units within strata. With clusters whole clusters change their label.
/// Pairs are strata of two.
/// @param label  n labels; equal within a cluster
/// Cost: one call an arrangement. Exact: the multinomial number of distinct arrangements of labels,
/// the product over strata.
/// @par Errors empty_input, size_mismatch, contradiction (labels differ within a cluster; names the
/// row), not_finite (the statistic), out_of_range (replicates, exact_limit), cancelled
[[nodiscard]] OMBRE_EXPORT Result<LabelPermutationTest> permutation_test(
    const ResampleDesign& design, std::span<const std::uint32_t> label,
    const LabelStatistic& statistic, const LabelPermutationOptions& options = {});

/// The labels of one random arrangement.
[[nodiscard]] OMBRE_EXPORT std::vector<std::uint32_t> permuted_labels(
    const ResampleDesign& design, std::span<const std::uint32_t> label, Seed seed,
    std::uint64_t replicate);

/// Number of distinct arrangements; nothing where it exceeds 2^63.
[[nodiscard]] OMBRE_EXPORT std::optional<std::uint64_t> count_arrangements(
    const ResampleDesign& design, std::span<const std::uint32_t> label);

}  // namespace ombre::inline v0::stats
