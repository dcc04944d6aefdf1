// Warnings in words about one situation: what cannot wait first, then what is about to stop, then
// what protects and what does not.

#include <algorithm>
#include <string>
#include <vector>

#include "evaluate.hpp"
#include "ombre/context/risk.hpp"
#include "ombre/substance/mixtures.hpp"
#include "sources.hpp"
#include "stopping.hpp"

namespace ombre::inline v0::context {
namespace {

bool is(const Facts& facts, std::string_view factor) { return facts.truth(factor) == Truth::yes; }

void what_cannot_wait(const Facts& facts, Findings& out) {
  if (is(facts, "suicidal_thoughts")) {
    out.add({.severity = Severity::danger,
             .rule = "suicide_ask_now",
             .text = "Thoughts of suicide come before everything else on this page. Ask today, "
                     "directly and kindly, whether there is a plan and whether the means are at "
                     "hand; asking does not bring it about. Nobody in danger is left alone. A "
                     "crisis line listens at any hour; where life is in danger now, call the "
                     "emergency number of the country.",
             .field = "suicidal_thoughts",
             .source = &cite::stanley_brown});
  }
  if (is(facts, "violence_at_home")) {
    out.add({.severity = Severity::danger,
             .rule = "violence_ask_now",
             .text = "Home is not safe. Ask in private, without the partner, whether there is "
                     "danger today; what happens next is decided by the person who lives with it. "
                     "A service or helpline against violence at home can help with a plan and a "
                     "safe place; where there is danger now, call the emergency number of the "
                     "country.",
             .field = "violence_at_home",
             .source = &cite::who_partner_2013});
  }
}

// What a stop from one day to the next would do. Whether a doctor is there counts as help only
// where it is known.
void what_stops(const Facts& facts, Findings& out) {
  const detail::Stopping stops = detail::stopping_at_once(facts);
  const bool pregnant = is(facts, "pregnant");
  const std::string_view help = facts.truth("managed_withdrawal") == Truth::no
                                    ? " Medical help with it is not there yet:"
                                    : " Whether medical help with it is there is not known:";
  const auto can_kill = [&](bool there, std::string_view what, std::string_view depends,
                            std::string_view brings, std::string_view way, const Source* source) {
    if (!there) return;
    std::string text = "Stopping " + std::string{what} + " from one day to the next can kill";
    if (!is(facts, depends)) text += ", if the body depends on it";
    text += ": " + std::string{brings} + '.' + std::string{help} + ' ' + std::string{way};
    if (is(facts, "seizure_before") || is(facts, "delirium_before")) {
      text +=
          " A seizure or delirium before makes the next more likely: this belongs in a "
          "hospital.";
    }
    if (pregnant) text += " In pregnancy it belongs in a hospital with specialist care.";
    out.add({.severity = Severity::danger,
             .rule = "stop_can_kill",
             .text = std::move(text),
             .field = "stops_soon",
             .value = std::string{what},
             .source = source});
  };
  can_kill(stops.alcohol, "alcohol", "depends_on_alcohol",
           "seizures within a day or two, and delirium after that",
           "see a doctor before the first day without. Until then do not stop at once; a small "
           "steady amount, and thiamine, are safer than none.",
           &cite::asam_alcohol_2020);
  can_kill(stops.sedatives, "benzodiazepines or other sedatives", "depends_on_sedatives",
           "seizures and delirium, with long-acting ones after days",
           "see the prescriber or a doctor first. Until then keep to the usual dose; the safe way "
           "is down in small steps, over weeks to months.",
           &cite::bzd_joint_2025);
  can_kill(stops.ghb, "GHB", "depends_on_sedatives",
           "within hours shaking, agitation and delirium, and seizures",
           "daily use around the clock is stopped in a hospital or with a doctor. Until then do "
           "not stop at once and do not do it alone.",
           &cite::texts);
  if (stops.opioids && pregnant) {
    out.add({.severity = Severity::danger,
             .rule = "opioid_stop_in_pregnancy",
             .text =
                 "Opioids that stop from one day to the next endanger a pregnancy, and a return "
                 "to the old dose afterwards may kill. Methadone or buprenorphine is the "
                 "standard, with care for both; ask for it before anything stops.",
             .field = "stops_soon",
             .source = &cite::who_pregnancy_2014});
  } else if (stops.opioids) {
    out.add({.severity = Severity::warning,
             .rule = "opioid_stop_ahead",
             .text = "Opioids that stop from one day to the next bring withdrawal, and tolerance "
                     "falls within days: a return to the old dose may then kill. Agonist treatment "
                     "or small steps down are safer than a stop; naloxone belongs at hand before "
                     "it.",
             .field = "stops_soon",
             .source = &cite::tolerance_rows});
  }
  if (stops.agonist) {
    std::string text =
        "Methadone or buprenorphine may end. In the first four weeks after agonist treatment ends "
        "deaths are 8 to 9 times as frequent as during the rest of treatment. Staying on it "
        "protects; if it is to end, then slowly, planned with the prescriber, with a way back and "
        "with naloxone at hand before the last dose.";
    if (pregnant) text += " In pregnancy treatment goes on.";
    out.add({.severity = Severity::danger,
             .rule = "agonist_end_ahead",
             .text = std::move(text),
             .field = is(facts, "stops_soon") ? "stops_soon" : "may_be_discharged",
             .source = &cite::cornish_2010});
  }
}

void pregnancy(const Facts& facts, Findings& out) {
  if (!is(facts, "pregnant") || !is(facts, "uses_alcohol")) return;
  std::string text =
      "Alcohol in pregnancy can harm the child, and no amount is known to be safe: every drink "
      "less helps, at any time of the pregnancy. A midwife or doctor can help without reproach.";
  if (facts.truth("depends_on_alcohol") != Truth::no) {
    text += " If the body depends on it, do not stop at once: that belongs in a hospital.";
  }
  out.add({.severity = Severity::warning,
           .rule = "alcohol_in_pregnancy",
           .text = std::move(text),
           .field = "pregnant",
           .source = &cite::who_pregnancy_2014});
}

// Below 18: what the menu holds back, and who looks first.
void young(const Facts& facts, Findings& out) {
  if (!is(facts, "under_18")) return;
  std::string text =
      "Below 18. Medicines here were studied in adults and the labels of most do not cover this "
      "age, so what is meant for adults is held back. A service for young people looks at the "
      "whole picture first: health, home, school, safety, and family as far as the young person "
      "agrees.";
  if (is(facts, "uses_alcohol") || is(facts, "depends_on_alcohol")) {
    text += " Drinking: from 10 to 17 years NICE asks for a specialist assessment first.";
    if (facts.truth("depends_on_alcohol") != Truth::no) {
      text +=
          " If the body depends on alcohol, do not stop at once: withdrawal belongs in a "
          "hospital at this age.";
    }
  }
  if (is(facts, "uses_opioid") || is(facts, "depends_on_opioids")) {
    text +=
        " Opioids: naloxone is for every age; agonist treatment at this age is begun by a "
        "specialist.";
  }
  out.add({.severity = Severity::warning,
           .rule = "below_18",
           .text = std::move(text),
           .field = "under_18",
           .source = &cite::nice_cg115});
}

std::string days(double count) { return shortest(count) + (count == 1 ? " day" : " days"); }

// Tolerance that has fallen, from a count of days, from a release or discharge, or because it was
// said. It holds whether naloxone is at hand or not.
void lost_tolerance(const Facts& facts, Findings& out) {
  const bool counted =
      facts.tolerance() && *facts.tolerance() != substance::ToleranceBand::baseline;
  std::vector<std::string> why;
  const auto since = [&](std::string_view factor, std::string_view number, std::string_view what) {
    if (!is(facts, factor)) return false;
    const auto count = facts.number(number);
    why.push_back(std::string{what} + (count ? ' ' + days(*count) + " ago" : ""));
    return true;
  };
  const auto cut = facts.number("days_since_opioid_cut");
  if (counted && cut) {
    why.push_back("regular use ended or was halved " + days(*cut) + " ago");
  }
  const bool left = since("release_4_weeks", "days_since_release", "released from prison") ||
                    since("release_2_weeks", "days_since_release", "released from prison");
  const bool discharged = since("discharge_4_weeks", "days_since_discharge",
                                "left hospital, detox or residential care");
  if (is(facts, "agonist_just_stopped")) why.emplace_back("agonist treatment ended");
  if (!counted &&
      (is(facts, "tolerance_peak") || is(facts, "tolerance_high") || is(facts, "tolerance_lost"))) {
    why.emplace_back("tolerance is known to have fallen");
  }
  if (why.empty()) return;
  const auto advice =
      substance::tolerance_advice(counted ? *facts.tolerance() : substance::ToleranceBand::peak);
  std::string text;
  // Somebody who left and uses no opioid now may have used before: the old dose is the danger.
  const bool opioid = counted || is(facts, "uses_opioid") || is(facts, "depends_on_opioids");
  if (!opioid && (left || discharged)) text = "This holds if opioids were used before. ";
  text += advice.value;
  if (left || discharged || !counted) {
    if (text.find("may now kill") == std::string::npos) {
      text += " The old dose may now kill, and half of it is not safe either.";
    }
  }
  text += " Known: ";
  for (std::size_t i = 0; i < why.size(); ++i) {
    if (i > 0) text += "; ";
    text += why[i];
  }
  text += '.';
  const bool none_now = !opioid && facts.truth("uses_opioid") == Truth::no;
  out.add({.severity = none_now ? Severity::warning : Severity::danger,
           .rule = "tolerance_lost",
           .text = std::move(text),
           .value = counted ? std::string{name(*facts.tolerance())} : std::string{},
           .source = advice.source});
}

// Pairs among what is used, each with the severity and the words of the table of mixtures.
void pairs(const Facts& facts, Findings& out) {
  for (const auto& [factor, text] :
       {std::pair{"pair_breathing", "What is used includes a pair that slows breathing together: "},
        std::pair{"pair_heart", "What is used includes a pair that strains the heart together: "},
        std::pair{"pair_seizure", "What is used includes a pair that makes seizures more likely: "},
        std::pair{"pair_serotonin",
                  "What is used includes a pair that adds to serotonin toxicity: "}}) {
    if (!is(facts, factor)) continue;
    bool named = false;
    for (const PairFound& pair : facts.pairs()) {
      if (pair.factor != factor) continue;
      named = true;
      const substance::MixtureRule& rule = *pair.rule;
      std::string says = pair.first + " with " + pair.second + ": " + std::string{rule.mechanism};
      if (!rule.effect.empty()) says += " (" + std::string{rule.effect} + ')';
      says += '.';
      if (!rule.helps.empty()) says += " What helps: " + std::string{rule.helps} + '.';
      out.add({.severity = rule.severity,
               .rule = factor,
               .text = std::move(says),
               .value = std::string{rule.id},
               .source = rule.source});
    }
    if (named) continue;
    // It was stated: no rule of the table is behind it.
    const auto place = facts.catalogue().find_factor(factor);
    const std::string why = place ? facts.why(*place) : std::string{};
    out.add({.severity = Severity::warning, .rule = factor, .text = text + why + "."});
  }
}

}  // namespace

Findings warnings(const Facts& facts) {
  Findings out;
  what_cannot_wait(facts, out);
  what_stops(facts, out);
  pregnancy(facts, out);
  young(facts, out);
  out.merge(facts.findings());
  const Bands now = bands(facts);
  for (const Protection& p : protection(facts)) {
    const RiskBand band = now.at_least[static_cast<std::size_t>(p.harm)];
    if (band < RiskBand::high || p.in_place.size() > 1) continue;
    Finding finding;
    finding.severity = Severity::danger;
    finding.field = name(p.harm);
    if (p.in_place.empty()) {
      finding.rule = "no_layer_known";
      finding.text = "No layer of protection against " + std::string{words(p.harm)} +
                     " is known to be in place.";
    } else {
      finding.rule = "one_layer_only";
      finding.text = "Only one layer protects against " + std::string{words(p.harm)} + ": " +
                     std::string{p.in_place.front()->says} +
                     ". If it has a hole on a bad day, nothing else is there.";
    }
    if (!p.not_known.empty()) {
      finding.text += " Ask about: ";
      for (std::size_t i = 0; i < p.not_known.size() && i < 4; ++i) {
        if (i > 0) finding.text += ", ";
        finding.text += p.not_known[i]->says;
      }
      finding.text += '.';
    }
    out.add(std::move(finding));
  }
  lost_tolerance(facts, out);
  if (!facts.naloxone_reasons().empty() && facts.truth("naloxone_at_hand") != Truth::yes) {
    Finding finding;
    finding.severity = Severity::danger;
    finding.rule = "naloxone_needed";
    finding.text = facts.truth("naloxone_at_hand") == Truth::no
                       ? "Naloxone is needed and not at hand: "
                       : "Naloxone is needed; whether it is at hand is not known: ";
    for (std::size_t i = 0; i < facts.naloxone_reasons().size(); ++i) {
      if (i > 0) finding.text += "; ";
      finding.text += facts.naloxone_reasons()[i].says;
    }
    finding.text += '.';
    finding.source = facts.naloxone_reasons().front().source;
    out.add(std::move(finding));
  }
  if (is(facts, "uses_ghb")) {
    out.add({.severity = Severity::warning,
             .rule = "naloxone_not_for_ghb",
             .text = "Naloxone does not work on GHB. Somebody who cannot be woken is turned on the "
                     "side and not left alone, and help is called; naloxone is given all the same "
                     "where an opioid may have been taken.",
             .field = "uses_ghb",
             .source = &cite::texts});
  }
  pairs(facts, out);
  return out;
}

}  // namespace ombre::inline v0::context
