#include "ombre/core/progress.hpp"

namespace ombre::inline v0 {

Runner::~Runner() = default;

namespace {

class SerialRunner final : public Runner {
 public:
  void run(std::size_t count, const std::function<void(std::size_t)>& task) const override {
    for (std::size_t i = 0; i < count; ++i) task(i);
  }
  [[nodiscard]] std::size_t workers() const noexcept override { return 1; }
};

}  // namespace

const Runner& serial() noexcept {
  static const SerialRunner runner;
  return runner;
}

}  // namespace ombre::inline v0
