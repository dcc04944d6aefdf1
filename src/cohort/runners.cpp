#include "ombre/cohort/runners.hpp"

#include <algorithm>
#include <thread>

#if defined(OMBRE_WITH_TBB)
#include <tbb/info.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>
#else
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <system_error>
#include <vector>
#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>
#endif
#endif

namespace ombre::inline v0::cohort {

#if defined(OMBRE_WITH_TBB)

class Threads::Crew {
 public:
  // Of more than it has workers for, oneTBB complains to standard error.
  explicit Crew(unsigned threads)
      : arena_{std::min(static_cast<int>(threads), tbb::info::default_concurrency())} {}
  void run(std::size_t count, const std::function<void(std::size_t)>& task) {
    arena_.execute([&] {
      tbb::parallel_for(
          std::size_t{0}, count, [&](std::size_t i) { task(i); }, tbb::simple_partitioner{});
    });
  }

 private:
  tbb::task_arena arena_;
};

#else

namespace {

// A hint to the processor that this is a waiting loop.
void pause() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  _mm_pause();
#endif
}

}  // namespace

// The gate says whether there is a job to join: its lowest bit is 1 while pieces may be left, the
// next 31 bits count the helpers inside, the upper half is the number of the job. A helper goes in
// by a compare-and-swap, so that none can enter a job that is over; the caller closes the gate when
// all pieces are taken and leaves when nobody is inside.
class Threads::Crew {
 public:
  explicit Crew(unsigned threads) : wanted_{threads - 1} {}

  ~Crew() {
    {
      // Under the lock, or a helper about to sleep could look before and be called before it does.
      const std::scoped_lock lock{sleep_};
      over_ = true;
      gate_.fetch_add(next_job);
    }
    wake_.notify_all();
    for (std::thread& helper : helpers_) helper.join();
  }
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  void run(std::size_t count, const std::function<void(std::size_t)>& task) {
    // No mutex: a task that runs tasks of its own asks on the thread that has the job already.
    if (busy_.test_and_set(std::memory_order_acquire)) {
      for (std::size_t i = 0; i < count; ++i) task(i);
      return;
    }
    share(count, task);
    busy_.clear(std::memory_order_release);
  }

 private:
  void share(std::size_t count, const std::function<void(std::size_t)>& task) {
    hire();
    task_ = &task;
    count_ = count;
    next_.store(0, std::memory_order_relaxed);
    gate_.store((gate_.load() & ~(next_job - 1)) + next_job + open);
    if (sleepers_.load() != 0) {
      { const std::scoped_lock lock{sleep_}; }
      wake_.notify_all();
    }
    work();
    gate_.fetch_and(~open);
    for (int turn = 0; turn < spins; ++turn) {
      if (inside() == 0) return;
      pause();
    }
    std::unique_lock lock{sleep_};
    left_.wait(lock, [this] { return inside() == 0; });
  }

  static constexpr std::uint64_t open = 1;
  static constexpr std::uint64_t one_inside = 2;
  static constexpr std::uint64_t next_job = std::uint64_t{1} << 32U;
  static constexpr int spins = 4000;  // about a tenth of a millisecond

  [[nodiscard]] std::uint64_t inside() const {
    return (gate_.load() & (next_job - 1)) / one_inside;
  }

  void work() {
    for (std::size_t i = next_++; i < count_; i = next_++) (*task_)(i);
  }

  void hire() {
    if (hired_) return;
    hired_ = true;
    helpers_.reserve(wanted_);
    const std::uint64_t before = gate_.load() / next_job;
    try {
      while (helpers_.size() < wanted_) helpers_.emplace_back([this, before] { help(before); });
    } catch (const std::system_error&) {
      // With those there are.
    }
  }

  void help(std::uint64_t seen) {
    while (true) {
      std::uint64_t gate = await_job_after(seen);
      if (over_.load()) return;
      seen = gate / next_job;
      bool in = false;
      while (!in && (gate & open) != 0 && gate / next_job == seen) {
        in = gate_.compare_exchange_weak(gate, gate + one_inside);
      }
      if (!in) continue;
      work();
      const std::uint64_t now = gate_.fetch_sub(one_inside) - one_inside;
      if ((now & (next_job - 1)) == 0) {  // closed, and nobody inside any more
        { const std::scoped_lock lock{sleep_}; }
        left_.notify_one();
      }
    }
  }

  std::uint64_t await_job_after(std::uint64_t seen) {
    std::uint64_t gate = gate_.load();
    for (int turn = 0; turn < spins; ++turn) {
      if (gate / next_job != seen) return gate;
      pause();
      gate = gate_.load();
    }
    std::unique_lock lock{sleep_};
    ++sleepers_;
    wake_.wait(lock, [&] {
      gate = gate_.load();
      return gate / next_job != seen;
    });
    --sleepers_;
    return gate;
  }

  unsigned wanted_;
  bool hired_ = false;
  std::atomic_flag busy_;
  const std::function<void(std::size_t)>* task_ = nullptr;
  std::size_t count_ = 0;
  std::vector<std::thread> helpers_;
  // On lines of their own: all helpers look at the gate, all take from the counter.
  alignas(64) std::atomic<std::uint64_t> gate_{0};
  alignas(64) std::atomic<std::size_t> next_{0};
  alignas(64) std::atomic<unsigned> sleepers_{0};
  std::atomic<bool> over_{false};
  std::mutex sleep_;
  std::condition_variable wake_;
  std::condition_variable left_;
};

#endif

Threads::Threads(unsigned threads)
    : threads_{std::clamp(threads == 0 ? std::thread::hardware_concurrency() : threads, 1U, most)} {
  if (threads_ > 1) crew_ = std::make_unique<Crew>(threads_);
}

Threads::~Threads() = default;

std::size_t Threads::workers() const noexcept { return threads_; }

void Threads::run(std::size_t count, const std::function<void(std::size_t)>& task) const {
  if (crew_ == nullptr || count < 2) {
    for (std::size_t i = 0; i < count; ++i) task(i);
    return;
  }
  crew_->run(count, task);
}

}  // namespace ombre::inline v0::cohort
