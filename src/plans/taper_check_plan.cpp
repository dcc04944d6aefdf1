// Whether a plan that came from outside can be what it says it is.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "ombre/plans/taper_check.hpp"
#include "taper_build.hpp"

namespace ombre::inline v0::plans {
namespace {

Unexpected wrong(Errc code, std::string field, std::string_view rule) {
  return unexpected(error_of(code, field, rule));
}

constexpr std::array<std::string_view, 11> operations{
    "draft",    "accept",    "hold",      "resume",      "shift",        "slow_down",
    "speed_up", "step_back", "re_anchor", "change_goal", "stop_tapering"};
constexpr std::array<std::string_view, 5> milestone_ids{"first_step", "three_quarters", "half",
                                                        "quarter", "goal"};
constexpr std::int32_t longest_step = 4000;  // days; ten years, and days to avoid behind them

std::string at(std::string_view path, std::size_t i) {
  return std::string{path} + '[' + std::to_string(i) + ']';
}

// Both were computed, one of them perhaps by another machine's arithmetic.
bool agree(const std::optional<double>& a, const std::optional<double>& b) {
  if (a.has_value() != b.has_value()) return false;
  return !a || std::abs(*a - *b) <= 1e-9 * std::max({1.0, std::abs(*a), std::abs(*b)});
}

bool waits(PlanStatus status) {
  return status == PlanStatus::on_hold || status == PlanStatus::care_goes_on;
}

// What a combination adds up to; nothing where it is no combination of these products.
std::optional<Amount> made_of(const Dispensed& made, std::span<const Product> products,
                              DoseUnit unit) {
  constexpr std::int64_t most_count = 100'000;
  std::int64_t micro = 0;
  for (const Piece& piece : made.pieces) {
    if (piece.product >= products.size() || piece.count < 1 || piece.count > most_count) {
      return std::nullopt;
    }
    const Product& product = products[piece.product];
    std::int64_t part = 0;
    if (product.is_liquid()) {
      if (piece.quarters != 0 || piece.count != 1 || product.graduation().is_zero() ||
          piece.volume.micro() % product.graduation().micro() != 0 ||
          piece.volume > product.largest_volume()) {
        return std::nullopt;
      }
      const std::int64_t graduations = piece.volume.micro() / product.graduation().micro();
      const auto held = product.per_graduation().times(graduations);
      if (!held) return std::nullopt;
      part = held->micro();
    } else {
      if (piece.quarters != 4 && piece.quarters != 2 && piece.quarters != 1) return std::nullopt;
      if (piece.quarters < static_cast<int>(product.division())) return std::nullopt;
      const auto pieces = product.strength().times(piece.count);
      if (!pieces) return std::nullopt;
      part = pieces->micro() / 4 * piece.quarters + pieces->micro() % 4 * piece.quarters / 4;
    }
    micro += part;
    if (micro > Amount::max_micro) return std::nullopt;
  }
  const auto sum = Amount::from_micro(micro, unit);
  if (!sum) return std::nullopt;
  return *sum;
}

Result<void> check_dose(const TaperLine& line, const LineDose& dose, const std::string& path) {
  const DoseUnit unit = line.intakes.front().amount.unit();
  if (dose.amount.unit() != unit) {
    return unexpected(error_at(Errc::contradiction, path + ".amount", std::nullopt,
                               text(dose.amount), "must have the unit of the line"));
  }
  if (dose.every_n_days < 1 || dose.every_n_days > 366) {
    return unexpected(error_at(Errc::out_of_range, path + ".every_n_days", std::nullopt,
                               static_cast<double>(dose.every_n_days), "must be 1 to 366"));
  }
  const auto ideal = Amount::nearest(dose.ideal, unit);
  if (!ideal) {
    return unexpected(error_at(Errc::out_of_range, path + ".ideal", std::nullopt, dose.ideal,
                               ideal.error().rule));
  }
  if (dose.rounding != dose.amount - *ideal) {
    return unexpected(
        error_at(Errc::contradiction, path + ".rounding", std::nullopt, text(dose.rounding),
                 "must be the amount less the ideal one, " + text(dose.amount - *ideal)));
  }
  if (line.per == Per::week) {
    if (!dose.intakes.empty() || !dose.dispensed.empty()) {
      return wrong(Errc::contradiction, path + ".intakes", "must be empty where goals are weekly");
    }
    return {};
  }
  Amount sum{unit};
  for (std::size_t i = 0; i < dose.intakes.size(); ++i) {
    const auto next = sum.plus(dose.intakes[i]);
    if (!next) {
      return unexpected(error_at(next.error().code, at(path + ".intakes", i), std::nullopt,
                                 text(dose.intakes[i]), next.error().rule));
    }
    sum = *next;
  }
  if (dose.intakes.size() != line.intakes.size()) {
    return unexpected(error_at(Errc::size_mismatch, path + ".intakes", std::nullopt,
                               static_cast<double>(dose.intakes.size()),
                               "must be as many as today's"));
  }
  if (sum != dose.amount) {
    return unexpected(error_at(Errc::contradiction, path + ".amount", std::nullopt,
                               text(dose.amount), "must be the sum of its intakes, " + text(sum)));
  }
  if (dose.dispensed.empty()) return {};
  if (dose.dispensed.size() != dose.intakes.size()) {
    return unexpected(error_at(Errc::size_mismatch, path + ".dispensed", std::nullopt,
                               static_cast<double>(dose.dispensed.size()),
                               "must be one per intake"));
  }
  for (std::size_t i = 0; i < dose.dispensed.size(); ++i) {
    const auto made = made_of(dose.dispensed[i], line.products, unit);
    if (!made) {
      return wrong(Errc::contradiction, at(path + ".dispensed", i),
                   "must be made of the line's products as they can be divided or measured");
    }
    if (*made != dose.intakes[i] || dose.dispensed[i].amount != dose.intakes[i]) {
      return unexpected(error_at(Errc::contradiction, at(path + ".dispensed", i), std::nullopt,
                                 text(*made),
                                 "must add up to its intake, " + text(dose.intakes[i])));
    }
  }
  return {};
}

Result<void> check_content(const TaperRequest& request, const TaperVersion& version,
                           const StepContent& content, std::vector<int>& ids,
                           const std::string& path) {
  if (content.id < 1 || content.id >= version.next_id) {
    return unexpected(error_at(Errc::out_of_range, path + ".id", std::nullopt,
                               static_cast<double>(content.id),
                               "must be from 1 and below next_id"));
  }
  ids.push_back(content.id);
  if (content.length.count < 1 || content.length.shortest_days() > longest_step) {
    return unexpected(error_at(Errc::out_of_range, path + ".length", std::nullopt,
                               describe(content.length), "must be 1 day to 10 years"));
  }
  if (content.doses.size() != request.lines.size()) {
    return unexpected(error_at(Errc::size_mismatch, path + ".doses", std::nullopt,
                               static_cast<double>(content.doses.size()),
                               "must be one per line of the request"));
  }
  for (std::size_t l = 0; l < content.doses.size(); ++l) {
    if (auto ok = check_dose(request.lines[l], content.doses[l], at(path + ".doses", l)); !ok) {
      return ok;
    }
  }
  return {};
}

// Percentages and effects follow from the doses; they are computed anew.
Result<void> check_derived(const TaperRequest& request, const TaperVersion& version,
                           const std::string& path) {
  TaperVersion again = version;
  detail::derive(request, again);
  for (std::size_t s = 0; s < version.steps.size(); ++s) {
    for (std::size_t l = 0; l < version.steps[s].doses.size(); ++l) {
      const LineDose& here = version.steps[s].doses[l];
      const LineDose& there = again.steps[s].doses[l];
      const std::string dose = at(at(path + ".steps", s) + ".doses", l);
      const auto differs = [&](std::string_view field) {
        return unexpected(error_of(Errc::contradiction, dose + std::string{field},
                                   "must be what follows from the doses"));
      };
      if (!agree(here.percent_of_original, there.percent_of_original)) {
        return differs(".percent_of_original");
      }
      if (!agree(here.cut_percent_of_current, there.cut_percent_of_current)) {
        return differs(".cut_percent_of_current");
      }
      if (!agree(here.effect, there.effect)) return differs(".effect");
      if (!agree(here.effect_drop, there.effect_drop)) return differs(".effect_drop");
    }
  }
  return {};
}

Result<void> check_steps(const TaperRequest& request, const TaperVersion& version,
                         const std::string& path) {
  std::vector<int> ids;
  ids.reserve(version.steps.size() + version.pending.size());
  for (std::size_t s = 0; s < version.steps.size(); ++s) {
    const TaperStep& step = version.steps[s];
    const std::string here = at(path + ".steps", s);
    if (auto ok = check_content(request, version, step, ids, here); !ok) return ok;
    if (step.last < step.first) {
      return unexpected(error_at(Errc::contradiction, here + ".last", std::nullopt, step.last.iso(),
                                 "must not lie before the step's first day"));
    }
    if (step.nominal > step.first) {
      return unexpected(error_at(Errc::contradiction, here + ".nominal", std::nullopt,
                                 step.nominal.iso(), "must not lie after the step's first day"));
    }
    if (s > 0 && step.first != version.steps[s - 1].last + Days{1}) {
      return unexpected(error_at(Errc::contradiction, here + ".first", std::nullopt,
                                 step.first.iso(), "must be the day after the step before ends"));
    }
  }
  for (std::size_t s = 0; s < version.pending.size(); ++s) {
    if (auto ok =
            check_content(request, version, version.pending[s], ids, at(path + ".pending", s));
        !ok) {
      return ok;
    }
  }
  std::sort(ids.begin(), ids.end());
  if (const auto twice = std::adjacent_find(ids.begin(), ids.end()); twice != ids.end()) {
    return unexpected(error_at(Errc::duplicate, path + ".steps", std::nullopt,
                               static_cast<double>(*twice), "is the id of two steps"));
  }
  return {};
}

Result<void> check_findings(const TaperVersion& version, const std::string& path) {
  for (std::size_t i = 0; i < version.findings.size(); ++i) {
    const RuleFinding& f = version.findings[i];
    const std::string here = at(path + ".findings", i);
    if (f.rule == nullptr) return wrong(Errc::missing, here + ".rule", "is required");
    for (const auto& number : {f.measured, f.limit}) {
      if (number && !std::isfinite(*number)) {
        return wrong(Errc::not_finite, here, "must hold finite numbers");
      }
    }
    if (f.answer == Answer::refused && !f.overridden) {
      return unexpected(error_at(Errc::contradiction, here, std::nullopt, f.rule->id,
                                 "refuses the plan, and nobody set it aside"));
    }
    if (!f.overridden) continue;
    if (f.answer != Answer::refused || f.overridden->rule != f.rule->id ||
        f.rule->overridable_by == OverridableBy::nobody ||
        f.overridden->by.role != Role::clinician || f.overridden->by.name.empty() ||
        f.overridden->reason.find_first_not_of(" \t\r\n") == std::string::npos) {
      return unexpected(
          error_at(Errc::contradiction, here + ".overridden", std::nullopt, f.rule->id,
                   "must be a refusal that a named clinician set aside with a reason"));
    }
  }
  return {};
}

// A milestone tells the dose of its day. Which days are milestones is not computed anew: a later
// version of the library may see it differently, and plans of today are to be read by it.
Result<void> check_milestones(const TaperVersion& version, std::size_t lines,
                              const std::string& path) {
  for (std::size_t i = 0; i < version.milestones.size(); ++i) {
    const Milestone& one = version.milestones[i];
    const std::string here = at(path + ".milestones", i);
    if (std::find(milestone_ids.begin(), milestone_ids.end(), one.id) == milestone_ids.end()) {
      return unexpected(
          error_at(Errc::unknown_name, here + ".id", std::nullopt, one.id, "is not a milestone"));
    }
    if (one.line < 0 || static_cast<std::size_t>(one.line) >= lines) {
      return unexpected(error_at(Errc::out_of_range, here + ".line", std::nullopt,
                                 static_cast<double>(one.line), "is not a line of the plan"));
    }
    const auto line = static_cast<std::size_t>(one.line);
    std::optional<Amount> there;
    if (const auto dose = on_day(version, line, one.on)) {
      there = dose->step->doses[line].amount;
    } else if (version.ends && one.on == *version.ends) {
      there = version.after[line];
    }
    if (!there || *there != one.amount) {
      return unexpected(error_at(Errc::contradiction, here, std::nullopt, text(one.amount),
                                 there ? "must be the dose of its day, " + text(*there)
                                       : std::string{"must lie on a day of the plan"}));
    }
    if (i > 0 && one.on < version.milestones[i - 1].on) {
      return unexpected(error_at(Errc::contradiction, here + ".on", std::nullopt, one.on.iso(),
                                 "must not lie before the milestone before it"));
    }
  }
  return {};
}

Result<void> check_reviews(const TaperVersion& version, const std::string& path) {
  for (std::size_t i = 1; i < version.reviews.size(); ++i) {
    if (version.reviews[i] <= version.reviews[i - 1]) {
      return unexpected(error_at(Errc::contradiction, at(path + ".reviews", i), std::nullopt,
                                 version.reviews[i].iso(), "must be later than the one before"));
    }
  }
  if (version.review && !version.steps.empty() &&
      !std::binary_search(version.reviews.begin(), version.reviews.end(), *version.review)) {
    return unexpected(error_at(Errc::contradiction, path + ".reviews", std::nullopt,
                               version.review->iso(), "must hold the review of the hold"));
  }
  return {};
}

Result<void> check_version(const TaperRequest& request, const TaperVersion& version,
                           const std::string& path) {
  const std::size_t lines = request.lines.size();
  if (version.goals.size() != lines || version.after.size() != lines) {
    return wrong(Errc::size_mismatch, path + (version.goals.size() != lines ? ".goals" : ".after"),
                 "must be one per line of the request");
  }
  for (std::size_t l = 0; l < lines; ++l) {
    const DoseUnit unit = request.lines[l].intakes.front().amount.unit();
    if (version.after[l].unit() != unit ||
        (version.goals[l].amount && version.goals[l].amount->unit() != unit)) {
      return wrong(Errc::contradiction,
                   at(path + (version.after[l].unit() != unit ? ".after" : ".goals"), l),
                   "must have the unit of the line");
    }
  }
  const auto pace = [](int part) { return part >= 1 && part <= 10'000; };
  if (!pace(version.pace_numerator) || !pace(version.pace_denominator)) {
    return wrong(Errc::out_of_range, path + ".pace", "must be a ratio of 1..10000 to 1..10000");
  }
  if (auto ok = check_steps(request, version, path); !ok) return ok;
  const bool waiting = waits(version.status);
  if (waiting != version.review.has_value()) {
    return wrong(Errc::contradiction, path + ".review",
                 waiting ? "is required while the plan waits" : "belongs to a plan that waits");
  }
  if (waiting == version.ends.has_value()) {
    return wrong(Errc::contradiction, path + ".ends",
                 waiting ? "must be left out while the plan waits" : "is required");
  }
  if (!waiting && !version.pending.empty()) {
    return wrong(Errc::contradiction, path + ".pending", "must be empty unless the plan waits");
  }
  if (waiting && version.steps.empty()) {
    return wrong(Errc::missing, path + ".steps", "needs the step at which the plan waits");
  }
  if (version.ends && !version.steps.empty() &&
      *version.ends != version.steps.back().last + Days{1}) {
    return unexpected(error_at(Errc::contradiction, path + ".ends", std::nullopt,
                               version.ends->iso(), "must be the day after the last step"));
  }
  for (std::size_t l = 0; version.ends && !version.steps.empty() && l < lines; ++l) {
    if (!version.after[l].is_zero() && version.after[l] != version.steps.back().doses[l].amount) {
      return unexpected(error_at(Errc::contradiction, at(path + ".after", l), std::nullopt,
                                 text(version.after[l]),
                                 "must be nothing or the dose of the last step, " +
                                     text(version.steps.back().doses[l].amount)));
    }
  }
  if ((version.status == PlanStatus::draft && version.accepted) ||
      (version.status == PlanStatus::accepted && !version.accepted)) {
    return wrong(Errc::contradiction, path + ".status", "must agree with \"accepted\"");
  }
  if (auto ok = check_milestones(version, lines, path); !ok) return ok;
  if (auto ok = check_reviews(version, path); !ok) return ok;
  if (auto ok = check_findings(version, path); !ok) return ok;
  return check_derived(request, version, path);
}

// The days before a change are those of the version before, and after its end what followed it.
Result<void> check_past(const TaperVersion& before, const TaperVersion& after, Date from,
                        const std::string& path) {
  const auto changed = [&](std::size_t s) {
    return unexpected(error_of(
        Errc::contradiction, at(path + ".steps", s),
        "must not differ before " + from.iso() + ", the first day that this change may alter"));
  };
  for (std::size_t s = 0; s < before.steps.size(); ++s) {
    const TaperStep& a = before.steps[s];
    if (a.first >= from) break;
    if (s >= after.steps.size()) return changed(s);
    const TaperStep& b = after.steps[s];
    if (a.id != b.id || a.first != b.first || a.doses.size() != b.doses.size()) return changed(s);
    if (std::min(a.last, from - Days{1}) > b.last) return changed(s);
    for (std::size_t l = 0; l < a.doses.size(); ++l) {
      const LineDose& x = a.doses[l];
      const LineDose& y = b.doses[l];
      if (x.amount != y.amount || x.every_n_days != y.every_n_days || x.intakes != y.intakes ||
          x.dispensed != y.dispensed) {
        return changed(s);
      }
    }
  }
  for (std::size_t s = before.steps.size(); before.ends && s < after.steps.size(); ++s) {
    const TaperStep& b = after.steps[s];
    if (b.first >= from) break;
    for (std::size_t l = 0; l < b.doses.size(); ++l) {
      if (b.doses[l].amount != before.after[l]) return changed(s);
    }
  }
  return {};
}

// What a finding says was set aside stands among the decisions up to its version.
Result<void> check_set_aside(const History<TaperVersion>& history, std::size_t v) {
  const auto& findings = history.at(v).findings;
  for (std::size_t i = 0; i < findings.size(); ++i) {
    if (!findings[i].overridden) continue;
    bool decided = false;
    for (std::size_t u = 1; u <= v && !decided; ++u) {
      const auto& overrides = history.change(u).overrides;
      decided =
          std::find(overrides.begin(), overrides.end(), *findings[i].overridden) != overrides.end();
    }
    if (!decided) {
      return unexpected(error_at(
          Errc::contradiction, at(at("versions", v - 1) + ".findings", i) + ".overridden",
          std::nullopt, findings[i].rule->id, "must be one of the overrides in the history"));
    }
  }
  return {};
}

Result<void> check_changes(const TaperPlan& plan) {
  const TaperRequest& request = plan.request();
  const auto& history = plan.history();
  for (std::size_t v = 1; v <= history.version(); ++v) {
    const Change& change = history.change(v);
    const std::string path = at("versions", v - 1) + ".change";
    if (auto ok = check_set_aside(history, v); !ok) return ok;
    const auto bad = [&](std::string_view field, const std::string& value, std::string_view rule) {
      return unexpected(
          error_at(Errc::contradiction, path + std::string{field}, std::nullopt, value, rule));
    };
    if (std::find(operations.begin(), operations.end(), change.what) == operations.end()) {
      return unexpected(error_at(Errc::unknown_name, path + ".what", std::nullopt, change.what,
                                 "is not an operation on a taper"));
    }
    if ((v == 1) != (change.what == "draft")) {
      return bad(".what", change.what, "must be \"draft\" for the first version and only for it");
    }
    if (change.by.name.find_first_not_of(" \t\r\n") == std::string::npos)
      return wrong(Errc::missing, path + ".by.name", "is required");
    if (v == 1) {
      if (change.on != request.made_on) {
        return bad(".on", change.on.iso(), "must be the day the request was made");
      }
      if (change.from != request.calendar.start) {
        return bad(".from", change.from.iso(), "must be the start of the calendar");
      }
      if (change.by != request.by || change.why != request.why ||
          change.overrides != request.overrides) {
        return bad(".by", change.by.name, "must be as in the request, with its reasons");
      }
      continue;
    }
    const TaperVersion& before = history.at(v - 1);
    const TaperVersion& now = history.at(v);
    if (change.on < history.change(v - 1).on) {
      return bad(".on", change.on.iso(), "must not lie before the change before it");
    }
    if (change.from < change.on) {
      return bad(".from", change.from.iso(), "must not lie before the day of the decision");
    }
    if (before.accepted && !now.accepted) {
      return wrong(Errc::contradiction, at("versions", v - 1) + ".accepted",
                   "must stay true once it is");
    }
    if (!before.accepted && now.accepted && change.what != "accept") {
      return wrong(Errc::contradiction, at("versions", v - 1) + ".accepted",
                   "can only become true when the plan is accepted");
    }
    if (now.next_id < before.next_id) {
      return wrong(Errc::contradiction, at("versions", v - 1) + ".next_id", "must not fall");
    }
    if (auto ok = check_past(before, now, change.from, at("versions", v - 1)); !ok) return ok;
  }
  return {};
}

}  // namespace

Result<void> check_plan(const TaperPlan& plan) {
  const TaperRequest& request = plan.request();
  if (auto ok = check_request(request); !ok) {
    Error error = ok.error();
    error.field = "request." + error.field;
    return unexpected(std::move(error));
  }
  const auto& history = plan.history();
  for (std::size_t v = 1; v <= history.version(); ++v) {
    if (auto ok = check_version(request, history.at(v), at("versions", v - 1)); !ok) return ok;
  }
  const TaperVersion& first = history.at(1);
  if (first.status != PlanStatus::draft) {
    return wrong(Errc::contradiction, "versions[0].status", "must be \"draft\": plans begin so");
  }
  if (!first.steps.empty() && first.steps.front().nominal != request.calendar.start) {
    // Of several lines the first day may have moved off a day to avoid.
    if (request.lines.size() == 1 || first.steps.front().first < request.calendar.start) {
      return unexpected(error_at(Errc::contradiction, "versions[0].steps[0].nominal", std::nullopt,
                                 first.steps.front().nominal.iso(),
                                 "must be the start of the calendar"));
    }
  }
  if (first.facts != request.facts) {
    return wrong(Errc::contradiction, "versions[0].facts", "must be the request's");
  }
  for (std::size_t l = 0; l < request.lines.size(); ++l) {
    if (first.goals[l] != request.lines[l].goal) {
      return wrong(Errc::contradiction, at("versions[0].goals", l), "must be the request's");
    }
  }
  return check_changes(plan);
}

}  // namespace ombre::inline v0::plans
