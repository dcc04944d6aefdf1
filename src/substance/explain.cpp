#include "ombre/substance/explain.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <optional>

#include "ombre/core/error.hpp"
#include "ombre/substance/diazepam.hpp"
#include "ombre/substance/facts.hpp"
#include "ombre/substance/kinetics.hpp"
#include "ombre/substance/mixtures.hpp"
#include "ombre/substance/opioid_mme.hpp"
#include "sources.hpp"

namespace ombre::inline v0::substance {
namespace {

std::string text_of(Range range, std::string_view unit) {
  std::string out = shortest(range.low);
  if (range.high > range.low) out += " to " + shortest(range.high);
  return out + ' ' + std::string{unit};
}

// Adds a source once; the least certain mark of several stays.
void cite_once(std::vector<Citation>& list, const Source* source, Confidence confidence) {
  const auto at = std::ranges::find(list, source, &Citation::source);
  if (at == list.end()) {
    list.push_back({source, confidence});
  } else {
    at->confidence = std::max(at->confidence, confidence);
  }
}

std::string_view mark(Confidence confidence) {
  return confidence == Confidence::uncertain ? " (uncertain)" : "";
}

class Page {
 public:
  explicit Page(const Substance& substance, const Catalogue& catalogue)
      : s_{substance}, catalogue_{catalogue} {}

  Explanation write() {
    page_.name = s_.id;
    page_.kind = "substance";
    page_.title = std::string{s_.name} + ": " + std::string{name(s_.cls)};
    for (const auto alias : s_.aliases()) page_.aliases.emplace_back(alias);
    for (const Code& code : s_.codes()) page_.aliases.emplace_back(code.code);
    names();
    stopping();
    half_lives();
    opioid_factors();
    diazepam();
    strengths();
    mixtures_in_brief();
    if (page_.text.empty())
      page_.text = "Nothing further is recorded; that does not mean harmless.";
    return std::move(page_);
  }

 private:
  void line(std::string_view text) {
    if (!page_.text.empty()) page_.text += '\n';
    page_.text += text;
  }
  void cite(const Source* source, Confidence confidence) {
    cite_once(page_.sources, source, confidence);
  }

  void names() {
    std::string text;
    for (const Code& code : s_.codes()) {
      text += (text.empty() ? "" : ", ") + std::string{name(code.system)} + ' ' +
              std::string{code.code};
    }
    if (!text.empty()) line("Codes: " + text + '.');
    if (s_.is(Trait::unknown_potency)) {
      line("Potency is not known and varies: nothing is computed from an amount.");
      if (s_.cls == Class::benzodiazepine) {
        line(
            "Nothing is recorded about it but what holds for all benzodiazepines; what is sold "
            "under the name may hold an opioid.");
      }
    }
  }

  void stopping() {
    if (const auto danger = stopping_danger(s_)) {
      line("Stopping suddenly: class " + std::string(1, letter(danger->danger)) + ", " +
           std::string{name(danger->danger)} + ", as " + std::string{danger->group} + " (" +
           std::string{danger->features} + ").");
      cite(danger->source, danger->confidence);
    } else {
      line("Danger of stopping suddenly: not recorded.");
    }
    if (const auto timing = withdrawal(s_, Accept::uncertain_too)) {
      line("Withdrawal" + std::string{mark(timing->confidence)} + ": begins " +
           text_of(timing->onset_hours, "h") + " after the last dose, peaks at " +
           text_of(timing->peak_hours, "h") + ", lasts " + text_of(timing->duration_days, "days") +
           " (" + std::string{timing->group} + ", " + std::string{name(timing->match)} + ")." +
           (timing->note.empty() ? "" : " " + timing->note + '.'));
      cite(timing->source, timing->confidence);
    }
  }

  void half_lives() {
    for (const HalfLifeRow& row : catalogue_.half_lives(s_.id)) {
      std::string what =
          row.species.empty() ? "Half-life" : "Half-life of " + std::string{row.species};
      if (!row.condition.empty()) what += ", " + std::string{row.condition};
      what += std::string{mark(row.confidence)} + ": " + text_of(row.hours, "h");
      if (row.activity == Activity::weak) what += ", weakly active";
      if (row.activity == Activity::marker) what += ", a marker without effect";
      line(what + (row.note.empty() ? "." : " (" + std::string{row.note} + ")."));
      cite(row.source, row.confidence);
    }
  }

  void opioid_factors() {
    for (const MmeFactor& row : mme_factors()) {
      if (row.substance != s_.id) continue;
      std::string text = "Morphine equivalent, " + std::string{name(row.set)} + ", " +
                         std::string{row.form} + ": " + shortest(row.factor);
      text += row.unit == FactorUnit::per_mg    ? " per mg"
              : row.unit == FactorUnit::per_mcg ? " per mcg"
                                                : " per mcg/h";
      if (row.over_mg) {
        text += ", for a daily dose over " + shortest(*row.over_mg) + " mg";
        if (row.up_to_mg) text += " and up to " + shortest(*row.up_to_mg) + " mg";
      }
      if (row.withdrawn) text += "; withdrawn";
      line(text + '.');
      cite(row.source, row.confidence);
    }
    if (s_.cls == Class::opioid && s_.id == "buprenorphine") {
      line("Never counted in a total of morphine equivalents.");
    }
  }

  void diazepam() {
    const auto rows = catalogue_.diazepam_figures(s_.id);
    if (rows.empty()) return;
    std::string text = "Equal to 10 mg diazepam: ";
    for (const DiazepamFigure& row : rows) {
      if (&row != rows.data()) text += "; ";
      text += row.low_mg ? text_of({*row.low_mg, *row.high_mg}, "mg") : shortest(row.mg) + " mg";
      if (row.compilation) text += " (around " + shortest(row.mg) + ")";
      text += " [" + std::string{row.source->id} + ']';
      cite(row.source, row.confidence);
    }
    line(text + '.');
  }

  void strengths() {
    for (const Product& row : catalogue_.products(s_.id)) {
      line("Strengths, " + std::string{row.market} + ", " + std::string{row.form} +
           (row.partner.empty() ? "" : " with " + std::string{row.partner}) + ": " +
           std::string{row.strengths_text} + ' ' + std::string{name(row.unit)} + "; " +
           std::string{name(row.splitting)} + '.');
      cite(row.source, row.confidence);
    }
  }

  void mixtures_in_brief() {
    std::string text;
    for (const MixtureRule& rule : mixture_rules()) {
      if (rule.severity != Severity::danger) continue;
      const bool first = rule.first.matches(s_);
      if (!first && !rule.second.matches(s_)) continue;
      const std::string other = (first ? rule.second : rule.first).text();
      if (text.find(other) != std::string::npos) continue;
      text += (text.empty() ? "" : ", ") + other;
      cite(rule.source, rule.confidence);
    }
    if (!text.empty()) line("Most dangerous together with: " + text + '.');
  }

  const Substance& s_;
  const Catalogue& catalogue_;
  Explanation page_;
};

Explanation explain(const MixtureRule& rule) {
  Explanation page;
  page.name = rule.id;
  page.kind = "mixture";
  page.title = rule.when == When::together
                   ? rule.first.text() + " with " + rule.second.text()
                   : "stopping " + rule.first.text() + " while taking " + rule.second.text();
  page.text = "Severity: " + std::string{name(rule.severity)} + " (" +
              std::string{name(rule.kind)} + ").\nWhy: " + std::string{rule.mechanism} + '.';
  if (!rule.effect.empty()) page.text += "\nHow much: " + std::string{rule.effect} + '.';
  page.text += "\nWhat helps: " + std::string{rule.helps} + '.';
  page.sources.push_back({rule.source, rule.confidence});
  return page;
}

// How sure we are of what was taken from a source: whether it was read is the same for all of it
// (a test holds the tables to that); values that were remembered or derived say so themselves.
Confidence mark_of(const Source& source) {
  std::optional<Confidence> best;
  const auto seen = [&](const Source* cited, Confidence confidence) {
    if (cited == &source) best = best ? std::min(*best, confidence) : confidence;
  };
  for (const Fact& fact : facts()) seen(fact.source, fact.confidence);
  for (const MixtureRule& rule : mixture_rules()) seen(rule.source, rule.confidence);
  return best.value_or(Confidence::known);
}

Explanation explain(const Source& source) {
  return {.name = std::string{source.id},
          .kind = "source",
          .title = std::string{source.id},
          .text = std::string{source.citation} + ". Edition: " + std::string{source.edition} + '.',
          .sources = {{&source, mark_of(source)}}};
}

Explanation method(std::string name, std::string title, std::string text,
                   std::vector<Citation> sources, std::vector<std::string> aliases = {}) {
  return {.name = std::move(name),
          .kind = "equivalence",
          .title = std::move(title),
          .text = std::move(text),
          .sources = std::move(sources),
          .aliases = std::move(aliases)};
}

std::vector<Citation> cited(std::initializer_list<const Source*> sources) {
  std::vector<Citation> out;
  for (const Source* source : sources) out.push_back({source, mark_of(*source)});
  return out;
}

std::vector<Explanation> methods() {
  std::vector<Explanation> out;
  out.push_back(method(
      "mme", "Morphine milligram equivalents a day, for counting risk",
      "Sum over all opioids of dose times factor. A fentanyl patch counts 2.4 per mcg/h, once. Two "
      "editions of the factors, CDC 2022 and CDC 2016, disagree (hydromorphone 5 or 4, methadone "
      "4.7 or a factor by the band of the whole daily dose, tramadol 0.2 or 0.1) and are never "
      "mixed.\nHeroin, illicitly made fentanyl, nitazenes, unknown pills, and anything without a "
      "factor in the edition make the total unknown, never 0. Buprenorphine is not counted. The "
      "thresholds of 50 and 90 MME are for pain prescribing; they do not apply to opioid agonist "
      "treatment.\nNever a dose to switch to: changing opioids needs a further reduction and a "
      "clinician.",
      cited({&cite::cdc_2022, &cite::cdc_2016}),
      {"risk-mme", "morphine-equivalents", "mme-per-day"}));
  out.push_back(method(
      "diazepam-equivalent", "Diazepam equivalents of benzodiazepines and z-drugs, as an interval",
      "Sources disagree by up to 2.7 times. Without a named source the answer is the envelope over "
      "all of them; ranges that a guideline prints are part of it, the wide ranges of a "
      "compilation (ClinCalc) are listed and only included on request. Figures that differ by more "
      "than 1.5 times are called a disagreement.\nTo start a substitution the low end is the "
      "cautious one, to judge the risk of withdrawal the high end.",
      cited({&cite::ashton_2002, &cite::va_dod_2021, &cite::bnf, &cite::who_2009, &cite::nsw_2022,
             &cite::clincalc}),
      {"diazepam-equivalents", "ashton", "benzodiazepine-equivalent"}));
  out.push_back(
      method("standard-drink", "Grams of pure ethanol in a standard drink, by country",
             "From 8 g (United Kingdom) to 20 g (Austria, Japan): a number of drinks means nothing "
             "without its country. grams = millilitres * percent / 100 * 0.789. 42 countries are "
             "recorded; five of them only with uncertain values, three with a range.",
             cited({&cite::drinks_survey, &cite::physical_constant}),
             {"standard-drinks", "drink", "drinks"}));
  out.push_back(method(
      "uk-unit", "UK unit of alcohol",
      "10 mL of ethanol: millilitres * percent / 1000. 8 g by convention, 7.89 g by density.",
      cited({&cite::uk_unit}), {"unit", "units"}));
  out.push_back(method(
      "widmark", "Estimate of blood alcohol",
      "grams / (r * weight in kg) - beta * hours, in g per kg; r 0.68 for men, 0.55 for women; "
      "beta 0.15, interval from 0.10 to 0.25 (to 0.35 in people who may be tolerant). Stomach "
      "content, absorption and body composition are left out. Never a statement about driving.",
      cited({&cite::widmark_1932, &cite::forensic_texts}), {"bac", "blood-alcohol"}));
  out.push_back(method(
      "thc-unit", "Standard THC unit",
      "5 mg of delta-9-THC in the material: a unit for reports, not a recommended dose. A joint of "
      "0.32 g at 15 % holds 48 mg, 9.6 units; far less reaches the body.",
      cited({&cite::nih_thc_2021, &cite::ridgeway_2016}), {"thc-units"}));
  out.push_back(method(
      "danger-class", "How dangerous it is to stop suddenly",
      "A life-threatening: alcohol, benzodiazepines, barbiturates, GHB, baclofen, z-drugs at high "
      "doses: seizures and delirium; never abruptly and never without medical care. B severe: "
      "opioids, whose withdrawal rarely kills but leaves without tolerance; clonidine; "
      "gabapentinoids. C distress: antidepressants, stimulants. D mild: cannabis, nicotine, "
      "caffeine.",
      cited({&cite::texts_asam}), {"danger-classes"}));
  out.push_back(method(
      "mixtures", "What mixes badly",
      "A table of pairs by class, with mechanism, severity, what helps and source. A pair that is "
      "not listed is not thereby safe; a name that is not recognised makes the answer incomplete.",
      cited({&cite::fda_2016_boxed, &cite::cprd_cohort}), {"mixing"}));
  return out;
}

}  // namespace

Explanation explain(const Substance& substance, const Catalogue& catalogue) {
  return Page{substance, catalogue}.write();
}

std::vector<Explanation> explain_substances(const Catalogue& catalogue) {
  std::vector<Explanation> out;
  for (const Substance& s : catalogue.substances()) out.push_back(explain(s, catalogue));
  for (const MixtureRule& rule : mixture_rules()) out.push_back(explain(rule));
  for (Explanation& page : methods()) out.push_back(std::move(page));
  for (const Source* source : sources()) out.push_back(explain(*source));
  return out;
}

}  // namespace ombre::inline v0::substance
