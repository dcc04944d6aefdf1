#include "ombre/outcomes/endpoint_plan.hpp"

#include <algorithm>
#include <string>
#include <unordered_set>

#include "ombre/outcomes/endpoint_bounds.hpp"
#include "outcomes/endpoint_machine.hpp"
#include "outcomes/endpoint_program.hpp"
#include "outcomes/endpoint_tree.hpp"

namespace ombre::inline v0::outcomes {
namespace {

using detail::block_rows;
using detail::Machine;
using detail::Program;
using detail::Request;

/// Rows one task works on; a whole number of blocks.
constexpr std::size_t task_rows = 64 * block_rows;

/// The definition on the word completed with one symbol.
NodePtr completed(const NodePtr& root, Symbol with) {
  return detail::with_source(root, expr::recode(expr::word(), Symbol::missed, with).node);
}

Request request_for(const Endpoint& endpoint) {
  Request r{&endpoint, endpoint.root_pointer(), nullptr, nullptr};
  if (endpoint.spec().about_attendance) {
    r.worst = r.best = r.root;
    return r;
  }
  const Direction direction = direction_of(endpoint);
  if (direction == Direction::unknown) return r;
  const bool clean_is_low = direction != Direction::falls;
  const NodePtr clean = completed(r.root, Symbol::negative);
  const NodePtr positive = completed(r.root, Symbol::positive);
  const bool low_is_worst = endpoint.spec().better != Better::lower;
  r.worst = clean_is_low == low_is_worst ? clean : positive;
  r.best = clean_is_low == low_is_worst ? positive : clean;
  return r;
}

void resize(EndpointColumn& column, std::size_t rows, bool timed) {
  column.value.resize(rows);
  column.has_value.resize(rows);
  if (timed) {
    column.event.resize(rows);
  } else {
    column.event.clear();
  }
}

void put(EndpointColumn& column, std::size_t row, const std::optional<EndpointValue>& value) {
  column.value[row] = value ? value->value : 0;
  column.has_value[row] = value ? 1 : 0;
  if (!column.event.empty()) column.event[row] = value && value->event ? 1 : 0;
}

}  // namespace

struct EndpointPlan::State {
  std::vector<Endpoint> endpoints;
  bool honesty = false;
  Program narrow;
  Program wide;
  /// The narrow program lacks something the wide one has; use the wide one always.
  bool only_wide = false;

  void prepare(EndpointTable& table, std::size_t rows) const {
    table.rows = rows;
    table.columns.resize(endpoints.size());
    table.honesty.resize(honesty ? endpoints.size() : 0);
    for (std::size_t e = 0; e < endpoints.size(); ++e) {
      const bool timed = endpoints[e].type() == ResultType::time_event;
      resize(table.columns[e], rows, timed);
      if (!honesty) continue;
      resize(table.honesty[e].worst, rows, timed);
      resize(table.honesty[e].best, rows, timed);
      table.honesty[e].weeks.resize(rows);
      table.honesty[e].missed.resize(rows);
    }
  }

  void interpret_value(const Word& word, std::size_t e, std::size_t at,
                       EndpointTable& table) const {
    put(table.columns[e], at, endpoints[e].evaluate(word));
    if (!honesty) return;
    const MissingShare share = endpoints[e].missing_share(word);
    table.honesty[e].weeks[at] = static_cast<std::uint32_t>(share.weeks);
    table.honesty[e].missed[at] = static_cast<std::uint32_t>(share.missed);
  }
  void interpret_bounds(const Word& word, std::size_t e, std::size_t at,
                        EndpointTable& table) const {
    const auto found = bounds(endpoints[e], word);
    put(table.honesty[e].worst, at, found ? found->worst : std::nullopt);
    put(table.honesty[e].best, at, found ? found->best : std::nullopt);
  }
};

Result<EndpointPlan> EndpointPlan::compile(std::span<const Endpoint> endpoints,
                                           EndpointPlanOptions options) {
  if (endpoints.empty()) {
    return unexpected(error_of(Errc::empty_input, "endpoints", "must name at least one endpoint"));
  }
  std::unordered_set<std::string> ids;
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    if (!ids.insert(endpoints[i].id()).second) {
      return unexpected(error_at(Errc::duplicate, "endpoints", i, endpoints[i].id(),
                                 "must not be asked for twice"));
    }
  }
  auto state = std::make_shared<State>();
  state->endpoints.assign(endpoints.begin(), endpoints.end());
  state->honesty = options.honesty;
  std::vector<Request> requests;
  for (const Endpoint& e : state->endpoints) requests.push_back(request_for(e));
  state->narrow = detail::lower_to_program(requests, options.honesty, 32);
  state->wide = detail::lower_to_program(requests, options.honesty, 64);
  state->only_wide =
      state->narrow.interpreted.size() > state->wide.interpreted.size() ||
      state->narrow.interpreted_bounds.size() > state->wide.interpreted_bounds.size();
  return EndpointPlan{std::move(state)};
}

std::span<const Endpoint> EndpointPlan::endpoints() const noexcept { return state_->endpoints; }
bool EndpointPlan::honesty() const noexcept { return state_->honesty; }

namespace {

/// Whether a word of the rows has more than 32 symbols.
bool any_high(const WordColumns& words, std::size_t first, std::size_t count) {
  if (words.high(0).empty()) return false;
  std::uint32_t any = 0;
  for (std::size_t k = 0; k < 3; ++k) {
    const std::uint32_t* high = words.high(k).data() + first;
    for (std::size_t i = 0; i < count; ++i) any |= high[i];
  }
  return any != 0;
}

}  // namespace

struct EndpointPlan::Worker {
  explicit Worker(const State& s) : state{s} {}

  void run(const WordColumns& words, std::size_t first, std::size_t count, std::size_t at,
           EndpointTable& table) {
    for (std::size_t done = 0; done < count; done += block_rows) {
      const std::size_t rows = std::min(block_rows, count - done);
      const bool use_wide = state.only_wide || any_high(words, first + done, rows);
      auto& machine = use_wide ? wide : narrow;
      const Program& program = use_wide ? state.wide : state.narrow;
      if (!machine) machine = std::make_unique<Machine>(program);
      machine->run(words, first + done, rows, at + done, table);
      by_word(words, program, first + done, rows, at + done, table);
    }
  }

 private:
  /// What has no columnar form: some endpoints, and words of more than 64 symbols.
  void by_word(const WordColumns& words, const Program& program, std::size_t first,
               std::size_t rows, std::size_t at, EndpointTable& table) const {
    if (!program.interpreted.empty() || !program.interpreted_bounds.empty()) {
      for (std::size_t i = 0; i < rows; ++i) {
        const Word word = words.word(first + i);
        for (const std::size_t e : program.interpreted) {
          state.interpret_value(word, e, at + i, table);
        }
        for (const std::size_t e : program.interpreted_bounds) {
          state.interpret_bounds(word, e, at + i, table);
        }
      }
    }
    const auto long_rows = words.long_rows();
    for (auto row = std::lower_bound(long_rows.begin(), long_rows.end(), first);
         row != long_rows.end() && *row < first + rows; ++row) {
      const Word word = words.word(static_cast<std::size_t>(*row));
      const std::size_t here = at + static_cast<std::size_t>(*row) - first;
      for (std::size_t e = 0; e < state.endpoints.size(); ++e) {
        state.interpret_value(word, e, here, table);
        if (state.honesty) state.interpret_bounds(word, e, here, table);
      }
    }
  }

  const State& state;
  std::unique_ptr<Machine> narrow;
  std::unique_ptr<Machine> wide;
};

void EndpointPlan::evaluate(const WordColumns& words, std::size_t first, std::size_t count,
                            EndpointTable& table) const {
  state_->prepare(table, count);
  Worker{*state_}.run(words, first, count, 0, table);
}

Result<EndpointTable> EndpointPlan::evaluate(const WordColumns& words, const Runner& runner,
                                             const Progress& progress) const {
  EndpointTable table;
  state_->prepare(table, words.size());
  const std::size_t tasks = (words.size() + task_rows - 1) / task_rows;
  // A batch keeps every worker busy; between batches the caller hears of it and may stop.
  const std::size_t batch = 8 * std::max<std::size_t>(1, runner.workers());
  for (std::size_t from = 0; from < tasks; from += batch) {
    if (progress && !progress(static_cast<double>(from) / static_cast<double>(tasks))) {
      return unexpected(error_of(Errc::cancelled, "endpoints", "was stopped by the caller"));
    }
    runner.run(std::min(batch, tasks - from), [&](std::size_t k) {
      const std::size_t first = (from + k) * task_rows;
      const std::size_t count = std::min(task_rows, words.size() - first);
      Worker{*state_}.run(words, first, count, first, table);
    });
  }
  if (progress) static_cast<void>(progress(1.0));
  return table;
}

EndpointPlan::Cost EndpointPlan::cost() const noexcept {
  const Program& program = state_->only_wide ? state_->wide : state_->narrow;
  return {program.steps.size(), program.interpreted.size(), Machine::scratch_bytes(program)};
}

}  // namespace ombre::inline v0::outcomes
