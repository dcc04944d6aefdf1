#include "taper_request_guard.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <cmath>

#include "ombre/plans/taper_guard.hpp"
#include "ombre/plans/taper_substance.hpp"
#include "ombre/substance/catalogue.hpp"
#include "ombre/substance/diazepam.hpp"
#include "taper_found.hpp"

namespace ombre::inline v0::plans::detail {
namespace {

using C = substance::Class;

// The row that a written-out substance says it is: by its id or name, never by a street name.
std::optional<substance::Substance> in_tables(std::string_view word) {
  const auto found = substance::builtin().find(word);
  if (!found || !(ascii::same_word(found->id, word) || ascii::same_word(found->name, word)))
    return std::nullopt;
  return *found;
}

// The published tables of a low-dose start: rows that rise, made for this substance.
bool within_published_start(const TaperSubstance& what, std::span<const TaperPhase> phases) {
  if (what.id != "buprenorphine") return false;
  return std::ranges::all_of(phases, [](const TaperPhase& phase) {
    const auto* rows = std::get_if<RowsRule>(&phase.rule);
    if (rows == nullptr || !rows->may_rise) return true;
    return std::ranges::any_of(named_rules(), [rows](const NamedRule& rule) {
      if (rule.substance_class != "buprenorphine" || rule.phases.size() != 1) return false;
      const auto* table = std::get_if<RowsRule>(&rule.phases[0].rule);
      if (table == nullptr || !table->may_rise) return false;
      for (std::size_t i = 0; i < rows->rows.size(); ++i) {
        const std::size_t at = std::min(i, table->rows.size() - 1);
        if (rows->rows[i].amount > table->rows[at].amount * (1 + 1e-9)) return false;
      }
      return true;
    });
  });
}

bool starts_beside_agonist(const TaperRequest& request) {
  const TaperSubstance& old = request.lines[0].what;
  return old.cls == C::opioid && old.id != "buprenorphine" &&
         request.lines[1].what.cls == C::opioid && request.lines[1].what.id == "buprenorphine";
}

// Both together, counted in the new one's unit, never more than what is replaced.
bool within_substitution(const TaperRequest& request, const TaperVersion& version) {
  const double ratio = request.substitution->ratio();
  const auto old = present_amount(request.lines[0]);
  const auto had = present_amount(request.lines[1]);
  if (!old || !had || ratio <= 0) return false;
  const double most = (old->value() * ratio + had->value()) * (1 + 1e-9) + 1e-6;
  return std::ranges::all_of(version.steps, [&](const TaperStep& step) {
    return step.doses[0].ideal * ratio + step.doses[1].ideal <= most;
  });
}

}  // namespace

void known_substances(const TaperRequest& request, std::vector<RuleFinding>& out) {
  for (const TaperLine& line : request.lines) {
    const TaperSubstance& what = line.what;
    for (const std::string& word : {what.id, what.name}) {
      const auto found = in_tables(word);
      if (!found) continue;
      if (found->cls != what.cls) {
        out.push_back(refused(
            "substance_contradicts_tables",
            what.name + " is written out as " + std::string{substance::name(what.cls)} +
                ", and the tables know " + std::string{found->name} + " as " +
                std::string{substance::name(found->cls)} + ": its guards would be left out"));
        break;
      }
      if (!sedative(what) || line.intakes.empty()) continue;
      const auto known = taper_substance(found->id, line.intakes.front().amount.unit());
      if (!known || !known->diazepam_mg_high) continue;
      if (what.diazepam_mg_high.value_or(0) < *known->diazepam_mg_high * (1 - 1e-9)) {
        out.push_back(refused("substance_contradicts_tables",
                              what.name + " is written out with less diazepam to the " +
                                  std::string{plans::name(line.intakes.front().amount.unit())} +
                                  " than the tables give (" + shortest(*known->diazepam_mg_high) +
                                  " mg)"));
        break;
      }
    }
  }
}

// Figures that the caller brings for a medicine of their own. They switch the two-drug guard off
// and let both be counted as one, so they hold only within one kind of medicine, and a clinician
// vouches.
static void callers_figures(const TaperRequest& request, std::vector<RuleFinding>& out) {
  const TaperSubstance& old = request.lines[0].what;
  const TaperSubstance& next = request.lines[1].what;
  const std::string pair = old.name + " and " + next.name;
  const auto no = [&out](std::string text) {
    out.push_back(refused("substitution_without_equivalents", std::move(text)));
  };
  if (in_tables(old.id) && in_tables(next.id)) {
    no("The tables know " + pair +
       " and hold no equivalents for them: figures of one's own are for a medicine that they do "
       "not "
       "know");
    return;
  }
  const bool one_kind = old.cls == next.cls || (sedative(old) && sedative(next));
  if (!one_kind || old.cls == C::opioid || old.cls == C::unknown || old.cls == C::other) {
    no("Figures of one's own hold within one kind of medicine: " + old.name + " is " +
       std::string{substance::name(old.cls)} + ", " + next.name + " is " +
       std::string{substance::name(next.cls)});
    return;
  }
  if (sedative(old) && !(old.diazepam_mg_high && old.diazepam_mg_low && next.diazepam_mg_high &&
                         next.diazepam_mg_low)) {
    no((old.diazepam_mg_high ? next.name : old.name) +
       " is written out without what it equals in diazepam (diazepam_mg_low, diazepam_mg_high): "
       "the "
       "guards need it to count both medicines together");
    return;
  }
  std::string text =
      "By the caller's own figures, which no table here holds, 1 mg of " + old.name + " equals";
  for (const SubstitutionFigure& figure : request.substitution->figures) {
    if (figure.source.find_first_not_of(" \t\r\n") == std::string::npos) {
      no("A figure for " + pair + " names no source");
      return;
    }
    // What both say they are in diazepam bounds what one can be of the other.
    if (old.diazepam_mg_high && next.diazepam_mg_low &&
        (figure.per_unit > *old.diazepam_mg_high / *next.diazepam_mg_low * (1 + 1e-9) ||
         figure.per_unit < *old.diazepam_mg_low / *next.diazepam_mg_high * (1 - 1e-9))) {
      no("The figure " + shortest(figure.per_unit) + " (" + figure.source + ") for " + pair +
         " contradicts what the two are written out to equal in diazepam");
      return;
    }
    text += (text.ends_with("equals") ? " " : ", ") + shortest(figure.per_unit) + " mg of " +
            next.name + " (" + figure.source + ")";
  }
  if (request.by.role == Role::clinician) {
    out.push_back(warned("callers_equivalents", text + ". Check them before the first dose",
                         Severity::danger));
  } else {
    out.push_back(refused("callers_equivalents", text + ". A clinician vouches for such figures"));
  }
}

void known_substitution(const TaperRequest& request, std::vector<RuleFinding>& out) {
  if (!request.substitution || request.lines.size() != 2) return;
  const TaperLine& old = request.lines[0];
  const TaperLine& line = request.lines[1];
  const auto& figures = request.substitution->figures;
  const std::string pair = old.what.name + " and " + line.what.name;
  const auto no = [&out](std::string text) {
    out.push_back(refused("substitution_without_equivalents", std::move(text)));
  };
  if (figures.empty()) {
    if (!starts_beside_agonist(request)) {
      no("No equivalents are named for " + pair +
         ", so neither can be counted as the other: this is two changes at once");
    }
    return;
  }
  const auto mg = [](const TaperLine& l) {
    return !l.intakes.empty() && l.intakes.front().amount.unit() == DoseUnit::mg;
  };
  std::optional<std::vector<SubstitutionFigure>> known;
  if (mg(old) && mg(line)) known = builtin_figures(old.what.id, line.what.id);
  const bool callers = std::ranges::any_of(figures, &SubstitutionFigure::callers);
  if (!known && callers) {
    callers_figures(request, out);
    return;
  }
  if (!known) {
    no("No table gives equivalents for " + pair +
       ": figures written by hand cannot stand for a source");
    return;
  }
  const bool same = !callers && known->size() == figures.size() &&
                    std::ranges::all_of(figures, [&](const SubstitutionFigure& figure) {
                      return among(*known, figure);
                    });
  if (same) return;
  std::string text =
      "The figures of this substitution are not those of the tables, which say for 1 mg of " +
      old.what.name + ":";
  for (const SubstitutionFigure& k : *known) {
    text += (text.back() == ':' ? " " : ", ") + shortest(k.per_unit) + " mg of " + line.what.name +
            " (" + k.source + ")";
  }
  no(std::move(text));
}

void agonist_treatment(const TaperRequest& request, std::vector<RuleFinding>& out) {
  for (const TaperLine& line : request.lines) {
    if (!line.what.agonist_treatment) continue;
    if (!known_agonist_treatment(line.what)) {
      out.push_back(warned(
          "agonist_treatment_claimed",
          "The request says that " + line.what.name +
              " is a treatment of dependence. The sources here know methadone and buprenorphine as "
              "that, so the rules for opioids against pain hold as well"));
      continue;
    }
    std::string off;
    for (const PaceLimit& limit : pace_limits()) {
      if (!limit.by_default || !limit.not_agonist) continue;
      off += (off.empty() ? "" : ", ") + std::string{limit.rule->id};
    }
    out.push_back(warned("agonist_treatment_claimed",
                         "That " + line.what.name +
                             " is a treatment of dependence and not taken against pain is the word "
                             "of who made the request. Resting on it, these rules are not looked "
                             "at: " +
                             off +
                             ", opioid_abrupt_stop, fda_two_weeks_between_steps, "
                             "cancer_palliative_sickle, and naloxone for the dose in MME. Check it "
                             "with who prescribes",
                         Severity::caution));
  }
}

void going_up(const TaperRequest& request, const TaperVersion& version,
              std::vector<RuleFinding>& out) {
  for (std::size_t l = 0; l < request.lines.size(); ++l) {
    const TaperLine& line = request.lines[l];
    const auto present = present_amount(line);
    const auto phases = phases_of(line);
    if (!present || !phases) continue;  // errors of the request, said elsewhere
    const TaperStep* top = nullptr;
    Amount before_top = *present;
    Amount last = *present;
    double before = present->value();
    for (const TaperStep& step : version.steps) {
      const double now = step.doses[l].mean();
      if (step.kind == StepKind::rise || now > before) {
        // Rounding to what can be dispensed is told of by its own rule.
        const bool meant = step.doses[l].ideal > before * (1 + 1e-9);
        if (meant && now > before && (top == nullptr || now > top->doses[l].mean())) {
          top = &step;
          before_top = last;
        }
      }
      before = now;
      last = step.doses[l].amount;
    }
    if (top == nullptr) continue;
    const bool opioid = line.what.cls == C::opioid;
    // Above what is taken today: of what can stop the breath, no source on reduction knows that.
    const bool above_today = class_a(line.what) && top->doses[l].mean() > present->value();
    const bool second = request.substitution && request.lines.size() == 2 && l == 1;
    if (second && !opioid && within_substitution(request, version)) continue;
    if (opioid && within_published_start(line.what, *phases)) continue;
    const std::string text = line.what.name + " goes up from " + plans::text(before_top) + " to " +
                             plans::text(top->doses[l].amount) + " in this plan";
    RuleFinding f =
        opioid || second || above_today
            ? refused("going_up_is_weighed",
                      text + (opioid   ? ". A rise of an opioid is no part of a plan of reduction: "
                                         "only a published low-dose start of buprenorphine is"
                              : second ? ", more than what it takes the place of"
                                       : ", more than is taken today. That is no reduction: more "
                                         "than the body is used to can stop the breath"))
            : warned("going_up_is_weighed",
                     text + ". It may be right; it is weighed with tolerance", Severity::danger);
    f.measured = top->doses[l].mean();
    f.limit = present->value();
    f.unit = plans::name(present->unit());
    f.on = top->first;
    f.step = top->id;
    out.push_back(std::move(f));
  }
}

}  // namespace ombre::inline v0::plans::detail
