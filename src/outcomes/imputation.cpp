#include "ombre/outcomes/imputation.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "ombre/outcomes/endpoint_plan.hpp"
#include "ombre/stats/descriptive.hpp"

namespace ombre::inline v0::outcomes {
namespace {

constexpr std::array<Symbol, 3> states{Symbol::positive, Symbol::negative, Symbol::mixed};

std::optional<std::size_t> state_of(Symbol s) {
  switch (s) {
    case Symbol::positive:
      return 0;
    case Symbol::negative:
      return 1;
    case Symbol::mixed:
      return 2;
    case Symbol::missed:
    case Symbol::not_due:
      break;
  }
  return std::nullopt;
}

// Streams: one for each imputation's chain, one for each person and imputation.
constexpr std::uint64_t chain_streams = std::uint64_t{1} << 63U;

/// Gamma with shape a > 0 and scale 1. Source: Marsaglia & Tsang, ACM Trans Math Softw 26:363
/// (2000); for a < 1 by their boost.
double gamma(RandomStream& random, double a) {
  if (a < 1) {
    const double u = 1 - random.uniform();
    return gamma(random, a + 1) * std::pow(u, 1 / a);
  }
  const double d = a - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  while (true) {
    const double x = random.normal();
    const double root = 1 + c * x;
    if (root <= 0) continue;
    const double v = root * root * root;
    const double u = 1 - random.uniform();
    if (std::log(u) < 0.5 * x * x + d - d * v + d * std::log(v)) return d * v;
  }
}

std::array<double, 3> row_of(const std::array<std::uint64_t, 3>& counts,
                             const ImputationOptions& options, RandomStream& random) {
  std::array<double, 3> row{};
  double sum = 0;
  for (std::size_t j = 0; j < 3; ++j) {
    const double weight = static_cast<double>(counts[j]) + options.prior;
    row[j] = options.draw_chain ? gamma(random, weight) : weight;
    sum += row[j];
  }
  if (!(sum > 0)) return {1.0 / 3, 1.0 / 3, 1.0 / 3};  // all draws fell below the smallest double
  for (double& p : row) p /= sum;
  return row;
}

std::size_t draw(RandomStream& random, const std::array<double, 3>& weight) {
  const double sum = weight[0] + weight[1] + weight[2];
  double u = random.uniform() * sum;
  for (std::size_t j = 0; j < 2; ++j) {
    if (u < weight[j]) return j;
    u -= weight[j];
  }
  return weight[2] > 0 ? 2 : (weight[1] > 0 ? 1 : 0);
}

/// Mean and its variance.
struct Mean {
  double mean = 0;
  double variance = 0;
  std::uint64_t n = 0;
};

Mean mean_of(std::span<const double> values) {
  Mean m;
  m.n = values.size();
  if (values.empty()) return m;
  stats::CompensatedSum sum;
  for (const double v : values) sum.add(v);
  const auto n = static_cast<double>(values.size());
  m.mean = sum.value() / n;
  stats::CompensatedSum squares;
  for (const double v : values) squares.add((v - m.mean) * (v - m.mean));
  if (values.size() > 1) m.variance = squares.value() / (n - 1) / n;
  return m;
}

Result<void> poolable(const Endpoint& endpoint) {
  if (endpoint.type() == ResultType::time_event) {
    return unexpected(error_at(Errc::unsupported, "endpoint", std::nullopt, endpoint.id(),
                               "is a time with event, whose mean says nothing"));
  }
  if (endpoint.spec().about_attendance) {
    return unexpected(error_at(Errc::unsupported, "endpoint", std::nullopt, endpoint.id(),
                               "is about attendance, where missed visits are not missing"));
  }
  return {};
}

/// Calls use(estimates of one completed data set) for each imputation; groups 1 and 2.
template <class Use>
Result<void> for_each_imputation(const Endpoint& endpoint, const WordColumns& words,
                                 const WordImputer& imputer, std::span<const std::uint8_t> group,
                                 const Runner& runner, Use use) {
  if (auto ok = poolable(endpoint); !ok) return ok;
  if (group.size() != words.size()) {
    return unexpected(error_at(Errc::size_mismatch, "group", std::nullopt,
                               static_cast<double>(group.size()),
                               "must have one entry for each word"));
  }
  const auto plan = EndpointPlan::compile(std::span{&endpoint, 1});
  if (!plan) return unexpected(plan.error());
  std::vector<double> values[2];
  for (int m = 0; m < imputer.imputations(); ++m) {
    const WordColumns filled = imputer.fill(words, m, 0, runner);
    const auto table = plan->evaluate(filled, runner);
    if (!table) return unexpected(table.error());
    std::uint64_t without = 0;
    for (auto& v : values) v.clear();
    for (std::size_t r = 0; r < words.size(); ++r) {
      if (group[r] != 1 && group[r] != 2) continue;
      if (table->columns[0].has_value[r] == 0) {
        ++without;
      } else {
        values[group[r] - 1].push_back(table->columns[0].value[r]);
      }
    }
    if (auto ok = use(mean_of(values[0]), mean_of(values[1]), without); !ok) return ok;
  }
  return {};
}

Result<void> enough(const Mean& mean) {
  if (mean.n >= 2) return {};
  return unexpected(error_at(Errc::empty_input, "people", std::nullopt, static_cast<double>(mean.n),
                             "must be at least two with a value"));
}

}  // namespace

void WordChain::add(const Word& word) {
  std::optional<std::size_t> before;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const auto now = state_of(word[i]);
    if (now) {
      if (i == 0) ++first[*now];
      if (before) ++moves[*before][*now];
    }
    before = now;
  }
}

void WordChain::add(const WordColumns& words) {
  for (std::size_t r = 0; r < words.size(); ++r) add(words.word(r));
}

Result<WordImputer> WordImputer::make(const WordChain& chain, const ImputationOptions& options) {
  if (options.imputations < 2 || options.imputations > 10'000) {
    return unexpected(error_at(Errc::out_of_range, "imputations", std::nullopt,
                               static_cast<double>(options.imputations), "must be 2 to 10000"));
  }
  if (!(options.prior > 0) || !std::isfinite(options.prior)) {
    return unexpected(error_at(Errc::out_of_range, "prior", std::nullopt, options.prior,
                               "must be finite and above 0"));
  }
  if (!(options.missed_positive_factor >= 0) || !std::isfinite(options.missed_positive_factor)) {
    return unexpected(error_at(Errc::out_of_range, "missed_positive_factor", std::nullopt,
                               options.missed_positive_factor, "must be finite and 0 or more"));
  }
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    seen += chain.first[i];
    for (std::size_t j = 0; j < 3; ++j) seen += chain.moves[i][j];
  }
  if (seen == 0) {
    return unexpected(
        error_of(Errc::empty_input, "words", "must hold observed periods to learn from"));
  }
  WordImputer imputer;
  imputer.options_ = options;
  for (int m = 0; m < options.imputations; ++m) {
    RandomStream random{options.seed, chain_streams + static_cast<std::uint64_t>(m)};
    Chances c;
    c.first = row_of(chain.first, options, random);
    for (std::size_t i = 0; i < 3; ++i) c.moves[i] = row_of(chain.moves[i], options, random);
    imputer.chances_.push_back(c);
  }
  return imputer;
}

Word WordImputer::fill(const Word& word, std::uint64_t person, int m) const {
  const std::size_t n = word.size();
  const std::size_t last_missed = [&] {
    for (std::size_t i = n; i > 0; --i) {
      if (word[i - 1] == Symbol::missed) return i;
    }
    return std::size_t{0};
  }();
  if (last_missed == 0) return word;
  const Chances& chances = chances_[static_cast<std::size_t>(m)];

  // Forward: chances of each state given what was observed up to here. What follows the last
  // missed period matters up to the next observed one.
  std::size_t end = last_missed;
  while (end < n && !state_of(word[end])) ++end;
  if (end < n) ++end;
  std::vector<std::array<double, 3>> forward(end);
  std::array<double, 3> now{};
  for (std::size_t i = 0; i < end; ++i) {
    std::array<double, 3> next{};
    for (std::size_t j = 0; j < 3; ++j) {
      if (i == 0) {
        next[j] = chances.first[j];
      } else {
        next[j] = now[0] * chances.moves[0][j] + now[1] * chances.moves[1][j] +
                  now[2] * chances.moves[2][j];
      }
    }
    if (const auto seen = state_of(word[i])) {
      next = {};
      next[*seen] = 1;
    } else if (word[i] == Symbol::missed) {
      next[0] *= options_.missed_positive_factor;
    }
    const double sum = next[0] + next[1] + next[2];
    if (sum > 0) {
      for (double& p : next) p /= sum;
    } else {
      next = {1.0 / 3, 1.0 / 3, 1.0 / 3};
    }
    forward[i] = next;
    now = next;
  }

  // Backward: the last period from its chances, each earlier one given the one after it.
  RandomStream random{options_.seed, (person << 14U) | static_cast<std::uint64_t>(m)};
  Word filled = word;
  std::size_t after = 3;
  for (std::size_t i = end; i-- > 0;) {
    std::size_t state = 0;
    if (const auto seen = state_of(word[i])) {
      state = *seen;
    } else {
      std::array<double, 3> weight = forward[i];
      if (after < 3) {
        for (std::size_t j = 0; j < 3; ++j) weight[j] *= chances.moves[j][after];
        if (!(weight[0] + weight[1] + weight[2] > 0)) weight = forward[i];
      }
      state = draw(random, weight);
      if (word[i] == Symbol::missed) filled.set(i, states[state]);
    }
    after = state;
  }
  return filled;
}

WordColumns WordImputer::fill(const WordColumns& words, int m, std::uint64_t first_person,
                              const Runner& runner) const {
  constexpr std::size_t piece = 4096;
  const std::size_t pieces = (words.size() + piece - 1) / piece;
  std::vector<WordColumns> parts(pieces);
  runner.run(pieces, [&](std::size_t k) {
    const std::size_t end = std::min(words.size(), (k + 1) * piece);
    for (std::size_t r = k * piece; r < end; ++r) {
      parts[k].push_back(fill(words.word(r), first_person + r, m));
    }
  });
  WordColumns all;
  all.reserve(words.size());
  for (const WordColumns& part : parts) {
    for (std::size_t r = 0; r < part.size(); ++r) all.push_back(part.word(r));
  }
  return all;
}

Result<PooledEndpoint> pooled_mean(const Endpoint& endpoint, const WordColumns& words,
                                   const WordImputer& imputer, std::span<const std::uint8_t> who,
                                   double level, const Runner& runner) {
  std::vector<std::uint8_t> group(words.size(), 1);
  if (!who.empty()) {
    if (who.size() != words.size()) {
      return unexpected(error_at(Errc::size_mismatch, "who", std::nullopt,
                                 static_cast<double>(who.size()),
                                 "must have one entry for each word"));
    }
    for (std::size_t r = 0; r < who.size(); ++r) group[r] = who[r] != 0 ? 1 : 0;
  }
  PooledEndpoint result;
  std::vector<double> estimates;
  std::vector<double> variances;
  auto ran =
      for_each_imputation(endpoint, words, imputer, group, runner,
                          [&](const Mean& a, const Mean&, std::uint64_t without) -> Result<void> {
                            if (auto ok = enough(a); !ok) return ok;
                            estimates.push_back(a.mean);
                            variances.push_back(a.variance);
                            result.people = result.people == 0 ? a.n : std::min(result.people, a.n);
                            result.without_value = std::max(result.without_value, without);
                            return {};
                          });
  if (!ran) return unexpected(ran.error());
  auto pooled =
      endpoint.type() == ResultType::yes_no
          ? stats::pool_share(estimates, result.people, level)
          : stats::pool_rubin(estimates, variances, static_cast<double>(result.people) - 1, level);
  if (!pooled) return unexpected(pooled.error());
  result.pooled = *pooled;
  return result;
}

Result<PooledEndpoint> pooled_difference(const Endpoint& endpoint, const WordColumns& words,
                                         const WordImputer& imputer,
                                         std::span<const std::uint8_t> group, double level,
                                         const Runner& runner) {
  PooledEndpoint result;
  std::vector<double> first;
  std::vector<double> second;
  std::array<std::uint64_t, 2> people{~std::uint64_t{0}, ~std::uint64_t{0}};
  std::vector<double> estimates;
  std::vector<double> variances;
  auto ran =
      for_each_imputation(endpoint, words, imputer, group, runner,
                          [&](const Mean& a, const Mean& b, std::uint64_t without) -> Result<void> {
                            if (auto ok = enough(a); !ok) return ok;
                            if (auto ok = enough(b); !ok) return ok;
                            first.push_back(a.mean);
                            second.push_back(b.mean);
                            estimates.push_back(a.mean - b.mean);
                            variances.push_back(a.variance + b.variance);
                            people[0] = std::min(people[0], a.n);
                            people[1] = std::min(people[1], b.n);
                            result.without_value = std::max(result.without_value, without);
                            return {};
                          });
  if (!ran) return unexpected(ran.error());
  result.people = people[0] + people[1];
  auto pooled =
      endpoint.type() == ResultType::yes_no
          ? stats::pool_share_difference(first, people[0], second, people[1], level)
          : stats::pool_rubin(estimates, variances, static_cast<double>(result.people) - 2, level);
  if (!pooled) return unexpected(pooled.error());
  result.pooled = *pooled;
  return result;
}

}  // namespace ombre::inline v0::outcomes
