#include "ombre/outcomes/arms.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace ombre::inline v0::outcomes {
namespace {

bool uses(std::span<const std::uint8_t> usable, std::size_t row) {
  return usable.empty() || usable[row] != 0;
}

/// Values of one endpoint in one arm.
struct ArmValues {
  std::vector<double> value;
  std::vector<std::uint8_t> event;
  std::uint64_t without = 0;
  double worst = 0;
  double best = 0;
  std::uint64_t bounded = 0;
  std::uint64_t weeks = 0;
  std::uint64_t missed = 0;
};

double counted(const EndpointColumn& column, ResultType type, std::size_t row) {
  if (type == ResultType::time_event) return column.event[row] != 0 ? 1.0 : 0.0;
  return column.value[row];
}

std::vector<ArmValues> split(const EndpointTable& table, std::size_t e, ResultType type,
                             std::span<const std::uint32_t> arm, std::size_t arms,
                             std::span<const std::uint8_t> usable) {
  const EndpointColumn& column = table.columns[e];
  const EndpointHonesty* honesty = table.honesty.empty() ? nullptr : &table.honesty[e];
  std::vector<ArmValues> parts(arms);
  for (std::size_t r = 0; r < table.rows; ++r) {
    if (arm[r] >= arms) continue;
    ArmValues& part = parts[arm[r]];
    if (!uses(usable, r) || column.has_value[r] == 0) {
      ++part.without;
    } else {
      part.value.push_back(column.value[r]);
      if (type == ResultType::time_event) part.event.push_back(column.event[r]);
    }
    if (honesty == nullptr || !uses(usable, r)) continue;
    part.weeks += honesty->weeks[r];
    part.missed += honesty->missed[r];
    if (honesty->worst.has_value[r] == 0 || honesty->best.has_value[r] == 0) continue;
    ++part.bounded;
    part.worst += counted(honesty->worst, type, r);
    part.best += counted(honesty->best, type, r);
  }
  return parts;
}

std::uint64_t events_in(const ArmValues& part, ResultType type) {
  std::uint64_t events = 0;
  if (type == ResultType::time_event) {
    for (const std::uint8_t e : part.event) events += e;
  } else {
    for (const double v : part.value) events += v != 0 ? 1U : 0U;
  }
  return events;
}

template <class T>
std::optional<T> answer(Result<T> result) {
  if (!result) return std::nullopt;
  return *std::move(result);
}

ArmResult result_of(const ArmValues& part, ResultType type, std::size_t arm, double level) {
  ArmResult r;
  r.arm = arm;
  r.people = part.value.size();
  r.without_value = part.without;
  if (part.bounded > 0) {
    r.worst = part.worst / static_cast<double>(part.bounded);
    r.best = part.best / static_cast<double>(part.bounded);
  }
  if (part.weeks > 0) {
    r.missed_share = static_cast<double>(part.missed) / static_cast<double>(part.weeks);
  }
  if (part.value.empty()) return r;
  if (type == ResultType::yes_no || type == ResultType::time_event) {
    const stats::Proportion p{events_in(part, type), part.value.size()};
    r.events = p;
    r.wilson = answer(stats::wilson_interval(p, level));
    r.exact = answer(stats::clopper_pearson_interval(p, level));
    if (type == ResultType::time_event) {
      double total = 0;
      for (const double t : part.value) total += t;
      r.total_time = total;
    }
    return r;
  }
  r.mean = answer(stats::mean_interval(part.value, level));
  return r;
}

ArmContrast contrast_of(const ArmValues& a, const ArmValues& b, ResultType type, double level) {
  ArmContrast c;
  if (a.value.empty() || b.value.empty()) return c;
  switch (type) {
    case ResultType::yes_no: {
      const stats::Proportion p{events_in(a, type), a.value.size()};
      const stats::Proportion q{events_in(b, type), b.value.size()};
      c.difference = static_cast<double>(p.events) / static_cast<double>(p.n) -
                     static_cast<double>(q.events) / static_cast<double>(q.n);
      c.difference_interval = answer(stats::newcombe_difference_interval(p, q, level));
      c.ratio = answer(stats::risk_ratio(p, q, level));
      c.fisher = answer(stats::fisher_exact(p, q, level));
      return c;
    }
    case ResultType::time_event: {
      std::vector<double> time = a.value;
      time.insert(time.end(), b.value.begin(), b.value.end());
      std::vector<std::uint8_t> event = a.event;
      event.insert(event.end(), b.event.begin(), b.event.end());
      std::vector<std::uint32_t> group(time.size(), 1);
      std::fill_n(group.begin(), a.value.size(), 0U);
      c.log_rank = answer(stats::log_rank_test(time, event, group, 2));
      return c;
    }
    default:
      break;
  }
  c.means = answer(stats::welch_difference(a.value, b.value, level));
  c.ranks = answer(stats::mann_whitney(a.value, b.value));
  if (c.means) {
    c.difference = c.means->difference;
    if (c.means->low && c.means->high) {
      c.difference_interval = stats::Interval{*c.means->low, *c.means->high};
    }
  }
  return c;
}

/// A result turned so that higher is better.
double turned(const EndpointColumn& column, const EndpointSpec& spec, std::size_t row) {
  double value = column.value[row];
  if (spec.type == ResultType::time_event) {
    value = 2 * value + (column.event[row] != 0 ? 0.0 : 1.0);
  }
  return spec.better == Better::lower ? -value : value;
}

/// Whether the result is the good one, for results that have two sides.
std::optional<bool> good(const EndpointColumn& column, const EndpointSpec& spec, std::size_t row) {
  if (spec.type == ResultType::yes_no) {
    return (column.value[row] != 0) == (spec.better != Better::lower);
  }
  if (spec.type == ResultType::time_event) {
    return (column.event[row] == 0) == (spec.better != Better::lower);
  }
  return std::nullopt;
}

/// Ranks with their mean taken off, and the root of their sum of squares.
struct CentredRanks {
  std::vector<double> rank;
  double norm = 0;
};

CentredRanks centred(std::span<const double> values) {
  CentredRanks c;
  c.rank = stats::mean_ranks(values).value_or(std::vector<double>(values.size(), 0));
  const double mean = (static_cast<double>(values.size()) + 1) / 2;
  double squares = 0;
  for (double& r : c.rank) {
    r -= mean;
    squares += r * r;
  }
  c.norm = std::sqrt(squares);
  return c;
}

std::optional<double> correlation(const CentredRanks& a, const CentredRanks& b) {
  if (!(a.norm > 0) || !(b.norm > 0)) return std::nullopt;
  double sum = 0;
  for (std::size_t i = 0; i < a.rank.size(); ++i) sum += a.rank[i] * b.rank[i];
  return std::clamp(sum / a.norm / b.norm, -1.0, 1.0);
}

}  // namespace

Result<std::vector<EndpointComparison>> compare_arms(
    const EndpointPlan& plan, const EndpointTable& table, std::span<const std::uint32_t> arm,
    std::size_t arms, std::span<const std::uint8_t> usable, const ArmOptions& options,
    const Runner& runner) {
  if (table.columns.size() != plan.endpoints().size()) {
    return unexpected(error_at(Errc::size_mismatch, "table", std::nullopt,
                               static_cast<double>(table.columns.size()),
                               "must come from the same plan"));
  }
  if (arm.size() != table.rows || (!usable.empty() && usable.size() != table.rows)) {
    return unexpected(error_at(Errc::size_mismatch, arm.size() != table.rows ? "arm" : "usable",
                               std::nullopt, static_cast<double>(table.rows),
                               "must have one entry for each row of the table"));
  }
  if (arms < 1 || arms > 1000 || options.reference >= arms) {
    return unexpected(error_at(Errc::out_of_range, "reference", std::nullopt,
                               static_cast<double>(options.reference),
                               "must be one of the arms, of which there may be 1 to 1000"));
  }
  if (!(options.level > 0 && options.level < 1)) {
    return unexpected(error_at(Errc::out_of_range, "level", std::nullopt, options.level,
                               "must lie between 0 and 1, such as 0.95"));
  }
  std::vector<EndpointComparison> all(plan.endpoints().size());
  runner.run(all.size(), [&](std::size_t e) {
    const EndpointSpec& spec = plan.endpoints()[e].spec();
    EndpointComparison& one = all[e];
    one.id = spec.id;
    one.type = spec.type;
    one.better = spec.better;
    const auto parts = split(table, e, spec.type, arm, arms, usable);
    for (std::size_t a = 0; a < arms; ++a) {
      one.arms.push_back(result_of(parts[a], spec.type, a, options.level));
      if (a == options.reference) continue;
      ArmContrast c = contrast_of(parts[a], parts[options.reference], spec.type, options.level);
      c.arm = a;
      c.reference = options.reference;
      one.contrasts.push_back(std::move(c));
    }
  });
  return all;
}

Result<void> add_imputations(std::vector<EndpointComparison>& comparisons, const EndpointPlan& plan,
                             const WordColumns& words, const WordImputer& imputer,
                             std::span<const std::uint32_t> arm, std::size_t arms,
                             std::span<const std::uint8_t> usable, const ArmOptions& options,
                             const Runner& runner) {
  const std::size_t k = plan.endpoints().size();
  if (comparisons.size() != k || arm.size() != words.size() ||
      (!usable.empty() && usable.size() != words.size())) {
    return unexpected(
        error_of(Errc::size_mismatch, "comparisons", "must come from the same plan and people"));
  }
  std::vector<Endpoint> values_only;
  for (const Endpoint& e : plan.endpoints()) values_only.push_back(e);
  const auto without_honesty = EndpointPlan::compile(values_only);
  if (!without_honesty) return unexpected(without_honesty.error());

  // [endpoint][arm] over imputations; an arm with fewer than two people has no variance.
  const auto m = static_cast<std::size_t>(imputer.imputations());
  std::vector<std::vector<double>> mean(k * arms, std::vector<double>(m, 0));
  std::vector<std::vector<double>> variance(k * arms, std::vector<double>(m, 0));
  std::vector<std::uint64_t> people(k * arms, 0);
  for (std::size_t i = 0; i < m; ++i) {
    const WordColumns filled = imputer.fill(words, static_cast<int>(i), 0, runner);
    const auto table = without_honesty->evaluate(filled, runner);
    if (!table) return unexpected(table.error());
    runner.run(k, [&](std::size_t e) {
      const auto parts = split(*table, e, plan.endpoints()[e].type(), arm, arms, usable);
      for (std::size_t a = 0; a < arms; ++a) {
        const auto estimate = stats::mean_interval(parts[a].value, options.level);
        if (!estimate || !estimate->sd) continue;
        const auto n = static_cast<double>(estimate->n);
        mean[e * arms + a][i] = estimate->mean;
        variance[e * arms + a][i] = *estimate->sd * *estimate->sd / n;
        auto& known = people[e * arms + a];
        known = i == 0 ? estimate->n : std::min(known, estimate->n);
      }
    });
  }
  for (std::size_t e = 0; e < k; ++e) {
    const EndpointSpec& spec = plan.endpoints()[e].spec();
    if (spec.type == ResultType::time_event || spec.about_attendance) continue;
    for (ArmResult& r : comparisons[e].arms) {
      const std::size_t at = e * arms + r.arm;
      if (people[at] < 2) continue;
      if (spec.type == ResultType::yes_no) {
        r.imputed = answer(stats::pool_share(mean[at], people[at], options.level));
        continue;
      }
      r.imputed = answer(stats::pool_rubin(mean[at], variance[at],
                                           static_cast<double>(people[at]) - 1, options.level));
    }
    for (ArmContrast& c : comparisons[e].contrasts) {
      const std::size_t a = e * arms + c.arm;
      const std::size_t b = e * arms + c.reference;
      if (people[a] < 2 || people[b] < 2) continue;
      if (spec.type == ResultType::yes_no) {
        c.imputed_difference = answer(
            stats::pool_share_difference(mean[a], people[a], mean[b], people[b], options.level));
        continue;
      }
      std::vector<double> difference(m);
      std::vector<double> spread(m);
      for (std::size_t i = 0; i < m; ++i) {
        difference[i] = mean[a][i] - mean[b][i];
        spread[i] = variance[a][i] + variance[b][i];
      }
      c.imputed_difference = answer(stats::pool_rubin(
          difference, spread, static_cast<double>(people[a] + people[b]) - 2, options.level));
    }
  }
  return {};
}

Result<EndpointAgreement> endpoint_agreement(const EndpointPlan& plan, const EndpointTable& table,
                                             std::span<const std::uint8_t> usable,
                                             const Runner& runner) {
  const std::size_t k = plan.endpoints().size();
  if (table.columns.size() != k) {
    return unexpected(error_at(Errc::size_mismatch, "table", std::nullopt,
                               static_cast<double>(table.columns.size()),
                               "must come from the same plan"));
  }
  if (!usable.empty() && usable.size() != table.rows) {
    return unexpected(error_at(Errc::size_mismatch, "usable", std::nullopt,
                               static_cast<double>(usable.size()),
                               "must have one entry for each row of the table"));
  }
  EndpointAgreement result;
  for (const Endpoint& e : plan.endpoints()) result.ids.push_back(e.id());
  result.n.assign(k * k, 0);
  result.agreement.assign(k * k, std::nullopt);
  result.kappa.assign(k * k, std::nullopt);
  result.correlation.assign(k * k, std::nullopt);

  std::vector<std::size_t> rows;
  for (std::size_t r = 0; r < table.rows; ++r) {
    if (uses(usable, r)) rows.push_back(r);
  }
  // Columns in which everybody has a value are ranked once.
  std::vector<char> complete(k, 1);
  std::vector<CentredRanks> ranks(k);
  const auto values_of = [&](std::size_t e, std::span<const std::size_t> which) {
    std::vector<double> values;
    values.reserve(which.size());
    for (const std::size_t r : which) {
      values.push_back(turned(table.columns[e], plan.endpoints()[e].spec(), r));
    }
    return values;
  };
  runner.run(k, [&](std::size_t e) {
    for (const std::size_t r : rows) {
      if (table.columns[e].has_value[r] == 0) {
        complete[e] = 0;
        return;
      }
    }
    ranks[e] = centred(values_of(e, rows));
  });

  runner.run(k, [&](std::size_t i) {
    for (std::size_t j = i; j < k; ++j) {
      const std::size_t here = result.at(i, j);
      const EndpointColumn& a = table.columns[i];
      const EndpointColumn& b = table.columns[j];
      if (complete[i] != 0 && complete[j] != 0) {
        result.n[here] = rows.size();
        result.correlation[here] = correlation(ranks[i], ranks[j]);
      } else {
        std::vector<std::size_t> both;
        for (const std::size_t r : rows) {
          if (a.has_value[r] != 0 && b.has_value[r] != 0) both.push_back(r);
        }
        result.n[here] = both.size();
        result.correlation[here] =
            correlation(centred(values_of(i, both)), centred(values_of(j, both)));
      }
      const EndpointSpec& spec_a = plan.endpoints()[i].spec();
      const EndpointSpec& spec_b = plan.endpoints()[j].spec();
      std::array<std::uint64_t, 4> pairs{};
      for (const std::size_t r : rows) {
        if (a.has_value[r] == 0 || b.has_value[r] == 0) continue;
        const auto x = good(a, spec_a, r);
        const auto y = good(b, spec_b, r);
        if (!x || !y) break;
        ++pairs[(*x ? 2U : 0U) + (*y ? 1U : 0U)];
      }
      if (const auto kappa = stats::cohen_kappa(pairs, 2)) {
        result.agreement[here] = kappa->observed;
        result.kappa[here] = kappa->kappa;
      }
      const std::size_t mirror = result.at(j, i);
      result.n[mirror] = result.n[here];
      result.agreement[mirror] = result.agreement[here];
      result.kappa[mirror] = result.kappa[here];
      result.correlation[mirror] = result.correlation[here];
    }
  });

  std::vector<double> distance(k * k, 0);
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j < k; ++j) {
      if (i != j) distance[result.at(i, j)] = 1 - result.correlation[result.at(i, j)].value_or(0);
    }
  }
  auto clusters = stats::average_linkage(distance, k);
  if (!clusters) return unexpected(clusters.error());
  result.clusters = *std::move(clusters);
  return result;
}

}  // namespace ombre::inline v0::outcomes
