// The menu: what must be near the top, what must never appear, and why it cannot make things worse.
#include "ombre/context/menu.hpp"

#include <gtest/gtest.h>

#include <set>

#include "ombre/core/wording.hpp"
#include "people.hpp"

using namespace ombre_test::context;

namespace {

struct Case {
  const char* who;
  Situation situation;
  Wishes wishes;
  std::vector<std::string> top_five;  // must be among the first five
  std::vector<std::string> never;     // must not be offered at all
};

Wishes will(WillChangeUse change) {
  Wishes w;
  w.change_use = change;
  return w;
}

Situation with(std::initializer_list<UsedSubstance> substances,
               std::initializer_list<std::pair<const char*, bool>> answers) {
  Situation s;
  s.substances = substances;
  s.nothing_else = true;
  says(s, answers);
  return s;
}

std::string joined(const std::vector<std::string>& all) {
  std::string out;
  for (const std::string& one : all) out += one + ' ';
  return out;
}

}  // namespace

// Each row's expectation comes from the sources of the options named: naloxone (Walley 2013, CDC
// 2022 recommendation 8), needles (Aspinall 2014, Platt 2018), company (Strang 2003), agonist
// treatment around release (Degenhardt 2014), managed withdrawal (ASAM 2020, NICE CG115), thiamine
// (guidelines), brief intervention (Kaner 2018), naltrexone for drinking (McPheeters 2023; not with
// opioids: its label), heat (toxicology texts), LRCUG (Fischer 2022), smoking (Cochrane reviews).
TEST(Menu, BehavesAsTheSourcesSay) {
  const std::vector<Case> cases{
      {"injects street heroin alone, no change wanted",
       injects_heroin_alone(),
       will(WillChangeUse::no),
       {"take_home_naloxone", "needle_syringe_programme", "not_alone"},
       {"depot_naltrexone", "naltrexone_for_drinking", "managed_withdrawal", "thiamine",
        "nicotine_replacement"}},
      {"injects street heroin alone, wants change",
       injects_heroin_alone(),
       will(WillChangeUse::yes),
       {"take_home_naloxone", "opioid_agonist_treatment"},
       {"depot_naltrexone", "water_and_food"}},
      {"released five days ago",
       released_five_days_ago(),
       will(WillChangeUse::not_said),
       {"take_home_naloxone", "naloxone_at_the_door", "agonist_around_release"},
       {"depot_naltrexone"}},
      {"wants to stop drinking tomorrow, seizure before",
       wants_to_stop_drinking_tomorrow(),
       will(WillChangeUse::yes),
       {"managed_withdrawal", "thiamine", "gradual_reduction"},
       {"needle_syringe_programme", "ghb_log", "opioid_agonist_treatment"}},
      {"five drinks to four",
       five_drinks(),
       will(WillChangeUse::yes),
       {"naltrexone_for_drinking", "brief_intervention", "count_drinks"},
       {"managed_withdrawal", "opioid_agonist_treatment", "safer_supply"}},
      {"drinks and takes oxycodone for pain",
       with({{"alcohol", Route::swallowed, {}, {}}, {"oxycodone", Route::swallowed, true, {}}},
            {{"mixes_substances", true}, {"spaces_out", false}, {"naloxone_at_hand", false}}),
       will(WillChangeUse::some),
       {"keep_depressants_apart", "take_home_naloxone"},
       {"naltrexone_for_drinking", "depot_naltrexone"}},
      {"MDMA at a party",
       with({{"mdma", Route::swallowed, {}, true}},
            {{"heat_or_dancing", true}, {"cools_down", false}, {"uses_alone", false}}),
       will(WillChangeUse::no),
       {"cool_down"},
       {"opioid_agonist_treatment", "managed_withdrawal", "naltrexone_for_drinking"}},
      {"GHB every weekend, with drinks",
       with({{"ghb", Route::swallowed, {}, true}, {"alcohol", Route::swallowed, {}, {}}},
            {{"mixes_substances", true}, {"spaces_out", false}}),
       will(WillChangeUse::not_said),
       {"keep_depressants_apart", "ghb_log"},
       {"needle_syringe_programme", "opioid_agonist_treatment"}},
      {"smokes and has COPD",
       with({{"nicotine", Route::smoked, {}, {}}}, {{"lung_disease", true}}),
       will(WillChangeUse::yes),
       {"varenicline", "nicotine_replacement", "e_cigarette"},
       {"opioid_agonist_treatment", "safer_supply"}},
      {"cannabis every day, psychosis before",
       with({{"cannabis", Route::smoked, {}, {}}},
            {{"psychosis_before", true}, {"daily_use", true}}),
       will(WillChangeUse::some),
       {"lower_risk_cannabis"},
       {"opioid_agonist_treatment", "thiamine"}},
      {"sleeps outside, drinks hand rub",
       with({{"alcohol", Route::swallowed, {}, {}}},
            {{"no_stable_home", true}, {"non_beverage_alcohol", true}}),
       will(WillChangeUse::no),
       {"thiamine"},
       {"nicotine_replacement"}},
      {"thoughts of suicide after leaving detox",
       [] {
         Situation s = with({{"heroin", Route::smoked, {}, {}}}, {{"suicidal_thoughts", true}});
         number(s, "days_since_discharge", 3);
         return s;
       }(),
       will(WillChangeUse::not_said),
       {"suicide_screen_and_plan", "take_home_naloxone"},
       {"depot_naltrexone"}},
      {"methadone at home with children",
       with({{"methadone", Route::swallowed, true, {}}}, {{"children_at_home", true},
                                                          {"keeps_medicines_at_home", true},
                                                          {"locked_storage", false}}),
       will(WillChangeUse::no),
       {"locked_storage"},
       {"depot_naltrexone", "naltrexone_for_drinking"}},
      {"rules that end care for using",
       with({{"heroin", Route::smoked, {}, {}}}, {{"may_be_discharged", true},
                                                  {"hides_use", true},
                                                  {"uses_alone", false},
                                                  {"naloxone_at_hand", true},
                                                  {"knows_overdose_response", true}}),
       [] {
         Wishes w = will(WillChangeUse::no);
         w.worries = {Harm::disconnection};
         return w;
       }(),
       {"honesty_agreement"},
       {"depot_naltrexone"}},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.who);
    const Facts facts = facts_of(c.situation);
    const auto m = menu(facts, c.wishes);
    ASSERT_TRUE(m) << describe(m.error());
    for (const std::string& id : c.top_five) {
      EXPECT_TRUE(among(*m, facts, id, 5)) << id << " not in: " << joined(ids(*m, facts, 9));
    }
    for (const std::string& id : c.never) {
      EXPECT_FALSE(among(*m, facts, id, 64)) << id;
    }
  }
}

TEST(Menu, ToSomebodyWhoWantsNoChangeInUseItShowsOptionsThatAskForNoneFirst) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    const Facts facts = facts_of(somebody(seed));
    const auto m = menu(facts, will(WillChangeUse::no));
    ASSERT_TRUE(m);
    ChangesUse before = ChangesUse::no;
    for (const MenuLine& line : m->lines) {
      const ChangesUse now = builtin().options()[line.option].changes_use;
      EXPECT_GE(now, before);
      before = now;
    }
    EXPECT_FALSE(m->lines.empty());
    EXPECT_EQ(builtin().options()[m->lines.front().option].changes_use, ChangesUse::no);
  }
}

TEST(Menu, EveryOptionIsInExactlyOneList) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    Wishes w;
    w.declines = {"peer_support", "check_ins"};
    const Facts facts = facts_of(somebody(seed));
    const auto m = menu(facts, w);
    ASSERT_TRUE(m);
    std::multiset<std::size_t> all;
    for (const MenuLine& line : m->lines) all.insert(line.option);
    for (const std::size_t i : m->in_place) all.insert(i);
    for (const std::size_t i : m->declined) all.insert(i);
    for (const Withheld& w2 : m->withheld) all.insert(w2.option);
    EXPECT_EQ(all.size(), 64u);
    EXPECT_EQ(std::set<std::size_t>(all.begin(), all.end()).size(), 64u);
  }
}

TEST(Menu, AnOptionNeverRaisesABand) {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    const Facts facts = facts_of(somebody(seed));
    const Bands now = bands(facts);
    for (std::size_t i = 0; i < builtin().options().size(); ++i) {
      const Bands then = bands(after(facts, i));
      for (std::size_t h = 0; h < harm_count; ++h) {
        // What was open may turn out as it could have; it never goes beyond that.
        EXPECT_LE(then.at_least[h], now.at_least[h]) << builtin().options()[i].id;
        EXPECT_LE(then.at_most[h], now.at_most[h]) << builtin().options()[i].id;
      }
    }
  }
}

TEST(Menu, WhatALineSaysItWouldLowerIsLowerAfterwards) {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    const Facts facts = facts_of(somebody(seed));
    const auto m = menu(facts);
    ASSERT_TRUE(m);
    for (const MenuLine& line : m->lines) {
      const Bands then = bands(after(facts, line.option));
      for (std::size_t h = 0; h < harm_count; ++h) {
        const bool lower =
            then.at_least[h] < m->now.at_least[h] || then.at_most[h] < m->now.at_most[h];
        EXPECT_EQ(line.lowers.has(static_cast<Harm>(h)), lower);
      }
    }
  }
}

TEST(Menu, OrderFollowsThePointsAndThePointsAddUp) {
  const Facts facts = facts_of(injects_heroin_alone());
  const auto m = menu(facts, will(WillChangeUse::some));
  ASSERT_TRUE(m);
  for (std::size_t i = 1; i < m->lines.size(); ++i) {
    if (m->lines[i - 1].above_wish != m->lines[i].above_wish) continue;
    EXPECT_GE(m->lines[i - 1].points.total(), m->lines[i].points.total());
  }
  for (const MenuLine& line : m->lines) {
    const Points& p = line.points;
    EXPECT_EQ(p.total(), p.harm + p.effect + p.evidence + p.fit + p.burden);
    EXPECT_LE(p.burden, 0);
  }
}

TEST(Menu, TheOrderOfEntriesDoesNotMatter) {
  for (unsigned seed = 1; seed <= 30; ++seed) {
    Situation s = somebody(seed);
    const Facts a = facts_of(s);
    std::ranges::reverse(s.factors);
    std::ranges::reverse(s.substances);
    const Facts b = facts_of(s);
    EXPECT_EQ(ids(*menu(a), a, 64), ids(*menu(b), b, 64));
  }
}

TEST(Menu, WhatIsLikedComesForwardAndWhatIsDeclinedIsListedAsDeclined) {
  const Facts facts = facts_of(five_drinks());
  Wishes w = will(WillChangeUse::yes);
  w.likes = {"peer_support"};
  w.declines = {"naltrexone_for_drinking"};
  const auto plain = menu(facts, will(WillChangeUse::yes));
  const auto m = menu(facts, w);
  ASSERT_TRUE(m);
  const auto place = [&](const Menu& menu_, std::string_view id) {
    const auto all = ids(menu_, facts, 64);
    return std::ranges::find(all, id) - all.begin();
  };
  EXPECT_LT(place(*m, "peer_support"), place(*plain, "peer_support"));
  EXPECT_FALSE(among(*m, facts, "naltrexone_for_drinking", 64));
  ASSERT_EQ(m->declined.size(), 1u);
}

TEST(Menu, WhatIsInPlaceIsNotOfferedAgain) {
  Situation s = injects_heroin_alone();
  for (FactorEntry& entry : s.factors) {
    if (entry.factor == "naloxone_at_hand") entry.value = true;
  }
  says(s, {{"knows_overdose_response", true}});
  const Facts facts = facts_of(s);
  const auto m = menu(facts);
  ASSERT_TRUE(m);
  EXPECT_FALSE(among(*m, facts, "take_home_naloxone", 64));
  EXPECT_EQ(std::ranges::count(m->in_place, 0u), 1);
}

TEST(Menu, NaltrexoneIsHeldBackWithTheReasonWhileOpioidsAreInTheBody) {
  const Facts facts = facts_of(injects_heroin_alone());
  const auto m = menu(facts);
  ASSERT_TRUE(m);
  bool found = false;
  for (const Withheld& w : m->withheld) {
    if (builtin().options()[w.option].id != "depot_naltrexone") continue;
    found = true;
    EXPECT_EQ(w.why, Withheld::Why::dangerous);
    EXPECT_NE(explain(w, facts).find("opioids are in the body"), std::string::npos);
  }
  EXPECT_TRUE(found);
}

TEST(Menu, NaltrexoneForDrinkingIsOnlyPerhapsWhileNobodySaidWhetherOpioidsAreUsed) {
  Situation s;
  s.substances = {{"alcohol", Route::swallowed, {}, {}}};
  const Facts facts = facts_of(s);
  const auto m = menu(facts, will(WillChangeUse::yes));
  ASSERT_TRUE(m);
  for (const MenuLine& line : m->lines) {
    if (builtin().options()[line.option].id == "naltrexone_for_drinking") {
      EXPECT_TRUE(line.perhaps);
    }
  }
}

TEST(Menu, EveryLineIsExplainedInWordsThatKeepTheWordingRule) {
  for (unsigned seed = 1; seed <= 30; ++seed) {
    const Facts facts = facts_of(somebody(seed));
    const auto m = menu(facts, will(static_cast<WillChangeUse>(seed % 4)));
    ASSERT_TRUE(m);
    for (const MenuLine& line : m->lines) {
      const std::string text = explain(line, facts);
      EXPECT_GT(text.size(), 60u);
      for (const WordingFault& fault : check_wording(text)) {
        ADD_FAILURE() << text << ": " << describe(fault);
      }
    }
    for (const Withheld& w : m->withheld) {
      for (const WordingFault& fault : check_wording(explain(w, facts))) {
        ADD_FAILURE() << describe(fault);
      }
    }
  }
}

TEST(Menu, BadWishesAreRefused) {
  const Facts facts = facts_of(five_drinks());
  Wishes w;
  w.likes = {"magic"};
  EXPECT_EQ(menu(facts, w).error().code, Errc::unknown_name);
  w.likes = {"thiamine"};
  w.declines = {"thiamine"};
  EXPECT_EQ(menu(facts, w).error().code, Errc::contradiction);
  Wishes burden;
  burden.burden_at_most = 4;
  EXPECT_EQ(menu(facts, burden).error().code, Errc::out_of_range);
}
