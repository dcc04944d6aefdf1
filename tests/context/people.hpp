#pragma once
// Situations the tests ask about.

#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <random>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "ombre/context/menu.hpp"

namespace ombre_test::context {

using namespace ombre;
using namespace ombre::context;

inline void says(Situation& s, std::initializer_list<std::pair<const char*, bool>> answers) {
  for (const auto& [factor, yes] : answers) {
    FactorEntry entry;
    entry.factor = factor;
    entry.value = yes;
    entry.from = KnownFrom::self_report;
    s.factors.push_back(std::move(entry));
  }
}

inline void number(Situation& s, const char* factor, double value) {
  FactorEntry entry;
  entry.factor = factor;
  entry.value = value;
  s.factors.push_back(std::move(entry));
}

inline Facts facts_of(const Situation& s, const Catalogue& catalogue = builtin()) {
  auto facts = Facts::from(s, catalogue);
  EXPECT_TRUE(facts) << describe(facts.error());
  return *facts;
}

inline RiskBand least(const Facts& facts, Harm harm) {
  return bands(facts).at_least[static_cast<std::size_t>(harm)];
}
inline RiskBand most(const Facts& facts, Harm harm) {
  return bands(facts).at_most[static_cast<std::size_t>(harm)];
}

inline std::vector<std::string> ids(const Menu& menu, const Facts& facts, std::size_t first) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < menu.lines.size() && i < first; ++i) {
    out.emplace_back(facts.catalogue().options()[menu.lines[i].option].id);
  }
  return out;
}

/// Whether an option is among the first lines.
inline bool among(const Menu& menu, const Facts& facts, std::string_view id, std::size_t first) {
  const auto top = ids(menu, facts, first);
  return std::ranges::find(top, id) != top.end();
}

/// A person with random answers to random questions.
inline Situation somebody(unsigned seed) {
  std::mt19937 random(seed);
  Situation s;
  constexpr const char* names[] = {"heroin", "alcohol",  "alprazolam", "cocaine", "methadone",
                                   "mdma",   "cannabis", "nicotine",   "ghb",     "fentanyl"};
  const unsigned n = random() % 4;
  for (unsigned i = 0; i < n; ++i) {
    UsedSubstance used;
    used.name = names[random() % 10];
    used.route = static_cast<Route>(random() % 10);
    if (random() % 3 == 0) used.prescribed = random() % 2 == 0;
    s.substances.push_back(std::move(used));
  }
  if (random() % 2 == 0) s.nothing_else = true;
  for (const Factor& factor : builtin().factors()) {
    if (random() % 3 != 0) continue;
    FactorEntry entry;
    entry.factor = factor.id;
    if (factor.kind == ValueKind::number) {
      entry.value = static_cast<double>(random() % 60);
    } else if (random() % 8 == 0) {
      entry.value = NotKnown{};
    } else {
      entry.value = random() % 2 == 0;
    }
    s.factors.push_back(std::move(entry));
  }
  return s;
}

/// From "heroin:injected:street alcohol:swallowed" and "uses_alone !naloxone_at_hand
/// days_since_release=4": '_' for a blank in a name; nothing else is used.
inline Situation situation_of(const char* substances, const char* answers) {
  Situation s;
  s.nothing_else = true;
  std::istringstream takes{substances};
  for (std::string one; takes >> one;) {
    std::istringstream parts{one};
    UsedSubstance used;
    std::getline(parts, used.name, ':');
    std::ranges::replace(used.name, '_', ' ');
    std::string part;  // stays empty where no route is given
    std::getline(parts, part, ':');
    if (!part.empty()) {
      const auto route = find_route(part);
      EXPECT_TRUE(route) << part;
      used.route = route.value_or(Route::not_stated);
    }
    while (std::getline(parts, part, ':')) {
      if (part == "street") used.street = true;
      if (part == "prescribed") used.prescribed = true;
    }
    s.substances.push_back(std::move(used));
  }
  std::istringstream factors{answers};
  for (std::string one; factors >> one;) {
    FactorEntry entry;
    if (const auto equals = one.find('='); equals != std::string::npos) {
      double value = 0;
      std::from_chars(one.data() + equals + 1, one.data() + one.size(), value);
      entry.value = value;
      one.resize(equals);
    } else if (one.front() == '!') {
      entry.value = false;
      one.erase(0, 1);
    } else {
      entry.value = true;
    }
    entry.factor = one;
    s.factors.push_back(std::move(entry));
  }
  return s;
}

inline std::vector<std::string> words_of(const char* text) {
  std::istringstream in{text};
  std::vector<std::string> out;
  for (std::string one; in >> one;) out.push_back(one);
  return out;
}

// ---- people -------------------------------------------------------------------------------------

/// Injects street heroin, often alone; does not want use to change.
inline Situation injects_heroin_alone() {
  Situation s;
  s.substances = {{"heroin", Route::injected, false, true}};
  s.nothing_else = true;
  says(s, {{"uses_alone", true},
           {"naloxone_at_hand", false},
           {"sterile_equipment", false},
           {"shares_equipment", true},
           {"daily_use", true}});
  return s;
}

/// Left prison five days ago after months without opioids.
inline Situation released_five_days_ago() {
  Situation s;
  s.substances = {{"heroin", Route::smoked, false, true}};
  number(s, "days_since_release", 5);
  number(s, "days_since_opioid_cut", 5);
  says(s, {{"agonist_treatment", false}, {"naloxone_at_hand", false}});
  return s;
}

/// Drinks every day, wants to stop tomorrow, has had a seizure.
inline Situation wants_to_stop_drinking_tomorrow() {
  Situation s;
  s.substances = {{"alcohol", Route::swallowed, {}, {}}};
  s.nothing_else = true;
  says(s, {{"depends_on_alcohol", true},
           {"heavy_drinking", true},
           {"stops_soon", true},
           {"seizure_before", true},
           {"managed_withdrawal", false},
           {"little_food", true}});
  return s;
}

/// Five drinks an evening, would like four.
inline Situation five_drinks() {
  Situation s;
  s.substances = {{"alcohol", Route::swallowed, {}, {}}};
  s.nothing_else = true;
  says(s, {{"depends_on_alcohol", false},
           {"large_amounts_at_once", true},
           {"drives_after_use", false},
           {"heavy_drinking", true}});
  return s;
}

}  // namespace ombre_test::context
