#include "ombre/plans/taper.hpp"

#include <algorithm>
#include <array>

#include "ombre/plans/taper_check.hpp"
#include "ombre/plans/taper_guard.hpp"
#include "taper_build.hpp"
#include "taper_found.hpp"
#include "taper_request_guard.hpp"

namespace ombre::inline v0::plans {
namespace {

constexpr std::array<std::string_view, 2> per_names{"day", "week"};
constexpr std::array<std::string_view, 4> goal_names{"zero", "lower_amount", "safer_pattern",
                                                     "undecided"};
constexpr std::array<std::string_view, 4> status_names{"draft", "accepted", "on_hold",
                                                       "care_goes_on"};
template <class Enum, std::size_t n>
std::optional<Enum> find_in(const std::array<std::string_view, n>& names, std::string_view text) {
  for (std::size_t i = 0; i < n; ++i) {
    if (names[i] == text) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

Unexpected wrong(Errc code, std::string field, std::string_view rule) {
  return unexpected(error_of(code, field, rule));
}

// Puts `path.` in front of the field of an error that came from further inside.
Unexpected inside(Error error, const std::string& path) {
  error.field = error.field.empty() ? path : path + "." + error.field;
  return unexpected(std::move(error));
}

// The smallest daily amount that the products allow in as many intakes as today.
std::optional<double> smallest_from_products(const TaperLine& line) {
  std::optional<double> smallest;
  for (const Product& product : line.products) {
    if (!product.in_stock()) continue;
    double piece = 0;
    if (product.is_liquid()) {
      piece = product.per_graduation().value();
    } else {
      const auto part = std::max(product.division(), line.limits.finest);
      piece = product.strength().value() * static_cast<int>(part) / 4;
    }
    if (!smallest || piece < *smallest) smallest = piece;
  }
  if (smallest) *smallest *= static_cast<double>(line.intakes.size());
  return smallest;
}

}  // namespace

std::string_view name(Per per) noexcept { return per_names[static_cast<std::size_t>(per)]; }
std::optional<Per> find_per(std::string_view text) noexcept {
  return find_in<Per>(per_names, text);
}
std::string_view name(GoalKind kind) noexcept { return goal_names[static_cast<std::size_t>(kind)]; }
std::optional<GoalKind> find_goal_kind(std::string_view text) noexcept {
  return find_in<GoalKind>(goal_names, text);
}
std::string_view name(PlanStatus status) noexcept {
  return status_names[static_cast<std::size_t>(status)];
}
std::optional<PlanStatus> find_plan_status(std::string_view text) noexcept {
  return find_in<PlanStatus>(status_names, text);
}

Result<Amount> present_amount(const TaperLine& line) {
  if (line.intakes.empty()) return wrong(Errc::missing, "today", "is required");
  Amount sum{line.intakes.front().amount.unit()};
  for (const IntakeNow& intake : line.intakes) {
    auto next = sum.plus(intake.amount);
    if (!next) return unexpected(std::move(next).error());
    sum = *next;
  }
  return sum;
}

Result<Amount> original_amount(const TaperLine& line) {
  if (line.original) return *line.original;
  return present_amount(line);
}

Result<std::vector<TaperPhase>> phases_of(const TaperLine& line) {
  std::vector<TaperPhase> phases = line.rule;
  if (!line.named_rule.empty()) {
    const NamedRule* rule = find_named_rule(line.named_rule);
    if (rule == nullptr) {
      return unexpected(error_at(Errc::unknown_name, "rule", std::nullopt, line.named_rule,
                                 "is not a published rule"));
    }
    if (!rule->substance_class.empty() && rule->substance_class != substance::name(line.what.cls) &&
        rule->substance_class != line.what.id) {
      return unexpected(error_at(Errc::contradiction, "rule", std::nullopt, line.named_rule,
                                 "is made for " + std::string{rule->substance_class}));
    }
    if (!rule->unit.empty() && rule->unit != name(line.intakes.front().amount.unit())) {
      return unexpected(error_at(Errc::contradiction, "rule", std::nullopt, line.named_rule,
                                 "counts in " + std::string{rule->unit}));
    }
    phases = rule->phases;
  }
  for (std::size_t i = 0; i < phases.size(); ++i) {
    std::optional<Terminal>* terminal = nullptr;
    if (auto* rule = std::get_if<PercentRule>(&phases[i].rule)) terminal = &rule->terminal;
    if (auto* rule = std::get_if<TwoPhaseRule>(&phases[i].rule)) terminal = &rule->terminal;
    if (terminal == nullptr || !*terminal || (*terminal)->smallest > 0) continue;
    if (line.smallest) {
      (*terminal)->smallest = line.smallest->value();
    } else if (const auto smallest = smallest_from_products(line)) {
      (*terminal)->smallest = *smallest;
    } else {
      return unexpected(
          error_of(Errc::missing, "smallest",
                   "is required: the smallest daily amount, as no products are named"));
    }
  }
  return phases;
}

Result<TaperAnswer> make_taper(const TaperRequest& asked) {
  if (auto ok = check_request(asked); !ok) return unexpected(ok.error());
  auto request = std::make_shared<TaperRequest>(asked);
  TaperCalendar& calendar = request->calendar;

  // A named rule brings the step length it was published with, where the request names none.
  if (!calendar.step_length_given && request->lines.size() == 1 &&
      !request->lines.front().named_rule.empty()) {
    if (const NamedRule* rule = find_named_rule(request->lines.front().named_rule)) {
      calendar.step_length = rule->step_length;
    }
  }
  calendar.step_length_given = true;

  std::vector<RuleFinding> findings = start_findings(*request);
  TaperVersion version;
  version.facts = request->facts;
  std::vector<detail::LinePlan> lines;
  lines.reserve(request->lines.size());
  for (std::size_t i = 0; i < request->lines.size(); ++i) {
    const TaperLine& line = request->lines[i];
    const std::string path = "lines[" + std::to_string(i) + "]";
    auto phases = phases_of(line);
    if (!phases) return inside(std::move(phases).error(), path);
    auto present = present_amount(line);
    if (!present) return inside(std::move(present).error(), path);
    CurveEnds ends;
    ends.original = line.original.value_or(*present).value();
    ends.now = present->value();
    ends.intakes_a_day = static_cast<int>(line.intakes.size());
    if (line.goal.kind == GoalKind::zero) {
      ends.goal = 0;
    } else if (line.goal.amount) {
      ends.goal = line.goal.amount->value();
      if (*line.goal.amount > *present && present->micro() > 0) {
        return unexpected(error_at(Errc::contradiction, path + ".goal.amount", std::nullopt,
                                   text(*line.goal.amount), "must not be above today's amount"));
      }
    }
    auto curve = ideal_curve(*phases, ends, calendar.step_length);
    if (!curve) return inside(std::move(curve).error(), path);
    if (curve->empty()) {
      return unexpected(error_at(Errc::contradiction, path + ".goal", std::nullopt, text(*present),
                                 "is today's amount already: there is nothing to "
                                 "reduce"));
    }
    if (calendar.stay_first) {
      CurveStep settle;
      settle.amount = present->value();
      settle.length = *calendar.stay_first;
      settle.kind = StepKind::stay;
      settle.phase = -1;
      curve->insert(curve->begin(), std::move(settle));
    }
    auto realised = detail::realise(*request, request->facts, i, *curve, *present);
    if (!realised) return unexpected(std::move(realised).error());
    findings.insert(findings.end(), realised->findings.begin(), realised->findings.end());
    lines.push_back(std::move(*realised));
    version.goals.push_back(line.goal);
  }
  if (auto ok = detail::append_lines(*request, lines, calendar.start, version, {}); !ok) {
    return inside(ok.error(), "calendar");
  }
  detail::derive(*request, version);
  std::vector<RuleFinding> watch = plan_findings(*request, version, calendar.start);
  findings.insert(findings.end(), std::make_move_iterator(watch.begin()),
                  std::make_move_iterator(watch.end()));
  detail::going_up(*request, version, findings);
  if (auto ok = apply_overrides(findings, request->overrides); !ok) return unexpected(ok.error());
  detail::sort_findings(findings);

  TaperAnswer answer;
  answer.answer = overall(findings);
  answer.findings = findings;
  if (answer.answer == Answer::refused) {
    answer.instead = instead_of(*request, findings);
    return answer;
  }
  version.findings = std::move(findings);
  Change change{"draft",     request->made_on, calendar.start,
                request->by, request->why,     request->overrides};
  answer.plan =
      TaperPlan{std::move(request), History<TaperVersion>{std::move(version), std::move(change)}};
  return answer;
}

std::optional<DayDose> on_day(const TaperVersion& version, std::size_t line, Date day) {
  const auto after = std::upper_bound(version.steps.begin(), version.steps.end(), day,
                                      [](Date d, const TaperStep& step) { return d < step.first; });
  if (after == version.steps.begin()) return std::nullopt;
  const TaperStep& step = *(after - 1);
  if (day > step.last || line >= step.doses.size()) return std::nullopt;
  const LineDose& dose = step.doses[line];
  DayDose out;
  out.day = day;
  out.step = &step;
  out.taken = !dose.amount.is_zero() && (day - step.first).count() % dose.every_n_days == 0;
  return out;
}

DayTable day_table(const TaperVersion& version, std::size_t line) {
  DayTable out;
  if (version.steps.empty()) return out;
  out.first = version.steps.front().first;
  const auto days =
      static_cast<std::size_t>((version.steps.back().last - out.first + Days{1}).count());
  out.micro.reserve(days);
  out.step_id.reserve(days);
  for (const TaperStep& step : version.steps) {
    if (line >= step.doses.size()) break;
    const LineDose& dose = step.doses[line];
    for (int k = 0; k < step.days().count(); ++k) {
      out.micro.push_back(k % dose.every_n_days == 0 ? dose.amount.micro() : 0);
      out.step_id.push_back(step.id);
    }
  }
  return out;
}

Result<std::vector<SupplyPeriod>> supply_of(const TaperPlan& plan, std::size_t line) {
  const TaperRequest& request = plan.request();
  if (line >= request.lines.size()) {
    return unexpected(error_at(Errc::out_of_range, "line", std::nullopt, static_cast<double>(line),
                               "is not a line of the plan"));
  }
  if (request.lines[line].products.empty() || plan.now().steps.empty()) {
    return std::vector<SupplyPeriod>{};
  }
  std::vector<DispensedStep> steps;
  for (const TaperStep& step : plan.now().steps) {
    const LineDose& dose = step.doses[line];
    DispensedStep out;
    out.dose = dose.amount;
    out.ideal = dose.amount;
    out.days = step.days().count();
    out.intakes = dose.dispensed;
    if (dose.every_n_days == 1) {
      steps.push_back(std::move(out));
      continue;
    }
    // Days between doses are days that need nothing.
    const int n = out.days;
    for (int k = 0; k < n; ++k) {
      DispensedStep day = out;
      day.days = 1;
      if (k % dose.every_n_days != 0) day.intakes.clear();
      steps.push_back(std::move(day));
    }
  }
  const std::int32_t period[] = {request.calendar.prescription_days};
  return supply(steps, request.lines[line].products, period);
}

Result<std::vector<Amount>> spread_over_week(Amount week, Amount grid) {
  if (grid.unit() != week.unit()) {
    return unexpected(error_of(Errc::contradiction, "grid", "must have the unit of the amount"));
  }
  if (grid.is_zero()) {
    return unexpected(error_at(Errc::out_of_range, "grid", std::nullopt, 0.0, "must be above 0"));
  }
  const std::int64_t pieces = week.micro() / grid.micro();
  std::int64_t rest = week.micro() % grid.micro();
  std::vector<Amount> out;
  out.reserve(7);
  for (std::int64_t day = 0; day < 7; ++day) {
    std::int64_t micro = (pieces / 7 + (day < pieces % 7 ? 1 : 0)) * grid.micro();
    micro += rest;  // what is finer than the grid stays in the first day
    rest = 0;
    auto amount = Amount::from_micro(micro, week.unit());
    if (!amount) return unexpected(std::move(amount).error());
    out.push_back(*amount);
  }
  return out;
}

}  // namespace ombre::inline v0::plans
