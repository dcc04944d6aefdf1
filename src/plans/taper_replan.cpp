// Helpers of the operations, and the operations that plan anew: re_anchor() and change_goal().
#include "taper_replan.hpp"

#include <algorithm>
#include <cmath>

#include "ombre/plans/taper_guard.hpp"
#include "taper_beside.hpp"
#include "taper_build.hpp"
#include "taper_found.hpp"

namespace ombre::inline v0::plans {
namespace detail {

Change change_of(const Decision& decision, std::string_view what, Date from) {
  return {std::string{what}, decision.on, from, decision.by, decision.why, decision.overrides};
}

Unexpected at_day(std::string_view field, Date day, std::string_view rule) {
  return unexpected(error_at(Errc::out_of_range, field, std::nullopt, day.iso(), rule));
}

Result<void> check_decision(const TaperPlan& plan, Date from, const Decision& decision) {
  if (decision.by.name.find_first_not_of(" \t\r\n") == std::string::npos) {
    return unexpected(error_of(Errc::missing, "by.name", "is required: who decides this"));
  }
  if (decision.on < plan.history().change().on) {
    return at_day("on", decision.on, "must not lie before the last change of the plan");
  }
  if (from < decision.on) {
    return at_day("from", from, "must not lie before the day of the decision: past days stay");
  }
  const TaperVersion& now = plan.now();
  if (now.steps.empty()) {
    return unexpected(error_of(Errc::contradiction, "plan", "has no steps"));
  }
  return {};
}

TaperVersion next_version(const TaperPlan& plan, const Decision& decision) {
  TaperVersion next = plan.now();
  next.findings.clear();
  if (decision.facts) next.facts = *decision.facts;
  return next;
}

bool prescribed(const TaperRequest& request) {
  return std::any_of(request.lines.begin(), request.lines.end(),
                     [](const TaperLine& line) { return line.what.prescribed; });
}

// What only a clinician does with a prescribed medicine.
void clinician_only(const TaperPlan& plan, const Decision& decision, std::string_view what,
                    std::vector<RuleFinding>& out) {
  if (!prescribed(plan.request()) || decision.by.role == Role::clinician) return;
  out.push_back(refused("prescriber_decides", std::string{what} +
                                                  " of a prescribed medicine is decided with the "
                                                  "clinician who prescribes it"));
}

// The steps that begin on or after `from` leave the version; what was in force stays.
std::vector<TaperStep> take_from(TaperVersion& version, Date from) {
  const auto first = std::find_if(version.steps.begin(), version.steps.end(),
                                  [from](const TaperStep& step) { return step.first >= from; });
  std::vector<TaperStep> rest(std::make_move_iterator(first),
                              std::make_move_iterator(version.steps.end()));
  version.steps.erase(first, version.steps.end());
  return rest;
}

std::vector<StepContent> contents(std::vector<TaperStep> steps) {
  std::vector<StepContent> out;
  out.reserve(steps.size());
  for (TaperStep& step : steps) out.push_back(std::move(static_cast<StepContent&>(step)));
  return out;
}

// Dates for `rest` from `anchor` on, right after the last step of `version`, which lasts until
// then.
Result<void> follow(const TaperRequest& request, TaperVersion& version,
                    std::vector<StepContent> rest, Date anchor, Date from) {
  if (anchor <= version.steps.back().first || anchor < from) {
    return at_day("from", anchor,
                  "leaves no day for the step in force, or changes days that have passed");
  }
  const std::size_t kept = version.steps.size();
  if (auto ok = append_contents(request, std::move(rest), anchor, version); !ok) return ok;
  const Date next = version.steps.size() > kept ? version.steps[kept].first : *version.ends;
  version.steps[kept - 1].last = next - Days{1};
  return {};
}

bool waiting(const TaperVersion& version) {
  return version.status == PlanStatus::on_hold || version.status == PlanStatus::care_goes_on;
}

Amount in_force(const TaperVersion& version, std::size_t line, Date from) {
  const bool over = version.ends && from >= *version.ends;
  return over ? version.after[line] : version.steps.back().doses[line].amount;
}

void add_days_since_end(const TaperRequest& request, TaperVersion& version, Date from) {
  if (!version.ends || from <= *version.ends) return;
  const TaperStep& last = version.steps.back();
  TaperStep since;
  bool differs = false;
  for (std::size_t l = 0; l < request.lines.size(); ++l) {
    LineDose dose = last.doses[l];
    if (version.after[l] != dose.amount || dose.every_n_days != 1) {
      differs = true;
      dose.every_n_days = 1;
      if (version.after[l].is_zero()) {
        for (Amount& intake : dose.intakes) intake = Amount{intake.unit()};
        dose.amount = version.after[l];
        dose.ideal = 0;
        dose.rounding = AmountStep{0, dose.amount.unit()};
        dose.dispensed.clear();
      }
    }
    since.doses.push_back(std::move(dose));
  }
  if (!differs) return;
  since.id = version.next_id++;
  since.kind = StepKind::arrive;
  since.phase = last.phase;
  since.first = *version.ends;
  since.last = from - Days{1};
  since.nominal = since.first;
  // Ten years and more without the plan: the length is what a step may be asked for, not the days.
  since.length = {std::min(since.days().count(), 3660), LengthUnit::days};
  version.steps.push_back(std::move(since));
  version.ends = from;
}

Result<StepLength> scaled(StepLength length, Pace pace) {
  const std::int64_t wanted = std::int64_t{length.count} * pace.denominator;
  const bool whole = wanted % pace.numerator == 0;
  if (length.unit == LengthUnit::months && !whole) {
    return unexpected(error_at(Errc::unsupported, "pace", std::nullopt, describe(length),
                               "would not be whole months: choose a pace that keeps them, such as "
                               "half or a third as fast"));
  }
  StepLength out = length;
  if (length.unit == LengthUnit::weeks && !whole) {
    const std::int64_t days = (wanted * 7 + pace.numerator - 1) / pace.numerator;
    out = {static_cast<std::int32_t>(std::min<std::int64_t>(days, 1'000'000)), LengthUnit::days};
  } else {
    const std::int64_t count = (wanted + pace.numerator - 1) / pace.numerator;
    out.count = static_cast<std::int32_t>(std::min<std::int64_t>(count, 1'000'000));
  }
  if (auto ok = check(out, "pace"); !ok) return unexpected(ok.error());
  return out;
}

// Findings about going up from what is in force to `target`, last taken `days_ago` days ago.
void rising(const TaperPlan& plan, std::size_t line, Amount target, Amount present,
            std::optional<int> days_ago, int missed_days, std::vector<RuleFinding>& out) {
  const TaperSubstance& what = plan.request().lines[line].what;
  if (target > present) {
    out.push_back(warned("going_up_is_weighed",
                         what.name + " goes back up from " + text(present) + " to " + text(target) +
                             ". It may be right; it is weighed with tolerance"));
  }
  if (class_a(what) && target > present) {
    // More than this plan and what was taken before it ever had is no way back.
    Amount most = present_amount(plan.request().lines[line]).value_or(present);
    for (const TaperStep& step : plan.now().steps) most = std::max(most, step.doses[line].amount);
    if (target > most) {
      RuleFinding f =
          refused("going_up_is_weighed",
                  text(target) + " of " + what.name + " is more than the " + text(most) +
                      " that were the most so far: what the body is not used to can "
                      "stop the breath");
      f.measured = target.value();
      f.limit = most.value();
      f.unit = name(target.unit());
      out.push_back(std::move(f));
    }
  }
  if (what.cls != substance::Class::opioid) return;
  constexpr int four_weeks = 28;
  if (target > present && (!days_ago || *days_ago > four_weeks)) {
    RuleFinding f = refused(
        "past_tolerance",
        days_ago
            ? "This dose was last taken " + std::to_string(*days_ago) +
                  " days ago: the body is no longer used to it (the rule is the guideline's, the "
                  "limit of 28 days is ours)"
            : "Nothing says when so much was last taken: the body may not be used to it");
    if (days_ago) f.measured = *days_ago;
    f.limit = four_weeks;
    f.unit = "days";
    out.push_back(std::move(f));
  }
  if (missed_days <= 0) return;
  bool look = missed_days >= 3;
  if (what.agonist_treatment) {
    const auto medicine =
        what.id == "buprenorphine" ? AgonistMedicine::buprenorphine : AgonistMedicine::methadone;
    const auto answer = after_missed_days(medicine, missed_days);
    look = answer && *answer != MissedDoses::go_on;
  }
  if (!look) return;
  RuleFinding f = refused("missed_doses_reassess",
                          std::to_string(missed_days) +
                              " days without a dose: a clinician looks again before the next one, "
                              "often with a lower dose");
  f.measured = missed_days;
  f.unit = "days";
  out.push_back(std::move(f));
}

Result<StepContent> half_step(const TaperRequest& request, const SafetyFacts& facts,
                              const TaperStep& now, const StepContent& next) {
  StepContent out;
  out.kind = StepKind::stay;
  out.length = next.length;
  out.phase = next.phase;
  for (std::size_t line = 0; line < request.lines.size(); ++line) {
    const LineDose& here = now.doses[line];
    const LineDose& there = next.doses[line];
    LineDose dose = here;
    if (here.every_n_days == 1 && there.every_n_days == 1 && there.amount < here.amount) {
      CurveStep half;
      half.amount = (here.amount.value() + there.amount.value()) / 2;
      half.length = next.length;
      half.phase = next.phase;
      const CurveStep curve[] = {half};
      auto realised = realise(request, facts, line, curve, here.amount);
      if (!realised) return unexpected(std::move(realised).error());
      const LineDose& between = realised->steps.front().dose;
      if (between.amount < here.amount && between.amount > there.amount) {
        dose = between;
        out.kind = StepKind::reduce;
      }
    }
    out.doses.push_back(std::move(dose));
  }
  return out;
}

}  // namespace detail

namespace {

using namespace detail;  // NOLINT: the private parts of this module

double effect_share(const EffectCurve& curve, double from, double to, double full_from,
                    double full_to) {
  const double full = curve.effect(full_from) - curve.effect(full_to);
  return full > 0 ? (curve.effect(from) - curve.effect(to)) / full : 1;
}

// The curve from `now` on by the line's own rule, from phase `phase` on, no steeper than before.
Result<std::vector<CurveStep>> continued(const TaperRequest& request, const TaperVersion& version,
                                         std::size_t line, int phase, double now,
                                         std::optional<double> goal) {
  const TaperLine& asked = request.lines[line];
  auto phases = phases_of(asked);
  if (!phases) return unexpected(std::move(phases).error());
  auto present = original_amount(asked);
  if (!present) return unexpected(std::move(present).error());
  const double original = present->value();
  const double first_goal = asked.goal.amount ? asked.goal.amount->value() : 0;
  const double to = goal.value_or(0);
  std::vector<TaperPhase> rest;
  for (std::size_t i = static_cast<std::size_t>(std::max(phase, 0)); i < phases->size(); ++i) {
    TaperPhase p = (*phases)[i];
    if (rest.empty() && std::holds_alternative<StayRule>(p.rule) && i + 1 < phases->size()) {
      continue;  // that stay is what has just been left
    }
    const auto fewer = [](int steps, double share) {
      return std::max(1, static_cast<int>(std::ceil(steps * std::max(share, 0.0) - 1e-9)));
    };
    if (auto* fade = std::get_if<FadeRule>(&p.rule)) {
      const double full = original - first_goal;
      if (full > 0) fade->steps = fewer(fade->steps, (now - to) / full);
    } else if (auto* equal = std::get_if<EffectRule>(&p.rule)) {
      equal->steps = fewer(equal->steps, effect_share(equal->curve, now, to, original, first_goal));
    } else if (auto* rows = std::get_if<RowsRule>(&p.rule)) {
      std::erase_if(rows->rows,
                    [now](const RowsRule::Row& row) { return row.amount >= now * (1 - 1e-9); });
      if (rows->rows.empty()) continue;
    }
    rest.push_back(std::move(p));
  }
  if (rest.empty()) rest.push_back(TaperPhase{PercentRule{100, Basis::original}});
  CurveEnds ends;
  ends.original = original;
  ends.now = now;
  ends.goal = goal;
  ends.intakes_a_day = static_cast<int>(asked.intakes.size());
  auto curve = ideal_curve(rest, ends, request.calendar.step_length);
  if (!curve) return curve;
  const int skipped = static_cast<int>(phases->size() - std::min(rest.size(), phases->size()));
  const Pace pace{version.pace_numerator, version.pace_denominator};
  for (CurveStep& step : *curve) {
    step.phase += skipped;
    if (step.kind == StepKind::arrive) continue;
    auto length = scaled(step.length, pace);
    if (!length) return unexpected(std::move(length).error());
    step.length = *length;
  }
  return curve;
}

// Undated steps of one line beside others that take nothing.
std::vector<StepContent> contents_of(const TaperRequest& request, const LinePlan& plan,
                                     std::size_t line, TaperVersion& version,
                                     std::vector<int> ids) {
  std::vector<StepContent> out;
  std::size_t used = 0;
  for (const LineStep& step : plan.steps) {
    if (step.kind == StepKind::arrive && step.dose.amount.is_zero()) continue;
    StepContent content;
    content.id = used < ids.size() ? ids[used] : version.next_id++;
    ++used;
    content.kind = step.kind;
    content.length = step.kind == StepKind::arrive ? request.calendar.stay_at_goal : step.length;
    content.phase = step.phase;
    for (std::size_t l = 0; l < request.lines.size(); ++l) {
      if (l == line) {
        content.doses.push_back(step.dose);
        continue;
      }
      LineDose none;
      const DoseUnit unit = request.lines[l].intakes.front().amount.unit();
      none.amount = Amount{unit};
      none.rounding = AmountStep{0, unit};
      none.intakes.assign(request.lines[l].intakes.size(), Amount{unit});
      content.doses.push_back(std::move(none));
    }
    out.push_back(std::move(content));
  }
  return out;
}

Result<void> check_line_and_goal(const TaperPlan& plan, std::size_t line) {
  if (line >= plan.request().lines.size()) {
    return unexpected(error_at(Errc::out_of_range, "line", std::nullopt, static_cast<double>(line),
                               "is not a line of the plan"));
  }
  return {};
}

std::optional<double> amount_of(const TaperGoal& goal) {
  if (goal.kind == GoalKind::zero) return 0.0;
  if (goal.amount) return goal.amount->value();
  return std::nullopt;
}

}  // namespace

Result<TaperAnswer> re_anchor(const TaperPlan& plan, Date from, std::size_t line, Amount now,
                              StepLength settle, int missed_days, const Decision& decision) {
  if (auto ok = check_decision(plan, from, decision); !ok) return unexpected(ok.error());
  if (auto ok = check_line_and_goal(plan, line); !ok) return unexpected(ok.error());
  if (auto ok = check(settle, "settle"); !ok) return unexpected(ok.error());
  const TaperRequest& request = plan.request();
  const TaperLine& asked = request.lines[line];
  if (now.unit() != asked.intakes.front().amount.unit()) {
    return unexpected(error_of(Errc::contradiction, "now", "must have the plan's unit"));
  }
  if (from <= plan.now().steps.front().first) {
    return at_day("from", from, "lies before the plan's second day: make a new request instead");
  }
  if (auto ok = others_can_stay(plan, line, from); !ok) return unexpected(ok.error());
  const bool beside = others_taken(plan.now(), line, from);

  TaperVersion next = next_version(plan, decision);
  std::vector<int> ids;
  for (const StepContent& content : next.pending) ids.push_back(content.id);
  next.pending.clear();
  for (const TaperStep& step : take_from(next, from)) ids.push_back(step.id);
  const Amount present = in_force(next, line, from);
  add_days_since_end(request, next, from);
  next.steps.back().last = from - Days{1};
  const TaperStep& before = next.steps.back();

  std::vector<RuleFinding> findings = go_on_findings(request, next.facts);
  if (asked.what.prescribed) clinician_only(plan, decision, "A new starting dose", findings);
  std::optional<int> days_ago;
  // What was taken until the plan began counts as well.
  if (const auto first = present_amount(asked); first && *first >= now) {
    days_ago = (from - next.steps.front().first).count() + 1;
  }
  for (const TaperStep& step : next.steps) {
    if (step.doses[line].amount >= now) days_ago = (from - step.last).count();
  }
  if (asked.what.prescribed) {
    rising(plan, line, now, present, days_ago, missed_days, findings);
  } else if (now > present) {
    findings.push_back(noted("going_up_is_weighed",
                             "The plan begins again from " + text(now) +
                                 ". What was reached before stays reached, and the goal stands"));
  }

  CurveStep stay;
  stay.amount = now.value();
  stay.length = settle;
  stay.kind = now > present ? StepKind::rise : StepKind::stay;
  stay.phase = -1;
  const std::optional<double> goal = amount_of(next.goals[line]);
  std::vector<CurveStep> curve;
  if (!now.is_zero()) curve.push_back(stay);
  if (!goal || now.value() > *goal * (1 + 1e-12)) {
    auto more = continued(request, next, line, before.phase, now.value(), goal);
    if (!more) return unexpected(std::move(more).error());
    curve.insert(curve.end(), more->begin(), more->end());
  } else {
    // Already at or below the goal: that is an arrival.
    CurveStep arrived = stay;
    arrived.kind = StepKind::arrive;
    curve.clear();
    curve.push_back(arrived);
  }
  auto realised = realise(request, next.facts, line, curve, now);
  if (!realised) return unexpected(std::move(realised).error());
  findings.insert(findings.end(), realised->findings.begin(), realised->findings.end());
  next.after[line] = realised->after;
  next.status = next.accepted ? PlanStatus::accepted : PlanStatus::draft;
  next.review.reset();
  auto rest = contents_of(request, *realised, line, next, std::move(ids));
  const std::size_t kept = next.steps.size();
  if (auto ok = follow(request, next, std::move(rest), from, from); !ok) {
    return unexpected(ok.error());
  }
  if (beside) {
    if (auto ok = beside_others(request, plan.now(), kept, line, next); !ok) {
      return unexpected(ok.error());
    }
  }
  return decide(plan, std::move(next), change_of(decision, "re_anchor", from), std::move(findings));
}

Result<TaperAnswer> change_goal(const TaperPlan& plan, Date from, std::size_t line,
                                const TaperGoal& goal, const Decision& decision) {
  if (auto ok = check_decision(plan, from, decision); !ok) return unexpected(ok.error());
  if (auto ok = check_line_and_goal(plan, line); !ok) return unexpected(ok.error());
  const TaperRequest& request = plan.request();
  const TaperLine& asked = request.lines[line];
  if (goal.amount && goal.amount->unit() != asked.intakes.front().amount.unit()) {
    return unexpected(error_of(Errc::contradiction, "goal.amount", "must have the plan's unit"));
  }
  if ((goal.kind == GoalKind::lower_amount || goal.kind == GoalKind::safer_pattern) &&
      !goal.amount) {
    return unexpected(error_of(Errc::missing, "goal.amount", "is required for this kind of goal"));
  }
  if ((goal.kind == GoalKind::zero || goal.kind == GoalKind::undecided) && goal.amount &&
      !goal.amount->is_zero()) {
    return unexpected(error_at(Errc::contradiction, "goal.amount", std::nullopt, text(*goal.amount),
                               "must be left out for this kind of goal"));
  }
  if (auto ok = others_can_stay(plan, line, from); !ok) return unexpected(ok.error());
  const bool beside = others_taken(plan.now(), line, from);

  TaperVersion next = next_version(plan, decision);
  const bool on_hold = waiting(next);
  const std::optional<double> was = amount_of(next.goals[line]);
  const std::optional<double> to = amount_of(goal);
  next.goals[line] = goal;
  std::vector<RuleFinding> findings;
  if (beside) findings = go_on_findings(request, next.facts);
  if (to.value_or(0) < was.value_or(0)) {
    if (!beside) findings = go_on_findings(request, next.facts);
    clinician_only(plan, decision, "Reducing further than agreed", findings);
  }
  // Beside another substance steps also begin where only that one changes: this line goes on until
  // its own next change.
  Date begin = from;
  if (beside) {
    const OnDay present = line_on(next, line, from - Days{1});
    begin = std::max(from, *next.ends);
    for (const TaperStep& step : next.steps) {
      const LineDose& dose = step.doses[line];
      if (step.first < from || present.dose == nullptr) continue;
      if (dose.amount == present.amount && dose.every_n_days == present.dose->every_n_days)
        continue;
      begin = step.first;
      break;
    }
  }
  std::vector<TaperStep> taken = take_from(next, begin);
  if (next.steps.empty() || next.steps.front().first >= from) {
    return at_day("from", from, "lies before the plan's second day: make a new request instead");
  }
  std::vector<int> ids;
  for (const StepContent& content : next.pending) ids.push_back(content.id);
  for (const TaperStep& step : taken) ids.push_back(step.id);
  next.pending.clear();
  TaperStep& current = next.steps.back();
  const LineDose& dose = current.doses[line];
  if (next.ends && from >= *plan.now().ends && next.after[line].is_zero()) {
    return at_day("from", from, "lies after the plan has arrived at zero");
  }
  if (to && *to > dose.amount.value() * (1 + 1e-9)) {
    return unexpected(error_at(Errc::contradiction, "goal.amount", std::nullopt, text(*goal.amount),
                               "lies above the present dose: step back instead"));
  }
  const bool arrived = current.kind == StepKind::arrive;
  Date anchor = from;
  if (!on_hold && !arrived) anchor = taken.empty() ? *plan.now().ends : taken.front().nominal;
  anchor = std::max(anchor, beside ? begin : from);

  LinePlan realised;
  if (to && *to >= dose.amount.value() * (1 - 1e-9)) {
    LineStep stay;
    stay.kind = StepKind::arrive;
    stay.phase = current.phase;
    stay.dose = dose;
    stay.dose.every_n_days = 1;
    realised.steps.push_back(std::move(stay));
    realised.after = dose.amount;
  } else {
    // From the ideal dose, so that the way on is the one the rule draws and not a rounded one.
    const double now = arrived || dose.ideal <= to.value_or(0) ? dose.amount.value() : dose.ideal;
    auto curve = continued(request, next, line, arrived ? 0 : current.phase, now, to);
    if (!curve) return unexpected(std::move(curve).error());
    auto made = realise(request, next.facts, line, *curve, dose.amount);
    if (!made) return unexpected(std::move(made).error());
    realised = std::move(*made);
  }
  findings.insert(findings.end(), realised.findings.begin(), realised.findings.end());
  next.after[line] = realised.after;
  std::vector<StepContent> rest = contents_of(request, realised, line, next, std::move(ids));
  if (on_hold) {
    next.pending = std::move(rest);
  } else {
    current.last = std::max(current.last, anchor - Days{1});
    const std::size_t kept = next.steps.size();
    if (auto ok = follow(request, next, std::move(rest), anchor, from); !ok) {
      return unexpected(ok.error());
    }
    if (beside) {
      if (auto ok = beside_others(request, plan.now(), kept, line, next); !ok) {
        return unexpected(ok.error());
      }
    }
  }
  return decide(plan, std::move(next), change_of(decision, "change_goal", from),
                std::move(findings));
}

}  // namespace ombre::inline v0::plans
