#include "ombre/plans/explain.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "ombre/plans/goal_plan.hpp"
#include "ombre/plans/taper_guard.hpp"
#include "ombre/plans/taper_rule.hpp"
#include "rule_lists.hpp"

namespace ombre::inline v0::plans {

std::vector<const GuardRule*> guard_rules() {
  std::vector<const GuardRule*> out;
  const auto add = [&](const GuardRule* rule) {
    const bool there = std::ranges::any_of(out, [&](const auto* r) { return r->id == rule->id; });
    if (!there) out.push_back(rule);
  };
  for (const GuardRule& rule : taper_rules()) add(&rule);
  for (const auto& part :
       {goal_plan_rules(), network_rules(), care_rules(), site_rules(), safer_use_rules()}) {
    for (const GuardRule* rule : part) add(rule);
  }
  return out;
}

std::vector<Explanation> explain_plans() {
  std::vector<Explanation> out;
  for (const GuardRule* rule : guard_rules()) {
    Explanation page;
    page.name = rule->id;
    page.kind = "guard";
    page.title = rule->says;
    page.text = "A rule that plans are held against. Where it refuses, ";
    page.text += rule->overridable_by == OverridableBy::clinician
                     ? "a clinician may set it aside with a reason, which the plan keeps."
                     : "nobody may set it aside.";
    page.sources.push_back({rule->source, rule->confidence});
    out.push_back(std::move(page));
  }
  for (const NamedRule& rule : named_rules()) {
    Explanation page;
    page.name = rule.id;
    page.kind = "named taper";
    page.title = rule.title;
    page.text = "A published way to taper";
    if (!rule.substance_class.empty()) page.text += ", " + std::string{rule.substance_class};
    page.text += "; a request names it with \"named_rule\" (docs/tapers.md).";
    if (!rule.note.empty()) page.text += "\nNote: " + std::string{rule.note} + '.';
    page.sources.push_back({rule.source, rule.confidence});
    out.push_back(std::move(page));
  }
  return out;
}

}  // namespace ombre::inline v0::plans
