#include "ombre/io/taper_words.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "core/text.hpp"
#include "ombre/io/csv.hpp"

namespace ombre::inline v0::io {
namespace {

constexpr std::array<std::string_view, 6> plural_names{"other",  "one_other",   "zero_one_other",
                                                       "polish", "east_slavic", "czech"};

// After "Words Matter" (NIDA): name the person and the fact, not a verdict.
constexpr std::array avoided{
    WordRule{"abstinent from life", "not using"},
    WordRule{"abus*", "use"},
    WordRule{"addict", "person who uses"},
    WordRule{"addicts", "people who use"},
    WordRule{"alcoholic", "person who drinks"},
    WordRule{"alcoholics", "people who drink"},
    WordRule{"clean", "not using"},
    WordRule{"compliance", "how it goes"},
    WordRule{"compliant", "as agreed"},
    WordRule{"denial", "sees it differently"},
    WordRule{"dirty", "positive"},
    WordRule{"drug seeking", "asking for relief"},
    WordRule{"drug-seeking", "asking for relief"},
    WordRule{"drunk", "after drinking"},
    WordRule{"drunkard", "person who drinks"},
    WordRule{"fail*", "has not reached yet"},
    WordRule{"forbidden", "refused, with the reason"},
    WordRule{"habit", "use"},
    WordRule{"junkie", "person who uses"},
    WordRule{"junkies", "people who use"},
    WordRule{"lapsed back", "used again"},
    WordRule{"manipulat*", "asks for"},
    WordRule{"misus*", "use"},
    WordRule{"must never", "please do not"},
    WordRule{"non-complian*", "not as agreed"},
    WordRule{"noncomplian*", "not as agreed"},
    WordRule{"punish*", "answer"},
    WordRule{"refuses treatment", "does not want this"},
    WordRule{"relapse*", "use again"},
    WordRule{"relapsing", "using again"},
    WordRule{"sober", "not using"},
    WordRule{"sobriety", "not using"},
    WordRule{"user", "person who uses"},
    WordRule{"users", "people who use"},
    WordRule{"violat*", "does not fit"},
    WordRule{"weak-willed", "finding it hard"},
    WordRule{"willpower", "help"},
};

using ascii::lower;

bool in_word(char c) noexcept {
  return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '\'' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// Length of `word` at text[at], or 0. A star stands for any ending.
std::size_t match(std::string_view text, std::size_t at, std::string_view word) noexcept {
  const bool open = word.ends_with('*');
  if (open) word.remove_suffix(1);
  if (word.empty() || text.size() - at < word.size()) return 0;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (lower(text[at + i]) != lower(word[i])) return 0;
  }
  std::size_t end = at + word.size();
  if (open) {
    while (end < text.size() && in_word(text[end])) ++end;
  } else if (end < text.size() && in_word(text[end])) {
    return 0;
  }
  return end - at;
}

template <class Words, class Get>
std::vector<WordFound> look_for(std::string_view text, const Words& words, const Get& get) {
  std::vector<WordFound> out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (at > 0 && in_word(text[at - 1])) continue;
    for (const auto& word : words) {
      const WordRule rule = get(word);
      const std::size_t length = match(text, at, rule.word);
      if (length == 0) continue;
      out.push_back({std::string{text.substr(at, length)}, at, rule.instead});
      at += length - 1;
      break;
    }
  }
  return out;
}

Unexpected refuse(Errc code, std::string_view id, std::string_view value, std::string_view rule) {
  return unexpected(error_at(code, "messages." + std::string{id}, std::nullopt, value, rule));
}

// The slots of a text, ascending and without repeats.
Result<std::vector<std::string>> slots_of(std::string_view id, std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '}') return refuse(Errc::malformed, id, text, "has a brace that nothing opens");
    if (text[i] != '{') continue;
    const std::size_t end = text.find('}', i);
    if (end == std::string_view::npos) {
      return refuse(Errc::malformed, id, text, "has a brace that nothing closes");
    }
    out.emplace_back(text.substr(i + 1, end - i - 1));
    i = end;
  }
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

bool control(char c) noexcept { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

std::string_view english_of(std::string_view id) noexcept {
  const auto all = taper_messages();
  const auto at = std::ranges::lower_bound(all, id, {}, &TaperMessage::id);
  return at != all.end() && at->id == id ? at->english : std::string_view{};
}

// "weeks.few" -> "weeks.other", where that is a plural message.
std::string_view plural_english(std::string_view id, PluralRule rule) {
  const bool slavic = rule == PluralRule::polish || rule == PluralRule::east_slavic;
  std::string_view base;
  if (id.ends_with(".few") && (slavic || rule == PluralRule::czech)) {
    base = id.substr(0, id.size() - 4);
  } else if (id.ends_with(".many") && slavic) {
    base = id.substr(0, id.size() - 5);
  } else {
    return {};
  }
  return english_of(std::string{base} + ".other");
}

}  // namespace

std::string_view name(PluralRule rule) noexcept {
  return plural_names[static_cast<std::size_t>(rule)];
}

std::span<const WordRule> avoided_words() noexcept { return avoided; }

std::vector<WordFound> check_wording(std::string_view text) {
  return look_for(text, avoided, [](const WordRule& rule) { return rule; });
}

Result<TaperTranslation> taper_translation(const JsonView& document) {
  TaperTranslation out;
  JsonFields in{document};
  out.tag = in.text("language");
  out.plural = static_cast<PluralRule>(in.one_of("plural", plural_names));
  out.avoid = in.optional_texts("avoid");
  const JsonView messages = in.any("messages");
  if (auto ok = in.finish(); !ok) return unexpected(ok.error());
  if (messages.value->kind() != Json::Kind::object) {
    return unexpected(messages.error(Errc::malformed, "must be an object of texts"));
  }
  for (const Json::Member& member : messages.value->members()) {
    const auto text = member.second.as_text();
    if (!text) {
      const JsonView at{&member.second, messages.path + "." + member.first, messages.file};
      return unexpected(at.error(Errc::malformed, "must be a text"));
    }
    out.messages.emplace_back(member.first, *text);
  }
  return out;
}

Result<std::string> taper_translation_template() {
  JsonWriter json;
  json.begin_object();
  json.key("language").text("en");
  json.key("plural").text(name(PluralRule::one_other));
  json.key("avoid").begin_list().end_list();
  json.key("messages").begin_object();
  for (const TaperMessage& message : taper_messages()) {
    json.key(message.id).text(message.english);
  }
  json.end_object().end_object();
  return json.finish();
}

Result<TaperLanguage> TaperLanguage::from(TaperTranslation translation) {
  if (translation.tag.empty())
    return unexpected(error_of(Errc::missing, "language", "is required"));
  const auto plain_tag = [](char c) {
    return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  if (!std::ranges::all_of(translation.tag, plain_tag)) {
    return unexpected(error_at(Errc::malformed, "language", std::nullopt, translation.tag,
                               "must be a language tag such as de or pt-BR"));
  }
  TaperLanguage out;
  out.tag_ = std::move(translation.tag);
  out.plural_ = translation.plural;
  out.messages_ = std::move(translation.messages);
  std::ranges::sort(out.messages_, {}, &std::pair<std::string, std::string>::first);
  const bool is_english = out.tag_ == "en" || out.tag_.starts_with("en-");

  for (std::size_t i = 0; i < out.messages_.size(); ++i) {
    const std::string& id = out.messages_[i].first;
    const std::string& text = out.messages_[i].second;
    if (i > 0 && id == out.messages_[i - 1].first) {
      return refuse(Errc::duplicate, id, text, "is given twice");
    }
    if (first_invalid_utf8(text)) return refuse(Errc::malformed, id, text, "must be UTF-8");
    if (std::ranges::any_of(text, control)) {
      return refuse(Errc::malformed, id, text, "must be one line without control characters");
    }
    std::string_view model = english_of(id);
    if (model.empty()) model = plural_english(id, out.plural_);
    const bool own = id.starts_with("instead.") || id.starts_with("rule.");
    if (model.empty() && !own) {
      return refuse(Errc::unknown_name, id, text, "is not a message of the catalogue");
    }
    if (text.empty()) return refuse(Errc::missing, id, text, "must not be empty");
    auto have = slots_of(id, text);
    if (!have) return unexpected(std::move(have).error());
    auto want = slots_of(id, model);
    if (!want) return unexpected(std::move(want).error());
    for (const std::string& slot : *want) {
      if (!std::ranges::binary_search(*have, slot)) {
        return refuse(Errc::missing, id, text, "must use the slot {" + slot + "}");
      }
    }
    for (const std::string& slot : *have) {
      if (!std::ranges::binary_search(*want, slot)) {
        return refuse(Errc::unknown_name, id, text, "uses {" + slot + "}, which nothing fills");
      }
    }
    std::vector<WordFound> found;
    if (is_english) found = check_wording(text);
    if (found.empty()) {
      found = look_for(text, translation.avoid, [](const std::string& word) {
        return WordRule{word, {}};
      });
    }
    if (!found.empty()) {
      return refuse(Errc::contradiction, id, text,
                    "uses \"" + found.front().word + "\", a word to avoid");
    }
  }
  for (const TaperMessage& message : taper_messages()) {
    if (out.find(message.id) == nullptr) {
      return refuse(Errc::missing, message.id, message.english, "is missing");
    }
    // Languages with a form for few or many need it wherever a number is counted.
    if (!message.id.ends_with(".other")) continue;
    const std::string base{message.id.substr(0, message.id.size() - 6)};
    const bool slavic = out.plural_ == PluralRule::polish || out.plural_ == PluralRule::east_slavic;
    for (const std::string_view form : {".few", ".many"}) {
      if (!slavic && !(form == ".few" && out.plural_ == PluralRule::czech)) continue;
      if (out.find(base + std::string{form}) == nullptr) {
        return refuse(Errc::missing, base + std::string{form}, message.english,
                      "is missing: this language counts with it");
      }
    }
  }
  return out;
}

const TaperLanguage& TaperLanguage::english() {
  static const TaperLanguage language = [] {
    TaperLanguage out;
    out.tag_ = "en";
    for (const TaperMessage& message : taper_messages()) {
      out.messages_.emplace_back(std::string{message.id}, std::string{message.english});
    }
    return out;
  }();
  return language;
}

const std::string* TaperLanguage::find(std::string_view id) const noexcept {
  const auto at = std::ranges::lower_bound(
      messages_, id, {},
      [](const std::pair<std::string, std::string>& m) { return std::string_view{m.first}; });
  return at != messages_.end() && at->first == id ? &at->second : nullptr;
}

std::string TaperLanguage::fill(std::string_view text, std::span<const Slot> slots) const {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '{') {
      out += text[i];
      continue;
    }
    const std::size_t end = text.find('}', i);
    const std::string_view slot = text.substr(i + 1, end - i - 1);
    for (const Slot& s : slots) {
      if (s.first != slot) continue;
      // What people typed stays on its line.
      for (const char c : s.second) out += control(c) ? ' ' : c;
    }
    i = end;
  }
  return out;
}

std::string TaperLanguage::say(std::string_view id, std::initializer_list<Slot> slots) const {
  const std::string* text = find(id);
  if (text == nullptr) return std::string{id};
  return fill(*text, std::span{slots.begin(), slots.size()});
}

std::string_view TaperLanguage::plural_form(std::int64_t n) const noexcept {
  const std::int64_t last = n % 10;
  const std::int64_t last_two = n % 100;
  const bool few = last >= 2 && last <= 4 && !(last_two >= 12 && last_two <= 14);
  switch (plural_) {
    case PluralRule::other:
      return ".other";
    case PluralRule::one_other:
      return n == 1 ? ".one" : ".other";
    case PluralRule::zero_one_other:
      return n <= 1 ? ".one" : ".other";
    case PluralRule::polish:
      return n == 1 ? ".one" : few ? ".few" : ".many";
    case PluralRule::east_slavic:
      return last == 1 && last_two != 11 ? ".one" : few ? ".few" : ".many";
    case PluralRule::czech:
      return n == 1 ? ".one" : n >= 2 && n <= 4 ? ".few" : ".other";
  }
  return ".other";
}

std::string TaperLanguage::count(std::string_view id, std::int64_t n,
                                 std::initializer_list<Slot> slots) const {
  const std::string number = std::to_string(n);
  std::vector<Slot> all(slots);
  all.emplace_back("count", number);
  const std::string* text = find(std::string{id} + std::string{plural_form(n)});
  if (text == nullptr) text = find(std::string{id} + ".other");
  if (text == nullptr) return std::string{id};
  return fill(*text, all);
}

std::string TaperLanguage::date(Date day) const {
  const auto ymd = day.ymd();
  return say("date", {{"day", std::to_string(ymd.day)},
                      {"month", say("month." + std::to_string(ymd.month))},
                      {"year", std::to_string(ymd.year)}});
}

std::string TaperLanguage::long_date(Date day) const {
  const auto ymd = day.ymd();
  return say("date.long",
             {{"weekday", say("weekday." + std::to_string(static_cast<int>(day.weekday())))},
              {"day", std::to_string(ymd.day)},
              {"month", say("month." + std::to_string(ymd.month))},
              {"year", std::to_string(ymd.year)}});
}

std::string TaperLanguage::length(plans::StepLength length) const {
  return count(plans::name(length.unit), length.count);
}

std::string TaperLanguage::days(Days days) const {
  if (days.count() % 7 == 0 && days.count() > 0) return count("weeks", days.count() / 7);
  return count("days", days.count());
}

std::string TaperLanguage::number(double value, int decimals) const {
  std::array<char, 400> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value,
                                 std::chars_format::fixed, std::clamp(decimals, 0, 9))
                       .ptr;
  std::string text{digits.data(), end};
  if (text.find('.') != std::string::npos) {
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
  }
  if (text == "-0") text = "0";
  if (const auto point = text.find('.'); point != std::string::npos) {
    text.replace(point, 1, say("decimal_mark"));
  }
  return text;
}

std::string TaperLanguage::amount(plans::Amount amount) const {
  constexpr std::array<std::string_view, 11> ids{
      "unit.mg",        "unit.mcg",       "unit.g",      "unit.ml",
      "unit.mcg_per_h", "unit.g_ethanol", "unit.drinks", "unit.cigarettes",
      "unit.thc_units", "unit.occasions", "unit.money"};
  std::string number = plans::number_text(amount);
  if (const auto point = number.find('.'); point != std::string::npos) {
    number.replace(point, 1, say("decimal_mark"));
  }
  const std::string id{ids[static_cast<std::size_t>(amount.unit())]};
  const bool whole = amount.micro() % 1'000'000 == 0;
  const std::string_view form =
      whole ? plural_form(amount.micro() / 1'000'000)
      : plural_ == PluralRule::polish || plural_ == PluralRule::east_slavic ? ".few"
                                                                            : ".other";
  const std::string* text = find(id + std::string{form});
  if (text == nullptr) text = find(id + ".other");
  if (text == nullptr) return number;
  const Slot slots[] = {{"number", number}};
  return fill(*text, slots);
}

}  // namespace ombre::inline v0::io
