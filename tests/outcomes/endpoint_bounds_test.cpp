#include "ombre/outcomes/endpoint_bounds.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "ombre/outcomes/endpoint_builtin.hpp"
#include "outcomes/endpoint_support.hpp"
#include "outcomes/word_support.hpp"

namespace {

using namespace ombre;
using namespace ombre::outcomes;
using ombre_test::random_text;
using ombre_test::word;

/// Every completion of the word, one by one.
std::vector<Word> completions(const Word& w) {
  std::vector<Word> all{w};
  for (std::size_t i = 0; i < w.size(); ++i) {
    if (w[i] != Symbol::missed) continue;
    std::vector<Word> next;
    for (const Word& x : all) {
      for (const Symbol s : {Symbol::positive, Symbol::negative, Symbol::mixed}) {
        next.push_back(x);
        next.back().set(i, s);
      }
    }
    all = std::move(next);
  }
  return all;
}

/// Smallest and largest value by brute force, in the order (value, event before no event).
struct Extremes {
  std::optional<EndpointValue> low;
  std::optional<EndpointValue> high;
  bool some_without = false;
};
Extremes brute_force(const Endpoint& e, const Word& w) {
  Extremes x;
  for (const Word& c : completions(w)) {
    const auto v = e.evaluate(c);
    if (!v) {
      x.some_without = true;
      continue;
    }
    const auto less = [](const EndpointValue& a, const EndpointValue& b) {
      return std::pair(a.value, a.event ? 0 : 1) < std::pair(b.value, b.event ? 0 : 1);
    };
    if (!x.low || less(*v, *x.low)) x.low = v;
    if (!x.high || less(*x.high, *v)) x.high = v;
  }
  return x;
}

void expect_exact(const Endpoint& e, const Word& w) {
  const auto got = bounds(e, w);
  ASSERT_TRUE(got) << e.id();
  const Extremes want = brute_force(e, w);
  const bool low_is_worst = e.spec().better != Better::lower;
  ASSERT_EQ(got->worst, low_is_worst ? want.low : want.high) << e.formula() << " of " << w.text();
  ASSERT_EQ(got->best, low_is_worst ? want.high : want.low) << e.formula() << " of " << w.text();
  ASSERT_EQ(got->some_without_value, want.some_without && want.low.has_value());
}

TEST(EndpointBounds, AreExactForEveryBuiltinEndpoint) {
  const Registry registry = builtin_endpoints();
  std::mt19937_64 rng{99};
  for (int seed = 0; seed < 40; ++seed) {
    // Words with at most six missed weeks: 729 completions each.
    std::string text = random_text(rng, 1 + rng() % 18, seed % 4 == 0 ? "+-*o_" : "+-*o");
    std::size_t missed = 0;
    for (char& c : text) {
      if (c == 'o' && ++missed > 6) c = '-';
    }
    const Word w = word(text);
    for (const Endpoint& e : registry.all()) {
      if (e.spec().about_attendance) continue;
      expect_exact(e, w);
      if (::testing::Test::HasFatalFailure()) return;
    }
  }
}

TEST(EndpointBounds, NeedOnlyTwoEvaluationsForBuiltinEndpoints) {
  const Registry registry = builtin_endpoints();
  for (const Endpoint& e : registry.all()) {
    EXPECT_NE(direction_of(e), Direction::unknown) << e.id();
    for (const auto rule :
         {MissingRule::locf, MissingRule::positive, MissingRule::ignored, MissingRule::mode}) {
      EXPECT_NE(direction_of(e.with_missing(rule)), Direction::unknown) << e.id();
    }
  }
}

TEST(EndpointBounds, AreExactForAnyDefinition) {
  std::mt19937_64 rng{12};
  ombre_test::RandomDefinition random{rng};
  int told = 0;
  for (int seed = 0; seed < 4000; ++seed) {
    SCOPED_TRACE(seed);
    const Endpoint e = random.endpoint();
    if (direction_of(e) == Direction::unknown) continue;  // tried one by one anyway
    ++told;
    for (int i = 0; i < 6; ++i) {
      std::string text = random_text(rng, rng() % 9, "+-*oo_");
      std::size_t missed = 0;
      for (char& c : text) {
        if (c == 'o' && ++missed > 4) c = '+';
      }
      expect_exact(e, word(text));
      if (::testing::Test::HasFatalFailure()) return;
    }
  }
  EXPECT_GT(told, 500);
}

TEST(EndpointBounds, ContainEveryImputationThatLeavesNothingMissing) {
  const Registry registry = builtin_endpoints();
  std::mt19937_64 rng{31};
  for (int seed = 0; seed < 200; ++seed) {
    const Word w = word(random_text(rng, 20, "+-*oo"));
    for (const auto method : {ImputeMethod::locf, ImputeMethod::mode, ImputeMethod::knv}) {
      const Word filled = *impute(w, {method});
      if (count(filled, Symbol::missed) > 0) continue;
      for (const Endpoint& e : registry.all()) {
        if (e.spec().about_attendance) continue;
        const auto b = bounds(e, w);
        const auto v = e.evaluate(filled);
        ASSERT_EQ(v.has_value(), b->worst.has_value());
        if (!v) continue;
        const bool up = e.spec().better != Better::lower;
        EXPECT_FALSE(lower(*v, up ? *b->worst : *b->best)) << e.id() << ' ' << w.text();
        EXPECT_FALSE(lower(up ? *b->best : *b->worst, *v)) << e.id() << ' ' << w.text();
      }
    }
  }
}

TEST(EndpointBounds, WithoutMissedVisitsAreTheValue) {
  const Registry registry = builtin_endpoints();
  std::mt19937_64 rng{32};
  for (int seed = 0; seed < 100; ++seed) {
    const Word w = word(random_text(rng, rng() % 30, "+-*_"));
    for (const Endpoint& e : registry.all()) {
      const auto b = bounds(e, w);
      EXPECT_EQ(b->worst, e.evaluate(w)) << e.id() << ' ' << w.text();
      EXPECT_EQ(b->best, e.evaluate(w)) << e.id() << ' ' << w.text();
    }
  }
}

TEST(EndpointBounds, ByHand) {
  const Registry registry = builtin_endpoints();
  // Clean share of -oo+: the two missed weeks decide between 1 and 3 of 4.
  auto b = bounds(*registry.find("red_fiellin_2006"), word("-oo+"));
  EXPECT_EQ(b->worst->value, 0.25);
  EXPECT_EQ(b->best->value, 0.75);
  // Relapse at 4 in a row: +++o is a relapse at week 1 at worst; else followed to week 1 of 1.
  b = bounds(*registry.find("rel_ctn0094_2023"), word("+++o"));
  EXPECT_EQ(b->worst, (EndpointValue{1, true}));
  EXPECT_EQ(b->best, (EndpointValue{1, false}));
  // For a yes/no relapse, yes is worse.
  b = bounds(*registry.find("rel_krupitsky_2004"), word("++o"));
  EXPECT_EQ(b->worst->value, 1);
  EXPECT_EQ(b->best->value, 0);
  // Never seen: anything is possible, also for rules that give the best value.
  b = bounds(*registry.find("red_strain_1996"), word("oooo"));
  EXPECT_EQ(b->worst->value, 0);
  EXPECT_EQ(b->best->value, 1);
  // Dropout is observed, not missing.
  b = bounds(*registry.find("drop_ctn0094_2023"), word("oooo"));
  EXPECT_EQ(b->worst, (EndpointValue{1, true}));
  EXPECT_EQ(b->best, b->worst);
}

TEST(EndpointBounds, GivesUpRatherThanGuess) {
  // Exactly three mixed weeks: neither rises nor falls with the completion.
  EndpointSpec spec;
  spec.id = "three_mixed";
  spec.type = ResultType::yes_no;
  spec.value = expr::equal(expr::count(expr::word(), Symbol::mixed), expr::number(3));
  const Endpoint e = *Endpoint::make(spec);
  EXPECT_EQ(direction_of(e), Direction::unknown);
  const auto few = bounds(e, word("**ooo-"));
  ASSERT_TRUE(few);
  EXPECT_EQ(few->worst->value, 0);
  EXPECT_EQ(few->best->value, 1);
  EXPECT_FALSE(bounds(e, Word::repeated(Symbol::missed, 30)));
  EXPECT_FALSE(bounds(e, word("ooo"), 26));
  EXPECT_TRUE(bounds(e, word("ooo"), 27));
}

}  // namespace
