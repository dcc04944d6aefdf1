// Day-level abstinence in words, for `ombre explain`.
#include "ombre/outcomes/abstinence_rules.hpp"

namespace ombre::inline v0::outcomes {
namespace {

constexpr Source abstcal = {
    "abstcal-0.9", "Cui Y. abstcal: abstinence calculator (Python package, MIT licence 2018)",
    "0.9"};

Explanation entry(std::string name, std::string kind, std::string title, std::string text,
                  std::vector<std::string> aliases = {}) {
  return {std::move(name),
          std::move(kind),
          std::move(title),
          std::move(text),
          {{&abstcal, Confidence::verified}},
          std::move(aliases)};
}

}  // namespace

std::vector<Explanation> explain_abstinence() {
  std::vector<Explanation> out;
  out.push_back(entry(
      "visit_continuous_abstinence", "abstinence measure",
      "No day above the cut-off from one visit to another",
      "Every day from the start visit to the day before the end visit has a record and none lies "
      "above the cut-off. Computed by `ombre abstinence`, kind `continuous`."));
  out.push_back(entry(
      "visit_point_prevalence", "abstinence measure",
      "No day above the cut-off in the last D days before a visit",
      "Every one of the D days before the end visit has a record and none lies above the cut-off. "
      "Computed by `ombre abstinence`, kind `point_prevalence`."));
  out.push_back(entry(
      "visit_prolonged_abstinence", "abstinence measure",
      "No lapse by a criterion from the quit visit and a grace period on",
      "From the quit visit + grace days to the day before the end visit every day has a record and "
      "no lapse occurs. Criteria: `no lapse` (any day above the cut-off), `N units` and `N days` "
      "(the running total reaches N), `N units/L days` and `N days/L days` (the total within L "
      "days from a day of use exceeds N). Computed by `ombre abstinence`, kind `prolonged`.",
      {"lapse_criterion"}));
  out.push_back(entry(
      "intention_to_treat", "rule", "Everybody counts, and silence is not abstinence",
      "Filled-in days and visits count like recorded ones; where no value can be established the "
      "result is: not abstinent.",
      {"itt"}));
  out.push_back(entry(
      "responders_only", "rule", "Only what was recorded counts",
      "Filled-in days and visits are invisible; where no value can be established the result is "
      "missing. Those who answer are not like those who do not: rates are flattering."));
  out.push_back(entry(
      "biochemical_verification", "rule", "A test that contradicts a self-report overrides it",
      "On a day whose biochemical amount lies above its own cut-off, a self-report of abstinence "
      "is replaced by the cut-off + 1 (or a stated amount). A measured amount a also stands for "
      "day d - k, k = 1, 2, ..., as a * 2^(k / half-life in days)."));
  return out;
}

}  // namespace ombre::inline v0::outcomes
