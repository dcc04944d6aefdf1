#include "ombre/context/explain.hpp"

#include <algorithm>
#include <string>

namespace ombre::inline v0::context {
namespace {

void cite(std::vector<Citation>& list, const Source* source, Confidence confidence) {
  const auto at = std::ranges::find(list, source, &Citation::source);
  if (at == list.end()) {
    list.push_back({source, confidence});
  } else {
    at->confidence = std::max(at->confidence, confidence);
  }
}

std::string domain_text(Domains domains) {
  std::string out;
  for (const Domain d : {Domain::drug, Domain::set, Domain::setting}) {
    if (!domains.has(d)) continue;
    if (!out.empty()) out += " and ";
    out += name(d);
  }
  return out;
}

// A condition as it is written, in the titles of its factors.
std::string condition(const Catalogue& catalogue, const Catalogue::Terms& terms) {
  std::string out;
  for (const Catalogue::Term& term : terms) {
    if (!out.empty()) out += ", and ";
    if (term.want == Truth::no) out += "not: ";
    out += catalogue.factors()[term.factor].title;
  }
  return out;
}

Explanation of_harm(const Catalogue& catalogue, Harm harm) {
  Explanation page;
  page.name = name(harm);
  page.kind = "harm";
  page.title = words(harm);
  page.text = "The highest band of the rules that hold counts; nothing is added or multiplied.";
  for (const std::uint16_t r : catalogue.compiled().rules_of_harm[static_cast<std::size_t>(harm)]) {
    const HarmRule& rule = catalogue.rules()[r];
    page.text += "\n" + std::string{name(rule.band)} + " [" + std::string{rule.id} +
                 "]: " + condition(catalogue, catalogue.compiled().rules[r]) + ". Because " +
                 std::string{rule.says} + '.';
    cite(page.sources, rule.source, rule.confidence);
  }
  std::string layers;
  for (const Layer& layer : catalogue.layers()) {
    if (layer.harm != harm) continue;
    if (!layers.empty()) layers += "; ";
    layers += layer.says;
  }
  if (!layers.empty()) page.text += "\nLayers of protection: " + layers + '.';
  return page;
}

Explanation of_option(const Catalogue& catalogue, std::size_t place) {
  const Option& option = catalogue.options()[place];
  Explanation page;
  page.name = option.id;
  page.kind = "option";
  page.title = option.title;
  page.text = option.plain;
  page.text += "\nWorks on " + domain_text(option.domains) + ". For " +
               std::string{option.harm_words.empty() ? "harms as listed" : option.harm_words} +
               "; " + std::string{option.whom} + '.';
  page.text += option.changes_use == ChangesUse::no ? "\nAsks for no change in use."
               : option.changes_use == ChangesUse::possible
                   ? "\nUse may change with it and need not."
                   : "\nIs for changing use.";
  page.text += "\nEvidence: " + std::string{option.evidence_words} + '.';
  for (const Effect& effect : option.effects) {
    if (!effect.says.empty()) page.text += ' ' + std::string{effect.says} + '.';
    cite(page.sources, effect.source, effect.confidence);
  }
  page.text += " Results of groups in the named studies, not promises.";
  page.text += "\nMoves: " + condition(catalogue, catalogue.compiled().moves[place]) + '.';
  if (!option.cautions.empty()) page.text += "\nWatch: " + std::string{option.cautions} + '.';
  if (!option.not_because.empty()) {
    page.text += "\nHeld back where " + std::string{option.not_because} + '.';
  }
  return page;
}

Explanation of_factor(const Catalogue& catalogue, std::size_t place) {
  const Factor& factor = catalogue.factors()[place];
  Explanation page;
  page.name = factor.id;
  page.kind = "factor";
  page.title = factor.title;
  page.text = "A factor of " + domain_text(factor.domains) + " that " +
              std::string{name(factor.direction)} + " harm where it holds.";
  if (factor.kind == ValueKind::number) {
    page.text = "A number of " + domain_text(factor.domains) + ", " + shortest(factor.low) +
                " to " + shortest(factor.high) + ' ' + std::string{factor.unit} +
                ", from which other factors are worked out.";
  }
  if (factor.derived) page.text += " Worked out from other answers where nobody states it.";
  if (factor.sensitive) page.text += " Ask with care, and only where it is needed.";
  if (!factor.ask.empty()) page.text += "\nOne may ask: " + std::string{factor.ask};
  if (!factor.note.empty()) page.text += "\nKnown: " + std::string{factor.note} + '.';
  std::string harms;
  for (const Harm harm : all_harms()) {
    if (!catalogue.compiled().harms_of_factor[place].has(harm)) continue;
    if (!harms.empty()) harms += ", ";
    harms += words(harm);
  }
  if (!harms.empty()) page.text += "\nMatters for: " + harms + '.';
  cite(page.sources, factor.source, factor.confidence);
  return page;
}

}  // namespace

std::vector<Explanation> explain_context(const Catalogue& catalogue) {
  std::vector<Explanation> out;
  for (const Harm harm : all_harms()) out.push_back(of_harm(catalogue, harm));
  for (std::size_t i = 0; i < catalogue.options().size(); ++i) {
    out.push_back(of_option(catalogue, i));
  }
  for (std::size_t i = 0; i < catalogue.factors().size(); ++i) {
    out.push_back(of_factor(catalogue, i));
  }
  return out;
}

}  // namespace ombre::inline v0::context
