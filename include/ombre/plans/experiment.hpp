#pragma once
/// @file
/// "Run your own experiment": a person tries something for a while, looks at what happens, and
/// decides what it means. A trial of moderation is such an experiment and a legitimate one.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ombre/core/date.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/plans/names.hpp"

namespace ombre::inline v0::plans {

/// Days of one kind, both inclusive.
struct ExperimentPeriod {
  Date first;
  Date last;
  bool trial = false;  ///< the thing tried is done; false: as usual
  friend bool operator==(const ExperimentPeriod&, const ExperimentPeriod&) = default;
};

enum class WantedChange : std::uint8_t { lower, higher };

/// One experiment.
struct Experiment {
  std::string id;
  std::string goal{};       ///< id of the goal it serves; may be empty
  std::string hypothesis;   ///< the person's words: "eating first makes me drink less"
  std::string measure;      ///< what is written down each day: "drinks", "hours of sleep"
  std::string substance{};  ///< set where the measure is the amount used of it
  WantedChange wanted = WantedChange::lower;
  std::vector<ExperimentPeriod> periods{};  ///< in order of time, none overlapping
  /// Each pair of neighbouring periods (first and second, third and fourth, ...) holds one of each
  /// kind, and a coin decided which came first.
  bool order_by_lot = false;
  std::optional<double> worthwhile{};  ///< the difference the person would find worth it, > 0
  std::string learned{};               ///< what the person made of it
  friend bool operator==(const Experiment&, const Experiment&) = default;
};

/// What was written down on a day.
struct DayValue {
  Date on;
  double value = 0;
};

/// The comparison of the two kinds of days. Numbers about one person, for that person.
struct ExperimentResult {
  std::size_t usual_days = 0;  ///< days with a value
  std::size_t trial_days = 0;
  std::size_t days_without_value = 0;
  std::optional<double> usual_mean{};
  std::optional<double> trial_mean{};
  std::optional<double> usual_median{};
  std::optional<double> trial_median{};
  /// Median of all differences trial - usual (Hodges & Lehmann).
  std::optional<double> difference{};
  /// Share of pairs of days in which the trial day was the better one, ties half: non-overlap of
  /// all pairs. 0.5: no difference. Source: Parker & Vannest, Behav Ther 40:357 (2009).
  std::optional<double> better{};
  /// Whether `difference` goes the wanted way, and is at least `worthwhile` where that is given.
  std::optional<bool> as_hoped{};
  std::optional<bool> worthwhile{};
  /// Only where a coin decided the order: share of all 2^k orders whose mean difference of pairs is
  /// at least as large in size. Days of one person follow each other, so no other p is given.
  /// Source: Edgington & Onghena, Randomization Tests (2007).
  std::optional<double> p_by_lot{};
  std::size_t pairs = 0;  ///< k
};

/// Checks periods and numbers. @par Errors missing, contradiction, out_of_range, malformed
[[nodiscard]] OMBRE_EXPORT Result<void> check_experiment(const Experiment& experiment,
                                                         std::string_view path);

/// Compares trial days with usual days. Days outside every period are not looked at; a day without
/// a value is counted, never filled.
/// @param values  in any order; one a day
/// @par Errors those of check_experiment, not_finite, duplicate (a day twice)
[[nodiscard]] OMBRE_EXPORT Result<ExperimentResult> evaluate(const Experiment& experiment,
                                                             std::span<const DayValue> values);

/// The result in sentences for the person, with what it cannot say.
[[nodiscard]] OMBRE_EXPORT std::string describe(const Experiment& experiment,
                                                const ExperimentResult& result);

template <>
inline constexpr bool has_names<WantedChange> = true;
template <>
OMBRE_EXPORT std::span<const std::string_view> names_of<WantedChange>() noexcept;

}  // namespace ombre::inline v0::plans
