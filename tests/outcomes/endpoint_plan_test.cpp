#include "ombre/outcomes/endpoint_plan.hpp"

#include <gtest/gtest.h>
#include <span>

#include <thread>

#include "ombre/outcomes/endpoint_bounds.hpp"
#include "ombre/outcomes/endpoint_builtin.hpp"
#include "outcomes/endpoint_support.hpp"
#include "outcomes/word_support.hpp"

namespace {

using namespace ombre;
using namespace ombre::outcomes;
using ombre_test::random_text;
using ombre_test::word;

class Threads final : public Runner {
 public:
  explicit Threads(std::size_t n) : n_{n} {}
  void run(std::size_t count, const std::function<void(std::size_t)>& task) const override {
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < n_; ++t) {
      threads.emplace_back([&, t] {
        for (std::size_t i = t; i < count; i += n_) task(i);
      });
    }
    for (auto& thread : threads) thread.join();
  }
  [[nodiscard]] std::size_t workers() const noexcept override { return n_; }

 private:
  std::size_t n_;
};

WordColumns random_words(std::uint64_t seed, std::size_t count, std::size_t longest,
                         std::string_view alphabet = "+-*o_") {
  std::mt19937_64 rng{seed};
  WordColumns words;
  for (std::size_t i = 0; i < count; ++i) {
    words.push_back(word(random_text(rng, rng() % (longest + 1), alphabet)));
  }
  return words;
}

/// Compares every cell of the table with the one-word evaluation.
void expect_same(const EndpointPlan& plan, const WordColumns& words, const EndpointTable& table) {
  for (std::size_t e = 0; e < plan.endpoints().size(); ++e) {
    const Endpoint& endpoint = plan.endpoints()[e];
    for (std::size_t r = 0; r < words.size(); ++r) {
      const Word w = words.word(r);
      const auto want = endpoint.evaluate(w);
      const auto got = table.columns[e].at(r);
      ASSERT_EQ(got.has_value(), want.has_value())
          << endpoint.id() << ' ' << endpoint.formula() << " of " << w.text();
      if (want) {
        ASSERT_EQ(got->value, want->value)
            << endpoint.id() << ' ' << endpoint.formula() << " of " << w.text();
        ASSERT_EQ(got->event, want->event)
            << endpoint.id() << ' ' << endpoint.formula() << " of " << w.text();
      }
      if (!plan.honesty()) continue;
      const EndpointHonesty& h = table.honesty[e];
      const MissingShare share = endpoint.missing_share(w);
      ASSERT_EQ(h.weeks[r], static_cast<std::uint32_t>(share.weeks))
          << endpoint.id() << ' ' << endpoint.formula() << " of " << w.text();
      ASSERT_EQ(h.missed[r], static_cast<std::uint32_t>(share.missed))
          << endpoint.id() << ' ' << endpoint.formula() << " of " << w.text();
      const auto b = bounds(endpoint, w);
      ASSERT_EQ(h.worst.at(r), b ? b->worst : std::nullopt) << endpoint.formula() << w.text();
      ASSERT_EQ(h.best.at(r), b ? b->best : std::nullopt) << endpoint.formula() << w.text();
    }
  }
}

TEST(EndpointPlan, EqualsTheOneWordEvaluationForAllBuiltinEndpoints) {
  const Registry registry = builtin_endpoints();
  const auto plan = EndpointPlan::compile(registry.all(), {true});
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->cost().interpreted, 0u);  // all of them have a columnar form
  for (const std::size_t longest : {32u, 64u, 100u}) {
    const WordColumns words = random_words(longest, 700, longest);
    expect_same(*plan, words, *plan->evaluate(words));
  }
}

TEST(EndpointPlan, EqualsTheOneWordEvaluationForAnyDefinition) {
  std::mt19937_64 rng{2024};
  ombre_test::RandomDefinition random{rng};
  const WordColumns narrow = random_words(8, 60, 32);
  const WordColumns wide = random_words(9, 60, 70);
  for (int seed = 0; seed < 1500; ++seed) {
    SCOPED_TRACE(seed);
    const std::vector<Endpoint> one{random.endpoint()};
    // Bounds of odd definitions may mean trying all completions: only short words here.
    const auto plan = EndpointPlan::compile(one);
    ASSERT_TRUE(plan);
    expect_same(*plan, narrow, *plan->evaluate(narrow));
    expect_same(*plan, wide, *plan->evaluate(wide));
    if (::testing::Test::HasFatalFailure()) return;
  }
}

TEST(EndpointPlan, HonestyNumbersEqualTheOneWordOnesForAnyDefinition) {
  std::mt19937_64 rng{77};
  ombre_test::RandomDefinition random{rng};
  for (int seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE(seed);
    const std::vector<Endpoint> one{random.endpoint()};
    const WordColumns words = random_words(rng(), 25, 9);
    const auto plan = EndpointPlan::compile(one, {true});
    ASSERT_TRUE(plan);
    expect_same(*plan, words, *plan->evaluate(words));
    if (::testing::Test::HasFatalFailure()) return;
  }
}

TEST(EndpointPlan, ManyDefinitionsTogetherEqualEachAlone) {
  std::mt19937_64 rng{41};
  ombre_test::RandomDefinition random{rng};
  std::vector<Endpoint> many;
  for (int i = 0; i < 150; ++i) {
    EndpointSpec spec = random.endpoint().spec();
    spec.id = "e" + std::to_string(i);
    many.push_back(*Endpoint::make(spec));
  }
  const auto plan = EndpointPlan::compile(many);
  ASSERT_TRUE(plan);
  const WordColumns words = random_words(4, 600, 40);
  expect_same(*plan, words, *plan->evaluate(words));
}

TEST(EndpointPlan, ThreadsAndChunksChangeNothing) {
  const auto endpoints = published_endpoints();
  const auto plan = EndpointPlan::compile(endpoints, {true});
  ASSERT_TRUE(plan);
  const WordColumns words = random_words(6, 40'000, 40, "+-*o");
  const auto one = plan->evaluate(words);
  const auto two = plan->evaluate(words, Threads{2});
  ASSERT_TRUE(one && two);
  EndpointTable part;
  for (std::size_t e = 0; e < endpoints.size(); ++e) {
    EXPECT_EQ(one->columns[e].value, two->columns[e].value);
    EXPECT_EQ(one->columns[e].event, two->columns[e].event);
    EXPECT_EQ(one->honesty[e].worst.value, two->honesty[e].worst.value);
  }
  for (const std::size_t chunk : {1u, 7u, 255u, 256u, 257u, 10'000u}) {
    const std::size_t first = 12'345;
    plan->evaluate(words, first, chunk, part);
    ASSERT_EQ(part.rows, chunk);
    for (std::size_t e = 0; e < endpoints.size(); ++e) {
      for (std::size_t r = 0; r < chunk; ++r) {
        ASSERT_EQ(part.columns[e].at(r), one->columns[e].at(first + r));
      }
    }
  }
}

TEST(EndpointPlan, SharedPartsAreComputedOnce) {
  const auto endpoints = published_endpoints();
  const auto all = EndpointPlan::compile(endpoints);
  ASSERT_TRUE(all);
  std::size_t alone = 0;
  for (const Endpoint& e : endpoints) {
    alone += EndpointPlan::compile(std::span{&e, 1})->cost().operations;
  }
  EXPECT_LT(all->cost().operations * 2, alone);
}

TEST(EndpointPlan, NothingToDoIsRefusedOrEmpty) {
  EXPECT_EQ(EndpointPlan::compile({}).error().code, Errc::empty_input);
  const auto endpoints = published_endpoints();
  std::vector<Endpoint> twice{endpoints[0], endpoints[0]};
  EXPECT_EQ(EndpointPlan::compile(twice).error().code, Errc::duplicate);
  const auto plan = EndpointPlan::compile(endpoints);
  EXPECT_EQ(plan->evaluate(WordColumns{})->rows, 0u);
  const WordColumns words = random_words(1, 100, 20);
  const auto stopped = plan->evaluate(words, serial(), [](double) { return false; });
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, Errc::cancelled);
}

}  // namespace
