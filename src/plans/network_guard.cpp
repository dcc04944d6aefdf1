// What a support network lacks.
#include <algorithm>
#include <iterator>
#include <string>

#include "goal_plan_parts.hpp"
#include "goal_sources.hpp"
#include "ombre/plans/network.hpp"
#include "plain_words.hpp"
#include "rule_lists.hpp"

namespace ombre::inline v0::plans {
namespace {

constexpr const Source* ours = &sources::ombre_proposal;
constexpr int silence_days = 7;
constexpr double hours_back = 24;

constexpr GuardRule hole{"coverage_hole",
                         "In the first days after a stay somebody can be reached at every hour.",
                         ours, Confidence::proposal, OverridableBy::nobody};
constexpr GuardRule single{"single_point_of_failure", "No connection rests on one person alone.",
                           ours, Confidence::proposal, OverridableBy::nobody};
constexpr GuardRule naloxone{"naloxone_in_the_network",
                             "Somebody close carries naloxone and knows how to use it.",
                             &sources::cdc_2022, Confidence::verified, OverridableBy::nobody};
constexpr GuardRule consent{"consent_before_sharing",
                            "Nothing is told to anybody without the person's consent.",
                            &sources::part_2, Confidence::known, OverridableBy::nobody};
constexpr GuardRule way_back{"way_back",
                             "The way back is short: a place that is held, no new intake, within a "
                             "day.",
                             ours, Confidence::proposal, OverridableBy::nobody};
constexpr GuardRule welcome{"welcome_whether_used",
                            "Somebody is there whether or not something was used.", ours,
                            Confidence::proposal, OverridableBy::nobody};
constexpr GuardRule silence{"long_silence", "After a week without contact somebody reaches out.",
                            ours, Confidence::proposal, OverridableBy::nobody};
constexpr GuardRule certified{"companion_trained", "A companion is trained for it.", ours,
                              Confidence::proposal, OverridableBy::nobody};

constexpr GuardRule future{"dated_after_today", "What has happened lies on a day that has come.",
                           ours, Confidence::proposal, OverridableBy::nobody};

RuleFinding gap(const GuardRule& rule, Severity severity, std::string text) {
  RuleFinding f;
  f.rule = &rule;
  f.answer = Answer::allowed_with_warning;
  f.severity = severity;
  f.text = std::move(text);
  return f;
}

std::string called(const NetworkMember& m) {
  std::string out = m.name.empty() ? m.id : m.name;
  if (!m.role.empty()) out += " (" + m.role + ")";
  return out;
}

std::string clock(const Moment& m) {
  const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  std::string weekday{name(m.on.weekday())};
  weekday[0] = static_cast<char>(weekday[0] - 'a' + 'A');
  return weekday + " " + m.on.iso() + ", " + two(m.minute / 60) + ":" + two(m.minute % 60);
}

// Hours of somebody whom nobody knows how to reach are no cover.
void no_channel(const SocialNetwork& n, std::vector<RuleFinding>& out) {
  for (const NetworkMember& m : n.members) {
    if (!m.channels.empty()) continue;
    if (std::ranges::find(n.shifts, m.id, &Shift::member) == n.shifts.end()) continue;
    out.push_back(gap(hole, Severity::warning,
                      called(m) + " has hours, and how to reach them is not written down: these "
                                  "hours are not counted. Which number, or which door?"));
  }
}

Result<void> holes(const SocialNetwork& n, Date today, int days, std::vector<RuleFinding>& out) {
  if (n.shifts.empty()) {
    out.push_back(
        gap(hole, Severity::warning, "It is not written down who can be reached at which hours."));
    return {};
  }
  no_channel(n, out);
  const Date first = n.leaving && *n.leaving > today ? *n.leaving : today;
  const auto range = DateRange::from(first, first + Days{days - 1});
  if (!range) return unexpected(range.error());
  const auto c = coverage(n, *range);
  if (!c) return unexpected(c.error());
  const CoverageHole* longest = c->longest_hole();
  if (longest == nullptr) return {};
  const bool leaving = n.leaving && range->contains(*n.leaving);
  auto f =
      gap(hole, leaving ? Severity::danger : Severity::warning,
          "In " + detail::counted(range->length().count(), "day") + " from " + first.iso() +
              (c->holes.size() == 1 ? " there is " : " there are ") +
              detail::counted(static_cast<std::int64_t>(c->holes.size()), "stretch", "stretches") +
              " in which nobody can be reached; the longest begins on " + clock(longest->from) +
              " and lasts " + detail::minutes_text(longest->minutes) + ".");
  f.measured = static_cast<double>(longest->minutes) / 60;
  f.limit = 0;
  f.unit = "hours";
  f.on = longest->from.on;
  out.push_back(std::move(f));
  return {};
}

Result<void> shape(const SocialNetwork& n, std::vector<RuleFinding>& out) {
  const auto s = network_shape(n);
  if (!s) return unexpected(s.error());
  for (const SinglePoint& point : s->single_points) {
    std::vector<std::string> lost;
    for (const std::size_t m : point.lost) lost.push_back(called(n.members[m]));
    out.push_back(gap(single, Severity::warning,
                      detail::listed(lost) + (lost.size() == 1 ? " is" : " are") +
                          " only reached through " + called(n.members[point.member]) +
                          ". A second way would hold if that one falls away."));
  }
  if (s->rests_on_one) {
    out.push_back(gap(single, Severity::warning,
                      "Everything rests on " + called(n.members[s->direct[0]]) +
                          ": the person has a direct tie to nobody else."));
  }
  if (s->direct.empty()) {
    out.push_back(gap(single, Severity::danger,
                      "Nobody has a direct tie to the person yet. Who could be the first?"));
  }
  for (const std::size_t m : s->not_connected) {
    out.push_back(gap(single, Severity::note,
                      "There is no way yet from the person to " + called(n.members[m]) + "."));
  }
  return {};
}

void people(const SocialNetwork& n, std::vector<RuleFinding>& out) {
  const bool kit = std::ranges::any_of(n.members, [](const NetworkMember& m) {
    return m.kit.naloxone.value_or(false) && m.kit.knows_how.value_or(false);
  });
  if (!kit) {
    out.push_back(gap(naloxone, Severity::warning,
                      "Nobody in the network is known to carry naloxone and to know how to use "
                      "it."));
  }
  const bool anyway = std::ranges::any_of(
      n.members, [](const NetworkMember& m) { return m.unconditional.value_or(false); });
  if (!anyway) {
    out.push_back(gap(welcome, Severity::warning,
                      "Nobody is named whom the person can call whether or not something was "
                      "used."));
  }
  for (const NetworkMember& m : n.members) {
    if (m.kind == TieKind::companion && !m.certified.value_or(false)) {
      out.push_back(gap(certified, Severity::note,
                        called(m) + (m.certified ? " is not trained as a companion yet."
                                                 : ": it is not known whether they are trained.")));
    }
  }
}

void consents(const SocialNetwork& n, Date today, std::vector<RuleFinding>& out) {
  for (const NetworkMember& m : n.members) {
    if (m.kind != TieKind::family && m.kind != TieKind::companion) continue;
    bool in_force = false;
    bool ended = false;
    for (const Consent& c : n.consents) {
      if (c.to != m.id || c.given > today) continue;
      const bool over = (c.until && *c.until < today) || (c.withdrawn && *c.withdrawn <= today);
      (over ? ended : in_force) = true;
    }
    if (in_force) continue;
    out.push_back(gap(consent, Severity::note,
                      called(m) + (ended ? ": the consent has ended; nothing may be told, and the "
                                           "person can be asked again."
                                         : ": nothing may be told yet. Ask the person what they "
                                           "would like them to know.")));
  }
}

void ways(const SocialNetwork& n, Date today, std::vector<RuleFinding>& out) {
  if (n.ways_back.empty()) {
    if (n.leaving) {
      out.push_back(gap(way_back, Severity::warning,
                        "No way back is agreed on. Which place would hold a bed, and whom does one "
                        "call?"));
    }
    return;
  }
  for (const ReturnPath& way : n.ways_back) {
    std::vector<std::string> lacks;
    if (!way.held || (way.held_until && *way.held_until < today)) {
      lacks.emplace_back("the place is not held");
    }
    if (way.new_intake.value_or(true)) {
      lacks.emplace_back(way.new_intake ? "it asks for a new intake"
                                        : "it is not known whether it asks for a new intake");
    }
    if (!way.hours) {
      lacks.emplace_back("nobody knows how many hours it takes");
    } else if (*way.hours > hours_back) {
      lacks.push_back("it takes " + detail::plain(*way.hours) + " hours");
    }
    if (way.call.empty()) lacks.emplace_back("it names nobody to call");
    if (lacks.empty()) continue;
    auto f = gap(way_back, Severity::warning,
                 "The way back to " + way.place + ": " + detail::listed(lacks) + ".");
    if (way.hours && *way.hours > hours_back) {
      f.measured = way.hours;
      f.limit = hours_back;
      f.unit = "hours";
    }
    out.push_back(std::move(f));
  }
}

void quiet(const SocialNetwork& n, Date today, std::vector<RuleFinding>& out) {
  std::optional<Date> last;
  for (const Contact& c : n.contacts) {
    if (c.on <= today) last = c.on;
  }
  if (!last) return;
  const int days = (today - *last).count();
  if (days <= silence_days) return;
  auto f = gap(silence, Severity::warning,
               "The last contact was on " + last->iso() + ", " + detail::counted(days, "day") +
                   " ago. A call that asks for nothing would do.");
  f.measured = days;
  f.limit = silence_days;
  f.unit = "days";
  out.push_back(std::move(f));
}

// What is written as past and lies ahead: a slip of the pen that may hide a silence, or let
// something be told before there is consent.
void ahead(const SocialNetwork& n, Date today, std::vector<RuleFinding>& out) {
  const auto say = [&](std::size_t count, Date first, std::string_view one, std::string_view many,
                       std::string_view so) {
    if (count == 0) return;
    auto f = gap(future, Severity::warning,
                 std::to_string(count) + ' ' + std::string{count == 1 ? one : many} +
                     " dated after " + today.iso() + ", the first " + first.iso() +
                     std::string{so} + " Look whether year, month and day are right.");
    f.on = first;
    out.push_back(std::move(f));
  };
  const auto look = [&](const auto& list, auto&& day, std::string_view one, std::string_view many,
                        std::string_view so) {
    std::size_t count = 0;
    Date first = Date::max();
    for (const auto& entry : list) {
      const std::optional<Date> on = day(entry);
      if (!on || *on <= today) continue;
      ++count;
      first = std::min(first, *on);
    }
    say(count, first, one, many, so);
  };
  look(
      n.contacts, [](const Contact& c) { return std::optional{c.on}; }, "contact is",
      "contacts are", ": not counted as contact.");
  look(
      n.disclosures, [](const DisclosureEntry& d) { return std::optional{d.known}; },
      "thing that was told is", "things that were told are", ": not counted.");
  look(
      n.consents, [](const Consent& c) { return std::optional{c.given}; }, "consent is",
      "consents are", ": nothing may be told before.");
  look(
      n.care.education, [](const EducationItem& e) { return e.delivered; }, "teaching is",
      "teachings are", ".");
  look(
      n.care.skills, [](const SkillModule& s) { return s.practised; }, "practice of a skill is",
      "practices of skills are", ".");
  look(
      n.care.supplies, [](const SupplyRequest& s) { return s.given; }, "hand-out of supplies is",
      "hand-outs of supplies are", ".");
  look(
      n.care.checkins, [](const Checkin& c) { return std::optional{c.on}; }, "check-in is",
      "check-ins are", ".");
  look(
      n.care.groups,
      [](const GroupSession& g) {
        return g.attended.value_or(false) ? std::optional{g.on} : std::nullopt;
      },
      "meeting that was attended is", "meetings that were attended are", ": not counted.");
}

}  // namespace

Result<std::vector<RuleFinding>> network_findings(const SocialNetwork& n, Date today, int days) {
  if (auto ok = check_network(n); !ok) return unexpected(ok.error());
  if (days < 1 || days > 366) {
    return unexpected(error_at(Errc::out_of_range, "days", std::nullopt, static_cast<double>(days),
                               "must be 1 to 366"));
  }
  std::vector<RuleFinding> out;
  if (auto ok = holes(n, today, days, out); !ok) return unexpected(ok.error());
  if (auto ok = shape(n, out); !ok) return unexpected(ok.error());
  people(n, out);
  ways(n, today, out);
  quiet(n, today, out);
  ahead(n, today, out);
  consents(n, today, out);
  auto around = care_findings(n.care, today);
  if (!around) return unexpected(around.error());
  out.insert(out.end(), std::make_move_iterator(around->begin()),
             std::make_move_iterator(around->end()));
  detail::worst_first(out);
  return out;
}

std::vector<const GuardRule*> network_rules() {
  return {&hole, &single, &naloxone, &consent, &way_back, &welcome, &silence, &certified, &future};
}

}  // namespace ombre::inline v0::plans
