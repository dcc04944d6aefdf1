#include "ombre/cohort/runners.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <numeric>
#include <set>
#include <thread>
#include <vector>

#include "ombre/stats/survival_curve.hpp"

namespace {

using namespace ombre;
using cohort::Threads;

// How often each piece was done.
std::vector<int> done_by(const Runner& runner, std::size_t count) {
  std::vector<std::atomic<int>> times(count);
  runner.run(count, [&](std::size_t i) { ++times[i]; });
  std::vector<int> out;
  for (const std::atomic<int>& t : times) out.push_back(t.load());
  return out;
}

TEST(ThreadsRunner, DoesEveryPieceOnceForAnyNumberOfThreads) {
  for (const unsigned threads : {1U, 2U, 3U, 8U}) {
    const Threads runner{threads};
    EXPECT_EQ(runner.workers(), threads);
    for (const std::size_t count : {0UL, 1UL, 2UL, 7UL, 1'000UL, 50'000UL}) {
      SCOPED_TRACE(count);
      EXPECT_EQ(done_by(runner, count), std::vector<int>(count, 1));
    }
  }
}

TEST(ThreadsRunner, ManyShortJobsOneAfterTheOtherLoseNothing) {
  const Threads runner{3};
  std::uint64_t sum = 0;
  for (std::uint64_t job = 0; job < 20'000; ++job) {
    std::uint64_t part[5] = {};
    runner.run(5, [&](std::size_t i) { part[i] = job + i; });
    sum += std::accumulate(std::begin(part), std::end(part), std::uint64_t{0});
  }
  EXPECT_EQ(sum, 5 * (20'000ULL * 19'999 / 2) + 10 * 20'000ULL);
}

// Asleep between the jobs.
TEST(ThreadsRunner, HelpersThatSleptComeBack) {
  const Threads runner{2};
  for (int job = 0; job < 20; ++job) {
    std::this_thread::sleep_for(std::chrono::milliseconds{3});
    EXPECT_EQ(done_by(runner, 100), std::vector<int>(100, 1));
  }
}

TEST(ThreadsRunner, SeveralThreadsTakePart) {
  if (std::thread::hardware_concurrency() < 2) GTEST_SKIP() << "skipped: one processor only";
  const Threads runner{2};
  std::set<std::thread::id> seen;
  for (int attempt = 0; attempt < 200 && seen.size() < 2; ++attempt) {
    std::vector<std::thread::id> who(64);
    runner.run(who.size(), [&](std::size_t i) {
      who[i] = std::this_thread::get_id();
      std::this_thread::sleep_for(std::chrono::microseconds{100});
    });
    seen.insert(who.begin(), who.end());
  }
  EXPECT_EQ(seen.size(), 2U);
}

TEST(ThreadsRunner, ATaskMayRunTasksOfItsOwn) {
  const Threads runner{2};
  std::vector<std::atomic<int>> times(6 * 40);
  runner.run(6,
             [&](std::size_t i) { runner.run(40, [&](std::size_t k) { ++times[i * 40 + k]; }); });
  for (const std::atomic<int>& t : times) EXPECT_EQ(t.load(), 1);
}

TEST(ThreadsRunner, CallersOfSeveralThreadsShareIt) {
  const Threads runner{3};
  std::atomic<std::uint64_t> sum{0};
  std::vector<std::thread> callers;
  for (int c = 0; c < 4; ++c) {
    callers.emplace_back([&] {
      for (int job = 0; job < 300; ++job) runner.run(50, [&](std::size_t i) { sum += i; });
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(sum.load(), 4ULL * 300 * (50 * 49 / 2));
}

TEST(ThreadsRunner, ANumberBeyondAllReasonIsCutAndZeroIsTheMachines) {
  EXPECT_EQ(Threads{4'000'000'000U}.workers(), Threads::most);
  const std::size_t machine = Threads{0}.workers();
  EXPECT_GE(machine, 1U);
  EXPECT_LE(machine, Threads::most);
}

// Made and thrown away, with and without a job in between.
TEST(ThreadsRunner, EndsAtAnyTime) {
  for (int round = 0; round < 200; ++round) {
    const Threads runner{4};
    if (round % 2 == 0) runner.run(3, [](std::size_t) {});
  }
}

TEST(ThreadsRunner, GivesTheSameBytesAsNone) {
  std::vector<double> time;
  std::vector<std::uint8_t> event;
  for (std::uint32_t i = 0; i < 300'000; ++i) {
    time.push_back(static_cast<double>((i * 2'654'435'761U) >> 8U) / 1e4);
    event.push_back(static_cast<std::uint8_t>(i % 3 == 0));
  }
  const auto one = stats::survival_curve({time, event});
  const auto other = stats::survival_curve({time, event}, {}, Threads{3});
  ASSERT_TRUE(one && other);
  EXPECT_EQ(one->time, other->time);
  EXPECT_EQ(one->survival, other->survival);
  EXPECT_EQ(one->error, other->error);
}

}  // namespace
