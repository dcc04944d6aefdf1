#pragma once
/// @file
/// Two occasions of one questionnaire: what changed beyond the error of measuring. Instruments that
/// have a total are judged by their scales; the Treatment Outcomes Profile, which has none, item by
/// item.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/date.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/plans/names.hpp"
#include "ombre/plans/progress.hpp"
#include "ombre/spectrum/instrument.hpp"

namespace ombre::inline v0::plans {

/// What became of an item or scale. The first four are the classes of the Treatment Outcomes
/// Profile; each speaks of one item and none of a person.
enum class ScoreClass : std::uint8_t {
  abstinent,     ///< days of use, or of injecting: some before, none now, however few they were
  improved,      ///< the good way, by more than the error of measuring
  unchanged,     ///< no change beyond it
  deteriorated,  ///< the other way, by more than it
  not_known      ///< an answer or the margin is not known and makes the difference
};

/// Which change of an item or scale counts.
struct NamedMargin {
  std::string of;  ///< name of the item ("alcohol"), or id of the scale ("total")
  Margin margin;   ///< reliable_margin(sd, test-retest reliability), or one's own
};

/// One item or scale on two occasions.
struct ScoreChange {
  const spectrum::Instrument* instrument = nullptr;
  std::string_view of;             ///< name of the item, id of the scale
  std::optional<double> before{};  ///< empty: not answered, or no score for want of answers
  std::optional<double> after{};
  std::optional<double> change{};  ///< after - before
  std::optional<Margin> margin{};  ///< empty: none was given, or none is needed (yes or no)
  std::optional<bool> higher_is_better{};
  bool yes_or_no = false;
  ScoreClass cls = ScoreClass::not_known;
};

/// Changes between two occasions, in the order of the instrument.
///
/// The Treatment Outcomes Profile: use days (and days of injecting) that fell to none are
/// `abstinent` whatever the margin; other days, health and quality of life are judged by their
/// reliable change; yes-or-no items have no error to exceed, so any change counts. None before and
/// none now is `unchanged`. Source: Marsden et al., Addiction 103:1450 (2008).
/// Other instruments: scales that have a better end. Where answers are missing, the class holds
/// only if every score they allow gives it.
///
/// No margins are built in: they depend on the group measured. Without one, equal scores are
/// `unchanged` and anything else is `not_known`. A reliable margin must be exceeded (Jacobson &
/// Truax 1991), one's own must be reached.
/// @param before,after  one answer per item each
/// @par Errors those of spectrum::score (field "before" or "after" in front); unknown_name or
/// duplicate (a margin's item or scale), out_of_range (a margin below 0)
[[nodiscard]] OMBRE_EXPORT Result<std::vector<ScoreChange>> score_changes(
    const spectrum::Instrument& instrument, std::span<const std::optional<double>> before,
    std::span<const std::optional<double>> after, std::span<const NamedMargin> margins = {});

/// A sentence: "quality of life, from 8 to 14: better."
[[nodiscard]] OMBRE_EXPORT std::string describe(const ScoreChange& change);

/// One score on a day, for the axes of a review that nothing else measures.
struct DatedScore {
  Date on;
  std::string of;  ///< "WHODAS 2.0", "work"
  double value = 0;
  std::optional<Margin> margin{};  ///< empty: it is not known which change counts
  bool higher_is_better = true;
  bool yes_or_no = false;  ///< 1 is yes
  friend bool operator==(const DatedScore&, const DatedScore&) = default;
};

/// Scores of one occasion as dated scores: those that have a value and a better end, under the name
/// "instrument: scale" (TOP: "top: item", health, work, education and quality of life; its other
/// items are about use and harm, which have axes of their own). Yes-or-no items of TOP about
/// housing come as 1 or 0 with a margin of 1.
/// @par Errors as score_changes
[[nodiscard]] OMBRE_EXPORT Result<std::vector<DatedScore>> life_scores(
    const spectrum::Instrument& instrument, std::span<const std::optional<double>> answers, Date on,
    std::span<const NamedMargin> margins = {});

template <>
inline constexpr bool has_names<ScoreClass> = true;
template <>
OMBRE_EXPORT std::span<const std::string_view> names_of<ScoreClass>() noexcept;

}  // namespace ombre::inline v0::plans
