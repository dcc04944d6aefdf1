// Each step is one loop of fixed length over plain arrays, written so that any compiler turns it
// into vector instructions of the baseline machine.
#include "outcomes/endpoint_machine.hpp"

#include <algorithm>
#include <array>
#include <type_traits>
#include <vector>

#include "outcomes/word_weigh.hpp"

namespace ombre::inline v0::outcomes::detail {
namespace {

constexpr std::size_t n_rows = block_rows;

/// Population count from shifts and adds, which vectorises everywhere.
template <class T>
inline std::uint32_t bits_in(T x) {
  constexpr T fives = static_cast<T>(0x5555555555555555ULL);
  constexpr T threes = static_cast<T>(0x3333333333333333ULL);
  constexpr T nibbles = static_cast<T>(0x0f0f0f0f0f0f0f0fULL);
  x = x - ((x >> 1U) & fives);
  x = (x & threes) + ((x >> 2U) & threes);
  x = (x + (x >> 4U)) & nibbles;
  x = x + (x >> 8U);
  x = x + (x >> 16U);
  if constexpr (sizeof(T) == 8) x = x + (x >> 32U);
  return static_cast<std::uint32_t>(x & T{0x7f});
}

template <class T>
inline T smeared(T x) {
  x |= x >> 1U;
  x |= x >> 2U;
  x |= x >> 4U;
  x |= x >> 8U;
  x |= x >> 16U;
  if constexpr (sizeof(T) == 8) x |= x >> 32U;
  return x;
}

/// Moves the bits of x at the places of m together at the low end.
/// Source: Warren, Hacker's Delight, 2nd edition (2012), section 7-4.
template <class T>
inline T compressed(T x, T m) {
  x &= m;
  T mk = static_cast<T>(~m << 1U);
  for (unsigned i = 1; i < sizeof(T) * 8; i *= 2) {
    T mp = mk;
    for (unsigned j = 1; j < sizeof(T) * 8; j *= 2) mp ^= static_cast<T>(mp << j);
    const T mv = mp & m;
    m = (m ^ mv) | (mv >> i);
    const T t = x & mv;
    x = (x ^ t) | (t >> i);
    mk &= ~mp;
  }
  return x;
}

/// Length of the longest run: from runs of 32, 16, 8.. bits, each taken on where it fits.
template <class T>
inline std::uint32_t longest_run_of(T x) {
  // ends[k]: bits at which a run of 2^k ends.
  constexpr std::size_t steps = sizeof(T) == 8 ? 7 : 6;
  T ends[steps];
  ends[0] = x;
  for (std::size_t k = 1; k < steps; ++k) {
    ends[k] = ends[k - 1] & static_cast<T>(ends[k - 1] << (1U << (k - 1)));
  }
  std::uint32_t length = 0;
  T at = 0;                        // where a run of `length` ends
  T none = static_cast<T>(~T{0});  // all bits while length is 0
  for (std::size_t k = steps; k-- > 0;) {
    const unsigned by = 1U << k;
    const T moved = by >= sizeof(T) * 8 ? T{0} : static_cast<T>(at << (by % (sizeof(T) * 8)));
    const T longer = ends[k] & (moved | none);
    const T took = longer != 0 ? static_cast<T>(~T{0}) : T{0};
    at = (longer & took) | (at & ~took);
    length += by & static_cast<std::uint32_t>(took);
    none &= ~took;
  }
  return length;
}

/// Sum of penalties over the bits of a plane.
inline double penalty_of(const Penalty& penalty, const std::vector<std::array<double, 256>>& groups,
                         std::uint64_t plane, std::size_t length) {
  switch (penalty.kind) {
    case Penalty::Kind::none:
      return static_cast<double>(bits_in(plane));
    case Penalty::Kind::each: {
      double sum = 0;
      for (std::size_t g = 0; g * 8 < length && g < groups.size(); ++g) {
        sum += groups[g][(plane >> (8 * g)) & 0xffU];
      }
      return sum;
    }
    case Penalty::Kind::line: {
      // The sum of bit positions, from how many bits stand where each binary digit is set.
      constexpr std::array<std::uint64_t, 6> digit{0xaaaaaaaaaaaaaaaaULL, 0xccccccccccccccccULL,
                                                   0xf0f0f0f0f0f0f0f0ULL, 0xff00ff00ff00ff00ULL,
                                                   0xffff0000ffff0000ULL, 0xffffffff00000000ULL};
      std::uint64_t positions = 0;
      for (unsigned k = 0; k < 6; ++k) {
        positions += std::uint64_t{bits_in<std::uint64_t>(plane & digit[k])} << k;
      }
      return line_sum(penalty, bits_in(plane), positions, length);
    }
  }
  return 0;
}

template <class T>
class Bench {
 public:
  explicit Bench(const Program& program)
      : program_{program},
        lanes_(program.slots[0] * n_rows),
        wholes_(program.slots[1] * n_rows),
        reals_(program.slots[2] * n_rows),
        flags_(program.slots[3] * n_rows) {}

  void run(const WordColumns& words, std::size_t first, std::size_t count, std::size_t at,
           EndpointTable& table) {
    load(words, first, count);
    std::size_t out = 0;
    for (std::size_t i = 0; i < program_.steps.size(); ++i) {
      step(program_.steps[i]);
      while (out < program_.outputs.size() && program_.outputs[out].after == i) {
        write(program_.outputs[out++], count, at, table);
      }
    }
  }

 private:
  using Lane = T* __restrict;
  using LaneIn = const T* __restrict;
  using WholeIn = const std::int32_t* __restrict;
  using RealIn = const double* __restrict;
  using FlagIn = const std::uint32_t* __restrict;

  T* lane(int slot) { return lanes_.data() + static_cast<std::size_t>(slot) * n_rows; }
  std::int32_t* whole(int slot) { return wholes_.data() + static_cast<std::size_t>(slot) * n_rows; }
  double* real(int slot) { return reals_.data() + static_cast<std::size_t>(slot) * n_rows; }
  std::uint32_t* flag(int slot) { return flags_.data() + static_cast<std::size_t>(slot) * n_rows; }

  void load(const WordColumns& words, std::size_t first, std::size_t count) {
    for (std::size_t k = 0; k < 3; ++k) {
      const std::uint32_t* low = words.low(k).data() + first;
      T* __restrict to = code_[k].data();
      for (std::size_t i = 0; i < count; ++i) to[i] = low[i];
      if constexpr (sizeof(T) == 8) {
        if (!words.high(k).empty()) {
          const std::uint32_t* high = words.high(k).data() + first;
          for (std::size_t i = 0; i < count; ++i) to[i] |= std::uint64_t{high[i]} << 32U;
        }
      }
      std::fill(to + count, to + n_rows, T{0});
    }
  }

  template <class F>
  void make_lane(const Step& s, F f) {
    Lane to = lane(s.slot);
    for (std::size_t i = 0; i < n_rows; ++i) to[i] = f(i);
  }
  template <class F>
  void make_whole(const Step& s, F f) {
    std::int32_t* __restrict to = whole(s.slot);
    for (std::size_t i = 0; i < n_rows; ++i) to[i] = f(i);
  }
  template <class F>
  void make_real(const Step& s, F f) {
    double* __restrict to = real(s.slot);
    for (std::size_t i = 0; i < n_rows; ++i) to[i] = f(i);
  }
  template <class F>
  void make_flag(const Step& s, F f) {
    std::uint32_t* __restrict to = flag(s.slot);
    for (std::size_t i = 0; i < n_rows; ++i) to[i] = f(i) ? 1U : 0U;
  }

  void step(const Step& s);
  void mode_winner(const Step& s);
  void weigh(const Step& s);
  void one_of(const Step& s);
  void window_time(const Step& s);
  void met_time(const Step& s);
  void write(const Output& out, std::size_t count, std::size_t at, EndpointTable& table);

  const Program& program_;
  std::array<std::array<T, n_rows>, 3> code_{};
  std::vector<T> lanes_;
  std::vector<std::int32_t> wholes_;
  std::vector<double> reals_;
  std::vector<std::uint32_t> flags_;
};

template <class T>
void Bench<T>::step(const Step& s) {
  const auto L = [&](int k) -> const T* { return lane(s.from[static_cast<std::size_t>(k)]); };
  const auto W = [&](int k) -> const std::int32_t* {
    return whole(s.from[static_cast<std::size_t>(k)]);
  };
  const auto R = [&](int k) -> const double* { return real(s.from[static_cast<std::size_t>(k)]); };
  const auto F = [&](int k) -> const std::uint32_t* {
    return flag(s.from[static_cast<std::size_t>(k)]);
  };
  const T bits = static_cast<T>(s.imm);
  const auto by = static_cast<unsigned>(s.imm);
  switch (s.code) {
    case Code::load_positive:
    case Code::load_negative:
    case Code::load_mixed:
    case Code::load_missed:
    case Code::load_valid: {
      LaneIn a = code_[0].data();
      LaneIn b = code_[1].data();
      LaneIn c = code_[2].data();
      switch (s.code) {
        case Code::load_positive:
          return make_lane(s, [=](std::size_t i) { return a[i] & ~(b[i] | c[i]); });
        case Code::load_negative:
          return make_lane(s, [=](std::size_t i) { return b[i] & ~a[i]; });
        case Code::load_mixed:
          return make_lane(s, [=](std::size_t i) { return a[i] & b[i]; });
        case Code::load_missed:
          return make_lane(s, [=](std::size_t i) { return c[i] & ~a[i]; });
        default:
          return make_lane(s, [=](std::size_t i) { return a[i] | b[i] | c[i]; });
      }
    }
    case Code::bits:
      return make_lane(s, [=](std::size_t) { return bits; });
    case Code::bit_and: {
      LaneIn a = L(0);
      LaneIn b = L(1);
      return make_lane(s, [=](std::size_t i) { return a[i] & b[i]; });
    }
    case Code::bit_or: {
      LaneIn a = L(0);
      LaneIn b = L(1);
      return make_lane(s, [=](std::size_t i) { return a[i] | b[i]; });
    }
    case Code::and_not: {
      LaneIn a = L(0);
      LaneIn b = L(1);
      return make_lane(s, [=](std::size_t i) { return a[i] & ~b[i]; });
    }
    case Code::shift_up: {
      LaneIn a = L(0);
      return make_lane(s, [=](std::size_t i) { return static_cast<T>(a[i] << by); });
    }
    case Code::shift_down: {
      LaneIn a = L(0);
      return make_lane(s, [=](std::size_t i) { return a[i] >> by; });
    }
    case Code::shift_down_by: {
      LaneIn a = L(0);
      WholeIn b = W(1);
      return make_lane(s, [=](std::size_t i) {
        const auto places = static_cast<unsigned>(b[i]);
        return places >= sizeof(T) * 8 ? T{0} : static_cast<T>(a[i] >> places);
      });
    }
    case Code::smear: {
      LaneIn a = L(0);
      return make_lane(s, [=](std::size_t i) { return smeared(a[i]); });
    }
    case Code::fill: {
      // A carry that starts at the first gap after a bit runs through the gaps and clears them.
      LaneIn a = L(0);
      LaneIn b = L(1);
      return make_lane(s, [=](std::size_t i) {
        const T start = static_cast<T>(a[i] << 1U) & b[i];
        return b[i] & ~static_cast<T>(b[i] + start);
      });
    }
    case Code::compress: {
      LaneIn a = L(0);
      LaneIn b = L(1);
      return make_lane(s, [=](std::size_t i) { return compressed(a[i], b[i]); });
    }
    case Code::first_few: {
      LaneIn a = L(0);
      return make_lane(s, [=](std::size_t i) {
        T rest = a[i];
        for (unsigned k = 0; k < by; ++k) rest &= rest - 1;
        return a[i] & ~rest;
      });
    }
    case Code::where_equal: {
      LaneIn a = L(0);
      WholeIn b = W(1);
      const auto wanted = static_cast<std::int32_t>(s.imm);
      return make_lane(s, [=](std::size_t i) { return b[i] == wanted ? a[i] : T{0}; });
    }
    case Code::where_flag: {
      LaneIn a = L(0);
      FlagIn b = F(1);
      return make_lane(s, [=](std::size_t i) { return b[i] != 0 ? a[i] : T{0}; });
    }
    case Code::popcount: {
      LaneIn a = L(0);
      return make_whole(s, [=](std::size_t i) { return static_cast<std::int32_t>(bits_in(a[i])); });
    }
    case Code::longest: {
      LaneIn a = L(0);
      return make_whole(
          s, [=](std::size_t i) { return static_cast<std::int32_t>(longest_run_of(a[i])); });
    }
    case Code::window_time:
      return window_time(s);
    case Code::met_time:
      return met_time(s);
    case Code::add_whole: {
      WholeIn a = W(0);
      const auto more = static_cast<std::int32_t>(static_cast<std::int64_t>(s.imm));
      return make_whole(s, [=](std::size_t i) { return a[i] + more; });
    }
    case Code::mode_winner:
      return mode_winner(s);
    case Code::choose_whole: {
      FlagIn c = F(0);
      WholeIn a = W(1);
      WholeIn b = W(2);
      return make_whole(s, [=](std::size_t i) { return c[i] != 0 ? a[i] : b[i]; });
    }
    case Code::number: {
      const double value = s.num;
      return make_real(s, [=](std::size_t) { return value; });
    }
    case Code::from_whole: {
      WholeIn a = W(0);
      return make_real(s, [=](std::size_t i) { return static_cast<double>(a[i]); });
    }
    case Code::counted: {
      WholeIn a = W(0);
      WholeIn b = W(1);
      const double weight = s.num;
      return make_real(s, [=](std::size_t i) {
        const double part = weight * static_cast<double>(b[i]);
        return static_cast<double>(a[i]) + part;
      });
    }
    case Code::shared: {
      WholeIn a = W(0);
      WholeIn c = W(2);
      if (s.from[1] < 0) {
        return make_real(s, [=](std::size_t i) {
          return static_cast<double>(a[i]) / static_cast<double>(std::max(c[i], 1));
        });
      }
      WholeIn b = W(1);
      const double weight = s.num;
      return make_real(s, [=](std::size_t i) {
        const double part = weight * static_cast<double>(b[i]);
        const double sum = static_cast<double>(a[i]) + part;
        return sum / static_cast<double>(std::max(c[i], 1));
      });
    }
    case Code::add: {
      RealIn a = R(0);
      RealIn b = R(1);
      return make_real(s, [=](std::size_t i) { return a[i] + b[i]; });
    }
    case Code::subtract: {
      RealIn a = R(0);
      RealIn b = R(1);
      return make_real(s, [=](std::size_t i) { return a[i] - b[i]; });
    }
    case Code::multiply: {
      RealIn a = R(0);
      RealIn b = R(1);
      return make_real(s, [=](std::size_t i) { return a[i] * b[i]; });
    }
    case Code::choose_real: {
      FlagIn c = F(0);
      RealIn a = R(1);
      RealIn b = R(2);
      return make_real(s, [=](std::size_t i) { return c[i] != 0 ? a[i] : b[i]; });
    }
    case Code::weigh:
      return weigh(s);
    case Code::flag: {
      const bool yes = s.imm != 0;
      return make_flag(s, [=](std::size_t) { return yes; });
    }
    case Code::any: {
      LaneIn a = L(0);
      return make_flag(s, [=](std::size_t i) { return a[i] != 0; });
    }
    case Code::none: {
      LaneIn a = L(0);
      return make_flag(s, [=](std::size_t i) { return a[i] == 0; });
    }
    case Code::whole_least: {
      WholeIn a = W(0);
      const auto least = static_cast<std::int32_t>(s.imm);
      return make_flag(s, [=](std::size_t i) { return a[i] >= least; });
    }
    case Code::both: {
      FlagIn a = F(0);
      FlagIn b = F(1);
      return make_flag(s, [=](std::size_t i) { return (a[i] & b[i]) != 0; });
    }
    case Code::either: {
      FlagIn a = F(0);
      FlagIn b = F(1);
      return make_flag(s, [=](std::size_t i) { return (a[i] | b[i]) != 0; });
    }
    case Code::negate: {
      FlagIn a = F(0);
      return make_flag(s, [=](std::size_t i) { return a[i] == 0; });
    }
    case Code::at_least: {
      RealIn a = R(0);
      RealIn b = R(1);
      return make_flag(s, [=](std::size_t i) { return a[i] >= b[i]; });
    }
    case Code::at_most: {
      RealIn a = R(0);
      RealIn b = R(1);
      return make_flag(s, [=](std::size_t i) { return a[i] <= b[i]; });
    }
    case Code::more_than: {
      RealIn a = R(0);
      RealIn b = R(1);
      return make_flag(s, [=](std::size_t i) { return a[i] > b[i]; });
    }
    case Code::less_than: {
      RealIn a = R(0);
      RealIn b = R(1);
      return make_flag(s, [=](std::size_t i) { return a[i] < b[i]; });
    }
    case Code::equal: {
      RealIn a = R(0);
      RealIn b = R(1);
      return make_flag(s, [=](std::size_t i) { return a[i] == b[i]; });
    }
    case Code::one_of:
      return one_of(s);
    case Code::weighable: {
      WholeIn a = W(0);
      const auto& defined = program_.weights[static_cast<std::size_t>(s.aux)].defined;
      return make_flag(
          s, [&, a](std::size_t i) { return defined[static_cast<std::size_t>(a[i])] != 0; });
    }
    case Code::choose_flag: {
      FlagIn c = F(0);
      FlagIn a = F(1);
      FlagIn b = F(2);
      return make_flag(s, [=](std::size_t i) { return (c[i] != 0 ? a[i] : b[i]) != 0; });
    }
  }
}

template <class T>
void Bench<T>::window_time(const Step& s) {
  const FirstWindowRule& rule = program_.rules[static_cast<std::size_t>(s.aux)];
  LaneIn starts = lane(s.from[0]);
  WholeIn length = whole(s.from[1]);
  const std::int32_t offset = rule.offset.value_or(rule.width - rule.threshold);
  const std::int32_t after_last =
      rule.censoring == Censoring::last_window ? 1 - rule.width + offset : 0;
  make_whole(s, [=](std::size_t i) {
    // Bits below the lowest bit of starts: its position from 0.
    const T below = static_cast<T>(starts[i] - 1) & ~starts[i];
    const auto first = static_cast<std::int32_t>(bits_in(below));
    return starts[i] != 0 ? first + 1 + offset : length[i] + after_last;
  });
}

template <class T>
void Bench<T>::met_time(const Step& s) {
  const FirstWindowRule& rule = program_.rules[static_cast<std::size_t>(s.aux)];
  LaneIn starts = lane(s.from[0]);
  LaneIn symbols = lane(s.from[1]);
  WholeIn length = whole(s.from[2]);
  const std::int32_t offset = rule.offset.value_or(rule.width - rule.threshold);
  const std::int32_t after_last =
      rule.censoring == Censoring::last_window ? 1 - rule.width + offset : 0;
  const int threshold = rule.threshold;
  make_whole(s, [=](std::size_t i) {
    const T below = static_cast<T>(starts[i] - 1) & ~starts[i];
    if (starts[i] == 0) return length[i] + after_last;
    if (threshold == 0) return static_cast<std::int32_t>(bits_in(below)) + 1;
    // The threshold-th symbol from the start of the window on.
    T rest = symbols[i] & ~below;
    for (int k = 1; k < threshold; ++k) rest &= rest - 1;
    const T before = static_cast<T>(rest - 1) & ~rest;
    return static_cast<std::int32_t>(bits_in(before)) + 1;
  });
}

template <class T>
void Bench<T>::mode_winner(const Step& s) {
  const ImputeRule& rule = program_.imputes[static_cast<std::size_t>(s.aux)];
  const T* plane[5];
  for (std::size_t k = 0; k < 5; ++k) plane[k] = lane(s.from[k]);
  const auto tiebreaker = static_cast<std::int32_t>(rule.tiebreaker);
  const auto mixed = static_cast<std::size_t>(rule.mixed);
  const auto missing = static_cast<std::size_t>(rule.missing);
  constexpr std::array<Symbol, 5> order{Symbol::mixed, Symbol::positive, Symbol::negative,
                                        Symbol::not_due, Symbol::missed};
  make_whole(s, [&](std::size_t i) {
    std::array<std::uint32_t, 6> seen{};
    T known = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      seen[k + 1] = bits_in(plane[k][i]);
      known |= plane[k][i];
    }
    seen[5] = bits_in(static_cast<T>(plane[4][i] & ~known));
    seen[missing] = 0;
    if (mixed != missing && static_cast<std::int32_t>(mixed) != tiebreaker) {
      seen[static_cast<std::size_t>(tiebreaker)] += seen[mixed];
      seen[mixed] = 0;
    }
    const std::uint32_t most = *std::max_element(seen.begin(), seen.end());
    std::int32_t winner = 0;
    if (most > 0) {
      for (auto o = order.rbegin(); o != order.rend(); ++o) {
        if (seen[static_cast<std::size_t>(*o)] == most) winner = static_cast<std::int32_t>(*o);
      }
      if (seen[static_cast<std::size_t>(tiebreaker)] == most) winner = tiebreaker;
    }
    return winner;
  });
}

template <class T>
void Bench<T>::weigh(const Step& s) {
  const WeighTable& table = program_.weights[static_cast<std::size_t>(s.aux)];
  const WeighRule& rule = table.rule;
  LaneIn positive = lane(s.from[0]);
  LaneIn mixed = lane(s.from[1]);
  LaneIn missed = lane(s.from[2]);
  LaneIn negative = lane(s.from[3]);
  WholeIn length = whole(s.from[4]);
  make_real(s, [&, positive, mixed, missed, negative, length](std::size_t i) {
    const auto n = static_cast<std::size_t>(length[i]);
    if (table.defined[n] == 0) return 0.0;
    const double sum =
        weighted_sum(rule, penalty_of(rule.positive_penalty, table.positive, positive[i], n),
                     penalty_of(rule.positive_penalty, table.positive, mixed[i], n),
                     penalty_of(rule.missed_penalty, table.missed, missed[i], n),
                     static_cast<double>(bits_in(negative[i])));
    const double scaled = rule.scale * sum;
    return scaled / table.worst[n];
  });
}

template <class T>
void Bench<T>::one_of(const Step& s) {
  const auto& list = program_.lists[static_cast<std::size_t>(s.aux)];
  LaneIn p = lane(s.from[0]);
  LaneIn n = lane(s.from[1]);
  LaneIn m = lane(s.from[2]);
  LaneIn o = lane(s.from[3]);
  LaneIn v = lane(s.from[4]);
  std::uint32_t* __restrict to = flag(s.slot);
  std::fill(to, to + n_rows, 0U);
  for (const PackedWord& w : list) {
    const T wp = static_cast<T>(w.planes[0]);
    const T wn = static_cast<T>(w.planes[1]);
    const T wm = static_cast<T>(w.planes[2]);
    const T wo = static_cast<T>(w.planes[3]);
    const T wv = static_cast<T>(w.planes[4]);
    for (std::size_t i = 0; i < n_rows; ++i) {
      const T different = (p[i] ^ wp) | (n[i] ^ wn) | (m[i] ^ wm) | (o[i] ^ wo) | (v[i] ^ wv);
      to[i] |= different == 0 ? 1U : 0U;
    }
  }
}

template <class T>
void Bench<T>::write(const Output& out, std::size_t count, std::size_t at, EndpointTable& table) {
  using Target = Output::Target;
  if (out.target == Target::weeks || out.target == Target::missed) {
    EndpointHonesty& honesty = table.honesty[out.endpoint];
    std::uint32_t* to = (out.target == Target::weeks ? honesty.weeks : honesty.missed).data() + at;
    WholeIn from = whole(out.value);
    for (std::size_t i = 0; i < count; ++i) to[i] = static_cast<std::uint32_t>(from[i]);
    return;
  }
  EndpointColumn& column = out.target == Target::value   ? table.columns[out.endpoint]
                           : out.target == Target::worst ? table.honesty[out.endpoint].worst
                                                         : table.honesty[out.endpoint].best;
  double* __restrict value = column.value.data() + at;
  std::uint8_t* __restrict has = column.has_value.data() + at;
  switch (out.bank) {
    case Bank::real: {
      RealIn from = real(out.value);
      for (std::size_t i = 0; i < count; ++i) {
        value[i] = from[i];
        has[i] = from[i] - from[i] == 0.0 ? 1 : 0;  // finite
      }
      break;
    }
    case Bank::flag: {
      FlagIn from = flag(out.value);
      for (std::size_t i = 0; i < count; ++i) value[i] = from[i] != 0 ? 1.0 : 0.0;
      std::fill(has, has + count, std::uint8_t{1});
      break;
    }
    case Bank::whole: {
      WholeIn from = whole(out.value);
      for (std::size_t i = 0; i < count; ++i) value[i] = static_cast<double>(from[i]);
      std::fill(has, has + count, std::uint8_t{1});
      break;
    }
    case Bank::lane:
      break;
  }
  if (out.valid >= 0) {
    FlagIn valid = flag(out.valid);
    for (std::size_t i = 0; i < count; ++i) has[i] = static_cast<std::uint8_t>(has[i] & valid[i]);
  }
  if (out.valid >= 0 || out.bank == Bank::real) {
    for (std::size_t i = 0; i < count; ++i) value[i] = has[i] != 0 ? value[i] : 0.0;
  }
  if (out.event >= 0) {
    std::uint8_t* __restrict event = column.event.data() + at;
    FlagIn happened = flag(out.event);
    for (std::size_t i = 0; i < count; ++i) {
      event[i] = static_cast<std::uint8_t>(happened[i] & has[i]);
    }
  }
}

}  // namespace

struct Machine::State {
  explicit State(const Program& program) : bits{program.lane_bits} {
    if (bits == 32) {
      narrow = std::make_unique<Bench<std::uint32_t>>(program);
    } else {
      wide = std::make_unique<Bench<std::uint64_t>>(program);
    }
  }
  unsigned bits;
  std::unique_ptr<Bench<std::uint32_t>> narrow;
  std::unique_ptr<Bench<std::uint64_t>> wide;
};

Machine::Machine(const Program& program) : state_{std::make_unique<State>(program)} {}
Machine::~Machine() = default;

void Machine::run(const WordColumns& words, std::size_t first, std::size_t count, std::size_t at,
                  EndpointTable& table) {
  if (state_->narrow) {
    state_->narrow->run(words, first, count, at, table);
  } else {
    state_->wide->run(words, first, count, at, table);
  }
}

std::size_t Machine::scratch_bytes(const Program& program) {
  return n_rows * (program.slots[0] * program.lane_bits / 8 + program.slots[1] * 4 +
                   program.slots[2] * 8 + program.slots[3] * 4 + 3 * program.lane_bits / 8);
}

}  // namespace ombre::inline v0::outcomes::detail
