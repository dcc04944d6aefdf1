#include "ombre/plans/network.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "network_index.hpp"
#include "ombre/plans/goal.hpp"

namespace ombre::inline v0::plans {
namespace {

constexpr std::array<std::string_view, 6> tie_names{"team",     "companion", "family",
                                                    "friendly", "peer",      "service"};
constexpr std::array<std::string_view, 7> scope_names{
    "that_i_am_in_care", "appointments", "wellbeing", "goals", "use", "medicines", "crisis"};
constexpr std::array<std::string_view, 6> mode_names{"in_person", "call",     "video",
                                                     "message",   "outreach", "group"};
constexpr std::array<std::string_view, 4> kind_names{"urge", "use", "overdose", "something_else"};
constexpr std::array<std::string_view, 5> answer_names{"listened", "more_contact", "safety_step",
                                                       "plan_changed", "asked_what_is_needed"};

constexpr std::int64_t day_minutes = 1440;
constexpr int most_days = 3660;

std::string place(std::string_view list, std::size_t i, std::string_view member) {
  return std::string{list} + "[" + std::to_string(i) + "]." + std::string{member};
}

Error unknown_member(const std::string& field, std::string_view value) {
  return error_at(Errc::unknown_name, field, std::nullopt, value,
                  "is not the id of a member of this network");
}

Result<void> check_members(const SocialNetwork& n) {
  if (n.members.size() > most_members) {
    return unexpected(error_at(Errc::too_large, "members", std::nullopt,
                               static_cast<double>(n.members.size()),
                               "must be at most " + std::to_string(most_members)));
  }
  std::set<std::string_view> seen{"person"};
  for (std::size_t i = 0; i < n.members.size(); ++i) {
    const NetworkMember& m = n.members[i];
    if (!is_id(m.id)) {
      return unexpected(error_at(Errc::malformed, place("members", i, "id"), std::nullopt, m.id,
                                 "must be 1 to 64 of a-z, 0-9, '-' and '_'"));
    }
    if (!seen.insert(m.id).second) {
      return unexpected(
          error_at(Errc::duplicate, place("members", i, "id"), std::nullopt, m.id,
                   m.id == "person" ? "is the person themself" : "is the id of a member above"));
    }
  }
  return {};
}

Result<void> check_dates(const std::optional<Date>& first, const std::optional<Date>& last,
                         const std::string& field) {
  if (first && last && *last < *first) {
    return unexpected(error_at(Errc::contradiction, field, std::nullopt, last->iso(),
                               "must not be before " + first->iso()));
  }
  return {};
}

Result<void> check_shift(const Shift& s, std::size_t i) {
  if (s.days.empty()) {
    return unexpected(
        error_of(Errc::missing, place("shifts", i, "days"), "must name at least one weekday"));
  }
  if (s.from_minute < 0 || s.from_minute >= day_minutes) {
    return unexpected(error_at(Errc::out_of_range, place("shifts", i, "from"), std::nullopt,
                               static_cast<double>(s.from_minute), "must be 00:00 to 23:59"));
  }
  if (s.to_minute < 1 || s.to_minute > day_minutes) {
    return unexpected(error_at(Errc::out_of_range, place("shifts", i, "to"), std::nullopt,
                               static_cast<double>(s.to_minute), "must be 00:01 to 24:00"));
  }
  return check_dates(s.first, s.last, place("shifts", i, "last"));
}

Result<void> check_ledgers(const SocialNetwork& n, const detail::MemberIndex& index) {
  for (std::size_t i = 0; i < n.contacts.size(); ++i) {
    const Contact& c = n.contacts[i];
    if (!c.with.empty() && !index.find(c.with)) {
      return unexpected(unknown_member(place("contacts", i, "with"), c.with));
    }
    if (c.minute && (*c.minute < 0 || *c.minute >= day_minutes)) {
      return unexpected(error_at(Errc::out_of_range, place("contacts", i, "at"), std::nullopt,
                                 static_cast<double>(*c.minute), "must be 00:00 to 23:59"));
    }
    if (i > 0 && c.on < n.contacts[i - 1].on) {
      return unexpected(error_at(Errc::contradiction, place("contacts", i, "on"), std::nullopt,
                                 c.on.iso(), "must not be before the contact above it"));
    }
  }
  for (std::size_t i = 0; i < n.disclosures.size(); ++i) {
    const DisclosureEntry& d = n.disclosures[i];
    if (!d.to.empty() && !index.find(d.to)) {
      return unexpected(unknown_member(place("disclosures", i, "to"), d.to));
    }
    if (d.known < d.happened) {
      return unexpected(error_at(Errc::contradiction, place("disclosures", i, "known"),
                                 std::nullopt, d.known.iso(),
                                 "must not be before it happened, " + d.happened.iso()));
    }
    if (i > 0 && d.known < n.disclosures[i - 1].known) {
      return unexpected(error_at(Errc::contradiction, place("disclosures", i, "known"),
                                 std::nullopt, d.known.iso(),
                                 "must not be before the entry above it"));
    }
  }
  return {};
}

struct Interval {
  std::int64_t from = 0;
  std::int64_t to = 0;
};

// Whole minutes since the first day of the range.
std::int64_t minute_of(Date day, Date first) {
  return std::int64_t{(day - first).count()} * day_minutes;
}

// Only who can be reached is cover: a channel to them is written down, and there is a way to them
// from the person.
bool counts(const NetworkMember& m, const CoverageNeed& need) {
  if (m.channels.empty()) return false;
  if (!need.kinds.empty() && std::ranges::find(need.kinds, m.kind) == need.kinds.end()) {
    return false;
  }
  return !need.with_naloxone || (m.kit.naloxone.value_or(false) && m.kit.knows_how.value_or(false));
}

// A member's own shifts in the range as merged, ascending intervals.
void add_shift(const Shift& s, DateRange days, std::vector<Interval>& out) {
  const std::int64_t end = minute_of(days.last(), days.first()) + day_minutes;
  const std::int64_t length = s.to_minute > s.from_minute
                                  ? s.to_minute - s.from_minute
                                  : day_minutes - s.from_minute + s.to_minute;
  Date from = days.first() - Days{1};  // a night shift of the evening before
  Date to = days.last();
  if (s.first && *s.first > from) from = *s.first;
  if (s.last && *s.last < to) to = *s.last;
  for (Date day = from; day <= to; day = day + Days{1}) {
    if (s.days.contains(day.weekday())) {
      const std::int64_t start = minute_of(day, days.first()) + s.from_minute;
      const Interval i{std::max<std::int64_t>(0, start), std::min(end, start + length)};
      if (i.from < i.to) out.push_back(i);
    }
    if (day == Date::max()) break;
  }
}

void merge(std::vector<Interval>& all) {
  std::ranges::sort(all, {}, &Interval::from);
  std::vector<Interval> merged;
  for (const Interval& i : all) {
    if (!merged.empty() && i.from <= merged.back().to) {
      merged.back().to = std::max(merged.back().to, i.to);
    } else {
      merged.push_back(i);
    }
  }
  all = std::move(merged);
}

}  // namespace

template <>
std::span<const std::string_view> names_of<TieKind>() noexcept {
  return tie_names;
}
template <>
std::span<const std::string_view> names_of<SharingScope>() noexcept {
  return scope_names;
}
template <>
std::span<const std::string_view> names_of<ContactMode>() noexcept {
  return mode_names;
}
template <>
std::span<const std::string_view> names_of<DisclosureKind>() noexcept {
  return kind_names;
}
template <>
std::span<const std::string_view> names_of<DisclosureAnswer>() noexcept {
  return answer_names;
}

Result<void> check_network(const SocialNetwork& n) {
  if (auto ok = check_members(n); !ok) return ok;
  const detail::MemberIndex index{n};
  for (std::size_t i = 0; i < n.ties.size(); ++i) {
    for (const auto& [id, member] : {std::pair{&n.ties[i].a, "a"}, std::pair{&n.ties[i].b, "b"}}) {
      if (*id != "person" && !index.find(*id)) {
        return unexpected(unknown_member(place("ties", i, member), *id));
      }
    }
    if (n.ties[i].a == n.ties[i].b) {
      return unexpected(error_at(Errc::contradiction, place("ties", i, "b"), std::nullopt,
                                 n.ties[i].b, "must be somebody else"));
    }
  }
  for (std::size_t i = 0; i < n.shifts.size(); ++i) {
    if (!index.find(n.shifts[i].member)) {
      return unexpected(unknown_member(place("shifts", i, "member"), n.shifts[i].member));
    }
    if (auto ok = check_shift(n.shifts[i], i); !ok) return ok;
  }
  for (std::size_t i = 0; i < n.consents.size(); ++i) {
    const Consent& c = n.consents[i];
    if (!index.find(c.to)) return unexpected(unknown_member(place("consents", i, "to"), c.to));
    if (auto ok = check_dates(c.given, c.until, place("consents", i, "until")); !ok) return ok;
    if (auto ok = check_dates(c.given, c.withdrawn, place("consents", i, "withdrawn")); !ok) {
      return ok;
    }
  }
  for (std::size_t i = 0; i < n.ways_back.size(); ++i) {
    const ReturnPath& way = n.ways_back[i];
    if (way.place.empty()) {
      return unexpected(
          error_of(Errc::missing, place("ways_back", i, "place"), "must name the place"));
    }
    if (way.hours && !(*way.hours >= 0 && *way.hours <= 100'000)) {
      return unexpected(error_at(Errc::out_of_range, place("ways_back", i, "hours"), std::nullopt,
                                 *way.hours, "must be 0 to 100000"));
    }
  }
  if (auto ok = check_ledgers(n, index); !ok) return ok;
  auto care = check_care(n.care);
  if (care) return {};
  Error error = std::move(care).error();
  error.field = "care." + error.field;
  return unexpected(std::move(error));
}

const CoverageHole* Coverage::longest_hole() const noexcept {
  const CoverageHole* out = nullptr;
  for (const CoverageHole& hole : holes) {
    if (out == nullptr || hole.minutes > out->minutes) out = &hole;
  }
  return out;
}

Result<Coverage> coverage(const SocialNetwork& n, DateRange days, const CoverageNeed& need) {
  if (auto ok = check_network(n); !ok) return unexpected(ok.error());
  if (days.length().count() > most_days) {
    return unexpected(error_at(Errc::too_large, "days", std::nullopt,
                               static_cast<double>(days.length().count()),
                               "must be at most " + std::to_string(most_days)));
  }
  // Shifts of one member do not add up: merged for each, then counted over all.
  std::vector<std::vector<Interval>> of_member(n.members.size());
  const detail::MemberIndex index{n};
  const auto shape = network_shape(n);
  if (!shape) return unexpected(shape.error());
  for (const Shift& s : n.shifts) {
    const std::size_t m = *index.find(s.member);
    if (std::ranges::find(shape->not_connected, m) != shape->not_connected.end()) continue;
    if (counts(n.members[m], need)) add_shift(s, days, of_member[m]);
  }
  std::vector<std::pair<std::int64_t, int>> edges;
  for (auto& intervals : of_member) {
    merge(intervals);
    for (const Interval& i : intervals) {
      edges.emplace_back(i.from, 1);
      edges.emplace_back(i.to, -1);
    }
  }
  std::ranges::sort(edges);
  Coverage out;
  out.minutes = std::int64_t{days.length().count()} * day_minutes;
  std::int64_t at = 0;
  int there = 0;
  const auto pass = [&](std::int64_t to) {
    const std::int64_t length = to - at;
    if (length > 0 && there == 0) {
      // Where somebody leaves as another comes, nobody is there for no time at all: no hole.
      const Moment from{days.first() + Days{static_cast<std::int32_t>(at / day_minutes)},
                        static_cast<int>(at % day_minutes)};
      out.holes.push_back({from, length});
    } else if (length > 0) {
      out.covered += length;
      if (there == 1) out.by_one_only += length;
    }
    at = to;
  };
  for (const auto& [when, step] : edges) {
    pass(when);
    there += step;
  }
  pass(out.minutes);
  return out;
}

Result<std::vector<std::size_t>> reached_at(const SocialNetwork& n, Moment when,
                                            const CoverageNeed& need) {
  if (auto ok = check_network(n); !ok) return unexpected(ok.error());
  if (when.minute < 0 || when.minute >= day_minutes) {
    return unexpected(error_at(Errc::out_of_range, "minute", std::nullopt,
                               static_cast<double>(when.minute), "must be 0 to 1439"));
  }
  const auto range = DateRange::from(when.on, when.on);
  if (!range) return unexpected(range.error());
  const detail::MemberIndex index{n};
  const auto shape = network_shape(n);
  if (!shape) return unexpected(shape.error());
  std::vector<bool> there(n.members.size(), false);
  for (const Shift& s : n.shifts) {
    const std::size_t m = *index.find(s.member);
    if (std::ranges::find(shape->not_connected, m) != shape->not_connected.end()) continue;
    if (!counts(n.members[m], need)) continue;
    std::vector<Interval> intervals;
    add_shift(s, *range, intervals);
    there[m] = there[m] || std::ranges::any_of(intervals, [&when](const Interval& i) {
                 return i.from <= when.minute && when.minute < i.to;
               });
  }
  std::vector<std::size_t> out;
  for (std::size_t m = 0; m < there.size(); ++m) {
    if (there[m]) out.push_back(m);
  }
  return out;
}

std::optional<int> max_gap(std::span<const Contact> contacts, Date first, Date last) noexcept {
  if (last < first) return std::nullopt;
  int longest = 0;
  Date before = first;
  for (const Contact& c : contacts) {
    if (c.on < first || last < c.on) continue;
    longest = std::max(longest, (c.on - before).count());
    before = c.on;
  }
  return std::max(longest, (last - before).count());
}

bool connected_at(std::span<const Contact> contacts, Date day, int days) noexcept {
  return std::ranges::any_of(contacts, [day, days](const Contact& c) {
    const int ago = (day - c.on).count();
    return ago >= 0 && ago <= days;
  });
}

std::optional<double> disclosure_rate(std::span<const DisclosureEntry> disclosures, Date first,
                                      Date last) noexcept {
  std::size_t told = 0;
  std::size_t all = 0;
  for (const DisclosureEntry& d : disclosures) {
    if (d.happened < first || last < d.happened) continue;
    if (!d.self_reported) continue;  // how it became known is not known
    ++all;
    told += *d.self_reported ? 1U : 0U;
  }
  if (all == 0) return std::nullopt;
  return static_cast<double>(told) / static_cast<double>(all);
}

Result<Sharing> Sharing::with_consent(const SocialNetwork& n, std::string_view to,
                                      SharingScope scope, Date on, std::string text) {
  if (std::ranges::none_of(n.members, [to](const NetworkMember& m) { return m.id == to; })) {
    return unexpected(unknown_member("to", to));
  }
  std::string why = "the person has not agreed that " + std::string{to} + " is told about " +
                    std::string{name(scope)};
  for (const Consent& c : n.consents) {
    if (c.to != to || std::ranges::find(c.scopes, scope) == c.scopes.end()) continue;
    if (on < c.given) {
      why = "consent begins on " + c.given.iso();
    } else if (c.withdrawn && *c.withdrawn <= on) {
      why = "consent was withdrawn on " + c.withdrawn->iso();
    } else if (c.until && *c.until < on) {
      why = "consent ran out on " + c.until->iso() + "; ask again";
    } else {
      return Sharing{std::string{to}, scope, on, std::move(text)};
    }
  }
  return unexpected(error_at(Errc::missing, "consent", std::nullopt, to, why));
}

}  // namespace ombre::inline v0::plans
