#pragma once
/// @file
/// How a long job reports and can be stopped, and who runs its pieces.

#include <cstddef>
#include <functional>

#include "ombre/core/export.hpp"

namespace ombre::inline v0 {

/// Called now and then with the share done, 0..1, never decreasing, from the calling thread only.
/// Returning false asks the job to stop: it then fails with Errc::cancelled and leaves nothing
/// half-written. An empty callback means: do not report, do not stop.
using Progress = std::function<bool(double done)>;

/// Runs independent pieces of work. The library has no threads of its own: a caller who wants
/// more than one passes a Runner. Results never depend on which Runner is used.
class OMBRE_EXPORT Runner {
 public:
  Runner() = default;
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;
  virtual ~Runner();
  /// Calls task(i) for every i in [0, count), in any order, possibly at the same time, and
  /// returns when all are done. Tasks do not throw.
  virtual void run(std::size_t count, const std::function<void(std::size_t)>& task) const = 0;
  /// How many pieces are worth making at least; 1 for a serial runner.
  [[nodiscard]] virtual std::size_t workers() const noexcept = 0;
};

/// One piece after the other on the calling thread.
[[nodiscard]] OMBRE_EXPORT const Runner& serial() noexcept;

}  // namespace ombre::inline v0
