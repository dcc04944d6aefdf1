#include "ombre/outcomes/word_columns.hpp"

#include <gtest/gtest.h>

#include "outcomes/word_support.hpp"

namespace {

using namespace ombre;
using namespace ombre::outcomes;
using ombre_test::random_text;
using ombre_test::word;

TEST(WordColumns, PackingAndUnpackingGivesTheSameWords) {
  std::mt19937_64 rng{3};
  WordColumns columns;
  std::vector<std::string> texts;
  for (int i = 0; i < 3000; ++i) {
    // Mostly short words, some at the edges of 32 and 64 symbols, some beyond.
    const std::size_t lengths[] = {rng() % 30, rng() % 30, 31, 32, 33, 63, 64, 65, rng() % 200};
    texts.push_back(random_text(rng, lengths[rng() % 9], "+-*o_"));
    if (i % 2 == 0) {
      columns.push_back(word(texts.back()));
    } else {
      ASSERT_TRUE(columns.append(texts.back()));
    }
  }
  ASSERT_EQ(columns.size(), texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    EXPECT_EQ(columns.word(i).text(), texts[i]);
    EXPECT_EQ(columns.length(i), texts[i].size());
  }
}

TEST(WordColumns, ShortWordsTakeTwelveBytes) {
  WordColumns columns;
  for (int i = 0; i < 100; ++i) columns.push_back(word("+-*o_+-*o_+-*o_+-*o_+-*o_+"));
  EXPECT_EQ(columns.bytes(), 1200u);
  columns.push_back(Word::repeated(Symbol::negative, 33));
  EXPECT_EQ(columns.bytes(), 101u * 24);
}

TEST(WordColumns, EveryUnknownSymbolIsRefusedWithItsPosition) {
  WordColumns columns;
  for (int c = 0; c < 256; ++c) {
    if (symbol_of(static_cast<char>(c))) continue;
    for (const std::size_t at : {std::size_t{0}, std::size_t{15}, std::size_t{16}, std::size_t{63},
                                 std::size_t{64}, std::size_t{90}}) {
      std::string text(at + 1, '-');
      text[at] = static_cast<char>(c);
      const auto refused = columns.append(text);
      ASSERT_FALSE(refused) << c << " at " << at;
      EXPECT_NE(describe(refused.error()).find("position " + std::to_string(at + 1)),
                std::string::npos);
    }
  }
  EXPECT_TRUE(columns.empty());
}

}  // namespace
