#include "ombre/plans/site.hpp"

#include <algorithm>
#include <array>

#include "goal_plan_parts.hpp"
#include "goal_sources.hpp"
#include "plain_words.hpp"
#include "rule_lists.hpp"

namespace ombre::inline v0::plans {
namespace {

constexpr std::array<std::string_view, 5> event_names{"told_an_urge", "used_elsewhere",
                                                      "came_after_use", "used_on_site",
                                                      "unprescribed_medicine_found"};
constexpr std::array<std::string_view, 6> step_names{
    "thank_and_listen",       "look_after_health",   "move_to_safe_place",
    "hand_medicine_to_staff", "talk_about_the_plan", "keep_the_place"};
constexpr std::array<std::string_view, 4> purpose_names{"person_asked", "safety",
                                                        "treatment_planning", "drug_checking"};

constexpr const Source* ours = &sources::ombre_proposal;
constexpr GuardRule free_of_use{"entry_does_not_depend_on_use",
                                "Nobody has to stop, wait without use, or pass a test before help "
                                "begins.",
                                &sources::housing_first, Confidence::known, OverridableBy::nobody};
constexpr GuardRule together{"mental_health_care_does_not_wait",
                             "Mental health care goes on beside use; it does not come after it.",
                             ours, Confidence::proposal, OverridableBy::nobody};
constexpr GuardRule stay{"nobody_leaves_for_using",
                         "Nobody loses a place or care for using: they move to a safe place, and "
                         "care goes on.",
                         &sources::nida_treatment, Confidence::known, OverridableBy::nobody};
constexpr GuardRule testing{"tests_are_for_care",
                            "A test answers a question of care; it is no condition.",
                            &sources::asam_testing, Confidence::known, OverridableBy::nobody};
constexpr GuardRule soon{"help_comes_soon", "Help begins within a week of being asked for.", ours,
                         Confidence::proposal, OverridableBy::nobody};
constexpr GuardRule wish{"meeting_asks_for_a_wish_to_stop",
                         "A service that asks for a wish to stop says where people go who do not "
                         "have it.",
                         ours, Confidence::proposal, OverridableBy::nobody};
constexpr GuardRule medicine{"medicine_on_site",
                             "On site, medicines are prescribed and given by qualified staff.",
                             ours, Confidence::proposal, OverridableBy::nobody};

RuleFinding make(const GuardRule& rule, Answer answer, Severity severity, std::string text) {
  RuleFinding f;
  f.rule = &rule;
  f.answer = answer;
  f.severity = severity;
  f.text = std::move(text);
  return f;
}

Result<void> not_negative(const std::optional<int>& value, std::string_view field) {
  if (!value || *value >= 0) return {};
  return unexpected(error_at(Errc::out_of_range, field, std::nullopt, static_cast<double>(*value),
                             "must be 0 or more"));
}

}  // namespace

template <>
std::span<const std::string_view> names_of<SiteEventKind>() noexcept {
  return event_names;
}
template <>
std::span<const std::string_view> names_of<SiteStep>() noexcept {
  return step_names;
}
template <>
std::span<const std::string_view> names_of<TestPurpose>() noexcept {
  return purpose_names;
}

Result<std::vector<RuleFinding>> entry_findings(const EntryRule& rule) {
  if (rule.service.empty()) {
    return unexpected(error_of(Errc::missing, "service", "must name the service"));
  }
  if (auto ok = not_negative(rule.hours_without_use, "hours_without_use"); !ok) {
    return unexpected(ok.error());
  }
  if (auto ok = not_negative(rule.abstinent_days, "abstinent_days"); !ok) {
    return unexpected(ok.error());
  }
  if (auto ok = not_negative(rule.waiting_days, "waiting_days"); !ok) {
    return unexpected(ok.error());
  }
  std::vector<RuleFinding> out;
  const bool medical = !rule.medical_reason.empty();
  const auto gap = [&](std::string text, double measured, std::string unit) {
    auto f = make(free_of_use, medical ? Answer::allowed_with_warning : Answer::refused,
                  Severity::warning, std::move(text));
    f.measured = measured;
    f.limit = 0;
    f.unit = std::move(unit);
    out.push_back(std::move(f));
  };
  const std::string tail =
      medical ? " A medical reason is given (" + rule.medical_reason +
                    "): keep it to this one procedure, and offer everything else meanwhile."
              : " It keeps away who needs it most. Instead: whoever can sit in the room and keep "
                "the rules of respect is welcome.";
  if (rule.hours_without_use.value_or(0) > 0) {
    gap(rule.service + " asks for " + detail::counted(*rule.hours_without_use, "hour") +
            " without use." + tail,
        *rule.hours_without_use, "hours");
  }
  if (rule.abstinent_days.value_or(0) > 0) {
    gap(rule.service + " asks for " + detail::counted(*rule.abstinent_days, "day") +
            " without use." + tail,
        *rule.abstinent_days, "days");
  }
  if (rule.negative_test.value_or(false)) {
    out.push_back(make(testing, medical ? Answer::allowed_with_warning : Answer::refused,
                       Severity::warning,
                       rule.service + " asks for a test without findings." + tail));
  }
  if (rule.use_first_treated.value_or(false)) {
    out.push_back(make(together, Answer::refused, Severity::warning,
                       rule.service + " wants use treated first. Both can be worked on at the "
                                      "same time, by people who talk to each other."));
  }
  if (rule.out_after_use.value_or(false)) {
    out.push_back(make(stay, Answer::refused, Severity::danger,
                       rule.service +
                           " has people leave after use. The days after a lapse are the most "
                           "dangerous ones to be alone: move them to a safe place with company, "
                           "and keep their place."));
  }
  if (rule.wish_to_stop.value_or(false)) {
    out.push_back(make(wish, Answer::allowed_with_warning, Severity::note,
                       rule.service + " asks for a wish to stop. That is its right; name a door "
                                      "beside it for those who do not have it."));
  }
  if (rule.waiting_days.value_or(0) > 7) {
    auto f =
        make(soon, Answer::allowed_with_warning, Severity::caution,
             "The wait for " + rule.service + " is " + detail::counted(*rule.waiting_days, "day") +
                 ". Something can begin today: a call, a drop-in, naloxone.");
    f.measured = *rule.waiting_days;
    f.limit = 7;
    f.unit = "days";
    out.push_back(std::move(f));
  }
  detail::worst_first(out);
  return out;
}

std::vector<RuleFinding> medication_findings(const CommunityPolicy& policy,
                                             std::span<const Medication> medications) {
  std::vector<RuleFinding> out;
  const std::string with_the_prescriber =
      " Hand it to staff, who ask the prescriber and give it from then on.";
  for (const Medication& m : medications) {
    if (policy.prescribed_medicine_only && !m.prescribed.value_or(false)) {
      out.push_back(make(medicine, Answer::allowed_with_warning, Severity::caution,
                         (m.prescribed ? m.name + " is not prescribed."
                                       : "It is not known whether " + m.name + " is prescribed.") +
                             with_the_prescriber));
    }
    if (policy.medicine_by_qualified_staff && !m.qualified.value_or(false)) {
      out.push_back(make(medicine, Answer::allowed_with_warning, Severity::caution,
                         "It is not known that who gives " + m.name + " is qualified to."));
    }
  }
  return out;
}

SiteAnswer site_answer(const CommunityPolicy& policy, SiteEventKind event) {
  using enum SiteStep;
  const std::string place =
      policy.safe_place.empty() ? std::string{"a safe place nearby"} : policy.safe_place;
  const std::string goes_on = " Your care goes on, and your place stays yours.";
  switch (event) {
    case SiteEventKind::told_an_urge:
      return {{thank_and_listen, talk_about_the_plan},
              "Thank you for saying so. Let us see what would help right now." + goes_on};
    case SiteEventKind::used_elsewhere:
      return {{thank_and_listen, look_after_health, talk_about_the_plan, keep_the_place},
              "Thank you for telling us. First we make sure that you are well, then we look at the "
              "plan together." +
                  goes_on};
    case SiteEventKind::came_after_use:
      return {{look_after_health, thank_and_listen, move_to_safe_place, talk_about_the_plan,
               keep_the_place},
              "Good that you came here. We look after you; if it is too much for the others "
              "tonight, somebody goes with you to " +
                  place + "." + goes_on};
    case SiteEventKind::used_on_site:
      if (policy.use_on_site) {
        return {{look_after_health, thank_and_listen},
                "You are in the right place for it. Somebody stays near." + goes_on};
      }
      return {{look_after_health, move_to_safe_place, thank_and_listen, talk_about_the_plan,
               keep_the_place},
              "Others here are protected by having nothing used in the house, so for now somebody "
              "goes with you to " +
                  place + "." + goes_on};
    case SiteEventKind::unprescribed_medicine_found:
      return {{look_after_health, hand_medicine_to_staff, thank_and_listen, talk_about_the_plan,
               keep_the_place},
              "Let us find out what it is for. Staff keep it and ask a prescriber, so that you do "
              "not go without what you need." +
                  goes_on};
  }
  return {{look_after_health, thank_and_listen, keep_the_place}, "We look after you." + goes_on};
}

std::vector<const GuardRule*> site_rules() {
  return {&free_of_use, &together, &stay, &testing, &soon, &wish, &medicine};
}

}  // namespace ombre::inline v0::plans
