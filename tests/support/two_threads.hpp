#pragma once
// A Runner on two threads, for tests of "the same bytes" and for benchmarks.

#include <atomic>
#include <cstddef>
#include <functional>
#include <thread>

#include "ombre/core/progress.hpp"

namespace ombre::test {

class TwoThreads final : public Runner {
 public:
  void run(std::size_t count, const std::function<void(std::size_t)>& task) const override {
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
      for (std::size_t i = next++; i < count; i = next++) task(i);
    };
    std::thread other{work};
    work();
    other.join();
  }
  [[nodiscard]] std::size_t workers() const noexcept override { return 2; }
};

}  // namespace ombre::test
