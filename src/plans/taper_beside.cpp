#include "taper_beside.hpp"

#include <algorithm>
#include <string>

#include "taper_replan.hpp"

namespace ombre::inline v0::plans::detail {

OnDay line_on(const TaperVersion& version, std::size_t line, Date day) {
  OnDay out;
  if (version.ends && day >= *version.ends) {
    out.amount = version.after[line];
    out.since = *version.ends;
    out.kind = StepKind::arrive;
    return out;
  }
  for (const TaperStep& step : version.steps) {
    if (step.first > day) break;
    out = {&step.doses[line], step.doses[line].amount, step.first, step.kind, step.phase};
  }
  return out;
}

bool others_taken(const TaperVersion& version, std::size_t line, Date from) {
  const auto taken = [line](const StepContent& content) {
    for (std::size_t l = 0; l < content.doses.size(); ++l) {
      if (l != line && !content.doses[l].amount.is_zero()) return true;
    }
    return false;
  };
  for (std::size_t l = 0; version.ends && l < version.after.size(); ++l) {
    if (l != line && !version.after[l].is_zero()) return true;
  }
  return std::any_of(version.steps.begin(), version.steps.end(),
                     [&](const TaperStep& s) { return s.last >= from && taken(s); }) ||
         std::any_of(version.pending.begin(), version.pending.end(), taken);
}

Result<void> others_can_stay(const TaperPlan& plan, std::size_t line, Date from) {
  const TaperVersion& now = plan.now();
  const TaperRequest& request = plan.request();
  if (!others_taken(now, line, from)) return {};
  if (request.substitution) {
    // Both together are one dose: neither can be planned without the other.
    const std::size_t other = line == 0 ? 1 : 0;
    std::optional<Date> over;
    for (const TaperStep& step : now.steps) {
      if (!step.doses[other].amount.is_zero()) over = step.last + Days{1};
    }
    std::string way = "hold or shift the plan meanwhile";
    if (other == 0 && over && now.ends && *over < *now.ends) {
      way += ", or plan anew from " + over->iso() + " on, when " + request.lines[0].what.name +
             " has been replaced";
    }
    return unexpected(
        error_at(Errc::unsupported, "line", std::nullopt, request.lines[line].what.name,
                 "cannot be planned anew while " + request.lines[1].what.name +
                     " takes the place of " + request.lines[0].what.name + ": " + way));
  }
  if (waiting(now)) {
    return unexpected(error_at(
        Errc::unsupported, "line", std::nullopt, request.lines[line].what.name,
        "cannot be planned anew while the plan waits and another substance waits with it: resume "
        "the plan first, then begin again with this one"));
  }
  return {};
}

Result<void> beside_others(const TaperRequest& request, const TaperVersion& before,
                           std::size_t kept, std::size_t line, TaperVersion& next) {
  const std::vector<TaperStep> alone(next.steps.begin() + static_cast<std::ptrdiff_t>(kept),
                                     next.steps.end());
  const Date begin = alone.empty() ? *next.ends : alone.front().first;
  const Date alone_ends = *next.ends;
  const Date ends = std::max(alone_ends, *before.ends);
  std::vector<Date> starts{begin, ends};
  for (const TaperStep& step : alone) starts.push_back(step.first);
  for (const TaperStep& step : before.steps) {
    if (step.first > begin) starts.push_back(step.first);
  }
  for (const Date day : {alone_ends, *before.ends}) {
    if (day > begin) starts.push_back(day);
  }
  std::sort(starts.begin(), starts.end());
  starts.erase(std::unique(starts.begin(), starts.end()), starts.end());

  const TaperVersion planned = [&] {
    TaperVersion out;
    out.steps = alone;
    out.ends = alone_ends;
    out.after = next.after;
    return out;
  }();
  next.steps.resize(kept);
  for (std::size_t s = 0; s + 1 < starts.size(); ++s) {
    TaperStep step;
    step.first = starts[s];
    step.last = starts[s + 1] - Days{1};
    step.nominal = step.first;
    step.length = {step.days().count(), LengthUnit::days};
    step.kind = StepKind::stay;
    step.phase = -1;
    bool named = false;
    for (std::size_t l = 0; l < request.lines.size(); ++l) {
      const TaperVersion& by = l == line ? planned : before;
      const OnDay on = line_on(by, l, step.first);
      LineDose dose;
      if (on.dose != nullptr) {
        dose = *on.dose;
        if ((step.first - on.since).count() % dose.every_n_days != 0) {
          return unexpected(error_at(
              Errc::unsupported, "from", std::nullopt, step.first.iso(),
              "would cut between two doses of " + request.lines[l].what.name + " taken every " +
                  std::to_string(dose.every_n_days) + " days: choose a day on which one is taken"));
        }
      } else {
        const auto& last = by.steps.empty() ? before.steps.back() : by.steps.back();
        dose = last.doses[l];
        dose.every_n_days = 1;
        if (on.amount.is_zero()) {
          const DoseUnit unit = request.lines[l].intakes.front().amount.unit();
          dose = LineDose{};
          dose.amount = Amount{unit};
          dose.rounding = AmountStep{0, unit};
          if (request.lines[l].per == Per::day) {
            dose.intakes.assign(request.lines[l].intakes.size(), Amount{unit});
          }
        }
      }
      step.doses.push_back(std::move(dose));
      const bool begins = on.since == step.first;
      if (begins && on.kind != StepKind::stay && (!named || on.kind == StepKind::reduce)) {
        step.kind = on.kind;
        step.phase = on.phase;
        named = true;
      }
    }
    const auto same = std::find_if(alone.begin(), alone.end(),
                                   [&](const TaperStep& a) { return a.first == step.first; });
    step.id = same != alone.end() ? same->id : next.next_id++;
    next.steps.push_back(std::move(step));
  }
  next.ends = ends;
  return {};
}

}  // namespace ombre::inline v0::plans::detail
