#pragma once
/// @file
/// Who runs the pieces of a long job: threads of one machine.
///
/// Every function of the library that can use threads takes a Runner, and gives the same bytes with
/// any. One thread is serial() in ombre/core/progress.hpp. A host with threads of its own writes
/// its own Runner (two functions). For many machines there is no runner: what they hold is tallied
/// where it lies, tallies are merged and finished once, see ombre/stats/survival_tally.hpp.

#include <cstddef>
#include <functional>
#include <memory>

#include "ombre/core/export.hpp"
#include "ombre/core/progress.hpp"

namespace ombre::inline v0::cohort {

/// Threads that stay ready between jobs, the calling thread being one of them.
///
/// Built with oneTBB (OMBRE_WITH_TBB) the pieces run in an arena of oneTBB, beside a host's other
/// work there and never on more threads than oneTBB has; otherwise on threads of its own, which
/// begin with the first job, look out for the next one for about a tenth of a millisecond and
/// then sleep.
///
/// run() may be called from several threads at once and from within a task. Where the threads are
/// busy with another job, the call does its pieces itself, one after the other.
/// Where the system refuses a thread, there are as many as it gives. Cost of a job: some
/// microseconds while the threads are awake, else what waking takes (20 to 100).
class OMBRE_EXPORT Threads final : public Runner {
 public:
  /// How many a caller can have.
  static constexpr unsigned most = 256;
  /// `threads` counts the calling one: 1 is serial, 0 as many as the machine has. Beyond `most` it
  /// is `most`.
  explicit Threads(unsigned threads = 0);
  /// No job may be running.
  ~Threads() override;
  void run(std::size_t count, const std::function<void(std::size_t)>& task) const override;
  [[nodiscard]] std::size_t workers() const noexcept override;

 private:
  class Crew;
  unsigned threads_;
  std::unique_ptr<Crew> crew_;  // none with one thread
};

}  // namespace ombre::inline v0::cohort
