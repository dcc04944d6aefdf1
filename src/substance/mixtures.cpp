#include "ombre/substance/mixtures.hpp"

#include <algorithm>
#include <bitset>

#include "ombre/core/error.hpp"

namespace ombre::inline v0::substance {
namespace {

bool listed(std::string_view ids, std::string_view id) {
  while (!ids.empty()) {
    const std::size_t end = ids.find(' ');
    if (ids.substr(0, end) == id) return true;
    if (end == std::string_view::npos) return false;
    ids.remove_prefix(end + 1);
  }
  return false;
}

std::string_view trait_text(Trait trait) {
  switch (trait) {
    case Trait::depressant:
      return "sedative";
    case Trait::unknown_potency:
      return "substance of unknown potency";
    case Trait::serotonergic:
      return "serotonergic substance";
    case Trait::qt_prolonging:
      return "substance that prolongs the QT interval";
    case Trait::lowers_seizure_threshold:
      return "substance that lowers the seizure threshold";
    case Trait::sympathomimetic:
      return "stimulant";
    case Trait::cyp1a2_substrate:
      return "medicine broken down by CYP1A2";
    case Trait::tobacco_smoke:
      return "tobacco smoke";
    case Trait::full_agonist:
      return "full opioid agonist";
    case Trait::unspecified:
      return "unspecified substance";
  }
  return "substance";
}

void look_at_pair(const Substance& a, const Substance& b, Accept accept, MixtureReport& out) {
  std::bitset<16> kinds_found;
  for (const MixtureRule& rule : mixture_rules()) {
    if (rule.confidence == Confidence::uncertain && accept == Accept::established) continue;
    if (kinds_found[static_cast<std::size_t>(rule.kind)]) continue;
    const bool forwards = rule.first.matches(a) && rule.second.matches(b);
    const bool backwards = rule.first.matches(b) && rule.second.matches(a);
    if (!forwards && !backwards) continue;
    kinds_found.set(static_cast<std::size_t>(rule.kind));
    out.dangerous.push_back(forwards ? Mixture{a, b, &rule} : Mixture{b, a, &rule});
  }
  if (kinds_found.none()) out.not_listed.emplace_back(a, b);
}

void warn(MixtureReport& out, std::string_view id, std::string_view value, std::string text) {
  out.complete = false;
  out.findings.add({.severity = Severity::warning,
                    .rule = std::string{id},
                    .text = std::move(text),
                    .field = "substance",
                    .value = std::string{value}});
}

}  // namespace

bool Selector::matches(const Substance& substance) const noexcept {
  if (!ids.empty()) return listed(ids, substance.id);
  if (cls && substance.cls != *cls) return false;
  if (trait && !substance.is(*trait)) return false;
  return cls || trait;
}

std::string Selector::text() const {
  std::string out;
  for (std::string_view rest = ids; !rest.empty();) {
    const std::size_t end = rest.find(' ');
    if (!out.empty()) out += " or ";
    out += rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  if (!out.empty()) return out;
  if (cls) return std::string{name(*cls)};
  return std::string{trait ? trait_text(*trait) : "substance"};
}

std::string_view name(HarmKind kind) noexcept {
  switch (kind) {
    case HarmKind::breathing:
      return "breathing";
    case HarmKind::heart:
      return "heart";
    case HarmKind::rhythm:
      return "heart rhythm";
    case HarmKind::serotonin:
      return "serotonin";
    case HarmKind::seizure:
      return "seizure";
    case HarmKind::blood_pressure:
      return "blood pressure";
    case HarmKind::withdrawal:
      return "withdrawal";
    case HarmKind::level:
      return "blood level";
    case HarmKind::toxicity:
      return "toxicity";
  }
  return "toxicity";
}

Result<MixtureReport> mixtures(std::span<const Substance> taken, Accept accept) {
  if (taken.empty()) {
    return unexpected(error_of(Errc::empty_input, "substances", "at least one is needed"));
  }
  constexpr std::size_t most = 200;
  if (taken.size() > most) {
    return unexpected(error_at(Errc::too_large, "substances", std::nullopt,
                               static_cast<double>(taken.size()), "at most 200 are compared"));
  }
  MixtureReport out;
  std::vector<Substance> unique;
  for (const Substance& s : taken) {
    if (std::ranges::find(unique, s) == unique.end()) unique.push_back(s);
  }
  for (const Substance& s : unique) {
    if (s.cls == Class::unknown || s.cls == Class::other) {
      warn(out, "mixture_unknown_substance", s.name,
           "what this is or does is not known: it may hold an opioid or a sedative, and nothing "
           "here clears it");
    } else if (s.cls == Class::benzodiazepine && s.is(Trait::unknown_potency)) {
      out.findings.add({.severity = Severity::warning,
                        .rule = "designer_benzodiazepine",
                        .text = "nothing is recorded about it but what holds for all "
                                "benzodiazepines; what is sold under this name varies in strength "
                                "and may hold an opioid",
                        .field = "substance",
                        .value = std::string{s.name}});
    } else if (s.is(Trait::unknown_potency)) {
      out.findings.add({.severity = Severity::caution,
                        .rule = "mixture_unknown_potency",
                        .text = "its strength varies, and it may hold other substances as well",
                        .field = "substance",
                        .value = std::string{s.name}});
    }
  }
  for (std::size_t i = 0; i < unique.size(); ++i) {
    for (std::size_t j = i + 1; j < unique.size(); ++j) {
      look_at_pair(unique[i], unique[j], accept, out);
    }
  }
  std::ranges::stable_sort(out.dangerous, [](const Mixture& x, const Mixture& y) {
    if (x.rule->severity != y.rule->severity) return x.rule->severity > y.rule->severity;
    return x.rule < y.rule;
  });
  return out;
}

Result<MixtureReport> mixtures(std::span<const std::string_view> names, Accept accept,
                               const Catalogue& catalogue) {
  if (names.empty()) {
    return unexpected(error_of(Errc::empty_input, "substances", "at least one is needed"));
  }
  std::vector<Substance> found;
  std::vector<std::string> sentences;
  std::vector<std::string_view> not_found;
  for (const std::string_view name : names) {
    if (const auto substance = catalogue.find(name)) {
      found.push_back(*substance);
    } else {
      not_found.push_back(name);
      sentences.push_back(substance.error().rule);
    }
  }
  MixtureReport out;
  if (!found.empty()) {
    auto report = mixtures(std::span<const Substance>{found}, accept);
    if (!report) return report;
    out = *std::move(report);
  }
  for (std::size_t i = 0; i < not_found.size(); ++i) {
    warn(out, "mixture_name_not_recognised", not_found[i],
         sentences[i] + "; nothing can be said about mixing it");
  }
  return out;
}

}  // namespace ombre::inline v0::substance
