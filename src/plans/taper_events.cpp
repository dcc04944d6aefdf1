#include "ombre/plans/taper_events.hpp"

#include <algorithm>
#include <array>

#include "taper_found.hpp"
#include "taper_sources.hpp"

namespace ombre::inline v0::plans {
namespace {

constexpr std::array<std::string_view, 5> event_names{"hard_time", "use_above_step", "asks_faster",
                                                      "asks_to_stop", "severe"};
constexpr std::array<std::string_view, 8> suggestion_names{
    "go_on", "hold", "resume", "slow_down", "re_anchor", "speed_up", "stop_tapering", "emergency"};

constexpr Days one_week{7};
constexpr Days four_weeks{28};

}  // namespace

std::string_view name(TaperEvent event) noexcept {
  return event_names[static_cast<std::size_t>(event)];
}

std::optional<TaperEvent> find_taper_event(std::string_view text) noexcept {
  for (std::size_t i = 0; i < event_names.size(); ++i) {
    if (event_names[i] == text) return static_cast<TaperEvent>(i);
  }
  return std::nullopt;
}

std::string_view name(Suggestion suggestion) noexcept {
  return suggestion_names[static_cast<std::size_t>(suggestion)];
}

int holds_in_last_steps(const TaperPlan& plan, int steps, Date on) noexcept {
  const auto& all = plan.now().steps;
  int at = -1;  // the step in force
  for (std::size_t i = 0; i < all.size() && all[i].first <= on; ++i) at = static_cast<int>(i);
  if (at < 0 || steps < 1) return 0;
  const Date since = all[static_cast<std::size_t>(std::max(0, at - steps + 1))].first;
  int holds = 0;
  for (std::size_t v = 1; v <= plan.version(); ++v) {
    const Change& change = plan.history().change(v);
    if (change.what == "hold" && change.from >= since && change.from <= on) ++holds;
  }
  return holds;
}

Result<TaperAdvice> advice_on_scores(const TaperPlan& plan, const BandSet& set,
                                     std::span<const WithdrawalScore> scores) {
  auto gate = score_gate(set, scores);
  if (!gate) return unexpected(std::move(gate).error());
  const Date today = scores.back().on;
  TaperAdvice out;
  out.source = set.source;
  out.confidence = set.confidence;
  const std::string score = std::to_string(scores.back().total) + " (" +
                            std::string{gate->band.name} + ", " + std::string{set.id} + ")";
  const bool on_hold = plan.now().status == PlanStatus::on_hold;
  // The hold that is about to begin counts as well.
  const int holds = holds_in_last_steps(plan, 4, today) + (gate->hold && !on_hold ? 1 : 0);
  if (holds >= 2) out.pace = Pace{1, 2};
  const bool top = gate->band.rank == set.bands.back().rank;
  if (top && (set.scale == WithdrawalScale::ciwa_ar || set.scale == WithdrawalScale::ciwa_b)) {
    out.suggestion = Suggestion::emergency;
    out.text = "A score of " + score +
               " is withdrawal that can become dangerous within hours. Get medical help now. The "
               "taper waits; a clinician decides about the dose.";
    return out;
  }
  if (gate->hold) {
    out.suggestion = Suggestion::hold;
    out.review = today + one_week;
    out.text = "A score of " + score +
               " says that this step is hard. Stay on it until the score has been lower for three "
               "days; then the next step is half the size. Staying is not going back.";
    if (top) out.text += " With a score this high, see a clinician today.";
    if (out.pace) out.text += " This is the second hold in four steps: go half as fast from here.";
    return out;
  }
  if (gate->next_step_half) {
    out.suggestion = Suggestion::resume;
    out.may_go_on = gate->may_go_on;
    out.half_next_step = true;
    out.text = "A score of " + score +
               ", and three days without a high one. The next step may begin when you feel ready, "
               "half the size.";
    if (out.pace) out.text += " There were two holds in four steps: go half as fast from here.";
    return out;
  }
  out.text = "A score of " + score + ": the step can go on as planned.";
  if (gate->rose) out.text += " It has risen since the last one; look again in a few days.";
  if (out.pace && plan.now().pace_numerator == plan.now().pace_denominator) {
    out.suggestion = Suggestion::slow_down;
    out.text += " There were two holds in four steps: go half as fast from here.";
  } else {
    out.pace.reset();
  }
  return out;
}

TaperAdvice advice_on(const TaperPlan& plan, TaperEvent event, Date on) {
  TaperAdvice out;
  out.source = &sources::cdc_2022;
  bool opioid = false;
  bool prescribed = false;
  for (const TaperLine& line : plan.request().lines) {
    opioid |= line.what.cls == substance::Class::opioid;
    prescribed |= line.what.prescribed;
  }
  switch (event) {
    case TaperEvent::hard_time:
      out.suggestion = Suggestion::hold;
      out.source = &sources::ombre_proposal;
      out.confidence = Confidence::proposal;
      out.review = on + four_weeks;
      out.text =
          "This is a hard time, and a good reason to pause. Stay where you are; what you "
          "have reached stays reached. Look at it together by " +
          out.review->iso() + ".";
      break;
    case TaperEvent::use_above_step:
      out.suggestion = prescribed ? Suggestion::hold : Suggestion::re_anchor;
      out.source = &sources::ombre_proposal;
      out.confidence = Confidence::proposal;
      out.review = on + one_week;
      out.text =
          "More than the step says: that is information, and the plan goes on. Begin again "
          "from where you are today, and look at what it tells.";
      if (opioid) {
        out.text +=
            " Tolerance has fallen: what used to be usual may now be too much. Keep "
            "naloxone at hand and do not use alone.";
      }
      out.questions = {"Was the step too big or too soon?",
                       "Is there something new that weighs on you?",
                       "What came before it, and what would help next time?",
                       "Who could you have called, and who will you call?"};
      break;
    case TaperEvent::asks_faster:
      out.suggestion = Suggestion::speed_up;
      out.text =
          "Going faster is possible up to the ceiling of the guideline. Confirm it again at "
          "the next contact; going back to the slower pace is always possible.";
      out.questions = {"What makes faster feel right now?", "What would tell us it is too fast?"};
      break;
    case TaperEvent::asks_to_stop:
      out.suggestion = Suggestion::stop_tapering;
      out.review = on + four_weeks;
      out.text =
          "The reducing stops, the care does not. The dose stays as it is today, and every "
          "step you have taken counts. If you want to go on some day, the rest of the plan "
          "is still there.";
      break;
    case TaperEvent::severe:
      out.suggestion = Suggestion::emergency;
      out.text =
          "Call an ambulance now. The taper waits. Only a clinician decides whether to go "
          "back to the last stable dose";
      out.text +=
          opioid ? "; after more than a few missed days it must not be the old full dose." : ".";
      break;
  }
  return out;
}

}  // namespace ombre::inline v0::plans
