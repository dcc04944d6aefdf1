// Plans, reviews and connection: what must not be sayable. Nobody is discharged, failed or reset
// for using; what is told is never answered with a sanction; nothing is shared without consent.
#include "ombre/outcomes/review.hpp"
#include "ombre/plans/goal_plan.hpp"
#include "ombre/plans/network.hpp"
#include "ombre/plans/site.hpp"

using namespace ombre;         // NOLINT: short on purpose
using namespace ombre::plans;  // NOLINT

[[maybe_unused]] static void goals(const GoalPlan& plan, const Change& change) {
#ifdef CASE_a_goal_does_not_fail  // says: failed
  [[maybe_unused]] auto a = GoalStatus::failed;
#else
  [[maybe_unused]] auto a = GoalStatus::resting;
#endif

#ifdef CASE_a_plan_is_not_terminated  // says: terminated
  [[maybe_unused]] auto b = PlanStatus::terminated;
#else
  [[maybe_unused]] auto b = PlanStatus::care_goes_on;
#endif

#ifdef CASE_nobody_is_discharged_from_a_plan  // says: discharge
  [[maybe_unused]] auto c = discharge(plan, change);
#else
  [[maybe_unused]] auto c = set_status(plan, "less", GoalStatus::resting, change);
#endif

#ifdef CASE_a_plan_is_not_reset  // says: reset
  plan.reset();
#else
  [[maybe_unused]] auto d = plan.as_of(1);
#endif

#ifdef CASE_a_version_is_not_overwritten  // says: assignment|read-only|const
  plan.history().at(1).goals = {};
#else
  [[maybe_unused]] auto e = revise(plan, plan.now(), change);
#endif

#ifdef CASE_a_stage_is_no_relapse  // says: relapsed
  [[maybe_unused]] auto f = MotivationStage::relapsed;
#else
  [[maybe_unused]] auto f = MotivationStage::recycling;
#endif
}

[[maybe_unused]] static void telling(const SocialNetwork& network, Date today) {
#ifdef CASE_what_is_told_is_not_punished  // says: sanction
  [[maybe_unused]] auto a = DisclosureAnswer::sanction;
#else
  [[maybe_unused]] auto a = DisclosureAnswer::listened;
#endif

#ifdef CASE_a_disclosure_has_no_consequence_field  // says: sanction
  [[maybe_unused]] DisclosureEntry b{.sanction = true};
#else
  [[maybe_unused]] DisclosureEntry b{.answer = DisclosureAnswer::more_contact};
#endif

#ifdef CASE_contact_has_no_condition  // says: only_if_abstinent
  [[maybe_unused]] Contact c{.only_if_abstinent = true};
#else
  [[maybe_unused]] Contact c{.person_reached_out = true};
#endif

#ifdef CASE_a_test_is_no_punishment  // says: sanction
  [[maybe_unused]] auto d = TestPurpose::sanction;
#else
  [[maybe_unused]] auto d = TestPurpose::safety;
#endif

#ifdef CASE_a_site_does_not_send_people_away  // says: discharge
  [[maybe_unused]] auto e = SiteStep::discharge;
#else
  [[maybe_unused]] auto e = SiteStep::move_to_safe_place;
#endif

#ifdef CASE_nothing_is_shared_without_consent  // says: private
  [[maybe_unused]] Sharing f{"mother", SharingScope::use, today, "used on Friday"};
#else
  [[maybe_unused]] auto f =
      Sharing::with_consent(network, "mother", SharingScope::use, today, "used on Friday");
#endif
}

[[maybe_unused]] static void reviews(const GoalPlan& plan, outcomes::Review& review,
                                     const Change& change) {
#ifdef CASE_a_review_does_not_discharge  // says: discharge
  [[maybe_unused]] auto a = outcomes::RefocusKind::discharge;
#else
  [[maybe_unused]] auto a = outcomes::RefocusKind::raise_contact;
#endif

#ifdef CASE_a_review_does_not_end_care  // says: end_care
  [[maybe_unused]] auto b = outcomes::end_care(plan, review, change);
#else
  [[maybe_unused]] auto b = outcomes::refocus(plan, review, {}, change);
#endif

#ifdef CASE_a_lapse_has_no_verdict  // says: failure
  review.failure = true;
#else
  review.stands.emplace_back("what was reached stays reached");
#endif

#ifdef CASE_days_without_are_not_reset  // says: days_reset
  review.days_reset = 0;
#else
  review.to_ask.clear();
#endif
}
