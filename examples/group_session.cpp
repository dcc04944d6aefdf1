// A harm-reduction group in supportive housing: four people at four places of the spectrum sit in
// one room, and nobody has to be anywhere else to be welcome. For each: where use stands, what is
// most urgent, and the first lines of a menu that starts from what that person wants.
// Made-up people; an illustration of the library, not advice.
#include <cstdio>
#include <string>
#include <vector>

#include "ombre/context/menu.hpp"
#include "ombre/spectrum/state.hpp"

namespace {

namespace cx = ombre::context;
namespace sp = ombre::spectrum;

struct Member {
  const char* who;
  cx::Situation situation;
  cx::Wishes wishes;
  int use_days = 0;  // of the last 90
  sp::UseFacts facts;
};

void says(Member& m, const char* factor, bool yes) {
  cx::FactorEntry entry;
  entry.factor = factor;
  entry.value = yes;
  entry.from = cx::KnownFrom::self_report;
  m.situation.factors.push_back(entry);
}

sp::Dsm5Count criteria(int n) {
  sp::Dsm5Count count;
  count.least = count.most = n;
  return count;
}

std::vector<Member> group() {
  std::vector<Member> all(4);

  Member& ambivalent = all[0];
  ambivalent.who = "is of two minds about drinking, has just found work";
  ambivalent.situation.substances = {{"alcohol", cx::Route::swallowed, {}, {}}};
  ambivalent.situation.nothing_else = true;
  says(ambivalent, "large_amounts_at_once", true);
  says(ambivalent, "little_food", true);
  says(ambivalent, "depends_on_alcohol", false);
  ambivalent.wishes.change_use = cx::WillChangeUse::some;
  ambivalent.use_days = 40;
  ambivalent.facts.cls = ombre::substance::Class::alcohol;
  ambivalent.facts.criteria = criteria(2);
  ambivalent.facts.harm_event = false;

  Member& as_it_is = all[1];
  as_it_is.who = "smokes crack and does not want that to change";
  as_it_is.situation.substances = {{"cocaine", cx::Route::smoked, false, true}};
  as_it_is.situation.nothing_else = true;
  says(as_it_is, "shares_equipment", true);
  says(as_it_is, "little_sleep", true);
  says(as_it_is, "uses_alone", true);
  as_it_is.wishes.change_use = cx::WillChangeUse::no;
  as_it_is.use_days = 80;
  as_it_is.facts.cls = ombre::substance::Class::stimulant;
  as_it_is.facts.criteria = criteria(7);
  as_it_is.facts.share_unplanned_days = 0.4;
  as_it_is.facts.missed_of_last_four = 3;

  Member& on_methadone = all[2];
  on_methadone.who = "takes methadone as prescribed; a grandchild visits";
  on_methadone.situation.substances = {{"methadone", cx::Route::swallowed, true, false}};
  on_methadone.situation.nothing_else = true;
  says(on_methadone, "children_at_home", true);
  says(on_methadone, "keeps_medicines_at_home", true);
  says(on_methadone, "locked_storage", false);
  on_methadone.wishes.change_use = cx::WillChangeUse::no;
  on_methadone.facts.cls = ombre::substance::Class::opioid;
  on_methadone.facts.on_prescribed_agonist = true;

  Member& three_weeks = all[3];
  three_weeks.who = "has not used heroin for three weeks, after nine years";
  three_weeks.situation.nothing_else = true;
  cx::FactorEntry days;
  days.factor = "days_since_opioid_cut";
  days.value = 21.0;
  three_weeks.situation.factors.push_back(days);
  says(three_weeks, "agonist_treatment", false);
  says(three_weeks, "naloxone_at_hand", false);
  says(three_weeks, "craving", true);
  three_weeks.wishes.change_use = cx::WillChangeUse::yes;
  three_weeks.facts.cls = ombre::substance::Class::opioid;
  three_weeks.facts.days_since_last_use = 21;
  three_weeks.use_days = 69;  // of the last 90, before these three weeks
  return all;
}

}  // namespace

int main() {
  int number = 1;
  for (const Member& m : group()) {
    std::printf("%d. Somebody who %s\n", number++, m.who);

    std::vector<sp::DayUse> days(90);
    for (std::size_t i = 0; i < days.size(); ++i) {
      const bool used = static_cast<int>(i) < m.use_days;
      days[i].kind = used ? sp::DayUse::Kind::used : sp::DayUse::Kind::none;
    }
    const auto window = sp::use_window(days);
    if (!window) return std::puts(describe(window.error()).c_str()), 1;
    const auto state = sp::spectrum_state(*window, m.facts);
    if (!state) return std::puts(describe(state.error()).c_str()), 1;
    std::printf("   %s\n", explain(*state).c_str());

    const auto facts = cx::Facts::from(m.situation);
    if (!facts) return std::puts(describe(facts.error()).c_str()), 1;
    const ombre::Findings warned = cx::warnings(*facts);
    for (const ombre::Finding& finding : warned.stored()) {
      std::printf("   ! %s\n", finding.text.c_str());
    }
    const auto menu = cx::menu(*facts, m.wishes);
    if (!menu) return std::puts(describe(menu.error()).c_str()), 1;
    for (std::size_t i = 0; i < 4 && i < menu->lines.size(); ++i) {
      const cx::MenuLine& line = menu->lines[i];
      const cx::Option& option = facts->catalogue().options()[line.option];
      std::printf("   - %s (%s)\n", std::string{option.title}.c_str(),
                  std::string{words(line.harm)}.c_str());
    }
    std::puts("");
  }
  return 0;
}
