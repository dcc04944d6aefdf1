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
