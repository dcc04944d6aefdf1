// What happened may mean this, and this stays achieved, and this is what to focus on.
#include <algorithm>
#include <array>
#include <cmath>

#include "ombre/plans/harm_course.hpp"
#include "ombre/plans/safety.hpp"
#include "ombre/substance/overdose.hpp"
#include "plans/goal_sources.hpp"
#include "plans/plain_words.hpp"
#include "review_parts.hpp"

namespace ombre::inline v0::outcomes::detail {
namespace {

using plans::Goal;
using plans::GoalAim;
using plans::GoalStatus;
using plans::detail::counted;
using plans::detail::listed;
using plans::detail::plain;
using substance::Class;
using timeline::UseState;

constexpr int silence_days = 7;

std::string called(const Goal& goal) {
  return '"' + (goal.words.empty() ? goal.id : goal.words) + '"';
}

std::optional<Date> lapse_day(const Review& out) {
  std::optional<Date> first;
  for (const ReviewEpisode& e : out.episodes) {
    if (!first || e.first < *first) first = e.first;
  }
  return first;
}

bool has_signal(const Review& out, SignalKind kind) {
  return std::ranges::any_of(out.signals, [kind](const Signal& s) {
    return s.kind == kind &&
           (s.strength == SignalStrength::present || s.strength == SignalStrength::possible);
  });
}

void steep(const Known& known, Review& out) {
  bool said = false;
  for (const ReviewWeeks& w : out.weeks) {
    if (!w.course.too_steep) continue;
    said = true;
    out.signals.push_back(
        {SignalKind::goal_too_steep, SignalStrength::present,
         "The limits for " + w.substance + " fall by " + plain(-*w.course.planned_a_week) + " " +
             w.unit + " each week; use " +
             (*w.course.achieved_a_week < 0 ? "fell by " + plain(-*w.course.achieved_a_week)
                                            : "rose by " + plain(*w.course.achieved_a_week)) +
             ". The plan may ask for more than is possible just now. That is about the plan, not "
             "about you.",
         w.goal});
  }
  for (const ReviewEpisode& e : out.episodes) {
    for (const std::string& id : e.goals) {
      const Goal* goal = known.plan->goal(id);
      if (goal == nullptr || goal->stages.empty()) continue;
      const auto stage = goal->stages.back().stage;
      if (stage != plans::MotivationStage::precontemplation &&
          stage != plans::MotivationStage::contemplation) {
        continue;
      }
      said = true;
      out.signals.push_back({SignalKind::goal_too_steep, SignalStrength::possible,
                             called(*goal) + " was set while you were still making up your mind. "
                                             "Is it what you want, for now?",
                             id});
    }
    for (const std::string& id : e.goals) {
      const Goal* goal = known.plan->goal(id);
      if (goal == nullptr || goal->confidence.empty() || goal->confidence.back().value >= 5) {
        continue;
      }
      said = true;
      out.signals.push_back({SignalKind::goal_too_steep, SignalStrength::possible,
                             "You gave your confidence in " + called(*goal) + " " +
                                 plain(goal->confidence.back().value) +
                                 " of 10. A smaller step may fit better.",
                             id});
    }
  }
  if (!said) {
    const bool looked = std::ranges::any_of(
        out.weeks, [](const ReviewWeeks& w) { return w.course.planned_a_week.has_value(); });
    out.signals.push_back({SignalKind::goal_too_steep,
                           looked ? SignalStrength::not_seen : SignalStrength::not_known,
                           looked ? "The limits do not fall faster than use does."
                                  : "Is the goal too steep? There is not yet enough to compare.",
                           ""});
  }
}

void changes(const Known& known, Review& out) {
  struct Group {
    SignalKind kind;
    std::vector<std::string> what;
  };
  Group stressor{SignalKind::new_stressor, {}};
  Group medicine{SignalKind::medication_change, {}};
  Group setting{SignalKind::setting_change, {}};
  for (const FactorChange& c : known.input->changes) {
    if (c.on < known.since || known.input->today < c.on) continue;
    const std::string what = c.what + " (" + c.on.iso() + ")";
    if (c.medicine) {
      medicine.what.push_back(what);
    } else if (c.burden.value_or(true)) {
      stressor.what.push_back(what);
    } else if (c.domain == FactorDomain::setting) {
      setting.what.push_back(what);
    }
  }
  const bool asked = known.input->asked_for_changes || !known.input->changes.empty();
  const auto say = [&out, asked](const Group& g, std::string seen, std::string not_seen,
                                 std::string ask) {
    const auto strength = !g.what.empty() ? SignalStrength::present
                          : asked         ? SignalStrength::not_seen
                                          : SignalStrength::not_known;
    out.signals.push_back({g.kind, strength,
                           !g.what.empty() ? seen + listed(g.what) + "."
                           : asked         ? std::move(not_seen)
                                           : std::move(ask),
                           ""});
  };
  say(stressor, "Life got harder since the last review: ", "No new burden is known.",
      "Did anything get harder since the last review?");
  say(medicine, "Medicines changed: ", "No change of medicine is known.",
      "Did any medicine change?");
  say(setting, "Things around you changed: ", "No other change around you is known.",
      "Did anything change around you: people, places, days?");
  if (!asked) out.to_ask.emplace_back("What has changed since the last review?");
}

void triggers(const Known& known, Review& out) {
  const auto first = lapse_day(out);
  const Date from = first ? std::min(*first - Days{1}, known.since) : known.since;
  const auto stats = plans::trigger_stats(known.plan->now().triggers, from, known.input->today);
  if (stats.empty()) {
    if (known.over || known.lapse) {
      out.signals.push_back({SignalKind::trigger_learned, SignalStrength::not_known,
                             "What came just before, and what was needed then?", ""});
      out.to_ask.emplace_back("What came just before, and what was needed then?");
    }
    return;
  }
  std::vector<std::string> what;
  std::vector<std::string> needs;
  std::vector<std::string> helped;
  std::uint32_t passed = 0;
  for (const auto& t : stats) {
    what.push_back(std::string{plans::in_words(t.kind)} +
                   (t.times > 1 ? " (" + std::to_string(t.times) + " times)" : ""));
    needs.insert(needs.end(), t.needs.begin(), t.needs.end());
    helped.insert(helped.end(), t.helped.begin(), t.helped.end());
    passed += t.passed;
  }
  std::string says = "You found out what comes before: " + listed(what) + ".";
  if (!needs.empty()) says += " What was needed: " + listed(needs) + ".";
  if (!helped.empty()) says += " What helped: " + listed(helped) + ".";
  if (passed > 0) says += " " + counted(passed, "urge") + " passed without use.";
  out.signals.push_back({SignalKind::trigger_learned, SignalStrength::present, says, ""});
}

// Days without the substance until now, where it is known.
std::optional<int> days_without(const UseHistory& use, Date today) {
  auto i = at_day(use.days, today);
  if (!i) return std::nullopt;
  int days = 0;
  for (std::size_t k = *i + 1; k-- > 0;) {
    if (use.days.state_at(k) == UseState::unknown) return std::nullopt;
    if (use.days.state_at(k) != UseState::none) return days;
    ++days;
  }
  return std::nullopt;  // no use is known at all
}

// Days before an episode on which no use is known, those of which nothing is known with them.
int possible_days_before(const UseHistory& use, Date first) {
  const auto i = at_day(use.days, first);
  int days = 0;
  for (std::size_t k = i.value_or(0); k-- > 0; ++days) {
    const UseState state = use.days.state_at(k);
    if (state != UseState::none && state != UseState::unknown) break;
  }
  return days;
}

// Days right before a day that are known to be without.
int known_days_before(const UseHistory& use, Date day) {
  int days = 0;
  for (std::size_t k = at_day(use.days, day).value_or(0); k-- > 0; ++days) {
    if (use.days.state_at(k) != UseState::none) break;
  }
  return days;
}

bool matters(int days) {
  const auto band = plans::tolerance_loss_window(days);
  return band && *band != plans::ToleranceBand::first_days;
}

void tolerance(const Known& known, Review& out) {
  for (std::size_t u = 0; u < known.use.size(); ++u) {
    if (!known.could_be_opioid[u]) continue;
    const UseHistory& use = known.use[u];
    const bool opioid = known.cls[u] == Class::opioid;
    const auto strength = opioid ? SignalStrength::present : SignalStrength::possible;
    const auto say = [&](int days, const std::string& when) {
      const auto band = plans::tolerance_loss_window(days);
      if (!band || *band == plans::ToleranceBand::first_days) return;
      out.signals.push_back({SignalKind::tolerance_danger, strength,
                             use.substance + ": " + counted(days, "day") + " without " + when +
                                 ". " + std::string{plans::tolerance_advice(*band).value},
                             ""});
    };
    const auto episode = std::ranges::find(out.episodes, use.substance, &ReviewEpisode::substance);
    if (const auto without = days_without(use, known.input->today)) say(*without, "it until today");
    if (episode == out.episodes.end() || (known.input->today - episode->last).count() > 3) continue;
    // Where unknown days leave open how many times it was, only the days right before the last part
    // are sure.
    const int sure =
        episode->days_at_least
            ? known_days_before(use, episode->sure_from)
            : static_cast<int>(std::min<std::uint32_t>(episode->days_before.value_or(0), 36'525));
    const int maybe = std::max(possible_days_before(use, episode->first),
                               possible_days_before(use, episode->sure_from));
    if (matters(sure)) {
      say(sure, "it before this time");
    } else if (maybe > sure && matters(maybe)) {
      out.signals.push_back(
          {SignalKind::tolerance_danger, SignalStrength::possible,
           use.substance + ": not all days before the last use are known; up to " +
               counted(maybe, "day") + " may have been without. " +
               std::string{plans::tolerance_advice(*plans::tolerance_loss_window(maybe)).value},
           ""});
    }
  }
}

void disconnection(const Known& known, Review& out) {
  const plans::SocialNetwork* n = known.input->network;
  if (n == nullptr || n->contacts.empty()) {
    out.signals.push_back({SignalKind::disconnection, SignalStrength::not_known,
                           "Who has been in touch is not written down.", ""});
    return;
  }
  const Date today = known.input->today;
  const auto gap = plans::max_gap(n->contacts, known.since, today);
  const auto first = lapse_day(out);
  std::optional<Date> last;
  for (const plans::Contact& c : n->contacts) {
    if (c.on <= today) last = c.on;
  }
  if (first && !plans::connected_at(n->contacts, *first, silence_days)) {
    // A gap in a log is silence only where the log was being kept.
    constexpr int weeks_back = 28;
    const auto kept = std::ranges::count_if(n->contacts, [&first](const plans::Contact& c) {
      const auto before = (*first - c.on).count();
      return before >= silence_days && before < silence_days + weeks_back;
    });
    const bool sure = kept >= weeks_back / silence_days;
    out.signals.push_back({SignalKind::disconnection,
                           sure ? SignalStrength::present : SignalStrength::possible,
                           sure ? "For the week before it began no contact is written down, and " +
                                      counted(kept, "contact") +
                                      " for the four weeks before that. Being alone with it came "
                                      "first, maybe."
                                : "For the week before it began no contact is written down. Was "
                                  "somebody in touch?",
                           ""});
    if (!sure) out.to_ask.emplace_back("Was somebody in touch in the week before it began?");
  } else if (!last || (today - *last).count() > silence_days) {
    out.signals.push_back({SignalKind::disconnection, SignalStrength::present,
                           last ? "The last contact written down was on " + last->iso() + "."
                                : "No contact is written down yet.",
                           ""});
  } else if (gap && *gap > 2 * silence_days) {
    out.signals.push_back({SignalKind::disconnection, SignalStrength::possible,
                           "There was a stretch of " + counted(*gap, "day") +
                               " without a contact that is written down.",
                           ""});
  } else {
    out.signals.push_back(
        {SignalKind::disconnection, SignalStrength::not_seen, "Somebody was in touch.", ""});
  }
}

int rank(SignalStrength s) {
  switch (s) {
    case SignalStrength::present:
      return 0;
    case SignalStrength::possible:
      return 1;
    case SignalStrength::not_known:
      return 2;
    case SignalStrength::not_seen:
      return 3;
  }
  return 4;
}

// Longest run of days known to be without, up to a day.
std::uint32_t longest_without(const timeline::DayView& days, Date today) {
  std::uint32_t longest = 0;
  std::uint32_t run = 0;
  for (std::size_t i = 0; i < days.size(); ++i) {
    if (std::int64_t{days.first_day} + static_cast<std::int64_t>(i) > today.day_number()) break;
    run = days.state_at(i) == UseState::none ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

}  // namespace

void find_signals(const Known& known, Review& out) {
  steep(known, out);
  changes(known, out);
  triggers(known, out);
  tolerance(known, out);
  disconnection(known, out);
  std::ranges::stable_sort(out.signals, {}, [](const Signal& s) { return rank(s.strength); });
}

void find_stands(const Known& known, Review& out) {
  const Date today = known.input->today;
  for (std::size_t u = 0; u < known.use.size(); ++u) {
    const UseHistory& use = known.use[u];
    std::uint32_t known_days = 0;
    std::uint32_t without = 0;
    for (std::size_t i = 0; i < use.days.size(); ++i) {
      if (std::int64_t{use.days.first_day} + static_cast<std::int64_t>(i) > today.day_number()) {
        break;
      }
      const UseState state = use.days.state_at(i);
      known_days += state == UseState::unknown ? 0U : 1U;
      without += state == UseState::none ? 1U : 0U;
    }
    if (without > 0) {
      out.stands.push_back(counted(without, "day") + " without " + use.substance + ", of " +
                           counted(known_days, "day") + " that are known; the longest stretch " +
                           counted(longest_without(use.days, today), "day") +
                           ". Nobody takes them away.");
    }
  }
  for (const plans::HarmCourse& c : plans::harm_courses(known.input->harms, today)) {
    if (c.longest_without) {
      out.stands.push_back(counted(c.since_last, "day") + " since the last: " + c.harm +
                           ". That is the longest time without so far.");
    }
  }
  for (const ReviewEpisode& e : out.episodes) {
    if (e.length == Against::shorter && !e.goes_on) {
      out.stands.push_back("This time it lasted " + std::string{e.days_at_least ? "at most " : ""} +
                           counted(e.days, "day") + "; before, " + plain(*e.usual_days) +
                           " were usual.");
    }
    if (e.interval == Against::longer) {
      out.stands.push_back("Before it there were " + counted(*e.days_before, "day") + " without " +
                           e.substance + "; before, " + plain(*e.usual_before) + " were usual.");
    }
    if (e.amount == Against::shorter) {
      out.stands.push_back("It was less each day than in earlier times: " + plain(*e.mean) +
                           " against " + plain(*e.usual_mean) +
                           (e.unit.empty() ? "" : " " + e.unit) + ".");
    }
  }
  for (const ReviewWeeks& w : out.weeks) {
    if (w.course.within == 0) continue;
    out.stands.push_back(std::to_string(w.course.within) + " of " +
                         counted(static_cast<std::int64_t>(w.course.weeks), "week") +
                         " within your own limit for " + w.substance + ".");
  }
  for (const Goal& goal : known.plan->now().goals) {
    if (goal.status == GoalStatus::reached) {
      out.stands.push_back("Reached: " + (goal.words.empty() ? goal.id : goal.words) + ".");
    }
    for (const auto& m : goal.milestones) {
      if (m.reached_on && *m.reached_on <= today) {
        out.stands.push_back("Milestone: " + (m.words.empty() ? m.id : m.words) + ", on " +
                             m.reached_on->iso() + ".");
      }
    }
  }
  if (known.input->network != nullptr) {
    const bool told = std::ranges::any_of(
        known.input->network->disclosures, [&known, today](const plans::DisclosureEntry& d) {
          return d.self_reported.value_or(false) && d.known >= known.since && d.known <= today;
        });
    if (told)
      out.stands.emplace_back("You told somebody yourself. That took courage, and it helps.");
  }
}

void find_refocus(const Known& known, Review& out) {
  const auto add = [&out](Refocus r) { out.refocus.push_back(std::move(r)); };
  for (const ReviewWeeks& w : out.weeks) {
    if (!w.course.too_steep || !w.usual || !w.usual_of || !w.limit) continue;
    const double fits = std::max(*w.limit, std::ceil(*w.usual));
    Refocus r;
    r.kind = RefocusKind::ease;
    r.goal = w.goal;
    r.substance = w.substance;
    r.weekly_limit = fits;
    r.unit = w.unit;
    r.because = {SignalKind::goal_too_steep};
    r.says = "Ease the limit for " + w.substance + " to " + plain(fits) + " " + w.unit +
             " a week for a while; that is where the last weeks that are known were, " +
             w.usual_of->first().iso() + " to " + w.usual_of->last().iso() +
             ". From there, smaller steps.";
    // The oldest week of them ended so many days ago.
    const int old = (out.today - (w.usual_of->first() + Days{6})).count();
    if (old > 28) {
      r.says += " Some of these weeks are old, the first of them ended " + counted(old, "day") +
                " ago: ask how it is now before the limit changes.";
      out.to_ask.push_back("How much " + w.substance +
                           " was it in the weeks that are not written down? The limit that is "
                           "proposed rests on weeks from " +
                           w.usual_of->first().iso() + " on.");
    }
    add(std::move(r));
  }
  const bool burden =
      has_signal(out, SignalKind::new_stressor) || has_signal(out, SignalKind::medication_change);
  for (const ReviewWeeks& w : out.weeks) {
    const bool over = w.last_week && w.limit && *w.last_week > *w.limit;
    if (w.course.too_steep || !w.limit || (!burden && !over)) continue;
    Refocus r;
    r.kind = RefocusKind::hold;
    r.goal = w.goal;
    r.substance = w.substance;
    if (burden) r.because = {SignalKind::new_stressor};
    r.says = "Hold the limit for " + w.substance + " where it is until " +
             (burden ? "things are calmer" : "it fits again") + ". Holding is part of the way.";
    add(std::move(r));
  }
  for (const Signal& s : out.signals) {
    if (s.kind != SignalKind::goal_too_steep || s.strength != SignalStrength::possible) continue;
    const bool there = std::ranges::any_of(out.refocus, [&s](const Refocus& r) {
      return r.kind == RefocusKind::ease && r.goal == s.goal;
    });
    if (there) continue;
    Refocus r;
    r.kind = RefocusKind::ease;
    r.goal = s.goal;
    r.because = {SignalKind::goal_too_steep};
    r.says = "Look at " + called(*known.plan->goal(s.goal)) +
             " together: a smaller piece of it, or another goal that is wanted more right now.";
    add(std::move(r));
  }
  if (has_signal(out, SignalKind::disconnection) || known.lapse) {
    Refocus r;
    r.kind = RefocusKind::raise_contact;
    r.because = {SignalKind::disconnection};
    r.says = has_signal(out, SignalKind::disconnection)
                 ? "More contact: a call every day for a week, whether or not something was used."
                 : "Stay close: a call every day for a week, whether or not something was used.";
    add(std::move(r));
  }
  if (burden) {
    Refocus r;
    r.kind = RefocusKind::add_support;
    r.because = {SignalKind::new_stressor};
    r.says = "Add support for what got harder; use is not the only thing that needs care now.";
    add(std::move(r));
  }
  if (known.lapse || known.over) {
    Refocus r;
    r.kind = RefocusKind::learn;
    r.because = {SignalKind::trigger_learned};
    r.says = has_signal(out, SignalKind::trigger_learned)
                 ? "Put what you found out into the plan: one thing to do when it comes again."
                 : "Look at the hours before it together: what was there, what was needed?";
    add(std::move(r));
  }
  const bool way = known.input->network != nullptr &&
                   std::ranges::any_of(known.input->network->ways_back,
                                       [](const plans::ReturnPath& p) { return p.held; });
  const bool goes_on = std::ranges::any_of(
      out.episodes, [](const ReviewEpisode& e) { return e.goes_on && !e.goals.empty(); });
  if (known.lapse && (goes_on || !way)) {
    Refocus r;
    r.kind = RefocusKind::prepare_way_back;
    r.says = way ? "The way back is open: a place is held. Shall we call together?"
                 : "Prepare the way back: whom to call and which place would take you, within "
                   "hours.";
    add(std::move(r));
  }
  if (out.refocus.empty()) {
    Refocus r;
    r.kind = RefocusKind::keep_going;
    // Praise needs something it rests on: days that are known, and nothing that is urgent.
    bool any_day = false;
    for (const UseHistory& u : known.use) {
      for (Date d = known.since; d <= known.input->today; d = d + Days{1}) {
        const auto i = at_day(u.days, d);
        any_day |= i && u.days.state_at(*i) != UseState::unknown;
      }
    }
    r.says = !any_day ? "Nothing is known of these days, so nothing can be said about what works. "
                        "What would you like to look at first?"
             : out.stands.empty() || !out.now.empty()
                 ? "No change of the plan is proposed from what is known. Is there something you "
                   "would like next?"
                 : "Keep going as it is; what is done works for you. Is there something you would "
                   "like next?";
    add(std::move(r));
  }
}

}  // namespace ombre::inline v0::outcomes::detail
