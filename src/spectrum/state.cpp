#include "ombre/spectrum/state.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>

#include "core/cited.hpp"
#include "ombre/core/quantities.hpp"
#include "ombre/spectrum/who_rdl.hpp"

namespace ombre::inline v0::spectrum {
namespace {

using enum SpectrumState;
using enum RuleAnswer;
using substance::Class;

constexpr const Source& ours = cited::ombre_proposal;
constexpr Source screens{"who-screens",
                         "WHO AUDIT manual (2001), WHO ASSIST manual version 3.1 (2010), Skinner, "
                         "DAST-10 (1982): bands of the instruments",
                         "2001-2010"};
constexpr Source dsm{"dsm-5-tr-icd-11", "DSM-5-TR criteria count; ICD-11 dependence", "2022"};

RuleAnswer from(const std::optional<bool>& fact) noexcept {
  if (!fact) return not_known;
  return *fact ? yes : no;
}
RuleAnswer both(RuleAnswer a, RuleAnswer b) noexcept {
  if (a == no || b == no) return no;
  return a == yes && b == yes ? yes : not_known;
}
RuleAnswer either(RuleAnswer a, RuleAnswer b) noexcept {
  if (a == yes || b == yes) return yes;
  return a == no && b == no ? no : not_known;
}
RuleAnswer negated(RuleAnswer a) noexcept { return a == yes ? no : a == no ? yes : not_known; }

RuleAnswer at_least(int least, int most, int wanted) noexcept {
  if (least >= wanted) return yes;
  return most < wanted ? no : not_known;
}
RuleAnswer reaches(const std::optional<double>& value, double wanted) noexcept {
  if (!value) return not_known;
  return *value >= wanted ? yes : no;
}

std::string percent(double share) { return shortest(std::round(share * 1000) / 10) + " %"; }

// Share of days with use: what is known, and the range the unknown days leave.
struct Frequency {
  double low = 0;
  double high = 0;
  [[nodiscard]] RuleAnswer from(double share) const noexcept {
    if (low >= share) return yes;
    return high < share ? no : not_known;
  }
  [[nodiscard]] RuleAnswer below(double share) const noexcept { return negated(from(share)); }
};

class Asking {
 public:
  Asking(const UseWindow& w, const UseFacts& f, const StateRules& r) : w_{w}, f_{f}, r_{r} {
    const auto n = static_cast<double>(w.days);
    few_ = static_cast<double>(w.observed) < r.least_observed * n;
    if (few_) {
      frequency_ = {w.use_days / n, (w.use_days + (w.days - w.observed)) / n};
    } else {
      const double share = w.use_days / static_cast<double>(w.observed);
      frequency_ = {share, share};
    }
  }

  SpectrumReport answer() {
    SpectrumReport out;
    out.window = w_;
    out.few_days_known = few_;
    out.on_prescribed_agonist = f_.on_prescribed_agonist.value_or(false);
    out.in_controlled_environment = w_.controlled_days == w_.days;
    pattern(out);
    const std::array<std::pair<SpectrumState, std::function<StateReason()>>, 10> asked{{
        {chaotic, [this] { return ask_chaotic(); }},
        {dependent_unstable, [this] { return ask_dependent(false); }},
        {dependent_stable, [this] { return ask_dependent(true); }},
        {harmful, [this] { return ask_harmful(); }},
        {heavy, [this] { return ask_heavy(); }},
        {regular, [this] { return ask_regular(); }},
        {circumstantial, [this] { return ask_circumstantial(); }},
        {experimental, [this] { return ask_experimental(); }},
        {occasional, [this] { return ask_occasional(); }},
        {abstinent, [this] { return ask_abstinent(); }},
    }};
    const RuleAnswer none = ask_abstinent().answer;
    for (const auto& [state, ask] : asked) {
      // Abstinent is said by the days alone; criteria of the past year do not speak against it.
      if (none == yes && state != abstinent) continue;
      StateReason reason = ask();
      reason.state = state;
      if (reason.answer == yes && state != abstinent && none != no && state < harmful) {
        reason.answer = not_known;  // without a day of use nothing of this is certain
      }
      const RuleAnswer said = reason.answer;
      out.reasons.push_back(std::move(reason));
      if (said == no) continue;
      out.possible.add(state);
      if (said == yes) break;
    }
    if (out.possible.empty()) {
      // Use was seen and every rule said no, which the thresholds of a caller can bring about.
      out.possible = out.by_pattern;
    }
    if (out.possible.size() == 1) out.state = out.possible.first();
    if (out.possible.has(abstinent)) out.abstinent_for = since();
    return out;
  }

 private:
  [[nodiscard]] AbstinentFor since() const noexcept {
    if (f_.never_used.value_or(false)) return AbstinentFor::never_used;
    if (!f_.days_since_last_use) return AbstinentFor::not_known;
    const int days = std::max(*f_.days_since_last_use, w_.days);
    if (days < 91) return AbstinentFor::under_three_months;
    return days <= 365 ? AbstinentFor::three_to_twelve_months : AbstinentFor::over_a_year;
  }

  // What the days alone say.
  void pattern(SpectrumReport& out) const {
    const RuleAnswer used = w_.use_days > 0 ? yes : few_ || w_.observed == 0 ? not_known : no;
    if (used != yes) out.by_pattern.add(abstinent);
    if (used == no) return;
    const RuleAnswer much = heavy_pattern();
    if (much != no) out.by_pattern.add(heavy);
    if (much == yes) return;
    const RuleAnswer often = frequency_.from(r_.occasional_below);
    if (often != no) out.by_pattern.add(regular);
    if (often == yes) return;
    out.by_pattern.add(occasional);
    const RuleAnswer tied = ::ombre::spectrum::from(f_.tied_to_situation);
    if (tied != no) out.by_pattern.add(circumstantial);
    if (first_times() != no) out.by_pattern.add(experimental);
  }

  [[nodiscard]] RuleAnswer first_times() const noexcept {
    const RuleAnswer few = f_.lifetime_occasions
                               ? (*f_.lifetime_occasions <= r_.experimental_occasions ? yes : no)
                               : not_known;
    return either(few, ::ombre::spectrum::from(f_.first_use_in_window));
  }

  [[nodiscard]] RuleAnswer criteria(int wanted) const noexcept {
    return at_least(f_.criteria.least, f_.criteria.most, wanted);
  }
  [[nodiscard]] std::string criteria_text() const {
    if (f_.criteria.least == f_.criteria.most) {
      return std::to_string(f_.criteria.least) + " criteria are met";
    }
    return std::to_string(f_.criteria.least) + " to " + std::to_string(f_.criteria.most) +
           " criteria may be met";
  }
  [[nodiscard]] std::string frequency_text() const {
    std::string out = "use on " + std::to_string(w_.use_days) + " of " +
                      std::to_string(w_.observed) + " known days";
    if (w_.observed < w_.days) out += " (" + std::to_string(w_.days) + " in the window)";
    return out;
  }

  [[nodiscard]] StateReason ask_chaotic() const {
    struct Sign {
      RuleAnswer answer;
      std::string_view says;
    };
    const std::array<Sign, 6> signs{{
        {reaches(f_.share_unplanned_days, r_.unplanned_share), "more than planned on many days"},
        {::ombre::spectrum::from(f_.overdose_or_hospital), "an overdose or a hospital stay"},
        {::ombre::spectrum::from(f_.no_place_to_sleep), "no stable place to sleep"},
        {reaches(f_.share_three_substances, r_.three_substances_share),
         "three or more substances on one day, on many days"},
        {f_.missed_of_last_four ? (*f_.missed_of_last_four >= r_.missed_contacts ? yes : no)
                                : not_known,
         "planned contacts missed"},
        {::ombre::spectrum::from(f_.new_legal_event), "a new legal event"},
    }};
    int held = 0;
    int open = 0;
    std::string text;
    for (const Sign& sign : signs) {
      if (sign.answer == yes) {
        ++held;
        text += (text.empty() ? "" : ", ") + std::string{sign.says};
      }
      if (sign.answer == not_known) ++open;
    }
    const RuleAnswer shaken = at_least(held, held + open, r_.chaos_signs);
    StateReason out;
    out.answer = both(criteria(r_.chaos_criteria), shaken);
    out.source = &ours;
    out.because = criteria_text() + " (from " + std::to_string(r_.chaos_criteria) +
                  "), and of six signs " + std::to_string(held) + " are seen" +
                  (text.empty() ? "" : " (" + text + ")") + ", " + std::to_string(open) +
                  " not known";
    return out;
  }

  [[nodiscard]] StateReason ask_dependent(bool stable) const {
    // A full count of criteria answers the question; ICD-11 is then asked only where it was said.
    const RuleAnswer counted = criteria(r_.dependent_criteria);
    const RuleAnswer dependent =
        counted == no && !f_.icd11_dependence
            ? no
            : either(counted, ::ombre::spectrum::from(f_.icd11_dependence));
    const RuleAnswer varies = reaches(w_.weekly_variation, r_.stable_variation);
    const RuleAnswer shaken = either(either(varies, negated(::ombre::spectrum::from(f_.housed))),
                                     either(::ombre::spectrum::from(f_.crisis_event),
                                            ::ombre::spectrum::from(f_.mixing_or_harms_rising)));
    StateReason out;
    out.answer = both(dependent, stable ? negated(shaken) : shaken);
    out.source = &dsm;
    out.because =
        criteria_text() + " (dependence from " + std::to_string(r_.dependent_criteria) +
        ", or by ICD-11); " +
        (shaken == yes  ? "amounts, housing, crises or mixing are not stable"
         : shaken == no ? "amounts, housing and crises are stable"
                        : "stability is not known") +
        (w_.weekly_variation
             ? " (weekly variation " + shortest(std::round(*w_.weekly_variation * 100) / 100) + ")"
             : "");
    return out;
  }

  [[nodiscard]] StateReason ask_harmful() const {
    const bool alcohol = f_.cls == Class::alcohol;
    RuleAnswer screen = not_known;
    std::string text;
    const auto add = [&](const std::optional<double>& score, double cut, std::string_view what) {
      if (!score) return;
      const RuleAnswer one = *score >= cut ? yes : no;
      screen = screen == not_known ? one : either(screen, one);
      text += ", " + std::string{what} + ' ' + shortest(*score) + " (from " + shortest(cut) + ")";
    };
    add(f_.assist, alcohol ? 11 : 4, "ASSIST");
    add(f_.audit, 16, "AUDIT");
    add(f_.dast_10, 3, "DAST-10");
    StateReason out;
    // A full count of criteria makes screens nobody asked for unnecessary; a harm still has to be
    // asked about.
    const RuleAnswer counted = criteria(r_.harmful_criteria);
    out.answer = either(either(counted, screen == not_known && counted == no ? no : screen),
                        ::ombre::spectrum::from(f_.harm_event));
    out.source = text.empty() ? &ours : &screens;
    out.confidence = text.empty() ? Confidence::proposal : Confidence::known;
    out.because = criteria_text() + " (from " + std::to_string(r_.harmful_criteria) + ")" + text +
                  (f_.harm_event ? (*f_.harm_event ? ", a documented harm" : ", no documented harm")
                                 : ", harm not asked about");
    return out;
  }

  // Days or amounts over the substance's own threshold.
  [[nodiscard]] RuleAnswer heavy_pattern() const {
    RuleAnswer out = frequency_.from(r_.heavy_from);
    if (f_.cls == Class::alcohol && f_.grams_ethanol_per_unit && f_.sex && w_.mean_per_day) {
      const auto grams = GramsEthanol::from(*w_.mean_per_day * *f_.grams_ethanol_per_unit);
      if (grams) {
        const bool high = who_rdl(*grams, *f_.sex) >= RiskDrinkingLevel::high;
        out = either(out, high ? yes : no);
        // The published level decides for alcohol where it can be computed: half of all days with a
        // small glass is regular, not heavy.
        if (!few_) return high ? yes : no;
      }
    }
    if (f_.cls == Class::opioid && f_.mme_per_unit && w_.mean_per_day && w_.use_days > 0) {
      const double per_use_day =
          *w_.mean_per_day * w_.observed / static_cast<double>(w_.use_days) * *f_.mme_per_unit;
      out = either(out, per_use_day >= r_.heavy_mme ? yes : no);
    }
    if (f_.cls == Class::cannabis) out = either(out, frequency_.from(r_.daily_from));
    return out;
  }

  [[nodiscard]] StateReason ask_heavy() const {
    StateReason out;
    // Someone who injects does not fit "regular", which asks for no injecting: the next state up.
    const RuleAnswer injected =
        both(frequency_.from(r_.occasional_below), f_.injects.value_or(false) ? yes : no);
    out.answer = either(heavy_pattern(), injected);
    const bool rdl = f_.cls == Class::alcohol && f_.grams_ethanol_per_unit && f_.sex &&
                     w_.mean_per_day.has_value();
    out.source = rdl ? &rdl_source() : &ours;
    out.confidence = rdl ? Confidence::verified : Confidence::proposal;
    out.because = frequency_text() + " (heavy from " + percent(r_.heavy_from) + ")";
    if (rdl) {
      const double g = *w_.mean_per_day * *f_.grams_ethanol_per_unit;
      if (const auto grams = GramsEthanol::from(g)) {
        out.because = "mean " + shortest(std::round(g * 10) / 10) +
                      " g of ethanol a day, WHO level " +
                      std::string{name(who_rdl(*grams, *f_.sex))} + " (heavy from high)";
      }
    }
    if (injected == yes) out.because += ", injected";
    return out;
  }

  [[nodiscard]] StateReason ask_regular() const {
    StateReason out;
    out.answer = frequency_.from(r_.occasional_below);
    out.source = &ours;
    out.because = frequency_text() + " (regular from " + percent(r_.occasional_below) + ")";
    return out;
  }
  [[nodiscard]] StateReason ask_circumstantial() const {
    StateReason out;
    out.answer =
        both(frequency_.below(r_.occasional_below), ::ombre::spectrum::from(f_.tied_to_situation));
    out.source = &ours;
    out.because = !f_.tied_to_situation   ? "whether use is tied to a situation is not known"
                  : *f_.tied_to_situation ? "use is tied to a named situation"
                                          : "use is not tied to one situation";
    return out;
  }
  [[nodiscard]] StateReason ask_experimental() const {
    StateReason out;
    const RuleAnswer no_criterion = negated(criteria(1));
    out.answer = both(first_times(),
                      no_criterion == not_known && f_.criteria.least == 0 ? yes : no_criterion);
    out.source = &ours;
    out.because = f_.lifetime_occasions
                      ? std::to_string(*f_.lifetime_occasions) + " occasions in a lifetime"
                      : "how often in a lifetime is not known";
    return out;
  }
  [[nodiscard]] StateReason ask_occasional() const {
    StateReason out;
    out.answer = frequency_.below(r_.occasional_below);
    out.source = &ours;
    out.because = frequency_text() + " (occasional below " + percent(r_.occasional_below) + ")";
    return out;
  }
  [[nodiscard]] StateReason ask_abstinent() const {
    StateReason out;
    out.answer = w_.use_days > 0 ? no : few_ || w_.observed == 0 ? not_known : yes;
    out.source = &ours;
    out.because = frequency_text();
    return out;
  }

  const UseWindow& w_;
  const UseFacts& f_;
  const StateRules& r_;
  bool few_ = false;
  Frequency frequency_;
};

Result<void> check_share(std::string_view field, const std::optional<double>& share) {
  if (share && !(*share >= 0 && *share <= 1)) {
    return unexpected(error_at(Errc::out_of_range, field, std::nullopt, *share, "must be 0 to 1"));
  }
  return {};
}
Result<void> check_range(std::string_view field, const std::optional<double>& value, double most) {
  if (value && !(*value >= 0 && *value <= most)) {
    return unexpected(error_at(Errc::out_of_range, field, std::nullopt, *value,
                               "must be from 0 to " + shortest(most)));
  }
  return {};
}
Result<void> check_count(std::string_view field, const std::optional<int>& value, int most) {
  if (value && (*value < 0 || *value > most)) {
    return unexpected(error_at(Errc::out_of_range, field, std::nullopt, static_cast<double>(*value),
                               "must be from 0 to " + std::to_string(most)));
  }
  return {};
}

AxisChange judged(double before, double now, double margin) noexcept {
  // A hair beside the margin is the margin.
  if (now < before - margin + 1e-12 && now < before) {
    return before - now >= margin - 1e-12 ? AxisChange::improved : AxisChange::same;
  }
  return now - before >= margin - 1e-12 && now > before ? AxisChange::worsened : AxisChange::same;
}

AxisChange judged(const std::optional<bool>& before, const std::optional<bool>& now) noexcept {
  if (!before || !now) return AxisChange::not_known;
  if (*before == *now) return AxisChange::same;
  return *now ? AxisChange::worsened : AxisChange::improved;
}

// Several signs of one axis: any that worsened makes it worse, else any that improved better.
AxisChange together(std::initializer_list<AxisChange> signs) noexcept {
  AxisChange out = AxisChange::not_known;
  for (const AxisChange sign : signs) {
    if (sign == AxisChange::worsened) return sign;
    if (sign == AxisChange::improved || out == AxisChange::not_known) out = sign;
  }
  return out;
}

}  // namespace

std::string_view name(SpectrumState state) noexcept {
  constexpr std::array<std::string_view, spectrum_state_count> names{
      "abstinent", "experimental", "occasional",       "circumstantial",     "regular",
      "heavy",     "harmful",      "dependent_stable", "dependent_unstable", "chaotic"};
  return names[static_cast<std::size_t>(state)];
}

std::string_view words(SpectrumState state) noexcept {
  constexpr std::array<std::string_view, spectrum_state_count> sentences{
      "no use in the window",
      "first or very few times",
      "now and then",
      "now and then, tied to a situation",
      "regular use with few consequences",
      "much or most days, with few consequences",
      "use with consequences",
      "dependence, with a stable life around it",
      "dependence, and life around it is shaken",
      "use out of hand for now, with signs of crisis around it"};
  return sentences[static_cast<std::size_t>(state)];
}

std::optional<SpectrumState> find_spectrum_state(std::string_view text) noexcept {
  for (std::size_t i = 0; i < spectrum_state_count; ++i) {
    if (name(static_cast<SpectrumState>(i)) == text) return static_cast<SpectrumState>(i);
  }
  return std::nullopt;
}

int States::size() const noexcept { return std::popcount(bits); }
SpectrumState States::first() const noexcept {
  return static_cast<SpectrumState>(std::countr_zero(bits));
}
SpectrumState States::last() const noexcept {
  return static_cast<SpectrumState>(15 - std::countl_zero(bits));
}

std::string_view name(AbstinentFor since) noexcept {
  constexpr std::array<std::string_view, 5> names{"not_known", "never_used", "under_three_months",
                                                  "three_to_twelve_months", "over_a_year"};
  return names[static_cast<std::size_t>(since)];
}
std::string_view name(ChangeAxis axis) noexcept {
  constexpr std::array<std::string_view, change_axis_count> names{"amount", "frequency", "harm",
                                                                  "control", "stability"};
  return names[static_cast<std::size_t>(axis)];
}
std::string_view name(AxisChange change) noexcept {
  constexpr std::array<std::string_view, 4> names{"not_known", "improved", "same", "worsened"};
  return names[static_cast<std::size_t>(change)];
}
std::string_view name(Movement movement) noexcept {
  constexpr std::array<std::string_view, 5> names{"not_known", "improved", "same", "worsened",
                                                  "mixed"};
  return names[static_cast<std::size_t>(movement)];
}

Result<UseWindow> use_window(std::span<const DayUse> days, std::int32_t first_day) {
  if (days.empty()) return unexpected(error_of(Errc::empty_input, "days", "must not be empty"));
  if (days.size() > 100'000) {
    return unexpected(error_at(Errc::too_large, "days", std::nullopt,
                               static_cast<double>(days.size()), "must be at most 100000"));
  }
  UseWindow out;
  out.first_day = first_day;
  out.days = static_cast<int>(days.size());
  double sum = 0;
  bool amounts = true;
  std::vector<double> weeks;
  double week = 0;
  bool week_known = true;
  for (std::size_t i = 0; i < days.size(); ++i) {
    const DayUse& day = days[i];
    if (day.controlled) ++out.controlled_days;
    switch (day.kind) {
      case DayUse::Kind::unknown:
        week_known = false;
        break;
      case DayUse::Kind::none:
        ++out.observed;
        break;
      case DayUse::Kind::used:
        ++out.observed;
        ++out.use_days;
        amounts = false;
        week_known = false;
        out.days_of_use.push_back(first_day + static_cast<std::int32_t>(i));
        break;
      case DayUse::Kind::amount:
        if (!std::isfinite(day.amount)) {
          return unexpected(error_at(Errc::not_finite, "days", i, day.amount, "must be a number"));
        }
        if (!(day.amount > 0)) {
          return unexpected(error_at(Errc::out_of_range, "days", i, day.amount, "must be above 0"));
        }
        ++out.observed;
        ++out.use_days;
        sum += day.amount;
        week += day.amount;
        out.largest_day = std::max(out.largest_day.value_or(0), day.amount);
        out.days_of_use.push_back(first_day + static_cast<std::int32_t>(i));
        break;
    }
    if (i % 7 == 6) {
      if (week_known) weeks.push_back(week);
      week = 0;
      week_known = true;
    }
  }
  if (amounts && out.observed > 0 && std::isfinite(sum)) out.mean_per_day = sum / out.observed;
  if (!amounts) out.largest_day.reset();
  if (weeks.size() >= 4) {
    double total = 0;
    for (const double w : weeks) total += w;
    const double mean = total / static_cast<double>(weeks.size());
    if (mean > 0 && std::isfinite(mean)) {
      double squares = 0;
      for (const double w : weeks) squares += (w / mean - 1) * (w / mean - 1);
      out.weekly_variation = std::sqrt(squares / static_cast<double>(weeks.size() - 1));
    }
  }
  return out;
}

Result<SpectrumReport> spectrum_state(const UseWindow& window, const UseFacts& facts,
                                      const StateRules& rules) {
  if (window.days < 1) {
    return unexpected(error_of(Errc::empty_input, "window", "must have at least one day"));
  }
  if (window.observed < 0 || window.observed > window.days || window.use_days < 0 ||
      window.use_days > window.observed) {
    return unexpected(error_of(Errc::out_of_range, "window",
                               "must have no more use days than known days, and no more known days "
                               "than days"));
  }
  if (facts.criteria.least < 0 || facts.criteria.most > static_cast<int>(criterion_count) ||
      facts.criteria.least > facts.criteria.most) {
    return unexpected(error_of(Errc::out_of_range, "criteria", "must be a count from 0 to 11"));
  }
  for (const auto& [field, share] :
       {std::pair{"share_unplanned_days", facts.share_unplanned_days},
        std::pair{"share_three_substances", facts.share_three_substances}}) {
    if (auto ok = check_share(field, share); !ok) return unexpected(ok.error());
  }
  if (auto ok = check_range("assist", facts.assist, 39); !ok) return unexpected(ok.error());
  if (auto ok = check_range("audit", facts.audit, 40); !ok) return unexpected(ok.error());
  if (auto ok = check_range("dast_10", facts.dast_10, 10); !ok) return unexpected(ok.error());
  if (auto ok = check_range("grams_ethanol_per_unit", facts.grams_ethanol_per_unit, 1000); !ok) {
    return unexpected(ok.error());
  }
  if (auto ok = check_range("mme_per_unit", facts.mme_per_unit, 1e6); !ok) {
    return unexpected(ok.error());
  }
  if (auto ok = check_count("missed_of_last_four", facts.missed_of_last_four, 4); !ok) {
    return unexpected(ok.error());
  }
  if (auto ok = check_count("lifetime_occasions", facts.lifetime_occasions, 1'000'000); !ok) {
    return unexpected(ok.error());
  }
  if (auto ok = check_count("days_since_last_use", facts.days_since_last_use, 100'000); !ok) {
    return unexpected(ok.error());
  }
  return Asking{window, facts, rules}.answer();
}

Result<Overall> overall(std::span<const SpectrumReport> by_substance) {
  if (by_substance.empty()) {
    return unexpected(error_of(Errc::empty_input, "by_substance", "must not be empty"));
  }
  Overall out;
  for (const SpectrumReport& report : by_substance) {
    if (report.possible.empty()) continue;
    out.at_least = std::max(out.at_least, report.possible.first());
    out.at_most = std::max(out.at_most, report.possible.last());
  }
  return out;
}

std::string explain(const SpectrumReport& report) {
  std::string out;
  if (report.state) {
    out = std::string{name(*report.state)} + ": " + std::string{words(*report.state)} + '.';
  } else {
    out = "One of";
    for (std::size_t i = 0; i < spectrum_state_count; ++i) {
      const auto state = static_cast<SpectrumState>(i);
      if (report.possible.has(state)) out += ' ' + std::string{name(state)};
    }
    out += "; what is known does not decide.";
  }
  for (const StateReason& reason : report.reasons) {
    if (reason.answer == no) continue;
    out += ' ' + std::string{name(reason.state)} +
           (reason.answer == yes ? ", because " : " is open: ") + reason.because + " [" +
           std::string{reason.source->id} + "].";
  }
  if (report.few_days_known) {
    out += " Fewer days are known than it takes to speak for the window.";
  }
  if (report.in_controlled_environment) out += " All days lie in a controlled environment.";
  if (report.on_prescribed_agonist) {
    out += " Agonist treatment as prescribed is not counted as use.";
  }
  return out;
}

PositionChange compare(const UseWindow& before, const UseFacts& facts_before, const UseWindow& now,
                       const UseFacts& facts_now, const ChangeMargins& margins) {
  PositionChange out;
  const auto put = [&out](ChangeAxis axis, AxisChange change) {
    out.axes[static_cast<std::size_t>(axis)] = change;
  };
  if (before.mean_per_day && now.mean_per_day) {
    put(ChangeAxis::amount, judged(*before.mean_per_day, *now.mean_per_day,
                                   margins.amount_share * *before.mean_per_day));
  }
  if (before.observed > 0 && now.observed > 0) {
    put(ChangeAxis::frequency,
        judged(before.use_days / static_cast<double>(before.observed),
               now.use_days / static_cast<double>(now.observed), margins.frequency_days));
  }
  const auto screen = [](const std::optional<double>& a, const std::optional<double>& b) {
    return a && b ? judged(*a, *b, 1) : AxisChange::not_known;
  };
  put(ChangeAxis::harm,
      together({judged(facts_before.harm_event, facts_now.harm_event),
                judged(facts_before.overdose_or_hospital, facts_now.overdose_or_hospital),
                screen(facts_before.assist, facts_now.assist),
                screen(facts_before.audit, facts_now.audit),
                screen(facts_before.dast_10, facts_now.dast_10)}));
  AxisChange control = AxisChange::not_known;
  if (facts_now.criteria.most < facts_before.criteria.least) {
    control = AxisChange::improved;
  } else if (facts_now.criteria.least > facts_before.criteria.most) {
    control = AxisChange::worsened;
  } else if (facts_before.criteria.least == facts_before.criteria.most &&
             facts_now.criteria.least == facts_now.criteria.most) {
    control = AxisChange::same;
  }
  put(ChangeAxis::control, control);
  AxisChange variation = AxisChange::not_known;
  if (before.weekly_variation && now.weekly_variation) {
    variation = judged(*before.weekly_variation, *now.weekly_variation, margins.variation);
  }
  const auto unhoused = [](const std::optional<bool>& housed) -> std::optional<bool> {
    if (!housed) return std::nullopt;
    return !*housed;
  };
  put(ChangeAxis::stability,
      together({variation, judged(unhoused(facts_before.housed), unhoused(facts_now.housed)),
                judged(facts_before.crisis_event, facts_now.crisis_event)}));
  bool better = false;
  bool worse = false;
  bool any = false;
  for (const AxisChange change : out.axes) {
    better = better || change == AxisChange::improved;
    worse = worse || change == AxisChange::worsened;
    any = any || change != AxisChange::not_known;
  }
  out.any_positive = better;
  out.movement = better && worse ? Movement::mixed
                 : better        ? Movement::improved
                 : worse         ? Movement::worsened
                 : any           ? Movement::same
                                 : Movement::not_known;
  return out;
}

Result<std::optional<double>> consequences_per_use_day(double consequences, int use_days) {
  if (!std::isfinite(consequences)) {
    return unexpected(
        error_at(Errc::not_finite, "consequences", std::nullopt, consequences, "must be a number"));
  }
  if (consequences < 0) {
    return unexpected(error_at(Errc::out_of_range, "consequences", std::nullopt, consequences,
                               "must be 0 or more"));
  }
  if (use_days < 0) {
    return unexpected(error_at(Errc::out_of_range, "use_days", std::nullopt,
                               static_cast<double>(use_days), "must be 0 or more"));
  }
  if (use_days == 0) return std::optional<double>{};
  return std::optional<double>{consequences / use_days};
}

}  // namespace ombre::inline v0::spectrum
