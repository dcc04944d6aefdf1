#include "ombre/outcomes/review.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include "ombre/outcomes/situation_changes.hpp"
#include "ombre/stats/descriptive.hpp"
#include "ombre/stats/trend.hpp"
#include "ombre/substance/catalogue.hpp"
#include "plans/plain_words.hpp"
#include "review_parts.hpp"

namespace ombre::inline v0::outcomes {
namespace {

using plans::Goal;
using timeline::UseState;

constexpr std::array<std::string_view, 3> domain_names{"drug", "set", "setting"};
constexpr std::array<std::string_view, 4> against_names{"no_earlier", "shorter", "about_the_same",
                                                        "longer"};
constexpr std::array<std::string_view, 7> signal_names{
    "goal_too_steep", "new_stressor",     "trigger_learned", "medication_change",
    "setting_change", "tolerance_danger", "disconnection"};
constexpr std::array<std::string_view, 4> strength_names{"present", "possible", "not_seen",
                                                         "not_known"};
constexpr std::array<std::string_view, 7> refocus_names{
    "ease", "hold", "add_support", "raise_contact", "learn", "prepare_way_back", "keep_going"};
constexpr std::array<std::string_view, 3> urgency_names{"now", "today", "this_week"};

constexpr int window = 28;

std::optional<double> median(std::vector<double> values) {
  const auto q = stats::quantile_type7(values, 0.5);
  return q ? *q : std::nullopt;
}

// Within a tenth of each other counts as the same.
Against against(double now, const std::optional<double>& usual) {
  if (!usual) return Against::no_earlier;
  if (now < 0.9 * *usual) return Against::shorter;
  return now > 1.1 * *usual ? Against::longer : Against::about_the_same;
}

Date day_at(const timeline::DayView& days, std::uint32_t i) {
  return Date{} + Days{days.first_day + static_cast<std::int32_t>(i)};
}

Result<std::optional<double>> slope(const std::vector<double>& y) {
  if (y.size() < 3) return std::optional<double>{};
  std::vector<double> x(y.size());
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<double>(i);
  return stats::theil_sen_slope(x, y);
}

// The part of the days up to today: a review does not look ahead.
timeline::DayView until(const timeline::DayView& days, Date today) {
  const std::int64_t count = std::int64_t{today.day_number()} - days.first_day + 1;
  if (count <= 0) return days.part(0, 0);
  return days.part(0, static_cast<std::size_t>(count));
}

// Where the part of an episode begins that is one whatever the unknown days were: behind the last
// stretch without known use that would have ended it, had its unknown days been days without.
std::uint32_t sure_part(const timeline::DayView& days, const timeline::UseEpisode& episode,
                        const ReviewInput& input) {
  std::uint32_t from = episode.first;
  if (input.missing != timeline::MissingRule::exclude) return from;  // a rule has filled them
  std::int64_t without = 0;
  bool unknown = false;
  for (std::uint32_t d = episode.first; d <= episode.last; ++d) {
    const UseState state = days.state_at(d);
    if (state == UseState::none || state == UseState::unknown) {
      ++without;
      unknown |= state == UseState::unknown;
      continue;
    }
    if (unknown && without >= input.rule.gap_days) from = d;
    without = 0;
    unknown = false;
  }
  return from;
}

// Silence ends nothing: an episode from before the time looked at still counts where what came
// after it is not known. Days after those of the table are not known either.
bool known_to_have_ended(const timeline::DayView& days, const timeline::UseEpisode& episode,
                         const ReviewInput& input) {
  if (!episode.open_end) return true;
  const std::int64_t last = std::int64_t{days.first_day} + episode.last;
  std::int64_t without = 0;
  for (std::size_t d = episode.last + std::size_t{1}; d < days.size(); ++d) {
    without += days.state_at(d) == UseState::none ? 1 : 0;
  }
  return without >= input.rule.gap_days || input.today.day_number() - last == without;
}

Result<std::optional<ReviewEpisode>> last_episode(const UseHistory& use, const ReviewInput& input,
                                                  Date since) {
  const timeline::DayView days = until(use.days, input.today);
  if (days.size() == 0) return std::optional<ReviewEpisode>{};
  const auto episodes = timeline::use_episodes(days, input.rule, input.missing);
  if (!episodes) return unexpected(episodes.error());
  if (episodes->empty()) return std::optional<ReviewEpisode>{};
  if (day_at(days, episodes->back().last) < since &&
      known_to_have_ended(days, episodes->back(), input)) {
    return std::optional<ReviewEpisode>{};
  }
  const auto& last = episodes->back();
  ReviewEpisode out;
  out.substance = use.substance;
  out.unit = use.unit;
  out.first = day_at(days, last.first);
  out.last = day_at(days, last.last);
  out.days = last.days();
  const std::uint32_t sure = sure_part(days, last, input);
  out.sure_from = day_at(days, sure);
  if (sure != last.first) out.days_at_least = last.last - sure + 1;
  out.use_days = last.use_days;
  out.goes_on = last.open_end;
  const auto severity = timeline::episode_severity(days, last);
  if (!severity) return unexpected(severity.error());
  out.mean = severity->mean_per_use_day;
  out.largest = severity->largest;

  const auto intervals = timeline::intervals_between(*episodes);
  out.earlier = episodes->size() - 1;
  // Days of which nothing is known are not days without: only those right before it that are known
  // count, and where they end at an unknown day there may have been more.
  std::uint32_t run = 0;
  while (run < last.first && days.state_at(last.first - run - 1) == UseState::none) ++run;
  if (!intervals.empty() && run >= static_cast<std::uint32_t>(intervals.back())) {
    out.days_before = intervals.back();
  } else if (run > 0) {
    out.days_before = run;
    out.at_least = true;
  }
  const auto known_between = [&days, &episodes](std::size_t i) {
    for (std::size_t d = (*episodes)[i].last + 1; d < (*episodes)[i + 1].first; ++d) {
      if (days.state_at(d) == UseState::unknown) return false;
    }
    return true;
  };
  std::vector<double> lengths;
  std::vector<double> means;
  std::vector<double> all_lengths;
  for (std::size_t i = 0; i < episodes->size(); ++i) {
    const auto& e = (*episodes)[i];
    const bool length_known = sure_part(days, e, input) == e.first;
    if (!e.open_start && length_known) all_lengths.push_back(e.days());
    if (i + 1 == episodes->size()) break;
    if (length_known) lengths.push_back(e.days());
    const auto earlier = timeline::episode_severity(days, e);
    if (!earlier) return unexpected(earlier.error());
    if (earlier->mean_per_use_day) means.push_back(*earlier->mean_per_use_day);
  }
  out.usual_days = median(lengths);
  out.usual_mean = median(means);
  std::vector<double> before;
  for (std::size_t i = 0; i < intervals.size(); ++i) {
    if (known_between(i)) before.push_back(static_cast<double>(intervals[i]));
  }
  const bool last_known = !intervals.empty() && known_between(intervals.size() - 1);
  const auto interval_slope = slope(before);
  const auto length_slope = slope(all_lengths);
  if (!interval_slope || !length_slope) {
    return unexpected(!interval_slope ? interval_slope.error() : length_slope.error());
  }
  out.interval_trend = *interval_slope;
  out.length_trend = *length_slope;
  if (last_known) before.pop_back();
  out.usual_before = median(before);
  out.length = against(out.days, out.usual_days);
  if (out.days_at_least && out.length != against(*out.days_at_least, out.usual_days)) {
    out.length = Against::no_earlier;
  }
  if (out.days_before) out.interval = against(*out.days_before, out.usual_before);
  if (out.at_least && out.interval != Against::longer) out.interval = Against::no_earlier;
  if (out.days_at_least) out.interval = Against::no_earlier;  // before which part, nobody knows
  if (out.mean) out.amount = against(*out.mean, out.usual_mean);
  return std::optional{std::move(out)};
}

std::vector<plans::WeekTotal> weeks_of(const timeline::DayView& days, Date today) {
  std::vector<plans::WeekTotal> out;
  if (days.size() == 0) return out;
  const Date first = day_at(days, 0);
  const int after_monday = static_cast<int>(first.weekday()) - 1;
  std::size_t i = after_monday == 0 ? 0 : static_cast<std::size_t>(7 - after_monday);
  for (; i + 7 <= days.size() && day_at(days, static_cast<std::uint32_t>(i + 6)) <= today; i += 7) {
    plans::WeekTotal week{day_at(days, static_cast<std::uint32_t>(i)), 0.0};
    for (std::size_t k = i; k < i + 7; ++k) {
      const UseState state = days.state_at(k);
      if (state == UseState::amount && week.total) {
        *week.total += days.amount_at(k);
      } else if (state != UseState::none) {
        week.total.reset();
      }
    }
    out.push_back(week);
  }
  return out;
}

// What 28 days show, per 28 days; nothing where fewer than half of them are known.
struct WindowNumbers {
  std::optional<double> mean{};
  std::optional<double> use_days{};
  std::optional<double> largest{};
};

WindowNumbers numbers_of(const timeline::DayView& days, Date first) {
  WindowNumbers out;
  int known = 0;
  int used = 0;
  int with_amount = 0;
  double sum = 0;
  double largest = 0;
  for (int d = 0; d < window; ++d) {
    const auto i = detail::at_day(days, first + Days{d});
    if (!i || days.state_at(*i) == UseState::unknown) continue;
    ++known;
    used += days.state_at(*i) == UseState::none ? 0 : 1;
    if (days.state_at(*i) != UseState::amount) continue;
    ++with_amount;
    sum += days.amount_at(*i);
    largest = std::max(largest, days.amount_at(*i));
  }
  if (2 * known < window) return out;
  out.use_days = static_cast<double>(window) * used / known;
  if (with_amount > 0) {
    out.mean = sum / with_amount;
    out.largest = largest;
  }
  return out;
}

// Days in 28 with use of two or more; nothing where a day of any of them is not known too often.
std::optional<double> mixing_of(std::span<const UseHistory> use, Date first) {
  int known = 0;
  int mixed = 0;
  for (int d = 0; d < window; ++d) {
    int kinds = 0;
    bool all_known = true;
    for (const UseHistory& u : use) {
      const auto i = detail::at_day(u.days, first + Days{d});
      if (!i || u.days.state_at(*i) == UseState::unknown) {
        all_known = false;
      } else {
        kinds += u.days.state_at(*i) == UseState::none ? 0 : 1;
      }
    }
    if (!all_known && kinds < 2) continue;
    ++known;
    mixed += kinds >= 2 ? 1 : 0;
  }
  if (2 * known < window) return std::nullopt;
  return static_cast<double>(window) * mixed / known;
}

std::optional<double> contact_days(const plans::SocialNetwork& n, Date first) {
  if (n.contacts.empty() || n.contacts.front().on > first) return std::nullopt;
  std::vector<Date> days;
  for (const plans::Contact& c : n.contacts) {
    const int at = (c.on - first).count();
    if (at >= 0 && at < window && (days.empty() || days.back() != c.on)) days.push_back(c.on);
  }
  return static_cast<double>(days.size());
}

std::optional<double> rating_at(const std::vector<plans::Rating>& ratings, Date day) {
  std::optional<double> out;
  for (const plans::Rating& r : ratings) {
    if (r.on <= day) out = r.value;
  }
  return out;
}

plans::AxisMeasure axis(plans::ChangeAxis which, std::string of, std::optional<double> before,
                        std::optional<double> after, std::string unit = {}) {
  plans::AxisMeasure m;
  m.axis = which;
  m.of = std::move(of);
  m.before = before;
  m.after = after;
  m.unit = std::move(unit);
  return m;
}

}  // namespace

namespace detail {

std::string substance_id(std::string_view named) {
  const auto found = substance::find(named);
  return found ? std::string{found->id} : std::string{named};
}

bool concerns(const Goal& goal, const std::string& id) {
  if (!goal.about_use()) return false;
  if (goal.substances.empty()) return goal.aim == plans::GoalAim::abstain;
  return std::ranges::any_of(goal.substances,
                             [&id](const std::string& s) { return substance_id(s) == id; });
}

Result<void> find_episodes(const Known& known, Review& out) {
  for (std::size_t u = 0; u < known.use.size(); ++u) {
    auto episode = last_episode(known.use[u], *known.input, known.since);
    if (!episode) return unexpected(episode.error());
    if (!*episode) continue;
    for (const Goal& goal : known.plan->now().goals) {
      if (goal.status == plans::GoalStatus::open && concerns(goal, known.id[u])) {
        (*episode)->goals.push_back(goal.id);
      }
    }
    out.episodes.push_back(*std::move(*episode));
  }
  return {};
}

Result<void> find_weeks(const Known& known, Review& out) {
  for (const Goal& goal : known.plan->now().goals) {
    if (goal.status != plans::GoalStatus::open) continue;
    std::vector<std::string> done;
    for (const plans::WeeklyGoal& weekly : goal.weekly) {
      if (std::ranges::find(done, weekly.substance) != done.end()) continue;
      done.push_back(weekly.substance);
      const auto at = std::ranges::find(known.id, substance_id(weekly.substance));
      if (at == known.id.end()) continue;
      const UseHistory& use = known.use[static_cast<std::size_t>(at - known.id.begin())];
      if (!use.unit.empty() && use.unit != weekly.unit) {
        out.to_ask.push_back("The limit for " + weekly.substance + " is in " + weekly.unit +
                             " and the days are in " + use.unit + ": they were not compared.");
        continue;
      }
      const auto weeks = weeks_of(use.days, known.input->today);
      const auto course = plans::planned_against_achieved(goal, weekly.substance, weeks);
      if (!course) return unexpected(course.error());
      ReviewWeeks row{goal.id, weekly.substance, weekly.unit, *course, {}, {}, {}, {}};
      std::vector<double> recent;
      std::optional<Date> oldest;
      std::optional<Date> newest;
      for (auto w = weeks.rbegin(); w != weeks.rend() && recent.size() < 4; ++w) {
        if (!w->total) continue;
        recent.push_back(*w->total);
        oldest = w->first;
        if (!newest) newest = w->first + Days{6};
        // Only the week that has just passed is "last week", however few are known.
        if (w->first + Days{13} < known.input->today) continue;
        const auto* limit = plans::weekly_goal_on(goal, weekly.substance, w->first);
        row.last_week = w->total;
        if (limit != nullptr) row.limit = limit->amount;
      }
      row.usual = median(recent);
      if (oldest) {
        const auto span = DateRange::from(*oldest, *newest);
        if (!span) return unexpected(span.error());
        row.usual_of = *span;
      }
      out.weeks.push_back(std::move(row));
    }
  }
  return {};
}

namespace {

// The earlier window, where there are two times four weeks of days.
std::optional<Date> window_before(const Known& known, Date after, Review& out) {
  std::optional<Date> first_day;
  for (const UseHistory& u : known.use) {
    for (std::size_t i = 0; i < u.days.size(); ++i) {
      if (u.days.state_at(i) == UseState::unknown) continue;
      const Date day = day_at(u.days, static_cast<std::uint32_t>(i));
      if (!first_day || day < *first_day) first_day = day;
      break;
    }
  }
  if (!first_day) return std::nullopt;
  Date before = *first_day;
  for (const Goal& goal : known.plan->now().goals) {
    if (!goal.about_use()) continue;
    const Date wanted = goal.opened - Days{window};
    if (wanted > before && wanted + Days{window} <= after) before = wanted;
    break;
  }
  if (before + Days{window} > after) {
    out.to_ask.push_back("There are not yet two times four weeks of days to compare.");
    return std::nullopt;
  }
  return before;
}

void measure_days(const Known& known, Date before, Date after,
                  std::vector<plans::AxisMeasure>& measures) {
  using plans::ChangeAxis;
  for (const UseHistory& u : known.use) {
    const WindowNumbers then = numbers_of(u.days, before);
    const WindowNumbers now = numbers_of(u.days, after);
    if (then.use_days == 0.0 && now.use_days == 0.0) continue;
    measures.push_back(axis(ChangeAxis::frequency, u.substance, then.use_days, now.use_days));
    measures.push_back(axis(ChangeAxis::amount, u.substance, then.mean, now.mean, u.unit));
    measures.push_back(axis(ChangeAxis::peak, u.substance, then.largest, now.largest, u.unit));
  }
  if (known.use.size() > 1) {
    measures.push_back(
        axis(ChangeAxis::mixing, "", mixing_of(known.use, before), mixing_of(known.use, after)));
  }
  if (!known.input->harms.empty()) {
    const auto count = [&known](Date first) {
      return static_cast<double>(
          std::ranges::count_if(known.input->harms, [first](const plans::HarmEntry& h) {
            return h.on >= first && (h.on - first).count() < window;
          }));
    };
    measures.push_back(axis(ChangeAxis::harms, "", count(before), count(after)));
  }
  if (known.input->network != nullptr) {
    const auto then = contact_days(*known.input->network, before);
    const auto now = contact_days(*known.input->network, after);
    if (then || now) measures.push_back(axis(ChangeAxis::connection, "", then, now));
  }
}

// Scores of life: the last one up to the end of the earlier window, or the first of all, beside the
// last one.
void measure_life(const Known& known, Date until, std::vector<plans::AxisMeasure>& measures,
                  Review& out) {
  std::vector<std::string> done;
  for (const plans::DatedScore& each : known.input->scores) {
    if (std::ranges::find(done, each.of) != done.end()) continue;
    done.push_back(each.of);
    const plans::DatedScore* then = nullptr;
    const plans::DatedScore* now = nullptr;
    const plans::DatedScore* first = nullptr;
    for (const plans::DatedScore& s : known.input->scores) {
      if (s.of != each.of || known.input->today < s.on) continue;
      if (s.on <= until && (then == nullptr || then->on <= s.on)) then = &s;
      if (first == nullptr || s.on < first->on) first = &s;
      if (now == nullptr || now->on <= s.on) now = &s;
    }
    if (then == nullptr) then = first;
    if (then == nullptr || now == nullptr) continue;  // all of them are after today
    plans::AxisMeasure m = axis(plans::ChangeAxis::life, each.of, then->value, now->value);
    m.higher_is_better = now->higher_is_better;
    if (now->yes_or_no) {
      const auto text = [](double value) { return std::string{value != 0 ? "yes" : "no"}; };
      m.words = plans::MeasureWords{each.of, text(then->value), text(now->value)};
    }
    m.margin = now->margin ? now->margin : then->margin;
    if (now->on <= then->on) {
      m.after.reset();
      if (!m.margin) m.margin = plans::Margin{0, plans::MarginKind::own};
    } else if (!m.margin && then->value == now->value) {
      m.margin = plans::Margin{0, plans::MarginKind::own};
    } else if (!m.margin) {
      out.to_ask.push_back(each.of + " went from " + plans::detail::plain(then->value) + " to " +
                           plans::detail::plain(now->value) +
                           ". Which change of it counts is not known, so it is not judged.");
      continue;
    }
    measures.push_back(std::move(m));
  }
}

}  // namespace

Result<void> find_change(const Known& known, Review& out) {
  using plans::ChangeAxis;
  const Date after = known.input->today - Days{window - 1};
  const std::optional<Date> before = window_before(known, after, out);
  const Date until = before ? *before + Days{window - 1} : known.since;
  std::vector<plans::AxisMeasure> measures;
  if (before) measure_days(known, *before, after, measures);
  std::ranges::move(situation_measures(known.input->situations, until, known.input->today),
                    std::back_inserter(measures));
  measure_life(known, until, measures, out);
  if (before) {
    for (const Goal& goal : known.plan->now().goals) {
      for (const auto& [which, ratings] : {std::pair{ChangeAxis::self_efficacy, &goal.confidence},
                                           std::pair{ChangeAxis::readiness, &goal.readiness}}) {
        const auto then = rating_at(*ratings, until);
        const auto now = rating_at(*ratings, known.input->today);
        if (then && now) measures.push_back(axis(which, goal.id, then, now));
      }
    }
  }
  auto change = plans::compare(measures);
  if (!change) return unexpected(change.error());
  out.change = *std::move(change);
  if (!before) return {};
  const auto range = DateRange::from(*before, *before + Days{window - 1});
  if (range) out.compared_with = *range;
  return {};
}

}  // namespace detail

Result<std::vector<UseHistory>> use_history(const timeline::Grid& grid, std::string_view person) {
  if (grid.axis() != timeline::DayAxis::calendar) {
    return unexpected(error_of(Errc::contradiction, "grid",
                               "must count calendar days: a review speaks of dates"));
  }
  std::vector<UseHistory> out;
  for (std::size_t s = 0; s < grid.size(); ++s) {
    if (grid.person_of(s) != person) continue;
    out.push_back({std::string{grid.substance_of(s)}, std::string{grid.unit_of(s)}, grid[s]});
  }
  if (out.empty()) {
    return unexpected(
        error_at(Errc::unknown_name, "person", std::nullopt, person, "has no days in the records"));
  }
  return out;
}

Result<Review> review(const plans::GoalPlan& plan, std::span<const UseHistory> use,
                      const ReviewInput& input) {
  detail::Known known;
  known.plan = &plan;
  known.use = use;
  known.input = &input;
  known.since = input.since.value_or(input.today - Days{window});
  if (input.today < known.since) {
    return unexpected(error_at(Errc::out_of_range, "since", std::nullopt, known.since.iso(),
                               "must not be after today, " + input.today.iso()));
  }
  if (input.network != nullptr) {
    if (auto ok = plans::check_network(*input.network); !ok) return unexpected(ok.error());
  }
  for (const UseHistory& u : use) {
    const auto found = substance::find(u.substance);
    known.id.push_back(found ? std::string{found->id} : u.substance);
    known.cls.push_back(found ? found->cls : substance::Class::unknown);
    known.could_be_opioid.push_back(!found || found->cls == substance::Class::opioid ||
                                    found->cls == substance::Class::unknown ||
                                    found->is(substance::Trait::unknown_potency));
  }
  Review out;
  out.plan = plan.id();
  out.today = input.today;
  out.since = known.since;
  out.gap_days = input.rule.gap_days;
  if (auto ok = detail::find_episodes(known, out); !ok) return unexpected(ok.error());
  if (auto ok = detail::find_weeks(known, out); !ok) return unexpected(ok.error());
  const bool wanted_none = std::ranges::any_of(out.episodes, [&plan](const ReviewEpisode& e) {
    return std::ranges::any_of(e.goals, [&plan](const std::string& id) {
      const Goal* goal = plan.goal(id);
      return goal != nullptr &&
             (goal->aim == plans::GoalAim::abstain || goal->aim == plans::GoalAim::abstain_some);
    });
  });
  const bool over = std::ranges::any_of(out.weeks, [](const ReviewWeeks& w) {
    return w.last_week && w.limit && *w.last_week > *w.limit;
  });
  known.lapse = wanted_none;
  known.over = over;
  if (auto ok = detail::find_change(known, out); !ok) return unexpected(ok.error());
  detail::find_signals(known, out);
  detail::find_stands(known, out);
  detail::find_safety(known, out);
  detail::find_refocus(known, out);
  return out;
}

}  // namespace ombre::inline v0::outcomes

namespace ombre::inline v0::plans {
template <>
std::span<const std::string_view> names_of<outcomes::FactorDomain>() noexcept {
  return outcomes::domain_names;
}
template <>
std::span<const std::string_view> names_of<outcomes::Against>() noexcept {
  return outcomes::against_names;
}
template <>
std::span<const std::string_view> names_of<outcomes::SignalKind>() noexcept {
  return outcomes::signal_names;
}
template <>
std::span<const std::string_view> names_of<outcomes::SignalStrength>() noexcept {
  return outcomes::strength_names;
}
template <>
std::span<const std::string_view> names_of<outcomes::RefocusKind>() noexcept {
  return outcomes::refocus_names;
}
template <>
std::span<const std::string_view> names_of<outcomes::Urgency>() noexcept {
  return outcomes::urgency_names;
}
}  // namespace ombre::inline v0::plans
