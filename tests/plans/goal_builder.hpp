#pragma once
/// @file
/// Goals and plans for tests, in a few words.

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "ombre/plans/goal_plan.hpp"

namespace ombre::plans::testing {

inline Date day(std::string_view iso) { return *Date::parse(iso); }

inline Goal life(std::string id, std::vector<std::string> needs = {}) {
  Goal g;
  g.words = "about " + id;
  g.id = std::move(id);
  g.aim = GoalAim::life;
  g.domain = "occupational";
  g.opened = day("2026-01-05");
  for (auto& n : needs) g.needs.push_back({std::move(n), "", false});
  return g;
}

inline Goal about(std::string id, GoalAim aim, std::string substance) {
  Goal g;
  g.words = "about " + id;
  g.id = std::move(id);
  g.aim = aim;
  if (!substance.empty()) g.substances = {std::move(substance)};
  g.opened = day("2026-01-05");
  return g;
}

inline const Actor person{"Ada", Role::person};
inline const Actor clinician{"Dr Oak", Role::clinician};

inline Change by(const Actor& who, std::string_view on, std::string why = "we talked") {
  Change c;
  c.what = "draft";
  c.on = day(on);
  c.from = c.on;
  c.by = who;
  c.why = std::move(why);
  return c;
}

inline GoalPlanVersion version(std::vector<Goal> goals) {
  GoalPlanVersion v;
  v.made_by = {person, clinician};
  v.goals = std::move(goals);
  v.next_review = day("2026-01-19");
  return v;
}

inline bool has_rule(const std::vector<RuleFinding>& findings, std::string_view id) {
  for (const auto& f : findings) {
    if (f.rule->id == id) return true;
  }
  return false;
}

}  // namespace ombre::plans::testing
