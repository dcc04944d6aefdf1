// The catalogue of words: complete, kind, and checked when a translation is registered.
#include "ombre/io/taper_words.hpp"

#include <gtest/gtest.h>

#include "ombre/io/json.hpp"

namespace {

using namespace ombre;      // NOLINT: tests
using namespace ombre::io;  // NOLINT: tests

TaperTranslation translation(std::string tag = "xx", PluralRule plural = PluralRule::one_other) {
  TaperTranslation out;
  out.tag = std::move(tag);
  out.plural = plural;
  for (const TaperMessage& m : taper_messages()) {
    out.messages.emplace_back(std::string{m.id}, std::string{m.english});
  }
  return out;
}

std::string& message(TaperTranslation& t, std::string_view id) {
  for (auto& m : t.messages) {
    if (m.first == id) return m.second;
  }
  ADD_FAILURE() << "no message " << id;
  return t.messages.front().second;
}

TEST(TaperWords, NoBuiltInMessageUsesAWordToAvoid) {
  for (const TaperMessage& m : taper_messages()) {
    const auto found = check_wording(m.english);
    EXPECT_TRUE(found.empty()) << m.id << ": " << (found.empty() ? "" : found.front().word);
  }
}

TEST(TaperWords, AvoidedWordsAreFoundAsWholeWordsInAnyCase) {
  const auto found = check_wording("An ADDICT who failed a test; cleaning is fine, clean is not");
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].word, "ADDICT");
  EXPECT_EQ(found[0].at, 3U);
  EXPECT_EQ(found[1].word, "failed");
  EXPECT_EQ(found[2].word, "clean");
  EXPECT_FALSE(found[2].instead.empty());
  EXPECT_EQ(check_wording("substance abuse").size(), 1U);
  EXPECT_EQ(check_wording("a relapse ends the plan").size(), 1U);
  EXPECT_TRUE(check_wording("Addiction medicine, safe, nucleant").empty());
  EXPECT_TRUE(check_wording("").empty());
}

TEST(TaperWords, ACompleteTranslationIsTaken) {
  auto german = translation("de");
  message(german, "decimal_mark") = ",";
  message(german, "month.1") = "Januar";
  message(german, "weekday.1") = "Montag";
  message(german, "date.long") = "{weekday}, {day}. {month} {year}";
  const auto words = TaperLanguage::from(german);
  ASSERT_TRUE(words) << describe(words.error());
  EXPECT_EQ(words->long_date(*Date::parse("2024-01-08")), "Montag, 8. Januar 2024");
  EXPECT_EQ(words->amount(*plans::Amount::parse("12.5 mg")), "12,5 mg");
  EXPECT_EQ(words->number(0.125, 2), "0,12");
}

TEST(TaperWords, AMissingMessageIsFoundAtRegistration) {
  for (const std::string_view id : {"naloxone.get", "weeks.other", "calendar.step_summary"}) {
    auto t = translation();
    std::erase_if(t.messages, [id](const auto& m) { return m.first == id; });
    const auto words = TaperLanguage::from(t);
    ASSERT_FALSE(words);
    EXPECT_EQ(words.error().code, Errc::missing);
    EXPECT_EQ(words.error().field, "messages." + std::string{id});
  }
}

TEST(TaperWords, AMissingOrUnknownSlotIsFoundAtRegistration) {
  auto t = translation();
  message(t, "goal.from") = "{substance}: you start.";
  auto words = TaperLanguage::from(t);
  ASSERT_FALSE(words);
  EXPECT_EQ(words.error().code, Errc::missing);
  EXPECT_NE(describe(words.error()).find("{dose}"), std::string::npos);

  t = translation();
  message(t, "goal.from") = "{substance}: you start from {dose} on {day}.";
  words = TaperLanguage::from(t);
  ASSERT_FALSE(words);
  EXPECT_EQ(words.error().code, Errc::unknown_name);

  t = translation();
  message(t, "goal.from") = "{substance}: you start from {dose";
  words = TaperLanguage::from(t);
  ASSERT_FALSE(words);
  EXPECT_EQ(words.error().code, Errc::malformed);
}

TEST(TaperWords, UnknownRepeatedEmptyAndBrokenMessagesAreRefused) {
  auto t = translation();
  t.messages.emplace_back("goal.heaven", "x");
  EXPECT_EQ(TaperLanguage::from(t).error().code, Errc::unknown_name);
  t = translation();
  t.messages.push_back(t.messages.front());
  EXPECT_EQ(TaperLanguage::from(t).error().code, Errc::duplicate);
  t = translation();
  message(t, "always.any_lower").clear();
  EXPECT_EQ(TaperLanguage::from(t).error().code, Errc::missing);
  t = translation();
  message(t, "always.any_lower") = "\xff";
  EXPECT_EQ(TaperLanguage::from(t).error().code, Errc::malformed);
  t = translation();
  message(t, "always.any_lower") = "two\nlines";
  EXPECT_EQ(TaperLanguage::from(t).error().code, Errc::malformed);
  t = translation("no spaces here");
  EXPECT_EQ(TaperLanguage::from(t).error().code, Errc::malformed);
  EXPECT_EQ(TaperLanguage::from({}).error().code, Errc::missing);
}

TEST(TaperWords, WordsToAvoidAreRefusedInEveryLanguageThatNamesThem) {
  auto t = translation("en-GB");
  message(t, "more.title") = "If you fail";
  EXPECT_EQ(TaperLanguage::from(t).error().code, Errc::contradiction);
  t = translation("de");
  message(t, "more.title") = "Bei Missbrauch";
  EXPECT_TRUE(TaperLanguage::from(t));
  t.avoid = {"missbrauch*"};
  EXPECT_EQ(TaperLanguage::from(t).error().code, Errc::contradiction);
}

// Examples of the CLDR plural rules pages.
TEST(TaperWords, PluralsFollowTheLanguage) {
  auto t = translation("pl", PluralRule::polish);
  ASSERT_FALSE(TaperLanguage::from(t));  // few and many are asked for
  const auto all = t.messages;
  for (const auto& m : all) {
    if (!m.first.ends_with(".other")) continue;
    const std::string base = m.first.substr(0, m.first.size() - 6);
    t.messages.emplace_back(base + ".few", m.second);
    t.messages.emplace_back(base + ".many", m.second);
  }
  message(t, "days.one") = "{count} dzień";
  message(t, "days.few") = "{count} dni (few)";
  message(t, "days.many") = "{count} dni";
  const auto polish = TaperLanguage::from(t);
  ASSERT_TRUE(polish) << describe(polish.error());
  EXPECT_EQ(polish->count("days", 1), "1 dzień");
  EXPECT_EQ(polish->count("days", 3), "3 dni (few)");
  EXPECT_EQ(polish->count("days", 12), "12 dni");
  EXPECT_EQ(polish->count("days", 22), "22 dni (few)");
  EXPECT_EQ(polish->count("days", 25), "25 dni");
  const TaperLanguage& english = TaperLanguage::english();
  EXPECT_EQ(english.days(Days{14}), "2 weeks");
  EXPECT_EQ(english.days(Days{7}), "1 week");
  EXPECT_EQ(english.days(Days{10}), "10 days");
  EXPECT_EQ(english.days(Days{1}), "1 day");
  EXPECT_EQ(english.amount(*plans::Amount::parse("1 drinks")), "1 drink");
  EXPECT_EQ(english.amount(*plans::Amount::parse("4.5 drinks")), "4.5 drinks");
}

TEST(TaperWords, FilledInTextIsNotReadAgainAndStaysOnItsLine) {
  const TaperLanguage& words = TaperLanguage::english();
  EXPECT_EQ(words.say("goal.words", {{"words", "a {words}\nb"}}),
            "In your own words: \"a {words} b\"");
}

TEST(TaperWords, TheTemplateReadsBackAsACompleteTranslation) {
  const auto text = taper_translation_template();
  ASSERT_TRUE(text);
  const auto json = parse_json(*text);
  ASSERT_TRUE(json);
  const auto read = taper_translation(view_of(*json));
  ASSERT_TRUE(read) << describe(read.error());
  EXPECT_EQ(read->messages.size(), taper_messages().size());
  const auto words = TaperLanguage::from(*read);
  ASSERT_TRUE(words) << describe(words.error());
  EXPECT_EQ(words->say("goal.zero"), TaperLanguage::english().say("goal.zero"));
}

TEST(TaperWords, ATranslationDocumentNamesWhatIsWrong) {
  const auto json = parse_json(R"({"language":"de","plural":"one_other","messages":{"a":1}})");
  const auto read = taper_translation(view_of(*json));
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().field, "messages.a");
}

}  // namespace
