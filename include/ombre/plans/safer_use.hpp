#pragma once
/// @file
/// A safer-use plan: what a person does, whom they call and what is at hand in the situations in
/// which use is likely, while the work on other things (trauma, housing, pain) goes on. It asks for
/// no change in use. Modelled on safety plans: warning signs, own steps, people, services, making
/// the place safer. Source: Stanley & Brown, Cogn Behav Pract 19:256 (2012).

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ombre/core/date.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/plans/guard.hpp"

namespace ombre::inline v0::plans {

/// A situation and what the person does in it.
struct SaferUseSituation {
  std::string when;                  ///< "Friday evenings alone at home"
  std::vector<std::string> signs{};  ///< how it announces itself
  std::vector<std::string> steps{};  ///< what I do: own words or ids of the menu of options
  friend bool operator==(const SaferUseSituation&, const SaferUseSituation&) = default;
};

/// Somebody to call, in the order of calling.
struct PlanContact {
  std::string name;
  std::string how{};         ///< number or channel
  bool any_hour = false;     ///< reachable at night as well
  bool whether_used = true;  ///< welcome to call whether or not something was used
  friend bool operator==(const PlanContact&, const PlanContact&) = default;
};

struct SaferUsePlan {
  std::string id;
  std::vector<std::string> substances{};
  std::vector<SaferUseSituation> situations{};
  std::vector<PlanContact> contacts{};
  std::optional<bool> naloxone_at_hand{};
  std::string naloxone_where{};
  std::optional<bool> somebody_present{};  ///< or a line or app that notices silence
  std::vector<std::string> safer_place{};  ///< what was changed about place and supplies
  std::vector<std::string> worked_on{};    ///< what is worked on at the same time: "trauma"
  std::vector<std::string> reasons{};      ///< what makes life worth protecting
  std::optional<Date> review{};
  friend bool operator==(const SaferUsePlan&, const SaferUsePlan&) = default;
};

/// @par Errors malformed, missing, duplicate (with the path)
[[nodiscard]] OMBRE_EXPORT Result<void> check_safer_use(const SaferUsePlan& plan,
                                                        std::string_view path);

/// What the plan lacks: naloxone where a substance is an opioid or its content is not known,
/// company, somebody to call at any hour, steps in a situation, a second layer of protection. Only
/// gaps; nothing here refuses.
[[nodiscard]] OMBRE_EXPORT std::vector<RuleFinding> safer_use_findings(const SaferUsePlan& plan);

/// How many kinds of protection the plan has: steps, contacts, naloxone, company, a safer place.
/// Each layer has holes; what one lets through another may stop.
[[nodiscard]] OMBRE_EXPORT int layers_of_protection(const SaferUsePlan& plan) noexcept;

/// The plan as a card to keep: plain lines, in the order they are used.
[[nodiscard]] OMBRE_EXPORT std::string card(const SaferUsePlan& plan);

}  // namespace ombre::inline v0::plans
