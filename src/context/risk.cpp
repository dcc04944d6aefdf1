#include "ombre/context/risk.hpp"

#include <algorithm>

#include "evaluate.hpp"

namespace ombre::inline v0::context {
namespace {

std::string readable(RiskBand band) {
  switch (band) {
    case RiskBand::none_listed:
      return "no listed reason";
    case RiskBand::raised:
      return "raised";
    case RiskBand::high:
      return "high";
    case RiskBand::very_high:
      return "very high";
  }
  return "very high";
}

std::string capital(std::string_view text) {
  std::string out{text};
  if (!out.empty() && out[0] >= 'a' && out[0] <= 'z') out[0] = static_cast<char>(out[0] - 32);
  return out;
}

}  // namespace

Bands bands(const Facts& facts) {
  Bands out;
  const auto look = [&facts](std::size_t factor) { return facts.truth(factor); };
  for (const Harm harm : all_harms()) {
    const auto pair = detail::band_of(facts.catalogue(), harm, look);
    out.at_least[static_cast<std::size_t>(harm)] = pair.at_least;
    out.at_most[static_cast<std::size_t>(harm)] = pair.at_most;
  }
  return out;
}

RiskReport risks(const Facts& facts) {
  RiskReport out;
  const Catalogue& catalogue = facts.catalogue();
  const auto look = [&facts](std::size_t factor) { return facts.truth(factor); };
  for (const Harm harm : all_harms()) {
    HarmBand& band = out.harms[static_cast<std::size_t>(harm)];
    band.harm = harm;
    for (const std::uint16_t r :
         catalogue.compiled().rules_of_harm[static_cast<std::size_t>(harm)]) {
      const HarmRule& rule = catalogue.rules()[r];
      const Truth truth = detail::all_of(catalogue.compiled().rules[r], look);
      if (truth == Truth::yes) {
        band.reasons.push_back(&rule);
        band.at_least = std::max(band.at_least, rule.band);
      } else if (truth == Truth::unknown) {
        band.open.push_back(&rule);
        band.at_most = std::max(band.at_most, rule.band);
      }
    }
    band.at_most = std::max(band.at_most, band.at_least);
    std::erase_if(band.open, [&band](const HarmRule* rule) { return rule->band <= band.at_least; });
    const auto higher = [](const HarmRule* a, const HarmRule* b) { return a->band > b->band; };
    std::ranges::stable_sort(band.reasons, higher);
    std::ranges::stable_sort(band.open, higher);
  }
  return out;
}

std::vector<WouldChange> what_would_change(const Facts& facts, Harm harm) {
  std::vector<WouldChange> out;
  const Catalogue& catalogue = facts.catalogue();
  const auto look = [&facts](std::size_t factor) { return facts.truth(factor); };
  const auto now = detail::band_of(catalogue, harm, look);
  for (std::size_t f = 0; f < catalogue.factors().size(); ++f) {
    if (!catalogue.compiled().harms_of_factor[f].has(harm)) continue;
    const Factor& factor = catalogue.factors()[f];
    const Truth better = factor.direction == Direction::raises ? Truth::no : Truth::yes;
    const Truth is = facts.truth(f);
    if (is == better || (is != Truth::unknown && !factor.modifiable)) continue;
    const auto then = detail::band_of(catalogue, harm, [&](std::size_t other) {
      return other == f ? better : facts.truth(other);
    });
    if (then.at_least == now.at_least && then.at_most == now.at_most) continue;
    out.push_back({harm, f, better, then.at_least, then.at_most, is == Truth::unknown});
  }
  return out;
}

std::vector<Protection> protection(const Facts& facts) {
  std::vector<Protection> out;
  const Catalogue& catalogue = facts.catalogue();
  for (std::size_t i = 0; i < catalogue.layers().size(); ++i) {
    const Layer& layer = catalogue.layers()[i];
    auto at = std::ranges::find(out, layer.harm, &Protection::harm);
    if (at == out.end()) {
      out.push_back({.harm = layer.harm});
      at = out.end() - 1;
    }
    const auto term = catalogue.compiled().layers[i];
    const Truth truth = detail::holds(term, facts.truth(term.factor));
    auto& list = truth == Truth::yes  ? at->in_place
                 : truth == Truth::no ? at->missing
                                      : at->not_known;
    list.push_back(&layer);
  }
  return out;
}

Findings warnings(const Facts& facts) {
  Findings out;
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
  if (facts.tolerance() && *facts.tolerance() != substance::ToleranceBand::baseline) {
    const auto advice = substance::tolerance_advice(*facts.tolerance());
    out.add({.severity = Severity::danger,
             .rule = "tolerance_lost",
             .text = std::string{advice.value},
             .value = std::string{name(*facts.tolerance())},
             .source = advice.source});
  }
  for (const auto& [factor, text] :
       {std::pair{"pair_breathing", "What is used includes a pair that slows breathing together: "},
        std::pair{"pair_heart", "What is used includes a pair that strains the heart together: "},
        std::pair{"pair_seizure", "What is used includes a pair that makes seizures more likely: "},
        std::pair{"pair_serotonin",
                  "What is used includes a pair that adds to serotonin toxicity: "}}) {
    if (facts.truth(std::string_view{factor}) != Truth::yes) continue;
    const auto place = facts.catalogue().find_factor(factor);
    std::string why = place ? facts.why(*place) : std::string{};
    if (why.starts_with("worked out: ")) why.erase(0, 12);
    out.add({.severity = Severity::warning, .rule = factor, .text = text + why + "."});
  }
  return out;
}

std::string explain(const HarmBand& band, const Facts& facts) {
  std::string out = capital(words(band.harm)) + ": ";
  if (band.known()) {
    out += readable(band.at_least);
  } else {
    out += "at least " + readable(band.at_least) + ", and it could be " + readable(band.at_most);
  }
  out += '.';
  if (!band.reasons.empty()) {
    out += " Known: ";
    for (std::size_t i = 0; i < band.reasons.size(); ++i) {
      if (i > 0) out += "; ";
      out += band.reasons[i]->says;
    }
    out += '.';
  }
  if (!band.open.empty()) {
    // The questions that decide, each once.
    const Catalogue& catalogue = facts.catalogue();
    std::vector<std::string_view> asks;
    for (const HarmRule* rule : band.open) {
      const auto r = static_cast<std::size_t>(rule - catalogue.rules().data());
      for (const Catalogue::Term& term : catalogue.compiled().rules[r]) {
        if (facts.truth(term.factor) != Truth::unknown) continue;
        const std::string_view title = catalogue.factors()[term.factor].title;
        if (std::ranges::find(asks, title) == asks.end()) asks.push_back(title);
      }
    }
    if (!asks.empty()) out += " Not known, and it matters: ";
    for (std::size_t i = 0; i < asks.size(); ++i) {
      if (i > 0) out += "; ";
      out += asks[i];
    }
    if (!asks.empty()) out += '.';
  }
  return out;
}

}  // namespace ombre::inline v0::context
