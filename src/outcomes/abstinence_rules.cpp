#include "ombre/outcomes/abstinence_rules.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <string_view>
#include <unordered_set>

namespace ombre::inline v0::outcomes {
namespace {

constexpr std::int32_t max_days = 100'000;
constexpr double max_amount = 1e100;  // sums and lines between amounts then stay finite

std::optional<Error> check_finite(double value, std::string_view field) {
  if (std::isfinite(value)) return std::nullopt;
  return error_at(Errc::not_finite, field, std::nullopt, value, "must be a finite number");
}

std::optional<Error> check_amount(double value, std::string_view field) {
  if (auto e = check_finite(value, field)) return e;
  if (value >= 0 && value <= max_amount) return std::nullopt;
  return error_at(Errc::out_of_range, field, std::nullopt, value,
                  value < 0 ? "must be 0 or more" : "must be at most 1e100");
}

std::optional<Error> check_days(std::int32_t value, std::int32_t lowest, std::string_view field) {
  if (value >= lowest && value <= max_days) return std::nullopt;
  return error_at(Errc::out_of_range, field, std::nullopt, value,
                  "must be from " + std::to_string(lowest) + " to 100000");
}

std::optional<Error> check_outliers(const std::optional<OutlierRule>& rule,
                                    const std::string& field) {
  if (!rule) return std::nullopt;
  if (auto e = check_finite(rule->lowest, field + ".lowest")) return e;
  if (auto e = check_finite(rule->highest, field + ".highest")) return e;
  if (rule->lowest <= rule->highest) return std::nullopt;
  return error_at(Errc::out_of_range, field + ".highest", std::nullopt, rule->highest,
                  "must not be below the lowest (" + shortest(rule->lowest) + ")");
}

std::optional<Error> check(const LapseCriterion& lapse, const std::string& field) {
  if (lapse.kind == LapseKind::any) {
    if (!lapse.window_days) return std::nullopt;
    return error_at(Errc::contradiction, field, std::nullopt, *lapse.window_days,
                    "a lapse by any use has no window");
  }
  if (auto e = check_finite(lapse.threshold, field)) return e;
  if (!(lapse.threshold > 0)) {
    return error_at(Errc::out_of_range, field, std::nullopt, lapse.threshold,
                    "must be more than 0");
  }
  if (lapse.kind == LapseKind::days &&
      (lapse.threshold != std::floor(lapse.threshold) || lapse.threshold > max_days)) {
    return error_at(Errc::out_of_range, field, std::nullopt, lapse.threshold,
                    "must be a whole number of days up to 100000");
  }
  if (lapse.window_days) return check_days(*lapse.window_days, 1, field);
  return std::nullopt;
}

std::string_view take_word(std::string_view& rest) {
  while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
  std::size_t n = 0;
  while (n < rest.size() && rest[n] != ' ' && rest[n] != '/') ++n;
  const std::string_view word = rest.substr(0, n);
  rest.remove_prefix(n);
  while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
  return word;
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end.ec != std::errc{} || end.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

bool is_days(std::string_view word) { return word == "days" || word == "day"; }

}  // namespace

std::string_view name(DuplicateRule rule) noexcept {
  switch (rule) {
    case DuplicateRule::keep:
      return "keep";
    case DuplicateRule::min:
      return "min";
    case DuplicateRule::max:
      return "max";
    case DuplicateRule::mean:
      return "mean";
    case DuplicateRule::drop_all:
      return "drop_all";
  }
  return "keep";
}

std::string_view name(GapFill fill) noexcept {
  switch (fill) {
    case GapFill::none:
      return "none";
    case GapFill::linear:
      return "linear";
    case GapFill::uniform:
      return "uniform";
    case GapFill::fixed:
      return "fixed";
  }
  return "none";
}

std::string_view name(LastRecord rule) noexcept {
  switch (rule) {
    case LastRecord::none:
      return "none";
    case LastRecord::carry_forward:
      return "carry_forward";
    case LastRecord::fixed:
      return "fixed";
  }
  return "none";
}

std::string_view name(GapLimitRule rule) noexcept {
  switch (rule) {
    case GapLimitRule::documented:
      return "documented";
    case GapLimitRule::published:
      return "published";
  }
  return "documented";
}

std::string_view name(VisitFill fill) noexcept {
  switch (fill) {
    case VisitFill::none:
      return "none";
    case VisitFill::most_frequent:
      return "most_frequent";
    case VisitFill::mean:
      return "mean";
    case VisitFill::table:
      return "table";
  }
  return "none";
}

std::string_view name(AbstinenceMode mode) noexcept {
  switch (mode) {
    case AbstinenceMode::intention_to_treat:
      return "intention_to_treat";
    case AbstinenceMode::responders_only:
      return "responders_only";
  }
  return "intention_to_treat";
}

std::string_view name(AbstinenceKind kind) noexcept {
  switch (kind) {
    case AbstinenceKind::continuous:
      return "continuous";
    case AbstinenceKind::point_prevalence:
      return "point_prevalence";
    case AbstinenceKind::prolonged:
      return "prolonged";
  }
  return "continuous";
}

std::string_view name(LapseAt at) noexcept {
  switch (at) {
    case LapseAt::published:
      return "published";
    case LapseAt::at_least:
      return "at_least";
    case LapseAt::more_than:
      return "more_than";
  }
  return "published";
}

std::string_view name(LapseWindow window) noexcept {
  switch (window) {
    case LapseWindow::rows:
      return "rows";
    case LapseWindow::days:
      return "days";
  }
  return "rows";
}

Result<void> validate(const AbstinenceRules& rules) {
  if (auto e = check_amount(rules.cutoff, "cutoff")) return unexpected(*std::move(e));
  if (auto e = check_outliers(rules.outliers, "outliers")) return unexpected(*std::move(e));
  if (rules.gaps == GapFill::fixed) {
    if (auto e = check_amount(rules.gap_amount, "gap_amount")) return unexpected(*std::move(e));
  }
  if (rules.gap_limit) {
    if (auto e = check_days(*rules.gap_limit, 0, "gap_limit")) return unexpected(*std::move(e));
  }
  if (rules.last_record == LastRecord::fixed) {
    if (auto e = check_amount(rules.last_amount, "last_amount")) return unexpected(*std::move(e));
  }
  if (rules.biochemical) {
    const BiochemicalRule& bio = *rules.biochemical;
    if (auto e = check_amount(bio.cutoff, "biochemical.cutoff")) return unexpected(*std::move(e));
    if (auto e = check_finite(bio.half_life_days, "biochemical.half_life_days")) {
      return unexpected(*std::move(e));
    }
    if (!(bio.half_life_days > 0)) {
      return unexpected(error_at(Errc::out_of_range, "biochemical.half_life_days", std::nullopt,
                                 bio.half_life_days, "must be more than 0"));
    }
    if (bio.max_days < 0 || bio.max_days > 366) {
      return unexpected(error_at(Errc::out_of_range, "biochemical.max_days", std::nullopt,
                                 bio.max_days, "must be from 0 to 366"));
    }
    if (auto e = check_outliers(bio.outliers, "biochemical.outliers")) {
      return unexpected(*std::move(e));
    }
    if (bio.overridden_amount) {
      if (auto e = check_amount(*bio.overridden_amount, "biochemical.overridden_amount")) {
        return unexpected(*std::move(e));
      }
    }
  }
  if (rules.visits == VisitFill::table && rules.visit_table.empty()) {
    return unexpected(error_of(Errc::missing, "visit_table", "needs at least one visit"));
  }
  std::unordered_set<std::string_view> visits;
  for (std::size_t i = 0; i < rules.visit_table.size(); ++i) {
    const std::string field = "visit_table[" + std::to_string(i) + "]";
    const auto& [visit, days] = rules.visit_table[i];
    if (visit.empty()) return unexpected(error_of(Errc::missing, field, "must name a visit"));
    if (auto e = check_days(days, -max_days, field)) return unexpected(*std::move(e));
    if (!visits.insert(visit).second) {
      return unexpected(error_at(Errc::duplicate, field, std::nullopt, visit, "is listed twice"));
    }
  }
  if (rules.anchor_visit && rules.anchor_visit->empty()) {
    return unexpected(error_of(Errc::missing, "anchor_visit", "must name a visit"));
  }
  return {};
}

Result<LapseCriterion> parse_lapse(std::string_view text) {
  const auto refuse = [&](Errc code, std::string_view why) {
    return unexpected(error_at(code, "lapse", std::nullopt, text, why));
  };
  constexpr std::string_view form =
      "must be like \"no lapse\", \"5 units\", \"3 days\", \"5 units/7 days\" or "
      "\"3 days/7 days\"";
  std::string_view rest = text;
  const std::string_view first = take_word(rest);
  const std::string_view unit = take_word(rest);
  LapseCriterion out;
  if (first == "no") {
    if (unit != "lapse" || !rest.empty()) return refuse(Errc::malformed, form);
    return out;
  }
  const auto threshold = number(first);
  if (!threshold || unit.empty()) return refuse(Errc::malformed, form);
  out.kind = is_days(unit) ? LapseKind::days : LapseKind::amount;
  out.threshold = *threshold;
  if (!rest.empty()) {
    if (rest.front() != '/') return refuse(Errc::malformed, form);
    rest.remove_prefix(1);
    const auto days = number(take_word(rest));
    if (!days || !is_days(take_word(rest)) || !rest.empty()) return refuse(Errc::malformed, form);
    if (!(*days >= 1 && *days <= max_days) || *days != std::floor(*days)) {
      return refuse(Errc::out_of_range, "the window must be a whole number of days, 1 to 100000");
    }
    out.window_days = static_cast<std::int32_t>(*days);
  }
  if (auto e = check(out, "lapse")) return refuse(e->code, e->rule);
  return out;
}

std::string text(const LapseCriterion& criterion) {
  if (criterion.kind == LapseKind::any) return "no lapse";
  std::string out = shortest(criterion.threshold);
  out += criterion.kind == LapseKind::days ? " days" : " units";
  if (criterion.window_days) out += '/' + std::to_string(*criterion.window_days) + " days";
  return out;
}

std::string default_id(const AbstinenceMeasure& measure) {
  const std::string end = "_v" + measure.end_visit;
  switch (measure.kind) {
    case AbstinenceKind::continuous:
      return "cont_v" + measure.start_visit + end;
    case AbstinenceKind::point_prevalence:
      return "pp" + std::to_string(measure.days) + end;
    case AbstinenceKind::prolonged:
      break;
  }
  std::string out =
      "prol_q" + measure.start_visit + "_g" + std::to_string(measure.grace_days) + '_';
  if (measure.lapse.kind == LapseKind::any) {
    out += "nolapse";
  } else {
    out += shortest(measure.lapse.threshold);
    out += measure.lapse.kind == LapseKind::days ? "days" : "units";
    if (measure.lapse.window_days) {
      out += "_per_" + std::to_string(*measure.lapse.window_days) + "days";
    }
  }
  return out + end;
}

Result<void> validate(const AbstinenceMeasure& measure) {
  if (measure.id.empty()) return unexpected(error_of(Errc::missing, "id", "must not be empty"));
  if (measure.end_visit.empty()) {
    return unexpected(error_of(Errc::missing, "end_visit", "must name a visit"));
  }
  if (measure.kind == AbstinenceKind::point_prevalence) {
    if (!measure.start_visit.empty()) {
      return unexpected(error_at(Errc::contradiction, "start_visit", std::nullopt,
                                 measure.start_visit, "point prevalence has no start visit"));
    }
    if (auto e = check_days(measure.days, 1, "days")) return unexpected(*std::move(e));
    return {};
  }
  if (measure.start_visit.empty()) {
    return unexpected(error_of(
        Errc::missing, measure.kind == AbstinenceKind::prolonged ? "quit_visit" : "start_visit",
        "must name a visit"));
  }
  if (measure.kind == AbstinenceKind::prolonged) {
    if (auto e = check_days(measure.grace_days, 0, "grace_days")) return unexpected(*std::move(e));
    if (auto e = check(measure.lapse, "lapse")) return unexpected(*std::move(e));
  }
  return {};
}

}  // namespace ombre::inline v0::outcomes
