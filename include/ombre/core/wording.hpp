#pragma once
/// @file
/// The wording rule: texts the library shows about a person name the person first, judge nobody,
/// threaten with nothing and promise nothing. Every module's texts are tested against it, and an
/// app may run it over its own.
///
/// It is made for texts somebody writes *about* people. A person's own words are theirs: do not run
/// it over diaries or quotations, nor over titles of publications.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/source.hpp"

namespace ombre::inline v0 {

/// Why a word does not belong into a text about a person.
enum class WordingKind : std::uint8_t {
  label,      ///< makes a person into a condition: "addict"
  judgement,  ///< good or bad, clean or dirty, success against failure
  sanction,   ///< care as a reward, its end as a punishment
  promise,    ///< more certainty than any source has: "harmless", "eliminates"
  cause       ///< causal words for what is a correlation; asked for only where one is described
};

/// "label", "judgement", ...
[[nodiscard]] OMBRE_EXPORT std::string_view name(WordingKind kind) noexcept;

/// One entry of the list.
///
/// A term is found as whole words, in any letter case, with blanks or hyphens between its words and
/// with or without a plural s. It is excused where it lies inside one of the phrases of `unless`
/// (separated by '|'): "clean" is fine in "clean needles".
struct WordingRule {
  std::string_view term;
  WordingKind kind;
  std::string_view instead;  ///< what to write; never empty
  std::string_view unless{};
  const Source* source = nullptr;
  Confidence confidence = Confidence::known;
};

/// All rules, grouped by kind.
[[nodiscard]] OMBRE_EXPORT std::span<const WordingRule> wording_rules() noexcept;

/// One place of a text that breaks a rule.
struct WordingFault {
  const WordingRule* rule = nullptr;  ///< never null
  std::size_t offset = 0;             ///< first byte
  std::size_t length = 0;             ///< bytes
};

/// `"addict" (label): write "person who uses drugs"`.
[[nodiscard]] OMBRE_EXPORT std::string describe(const WordingFault& fault);

/// Which kinds are looked for. Causal words are ordinary words in most texts, so they are not part
/// of the usual check.
struct WordingScope {
  bool causal_words = false;
};

/// Every fault of a text, by offset; where two terms overlap, the longer one.
/// Cost: linear in the text for each rule. Threads: pure function.
[[nodiscard]] OMBRE_EXPORT std::vector<WordingFault> check_wording(std::string_view text,
                                                                   WordingScope scope = {});

}  // namespace ombre::inline v0
