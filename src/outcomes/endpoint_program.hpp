#pragma once
// What endpoint definitions are compiled to: a list of steps over blocks of words, each step one
// simple loop. Not installed.

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "ombre/outcomes/endpoint.hpp"

namespace ombre::inline v0::outcomes::detail {

/// Words handled together. Chosen so that a plan's working memory stays in the second-level cache.
inline constexpr std::size_t block_rows = 256;

/// Where a value of a step lives.
enum class Bank : std::uint8_t {
  lane,   // 32 or 64 bits a word: one bit for each period
  whole,  // a whole number a word (int32)
  real,   // a double a word
  flag    // 0 or 1 a word
};

enum class Code : std::uint8_t {
  // lanes
  load_positive,
  load_negative,
  load_mixed,
  load_missed,
  load_valid,
  bits,  // the same bits for every word: imm
  bit_and,
  bit_or,
  and_not,        // a & ~b
  shift_up,       // a << imm
  shift_down,     // a >> imm
  shift_down_by,  // a >> whole b
  smear,          // every bit at or below the highest bit of a
  fill,           // bits of b that follow a bit of a with only bits of b between
  compress,       // bits of a at the places of b, moved together
  first_few,      // the lowest imm bits of a
  where_equal,    // a where whole b equals imm, else nothing
  where_flag,     // a where flag b holds, else nothing
  // whole numbers
  popcount,
  longest,      // length of the longest run of bits in a
  window_time,  // time of a first window: starts a, length b, rules[aux]
  met_time,     // the same, dated when met: starts a, symbols b, length c, rules[aux]
  add_whole,    // a + imm
  mode_winner,  // code of the most frequent observed symbol: planes a b c d, valid e, impute[aux]
  choose_whole,
  // doubles
  number,
  from_whole,
  counted,  // whole a + num * whole b (b may be absent)
  shared,   // that, divided by whole c; 0 where c is 0
  add,
  subtract,
  multiply,
  choose_real,
  weigh,  // planes a b c d, length e, weights[aux]
  // flags
  flag,         // imm
  any,          // a has a bit
  none,         // a has no bit
  whole_least,  // whole a >= imm
  both,
  either,
  negate,
  at_least,
  at_most,
  more_than,
  less_than,
  equal,
  one_of,     // planes a b c d, valid e equal one of lists[aux]
  weighable,  // length a fits weights[aux]
  choose_flag
};

struct Step {
  Code code = Code::bits;
  Bank bank = Bank::lane;
  std::array<int, 5> from{-1, -1, -1, -1, -1};  // earlier steps; after slots are given: slots
  std::uint64_t imm = 0;
  double num = 0;
  int aux = -1;
  int slot = -1;

  [[nodiscard]] bool same_as(const Step& o) const {
    return code == o.code && bank == o.bank && from == o.from && imm == o.imm && num == o.num &&
           aux == o.aux;
  }
};

/// Where a result goes.
struct Output {
  enum class Target : std::uint8_t { value, worst, best, weeks, missed };
  Target target = Target::value;
  std::size_t endpoint = 0;
  Bank bank = Bank::real;
  int value = -1;         // steps; after slots are given: slots
  int valid = -1;         // -1: always
  int event = -1;         // -1: none
  std::size_t after = 0;  // index of the step after which it is written
};

/// The planes of one word of a one_of list.
struct PackedWord {
  std::array<std::uint64_t, 5> planes{};  // positive negative mixed missed valid
};

/// Tables for `weigh` over words of at most 64 symbols.
struct WeighTable {
  WeighRule rule;
  std::array<double, 65> worst{};
  std::array<char, 65> defined{};
  /// Sums of penalties over the bits of a byte, for each group of eight positions.
  std::vector<std::array<double, 256>> positive;
  std::vector<std::array<double, 256>> missed;
};

struct Program {
  unsigned lane_bits = 32;
  std::vector<Step> steps;
  std::vector<Output> outputs;  // ordered by `after`
  std::array<std::size_t, 4> slots{};
  std::vector<FirstWindowRule> rules;
  std::vector<ImputeRule> imputes;
  std::vector<std::vector<PackedWord>> lists;
  std::vector<WeighTable> weights;
  /// Endpoints without a columnar form in this program.
  std::vector<std::size_t> interpreted;
  /// Endpoints whose bounds have none (their value may have).
  std::vector<std::size_t> interpreted_bounds;
};

/// What to compute for each endpoint.
struct Request {
  const Endpoint* endpoint = nullptr;
  NodePtr root;
  NodePtr worst;  // null: no bounds in columnar form
  NodePtr best;
};

/// Compiles for words of at most `lane_bits` (32 or 64) symbols.
[[nodiscard]] Program lower_to_program(std::span<const Request> requests, bool honesty,
                                       unsigned lane_bits);

}  // namespace ombre::inline v0::outcomes::detail
