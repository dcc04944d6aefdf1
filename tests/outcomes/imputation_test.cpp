#include "ombre/outcomes/imputation.hpp"

#include <gtest/gtest.h>
#include <array>

#include <cmath>
#include <thread>

#include "ombre/outcomes/endpoint_bounds.hpp"
#include "ombre/outcomes/endpoint_builtin.hpp"
#include "outcomes/word_support.hpp"

namespace {

using namespace ombre;
using namespace ombre::outcomes;
using ombre_test::word;

/// Words of the chain P(+|+) = stay, P(-|-) = stay, with visits missed at random.
WordColumns chain_words(std::uint64_t seed, std::size_t people, double stay, double missed) {
  std::mt19937_64 rng{seed};
  std::uniform_real_distribution<double> u;
  WordColumns words;
  for (std::size_t p = 0; p < people; ++p) {
    std::string text;
    char state = u(rng) < 0.5 ? '+' : '-';
    for (int w = 0; w < 20; ++w) {
      if (w > 0 && u(rng) > stay) state = state == '+' ? '-' : '+';
      text.push_back(u(rng) < missed ? 'o' : state);
    }
    words.push_back(word(text));
  }
  return words;
}

WordImputer imputer(const WordColumns& words, ImputationOptions options = {}) {
  WordChain chain;
  chain.add(words);
  return *WordImputer::make(chain, options);
}

TEST(WordChain, CountsMovesBetweenNeighboursOnly) {
  WordChain chain;
  chain.add(word("++-o-*_+-"));
  // ++, +-, -*, +- ; across the missed and the undue week nothing is counted.
  EXPECT_EQ(chain.first, (std::array<std::uint64_t, 3>{1, 0, 0}));
  EXPECT_EQ(chain.moves[0], (std::array<std::uint64_t, 3>{1, 2, 0}));
  EXPECT_EQ(chain.moves[1], (std::array<std::uint64_t, 3>{0, 0, 1}));
  WordChain twice = chain;
  twice.merge(chain);
  EXPECT_EQ(twice.moves[0][1], 4u);
}

TEST(WordImputer, FillsEveryMissedVisitAndNothingElse) {
  const WordColumns words = chain_words(1, 300, 0.8, 0.3);
  const WordImputer imp = imputer(words);
  for (std::size_t r = 0; r < words.size(); ++r) {
    const Word w = words.word(r);
    const Word filled = imp.fill(w, r, 3);
    ASSERT_EQ(filled.size(), w.size());
    for (std::size_t i = 0; i < w.size(); ++i) {
      EXPECT_NE(filled[i], Symbol::missed);
      if (w[i] != Symbol::missed) {
        EXPECT_EQ(filled[i], w[i]);
      }
    }
  }
  EXPECT_EQ(imp.fill(word("_o_"), 5, 0)[0], Symbol::not_due);
  EXPECT_EQ(imp.fill(word("+-"), 5, 0), word("+-"));
  EXPECT_EQ(imp.fill(Word{}, 5, 0), Word{});
}

TEST(WordImputer, SameSeedSameFillWhateverTheOrder) {
  const WordColumns words = chain_words(2, 500, 0.8, 0.4);
  const WordImputer a = imputer(words, {Seed{7}, 5});
  const WordImputer b = imputer(words, {Seed{7}, 5});
  const WordImputer c = imputer(words, {Seed{8}, 5});
  const WordColumns all = a.fill(words, 2);
  int differ_by_imputation = 0;
  int differ_by_seed = 0;
  for (std::size_t k = words.size(); k-- > 0;) {
    EXPECT_EQ(b.fill(words.word(k), k, 2), all.word(k));
    differ_by_imputation += a.fill(words.word(k), k, 1) != all.word(k);
    differ_by_seed += c.fill(words.word(k), k, 2) != all.word(k);
  }
  EXPECT_GT(differ_by_imputation, 100);
  EXPECT_GT(differ_by_seed, 100);
}

TEST(WordImputer, DrawsFollowTheChainGivenBothNeighbours) {
  // With P(stay) = 0.9 the middle of +o+ is positive with chance 0.81 / (0.81 + 0.01).
  WordChain chain;
  chain.first = {500'000, 500'000, 0};
  chain.moves[0] = {900'000, 100'000, 0};
  chain.moves[1] = {100'000, 900'000, 0};
  const WordImputer imp = *WordImputer::make(chain, {Seed{3}, 2, 1e-9, 1, false});
  const int draws = 20'000;
  const auto share = [&](const Word& w, std::size_t at) {
    int positive = 0;
    for (int p = 0; p < draws; ++p) {
      positive += imp.fill(w, static_cast<std::uint64_t>(p), 0)[at] == Symbol::positive;
    }
    return static_cast<double>(positive) / draws;
  };
  const double tolerance = 4 * 0.5 / std::sqrt(draws);
  EXPECT_NEAR(share(word("+o+"), 1), 0.81 / 0.82, tolerance);
  EXPECT_NEAR(share(word("+o-"), 1), 0.5, tolerance);
  EXPECT_NEAR(share(word("+o"), 1), 0.9, tolerance);
  EXPECT_NEAR(share(word("+oo"), 2), 0.82, tolerance);  // 0.9^2 + 0.1^2
  EXPECT_NEAR(share(word("o+"), 0), 0.9, tolerance);    // the chain is reversible
  EXPECT_NEAR(share(word("+_o"), 2), 0.82, tolerance);  // two steps through an undue week
  const WordImputer worse = *WordImputer::make(chain, {Seed{3}, 2, 1e-9, 3, false});
  int positive = 0;
  for (int p = 0; p < draws; ++p) {
    positive += worse.fill(word("+o-"), static_cast<std::uint64_t>(p), 0)[1] == Symbol::positive;
  }
  EXPECT_NEAR(static_cast<double>(positive) / draws, 0.75, tolerance);  // odds 3 : 1
}

TEST(WordImputer, PooledIntervalsCoverTheTruth) {
  // The true mean share of clean weeks is 1/2. A 95 % interval should hold it in about 95 of 100
  // studies; fewer than 88 or all of 100 with a width like this would be wrong.
  const Endpoint clean = *builtin_endpoints().find("red_fiellin_2006");
  int covered = 0;
  for (std::uint64_t study = 0; study < 100; ++study) {
    const WordColumns words = chain_words(100 + study, 60, 0.8, 0.3);
    const auto p = pooled_mean(clean, words, imputer(words, {Seed{study}, 10}));
    ASSERT_TRUE(p) << describe(p.error());
    covered += p->pooled.low <= 0.5 && 0.5 <= p->pooled.high;
    EXPECT_GT(p->pooled.between, 0);
    EXPECT_GT(p->pooled.missing_information, 0);
    EXPECT_LT(p->pooled.missing_information, 0.6);
  }
  EXPECT_GE(covered, 88);
}

TEST(WordImputer, EveryImputationLiesWithinTheBounds) {
  const WordColumns words = chain_words(9, 60, 0.7, 0.4);
  const WordImputer imp = imputer(words, {Seed{1}, 4});
  const Registry registry = builtin_endpoints();
  for (std::size_t r = 0; r < words.size(); ++r) {
    for (int m = 0; m < 4; ++m) {
      const Word filled = imp.fill(words.word(r), r, m);
      for (const Endpoint& e : registry.all()) {
        if (e.spec().about_attendance) continue;
        const auto b = bounds(e, words.word(r));
        const auto v = e.evaluate(filled);
        ASSERT_EQ(v.has_value(), b->worst.has_value()) << e.id();
        if (!v) continue;
        const bool up = e.spec().better != Better::lower;
        EXPECT_FALSE(lower(*v, up ? *b->worst : *b->best)) << e.id();
        EXPECT_FALSE(lower(up ? *b->best : *b->worst, *v)) << e.id();
      }
    }
  }
}

TEST(WordImputer, WithoutMissedVisitsPoolingIsTheCompleteAnswer) {
  const WordColumns words = chain_words(4, 50, 0.8, 0);
  const Endpoint clean = *builtin_endpoints().find("red_fiellin_2006");
  const auto p = pooled_mean(clean, words, imputer(words));
  ASSERT_TRUE(p);
  EXPECT_EQ(p->pooled.between, 0);
  EXPECT_EQ(p->pooled.lambda, 0);
  EXPECT_EQ(p->people, 50u);
  std::vector<std::uint8_t> group(50);
  for (std::size_t i = 0; i < 50; ++i) group[i] = i % 2 == 0 ? 1 : 2;
  const auto d = pooled_difference(clean, words, imputer(words), group);
  ASSERT_TRUE(d);
  EXPECT_EQ(d->people, 50u);
}

TEST(WordImputer, SenselessRequestsAreRefused) {
  WordChain chain;
  EXPECT_EQ(WordImputer::make(chain, {}).error().code, Errc::empty_input);
  chain.add(word("+-+"));
  EXPECT_EQ(WordImputer::make(chain, {Seed{}, 1}).error().code, Errc::out_of_range);
  EXPECT_EQ(WordImputer::make(chain, {Seed{}, 5, 0}).error().code, Errc::out_of_range);
  EXPECT_EQ(WordImputer::make(chain, {Seed{}, 5, 0.5, -1}).error().code, Errc::out_of_range);
  const WordColumns words = chain_words(4, 5, 0.8, 0.2);
  const Registry registry = builtin_endpoints();
  const WordImputer imp = imputer(words);
  EXPECT_EQ(pooled_mean(*registry.find("rel_lee_2016"), words, imp).error().code,
            Errc::unsupported);
  EXPECT_EQ(pooled_mean(*registry.find("drop_ctn0094_2023"), words, imp).error().code,
            Errc::unsupported);
  const std::vector<std::uint8_t> nobody(5, 0);
  EXPECT_EQ(pooled_mean(*registry.find("red_fiellin_2006"), words, imp, nobody).error().code,
            Errc::empty_input);
  const std::vector<std::uint8_t> few(2, 1);
  EXPECT_EQ(pooled_mean(*registry.find("red_fiellin_2006"), words, imp, few).error().code,
            Errc::size_mismatch);
}

}  // namespace
