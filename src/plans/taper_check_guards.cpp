// Every guard once more, for plans that came from outside.
#include <algorithm>
#include <string>

#include "ombre/plans/taper_check.hpp"
#include "ombre/plans/taper_guard.hpp"
#include "taper_build.hpp"
#include "taper_found.hpp"
#include "taper_replan.hpp"
#include "taper_request_guard.hpp"

namespace ombre::inline v0::plans {
namespace {

using detail::refused;

void append(std::vector<RuleFinding>& to, std::vector<RuleFinding> more) {
  for (RuleFinding& f : more) {
    const bool there = std::ranges::any_of(to, [&f](const RuleFinding& g) {
      return g.rule == f.rule && g.text == f.text && g.on == f.on;
    });
    if (!there) to.push_back(std::move(f));
  }
}

// The doses on a day: those of the step in force, or of the first one before the plan begins.
std::vector<Amount> doses_on(const TaperVersion& version, Date day) {
  std::vector<Amount> out;
  if (version.ends && day >= *version.ends) return version.after;
  const TaperStep* step = &version.steps.front();
  for (const TaperStep& s : version.steps) {
    if (s.first <= day) step = &s;
  }
  for (const LineDose& dose : step->doses) out.push_back(dose.amount);
  return out;
}

// Whether `before` itself goes from one dose to the other somewhere, or waits to.
bool has_rise(const TaperVersion& before, std::size_t line, Amount low, Amount high) {
  std::vector<Amount> doses;
  for (const TaperStep& step : before.steps) doses.push_back(step.doses[line].amount);
  for (const StepContent& step : before.pending) doses.push_back(step.doses[line].amount);
  for (std::size_t i = 1; i < doses.size(); ++i) {
    if (doses[i - 1] == low && doses[i] == high) return true;
  }
  return false;
}

// What version `v` raises on the days that it may alter.
void rises(const TaperPlan& plan, std::size_t v, std::vector<RuleFinding>& out) {
  const TaperVersion& now = plan.history().at(v);
  const TaperVersion& before = plan.history().at(v - 1);
  const Change& change = plan.history().change(v);
  const bool meant = change.what == "step_back" || change.what == "re_anchor";
  for (std::size_t l = 0; l < plan.request().lines.size(); ++l) {
    TaperVersion past = before;
    detail::take_from(past, change.from);
    if (past.steps.empty()) continue;  // the plan had not begun
    Amount last = detail::in_force(past, l, change.from);
    bool first = true;
    for (const TaperStep& step : now.steps) {
      const Amount next = step.doses[l].amount;
      if (step.first >= change.from) {
        if (next > last && meant && first) {
          std::optional<int> days_ago;
          const auto today = present_amount(plan.request().lines[l]);
          if (today && *today >= next) {
            days_ago = (change.from - past.steps.front().first).count() + 1;
          }
          for (const TaperStep& s : past.steps) {
            if (s.doses[l].amount >= next) {
              days_ago = (change.from - std::min(s.last, change.from - Days{1})).count();
            }
          }
          if (plan.request().lines[l].what.prescribed) {
            detail::rising(plan, l, next, last, days_ago, 0, out);
          }
        } else if (next > last && !meant && !has_rise(before, l, last, next)) {
          RuleFinding f =
              refused("going_up_is_weighed",
                      "Version " + std::to_string(v) + " (" + change.what + ") goes up from " +
                          text(last) + " to " + text(next) + " of " +
                          plan.request().lines[l].what.name + ", which that operation never does");
          f.on = step.first;
          f.step = step.id;
          out.push_back(std::move(f));
        }
        first = false;
      }
      if (step.first >= change.from || first) last = next;
    }
  }
}

// Who decided what only a clinician, or only the person, decides.
void deciders(const TaperPlan& plan, std::size_t v, std::vector<RuleFinding>& out) {
  const TaperRequest& request = plan.request();
  const Change& change = plan.history().change(v);
  const auto is = [&change](std::string_view what) { return change.what == what; };
  const bool all_prescribed = std::ranges::all_of(
      request.lines, [](const TaperLine& line) { return line.what.prescribed; });
  bool clinical = is("accept") || is("speed_up") || is("step_back");
  clinical |= is("re_anchor") && all_prescribed;
  if (is("change_goal")) {
    const auto amount = [](const TaperGoal& goal) {
      return goal.amount && goal.kind != GoalKind::zero ? goal.amount->micro() : 0;
    };
    for (std::size_t l = 0; l < request.lines.size(); ++l) {
      clinical |= amount(plan.history().at(v).goals[l]) < amount(plan.history().at(v - 1).goals[l]);
    }
  }
  if (detail::prescribed(request)) {
    if (clinical && change.by.role != Role::clinician) {
      out.push_back(refused("prescriber_decides",
                            "Version " + std::to_string(v) + " (" + change.what +
                                ") was decided by " + change.by.name + " (" +
                                std::string{name(change.by.role)} +
                                "); a prescribed medicine needs the clinician who prescribes it"));
    }
  } else if (is("accept") && change.by.role != Role::person && change.by.role != Role::clinician) {
    out.push_back(refused("no_consent", "The person whose plan it is accepts it; version " +
                                            std::to_string(v) + " was accepted by " +
                                            change.by.name));
  }
}

}  // namespace

Result<TaperAnswer> check_guards(const TaperPlan& plan, std::optional<Date> from) {
  const TaperRequest& request = plan.request();
  const auto& history = plan.history();
  const TaperVersion& now = plan.now();
  const std::size_t last = history.version();
  std::vector<RuleFinding> findings;

  // What holds whatever the day is, by what was known at the start and by what is known now.
  append(findings, start_findings(request));
  std::vector<RuleFinding> going_on = go_on_findings(request, now.facts);
  const Date day = std::max(history.change().from, from.value_or(history.change().from));
  if (!now.steps.empty()) {
    append(going_on, restart_findings(request, now.facts, doses_on(now, day)));
  }
  if (detail::waiting(now)) {
    for (RuleFinding& f : going_on) {
      if (f.answer != Answer::refused) continue;
      f.answer = Answer::allowed_with_warning;
      f.text = "The plan waits. Before it goes on: " + f.text;
    }
  }
  append(findings, std::move(going_on));
  if (now.accepted && !now.facts.person_agrees) {
    append(findings, {refused("no_consent",
                              "The plan is accepted, and it is not on record that the person "
                              "agrees")});
  }

  // Each version on the days that it governed.
  for (std::size_t v = 1; v <= last; ++v) {
    TaperVersion version = history.at(v);
    if (v == last && detail::waiting(version) && !version.pending.empty() && version.review &&
        !version.steps.empty()) {
      // The steps that wait, as if the review took them up.
      const Date anchor = *version.review + Days{1};
      version.steps.back().last = std::max(version.steps.back().last, *version.review);
      auto rest = std::move(version.pending);
      version.pending.clear();
      if (auto ok = detail::append_contents(request, std::move(rest), anchor, version); !ok) {
        return unexpected(ok.error());
      }
      detail::derive(request, version);
    }
    const Date first = history.change(v).from;
    std::vector<RuleFinding> found = plan_findings(request, version, first);
    if (v == 1) {
      detail::going_up(request, version, found);
    } else {
      rises(plan, v, found);
    }
    for (RuleFinding& f : found) {
      if (from && f.on && *f.on < *from) continue;
      if (v < last && (!f.on || *f.on >= history.change(v + 1).from)) continue;
      append(findings, {std::move(f)});
    }
    if (v > 1) {
      std::vector<RuleFinding> who;
      deciders(plan, v, who);
      append(findings, std::move(who));
    }
  }
  detail::carry_overrides(plan, findings);
  detail::sort_findings(findings);

  TaperAnswer answer;
  answer.answer = overall(findings);
  if (answer.answer == Answer::refused) {
    answer.instead = instead_of(request, findings);
  } else {
    answer.plan = plan;
  }
  answer.findings = std::move(findings);
  return answer;
}

}  // namespace ombre::inline v0::plans
