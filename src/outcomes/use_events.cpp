#include "ombre/outcomes/use_events.hpp"

#include <array>
#include <cmath>

#include "core/cited.hpp"
#include "outcomes/completed_days.hpp"

namespace ombre::inline v0::outcomes {
namespace {

using timeline::MissingRule;
using timeline::UseState;

constexpr const Source& own = cited::ombre_metrics;
constexpr const Source& fda = cited::fda_2015;
constexpr const Source& lee = cited::lee_2018;
constexpr const Source& hughes = cited::hughes_2003;
constexpr Source west{
    "west-2005",
    "West R, Hajek P, Stead L, Stapleton J. Outcome criteria in smoking cessation "
    "trials: proposal for a common standard. Addiction 100:299-303",
    "2005"};

constexpr std::array<UseEventInfo, use_event_count> infos{{
    {UseEvent::lapse_any, "lapse_any", "First use after abstinence",
     "First day of use that comes after at least baseline_gap_days (default 1) days without use, "
     "counted from the anchor.",
     false, &own, Confidence::proposal},
    {UseEvent::heavy_day, "heavy_day", "First heavy day",
     "First day whose amount is at or above heavy_limit.", true, &fda, Confidence::known},
    {UseEvent::relapse_xbot, "relapse_xbot", "Opioid relapse as in X:BOT",
     "From day xbot_clock_day (default 21) on: use in each of four consecutive weeks, or on seven "
     "consecutive days. Weeks are blocks of seven days from that day; a week without any known day "
     "counts as a week of use, as a missing urine did. Met on the last day of the fourth week or "
     "the seventh day. Use of the study's own medication must not be in the records.",
     false, &lee, Confidence::known},
    {UseEvent::relapse_srnt, "relapse_srnt", "Smoking relapse as proposed by SRNT",
     "Seven consecutive days of smoking, or smoking on at least one day of each of two consecutive "
     "weeks. Weeks are blocks of seven days from the anchor. Met on the seventh day, or on the "
     "first "
     "smoking day of the second week.",
     false, &hughes, Confidence::known},
    {UseEvent::relapse_rs, "relapse_rs", "More than five cigarettes in all",
     "First day on which the total since the anchor exceeds rs_limit (default 5).", true, &west,
     Confidence::verified},
    {UseEvent::relapse_return_to_baseline, "relapse_return_to_baseline",
     "Return to the level before treatment",
     "First day on which the mean amount of that day and the six before it is at least "
     "baseline_share (default 0.8) of baseline_mean. At least four of the seven amounts must be "
     "known; the mean is over those.",
     true, &own, Confidence::proposal},
    {UseEvent::relapse_person_defined, "relapse_person_defined",
     "The person's own limit, broken more than once",
     "First day on which the person's own daily limit own_limit was exceeded on own_days_of_7 "
     "(default 2) of the seven days ending there. For goals other than abstinence; with a limit of "
     "0 every day of use counts, the amount known or not.",
     true, &own, Confidence::proposal},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < use_event_count; ++i) {
    if (static_cast<std::size_t>(infos[i].event) != i) return false;
  }
  return true;
}
static_assert(in_order());

struct Found {
  std::size_t day = 0;
  std::size_t onset = 0;
};
using Days = std::vector<CompletedDay>;

bool used(const CompletedDay& d) { return d.use.value_or(false); }

std::optional<Found> lapse(const Days& days, std::uint32_t gap) {
  std::uint32_t clean = 0;
  for (std::size_t i = 0; i < days.size(); ++i) {
    if (!days[i].use) continue;
    if (!*days[i].use) {
      ++clean;
      continue;
    }
    if (clean >= gap) return Found{i, i};
    clean = 0;
  }
  return std::nullopt;
}

// Seven days of use in a row, from day `from` on.
std::optional<Found> seven_in_a_row(const Days& days, std::size_t from) {
  std::size_t run = 0;
  for (std::size_t i = from; i < days.size(); ++i) {
    run = used(days[i]) ? run + 1 : 0;
    if (run == 7) return Found{i, i - 6};
  }
  return std::nullopt;
}

std::optional<Found> earlier(std::optional<Found> a, std::optional<Found> b) {
  if (!a) return b;
  if (!b) return a;
  return b->day < a->day ? b : a;
}

std::optional<Found> xbot(const Days& days, std::size_t clock) {
  std::size_t weeks = 0;
  std::optional<Found> by_weeks;
  for (std::size_t w = clock; w + 7 <= days.size(); w += 7) {
    bool any_use = false;
    bool any_known = false;
    for (std::size_t i = w; i < w + 7; ++i) {
      any_use = any_use || used(days[i]);
      any_known = any_known || days[i].use.has_value();
    }
    weeks = any_use || !any_known ? weeks + 1 : 0;
    if (weeks == 4) {
      by_weeks = Found{w + 6, w - 21};
      break;
    }
  }
  return earlier(by_weeks, seven_in_a_row(days, clock));
}

std::optional<Found> srnt(const Days& days) {
  std::optional<Found> by_weeks;
  std::optional<std::size_t> first_of_last_week;
  for (std::size_t w = 0; w < days.size() && !by_weeks; w += 7) {
    std::optional<std::size_t> first;
    for (std::size_t i = w; i < std::min(w + 7, days.size()) && !first; ++i) {
      if (used(days[i])) first = i;
    }
    if (first && first_of_last_week) by_weeks = Found{*first, *first_of_last_week};
    first_of_last_week = first;
  }
  return earlier(by_weeks, seven_in_a_row(days, 0));
}

std::optional<Found> over_total(const Days& days, double limit) {
  double total = 0;
  std::optional<std::size_t> first;
  for (std::size_t i = 0; i < days.size(); ++i) {
    if (used(days[i]) && !first) first = i;
    total += days[i].amount.value_or(0);
    if (total > limit) return Found{i, first.value_or(i)};
  }
  return std::nullopt;
}

std::optional<Found> back_to(const Days& days, double limit) {
  for (std::size_t i = 6; i < days.size(); ++i) {
    double sum = 0;
    int known = 0;
    for (std::size_t k = i - 6; k <= i; ++k) {
      if (!days[k].amount) continue;
      sum += *days[k].amount;
      ++known;
    }
    if (known >= 4 && sum / known >= limit) return Found{i, i - 6};
  }
  return std::nullopt;
}

std::optional<Found> own_limit_broken(const Days& days, double limit, std::uint32_t of_7) {
  const auto broken = [&](const CompletedDay& d) {
    return limit == 0 ? used(d) : d.amount.value_or(0) > limit;
  };
  std::vector<std::size_t> recent;
  for (std::size_t i = 0; i < days.size(); ++i) {
    if (!broken(days[i])) continue;
    recent.push_back(i);
    if (recent.size() >= of_7) {
      const std::size_t first = recent[recent.size() - of_7];
      if (i - first < 7) return Found{i, first};
    }
  }
  return std::nullopt;
}

std::optional<Found> first_event(const Days& days, UseEvent event, const UseEventParameters& p) {
  switch (event) {
    case UseEvent::lapse_any:
      return lapse(days, p.baseline_gap_days);
    case UseEvent::heavy_day:
      for (std::size_t i = 0; i < days.size(); ++i) {
        if (days[i].amount && *days[i].amount >= *p.heavy_limit) return Found{i, i};
      }
      return std::nullopt;
    case UseEvent::relapse_xbot:
      return xbot(days, p.xbot_clock_day);
    case UseEvent::relapse_srnt:
      return srnt(days);
    case UseEvent::relapse_rs:
      return over_total(days, p.rs_limit);
    case UseEvent::relapse_return_to_baseline:
      return back_to(days, p.baseline_share * *p.baseline_mean);
    case UseEvent::relapse_person_defined:
      return own_limit_broken(days, *p.own_limit, p.own_days_of_7);
  }
  return std::nullopt;
}

Result<void> check_parameters(UseEvent event, const UseEventParameters& p) {
  const auto number = [](std::string_view field, double v, bool zero_too) -> Result<void> {
    if (std::isfinite(v) && (zero_too ? v >= 0 : v > 0)) return {};
    return unexpected(error_at(Errc::out_of_range, field, std::nullopt, v,
                               zero_too ? "must be a number of 0 or more" : "must be above 0"));
  };
  const auto needed = [&](std::string_view field, const std::optional<double>& v,
                          bool zero_too) -> Result<void> {
    if (!v) {
      return unexpected(
          error_of(Errc::missing, field, "must be given for " + std::string{name(event)}));
    }
    return number(field, *v, zero_too);
  };
  switch (event) {
    case UseEvent::heavy_day:
      return needed("heavy_limit", p.heavy_limit, false);
    case UseEvent::relapse_rs:
      return number("rs_limit", p.rs_limit, true);
    case UseEvent::relapse_return_to_baseline:
      if (auto fine = needed("baseline_mean", p.baseline_mean, false); !fine) return fine;
      return number("baseline_share", p.baseline_share, false);
    case UseEvent::relapse_person_defined:
      if (auto fine = needed("own_limit", p.own_limit, true); !fine) return fine;
      if (p.own_days_of_7 >= 1 && p.own_days_of_7 <= 7) return {};
      return unexpected(error_at(Errc::out_of_range, "own_days_of_7", std::nullopt,
                                 std::to_string(p.own_days_of_7), "must be 1 to 7"));
    case UseEvent::lapse_any:
    case UseEvent::relapse_xbot:
    case UseEvent::relapse_srnt:
      return {};
  }
  return unexpected(error_of(Errc::unknown_name, "event", "must be a named event"));
}

}  // namespace

std::span<const UseEventInfo, use_event_count> use_event_infos() noexcept { return infos; }

std::string_view name(UseEvent event) noexcept {
  const auto i = static_cast<std::size_t>(event);
  return i < infos.size() ? infos[i].id : "invalid";
}

Result<UseEvent> parse_use_event(std::string_view id) {
  std::string rule = "must be one of";
  for (const UseEventInfo& info : infos) {
    if (info.id == id) return info.event;
    rule += ' ';
    rule += info.id;
  }
  return unexpected(error_at(Errc::unknown_name, "event", std::nullopt, id, rule));
}

std::vector<Explanation> explain_use_events() {
  std::vector<Explanation> out;
  for (const UseEventInfo& info : infos) {
    Explanation e;
    e.name = info.id;
    e.kind = "event";
    e.title = info.title;
    e.text = info.text;
    e.sources.push_back({info.source, info.confidence});
    out.push_back(std::move(e));
  }
  Explanation russell;
  russell.name = "russell_standard";
  russell.kind = "rule";
  russell.title = "Russell Standard: abstinence from smoking for six or twelve months";
  russell.text =
      "At most five cigarettes in the whole period from the quit date, or from the end of a grace "
      "period, and a test that confirms it; who was not tested or did not report counts as "
      "smoking, who died or moved without an address is left out. In C++: "
      "outcomes::russell_standard().";
  russell.sources.push_back({&west, Confidence::verified});
  russell.aliases = {"rs6", "rs12"};
  out.push_back(std::move(russell));
  return out;
}

Result<UseEventTime> time_to_event(const timeline::DayView& days, UseEvent event,
                                   const UseEventParameters& parameters, MissingRule missing) {
  if (parameters.anchor >= days.size()) {
    return unexpected(
        error_at(Errc::out_of_range, "anchor", std::nullopt, std::to_string(parameters.anchor),
                 "must be a day of the view, which has " + std::to_string(days.size())));
  }
  if (auto fine = timeline::check(days); !fine) return unexpected(fine.error());
  if (auto fine = check_parameters(event, parameters); !fine) return unexpected(fine.error());
  if (static_cast<std::size_t>(missing) >= timeline::missing_rule_count) {
    return unexpected(error_of(Errc::out_of_range, "missing", "must be a missing rule"));
  }
  const auto view = days.part(parameters.anchor, days.size());
  UseEventTime out;
  const bool amounts = infos[static_cast<std::size_t>(event)].needs_amount &&
                       !(event == UseEvent::relapse_person_defined && *parameters.own_limit == 0);
  for (std::size_t i = 0; i < view.size(); ++i) {
    const UseState s = view.state_at(i);
    if (s != UseState::unknown) out.censored_at = static_cast<std::uint32_t>(i);
    const bool lost = s == UseState::unknown || (amounts && s == UseState::used);
    ++(lost ? out.n_missing : out.n_observed);
  }
  bool all = true;
  for (const MissingRule rule : timeline::missing_rules) {
    const auto found = first_event(complete_days(view, rule), event, parameters);
    if (!found) {
      all = false;
      continue;
    }
    const auto day = static_cast<std::uint32_t>(found->day);
    out.lower = out.lower ? std::min(*out.lower, day) : day;
    out.upper = out.upper ? std::max(*out.upper, day) : day;
    if (rule == missing) {
      out.day = day;
      out.onset = static_cast<std::uint32_t>(found->onset);
    }
  }
  if (!all) out.upper.reset();
  if (!out.lower) out.lower = out.censored_at;
  return out;
}

}  // namespace ombre::inline v0::outcomes
