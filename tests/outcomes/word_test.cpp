#include "ombre/outcomes/word.hpp"

#include <gtest/gtest.h>

#include "outcomes/word_support.hpp"

namespace {

using namespace ombre;
using namespace ombre::outcomes;
using ombre_test::word;

TEST(Word, HoldsTheFiveSymbolsAndNothingElse) {
  const auto w = Word::parse("+-*o_");
  ASSERT_TRUE(w);
  EXPECT_EQ(w->size(), 5u);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ((*w)[i], all_symbols[i]);
  EXPECT_EQ(w->text(), "+-*o_");
}

TEST(Word, OtherSymbolsAreRefusedWithTheirPosition) {
  for (const char c : {'O', '0', ' ', 'x', '\0', '\n', '\x80', '/'}) {
    std::string text = "+-o";
    text.insert(2, 1, c);
    const auto w = Word::parse(text);
    ASSERT_FALSE(w) << int{c};
    EXPECT_EQ(w.error().code, Errc::unknown_name);
    EXPECT_NE(describe(w.error()).find("position 3"), std::string::npos) << describe(w.error());
  }
}

TEST(Word, MayBeEmptyAndMayBeVeryLongButNotEndless) {
  EXPECT_TRUE(Word::parse("")->empty());
  EXPECT_TRUE(Word::parse(std::string(Word::max_length, '-')));
  const auto endless = Word::parse(std::string(Word::max_length + 1, '-'));
  ASSERT_FALSE(endless);
  EXPECT_EQ(endless.error().code, Errc::too_large);
}

TEST(Word, SecondPhaseFollowsTheFirst) {
  Word w = word("+-");
  w.append(word("oo"));
  w.push_back(Symbol::not_due);
  w.set(0, Symbol::mixed);
  EXPECT_EQ(w.text(), "*-oo_");
  Word full = Word::repeated(Symbol::missed, 2 * Word::max_length);
  full.append(word("+"));
  full.push_back(Symbol::positive);
  EXPECT_EQ(full.size(), Word::max_length);
}

}  // namespace
