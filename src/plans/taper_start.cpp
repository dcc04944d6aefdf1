// When not to start, and what to say instead.
#include <algorithm>

#include "ombre/plans/taper_guard.hpp"
#include "taper_found.hpp"
#include "taper_request_guard.hpp"
#include "taper_sources.hpp"

namespace ombre::inline v0::plans {
namespace {

using detail::noted;
using detail::refused;
using detail::warned;
using C = substance::Class;

bool yes(const std::optional<bool>& fact) { return fact.value_or(false); }

std::optional<GramsEthanol> ethanol_a_day(const TaperRequest& request) {
  for (const TaperLine& line : request.lines) {
    if (line.what.cls != C::alcohol || !line.what.ethanol_g_per_unit) continue;
    const auto amount = present_amount(line);
    if (!amount) continue;
    const double grams =
        amount->value() * *line.what.ethanol_g_per_unit / (line.per == Per::week ? 7 : 1);
    if (const auto g = GramsEthanol::from(grams)) return *g;
  }
  return std::nullopt;
}

// Alcohol has its own way of saying where withdrawal belongs.
void alcohol(const TaperRequest& request, const SafetyFacts& facts, std::vector<RuleFinding>& out) {
  const auto triage = alcohol_triage(facts, ethanol_a_day(request));
  if (!triage) return;  // the scores' ranges were checked with the request
  const auto list = [](const auto& reasons) {
    std::string text;
    for (const SourcedReason& reason : reasons) {
      if (!text.empty()) text += "; ";
      text += reason.says;
    }
    return text;
  };
  const Supervision there = facts.supervision;
  switch (triage->care) {
    case AlcoholCare::emergency: {
      auto f = refused("alcohol_care", "This is an emergency: call an ambulance now (" +
                                           list(triage->reasons) + ")");
      out.push_back(std::move(f));
      break;
    }
    case AlcoholCare::inpatient:
      if (there == Supervision::inpatient) break;
      out.push_back(refused("alcohol_care",
                            "This withdrawal belongs in a hospital or residential "
                            "service, because of " +
                                list(triage->reasons)));
      break;
    case AlcoholCare::community:
      if (there >= Supervision::daily_visits) break;
      out.push_back(refused("alcohol_care",
                            "This withdrawal needs a service with daily visits in the first days, "
                            "because of " +
                                list(triage->reasons)));
      break;
    case AlcoholCare::gradual:
      break;
  }
  if (triage->care != AlcoholCare::emergency && !triage->not_known.empty() &&
      there != Supervision::inpatient) {
    std::string text = "Not asked, and could mean that more support is needed:";
    for (const std::string_view what : triage->not_known) {
      text += text.back() == ':' ? " " : ", ";
      text += what;
    }
    out.push_back(warned("alcohol_care_unknown", std::move(text)));
  }
}

void danger(const TaperRequest& request, const SafetyFacts& f, std::vector<RuleFinding>& out) {
  bool asked = false;
  for (const TaperLine& line : request.lines) {
    if (!detail::class_a(line.what)) continue;
    if (line.what.cls == C::alcohol) {
      if (!asked) alcohol(request, f, out);
      asked = true;
      continue;
    }
    if (f.supervision < Supervision::clinician) {
      out.push_back(refused(
          "class_a_unsupervised",
          "Coming off " + line.what.name +
              " can cause seizures and needs a clinician in charge; the request names none"));
    }
    if (line.what.cls == C::barbiturate || line.what.cls == C::ghb ||
        line.what.cls == C::gaba_b_agonist) {
      out.push_back(
          refused("specialist_only", "A plan for " + line.what.name +
                                         " is made by a specialist, usually starting in hospital"));
    }
  }
}

void history(const TaperRequest& request, const SafetyFacts& f, std::vector<RuleFinding>& out) {
  const auto any = [&request](auto&& test) {
    return std::ranges::any_of(request.lines,
                               [&](const TaperLine& line) { return test(line.what); });
  };
  const bool sedative = any([](const TaperSubstance& s) { return detail::sedative(s); });
  const bool opioid = any([](const TaperSubstance& s) { return s.cls == C::opioid; });
  const bool oat = any([](const TaperSubstance& s) { return s.agonist_treatment; });
  const bool only_oat = oat && !any([](const TaperSubstance& s) {
                          return s.cls == C::opioid && !known_agonist_treatment(s);
                        });
  const bool class_a = any([](const TaperSubstance& s) { return detail::class_a(s); });

  if (f.person_agrees && !*f.person_agrees) {
    out.push_back(refused("no_consent",
                          "The person does not want this plan. Their present care "
                          "goes on as it is"));
  }
  if (yes(f.pregnant) && (sedative || opioid)) {
    if (yes(f.specialist_involved)) {
      out.push_back(warned("pregnant", "Pregnant: the specialist involved decides the pace"));
    } else {
      out.push_back(refused("pregnant",
                            "Pregnant: involve a specialist first. For opioid dependence, staying "
                            "on agonist treatment is the standard"));
    }
  }
  if (f.age_years && *f.age_years < 18) {
    // Where alcohol withdrawal belongs at this age, alcohol() says.
    const bool heavy = any([](const TaperSubstance& s) {
      return (detail::class_a(s) && s.cls != C::alcohol) || s.cls == C::opioid ||
             s.cls == C::gabapentinoid;
    });
    const std::string adults = "Below 18: pace and ceilings here are those of adults";
    if (heavy && !yes(f.specialist_involved)) {
      out.push_back(refused("person_below_18", adults +
                                                   ". Involve a specialist for young people "
                                                   "first; the present dose goes on until then"));
    } else {
      out.push_back(warned("person_below_18", adults + "; a specialist for young people decides"));
    }
  }
  if (yes(f.seizure_history) && class_a) {
    if (f.supervision == Supervision::inpatient) {
      out.push_back(warned("seizure_history", "Seizures in the past: the ward keeps watch"));
    } else {
      out.push_back(
          refused("seizure_history", "Seizures in the past make coming off more dangerous"));
    }
  }
  if (yes(f.delirium_history) && class_a) {
    if (f.supervision == Supervision::inpatient) {
      out.push_back(warned("dt_history", "Delirium in the past: the ward keeps watch"));
    } else {
      out.push_back(refused("dt_history", "Delirium in the past can come back, and can kill"));
    }
  }
  if (yes(f.suicidal_now) || yes(f.psychosis_or_mania_now)) {
    out.push_back(refused("unstable_mental",
                          "Suicidal thoughts, psychosis or mania come first; a plan can wait"));
  }
  if (oat && yes(f.agonist_treatment_working)) {
    out.push_back(refused("oat_stable",
                          "The treatment works. Going on with it is the default, without an end "
                          "date; deaths rise in the weeks after leaving it"));
  }
  if (yes(f.cancer_palliative_or_sickle_cell) && opioid && !only_oat) {
    out.push_back(refused("cancer_palliative_sickle",
                          "Rules for long-term pain do not apply to cancer, palliative care or "
                          "sickle-cell disease"));
  }
  const bool gabapentinoid = any([](const TaperSubstance& s) { return s.cls == C::gabapentinoid; });
  if (yes(f.used_for_epilepsy) && (class_a || gabapentinoid)) {
    out.push_back(refused("antiepileptic_use",
                          "The medicine also protects against seizures; a neurologist plans this"));
  }
  if (yes(f.street_supply)) {
    const bool prescribed = any([](const TaperSubstance& s) { return s.prescribed; });
    if (prescribed || class_a) {
      out.push_back(refused("street_supply",
                            "What street supply contains is not known, so a share of it is not "
                            "known either: settle on a known medicine first"));
    }
  }
  if (yes(f.recent_stressor)) {
    out.push_back(warned("recent_stressor",
                         "Something hard has just happened. It is fine to hold first and begin "
                         "later"));
  }
}

// Two answers to one question; what asks for more care is used. That `takes_opioid` is false beside
// a line of an opioid is none: it may be meant of others, and the line counts anyway.
void disagree(const TaperRequest& request, std::vector<RuleFinding>& out) {
  const SafetyFacts& f = request.facts;
  const auto say = [&out](std::string text) {
    out.push_back(warned("facts_disagree", std::move(text)));
  };
  double mme = 0;
  for (const TaperLine& line : request.lines) {
    const auto amount = present_amount(line);
    if (!amount || amount->is_zero()) continue;
    if (line.what.cls == C::opioid && f.opioid_free_days.value_or(0) > 0) {
      say("opioid_free_days is " + std::to_string(*f.opioid_free_days) + ", and " + text(*amount) +
          " of " + line.what.name + " is taken now: what is asked for is looked at as a new start");
    }
    if (line.what.cls == C::opioid && line.what.mme_per_unit &&
        !known_agonist_treatment(line.what)) {
      mme += amount->value() * *line.what.mme_per_unit;
    }
  }
  if (f.mme_a_day && mme > *f.mme_a_day * (1 + 1e-9)) {
    say("mme_a_day is " + shortest(*f.mme_a_day) + " in the facts, and the lines come to " +
        shortest(mme) + ": the larger is used");
  }
}

void contact(const TaperRequest& request, std::vector<RuleFinding>& out) {
  const SafetyFacts& f = request.facts;
  constexpr Days four_weeks{28};
  const bool needed = std::ranges::any_of(request.lines, [](const TaperLine& line) {
    return line.what.prescribed || detail::class_a(line.what) || line.what.cls == C::opioid;
  });
  if (!needed) return;
  // A plan that its person alone carries out may begin with a first contact to arrange.
  const bool strict = std::ranges::any_of(
      request.lines, [](const TaperLine& line) { return line.what.prescribed; });
  if (f.next_contact && *f.next_contact <= request.calendar.start + four_weeks &&
      *f.next_contact >= request.made_on) {
    return;
  }
  std::string text = "No contact is agreed within four weeks of the start";
  if (f.next_contact) text += " (the next one is on " + f.next_contact->iso() + ")";
  auto finding = strict ? refused("no_followup", text + "; agree on one first")
                        : warned("no_followup", text + "; choose somebody to be in touch with");
  out.push_back(std::move(finding));
}

void several(const TaperRequest& request, std::vector<RuleFinding>& out) {
  int reducing = 0;
  for (const TaperLine& line : request.lines) {
    if (line.goal.kind != GoalKind::undecided || !line.rule.empty() || !line.named_rule.empty()) {
      ++reducing;
    }
  }
  if (reducing < 2 || request.substitution) return;
  std::string text = "This asks to reduce ";
  for (std::size_t i = 0; i < request.lines.size(); ++i) {
    if (i > 0) text += i + 1 == request.lines.size() ? " and " : ", ";
    text += request.lines[i].what.name;
  }
  text +=
      " at the same time. One at a time is safer and kinder: symptoms can be told apart and there "
      "is something to hold on to. With an opioid and a benzodiazepine usually the opioid first, "
      "or "
      "the one with more risk; the clinician chooses";
  out.push_back(refused("multi_taper", std::move(text)));
}

void not_asked(const TaperRequest& request, std::vector<RuleFinding>& out) {
  const SafetyFacts& f = request.facts;
  std::vector<std::string_view> missing;
  const auto ask = [&missing](bool empty, std::string_view what) {
    if (empty) missing.push_back(what);
  };
  bool prescribed = false;
  bool class_a = false;
  bool opioid = false;
  bool oat = false;
  bool against_seizures = false;
  for (const TaperLine& line : request.lines) {
    prescribed |= line.what.prescribed;
    class_a |= detail::class_a(line.what);
    opioid |= line.what.cls == C::opioid;
    oat |= line.what.agonist_treatment;
    // Nobody is asked whether they drink or smoke against epilepsy.
    against_seizures |= line.what.cls == C::benzodiazepine || line.what.cls == C::barbiturate ||
                        line.what.cls == C::gabapentinoid;
  }
  ask(!f.person_agrees, "person_agrees");
  if (class_a) {
    ask(!f.seizure_history, "seizure_history");
    ask(!f.delirium_history, "delirium_history");
  }
  if (against_seizures) ask(!f.used_for_epilepsy, "used_for_epilepsy");
  if (class_a || opioid) ask(!f.pregnant, "pregnant");
  if (prescribed) {
    ask(!f.suicidal_now, "suicidal_now");
    ask(!f.psychosis_or_mania_now, "psychosis_or_mania_now");
  }
  if (opioid && !oat) {
    ask(!f.cancer_palliative_or_sickle_cell, "cancer_palliative_or_sickle_cell");
    ask(!f.months_of_use, "months_of_use");
  }
  if (oat) ask(!f.agonist_treatment_working, "agonist_treatment_working");
  if (missing.empty()) return;
  std::string text = "Not asked yet: ";
  for (std::size_t i = 0; i < missing.size(); ++i) {
    if (i > 0) text += ", ";
    text += missing[i];
  }
  out.push_back(warned("not_asked", std::move(text)));
}

void uncertain(const TaperRequest& request, std::vector<RuleFinding>& out) {
  const auto use = [&](const std::string& id, std::string_view what) {
    const bool accepted =
        std::ranges::find(request.accept_uncertain, id) != request.accept_uncertain.end();
    if (accepted) {
      out.push_back(warned("uncertain_used", std::string{what} + " (" + id +
                                                 ") is marked uncertain: check it before use"));
    } else {
      out.push_back(
          refused("uncertain_not_accepted", std::string{what} + " is marked uncertain; name " + id +
                                                " in accept_uncertain to use it all the same"));
    }
  };
  for (const TaperLine& line : request.lines) {
    if (!line.named_rule.empty()) {
      const NamedRule* rule = find_named_rule(line.named_rule);
      if (rule != nullptr && rule->confidence == Confidence::uncertain) {
        use(line.named_rule, "The rule");
      }
    }
    if (line.what.curve && line.what.curve_uncertain) {
      use(line.what.id + "-curve", "The effect curve");
    }
  }
}

// A medicine that takes the place of another.
void substitution(const TaperRequest& request, const SafetyFacts& f,
                  std::vector<RuleFinding>& out) {
  if (!request.substitution || request.lines.size() != 2) return;
  const TaperLine& old = request.lines[0];
  const TaperLine& line = request.lines[1];
  const auto& figures = request.substitution->figures;
  const auto amount = present_amount(old);
  if (!figures.empty() && amount) {
    const double low = figures.front().per_unit;
    const double high = figures.back().per_unit;
    if (high > 1.5 * low) {
      const auto figure = [&](const SubstitutionFigure& of) {
        return shortest(amount->value() * of.per_unit) + " mg (" + of.source + ")";
      };
      const bool cautious = request.substitution->ratio() <= low * (1 + 1e-9);
      RuleFinding finding = warned(
          "equivalents_disagree",
          "Sources disagree on what " + text(*amount) + " of " + old.what.name + " equals in " +
              line.what.name + ": " + figure(figures.front()) + " to " + figure(figures.back()) +
              (cautious ? ". The plan starts with the lower figure; if withdrawal shows, a "
                          "clinician goes up from there"
                        : ". The plan uses a higher figure than the most cautious one: watch for "
                          "sedation"));
      finding.measured = high / low;
      finding.limit = 1.5;
      finding.unit = "times";
      out.push_back(std::move(finding));
    }
  }
  double height = line.original ? line.original->value() : 0;
  for (const TaperPhase& phase : line.rule) {
    if (const auto* rows = std::get_if<RowsRule>(&phase.rule)) {
      for (const RowsRule::Row& row : rows->rows) height = std::max(height, row.amount);
    }
  }
  if (line.what.id == "diazepam" && height > 40) {
    RuleFinding finding =
        refused("substitution_cap_40_mg",
                "The diazepam that takes over would be " + shortest(height) + " mg a day");
    finding.measured = height;
    finding.limit = 40;
    finding.unit = "mg a day";
    out.push_back(std::move(finding));
  }
  if (detail::sedative(line.what) &&
      (f.kidney_or_liver_failure.value_or(false) || f.age_years.value_or(0) >= 65)) {
    out.push_back(warned("long_acting_caution",
                         "Age, or kidneys and liver that clear slowly: a long-acting medicine "
                         "builds up"));
  }
  int days = 0;
  for (const TaperPhase& phase : line.rule) {
    const auto* rows = std::get_if<RowsRule>(&phase.rule);
    if (rows == nullptr || !rows->may_rise) continue;
    for (const RowsRule::Row& row : rows->rows) {
      days += row.length.value_or(request.calendar.step_length).shortest_days();
    }
  }
  if (detail::sedative(line.what) && days < 7) {
    RuleFinding finding =
        warned("substitution_too_quick", "Changing over in " + std::to_string(days) +
                                             " days works less well than over one to two weeks");
    finding.measured = days;
    finding.limit = 7;
    finding.unit = "days";
    out.push_back(std::move(finding));
  }
}

}  // namespace

std::vector<RuleFinding> restart_findings(const TaperRequest& request, const SafetyFacts& facts,
                                          std::span<const Amount> doses) {
  std::vector<RuleFinding> out;
  constexpr int four_weeks = 28;
  const int without = facts.opioid_free_days.value_or(0);
  const bool lost = yes(facts.returning_after_tolerance_loss);
  for (std::size_t l = 0; l < request.lines.size() && l < doses.size(); ++l) {
    const TaperSubstance& what = request.lines[l].what;
    if (what.cls != C::opioid || doses[l].is_zero()) continue;
    bool look = without >= 3;
    if (what.agonist_treatment && without > 0) {
      const auto medicine =
          what.id == "buprenorphine" ? AgonistMedicine::buprenorphine : AgonistMedicine::methadone;
      const auto answer = after_missed_days(medicine, without);
      look = !answer || *answer != MissedDoses::go_on;
    }
    if (look) {
      RuleFinding f =
          refused("missed_doses_reassess",
                  std::to_string(without) + " days without an opioid: " + text(doses[l]) + " of " +
                      what.name +
                      " is not simply taken again. A clinician looks first, and often "
                      "starts much lower");
      f.measured = without;
      f.unit = "days";
      out.push_back(std::move(f));
    }
    if (without > four_weeks || (lost && look)) {
      RuleFinding f = refused(
          "past_tolerance", "After " + std::to_string(without) +
                                " days without, the body is no longer used to " + text(doses[l]) +
                                " of " + what.name +
                                ": a dose that was usual can stop the breath now (the rule is the "
                                "guideline's, the limit of 28 days is ours)");
      f.measured = without;
      f.limit = four_weeks;
      f.unit = "days";
      out.push_back(std::move(f));
    } else if (lost) {
      out.push_back(warned("past_tolerance",
                           "Tolerance may be lost: whether " + text(doses[l]) + " of " + what.name +
                               " is still what the body is used to is looked at first",
                           Severity::danger));
    }
  }
  return out;
}

std::vector<RuleFinding> start_findings(const TaperRequest& request) {
  std::vector<RuleFinding> out;
  uncertain(request, out);
  detail::known_substances(request, out);
  detail::known_substitution(request, out);
  detail::agonist_treatment(request, out);
  history(request, request.facts, out);
  danger(request, request.facts, out);
  std::vector<Amount> today;
  for (const TaperLine& line : request.lines) {
    if (const auto amount = present_amount(line)) {
      today.push_back(*amount);
    } else {
      return out;  // units were checked with the request
    }
  }
  for (RuleFinding& f : restart_findings(request, request.facts, today)) {
    out.push_back(std::move(f));
  }
  several(request, out);
  substitution(request, request.facts, out);
  disagree(request, out);
  contact(request, out);
  not_asked(request, out);
  return out;
}

std::vector<RuleFinding> go_on_findings(const TaperRequest& request, const SafetyFacts& facts) {
  std::vector<RuleFinding> out;
  uncertain(request, out);
  detail::known_substances(request, out);
  detail::known_substitution(request, out);
  detail::agonist_treatment(request, out);
  history(request, facts, out);
  danger(request, facts, out);
  several(request, out);
  return out;
}

std::vector<Instead> instead_of(const TaperRequest& request,
                                std::span<const RuleFinding> findings) {
  std::vector<Instead> out;
  const auto add = [&out](std::string_view id, std::string text, const Source* source) {
    const bool there = std::ranges::any_of(out, [id](const Instead& i) { return i.id == id; });
    if (!there) out.push_back({std::string{id}, std::move(text), source});
  };
  bool alcohol = false;
  for (const TaperLine& line : request.lines) alcohol |= line.what.cls == C::alcohol;
  for (const RuleFinding& f : findings) {
    if (f.answer != Answer::refused || f.overridden) continue;
    const std::string_view id = f.rule->id;
    const bool stopping = id == "class_a_abrupt_stop" || id == "class_a_unsupervised" ||
                          id == "seizure_history" || id == "dt_history";
    if (id == "alcohol_care" || (stopping && alcohol)) {
      add("do_not_stop_at_home",
          "Please do not stop suddenly at home. Until help is there, keep to about your usual "
          "amount, spread over the day, eat, drink water, and do not be alone.",
          &sources::nice_cg115);
      add("where_to_go",
          "A clinic or hospital can make this safe, with medicine against seizures and vitamin B1 "
          "(thiamine) before sugar. Call your doctor or an alcohol service today.",
          &sources::asam_alcohol_2020);
      add("emergency_signs",
          "Shaking that gets worse, seeing or hearing things, confusion, fever or a seizure: call "
          "an ambulance at once.",
          &sources::asam_alcohol_2020);
      add("fade",
          "Where a service agrees, a slow reduction over weeks is a real goal too, and every lower "
          "week counts.",
          &sources::ombre_proposal);
    } else if (id == "class_a_unsupervised" || id == "class_a_abrupt_stop" ||
               id == "specialist_only" || id == "seizure_history" || id == "dt_history" ||
               id == "antiepileptic_use") {
      add("do_not_stop_alone",
          "Please do not stop alone or all at once: it can cause seizures. Keep taking what you "
          "take now, in even doses, until a clinician plans this with you. If you have already "
          "stopped, see one today: the danger comes within days.",
          &sources::bzd_joint_2025);
    } else if (id == "oat_half_in_14_days" || id == "opioid_abrupt_stop" ||
               id == "gabapentinoid_stop_over_a_week") {
      add("not_at_once",
          "Please do not stop or drop it all at once. Go on with what you take now until a slower "
          "plan is made; smaller or longer steps can fit.",
          f.rule->source);
    } else if (id == "callers_equivalents" || id == "substitution_without_equivalents") {
      add("equivalent_first",
          "A clinician or pharmacist names what the one medicine equals in the other, and where "
          "that "
          "comes from. Until then the dose stays as it is.",
          f.rule->source);
    } else if (id == "step_not_dispensable") {
      add("other_products",
          "Ask the pharmacy which smaller strengths or liquids there are, and name them in the "
          "request. Until then the dose stays as it is.",
          f.rule->source);
    } else if (id == "going_up_is_weighed") {
      add("no_rise",
          "Stay at what you take now, or begin from there with smaller steps down. A higher dose "
          "is "
          "a decision of its own, made with a clinician.",
          f.rule->source);
    } else if (id == "oat_stable") {
      add("stay", "Staying on treatment that works is a good plan. It can be reviewed at any time.",
          &sources::asam_oud_2020);
    } else if (id == "multi_taper") {
      add("one_first", "Choose one to begin with and hold the other steady.", &sources::cdc_2022);
    } else if (id == "no_consent") {
      add("stay_in_contact",
          "Keep the present dose and the contact. Disagreeing is no reason to be sent away.",
          &sources::cdc_2022);
    } else if (id == "unstable_mental") {
      add("help_now", "Help for this moment comes first: a crisis line, a friend, a clinic today.",
          &sources::cdc_2022);
    } else if (id == "street_supply") {
      add("known_medicine",
          "Ask for treatment with a known medicine; for opioids that is buprenorphine or "
          "methadone. Checking drugs, not using alone and naloxone protect meanwhile.",
          &sources::asam_oud_2020);
    } else if (id == "no_followup") {
      add("agree_contact", "Agree on a first contact within four weeks, then ask again.",
          &sources::cdc_2022);
    } else if (id == "pregnant") {
      add("specialist", "Stay on the present dose and see a specialist for pregnancy soon.",
          &sources::asam_oud_2020);
    } else if (id == "past_tolerance" || id == "missed_doses_reassess") {
      add("start_low",
          "Please do not go back to the old dose: after days without, it can stop the breath. A "
          "clinician starts again low and goes up in steps; until then do not be alone, and keep "
          "naloxone at hand.",
          f.rule->source);
    } else if (f.limit) {
      add("slower", "Smaller or longer steps can fit: the limit stands with the reason.",
          f.rule->source);
    }
  }
  // Who needs a clinic to stop drinking is not sent to try smaller steps alone.
  const auto is = [](std::string_view id) { return [id](const Instead& i) { return i.id == id; }; };
  if (std::ranges::any_of(out, is("do_not_stop_at_home"))) std::erase_if(out, is("slower"));
  return out;
}

}  // namespace ombre::inline v0::plans
