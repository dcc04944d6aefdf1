#pragma once
// Runs a Program over blocks of words. Not installed.

#include <cstdint>
#include <memory>

#include "ombre/outcomes/endpoint_plan.hpp"
#include "outcomes/endpoint_program.hpp"

namespace ombre::inline v0::outcomes::detail {

/// Working memory of one thread for one program.
class Machine {
 public:
  explicit Machine(const Program& program);
  ~Machine();
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  /// Rows [first, first + count), count <= block_rows, of `words` into rows [at, at + count) of
  /// `table`, whose columns are large enough. The words must fit the program's lanes.
  void run(const WordColumns& words, std::size_t first, std::size_t count, std::size_t at,
           EndpointTable& table);

  [[nodiscard]] static std::size_t scratch_bytes(const Program& program);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ombre::inline v0::outcomes::detail
