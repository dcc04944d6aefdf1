#include "ombre/plans/taper_operations.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "ombre/plans/taper_guard.hpp"
#include "taper_build.hpp"
#include "taper_found.hpp"
#include "taper_replan.hpp"

namespace ombre::inline v0::plans {

namespace detail {

void carry_overrides(const TaperPlan& before, std::vector<RuleFinding>& findings) {
  for (std::size_t v = before.version(); v >= 1; --v) {
    for (const RuleFinding& old : before.history().at(v).findings) {
      if (!old.overridden) continue;
      for (RuleFinding& f : findings) {
        if (f.answer != Answer::refused || f.overridden || f.rule != old.rule) continue;
        const bool worse =
            f.measured && (!old.measured || *f.measured > *old.measured * (1 + 1e-9));
        if (worse) continue;
        f.overridden = old.overridden;
        f.severity = Severity::warning;
      }
    }
  }
}

Result<TaperAnswer> decide(const TaperPlan& before, TaperVersion next, Change change,
                           std::vector<RuleFinding> findings) {
  const TaperRequest& request = before.request();
  derive(request, next);
  auto watch = plan_findings(request, next, change.from);
  findings.insert(findings.end(), std::make_move_iterator(watch.begin()),
                  std::make_move_iterator(watch.end()));
  carry_overrides(before, findings);
  std::vector<RuleFinding> open;  // what the decision's own overrides may still be about
  std::vector<RuleFinding> rest;
  for (RuleFinding& f : findings) (f.overridden ? rest : open).push_back(std::move(f));
  if (auto ok = apply_overrides(open, change.overrides); !ok) return unexpected(ok.error());
  findings = std::move(open);
  findings.insert(findings.end(), std::make_move_iterator(rest.begin()),
                  std::make_move_iterator(rest.end()));
  sort_findings(findings);

  TaperAnswer answer;
  answer.answer = overall(findings);
  answer.findings = findings;
  if (answer.answer == Answer::refused) {
    answer.instead = instead_of(request, findings);
    return answer;
  }
  next.findings = std::move(findings);
  answer.plan = before.with(std::move(next), std::move(change));
  return answer;
}

}  // namespace detail

namespace {

using namespace detail;  // NOLINT: the private parts of this module

// What the version asks for on `day`: what is taken again if a plan goes on then.
void restarting(const TaperPlan& plan, const TaperVersion& next, Date day,
                std::vector<RuleFinding>& out) {
  const TaperStep* step = &next.steps.front();
  for (const TaperStep& s : next.steps) {
    if (s.first <= day) step = &s;
  }
  std::vector<Amount> doses;
  for (const LineDose& dose : step->doses) doses.push_back(dose.amount);
  for (RuleFinding& f : restart_findings(plan.request(), next.facts, doses)) {
    out.push_back(std::move(f));
  }
}

// Stops the calendar at the dose in force; shared by hold() and stop_tapering().
Result<TaperAnswer> stay(const TaperPlan& plan, Date from, Date review, const Decision& decision,
                         PlanStatus status, std::string_view what) {
  if (auto ok = check_decision(plan, from, decision); !ok) return unexpected(ok.error());
  const TaperVersion& now = plan.now();
  if (review < from) {
    return at_day(status == PlanStatus::on_hold ? "review" : "next_contact", review,
                  "must not lie before " + from.iso() + ", the first day that changes");
  }
  if (from <= now.steps.front().first) {
    return at_day("from", from, "lies before the plan's second day: shift its start instead");
  }
  const Date end = now.ends ? *now.ends : review + Days{1};
  if (!waiting(now) && from > end) return at_day("from", from, "lies after the end of the plan");
  TaperVersion next = next_version(plan, decision);
  std::vector<StepContent> rest = contents(take_from(next, from));
  next.pending.insert(next.pending.begin(), std::make_move_iterator(rest.begin()),
                      std::make_move_iterator(rest.end()));
  next.steps.back().last = std::max(next.steps.back().last, review);
  next.status = status;
  next.review = review;
  next.ends.reset();
  // A rest may be long; being looked at again may not.
  std::vector<RuleFinding> findings;
  constexpr int four_weeks = 28;
  if (const int days = (review - from).count(); days > four_weeks) {
    RuleFinding f = warned("no_followup", "The next look together is " + std::to_string(days) +
                                              " days away, on " + review.iso() +
                                              "; be in touch within four weeks");
    f.measured = days;
    f.limit = four_weeks;
    f.unit = "days";
    f.on = review;
    findings.push_back(std::move(f));
  }
  return detail::decide(plan, std::move(next), change_of(decision, what, from),
                        std::move(findings));
}

}  // namespace

Result<TaperAnswer> accept(const TaperPlan& plan, const Decision& decision) {
  if (auto ok = check_decision(plan, decision.on, decision); !ok) return unexpected(ok.error());
  if (plan.now().accepted) {
    return unexpected(error_of(Errc::contradiction, "plan", "is accepted already"));
  }
  TaperVersion next = next_version(plan, decision);
  std::vector<RuleFinding> findings = go_on_findings(plan.request(), next.facts);
  if (prescribed(plan.request())) {
    clinician_only(plan, decision, "Accepting a plan", findings);
  } else if (decision.by.role != Role::person && decision.by.role != Role::clinician) {
    findings.push_back(refused("no_consent", "The person whose plan it is accepts it"));
  }
  if (decision.by.role == Role::person) next.facts.person_agrees = true;
  if (!next.facts.person_agrees) {
    findings.push_back(refused("no_consent",
                               "It is not on record that the person agrees: ask, and say so with "
                               "the acceptance"));
  }
  restarting(plan, next, decision.on, findings);
  next.accepted = true;
  if (next.status == PlanStatus::draft) next.status = PlanStatus::accepted;
  return detail::decide(plan, std::move(next), change_of(decision, "accept", decision.on),
                        std::move(findings));
}

Result<TaperAnswer> hold(const TaperPlan& plan, Date from, Date review, const Decision& decision) {
  return stay(plan, from, review, decision, PlanStatus::on_hold, "hold");
}

Result<TaperAnswer> stop_tapering(const TaperPlan& plan, Date from, Date next_contact,
                                  const Decision& decision) {
  return stay(plan, from, next_contact, decision, PlanStatus::care_goes_on, "stop_tapering");
}

Result<TaperAnswer> resume(const TaperPlan& plan, Date first_day, bool half_next_step,
                           const Decision& decision) {
  if (auto ok = check_decision(plan, first_day, decision); !ok) return unexpected(ok.error());
  if (!waiting(plan.now())) {
    return unexpected(error_of(Errc::contradiction, "plan", "is not on hold"));
  }
  TaperVersion next = next_version(plan, decision);
  std::vector<StepContent> rest = std::move(next.pending);
  next.pending.clear();
  next.status = next.accepted ? PlanStatus::accepted : PlanStatus::draft;
  next.review.reset();
  std::vector<RuleFinding> findings = go_on_findings(plan.request(), next.facts);
  if (half_next_step && !rest.empty()) {
    auto between = detail::half_step(plan.request(), next.facts, next.steps.back(), rest.front());
    if (!between) return unexpected(std::move(between).error());
    between->id = next.next_id++;
    rest.insert(rest.begin(), std::move(*between));
  }
  if (auto ok = follow(plan.request(), next, std::move(rest), first_day, first_day); !ok) {
    return unexpected(ok.error());
  }
  restarting(plan, next, first_day, findings);
  return detail::decide(plan, std::move(next), change_of(decision, "resume", first_day),
                        std::move(findings));
}

Result<TaperAnswer> shift(const TaperPlan& plan, Date from, Days days, const Decision& decision) {
  if (auto ok = check_decision(plan, from, decision); !ok) return unexpected(ok.error());
  if (waiting(plan.now())) {
    return unexpected(error_of(Errc::contradiction, "plan",
                               "is on hold: its steps have no dates to shift; resume it on a day"));
  }
  TaperVersion next = next_version(plan, decision);
  const Date end = *next.ends;
  if (from > end) return at_day("from", from, "lies after the end of the plan");
  if (days == Days{0}) {
    return detail::decide(plan, std::move(next), change_of(decision, "shift", from), {});
  }
  std::vector<TaperStep> rest = take_from(next, from);
  const Date anchor = (rest.empty() ? end : rest.front().nominal) + days;
  std::vector<RuleFinding> findings;
  if (days < Days{0}) findings = go_on_findings(plan.request(), next.facts);
  if (next.steps.empty()) {
    // The plan has not begun: all of it moves.
    if (anchor < from) {
      return at_day("from", anchor, "would begin before the first day that may change");
    }
    if (auto ok = detail::append_contents(plan.request(), contents(std::move(rest)), anchor, next);
        !ok) {
      return unexpected(ok.error());
    }
  } else if (auto ok = follow(plan.request(), next, contents(std::move(rest)), anchor, from); !ok) {
    return unexpected(ok.error());
  }
  return detail::decide(plan, std::move(next), change_of(decision, "shift", from),
                        std::move(findings));
}

Result<TaperAnswer> change_pace(const TaperPlan& plan, Date from, Pace pace,
                                const Decision& decision) {
  if (auto ok = check_decision(plan, from, decision); !ok) return unexpected(ok.error());
  for (const int part : {pace.numerator, pace.denominator}) {
    if (part < 1 || part > 100) {
      return unexpected(error_at(Errc::out_of_range, "pace", std::nullopt,
                                 static_cast<double>(part), "must be a ratio of 1..100 to 1..100"));
    }
  }
  TaperVersion next = next_version(plan, decision);
  const bool faster = pace.numerator > pace.denominator;
  std::vector<RuleFinding> findings;
  if (faster) {
    findings = go_on_findings(plan.request(), next.facts);
    clinician_only(plan, decision, "Going faster with a dose", findings);
  }
  const int divisor = std::gcd(pace.numerator, pace.denominator);
  std::int64_t numerator = std::int64_t{next.pace_numerator} * pace.numerator / divisor;
  std::int64_t denominator = std::int64_t{next.pace_denominator} * pace.denominator / divisor;
  const std::int64_t common = std::gcd(numerator, denominator);
  numerator /= common;
  denominator /= common;
  if (numerator > 10'000 || denominator > 10'000) {
    return unexpected(error_of(Errc::too_large, "pace", "has been changed too finely, too often"));
  }
  next.pace_numerator = static_cast<int>(numerator);
  next.pace_denominator = static_cast<int>(denominator);

  std::vector<StepContent> rest;
  std::optional<Date> anchor;
  if (waiting(next)) {
    rest = std::move(next.pending);
  } else {
    if (from > next.steps.back().last) {
      return at_day("from", from, "lies after the end of the plan");
    }
    rest = contents(take_from(next, from));
    if (!next.steps.empty()) {
      TaperStep& current = next.steps.back();
      if (current.kind != StepKind::arrive) {
        auto length = scaled(current.length, pace);
        if (!length) return unexpected(std::move(length).error());
        current.length = *length;
      }
      auto until = add(current.nominal, current.length);
      if (!until) return unexpected(std::move(until).error());
      anchor = std::max({*until, from, current.first + Days{1}});
    } else {
      anchor = plan.now().steps.front().nominal;
    }
  }
  for (StepContent& content : rest) {
    if (content.kind == StepKind::arrive) continue;
    auto length = scaled(content.length, pace);
    if (!length) return unexpected(std::move(length).error());
    content.length = *length;
  }
  if (!anchor) {
    next.pending = std::move(rest);
  } else if (next.steps.empty()) {
    if (auto ok = detail::append_contents(plan.request(), std::move(rest), *anchor, next); !ok) {
      return unexpected(ok.error());
    }
  } else if (auto ok = follow(plan.request(), next, std::move(rest), *anchor, from); !ok) {
    return unexpected(ok.error());
  }
  return detail::decide(plan, std::move(next),
                        change_of(decision, faster ? "speed_up" : "slow_down", from),
                        std::move(findings));
}

Result<TaperAnswer> step_back(const TaperPlan& plan, Date from, int step_id, int missed_days,
                              const Decision& decision) {
  if (auto ok = check_decision(plan, from, decision); !ok) return unexpected(ok.error());
  TaperVersion next = next_version(plan, decision);
  const auto target = std::find_if(next.steps.begin(), next.steps.end(),
                                   [step_id](const TaperStep& s) { return s.id == step_id; });
  if (target == next.steps.end()) {
    return unexpected(error_at(Errc::unknown_name, "step", std::nullopt,
                               static_cast<double>(step_id), "is not a step of this plan"));
  }
  std::vector<StepContent> waiting_steps = std::move(next.pending);
  next.pending.clear();
  const auto target_at = static_cast<std::size_t>(target - next.steps.begin());
  std::vector<StepContent> later = contents(take_from(next, from));
  if (next.steps.empty()) {
    return at_day("from", from, "lies before the plan's second day: nothing was taken by it yet");
  }
  bool over = false;  // what is taken now is not the dose of the last step any more
  for (std::size_t line = 0; line < plan.request().lines.size(); ++line) {
    over |= in_force(next, line, from) != next.steps.back().doses[line].amount;
  }
  if (target_at + (over ? 0U : 1U) >= next.steps.size()) {
    return unexpected(error_at(Errc::contradiction, "step", std::nullopt,
                               static_cast<double>(step_id),
                               "is not earlier than the step in force"));
  }
  // Once more: the step itself, those after it up to the present one, then what was to come.
  std::vector<StepContent> rest;
  for (std::size_t i = target_at; i < next.steps.size(); ++i) {
    StepContent again = next.steps[i];
    again.id = next.next_id++;
    rest.push_back(std::move(again));
  }
  rest.front().kind = StepKind::rise;
  for (StepContent& step : waiting_steps) rest.push_back(std::move(step));
  for (StepContent& step : later) rest.push_back(std::move(step));

  std::vector<RuleFinding> findings;
  clinician_only(plan, decision, "Raising a dose", findings);
  bool up = false;
  for (std::size_t line = 0; line < plan.request().lines.size(); ++line) {
    const Amount goes_to = next.steps[target_at].doses[line].amount;
    const Amount present = in_force(next, line, from);
    up |= goes_to > present;
    std::optional<int> days_ago;
    for (const TaperStep& step : next.steps) {
      if (step.doses[line].amount >= goes_to) days_ago = (from - step.last).count();
    }
    rising(plan, line, goes_to, present, days_ago, missed_days, findings);
  }
  if (!up) {
    return unexpected(error_at(Errc::contradiction, "step", std::nullopt,
                               static_cast<double>(step_id), "has no higher dose than now"));
  }
  next.status = next.accepted ? PlanStatus::accepted : PlanStatus::draft;
  next.review.reset();
  add_days_since_end(plan.request(), next, from);
  next.steps.back().last = std::max(next.steps.back().last, from - Days{1});
  if (auto ok = follow(plan.request(), next, std::move(rest), from, from); !ok) {
    return unexpected(ok.error());
  }
  return detail::decide(plan, std::move(next), change_of(decision, "step_back", from),
                        std::move(findings));
}

}  // namespace ombre::inline v0::plans
