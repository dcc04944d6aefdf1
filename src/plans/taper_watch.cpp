// What the steps of a plan raise: pace, abrupt stops, and the warnings every plan is checked for.
#include <algorithm>
#include <array>
#include <charconv>

#include "ombre/plans/taper_guard.hpp"
#include "taper_found.hpp"
#include "taper_series.hpp"
#include "taper_sources.hpp"

namespace ombre::inline v0::plans {
namespace {

using detail::noted;
using detail::refused;
using detail::warned;
using C = substance::Class;

// At most two decimals: what a person reads, not what is compared.
std::string two(double value) {
  std::array<char, 40> text{};
  auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, 2).ptr;
  std::string out{text.data(), end};
  while (out.back() == '0') out.pop_back();
  if (out.back() == '.') out.pop_back();
  return out;
}

std::string days_text(std::int64_t days) {
  return std::to_string(days) + (days == 1 ? " day" : " days");
}

std::string_view unit_of(const PaceLimit& limit, const TaperLine& line) {
  switch (limit.measure) {
    case PaceMeasure::percent_of_current:
      return "% of the dose before";
    case PaceMeasure::percent_of_original:
      return "% of the first dose";
    case PaceMeasure::amount:
      return name(line.intakes.front().amount.unit());
    case PaceMeasure::diazepam_mg:
      return "mg of diazepam";
  }
  return "";
}

void pace(const TaperRequest& request, const TaperVersion& version, std::size_t line, Date from,
          std::vector<RuleFinding>& out) {
  // What is replaced does not taper: its pace is that of both together, looked at in line 1.
  if (request.substitution && line == 0) return;
  for (const PaceLimit* limit : limits_for(request, version.facts, line)) {
    const auto worst = fastest(request, version, line, *limit, from);
    if (!worst || !worst->exceeded) continue;
    const std::string unit{unit_of(*limit, request.lines[line])};
    std::string days = std::to_string(limit->window_days);
    std::string text = request.lines[line].what.name + " goes down by " + two(worst->measured) +
                       " " + unit +
                       (limit->window_days > 1 ? " within " + days + " days" : " at once") +
                       " (up to " + two(limit->limit) + ")";
    if (request.lines[line].per == Per::week && limit->measure == PaceMeasure::amount) {
      text += ", a day on average";
    }
    if (limit->rule->confidence == Confidence::proposal &&
        limit->rule->source != &sources::ombre_proposal) {
      text += " (the rule is the guideline's, this number is ours)";
    }
    RuleFinding f =
        detail::found(limit->rule->id, limit->beyond,
                      limit->beyond == Answer::refused                ? Severity::danger
                      : limit->beyond == Answer::allowed_with_warning ? Severity::warning
                                                                      : Severity::note,
                      std::move(text));
    f.measured = worst->measured;
    f.limit = limit->limit;
    f.unit = unit;
    f.on = worst->on;
    if (worst->step > 0) f.step = worst->step;
    out.push_back(std::move(f));
  }
}

// A stop is abrupt when it comes from more than what may be left out at the end, or when more than
// twice that was still taken within the 14 days before it: one short step in between is no taper.
void abrupt_stop(const TaperRequest& request, const TaperVersion& version, std::size_t line,
                 Date from, std::vector<RuleFinding>& out) {
  const TaperLine& asked = request.lines[line];
  const TaperSubstance& what = asked.what;
  if (!detail::class_a(what)) return;
  constexpr int stop_window_days = 14;
  if (request.substitution && line == 0) return;  // another medicine takes its place
  const auto series = detail::dose_series(request, version, line);
  const double scale = 1e6 * detail::day_scale * (asked.per == Per::week ? 7 : 1);
  // Today's dose or the plan's largest, never an original that somebody only typed.
  std::int64_t largest = 1;
  for (const auto& change : series) largest = std::max(largest, change.scaled);
  for (std::size_t i = 1; i < series.size(); ++i) {
    if (series[i].scaled != 0 || series[i - 1].scaled == 0 || series[i].first < from) continue;
    std::int64_t recent = 0;  // the most that was taken on one of the days before
    for (std::size_t j = 0; j < i; ++j) {
      if ((series[i].first - series[j + 1].first).count() < stop_window_days) {
        recent = std::max(recent, series[j].scaled);
      }
    }
    double per_unit = 0;
    double limit = 0;
    std::string unit;
    if (detail::sedative(what) && what.diazepam_mg_high) {
      per_unit = *what.diazepam_mg_high / scale;
      limit = 1;  // Ashton stops from 0.5 to 1 mg of diazepam
      unit = "mg of diazepam a day";
    } else if (what.cls == C::alcohol && what.ethanol_g_per_unit) {
      per_unit = *what.ethanol_g_per_unit / scale;
      limit = 20;
      unit = "g of ethanol a day";
    } else {
      per_unit = 100.0 / static_cast<double>(largest);
      limit = 10;
      unit = "% of the largest dose";
    }
    double amount = static_cast<double>(series[i - 1].scaled) * per_unit;
    std::string text;
    if (amount > limit * (1 + 1e-9)) {
      text = what.name + " stops from " + two(amount) + " " + unit +
             "; the last step may start from " + two(limit) +
             " at most (the rule is the guideline's, this number is ours)";
    } else {
      amount = static_cast<double>(recent) * per_unit;
      limit *= 2;
      if (amount <= limit * (1 + 1e-9)) continue;
      text = what.name + " goes from " + two(amount) + " " + unit + " to nothing within " +
             std::to_string(stop_window_days) + " days; the last " +
             std::to_string(stop_window_days) + " days may start from " + two(limit) +
             " at most (the rule is the guideline's, this number is ours)";
    }
    RuleFinding f = refused("class_a_abrupt_stop", std::move(text));
    f.measured = amount;
    f.limit = limit;
    f.unit = unit;
    f.on = series[i].first;
    if (series[i - 1].step > 0) f.step = series[i - 1].step;
    out.push_back(std::move(f));
    return;
  }
}

// An opioid against pain that stops at once or drops fast from a high dose. (As treatment: a limit
// of its own.) CDC's own rows for use of days to weeks are faster, and so is the VA's rapid taper,
// which belongs in hospital.
void opioid_stop(const TaperRequest& request, const TaperVersion& version, std::size_t line,
                 Date from, std::vector<RuleFinding>& out) {
  const TaperSubstance& what = request.lines[line].what;
  if (what.cls != C::opioid || known_agonist_treatment(what)) return;
  if (request.substitution && line == 0) return;  // another medicine takes its place
  if (version.facts.months_of_use && *version.facts.months_of_use < 1) return;
  constexpr double limit = 50;
  constexpr int window_days = 14;
  const auto series = detail::dose_series(request, version, line);
  std::int64_t largest = 1;
  for (const auto& change : series) largest = std::max(largest, change.scaled);
  for (std::size_t i = 1; i < series.size(); ++i) {
    if (series[i].first < from) continue;
    std::int64_t before = 0;  // the most that was taken on one of the days before
    for (std::size_t j = i; j >= 1; --j) {
      if ((series[i].first - series[j].first).count() >= window_days) break;
      before = std::max(before, series[j - 1].scaled);
    }
    const double share =
        100.0 * static_cast<double>(before - series[i].scaled) / static_cast<double>(largest);
    if (share <= limit * (1 + 1e-9)) continue;
    const bool ward = version.facts.supervision == Supervision::inpatient;
    RuleFinding f =
        detail::found("opioid_abrupt_stop", ward ? Answer::allowed_with_warning : Answer::refused,
                      ward ? Severity::warning : Severity::danger,
                      what.name + " goes down by " + two(share) + " % of the largest dose within " +
                          std::to_string(window_days) + " days; " + two(limit) +
                          " % at most (the rule is the guideline's, this number is ours)");
    f.measured = share;
    f.limit = limit;
    f.unit = "% of the largest dose";
    f.on = series[i].first;
    if (series[i].step > 0) f.step = series[i].step;
    out.push_back(std::move(f));
    return;
  }
}

// Medicines outside the classes above whose sudden stop harms: over how many days at least.
struct SlowStop {
  std::string_view id;
  int days;
  std::string_view harm;
  const Source* source;
  // The labels of gabapentinoids name a least time, so less is refused. The others advise a slow
  // stop and know reasons to stop at once (clozapine without white blood cells): a warning.
  std::string_view rule = "stop_slowly";
  Answer answer = Answer::allowed_with_warning;
  double small_mg = 0;  // the guideline's own step in mg: who takes no more may stop from it
};
constexpr std::string_view stops_of_gabapentinoids =
    "seizures, sweating and sleeplessness can follow";
constexpr std::array slow_stops{
    SlowStop{"clonidine", 4, "blood pressure can rebound dangerously", &sources::clonidine_label},
    SlowStop{"clozapine", 14, "psychosis can come back fast, with sweating, nausea and confusion",
             &sources::clozapine_label},
    SlowStop{"lithium", 28, "mania or depression can come back, and thoughts of suicide with it",
             &sources::nice_cg185},
    SlowStop{"gabapentin", 7, stops_of_gabapentinoids, &sources::gabapentinoid_label,
             "gabapentinoid_stop_over_a_week", Answer::refused, 300},
    SlowStop{"pregabalin", 7, stops_of_gabapentinoids, &sources::gabapentinoid_label,
             "gabapentinoid_stop_over_a_week", Answer::refused, 100},
};

void slow_stop(const TaperRequest& request, const TaperVersion& version, std::size_t line,
               Date from, std::vector<RuleFinding>& out) {
  const TaperSubstance& what = request.lines[line].what;
  const auto at = std::ranges::find(slow_stops, std::string_view{what.id}, &SlowStop::id);
  if (at == slow_stops.end()) return;
  const auto series = detail::dose_series(request, version, line);
  std::int64_t largest = 0;
  for (std::size_t i = 1; i < series.size(); ++i) {
    largest = std::max(largest, series[i - 1].scaled);
    if (series[i].scaled != 0 || series[i - 1].scaled == 0 || series[i].first < from) continue;
    // The steps down last from the day on which three quarters or more are taken for the last time.
    int lasts = 0;
    for (std::size_t j = 0; j < i; ++j) {
      if (series[j].scaled * 4 > largest * 3) {
        lasts = (series[i].first - series[j + 1].first).count();
      }
    }
    if (lasts >= at->days) continue;
    const bool in_mg = request.lines[line].intakes.front().amount.unit() == DoseUnit::mg;
    if (in_mg && static_cast<double>(largest) <= at->small_mg * 1e6 * detail::day_scale) continue;
    RuleFinding f = detail::found(
        at->rule, at->answer, Severity::danger,
        what.name +
            (lasts == 0 ? std::string{" stops at once"}
                        : " goes from its full dose to nothing in " + std::to_string(lasts) +
                              (lasts == 1 ? " day" : " days")) +
            ": " + std::string{at->harm} + ". Over " + std::to_string(at->days) +
            " days at least (" + std::string{at->source->id} + ")");
    f.measured = lasts;
    f.limit = at->days;
    f.unit = "days";
    f.on = series[i].first;
    if (series[i - 1].step > 0) f.step = series[i - 1].step;
    out.push_back(std::move(f));
    return;
  }
}

void effect(const TaperRequest& request, const TaperVersion& version, std::size_t line, Date from,
            std::vector<RuleFinding>& out) {
  const auto& curve = request.lines[line].what.curve;
  if (!curve || !version.ends || *version.ends < from) return;
  if (!version.after[line].is_zero() || version.steps.empty()) return;
  double largest = 0;
  for (const TaperStep& step : version.steps) {
    largest = std::max(largest, step.doses[line].effect_drop.value_or(0));
  }
  const double last = version.steps.back().doses[line].effect.value_or(0);
  if (largest <= 0 || last <= largest * (1 + 1e-6)) return;
  RuleFinding f =
      warned("last_step_bigger_in_effect",
             "The last step to zero loses " + two(100 * last) +
                 " points of effect; the largest step before it loses " + two(100 * largest));
  f.measured = 100 * last;
  f.limit = 100 * largest;
  f.unit = "points of effect";
  f.on = *version.ends;
  out.push_back(std::move(f));
}

void settling(const TaperRequest& request, const TaperVersion& version, std::size_t line, Date from,
              std::vector<RuleFinding>& out) {
  const TaperSubstance& what = request.lines[line].what;
  const auto longest = longest_active(what.species);
  for (const TaperStep& step : version.steps) {
    if (step.last < from) continue;
    const LineDose& dose = step.doses[line];
    if (dose.every_n_days > 1 && !dose.amount.is_zero() && what.prescribed) {
      const double gap = 24.0 * dose.every_n_days;
      if (!longest || what.species[*longest].half_life.mid_hours() < gap) {
        RuleFinding f = longest
                            ? refused("alternate_days_short_half_life",
                                      what.name + " every " + std::to_string(dose.every_n_days) +
                                          " days means going without in between")
                            : warned("alternate_days_short_half_life",
                                     what.name + " every " + std::to_string(dose.every_n_days) +
                                         " days: its half-life is not known here");
        if (longest) f.measured = what.species[*longest].half_life.mid_hours();
        f.limit = gap;
        f.unit = "hours of half-life";
        f.on = step.first;
        f.step = step.id;
        out.push_back(std::move(f));
        break;
      }
    }
  }
  if (!longest) return;
  const double needed = days_before_judging(what.species[*longest].half_life);
  for (const TaperStep& step : version.steps) {
    const bool moved = step.doses[line].cut_percent_of_current.value_or(0) != 0;
    if (step.last < from || !moved || step.days().count() >= needed) continue;
    RuleFinding f = noted("step_shorter_than_5_half_lives",
                          "A step of " + days_text(step.days().count()) + " ends before " +
                              what.species[*longest].name + " has settled (" + two(needed) +
                              " days): how it feels on the last day is partly the step before");
    f.measured = step.days().count();
    f.limit = needed;
    f.unit = "days";
    f.on = step.first;
    f.step = step.id;
    out.push_back(std::move(f));
    return;
  }
}

// The label's interval between steps, for opioids taken against pain.
void label_interval(const TaperRequest& request, const TaperVersion& version, std::size_t line,
                    Date from, std::vector<RuleFinding>& out) {
  const TaperSubstance& what = request.lines[line].what;
  if (what.cls != C::opioid || known_agonist_treatment(what) || !what.prescribed) return;
  for (const TaperStep& step : version.steps) {
    const double cut = step.doses[line].cut_percent_of_current.value_or(0);
    if (step.last < from || cut <= 0 || step.days().count() >= 14) continue;
    RuleFinding f =
        noted("fda_two_weeks_between_steps", "A step of " + days_text(step.days().count()) +
                                                 " is shorter than the label's 2 to 4 weeks");
    f.measured = step.days().count();
    f.limit = 14;
    f.unit = "days";
    f.on = step.first;
    f.step = step.id;
    out.push_back(std::move(f));
    return;
  }
}

void rounding(const TaperRequest& request, const TaperVersion& version, std::size_t line, Date from,
              std::vector<RuleFinding>& out) {
  if (request.lines[line].products.empty()) return;
  std::int64_t most = 0;
  const TaperStep* where = nullptr;
  int up = 0;
  for (const TaperStep& step : version.steps) {
    if (step.last < from) continue;
    const std::int64_t error = step.doses[line].rounding.micro;
    // What is invisible at four decimals is arithmetic, not rounding up.
    if (error > 50) ++up;
    if (error > most) {
      most = error;
      where = &step;
    }
  }
  if (up == 0 || where == nullptr) return;
  const LineDose& dose = where->doses[line];
  RuleFinding f = noted("rounded_up", std::to_string(up) + (up == 1 ? " dose lies" : " doses lie") +
                                          " above what the rule asks for, by at most " +
                                          two(dose.rounding.value()) + " " +
                                          std::string{name(dose.amount.unit())});
  f.measured = dose.rounding.value();
  f.unit = name(dose.amount.unit());
  f.on = where->first;
  f.step = where->id;
  out.push_back(std::move(f));
}

bool free_day(const TaperCalendar& calendar, Date day) {
  return day.weekday() >= Weekday::saturday ||
         std::binary_search(calendar.free_days.begin(), calendar.free_days.end(), day);
}

void calendar(const TaperRequest& request, const TaperVersion& version, Date from,
              std::vector<RuleFinding>& out) {
  if (version.ends && *version.ends >= from && free_day(request.calendar, *version.ends)) {
    RuleFinding f =
        noted("ends_on_free_day",
              "The first day after the plan, " + version.ends->iso() + ", is a weekend or holiday");
    f.on = *version.ends;
    out.push_back(std::move(f));
  }
  const bool dispensed = std::ranges::any_of(
      request.lines, [](const TaperLine& line) { return !line.products.empty(); });
  if (!dispensed || version.steps.empty()) return;
  const Days period{request.calendar.prescription_days};
  Date due = version.steps.front().first + period;
  // Dates end at Date::max(), where a further period changes nothing any more.
  for (; due <= version.steps.back().last && due < Date::max(); due = due + period) {
    if (due < from || !free_day(request.calendar, due)) continue;
    RuleFinding f = noted("prescription_gap", "A new prescription begins on " + due.iso() +
                                                  ", a weekend or holiday: hand it out before");
    f.on = due;
    out.push_back(std::move(f));
    return;
  }
}

void mixtures(const TaperRequest& request, const SafetyFacts& facts,
              std::vector<RuleFinding>& out) {
  SafetyFacts f = facts;
  bool methadone = false;
  double mme = 0;
  bool opioid_line = false;
  bool other_sedative = false;
  for (const TaperLine& line : request.lines) {
    if (line.what.cls == C::opioid) {
      f.takes_opioid = true;
      opioid_line = true;
      // Thresholds of MME do not apply to agonist treatment.
      if (line.what.mme_per_unit && !known_agonist_treatment(line.what)) {
        if (const auto amount = present_amount(line)) {
          mme += amount->value() * *line.what.mme_per_unit;
        }
      }
      f.returning_after_tolerance_loss = true;  // a taper lowers tolerance
    }
    if (detail::sedative(line.what)) f.takes_benzodiazepine = true;
    if (line.what.cls == C::alcohol) f.takes_alcohol = true;
    other_sedative |= line.what.cls == C::barbiturate || line.what.cls == C::gabapentinoid ||
                      line.what.cls == C::ghb || line.what.cls == C::gaba_b_agonist;
    methadone |= line.what.id == "methadone";
  }
  // A stated figure below that of the lines does not hide a reason.
  mme = std::max(mme, facts.mme_a_day.value_or(0));
  if (mme > 0) f.mme_a_day = mme;

  const int together = static_cast<int>(f.takes_opioid.value_or(false)) +
                       static_cast<int>(f.takes_benzodiazepine.value_or(false)) +
                       static_cast<int>(other_sedative) +
                       static_cast<int>(f.takes_alcohol.value_or(false));
  if (together >= 2) {
    out.push_back(warned("co_use_opioid_benzodiazepine_alcohol",
                         other_sedative
                             ? "Two or more of opioid, benzodiazepine, another sedative and "
                               "alcohol are taken: together they can stop breathing, most of all "
                               "after a pause"
                             : "Two or more of opioid, benzodiazepine and alcohol are taken: "
                               "together they can stop breathing, most of all after a pause",
                         Severity::danger));
  }
  const auto reasons = naloxone_reasons(f);
  if ((opioid_line || !reasons.empty()) && !f.naloxone_at_hand.value_or(false) &&
      !reasons.empty()) {
    std::string text = "Naloxone is not known to be at hand. Reasons to have it: ";
    for (std::size_t i = 0; i < reasons.size(); ++i) {
      if (i > 0) text += "; ";
      text += reasons[i].says;
    }
    out.push_back(warned("naloxone_missing", std::move(text), Severity::danger));
  }
  if (methadone) {
    if (f.qt_risk.value_or(false)) {
      out.push_back(warned("qt_methadone",
                           "Methadone with another risk for the heart's rhythm: an ECG belongs to "
                           "the plan"));
    } else {
      out.push_back(noted("qt_methadone",
                          "Methadone can lengthen the QT interval: ask about other "
                          "medicines and the heart"));
    }
  }
}

}  // namespace

std::vector<RuleFinding> plan_findings(const TaperRequest& request, const TaperVersion& version,
                                       Date from) {
  std::vector<RuleFinding> out;
  for (std::size_t line = 0; line < request.lines.size(); ++line) {
    pace(request, version, line, from, out);
    abrupt_stop(request, version, line, from, out);
    slow_stop(request, version, line, from, out);
    opioid_stop(request, version, line, from, out);
    effect(request, version, line, from, out);
    settling(request, version, line, from, out);
    label_interval(request, version, line, from, out);
    rounding(request, version, line, from, out);
  }
  calendar(request, version, from, out);
  mixtures(request, version.facts, out);
  return out;
}

}  // namespace ombre::inline v0::plans
