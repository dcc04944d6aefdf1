// A support network a week before Ada leaves the residence: who is there at which hours, on whom it
// rests, what is missing, and the same after an afternoon of calls.
#include <cstdio>
#include <string>
#include <vector>

#include "ombre/plans/network.hpp"

using namespace ombre;         // NOLINT: an example reads better
using namespace ombre::plans;  // NOLINT

namespace {

NetworkMember member(std::string id, std::string name, TieKind kind, std::string role) {
  NetworkMember m;
  m.id = std::move(id);
  m.name = std::move(name);
  m.kind = kind;
  m.role = std::move(role);
  return m;
}

bool tell(const char* title, const SocialNetwork& network, Date today) {
  const auto findings = network_findings(network, today);
  if (!findings) return false;
  std::printf("%s\n", title);
  for (const RuleFinding& f : *findings) std::printf("  - %s\n", f.text.c_str());
  if (findings->empty()) std::printf("  - nothing is missing\n");
  return true;
}

}  // namespace

int main() {
  const Date today = *Date::parse("2026-01-26");
  const WeekdaySet week{Weekday::monday, Weekday::tuesday, Weekday::wednesday, Weekday::thursday,
                        Weekday::friday};
  WeekdaySet every_day = week;
  every_day.insert(Weekday::saturday);
  every_day.insert(Weekday::sunday);

  SocialNetwork network;
  network.person = "Ada";
  network.leaving = *Date::parse("2026-02-02");
  network.members = {member("ash", "Ash", TieKind::team, "nurse"),
                     member("oak", "Dr Oak", TieKind::team, "prescriber"),
                     member("mira", "Mira", TieKind::companion, "companion"),
                     member("sam", "Sam", TieKind::family, "brother")};
  network.members[0].channels = {"555 0110"};
  network.members[2].channels = {"555 0120"};
  network.ties = {
      {"person", "ash", ""}, {"ash", "oak", ""}, {"ash", "mira", ""}, {"person", "sam", ""}};
  network.shifts = {{"ash", week, 8 * 60, 16 * 60, {}, {}},
                    {"mira", week, 18 * 60, 23 * 60, {}, {}}};
  network.contacts = {{*Date::parse("2026-01-25"), {}, "ash", ContactMode::in_person, false}};
  if (!tell("A week before leaving:", network, today)) return 1;

  // Nothing is told without Ada's consent: not even good news, not even to her brother.
  const auto unasked = Sharing::with_consent(network, "sam", SharingScope::wellbeing, today,
                                             "Ada comes home on Monday and is well.");
  if (unasked) return 1;
  std::printf("\nA message to Sam is not sent: %s\n", describe(unasked.error()).c_str());

  // The afternoon of calls.
  network.members[2].certified = true;
  network.members[2].kit = {true, true, {"mask", "phone with a full battery"}};
  network.members[2].unconditional = true;
  network.members.push_back(member("line", "The night line", TieKind::service, ""));
  network.members.back().channels = {"555 0199"};
  network.members.back().unconditional = true;
  network.ties.push_back({"person", "mira", "phone"});
  network.ties.push_back({"person", "oak", "appointment"});
  network.ties.push_back({"person", "line", ""});
  network.shifts.push_back({"line", every_day, 0, 1440, {}, {}});
  network.consents = {{"sam", {SharingScope::wellbeing, SharingScope::crisis}, today, {}, {}},
                      {"mira", {SharingScope::use, SharingScope::crisis}, today, {}, {}}};
  network.ways_back = {
      {"the residence", true, *Date::parse("2026-05-01"), false, 2, "555 0110", true}};
  std::printf("\n");
  if (!tell("After an afternoon of calls:", network, today)) return 1;

  const auto at_three = reached_at(network, {*network.leaving, 3 * 60});
  if (!at_three) return 1;
  std::printf("\nIn the first night, at three, Ada can call:");
  for (const std::size_t m : *at_three) std::printf(" %s", network.members[m].name.c_str());
  const auto asked = Sharing::with_consent(network, "sam", SharingScope::wellbeing, today,
                                           "Ada comes home on Monday and is well.");
  if (!asked) return 1;
  std::printf(".\nAnd Sam has his message: %s\n", asked->text().c_str());
  return 0;
}
