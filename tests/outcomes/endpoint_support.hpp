// Random definitions: any composition the checker accepts, including odd ones nobody would publish.
#pragma once

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "ombre/outcomes/endpoint.hpp"
#include "outcomes/word_support.hpp"

namespace ombre_test {

class RandomDefinition {
 public:
  explicit RandomDefinition(std::mt19937_64& rng) : rng_{rng} {}

  /// A made endpoint; compositions the checker refuses are drawn again.
  ombre::outcomes::Endpoint endpoint() {
    using namespace ombre::outcomes;
    while (true) {
      EndpointSpec spec;
      spec.id = "random";
      spec.sentence = "Whatever came up.";
      spec.better = pick(std::vector{Better::higher, Better::lower, Better::neither});
      if (one_in(3)) spec.horizon = 1 + static_cast<int>(below(16));
      horizon_ = spec.horizon.has_value();
      switch (below(3)) {
        case 0:
          spec.type = ResultType::share;
          spec.value = number(3);
          break;
        case 1:
          spec.type = ResultType::yes_no;
          spec.value = yes_no(3);
          break;
        default:
          spec.type = ResultType::time_event;
          spec.value = time(2);
      }
      auto made = Endpoint::make(spec);
      if (made) return *std::move(made);
    }
  }

 private:
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(rng_() % n); }
  bool one_in(std::size_t n) { return below(n) == 0; }
  template <class T>
  T pick(const std::vector<T>& from) {
    return from[below(from.size())];
  }
  ombre::outcomes::Symbol symbol() {
    return ombre::outcomes::all_symbols[below(ombre::outcomes::all_symbols.size())];
  }
  ombre::outcomes::Word pattern(std::size_t longest) {
    if (one_in(2)) return ombre::outcomes::Word::repeated(symbol(), 1 + below(longest));
    return word(random_text(rng_, 1 + below(longest), "+-*o_"));
  }
  ombre::outcomes::Position position() {
    using namespace ombre::outcomes;
    switch (below(8)) {
      case 0:
        return at_last_seen();
      case 1:
        return horizon_ ? at_horizon(static_cast<int>(below(5)) - 2) : Position{1};
      case 2:
      case 3:
        return -1 - static_cast<int>(below(8));
      default:
        return static_cast<int>(below(18));
    }
  }
  ombre::outcomes::Weeks weeks() {
    if (one_in(3)) return {};
    if (one_in(3)) return {1, static_cast<int>(1 + below(17))};
    return {position(), position()};
  }

  ombre::outcomes::WordExpr words(int depth) {
    using namespace ombre::outcomes;
    if (depth == 0 || one_in(4)) return expr::word();
    const WordExpr w = words(depth - 1);
    switch (below(8)) {
      case 0:
        return expr::bad(w);
      case 1:
        return expr::present(w);
      case 2:
        return expr::recode(w, symbol(), symbol());
      case 3:
        return expr::recode(w, symbol(), std::nullopt);
      case 4:
        return expr::window(w, weeks());
      case 5:
        return expr::view(w, pattern(one_in(8) ? 40 : 16), symbol(), symbol());
      default: {
        ImputeRule r;
        r.method = pick(std::vector{ImputeMethod::locf, ImputeMethod::locfd, ImputeMethod::mode,
                                    ImputeMethod::knv});
        if (one_in(3)) r.missing = symbol();
        if (one_in(3)) r.mixed = symbol();
        if (one_in(3)) r.tiebreaker = symbol();
        if (one_in(5)) r.k = 2;
        if (one_in(4)) {
          r.weights = {{symbol(), 1.0}};
          for (const Symbol s : all_symbols) {
            if (s != r.weights.front().first && one_in(2)) {
              r.weights.emplace_back(s, static_cast<double>(below(5)) / 4);
            }
          }
        }
        r.keep_not_due = one_in(2);
        return expr::impute(w, r);
      }
    }
  }

  ombre::outcomes::NumberExpr number(int depth) {
    using namespace ombre::outcomes;
    if (depth == 0 || one_in(2)) {
      switch (below(7)) {
        case 0:
          return horizon_ && one_in(2) ? expr::horizon()
                                       : expr::number(static_cast<double>(below(9)) / 2);
        case 1:
          return expr::size(words(2));
        case 2:
          return expr::longest_run(words(2), symbol());
        case 3:
          return expr::last_seen(words(2), symbol());
        case 4: {
          WeighRule r;
          r.mixed = one_in(3) ? 2 : 0.5;
          if (one_in(4)) r.negative = 0.25;
          r.positive_penalty.kind =
              pick(std::vector{Penalty::Kind::none, Penalty::Kind::line, Penalty::Kind::each});
          r.positive_penalty.first = one_in(5) ? -1 : 1;
          r.positive_penalty.last = 5;
          if (r.positive_penalty.kind == Penalty::Kind::each) {
            for (std::size_t i = 0, n = 1 + below(20); i < n; ++i) {
              r.positive_penalty.values.push_back(static_cast<double>(below(7)) / 2);
            }
            r.positive_penalty.cut = !one_in(3);
          }
          if (one_in(3)) r.missed_penalty = {Penalty::Kind::line, {}, 2, 1};
          return expr::weigh(words(2), r);
        }
        default: {
          CountDetail c;
          c.pattern = one_in(6) ? pattern(3) : Word::repeated(symbol(), 1);
          c.weeks = weeks();
          if (one_in(2)) c.mixed = symbol();
          c.mixed_weight = one_in(4) ? -0.25 : 0.5;
          c.per = pick(std::vector{Per::none, Per::weeks, Per::places});
          return expr::count(words(3), c);
        }
      }
    }
    const int d = depth - 1;
    switch (below(5)) {
      case 0:
        return number(d) + number(d);
      case 1:
        return number(d) - number(d);
      case 2:
        return expr::multiply(number(d), number(d));
      case 3:
        return expr::if_else(yes_no(d), number(d), number(d));
      default:
        return expr::only_if(yes_no(d), number(d));
    }
  }

  ombre::outcomes::YesNoExpr yes_no(int depth) {
    using namespace ombre::outcomes;
    if (depth == 0 || one_in(3)) {
      if (one_in(4)) {
        const Weeks w{-static_cast<int>(1 + below(4)), -1};
        std::vector<Word> list{pattern(4)};
        while (!one_in(4)) list.push_back(pattern(4));
        return expr::one_of(expr::window(words(2), w), list);
      }
      return expr::contains(words(3), pattern(4), weeks());
    }
    const int d = depth - 1;
    switch (below(10)) {
      case 0:
        return expr::at_least(number(d), number(d));
      case 1:
        return expr::at_most(number(d), number(d));
      case 2:
        return expr::more_than(number(d), number(d));
      case 3:
        return expr::less_than(number(d), number(d));
      case 4:
        return expr::equal(number(d), number(d));
      case 5:
        return expr::all_of({yes_no(d), yes_no(d)});
      case 6:
        return expr::any_of({yes_no(d), yes_no(d), yes_no(d)});
      case 7:
        return expr::negate(yes_no(d));
      case 8:
        return expr::if_else(yes_no(d), yes_no(d), yes_no(d));
      default:
        return expr::only_if(yes_no(d), yes_no(d));
    }
  }

  ombre::outcomes::TimeEventExpr time(int depth) {
    using namespace ombre::outcomes;
    if (depth == 0 || one_in(2)) {
      FirstWindowRule r;
      r.width = 1 + static_cast<int>(below(one_in(10) ? 40 : 6));
      r.threshold = static_cast<int>(below(static_cast<std::size_t>(r.width) + 1));
      if (one_in(3)) r.offset = static_cast<int>(below(7)) - 3;
      if (one_in(2)) r.symbol = symbol();
      if (one_in(3)) r.censoring = Censoring::follow_up_end;
      if (one_in(3)) r.dating = Dating::criterion_met;
      return expr::first_window(words(3), r);
    }
    switch (below(3)) {
      case 0:
        return expr::later(time(depth - 1), static_cast<int>(below(9)) - 4);
      case 1:
        return expr::if_else(yes_no(1), time(depth - 1), time(depth - 1));
      default:
        return expr::only_if(yes_no(1), time(depth - 1));
    }
  }

  std::mt19937_64& rng_;
  bool horizon_ = false;
};

}  // namespace ombre_test
