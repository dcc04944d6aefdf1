#pragma once
/// @file
/// Many endpoints over many words: definitions compiled to one plan of bit operations.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/progress.hpp"
#include "ombre/core/result.hpp"
#include "ombre/outcomes/endpoint.hpp"
#include "ombre/outcomes/word_columns.hpp"

namespace ombre::inline v0::outcomes {

/// One result for each row. `has_value[r]` is 1 where there is a meaningful value; elsewhere
/// value[r] is 0 and means nothing. `event` is empty but for time_event.
struct EndpointColumn {
  std::vector<double> value;
  std::vector<std::uint8_t> has_value;
  std::vector<std::uint8_t> event;

  [[nodiscard]] std::optional<EndpointValue> at(std::size_t row) const {
    if (has_value[row] == 0) return std::nullopt;
    return EndpointValue{value[row], !event.empty() && event[row] != 0};
  }
};

/// Best and worst case and what rests on missed visits, beside an EndpointColumn.
struct EndpointHonesty {
  EndpointColumn worst;
  EndpointColumn best;
  std::vector<std::uint32_t> weeks;   ///< periods the definition looks at
  std::vector<std::uint32_t> missed;  ///< of these, missed
};

/// Results of a plan: one column for each endpoint, in the plan's order.
struct EndpointTable {
  std::size_t rows = 0;
  std::vector<EndpointColumn> columns;
  std::vector<EndpointHonesty> honesty;  ///< empty unless asked for
};

struct EndpointPlanOptions {
  bool honesty = false;  ///< also bounds and weeks that rest on missed visits
};

/// Endpoints made ready for columns of words.
///
/// All definitions become one list of operations on bit planes, in which parts that occur more than
/// once are computed once; the list runs over blocks of 256 words that stay in the cache. Results
/// are the same, bit for bit, as Endpoint::evaluate gives word by word: what has no columnar form
/// (kNV with k > 1, patterns counted without overlap, words of more than 64 symbols) is evaluated
/// that way. Immutable and shareable between threads.
class OMBRE_EXPORT EndpointPlan {
 public:
  /// @par Errors empty_input (no endpoint), duplicate (an id twice)
  [[nodiscard]] static Result<EndpointPlan> compile(std::span<const Endpoint> endpoints,
                                                    EndpointPlanOptions options = {});

  [[nodiscard]] std::span<const Endpoint> endpoints() const noexcept;
  [[nodiscard]] bool honesty() const noexcept;

  /// Rows [first, first + count) into `table`, whose columns are given the right size; reusing a
  /// table saves its memory. The range must lie within `words`.
  void evaluate(const WordColumns& words, std::size_t first, std::size_t count,
                EndpointTable& table) const;
  /// All rows. Threads: through `runner`; results do not depend on it.
  /// @par Errors cancelled
  [[nodiscard]] Result<EndpointTable> evaluate(const WordColumns& words,
                                               const Runner& runner = serial(),
                                               const Progress& progress = {}) const;

  /// What the plan consists of, for benchmarks and curious readers.
  struct Cost {
    std::size_t operations = 0;     ///< steps over a block, for words of up to 32 symbols
    std::size_t interpreted = 0;    ///< endpoints evaluated word by word
    std::size_t scratch_bytes = 0;  ///< working memory of one thread
  };
  [[nodiscard]] Cost cost() const noexcept;

 private:
  struct State;
  struct Worker;
  explicit EndpointPlan(std::shared_ptr<const State> state) : state_{std::move(state)} {}
  std::shared_ptr<const State> state_;
};

}  // namespace ombre::inline v0::outcomes
