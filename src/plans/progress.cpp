#include "ombre/plans/progress.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "goal_sources.hpp"
#include "ombre/stats/trend.hpp"
#include "plain_words.hpp"

namespace ombre::inline v0::plans {
namespace {

constexpr std::array<std::string_view, 11> axis_names{
    "amount", "frequency",  "peak", "route_risk",    "mixing",   "use_alone",
    "harms",  "connection", "life", "self_efficacy", "readiness"};
constexpr std::array<std::string_view, 4> direction_names{"improved", "same", "worse", "not_known"};
constexpr std::array<std::string_view, 3> margin_names{"usual", "reliable", "own"};
constexpr std::array<std::string_view, 4> class_names{"recovered", "improved", "unchanged",
                                                      "deteriorated"};

constexpr std::optional<double> none{};
constexpr Confidence ours = Confidence::proposal;
// A day in 28, a twentieth of an amount, a point of a ruler, one harm: small enough that five
// drinks to four is seen, large enough that rounding is not.
constexpr std::array infos{
    AxisInfo{ChangeAxis::amount, "amount on a day of use", false, 0.0, 0.05, ours},
    AxisInfo{ChangeAxis::frequency, "days of use in 28", false, 1.0, 0.0, ours},
    AxisInfo{ChangeAxis::peak, "largest day", false, 0.0, 0.05, ours},
    AxisInfo{ChangeAxis::route_risk, "days in 28 with the riskier route", false, 1.0, 0.0, ours},
    AxisInfo{ChangeAxis::mixing, "days in 28 with more than one substance", false, 1.0, 0.0, ours},
    AxisInfo{ChangeAxis::use_alone, "days in 28 of use alone", false, 1.0, 0.0, ours},
    AxisInfo{ChangeAxis::harms, "harms", false, 1.0, 0.0, ours},
    AxisInfo{ChangeAxis::connection, "days in 28 with a contact", true, 1.0, 0.0, ours},
    AxisInfo{ChangeAxis::life, "life", true, none, 0.0, ours},
    AxisInfo{ChangeAxis::self_efficacy, "confidence", true, 1.0, 0.0, ours},
    AxisInfo{ChangeAxis::readiness, "readiness", true, 1.0, 0.0, ours}};

std::string place(std::string_view list, std::size_t i, std::string_view member) {
  return std::string{list} + "[" + std::to_string(i) + "]." + std::string{member};
}

Result<void> usual(double value, const std::string& field) {
  if (!std::isfinite(value)) {
    return unexpected(error_at(Errc::not_finite, field, std::nullopt, value, "must be a number"));
  }
  if (std::abs(value) > 1e150) {
    return unexpected(
        error_at(Errc::out_of_range, field, std::nullopt, value, "must be at most 1e150 in size"));
  }
  return {};
}

std::string what_of(const AxisChange& c) {
  const AxisMeasure& m = c.measure;
  if (m.words) return m.words->what;
  std::string what{infos[static_cast<std::size_t>(m.axis)].says};
  if (m.of.empty()) return what;
  if (m.axis == ChangeAxis::life) return m.of;
  return what + " (" + m.of + ")";
}

std::string numbers_of(const AxisChange& c) {
  const AxisMeasure& m = c.measure;
  if (m.words) return "from " + m.words->before + " to " + m.words->after;
  return "from " + detail::plain(*m.before) + " to " + detail::plain(*m.after) +
         (m.unit.empty() ? "" : " " + m.unit);
}

}  // namespace

template <>
std::span<const std::string_view> names_of<ChangeAxis>() noexcept {
  return axis_names;
}
template <>
std::span<const std::string_view> names_of<Direction>() noexcept {
  return direction_names;
}
template <>
std::span<const std::string_view> names_of<MarginKind>() noexcept {
  return margin_names;
}
template <>
std::span<const std::string_view> names_of<ClinicalClass>() noexcept {
  return class_names;
}

std::span<const AxisInfo> axis_infos() noexcept { return infos; }

Result<Margin> reliable_margin(double sd, double reliability) {
  const auto size = stats::smallest_reliable_change(sd, reliability);
  if (!size) return unexpected(size.error());
  return Margin{*size, MarginKind::reliable};
}

std::size_t ChangeVector::count(Direction direction) const noexcept {
  return static_cast<std::size_t>(std::ranges::count(axes, direction, &AxisChange::direction));
}

Result<ChangeVector> compare(std::span<const AxisMeasure> measures) {
  ChangeVector out;
  for (std::size_t i = 0; i < measures.size(); ++i) {
    const AxisMeasure& m = measures[i];
    const auto at = static_cast<std::size_t>(m.axis);
    if (at >= infos.size()) {
      return unexpected(error_at(Errc::unknown_name, place("measures", i, "axis"), std::nullopt,
                                 static_cast<double>(at), "is not an axis"));
    }
    const AxisInfo& info = infos[at];
    AxisChange c{m, {}, Direction::not_known, std::nullopt};
    if (m.before) {
      if (auto ok = usual(*m.before, place("measures", i, "before")); !ok) {
        return unexpected(ok.error());
      }
    }
    if (m.after) {
      if (auto ok = usual(*m.after, place("measures", i, "after")); !ok) {
        return unexpected(ok.error());
      }
    }
    if (m.margin) {
      if (!(m.margin->size >= 0 && m.margin->size <= 1e150)) {
        return unexpected(error_at(Errc::out_of_range, place("measures", i, "margin"), std::nullopt,
                                   m.margin->size, "must be 0 or more"));
      }
      c.margin = *m.margin;
    } else if (!info.margin) {
      return unexpected(error_of(Errc::missing, place("measures", i, "margin"),
                                 "must say which change of this score counts; see "
                                 "reliable_margin()"));
    } else if (m.before) {
      c.margin.size = std::max(*info.margin, info.margin_share * std::abs(*m.before));
    } else {
      c.margin.size = *info.margin;
    }
    if (m.before && m.after) {
      const double change = *m.after - *m.before;
      c.change = change;
      // A hair below the margin is the margin: 5 % of 0.1 is not exact in binary.
      const bool counts = change != 0 && std::abs(change) >= c.margin.size * (1 - 1e-12);
      const bool up_is_good = m.higher_is_better.value_or(info.higher_is_better);
      c.direction = !counts                      ? Direction::same
                    : (change > 0) == up_is_good ? Direction::improved
                                                 : Direction::worse;
    }
    out.axes.push_back(std::move(c));
  }
  return out;
}

bool any_positive(const ChangeVector& change) noexcept {
  return change.count(Direction::improved) > 0;
}
bool any_worse(const ChangeVector& change) noexcept { return change.count(Direction::worse) > 0; }

std::vector<std::string> describe(const ChangeVector& change) {
  std::vector<std::string> out;
  for (const AxisChange& c : change.axes) {
    if (c.direction == Direction::improved) {
      out.push_back("Better: " + what_of(c) + ", " + numbers_of(c) + ".");
    }
  }
  for (const AxisChange& c : change.axes) {
    if (c.direction == Direction::worse) {
      out.push_back("Harder now: " + what_of(c) + ", " + numbers_of(c) + ".");
    }
  }
  for (const AxisChange& c : change.axes) {
    if (c.direction == Direction::same) {
      out.push_back("About the same: " + what_of(c) + ", " + numbers_of(c) + ".");
    }
  }
  for (const AxisChange& c : change.axes) {
    if (c.direction == Direction::not_known) out.push_back("Not known: " + what_of(c) + ".");
  }
  return out;
}

Result<ClinicalChange> clinical_change(double before, double after, double sd, double reliability,
                                       double cut_off, bool higher_is_better) {
  const auto change = stats::reliable_change(before, after, sd, reliability);
  if (!change) return unexpected(change.error());
  if (auto ok = usual(cut_off, "cut_off"); !ok) return unexpected(ok.error());
  ClinicalChange out;
  out.change = *change;
  out.cut_off = cut_off;
  out.crossed = higher_is_better ? before < cut_off && after >= cut_off
                                 : before > cut_off && after <= cut_off;
  if (out.change.reliable) {
    const bool good = (after > before) == higher_is_better;
    out.cls = !good         ? ClinicalClass::deteriorated
              : out.crossed ? ClinicalClass::recovered
                            : ClinicalClass::improved;
  }
  return out;
}

Sourced<double> attainment_rho() noexcept {
  return {0.3, &sources::kiresuk_1968, Confidence::known,
          "assumed correlation between the scales of one person"};
}

Result<double> goal_attainment_t(std::span<const AttainedGoal> goals, double rho) {
  if (goals.empty()) {
    return unexpected(error_of(Errc::empty_input, "goals", "must hold at least one goal"));
  }
  if (!(rho >= 0 && rho <= 1)) {
    return unexpected(error_at(Errc::out_of_range, "rho", std::nullopt, rho, "must be 0 to 1"));
  }
  double weighted = 0;
  double squares = 0;
  double sum = 0;
  for (std::size_t i = 0; i < goals.size(); ++i) {
    const AttainedGoal& g = goals[i];
    if (!(g.weight >= 1e-6 && g.weight <= 1e6)) {
      return unexpected(error_at(Errc::out_of_range, "weight", i, g.weight,
                                 "must be above 0, at most a million"));
    }
    if (g.level < -2 || g.level > 2) {
      return unexpected(error_at(Errc::out_of_range, "level", i, static_cast<double>(g.level),
                                 "must be -2 to 2"));
    }
    weighted += g.weight * g.level;
    squares += g.weight * g.weight;
    sum += g.weight;
  }
  return 50 + 10 * weighted / std::sqrt((1 - rho) * squares + rho * sum * sum);
}

Result<GoalAttainment> goal_attainment(std::span<const Goal> goals, Date on) {
  GoalAttainment out;
  std::vector<AttainedGoal> now;
  std::vector<AttainedGoal> then;
  for (const Goal& goal : goals) {
    if (!goal.scale) continue;
    const AttainmentScale::Score* last = nullptr;
    for (const auto& score : goal.scale->scores) {
      if (score.on <= on) last = &score;
    }
    if (last == nullptr) {
      out.not_scored.push_back(goal.id);
      continue;
    }
    out.scored.push_back(goal.id);
    now.push_back({goal.scale->weight, last->level});
    then.push_back({goal.scale->weight, goal.scale->baseline});
  }
  if (now.empty()) return out;
  const auto t = goal_attainment_t(now);
  const auto baseline = goal_attainment_t(then);
  if (!t || !baseline) return unexpected(!t ? t.error() : baseline.error());
  out.t = *t;
  out.baseline_t = *baseline;
  return out;
}

Result<RatingTrend> rating_trend(std::span<const Rating> ratings) {
  RatingTrend out;
  out.n = ratings.size();
  if (ratings.empty()) return out;
  out.first = ratings.front().value;
  out.last = ratings.back().value;
  std::vector<double> x;
  std::vector<double> y;
  for (const Rating& r : ratings) {
    x.push_back((r.on - ratings.front().on).count());
    y.push_back(r.value);
  }
  if (ratings.size() < 3) return out;
  const auto slope = stats::theil_sen_slope(x, y);
  const auto tau = stats::kendall_tau_b(x, y);
  if (!slope || !tau) return unexpected(!slope ? slope.error() : tau.error());
  if (*slope) out.per_30_days = 30 * **slope;
  out.tau = *tau;
  return out;
}

Result<PlannedAgainstAchieved> planned_against_achieved(const Goal& goal,
                                                        std::string_view substance,
                                                        std::span<const WeekTotal> weeks) {
  PlannedAgainstAchieved out;
  std::vector<double> x;
  std::vector<double> planned;
  std::vector<double> achieved;
  std::vector<bool> over;
  for (std::size_t i = 0; i < weeks.size(); ++i) {
    const WeekTotal& week = weeks[i];
    if (!week.total) continue;
    if (auto ok = usual(*week.total, place("weeks", i, "total")); !ok)
      return unexpected(ok.error());
    const WeeklyGoal* limit = weekly_goal_on(goal, substance, week.first);
    if (limit == nullptr) continue;
    x.push_back((week.first - weeks.front().first).count() / 7.0);
    planned.push_back(limit->amount);
    achieved.push_back(*week.total);
    over.push_back(*week.total > limit->amount);
  }
  out.weeks = x.size();
  out.within = static_cast<std::size_t>(std::ranges::count(over, false));
  for (std::size_t k = 0; k < std::min<std::size_t>(4, over.size()); ++k) {
    out.recent_over += over[over.size() - 1 - k] ? 1U : 0U;
  }
  if (out.weeks < 3) return out;
  const auto a = stats::theil_sen_slope(x, planned);
  const auto b = stats::theil_sen_slope(x, achieved);
  if (!a || !b) return unexpected(!a ? a.error() : b.error());
  out.planned_a_week = *a;
  out.achieved_a_week = *b;
  out.too_steep = *a && *b && **a < 0 && **a < **b && out.recent_over >= 2;
  return out;
}

std::optional<double> consequences_per_use_day(std::uint64_t harms,
                                               std::uint64_t use_days) noexcept {
  if (use_days == 0) return std::nullopt;
  return static_cast<double>(harms) / static_cast<double>(use_days);
}

Result<UseAndLife> correlate(std::span<const std::optional<double>> use,
                             std::span<const std::optional<double>> life, std::size_t lag,
                             std::string_view life_called, std::string_view step,
                             std::string_view use_called) {
  const auto r = stats::lagged_spearman(use, life, lag);
  if (!r) return unexpected(r.error());
  UseAndLife out;
  out.correlation = *r;
  const std::string steps = detail::counted(static_cast<std::int64_t>(r->n), std::string{step});
  const std::string later =
      lag == 0
          ? std::string{}
          : ", " + detail::counted(static_cast<std::int64_t>(lag), std::string{step}) + " later,";
  if (!r->rho) {
    out.says = "Over " + steps + " in which both are known, nothing can be said about " +
               std::string{use_called} + " and " + std::string{life_called} +
               " together: that takes three or more, and both must vary.";
    return out;
  }
  const double rho = *r->rho;
  // A correlation of 1 has no interval and is as clear as its independent steps are many.
  const bool apart = (r->low && r->high && (*r->low > 0 || *r->high < 0)) ||
                     (std::abs(rho) == 1 && *r->effective_n > 4);
  out.says = "Over " + steps + ", " + std::string{use_called} + " and " + std::string{life_called} +
             later +
             (!apart    ? " did not clearly move with or against each other"
              : rho < 0 ? " moved in opposite directions"
                        : " moved in the same direction") +
             " (rank correlation " + detail::plain(rho) +
             (r->low ? ", from " + detail::plain(*r->low) + " to " + detail::plain(*r->high) : "") +
             "; as many as " + detail::plain(std::round(*r->effective_n)) + " independent " +
             std::string{step} + "s). It does not say why.";
  return out;
}

Sourced<RelapsePrior> relapse_prior() noexcept {
  return {
      {0.4, 0.6},
      &sources::mclellan_2000,
      Confidence::known,
      "share of people treated who use again within a year, as with other long-term conditions; "
      "for planning, never a person's forecast"};
}
Sourced<double> median_recovery_attempts() noexcept {
  return {2, &sources::kelly_2019, Confidence::verified,
          "median of serious attempts before a problem was resolved (interquartile range 1 to 4), "
          "adults in the United States"};
}

}  // namespace ombre::inline v0::plans
