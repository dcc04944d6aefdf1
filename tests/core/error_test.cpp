#include "ombre/core/error.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <set>
#include <string>

#include "ombre/core/random.hpp"
#include "ombre/core/result.hpp"
#include "ombre/core/sex.hpp"

namespace {

using namespace ombre;

// Not inlined: gcc 12 warns of overruns in std::string that cannot happen.
[[gnu::noinline]] std::string many(std::size_t times, char c) { return std::string(times, c); }

TEST(Error, SentencesOfDataInMemoryAndInAFile) {
  EXPECT_EQ(describe(error_at(Errc::out_of_range, "dose_mg", 3, -2.5, "must be 0 or more")),
            "dose_mg[3] = -2.5: must be 0 or more");
  Error in_file = error_at(Errc::out_of_range, "amount", 17, "-3", "must be 0 or more");
  in_file.file = "use.csv";
  EXPECT_EQ(describe(in_file), "use.csv, line 17, amount = \"-3\": must be 0 or more");
  EXPECT_EQ(describe(error_of(Errc::empty_input, "doses", "at least one is needed")),
            "doses: at least one is needed");
  EXPECT_EQ(describe(error_of(Errc::cancelled, "", "")), "cancelled");
  EXPECT_EQ(describe(Error{}), "malformed");
}

TEST(Error, EveryCodeHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (int code = 1; code <= static_cast<int>(Errc::cancelled); ++code) {
    EXPECT_TRUE(names.insert(name(static_cast<Errc>(code))).second) << code;
  }
  EXPECT_FALSE(names.contains("unknown_code"));
  EXPECT_EQ(name(static_cast<Errc>(200)), "unknown_code");
}

TEST(Error, ShownTextIsShortPrintableAndCutBetweenCharacters) {
  EXPECT_EQ(shown("plain"), "plain");
  EXPECT_EQ(shown(std::string_view{"a\0b\n\x7f", 5}), "a\\x00b\\x0a\\x7f");
  EXPECT_EQ(shown(many(80, 'x')), many(80, 'x'));
  EXPECT_EQ(shown(many(81, 'x')), many(80, 'x') + "...");
  // 79 letters, then a character of two bytes across the limit: it is left out whole.
  EXPECT_EQ(shown(many(79, 'x') + "\xC3\xA9yy"), many(79, 'x') + "...");
  EXPECT_EQ(shown(many(10'000'000, 'x')).size(), 83U);
  // Not UTF-8 at all: only continuation bytes.
  EXPECT_EQ(shown(many(200, '\x80')), "...");
}

TEST(Error, NumbersReadBackAsTheyWere) {
  EXPECT_EQ(shortest(0.1), "0.1");
  EXPECT_EQ(shortest(1e22), "1e+22");
  EXPECT_EQ(shortest(-0.0), "-0");
  EXPECT_EQ(shortest(std::numeric_limits<double>::quiet_NaN()), "nan");
  EXPECT_EQ(shortest(-std::numeric_limits<double>::quiet_NaN()), "nan");
  EXPECT_EQ(shortest(-std::numeric_limits<double>::infinity()), "-inf");
  RandomStream random{Seed{1}, 0};
  for (int i = 0; i < 1000; ++i) {
    const double x = std::ldexp(random.uniform() - 0.5, static_cast<int>(random.below(600)) - 300);
    EXPECT_EQ(std::stod(shortest(x)), x);
  }
}

TEST(Result, HoldsAValueOrTheError) {
  const Result<int> good = 7;
  ASSERT_TRUE(good);
  EXPECT_EQ(*good, 7);
  EXPECT_EQ(good.value_or(3), 7);
  const Result<int> bad = unexpected(error_of(Errc::missing, "x", "is needed"));
  ASSERT_FALSE(bad);
  EXPECT_FALSE(bad.has_value());
  EXPECT_EQ(bad.error().code, Errc::missing);
  EXPECT_EQ(bad.value_or(3), 3);
}

TEST(Result, MovesWhatCannotBeCopied) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(5);
  ASSERT_TRUE(result);
  const std::unique_ptr<int> taken = *std::move(result);
  EXPECT_EQ(*taken, 5);
}

TEST(Result, OfVoidIsDoneOrAnError) {
  const Result<void> done;
  EXPECT_TRUE(done);
  const Result<void> not_done = unexpected(error_of(Errc::io_failure, "file", "could not be read"));
  ASSERT_FALSE(not_done);
  EXPECT_EQ(not_done.error().field, "file");
}

TEST(Result, OfABoolIsNotMistakenForItsValue) {
  const Result<bool> no = false;
  EXPECT_TRUE(no.has_value());
  EXPECT_FALSE(*no);
}

TEST(ResultDeathTest, TheValueOfAnErrorStopsTheProgram) {
  const Result<int> bad = unexpected(Error{});
  EXPECT_DEATH((void)bad.value(), "");
  const Result<int> good = 1;
  EXPECT_DEATH((void)good.error(), "");
  const Result<void> done;
  EXPECT_DEATH((void)done.error(), "");
}

TEST(Sex, IsReadInTheWaysTablesWriteIt) {
  for (const char* text : {"female", "Woman", "WOMEN", "f", "F"}) {
    EXPECT_EQ(sex_from(text).value(), Sex::female) << text;
  }
  for (const char* text : {"male", "Man", "men", "m", "M"}) {
    EXPECT_EQ(sex_from(text).value(), Sex::male) << text;
  }
  for (const char* text : {"", "x", "fe male", "unknown", "1"}) {
    EXPECT_EQ(sex_from(text).error().code, Errc::unknown_name) << text;
  }
  EXPECT_EQ(name(Sex::female), "female");
  EXPECT_EQ(name(Sex::male), "male");
}

}  // namespace
