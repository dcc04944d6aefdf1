// Endpoints over many words. Answers are checked against the one-word evaluation before timing.
//
// Counters: ns_word_endpoint (nanoseconds for one endpoint of one word), bytes_word (memory the
// packed word takes), bandwidth (share of the memory bandwidth measured here that reading the words
// and writing the results takes).
#include <benchmark/benchmark.h>

#include <chrono>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "ombre/outcomes/endpoint_builtin.hpp"
#include "ombre/outcomes/endpoint_plan.hpp"

namespace {

using namespace ombre;
using namespace ombre::outcomes;

/// Words like those of a trial: runs of clean and of positive weeks, lone missed visits, dropout.
WordColumns synthetic_words(std::size_t count, std::size_t length, std::uint64_t seed) {
  std::mt19937_64 rng{seed};
  WordColumns words;
  words.reserve(count);
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text.clear();
    const std::size_t dropout = rng() % (2 * length);
    char state = (rng() & 1U) != 0 ? '+' : '-';
    for (std::size_t w = 0; w < length; ++w) {
      const std::uint64_t r = rng() % 100;
      if (r < 12) state = state == '+' ? '-' : '+';
      text.push_back(w >= dropout ? 'o' : r >= 92 ? 'o' : r >= 89 ? '*' : state);
    }
    static_cast<void>(words.append(text));
  }
  return words;
}

bool agrees(const EndpointPlan& plan, const WordColumns& words) {
  EndpointTable table;
  const std::size_t some = std::min<std::size_t>(words.size(), 2000);
  plan.evaluate(words, 0, some, table);
  for (std::size_t e = 0; e < plan.endpoints().size(); ++e) {
    for (std::size_t r = 0; r < some; ++r) {
      if (table.columns[e].at(r) != plan.endpoints()[e].evaluate(words.word(r))) return false;
    }
  }
  return true;
}

/// Bytes a second this machine copies between arrays that do not fit its caches.
double copy_bandwidth() {
  static const double measured = [] {
    std::vector<char> from(std::size_t{1} << 27U, 1);
    std::vector<char> to(from.size(), 2);
    double best = 0;
    for (int i = 0; i < 5; ++i) {
      const auto start = std::chrono::steady_clock::now();
      std::memcpy(to.data(), from.data(), from.size());
      benchmark::DoNotOptimize(to.data());
      const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
      best = std::max(best, 2.0 * static_cast<double>(from.size()) / took.count());
    }
    return best;
  }();
  return measured;
}

void run(benchmark::State& state, const std::vector<Endpoint>& endpoints, std::size_t length,
         bool honesty) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const WordColumns words = synthetic_words(count, length, 7);
  const auto plan = EndpointPlan::compile(endpoints, {honesty});
  if (!plan || !agrees(*plan, words)) {
    state.SkipWithError("wrong answer");
    return;
  }
  // As a streaming caller does it: part by part into the same table.
  constexpr std::size_t part = 16'384;
  EndpointTable table;
  for (auto _ : state) {
    for (std::size_t first = 0; first < count; first += part) {
      plan->evaluate(words, first, std::min(part, count - first), table);
      benchmark::DoNotOptimize(table.columns.data());
    }
  }
  const double words_done = static_cast<double>(count) * static_cast<double>(state.iterations());
  state.SetItemsProcessed(static_cast<std::int64_t>(words_done));
  state.counters["ns_word_endpoint"] =
      benchmark::Counter(words_done * static_cast<double>(endpoints.size()) * 1e-9,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  const double word_bytes = static_cast<double>(words.bytes()) / static_cast<double>(count);
  state.counters["bytes_word"] = word_bytes;
  double out_bytes = 0;
  for (const Endpoint& e : endpoints) out_bytes += e.type() == ResultType::time_event ? 10 : 9;
  state.counters["bandwidth"] = benchmark::Counter(
      words_done * (word_bytes + out_bytes) / copy_bandwidth(), benchmark::Counter::kIsRate);
  state.counters["operations"] = static_cast<double>(plan->cost().operations);
  state.counters["scratch_kB"] = static_cast<double>(plan->cost().scratch_bytes) / 1024;
}

void BM_All54(benchmark::State& state) { run(state, published_endpoints(), 26, false); }
BENCHMARK(BM_All54)->Arg(3560)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

void BM_All54LongWords(benchmark::State& state) { run(state, published_endpoints(), 52, false); }
BENCHMARK(BM_All54LongWords)->Arg(100'000)->Unit(benchmark::kMillisecond);

void BM_All54WithBounds(benchmark::State& state) { run(state, published_endpoints(), 26, true); }
BENCHMARK(BM_All54WithBounds)->Arg(3560)->Arg(100'000)->Unit(benchmark::kMillisecond);

/// One definition alone: where it is a few bit operations, so should its cost be.
void BM_One(benchmark::State& state, const char* id) {
  const Registry registry = builtin_endpoints();
  run(state, {*registry.find(id)}, 26, false);
}
BENCHMARK_CAPTURE(BM_One, three_clean_in_a_row, "abs_kosten_1993")->Arg(1'000'000);
BENCHMARK_CAPTURE(BM_One, clean_share, "red_fiellin_2006")->Arg(1'000'000);
BENCHMARK_CAPTURE(BM_One, clean_share_attended, "red_fudala_2003")->Arg(1'000'000);
BENCHMARK_CAPTURE(BM_One, first_fifteen_attended, "red_ling_a_1998")->Arg(1'000'000);
BENCHMARK_CAPTURE(BM_One, longest_stretch, "abs_schottenfeld_b_2008")->Arg(1'000'000);
BENCHMARK_CAPTURE(BM_One, longest_stretch_attended, "abs_schottenfeld_2005")->Arg(1'000'000);
BENCHMARK_CAPTURE(BM_One, relapse_four_in_a_row, "rel_ctn0094_2023")->Arg(1'000'000);
BENCHMARK_CAPTURE(BM_One, most_frequent_result, "red_jaffe_1972")->Arg(1'000'000);
BENCHMARK_CAPTURE(BM_One, weighted_index, "red_ling_a_1976")->Arg(1'000'000);

/// Growth: time for n words is n times the time of one.
void BM_Growth(benchmark::State& state) {
  run(state, published_endpoints(), 26, false);
  state.SetComplexityN(state.range(0));
}
BENCHMARK(BM_Growth)
    ->RangeMultiplier(8)
    ->Range(1 << 12U, 1 << 21U)
    ->Complexity(benchmark::oN)
    ->Unit(benchmark::kMillisecond);

/// Text to planes.
void BM_PackWords(benchmark::State& state) {
  const auto length = static_cast<std::size_t>(state.range(0));
  const WordColumns words = synthetic_words(10'000, length, 3);
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < words.size(); ++i) texts.push_back(words.word(i).text());
  WordColumns packed;
  packed.reserve(texts.size());
  for (auto _ : state) {
    packed.clear();
    for (const auto& text : texts) benchmark::DoNotOptimize(packed.append(text));
  }
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (packed.word(i).text() != texts[i]) state.SkipWithError("wrong answer");
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(texts.size()));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(texts.size() * length));
}
BENCHMARK(BM_PackWords)->Arg(15)->Arg(26)->Arg(52);

}  // namespace
