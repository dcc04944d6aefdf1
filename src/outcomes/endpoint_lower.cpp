// Compiles definition trees to a Program. A word is five planes of bits; transforms rewrite planes,
// measures reduce them to a number or flag. Every step is interned, so what several definitions
// share is computed once, and steps nobody asked for are dropped.
#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>
#include <span>
#include <unordered_map>

#include "outcomes/endpoint_program.hpp"
#include "outcomes/endpoint_tree.hpp"
#include "outcomes/word_weigh.hpp"

namespace ombre::inline v0::outcomes::detail {
namespace {

struct StepHash {
  std::size_t operator()(const Step& s) const {
    std::uint64_t h = static_cast<std::uint64_t>(s.code) * 0x9e3779b97f4a7c15ULL;
    const auto mix = [&](std::uint64_t v) { h = (h ^ v) * 0xff51afd7ed558ccdULL + (h >> 29U); };
    for (const int f : s.from) mix(static_cast<std::uint64_t>(static_cast<std::int64_t>(f)));
    mix(s.imm);
    mix(std::bit_cast<std::uint64_t>(s.num));
    mix(static_cast<std::uint64_t>(static_cast<std::int64_t>(s.aux)));
    return static_cast<std::size_t>(h);
  }
};
struct StepSame {
  bool operator()(const Step& a, const Step& b) const { return a.same_as(b); }
};

/// A word on its way. Planes hold disjoint bits within `valid`; `_` is what is valid and in none.
struct Lanes {
  int positive = -1;
  int negative = -1;
  int mixed = -1;
  int missed = -1;
  int valid = -1;
  /// valid has holes: periods were deleted but bits not yet moved together.
  bool holes = false;
  // For the weeks looked at; see endpoint_scope.cpp, which this mirrors.
  int scope = -1;
  int shift = 0;
  enum class Order : std::uint8_t { kept, shortened, moved } order = Order::kept;
};

struct Real {
  int value = -1;
  int valid = -1;  // flag, -1: always
};
struct Flag {
  int value = -1;
  int valid = -1;
};
struct Time {
  int time = -1;
  int event = -1;
  int valid = -1;
};

class Lowering {
 public:
  Lowering(unsigned lane_bits, bool honesty) : bits_{lane_bits}, honesty_{honesty} {
    program_.lane_bits = lane_bits;
    all_ = lane_bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << lane_bits) - 1;
  }

  void request(std::size_t index, const Request& r) {
    supported_ = true;
    looked_at_ = constant(0);
    walk_scope_ = honesty_;
    const std::optional<Output> value = result(*r.root);
    const int looked_at = looked_at_;
    walk_scope_ = false;
    if (!value) {
      program_.interpreted.push_back(index);
      if (honesty_) program_.interpreted_bounds.push_back(index);
      return;
    }
    emit(*value, index, Output::Target::value);
    if (!honesty_) return;
    Output weeks;
    weeks.bank = Bank::whole;
    weeks.value = popcount(looked_at);
    emit(weeks, index, Output::Target::weeks);
    Output missed = weeks;
    missed.value = r.endpoint->spec().about_attendance
                       ? popcount(constant(0))
                       : popcount(bit_and(looked_at, lane(Code::load_missed)));
    emit(missed, index, Output::Target::missed);
    std::optional<Output> worst;
    std::optional<Output> best;
    if (r.worst != nullptr) worst = result(*r.worst);
    if (r.best != nullptr && supported_) best = result(*r.best);
    if (!worst || !best) {
      program_.interpreted_bounds.push_back(index);
      return;
    }
    emit(*worst, index, Output::Target::worst);
    emit(*best, index, Output::Target::best);
  }

  Program finish() &&;

 private:
  // ---- interning ----------------------------------------------------------------------------
  int intern(Step step) {
    const auto [at, fresh] = known_.try_emplace(step, static_cast<int>(program_.steps.size()));
    if (fresh) program_.steps.push_back(step);
    return at->second;
  }
  int step(Code code, Bank bank, std::initializer_list<int> from = {}, std::uint64_t imm = 0,
           double num = 0, int aux = -1) {
    Step s;
    s.code = code;
    s.bank = bank;
    std::copy(from.begin(), from.end(), s.from.begin());
    s.imm = imm;
    s.num = num;
    s.aux = aux;
    return intern(s);
  }
  [[nodiscard]] const Step& at(int id) const {
    return program_.steps[static_cast<std::size_t>(id)];
  }

  // ---- lanes with folding -------------------------------------------------------------------
  int lane(Code load) { return step(load, Bank::lane); }
  int constant(std::uint64_t value) { return step(Code::bits, Bank::lane, {}, value & all_); }
  [[nodiscard]] std::optional<std::uint64_t> known(int id) const {
    if (at(id).code == Code::bits) return at(id).imm;
    return std::nullopt;
  }
  [[nodiscard]] bool is_zero(int id) const { return known(id) == std::uint64_t{0}; }

  int bit_and(int a, int b) {
    if (a == b) return a;
    const auto ka = known(a);
    const auto kb = known(b);
    if (ka && kb) return constant(*ka & *kb);
    if (is_zero(a) || kb == all_) return a;
    if (is_zero(b) || ka == all_) return b;
    return step(Code::bit_and, Bank::lane, {std::min(a, b), std::max(a, b)});
  }
  int bit_or(int a, int b) {
    if (a == b || is_zero(b)) return a;
    if (is_zero(a)) return b;
    const auto ka = known(a);
    const auto kb = known(b);
    if (ka && kb) return constant(*ka | *kb);
    return step(Code::bit_or, Bank::lane, {std::min(a, b), std::max(a, b)});
  }
  int and_not(int a, int b) {
    if (a == b) return constant(0);
    if (is_zero(a) || is_zero(b)) return a;
    const auto ka = known(a);
    const auto kb = known(b);
    if (kb) return bit_and(a, constant(~*kb));
    if (ka && kb) return constant(*ka & ~*kb);
    return step(Code::and_not, Bank::lane, {a, b});
  }
  int shift_down(int a, std::uint64_t by) {
    if (by == 0 || is_zero(a)) return a;
    if (by >= bits_) return constant(0);
    if (const auto k = known(a)) return constant(*k >> by);
    return step(Code::shift_down, Bank::lane, {a}, by);
  }
  int shift_up(int a, std::uint64_t by) {
    if (by == 0 || is_zero(a)) return a;
    if (by >= bits_) return constant(0);
    if (const auto k = known(a)) return constant(*k << by);
    return step(Code::shift_up, Bank::lane, {a}, by);
  }
  int smear(int a) { return is_zero(a) ? a : step(Code::smear, Bank::lane, {a}); }
  int fill(int a, int gaps) {
    if (is_zero(a) || is_zero(gaps)) return constant(0);
    return step(Code::fill, Bank::lane, {a, gaps});
  }
  int compress(int a, int places) {
    return is_zero(a) ? a : step(Code::compress, Bank::lane, {a, places});
  }
  int popcount(int a) { return step(Code::popcount, Bank::whole, {a}); }
  int flag_any(int a) {
    if (const auto k = known(a)) return step(Code::flag, Bank::flag, {}, *k != 0 ? 1 : 0);
    return step(Code::any, Bank::flag, {a});
  }
  int flag_none(int a) {
    if (const auto k = known(a)) return step(Code::flag, Bank::flag, {}, *k == 0 ? 1 : 0);
    return step(Code::none, Bank::flag, {a});
  }
  int both_valid(int a, int b) {
    if (a < 0 || a == b) return b;
    if (b < 0) return a;
    return step(Code::both, Bank::flag, {std::min(a, b), std::max(a, b)});
  }
  int number(double value) { return step(Code::number, Bank::real, {}, 0, value); }

  [[nodiscard]] static std::uint64_t low_mask(std::uint64_t n) {
    return n >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << n) - 1;
  }

  // ---- words --------------------------------------------------------------------------------
  void unsupported() { supported_ = false; }

  int& plane(Lanes& w, Symbol s) {
    switch (s) {
      case Symbol::positive:
        return w.positive;
      case Symbol::negative:
        return w.negative;
      case Symbol::mixed:
        return w.mixed;
      case Symbol::missed:
        return w.missed;
      case Symbol::not_due:
        break;
    }
    return w.valid;  // callers handle `_` themselves
  }
  int plane_of(const Lanes& w, Symbol s) {
    switch (s) {
      case Symbol::positive:
        return w.positive;
      case Symbol::negative:
        return w.negative;
      case Symbol::mixed:
        return w.mixed;
      case Symbol::missed:
        return w.missed;
      case Symbol::not_due:
        break;
    }
    return and_not(w.valid, bit_or(bit_or(w.positive, w.negative), bit_or(w.mixed, w.missed)));
  }

  static void settle(Lanes& w) {
    if (w.order == Lanes::Order::shortened) w.order = Lanes::Order::moved;
  }

  /// Moves bits together after deletions.
  void close(Lanes& w) {
    if (!w.holes) return;
    const int places = w.valid;
    for (int* p : {&w.positive, &w.negative, &w.mixed, &w.missed}) *p = compress(*p, places);
    w.valid = compress(places, places);
    w.holes = false;
  }

  /// Bits of the window on a word without holes; nothing means the whole word.
  struct Mask {
    std::optional<int> bits;
  };
  Mask window_mask(const Lanes& w, const Weeks& weeks) {
    std::optional<int> mask;
    const auto narrow = [&](int with) { mask = mask ? bit_and(*mask, with) : with; };
    const Position s = weeks.start;
    if (s.kind == Position::Kind::last_seen) {
      unsupported();
    } else if (s.offset > 1) {
      narrow(constant(~low_mask(static_cast<std::uint64_t>(s.offset) - 1)));
    } else if (s.offset < 0) {
      narrow(and_not(w.valid, shift_down(w.valid, magnitude(s.offset))));
    }
    const Position e = weeks.end;
    if (e.kind == Position::Kind::last_seen) {
      narrow(bit_and(smear(and_not(w.valid, w.missed)), w.valid));
    } else if (e.offset >= 0) {
      narrow(constant(low_mask(static_cast<std::uint64_t>(e.offset))));
    } else if (e.offset < -1) {
      narrow(shift_down(w.valid, magnitude(e.offset) - 1));
    }
    return {mask};
  }
  static std::uint64_t magnitude(int negative) {
    return static_cast<std::uint64_t>(-static_cast<std::int64_t>(negative));
  }
  int within(int a, const Mask& mask) { return mask.bits ? bit_and(a, *mask.bits) : a; }

  [[nodiscard]] static bool is_whole(const Weeks& weeks) {
    return weeks.start.kind == Position::Kind::fixed &&
           (weeks.start.offset == 0 || weeks.start.offset == 1) &&
           weeks.end.kind == Position::Kind::fixed && weeks.end.offset == -1;
  }
  [[nodiscard]] static bool is_first_few(const Weeks& weeks) {
    return weeks.start.kind == Position::Kind::fixed &&
           (weeks.start.offset == 0 || weeks.start.offset == 1) &&
           weeks.end.kind == Position::Kind::fixed && weeks.end.offset > 0;
  }

  Lanes word(const ExpressionNode& node) {
    if (node.op == Op::word) {
      Lanes w;
      w.positive = lane(Code::load_positive);
      w.negative = lane(Code::load_negative);
      w.mixed = lane(Code::load_mixed);
      w.missed = lane(Code::load_missed);
      w.valid = lane(Code::load_valid);
      w.scope = w.valid;
      return w;
    }
    Lanes w = word(*node.parts[0]);
    switch (node.op) {
      case Op::recode:
        recode(w, std::get<RecodeDetail>(node.detail));
        break;
      case Op::window:
        window(w, std::get<WindowDetail>(node.detail).weeks);
        break;
      case Op::impute:
        impute(w, std::get<ImputeRule>(node.detail));
        break;
      case Op::view:
        view(w, std::get<ViewDetail>(node.detail));
        break;
      default:
        unsupported();
    }
    return w;
  }

  void recode(Lanes& w, const RecodeDetail& r) {
    const int moved = plane_of(w, r.from);
    if (!r.to) {
      w.valid = and_not(w.valid, moved);
      w.holes = w.holes || !is_zero(moved);
      if (w.order == Lanes::Order::kept) w.order = Lanes::Order::shortened;
      if (r.from != Symbol::not_due) plane(w, r.from) = constant(0);
      return;
    }
    if (*r.to == r.from) return;
    if (*r.to != Symbol::not_due) plane(w, *r.to) = bit_or(plane(w, *r.to), moved);
    if (r.from != Symbol::not_due) plane(w, r.from) = constant(0);
  }

  void window(Lanes& w, const Weeks& weeks) {
    settle(w);
    close(w);
    const Mask mask = window_mask(w, weeks);
    if (w.order == Lanes::Order::kept && mask.bits) {
      const int back = shift_up(bit_and(*mask.bits, w.valid), static_cast<std::uint64_t>(w.shift));
      w.scope = bit_and(w.scope, back);
    }
    const int before = w.valid;
    for (int* p : {&w.positive, &w.negative, &w.mixed, &w.missed, &w.valid}) *p = within(*p, mask);
    if (weeks.start.offset > 1) {
      const auto by = static_cast<std::uint64_t>(weeks.start.offset - 1);
      for (int* p : {&w.positive, &w.negative, &w.mixed, &w.missed, &w.valid}) {
        *p = shift_down(*p, by);
      }
      w.shift =
          static_cast<int>(std::min<std::uint64_t>(static_cast<std::uint64_t>(w.shift) + by, 4096));
    } else if (weeks.start.offset < 0) {
      const int by = popcount(shift_down(before, magnitude(weeks.start.offset)));
      for (int* p : {&w.positive, &w.negative, &w.mixed, &w.missed, &w.valid}) {
        if (!is_zero(*p)) *p = step(Code::shift_down_by, Bank::lane, {*p, by});
      }
      w.order = Lanes::Order::moved;
    }
  }

  void impute(Lanes& w, const ImputeRule& r) {
    settle(w);
    close(w);
    switch (r.method) {
      case ImputeMethod::locf:
      case ImputeMethod::locfd:
        carry_forward(w, r);
        return;
      case ImputeMethod::mode:
        fill_with_mode(w, r);
        return;
      case ImputeMethod::knv:
        nearest_visits(w, r);
        return;
    }
  }

  void carry_forward(Lanes& w, const ImputeRule& r) {
    const int gaps_all = plane_of(w, r.missing);
    const int seen = and_not(w.valid, gaps_all);
    const int gaps = r.method == ImputeMethod::locf ? gaps_all : bit_and(gaps_all, smear(seen));
    const int filled = fill(seen, gaps);
    const Lanes before = w;
    for (const Symbol s : all_symbols) {
      if (s == Symbol::not_due) continue;
      if (s == r.missing) {
        plane(w, s) = and_not(gaps_all, filled);
      } else {
        plane(w, s) = bit_or(plane_of(before, s), fill(plane_of(before, s), gaps));
      }
    }
  }

  void fill_with_mode(Lanes& w, const ImputeRule& r) {
    const int gaps = plane_of(w, r.missing);
    if (is_zero(gaps)) return;
    program_.imputes.push_back(r);
    int aux = static_cast<int>(program_.imputes.size()) - 1;
    for (int i = 0; i < aux; ++i) {
      if (program_.imputes[static_cast<std::size_t>(i)] == r) {
        program_.imputes.pop_back();
        aux = i;
        break;
      }
    }
    const int winner = step(Code::mode_winner, Bank::whole,
                            {w.positive, w.negative, w.mixed, w.missed, w.valid}, 0, 0, aux);
    const auto chosen = [&](std::uint64_t code) {
      return step(Code::where_equal, Bank::lane, {gaps, winner}, code);
    };
    for (const Symbol s : all_symbols) {
      if (s == Symbol::not_due) continue;
      const int here = chosen(static_cast<std::uint64_t>(s));
      plane(w, s) = s == r.missing ? bit_or(here, chosen(0)) : bit_or(plane(w, s), here);
    }
  }

  void nearest_visits(Lanes& w, const ImputeRule& r) {
    const auto weight_of = [&](Symbol s) -> std::optional<double> {
      for (const auto& [symbol, weight] : r.weights) {
        if (symbol == s) return weight;
      }
      return std::nullopt;
    };
    // A word of nothing but the missing symbol stays as it is. For `o` that comes by itself; for
    // other symbols without a number it is not expressed here.
    const bool by_itself = r.missing == Symbol::missed || weight_of(r.missing) ||
                           (r.missing == Symbol::not_due && r.keep_not_due);
    if (r.k != 1 || !by_itself) return unsupported();
    const Lanes before = w;
    int numbered = constant(0);
    for (const auto& [s, weight] : r.weights) numbered = bit_or(numbered, plane_of(before, s));
    int gaps = and_not(w.valid, numbered);
    if (r.keep_not_due && !weight_of(Symbol::not_due)) {
      gaps = and_not(gaps, plane_of(before, Symbol::not_due));
    }
    std::array<int, 6> filled{};
    filled.fill(constant(0));
    int any = constant(0);
    for (const auto& [left, left_weight] : r.weights) {
      for (const auto& [right, right_weight] : r.weights) {
        const double mean = (0.0 + left_weight + right_weight) / 2.0;
        Symbol nearest = r.weights.front().first;
        double distance = std::abs(mean - r.weights.front().second);
        for (const auto& [s, weight] : r.weights) {
          if (std::abs(mean - weight) < distance) {
            nearest = s;
            distance = std::abs(mean - weight);
          }
        }
        const int here = bit_and(gaps, bit_and(shift_up(plane_of(before, left), 1),
                                               shift_down(plane_of(before, right), 1)));
        int& target = filled[static_cast<std::size_t>(nearest)];
        target = bit_or(target, here);
        any = bit_or(any, here);
      }
    }
    for (const Symbol s : all_symbols) {
      if (s == Symbol::not_due) continue;
      int p = plane_of(before, s);
      if (!weight_of(s)) p = constant(0);  // was missing; what is not filled becomes `o`
      p = bit_or(p, filled[static_cast<std::size_t>(s)]);
      if (s == Symbol::missed) p = bit_or(p, and_not(gaps, any));
      plane(w, s) = p;
    }
  }

  void view(Lanes& w, const ViewDetail& v) {
    settle(w);
    close(w);
    const std::size_t n = v.plan.size();
    if (n > bits_) return unsupported();
    const std::uint64_t within_plan = low_mask(n);
    std::uint64_t blank = 0;
    for (std::size_t i = 0; i < n; ++i) {
      if (v.plan[i] == v.no_visit) blank |= std::uint64_t{1} << i;
    }
    const int kept = constant(within_plan & ~blank);
    const int padding = and_not(kept, w.valid);
    for (const Symbol s : all_symbols) {
      if (s == Symbol::not_due) continue;
      int p = bit_and(plane(w, s), kept);
      if (s == v.visit) p = bit_or(p, padding);
      if (s == v.no_visit) p = bit_or(p, constant(blank));
      plane(w, s) = p;
    }
    w.valid = constant(within_plan);
    if (w.order == Lanes::Order::kept) {
      w.scope = bit_and(w.scope, shift_up(kept, static_cast<std::uint64_t>(w.shift)));
    }
  }

  // ---- weeks looked at ------------------------------------------------------------------------
  void look(const Lanes& w, const Weeks& weeks) {
    if (!walk_scope_) return;
    if (w.order == Lanes::Order::kept) {
      const Mask mask = window_mask(w, weeks);
      const int used = shift_up(within(w.valid, mask), static_cast<std::uint64_t>(w.shift));
      const int here = bit_and(w.scope, used);
      looked_at_ = bit_or(looked_at_, here);
      return;
    }
    int here = w.scope;
    if (w.order == Lanes::Order::shortened && is_first_few(weeks)) {
      const auto k = static_cast<std::uint64_t>(weeks.end.offset);
      const int enough = step(Code::whole_least, Bank::flag, {popcount(w.valid)}, k);
      const int lacking = step(Code::negate, Bank::flag, {enough});
      const int used = shift_up(smear(first_few(w.valid, k)), static_cast<std::uint64_t>(w.shift));
      here = bit_or(step(Code::where_flag, Bank::lane, {bit_and(w.scope, used), enough}),
                    step(Code::where_flag, Bank::lane, {w.scope, lacking}));
    }
    looked_at_ = bit_or(looked_at_, here);
  }
  int first_few(int a, std::uint64_t k) {
    return k >= bits_ ? a : step(Code::first_few, Bank::lane, {a}, k);
  }

  // ---- numbers --------------------------------------------------------------------------------
  int real_of(int whole) { return step(Code::from_whole, Bank::real, {whole}); }

  Real count(const ExpressionNode& node) {
    const auto& c = std::get<CountDetail>(node.detail);
    Lanes w = word(*node.parts[0]);
    look(w, c.weeks);
    if (c.pattern.size() != 1) {
      unsupported();
      return {};
    }
    Mask mask;
    if (w.holes && is_first_few(c.weeks)) {
      mask.bits = first_few(w.valid, static_cast<std::uint64_t>(c.weeks.end.offset));
    } else if (!is_whole(c.weeks)) {
      close(w);
      mask = window_mask(w, c.weeks);
    }
    const int found = popcount(within(plane_of(w, c.pattern[0]), mask));
    const int mixed = c.mixed ? popcount(within(plane_of(w, *c.mixed), mask)) : -1;
    const double weight = c.mixed ? c.mixed_weight : 0;
    if (c.per == Per::none) {
      if (mixed < 0) return {real_of(found)};
      return {step(Code::counted, Bank::real, {found, mixed}, 0, weight)};
    }
    const int length = popcount(within(w.valid, mask));
    return {step(Code::shared, Bank::real, {found, mixed, length}, 0, weight)};
  }

  Real weigh(const ExpressionNode& node) {
    const auto& rule = std::get<WeighRule>(node.detail);
    Lanes w = word(*node.parts[0]);
    look(w, Weeks{});
    close(w);
    const int aux = weigh_table(rule);
    const int length = popcount(w.valid);
    const int value = step(Code::weigh, Bank::real,
                           {w.positive, w.mixed, w.missed, w.negative, length}, 0, 0, aux);
    const int fits = step(Code::weighable, Bank::flag, {length}, 0, 0, aux);
    return {value, both_valid(fits, flag_none(plane_of(w, Symbol::not_due)))};
  }

  int weigh_table(const WeighRule& rule);

  Real real(const ExpressionNode& node) {
    switch (node.op) {
      case Op::number:
        return {number(std::get<NumberDetail>(node.detail).value)};
      case Op::count:
        return count(node);
      case Op::size: {
        const Lanes w = word(*node.parts[0]);
        look(w, Weeks{});
        return {real_of(popcount(w.valid))};
      }
      case Op::longest_run: {
        Lanes w = word(*node.parts[0]);
        look(w, Weeks{});
        int clean = and_not(w.valid, plane_of(w, std::get<SymbolDetail>(node.detail).symbol));
        if (w.holes) clean = compress(clean, w.valid);
        return {real_of(step(Code::longest, Bank::whole, {clean}))};
      }
      case Op::last_seen: {
        const Lanes w = word(*node.parts[0]);
        const int seen = and_not(w.valid, plane_of(w, std::get<SymbolDetail>(node.detail).symbol));
        return {real_of(popcount(bit_and(smear(seen), w.valid)))};
      }
      case Op::weigh:
        return weigh(node);
      case Op::add:
      case Op::subtract:
      case Op::multiply: {
        const Real a = real(*node.parts[0]);
        const Real b = real(*node.parts[1]);
        const Code code = node.op == Op::add        ? Code::add
                          : node.op == Op::subtract ? Code::subtract
                                                    : Code::multiply;
        if (!supported_) return {};
        return {step(code, Bank::real, {a.value, b.value}), both_valid(a.valid, b.valid)};
      }
      case Op::if_else: {
        const Flag c = flag(*node.parts[0]);
        const Real a = real(*node.parts[1]);
        const Real b = real(*node.parts[2]);
        if (!supported_) return {};
        return {step(Code::choose_real, Bank::real, {c.value, a.value, b.value}),
                both_valid(c.valid, both_valid(a.valid, b.valid))};
      }
      case Op::only_if: {
        const Flag c = flag(*node.parts[0]);
        const Real a = real(*node.parts[1]);
        if (!supported_) return {};
        return {a.value, both_valid(c.value, both_valid(c.valid, a.valid))};
      }
      default:
        unsupported();
        return {};
    }
  }

  // ---- yes or no ------------------------------------------------------------------------------
  /// Bits where `length` bits of a begin.
  int runs(int a, std::uint64_t length) {
    std::uint64_t have = 1;
    while (have < length) {
      const std::uint64_t more = std::min(have, length - have);
      a = bit_and(a, shift_down(a, more));
      have += more;
    }
    return a;
  }

  Flag contains(const ExpressionNode& node) {
    const auto& c = std::get<ContainsDetail>(node.detail);
    Lanes w = word(*node.parts[0]);
    look(w, c.weeks);
    if (c.pattern.size() > bits_) return {step(Code::flag, Bank::flag, {}, 0)};
    Mask mask;
    if (c.pattern.size() == 1 && w.holes && is_first_few(c.weeks)) {
      mask.bits = first_few(w.valid, static_cast<std::uint64_t>(c.weeks.end.offset));
    } else if (c.pattern.size() > 1 || !is_whole(c.weeks)) {
      close(w);
      mask = window_mask(w, c.weeks);
    }
    bool same = true;
    for (std::size_t i = 1; i < c.pattern.size(); ++i) same = same && c.pattern[i] == c.pattern[0];
    int starts = within(plane_of(w, c.pattern[0]), mask);
    if (same) {
      starts = runs(starts, c.pattern.size());
    } else {
      for (std::size_t i = 1; i < c.pattern.size(); ++i) {
        starts = bit_and(starts, shift_down(within(plane_of(w, c.pattern[i]), mask), i));
      }
    }
    return {flag_any(starts)};
  }

  Flag one_of(const ExpressionNode& node);

  Flag compare(const ExpressionNode& node, Code code) {
    const Real a = real(*node.parts[0]);
    const Real b = real(*node.parts[1]);
    if (!supported_) return {};
    return {step(code, Bank::flag, {a.value, b.value}), both_valid(a.valid, b.valid)};
  }

  Flag flag(const ExpressionNode& node) {
    switch (node.op) {
      case Op::contains:
        return contains(node);
      case Op::one_of:
        return one_of(node);
      case Op::at_least:
        return compare(node, Code::at_least);
      case Op::at_most:
        return compare(node, Code::at_most);
      case Op::more_than:
        return compare(node, Code::more_than);
      case Op::less_than:
        return compare(node, Code::less_than);
      case Op::equal:
        return compare(node, Code::equal);
      case Op::all_of:
      case Op::any_of: {
        Flag result;
        for (const NodePtr& part : node.parts) {
          const Flag f = flag(*part);
          if (!supported_) return {};
          result.valid = both_valid(result.valid, f.valid);
          const Code code = node.op == Op::all_of ? Code::both : Code::either;
          if (result.value < 0 || result.value == f.value) {
            result.value = f.value;
          } else {
            result.value = step(code, Bank::flag,
                                {std::min(result.value, f.value), std::max(result.value, f.value)});
          }
        }
        return result;
      }
      case Op::negate: {
        const Flag f = flag(*node.parts[0]);
        if (!supported_) return {};
        return {step(Code::negate, Bank::flag, {f.value}), f.valid};
      }
      case Op::if_else: {
        const Flag c = flag(*node.parts[0]);
        const Flag a = flag(*node.parts[1]);
        const Flag b = flag(*node.parts[2]);
        if (!supported_) return {};
        return {step(Code::choose_flag, Bank::flag, {c.value, a.value, b.value}),
                both_valid(c.valid, both_valid(a.valid, b.valid))};
      }
      case Op::only_if: {
        const Flag c = flag(*node.parts[0]);
        const Flag a = flag(*node.parts[1]);
        if (!supported_) return {};
        return {a.value, both_valid(c.value, both_valid(c.valid, a.valid))};
      }
      default:
        unsupported();
        return {};
    }
  }

  // ---- time and event -------------------------------------------------------------------------
  Time first_window(const ExpressionNode& node);

  Time time(const ExpressionNode& node) {
    switch (node.op) {
      case Op::first_window:
        return first_window(node);
      case Op::later: {
        Time t = time(*node.parts[0]);
        if (!supported_) return {};
        const auto by = static_cast<std::uint64_t>(
            static_cast<std::int64_t>(std::get<LaterDetail>(node.detail).periods));
        t.time = step(Code::add_whole, Bank::whole, {t.time}, by);
        return t;
      }
      case Op::if_else: {
        const Flag c = flag(*node.parts[0]);
        const Time a = time(*node.parts[1]);
        const Time b = time(*node.parts[2]);
        if (!supported_) return {};
        return {step(Code::choose_whole, Bank::whole, {c.value, a.time, b.time}),
                step(Code::choose_flag, Bank::flag, {c.value, a.event, b.event}),
                both_valid(c.valid, both_valid(a.valid, b.valid))};
      }
      case Op::only_if: {
        const Flag c = flag(*node.parts[0]);
        Time a = time(*node.parts[1]);
        if (!supported_) return {};
        a.valid = both_valid(c.value, both_valid(c.valid, a.valid));
        return a;
      }
      default:
        unsupported();
        return {};
    }
  }

  std::optional<Output> result(const ExpressionNode& root) {
    Output out;
    switch (root.kind) {
      case ValueKind::number: {
        const Real r = real(root);
        out = {Output::Target::value, 0, Bank::real, r.value, r.valid, -1, 0};
        break;
      }
      case ValueKind::yes_no: {
        const Flag f = flag(root);
        out = {Output::Target::value, 0, Bank::flag, f.value, f.valid, -1, 0};
        break;
      }
      case ValueKind::time_event: {
        const Time t = time(root);
        out = {Output::Target::value, 0, Bank::whole, t.time, t.valid, t.event, 0};
        break;
      }
      case ValueKind::word:
        unsupported();
        break;
    }
    if (!supported_) return std::nullopt;
    return out;
  }

  void emit(Output out, std::size_t endpoint, Output::Target target) {
    out.endpoint = endpoint;
    out.target = target;
    out.after = static_cast<std::size_t>(std::max({out.value, out.valid, out.event}));
    program_.outputs.push_back(out);
  }

  unsigned bits_;
  std::uint64_t all_ = 0;
  bool honesty_;
  bool supported_ = true;
  bool walk_scope_ = false;
  int looked_at_ = -1;
  Program program_;
  std::unordered_map<Step, int, StepHash, StepSame> known_;
};

int Lowering::weigh_table(const WeighRule& rule) {
  for (std::size_t i = 0; i < program_.weights.size(); ++i) {
    if (program_.weights[i].rule == rule) return static_cast<int>(i);
  }
  WeighTable table;
  table.rule = rule;
  for (std::size_t n = 0; n <= 64; ++n) {
    bool defined = true;
    for (const Penalty* p : {&rule.positive_penalty, &rule.missed_penalty}) {
      if (p->kind != Penalty::Kind::each) continue;
      defined = defined && (p->values.size() == n || (p->cut && p->values.size() > n));
    }
    if (!defined) continue;
    const double worst = worst_sum(rule, n);
    table.worst[n] = worst;
    table.defined[n] = worst > 0 && std::isfinite(worst) ? 1 : 0;
  }
  const auto sums = [](const Penalty& p) {
    std::vector<std::array<double, 256>> groups;
    if (p.kind != Penalty::Kind::each) return groups;
    const std::size_t n = std::min<std::size_t>(p.values.size(), 64);
    for (std::size_t from = 0; from < n; from += 8) {
      auto& group = groups.emplace_back();
      for (std::size_t byte = 0; byte < 256; ++byte) {
        double sum = 0;
        for (std::size_t i = 0; i < 8 && from + i < n; ++i) {
          if (((byte >> i) & 1U) != 0) sum += p.values[from + i];
        }
        group[byte] = sum;
      }
    }
    return groups;
  };
  table.positive = sums(rule.positive_penalty);
  table.missed = sums(rule.missed_penalty);
  program_.weights.push_back(std::move(table));
  return static_cast<int>(program_.weights.size()) - 1;
}

Flag Lowering::one_of(const ExpressionNode& node) {
  Lanes w = word(*node.parts[0]);
  look(w, Weeks{});
  close(w);
  std::vector<PackedWord> list;
  for (const Word& x : std::get<OneOfDetail>(node.detail).words) {
    if (x.size() > bits_) continue;  // no word of this program is as long
    PackedWord packed;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const std::uint64_t bit = std::uint64_t{1} << i;
      if (x[i] != Symbol::not_due) packed.planes[static_cast<std::size_t>(x[i]) - 1] |= bit;
      packed.planes[4] |= bit;
    }
    list.push_back(packed);
  }
  int aux = 0;
  for (; static_cast<std::size_t>(aux) < program_.lists.size(); ++aux) {
    const auto& other = program_.lists[static_cast<std::size_t>(aux)];
    if (std::equal(other.begin(), other.end(), list.begin(), list.end(),
                   [](const PackedWord& a, const PackedWord& b) { return a.planes == b.planes; })) {
      break;
    }
  }
  if (static_cast<std::size_t>(aux) == program_.lists.size()) program_.lists.push_back(list);
  return {step(Code::one_of, Bank::flag, {w.positive, w.negative, w.mixed, w.missed, w.valid}, 0, 0,
               aux)};
}

Time Lowering::first_window(const ExpressionNode& node) {
  const auto& rule = std::get<FirstWindowRule>(node.detail);
  Lanes w = word(*node.parts[0]);
  look(w, Weeks{});
  close(w);
  const auto width = static_cast<std::uint64_t>(rule.width);
  const auto threshold = static_cast<std::uint64_t>(rule.threshold);
  const int symbols = plane_of(w, rule.symbol);
  const int possible = shift_down(w.valid, width - 1);  // where a window can begin
  int starts = -1;
  if (width > bits_) {
    starts = constant(0);
  } else if (threshold == 0) {
    starts = possible;
  } else if (threshold == width) {
    starts = runs(symbols, width);
  } else if (width * threshold <= 256) {
    // at_least[j]: windows beginning here with at least j of the symbols seen so far.
    std::vector<int> at_least(threshold + 1, constant(0));
    at_least[0] = constant(all_);
    for (std::uint64_t i = 0; i < width; ++i) {
      const int here = shift_down(symbols, i);
      for (std::uint64_t j = std::min(threshold, i + 1); j > 0; --j) {
        at_least[j] = bit_or(at_least[j], bit_and(at_least[j - 1], here));
      }
    }
    starts = bit_and(at_least[threshold], possible);
  } else {
    unsupported();
    return {};
  }
  int aux = 0;
  while (static_cast<std::size_t>(aux) < program_.rules.size() &&
         !(program_.rules[static_cast<std::size_t>(aux)] == rule)) {
    ++aux;
  }
  if (static_cast<std::size_t>(aux) == program_.rules.size()) program_.rules.push_back(rule);
  const int length = popcount(w.valid);
  Time t;
  t.time = rule.dating == Dating::criterion_met
               ? step(Code::met_time, Bank::whole, {starts, symbols, length}, 0, 0, aux)
               : step(Code::window_time, Bank::whole, {starts, length}, 0, 0, aux);
  t.event = flag_any(starts);
  t.valid = step(Code::whole_least, Bank::flag, {length}, width);
  return t;
}

Program Lowering::finish() && {
  // Keep what an output needs.
  std::vector<char> needed(program_.steps.size(), 0);
  for (const Output& out : program_.outputs) {
    for (const int id : {out.value, out.valid, out.event}) {
      if (id >= 0) needed[static_cast<std::size_t>(id)] = 1;
    }
  }
  for (std::size_t i = program_.steps.size(); i-- > 0;) {
    if (needed[i] == 0) continue;
    for (const int f : program_.steps[i].from) {
      if (f >= 0) needed[static_cast<std::size_t>(f)] = 1;
    }
  }
  std::vector<int> renamed(program_.steps.size(), -1);
  std::vector<Step> kept;
  for (std::size_t i = 0; i < program_.steps.size(); ++i) {
    if (needed[i] == 0) continue;
    renamed[i] = static_cast<int>(kept.size());
    Step s = program_.steps[i];
    for (int& f : s.from) f = f < 0 ? f : renamed[static_cast<std::size_t>(f)];
    kept.push_back(s);
  }
  const auto rename = [&](int& id) { id = id < 0 ? id : renamed[static_cast<std::size_t>(id)]; };
  for (Output& out : program_.outputs) {
    rename(out.value);
    rename(out.valid);
    rename(out.event);
    out.after = static_cast<std::size_t>(std::max({out.value, out.valid, out.event}));
  }
  std::stable_sort(program_.outputs.begin(), program_.outputs.end(),
                   [](const Output& a, const Output& b) { return a.after < b.after; });

  // Give slots: a slot is free again after the last step or output that reads it.
  std::vector<std::size_t> last(kept.size());
  for (std::size_t i = 0; i < kept.size(); ++i) {
    last[i] = i;
    for (const int f : kept[i].from) {
      if (f >= 0) last[static_cast<std::size_t>(f)] = i;
    }
  }
  for (const Output& out : program_.outputs) {
    for (const int id : {out.value, out.valid, out.event}) {
      if (id >= 0) {
        auto& l = last[static_cast<std::size_t>(id)];
        l = std::max(l, out.after);
      }
    }
  }
  std::vector<std::vector<std::size_t>> dying(kept.size());
  for (std::size_t i = 0; i < kept.size(); ++i) dying[last[i]].push_back(i);
  std::array<std::vector<int>, 4> free_slots;
  std::vector<int> slot(kept.size(), -1);
  for (std::size_t i = 0; i < kept.size(); ++i) {
    // The result never shares a slot with what it is made from, so loops may assume no overlap.
    const auto bank = static_cast<std::size_t>(kept[i].bank);
    if (free_slots[bank].empty()) {
      slot[i] = static_cast<int>(program_.slots[bank]++);
    } else {
      slot[i] = free_slots[bank].back();
      free_slots[bank].pop_back();
    }
    for (const std::size_t d : dying[i]) {
      free_slots[static_cast<std::size_t>(kept[d].bank)].push_back(slot[d]);
    }
  }
  for (std::size_t i = 0; i < kept.size(); ++i) {
    kept[i].slot = slot[i];
    for (int& f : kept[i].from) f = f < 0 ? f : slot[static_cast<std::size_t>(f)];
  }
  for (Output& out : program_.outputs) {
    for (int* id : {&out.value, &out.valid, &out.event}) {
      *id = *id < 0 ? *id : slot[static_cast<std::size_t>(*id)];
    }
  }
  program_.steps = std::move(kept);
  return std::move(program_);
}

}  // namespace

Program lower_to_program(std::span<const Request> requests, bool honesty, unsigned lane_bits) {
  Lowering lowering{lane_bits, honesty};
  for (std::size_t i = 0; i < requests.size(); ++i) lowering.request(i, requests[i]);
  return std::move(lowering).finish();
}

}  // namespace ombre::inline v0::outcomes::detail
