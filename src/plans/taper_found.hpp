#pragma once
// Making findings of taper rules.

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "ombre/core/assert.hpp"
#include "ombre/plans/taper_guard.hpp"

namespace ombre::inline v0::plans::detail {

inline RuleFinding found(std::string_view rule, Answer answer, Severity severity,
                         std::string text) {
  RuleFinding out;
  out.rule = find_taper_rule(rule);
  OMBRE_ASSERT(out.rule != nullptr);
  out.answer = answer;
  out.severity = severity;
  out.text = std::move(text);
  return out;
}

inline RuleFinding refused(std::string_view rule, std::string text) {
  return found(rule, Answer::refused, Severity::danger, std::move(text));
}
inline RuleFinding warned(std::string_view rule, std::string text,
                          Severity severity = Severity::warning) {
  return found(rule, Answer::allowed_with_warning, severity, std::move(text));
}
inline RuleFinding noted(std::string_view rule, std::string text) {
  return found(rule, Answer::allowed, Severity::note, std::move(text));
}

// Stopping these suddenly can kill: danger class A of the project's facts.
inline bool class_a(const TaperSubstance& what) {
  switch (what.cls) {
    case substance::Class::alcohol:
    case substance::Class::benzodiazepine:
    case substance::Class::z_drug:
    case substance::Class::barbiturate:
    case substance::Class::ghb:
    case substance::Class::gaba_b_agonist:
      return true;
    default:
      return false;
  }
}

inline bool sedative(const TaperSubstance& what) {
  return what.cls == substance::Class::benzodiazepine || what.cls == substance::Class::z_drug;
}

}  // namespace ombre::inline v0::plans::detail
