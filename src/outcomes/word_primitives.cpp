#include "ombre/outcomes/word_primitives.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

#include "outcomes/word_weigh.hpp"

namespace ombre::inline v0::outcomes {
namespace {

std::ptrdiff_t length_of(const Word& word) { return static_cast<std::ptrdiff_t>(word.size()); }

std::size_t at(std::ptrdiff_t position) { return static_cast<std::size_t>(position - 1); }

std::string_view windowed(const Word& word, Window window) {
  const Clipped part = clip(window, word.size());
  if (part.size() == 0) return {};
  return std::string_view{word.text()}.substr(at(part.first), part.size());
}

std::size_t occurrences(std::string_view text, std::string_view pattern) {
  if (pattern.empty()) return 0;
  if (pattern.size() == 1) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), pattern[0]));
  }
  std::size_t found = 0;
  for (std::size_t from = text.find(pattern); from != std::string_view::npos;
       from = text.find(pattern, from + pattern.size())) {
    ++found;
  }
  return found;
}

double counted(std::string_view text, std::string_view pattern, const CountRule& rule) {
  if (text.empty()) return 0;
  double sum = static_cast<double>(occurrences(text, pattern));
  if (rule.mixed) {
    const auto mixed = std::count(text.begin(), text.end(), to_char(*rule.mixed));
    const double part = rule.mixed_weight * static_cast<double>(mixed);
    sum = sum + part;
  }
  switch (rule.per) {
    case Per::none:
      return sum;
    case Per::weeks:
      return sum / static_cast<double>(text.size());
    case Per::places: {
      if (pattern.empty() || pattern.size() > text.size()) return 0;
      return sum / static_cast<double>(text.size() - pattern.size() + 1);
    }
  }
  return sum;
}

void carry_forward(Word& word, Symbol missing, std::size_t until) {
  std::optional<Symbol> last;
  for (std::size_t i = 0; i < until; ++i) {
    if (word[i] != missing) {
      last = word[i];
    } else if (last) {
      word.set(i, *last);
    }
  }
}

void fill_with_mode(Word& word, const ImputeRule& rule) {
  std::array<std::size_t, 6> seen{};
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (word[i] == rule.missing) continue;
    const Symbol counted_as = word[i] == rule.mixed ? rule.tiebreaker : word[i];
    ++seen[static_cast<std::size_t>(counted_as)];
  }
  const std::size_t most = *std::max_element(seen.begin(), seen.end());
  Symbol winner = rule.tiebreaker;
  if (seen[static_cast<std::size_t>(winner)] != most) {
    for (const Symbol s :
         {Symbol::mixed, Symbol::positive, Symbol::negative, Symbol::not_due, Symbol::missed}) {
      if (seen[static_cast<std::size_t>(s)] == most) {
        winner = s;
        break;
      }
    }
  }
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (word[i] == rule.missing) word.set(i, winner);
  }
}

std::optional<double> weight_of(const ImputeRule& rule, Symbol symbol) {
  for (const auto& [s, weight] : rule.weights) {
    if (s == symbol) return weight;
  }
  return std::nullopt;
}

Symbol nearest(const ImputeRule& rule, double value) {
  Symbol best = rule.weights.front().first;
  double distance = std::abs(value - rule.weights.front().second);
  for (const auto& [s, weight] : rule.weights) {
    if (std::abs(value - weight) < distance) {
      best = s;
      distance = std::abs(value - weight);
    }
  }
  return best;
}

Word nearest_visits(const Word& word, const ImputeRule& rule) {
  Word filled = word;
  const std::ptrdiff_t n = length_of(word);
  const std::ptrdiff_t k = rule.k;
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    const auto here = static_cast<std::size_t>(i);
    if (weight_of(rule, word[here])) continue;
    if (rule.keep_not_due && word[here] == Symbol::not_due) continue;
    filled.set(here, Symbol::missed);
    if (k > i || k > n - 1 - i) continue;
    double sum = 0;
    bool all_observed = true;
    for (std::ptrdiff_t j = i - k; j <= i + k && all_observed; ++j) {
      if (j == i) continue;
      const auto weight = weight_of(rule, word[static_cast<std::size_t>(j)]);
      all_observed = weight.has_value();
      if (weight) sum += *weight;
    }
    if (all_observed) filled.set(here, nearest(rule, sum / (2.0 * static_cast<double>(k))));
  }
  return filled;
}

double penalty_sum(const Word& word, Symbol symbol, const Penalty& penalty) {
  const std::size_t n = word.size();
  if (penalty.kind == Penalty::Kind::line || penalty.kind == Penalty::Kind::none) {
    std::uint64_t found = 0;
    std::uint64_t positions = 0;
    for (std::size_t i = 0; i < n; ++i) {
      if (word[i] != symbol) continue;
      ++found;
      positions += i;
    }
    return penalty.kind == Penalty::Kind::none ? static_cast<double>(found)
                                               : detail::line_sum(penalty, found, positions, n);
  }
  double sum = 0;
  for (std::size_t group = 0; group < n; group += 8) {
    double part = 0;
    for (std::size_t i = group; i < std::min(group + 8, n); ++i) {
      if (word[i] == symbol) part += penalty.values[i];
    }
    sum += part;
  }
  return sum;
}

Result<void> fits(const Penalty& penalty, std::size_t length, std::string_view field) {
  if (penalty.kind == Penalty::Kind::line) {
    if (!std::isfinite(penalty.first) || !std::isfinite(penalty.last)) {
      return unexpected(error_of(Errc::not_finite, field, "must be finite"));
    }
    return {};
  }
  if (penalty.kind == Penalty::Kind::none) return {};
  for (std::size_t i = 0; i < penalty.values.size(); ++i) {
    if (!std::isfinite(penalty.values[i])) {
      return unexpected(error_at(Errc::not_finite, field, i, penalty.values[i], "must be finite"));
    }
  }
  const std::size_t have = penalty.values.size();
  if (have == length || (penalty.cut && have > length)) return {};
  return unexpected(error_at(
      Errc::size_mismatch, field, std::nullopt, static_cast<double>(have),
      "must have one entry for each of the word's " + std::to_string(length) + " symbols"));
}

}  // namespace

Clipped clip(Window window, std::size_t length) noexcept {
  const auto n = static_cast<std::ptrdiff_t>(length);
  std::ptrdiff_t first = window.start;
  if (first == 0) first = 1;
  if (first < 0) first += n + 1;
  first = std::max<std::ptrdiff_t>(first, 1);
  std::ptrdiff_t last = window.end;
  if (last < 0) last += n + 1;
  last = std::min(last, n);
  return {first, last};
}

Word window(const Word& word, Window window) {
  Word part;
  for (const char c : windowed(word, window)) part.push_back(*symbol_of(c));
  return part;
}

Word recode(const Word& word, Symbol from, std::optional<Symbol> to) {
  Word out;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (word[i] != from) {
      out.push_back(word[i]);
    } else if (to) {
      out.push_back(*to);
    }
  }
  return out;
}

double count(const Word& word, Symbol symbol, const CountRule& rule) {
  const char c = to_char(symbol);
  return counted(windowed(word, rule.window), std::string_view{&c, 1}, rule);
}

double count(const Word& word, const Word& pattern, const CountRule& rule) {
  return counted(windowed(word, rule.window), pattern.text(), rule);
}

bool contains(const Word& word, const Word& pattern, Window window) {
  if (pattern.empty()) return false;
  return windowed(word, window).find(pattern.text()) != std::string_view::npos;
}

Result<void> check(const FirstWindowRule& rule) {
  if (rule.width < 1) {
    return unexpected(error_at(Errc::out_of_range, "width", std::nullopt,
                               static_cast<double>(rule.width), "must be 1 or more"));
  }
  if (rule.threshold < 0 || rule.threshold > rule.width) {
    return unexpected(error_at(Errc::out_of_range, "threshold", std::nullopt,
                               static_cast<double>(rule.threshold),
                               "must be between 0 and the width " + std::to_string(rule.width)));
  }
  if (rule.offset && (*rule.offset > 1'000'000 || *rule.offset < -1'000'000)) {
    return unexpected(error_at(Errc::out_of_range, "offset", std::nullopt,
                               static_cast<double>(*rule.offset),
                               "must be within a million periods"));
  }
  return {};
}

Result<std::optional<TimeToEvent>> first_window(const Word& word, const FirstWindowRule& rule) {
  if (auto ok = check(rule); !ok) return unexpected(ok.error());
  const std::ptrdiff_t n = length_of(word);
  const std::ptrdiff_t windows = n - rule.width + 1;
  if (windows < 1) return std::optional<TimeToEvent>{};
  const std::ptrdiff_t offset = rule.offset.value_or(rule.width - rule.threshold);
  std::ptrdiff_t inside = 0;
  for (std::ptrdiff_t i = 0; i < rule.width; ++i) {
    inside += word[static_cast<std::size_t>(i)] == rule.symbol ? 1 : 0;
  }
  for (std::ptrdiff_t start = 1; start <= windows; ++start) {
    if (inside >= rule.threshold) {
      std::ptrdiff_t time = start + offset;
      if (rule.dating == Dating::criterion_met) {
        std::ptrdiff_t needed = rule.threshold;
        time = start;
        for (std::ptrdiff_t p = start; needed > 0; ++p) {
          if (word[at(p)] == rule.symbol) --needed;
          time = p;
        }
      }
      return std::optional<TimeToEvent>{TimeToEvent{static_cast<int>(time), true}};
    }
    if (start == windows) break;
    inside -= word[at(start)] == rule.symbol ? 1 : 0;
    inside += word[at(start + rule.width)] == rule.symbol ? 1 : 0;
  }
  const std::ptrdiff_t time = rule.censoring == Censoring::last_window ? windows + offset : n;
  return std::optional<TimeToEvent>{TimeToEvent{static_cast<int>(time), false}};
}

int longest_run(const Word& word, Symbol use) {
  int longest = 0;
  int run = 0;
  for (std::size_t i = 0; i < word.size(); ++i) {
    run = word[i] == use ? 0 : run + 1;
    longest = std::max(longest, run);
  }
  return longest;
}

int last_seen(const Word& word, Symbol missing) {
  for (std::size_t i = word.size(); i > 0; --i) {
    if (word[i - 1] != missing) return static_cast<int>(i);
  }
  return 0;
}

std::string_view name(ImputeMethod method) noexcept {
  switch (method) {
    case ImputeMethod::locf:
      return "locf";
    case ImputeMethod::locfd:
      return "locfD";
    case ImputeMethod::mode:
      return "mode";
    case ImputeMethod::knv:
      return "kNV";
  }
  return "unknown";
}

Result<void> check(const ImputeRule& rule) {
  if (rule.method != ImputeMethod::knv) return {};
  if (rule.k < 1) {
    return unexpected(error_at(Errc::out_of_range, "k", std::nullopt, static_cast<double>(rule.k),
                               "must be 1 or more"));
  }
  if (rule.weights.empty()) {
    return unexpected(error_of(Errc::empty_input, "weights", "must give at least one symbol"));
  }
  for (std::size_t i = 0; i < rule.weights.size(); ++i) {
    if (!std::isfinite(rule.weights[i].second)) {
      return unexpected(
          error_at(Errc::not_finite, "weights", i, rule.weights[i].second, "must be finite"));
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (rule.weights[j].first == rule.weights[i].first) {
        return unexpected(error_at(Errc::duplicate, "weights", i, name(rule.weights[i].first),
                                   "must give each symbol once"));
      }
    }
  }
  return {};
}

Result<Word> impute(const Word& word, const ImputeRule& rule) {
  if (auto ok = check(rule); !ok) return unexpected(ok.error());
  const int seen_until = last_seen(word, rule.missing);
  if (seen_until == 0) return word;
  switch (rule.method) {
    case ImputeMethod::locf: {
      Word filled = word;
      carry_forward(filled, rule.missing, filled.size());
      return filled;
    }
    case ImputeMethod::locfd: {
      Word filled = word;
      carry_forward(filled, rule.missing, static_cast<std::size_t>(seen_until));
      return filled;
    }
    case ImputeMethod::mode: {
      Word filled = word;
      fill_with_mode(filled, rule);
      return filled;
    }
    case ImputeMethod::knv:
      return nearest_visits(word, rule);
  }
  return word;
}

Result<Word> lattice(std::span<const Word> parts, std::span<const int> times) {
  if (parts.size() != times.size()) {
    return unexpected(error_at(
        Errc::size_mismatch, "times", std::nullopt, static_cast<double>(times.size()),
        "must give one number for each of the " + std::to_string(parts.size()) + " parts"));
  }
  Word out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (times[i] < 0) {
      return unexpected(error_at(Errc::out_of_range, "times", i, static_cast<double>(times[i]),
                                 "must be 0 or more"));
    }
    const auto repeat = static_cast<std::size_t>(times[i]);
    if (!parts[i].empty() && repeat > (Word::max_length - out.size()) / parts[i].size()) {
      return unexpected(error_at(Errc::too_large, "times", i, static_cast<double>(times[i]),
                                 "must not make a plan of more than 65535 periods"));
    }
    for (std::size_t t = 0; t < repeat; ++t) out.append(parts[i]);
  }
  return out;
}

Word view(const Word& word, const Word& plan, Symbol visit, Symbol no_visit) {
  Word out;
  for (std::size_t i = 0; i < plan.size(); ++i) {
    if (plan[i] == no_visit) {
      out.push_back(no_visit);
    } else {
      out.push_back(i < word.size() ? word[i] : visit);
    }
  }
  return out;
}

Result<double> weigh(const Word& word, const WeighRule& rule) {
  for (const double weight : {rule.positive, rule.mixed, rule.missed, rule.negative, rule.scale}) {
    if (!std::isfinite(weight)) {
      return unexpected(
          error_at(Errc::not_finite, "weights", std::nullopt, weight, "must be finite"));
    }
  }
  if (auto ok = fits(rule.positive_penalty, word.size(), "positive_penalty"); !ok) {
    return unexpected(ok.error());
  }
  if (auto ok = fits(rule.missed_penalty, word.size(), "missed_penalty"); !ok) {
    return unexpected(ok.error());
  }
  if (word.text().find(to_char(Symbol::not_due)) != std::string::npos) {
    return unexpected(error_at(Errc::unknown_name, "word", std::nullopt, word.text(),
                               "must not hold _, which has no weight"));
  }
  const double worst = detail::worst_sum(rule, word.size());
  if (!(worst > 0) || !std::isfinite(worst)) {
    return unexpected(
        error_of(Errc::empty_input, "word", "must hold a symbol whose worst weight is above 0"));
  }
  const double sum = detail::weighted_sum(
      rule, penalty_sum(word, Symbol::positive, rule.positive_penalty),
      penalty_sum(word, Symbol::mixed, rule.positive_penalty),
      penalty_sum(word, Symbol::missed, rule.missed_penalty), count(word, Symbol::negative));
  const double scaled = rule.scale * sum;
  return scaled / worst;
}

Word bad(const Word& word) {
  return recode(recode(word, Symbol::missed, Symbol::positive), Symbol::mixed, Symbol::positive);
}

Word present(const Word& word) { return recode(word, Symbol::missed, std::nullopt); }

}  // namespace ombre::inline v0::outcomes
