// Helpers on text that rooms share.
#include "../../src/core/text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

using namespace ombre;

TEST(AsciiText, LowersLettersOfAsciiAndNothingElse) {
  EXPECT_EQ(ascii::lower("ABCxyz 09_-[]@`{"), "abcxyz 09_-[]@`{");
  EXPECT_EQ(ascii::lower("\xC3\x84rger"), "\xC3\x84rger");  // A with dots stays
  for (int i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    const bool upper = i >= 'A' && i <= 'Z';
    EXPECT_EQ(ascii::lower(c), upper ? static_cast<char>(i + 32) : c) << i;
  }
  EXPECT_TRUE(ascii::same_word("Heroin", "hEROIN"));
  EXPECT_FALSE(ascii::same_word("heroin", "heroin "));
}

TEST(AsciiText, SqueezesTrimsAndCounts) {
  EXPECT_EQ(ascii::squeezed("Russell-Standard _6"), "russellstandard6");
  EXPECT_EQ(ascii::squeezed(" -_"), "");
  EXPECT_EQ(ascii::trimmed("  a b  "), "a b");
  EXPECT_EQ(ascii::trimmed("   "), "");
  EXPECT_EQ(ascii::trimmed("\t x \r\n", " \t\r\n"), "x");
  EXPECT_EQ(ascii::trimmed("\tx"), "\tx");
  EXPECT_EQ(ascii::plural(0, "row", "rows"), "0 rows");
  EXPECT_EQ(ascii::plural(1, "entry", "entries"), "1 entry");
}

}  // namespace
