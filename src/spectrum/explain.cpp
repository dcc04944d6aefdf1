#include "ombre/spectrum/explain.hpp"

#include <string>

#include "ombre/core/error.hpp"
#include "ombre/spectrum/drinking.hpp"
#include "ombre/spectrum/who_rdl.hpp"

namespace ombre::inline v0::spectrum {
namespace {

std::string text_of(const DrinkingLimit& limit) {
  const std::string than = limit.comparison == Comparison::at_least ? "at least " : "more than ";
  if (limit.men_g == limit.women_g) return than + shortest(limit.men_g) + " g";
  return than + shortest(limit.men_g) + " g (men), " + shortest(limit.women_g) + " g (women)";
}

Explanation explain(const HeavyRule& rule) {
  Explanation page;
  page.name = rule.id;
  page.kind = "rule";
  page.title = rule.title;
  page.text = rule.kind == RuleKind::heavy ? "A definition of heavy drinking."
                                           : "A limit of low-risk drinking: beyond it is meant.";
  if (rule.day) page.text += "\nOn a day: " + text_of(*rule.day) + '.';
  if (rule.week) page.text += "\nIn a week: " + text_of(*rule.week) + '.';
  if (rule.days_needed > 1) {
    page.text += "\nOn " + std::to_string(rule.days_needed) + " days or more of " +
                 std::to_string(rule.window_days) + '.';
  }
  if (rule.needs_occasion) {
    page.text += "\nStated for one occasion; a day's total can only overstate it.";
  }
  if (!rule.note.empty()) page.text += "\nNote: " + std::string{rule.note} + '.';
  page.sources.push_back({rule.source, rule.confidence});
  return page;
}

}  // namespace

std::vector<Explanation> explain_drinking() {
  std::vector<Explanation> out;
  Explanation levels;
  levels.name = "who_rdl";
  levels.kind = "rule";
  levels.title = "WHO risk drinking levels, by mean grams of ethanol a day";
  levels.text =
      "Men: low 1-40 g, medium 41-60, high 61-100, very high over 100. Women: low 1-20, medium "
      "21-40, high 41-60, very high over 60. Abstinent is 0. The mean is taken over all days of "
      "the "
      "window, abstinent days included.\nBetween the printed whole numbers each band is closed at "
      "its upper end (our proposal; it agrees with every whole number and with the > 60 g and > 40 "
      "g of the EMA).\nA reduction is the number of levels gone down; a missing follow-up counts "
      "as no response.";
  levels.sources = {{&rdl_source(), Confidence::known}};
  levels.aliases = {"rdl", "who-rdl", "risk-drinking-levels"};
  out.push_back(std::move(levels));
  for (const RdlEndpoint& endpoint : rdl_endpoints()) {
    out.push_back({.name = std::string{endpoint.id},
                   .kind = "rule",
                   .title = std::to_string(endpoint.levels) +
                            (endpoint.levels == 1 ? " level" : " levels") +
                            " down in WHO risk drinking level, " + std::string{endpoint.agency},
                   .text = std::string{endpoint.status} + '.',
                   .sources = {{endpoint.source, endpoint.confidence}}});
  }
  for (const HeavyRule& rule : heavy_rules()) out.push_back(explain(rule));
  return out;
}

}  // namespace ombre::inline v0::spectrum
