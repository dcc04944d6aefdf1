// Whether a request can be used.
#include "ombre/plans/taper_check.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "ombre/plans/taper_guard.hpp"

namespace ombre::inline v0::plans {
namespace {

constexpr std::size_t most_lines = 4;
constexpr std::size_t most_intakes = 12;

Unexpected wrong(Errc code, std::string field, std::string_view rule) {
  return unexpected(error_of(code, field, rule));
}

Result<void> check_line(const TaperLine& line, const std::string& path) {
  if (line.what.id.empty()) return wrong(Errc::missing, path + ".substance", "is required");
  if (line.intakes.empty()) {
    return wrong(Errc::missing, path + ".today",
                 "is required: what is taken today, one amount per intake");
  }
  if (line.intakes.size() > most_intakes) {
    return unexpected(error_at(Errc::out_of_range, path + ".today", std::nullopt,
                               static_cast<double>(line.intakes.size()),
                               "must be at most 12 intakes a day"));
  }
  const DoseUnit unit = line.intakes.front().amount.unit();
  for (std::size_t i = 0; i < line.intakes.size(); ++i) {
    if (line.intakes[i].amount.unit() != unit) {
      return unexpected(error_at(Errc::contradiction, path + ".today", i,
                                 name(line.intakes[i].amount.unit()),
                                 "must have the unit of the first intake"));
    }
    const auto minute = line.intakes[i].minute_of_day;
    if (minute && (*minute < 0 || *minute > 1439)) {
      return unexpected(
          error_at(Errc::out_of_range, path + ".today.time", i, *minute, "must be a time of day"));
    }
  }
  if (line.per == Per::week) {
    if (line.intakes.size() != 1) {
      return wrong(Errc::contradiction, path + ".today",
                   "must be one amount, the week's, where goals are weekly");
    }
    if (!line.products.empty()) {
      return wrong(Errc::contradiction, path + ".products", "cannot be dispensed for weekly goals");
    }
  }
  for (std::size_t i = 0; i < line.products.size(); ++i) {
    if (line.products[i].unit() != unit) {
      return unexpected(error_at(Errc::contradiction, path + ".products", i,
                                 line.products[i].label(), "must be counted in the line's unit"));
    }
  }
  if (line.original && line.original->unit() != unit) {
    return wrong(Errc::contradiction, path + ".original", "must have the unit of today's amount");
  }
  if (const auto present = present_amount(line);
      line.original && present && *line.original < *present) {
    return unexpected(error_at(Errc::contradiction, path + ".original", std::nullopt,
                               text(*line.original),
                               "must not be below today's amount, " + text(*present)));
  }
  if (!line.shares.empty()) {
    std::uint64_t sum = 0;
    for (const std::uint32_t share : line.shares) {
      if (share > 10'000) {
        return unexpected(error_at(Errc::out_of_range, path + ".shares", std::nullopt,
                                   static_cast<double>(share), "must be at most 10 000"));
      }
      sum += share;
    }
    if (line.shares.size() != line.intakes.size() || sum == 0) {
      return wrong(Errc::size_mismatch, path + ".shares",
                   "must be one per intake of today, and not all 0");
    }
  }
  if (line.goal.amount && line.goal.amount->unit() != unit) {
    return wrong(Errc::contradiction, path + ".goal.amount",
                 "must have the unit of today's amount");
  }
  if ((line.goal.kind == GoalKind::lower_amount || line.goal.kind == GoalKind::safer_pattern) &&
      !line.goal.amount) {
    return wrong(Errc::missing, path + ".goal.amount", "is required for this kind of goal");
  }
  if ((line.goal.kind == GoalKind::zero || line.goal.kind == GoalKind::undecided) &&
      line.goal.amount && !line.goal.amount->is_zero()) {
    return wrong(Errc::contradiction, path + ".goal.amount",
                 "must be left out for this kind of goal");
  }
  if (line.rule.empty() == line.named_rule.empty()) {
    return wrong(line.rule.empty() ? Errc::missing : Errc::contradiction, path + ".rule",
                 "needs either phases or the name of a published rule");
  }
  return {};
}

Result<void> check_calendar(const TaperCalendar& calendar) {
  const auto fine = [](StepLength length, std::string_view field) {
    return check(length, std::string{"calendar."} + std::string{field});
  };
  if (auto ok = fine(calendar.step_length, "step_length"); !ok) return ok;
  if (auto ok = fine(calendar.review_every, "review_every"); !ok) return ok;
  if (auto ok = fine(calendar.stay_at_goal, "stay_at_goal"); !ok) return ok;
  if (calendar.stay_first) {
    if (auto ok = fine(*calendar.stay_first, "stay_first"); !ok) return ok;
  }
  if (calendar.prescription_days < 1 || calendar.prescription_days > 366) {
    return unexpected(error_at(Errc::out_of_range, "calendar.prescription_days", std::nullopt,
                               static_cast<double>(calendar.prescription_days),
                               "must be 1 to 366"));
  }
  if (calendar.avoid.full()) {
    return wrong(Errc::contradiction, "calendar.avoid_weekdays",
                 "must leave at least one weekday on which a step can begin");
  }
  for (std::size_t i = 1; i < calendar.free_days.size(); ++i) {
    if (calendar.free_days[i] <= calendar.free_days[i - 1]) {
      return unexpected(error_at(Errc::malformed, "calendar.free_days", i,
                                 calendar.free_days[i].iso(), "must be later than the one before"));
    }
  }
  for (std::size_t i = 1; i < calendar.reviews.size(); ++i) {
    if (calendar.reviews[i] <= calendar.reviews[i - 1]) {
      return unexpected(error_at(Errc::malformed, "calendar.reviews", i, calendar.reviews[i].iso(),
                                 "must be later than the one before"));
    }
  }
  return {};
}

Result<void> check_substitution(const TaperRequest& request) {
  if (!request.substitution) return {};
  if (request.lines.size() != 2) {
    return wrong(Errc::size_mismatch, "substitution",
                 "needs two lines: what is replaced, and what takes its place");
  }
  for (std::size_t i = 0; i < request.substitution->figures.size(); ++i) {
    const double figure = request.substitution->figures[i].per_unit;
    if (!(std::isfinite(figure) && figure > 0 && figure < 1e6)) {
      return unexpected(
          error_at(Errc::out_of_range, "substitution.figures", i, figure, "must be above 0"));
    }
  }
  if (!request.substitution->figures.empty() &&
      request.substitution->used >= request.substitution->figures.size()) {
    return wrong(Errc::out_of_range, "substitution.used", "must be one of the figures");
  }
  return {};
}

}  // namespace

Result<void> check_request(const TaperRequest& request) {
  if (request.plan_id.empty()) return wrong(Errc::missing, "plan_id", "is required");
  if (request.by.name.find_first_not_of(" \t\r\n") == std::string::npos)
    return wrong(Errc::missing, "by.name", "is required");
  if (request.lines.empty()) return wrong(Errc::empty_input, "lines", "needs one or more");
  if (request.lines.size() > most_lines) {
    return unexpected(error_at(Errc::too_large, "lines", std::nullopt,
                               static_cast<double>(request.lines.size()), "must be at most 4"));
  }
  for (std::size_t i = 0; i < request.lines.size(); ++i) {
    if (auto ok = check_line(request.lines[i], "lines[" + std::to_string(i) + "]"); !ok) return ok;
  }
  for (std::size_t i = 1; i < request.lines.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      if (request.lines[i].what.id != request.lines[k].what.id) continue;
      return unexpected(error_at(Errc::duplicate, "lines[" + std::to_string(i) + "].substance",
                                 std::nullopt, request.lines[i].what.name,
                                 "has a line already: all its intakes stand in one"));
    }
  }
  if (request.calendar.start < request.made_on) {
    return unexpected(error_at(Errc::contradiction, "calendar.start", std::nullopt,
                               request.calendar.start.iso(),
                               "must not lie before made_on, " + request.made_on.iso() +
                                   ": what has been taken is no plan"));
  }
  if (auto ok = check_calendar(request.calendar); !ok) return ok;
  if (auto ok = check_substitution(request); !ok) return ok;
  for (std::size_t i = 0; i < request.guidelines.size(); ++i) {
    const auto& limits = pace_limits();
    const bool known = std::any_of(limits.begin(), limits.end(), [&](const PaceLimit& limit) {
      return limit.rule->id == request.guidelines[i];
    });
    if (!known) {
      return unexpected(error_at(Errc::unknown_name, "guidelines", i, request.guidelines[i],
                                 "is not a pace limit"));
    }
  }
  const auto score = [](const std::optional<int>& value, int most,
                        std::string_view field) -> Result<void> {
    if (value && (*value < 0 || *value > most)) {
      return unexpected(error_at(Errc::out_of_range, field, std::nullopt,
                                 static_cast<double>(*value),
                                 "must be 0 to " + std::to_string(most)));
    }
    return {};
  };
  if (auto ok = score(request.facts.sadq, 60, "facts.sadq"); !ok) return ok;
  if (auto ok = score(request.facts.pawss, 10, "facts.pawss"); !ok) return ok;
  for (const auto& number :
       {request.facts.months_of_use, request.facts.age_years, request.facts.mme_a_day}) {
    if (number && !(std::isfinite(*number) && *number >= 0)) {
      return unexpected(error_at(Errc::out_of_range, "facts", std::nullopt, *number,
                                 "must be a number of 0 or more"));
    }
  }
  return {};
}

}  // namespace ombre::inline v0::plans
