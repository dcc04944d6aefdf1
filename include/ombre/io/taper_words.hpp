#pragma once
/// @file
/// The words in which plans speak: a catalogue of messages with named slots, built in in English,
/// and translations that a caller registers. What is missing in a translation is found when it is
/// registered, not when somebody reads a plan.

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ombre/core/date.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/io/json.hpp"
#include "ombre/plans/amount.hpp"
#include "ombre/plans/step_calendar.hpp"

namespace ombre::inline v0::io {

/// One message as it is built in. Slots stand in braces, "{amount} a day"; a translation uses the
/// same slots in any order.
struct TaperMessage {
  std::string_view id;  ///< "goal.zero"; plural forms end in ".one" and ".other"
  std::string_view english;
};

/// All messages a translation has to bring, ascending by id.
[[nodiscard]] OMBRE_EXPORT std::span<const TaperMessage> taper_messages() noexcept;

/// Which plural form a whole number takes. Source: Unicode CLDR plural rules (cardinal).
enum class PluralRule : std::uint8_t {
  other,           ///< one form for all numbers: Japanese, Chinese, Turkish after numerals
  one_other,       ///< 1, the rest: English, German, Spanish
  zero_one_other,  ///< 0 and 1, the rest: French, Brazilian Portuguese
  polish,          ///< one, few (2-4, 22-24, ...), many
  east_slavic,     ///< one (1, 21, ...), few (2-4, 22-24, ...), many: Russian, Ukrainian
  czech            ///< one, few (2-4), other
};

/// "other", "one_other", "zero_one_other", "polish", "east_slavic", "czech".
[[nodiscard]] OMBRE_EXPORT std::string_view name(PluralRule rule) noexcept;

/// Messages in another language. Besides those of taper_messages() it may hold, for plural
/// messages, the forms ".few" and ".many" of its rule, and sentences for the texts that rules bring
/// with them: "instead.<id>" and "rule.<id>" without slots; where these are absent the library's
/// English sentence stands.
struct TaperTranslation {
  std::string tag;  ///< BCP 47, such as "de"
  PluralRule plural = PluralRule::one_other;
  std::vector<std::pair<std::string, std::string>> messages;
  /// Words that no message may hold, such as labels for people; "abus*" stands for all that begin
  /// so. For English the built-in list always holds.
  std::vector<std::string> avoid{};
};

/// A translation out of `{"language": "de", "plural": "one_other", "avoid": [...], "messages":
/// {"goal.zero": "...", ...}}`. @par Errors those of JsonFields
[[nodiscard]] OMBRE_EXPORT Result<TaperTranslation> taper_translation(const JsonView& document);

/// The English catalogue in that form, to begin a translation from.
[[nodiscard]] OMBRE_EXPORT Result<std::string> taper_translation_template();

/// A word that should not stand in a text, and what can stand there instead.
struct WordRule {
  std::string_view word;  ///< in lower case; a star at the end stands for any ending
  std::string_view instead;
};

/// The words English texts avoid: labels ("addict", "clean"), verdicts ("fail", "non-compliant"),
/// blame ("abuse"). Source: NIDA, Words Matter; Kelly & Westerhoff, Int J Drug Policy 21:202
/// (2010); some rows are this project's own.
[[nodiscard]] OMBRE_EXPORT std::span<const WordRule> avoided_words() noexcept;

/// A word found in a text.
struct WordFound {
  std::string word;    ///< as it stands there
  std::size_t at = 0;  ///< byte
  std::string_view instead;
};

/// Every avoided word of a text, in order, as whole words and in any letter case.
[[nodiscard]] OMBRE_EXPORT std::vector<WordFound> check_wording(std::string_view text);

/// A complete catalogue in one language. Share it by reference: a copy copies every message.
class OMBRE_EXPORT TaperLanguage {
 public:
  using Slot = std::pair<std::string_view, std::string_view>;

  /// Checks and keeps a translation.
  /// @par Errors missing (a message, a slot, a plural form), unknown_name (a message or slot that
  /// nobody fills), duplicate, malformed (UTF-8, an open brace), contradiction (an avoided word);
  /// the field is the message's id
  [[nodiscard]] static Result<TaperLanguage> from(TaperTranslation translation);
  [[nodiscard]] static const TaperLanguage& english();

  [[nodiscard]] const std::string& tag() const noexcept { return tag_; }

  /// The message with its slots filled. Filled-in text is not looked at for slots again. A message
  /// that does not exist gives its id: every id used by the library is in the catalogue.
  [[nodiscard]] std::string say(std::string_view id, std::initializer_list<Slot> slots = {}) const;
  /// The plural form of `id` for a count; the slot {count} is the number.
  [[nodiscard]] std::string count(std::string_view id, std::int64_t n,
                                  std::initializer_list<Slot> slots = {}) const;
  /// A message that a translation may leave out, or nothing.
  [[nodiscard]] const std::string* find(std::string_view id) const noexcept;

  /// "Monday, 8 January 2024".
  [[nodiscard]] std::string long_date(Date day) const;
  /// "8 January 2024".
  [[nodiscard]] std::string date(Date day) const;
  /// "2 weeks", "10 days".
  [[nodiscard]] std::string length(plans::StepLength length) const;
  /// Days, said in weeks where they are whole weeks.
  [[nodiscard]] std::string days(Days days) const;
  /// "12.5", with the language's decimal mark; at most `decimals` decimals, rounded.
  [[nodiscard]] std::string number(double value, int decimals = 6) const;
  /// "12.5 mg", "1 drink", "26 drinks"; exact.
  [[nodiscard]] std::string amount(plans::Amount amount) const;

 private:
  TaperLanguage() = default;
  [[nodiscard]] std::string_view plural_form(std::int64_t n) const noexcept;
  [[nodiscard]] std::string fill(std::string_view text, std::span<const Slot> slots) const;

  std::string tag_;
  PluralRule plural_ = PluralRule::one_other;
  std::vector<std::pair<std::string, std::string>> messages_;  // ascending by id
};

}  // namespace ombre::inline v0::io
