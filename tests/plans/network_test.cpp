#include "ombre/plans/network.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "goal_builder.hpp"
#include "ombre/core/random.hpp"
#include "ombre/core/wording.hpp"

namespace ombre::plans {
namespace {

using testing::day;
using testing::has_rule;

constexpr WeekdaySet every_day{Weekday::monday,   Weekday::tuesday, Weekday::wednesday,
                               Weekday::thursday, Weekday::friday,  Weekday::saturday,
                               Weekday::sunday};

NetworkMember member(std::string id, TieKind kind) {
  NetworkMember m;
  m.name = id;
  m.channels = {"555 0110"};
  m.id = std::move(id);
  m.kind = kind;
  return m;
}

SocialNetwork two_people() {
  SocialNetwork n;
  n.members = {member("mira", TieKind::companion), member("sam", TieKind::family)};
  return n;
}

DateRange days(std::string_view first, std::string_view last) {
  return *DateRange::from(day(first), day(last));
}

TEST(Coverage, NightShiftsRunPastMidnightAndHolesAreNamed) {
  SocialNetwork n = two_people();
  // Mira 20:00 to 08:00, every day; Sam 08:00 to 12:00, weekdays only.
  n.shifts = {
      {"mira", every_day, 20 * 60, 8 * 60, {}, {}},
      {"sam",
       {Weekday::monday, Weekday::tuesday, Weekday::wednesday, Weekday::thursday, Weekday::friday},
       8 * 60,
       12 * 60,
       {},
       {}}};
  const auto c = coverage(n, days("2026-01-05", "2026-01-11"));  // Monday to Sunday
  ASSERT_TRUE(c);
  EXPECT_EQ(c->minutes, 7 * 1440);
  EXPECT_EQ(c->covered, (7 * 12 + 5 * 4) * 60);
  EXPECT_EQ(c->by_one_only, c->covered);
  ASSERT_EQ(c->holes.size(), 7U);
  EXPECT_EQ(c->holes[0].from, (Moment{day("2026-01-05"), 12 * 60}));
  EXPECT_EQ(c->holes[0].minutes, 8 * 60);
  EXPECT_EQ(c->longest_hole()->from, (Moment{day("2026-01-10"), 8 * 60}));  // Saturday, all day
  EXPECT_EQ(c->longest_hole()->minutes, 12 * 60);
}

TEST(Coverage, OneMembersOwnShiftsDoNotCountTwice) {
  SocialNetwork n = two_people();
  n.shifts = {{"mira", every_day, 0, 1440, {}, {}}, {"mira", every_day, 60, 120, {}, {}}};
  const auto c = coverage(n, days("2026-01-05", "2026-01-05"));
  EXPECT_EQ(c->covered, 1440);
  EXPECT_EQ(c->by_one_only, 1440);
  EXPECT_TRUE(c->holes.empty());
  EXPECT_EQ(c->longest_hole(), nullptr);
}

TEST(Coverage, OnlyWhoIsAskedForCounts) {
  SocialNetwork n = two_people();
  n.shifts = {{"mira", every_day, 0, 1440, {}, {}}};
  CoverageNeed need;
  need.with_naloxone = true;
  EXPECT_EQ(coverage(n, days("2026-01-05", "2026-01-05"), need)->covered, 0);
  n.members[0].kit.naloxone = true;
  EXPECT_EQ(coverage(n, days("2026-01-05", "2026-01-05"), need)->covered, 0) << "must know how";
  n.members[0].kit.knows_how = true;
  EXPECT_EQ(coverage(n, days("2026-01-05", "2026-01-05"), need)->covered, 1440);
  need.kinds = {TieKind::family};
  EXPECT_EQ(coverage(n, days("2026-01-05", "2026-01-05"), need)->covered, 0);
}

TEST(Coverage, WhoCannotBeReachedIsNoCover) {
  SocialNetwork n = two_people();
  n.shifts = {{"mira", every_day, 0, 1440, {}, {}}};
  const auto one_day = days("2026-01-05", "2026-01-05");
  EXPECT_EQ(coverage(n, one_day)->covered, 1440);
  n.ties = {{"person", "sam", ""}};  // no way from the person to Mira
  EXPECT_EQ(coverage(n, one_day)->covered, 0);
  EXPECT_TRUE(reached_at(n, {day("2026-01-05"), 60})->empty());
  n.ties.push_back({"sam", "mira", ""});
  EXPECT_EQ(coverage(n, one_day)->covered, 1440);
  n.members[0].channels.clear();
  EXPECT_EQ(coverage(n, one_day)->covered, 0);
  EXPECT_TRUE(reached_at(n, {day("2026-01-05"), 60})->empty());
  const auto f = network_findings(n, day("2026-01-05"));
  EXPECT_TRUE(std::ranges::any_of(*f, [](const RuleFinding& x) {
    return x.text.find("how to reach them is not written down") != std::string::npos;
  }));
}

// The same by asking for every quarter of an hour who is there.
TEST(Coverage, AgreesWithAskingEveryQuarterOfAnHourOverSeeds) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(seed);
    RandomStream random{Seed{seed}, 0};
    SocialNetwork n;
    for (int m = 0; m < 3; ++m) n.members.push_back(member("m" + std::to_string(m), TieKind::peer));
    for (int s = 0; s < 4; ++s) {
      Shift shift;
      shift.member = "m" + std::to_string(random.below(3));
      for (int d = 1; d <= 7; ++d) {
        if (random.uniform() < 0.5) shift.days.insert(static_cast<Weekday>(d));
      }
      if (shift.days.empty()) shift.days.insert(Weekday::monday);
      shift.from_minute = static_cast<int>(15 * random.below(96));
      shift.to_minute = static_cast<int>(15 * (1 + random.below(96)));
      if (random.uniform() < 0.3) shift.first = day("2026-01-07");
      if (random.uniform() < 0.3) shift.last = day("2026-01-10");
      n.shifts.push_back(shift);
    }
    const auto c = coverage(n, days("2026-01-05", "2026-01-11"));
    ASSERT_TRUE(c);
    std::int64_t covered = 0;
    std::int64_t single = 0;
    for (Date d = day("2026-01-05"); d <= day("2026-01-11"); d = d + Days{1}) {
      for (int minute = 0; minute < 1440; minute += 15) {
        const auto there = reached_at(n, {d, minute});
        ASSERT_TRUE(there);
        covered += there->empty() ? 0 : 15;
        single += there->size() == 1 ? 15 : 0;
      }
    }
    EXPECT_EQ(c->covered, covered);
    EXPECT_EQ(c->by_one_only, single);
    std::int64_t holes = 0;
    for (const auto& hole : c->holes) holes += hole.minutes;
    EXPECT_EQ(c->covered + holes, c->minutes);
  }
}

TEST(NetworkShape, SinglePointsAreThoseWhoTakeOthersWithThem) {
  SocialNetwork n;
  for (const char* id : {"nurse", "doctor", "sister", "aunt", "lone"}) {
    n.members.push_back(member(id, TieKind::team));
  }
  n.ties = {{"person", "nurse", ""},
            {"nurse", "doctor", ""},
            {"person", "sister", ""},
            {"sister", "aunt", ""},
            {"nurse", "sister", ""}};
  const auto s = network_shape(n);
  ASSERT_TRUE(s);
  EXPECT_EQ(s->direct, (std::vector<std::size_t>{0, 2}));
  EXPECT_EQ(s->not_connected, (std::vector<std::size_t>{4}));
  ASSERT_EQ(s->single_points.size(), 2U);
  EXPECT_EQ(s->single_points[0].member, 0U);
  EXPECT_EQ(s->single_points[0].lost, (std::vector<std::size_t>{1}));
  EXPECT_EQ(s->single_points[1].lost, (std::vector<std::size_t>{3}));
  EXPECT_FALSE(s->rests_on_one);
}

TEST(NetworkShape, AddingATieNeverAddsALossOverSeeds) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE(seed);
    RandomStream random{Seed{seed}, 0};
    SocialNetwork n;
    const std::size_t size = 2 + random.below(7);
    std::vector<std::string> ids{"person"};
    for (std::size_t m = 0; m < size; ++m) {
      n.members.push_back(member("m" + std::to_string(m), TieKind::peer));
      ids.push_back("m" + std::to_string(m));
    }
    // Everybody is tied to somebody before them, so that all are connected.
    for (std::size_t m = 1; m < ids.size(); ++m)
      n.ties.push_back({ids[random.below(m)], ids[m], ""});
    const auto lost = [](const NetworkShape& s) {
      std::set<std::pair<std::size_t, std::size_t>> out;
      for (const auto& p : s.single_points) {
        for (const auto l : p.lost) out.emplace(p.member, l);
      }
      return out;
    };
    const auto before = lost(*network_shape(n));
    const std::size_t a = random.below(ids.size());
    const std::size_t b = (a + 1 + random.below(ids.size() - 1)) % ids.size();
    n.ties.push_back({ids[a], ids[b], ""});
    const auto after = lost(*network_shape(n));
    EXPECT_TRUE(std::ranges::includes(before, after));
  }
}

TEST(Sharing, NothingIsToldWithoutConsentInForce) {
  SocialNetwork n = two_people();
  const Date today = day("2026-02-01");
  const auto ask = [&](SharingScope scope, Date on) {
    return Sharing::with_consent(n, "sam", scope, on, "doing well");
  };
  EXPECT_FALSE(ask(SharingScope::wellbeing, today));
  n.consents = {{"sam", {SharingScope::wellbeing}, day("2026-01-01"), day("2026-03-31"), {}}};
  ASSERT_TRUE(ask(SharingScope::wellbeing, today));
  EXPECT_EQ(ask(SharingScope::wellbeing, today)->text(), "doing well");
  EXPECT_FALSE(ask(SharingScope::use, today)) << "another scope";
  EXPECT_NE(ask(SharingScope::wellbeing, day("2025-12-31")).error().rule.find("begins"),
            std::string::npos);
  EXPECT_NE(ask(SharingScope::wellbeing, day("2026-04-01")).error().rule.find("ran out"),
            std::string::npos);
  n.consents[0].withdrawn = today;
  EXPECT_NE(ask(SharingScope::wellbeing, today).error().rule.find("withdrawn"), std::string::npos);
  EXPECT_TRUE(ask(SharingScope::wellbeing, today - Days{1}));
  EXPECT_EQ(Sharing::with_consent(n, "nobody", SharingScope::use, today, "").error().code,
            Errc::unknown_name);
}

TEST(Ledgers, TheLongestGapCountsBothEnds) {
  const ConnectionLedger contacts{{day("2026-01-03"), {}, "", ContactMode::call, true},
                                  {day("2026-01-10"), {}, "", ContactMode::call, false},
                                  {day("2026-01-12"), {}, "", ContactMode::call, false}};
  EXPECT_EQ(*max_gap(contacts, day("2026-01-01"), day("2026-01-14")), 7);
  EXPECT_EQ(*max_gap(contacts, day("2026-01-01"), day("2026-01-25")), 13);
  EXPECT_EQ(*max_gap({}, day("2026-01-01"), day("2026-01-25")), 24);
  EXPECT_FALSE(max_gap(contacts, day("2026-01-02"), day("2026-01-01")));
  EXPECT_TRUE(connected_at(contacts, day("2026-01-19")));
  EXPECT_FALSE(connected_at(contacts, day("2026-01-20")));
  EXPECT_FALSE(connected_at(contacts, day("2026-01-02")));
}

TEST(Ledgers, TheDisclosureRateIsTheShareThePersonToldThemself) {
  std::vector<DisclosureEntry> log;
  for (const bool self : {true, true, false, true}) {
    DisclosureEntry d;
    d.happened = day("2026-01-05");
    d.known = day("2026-01-06");
    d.self_reported = self;
    log.push_back(d);
  }
  EXPECT_DOUBLE_EQ(*disclosure_rate(log, day("2026-01-01"), day("2026-01-31")), 0.75);
  auto unknown = log;
  for (DisclosureEntry& d : unknown) d.self_reported.reset();
  EXPECT_FALSE(disclosure_rate(unknown, day("2026-01-01"), day("2026-01-31")));
  EXPECT_FALSE(disclosure_rate(log, day("2026-02-01"), day("2026-02-28")));
}

TEST(Networks, WhatIsMissingIsNamedWorstFirst) {
  SocialNetwork n = two_people();
  n.ties = {{"person", "mira", ""}, {"mira", "sam", ""}};
  n.shifts = {{"mira", every_day, 8 * 60, 20 * 60, {}, {}}};
  n.leaving = day("2026-02-01");
  n.contacts = {{day("2026-01-10"), {}, "mira", ContactMode::call, false}};
  const auto f = network_findings(n, day("2026-01-30"));
  ASSERT_TRUE(f) << describe(f.error());
  EXPECT_EQ(f->front().rule->id, "coverage_hole");
  EXPECT_EQ(f->front().severity, Severity::danger);
  for (const char* rule :
       {"single_point_of_failure", "naloxone_in_the_network", "way_back", "welcome_whether_used",
        "long_silence", "companion_trained", "consent_before_sharing"}) {
    EXPECT_TRUE(has_rule(*f, rule)) << rule;
  }
  for (const auto& finding : *f) {
    EXPECT_NE(finding.answer, Answer::refused);
    for (const auto& fault : check_wording(finding.text)) {
      ADD_FAILURE() << describe(fault) << "\n" << finding.text;
    }
  }
}

TEST(Networks, ANetworkThatHoldsHasNoFinding) {
  SocialNetwork n = two_people();
  n.members[0].certified = true;
  n.members[0].unconditional = true;
  n.members[0].kit = {true, true, {}};
  n.ties = {{"person", "mira", ""}, {"person", "sam", ""}};
  n.shifts = {{"mira", every_day, 0, 1440, {}, {}}};
  n.consents = {{"sam", {SharingScope::wellbeing}, day("2026-01-01"), {}, {}},
                {"mira", {SharingScope::crisis}, day("2026-01-01"), {}, {}}};
  n.contacts = {{day("2026-01-29"), {}, "sam", ContactMode::message, true}};
  n.ways_back = {{"the house", true, {}, false, 2, "555", true}};
  n.leaving = day("2026-02-01");
  const auto f = network_findings(n, day("2026-01-30"));
  ASSERT_TRUE(f);
  EXPECT_TRUE(f->empty()) << describe(f->front());
}

TEST(Networks, WhatCannotBeIsRefusedWithItsPath) {
  SocialNetwork n = two_people();
  n.members[1].id = "mira";
  EXPECT_EQ(check_network(n).error().field, "members[1].id");
  n = two_people();
  n.members[0].id = "person";
  EXPECT_EQ(check_network(n).error().code, Errc::duplicate);
  n = two_people();
  n.ties = {{"person", "someone", ""}};
  EXPECT_EQ(check_network(n).error().field, "ties[0].b");
  n.ties = {{"mira", "mira", ""}};
  EXPECT_EQ(check_network(n).error().field, "ties[0].b");
  n = two_people();
  n.shifts = {{"mira", every_day, 1440, 60, {}, {}}};
  EXPECT_EQ(check_network(n).error().field, "shifts[0].from");
  n.shifts = {{"mira", {}, 0, 60, {}, {}}};
  EXPECT_EQ(check_network(n).error().field, "shifts[0].days");
  n = two_people();
  n.contacts = {{day("2026-01-10"), {}, "", ContactMode::call, false},
                {day("2026-01-09"), {}, "", ContactMode::call, false}};
  EXPECT_EQ(check_network(n).error().field, "contacts[1].on");
  n = two_people();
  DisclosureEntry d;
  d.happened = day("2026-01-05");
  d.known = day("2026-01-04");
  n.disclosures = {d};
  EXPECT_EQ(check_network(n).error().field, "disclosures[0].known");
  EXPECT_FALSE(coverage(two_people(), days("2000-01-01", "2026-01-01")));
  EXPECT_EQ(network_findings(two_people(), day("2026-01-01"), 0).error().field, "days");
}

TEST(Networks, AnEmptyNetworkAsksForTheFirstPerson) {
  const auto f = network_findings({}, day("2026-01-30"));
  ASSERT_TRUE(f);
  EXPECT_EQ(f->front().rule->id, "single_point_of_failure");
  EXPECT_EQ(f->front().severity, Severity::danger);
}

TEST(NetworkFindings, WhatLiesAheadAndIsWrittenAsPastIsToldAndNotCounted) {
  SocialNetwork n = two_people();
  Contact wrong_year;
  wrong_year.on = day("2027-01-05");
  wrong_year.with = "mira";
  n.contacts = {wrong_year};
  Consent c;
  c.to = "sam";
  c.scopes = {SharingScope::wellbeing};
  c.given = day("2027-01-01");
  n.consents = {c};
  const auto found = network_findings(n, day("2026-01-06"));
  ASSERT_TRUE(found);
  std::size_t told = 0;
  for (const RuleFinding& f : *found) {
    if (f.rule->id != "dated_after_today") continue;
    ++told;
    EXPECT_EQ(f.severity, Severity::warning);
    EXPECT_TRUE(check_wording(f.text).empty()) << f.text;
    EXPECT_NE(f.text.find("2026-01-06"), std::string::npos) << f.text;
  }
  EXPECT_EQ(told, 2U);
  const auto later = network_findings(n, day("2027-01-06"));
  ASSERT_TRUE(later);
  EXPECT_FALSE(has_rule(*later, "dated_after_today"));
}

}  // namespace
}  // namespace ombre::plans
