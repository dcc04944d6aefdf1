#include "ombre/plans/safer_use.hpp"

#include <algorithm>

#include "goal_sources.hpp"
#include "ombre/plans/goal.hpp"
#include "ombre/substance/catalogue.hpp"
#include "rule_lists.hpp"

namespace ombre::inline v0::plans {
namespace {

constexpr GuardRule no_naloxone{"naloxone_at_hand",
                                "Naloxone belongs within reach wherever an opioid is used, or "
                                "could be in what is used.",
                                &sources::cdc_2022, Confidence::verified, OverridableBy::nobody};
constexpr GuardRule alone{"not_alone", "Somebody who would notice, in the room or on the line.",
                          &sources::ombre_proposal, Confidence::proposal, OverridableBy::nobody};
constexpr GuardRule any_hour{"somebody_at_any_hour",
                             "Somebody to call at any hour, whether or not something was used.",
                             &sources::ombre_proposal, Confidence::proposal, OverridableBy::nobody};
constexpr GuardRule has_steps{"steps_for_each_situation",
                              "Each situation has at least one step the person can take.",
                              &sources::stanley_brown, Confidence::known, OverridableBy::nobody};
constexpr GuardRule one_layer{"more_than_one_layer",
                              "One layer of protection has holes; a second one covers some.",
                              &sources::reason_2000, Confidence::known, OverridableBy::nobody};

RuleFinding gap(const GuardRule& rule, Severity severity, std::string text) {
  RuleFinding f;
  f.rule = &rule;
  f.answer = Answer::allowed_with_warning;
  f.severity = severity;
  f.text = std::move(text);
  return f;
}

// Could this be an opioid, or hold one? What nobody knows counts as "could".
bool opioid_possible(const std::string& named) {
  const auto found = substance::find(named);
  if (!found) return true;
  return found->cls == substance::Class::opioid || found->cls == substance::Class::unknown ||
         found->is(substance::Trait::unknown_potency);
}

}  // namespace

Result<void> check_safer_use(const SaferUsePlan& plan, std::string_view path) {
  const std::string here = path.empty() ? "" : std::string{path} + ".";
  if (!is_id(plan.id)) {
    return unexpected(error_at(Errc::malformed, here + "id", std::nullopt, plan.id,
                               "must be 1 to 64 of a-z, 0-9, '-' and '_'"));
  }
  for (std::size_t i = 0; i < plan.situations.size(); ++i) {
    if (plan.situations[i].when.empty()) {
      return unexpected(error_of(Errc::missing, here + "situations[" + std::to_string(i) + "].when",
                                 "must say when"));
    }
  }
  for (std::size_t i = 0; i < plan.contacts.size(); ++i) {
    if (plan.contacts[i].name.empty()) {
      return unexpected(error_of(Errc::missing, here + "contacts[" + std::to_string(i) + "].name",
                                 "must name somebody"));
    }
  }
  return {};
}

int layers_of_protection(const SaferUsePlan& plan) noexcept {
  int layers = 0;
  layers += std::ranges::any_of(plan.situations, [](const auto& s) { return !s.steps.empty(); });
  layers += !plan.contacts.empty();
  layers += plan.naloxone_at_hand.value_or(false);
  layers += plan.somebody_present.value_or(false);
  layers += !plan.safer_place.empty();
  return layers;
}

std::vector<RuleFinding> safer_use_findings(const SaferUsePlan& plan) {
  std::vector<RuleFinding> out;
  const bool opioid = std::ranges::any_of(plan.substances, opioid_possible);
  if (opioid && !plan.naloxone_at_hand.value_or(false)) {
    out.push_back(gap(no_naloxone, Severity::danger,
                      plan.naloxone_at_hand
                          ? "There is no naloxone at hand. Getting it, and showing somebody how it "
                            "works, comes first."
                          : "It is not known whether naloxone is at hand. Please ask."));
  }
  if (!plan.somebody_present.value_or(false)) {
    out.push_back(gap(alone, opioid ? Severity::danger : Severity::warning,
                      plan.somebody_present
                          ? "Nobody would notice if something went wrong: a friend, a companion or "
                            "a line that stays on the phone would."
                          : "It is not known whether somebody is there. Please ask."));
  }
  const bool night = std::ranges::any_of(
      plan.contacts, [](const PlanContact& c) { return c.any_hour && c.whether_used; });
  if (!night) {
    out.push_back(gap(any_hour, Severity::warning,
                      "Nobody on the list can be called at any hour, whether or not something was "
                      "used."));
  }
  for (const SaferUseSituation& s : plan.situations) {
    if (!s.steps.empty()) continue;
    out.push_back(
        gap(has_steps, Severity::caution, "\"" + s.when + "\" has no step yet. What could help?"));
  }
  if (const int layers = layers_of_protection(plan); layers <= 1) {
    auto f = gap(one_layer, Severity::warning,
                 layers == 0 ? "There is no layer of protection yet."
                             : "Only one layer protects. Adding any second one helps.");
    f.measured = layers;
    f.limit = 2;
    f.unit = "layers";
    out.push_back(std::move(f));
  }
  return out;
}

std::string card(const SaferUsePlan& plan) {
  std::string out;
  for (const SaferUseSituation& s : plan.situations) {
    out += "When: " + s.when + '\n';
    for (const std::string& sign : s.signs) out += "  I notice: " + sign + '\n';
    for (const std::string& step : s.steps) out += "  I can: " + step + '\n';
  }
  for (const std::string& what : plan.safer_place) out += "Made safer: " + what + '\n';
  if (plan.naloxone_at_hand.value_or(false)) {
    out += "Naloxone: " +
           (plan.naloxone_where.empty() ? std::string{"at hand"} : plan.naloxone_where) + '\n';
  }
  for (const PlanContact& c : plan.contacts) {
    out += "Call: " + c.name + (c.how.empty() ? "" : ", " + c.how) +
           (c.any_hour ? " (any hour" : " (daytime") +
           (c.whether_used ? ", whether I used or not)" : ")") + '\n';
  }
  for (const std::string& what : plan.worked_on) out += "Meanwhile we work on: " + what + '\n';
  for (const std::string& reason : plan.reasons) out += "Because: " + reason + '\n';
  return out;
}

std::vector<const GuardRule*> safer_use_rules() {
  return {&no_naloxone, &alone, &any_hour, &has_steps, &one_layer};
}

}  // namespace ombre::inline v0::plans
