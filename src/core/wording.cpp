#include "ombre/core/wording.hpp"

#include <algorithm>
#include <array>

#include "core/cited.hpp"
#include "core/text.hpp"

namespace ombre::inline v0 {
namespace {

constexpr Source nida{"nida-words-matter",
                      "US National Institute on Drug Abuse. Words Matter: Terms to Use and Avoid "
                      "When Talking About Addiction",
                      "2021"};
constexpr const Source& ours = cited::ombre_proposal;

using enum WordingKind;
constexpr auto known = Confidence::known;
constexpr auto proposal = Confidence::proposal;

constexpr std::string_view person =
    "person who uses drugs, or person with a substance use disorder";
constexpr std::string_view drinker = "person who drinks, or person with alcohol use disorder";
constexpr std::string_view use_of = "use, or substance use disorder where it is diagnosed";
constexpr std::string_view negative = "negative, or what was found (\"no opioid found\")";
constexpr std::string_view positive = "positive, or what was found (\"morphine found\")";

constexpr std::array rules{
    // ---- labels
    WordingRule{"addict", label, person, {}, &nida, known},
    WordingRule{"addicted", label, "has a substance use disorder", {}, &nida, known},
    WordingRule{"user", label, person, "user interface|user name|user input", &nida, known},
    WordingRule{"abuser", label, person, {}, &nida, known},
    WordingRule{"substance abuse", label, use_of, {}, &nida, known},
    WordingRule{"drug abuse", label, use_of, {}, &nida, known},
    WordingRule{"alcohol abuse", label, use_of, {}, &nida, known},
    WordingRule{"drug habit", label, use_of, {}, &nida, known},
    WordingRule{"junkie", label, person, {}, &nida, known},
    WordingRule{"crackhead", label, person, {}, &nida, known},
    WordingRule{"druggie", label, person, {}, &nida, known},
    WordingRule{"alcoholic", label, drinker,
                "alcoholic drink|alcoholic drinks|alcoholic beverage|non-alcoholic|alcoholic "
                "hepatitis|alcoholics anonymous",
                &nida, known},
    WordingRule{"drunk", label, "intoxicated",
                "was drunk|were drunk|is drunk|are drunk|been drunk|amount drunk|drinks drunk",
                &nida, known},
    WordingRule{"drunkard", label, drinker, {}, &nida, known},
    WordingRule{"relapser", label, "person who used again", {}, &ours, proposal},
    WordingRule{"drug seeking", label, "asking for relief", {}, &ours, proposal},
    WordingRule{"schizophrenic", label, "person with schizophrenia", {}, &ours, proposal},
    WordingRule{"the homeless", label, "people without a home", {}, &ours, proposal},
    WordingRule{"offender", label, "person with a conviction", {}, &ours, proposal},
    WordingRule{"frequent flyer", label, "person who comes often", {}, &ours, proposal},

    // ---- judgements
    WordingRule{"clean", judgement, negative,
                "clean needle|clean needles|clean equipment|clean water|clean skin|clean hands|"
                "clean the skin|clean surface|clean works|clean wound|clean the wound|clean pipe",
                &nida, known},
    WordingRule{"dirty", judgement, positive, {}, &nida, known},
    WordingRule{"failed", judgement, "did not help yet, or was interrupted",
                "failed to load|failed to read", &ours, proposal},
    WordingRule{"failure", judgement, "return to use, or what did not help yet",
                "kidney failure|renal failure|liver failure|heart failure|organ "
                "failure|respiratory failure|"
                "failure in role obligations|kidney or liver failure",
                &ours, proposal},
    WordingRule{"fail", judgement, "not help yet", {}, &ours, proposal},
    WordingRule{"non compliant", judgement, "found it hard to follow", {}, &nida, known},
    WordingRule{"noncompliant", judgement, "found it hard to follow", {}, &nida, known},
    WordingRule{"compliance", judgement, "what was taken as agreed", {}, &ours, proposal},
    WordingRule{"in denial", judgement, "sees it differently", {}, &ours, proposal},
    WordingRule{"denies", judgement, "says that there was none", {}, &ours, proposal},
    WordingRule{"admits", judgement, "says", "hospital admits", &ours, proposal},
    WordingRule{"unmotivated", judgement, "has other things first now", {}, &ours, proposal},
    WordingRule{"manipulative", judgement, "asks for what is needed", {}, &ours, proposal},
    WordingRule{"weak willed", judgement, "finds it hard now", {}, &ours, proposal},
    WordingRule{
        "back to square one", judgement, "what was achieved stays achieved", {}, &ours, proposal},
    WordingRule{"fell off the wagon", judgement, "used again", {}, &ours, proposal},
    WordingRule{"relapse prone", judgement, "has used again before", {}, &ours, proposal},
    WordingRule{"bad behaviour", judgement, "what happened, in plain words", {}, &ours, proposal},
    WordingRule{"hopeless", judgement, "hard until now", {}, &ours, proposal},

    // ---- sanctions
    WordingRule{"discharge for use",
                sanction,
                "ask what happened and what would help now",
                {},
                &ours,
                proposal},
    WordingRule{"discharged for use",
                sanction,
                "asked what happened and what would help now",
                {},
                &ours,
                proposal},
    WordingRule{"expel", sanction, "move to a place that can hold the person", {}, &ours, proposal},
    WordingRule{
        "expelled", sanction, "moved to a place that could hold the person", {}, &ours, proposal},
    WordingRule{"kicked out", sanction, "moved", {}, &ours, proposal},
    WordingRule{"punish", sanction, "respond", {}, &ours, proposal},
    WordingRule{"punished", sanction, "answered", {}, &ours, proposal},
    WordingRule{"punishment", sanction, "answer", {}, &ours, proposal},
    WordingRule{"zero tolerance",
                sanction,
                "a rule, its reason, and what follows from it",
                {},
                &ours,
                proposal},
    WordingRule{"loses privileges", sanction, "nothing is taken away for use", {}, &ours, proposal},
    WordingRule{"last chance", sanction, "the way back stays open", {}, &ours, proposal},
    WordingRule{"earn the right", sanction, "is offered", {}, &ours, proposal},
    WordingRule{"must be sober", sanction, "is welcome", {}, &ours, proposal},

    // ---- promises
    WordingRule{"cure", promise, "help with", {}, &ours, proposal},
    WordingRule{"cured", promise, "better", {}, &ours, proposal},
    WordingRule{"guarantee", promise, "make more likely", {}, &ours, proposal},
    WordingRule{"guaranteed", promise, "more likely", {}, &ours, proposal},
    WordingRule{"eliminates", promise, "lessens", {}, &ours, proposal},
    WordingRule{"completely safe", promise, "less dangerous", {}, &ours, proposal},
    WordingRule{"perfectly safe", promise, "less dangerous", {}, &ours, proposal},
    WordingRule{"harmless", promise, "not listed as dangerous", "never treated as harmless", &ours,
                proposal},
    WordingRule{"risk free", promise, "with less risk", {}, &ours, proposal},
    WordingRule{"painless", promise, "easier to bear", {}, &ours, proposal},
    WordingRule{"will never", promise, "is less likely to", {}, &ours, proposal},

    // ---- causes
    WordingRule{"causes", cause, "goes along with", {}, &ours, proposal},
    WordingRule{"caused by", cause, "seen together with", {}, &ours, proposal},
    WordingRule{"because of", cause, "together with", {}, &ours, proposal},
    WordingRule{"leads to", cause, "is followed by", {}, &ours, proposal},
    WordingRule{"led to", cause, "was followed by", {}, &ours, proposal},
    WordingRule{"due to", cause, "together with", {}, &ours, proposal},
    WordingRule{"results in", cause, "is followed by", {}, &ours, proposal},
    WordingRule{"thanks to", cause, "together with", {}, &ours, proposal},
};

using ascii::lower;
constexpr bool in_word(char c) noexcept {
  const char l = lower(c);
  return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
         (static_cast<unsigned char>(c) & 0x80U) != 0;
}
constexpr bool between(char c) noexcept { return c == ' ' || c == '-' || c == '\n' || c == '\t'; }

// Bytes of `text` from `at` on that spell `term`; 0 where they do not. A run of blanks or hyphens
// in the text stands for one blank or hyphen of the term.
std::size_t spelled(std::string_view text, std::size_t at, std::string_view term) noexcept {
  std::size_t i = at;
  for (std::size_t t = 0; t < term.size(); ++t) {
    if (i >= text.size()) return 0;
    if (between(term[t])) {
      if (!between(text[i])) return 0;
      while (i < text.size() && between(text[i])) ++i;
      continue;
    }
    if (lower(text[i]) != lower(term[t])) return 0;
    ++i;
  }
  return i - at;
}

// The same for whole words, with or without a plural s.
std::size_t whole_words(std::string_view text, std::size_t at, std::string_view term) noexcept {
  if (at > 0 && in_word(text[at - 1])) return 0;
  std::size_t length = spelled(text, at, term);
  if (length == 0) return 0;
  if (at + length < text.size() && lower(text[at + length]) == 's') ++length;
  if (at + length < text.size() && in_word(text[at + length])) return 0;
  return length;
}

bool excused(std::string_view text, std::size_t at, std::size_t length, std::string_view unless) {
  while (!unless.empty()) {
    const std::size_t bar = std::min(unless.find('|'), unless.size());
    const std::string_view phrase = unless.substr(0, bar);
    unless.remove_prefix(std::min(bar + 1, unless.size()));
    // A phrase may begin before the term; one blank may be several in the text.
    const std::size_t from = at > 2 * phrase.size() ? at - 2 * phrase.size() : 0;
    for (std::size_t i = from; i <= at; ++i) {
      const std::size_t reach = whole_words(text, i, phrase);
      if (reach > 0 && i + reach >= at + length) return true;
    }
  }
  return false;
}

}  // namespace

std::string_view name(WordingKind kind) noexcept {
  constexpr std::array<std::string_view, 5> names{"label", "judgement", "sanction", "promise",
                                                  "cause"};
  return names[static_cast<std::size_t>(kind)];
}

std::span<const WordingRule> wording_rules() noexcept { return rules; }

std::string describe(const WordingFault& fault) {
  return '"' + std::string{fault.rule->term} + "\" (" + std::string{name(fault.rule->kind)} +
         "): write \"" + std::string{fault.rule->instead} + '"';
}

std::vector<WordingFault> check_wording(std::string_view text, WordingScope scope) {
  std::vector<WordingFault> out;
  for (const WordingRule& rule : rules) {
    if (rule.kind == cause && !scope.causal_words) continue;
    const char first = lower(rule.term.front());
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (lower(text[at]) != first) continue;
      const std::size_t length = whole_words(text, at, rule.term);
      if (length == 0 || excused(text, at, length, rule.unless)) continue;
      out.push_back({&rule, at, length});
    }
  }
  std::ranges::stable_sort(out, [](const WordingFault& a, const WordingFault& b) {
    return a.offset != b.offset ? a.offset < b.offset : a.length > b.length;
  });
  // Of overlapping terms the longer one that begins first stays.
  std::size_t kept = 0;
  std::size_t end = 0;
  for (const WordingFault& fault : out) {
    if (kept > 0 && fault.offset < end) continue;
    end = fault.offset + fault.length;
    out[kept++] = fault;
  }
  out.resize(kept);
  return out;
}

}  // namespace ombre::inline v0
